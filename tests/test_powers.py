"""Powers, logarithms and exponentials in one form, where that is so for every value."""

import pytest
from sympy import Derivative, Pow, Rational, Symbol, exp, log, sqrt

from derivations.formulas.caching import forget
from derivations.judges.for_every_n.fractions import is_zero
from derivations.judges.for_every_n.powers import log_of_product, power_of
from derivations.letters import (
    H1,
    H3,
    C,
    Definition,
    KroneckerDelta,
    Sum,
    a,
    alpha,
    i,
    j,
    k,
    n,
    softmax,
    v,
    y,
    z,
)
from derivations.proof import check
from tests.every_n import equal

kappa = Symbol("kappa", positive=True)
gamma = Symbol("gamma", positive=True)
total = Sum(exp(z[k]), (k, 1, n))
SAME = [
    (a[i] ** (kappa + 1), a[i] ** kappa * a[i]),
    ((a[i] * a[j]) ** alpha, a[i] ** alpha * a[j] ** alpha),
    ((exp(z[i]) / total) ** alpha, exp(alpha * z[i]) * total**-alpha),
    ((1 / a[i]) ** alpha, a[i] ** -alpha),
    (6**alpha, 2**alpha * 3**alpha),
    (Rational(1, 4) ** alpha, 2 ** (-2 * alpha)),
    (exp(alpha * log(a[i]) + alpha), a[i] ** alpha * exp(alpha)),
    (log(a[i] ** 3 * total / a[j]), 3 * log(a[i]) + log(total) - log(a[j])),
    (log(exp(alpha) + exp(2 * alpha)), alpha + log(1 + exp(alpha))),
    (log(1 / (1 + a[i])), -log(1 + a[i])),
    (sqrt(total) ** 3, total * sqrt(total)),
    (exp(z[i] - z[j]), exp(z[i]) / exp(z[j])),
    (exp(2 * z[i]), exp(z[i]) ** 2),
    (v[i] ** (alpha + 1), v[i] ** (1 + alpha)),
    (1 / (1 + alpha**2) ** kappa, (1 + alpha**2) ** -kappa),
]
NOT_SAME = [
    (exp(2 * z[i]), 2 * exp(z[i])),
    (exp(z[i] / 2), exp(z[i]) / 2),
    (v[i] ** (alpha + 2), v[i] ** alpha * v[i] ** 2 + Pow(0, kappa) + 1),
    ((v[i] ** 2) ** (kappa / 2), v[i] ** kappa),
    (sqrt(v[i] ** 2), v[i]),
    (log(v[i] ** 2), 2 * log(v[i]) + 1),
    (log(a[i] + a[j]), log(a[i]) + log(a[j])),
    (sqrt(a[i] + a[j]), sqrt(a[i]) + sqrt(a[j])),
    (exp(alpha * log(a[i])), a[i] ** (alpha + 1)),
]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_the_same(left, right):
    assert check(left, right)
    assert check(Sum(left * y[k], (k, 1, n)), Sum(right * y[k], (k, 1, n)))


@pytest.mark.parametrize(("left", "right"), NOT_SAME)
def test_not_the_same(left, right):
    assert not check(left, right)


def test_a_base_that_may_be_0_keeps_its_exponent():
    for base in (1 - a[i], Sum(z[k], (k, 1, n))):
        assert power_of(base ** (alpha + 2)) == base ** (alpha + 2)
        assert log_of_product(base) == log(base)


@pytest.mark.parametrize("base", [a[i], 1 - a[i], gamma])
def test_one_more_in_the_exponent_is_one_more_factor(base):
    for whole in (-2, -1, 1, 2):
        left, right = base ** (kappa + whole), base**kappa * base**whole
        assert check(left, right, [softmax])
        assert not check(left, -right, [softmax])
        assert not check(left, right * base, [softmax])


def test_a_symbol_in_the_exponent_inside_a_sum():
    left = Sum(y[k] * (1 - a[k]) ** (gamma - 1) * (1 - a[k]), (k, 1, n))
    assert check(left, Sum(y[k] * (1 - a[k]) ** gamma, (k, 1, n)), [softmax])


class TestBasesThatMayBe0:
    """0^x is 0 for x > 0, and 1 for x = 0: powers of one base meet, and rules hold."""

    @pytest.mark.parametrize(
        ("left", "right"),
        [
            (z[i] * z[i] ** n, z[i] ** (n + 1)),
            (z[i] ** n / z[i], z[i] ** (n - 1)),
            (v[i] ** (alpha + 2), v[i] ** alpha * v[i] ** 2),
            ((1 - a[i]) ** (kappa - 1), (1 - a[i]) ** kappa / (1 - a[i])),
            ((z[i] + 1) ** (n + 1), (z[i] + 1) ** n * z[i] + (z[i] + 1) ** n),
            (Derivative(z[i] ** n, z[j]), KroneckerDelta(i, j) * n * z[i] ** (n - 1)),
            (Derivative(z[i] ** alpha, z[i]), alpha * z[i] ** (alpha - 1)),
            (Derivative(z[i] ** (n + 1), z[i]), (n + 1) * z[i] ** n),
            (Derivative(z[i] ** n, z[i], z[i]), n * (n - 1) * z[i] ** (n - 2)),
            ((-z[i]) ** (2 * n), z[i] ** (2 * n)),
            ((v[i] - z[i]) ** (2 * n + 1), -((z[i] - v[i]) ** (2 * n + 1))),
        ],
    )
    def test_the_same(self, left, right):
        assert check(left, right) and check(right, left)
        assert not check(left, 2 * right) and not check(left, right + z[i])
        inside = [Sum(side.xreplace({i: k}), (k, 1, n)) for side in (left, right)]
        assert check(*inside) or left.has(Derivative)

    def test_a_power_that_stands_alone_stays(self):
        nothing = Sum(y[k], (k, 1, n)) - 1  # 0 by H1, so α = −2 gives 0^0
        assert not equal(nothing ** (alpha + 2), 0, using=[H1])
        assert equal(nothing**2, 0, using=[H1])
        assert not equal(z[i] ** (n - 1) * z[i] ** (-n), 2 / z[i])

    def test_signs(self):
        assert not equal((-z[i]) ** n, z[i] ** n)
        assert not equal((-z[i]) ** (2 * alpha), z[i] ** (2 * alpha))
        assert equal((-z[i]) ** n, (-1) ** n * z[i] ** n)


def test_factors_that_are_not_negative_leave_logarithms_and_powers():
    for left, right in (
        (log(y[i] * z[i]), log(y[i]) + log(z[i])),
        ((y[i] * z[i]) ** alpha, y[i] ** alpha * z[i] ** alpha),
        (log(z[i] / y[i] ** 2), log(z[i]) - 2 * log(y[i])),
    ):
        assert equal(left, right, using=[H3]) and not equal(left, right)


def test_the_logarithm_of_an_odd_power_or_a_root():
    for power in (-1, 3, -5, Rational(1, 3), Rational(-2, 3)):
        assert equal(log(z[i] ** power), power * log(z[i]))
    for power in (2, -2, kappa, 2 * n):
        assert not equal(log(z[i] ** power), power * log(z[i]))


class TestRootsOfPowers:
    """(b^e)^r is b^{e·r} where b is not negative, or r is an integer."""

    @pytest.mark.parametrize(
        ("left", "right"),
        [
            (z[i] ** (n / 2), sqrt(z[i] ** n)),
            (alpha ** (kappa / 2), sqrt(alpha**kappa)),
            ((z[i] ** n) ** Rational(1, 3), z[i] ** (n / 3)),
            (z[i] ** (-n / 2), 1 / sqrt(z[i] ** n)),
            ((-z[i]) ** (n / 2), sqrt((-z[i]) ** n)),
            ((z[i] ** kappa) ** (n / 2), z[i] ** (kappa * n / 2)),
            ((z[i] ** n) ** (kappa / 2), (z[i] ** (n / 2)) ** kappa),
            ((z[i] ** kappa) ** alpha, z[i] ** (kappa * alpha)),
            ((z[i] * v[i]) ** (kappa / 2), sqrt(z[i] ** kappa * v[i] ** kappa)),
            (sqrt(z[i] ** n * v[i] ** n), sqrt((z[i] * v[i]) ** n)),
            (log(sqrt(z[i] ** n)), log(z[i] ** (n / 2))),
            (log(z[i] ** n), n * log(-z[i])),
            (exp(log(z[i] ** n) / 2), z[i] ** (n / 2)),
            (sqrt((1 - z[i]) ** kappa), (1 - z[i]) ** (kappa / 2)),
        ],
    )
    def test_of_an_unknown_sign(self, left, right):
        assert not check(left, right).proved
        over_k = [Sum(x.subs(i, k), (k, 1, n)) for x in (left, right)]
        assert not check(*over_k).proved

    @pytest.mark.parametrize("base", [a[i], gamma, total, 1 + z[i] ** 2])
    def test_of_what_is_not_negative(self, base):
        for exponent in (kappa, n, alpha):
            assert check(base ** (exponent / 2), sqrt(base**exponent))
            assert check(base ** (exponent * alpha), (base**exponent) ** alpha)

    def test_a_root_of_an_unknown_sign_has_its_integer_powers(self):
        for root in (z[i] ** (n / 2), sqrt(z[i] ** n)):
            assert check((root - 1) * (root + 1), z[i] ** n - 1)
        third = v[i] ** (n / 3)
        assert is_zero((third + 1) * (third**2 - third + 1) - v[i] ** n - 1)

    @pytest.mark.parametrize(
        ("left", "right"),
        [
            (z[i] ** (n / 2), sqrt(z[i] ** n)),
            (C ** (kappa / 2), sqrt(C**kappa)),
            (z[i] ** (kappa * alpha), (z[i] ** kappa) ** alpha),
            ((z[i] ** n) ** (kappa / 2), (z[i] ** (n / 2)) ** kappa),
            (Derivative(sqrt(z[i] ** n), z[i]), n * z[i] ** (n / 2 - 1) / 2),
            (Sum(sqrt(z[k] ** kappa), (k, 1, n)), Sum(z[k] ** (kappa / 2), (k, 1, n))),
        ],
    )
    def test_a_negative_base_is_a_counterexample(self, left, right):
        verdict = check(left, right)
        assert verdict.mark == "✗"
        numbers = verdict.counterexample.entries
        assert any(value < 0 for value in numbers.values())


class TestNegativeBases:
    """Nothing is right where a negative base was never compared, though it may be."""

    def test_a_power_that_had_no_value_is_named(self):
        third = v[i] ** (kappa / 3)
        verdict = check((third + 1) * (third**2 - third + 1), v[i] ** kappa + 1)
        assert verdict.proved and verdict.points and verdict.mark == "?"
        assert (
            "v[i]**(kappa/3) has no value at any of the points where v[i] is negative, "
            "so nothing was compared there" in verdict.sentence
        )

    @pytest.mark.parametrize(
        ("left", "right", "where"),
        [
            (v[i] ** (alpha + 1), v[i] ** (1 + alpha), ()),
            ((1 - a[i]) ** kappa * (1 - a[i]), (1 - a[i]) ** (kappa + 1), [softmax]),
            ((1 - z[i]) ** kappa * exp(z[i]), exp(z[i]) * (1 - z[i]) ** kappa, ()),
            (Derivative(C**alpha, alpha), C**alpha * log(C), ()),  # C > 0 by nature
            (exp(log(C)) * z[i] ** n, C * z[i] ** n, ()),
            (v[i] ** kappa + y[i], y[i] + v[i] ** kappa, [Definition(v[i], z[i] ** 2)]),
            (
                (z[i] ** 3 * z[j]) ** alpha * a[i],
                a[i] * (z[i] ** 3 * z[j]) ** alpha,
                (),
            ),
            (sqrt(1 - z[i]) ** 3, (1 - z[i]) * sqrt(1 - z[i]), ()),
        ],
    )
    def test_no_alarm(self, left, right, where):
        assert check(left, right, where)
        assert check(Sum(left * y[k], (k, 1, n)), Sum(right * y[k], (k, 1, n)), where)

    def test_a_verdict_does_not_know_the_one_before(self):
        left, right = (1 - z[i]) ** kappa, -((1 - z[i]) ** kappa)
        asked = [(left, right), (left, left + 0 * z[i]), (left * z[j], z[j] * left)]
        first = [check(*claim) for claim in asked]
        forget()
        assert [check(*claim) for claim in reversed(asked)] == first[::-1]
