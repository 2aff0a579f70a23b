"""The mathematics: softmax, cross-entropy, their gradient A − Y, the Jacobian."""

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from arrays.blocks import is_large, softmax_gradient
from arrays.inputs import (
    batch,
    check_axis,
    check_largest,
    class_count,
    classes,
    derivative,
    one_example,
    probabilities,
    targets,
)


def softmax(Z: ArrayLike, axis: int = 0) -> np.ndarray:
    """Return the probabilities A = e^Z / Σ e^Z of each example.

    Shapes: Z is (n, m) or (n,), or (m, n) with axis=-1; A is the same. The precision
    of Z is kept; integers become float64. A logit of -inf is a probability of 0.

    Raises ValueError if Z is empty, holds NaN or +inf, has an example of -inf only, or
    lacks the axis; TypeError if Z does not hold real numbers or is masked.

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


def log_softmax(Z: ArrayLike, axis: int = 0) -> np.ndarray:
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


def cross_entropy(A: ArrayLike, Y: ArrayLike, axis: int = 0) -> np.floating:
    """Return the mean loss J = -(1/m) Σ Y log A from probabilities, with 0 log 0 = 0.

    Shapes: A is (n, m) or (n,), or (m, n) with axis=-1; Y is the same, or one integer
    label per example; J is one number. It is inf where a label has probability 0.

    Raises ValueError if A leaves [0, 1], if Y holds NaN, inf, a negative number or a
    label outside 0..n-1, or if the shapes do not match; TypeError if A or Y does not
    hold real numbers or is masked, or labels are not integers.

    Source: notebook 03.

    >>> cross_entropy([0.5, 0.5], [1, 0]) == np.log(2)
    np.True_
    >>> cross_entropy([[1.0, 0.0], [0.0, 1.0]], [0, 0])  # the second is surely wrong
    np.float64(inf)
    """
    A = probabilities(A, axis)
    Y = targets(Y, A.shape, axis)
    with np.errstate(divide="ignore"):  # log 0 = -inf is meant
        return _mean_loss(np.log(A), Y, axis)


def softmax_cross_entropy(Z: ArrayLike, Y: ArrayLike, axis: int = 0) -> np.floating:
    """Return the mean loss J = -(1/m) Σ Y log softmax(Z) from logits, in one stable go.

    Shapes: Z is (n, m) or (n,), or (m, n) with axis=-1; Y is the same, or one integer
    label per example; J is one number, of the precision of Z.

    Raises as softmax for Z and as cross_entropy for Y.

    Source: notebook 04 (log-sum-exp).

    >>> float(softmax_cross_entropy([0, 1000], 0))
    1000.0
    """
    Z = batch(Z, "Z", axis)
    Y = targets(Y, Z.shape, axis)
    return _mean_loss(log_softmax(Z, axis), Y, axis)


def softmax_cross_entropy_grad(
    Z: ArrayLike, Y: ArrayLike, axis: int = 0, mean: bool = True
) -> np.ndarray:
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
    Z = batch(Z, "Z", axis)
    Y = targets(Y, Z.shape, axis)
    if is_large(Z):
        return softmax_gradient(Z, Y, axis, 1 / _examples(Z, axis) if mean else 1)
    dZ = softmax(Z, axis)
    if Y.ndim < Z.ndim:
        at_label = np.expand_dims(Y, axis)  # the only entries where Y is not 0
        less_one = np.take_along_axis(dZ, at_label, axis) - 1
        np.put_along_axis(dZ, at_label, less_one, axis)
    else:
        dZ *= _class_sum(Y, axis)
        dZ -= Y
    if mean:
        dZ /= _examples(Z, axis)
    return dZ


def softmax_jacobian(z: ArrayLike) -> np.ndarray:
    """Return the Jacobian diag(a) - a aᵀ of one example: [i, j] is da_i/dz_j.

    Shapes: z is (n,), the Jacobian (n, n); rows are outputs, columns logits.

    Raises ValueError if z is not one example, and as softmax.

    Source: notebook 02.

    >>> softmax_jacobian([0, 0])
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    a = softmax(one_example(z))
    return np.diag(a) - np.outer(a, a)


def softmax_vjp(A: ArrayLike, dA: ArrayLike, axis: int = 0) -> np.ndarray:
    """Return dZ = Jᵀ dA of each example as A (dA - Σ A dA), without building any J.

    Shapes: A and dA are (n, m) or (n,), or (m, n) with axis=-1; dZ is the same.

    Raises ValueError if A leaves [0, 1], dA is not finite, or the shapes differ;
    TypeError if A or dA does not hold real numbers or is masked. An output that has
    underflowed to 0 makes dA = -y/a infinite: softmax_cross_entropy_grad serves there.

    Source: notebook 04.

    >>> softmax_vjp([0.5, 0.5], [-2, 0])  # dA = -y/a, dz = a - y
    array([-0.5,  0.5])
    """
    A = probabilities(A, axis)
    dA = derivative(dA, A.shape)
    dZ = A * (dA - _class_sum(A * dA, axis))
    return dZ.astype(np.result_type(A, dA), copy=False)


def one_hot(
    labels: ArrayLike, n: int, dtype: DTypeLike = float, axis: int = 0
) -> np.ndarray:
    """Return the one-hot columns of integer labels 0..n-1.

    Shapes: labels is (m,), the result (n, m), or (m, n) with axis=-1.

    Raises ValueError if a label is outside 0..n-1, there is none, or n is below 1;
    TypeError if the labels are not integers or are masked, or n is not an integer.

    Source: notebook 03.

    >>> one_hot([2, 0], n=3)
    array([[0., 1.],
           [0., 0.],
           [1., 0.]])
    """
    n = class_count(n)
    labels = classes(labels, n)
    check_axis(axis, labels.ndim + 1)
    at_label = np.expand_dims(labels, axis)
    shape = list(at_label.shape)
    shape[axis] = n
    Y = np.zeros(shape, dtype)
    np.put_along_axis(Y, at_label, 1, axis)
    return Y


def _shifted_logits(Z, axis):
    """Return a new Z - max Z: its softmax is the same, and its e^Z cannot overflow."""
    Z = batch(Z, "Z", axis)
    # Each example has its own maximum: with a global one a whole column can underflow.
    # The real part, so that the shift is a constant to the complex step.
    top = Z.real.max(axis=axis, keepdims=True)
    check_largest(np.squeeze(top, axis))
    with np.errstate(over="ignore"):  # 1e308 below the maximum is as good as -inf
        return np.subtract(Z, top, order="C")


def _class_sum(X, axis):
    """Return Σ over the classes as a row; add half precision in single precision."""
    # NumPy adds row after row, and each addition rounds. Halves added to each other
    # round less often: at 50,000 classes some ten times closer in float32.
    if X.shape[axis] > 4096:
        first, second = np.array_split(X, 2, axis)
        return _class_sum(first, axis) + _class_sum(second, axis)
    accumulator = np.result_type(X.dtype, np.float32)
    return X.sum(axis=axis, keepdims=True, dtype=accumulator)


def _mean_loss(log_A, Y, axis):
    """Return -(1/m) Σ Y log A for validated labels, with 0 · (-inf) = 0."""
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
    """Return the number m of examples."""
    return Z.size // Z.shape[axis]
