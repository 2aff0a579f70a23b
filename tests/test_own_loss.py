"""A reader's own loss: derived and judged, or refused with a reason."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sympy import (
    Abs,
    Derivative,
    Function,
    Heaviside,
    I,
    IndexedBase,
    KroneckerDelta,
    Max,
    Min,
    Piecewise,
    Rational,
    Symbol,
    erf,
    exp,
    log,
    sign,
    sqrt,
    tanh,
)

import derivations.own_loss
import derivations.proof
import helpers
from derivations.notation import (
    H1,
    Definition,
    L,
    S,
    Sum,
    SumExcept,
    a,
    alpha,
    c,
    i,
    j,
    k,
    l,
    m,
    n,
    softmax,
    y,
    z,
)
from derivations.own_loss import NotDecidedError, derive
from derivations.proof import check
from derivations.temperature import T, tempered_softmax

gamma, kappa = (Symbol(name, positive=True) for name in ("gamma", "kappa"))
w = IndexedBase("w", positive=True)
sigmoid = Definition(a[i], 1 / (1 + exp(-z[i])))

rng = np.random.default_rng(12)
Z0 = rng.standard_normal((4, 3))
Y0 = helpers.softmax(rng.standard_normal((4, 3)))
W0 = np.array([0.5, 1.0, 2.0, 0.25])

cross = -Sum(y[k] * log(a[k]), (k, 1, n))
smooth_labels = (1 - alpha) * y[k] + alpha / n
A_of = helpers.softmax


def sigmoid_of(X):
    return 1 / (1 + np.exp(-X))


# name: the arguments of derive, the values, and the loss once more in NumPy, by hand
WORKED = {
    "cross-entropy": ((cross,), {}, lambda X: -np.sum(Y0 * np.log(A_of(X)))),
    "focal": (
        (-Sum(y[k] * (1 - a[k]) ** gamma * log(a[k]), (k, 1, n)), softmax, [gamma]),
        {"gamma": 2},
        lambda X: -np.sum(Y0 * (1 - A_of(X)) ** 2 * np.log(A_of(X))),
    ),
    "generalised": (
        (Sum(y[k] * (1 - a[k] ** kappa) / kappa, (k, 1, n)), softmax, [kappa]),
        {"kappa": 0.7},
        lambda X: np.sum(Y0 * (1 - A_of(X) ** 0.7) / 0.7),
    ),
    "entropy": (
        (cross + alpha * Sum(a[k] * log(a[k]), (k, 1, n)), softmax, [alpha], H1),
        {"alpha": -0.3},
        lambda X: -np.sum((Y0 + 0.3 * A_of(X)) * np.log(A_of(X))),
    ),
    "smoothing": (
        (-Sum(smooth_labels * log(a[k]), (k, 1, n)), tempered_softmax, [alpha, T], H1),
        {"alpha": 0.1, "T": 2},
        lambda X: -np.sum((0.9 * Y0 + 0.1 / 4) * np.log(A_of(X / 2))),
    ),
    "weights": (
        (-Sum(w[k] * y[k] * log(a[k]), (k, 1, n)), softmax, [w]),
        {"w": W0},
        lambda X: -np.sum(W0[:, None] * Y0 * np.log(A_of(X))),
    ),
    "binary": (
        (-Sum(y[k] * log(a[k]) + (1 - y[k]) * log(1 - a[k]), (k, 1, n)), sigmoid),
        {},
        lambda X: (
            -np.sum(Y0 * np.log(sigmoid_of(X)) + (1 - Y0) * np.log(1 - sigmoid_of(X)))
        ),
    ),
    "binary on softmax": (
        (-Sum(y[k] * log(a[k]) + (1 - y[k]) * log(1 - a[k]), (k, 1, n)),),
        {},
        lambda X: -np.sum(Y0 * np.log(A_of(X)) + (1 - Y0) * np.log(1 - A_of(X))),
    ),
    "logits too": (
        (cross + Sum(z[k] ** 2, (k, 1, n)) / 2,),
        {},
        lambda X: np.sum(X**2 / 2 - Y0 * np.log(A_of(X))),
    ),
    "logits only": (
        (log(Sum(exp(z[k]), (k, 1, n))) - Sum(y[k] * z[k], (k, 1, n)),),
        {},
        lambda X: np.sum(np.log(np.exp(X).sum(axis=0))) - np.sum(Y0 * X),
    ),
    "pairs": (
        (Sum(y[k] * log(Sum(exp(a[l] - a[k]), (l, 1, n))), (k, 1, n)),),
        {},
        lambda X: np.sum(
            Y0 * np.log(np.exp(A_of(X)[:, None] - A_of(X)[None]).sum(axis=0))
        ),
    ),
    "root": (
        (Sum(sqrt((a[k] - y[k]) ** 2 + 1) + tanh(a[k]), (k, 1, n)),),
        {},
        lambda X: np.sum(np.sqrt((A_of(X) - Y0) ** 2 + 1) + np.tanh(A_of(X))),
    ),
}
each = pytest.mark.parametrize("name", WORKED)


@pytest.fixture(scope="module")
def derived():
    return {name: derive(*arguments) for name, (arguments, *_) in WORKED.items()}


class TestWorkedExamples:
    @each
    def test_proved_and_compared_at_points(self, name, derived):
        own = derived[name]
        assert own.verdict and own.verdict.proved and own.verdict.points >= 14
        assert all(step.verdict for step in own.chain.steps)

    @each
    def test_the_function_agrees_with_the_complex_step_of_a_loss_by_hand(
        self, name, derived
    ):
        _, values, by_hand = WORKED[name]
        dZ = derived[name].to_numpy(**values)(Z0, Y0)
        assert dZ.shape == (4, 3)
        assert helpers.gradient_check(dZ, by_hand, Z0)

    @each
    def test_the_loss_is_that_by_hand(self, name, derived):
        _, values, by_hand = WORKED[name]
        losses = derived[name].loss_to_numpy(**values)(Z0, Y0)
        assert losses.shape == (3,)
        assert losses.sum() == pytest.approx(by_hand(Z0), rel=1e-13)

    @each
    def test_the_chain_names_the_chain_rule_and_both_cases(self, name, derived):
        reasons = " ".join(step.reason for step in derived[name].chain.steps)
        if name != "logits only":
            assert all(x in reasons for x in ("chain rule", "i = j", r"i \neq j"))
        assert derived[name].chain.start == Derivative(L, z[j])

    @each
    def test_mutated_formulas_are_refused(self, name, derived):
        own, (_, values, by_hand) = derived[name], WORKED[name]
        for wrong in mutants(own.gradient):
            assert not own.check(wrong), wrong
            assert own.check(wrong).counterexample, wrong
            dZ = own._function(wrong, (j,), values)(Z0, Y0)
            assert not helpers.gradient_check(dZ, by_hand, Z0), wrong


def mutants(formula):
    yield -formula
    yield formula + 1
    yield 2 * formula
    yield formula - y[j] * a[j]
    yield formula.xreplace({y[j]: y[j] / 2})
    if formula.has(a[j]):
        yield formula.xreplace({a[j]: a[j] ** 2})
    for total in formula.atoms(Sum):
        yield formula.xreplace({total: 2 * total})


FORMULAS = {
    "cross-entropy": a[j] * Sum(y[k], (k, 1, n)) - y[j],
    "generalised": a[j] * Sum(a[k] ** kappa * y[k], (k, 1, n)) - a[j] ** kappa * y[j],
    "weights": a[j] * Sum(w[k] * y[k], (k, 1, n)) - w[j] * y[j],
    "binary": a[j] - y[j],
}


@pytest.mark.parametrize("name", FORMULAS)
def test_the_short_formula_is_found(name, derived):
    assert derived[name].gradient == FORMULAS[name]


def test_prediction_minus_target_needs_the_labels_to_sum_to_one():
    assert derive(cross, using=H1).gradient == a[j] - y[j]
    assert not derive(cross).check(a[j] - y[j])


def test_the_focal_factor_held_fixed_is_refused(derived):
    weight = (1 - a[k]) ** gamma
    wrong = a[j] * Sum(weight * y[k], (k, 1, n)) - (1 - a[j]) ** gamma * y[j]
    assert "differs: at n = 2" in derived["focal"].check(wrong).sentence


@pytest.mark.parametrize("letter", [i, j, k, l, c])
def test_any_letter_may_be_bound_in_the_loss(letter):
    loss = -Sum(y[letter] * log(a[letter]), (letter, 1, n))
    assert derive(loss).gradient == a[j] * Sum(y[k], (k, 1, n)) - y[j]


def test_no_attempt_and_text_forms():
    assert repr(derive(...)) == "not attempted yet" and not derive(...)
    own = derive(cross, using=H1)
    assert repr(own).startswith("dL/dz[j] = a[j] - y[j] ")
    assert own._repr_latex_() == own.chain._repr_latex_()
    assert "chain rule" in own.chain.to_markdown()


REFUSED = {
    "captured": (cross * a[k], {}, ValueError, "index k is bound in a sum and also us"),
    "captured in part": (
        Sum(y[k] * log(a[k]) + Sum(a[k], (k, 1, n)), (k, 1, n)),
        {},
        ValueError,
        "the index k is bound twice .* another letter",
    ),
    "free index": (-log(a[c]), {}, ValueError, "the index c is free.*sum over it"),
    "forgotten index": (Sum(a[i], (k, 1, n)), {}, ValueError, "index i is free"),
    "undeclared": (gamma * cross, {}, ValueError, r"pass parameters=\[gamma\]"),
    "undeclared alpha": (alpha * cross, {}, ValueError, r"parameters=\[alpha\]"),
    "undeclared m": (cross / m, {}, ValueError, "m is not declared|m is free"),
    "undeclared S": (cross * S, {}, ValueError, r"parameters=\[S\]"),
    "another n": (
        Sum(a[k], (k, 1, Symbol("n"))),
        {},
        ValueError,
        "not a sum over all classes: .*with the n of derivations.notation",
    ),
    "another k": (a[Symbol("k")] ** 2, {}, ValueError, "prints like the k of the seri"),
    "complex": (I * cross, {}, ValueError, "there is no rule for I"),
    "undeclared array": (Sum(w[k] * a[k], (k, 1, n)), {}, ValueError, r"eters=\[w\]"),
    "another a": (
        Sum(IndexedBase("a", real=True)[k] ** 2, (k, 1, n)),
        {},
        ValueError,
        "prints like the a .* but is another",
    ),
    "function of an index": (
        Sum(y[k] * Function("q")(k), (k, 1, n)),
        {},
        TypeError,
        r'q = IndexedBase\("q", real=True\) and write q\[k\]',
    ),
    "function of an output": (
        Sum(Function("f")(a[k]), (k, 1, n)),
        {},
        TypeError,
        "applied Function",
    ),
    "Abs": (Sum(Abs(a[k] - y[k]), (k, 1, n)), {}, ValueError, "differentiable every"),
    "root of a square": (
        Sum(sqrt((a[k] - y[k]) ** 2), (k, 1, n)),
        {},
        ValueError,
        "Abs.* is not differentiable everywhere: use a smooth function",
    ),
    "Max": (Sum(Max(0, z[k]), (k, 1, n)), {}, ValueError, "not differentiable every"),
    "Min": (Sum(Min(1, z[k]), (k, 1, n)), {}, ValueError, "not differentiable every"),
    "sign": (Sum(sign(z[k]), (k, 1, n)), {}, ValueError, "not differentiable every"),
    "step": (Sum(Heaviside(z[k]), (k, 1, n)), {}, ValueError, "not differentiable ev"),
    "Piecewise": (
        Sum(Piecewise((z[k], z[k] > 0), (0, True)), (k, 1, n)),
        {},
        ValueError,
        "not differentiable everywhere",
    ),
    "pole": (Sum(y[k] / z[k], (k, 1, n)), {}, ValueError, "not known to be positive"),
    "logarithm": (Sum(log(z[k]), (k, 1, n)), {}, ValueError, "not known to be positi"),
    "root of 0": (
        Sum((z[k] ** 2) ** Rational(3, 4), (k, 1, n)),
        {},
        ValueError,
        "not differentiable everywhere",
    ),
    "power of a difference": (
        Sum((a[k] - y[k]) ** gamma, (k, 1, n)),
        {"parameters": [gamma]},
        ValueError,
        "not known to be positive",
    ),
    "no rule": (Sum(erf(a[k]), (k, 1, n)), {}, ValueError, "there is no rule for erf"),
    "derivative": (Derivative(a[k], z[j]), {}, ValueError, "there is no rule for Der"),
    "SumExcept": (SumExcept(a[k], (k, 1, n), j), {}, ValueError, "there is no rule"),
    "part of the classes": (
        Sum(a[k], (k, 1, n - 1)),
        {},
        ValueError,
        "is not a sum over all classes",
    ),
    "class by number": (-log(a[1]), {}, ValueError, "one letter as its index"),
    "no z": (Sum(y[k] ** 2, (k, 1, n)), {}, ValueError, "does not depend on z"),
    "constant": (Sum(a[k], (k, 1, n)), {}, ValueError, "does not depend on z"),
    "number": (3, {}, ValueError, "does not depend on z"),
    "float": (0.5 * cross, {}, ValueError, "only exact, finite numbers"),
    "text": ("Sum(a[k], (k, 1, n))", {}, TypeError, "text is never evaluated"),
    "array": (np.ones(3), {}, TypeError, "expected a SymPy expression"),
    "bare array": (a * 2, {}, ValueError, "is an array: say which entry"),
    "integer parameter": (
        cross,
        {"parameters": [Symbol("g", integer=True)]},
        TypeError,
        "must be declared as a real number",
    ),
    "complex parameter": (
        cross,
        {"parameters": Symbol("beta")},
        TypeError,
        r'Symbol\("beta", positive=True\), or real=True',
    ),
    "parameter as text": (cross, {"parameters": ["b"]}, TypeError, "a parameter is a"),
    "letter of the series": (
        cross,
        {"parameters": [Symbol("q", positive=True)]},
        ValueError,
        "the letter q has a meaning .* another name",
    ),
    "activation no definition": (
        cross,
        {"activation": exp(z[i])},
        TypeError,
        r"an activation is a definition of a\[i\] in z",
    ),
    "activation of y": (
        cross,
        {"activation": Definition(a[i], exp(z[i]) + y[i] ** 2)},
        TypeError,
        "one index and no y",
    ),
    "activation with a corner": (
        cross,
        {"activation": Definition(a[i], Max(0, z[i]))},
        ValueError,
        "not differentiable everywhere",
    ),
    "activation that is negative": (
        cross,
        {"activation": Definition(a[i], tanh(z[i]))},
        ValueError,
        "write the loss in z itself",
    ),
    "activation without z": (
        cross,
        {"activation": Definition(a[i], gamma), "parameters": [gamma]},
        ValueError,
        "does not depend on z",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_what_to_do(name):
    loss, options, error, message = REFUSED[name]
    with pytest.raises(error, match=re.compile(message, re.S)):
        derive(loss, **options)


def test_softplus_outputs():
    softplus = Definition(a[i], log(1 + exp(z[i])))
    own = derive(Sum((a[k] - y[k]) ** 2, (k, 1, n)) / 2, softplus)
    assert own.check((a[j] - y[j]) / (1 + exp(-z[j])))
    judged = own.to_numpy()(Z0, Y0)
    assert helpers.gradient_check(
        judged, lambda X: np.sum((np.log1p(np.exp(X)) - Y0) ** 2) / 2, Z0
    )


class TestUndecided:
    def test_is_never_shown_as_proved(self, monkeypatch):
        monkeypatch.setattr(derivations.proof, "equal_for_every_n", lambda *_: False)
        with pytest.raises(NotDecidedError, match=r"(?s)none is shown.*cannot decide"):
            derive(cross)

    def test_a_wrong_derivative_does_not_get_out(self, monkeypatch):
        right = derivations.own_loss.differentiate
        monkeypatch.setattr(
            derivations.own_loss, "differentiate", lambda f, x: 2 * right(f, x)
        )
        with pytest.raises(NotDecidedError, match="differs: at n = 2"):
            derive(cross)

    def test_another_formula_that_the_normal_form_does_not_cover(self, derived):
        own = derived["generalised"]
        same = own.gradient.xreplace({a[j] ** kappa: exp(kappa * log(a[j]))})
        verdict = own.check(same)
        assert not verdict and "cannot decide" in verdict.sentence


class TestPowersWithSymbolicExponents:
    @pytest.mark.parametrize("base", [a[i], 1 - a[i], gamma])
    def test_one_more_in_the_exponent_is_one_more_factor(self, base):
        for whole in (-2, -1, 1, 2):
            left, right = base ** (kappa + whole), base**kappa * base**whole
            assert check(left, right, [softmax])
            assert not check(left, -right, [softmax])
            assert not check(left, right * base, [softmax])

    def test_inside_a_sum(self):
        left = Sum(y[k] * (1 - a[k]) ** (gamma - 1) * (1 - a[k]), (k, 1, n))
        assert check(left, Sum(y[k] * (1 - a[k]) ** gamma, (k, 1, n)), [softmax])


class TestArrays:
    def test_float32_stays_and_integers_become_floats(self):
        dZ = derive(cross, using=H1).to_numpy()
        assert dZ(Z0.astype(np.float32), Y0.astype(np.float32)).dtype == np.float32
        weighted = derive(*WORKED["weights"][0]).to_numpy(w=W0)
        assert weighted(Z0.astype(np.float32), Y0).dtype == np.float32
        assert dZ(np.array([[1], [2]]), np.array([[1], [0]])).dtype == float

    def test_large_logits_do_not_overflow(self):
        dZ = derive(cross, using=H1).to_numpy()
        found = dZ(np.array([[1000.0], [0.0], [-1000.0]]), np.eye(3)[:, :1])
        assert found.tolist() == [[0.0], [0.0], [0.0]]

    def test_does_not_change_its_input(self):
        Z, Y = Z0.copy(), Y0.copy()
        derive(cross).to_numpy()(Z, Y)[:] = 0
        assert (Z == Z0).all() and (Y == Y0).all()

    def test_deltas_and_sizes(self):
        delta = KroneckerDelta(k, l)
        loss = Sum(Sum(delta * a[k] * a[l] / n, (k, 1, n)), (l, 1, n))
        A = helpers.softmax(Z0)
        own = derive(loss)
        assert np.allclose(own.loss_to_numpy()(Z0, Y0), (A**2).sum(axis=0) / 4)
        judged = own.to_numpy()(Z0, Y0)
        assert helpers.gradient_check(
            judged, lambda X: np.sum(helpers.softmax(X) ** 2) / 4, Z0
        )

    @pytest.mark.parametrize(
        "Z, Y, error, message",
        [
            (Z0, Y0.T, ValueError, r"one shape \(n, m\), got \(4, 3\) and \(3, 4\)"),
            (Z0[:, 0], Y0[:, 0], ValueError, r"got \(4,\) and \(4,\)"),
            (np.empty((0, 3)), np.empty((0, 3)), ValueError, "one shape"),
            ([["1"]], [[1]], TypeError, "must hold numbers"),
            ([[1.0]], [[True]], TypeError, "must hold numbers"),
        ],
    )
    def test_other_arrays_are_refused(self, Z, Y, error, message):
        with pytest.raises(error, match=message):
            derive(cross).to_numpy()(Z, Y)

    def test_parameters_by_name(self):
        focal = derive(*WORKED["focal"][0])
        with pytest.raises(TypeError, match="expected gamma=…, got none"):
            focal.to_numpy()
        with pytest.raises(TypeError, match="expected no parameter, got beta"):
            derive(cross).loss_to_numpy(beta=1)
        weights = derive(*WORKED["weights"][0]).to_numpy(w=[1, 2])
        with pytest.raises(ValueError, match=r"w must have shape \(4,\), got \(2,\)"):
            weights(Z0, Y0)


class TestPlot:
    def figure(self, factor=1):
        own = derive(cross, using=H1)
        dZ = own.to_numpy()
        return helpers.plot_own_loss(
            own.loss_to_numpy(), lambda Z, Y: factor * dZ(Z, Y)
        )

    def test_lines_are_the_formula_and_circles_lie_on_them(self):
        left, right = self.figure().axes
        t, losses = left.lines[0].get_data()
        A = helpers.softmax(np.stack([t, 0 * t, 0 * t + 1]))
        assert np.allclose(losses, -np.log(A[0]))
        entries = np.array([line.get_ydata() for line in right.lines[:3]])
        assert np.allclose(entries, A - np.eye(3)[:, :1])
        for line, circles in zip(right.lines[:3], right.lines[3:6], strict=True):
            assert np.allclose(circles.get_ydata(), line.get_ydata()[::8], atol=1e-8)
        assert left.get_xlabel() and right.get_ylabel() == r"$\partial L/\partial z_j$"

    def test_a_wrong_gradient_leaves_its_circles(self):
        right = self.figure(factor=-1).axes[1]
        measured, drawn = right.lines[3].get_ydata(), right.lines[0].get_ydata()[::8]
        assert np.abs(measured - drawn).max() > 0.1


def test_no_text_is_evaluated_and_numpy_waits_for_arrays():
    source = Path(derivations.own_loss.__file__).read_text()
    assert not re.search(r"\b(eval|exec|lambdify|sympify|parse_expr)\b", source)
    code = "import sys, derivations.own_loss; print('numpy' in sys.modules)"
    assert run(code) == "False\n"


def test_the_formula_is_the_same_in_every_process():
    code = """
from sympy import *
from derivations.notation import *
from derivations.own_loss import derive
gamma = Symbol("gamma", positive=True)
own = derive(-Sum(y[k]*(1 - a[k])**gamma*log(a[k]), (k, 1, n)), parameters=[gamma])
print(own._repr_latex_())
"""
    assert run(code, PYTHONHASHSEED="1") == run(code, PYTHONHASHSEED="2")


def run(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | environment,
        cwd=Path(helpers.__file__).parent,
    ).stdout
