"""Diagnoses: each wrong answer has its mistake, and what is said is true."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from sympy import Rational

from derivations.formulas.claims import Claim
from derivations.judges.at_points.first_points import agreeing_at_once
from derivations.letters import *
from derivations.mistakes import registry
from derivations.mistakes.mistake import Mistake, equal_to
from derivations.mistakes.places import place_of
from derivations.mistakes.registry import MISTAKES
from derivations.proof import check
from derivations.request.context import context
from tests.rows import rows

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
PARAMETERS = [("R0[k]", "positive"), ("w[k]", "real"), ("Q0[k, l]", "real")]
ROWS = {f"{row[0]} is {row[1]}, {row[3]} {row[4]}": row for row in rows("mistakes", 6)}

WHAT_MENDS_IT = "has to be|(term|factor) [^ ].* is missing|^this is [^ ]+ times"
"""No exercise says it: there the reader is to find it."""


@cache
def asked(key):
    """What holds, the question, the answer and the hypotheses of a row."""
    question, answer, where, fact, case, _ = ROWS[key]
    holds = context(where.split(), case, PARAMETERS)
    expr = holds.question("question", question).expr
    return holds, expr, holds.read("answer", answer), holds.using(fact.split())


class TestEveryWrongAnswer:
    def test_there_are_many_and_each_mistake_is_among_them(self):
        named = {re.split(" by ", row[5])[0] for row in ROWS.values()}
        assert len(ROWS) >= 60
        assert {x.name for x in MISTAKES} == {x for x in named if "lacks" not in x}

    @pytest.mark.parametrize("key", ROWS)
    def test_has_its_mistake(self, key):
        holds, question, answer, using = asked(key)
        verdict, expected = holds.check(answer, question, using), ROWS[key][5]
        assert not verdict
        if expected.startswith("lacks "):
            names = [x for several in verdict.missing.names for x in several]
            said = f"lacks {' '.join(names)}"
            assert verdict.mark == "◐" and verdict.diagnosis is None
        else:
            why = verdict.diagnosis
            said = " by ".join([why.name, *(fact.name for fact in why.hypotheses)])
            assert verdict.mark == "✗" and why.words in verdict.sentence
            told = verdict.in_exercise.diagnosis.sentence
            assert not re.search(WHAT_MENDS_IT, told), told
        assert said == expected


def is_heading(notebook, heading):
    text = (NOTEBOOKS / f"{notebook}.ipynb").read_text(encoding="utf-8")
    cells = [x for x in json.loads(text)["cells"] if x["cell_type"] == "markdown"]
    return f"## {heading}" in [x.strip() for cell in cells for x in cell["source"]]


ASKED = {
    "The derivative with respect to an output": Derivative(L, a[i]),
    "A hidden layer": Derivative(J, W1[p, q]),
    "The last layer": Derivative(J, W[j, q]),
    "How to read a gradient check": Derivative(v[i] ** 2, v[j]),
    "The Hessian": Derivative(L, z[j], z[i]),
    "One formula for both": Derivative(a[i], z[j]),
    "Case i = j": a[i] - a[i] ** 2,
    "Case i ≠ j": Derivative(a[i], z[j]),
    "Which label smoothing": a[j] - (1 - alpha) * y[j] - alpha / n,
    "The gradient of the mean": A[j, s] - Y[j, s],
    "The chain, split into both cases": a[j] - y[j],
}
CASES = {"Case i = j": Eq(i, j), "Case i ≠ j": Ne(i, j)}
"""What is asked, by the heading where the series derives it; and in which case."""


class TestEveryMistake:
    @pytest.mark.parametrize("heading", ASKED)
    def test_of_any_derivative_is_explained_where_that_is_derived(self, heading):
        question, case = ASKED[heading], CASES.get(heading)
        where = () if question.has(v) else (softmax, batch_softmax, cross_entropy)
        notebook, said = place_of(Claim(-question, question, where, case=case))
        assert said == heading and is_heading(notebook, heading)

    @pytest.mark.parametrize(
        "mistake", [x for x in MISTAKES if x.notebook], ids=lambda x: x.name
    )
    def test_is_explained_under_a_heading_of_the_series(self, mistake):
        assert is_heading(mistake.notebook, mistake.heading)

    @pytest.mark.parametrize("mistake", MISTAKES, ids=lambda x: x.name)
    def test_is_not_said_to_be_in_another_wrong_answer(self, mistake):
        key = next(x for x, row in ROWS.items() if row[5].startswith(mistake.name))
        holds, question, answer, using = asked(key)
        assert holds.check(Rational(7, 5) * answer, question, using).diagnosis is None

    def test_is_not_said_where_it_gives_the_right_answer(self):
        """The Jacobian of softmax is its own transpose."""
        right = a[i] * (delta - a[j])
        why = check(2 * right, Derivative(a[i], z[j]), softmax).diagnosis
        assert why.name == "constant factor"

    def test_is_in_no_term_that_was_not_written(self):
        """The answer is 3 - a_c - 2n; nobody wrote this 2n."""
        answer = SumExcept(a[j] - 2, (j, 1, n), c)
        assert check(answer, 1 - a[c], softmax).diagnosis is None

    def test_is_the_term_that_a_sum_leaves_out(self):
        """Of a sum without i = j, nobody wrote the sum of all, nor that it is 1."""
        where, rest = [softmax, cross_entropy], SumExcept(y[i], (i, 1, n), j)
        why = check(a[j] * rest - y[j], Derivative(L, z[j]), where).diagnosis
        assert why.sentence == "the term y_j a_j is missing"
        assert why.kind == "a term is missing"
        assert check(rest, Derivative(L, z[j]), where).diagnosis is None

    def test_of_an_output_over_a_number_is_explained_with_the_softmax(self):
        for of, case in [(a[i] / S, Ne(i, j)), (log(a[i]), None), (a[i] ** 2, None)]:
            asked = Claim(a[i], Derivative(of, z[j]), [softmax, normaliser], case=case)
            assert place_of(asked)[0] == "02_softmax_derivative"
        for of in (-log(a[c]), Sum(log(a[k]), (k, 1, n)), L):
            asked = Claim(a[c], Derivative(of, z[j]), [softmax, cross_entropy])
            assert place_of(asked)[0] == "04_chain_rule"

    def test_is_not_said_where_both_sides_are_0(self):
        """With y_i = 0 this answer is right, and so is every multiple of y_i."""
        wrong = -y[i] * log(a[i])
        assert check(wrong, Derivative(L, a[i]), cross_entropy).diagnosis is None


def test_what_agrees_at_the_first_points_alone_is_not_said(monkeypatch):
    """It is looked at with n = 3 and 4; for every n the judges refuse it."""

    def candidates(claim):
        yield equal_to(claim, claim.left + (n - 3) * (n - 4), "no mistake")

    guess = Mistake("guess", candidates)
    monkeypatch.setattr(registry, "MISTAKES", (guess,))
    answer, question = 2 * a[j], a[j]
    assert agreeing_at_once(Claim(answer, question), [answer + (n - 3) * (n - 4)])
    verdict = check(answer, question)
    assert verdict.mark == "✗" and verdict.diagnosis is None


def test_no_mistake_is_tried_behind_the_one_that_is_proved(monkeypatch):
    """So a diagnosis comes fast."""

    def candidates(claim):
        raise AssertionError("it is tried")

    late = Mistake("late", candidates)
    monkeypatch.setattr(registry, "MISTAKES", (MISTAKES[0], late))
    assert check(-a[j], a[j]).diagnosis.name == "sign"


def test_nothing_is_looked_for_in_a_right_answer(monkeypatch):
    monkeypatch.setattr("derivations.mistakes.registry.MISTAKES", None)
    assert check(a[j] - y[j], Derivative(L, z[j]), [softmax, cross_entropy], H1)
    verdict = check(a[j] - y[j], Derivative(L, z[j]), [softmax, cross_entropy])
    assert verdict.mark == "◐"
    with pytest.raises(TypeError):
        check(y[j] - a[j], Derivative(L, z[j]), [softmax, cross_entropy], H1)
