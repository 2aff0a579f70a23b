"""Checks and chains: what is right, what fools no one, and what a chain is."""

import re
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from sympy import (
    Abs,
    Derivative,
    Eq,
    Function,
    Heaviside,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Ne,
    Pow,
    Rational,
    Symbol,
    cos,
    exp,
    factorial,
    log,
    sin,
)

from derivations.letters import *
from derivations.proof import Derivation, StepError, check
from derivations.request.context import context
from derivations.text.printing import text
from derivations.theorems.temperature import class_gradient

delta = KroneckerDelta
WHERE = (softmax, cross_entropy)
total = Sum(y[k], (k, 1, n))


class TestAnswers:
    def test_not_attempted(self):
        verdict = check(..., a[i])
        assert not verdict
        assert repr(verdict) == "not attempted yet"

    def test_numbers_are_expressions(self):
        assert check(1, Sum(a[i], (i, 1, n)), where=[softmax])
        assert str(check(2, 1)) == "differs: yours is 2, the right value is 1"

    def test_a_bound_letter_may_be_anyones(self):
        mine = Symbol("k")
        assert check(Sum(y[mine], (mine, 1, n)), total)

    def test_every_value_is_one_at_which_both_sides_are_defined(self):
        same = Sum(z[k] * delta(k, j), (k, 1, n))
        assert check(1, (z[i] - same) / (z[i] - z[j]))

    def test_one_definition_needs_no_list(self):
        assert check(softmax(i), a[i], where=softmax)
        with pytest.raises(TypeError, match="expected a Definition"):
            check(softmax(i), a[i], where=[H1])


class TestHypotheses:
    def test_a_step_that_needs_h1_and_does_not_name_it(self):
        chain = Derivation(Derivative(L, z[j]), where=WHERE)
        chain = chain.step(a[j] * total - y[j], "by the Jacobian")
        with pytest.raises(StepError) as refusal:
            chain.step(a[j] - y[j], "the labels sum to 1")
        point = refusal.value.verdict.counterexample
        labels = [float(x) for (base, _), x in point.entries.items() if base == y]
        assert len(labels) == point.sizes[n]
        assert sum(labels) != pytest.approx(1)
        assert chain.step(a[j] - y[j], "the labels sum to 1", using=H1).uses == (H1,)

    def test_h1_holds_for_no_later_step(self):
        chain = Derivation(total * z[i]).step(z[i], "Σy = 1", using=H1)
        with pytest.raises(StepError):
            chain.step(total * z[i], "and back, without saying why")

    def test_h1_and_labels_that_are_defined(self):
        assert check(1, total, where=[one_hot])
        assert check(1, total, where=[one_hot], using=H1)
        double = Definition(y[i], 2 * delta(i, c))
        assert not check(1, total, where=[double], using=H1)


slope, weight_slope = Derivative(L, z[j]), Derivative(L, W[j, q])
batch = (mean_loss, example_cross_entropy, batch_softmax)
OF_LOGITS = (A[j, s] - Y[j, s]) / m
OF_WEIGHTS = Sum((A[j, s] - Y[j, s]) * X[q, s], (s, 1, m)) / m
LACKING = {  # answer, question, definitions that hold, what is missing, if they differ
    "H1": (a[j] - y[j], slope, WHERE, [], [H1], True),
    "H1 of a batch": (
        (A[j, s] - Y[j, s]) / m,
        Derivative(J, Z[j, s]),
        batch,
        [],
        [H1],
        True,
    ),
    "H3": (y[j], Abs(y[j]), (), [], [H3], True),
    "H4": (1 - y[j], Abs(1 - y[j]), (), [], [H4], True),
    "two": (total - y[j], Abs(1 - y[j]), (), [], [H1, H3], True),
    "one true class": (a[j] - delta(j, c), slope, WHERE, ["one_hot"], [], True),
    "softmax": (exp(z[i]), a[i] * S, [normaliser], ["softmax"], [], True),
    "a loss": (a[j] - y[j], slope, [softmax], ["cross_entropy"], [H1], False),
    "a layer": (OF_WEIGHTS, Derivative(J, W[j, q]), batch, ["linear"], [H1], False),
    "an example": (
        (a[j] - y[j]) * X[q, s],
        weight_slope,
        (*WHERE, linear),
        ["example_logits"],
        [H1],
        False,
    ),
}


class TestMissing:
    @pytest.mark.parametrize("name", LACKING)
    def test_what_an_answer_lacks_is_proved_and_makes_it_right(self, name):
        answer, question, where, definitions, facts, differs = LACKING[name]
        verdict = check(answer, question, where)
        assert (verdict.mark, bool(verdict)) == ("◐", False)
        assert bool(verdict.counterexample) == differs
        assert verdict.diagnosis is None
        found = verdict.missing
        assert found.is_enough
        assert found.names == (tuple(definitions), tuple(x.name for x in facts))
        known = [one for _, one in found.definitions]
        shown = re.findall(r"definition \w+ \((.+?)\)(?:, if|$)", found.words)
        assert context(shown).where == tuple(known)  # it is read as it is shown
        assert check(answer, question, [*where, *known], found.hypotheses)
        assert verdict.sentence.startswith(f"{found.words}: pass ")
        assert not differs or verdict.row[1].endswith(f"; {found.words}")
        assert found.words.startswith("it is right ")
        # A slip beside it is right with nothing.
        slip = check(2 * answer, question, where)
        assert not slip and not (slip.missing and slip.missing.is_enough)

    def test_the_advice_names_what_is_there_and_what_is_missing(self):
        verdict = check((a[j] - y[j]) * X[q, s], weight_slope, (*WHERE, linear), H3)
        assert verdict.sentence.startswith(
            "it is right with the definition example_logits (z_j := Z_js), if the "
            "labels sum to 1 (H1): pass where=[softmax, cross_entropy, linear, "
            "example_logits], and pass using=[H3, H1]; "
            "without example_logits and H1: cannot decide: "
            "nothing here leads from L to W"
        )

    def test_a_step_says_it_too(self):
        chain = Derivation(slope, where=WHERE).step(a[j] * total - y[j], "by hand")
        with pytest.raises(StepError, match=r"is right if the labels sum to 1 \(H1\)"):
            chain.step(a[j] - y[j], "forgot to say why")

    def test_a_hypothesis_of_the_readers_own_is_tried_where_it_is_known(self):
        zero = Hypothesis("centred", [Sum(z[k], (k, 1, n))], 0)
        claim = Sum(z[k] + 1, (k, 1, n)), n
        assert check(*claim).missing is None
        assert check(*claim, known={"centred": zero}).missing.hypotheses == (zero,)

    def test_nothing_is_tried_with_what_contradicts_the_claim(self):
        minus = Definition(y[i], -exp(z[i]))
        assert check(y[i], Abs(y[i]), where=[minus]).missing is None
        assert check(y[i], 2, using=Hypothesis("two", [total], 2)).missing is None


class TestUnconnected:
    """A derivative that is 0 because no definition leads to its variable."""

    @pytest.mark.parametrize(
        ("answer", "question", "where", "words"),
        [
            (
                1,
                slope,
                [softmax],
                "from L to z.* L has no definition here, and z stands",
            ),
            (
                y[j] - a[j],
                weight_slope,
                (*WHERE, linear),
                "from L to W.* L is made of y and z, and W stands in the definition "
                "of Z; perhaps you need the definition example_logits",
            ),
            (
                (a[j] - y[j]) * alpha + alpha * W[j, q],
                weight_slope + alpha * W[j, q],
                (*WHERE, linear),
                "from L to W",
            ),
            (1, Derivative(-log(a[c]), b[j]), [softmax], r"from -log\(a\[c\]\) to b"),
            (a[i], Derivative(a[i], S), [softmax], "from a to S"),
        ],
    )
    def test_is_asked_about_where_the_answer_is_not_0(
        self, answer, question, where, words
    ):
        for sides in ((answer, question), (question, answer)):
            verdict = check(*sides, where)
            assert (verdict.mark, verdict.counterexample) == ("?", None)
            assert re.match(
                f"cannot decide: nothing here leads .*{words}", verdict.sentence
            )
        assert "right value" not in verdict.sentence

    @pytest.mark.parametrize(
        ("question", "where"),
        [
            (Derivative(y[i], z[j]), ()),
            (Derivative(a[i], W[j, q]), [softmax]),
            (weight_slope, (*WHERE, linear)),
            (Derivative(alpha * y[i], z[j], z[k]), ()),
        ],
    )
    def test_a_true_0_is_right(self, question, where):
        assert check(0, question, where)

    def test_another_derivative_is_wrong_with_its_value(self):
        for answer, question, where in (
            (1, Derivative(y[i], z[j]), ()),  # labels are given
            (1, Derivative(W[j, q] * y[i], z[k]), ()),
            (1, Derivative(z[i], z[j]), ()),
            (1, Derivative(L, a[i]), WHERE),
            (1, Derivative(S, S), [normaliser]),
            (1, Derivative(J, Z[j, s]), batch),
        ):
            assert check(answer + z[i], question, where).mark == "✗"


ratio = (1 - total) / (1 - Sum(y[i], (i, 1, n)))
FALSE = {
    "one term of a hidden 0/0": (z[i], z[i] * ratio, {"using": H1}),
    "over zero": (a[i], a[i] / (1 - total), {"using": H1}),
    "0/0 in a softmax": (
        2 * (1 - Sum(a[k], (k, 1, n))) / (1 - Sum(a[i], (i, 1, n))),
        3,
        {"where": [softmax]},
    ),
    "zero to a negative power": (1 / delta(i, j), delta(i, j), {}),
    "log of 0": (delta(i, j) * log(delta(i, j)), 0, {}),
    "zero times infinity": (Mul(0, Pow(0, -1, evaluate=False), evaluate=False), 0, {}),
    "maximum of complex numbers": (Max(alpha, log(z[i] ** 3)), alpha, {}),
    "too small to see": (a[i], a[i] + Rational(1, 10**60) * z[i], {}),
    "0 at n = 2 to 5": (z[i] * (n - 2) * (n - 3) * (n - 4) * (n - 5), 0, {}),
    "(-1)^n": ((-1) ** n, 1, {}),
    "0^(n-2)": (Pow(0, n - 2, evaluate=False), 0, {}),
    "a power of a product": ((z[i] * z[j]) ** alpha, z[i] ** alpha * z[j] ** alpha, {}),
    "a sum of 200000 terms": (Sum(z[k], (k, 1, 200000)), alpha, {}),
    "a captured bound index": (
        Derivative(Sum(exp(z[k]), (k, 1, n)), z[k]),
        Sum(exp(z[k]), (k, 1, n)),
        {},
    ),
    "deltas of two ranges": (delta(i, s) * z[i], 0, {}),
}


class TestFalseEqualities:
    @pytest.mark.parametrize("name", FALSE)
    def test_is_refused_in_words(self, name):
        left, right, context = FALSE[name]
        verdict = check(left, Integer(0) + right, **context)
        assert not verdict
        assert re.match("differs: |cannot decide: |the two checks", verdict.sentence)

    def test_evidence_is_what_was_tried(self):
        for left, right in ((log(z[i]), log(z[i])), (log(z[i] ** 2), 2 * log(z[i]))):
            verdict = check(left, right)
            told = f"{verdict.points} points with n = 2, 3, 4, 5, 7; log(z[i]) has no"
            assert f"{told} value at {verdict.undefined})" in verdict.sentence

    def test_a_logarithm_of_one_hot_labels_is_named(self):
        for part in (log(y[k]), log(y[k] / a[k])):
            loss = Definition(L, Sum(y[k] * (part - log(a[k])), (k, 1, n)))
            slope = Derivative(L, z[j])
            hard = check(a[j], slope, [softmax, loss, one_hot])
            assert f"{part} has no value with one-hot labels" in hard.hint
            assert "one-hot" not in check(a[j], slope, [softmax, loss]).sentence
        safe = Definition(L, Sum(y[k] * log(1 + y[k]) * a[k], (k, 1, n)))
        verdict = check(a[j], Derivative(L, z[j]), [softmax, safe, one_hot])
        assert verdict.counterexample and "one-hot" not in verdict.sentence

    def test_a_value_that_is_not_there(self):
        verdict = check(a[i] / (1 - total), a[i], using=H1)
        assert not verdict and "both defined at none of the points" in verdict.sentence

    @pytest.mark.parametrize(
        "true",
        [
            sin(2 * alpha) - 2 * sin(alpha) * cos(alpha),
            Max(alpha, 0) + Min(alpha, 0) - alpha,
            Sum((-1) ** k, (k, 1, n)) - ((-1) ** n - 1) / 2,
        ],
    )
    def test_true_and_undecided_is_refused(self, true):
        verdict = check(true, 0)
        assert verdict.counterexample is None
        assert verdict.points > 0
        assert "cannot decide" in verdict.sentence
        assert "no counterexample was found (the two sides agree" in verdict.sentence
        assert f"at all {verdict.points} points" in verdict.sentence
        with pytest.raises(StepError, match="no counterexample was found"):
            Derivation(true).step(0, "it is zero")

    @pytest.mark.parametrize(
        "unknown", [Function("f")(z[i]), factorial(n), Heaviside(alpha)]
    )
    def test_undecidable_is_a_verdict(self, unknown):
        verdict = check(unknown, unknown)
        assert not verdict
        assert "cannot decide: no numbers are known for the function" in str(verdict)
        assert "no point was compared" in verdict.sentence


class TestChains:
    slope = Derivation(Derivative(a[i], z[j]), where=[softmax])
    right = a[i] * (delta(i, j) - a[j])

    def test_a_refusal_says_everything(self):
        chain = self.slope.step(a[i] * (delta(i, j) - a[j]), "both cases")
        with pytest.raises(StepError) as refusal:
            chain.step(a[i] * (1 - a[j]), "a slip")
        error, point = refusal.value, refusal.value.verdict.counterexample
        assert error.number == 2
        assert (error.left, error.right) == (chain.result, a[i] * (1 - a[j]))
        assert point.sizes[n] in range(2, 6)
        assert point.indices[i] != point.indices[j]
        numbers = [float(point.entries[z, (x,)]) for x in range(1, point.sizes[n] + 1)]
        A = np.exp(numbers) / np.exp(numbers).sum()
        a_i, a_j = A[point.indices[i] - 1], A[point.indices[j] - 1]
        assert float(point.left) == pytest.approx(-a_i * a_j)
        assert float(point.right) == pytest.approx(a_i * (1 - a_j))
        message = str(error)
        for part in (
            "step 2 (a slip) is refused",
            f"left:  {text(error.left)}",
            f"right: {text(error.right)}",
            f"n = {point.sizes[n]}",
            f"i = {point.indices[i]}",
            f"j = {point.indices[j]}",
            "z = (" + ", ".join(f"{x:.4g}" for x in numbers) + ")",
            f"{point.left:.6g}",
            f"{point.right:.6g}",
        ):
            assert part in message

    @pytest.mark.parametrize("reason", ["", "  ", None, 3])
    def test_a_reason_is_in_words(self, reason):
        with pytest.raises(ValueError, match="a step needs a reason in words"):
            self.slope.step(a[i] * (delta(i, j) - a[j]), reason)

    def test_a_chain_never_changes(self):
        before = repr(self.slope)
        longer = self.slope.step(a[i] * (delta(i, j) - a[j]), "both cases")
        assert repr(self.slope) == before
        assert self.slope.steps == ()
        assert isinstance(longer.steps, tuple)
        assert longer.statement == Eq(longer.start, longer.result, evaluate=False)
        with pytest.raises(AttributeError):
            longer.steps[0].right = a[i]
        with pytest.raises(AttributeError):
            longer.steps[0].verdict.proved = True

    def test_a_start_is_checked_too(self):
        for start, error in (("a[i]", TypeError), (Symbol("L"), ValueError)):
            with pytest.raises(error):
                Derivation(start)

    def test_a_step_ignores_what_other_chains_assume(self):
        with pytest.raises(StepError):
            Derivation(Derivative(a[i], z[j])).step(-a[i] * a[j], "no case, no softmax")

    def test_only_step_makes_steps(self):
        longer = self.slope.step(self.right, "both cases")
        with pytest.raises(TypeError, match="steps"):
            Derivation(longer.start, longer.where, longer.case, steps=longer.steps)
        with pytest.raises(TypeError, match="positional argument"):
            Derivation(longer.start, longer.where, longer.case, longer.steps)
        with pytest.raises((TypeError, ValueError), match="steps"):
            replace(longer, steps=longer.steps)
        other = replace(longer, start=Derivative(a[j], z[i]))
        assert other.steps == ()

    @pytest.mark.parametrize("name", ["start", "where", "case", "steps"])
    def test_nothing_of_a_chain_is_assigned(self, name):
        with pytest.raises(FrozenInstanceError):
            setattr(self.slope, name, getattr(self.slope, name))


class TestEqualChains:
    """A chain is its text, reasons and conditions included, and its verdicts."""

    def chain(self, reason="why", using=(), where=(softmax,), case=None):
        chain = Derivation(Derivative(a[i], z[j]), where, case)
        return chain.step(a[i] * (delta(i, j) - a[j]), reason, using)

    def test_made_twice(self):
        first, second = self.chain(), self.chain()
        assert first is not second
        assert first == second
        assert hash(first) == hash(second)
        assert self.chain(where=softmax) == first

    @pytest.mark.parametrize(
        "other",
        [
            {"reason": "why not"},
            {"using": H1},
            {"where": [softmax, cross_entropy]},
            {"case": Ne(i, j)},
        ],
    )
    def test_different_in_one_thing(self, other):
        assert self.chain() != self.chain(**other)
        assert self.chain(**other) == self.chain(**other)

    def test_one_line_more_or_another_line(self):
        first = self.chain()
        last = delta(i, j) * a[i] - a[i] * a[j]
        assert first != first.step(last, "multiply out")
        begun = Derivation(first.start, first.where)
        assert begun != first
        assert begun.step(last, "why") != first


def test_the_order_matters_where_the_jacobian_is_not_symmetric():
    """With a temperature per class da @ J is right, and J @ da is wrong."""
    chain = class_gradient()
    da_dz, da = Derivative(a[i], z[j]), Derivative(L, a[i])
    right = check(Sum(da * da_dz, (i, 1, n)), chain.start, chain.where)
    assert right and right.hint.endswith("with J[i, j] = ∂a_i/∂z_j")
    exchanged = Sum(da * Derivative(a[j], z[i]), (i, 1, n))
    wrong = check(exchanged, chain.start, chain.where)
    assert wrong.counterexample
    assert wrong.hint.startswith("the order is J @ da; the chain rule is Jᵀ da")
