"""The judge at points: both sides of a claim compared as numbers."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sympy import (
    Abs,
    Derivative,
    Eq,
    Integer,
    KroneckerDelta,
    Ne,
    Rational,
    Symbol,
    exp,
    log,
)

from derivations.formulas.caching import forget
from derivations.formulas.claims import Claim
from derivations.judges.at_points.comparison import compare_at_points
from derivations.judges.verdict import Undecidable
from derivations.letters import *
from derivations.proof import check
from derivations.theorems.blocks import (
    YP,
    H1_blocks,
    jP,
    labels_P,
    labels_Q,
    lP,
    nP,
    zP,
)

delta = KroneckerDelta


def point_of(left, right, *where, using=None):
    """The counterexample to a claim, or None."""
    claim = Claim(left, right, where, () if using is None else (using,))
    return compare_at_points(claim).counterexample


class TestBlocks:
    def test_a_number_of_a_block_alone_is_compared(self):
        assert check(nP * zP[jP], Sum(zP[jP], (lP, 1, nP)))
        verdict = check(Sum(zP[jP], (jP, 1, nP)), nP)
        assert verdict.counterexample
        assert verdict.sizes == (nP,)

    def test_columns_that_sum_to_1_together_do_not_alone(self):
        both = Claim(labels_P + labels_Q, Integer(1), (), (H1_blocks,))
        assert compare_at_points(both).points > 10
        for wrong in (labels_P, labels_Q, labels_P - labels_Q, 2 * labels_P):
            assert point_of(wrong, Integer(1), using=H1_blocks)
            assert point_of(wrong, wrong + YP[jP, s], using=H1_blocks)

    def test_columns_that_sum_to_0_together_are_not_0(self):
        balanced = Hypothesis("balanced", H1_blocks.sums, 0)
        assert point_of(labels_P + labels_Q, Integer(0), using=balanced) is None
        assert point_of(YP[jP, s], Integer(0), using=balanced)
        assert point_of(labels_P, Integer(0), using=balanced)


class TestEvidence:
    """What a verdict tells of the points is what was compared there."""

    def test_only_sizes_at_which_both_sides_are_defined(self):
        compared = compare_at_points(Claim(log(5 - 2 * n), log(5 - 2 * n)))
        assert (compared.points, compared.tried) == (3, ((n, (2,)),))

    def test_the_sizes_of_a_claim_alone(self):
        verdict = check(nP * zP[jP], Sum(zP[jP], (lP, 1, nP)))
        ((size, numbers),) = verdict.tried
        assert size == nP and min(numbers) == 1
        told = f"all nP (and at {verdict.points} points with nP = 1, "
        assert told in verdict.sentence

    def test_a_number_has_no_size(self):
        assert str(check(alpha + alpha, 2 * alpha)).endswith("(and at 8 points)")


class TestNumbers:
    def test_a_column_that_sums_to_0_is_not_0(self):
        balanced = Hypothesis("balanced", [Sum(v[k], (k, 1, n))], 0)
        assert check(Sum(v[i], (i, 1, n)), 0, using=balanced)
        assert check(v[i], 0, using=balanced).counterexample

    def test_a_side_that_is_not_defined_leaves_the_point_out(self):
        logarithms = compare_at_points(Claim(log(v[i]), log(v[i])))
        assert 0 < logarithms.points < compare_at_points(Claim(v[i], v[i])).points
        assert logarithms.counterexample is None

    def test_counts_where_a_side_has_no_value_and_names_the_part(self):
        every = compare_at_points(Claim(v[i], v[i]))
        assert (every.undefined, every.hole) == (0, None)
        for part in (log(v[i]), 1 / (v[i] - v[j]), v[i] ** Rational(1, 3)):
            found = compare_at_points(Claim(v[j] * (1 + part), v[j] * (1 + part)))
            both = compare_at_points(Claim(v[j] * v[i], v[j] * v[i]))
            assert found.undefined > 0 and found.hole == part
            assert found.points + found.undefined == both.points

    def test_what_cannot_be_told_from_0_is_shown_as_0(self):
        total = Sum(a[k], (k, 1, n)) - 1
        for left, right in ((total, z[i]), (z[i], total)):
            point = compare_at_points(Claim(left, right, (softmax,))).counterexample
            assert sorted((point.left, point.right)) == [0.0, pytest.approx(0.2)]
        tiny = compare_at_points(Claim(exp(-500), Integer(0))).counterexample
        assert 0 < tiny.left < 1e-200

    @pytest.mark.parametrize("name", ["C", "alpha", "gamma", "w", "lam"])
    def test_a_number_of_any_sign_has_both(self, name):
        number = Symbol(name, real=True)
        assert compare_at_points(Claim(Abs(number), number)).counterexample
        assert compare_at_points(Claim(Abs(number), -number)).counterexample

    @pytest.mark.parametrize(
        ("left", "right", "values"),
        [
            (exp(-1000), Integer(0), ("5.07596e-435", "0")),
            (exp(1000), 2 * exp(1000), ("1.97007e+434", "3.94014e+434")),
            (1 + Rational(1, 10**20), Integer(1), ("1.00000000000000000001", "1")),
        ],
    )
    def test_the_values_of_both_sides_are_told_apart(self, left, right, values):
        point = compare_at_points(Claim(left, right)).counterexample
        assert point.values() == values

    def test_sides_that_are_defined_nowhere_are_undecidable(self):
        for expr in (log(-1 - z[i] ** 2), 1 / (Sum(a[k], (k, 1, n)) - 1)):
            with pytest.raises(
                Undecidable, match="both defined at none of the points"
            ) as stop:
                compare_at_points(Claim(expr, expr, (softmax,)))
            assert f" with n = 2, 3, 4, 5, 7: {expr} has no" in str(stop.value)

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
        return [compare_at_points(claim) for claim in self.claims]

    def test_in_another_order(self):
        forget()
        first = self.judged()
        right = [one.counterexample is None for one in first]
        assert right == [True, False, False, True]
        assert [compare_at_points(claim) for claim in reversed(self.claims)] == first[
            ::-1
        ]

    def test_in_threads_at_the_same_time_and_afterwards(self):
        forget()
        alone = self.judged()
        forget()
        with ThreadPoolExecutor(8) as pool:
            found = [pool.submit(self.judged) for _ in range(8)]
        assert all(one.result() == alone for one in found)
        assert self.judged() == alone
