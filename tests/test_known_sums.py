"""What hypotheses say of sums, and nothing more."""

from contextlib import suppress

import pytest
from sympy import Rational, exp, log

from derivations.formulas.indices import Size
from derivations.judges.verdict import Undecidable
from derivations.letters import *
from derivations.proof import check
from derivations.theorems.blocks import *
from tests.every_n import equal


class TestHypotheses:
    @pytest.mark.parametrize(
        "wrong",
        [
            Sum(v[k], (k, 1, n)),  # another array
            Sum(Y[i, t], (t, 1, m)),  # the other axis
            Sum(Y[k, k], (k, 1, n)),  # the diagonal
            Sum(Y[k, i], (k, 1, n)),  # a class where an example belongs
            Sum(Y[k, s + 1], (k, 1, n)),  # beyond the last example
            Sum(y[k] ** 2, (k, 1, n)),
            Sum(y[k], (k, 1, m)),
        ],
    )
    def test_h1_says_nothing_of(self, wrong):
        with suppress(Undecidable):
            assert not equal(wrong, 1, using=[H1])
        assert not check(1, wrong, using=H1)

    def test_h1_at_any_example_and_under_a_sum(self):
        assert equal(Sum(Y[i, t], (i, 1, n)), 1, using=[H1])
        assert equal(Sum(Y[i, t], (i, 1, n), (t, 1, m)), m, using=[H1])
        assert check(2 * m, Sum(2 * Y[i, t], (i, 1, n), (t, 1, m)), using=H1)


class TestHypothesesOfSeveralSums:
    """Σ_P Y + Σ_Q Y = 1 for every example: by both judges, and nothing more."""

    one = Sum(YP[lP, t], (lP, 1, nP))
    two = Sum(YQ[lQ, t], (lQ, 1, nQ))

    @pytest.mark.parametrize(
        ("left", "right"),
        [
            (one + two, 1),
            (one, 1 - two),
            (1 - one, two),
            (one**2 + 2 * one * two + two**2, 1),
            (exp(one) * exp(two), exp(1)),
            (1 / (2 - one), 1 / (1 + two)),
            (log(1 + one), log(2 - two)),
            (Sum(one + two, (t, 1, m)), m),
            (Sum(X[q, t] * one, (t, 1, m)), Sum(X[q, t] * (1 - two), (t, 1, m))),
            (
                Sum(X[q, t] * YP[lP, t], (t, 1, m), (lP, 1, nP)),
                Sum(X[q, t], (t, 1, m))
                - Sum(X[q, t] * YQ[lQ, t], (lQ, 1, nQ), (t, 1, m)),
            ),
            (
                Sum(exp(X[q, t]) * one**2, (t, 1, m), (q, 1, d)),
                Sum(exp(X[q, t]) * (1 - two) ** 2, (q, 1, d), (t, 1, m)),
            ),
            (Sum(X[q, t] * one, (q, 1, d)), Sum(X[q, t], (q, 1, d)) * (1 - two)),
        ],
    )
    def test_one_sum_is_the_value_less_the_other(self, left, right):
        assert check(left, right, using=H1_blocks)
        assert equal(left, right, using=[H1_blocks])
        assert not check(left, right)
        assert not check(left, right, using=H1)
        assert not check(left, right + YP[jP, t], using=H1_blocks)

    @pytest.mark.parametrize(
        "wrong",
        [
            one,
            two,
            one - two,
            one + 2 * two,
            one + Sum(YQ[lQ, s], (lQ, 1, nQ)),  # of another example
            Sum(YP[jP, t], (t, 1, m)) + Sum(YQ[jQ, t], (t, 1, m)),  # the other axis
            one + Sum(ZQ[lQ, t], (lQ, 1, nQ)),  # another array
            Sum(yP[lP], (lP, 1, nP)) + Sum(yQ[lQ], (lQ, 1, nQ)),
            one + Sum(YQ[lQ, t] ** 2, (lQ, 1, nQ)),
            one + Sum(YQ[lQ, jQ], (lQ, 1, nQ)),  # a class where an example belongs
            Sum(YP[lP, lP], (lP, 1, nP)) + Sum(YQ[lQ, lQ], (lQ, 1, nQ)),
            Sum(YP[k, t], (k, 1, n)) + two,  # over another size
            one + two + two / nQ,
            one * two,
        ],
    )
    def test_it_says_nothing_of(self, wrong):
        with suppress(Undecidable):
            assert not equal(wrong, 1, using=[H1_blocks])
        assert not check(1, wrong, using=H1_blocks)

    def test_under_a_sum_over_the_wrong_axis(self):
        inside = Sum(YP[jP, t] * YQ[lQ, t], (lQ, 1, nQ), (t, 1, m))
        right = Sum(YP[jP, t] * (1 - Sum(YP[lP, t], (lP, 1, nP))), (t, 1, m))
        assert check(right, inside, using=H1_blocks)
        assert not check(Sum(YP[jP, t], (t, 1, m)), inside, using=H1_blocks)

    def test_another_value(self):
        thirds = Hypothesis("thirds", H1_blocks.sums, Rational(1, 3))
        assert check(Rational(1, 3) - self.two, self.one, using=thirds)
        assert not check(1 - self.two, self.one, using=thirds)
        assert not equal(1 - self.two, self.one, using=[thirds])

    def test_of_two_arrays_that_print_alike_each_has_its_own(self):
        other = IndexedBase("YP", positive=True)
        alike = Sum(other[lP, t], (lP, 1, nP))
        vQ = IndexedBase("vQ", real=True)
        known = Sum(other[kP, s], (kP, 1, nP)) + Sum(vQ[kQ, s], (kQ, 1, nQ))
        facts = [H1_blocks, Hypothesis("H9", [known])]
        assert equal(self.one + self.two, 1, using=facts)
        assert not equal(alike + self.two, 1, using=facts)
        assert not equal(alike, self.one, using=facts)

    def test_three_sums(self):
        nR = Size("n", "k", block="R")
        (kR,) = nR.indices
        yR = IndexedBase("yR", real=True)
        sums = [Sum(x[w], (w, 1, w.size)) for x, w in ((yP, kP), (yQ, kQ), (yR, kR))]
        known = Hypothesis("H1", [sum(sums)])
        assert check(1, sum(sums), using=known)
        assert check(1 - sums[0], sums[1] + sums[2], using=known)
        for wrong in (sums[0], sums[0] + sums[1], sums[1] + sums[2]):
            assert check(1, wrong, using=known).counterexample
            assert not equal(wrong, 1, using=[known])

    def test_with_a_zero_hidden_below(self):
        gone = (1 - self.one - self.two) / (1 - self.one - Sum(YQ[jQ, t], (jQ, 1, nQ)))
        assert not check(z[i], z[i] * gone, using=H1_blocks)
