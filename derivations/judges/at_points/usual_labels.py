"""A counterexample with labels as a reader knows them: one-hot, or shares of 1."""

from dataclasses import replace

from derivations.formulas.claims import Claim
from derivations.judges.at_points.comparison import first_difference, samples_of
from derivations.judges.counterexample import Counterexample
from derivations.letters import H1, H3, H4, Y, c, y

_MOST = 30
"""Points of a sample that are looked at."""


def with_usual_labels(claim: Claim, point: Counterexample) -> Counterexample:
    """A point where both sides differ, too, with the most usual labels; else the same.

    The labels are one-hot where no c may be another class than theirs, or not negative
    with the sum 1, or not negative.

    >>> from sympy import Abs, KroneckerDelta, Sum
    >>> from derivations.judges.at_points.comparison import compare_at_points
    >>> from derivations.letters import i, k, n
    >>> total = Sum(y[k], (k, 1, n))
    >>> for left, right in (
    ...     (y[i], 2 * y[i]),
    ...     (y[i], y[i] ** 2),
    ...     (y[i] * total, KroneckerDelta(i, c) * total),
    ...     (total, total**2),
    ...     (total, Sum(Abs(y[k]), (k, 1, n))),
    ... ):
    ...     claim = Claim(left, right)
    ...     print(with_usual_labels(claim, compare_at_points(claim).counterexample))
    i = 1 (from 1), y_1 = 1
    i = 1 (from 1), y_1 = 0.3684
    n = 2, i = 1, c = 1 (from 1), y = (0.3684, 0.6316)
    n = 2, y = (0.7, 1.2)
    n = 2, y = (0.7, -1.2)
    """
    met = {base for base, _ in point.entries} & {y, Y}
    own = [fact for fact in claim.using if any(map(fact.speaks_of, met))]
    if not met or {*own} - {H1, H3, H4}:
        return point
    samples = [x._replace(most=_MOST) for x in samples_of(claim)[1][:3]]
    at_ends = [x._replace(is_at_ends=True) for x in samples]
    ways = [(at_ends, (H1, H3))] * (c not in claim.free_symbols)
    for tried, facts in (*ways, (samples, (H1, H3)), (samples, (H3,))):
        using = tuple(dict.fromkeys((*claim.using, *facts)))
        usual = first_difference(replace(claim, using=using), tried)
        if usual is not None:
            return usual
    return point
