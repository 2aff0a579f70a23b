"""Dual numbers: exact derivatives, without a difference quotient.

A `Dual` is a + bε with ε² = 0, where a is a value and b its derivative; a and b are
intervals, or dual numbers of another ε where a derivative stands in a derivative.
"""

from functools import reduce
from typing import NamedTuple

from mpmath import libmp

from derivations.judges.at_points.intervals import (
    ONE,
    ZERO,
    Interval,
    Intervals,
    NotDefinedError,
)
from derivations.judges.verdict import Undecidable

MOST_FACTORS = 2**20


class Dual(NamedTuple):
    """a + bε; the ε of a greater tag belongs to an inner derivative."""

    tag: int
    a: "Number"
    b: "Number"


Number = Interval | Dual


def without_slope(x: Number) -> Interval:
    """The a of a + bε, without any ε."""
    while isinstance(x, Dual):
        x = x.a
    return x


def slope(x: Number, tag: int) -> Number:
    """The b of the ε of a tag.

    >>> numbers = Arithmetic(bits=60)
    >>> x = Dual(1, numbers.whole(3), ONE)
    >>> float(slope(numbers.times(x, x), 1))  # the derivative of x² at 3
    6.0
    """
    return x.b if isinstance(x, Dual) and x.tag == tag else ZERO


class Arithmetic(Intervals):
    """Operations on intervals and on dual numbers, with a number of bits."""

    def sum(self, numbers: list[Number]) -> Number:
        tags = [x.tag for x in numbers if type(x) is Dual]
        if not tags:
            return super().sum(numbers)
        tag = max(tags)
        moved = [x for x in numbers if type(x) is Dual and x.tag == tag]
        fixed = [x for x in numbers if type(x) is Interval or x.tag < tag]
        value = self.sum([*fixed, *(x.a for x in moved)])
        return Dual(tag, value, self.sum([x.b for x in moved]))

    def product(self, numbers: list[Number]) -> Number:
        plain = [x for x in numbers if type(x) is Interval]
        duals = [x for x in numbers if type(x) is Dual]
        product = super().product(plain)
        return reduce(self.times, duals, product) if duals else product

    def times(self, x: Number, y: Number) -> Number:
        if type(x) is Interval and type(y) is Interval:
            return super().times(x, y)
        if type(x) is Interval or (type(y) is Dual and x.tag < y.tag):
            x, y = y, x
        if type(y) is Interval or y.tag < x.tag:
            return Dual(x.tag, self.times(x.a, y), self.times(x.b, y))
        moved = self.sum([self.times(x.a, y.b), self.times(x.b, y.a)])
        return Dual(x.tag, self.times(x.a, y.a), moved)

    def negative(self, x: Number) -> Number:
        if type(x) is Dual:
            return Dual(x.tag, self.negative(x.a), self.negative(x.b))
        return super().negative(x)

    def inverse(self, x: Number) -> Number:
        if type(x) is Dual:
            over = self.inverse(x.a)
            return Dual(x.tag, over, self.negative(self.product([x.b, over, over])))
        return super().inverse(x)

    def power(self, base: Number, exponent: Number) -> Number:
        """base**exponent as SymPy means it: 0**0 is 1; a root of a negative is none."""
        number = without_slope(exponent)
        if number is exponent and number.is_exact:
            whole = libmp.to_int(number.value) if number.size < 64 else None
            if whole is not None and libmp.from_int(whole) == number.value:
                return self._whole_power(base, whole)
        value = without_slope(base)
        if value.sign == 0 and base is value and exponent is number:
            if number.sign > 0:
                return ZERO
            raise NotDefinedError("a power of 0 that is not positive")
        if value.sign <= 0:
            raise NotDefinedError("a power of a number that is not positive")
        return self.exp(self.times(exponent, self.log(base)))

    def _whole_power(self, base, power):
        if abs(power) > MOST_FACTORS:
            raise Undecidable(f"too large: a power of {power}")
        result, square, rest = ONE, base, abs(power)
        while rest:
            if rest % 2:
                result = self.times(result, square)
            rest //= 2
            square = self.times(square, square) if rest else square
        return self.inverse(result) if power < 0 else result

    def exp(self, x: Number) -> Number:
        return self._chain_rule(super().exp, self.exp, x)

    def log(self, x: Number) -> Number:
        return self._chain_rule(super().log, self.inverse, x)

    def sin(self, x: Number) -> Number:
        return self._chain_rule(super().sin, self.cos, x)

    def cos(self, x: Number) -> Number:
        return self._chain_rule(super().cos, lambda x: self.negative(self.sin(x)), x)

    def tanh(self, x: Number) -> Number:
        return self._chain_rule(super().tanh, self._tanh_slope, x)

    def _tanh_slope(self, x):
        t = self.tanh(x)
        return self.sum([ONE, self.negative(self.times(t, t))])

    def _chain_rule(self, f, f_prime, x):
        """f(x), where f is for intervals and f_prime, its derivative, for any x."""
        if type(x) is not Dual:
            return f(x)
        moved = self.times(f_prime(x.a), x.b)
        return Dual(x.tag, self._chain_rule(f, f_prime, x.a), moved)

    def absolute(self, x: Number) -> Number:
        return self.times(self.sign(x), x) if type(x) is Dual else super().absolute(x)

    def sign(self, x: Number) -> Interval:
        """1, 0 or −1; a dual number has none at 0, where the sign jumps."""
        sign = without_slope(x).sign
        if sign == 0 and isinstance(x, Dual):
            raise NotDefinedError("a derivative at a jump")
        return self.whole(sign)

    def largest(self, numbers: list[Number]) -> Number:
        """The maximum; not of dual numbers that meet."""
        return reduce(self.larger, numbers)

    def larger(self, x: Number, y: Number) -> Number:
        if type(x) is Interval and type(y) is Interval:
            return super().larger(x, y)
        return x if self.sign(self.sum([x, self.negative(y)])) == ONE else y

    def smallest(self, numbers: list[Number]) -> Number:
        """The minimum."""
        return self.negative(self.largest([self.negative(x) for x in numbers]))
