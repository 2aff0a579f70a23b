"""Rational functions of unknowns: decided whether one is 0, and factored.

Sums, logarithms and undefined functions are unknowns here, and so are powers: e^x is
one, and e^{2x} its square; √S is one, and S its square. Of a root of what is no unknown
itself, √(1 + a), it is known what its square is; and of a sine, by the cosine.
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
    cos,
    exp,
    factor_list,
    fraction,
    ilcm,
    ring,
    sin,
    symbols,
    together,
)

from derivations.formulas.memory import remembered
from derivations.judges.verdict import Undecidable

MOST_TERMS = 10**5
"""How many products of terms are made for one polynomial; more are too large."""


def is_zero(expr):
    """Whether `expr` is 0 as a rational function of its unknowns.

    Raises Undecidable where a denominator is 0, and where a polynomial is too large.

    >>> from sympy import sqrt
    >>> from sympy.abc import x
    >>> is_zero(1 / (x + 1) + 1 / (x - 1) - 2 * x / (x**2 - 1))
    True
    >>> is_zero((x - 1) / (sqrt(x) - 1) - sqrt(x) - 1)
    True
    """
    fractions = _Fractions(expr)
    return fractions.is_zero(fractions.of(expr)[0])


@remembered
def factors(expr):
    """The factors of `expr`, each with its power, which may be negative.

    Raises Undecidable where it is too large.

    >>> from sympy.abc import x
    >>> Mul(*(part**power for part, power in factors(1 / (x**2 + x))))
    1/(x*(x + 1))
    """
    if terms_of(expr) > MOST_TERMS:
        raise Undecidable(f"too large: a product with about {terms_of(expr)} terms")
    roots = _roots(expr)
    names = {unknown: Dummy() for unknown in roots}
    above, below = fraction(together(_rational(expr, roots, names)))
    # The sign of a polynomial's factors depends on the order of its unknowns.
    unknowns = [names[x] for x in sorted(names, key=str)]
    values = {name: _power_of(x, Integer(1) / roots[x]) for x, name in names.items()}
    found = []
    for polynomial, sign in ((above, 1), (below, -1)):
        number, parts = factor_list(polynomial, *unknowns)
        found.append((number, sign))
        found += [(part.xreplace(values), sign * power) for part, power in parts]
    return found


def terms_of(expr):
    """About how many terms `expr` has when it is multiplied out."""
    if isinstance(expr, Add):
        return sum(map(terms_of, expr.args))
    if isinstance(expr, Mul):
        return reduce(mul, map(terms_of, expr.args))
    if isinstance(expr, Pow) and expr.exp.is_Integer:
        terms, power = terms_of(expr.base), min(abs(int(expr.exp)), MOST_TERMS)
        return 1 if terms == 1 else _binomial(terms + power - 1, power)
    return 1


def _binomial(n, k):
    found = 1
    for x in range(1, min(k, n - k) + 1):
        found = found * (n - x + 1) // x
        if found > 2 * MOST_TERMS:
            break
    return found


def _unknown(expr):
    """An unknown and its power: e^{2x} is the square of e^x."""
    if isinstance(expr, exp):
        power, rest = expr.args[0].as_coeff_Mul()
        return exp(rest), power
    if isinstance(expr, Pow):
        power, rest = expr.exp.as_coeff_Mul()
        return Pow(expr.base, rest), power
    return expr, Integer(1)


def _power_of(unknown, power):
    if isinstance(unknown, exp):
        return exp(power * unknown.args[0])
    if isinstance(unknown, Pow):
        return Pow(unknown.base, power * unknown.exp)
    return unknown**power


def _roots(expr, found=None):
    """The unknowns of `expr`, each with the root of it that is needed."""
    found = {} if found is None else found
    if isinstance(expr, Add | Mul):
        for arg in expr.args:
            _roots(arg, found)
    elif isinstance(expr, Pow) and expr.exp.is_Integer:
        _roots(expr.base, found)
    elif not expr.is_Rational:
        unknown, power = _unknown(expr)
        found[unknown] = ilcm(found.get(unknown, 1), power.q)
    return found


def _rational(expr, roots, names):
    """`expr` as a rational function of symbols, each the root of an unknown."""
    if isinstance(expr, Add | Mul):
        return expr.func(*(_rational(arg, roots, names) for arg in expr.args))
    if isinstance(expr, Pow) and expr.exp.is_Integer:
        return _rational(expr.base, roots, names) ** expr.exp
    if expr.is_Rational:
        return expr
    unknown, power = _unknown(expr)
    return names[unknown] ** (power * roots[unknown])


class _Fractions:
    """The rational functions of the unknowns of an expression.

    A fraction is its numerator and the powers of the factors of its denominator, so a
    sum has no divisor to look for; that, not the sum, takes the time of `cancel`.
    """

    def __init__(self, expr):
        self.roots, related = _roots(expr), []
        for unknown in list(self.roots):
            known = _relation(unknown)
            if known is not None:
                related.append((unknown, known))
                _roots(known, self.roots)
        self.ring, *unknowns = ring(symbols(f"x:{len(self.roots)}"), QQ)
        self.unknowns = dict(zip(self.roots, unknowns, strict=True))
        self.relations = []
        for unknown, known in related:
            # The unknown itself, not a root of it: then no relation is needed of that.
            power = self.roots[unknown] * (2 if isinstance(unknown, sin) else 1)
            above, below = self.of(known)
            self.relations.append(
                (self.unknowns[unknown], power, above, self._multiplied(below))
            )

    def is_zero(self, polynomial):
        """Whether a polynomial is 0, by what is known of roots and sines."""
        for name, power, above, below in self.relations:
            if polynomial == 0:
                return True
            polynomial = self._reduced(polynomial, name, power, above, below)
        return polynomial == 0

    def _reduced(self, polynomial, name, power, above, below):
        position = self.ring.gens.index(name)
        parts = {}
        for powers, number in polynomial.terms():
            times, rest = divmod(powers[position], power)
            kept = (*powers[:position], rest, *powers[position + 1 :])
            part = parts.setdefault(times, self.ring.zero)
            parts[times] = part + self.ring({kept: number})
        most = max(parts)
        return self._plus(
            self._product(part, above**times, below ** (most - times))
            for times, part in parts.items()
        )

    def of(self, expr):
        """`expr` as a fraction."""
        if isinstance(expr, Add):
            return self._sum([self.of(arg) for arg in expr.args])
        if isinstance(expr, Mul):
            return self._times([self.of(arg) for arg in expr.args])
        if isinstance(expr, Pow) and expr.exp.is_Integer:
            return self._power(self.of(expr.base), int(expr.exp))
        if expr.is_Rational:
            return self.ring(expr.p) / expr.q, {}
        unknown, power = _unknown(expr)
        root = self.unknowns[unknown]
        return self._power((root, {}), int(power * self.roots[unknown]))

    def _plus(self, polynomials):
        return reduce(add, polynomials, self.ring.zero)

    def _product(self, *polynomials):
        result = self.ring.one
        for one in polynomials:
            if len(result) * len(one) > MOST_TERMS:
                raise Undecidable(
                    f"too large: a product of {len(result)} by {len(one)} terms"
                )
            result *= one
        return result

    def _multiplied(self, below):
        return self._product(*(self._raised(x, power) for x, power in below.items()))

    def _raised(self, polynomial, power):
        if _binomial(len(polynomial) + power - 1, power) > MOST_TERMS:
            raise Undecidable(
                f"too large: the power {power} of {len(polynomial)} terms"
            )
        return polynomial**power

    def _sum(self, fractions):
        common = {}
        for _, below in fractions:
            common |= {x: max(power, common.get(x, 0)) for x, power in below.items()}
        return self._plus(
            self._product(
                above,
                *(self._raised(x, common[x] - below.get(x, 0)) for x in common),
            )
            for above, below in fractions
        ), common

    def _times(self, fractions):
        powers = Counter()
        for _, below in fractions:
            powers.update(below)
        return self._product(*(above for above, _ in fractions)), powers

    def _power(self, fraction, power):
        above, below = fraction
        if power < 0:
            if self.is_zero(above):
                raise Undecidable("a denominator is 0")
            above, below = self._multiplied(below), {above: 1}
        raised = {x: p * abs(power) for x, p in below.items()}
        return self._raised(above, abs(power)), raised


def _relation(unknown):
    """What the unknown is (a root), or its square (a sine); None for a free one."""
    if isinstance(unknown, sin):
        return 1 - cos(*unknown.args) ** 2
    if isinstance(unknown, Add | Mul | Pow) and not _is_free(unknown):
        return unknown
    return unknown if unknown.is_Rational else None


def _is_free(unknown):
    return isinstance(unknown, Pow) and not unknown.exp.is_Integer
