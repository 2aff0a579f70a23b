"""The text of a loss and its gradient: it can be pasted, and nothing overflows."""

import ast

import mpmath
import numpy as np
import pytest

from derivations.request.losses import own_loss
from tests.losses import derived

VALUES = {
    "cross-entropy": {},
    "focal (Lin 2017)": {"gamma": 2.5},
    "z-loss (PaLM 2022)": {"alpha": 1e-4},
    "class weights": {"w": np.array([1.0, 2.0, 0.5])},
}
HUGE = np.array(
    [[800.0, -800.0, 3.0, 0.0], [-800.0, 800.0, 1.0, 0.0], [0.0, 1.0, 2.0, 800.0]]
)
LABELS = np.array([[1.0, 0.0, 0.0, 0.5], [0.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 0.5]])


def pasted(own):
    names = {}
    exec(compile(own.source(), "pasted", "exec"), names)
    return names["loss_and_gradient"]


def exact(name, z0, y0):
    """The loss of one example and its gradient, in 2,000 digits, by differences."""
    with mpmath.workdps(2000):
        given = {x: list(np.atleast_1d(v)) for x, v in VALUES[name].items()}

        def loss(*z0):
            powers = [mpmath.exp(x) for x in z0]
            total = mpmath.fsum(powers)
            found = mpmath.mpf(0)
            for at, (x, label) in enumerate(zip(powers, y0, strict=True)):
                weight = given.get("w", [1] * 3)[at]
                rest = mpmath.fsum(p for i, p in enumerate(powers) if i != at) / total
                modulation = (
                    rest ** given["gamma"][0] if name == "focal (Lin 2017)" else 1
                )
                found -= float(label) * weight * modulation * mpmath.log(x / total)
            if name == "z-loss (PaLM 2022)":
                found += given["alpha"][0] * mpmath.log(total) ** 2
            return found

        z0, h = [mpmath.mpf(float(x)) for x in z0], mpmath.mpf(10) ** -900
        slopes = []
        for at in range(len(z0)):
            moved = [x + h * (i == at) for i, x in enumerate(z0)]
            slopes.append(float((loss(*moved) - loss(*z0)) / h))
        return float(loss(*z0)), slopes


@pytest.mark.parametrize("name", VALUES)
class TestPasted:
    def test_nothing_overflows_at_800(self, name):
        own, given = derived(name), VALUES[name]
        right = [exact(name, HUGE[:, s], LABELS[:, s]) for s in range(HUGE.shape[1])]
        losses, dZ = [x for x, _ in right], np.array([slopes for _, slopes in right]).T
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            found = pasted(own)(HUGE, LABELS, **given)
            ours = own.loss_to_numpy(**given), own.to_numpy(**given)
            again = [f(HUGE, LABELS) for f in ours]
        for loss, gradient in (found, again):
            np.testing.assert_allclose(loss, losses, rtol=1e-12, atol=1e-300)
            np.testing.assert_allclose(gradient, dZ, rtol=1e-10, atol=1e-15)

    def test_it_says_what_it_is(self, name):
        source = derived(name).source()
        *_, function = [
            x for x in ast.parse(source).body if isinstance(x, ast.FunctionDef)
        ]
        said = ast.get_docstring(function)
        assert function.name == "loss_and_gradient"
        for part in ("L = ", "dL/dz[j] = ", "Shapes: Z and Y are (n, m)", "Returns"):
            assert part in said
        imports = [x for x in ast.walk(ast.parse(source)) if isinstance(x, ast.Import)]
        assert [x.names[0].name for x in imports] == ["numpy"]
        assert max(map(len, source.splitlines())) <= 88


def test_labels_that_break_what_was_used_are_refused():
    own = derived("cross-entropy")
    for f in (pasted(own), own.to_numpy()):
        with pytest.raises(ValueError, match="sum to 1"):
            f(np.zeros((3, 2)), np.ones((3, 2)))


def test_labels_of_several_classes_are_hard_or_between():
    """The loss of a class without a label, as numbers by hand."""
    own = derived("log-sum-exp of the classes without a label")
    Z = np.array([[0.5, -1.0, 2.0], [1.5, 0.0, -0.5]])
    Y = np.array([[1, 0, 1], [0, 0, 1]])
    by_hand = np.log1p(np.sum((1 - Y) * np.exp(Z), axis=0))
    slope = (1 - Y) * np.exp(Z - by_hand)
    losses, gradient = pasted(own)(Z, Y)
    assert np.allclose(losses, by_hand) and np.allclose(gradient, slope)
    assert np.allclose(own.to_numpy()(Z, Y), slope)
    assert np.allclose(
        own.loss_to_numpy()(Z, Y / 2), np.log1p(np.sum((1 - Y / 2) * np.exp(Z), axis=0))
    )
    assert "0 <= Y <= 1 (H4)" in own.source()
    for wrong in (2 * Y, -Y):
        for f in (pasted(own), own.to_numpy(), own.loss_to_numpy()):
            with pytest.raises(ValueError, match="between them, as H4 says, got"):
                f(Z, wrong)


def test_parameters_keep_their_sign():
    own = derived("focal (Lin 2017)")
    with pytest.raises(ValueError, match="gamma must be > 0"):
        pasted(own)(HUGE, LABELS, gamma=-1.0)
    with pytest.raises(ValueError, match=r"gamma must be > 0, got -1\.0"):
        own.to_numpy(gamma=-1.0)


def test_parameters_stay_in_their_range():
    loss = "Sum(log(1 - rho*a[k]), (k, 1, n))"
    own = own_loss(loss, parameters=[("rho", "0..1")])
    zeros, function = np.zeros((2, 1)), pasted(own)
    for gradient in (function(zeros, zeros, rho=0.5)[1], own.to_numpy(rho=0.5)):
        found = gradient(zeros, zeros) if callable(gradient) else gradient
        assert np.abs(found).max() < 1e-15
    for value in (0, 1, 2):
        with pytest.raises(ValueError, match=r"rho must be [<>] [01]"):
            function(zeros, zeros, rho=value)
        with pytest.raises(ValueError, match=r"rho must be [<>] [01]"):
            own.to_numpy(rho=value)
