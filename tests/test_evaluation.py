"""What an expression means at concrete sizes, written out in plain symbols."""

import numpy as np
from sympy import Derivative, KroneckerDelta, Matrix, diff, exp, log, symbols

from derivations.judges.at_points.evaluation import instantiate
from derivations.letters import Sum, SumExcept, Y, a, i, j, k, m, n, s, softmax, z

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
