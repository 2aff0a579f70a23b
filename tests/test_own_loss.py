"""A reader's own loss: derived line by line, judged, and never shown unproved.

The table tests/losses.txt has losses from the literature; what no text can say is here.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sympy import Abs, Add, Max, Min, Piecewise, Product, sqrt

import helpers
from derivations import deciding
from derivations.letters import *
from derivations.loss import lines, to_numpy
from derivations.loss.compiled.compiling import Compiler, Way
from derivations.loss.deriving import NotDecidedError, derive
from derivations.loss.domain import denominators
from derivations.request.context import context
from derivations.request.losses import own_loss
from derivations.text.unicode import unicode
from tests import conftest as plain
from tests.losses import LOSSES, derived

gamma, rho = (Symbol(name, positive=True) for name in ("gamma", "rho"))
w = IndexedBase("w", positive=True)
mask = IndexedBase("mask", nonnegative=True)
over = (k, 1, n)
cross = -Sum(y[k] * log(a[k]), over)

rng = np.random.default_rng(12)
Z0 = rng.standard_normal((4, 3))
Y0 = plain.softmax(rng.standard_normal((4, 3)))
W0 = np.array([0.5, 1.0, 2.0, 0.25])
A_of = plain.softmax


def sigmoid_of(X):
    return 1 / (1 + np.exp(-X))


def masked():
    """The masked loss, whose parameter is 0 or more."""
    loss = Sum(y[k] * (log(Sum(mask[l] * exp(z[l]), (l, 1, n))) - z[k]), over)
    return derive(loss, parameters=[mask], using=H1)


def test_most_are_derived():
    assert len(LOSSES) >= 55


NO_SLOPE = "not differentiable everywhere: use a smooth function"
REFUSED = {
    "hinge": (Max(0, 1 - y[k] * z[k]), NO_SLOPE),
    "Huber": (Piecewise((z[k] ** 2, Eq(z[k], 0)), (Abs(z[k]), True)), NO_SLOPE),
    "product": (1 - Product(a[l], (l, 1, n)), "there is no rule for Product"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused_with_what_to_write(name):
    term, words = REFUSED[name]
    with pytest.raises((ValueError, NotDecidedError), match=words):
        derive(Sum(term, over))


@pytest.mark.parametrize("more", ["0", "1", "s"])
def test_what_sums_to_1_is_known_before_it_is_asked_whether_labels_are_negative(more):
    """Σ a is 1 of a softmax, and Σ y with H1: their sum is 2, and never 0."""
    loss = f"1 - (2*sum_k a_k y_k + {more})/(sum_k a_k + sum_k y_k + {more})"
    given = loss, "softmax", [("s", "positive")] * (more == "s")
    own = own_loss(*given, ["H1"])
    assert own.verdict and own.facts == (H1,)
    assert denominators(own) == []
    with pytest.raises(ValueError, match="pass using=H3"):
        own_loss(*given)


def test_an_exponential_of_a_sum_stays_one():
    """SymPy's cancel makes a product of it, which a reader has not written."""
    likelihood = exp(Sum(y[k] * log(a[k]), over))
    assert derive(likelihood, using=H1).gradient == (y[j] - a[j]) * likelihood


def test_what_cannot_be_decided_is_said():
    words = re.compile("cannot decide the gradient of .*or derive it by hand", re.S)
    with pytest.raises(NotDecidedError, match=words):
        derive(
            Sum(1 / sqrt(1 + Add(*(1 / sqrt(x + a[k]) for x in (1, 2, 3, 4)))), over)
        )


OF_SHARES = """\
-Sum(y[k]*log(1 - a[k]), (k, 1, n))
Sum(log(a[k]/(1 - a[k])), (k, 1, n))
-log(Sum(a[k]*(1 - a[k]), (k, 1, n)))""".splitlines()
TOPS = ("exp(23/(1 + exp(-(z[i] + 1))))", "(1 + z[i] + z[i]**2/2)", "exp(tanh(z[i]))")


@pytest.mark.parametrize(("loss", "top"), [*zip(OF_SHARES, TOPS, strict=True)])
def test_a_share_is_one_whatever_stands_inside(loss, top):
    """1 − a_k is the share of the others, which is all that the losses speak of."""
    own = own_loss(loss, f"{top}/Sum({top.replace('i]', 'k]')}, (k, 1, n))")
    assert own.verdict and own.gradient.has(a[j])
    assert own.check(-own.gradient).mark == "✗"


# The values of parameters, and the loss once more in NumPy, by hand.
WORKED = {
    "cross-entropy, any labels": ({}, lambda X: -np.sum(Y0 * np.log(A_of(X)))),
    "focal (Lin 2017)": (
        {"gamma": 2},
        lambda X: -np.sum(Y0 * (1 - A_of(X)) ** 2 * np.log(A_of(X))),
    ),
    "generalised cross-entropy (Zhang 2018)": (
        {"rho": 0.7},
        lambda X: np.sum(Y0 * (1 - A_of(X) ** 0.7) / 0.7),
    ),
    "confidence penalty (Pereyra 2017)": (
        {"alpha": -0.3},
        lambda X: -np.sum((Y0 + 0.3 * A_of(X)) * np.log(A_of(X))),
    ),
    "label smoothing (Szegedy 2016)": (
        {"epsilon": 0.1},
        lambda X: -np.sum((0.9 * Y0 + 0.1 / 4) * np.log(A_of(X))),
    ),
    "temperature (Hinton 2015)": (
        {"T": 2},
        lambda X: -np.sum(Y0 * np.log(A_of(X / 2))),
    ),
    "class weights": (
        {"w": W0},
        lambda X: -np.sum(W0[:, None] * Y0 * np.log(A_of(X))),
    ),
    "binary cross-entropy of sigmoids": (
        {},
        lambda X: (
            -np.sum(Y0 * np.log(sigmoid_of(X)) + (1 - Y0) * np.log(1 - sigmoid_of(X)))
        ),
    ),
    "binary cross-entropy on a softmax": (
        {},
        lambda X: -np.sum(Y0 * np.log(A_of(X)) + (1 - Y0) * np.log(1 - A_of(X))),
    ),
    "logit penalty": (
        {"alpha": 0.5},
        lambda X: np.sum(X**2 / 2 - Y0 * np.log(A_of(X))),
    ),
    "from the logits": (
        {},
        lambda X: np.sum(np.log(np.exp(X).sum(axis=0))) - np.sum(Y0 * X),
    ),
    "pairs of outputs": (
        {},
        lambda X: np.sum(
            Y0 * np.log(np.exp(A_of(X)[:, None] - A_of(X)[None]).sum(axis=0))
        ),
    ),
    "roots and tanh": (
        {},
        lambda X: np.sum(np.sqrt((A_of(X) - Y0) ** 2 + 1) + np.tanh(A_of(X))),
    ),
}


@pytest.mark.parametrize("name", [*WORKED, "masked softmax, mask of 0 and 1"])
def test_its_gradient_is_that_of_its_numbers(name):
    """In this room, and in the text to paste; by the complex step of each loss."""
    own = derived(name) if name in WORKED else masked()
    given = {
        str(one): np.linspace(0.2, 0.9, 4) if isinstance(one, IndexedBase) else 0.7
        for one in own.parameters
    }
    pasted = {}
    exec(compile(own.source(), "pasted", "exec"), pasted)
    for Z, Y in ((Z0, Y0), (3 * Z0[:, :2], Y0[:, 1:])):
        loss, dZ = pasted["loss_and_gradient"](Z, Y, **given)
        np.testing.assert_allclose(own.loss_to_numpy(**given)(Z, Y), loss, rtol=1e-12)
        np.testing.assert_allclose(
            own.to_numpy(**given)(Z, Y), dZ, rtol=1e-10, atol=1e-14
        )

        def total(Z, Y=Y):
            return pasted["loss_and_gradient"](Z, Y, **given)[0].sum()

        assert helpers.gradient_check(dZ, total, Z)


@pytest.mark.parametrize("name", WORKED)
def test_numbers_are_those_by_hand_and_mutated_formulas_are_refused(name, monkeypatch):
    monkeypatch.setattr(deciding, "_diagnosis", lambda *_: None)  # nobody asks why
    own, (values, by_hand) = derived(name), WORKED[name]
    dZ, losses = (f(**values)(Z0, Y0) for f in (own.to_numpy, own.loss_to_numpy))
    assert (dZ.shape, losses.shape) == ((4, 3), (3,))
    assert helpers.gradient_check(dZ, by_hand, Z0)
    assert losses.sum() == pytest.approx(by_hand(Z0), rel=1e-13)
    for wrong in mutants(own.gradient):
        verdict = own.check(wrong)
        assert not verdict and verdict.counterexample, wrong
        formulas = {"loss": (own.loss, ()), "gradient": (wrong, (j,))}
        ways = {name: (*one, Way.WITH_ATOMS) for name, one in formulas.items()}
        program = Compiler(own).program(**ways)
        dZ = to_numpy.function(own, program, "gradient", values)(Z0, Y0)
        assert not helpers.gradient_check(dZ, by_hand, Z0), wrong


def test_a_loss_that_is_asked_about_again_is_not_derived_again():
    given = "-Sum(y[k]*log(a[k])*w[k], (k, 1, n))", "softmax", [("w[k]", "positive")]
    own = own_loss(*given)
    assert own_loss(*given) is own
    assert own_loss(*given, ["H1"]) is not own
    real = [("w[k]", "real")]
    assert own_loss(*given[:2], real).parameters != own.parameters


@pytest.mark.parametrize("name", WORKED)
def test_the_chain_is_proved_and_names_the_chain_rule_and_both_cases(name):
    own = derived(name)
    assert own.verdict and own.verdict.proved and own.verdict.points >= 14
    assert all(step.verdict for step in own.chain.steps)
    reasons = " ".join(step.reason for step in own.chain.steps)
    if name != "from the logits":
        assert all(x in reasons for x in ("chain rule", "i = j", r"i \neq j"))
    assert own.chain.start == Derivative(L, z[j])


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
    "cross-entropy, any labels": a[j] * Sum(y[k], over) - y[j],
    "generalised cross-entropy (Zhang 2018)": (
        a[j] * Sum(a[k] ** rho * y[k], over) - a[j] ** rho * y[j]
    ),
    "class weights": a[j] * Sum(w[k] * y[k], over) - w[j] * y[j],
    "binary cross-entropy of sigmoids": a[j] - y[j],
}


def test_a_denominator_that_is_squared_is_not_multiplied_out():
    """Multiplied out, that of Tversky is too long for a proof."""
    own, total = derived("Tversky with letters"), Sum(a[k] * y[k], over)
    one, other = own.parameters
    below = one + other + total - one * total - other * total
    assert own.gradient == (one + other) * (total - y[j]) * a[j] / below**2


def test_labels_are_named_on_each_line_that_needs_them():
    """No power q in 0..1 has a value where labels may be negative."""
    loss = "(1 - Sum(a[k]*y[k], (k, 1, n))**q)/q"
    own = own_loss(loss, parameters=[("q", "0..1")], using=["H3"])
    assert [x.using for x in own.chain.steps[:2]] == [(H3,)] * 2


@pytest.mark.parametrize("name", FORMULAS)
def test_the_short_formula_is_found(name):
    assert derived(name).gradient == FORMULAS[name]


def test_prediction_minus_target_needs_the_labels_to_sum_to_one():
    assert derive(cross, using=H1).gradient == a[j] - y[j]
    assert not derive(cross).check(a[j] - y[j])


@pytest.mark.parametrize(
    ("term", "needed"), [(y[k] * exp(z[k]), H3), ((1 - y[k]) * exp(z[k]), H4)]
)
def test_labels_have_the_range_that_keeps_the_loss_smooth(term, needed):
    loss = log(1 + Sum(term, over))
    with pytest.raises(ValueError, match=f"^pass using={needed.name}: .* negative"):
        derive(loss)
    for given, used in (([needed], needed), ([H1, H3, H4], needed), ([H4], H4)):
        chain = derive(loss, using=given).chain
        assert [fact for fact in chain.uses if fact.ranges] == [used]
        assert used in chain.steps[0].using


def test_the_focal_factor_held_fixed_is_refused():
    weight = (1 - a[k]) ** gamma
    wrong = a[j] * Sum(weight * y[k], (k, 1, n)) - (1 - a[j]) ** gamma * y[j]
    assert "differs: at n = 2" in derived("focal (Lin 2017)").check(wrong).sentence


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
        monkeypatch.setattr(deciding, "is_proved_for_every_n", lambda claim: False)
        with pytest.raises(NotDecidedError, match=r"(?s)none is shown.*cannot decide"):
            derive(cross)

    def test_a_wrong_derivative_does_not_get_out(self, monkeypatch):
        right = lines.differentiate
        monkeypatch.setattr(lines, "differentiate", lambda f, x: 2 * right(f, x))
        with pytest.raises(NotDecidedError, match="differs: at n = 2"):
            derive(cross)

    def test_another_formula_that_the_normal_form_does_not_cover(self):
        own = derived("generalised cross-entropy (Zhang 2018)")
        same = own.gradient * (1 + Max(alpha, 0) + Min(alpha, 0) - alpha)
        verdict = own.check(same)
        assert not verdict and "cannot decide" in verdict.sentence

    def test_another_formula_that_is_right(self):
        own = derived("generalised cross-entropy (Zhang 2018)")
        assert own.check(own.gradient.xreplace({a[j] ** rho: exp(rho * log(a[j]))}))


def test_the_formula_is_the_same_in_every_process():
    code = """
from sympy import *
from derivations.letters import *
from derivations.loss.deriving import derive
gamma = Symbol("gamma", positive=True)
own = derive(-Sum(y[k]*(1 - a[k])**gamma*log(a[k]), (k, 1, n)), parameters=[gamma])
import sys
sys.stdout.reconfigure(encoding="utf-8")
print(own._repr_markdown_())
"""
    here = os.environ.get("PYTHONHASHSEED")
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        env=os.environ | {"PYTHONHASHSEED": "2" if here == "1" else "1"},
        cwd=Path(helpers.__file__).parent,
    )
    assert done.stdout.strip() == derived("focal (Lin 2017)")._repr_markdown_().strip()


def test_one_fraction_for_each_denominator():
    """(1 - y)/(1 - a), where SymPy would write y/(a - 1) - 1/(a - 1)."""
    shown = derived("binary cross-entropy of sigmoids")._repr_markdown_()
    assert r"\frac{1 - y_{j}}{1 - a_{j}} - \frac{y_{j}}{a_{j}}" in shown


@pytest.mark.parametrize("loss", ["-log(a[1])", "1 - a[2] + Sum(a[k]**2, (k, 1, n))"])
def test_what_to_write_for_a_numbered_class_is_derived(loss):
    with pytest.raises(ValueError, match="one numbered class") as refused:
        own_loss(loss)
    written = re.search("as in (.*), where y is 1", str(refused.value))[1]
    class_ = int(re.search(r"a\[(\d)\]", loss)[1]) - 1
    losses = own_loss(written).loss_to_numpy()(Z0, np.eye(4)[:, [class_] * 3])
    A = A_of(Z0)
    right = {0: -np.log(A[0]), 1: 1 - A[1] + (A**2).sum(axis=0)}[class_]
    np.testing.assert_allclose(losses, right)


TEACHER = [("T", "positive"), ("t[k]", "real"), ("alpha", "0..1")]
KL = "T^2 Σ_k softmax(t/T)_k log(softmax(t/T)_k/softmax(z/T)_k)"
SHORT = "softmax(z/T)_j − softmax(t/T)_j"


@pytest.mark.parametrize(
    ("loss", "gradient", "used"),
    [
        (KL, f"T ({SHORT})", []),
        (
            f"-(1 - alpha) Σ_k y_k log a_k + alpha {KL}",
            f"T α ({SHORT}) + (1 − α) (a_j − y_j)",
            ["H1"],
        ),
        (
            "-Σ_k y_k (1 - a_k)^2 log a_k",
            "y_j (1 − a_j) (2 a_j log a_j + a_j − 1) "
            "+ a_j Σ_k y_k (1 − a_k) (1 − 2 a_k log a_k − a_k)",
            [],
        ),
    ],
)
def test_a_gradient_ends_in_the_form_that_people_know(loss, gradient, used):
    own = own_loss(loss, parameters=TEACHER[: 3 * ("T" in loss)], using=["H1"])
    assert unicode(own.gradient) == gradient
    assert [fact.name for fact in own.chain.uses] == used
    names = {str(one.base) for one in own.softmaxes}
    assert names == ({"softmax(z/T)", "softmax(t/T)"} if "T" in loss else set())
    typed = context(parameters=TEACHER).read("", gradient)  # it is read back
    assert own.check(typed)
    assert not own.check(typed + 1)
