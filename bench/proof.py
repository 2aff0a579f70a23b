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
from derivations.formulas.claims import Claim
from derivations.formulas.memory import forget
from derivations.judges.at_points.evaluation import index_values, instantiate
from derivations.judges.for_every_n.equality import is_proved_for_every_n
from derivations.letters import d, h, m, n
from derivations.theorems import catalogue

ROOT = Path(__file__).parents[1]
SIZES = (3, 5, 8, 12)
OTHERS = {m: 2, d: 1, h: 4}
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
    chain = catalogue()[name]()
    sizes = sizes_of(chain, size)
    free = claim_of(chain).free_symbols
    indices = [index for count in sizes for index in count.indices if index in free]
    known = known_entries(chain.uses, sizes)
    return all(
        simplify(difference(chain, sizes, at).subs(known)) == 0
        for at in index_values(indices, sizes, chain.case)
    )


def sizes_of(chain, size):
    """A number for each size: 2 of the n classes in the block P, the others in Q."""
    sizes = {n: size} | OTHERS
    shares = {"nP": 2, "nQ": size - 2, "mE": 3, "mF": 1}
    return sizes | {x: shares[str(x)] for x in claim_of(chain).sizes if x not in sizes}


def claim_of(chain):
    """What a chain proves, as the judges are asked it."""
    return Claim(chain.start, chain.result, chain.where, chain.uses, chain.case)


def difference(chain, sizes, at):
    """The first side less the last, in plain symbols."""
    first = instantiate(chain.start, sizes, at, chain.where)
    last = instantiate(chain.result, sizes, at, chain.where)
    return first - last


def known_entries(facts, sizes):
    """The last entry of each column that a hypothesis knows the sum of."""
    known = {}
    for fact in facts:
        for parts in fact.parts:
            is_batch = len(parts[0].function.indices) > 1
            for column in range(1, sizes[m] + 1) if is_batch else [""]:
                *rest, last = (
                    Symbol(f"{part.function.base}_{row}{column}", real=True)
                    for part in parts
                    for row in range(1, sizes[part.limits[0][2]] + 1)
                )
                known[last] = fact.value - sum(rest)
    return known


def statement(name):
    """Whether a theorem's statement holds for every n, decided in one go."""
    return is_proved_for_every_n(claim_of(catalogue()[name]()))


def chain(name):
    """Whether our chain holds: each step for every n, and again at points."""
    for derive in catalogue().values():
        derive.cache_clear()  # a theorem may begin with another one
    return bool(catalogue()[name]().steps)


OURS = {"chain": chain, "statement": statement}


def every_theorem(job):
    """The seconds of a job for each theorem, `CAP` where it took longer.

    A job is "chain", "statement", or the number of classes of plain symbols.  Raises
    AssertionError where a statement was not found true.
    """
    run = OURS[job] if job in OURS else partial(explicit, size=int(job))
    if job != "chain":
        for derive in catalogue().values():
            derive()
    return {name: capped(partial(run, name)) for name in catalogue()}


def capped(run):
    """The seconds of one run with nothing remembered, or `CAP`."""
    clear_cache()
    forget()
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


def alone(job):
    """What `every_theorem` finds in a fresh process."""
    command = [sys.executable, "-m", "bench.proof", str(job)]
    done = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout)


def measure(rounds):
    """The median seconds of each theorem for every job; plain symbols are run once."""
    runs = {job: [] for job in (*OURS, *SIZES)}
    for turn in range(rounds):
        for job, found in runs.items():
            if turn == 0 or job in OURS:
                found.append(alone(job))
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
    chains = times["chain"]
    statements = times["statement"]
    rows = []
    for name, words in IN_WORDS.items():
        plain = [shown(times[size][name], chains[name]) for size in SIZES]
        rows.append([words, figure(chains[name]), figure(statements[name]), *plain])
    total = {job: sum(found.values()) for job, found in times.items()}
    plain = [
        f"{figure(total[size])} (× {figure(total[size] / total['chain'])})"
        for size in SIZES
    ]
    ours = [figure(total[job]) for job in OURS]
    rows.append([f"all {len(chains)} theorems", *ours, *plain])
    for kind in OURS:
        counts = [str(ahead(times[kind], times[size])) for size in SIZES]
        rows.append([f"theorems where the {kind} is ahead", "", "", *counts])
    slow = [str(sum(x >= CAP for x in times[size].values())) for size in SIZES]
    rows.append([f"theorems ended after {CAP} s", "", "", *slow])
    later = SIZES[1:]
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
                all(total["chain"] < total[size] for size in later),
            ),
            wanted(
                "Each chain is ahead from n = 5 on",
                all(ahead(chains, times[size]) == len(chains) for size in later),
            ),
            wanted(
                "Each statement is ahead from n = 5 on",
                all(ahead(statements, times[size]) == len(chains) for size in later),
            ),
        ]
    )


def ahead(ours, plain):
    """The number of theorems at which ours took less time."""
    return sum(ours[name] < plain[name] for name in ours)


if __name__ == "__main__":
    signal.signal(signal.SIGALRM, stop)
    (asked,) = sys.argv[1:]
    print(json.dumps(every_theorem(asked)))
