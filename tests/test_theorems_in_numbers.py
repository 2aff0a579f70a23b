"""The last lines of theorems against plain NumPy, batches and single examples.

Each loss is written here in arrays; its slopes are taken by the complex step and by
central differences.
"""

from types import SimpleNamespace

import numpy as np
import pytest

from derivations.letters import *
from derivations.theorems.blocks import cP, jP, mE, mF, nP, nQ
from tests.conftest import central, complex_step, loss, softmax
from tests.oracle import formula


@pytest.fixture(params=[(3, 2, 4, 5), (4, 3, 1, 2), (2, 5, 3, 1)], ids=str)
def batch(request):
    """Arrays of a batch; the sizes n, m, d, h are never equal."""
    rng = np.random.default_rng(request.param)
    n_, m_, d_, h_ = request.param
    return SimpleNamespace(
        sizes=dict(zip((n, m, d, h), request.param, strict=True)),
        Z=rng.standard_normal((n_, m_)),
        Y=rng.dirichlet(np.ones(n_), m_).T,
        X=rng.standard_normal((d_, m_)),
        W=rng.standard_normal((n_, d_)),
        b=rng.standard_normal(n_),
        W1=rng.standard_normal((h_, d_)),
        b1=rng.standard_normal(h_),
        W2=rng.standard_normal((n_, h_)),
        G=rng.standard_normal((h_, m_)),
    )


@pytest.fixture(params=[2, 3, 5])
def case(request):
    """Arrays of one example: logits, labels, a vector, weights, temperatures."""
    rng = np.random.default_rng(request.param)
    return SimpleNamespace(
        sizes={n: request.param, d: 4},
        z=rng.standard_normal(request.param),
        v=rng.standard_normal(request.param),
        y=rng.dirichlet(np.ones(request.param)),
        w=rng.uniform(0.5, 2, request.param),
        T=rng.uniform(0.5, 3, request.param),
        U=rng.standard_normal(4),
        V=rng.standard_normal((request.param, 4)),
    )


def measured(found, f, x):
    """Whether a formula is the derivative of f at x, by two ways to measure it."""
    # Rounding of some hundred operations; the central difference is off by about 1e-10.
    assert found == pytest.approx(complex_step(f, x), rel=1e-12, abs=1e-14)
    assert found == pytest.approx(central(f, x), rel=1e-6, abs=1e-8)


def cross_entropy(outputs, target):
    return -np.sum(target * np.log(outputs))


def binary_cross_entropy(outputs, target):
    return -np.sum(target * np.log(outputs) + (1 - target) * np.log(1 - outputs))


def squared_error(outputs, target):
    return np.sum((outputs - target) ** 2) / 2


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def activation(x):
    """What `g` is for the third opinion."""
    return np.sin(x) + x**3


class TestSoftmax:
    def test_derivative(self, case):
        found = formula("softmax.derivative", [j, i], case.sizes, a=softmax(case.z))
        measured(found, softmax, case.z)

    def test_cases(self, case):
        equal, unequal = (
            formula(f"softmax.case_{x}", [j, i], case.sizes, a=softmax(case.z))
            for x in ("equal", "unequal")
        )
        found = np.where(np.eye(len(case.z)), equal, unequal)
        measured(found, softmax, case.z)

    def test_jacobian_of_a_batch(self, batch):
        letters = [j, t, i, s]
        found = formula(
            "batch.block_diagonal", letters, batch.sizes, A=softmax(batch.Z)
        )
        measured(found, softmax, batch.Z)


class TestGradient:
    def test_by_the_logits(self, case):
        arrays = {"a": softmax(case.z), "y": case.y}
        found = formula("logits.gradient", [j], case.sizes, **arrays)
        measured(found, lambda x: loss(x, case.y), case.z)

    @pytest.mark.parametrize("name", ["by_jacobian", "by_log_sum_exp"])
    def test_labels_that_do_not_sum_to_one(self, case, name):
        fed = 3 * case.y
        arrays = {"a": softmax(case.z), "y": fed}
        found = formula(f"logits.{name}", [j], case.sizes, **arrays)
        measured(found, lambda x: loss(x, fed), case.z)

    def test_of_a_batch(self, batch):
        arrays = {"A": softmax(batch.Z), "Y": batch.Y}
        found = formula("batch.gradient", [j, s], batch.sizes, **arrays)
        measured(found, lambda x: loss(x, batch.Y), batch.Z)


class TestLayers:
    def test_softmax_layer(self, batch):
        def logits(X=batch.X, W=batch.W, b=batch.b):
            return W @ X + b[:, None]

        def found(name, letters):
            arrays = {"A": softmax(logits()), "Y": batch.Y, "X": batch.X, "W": batch.W}
            return formula(f"layers.{name}", letters, batch.sizes, **arrays)

        dW, db, dX = (
            found("weights", [j, q]),
            found("bias", [j]),
            found("inputs", [q, s]),
        )
        measured(dW, lambda x: loss(logits(W=x), batch.Y), batch.W)
        measured(db, lambda x: loss(logits(b=x), batch.Y), batch.b)
        measured(dX, lambda x: loss(logits(X=x), batch.Y), batch.X)

    def test_hidden_layer(self, batch):
        def logits(X=batch.X, W=batch.W1, b=batch.b1):
            return W @ X + b[:, None]

        def above(Z1):  # any function of the activations with the gradient G
            moved = activation(Z1) - activation(logits())
            return (batch.G * moved).sum() + (moved**2).sum()

        def found(name, letters):
            arrays = {"Z1": logits(), "G": batch.G, "X": batch.X, "W1": batch.W1}
            return formula(f"layers.hidden_{name}", letters, batch.sizes, **arrays)

        measured(found("logits", [p, s]), above, logits())
        measured(found("weights", [p, q]), lambda x: above(logits(W=x)), batch.W1)
        measured(found("bias", [p]), lambda x: above(logits(b=x)), batch.b1)
        measured(found("inputs", [q, s]), lambda x: above(logits(X=x)), batch.X)

    def test_two_layers(self, batch):
        def hidden(W1=batch.W1):
            return W1 @ batch.X + batch.b1[:, None]

        def logits(W1=batch.W1):
            return batch.W2 @ activation(hidden(W1)) + batch.b[:, None]

        arrays = {"A": softmax(logits()), "Y": batch.Y, "X": batch.X}
        arrays |= {"W": batch.W2, "Z1": hidden()}
        found = formula("layers.two_layers", [p, q], batch.sizes, **arrays)
        measured(found, lambda x: loss(logits(x), batch.Y), batch.W1)


T = np.float64(1.7)
ALPHA = np.float64(0.3)


class TestTemperature:
    def test_gradient(self, case):
        arrays = {"y": case.y, "a": softmax(case.z / T), "T": T}
        found = formula("temperature.gradient", [j], case.sizes, **arrays)
        measured(found, lambda x: loss(x / T, case.y), case.z)

    def test_by_the_temperature(self, case):
        arrays = {"z": case.z, "y": case.y, "a": softmax(case.z / T), "T": T}
        found = formula("temperature.by_temperature", [], case.sizes, **arrays)
        measured(found.reshape(1), lambda x: loss(case.z / x, case.y), np.array([T]))

    def test_one_per_class(self, case):
        arrays = {"y": case.y, "a": softmax(case.z / case.T), "T": case.T}
        found = formula("temperature.class_gradient", [j], case.sizes, **arrays)
        measured(found, lambda x: loss(x / case.T, case.y), case.z)

    def test_the_jacobian_of_one_per_class_is_not_symmetric(self, case):
        arrays = {"a": softmax(case.z / case.T), "T": case.T}
        found = formula("temperature.class_derivative", [j, i], case.sizes, **arrays)
        measured(found, lambda x: softmax(x / case.T), case.z)
        assert not np.allclose(found, found.T, rtol=1e-3)


class TestLabels:
    def test_any_sum(self, case):
        fed = 3.2 * case.y
        arrays = {"y": fed, "a": softmax(case.z), "K": fed.sum()}
        found = formula("labels.any_sum", [j], case.sizes, **arrays)
        measured(found, lambda x: loss(x, fed), case.z)
        assert found.sum() == pytest.approx(0, abs=1e-14)
        assert not np.allclose(found, softmax(case.z) - fed, rtol=1e-3)

    @pytest.mark.parametrize("name", ["smoothing", "smoothing_others"])
    def test_both_forms_of_smoothing(self, case, name):
        size = len(case.y)
        spread = np.full(size, 1 / size)
        if name == "smoothing_others":
            spread = (1 - case.y) / (size - 1)
        fed = (1 - ALPHA) * case.y + ALPHA * spread
        assert fed.sum() == pytest.approx(1, rel=1e-14)
        arrays = {"y": case.y, "a": softmax(case.z), "alpha": ALPHA}
        found = formula(f"labels.{name}", [j], case.sizes, **arrays)
        measured(found, lambda x: loss(x, fed), case.z)

    def test_distillation(self, case):
        fed = softmax(case.v / T)
        arrays = {"a": softmax(case.z / T), "f": fed, "T": T}
        found = formula("labels.distillation", [j], case.sizes, **arrays)
        measured(found, lambda x: T**2 * loss(x / T, fed), case.z)


class TestWeights:
    def test_per_example(self, case):
        arrays = {"y": case.y, "w": case.w, "a": softmax(case.z)}
        found = formula("class_weights.per_example", [j], case.sizes, **arrays)
        measured(found, lambda x: loss(x, case.w * case.y), case.z)

    @pytest.mark.parametrize("name", ["divided_by_m", "divided_by_weights"])
    def test_both_normalisations(self, name):
        rng = np.random.default_rng(7)
        Z = rng.standard_normal((3, 4))
        w = rng.uniform(0.5, 2, 3)
        true = np.array([1, 0, 2, 1])
        Y = np.eye(3)[:, true]
        divisor = {"divided_by_m": 4, "divided_by_weights": w[true].sum()}[name]
        arrays = {"A": softmax(Z), "Y": Y, "w": w, "D": w[true].sum()}
        found = formula(f"class_weights.{name}", [j, s], {n: 3, m: 4}, **arrays)
        measured(found, lambda x: loss(x, w[:, None] * Y) * 4 / divisor, Z)


class TestBinary:
    def test_sigmoid(self, case):
        fed = 1.5 * case.y  # nothing is asked of these labels
        arrays = {"y": fed, "o": sigmoid(case.z)}
        found = formula("binary.sigmoid_gradient", [j], case.sizes, **arrays)
        measured(found, lambda x: binary_cross_entropy(sigmoid(x), fed), case.z)

    def test_two_classes_are_the_softmax_of_two(self):
        z = np.array([0.4, -1.1])
        y = np.array([0.8, 0.2])
        P = softmax(z)[0]
        assert pytest.approx(1 / (1 + np.exp(z[1] - z[0])), rel=1e-14) == P
        found = [
            formula(f"binary.two_class_{x}", [], {n: 2}, {i: 1, j: 2}, y=y, P=P)
            for x in ("gradient", "other")
        ]
        measured(np.array(found), lambda x: loss(x, y), z)

    def test_both_outputs_of_two_classes(self):
        z, y = np.array([0.4, -1.1]), np.array([0.8, 0.2])
        given = {"y": y, "P": softmax(z)[0]}
        found = formula("binary.two_class_summed", [], {n: 2}, {i: 1, j: 2}, **given)

        def both(x):
            return binary_cross_entropy(softmax(np.array([x[0], z[1]])), y)

        measured(np.array([found]), both, z[:1])

    def test_on_softmax_outputs(self, case):
        a = softmax(case.z)
        arrays = {"y": case.y, "a": a}
        found = formula("binary.on_softmax_outputs", [j], case.sizes, **arrays)
        measured(found, lambda x: binary_cross_entropy(softmax(x), case.y), case.z)
        twice = 2 * (a - case.y)
        if len(case.z) == 2:
            assert found == pytest.approx(twice, rel=1e-12)
        else:
            assert not np.allclose(found, twice, rtol=1e-3)


class TestOtherLosses:
    def test_squared_error(self, case):
        arrays = {"y": case.y, "a": softmax(case.z)}
        found = formula("other_losses.squared", [j], case.sizes, **arrays)
        measured(found, lambda x: squared_error(softmax(x), case.y), case.z)

    def test_squared_error_at_the_true_class(self, case):
        name = "other_losses.squared_true_class"
        found = formula(name, [], case.sizes, {c: 2}, a=softmax(case.z))
        y = np.eye(len(case.z))[1]
        slopes = complex_step(lambda x: squared_error(softmax(x), y), case.z)
        assert found == pytest.approx(slopes[1], rel=1e-12)

    def test_one_minus(self, case):
        arrays = {"a": softmax(case.z), "y": np.eye(len(case.z))[1]}
        found = formula("other_losses.one_minus", [j], case.sizes, {c: 2}, **arrays)
        measured(found, lambda x: 1 - softmax(x)[1], case.z)

    def test_the_gradient_vanishes_where_the_loss_is_largest(self):
        a = softmax(np.array([-8.0, 8.0, 0.0]))
        y = np.array([1.0, 0, 0])
        squared = formula("other_losses.squared", [j], {n: 3}, a=a, y=y)
        assert squared_error(a, y) > 0.99
        assert np.abs(squared).max() < 1e-3
        assert np.abs(a - y).max() > 0.99


class TestHessian:
    def test_against_differences_of_the_gradient(self, case):
        a = softmax(case.z)
        H = formula("hessian.entries", [i, j], case.sizes, a=a)
        differences = central(
            lambda x: complex_step(lambda at: loss(at, case.y), x), case.z
        )
        assert pytest.approx(differences, rel=1e-6, abs=1e-8) == H
        assert np.linalg.matrix_rank(H) == len(case.z) - 1
        variance = formula("hessian.variance", [], case.sizes, a=a, v=case.v)
        assert variance == pytest.approx(case.v @ H @ case.v, rel=1e-12)
        product = formula("hessian.times_vector", [i], case.sizes, a=a, v=case.v)
        assert product == pytest.approx(H @ case.v, rel=1e-12, abs=1e-14)


class TestAttention:
    def test_vjp(self, case):
        found = formula("attention.vjp", [j], case.sizes, v=case.v, a=softmax(case.z))
        measured(found, lambda x: case.v @ softmax(x), case.z)

    def test_through_the_values(self, case):
        a = softmax(case.z)
        arrays = {"a": a, "U": case.U, "V": case.V}
        scores = formula("attention.scores", [j], case.sizes, **arrays)
        measured(scores, lambda x: case.U @ (softmax(x) @ case.V), case.z)
        values = formula("attention.values", [j, q], case.sizes, **arrays)
        measured(values, lambda x: case.U @ (a @ x), case.V)


MATCHED = {
    "identity_squared_error": (lambda z: z, squared_error),
    "sigmoid_binary_cross_entropy": (sigmoid, binary_cross_entropy),
    "softmax_cross_entropy": (softmax, cross_entropy),
    "exponential_poisson": (np.exp, lambda o, y: np.sum(o - y * np.log(o))),
}


@pytest.mark.parametrize("name", MATCHED)
def test_matched_pairs(case, name):
    output, its_loss = MATCHED[name]
    outputs = output(case.z)
    arrays = {"y": case.y, "a": outputs, "o": outputs}
    found = formula(f"matched.{name}", [j], case.sizes, **arrays)
    measured(found, lambda x: its_loss(output(x), case.y), case.z)


def log_sum_exp(Z):
    """Along the first axis, by its largest entry."""
    top = Z.real.max(axis=0)
    return np.log(np.exp(Z - top).sum(axis=0)) + top


@pytest.fixture(params=[(1, 4, 3, 2), (3, 2, 1, 4), (2, 1, 4, 3)], ids=str)
def cut(request):
    """A softmax layer whose classes are cut in two: sizes of P and Q, of m and d."""
    rng = np.random.default_rng(request.param)
    first, second, m_, d_ = request.param
    n_ = first + second
    return SimpleNamespace(
        sizes=dict(zip((nP, nQ, m, d), request.param, strict=True)),
        first=first,
        Y=rng.dirichlet(np.ones(n_), m_).T,
        X=rng.standard_normal((d_, m_)),
        W=rng.standard_normal((n_, d_)),
        b=rng.standard_normal(n_),
    )


class TestBlocks:
    def in_blocks(self, cut, **arrays):
        """Each array of all classes as that of P and that of Q."""
        found = {}
        for name, array in arrays.items():
            found |= {f"{name}P": array[: cut.first], f"{name}Q": array[cut.first :]}
        return found

    def test_a_layer(self, cut):
        def logits(X=cut.X, W=cut.W, b=cut.b):
            return W @ X + b[:, None]

        def of_all(x, name):  # the rows of P moved, those of Q as they are
            return np.concatenate([x, getattr(cut, name)[cut.first :]])

        Z = logits()
        arrays = self.in_blocks(cut, Z=Z, Y=cut.Y, W=cut.W)
        arrays |= {"N": log_sum_exp(Z), "X": cut.X}

        def found(name, letters):
            return formula(f"blocks.{name}", letters, cut.sizes, **arrays)

        dZ, dW = found("logits", [jP, s]), found("weights", [jP, q])
        db, dX = found("bias", [jP]), found("inputs", [q, s])
        here = slice(cut.first)
        measured(
            dZ,
            lambda x: loss(np.concatenate([x, Z[cut.first :]]), cut.Y),
            Z[here],
        )
        measured(dW, lambda x: loss(logits(W=of_all(x, "W")), cut.Y), cut.W[here])
        measured(db, lambda x: loss(logits(b=of_all(x, "b")), cut.Y), cut.b[here])
        measured(dX, lambda x: loss(logits(X=x), cut.Y), cut.X)

    def test_one_example(self, cut):
        z, N = cut.b, log_sum_exp(cut.b)
        arrays = self.in_blocks(cut, z=z) | {"N": N}
        found = formula("blocks.outputs", [jP], cut.sizes, **arrays)
        assert found == pytest.approx(softmax(z)[: cut.first], rel=1e-13)
        found = formula("blocks.label", [], cut.sizes, {cP: 1}, **arrays)
        assert found == pytest.approx(loss(z, np.eye(len(z))[0]), rel=1e-13)

    @pytest.mark.parametrize("shift", [0, 1000, -1000])
    def test_merged_where_a_sum_would_overflow(self, cut, shift):
        z = cut.b + shift
        logs = {"NP": log_sum_exp(z[: cut.first]), "NQ": log_sum_exp(z[cut.first :])}
        M = max(logs.values())
        found = formula("blocks.merged", [], cut.sizes, M=M, **logs)
        assert found == pytest.approx(log_sum_exp(cut.b) + shift, rel=1e-14)

    def test_examples_on_two_machines(self):
        rng = np.random.default_rng(5)
        losses = rng.uniform(0, 3, 7)
        E, F = losses[:5], losses[5:]
        means = {"JE": E.mean(), "JF": F.mean()}
        found = formula("blocks.examples", [], {mE: 5, mF: 2}, **means)
        assert found == pytest.approx(losses.mean(), rel=1e-14)
        assert found != pytest.approx(np.mean(list(means.values())), rel=1e-3)
