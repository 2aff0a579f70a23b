"""The gradient of the compiled program beside central differences of the loss.

The program computes on floats.  The differences are of the loss as it stands, on
intervals of as many bits as they need, so the two have nothing in common.
"""

import sys
from typing import NamedTuple

from sympy import Rational

from derivations.letters import j
from derivations.loss.compiled.accuracy import BITS
from derivations.loss.compiled.compiling import Compiler, Way
from derivations.loss.compiled.operations import OPERATIONS, Exact, Floats, Run
from derivations.loss.plot_data import finite, of_classes
from derivations.loss.refusals import checks_of_labels

STEP = Rational(1, 2**40)
NEAR, TINY = 1e-9, 1e-3
"""How near the two are, relative to the largest entry, or to this if that is smaller.

So a gradient of nearly 0 may be off by 1e-12, whatever its entries are.
"""
LARGEST = sys.float_info.max**0.7
"""A number that is larger has a log 0 in it."""


class Slopes(NamedTuple):
    """Of one class: what the program computes, and the central difference.

    `relative` is what they differ by, over the largest entry or TINY.
    """

    gradient: float | None
    difference: float | None
    relative: float | None

    @property
    def mark(self) -> str:
        """✓ where the two are near, ✗ where they are not, ? where one has no value."""
        if self.relative is None:
            return "?"
        return "✓" if self.relative <= NEAR else "✗"


def beside_differences(own, values, logits, labels):
    """Of each class the slope of the program and of the loss, at one point.

    `own` is made by `deriving.derive`, `values` are the exact numbers of its parameters
    by name; `logits` and `labels` are exact numbers, n of each.
    Raises ValueError for labels for which the gradient is not stated.

    >>> from derivations.letters import H1, Sum, a, k, log, n, y
    >>> from derivations.loss.deriving import derive
    >>> own = derive(-Sum(y[k] * log(a[k]), (k, 1, n)), using=H1)
    >>> [x.mark for x in beside_differences(own, {}, (0, 800), (1, 0))]
    ['✓', '✓']
    """
    labels = _labels(own, labels)
    count = len(logits)
    numbers = {x: of_classes(x, values[str(x)], count) for x in own.parameters}
    run = Run(own.program, Floats(), [tuple(logits)], [labels], numbers)
    computed = [_shown(x, own.program) for x in run.along(run("gradient"), (j,))]
    exact = _differences(own, numbers, logits, labels)
    largest = max([TINY, *(abs(x) for x in (*exact, *computed) if x is not None)])
    return [
        Slopes(x, y, None if None in (x, y) else abs(x - y) / largest)
        for x, y in zip(computed, exact, strict=True)
    ]


def _shown(number, program):
    """A number of the program; None where a log 0 is in it, as what is pasted says."""
    number = finite(number)
    is_infinite = program.has_log and abs(number or 0) > LARGEST
    return None if is_infinite else number


def _differences(own, numbers, logits, labels):
    """(L(z + h e_j) − L(z − h e_j))/2h of each class j; None where L has no value."""
    places, count = [], len(logits)
    for step in (STEP, -STEP):
        for at, logit in enumerate(logits):
            places.append((*logits[:at], logit + step, *logits[at + 1 :]))
    program = Compiler(own).program(loss=(own.loss, (), Way.AS_IT_STANDS))
    slopes = [None] * count
    for bits in BITS:
        if None not in slopes:
            break
        arithmetic = Exact(bits)
        run = Run(program, arithmetic, places, [labels], numbers)
        losses = run.along(run("loss"), ("Z",))
        pairs = zip(losses[:count], losses[count:], strict=True)
        made = [_slope(arithmetic, *pair) for pair in pairs]
        slopes = [x if y is None else y for x, y in zip(slopes, made, strict=True)]
    return slopes


def _slope(arithmetic, above, below):
    """The difference over 2h, if it is known to 60 bits."""
    add, times = OPERATIONS["+"], OPERATIONS["*"]
    minus = arithmetic(times, arithmetic.number(Rational(-1)), below)
    change = arithmetic(add, above, minus)
    slope = arithmetic(times, arithmetic.number(1 / (2 * STEP)), change)
    if slope is None or slope.error > max(slope.size, 0) - 60:
        return None
    return finite(slope)


def _labels(own, labels):
    """The labels, refused where a hypothesis of the gradient does not hold.

    What was rounded a little sums to 1 in the end.
    """
    labels = list(map(Rational, labels))
    total = sum(labels)
    for check, *stated in checks_of_labels(own.facts):
        if check == "_labels_sum_to":
            value, _ = stated
            if abs(total - value) > 1e-6 * max(1, sum(map(abs, labels))):
                raise ValueError(
                    f"these labels sum to {float(total):g}, and this gradient is "
                    f"stated for labels that sum to {value}"
                )
            labels = [x * value / total for x in labels]
            continue
        low, high, sentence, _ = stated
        outside = [x for x in labels if not low <= x <= high]
        if outside:
            raise ValueError(
                f"a label is {float(outside[0]):g}, and this gradient is stated where "
                f"{sentence}"
            )
    return tuple(labels)
