"""Theorems for every n, against the same statements written out for one n.

The usual way: every entry is a plain symbol, derivatives are SymPy's, and `simplify` of
the difference of both sides must give 0 for each choice of the free indices. Each job
is a process of its own, and remembers nothing from one theorem to the next.
"""

import json
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from statistics import median

from sympy import Symbol, simplify
from sympy.core.cache import clear_cache

from bench.rounds import figure, seconds, table, wanted
from derivations import calculus, concrete, notation, proof, theorems
from derivations.calculus import equal_for_every_n
from derivations.concrete import index_values, instantiate
from derivations.notation import RANGES, d, free_symbols, h, m, n

ROOT = Path(__file__).parents[1]
SIZES = (3, 5, 8, 12)
OTHERS = {m: 2, d: 1, h: 4}
PLAIN = [("explicit", size) for size in SIZES]
CAP = 10  # seconds for one theorem, then it is ended

IN_WORDS = {
    "softmax.derivative": "∂a/∂z = diag(a) − a aᵀ",
    "softmax.jacobian_rows": "its rows sum to 0",
    "softmax.shift_invariant": "softmax(z + α) = softmax(z)",
    "logits.by_jacobian": "∂L/∂z = a Σy − y",
    "layers.weights": "∂J/∂W of a softmax layer",
}
"""The theorems that get a row of their own."""


def explicit(name, size):
    """Whether a theorem's statement holds at this number of classes."""
    chain, sizes = theorems()[name](), {n: size} | OTHERS
    named = free_symbols(chain.start) | free_symbols(chain.result)
    indices = [index for index in RANGES if index in named]
    shared = set().union(*(x.free_symbols for x in chain.where)) & set(RANGES)
    indices += sorted(shared - set(indices), key=str)
    known = known_entries(chain.uses, size)
    return all(
        simplify(difference(chain, sizes, at).subs(known)) == 0
        for at in index_values(indices, sizes, chain.case)
    )


def difference(chain, sizes, at):
    """The first side less the last, in plain symbols."""
    sides = (chain.start, chain.result)
    first, last = (instantiate(side, sizes, at, chain.where) for side in sides)
    return first - last


def known_entries(facts, size):
    """The last entry of each column that a hypothesis knows the sum of."""
    known = {}
    for fact in facts:
        for total in fact.sums:
            base, *columns = total.function.base, *total.function.indices[1:]
            for column in range(1, OTHERS[m] + 1) if columns else [""]:
                *rest, last = (
                    Symbol(f"{base}_{row}{column}", real=True)
                    for row in range(1, size + 1)
                )
                known[last] = fact.value - sum(rest)
    return known


def statement(name):
    """Whether a theorem's statement holds for every n, decided in one go."""
    chain = theorems()[name]()
    sides = chain.start, chain.result
    return equal_for_every_n(*sides, chain.where, chain.uses, chain.case)


def chain(name):
    """Whether our chain holds: each step for every n, and again at points."""
    return bool(theorems()[name]().steps)


JOBS = {"explicit": explicit, "statement": statement, "chain": chain}


def every_theorem(job, *size):
    """The seconds of a job for each theorem, `CAP` where it took longer.

    Raises AssertionError where a statement was not found true.
    """
    for derive in theorems().values() if job != "chain" else ():
        derive()
    return {name: capped(partial(JOBS[job], name, *size)) for name in theorems()}


def capped(run):
    """The seconds of one run with nothing remembered, or `CAP`."""
    clear_cache()
    for module in (notation, calculus, concrete, proof):
        for known in vars(module).values():
            if hasattr(known, "cache_clear"):
                known.cache_clear()
    answers = []
    signal.setitimer(signal.ITIMER_REAL, CAP)
    try:
        taken = seconds(lambda: answers.append(run()))
    except TimeoutError:
        return CAP
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    assert answers == [True], f"{run} did not find its statement true"
    return taken


def stop(number, frame):
    """End a run that takes too long."""
    raise TimeoutError


def alone(job, *size):
    """What `every_theorem` finds in a fresh process."""
    command = [sys.executable, "-m", "bench.proof", job, *map(str, size)]
    done = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout)


def measure(rounds):
    """The median seconds of each theorem for every job; plain symbols are run once."""
    runs = {job: [] for job in [("chain",), ("statement",), *PLAIN]}
    for turn in range(rounds):
        for job, found in runs.items():
            if turn == 0 or job not in PLAIN:
                found.append(alone(*job))
    return {
        job: {name: median(run[name] for run in found) for name in found[0]}
        for job, found in runs.items()
    }


def shown(taken, ours):
    """A time in seconds, and how many times ours it is."""
    more = "> " if taken >= CAP else ""
    return f"{more}{figure(taken)} (× {more}{figure(taken / ours)})"


def report(times):
    """The section of the document."""
    chains, statements = times["chain",], times["statement",]
    rows = []
    for name, words in IN_WORDS.items():
        plain = [shown(times[job][name], chains[name]) for job in PLAIN]
        rows.append([words, figure(chains[name]), figure(statements[name]), *plain])
    total = {job: sum(found.values()) for job, found in times.items()}
    plain = [
        f"{figure(total[job])} (× {figure(total[job] / total['chain',])})"
        for job in PLAIN
    ]
    ours = [figure(total["chain",]), figure(total["statement",])]
    rows.append([f"all {len(chains)} theorems", *ours, *plain])
    for kind in ("chain", "statement"):
        counts = [str(ahead(times[kind,], times[job])) for job in PLAIN]
        rows.append([f"theorems where the {kind} is ahead", "", "", *counts])
    slow = [str(sum(x >= CAP for x in times[job].values())) for job in PLAIN]
    rows.append([f"theorems ended after {CAP} s", "", "", *slow])
    later = PLAIN[1:]
    return "\n".join(
        [
            "## Proof\n",
            "Seconds in a fresh process, imports apart. *Chain*: ours, every step",
            "proved for every n and compared at points. *Statement*: first side",
            "against last in one go, for every n. Then the same statement in plain",
            f"symbols at one n (with m = {OTHERS[m]}), differentiated by SymPy and",
            "decided by `simplify` at each choice of its indices, ended after",
            f"{CAP} s; × is its ratio to the chain. Ours does not grow with n: it is",
            "a symbol.\n",
            table(
                ["theorem", "chain", "statement", *(f"n = {x}" for x in SIZES)], rows
            ),
            "",
            wanted(
                "All chains together are ahead from n = 5 on",
                all(total["chain",] < total[job] for job in later),
            ),
            wanted(
                "Each chain is ahead from n = 5 on",
                all(ahead(chains, times[job]) == len(chains) for job in later),
            ),
            wanted(
                "Each statement is ahead from n = 5 on",
                all(ahead(statements, times[job]) == len(chains) for job in later),
            ),
        ]
    )


def ahead(ours, plain):
    """The number of theorems at which ours took less time."""
    return sum(ours[name] < plain[name] for name in ours)


if __name__ == "__main__":
    signal.signal(signal.SIGALRM, stop)
    asked, *size = sys.argv[1:]
    print(json.dumps(every_theorem(asked, *map(int, size))))
