"""Where the terms of a chain's lines come from, and where they go.

Terms of a line become terms of the next one in groups: both sides of a group have the
same sum, and no part of a group has.  Both judges prove each group, so nothing is said
of a term but what the chain proves.
"""

from collections import Counter
from itertools import combinations, product

from sympy import Add, Expr, Indexed, Mul

from derivations.deciding import is_right
from derivations.proof import Derivation
from derivations.refusals import claims
from derivations.text.printing import factors, terms


def values(line: Expr) -> list[Expr]:
    """What each term of a line adds to it.

    >>> from derivations.letters import a, i, j
    >>> values(a[i]*(1 - a[j]))
    [a[i], -a[i]*a[j]]
    """
    shown, beside = terms(line)
    return [Mul(*beside, term) for term in shown]


def origins(chain: Derivation) -> list[list[tuple[tuple[int, ...], tuple[int, ...]]]]:
    """For each step its groups: places of terms in the line before, and in its own.

    A group without terms in the step's own line has the sum 0: its terms cancel.  A
    term that is 0 by itself is in no group of the step that brings it.

    >>> from derivations.theorems.logits import gradient
    >>> origins(gradient())[4]    # −y_j (1 − a_j) became y_j a_j and −y_j
    [((1,), (2,)), ((0,), (0, 1))]
    """
    lines = [values(side) for side in sides(chain)]
    return [
        _groups(*lines[number : number + 2], chain, step.using)
        for number, step in enumerate(chain.steps)
    ]


def sides(chain: Derivation) -> list[Expr]:
    """The first side of a chain, and the right side of each step."""
    return [chain.start, *(step.right for step in chain.steps)]


def _groups(left, right, chain, using):
    """The groups of two lines, the smallest first; equal terms before all others."""

    def sums(places, others):
        return Add(*(left[x] for x in places)), Add(*(right[x] for x in others))

    pairs = product(_subsets(left)[1:], _subsets(right))
    groups, used, used_right = [], set(), set()
    for places, others in sorted(
        pairs, key=lambda pair: (len(pair[0]) + len(pair[1]), len({*sums(*pair)}))
    ):
        is_free = used.isdisjoint(places) and used_right.isdisjoint(others)
        if is_free and are_equal(*sums(places, others), chain, using):
            groups.append((places, others))
            used.update(places)
            used_right.update(others)
    return groups


def _subsets(line):
    lengths = range(len(line) + 1)
    return [x for length in lengths for x in combinations(range(len(line)), length)]


def are_equal(one: Expr, other: Expr, chain: Derivation, using: tuple = ()) -> bool:
    """Whether both judges prove that two terms are equal where a chain holds."""
    return one == other or is_right(
        claims.claim(one, other, chain.where, using, chain.case)
    )


def cancelled(before: Expr, after: Expr, groups: list) -> list[frozenset[Indexed]]:
    """For each term of a line the letters that cancel in it on the way to the next.

    They stand above and below in the term, and not in what the term becomes.

    >>> from derivations.formulas.indices import times
    >>> from derivations.letters import a, y, j
    >>> cancelled(times(-y[j]/a[j], a[j]), -y[j], [((0,), (0,))])
    [frozenset({a[j]})]
    """
    (shown, beside), (later, beside_later) = terms(before), terms(after)
    becomes = {place: others for places, others in groups for place in places}
    return [
        _above_and_below([*beside, term])
        - set(
            _all_factors([*beside_later, *(later[x] for x in becomes.get(place, ()))])
        )
        for place, term in enumerate(shown)
    ]


def _all_factors(parts):
    return [factor for part in parts for factor in factors(part)]


def _above_and_below(parts):
    powers, seen = Counter(), Counter()
    for base, power in (factor.as_base_exp() for factor in _all_factors(parts)):
        powers[base] += power
        seen[base] += 1
    return frozenset(
        base
        for base in powers
        if isinstance(base, Indexed) and seen[base] > 1 and powers[base] == 0
    )
