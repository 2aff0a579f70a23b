"""What a reader writes naturally and is true is called right, or honestly undecided.

Every sixth row of tests/truths.txt is tried here; `make test-more` tries the others.
"""

import pytest
from sympy import Abs, Max, Piecewise

from derivations.deciding import judged
from derivations.letters import *
from derivations.proof import check
from derivations.refusals.claims import claim
from derivations.request.context import context
from tests.book_modules import as_in_the_book
from tests.rows import rows

TRUTHS = {name: row for name, *row in rows("truths", 6)}
SAMPLE = [*TRUTHS][::6]
POSITIVE = "beta", "gamma", "kappa", "T", "w[k]"
PARAMETERS = [*((name, "positive") for name in POSITIVE), ("M[k, l]", "real")]
UNDECIDED = {
    "Sum(k, (k, 1, n))": (Sum(k, (k, 1, n)), n * (n + 1) / 2),
    "Abs(alpha)": (Max(alpha, 0), (alpha + Abs(alpha)) / 2),
    "Piecewise(": (Piecewise((1, Eq(i, j)), (0, True)), delta),
}


def asked(name):
    """Both sides of a row, and how to judge sides where it holds."""
    left, right, where, using, case = TRUTHS[name]
    holds = context([one for one in where.split("; ") if one], case, PARAMETERS)
    given = holds.where, holds.using(using.split()), holds.case
    return (
        holds.read("left", left),
        holds.read("right", right),
        lambda *sides: judged(claim(*sides, *given)),
    )


def test_there_are_enough():
    assert len(TRUTHS) >= 240


class OfATruth:
    """What is asked of each row of the table."""

    def test_is_right_in_both_directions_and_a_slip_beside_it_is_not(self, name):
        left, right, is_right = asked(name)
        with as_in_the_book():
            assert is_right(left, right)
            assert is_right(right, left)
            assert not is_right(left, right + left**2 + 1)


@pytest.mark.parametrize("name", SAMPLE)
class TestSomeTruths(OfATruth):
    pass


@pytest.mark.parametrize("no_rule", UNDECIDED)
def test_what_is_not_covered_is_said(no_rule):
    verdict = check(*UNDECIDED[no_rule])
    assert not verdict and verdict.counterexample is None
    assert verdict.sentence.startswith(f"cannot decide: there is no rule for {no_rule}")
