"""Generated NumPy is right where it was wrong once, and says how exact it is.

Each loss is written once more here, in mpmath: its differences in 2,000 digits judge
the gradient, in `to_numpy` and in the text to paste.
"""

import ml_dtypes
import mpmath
import numpy as np
import pytest
from mpmath import exp, fsum, log

from derivations.letters import IndexedBase, Symbol
from derivations.loss import numpy_source
from derivations.loss.accuracy import MAGNITUDES
from derivations.loss.deriving import derive
from derivations.loss.operations import Floats, Run
from derivations.request.losses import own_loss
from tests.losses import LOSSES, derived
from tests.test_source import pasted

INF = float("inf")


def softmax(z):
    return [exp(x) / fsum(map(exp, z)) for x in z]


def rest(z):
    """1 − a_k: the others' mass, in 2,000 digits or fewer."""
    return [
        fsum(map(exp, z[:at] + z[at + 1 :])) / fsum(map(exp, z)) for at in range(len(z))
    ]


def evidential(z, y):
    outputs = [exp(x) + 1 for x in z]
    total = fsum(outputs)
    return fsum(y * (log(total) - log(x)) for x, y in zip(outputs, y, strict=True))


def over(term):
    """The sum of term(y_k, a_k, 1 − a_k)."""
    return lambda z, y: fsum(map(term, y, softmax(z), rest(z)))


# The loss as a reader types it, activation, hypotheses, and the loss in mpmath.
WRONG_ONCE = {
    "1 - a": (
        "-Sum((1 - y[k])*log(1 - a[k]), (k, 1, n))",
        "softmax",
        over(lambda y, a, rest: -(1 - y) * log(rest)),
    ),
    "binary cross-entropy": (
        "-Sum(y[k]*log(a[k]) + (1 - y[k])*log(1 - a[k]), (k, 1, n))",
        "softmax",
        over(lambda y, a, rest: -y * log(a) - (1 - y) * log(rest)),
    ),
    "a squared logarithm": (
        "Sum(y[k]*log(1 - a[k])**2, (k, 1, n))",
        "softmax",
        over(lambda y, a, rest: y * log(rest) ** 2),
    ),
    "log odds": (
        "-Sum(y[k]*log(a[k]/(1 - a[k])), (k, 1, n))",
        "softmax",
        over(lambda y, a, rest: -y * log(a / rest)),
    ),
    "squares": (
        "log(Sum((1 - y[k])**2*exp(z[k]), (k, 1, n)))",
        "softmax",
        lambda z, y: log(
            fsum((1 - y) ** 2 * exp(x) for x, y in zip(z, y, strict=True))
        ),
    ),
    "ZLPR": (
        "log(1 + Sum((1 - y[k])**2*exp(z[k]), (k, 1, n)))"
        " + log(1 + Sum(y[k]**2*exp(-z[k]), (k, 1, n)))",
        "softmax",
        lambda z, y: (
            log(1 + fsum((1 - y) ** 2 * exp(x) for x, y in zip(z, y, strict=True)))
            + log(1 + fsum(y**2 * exp(-x) for x, y in zip(z, y, strict=True)))
        ),
    ),
    "softplus": (
        "Sum(a[k] - y[k]*log(a[k]), (k, 1, n))",
        "softplus",
        lambda z, y: fsum(
            log(1 + exp(x)) - y * log(log(1 + exp(x)))
            for x, y in zip(z, y, strict=True)
        ),
    ),
    "evidential": (
        "Sum(y[k]*(log(Sum(a[l], (l, 1, n))) - log(a[k])), (k, 1, n))",
        "exp(z[i]) + 1",
        evidential,
    ),
}
POINTS = [
    ((18, -18, 0), (0, 1, 0)),
    ((36, 0, 1), (1, 0, 0)),
    ((40, 0, 1), (1, 0, 0)),
    ((-30, -40, 2), (1, 1, 0)),
    ((50, -50, 0), (0.5, 0.25, 0.25)),
    ((800, -800, 1), (0.5, 0.5, 0)),
]


def exact(loss, z, y):
    """The loss and its slopes, by differences in 2,000 digits."""
    with mpmath.workdps(2000):
        z, y, h = [*map(mpmath.mpf, z)], [*map(mpmath.mpf, y)], mpmath.mpf(10) ** -900
        here, slopes = loss(z, y), []
        for at in range(len(z)):
            moved = [x + h * (i == at) for i, x in enumerate(z)]
            slopes.append(float((loss(moved, y) - here) / h))
        return float(here), slopes


@pytest.mark.parametrize("name", WRONG_ONCE)
def test_what_was_wrong_is_right(name):
    written, activation, loss = WRONG_ONCE[name]
    own = own_loss(written, activation)
    right = [exact(loss, *point) for point in POINTS]
    Z, Y = (np.array(x, float).T for x in zip(*POINTS, strict=True))
    losses, dZ = pasted(own)(Z, Y)
    assert (own.loss_to_numpy()(Z, Y) == losses).all()
    assert (own.to_numpy()(Z, Y) == dZ).all()
    np.testing.assert_allclose(losses, [x for x, _ in right], rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(dZ.T, [x for _, x in right], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_is_exact_at_all_points(name):
    measured = derived(name).accuracy
    assert measured.limit == MAGNITUDES[-1]
    assert measured.error <= 1e-12 and measured.points >= 190
    assert f"Measured in float64: {measured}"[:40] in derived(name).source()


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


@pytest.mark.parametrize("name", LOSSES)
def test_floats_and_arrays_run_the_same_program(name):
    own = derived(name)
    numbers = {
        one: (0.5, 0.75, 0.25) if isinstance(one, IndexedBase) else 0.75
        for one in own.parameters
    }
    given = {str(one): number for one, number in numbers.items()}
    Z, Y = ((3, 0, -1), (-20, 20, 0)), ((1, 0, 0), (0.25, 0.5, 0.25))
    run = Run(own.program, Floats(), Z, Y, numbers)
    places = [(z, y) for z in Z for y in Y]
    columns = [np.array(x, float).T for x in zip(*places, strict=True)]
    losses = own.loss_to_numpy(**given)(*columns)
    np.testing.assert_allclose(run.along(run("loss"), ("Z", "Y")), losses, rtol=1e-13)


class TestTypes:
    @pytest.mark.parametrize("name", LOSSES)
    def test_float32_stays(self, name):
        own = derived(name)
        given = {
            str(one): np.ones(3) / 2 if isinstance(one, IndexedBase) else 0.5
            for one in own.parameters
        }
        Z, Y = np.float32([[1], [-2], [0]]), np.eye(3)[:, :1]
        found = [*pasted(own)(Z, Y, **given), own.to_numpy(**given)(Z, Y)]
        assert {x.dtype for x in found} == {np.dtype(np.float32)}

    @pytest.mark.parametrize("dtype", [np.float16, ml_dtypes.bfloat16])
    def test_half_precision_is_summed_in_float32(self, dtype):
        own = derived("cross-entropy, any labels")
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

    def test_another_type_is_refused_by_name(self):
        Z = np.zeros((3, 1), ml_dtypes.float8_e4m3)
        for f in (
            pasted(derived("cross-entropy")),
            derived("cross-entropy").to_numpy(),
        ):
            with pytest.raises(TypeError, match="float8_e4m3"):
                f(Z, np.ones((3, 1)))


MASKED = {
    "cross-entropy": 1.1032,
    "focal, gamma 2": 0.4925,
    "entropy": 0.6355,
    "binary cross-entropy on a softmax": 2.2064,
    "binary cross-entropy of each": 1.8676,
    "Brier": 0.89295,
}


class TestMaskedClass:
    Z = np.array([[0.3], [-INF], [1]])

    @pytest.mark.parametrize("name", MASKED)
    def test_with_label_0_it_is_not_there(self, name):
        own, Y = derived(name), np.array([[1.0], [0], [0]])
        losses, dZ = pasted(own)(self.Z, Y)
        assert losses[0] == pytest.approx(MASKED[name], abs=5e-5)
        assert dZ[1, 0] == 0 and np.isfinite(dZ).all()
        assert (own.to_numpy()(self.Z, Y) == dZ).all()

    def test_with_a_label_the_loss_is_infinite(self):
        own, Y = derived("cross-entropy"), np.array([[0.5], [0.5], [0]])
        for f in (pasted(own), own.to_numpy(), own.loss_to_numpy()):
            with pytest.raises(ValueError, match=r"the loss is infinite.* at \[0\]"):
                f(self.Z, Y)

    def test_others_that_are_not_finite_are_refused(self):
        own, Y = derived("cross-entropy"), np.array([[1.0], [0], [0]])
        for wrong in (np.nan, INF):
            for f in (pasted(own), own.to_numpy()):
                with pytest.raises(ValueError, match=r"Z must be finite.* \[2, 0\]"):
                    f(np.array([[0.0], [0.0], [wrong]]), Y)


def test_what_has_no_value_is_refused_in_both():
    own = own_loss("Sum(y[k]*log(a[k]), (k, 1, n))*log(Sum(y[k], (k, 1, n)))")
    for f in (pasted(own), own.to_numpy()):
        with pytest.raises(ValueError, match="infinite, not defined, or too large"):
            f(np.zeros((3, 1)), np.array([[-1.0], [0], [0]]))


def test_parameters_may_have_any_name_in_python():
    names = [
        "off",
        "rounding",
        "len",
        "loss",
        "loss_",
        "part_1",
        "log_A",
        "np",
        "dtype",
    ]
    many = [Symbol(name, positive=True) for name in names]
    own = derive(sum(many) * derived("cross-entropy").loss, parameters=many)
    kept = numpy_source._names(own)
    given = {str(one): 2.0 for one in many}
    Z, Y = np.zeros((3, 1)), np.eye(3)[:, :1]
    losses, _ = pasted(own)(Z, Y, **{kept[one]: 2.0 for one in many})
    assert len(set(kept.values())) == len(many)
    assert losses[0] == own.loss_to_numpy(**given)(Z, Y)[0]
    assert losses[0] == pytest.approx(18 * np.log(3))
