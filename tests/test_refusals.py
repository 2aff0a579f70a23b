"""What is refused, in words that say what to write instead."""

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
    digamma,
    erf,
    exp,
    log,
    nan,
    oo,
    sign,
    sqrt,
    zoo,
)

from derivations import deciding
from derivations.formulas.indices import Index, Size
from derivations.letters import *
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
        with pytest.raises(ValueError, match="exact, finite numbers"):
            check(answer, a[i])

    @pytest.mark.parametrize(
        "answer",
        [
            Derivative(i**2, i), Derivative(z[i], i), Derivative(n * alpha, n),
            Derivative(alpha**2, (alpha, n)),
        ],
    )  # fmt: skip
    def test_derivatives_by_an_index(self, answer):
        with pytest.raises(ValueError, match="differentiate with respect to entries"):
            check(answer, 0)

    def test_a_third_derivative(self):
        with pytest.raises(ValueError, match="first and second derivatives"):
            check(Derivative(z[i] ** 4, (z[i], 3)), 24 * z[i])

    @pytest.mark.parametrize("answer", [Sum(z[i], (z[i], 1, 3)), delta(i, j, (1, 3))])
    def test_malformed(self, answer):
        with pytest.raises(ValueError, match="expected a"):
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
        "case", [True, False, Eq(i, s), Eq(i, 0), Ne(a[i], a[j]), i, i < j]
    )
    def test_what_is_no_case(self, case):
        with pytest.raises(TypeError, match="a case is Eq or Ne of two indices"):
            check(z[i], z[j], case=case)

    def test_a_sum_is_no_hypothesis(self):
        with pytest.raises(TypeError, match="expected a Hypothesis"):
            check(1, total, using=[total])


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
            with pytest.raises(ValueError, match="depend on each other in a circle"):
                check(a[i], z[i], where=where)
            with pytest.raises(ValueError, match="depend on each other in a circle"):
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

        monkeypatch.setattr(deciding, "is_proved_for_every_n", too_deep)
        verdict = check(softmax(i), a[i], where=[softmax])
        assert not verdict and "parts are nested too deep" in verdict.sentence


def over(term):
    """A loss that is a sum over all classes."""
    return Sum(term, (k, 1, n))


cross, gamma = -over(y[k] * log(a[k])), Symbol("gamma", positive=True)
w, strange_a = IndexedBase("w", positive=True), IndexedBase("a", real=True)
corner = "is not differentiable (everywhere|at 0)"
LOSSES = {
    "index k is bound in a sum and also us": cross * a[k],
    "the index k is bound twice .* another letter": over(y[k] * log(a[k]) + over(a[k])),
    "the index c is free.*sum over it": -log(a[c]),
    "index i is free": over(a[i]),
    r"pass parameters=\[gamma\]": gamma * cross,
    r"parameters=\[alpha\]": alpha * cross,
    r"parameters=\[w\]": over(w[k] * a[k]),
    "m means the number of examples in this series": cross / m,
    "all classes: .*with the n of derivations.letters": Sum(a[k], (k, 1, Symbol("n"))),
    "all classes: .*for every n": Sum(a[k], (k, 1, n - 1)),
    "prints like the a .* but is another": over(strange_a[k] ** 2),
    "there is no rule for I": I * cross,
    r"there is no rule for erf.*; near it is tanh\(1": over(erf(a[k])),
    r"there is no rule for polygamma.*; near it is log\(x\)": over(digamma(a[k])),
    "there is no rule for Der": Derivative(a[k], z[j]),
    "there is no rule for SumE": SumExcept(a[k], (k, 1, n), j),
    rf"Abs.* {corner}: use a smooth .* such as sqrt\(x": over(sqrt((a[k] - y[k]) ** 2)),
    f"Abs.* {corner}": over(Abs(a[k] - y[k])),
    rf"Max.* {corner}.* log\(exp\(x\) \+ exp\(y\)\)$": over(Max(0, z[k])),
    rf"Min.* {corner}.* -log\(": over(Min(1, z[k])),
    rf"sign.* {corner}.* tanh\(x\)": over(sign(z[k])),
    rf"Heaviside.* {corner}.* 1/\(1 ": over(Heaviside(z[k])),
    f"Piecewise.* {corner}": over(Piecewise((z[k], z[k] > 0), (0, True))),
    rf"^Abs\(z\[k\]\) {corner}": over((z[k] ** 2) ** Rational(3, 4)),
    "^write another loss: z_k may be 0, and 1/z_k has": over(y[k] / z[k]),
    "another loss: z_k may be 0 or negative, and log z_k is not": over(log(z[k])),
    r"^pass using=H3: y_k may be negative, and log\(Σ_k y_k a_k\) is n[a-z ]+$": (
        -log(over(a[k] * y[k]))
    ),
    r"^add .* as in √\(ε \+ Σ_k \(a_k − y_k\)\^2\): \(.*\)\^2 may be 0, and": (
        sqrt(over((a[k] - y[k]) ** 2))
    ),
    "^pass using=H3: .* may be 0, and the quotient has no value": (
        over(a[k]) / (3 + over(a[k] ** 3) + over(y[k] * exp(z[k]) * a[k] ** 2))
    ),
    "one letter as its index": -Sum(log(a[k, k]), (k, 1, n)),
    "about one numbered class": -log(a[1]),
    r"Kron.*\(1, k\) is about one numbered class": over(delta(k, 1) * log(a[k])),
    "y.* does not depend on z": over(y[k] ** 2),
    "a.* does not depend on z": over(a[k]),
    "3 does not depend on z": 3,
}
KINDS = {
    r'q = IndexedBase\("q", real=True\) and write q\[k\]': over(Function("q")(k)),
    "applied Function": over(Function("f")(a[k])),
    "text is never evaluated": "Sum(a[k], (k, 1, n))",
}
PARAMETERS = {
    "S is no parameter: it means the normaliser .*put in where": (ValueError, S),
    "the letter J .* the mean of the losses": (ValueError, Symbol("J", positive=True)),
    "the letter q .* another name": (ValueError, Symbol("q", positive=True)),
    "must be declared as a real number": (TypeError, Symbol("g", integer=True)),
    r'Symbol\("beta", real=True\), or positive=True': (TypeError, Symbol("beta")),
    "a parameter is a": (TypeError, "b"),
}
ACTIVATIONS = {
    r"an activation is a definition of a\[i\] in z": (TypeError, exp(z[i])),
    "one index and no y": (TypeError, Definition(a[i], exp(z[i]) + y[i] ** 2)),
    corner: (ValueError, Definition(a[i], 1 + Abs(z[i]))),
    "does not depend on z": (ValueError, Definition(a[i], gamma)),
}


class TestLosses:
    """A loss that is none is refused with what to do."""

    @pytest.mark.parametrize("words", LOSSES)
    def test_a_loss(self, words):
        with pytest.raises(ValueError, match=f"(?s){words}"):
            derive(LOSSES[words])

    @pytest.mark.parametrize("words", KINDS)
    def test_what_is_no_expression(self, words):
        with pytest.raises(TypeError, match=f"(?s){words}"):
            derive(KINDS[words])

    def test_a_power_of_a_difference(self):
        with pytest.raises(ValueError, match="a_k − y_k may be 0 or negative"):
            derive(over((a[k] - y[k]) ** gamma), parameters=[gamma])

    @pytest.mark.parametrize("words", PARAMETERS)
    def test_a_parameter(self, words):
        error, parameter = PARAMETERS[words]
        with pytest.raises(error, match=f"(?s){words}"):
            derive(cross, parameters=[parameter])

    @pytest.mark.parametrize("words", ACTIVATIONS)
    def test_an_activation(self, words):
        error, activation = ACTIVATIONS[words]
        with pytest.raises(error, match=f"(?s){words}"):
            derive(cross, activation=activation, parameters=[gamma])
