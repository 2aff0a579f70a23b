"""A factor too many: a sign, 1/m, the base of a logarithm, a constant; a lost constant.

The answer is divided by the factor, so the judges use again what they know of the
question.
"""

from collections.abc import Iterator
from dataclasses import replace

from sympy import (
    Derivative,
    IndexedBase,
    Integer,
    Rational,
    S,
    Symbol,
    log,
    nan,
    oo,
    zoo,
)

from derivations.formulas.claims import Claim, Definition
from derivations.formulas.indices import Index, Size
from derivations.letters import m, n
from derivations.mistakes.mistake import Candidate, counted, mended
from derivations.text.unicode import unicode

_NUMBERS = (2, 3, 4, Rational(1, 2), Rational(1, 3), Rational(1, 4))


def sign(claim: Claim) -> Iterator[Candidate]:
    """Minus the right value.

    >>> from derivations.letters import a, i
    >>> [x.claim.left for x in sign(Claim(-a[i], a[i]))]
    [a[i]]
    """
    words = "this is minus the right value: one minus sign is lost, or one too many"
    yield mended(claim, -claim.left, words)


def number_of_examples(claim: Claim) -> Iterator[Candidate]:
    """1/m missing or there twice, and 1/n in its place or beside it.

    >>> from derivations.letters import A, J, Y, Z, Derivative, j, mean_loss, s
    >>> asked = Claim(A[j, s] - Y[j, s], Derivative(J, Z[j, s]), [mean_loss])
    >>> [x.claim.left for x in number_of_examples(asked)][0]
    (A[j, s] - Y[j, s])/m
    """
    answer = claim.left
    if m in claim.sizes:
        words = "1/m is missing: this is m times the right value"
        yield mended(claim, answer / m, words)
        words = "1/m is one too many: this is the right value divided by m"
        yield mended(claim, answer * m, words)
        words = f"this is divided by n, the number of {counted(n)}, in place of m"
        yield mended(claim, answer * n / m, words)
    if n in claim.sizes:
        words = "1/n is missing: this is n times the right value"
        yield mended(claim, answer / n, words)
        words = "1/n is one too many: this is the right value divided by n"
        yield mended(claim, answer * n, words)


def base_of_the_logarithm(claim: Claim) -> Iterator[Candidate]:
    """A logarithm to the base 2 where the natural one is meant, or the reverse.

    >>> from derivations.letters import a, i
    >>> [x.claim.left for x in base_of_the_logarithm(Claim(a[i], 1 / a[i]))]
    [log(2)*a[i], a[i]/log(2)]
    """
    words = "this is right for logarithms to the base 2; here log is the natural one"
    yield mended(claim, claim.left * log(2), words)
    words = "the factor 1/log(2) of logarithms to the base 2 is missing"
    yield mended(claim, claim.left / log(2), words)


def constant(claim: Claim) -> Iterator[Candidate]:
    """A constant factor: a small number, or a letter of the claim that is no size.

    >>> from derivations.letters import C, a, i
    >>> [x.claim.left for x in constant(Claim(a[i], C * a[i]))][-2:]
    [a[i]/C, C*a[i]]
    """
    numbers = [*_NUMBERS]
    for letter in sorted(_constants(claim), key=str):
        numbers += [letter, 1 / letter]
    for number in map(Integer(1).__mul__, numbers):
        words = f"this is {unicode(number)} times the right value"
        kind = "this is the right value but for a constant factor"
        yield mended(claim, claim.left / number, words, kind)


def reciprocal(claim: Claim) -> Iterator[Candidate]:
    """One over the right value.

    >>> from derivations.letters import a, i
    >>> [x.claim.left for x in reciprocal(Claim(1 / a[i], a[i]))]
    [a[i]]
    """
    if claim.left != 0:
        words = "this is one over the right value: top and bottom have changed places"
        yield mended(claim, 1 / claim.left, words)


def constant_left_out(claim: Claim) -> Iterator[Candidate]:
    """An answer without a constant of the question: it comes out for 0, or for 1.

    >>> from derivations.letters import alpha, a, i, y
    >>> asked = Claim(a[i] - y[i], a[i] - (1 - alpha) * y[i])
    >>> [x.claim.right for x in constant_left_out(asked)]
    [a[i] - y[i], a[i]]
    """
    for letter in sorted(_constants(claim) - claim.left.free_symbols, key=str):
        for value in (S.Zero, S.One):
            at = {letter: value}
            right = claim.right.xreplace(at)
            values = [one.value.xreplace(at) for one in claim.where]
            if any(x.has(nan, zoo, oo) for x in (right, *values)):
                continue
            pairs = zip(claim.where, values, strict=True)
            where = tuple(Definition(one.symbol, x) for one, x in pairs)
            name = unicode(letter)
            words = f"this comes out for {name} = {value}: {name} does not stand in it"
            yield Candidate(replace(claim, right=right, where=where), words)


def _constants(claim):
    """Letters that stand for one number, in the claim and in its definitions.

    No derivative is with respect to one of them.
    """
    formulas = [claim.left, claim.right, *(one.value for one in claim.where)]
    letters = set().union(*(x.atoms(Symbol, IndexedBase) for x in formulas))
    arrays = {x.label for x in letters if isinstance(x, IndexedBase)}
    defined = {one.base for one in claim.where}
    variables = {x for one in claim.right.atoms(Derivative) for x in one.variables}
    return {
        x
        for x in letters - arrays - defined - variables
        if not isinstance(x, Index | Size | IndexedBase)
    }
