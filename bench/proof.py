"""Theorems for every n, against the same statements written out for one n.

The usual way: n plain symbols, `Matrix.jacobian`, and `simplify` of the difference of
both sides, which must be 0. Each run is a process of its own, with nothing cached.
"""

import subprocess
import sys
from functools import partial
from pathlib import Path

from sympy import (
    Derivative,
    KroneckerDelta,
    Matrix,
    Sum,
    diag,
    exp,
    log,
    ones,
    simplify,
    symbols,
)

from bench.rounds import figure, in_turn, seconds, table, wanted
from derivations import theorems
from derivations.calculus import equal_for_every_n
from derivations.logits import WHERE as LOSS
from derivations.notation import L, a, alpha, i, j, k, n, y, z
from derivations.softmax import WHERE as SOFTMAX

ROOT = Path(__file__).parents[1]
SIZES = (3, 5, 8, 12)
CAP = 120  # seconds, then a run is ended

STATEMENTS = {
    "softmax.derivative": (
        Derivative(a[i], z[j]),
        a[i] * (KroneckerDelta(i, j) - a[j]),
        SOFTMAX,
    ),
    "softmax.jacobian_rows": (Sum(Derivative(a[i], z[j]), (j, 1, n)), 0, SOFTMAX),
    "softmax.shift_invariant": (
        exp(z[i] + alpha) / Sum(exp(z[k] + alpha), (k, 1, n)),
        a[i],
        SOFTMAX,
    ),
    "logits.by_jacobian": (
        Derivative(L, z[j]),
        a[j] * Sum(y[i], (i, 1, n)) - y[j],
        LOSS,
    ),
}
"""Each theorem that is compared: both its sides, and the definitions it is about."""

IN_WORDS = {
    "softmax.derivative": "∂a/∂z = diag(a) − a aᵀ",
    "softmax.jacobian_rows": "its rows sum to 0",
    "softmax.shift_invariant": "softmax(z + α) = softmax(z)",
    "logits.by_jacobian": "∂L/∂z = a Σy − y",
}


def explicit(name, size):
    """Whether the statement holds for this number of classes, in plain symbols."""
    logits = symbols(f"z1:{size + 1}", real=True)
    labels = symbols(f"y1:{size + 1}", real=True)
    shift = symbols("alpha", real=True)

    def softmax_of(entries):
        powers = [exp(entry) for entry in entries]
        return Matrix([power / sum(powers) for power in powers])

    outputs = softmax_of(logits)
    if name == "softmax.derivative":
        difference = outputs.jacobian(logits) - (diag(*outputs) - outputs * outputs.T)
    elif name == "softmax.jacobian_rows":
        difference = outputs.jacobian(logits) * ones(size, 1)
    elif name == "softmax.shift_invariant":
        difference = softmax_of([entry + shift for entry in logits]) - outputs
    else:
        pairs = zip(labels, outputs, strict=True)
        loss = Matrix([-sum(label * log(output) for label, output in pairs)])
        gradient = outputs * sum(labels) - Matrix(labels)
        difference = loss.jacobian(logits) - gradient.T
    return difference.applyfunc(simplify).is_zero_matrix is True


def statement(name):
    """Whether the statement holds for every n, decided in one go."""
    return equal_for_every_n(*STATEMENTS[name])


def chain(name):
    """Whether our chain holds: each step for every n, and again at points."""
    return bool(theorems()[name]().steps)


def all_chains():
    """Whether every chain of the series holds."""
    return all(derive().steps for derive in theorems().values())


JOBS = {
    "explicit": explicit,
    "statement": statement,
    "chain": chain,
    "all_chains": all_chains,
}


def alone(job, *arguments):
    """The seconds of a job in a fresh process; infinite beyond the cap."""
    command = [sys.executable, "-m", "bench.proof", job, *map(str, arguments)]
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=CAP, check=True
        )
    except subprocess.TimeoutExpired:
        return float("inf")
    return float(done.stdout)


def ways():
    """Every job that is timed, by its name and arguments."""
    jobs = [("all_chains",)]
    for name in STATEMENTS:
        jobs += [("statement", name), ("chain", name)]
        jobs += [("explicit", name, size) for size in SIZES]
    return {job: partial(alone, *job) for job in jobs}


def shown(found, ours):
    """A time in seconds, and how many times ours it is."""
    if found == float("inf"):
        return f"> {CAP} (× > {figure(CAP / ours)})"
    return f"{figure(found)} (× {figure(found / ours)})"


def measure(rounds):
    """The medians of all jobs, in seconds."""
    return {job: found for job, (found, _) in in_turn(ways(), rounds, 20).items()}


def report(times):
    """The section of the document."""
    rows = []
    for name in STATEMENTS:
        ours = times["chain", name]
        usual = [shown(times["explicit", name, size], ours) for size in SIZES]
        one_go = figure(times["statement", name])
        rows.append([IN_WORDS[name], figure(ours), one_go, *usual])
    heads = [f"n = {size}" for size in SIZES]
    ahead = [
        (name, size)
        for name in STATEMENTS
        for size in SIZES[1:]
        if times["chain", name] >= times["explicit", name, size]
    ]
    decided = [
        (name, size)
        for name in STATEMENTS
        for size in SIZES[1:]
        if times["statement", name] >= times["explicit", name, size]
    ]
    return "\n".join(
        [
            "## Proof\n",
            "Seconds of a fresh process, imports apart. *Chain*: ours, every step",
            "proved for every n and compared at points. *Statement*: first side",
            "against last in one go, for every n. Then the same statement in n plain",
            "symbols, by `Matrix.jacobian` and `simplify`; × is its ratio to it.\n",
            table(["statement", "chain", "statement", *heads], rows),
            f"\nAll {len(theorems())} theorems of the series, as chains: "
            f"{figure(times[('all_chains',)])} s.\n",
            wanted("Ours does not grow with n (n is a symbol: one run is all)", True),
            wanted("The chain is ahead from n = 5 on", not ahead) + behind(ahead),
            wanted("The statement in one go is ahead from n = 5 on", not decided)
            + behind(decided),
        ]
    )


def behind(cases):
    """Where ours is not ahead, to be read behind a verdict."""
    if not cases:
        return ""
    found = ", ".join(f"{IN_WORDS[name]} at n = {size}" for name, size in cases)
    return f" (not for {found})"


def run_job(job, *arguments):
    """Run one job and return its seconds; AssertionError if it proves nothing."""
    arguments = [int(x) if x.isdigit() else x for x in arguments]
    answers = []
    taken = seconds(lambda: answers.append(JOBS[job](*arguments)))
    assert answers == [True], f"{job} {arguments} did not prove its statement"
    return taken


if __name__ == "__main__":
    print(run_job(*sys.argv[1:]))
