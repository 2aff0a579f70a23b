"""Formulas and chains as text, LaTeX and Markdown."""

import re

import pytest
from sympy import Derivative, KroneckerDelta

from derivations.letters import (
    H1,
    L,
    Sum,
    SumExcept,
    a,
    cross_entropy,
    i,
    j,
    k,
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

    def lines(self, rendered):
        return re.split(r"\\\\\[4pt\]\n", rendered)

    def test_each_line_has_its_reason_and_its_mark(self):
        for chain in (x() for x in catalogue().values()):
            rows = self.lines(chain._repr_latex_())
            assert len(rows) == len(chain.steps)
            for row, step in zip(rows, chain.steps, strict=True):
                assert latex(step.right) in row
                assert row.count("✓") == 1
                for words in re.split(r"\$[^$]*\$", step.words):
                    assert words in row
            rows = repr(chain).splitlines()[1:]
            for row, step in zip(rows, chain.steps, strict=True):
                assert row.startswith(f"  = {text(step.right)}    ✓ ")
                assert row.endswith(step.words.replace("$", ""))

    def test_latex_for_a_notebook(self):
        found = self.chain._repr_latex_()
        assert found.startswith("$$\\begin{aligned}\n")
        assert found.endswith("\n\\end{aligned}$$")
        assert (
            r"\frac{\partial L}{\partial z_{j}} &= a_{j} \sum_{i=1}^{n} y_{i}" in found
        )
        assert "by H1" in self.lines(found)[1]
        assert Derivation(a[i])._repr_latex_() == "$a_{i}$"

    def test_markdown(self):
        found = self.chain.to_markdown()
        assert found.startswith(self.chain._repr_latex_())
        assert r"$\sum_{k=1}^{n} y_{k} = 1$" in found
        points = sum(x.verdict.points for x in self.chain.steps)
        assert found.endswith(
            f"proved for every $n$, and compared at {points} points with $n$ = 2 to 5"
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
            Derivation(a[i]).step(a[i], "it is $a")._repr_latex_()


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

    def test_a_product_with_an_early_sum_is_closed(self):
        found = latex(Sum(y[k], (k, 1, n)) * Sum(z[k], (k, 1, n)))
        assert found.count(r"\left(") == 1
