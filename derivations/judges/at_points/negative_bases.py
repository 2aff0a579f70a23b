"""Powers whose base may be negative: b^x has a value there for some x only.

At the usual points an exponent such as κ/2 is no whole number, so a power of a negative
base has no value, and nothing is compared there; or no b is negative.  So there are
further points: mirrored ones, and those at which the letters of exponents are whole
numbers or halves.
"""

from itertools import cycle

from sympy import Indexed, Pow, Rational, preorder_traversal

from derivations.formulas.caching import remembered
from derivations.formulas.claims import Claim
from derivations.formulas.facts import is_nonnegative
from derivations.formulas.indices import Index, Size, free_symbols
from derivations.judges.at_points.samples import Sample

HALF = Rational(1, 2)
TURNS = ((2, 2), (2, HALF), (HALF, 2), (3, 3), (4, 4), (-1, -1))
"""The numbers that the letters of exponents have, by turns, at a further sample."""
MOST = 6
"""How many choices of the indices are looked at with a mirrored or further sample."""


def powers_of_any_sign(claim: Claim) -> tuple[Pow, ...]:
    """The powers of a claim, and of its definitions, that may have a negative base.

    An exponent that is a number is left out: a root of a negative base has no value.
    So is a base that its definitions keep from being negative, as 1 − a of a softmax.

    >>> from derivations.letters import a, alpha, i, n, softmax, z
    >>> left, right = z[i] ** (n / 2) + a[i] ** alpha, z[i] ** 3 + z[i] ** alpha
    >>> powers_of_any_sign(Claim(left, right))
    (z[i]**(n/2), z[i]**alpha)
    >>> powers_of_any_sign(Claim((1 - a[i]) ** alpha, 0, (softmax,)))
    ()
    """
    given = claim.left, claim.right, *(one.value for one in claim.where)
    powers = (x for expr in given for x in _powers(expr, claim.where))
    return tuple(dict.fromkeys(powers))


@remembered
def _powers(expr, where):
    powers = (x for x in preorder_traversal(expr) if isinstance(x, Pow))
    symbolic = (x for x in powers if not x.exp.is_Rational)
    return tuple(x for x in symbolic if not _is_nonnegative(x.base, where))


@remembered
def _is_nonnegative(base, where):
    defined = {one.base: one for one in where}
    entries = (x for x in base.atoms(Indexed) if x.base in defined)
    values = {x: defined[x.base](*x.indices) for x in entries}
    return is_nonnegative(base) or is_nonnegative(base.xreplace(values))


def mirrored(samples: tuple[Sample, ...]) -> tuple[Sample, ...]:
    """Some of the samples, with the other sign for every letter that may have it."""
    return tuple(
        x._replace(is_mirrored=not x.is_mirrored, most=MOST) for x in samples[:4]
    )


def with_whole_exponents(
    samples: tuple[Sample, ...], powers: tuple[Pow, ...]
) -> tuple[Sample, ...]:
    """Each sample with whole numbers and halves for the letters of exponents, by turns.

    >>> from derivations.judges.at_points.samples import SAMPLES
    >>> from derivations.letters import a, alpha, i, z
    >>> further = with_whole_exponents(SAMPLES[:1], (z[i] ** alpha, z[i] ** a[i]))
    >>> [dict(sample.exponents)[alpha] for sample in further]
    [2, 1/2, 2, 3, 4, -1]
    >>> [dict(sample.exponents)[a] for sample in further]    # it is positive
    [2, 2, 1/2, 3, 4, 1]
    """
    letters = sorted({x for power in powers for x in _letters(power.exp)}, key=str)
    if not letters:
        return ()
    further = []
    for turn in TURNS:
        numbers = zip(letters, cycle(turn), strict=False)
        exponents = tuple((letter, _signed(letter, x)) for letter, x in numbers)
        further += [x._replace(exponents=exponents, most=MOST) for x in samples]
    return tuple(further)


def _letters(exponent):
    """The arrays and the symbols in an exponent, sizes and indices apart."""
    entries = exponent.atoms(Indexed)
    names = {entry.base.label for entry in entries}
    symbols = {x for x in free_symbols(exponent) if not isinstance(x, Index | Size)}
    return {entry.base for entry in entries} | symbols - names


def _signed(letter, number):
    """The number with the sign that a letter is declared with."""
    number = Rational(number)
    if letter.is_nonnegative:
        return abs(number)
    return -abs(number) if letter.is_nonpositive else number
