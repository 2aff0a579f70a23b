"""A − Y where the classes outgrow one device: functions of `helpers` on a mesh, in JAX.

The mesh has two axes, classes × examples. W, b and Z are split by class, X and labels
by example, soft labels both ways, as Z. Each device works on its shard, and asks the
others by lax.pmax and lax.psum: the functions `..._shard` are that program.

What does not divide is padded: classes by logits of -inf, whose probability is 0, and
examples by X = 0 without a label, which count for nothing. A device may hold padding
only. `python -m arrays.sharded --help` says how several processes share the work.
"""

from collections import Counter

import numpy as np

from arrays.inputs import is_turned, layer_sizes, real

try:
    import jax
except ImportError as error:
    raise ImportError(
        f"arrays.sharded needs JAX: pip install -r requirements-scale.txt ({error})"
    ) from None
from jax import lax
from jax import numpy as jnp

from arrays.sharded.split import (
    NO_LABEL,
    Split,
    by_device,
    floats,
    host_devices,
    labels,
    mesh,
)

__all__ = [
    "collectives",
    "host_devices",
    "linear_softmax_cross_entropy_grad",
    "mesh",
    "softmax",
    "softmax_cross_entropy",
    "softmax_cross_entropy_grad",
]


def softmax_shard(Z):
    """A for one device's rows of Z; of each example also max Z and Σ e^(Z - max)."""
    top = lax.pmax(Z.max(axis=0), "classes")
    E = jnp.exp(Z - top)
    S = lax.psum(E.sum(axis=0), "classes")
    return E / S, top, S


def logits_shard(Z, Y, n):
    """dZ = A ΣY - Y for one device's rows of Z, and the loss of each example."""
    top = lax.pmax(Z.max(axis=0), "classes")
    Z = Z - top
    E = jnp.exp(Z)
    soft = Y.ndim == 2
    if not soft:
        total, Y = label_sum(Y, n), own_rows(Y, Z)
    at_label = jnp.where(Y == 0, 0, Y * Z)  # 0 · (-inf) is 0 here
    parts = [E, at_label, Y] if soft else [E, at_label]
    sums = lax.psum(jnp.stack([part.sum(axis=0) for part in parts]), "classes")
    S, at_label, total = sums if soft else (*sums, total)
    return total * (E / S) - Y, total * jnp.log(S) - at_label, top, S


def own_rows(labels, Z):
    """The device's rows of one-hot labels: an example's 1 stands on one device only."""
    first = lax.axis_index("classes") * len(Z)
    return (first + jnp.arange(len(Z))[:, None] == labels).astype(Z.dtype)


def label_sum(labels, n):
    """ΣY of integer labels: 1, or 0 for padding; NaN where a label is no class.

    NaN comes only where the labels could not be looked at before, as under jit.
    """
    is_class = (labels >= 0) & (labels < n)
    return jnp.where(is_class, 1, jnp.where(labels == NO_LABEL, 0, jnp.nan))


def loss_shard(Z, Y, n, m):
    """J for one device's rows of Z and its examples."""
    _, loss, top, S = logits_shard(Z, Y, n)
    return lax.psum((loss / m).sum(), "examples"), top, S


def gradient_shard(Z, Y, n, m):
    """(A ΣY - Y)/m for one device's rows of Z and its examples."""
    dZ, _, top, S = logits_shard(Z, Y, n)
    return dZ / m, top, S


def linear_shard(W, b, X, Y, n, m):
    """J, dW, db, dX of Z = W X + b, for one device's rows of W and its examples.

    The sums over the examples are divided by m, once and before they are exchanged.
    """
    dZ, loss, top, S = logits_shard(W @ X + b[:, None], Y, n)
    dZ = dZ / m
    dX = lax.psum(W.T @ dZ, "classes")
    J, dW, db = lax.psum(((loss / m).sum(), dZ @ X.T, dZ.sum(axis=1)), "examples")
    return J, dW, db, dX, top, S


def softmax(Z, mesh, axis=0):
    """Return A = e^Z / Σ e^Z of each example, split as Z is, by class and by example.

    Shapes: Z is (n, m), or (m, n) with axis=-1; A is the same, of the precision of Z.

    Raises as helpers.softmax; ValueError also if the mesh is not classes × examples;
    TypeError also if Z has neither single nor double precision, or double precision
    that JAX would cut. Values are not looked at under jit, nor those that another
    process holds: what would be refused gives NaN there.

    Source: notebook 16.

    >>> Z = np.float32([[0, 1000], [0, 1000], [-np.inf, 1000]])
    >>> softmax(Z, mesh(1, 1))
    Array([[0.5       , 0.33333334],
           [0.5       , 0.33333334],
           [0.        , 0.33333334]], dtype=float32)
    """
    Z = floats(Z, "Z")
    split = Split.of(Z.shape, mesh, axis)
    given = [(split.place_logits(Z), split.batch)]
    return split.run(softmax_shard, given, [split.batch])[0]


def softmax_cross_entropy(Z, Y, mesh, axis=0):
    """Return the mean loss J = -(1/m) Σ Y log softmax(Z) from logits that are split.

    Shapes: Z is (n, m), or (m, n) with axis=-1; Y is the same, or one integer label per
    example; J is one number on every device, of the precision of Z.

    Raises as softmax for Z and the mesh, and as helpers.cross_entropy for Y.

    Source: notebook 16.

    >>> softmax_cross_entropy(np.float32([[0], [1000], [0]]), [0], mesh(1, 1))
    Array(1000., dtype=float32)
    """
    split, given = _logits_and_labels(Z, Y, mesh, axis)
    return split.run(loss_shard, given, [()], (split.n, split.m))[0]


def softmax_cross_entropy_grad(Z, Y, mesh, axis=0, mean=True):
    """Return dJ/dZ = (A ΣY - Y)/m, or with mean=False dZ = A ΣY - Y, split as Z is.

    Shapes: Z is (n, m), or (m, n) with axis=-1; Y is the same, or one integer label per
    example; the gradient has the shape and precision of Z.

    Raises as softmax for Z and the mesh, and as helpers.cross_entropy for Y.

    Source: notebook 16.

    >>> softmax_cross_entropy_grad(np.float32([[0], [0]]), [1], mesh(1, 1))
    Array([[ 0.5],
           [-0.5]], dtype=float32)
    """
    split, given = _logits_and_labels(Z, Y, mesh, axis)
    static = split.n, split.m if mean else 1
    return split.run(gradient_shard, given, [split.batch], static)[0]


def linear_softmax_cross_entropy_grad(W, b, X, Y, mesh, axis=0, mean=True):
    """Return J, dW, db and dX of Z = W X + b; no device ever holds all of W or Z.

    With mean=False they are sums over the examples, not means.

    Shapes: W is (n, d), b (n,), X (d, m), or (m, d) with axis=-1; Y is (n, m), or
    (m, n), or one integer label per example; dW, db, dX are as W, b, X.

    Raises as softmax for the logits W X + b and the mesh, and as helpers.cross_entropy
    for Y; ValueError also if the shapes of W, b and X do not match.

    Source: notebook 16.

    >>> W, b = np.zeros((2, 3), np.float32), np.zeros(2, np.float32)
    >>> X = np.ones((3, 1), np.float32)
    >>> J, dW, db, dX = linear_softmax_cross_entropy_grad(W, b, X, [1], mesh(1, 1))
    >>> dW
    Array([[ 0.5,  0.5,  0.5],
           [-0.5, -0.5, -0.5]], dtype=float32)
    """
    W, b, X = floats(W, "W"), floats(b, "b", real), floats(X, "X")
    n, _, m = layer_sizes(W, b, X, axis)
    split = Split(by_device(mesh), n, m, is_turned(axis))
    Y = labels(Y, split.lay(n, m), axis)
    dtype = np.result_type(W.dtype, b.dtype, X.dtype)
    by_class = "classes", None
    given = [
        (split.place(W, by_class, dtype), by_class),
        (split.place(b, ("classes",), dtype, classes=-np.inf), ("classes",)),
        (split.place(X, split.inputs, dtype), split.inputs),
        (split.place_labels(Y, dtype), split.axes_of_labels(Y)),
    ]
    out = [(), by_class, ("classes",), split.inputs]
    static = split.n, split.m if mean else 1
    return tuple(split.run(linear_shard, given, out, static))


def collectives(f, *args):
    """Return how many arrays f(*args) reduces or exchanges between devices, and how.

    Counted in the program as it is written, before XLA combines any; what stands in a
    loop counts once. Nothing is computed.

    Source: notebook 16.

    >>> collectives(lambda Z: softmax(Z, mesh(1, 1)), np.zeros((3, 2), np.float32))
    {'pmax over classes': 1, 'psum over classes': 1}
    """
    found = Counter()

    def count(jaxpr):
        for step in jaxpr.eqns:
            kind = step.primitive.name.removesuffix("_invariant")
            if kind in COLLECTIVES:
                axes = step.params.get("axes", step.params.get("axis_name"))
                axes = axes if isinstance(axes, tuple) else (axes,)
                found[f"{kind} over {' and '.join(axes)}"] += len(step.invars)
            for part in jax.tree.leaves(list(step.params.values())):
                inner = getattr(part, "jaxpr", part)
                if hasattr(inner, "eqns"):
                    count(inner)

    count(jax.make_jaxpr(f)(*args).jaxpr)
    return dict(found)


COLLECTIVES = {
    "all_gather",
    "all_to_all",
    "pmax",
    "pmin",
    "ppermute",
    "psum",
    "ragged_all_to_all",
    "reduce_scatter",
}
"""The primitives of JAX by which devices exchange numbers; some end in _invariant."""


def _logits_and_labels(Z, Y, mesh, axis):
    """The split of Z, and both on the mesh with their axes."""
    Z = floats(Z, "Z")
    split = Split.of(Z.shape, mesh, axis)
    Y = labels(Y, Z.shape, axis)
    placed = split.place_logits(Z), split.place_labels(Y, Z.dtype)
    return split, list(zip(placed, (split.batch, split.axes_of_labels(Y)), strict=True))
