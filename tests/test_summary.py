"""The page of results: a line that is not the theorem's is refused."""

import numpy as np
import pytest

from derivations.summary import Results
from derivations.theorems import catalogue
from helpers import one_hot, softmax

rng = np.random.default_rng(1)
Z, X, W = (rng.standard_normal(shape) for shape in [(3, 4), (5, 4), (3, 5)])
A, Y = softmax(Z), one_hot(np.array([1, 0, 2, 1]), 3)
ACROSS = {"A": A, "Y": Y, "X": X, "W": W, "m": 4, "dZ": A - Y}
DOWN = {x: v if x in ("W", "m") else v.T for x, v in ACROSS.items()}
ONE = ACROSS | {"a": A[:, 0], "y": Y[:, 0], "c": 1, "w": np.array([0.5, 2.0, 1.25])}


def rows_of(results):
    """The head of the table, then of each row what it is, its facts and its lines."""
    head, _, *rows = results._repr_markdown_().splitlines()
    yield head.strip("| ").split(" | ")
    for row in rows:
        first, *lines = row.strip("| ").split(" | ")
        what, facts = first.split("<br/>")
        yield [what, *facts.split(" · "), *lines]


def test_one_example():
    rows = [
        ("softmax.derivative", lambda a: np.diag(a) - np.outer(a, a)),
        ("logits.gradient", lambda a, y: a - y),
    ]
    head, jacobian, gradient = rows_of(Results(rows, {"one example": ONE}))
    assert head == ["result", "NumPy"]
    assert jacobian[2:] == ["(n, n)", "`np.diag(a) - np.outer(a, a)`"]
    what, statement, *facts = gradient
    assert what == catalogue()["logits.gradient"].__doc__
    assert statement.endswith("= a_{j} - y_{j}$")
    assert facts == ["(n,)", "needs H1", "`a - y`"]


def test_two_layouts():
    rows = [
        ("batch.per_example", lambda A, Y: A - Y, lambda A, Y: A - Y),
        ("layers.weights", lambda dZ, X: dZ @ X.T / 4, lambda dZ, X: dZ.T @ X / 4),
        ("layers.inputs_per_example", lambda W, dZ: W.T @ dZ, lambda W, dZ: dZ @ W),
    ]
    head, *lines = rows_of(Results(rows, {"(n, m)": ACROSS, "(m, n)": DOWN}))
    assert head[-2:] == ["(n, m)", "(m, n)"]
    assert lines[0][-2:] == ["`A - Y`", "`A - Y`"]
    assert lines[1][-2:] == ["`dZ @ X.T / 4`", "`dZ.T @ X / 4`"]
    shapes = [line[2] for line in lines]
    assert shapes == ["(n, m) or (m, n)", "(n, d)", "(d, m) or (m, d)"]


def test_an_index_counts_from_0_and_a_label_stands_before_its_row():
    rows = [("class_weights.one_true_class", lambda a, y, w, c: w[c] * (a - y))]
    _, line = rows_of(Results(rows, {"one example": ONE}, ["exact"]))
    assert line[-1] == "`w[c] * (a - y)`"
    assert line[0].startswith("**exact:** ")


@pytest.mark.parametrize(
    "row",
    [
        ("logits.gradient", lambda a, y: y - a),
        ("logits.gradient", lambda a, y: -y / a * a * (1 - a)),
        ("softmax.derivative", lambda a: np.diag(a * (1 - a))),
        ("class_weights.one_true_class", lambda a, y, w: w * (a - y)),
        ("softmax.derivative", lambda a: np.full((3, 3), np.nan)),
    ],
)
def test_a_wrong_line_is_refused(row):
    with pytest.raises(ValueError, match=rf"{row[0]} is -?\d.*, the line gives"):
        Results([row], {"one example": ONE})


def test_a_transposed_line_is_refused():
    rows = [("layers.inputs_per_example", lambda W, dZ: (W.T @ dZ).T)]
    with pytest.raises(ValueError, match=r"at \(0, 1\) \(from 0\)"):
        Results(rows, {"(n, m)": ACROSS})


@pytest.mark.parametrize("n, m, d", [(3, 3, 5), (3, 4, 4), (3, 10, 5), (1, 4, 5)])
def test_sizes_that_could_hide_a_mistake(n, m, d):
    arrays = {"A": np.ones((n, m)), "X": np.ones((d, m)), "a": np.ones(n) / n}
    with pytest.raises(ValueError, match="three different numbers from 2 to 9, got A"):
        Results([("softmax.derivative", lambda a: a)], {"one example": arrays})


def test_a_name_that_is_no_theorem():
    with pytest.raises(ValueError, match="of a theorem, got 'logits"):
        Results([("logits.gradent", lambda a: a)], {"one example": ONE})


def test_a_line_whose_text_is_not_there():
    with pytest.raises(ValueError, match="typed as a lambda"):
        Results([("softmax.derivative", named)], {"one example": ONE})


def named(a):
    return np.diag(a) - np.outer(a, a)


def cut(name, array, first):
    """An array of all classes as that of the block P and that of Q."""
    return {f"{name}P": array[:first], f"{name}Q": array[first:]}


def layout_of_blocks():
    """A layer of 5 classes, 2 in the block P and 3 in Q."""
    Z, X, W = (rng.standard_normal(shape) for shape in [(5, 4), (6, 4), (5, 6)])
    A, Y = softmax(Z), one_hot(np.array([1, 0, 4, 1]), 5)
    arrays = {"A": A, "X": X, "W": W, "dZ": A - Y, "m": 4, "nP": 2, "nQ": 3}
    arrays["N"] = np.log(np.exp(Z).sum(axis=0))
    return arrays | cut("Z", Z, 2) | cut("Y", Y, 2) | cut("W", W, 2)


BLOCKS = layout_of_blocks()
IN_BLOCKS = [
    ("blocks.logits", lambda ZP, N, YP: (np.exp(ZP - N) - YP) / 4),
    ("blocks.weights", lambda ZP, N, YP, X: (np.exp(ZP - N) - YP) @ X.T / 4),
    ("blocks.inputs", lambda W, dZ: W.T @ dZ / 4),
]


def test_rows_of_a_block():
    layout = {"blocks": BLOCKS}
    _, *lines = rows_of(Results(IN_BLOCKS, layout))
    assert [line[2] for line in lines] == ["(nP, m)", "(nP, d)", "(d, m)"]
    own = [("blocks.logits", lambda ZP, YP: (ZP - ZP - YP) / 4)]
    with pytest.raises(ValueError, match=r"blocks.logits is .*, the line gives"):
        Results(own, layout)


def test_blocks_of_one_example():
    z = np.array([0.5, -1.0, 2.0, 0.25, 1.0])
    arrays = BLOCKS | {"cP": 1, "M": 0.5, "zP": z[:2]}
    for name, part in (("N", z), ("NP", z[:2]), ("NQ", z[2:])):
        arrays[name] = np.log(np.exp(part).sum())
    rows = [
        ("blocks.outputs", lambda zP, N: np.exp(zP - N)),
        ("blocks.label", lambda zP, N, cP: N - zP[cP]),
        ("blocks.merged", lambda NP, NQ: np.log(np.exp(NP) + np.exp(NQ))),
    ]
    assert len([*rows_of(Results(rows, {"one example": arrays}))]) == 4
    rows = [("blocks.merged", lambda NP, NQ: NP + NQ)]
    with pytest.raises(ValueError, match=r"blocks.merged is .*, the line gives"):
        Results(rows, {"one example": arrays})


@pytest.mark.parametrize("given", [None, 2, 4, 10, 1, "3"])
def test_a_size_that_a_layout_does_not_give(given):
    arrays = BLOCKS | {"nQ": given}
    with pytest.raises(ValueError, match=r"blocks.inputs has the size nQ: expected a"):
        Results(IN_BLOCKS[2:], {"blocks": arrays})
