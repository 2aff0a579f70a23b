"""Numbers that carry their own error, and their exact derivatives: what the points use.

A `Ball` is a number of a given precision with a bound on how far it is off, a power of
2; a `Jet` is a + bε with ε² = 0, so that b is a derivative without a difference
quotient.  Each operation bounds what it adds to the error and what it hands on, so two
numbers can be compared at any magnitude: scaling both changes nothing.  Nothing here is
shared between two that compute, a precision neither, so threads do not meet.
"""

from functools import reduce
from typing import NamedTuple

from mpmath import libmp

from derivations.judges.verdict import Undecidable

EXACT = -(2**62)
"""The exponent of the error of a number that has none."""
LARGEST = 40
"""An exponential of more than about 2**LARGEST is too large to be computed."""
MOST_FACTORS = 2**20


class NotDefinedError(ArithmeticError):
    """An expression has no real value at a point, or none that can be told."""


class Ball(NamedTuple):
    """A real number, as libmp writes it, that is off by at most 2**error."""

    value: tuple
    error: int

    @property
    def size(self):
        """The number is less than 2**size; EXACT for 0."""
        return _size(self.value)

    def is_apart_from_0(self):
        return self.size - 3 >= self.error and bool(self.value[1])

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


class Jet(NamedTuple):
    """a + bε; the ε of a greater tag belongs to an inner derivative."""

    tag: int
    a: "Ball | Jet"
    b: "Ball | Jet"


def _size(value):
    if value[1]:
        return value[2] + value[3]
    if value != libmp.fzero:
        raise NotDefinedError("a number that is infinite")
    return EXACT


ZERO, ONE = Ball(libmp.fzero, EXACT), Ball(libmp.fone, EXACT)


def plain(x):
    """The number of a jet without its ε."""
    while isinstance(x, Jet):
        x = x.a
    return x


def slope(x, tag):
    """The b of the ε of a tag."""
    return x.b if isinstance(x, Jet) and x.tag == tag else ZERO


class Arithmetic:
    """Operations on balls and jets, with a number of bits."""

    def __init__(self, bits):
        self.bits = bits

    def whole(self, number):
        """An integer, exactly."""
        return Ball(libmp.from_int(number), EXACT)

    def ratio(self, p, q):
        """A rational number."""
        return self.near(libmp.from_rational(p, q, self.bits))

    def near(self, value, error=EXACT):
        """A number that was rounded once, beside what it was off by before."""
        return Ball(value, max(error, _size(value) - self.bits) + 1)

    def sum(self, numbers):
        """The sum of several, 0 of none."""
        tag = max((x.tag for x in numbers if isinstance(x, Jet)), default=None)
        if tag is None:
            return self._sum(numbers)
        split = [_split(x, tag) for x in numbers]
        moved = [b for _, b in split if b is not ZERO]
        return Jet(tag, self.sum([a for a, _ in split]), self.sum(moved))

    def _sum(self, balls):
        if len(balls) == 1:
            return balls[0]
        total, largest, error = libmp.fzero, EXACT, EXACT
        for value, off in balls:
            total = libmp.mpf_add(total, value, self.bits, "n")
            largest = max(largest, _size(value))
            error = max(error, off)
        count = len(balls).bit_length()  # 2**count is more than there are
        largest += count
        if error <= EXACT // 2 and largest < self.bits // 2:
            exact = reduce(libmp.mpf_add, (x.value for x in balls), libmp.fzero)
            if exact == total:
                return Ball(total, EXACT)
        return Ball(total, max(error, largest - self.bits) + 1 + count)

    def product(self, numbers):
        """The product of several, 1 of none."""
        return reduce(self.times, numbers, ONE)

    def times(self, x, y):
        if type(x) is Ball and type(y) is Ball:
            return self._times(x, y)
        tags = [part.tag for part in (x, y) if isinstance(part, Jet)]
        tag = max(tags)
        (a, b), (c, d) = _split(x, tag), _split(y, tag)
        parts = [(a, d)] * (d is not ZERO) + [(b, c)] * (b is not ZERO)
        moved = self.sum([self.times(*pair) for pair in parts])
        return Jet(tag, self.times(a, c), moved)

    def _times(self, x, y):
        if x is ONE or y is ONE:
            return y if x is ONE else x
        value = libmp.mpf_mul(x.value, y.value, self.bits, "n")
        if x.is_exact and y.is_exact and x.value[3] + y.value[3] <= self.bits:
            return Ball(value, EXACT)
        size, other = _size(x.value), _size(y.value)
        error = max(
            max(size, x.error) + y.error, other + x.error, size + other - self.bits
        )
        return Ball(value, error + 2)

    def negative(self, x):
        return self.times(self.whole(-1), x)

    def inverse(self, x):
        """1/x, where x is told from 0."""
        if isinstance(x, Jet):
            over = self.inverse(x.a)
            return Jet(x.tag, over, self.negative(self.product([x.b, over, over])))
        if not x.is_apart_from_0():
            raise NotDefinedError("a denominator that cannot be told from 0")
        value = libmp.mpf_div(libmp.fone, x.value, self.bits, "n")
        return self.near(value, x.error - 2 * x.size + 3)

    def power(self, base, exponent):
        """base**exponent as SymPy means it: 0**0 is 1; a root of a negative is none."""
        number = plain(exponent)
        if number is exponent and number.is_exact:
            whole = libmp.to_int(number.value) if number.size < 64 else None
            if whole is not None and libmp.from_int(whole) == number.value:
                return self._whole_power(base, whole)
        if plain(base).sign == 0 and base is plain(base) and exponent is number:
            if number.sign > 0:
                return ZERO
            raise NotDefinedError("a power of 0 that is not positive")
        if plain(base).sign <= 0:
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

    def exp(self, x):
        return self._smooth(self._exp, self.exp, x)

    def log(self, x):
        return self._smooth(self._log, self.inverse, x)

    def sin(self, x):
        return self._smooth(self._sin, self.cos, x)

    def cos(self, x):
        return self._smooth(self._cos, lambda x: self.negative(self.sin(x)), x)

    def tanh(self, x):
        return self._smooth(self._tanh, self._tanh_slope, x)

    def _smooth(self, f, f_prime, x):
        """f(x), where f is for balls and f_prime, its derivative, for jets also."""
        if not isinstance(x, Jet):
            return f(x)
        moved = self.times(f_prime(x.a), x.b)
        return Jet(x.tag, self._smooth(f, f_prime, x.a), moved)

    def _exp(self, x):
        if x.size > LARGEST:
            raise Undecidable(f"too large: an exponential of about 2**{x.size}")
        if x.error > -2:
            raise NotDefinedError("an exponential of what is not known to a unit")
        value = libmp.mpf_exp(x.value, self.bits, "n")
        return self.near(value, _size(value) + x.error + 1)

    def _log(self, x):
        if x.sign <= 0:
            raise NotDefinedError("a logarithm of what is not positive")
        return self.near(libmp.mpf_log(x.value, self.bits, "n"), x.error - x.size + 2)

    def _lipschitz(self, f, x):
        # What changes by no more than its argument does.
        if x.size > LARGEST:
            raise Undecidable(f"too large: a function of about 2**{x.size}")
        return self.near(f(x.value, self.bits, "n"), x.error)

    def _sin(self, x):
        return self._lipschitz(libmp.mpf_sin, x)

    def _cos(self, x):
        return self._lipschitz(libmp.mpf_cos, x)

    def _tanh(self, x):
        return self._lipschitz(libmp.mpf_tanh, x)

    def _tanh_slope(self, x):
        t = self.tanh(x)
        return self.sum([ONE, self.negative(self.times(t, t))])

    def absolute(self, x):
        return self.times(self.sign(x), x) if isinstance(x, Jet) else self._absolute(x)

    def _absolute(self, x):
        return Ball(libmp.mpf_abs(x.value), x.error)

    def sign(self, x):
        """1, 0 or −1; a jet has none at 0, where the sign jumps."""
        sign = plain(x).sign
        if sign == 0 and isinstance(x, Jet):
            raise NotDefinedError("a derivative at a jump")
        return self.whole(sign)

    def largest(self, numbers):
        """The maximum; not of jets that meet."""
        return reduce(self._larger, numbers)

    def _larger(self, x, y):
        if isinstance(x, Ball) and isinstance(y, Ball):
            larger = x if libmp.mpf_ge(x.value, y.value) else y
            return Ball(larger.value, max(x.error, y.error))
        return x if self.sign(self.sum([x, self.negative(y)])) == ONE else y

    def smallest(self, numbers):
        """The minimum."""
        return self.negative(self.largest([self.negative(x) for x in numbers]))

    def agree(self, x, y):
        """Whether two are equal as far as can be told; None where that is not far."""
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


def _split(x, tag):
    return (x.a, x.b) if isinstance(x, Jet) and x.tag == tag else (x, ZERO)
