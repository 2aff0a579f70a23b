"""Numbers and pictures for the notebooks: softmax, cross-entropy, checks, plots.

Arrays follow the course: (n, m), classes down, examples across. `axis` is the class
axis: 0 here, -1 for the (m, n) of PyTorch and scikit-learn. A vector z of shape (n,)
is one example. Labels Y are one-hot or soft, of the shape of Z, or one integer per
example.
"""

import io
import math
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.tri import Triangulation


def softmax(Z, axis=0):
    """Return the probabilities A = e^Z / Σ e^Z of each example.

    Shapes: Z is (n, m) or (n,), or (m, n) with axis=-1; A is the same. The precision
    of Z is kept; integers become float64. A logit of -inf is a probability of 0.

    Raises ValueError if Z is empty, holds NaN or +inf, has an example of -inf only, or
    lacks the axis; TypeError if Z does not hold real numbers.

    Source: notebook 01.

    >>> softmax([0, 0])
    array([0.5, 0.5])
    >>> softmax([[1000, -np.inf], [1000, 7]])
    array([[0.5, 0. ],
           [0.5, 1. ]])
    """
    A = _shifted_logits(Z, axis)
    np.exp(A, out=A)
    A /= _class_sum(A, axis)
    return A


def log_softmax(Z, axis=0):
    """Return log A = Z - log Σ e^Z of each example, also where A underflows.

    Shapes: as softmax.

    Raises as softmax.

    Source: notebook 04 (log-sum-exp).

    >>> log_softmax([0, -1000])
    array([    0., -1000.])
    """
    log_A = _shifted_logits(Z, axis)
    log_A -= np.log(_class_sum(np.exp(log_A), axis))
    return log_A


def cross_entropy(A, Y, axis=0):
    """Return the mean loss J = -(1/m) Σ Y log A from probabilities, with 0 log 0 = 0.

    Shapes: A is (n, m) or (n,), or (m, n) with axis=-1; Y is the same, or one integer
    label per example; J is one number. It is inf where a label has probability 0.

    Raises ValueError if A leaves [0, 1], if Y holds NaN, inf, a negative number or a
    label outside 0..n-1, or if the shapes do not match; TypeError if A or Y does not
    hold real numbers, or labels are not integers.

    Source: notebook 03.

    >>> cross_entropy([0.5, 0.5], [1, 0]) == np.log(2)
    np.True_
    >>> cross_entropy([[1.0, 0.0], [0.0, 1.0]], [0, 0])  # the second is surely wrong
    np.float64(inf)
    """
    A = _probabilities(A, axis)
    Y = _targets(Y, A.shape, axis)
    with np.errstate(divide="ignore"):  # log 0 = -inf is meant
        return _mean_loss(np.log(A), Y, axis)


def softmax_cross_entropy(Z, Y, axis=0):
    """Return the mean loss J = -(1/m) Σ Y log softmax(Z) from logits, in one stable go.

    Shapes: Z is (n, m) or (n,), or (m, n) with axis=-1; Y is the same, or one integer
    label per example; J is one number, of the precision of Z.

    Raises as softmax for Z and as cross_entropy for Y.

    Source: notebook 04 (log-sum-exp).

    >>> float(softmax_cross_entropy([0, 1000], 0))
    1000.0
    """
    Z = _batch(Z, "Z", axis)
    Y = _targets(Y, Z.shape, axis)
    return _mean_loss(log_softmax(Z, axis), Y, axis)


def softmax_cross_entropy_grad(Z, Y, axis=0, mean=True):
    """Return dJ/dZ = (A ΣY - Y)/m, or with mean=False the course's dZ = A ΣY - Y.

    ΣY is 1 for every example in the course, and dZ is A - Y.

    Shapes: Z is (n, m) or (n,), or (m, n) with axis=-1; Y is the same, or one integer
    label per example; the gradient has the shape and precision of Z.

    Raises as softmax for Z and as cross_entropy for Y.

    Source: notebooks 04 (A - Y) and 06 (1/m).

    >>> softmax_cross_entropy_grad([0, 0], [1, 0])
    array([-0.5,  0.5])
    >>> softmax_cross_entropy_grad([[0, 0], [0, 0]], [0, 1])
    array([[-0.25,  0.25],
           [ 0.25, -0.25]])
    """
    Z = _batch(Z, "Z", axis)
    Y = _targets(Y, Z.shape, axis)
    dZ = softmax(Z, axis)
    if Y.ndim < Z.ndim:
        _subtract_one_at(Y, dZ, axis)
    else:
        dZ *= _class_sum(Y, axis)
        dZ -= Y
    if mean:
        dZ /= _examples(Z, axis)
    return dZ


def softmax_jacobian(z):
    """Return the Jacobian diag(a) - a aᵀ of one example: [i, j] is da_i/dz_j.

    Shapes: z is (n,), the Jacobian (n, n); rows are outputs, columns logits.

    Raises ValueError if z is not one example, and as softmax.

    Source: notebook 02.

    >>> softmax_jacobian([0, 0])
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    a = softmax(_one_example(z))
    return np.diag(a) - np.outer(a, a)


def softmax_vjp(A, dA, axis=0):
    """Return dZ = Jᵀ dA of each example as A (dA - Σ A dA), without building any J.

    Shapes: A and dA are (n, m) or (n,), or (m, n) with axis=-1; dZ is the same.

    Raises ValueError if A leaves [0, 1], dA is not finite, or the shapes differ;
    TypeError if A or dA does not hold real numbers.

    Source: notebook 04.

    >>> softmax_vjp([0.5, 0.5], [-2, 0])  # dA = -y/a, dz = a - y
    array([-0.5,  0.5])
    """
    A = _probabilities(A, axis)
    dA = _real(dA, "dA")
    if dA.shape != A.shape:
        raise ValueError(f"dA must have the shape of A, {A.shape}, got {dA.shape}")
    if not np.isfinite(dA).all():
        raise ValueError(f"dA must be finite, got {_first(dA, ~np.isfinite(dA))}")
    dZ = A * (dA - _class_sum(A * dA, axis))
    return dZ.astype(np.result_type(A, dA), copy=False)


def one_hot(labels, n, dtype=float, axis=0):
    """Return the one-hot columns of integer labels 0..n-1.

    Shapes: labels is (m,), the result (n, m), or (m, n) with axis=-1.

    Raises ValueError if a label is outside 0..n-1 or there is none; TypeError if the
    labels are not integers.

    Source: notebook 03.

    >>> one_hot([2, 0], n=3)
    array([[0., 1.],
           [0., 0.],
           [1., 0.]])
    """
    labels = _labels(labels, n)
    _check_axis(axis, labels.ndim + 1)
    at_label = np.expand_dims(labels, axis)
    shape = list(at_label.shape)
    shape[axis] = n
    Y = np.zeros(shape, dtype)
    np.put_along_axis(Y, at_label, 1, axis)
    return Y


def _shifted_logits(Z, axis):
    """A fresh Z - max Z, which has the same softmax, and whose e^Z cannot overflow."""
    Z = _batch(Z, "Z", axis)
    # Each example has its own maximum: with a global one a whole column can underflow.
    # The real part, so that the shift is a constant to the complex step.
    top = Z.real.max(axis=axis, keepdims=True)
    # The maximum passes NaN on, so this one row speaks for every logit.
    if not np.isfinite(top).all():
        raise ValueError(
            "the largest logit of each example must be finite (no NaN, no +inf, "
            f"not all -inf), got {_first(top, ~np.isfinite(top))}"
        )
    with np.errstate(over="ignore"):  # 1e308 below the maximum is as good as -inf
        return np.subtract(Z, top, order="C")


def _class_sum(X, axis):
    """Σ over the classes as a row; half precision is added up in single precision."""
    # NumPy adds row after row, and each addition rounds. Halves added to each other
    # round less often: at 50,000 classes some ten times closer in float32.
    if X.shape[axis] > 4096:
        first, second = np.array_split(X, 2, axis)
        return _class_sum(first, axis) + _class_sum(second, axis)
    accumulator = np.result_type(X.dtype, np.float32)
    return X.sum(axis=axis, keepdims=True, dtype=accumulator)


def _subtract_one_at(labels, dZ, axis):
    """Subtract from a contiguous dZ the one-hot columns of integer labels."""
    n, after = dZ.shape[axis], math.prod(dZ.shape[axis:][1:])
    labels, flat, one = labels.reshape(-1), dZ.reshape(-1), dZ.dtype.type(1)
    for start in range(0, labels.size, 4096):  # all positions at once are two rows
        label = labels[start : start + 4096]
        example = np.arange(start, start + label.size)
        at = example + (example // after * (n - 1) + label) * after
        np.subtract.at(flat, at, one)


def _mean_loss(log_A, Y, axis):
    """-(1/m) Σ Y log A for validated labels, with 0 · (-inf) = 0."""
    with np.errstate(invalid="ignore", over="ignore"):
        if Y.ndim < log_A.ndim:
            terms = np.take_along_axis(log_A, np.expand_dims(Y, axis), axis)
        else:
            terms = np.where(Y == 0, 0, Y * log_A)
        # Divided, then summed: a sum of huge losses can overflow where the mean cannot.
        # 0 minus it: a perfect prediction costs 0.0, not -0.0.
        J = 0 - np.sum(_class_sum(terms, axis) / _examples(log_A, axis))
        return J if np.iscomplexobj(J) else J.astype(log_A.dtype)


def _examples(Z, axis):
    """The number m of examples."""
    return Z.size // Z.shape[axis]


class _ComplexStep(np.ndarray):
    """The complex array of numerical_gradient, which the functions above let pass.

    Complex logits of a user are a mistake; x + ih is not. The mark has to survive the
    reader's own code: ufuncs, slices and `@` keep it, np.where and others would not.
    """

    def __array_function__(self, func, types, args, kwargs):
        result = super().__array_function__(func, types, args, kwargs)
        if isinstance(result, np.ndarray) and result.dtype.kind == "c":
            return result.view(_ComplexStep)
        return result


def _batch(X, name, axis):
    """X as an array of floats that has the class axis."""
    X = _real(X, name)
    _check_axis(axis, X.ndim)
    return X


def _real(X, name):
    """X as an array of floats."""
    X = X if isinstance(X, _ComplexStep) else np.asarray(X)
    if X.dtype.kind not in ("fc" if isinstance(X, _ComplexStep) else "fiu"):
        raise TypeError(f"{name} must hold real numbers, got dtype {X.dtype}")
    if X.size == 0:
        raise ValueError(f"{name} must not be empty, got shape {X.shape}")
    return X.astype(float) if X.dtype.kind in "iu" else X


def _one_example(z):
    z = _real(z, "z")
    if z.ndim != 1:
        raise ValueError(f"z must be one example, shape (n,), got {z.shape}")
    return z


def _matrix(X, name):
    X = _real(X, name)
    if X.ndim != 2:
        raise ValueError(f"{name} must be a matrix, got shape {X.shape}")
    return X


def _check_axis(axis, ndim):
    if isinstance(axis, bool) or not isinstance(axis, int | np.integer):
        raise TypeError(f"axis must be one integer, the class axis, got {axis!r}")
    if not -ndim <= axis < ndim:
        raise ValueError(f"axis {axis} does not exist in an array of {ndim} axes")


def _probabilities(A, axis):
    A = _batch(A, "A", axis)
    # A few roundings above 1 happen to a softmax that multiplies by 1/Σ.
    most = 1 + 8 * np.finfo(A.dtype).eps
    wrong = ~((A.real >= 0) & (A.real <= most))  # NaN is neither
    if wrong.any():
        raise ValueError(
            f"A must hold probabilities in [0, 1], got {_first(A, wrong)}; "
            "for logits there is softmax_cross_entropy"
        )
    return A


def _targets(Y, shape, axis):
    """Y as targets of that shape, or as one integer label per example."""
    Y = Y if isinstance(Y, _ComplexStep) else np.asarray(Y)
    if Y.shape == shape:
        Y = _real(Y, "Y")
        wrong = ~((Y.real >= 0) & (Y.real < np.inf))
        if wrong.any():
            raise ValueError(f"Y must hold finite numbers >= 0, got {_first(Y, wrong)}")
        return Y
    one_per_example = shape[:axis] + shape[axis:][1:]
    if Y.shape != one_per_example:
        raise ValueError(
            f"Y must have the shape of the logits or probabilities, {shape}, or be "
            f"integer labels of shape {one_per_example}, got shape {Y.shape}"
        )
    return _labels(Y, shape[axis])


def _labels(labels, n):
    labels = np.asarray(labels)
    if labels.size == 0:
        raise ValueError(f"labels must not be empty, got shape {labels.shape}")
    if labels.dtype.kind not in "iu":
        raise TypeError(f"labels must be integers, got dtype {labels.dtype}")
    wrong = (labels < 0) | (labels >= n)
    if wrong.any():
        raise ValueError(
            f"labels must be classes 0..{n - 1}, got {_first(labels, wrong)}"
        )
    return labels


def _first(X, wrong):
    """The first offending entry, to be shown in an error."""
    return X[wrong].flat[0].real


def numerical_gradient(f, X, method="complex", step=None):
    """Return the gradient of a number f(X) in each entry of X, by moving that entry.

    "complex" takes Im f(x + ih)/h: nothing is subtracted, so h can be 1e-20 and the
    result is exact to rounding. f must be analytic NumPy code: no abs, no float().
    "central" takes (f(x + h) - f(x - h))/2h, for any smooth real f, to about 1e-10.
    Everything is done in double precision.

    Shapes: X is any; the gradient has the shape of X.

    Raises TypeError if f returns a real number to the complex step or drops imaginary
    parts, or if X does not hold real numbers; ValueError if f returns more than one
    number, X is empty, the step is too small for X, or there is no such method.

    Source: notebook 04; Squire and Trapp, SIAM Review 40 (1998), for the complex step.

    >>> numerical_gradient(lambda x: x[0] * x[1], [3, 5])
    array([5., 3.])
    """
    if method not in _METHODS:
        raise ValueError(f"method must be one of {list(_METHODS)}, got {method!r}")
    difference, default_step = _METHODS[method]
    X = _real(X, "X").astype(float)
    return difference(f, X, default_step if step is None else step)


def _complex_step(f, X, h):
    X = X.astype(complex).view(_ComplexStep)
    gradient = np.empty(X.shape)
    with warnings.catch_warnings():
        warnings.simplefilter("error", np.exceptions.ComplexWarning)
        for index in np.ndindex(X.shape):
            moved = X.copy()  # f may keep it or change it
            moved[index] += 1j * h
            gradient[index] = _imaginary_part(f, moved) / h
    return gradient


def _imaginary_part(f, X):
    refusal = (
        "f drops the imaginary part of complex input, as abs, float and .real do, "
        'but the complex step is read from it; use method="central"'
    )
    try:
        value = _one_number(f(X))
    except np.exceptions.ComplexWarning as warning:
        raise TypeError(refusal) from warning
    except TypeError as error:
        error.add_note('f was given complex numbers; method="central" uses real ones')
        raise
    if not np.iscomplexobj(value):
        raise TypeError(refusal)
    return value.imag


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
    yours, expected = _real(answer, "the answer"), _real(expected, "expected")
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


_STYLE = Path(__file__).with_name("helpers.mplstyle")
_SIGNED = "RdBu_r"  # for signed values, white at 0


@contextmanager
def _figure(rows=1, columns=1, **options):
    """Axes of a new figure in our style, closed so that a notebook shows it once."""
    with plt.style.context(_STYLE):
        figure, axes = plt.subplots(rows, columns, squeeze=False, **options)
        try:
            yield figure, *axes.flat
        finally:
            plt.close(figure)


def plot_probabilities(z):
    """Draw the logits z and, beside them, the probabilities a = softmax(z).

    Shapes: z is (n,). In the figure, axes[0] holds the bars of z, axes[1] those of a.

    Raises ValueError if z is not one example, and as softmax.

    Source: notebook 01.
    """
    z = _one_example(z)
    with _figure(1, 2, figsize=(7, 2.6)) as (figure, left, right):
        _draw_logits(left, z)
        _draw_probabilities(right, softmax(z))
    return figure


def plot_sweep(z, j, span=6):
    """Draw every a_i while the one logit z[j] moves by up to `span` either way.

    Shapes: z is (n,); j counts from 0, as arrays do. In the figure, lines[i] is a_i,
    with its marker where z is.

    Raises ValueError if z is not one example, and as softmax; IndexError if there is
    no z[j].

    Source: notebook 01.
    """
    z = _one_example(z)
    moved = z[j] + np.linspace(-span, span, 201)
    Z = np.tile(z[:, None], moved.size)
    Z[j] = moved
    A = softmax(Z)
    with _figure(figsize=(6, 3.2)) as (figure, ax):
        for i, a in enumerate(A, start=1):
            ax.plot(moved, a, marker="o", markevery=[100], label=f"$a_{{{i}}}$")
        lines = np.array(ax.lines)
        ax.axvline(z[j], color="0.7", linewidth=1, linestyle="-", zorder=0)
        ax.set(xlabel=f"logit $z_{{{j % z.size + 1}}}$", ylabel="probability $a_i$")
        ax.set(xlim=(moved[0], moved[-1]), ylim=(-0.02, 1.02))
        # Each is named where it is large, for near 0 the lines run together.
        rising = A[:, -1] > A[:, 0]
        _label_ends(ax, lines[rising])
        _label_ends(ax, lines[~rising], at_start=True)
    return figure


def plot_jacobian(J, rows="output $a_i$", columns="logit $z_j$"):
    """Draw a Jacobian as a heat map with its entries, and its row sums beside it.

    Shapes: J is (n, n), or any (rows, columns). In the figure, images[0] of axes[0]
    holds J, on colours centred at 0; the texts are the entries, then the row sums.

    Raises ValueError if J is not a matrix; TypeError if it does not hold real numbers.

    Source: notebook 02.
    """
    J = _matrix(J, "J")
    size = (1.8 + 0.7 * J.shape[1], 1 + 0.6 * J.shape[0])
    with _figure(figsize=size) as (figure, ax):
        _draw_jacobian(ax, J, np.abs(J).max())
        ax.set(xlabel=columns, ylabel=rows)
    return figure


def plot_loss():
    """Draw -log a_c beside 1 - a_c, and their slopes -1/a_c beside -1.

    Shapes: in the figure, axes[0] holds the two losses as lines, axes[1] the slopes.

    Source: notebook 03.
    """
    a = np.linspace(0.01, 1, 199)
    with _figure(1, 2, figsize=(8, 3)) as (figure, left, right):
        left.plot(a, -np.log(a), label=r"$-\log\,a_c$")
        left.plot(a, 1 - a, label="$1 - a_c$")
        left.set(ylabel="loss", ylim=(0, 5))
        right.plot(a, -1 / a, label="$-1/a_c$")
        right.plot(a, -np.ones_like(a), label="$-1$")
        right.set(ylabel="slope of the loss", ylim=(-20, 0.5))
        for ax in (left, right):
            ax.set(xlabel="probability $a_c$ of the true class", xlim=(0, 1))
            ax.legend()
    return figure


def plot_gradient(z, y):
    """Draw a = softmax(z) with the labels y, and beside them the gradient dz = a - y.

    Shapes: z is (n,); y is (n,), or one integer label. In the figure, axes[0] holds the
    bars of a (containers[0]) and of y (containers[1]), axes[1] those of dz.

    Raises ValueError if z is not one example, and as softmax_cross_entropy_grad.

    Source: notebook 04.
    """
    z = _one_example(z)
    y = _soft_label(z, y)
    with _figure(1, 2, figsize=(7, 2.8)) as (figure, left, right):
        _draw_labels_beside(left, softmax(z), y)
        _draw_gradient(right, z, y)
    return figure


def plot_simplex(z, y, learning_rate=1.0, steps=30):
    """Draw a on the triangle of three classes, and where descent on z moves it.

    The shading is the loss -Σ y_i log a_i, the arrow one step z - η dz, the dots more.

    Shapes: z is (3,); y is (3,), or one integer label. In the figure, lines[0] is the
    path of a in the plane, steps + 1 points.

    Raises ValueError if there are not three classes, and as softmax_cross_entropy_grad.

    Source: notebook 04.
    """
    z = _one_example(z)
    if z.size != 3:
        raise ValueError(f"the triangle needs three classes, got {z.size}")
    with _figure(figsize=(5.2, 3.8)) as (figure, ax):
        loss = _draw_simplex(ax, z, _soft_label(z, y), learning_rate, steps)
        figure.colorbar(loss, shrink=0.7, label=r"loss $-\Sigma_i\,y_i\,\log\,a_i$")
    return figure


def plot_curves(curves, xlabel="", ylabel="", logy=False, x=None):
    """Draw curves over the same x, each with its name at its end.

    Shapes: curves maps a name to values of shape (k,); x is (k,), or 1..k. In the
    figure, lines are the curves.

    Source: notebook 08.
    """
    with _figure(figsize=(6, 3.2)) as (figure, ax):
        for label, values in curves.items():
            counted = np.arange(1, len(values) + 1)
            ax.plot(counted if x is None else x, values, label=label)
        ax.set(xlabel=xlabel, ylabel=ylabel, yscale="log" if logy else "linear")
        ax.margins(x=0)
        if x is None:
            ax.xaxis.get_major_locator().set_params(integer=True)
        _label_ends(ax, ax.lines)
    return figure


def plot_block_jacobian(J4):
    """Draw the Jacobian of a batch as one matrix, example by example.

    Shapes: J4 is (n, m, n, m), [i, s, j, t] = dA[i, s]/dZ[j, t]. In the figure,
    images[0] is (m n, m n), row s n + i and column t n + j.

    Raises ValueError for another shape; TypeError if J4 does not hold real numbers.

    Source: notebook 06.
    """
    J4 = _real(J4, "J4")
    n, m = J4.shape[:2] if J4.ndim == 4 else (0, 0)
    if J4.shape != (n, m, n, m):
        raise ValueError(f"J4 must have a shape (n, m, n, m), got {J4.shape}")
    J = J4.transpose(1, 0, 3, 2).reshape(m * n, m * n)
    side = min(2.2 + 0.4 * m * n, 5.5)
    with _figure(figsize=(side + 0.6, side)) as (figure, ax):
        image = _heat_map(ax, J, np.abs(J).max(), entries=m * n <= 6)
        for border in np.arange(1, m) * n - 0.5:
            ax.axhline(border, color="black", linewidth=1, linestyle="-")
            ax.axvline(border, color="black", linewidth=1, linestyle="-")
        middles = np.arange(m) * n + (n - 1) / 2
        _name_cells(ax, range(1, m + 1), range(1, m + 1), middles, middles)
        ax.set_xlabel("logits $z_j$ of example $t$")
        ax.set_ylabel("outputs $a_i$ of example $s$")
        figure.colorbar(image, ax=ax, label=r"$\partial a_{is}/\partial z_{jt}$")
    return figure


def plot_images(images, captions, columns=8):
    """Draw grey images in rows, each with its caption.

    Shapes: images is (k, height, width); captions holds k texts.

    Raises ValueError if there is not one caption for each image, or no image.

    Source: notebook 08.
    """
    if not 0 < len(images) == len(captions):
        raise ValueError(f"got {len(images)} images and {len(captions)} captions")
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    size = (1.05 * columns, 1.3 * rows)
    with _figure(rows, columns, figsize=size) as (figure, *axes):
        for ax in axes:
            ax.axis("off")
        for ax, image, caption in zip(axes, images, captions, strict=False):
            ax.imshow(image, cmap="gray_r")
            ax.set_title(caption, loc="center", fontsize=9)
    return figure


def plot_confusion(counts, classes=None):
    """Draw how often each true class was predicted as which, with the counts.

    Shapes: counts is (n, n), rows true, columns predicted; classes holds n names, or is
    0..n-1. In the figure, images[0] is the share of each row, on colours from 0 to 1.

    Raises ValueError if counts is not a matrix; TypeError if it does not hold numbers.

    Source: notebook 08.
    """
    counts = _matrix(counts, "counts")
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    names = range(len(counts)) if classes is None else classes
    side = 1.2 + 0.42 * len(counts)
    with _figure(figsize=(side, side)) as (figure, ax):
        _write_entries(ax, ax.imshow(shares, vmin=0, vmax=1), counts, "{:.0f}")
        _name_cells(ax, names, names)
        ax.set(xlabel="predicted class", ylabel="true class")
    return figure


def plot_errors(errors, x, xlabel, ylabel="error"):
    """Draw errors over x, both on logarithmic axes, one panel for each group.

    An error of 0 is a point on the line "0" at the bottom; one that is NaN or infinite
    is a cross on the line "no number" at the top.

    Shapes: errors maps the title of a panel to a map of names to values of shape (k,);
    x is (k,). In the figure, axes are the panels; their first lines are the curves.

    Raises ValueError if there is no curve, x or a curve has another shape, x is not
    positive, or an error is negative; TypeError if they do not hold real numbers.

    Source: notebook 09.
    """
    x = _real(x, "x")
    curves = [_errors(e, x) for panel in errors.values() for e in panel.values()]
    if not curves:
        raise ValueError(f"expected at least one curve of errors, got {errors}")
    bottom, top = _lines_for_no_error(np.concatenate(curves))
    size = (2.6 + 2.4 * len(errors), 3.4)
    with _figure(1, len(errors), figsize=size, sharey=True) as (figure, *axes):
        for ax, (title, panel) in zip(axes, errors.items(), strict=True):
            for name, values in panel.items():
                e = _errors(values, x)
                drawn = np.where(np.isfinite(e), np.maximum(e, bottom), top)
                ax.plot(x, drawn, label=name)
            for line in list(ax.lines):
                no_number = line.get_ydata() == top
                ax.plot(x[no_number], line.get_ydata()[no_number], "kx")
            ax.set(xscale="log", yscale="log", xlabel=xlabel)
            ax.xaxis.get_major_locator().set_params(numticks=6)
            ax.set_title(title, loc="center")
        _name_no_error(axes, bottom, top)
        axes[0].set_ylabel(ylabel)
        handles = axes[0].get_legend_handles_labels()
        figure.legend(*handles, ncols=4, loc="outside lower center")
    return figure


def _errors(values, x):
    values = _real(values, "an error")
    if x.ndim != 1 or values.shape != x.shape:
        raise ValueError(
            f"x and every curve must have one shape (k,), got {x.shape}, {values.shape}"
        )
    if not (x > 0).all() or (values < 0).any():
        raise ValueError("x must be positive and no error negative")
    return values.astype(float)


def _lines_for_no_error(values):
    """Where to draw 0 and where NaN: a hundred times below and above all others."""
    shown = values[np.isfinite(values) & (values > 0)]
    least, most = (shown.min(), shown.max()) if shown.size else (1, 1)
    return 10 ** (np.floor(np.log10(least)) - 2), 10 ** (np.ceil(np.log10(most)) + 2)


def _name_no_error(axes, bottom, top):
    """Ticks at powers of ten, and at the two lines for 0 and NaN if they are used."""
    low, high = np.log10([bottom, top]).round().astype(int)
    at = {
        10.0**power: f"$10^{{{power}}}$"
        for power in range(low + 2, high - 1, max(1, (high - low) // 6))
    }
    drawn = np.concatenate([line.get_ydata() for ax in axes for line in ax.lines])
    at |= {y: name for y, name in ((bottom, "0"), (top, "no number")) if y in drawn}
    axes[0].set_yticks(list(at), at.values())  # the others share them
    for ax in axes:
        ax.minorticks_off()


def plot_own_loss(loss, gradient, n=3, true_class=1, span=4):
    """Draw a loss and its gradient over the logit of the true class.

    The other logits are 0, 1, 2, …; lines are the formulas, circles the central
    differences of the loss, so a wrong gradient leaves its circles.

    Shapes: loss takes Z and Y, both (n, m), to (m,), and gradient takes them to (n, m).
    In the figure, axes are loss and gradient; the lines of the second are the n
    entries, then their circles.

    Source: notebook 12.
    """
    t, h = np.linspace(-span, span, 97), 1e-5
    Z = np.repeat(np.r_[: n - 1].astype(float)[:, None], t.size, axis=1)
    Z = np.insert(Z, true_class - 1, t, axis=0)
    Y = one_hot(np.full(t.size, true_class - 1), n)
    with _figure(1, 2, figsize=(9, 3.4)) as (figure, left, right):
        left.plot(t, loss(Z, Y), label="$L$")
        for j, entry in enumerate(gradient(Z, Y), 1):
            right.plot(t, entry, label=f"$j = {j}$")
        lines, some = list(right.lines), slice(None, None, 8)
        for j, line in enumerate(lines):
            E = h * (np.arange(n) == j)[:, None]
            rise = (loss(Z + E, Y) - loss(Z - E, Y)) / (2 * h)
            look = {"color": line.get_color(), "mfc": "none", "label": "_measured"}
            right.plot(t[some], rise[some], "o", **look)
        for ax, name in ((left, "loss $L$"), (right, r"$\partial L/\partial z_j$")):
            ax.set(xlabel=f"logit $z_{{{true_class}}}$ of the true class", ylabel=name)
        right.axhline(0, color="0.7", lw=0.8, ls="-", zorder=0)
        _label_ends(right, lines, at_start=True)
    return figure


def _soft_label(z, y):
    """The label of one example as a vector; an integer becomes one-hot."""
    y = _targets(y, z.shape, 0)
    return y if y.ndim else one_hot(y, z.size)


def _text(number, form="{:z.2f}"):
    return form.format(number).replace("-", "−")


def _draw_bars(ax, values, ylabel, offset=0, form="{:z.2f}", **look):
    classes = np.arange(1, len(values) + 1)
    bars = ax.bar(classes + offset, values, **{"width": 0.6, **look})
    ax.bar_label(bars, [_text(value, form) for value in values], padding=2, fontsize=9)
    ax.axhline(0, color="black", linewidth=0.8, linestyle="-")
    ax.set_xticks(classes)
    ax.locator_params(axis="y", nbins=4)  # the bars carry their values
    ax.set(xlabel="class $i$", ylabel=ylabel)


def _draw_logits(ax, z):
    _draw_bars(ax, z, "logit $z_i$", color="0.6")
    ax.margins(y=0.15)


def _draw_probabilities(ax, a):
    _draw_bars(ax, a, "probability $a_i$")
    ax.set_ylim(0, 1.1)


def _draw_labels_beside(ax, a, y, form="{:.3g}"):
    """Pairs of bars, a plain and y hatched."""
    hatched = {"color": "white", "edgecolor": "black", "hatch": "///"}
    name = "$a_i$ and $y_i$"
    _draw_bars(ax, a, name, -0.2, width=0.38, label="probability $a_i$")
    _draw_bars(ax, y, name, 0.2, form, width=0.38, label="label $y_i$", **hatched)
    ax.legend(ncols=2, loc="lower left", bbox_to_anchor=(-0.1, 1), borderpad=0)
    ax.set_ylim(0, 1.1 * max(1, y.max()))


def _draw_gradient(ax, z, y):
    """Bars of dz: up and red where z_j is to fall, down and blue where to rise."""
    dz = softmax_cross_entropy_grad(z, y)
    sums_to_one = np.isclose(y.sum(), 1)
    name = "$dz_j = a_j - y_j$" if sums_to_one else r"$dz_j = a_j\,\Sigma y - y_j$"
    _draw_bars(ax, dz, name, color=mpl.colormaps[_SIGNED](np.where(dz > 0, 0.85, 0.15)))
    limit = 1.15 * max(1, np.abs(dz).max())
    ax.set(xlabel="class $j$", ylim=(-limit, limit))


def _draw_two_ways(ax, u, y):
    """dL/du in single precision: hatched by -y/a and the Jacobian, plain by a - y."""
    u, y = np.float32(u), np.float32(y)
    a = softmax(u)
    with np.errstate(all="ignore"):  # NaN is what the picture is about
        two_step = np.sum((-y / a)[:, None] * softmax_jacobian(u), axis=0)
    shown = np.where(np.isfinite(two_step), two_step, np.nan)
    name = "gradient by $u$, float32"
    hatched = {"color": "white", "edgecolor": "black", "hatch": "///"}
    _draw_bars(ax, a - y, name, -0.2, width=0.38, label="$a - y$")
    _draw_bars(
        ax, shown, name, 0.2, width=0.38, label="$-y/a$ through $J_a$", **hatched
    )
    for j in np.flatnonzero(np.isnan(shown)):
        word = "NaN" if np.isnan(two_step[j]) else "∞" if two_step[j] > 0 else "−∞"
        ax.text(j + 1.2, 0.04, word, ha="center", fontsize=9)
    ax.legend(ncols=2, loc="lower left", bbox_to_anchor=(-0.1, 1), borderpad=0)
    ax.set(xlabel="class $j$", ylim=(-1.25, 1.25))


def _heat_map(ax, M, limit, entries=True):
    """M on colours from -limit to limit, so that 0 is white."""
    limit = limit or 1
    image = ax.imshow(M, cmap=_SIGNED, vmin=-limit, vmax=limit)
    if entries:
        _write_entries(ax, image, M)
    return image


def _write_entries(ax, image, M, form="{:z.2f}"):
    """The entries of M in the cells of the image, dark on light and light on dark."""
    luminance = image.to_rgba(image.get_array())[..., :3] @ [0.299, 0.587, 0.114]
    for (i, j), entry in np.ndenumerate(M):
        colour = "black" if luminance[i, j] > 0.5 else "white"
        ax.text(j, i, _text(entry, form), ha="center", va="center", color=colour)


def _name_cells(ax, rows, columns, at_rows=None, at_columns=None):
    """Names for the rows and columns of a heat map, without spines and ticks."""
    ax.set_yticks(range(len(rows)) if at_rows is None else at_rows, map(str, rows))
    ax.set_xticks(
        range(len(columns)) if at_columns is None else at_columns, map(str, columns)
    )
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)


def _draw_jacobian(ax, J, limit):
    _heat_map(ax, J, limit)
    _name_cells(ax, *(range(1, count + 1) for count in J.shape))
    beside = ax.get_yaxis_transform()
    for i, total in enumerate(J.sum(axis=1)):
        ax.text(1.04, i, f"Σ = {_text(total)}", va="center", transform=beside)
    ax.set(xlabel="logit $z_j$", ylabel="output $a_i$")


# Class 1 is left, class 2 right, class 3 on top: _CORNERS @ a is a point of the plane.
_CORNERS = np.array([[0, 1, 0.5], [0, 0, np.sqrt(3) / 2]])


def _draw_simplex(ax, z, y, learning_rate=1.0, steps=30):
    """The loss in grey and the path of a under descent; returns the shading."""
    zs = [z]
    for _ in range(steps):
        zs.append(zs[-1] - learning_rate * softmax_cross_entropy_grad(zs[-1], y))
    path = _CORNERS @ softmax(np.transpose(zs))
    loss = _shade_loss(ax, y)
    ax.fill(*_CORNERS, fill=False, edgecolor="0.4")
    ax.plot(*path, color="black", linestyle=":", marker=".", linewidth=1)
    ax.plot(*path[:, :1], color="black", marker="o", markersize=8)
    ax.annotate("$a$", path[:, 0], xytext=(-8, -14), textcoords="offset points")
    arrow = {"arrowstyle": "-|>", "color": "C1", "linewidth": 2}
    ax.annotate(
        "", path[:, 1], path[:, 0], arrowprops={"shrinkA": 0, "shrinkB": 0, **arrow}
    )
    for (x, height), name in zip(_CORNERS.T, "123", strict=True):
        va, shift = ("bottom", 0.03) if height else ("top", -0.03)
        ax.text(x, height + shift, f"class {name}", ha="center", va=va)
    ax.set_title("loss (grey), descent on $z$ (arrow)", loc="center", fontsize=10)
    ax.set(aspect="equal", xlim=(-0.12, 1.12), ylim=(-0.12, 0.98))
    ax.axis("off")
    return loss


def _shade_loss(ax, y):
    """Shade the triangle by the loss -Σ y_i log a_i, darker where it is larger."""
    A = np.array([[i, j, 30 - i - j] for i in range(31) for j in range(31 - i)]).T / 30
    loss = -(y @ np.log(np.maximum(A, 1e-3)))
    triangles = Triangulation(*(_CORNERS @ A))
    levels = [0.25, 0.5, 1, 1.5, 2, 4]
    greys = [str(grey) for grey in np.linspace(0.97, 0.6, len(levels) + 1)]
    ax.tricontour(triangles, loss, levels, colors="0.4", linewidths=0.6)
    return ax.tricontourf(triangles, loss, levels, colors=greys, extend="both")


def _label_ends(ax, lines, at_start=False):
    """The label of each line beside its end, or above its start, apart from others."""
    ax.autoscale_view()
    to_axes = ax.transData + ax.transAxes.inverted()
    x, lift, end = (0.02, 0.05, 0) if at_start else (1.02, 0, -1)
    ends = [(line.get_xdata()[end], line.get_ydata()[end]) for line in lines]
    heights = [to_axes.transform(point)[1] + lift for point in ends]
    lowest = -np.inf
    for k in np.argsort(heights, stable=True):
        lowest = max(heights[k], lowest + 0.08)
        text, colour = lines[k].get_label(), lines[k].get_color()
        ax.text(x, lowest, text, color=colour, va="center", transform=ax.transAxes)


def progress(iterable, total=None, label=""):
    """Yield the items of an iterable while a bar in the notebook counts them.

    The bar turns green at the end, and red if the loop is left before.

    Raises TypeError if there is no total and the iterable has no length.

    Source: notebook 08.
    """
    # Widgets are imported where they are used, to keep `import helpers` light.
    from IPython.display import display  # noqa: PLC0415
    from ipywidgets import IntProgress  # noqa: PLC0415

    total = len(iterable) if total is None else total
    bar = IntProgress(max=total, description=label)
    display(bar)
    outcome = "danger"
    try:
        for done, item in enumerate(iterable, start=1):
            yield item
            if done == total or done % max(1, total // 100) == 0:
                bar.value = done
        outcome = "success"
    finally:
        bar.bar_style = outcome


def explore_softmax(z=(1.0, 2.0, 0.5)):
    """Return sliders for the logits z, over a picture of z and a = softmax(z).

    Shapes: z is (n,), the values at the start.

    Raises ValueError if z is not one example within -5..5.

    Source: notebook 01.
    """

    def draw(axes, z):
        _draw_logits(axes[0], z)
        axes[0].set_ylim(-6, 6)
        _draw_probabilities(axes[1], softmax(z))

    return _explorer("explore_softmax", draw, z, [1, 1])


def explore_jacobian(z=(1.0, 2.0, 0.5)):
    """Return sliders for the logits z, over a picture of a and of the Jacobian da/dz.

    The colours reach from -1/4 to 1/4, beyond which no entry can be.

    Shapes: z is (n,), the values at the start.

    Raises ValueError if z is not one example within -5..5.

    Source: notebook 02.
    """

    def draw(axes, z):
        _draw_probabilities(axes[0], softmax(z))
        _draw_jacobian(axes[1], softmax_jacobian(z), 0.25)

    return _explorer("explore_jacobian", draw, z, [1, 1])


def explore_gradient(z=(1.0, 2.0, 0.5), true_class=1):
    """Return sliders for z and buttons for the true class, over a, y and dz = a - y.

    For three classes a triangle shows where descent on z moves a.

    Shapes: z is (n,), the values at the start; true_class is one of 1..n, as on the
    buttons.

    Raises ValueError if z is not one example within -5..5, or there is no such class.

    Source: notebook 04.
    """

    def draw(axes, z, true_class):
        y = one_hot(true_class - 1, z.size)
        _draw_labels_beside(axes[0], softmax(z), y)
        _draw_gradient(axes[1], z, y)
        for ax in axes[2:]:
            _draw_simplex(ax, z, y)

    widths = [1, 1, 1.2] if len(z) == 3 else [1, 1]
    return _explorer("explore_gradient", draw, z, widths, true_class)


def explore_temperature(z=(1.0, 2.0, 0.5), true_class=1):
    """Return sliders for z, a size t and a temperature T, over a picture of u = t z/T.

    Left are a = softmax(u) and y, right the gradient of the loss by u, in float32 and
    in both ways: by a - y, and by -y/a through the Jacobian, which large u turn to NaN.

    Shapes: z is (n,), the values at the start; true_class is one of 1..n, as on the
    buttons.

    Raises ValueError if z is not one example within -5..5, or there is no such class.

    Source: notebook 10.
    """

    def draw(axes, z, true_class, size, temperature):
        u, y = size * z / temperature, one_hot(true_class - 1, z.size)
        _draw_labels_beside(axes[0], softmax(u), y)
        _draw_two_ways(axes[1], u, y)

    powers = {"size $t$": (0, 3), "$T$": (-1, 1)}
    return _explorer(
        "explore_temperature", draw, z, [1, 1.2], true_class, powers=powers
    )


def explore_smoothing(z=(1.0, 2.0, 0.5), true_class=1):
    """Return sliders for z and for the share α of smoothing, over a, y and dz = a - y.

    The labels are (1 - α) y + α/n; at α = 1 they no longer know the true class.

    Shapes: z is (n,), the values at the start; true_class is one of 1..n, as on the
    buttons.

    Raises ValueError if z is not one example within -5..5, or there is no such class.

    Source: notebook 11.
    """

    def draw(axes, z, true_class, share):
        y = (1 - share) * one_hot(true_class - 1, z.size) + share / z.size
        _draw_labels_beside(axes[0], softmax(z), y, "{:.2f}")
        _draw_gradient(axes[1], z, y)

    return _explorer(
        "explore_smoothing", draw, z, [1, 1], true_class, share=r"$\alpha$"
    )


def _explorer(name, draw, z, widths, true_class=None, *, powers=(), share=None):
    """Sliders, and buttons if there is a true class, over a picture drawn from them.

    `powers` maps the name of a logarithmic slider, which starts at 1, to the least and
    the largest power of ten. `share` names a slider from 0 to 1, which starts at 0.1.
    """
    import ipywidgets as widgets  # noqa: PLC0415

    class Explorer(widgets.VBox):
        """A box that a saved notebook shows as one line, the same on every run."""

        def __repr__(self):
            return f"{name}: run this cell, then drag the logits"

    z = _one_example(z)
    if not (np.abs(z) <= 5).all():
        raise ValueError(f"z must be within -5..5, got {z.tolist()}")
    controls = [
        widgets.FloatSlider(v, min=-5, max=5, step=0.1, description=f"$z_{{{i}}}$")
        for i, v in enumerate(z, start=1)
    ]
    if true_class is not None:
        if true_class not in range(1, z.size + 1):
            raise ValueError(f"true_class must be 1..{z.size}, got {true_class}")
        classes = {"options": range(1, z.size + 1), "value": true_class}
        controls.append(widgets.ToggleButtons(**classes, description="true class"))
    controls += [
        widgets.FloatLogSlider(1, min=low, max=high, step=0.05, description=text)
        for text, (low, high) in dict(powers).items()
    ]
    if share is not None:
        share = widgets.FloatSlider(0.1, min=0, max=1, step=0.01, description=share)
        controls.append(share)
    picture = widgets.Image(format="png")
    with plt.style.context(_STYLE):
        figure = Figure(figsize=(3.3 * sum(widths), 2.9))
        canvas = FigureCanvasAgg(figure)
        axes = figure.subplots(1, len(widths), width_ratios=widths)

    def redraw(_=None):
        values = [control.value for control in controls]
        with plt.style.context(_STYLE):
            for ax in axes:
                _wipe(ax)
            draw(axes, np.array(values[: z.size]), *values[z.size :])
            buffer = io.BytesIO()
            # Once, where savefig draws twice; and quickly rather than small.
            canvas.print_png(buffer, pil_kwargs={"compress_level": 3})
        picture.value = buffer.getvalue()

    for control in controls:
        control.observe(redraw, "value")
    redraw()
    figure.set_layout_engine("none")  # from now on the axes stay where they are
    explorer = Explorer([*controls, picture])
    explorer.figure = figure
    return explorer


def _wipe(ax):
    """Remove what was drawn but keep the ticks, which take longest to make."""
    for artist in (*ax.lines, *ax.patches, *ax.collections, *ax.images, *ax.texts):
        artist.remove()
    ax.containers.clear()
    ax.set_prop_cycle(None)
