"""A loss and its gradient as numbers, along one logit: what a plot of both shows."""

from collections.abc import Iterable
from math import isfinite

from sympy import Rational

from derivations.judges.at_points.intervals import NotDefinedError
from derivations.judges.at_points.meaning import meaning
from derivations.judges.at_points.numbers import Numbers
from derivations.judges.at_points.samples import Sample
from derivations.judges.verdict import Undecidable
from derivations.letters import j, n, y, z

OTHERS = (Rational(1, 2), Rational(-1))
"""The logits z_2 and z_3, which stay where they are."""
ONE_HOT = (1, 0, 0)
SOFT = (Rational(7, 10), Rational(1, 5), Rational(1, 10))
BITS = 80


class Given(Numbers):
    """Numbers whose entries are given, {(array, indices): an exact number}."""

    def __init__(self, sizes, entries):
        super().__init__(Sample(sizes), BITS)
        self.values = entries

    def leaf(self, array, indices):
        if (array.base, indices) not in self.values:
            raise Undecidable(f"no number is given for {array.base} at {indices}")
        return self.number(self.values[array.base, indices])


def along_z1(own, values, labels=ONE_HOT, low=-5, high=5, steps=60):
    """z_1, the loss and dL/dz_1 at steps + 1 places, for 3 classes; None: no number.

    `own` is made by `deriving.derive`, `values` are the exact numbers of its parameters
    by name: one for a symbol, one or three for an array.
    Raises ValueError where an array has another number of values.

    >>> from derivations.letters import Sum, a, k, log
    >>> from derivations.loss.deriving import derive
    >>> own = derive(-Sum(y[k] * log(a[k]), (k, 1, n)))
    >>> places, loss, gradient = along_z1(own, {}, low=0, high=1, steps=1)
    >>> [round(x, 4) for x in gradient]  # a_1 - 1, and the loss falls
    [-0.6685, -0.4259]
    >>> loss[0] > loss[1]
    True
    """
    entries = {(y, (x,)): Rational(label) for x, label in enumerate(labels, 1)}
    entries |= {(z, (x,)): value for x, value in enumerate(OTHERS, 2)}
    for one in own.parameters:
        given = values[str(one)]
        if not hasattr(one, "label"):
            entries[one, ()] = given
            continue
        several = tuple(given) if isinstance(given, Iterable) else [given] * 3
        if len(several) != 3:
            raise ValueError(f"{one} has 3 values, one for each class, not {given}")
        entries |= {(one, (x,)): value for x, value in enumerate(several, 1)}
    sides = [meaning(side, own.chain.where) for side in (own.loss, own.gradient)]
    places = [low + Rational(high - low, steps) * x for x in range(steps + 1)]
    values_there = []
    for place in places:
        numbers = Given({n: 3}, entries | {(z, (1,)): place})
        values_there.append([_number(numbers, side) for side in sides])
    return [float(x) for x in places], *map(list, zip(*values_there, strict=True))


def _number(numbers, side):
    """The value of a side where j = 1, or None where it has none that is finite."""
    try:
        found = float(numbers(side, {j: 1}))
    except (NotDefinedError, Undecidable, ArithmeticError):
        return None
    return found if isfinite(found) else None
