"""Dual numbers: they carry exact derivatives, and those of two do not meet."""

import mpmath
import pytest

from derivations.judges.at_points.dual_numbers import (
    Arithmetic,
    Dual,
    slope,
    without_slope,
)
from derivations.judges.at_points.intervals import ONE, ZERO, NotDefinedError

few = Arithmetic(64)

SMOOTH = {
    "exp": (few.exp, mpmath.exp),
    "log": (few.log, mpmath.log),
    "sin": (few.sin, mpmath.sin),
    "cos": (few.cos, mpmath.cos),
    "tanh": (few.tanh, mpmath.tanh),
    "1/x": (few.inverse, lambda x: 1 / x),
    "x^3": (lambda x: few.power(x, few.whole(3)), lambda x: x**3),
    "x^-2": (lambda x: few.power(x, few.whole(-2)), lambda x: x**-2),
    "x^x": (lambda x: few.power(x, x), lambda x: x**x),
    "x·sin x": (lambda x: few.times(few.sin(x), x), lambda x: x * mpmath.sin(x)),
    "x + x²": (lambda x: few.sum([x, few.times(x, x)]), lambda x: x + x**2),
    "|−x|": (lambda x: few.absolute(few.negative(x)), lambda x: abs(-x)),
    "max": (lambda x: few.largest([x, few.negative(x)]), lambda x: max(x, -x)),
    "min": (lambda x: few.smallest([x, few.negative(x)]), lambda x: min(x, -x)),
}


@pytest.mark.parametrize("name", SMOOTH)
def test_a_dual_number_carries_the_derivative(name):
    f, known = SMOOTH[name]
    x = few.ratio(13, 10)
    first = f(Dual(1, x, ONE))
    second = f(Dual(2, Dual(1, x, ONE), ONE))
    assert float(without_slope(first)) == pytest.approx(float(known(mpmath.mpf("1.3"))))
    slopes = {1: slope(first, 1), 2: slope(slope(second, 2), 1)}
    for order, number in slopes.items():
        right = float(mpmath.diff(known, mpmath.mpf("1.3"), order))
        assert float(number) == pytest.approx(right, rel=1e-8, abs=1e-8)


def test_two_dual_numbers_do_not_meet():
    """∂/∂x (x ∂/∂y (x + y)) is 1: the inner derivative is not the outer one."""
    x = Dual(1, few.whole(2), ONE)
    inner = slope(few.sum([x, Dual(2, few.whole(3), ONE)]), 2)
    assert slope(few.times(x, inner), 1) == ONE


def test_dual_numbers_of_two_derivatives_multiply():
    """∂²(xy)/∂x∂y is 1, in either order of the factors."""
    x, y = Dual(1, few.whole(2), ONE), Dual(2, few.whole(3), ONE)
    for product in (few.times(x, y), few.times(y, x)):
        assert slope(slope(product, 2), 1) == ONE


def test_a_derivative_at_a_kink_is_none():
    for f in (few.sign, few.absolute, lambda x: few.largest([x, few.negative(x)])):
        with pytest.raises(NotDefinedError):
            f(Dual(1, ZERO, ONE))
