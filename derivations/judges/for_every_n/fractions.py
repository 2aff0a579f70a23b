"""Rational functions of unknowns: is one 0, and what are its factors.

Sums, logarithms and undefined functions are unknowns here, and so are powers: e^x is
one, and e^{2x} its square; √S is one, and S its square. Two relations are known: the
square of a root such as √(1 + a) is 1 + a, and sin² is 1 − cos².  Two different roots
of one power are two unknowns: where b may be negative, √(b^x) need not be b^{x/2}.
"""

from collections import Counter
from functools import reduce
from operator import add

from sympy import (
    QQ,
    Add,
    Integer,
    Mul,
    Pow,
    ring,
    sin,
    symbols,
)

from derivations.formulas.caching import remembered
from derivations.formulas.counting import terms_of_power
from derivations.judges.for_every_n.unknowns import (
    power_of,
    relation_of,
    roots_in,
    unknown_of,
)
from derivations.judges.verdict import Undecidable

MOST_TERMS = 2 * 10**4
"""How many products of terms are made for one fraction; more are too large."""
MOST_FACTORED = 6_000
"""The terms times the unknowns, the squared degree and the fourth power of the words of
64 bits of the largest number, of what is factored: a next prime takes as long."""


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
    if expr == 0:
        return True
    expr = by_least_powers(expr)
    fractions = _Fractions(roots_in(expr))
    return fractions.is_zero(fractions.of(expr)[0])


def by_least_powers(expr):
    """b^{x+r} as b^x·b^r for a number r > 0, where b^x is part of `expr` too.

    So b^x is defined, and where b is 0, x is none below 0: both forms are 0.

    >>> from sympy.abc import b, x, y
    >>> by_least_powers(b ** (x + 1) - b ** (x - 2))
    b**3*b**(x - 2) - b**(x - 2)
    >>> by_least_powers(b ** (x + 1) - b**y)
    -b**y + b**(x + 1)
    """
    alike = {}
    for power in expr.atoms(Pow):
        number, rest = power.exp.as_coeff_Add()
        if rest != 0:
            alike.setdefault((power.base, rest), []).append(number)
    least = {
        base ** (rest + number): base ** (rest + min(numbers))
        * base ** (number - min(numbers))
        for (base, rest), numbers in alike.items()
        for number in numbers
        if len(numbers) > 1
    }
    return expr.xreplace(least)


@remembered
def factors(expr):
    """The factors of `expr`, each with its power, which may be negative.

    Raises Undecidable where a denominator is 0, and where it is too large.

    >>> from sympy import exp
    >>> from sympy.abc import x
    >>> factors(1 / (2 * x**2 + 2 * x))
    [(2, -1), (x, -1), (x + 1, -1)]
    >>> factors(1 - exp(-x))
    [(exp(x) - 1, 1), (exp(x), -1)]
    """
    # The sign of a polynomial's factors depends on the order of its unknowns.
    fractions = _Fractions(dict(sorted(roots_in(expr).items(), key=str)))
    above, below = fractions.of(expr)
    powers = Counter()
    for polynomial, times in [(above, 1), *((x, -power) for x, power in below.items())]:
        number, parts = _factored(polynomial)
        powers[fractions.as_expr(polynomial.ring(number))] += times
        for part, power in parts:
            powers[fractions.as_expr(part)] += times * power
    return [(x, power) for x, power in powers.items() if x != 1 and power]


def _factored(polynomial):
    """A number and the factors of a polynomial; Undecidable where it is too large.

    >>> x, y = ring("x, y", QQ)[1:]
    >>> _factored(3 * x**90)
    (MPQ(3,1), [(x, 90)])
    >>> _factored(x**10**9 * y + x**10**9)
    (MPQ(1,1), [(x, 1000000000), (y + 1, 1)])
    >>> _factored(x**60 * y**60 - 1)
    Traceback (most recent call last):
    derivations.judges.verdict.Undecidable: too large: 2 terms of degree 120 to factor
    >>> _factored(x + 10**600 * y**2)
    Traceback (most recent call last):
    derivations.judges.verdict.Undecidable: too large: 2 terms of degree 2 to factor
    """
    shared = [min(x) for x in zip(*polynomial.itermonoms(), strict=True)]
    if any(shared):
        number, parts = _factored(polynomial.quo_term((tuple(shared), 1)))
        letters = zip(polynomial.ring.gens, shared, strict=True)
        return number, [(x, power) for x, power in letters if power] + parts
    degree = max(map(sum, polynomial.itermonoms()), default=0)
    unknowns = sum(map(any, zip(*polynomial.itermonoms(), strict=True)))
    bits = (max(x.numerator.bit_length(), 64) for x in polynomial.itercoeffs())
    words_of_64 = max(bits, default=64) // 64
    if len(polynomial) * degree**2 * unknowns * words_of_64**4 > MOST_FACTORED:
        words = f"{len(polynomial)} terms of degree {degree}"
        raise Undecidable(f"too large: {words} to factor")
    return polynomial.factor_list()


class _Fractions:
    """The rational functions of unknowns, of each of which a root may be needed.

    A fraction is its numerator and the powers of the factors of its denominator, so a
    sum has no divisor to look for; that, not the sum, takes the time of `cancel`.
    """

    def __init__(self, roots):
        self.roots, related = dict(roots), []
        self.made = 0  # products of terms
        for unknown in roots:
            known = relation_of(unknown)
            if known is not None:
                related.append((unknown, known))
                roots_in(known, self.roots)
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
        """The polynomial with name^power replaced by above/below, times a denominator.

        The denominator is a power of `below`: the result is 0 where the polynomial is.
        """
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
        unknown, power = unknown_of(expr)
        root = self.unknowns[unknown]
        return self._power((root, {}), int(power * self.roots[unknown]))

    def as_expr(self, polynomial):
        """A polynomial as an expression in the unknowns."""
        values = (power_of(x, Integer(1) / root) for x, root in self.roots.items())
        return polynomial.as_expr(*values)

    def _plus(self, polynomials):
        return reduce(add, polynomials, self.ring.zero)

    def _product(self, *polynomials):
        product = self.ring.one
        for polynomial in polynomials:
            self.made += len(product) * len(polynomial)
            if self.made > MOST_TERMS:
                raise Undecidable(
                    f"too large: a product of {len(product)} by {len(polynomial)} terms"
                )
            product *= polynomial
        return product

    def _multiplied(self, below):
        return self._product(*(self._raised(x, power) for x, power in below.items()))

    def _raised(self, polynomial, power):
        if terms_of_power(len(polynomial), power) > MOST_TERMS:
            raise Undecidable(
                f"too large: the power {power} of {len(polynomial)} terms"
            )
        return polynomial**power

    def _sum(self, fractions):
        """Fractions over their common denominator, added."""
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
