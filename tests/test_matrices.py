"""Chains in matrix form: each form is read back, and is of proved lines alone."""

import pytest
from sympy import Indexed

from derivations.letters import *
from derivations.proof import Derivation
from derivations.request.context import Chain, context
from derivations.text.matrices import of_chains
from derivations.text.matrices.of_chains import checked_form, in_matrices
from derivations.text.reading import read
from derivations.text.vocabulary import names_of
from derivations.theorems import catalogue
from tests.oracle import differ

DL_DZ, DA_DZ = Derivative(L, z[j]), Derivative(a[i], z[j])
WITHOUT = {  # a case, four letters, a letter of its own such as c, a block
    *("softmax.case_equal", "softmax.case_unequal", "class_weights.one_true_class"),
    *("batch.other_examples", "batch.block_diagonal", "other_losses.one_minus"),
    *("binary.two_classes", "binary.two_class_gradient", "binary.two_class_other"),
    *("binary.two_class_summed", *(x for x in catalogue() if x.startswith("blocks."))),
}


def slope_as_entry(slope):
    """∂a_i/∂z_j as an entry of an array of its own, which no definition explains."""
    parts = (slope.expr, *slope.variables)
    indices = [x for part in parts for x in getattr(part, "indices", ())]
    if not indices or not isinstance(slope.expr, Indexed | Symbol):
        return slope
    name = "_".join(str(getattr(part, "base", part)) for part in parts)
    return IndexedBase(name, real=True)[indices]


@pytest.mark.parametrize("name", catalogue())
def test_each_form_of_a_theorem_is_read_back(name):
    chain = catalogue()[name]()
    whole = in_matrices(chain)
    assert (whole is None) == (name in WITHOUT)
    sides = [chain.start, *(step.right for step in chain.steps)]
    forms = [whole.start, *whole.lines] if whole else [None] * len(sides)
    for form, side in zip(forms, sides, strict=True):
        if form:
            pair = read(form, names_of(chain), chain.start), side
            one, other = (
                x.replace(lambda part: isinstance(part, Derivative), slope_as_entry)
                for x in pair
            )
            assert not differ(one, other, chain.where if one.has(Derivative) else ())


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("logits.gradient", "a - y"),
        ("batch.gradient", r"\frac{1}{m} \left(A - Y\right)"),
        ("batch.per_example", "A - Y"),
        ("layers.weights", r"\frac{1}{m} \left(A - Y\right) X^{\top}"),
        ("layers.bias", r"\frac{1}{m} \left(A - Y\right) \mathbf{1}"),
        ("layers.inputs", r"\frac{1}{m} W^{\top} \left(A - Y\right)"),
        ("layers.hidden_logits", r"G \odot g'\left(Z^{[1]}\right)"),
        (
            "layers.hidden_inputs",
            r"\left(W^{[1]}\right)^{\top} \left(G \odot g'\left(Z^{[1]}\right)\right)",
        ),
        ("hessian.entries", r"\operatorname{diag}\left(a\right) - a a^{\top}"),
        ("attention.vjp", r"a \odot \left(v - a^{\top} v\right)"),
        ("attention.values", r"a U^{\top}"),
    ],
)
def test_the_results_as_a_textbook_writes_them(name, last):
    assert in_matrices(catalogue()[name]()).lines[-1] == last


def test_every_line_of_these_chains_has_a_form():
    for name in ("logits.in_vectors", "batch.per_example", "layers.two_layers"):
        assert None not in in_matrices(catalogue()[name]()).lines
    for name in ("hessian.entries", "hessian.variance", "attention.vjp"):
        assert "no matrix form" not in in_matrices(catalogue()[name]()).words


def test_what_is_written_names_the_lines_without_a_form():
    chain = catalogue()["layers.weights"]()
    whole = chain.matrix_form()
    assert whole.words == (
        "The chain in matrix form; entry $(j, q)$ of each line is proved. "
        "Line 1 has no matrix form."
    )
    assert whole.rows.count("&=") == 2  # two lines have one form, 1/m (A − Y) Xᵀ
    assert chain.to_latex().endswith(f"{whole.rows}\n\\end{{align*}}")
    assert whole._repr_markdown_() in chain.to_markdown()
    assert "matrix form" not in catalogue()["softmax.case_equal"]().to_latex()


@pytest.mark.parametrize(
    ("expr", "question"),
    [
        (a[c] * y[j], DL_DZ),
        (SumExcept(y[i], (i, 1, n), j), DL_DZ),
        (a[j] * KroneckerDelta(j, 1), DL_DZ),
        (KroneckerDelta(i, 1) * a[j], DA_DZ),
        (Z[i, j] * a[i], DA_DZ),
        (a[j] ** y[j], DL_DZ),
        (Derivative(a[j], z[j]), DL_DZ),
        (Derivative(A[i, s], Z[j, t]), Derivative(A[i, s], Z[j, t])),
    ],
)
def test_what_is_no_entry_of_one_matrix_expression(expr, question):
    assert checked_form(expr, question) is None


@pytest.mark.parametrize("wrong", ["y - a", "A - Y", "a^T - y", "a - y ="])
def test_a_form_that_reads_back_otherwise_is_none(wrong, monkeypatch):
    monkeypatch.setattr(of_chains, "matrix_form", lambda *_: wrong)
    assert checked_form(a[j] - y[j], DL_DZ) is None


def test_the_diagonal_is_compared_as_well():
    assert checked_form(delta * a[j] - a[i] * a[j], DA_DZ)
    assert checked_form(delta, DA_DZ) == "I"
    monkey = r"\operatorname{diag}\left(a\right)"
    assert not of_chains._are_same(read(monkey, question=DA_DZ), delta * y[i], (i, j))


def test_a_line_that_is_not_proved_gives_no_matrix_form():
    """A reader's own chain is copied with its wrong lines, each with its mark."""
    holds = context(["softmax", "cross_entropy"], start="dL/dz_j")
    chain = holds.chain([("a_j - y_j", "no hypothesis", [])])
    assert isinstance(chain, Chain) and not chain.steps[0].verdict
    assert in_matrices(chain) is None
    assert in_matrices(holds.chain([("a_j - y_j", "it is so", ["H1"])]))
    assert in_matrices(Derivation(DL_DZ)) is None
