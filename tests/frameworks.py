"""The source for PyTorch and for JAX, as numbers: `make test-frameworks` runs this.

Right is what tests/exact_losses.py computes in 60 digits and more.  The tolerance is
that of NumPy's source, 1e-12 in double precision and as many eps in single: a program
is chosen because it keeps this when each operation is off by a few eps, and a library
whose e^x and log(1 + x) are as good keeps it too.
"""

import inspect
from functools import cache, reduce
from operator import add, mul

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from sympy import Indexed, KroneckerDelta, Pow, Sum, Symbol

from derivations.letters import a, n, softmax, y, z
from tests.test_losses_in_numbers import (
    GONE,
    LOGITS,
    MASKED,
    NAMES,
    VALUES,
    Answers,
    answers,
    examples,
    of_texts,
    own_of,
    some,
    told,
    where_a_class_is_gone,
    wrong,
)

jax.config.update("jax_enable_x64", True)
MOST = 7 * len(
    LOGITS
)  # examples, always: JAX compiles an operation once for all losses
SOFT = (0.25, 0, 0.75)


@cache
def pasted(name, library, layout="classes first"):
    names, text = {}, own_of(name).source(library, layout)
    exec(compile(text, "pasted", "exec"), names)
    return names


def keywords(name, library):
    """The parameters of a loss, by the names that they have in the text."""
    given = [VALUES[str(one)] for one in own_of(name).parameters]
    function = inspect.signature(pasted(name, library)["loss_and_gradient"])
    own = [x for x in function.parameters if x not in ("Z", "Y", "check")]
    return dict(zip(own, given, strict=True))


def in_pytorch(name):
    """Losses and gradients by PyTorch, which asks for the gradient of twice the sum."""
    losses, given = pasted(name, "pytorch")["losses"], keywords(name, "pytorch")

    def of_arrays(Z, Y):
        Z = torch.tensor(Z, requires_grad=True)
        found = losses(Z, torch.tensor(Y), **given)
        (2 * found).sum().backward()
        return found.detach().numpy(), Z.grad.numpy() / 2

    return lambda Z, Y: answers(of_arrays, Z, Y)


def in_jax(name):
    """Losses and gradients by JAX; an example that is refused is NaN as a whole."""
    losses, given = pasted(name, "jax")["losses"], keywords(name, "jax")

    def of_arrays(Z, Y):
        count = Z.shape[1]
        Z, Y = (jnp.asarray(np.resize(X.T, (MOST, len(X))).T) for X in (Z, Y))
        value, backward = jax.vjp(lambda Z: losses(Z, Y, **given), Z)
        (slopes,) = backward(jnp.full_like(value, 2))
        loss, gradient = np.asarray(value)[:count], np.asarray(slopes)[:, :count] / 2
        assert (np.isnan(loss) == np.isnan(gradient)).all()
        return Answers(loss, gradient, np.isnan(loss))

    return of_arrays


def derived_by_the_library(name, library, Z, Y):
    """The losses and their gradients by automatic differentiation of the formula."""
    own = own_of(name)
    if library == "jax":
        Z, Y = jnp.asarray(Z), jnp.asarray(Y)
        value, backward = jax.vjp(lambda Z: as_typed(own, jnp, Z, Y), Z)
        return value, backward(jnp.ones_like(value))[0]
    Z = torch.tensor(Z, requires_grad=True)
    found = as_typed(own, torch, Z, torch.tensor(Y))
    return found.detach(), torch.autograd.grad(found.sum(), Z)[0]


def as_typed(own, library, Z, Y):
    """The losses as the formula says, class by class; an array holds all examples."""

    def value(expr, at):  # noqa: PLR0911 (one line per kind of formula)
        if isinstance(expr, Indexed):
            (index,) = (at[x] for x in expr.indices)
            if expr.base == a:
                return value(own.activation(Symbol("at")), {Symbol("at"): index})
            known = {z: Z, y: Y}.get(expr.base)
            return (VALUES[str(expr.base)] if known is None else known)[index]
        if isinstance(expr, Symbol):
            return len(Z) if expr == n else VALUES[str(expr)]
        if expr.is_number:
            return float(expr)
        if isinstance(expr, KroneckerDelta):
            return float(len({at[x] for x in expr.args}) == 1)
        if isinstance(expr, Sum):
            places = [at]
            for index, *_ in expr.limits:
                places = [x | {index: k} for x in places for k in range(len(Z))]
            return reduce(add, (value(expr.function, x) for x in places))
        parts = [value(x, at) for x in expr.args]
        if expr.is_Add or expr.is_Mul:
            return reduce(add if expr.is_Add else mul, parts)
        if isinstance(expr, Pow):
            return parts[0] ** parts[1]
        (part,) = parts
        is_array = isinstance(part, torch.Tensor | jax.Array)
        return getattr(library if is_array else np, expr.func.__name__)(part)

    return value(own.loss, {})


LIBRARIES = {"pytorch": in_pytorch, "jax": in_jax}
in_each = pytest.mark.parametrize("library", LIBRARIES)


@in_each
@pytest.mark.parametrize("name", NAMES)
class TestEveryLoss:
    @pytest.mark.parametrize("dtype", [float, np.float32])
    def test_is_right_or_refused_at_logits_of_every_size(self, name, library, dtype):
        known = examples(name)
        if dtype is np.float32:
            numbers = np.abs([known.loss, *known.gradient]).max(axis=0)
            known = some(known, numbers < np.finfo(dtype).max / 2)
        found = LIBRARIES[library](name)(known.Z.astype(dtype), known.Y.astype(dtype))
        assert found.loss.dtype == found.gradient.dtype == dtype
        off = wrong(found, known, dtype)
        assert not off.size, f"{off.size} are wrong: {told(found, known, off[0])}"

    def test_a_class_at_minus_infinity_is_not_there(self, name, library):
        """It may be refused where the loss speaks of z, and where a is no softmax."""
        own, known = own_of(name), where_a_class_is_gone(own_of(name), SOFT)
        found = LIBRARIES[library](name)(np.array([GONE]).T, np.array([SOFT]).T)
        may_be_refused = own.activation != softmax or own.loss.has(z)
        if not (may_be_refused and found.is_refused):
            assert not wrong(found, known).size, told(found, known, 0)

    def test_agrees_with_what_the_library_derives(self, name, library):
        """From the formula as it is typed, at logits where that loses few digits."""
        Z = np.array([[0.5, -1.0, 2.0, 0.0], [1.5, 0.25, -0.5, 1.0], [0, 1, -1, 0.5]])
        Y = np.array([[1, 0, 0.25, 0], [0, 1, 0.5, 0.5], [0, 0, 0.25, 0.5]])
        found = LIBRARIES[library](name)(Z, Y)
        losses, slopes = map(np.asarray, derived_by_the_library(name, library, Z, Y))
        is_finite = np.isfinite(losses)  # 0 log 0 is none as it is typed
        assert is_finite[2]
        for ours, typed in ((found.loss, losses), (found.gradient, slopes)):
            np.testing.assert_allclose(
                ours[..., is_finite], typed[..., is_finite], 1e-9, 1e-9
            )


@in_each
@pytest.mark.parametrize("name", MASKED)
def test_the_number_of_a_loss_without_a_class(name, library):
    Z, Y = np.array([[0.3, -np.inf, 1]]).T, np.array([[1.0, 0, 0]]).T
    found = LIBRARIES[library](name)(Z, Y)
    np.testing.assert_allclose(found.loss, MASKED[name], atol=5e-5)
    assert found.gradient[1, 0] == 0


HALVES = {"pytorch": (torch.float16, torch.bfloat16), "jax": ("float16", "bfloat16")}


@in_each
@pytest.mark.parametrize("which", [0, 1])
def test_half_precision_is_summed_in_float32(library, which):
    count, dtype = 2500, HALVES[library][which]
    loss_and_gradient = pasted("cross-entropy, any labels", library)[
        "loss_and_gradient"
    ]
    Y = np.zeros((count, 2))
    Y[0] = 1
    make = torch.tensor if library == "pytorch" else jnp.array
    found = loss_and_gradient(*(make(X, dtype=dtype) for X in (0 * Y, Y)))
    right = np.full(2, np.log(count)), 1 / count - Y
    for one, numbers in zip(found, right, strict=True):
        expected = make(numbers, dtype=dtype)  # to the last bit
        assert one.dtype == expected.dtype and bool((one == expected).all())


@in_each
def test_a_parameter_by_example_counts_in_its_own_example(library):
    rng = np.random.default_rng(5)
    Z, Y, P = (rng.random((3, 4)) + 0.1 for _ in range(3))
    module = torch if library == "pytorch" else jnp
    both = pasted("Kullback-Leibler from a teacher", library)["loss_and_gradient"]

    def computed(*arrays):
        Z, Y, P = map(module.asarray, arrays)
        return [np.asarray(x) for x in both(Z, Y, P=P)]

    losses, gradient = computed(Z, Y, P)
    for s in range(4):
        loss, column = computed(Z[:, [s]], Y[:, [s]], P[:, s])
        assert np.allclose(losses[s], loss[0], rtol=1e-14)
        assert np.allclose(gradient[:, [s]], column, rtol=1e-14, atol=1e-15)


class TestPyTorch:
    SOME = ("cross-entropy", "focal (Lin 2017)", "Brier", "class weights")

    @pytest.mark.parametrize("name", SOME)
    def test_gradcheck(self, name):
        """PyTorch's own differences of the losses, for an incoming gradient of each."""
        losses, given = pasted(name, "pytorch")["losses"], keywords(name, "pytorch")
        Z = torch.tensor([[0.5, -1.0], [1.5, 0.25], [0, 1]], dtype=torch.float64)
        Y = torch.tensor([[1, 0.25], [0, 0.5], [0, 0.25]], dtype=torch.float64)
        of_rows = Z.T.clone().requires_grad_()  # as a layer gives them
        assert torch.autograd.gradcheck(
            lambda rows: losses(rows.T, Y, **given), [of_rows]
        )

    @pytest.mark.parametrize("layout", ["classes first", "classes last"])
    def test_the_numbers_of_a_list_are_not_rounded(self, layout):
        losses = pasted("class weights", "pytorch", layout)["losses"]
        Z = torch.tensor([[0.5, -1.0], [1.5, 0.25], [0, 1]], dtype=torch.float64)
        Y = [[0.1, 0.25], [0.6, 0.5], [0.3, 0.25]]
        if layout == "classes last":
            Z, Y = Z.T, [list(row) for row in zip(*Y, strict=True)]
        given = losses(Z, Y, w=[0.1, 0.2, 0.7])
        array = losses(Z, np.array(Y), w=np.array([0.1, 0.2, 0.7]))
        assert torch.equal(given, array)

    @pytest.mark.parametrize("name", SOME)
    def test_rows_of_examples_and_true_classes(self, name):
        """As a layer and a loader give them: tests/test_source.py has NumPy and JAX."""
        right, turned, given = pasted(name, "pytorch"), {}, keywords(name, "pytorch")
        exec(own_of(name).source("pytorch", "classes last"), turned)
        logits = torch.tensor([[0.5, -1.0], [1.5, 0.25], [0, 1]], dtype=torch.float64)
        classes, slopes = torch.tensor([2, 0]), []
        Y = torch.nn.functional.one_hot(classes, 3).T
        for names, given_Z, labels in (
            (right, logits, Y),
            (right, logits, classes),
            (turned, logits.T, Y.T),
            (turned, logits.T, classes),
        ):
            Z = given_Z.clone().requires_grad_()
            losses = names["losses"](Z, labels, **given)
            (losses @ torch.tensor([1.0, 3.0], dtype=torch.float64)).backward()
            slopes.append(Z.grad.T if names is turned else Z.grad)
        assert all(torch.equal(one, slopes[0]) for one in slopes)
        with pytest.raises(ValueError, match=r"be 0 to 2, got 3 at \[0\]"):
            right["losses"](logits, classes + 1, **given)

    def test_what_it_does_not_derive(self):
        losses = pasted("focal (Lin 2017)", "pytorch")["losses"]
        Z = torch.zeros(3, 2, requires_grad=True)
        Y = torch.full((3, 2), 1 / 3, requires_grad=True)
        gamma = torch.tensor(2.0, requires_grad=True)
        with pytest.raises(RuntimeError, match="no second derivative"):
            losses(Z, Y, gamma=gamma).sum().backward(create_graph=True)
        losses(Z, Y, gamma=gamma).sum().backward()
        assert Z.grad is not None and Y.grad is None and gamma.grad is None

    REFUSED = (
        (
            {"Z": torch.full((3, 2), torch.nan)},
            ValueError,
            r"Z must be finite.* \[0, 0\]",
        ),
        ({"Y": torch.ones(3, 2)}, ValueError, "each column of Y must sum to 1, as H1"),
        ({"Y": torch.tensor([[2.0] * 2, [-1.0] * 2, [0] * 2])}, ValueError, "as H3"),
        ({"Y": torch.zeros(3, 1)}, ValueError, r"got \(3, 2\) and \(3, 1\)"),
        ({"Z": torch.zeros(3, 2) * 1j}, TypeError, "real numbers, got torch.complex"),
        ({"gamma": -1}, ValueError, r"gamma must be > 0, got -1\.0"),
        ({"gamma": True}, TypeError, "gamma must hold real numbers"),
        ({"gamma": torch.ones(3)}, ValueError, r"shape \(\) or \(2,\), got \(3,\)"),
        (
            {"Z": torch.tensor([[-torch.inf] * 2, [0] * 2, [0] * 2])},
            ValueError,
            r"the loss is infinite.* at \[0\]",
        ),
    )

    @pytest.mark.parametrize(("given", "error", "words"), REFUSED)
    def test_refuses_what_numpy_refuses(self, given, error, words):
        losses = pasted("focal of the true output", "pytorch")["losses"]
        Y = torch.tensor([[1.0, 1], [0, 0], [0, 0]])
        right = {"Z": torch.zeros(3, 2), "Y": Y, "gamma": 2}
        losses(**right)
        with pytest.raises(error, match=words):
            losses(**right | given)


class TestJAX:
    SOME = ("cross-entropy", "focal (Lin 2017)", "asymmetric (Ridnik 2021)")
    Z = np.array([[0.5, -1.0], [1.5, 800], [0, 1]])
    Y = np.array([[1, 0.25], [0, 0.5], [0, 0.25]])

    @pytest.mark.parametrize("name", SOME)
    def test_compiled_it_is_the_same(self, name):
        losses, given = pasted(name, "jax")["losses"], keywords(name, "jax")
        gradient = jax.grad(lambda Z, Y: losses(Z, Y, **given).sum())
        found = jax.jit(gradient)(self.Z, self.Y)
        np.testing.assert_allclose(found, gradient(self.Z, self.Y), 1e-13, 1e-13)
        rows = jax.jit(jax.vmap(lambda z, y: gradient(z[:, None], y[:, None])[:, 0]))
        np.testing.assert_allclose(rows(self.Z.T, self.Y.T), found.T, 1e-13, 1e-13)

    @pytest.mark.parametrize("name", SOME)
    def test_a_second_derivative_is_that_of_the_code(self, name):
        losses, given = pasted(name, "jax")["losses"], keywords(name, "jax")
        gradient = jax.grad(lambda z: losses(z[:, None], self.Y[:, :1], **given)[0])
        z, h = jnp.array(self.Z[:, 0]), 1e-6 * jnp.eye(3)
        columns = [(gradient(z + x) - gradient(z - x)) / 2e-6 for x in h]
        found = jax.jacrev(gradient)(z)
        np.testing.assert_allclose(found, np.transpose(columns), 1e-8, 1e-8)

    def test_what_numpy_refuses_is_nan(self):
        """Each example for itself, and all where a parameter is not let in."""
        losses = pasted("focal of the true output", "jax")["losses"]
        Z, Y = np.zeros((3, 6)), np.eye(3)[:, [0] * 6]
        Z[0, 1], Z[1, 2], Z[0, 3] = np.nan, np.inf, -np.inf  # log 0 with a label
        Y[:, 4], Y[:, 5] = 1, [2, -1, 0]
        is_refused = [False, True, True, True, True, True]
        found = jax.jit(losses)(Z, Y, gamma=2.0)
        assert np.isnan(found).tolist() == is_refused
        slopes = jax.grad(lambda Z: losses(Z, Y, gamma=2.0)[0])(Z)
        assert np.isfinite(slopes[:, 0]).all()
        assert np.isnan(jax.jit(losses)(Z, Y, gamma=-1.0)).all()
        for given, error in (
            ((Z, Y[:2]), ValueError),
            ((Z.astype(complex), Y), TypeError),
        ):
            with pytest.raises(error, match="Z and Y must h"):
                losses(*given, gamma=2.0)


LIMITED = "Sum((cosh(2*z[k]) - 2*cosh(z[k])**2)*y[k]*z[k], (k, 1, n))"


@in_each
def test_logits_that_lose_digits_are_refused(library):
    names = {}
    exec(of_texts(LIMITED).source(library, "classes first"), names)
    near, Y = np.array([[1.0], [0], [-1]]), np.eye(3)[:, :1]
    if library == "jax":
        found = names["losses"](np.hstack([near, 18 * near]), np.hstack([Y, Y]))
        assert np.isnan(found).tolist() == [False, True]
        return
    names["losses"](near, Y)
    with pytest.raises(ValueError, match=r"digits where \|Z\| > 1, got 18"):
        names["losses"](18 * near, Y)
