"""Wrong formulas that were published or shipped: the check refuses each of them.

Each row holds a wrong gradient, the right one, and the function and the point where
both are measured. The right one passes, so the check does not refuse everything.
"""

import numpy as np
import pytest

from helpers import (
    gradient_check,
    one_hot,
    softmax,
    softmax_cross_entropy,
    softmax_cross_entropy_grad,
    softmax_jacobian,
)

rng = np.random.default_rng(7)
n = 4
m = 3
Z = rng.standard_normal((n, m))
Y = one_hot([2, 0, 2], n)
SOFT = 0.7 * Y + 0.3 * rng.dirichlet(np.ones(n), m).T  # still sums to 1
MULTI = Y + one_hot([1, 1, 3], n)  # two ones per example
APART = Z - [[0, 1000, 0]]  # one example far below the others
A = softmax(Z)
z = Z[:, 0]
y = Y[:, 0]
a = A[:, 0]
J_A = softmax_jacobian(z)
T = np.array([0.5, 1.0, 2.0, 3.0])  # one temperature per class
J_T = softmax_jacobian(z / T) / T  # [i, j] = da_i/dz_j, not symmetric
w = np.array([1.0, 2.0, 0.5, 3.0])  # one weight per class
u = np.array([0.3, -1.0, 2.0, 0.5])  # any dL/da


def loss(Y):
    return lambda Z: softmax_cross_entropy(Z, Y)


def probability(i):
    return lambda z: softmax(z)[i]


def off_diagonal(row):
    """Row 0 of the Jacobian of a with other entries right of the diagonal."""
    return np.where(np.arange(n) == 0, J_A[0], row)


def softmax_shifted_by_the_global_maximum(Z):
    E = np.exp(Z - Z.max())
    with np.errstate(invalid="ignore"):  # 0/0 is what this one is about
        return E / E.sum(axis=0)


def softmax_over_the_examples(Z):
    return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)


def temperature_loss(z):
    return softmax_cross_entropy(z / T, y)


WRONG = {
    "s(1 - s) as a vector": (-Y / A * A * (1 - A) / m, (A - Y) / m, loss(Y), Z),
    "off-diagonal without its minus": (
        off_diagonal(a[0] * a),
        J_A[0],
        probability(0),
        z,
    ),
    "exp(z_i) twice off the diagonal": (
        off_diagonal(-(a[0] ** 2)),
        off_diagonal(-a[0] * a),
        probability(0),
        z,
    ),
    "y - a": (y - a, a - y, loss(y), z),
    "a - 1 in every entry": (a - 1, a - y, loss(y), z),
    "a (1 - y)": (a * (1 - y), a - y, loss(y), z),
    "1/m missing": (A - Y, (A - Y) / m, loss(Y), Z),
    "1/m twice": ((A - Y) / m / m, (A - Y) / m, loss(Y), Z),
    "division by n": ((A - Y) / n, (A - Y) / m, loss(Y), Z),
    "softmax along the wrong axis": (
        (softmax_over_the_examples(Z) - Y) / m,
        (softmax_over_the_examples(Z.T).T - Y) / m,
        loss(Y),
        Z,
    ),
    "global maximum as shift": (
        (softmax_shifted_by_the_global_maximum(APART) - Y) / m,
        (softmax(APART) - Y) / m,
        loss(Y),
        APART,
    ),
    "argmax of a soft label": (
        softmax_cross_entropy_grad(Z, SOFT.argmax(axis=0)),
        softmax_cross_entropy_grad(Z, SOFT),
        loss(SOFT),
        Z,
    ),
    "softmax applied twice": ((softmax(A) - Y) / m, (A - Y) / m, loss(Y), Z),
    "A - Y of the loss of two softmaxes": (
        (softmax(A) - Y)[:, 0],
        J_A.T @ (softmax(a) - y),
        lambda z: softmax_cross_entropy(softmax(z), y),
        z,
    ),
    "A - Y where the labels do not sum to 1": (
        (A - MULTI) / m,
        (A * MULTI.sum(axis=0) - MULTI) / m,
        loss(MULTI),
        Z,
    ),
    "Jacobian not transposed: temperatures per class": (
        J_T @ (-y / softmax(z / T)),
        J_T.T @ (-y / softmax(z / T)),
        temperature_loss,
        z,
    ),
    "Jacobian not transposed: weights per class": (
        (w[:, None] * J_A) @ u,
        (w[:, None] * J_A).T @ u,
        lambda z: np.sum(u * w * softmax(z)),
        z,
    ),
}


@pytest.mark.parametrize("method", ["complex", "central"])
@pytest.mark.parametrize("formula", WRONG)
def test_is_refused_with_a_counterexample(formula, method):
    wrong, right, f, X = WRONG[formula]
    assert gradient_check(right, f, X, method)
    result = gradient_check(wrong, f, X, method)
    assert not result
    assert f"differs: at entry {list(result.index)} (from 0) yours is" in repr(result)
    # the counterexample is one: the two numbers shown differ, the measured one is right
    assert result.yours == pytest.approx(wrong[result.index], nan_ok=True)
    assert result.reference == pytest.approx(right[result.index], rel=1e-6)
    assert not abs(result.yours - result.reference) < 0.01
