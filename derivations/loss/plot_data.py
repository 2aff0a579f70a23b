"""A loss and its gradient as numbers, along one logit: what a plot of both shows."""

from collections.abc import Iterable
from math import isfinite

from sympy import IndexedBase, Rational

from derivations.letters import j
from derivations.loss.compiled.compiling import Compiler, Way
from derivations.loss.compiled.operations import Exact, Run

OTHERS = (Rational(1, 2), Rational(-1))
"""The logits z_2 and z_3, which stay where they are."""
ONE_HOT = (1, 0, 0)
SOFT = (Rational(7, 10), Rational(1, 5), Rational(1, 10))
BITS = 80


def along_z1(own, values, labels=ONE_HOT, low=-5, high=5, steps=60):
    """z_1, the loss and dL/dz_1 at steps + 1 places, for 3 classes; None: no number.

    `own` is made by `deriving.derive`, `values` are the exact numbers of its parameters
    by name: one for a symbol, several for an array, as `of_classes` takes them.

    >>> from derivations.letters import Sum, a, k, log, n, y
    >>> from derivations.loss.deriving import derive
    >>> own = derive(-Sum(y[k] * log(a[k]), (k, 1, n)))
    >>> places, loss, gradient = along_z1(own, {}, low=0, high=1, steps=1)
    >>> [round(x, 4) for x in gradient]  # a_1 - 1, and the loss falls
    [-0.6685, -0.4259]
    >>> loss[0] > loss[1]
    True
    """
    numbers = {one: of_classes(one, values[str(one)], 3) for one in own.parameters}
    places = [low + Rational(high - low, steps) * x for x in range(steps + 1)]
    formulas = {"loss": (own.loss, ()), "gradient": (own.gradient, (j,))}
    ways = {name: (*one, Way.AS_IT_STANDS) for name, one in formulas.items()}
    program, Z = Compiler(own).program(**ways), [(x, *OTHERS) for x in places]
    run = Run(program, Exact(BITS), Z, [labels], numbers)
    loss, slopes = run.along(run("loss"), ("Z",)), run.along(run("gradient"), (j, "Z"))
    first = slopes[: len(places)]  # those of j = 1
    return [float(x) for x in places], *(list(map(finite, x)) for x in (loss, first))


def of_classes(one, given, count):
    """The number of a parameter; of an array `count` numbers, repeated if too few.

    >>> from derivations.letters import alpha, v
    >>> of_classes(v, [1, 2], 3), of_classes(alpha, 5, 3)
    ((1, 2, 1), 5)
    """
    if not isinstance(one, IndexedBase):
        return given
    several = tuple(given) if isinstance(given, Iterable) else (given,)
    return tuple(several[x % len(several)] for x in range(count))


def finite(interval):
    """An interval, or a float, as a number; None where none is finite."""
    number = None if interval is None else float(interval)
    return number if number is not None and isfinite(number) else None
