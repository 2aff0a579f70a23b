"""A usual mistake, and what is true of an answer in which it was made."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from sympy import Expr

from derivations.formulas.claims import Claim


@dataclass(frozen=True)
class Candidate:
    """What is true of an answer if a mistake was made; the judges decide whether it is.

    `sentence` says it to a reader, once it is proved.
    """

    claim: Claim
    sentence: str


@dataclass(frozen=True)
class Mistake:
    """A usual mistake, by name, and the notebook and heading that explain it.

    `candidates` gives of a claim, the answer on its left and the question on its right,
    what is true if the mistake was made.
    """

    name: str
    notebook: str
    heading: str
    candidates: Callable[[Claim], Iterable[Candidate]]


def equal_to(claim: Claim, value: Expr, sentence: str) -> Candidate:
    """The candidate that the answer is equal to another value than the right one."""
    return Candidate(replace(claim, right=value), sentence)
