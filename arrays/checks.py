"""Numerical gradients, and the comparison of an array with the expected one."""

import warnings
from dataclasses import dataclass

import numpy as np

from arrays.inputs import ComplexStep, real, step_size


def numerical_gradient(f, X, method="complex", step=None):
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
    _refuse_unless_analytic(f, X)
    return gradient


def _imaginary_part(f, X, move):
    """Im f(X + i move)."""
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


def _refuse_unless_analytic(f, X):
    """Refuse f if along random directions its slope is not that of the complex step.

    The directions are the same on every run, and it is enough if one agrees: rounding
    may spoil the others, and what is not analytic agrees in none but by chance. Where
    no step tells the slope to 1 %, because f is lost in its own rounding or has no
    values beside X, nothing is refused.
    """
    size = np.abs(X)
    moving = np.isfinite(X)
    least = size.min(where=moving & (X != 0), initial=np.inf)
    relative = np.where(X == 0, least if np.isfinite(least) else 1, size)
    rng = np.random.default_rng(0)
    refusal = None
    # An entry moves by a part of itself, which x² at 1e-8 and at 1e8 feels and log
    # survives, or by a part of 1, the scale of e^x wherever it is: no one fits every f.
    for scale in (relative, np.ones(X.shape)) * 2:
        with np.errstate(all="ignore"):  # steps may leave the domain of f
            direction = np.where(moving, rng.standard_normal(X.shape) * scale, 0)
            agree, slopes = _slopes_along(f, X, direction)
        if agree:
            return
        if slopes and refusal is None:
            refusal = (
                "f is not analytic at X, because of vdot, conj, abs, .real or a kink: "
                "in a random direction its slope is {:.4g}, but the complex step gives "
                '{:.4g}; use method="central"'
            ).format(*slopes[0])
    if refusal:
        raise ValueError(refusal)


def _slopes_along(f, X, direction):
    """Whether central differences and the complex step agree, and slopes that do not.

    The tolerance has three parts. The error of a central difference falls with h², so
    the change from a step a hundred times as large is 10,000 times what is left of it;
    a mismatch that is no such error does not change. Rounding, over h: that of f, or
    what steps 10,000 times as small show, which show little else; and ten times that
    for what they do not show. Last, half of the digits: the best step, cbrt(eps),
    leaves two thirds of them.
    """
    eps = np.finfo(float).eps
    h = 10.0 ** -np.arange(1, 16, 2)
    slopes = np.array([_slopes_at(f, X, direction, step) for step in h])
    lost = (slopes[:, 0] == 0) & (slopes[:, 1] != 0)  # f does not feel so small a step
    if not lost.all():
        slopes[lost] = np.nan
    central, by_complex, value = slopes.T
    size = np.maximum(np.abs(central), np.abs(by_complex))
    mismatch = central - by_complex
    shown = np.fmax.accumulate(np.abs(mismatch * h)[::-1])[::-1]
    rounding = np.fmax(eps * value, np.append(shown[2:], [np.nan] * 2))
    tolerance = np.abs(np.diff(mismatch, prepend=np.nan))
    tolerance += 10 * rounding / h + np.sqrt(eps) * size
    tolerance[-2:] = np.nan
    if np.isnan(tolerance).all() and direction[X == 0].any():
        # A probability of 0 cannot become negative: then zeros stay where they are.
        return _slopes_along(f, X, np.where(X == 0, 0, direction))
    wrong = np.abs(mismatch)
    # Between X and a kink that is near, only the smaller steps agree, so that those
    # nearly as sharp as the best are heard too.
    sharp = tolerance <= 100 * np.fmin.reduce(tolerance)
    tells = tolerance < 0.01 * size.max(where=sharp, initial=0)
    # Ten times, and not for the rounding of numbers near 1 that cancel in f: a refusal
    # of what is analytic would be worse than none.
    denies = np.flatnonzero(tells & (wrong > 10 * np.fmax(tolerance, eps / h)))
    smallest = np.flatnonzero(tells)[-1:]  # on its side of a kink is X
    agree = (wrong <= tolerance)[sharp & tells].any() and not np.isin(smallest, denies)
    return agree, [(central[at], by_complex[at]) for at in denies[:1]]


def _slopes_at(f, X, direction, h):
    """Both slopes along the direction with the step h, and how large f is there."""
    right, left = X + h * direction, X - h * direction
    # What rounding has left of the direction, so that both slopes are along the same.
    along = np.where(direction == 0, 0, (right - left) / (2 * h))
    if not along.any():
        return [np.nan] * 3
    tiny = _METHODS["complex"][1]
    by_complex = _imaginary_part(f, X, tiny * along) / tiny
    try:
        above, below = (np.real(_one_number(f(np.array(x)))) for x in (right, left))
    except (ValueError, ArithmeticError):  # f may refuse what is not in its domain
        return [np.nan] * 3
    return (above - below) / (2 * h), by_complex, max(abs(above), abs(below))


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
    """What a check found: true if it agrees; its repr is a sentence."""

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


def gradient_check(dX, f, X, method="complex", tolerance=None):
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
    >>> gradient_check([3, 3], lambda x: x[0] * x[1], [3, 5])
    differs: at [0] yours is 3, the complex step gives 5 (relative difference 0.4)
    """
    if _is_blank(dX):
        return check_array(dX, ...)
    if tolerance is None:
        tolerance = 1e-12 if method == "complex" else 1e-6
    source = "the complex step" if method == "complex" else "the central difference"
    expected = numerical_gradient(f, X, method)
    return check_array(dX, expected, tolerance, f"{source} gives")


def check_array(answer, expected, tolerance=1e-12, source="expected"):
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
        at = f"at {list(index)} " if index else ""
        a, b = (_short(number, size) for number in pair)
        sentence = (
            f"differs: {at}yours is {a}, {source} {b} (relative difference {worst:.2g})"
        )
    return Comparison(worst < tolerance, sentence, worst, index, *pair)


def _is_blank(answer):
    """Whether the reader has left `...` somewhere."""
    answer = np.asarray(answer)
    return answer.dtype == object and any(entry is ... for entry in answer.flat)


def _short(number, size):
    """Four digits, and 0 for mere rounding, so that each machine prints the same."""
    return "0" if abs(number) < 1e-12 * size else f"{number:.4g}"
