"""softmax, cross-entropy and their gradients, against values that are not ours.

No example is square (m != n), so that a transposed or wrong-axis formula fails.
"""

import tracemalloc

import numpy as np
import pytest

from arrays.inputs import classes
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
from tests.conftest import exact, example

FEW_ULP = 8 * np.finfo(float).eps  # what a handful of float64 roundings can leave
SHAPES = [(3, 2), (2, 5), (4, 1), (1, 3), (7, 3)]


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

    def test_labels_that_do_not_sum_to_one(self):
        dz = softmax_cross_entropy_grad(np.log([1, 1, 2]), [1, 2, 0])
        np.testing.assert_allclose(dz, [-0.25, -1.25, 1.5], rtol=FEW_ULP)

    def test_the_course_gradient_is_a_minus_y_to_the_last_bit(self):
        Z, _ = example((4, 3))
        Y = one_hot([3, 0, 1], 4)
        dZ = softmax_cross_entropy_grad(Z, Y, mean=False)
        np.testing.assert_array_equal(dZ, softmax(Z) - Y)
        np.testing.assert_array_equal(softmax_cross_entropy_grad(Z, Y), dZ / 3)

    def test_one_hot(self):
        np.testing.assert_array_equal(one_hot([2, 0], 3), [[0, 1], [0, 0], [1, 0]])
        np.testing.assert_array_equal(one_hot([2, 0], 3, axis=-1), np.eye(3)[[2, 0]])
        np.testing.assert_array_equal(one_hot(1, 3), [0, 1, 0])
        assert one_hot([1, 0], 3, dtype=np.float32).dtype == np.float32


class TestShapes:
    def test_the_other_layout(self):
        Z, Y = example((4, 3))
        A = softmax(Z)
        for function, *given in (
            (softmax, Z),
            (log_softmax, Z),
            (cross_entropy, A, Y),
            (softmax_vjp, A, Y),
            (softmax_cross_entropy, Z, Y),
            (softmax_cross_entropy, Z, np.array([3, 0, 0])),
            (softmax_cross_entropy_grad, Z, Y),
            (softmax_cross_entropy_grad, Z, np.array([3, 0, 0])),
        ):
            for axis in (1, -1):
                turned = function(*(x.T for x in given), axis=axis)
                assert check_array(turned, function(*given).T)

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

    @pytest.mark.parametrize("dtype", [*"bhilqBHILQ", ">i2", ">u8"])
    def test_labels_of_every_integer_type(self, dtype):
        Z, _ = example((4, 3))
        A, labels = softmax(Z), [3, 0, 1]
        typed = np.array(labels, dtype)
        for call in (
            lambda y: cross_entropy(A, y),
            lambda y: softmax_cross_entropy(Z, y),
            lambda y: softmax_cross_entropy(Z.T, y, axis=-1),
            lambda y: softmax_cross_entropy_grad(Z, y),
            lambda y: softmax_cross_entropy_grad(Z.T, y, axis=-1),
            lambda y: softmax_cross_entropy_grad(Z[:, 0], y[0]),
            lambda y: one_hot(y, 4),
            lambda y: one_hot(y, typed[0] + 1, axis=-1),
        ):
            np.testing.assert_array_equal(call(typed), call(labels))
        # uint64 beside int64 is float64 to NumPy, which is no index
        assert classes(typed, 4).dtype == np.intp

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
    @pytest.mark.parametrize("dtype", [float, np.float32])
    @pytest.mark.parametrize("size", [1000, 1e38, "largest"])
    def test_huge_logits(self, size, dtype):
        big = dtype(np.finfo(dtype).max if size == "largest" else size)
        Z = np.array([[big, -big], [-big, big], [0, 0]], dtype)
        np.testing.assert_array_equal(softmax(Z), [[1, 0], [0, 1], [0, 0]])
        assert softmax_cross_entropy(Z, [0, 1]) == 0
        mean = softmax_cross_entropy(Z, [2, 2])
        assert mean == big and mean.dtype == dtype
        dZ = softmax_cross_entropy_grad(Z, [0, 0], mean=False)
        np.testing.assert_array_equal(dZ, [[0, -1], [0, 1], [0, 0]])

    def test_huge_losses_have_a_finite_mean(self):
        Z = np.array([[1e308] * 3, [0] * 3])
        assert softmax_cross_entropy(Z, [1, 1, 1]) == pytest.approx(1e308, rel=FEW_ULP)

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

    def test_integers_become_double(self):
        for dtype in (int, np.int8, np.uint64):
            Z = np.array([[1, 2], [3, 4], [5, 6]], dtype)
            for result in (softmax(Z), softmax_cross_entropy_grad(Z, [0, 1])):
                assert result.dtype == float

    def test_the_gradient_from_labels_takes_three_rows_beside_its_result(self):
        Z, labels = np.zeros((5, 200_000), np.float32), np.zeros(200_000, int)
        softmax_cross_entropy_grad(Z, labels)
        tracemalloc.start()
        try:
            dZ = softmax_cross_entropy_grad(Z, labels)
            extra = tracemalloc.get_traced_memory()[1] - dZ.nbytes
        finally:
            tracemalloc.stop()
        # The number of each label, 8 bytes, and its entry, 4; and NumPy's buffers.
        assert extra <= 3 * 4 * labels.size + 2**17


class TestGradients:
    @pytest.mark.parametrize("shape", SHAPES)
    @pytest.mark.parametrize("method", ["complex", "central"])
    def test_of_the_loss(self, shape, method):
        Z, Y = example(shape)
        for labels in (Y, 2.5 * Y, one_hot(np.zeros(shape[1], int), shape[0])):
            dZ = softmax_cross_entropy_grad(Z, labels)
            f = lambda Z, Y=labels: softmax_cross_entropy(Z, Y)  # noqa: E731
            assert gradient_check(dZ, f, Z, method)

    def test_of_the_loss_in_the_probabilities(self):
        A, Y = (example((4, 3), seed)[1] for seed in (3, 4))
        assert gradient_check(-Y / A / 3, lambda A: cross_entropy(A, Y), A)
        dY = -np.log(A) / 3
        assert gradient_check(dY, lambda Y: cross_entropy(A, Y), Y)

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

    def test_second_derivatives(self):
        z, y = (X[:, 0] for X in example((4, 1)))
        for i, row in enumerate(softmax_jacobian(z)):
            dz_i = lambda z, i=i: softmax_cross_entropy_grad(z, y)[i]  # noqa: E731
            assert gradient_check(row, dz_i, z)
            dz_i = lambda z, i=i: softmax_cross_entropy_grad(z, 2)[i]  # noqa: E731
            assert gradient_check(row, dz_i, z)
