"""Generated NumPy says how exact it is, and refuses what it cannot compute.

That its numbers are right is tried for every loss in test_losses_in_numbers.py.
"""

import ml_dtypes
import numpy as np
import pytest

from derivations.loss.compiled.accuracy import MAGNITUDES
from derivations.request.losses import own_loss
from tests.losses import derived
from tests.test_source import pasted


def test_shares_of_outputs_that_overflow_are_right():
    share = "a[k]/Sum(a[l], (l, 1, n))"
    own = own_loss(f"Sum((y[k] - {share})**2, (k, 1, n))", "exp(z[i]) + 1")
    assert own.accuracy.limit == MAGNITUDES[-1]
    losses, dZ = pasted(own)(np.array([[800.0], [0], [1]]), np.eye(3)[:, 1:2])
    assert losses[0] == pytest.approx(2) and abs(dZ).max() < 1e-12


def test_where_it_stays_inexact_it_is_refused():
    """cosh 2z − 2 cosh² z is −1, which no form knows."""
    own = own_loss("Sum((cosh(2*z[k]) - 2*cosh(z[k])**2)*y[k]*z[k], (k, 1, n))")
    assert own.accuracy.limit == 1
    assert "larger logits are refused" in " ".join(own.source().split())
    Y, near = np.eye(3)[:, :1], np.array([[1.0], [0], [-1]])
    for f in (pasted(own), own.to_numpy(), own.loss_to_numpy()):
        f(near, Y)
        with pytest.raises(ValueError, match=r"digits where \|Z\| > 1, got 18"):
            f(18 * near, Y)


class TestTypes:
    def test_half_precision_is_summed_in_float32(self):
        own, dtype = derived("cross-entropy, any labels"), ml_dtypes.bfloat16
        Z, Y = np.zeros((2500, 2), dtype), np.zeros((2500, 2), dtype)
        Y[0] = 1
        losses, dZ = pasted(own)(Z, Y)
        assert losses.dtype == dZ.dtype == own.to_numpy()(Z, Y).dtype == dtype
        assert (losses == dtype(np.log(2500))).all()
        assert (dZ[1:] == dtype(1 / 2500)).all() and (dZ[0] == dtype(-0.9996)).all()

    @pytest.mark.parametrize("dtype", [np.float16, ml_dtypes.bfloat16])
    def test_labels_that_were_rounded_still_sum_to_1(self, dtype):
        Z, Y = np.zeros((3, 1)), np.full((3, 1), 1 / 3, dtype)
        for f in (
            pasted(derived("cross-entropy")),
            derived("cross-entropy").to_numpy(),
        ):
            f(Z, Y)
            with pytest.raises(ValueError, match="sum to 1"):
                f(Z, 2 * Y)

    def test_a_softmax_at_a_temperature_is_no_power_of_the_other(self):
        """In float32 softmax(z) underflows where softmax(z/T), T = 20, is 0.003."""
        soft = "lambda T^2 KL(softmax(t/T)||softmax(z/T))"
        loss = f"{soft} + (1 - lambda) CE(y, softmax(z))"
        names = {"lam": "positive", "T": "positive", "t[k]": "real"}
        own = own_loss(loss, parameters=names.items(), using=["H1"])
        z, t = np.float32([55, 0, -55]), np.float32([0, 1, 2])
        shares = [np.exp(x) / np.exp(x).sum() for x in (z / 20.0, t / 20.0)]
        by_hand = 0.9 * 20 * np.subtract(*shares)  # softmax(z) is y
        Z, Y = z[:, None], np.float32([[1], [0], [0]])
        values = {"lam": 0.9, "T": 20.0, "t": t}
        for dZ in (own.to_numpy(**values)(Z, Y), pasted(own)(Z, Y, **values)[1]):
            assert dZ.dtype == np.float32
            assert np.allclose(dZ[:, 0], by_hand, rtol=1e-5)

    def test_another_type_is_refused_by_name(self):
        Z = np.zeros((3, 1), ml_dtypes.float8_e4m3)
        for f in (
            pasted(derived("cross-entropy")),
            derived("cross-entropy").to_numpy(),
        ):
            with pytest.raises(TypeError, match="float8_e4m3"):
                f(Z, np.ones((3, 1)))


def test_logits_that_are_no_numbers_are_refused():
    own, Y = derived("cross-entropy"), np.array([[1.0], [0], [0]])
    for wrong in (np.nan, np.inf):
        for f in (pasted(own), own.to_numpy()):
            with pytest.raises(ValueError, match=r"Z must be finite.* \[2, 0\]"):
                f(np.array([[0.0], [0.0], [wrong]]), Y)


def test_what_has_no_value_is_refused_in_both():
    own = own_loss("Sum(y[k]*log(a[k]), (k, 1, n))*log(Sum(y[k], (k, 1, n)))")
    for f in (pasted(own), own.to_numpy()):
        with pytest.raises(ValueError, match="infinite, not defined, or too large"):
            f(np.zeros((3, 1)), np.array([[-1.0], [0], [0]]))
