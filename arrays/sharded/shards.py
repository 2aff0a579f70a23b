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
