"""A reader's texts: what may be named, what holds there, verdicts, losses, formats."""

import pytest
from sympy import cancel

import derivations.__main__ as command
from book.pages import chains, own_derivation_and_loss
from derivations import letters
from derivations.advice import Door
from derivations.formulas.claims import Definition, Hypothesis
from derivations.letters import (
    H1,
    Sum,
    a,
    exp,
    i,
    j,
    k,
    n,
    softmax,
    y,
    z,
)
from derivations.loss.activations import ACTIVATIONS
from derivations.registry import registry
from derivations.request.context import (
    UnknownNameError,
    UnreadablePartError,
    context,
    of_theorem,
)
from derivations.request.copying import FORMATS
from derivations.request.data import verdict_data
from derivations.request.losses import own_loss
from derivations.text.printing import text
from derivations.theorems import catalogue

SLOPE = "Derivative(L, z[j])"
LOSS = ["softmax", "cross_entropy"]
CROSS = "-Sum(y[k]*log(a[k]), (k, 1, n))"
GAMMA = [("gamma", "positive")]


def judged(holds, right, left=SLOPE, using=()):
    sides = holds.read("left", left), holds.read("right", right)
    return holds.check_line(*sides, holds.using(using))


class TestRegistry:
    def test_lists_each_once_by_the_name_of_its_place(self):
        known = registry()
        assert known.definitions["softmax"].value is softmax
        assert "temperature.tempered_softmax" in known.definitions
        assert "temperature.softmax" not in known.definitions  # that of letters
        values = [one.value for one in known.definitions.values()]
        assert not [one for one in values if values.count(one) > 1]
        assert all(context([name]).where for name in known.definitions)
        said = [one.sentence for one in known.definitions.values()]
        assert all(said) and "_" not in "".join(said)  # words, and no names
        assert list(known.hypotheses) == ["H1", "H3", "H4"]
        assert all(one.sentence for one in known.hypotheses.values())

    def test_the_letters_give_all_that_has_a_name_to_a_notebook(self):
        named = Definition | Hypothesis
        own = {x for x, one in vars(letters).items() if isinstance(one, named)}
        assert own <= {*letters.__all__}

    def test_what_is_added_in_its_place_appears_everywhere(self, monkeypatch, capsys):
        total = Sum(z[k], (k, 1, n))
        fact = Hypothesis("H9", [total], 0, sentence="the logits sum to 0")
        monkeypatch.setattr(letters, "H9", fact, raising=False)
        monkeypatch.setitem(ACTIVATIONS, "scaled", Definition(a[i], exp(2 * z[i])))
        monkeypatch.setattr(own_derivation_and_loss, "LOSSES", {})
        registry.cache_clear()
        try:
            assert command.main(["loss", "--help"]) == command.HELP
            told = capsys.readouterr().out
            assert "H9: the logits sum to 0" in " ".join(told.split())
            assert "scaled" in told
            assert command.main(["check", text(total), "--of=0", "--using", "H9"]) == 0
            assert own_loss("Sum(y[k]*a[k], (k, 1, n))", "scaled").verdict
            assert chains.hypotheses([z[j]]) == ["H9"]
            assert chains.hypotheses([letters.y[j]]) == ["H1", "H3", "H4"]
            page = own_derivation_and_loss.live_loss()
            assert '"H9"' in page and '"scaled"' in page
            assert '"H9"' in own_derivation_and_loss.live_derivation()
            wrong = judged(context(), "0", text(total))
            assert wrong.missing.hypotheses == (fact,)  # tried where a line is wrong
        finally:
            registry.cache_clear()

    def test_a_loss_that_is_not_derived_stops_the_build(self):
        raw = "Σ_k y_k log(y_k/a_k)"  # without a sign of the labels
        with pytest.raises(ValueError, match=r"^pass using=H3: y_k may be"):
            own_derivation_and_loss.example("KL", "1951", raw, [], {})

    @pytest.mark.parametrize("name", ACTIVATIONS)
    def test_an_activation_is_taken_by_a_loss(self, name):
        assert own_loss("Sum((a[k] - y[k])**2, (k, 1, n))", name).verdict


class TestContext:
    def test_knows_the_letters_of_its_definitions_parameters_and_theorem(self):
        theorem = of_theorem("blocks.merged")
        for holds, written in (
            (context(["binary.sigmoid"]), "o[i]"),
            (context(parameters=GAMMA), "gamma*a[k]"),
            (theorem, "zP[kP]"),
        ):
            assert text(holds.read("text", written)) == written
        for written in ("gamma*a[k]", "zP[kP]"):
            with pytest.raises(UnreadablePartError):
                context().read("text", written)

    @pytest.mark.parametrize(
        ("part", "asking"),
        [
            ("start", lambda: context(start="Derivative(L; z[j])")),
            ("case", lambda: context(case="i < j")),
            ("parameters", lambda: context(parameters=[("z", "positive")])),
            ("parameters", lambda: own_loss(CROSS, "softmax", [("b", "odd")])),
            ("loss", lambda: own_loss("-Sum(y[k]*lgo(a[k]), (k, 1, n))")),
            ("activation", lambda: own_loss(CROSS, "exp(z[i]")),
            (
                "line 2",
                lambda: context(start="1").chain([("1", "", []), ("a(", "", [])]),
            ),
        ],
    )
    def test_a_text_that_cannot_be_read_says_which_one_it_is(self, part, asking):
        with pytest.raises(UnreadablePartError) as caught:
            asking()
        assert caught.value.part == part

    def test_a_name_that_is_none_is_answered_with_those_that_are(self):
        for kind, asking in (
            ("definition 'x'; there are softmax", lambda: context(["x"])),
            ("theorem 'x'; there are softmax.", lambda: of_theorem("x")),
            (
                "hypothesis 'x' here; there are H1, H3, H4",
                lambda: context().using(["x"]),
            ),
        ):
            with pytest.raises(UnknownNameError, match=f"^there is no {kind}"):
                asking()

    def test_the_hypothesis_of_a_theorem_is_its_own(self):
        (own,) = catalogue()["blocks.logits"]().uses
        assert own.name == "H1" and own != H1
        assert of_theorem("blocks.logits").using(["H1"]) == (own,)

    def test_a_case_and_a_hypothesis_count_where_they_are_named(self):
        for case, mark in (("i ≠ j", "✓"), ("i != j", "✓"), ("", "✗")):
            holds = context(["softmax"], case)
            assert judged(holds, "-a[i]*a[j]", "Derivative(a[i], z[j])").mark == mark
        assert judged(context(LOSS), "a[j] - y[j]", using=["H1"])
        assert judged(context(LOSS), "a[j] - y[j]").mark == "◐"

    def test_a_theorem_is_tried_with_its_own_hypothesis(self):
        holds = of_theorem("blocks.logits")
        *_, before, last = catalogue()["blocks.logits"]().steps
        wrong = holds.check_line(before.right, last.right)
        assert last.using and wrong.missing.hypotheses == last.using

    @pytest.mark.parametrize(
        ("above", "line", "using", "said"),
        [
            (
                "y[j] - a[j]",
                "a[j] - y[j]",
                ["H1"],
                "right for the start by itself, but",
            ),
            (
                "a[j]/m",
                "a[j] - y[j]",
                [],
                "right for the start by itself where the labels sum to 1 (H1), but",
            ),
            ("y[j] - a[j]", "a[j] + y[j]", ["H1"], None),
            (SLOPE, "y[j] - a[j]", ["H1"], None),
        ],
    )
    def test_a_right_line_below_a_wrong_one_is_right_in_itself(
        self, above, line, using, said
    ):
        told = verdict_data(judged(context(LOSS, start=SLOPE), line, above, using))
        assert ("diagnosis" in told) == (said is None)
        if said is None:
            assert (told["verdict"], told["mark"]) == ("wrong", "✗")
        else:
            assert (told["verdict"], told["mark"]) == ("unfounded", "?")
            assert told["sentence"].startswith(said)
            lines = [(above, "", using), (line, "", using)]
            copied = FORMATS["latex"](context(LOSS, start=SLOPE).chain(lines))
            assert copied.count(r"\overset{\times}{=}") == 1

    def test_what_is_missing_is_data_of_the_verdict(self):
        given = judged(context(LOSS), "a[j] - y[j]")
        about = verdict_data(given, Door.OWN_PAGE)
        assert about["verdict"] == "conditional" and about["counterexample"]
        assert about["missing"] == {
            "definitions": [],
            "hypotheses": ["H1"],
            "is_enough": True,
            "words": "it is right if the labels sum to 1 (H1)",
            "advice": "tick H1 below the line",
        }
        begin = f"{about['missing']['words']}: tick H1 below the line; without H1"
        assert about["sentence"].startswith(begin)
        assert "missing" not in verdict_data(judged(context(LOSS), "a[j]"))


class TestOwnLoss:
    def test_an_activation_is_a_name_or_a_formula(self):
        loss = "Sum(w[k]*(a[k] - y[k])**2, (k, 1, n))/gamma"
        given = [*GAMMA, ("w[k]", "real")]
        named, typed = (
            own_loss(loss, activation, given).gradient
            for activation in ("sigmoid", "1/(1 + exp(-z[i]))")
        )
        assert named == typed and {"w[j]", "gamma"} <= {*map(str, named.free_symbols)}

    @pytest.mark.parametrize("inside", ["23/(1 + exp(-({0} + 1)))", "-({0} + 1)/2"])
    def test_a_share_is_one_whatever_stands_inside(self, inside):
        powers = [f"exp({inside.format(x)})" for x in ("z[i]", "z[k]")]
        share = "{}/Sum({}, (k, 1, n))".format(*powers)
        gradient = own_loss(CROSS, share, using=["H1"]).gradient
        rate = cancel(gradient / (a[j] - y[j]))
        assert not rate.has(a, y, Sum), gradient

    def test_the_terms_of_a_label_are_together(self):
        odds = "log(1 + exp({0}{1}))"
        terms = [odds.format(sign, "z[k]") for sign in ("-", "")]
        loss = "Sum(y[k]*{} + (1 - y[k])*{}, (k, 1, n))".format(*terms)
        gradient = own_loss(loss).gradient
        assert gradient == exp(z[j]) / (1 + exp(z[j])) - y[j]

    def test_a_parameter_has_its_sign(self):
        loss = "Sum(y[k]*log(a[k] + gamma), (k, 1, n))"
        assert own_loss(loss, parameters=GAMMA).verdict
        with pytest.raises(ValueError, match="not differentiable there"):
            own_loss(loss, parameters=[("gamma", "real")])

    def test_a_parameter_has_its_range(self):
        loss = "Sum(log(1 - rho*a[k]), (k, 1, n))"
        with pytest.raises(ValueError, match="not differentiable there"):
            own_loss(loss, parameters=[("rho", "positive")])
        own = own_loss(loss, parameters=[("rho", "0..1")])
        assert own.verdict
