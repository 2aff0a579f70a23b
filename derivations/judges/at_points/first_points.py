"""A quick look at the first points: what differs there is wrong, the rest is not known.

It is asked before a judge that takes longer, and never in its place.  The values at
these points are those of the judge at points: what it needs later is computed already.
"""

from collections.abc import Iterable
from dataclasses import replace

from sympy import Add, Expr

from derivations.formulas.claims import Claim
from derivations.formulas.indices import free_symbols
from derivations.judges.at_points.comparison import (
    numbers_of,
    refuse_too_large,
    samples_of,
)
from derivations.judges.at_points.intervals import NotDefinedError
from derivations.judges.at_points.meaning import meaning
from derivations.judges.at_points.samples import choices


def differs_at_once(claim: Claim) -> bool:
    """Whether both sides differ at one of the first points at which they are defined.

    Raises Undecidable when no numbers are known for a part of the claim.

    >>> from derivations.letters import H1, Sum, k, n, y
    >>> total = Sum(y[k], (k, 1, n))
    >>> [differs_at_once(Claim(total * n, n, using=x)) for x in ([], [H1])]
    [True, False]
    """
    return not agreeing_at_once(claim, [claim.right])


def agreeing_at_once(
    claim: Claim, others: Iterable[Expr], points: int = 4
) -> list[Expr]:
    """Those of `others` from which the left side differs at none of the first points.

    The right side of the claim is not looked at; the rest of it holds.
    Raises Undecidable when no numbers are known for a part.

    >>> from derivations.letters import a, i, j, softmax, z
    >>> agreeing_at_once(Claim(-a[i], a[i], [softmax]), [a[i], -a[i], a[j]])
    [-a[i]]
    """
    agreeing = list(dict.fromkeys(others))
    whole = replace(claim, right=Add(*agreeing, evaluate=False))
    symbols = whole.free_symbols | free_symbols(claim.left)
    samples = samples_of(whole)[1][1:3]
    refuse_too_large(whole, samples, [[{}] * points] * 2)
    context = (*claim.where, *claim.using)
    meanings = {expr: meaning(expr, context) for expr in (claim.left, *agreeing)}
    for sample in samples:
        indices = [x for size in sample.sizes for x in size.indices if x in symbols]
        numbers = numbers_of(sample, None)
        few = sample._replace(most=points)
        for at in choices(indices, few, claim.case):
            try:
                if not numbers.holds(at, claim.where, claim.using):
                    continue
                value = numbers(meanings[claim.left], at)
            except NotDefinedError:
                continue
            agreeing = [
                x for x in agreeing if not _differs(numbers, value, meanings[x], at)
            ]
            points -= 1
        if points <= 0:
            break
    return agreeing


def _differs(numbers, value, other, at):
    try:
        return numbers.arithmetic.agree(value, numbers(other, at)) is False
    except NotDefinedError:
        return False
