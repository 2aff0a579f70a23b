"""What formulas are made of: indices, definitions, hypotheses; and what is kept."""

import copy
import pickle
from importlib import import_module
from inspect import isclass
from pkgutil import walk_packages

import pytest
from sympy import Derivative, Ne, Symbol, exp

import derivations
from derivations.formulas.caching import forget
from derivations.formulas.claims import Claim
from derivations.formulas.indices import (
    BlockSymbol,
    Index,
    Size,
    free_symbols,
    size_of,
)
from derivations.judges.at_points.comparison import compare_at_points
from derivations.judges.for_every_n.equality import is_proved_for_every_n
from derivations.letters import *
from derivations.proof import check
from derivations.theorems import blocks, catalogue
from derivations.theorems.blocks import (
    NP,
    YP,
    YQ,
    H1_blocks,
    aP,
    kP,
    kQ,
    labels_P,
    labels_Q,
    lQ,
    mE,
    mF,
    nP,
    nQ,
    yP,
    yQ,
    zP,
)
from tests.every_n import equal

MADE_ONCE = ("theorems", "registry", "request", "text")


def memories():
    """Every function that remembers what judges find; what is made once stays."""
    names = [x.name for x in walk_packages(derivations.__path__, "derivations.")]
    apart = ("__main__", "with_torch")  # the second is quoted, and never imported
    spaces = [import_module(name) for name in names if not name.endswith(apart)]
    spaces += [x for space in spaces for x in vars(space).values() if isclass(x)]
    members = [x for space in spaces for x in vars(space).values()]
    remember = [x for x in members if hasattr(x, "cache_info")]
    places = [x.__module__.split(".") for x in remember]
    return [
        x
        for x, (package, *inside) in zip(remember, places, strict=True)
        if package == "derivations" and inside[0] not in MADE_ONCE
    ]


def remembered():
    """How many results the engine remembers."""
    return sum(function.cache_info().currsize for function in memories())


def pickled(value):
    return pickle.loads(pickle.dumps(value))


class TestForget:
    claim = Claim(Derivative(a[i], z[j]), -a[i] * a[j], (softmax,), (), Ne(i, j))

    def judged(self):
        return is_proved_for_every_n(self.claim), compare_at_points(self.claim)

    def test_empties_every_memory_and_the_results_stay_equal(self):
        before = self.judged()
        assert before[0] is True
        assert before[1].counterexample is None
        assert len(memories()) > 5 and remembered() > 100
        forget()
        assert remembered() == 0
        assert self.judged() == before

    def test_a_theorem_derived_anew_is_the_same(self):
        derive = catalogue()["logits.one_true_class"]
        before = derive()
        forget()
        again = derive.__wrapped__()
        assert again is not before
        assert again == before


class TestIndices:
    @pytest.mark.parametrize("copied", [pickled, copy.deepcopy, copy.copy])
    @pytest.mark.parametrize("size", [n, m, d, h, nP, mF])
    def test_a_copy_is_equal_and_knows_the_same(self, copied, size):
        again = copied(size)
        assert again == size and hash(again) == hash(size)
        assert (again.letter, again.block) == (size.letter, size.block)
        assert again.indices == size.indices
        for index in size.indices:
            again = copied(index)
            assert again == index and hash(again) == hash(index)
            assert again.size == size
            assert (again.letter, again.block) == (index.letter, index.block)
            assert type(again) is Index

    @pytest.mark.parametrize("copied", [pickled, copy.deepcopy, copy.copy])
    def test_a_copy_of_a_part_is_equal_and_knows_its_block(self, copied):
        for symbol in (NP, copied(zP).label):
            assert symbol.block == copied(symbol).block == "P"
            assert copied(symbol) == symbol and hash(copied(symbol)) == hash(symbol)
        assert copied(zP) == zP and copied(zP[kP]) == zP[kP]

    @pytest.mark.parametrize("copied", [pickled, copy.deepcopy, copy.copy])
    def test_a_chain_that_is_copied_stays_equal(self, copied):
        chain = catalogue()["batch.block_diagonal"]()
        assert copied(chain) == chain
        assert copied(chain).step(chain.result, "no change")

    def test_a_name_is_not_all(self):
        others = [Index("i", m), Symbol("i", integer=True, positive=True), Symbol("i")]
        assert not any(other == i for other in others)
        assert Index("i", n) == i
        assert Size("n", "k l") != n
        assert Size("nP", "kP lP iP jP cP") != nP == Size("n", "k l i j c", block="P")
        assert Symbol("NP", real=True) != NP == BlockSymbol("N", "P", real=True)
        assert IndexedBase("zP", real=True) != zP

    def test_a_size_is_that_of_an_index_alone(self):
        assert [size_of(x) for x in (k, s, q)] == [n, m, d]
        assert [size_of(x) for x in (n, alpha, Symbol("i"), 1)] == [None] * 4

    def test_no_letter_counts_two_sizes(self):
        sizes = (n, m, d, h, nP, nQ, mE, mF)
        letters = [str(x) for size in sizes for x in size.indices]
        assert len(letters) == len(set(letters))

    @pytest.mark.parametrize("least", [0, -1, 1.5, "2", None])
    def test_a_size_is_at_least_1(self, least):
        with pytest.raises(ValueError, match="nR must be 1 or a larger integer"):
            Size("n", "k", least=least, block="R")


class TestFreeLetters:
    def test_letters_outside_a_sum_are_not_bound_by_it(self):
        labels = {z.label, y.label}
        assert free_symbols(z[k] * Sum(y[k], (k, 1, n))) == {k, n} | labels
        assert free_symbols(z[j] * Sum(y[k], (k, 1, n))) == {j, n} | labels
        assert not equal(z[k] * Sum(y[k], (k, 1, n)), Sum(z[k] * y[k], (k, 1, n)))

    def test_a_sum_except_inside_a_sum(self):
        """SymPy's free_symbols once took the bound k out of ours, for good."""
        total = Sum(SumExcept(exp(z[k]) * z[l], (l, 1, n), k), (k, 1, n))
        right = exp(z[i]) * SumExcept(z[l], (l, 1, n), i)
        right += SumExcept(exp(z[k]), (k, 1, n), i)
        assert total.free_symbols and check(right, Derivative(total, z[i]))


class TestDefinitions:
    def test_a_parameter_bound_inside(self):
        summed = Definition(v[i], Sum(z[i], (i, 1, n)))
        assert check(Sum(z[k], (k, 1, n)), v[j], where=[summed])
        assert not check(n * z[j], v[j], where=[summed])

    def test_a_clash_with_a_bound_letter(self):
        assert equal(softmax(k), exp(z[k]) / Sum(exp(z[l]), (l, 1, n)))
        assert softmax(k) != exp(z[k]) / Sum(exp(z[k]), (k, 1, n))

    def test_a_free_letter_is_not_captured_by_a_sum_over_it(self):
        labels = Sum(y[c], (c, 1, n))  # this c is not the c of the definition
        assert check(1, labels, where=[one_hot])
        assert not check(n, labels, where=[one_hot])

    @pytest.mark.parametrize("symbol", [a[1], W[i, i], a[i + 1], n, i, exp(z[i]), 1])
    def test_what_cannot_be_defined(self, symbol):
        with pytest.raises(TypeError, match="expected a symbol such as"):
            Definition(symbol, z[i])

    def test_a_wrong_number_of_indices(self):
        with pytest.raises(TypeError, match="has 1 indices, got 2"):
            check(a[i, j], z[i], where=[softmax])
        with pytest.raises(ValueError, match="1 and 2 indices"):
            check(Derivative(z[i], z[i, j]), 0)

    def test_are_compared_by_value(self):
        again = Definition(a[i], exp(z[i]) / Sum(exp(z[k]), (k, 1, n)))
        assert again == softmax and hash(again) == hash(softmax)
        assert Definition(a[i], exp(z[i])) != softmax
        assert Definition(v[i], softmax.value) != softmax


class TestHypotheses:
    @pytest.mark.parametrize(
        "known",
        [
            z[i],
            Sum(z[k] * y[k], (k, 1, n)),
            Sum(Y[i, t], (t, 1, m)),
            Sum(y[k], (k, 1, m)),
            Sum(Y[k, s], (k, 1, n), (s, 1, m)),
            Sum(y[k], (k, 1, n)) + Sum(y[i], (i, 1, n)),
            Sum(Y[k, s], (k, 1, n)) + Sum(Y[i, s], (i, 1, n)),
        ],
    )
    def test_what_cannot_be_a_hypothesis(self, known):
        with pytest.raises(TypeError, match="a hypothesis is about sums"):
            Hypothesis("H9", [known])

    @pytest.mark.parametrize("value", [alpha, n, 0.5])
    def test_a_hypothesis_knows_an_exact_number(self, value):
        with pytest.raises(TypeError, match="exact number"):
            Hypothesis("x", [Sum(y[k], (k, 1, n))], value)

    def test_are_compared_by_value(self):
        again = Hypothesis("H1", list(H1.sums))
        assert again == H1 and hash(again) == hash(H1)
        assert Hypothesis("H2", H1.sums) != H1
        assert Hypothesis("H1", H1.sums, 2) != H1

    @pytest.mark.parametrize(
        "known",
        [
            labels_P + 2 * labels_Q,
            labels_P - labels_Q,
            labels_P + 1,
            labels_P + Sum(YP[kP, t], (kP, 1, nP)),  # one array twice
            labels_P + Sum(YQ[kQ, t], (kQ, 1, nQ)),  # of two examples
            labels_P + Sum(YQ[lQ, kP], (lQ, 1, nQ)),  # not of an example
            Sum(YP[kP, kP], (kP, 1, nP)) + Sum(YQ[kQ, kP], (kQ, 1, nQ)),
            Sum(YP[kP, s, s], (kP, 1, nP)) + Sum(YQ[kQ, s, s], (kQ, 1, nQ)),
            Sum(YP[kP, 1], (kP, 1, nP)) + Sum(YQ[kQ, 1], (kQ, 1, nQ)),
            Sum(yP[kP], (kP, 1, nP)) + labels_Q,
            Sum(yP[kP], (kP, 1, nP)) + Sum(yQ[kQ] ** 2, (kQ, 1, nQ)),
            Sum(yP[kP], (kP, 1, nP)) + Sum(yQ[kQ], (kQ, 1, n)),
            "Sum(y[k], (k, 1, n)) + 1",
        ],
    )
    def test_sums_that_cannot_be_known_together(self, known):
        with pytest.raises(TypeError, match="a hypothesis is about sums"):
            Hypothesis("H9", [known])

    def test_a_positive_array_among_several(self):
        known = [Sum(aP[kP], (kP, 1, nP)) + Sum(yQ[kQ], (kQ, 1, nQ))]
        assert Hypothesis("H9", known).bases == {aP, yQ}
        with pytest.raises(ValueError, match="positive, so its sum cannot"):
            Hypothesis("H9", known, 0)

    def test_says_what_it_knows(self):
        assert repr(H1_blocks) == (
            "H1: Sum(YP[kP, s], (kP, 1, nP)) + Sum(YQ[kQ, s], (kQ, 1, nQ)) = 1"
        )
        assert pickled(H1_blocks) == H1_blocks
        assert H1_blocks.parts == ((labels_P, labels_Q),)
        assert H1.parts == tuple((x,) for x in H1.sums)


class TestSizesOfAClaim:
    def test_are_those_of_sums_indices_definitions_and_hypotheses(self):
        assert Claim(z[i], Sum(v[q], (q, 1, d))).sizes == (d, n)
        assert Claim(zP[kP], zP[kP]).sizes == (nP,)
        assert Claim(alpha, alpha, (blocks.none_in_Q,)).sizes == (nQ,)
        assert Claim(alpha, alpha, (), (H1_blocks,)).sizes == (m, nP, nQ)
        assert Claim(alpha, alpha, (), (), Ne(s, t)).sizes == (m,)
