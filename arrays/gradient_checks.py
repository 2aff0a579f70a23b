"""Numerical gradients, and the check of a gradient against one."""

import warnings
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from arrays.comparisons import Comparison, check_array
from arrays.inputs import (
    ComplexStep,
    as_numpy,
    dtype_name,
    is_blank,
    real,
    step_size,
)


def numerical_gradient(
    f: Callable, X: ArrayLike, method: str = "complex", step: float | None = None
) -> np.ndarray:
    """Return the gradient of a number f(X) in each entry of X, by moving that entry.

    "complex" takes Im f(x + ih)/h: nothing is subtracted, so h can be 1e-20 and the
    result is exact to rounding. f must be analytic NumPy code: no abs, no float(), no
    conj, no vdot. That is tried in one random direction, against central differences.
    "central" takes (f(x + h) - f(x - h))/2h, for any smooth real f, to about 1e-10.
    Everything is done in double precision. X and f(X) may be tensors of PyTorch, but f
    gets NumPy arrays.

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
    X = real(as_numpy(X), "X").astype(float)
    step = default_step if step is None else step_size(step)
    return difference(lambda X: _value(f, X), X, step)


def _value(f, X):
    """Return f(X) as NumPy; say what to write if f only takes tensors."""
    try:
        return as_numpy(f(X))
    except (AttributeError, TypeError) as error:
        words = str(error)
        asks_for_more = f"{type(X).__name__}' object has no attribute" in words
        if not asks_for_more and "Tensor" not in words:
            raise
        raise TypeError(
            f"f failed on a NumPy array: {words}; if f is a function of PyTorch, "
            'write lambda X: f(torch.from_numpy(X)), and use method="central"'
        ) from error


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
        'but the complex step needs this part; use method="central"'
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
    """Refuse f if its slope in a random direction differs from the complex step's.

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
            raise ValueError(
                f"step {h:g} is too small beside {x:g}: use the complex step"
            )
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
    check_array for what is compared. dX may be a tensor of PyTorch, and in any
    precision. If it is rounded too much for the tolerance, or if f is, the sentence
    says so: a float32 loss of 1 alone puts a central difference off by 0.01.

    Shapes: X and dX are any, the same.

    Raises as numerical_gradient for f, X and method; TypeError if dX does not hold
    numbers. A dX that is `...`, of another shape or not finite raises nothing.

    Source: notebook 04.

    >>> gradient_check([5, 3], lambda x: x[0] * x[1], [3, 5])
    agrees: relative difference < 1e-12
    >>> gradient_check([3, 3], lambda x: x[0] * x[1], [3, 5])  # doctest: +ELLIPSIS
    differs: at entry [0] (from 0) yours is 3, the complex step gives 5 (relative ...
    """
    if is_blank(dX):
        return check_array(dX, ...)
    if tolerance is None:
        tolerance = 1e-12 if method == "complex" else 1e-6
    source = "the complex step" if method == "complex" else "the central difference"
    values = []

    def recorded(X):
        values.append(as_numpy(f(X)))
        return values[-1]

    expected = numerical_gradient(recorded, X, method)
    if method == "complex":  # it was tried along a direction too, with real numbers
        values = [x for x in values if np.iscomplexobj(x)]
    result = check_array(dX, expected, tolerance, f"{source} gives")
    return result if result.index is None else _explained(result, dX, values, method)


# Rounding, of 1 and of a gradient that is right.
_PRECISIONS = {
    "bfloat16": (2.0**-7, 0.1),
    "float16": (2.0**-10, 1e-2),
    "float32": (2.0**-23, 1e-6),
}


def _explained(result, dX, values, method):
    """Explain a difference that precision may cause, or an f without a value at X."""
    wrong = ~np.isfinite(values)
    if wrong.any() and np.isfinite(result.yours):
        why = (
            f"f is {np.real(np.array(values)[wrong][0])} at X or beside it: in NumPy "
            "log(0) is -inf and 0·log(0) is nan, such as for a label 0"
        )
        return replace(result, agrees=False, index=None, sentence=f"cannot tell: {why}")
    if result:
        return result
    given = dtype_name(dX)
    _, rounding = _PRECISIONS.get(given, (0, 0))
    if result.relative_difference < rounding:
        why = (
            f"this is the rounding of {given}, the type of your gradient: compare a "
            f"float64 gradient, or pass tolerance={rounding:g}"
        )
        return replace(result, sentence=f"{result.sentence}; {why}")
    name, error = _error_of_the_check(values, method)
    error /= result.size
    # f rounds at each operation inside it, and not only its value.
    if result.relative_difference < 4 * error:
        what = result.sentence.removeprefix("differs: ")
        why = (
            f"f computes in {name}, and its rounding alone gives the check an error of "
            f"about {error:.0e}: let f compute in float64"
        )
        return replace(result, sentence=f"cannot tell: {what}; {why}")
    return result


def _error_of_the_check(values, method):
    """Return the precision of f's values, and the error that their rounding causes."""
    parts = np.array([[np.real(x), np.imag(x)] for x in values], float)
    mantissas = np.frexp(parts)[0]
    for name, (eps, _) in _PRECISIONS.items():
        in_units = mantissas * 2 / eps
        # Of one number nothing is told: 0.5 has few digits in every precision.
        if np.unique(parts).size > 3 and (in_units == np.rint(in_units)).all():
            largest = np.abs(parts).max(axis=0)
            step = _METHODS[method][1]
            error = largest[0] / 2 if method == "central" else largest[1]
            return name, eps * error / step
    return "float64", 0
