"""Derivatives and a normal form of indexed sums, for a symbolic number of terms.

SymPy differentiates a sum over k by z[j] into a sum over a Kronecker delta, but gets it
wrong when j is the letter bound in the sum, and `doit` crashes on what comes out.  Here
bound indices are renamed first, deltas are contracted under H2 (every index lies in its
range), and sums are brought to one form, so that two equal ones become the same.
"""

from collections import Counter
from functools import cache, lru_cache, reduce
from operator import add, mul
from types import MappingProxyType

from sympy import (
    QQ,
    Add,
    Derivative,
    Dummy,
    Eq,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Ne,
    Pow,
    Symbol,
    exp,
    expand,
    expand_log,
    factor_list,
    fraction,
    ilcm,
    log,
    ring,
    symbols,
    sympify,
    together,
)

from derivations.notation import (
    RANGES,
    Sum,
    SumExcept,
    free_symbols,
    g,
    instance,
    readable,
    size_of,
)

SIZES = frozenset(RANGES.values())


class Undecidable(Exception):  # noqa: N818 (an answer, not a fault)
    """The normal form does not cover this; the message says what is missing."""


def differentiate(expr, variable):
    """The derivative of `expr` by one indexed symbol, deltas contracted.

    Raises TypeError when `variable` is not an indexed symbol or a symbol.
    Source: notebook 02, "An index instead of a number".

    >>> from derivations.notation import z, j, k, n, exp
    >>> differentiate(Sum(exp(z[k]), (k, 1, n)), z[j])
    exp(z[j])
    >>> differentiate(Sum(exp(z[k]), (k, 1, n)), z[k])    # k outside, k inside
    exp(z[k])
    """
    if not isinstance(variable, Indexed | Symbol) or variable.is_integer:
        raise TypeError(f"differentiate by a symbol such as z[j], not by {variable!r}")
    return readable(_canonical(_slope(_unfold(expr), variable)))


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


def unfold(expr, where=()):
    """`expr` with its definitions put in and its derivatives carried out.

    A derivative by a symbol that is itself defined (∂L/∂a_i, while a is the softmax) is
    the partial one: that symbol is free while the derivative is taken.

    >>> from derivations.notation import L, a, i, cross_entropy
    >>> unfold(Derivative(L, a[i]), [cross_entropy])
    -y[i]/a[i]
    """
    return readable(_unfolded(expr, tuple(where), None))


@lru_cache(maxsize=256)
def _unfolded(expr, where, case):
    return _canonical(_unfold(expr, where, case, _fixed(case)))


def _fixed(case):
    return dict([case.args]) if isinstance(case, Eq) else {}


def _unfold(expr, where=(), case=None, names=MappingProxyType({}), depth=0):
    """`instance(expr, names, depth)` with definitions and derivatives put in."""
    definitions = {x.base: x for x in where}

    def put_in(part, names, depth):
        if isinstance(part, Derivative):
            return _derivative(instance(part, names, depth), where, case, depth)
        if isinstance(part, SumExcept):
            rest = instance(part, names, depth)
            body = _unfold(rest.function, where, case, depth=depth + 1)
            return _difference(SumExcept(body, *rest.limits, rest.excluded))
        base = part.base if isinstance(part, Indexed) else part
        if base in definitions:
            indices = instance(part, names).args[1:]
            return _value(definitions[base], indices, where, case, depth)
        return None

    return instance(expr, names, depth, put_in)


@lru_cache(maxsize=4096)
def _value(definition, indices, where, case, depth):
    # The case is for the free letters of a definition too, the c of a one-hot y.
    names = _fixed(case) | definition.names(indices)
    return _unfold(definition.value, where, case, names, depth)


@lru_cache(maxsize=4096)
def _derivative(expr, where, case, depth):
    f, free = expr.expr, [getattr(x, "base", x) for x, _ in expr.variable_count]
    for variable, count in expr.variable_count:
        if variable.is_integer or not count.is_Integer:
            raise Undecidable(f"{expr} is no derivative by an entry")
        defined = tuple(x for x in where if x.base not in free)
        f, free = _unfold(f, defined, case, depth=depth), free[1:]
        for _ in range(int(count)):
            f = _slope(f, variable)
    return _unfold(_canonical(f), where, case, depth=depth)


def canonical(expr, facts=()):
    """`expr` with its sums in one form: expanded, deltas contracted, constants outside.

    `facts` are hypotheses; a sum that one of them names is replaced by its value.

    >>> from derivations.notation import a, y, i, j, n, H1
    >>> total = Sum(y[i]*(KroneckerDelta(i, j) - a[j]), (i, 1, n))
    >>> readable(canonical(total))
    -a[j]*Sum(y[k], (k, 1, n)) + y[j]
    >>> readable(canonical(total, [H1]))
    -a[j] + y[j]
    """
    return _canonical(instance(expr, {}), tuple(facts))


@lru_cache(maxsize=2**14)
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
        return expand_log(result)
    if isinstance(expr, Pow) or isinstance(result, exp | Pow):
        return Mul(*(_power(factor) for factor in Mul.make_args(result)))
    return result


def _power(factor):
    # b^(x + 2) as b^x times b², for then it meets the b^x and the b of other terms.
    if isinstance(factor, exp):
        return Mul(*(exp(term) for term in Add.make_args(_expand(factor.args[0]))))
    if not isinstance(factor, Pow):
        return factor
    whole, rest = _expand(factor.exp).as_coeff_Add()
    if rest == 0 or not whole.is_Integer:
        return _expand(factor)
    return _expand(factor.base**rest) * _expand(factor.base**whole)


def _expand(expr):
    # With power_exp SymPy makes a Product of the exponential of a sum.
    return expand(expr, power_exp=False)


def _difference(total):
    (index, _, high), body = total.limits[0], total.function
    if size_of(total.excluded) != high:
        raise Undecidable(f"{total.excluded} is not known to lie in 1..{high}")
    return Sum(body, *total.limits) - body.xreplace({index: total.excluded})


def _canonical_sum(total, facts):
    body = _canonical(total.function, facts)
    for index, low, high in total.limits:
        if low != 1 or high not in SIZES:
            raise Undecidable(f"a sum from {low} to {high} is not one from 1 to a size")
        terms = Add.make_args(_expand(body))
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
    if not inside:
        return outside * size_of(index)
    return outside * _named_sum(Mul(*inside), index, facts)


def _split(part, index):
    # 1/(S² − S e^{z_k}) as 1/S times 1/(S − e^{z_k}), or S would stay inside the sum.
    below = isinstance(part, Pow) and part.exp.is_Integer and part.exp < 0
    if not (below and isinstance(part.base, Add) and part.base.has(index)):
        return part
    names = {}
    base = together(_rational(part.base, names))
    # The sign of a polynomial's factors depends on the order of its unknowns.
    unknowns = [names[x] for x in sorted(names, key=str)]
    pieces = []
    for polynomial, power in zip(fraction(base), (part.exp, -part.exp), strict=True):
        number, found = factor_list(polynomial, *unknowns)
        pieces += [number**power, *(x ** (count * power) for x, count in found)]
    return Mul(*pieces).xreplace({name: x for x, name in names.items()})


@cache
def _level(height):
    return Dummy(f"level_{height}")


def _named_sum(body, index, facts):
    # The name of a bound index is the height of its sum, so equal sums are identical.
    name = _level(_height(body))
    total = Sum(body.xreplace({index: name}), (name, 1, size_of(index)))
    return next((fact.value for fact in facts if _states(fact, total)), total)


def _height(body):
    # SymPy writes a sum of a sum as one Sum with several limits.
    inner = body.atoms(Sum)
    return max((len(x.limits) + _height(x.function) for x in inner), default=0)


def _states(fact, total):
    """Whether `fact` gives the value of `total`, at any value of its free indices."""
    mine = total.function
    for known in fact.sums if isinstance(mine, Indexed) else ():
        pattern = canonical(known)
        first, *free = pattern.function.indices
        if mine.base == pattern.function.base and len(mine.indices) == 1 + len(free):
            at = dict(zip(free, mine.indices[1:], strict=True))
            allowed = all(size_of(at[x]) == size_of(x) for x in free)
            if allowed and first not in at.values() and pattern.xreplace(at) == total:
                return True
    return False


def equal_for_every_n(left, right, where=(), facts=(), case=None):
    """Whether two expressions are equal for every n and every value of their symbols.

    `where` lists definitions, `facts` hypotheses; `case` is Eq(i, j) or Ne(i, j).
    True is a proof: sums, logarithms and undefined functions are treated as unknowns,
    and a rational function of unknowns is 0 only where it cancels.  False means "not
    proved".  A Kronecker delta of two free indices is decided case by case.
    Raises Undecidable when the normal form does not cover a part of an expression.

    >>> from derivations.notation import a, i, j
    >>> equal_for_every_n(KroneckerDelta(i, j)*a[i], KroneckerDelta(i, j)*a[j])
    True
    """
    sides = (sympify(side, strict=True) for side in (left, right))
    left, right = (_unfolded(side, tuple(where), case) for side in sides)
    return _vanishes(left - right, tuple(facts), case)


def _vanishes(expr, facts, case):
    if facts:
        expr = canonical(expr, facts)
    if isinstance(case, Ne):
        expr = expr.xreplace({KroneckerDelta(*case.args): Integer(0)})
    deltas = sorted(expr.atoms(KroneckerDelta), key=str)
    if deltas:
        delta = deltas[0]
        if not all(arg in expr.free_symbols for arg in delta.args):
            raise Undecidable(f"{delta} is not a case of two free indices")
        equal = canonical(expr.xreplace(dict([delta.args])))
        unequal = expr.xreplace({delta: Integer(0)})
        return _vanishes(equal, facts, case) and _vanishes(unequal, facts, case)
    return _Fractions(expr).of(expr)[0] == 0


def _unknown(expr):
    """An unknown and its power: e^{2x} is the square of e^x."""
    if not isinstance(expr, exp):
        return expr, Integer(1)
    power, rest = expr.args[0].as_coeff_Mul()
    return exp(rest), power


def _rational(expr, names):
    """`expr` as a rational function of symbols."""
    if isinstance(expr, Add | Mul):
        return expr.func(*(_rational(arg, names) for arg in expr.args))
    if isinstance(expr, Pow) and expr.exp.is_Integer:
        return _rational(expr.base, names) ** expr.exp
    unknown, power = _unknown(expr)
    return expr if expr.is_Number else names.setdefault(unknown, Dummy()) ** power


class _Fractions:
    """The rational functions of the unknowns of an expression.

    A fraction is its numerator and the powers of the factors of its denominator, so a
    sum has no divisor to look for; that, not the sum, takes the time of `cancel`.
    """

    def __init__(self, expr):
        self.roots = {}  # of each unknown the one that is needed: e^{x/2} is one of e^x
        self._find(expr)
        self.ring, *unknowns = ring(symbols(f"x:{len(self.roots)}"), QQ)
        self.unknowns = dict(zip(self.roots, unknowns, strict=True))

    def _find(self, expr):
        if isinstance(expr, Add | Mul):
            for arg in expr.args:
                self._find(arg)
        elif isinstance(expr, Pow) and expr.exp.is_Integer:
            self._find(expr.base)
        elif not expr.is_Rational:
            unknown, power = _unknown(expr)
            self.roots[unknown] = ilcm(self.roots.get(unknown, 1), power.q)

    def of(self, expr):
        """`expr` as a fraction."""
        if isinstance(expr, Add):
            return self._sum([self.of(arg) for arg in expr.args])
        if isinstance(expr, Mul):
            return self._product([self.of(arg) for arg in expr.args])
        if isinstance(expr, Pow) and expr.exp.is_Integer:
            return self._power(self.of(expr.base), int(expr.exp))
        if expr.is_Rational:
            return self.ring(expr.p) / expr.q, {}
        unknown, power = _unknown(expr)
        root = self.unknowns[unknown]
        return self._power((root, {}), int(power * self.roots[unknown]))

    def _sum(self, fractions):
        common = {}
        for _, below in fractions:
            common |= {x: max(power, common.get(x, 0)) for x, power in below.items()}
        parts = (
            reduce(mul, (x ** (common[x] - below.get(x, 0)) for x in common), above)
            for above, below in fractions
        )
        return reduce(add, parts), common

    def _product(self, fractions):
        powers = Counter()
        for _, below in fractions:
            powers.update(below)
        return reduce(mul, (above for above, _ in fractions)), powers

    def _power(self, fraction, power):
        above, below = fraction
        if power < 0:
            if above == 0:
                raise Undecidable("a denominator is 0")
            above, below = (
                reduce(mul, (x**p for x, p in below.items()), self.ring.one),
                {above: 1},
            )
        return above ** abs(power), {x: p * abs(power) for x, p in below.items()}
