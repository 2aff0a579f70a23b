"""Numerical gradients against known derivatives, and what a comparison says."""

import numpy as np
import pytest

from helpers import (
    check_array,
    gradient_check,
    numerical_gradient,
    softmax_cross_entropy,
    softmax_cross_entropy_grad,
)
from tests.conftest import example

ULP = np.finfo(float).eps
FEW_ULP = 8 * ULP  # what a handful of float64 roundings can leave


class TestNumericalGradient:
    @pytest.mark.parametrize(
        ("method", "error"), [("complex", 16 * ULP), ("central", 4e-9)]
    )
    def test_of_functions_with_known_derivatives(self, method, error):
        x = np.array([[0.5, 1.0, 2.0], [3.0, 0.25, 1.5]])
        for f, df in (
            (lambda x: np.sum(x**3), 3 * x**2),
            (lambda x: np.sum(np.exp(x)), np.exp(x)),
            (lambda x: np.sum(np.tanh(x)), 1 - np.tanh(x) ** 2),
            (lambda x: np.log(x).sum(), 1 / x),
        ):
            gradient = numerical_gradient(f, x, method)
            np.testing.assert_allclose(gradient, df, rtol=error)

    def test_of_any_shape(self):
        assert numerical_gradient(lambda x: x**2, 3.0) == 6
        assert (
            numerical_gradient(lambda x: x[1, 0, 2] * 2, np.ones((2, 1, 3)))[1, 0, 2]
            == 2
        )

    def test_a_temperature(self):
        Z, Y = example((4, 3))
        f = lambda T: softmax_cross_entropy(Z / T, Y)  # noqa: E731
        dT = -np.sum(softmax_cross_entropy_grad(Z / 2, Y) * Z) / 4
        assert gradient_check(dT, f, 2.0)
        assert gradient_check(dT, f, 2.0, "central")

    def test_single_precision_is_differentiated_in_double(self):
        x = np.array([0.5, 2.0, 3.0], np.float32)
        for method in ("complex", "central"):
            gradient = numerical_gradient(lambda x: np.sum(x**2), x, method)
            assert gradient.dtype == float
            assert check_array(gradient, 2 * x.astype(float), tolerance=1e-9)

    @pytest.mark.parametrize(
        "hidden",
        [
            lambda Z: np.maximum(Z, 0),
            lambda Z: np.where(Z > 0, Z, 0),
            lambda Z: Z * (Z > 0),
            np.tanh,
            lambda Z: 1 / (1 + np.exp(-Z)),
            lambda Z: np.concatenate([Z, Z[:1] ** 2])[:5],
            lambda Z: np.einsum("ij->ij", Z),
        ],
    )
    def test_through_a_network_of_plain_numpy(self, hidden):
        rng = np.random.default_rng(6)
        X, W1, b1 = (rng.standard_normal(s) for s in [(2, 4), (5, 2), (5, 1)])
        W2, labels = rng.standard_normal((3, 5)), rng.integers(0, 3, 4)

        def loss(W1):
            return softmax_cross_entropy(W2 @ hidden(W1 @ X + b1), labels)

        dW1 = numerical_gradient(loss, W1)
        assert gradient_check(dW1, loss, W1, "central")
        assert np.abs(dW1).max() > 0.01

    @pytest.mark.parametrize("method", ["complex", "central"])
    def test_of_a_function_that_changes_its_argument(self, method):
        Z, Y = example((4, 3))

        def loss(Z):
            Z -= Z.real.max(axis=0)
            return softmax_cross_entropy(Z, Y)

        assert gradient_check(softmax_cross_entropy_grad(Z, Y), loss, Z, method)

    def test_through_a_softmax_of_the_reader(self):
        Z, Y = example((4, 3))

        def loss(Z):
            E = np.exp(Z - Z.max(axis=0))
            return -np.sum(Y * np.log(E / E.sum(axis=0))) / 3

        assert gradient_check(softmax_cross_entropy_grad(Z, Y), loss, Z)

    @pytest.mark.parametrize(
        "f",
        [
            lambda x: np.abs(x).sum(),
            np.linalg.norm,
            lambda x: x.sum().real,
            lambda x: np.sum(np.array(x, dtype=float)),
            lambda x: np.array(x, dtype=float)[0] + x[1],  # drops one of two
            lambda x: np.zeros(3).__iadd__(x).sum(),
            lambda x: 1.0,
        ],
    )
    def test_refuses_a_function_that_drops_the_imaginary_part(self, f):
        with np.errstate(all="ignore"), pytest.raises(TypeError) as refusal:
            numerical_gradient(f, np.array([1.0, 2.0, 3.0]))
        told = [str(refusal.value), *getattr(refusal.value, "__notes__", [])]
        assert 'method="central"' in " ".join(told)

    @pytest.mark.parametrize(
        "f", [lambda x: float(x[0]), lambda x: softmax_cross_entropy(list(x), 0)]
    )
    def test_points_to_central_differences_where_complex_numbers_fail(self, f):
        with pytest.raises(TypeError) as refusal:
            numerical_gradient(f, np.array([1.0, 2.0, 3.0]))
        told = [str(refusal.value), *getattr(refusal.value, "__notes__", [])]
        assert 'method="central"' in " ".join(told)

    def test_other_errors(self):
        with pytest.raises(ValueError, match=r"one number, got shape \(3,\)"):
            numerical_gradient(lambda x: x, [1, 2, 3])
        with pytest.raises(
            ValueError, match=r"\['complex', 'central'\], got 'forward'"
        ):
            numerical_gradient(np.sum, [1, 2, 3], "forward")
        with pytest.raises(ValueError, match="X must not be empty"):
            numerical_gradient(np.sum, [])
        with pytest.raises(TypeError, match="X must hold real numbers, got dtype comp"):
            numerical_gradient(np.sum, [1j])
        for x in (1e300, np.inf, np.nan):
            with pytest.raises(ValueError, match=r"step 6\.\d+e-06 is lost at"):
                numerical_gradient(np.sum, [x], "central")


class TestGradientCheck:
    f = staticmethod(lambda x: x[0] * x[1] + x[2] ** 2)
    x = np.array([3.0, 5.0, 0.5])
    df = np.array([5.0, 3.0, 1.0])

    def test_agreement(self):
        result = gradient_check(self.df, self.f, self.x)
        assert result
        assert repr(result) == "agrees: relative difference < 1e-12"
        assert result.relative_difference < 1e-15
        result = gradient_check(self.df, self.f, self.x, "central")
        assert repr(result) == "agrees: relative difference < 1e-06"

    def test_difference(self):
        result = gradient_check(self.df * [1, 1, -1], self.f, self.x)
        assert not result
        assert (result.index, result.yours, result.reference) == ((2,), -1, 1)
        assert result.relative_difference == pytest.approx(2 / 5, rel=FEW_ULP)
        assert repr(result) == (
            "differs: at [2] yours is -1, the complex step gives 1 "
            "(relative difference 0.4)"
        )
        result = gradient_check(self.df * 2, self.f, self.x, "central")
        assert "yours is 10, the central difference gives 5 (" in repr(result)

    def test_a_difference_just_above_the_tolerance(self):
        for method, tolerance in (("complex", 1e-12), ("central", 1e-6)):
            for factor, verdict in ((0.5, True), (2, False)):
                dX = self.df * [1 + factor * tolerance, 1, 1]
                assert bool(gradient_check(dX, self.f, self.x, method)) is verdict
        assert gradient_check(self.df + 1e-3, self.f, self.x, tolerance=1e-2)

    @pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
    def test_what_is_not_finite_never_passes(self, value):
        dX = self.df.copy()
        dX[1] = value
        for tolerance in (None, 1e300):
            result = gradient_check(dX, self.f, self.x, tolerance=tolerance)
            assert not result
            assert f"at [1] yours is {value}, the complex step gives 3" in repr(result)
        assert not check_array(dX, dX)
        assert not gradient_check(self.df, lambda x: np.sum(x) * value, self.x)

    @pytest.mark.parametrize("answer", [..., [..., 1.0, 2.0], [[...], [...]]])
    def test_not_attempted(self, answer):
        def unfinished(x):
            return ...

        for result in (
            gradient_check(answer, unfinished, self.x),
            check_array(answer, self.df),
        ):
            assert repr(result) == "not attempted yet"
            assert not result

    def test_shapes(self):
        result = gradient_check(self.df[:, None], self.f, self.x)
        assert not result
        assert repr(result) == "differs: yours has shape (3, 1), expected (3,)"
        assert not check_array(1.0, [1.0, 1.0])  # nothing is broadcast

    def test_rounding_where_zero_is_expected(self):
        assert check_array([1e-17, 0, 1], [0, 1e-17, 1])
        assert check_array([1e-17, 0, 0], [0, 0, 0])
        result = check_array([0.25, 1], [1e-19, 1])
        assert "yours is 0.25, expected 0 (" in repr(result)

    def test_of_equal_differences_the_first_is_named_on_every_machine(self):
        result = check_array([1.0, 1.0, 1.0], [0.5, 0.5 - 1e-15, 0.5 - 2e-15])
        assert result.index == (0,)

    def test_a_single_number(self):
        assert check_array(0.5, np.float64(0.5))
        assert "differs: yours is 1, expected 2 (" in repr(check_array(1, 2))

    @pytest.mark.parametrize("answer", ["text", None, [1j, 0, 0], [True, False, True]])
    def test_what_is_no_array_of_numbers(self, answer):
        with pytest.raises(TypeError, match="the answer must hold real numbers"):
            gradient_check(answer, self.f, self.x)
