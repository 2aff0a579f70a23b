"""A reader's own loss: derived line by line, judged, and never shown unproved."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sympy import Derivative, IndexedBase, Max, Min, Symbol, exp, log, sqrt, tanh

import helpers
from derivations import proof
from derivations.letters import (
    H1,
    Definition,
    L,
    Sum,
    a,
    alpha,
    c,
    i,
    j,
    k,
    l,
    n,
    softmax,
    y,
    z,
)
from derivations.loss import deriving
from derivations.loss.deriving import NotDecidedError, derive
from derivations.theorems.temperature import T, tempered_softmax
from tests import conftest as plain

gamma = Symbol("gamma", positive=True)
kappa = Symbol("kappa", positive=True)
w = IndexedBase("w", positive=True)
sigmoid = Definition(a[i], 1 / (1 + exp(-z[i])))

rng = np.random.default_rng(12)
Z0 = rng.standard_normal((4, 3))
Y0 = plain.softmax(rng.standard_normal((4, 3)))
W0 = np.array([0.5, 1.0, 2.0, 0.25])

cross = -Sum(y[k] * log(a[k]), (k, 1, n))
smooth_labels = (1 - alpha) * y[k] + alpha / n
A_of = plain.softmax


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
        own = derived[name]
        _, values, by_hand = WORKED[name]
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
    assert own._repr_markdown_() == own.chain._repr_markdown_()
    assert "chain rule" in own.chain.to_markdown()


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
        monkeypatch.setattr(proof, "is_proved_for_every_n", lambda claim: False)
        with pytest.raises(NotDecidedError, match=r"(?s)none is shown.*cannot decide"):
            derive(cross)

    def test_a_wrong_derivative_does_not_get_out(self, monkeypatch):
        right = deriving.differentiate
        monkeypatch.setattr(deriving, "differentiate", lambda f, x: 2 * right(f, x))
        with pytest.raises(NotDecidedError, match="differs: at n = 2"):
            derive(cross)

    def test_another_formula_that_the_normal_form_does_not_cover(self, derived):
        own = derived["generalised"]
        same = own.gradient * (1 + Max(alpha, 0) + Min(alpha, 0) - alpha)
        verdict = own.check(same)
        assert not verdict and "cannot decide" in verdict.sentence

    def test_another_formula_that_is_right(self, derived):
        own = derived["generalised"]
        assert own.check(own.gradient.xreplace({a[j] ** kappa: exp(kappa * log(a[j]))}))


def test_no_text_is_evaluated():
    rooms = Path(deriving.__file__).parent.glob("*.py")
    evaluated = r"(?<!\bre\.)\b(eval|exec|lambdify|parse_expr|compile)\("
    assert not [room for room in rooms if re.search(evaluated, room.read_text())]
    source = Path(deriving.__file__).read_text()
    assert not re.search(r"\b(eval|exec|lambdify|sympify|parse_expr)\b", source)


def test_the_formula_is_the_same_in_every_process():
    code = """
from sympy import *
from derivations.letters import *
from derivations.loss.deriving import derive
gamma = Symbol("gamma", positive=True)
own = derive(-Sum(y[k]*(1 - a[k])**gamma*log(a[k]), (k, 1, n)), parameters=[gamma])
print(own._repr_markdown_())
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


def test_one_fraction_for_each_denominator():
    """(1 - y)/(1 - a), where SymPy would write y/(a - 1) - 1/(a - 1)."""
    loss = -Sum(y[k] * log(a[k]) + (1 - y[k]) * log(1 - a[k]), (k, 1, n))
    found = derive(loss, sigmoid)._repr_markdown_()
    assert r"\frac{1 - y_{j}}{1 - a_{j}} - \frac{y_{j}}{a_{j}}" in found
