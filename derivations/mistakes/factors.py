"""The right value times a factor: a sign, 1/m, the base of a logarithm."""

from collections.abc import Iterator

from sympy import Integer, Rational, log

from derivations.formulas.claims import Claim
from derivations.formulas.indices import Size, free_symbols
from derivations.letters import m, n
from derivations.mistakes.mistake import Candidate, equal_to
from derivations.text.printing import text


def sign(claim: Claim) -> Iterator[Candidate]:
    """Minus the right value.

    >>> from derivations.letters import a, i
    >>> [x.claim.right for x in sign(Claim(-a[i], a[i]))]
    [-a[i]]
    """
    words = "this is minus the right value: a sign is lost, or one too many"
    yield equal_to(claim, -claim.right, words)


def number_of_examples(claim: Claim) -> Iterator[Candidate]:
    """1/m missing, or twice, or 1/n in its place.

    >>> from derivations.letters import A, J, Y, Z, Derivative, j, mean_loss, s
    >>> asked = Claim(A[j, s] - Y[j, s], Derivative(J, Z[j, s]), [mean_loss])
    >>> [x.claim.right for x in number_of_examples(asked)][0]
    m*Derivative(J, Z[j, s])
    """
    if not {m, *(free_symbols(claim.left))} & set(claim.sizes):
        return
    right = claim.right
    if m in claim.sizes:
        words = "1/m is missing: this is m times the right value"
        yield equal_to(claim, m * right, words)
        words = "1/m is there once too often: this is the right value over m"
        yield equal_to(claim, right / m, words)
        words = "this is divided by n, the number of classes, where it is m, the number of examples"
        yield equal_to(claim, right * m / n, words)
        yield equal_to(claim, right / n, "this is the right value over n")
    if n in claim.sizes and m not in claim.sizes:
        yield equal_to(claim, n * right, "this is n times the right value")
        yield equal_to(claim, right / n, "this is the right value over n")


def base_of_the_logarithm(claim: Claim) -> Iterator[Candidate]:
    """A logarithm to the base 2 where the natural one is meant, or the reverse."""
    words = "this holds with logarithms to the base 2: here log is the natural one"
    yield equal_to(claim, claim.right / log(2), words)
    words = "a factor 1/log(2) is missing"
    yield equal_to(claim, claim.right * log(2), words)


def constant(claim: Claim) -> Iterator[Candidate]:
    """A constant factor: a small number, or a letter of the claim that is no size.

    >>> from derivations.letters import C, a, i
    >>> [x.claim.right for x in constant(Claim(a[i], C * a[i]))][-2:]
    [C**2*a[i], a[i]]
    """
    numbers = [2, 3, 4, Rational(1, 2), Rational(1, 3), Rational(1, 4)]
    letters = [x for x in free_symbols(claim.left - claim.right) if _is_number(x)]
    for letter in sorted(letters, key=str):
        numbers += [letter, 1 / letter]
    for number in map(Integer(1).__mul__, numbers):
        words = f"this is {text(number)} times the right value"
        yield equal_to(claim, number * claim.right, words)


def _is_number(letter):
    return not letter.is_integer and not isinstance(letter, Size)
