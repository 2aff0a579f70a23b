"""Answers that are right in one case only."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from sympy import Eq, Indexed, KroneckerDelta, Ne, Symbol

from derivations.formulas.claims import Claim
from derivations.formulas.indices import free_symbols, size_of
from derivations.letters import Y, c, one_hot, y
from derivations.mistakes.mistake import Candidate


def one_case_for_both(claim: Claim) -> Iterator[Candidate]:
    """The formula of i = j, or that of i ≠ j, where both cases are asked for.

    >>> from derivations.letters import Derivative, a, i, j, softmax, z
    >>> asked = Claim(a[i] * (1 - a[i]), Derivative(a[i], z[j]), [softmax])
    >>> [x.claim.case for x in one_case_for_both(asked)]
    [Eq(i, j), Ne(i, j)]
    """
    if claim.case is not None:
        return
    for i, j in _pairs(claim):
        words = f"this is right for {i} = {j} only: for {i} ≠ {j} it is another formula"
        yield Candidate(replace(claim, case=Eq(i, j)), words)
        words = f"this is right for {i} ≠ {j} only: for {i} = {j} it is another formula"
        yield Candidate(replace(claim, case=Ne(i, j)), words)


def true_class_for_all(claim: Claim) -> Iterator[Candidate]:
    """What holds at the true class of one-hot labels only, or at all others only.

    >>> from derivations.letters import L, Derivative, a, cross_entropy, j, softmax, z
    >>> asked = Claim(a[j] - 1, Derivative(L, z[j]), [softmax, cross_entropy])
    >>> [x.claim.case for x in true_class_for_all(asked)]
    [Eq(j, c), Ne(j, c)]
    """
    bases = {x.base for one in claim.where for x in one.value.atoms(Indexed)}
    bases |= {x.base for x in (claim.left + claim.right).atoms(Indexed)}
    if claim.case is not None or y not in bases or Y in bases or _is_used(c, claim):
        return
    if any(one.base == y for one in claim.where):
        return
    where = (*claim.where, one_hot)
    for letter in sorted(_free_indices(claim), key=str):
        if letter.size != c.size:
            continue
        at_true = f"this is right for the true class of one-hot labels only, where y[{letter}] is 1"
        yield Candidate(replace(claim, where=where, case=Eq(letter, c)), at_true)
        others = f"this is right for the wrong classes of one-hot labels only, where y[{letter}] is 0"
        yield Candidate(replace(claim, where=where, case=Ne(letter, c)), others)


def transposed(claim: Claim) -> Iterator[Candidate]:
    """The value at j and i where that at i and j is asked for.

    >>> from derivations.letters import Derivative, X, a, i, j, z
    >>> [x.claim.right for x in transposed(Claim(a[i], Derivative(a[i], z[j])))]
    [Derivative(a[j], z[i])]
    """
    for i, j in _pairs(claim):
        swapped = claim.right.xreplace({i: j, j: i})
        words = f"this is the transposed one: {i} and {j} have changed places"
        yield Candidate(replace(claim, right=swapped), words)


def delta_dropped(claim: Claim) -> Iterator[Candidate]:
    """A delta of the question that is 1, or 0, in the answer, whatever its letters."""
    for delta in sorted(claim.right.atoms(KroneckerDelta), key=str):
        for value in (1, 0):
            words = f"this is what comes out when the delta of {delta.args[0]} and {delta.args[1]} is always {value}"
            yield Candidate(
                replace(claim, right=claim.right.xreplace({delta: value})), words
            )


def _pairs(claim):
    """Two free letters of the question that run to the same size."""
    letters = sorted(_free_indices(claim), key=str)
    return [(i, j) for i, j in combinations(letters, 2) if i.size == j.size]


def _free_indices(claim):
    return {x for x in free_symbols(claim.right) if size_of(x) is not None}


def _is_used(letter: Symbol, claim):
    return letter in claim.free_symbols
