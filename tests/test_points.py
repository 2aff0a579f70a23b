"""The judge at points: what an expression means at concrete sizes."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from sympy import (
    Derivative,
    Eq,
    Integer,
    KroneckerDelta,
    Matrix,
    Ne,
    Rational,
    diff,
    exp,
    log,
    symbols,
)

from derivations.formulas.claims import Claim
from derivations.formulas.indices import Size
from derivations.formulas.memory import forget
from derivations.judges.at_points.evaluation import index_values, instantiate
from derivations.judges.at_points.samples import SAMPLES, _with_sizes, chosen, judge
from derivations.judges.verdict import Undecidable
from derivations.letters import (
    Hypothesis,
    L,
    Sum,
    SumExcept,
    Y,
    a,
    cross_entropy,
    d,
    i,
    j,
    k,
    m,
    n,
    s,
    softmax,
    t,
    v,
    y,
    z,
)
from derivations.proof import check
from derivations.theorems import catalogue
from derivations.theorems.blocks import (
    YP,
    H1_blocks,
    jP,
    labels_P,
    labels_Q,
    lP,
    mE,
    mF,
    nP,
    nQ,
    zP,
)

delta = KroneckerDelta


def point_of(left, right, *where, using=None):
    """The counterexample to a claim, or None."""
    claim = Claim(left, right, where, () if using is None else (using,))
    return judge(claim).counterexample


class TestSamples:
    def test_no_two_sizes_are_equal(self):
        for sample in SAMPLES:
            assert len(set(sample.sizes.values())) == len(sample.sizes) == 4

    def test_n_goes_from_2_to_5_with_every_choice_of_the_indices_and_on_to_7(self):
        every = [x.sizes[n] for x in SAMPLES if x.most >= 5**4]
        assert every == [2, 3, 4, 5]
        assert max(sample.sizes[n] for sample in SAMPLES) == 7

    def test_entries_are_large_and_tiny_and_all_positive_somewhere(self):
        scales = [sample.scale for sample in SAMPLES]
        assert max(scales) >= 30 and min(scales) <= Rational(1, 1000)
        assert not all(sample.of_either_sign for sample in SAMPLES)

    def test_sizes_that_the_series_knows_are_as_they_were(self):
        assert _with_sizes((m, n)) == SAMPLES
        for before, sample in zip(SAMPLES, _with_sizes((nP, nQ)), strict=True):
            assert sample.sizes.items() >= before.sizes.items()
            assert sample[1:] == before[1:]

    @pytest.mark.parametrize(
        "sizes", [(nP,), (nP, nQ), (mE, mF), (m, nP, nQ), (d, m, nP, nQ), (n, nP)]
    )
    def test_a_size_of_a_claim_alone_is_none_of_its_others_and_somewhere_1(self, sizes):
        samples = [[x.sizes[size] for size in sizes] for x in _with_sizes(sizes)]
        assert all(len(set(numbers)) == len(sizes) for numbers in samples)
        for place, size in enumerate(sizes):
            if size in (nP, nQ, mE, mF):
                numbers = [x[place] for x in samples]
                assert min(numbers) == 1 < max(numbers)
                assert sorted(numbers)[4] > 1  # and often more

    def test_a_size_of_at_least_2(self):
        size = Size("nR", "kR", least=2)
        assert min(x.sizes[size] for x in _with_sizes((size, n))) == 2

    def test_the_blocks_of_the_theorems_have_sizes_of_1(self):
        for name, derive in catalogue().items():
            if name.startswith("blocks."):
                chain = derive()
                sizes = Claim(chain.start, chain.result, chain.where).sizes
                met = [x.sizes for x in _with_sizes(sizes)]
                for size in {nP, nQ, mE, mF} & set(sizes):
                    assert 1 in {x[size] for x in met}

    def test_every_choice_of_the_indices_is_met_once(self):
        for case, count in ((None, 25), (Eq(i, j), 5), (Ne(i, j), 20)):
            met = [tuple(at.values()) for at in index_values([i, j], {n: 5}, case)]
            assert len(met) == len(set(met)) == count

    def test_of_many_choices_some_are_met_in_every_case(self):
        for case in (None, Eq(i, j), Ne(i, j)):
            for sample in SAMPLES:
                found = chosen([i, j, k, s, t], sample, case)
                assert 0 < len(found) <= sample.most
                assert all(case is None or case.subs(at) for at in found)


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


class TestBlocks:
    def test_a_number_of_a_block_alone_is_compared(self):
        assert check(nP * zP[jP], Sum(zP[jP], (lP, 1, nP)))
        verdict = check(Sum(zP[jP], (jP, 1, nP)), nP)
        assert verdict.counterexample
        assert verdict.sizes == (nP,)

    def test_columns_that_sum_to_1_together_do_not_alone(self):
        both = Claim(labels_P + labels_Q, Integer(1), (), (H1_blocks,))
        assert judge(both).points > 10
        for wrong in (labels_P, labels_Q, labels_P - labels_Q, 2 * labels_P):
            assert point_of(wrong, Integer(1), using=H1_blocks)
            assert point_of(wrong, wrong + YP[jP, s], using=H1_blocks)

    def test_columns_that_sum_to_0_together_are_not_0(self):
        balanced = Hypothesis("balanced", H1_blocks.sums, 0)
        assert point_of(labels_P + labels_Q, Integer(0), using=balanced) is None
        assert point_of(YP[jP, s], Integer(0), using=balanced)
        assert point_of(labels_P, Integer(0), using=balanced)


class TestNumbers:
    def test_a_column_that_sums_to_0_is_not_0(self):
        balanced = Hypothesis("balanced", [Sum(v[k], (k, 1, n))], 0)
        assert check(Sum(v[i], (i, 1, n)), 0, using=balanced)
        assert check(v[i], 0, using=balanced).counterexample

    def test_a_side_that_is_not_defined_leaves_the_point_out(self):
        logarithms = judge(Claim(log(v[i]), log(v[i])))
        assert 0 < logarithms.points < judge(Claim(v[i], v[i])).points
        assert logarithms.counterexample is None

    def test_sides_that_are_defined_nowhere_are_undecidable(self):
        for expr in (log(-1 - z[i] ** 2), 1 / (Sum(a[k], (k, 1, n)) - 1)):
            with pytest.raises(Undecidable, match="defined at no point"):
                judge(Claim(expr, expr, (softmax,)))

    @pytest.mark.parametrize(
        "scale", [Integer(10) ** 30, Rational(1, 10**30), exp(-100)]
    )
    def test_scaling_both_sides_changes_no_verdict(self, scale):
        rows = Sum(Derivative(a[i], z[j]), (i, 1, n))
        for left, right, same in (
            (rows, Integer(0), True),
            (rows + a[j] ** 9, Integer(0), False),
            (scale + rows, scale, True),
            (delta(i, j) * a[i], delta(i, j) * a[j], True),
            (a[i] * a[j], a[i] * a[j] + a[i] ** 40, False),
        ):
            point = point_of(scale * left, scale * right, softmax)
            assert (point is None) is same


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
        right = [one.counterexample is None for one in first]
        assert right == [True, False, False, True]
        assert [judge(claim) for claim in reversed(self.claims)] == first[::-1]

    def test_in_threads_at_the_same_time_and_afterwards(self):
        forget()
        alone = self.judged()
        forget()
        with ThreadPoolExecutor(8) as pool:
            found = [pool.submit(self.judged) for _ in range(8)]
        assert all(one.result() == alone for one in found)
        assert self.judged() == alone
