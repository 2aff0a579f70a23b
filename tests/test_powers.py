"""Powers, logarithms and exponentials in one form, where that is so for every value."""

import pytest
from sympy import I, Pow, Rational, Symbol, exp, log, sqrt

from derivations.judges.for_every_n.powers import log_of_product, power_of
from derivations.letters import Sum, a, alpha, i, j, k, n, v, y, z
from derivations.proof import check

kappa = Symbol("kappa", positive=True)
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
    (v[i] ** (alpha + 1), v[i] ** (1 + alpha)),
    (1 / (1 + alpha**2) ** kappa, (1 + alpha**2) ** -kappa),
]
NOT_SAME = [
    (v[i] ** (alpha + 2), v[i] ** alpha * v[i] ** 2 + Pow(0, kappa) + 1),
    ((v[i] ** 2) ** (kappa / 2), v[i] ** kappa),
    (sqrt(v[i] ** 2), v[i]),
    (log(v[i] ** 2), 2 * log(v[i]) + 1),
    (log(a[i] + a[j]), log(a[i]) + log(a[j])),
    (sqrt(a[i] + a[j]), sqrt(a[i]) + sqrt(a[j])),
    ((-8) ** Rational(1, 3) * y[i], -2 * y[i]),
    (exp(alpha * log(a[i])), a[i] ** (alpha + 1)),
]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_the_same(left, right):
    assert check(left, right)
    assert check(Sum(left * y[k], (k, 1, n)), Sum(right * y[k], (k, 1, n)))


@pytest.mark.parametrize(
    ("left", "right"), [x for x in NOT_SAME if not (x[0] - x[1]).has(I)]
)
def test_not_the_same(left, right):
    assert not check(left, right)


def test_a_base_that_may_be_0_keeps_its_exponent():
    for base in (v[i], 1 - a[i], Sum(z[k], (k, 1, n))):
        assert power_of(base ** (alpha + 2)) == base ** (alpha + 2)
        assert log_of_product(base) == log(base)
    assert power_of(a[i] ** (alpha + 2)) == a[i] ** alpha * a[i] ** 2
