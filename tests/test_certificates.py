"""The files for Rocq are what the exporter writes, and it writes what a claim says.

Rocq itself is not needed here: `make certify` asks it.
"""

import re
from dataclasses import replace

import pytest
from sympy import Abs, Max, Piecewise, Product, cosh, sin, sqrt, tanh

from certificates.export import ROOM, define, file, in_library, names
from certificates.gallina import Writer
from certificates.layout import WIDTH
from certificates.naming import CannotExportError, Names
from certificates.section import Section
from derivations.letters import *
from derivations.proof import Derivation, Step
from derivations.theorems import TOPICS, catalogue

LAYER = softmax, cross_entropy
BATCH = batch_softmax, example_cross_entropy, mean_loss


def written(expr, *where):
    """An expression in Gallina, where definitions hold."""
    return str(Writer({x: names()[x] for x in where})(expr))


def chain(start, *steps, where=(), case=None):
    """A chain as it is given, whether it is true or not: no judge is asked."""
    whole = Derivation(start, where, case)
    lines = [Step(right, "a reason", using, None) for right, using in steps]
    whole._set("steps", tuple(lines))
    return whole


def text(*args, **options):
    return Section("own", chain(*args, **options), names()).text


class TestFiles:
    @pytest.mark.parametrize("topic", TOPICS)
    def test_is_what_the_exporter_writes_today(self, topic):
        """Where this fails: make certificates."""
        assert (ROOM / f"{topic}.v").read_text(encoding="utf-8") == file(topic)

    def test_every_theorem_and_every_step_is_there(self):
        for name, derive in catalogue().items():
            topic, own = name.split(".")
            text = (ROOM / f"{topic}.v").read_text(encoding="utf-8")
            steps = re.findall(rf"^Lemma {own}_(\d+) :", text, re.M)
            assert [int(x) for x in steps] == [*range(1, len(derive().steps) + 1)]
            assert len(re.findall(rf"^Theorem {own} :", text, re.M)) == 1

    def test_no_other_file_is_there(self):
        hand_written = {"Library", "refused"}
        assert {x.stem for x in ROOM.glob("*.v")} <= {*TOPICS} | hand_written

    def test_the_library_has_the_definitions_of_the_letters(self):
        text = (ROOM / "Library.v").read_text(encoding="utf-8")
        for one in in_library():
            assert f"\n{define(one)}\n" in text
        head = text[: text.index("(* ---- 2.")]
        assert len(re.findall("^Definition", head, re.M)) == 10 + len(in_library())

    def test_lines_can_be_read(self):
        for path in ROOM.glob("*.v"):
            lines = path.read_text(encoding="utf-8").splitlines()
            assert max(map(len, lines)) < 100 and WIDTH < 100, path.name


class TestExpressions:
    @pytest.mark.parametrize(
        ("expr", "expected"),
        [
            (a[j] - y[j], "a j - y j"),
            (-y[i] / a[i], "- (y i / a i)"),
            (a[i] * (delta - a[j]), "a i * (delta i j - a j)"),
            (times(-y[i] / a[i], a[i]), "(- (y i / a i)) * a i"),
            ((A[i, s] - Y[i, s]) / m, "(A i s - Y i s) / INR m"),
            (-z[i] - y[i], "- y i - z i"),
            (2 * z[i] / 3 - C, "2 * z i / 3 - C"),
            (1 / (n * a[i]), "1 / (INR n * a i)"),
            (z[i] ** 2 / S**2, "z i ^ 2 / S ^ 2"),
            ((z[i] + C) ** 3, "(C + z i) ^ 3"),
            (exp(z[i] - C), "exp (z i - C)"),
            (-log(S), "- ln S"),
            (g(2 * z[i]), "g (2 * z i)"),
            (Sum(y[k], (k, 1, n)) ** 2, "sum n (fun k => y k) ^ 2"),
            (
                a[j] * SumExcept(y[i], (i, 1, n), j),
                "a j * sum_except n j (fun i => y i)",
            ),
            (
                Sum(W[j, q] * X[q, s], (q, 1, d), (s, 1, m)),
                "sum m (fun s => sum d (fun q => W j q * X q s))",
            ),
            (Sum(v[k] * v[l], (k, 1, n)), "sum n (fun k => v k * v l)"),
            (KroneckerDelta(j, c), "delta c j"),
        ],
    )
    def test_is_written_as_on_paper(self, expr, expected):
        assert written(expr) == expected

    def test_a_letter_that_does_not_vary_stays_a_letter(self):
        expr = Derivative(L, a[i]) * a[i]
        expected = "a i * partial (fun a => cross_entropy n a y) a i"
        assert written(expr, *LAYER) == expected

    def test_a_letter_that_varies_is_a_function_of_what_varies(self):
        expected = "partial (fun z => cross_entropy n (softmax n z) y) z j"
        assert written(Derivative(L, z[j]), *LAYER) == expected

    def test_through_three_definitions(self):
        written_loss = "mean_loss m (example_cross_entropy n (batch_softmax n Z) Y)"
        expected = f"partial2 (fun Z => {written_loss}) Z j s"
        assert written(Derivative(J, Z[j, s]), *BATCH) == expected

    def test_the_second_derivative_has_the_first_inside(self):
        first = "partial (fun z => cross_entropy n (softmax n z) y) z i"
        expected = f"partial (fun z => {first}) z j"
        assert written(Derivative(L, z[i], z[j]), *LAYER) == expected

    def test_by_a_number(self):
        assert written(Derivative(C * log(C), C)) == "Derive (fun C => C * ln C) C"

    def test_by_what_a_definition_defines(self):
        """At the outputs that the logits have, and the loss as a function of those."""
        expr = Derivative(Derivative(L, a[i]), z[j])
        inner = "partial (fun a => cross_entropy n a y) (softmax n z) i"
        assert written(expr, *LAYER) == f"partial (fun z => {inner}) z j"


class TestOneChangeChangesTheStatement:
    """A wrong index, a lost premise, a swapped letter: each is another text."""

    START, RESULT = Derivative(L, z[j]), a[j] - y[j]

    def test_the_result(self):
        right = text(self.START, (self.RESULT, (H1,)), where=LAYER)
        others = [a[i] - y[j], a[j] - y[i], y[j] - a[j], a[j] + y[j], 2 * a[j] - y[j]]
        changed = {text(self.START, (x, (H1,)), where=LAYER) for x in others}
        assert len(changed | {right}) == 6

    def test_the_hypothesis(self):
        with_it = text(self.START, (self.RESULT, (H1,)), where=LAYER)
        without = text(self.START, (self.RESULT, ()), where=LAYER)
        assert "Lemma own_1 : H1 ->" in with_it and "Theorem own : H1 ->" in with_it
        assert "Local Notation H1 := (sum n (fun k => y k) = 1)." in with_it
        assert "H1" not in without

    def test_the_hypothesis_stands_at_its_step_alone(self):
        middle = a[j] * Sum(y[k], (k, 1, n)) - y[j]
        both = text(self.START, (middle, ()), (self.RESULT, (H1,)), where=LAYER)
        assert "Lemma own_1 :\n" in both and "Lemma own_2 : H1 ->" in both

    def test_the_case(self):
        start, result = Derivative(a[i], z[j]), -a[i] * a[j]
        texts = [
            text(start, (result, ()), where=[softmax], case=case)
            for case in (None, Eq(i, j), Ne(i, j))
        ]
        assert ["Context (case : i = j)." in x for x in texts] == [False, True, False]
        assert ["Context (case : i <> j)." in x for x in texts] == [False, False, True]

    def test_a_bound_letter(self):
        """Σ_k a_k y_l and Σ_k a_l y_k and Σ_l are three things."""
        exprs = [a[k] * y[l], a[l] * y[k], a[k] * y[k]]
        texts = {written(Sum(x, (k, 1, n))) for x in exprs}
        texts.add(written(Sum(a[k] * y[l], (l, 1, n))))
        assert len(texts) == 4

    def test_the_size(self):
        assert written(Sum(Y[k, s], (s, 1, m))) != written(Sum(Y[k, s], (k, 1, n)))

    def test_what_it_is_derived_by(self):
        variables = Z[j, s], Z[i, s], Z[j, t]
        assert len({written(Derivative(Z[i, s], x)) for x in variables}) == 3

    def test_the_definition(self):
        other = replace(cross_entropy, value=-cross_entropy.value)
        assert define(softmax) != define(normaliser)
        with pytest.raises(CannotExportError, match="no name"):
            text(self.START, (self.RESULT, ()), where=[softmax, other])


class TestContext:
    def test_what_is_free_is_declared_with_what_is_known_of_it(self):
        found = text(Derivative(L, a[i]), (-y[i] / a[i], ()), where=[cross_entropy])
        assert "Context (n : nat) (size_n : (2 <= n)%nat)." in found
        positive = "(positive_a : forall k, (k < n)%nat -> 0 < a k)"
        assert f"Context (a y : nat -> R) {positive}." in found
        assert "Context (i : nat) (in_i : (i < n)%nat)." in found

    def test_a_defined_letter_is_no_assumption(self):
        found = text(a[i], (exp(z[i]) / S, ()), where=[softmax, normaliser])
        assert "positive" not in found and "Context (z : nat -> R)." in found
        assert "Local Notation a := (softmax n z)." in found

    def test_a_denominator_is_a_premise_where_nothing_says_that_it_is_not_0(self):
        total = Sum(y[k], (k, 1, n))
        found = text(y[j] / total, (y[j] / total, ()))
        assert "Context (defined_1 : sum n (fun k => y k) <> 0)." in found
        assert "defined" not in text(z[j] / S, (z[j] / S, ()), where=[normaliser])
        assert "defined" not in text(
            1 / (1 - a[i]), (1 / (1 - a[i]), ()), where=[softmax]
        )

    def test_a_premise_inside_a_sum_is_for_each_of_its_terms(self):
        expr = Sum(log(z[k]), (k, 1, n))
        expected = "Context (defined_1 : forall k, (k < n)%nat -> z k > 0)."
        assert expected in text(expr, (expr, ()))

    def test_an_activation_has_its_slope(self):
        found = text(Derivative(g(z[i]), z[i]), (g_prime(z[i]), ()))
        assert "(slope_g : forall x, is_derive g x (g_prime x))" in found

    def test_each_derivative_exists(self):
        start = Derivative(L, z[j])
        middle = Sum(Derivative(L, a[i]) * Derivative(a[i], z[j]), (i, 1, n))
        found = text(start, (middle, ()), where=LAYER)
        for said in (
            "forall i, (i < n)%nat -> ex_partial (fun a => cross_entropy n a y) a i.",
            "forall i, (i < n)%nat -> ex_partial (fun z => softmax n z i) z j.",
            "ex_partial (fun z => cross_entropy n (softmax n z) y) z j.",
            "Theorem own_is_derive :",
        ):
            assert said in found

    def test_what_would_end_a_comment_does_not(self):
        whole = chain(z[i], (z[i], ()))
        line = replace(whole.steps[0], reason='a *) Axiom x : False. (* "b')
        whole._set("steps", (line,))
        found = Section("own", whole, names()).text
        assert "(* a * ) Axiom x : False. ( * 'b *)" in found


class TestWhatCannotBeExported:
    @pytest.mark.parametrize(
        ("expr", "words"),
        [
            (Abs(z[i]), "Abs"),
            (Max(z[i], 0), "Max"),
            (Piecewise((z[i], z[i] > 0), (0, True)), "Piecewise"),
            (tanh(z[i]), "tanh"),
            (cosh(z[i]), "cosh"),
            (sin(z[i]), "sin"),
            (sqrt(S), "sqrt"),
            (S**C, "the power S"),
            (i * z[i], "the index i as a number"),
            (z[3], "the index 3"),
            (Sum(z[k], (k, 2, n)), "the sum"),
            (Product(z[k], (k, 1, n)), "Product"),
            (Symbol("z'", real=True), "the name"),
        ],
    )
    def test_raises_by_name(self, expr, words):
        with pytest.raises(CannotExportError, match=words):
            written(expr)

    def test_a_letter_whose_index_a_sum_would_capture(self):
        pair = Definition(C, z[i] - z[j])
        writer = Writer({pair: "pair"})
        assert str(writer(Derivative(C, z[k]))) == "partial (fun z => pair z i j) z k"
        with pytest.raises(CannotExportError, match="a sum around it counts i"):
            writer(Sum(Derivative(C, z[i]), (i, 1, n)))

    def test_a_hypothesis_that_is_no_sum(self):
        with pytest.raises(CannotExportError, match="the hypothesis H3"):
            text(y[i], (y[i], (H3,)))

    def test_two_definitions_of_one_name_in_a_file(self, monkeypatch):
        monkeypatch.setattr(
            "certificates.export.names", lambda: dict.fromkeys(names(), "one")
        )
        with pytest.raises(CannotExportError, match="two definitions called one"):
            file("matched")
