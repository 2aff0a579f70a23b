"""Levels: which theorems they are, what a line does, hints that lead to the goal."""

import json
import re

import pytest

from book.engine.answers import answer
from book.pages.levels import page
from derivations.notebook import play
from derivations.request.context import UnknownNameError, UnreadablePartError
from derivations.request.levels.hints import GAP, in_latex
from derivations.request.levels.level import level
from derivations.request.levels.worlds import WORLDS, names_of_levels
from derivations.text.unicode import unicode
from derivations.theorems import catalogue

LEVELS = names_of_levels()


def test_a_theorem_of_two_to_seven_lines_is_a_level_of_one_world():
    lines = {name: len(derive().steps) for name, derive in catalogue().items()}
    levels = [name for name, count in lines.items() if 2 <= count <= 7]
    assert levels == LEVELS
    told = [x for world in WORLDS for part in world.by_topic().values() for x in part]
    assert told == LEVELS
    assert {*lines} - {*LEVELS} == {"batch.other_examples"}


@pytest.mark.parametrize("name", LEVELS)
def test_third_hints_alone_reach_the_goal(name):
    one = level(name)
    for line in one.chain.steps:
        assert not one.is_reached
        reason, form, whole = (one.hint(step) for step in (1, 2, 3))
        assert (reason.formula, whole.formula) == (None, line.right)
        assert unicode(form.formula).count(str(GAP)) == 1
        assert in_latex(form.formula).count(r"\square") == 1
        judged = one.step(unicode(whole.formula))
        assert judged.verdict, judged.verdict
        one = judged.level
    assert one.is_reached
    assert len(one.written) == len(one.chain.steps)


class TestStep:
    def test_a_wrong_line_is_not_added_and_its_mistake_is_said(self):
        one = level("softmax.case_unequal")
        judged = one.step("a_i a_j")
        assert judged.verdict.mark == "✗"
        assert judged.verdict.diagnosis.name == "sign"
        assert judged.level == one

    def test_a_line_that_leads_nowhere_is_added_and_the_goal_counts_as_written(self):
        one = level("softmax.case_equal").step("p_i - p_i^2").level
        assert [unicode(x.expr) for x in one.written] == ["a_i − a_i^2"]
        assert not one.is_reached
        assert one.step("(1 - p_i) p_i").level.is_reached

    def test_a_sum_may_have_another_letter(self):
        assert level("logits.by_jacobian").step("p_j sum_l t_l - t_j").level.is_reached

    def test_its_hypothesis_needs_no_tick_and_another_theorems_is_not_assumed(self):
        assert level("logits.gradient").step("a_j - y_j").level.is_reached
        judged = level("logits.by_jacobian").step("a_j - y_j")
        assert (judged.verdict.mark, judged.level.written) == ("◐", ())

    def test_each_side_of_a_line_has_to_be_right(self):
        one = level("softmax.case_unequal")
        assert not one.step("a_i a_j = -a_i a_j").verdict
        assert len(one.step("-a_j a_i + 0 = -a_i a_j").level.written) == 1

    def test_a_line_is_read_below_the_line_above(self):
        one = level("logits.by_jacobian").step("a_j sum_i y_i - y_j").level
        with pytest.raises(UnreadablePartError, match="is i meant to be j"):
            one.step("a_i sum_k y_k - y_i")


def test_a_hint_follows_the_last_line_of_the_textbook_that_is_there():
    one = level("logits.gradient")
    third = one.step(unicode(one.chain.steps[2].right)).level
    aside = third.step("a_j (1 - y_j/a_j)").level
    assert third.hint(3).line == aside.hint(3).line == one.chain.steps[3].right


@pytest.mark.parametrize("name", LEVELS)
def test_the_facts_of_a_level_come_before_it(name):
    facts = [x.name for x in level(name).facts]
    assert {*facts} <= {*LEVELS[: LEVELS.index(name)]}


def test_the_chain_uses_both_cases_of_softmax_and_the_slope_of_the_loss():
    facts = {x.name for x in level("logits.by_jacobian").facts}
    cases = {"softmax.case_equal", "softmax.case_unequal"}
    assert cases | {"cross_entropy.gradient"} <= facts


def test_the_map_is_a_link_to_each_theorem_and_its_data_tell_the_whole_chain():
    whole = page.live_levels()
    links = re.findall(r'<li><a href="theorems/([\w.]+)\.html" data-level="\1">', whole)
    assert links == LEVELS
    data = json.loads(re.search(r'json">(.*)</script>', whole)[1])["levels"]
    assert [x["name"] for x in data] == LEVELS
    assert {x["world"] for x in data} == {world.title for world in WORLDS}
    assert all(x["lines"][-1]["text"] == x["goal"]["text"] for x in data)


class TestPage:
    """What a page asks about a level."""

    def asked(self, **request):
        return json.loads(answer(json.dumps(request)))

    def line(self, name, right):
        sides = {"left": unicode(level(name).chain.start), "right": right}
        return self.asked(ask="line", context={"level": name}, using=[], **sides)

    def test_the_goal_is_told_and_no_hypothesis_is_ticked(self):
        found = self.line("logits.gradient", "p_j - t_j")
        assert (found["mark"], found["is_goal"]) == ("✓", True)
        assert found["where"] == ["the labels sum to 1 (H1)"]
        found = self.line("logits.gradient", "p_j sum_k t_k - t_j")
        assert (found["is_goal"], found["where"], found["unneeded"]) == (False, [], [])

    def test_what_is_not_assumed_cannot_be_ticked(self):
        found = self.line("logits.by_jacobian", "a_j - y_j")
        assert found["missing"]["advice"] == "this level does not assume it"

    def test_a_copy_says_where_a_hypothesis_is_used(self):
        texts = ["a_j sum_i y_i - y_j", "a_j - y_j"]
        lines = [{"text": x, "reason": "", "using": []} for x in texts]
        context = {"level": "logits.gradient"}
        found = self.asked(ask="copy", context=context, lines=lines, format="text")
        [said] = [x for x in found["copied"].splitlines() if "H1" in x]
        assert said.strip().startswith("= a_j − y_j")

    def test_lines_that_are_pasted_stand_below_its_start(self):
        asked = {"ask": "question", "context": {"level": "logits.gradient"}}
        found = self.asked(**asked, text="= a_j sum y - y_j \\\\ = a_j - y_j")
        assert [x["text"] for x in found["lines"]] == ["a_j Σ_k y_k − y_j", "a_j − y_j"]

    def test_a_hint_has_all_steps(self):
        lines = ["∂/∂z_j (e^{z_i}/S)"]
        found = self.asked(ask="hint", level="softmax.case_unequal", lines=lines)
        assert found["reason"] == "quotient rule"
        assert found["form"]["text"] == "(S ∂e^{z_i}/∂z_j − ▢)/S^2"
        assert found["line"]["text"].startswith("(S ∂e^{z_i}/∂z_j − e^{z_i}")

    def exercise(self, reason="chain rule", lines=(), solution=2):
        texts = ["sum_i dL/da_i da_i/dz_j", "a_j sum_i y_i - y_j"][:solution]
        steps = [{"text": x, "reason": reason, "using": []} for x in texts]
        where = ["softmax", "cross_entropy"]
        context = {"start": "dL/dz_j", "where": where, "case": None}
        return self.asked(ask="hint", context=context, solution=steps, lines=[*lines])

    def test_the_lines_of_an_exercise_are_its_hints(self):
        found = self.exercise()
        assert (found["reason"], found["line"]["text"]) == (
            "chain rule",
            "Σ_i ∂L/∂a_i ∂a_i/∂z_j",
        )
        found = self.exercise(lines=["sum_i dL/da_i da_i/dz_j"])
        assert found["line"]["text"] == "a_j Σ_i y_i − y_j"
        assert "▢" in found["form"]["text"]

    def test_what_comes_with_an_address_is_held_to_its_limits(self):
        found = self.exercise(reason=r"$\href{javascript:alert(1)}{x}$")
        assert "not read" in found["refused"]
        assert "needs a line" in self.exercise(solution=0)["refused"]


class TestPlay:
    def test_each_hint_tells_more_and_a_line_begins_anew(self):
        game = play("softmax.case_unequal")
        told = [game.hint().step for _ in range(4)]
        game.step(unicode(game.level.hint(3).line))
        assert [*told, game.hint().step] == [1, 2, 3, 3, 1]
        assert "quotient rule" in repr(game.hint().reason)

    def test_a_finished_level_shows_the_textbook_beside(self):
        game = play("softmax.case_unequal")
        assert "textbook" not in repr(game.step("-e^{z_i} e^{z_j}/S^2"))
        answer = game.step("-a_i a_j")
        assert answer and answer.is_finished
        assert "quotient rule" in repr(game)
        assert "| your derivation of" in answer._repr_markdown_()

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("softmax.equal_case", "is softmax.case_equal meant"),
            ("batch.other_examples", "its chain has 1 line"),
            ("<script>", "a name is such as softmax.sums_to_one"),
            (None, "there is no level 'None'"),
        ],
    )
    def test_another_name_is_refused(self, name, said):
        with pytest.raises(UnknownNameError, match=said):
            play(name)
