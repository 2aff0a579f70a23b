"""Rational functions of unknowns: what is 0, and what may not be decided."""

import pytest
from sympy import Mul, Rational, cos, exp, sin, sqrt
from sympy.abc import x, y

from derivations.judges.for_every_n.fractions import factors, is_zero
from derivations.judges.verdict import Undecidable

ZERO = [
    sin(x) ** 2 + cos(x) ** 2 - 1,
    sqrt(1 + x) ** 3 - (1 + x) * sqrt(1 + x),
    1 / (1 + x**-y) - x**y / (1 + x**y),
    sqrt(2) ** 2 * x - 2 * x,
]


@pytest.mark.parametrize("expr", ZERO)
def test_0(expr):
    assert is_zero(expr)
    assert not is_zero(expr + x)


@pytest.mark.parametrize(
    "below",
    [
        sin(x) ** 2 + cos(x) ** 2 - 1,
        (sqrt(1 + x) + 1) * (sqrt(1 + x) - 1) - x,
        (x + 1) ** 2 - x**2 - 2 * x - 1,
    ],
)
def test_a_denominator_that_is_0_is_undecidable(below):
    with pytest.raises(Undecidable, match="a denominator is 0"):
        is_zero(y / below)


def test_what_is_too_large_is_said():
    with pytest.raises(Undecidable, match="too large"):
        is_zero((x + y + 1 + exp(x)) ** 200 - x)
    with pytest.raises(Undecidable, match="too large"):
        factors((x + y + 1 + exp(x)) ** 200 + 1)
    with pytest.raises(Undecidable, match="3 terms of degree 2 to factor"):
        factors(x * y + 7**200 * x + 3)  # each next prime would be looked for


@pytest.mark.parametrize("expr", [sqrt(x) / (x + 1), x**2 / 4 - Rational(1, 4)])
def test_the_factors_multiply_to_the_whole(expr):
    assert is_zero(Mul(*(part**power for part, power in factors(expr))) - expr)
