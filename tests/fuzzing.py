"""Equalities made up by the thousand: what the checker says of them, and what is so.

    python -m tests.fuzzing --seconds 60 --seed 1

Claims are drawn in tests/fuzzing_claims.py.  `examine` asks `check`, and `compare` asks
a third opinion (tests/third.py) at points of its own: n ≥ 2, and where both sides, as
given, are defined.  A find is a claim that `check` accepts though its sides differ, one
that it calls different though it is true by construction, one on which it crashes, or
one that takes too long.  Between them, texts are read (tests/fuzzing_text.py), and
first those with arrays are compared with NumPy (tests/arrays_in_numpy.py).
"""

import argparse
import sys
import time
import traceback
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from random import Random
from typing import NamedTuple

from hypothesis import given, seed, settings
from hypothesis.errors import Flaky
from sympy import Indexed
from sympy.core.cache import clear_cache

from derivations.formulas import caching
from derivations.formulas.indices import Index, free_symbols
from derivations.letters import *
from derivations.proof import check
from derivations.theorems import blocks
from tests import arrays_in_numpy, fuzzing_text
from tests.fuzzing_claims import MOST_SECONDS, TooSlow, claims, limited, steps, told
from tests.third import World, apart, ratio

MOST_VALUES = 30_000  # for then a comparison has taken about a second

# The third opinion, at points of its own

# No two of a point and of one claim are equal, and each block is somewhere 1.
_SIZES = [
    (2, 3, 4, 5, 1, 5, 1, 4),
    (6, 4, 3, 2, 2, 1, 2, 3),
    (9, 2, 5, 3, 4, 3, 3, 1),
]
_EVERY = (n, m, d, h, blocks.nP, blocks.nQ, blocks.mE, blocks.mF)
SIZES = [dict(zip(_EVERY, numbers, strict=True)) for numbers in _SIZES]
_ORDINARY = "0.3 -0.7 1.1 -1.3 1.9 -0.4 2.3 -2.6 0.9"
FILLINGS = [
    _ORDINARY,
    "0 1 -1 0 1 2",
    "0 0 0 1 0 -1",
    "-0.3 -0.7 -1.1 -1.6 -2.3 -3",
    "12 -25 31 7.5 -18 -9",
    "0.001 -0.002 0.00003 -0.00000007 0.0005",
    f"{_ORDINARY} 0 0 20 -15 0.0001 -0.000003",
]


class Comparison(NamedTuple):
    """At how many points the sides agree, at how many one has a value; where not."""

    agreed: int = 0
    one_sided: int = 0
    gap: str | None = None


def points(claim):
    """Numbers for sizes and indices, and a filling; the case holds at each."""
    symbols = {x for part in claim.parts for x in part.atoms(Symbol)}
    least = max(_numbered(claim), default=1)
    indices = {x for x in symbols if isinstance(x, Index)}
    used = {n, m, d, h} | symbols | {x.size for x in indices}
    for turn, (at_filling, filling), (at_size, sizes) in product(
        range(2), enumerate(FILLINGS), enumerate(SIZES)
    ):
        if sizes[n] < least:
            continue
        number = (turn + at_filling + at_size) % 3
        rng = Random(number)
        at = {x: rng.randint(1, sizes[x.size]) for x in sorted(indices, key=str)}
        at = at if number else dict.fromkeys(at, 1)
        if claim.case is not None:
            first, second = claim.case.args
            others = [x for x in range(1, sizes[first.size] + 1) if x != at[first]]
            same = isinstance(claim.case, Eq)
            at[second] = at[first] if same else rng.choice(others)
        yield (
            {x: sizes[x] for x in sizes if x in used} | at,
            [*map(Decimal, filling.split())],
        )


def _numbered(claim):
    """The numbers that stand as classes: the claim is about every n that has them."""
    for part in claim.parts:
        for entry in part.atoms(Indexed, KroneckerDelta):
            yield from (int(x) for x in entry.args if x.is_Integer)


def compare(claim):
    """What the third opinion finds at its points, up to the first gap."""
    agreed = one_sided = cost = 0
    for at, numbers in points(claim):
        world = World(at, numbers, claim.where, claim.using)
        if cost > MOST_VALUES or not _holds(world, claim.using):
            continue
        left, right = (world.value(x, at) for x in claim.parts[:2])
        cost += len(world.known)
        if left is None or right is None:
            one_sided += left is not right
        elif apart(left, right):
            entries = {f"{x}{list(of)}": v for (x, of), v in world.shown.items()}
            point = ", ".join(f"{x} = {_short(v)}" for x, v in (at | entries).items())
            gap = f"{_short(left)} and {_short(right)} at {point}"
            return Comparison(agreed, one_sided, gap)
        else:
            agreed += 1
    return Comparison(agreed, one_sided)


def _short(number):
    return f"{number.value:.15g}" if isinstance(number, tuple) else str(number)


def _holds(world, facts):
    """Whether every hypothesis is true here, of defined arrays too."""
    for expr, known in (x for fact in facts for x in fact.stated):
        free = [x for x in free_symbols(expr) if isinstance(x, Index)]
        for numbers in product(*(range(1, world.at[x.size] + 1) for x in free)):
            found = world.value(expr, world.at | dict(zip(free, numbers, strict=True)))
            if found is None or not _may_lie_in(found, known):
                return False
    return True


def _may_lie_in(number, range_):
    """Whether a number is not told to be below or above a range."""
    ends = (x if x.is_Rational else None for x in (range_.low, range_.high))
    low, high = (number if x is None else ratio(x.p, x.q) for x in ends)
    is_within = low.value <= number.value <= high.value
    return is_within or not (apart(number, low) or apart(number, high))


# What is wrong with a verdict


class _Over(BaseException):
    """The time of a search is over: Hypothesis lets through what is no Exception."""


def verdict_on(claim):
    """The verdict; None where the claim is refused."""
    try:
        # What can be read once is asked for once.
        where, using = iter(claim.where), iter(claim.using)
        return check(claim.answer, claim.question, where, using, claim.case)
    except (TypeError, ValueError) as error:
        walk = traceback.walk_tb(error.__traceback__)
        modules = [frame.f_globals["__name__"] for frame, _ in walk]
        by_name = any(x.startswith("derivations.refusals.") for x in modules)
        if by_name and modules[-1].startswith("derivations.") and str(error):
            return None
        raise


@dataclass
class Log:
    """How often each verdict was given, and claims on which a judge erred alone."""

    verdicts: Counter = field(default_factory=Counter)
    wrong_proofs: list = field(default_factory=list)


def examine(claim, log=None):
    """What is wrong with the verdict on a claim, in a sentence, or None."""
    started = time.process_time()
    try:
        with limited(4 * MOST_SECONDS):
            verdict = verdict_on(claim)
    except TooSlow:
        caching.forget()
        return f"is not decided in {4 * MOST_SECONDS} s"
    except Exception as error:  # whatever it is, that is what we look for
        *_, (last, line) = traceback.walk_tb(error.__traceback__)
        place = f"{last.f_globals['__name__']}:{line}"
        return f"crashes: {type(error).__name__}: {error} ({place})"
    if time.process_time() - started > MOST_SECONDS:
        return f"takes more than {MOST_SECONDS} s"
    return _wrong(claim, verdict, log or Log())


def _wrong(claim, verdict, log):
    """What is wrong with this verdict, by the third opinion."""
    log.verdicts[_kind(verdict)] += 1
    differs = verdict is not None and verdict.counterexample is not None
    if verdict is None or not (verdict.proved or (differs and claim.sound)):
        return None
    seen = compare(claim)
    if verdict:
        log.verdicts["right, but at no point of ours"] += not seen.agreed
        return f"is accepted, but it is {seen.gap}" if seen.gap else None
    if verdict.proved and seen.gap:
        log.wrong_proofs.append(claim)
    true = claim.sound and seen.agreed > 5 and not seen.one_sided and not seen.gap
    return f"is true, and yet {verdict.sentence}" if true and differs else None


def _kind(verdict):
    if verdict is None:
        return "refused"
    return "right" if verdict else verdict.sentence.split(":")[0]


def search(number, end, log, examples=250):
    """The smallest find of one round, a claim and what is wrong with it, or None."""
    seen = []

    @seed(number)
    @settings(fuzzing_text.ROUND, max_examples=examples)
    @given(claims())
    def every_verdict_is_so(claim):
        if time.monotonic() > end + (MOST_SECONDS * 6 if seen else 0):
            raise _Over
        wrong = examine(claim, log)
        if wrong:
            seen.append((claim, wrong))
        assert not wrong

    with suppress(AssertionError, Flaky, _Over):
        every_verdict_is_so()
    return min(seen, key=lambda find: len(told(find[0])), default=None)


def main(arguments=None):
    """Search for some seconds; 1 where there was a find, else 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    words = "how many texts of each kind are compared with NumPy"
    parser.add_argument("--arrays", type=int, default=6_000, help=words)
    options = parser.parse_args(arguments)
    finds = arrays_in_numpy.report(options.seed, options.arrays)
    steps()  # the theorems are derived before the clock runs
    fuzzing_text.formulas()
    end, log, number = time.monotonic() + options.seconds, Log(), options.seed
    texts = 0
    while time.monotonic() < end:
        find = search(number, end, log)
        if find:
            finds += 1
            claim, wrong = find
            print(f"\nfind {finds}, seed {number} ({claim.made})")
            print(told(claim), wrong, sep="\n", flush=True)
        count, find = fuzzing_text.search(number, end)
        texts += count
        if find:
            finds += 1
            print(f"\nfind {finds}, seed {number} (a text)")
            print(repr(find[0]), find[1], sep="\n", flush=True)
        number += 1
        caching.forget()
        clear_cache()
    kinds = ", ".join(f"{count} {kind}" for kind, count in log.verdicts.most_common())
    print(f"\n{log.verdicts.total()} verdicts: {kinds}\n{texts} texts\n{finds} finds")
    if log.wrong_proofs:
        print(f"{len(log.wrong_proofs)} wrong proofs that the points stopped, such as:")
        print(min(map(told, log.wrong_proofs), key=len))
    return 1 if finds else 0


if __name__ == "__main__":
    sys.exit(main())
