"""An answer with one term too many, one too few, or one in place of another.

The judge for every n subtracts the right value from the answer.  What is read off from
the difference is proved like every other mistake.
"""

from collections.abc import Iterator
from contextlib import suppress

from sympy import Add, Dummy, Expr, KroneckerDelta, Ne, S, Sum, exp

from derivations.formulas import counting
from derivations.formulas.binding import readable
from derivations.formulas.caching import remembered
from derivations.formulas.claims import Claim
from derivations.formulas.indices import SumExcept
from derivations.judges.for_every_n.derivatives import Unfolding
from derivations.judges.for_every_n.powers import expanded
from derivations.judges.for_every_n.sums import by_hypotheses
from derivations.judges.verdict import Undecidable
from derivations.letters import H1, A, Z, a, z
from derivations.mistakes.mistake import Candidate, mended
from derivations.mistakes.terms import several_terms_of, terms_of
from derivations.text.unicode import unicode

_OUTPUTS = {z: a, Z: A}
MOST_TERMS = 12
"""How many terms a difference may have that is read."""


def one_term(claim: Claim) -> Iterator[Candidate]:
    """A term too many, a missing one, or one with another number before it.

    A difference with a sum in it is no slip of the pen: `another_term` names it, after
    the other mistakes.

    >>> from derivations.letters import j, log, y
    >>> right = a[j] - y[j]
    >>> for wrong in (right + log(a[j]), 3 * a[j] - y[j], a[j]):
    ...     print([x.sentence for x in one_term(Claim(wrong, right))][-1])
    the term log a_j is one too many
    the term 3 a_j has to be a_j
    the term −y_j is missing
    """
    for term in several_terms_of(claim.left):
        words = f"the term {unicode(term)} is one too many"
        yield mended(claim, claim.left - term, words)
    for words, kind, extra in _read_off(claim):
        if not isinstance(extra, Add) and not extra.has(Sum):
            yield mended(claim, claim.left - extra, words, kind)


def another_term(claim: Claim) -> Iterator[Candidate]:
    """A term in place of another one; or the same as in `one_term`, with a sum in it.

    >>> from derivations.letters import i, j, k, n, v
    >>> right = a[j] * v[j] - a[j] * Sum(a[k] * v[k], (k, 1, n))
    >>> for wrong in (right - a[j] * v[j] + a[j] * v[i], a[j] * v[j]):
    ...     print([x.sentence for x in another_term(Claim(wrong, right))][-1])
    the term v_i a_j has to be v_j a_j
    the term −a_j Σ_k v_k a_k is missing
    """
    for words, kind, extra in _read_off(claim):
        yield mended(claim, claim.left - extra, words, kind)


@remembered
def _read_off(claim):
    """What is said of the difference, if anything, its kind, and the difference.

    A term with a size to which a sum of the answer runs, such as −n for Σ_j (a_j − 1),
    is no term that was written; nor is a part of Σ_{i≠j} y_i, which is Σ_k y_k − y_j.
    """
    said, sums = {}, claim.left.atoms(Sum, SumExcept)
    counted = {size for total in sums for *_, size in total.limits}
    is_without_one, written = claim.left.has(SumExcept), terms_of(claim.left)
    for terms, difference in _differences(claim):
        extra, several = Add(*difference), terms if len(terms) > 1 else []
        own = [x for x in several if x in difference or (extra / x).is_number]
        if any(x.free_symbols & counted for x in own if not x.has(Sum)):
            continue
        parts = [x for x in own if x not in written] if is_without_one else []
        if parts == difference and len(parts) == 1 and not extra.has(Sum):  # i = j
            said[f"the term {unicode(-extra)} is missing"] = "a term is missing", extra
        if parts:
            continue
        if len(difference) in (1, 2) and len(own) == 1 and own != difference:
            words = f"the term {unicode(*own)} has to be {unicode(own[0] - extra)}"
            said[words] = f"the term {unicode(*own)} is wrong", extra
        elif len(difference) == 1 and not any((extra / x).is_number for x in terms):
            said[f"the term {unicode(-extra)} is missing"] = "a term is missing", extra
    return tuple((words, *about) for words, about in said.items())


def _differences(claim):
    """The terms of an answer, and those of what it has too much.

    With the hypotheses that the claim uses, and with labels that sum to 1.
    """
    unfolding = Unfolding(claim.where, claim.case)
    summing = claim.using if H1 in claim.using else (*claim.using, H1)
    for facts in dict.fromkeys((claim.using, summing)):
        with suppress(Undecidable):
            left, right = map(unfolding.normal, (claim.left, claim.right))
            yield _terms(left, claim, facts), _terms(left - right, claim, facts)


def _terms(form, claim, facts):
    """The terms of a normal form; a softmax is written a where a is one."""
    form = by_hypotheses(form, facts)
    if isinstance(claim.case, Ne):
        form = form.xreplace({KroneckerDelta(*claim.case.args): S.Zero})
    if counting.terms_of(form) > MOST_TERMS:
        return []
    terms = [x for x in Add.make_args(readable(expanded(form))) if x != 0]
    is_softmax = {one.base for one in claim.where} & {a, A}
    return [_in_outputs(x) for x in terms] if is_softmax else terms


def _in_outputs(term: Expr) -> Expr:
    """A term in which e^z_j over the sum of all is written a_j, if all sums cancel.

    >>> from derivations.letters import j, k, n, v
    >>> total = Sum(exp(z[k]), (k, 1, n))
    >>> _in_outputs(exp(2 * z[j]) / total**2)
    a[j]**2
    >>> _in_outputs(exp(z[j]) * Sum(exp(z[k]) * v[k], (k, 1, n)) / total**2)
    a[j]*Sum(a[k]*v[k], (k, 1, n))
    """
    letters = {total: Dummy() for total in term.atoms(Sum) if _is_of_softmax(total)}
    written = term.xreplace(letters)
    for total, letter in letters.items():
        logit = total.function.exp
        for power in written.atoms(exp):
            count, entry = power.exp.as_coeff_Mul()
            is_logit = getattr(entry, "base", None) == logit.base
            if is_logit and entry.indices[1:] == logit.indices[1:]:  # of one example
                output = letter * _OUTPUTS[entry.base][entry.indices]
                written = written.xreplace({power: output**count})
    for total in written.atoms(Sum):
        inside, outside = total.function.as_independent(*letters.values(), as_Add=False)
        written = written.xreplace({total: outside * Sum(inside, *total.limits)})
    return term if written.atoms(Dummy) else written


def _is_of_softmax(total):
    """Whether it adds up e^z over the classes."""
    logit = total.function.exp if isinstance(total.function, exp) else None
    is_logit = getattr(logit, "base", None) in _OUTPUTS
    return is_logit and logit.indices[0] == total.variables[0]
