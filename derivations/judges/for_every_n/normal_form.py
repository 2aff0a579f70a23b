"""The judge for every n: derivatives and a normal form of indexed sums.

SymPy differentiates a sum over k by z[j] into a sum over a Kronecker delta, but gets it
wrong when j is the letter bound in the sum, and `doit` crashes on what comes out.  Here
bound indices are renamed first, deltas are contracted under H2 (every index lies in its
range), and sums are brought to one form, so that two equal ones become the same.
"""

from dataclasses import dataclass
from itertools import permutations

from sympy import (
    Abs,
    Add,
    Derivative,
    Dummy,
    Eq,
    Expr,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Ne,
    Piecewise,
    Pow,
    Product,
    Sum,
    Symbol,
    exp,
    log,
    preorder_traversal,
    sign,
)

from derivations.formulas.binding import instance, readable
from derivations.formulas.claims import Definition
from derivations.formulas.indices import Bound, Size, SumExcept, free_symbols, size_of
from derivations.formulas.memory import remembered
from derivations.formulas.signs import is_nonnegative, is_not_zero
from derivations.judges.for_every_n.fractions import factors, is_zero
from derivations.judges.for_every_n.powers import (
    HYPERBOLIC,
    by_exponentials,
    expanded,
    in_factors,
    log_of,
    over_sums,
    power_of,
)
from derivations.judges.verdict import Undecidable
from derivations.letters import g

UNCOVERED = (Abs, Max, Min, Piecewise, Product, sign)
MOST_SUMS = 5
"""How many sums may lie within each other, where their order is looked for."""


def judge(claim):
    """Whether both sides are equal for every n and every value of their symbols.

    True is a proof: sums, logarithms and undefined functions are treated as unknowns,
    and a rational function of unknowns is 0 only where it cancels.  False means "not
    proved".  A Kronecker delta of two free indices is decided case by case.
    Raises Undecidable when the normal form does not cover a part of the claim.

    >>> from derivations.letters import a, delta, i, j
    >>> from derivations.formulas.claims import Claim
    >>> judge(Claim(delta * a[i], delta * a[j]))
    True
    """
    unfolding = Unfolding(claim.where, claim.case)
    _refuse_zero_at_a_size(claim, unfolding)
    difference = unfolding.normal(claim.left) - unfolding.normal(claim.right)
    if _vanishes(difference, claim.using, claim.case):
        return True
    uncovered = sorted(difference.atoms(*UNCOVERED), key=str)
    uncovered += [x for x in difference.atoms(Sum) if not x.function.atoms(Indexed)]
    if uncovered:
        raise Undecidable(f"there is no rule for {readable(uncovered[0])}")
    return False


def _refuse_zero_at_a_size(claim, unfolding):
    # (n − 6)/(n² − 36) is 1/(n + 6) for every n but one: no equality for every n.
    values = (x.value for x in claim.where)
    for given in (claim.left, claim.right, *values):
        for part in preorder_traversal(given):
            if isinstance(part, Pow) and not is_nonnegative(part.exp):
                _refuse_zero_factor(part, unfolding)


def _refuse_zero_factor(part, unfolding):
    base = unfolding.normal(part.base)
    if not any(isinstance(x, Size) for x in free_symbols(base)):
        return
    for factor, _ in factors(base):
        letters = factor.free_symbols
        sizes = letters and all(isinstance(x, Size) for x in letters)
        if factor == 0 or (sizes and not is_not_zero(factor)):
            raise Undecidable(
                f"{part} is not known to be defined at every size: {factor} may be 0"
            )


def _vanishes(expr, facts, case):
    if facts:
        expr = canonical(expr, facts)
    if isinstance(case, Ne):
        expr = expr.xreplace({KroneckerDelta(*case.args): Integer(0)})
    deltas = sorted(expr.atoms(KroneckerDelta), key=str)
    if not deltas:
        return is_zero(expr)
    delta = deltas[0]
    if not all(arg in expr.free_symbols for arg in delta.args):
        raise Undecidable(f"{delta} is not a case of two free indices")
    equal = canonical(expr.xreplace(dict([delta.args])))
    unequal = expr.xreplace({delta: Integer(0)})
    return _vanishes(equal, facts, case) and _vanishes(unequal, facts, case)


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
        raise TypeError(f"differentiate by a symbol such as z[j], not by {variable!r}")
    return readable(_canonical(_slope(Unfolding()(expr), variable)))


def unfold(expr, where=()):
    """`expr` with its definitions put in and its derivatives carried out.

    A derivative by a symbol that is itself defined (∂L/∂a_i, while a is the softmax) is
    the partial one: that symbol is free while the derivative is taken.

    >>> from derivations.letters import L, a, i, cross_entropy
    >>> unfold(Derivative(L, a[i]), [cross_entropy])
    -y[i]/a[i]
    """
    return readable(Unfolding(tuple(where)).normal(expr))


def _slope(expr, x):  # noqa: PLR0911 (one line per rule)
    # What `expr.diff(x)` says once no sum binds a letter of x: it asks SymPy for the
    # sign of every sum on the way, which takes most of the time of a long chain.
    if (x.base.label if isinstance(x, Indexed) else x) not in free_symbols(expr):
        return Integer(0)
    if isinstance(expr, Sum):
        return Sum(_slope(expr.function, x), *expr.limits)
    if isinstance(expr, Add):
        return Add(*(_slope(term, x) for term in expr.args))
    if isinstance(expr, Mul):
        slopes = enumerate(_slope(factor, x) for factor in expr.args)
        others = ((Mul(*expr.args[:at], *expr.args[at + 1 :]), df) for at, df in slopes)
        return Add(*(rest * df for rest, df in others if df != 0))
    if isinstance(expr, Pow) and expr.exp.is_Integer:
        return expr.exp * expr.base ** (expr.exp - 1) * _slope(expr.base, x)
    if isinstance(expr, exp | log | g):
        return expr.fdiff() * _slope(expr.args[0], x)
    return expr.diff(x)


@dataclass(frozen=True)
class Unfolding:
    """Puts in the definitions that hold, and carries derivatives out, in a case."""

    where: tuple = ()
    case: Expr | None = None

    def normal(self, expr):
        """`expr` unfolded, in the normal form."""
        return _normal(self, expr)

    def __call__(self, expr, names=None, depth=0):
        """`instance(expr, names, depth)` with definitions and derivatives put in."""
        definitions = {x.base: x for x in self.where}

        def put_in(part, names, depth):
            if isinstance(part, Derivative):
                return _carried_out(self, instance(part, names, depth), depth)
            if isinstance(part, SumExcept):
                rest = instance(part, names, depth)
                body = self(rest.function, depth=depth + 1)
                return _difference(SumExcept(body, *rest.limits, rest.excluded))
            base = part.base if isinstance(part, Indexed) else part
            if base in definitions:
                indices = instance(part, names).args[1:]
                return _value(self, definitions[base], indices, depth)
            return None

        return instance(expr, names or {}, depth, put_in)

    @property
    def fixed(self):
        """The letter that the case i = j replaces, and by which."""
        return dict([self.case.args]) if isinstance(self.case, Eq) else {}

    def without(self, symbol):
        """The same, with this symbol free though it is defined."""
        base = getattr(symbol, "base", symbol)
        return Unfolding(tuple(x for x in self.where if x.base != base), self.case)


@remembered
def _normal(unfolding, expr):
    expr = unfolding(expr, unfolding.fixed)
    return _canonical(by_exponentials(expr) if expr.has(*HYPERBOLIC) else expr)


@remembered
def _value(unfolding, definition, indices, depth):
    # The case is for the free letters of a definition too, the c of a one-hot y.
    names = unfolding.fixed | definition.names(indices)
    return unfolding(definition.value, names, depth)


@remembered
def _carried_out(unfolding, expr, depth):
    # Each variable is held still until its turn has come, the last one longest.
    f, held = expr.expr, [unfolding]
    for variable, count in reversed(expr.variable_count):
        if variable.is_integer or not count.is_Integer:
            raise Undecidable(f"{expr} is no derivative by an entry")
        held.insert(0, held[0].without(variable))
    for (variable, count), known in zip(expr.variable_count, held[:-1], strict=True):
        f = known(f, depth=depth)
        for _ in range(int(count)):
            f = _slope(f, variable)
    return unfolding(_canonical(f), depth=depth)


def canonical(expr, facts=()):
    """`expr` with its sums in one form: expanded, deltas contracted, constants outside.

    `facts` are hypotheses; a sum that one of them names is replaced by its value, or
    by its value less the other sums that stand beside it.

    >>> from derivations.letters import a, y, i, j, n, delta, H1
    >>> total = Sum(y[i]*(delta - a[j]), (i, 1, n))
    >>> readable(canonical(total))
    -a[j]*Sum(y[k], (k, 1, n)) + y[j]
    >>> readable(canonical(total, [H1]))
    -a[j] + y[j]
    """
    facts = tuple(facts)
    found = _canonical(instance(expr, {}), facts)
    # A sum of several is known after all have met: each order of sums may hide others.
    first = tuple(x for fact in facts for x in _first_of_several(fact))
    return Unfolding(first).normal(found) if first else found


class _Total(Symbol):
    """The name of a sum that a hypothesis knows together with others."""

    __slots__ = ("part",)

    def __new__(cls, part):
        self = Symbol.__xnew__(cls, f"total of {part.function}", real=True)
        self.part = part
        return self

    def _hashable_content(self):
        return (*super()._hashable_content(), self.part)


def _first_of_several(fact):
    """The first sum of each of several, as the value less the others."""
    for parts in fact.parts:
        if len(parts) > 1:
            yield Definition(_total(parts[0]), fact.value - Add(*parts[1:]))


def _total(part):
    name, (_, *others) = _Total(part), part.function.indices
    return IndexedBase(name)[others] if others else name


@remembered
def _canonical(expr, facts=()):
    if not expr.args or isinstance(expr, Indexed):
        return expr
    if isinstance(expr, SumExcept):
        return _canonical(_difference(expr), facts)
    if isinstance(expr, Sum):
        return _canonical_sum(expr, facts)
    if isinstance(expr, Derivative):
        raise Undecidable(f"the derivative {expr} was not carried out")
    result = expr.func(*(_canonical(arg, facts) for arg in expr.args))
    if isinstance(result, log):
        return log_of(result.args[0])
    if isinstance(result, Mul):
        result = _factors_meet(result)
    if isinstance(expr, Pow) or isinstance(result, exp | Pow):
        return Mul(*(power_of(factor) for factor in Mul.make_args(result)))
    return result


def _factors_meet(product):
    # 1 − a as (S − e)/S beside a power of S − e, or it is multiplied out and lost.
    sums = [x for x in product.args if isinstance(x, Add)]
    powers = [x for x in product.args if isinstance(x, Pow) and x.base.is_Add]
    if not sums or all(x.exp.is_Integer and x.exp > 0 for x in powers):
        return product
    parts = [x**power for one in sums for x, power in factors(one)]
    return Mul(*parts, *(x for x in product.args if x not in sums))


def _difference(total):
    (index, _, high), body = total.limits[0], total.function
    if size_of(total.excluded) != high:
        raise Undecidable(f"{total.excluded} is not known to lie in 1..{high}")
    return Sum(body, *total.limits) - body.xreplace({index: total.excluded})


def _canonical_sum(total, facts):
    body = _canonical(total.function, facts)
    for index, low, high in total.limits:
        if low != 1 or not isinstance(high, Size):
            raise Undecidable(f"a sum from {low} to {high} is not one from 1 to a size")
        terms = over_sums(Add.make_args(expanded(body)))
        body = Add(*(_sum_term(term, index, facts) for term in terms))
    return body


def _sum_term(term, index, facts):
    factors = Mul.make_args(Mul(*(_split(f, index) for f in Mul.make_args(term))))
    outside = Mul(*(f for f in factors if index not in free_symbols(f)))
    inside = [f for f in factors if index in free_symbols(f)]
    for delta in inside:
        if isinstance(delta, KroneckerDelta):
            other = next((arg for arg in delta.args if arg != index), None)
            if index not in delta.args or size_of(other) != size_of(index):
                raise Undecidable(f"{delta} is not known to hit 1..{size_of(index)}")
            rest = Mul(*(f for f in inside if f is not delta))
            return outside * rest.xreplace({index: other})
    if not any(isinstance(f, Sum) for f in inside):
        return outside * _summed(inside, index, facts)
    return outside * _best_order(tuple(inside), index, facts)


def _summed(inside, index, facts):
    """The sum over one index of a product: one with a name, or so many times 1."""
    return _named_sum(Mul(*inside), index, facts) if inside else size_of(index)


@remembered
def _best_order(inside, index, facts):
    """A sum of sums in the order, of all there are, that is first among them.

    The indices of Σ_k x_k Σ_l M_kl are taken out of the sums, and each is summed where
    its factors meet, in every order: so two writings of one sum become the same.
    """
    indices, parts, waiting = [index], [], list(inside)
    while waiting:
        part = waiting.pop()
        if not isinstance(part, Sum):
            parts.append(part)
            continue
        letters = [(x, Dummy(integer=True)) for x, _, _ in part.limits]
        new = {x: Bound(f"{y.name}_{y.dummy_index}", size_of(x)) for x, y in letters}
        indices += new.values()
        waiting += Mul.make_args(part.function.xreplace(new))
    if len(indices) > MOST_SUMS:
        raise Undecidable(f"too large: {len(indices)} sums within each other")
    orders = {_in_order(parts, order, facts) for order in permutations(indices)}
    # One in which a sum of several is met comes first: in another it would be hidden.
    return min(orders, key=lambda x: (-len(x.atoms(_Total)), x.count_ops(), str(x)))


def _in_order(parts, order, facts):
    for index in order:
        inside = [x for x in parts if index in free_symbols(x)]
        summed = _summed(inside, index, facts)
        parts = [x for x in parts if index not in free_symbols(x)]
        parts += Mul.make_args(summed)
    return Mul(*parts)


def _split(part, index):
    # 1/(S² − S e^{z_k}) as 1/S times 1/(S − e^{z_k}), or S would stay inside the sum.
    return in_factors(part) if part.is_Pow and part.base.has(index) else part


def _named_sum(body, index, facts):
    # The name of a bound index is the height of its sum, so equal sums are identical.
    name = Bound(f"level_{_height(body)}", size_of(index))
    total = Sum(body.xreplace({index: name}), (name, 1, size_of(index)))
    return next((x for fact in facts for x in _known(fact, total)), total)


def _height(body):
    # SymPy writes a sum of a sum as one Sum with several limits.
    inner = body.atoms(Sum)
    return max((len(x.limits) + _height(x.function) for x in inner), default=0)


def _known(fact, total):
    """What `fact` says of `total`, at any value of its free indices: one or nothing."""
    mine = total.function
    for parts in fact.parts if isinstance(mine, Indexed) else ():
        # Of several sums the first is put in terms of the others, which stay.
        pattern = canonical(parts[0])
        first, *free = pattern.function.indices
        if mine.base == pattern.function.base and len(mine.indices) == 1 + len(free):
            at = dict(zip(free, mine.indices[1:], strict=True))
            allowed = all(size_of(at[x]) == size_of(x) for x in free)
            if allowed and first not in at.values() and pattern.xreplace(at) == total:
                yield fact.value if len(parts) == 1 else _total(parts[0]).xreplace(at)
