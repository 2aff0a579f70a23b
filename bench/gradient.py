"""The gradient of the mean loss in the logits, (A − Y)/m, by every way to get it."""

from functools import partial
from importlib import import_module

import numpy as np

import helpers
from bench.side_by_side import OURS, figure, print_one, side_by_side, table_of_ways

SIZES = ((10, 60000), (1000, 4096), (50257, 128))
ROOM = 2**30  # bytes for Jacobians at one time
JACOBIAN = "−Y/A, explicit Jacobian"


def data(n, m):
    """Return seeded float32 logits (n, m) and m integer labels."""
    random = np.random.default_rng(n)
    Z = random.standard_normal((n, m), dtype=np.float32)
    return Z, random.integers(0, n, m)


def textbook(Z, Y):
    """Return (A − Y)/m as a learner writes it."""
    E = np.exp(Z - Z.max(axis=0))
    A = E / E.sum(axis=0)
    return (A - Y) / Z.shape[1]


def from_labels(Z, labels):
    """Return the same from integer labels, as ours: it needs their one-hot columns."""
    return textbook(Z, helpers.one_hot(labels, len(Z), dtype=Z.dtype))


def two_steps(Z, Y):
    """Return dA = −Y/A through the vector–Jacobian product of the softmax."""
    A = helpers.softmax(Z)
    return helpers.softmax_vjp(A, -Y / A) / Z.shape[1]


def explicit_jacobian(Z, Y):
    """Return dA = −Y/A times the (n, n) Jacobians, of a few examples at a time."""
    A = helpers.softmax(Z).T
    dA = -Y.T / A
    m, n = A.shape
    dZ, eye = np.empty_like(A), np.eye(n, dtype=A.dtype)
    for part in np.array_split(np.arange(m), 1 + m * eye.nbytes // 2**24):
        J = A[part, :, None] * (eye - A[part, None, :])
        dZ[part] = (dA[part, None, :] @ J)[:, 0]
    return dZ.T / m


def one_hot_given(way):
    """Let a way begin with one-hot columns, made before the clock starts."""
    return lambda Z, labels: partial(way, Z, helpers.one_hot(labels, len(Z), Z.dtype))


def with_pytorch(Z, labels):
    """Prepare PyTorch as it is used, in its layout (m, n)."""
    torch = import_module("torch")
    logits = torch.tensor(Z.T.copy(), requires_grad=True)
    target = torch.tensor(labels)

    def run():
        logits.grad = None
        torch.nn.functional.cross_entropy(logits, target).backward()
        return logits.grad.numpy().T

    return run


def mean_loss(jax, logits, target):
    """Return the mean loss of logits (m, n), in JAX."""
    log_A = jax.nn.log_softmax(logits, axis=1)
    return -jax.numpy.take_along_axis(log_A, target[:, None], axis=1).mean()


def with_jax(Z, labels):
    """Prepare JAX, compiled before it is called, in its layout (m, n)."""
    jax = import_module("jax")
    logits, target = jax.numpy.array(Z.T), jax.numpy.array(labels)
    gradient = jax.jit(jax.grad(lambda logits: mean_loss(jax, logits, target)))
    compiled = gradient.lower(logits).compile()
    return lambda: np.asarray(compiled(logits).block_until_ready()).T


WAYS = {
    OURS: lambda *given: partial(helpers.softmax_cross_entropy_grad, *given),
    "textbook NumPy": lambda Z, labels: partial(from_labels, Z, labels),
    "textbook NumPy, one-hot given": one_hot_given(textbook),
    "−Y/A, vector–Jacobian product": one_hot_given(two_steps),
    JACOBIAN: one_hot_given(explicit_jacobian),
    "PyTorch, cross_entropy and backward": with_pytorch,
    "JAX, jit of grad": with_jax,
    "a copy of the result": lambda Z, labels: from_labels(Z, labels).copy,
}


def tables(rounds):
    """Measure every way that can run, and yield a table for each size."""
    yield (
        "## Gradient\n\ndJ/dZ = (A − Y)/m in float32 from integer labels; each way in "
        "a process of its own, all cores, in turn. Errors against float64, to the "
        "largest entry; MiB at the peak, beyond Z and the gradient. The ways by −Y/A "
        "are given one-hot columns; PyTorch and JAX get the layout (m, n)."
    )
    for n, m in SIZES:
        has_room = 3 * 4 * n * n <= ROOM
        ways = [name for name in WAYS if has_room or name != JACOBIAN]
        yield f"### n = {n}, m = {m}"
        yield table_of_ways(side_by_side("gradient", ways, (n, m), rounds))
        if not has_room:
            one = figure(4 * n * n / 2**30)
            yield f"One explicit Jacobian is {one} GiB, and is left out."


if __name__ == "__main__":
    print_one(WAYS, data, small=(7, 5), results=["dZ"])
