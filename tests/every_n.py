"""The judge for every n, asked in one line."""

from sympy import Integer

from derivations.formulas.claims import Claim
from derivations.judges.for_every_n.equality import is_proved_for_every_n


def equal(left, right, where=(), using=(), case=None):
    """What the judge for every n says of left = right."""
    claim = Claim(left, Integer(0) + right, tuple(where), tuple(using), case)
    return is_proved_for_every_n(claim)
