"""Numbers that carry their own error: the error bounds what they are off by."""

from functools import partial
from random import Random

import mpmath
import pytest
from mpmath import libmp

from derivations.judges.at_points.intervals import (
    ONE,
    ZERO,
    Arithmetic,
    Ball,
    Jet,
    NotDefinedError,
    plain,
    slope,
)
from derivations.judges.verdict import Undecidable

few, many = Arithmetic(64), Arithmetic(400)


def off_by(x, true):
    """How far a ball is from a number that is known better."""
    return abs(mpmath.mpf(x.value) - mpmath.mpf(true.value))


def in_bounds(x, true):
    with mpmath.workprec(500):
        return off_by(x, true) <= mpmath.mpf(2) ** x.error


KINDS = {
    "sum": lambda numbers, x, y: numbers.sum([x, y, ONE]),
    "less": lambda numbers, x, y: numbers.sum([x, numbers.negative(y)]),
    "times": lambda numbers, x, y: numbers.times(x, y),
    "over": lambda numbers, x, y: numbers.times(x, numbers.inverse(y)),
    "exp": lambda numbers, x, y: numbers.exp(numbers.tanh(x)),
    "log": lambda numbers, x, y: numbers.log(x),
    "waves": lambda numbers, x, y: numbers.sum([numbers.sin(x), numbers.cos(y)]),
    "cube": lambda numbers, x, y: numbers.power(x, numbers.whole(3)),
    "power": lambda numbers, x, y: numbers.power(x, y),
}


def made(numbers, random, depth):
    """A random expression, computed: the same one for the same random numbers."""
    if depth == 0:
        return numbers.ratio(random.randint(1, 40), random.choice([3, 7, 1000, 1]))
    kind = KINDS[random.choice(list(KINDS))]
    return kind(numbers, *(made(numbers, random, depth - 1) for _ in range(2)))


def outcome(arithmetic, seed):
    try:
        return made(arithmetic, Random(seed), 4)
    except (NotDefinedError, Undecidable):
        return None


@pytest.mark.parametrize("seed", range(300))
def test_the_error_bounds_what_a_number_is_off_by(seed):
    x, true = outcome(few, seed), outcome(many, seed)
    if x is not None:  # what is defined with few bits is with many
        assert in_bounds(x, true)


def test_most_of_these_are_defined_and_sharp():
    found = [x for x in map(partial(outcome, few), range(300)) if x is not None]
    assert len(found) > 100
    assert sum(x.error < x.size - 32 for x in found) > 0.8 * len(found)


def test_a_difference_of_equals_is_0_within_its_error():
    third = few.ratio(1, 3)
    nothing = few.sum([few.times(third, third), few.negative(few.ratio(1, 9))])
    assert not nothing.is_apart_from_0()
    assert few.agree(nothing, ZERO) is None
    for f in (few.inverse, few.log, few.sign, lambda x: few.power(x, third)):
        with pytest.raises(NotDefinedError):
            f(nothing)


@pytest.mark.parametrize("scale", [-3000, -1, 0, 5, 3000])
def test_agreement_does_not_depend_on_the_scale(scale):
    unit = Ball(libmp.from_man_exp(1, scale), ZERO.error)
    one, third = unit, few.times(unit, few.ratio(1, 3))
    close = few.times(one, few.sum([ONE, Ball(libmp.from_man_exp(1, -40), ZERO.error)]))
    assert few.agree(few.sum([third, third, third]), one)
    assert few.agree(one, close) is False
    assert few.agree(one, few.negative(one)) is False
    assert few.agree(ZERO, one) is False
    assert few.agree(ZERO, ZERO) and few.agree(one, one)


def test_whole_numbers_are_exact():
    two = few.sum([ONE, ONE])
    assert two == few.whole(2) and few.times(two, two) == few.whole(4)
    assert few.sum([two, few.whole(-2)]).sign == 0
    assert few.power(ZERO, ZERO) == ONE


def test_powers_of_0_and_of_negatives():
    half, minus = few.ratio(1, 2), few.whole(-2)
    assert few.power(ZERO, half) == ZERO
    assert float(few.power(minus, few.whole(-3))) == -0.125
    for base, exponent in ((ZERO, few.negative(half)), (minus, half), (ZERO, minus)):
        with pytest.raises(NotDefinedError):
            few.power(base, exponent)


def test_what_is_too_large_is_said():
    for x in (few.whole(2**50), few.negative(few.whole(2**50))):
        with pytest.raises(Undecidable, match="too large"):
            few.exp(x)
    with pytest.raises(Undecidable, match="too large: a power of"):
        few.power(few.ratio(1, 3), few.whole(2**30))


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
def test_a_jet_carries_the_derivative(name):
    f, known = SMOOTH[name]
    x = few.ratio(13, 10)
    first = f(Jet(1, x, ONE))
    second = f(Jet(2, Jet(1, x, ONE), ONE))
    assert float(plain(first)) == pytest.approx(float(known(mpmath.mpf("1.3"))))
    for order, found in ((1, slope(first, 1)), (2, slope(slope(second, 2), 1))):
        right = float(mpmath.diff(known, mpmath.mpf("1.3"), order))
        assert float(found) == pytest.approx(right, rel=1e-8, abs=1e-8)


def test_two_jets_do_not_meet():
    """∂/∂x (x ∂/∂y (x + y)) is 1: the inner derivative is not the outer one."""
    x = Jet(1, few.whole(2), ONE)
    inner = slope(few.sum([x, Jet(2, few.whole(3), ONE)]), 2)
    assert slope(few.times(x, inner), 1) == ONE


def test_jets_of_two_derivatives_multiply():
    """∂²(xy)/∂x∂y is 1, in either order of the factors."""
    x, y = Jet(1, few.whole(2), ONE), Jet(2, few.whole(3), ONE)
    for product in (few.times(x, y), few.times(y, x)):
        assert slope(slope(product, 2), 1) == ONE


@pytest.mark.parametrize("f", [few.inverse, few.log, few.exp, few.tanh])
def test_the_error_of_an_argument_is_handed_on(f):
    """Beside 2^-20, what is off by 2^-30 is off by more when it is turned over."""
    x = Ball(libmp.from_man_exp(1, -20), -30)
    moved = Ball(libmp.from_man_exp(1025, -30), ZERO.error)
    assert in_bounds(f(x), f(moved))


def test_a_derivative_at_a_kink_is_none():
    for f in (few.sign, few.absolute, lambda x: few.largest([x, few.negative(x)])):
        with pytest.raises(NotDefinedError):
            f(Jet(1, ZERO, ONE))
