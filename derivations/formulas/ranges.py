"""Ranges of numbers with open or closed ends, and between which an expression lies.

Each operation gives a range that holds every value there may be, and perhaps more.
"""

from functools import reduce
from math import prod
from operator import add, mul
from typing import NamedTuple

from sympy import (
    Abs,
    Add,
    Dummy,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Poly,
    Pow,
    Sum,
    cos,
    cosh,
    exp,
    log,
    oo,
    sign,
    sin,
    tanh,
)

from derivations.formulas.caching import remembered
from derivations.formulas.counting import MOST_IN_FACTS, length


class Range(NamedTuple):
    """The numbers from `low` to `high`; an end that is open is none of them.

    >>> print(SHARE, AT_LEAST_0, Range(), SHARE & AT_LEAST_0)
    (0, 1) [0, oo) (-oo, oo) (0, 1)
    """

    low: Expr = -oo
    high: Expr = oo
    is_low_open: bool = True
    is_high_open: bool = True

    def __str__(self):
        left, right = "[("[self.is_low_open], "])"[self.is_high_open]
        return f"{left}{self.low}, {self.high}{right}"

    def around(self, entry: str) -> str:
        """What it says of an entry, as a relation.

        >>> AT_LEAST_0.around("y"), SHARE.around("a"), from_to(1, 1).around("S")
        ('y >= 0', '0 < a < 1', 'S = 1')
        """
        if self.low == self.high:
            return f"{entry} = {self.low}"
        above = "<" if self.is_low_open else "<="
        below = "<" if self.is_high_open else "<="
        if self.high == oo:
            return f"{entry} {above.replace('<', '>')} {self.low}"
        ends = (f"{self.low} {above} ", f" {below} {self.high}")
        return f"{ends[0] * (self.low != -oo)}{entry}{ends[1]}"

    @property
    def is_empty(self):
        is_open = self.is_low_open or self.is_high_open
        return bool(self.low > self.high or (self.low == self.high and is_open))

    @property
    def is_open(self):
        return self.is_low_open and self.is_high_open

    def has(self, number):
        """Whether a number is one of them."""
        above = number > self.low or (number == self.low and not self.is_low_open)
        below = number < self.high or (number == self.high and not self.is_high_open)
        return bool(above and below)

    @property
    def middle(self):
        """A number inside: of two ends the middle, else one beside the only end."""
        if self.low > -oo and self.high < oo:
            return (self.low + self.high) / 2
        return self.low + 1 if self.low > -oo else min(self.high, 1) - 1

    @property
    def is_positive(self):
        return bool(self.low > 0 or (self.low == 0 and self.is_low_open))

    @property
    def is_nonnegative(self):
        return bool(self.low >= 0)

    def __and__(self, other):
        """The numbers of both."""
        low = max((self.low, self.is_low_open), (other.low, other.is_low_open))
        high = min(
            (self.high, not self.is_high_open), (other.high, not other.is_high_open)
        )
        return Range(low[0], high[0], low[1], not high[1])

    def __neg__(self):
        return Range(-self.high, -self.low, self.is_high_open, self.is_low_open)

    def __add__(self, other):
        return Range(
            self.low + other.low,
            self.high + other.high,
            self.is_low_open or other.is_low_open,
            self.is_high_open or other.is_high_open,
        )

    def __mul__(self, other):
        """The products of a number of each.

        >>> print(SHARE * -SHARE, Range(Integer(2)) * AT_LEAST_0, SHARE * Range())
        (-1, 0) [0, oo) (-oo, oo)
        """
        corners = [_corner(x, y) for x in self._ends for y in other._ends]
        low, high = min(x for x, _ in corners), max(x for x, _ in corners)
        is_low_open = all(is_open for x, is_open in corners if x == low)
        is_high_open = all(is_open for x, is_open in corners if x == high)
        return Range(low, high, is_low_open, is_high_open)

    def to_the(self, power: int):
        """The range of a whole power; a negative power has no value at 0.

        >>> print(Range().to_the(2), SHARE.to_the(-1), (-SHARE).to_the(-3))
        [0, oo) (1, oo) (-oo, -1)
        """
        if power < 0:
            return self._inverse().to_the(-power)
        low, high = self._ends
        if power % 2 == 0 and not self.is_nonnegative:
            if high[0] <= 0:
                return (-self).to_the(power)
            size, is_closed = max((-low[0], not low[1]), (high[0], not high[1]))
            return Range(Integer(0), size**power, False, not is_closed)
        return Range(low[0] ** power, high[0] ** power, low[1], high[1])

    def _inverse(self):
        if self.low < 0 < self.high or self.low == self.high == 0:
            return Range()
        if self.high <= 0:
            return -(-self)._inverse()
        low = 1 / self.high if self.high != oo else Integer(0)
        high = 1 / self.low if self.low != 0 else oo
        return Range(low, high, self.is_high_open, self.is_low_open or high == oo)

    @property
    def _ends(self):
        return (self.low, self.is_low_open), (self.high, self.is_high_open)


def _corner(first, second):
    """The product of two ends, and whether it is open: 0 times what there is is 0."""
    (x, is_x_open), (y, is_y_open) = first, second
    if x == 0 or y == 0:
        is_closed = (x == 0 and not is_x_open) or (y == 0 and not is_y_open)
        return Integer(0), not is_closed
    return x * y, is_x_open or is_y_open


def from_to(low: int, high: int) -> Range:
    """The numbers from `low` to `high`, both of them included.

    >>> print(from_to(0, 1))
    [0, 1]
    """
    return Range(Integer(low), Integer(high), False, False)


SHARE = Range(Integer(0), Integer(1))
POSITIVE = Range(low=Integer(0))
AT_LEAST_0 = Range(low=Integer(0), is_low_open=False)


@remembered
def range_of(expr):
    """Numbers between which `expr` lies wherever it is defined.

    >>> from derivations.letters import exp, i, n, z
    >>> print(range_of(n - 2), range_of(1 / (1 + exp(z[i]))), range_of(z[i]**2 - z[i]))
    [0, oo) (0, 1) [-1/4, oo)
    """
    if expr.is_Rational:
        return Range(expr, expr, False, False)
    if isinstance(expr, Sum):
        return _of_sum(expr)
    if isinstance(expr, Pow):
        return _of_power(range_of(expr.base), expr.exp)
    if expr.func in _OF_FUNCTIONS:
        known = _OF_FUNCTIONS[expr.func](*map(range_of, expr.args))
        return known & _of_square(expr) if isinstance(expr, Add) else known
    letter = expr.base.label if isinstance(expr, Indexed) else expr
    least = getattr(letter, "least", None)
    if least is not None:
        return Range(Integer(least), is_low_open=False)
    return declared(expr) & getattr(letter, "range", Range())


def declared(letter):
    """The range in which a letter lies by the sign that SymPy was told of it."""
    if letter.is_positive or letter.is_nonnegative:
        return POSITIVE if letter.is_positive else AT_LEAST_0
    if letter.is_negative or letter.is_nonpositive:
        return -POSITIVE if letter.is_negative else -AT_LEAST_0
    return Range()


def conditions(letter):
    """What a number has to be to stand for a letter: comparisons with numbers.

    >>> from derivations.letters import S, alpha
    >>> conditions(S), conditions(alpha)
    ([('>', 0)], [])
    """
    low, high, is_low_open, is_high_open = range_of(letter)
    found = [(">" if is_low_open else ">=", low)] if low != -oo else []
    found += [("<" if is_high_open else "<=", high)] if high != oo else []
    return found or ([("!=", Integer(0))] if letter.is_nonzero else [])


def _of_sum(total):
    """The range of a sum: of m terms or more, each at least c ≥ 0, it is m·c or more.

    Terms that are 0 or negative are summed with the other sign.
    """
    term = range_of(total.function)
    if (-term).is_nonnegative and not term.is_nonnegative:
        return -_of_sum(total.func(-total.function, *total.limits))
    if not term.is_nonnegative or not has_terms(total):
        return Range()
    least = prod(high if high.is_Integer else high.least for _, _, high in total.limits)
    return Range(term.low * least, oo, term.is_low_open)


def has_terms(total):
    """Whether a sum runs over at least one number: from 1 to a size, or to a number.

    >>> from derivations.letters import k, n, z
    >>> has_terms(Sum(z[k], (k, 1, n))), has_terms(Sum(z[k], (k, 3, n)))
    (True, False)
    """
    return all(
        low == 1 and (high >= 1 if high.is_Integer else hasattr(high, "least"))
        for _, low, high in total.limits
    )


def _of_square(expr):
    """The range of b·x² + c·x + d by completing the square, with what stands beside it.

    >>> from derivations.letters import i, z
    >>> print(_of_square(1 + z[i] + z[i] ** 2 / 2), _of_square(z[i] - z[i] ** 2))
    [1/2, oo) (-oo, 1/4]
    """
    if length(expr) > MOST_IN_FACTS:
        return Range()
    squares = [power.base for power in expr.atoms(Pow) if power.exp == 2]
    for x in sorted(squares, key=str):
        name = Dummy()
        terms = [(term, term.xreplace({x: name})) for term in expr.args]
        polynomial = Add(*(new for _, new in terms if new.free_symbols <= {name}))
        if name not in polynomial.free_symbols or not polynomial.is_polynomial(name):
            continue
        numbers = Poly(polynomial, name).all_coeffs()
        if len(numbers) == 3 and all(number.is_Rational for number in numbers):
            b, c, d = numbers
            end = d - c**2 / (4 * b)
            upwards, downwards = Range(end, oo, False), Range(-oo, end, True, False)
            rest = Add(*(term for term, new in terms if not new.free_symbols <= {name}))
            return (upwards if b > 0 else downwards) + range_of(rest)
    return Range()


def _of_power(base, power):
    if power.is_Integer:
        return base.to_the(int(power))
    if not base.is_nonnegative:
        return Range()
    least = POSITIVE if base.is_positive else AT_LEAST_0
    if base.high > 1 or not range_of(power).is_positive:
        return least
    return least & _up_to(Integer(1), base, 1)


def _up_to(end, x, most):
    """Up to an end that is reached only where x reaches `most`."""
    return Range(high=end, is_high_open=bool(x.high < most or x.is_high_open))


def _of_exp(x):
    if x.high <= 0:
        return POSITIVE & _up_to(Integer(1), x, 0)
    return -_up_to(Integer(-1), -x, 0) if x.is_nonnegative else POSITIVE


def _of_log(x):
    if x.high <= 1:
        return _up_to(Integer(0), x, 1)
    return -_up_to(Integer(0), -x, -1) if x.low >= 1 else Range()


def _largest(*ranges):
    low = max((x.low, x.is_low_open) for x in ranges)
    high = max((x.high, not x.is_high_open) for x in ranges)
    return Range(low[0], high[0], low[1], not high[1])


def _size(x):
    return x if x.is_nonnegative else _largest(x, -x) & AT_LEAST_0


_OF_FUNCTIONS = {
    Add: lambda *terms: reduce(add, terms),
    Mul: lambda *factors: reduce(mul, factors),
    exp: _of_exp,
    log: _of_log,
    Abs: _size,
    Max: _largest,
    Min: lambda *ranges: -_largest(*(-x for x in ranges)),
    tanh: lambda x: from_to(-1, 1),
    sin: lambda x: from_to(-1, 1),
    cos: lambda x: from_to(-1, 1),
    sign: lambda x: from_to(-1, 1),
    cosh: lambda x: Range(Integer(1), is_low_open=False),
    KroneckerDelta: lambda *letters: from_to(0, 1),
}
