"""What the engine in a browser answers: every request, and what is refused."""

import json
import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from sympy import Symbol

from book.engine import answers, sample_requests
from book.pages import questions
from book.pages.exercises import exercises, live_exercise
from book.pages.notebooks import read as notebook
from derivations.letters import H1, Derivative, L, a, cross_entropy, j, softmax, y, z
from derivations.loss import differences
from derivations.loss.deriving import derive
from derivations.proof import check
from derivations.request.copying import FORMATS
from derivations.request.data import formula_data, verdict_data
from derivations.text.printing import text
from derivations.text.reading import read
from derivations.text.unicode import unicode
from derivations.text.vocabulary import SERIES
from derivations.theorems import catalogue

LOGITS = {"theorem": "logits.by_jacobian"}
OWN = {"where": ["softmax", "cross_entropy"], "case": None}
SLOPE = "Derivative(L, z[j])"
LINE = {"ask": "line", "context": OWN, "left": SLOPE, "right": "a[j]", "using": []}
CROSS = {
    "ask": "loss",
    "loss": "-Sum(y[k]*log(a[k]), (k, 1, n))",
    "activation": "softmax",
    "parameters": [],
    "using": ["H1"],
}
FOCAL = CROSS | {
    "loss": sample_requests.FOCAL,
    "parameters": [["gamma", "positive"]],
    "values": {"gamma": 2},
}


SMOOTHED = "L := -Sum(((1 - alpha)*y[k] + alpha/n)*log(a[k]), (k, 1, n))"
ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted(ROOT.glob("notebooks/[0-9]*.ipynb"))
(WHY_BOTH,) = [path for path in NOTEBOOKS if path.stem.startswith("05_")]


def answer(request, **changed):
    """The answer to a request, given as what JSON holds, with parts of it changed."""
    return json.loads(answers.answer(json.dumps(request | changed)))


def refused(request, **changed):
    """The words with which a request is refused, and nothing beside them."""
    found = answer(request, **changed)
    assert list(found) == ["refused"], found
    assert "Traceback" not in found["refused"] and found["refused"]
    return found["refused"]


def lines_of(name):
    ((_, _, lines),) = sample_requests.chains([name])
    return lines


class TestLine:
    @pytest.mark.parametrize("name", sample_requests.FEW)
    def test_the_last_line_of_a_theorem(self, name):
        """The samples ask its other lines, the browsers' tests those of all."""
        *_, before, step = catalogue()[name]().steps
        asked = LINE | {"context": {"theorem": name}, "left": text(before.right)}
        using = [fact.name for fact in step.using]
        found = answer(asked, right=text(step.right), using=using)
        told = formula_data(step.right) | verdict_data(step.verdict, using=step.using)
        assert found == told | {"notes": [], "letters": []}
        assert (found["verdict"], found["mark"]) == ("right", "✓")

    @pytest.mark.parametrize(
        ("ask", "using", "needed", "unneeded"),
        [
            ("line", ["H4", "H1"], "H1", ["H4"]),
            ("line", ["H1"], "H1", []),
            ("exercise", ["H4", "H1"], "H1", ["H4"]),
            ("exercise of two sides", ["H1"], "H1", []),
        ],
    )
    def test_only_what_a_verdict_needs_is_named(self, ask, using, needed, unneeded):
        line = "a[j]*Sum(y[k], (k, 1, n)) - y[j]"
        text = f"a[j] - y[j] = {line}" if "two" in ask else "a[j] - y[j]"
        asked = LINE | {"ask": ask.split()[0], "answer": text, "right": text}
        asked["context"] = OWN | {"start": "Derivative(L, z[j])"}
        found = answer(asked, using=using, left=line)
        assert found["verdict"] == "right"
        assert [x[-3:-1] for x in found["where"]] == [needed]
        assert found["unneeded"] == unneeded

    def test_a_wrong_sign_has_the_counterexample_of_the_check(self):
        found = answer(LINE, right="y[j] - a[j]", using=["H1"])
        slope, where = Derivative(L, z[j]), [softmax, cross_entropy]
        point = check(slope, y[j] - a[j], where, H1).counterexample
        assert (found["verdict"], found["mark"]) == ("wrong", "✗")
        table = found["counterexample"]
        assert table["sizes"] == [["n", str(*point.sizes.values())]]
        assert table["indices"] == [["j", str(*point.indices.values())]]
        assert {x["name"] for x in table["arrays"]} == {"y", "z"}
        for array in table["arrays"]:
            (row,) = array["rows"]
            assert row == [
                f"{float(value):.4g}".replace("-", "−")
                for (base, _), value in sorted(point.entries.items(), key=str)
                if str(base) == array["name"]
            ]
        numbers = [f"{x:.6g}" for x in (point.left, point.right)]
        shown = [x.replace("-", "−") for x in numbers]
        assert [table["left"], table["right"]] == shown and "−" in "".join(shown)
        assert table["sides"] == ["the left side", "the right side"]
        assert f"the left side is {numbers[0]}" in found["sentence"]

    @pytest.mark.parametrize(
        ("changed", "advice"),
        [
            ({"right": "a[j] - y[j]"}, "tick H1 below the line"),
            (
                {"right": "a[j]", "left": "exp(z[j])/S"},
                "tick the normaliser of the softmax under “What holds”",
            ),
            (
                {"context": {"theorem": "logits.gradient"}, "right": "a[j] - y[j]"},
                "tick H1, where the page has it",
            ),
            (
                {
                    "context": {"theorem": "cross_entropy.gradient"},
                    "left": "Sum(a[k], (k, 1, n))",
                    "right": "1",
                },
                "write what it stands for",
            ),
        ],
    )
    def test_what_is_missing_is_told_with_the_box_that_adds_it(self, changed, advice):
        found = answer(LINE, **changed)
        assert (found["verdict"], found["mark"]) == ("conditional", "◐")
        assert found["missing"]["advice"] == advice
        assert not re.search(r"using=|where=|--", found["sentence"])

    def test_a_letter_that_a_definition_holds_is_not_the_one_asked_about(self):
        asked = LINE | {"context": {"theorem": "binary.two_class_other"}, "using": []}
        slope = "((1 − y_i)/(1 − P) − y_i/P) · (−P (1 − P))"  # P := a_i
        found = answer(asked, left="∂L/∂P ∂P/∂z_j", right=slope)
        assert found["verdict"] == "right"

    def test_an_array_with_two_indices_has_rows_and_a_parameter_is_a_number(self):
        asked = {"ask": "line", "context": {"where": []}, "using": []}
        table = answer(asked, left="Z[i, s]*alpha", right="0")["counterexample"]
        assert [name for name, _ in table["numbers"]] == ["Z_{1,1}", "alpha"]
        whole = "Sum(Sum(Z[k, t], (k, 1, n)), (t, 1, m))"
        table = answer(asked, left=whole, right="0")["counterexample"]
        sizes, ((array,)) = dict(table["sizes"]), (table["arrays"],)
        rows = array[0]["rows"]
        assert (len(rows), len(rows[0])) == (int(sizes["n"]), int(sizes["m"]))
        typed = [x.replace("−", "-") for row in rows for x in row]
        assert sum(map(Fraction, typed)) == Fraction(table["left"].replace("−", "-"))

    @pytest.mark.parametrize("side", ["left", "right"])
    def test_what_cannot_be_read_has_a_place(self, side):
        found = answer(LINE, **{side: "a[j] - 2y[x]"})
        place = found.pop("unreadable")
        assert found == {"side": side, "verdict": "unreadable", "mark": "?"}
        assert place["source"] == "a[j] - 2y[x]"
        assert place["source"][place["position"] :] == "x]"
        assert "an index is" in place["message"] and "\n" not in place["message"]

    def test_a_line_is_repaired(self):
        place = answer(LINE, right="(a_j - y_j")["unreadable"]
        assert place["suggestions"] == ["(a_j - y_j)"]
        assert place["latex"] == ["a_{j} - y_{j}"]

    @pytest.mark.parametrize(
        ("text", "searched"),
        [
            ("derive dz", "derive dz"),
            (r"\mathrm{why}\, is it", "why is it"),
            ("why is dz = foo", "why is dz = foo"),
            ("explain the chain rule", "explain the chain rule"),
            (r"whatis\operatorname{\mathrm{softmax}}", "whatis softmax"),
            ("whatisdz?", "what isdz?"),
            ("softmax_k derivative", None),
            ("foo_j - y_j", None),
            ("sum a y", None),
            ("a[j] -", None),
        ],
    )
    def test_words_are_told_where_they_are_searched(self, text, searched):
        exercise = LINE | {"ask": "exercise", "answer": text}
        exercise["context"] = LINE["context"] | {"start": SLOPE}
        for asked in (LINE | {"right": text}, exercise, CROSS | {"loss": text}):
            place = answer(asked).get("unreadable", {})
            assert place.get("search") == searched
            assert ("formula is expected, such as" in str(place)) == bool(searched)
        begun = answer(BEGUN, text="explain the chain rule")["unreadable"]
        assert begun["search"] == "explain the chain rule"

    def test_both_meanings_are_offered(self):
        place = answer(LINE, right="a_j/y_j z_j")["unreadable"]
        assert place["is_ambiguous"]
        assert place["suggestions"] == ["a_j/(y_j z_j)", "(a_j/y_j) z_j"]
        assert place["latex"] == [
            r"\frac{a_{j}}{y_{j} z_{j}}",
            r"\frac{z_{j} a_{j}}{y_{j}}",
        ]

    def test_arrays_are_taken_at_the_letters_of_the_start(self):
        found = answer(LINE, right="p - y", using=["H1"])
        assert (found["verdict"], found["text"]) == ("right", "a_j − y_j")
        assert found["notes"] == ["p read as a"]
        holds = LINE["context"] | {"start": "∂L/∂z_j"}
        asked = LINE | {"context": holds, "left": "p sum(t) - t", "using": ["H1"]}
        assert answer(asked, right="p - t")["verdict"] == "right"  # t counts no example

    @pytest.mark.parametrize(
        ("above", "line", "offered"),
        [
            (SLOPE, "p_i - t_i", None),
            ("p_i sum_k t_k - t_i", "p_i - t_i", None),
            ("p sum(t) - t", "p_i - t_i", None),
            ("p_j sum_k t_k - t_j", "dL/dz_i = p_i - t_i", None),
            ("p_j sum_k t_k - t_j", "p_i - t_i", ["p_j - t_j"]),
            ("p_j sum_k t_k - t_j", "aᵢ - yᵢ", ["aⱼ - yⱼ"]),
        ],
    )
    def test_another_free_letter_than_above_is_asked_about(self, above, line, offered):
        asked = LINE | {"context": OWN | {"start": SLOPE}}
        told = answer(asked, left=above, right=line)
        if offered is None:
            assert told["verdict"] == "conditional"
            return
        place = told["unreadable"]
        words = "the free index is j in the line above: is i meant to be j?"
        assert (place["message"], place["suggestions"]) == (words, offered)


class TestTypeset:
    def test_gives_the_formula_as_latex_and_as_it_is_typed(self):
        asked = {"ask": "typeset", "context": LOGITS, "text": "a[j]  -y[ j ]"}
        formula = {"text": "a_j − y_j", "latex": "a_{j} - y_{j}"}
        assert answer(asked) == formula | {"notes": [], "letters": []}
        for other in (r"\frac{dL}{dz_{j}}=p_{j}-y_{j}", "dz = p - y"):
            told = {"notes": ["p read as a"], "letters": [["a", "p"]]}
            assert answer(asked, text=other) == formula | told

    def test_knows_the_parameters_of_a_loss(self):
        asked = {"ask": "typeset", "text": "gamma*a[k]"}
        named = OWN | {"parameters": [["gamma", "positive"]]}
        assert answer(asked, context=named)["latex"] == r"\gamma a_{k}"

    @pytest.mark.parametrize(
        ("loss", "suggested"),
        [
            (
                r"-\sum_i b_i (1-a_i)^\gamma y_i \log a_i",
                [r"-\sum_i w_i (1-a_i)^\gamma y_i \log a_i"],
            ),
            ("-Σ_k c[k] y_k log(a_k)/w", ["-Σ_k beta[k] y_k log(a_k)/w"]),
            ("-Σ_k cₖ y_k log a_c", ["-Σ_k wₖ y_k log a_c"]),
            ("-Σ_k c_k m_k y_k log a_k", ["-Σ_k w_k m_k y_k log a_k"]),
            ("-Σ_k c_k b_k y_k log a_k", []),  # of two such letters it is silent
        ],
    )
    def test_suggests_a_letter_for_one_that_has_another_meaning(self, loss, suggested):
        context = {"page": "loss", "where": [], "parameters": []}
        asked = {"ask": "typeset", "context": context, "text": loss}
        unreadable = answer(asked)["unreadable"]
        assert unreadable["suggestions"] == suggested
        said = {"b": "here, the bias of a layer: give", "c": "here, an index, one of"}
        meaning = said["b" if "b" in loss else "c"]
        assert (meaning in unreadable["message"]) == bool(suggested)
        for line in suggested:
            assert answer(asked, text=line)["parameters"][0]["sign"] == "nonnegative"

    @pytest.mark.parametrize(
        ("loss", "named"),
        [
            (r"-\sum_i \alpha_i (1-p_i)^\gamma y_i \log p_i", ["alpha[i]", "gamma"]),
            ("-Σ_k C_k y_k log a_k + v Σ_k a_k^2", ["C[k]", "v"]),
            ("-Σ_k y_k log softmax(z_k - v_k)", ["v[k]"]),
            ("-Σ_k y_k log a_k + η Σ_k a_k^2", ["eta"]),
            ("Σ_k y_k log a_k + (θ + η) Σ_k a_k^2", ["theta", "eta"]),
            ("Σ (softmax(η) - y)^2", []),
            ("Σ_k (o_k - y_k)^2", []),
        ],
    )
    def test_a_letter_of_any_number_is_declared_as_it_stands(self, loss, named):
        """In the order of the loss; one that is the logits as a whole stays so."""
        found = answer({"ask": "typeset", "context": LOSS_PAGE, "text": loss})
        assert [x["name"] for x in found["parameters"]] == named
        assert answer(CROSS, loss=loss)["mark"] == "✓"

    def test_a_letter_that_others_give_an_output_is_a_number_beside_outputs(self):
        """The index of the true class is none, and another letter is suggested."""
        asked = {
            "ask": "typeset",
            "context": LOSS_PAGE,
            "text": "-log a_c + μ Σ_k a_k^2",
        }
        assert answer(asked)["parameters"][0]["name"] == "mu"
        place = answer(asked, text="-Σ_k y_k log a_k + c Σ_k a_k^2")["unreadable"]
        assert place["message"].endswith("give a number another letter")
        assert place["suggestions"] == ["-Σ_k y_k log a_k + C Σ_k a_k^2"]

    @pytest.mark.parametrize("letter", ["b", "B", "g", "W", "X", "A", "Y", "G"])
    @pytest.mark.parametrize(
        "loss", ["-Σ_k y_k log a_k + {} Σ_k a_k^2", "-Σ_k y_k log(a_k/{}) + beta"]
    )
    def test_an_array_of_the_series_is_no_number_and_is_refused_by_name(
        self, letter, loss
    ):
        """With a letter that works, and that the loss does not have yet."""
        asked = {"ask": "typeset", "context": LOSS_PAGE, "text": loss.format(letter)}
        place = answer(asked)["unreadable"]
        assert place["message"].startswith(f"`{letter}` is an array, the ")
        assert place["message"].endswith("give a number another letter")
        assert place["source"][place["position"]] == letter
        (line,) = place["suggestions"]
        assert line == loss.format("mu" if "beta" in loss else "beta")
        assert "latex" in answer(asked, text=line)
        assert answer(CROSS, loss=line)["mark"] == "✓"


_OF_Q = ("a_k log y_k", "y_k log a_k", "w_k log a_k")
LOSS_PAGE = {"page": "loss", "where": [], "parameters": []}


class TestLettersOfLosses:
    @pytest.mark.parametrize("letter", ["t", "u"])
    def test_in_a_softmax_beside_that_of_z_they_are_logits_of_a_teacher(self, letter):
        loss = f"(1-λ) CE(y, a) + λ T^2 KL(softmax({letter}/T) || softmax(z/T))"
        found = answer(CROSS, loss=loss)
        words = [x["words"] for x in found["parameters"]]
        assert words[-1] == f"{letter}_k, one real number a class" and len(words) == 3
        assert found["mark"] == "✓" and not found["yours"]

    @pytest.mark.parametrize(
        ("loss", "named", "gradient"),
        [
            ("-Σ_k q_k log p_k", "p[k] q[k]", "a_j Σ_k q_k − q_j"),
            ("-Sum(q[k]*log(a[k]), (k,1,n))", "q[k]", "a_j Σ_k q_k − q_j"),
            ("Σ_k t_k log(t_k/a_k) - Σ_k y_k log a_k", "t[k]", None),
        ],
    )
    def test_a_letter_is_given_where_the_reader_says_so(self, loss, named, gradient):
        """A teacher's output: the loss stays as it was typed, and none is guessed."""
        for asked in ({"ask": "typeset", "context": LOSS_PAGE}, CROSS | {"loss": loss}):
            letters = answer(asked, text=loss)["unreadable"]["letters"]
            assert [x["name"] for x in letters] == named.split()
        last = letters[-1]
        found = answer(CROSS, loss=loss, parameters=[[last["name"], last["sign"]]])
        assert last["words"] in [x["words"] for x in found["parameters"]]
        assert gradient in (None, found["gradient"]["text"])

    @pytest.mark.parametrize(
        ("loss", "lines"),
        [
            (
                f"-T^2 sum_k {one} log(e^(z_k/T)/sum_i e^(z_i/T))",
                [f"-T^2 sum_k {x} log(e^(z_k/T)/sum_i e^(z_i/T))" for x in all_],
            )
            for one, all_ in [
                ("q_k", ("a_k", "y_k", "w_k")),
                ("w p_k", ("w a_k", "w y_k", "w beta_k")),
                (r"\pi_k", ("a_k", "y_k", "w_k")),
            ]
        ]
        + [
            ("-sum_k q_k log a_k", [f"-sum_k {x}" for x in _OF_Q]),
            ("-sum_k u_k y_k log a_k", [f"-sum_k {x}_k y_k log a_k" for x in "zw"]),
        ],
    )
    def test_are_asked_where_they_could_mean_something_else(self, loss, lines):
        """q beside z is no output without a word; each line shown is read before."""
        for asked in ({"ask": "typeset", "context": LOSS_PAGE}, CROSS | {"loss": loss}):
            found = answer(asked, text=loss)["unreadable"]
            assert found["is_ambiguous"] and found["suggestions"] == lines
            assert all(found["latex"])

    @pytest.mark.parametrize(
        "loss",
        [
            "-sum_k y_k log p_k",
            "-sum_k y_k log p_k + sum_k u_k^2",
            r"-sum_k y_k log \hat{y}_k + sum_k z_k^2",
            "-sum_k t_k z_k + log sum_k e^(z_k)",
        ],
    )
    def test_are_not_asked_where_the_text_tells_them(self, loss):
        asked = {"ask": "typeset", "context": LOSS_PAGE}
        assert "read as" in answer(asked, text=loss)["notes"][0]

    @pytest.mark.parametrize(
        ("loss", "text", "named"),
        [
            (
                "(1-λ) CE + λ T² KL(q, softmax(z/T))",
                "T^2 λ Σ_k q_k (log q_k − log(e^{z_k/T}/Σ_l e^{z_l/T})) "
                "− (1 − λ) Σ_k y_k log a_k",
                ["lam", "T", "q[k]"],
            ),
            (
                "-Σ_k y_k log a_k + Σ_k q_k log_softmax(z_k/T)",
                "Σ_k q_k log(e^{z_k/T}/Σ_l e^{z_l/T}) − Σ_k y_k log a_k",
                ["q[k]", "T"],
            ),
            ("Σ_k y_k (1 - p_k^q)/q", "Σ_k y_k (1 − a_k^q)/q", ["q"]),
            ("H(y,p) - β H(p)", "β Σ_k a_k log a_k − Σ_k y_k log a_k", ["beta"]),
            (
                "(1-λ) CE(y_k, a_k) + λ KL(softmax(t_k/T) || softmax(z_k/T))",
                "λ Σ_l e^{t_l/T} (log(e^{t_l/T}/Σ_k e^{t_k/T}) "
                "− log(e^{z_l/T}/Σ_k e^{z_k/T}))/Σ_k e^{t_k/T} "
                "− (1 − λ) Σ_l y_l log a_l",
                ["lam", "t[k]", "T"],
            ),
            (r"D_{\mathrm{KL}}(y \,\|\, a)", "Σ_k y_k (log y_k − log a_k)", []),
            ("kl_div(log(a), y)", "Σ_k y_k (log y_k − log a_k)", []),
            ("cross_entropy(z, y)", "−Σ_k y_k log(e^{z_k}/Σ_l e^{z_l})", []),
            (
                "-Σ_k y_k log(a_k + ε_1) + w₁ w_{2} Σ_k z_k",
                "w1 w2 Σ_k z_k − Σ_k y_k log(epsilon1 + a_k)",
                ["epsilon1", "w1", "w2"],
            ),
            ("-Σ_k y_k log_softmax(z)", "−Σ_k y_k log(e^{z_k}/Σ_l e^{z_l})", []),
        ],
    )
    def test_distillation_entropies_and_numbered_letters_are_read(
        self, loss, text, named
    ):
        """A teacher's q beside labels and outputs is one number a class."""
        found = answer({"ask": "typeset", "context": LOSS_PAGE, "text": loss})
        assert found["text"] == text
        assert [x["name"] for x in found["parameters"]] == named

    @pytest.mark.parametrize("size", ["C", "K", "M"])
    @pytest.mark.parametrize(
        "loss",
        [
            r"-\sum_{{k=1}}^{{{0}}} ((1-\epsilon) y_k + \epsilon/{0}) \log a_k",
            "-(Σ_{{k=1..{0}}} ((1-ε) y_k + ε/{0}) log a_k)",
            r"-\frac{{1}}{{{0}}} \sum_{{k=1}}^{{{0}}} ({0} (1-ε) y_k + ε) \log a_k",
        ],
    )
    def test_the_letter_above_a_sum_is_the_number_of_classes_in_all_of_a_loss(
        self, loss, size
    ):
        """Before the sum, too; beside a sum without it, C is a number of the loss."""
        asked = {"ask": "typeset", "context": LOSS_PAGE}
        found = answer(asked, text=loss.format(size))
        assert [x["name"] for x in found["parameters"]] == ["epsilon"]
        assert found["notes"] == [f"{size} read as n"] and size not in found["text"]
        (own,) = answer(asked, text="-C Σ_k y_k log a_k")["parameters"]
        assert own["name"] == "C"

    @pytest.mark.parametrize(
        ("loss", "text", "named"),
        [
            (
                "1 - TP/(TP + α FP + β FN) where {}, {}, {}",
                "1 − (1/(β Σ_k y_k (1 − a_k) + α Σ_k a_k (1 − y_k) + Σ_k y_k a_k)) "
                "Σ_k y_k a_k",
                ["alpha", "beta"],
            ),
            ("{}; L = α TP + β TP", "β Σ_k y_k a_k + α Σ_k y_k a_k", ["alpha", "beta"]),
            ("{}; {}; D = TP + T FP; L = -log D", None, ["T"]),
            ("TP + T r where {}, r = Sum(a[k]^2, (k, 1, n))", None, ["T"]),
        ],
    )
    def test_letters_declare_themselves_beside_what_the_loss_defines(
        self, loss, text, named
    ):
        said = ("TP = Σ_k a_k y_k", "FP = Σ_k a_k (1-y_k)", "FN = Σ_k (1-a_k) y_k")
        loss = loss.format(*said)
        found = answer({"ask": "typeset", "context": LOSS_PAGE, "text": loss})
        assert [x["name"] for x in found["parameters"]] == named
        assert text in (None, found["text"])

    def test_products_of_vectors_below_a_sum_are_suggested_as_entries(self):
        loss = "1 - Σ y a/(Σ y a + α Σ (1-y) a)"
        line = "1 - Σ_k y_k a_k/(Σ_k y_k a_k + α Σ_k (1-y_k) a_k)"
        found = answer({"ask": "typeset", "context": LOSS_PAGE, "text": loss})
        assert found["unreadable"]["suggestions"] == [line]

    def test_a_place_is_that_of_the_line_as_it_was_typed(self):
        loss = "q + foo(q) where q = Σ_k a_k y_k"
        found = answer({"ask": "typeset", "context": LOSS_PAGE, "text": loss})
        assert found["unreadable"]["position"] == loss.index("foo")

    def test_definitions_of_each_other_stay_short(self):
        said = (f"f{x} = {' '.join([f'f{x + 1}'] * 9)}" for x in range(9))
        loss = f"f0 where {', '.join(said)}, f9 = 2"
        found = answer({"ask": "typeset", "context": LOSS_PAGE, "text": loss})
        assert found["unreadable"]["message"].startswith("too long")

    def test_an_entry_in_a_divergence_is_the_whole_array_where_nothing_sums_it(self):
        asked = {"ask": "typeset", "context": LOSS_PAGE}
        notes = answer(asked, text="KL(y_k || softmax(z_k/T))")["notes"]
        assert notes[0] == "KL goes over all k" and "is entry k" in notes[1]
        for loss in ("Σ_k KL(y_k || a_k)", "Sum(y[k]*CE(y[k], a[k]), (k, 1, n))"):
            words = answer(asked, text=loss)["unreadable"]["message"]
            assert words.endswith("leave out the sum before it")

    @pytest.mark.parametrize(
        ("loss", "lines", "named"),
        [
            ("-Σ q log_softmax(z/T)", ["-Σ y log_softmax(z/T)"], ["q[k]"]),
            ("KL(q || p)", ["KL(a , y)", "KL(y , a)"], ["p[k]", "q[k]"]),
            ("kl_div(q, p)", ["KL(a, y)", "KL(y, a)"], []),
            ("-Σ y log a - β H(p)", ["-Σ y log a - β H(a)"], ["p[k]"]),
            ("-y log_softmax(z/T)", ["Σ (-y log_softmax(z/T))"], []),
        ],
    )
    def test_a_distillation_that_is_asked_about_has_lines_to_take(
        self, loss, lines, named
    ):
        asked = {"ask": "typeset", "context": LOSS_PAGE, "text": loss}
        place = answer(asked)["unreadable"]
        assert place["suggestions"][: len(lines)] == lines
        assert [x["name"] for x in place["letters"]] == named
        for line in place["suggestions"]:
            assert answer(asked, text=line)["latex"]

    def test_what_is_copied_says_which_letter_is_the_readers(self):
        found = answer(CROSS, loss=r"-\sum_k t_k \log \hat{y}_k")
        assert found["yours"] == "here y is your t, a is your ŷ"
        for copied in found["copies"].values():
            assert copied.endswith(".\n\nHere $y$ is your $t$, $a$ is your $\\hat{y}$.")
        for source in (s for x in found["sources"].values() for s in x.values()):
            assert source.startswith("# here y is your t, a is your ŷ\n# Logits Z ")
        words = answer(CROSS, loss="-sum(y_true*log_softmax(logits))")["copies"][
            "latex"
        ]
        assert r"$y$ is your $\text{y\_true}$, $z$ is your $\text{logits}$" in words
        plain = answer(CROSS, loss="-Σ_k y_k log a_k")
        assert plain["yours"] == "" and "Here" not in plain["copies"]["latex"]

    def test_a_sum_below_a_fraction_has_its_own_letter(self):
        """Dice as papers write it, with one letter for all of its sums."""
        loss = "1 - 2 Σ_k p_k t_k/(Σ_k p_k + Σ_k t_k)"
        found = answer(CROSS, loss=loss, using=["H1", "H3"])
        assert found["gradient"]["text"] == "a_j (Σ_k y_k a_k − y_j)"

    @pytest.mark.parametrize(
        ("loss", "line"),
        [
            ("-log(a_c) + eps*(1-a_c)", "Σ_c y_c (-log(a_c) + eps*(1-a_c))"),
            ("L = -log p_k", "Σ_k (−y_k log a_k)"),
        ],
    )
    def test_a_line_that_is_derived_is_suggested(self, loss, line):
        assert answer(CROSS, loss=loss)["unreadable"]["suggestions"] == [line]
        assert answer(CROSS, loss=line)["mark"] == "✓"

    @pytest.mark.parametrize("loss", ["λ sum_k z_k^2", "-sum_k λ_k y_k log a_k"])
    def test_lambda_is_a_letter_however_it_is_spelled(self, loss):
        found = [answer(CROSS, loss=loss.replace("λ", x)) for x in ("λ", "lambda")]
        assert found[0]["gradient"] == found[1]["gradient"]

    def test_beside_class_weights_a_number_below_is_a_class(self):
        loss = "w_1 Σ_k z_k + Σ_k w_k y_k log a_k"
        assert "one numbered class" in answer(CROSS, loss=loss)["refused"]

    @pytest.mark.parametrize(
        "loss", ["-y_c log a_c", "F.cross_entropy(z, y, smooth=0.1)"]
    )
    def test_no_line_is_suggested_that_says_less_or_something_else(self, loss):
        found = json.loads(answers.answer(json.dumps(CROSS | {"loss": loss})))
        assert not found.get("unreadable", {}).get("suggestions")


BEGUN = {"ask": "question", "context": {"where": None, "case": None}}
BATCH = ["batch_softmax", "example_cross_entropy", "mean_loss", "linear"]


class TestQuestion:
    @pytest.mark.parametrize(
        "words",
        [
            "dL/dz_j of softmax and cross-entropy",
            "dL/dz_j for softmax cross-entropy loss",
            "∂L/∂z_j of the softmax with cross entropy = a_j − y_j",
            "dz for softmax + cross entropy",
            "derivative of cross-entropy with respect to z_j",
            "What is the gradient of softmax and cross-entropy loss wrt z?",
            "derivative of cross entropy with softmax with respect to the logits",
            "gradient of the loss with respect to z",
        ],
    )
    def test_one_in_words_is_about_the_loss_of_the_series(self, words):
        found = answer(BEGUN, text=words)
        assert found["start"]["text"] == "∂L/∂z_j", found
        assert found["where"] == ["softmax", "cross_entropy"]
        assert len(found["lines"]) == words.count("=")

    @pytest.mark.parametrize(
        "words",
        [
            "dL/dz_j of softmax and squared error",
            "dL/dz_j of sigmoid and cross-entropy",
            "derivative of mean squared error with respect to z_j",
        ],
    )
    def test_one_about_another_loss_is_told_to_be_a_formula(self, words):
        told = answer(BEGUN, text=words)["unreadable"]["message"]
        assert told.startswith("this box takes a formula: write it alone")

    @pytest.mark.parametrize(
        ("text", "start", "lines", "where", "case"),
        [
            ("dz", "∂L/∂z_j", [], ["softmax", "cross_entropy"], None),
            (
                "dL/dz_i = p_i − t_i",
                "∂L/∂z_i",
                ["a_i − y_i"],
                ["softmax", "cross_entropy"],
                None,
            ),
            (
                "dz = (-y/a) @ J = a − y",
                "∂L/∂z_j",
                ["−Σ_k (y_k/a_k) ∂a_k/∂z_j", "a_j − y_j"],
                ["softmax", "cross_entropy"],
                None,
            ),
            (
                "dL/dz_i = p_i sum(t) − t_i",
                "∂L/∂z_i",
                ["a_i Σ_k y_k − y_i"],
                ["softmax", "cross_entropy"],
                None,
            ),
            ("softmax′", "∂a_i/∂z_j", [], ["softmax"], None),
            (
                "J = diag(p) − p p^T",
                "∂a_i/∂z_j",
                ["a_i δ_ij − a_i a_j"],
                ["softmax"],
                None,
            ),
            (
                "da_i/dz_j = −a_i a_j for i ≠ j",
                "∂a_i/∂z_j",
                ["−a_i a_j"],
                ["softmax"],
                "i ≠ j",
            ),
            ("dJ/dW", "∂J/∂W_jq", [], BATCH, None),
        ],
    )
    def test_finds_what_holds_from_the_letters(self, text, start, lines, where, case):
        """And the chain below is judged by what was found, in the texts that come."""
        found = answer(BEGUN, text=text)
        assert (found["start"]["text"], found["where"]) == (start, where)
        assert ([x["text"] for x in found["lines"]], found["case"]) == (lines, case)
        holds = {"where": where, "case": case, "start": start}
        asked = {"ask": "line", "context": holds, "using": ["H1"], "left": start}
        for line in lines:
            judged = answer(asked, right=line)
            assert (judged["verdict"], judged["text"]) == ("right", line)
        sides = [found["start"], *found["lines"]]
        assert found["latex"] == " = ".join(x["latex"] for x in sides)

    @pytest.mark.parametrize(
        ("words", "formula"),
        [
            ("why is dL/dx = p - t?", "dL/dx = p - t"),
            ("How does dz become a - y?", "dz = a - y"),
            ("Show that dL/dz_j is equal to a_j - y_j.", "dL/dz_j = a_j - y_j"),
            ("derive dL/dx_j", "dL/dx_j"),
            ("∂L/∂x_j=?", "∂L/∂x_j"),
            ("What's dL/dz?", "dL/dz"),
        ],
    )
    def test_words_of_asking_are_passed_over(self, words, formula):
        assert answer(BEGUN, text=words) == answer(BEGUN, text=formula)

    def test_the_letters_of_the_reader_stay_with_the_chain(self):
        begun = answer(BEGUN, text="why is dL/dx = p - t?")
        assert begun["letters"] == [["z", "x"], ["a", "p"], ["y", "t"]]
        assert begun["start"]["text"] == "dL/dx"  # an address carries it
        asked = {"lines": [{"text": "p - t", "reason": "", "using": ["H1"]}]}
        holds = {"start": "dL/dx"} | {x: begun[x] for x in ("where", "case")}
        copy = asked | {"ask": "copy", "context": holds}
        for form, line, whole in [
            (
                "text",
                "∂L/∂x_j    where p_i := e^{x_i}/Σ_k ",
                "= p_j − t_j    ✓ since Σ_k t_k = 1 (H1)",
            ),
            (
                "latex",
                r"\frac{\partial L}{\partial x_{j}} &= p_{j} - t_{j}",
                "&= p - t",
            ),
            ("markdown", r"\partial x_{j}} = p_{j} - t_{j}$", "&= p - t"),
        ]:
            copied = answer(copy, format=form)["copied"]
            assert line in copied and whole in copied and "is your" not in copied
        copy["lines"].append({"text": "s_j - t_j", "reason": "", "using": []})
        for form, said in [  # two letters for one of ours
            ("text", "Here z is your x, a is your p, y is your t, a is your s."),
            (
                "latex",
                "Here $z$ is your $x$, $a$ is your $p$, $y$ is your $t$, "
                "$a$ is your $s$.",
            ),
        ]:
            assert answer(copy, format=form)["copied"].endswith(f"\n\n{said}")
        alone = answer(BEGUN, text="dE/da_j = y_j - t_j")  # dE/da_j is another one
        assert (alone["letters"][1], alone["start"]["text"]) == (["z", "a"], "∂L/∂z_j")

    def test_says_how_it_was_read_and_what_cannot_be(self):
        assert answer(BEGUN, text="dz = p − y")["notes"] == [
            "dz is the derivative of L",
            "p read as a",
        ]
        place = answer(BEGUN, text="dz = a_j −")["unreadable"]
        assert place["suggestions"] == ["dz = a_j"]
        place = answer(BEGUN, text="dz = a_j/y_j z_j")["unreadable"]
        whole = r"\frac{\partial L}{\partial z_{j}} = \frac{a_{j}}{y_{j} z_{j}}"
        assert place["latex"][0] == whole

    @pytest.mark.parametrize(
        ("text", "lines", "are_choices"),
        [
            ("dL/do_i", ["dL/dz_i", "dL/da_i"], True),
            ("dL/dh_k", ["dL/dz_k"], False),
            ("dL/dh_k = p_k − t_k", ["dL/dz_k = p_k − t_k"], False),
            (
                "db = sum(dZ)",
                ["db = sum((dL/dZ), axis=1)", "db = sum((dJ/dZ), axis=1)"],
                True,
            ),
            ("db = 1/m sum(dZ)", ["db = 1/m sum(dZ, axis=1)"], False),
            ("dX = dZ W^T", [], False),
            ("softmax derivative", [], False),
        ],
    )
    def test_each_line_that_is_offered_can_be_begun(self, text, lines, are_choices):
        place = answer(BEGUN, text=text)["unreadable"]
        assert place["suggestions"] == lines
        assert place["is_ambiguous"] == are_choices and all(place["latex"])
        assert all(answer(BEGUN, text=line)["start"] for line in lines)
        assert "Derivative" not in place["message"]
        assert ("shapes (n, m)" in place["message"]) == (text == "dX = dZ W^T")

    def test_a_letter_that_is_asked_about_is_told_with_what_it_is(self):
        asked = answer(BEGUN, text="dL/do_j")["unreadable"]
        assert asked["meant"] == [
            {"words": "o are the logits", "letters": [["z", "o"]]},
            {"words": "o are the outputs", "letters": [["a", "o"]]},
        ]
        asked = answer(BEGUN, text="dz = a_j/y_j z_j")["unreadable"]
        assert asked["meant"] == [{"words": "", "letters": []}] * 2

    @pytest.mark.parametrize(
        ("text", "logit"), [("dp_k/do_j", "o"), ("dp_k/dq_j", "q"), ("da_k/dp_j", "p")]
    )
    def test_below_an_output_stands_a_logit_and_no_label(self, text, logit):
        found = answer(BEGUN, text=text)
        letters = found.get("letters")
        if place := found.get("unreadable"):
            assert place["suggestions"] == ["da_k/dz_j"]
            letters = place["meant"][0]["letters"]
        assert ["z", logit] in letters and "y" not in dict(letters)

    def test_a_vector_where_one_entry_is_asked_for_says_which(self):
        start = "SumExcept(Derivative(-log(a[c]), z[j]), (j, 1, n), c)"
        asked = {"ask": "typeset", "context": {"where": ["softmax"], "start": start}}
        read = [answer(asked, text=text) for text in ("1 - a", "1 - a_c")]
        assert [x["text"] for x in read] == 2 * ["1 − a_c"]
        assert [x["notes"] for x in read] == [["a vector, read as its entry c"], []]

    @pytest.mark.parametrize("text", ["dp/dz = p(1-p)", "H = p(1 - p)"])
    def test_a_vector_for_a_matrix_is_the_diagonal_alone(self, text):
        begun = answer(BEGUN, text=text)
        assert begun["notes"][-1].startswith("a vector, read as its entry")
        asked = {"ask": "line", "using": [], "left": begun["start"]["text"]}
        holds = {"start": asked["left"]} | {x: begun[x] for x in ("where", "case")}
        judged = answer(asked, context=holds, right=begun["lines"][0]["text"])
        assert judged["verdict"] == "wrong"
        assert judged["diagnosis"]["name"] == "one case for both"

    def test_what_a_reader_ticks_holds_and_nothing_else(self):
        asked = BEGUN | {"text": "∂o_i/∂z_i"}
        assert answer(asked)["where"] == ["softmax"]  # o is an output
        ticked = {"where": ["binary.sigmoid"], "case": None}
        assert answer(asked, context=ticked)["where"] == ["binary.sigmoid"]
        assert "there is no definition" in refused(asked, context={"where": ["x"]})


class TestExercise:
    @pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
    def test_a_page_asks_what_its_notebook_asks(self, path):
        """The texts of each are read as the formulas from which they were written."""
        for one in exercises(notebook(path), path.name).values():
            read_back = answers._context({"context": one.context()})
            assert (read_back.start, read_back.case) == (one.question, one.case)
            assert set(read_back.where) == set(one.where)
            assert read_back.using([fact.name for fact in one.using]) == one.using

    @pytest.mark.parametrize(
        "name", sorted({x["box"] for x in questions.read().values() if "box" in x})
    )
    def test_the_box_of_a_question_takes_the_right_answer(self, name):
        about = re.search(r'json">(.*?)</script>', questions.box("page", name))[1]
        asked = json.loads(about) | {"ask": "exercise"}
        assert asked["context"] == {"theorem": name}
        right = unicode(catalogue()[name]().result)
        assert answer(asked, answer=right)["verdict"] == "right"
        assert answer(asked, answer=f"1 + ({right})")["verdict"] == "wrong"

    @pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
    def test_the_letters_that_are_named_are_those_of_the_solution(self, path):
        cells = ["".join(cell["source"]) for cell in notebook(path)["cells"]]
        solved = [x for x in cells if x.startswith("<details><summary>Solution")]
        for key, one in exercises(notebook(path), path.name).items():
            page = live_exercise(key, one)
            told = re.search(r'"names": "(.*?)"', page)[1].split(", ")
            lines = re.findall("answer = (.*)", solved[int(key[-1]) - 1])
            words = {unicode(Symbol(x)) for x in re.findall("[A-Za-z]+", lines[0])}
            words -= {"Sum", "exp", "log_total", "log", "total", "prime"}
            assert words - {"KroneckerDelta"} <= {*told}, key
            assert "δ" in told or "KroneckerDelta" not in lines[0], key

    def test_a_letter_of_another_question_is_named_and_not_judged(self):
        """A right answer may have one, which has no effect."""
        (path,) = [x for x in NOTEBOOKS if x.stem == "06_batches"]
        (one,) = exercises(notebook(path), path.name).values()
        asked = {"ask": "exercise", "context": one.context(), "using": ["H1"]}
        told = "A, i, J, j, k, L, m, n, s, t, Y, Z, δ"
        for wrong, letter in [("2α(A_js − Y_js)", "α"), ("A_{js} - C", "C")]:
            place = answer(asked, answer=wrong)["unreadable"]
            start = f"{letter} is not one of the letters of this exercise: "
            assert place["message"] == start + told
            assert place["source"][place["position"]] == letter
        assert answer(asked, answer="A_js − Y_js")["verdict"] == "wrong"
        assert answer(asked, answer="δ_st(A_js − Y_js + α − α)")["mark"] == "✓"

    def test_the_question_is_no_answer_to_itself(self):
        asked = {"ask": "exercise", "using": ["H1"]}
        asked["context"] = {
            "start": "Derivative(L, z[j])",
            "where": ["softmax", "cross_entropy"],
        }
        told = "this is right, and not derived yet: write it without ∂"
        for unfinished in ("dL/dz_j", "Σ_i dL/da_i da_i/dz_j"):
            assert answer(asked, answer=unfinished)["unreadable"]["message"] == told
        assert answer(asked, answer="a_j - y_j")["mark"] == "✓"
        assert answer(asked, answer="2 dL/dz_j")["mark"] == "✗"

    def test_an_answer_is_judged_by_the_hypotheses_that_it_may_use(self):
        question = {"start": "Derivative(L, z[j])", "where": ["softmax", SMOOTHED]}
        asked = {"ask": "exercise", "context": question, "using": ["H1"]}
        right = "a[j] - (1 - alpha)*y[j] - alpha/n"
        assert answer(asked, answer=right)["verdict"] == "right"
        assert answer(asked, answer=right, using=[])["verdict"] == "conditional"
        found = answer(asked, answer="a[j] - y[j]")
        assert found["counterexample"]["sides"] == ["yours", "the right value"]
        assert "yours is" in found["sentence"]

    def test_it_does_not_say_what_has_to_be_written(self):
        """A line of one's own derivation is told the term that is missing."""
        one = exercises(notebook(WHY_BOTH), WHY_BOTH.name)[f"{WHY_BOTH.stem}/1"]
        asked = {"ask": "exercise", "context": one.context(), "using": []}
        found = answer(asked, answer="1")
        assert found["diagnosis"]["sentence"] == "a term is missing"
        assert "a_c is missing" not in json.dumps(found, ensure_ascii=False)
        line = {"left": one.context()["start"], "right": "1"}
        told = answer(asked | {"ask": "line"} | line)["diagnosis"]["sentence"]
        assert told == "the term −a_c is missing"

    def test_it_says_which_order_is_the_chain_rule(self):
        question = OWN | {"start": SLOPE}
        asked = {"ask": "exercise", "context": question, "using": []}
        found = answer(asked, answer="J @ (-y/a)")
        assert found["mark"] == "✓" and "because J is symmetric" in found["hint"]
        assert "hint" not in answer(asked, answer="a_j sum(y) - y_j")

    def test_it_needs_a_question(self):
        asked = {"ask": "exercise", "context": OWN, "answer": "1", "using": []}
        assert "needs a start" in refused(asked)

    @pytest.mark.parametrize(
        "written", ["L := a[", "a[i] + 1 := 2", "L := L + 1", ":=", "L := 1 := 2"]
    )
    def test_what_is_no_definition(self, written):
        context = {"where": ["softmax", written], "start": "L"}
        found = answer({"ask": "exercise", "context": context}, answer="1", using=[])
        assert found.get("side") == "where" or list(found) == ["refused"]


class TestCopy:
    FORM = (
        ("text", FORMATS["text"]),
        ("markdown", FORMATS["markdown"]),
        ("latex", FORMATS["latex"]),
    )

    @pytest.mark.parametrize(("form", "written"), FORM)
    @pytest.mark.parametrize("name", ["logits.gradient", "softmax.case_unequal"])
    def test_what_is_unchanged_is_the_theorem(self, name, form, written):
        asked = {"ask": "copy", "context": {"theorem": name}, "format": form}
        copied = answer(asked, lines=lines_of(name))["copied"]
        assert copied == written(catalogue()[name]())

    def test_each_line_has_its_own_mark(self):
        lines = [
            {"text": "a[j]*Sum(y[i], (i, 1, n)) - y[j]", "reason": "all", "using": []},
            {"text": "y[j] - a[j]", "reason": "a slip of a_j", "using": ["H1"]},
            {"text": "y[j] - a[j] + sin(2*z[j]) - 2*sin(z[j])*cos(z[j])"}
            | {"reason": "50 % sure", "using": []},
        ]
        asked = {"ask": "copy", "context": OWN | {"start": SLOPE}, "lines": lines}
        copied = {form: answer(asked, format=form)["copied"] for form, _ in self.FORM}
        marks = [line.split("    ")[1][0] for line in copied["text"].splitlines()]
        assert marks[1:] == ["✓", "✗", "?"]
        summed = r"\sum_{k=1}^{n} y_{k} = 1"
        slip = rf"✗ a slip of a\_j, since ${summed}$ (H1)"
        assert slip in copied["markdown"]
        assert "? 50 % sure" in copied["markdown"]
        assert "Not proved: 2 of 3 lines without a ✓." in copied["markdown"]
        assert "Proved for" not in copied["markdown"]
        equals = [
            x.partition("&")[2].split(" ")[0] for x in copied["latex"].split("\n")
        ]
        assert equals[1:4] == ["=", r"\overset{\times}{=}", r"\overset{?}{=}"]
        slip = rf"\text{{a slip of a\_j, since }}{summed}\text{{ (H1)}}"
        assert slip in copied["latex"]
        assert r"\text{50 \% sure}" in copied["latex"]

    def test_it_needs_a_start_and_reasons_with_whole_formulas(self):
        asked = {"ask": "copy", "context": OWN, "format": "text", "lines": []}
        assert refused(asked) == "a chain needs a start before it can be copied"
        half = {"text": "a[j]", "reason": "$a_j", "using": []}
        asked |= {"context": OWN | {"start": SLOPE}, "lines": [half]}
        assert "without its partner" in refused(asked)

    def test_nothing_is_proved_by_a_chain_without_lines(self):
        asked = {"ask": "copy", "context": {"where": [], "start": "a[j]"}, "lines": []}
        copied = {form: answer(asked, format=form)["copied"] for form, _ in self.FORM}
        assert copied["text"] == "a_j"
        assert copied["markdown"] == r"$\displaystyle a_{j}$"
        assert copied["latex"] == "\\begin{align*}\na_{j}\n\\end{align*}"

    def asked(self, reason):
        line = {"text": "a[j]", "reason": reason, "using": []}
        context = {"where": [], "start": "z[j]"}
        return {"ask": "copy", "context": context, "lines": [line]}

    def test_a_reason_of_an_address_hides_and_loads_nothing(self):
        """It stands in what is copied to the letter, printable and in one line."""
        asked = self.asked("<!-- `a` [b](c)\n\n\u202e\x00\ud800 as $S$ | all")
        copied = {form: answer(asked, format=form)["copied"] for form, _ in self.FORM}
        letters = r"✗ \<\!-- \`a\` \[b\](c) as $S$ \| all".replace(r"\!", "!")
        assert letters in copied["markdown"].splitlines()
        assert "✗ <!-- `a` [b](c) as S | all" in copied["text"]
        assert r"\text{<!-- `a` [b](c) as }S\text{ | all}" in copied["latex"]

    @pytest.mark.parametrize(
        "formula",
        [
            r"\href{javascript:x}{y}",
            r"\input{x}",
            r"\\",
            "%",
            "<b>",
            "}{",
            "{",
            "&",
            "#",
        ],
    )
    def test_a_formula_in_a_reason_has_no_command_of_another_kind(self, formula):
        asked = self.asked(f"as ${formula}$")
        assert "that is not read" in refused(asked | {"format": "latex"})


class TestLoss:
    def test_is_what_derive_gives(self):
        found, own = answer(CROSS), derive(read(CROSS["loss"]), using=H1)
        assert found["gradient"] == {"text": "a_j − y_j", "latex": "a_{j} - y_{j}"}
        assert (found["mark"], found["sentence"]) == ("✓", own.verdict.sentence)
        layouts = {
            "classes × examples (n, m), as in the course": "classes first",
            "examples × classes (m, n), batch first": "classes last",
        }
        assert found["sources"] == {
            name: {x: own.source(key, y) for x, y in layouts.items()}
            for name, key in (
                ("NumPy", "numpy"),
                ("PyTorch", "pytorch"),
                ("JAX", "jax"),
            )
        }
        usual = [next(iter(x)) for x in found["sources"].values()]
        assert usual == [*layouts, [*layouts][1]]  # PyTorch and JAX: batch first
        assert [
            own.source(x) == own.source(x, "classes last") for x in ("numpy", "jax")
        ] == [
            False,
            True,
        ]
        packages = {"NumPy": "numpy", "PyTorch": "torch", "JAX": "jax"}
        pip = {library: f"pip install {name}" for library, name in packages.items()}
        assert found["installs"] == pip
        assert found["accuracy"] == own.accuracy.sentence
        chain = found["chain"]
        assert chain["start"]["text"] == "∂L/∂z_j"
        assert [x["text"] for x in chain["where"]] == [
            "a_i := e^{z_i}/Σ_k e^{z_k}",
            f"L := {unicode(own.loss)}",
        ]
        steps = own.chain.steps
        assert [x["text"] for x in chain["lines"]] == [unicode(x.right) for x in steps]
        assert [x["using"] for x in chain["lines"]][-1] == ["H1"]
        assert {x["mark"] for x in chain["lines"]} == {"✓"}

    def test_for_which_numbers_it_holds_is_said_and_copied(self):
        weighted = answer(WEIGHTED, parameters=[["T", "real"]], using=[])
        reverse = answer(CROSS, loss="-Σ_k a_k log y_k", using=[])
        divisor = r"\sum_{k=1}^{n} y_{k} w_{k}"
        mean = "-Σ_k w_k y_k log a_k/Σ_k w_k y_k"
        of_weights = answer(CROSS, loss=mean, parameters=[["w[k]", "nonnegative"]])
        for found, words, in_code in (
            (
                answer(CROSS),
                r"labels with $\sum_{k=1}^{n} y_{k} = 1$ (H1)",
                "labels with Sum(y[k], (k, 1, n)) = 1 (H1)",
            ),
            (
                weighted,
                r"$w_{k} \geq 0$, $T \neq 0$ and any labels",
                "w[k] >= 0, T != 0 and any labels",
            ),
            (
                reverse,
                r"labels with $y_{k} > 0$ ($\log y_{k}$ has no value at 0)",
                "labels with y[k] > 0 (log(y[k]) has no value at 0)",
            ),
            (
                of_weights,
                rf"$w_{{k}} \geq 0$ and labels with ${divisor} \neq 0$",
                "w[k] >= 0 and labels with Sum(w[k]*y[k], (k, 1, n)) != 0",
            ),
        ):
            for code in (x for one in found["sources"].values() for x in one.values()):
                said = f"Conditions: the gradient holds for {in_code}."
                assert said in " ".join(code.split())
            assert found["conditions"] == f"holds for {words}"
            for copied in found["copies"].values():
                assert copied.endswith(f"\n\nThe gradient holds for {words}.")

    def test_the_essential_lines_stand_in_the_source(self):
        found = answer(FOCAL)
        for library, layouts in found["essentials"].items():
            for layout, lines in layouts.items():
                first, _, rest = lines.partition("\n")
                turned, _, formulas = rest.rpartition("    ...  # checks\n")
                assert first == "def loss_and_gradient(Z, Y, *, gamma):"
                assert len(turned.splitlines()) == 2 * ("batch first" in layout)
                formulas, end, _ = formulas.partition("    return loss, gradient")
                assert end and "gradient = " in formulas
                assert formulas in found["sources"][library][layout]

    def test_what_is_no_loss(self):
        assert "does not depend on z" in refused(CROSS, loss="Sum(y[k], (k, 1, n))")
        assert "a request needs 'loss'" in refused(CROSS, loss=None)


class TestPlot:
    def test_the_gradient_is_the_slope_of_the_loss(self):
        found = answer(FOCAL, ask="plot")
        places, loss, gradient = (found[x] for x in ("z", "loss", "gradient"))
        assert len(places) == len(loss) == len(gradient) == 61
        assert (places[0], places[-1]) == (-5, 5)
        slopes = [(v - u) / (places[1] - places[0]) for u, v in pairwise(loss)]
        between = [(u + v) / 2 for u, v in pairwise(gradient)]
        assert slopes == pytest.approx(between, abs=2e-3)
        assert min(gradient) < -0.5
        assert found["caption"].endswith(
            "three classes, z_2 = 0.5, z_3 = −1, y = (1, 0, 0), gamma = 2"
        )

    def test_values_that_are_not_finite_are_null(self):
        asked = FOCAL | {"ask": "plot", "loss": "Sum(exp(gamma*z[k]), (k, 1, n))"}
        found = answer(asked, values={"gamma": 300})
        assert found["loss"][-1] is found["gradient"][-1] is None
        assert found["loss"][0] == pytest.approx(1.39e65, rel=0.01)

    def test_where_one_hot_labels_have_no_value_they_are_soft(self):
        loss = "Sum(a[k]*log(a[k]) - a[k]*log(y[k]), (k, 1, n))"
        found = answer(CROSS, ask="plot", loss=loss, values={})
        assert "y = (0.7, 0.2, 0.1)" in found["caption"] and None not in found["loss"]

    def test_an_array_has_a_few_values_that_repeat(self):
        asked = CROSS | {"ask": "plot", "parameters": [["w[k]", "positive"]]}
        asked |= {"loss": "-Sum(w[k]*y[k]*log(a[k]), (k, 1, n))"}
        one, three = (answer(asked, values={"w": x}) for x in (2, [2, 2, 2]))
        assert one["loss"] == three["loss"] != answer(asked, values={"w": 1})["loss"]
        assert three["caption"].endswith("w = (2, 2, 2)")
        caption = answer(asked, values={"w": [1, 2]})["caption"]
        assert caption.endswith("w = (1, 2, 1)")

    @pytest.mark.parametrize("values", [[], [1, [2], 3], [1] * 9, [0, 1, 2], [True]])
    def test_an_array_has_no_other_values(self, values):
        asked = CROSS | {"ask": "plot", "parameters": [["w[k]", "positive"]]}
        asked |= {"loss": "-Sum(w[k]*y[k]*log(a[k]), (k, 1, n))"}
        assert "w" in refused(asked, values={"w": values})

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"gamma": 2, "x": 1}, "a number for x, and this loss has gamma"),
            ({"gamma": "2"}, "must be a number, not '2'"),
            ({"gamma": True}, "must be a number"),
            ({"gamma": [1, 2, 3]}, "must be a number"),
            ({"gamma": -1}, "gamma is declared to be > 0"),
            ({"gamma": 0}, "gamma is declared to be > 0"),
            ({"gamma": 1e300}, "at most 1000000"),
            ({"gamma": float("nan")}, "at most 1000000"),
            ([], "a request needs 'values'"),
        ],
    )
    def test_values_that_are_refused(self, values, words):
        asked = FOCAL | {"ask": "plot", "loss": "gamma*Sum(z[k]**2, (k, 1, n))"}
        assert words in refused(asked, values=values)


WEIGHTED = CROSS | {"loss": "-Sum_k w_k y_k log(a_k)/T"}
RAW_KL = CROSS | {"loss": "Sum_k y_k log(y_k/a_k)"}


class TestLetters:
    def test_declare_themselves_in_every_request_about_a_loss(self):
        told = [
            ("w[k]", "nonnegative", "w_k, one nonnegative number a class", [1, 2, 0.5]),
            ("T", "positive", "T, a positive number", [2]),
        ]
        context = {"page": "loss", "where": [], "parameters": []}
        typed = {"ask": "typeset", "context": context, "text": WEIGHTED["loss"]}
        for asked in (WEIGHTED, typed):
            found = answer(asked)["parameters"]
            kinds = [(x["name"], x["sign"], x["words"], x["numbers"]) for x in found]
            assert kinds == told
        drawn = answer(WEIGHTED | {"ask": "plot"}, values={})
        assert drawn["caption"].endswith("w = (1, 2, 0.5), T = 2")
        assert None not in drawn["gradient"]

    @pytest.mark.parametrize(
        ("loss", "other"),
        [
            ("-(w*((1-eps)*y + eps/n)*log(a)).sum()", {"w": "w[k]", "epsilon": None}),
            ("-sum(α*(1-a)**γ*y*log(a))", {"alpha": "alpha[k]", "gamma": None}),
            ("-Σ_k w y_k log a_k", {"w": None}),
            ("-Σ_k w_k y_k log a_k", {"w[k]": None}),
        ],
    )
    def test_one_beside_vectors_may_be_one_number_or_one_a_class(self, loss, other):
        typed = {"ask": "typeset", "context": LOSS_PAGE, "text": loss}
        for asked in (typed, CROSS | {"loss": loss}):
            found = answer(asked)["parameters"]
            assert {x["name"]: x.get("other") for x in found} == other
        for name, of_each in other.items():
            if of_each:
                given = [[of_each, "nonnegative"]]
                found = answer(typed, context=LOSS_PAGE | {"parameters": given})
                (own,) = (x for x in found["parameters"] if "[" in x["name"])
                assert (own["name"], own["other"]) == (of_each, name)

    def test_a_reader_says_otherwise_of_those_that_stand_there(self):
        given = [["T", "real"], ["gamma", "positive"]]
        context = {"page": "loss", "where": [], "parameters": given}
        asked = {"ask": "typeset", "context": context, "text": "T Sum_k z_k^2"}
        found = answer(asked)
        assert [(x["name"], x["sign"]) for x in found["parameters"]] == [("T", "real")]

    def test_a_hypothesis_that_is_enough_is_named(self):
        lacks = json.loads(answers.answer(json.dumps(RAW_KL)))
        assert lacks["wanted"] == ["H3"] and "refused" in lacks
        assert answer(RAW_KL, using=["H1", "H3"])["mark"] == "✓"
        assert "wanted" not in json.loads(
            answers.answer(json.dumps(CROSS | {"loss": "3"}))
        )

    @pytest.mark.parametrize(
        "loss",
        [
            "-log(Σ_k y_k exp(-γ (z_k - μ)))",
            "log(1 + Σ_k exp(γ z_k)) - 2 log(Σ_k y_k exp(γ z_k + μ))",
        ],
    )
    def test_are_none_where_the_ticked_labels_say_so(self, loss):
        """Σ_k y_k e^{…} is positive where labels sum to 1 and none is negative."""
        both = answer(CROSS, loss=loss, using=["H1", "H3"])
        assert both["sentence"].startswith("right, for every n")
        assert "(H1) and" in both["conditions"] and "> 0$ (" not in both["conditions"]
        alone = answer(CROSS, loss=loss, using=["H3"])
        assert alone["sentence"].startswith("right where Σ_k ")
        assert "has no value at 0" in alone["conditions"]

    def test_are_copied_with_the_derivation(self):
        copies = answer(CROSS)["copies"]
        assert r"\frac{\partial L}{\partial z_{j}}" in copies["latex"]
        assert "$\\displaystyle" in copies["markdown"] != copies["latex"]


class TestUnreadableLoss:
    @pytest.mark.parametrize("power", ["gamma", "tau gamma", "eps", "2 gamma"])
    def test_what_closes_a_loss_leaves_none_of_it_out(self, power):
        """(… gamma log a_k) was read as a remark, and all of it dropped."""
        open_ = f"-sum_k y_k (1 - a_k^{power} log a_k"
        found = answer(CROSS, loss=open_)["unreadable"]
        assert found["suggestions"] == [f"{open_})"]
        assert r"\log a_{k}" in found["latex"][0]
        loss = answer(CROSS, loss=f"{open_})")["chain"]["where"][1]["text"]
        assert loss.endswith("log a_k)")

    def test_a_formula_of_arrays_is_no_remark_and_words_are_one(self):
        found = answer(CROSS, loss="-sum y log(a) (eps log a)")
        assert not [x for x in found["notes"] if "remark" in x]
        noted = answer(CROSS, loss="-sum_k y_k log a_k (a cross entropy)")["notes"]
        assert noted == ["`(a cross entropy)` is a remark"]

    @pytest.mark.parametrize("loss", ["|x|", "Abs(x)", "sum_k |y_k - a_k|"])
    def test_that_a_size_is_not_differentiable_is_said_at_once(self, loss):
        found = answer(CROSS, loss=loss)["unreadable"]
        assert found["message"].startswith("|x| is not differentiable at 0: use a")
        assert found["suggestions"] == []

    def test_of_a_size_that_is_read_it_is_said_by_what_it_is(self):
        words = refused(CROSS | {"loss": "sum_k Abs(y_k - a_k)"})
        assert words.startswith("Abs(a[k] - y[k]) is not differentiable at 0")


class TestCheck:
    ASKED = WEIGHTED | {"ask": "check", "values": {"w": [1, 2, 1]}}

    @pytest.mark.parametrize(
        "z",
        [
            "1, 2, 0.5",
            "array([ 8e2, -8e2, 1.])",
            "[1 −2 1/3]",
            "tensor([1;2;3.5])",
            "1,2, 3",
        ],
    )
    def test_the_code_beside_differences(self, z):
        found = answer(self.ASKED, z=z, y="0.25, 0.25, 0.5")
        assert [x["mark"] for x in found["rows"]] == ["✓"] * 3 and found["mark"] == "✓"
        assert all(x["relative"] < 1e-12 for x in found["rows"])
        assert found["sentence"].endswith("with w = (1, 2, 1), T = 2")

    @pytest.mark.parametrize(
        "behind",
        [
            "], requires_grad=True)",
            "], grad_fn=<AddBackward0>)",
            "],\n       device='cuda:0', dtype=torch.float64)",
        ],
    )
    def test_what_stands_behind_the_numbers_of_a_tensor_is_left_out(self, behind):
        found = answer(self.ASKED, z=f"tensor([ 1.2, 8., -0.5{behind}", y="1 0 0")
        assert [x["mark"] for x in found["rows"]] == ["✓"] * 3
        rows = f"tensor([[ 1.2, 8., -0.5],\n        [0., 1., 2.]{behind}"
        assert answer(self.ASKED, z=rows, y="1 0 0")["rows"] == found["rows"]

    @pytest.mark.parametrize("z", ["1,5;2;3", "1,5 2 -0,5", "1,5, 2,5, 3,5"])
    def test_a_decimal_comma_is_refused_and_not_read_as_two_numbers(self, z):
        words = answer(self.ASKED, z=z, y="1, 0, 0")["refused"]
        assert words.endswith("write 1.5; 2; 3")

    def test_code_that_is_wrong_is_found(self, monkeypatch):
        class Doubled(differences.Run):
            def __call__(self, name):
                value = super().__call__(name)
                slopes = [2 * x for x in value.numbers] if name == "gradient" else None
                return value._replace(numbers=slopes or value.numbers)

        monkeypatch.setattr(differences, "Run", Doubled)
        found = answer(self.ASKED, z="1, 2, 0", y="1, 0, 0")
        assert (found["mark"], {x["mark"] for x in found["rows"]}) == ("✗", {"✗"})
        assert "is not the slope" in found["sentence"]

    def test_the_mark_follows_what_the_two_are_off_by(self):
        """The gradient is 1e-25 throughout: a 0 of the code is not off by 1."""
        focal = {"loss": "-Σ_k y_k (1 - a_k)^gamma log a_k", "values": {"gamma": 0.5}}
        asked = CROSS | {"ask": "check"} | focal
        found = answer(asked, z="2 -1 0.3 40", y="4")["rows"]
        assert [x["mark"] for x in found] == ["✓"] * 4
        assert found[3]["gradient"] == 0 != found[3]["difference"]
        assert all(x["relative"] < differences.NEAR for x in found)
        head = (ROOT / "book/static/live/parts/loss_check.js").read_text("utf-8")
        assert f"the largest entry or {differences.TINY:g}" in head
        assert f"at most {differences.NEAR:.0e}".replace("e-0", "e−") in head

    def test_where_nothing_has_a_value(self):
        loss = "Sum(a[k]*log(a[k]) - a[k]*log(y[k]), (k, 1, n))"
        asked = CROSS | {"ask": "check", "values": {}, "loss": loss}
        found = answer(asked, z="1, 2", y="1, 0")
        shown = [[x[key] for key in ("gradient", "difference")] for x in found["rows"]]
        assert (found["mark"], shown) == ("?", [[None, None]] * 2)
        assert found["sentence"] == "log y_k has no value at y_k = 0"
        assert answer(asked, z="1, 2", y="0.5, 0.5")["mark"] == "✓"

    def test_where_only_the_code_has_no_value(self):
        """e^1000 is no float64, and the loss is e^(1000 − 1000) times the logits."""
        loss, values = "exp(C) exp(-gamma) Σ_k y_k z_k", {"C": 1000, "gamma": 1000}
        asked = CROSS | {"ask": "check", "values": values, "loss": loss}
        found = answer(asked, z="1, 2", y="1, 0")
        assert [x["difference"] for x in found["rows"]] == [1, 0]
        words = "the loss has a slope here, and the code gives none: it overflows"
        assert found["sentence"].startswith(words)

    def test_what_is_needed_for_a_value_is_said(self):
        loss = "-Σ_k y_k log a_k/Σ_k y_k"
        asked = CROSS | {"ask": "check", "values": {}, "loss": loss, "using": []}
        found = answer(asked, z="1, 2", y="0, 0")
        assert found["sentence"].endswith("too large a one: it needs Σ_k y_k ≠ 0")

    def test_a_loss_without_labels_needs_none(self):
        asked = CROSS | {"values": {}, "loss": "Σ_k a_k log a_k"}
        found = answer(asked)
        assert (found["has_labels"], found["conditions"]) == (
            False,
            "holds for any logits",
        )
        assert answer(asked, ask="check", z="1, 2, 3", y="")["mark"] == "✓"
        assert "y" not in answer(asked, ask="plot")["caption"].split("goes")[1]

    def test_of_several_rows_the_first(self):
        rows = "tensor([[1, 2, 0.5], [3, 1, 0]])"
        found = answer(self.ASKED, z=rows, y="0.25, 0.25, 0.5")
        assert found["sentence"].endswith("T = 2, the first row of z")
        assert found["rows"] == answer(self.ASKED, z="1,2,.5", y=".25,.25,.5")["rows"]

    def test_the_true_class_is_a_label(self):
        found = answer(self.ASKED, z="1, 2, 0.5", y=" 2 ")
        assert found["rows"] == answer(self.ASKED, z="1,2,.5", y="0,1,0")["rows"]
        assert found["sentence"].endswith("T = 2, y = (0, 1, 0)")

    def test_a_number_of_each_class_is_not_filled_up(self):
        asked = self.ASKED | {"z": "1, 2, 3, 4", "y": "1, 0, 0, 0"}
        assert "w has 3 numbers and z has 4" in refused(asked)
        assert answer(asked, values={"w": 2})["mark"] == "✓"

    @pytest.mark.parametrize(
        ("z", "y", "words"),
        [
            ("1, 2", "1, 0, 0", "z has 2 numbers and y has 3"),
            ("1", "1", "2 to 8 numbers"),
            ("1, 2, 0.3, 4", "0", "classes count from 1 here: 1 to 4"),
            ("1, 2", "3", "y is the true class, 1 to 2 here, or 2 numbers"),
            ("1, 2", "1.5", "y needs 2 to 8 numbers"),
            ("", "1, 0", "2 to 8 numbers"),
            ("1," * 9, "1, 0", "2 to 8 numbers"),
            ("1, 801", "1, 0", "at most 800"),
            ("1, 1e99", "1, 0", "at most 800"),
            ("1, 2", "1e9, 0", "at most 1000000"),
            ("1, nan", "1, 0", "'nan' is no number"),
            ("1, 9**9", "1, 0", "is no number"),
            ("1, 1/0", "1, 0", "divides by 0"),
            ("1, ١", "1, 0", "is no number"),
            ("1, __import__('os')", "1, 0", "is no number"),
            ("1, " + "9" * 1900, "1, 0", "is no number"),
            (["1", "2"], "1, 0", "a request needs 'z'"),
        ],
    )
    def test_what_is_refused(self, z, y, words):
        assert words in refused(self.ASKED, z=z, y=y)

    def test_labels_for_which_the_gradient_is_not_stated(self):
        asked = RAW_KL | {"ask": "check", "values": {}, "using": ["H1", "H3"]}
        words = "a label is -1, and this gradient is stated where no label is negative"
        assert words in refused(asked, z="1, 2", y="2, -1")
        cross = CROSS | {"ask": "check", "values": {}}
        assert "these labels sum to 2" in refused(cross, z="1, 2", y="1, 1")


def test_the_samples_ask_everything_and_know_their_answers():
    samples = sample_requests.requests(sample_requests.FEW)
    asked = {json.loads(sample)["ask"] for _, sample in samples}
    assert asked == {*answers.ASKED, "nothing"}
    assert {"right", "wrong", "unreadable", "refused"} <= {x for x, _ in samples}
    for expected, sample in samples:
        told = json.loads(answers.answer(sample))
        assert expected in told or told["verdict"] == expected


HOSTILE = [
    *(LINE | {key: value} for key in LINE for value in (None, 1, {}, [[1]], True)),
    *({k: v for k, v in LINE.items() if k != key} for key in LINE),
    *(LINE | {"context": {"theorem": x}} for x in (1, "x")),
    LINE | {"context": {"theorem": "__class__"}},
    LINE | {"context": {"where": ["__builtins__"]}},
    LINE | {"context": {"where": ["softmax"] * 13}},
    LINE | {"context": {"where": [["softmax"]]}},
    LINE | {"context": OWN | {"case": 1}},
    LINE | {"context": OWN | {"start": 1}},
    LINE | {"right": "a" * 2001},
    LINE | {"using": ["H1"] * 13},
    LINE | {"using": [{}]},
    {"ask": "copy", "context": LOGITS, "lines": [1], "format": "text"},
    {"ask": "copy", "context": LOGITS, "lines": [{}], "format": "text"},
    {"ask": "copy", "context": LOGITS, "lines": [{}] * 41, "format": "text"},
    {"ask": "copy", "context": LOGITS, "lines": [], "format": "html"},
    CROSS | {"parameters": ["gamma"]},
    CROSS | {"parameters": [["gamma"]]},
    CROSS | {"parameters": [["gamma", 1]]},
    CROSS | {"parameters": [["gamma", "positive"]] * 13},
    {"ask": "question", "text": "dz"},
    *(
        {"ask": "question", "text": "dz", "context": {"where": x, "case": y}}
        for x, y in ((1, None), ([1], None), (["softmax"] * 13, None), (None, 1))
    ),
    {"ask": "question", "text": "z" * 2001, "context": {"where": None}},
    {"ask": "__init__"},
    {"ask": ["line"]},
]


class TestHostile:
    @pytest.mark.parametrize("request_", HOSTILE, ids=range(len(HOSTILE)))
    def test_is_refused_in_words(self, request_):
        refused(request_)

    @pytest.mark.parametrize(
        "request_",
        [
            *("", "{", "null", "[]", "1", '"line"', "\x00", "[" * 30_000, "1" * 5000),
            *("{" * 40_000, " " * 50_001, '{"ask": "\\ud800"}', None, 3, b"{}"),
        ],
        ids=range(15),
    )
    def test_what_is_no_request(self, request_):
        found = json.loads(answers.answer(request_))
        assert list(found) == ["refused"] and len(found["refused"]) < 2001

    @pytest.mark.parametrize(
        "words",
        [
            "().__class__.__bases__",
            "<script>alert(1)</script>",
            "(" * 500,
            "\ud800",
            "",
        ],
    )
    def test_a_text_that_is_no_formula(self, words):
        """More of them stand in the tests of reading."""
        for side in ("left", "right"):
            assert answer(LINE, **{side: words})["verdict"] == "unreadable"

    @pytest.mark.parametrize(
        ("fault", "words"),
        [
            (KeyError("/home/x"), "the engine has no answer to this (KeyError)"),
            (RecursionError("x"), "too large: its parts are nested too deeply"),
            (ModuleNotFoundError(name="sympy.vector"), "book carries (sympy.vector)"),
        ],
    )
    def test_a_fault_of_the_engine_is_no_traceback(self, monkeypatch, fault, words):
        def fail(*_, **__):
            raise fault

        monkeypatch.setattr("derivations.request.context.decide", fail)
        assert words in refused(LINE)


def test_an_answer_changes_nothing():
    before = repr(sorted(SERIES.symbols)), repr(sorted(SERIES.arrays))
    first = answer(LINE), answer(FOCAL)
    for asked in (FOCAL, CROSS | {"parameters": [["w[k]", "real"]]}, *HOSTILE[:40]):
        answer(asked)
    assert (answer(LINE), answer(FOCAL)) == first
    assert before == (repr(sorted(SERIES.symbols)), repr(sorted(SERIES.arrays)))
    asked = {"ask": "typeset", "context": OWN, "text": "gamma"}
    assert "unreadable" in answer(asked)
