"""The text of a loss and its gradient: it can be pasted, and nothing overflows."""

import ast
import subprocess
import sys

import jax
import numpy as np
import pytest

from derivations.loss.source import with_numpy
from derivations.request.loss_letters.parameters import parameters_of
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


IMPORTS = {"numpy": ["numpy"], "pytorch": ["torch"], "jax": ["jax", "jax.numpy"]}


def pasted(own, library="numpy", name="loss_and_gradient", layout="classes first"):
    names = {}
    exec(compile(own.source(library, layout), "pasted", "exec"), names)
    return names[name]


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

    @pytest.mark.parametrize("library", IMPORTS)
    def test_it_says_what_it_is(self, name, library):
        source = derived(name).source(library, "classes first")
        (function,) = [
            x
            for x in ast.parse(source).body
            if isinstance(x, ast.FunctionDef) and x.name == "loss_and_gradient"
        ]
        said = ast.get_docstring(function)
        for part in ("L = ", "dL/dz[j] = ", "Shapes: Z and Y are (n, m)", "Returns"):
            assert part in said
        imports = [x for x in ast.walk(ast.parse(source)) if isinstance(x, ast.Import)]
        assert [x.names[0].name for x in imports] == IMPORTS[library]
        assert max(map(len, source.splitlines())) <= 88

    def test_the_formulas_are_the_same_for_each_library(self, name):
        numpy, torch, jax_numpy = (
            formulas(derived(name).source(library, "classes first"), short)
            for library, short in zip(IMPORTS, ("np", "torch", "jnp"), strict=True)
        )
        assert numpy == torch == jax_numpy and len(numpy) >= 3

    def test_jax_says_the_same_in_float32(self, name):
        """In its usual precision, compiled; tests/frameworks.py tries every loss."""
        own, given = derived(name), VALUES[name]
        Z, Y = (x.astype(np.float32) for x in (HUGE, LABELS))
        right = pasted(own)(Z, Y, **given)
        losses = pasted(own, "jax", "losses")
        summed = jax.jit(jax.value_and_grad(lambda Z: losses(Z, Y, **given).sum()))
        loss, gradient = summed(Z)
        assert loss.dtype == gradient.dtype == np.float32
        np.testing.assert_allclose(loss, right[0].sum(), 1e-6)
        np.testing.assert_allclose(gradient, right[1], 1e-5, 1e-5)


def test_a_parameter_by_example_is_pasted_too():
    """NumPy and JAX say what `to_numpy` says; in JAX a bad number is a bad example."""
    given = [("q[k]", "nonnegative"), ("T", "positive")]
    own = own_loss("-T Σ_k q_k log a_k", parameters=given)
    q, T = HUGE[:, ::-1] ** 2 + 1, np.array([0.5, 1.0, 2.0, 3.0])
    losses, slopes = pasted(own)(HUGE, LABELS, q=q, T=T)
    np.testing.assert_array_equal(slopes, own.to_numpy(q=q, T=T)(HUGE, LABELS))
    np.testing.assert_array_equal(losses, own.loss_to_numpy(q=q, T=T)(HUGE, LABELS))
    q[2, 1], T[3] = -1, -1
    found = pasted(own, "jax")(HUGE, LABELS, q=q, T=T)
    for one, other in zip(found, (losses, slopes), strict=True):
        assert np.isnan(one[..., [1, 3]]).all()
        np.testing.assert_allclose(one[..., [0, 2]], other[..., [0, 2]], 1e-6)


@pytest.mark.parametrize(
    "loss", ["T^2 Σ_k q_k log(q_k / softmax(z/T)_k)", "T^2 KL(q || softmax(z/T))"]
)
def test_what_is_the_same_in_each_term_stands_before_a_sum(loss):
    """So no array of all pairs of classes is made."""
    own = own_loss(loss, parameters=[("q[k]", "nonnegative"), ("T", "positive")])
    lines = formulas(own.source(), "np")
    assert lines[-1].strip() == "gradient = T * (P * q.sum(axis=0) - q)"
    assert str(own.gradient) == "T*(-q[j] + softmax(z/T)[j]*Sum(q[k], (k, 1, n)))"


def formulas(source, short):
    """The lines between the checks and the result, as NumPy's text has them."""
    behind = source.replace(f"{short}.", "np.").rpartition("= _inputs(")[2]
    lines = behind.partition(" _result")[0].splitlines()[1:-1]
    checks = "_labels_", "_parameter(", "refused", "if check:"
    return [line for line in lines if not any(x in line for x in checks)]


def test_the_text_is_clean_python(tmp_path):
    for place, name in enumerate(VALUES):
        for library in IMPORTS:
            path = tmp_path / f"loss_{place}_{library}.py"
            path.write_text(derived(name).source(library))
    rules = "--isolated", "--no-cache", "--select=E,F,W,I,B,UP,SIM", "--line-length=88"
    command = [sys.executable, "-m", "ruff", "check", *rules, tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_there_is_no_other_library():
    with pytest.raises(ValueError, match="for numpy, pytorch, jax, got 'mxnet'"):
        derived("cross-entropy").source("mxnet")
    with pytest.raises(ValueError, match="classes first or classes last, got 'rows'"):
        derived("cross-entropy").source("numpy", "rows")


@pytest.mark.parametrize("name", VALUES)
class TestLayouts:
    @pytest.mark.parametrize("library", ["numpy", "jax"])
    def test_classes_last_is_the_same_turned(self, name, library):
        """So is the gradient of each example by its weight in a sum."""
        own, given = derived(name), VALUES[name]
        right = pasted(own, library)(HUGE, LABELS, **given)
        found = pasted(own, library, layout="classes last")(HUGE.T, LABELS.T, **given)
        np.testing.assert_array_equal(found[0], right[0])
        np.testing.assert_array_equal(found[1], right[1].T)
        if library == "jax":
            losses = pasted(own, library, "losses", "classes last")
            weights = np.arange(4)
            summed = jax.grad(lambda Z: weights @ losses(Z, LABELS.T, **given))
            slopes = summed(HUGE.T.astype(np.float32))
            np.testing.assert_allclose(slopes, (weights * right[1]).T, 1e-5, 1e-5)

    def test_the_true_classes_are_labels(self, name):
        """In each layout as integers (m,); one that is no class is refused."""
        own, given, classes = derived(name), VALUES[name], np.array([0, 2, 1, 2])
        right = pasted(own)(HUGE, np.eye(3)[:, classes], **given)
        np.testing.assert_array_equal(own.to_numpy(**given)(HUGE, classes), right[1])
        for layout, Z in (("classes first", HUGE), ("classes last", HUGE.T)):
            both = pasted(own, layout=layout)
            np.testing.assert_array_equal(both(Z, classes, **given)[0], right[0])
            in_jax = pasted(own, "jax", layout=layout)
            np.testing.assert_allclose(in_jax(Z, classes, **given)[0], right[0], 1e-5)
            wrong = classes - [0, 0, 2, 0]
            assert np.isnan(in_jax(Z, wrong, **given)[0]).tolist() == [0, 0, 1, 0]
            with pytest.raises(ValueError, match=r"be 0 to 2, got -1 at \[2\]"):
                both(Z, wrong, **given)
            with pytest.raises(ValueError, match=r"or Y \(m,\) of integers, got"):
                both(Z, classes[:3], **given)

    def test_a_refusal_speaks_of_the_arrays_as_they_came(self, name):
        both, Z = pasted(derived(name), layout="classes last"), HUGE.T.copy()
        Z[1, 2] = np.nan
        with pytest.raises(ValueError, match=r"^Z must be finite, got nan at \[1, 2\]"):
            both(Z, LABELS.T, **VALUES[name])


@pytest.mark.parametrize("library", ["numpy", "jax"])
def test_a_refusal_has_the_shapes_of_the_arrays_as_they_came(library):
    both = pasted(derived("class weights"), library, layout="classes last")
    with pytest.raises(ValueError, match=r"^w must have .* \(4, 3\), got \(3, 4\)"):
        both(HUGE.T, LABELS.T, w=np.ones((3, 4)))
    with pytest.raises(ValueError, match=r"\(m, n\).* got \(4, 3\) and \(3, 4\)"):
        both(HUGE.T, LABELS, w=np.ones(3))
    with pytest.raises(ValueError, match=r"along its columns, got \(4, 1\)"):
        both(HUGE.T[:, :1], LABELS.T[:, :1], w=np.ones(1))


@pytest.mark.parametrize("library", ["numpy", "jax"])
@pytest.mark.parametrize("layout", ["classes first", "classes last"])
def test_labels_may_be_left_out_where_the_loss_has_none(library, layout):
    own = own_loss("Σ_k a_k log a_k")
    Z = np.array([[0.5, -np.inf, 2.0], [1.0, 3.0, -1.0]])
    both = pasted(own, library, layout=layout)
    for one, other in zip(both(Z), both(Z, np.zeros((2, 3))), strict=True):
        np.testing.assert_array_equal(one, other)
    assert "def losses(Z, Y=None, **" in own.source("pytorch")
    assert "Y=None" not in derived("cross-entropy").source(library)
    if library == "jax":
        slopes = jax.grad(lambda Z: pasted(own, "jax", "losses", layout)(Z).sum())(Z)
        np.testing.assert_array_equal(slopes, both(Z)[1])


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("cross-entropy", "losses(Z, Y)"),
        ("focal with class weights", "losses(Z, Y, gamma=gamma, w=w)"),
        ("entropy", "losses(Z)"),
    ],
)
def test_losses_are_called_with_each_parameter_in_their_docstring(name, called):
    own = derived(name)
    for library, line in (
        ("pytorch", f"{called}.mean().backward()"),
        ("jax", f"jax.grad(lambda Z: {called}.sum())(Z)"),
    ):
        said = ast.get_docstring(ast.parse(own.source(library)).body[-1])
        assert said.splitlines()[2].strip() == line


def test_in_pytorch_the_checks_can_be_turned_off():
    """The text is run with NumPy for PyTorch, but for what that alone has."""
    own = derived("class weights")
    source = own.source("pytorch", "classes first").partition("class _Losses")[0]
    for one in ("@torch.no_grad()\n", "import torch\n"):
        source = source.replace(one, "")
    names = {"torch": np}
    exec(compile(source, "pasted", "exec"), names)
    for name in ("_numbers", "_real"):  # which speak of types as PyTorch has them
        names[name] = getattr(with_numpy, name)
    both, w = names["loss_and_gradient"], np.ones(3)
    for one, other in zip(
        both(HUGE, LABELS, w=w), both(HUGE, LABELS, w=w, check=False), strict=True
    ):
        np.testing.assert_array_equal(one, other)
    for wrong in ({"w": -w}, {"w": np.nan * w}):
        with pytest.raises(ValueError, match=r"^w must be"):
            both(HUGE, LABELS, **wrong)
        both(HUGE, LABELS, **wrong, check=False)
    with pytest.raises(ValueError, match=r"^w must have shape"):  # no number is needed
        both(HUGE, LABELS, w=w[1:], check=False)


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
    assert "holds for labels with 0 <= y[k] <= 1 (H4)" in own.source()
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


AT_THE_ENDS = [
    ("-Σ_k y_k (1 - a_k)^gamma log a_k", {"gamma": 0}, 1, 0),
    ("-Σ_k ((1 - epsilon) y_k + epsilon/n) log a_k", {"epsilon": 0}, 1, 0),
    ("-Σ_k ((1 - epsilon) y_k + epsilon/n) log a_k", {"epsilon": 1}, 0, 1),
    ("-Σ_k w_k y_k log a_k", {"w": np.array([1, 1, 0])}, np.array([1, 0, 1, 1]), 0),
    ("-Σ_k y_k log a_k + lam Σ_k z_k^2", {"lam": 0}, 1, 0),
    ("CE(y, a) + Σ_k r_k log(r_k/a_k)", {"r": np.zeros(3)}, 1, 0),
    ("CE(y, a) + Σ_k q_k (log q_k - log a_k)", {"q": np.zeros(3)}, 1, 0),
]


@pytest.mark.parametrize(("loss", "given", "of_labels", "of_all"), AT_THE_ENDS)
@pytest.mark.parametrize("library", ["numpy", "jax"])
def test_parameters_may_be_what_practice_takes(loss, given, of_labels, of_all, library):
    """Undeclared ones, 0 or 1; the losses by hand, and no NaN."""
    pairs = [(one.name, one.sign) for one in parameters_of(loss)]
    own = own_loss(loss, parameters=pairs, using=["H1"])
    Z, Y = np.array([[0.5, -1, 2, 0], [1.5, 0, -0.5, 3], [0, 1, 0, 1]]), LABELS.round()
    Y[0, 3], Y[2, 3] = 1, 0
    log_A = Z - np.log(np.exp(Z).sum(axis=0))
    right = -of_labels * (Y * log_A).sum(axis=0) - of_all * log_A.mean(axis=0)
    losses, gradient = pasted(own, library)(Z, Y, **given)
    np.testing.assert_allclose(losses, right, 1e-6, 1e-6)
    assert np.isfinite(gradient).all()


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
