"""What is refused, in words that say what to write instead."""

import re

import numpy as np
import pytest
from sympy import (
    Abs,
    Derivative,
    Eq,
    Float,
    Function,
    Heaviside,
    I,
    ImmutableMatrix,
    IndexedBase,
    KroneckerDelta,
    Matrix,
    Max,
    Min,
    Ne,
    Piecewise,
    Rational,
    Symbol,
    erf,
    exp,
    log,
    nan,
    oo,
    sign,
    sqrt,
    zoo,
)

from derivations import proof
from derivations.formulas.indices import Index, Size
from derivations.letters import (
    Definition,
    J,
    L,
    S,
    Sum,
    SumExcept,
    a,
    alpha,
    c,
    i,
    j,
    k,
    m,
    n,
    normaliser,
    s,
    softmax,
    v,
    y,
    z,
)
from derivations.loss.deriving import derive
from derivations.proof import Derivation, check

delta = KroneckerDelta
total = Sum(y[k], (k, 1, n))
LIKE_I = Symbol("i", integer=True, positive=True)


class TestExpressions:
    def test_text_is_never_evaluated(self, tmp_path):
        trace = tmp_path / "trace"
        for answer in ("a[i]", f"open({str(trace)!r}, 'w')"):
            with pytest.raises(TypeError, match="expected a SymPy expression such as"):
                check(answer, a[i])
            with pytest.raises(TypeError, match="expected a SymPy expression such as"):
                Derivation(a[i]).step(answer, "text")
        assert not trace.exists()

    @pytest.mark.parametrize(
        "answer",
        [
            [a[i]], None, True, 0.5, np.ones(3), np.float64(1), Eq(a[i], z[i]),
            Matrix([1, 2]), ImmutableMatrix([[1]]), Symbol("x", commutative=False),
        ],
    )  # fmt: skip
    def test_what_is_no_expression(self, answer):
        with pytest.raises(TypeError, match="expected a SymPy expression"):
            check(answer, a[i])

    @pytest.mark.parametrize("answer", [a, a * (1 - a[i]), a[i] * exp(a)])
    def test_an_array_without_an_index(self, answer):
        with pytest.raises(ValueError, match="say which entry, such as a"):
            check(answer, z[i])

    @pytest.mark.parametrize(
        "answer", [nan, oo, -oo, zoo, a[i] + Float("1e-60"), Float(0.5)]
    )
    def test_numbers_that_are_not_exact(self, answer):
        with pytest.raises(ValueError, match="only exact, finite numbers"):
            check(answer, a[i])

    @pytest.mark.parametrize(
        "answer",
        [
            Derivative(i**2, i), Derivative(z[i], i), Derivative(n * alpha, n),
            Derivative(alpha**2, (alpha, n)),
        ],
    )  # fmt: skip
    def test_derivatives_by_an_index(self, answer):
        with pytest.raises(ValueError, match="differentiate by entries"):
            check(answer, 0)

    def test_a_third_derivative(self):
        with pytest.raises(ValueError, match="up to second derivatives"):
            check(Derivative(z[i] ** 4, (z[i], 3)), 24 * z[i])

    @pytest.mark.parametrize("answer", [Sum(z[i], (z[i], 1, 3)), delta(i, j, (1, 3))])
    def test_malformed(self, answer):
        with pytest.raises(ValueError, match="only a"):
            check(answer, z[i])


class TestLookAlikes:
    @pytest.mark.parametrize(
        "stranger",
        [
            IndexedBase("z")[i], z[Symbol("i")], Symbol("n") * z[i], Symbol("L"),
            Symbol("z"), Symbol("z", real=True), IndexedBase("a", real=True)[i],
            Derivative(z[i] ** 2, IndexedBase("z")[i]),
            LIKE_I, z[LIKE_I], Sum(z[k] * a[LIKE_I], (k, 1, n)), delta(LIKE_I, j),
            z[Index("i", m)], Size("n", "k l") * z[i],
        ],
    )  # fmt: skip
    def test_a_symbol_that_only_prints_like_ours(self, stranger):
        with pytest.raises(ValueError, match=r"prints like the . of the series but is"):
            check(stranger, z[i])

    def test_an_index_without_a_range(self):
        for x in (Symbol("x"), n, alpha):
            with pytest.raises(ValueError, match="has no range: free indices are k, l"):
                check(z[x], z[i])


class TestTwoMeanings:
    def test_a_delta_of_what_is_no_index(self):
        x, w = (Symbol(name, real=True) for name in "xw")
        entries = [IndexedBase(name, real=True)[i] for name in "xw"]
        for apart in (entries[0] - entries[1], z[i] - v[i]):
            with pytest.raises(ValueError, match="delta of two indices"):
                check(delta(x, w) * apart, 0)

    def test_a_symbol_with_the_name_of_an_array(self):
        x = Symbol("x", real=True)
        entry = IndexedBase("x", real=True)[i]
        for both in (Sum(entry * x, (x, 1, n)), entry * x):
            with pytest.raises(ValueError, match="name of an array and of a symbol"):
                check(both, 0)


class TestConditions:
    @pytest.mark.parametrize(
        "case", [True, False, Eq(i, s), Eq(i, 1), Ne(a[i], a[j]), i, i < j]
    )
    def test_what_is_no_case(self, case):
        with pytest.raises(TypeError, match="a case is Eq or Ne of two indices"):
            check(z[i], z[j], case=case)

    @pytest.mark.parametrize("using", ["H1", [total], [None]])
    def test_what_is_no_hypothesis(self, using):
        with pytest.raises(TypeError, match="expected a Hypothesis"):
            check(1, total, using=using)


class TestCircles:
    def test_of_one_definition(self):
        with pytest.raises(ValueError, match="part of its own value"):
            Definition(a[i], a[i] + 1)

    @pytest.mark.parametrize(
        "circle",
        [
            [Definition(y[i], v[i]), Definition(v[i], y[i])],
            [Definition(L, J + 1), Definition(J, exp(L))],
            [Definition(v[i], y[i]), Definition(y[i], z[i]), Definition(z[i], v[i])],
            [normaliser, Definition(z[i], log(alpha)), Definition(alpha, S**2)],
        ],
    )
    def test_of_several(self, circle):
        for where in (circle, circle[::-1]):
            with pytest.raises(ValueError, match="definitions in a circle"):
                check(a[i], z[i], where=where)
            with pytest.raises(ValueError, match="definitions in a circle"):
                Derivation(a[i], where=where)

    def test_many_definitions_in_a_row_are_none(self):
        chain = [
            Definition(v[i], y[i]),
            Definition(y[i], z[i]),
            Definition(z[i], alpha),
        ]
        assert check(alpha, v[i], where=chain)
        assert check(alpha, v[i], where=chain[::-1])

    def test_are_not_blamed_for_a_recursion_elsewhere(self, monkeypatch):
        def too_deep(claim):
            return too_deep(claim)

        monkeypatch.setattr(proof, "is_proved_for_every_n", too_deep)
        verdict = check(softmax(i), a[i], where=[softmax])
        assert not verdict and "too large: parts lie too deep" in verdict.sentence


cross = -Sum(y[k] * log(a[k]), (k, 1, n))
gamma = Symbol("gamma", positive=True)
w = IndexedBase("w", positive=True)
REFUSED = {
    "captured": (cross * a[k], {}, ValueError, "index k is bound in a sum and also us"),
    "captured in part": (
        Sum(y[k] * log(a[k]) + Sum(a[k], (k, 1, n)), (k, 1, n)),
        {},
        ValueError,
        "the index k is bound twice .* another letter",
    ),
    "free index": (-log(a[c]), {}, ValueError, "the index c is free.*sum over it"),
    "forgotten index": (Sum(a[i], (k, 1, n)), {}, ValueError, "index i is free"),
    "undeclared": (gamma * cross, {}, ValueError, r"pass parameters=\[gamma\]"),
    "undeclared alpha": (alpha * cross, {}, ValueError, r"parameters=\[alpha\]"),
    "undeclared m": (
        cross / m,
        {},
        ValueError,
        "m means the number of examples in this series",
    ),
    "S as a parameter": (
        cross + log(S) ** 2,
        {"parameters": [S]},
        ValueError,
        "S is no parameter: it means the normaliser .*put in where S stands",
    ),
    "J as a parameter": (
        cross * Symbol("J", positive=True),
        {"parameters": [Symbol("J", positive=True)]},
        ValueError,
        "the letter J has a meaning of its own in this series, the mean of the losses",
    ),
    "another n": (
        Sum(a[k], (k, 1, Symbol("n"))),
        {},
        ValueError,
        "not a sum over all classes: .*with the n of derivations.letters",
    ),
    "another k": (a[Symbol("k")] ** 2, {}, ValueError, "prints like the k of the seri"),
    "complex": (I * cross, {}, ValueError, "there is no rule for I"),
    "undeclared array": (Sum(w[k] * a[k], (k, 1, n)), {}, ValueError, r"eters=\[w\]"),
    "another a": (
        Sum(IndexedBase("a", real=True)[k] ** 2, (k, 1, n)),
        {},
        ValueError,
        "prints like the a .* but is another",
    ),
    "function of an index": (
        Sum(y[k] * Function("q")(k), (k, 1, n)),
        {},
        TypeError,
        r'q = IndexedBase\("q", real=True\) and write q\[k\]',
    ),
    "function of an output": (
        Sum(Function("f")(a[k]), (k, 1, n)),
        {},
        TypeError,
        "applied Function",
    ),
    "Abs": (Sum(Abs(a[k] - y[k]), (k, 1, n)), {}, ValueError, "differentiable every"),
    "root of a square": (
        Sum(sqrt((a[k] - y[k]) ** 2), (k, 1, n)),
        {},
        ValueError,
        "Abs.* is not differentiable everywhere: use a smooth function",
    ),
    "Max": (Sum(Max(0, z[k]), (k, 1, n)), {}, ValueError, "not differentiable every"),
    "Min": (Sum(Min(1, z[k]), (k, 1, n)), {}, ValueError, "not differentiable every"),
    "sign": (Sum(sign(z[k]), (k, 1, n)), {}, ValueError, "not differentiable every"),
    "step": (Sum(Heaviside(z[k]), (k, 1, n)), {}, ValueError, "not differentiable ev"),
    "Piecewise": (
        Sum(Piecewise((z[k], z[k] > 0), (0, True)), (k, 1, n)),
        {},
        ValueError,
        "not differentiable everywhere",
    ),
    "pole": (Sum(y[k] / z[k], (k, 1, n)), {}, ValueError, "not known to be positive"),
    "logarithm": (Sum(log(z[k]), (k, 1, n)), {}, ValueError, "not known to be positi"),
    "root of 0": (
        Sum((z[k] ** 2) ** Rational(3, 4), (k, 1, n)),
        {},
        ValueError,
        "not differentiable everywhere",
    ),
    "power of a difference": (
        Sum((a[k] - y[k]) ** gamma, (k, 1, n)),
        {"parameters": [gamma]},
        ValueError,
        "not known to be positive",
    ),
    "no rule": (Sum(erf(a[k]), (k, 1, n)), {}, ValueError, "there is no rule for erf"),
    "derivative": (Derivative(a[k], z[j]), {}, ValueError, "there is no rule for Der"),
    "SumExcept": (SumExcept(a[k], (k, 1, n), j), {}, ValueError, "there is no rule"),
    "part of the classes": (
        Sum(a[k], (k, 1, n - 1)),
        {},
        ValueError,
        "is not a sum over all classes",
    ),
    "class by number": (-log(a[1]), {}, ValueError, "one letter as its index"),
    "no z": (Sum(y[k] ** 2, (k, 1, n)), {}, ValueError, "does not depend on z"),
    "constant": (Sum(a[k], (k, 1, n)), {}, ValueError, "does not depend on z"),
    "number": (3, {}, ValueError, "does not depend on z"),
    "float": (0.5 * cross, {}, ValueError, "only exact, finite numbers"),
    "text": ("Sum(a[k], (k, 1, n))", {}, TypeError, "text is never evaluated"),
    "array": (np.ones(3), {}, TypeError, "expected a SymPy expression"),
    "bare array": (a * 2, {}, ValueError, "is an array: say which entry"),
    "integer parameter": (
        cross,
        {"parameters": [Symbol("g", integer=True)]},
        TypeError,
        "must be declared as a real number",
    ),
    "complex parameter": (
        cross,
        {"parameters": Symbol("beta")},
        TypeError,
        r'Symbol\("beta", positive=True\), or real=True',
    ),
    "parameter as text": (cross, {"parameters": ["b"]}, TypeError, "a parameter is a"),
    "letter of the series": (
        cross,
        {"parameters": [Symbol("q", positive=True)]},
        ValueError,
        "the letter q has a meaning .* another name",
    ),
    "activation no definition": (
        cross,
        {"activation": exp(z[i])},
        TypeError,
        r"an activation is a definition of a\[i\] in z",
    ),
    "activation of y": (
        cross,
        {"activation": Definition(a[i], exp(z[i]) + y[i] ** 2)},
        TypeError,
        "one index and no y",
    ),
    "activation with a corner": (
        cross,
        {"activation": Definition(a[i], 1 + Abs(z[i]))},
        ValueError,
        "not differentiable everywhere",
    ),
    "activation without z": (
        cross,
        {"activation": Definition(a[i], gamma), "parameters": [gamma]},
        ValueError,
        "does not depend on z",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_loss_is_refused_with_what_to_do(name):
    loss, options, error, message = REFUSED[name]
    with pytest.raises(error, match=re.compile(message, re.S)):
        derive(loss, **options)
