"""What a graded cell of an assignment runs: it fails unless the answer is right.

The verdict is shown above the failure, as in an exercise: it says where an answer
differs, and not what has to be written.
"""

from IPython.display import display
from sympy import Expr

from derivations.notebook import ReadVerdict, check
from derivations.refusals.expressions import expression
from derivations.request.exercises import is_derived, writes_a_slope

__all__ = ["assert_derived", "assert_right"]


def assert_right(verdict: object) -> None:
    """Show a verdict, or what a comparison of arrays found, and require that it is ✓.

    Raises AssertionError for any other.

    >>> from helpers import check_array
    >>> assert_right(check_array([0.25, 0.75], [0.25, 0.75]))
    agrees: relative difference < 1e-12
    >>> assert_right(check_array(..., [0.25, 0.75]))
    Traceback (most recent call last):
    AssertionError: no point yet: the answer is not right
    """
    display(verdict)
    if not verdict:
        raise AssertionError("no point yet: the answer is not right")


def assert_derived(
    answer: object, question: Expr, *others: object, **given: object
) -> None:
    """Require an answer that is right and more than the question once more.

    What is given is as for `derivations.notebook.check`.  Raises AssertionError unless
    the answer is ✓ and without the derivatives that are asked for; Unreadable for a
    text that cannot be read.

    >>> from derivations.letters import Derivative, a, delta, i, j, log, softmax, z
    >>> slope = Derivative(log(a[i]), z[j])
    >>> assert_derived(delta - a[j], slope, where=[softmax])
    right, for every n (and at 73 points with n = 2, 3, 4, 5, 7)
    >>> assert_derived(slope, slope, where=[softmax])
    Traceback (most recent call last):
    AssertionError: no point yet: this is right, and not derived yet
    """
    verdict = check(answer, question, *others, **given)
    assert_right(verdict.in_exercise)
    if isinstance(verdict, ReadVerdict):
        sides, is_slope = verdict.reading.sides, writes_a_slope(answer)
    else:
        sides, is_slope = [expression(answer)], True
    asked = expression(question)
    if asked in sides or (is_slope and not all(is_derived(x, asked) for x in sides)):
        raise AssertionError("no point yet: this is right, and not derived yet")
