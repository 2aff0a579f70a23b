"""Numerical gradients against known derivatives, and what a comparison says."""

import re
from fractions import Fraction

import jax.numpy as jnp
import numpy as np
import pytest

from helpers import (
    check_array,
    cross_entropy,
    gradient_check,
    log_softmax,
    numerical_gradient,
    one_hot,
    softmax,
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
        assert gradient_check(6.0, lambda x: x**2, 3.0, "central")
        gradient = numerical_gradient(lambda x: x[1, 0, 2] * 2, np.ones((2, 1, 3)))
        assert gradient[1, 0, 2] == gradient.sum() == 2

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
            lambda x: float(x[0]),
            lambda x: softmax_cross_entropy(list(x), 0),
        ],
    )
    def test_points_to_central_differences_where_complex_numbers_fail(self, f):
        with np.errstate(all="ignore"), pytest.raises(TypeError) as refusal:
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
            with pytest.raises(
                ValueError, match=r"step 6\.\d+e-06 is too small beside"
            ):
                numerical_gradient(np.sum, [x], "central")

    @pytest.mark.parametrize("method", ["complex", "central"])
    def test_of_a_step(self, method):
        for step in ("1e-3", True, 1e-3j, [1e-3], np.array([1e-3, 1e-4])):
            with pytest.raises(TypeError) as refusal:
                numerical_gradient(np.sum, [1, 2, 3], method, step)
            assert str(refusal.value) == f"step must be one number, got {step!r}"
        for step in (0, 0.0, -1e-3, np.nan, np.inf, -np.inf, np.float32(0)):
            with pytest.raises(ValueError) as refusal:
                numerical_gradient(np.sum, [1, 2, 3], method, step)
            assert str(refusal.value) == f"step must be positive and finite, got {step}"
        for step in (1, 1e-3, np.float32(0.25), np.int8(2), Fraction(1, 8)):
            gradient = numerical_gradient(np.sum, [1, 2, 3], method, step)
            np.testing.assert_allclose(gradient, 1, rtol=1e-9)


def example_at(size, seed=0):
    """Logits about as large as that, and one label per example, for (3, 2)."""
    rng = np.random.default_rng(seed)
    return size * rng.standard_normal((3, 2)), rng.integers(0, 3, 2)


SIZES = [1e-8, 1e-3, 1, 1e3, 1e8]
w = np.array([0.5, -2.0, 3.0])


class TestAnalytic:
    """What the complex step cannot differentiate is told by its real slope."""

    def test_the_product_that_conjugates(self):
        f = lambda x: np.vdot(x, x)  # noqa: E731
        with pytest.raises(ValueError) as refusal:
            gradient_check([0.0, 0.0], f, [3.0, 4.0])
        d = np.random.default_rng(0).standard_normal(2)
        slope = 2 * (9 * d[0] + 16 * d[1])  # each entry moves by a part of itself
        assert str(refusal.value) == (
            "f is not analytic at X, because of vdot, conj, abs, .real or a kink: in a "
            f"random direction its slope is {slope:.4g}, but the complex step gives 0; "
            'use method="central"'
        )
        assert gradient_check([6.0, 8.0], f, [3.0, 4.0], "central")

    @pytest.mark.parametrize("size", SIZES[1:])
    @pytest.mark.parametrize(
        "f",
        [
            lambda x: np.vdot(x, x),
            lambda x: np.sum(np.conj(x)),
            lambda x: np.sum(x * np.conj(x)) + 0j,
            lambda x: np.sum(x - np.conj(x)),
            lambda x: np.sum(x.real * x),
            lambda x: np.sum(x) + np.sum(np.abs(x)),
            lambda x: np.sum(np.where(x.real > 0, x.real, x.real / 2) + x),
            lambda x: np.sum(x * (1 + x.real / np.abs(x).max())),
        ],
    )
    def test_is_refused_where_not(self, f, size):
        x = size * np.array([[1.0, -2.0], [0.5, 0.75], [-1.5, 3.0]])
        for method in (numerical_gradient, lambda f, x: gradient_check(x, f, x)):
            with pytest.raises(ValueError, match=r'not analytic.*method="central"'):
                method(f, x)

    @pytest.mark.parametrize("x", [np.zeros(3), [0, 1e-8, 0], [0, 0, 2]])
    def test_is_refused_where_entries_are_zero(self, x):
        for f in (lambda x: np.vdot(x, w), lambda x: np.sum(x * x) + np.vdot(x, w)):
            with pytest.raises(ValueError, match="not analytic"):
                numerical_gradient(f, x)

    def test_a_term_of_a_tenth_is_seen(self):
        Z, labels = example_at(1)
        for penalty in (0.1, 0.3):

            def f(Z, c=penalty):
                return softmax_cross_entropy(Z, labels) + c * np.vdot(Z, Z)

            with pytest.raises(ValueError, match="not analytic"):
                gradient_check(softmax_cross_entropy_grad(Z, labels), f, Z)

    def test_beside_a_large_constant(self):
        with pytest.raises(ValueError, match="not analytic"):
            numerical_gradient(lambda x: 1e6 + np.vdot(x, x), w)
        assert gradient_check(np.cos(w), lambda x: 1e6 + np.sin(x).sum(), w)

    def test_at_a_kink_there_is_no_derivative(self):
        for f, x in (
            (np.max, [2.0, 2.0, 1.0]),
            (lambda x: np.sum(np.maximum(x, 0)), [0.0, 1.0, -1.0]),
            (lambda x: np.sum(np.where(x.real > 0, x, 0)), [0.0, 1.0, -1.0]),
        ):
            with pytest.raises(ValueError, match=r"not analytic at X.* a kink"):
                numerical_gradient(f, x)

    @pytest.mark.parametrize("distance", [1e-1, 1e-2, 1e-4, 1e-6])
    def test_beside_a_kink_there_is_one(self, distance):
        for side in (distance, -distance):
            x = np.array([3.0, 1 + side, -2.0])
            dX = np.where(x > 1, 2, 1)
            assert gradient_check(dX, lambda x: np.sum(np.maximum(x - 1, 0) + x), x)

    @pytest.mark.parametrize("size", SIZES)
    @pytest.mark.parametrize(
        ("f", "df"),
        [
            (np.sum, np.ones_like),
            (lambda x: np.sum(x**3), lambda x: 3 * x**2),
            (lambda x: np.sum(np.log(x * x)), lambda x: 2 / x),
            (lambda x: np.sum(1 / x), lambda x: -1 / x**2),
            (lambda x: np.sum(np.sin(x)), np.cos),
            (lambda x: np.sum(np.exp(-x * x)), lambda x: -2 * x * np.exp(-x * x)),
            (lambda x: np.sqrt(np.sum(x * x)), lambda x: x / np.linalg.norm(x)),
            (lambda x: np.sum(np.maximum(x, 0)), lambda x: (x > 0) * 1.0),
            (lambda x: np.sum(np.where(x.real > 0, x, -x)), np.sign),
            (lambda x: 0 * np.sum(x), np.zeros_like),
        ],
    )
    def test_is_let_pass_at_every_size(self, f, df, size):
        x = size * np.array([[1.0, -2.0], [0.5, 0.75], [-1.5, 3.0]])
        assert gradient_check(df(x), f, x)

    @pytest.mark.parametrize("size", SIZES[:-1])
    @pytest.mark.parametrize("seed", range(3))
    def test_the_loss_of_the_package_passes(self, size, seed):
        Z, labels = example_at(size, seed)
        W = np.random.default_rng(seed).standard_normal((4, 3))
        for logits in (Z, Z / size + size):
            for Y in (labels, one_hot(labels, 3), np.full((3, 2), 1 / 3)):
                f = lambda Z, Y=Y: softmax_cross_entropy(Z, Y)  # noqa: E731
                dZ = softmax_cross_entropy_grad(logits, Y)
                assert gradient_check(dZ, f, logits)
                g = lambda W, Z=logits, f=f, Y=labels: softmax_cross_entropy(W @ Z, Y)  # noqa: E731
                dW = softmax_cross_entropy_grad(W @ logits, labels) @ logits.T
                assert gradient_check(dW, g, W, tolerance=1e-6)

    def test_a_loss_of_almost_nothing(self):
        """1e-11 is what is left of 1 + 1e-11, and is rounded like a number near 1."""
        z = np.array([25.0, 0.0, -3.0, -40.0])
        for shift in np.linspace(0, 1, 21):
            numerical_gradient(lambda z: softmax_cross_entropy(z, 0), z + shift)
        x = np.array([20.0, -20.0, 30.0, -30.0])
        assert gradient_check(1 - np.tanh(x) ** 2, lambda x: np.sum(np.tanh(x)), x)

    def test_at_the_edge_of_what_f_takes(self):
        A, Y = softmax(example_at(1)[0]), one_hot([2, 0], 3)
        assert gradient_check(-np.log(A) / 2, lambda Y: cross_entropy(A, Y), Y)
        sure = np.array([[1.0, 0.5], [0.0, 0.5], [0.0, 0.0]])
        dA = [[-0.5, 0], [0, -1], [0, 0]]
        assert gradient_check(dA, lambda A: cross_entropy(A, [0, 1]), sure)

    def test_entries_that_are_not_finite_stay(self):
        Z = np.array([[2, -np.inf], [1, 2], [-np.inf, 3]])
        for Y in ([[1, 0], [0, 1], [0, 0]], [0, 1]):
            f = lambda Z, Y=Y: softmax_cross_entropy(Z, Y)  # noqa: E731
            assert gradient_check(softmax_cross_entropy_grad(Z, Y), f, Z)
        with pytest.raises(ValueError, match="not analytic"):
            numerical_gradient(lambda Z: f(Z) + np.vdot(Z[1], Z[1]), Z)

    def test_is_not_judged_by_the_step_that_was_asked_for(self):
        coarse = numerical_gradient(lambda x: np.sum(x**3), w, step=0.1)
        np.testing.assert_allclose(coarse, 3 * w**2 - 0.01, rtol=FEW_ULP)

    def test_warns_of_nothing_and_leaves_what_it_is_given(self):
        x = np.array([1e-8, 0.5, 700.0])
        x.setflags(write=False)

        def f(x):
            x *= 2  # each call has its own
            return np.sum(np.log(x)) + np.exp(x[2] / 4)

        with np.errstate(all="raise"):
            assert gradient_check(1 / x + [0, 0, np.exp(350) / 2], f, x)


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
            "differs: at entry [2] (from 0) yours is -1, the complex step gives 1 "
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
            assert f"[1] (from 0) yours is {value}, the complex step gives 3" in repr(
                result
            )
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


class Tensor:
    """What a tensor of PyTorch is to NumPy: nothing, while it has a graph."""

    def __init__(self, values, dtype="float32", has_graph=False):
        self.values, self.has_graph = np.asarray(values), has_graph
        self.dtype = f"torch.{dtype}"

    def detach(self):
        return Tensor(self.values, self.dtype[6:])

    def cpu(self):
        return self

    def float(self):
        return Tensor(self.values.astype(np.float32))

    def numpy(self):
        if self.has_graph:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.")
        if self.dtype == "torch.bfloat16":
            raise TypeError("Got unsupported ScalarType BFloat16")
        return self.values

    def __array__(self, dtype=None, copy=None):
        return self.numpy()


def exp_of_pytorch(Z):
    if not isinstance(Z, Tensor):
        name = type(Z).__name__
        raise TypeError(f"exp(): argument 'input' must be Tensor, not {name}")


class TestPyTorch:
    x = np.array([3.0, 5.0])
    f = staticmethod(lambda x: x[0] * x[1])

    def test_tensors_are_taken_as_they_are(self):
        dX = Tensor([5.0, 3.0], has_graph=True)
        assert gradient_check(dX, self.f, Tensor(self.x, "float64", has_graph=True))
        assert gradient_check(dX, lambda x: Tensor(self.f(x)), self.x, "central")
        assert check_array(dX, Tensor([5.0, 3.0]))
        assert gradient_check(Tensor([5.0, 3.0], "bfloat16"), self.f, self.x)

    @pytest.mark.parametrize("method", ["complex", "central"])
    @pytest.mark.parametrize(
        "f",
        [exp_of_pytorch, lambda Z: Z.logsumexp(0), lambda Z: exp_of_pytorch(Z[0])],
    )
    def test_a_function_of_tensors_is_told_how_to_be_called(self, f, method):
        with pytest.raises(TypeError) as refusal:
            gradient_check([5.0, 3.0], f, self.x, method)
        said = str(refusal.value)
        assert "write lambda X: f(torch.from_numpy(X))" in said
        assert 'method="central"' in said

    def test_another_mistake_in_f_is_shown_as_it_is(self):
        with pytest.raises(AttributeError, match="'list' object has no attribute 'z'"):
            numerical_gradient(lambda x: [].z, self.x)
        with pytest.raises(TypeError, match=r"^can only concatenate str"):
            numerical_gradient(lambda x: "" + x.size, self.x, "central")


class TestPrecision:
    """A difference that is only rounding is said to be."""

    z = np.array([0.2, 1.0, -0.5, 2.0, 0.3])
    dz = softmax_cross_entropy_grad(z, 0)

    @staticmethod
    def f(Z):
        return softmax_cross_entropy(Z, 0)

    def test_of_a_right_gradient_in_single_precision(self):
        result = gradient_check(self.dz.astype(np.float32), self.f, self.z)
        said = repr(result)
        assert not result
        assert "the rounding of float32" in said and "pass tolerance=1e-06" in said
        yours, expected = re.search(
            "yours is (.*), the .* gives (.*) \\(", said
        ).groups()
        assert yours != expected
        assert float(yours) == pytest.approx(float(expected), rel=1e-6)
        assert gradient_check(
            self.dz.astype(np.float32), self.f, self.z, tolerance=1e-6
        )

    @pytest.mark.parametrize(
        ("dtype", "tolerance"), [(np.float16, "0.01"), (jnp.bfloat16, "0.1")]
    )
    def test_of_half_precision(self, dtype, tolerance):
        dz = self.dz.astype(dtype)
        result = gradient_check(dz, self.f, self.z)
        assert f"the rounding of {np.dtype(dtype)}, " in repr(result)
        assert f"or pass tolerance={tolerance}" in repr(result)
        assert gradient_check(dz, self.f, self.z, tolerance=float(tolerance))

    def test_a_wrong_gradient_in_single_precision_is_wrong(self):
        for dz in (2 * self.dz, self.dz + 1e-3, softmax(self.z)):
            assert "rounding" not in repr(
                gradient_check(dz.astype(np.float32), self.f, self.z)
            )

    @pytest.mark.parametrize("number", [lambda x: x, float, Tensor])
    def test_of_a_loss_in_single_precision(self, number):
        """Its rounding is divided by the step: 3 % of this gradient, which is right."""
        f = lambda Z: number(self.f(Z.astype(np.float32)))  # noqa: E731
        result = gradient_check(self.dz, f, self.z, "central")
        said = repr(result)
        assert not result and result.row[0] == "?"
        assert said.startswith("cannot tell: at entry [")
        off = float(re.search("gives the check an error of about ([^:]*):", said)[1])
        assert off / 8 < result.relative_difference < 4 * off
        assert 0.01 < off < 0.1
        assert "f computes in float32" in said
        wrong = repr(gradient_check(2 * self.dz, f, self.z, "central"))
        assert wrong.startswith("differs: ") and "float32" not in wrong

    def test_of_a_complex_loss_in_single_precision(self):
        f = lambda Z: np.sum(np.asarray(Z).astype(np.complex64) ** 2)  # noqa: E731
        said = repr(gradient_check(2 * self.z, f, self.z))
        assert "f computes in float32" in said and "error of about 1e-07" in said

    def test_double_precision_is_no_excuse(self):
        for f in (self.f, lambda Z: self.f(Z) + 0.5):
            for method in ("complex", "central"):
                wrong = gradient_check(self.dz * 1.01, f, self.z, method)
                assert re.fullmatch("differs: .*0[.]00[0-9]*[)]", repr(wrong))

    @pytest.mark.parametrize("method", ["complex", "central"])
    def test_of_a_loss_that_does_not_move_nothing_is_told(self, method):
        said = repr(gradient_check([1e-3], lambda x: 0 * x[0] + 0.5, [3.0], method))
        assert said.startswith("differs: at entry [0] (from 0) yours is 0.001, ")

    def test_numbers_that_differ_look_different(self):
        for x, digits in ((1e-4, 5), (1e-9, 10)):
            said = repr(check_array(1 + x, 1.0))
            assert f"yours is {1 + x:.{digits}g}, expected 1 (" in said


@pytest.mark.parametrize("method", ["complex", "central"])
@pytest.mark.parametrize("y", [[1.0, 0.0], [0.0, 1.0]])
def test_a_loss_with_the_logarithm_of_a_label_of_0_is_named(y, method):
    def divergence(Z):
        with np.errstate(all="ignore"):
            return np.sum(y * (np.log(y) - log_softmax(Z)))

    dz = softmax(np.zeros(2)) - y
    result = gradient_check(dz, divergence, np.zeros(2), method)
    assert not result and result.row[0] == "?"
    assert repr(result).startswith("cannot tell: f is nan at X or beside it: ")
    assert "0·log(0) is nan, such as for a label 0" in repr(result)
