"""The judge at points: both sides of a claim compared as numbers.

This is the second opinion on every step, so it shares no rule with the judge for every
n: a sum is added up term by term, an index is a number, and a derivative is exact, by
dual numbers.  Every number carries a bound on its own error, and two sides differ when
they are further apart than these allow, at any magnitude.  A point at which a side has
no real value is left out.
"""

from collections.abc import Sequence
from functools import cache, partial
from math import isfinite, prod
from threading import get_ident
from typing import NamedTuple

from mpmath import mp
from sympy import Derivative, Expr, Integer, Pow, Sum

from derivations.formulas.caching import remembered
from derivations.formulas.claims import Claim
from derivations.formulas.indices import Size, SumExcept
from derivations.formulas.numbered import sizes_by_numbers
from derivations.judges.at_points.intervals import NotDefinedError
from derivations.judges.at_points.meaning import meaning
from derivations.judges.at_points.negative_bases import (
    mirrored,
    powers_of_any_sign,
    with_whole_exponents,
)
from derivations.judges.at_points.numbers import Numbers
from derivations.judges.at_points.samples import (
    Sample,
    at_ends,
    choices,
    samples_with,
)
from derivations.judges.counterexample import Counterexample
from derivations.judges.verdict import Undecidable, with_sizes
from derivations.letters import USUAL_ENTRIES

BITS = 192
MOST_TERMS = 4 * 10**6
"""How many terms are added up at all points together; what needs more is too large."""
MOST_CLASSES = 100
"""The largest number of a class, or an example, with which points are tried."""


class Comparison(NamedTuple):
    """What was compared, and the first point at which both sides differ, or None.

    `tried` has for each size of the claim the numbers that it had at these points.
    `unseen` is a power that had no value wherever its base was negative, or None: of
    such a base nothing was compared.  At `undefined` further points a side had no
    value, and neither had `hole`, the first such part that was met.
    """

    points: int = 0
    tried: tuple[tuple[Size, tuple[int, ...]], ...] = ()
    counterexample: Counterexample | None = None
    unseen: Pow | None = None
    undefined: int = 0
    hole: Expr | None = None


def compare_at_points(claim: Claim) -> Comparison:
    """Both sides of a claim compared as numbers at the points of all samples.

    Raises Undecidable when no numbers are known for a part of the claim, or the
    two sides are both defined at none of the points that were tried.

    >>> from derivations.letters import KroneckerDelta, c, i, one_hot, y
    >>> compared = compare_at_points(Claim(y[i], KroneckerDelta(i, c), (one_hot,)))
    >>> compared.points, compared.tried, compared.counterexample
    (73, ((n, (2, 3, 4, 5, 7)),), None)

    Where a power may have a negative base, there are points at which it has one:

    >>> from sympy import sqrt
    >>> from derivations.letters import alpha, z
    >>> claim = Claim(z[i] ** (alpha / 2), sqrt(z[i] ** alpha))
    >>> print(compare_at_points(claim).counterexample)
    i = 4 (from 1), alpha = 2, z_4 = -0.4
    """
    sizes, samples = samples_of(claim)
    samples += at_ends(samples, claim.using)
    powers = powers_of_any_sign(claim)
    # Numbers of this claim alone, for others may have met the same powers.
    compared = partial(_compared, claim, owner=claim if powers else None)
    outcome = compared(samples)
    if outcome.counterexample is None and powers:
        opposite = mirrored(samples)
        other = compared(opposite)
        met = outcome.of_negative | other.of_negative
        if other.counterexample or any(x in met for x in powers):
            few = samples[1:3] + opposite[:2]
            samples += opposite + with_whole_exponents(few, powers)
            outcome = compared(samples)
            if outcome.counterexample is None and outcome.unseen:
                few = tuple(outcome.with_negative[:4])
                samples += with_whole_exponents(few, tuple(outcome.unseen))
                outcome = compared(samples)
    if not outcome.holds:
        raise Undecidable("the hypotheses hold at none of the points that were tried")
    if not outcome.at:
        at_sizes = with_sizes(_tried(sizes, outcome.undefined))
        hole = f": {outcome.hole} has no value there" if outcome.hole else ""
        raise Undecidable(
            "the two sides are both defined at none of the points that were tried, "
            f"{len(outcome.undefined)}{at_sizes}{hole}"
        )
    return Comparison(
        len(outcome.at),
        _tried(sizes, outcome.at),
        outcome.counterexample,
        next((x for x in powers if x in outcome.unseen), None),
        len(outcome.undefined),
        outcome.hole,
    )


def samples_of(claim: Claim) -> tuple[tuple[Size, ...], tuple[Sample, ...]]:
    """The sizes of a claim, and samples with those that its numbers ask for.

    Raises Undecidable for the number of a class that is too large.
    """
    larger = sizes_by_numbers(claim, USUAL_ENTRIES)
    for size in larger.values():
        if size.least > MOST_CLASSES:
            raise Undecidable(
                f"too large: the formula needs {size} ≥ {size.least}, and the checks "
                f"go up to {MOST_CLASSES}"
            )
    sizes = tuple(sorted({*claim.sizes, *larger}, key=str))
    return sizes, samples_with(sizes, tuple(larger.items()))


def first_difference(
    claim: Claim, samples: tuple[Sample, ...]
) -> Counterexample | None:
    """The first point of some samples at which both sides differ, or None.

    Raises Undecidable as `compare_at_points` does for what is too large or not known.

    >>> from derivations.judges.at_points.samples import SAMPLES
    >>> from derivations.letters import i, y
    >>> print(first_difference(Claim(y[i], -y[i]), SAMPLES[1:2]))
    i = 1 (from 1), y_1 = 0.7
    """
    return _compared(claim, samples, owner=None).counterexample


def _tried(sizes, points):
    """For each of the sizes the numbers that it has at points."""
    tried = {size: {at[size] for at in points} for size in sizes}
    return tuple((size, tuple(sorted(numbers))) for size, numbers in tried.items())


class _Outcome(NamedTuple):
    """The sizes of each point that was compared; `of_negative` as in `Numbers`.

    `undefined` has the sizes of those at which a side has no value, `hole` the first
    part that has none.  `with_negative` has the samples at which some power had a
    negative base.  `holds` says whether all hypotheses hold at some point.
    """

    at: list[dict]
    undefined: list[dict]
    of_negative: dict
    with_negative: list[Sample]
    counterexample: Counterexample | None = None
    holds: bool = True
    hole: Expr | None = None

    @property
    def unseen(self):
        """The powers that had no value wherever their base was negative."""
        return [power for power, had_value in self.of_negative.items() if not had_value]


def _compared(claim, samples, owner):
    """Compare both sides at all points of the samples.

    An owner has numbers of its own; without one, claims share them.
    """
    symbols = claim.free_symbols
    indices = [x for size in samples[0].sizes for x in size.indices if x in symbols]
    points = [choices(indices, sample, claim.case) for sample in samples]
    refuse_too_large(claim, samples, points)
    outcome, holds, hole = _Outcome([], [], {}, []), not claim.using, None
    sides = _meanings(claim)
    for sample, every_at in zip(samples, points, strict=True):
        at_bits = cache(partial(numbers_of, sample, owner))
        for at in every_at:
            if claim.using and not at_bits(BITS).holds(at, claim.where, claim.using):
                continue
            holds = True
            same = _same(sides, at_bits, at)
            if isinstance(same, NotDefinedError):
                outcome.undefined.append(sample.sizes)
                hole = hole or same.part
                continue
            outcome.at.append(sample.sizes)
            if not same:
                return outcome._replace(
                    counterexample=_counterexample(claim, sample, at)
                )
        if at_bits(BITS).of_negative:
            outcome.with_negative.append(sample)
        for power, had_value in at_bits(BITS).of_negative.items():
            known_before = outcome.of_negative.get(power, False)
            outcome.of_negative[power] = known_before or had_value
    return outcome._replace(holds=holds, hole=hole)


def _meanings(claim):
    context = *claim.where, *claim.using
    return [meaning(side, context) for side in (claim.left, claim.right)]


def _same(sides, at_bits, at):
    """Whether both sides agree, at more bits where it has to be; or why not defined."""
    for bits in (BITS, 4 * BITS):
        numbers, same, answer = at_bits(bits), None, True
        try:
            left, right = (numbers(side, at) for side in sides)
            same = numbers.arithmetic.agree(left, right)
        except NotDefinedError as problem:
            answer = problem
        if same is not None:
            return same
    return answer


def numbers_of(sample: Sample, owner: Claim | None, bits: int = BITS) -> Numbers:
    """The numbers of a sample, with what was computed there for all claims of an owner.

    Without an owner, claims share them.
    """
    known = sample._replace(sizes=tuple(sample.sizes.items()))
    return _numbers(get_ident(), known, owner, bits)


@partial(remembered, most=64)
def _numbers(thread, sample, owner, bits):
    # Each thread has its own, for what they know changes.
    return Numbers(sample._replace(sizes=dict(sample.sizes)), bits)


def _counterexample(claim, sample, at):
    # Numbers that have met this point alone, so that no others are shown.
    numbers = Numbers(sample, 4 * BITS)
    left, right = (_shown(numbers(side, at)) for side in _meanings(claim))
    free = claim.free_symbols
    shown = {size: value for size, value in sample.sizes.items() if size in free}
    near = float(left), float(right)
    if near[0] == near[1] or not all(map(isfinite, near)):
        near = left, right  # a float does not tell them apart
    return Counterexample(shown, at, numbers.leaves, *near)


def _shown(number):
    """A number as it is shown: one that cannot be told from 0 is 0, and no rounding.

    >>> from derivations.judges.at_points.intervals import Intervals
    >>> few = Intervals(bits=20)
    >>> third = few.ratio(1, 3)
    >>> left = few.sum([few.times(third, third), few.negative(few.ratio(1, 9))])
    >>> float(left) == 0, _shown(left)
    (False, mpf('0.0'))
    """
    return mp.make_mpf(number.value) if number.is_apart_from_0() else mp.zero


def refuse_too_large(claim: Claim, samples: Sequence[Sample], points: list) -> None:
    """Raise Undecidable where too many terms are to be added up at some points."""
    sizes = samples[0].sizes
    largest = {size: max(sample.sizes[size] for sample in samples) for size in sizes}
    if _terms(claim, largest) * sum(map(len, points)) <= MOST_TERMS:
        return
    terms = sum(
        _terms(claim, sample.sizes) * len(at)
        for sample, at in zip(samples, points, strict=True)
    )
    if terms > MOST_TERMS:
        raise Undecidable(
            f"too large: about {terms} terms to add up at all points; "
            f"at most {MOST_TERMS} are allowed"
        )


def _terms(claim, sizes):
    """About how many terms are added up at one point."""
    sides, known = (claim.left, claim.right), tuple(sizes.items())
    derivatives = sum(map(_derivatives, sides))
    of_definitions = sum(
        _work(one.value, known) * prod(sizes[x.size] for x in one.parameters)
        for one in claim.where
    )
    of_sides = sum(_work(side, known) for side in sides)
    return of_sides + of_definitions * (1 + derivatives)


@remembered
def _derivatives(expr):
    return len(expr.atoms(Derivative))


@remembered
def _work(expr, sizes):
    """About how many parts are computed for `expr` at one point."""
    return _parts(expr, dict(sizes))


def _parts(expr, sizes):
    work = 1 + sum(_parts(arg, sizes) for arg in expr.args)
    if isinstance(expr, Sum | SumExcept):
        for _, low, high in expr.limits:
            bounds = [sizes.get(x, x) for x in (low, high)]
            known = all(isinstance(x, int | Integer) for x in bounds)
            work *= max(1, int(bounds[1] - bounds[0]) + 1) if known else MOST_TERMS
    if isinstance(expr, Derivative):
        work *= 3
    return work
