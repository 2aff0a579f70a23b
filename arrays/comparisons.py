"""The comparison of an array with the expected one, and its result as a sentence."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from arrays.inputs import as_numpy, is_blank, real


@dataclass(frozen=True, repr=False)
class Comparison:
    """The result of a check: true if both agree; its repr is a sentence."""

    agrees: bool
    sentence: str
    relative_difference: float = np.nan
    index: tuple | None = None
    yours: float = np.nan
    reference: float = np.nan
    size: float = np.nan

    def __bool__(self):
        return self.agrees

    def __repr__(self):
        return self.sentence

    @property
    def row(self) -> tuple[str, str, str, str]:
        """Return the cells of a table: the mark, the place, and both numbers."""
        if self.agrees:
            return "✓", self.sentence.removeprefix("agrees: "), "", ""
        if self.index is None:  # another shape, or no attempt
            _, differs, what = self.sentence.rpartition("differs: ")
            return "✗" if differs else "?", what, "", ""
        mark = "?" if self.sentence.startswith("cannot tell") else "✗"
        at = f"entry {list(self.index)} (from 0)" if self.index else ""
        pair = [f"{x:z.4g}" for x in (self.yours, self.reference)]
        if pair[0] == pair[1]:  # too near for four digits
            at += f", relative difference {self.relative_difference:.0e}"
        return mark, at, *pair


def check_array(
    answer: ArrayLike,
    expected: ArrayLike,
    tolerance: float = 1e-12,
    source: str = "expected",
) -> Comparison:
    """Compare an array with the expected one, by its worst entry.

    The relative difference is |answer - expected| over the largest entry of either
    array, and at least over 1e-3. Not entry by entry: rounding is as large as the
    numbers that were added, and an entry that should be 0 and is 1e-17 is no mistake.

    Shapes: answer and expected are any, the same.

    Raises TypeError if answer or expected does not hold real numbers. An answer that is
    `...`, of another shape or not finite raises nothing, and does not agree.

    Source: notebook 00.

    >>> check_array([0.25, 0.75], [0.25, 0.75])
    agrees: relative difference < 1e-12
    >>> check_array([[1, 2, 3]], [1, 2, 3])
    differs: yours has shape (1, 3), expected (3,)
    >>> check_array(..., [1, 2, 3])
    not attempted yet
    """
    if is_blank(answer):
        return Comparison(False, "not attempted yet")
    yours = real(as_numpy(answer), "the answer")
    expected = real(as_numpy(expected), "expected")
    if yours.shape != expected.shape:
        shapes = f"yours has shape {yours.shape}, expected {expected.shape}"
        return Comparison(False, f"differs: {shapes}")
    with np.errstate(invalid="ignore", over="ignore"):
        difference = np.abs(yours - expected)
        largest = [
            np.abs(X).max(where=np.isfinite(X), initial=0) for X in (yours, expected)
        ]
        size = max(1e-3, *largest)
        relative = np.where(np.isfinite(difference), difference / size, np.inf)
    worst = float(relative.max())
    # Of entries that are equally wrong but for rounding, the first: on every machine.
    first = np.argmax(relative >= worst * (1 - 1e-6))
    index = tuple(int(k) for k in np.unravel_index(first, yours.shape))
    pair = float(yours[index]), float(expected[index])
    if worst < tolerance:
        sentence = f"agrees: relative difference < {tolerance:g}"
    else:
        at = f"at entry {list(index)} (from 0) " if index else ""
        a, b = _short(*pair, size)
        sentence = (
            f"differs: {at}yours is {a}, {source} {b} (relative difference {worst:.2g})"
        )
    return Comparison(worst < tolerance, sentence, worst, index, *pair, size)


def _short(yours, expected, size):
    """Return both with four digits, or with more if they differ only later.

    Mere rounding is 0, so that each machine prints the same.
    """
    pair = [0.0 if abs(x) < 1e-12 * size else x for x in (yours, expected)]
    for digits in range(4, 18):
        a, b = (f"{x:.{digits}g}" for x in pair)
        if a != b:
            break
    return a, b
