"""The judge for every n: derivatives, sums, cases, powers, what it refuses to say."""

from contextlib import suppress

import numpy as np
import pytest
from sympy import (
    Derivative,
    Eq,
    Integer,
    Integral,
    KroneckerDelta,
    Ne,
    Product,
    Rational,
    Symbol,
    cos,
    diff,
    exp,
    log,
    sin,
    sqrt,
)

from derivations.formulas.binding import readable
from derivations.formulas.claims import Claim
from derivations.formulas.indices import Size
from derivations.judges.at_points.evaluation import instantiate
from derivations.judges.for_every_n.derivatives import differentiate, unfold
from derivations.judges.for_every_n.equality import is_proved_for_every_n
from derivations.judges.for_every_n.sums import canonical
from derivations.judges.verdict import Undecidable
from derivations.letters import (
    H1,
    Hypothesis,
    IndexedBase,
    L,
    S,
    Sum,
    SumExcept,
    W,
    X,
    Y,
    Z,
    a,
    alpha,
    c,
    cross_entropy,
    d,
    i,
    j,
    k,
    l,
    linear,
    m,
    n,
    normaliser,
    one_hot,
    q,
    r,
    s,
    softmax,
    t,
    times,
    v,
    y,
    z,
)
from derivations.proof import check
from derivations.theorems.blocks import (
    YP,
    YQ,
    ZP,
    ZQ,
    H1_blocks,
    jP,
    jQ,
    kP,
    kQ,
    lP,
    lQ,
    nP,
    nQ,
    yP,
    yQ,
)

delta = KroneckerDelta
WHERE = (softmax, cross_entropy)


def equal(left, right, where=(), using=(), case=None):
    """What the judge for every n says of left = right."""
    claim = Claim(left, Integer(0) + right, tuple(where), tuple(using), case)
    return is_proved_for_every_n(claim)


class TestDerivatives:
    def test_a_captured_bound_index_is_differentiated_right(self):
        assert diff(Sum(exp(z[k]), (k, 1, n)), z[k]) != exp(z[k])  # SymPy's bug
        for letter in (k, j):
            found = differentiate(Sum(exp(z[k]), (k, 1, n)), z[letter])
            assert found == exp(z[letter])
        inner = Sum(z[k] * Sum(z[k] ** 2, (k, 1, n)), (k, 1, n))
        right = Sum(z[l] ** 2, (l, 1, n)) + 2 * z[k] * Sum(z[l], (l, 1, n))
        assert equal(differentiate(inner, z[k]), right)

    def test_a_derivative_by_a_letter_that_an_outer_sum_binds(self):
        slopes = Sum(Derivative(Sum(exp(z[k]), (k, 1, n)), z[k]), (k, 1, n))
        assert check(slopes, Sum(exp(z[j]), (j, 1, n)))
        assert not check(slopes, n * Sum(exp(z[j]), (j, 1, n)))

    @pytest.mark.parametrize("variable", [i, n, z, 1, exp(z[i])])
    def test_only_entries_are_differentiated_by(self, variable):
        with pytest.raises(TypeError, match="differentiate by a symbol"):
            differentiate(exp(z[i]), variable)

    def test_a_definition_unfolded_twice(self):
        both = unfold(a[i] * a[k], [softmax])
        sums = [Sum(exp(z[x]), (x, 1, n)) for x in (l, j)]
        assert equal(both, exp(z[i]) * exp(z[k]) / (sums[0] * sums[1]))
        nested = unfold(Sum(a[k] * Sum(a[l], (l, 1, n)), (k, 1, n)), [softmax])
        assert equal(nested, 1)

    def test_second_derivatives(self):
        hessian = Derivative(L, z[i], z[j])
        right = Sum(y[k], (k, 1, n)) * a[i] * (delta(i, j) - a[j])
        assert check(right, hessian, where=WHERE)
        assert not check(right + a[i], hessian, where=WHERE)
        assert equal(Derivative(z[i] ** 3, (z[i], 2)), 6 * z[i])

    def test_a_derivative_of_a_derivative_whose_sums_hold_definitions(self):
        powers = Sum(exp(Z[k, s]), (k, 1, n))  # and every Z[k, s] is a sum over q
        inner = Derivative(log(powers), Z[j, s])
        outer, written_out = (
            unfold(Derivative(W[i, r] * x, W[i, r]), [linear])
            for x in (inner, exp(Z[j, s]) / powers)
        )
        assert outer == written_out
        assert not outer.has(W[q, q])

    def test_a_partial_derivative_holds_the_definition_still(self):
        assert equal(Derivative(L, a[i]), -y[i] / a[i], where=WHERE)
        assert equal(Derivative(S, z[j]), exp(z[j]), where=[normaliser])
        assert equal(Derivative(S**2, S), 2 * S, where=[normaliser])
        twice = Derivative(L, a[i], a[i])
        assert check(y[i] / a[i] ** 2, twice, where=WHERE)

    def test_a_mixed_one_by_a_defined_symbol_is_refused(self):
        """Is a still while z moves, or not?"""
        for mixed in (
            Derivative(a[i], z[i], a[i]),
            Derivative(a[i] * S, a[i], S),
            Derivative(Derivative(L, a[i]), z[j]),
        ):
            with pytest.raises(ValueError, match="two meanings where"):
                check(0, mixed, where=[*WHERE, normaliser])

    @pytest.mark.parametrize(
        "f",
        [
            z[i] * Sum(z[k] * exp(-(z[k] ** 2)), (k, 1, n)) ** 2,
            log(Sum(exp(2 * z[k]) * y[k], (k, 1, n)) ** 2 + 1) / z[j],
            exp(Sum(z[k] * Sum(z[l] * v[k], (l, 1, n)), (k, 1, n)) / z[i]),
            sqrt(1 + Sum(z[k] ** 2, (k, 1, n))) * SumExcept(z[k] ** 3, (k, 1, n), i),
            sin(z[i]) ** 3 * cos(Sum(z[k], (k, 1, n))) + alpha,
            sin(z[i] * SumExcept(z[k] ** 2 * z[i], (k, 1, n), i)),
            Sum(times(z[k], z[k] + z[i], z[k]), (k, 1, n)) * Sum(y[k], (k, 1, n)),
        ],
    )
    def test_slopes_are_those_of_sympy_on_plain_symbols(self, f):
        for row, column in np.ndindex(3, 3):
            at = {i: row + 1, j: column + 1}
            found = instantiate(differentiate(f, z[j]), {n: 3}, at)
            right = diff(
                instantiate(f, {n: 3}, at), Symbol(f"z_{column + 1}", real=True)
            )
            values = {
                x: Rational(3 + len(str(x)) + ord(str(x)[-1]) % 7, 20)
                for x in (found - right).free_symbols
            }
            assert abs((found - right).subs(values).evalf(30)) < 1e-20


class TestSums:
    def test_deltas_are_contracted(self):
        assert equal(Sum(delta(k, j) * z[k], (k, 1, n)), z[j])
        assert equal(Sum(delta(k, i) * delta(k, j), (k, 1, n)), delta(i, j))
        twice = Sum(delta(k, l) * z[k] * z[l], (k, 1, n), (l, 1, n))
        assert equal(twice, Sum(z[k] ** 2, (k, 1, n)))
        assert equal(Sum(delta(k, j) ** 2 * z[k], (k, 1, n)), z[j])
        assert equal(delta(i, j) * delta(i, j), delta(i, j))
        assert not equal(Sum(delta(k, j), (k, 1, n)), n)

    def test_a_delta_between_two_ranges_is_not_contracted(self):
        wrong = Sum(delta(k, s) * z[k], (k, 1, n))  # s may be beyond n
        with pytest.raises(Undecidable, match=r"not known to hit 1\.\.n"):
            equal(wrong, z[s])
        verdict = check(z[s], wrong)
        assert not verdict
        assert verdict.counterexample.indices[s] > verdict.counterexample.sizes[n]

    def test_sum_except(self):
        assert equal(SumExcept(z[i], (i, 1, n), j), Sum(z[k], (k, 1, n)) - z[j])
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

    def test_sum_except_of_a_letter_from_another_range(self):
        with pytest.raises(Undecidable, match="s is not known to lie in"):
            equal(SumExcept(z[i], (i, 1, n), s), Sum(z[i], (i, 1, n)) - z[s])
        with pytest.raises(ValueError, match="starts at 1"):
            SumExcept(z[i], (i, 0, n), j)

    def test_sums_of_sums(self):
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
        [(k, 0, n), (k, 1, n - 1), (k, 1, m - n), (k, 1, alpha), (k, j, n), (k, 1, j)],
    )
    def test_sums_from_one_to_a_size_only(self, limits):
        with pytest.raises(Undecidable, match="not one from 1 to a size"):
            equal(Sum(z[k], limits), 0)

    def test_a_range_that_an_outer_sum_binds(self):
        triangle = Sum(1, (i, 1, j), (j, 1, n))
        assert not check(n * j, triangle)
        assert not check(n * (n + 1) / 2, triangle)  # true, and not covered

    def test_other_binders_are_refused(self):
        for binder in (Product(z[k], (k, 1, n)), Integral(z[i], (alpha, 0, 1))):
            with pytest.raises(TypeError, match="only sums bind an index"):
                canonical(binder)
            with pytest.raises(ValueError, match="only a sum such as"):
                check(binder, z[i])


class TestCases:
    def test_cases(self):
        slope = Derivative(a[i], z[j])
        same, other = Eq(i, j), Ne(i, j)
        assert equal(slope, a[i] * (1 - a[i]), where=WHERE, case=same)
        assert not equal(slope, a[i] * (1 - a[i]), where=WHERE)
        assert equal(slope, -a[i] * a[j], where=WHERE, case=other)
        assert not equal(slope, -a[i] * a[j], where=WHERE, case=same)
        assert equal(z[i], z[j], case=same)
        assert not equal(z[i], z[j], case=other)
        bound = Sum(z[i] * y[j], (i, 1, n))  # the case says nothing of a bound i
        assert not equal(bound, n * z[j] * y[j], case=same)

    def test_a_case_reaches_the_letters_of_definitions(self):
        assert equal(y[j], 1, where=[one_hot], case=Eq(c, j))
        assert equal(y[j], 0, where=[one_hot], case=Ne(c, j))
        assert equal(y[j], 1, where=[one_hot], case=Eq(j, c))


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
        nR = Size("nR", "kR")
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


kappa = Symbol("kappa", positive=True)
gamma = Symbol("gamma", positive=True)


class TestPowers:
    def test_exponentials_and_logarithms(self):
        assert equal(exp(2 * z[i]), exp(z[i]) ** 2)
        assert equal(exp(z[i] / 2) ** 2, exp(z[i]))
        assert equal(exp(z[i] - z[j]), exp(z[i]) / exp(z[j]))
        assert equal(log(a[i] * a[j] ** 2), log(a[i]) + 2 * log(a[j]))
        assert not equal(exp(2 * z[i]), 2 * exp(z[i]))
        assert not equal(exp(z[i] / 2), exp(z[i]) / 2)
        assert not equal(log(z[i] * z[j]), log(z[i]) + log(z[j]))
        assert not equal(log(z[i] ** 2), 2 * log(z[i]))
        assert not check(sqrt(z[i] ** 2), z[i])

    @pytest.mark.parametrize("base", [a[i], 1 - a[i], gamma])
    def test_one_more_in_the_exponent_is_one_more_factor(self, base):
        for whole in (-2, -1, 1, 2):
            left, right = base ** (kappa + whole), base**kappa * base**whole
            assert check(left, right, [softmax])
            assert not check(left, -right, [softmax])
            assert not check(left, right * base, [softmax])

    def test_a_symbol_in_the_exponent_inside_a_sum(self):
        left = Sum(y[k] * (1 - a[k]) ** (gamma - 1) * (1 - a[k]), (k, 1, n))
        assert check(left, Sum(y[k] * (1 - a[k]) ** gamma, (k, 1, n)), [softmax])


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
