"""What one device computes in JAX, its part of A, J, dZ, dW, db, dX, and exchanges.

A function `..._shard` computes with one device's blocks, classes down and examples
across. Its lines with lax.pmax and lax.psum are all the places where devices talk.
"""

from collections import Counter
from collections.abc import Callable

import jax
from jax import lax
from jax import numpy as jnp
from jax.typing import ArrayLike

from arrays.sharded.layout import NO_LABEL

BLOCK = 2**20
"""The numbers of a block's Z and its rows of W together: 4 MiB in single precision.

That is little beside W. Each block reads and writes dX once more, so that with blocks
of a fourth the processor worked a third longer (n = 12,000, d = 1,024, m = 4,096).
"""


def softmax_shard(Z):
    """A for one device's rows of Z; of each example also max Z and Σ e^(Z - max)."""
    top = lax.pmax(Z.max(axis=0), "classes")
    E = jnp.exp(Z - top)
    S = lax.psum(E.sum(axis=0), "classes")
    return E / S, top, S


def logits_shard(Z, Y, n):
    """dZ = A ΣY - Y for one device's rows of Z, and the loss of each example."""
    own = own_labels(Y, len(Z))(0, Z)
    top = lax.pmax(Z.max(axis=0), "classes")
    sums = lax.psum(exchanged(sums_at(top, Z, own), Y), "classes")
    S, total, loss = merged(sums, Y, n)
    return logits_gradient(Z, own, top, S, total), loss, top, S


def linear_shard(W, b, X, Y, n, m, turned=False):
    """J, dW, db, dX of Z = W X + b, for one device's rows of W and its examples.

    Z and dZ are never stored whole: the logits are made twice, a block of rows at a
    time, once for the normaliser and once for the gradients. The sums over the examples
    are divided by m, once and before they are exchanged. `turned` says that soft labels
    lay in memory as (m, n).
    """
    labels_at = own_labels(Y, len(W), turned)
    own_top, own_sums = normaliser_of_blocks(W, b, X, labels_at)
    top = lax.pmax(own_top, "classes")
    own_sums = at_larger(own_sums, own_top, top)
    sums = lax.psum(exchanged(own_sums, Y), "classes")
    S, total, loss = merged(sums, Y, n)
    dX, dW, db = gradients_of_blocks(W, b, X, labels_at, (top, S, total), m)
    dX = lax.psum(dX, "classes")
    J, dW, db = lax.psum(((loss / m).sum(), dW, db), "examples")
    return J, dW, db, dX, top, S


def normaliser_of_blocks(W, b, X, labels_at):
    """Of each example the largest logit among these rows, and the sums at it."""

    def add(state, first, rows):
        top, sums = state
        _, Z, Y = block_of(W, b, X, labels_at, first, rows)
        larger = jnp.maximum(top, Z.max(axis=0))
        return larger, at_larger(sums, top, larger) + sums_at(larger, Z, Y)

    m = X.shape[1]
    start = zeros((m,), X.dtype) - jnp.inf, zeros((3, m), X.dtype)
    return over_blocks(add, start, W, X)


def gradients_of_blocks(W, b, X, labels_at, of_examples, m):
    """These rows' part of dX, and their dW and db."""

    def add(state, first, rows):
        dX, dW, db = state
        W_rows, Z, Y = block_of(W, b, X, labels_at, first, rows)
        dZ = logits_gradient(Z, Y, *of_examples) / m
        dX += W_rows.T @ dZ
        dW = lax.dynamic_update_slice_in_dim(dW, dZ @ X.T, first, 0)
        db = lax.dynamic_update_slice_in_dim(db, dZ.sum(axis=1), first, 0)
        return dX, dW, db

    start = tuple(zeros(like.shape, X.dtype) for like in (X, W, b))
    return over_blocks(add, start, W, X)


def over_blocks(add, state, W, X):
    """What add(state, first row, number of rows) makes, block after block of W.

    The last block is smaller where the others leave a rest.
    """
    rows = min(len(W), max(1, BLOCK // sum(X.shape)))
    count, rest = divmod(len(W), rows)
    state = lax.fori_loop(0, count, lambda k, state: add(state, k * rows, rows), state)
    return add(state, count * rows, rest) if rest else state


def block_of(W, b, X, labels_at, first, rows):
    """W, Z and the labels of some of the device's rows."""
    W_rows, b_rows = (lax.dynamic_slice_in_dim(A, first, rows) for A in (W, b))
    Z = W_rows @ X + b_rows[:, None]
    return W_rows, Z, labels_at(first, Z)


def zeros(shape, dtype):
    """Zeros that JAX lets a loop replace by numbers that differ between devices."""
    zero = 0 * lax.axis_index(("classes", "examples"))
    return jnp.zeros(shape, dtype) + zero.astype(dtype)


def sums_at(top, Z, Y):
    """Σ e^(Z - top), Σ Y (Z - top) and ΣY of each example over these rows."""
    Z = Z - finite(top)
    at_label = jnp.where(Y == 0, 0, Y * Z)  # 0 · (-inf) is 0 here
    return jnp.stack([part.sum(axis=0) for part in (jnp.exp(Z), at_label, Y)])


def at_larger(sums, top, larger):
    """The sums at `top` as they are at a larger number: no term changes its sign."""
    S, at_label, total = sums
    less = finite(top) - finite(larger)
    moved = jnp.where(total == 0, 0, total * less)
    return jnp.stack([S * jnp.exp(less), at_label + moved, total])


def finite(top):
    """-inf becomes the lowest number, because -inf - -inf is no number."""
    return jnp.maximum(top, jnp.finfo(top.dtype).min)


def exchanged(sums, Y):
    """The sums that devices exchange: integer labels need no ΣY."""
    return sums if Y.ndim == 2 else sums[:2]


def merged(sums, Y, n):
    """Σ e^(Z - top), ΣY and the loss of each example, of the sums of all devices."""
    S, at_label, *total = sums
    [total] = total or [label_sum(Y, n)]
    return S, total, total * jnp.log(S) - at_label


def logits_gradient(Z, Y, top, S, total):
    """A ΣY - Y of some rows."""
    return total * (jnp.exp(Z - finite(top)) / S) - Y


def own_labels(Y, in_shard, turned=False):
    """Return a function of (first, Z): the labels for Z, rows of the device's own.

    Integer labels become one-hot: an example's 1 stands on one device only.
    """
    if Y.ndim == 1:
        start = lax.axis_index("classes") * in_shard

        def one_hot(first, Z):
            rows = start + first + jnp.arange(len(Z))
            return (rows[:, None] == Y).astype(Z.dtype)

        return one_hot
    if not turned:
        return lambda first, Z: lax.dynamic_slice_in_dim(Y, first, len(Z))
    # Cut before it is turned: else XLA would turn all of it, into a copy.
    lying = Y.T
    return lambda first, Z: lax.dynamic_slice_in_dim(lying, first, len(Z), 1).T


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


def collectives(f: Callable, *args: ArrayLike) -> dict[str, int]:
    """Return how many arrays f(*args) reduces or exchanges between devices, and how.

    Counted in the program as it is written, before XLA combines any; what stands in a
    loop counts once. Nothing is computed.

    Source: notebook 16.

    >>> from arrays.sharded import mesh, softmax
    >>> collectives(lambda Z: softmax(Z, mesh(1, 1)), jnp.zeros((3, 2)))
    {'pmax over classes': 1, 'psum over classes': 1}
    """
    counts = Counter()

    def count(jaxpr):
        for step in jaxpr.eqns:
            kind = step.primitive.name.removesuffix("_invariant")
            if kind in COLLECTIVES:
                axes = step.params.get("axes", step.params.get("axis_name"))
                axes = axes if isinstance(axes, tuple) else (axes,)
                counts[f"{kind} over {' and '.join(axes)}"] += len(step.invars)
            for part in jax.tree.leaves(list(step.params.values())):
                inner = getattr(part, "jaxpr", part)
                if hasattr(inner, "eqns"):
                    count(inner)

    count(jax.make_jaxpr(f)(*args).jaxpr)
    return dict(counts)


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
