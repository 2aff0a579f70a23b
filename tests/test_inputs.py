"""What softmax and its companions refuse, and in which words."""

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
from tests.conftest import example

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
    (
        np.uint64([0, 2**64 - 1]),
        ValueError,
        r"classes 0\.\.2, got 18446744073709551615",
    ),
    (with_(Y32, np.nan), ValueError, "Y must hold finite numbers >= 0, got nan"),
    (with_(Y32, np.inf), ValueError, "Y must hold finite numbers >= 0, got inf"),
    (with_(Y32, -0.25), ValueError, r"Y must hold finite numbers >= 0, got -0\.25"),
    (Y32 > 0, TypeError, "Y must hold real numbers, got dtype bool"),
    (Y32 + 0j, TypeError, "Y must hold real numbers, got dtype complex128"),
    (Y32.astype(object), TypeError, "Y must hold real numbers, got dtype object"),
]
LEFT_OUT = "-100 is the ignore_index of PyTorch: remove these examples"
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
        ulp = np.finfo(float).eps
        assert abs(cross_entropy([1 + ulp, 0, 0], 0)) <= ulp

    def test_the_label_that_leaves_an_example_out(self):
        refused = rf"classes 0\.\.2, got {{}}; {LEFT_OUT}"
        for labels, got in (([0, -100], -100), ([-1, -100], -1), ([3, -100], 3)):
            with pytest.raises(ValueError, match=refused.format(got)):
                softmax_cross_entropy(Z32, np.int8(labels))
        with pytest.raises(ValueError, match=r"got 156$"):  # what -100 is in 8 bits
            softmax_cross_entropy(Z32, np.uint8([0, 156]))

    def test_a_vector_is_one_example_and_wants_one_label(self):
        message = r"\(3,\), or be integer labels of shape \(\), got shape \(2,\)"
        with pytest.raises(ValueError, match=message):
            softmax_cross_entropy([1, 2, 3], [0, 1])

    def test_vjp(self):
        with pytest.raises(ValueError, match=r"shape of A, \(3, 2\), got \(2, 3\)"):
            softmax_vjp(A32, Y32.T)
        for entry in (np.nan, np.inf, -np.inf):
            words = (
                rf"dA must be finite, got {entry}; .*_entropy_grad\(Z, Y, mean=False"
            )
            with pytest.raises(ValueError, match=words):
                softmax_vjp(A32, with_(Y32, entry))
        with pytest.raises(TypeError, match="dA must hold real numbers"):
            softmax_vjp(A32, Y32 + 0j)

    def test_what_serves_where_dA_is_infinite(self):
        Z, Y = np.array([[1000.0, 0.0], [0.0, 0.0]]), np.array([[0.0, 0.5], [1.0, 0.5]])
        A = softmax(Z)
        with np.errstate(divide="ignore"), pytest.raises(ValueError, match="-Y/A"):
            softmax_vjp(A, -Y / A)
        dZ = softmax_cross_entropy_grad(Z, Y, mean=False)
        np.testing.assert_array_equal(dZ, [[1, 0], [-1, 0]])

    @pytest.mark.parametrize("axis", [0, -1])
    @pytest.mark.parametrize("m", [5, 400])
    def test_an_example_of_minus_infinity_is_named(self, axis, m):
        """Also beyond the size from which examples are computed in blocks."""
        Z, Y = np.zeros((3000, m)), np.zeros(m, int)
        Z[:, m - 2 :] = -np.inf
        words = rf"not all -inf\), got -inf in example {m - 2} \(from 0\)"
        for call in (softmax, log_softmax):
            with pytest.raises(ValueError, match=words):
                call(Z if axis == 0 else Z.T, axis)
        for call in (softmax_cross_entropy, softmax_cross_entropy_grad):
            with pytest.raises(ValueError, match=words):
                call(Z if axis == 0 else Z.T, Y, axis)

    def test_an_example_is_named_by_all_its_axes(self):
        Z = np.zeros((3, 2, 4))
        Z[:, 1, 2] = -np.inf
        with pytest.raises(ValueError, match=r"in example \[1, 2\] \(from 0\)"):
            softmax(Z)
        with pytest.raises(ValueError, match=r"got -inf$"):
            softmax(Z[:, 1, 2])

    @pytest.mark.parametrize("z", [1.0, np.zeros((3, 1)), np.zeros((3, 2))])
    def test_jacobian(self, z):
        with pytest.raises(ValueError, match=r"one example, shape \(n,\), got \("):
            softmax_jacobian(z)

    def test_one_hot(self):
        with pytest.raises(TypeError, match="integers, got dtype float64"):
            one_hot([0.0, 1.0], 3)
        for labels, words in (([0, 3], r"0\.\.2, got 3"), (np.array([], int), "empty")):
            with pytest.raises(ValueError, match=words):
                one_hot(labels, 3)

    def test_the_number_of_classes_is_one_integer_and_there_is_a_class(self):
        for n in (2.0, "2", None, True, [3], np.float64(3)):
            with pytest.raises(TypeError, match="n must be one integer") as refusal:
                one_hot([0, 1], n)
            assert str(refusal.value).endswith(f"got {n!r}")
        for n in (0, -3, np.int8(0)):
            with pytest.raises(ValueError, match=f"n must be at least 1, .* got {n}$"):
                one_hot([0, 1], n)


class TestMasks:
    """np.asarray drops a mask without a word: what was masked would count."""

    wrapped = pytest.mark.parametrize(
        "masked",
        [
            lambda X: np.ma.array(
                X, mask=np.arange(np.size(X)).reshape(np.shape(X)) < 1
            ),
            np.ma.array,  # no entry is masked yet
            lambda X: [np.ma.array(row) for row in np.asarray(X)],
            lambda X: tuple(np.ma.array(row) for row in np.asarray(X)),
        ],
        ids=["masked", "unmasked", "a list of rows", "a tuple of rows"],
    )

    @wrapped
    def test_are_refused_everywhere(self, masked):
        for name, call in (
            ("Z", lambda: softmax(masked(Z32))),
            ("Z", lambda: log_softmax(masked(Z32))),
            ("A", lambda: cross_entropy(masked(A32), Y32)),
            ("Y", lambda: cross_entropy(A32, masked(Y32))),
            ("Y", lambda: softmax_cross_entropy(Z32, masked(Y32))),
            ("Z", lambda: softmax_cross_entropy(masked(Z32), [0, 1])),
            ("Y", lambda: softmax_cross_entropy_grad(Z32, masked([0, 1]))),
            ("z", lambda: softmax_jacobian(masked(Z32[:, 0]))),
            ("dA", lambda: softmax_vjp(A32, masked(Y32))),
            ("labels", lambda: one_hot(masked([0, 1]), 3)),
            ("X", lambda: numerical_gradient(np.sum, masked(Z32))),
            ("X", lambda: numerical_gradient(np.sum, masked(Z32), "central")),
            ("the answer", lambda: gradient_check(masked(Z32), np.sum, Z32)),
            ("expected", lambda: check_array(Z32, masked(Z32))),
        ):
            with pytest.raises(TypeError) as refusal:
                call()
            assert str(refusal.value).startswith(f"{name} must not be masked")

    def test_what_the_message_proposes_works(self):
        labels = np.ma.array([0, 1], mask=[False, True])
        kept = ~labels.mask
        J = softmax_cross_entropy(Z32[:, kept], labels[kept].filled(0))
        assert check_array(J, softmax_cross_entropy(Z32[:, 0], 0))
