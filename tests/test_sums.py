"""Sums in one form, and what is no sum from 1 to a size."""

import pytest
from sympy import Derivative, Integral, KroneckerDelta, Product, exp

from derivations.judges.for_every_n.sums import canonical
from derivations.judges.verdict import Undecidable
from derivations.letters import Sum, SumExcept, a, alpha, i, j, k, l, m, n, s, t, v, z
from derivations.proof import check
from tests.every_n import equal

delta = KroneckerDelta


def test_deltas_are_contracted():
    assert equal(Sum(delta(k, i) * delta(k, j), (k, 1, n)), delta(i, j))
    twice = Sum(delta(k, l) * z[k] * z[l], (k, 1, n), (l, 1, n))
    assert equal(twice, Sum(z[k] ** 2, (k, 1, n)))
    assert equal(Sum(delta(k, j) ** 2 * z[k], (k, 1, n)), z[j])
    assert equal(delta(i, j) * delta(i, j), delta(i, j))
    assert not equal(Sum(delta(k, j), (k, 1, n)), n)


def test_a_delta_between_two_ranges_is_not_contracted():
    wrong = Sum(delta(k, s) * z[k], (k, 1, n))  # s may be beyond n
    verdict = check(z[s], wrong)
    assert not verdict
    assert verdict.counterexample.indices[s] > verdict.counterexample.sizes[n]


def test_sum_except():
    assert equal(
        Sum(SumExcept(z[i], (i, 1, n), j), (j, 1, n)),
        (n - 1) * Sum(z[k], (k, 1, n)),
    )
    shadowed = SumExcept(Sum(z[i] * v[j], (j, 1, n)), (i, 1, n), j)
    rest = Sum(z[k], (k, 1, n)) - z[j]
    assert equal(shadowed, rest * Sum(v[k], (k, 1, n)))
    assert equal(SumExcept(z[i], (i, 1, n), i), Sum(z[k], (k, 1, n)) - z[i])
    slope = Derivative(SumExcept(exp(z[i]), (i, 1, n), j), z[k])
    assert check(exp(z[k]) * (1 - delta(k, j)), slope)


def test_sum_except_starts_at_1():
    with pytest.raises(ValueError, match="starts at 1"):
        SumExcept(z[i], (i, 0, n), j)


def test_sums_of_sums():
    nested = Sum(z[k] * Sum(v[l] + z[k], (l, 1, n)), (k, 1, n))
    first = Sum(z[k], (k, 1, n)) * Sum(v[k], (k, 1, n))
    assert equal(nested, first + n * Sum(z[k] ** 2, (k, 1, n)))
    reused = Sum(Sum(z[k], (k, 1, n)) * a[k], (k, 1, n))
    assert equal(reused, Sum(z[i], (i, 1, n)) * Sum(a[i], (i, 1, n)))
    assert not equal(reused, Sum(z[k] * a[k], (k, 1, n)))
    assert equal(Sum(z[k], (k, 1, n), (k, 1, m)), m * Sum(z[i], (i, 1, n)))
    assert equal(Sum(1, (k, 1, n), (t, 1, m)), m * n)


@pytest.mark.parametrize(
    "limits",
    [(k, 1, n - 1), (k, 1, m - n), (k, 1, alpha), (k, j, n), (k, 1, j)],
)
def test_sums_from_one_to_a_size_only(limits):
    with pytest.raises(Undecidable, match="does not run from 1 to a size"):
        equal(Sum(z[k], limits), 0)


def test_a_range_that_an_outer_sum_binds():
    triangle = Sum(1, (i, 1, j), (j, 1, n))
    assert not check(n * j, triangle)
    assert not check(n * (n + 1) / 2, triangle)  # true, and not covered


def test_other_binders_are_refused():
    for binder in (Product(z[k], (k, 1, n)), Integral(z[i], (alpha, 0, 1))):
        with pytest.raises(TypeError, match="only sums bind an index"):
            canonical(binder)
        with pytest.raises(ValueError, match="expected a sum such as"):
            check(binder, z[i])
