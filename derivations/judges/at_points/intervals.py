"""Interval arithmetic: numbers that carry a bound on their own error.

An `Interval` is a number of a given precision and a bound on how far it is off, a power
of 2.  Each operation bounds what it adds to the error and what it hands on, so two
numbers can be compared at any magnitude: scaling both changes nothing.  The precision
belongs to the arithmetic that computes, so several threads can use it at once.
"""

from typing import NamedTuple

from mpmath import libmp
from sympy import Expr

from derivations.formulas.caching import remembered
from derivations.judges.verdict import Undecidable

_exp, _log = remembered(libmp.mpf_exp), remembered(libmp.mpf_log)
EXACT = -(2**62)
"""The exponent of the error of a number that has none."""
LARGEST = 40
"""An exponential of more than about 2**LARGEST is too large to be computed."""


class NotDefinedError(ArithmeticError):
    """An expression has no real value at a point, or none that can be determined.

    `part` is the innermost part of a formula that has none, where it is known.
    """

    part: Expr | None = None


class Interval(NamedTuple):
    """A real number, as libmp writes it, that is off by at most 2**error.

    >>> third = Intervals(bits=20).ratio(1, 3)
    >>> third.error, float(third)
    (-20, 0.33333301544189453)
    """

    value: tuple
    error: int

    @property
    def size(self):
        """The number is less than 2**size; EXACT for 0."""
        return _size(self.value)

    def is_apart_from_0(self):
        return self.size - 3 >= self.error and bool(self.value[1])

    @property
    def is_negative(self):
        """Whether it is known to be negative."""
        return self.is_apart_from_0() and bool(self.value[0])

    @property
    def is_exact(self):
        return self.error <= EXACT // 2

    @property
    def sign(self):
        """1, −1, or 0 for a number that is exactly 0."""
        if self.value == libmp.fzero and self.is_exact:
            return 0
        if not self.is_apart_from_0():
            raise NotDefinedError("a sign that cannot be told from 0")
        return -1 if self.value[0] else 1

    def __float__(self):
        return libmp.to_float(self.value)


def _size(value):
    if value[1]:
        return value[2] + value[3]
    if value != libmp.fzero:
        raise NotDefinedError("a number that is infinite")
    return EXACT


ZERO, ONE = Interval(libmp.fzero, EXACT), Interval(libmp.fone, EXACT)
MINUS_ONE = Interval(libmp.fnone, EXACT)


class Intervals:
    """Operations on intervals, with a number of bits."""

    def __init__(self, bits: int):
        self.bits = bits

    def whole(self, number: int) -> Interval:
        """An integer, exactly."""
        return MINUS_ONE if number == -1 else Interval(libmp.from_int(number), EXACT)

    def ratio(self, p: int, q: int) -> Interval:
        """A rational number, exactly where q is a power of 2.

        >>> few = Intervals(bits=20)
        >>> few.ratio(3, 4).is_exact, few.ratio(1, 3).is_exact
        (True, False)
        """
        value = libmp.from_rational(p, q, self.bits)
        is_exact = q & (q - 1) == 0 and p.bit_length() <= self.bits
        return Interval(value, EXACT) if is_exact else self.near(value)

    def near(self, value: tuple, error: int = EXACT) -> Interval:
        """A number that was rounded once, beside what it was off by before."""
        return Interval(value, max(error, _size(value) - self.bits) + 1)

    def sum(self, intervals: list[Interval]) -> Interval:
        """The sum of several, 0 of none."""
        if len(intervals) == 1:
            return intervals[0]
        if not intervals:
            return ZERO
        values = [value for value, _ in intervals]
        error = max([error for _, error in intervals])
        largest = max([_size(value) for value in values])
        total = libmp.mpf_sum(values, self.bits, "n")
        count = len(intervals).bit_length()  # 2**count is more than there are
        largest += count
        small = error <= EXACT // 2 and largest < self.bits // 2
        if small and libmp.mpf_sum(values) == total:
            return Interval(total, EXACT)
        return Interval(total, max(error, largest - self.bits) + 1 + count)

    def product(self, intervals: list[Interval]) -> Interval:
        """The product of several, 1 of none."""
        product, *others = intervals or [ONE]
        for factor in others:
            product = Intervals.times(self, product, factor)
        return product

    def times(self, x: Interval, y: Interval) -> Interval:
        if x is ONE or y is ONE:
            return y if x is ONE else x
        if x is MINUS_ONE or y is MINUS_ONE:
            return Intervals.negative(self, y if x is MINUS_ONE else x)
        (first, off), (second, other_off) = x, y
        value = libmp.mpf_mul(first, second, self.bits, "n")
        if off == other_off == EXACT and first[3] + second[3] <= self.bits:
            return Interval(value, EXACT)
        size, other = _size(first), _size(second)
        error = max(max(size, off) + other_off, other + off, size + other - self.bits)
        return Interval(value, error + 2)

    def negative(self, x: Interval) -> Interval:
        return Interval(libmp.mpf_neg(x.value), x.error)

    def inverse(self, x: Interval) -> Interval:
        """1/x, where x is told from 0."""
        if not x.is_apart_from_0():
            raise NotDefinedError("a denominator that cannot be told from 0")
        value = libmp.mpf_div(libmp.fone, x.value, self.bits, "n")
        if x.is_exact and x.value[1] == 1:  # a power of 2
            return Interval(value, EXACT)
        return self.near(value, x.error - 2 * x.size + 3)

    def exp(self, x: Interval) -> Interval:
        if x.size > LARGEST:
            raise Undecidable(f"too large: an exponential of about 2**{x.size}")
        if x.error > -2:
            raise NotDefinedError("an exponential of what is not known to a unit")
        value = _exp(x.value, self.bits, "n")
        return self.near(value, _size(value) + x.error + 1)

    def log(self, x: Interval) -> Interval:
        if x.sign <= 0:
            raise NotDefinedError("a logarithm of what is not positive")
        return self.near(_log(x.value, self.bits, "n"), x.error - x.size + 2)

    def sin(self, x: Interval) -> Interval:
        return self._lipschitz(libmp.mpf_sin, x)

    def cos(self, x: Interval) -> Interval:
        return self._lipschitz(libmp.mpf_cos, x)

    def tanh(self, x: Interval) -> Interval:
        return self._lipschitz(libmp.mpf_tanh, x)

    def _lipschitz(self, f, x):
        # What changes by no more than its argument does.
        if x.size > LARGEST:
            raise Undecidable(f"too large: a function of about 2**{x.size}")
        return self.near(f(x.value, self.bits, "n"), x.error)

    def absolute(self, x: Interval) -> Interval:
        return Interval(libmp.mpf_abs(x.value), x.error)

    def larger(self, x: Interval, y: Interval) -> Interval:
        """The larger of two, which may overlap."""
        larger = x if libmp.mpf_ge(x.value, y.value) else y
        return Interval(larger.value, max(x.error, y.error))

    def agree(self, x: Interval, y: Interval) -> bool | None:
        """Whether two are equal as far as can be told; None where that is not far.

        >>> few = Intervals(bits=20)
        >>> third = few.ratio(1, 3)
        >>> few.agree(few.sum([third, third, third]), ONE), few.agree(third, ONE)
        (True, False)
        """
        apart = libmp.mpf_sub(x.value, y.value, self.bits, "n")
        size, error = max(x.size, y.size), max(x.error, y.error) + 1
        error = max(error, _size(apart) - self.bits) + 1
        if _size(apart) - 1 >= error and apart != libmp.fzero:
            return False
        return (
            True
            if error <= size - self.bits // 2 or (x.is_exact and y.is_exact)
            else None
        )
