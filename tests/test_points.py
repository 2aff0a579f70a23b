"""The judge at points: what an expression means at concrete sizes."""

from concurrent.futures import ThreadPoolExecutor

import mpmath
import numpy as np
from sympy import (
    Derivative,
    Eq,
    Integer,
    KroneckerDelta,
    Matrix,
    Ne,
    diff,
    exp,
    log,
    symbols,
)

from derivations.letters import (
    Hypothesis,
    L,
    Sum,
    SumExcept,
    Y,
    a,
    cross_entropy,
    i,
    j,
    k,
    m,
    n,
    s,
    softmax,
    v,
    y,
    z,
)
from derivations.points import SIZES, index_values, instantiate, judge, numbers_agree
from derivations.proof import check
from derivations.terms import Claim, forget

delta = KroneckerDelta


class TestSizes:
    def test_no_two_are_equal_and_n_goes_from_2_to_5(self):
        assert [sizes[n] for sizes in SIZES] == [2, 3, 4, 5]
        for sizes in SIZES:
            assert len(set(sizes.values())) == len(sizes) == 4

    def test_every_choice_of_the_indices_is_met_once(self):
        for case, count in ((None, 25), (Eq(i, j), 5), (Ne(i, j), 20)):
            met = [tuple(at.values()) for at in index_values([i, j], SIZES[3], case)]
            assert len(met) == len(set(met)) == count


class TestWrittenOut:
    def test_the_jacobian_of_sympy_at_three_classes(self):
        plain = symbols("z_1:4", real=True)
        bottom = sum(map(exp, plain))
        jacobian = Matrix([exp(x) / bottom for x in plain]).jacobian(plain)
        entry = a[i] * (delta(i, j) - a[j])
        for row, column in np.ndindex(3, 3):
            at = {i: row + 1, j: column + 1}
            for expr in (entry, Derivative(a[i], z[j])):
                found = instantiate(expr, {n: 3}, at, [softmax])
                assert (found - jacobian[row, column]).together().simplify() == 0

    def test_second_derivatives(self):
        plain = symbols("z_1:4", real=True)
        loss = log(sum(map(exp, plain)))
        expr = Derivative(log(Sum(exp(z[k]), (k, 1, n))), z[i], z[j])
        for row, column in np.ndindex(3, 3):
            found = instantiate(expr, {n: 3}, {i: row + 1, j: column + 1})
            right = diff(loss, plain[row], plain[column])
            assert (found - right).simplify() == 0

    def test_a_batch_is_not_square(self):
        found = instantiate(Sum(Y[k, s], (k, 1, n), (s, 1, m)), {n: 2, m: 3})
        assert {str(x) for x in found.args} == {
            "Y_11", "Y_12", "Y_13", "Y_21", "Y_22", "Y_23"
        }  # fmt: skip

    def test_sum_except_leaves_one_out(self):
        found = instantiate(SumExcept(z[i], (i, 1, n), j), {n: 3}, {j: 2})
        assert found == sum(symbols("z_1 z_3", real=True))


class TestNumbers:
    def test_a_column_that_sums_to_0_is_not_0(self):
        balanced = Hypothesis("balanced", [Sum(v[k], (k, 1, n))], 0)
        assert check(Sum(v[i], (i, 1, n)), 0, using=balanced)
        assert check(v[i], 0, using=balanced).counterexample

    def test_numbers_that_are_none_agree_with_nothing(self):
        one, inf, undefined = mpmath.mpf(1), mpmath.inf, mpmath.nan
        for pair in [
            (one, inf),
            (inf, one),
            (inf, inf),
            (one, undefined),
            (undefined, one),
            (undefined, undefined),
        ]:
            assert not numbers_agree(*pair)
        assert numbers_agree(one, one)


class TestKeptNumbers:
    """What a judge has found before does not change what it says later."""

    claims = (
        Claim(Derivative(a[i], z[j]), -a[i] * a[j], (softmax,), (), Ne(i, j)),
        Claim(Derivative(a[i], z[j]), -a[i] * a[j], (softmax,)),
        Claim(Derivative(a[i], z[j]) * a[i], Integer(0), (softmax,), (), Eq(i, j)),
        Claim(Derivative(L, a[i]), -y[i] / a[i], (softmax, cross_entropy)),
    )

    def judged(self):
        return [judge(claim) for claim in self.claims]

    def test_in_another_order(self):
        forget()
        first = self.judged()
        assert [point is None for _, point in first] == [True, False, False, True]
        assert [judge(claim) for claim in reversed(self.claims)] == first[::-1]

    def test_in_threads_at_the_same_time(self):
        forget()
        with ThreadPoolExecutor(4) as pool:
            found = [pool.submit(self.judged) for _ in range(4)]
        assert all(one.result() == self.judged() for one in found)
