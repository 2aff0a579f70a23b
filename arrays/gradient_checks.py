"""Numerical gradients, and the comparison of an array with the expected one."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from arrays.inputs import ComplexStep, real, step_size


def numerical_gradient(
    f: Callable, X: ArrayLike, method: str = "complex", step: float | None = None
) -> np.ndarray:
    """Return the gradient of a number f(X) in each entry of X, by moving that entry.

    "complex" takes Im f(x + ih)/h: nothing is subtracted, so h can be 1e-20 and the
    result is exact to rounding. f must be analytic NumPy code: no abs, no float(), no
    conj, no vdot. That is tried in one random direction, against central differences.
    "central" takes (f(x + h) - f(x - h))/2h, for any smooth real f, to about 1e-10.
    Everything is done in double precision.

    Shapes: X is any; the gradient has the shape of X.

    Raises TypeError if f returns a real number to the complex step or drops imaginary
    parts, if X does not hold real numbers or is masked, or if step is not a number;
    ValueError if f is not analytic or returns more than one number, X is empty, the
    step is not positive and finite or too small for X, or there is no such method.

    Source: notebook 04; Squire and Trapp, SIAM Review 40 (1998), for the complex step.

    >>> numerical_gradient(lambda x: x[0] * x[1], [3, 5])
    array([5., 3.])
    """
    if method not in _METHODS:
        raise ValueError(f"method must be one of {list(_METHODS)}, got {method!r}")
    difference, default_step = _METHODS[method]
    X = real(X, "X").astype(float)
    return difference(f, X, default_step if step is None else step_size(step))


def _complex_step(f, X, h):
    gradient = np.empty(X.shape)
    for index in np.ndindex(X.shape):
        move = np.zeros(X.shape)
        move[index] = h
        gradient[index] = _imaginary_part(f, X, move) / h
    _refuse_unless_analytic(f, X, gradient)
    return gradient


def _imaginary_part(f, X, move):
    """Return Im f(X + i move)."""
    moved = np.array(X, complex)  # f may keep it or change it
    moved.imag = move
    refusal = (
        "f drops the imaginary part of complex input, as abs, float and .real do, "
        'but the complex step is read from it; use method="central"'
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", np.exceptions.ComplexWarning)
            value = _one_number(f(moved.view(ComplexStep)))
    except np.exceptions.ComplexWarning as warning:
        raise TypeError(refusal) from warning
    except TypeError as error:
        error.add_note('f was given complex numbers; method="central" uses real ones')
        raise
    if not np.iscomplexobj(value):
        raise TypeError(refusal)
    return value.imag


def _refuse_unless_analytic(f, X, gradient):
    """Refuse f if along a random direction its slope is not that of the complex step.

    The direction is the same on every run. An entry moves by a part of itself, which
    x² at 1e-8 and at 1e8 feels and log survives, or by a part of 1, the scale of e^x:
    no step fits every f, and it is enough if one agrees. Nothing is refused if neither
    can tell, because f has no values beside X or is lost in its own rounding.
    """
    random = np.random.default_rng(0).standard_normal(X.shape)
    slopes = []
    for scale in (np.where(X == 0, 1, np.abs(X)), np.ones(X.shape)):
        direction = np.where(np.isfinite(X), random * scale, 0)
        with np.errstate(all="ignore"):
            by_complex = np.sum(np.where(direction, gradient * direction, 0))
        central, error = _slope_along(f, X, direction)
        size = max(abs(central), abs(by_complex))
        # 1 % is far more than a central difference is off by, and far less than what
        # is lost where an imaginary part is. Where rounding is more, it tells nothing.
        if error < 0.01 * size:
            slopes.append(
                (abs(central - by_complex) > 0.01 * size, central, by_complex)
            )
    if slopes and all(differs for differs, _, _ in slopes):
        _, central, by_complex = slopes[0]
        raise ValueError(
            "f is not analytic at X, because of vdot, conj, abs, .real or a kink: in a "
            f"random direction its slope is {central:.4g}, but the complex step gives "
            f'{by_complex:.4g}; use method="central"'
        )


def _slope_along(f, X, direction):
    """Return the central difference along a direction, and its possible error."""
    slopes, size = [], 1.0  # what cancels in f is taken to be 1 at least
    for h in (1e-5, 1e-6):
        try:
            with np.errstate(all="ignore"):  # steps may leave the domain of f
                above, below = (
                    float(np.real(_one_number(f(X + x * direction)))) for x in (h, -h)
                )
        except (ValueError, ArithmeticError):  # f may refuse what is not in its domain
            return np.nan, np.inf
        slopes.append((above - below) / (2 * h))
        size = max(size, abs(above), abs(below))
    rounding = 10 * np.finfo(float).eps * size / 1e-6
    return slopes[0], abs(slopes[0] - slopes[1]) + rounding


def _central_difference(f, X, h):
    gradient = np.empty(X.shape)
    for index, x in np.ndenumerate(X):
        left, right = x - h, x + h
        if not left < right:
            raise ValueError(f"step {h:g} is lost at {x:g}; use the complex step")
        above, below = X.copy(), X.copy()
        above[index], below[index] = right, left
        rise = _one_number(f(above)) - _one_number(f(below))
        gradient[index] = rise / (right - left)
    return gradient


# The central step balances the error of the formula, h², against rounding, eps/h.
_METHODS = {
    "complex": (_complex_step, 1e-20),
    "central": (_central_difference, np.cbrt(np.finfo(float).eps)),
}


def _one_number(value):
    if np.ndim(value) != 0:
        raise ValueError(f"f must return one number, got shape {np.shape(value)}")
    return value


@dataclass(frozen=True, repr=False)
class Comparison:
    """The result of a check: true if both agree; its repr is a sentence."""

    agrees: bool
    sentence: str
    relative_difference: float = np.nan
    index: tuple | None = None
    yours: float = np.nan
    reference: float = np.nan

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
        at = f"{list(self.index)} (from 0)" if self.index else ""
        pair = [f"{x:z.4g}" for x in (self.yours, self.reference)]
        if pair[0] == pair[1]:  # too near for four digits
            at += f", relative difference {self.relative_difference:.0e}"
        return "✗", at, *pair


def gradient_check(
    dX: ArrayLike,
    f: Callable,
    X: ArrayLike,
    method: str = "complex",
    tolerance: float | None = None,
) -> Comparison:
    """Compare the gradient dX with the numerical gradient of f at X.

    The tolerance is 1e-12 for "complex", which leaves only the rounding of some
    thousand operations, and 1e-6 for "central", whose own error is near 1e-10. See
    check_array for what is compared.

    Shapes: X and dX are any, the same.

    Raises as numerical_gradient for f, X and method; TypeError if dX does not hold
    numbers. A dX that is `...`, of another shape or not finite raises nothing.

    Source: notebook 04.

    >>> gradient_check([5, 3], lambda x: x[0] * x[1], [3, 5])
    agrees: relative difference < 1e-12
    >>> gradient_check([3, 3], lambda x: x[0] * x[1], [3, 5])  # doctest: +ELLIPSIS
    differs: at [0] (from 0) yours is 3, the complex step gives 5 (relative ...
    """
    if _is_blank(dX):
        return check_array(dX, ...)
    if tolerance is None:
        tolerance = 1e-12 if method == "complex" else 1e-6
    source = "the complex step" if method == "complex" else "the central difference"
    expected = numerical_gradient(f, X, method)
    return check_array(dX, expected, tolerance, f"{source} gives")


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
    if _is_blank(answer):
        return Comparison(False, "not attempted yet")
    yours, expected = real(answer, "the answer"), real(expected, "expected")
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
        at = f"at {list(index)} (from 0) " if index else ""
        a, b = (_short(number, size) for number in pair)
        sentence = (
            f"differs: {at}yours is {a}, {source} {b} (relative difference {worst:.2g})"
        )
    return Comparison(worst < tolerance, sentence, worst, index, *pair)


def _is_blank(answer):
    """Say whether the reader has left `...` somewhere."""
    answer = np.asarray(answer)
    return answer.dtype == object and any(entry is ... for entry in answer.flat)


def _short(number, size):
    """Return four digits, or 0 for mere rounding: each machine prints the same."""
    return "0" if abs(number) < 1e-12 * size else f"{number:.4g}"
