"""Answers that are right in one case only, or in which a delta is lost."""

from collections.abc import Iterator
from dataclasses import replace

from sympy import Eq, Indexed, KroneckerDelta, Ne, S, Sum

from derivations.formulas.claims import Claim
from derivations.formulas.indices import SumExcept, size_of
from derivations.letters import Y, c, one_hot, y
from derivations.mistakes.mistake import (
    Candidate,
    equal_to,
    letters_of,
    mended,
    pairs_of,
)
from derivations.mistakes.terms import entries_moved, terms_of
from derivations.text.unicode import unicode


def one_case_for_both(claim: Claim) -> Iterator[Candidate]:
    """The formula of i = j, or that of i ≠ j, where both cases are asked for.

    >>> from derivations.letters import Derivative, a, i, j, softmax, z
    >>> asked = Claim(a[i] * (1 - a[i]), Derivative(a[i], z[j]), [softmax])
    >>> [x.claim.case for x in one_case_for_both(asked)]
    [Eq(i, j), Ne(i, j)]
    """
    for i, j in _cases(claim):
        words = f"this is the formula of the case {i} = {j}; for {i} ≠ {j} it is wrong"
        yield Candidate(replace(claim, case=Eq(i, j)), words)
        words = f"this is the formula of the case {i} ≠ {j}; for {i} = {j} it is wrong"
        yield Candidate(replace(claim, case=Ne(i, j)), words)


def slip_in_one_case(claim: Claim) -> Iterator[Candidate]:
    """The formula of i ≠ j for both cases, with a wrong sign or letter in it, too.

    >>> from derivations.letters import Derivative, a, i, j, softmax, z
    >>> asked = Claim(a[i] * a[j], Derivative(a[i], z[j]), [softmax])
    >>> [x.claim.right for x in slip_in_one_case(asked)][0]
    -Derivative(a[i], z[j])
    """
    for i, j in _cases(claim):
        case = f"this is meant for {i} ≠ {j}; even there"
        apart = replace(claim, case=Ne(i, j))
        yield equal_to(apart, -claim.right, f"{case} its sign is wrong")
        for answer, moved, entry in entries_moved(claim):
            words = f"{case} one {unicode(entry)} has to be {unicode(moved)}"
            kind = f"{case} one {unicode(entry)} has the wrong index"
            yield mended(apart, answer, words, kind)


def true_class_for_all(claim: Claim) -> Iterator[Candidate]:
    """An answer that is right at the true class of one-hot labels only, or elsewhere.

    >>> from derivations.letters import L, Derivative, a, cross_entropy, j, softmax, z
    >>> asked = Claim(a[j] - 1, Derivative(L, z[j]), [softmax, cross_entropy])
    >>> [x.claim.case for x in true_class_for_all(asked)]
    [Eq(c, j), Ne(c, j)]
    """
    if c in claim.free_symbols:
        yield from _in_sums(claim)
        return
    bases = {x.base for one in claim.where for x in one.value.atoms(Indexed)}
    bases |= {x.base for x in (claim.left + claim.right).atoms(Indexed)}
    is_defined = any(one.base == y for one in claim.where)
    if claim.case is not None or y not in bases - {Y} or is_defined:
        return
    where = (*claim.where, one_hot)
    for letter in letters_of(claim.right):
        if letter.size == c.size:
            at = "with one-hot labels this is right for"
            words = f"{at} the true class only, where y_{letter} is 1"
            yield Candidate(replace(claim, where=where, case=Eq(c, letter)), words)
            words = f"{at} the wrong classes only, where y_{letter} is 0"
            yield Candidate(replace(claim, where=where, case=Ne(c, letter)), words)


def _in_sums(claim):
    """A 1 in a sum over the classes that only the true class has.

    >>> from derivations.letters import a, j, n
    >>> wrong = Claim(SumExcept(a[j] - 1, (j, 1, n), c), 1 - a[c])
    >>> [x.claim.left for x in _in_sums(wrong)]
    [SumExcept(-KroneckerDelta(c, j) + a[j], (j, 1, n), c)]
    """
    for total in sorted(claim.left.atoms(Sum, SumExcept), key=str):
        j, terms = total.limits[0][0], terms_of(total.function)
        for term in (x for x in terms if abs(x) == 1 and size_of(j) == c.size):
            rest = total.function - term + term * KroneckerDelta(j, c)
            words = (
                f"the term {unicode(term)} of the sum counts for the true class only"
            )
            answer = claim.left.xreplace({total: total.func(rest, *total.args[1:])})
            yield mended(claim, answer, f"{words}, {j} = {c}")


def transposed(claim: Claim) -> Iterator[Candidate]:
    """The value at j and i where that at i and j is asked for.

    >>> from derivations.letters import Derivative, X, a, i, j, z
    >>> [x.claim.right for x in transposed(Claim(a[i], Derivative(a[i], z[j])))]
    [Derivative(a[j], z[i])]
    """
    for i, j in pairs_of(claim.right):
        swapped = claim.right.xreplace({i: j, j: i})
        words = f"this is the transpose: {i} and {j} have changed places"
        yield equal_to(claim, swapped, words)


def delta_lost(claim: Claim) -> Iterator[Candidate]:
    """A term without the delta of the question's letters; or a delta that is always 1.

    >>> from derivations.letters import Derivative, a, i, j, z
    >>> asked = Claim(a[i] - a[i] * a[j], Derivative(a[i], z[j]))
    >>> [x.claim.left for x in delta_lost(asked)]
    [-KroneckerDelta(i, j)*a[i]*a[j] + a[i], KroneckerDelta(i, j)*a[i] - a[i]*a[j]]
    """
    terms = terms_of(claim.left)
    for i, j in _cases(claim):
        delta = KroneckerDelta(i, j)
        for term in terms:
            if not term.has(delta):
                only = f"the term {unicode(term)} counts for {i} = {j} only"
                words = f"{only}: its delta is lost"
                yield mended(claim, claim.left - term + delta * term, words)
    for delta in sorted(claim.right.atoms(KroneckerDelta), key=str):
        i, j = delta.args
        for value in (S.One, S.Zero):
            words = f"this comes out when the delta of {i} and {j} is always {value}"
            yield equal_to(claim, claim.right.xreplace({delta: value}), words)


def _cases(claim):
    return pairs_of(claim.right) if claim.case is None else ()
