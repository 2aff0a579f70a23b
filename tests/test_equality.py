"""The judge for every n: cases of two indices."""

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
