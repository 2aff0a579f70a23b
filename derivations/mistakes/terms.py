"""An answer that is right but for one term, one factor or one letter."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from sympy import Add, Expr, Indexed, Integer, KroneckerDelta, Mul, Pow

from derivations.formulas.claims import Claim
from derivations.formulas.indices import free_symbols, size_of
from derivations.mistakes.mistake import Candidate
from derivations.text.printing import text

MOST_TERMS = 8
"""How many terms an answer may have where it is taken apart."""


def one_term(claim: Claim) -> Iterator[Candidate]:
    """A term with the wrong sign, one too many, or a usual one that is missing.

    >>> from derivations.letters import a, j, y, z
    >>> [x.claim.left for x in one_term(Claim(a[j] + y[j], z[j]))][:4]
    [a[j] - y[j], -a[j] + y[j], y[j], a[j]]
    """
    terms = _terms(claim.left)
    if 1 < len(terms) <= MOST_TERMS:
        for term in reversed(terms):
            words = f"the sign of the term {text(term)} is wrong"
            yield _edited(claim, claim.left - 2 * term, words)
        for term in terms:
            words = f"the term {text(term)} is one too many"
            yield _edited(claim, claim.left - term, words)
    entries = [x for x in claim.left.atoms(Indexed) if _is_free(x, claim.left)]
    for term in (Integer(1), *sorted(entries, key=str)):
        for signed in (term, -term):
            words = f"the term {text(signed)} is missing"
            yield _edited(claim, claim.left + signed, words)


def delta_of_one_term(claim: Claim) -> Iterator[Candidate]:
    """A term that lacks the delta of the question's letters, or has one too many.

    >>> from derivations.letters import a, i, j, z, Derivative
    >>> asked = Claim(a[i] - a[i] * a[j], Derivative(a[i], z[j]))
    >>> [x.claim.left for x in delta_of_one_term(asked)][0]
    -a[i]*a[j] + a[i]*KroneckerDelta(i, j)
    """
    letters = sorted(
        (x for x in free_symbols(claim.right) if size_of(x) is not None), key=str
    )
    pairs = [(i, j) for i, j in combinations(letters, 2) if i.size == j.size]
    terms = _terms(claim.left)
    if len(terms) > MOST_TERMS:
        return
    for pair in pairs:
        delta = KroneckerDelta(*pair)
        for term in terms:
            if not term.has(delta):
                words = f"the term {text(term)} stands where {pair[0]} = {pair[1]} only: its delta is missing"
                yield _edited(claim, claim.left - term + delta * term, words)


def one_factor(claim: Claim) -> Iterator[Candidate]:
    """A factor of one term that is too many.

    >>> from derivations.letters import a, j, y, z
    >>> [x.claim.left for x in one_factor(Claim(a[j] - a[j] * y[j], z[j]))]
    [-a[j]*y[j] + 1, -a[j] + y[j], a[j] - y[j]]
    """
    terms = _terms(claim.left)
    if len(terms) > MOST_TERMS:
        return
    for term in terms:
        for factor in Mul.make_args(term):
            if factor.is_Number:
                continue
            base = factor.base if isinstance(factor, Pow) else factor
            words = f"the factor {text(base)} of the term {text(term)} is one too many"
            yield _edited(claim, claim.left - term + term / base, words)


def one_letter(claim: Claim) -> Iterator[Candidate]:
    """An entry at i where that at j is needed.

    >>> from derivations.letters import a, i, j, z, Derivative
    >>> asked = Claim(-a[i] * a[i], Derivative(a[i], z[j]))
    >>> [x.claim.left for x in one_letter(asked)]
    [-a[i]*a[j], -a[j]**2]
    """
    letters = sorted(
        (x for x in free_symbols(claim.right) if size_of(x) is not None), key=str
    )
    for entry in sorted(claim.left.atoms(Indexed), key=str):
        for letter in free_symbols(entry) & set(letters):
            for other in letters:
                if other == letter or other.size != letter.size:
                    continue
                moved = entry.xreplace({letter: other})
                words = (
                    f"with {text(moved)} in place of one {text(entry)} this is right"
                )
                yield _edited(claim, _once(claim.left, entry, moved), words)
                words = f"with {text(moved)} in place of {text(entry)} this is right"
                yield _edited(claim, claim.left.xreplace({entry: moved}), words)


def _edited(claim, answer, words):
    return Candidate(replace(claim, left=answer), words)


def _terms(answer: Expr):
    return [x for x in Add.make_args(answer.expand()) if x != 0]


def _is_free(entry, expr):
    return free_symbols(entry) <= free_symbols(expr)


def _once(expr, entry, other):
    """`expr` with one of its entries replaced, of a power x² one of both x."""
    if expr == entry:
        return other
    if isinstance(expr, Pow) and expr.base == entry and expr.exp.is_Integer:
        return entry ** (expr.exp - 1) * other
    for place, arg in enumerate(expr.args):
        if arg.has(entry):
            args = list(expr.args)
            args[place] = _once(arg, entry, other)
            return expr.func(*args)
    return expr
