"""What is known to be positive, or not 0: never more than is so."""

import pytest
from sympy import Symbol, cos, exp, log, sqrt

from derivations.formulas.facts import is_nonnegative, is_not_zero, is_positive
from derivations.letters import S, Sum, a, alpha, i, j, k, l, m, n, s, t, y, z

kappa = Symbol("kappa", positive=True)
total = Sum(exp(z[k]), (k, 1, n))
POSITIVE = [
    a[i],
    total,
    total - exp(z[i]),
    1 - exp(z[i]) / total,
    2 * total - 2 * exp(z[j]),
    S + a[i] ** kappa,
    n - 1,
    n**2 - m**0,
    1 + z[i] ** 2,
    Sum(1 + z[k] ** 2, (k, 1, n)),
    1 / (1 + exp(-z[i])),
    1 - 1 / (1 + exp(z[i])),
    m,
]
UNKNOWN = [
    z[i],
    1 - a[i],
    total - 2 * exp(z[i]),
    total - exp(z[i]) - exp(z[j]),
    Sum(z[k], (k, 1, n)),
    Sum(z[k], (k, 1, n)) - z[i],
    Sum(exp(y[s]), (s, 1, m)) - exp(y[t]),  # m may be 1
    n - 2,
    m - 1,
    n - m,
    z[i] ** 2,
    log(a[i]),
    cos(alpha),
    alpha * kappa,
    total - exp(z[i] + 1),
    total - exp(y[i]),
    Sum(a[k] - a[i], (k, 1, n)),
]


@pytest.mark.parametrize("expr", POSITIVE)
def test_positive(expr):
    assert is_positive(expr) and is_not_zero(expr) and is_not_zero(-expr)
    assert is_nonnegative(expr) and not is_positive(-expr)
    assert is_positive(1 / expr) and is_positive(expr + kappa)


@pytest.mark.parametrize("expr", UNKNOWN)
def test_not_known(expr):
    assert not is_positive(expr) and not is_positive(-expr) and not is_not_zero(expr)


def test_0_or_more():
    for expr in (z[i] ** 2, Sum(z[k] ** 2, (k, 1, n)), sqrt(z[i] ** 2)):
        assert is_nonnegative(expr) and not is_positive(expr)
    assert not is_nonnegative(z[i]) and not is_nonnegative(-(z[i] ** 2))


def test_more_may_be_known_of_an_entry():
    def less_than_1(entry):
        return 1 / (1 + kappa) if entry.base == a else None

    assert is_positive(1 - a[i], less_than_1)
    assert not is_positive(1 - y[i], less_than_1)
    assert not is_positive(1 - a[i] - a[l])
