"""The gradient of the mean loss in the logits, (A − Y)/m, by every way to get it."""

import tracemalloc
from functools import partial
from importlib import import_module
from importlib.util import find_spec

import numpy as np

import helpers
from bench.rounds import figure, in_turn, seconds, table, wanted

SIZES = ((10, 60000), (1000, 4096), (50257, 128))
ROOM = 2**30  # bytes for Jacobians at one time
OURS = "ours"
TEXTBOOK = "textbook NumPy"
COPY = "plain copy"
JACOBIAN = "−Y/A, explicit Jacobian"
AUTOGRAD = "PyTorch, cross_entropy and backward"
JAX = "JAX, jit of grad"


def data(n, m):
    """Seeded float32 logits (n, m) and m integer labels."""
    random = np.random.default_rng(n)
    Z = random.standard_normal((n, m), dtype=np.float32)
    return Z, random.integers(0, n, m)


def textbook(Z, Y):
    """As a learner writes it."""
    E = np.exp(Z - Z.max(axis=0))
    A = E / E.sum(axis=0)
    return (A - Y) / Z.shape[1]


def textbook_from_labels(Z, labels):
    """The same from integer labels, as ours: it needs their one-hot columns."""
    return textbook(Z, helpers.one_hot(labels, len(Z), dtype=Z.dtype))


def two_steps(Z, Y):
    """dA = −Y/A, then the vector–Jacobian product of the softmax."""
    A = helpers.softmax(Z)
    return helpers.softmax_vjp(A, -Y / A) / Z.shape[1]


def explicit_jacobian(Z, Y):
    """dA = −Y/A times the (n, n) Jacobian of each example, a few examples at a time."""
    A = helpers.softmax(Z).T
    dA = -Y.T / A
    m, n = A.shape
    dZ = np.empty_like(A)
    eye = np.eye(n, dtype=A.dtype)
    few = max(1, 2**24 // eye.nbytes)
    for first in range(0, m, few):
        part = slice(first, first + few)
        J = A[part, :, None] * (eye - A[part, None, :])
        dZ[part] = (dA[part, None, :] @ J)[:, 0]
    return dZ.T / m


def with_pytorch(Z, labels):
    """PyTorch as it is used, and A − Y spelled out; in its own layout (m, n)."""
    torch = import_module("torch")
    logits = torch.tensor(Z.T.copy(), requires_grad=True)
    target = torch.tensor(labels)
    examples = torch.arange(len(labels))

    def autograd():
        logits.grad = None
        torch.nn.functional.cross_entropy(logits, target).backward()
        return logits.grad.numpy().T

    def by_hand():
        with torch.no_grad():
            gradient = torch.softmax(logits, 1)
            gradient[examples, target] -= 1
            gradient /= len(labels)
        return gradient.numpy().T

    return {AUTOGRAD: autograd, "PyTorch, softmax minus one": by_hand}


def with_jax(Z, labels):
    """JAX, compiled, in its own layout (m, n)."""
    jax = import_module("jax")
    logits, target = jax.numpy.array(Z.T), jax.numpy.array(labels)

    def loss(logits):
        log_A = jax.nn.log_softmax(logits, axis=1)
        return -jax.numpy.take_along_axis(log_A, target[:, None], axis=1).mean()

    gradient = jax.jit(jax.grad(loss))
    return {JAX: lambda: np.asarray(gradient(logits).block_until_ready()).T}


OPTIONAL = {"torch": with_pytorch, "jax": with_jax}


def missing():
    """The libraries that are not installed."""
    return [name for name in OPTIONAL if find_spec(name) is None]


def ways(Z, labels):
    """Every way that can run at this size, as functions without arguments."""
    n = len(Z)
    Y = helpers.one_hot(labels, n, dtype=Z.dtype)
    found = {
        OURS: partial(helpers.softmax_cross_entropy_grad, Z, labels),
        TEXTBOOK: partial(textbook_from_labels, Z, labels),
        "textbook NumPy, one-hot given": partial(textbook, Z, Y),
        "−Y/A, vector–Jacobian product": partial(two_steps, Z, Y),
    }
    if 3 * n * n * Z.itemsize <= ROOM:
        found[JACOBIAN] = partial(explicit_jacobian, Z, Y)
    for name, prepare in OPTIONAL.items():
        if name not in missing():
            found |= prepare(Z, labels)
    return found


def error(gradient, exact):
    """The largest relative error."""
    return float(np.abs(gradient / exact - 1).max())


def extra_memory(Z, labels):
    """The bytes that ours holds at its peak, beyond its result."""
    helpers.softmax_cross_entropy_grad(Z, labels)
    tracemalloc.start()
    try:
        gradient = helpers.softmax_cross_entropy_grad(Z, labels)
        return tracemalloc.get_traced_memory()[1] - gradient.nbytes
    finally:
        tracemalloc.stop()


def most_extra(m):
    """The bytes that ours may hold beyond its result: three float32 rows, and buffers.

    For the entry at the label of each example NumPy takes the number of the example, 8
    bytes, and the entry, 4. Its buffers do not grow with Z.
    """
    return 3 * 4 * m + 2**17


def measure_one(size, rounds):
    """Medians in seconds, errors and memory at one size; all ways must agree."""
    Z, labels = data(*size)
    found = ways(Z, labels)
    exact = helpers.softmax_cross_entropy_grad(Z.astype(float), labels)
    errors = {name: error(way(), exact) for name, way in found.items()}
    assert max(errors.values()) < 1e-3, errors  # float32 sums of up to 50257 terms
    timed = {name: partial(seconds, way) for name, way in found.items()}
    timed[COPY] = partial(seconds, partial(np.copyto, np.empty_like(Z), Z))
    return {
        "times": in_turn(timed, rounds, patience=2),
        "errors": errors,
        "extra": extra_memory(Z, labels),
    }


def measure(rounds):
    """What `measure_one` finds at each size."""
    return {size: measure_one(size, rounds) for size in SIZES}


def section(size, found):
    """The table of one size."""
    n, m = size
    times = found["times"]
    errors = found["errors"]
    rows = []
    for name in sorted(times, key=lambda name: times[name][0]):
        median, runs = times[name]
        off = f"{errors[name]:.1e}" if name in errors else "–"
        ratio = figure(median / times[OURS][0])
        rows.append([name, figure(1e3 * median), ratio, str(runs), off])
    row = 4 * m
    return "\n".join(
        [
            f"### n = {n}, m = {m}\n",
            table(["way", "ms", "× ours", "runs", "largest error"], rows),
            *([] if JACOBIAN in times else [f"\n{no_room(n)}"]),
            f"\nOurs holds {figure(found['extra'] / 1024)} KiB at its peak beyond the "
            f"result of {4 * n * m // 1024} KiB; one float32 row is "
            f"{figure(row / 1024)} KiB.",
        ]
    )


def no_room(n):
    """Why the explicit Jacobian is not in a table."""
    one = 4 * n * n / 2**30
    return f"One explicit Jacobian is {figure(one)} GiB, and is left out."


def report(found):
    """The section of the document."""
    ours = {size: found[size]["times"][OURS][0] for size in found}
    usual = {size: found[size]["times"][TEXTBOOK][0] for size in found}
    small = all(found[n, m]["extra"] <= most_extra(m) for n, m in found)
    lines = [
        "## Gradient\n",
        "dJ/dZ = (A − Y)/m in float32 from integer labels; the largest relative error",
        "is that against float64. The ways by −Y/A are given one-hot columns, made",
        "before the clock starts; PyTorch and JAX get the layout (m, n) and all cores;",
        "ours has a thread for each core.\n",
        *(section(size, found[size]) + "\n" for size in found),
        *(f"{name} is not installed.\n" for name in missing()),
        wanted(
            "Ours is never slower than the textbook from labels",
            ours_ahead(ours, usual),
        ),
        wanted("Ours holds the result, three rows and 128 KiB at most", small),
    ]
    first = next(iter(found))
    if AUTOGRAD in found[first]["times"]:
        half = ours[first] <= found[first]["times"][AUTOGRAD][0] / 2
        lines.append(wanted("At most half the time of PyTorch at the first size", half))
    return "\n".join(lines)


def ours_ahead(ours, usual):
    """Whether ours is not slower at any size."""
    return all(ours[size] <= usual[size] for size in ours)
