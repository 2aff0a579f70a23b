"""Which arrays a reader may pass, and how all others are refused.

Each function returns its argument as an array that is fit for use, or raises a
TypeError or ValueError that says what was given and what was expected.
"""

from numbers import Real

import numpy as np


class ComplexStep(np.ndarray):
    """The complex array of numerical_gradient, which the functions below accept.

    Complex logits of a user are a mistake; x + ih is not. The mark has to survive the
    reader's own code: ufuncs, slices and `@` keep it, np.where and others would not.
    """

    def __array_function__(self, func, types, args, kwargs):
        result = super().__array_function__(func, types, args, kwargs)
        if isinstance(result, np.ndarray) and result.dtype.kind == "c":
            return result.view(ComplexStep)
        return result


def as_numpy(X):
    """Return a PyTorch tensor or bfloat16 as NumPy holds numbers; else X itself.

    A tensor is taken without its graph. No library is imported for it: it is known by
    what it can do.
    """
    if hasattr(X, "detach") and hasattr(X, "numpy"):
        X = X.detach().cpu()
        X = (X.float() if dtype_name(X) == "bfloat16" else X).numpy()
    return np.asarray(X).astype(np.float32) if dtype_name(X) == "bfloat16" else X


def dtype_name(X):
    """Return the name of the type of X's numbers, such as float32; "" if it has none.

    >>> dtype_name(np.float32([1])), dtype_name([1])
    ('float32', '')
    """
    return str(getattr(X, "dtype", "")).rpartition(".")[2]  # torch.float32 as float32


def is_blank(answer):
    """Say whether the reader has left `...` somewhere."""
    answer = np.asarray(as_numpy(answer))
    return answer.dtype == object and any(entry is ... for entry in answer.flat)


def unmasked(X, name):
    """Return X as an array; refuse a mask, which np.asarray would drop silently."""
    rows = X if isinstance(X, list | tuple) else ()
    if any(isinstance(part, np.ma.MaskedArray) for part in (X, *rows)):
        raise TypeError(
            f"{name} must not be masked, because the mask would be lost; use "
            ".filled(value), or select the examples without a mask"
        )
    return X if isinstance(X, ComplexStep) else np.asarray(X)


def real(X, name):
    """Return X as an array of floats, of any shape but not empty."""
    X = unmasked(X, name)
    if X.dtype.kind not in ("fc" if isinstance(X, ComplexStep) else "fiu"):
        raise TypeError(f"{name} must hold real numbers, got dtype {X.dtype}")
    if X.size == 0:
        raise ValueError(f"{name} must not be empty, got shape {X.shape}")
    return X.astype(float) if X.dtype.kind in "iu" else X


def batch(X, name, axis):
    """Return X as an array of floats that has the class axis."""
    X = real(X, name)
    check_axis(axis, X.ndim)
    return X


def one_example(z):
    """Return z as a vector of floats."""
    z = real(z, "z")
    if z.ndim != 1:
        raise ValueError(f"z must be one example, shape (n,), got {z.shape}")
    return z


def matrix(X, name):
    """Return X as a matrix of floats."""
    X = real(X, name)
    if X.ndim != 2:
        raise ValueError(f"{name} must be a matrix, got shape {X.shape}")
    return X


def layer(W, b, X, Y, axis):
    """Return W (n, d), b (n,), X (d, m), Y (m,) or (n, m) of a softmax layer.

    Soft labels are checked a few classes at a time and not copied, because a copy would
    be as large as the logits.
    """
    W, b, X, Y = matrix(W, "W"), real(b, "b"), matrix(X, "X"), unmasked(Y, "Y")
    n, _, m = layer_sizes(W, b, X, axis)
    turned = is_turned(axis)
    if turned:
        X, Y = X.T, Y.T
    precision = np.result_type(W, b, X)
    if precision not in (np.float32, np.float64):
        raise TypeError(f"W, b and X must be float32 or float64, got {precision}")
    if Y.ndim != 2:
        Y = targets(Y, (n, m), 0)
    elif Y.shape != (n, m):
        want, got = ((m, n), Y.T.shape) if turned else ((n, m), Y.shape)
        raise ValueError(
            f"Y must have the shape of the logits, {want}, or be integer labels of "
            f"shape {(m,)}, got shape {got}"
        )
    else:
        some = max(1, 2**20 // m)
        for first in range(0, n, some):
            rows = Y[first : first + some]
            targets(rows, rows.shape, 0)
    return W, b.astype(precision, copy=False), X.astype(precision, copy=False), Y


def layer_sizes(W, b, X, axis):
    """Return n, d and m of a softmax layer, from the shapes of W, b and X alone."""
    inputs, m = X.shape[::-1] if is_turned(axis) else X.shape
    n, d = W.shape
    if b.shape != (n,):
        raise ValueError(f"b must have shape {(n,)}, one row of W each, got {b.shape}")
    if inputs != d:
        raise ValueError(
            f"X must have {d} inputs, as W of shape {W.shape} has, got {inputs}"
        )
    return n, d, m


def is_turned(axis):
    """Say whether the class axis of a matrix is its last, and not its first."""
    check_axis(axis, 2)
    return axis % 2 == 1


def check_axis(axis, ndim):
    """Refuse anything but one axis of an array with `ndim` axes."""
    if isinstance(axis, bool) or not isinstance(axis, int | np.integer):
        raise TypeError(f"axis must be one integer, the class axis, got {axis!r}")
    if not -ndim <= axis < ndim:
        raise ValueError(f"axis {axis} does not exist in an array of {ndim} axes")


def class_count(n):
    """Return n as the number of classes."""
    if isinstance(n, bool) or not isinstance(n, int | np.integer):
        raise TypeError(f"n must be one integer, the number of classes, got {n!r}")
    if n < 1:
        raise ValueError(f"n must be at least 1, the number of classes, got {n}")
    return int(n)


def block_size(block):
    """Return the most classes at a time, or None."""
    return None if block is None else _count(block, "block", "classes")


def room_size(budget):
    """Return a number of bytes."""
    return _count(budget, "budget", "bytes")


def _count(number, name, kind):
    if isinstance(number, bool) or not isinstance(number, int | np.integer):
        raise TypeError(
            f"{name} must be one integer, a number of {kind}, got {number!r}"
        )
    if number < 1:
        raise ValueError(f"{name} must be at least 1, a number of {kind}, got {number}")
    return int(number)


def step_size(step):
    """Return the step as a float that an entry can be moved by."""
    if isinstance(step, bool) or not isinstance(step, Real):
        raise TypeError(f"step must be one number, got {step!r}")
    if not 0 < float(step) < np.inf:  # NaN is neither
        raise ValueError(f"step must be positive and finite, got {step}")
    return float(step)


def check_largest(top, start=0):
    """Refuse logits by the largest of each example; a maximum keeps NaN.

    `top` has an entry for each example, of which the first is example `start`.
    """
    wrong = ~np.isfinite(top)
    if wrong.any():
        *rest, last = np.argwhere(wrong)[0] if np.ndim(top) else [0]
        place = [*map(int, rest), int(last) + start]
        example = f" in example {place if rest else place[0]} (from 0)"
        raise ValueError(
            "the largest logit of each example must be finite (no NaN, no +inf, "
            f"not all -inf), got {first(top, wrong)}{example if np.ndim(top) else ''}"
        )


def probabilities(A, axis):
    """Return A as a batch of numbers from 0 to 1."""
    A = batch(A, "A", axis)
    # A softmax that multiplies by 1/Σ can be a few roundings above 1.
    most = 1 + 8 * np.finfo(A.dtype).eps
    wrong = ~((A.real >= 0) & (A.real <= most))  # NaN is neither
    if wrong.any():
        raise ValueError(
            f"A must hold probabilities in [0, 1], got {first(A, wrong)}; "
            "for logits use softmax_cross_entropy"
        )
    return A


def derivative(dA, shape):
    """Return dA as an array of finite floats, of the shape of A."""
    dA = real(dA, "dA")
    if dA.shape != shape:
        raise ValueError(f"dA must have the shape of A, {shape}, got {dA.shape}")
    wrong = ~np.isfinite(dA)
    if wrong.any():
        raise ValueError(
            f"dA must be finite, got {first(dA, wrong)}; dA = -Y/A is infinite where "
            "the output of a true class is 0: compute dZ from the logits by "
            "softmax_cross_entropy_grad(Z, Y, mean=False)"
        )
    return dA


def targets(Y, shape, axis):
    """Return Y as targets of that shape, or as one integer label per example."""
    Y = unmasked(Y, "Y")
    if Y.shape == shape:
        Y = real(Y, "Y")
        wrong = ~((Y.real >= 0) & (Y.real < np.inf))
        if wrong.any():
            raise ValueError(f"Y must hold finite numbers >= 0, got {first(Y, wrong)}")
        return Y
    one_per_example = shape[:axis] + shape[axis:][1:]
    if Y.shape != one_per_example:
        raise ValueError(
            f"Y must have the shape of the logits or probabilities, {shape}, or be "
            f"integer labels of shape {one_per_example}, got shape {Y.shape}"
        )
    return classes(Y, shape[axis])


def label_of(z, y):
    """Return the label of one example z as a vector; an integer becomes one-hot."""
    y = targets(y, z.shape, 0)
    return y if y.ndim else (np.arange(z.size) == y).astype(float)


def classes(labels, n):
    """Return labels as integers 0..n-1, of the type that indexes arrays."""
    labels = unmasked(labels, "labels")
    if labels.size == 0:
        raise ValueError(f"labels must not be empty, got shape {labels.shape}")
    if labels.dtype.kind not in "iu":
        raise TypeError(f"labels must be integers, got dtype {labels.dtype}")
    wrong = (labels < 0) | (labels >= n)
    if wrong.any():
        message = f"labels must be classes 0..{n - 1}, got {first(labels, wrong)}"
        if (labels == -100).any():
            message += (
                "; -100 is the ignore_index of PyTorch: remove these examples from "
                "labels and logits"
            )
        raise ValueError(message)
    # NumPy makes floats of uint64 and int64 together, and no float is an index.
    return labels.astype(np.intp, copy=False)


def first(X, wrong):
    """Return the first offending entry, for an error message."""
    return X[wrong].flat[0].real
