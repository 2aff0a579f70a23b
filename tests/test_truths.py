"""What a reader writes naturally and is true is called right, or honestly undecided."""

import pytest

from derivations.proof import check
from tests.truths import TRUTHS, UNDECIDED

DECIDED = [name for name in TRUTHS if name not in UNDECIDED]


def test_there_are_enough():
    assert len(TRUTHS) >= 70
    assert len(TRUTHS) - len(UNDECIDED) >= 66


@pytest.mark.parametrize("name", DECIDED)
def test_is_right_in_both_directions(name):
    left, right, holds = TRUTHS[name]
    assert check(left, right, **holds)
    assert check(right, left, **holds)


@pytest.mark.parametrize("name", DECIDED)
def test_a_slip_beside_it_is_not(name):
    left, right, holds = TRUTHS[name]
    assert not check(left, right + left**2 + 1, **holds)


@pytest.mark.parametrize("name", UNDECIDED)
def test_what_is_not_covered_is_said(name):
    left, right, holds = TRUTHS[name]
    verdict = check(left, right, **holds)
    assert not verdict and verdict.counterexample is None
    assert verdict.sentence.startswith(f"cannot decide: {UNDECIDED[name]}")
