"""Theorems for every n, against the same statements written out for one n.

The usual way: every entry is a plain symbol, derivatives are SymPy's, and `simplify` of
the difference of both sides must give 0 for each choice of the free indices. Each job
is a process of its own, and remembers nothing from one theorem to the next.
"""

import json
import signal
import sys
import time
from functools import partial

from sympy import Symbol, simplify
from sympy.core.cache import clear_cache

from bench.side_by_side import figure, side_by_side, table
from derivations.formulas.caching import forget
from derivations.formulas.claims import Claim
from derivations.judges.at_points.evaluation import instantiate
from derivations.judges.at_points.samples import every_choice
from derivations.judges.for_every_n.equality import is_proved_for_every_n
from derivations.letters import d, h, m, n
from derivations.theorems import catalogue

SIZES = (3, 5, 8, 12)
OTHERS = {m: 2, d: 1, h: 4}
CAP = 10  # seconds for one theorem, then it is ended
SHOWN = ("softmax.derivative", "softmax.jacobian_rows", "logits.by_jacobian")


def explicit(name, size):
    """Decide a theorem's statement at this number of classes, in plain symbols."""
    claim = claim_of(name)
    # 2 of the n classes are in the block P, 3 of 4 hidden units in the block E.
    blocks = {"nP": 2, "nQ": size - 2, "mE": 3, "mF": 1}
    sizes = {n: size} | OTHERS
    sizes |= {x: blocks[str(x)] for x in claim.sizes if x not in sizes}
    indices = [i for x in sizes for i in x.indices if i in claim.free_symbols]
    known = known_entries(claim.using, sizes)
    for at in every_choice(indices, sizes, claim.case):
        left = instantiate(claim.left, sizes, at, claim.where)
        right = instantiate(claim.right, sizes, at, claim.where)
        if simplify((left - right).subs(known)) != 0:
            return False
    return True


def claim_of(name):
    """Return what a chain proves, as the judges are asked it."""
    chain = catalogue()[name]()
    return Claim(chain.start, chain.result, chain.where, chain.uses, chain.case)


def known_entries(facts, sizes):
    """Return the last entry of each column that a hypothesis knows the sum of."""
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


def chain(name):
    """Build our chain: each step is proved for every n, and compared at points."""
    for derive in catalogue().values():
        derive.cache_clear()  # a theorem may begin with another one
    return bool(catalogue()[name]().steps)


# The statement is first side against last, decided for every n in one go.
OURS = {"chain": chain, "statement": lambda name: is_proved_for_every_n(claim_of(name))}


def every_theorem(job):
    """Return the seconds of a job for each theorem, `CAP` where it took longer.

    A job is "chain", "statement", or the number of classes of plain symbols.
    """
    run = OURS[job] if job in OURS else partial(explicit, size=int(job))
    if job != "chain":
        for derive in catalogue().values():
            derive()
    return {name: capped(partial(run, name)) for name in catalogue()}


def capped(run):
    """Return the seconds of one run with nothing remembered, or `CAP`.

    Raises AssertionError if the run does not find its statement true.
    """
    clear_cache()
    forget()
    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, CAP)
    start = time.perf_counter()
    try:
        assert run(), f"{run} did not find its statement true"
        return time.perf_counter() - start
    except TimeoutError:
        return CAP
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def stop(number, frame):
    """End a run that takes too long."""
    raise TimeoutError


def tables(rounds):
    """Measure every job, and yield one table; plain symbols run once."""
    yield (
        "## Proof\n\nSeconds in a fresh process, imports apart. *Chain*: every step, "
        "for every n and at points. *Statement*: first side against last in one go, "
        "for every n. Then the same statement in plain symbols at one n, decided by "
        f"`simplify` and ended after {CAP} s; × is the ratio to the chain."
    )
    times = side_by_side("proof", OURS, rounds=rounds) | side_by_side("proof", SIZES)
    total = {job: {"all": sum(found.values())} for job, found in times.items()}
    rows = [row(name, times, name) for name in SHOWN]
    rows.append(row(f"all {len(times['chain'])} theorems", total, "all"))
    for job in OURS:
        ours = times[job]
        ahead = [sum(ours[x] < times[size][x] for x in ours) for size in SIZES]
        rows.append([f"theorems where the {job} is ahead", "", "", *ahead])
    slow = [sum(taken >= CAP for taken in times[size].values()) for size in SIZES]
    rows.append([f"theorems ended after {CAP} s", "", "", *slow])
    yield table(["theorem", *OURS, *(f"n = {size}" for size in SIZES)], rows)


def row(words, times, name):
    """Return the seconds of one theorem, and how many times the chain's they are."""
    cells = [words, *(figure(times[job][name]) for job in OURS)]
    for taken in (times[size][name] for size in SIZES):
        more = "> " if taken == CAP else ""
        times_ours = figure(taken / times["chain"][name])
        cells.append(f"{more}{figure(taken)} (× {more}{times_ours})")
    return cells


if __name__ == "__main__":
    print(json.dumps(every_theorem(sys.argv[1])))
