"""The engine of derivations/: sums, derivatives, points, chains, and who fools it."""

import re
from contextlib import suppress

import mpmath
import numpy as np
import pytest
from sympy import (
    Derivative,
    Eq,
    Float,
    Function,
    Heaviside,
    I,
    ImmutableMatrix,
    IndexedBase,
    Integer,
    Integral,
    KroneckerDelta,
    Matrix,
    Max,
    Mul,
    Ne,
    Pow,
    Product,
    Rational,
    Symbol,
    cos,
    diff,
    exp,
    factorial,
    log,
    nan,
    oo,
    sin,
    sqrt,
    symbols,
    zoo,
)

from derivations import theorems
from derivations.calculus import (
    Undecidable,
    canonical,
    differentiate,
    equal_for_every_n,
    unfold,
)
from derivations.concrete import instantiate, numbers_agree
from derivations.notation import (
    H1,
    Definition,
    Hypothesis,
    L,
    S,
    Sum,
    SumExcept,
    W,
    Y,
    Z,
    a,
    alpha,
    c,
    cross_entropy,
    free_symbols,
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
from derivations.printing import latex, text
from derivations.proof import Derivation, StepError, check

delta = KroneckerDelta
WHERE = (softmax, cross_entropy)
total = Sum(y[k], (k, 1, n))


def equal(left, right, **context):
    return equal_for_every_n(left, Integer(0) + right, **context)


class TestCalculus:
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

    def test_letters_outside_a_sum_are_not_bound_by_it(self):
        labels = {z.label, y.label}
        assert free_symbols(z[k] * Sum(y[k], (k, 1, n))) == {k, n} | labels
        assert free_symbols(z[j] * Sum(y[k], (k, 1, n))) == {j, n} | labels
        assert not equal(z[k] * Sum(y[k], (k, 1, n)), Sum(z[k] * y[k], (k, 1, n)))

    def test_exponentials_and_logarithms(self):
        assert equal(exp(2 * z[i]), exp(z[i]) ** 2)
        assert equal(exp(z[i] / 2) ** 2, exp(z[i]))
        assert equal(exp(z[i] - z[j]), exp(z[i]) / exp(z[j]))
        assert equal(log(a[i] * a[j] ** 2), log(a[i]) + 2 * log(a[j]))
        assert not equal(exp(2 * z[i]), 2 * exp(z[i]))
        assert not equal(exp(z[i] / 2), exp(z[i]) / 2)
        assert not equal(log(z[i] * z[j]), log(z[i]) + log(z[j]))
        assert not equal(log(z[i] ** 2), 2 * log(z[i]))
        assert not equal(sqrt(z[i] ** 2), z[i])

    def test_second_derivatives(self):
        hessian = Derivative(L, z[i], z[j])
        right = total * a[i] * (delta(i, j) - a[j])
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
        assert check(0, Derivative(a[i], z[i], a[i]), where=[softmax])
        both = Derivative(a[i] * S, a[i], S)
        assert check(1, both, where=[softmax, normaliser])

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

    def test_other_binders_are_refused(self):
        for binder in (Product(z[k], (k, 1, n)), Integral(z[i], (alpha, 0, 1))):
            with pytest.raises(TypeError, match="only sums bind an index"):
                canonical(binder)
            with pytest.raises(ValueError, match="only a sum such as"):
                check(binder, z[i])


class TestHypotheses:
    def test_a_step_that_needs_h1_and_does_not_name_it(self):
        chain = Derivation(Derivative(L, z[j]), where=WHERE)
        chain = chain.step(a[j] * total - y[j], "by the Jacobian")
        with pytest.raises(StepError) as refusal:
            chain.step(a[j] - y[j], "the labels sum to 1")
        point = refusal.value.verdict.counterexample
        labels = [float(x) for (base, _), x in point.entries.items() if base == y]
        assert len(labels) == point.sizes[n]
        assert sum(labels) != pytest.approx(1)
        assert chain.step(a[j] - y[j], "the labels sum to 1", using=H1).uses == (H1,)

    def test_h1_holds_for_no_later_step(self):
        chain = Derivation(total * z[i]).step(z[i], "Σy = 1", using=H1)
        with pytest.raises(StepError):
            chain.step(total * z[i], "and back, without saying why")

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
            assert not equal(wrong, 1, facts=[H1])
        assert not check(1, wrong, using=H1)

    def test_h1_at_any_example_and_under_a_sum(self):
        assert equal(Sum(Y[i, t], (i, 1, n)), 1, facts=[H1])
        assert equal(Sum(Y[i, t], (i, 1, n), (t, 1, m)), m, facts=[H1])
        assert check(2 * m, Sum(2 * Y[i, t], (i, 1, n), (t, 1, m)), using=H1)

    def test_h1_and_labels_that_are_defined(self):
        assert check(1, total, where=[one_hot])
        assert check(1, total, where=[one_hot], using=H1)
        double = Definition(y[i], 2 * delta(i, c))
        assert not check(1, total, where=[double], using=H1)

    @pytest.mark.parametrize(
        "known",
        [
            z[i],
            Sum(z[k] * y[k], (k, 1, n)),
            Sum(Y[i, t], (t, 1, m)),
            Sum(y[k], (k, 1, m)),
            Sum(Y[k, s], (k, 1, n), (s, 1, m)),
        ],
    )
    def test_what_cannot_be_a_hypothesis(self, known):
        with pytest.raises(TypeError, match="a hypothesis is like"):
            Hypothesis("H9", [known])

    @pytest.mark.parametrize("using", ["H1", [total], [None]])
    def test_what_is_no_hypothesis(self, using):
        with pytest.raises(TypeError, match="expected a Hypothesis"):
            check(1, total, using=using)


class TestDefinitions:
    def test_a_parameter_bound_inside(self):
        summed = Definition(a[i], Sum(z[i], (i, 1, n)))
        assert check(Sum(z[k], (k, 1, n)), a[j], where=[summed])
        assert not check(n * z[j], a[j], where=[summed])

    def test_a_clash_with_a_bound_letter(self):
        assert equal(softmax(k), exp(z[k]) / Sum(exp(z[l]), (l, 1, n)))
        assert softmax(k) != exp(z[k]) / Sum(exp(z[k]), (k, 1, n))

    def test_a_free_letter_is_not_captured_by_a_sum_over_it(self):
        labels = Sum(y[c], (c, 1, n))  # this c is not the c of the definition
        assert check(1, labels, where=[one_hot])
        assert not check(n, labels, where=[one_hot])

    @pytest.mark.parametrize("symbol", [a[1], W[i, i], a[i + 1], n, i, exp(z[i]), 1])
    def test_what_cannot_be_defined(self, symbol):
        with pytest.raises(TypeError, match="only a symbol such as"):
            Definition(symbol, z[i])

    def test_circles(self):
        with pytest.raises(ValueError, match="part of its own value"):
            Definition(a[i], a[i] + 1)
        circle = [Definition(a[i], v[i]), Definition(v[i], a[i])]
        with pytest.raises(ValueError, match="definitions in a circle"):
            check(a[i], z[i], where=circle)

    def test_a_wrong_number_of_indices(self):
        with pytest.raises(TypeError, match="has 1 indices, got 2"):
            check(a[i, j], z[i], where=[softmax])
        with pytest.raises(ValueError, match="1 and 2 indices"):
            check(Derivative(z[i], z[i, j]), 0)

    def test_one_definition_needs_no_list(self):
        assert check(softmax(i), a[i], where=softmax)
        with pytest.raises(TypeError, match="expected a Definition"):
            check(softmax(i), a[i], where=[H1])


class TestConcrete:
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

    def test_a_sum_except_inside_a_sum(self):
        """SymPy's free_symbols once took the bound k out of ours, for good."""
        total = Sum(SumExcept(exp(z[k]) * z[l], (l, 1, n), k), (k, 1, n))
        right = exp(z[i]) * SumExcept(z[l], (l, 1, n), i)
        right += SumExcept(exp(z[k]), (k, 1, n), i)
        assert total.free_symbols and check(right, Derivative(total, z[i]))

    @pytest.mark.parametrize("value", [alpha, n, 0.5])
    def test_a_hypothesis_knows_an_exact_number(self, value):
        with pytest.raises(TypeError, match="exact number"):
            Hypothesis("x", [Sum(y[k], (k, 1, n))], value)

    def test_a_column_that_sums_to_0_is_not_0(self):
        balanced = Hypothesis("balanced", [Sum(v[k], (k, 1, n))], 0)
        assert check(Sum(v[i], (i, 1, n)), 0, using=balanced)
        assert check(v[i], 0, using=balanced).counterexample

    def test_numbers_that_are_none_agree_with_nothing(self):
        one, inf, undefined = mpmath.mpf(1), mpmath.inf, mpmath.nan
        for pair in [
            (one, inf),
            (inf, one),
            (inf, inf),
            (one, undefined),
            (undefined, one),
            (undefined, undefined),
        ]:
            assert not numbers_agree(*pair)
        assert numbers_agree(one, one)


class TestTwoMeanings:
    def test_a_delta_of_what_is_no_index(self):
        x, w = (Symbol(name, real=True) for name in "xw")
        entries = [IndexedBase(name, real=True)[i] for name in "xw"]
        for apart in (entries[0] - entries[1], z[i] - v[i]):
            with pytest.raises(ValueError, match="delta of two indices"):
                check(delta(x, w) * apart, 0)

    def test_a_symbol_with_the_name_of_an_array(self):
        x = Symbol("x", real=True)
        entry = IndexedBase("x", real=True)[i]
        for both in (Sum(entry * x, (x, 1, n)), entry * x):
            with pytest.raises(ValueError, match="name of an array and of a symbol"):
                check(both, 0)


ratio = (1 - total) / (1 - Sum(y[i], (i, 1, n)))
FALSE = {
    "one term of a hidden 0/0": (z[i], z[i] * ratio, {"using": H1}),
    "over zero": (a[i], a[i] / (1 - total), {"using": H1}),
    "0/0 at i = j": (
        (z[i] - Sum(z[k] * delta(k, j), (k, 1, n))) / (z[i] - z[j]),
        1,
        {},
    ),
    "0/0 in a softmax": (
        2 * (1 - Sum(a[k], (k, 1, n))) / (1 - Sum(a[i], (i, 1, n))),
        3,
        {"where": [softmax]},
    ),
    "zero to a negative power": (1 / delta(i, j), delta(i, j), {}),
    "log of 0": (delta(i, j) * log(delta(i, j)), 0, {}),
    "zero times infinity": (Mul(0, Pow(0, -1, evaluate=False), evaluate=False), 0, {}),
    "complex": (I * a[i], a[i], {}),
    "maximum of complex numbers": (Max(alpha, log(z[i] ** 3)), alpha, {}),
    "too small to see": (a[i], a[i] + Rational(1, 10**60) * z[i], {}),
    "0 at n = 2 to 5": (z[i] * (n - 2) * (n - 3) * (n - 4) * (n - 5), 0, {}),
    "(-1)^n": ((-1) ** n, 1, {}),
    "0^(n-2)": (Pow(0, n - 2, evaluate=False), 0, {}),
    "a power of a product": ((z[i] * z[j]) ** alpha, z[i] ** alpha * z[j] ** alpha, {}),
    "a sum of 200000 terms": (Sum(z[k], (k, 1, 200000)), alpha, {}),
    "a captured bound index": (
        Derivative(Sum(exp(z[k]), (k, 1, n)), z[k]),
        Sum(exp(z[k]), (k, 1, n)),
        {},
    ),
    "deltas of two ranges": (delta(i, s) * z[i], 0, {}),
    "two definitions of one array": (
        a[i],
        z[i],
        {"where": [Definition(a[i], z[i]), Definition(a[i], v[i])]},
    ),
}


class TestFalseEqualities:
    @pytest.mark.parametrize("name", FALSE)
    def test_is_refused_in_words(self, name):
        left, right, context = FALSE[name]
        verdict = check(left, Integer(0) + right, **context)
        assert not verdict
        assert re.match("differs: |cannot decide: |the two checks", verdict.sentence)

    def test_a_value_that_is_not_there(self):
        verdict = check(a[i] / (1 - total), a[i], using=H1)
        assert "yours is not defined, the right value is" in verdict.sentence

    @pytest.mark.parametrize(
        "true",
        [
            sin(alpha) ** 2 + cos(alpha) ** 2 - 1,
            Sum(Sum(exp(z[i] * v[j]), (i, 1, n)), (j, 1, n))
            - Sum(Sum(exp(z[i] * v[j]), (j, 1, n)), (i, 1, n)),
            Sum((-1) ** k, (k, 1, n)) - ((-1) ** n - 1) / 2,
        ],
    )
    def test_true_and_undecided_is_refused(self, true):
        verdict = check(true, 0)
        assert verdict.counterexample is None
        assert verdict.points > 0
        assert "cannot decide" in verdict.sentence
        assert "no counterexample was found (the two sides agree" in verdict.sentence
        with pytest.raises(StepError, match="no counterexample was found"):
            Derivation(true).step(0, "it is zero")

    @pytest.mark.parametrize(
        "unknown", [Function("f")(z[i]), factorial(n), Heaviside(alpha)]
    )
    def test_undecidable_is_a_verdict(self, unknown):
        verdict = check(unknown, unknown)
        assert not verdict
        assert "cannot decide: no numbers are known for the function" in str(verdict)
        assert "no point was tried" in verdict.sentence


class TestAnswers:
    def test_not_attempted(self):
        verdict = check(..., a[i])
        assert not verdict
        assert repr(verdict) == "not attempted yet"

    def test_numbers_are_expressions(self):
        assert check(1, Sum(a[i], (i, 1, n)), where=[softmax])
        assert str(check(2, 1)) == "differs: yours is 2.0, the right value is 1.0"

    def test_text_is_never_evaluated(self, tmp_path):
        trace = tmp_path / "trace"
        for answer in ("a[i]", f"open({str(trace)!r}, 'w')"):
            with pytest.raises(TypeError, match="expected a SymPy expression such as"):
                check(answer, a[i])
            with pytest.raises(TypeError, match="expected a SymPy expression such as"):
                Derivation(a[i]).step(answer, "text")
        assert not trace.exists()

    @pytest.mark.parametrize(
        "answer",
        [
            [a[i]], None, True, 0.5, np.ones(3), np.float64(1), Eq(a[i], z[i]),
            Matrix([1, 2]), ImmutableMatrix([[1]]), Symbol("x", commutative=False),
        ],
    )  # fmt: skip
    def test_what_is_no_expression(self, answer):
        with pytest.raises(TypeError, match="expected a SymPy expression"):
            check(answer, a[i])

    @pytest.mark.parametrize(
        "stranger",
        [
            IndexedBase("z")[i], z[Symbol("i")], Symbol("n") * z[i], Symbol("L"),
            Symbol("z"), Symbol("z", real=True), IndexedBase("a", real=True)[i],
            Derivative(z[i] ** 2, IndexedBase("z")[i]),
        ],
    )  # fmt: skip
    def test_a_symbol_that_only_prints_like_ours(self, stranger):
        with pytest.raises(ValueError, match=r"prints like the . of the series but is"):
            check(stranger, z[i])

    def test_a_bound_letter_may_be_anyones(self):
        mine = Symbol("k")
        assert check(Sum(y[mine], (mine, 1, n)), total)

    def test_an_index_without_a_range(self):
        for x in (Symbol("x"), n, alpha):
            with pytest.raises(ValueError, match="has no range: free indices are k, l"):
                check(z[x], z[i])

    @pytest.mark.parametrize("answer", [a, a * (1 - a[i]), a[i] * exp(a)])
    def test_an_array_without_an_index(self, answer):
        with pytest.raises(ValueError, match="say which entry, such as a"):
            check(answer, z[i])

    @pytest.mark.parametrize(
        "answer", [nan, oo, -oo, zoo, a[i] + Float("1e-60"), Float(0.5)]
    )
    def test_numbers_that_are_not_exact(self, answer):
        with pytest.raises(ValueError, match="only exact, finite numbers"):
            check(answer, a[i])

    @pytest.mark.parametrize(
        "answer",
        [
            Derivative(i**2, i), Derivative(z[i], i), Derivative(n * alpha, n),
            Derivative(alpha**2, (alpha, n)),
        ],
    )  # fmt: skip
    def test_derivatives_by_an_index(self, answer):
        with pytest.raises(ValueError, match="differentiate by entries"):
            check(answer, 0)

    def test_a_third_derivative(self):
        with pytest.raises(ValueError, match="up to second derivatives"):
            check(Derivative(z[i] ** 4, (z[i], 3)), 24 * z[i])

    @pytest.mark.parametrize("answer", [Sum(z[i], (z[i], 1, 3)), delta(i, j, (1, 3))])
    def test_malformed(self, answer):
        with pytest.raises(ValueError, match="only a"):
            check(answer, z[i])

    @pytest.mark.parametrize(
        "case", [True, False, Eq(i, s), Eq(i, 1), Ne(a[i], a[j]), i, i < j]
    )
    def test_what_is_no_case(self, case):
        with pytest.raises(TypeError, match="a case is Eq or Ne of two indices"):
            check(z[i], z[j], case=case)


class TestChains:
    slope = Derivation(Derivative(a[i], z[j]), where=[softmax])

    def test_a_refusal_says_everything(self):
        chain = self.slope.step(a[i] * (delta(i, j) - a[j]), "both cases")
        with pytest.raises(StepError) as refusal:
            chain.step(a[i] * (1 - a[j]), "a slip")
        error, point = refusal.value, refusal.value.verdict.counterexample
        assert error.number == 2
        assert (error.left, error.right) == (chain.result, a[i] * (1 - a[j]))
        assert point.sizes[n] in range(2, 6)
        assert point.indices[i] != point.indices[j]
        numbers = [float(point.entries[z, (x,)]) for x in range(1, point.sizes[n] + 1)]
        A = np.exp(numbers) / np.exp(numbers).sum()
        a_i, a_j = A[point.indices[i] - 1], A[point.indices[j] - 1]
        assert float(point.left) == pytest.approx(-a_i * a_j)
        assert float(point.right) == pytest.approx(a_i * (1 - a_j))
        message = str(error)
        for part in (
            "step 2 (a slip) is refused",
            f"left:  {text(error.left)}",
            f"right: {text(error.right)}",
            f"n = {point.sizes[n]}",
            f"i = {point.indices[i]}",
            f"j = {point.indices[j]}",
            "z = (" + ", ".join(f"{x:.4g}" for x in numbers) + ")",
            mpmath.nstr(point.left, 6),
            mpmath.nstr(point.right, 6),
        ):
            assert part in message

    @pytest.mark.parametrize("reason", ["", "  ", None, 3])
    def test_a_reason_is_in_words(self, reason):
        with pytest.raises(ValueError, match="a step needs a reason in words"):
            self.slope.step(a[i] * (delta(i, j) - a[j]), reason)

    def test_a_chain_never_changes(self):
        before = repr(self.slope)
        longer = self.slope.step(a[i] * (delta(i, j) - a[j]), "both cases")
        assert repr(self.slope) == before
        assert self.slope.steps == ()
        assert isinstance(longer.steps, tuple)
        assert longer.statement == Eq(longer.start, longer.result, evaluate=False)
        with pytest.raises(AttributeError):
            longer.steps[0].right = a[i]
        with pytest.raises(AttributeError):
            longer.steps[0].verdict.proved = True

    def test_a_start_is_checked_too(self):
        for start, error in (("a[i]", TypeError), (Symbol("L"), ValueError)):
            with pytest.raises(error):
                Derivation(start)

    def test_a_step_ignores_what_other_chains_assume(self):
        with pytest.raises(StepError):
            Derivation(Derivative(a[i], z[j])).step(-a[i] * a[j], "no case, no softmax")


class TestRendering:
    chain = theorems()["logits.gradient"]()

    def lines(self, rendered):
        return re.split(r"\\\\\[4pt\]\n", rendered)

    def test_each_line_has_its_reason_and_its_mark(self):
        for chain in (x() for x in theorems().values()):
            rows = self.lines(chain._repr_latex_())
            assert len(rows) == len(chain.steps)
            for row, step in zip(rows, chain.steps, strict=True):
                assert latex(step.right) in row
                assert row.count("✓") == 1
                for words in re.split(r"\$[^$]*\$", step.words):
                    assert words in row
            rows = repr(chain).splitlines()[1:]
            for row, step in zip(rows, chain.steps, strict=True):
                assert row.startswith(f"  = {text(step.right)}    ✓ ")
                assert row.endswith(step.words.replace("$", ""))

    def test_latex_for_a_notebook(self):
        found = self.chain._repr_latex_()
        assert found.startswith("$$\\begin{aligned}\n")
        assert found.endswith("\n\\end{aligned}$$")
        assert (
            r"\frac{\partial L}{\partial z_{j}} &= a_{j} \sum_{i=1}^{n} y_{i}" in found
        )
        assert "by H1" in self.lines(found)[1]
        assert Derivation(a[i])._repr_latex_() == "$a_{i}$"

    def test_markdown(self):
        found = self.chain.to_markdown()
        assert found.startswith(self.chain._repr_latex_())
        assert r"$\sum_{k=1}^{n} y_{k} = 1$" in found
        points = sum(x.verdict.points for x in self.chain.steps)
        assert found.endswith(
            f"proved for every $n$, and compared at {points} points with $n$ = 2 to 5"
        )

    def test_only_the_labels_of_the_chain_are_named(self):
        batch = theorems()["batch.gradient"]().to_markdown()
        assert r"$\sum_{k=1}^{n} Y_{k,s} = 1$" in batch
        assert r"\sum_{k=1}^{n} y_{k} = 1" not in batch

    @pytest.mark.parametrize("name", theorems())
    def test_latex_for_a_plain_article(self, name):
        found = theorems()[name]().to_latex()
        assert found.isascii()
        assert found.startswith("\\begin{align*}\n")
        assert found.count("{") == found.count("}")
        assert found.count("$") % 2 == 0

    def test_conditions(self):
        case = theorems()["softmax.case_unequal"]()
        assert case.conditions()[-1] == "i ≠ j"
        assert case.conditions(latex)[-1] == r"i \neq j"
        assert "where a[i] := exp(z[i])/Sum(exp(z[k]), (k, 1, n))" in repr(case)

    def test_a_dollar_without_its_partner(self):
        with pytest.raises(ValueError, match="without its partner"):
            Derivation(a[i]).step(a[i], "it is $a")._repr_latex_()


class TestPrinting:
    def test_a_sum_over_the_others(self):
        found = latex(SumExcept(y[i] * a[j], (i, 1, n), j))
        assert found.startswith(r"\sum_{i \neq j} ")
        assert "delta" not in found
        assert text(SumExcept(y[i], (i, 1, n), j)) == "Sum(y[i], i != j)"

    def test_a_product_stays_as_written(self):
        product = times(-y[i] / a[i], a[i] * (1 - a[j]))
        assert product.args == (-y[i] / a[i], a[i] * (1 - a[j]))
        assert latex(product).count("a_{i}") == 2
        assert r"\cdot" in latex(product)
        assert text(product).count("a[i]") == 2
        assert equal(product, -y[i] * (1 - a[j]))

    def test_order_and_signs_of_a_textbook(self):
        assert latex(a[j] - y[j]) == "a_{j} - y_{j}"
        assert latex(a[j] * total - y[j]) == r"a_{j} \sum_{k=1}^{n} y_{k} - y_{j}"
        assert latex(-y[i] / a[i]) == r"- \frac{y_{i}}{a_{i}}"
        assert latex(delta(i, j)) == r"\delta_{i j}"

    def test_a_product_with_an_early_sum_is_closed(self):
        found = latex(Sum(y[k], (k, 1, n)) * Sum(z[k], (k, 1, n)))
        assert found.count(r"\left(") == 1
