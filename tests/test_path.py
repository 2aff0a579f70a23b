"""The path of small questions: its choices, its pictures, and what it refuses."""

import json
from html import unescape
from re import findall

import numpy as np
import pytest

from arrays.softmax import softmax, softmax_jacobian
from book.pages.path.judging import judged, read
from book.pages.path.page import choice, heard_of, questions, section, told
from book.pages.path.picture import Picture

Z, Y = [0.0, 1.0, 0.5], [0.6, 0.3, 0.1]


def entry(**more):
    """A question of the case i ≠ j, with one right choice and a wrong one."""
    choices = [{"formula": "-a_i a_j"}, {"formula": "a_i a_j"}]
    picture = {"z": Z, "shows": ["a"]}
    known = {"title": "Here", "ask": "", "then": "", "picture": picture}
    return known | {"theorem": "softmax.case_unequal", "choices": choices} | more


def test_it_is_as_long_as_ten_minutes_and_each_question_has_one_right_choice():
    assert 12 <= len(questions()) <= 16
    with_choices = [one for one in questions() if one.choices]
    assert len(with_choices) == len([x for x in read() if "choices" in x])
    for one in with_choices:
        assert sum(x.is_right for x in one.choices) == 1
        assert all(x.verdict.counterexample for x in one.choices if not x.is_right)


def test_the_right_choice_is_not_to_be_guessed_by_its_place():
    places = [
        [x.is_right for x in one.choices].index(True)
        for one in questions()
        if one.choices
    ]
    assert max(map(places.count, places)) <= len(places) / 2
    assert {0, 1, 2} <= set(places)


def test_no_two_choices_of_a_question_look_the_same():
    for one in questions():
        shown = findall("<summary[^>]*>(.*?)</summary>", section(1, one))
        assert len(set(shown)) == len(shown), one.entry["title"]


def test_what_the_judges_diagnose_is_told_by_the_build():
    wrong = [x for one in questions() for x in one.choices if not x.is_right]
    without = [x for x in wrong if x.verdict.diagnosis is None]
    assert f"of {len(wrong)} wrong choices {len(wrong) - len(without)}" in told()
    assert all(x.why for x in without)
    assert "A column of the matrix: 1" in told()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"choices": [{"formula": "-a_i a_j"}, {"formula": "-a_j a_i"}]}, "got 2"),
        ({"choices": [{"formula": "a_i a_j"}]}, "got 0"),
        ({"choices": [{"formula": "a_i (1 - a_i)"}]}, "with its mistake"),
        ({"choices": [{"formula": "-a_i a_j", "why": "no"}]}, "with its mistake"),
        (
            {"until": {"column": "a", "class": 1, "from": 0.1}, "reached": Z},
            "from afar, got one that is reached",
        ),
        (
            {"until": {"column": "a", "class": 1, "from": 0.75}, "reached": [1, 1, 1]},
            "from afar, got one that is not",
        ),
    ],
)
def test_a_question_that_cannot_be_answered_ends_the_build(more, words):
    with pytest.raises(ValueError, match=words):
        judged(entry(**more))


def test_a_choice_that_cannot_be_read_ends_the_build():
    with pytest.raises(ValueError, match="a_i a_"):
        judged(entry(choices=[{"formula": "a_i a_"}]))


def test_the_pictures_have_the_numbers_of_the_arrays():
    names = ["z", "y", "a", "da", "J", "equal", "unequal", "dz"]
    found = {x: np.array(c) for x, c in Picture(Z, Y).columns(names).items()}
    a, y = softmax(Z), np.array(Y)
    np.testing.assert_allclose(found["z"], [Z])
    np.testing.assert_allclose(found["y"], [Y])
    np.testing.assert_allclose(found["a"], [a])
    np.testing.assert_allclose(found["da"], [-y / a])
    np.testing.assert_allclose(found["J"], softmax_jacobian(Z).T)
    np.testing.assert_allclose(found["dz"], [a - y])
    np.testing.assert_allclose(found["equal"], [-y * (1 - a)])
    np.testing.assert_allclose(found["unequal"], [a * (1 - y)])


def test_a_choice_with_numbers_shows_its_value_there():
    choices = judged(entry(at={"i": 1, "j": 2})).choices
    a = softmax(Z)
    assert [x.value for x in choices] == pytest.approx([-a[0] * a[1], a[0] * a[1]])
    assert "<summary>−0.09</summary>" in choice(choices[0], entry(), "q", 1)


def test_the_page_names_what_it_reveals_and_holds_the_goal():
    html = "".join(section(k, one) for k, one in enumerate(questions(), 1))
    goals = [json.loads(unescape(x)) for x in findall('data-picture="(.*?)"', html)]
    assert [x["until"]["column"] for x in goals if "until" in x] == ["a", "dz"]
    assert html.count("data-revealed") > 0
    assert html.count(" data-goal") == 2
    assert html.count(" data-right") == len(questions()) - 2
    assert html.count("<details") == html.count("data-heard=")


def test_what_is_heard_has_no_signs_of_latex():
    for one in questions():
        for text in findall('data-heard="(.*?)"', section(1, one)):
            assert not set(r"\{}$*") & set(unescape(text)), text
    assert heard_of(r"$\frac{a}{b}$ and $\sum_k y_k$") == "(a)/(b) and Σ_k y_k"
