"""The theorems of notebook 11 against plain NumPy, and what their explorer shows.

Each loss is written here in arrays; its gradient is taken by the complex step and by
central differences.  Letters, sizes and values are those of the array, not the engine.
"""

import numpy as np
import pytest
from sympy import Derivative, KroneckerDelta, Rational

import helpers
from derivations import binary, labels, matched, temperature, theorems, weights
from derivations.calculus import equal_for_every_n, readable, unfold
from derivations.notation import (
    H1,
    L,
    Sum,
    a,
    alpha,
    c,
    cross_entropy,
    d,
    i,
    j,
    k,
    m,
    n,
    q,
    s,
    softmax,
    y,
    z,
)
from derivations.proof import check

SIZES = [2, 3, 5]
MINE = (
    "temperature",
    "labels",
    "weights",
    "binary",
    "other_losses",
    "hessian",
    "attention",
    "matched",
)
T, ALPHA = 1.7, 0.3


def np_softmax(x):
    return np.exp(x) / np.exp(x).sum(axis=0)


def complex_step(f, x):
    gradient = np.empty(x.shape)
    for place in np.ndindex(x.shape):
        moved = x.astype(complex)
        moved[place] += 1e-30j
        gradient[place] = f(moved).imag / 1e-30
    return gradient


def central(f, x):
    gradient = np.empty(x.shape)
    for place in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[place] = 1e-6
        gradient[place] = (f(x + step) - f(x - step)) / 2e-6
    return gradient


def measured(gradient, loss, x):
    # Rounding of some hundred operations; the central difference is off by about 1e-10.
    assert gradient == pytest.approx(complex_step(loss, x), rel=1e-12, abs=1e-14)
    assert gradient == pytest.approx(central(loss, x), rel=1e-6, abs=1e-8)


def last_line(name, at, **arrays):
    """The result of a theorem at plain numbers; at maps free indices to 1, 2, …"""
    size = len(arrays["z"])
    expr = theorems()[name]().result
    return float(_value(expr, at | {n: size}, arrays))


def _value(expr, at, arrays):  # noqa: PLR0911 (one line per kind of expression)
    if hasattr(expr, "base") and hasattr(expr, "indices"):
        return arrays[str(expr.base)][tuple(at[x] - 1 for x in expr.indices)]
    if isinstance(expr, Sum):
        (index, _, high), *rest = reversed(expr.limits)
        inner = Sum(expr.function, *reversed(rest)) if rest else expr.function
        terms = range(1, at.get(high, len(arrays["z"])) + 1)
        return sum(_value(inner, at | {index: x}, arrays) for x in terms)
    if isinstance(expr, KroneckerDelta):
        return float(at[expr.args[0]] == at[expr.args[1]])
    if expr.is_Symbol:
        return at[expr] if expr in at else arrays[str(expr)]
    if expr.is_Number:
        return float(expr)
    values = [_value(arg, at, arrays) for arg in expr.args]
    operations = {"Add": sum, "Mul": np.prod, "Pow": lambda x: x[0] ** x[1]}
    if expr.func.__name__ in operations:
        return operations[expr.func.__name__](values)
    return {"exp": np.exp, "log": np.log}[expr.func.__name__](*values)


def by_entry(name, **arrays):
    return np.array(
        [last_line(name, {j: x + 1}, **arrays) for x in range(len(arrays["z"]))]
    )


@pytest.fixture(params=SIZES)
def case(request):
    size = request.param
    rng = np.random.default_rng(size)
    return {
        "z": rng.standard_normal(size),
        "v": rng.standard_normal(size),
        "y": rng.dirichlet(np.ones(size)),
        "w": rng.uniform(0.5, 2, size),
        "T": rng.uniform(0.5, 3, size),
    }


def cross_entropy_of(outputs, target):
    return -np.sum(target * np.log(outputs))


def binary_of(outputs, target):
    return -np.sum(target * np.log(outputs) + (1 - target) * np.log(1 - outputs))


class TestTemperature:
    def test_gradient(self, case):
        z0, y0 = case["z"], case["y"]
        found = by_entry("temperature.gradient", z=z0, y=y0, a=np_softmax(z0 / T), T=T)
        measured(found, lambda x: cross_entropy_of(np_softmax(x / T), y0), z0)

    def test_with_respect_to_the_temperature(self, case):
        z0, y0 = case["z"], case["y"]
        arrays = {"z": z0, "y": y0, "a": np_softmax(z0 / T), "T": T}
        found = np.array([last_line("temperature.by_temperature", {}, **arrays)])
        measured(
            found, lambda x: cross_entropy_of(np_softmax(z0 / x), y0), np.array([T])
        )

    def test_one_per_class(self, case):
        z0, y0, T0 = case["z"], case["y"], case["T"]
        arrays = {"z": z0, "y": y0, "a": np_softmax(z0 / T0), "T": T0}
        found = by_entry("temperature.class_gradient", **arrays)
        measured(found, lambda x: cross_entropy_of(np_softmax(x / T0), y0), z0)

    def test_jacobian_is_not_symmetric_and_its_transpose_is_refused(self, case):
        z0, T0 = case["z"], case["T"]
        arrays = {"z": z0, "a": np_softmax(z0 / T0), "T": T0}
        size = range(1, len(z0) + 1)
        J0 = np.array(
            [
                [
                    last_line("temperature.class_derivative", {i: r, j: c}, **arrays)
                    for c in size
                ]
                for r in size
            ]
        )
        for row in range(len(z0)):
            measured(J0[row], lambda x, r=row: np_softmax(x / T0)[r], z0)
        assert not np.allclose(J0, J0.T, rtol=1e-3)
        wrong = a[i] * (KroneckerDelta(i, j) - a[j]) / temperature.T_class[i]
        where = [temperature.class_tempered_softmax]
        assert check(wrong, Derivative(a[i], z[j]), where).counterexample


class TestLabels:
    def test_any_sum(self, case):
        z0, y0 = case["z"], 3.2 * case["y"]
        arrays = {"z": z0, "y": y0, "a": np_softmax(z0), "K": y0.sum()}
        found = by_entry("labels.any_sum", **arrays)
        measured(found, lambda x: cross_entropy_of(np_softmax(x), y0), z0)
        assert found.sum() == pytest.approx(0, abs=1e-14)
        assert not np.allclose(found, np_softmax(z0) - y0, rtol=1e-3)

    @pytest.mark.parametrize("name", ["smoothing", "smoothing_others"])
    def test_both_forms_of_smoothing(self, case, name):
        z0, y0, size = case["z"], case["y"], len(case["z"])
        spread = np.full(size, 1 / size)
        if name == "smoothing_others":
            spread = (1 - y0) / (size - 1)
        fed = (1 - ALPHA) * y0 + ALPHA * spread
        assert fed.sum() == pytest.approx(1, rel=1e-14)
        arrays = {"z": z0, "y": y0, "a": np_softmax(z0), "alpha": ALPHA}
        found = by_entry(f"labels.{name}", **arrays)
        measured(found, lambda x: cross_entropy_of(np_softmax(x), fed), z0)

    def test_the_forms_differ_at_the_same_alpha(self):
        first, second = labels.smoothed(i), labels.smoothed_others(i)
        verdict = check(first, second)
        assert not verdict
        assert verdict.counterexample
        assert check(first.subs(alpha, n * alpha / (n - 1)), second)

    def test_argmax_of_a_soft_label_is_found(self, case):
        z0, y0 = case["z"], case["y"]
        hard = helpers.one_hot(y0.argmax(), y0.size)
        assert not helpers.gradient_check(
            np_softmax(z0) - hard, lambda x: helpers.softmax_cross_entropy(x, y0), z0
        )

    def test_distillation(self, case):
        z0, fed = case["z"], np_softmax(case["v"] / T)
        arrays = {"z": z0, "a": np_softmax(z0 / T), "f": fed, "T": T}
        found = by_entry("labels.distillation", **arrays)
        measured(found, lambda x: T**2 * cross_entropy_of(np_softmax(x / T), fed), z0)


class TestWeights:
    def test_per_example(self, case):
        z0, y0, w0 = case["z"], case["y"], case["w"]
        found = by_entry("weights.per_example", z=z0, y=y0, w=w0, a=np_softmax(z0))
        measured(found, lambda x: cross_entropy_of(np_softmax(x), w0 * y0), z0)

    @pytest.mark.parametrize("name", ["divided_by_m", "divided_by_weights"])
    def test_both_normalisations(self, name):
        rng = np.random.default_rng(7)
        Z0, true = rng.standard_normal((3, 4)), np.array([1, 0, 2, 1])
        Y0, w0 = helpers.one_hot(true, 3), rng.uniform(0.5, 2, 3)
        divisor = {"divided_by_m": 4, "divided_by_weights": w0[true].sum()}[name]

        def loss(X):
            return np.sum(w0[:, None] * Y0 * -np.log(np_softmax(X))) / divisor

        chain = theorems()[f"weights.{name}"]()
        arrays = {"z": w0, "A": np_softmax(Z0), "Y": Y0, "w": w0, "D": w0[true].sum()}
        found = [
            [
                _value(chain.result, {j: row, s: column, m: 4, n: 3}, arrays)
                for column in range(1, 5)
            ]
            for row in range(1, 4)
        ]
        measured(np.array(found, float), loss, Z0)

    def test_prediction_minus_weighted_target_is_refused(self):
        wrong = a[j] - weights.w[j] * y[j]
        where = [softmax, weights.weighted_loss]
        assert check(wrong, Derivative(L, z[j]), where, using=H1).counterexample


class TestBinary:
    def test_sigmoid(self, case):
        z0, y0 = case["z"], 1.5 * case["y"]  # nothing is asked of these labels
        o0 = 1 / (1 + np.exp(-z0))
        found = by_entry("binary.sigmoid_gradient", z=z0, y=y0, o=o0)
        measured(found, lambda x: binary_of(1 / (1 + np.exp(-x)), y0), z0)

    def test_two_classes_are_the_softmax_of_two(self):
        z0, y0 = np.array([0.4, -1.1]), np.array([0.8, 0.2])
        P0 = np_softmax(z0)[0]
        assert pytest.approx(1 / (1 + np.exp(z0[1] - z0[0])), rel=1e-14) == P0
        at, arrays = {i: 1, j: 2}, {"z": z0, "y": y0, "P": P0}
        found = [
            last_line(f"binary.two_class_{x}", at, **arrays)
            for x in ("gradient", "other")
        ]
        measured(np.array(found), lambda x: cross_entropy_of(np_softmax(x), y0), z0)

    def test_on_softmax_outputs(self, case):
        z0, y0 = case["z"], case["y"]
        a0 = np_softmax(z0)
        found = by_entry("binary.on_softmax_outputs", z=z0, y=y0, a=a0)
        measured(found, lambda x: binary_of(np_softmax(x), y0), z0)
        if len(z0) == 2:
            assert found == pytest.approx(2 * (a0 - y0), rel=1e-12)
        else:
            assert not np.allclose(found, 2 * (a0 - y0), rtol=1e-3)

    def test_prediction_minus_target_is_refused_there(self):
        where = [softmax, binary.on_softmax]
        verdict = check(a[j] - y[j], Derivative(L, z[j]), where, using=H1)
        assert verdict.counterexample


class TestOtherLosses:
    def test_squared_error(self, case):
        z0, y0 = case["z"], case["y"]
        found = by_entry("other_losses.squared", z=z0, y=y0, a=np_softmax(z0))
        measured(found, lambda x: np.sum((np_softmax(x) - y0) ** 2) / 2, z0)

    def test_at_the_true_class(self, case):
        z0 = case["z"]
        true, y0 = 1, helpers.one_hot(1, len(z0))
        arrays = {"z": z0, "a": np_softmax(z0)}
        found = last_line("other_losses.squared_true_class", {c: true + 1}, **arrays)
        slopes = complex_step(lambda x: np.sum((np_softmax(x) - y0) ** 2) / 2, z0)
        assert found == pytest.approx(slopes[true], rel=1e-12)

    def test_one_minus(self, case):
        z0 = case["z"]
        arrays = {"z": z0, "a": np_softmax(z0), "y": helpers.one_hot(1, len(z0))}
        found = [
            last_line("other_losses.one_minus", {c: 2, j: x + 1}, **arrays)
            for x in range(len(z0))
        ]
        measured(np.array(found), lambda x: 1 - np_softmax(x)[1], z0)

    def test_the_gradient_vanishes_where_the_loss_is_largest(self):
        a0, y0 = np_softmax(np.array([-8.0, 8.0, 0.0])), np.array([1.0, 0, 0])
        squared = a0 * ((a0 - y0) - a0 @ (a0 - y0))
        assert np.sum((a0 - y0) ** 2) / 2 > 0.99
        assert np.abs(squared).max() < 1e-3
        assert np.abs(a0 - y0).max() > 0.99


class TestHessian:
    def test_against_differences_of_the_gradient(self, case):
        z0, y0, v0 = case["z"], case["y"], case["v"]
        a0, size = np_softmax(z0), len(z0)
        arrays = {"z": z0, "y": y0, "a": a0, "v": v0}
        places = range(1, size + 1)
        H0 = np.array(
            [
                [last_line("hessian.entries", {i: r, j: c}, **arrays) for c in places]
                for r in places
            ]
        )

        def loss(x):
            return cross_entropy_of(np_softmax(x), y0)

        steps = 1e-6 * np.eye(size)
        differences = [
            (complex_step(loss, z0 + e) - complex_step(loss, z0 - e)) / 2e-6
            for e in steps
        ]
        assert pytest.approx(np.array(differences), rel=1e-6, abs=1e-8) == H0
        assert np.linalg.matrix_rank(H0) == size - 1
        variance = last_line("hessian.variance", {}, **arrays)
        assert variance == pytest.approx(v0 @ H0 @ v0, rel=1e-12)
        product = [last_line("hessian.times_vector", {i: r}, **arrays) for r in places]
        assert product == pytest.approx(H0 @ v0, rel=1e-12, abs=1e-14)

    def test_the_loss_lies_below_its_chords(self, case):
        rng, y0 = np.random.default_rng(1), case["y"]
        for _ in range(50):
            first, second = 5 * rng.standard_normal((2, len(y0)))
            ends = [
                helpers.softmax_cross_entropy(x, y0)
                for x in (first, second, (first + second) / 2)
            ]
            assert ends[2] < (ends[0] + ends[1]) / 2

    def test_labels_of_another_sum_are_refused(self):
        entry = a[i] * (KroneckerDelta(i, j) - a[j])
        verdict = check(entry, Derivative(L, z[i], z[j]), [softmax, cross_entropy])
        assert not verdict
        assert verdict.counterexample


class TestAttention:
    def test_vjp(self, case):
        z0, v0 = case["z"], case["v"]
        found = by_entry("attention.vjp", z=z0, v=v0, a=np_softmax(z0))
        measured(found, lambda x: v0 @ np_softmax(x), z0)

    def test_through_the_values(self, case):
        z0 = case["z"]
        rng = np.random.default_rng(2)
        V0, U0 = rng.standard_normal((len(z0), 4)), rng.standard_normal(4)
        a0 = np_softmax(z0)
        arrays = {"z": z0, "a": a0, "U": U0, "V": V0}
        places = range(1, len(z0) + 1)
        scores = [last_line("attention.scores", {j: x, d: 4}, **arrays) for x in places]
        measured(np.array(scores), lambda x: U0 @ (np_softmax(x) @ V0), z0)
        values = [
            [last_line("attention.values", {j: x, q: r}, **arrays) for r in range(1, 5)]
            for x in places
        ]
        measured(np.array(values), lambda X: U0 @ (a0 @ X), V0)


class TestMatched:
    def test_every_pair(self, case):
        z0, y0 = case["z"], case["y"]
        pairs = {
            "identity_squared_error": (z0, lambda x: np.sum((x - y0) ** 2) / 2),
            "sigmoid_binary_cross_entropy": (
                1 / (1 + np.exp(-z0)),
                lambda x: binary_of(1 / (1 + np.exp(-x)), y0),
            ),
            "softmax_cross_entropy": (
                np_softmax(z0),
                lambda x: cross_entropy_of(np_softmax(x), y0),
            ),
            "exponential_poisson": (
                np.exp(z0),
                lambda x: np.sum(np.exp(x) - y0 * x),
            ),
        }
        for name, (o0, loss) in pairs.items():
            found = by_entry(f"matched.{name}", z=z0, y=y0, a=o0, o=o0)
            measured(found, loss, z0)

    def test_a_pair_that_does_not_match_is_refused(self):
        where = [matched.sigmoid, matched.squared_error]
        wrong = check(matched.o[j] - y[j], Derivative(L, z[j]), where)
        assert not wrong
        assert wrong.counterexample


class TestNormalForm:
    """A factor of a denominator leaves the sum it does not depend on."""

    def test_odds(self):
        odds = Sum(a[k] / (1 - a[k]), (k, 1, n))
        assert equal_for_every_n(Sum(a[j] * a[k] / (1 - a[k]), (k, 1, n)), a[j] * odds)
        whole = Sum(a[k] / (a[j] - a[j] * a[k]), (k, 1, n))
        for where in ((), [softmax]):
            assert equal_for_every_n(a[j] * whole, odds, where)
            assert not equal_for_every_n(whole, odds, where)

    def test_signs_and_powers(self):
        left = Sum(1 / (a[j] * y[k] - a[j] * a[k]) ** 2, (k, 1, n))
        right = Sum(1 / (a[k] - y[k]) ** 2, (k, 1, n)) / a[j] ** 2
        assert equal_for_every_n(left, right)
        assert not equal_for_every_n(left, right * a[j])
        half = Sum(1 / (2 * a[k] - 2), (k, 1, n))
        assert equal_for_every_n(half, -Sum(1 / (1 - a[k]), (k, 1, n)) * Rational(1, 2))

    def test_what_is_shown_keeps_its_letters(self):
        total = Sum(1 / (1 - a[k]), (k, 1, n))
        assert readable(unfold(total)).free_symbols == total.free_symbols


@pytest.mark.parametrize("name", [x for x in theorems() if x.split(".")[0] in MINE])
def test_each_explains_itself(name):
    assert theorems()[name].__doc__.strip().endswith(".")


class TestExplorer:
    def test_smoothing_moves_labels_and_gradient(self):
        explorer = helpers.explore_smoothing([2.0, 0.0, 1.0], true_class=1)
        *_, share, picture = explorer.children
        before = picture.value
        for new in (0.0, 0.6, 1.0):
            share.value = new
            y0 = (1 - new) * helpers.one_hot(0, 3) + new / 3
            left, right = explorer.figure.axes
            drawn = [bar.get_height() for bar in left.containers[1]]
            assert drawn == pytest.approx(y0, rel=1e-14)
            gradient = helpers.softmax([2.0, 0.0, 1.0]) - y0
            drawn = [bar.get_height() for bar in right.containers[0]]
            assert drawn == pytest.approx(gradient, rel=1e-12)
        assert picture.value != before

    def test_errors(self):
        with pytest.raises(ValueError, match=r"within -5\.\.5"):
            helpers.explore_smoothing([1, 6])
        with pytest.raises(ValueError, match=r"must be 1\.\.3"):
            helpers.explore_smoothing(true_class=4)
