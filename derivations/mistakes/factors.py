"""The right value times a factor: a sign, 1/m, the base of a logarithm, a constant."""

from collections.abc import Iterator

from sympy import IndexedBase, Integer, Rational, Symbol, log

from derivations.formulas.claims import Claim
from derivations.formulas.indices import Index, Size
from derivations.letters import m, n
from derivations.mistakes.mistake import Candidate, counted, equal_to
from derivations.text.unicode import unicode

_NUMBERS = (2, 3, 4, Rational(1, 2), Rational(1, 3), Rational(1, 4))


def sign(claim: Claim) -> Iterator[Candidate]:
    """Minus the right value.

    >>> from derivations.letters import a, i
    >>> [x.claim.right for x in sign(Claim(-a[i], a[i]))]
    [-a[i]]
    """
    words = "this is minus the right value: one minus sign is lost, or one too many"
    yield equal_to(claim, -claim.right, words)


def number_of_examples(claim: Claim) -> Iterator[Candidate]:
    """1/m missing or there twice, and 1/n in its place or beside it.

    >>> from derivations.letters import A, J, Y, Z, Derivative, j, mean_loss, s
    >>> asked = Claim(A[j, s] - Y[j, s], Derivative(J, Z[j, s]), [mean_loss])
    >>> [x.claim.right for x in number_of_examples(asked)][0]
    m*Derivative(J, Z[j, s])
    """
    right = claim.right
    if m in claim.sizes:
        words = "1/m is missing: this is m times the right value"
        yield equal_to(claim, m * right, words)
        words = "1/m is one too many: this is the right value divided by m"
        yield equal_to(claim, right / m, words)
        words = f"this is divided by n, the number of {counted(n)}, in place of m"
        yield equal_to(claim, right * m / n, words)
    if n in claim.sizes:
        yield equal_to(
            claim, n * right, "1/n is missing: this is n times the right value"
        )
        words = "1/n is one too many: this is the right value divided by n"
        yield equal_to(claim, right / n, words)


def base_of_the_logarithm(claim: Claim) -> Iterator[Candidate]:
    """A logarithm to the base 2 where the natural one is meant, or the reverse.

    >>> from derivations.letters import a, i
    >>> [x.claim.right for x in base_of_the_logarithm(Claim(a[i], 1 / a[i]))]
    [1/(log(2)*a[i]), log(2)/a[i]]
    """
    words = "this is right for logarithms to the base 2; here log is the natural one"
    yield equal_to(claim, claim.right / log(2), words)
    words = "the factor 1/log(2) of logarithms to the base 2 is missing"
    yield equal_to(claim, claim.right * log(2), words)


def constant(claim: Claim) -> Iterator[Candidate]:
    """A constant factor: a small number, or a letter of the claim that is no size.

    >>> from derivations.letters import C, a, i
    >>> [x.claim.right for x in constant(Claim(a[i], C * a[i]))][-2:]
    [C**2*a[i], a[i]]
    """
    numbers = [*_NUMBERS]
    for letter in sorted(_constants(claim), key=str):
        numbers += [letter, 1 / letter]
    for number in map(Integer(1).__mul__, numbers):
        words = f"this is {unicode(number)} times the right value"
        yield equal_to(claim, number * claim.right, words)


def _constants(claim):
    """Letters that stand for one number, in the claim and in its definitions."""
    formulas = [claim.left, claim.right, *(one.value for one in claim.where)]
    letters = set().union(*(x.atoms(Symbol, IndexedBase) for x in formulas))
    arrays = {x.label for x in letters if isinstance(x, IndexedBase)}
    defined = {one.base for one in claim.where}
    return {
        x
        for x in letters - arrays - defined
        if not isinstance(x, Index | Size | IndexedBase)
    }
