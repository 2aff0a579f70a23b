"""Interval arithmetic: the error of a number bounds what it is off by."""

from random import Random

import mpmath
import pytest
from mpmath import libmp

from derivations.judges.at_points.dual_numbers import Arithmetic
from derivations.judges.at_points.intervals import ONE, ZERO, Interval, NotDefinedError
from derivations.judges.verdict import Undecidable

few, many = Arithmetic(64), Arithmetic(400)


def off_by(x, true):
    """How far an interval is from a number that is known better."""
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


def test_the_error_bounds_what_a_number_is_off_by_and_most_are_sharp():
    numbers = {seed: outcome(few, seed) for seed in range(300)}
    defined = {seed: x for seed, x in numbers.items() if x is not None}
    for seed, x in defined.items():  # what is defined with few bits is with many
        assert in_bounds(x, outcome(many, seed)), seed
    assert len(defined) > 100
    sharp = [x for x in defined.values() if x.error < x.size - 32]
    assert len(sharp) > 0.8 * len(defined)


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
    unit = Interval(libmp.from_man_exp(1, scale), ZERO.error)
    one, third = unit, few.times(unit, few.ratio(1, 3))
    close = few.times(one, few.sum([ONE, few.power(few.whole(2), few.whole(-40))]))
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


@pytest.mark.parametrize("f", [few.inverse, few.log, few.exp, few.tanh])
def test_the_error_of_an_argument_is_handed_on(f):
    """Beside 2^-20, what is off by 2^-30 is off by more when it is turned over."""
    x = Interval(libmp.from_man_exp(1, -20), -30)
    moved = Interval(libmp.from_man_exp(1025, -30), ZERO.error)
    assert in_bounds(f(x), f(moved))
