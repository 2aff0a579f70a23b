"""Derivatives carried out, and definitions put in, for every n.

SymPy differentiates a sum over k by z[j] into a sum over a Kronecker delta, but gets it
wrong when j is the letter bound in the sum, and `doit` crashes on what comes out.  Here
bound indices are renamed first, and sums are brought to their normal form afterwards.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from sympy import (
    Add,
    Derivative,
    Eq,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    Sum,
    Symbol,
    cos,
    cosh,
    exp,
    log,
    sin,
    sinh,
    tanh,
)

from derivations.formulas.binding import instance, readable
from derivations.formulas.caching import remembered
from derivations.formulas.indices import SumExcept, free_symbols
from derivations.judges.for_every_n.powers import by_exponentials
from derivations.judges.for_every_n.shares import share_of
from derivations.judges.for_every_n.sums import (
    normal_form,
    sum_less_one_term,
    without_cuts,
)
from derivations.judges.verdict import Undecidable
from derivations.letters import g


def differentiate(expr, variable):
    """The derivative of `expr` by one indexed symbol, deltas contracted.

    Raises TypeError when `variable` is not an indexed symbol or a symbol.
    Source: notebook 02, "An index instead of a number".

    >>> from derivations.letters import z, j, k, n, exp
    >>> differentiate(Sum(exp(z[k]), (k, 1, n)), z[j])
    exp(z[j])
    >>> differentiate(Sum(exp(z[k]), (k, 1, n)), z[k])    # k outside, k inside
    exp(z[k])
    """
    if not isinstance(variable, Indexed | Symbol) or variable.is_integer:
        raise TypeError(
            f"differentiate with respect to a symbol such as z[j], not {variable!r}"
        )
    return readable(normal_form(_derivative(instance(expr, {}), variable)))


def unfold(expr, where=()):
    """`expr` with its definitions put in and its derivatives carried out.

    A derivative by a symbol that is itself defined (∂L/∂a_i, while a is the softmax) is
    the partial one: that symbol is free while the derivative is taken.

    >>> from derivations.letters import L, a, i, cross_entropy
    >>> unfold(Derivative(L, a[i]), [cross_entropy])
    -y[i]/a[i]
    """
    return readable(Unfolding(tuple(where)).normal(expr))


@dataclass(frozen=True)
class Unfolding:
    """Puts in the definitions that hold, and carries derivatives out, in a case.

    The letters in `kept` stay as they are; a derivative goes through their definitions
    all the same.

    >>> from derivations.letters import L, a, c, cross_entropy, i, j, one_hot, y, z
    >>> Unfolding((one_hot,), Eq(j, c)).normal(y[j] * z[c])
    z[c]
    >>> Unfolding((one_hot,)).normal(y[j] * z[c])
    KroneckerDelta(c, j)*z[c]
    >>> readable(Unfolding((cross_entropy,), kept=(L,)).normal(L * Derivative(L, a[i])))
    -L*y[i]/a[i]
    """

    where: tuple = ()
    case: Expr | None = None
    kept: tuple = ()

    def normal(self, expr):
        """`expr` unfolded, in the normal form."""
        return _normal(self, expr)

    def __call__(self, expr, names=None, depth=0):
        """`instance(expr, names, depth)` with definitions and derivatives put in."""
        defined = self.definitions.keys() - set(self.kept)

        def put_in(part, names, depth):
            if isinstance(part, Derivative):
                return _carried_out(self, instance(part, names, depth), depth)
            cut = without_cuts(part, depth) if isinstance(part, Sum) else None
            if cut is not None:
                return self(cut, names, depth)
            if isinstance(part, SumExcept):
                total = instance(part, names, depth)
                body = self(total.function, depth=depth + 1)
                excluded = SumExcept(body, *total.limits, total.excluded)
                return sum_less_one_term(excluded)
            if (part.base if isinstance(part, Indexed) else part) in defined:
                return _put_in(self, instance(part, names), depth)
            return None

        return instance(expr, names or {}, depth, put_in)

    @cached_property
    def definitions(self):
        return {definition.base: definition for definition in self.where}

    def value_of(self, letter, depth):
        """The value of an entry or a symbol by its definition; its letters stay."""
        definition = self.definitions[getattr(letter, "base", letter)]
        return instance(definition.value, self.names_of(letter), depth)

    def names_of(self, letter):
        """The indices of a definition, each with the one that takes its place."""
        # The case is for the free letters of a definition too, the c of a one-hot y.
        definition = self.definitions[getattr(letter, "base", letter)]
        return self.fixed | definition.names(letter.args[1:])

    def share_kept(self, letter):
        """How a letter that stays is a share, or None."""
        base = getattr(letter, "base", letter)
        return share_of(self.definitions[base]) if base in self.kept else None

    @property
    def fixed(self):
        """The letter that the case i = j replaces, and by which."""
        return dict([self.case.args]) if isinstance(self.case, Eq) else {}

    def without(self, symbol):
        """The same, with this symbol free though it is defined."""
        base = getattr(symbol, "base", symbol)
        return replace(self, where=tuple(x for x in self.where if x.base != base))


@remembered
def _normal(unfolding, expr):
    return normal_form(by_exponentials(unfolding(expr, unfolding.fixed)))


@remembered
def _put_in(unfolding, letter, depth):
    return unfolding(unfolding.value_of(letter, depth), depth=depth)


@remembered
def _carried_out(unfolding, expr, depth):
    """Carry out a derivative. Its variable keeps no definition until that is done.

    Raises Undecidable where it is not by entries or symbols, a whole number of times.

    >>> from derivations.letters import L, S, a, i, j, normaliser, z
    >>> readable(_carried_out(Unfolding((normaliser,)), Derivative(S**2, S), 0))
    2*Sum(exp(z[k]), (k, 1, n))
    """
    # Each variable is held still until its turn has come, the last one longest.
    value, held = expr.expr, [unfolding]
    for variable, count in reversed(expr.variable_count):
        if variable.is_integer or not count.is_Integer:
            raise Undecidable(f"{expr} is not a derivative with respect to an entry")
        held.insert(0, held[0].without(variable))
    for (variable, count), known in zip(expr.variable_count, held[:-1], strict=True):
        for _ in range(int(count)):
            value = _derivative(value, variable, known, depth)
    return unfolding(value, depth=depth)


def _derivative(expr, variable, unfolding=Unfolding(), depth=0):  # noqa: PLR0911
    """The derivative by a symbol or an entry whose letters no sum of `expr` binds.

    In this order: a constant, an entry by an entry (a Kronecker delta for each index),
    a letter through its definition, a sum term by term, the product rule, the power
    rule, the chain rule.

    >>> from derivations.letters import L, a, cross_entropy, i, j, k, l, n, y, z
    >>> _derivative(z[i], z[j]), _derivative(y[i], z[j])
    (KroneckerDelta(i, j), 0)
    >>> readable(_derivative(L**2, a[j], Unfolding((cross_entropy,))))
    -2*L*Sum(KroneckerDelta(j, k)*y[k]/a[k], (k, 1, n))
    >>> _derivative(Sum(y[k] * z[k], (k, 1, n)), z[j])
    Sum(KroneckerDelta(j, k)*y[k], (k, 1, n))
    >>> _derivative(z[i] ** 2 * exp(z[j]), z[j])
    2*exp(z[j])*KroneckerDelta(i, j)*z[i] + exp(z[j])*z[i]**2
    >>> _derivative(log(g(z[j])), z[j])
    g_prime(z[j])/g(z[j])
    """
    base = getattr(variable, "base", variable)
    if free_symbols(expr).isdisjoint(_moved_by(base, unfolding.where)):
        return Integer(0)

    def slope(part, sums=0):
        return _derivative(part, variable, unfolding, depth + sums)

    # SymPy's `diff` says the same, and asks for the sign of every sum on the way.
    if isinstance(expr, Indexed | Symbol):
        if getattr(expr, "base", expr) != base:
            share = unfolding.share_kept(expr)
            if share:
                names = unfolding.names_of(expr)
                return share.derivative(expr, names, depth, slope)
            return slope(unfolding.value_of(expr, depth))
        pairs = zip(expr.args[1:], variable.args[1:], strict=True)
        return Mul(*(KroneckerDelta(*pair) for pair in pairs))
    if isinstance(expr, Sum):
        return Sum(slope(expr.function, len(expr.limits)), *expr.limits)
    if isinstance(expr, Add):
        return Add(*map(slope, expr.args))
    if isinstance(expr, Mul):
        return _product_rule(expr.args, slope)
    if isinstance(expr, Pow) and slope(expr.exp) == 0:
        return expr.exp * expr.base ** (expr.exp - 1) * slope(expr.base)
    if isinstance(expr, exp | log | tanh | sinh | cosh | sin | cos | g):
        return expr.fdiff() * slope(expr.args[0])
    if isinstance(expr, Derivative | SumExcept):
        return slope(unfolding(expr, depth=depth))
    return replace(unfolding, kept=())(expr, depth=depth).diff(variable)


def _product_rule(factors, slope):
    """(f·g)′ = f′·g + f·g′, for any number of factors, where `slope` gives f′ of f.

    >>> from derivations.letters import j, y, z
    >>> _product_rule([z[j], y[j], exp(z[j])], lambda f: _derivative(f, z[j]))
    exp(z[j])*y[j]*z[j] + exp(z[j])*y[j]
    """
    slopes = map(slope, factors)
    return Add(
        *(
            Mul(*factors[:place], *factors[place + 1 :], moved)
            for place, moved in enumerate(slopes)
            if moved != 0
        )
    )


@remembered
def _moved_by(base, where):
    """The letters that move with one: itself, and those whose values contain such.

    >>> from derivations.letters import a, cross_entropy, normaliser, softmax
    >>> sorted(map(str, _moved_by(a, (softmax, cross_entropy, normaliser))))
    ['L', 'a']
    """
    moved = {getattr(base, "label", base)}
    for _ in where:
        values_move = [x for x in where if free_symbols(x.value) & moved]
        moved |= {getattr(x.base, "label", x.base) for x in values_move}
    return moved
