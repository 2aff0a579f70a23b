"""The judge for every n: cases of two indices."""

import pytest
from sympy import Abs, sqrt

from derivations.judges.verdict import Undecidable
from derivations.letters import *
from tests.every_n import equal

WHERE = (softmax, cross_entropy)


def test_cases():
    slope = Derivative(a[i], z[j])
    same, other = Eq(i, j), Ne(i, j)
    assert equal(slope, a[i] * (1 - a[i]), where=WHERE, case=same)
    assert not equal(slope, a[i] * (1 - a[i]), where=WHERE)
    assert equal(slope, -a[i] * a[j], where=WHERE, case=other)
    assert not equal(slope, -a[i] * a[j], where=WHERE, case=same)
    assert equal(z[i], z[j], case=same)
    assert not equal(z[i], z[j], case=other)
    bound = Sum(z[i] * y[j], (i, 1, n))  # the case says nothing of a bound i
    assert not equal(bound, n * z[j] * y[j], case=same)


def test_a_case_reaches_the_letters_of_definitions():
    assert equal(y[j], 1, where=[one_hot], case=Eq(c, j))
    assert equal(y[j], 0, where=[one_hot], case=Ne(c, j))
    assert equal(y[j], 1, where=[one_hot], case=Eq(j, c))


def test_a_third_index_equals_at_most_one_of_two_that_differ():
    first, second, third = (KroneckerDelta(*x) for x in ((i, j), (j, c), (i, c)))
    assert equal(first * second, third * second)
    assert equal(first * second * third, first * second)
    assert equal(second * third, 0, case=Ne(i, j))
    assert equal((1 - first) * second * third, 0)
    assert not equal(first * second, third)
    assert not equal(first + second, third + second)
    assert not equal(second + third, 1, case=Ne(i, j))


def test_a_function_of_a_delta_inside_a_sum():
    inside = KroneckerDelta(k, c)
    for f in (lambda x: exp(z[k] - C * x), lambda x: sqrt(a[k] + x) * y[k]):
        others = SumExcept(f(0), (k, 1, n), c)
        assert equal(Sum(f(inside), (k, 1, n)), others + f(1).xreplace({k: c}))
        assert not equal(Sum(f(inside), (k, 1, n)), others + f(0).xreplace({k: c}))
    with pytest.raises(Undecidable, match="has no value at 0 or 1"):
        equal(Sum(1 / inside, (k, 1, n)), n)


def test_in_a_case_two_entries_leave_something():
    rest = 1 - a[i] - a[j]
    assert equal(Abs(rest), rest, where=[softmax], case=Ne(i, j))
    rest = 1 - y[i] - y[j]
    assert equal(Abs(rest), rest, using=[H1, H3], case=Ne(i, j))
    for using, case in (([H1, H3], None), ([H1, H3], Eq(i, j)), ([H1], Ne(i, j))):
        with pytest.raises(Undecidable, match="no rule for Abs"):
            equal(Abs(rest), rest, using=using, case=case)
