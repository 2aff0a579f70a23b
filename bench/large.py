"""A softmax layer at a large vocabulary: J, dW, db, dX by every way to get them.

Each way is a process of its own that waits for its turn, so that no way finds memory
or threads that another has left.  Memory is the peak of the resident size beyond the
size just before the call, less the results; the first call is measured, after one at a
small size that loads what a library loads once.
"""

import json
import subprocess
import sys
from contextlib import ExitStack
from functools import partial
from importlib import import_module
from pathlib import Path
from statistics import median

import numpy as np

import helpers
from arrays.memory import peak
from arrays.threads import cores
from bench import gradient
from bench.rounds import figure, in_turn, seconds, table, wanted

ROOT = Path(__file__).parents[1]
SIZE = (128000, 256, 1024)  # n classes, d inputs, m examples
SIZE_OF_MEMORY = (100000, 256, 777)
SMALL = (10, 64, 60000)
GROWING = (32000, 64000, 128000, 256000, 512000)
WARM = (1031, 300)  # classes and examples before the first call
PATIENCE = 10  # seconds, then a way is run once

OURS = "ours"
PLAIN = "NumPy, whole Z"
TORCH = "PyTorch, cross_entropy of linear"
FUSED = "PyTorch, linear_cross_entropy"
JAX = "JAX, jit of value_and_grad"
CHUNKS = (64, 128, 256, 512)
SETTINGS = {FUSED: None, f"{FUSED}, options as they come": {}} | {
    f"{FUSED}, chunks of {c}": {"batch_chunk_size": c} for c in CHUNKS
}


def data(n, d, m):
    """Seeded float32 W, b, X and integer labels."""
    random = np.random.default_rng(n)
    W = random.standard_normal((n, d), dtype=np.float32) / np.float32(d**0.5)
    b = random.standard_normal(n, dtype=np.float32)
    X = random.standard_normal((d, m), dtype=np.float32)
    return W, b, X, random.integers(0, n, m)


def ours(W, b, X, labels):
    """Blocks."""
    return lambda: helpers.linear_softmax_cross_entropy_grad(W, b, X, labels)


def plain(W, b, X, labels):
    """Three arrays of the size of Z, as a learner writes it."""

    def run():
        Z = W @ X + b[:, None]
        J = helpers.softmax_cross_entropy(Z, labels)
        dZ = gradient.textbook_from_labels(Z, labels)
        return J, dZ @ X.T, dZ.sum(axis=1), W.T @ dZ

    return run


def with_torch(W, b, X, labels, options=False):
    """PyTorch as it is used, in its layout (m, d); False is the loss of a linear."""
    torch = import_module("torch")
    torch.set_num_threads(cores())
    leaves = [torch.tensor(x, requires_grad=True) for x in (W, b, X.T.copy())]
    target, functions = torch.tensor(labels), torch.nn.functional

    def plain_loss(W, b, X):
        return functions.cross_entropy(functions.linear(X, W, b), target)

    def fused_loss(W, b, X):
        given = (
            None if options is None else torch.nn.LinearCrossEntropyOptions(**options)
        )
        return functions.linear_cross_entropy(
            X, W, target, linear_bias=b, options=given
        )

    loss = plain_loss if options is False else fused_loss

    def run():
        for leaf in leaves:
            leaf.grad = None
        J = loss(*leaves)
        J.backward()
        dW, db, dX = (leaf.grad.numpy() for leaf in leaves)
        return J.item(), dW, db, dX.T

    return run


def with_jax(W, b, X, labels):
    """JAX, compiled before it is called, in its layout (m, d)."""
    jax = import_module("jax")
    leaves = [jax.numpy.array(x) for x in (W, b, X.T)]
    target = jax.numpy.array(labels)

    def loss(W, b, X):
        log_A = jax.nn.log_softmax(X @ W.T + b, axis=1)
        return -jax.numpy.take_along_axis(log_A, target[:, None], axis=1).mean()

    compiled = jax.jit(jax.value_and_grad(loss, (0, 1, 2))).lower(*leaves).compile()

    def run():
        J, (dW, db, dX) = jax.block_until_ready(compiled(*leaves))
        return J, np.asarray(dW), np.asarray(db), np.asarray(dX).T

    return run


LIBRARIES = {"torch": [TORCH, *SETTINGS], "jax": [JAX]}
WAYS = {
    OURS: ours,
    PLAIN: plain,
    TORCH: with_torch,
    **{name: partial(with_torch, options=given) for name, given in SETTINGS.items()},
    JAX: with_jax,
}


def exact(W, b, X, labels):
    """J, dW, db, dX in float64, some examples at a time."""
    W, b, X = (x.astype(float) for x in (W, b, X))
    n, m = len(W), X.shape[1]
    J, dW, db, dX = 0.0, np.zeros_like(W), np.zeros(n), np.empty_like(X)
    some = max(1, 2**23 // n)
    for first in range(0, m, some):
        s = slice(first, first + some)
        Z = W @ X[:, s] + b[:, None]
        Z -= Z.max(axis=0)
        logarithm = np.log(np.exp(Z).sum(axis=0))
        at = labels[s], np.arange(Z.shape[1])
        J += np.sum(logarithm - Z[at]) / m
        Z = np.exp(Z - logarithm)
        Z[at] -= 1
        Z /= m
        dW += Z @ X[:, s].T
        db += Z.sum(axis=1)
        dX[:, s] = W.T @ Z
    return J, dW, db, dX


def errors(found, wanted):
    """The largest difference of each result, to the largest entry of it."""
    return [
        float(np.abs(one - other).max() / np.abs(other).max())
        for one, other in zip(found, wanted, strict=True)
    ]


def extra_memory(run):
    """The bytes at the peak beyond those just before and beyond the results."""
    before = peak(start=True)
    results = run()
    return peak() - before - sum(np.asarray(x).nbytes for x in results)


def alone(name, Z, labels):
    """The gradient in the logits alone, from logits that are there."""
    if name == JAX:
        return gradient.with_jax(Z, labels)[gradient.JAX]
    return partial(helpers.softmax_cross_entropy_grad, Z, labels)


def serve(name, size):
    """Prepare one way, then do what stands on each line of the input."""
    if len(size) == 2:
        run = alone(name, *gradient.data(*size))
    else:
        WAYS[name](*data(WARM[0], size[1], WARM[1]))()
        given = data(*size)
        run = WAYS[name](*given)
    jobs = {
        "seconds": lambda: seconds(run),
        "peak": lambda: extra_memory(run),
        "errors": lambda: errors(run(), exact(*given)),
    }
    for line in sys.stdin:
        print(json.dumps(jobs[line.strip()]()), flush=True)


class Process:
    """One way at one size, in a process of its own; it is asked for a job by name."""

    def __init__(self, name, size):
        command = [sys.executable, "-m", "bench.large", name, *map(str, size)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(command, cwd=ROOT, **pipes)

    def __call__(self, job):
        self.process.stdin.write(f"{job}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.process.communicate()  # closes the input, which ends it


def asked(jobs, names, size, rounds=0):
    """{way: {job: what it found}} of processes that stand side by side."""
    with ExitStack() as stack:
        ways = {name: stack.enter_context(Process(name, size)) for name in names}
        found = {name: {job: way(job) for job in jobs} for name, way in ways.items()}
        times = {name: partial(way, "seconds") for name, way in ways.items()}
        for name, taken in in_turn(times, rounds, PATIENCE).items() if rounds else ():
            found[name]["seconds"] = taken
    return found


def here(names):
    """Those of the ways whose library is installed."""
    missing = [name for x in gradient.missing() for name in LIBRARIES[x]]
    return [name for name in names if name not in missing]


def measure(rounds):
    """Seconds, bytes and errors of every way, and how ours grows."""
    few = max(1, rounds // 2)
    sizes = [(n, *SIZE[1:]) for n in GROWING]
    grown = {size[0]: asked(["peak"], [OURS], size, few)[OURS] for size in sizes}
    return {
        "times": asked(["errors"], here(WAYS), SIZE, rounds),
        "peaks": asked(["peak"], here(WAYS), SIZE_OF_MEMORY),
        "small": asked([], here([OURS, PLAIN, TORCH, JAX]), SMALL, 3 * rounds),
        "grown": grown,
        "alone": {
            size: asked([], here([OURS, JAX]), size, 3 * rounds)
            for size in gradient.SIZES
        },
    }


def report(found):
    """The section of the document."""
    times, peaks, grown = found["times"], found["peaks"], found["grown"]
    rows = [
        [
            name,
            figure(times[name]["seconds"][0]),
            str(times[name]["seconds"][1]),
            *(f"{x:.0e}" for x in times[name]["errors"]),
            figure(peaks[name]["peak"] / 2**20),
        ]
        for name in sorted(times, key=lambda name: times[name]["seconds"][0])
    ]
    n, d, m = SIZE
    head = ["way", "s", "runs", *(f"error of {x}" for x in ("J", "dW", "db", "dX"))]
    grows = [
        [str(n), figure(x["seconds"][0]), figure(x["peak"] / 2**20)]
        for n, x in grown.items()
    ]
    small = found["small"]
    short = [[name, figure(1e3 * x["seconds"][0])] for name, x in small.items()]
    alone_rows = [
        [f"n = {n}, m = {m}", *(figure(1e3 * x["seconds"][0]) for x in ways.values())]
        for (n, m), ways in found["alone"].items()
    ]
    return "\n".join(
        [
            "## Large\n",
            f"J, dW, db, dX of a softmax layer in float32, n = {n}, d = {d}, m = {m};",
            "each way in a process of its own, all cores, in turn. Errors against",
            "float64, to the largest entry. MiB at the peak of the first call, beyond",
            "inputs and results, at n = {}, d = {}, m = {}.\n".format(*SIZE_OF_MEMORY),
            table([*head, "MiB"], rows),
            f"\nOurs as n grows, d = {d}, m = {m}:\n",
            table(["n", "s", "MiB"], grows),
            "\nFew classes, n = {}, d = {}, m = {}:\n".format(*SMALL),
            table(["way", "ms"], short),
            "\nThe gradient in the logits alone, ms:\n",
            table(["size", *next(iter(found["alone"].values()))], alone_rows),
            "",
            *(f"{name} is not installed.\n" for name in gradient.missing()),
            *(wanted(goal, reached) for goal, reached in goals(found)),
        ]
    )


def goals(found):
    """Each goal that this run could decide, and whether it is reached."""
    times = {name: x["seconds"][0] for name, x in found["times"].items()}
    peaks = {name: x["peak"] for name, x in found["peaks"].items()}
    grown = found["grown"]
    fused = [name for name in SETTINGS if name in times]
    usual = [name for name in (PLAIN, TORCH, JAX) if name in times]
    mine = times[OURS]
    if TORCH in times:
        yield "At most 0.9 times PyTorch's plain way", mine <= 0.9 * times[TORCH]
        best = min(times[name] for name in fused)
        yield "At most 1.1 times its fused loss, best setting", mine <= 1.1 * best
    if JAX in times:
        yield "Ahead of JAX", mine < times[JAX]
    most = min(peaks[name] for name in usual) / 8
    yield "At most 1/8 of the memory of each plain way", peaks[OURS] <= most
    if fused:
        most = min(peaks[name] for name in fused) / 2
        yield "At most 1/2 of the memory of each fused one", peaks[OURS] <= most
    sizes = [x["peak"] for x in grown.values()]
    middle = median(sizes)
    flat = all(0.8 * middle <= x <= 1.2 * middle for x in sizes)
    yield f"Memory flat (± 20 %) from n = {GROWING[0]} to {GROWING[-1]}", flat
    each = [x["seconds"][0] / n for n, x in grown.items()]
    yield (
        "The time of a class, too (± 20 % of their mean)",
        all(abs(x * len(each) / sum(each) - 1) <= 0.2 for x in each),
    )
    worst = max(found["times"][OURS]["errors"][1:])
    yield "Errors of dW, db, dX at most 2e-6 of the largest entry", worst <= 2e-6
    small = {name: x["seconds"][0] for name, x in found["small"].items()}
    few = small[OURS] <= 1.2 * small[PLAIN]
    yield "Few classes: at most 1.2 times the plain way", few
    for (n, m), ways in found["alone"].items():
        if JAX in ways:
            first = ways[OURS]["seconds"][0] <= ways[JAX]["seconds"][0]
            yield f"Alone, at most JAX's time at n = {n}, m = {m}", first


if __name__ == "__main__":
    serve(sys.argv[1], [int(x) for x in sys.argv[2:]])
