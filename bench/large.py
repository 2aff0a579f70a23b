"""A softmax layer at a large vocabulary: J, dW, db, dX by every way to get them."""

from functools import partial
from importlib import import_module

import numpy as np

import helpers
from arrays.threads import cores
from bench import gradient
from bench.side_by_side import OURS, print_one, side_by_side, table_of_ways

SIZE = (128000, 256, 1024)  # n classes, d inputs, m examples
SMALL = (10, 64, 60000)
GROWING = (32000, 64000, 128000, 256000, 512000)  # n
FUSED = "PyTorch, linear_cross_entropy"
WIDER = f"{OURS}, within 128 MiB"
CHUNKS = (64, 128, 256, 512)


def data(n, d, m):
    """Return seeded float32 W, b, X and integer labels."""
    random = np.random.default_rng(n)
    W = random.standard_normal((n, d), dtype=np.float32) / np.float32(d**0.5)
    b = random.standard_normal(n, dtype=np.float32)
    X = random.standard_normal((d, m), dtype=np.float32)
    return W, b, X, random.integers(0, n, m)


def plain(W, b, X, labels):
    """Prepare the way of a learner: three arrays of the size of Z."""

    def run():
        Z = W @ X + b[:, None]
        J = helpers.softmax_cross_entropy(Z, labels)
        dZ = gradient.from_labels(Z, labels)
        return J, dZ @ X.T, dZ.sum(axis=1), W.T @ dZ

    return run


def with_pytorch(W, b, X, labels, fused=False, **options):
    """Prepare PyTorch as it is used, or with its fused loss; in its layout (m, d)."""
    torch = import_module("torch")
    torch.set_num_threads(cores())
    leaves = [torch.tensor(x, requires_grad=True) for x in (W, b, X.T.copy())]
    target, functions = torch.tensor(labels), torch.nn.functional

    def loss(W, b, X):
        if not fused:
            return functions.cross_entropy(functions.linear(X, W, b), target)
        given = torch.nn.LinearCrossEntropyOptions(**options) if options else None
        return functions.linear_cross_entropy(
            X, W, target, linear_bias=b, options=given
        )

    def run():
        for leaf in leaves:
            leaf.grad = None
        J = loss(*leaves)
        J.backward()
        dW, db, dX = (leaf.grad.numpy() for leaf in leaves)
        return J.item(), dW, db, dX.T

    return run


def with_jax(W, b, X, labels):
    """Prepare JAX, compiled before it is called, in its layout (m, d)."""
    jax = import_module("jax")
    leaves = [jax.numpy.array(x) for x in (W, b, X.T)]
    target = jax.numpy.array(labels)

    def loss(W, b, X):
        return gradient.mean_loss(jax, X @ W.T + b, target)

    compiled = jax.jit(jax.value_and_grad(loss, (0, 1, 2))).lower(*leaves).compile()

    def run():
        J, (dW, db, dX) = jax.block_until_ready(compiled(*leaves))
        return J, np.asarray(dW), np.asarray(db), np.asarray(dX).T

    return run


USUAL = {
    OURS: lambda *given: partial(helpers.linear_softmax_cross_entropy_grad, *given),
    "NumPy, whole Z": plain,
    "PyTorch, cross_entropy of linear": with_pytorch,
    "JAX, jit of value_and_grad": with_jax,
}
WAYS = USUAL | {
    WIDER: lambda *given: partial(
        helpers.linear_softmax_cross_entropy_grad, *given, budget=2**27
    ),
    FUSED: partial(with_pytorch, fused=True),
}
for chunk in CHUNKS:
    WAYS[f"{FUSED}, chunks of {chunk}"] = partial(
        with_pytorch, fused=True, batch_chunk_size=chunk
    )


def tables(rounds):
    """Measure every way, and yield three tables."""
    yield (
        "## Large\n\nJ, dW, db, dX of a softmax layer in float32; each way in a "
        "process of its own, all cores, in turn. Errors against float64, to the "
        "largest entry. MiB at the peak of the first call, beyond inputs and results."
    )
    for ways, size in ((WAYS, SIZE), (USUAL, SMALL)):
        yield "### n = {}, d = {}, m = {}".format(*size)
        yield table_of_ways(side_by_side("large", ways, size, rounds))
    _, d, m = SIZE
    yield f"### Ours as n grows, d = {d}, m = {m}"
    sizes = {f"n = {n}": (n, d, m) for n in GROWING}
    ours = {x: side_by_side("large", [OURS], sizes[x], rounds)[OURS] for x in sizes}
    yield table_of_ways(ours)


if __name__ == "__main__":
    print_one(WAYS, data, small=(1031, 256, 300), results=["J", "dW", "db", "dX"])
