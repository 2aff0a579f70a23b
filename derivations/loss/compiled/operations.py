"""The operations of a program, as data, and a program carried out on plain numbers.

`OPERATIONS` says of each what it is in NumPy, on floats and on intervals.  `to_numpy`
applies the functions that it names, and `source` writes these names down.  Here the
numbers are floats, or intervals of the judge at points, which bound their own error.
"""

import math
import sys
from collections.abc import Callable
from functools import reduce
from itertools import product
from operator import add, mul
from typing import NamedTuple

from sympy import Integer

from derivations.judges.at_points.dual_numbers import Arithmetic
from derivations.judges.at_points.intervals import ZERO, NotDefinedError
from derivations.judges.verdict import Undecidable

LOWEST = -(sys.float_info.max**0.9)
"""What stands for log 0: 0 times it is 0, and no sum of such is infinite."""


class Operation(NamedTuple):
    """The names of an operation: in NumPy, on floats, and as a method of `Arithmetic`.

    A name that begins with _ is a function of `source.array_functions`.  An operation
    without a method for intervals is in no formula as it stands.
    """

    numpy: str
    floats: Callable
    intervals: Callable | None = None


def _exp(x):
    return math.exp(x) if x < 709.78 else math.inf


def _log(x):
    return math.log(x) if x else LOWEST


def _divided(x, y):
    return x / y if y else x * math.inf


def _power(x, y):
    if x == 0 and y < 0:
        return math.inf
    return math.pow(x, y)


def _log_add(x, y):
    top, low = (x, y) if x > y else (y, x)
    return top + math.log1p(_exp(low - top))


def _log_of(log_nearly, x):
    return log_nearly if log_nearly < -37 else _log(x)


# Of all classes at once.


def _log_sum_exp(x):
    first, rest = _largest(x)
    return first + rest


def _log_share(x):
    first, rest = _largest(x)
    return [value - first - rest for value in x]


def _largest(x):
    """The largest, and the logarithm of Σ e^(x − largest), exact also near 0."""
    first = x.index(max(x))
    rest = sum([_exp(value - x[first]) for at, value in enumerate(x) if at != first])
    return x[first], math.log1p(rest)


def _log_rest(x):
    first, top = x.index(max(x)), max(x)
    others = _log_sum_exp([value - top for at, value in enumerate(x) if at != first])
    total = _log_add(0, others)
    return [
        others - total if at == first else math.log1p(-_exp(value - top - total))
        for at, value in enumerate(x)
    ]


OPERATIONS = {
    "+": Operation(
        "add", lambda *x: reduce(add, x), lambda numbers, *x: numbers.sum(list(x))
    ),
    "*": Operation(
        "multiply", lambda *x: reduce(mul, x), lambda numbers, *x: numbers.product(x)
    ),
    "/": Operation(
        "divide",
        _divided,
        lambda numbers, x, y: numbers.times(x, numbers.inverse(y)),
    ),
    "**": Operation("power", _power, Arithmetic.power),
    "sqrt": Operation(
        "sqrt", math.sqrt, lambda numbers, x: numbers.power(x, numbers.ratio(1, 2))
    ),
    "exp": Operation("exp", _exp, Arithmetic.exp),
    "expm1": Operation("expm1", lambda x: math.expm1(x) if x < 709.78 else math.inf),
    "log": Operation("_log", _log, Arithmetic.log),
    "log_add": Operation("_log_add", _log_add),
    "log_of": Operation("_log_of", _log_of),
    "abs": Operation("abs", abs),
    "sign": Operation("sign", lambda x: math.copysign(1.0, x) if x else 0.0),
    "tanh": Operation("tanh", math.tanh, Arithmetic.tanh),
    "sinh": Operation("sinh", math.sinh),
    "cosh": Operation("cosh", math.cosh),
    "sin": Operation("sin", math.sin, Arithmetic.sin),
    "cos": Operation("cos", math.cos, Arithmetic.cos),
}
OVER = {
    "sum": Operation(
        "sum", lambda x: reduce(add, x), lambda numbers, x: numbers.sum(x)
    ),
    "log_sum_exp": Operation("_log_sum_exp", _log_sum_exp),
    "log_share": Operation("_log_share", _log_share),
    "log_rest": Operation("_log_rest", _log_rest),
}
"""Those of all values along an axis: the first two leave one, the others as many."""


def plain(number):
    """An exact number as one of Python: an int where it is whole, else a float.

    >>> plain(Integer(2)), plain(Integer(1) / 4)
    (2, 0.25)
    """
    number = float(number)
    return int(number) if number.is_integer() else number


class Floats:
    """Plain floats; what has no value is NaN, or infinite."""

    def number(self, number):
        return float(number)

    def __call__(self, operation, *arguments):
        try:
            return operation.floats(*arguments)
        except (OverflowError, ValueError):
            return math.nan


class Exact:
    """Intervals of a number of bits; what has no value is None."""

    def __init__(self, bits):
        self.arithmetic = Arithmetic(bits)

    def number(self, number):
        if getattr(number, "is_NumberSymbol", False):
            return self.arithmetic.near(number._as_mpf_val(self.arithmetic.bits + 10))
        return self.arithmetic.ratio(int(number.numerator), int(number.denominator))

    def __call__(self, operation, *arguments):
        if operation is OPERATIONS["*"] and ZERO in arguments:
            return ZERO  # of 0 log 0, too
        if None in arguments or (type(arguments[0]) is list and None in arguments[0]):
            return None
        try:
            return operation.intervals(self.arithmetic, *arguments)
        except (NotDefinedError, Undecidable):
            return None


class Values(NamedTuple):
    """Numbers along axes, row by row.

    An axis is an index, or "Z" for the examples, or "Y" for the choices of labels.
    """

    axes: tuple
    numbers: list


class Run:
    """A program on plain numbers: for all logits in Z, each with all labels in Y.

    A parameter in `values` is a number, or a tuple of one a class; or a list of such,
    one for each row of Z.

    >>> from derivations.letters import Sum, a, k, log, n, y
    >>> from derivations.loss.deriving import derive
    >>> own = derive(-Sum(y[k] * log(a[k]), (k, 1, n)))
    >>> run = Run(own.program, Floats(), [(0, 0), (0, 800)], [(1, 0)], {})
    >>> run("loss")
    Values(axes=('Z', 'Y'), numbers=[0.6931471805599453, 800.0])
    """

    def __init__(self, program, arithmetic, Z, Y, values):
        self.program, self.arithmetic = program, arithmetic
        number, self.n = arithmetic.number, len(Z[0])
        self.sizes = {"Z": len(Z), "Y": len(Y)}
        self.known = {
            name: Values(
                (None, name),
                [number(x) for row in zip(*rows, strict=True) for x in row],
            )
            for name, rows in (("Z", Z), ("Y", Y))
        }
        for one, given in values.items():
            is_by_example = isinstance(given, list)
            rows = given if is_by_example else [given]
            several = isinstance(rows[0], tuple)
            classes = zip(*rows, strict=True) if several else [rows]
            numbers = [number(x) for row in classes for x in row]
            self.known[one] = Values(
                (None,) * several + ("Z",) * is_by_example, numbers
            )

    def __call__(self, name):
        """The values of what has a name in the program."""
        if name not in self.known:
            self.known[name] = self.value(self.program.steps[name])
        return self.known[name]

    def value(self, step):
        if step not in self.known:
            self.known[step] = self.made(step)
        return self.known[step]

    def made(self, step):
        operation, of = step.operation, step.of
        if operation == "number":
            return Values((), [self.arithmetic.number(of)])
        if operation == "size":
            return Values((), [self.arithmetic.number(Integer(self.n))])
        if operation == "delta":
            ones = product(range(self.n), repeat=2)
            return Values(
                step.axes, [self.arithmetic.number(Integer(x == y)) for x, y in ones]
            )
        if operation in ("array", "parameter"):
            axes, numbers = self(of)
            others = tuple(x for x in axes if x in self.sizes)
            return Values((*step.axes, *others), numbers)
        values = [self.value(x) for x in step.arguments]
        used = {x for value in values for x in value.axes}
        axes = (*step.axes, *(x for x in self.sizes if x in used))
        if operation in OVER:
            return self.over(OVER[operation], values[0], axes, of)
        numbers = [self.along(value, axes) for value in values]
        does = OPERATIONS[operation]
        return Values(
            axes, [self.arithmetic(does, *x) for x in zip(*numbers, strict=True)]
        )

    def over(self, does, value, axes, letters):
        """One number for all along the letters, or several, which go back there."""
        kept = tuple(x for x in axes if x not in letters)
        numbers, length = self.along(value, (*kept, *letters)), self.n ** len(letters)
        rows = [numbers[x : x + length] for x in range(0, len(numbers), length)]
        totals = [self.arithmetic(does, row) for row in rows]
        if kept == axes:
            return Values(axes, totals)
        moved = Values((*kept, *letters), [x for row in totals for x in row])
        return Values(axes, self.along(moved, axes))

    def along(self, value, axes):
        """The numbers of a value, once for each place along the axes."""
        if value.axes == axes:
            return value.numbers
        sizes = [self.sizes.get(x, self.n) for x in value.axes]
        strides = {x: math.prod(sizes[at + 1 :]) for at, x in enumerate(value.axes)}
        places = [0]
        for axis in axes:
            size, stride = self.sizes.get(axis, self.n), strides.get(axis, 0)
            places = [x + stride * y for x in places for y in range(size)]
        return [value.numbers[x] for x in places]
