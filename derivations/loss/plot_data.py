"""A loss and its gradient as numbers, along one logit: what a plot of both shows."""

from collections.abc import Iterable
from math import isfinite

from sympy import IndexedBase, Rational

from derivations.letters import j
from derivations.loss.compiling import Compiler, Way
from derivations.loss.operations import Exact, Run

OTHERS = (Rational(1, 2), Rational(-1))
"""The logits z_2 and z_3, which stay where they are."""
ONE_HOT = (1, 0, 0)
SOFT = (Rational(7, 10), Rational(1, 5), Rational(1, 10))
BITS = 80


def along_z1(own, values, labels=ONE_HOT, low=-5, high=5, steps=60):
    """z_1, the loss and dL/dz_1 at steps + 1 places, for 3 classes; None: no number.

    `own` is made by `deriving.derive`, `values` are the exact numbers of its parameters
    by name: one for a symbol, one or three for an array.
    Raises ValueError where an array has another number of values.

    >>> from derivations.letters import Sum, a, k, log, n, y
    >>> from derivations.loss.deriving import derive
    >>> own = derive(-Sum(y[k] * log(a[k]), (k, 1, n)))
    >>> places, loss, gradient = along_z1(own, {}, low=0, high=1, steps=1)
    >>> [round(x, 4) for x in gradient]  # a_1 - 1, and the loss falls
    [-0.6685, -0.4259]
    >>> loss[0] > loss[1]
    True
    """
    numbers = {one: _numbers(one, values[str(one)]) for one in own.parameters}
    places = [low + Rational(high - low, steps) * x for x in range(steps + 1)]
    formulas = {"loss": (own.loss, ()), "gradient": (own.gradient, (j,))}
    ways = {name: (*one, Way.AS_IT_STANDS) for name, one in formulas.items()}
    program, Z = Compiler(own).program(**ways), [(x, *OTHERS) for x in places]
    run = Run(program, Exact(BITS), Z, [labels], numbers)
    loss, slopes = run.along(run("loss"), ("Z",)), run.along(run("gradient"), (j, "Z"))
    first = slopes[: len(places)]  # those of j = 1
    return [float(x) for x in places], *(list(map(_finite, x)) for x in (loss, first))


def _numbers(one, given):
    if not isinstance(one, IndexedBase):
        return given
    several = tuple(given) if isinstance(given, Iterable) else (given,) * 3
    if len(several) != 3:
        raise ValueError(f"{one} has 3 values, one for each class, not {given}")
    return several


def _finite(interval):
    """The number of an interval, or None where there is none that is finite."""
    number = None if interval is None else float(interval)
    return number if number is not None and isfinite(number) else None
