"""What is known to be positive, or not 0: never more than is so."""

from itertools import product

import pytest
from sympy import (
    Abs,
    Max,
    Min,
    Rational,
    Symbol,
    cos,
    exp,
    log,
    oo,
    sqrt,
    sympify,
    tanh,
)

from derivations.formulas.facts import is_nonnegative, is_not_zero, is_positive
from derivations.formulas.ranges import SHARE, Range, from_to
from derivations.formulas.told import told, told_apart
from derivations.letters import S, Sum, a, alpha, i, j, k, l, m, n, s, t, y, z

kappa = Symbol("kappa", positive=True)
share, label = told(a, SHARE), told(y, from_to(0, 1))
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
    1 + z[i] + z[i] ** 2 / 2,
    3 - cos(alpha) - tanh(z[i]) + Abs(z[j]),
    2 + z[i] + z[i] ** 2 + z[j] + z[j] ** 2,
    2 - share[i] - share[j],
    share[i] - share[i] ** 2,
    1 - share[i] ** kappa,
    2 - label[i],
    Sum(1 - share[k], (k, 1, n)),
    Max(kappa, alpha),
    -log(share[i]),
    1 - exp(z[i]) * exp(z[j]) / total**2,
    1 - exp(2 * z[i]) * exp(z[1]) / total**3,
    total**2 - (exp(z[i]) - exp(z[j])) ** 2,
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
    1 + 2 * z[i] + z[i] ** 2,
    1 + z[i] + y[i] ** 2 / 2,
    1 - share[i] - share[j],
    1 - label[i],
    1 - 2 * share[i],
    Min(kappa, alpha),
    Sum(share[k] - 1, (k, 2, n)),
    1 - share[i] ** alpha,
    sqrt(z[i]),
    1 - (1 + z[i] ** 2) / Sum(1 + z[k] ** 2, (k, 1, n)) / 2 - share[i] / 2,
    1 - 2 * exp(z[i]) * exp(z[j]) / total**2,
    1 - exp(z[3]) * exp(z[i]) / total**2,  # n may be 2
    1 - z[i] * z[j] / Sum(z[k], (k, 1, n)) ** 2,
    1 - exp(z[s] + z[t]) / Sum(exp(z[s]), (s, 1, m)) ** 2,  # m may be 1
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
    assert is_positive(1 - share[i]) and not is_positive(1 - a[i])
    assert not is_positive(1 - share[i] - share[l])


def test_a_sum_may_have_no_terms():
    for total in (Sum(exp(z[k]), (k, 3, n)), Sum(exp(z[k]), (k, 1, n - 2))):
        assert not is_positive(total) and not is_not_zero(total)
    assert is_positive(Sum(exp(z[k]), (k, 1, 2)))


def test_from_0_on_and_up_to_1():
    for expr in (n - 2, m - 1, label[i], 1 - label[i], label[i] * (1 - label[j])):
        assert is_nonnegative(expr) and not is_positive(expr)
    assert not is_nonnegative(n - 3) and not is_nonnegative(1 - y[i])


NUMBERS = [Rational(x, 4) for x in range(-12, 13)]
ENDS = ((-2, 1), (0, 1), (-1, 0), (1, 3), (-oo, -1), (0, oo), (2, 2), (-oo, oo))
RANGES = [
    Range(*map(sympify, ends), *is_open)
    for ends in ENDS
    for is_open in product((False, True), repeat=2)
    if oo not in map(abs, ends) or all(is_open)
]


@pytest.mark.parametrize("first", RANGES, ids=str)
def test_a_range_holds_every_value_there_may_be(first):
    inside = [x for x in NUMBERS if first.has(x)]
    for x in inside:
        assert (-first).has(-x) and first.to_the(2).has(x**2)
        assert first.to_the(3).has(x**3) and (x == 0 or first.to_the(-1).has(1 / x))
        assert x == 0 or first.to_the(-2).has(x**-2)
    for second in RANGES:
        total, multiple, both = first + second, first * second, first & second
        for x, other in product(inside[::3], filter(second.has, NUMBERS[::3])):
            assert total.has(x + other) and multiple.has(x * other)
        assert [x for x in NUMBERS if both.has(x)] == list(filter(second.has, inside))


class TestSeveralEntries:
    """What is known of several entries: a total, indices that differ, one Σ."""

    part = told(y, from_to(0, 1), total=1)
    apart = told_apart([(i, j)])

    def test_entries_that_add_up_leave_something(self):
        rest = 1 - self.part[i] - self.part[j]
        assert is_nonnegative(rest.xreplace(self.apart)) and not is_nonnegative(rest)
        assert not is_positive(rest.xreplace(self.apart))
        assert not is_nonnegative((rest - self.part[l]).xreplace(self.apart))
        assert is_nonnegative(1 - self.part[1] - self.part[2])
        assert not is_nonnegative(1 - label[1] - label[2])  # each may be 1

    def test_what_a_sum_leaves_without_two_of_its_terms(self):
        rest = (total - exp(z[i]) - exp(z[j])).xreplace(self.apart)
        assert is_nonnegative(rest) and not is_positive(rest)  # n may be 2
        assert is_nonnegative(rest / total) and is_nonnegative(total * rest)
        assert not is_nonnegative(rest - exp(z[l]))
        assert is_nonnegative(total - exp(z[1]) - exp(z[2]))
        assert not is_nonnegative(total - exp(z[1]) - exp(z[3]))  # n may be 2

    def test_denominators_of_overlaps(self):
        both = Sum(label[k] * a[k], (k, 1, n))
        labels, outputs = Sum(label[k], (k, 1, n)), Sum(a[k], (k, 1, n))
        assert is_positive(labels + outputs - both)
        shares, both_shares = (x.xreplace({a: share}) for x in (outputs, both))
        rest = kappa * (shares - both_shares) + 2 * (labels - both_shares)
        assert is_positive(both_shares + rest)
        assert not is_nonnegative((both_shares + rest).xreplace({share: a}))
        assert is_nonnegative(outputs - both) and not is_positive(outputs - both)
        assert not is_nonnegative(labels - both)  # an output may be above 1
        assert not is_nonnegative(outputs - 2 * both)
        assert is_positive(outputs**2 - Sum(a[k] ** 2, (k, 1, n)))

    def test_logarithms_of_a_normaliser(self):
        assert is_positive(log(total) - z[i])
        assert not is_positive(log(total)) and not is_positive(log(total) - 2 * z[i])
        outputs = Sum(exp(z[k]) * z[k], (k, 1, n)) / total
        assert is_positive(log(total) - outputs)

    def test_products_and_powers(self):
        assert is_nonnegative((label[i] - 1) * (label[j] - 2))
        assert not is_nonnegative((label[i] - 1) * (2 - label[j]))
        assert is_positive(1 / (1 - exp(z[i]) / total) ** 3)
        assert not is_positive(-kappa) and not is_nonnegative(-z[i])

    def test_differences_of_bounded_entries_are_at_most_1_apart(self):
        first, second = label[i] - label[j], label[k] - label[l]
        for rest in (first**2, first**4, first**2 * second, first * (label[k] - 1)):
            for known in (1 - rest, (1 - rest).expand()):
                assert is_nonnegative(known) and not is_positive(known)
                assert not is_nonnegative(known - Rational(1, 9))
        assert is_nonnegative(2 - first**2 - second**2)
        assert not is_nonnegative(1 - first**2 - second**2)
        assert not is_nonnegative(1 - first**2 - label[l] / 9)

    def test_what_has_a_square_with_a_plus_may_dip_between_its_ends(self):
        """y² − y is 0 at both ends and below 0 between them."""
        assert not is_nonnegative(label[i] ** 2 - label[i])
        assert is_nonnegative(label[i] - label[i] ** 2)

    def test_what_no_sum_can_leave_ends_soon(self):
        """With no sum to enter, the total of the labels is put in for no 1."""
        assert not is_nonnegative(
            1 - self.part[i] * log(Sum(a[k] * self.part[k], (k, 1, n)))
        )
