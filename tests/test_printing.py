"""Formulas and chains as text, LaTeX and Markdown."""

import pytest
from sympy import Derivative, KroneckerDelta

from derivations.letters import (
    H1,
    L,
    Sum,
    SumExcept,
    a,
    cross_entropy,
    exp,
    i,
    j,
    k,
    log,
    n,
    softmax,
    times,
    y,
    z,
)
from derivations.printing import conditions, latex, text
from derivations.proof import Derivation, check
from derivations.theorems import catalogue

delta = KroneckerDelta
total = Sum(y[k], (k, 1, n))


class TestRendering:
    chain = (
        Derivation(Derivative(L, z[j]), where=[softmax, cross_entropy])
        .step(a[j] * Sum(y[i], (i, 1, n)) - y[j], "by the Jacobian")
        .step(a[j] - y[j], "the labels sum to 1", using=H1)
    )

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
        found = self.chain._repr_markdown_()
        assert r"\text" not in found and "aligned" not in found
        assert found.endswith("✓ the labels sum to 1, by H1")
        assert Derivation(a[i])._repr_markdown_() == r"$\displaystyle a_{i}$"
        assert not hasattr(self.chain, "_repr_html_")
        assert not hasattr(self.chain, "_repr_latex_")

    def test_markdown(self):
        found = self.chain.to_markdown()
        assert found.startswith(self.chain._repr_markdown_())
        assert r"$\sum_{k=1}^{n} y_{k} = 1$" in found
        points = sum(x.verdict.points for x in self.chain.steps)
        assert found.endswith(
            f"Proved for every $n$ from 2 on, and compared at {points} points."
        )

    def test_only_the_labels_of_the_chain_are_named(self):
        batch = catalogue()["batch.gradient"]().to_markdown()
        assert r"$\sum_{k=1}^{n} Y_{k,s} = 1$" in batch
        assert r"\sum_{k=1}^{n} y_{k} = 1" not in batch

    @pytest.mark.parametrize("name", catalogue())
    def test_latex_for_a_plain_article(self, name):
        found = catalogue()[name]().to_latex()
        assert found.isascii()
        assert found.startswith("\\begin{align*}\n")
        assert found.count("{") == found.count("}")
        assert found.count("$") % 2 == 0

    def test_conditions(self):
        case = catalogue()["softmax.case_unequal"]()
        assert conditions(case)[-1] == "i ≠ j"
        assert conditions(case, latex)[-1] == r"i \neq j"
        assert "where a[i] := exp(z[i])/Sum(exp(z[k]), (k, 1, n))" in repr(case)

    def test_a_dollar_without_its_partner(self):
        with pytest.raises(ValueError, match="without its partner"):
            Derivation(a[i]).step(a[i], "it is $a")


class TestPrinting:
    def test_a_sum_over_the_others(self):
        found = latex(SumExcept(y[i] * a[j], (i, 1, n), j))
        assert found.startswith(r"\sum_{i \neq j} ")
        assert "delta" not in found
        assert text(SumExcept(y[i], (i, 1, n), j)) == "Sum(y[i], i != j)"

    def test_a_product_stays_as_written(self):
        product = times(-y[i] / a[i], a[i] * (1 - a[j]))
        assert product.args == (-y[i] / a[i], a[i] * (1 - a[j]))
        assert latex(product).count("a_{i}") == 2
        assert r"\cdot" in latex(product)
        assert text(product).count("a[i]") == 2
        assert check(product, -y[i] * (1 - a[j]))

    def test_order_and_signs_of_a_textbook(self):
        assert latex(a[j] - y[j]) == "a_{j} - y_{j}"
        assert latex(a[j] * total - y[j]) == r"a_{j} \sum_{k=1}^{n} y_{k} - y_{j}"
        assert latex(-y[i] / a[i]) == r"- \frac{y_{i}}{a_{i}}"
        assert latex(delta(i, j)) == r"\delta_{i j}"
        assert latex(exp(z[i]) + 1) == "1 + e^{z_{i}}"

    def test_what_is_split_off_stands_before_the_sum_over_the_others(self):
        found = latex(SumExcept(y[i], (i, 1, n), j) - y[j])
        assert found == r"- y_{j} + \sum_{i \neq j} y_{i}"

    def test_as_a_person_writes_it(self):
        assert latex(log(a[i])) == r"\log a_{i}"
        assert latex(log(1 - a[i])) == r"\log\left(1 - a_{i}\right)"
        assert latex(log(a[i]) ** 2) == r"\log^{2} a_{i}"
        assert latex(exp(z[i] / n)) == "e^{z_{i}/n}"
        assert latex(exp(exp(-z[i]))) == "e^{e^{- z_{i}}}"
        assert latex(exp(-z[i]) * exp(z[j])) == "e^{- z_{i}} e^{z_{j}}"
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
