"""The judge at points: both sides of a claim compared as numbers.

This is the second opinion on every step, so it shares no rule with the judge for every
n: a sum is added up term by term, an index is a number, and a derivative is exact, by
dual numbers.  Every number carries a bound on its own error, and two sides differ when
they are further apart than these allow, at any magnitude.  A point at which a side has
no real value is left out.
"""

from functools import cache, partial
from math import prod
from threading import get_ident
from typing import NamedTuple

from sympy import Derivative, Sum

from derivations.formulas.caching import remembered
from derivations.formulas.claims import Claim
from derivations.formulas.indices import Size, SumExcept
from derivations.judges.at_points.intervals import NotDefinedError
from derivations.judges.at_points.numbers import Numbers
from derivations.judges.at_points.samples import SAMPLES, choices, samples_with
from derivations.judges.verdict import Counterexample, Undecidable

BITS = 192
MOST_TERMS = 10**7
"""How many terms are added up at all points together; what needs more is too large."""


class Comparison(NamedTuple):
    """What was compared, and the first point at which both sides differ, or None.

    `tried` has for each size of the claim the numbers that it had at these points.
    """

    points: int = 0
    tried: tuple[tuple[Size, tuple[int, ...]], ...] = ()
    counterexample: Counterexample | None = None


def compare_at_points(claim: Claim) -> Comparison:
    """Both sides of a claim compared as numbers at the points of all samples.

    Raises Undecidable when no numbers are known for a part of the claim, or both sides
    are defined at no point that was tried.

    >>> from derivations.letters import KroneckerDelta, c, i, one_hot, y
    >>> compared = compare_at_points(Claim(y[i], KroneckerDelta(i, c), (one_hot,)))
    >>> compared.points, compared.tried, compared.counterexample
    (73, ((n, (2, 3, 4, 5, 7)),), None)
    """
    symbols, samples = claim.free_symbols, samples_with(claim.sizes)
    indices = [x for size in samples[0].sizes for x in size.indices if x in symbols]
    points = [choices(indices, sample, claim.case) for sample in samples]
    _refuse_too_large(claim, samples, points)
    compared, holds = [], not claim.using  # the sizes of each point
    for position, sample in enumerate(samples):
        known = position, tuple(sample.sizes.items())
        at_bits = cache(partial(_numbers, get_ident(), known, claim.where, claim.using))
        for at in points[position]:
            if claim.using and not at_bits(BITS).holds(at):
                continue
            holds = True
            same = _same(claim, at_bits, at)
            if same is not None:
                compared.append(sample.sizes)
            if same is False:
                point = _counterexample(claim, sample, at)
                return _comparison(claim, compared, point)
    if not holds:
        raise Undecidable("the hypotheses hold at no point that was tried")
    if not compared:
        raise Undecidable("both sides are defined at no point that was tried")
    return _comparison(claim, compared)


def _comparison(claim, compared, counterexample=None):
    tried = {size: {sizes[size] for sizes in compared} for size in claim.sizes}
    tried = tuple((size, tuple(sorted(numbers))) for size, numbers in tried.items())
    return Comparison(len(compared), tried, counterexample)


def _same(claim, at_bits, at):
    """Whether both sides agree, at more bits where it has to be; None: not defined."""
    for bits in (BITS, 4 * BITS):
        numbers, same = at_bits(bits), None
        try:
            sides = [numbers(side, at) for side in (claim.left, claim.right)]
            same = numbers.arithmetic.agree(*sides)
        except NotDefinedError:
            sides = None
        if same is not None:
            return same
    return None if sides is None else True


@partial(remembered, most=64)
def _numbers(thread, sample, where, using, bits):
    # Steps of a chain share sides. Each thread has its own, for what they know changes.
    position, sizes = sample
    return Numbers(SAMPLES[position]._replace(sizes=dict(sizes)), where, using, bits)


def _counterexample(claim, sample, at):
    # Numbers that have met this point alone, so that no others are shown.
    numbers = Numbers(sample, claim.where, claim.using, 4 * BITS)
    left, right = (float(numbers(side, at)) for side in (claim.left, claim.right))
    free = claim.free_symbols
    shown = {size: value for size, value in sample.sizes.items() if size in free}
    return Counterexample(shown, at, numbers.leaves, left, right)


def _refuse_too_large(claim, samples, points):
    sides = claim.left, claim.right
    derivatives = sum(len(side.atoms(Derivative)) for side in sides)
    terms = 0
    for sample, at in zip(samples, points, strict=True):
        sizes = tuple(sample.sizes.items())
        of_sides = sum(_work(side, sizes) for side in sides)
        of_definitions = sum(
            _work(one.value, sizes) * prod(sample.sizes[x.size] for x in one.parameters)
            for one in claim.where
        )
        terms += (of_sides + of_definitions * (1 + derivatives)) * len(at)
    if terms > MOST_TERMS:
        raise Undecidable(
            f"too large: about {terms} terms to add up at all points, "
            f"and {MOST_TERMS} are the most"
        )


@remembered
def _work(expr, sizes):
    """About how many parts are computed for `expr` at one point."""
    return _parts(expr, dict(sizes))


def _parts(expr, sizes):
    work = 1 + sum(_parts(arg, sizes) for arg in expr.args)
    if isinstance(expr, Sum | SumExcept):
        for _, low, high in expr.limits:
            bounds = [sizes.get(x, x) for x in (low, high)]
            known = not any(getattr(x, "free_symbols", ()) for x in bounds)
            work *= max(1, int(bounds[1] - bounds[0]) + 1) if known else MOST_TERMS
    if isinstance(expr, Derivative):
        work *= 3
    return work
