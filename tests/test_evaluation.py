"""What an expression means at concrete sizes, written out in plain symbols."""

import numpy as np
import pytest
from sympy import Derivative, KroneckerDelta, Matrix, diff, exp, log, symbols

from derivations.formulas.claims import Definition
from derivations.judges.at_points import meaning as meanings
from derivations.judges.at_points.evaluation import instantiate
from derivations.judges.at_points.meaning import meaning
from derivations.judges.at_points.numbers import Numbers
from derivations.judges.at_points.samples import SAMPLES
from derivations.letters import (
    H1,
    Sum,
    SumExcept,
    Y,
    a,
    c,
    i,
    j,
    k,
    m,
    n,
    one_hot,
    s,
    softmax,
    y,
    z,
)

delta = KroneckerDelta


def test_the_jacobian_of_sympy_at_three_classes():
    plain = symbols("z_1:4", real=True)
    bottom = sum(map(exp, plain))
    jacobian = Matrix([exp(x) / bottom for x in plain]).jacobian(plain)
    entry = a[i] * (delta(i, j) - a[j])
    for row, column in np.ndindex(3, 3):
        at = {i: row + 1, j: column + 1}
        for expr in (entry, Derivative(a[i], z[j])):
            found = instantiate(expr, {n: 3}, at, [softmax])
            assert (found - jacobian[row, column]).together().simplify() == 0


def test_a_sum_of_slopes_counts_each_of_them():
    column = SumExcept(Derivative(a[i], z[j]), (i, 1, n), j)
    for number in 1, 2, 3:
        found = instantiate(column, {n: 3}, {j: number}, [softmax])
        own = instantiate(a[j] * (a[j] - 1), {n: 3}, {j: number}, [softmax])
        assert (found - own).together().simplify() == 0


def test_second_derivatives():
    plain = symbols("z_1:4", real=True)
    loss = log(sum(map(exp, plain)))
    expr = Derivative(log(Sum(exp(z[k]), (k, 1, n))), z[i], z[j])
    for row, column in np.ndindex(3, 3):
        found = instantiate(expr, {n: 3}, {i: row + 1, j: column + 1})
        right = diff(loss, plain[row], plain[column])
        assert (found - right).simplify() == 0


def test_a_batch_is_not_square():
    found = instantiate(Sum(Y[k, s], (k, 1, n), (s, 1, m)), {n: 2, m: 3})
    assert {str(x) for x in found.args} == {
        "Y_11", "Y_12", "Y_13", "Y_21", "Y_22", "Y_23"
    }  # fmt: skip


def test_sum_except_leaves_one_out():
    found = instantiate(SumExcept(z[i], (i, 1, n), j), {n: 3}, {j: 2})
    assert found == sum(symbols("z_1 z_3", real=True))


class TestSharedValues:
    """One `Numbers` is asked for several claims, as the judge at points does."""

    total, numbers = Sum(y[k] * a[k], (k, 1, n)), Numbers(SAMPLES[1])

    def value(self, expr, context=(), at=()):
        return float(self.numbers(meaning(expr, context), dict(at)))

    def test_a_hypothesis_holds_for_its_own_claim_only(self):
        labels = Sum(y[k], (k, 1, n))
        values = [self.value(labels, x) for x in ((), (H1,), ())]
        assert values[0] == values[2] != values[1] == pytest.approx(1)

    def test_a_definition_holds_for_its_own_claim_only(self):
        square = Definition(a[i], exp(2 * z[i]))
        contexts = (), (softmax,), (square,), (softmax, H1)
        assert len({self.value(self.total, x) for x in contexts}) == 4
        own, other = ((x, Definition(y[i], a[i])) for x in (softmax, square))
        assert self.value(y[1], own) != self.value(y[1], other)

    def test_an_index_that_definitions_share_is_told_apart(self):
        right = [self.value(a[x], (softmax,)) for x in (1, 2, 3)]
        where = softmax, one_hot
        assert [self.value(self.total, where, {c: x}) for x in (1, 2, 3)] == right
        slope = Derivative(self.total, z[1])
        slopes = [self.value(slope, where, {c: x}) for x in (1, 2, 3)]
        assert len(set(slopes)) == 3 and slopes[0] > 0 > max(slopes[1:])

    def test_what_does_not_depend_on_them_is_shared(self):
        assert meaning(a[i], (softmax, one_hot, H1)) is meaning(a[i], (softmax,))
        assert meaning(z[i], (softmax, H1)) is meaning(z[i])

    def test_an_array_that_was_forgotten_in_between_is_the_same(self):
        assert self.value(exp(z[2])) > 0
        meanings._array.cache_clear()
        assert self.value(Derivative(exp(z[2]), z[2])) == self.value(exp(z[2]))
