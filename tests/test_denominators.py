"""Denominators: what leaves a sum, and what cancels below one."""

import pytest
from sympy import Rational, Symbol, exp

from derivations.formulas.binding import readable
from derivations.judges.for_every_n.derivatives import unfold
from derivations.letters import Sum, X, a, i, j, k, l, m, n, q, softmax, t, y, z
from derivations.proof import check
from derivations.theorems.blocks import ZP, ZQ, lP, lQ, nP, nQ
from tests.every_n import equal

kappa = Symbol("kappa", positive=True)
total = Sum(exp(z[l]), (l, 1, n))


class TestDenominators:
    """A factor of a denominator leaves the sum it does not depend on."""

    def test_odds(self):
        odds = Sum(a[k] / (1 - a[k]), (k, 1, n))
        assert equal(Sum(a[j] * a[k] / (1 - a[k]), (k, 1, n)), a[j] * odds)
        whole = Sum(a[k] / (a[j] - a[j] * a[k]), (k, 1, n))
        for where in ((), [softmax]):
            assert equal(a[j] * whole, odds, where)
            assert not equal(whole, odds, where)

    def test_signs_and_powers(self):
        left = Sum(1 / (a[j] * y[k] - a[j] * a[k]) ** 2, (k, 1, n))
        right = Sum(1 / (a[k] - y[k]) ** 2, (k, 1, n)) / a[j] ** 2
        assert equal(left, right)
        assert not equal(left, right * a[j])
        half = Sum(1 / (2 * a[k] - 2), (k, 1, n))
        assert equal(half, -Sum(1 / (1 - a[k]), (k, 1, n)) * Rational(1, 2))

    def test_what_is_shown_keeps_its_letters(self):
        total = Sum(1 / (1 - a[k]), (k, 1, n))
        assert readable(unfold(total)).free_symbols == total.free_symbols


class TestSumsOfSumsBelow:
    """Σ_t f(t) (s + t)/(s + t)², where the numerator is multiplied out."""

    both = Sum(exp(ZP[lP, t]), (lP, 1, nP)) + Sum(exp(ZQ[lQ, t]), (lQ, 1, nQ))
    one = Sum(exp(ZP[lP, t]), (lP, 1, nP))
    two = Sum(exp(ZQ[lQ, t]), (lQ, 1, nQ))

    @pytest.mark.parametrize("power", [1, 2, 3])
    def test_what_cancels_below_a_sum(self, power):
        left = Sum(X[q, t] * self.one / self.both**power, (t, 1, m))
        right = Sum(X[q, t] * self.two / self.both**power, (t, 1, m))
        whole = Sum(X[q, t] * self.both ** (1 - power), (t, 1, m))
        assert check(left + right, whole)
        assert not equal(left + right, 2 * whole)
        assert check(left + 2 * right, whole).counterexample
        assert check(left, whole - right)

    def test_squares_above(self):
        left = Sum(X[q, t] * self.one**2 / self.both, (t, 1, m))
        right = Sum(X[q, t] * (self.one - self.two), (t, 1, m))
        right += Sum(X[q, t] * self.two**2 / self.both, (t, 1, m))
        assert check(left, right)
        assert check(left, right + Sum(X[q, t], (t, 1, m))).counterexample

    def test_an_exponent_that_is_a_symbol(self):
        left = Sum(X[q, t] * self.one * self.both**-kappa, (t, 1, m))
        assert check(left, left)
        assert check(left, left + 1).counterexample


class TestPartialFractions:
    """A quotient inside a sum, divided by what stands below it."""

    @pytest.mark.parametrize(
        ("term", "other"),
        [
            (z[k] ** 2 / (1 + z[k]), z[k] - 1 + 1 / (1 + z[k])),
            (exp(z[k]) / (total - exp(z[k])), total / (total - exp(z[k])) - 1),
            (1 / (exp(z[k]) * (2 + exp(z[k]))), (exp(-z[k]) - 1 / (2 + exp(z[k]))) / 2),
            (2 / (1 - exp(2 * z[k])), 1 / (1 - exp(z[k])) + 1 / (1 + exp(z[k]))),
            (a[k] / (a[k] + y[k] * total), (1 - y[k] * total / (a[k] + y[k] * total))),
            (z[k] ** 3 / (1 + z[k] ** 2), z[k] - z[k] / (1 + z[k] ** 2)),
        ],
    )
    def test_the_same(self, term, other):
        left, right = (Sum(y[k] * x, (k, 1, n)) for x in (term, other))
        assert equal(left, right) and not equal(left, right + Sum(y[k], (k, 1, n)))
        assert not equal(left, 2 * right) and not equal(left, -right)

    def test_two_factors_that_may_be_equal_stay(self):
        whole = Sum(1 / ((z[k] + y[i]) * (z[k] + y[j])), (k, 1, n))
        parts = Sum(1 / (z[k] + y[i]) - 1 / (z[k] + y[j]), (k, 1, n)) / (y[j] - y[i])
        assert not equal(whole, parts)
        assert equal(whole.xreplace({y[j]: y[i] + 1}), parts.xreplace({y[j]: y[i] + 1}))
