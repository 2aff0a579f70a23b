"""The numbers of helpers.py, against values that do not come from it.

No example is square (m != n), so that a transposed or wrong-axis formula fails.
"""

import subprocess
import sys

import mpmath
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
    softmax_jacobian,
    softmax_vjp,
)

ULP = np.finfo(float).eps
FEW_ULP = 8 * ULP  # what a handful of float64 roundings can leave
SHAPES = [(3, 2), (2, 5), (4, 1), (1, 3), (7, 3)]


def example(shape, seed=0):
    """Logits and soft labels (Σy = 1) of a shape (n, m)."""
    rng = np.random.default_rng(seed)
    n, m = shape
    return 3 * rng.standard_normal(shape), rng.dirichlet(np.ones(n), m).T


def exact(Z, Y):
    """A, log A, J and dJ/dZ to 50 digits, one example and one class at a time."""
    n, m = Z.shape
    A, log_A, dZ = (np.zeros(Z.shape) for _ in range(3))
    J = mpmath.mpf(0)
    with mpmath.workdps(50):
        for s in range(m):
            z = [mpmath.mpf(float(v)) for v in Z[:, s]]
            y = [mpmath.mpf(float(v)) for v in Y[:, s]]
            total = sum(mpmath.exp(v) for v in z)
            for i in range(n):
                a = mpmath.exp(z[i]) / total
                A[i, s], log_A[i, s] = a, mpmath.log(a)
                dZ[i, s] = (a * sum(y) - y[i]) / m
                J -= y[i] * mpmath.log(a) / m
    return A, log_A, float(J), dZ


class TestValues:
    def test_probabilities_that_are_fractions(self):
        Z = np.log([[1, 3], [2, 3], [5, 2]])
        A = np.array([[1, 3], [2, 3], [5, 2]]) / 8
        np.testing.assert_allclose(softmax(Z), A, rtol=FEW_ULP)
        np.testing.assert_allclose(log_softmax(Z), np.log(A), rtol=FEW_ULP)

    @pytest.mark.parametrize("shape", SHAPES)
    def test_against_50_digits(self, shape):
        Z, Y = example(shape)
        A, log_A, J, dZ = exact(Z, Y)
        # exp and log of numbers up to 10 carry their rounding: 10 times a few ulp
        close = {"rtol": 10 * FEW_ULP, "atol": 10 * FEW_ULP}
        np.testing.assert_allclose(softmax(Z), A, **close)
        np.testing.assert_allclose(log_softmax(Z), log_A, **close)
        np.testing.assert_allclose(cross_entropy(A, Y), J, **close)
        np.testing.assert_allclose(softmax_cross_entropy(Z, Y), J, **close)
        np.testing.assert_allclose(softmax_cross_entropy_grad(Z, Y), dZ, **close)

    def test_loss_of_fractions(self):
        A = np.array([[0.5, 0.25], [0.25, 0.25], [0.25, 0.5]])
        expected = (np.log(2) + np.log(4)) / 2
        assert cross_entropy(A, [0, 1]) == pytest.approx(expected, rel=FEW_ULP)
        logits = np.log(A) + np.array([5, -7])
        mean = softmax_cross_entropy(logits, [0, 1])
        assert mean == pytest.approx(
            expected, rel=10 * FEW_ULP
        )  # the shift by 7 rounds

    def test_labels_that_do_not_sum_to_one(self):
        dz = softmax_cross_entropy_grad(np.log([1, 1, 2]), [1, 2, 0])
        np.testing.assert_allclose(dz, [-0.25, -1.25, 1.5], rtol=FEW_ULP)

    def test_the_course_gradient_is_a_minus_y_to_the_last_bit(self):
        Z, _ = example((4, 3))
        Y = one_hot([3, 0, 1], 4)
        dZ = softmax_cross_entropy_grad(Z, Y, mean=False)
        np.testing.assert_array_equal(dZ, softmax(Z) - Y)
        np.testing.assert_array_equal(softmax_cross_entropy_grad(Z, Y), dZ / 3)

    def test_jacobian_entry_by_entry(self):
        a = [1 / 8, 2 / 8, 5 / 8]
        expected = [[7, -2, -5], [-2, 12, -10], [-5, -10, 15]]
        J = softmax_jacobian(np.log([1, 2, 5]))
        np.testing.assert_allclose(J, np.array(expected) / 64, rtol=FEW_ULP)
        np.testing.assert_allclose(np.diag(J), [p * (1 - p) for p in a], rtol=FEW_ULP)

    def test_one_hot(self):
        np.testing.assert_array_equal(one_hot([2, 0], 3), [[0, 1], [0, 0], [1, 0]])
        np.testing.assert_array_equal(
            one_hot([2, 0], 3, axis=-1), [[0, 0, 1], [1, 0, 0]]
        )
        np.testing.assert_array_equal(one_hot(1, 3), [0, 1, 0])
        assert one_hot([1, 0], 3, dtype=np.float32).dtype == np.float32


class TestShapes:
    @pytest.mark.parametrize("function", [softmax, log_softmax])
    def test_the_other_layout(self, function):
        Z, _ = example((4, 3))
        np.testing.assert_array_equal(function(Z.T, axis=-1), function(Z).T)
        np.testing.assert_array_equal(function(Z.T, axis=1), function(Z).T)

    @pytest.mark.parametrize(
        "function", [softmax_cross_entropy, softmax_cross_entropy_grad]
    )
    def test_the_other_layout_with_labels(self, function):
        Z, Y = example((4, 3))
        assert check_array(function(Z.T, Y.T, axis=-1), function(Z, Y).T)
        labels = [3, 0, 0]
        assert check_array(function(Z.T, labels, axis=-1), function(Z, labels).T)

    def test_the_other_layout_of_the_rest(self):
        Z, Y = example((4, 3))
        A = softmax(Z)
        assert check_array(cross_entropy(A.T, Y.T, axis=-1), cross_entropy(A, Y))
        assert check_array(softmax_vjp(A.T, Y.T, axis=-1), softmax_vjp(A, Y).T)

    def test_one_example_as_a_vector_and_as_a_column(self):
        Z, Y = example((4, 1))
        z, y = Z[:, 0], Y[:, 0]
        assert check_array(softmax(z), softmax(Z)[:, 0])
        assert check_array(softmax_cross_entropy(z, y), softmax_cross_entropy(Z, Y))
        assert softmax_cross_entropy(z, 2) == softmax_cross_entropy(Z, [2])
        dz = softmax_cross_entropy_grad(z, 2)
        assert check_array(dz, softmax_cross_entropy_grad(Z, [2])[:, 0])

    def test_a_stack_of_batches(self):
        rng = np.random.default_rng(1)
        Z, labels = rng.standard_normal((2, 5, 3)), rng.integers(0, 5, (2, 3))
        dZ = softmax_cross_entropy_grad(Z, labels, axis=1, mean=False)
        for z, l, dz in zip(Z, labels, dZ, strict=True):
            expected = softmax_cross_entropy_grad(z, l, mean=False)
            np.testing.assert_array_equal(dz, expected)

    def test_a_mean_over_one_example_divides_by_one(self):
        dz = softmax_cross_entropy_grad([0, 0, 0, 0], 1)
        np.testing.assert_array_equal(dz, [0.25, -0.75, 0.25, 0.25])

    @pytest.mark.parametrize("shape", SHAPES)
    @pytest.mark.parametrize(
        "function", [softmax_cross_entropy, softmax_cross_entropy_grad]
    )
    def test_integer_labels_are_one_hot_labels(self, shape, function):
        Z, _ = example(shape)
        n, m = shape
        labels = np.random.default_rng(2).integers(0, n, m)
        for dtype in (float, np.float32, np.int8, np.uint8):
            Y = one_hot(labels, n, dtype)
            np.testing.assert_array_equal(function(Z, labels), function(Z, Y))

    def test_inputs_are_not_modified(self):
        Z, Y = example((4, 3))
        A = softmax(Z)
        for X in (Z, Y, A):
            X.setflags(write=False)
        log_softmax(Z), cross_entropy(A, Y), softmax_cross_entropy(Z, Y)
        softmax_cross_entropy_grad(Z, Y), softmax_cross_entropy_grad(Z, [0, 1, 3])
        softmax_vjp(A, Y)
        numerical_gradient(lambda Z: softmax_cross_entropy(Z, Y), Z)


class TestExtremes:
    @pytest.mark.parametrize("big", [1000, 1e300, np.finfo(float).max])
    def test_huge_logits(self, big):
        Z = np.array([[big, -big], [-big, big], [0, 0]])
        np.testing.assert_array_equal(softmax(Z), [[1, 0], [0, 1], [0, 0]])
        assert softmax_cross_entropy(Z, [0, 1]) == 0
        assert softmax_cross_entropy(Z, [2, 2]) == big
        dZ = softmax_cross_entropy_grad(Z, [0, 0], mean=False)
        np.testing.assert_array_equal(dZ, [[0, -1], [0, 1], [0, 0]])

    def test_huge_losses_have_a_finite_mean(self):
        Z = np.array([[1e308] * 3, [0] * 3])
        assert softmax_cross_entropy(Z, [1, 1, 1]) == pytest.approx(1e308, rel=FEW_ULP)

    @pytest.mark.parametrize("big", [1e38, np.finfo(np.float32).max])
    def test_huge_logits_in_single_precision(self, big):
        Z = np.array([[big, -big], [-big, big], [0, 0]], np.float32)
        np.testing.assert_array_equal(softmax(Z), [[1, 0], [0, 1], [0, 0]])
        mean = softmax_cross_entropy(Z, [2, 2])
        assert mean == np.float32(big) and mean.dtype == np.float32

    def test_each_example_is_shifted_by_its_own_maximum(self):
        A = softmax([[1000, -1000], [1000, -1000], [1000, -1000]])
        np.testing.assert_array_equal(A, np.full((3, 2), 1 / 3))

    def test_minus_infinity_is_probability_zero(self):
        Z = np.array([[0, -np.inf], [0, 2], [-np.inf, -np.inf]])
        np.testing.assert_array_equal(softmax(Z), [[0.5, 0], [0.5, 1], [0, 0]])
        mean = softmax_cross_entropy(Z, [[1, 0], [0, 1], [0, 0]])
        assert mean == pytest.approx(np.log(2) / 2, rel=FEW_ULP)
        dZ = softmax_cross_entropy_grad(Z, [0, 1], mean=False)
        np.testing.assert_array_equal(dZ, [[-0.5, 0], [0.5, 0], [0, 0]])
        assert softmax_cross_entropy(Z, [2, 1]) == np.inf

    def test_zero_times_log_zero_is_zero(self):
        for y in ([0, 1, 0], 1):
            mean = cross_entropy([0, 1, 0], y)
            assert mean == 0 and not np.signbit(mean)
            assert not np.signbit(softmax_cross_entropy([-np.inf, 0, -2000], y))
        assert cross_entropy([0.0, 1.0, 0.0], [1, 0, 0]) == np.inf

    def test_labels_of_weight_zero(self):
        dZ = softmax_cross_entropy_grad([[0, 1], [0, 2], [0, 3]], np.zeros((3, 2)))
        np.testing.assert_array_equal(dZ, np.zeros((3, 2)))

    def test_two_classes_are_the_sigmoid(self):
        a = softmax([[np.log(3), 0, 0], [0, 0, np.log(4)]])[0]
        np.testing.assert_allclose(a, [3 / 4, 1 / 2, 1 / 5], rtol=FEW_ULP)

    def test_no_warning_reaches_even_a_strict_user(self):
        Z = np.array([[3e38, -3e38], [-3e38, 3e38], [0, -np.inf]], np.float32)
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            softmax(Z), log_softmax(Z)
            for Y in ([0, 1], [1, 0], np.full((3, 2), 1 / 3)):
                softmax_cross_entropy(Z, Y), softmax_cross_entropy_grad(Z, Y)
            cross_entropy([0, 1, 0], [0.5, 0.5, 0])


class TestPrecision:
    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
    def test_is_that_of_the_logits(self, dtype):
        Z, Y = (X.astype(dtype) for X in example((4, 3)))
        A = softmax(Z)
        for labels in (Y, Y.astype(float), [0, 3, 1]):
            results = (
                A,
                log_softmax(Z),
                cross_entropy(A, labels),
                softmax_cross_entropy(Z, labels),
                softmax_cross_entropy_grad(Z, labels),
            )
            assert [result.dtype for result in results] == [dtype] * 5
        assert softmax_vjp(A, Y).dtype == dtype
        assert softmax_jacobian(Z[:, 0]).dtype == dtype

    @pytest.mark.parametrize("dtype", [np.float16, np.float32])
    def test_lower_precision_loses_no_more_than_its_rounding(self, dtype):
        Z = example((5, 3))[0].astype(dtype)
        eps = np.finfo(dtype).eps
        close = {"rtol": 32 * eps, "atol": eps}  # the shift rounds logits of up to 10
        np.testing.assert_allclose(softmax(Z), softmax(Z.astype(float)), **close)

    def test_half_precision_is_added_up_in_single(self):
        n, m = 5000, 3  # in half precision the sum of 5000 ones would stop at 2048
        A = softmax(np.zeros((n, m), np.float16))
        np.testing.assert_array_equal(A, np.float16(1 / n))
        mean = softmax_cross_entropy(np.zeros((3, n), np.float16), np.zeros(n, int))
        assert mean == np.float16(np.log(3))

    @pytest.mark.parametrize("dtype", [int, np.int8, np.uint64])
    def test_integers_become_double(self, dtype):
        Z = np.array([[1, 2], [3, 4], [5, 6]], dtype)
        assert softmax(Z).dtype == float
        assert softmax_cross_entropy_grad(Z, [0, 1]).dtype == float


Z32, Y32 = example((3, 2))
A32 = softmax(Z32)


def with_(X, value):
    """X with one entry replaced."""
    X = X.copy()
    X[1, 0] = value
    return X


LOGITS = [
    (with_(Z32, np.nan), ValueError, "must be finite .* got nan"),
    (with_(Z32, np.inf), ValueError, r"must be finite .*no \+inf.* got inf"),
    (Z32 * 0 - np.inf, ValueError, "not all -inf.* got -inf"),
    (np.zeros((3, 0)), ValueError, r"Z must not be empty, got shape \(3, 0\)"),
    ([], ValueError, r"Z must not be empty, got shape \(0,\)"),
    (Z32 + 0j, TypeError, "Z must hold real numbers, got dtype complex128"),
    (Z32 > 0, TypeError, "Z must hold real numbers, got dtype bool"),
    (Z32.astype(str), TypeError, "Z must hold real numbers, got dtype <U"),
    (Z32.astype(object), TypeError, "Z must hold real numbers, got dtype object"),
    (None, TypeError, "Z must hold real numbers, got dtype object"),
    (1.5, ValueError, "axis 0 does not exist in an array of 0 axes"),
]
TARGETS = [
    (Y32.T, ValueError, r"shape of the .*\(3, 2\), .* \(2,\), got shape \(2, 3\)"),
    (Y32[:, :1], ValueError, r"\(3, 2\), .* \(2,\), got shape \(3, 1\)"),
    ([0, 1, 2], ValueError, r"integer labels of shape \(2,\), got shape \(3,\)"),
    (1, ValueError, r"integer labels of shape \(2,\), got shape \(\)"),
    ([[0, 1]], ValueError, r"integer labels of shape \(2,\), got shape \(1, 2\)"),
    ([0, 3], ValueError, r"labels must be classes 0\.\.2, got 3"),
    ([-1, 0], ValueError, r"labels must be classes 0\.\.2, got -1"),
    ([0.0, 1.0], TypeError, "labels must be integers, got dtype float64"),
    ([0.5, 1.0], TypeError, "labels must be integers, got dtype float64"),
    ([True, False], TypeError, "labels must be integers, got dtype bool"),
    (["a", "b"], TypeError, "labels must be integers, got dtype <U1"),
    (with_(Y32, np.nan), ValueError, "Y must hold finite numbers >= 0, got nan"),
    (with_(Y32, np.inf), ValueError, "Y must hold finite numbers >= 0, got inf"),
    (with_(Y32, -0.25), ValueError, r"Y must hold finite numbers >= 0, got -0\.25"),
    (Y32 > 0, TypeError, "Y must hold real numbers, got dtype bool"),
    (Y32 + 0j, TypeError, "Y must hold real numbers, got dtype complex128"),
    (Y32.astype(object), TypeError, "Y must hold real numbers, got dtype object"),
]
AXES = [
    (2, ValueError, "axis 2 does not exist in an array of 2 axes"),
    (-3, ValueError, "axis -3 does not exist in an array of 2 axes"),
    (None, TypeError, "axis must be one integer, the class axis, got None"),
    ((0, 1), TypeError, r"axis must be one integer, the class axis, got \(0, 1\)"),
    (0.0, TypeError, r"axis must be one integer, the class axis, got 0\.0"),
    (True, TypeError, "axis must be one integer, the class axis, got True"),
]


class TestErrors:
    @pytest.mark.parametrize(("Z", "error", "message"), LOGITS)
    def test_logits(self, Z, error, message):
        Y = np.zeros(np.shape(Z)[1:], int)
        for call in (
            lambda: softmax(Z),
            lambda: log_softmax(Z),
            lambda: softmax_cross_entropy(Z, Y),
            lambda: softmax_cross_entropy_grad(Z, Y),
        ):
            with pytest.raises(error, match=message):
                call()

    @pytest.mark.parametrize(("Y", "error", "message"), TARGETS)
    def test_targets(self, Y, error, message):
        for function, X in (
            (cross_entropy, A32),
            (softmax_cross_entropy, Z32),
            (softmax_cross_entropy_grad, Z32),
        ):
            with pytest.raises(error, match=message):
                function(X, Y)

    @pytest.mark.parametrize(("axis", "error", "message"), AXES)
    def test_axes(self, axis, error, message):
        for call in (
            lambda: softmax(Z32, axis),
            lambda: log_softmax(Z32, axis),
            lambda: cross_entropy(A32, Y32, axis),
            lambda: softmax_cross_entropy(Z32, Y32, axis),
            lambda: softmax_cross_entropy_grad(Z32, Y32, axis),
            lambda: softmax_vjp(A32, Y32, axis),
            lambda: one_hot([0, 1], 3, axis=axis),
        ):
            with pytest.raises(error, match=message):
                call()

    @pytest.mark.parametrize("entry", [-0.25, 1.5, np.nan, np.inf])
    def test_probabilities(self, entry):
        A = with_(A32, entry)
        for function in (cross_entropy, softmax_vjp):
            message = rf"A must hold probabilities in \[0, 1\], got {entry}"
            with pytest.raises(ValueError, match=message):
                function(A, Y32)

    def test_a_probability_one_rounding_above_one_passes(self):
        assert abs(cross_entropy([1 + ULP, 0, 0], 0)) <= ULP

    def test_a_vector_is_one_example_and_wants_one_label(self):
        message = r"\(3,\), or be integer labels of shape \(\), got shape \(2,\)"
        with pytest.raises(ValueError, match=message):
            softmax_cross_entropy([1, 2, 3], [0, 1])

    def test_vjp(self):
        with pytest.raises(ValueError, match=r"shape of A, \(3, 2\), got \(2, 3\)"):
            softmax_vjp(A32, Y32.T)
        for entry in (np.nan, np.inf, -np.inf):
            with pytest.raises(ValueError, match=f"dA must be finite, got {entry}"):
                softmax_vjp(A32, with_(Y32, entry))
        with pytest.raises(TypeError, match="dA must hold real numbers"):
            softmax_vjp(A32, Y32 + 0j)

    @pytest.mark.parametrize("z", [1.0, np.zeros((3, 1)), np.zeros((3, 2))])
    def test_jacobian(self, z):
        with pytest.raises(ValueError, match=r"one example, shape \(n,\), got \("):
            softmax_jacobian(z)

    def test_one_hot(self):
        with pytest.raises(ValueError, match=r"labels must be classes 0\.\.2, got 3"):
            one_hot([0, 3], 3)
        with pytest.raises(TypeError, match="integers, got dtype float64"):
            one_hot([0.0, 1.0], 3)
        with pytest.raises(ValueError, match="labels must not be empty"):
            one_hot(np.array([], int), 3)


class TestGradients:
    @pytest.mark.parametrize("shape", SHAPES)
    @pytest.mark.parametrize("method", ["complex", "central"])
    def test_of_the_loss(self, shape, method):
        Z, Y = example(shape)
        for labels in (Y, 2.5 * Y, one_hot(np.zeros(shape[1], int), shape[0])):
            dZ = softmax_cross_entropy_grad(Z, labels)
            f = lambda Z, Y=labels: softmax_cross_entropy(Z, Y)  # noqa: E731
            assert gradient_check(dZ, f, Z, method)

    @pytest.mark.parametrize("method", ["complex", "central"])
    def test_with_labels_and_the_other_layout(self, method):
        Z, _ = example((4, 3))
        labels = [3, 0, 0]
        dZ = softmax_cross_entropy_grad(Z.T, labels, axis=-1)
        assert gradient_check(
            dZ, lambda Z: softmax_cross_entropy(Z, labels, axis=-1), Z.T, method
        )

    def test_of_the_loss_in_the_probabilities(self):
        A, Y = (example((4, 3), seed)[1] for seed in (3, 4))
        assert gradient_check(-Y / A / 3, lambda A: cross_entropy(A, Y), A)
        dY = -np.log(A) / 3
        assert gradient_check(dY, lambda Y: cross_entropy(A, Y), Y)

    def test_at_minus_infinity(self):
        Z = np.array([[0, -np.inf], [1, 2], [-np.inf, 3]])
        for Y in ([0, 1], [[1, 0], [0, 1], [0, 0]]):
            dZ = softmax_cross_entropy_grad(Z, Y)
            assert gradient_check(dZ, lambda Z, Y=Y: softmax_cross_entropy(Z, Y), Z)

    @pytest.mark.parametrize("n", [1, 2, 3, 6])
    def test_jacobian_row_by_row(self, n):
        z = example((n, 1))[0][:, 0]
        for i, row in enumerate(softmax_jacobian(z)):
            assert gradient_check(row, lambda z, i=i: softmax(z)[i], z)

    @pytest.mark.parametrize("shape", SHAPES)
    def test_vjp_is_the_jacobian_transposed_times_the_vector(self, shape):
        Z, _ = example(shape)
        dA = np.random.default_rng(5).standard_normal(shape)
        dZ = softmax_vjp(softmax(Z), dA)
        for s in range(shape[1]):
            assert check_array(dZ[:, s], softmax_jacobian(Z[:, s]).T @ dA[:, s])

    def test_vjp_of_the_loss_is_a_minus_y(self):
        Z, Y = example((4, 3))
        A = softmax(Z)
        assert check_array(softmax_vjp(A, -Y / A), A - Y)

    def test_second_derivatives(self):
        z, y = (X[:, 0] for X in example((4, 1)))
        for i, row in enumerate(softmax_jacobian(z)):
            dz_i = lambda z, i=i: softmax_cross_entropy_grad(z, y)[i]  # noqa: E731
            assert gradient_check(row, dz_i, z)
            dz_i = lambda z, i=i: softmax_cross_entropy_grad(z, 2)[i]  # noqa: E731
            assert gradient_check(row, dz_i, z)


class TestProperties:
    @pytest.mark.parametrize("seed", range(20))
    def test_of_random_batches(self, seed):
        rng = np.random.default_rng(seed)
        n, m = rng.choice(9, 2, replace=False) + 1
        Z, Y = example((n, m), seed)
        A, dZ = softmax(Z), softmax_cross_entropy_grad(Z, Y)
        assert (A > 0).all()
        assert check_array(A.sum(axis=0), np.ones(m))
        assert check_array(softmax(Z + rng.standard_normal(m)), A)
        assert check_array(np.exp(log_softmax(Z)), A)
        assert check_array(dZ.sum(axis=0), np.zeros(m))
        assert check_array(softmax_cross_entropy(Z, Y), cross_entropy(A, Y))
        order = rng.permutation(n)
        assert check_array(softmax(Z[order]), A[order])
        J = softmax_jacobian(Z[:, 0])
        assert check_array(J, J.T)
        assert check_array(J.sum(axis=1), np.zeros(n))
        # 1e-12 is far above rounding and far below any product of these a_i
        assert np.linalg.matrix_rank(J, tol=1e-12) == n - 1


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


def test_importing_helpers_imports_no_symbolic_and_no_widget_library():
    code = (
        "import sys, helpers; "
        "print([m for m in ('sympy', 'ipywidgets', 'IPython') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
