"""The table of verdicts, of formulas and of arrays."""

import re

import numpy as np
import pytest

from derivations.letters import H1, Derivative, L, a, cross_entropy, j, softmax, y, z
from derivations.proof import check
from helpers import Verdicts, check_array

slope, where = Derivative(L, z[j]), [softmax, cross_entropy]
RIGHT = check(a[j] - y[j], slope, where, using=H1)
WRONG = check(y[j] - a[j], slope, where, using=H1)
ARRAY = check_array(np.ones((2, 3)), np.arange(6).reshape(2, 3))


def rows(table):
    """The cells of each line of the Markdown."""
    lines = table._repr_markdown_().splitlines()
    return [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines]


def test_both_kinds_stand_in_one_table():
    table = Verdicts({"right": RIGHT, "wrong": WRONG, "array": ARRAY})
    head, line, right, wrong, array = (list(map(str.strip, x)) for x in rows(table))
    assert head == ["", "", "evidence", "yours", "right value"]
    assert set(line) == {"---"}
    assert right == [
        "✓",
        "right",
        f"proved for every n; {RIGHT.points} points agree",
        "",
        "",
    ]
    point = WRONG.counterexample
    assert wrong[:2] == ["✗", "wrong"] and wrong[2] == str(point)
    assert [float(x.replace("−", "-")) for x in wrong[3:]] == pytest.approx(
        [point.left, point.right], rel=1e-5
    )
    assert array == ["✗", "array", r"entry \[1, 2\] (from 0)", "1", "5"]


def test_columns_of_numbers_only_where_there_are_numbers():
    assert {len(row) for row in rows(Verdicts({"right": RIGHT}))} == {3}
    blank = Verdicts({"not yet": check(..., slope), "shape": check_array([1], [1, 2])})
    assert {len(row) for row in rows(blank)} == {3}
    not_yet, shape = (list(map(str.strip, row)) for row in rows(blank)[2:])
    assert not_yet == ["?", "not yet", "not attempted yet"]
    assert shape == ["✗", "shape", "yours has shape (1,), expected (2,)"]


def test_two_numbers_that_print_alike_are_told_apart():
    table = Verdicts({"near": check_array([1.0, 2], [1.0, 2 + 1e-6])})
    where, yours, right = (cell.strip() for cell in rows(table)[2][2:])
    assert yours == right == "2" and where.endswith("relative difference 5e−07")


def test_a_zero_has_no_sign():
    table = Verdicts({"zero": check_array([-0.0, 1], [1, 1])})
    assert rows(table)[2][3].strip() == "0"


def test_is_a_mapping_and_true_only_if_all_are():
    table = Verdicts({"right": RIGHT, "wrong": WRONG})
    assert dict(table) == {"right": RIGHT, "wrong": WRONG} and len(table) == 2
    assert not table and Verdicts({"right": RIGHT})


def test_what_is_no_verdict_is_refused():
    with pytest.raises(TypeError, match="expected a verdict for 'x', got True"):
        Verdicts({"x": True})


def test_text_wraps_between_words_and_never_in_a_number():
    text = repr(Verdicts({"a name of some words, to fill the line": WRONG}))
    assert max(map(len, text.splitlines())) <= 88 and len(text.splitlines()) > 1
    assert " ".join(text.split()).endswith(WRONG.sentence)


def test_what_is_longer_than_a_line_stays_whole():
    assert 100 * "x" in repr(Verdicts({100 * "x": WRONG}))


def test_a_name_keeps_its_formula_and_nothing_else_is_markdown():
    table = Verdicts({"$a_1 * a_2$ or a_1 * a_2 | <b>": RIGHT})
    cell = rows(table)[2][1].strip()
    assert cell == r"$a_1 * a_2$ or a\_1 \* a\_2 \| \<b\>"
    assert repr(table).startswith("✓ a_1 * a_2 or a_1 * a_2 | <b>: right")
