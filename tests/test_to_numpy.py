"""A derived formula as a function of arrays."""

import numpy as np
import pytest
from sympy import KroneckerDelta

import helpers
from derivations.letters import Sum, a, k, l, n
from derivations.loss.deriving import derive
from derivations.request.losses import own_loss
from tests import conftest as plain
from tests.losses import derived

rng = np.random.default_rng(12)
Z0 = rng.standard_normal((4, 3))
Y0 = plain.softmax(rng.standard_normal((4, 3)))
W0 = np.array([0.5, 1.0, 2.0, 0.25])
CROSS = "cross-entropy, any labels"


class TestArrays:
    def test_float32_stays_and_integers_become_floats(self):
        dZ = derived("cross-entropy").to_numpy()
        assert dZ(Z0.astype(np.float32), Y0.astype(np.float32)).dtype == np.float32
        by_weights = derived("class weights").to_numpy(w=W0)
        assert by_weights(Z0.astype(np.float32), Y0).dtype == np.float32
        assert dZ(np.array([[1], [2]]), np.array([[1], [0]])).dtype == float

    def test_large_logits_do_not_overflow(self):
        dZ = derived("cross-entropy").to_numpy()
        found = dZ(np.array([[1000.0], [0.0], [-1000.0]]), np.eye(3)[:, :1])
        assert found.tolist() == [[0.0], [0.0], [0.0]]

    def test_does_not_change_its_input(self):
        Z = Z0.copy()
        Y = Y0.copy()
        derived(CROSS).to_numpy()(Z, Y)[:] = 0
        assert (Z == Z0).all() and (Y == Y0).all()

    def test_deltas_and_sizes(self):
        delta = KroneckerDelta(k, l)
        loss = Sum(Sum(delta * a[k] * a[l] / n, (k, 1, n)), (l, 1, n))
        A = plain.softmax(Z0)
        own = derive(loss)
        assert np.allclose(own.loss_to_numpy()(Z0, Y0), (A**2).sum(axis=0) / 4)
        judged = own.to_numpy()(Z0, Y0)
        assert helpers.gradient_check(
            judged, lambda X: np.sum(plain.softmax(X) ** 2) / 4, Z0
        )

    @pytest.mark.parametrize(
        "Z, Y, error, message",
        [
            (Z0, Y0.T, ValueError, r"one shape \(n, m\), .* got \(4, 3\) and \(3, 4\)"),
            (Z0[:, 0], Y0[:, 0], ValueError, r"got \(4,\) and \(4,\)"),
            (np.empty((0, 3)), np.empty((0, 3)), ValueError, "one shape"),
            ([["1"]], [[1]], TypeError, "must hold numbers"),
            ([[1.0]], [[True]], TypeError, "must hold numbers"),
        ],
    )
    def test_other_arrays_are_refused(self, Z, Y, error, message):
        with pytest.raises(error, match=message):
            derived(CROSS).to_numpy()(Z, Y)

    def test_parameters_by_name(self):
        own = derived("focal (Lin 2017)")
        with pytest.raises(TypeError, match="expected gamma=…, got none"):
            own.to_numpy()
        with pytest.raises(TypeError, match="expected no parameter, got beta"):
            derived(CROSS).loss_to_numpy(beta=1)
        too_few = derived("class weights").to_numpy(w=[1, 2])
        with pytest.raises(
            ValueError, match=r"w must have shape \(4,\) or \(4, 3\), got"
        ):
            too_few(Z0, Y0)

    def test_a_parameter_may_differ_from_example_to_example(self):
        """A teacher's output, and a temperature; each column is as if it were alone."""
        loss = "Σ_k y_k log(y_k/a_k) + T² Σ_k q_k log(q_k/a_k)"
        own = own_loss(
            loss,
            parameters=[("q[k]", "nonnegative"), ("T", "positive")],
            using=["H1", "H3"],
        )
        q, T = plain.softmax(Z0[::-1]), np.array([1.0, 2.0, 0.5])
        q[:, 1] = 0, 0, 1, 0
        for f in (own.to_numpy, own.loss_to_numpy):
            alone = [f(q=q[:, s], T=T[s])(Z0[:, [s]], Y0[:, [s]]) for s in range(3)]
            assert np.allclose(f(q=q, T=T)(Z0, Y0), np.hstack(alone), 1e-14, 0)
        for given in ({"q": q.T, "T": T}, {"q": q, "T": T[:2]}, {"q": q, "T": q}):
            with pytest.raises(ValueError, match="must have shape"):
                own.to_numpy(**given)(Z0, Y0)
        with pytest.raises(ValueError, match=r"q must be >= 0, got -.* at \[0, 0\]"):
            own.to_numpy(q=-q - (q == 0), T=T)
