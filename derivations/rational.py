"""Rational functions of unknowns: decided whether one is 0, and factored.

Sums, logarithms and undefined functions are unknowns here, and so are powers of e: e^x
is one, and e^{2x} its square.
"""

from collections import Counter
from functools import reduce
from operator import add, mul

from sympy import (
    QQ,
    Add,
    Dummy,
    Integer,
    Mul,
    Pow,
    exp,
    factor_list,
    fraction,
    ilcm,
    ring,
    symbols,
    together,
)

from derivations.verdict import Undecidable


def is_zero(expr):
    """Whether `expr` is 0 as a rational function of its unknowns.

    Raises Undecidable where a denominator is 0.

    >>> from sympy.abc import x
    >>> is_zero(1 / (x + 1) + 1 / (x - 1) - 2 * x / (x**2 - 1))
    True
    """
    return _Fractions(expr).of(expr)[0] == 0


def factors(expr):
    """The factors of `expr`, each with its power, which may be negative.

    >>> from sympy.abc import x
    >>> Mul(*(part**power for part, power in factors(1 / (x**2 + x))))
    1/(x*(x + 1))
    """
    names = {}
    above, below = fraction(together(_rational(expr, names)))
    # The sign of a polynomial's factors depends on the order of its unknowns.
    unknowns = [names[x] for x in sorted(names, key=str)]
    values = {name: x for x, name in names.items()}
    found = []
    for polynomial, sign in ((above, 1), (below, -1)):
        number, parts = factor_list(polynomial, *unknowns)
        found.append((number, sign))
        found += [(part.xreplace(values), sign * power) for part, power in parts]
    return found


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
