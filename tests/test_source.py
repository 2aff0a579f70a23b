"""The text of a loss and its gradient: it can be pasted, and nothing overflows."""

import ast

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


@pytest.mark.parametrize("name", VALUES)
class TestPasted:
    def test_nothing_overflows_at_800(self, name):
        """Not on the way either; test_losses_in_numbers.py knows the right numbers."""
        own, given = derived(name), VALUES[name]
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            of_text = pasted(own)(HUGE, LABELS, **given)
            ours = [f(**given)(HUGE, LABELS) for f in (own.loss_to_numpy, own.to_numpy)]
        for one, other in zip(of_text, ours, strict=True):
            assert np.isfinite(one).all()
            np.testing.assert_array_equal(one, other)

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
