"""Formulas as people write them: tests/notation.tsv, and each suggested line."""

import csv
from itertools import pairwise
from pathlib import Path

import pytest
from sympy import expand

from derivations.formulas.binding import instance
from derivations.letters import *
from derivations.proof import check
from derivations.text.questions import definitions_for, loss_of, read_question, slots
from derivations.text.reading import SERIES, Unreadable, read, read_text
from derivations.text.unreadable import Ambiguous, ShapeError
from tests import arrays_in_numpy


def table(name):
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if not line.startswith("#")]
    return csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


ROWS = [(row["question"], row["text"], row["read as"]) for row in table("notation.tsv")]
TYPED = [
    (row["question"], row["latex"], row["read as"]) for row in table("mathlive.tsv")
]
KINDS = {
    "SHAPE": ShapeError,
    "AMBIGUOUS": Ambiguous,
    "ERROR": Unreadable,
    "PLACE": Unreadable,
}
DL_DZ = Derivative(L, z[j])


@pytest.mark.parametrize(("question", "source", "meant"), [*ROWS, *TYPED])
def test_is_read_as_meant(question, source, meant):
    asked = read(question)
    if meant in KINDS:
        with pytest.raises(Unreadable) as stop:
            read(source, question=asked)
        assert type(stop.value) is KINDS[meant]
        assert ("this place is empty" in stop.value.expected) == (meant == "PLACE")
        assert 0 <= stop.value.position <= len(source)
        for line in stop.value.suggestions:
            assert line != source and read_text(line, question=asked)
        return
    found, wanted = read_text(source, question=asked).expr, read(meant)
    same = expand(instance(found, {}) - instance(wanted, {})) == 0
    assert same or check(found, wanted)


@pytest.mark.parametrize(
    "source", [r"\frac{\partial L}{\partial\placeholder{}}", r"\partial\placeholder{}"]
)
def test_an_empty_place_takes_no_brace_with_it(source):
    with pytest.raises(Unreadable, match="this place is empty"):
        read_text(source)


@pytest.mark.parametrize("source", ["y'_k", "a′_{k}", "w'_k y_k"])
def test_a_prime_before_an_index_makes_another_letter(source):
    """Where it is passed over, y' + y is 2y."""
    with pytest.raises(Unreadable, match=r"is not .: give it another letter") as stop:
        read_text(source)
    assert not stop.value.suggestions


def test_square_brackets_behind_a_derivative_are_no_index():
    round_ones = r"\frac{\partial}{\partial z_j}\left(z_k - \log a_k\right)"
    square = round_ones.replace("(", "[").replace(")", "]")
    assert read_text(square).expr == read_text(round_ones).expr


def test_the_derivative_of_a_loss_by_nothing_is_no_derivative_of_another():
    with pytest.raises(Unreadable, match="dJ over what"):
        read_text(r"\frac{\partial J}{z_j\partial}")


def test_two_meanings_are_both_offered():
    kinds = [(q, s) for q, s, meant in ROWS if meant == "AMBIGUOUS"]
    for question, source in kinds:
        asked = read(question)
        with pytest.raises(Ambiguous) as stop:
            read(source, question=asked)
        readings = [read_text(x, question=asked).expr for x in stop.value.suggestions]
        assert readings, source
        for one, other in pairwise(readings):
            assert expand(one - other) != 0, source


@pytest.mark.parametrize(
    ("source", "question", "first"),
    [
        ("A - Y", DL_DZ, "a - y"),
        ("a - y_j", DL_DZ, "a_j - y_j"),
        ("X (A-Y)^T / m", Derivative(J, W[j, q]), "(X (A-Y)^T / m)^T"),
        ("(a_j - y_j", DL_DZ, "(a_j - y_j)"),
        ("2 a_j - y_j)", DL_DZ, "2 a_j - y_j"),
        ("a_j - ", DL_DZ, "a_j"),
        ("dZ = dA ⊙ A(1-A)", Derivative(Ls[s], Z[j, s]), "dZ = dA ⊙ A ⊙ (1-A)"),
        ("dW = a - y", DL_DZ, "a - y"),
        ("a_j - y_x", DL_DZ, "a_j - y_j"),
        ("'a_j - y_j'", DL_DZ, "a_j - y_j"),
    ],
)
def test_the_repaired_line_is_one_thing_to_take(source, question, first):
    with pytest.raises(Unreadable) as stop:
        read(source, question=question)
    assert stop.value.suggestions[0] == first


OWN, HESSIAN = Derivative(a[i], z[i]), Derivative(L, z[i], z[j])


@pytest.mark.parametrize(
    ("source", "question", "sides"),
    [
        ("dL/dz_i = a_i - y_i", DL_DZ, ["a[j] - y[j]"]),
        ("dz_i = p_i - t_i", DL_DZ, ["a[j] - y[j]"]),
        ("a_i(1-a_i) = a_i - a_i^2", OWN, ["a[i]*(1 - a[i])", "a[i] - a[i]**2"]),
        (r"\frac{\partial L}{\partial z_j} = a_j &= -y_j", DL_DZ, ["a[j]", "-y[j]"]),
        (r"\boxed{dz = a - y}", DL_DZ, ["a[j] - y[j]"]),
        ("∂²L/∂z_j∂z_i = a_iδ_ij − a_ia_j", HESSIAN, ["a[i]*delta - a[i]*a[j]"]),
    ],
)
def test_an_equation_has_sides(source, question, sides):
    found = read_text(source, question=question)
    assert list(found.sides) == [read(side) for side in sides]


def test_what_was_assumed_is_said():
    found = read_text("dz_i = p_i - t_i", question=DL_DZ)
    assert found.notes == ("your i is j here", "p read as a", "t read as y")
    assert str(found) == f"a_j − y_j ({'; '.join(found.notes)})"


def test_a_letter_of_the_question_keeps_its_meaning():
    assert read("p_j", question=DL_DZ) == a[j]
    hidden = Derivative(J, W1[p, q])
    assert read("sum_s X_qs", question=hidden) == Sum(X[q, s], (s, 1, m))
    with pytest.raises(Unreadable):
        read("p_p", question=hidden)


@pytest.mark.parametrize(
    ("source", "asked"),
    [
        ("dz", DL_DZ),
        ("dL/dz", DL_DZ),
        ("∂L/∂zⱼ", DL_DZ),
        ("∇_z L", DL_DZ),
        (r"\frac{\partial L}{\partial z_j}", DL_DZ),
        ("Derivative(L, z[j])", DL_DZ),
        ("dE/dx_j", DL_DZ),
        ("softmax'", Derivative(a[i], z[j])),
        ("∂a_i/∂z_j", Derivative(a[i], z[j])),
        ("dp_i/dz_j", Derivative(a[i], z[j])),
        ("dZ", Derivative(Ls[s], Z[j, s])),
        ("dA", Derivative(Ls[s], A[i, s])),
        ("dW", Derivative(J, W[j, q])),
        ("db", Derivative(J, b[j])),
        ("dJ/dW", Derivative(J, W[j, q])),
        ("d²L/dz_i dz_j", Derivative(L, z[j], z[i])),
        ("softmax(z)_i", exp(z[i]) / Sum(exp(z[k]), (k, 1, n))),
    ],
)
def test_a_question_is_asked_the_same_way(source, asked):
    assert read_question(source).expr == asked


@pytest.mark.parametrize(
    ("source", "question", "meant"),
    [
        (
            r"dZ^{[L]} = \frac{1}{m}(\hat{Y} - Y)",
            Derivative(J, Z[j, s]),
            "(A_js - Y_js)/m",
        ),
        (
            r"\frac{\partial \mathcal{L}}{\partial b} = \frac1m (A - Y)\mathbf{1}",
            Derivative(J, b[j]),
            "1/m sum_t (A_jt - Y_jt)",
        ),
        ("dL/dz_j = a_j - 1[j = y]", DL_DZ, "a_j - δ_jc"),
        (r"-y_j + \color{red}{a_j} \\ = a_j - y_j", DL_DZ, "a_j - y_j"),
    ],
)
def test_what_forty_lines_of_others_taught(source, question, meant):
    assert read_text(source, question=question).expr == read(meant)


def test_whether_y_is_the_output_is_asked():
    assert read("y_j - t_j", question=DL_DZ) == a[j] - y[j]
    with pytest.raises(Ambiguous) as stop:
        read("a_j + y_j - t_j", question=DL_DZ)
    assert "y_j + a_j - t_j" not in stop.value.suggestions


def test_a_question_finds_its_definitions():
    known = {
        "softmax": softmax,
        "cross_entropy": cross_entropy,
        "batch_softmax": batch_softmax,
        "example_cross_entropy": example_cross_entropy,
        "mean_loss": mean_loss,
        "linear": linear,
    }
    assert definitions_for(DL_DZ, a[j] - y[j], known) == ["softmax", "cross_entropy"]
    assert definitions_for(Derivative(L, a[i]), y[i], known) == ["cross_entropy"]
    batch = [*known][2:]
    assert definitions_for(Derivative(J, W[j, q]), m, known) == batch
    assert definitions_for(Derivative(J, Z[j, s]), m, known) == batch[:-1]


def test_the_slots_stand_in_the_order_of_the_question():
    assert slots(Derivative(Ls[s], Z[j, s])) == (j, s)
    assert slots(Derivative(a[i], z[j])) == (i, j)
    assert slots(Sum(Derivative(a[i], z[j]) * v[j], (j, 1, n))) == (i,)
    assert loss_of(Derivative(J, b[j])) == "J" and loss_of(DL_DZ) == "L"


@pytest.mark.parametrize("words", ["relu(z_j)", "argmax(z)", r"\begin{cases} a_i"])
def test_what_is_not_read_is_said_in_one_sentence(words):
    with pytest.raises(Unreadable) as stop:
        read(words, question=DL_DZ)
    assert len(stop.value.expected) < 100 and "\n" not in stop.value.expected


@pytest.mark.parametrize(
    "source", ["(-y/a) ⊙ J", "(A - Y) * y", "X.T * y", "A - y", "Y + b"]
)
def test_shapes_that_do_not_fit_are_both_named(source):
    with pytest.raises(ShapeError) as stop:
        read(source, question=DL_DZ)
    assert stop.value.expected.count("(") >= 2


@pytest.mark.parametrize(
    ("source", "vector", "over", "line"),
    [
        ("(-y/a) ⊙ J", "-y/a", "rows", "J^T (-y/a)"),
        ("J * (y + a)", "y + a", "rows", "J^T (y + a)"),
        ("2a ⊙ softmax'(z) - y", "2a", "rows", "(softmax'(z))^T (2a) - y"),
        ("X * y", None, None, None),
        ("y ⊙ W X", None, None, None),
        ("(A - Y) ⊙ y", "y", "columns", "(a - y) ⊙ y"),
    ],
)
def test_an_element_wise_product_with_a_matrix_is_refused(source, vector, over, line):
    with pytest.raises(ShapeError) as stop:
        read(source, question=DL_DZ)
    if vector:
        stretched = f": an element-wise product would stretch {vector} over the {over}"
        assert stop.value.expected.endswith(stretched)
    assert stop.value.suggestions[:1] == ((line,) if line else ())


def test_the_order_of_a_jacobian_and_a_vector_is_told():
    """Both are right where J is symmetric; `test_proof` has a J that is not."""
    where = [softmax, cross_entropy]
    for source, is_chain_rule in (
        *(("(-y/a) @ J", True), ("J^T (-y/a)", True), ("(-y/a) @ softmax'", True)),
        *(("J @ (-y/a)", False), ("softmax'(z) (-y/a)", False)),
    ):
        verdict = check(read(source, question=DL_DZ), DL_DZ, where)
        assert verdict and "because J is symmetric" in verdict.sentence
        said = "the order is that of the chain rule, Jᵀ da" in verdict.sentence
        assert said == is_chain_rule
        assert "(in NumPy da @ J), with J[i, j] = ∂a_i/∂z_j" in verdict.sentence
    assert not check(read("a - y", question=DL_DZ), DL_DZ, where).hint


@pytest.mark.parametrize(
    "source", ["softmax'(y)", "softmax'(z 2)", "softmax'()", "softmax(z)'", "z'"]
)
def test_a_prime_is_of_the_softmax_of_the_logits(source):
    with pytest.raises(Unreadable):
        read(f"{source} (-y/a)", question=DL_DZ)


@pytest.mark.parametrize("rules", ["numpy", "mathematics"])
def test_arrays_have_the_values_of_numpy(rules):
    """Random texts; `make fuzz` tries 6,000 of each."""
    counted, finds = arrays_in_numpy.search(rules, seed=1, texts=250)
    assert finds == []
    assert counted["same value"] > 40 and counted["both fail"] > 80


def test_the_search_sees_another_value(monkeypatch, capsys):
    monkeypatch.setattr(arrays_in_numpy, "read", lambda *_, **__: SERIES.symbols["n"])
    assert arrays_in_numpy.report(seed=1, texts=20)
    assert "is read as n" in capsys.readouterr().out


OF_BATCH, OF_J = "A_js - Y_js", "1/m sum_t dL/dZ_jt"


@pytest.mark.parametrize(
    ("asked", "source", "meant"),
    [
        ("dZ2", "dZ2 = A2 - Y", OF_BATCH),
        ("dZ", "dZ^{[2]} = A^{[2]} - Y", OF_BATCH),
        ("dZ", "dZ^{[L]} = A^{[L]} - Y", OF_BATCH),
        ("dW2", "dW2 = 1./m * np.dot(dZ2, A1.T)", f"{OF_J} A1_pt"),
        ("dW2", r"\frac{1}{m} dZ^{[2]} A^{[1]T}", f"{OF_J} A1_pt"),
        ("dW", "1./m * np.dot(dZ, A_prev.T)", f"{OF_J} X_qt"),
        ("dW", r"\frac1m dZ^{[l]} A^{[l-1]T}", f"{OF_J} X_qt"),
        ("db2", "1./m * np.sum(dZ2, axis=1, keepdims=True)", OF_J),
        ("dZ1", "W2.T @ (A2 - Y) * g'(Z1)", "g'(Z1_ps) sum_k W_kp (A_ks - Y_ks)"),
        ("dZ", r"\hat y^{(i)} - y^{(i)}", OF_BATCH),
        ("dz^{(i)}", "dz^{(i)} = a^{(i)} - y^{(i)}", OF_BATCH),
        ("dZ", r"a_j^{[2](i)} - y_j^{(i)}", OF_BATCH),
        ("dL/dz", r"\hat y^{(i)} - y^{(i)}", "a_j - y_j"),
        ("dW", r"\frac1m \sum_{i=1}^m a^{(i)} x^{(i)T}", "1/m sum_s A_js X_qs"),
        ("J", r"\frac1m \sum_{i=1}^m L^{(i)}", "1/m sum_s L_s"),
        ("dZ", "a^{(i)} - y^{(k)}", "A_js - Y_jt"),
        ("dZ", "a^{(i)} - y^{(k)} + y^{(j)}", None),
        ("dL/dz", "a^{(i)} - y^{(k)}", None),
        ("dL/dz", "a_j^{[2]} - y_j", "a_j - y_j"),
        ("dL/dz", "a^{[1]} - y", None),
        ("dZ", "A^{[3]} - Y", None),
        ("dW", "dW = dZ X^T", None),  # of L or of J? without 1/m it may be either
        ("dW", "dW = (dJ/dZ) X^T", "sum_t Derivative(J, Z_jt) X_qt"),
        ("dL/dz", "2^{(i)}", None),
    ],
)
def test_layers_and_examples_are_those_of_the_course(asked, source, meant):
    question = read_question(asked)
    if meant is None:
        with pytest.raises(Unreadable):
            read_text(source, question=question)
        return
    found = read_text(source, question=question)
    assert found.expr.equals(read(meant)) or check(found.expr, read(meant))


@pytest.mark.parametrize(
    ("source", "question", "meant"),
    [
        ("dE/da_j = y_j - t_j", DL_DZ, "a_j - y_j"),
        ("dE/da_j = y_j - t_j + z_j", DL_DZ, None),  # a and z as logits
        ("dE/da_j = y_j - t_j + p_j", DL_DZ, None),  # y and p as outputs
        ("dE/dz_j = y_j - t_j + log a_j", DL_DZ, None),  # y and a as outputs
        ("dL/da_j = -y_j/a_j", Derivative(L, a[j]), "-y_j/a_j"),
        ("dL/da_j = -y_j/a_j", DL_DZ, None),  # is another question
        ("p_i (q_i - 1)", DL_DZ, None),
        ("y_k - t_k labels_k", DL_DZ, None),
    ],
)
def test_letters_of_another_lecture_are_told_by_the_whole_line(source, question, meant):
    if meant is None:
        with pytest.raises(Unreadable):
            read_text(source, question=question)
    else:
        assert read_text(source, question=question).expr == read(meant)


@pytest.mark.parametrize(
    ("source", "case"),
    [
        ("-a_i a_j for i ≠ j", Ne(i, j)),
        ("da_k/dz_j = a_k(1 - a_k), k = j", Eq(i, j)),
        ("a_i (1 - a_i), for all i", None),
        ("a_i ((i == j) - a_j)", None),
        ("a_i(1 - a_i) if i = j, else -a_i a_j", None),
    ],
)
def test_a_line_says_its_case(source, case):
    given = read_text(source, question=Derivative(a[i], z[j]))
    assert given.case == case
    if case is not None:
        with pytest.raises(Unreadable):
            given.held_in(None, source)
        assert given.held_in(case, source) is given


def test_the_largest_logit_cancels_or_is_refused():
    shifted = read("exp(z_i - max(z))/sum_k exp(z_k - max(z))", question=a[i])
    assert shifted == exp(z[i]) / Sum(exp(z[k]), (k, 1, n))
    for line in ("max(z)", "exp(z_i - max(z))", "log(sum(exp(z - max(z))))", "max(y)"):
        with pytest.raises(Unreadable):
            read(line, question=a[i])


@pytest.mark.parametrize(
    "source", ["exp(z_j/sum_k exp(z_k)", "log(a_j - y_j", "2(a_j - y_j/2", "(a_j - y_j"]
)
def test_a_parenthesis_that_may_close_in_two_places_is_asked(source):
    with pytest.raises(Unreadable):
        read(source, question=DL_DZ)
    assert read("2*(a_j - y_j", question=DL_DZ) == read("2*(a_j - y_j)")
