"""Softmax, its loss, A − Y, and dW, db, dX of a layer on a mesh, as in `helpers`.

These place the arrays on devices; what one device computes stands in `shards`.
"""

import jax
import numpy as np
from jax.sharding import Mesh
from jax.typing import ArrayLike

from arrays.inputs import is_turned, layer_sizes, real
from arrays.sharded.devices import Placement
from arrays.sharded.inputs import floats, labels
from arrays.sharded.layout import BIASES, WEIGHTS
from arrays.sharded.shards import (
    gradient_shard,
    linear_shard,
    loss_shard,
    softmax_shard,
)


def softmax(Z: ArrayLike, mesh: Mesh, axis: int = 0) -> jax.Array:
    """Return A = e^Z / Σ e^Z of each example, split as Z is, by class and by example.

    Shapes: Z is (n, m), or (m, n) with axis=-1; A is the same, of the precision of Z.

    Raises as helpers.softmax; ValueError also if the mesh is not classes × examples;
    TypeError also if Z has neither single nor double precision, or double precision
    that JAX would cut. Values are not looked at under jit, nor those that another
    process holds: what would be refused gives NaN there.

    Source: notebook 16.

    >>> from arrays.sharded import mesh
    >>> Z = np.float32([[0, 1000], [0, 1000], [-np.inf, 1000]])
    >>> softmax(Z, mesh(1, 1))
    Array([[0.5       , 0.33333334],
           [0.5       , 0.33333334],
           [0.        , 0.33333334]], dtype=float32)
    """
    Z = floats(Z, "Z")
    placement = Placement.of_logits(Z, mesh, axis)
    axes = placement.layout.logits
    given = [(placement.place_logits(Z), axes)]
    return placement.run(softmax_shard, given, [axes])[0]


def softmax_cross_entropy(
    Z: ArrayLike, Y: ArrayLike, mesh: Mesh, axis: int = 0
) -> jax.Array:
    """Return the mean loss J = -(1/m) Σ Y log softmax(Z) from logits that are split.

    Shapes: Z is (n, m), or (m, n) with axis=-1; Y is the same, or one integer label per
    example; J is one number on every device, of the precision of Z.

    Raises as softmax for Z and the mesh, and as helpers.cross_entropy for Y.

    Source: notebook 16.

    >>> from arrays.sharded import mesh
    >>> softmax_cross_entropy(np.float32([[0], [1000], [0]]), [0], mesh(1, 1))
    Array(1000., dtype=float32)
    """
    placement, given = _logits_and_labels(Z, Y, mesh, axis)
    static = placement.layout.n, placement.layout.m
    return placement.run(loss_shard, given, [()], static)[0]


def softmax_cross_entropy_grad(
    Z: ArrayLike, Y: ArrayLike, mesh: Mesh, axis: int = 0, mean: bool = True
) -> jax.Array:
    """Return dJ/dZ = (A ΣY - Y)/m, or with mean=False dZ = A ΣY - Y, split as Z is.

    Shapes: Z is (n, m), or (m, n) with axis=-1; Y is the same, or one integer label per
    example; the gradient has the shape and precision of Z.

    Raises as softmax for Z and the mesh, and as helpers.cross_entropy for Y.

    Source: notebook 16.

    >>> from arrays.sharded import mesh
    >>> softmax_cross_entropy_grad(np.float32([[0], [0]]), [1], mesh(1, 1))
    Array([[ 0.5],
           [-0.5]], dtype=float32)
    """
    placement, given = _logits_and_labels(Z, Y, mesh, axis)
    layout = placement.layout
    static = layout.n, layout.m if mean else 1
    return placement.run(gradient_shard, given, [layout.logits], static)[0]


def linear_softmax_cross_entropy_grad(
    W: ArrayLike,
    b: ArrayLike,
    X: ArrayLike,
    Y: ArrayLike,
    mesh: Mesh,
    axis: int = 0,
    mean: bool = True,
) -> tuple[jax.Array, jax.Array, jax.Array, jax.Array]:
    """Return J, dW, db and dX of Z = W X + b; each device holds its rows of W only.

    It makes their logits in blocks: its part of Z or dZ is never stored whole.

    With mean=False the results are sums over the examples, not means.

    Shapes: W is (n, d), b (n,), X (d, m), or (m, d) with axis=-1; Y is (n, m), or
    (m, n), or one integer label per example; dW, db, dX are as W, b, X.

    Raises as softmax for the logits W X + b and the mesh, and as helpers.cross_entropy
    for Y; ValueError also if the shapes of W, b and X do not match.

    Source: notebook 16.

    >>> from arrays.sharded import mesh
    >>> W, b = np.zeros((2, 3), np.float32), np.zeros(2, np.float32)
    >>> X = np.ones((3, 1), np.float32)
    >>> J, dW, db, dX = linear_softmax_cross_entropy_grad(W, b, X, [1], mesh(1, 1))
    >>> dW
    Array([[ 0.5,  0.5,  0.5],
           [-0.5, -0.5, -0.5]], dtype=float32)
    """
    W, b, X = floats(W, "W"), floats(b, "b", real), floats(X, "X")
    n, _, m = layer_sizes(W, b, X, axis)
    placement = Placement.of(mesh, n, m, is_turned(axis))
    layout = placement.layout
    Y = labels(Y, layout.lay(n, m), axis)
    dtype = np.result_type(W.dtype, b.dtype, X.dtype)
    given = [
        (placement.place(W, WEIGHTS, dtype), WEIGHTS),
        (placement.place(b, BIASES, dtype, classes=-np.inf), BIASES),
        (placement.place(X, layout.inputs, dtype), layout.inputs),
        (placement.place_labels(Y, dtype), layout.labels(Y)),
    ]
    out = [(), WEIGHTS, BIASES, layout.inputs]
    static = n, m if mean else 1, layout.turned
    return tuple(placement.run(linear_shard, given, out, static))


def _logits_and_labels(Z, Y, mesh, axis):
    """Where Z lies; and Z and Y on the mesh, each with how it is split."""
    Z = floats(Z, "Z")
    placement = Placement.of_logits(Z, mesh, axis)
    Y = labels(Y, Z.shape, axis)
    placed = placement.place_logits(Z), placement.place_labels(Y, Z.dtype)
    axes = placement.layout.logits, placement.layout.labels(Y)
    return placement, list(zip(placed, axes, strict=True))
