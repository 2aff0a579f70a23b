"""Formulas and chains as text, LaTeX and Markdown."""

import pytest
from sympy import KroneckerDelta

from derivations.letters import *
from derivations.proof import Derivation, check
from derivations.text.chains import conditions
from derivations.text.names import declared
from derivations.text.printing import latex, text
from derivations.text.reading import read
from derivations.text.vocabulary import SERIES, names_of
from derivations.theorems import blocks, catalogue
from derivations.theorems.blocks import (
    NP,
    ZP,
    N,
    in_P,
    in_Q,
    jP,
    jQ,
    kP,
    kQ,
    nP,
    nQ,
    zP,
    zQ,
)

delta = KroneckerDelta
total = Sum(y[k], (k, 1, n))


class TestRendering:
    def test_each_line_has_its_reason_and_its_mark(self):
        for chain in (x() for x in catalogue().values()):
            paragraphs = chain._repr_markdown_().split("\n\n")
            assert len(paragraphs) == 2 * len(chain.steps)
            left = latex(chain.start)
            for at, step in enumerate(chain.steps):
                formula, reason = paragraphs[2 * at : 2 * at + 2]
                assert formula == rf"$\displaystyle {left} = {latex(step.right)}$"
                assert reason == f"✓ {step.words}"
                left = r"\quad"
            rows = repr(chain).splitlines()[1:]
            for row, step in zip(rows, chain.steps, strict=True):
                assert row.startswith(f"  = {text(step.right)}    ✓ ")
                assert row.endswith(step.words.replace("$", ""))

    def test_a_notebook_shows_lines_whose_words_wrap(self):
        """No text/html, whose $ VS Code leaves raw, and no words within a formula."""
        chain = catalogue()["logits.gradient"]()
        assert r"\text" not in chain._repr_markdown_()
        assert Derivation(a[i])._repr_markdown_() == r"$\displaystyle a_{i}$"
        assert not hasattr(chain, "_repr_html_")
        assert not hasattr(chain, "_repr_latex_")

    def test_markdown_names_only_the_labels_of_its_chain(self):
        chain = catalogue()["batch.gradient"]()
        written = chain.to_markdown()
        assert written.startswith(chain._repr_markdown_())
        assert r"$\sum_{k=1}^{n} Y_{k,s} = 1$" in written
        assert r"\sum_{k=1}^{n} y_{k} = 1" not in written
        points = sum(step.verdict.points for step in chain.steps)
        assert f"from 2 on, and compared at {points} points." in written

    @pytest.mark.parametrize("name", catalogue())
    def test_latex_for_a_plain_article(self, name):
        found = catalogue()[name]().to_latex()
        assert found.isascii()
        assert found.startswith("\\begin{align*}\n")
        assert found.count("{") == found.count("}")
        assert found.count("$") % 2 == 0

    def test_a_case_is_a_condition(self):
        case = catalogue()["softmax.case_unequal"]()
        assert conditions(case, latex)[-1] == r"i \neq j"

    def test_a_dollar_without_its_partner(self):
        with pytest.raises(ValueError, match="without its partner"):
            Derivation(a[i]).step(a[i], "it is $a")


class TestPrinting:
    def test_a_sum_over_the_others(self):
        found = latex(SumExcept(y[i] * a[j], (i, 1, n), j))
        assert found.startswith(r"\sum_{i \neq j} ")

    def test_a_product_stays_as_written(self):
        product = times(-y[i] / a[i], a[i] * (1 - a[j]))
        assert product.args == (-y[i] / a[i], a[i] * (1 - a[j]))
        assert latex(product).count("a_{i}") == 2
        assert check(product, -y[i] * (1 - a[j]))

    def test_a_name_of_several_letters_is_one_name(self):
        """Upright, as a product of letters is not; Python's lam is λ."""
        lam, prior = Symbol("lam"), IndexedBase("prior")
        assert latex(lam * prior[k]) == r"\lambda \mathrm{prior}_{k}"
        known = declared(SERIES, [("lam", "real"), ("prior[k]", "real")])
        assert text(read(latex(lam * prior[k]), known)) == "lam*prior[k]"

    def test_order_and_signs_of_a_textbook(self):
        assert latex(-y[i] / a[i]) == r"- \frac{y_{i}}{a_{i}}"
        assert latex(delta(i, j)) == r"\delta_{i j}"
        assert latex(exp(z[i]) + 1) == "1 + e^{z_{i}}"

    def test_what_is_split_off_stands_before_the_sum_over_the_others(self):
        found = latex(SumExcept(y[i], (i, 1, n), j) - y[j])
        assert found == r"- y_{j} + \sum_{i \neq j} y_{i}"

    def test_an_argument_is_closed_where_another_reading_is_possible(self):
        assert latex(log(1 - a[i])) == r"\log\left(1 - a_{i}\right)"
        assert latex(log(a[i]) ** 2) == r"\log^{2} a_{i}"
        slope = latex(Derivative(log(S), z[j]) * total)
        assert slope == r"\frac{\partial \log S}{\partial z_{j}} \sum_{k=1}^{n} y_{k}"
        assert latex(exp((z[i] + z[j]) / (n + 1))) == (
            r"e^{\left(z_{i} + z_{j}\right)/\left(1 + n\right)}"
        )
        assert latex(exp(z[i]) ** y[j]) == latex(exp(y[j] * z[i]))

    def test_each_index_has_its_sum_sign(self):
        found = latex(Sum(z[i] * y[j], (j, 1, n), (i, 1, n)))
        assert found == r"\sum_{i=1}^{n} \sum_{j=1}^{n} y_{j} z_{i}"

    def test_a_product_with_an_early_sum_is_closed(self):
        found = latex(Sum(y[k], (k, 1, n)) * Sum(z[k], (k, 1, n)))
        assert found.count(r"\left(") == 1
        assert latex(log(n) * total) == r"\left(\log n\right) \sum_{k=1}^{n} y_{k}"
        assert latex(log(2 * n) * total).count(r"\left(") == 1


class TestBlocks:
    def test_a_sum_over_a_block(self):
        assert latex(in_P) == r"\sum_{k \in P} e^{z_{k}}"
        assert latex(ZP[jP, s]) == "Z_{j_{P},s}"
        assert latex(ZP[jP, s], of_any_block=True) == "Z_{j,s}"
        assert latex(nP / (nP + nQ)) == r"\frac{n_{P}}{n_{P} + n_{Q}}"
        assert latex(N - NP) == "N - N_{P}"
        assert text(in_P) == "Sum(exp(zP[kP]), (kP, 1, nP))"

    def test_a_sum_that_is_not_over_the_block(self):
        assert latex(Sum(zP[kP], (kP, 1, nQ))) == r"\sum_{k=1}^{n_{Q}} z_{k}"
        assert latex(Sum(zP[kP], (kP, 2, nP))) == r"\sum_{k=2}^{n_{P}} z_{k}"

    def test_an_array_that_is_no_part_of_one_keeps_its_name(self):
        assert latex(zQ[jP]) == "zQ_{j_{P}}"
        assert latex(zP[j]) == "zP_{j}"
        assert latex(z[jP]) == "z_{j_{P}}"

    @pytest.mark.parametrize(
        ("expr", "expected"),
        [
            (zP[jP] + zQ[jQ], "z_{j_{P}} + z_{j_{Q}}"),
            (zP[jP] + z[j], "z_{j_{P}} + z_{j}"),
            (delta(jP, j), r"\delta_{j j_{P}}"),
            (
                Sum(zP[kP] * zQ[kQ], (kP, 1, nP), (kQ, 1, nQ)),
                r"\sum_{k_{Q} \in Q} \sum_{k_{P} \in P} z_{k_{P}} z_{k_{Q}}",
            ),
            (
                zP[kP] + Sum(zQ[kQ], (kQ, 1, nQ)),
                r"z_{k_{P}} + \sum_{k \in Q} z_{k}",
            ),
        ],
    )
    def test_one_letter_for_two_keeps_its_block(self, expr, expected):
        assert latex(expr) == expected
        assert read(expected, names_of(zP[kP], zQ[kQ])) == expr

    def test_conditions_say_which_block(self):
        found = conditions(blocks.logits(), latex)
        assert r"j_{P} \in P" in found
        [outputs] = [x for x in found if x.startswith("A_{i,s}")]
        assert outputs.endswith(r"\text{ for } i \in P \cup Q")
        assert found[-1] == r"\sum_{k \in P} Y_{k,s} + \sum_{k \in Q} Y_{k,s} = 1"
        label = conditions(blocks.label(), latex)
        assert r"y_{i} = \delta_{c i} \text{ for } i \in P" in label
        assert r"y_{i} = 0 \text{ for } i \in Q" in label
        assert r"c_{P} \in P" in label
        assert conditions(blocks.label())[4] == "yQ[iQ] := 0"

    def test_what_was_proved_is_said_of_its_sizes(self):
        found = blocks.merged().to_markdown()
        assert "Proved for all sizes $n_{P}$, $n_{Q}$, and compared at" in found
        verdict = check(in_Q + in_P, in_P + in_Q)
        assert str(verdict).startswith("right, for all nP, nQ (and at ")
        assert verdict.row[1].startswith("proved for all nP, nQ; ")
        assert "n = 2" not in str(verdict)
        assert str(check(1 / in_P, in_P)).startswith("differs: at nP = ")
