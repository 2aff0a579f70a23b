"""What each theorem says, written down once more by hand; and slips beside them."""

import pytest
from sympy import Rational

from derivations.letters import *
from derivations.proof import check
from derivations.request.context import of_theorem
from derivations.text.reading import read
from derivations.text.sentences import read_case
from derivations.text.vocabulary import names_of
from derivations.theorems import blocks, catalogue, labels, matched
from tests.oracle import differ
from tests.rows import rows

THEOREMS = {name: row for name, *row in rows("theorems", 5)}
NEED_H1 = sorted(name for name, (*_, fact) in THEOREMS.items() if fact)
BLOCKS_NEED_H1 = [name for name in NEED_H1 if name.startswith("blocks.")]


class TestEveryTheorem:
    def test_each_is_written_down_here(self):
        assert set(THEOREMS) == set(catalogue())

    @pytest.mark.parametrize("name", catalogue())
    def test_derives_with_every_step_proved_and_compared(self, name):
        chain = catalogue()[name]()
        assert chain.steps
        assert catalogue()[name].__doc__.strip().endswith(".")
        sizes_of_blocks = {blocks.nP, blocks.nQ, blocks.mE, blocks.mF}
        for step in chain.steps:
            tried = dict(step.verdict.tried)
            assert all(1 in tried[size] for size in sizes_of_blocks & set(tried))
            assert step.verdict
            assert step.verdict.proved
            assert step.verdict.points >= 4
            assert step.reason.strip()
        assert chain.statement == Eq(chain.start, chain.result, evaluate=False)

    @pytest.mark.parametrize("name", THEOREMS)
    def test_says_what_is_expected(self, name):
        chain = catalogue()[name]()
        start, result, case, fact = THEOREMS[name]
        names = names_of(chain)
        assert chain.start == read(start, names)
        assert chain.case == read_case(case, names)
        H1_here = blocks.H1_blocks if name in BLOCKS_NEED_H1 else H1
        assert chain.uses == ((H1_here,) if fact == "H1" else ())
        context = chain.where, chain.uses, chain.case
        assert not differ(chain.result, read(result, names), *context)
        assert not differ(chain.start, chain.result, *context)

    @pytest.mark.parametrize("name", NEED_H1)
    def test_is_false_where_the_labels_do_not_sum_to_one(self, name):
        chain = catalogue()[name]()
        assert differ(chain.start, chain.result, chain.where, (), chain.case)


@pytest.mark.parametrize(("name", "question", "wrong", "fact"), rows("slips", 4))
def test_a_slip_is_refused_with_a_point(name, question, wrong, fact):
    holds, chain = of_theorem(name), catalogue()[name]()
    sides = {"start": chain.start, "result": chain.result}
    asked = sides[question] if question in sides else holds.read("question", question)
    refused(holds.read("answer", wrong), asked, holds.where, holds.using(fact.split()))


def refused(answer, question, where=(), using=()):
    verdict = check(answer, question, where, using)
    assert not verdict.proved
    assert verdict.counterexample


class TestSlips:
    def test_the_two_smoothings_at_the_same_alpha(self):
        first, second = labels.smoothed(i), labels.smoothed_others(i)
        refused(first, second)
        assert check(first.subs(alpha, n * alpha / (n - 1)), second)

    def test_prediction_minus_target_of_a_pair_that_does_not_match(self):
        where = [matched.sigmoid, matched.squared_error]
        refused(matched.o[j] - y[j], Derivative(L, z[j]), where)

    @pytest.mark.parametrize("name", BLOCKS_NEED_H1)
    def test_a_mean_taken_twice_and_labels_of_one_block_that_sum_to_one(self, name):
        chain = catalogue()[name]()
        refused(chain.result / m, chain.start, chain.where, chain.uses)
        refused(chain.result * m, chain.start, chain.where, chain.uses)
        alone = Hypothesis("alone", [blocks.labels_P])
        half = Hypothesis("halves", blocks.H1_blocks.sums, Rational(1, 2))
        for fact in (alone, half):
            refused(chain.result, chain.start, chain.where, fact)


class TestBlocksAsOne:
    def test_the_one_of_the_label_is_subtracted_in_its_block(self):
        holds = of_theorem("blocks.label")
        for question, answer in (
            ("Derivative(L, zQ[jQ])", "exp(zQ[jQ] - N)"),
            ("Derivative(L, zP[jP])", "exp(zP[jP] - N) - KroneckerDelta(jP, cP)"),
        ):
            assert holds.check(*(holds.read("side", x) for x in (answer, question)))

    def test_one_block_after_the_other_is_all_of_them(self):
        """What is merged is merged again: with Q the next block, an induction."""
        chain = catalogue()["blocks.merged"]()
        both = log(exp(blocks.NP) + exp(blocks.NQ))
        assert check(both, chain.result, chain.where)

    def test_the_largest_is_one_choice_of_the_number(self):
        chain = catalogue()["blocks.merged"]()
        for choice in (blocks.NP, blocks.NQ, 0, blocks.zP[blocks.jP]):
            assert check(chain.result.subs(blocks.M, choice), chain.start, chain.where)

    def test_examples_in_halves_of_one_size_have_the_mean_of_means(self):
        chain = catalogue()["blocks.examples"]()
        halves = chain.result.subs(blocks.mF, blocks.mE)
        assert halves.equals((blocks.JE + blocks.JF) / 2)
