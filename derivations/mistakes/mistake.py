"""A usual mistake, and the claims that are true of an answer if it was made."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from sympy import Expr

from derivations.formulas.claims import Claim
from derivations.formulas.indices import Index, Size, free_symbols, size_of
from derivations.mistakes.places import place_of

_COUNTED = {"n": "classes", "m": "examples", "d": "inputs", "h": "hidden units"}


@dataclass(frozen=True)
class Candidate:
    """What is true of an answer if a mistake was made; the judges decide whether it is.

    `sentence` says it to a reader, once it is proved.  Where it names what has to be
    written, `kind` says it to one who is to find that in an exercise.
    """

    claim: Claim
    sentence: str
    kind: str = ""


@dataclass(frozen=True)
class Mistake:
    """A usual mistake, by name, and the notebook and heading that explain it.

    `candidates` takes a claim, with the answer on its left and the question on its
    right, and gives claims that are true if the mistake was made.  One without a
    notebook may be in any derivative.
    """

    name: str
    candidates: Callable[[Claim], Iterable[Candidate]]
    notebook: str = ""
    heading: str = ""

    def place(self, claim: Claim) -> tuple[str, str]:
        """The notebook and the heading that explain it in an answer to a question."""
        return (self.notebook, self.heading) if self.notebook else place_of(claim)


def equal_to(claim: Claim, value: Expr, sentence: str) -> Candidate:
    """The candidate that the answer is equal to another value than the right one."""
    return Candidate(replace(claim, right=value), sentence)


def mended(claim: Claim, answer: Expr, sentence: str, kind: str = "") -> Candidate:
    """The candidate that another answer is right, in which the mistake is mended."""
    return Candidate(replace(claim, left=answer), sentence, kind)


def letters_of(expr: Expr) -> list[Index]:
    """The indices that are free in a formula, in their order.

    >>> from derivations.letters import A, Sum, n, k, s
    >>> letters_of(Sum(A[k, s], (k, 1, n)))
    [s]
    """
    free = (x for x in free_symbols(expr) if size_of(x) is not None)
    return sorted(free, key=str)


def pairs_of(expr: Expr) -> Iterator[tuple[Index, Index]]:
    """Two free indices of a formula that run to the same size, such as i and j."""
    for i, j in combinations(letters_of(expr), 2):
        if i.size == j.size:
            yield i, j


def another(letter: Index) -> Index:
    """Another index of the same size: i beside j, and j beside i.

    >>> from derivations.letters import i, j, s
    >>> another(j), another(i), another(s)
    (i, j, t)
    """
    usual = [x for x in letter.size.indices if str(x)[0] in "ij"]
    return next(x for x in (*usual, *letter.size.indices) if x != letter)


def counted(size: Size) -> str:
    """What a size counts, in a word.

    >>> from derivations.letters import m
    >>> counted(m)
    'examples'
    """
    return _COUNTED.get(size.letter, f"all {size}")
