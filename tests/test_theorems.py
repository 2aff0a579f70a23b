"""What each theorem says, written down once more by hand; and slips beside them."""

import pytest
from sympy import Derivative, Eq, Integer, KroneckerDelta, Ne, Rational, exp, log

from derivations.letters import (
    H1,
    W1,
    Z1,
    A,
    C,
    G,
    Hypothesis,
    J,
    L,
    Ls,
    Sum,
    W,
    X,
    Y,
    Z,
    a,
    alpha,
    b,
    b1,
    c,
    cross_entropy,
    d,
    g_prime,
    h,
    i,
    j,
    k,
    m,
    n,
    p,
    q,
    s,
    softmax,
    t,
    u,
    v,
    y,
    z,
)
from derivations.proof import check
from derivations.theorems import (
    binary,
    blocks,
    catalogue,
    class_weights,
    labels,
    matched,
    temperature,
)
from derivations.theorems.attention import U, V
from derivations.theorems.blocks import (
    NP,
    NQ,
    WP,
    WQ,
    YP,
    YQ,
    ZP,
    ZQ,
    H1_blocks,
    M,
    M_new,
    N,
    Ns,
    bP,
    cP,
    iP,
    iQ,
    jP,
    jQ,
    kP,
    kQ,
    lP,
    lQ,
    mE,
    mF,
    nP,
    nQ,
    zP,
    zQ,
)
from derivations.theorems.class_weights import w
from derivations.theorems.temperature import T, T_class
from tests.oracle import differ

delta = KroneckerDelta


# What each theorem says, written by hand.
a_j_y = a[j] * Sum(y[k], (k, 1, n)) - y[j]
da_dz = Derivative(a[i], z[j])
d2L_dz2 = Derivative(L, z[i], z[j])
dA_dZ = Derivative(A[i, s], Z[j, t])
dZ1 = G[p, t] * g_prime(Z1[p, t])
weighted_dZ = A[j, s] * Sum(w[k] * Y[k, s], (k, 1, n)) - w[j] * Y[j, s]
STATEMENTS = {
    "batch.other_examples": (dA_dZ, 0),
    "batch.block_diagonal": (dA_dZ, delta(s, t) * A[i, s] * (delta(i, j) - A[j, s])),
    "batch.per_example": (Derivative(Ls[s], Z[j, s]), A[j, s] - Y[j, s]),
    "batch.gradient": (Derivative(J, Z[j, s]), (A[j, s] - Y[j, s]) / m),
    "cross_entropy.gradient": (Derivative(L, a[i]), -y[i] / a[i]),
    "layers.weights": (
        Derivative(J, W[j, q]),
        Sum((A[j, s] - Y[j, s]) * X[q, s], (s, 1, m)) / m,
    ),
    "layers.bias": (Derivative(J, b[j]), Sum(A[j, s] - Y[j, s], (s, 1, m)) / m),
    "layers.inputs": (
        Derivative(J, X[q, s]),
        Sum(W[k, q] * (A[k, s] - Y[k, s]), (k, 1, n)) / m,
    ),
    "layers.inputs_per_example": (
        Derivative(Ls[s], X[q, s]),
        Sum(W[k, q] * (A[k, s] - Y[k, s]), (k, 1, n)),
    ),
    "layers.hidden_logits": (Derivative(J, Z1[p, s]), G[p, s] * g_prime(Z1[p, s])),
    "layers.hidden_weights": (Derivative(J, W1[p, q]), Sum(dZ1 * X[q, t], (t, 1, m))),
    "layers.hidden_bias": (Derivative(J, b1[p]), Sum(dZ1, (t, 1, m))),
    "layers.hidden_inputs": (
        Derivative(J, X[q, s]),
        Sum(W1[u, q] * G[u, s] * g_prime(Z1[u, s]), (u, 1, h)),
    ),
    "layers.two_layers": (
        Derivative(J, W1[p, q]),
        Sum(
            W[k, p] * (A[k, t] - Y[k, t]) * g_prime(Z1[p, t]) * X[q, t],
            (k, 1, n),
            (t, 1, m),
        )
        / m,
    ),
    "logits.by_jacobian": (Derivative(L, z[j]), a_j_y),
    "logits.by_log_sum_exp": (Derivative(L, z[j]), a_j_y),
    "logits.gradient": (Derivative(L, z[j]), a[j] - y[j]),
    "logits.one_true_class": (Derivative(L, z[j]), a[j] - y[j]),
    "softmax.sums_to_one": (Sum(a[i], (i, 1, n)), 1),
    "softmax.shift_invariant": (
        exp(z[i] + C) / Sum(exp(z[k] + C), (k, 1, n)),
        a[i],
    ),
    "softmax.case_equal": (da_dz, a[i] * (1 - a[i])),
    "softmax.case_unequal": (da_dz, -a[i] * a[j]),
    "softmax.derivative": (da_dz, a[i] * (delta(i, j) - a[j])),
    "softmax.jacobian_symmetric": (da_dz, Derivative(a[j], z[i])),
    "softmax.jacobian_rows": (Sum(da_dz, (j, 1, n)), 0),
    "softmax.jacobian_columns": (Sum(da_dz, (i, 1, n)), 0),
    "softmax.jacobian_times_vector": (
        Sum(da_dz * v[j], (j, 1, n)),
        a[i] * (v[i] - Sum(a[k] * v[k], (k, 1, n))),
    ),
}
STATEMENTS |= {  # the variations, whose own letters live in their modules
    "hessian.entries": (d2L_dz2, delta(i, j) * a[i] - a[i] * a[j]),
    "hessian.variance": (
        Sum(v[i] * d2L_dz2 * v[j], (j, 1, n), (i, 1, n)),
        Sum(a[k] * v[k] ** 2, (k, 1, n)) - Sum(a[k] * v[k], (k, 1, n)) ** 2,
    ),
    "hessian.times_vector": (
        Sum(d2L_dz2 * v[j], (j, 1, n)),
        a[i] * v[i] - a[i] * Sum(a[k] * v[k], (k, 1, n)),
    ),
    "attention.vjp": (
        Sum(v[i] * da_dz, (i, 1, n)),
        a[j] * (v[j] - Sum(a[k] * v[k], (k, 1, n))),
    ),
    "attention.scores": (
        Derivative(J, z[j]),
        a[j]
        * (
            Sum(U[q] * V[j, q], (q, 1, d))
            - Sum(U[q] * a[k] * V[k, q], (k, 1, n), (q, 1, d))
        ),
    ),
    "attention.values": (Derivative(J, V[j, q]), a[j] * U[q]),
    "binary.sigmoid_derivative": (
        Derivative(binary.o[i], z[j]),
        delta(i, j) * binary.o[i] * (1 - binary.o[i]),
    ),
    "binary.sigmoid_gradient": (Derivative(L, z[j]), binary.o[j] - y[j]),
    "binary.two_classes": (binary.P, 1 / (1 + exp(z[j] - z[i]))),
    "binary.two_class_gradient": (Derivative(L, z[i]), binary.P - y[i]),
    "binary.two_class_other": (Derivative(L, z[j]), y[i] - binary.P),
    "binary.two_class_summed": (Derivative(L, z[i]), 2 * binary.P - 2 * y[i]),
    "binary.on_softmax_outputs": (
        Derivative(L, z[j]),
        (a[j] - y[j]) / (1 - a[j]) - a[j] * Sum((a[k] - y[k]) / (1 - a[k]), (k, 1, n)),
    ),
    "labels.any_sum": (
        Derivative(L, z[j]),
        labels.K * (a[j] - y[j] / Sum(y[k], (k, 1, n))),
    ),
    "labels.gradient_sums_to_zero": (Sum(Derivative(L, z[j]), (j, 1, n)), 0),
    "labels.smoothing": (
        Derivative(L, z[j]),
        a[j] - (1 - alpha) * y[j] - alpha / n,
    ),
    "labels.smoothing_others": (
        Derivative(L, z[j]),
        a[j] - (1 - alpha) * y[j] - alpha * (1 - y[j]) / (n - 1),
    ),
    "labels.smoothings_agree": (
        labels.f[i],
        (1 - alpha * n / (n - 1)) * y[i] + alpha / (n - 1),
    ),
    "labels.distillation": (Derivative(L, z[j]), T * (a[j] - labels.f[j])),
    "matched.prediction_minus_target": (
        Derivative(L, z[j]),
        g_prime(z[j]) + C * exp(z[j]) / Sum(exp(z[k]), (k, 1, n)) - y[j],
    ),
    "matched.identity_squared_error": (Derivative(L, z[j]), z[j] - y[j]),
    "matched.sigmoid_binary_cross_entropy": (
        Derivative(L, z[j]),
        1 / (1 + exp(-z[j])) - y[j],
    ),
    "matched.softmax_cross_entropy": (Derivative(L, z[j]), a[j] - y[j]),
    "matched.exponential_poisson": (Derivative(L, z[j]), exp(z[j]) - y[j]),
    "other_losses.squared": (
        Derivative(L, z[j]),
        Sum((a[k] - y[k]) * a[k] * (delta(k, j) - a[j]), (k, 1, n)),
    ),
    "other_losses.squared_true_class": (
        Derivative(L, z[c]),
        a[c] * (2 * a[c] - 1 - Sum(a[k] ** 2, (k, 1, n))),
    ),
    "other_losses.one_minus": (Derivative(L, z[j]), a[c] * (a[j] - delta(c, j))),
    "temperature.derivative": (da_dz, a[i] * (delta(i, j) - a[j]) / T),
    "temperature.gradient": (Derivative(L, z[j]), (a[j] - y[j]) / T),
    "temperature.by_temperature": (
        Derivative(L, T),
        Sum((y[k] - a[k]) * z[k], (k, 1, n)) / T**2,
    ),
    "temperature.class_derivative": (
        da_dz,
        a[i] * (delta(i, j) - a[j]) / T_class[j],
    ),
    "temperature.class_gradient": (Derivative(L, z[j]), (a[j] - y[j]) / T_class[j]),
    "class_weights.per_example": (
        Derivative(L, z[j]),
        a[j] * Sum(w[k] * y[k], (k, 1, n)) - w[j] * y[j],
    ),
    "class_weights.one_true_class": (Derivative(L, z[j]), w[c] * (a[j] - delta(c, j))),
    "class_weights.divided_by_m": (Derivative(J, Z[j, s]), weighted_dZ / m),
    "class_weights.divided_by_weights": (
        Derivative(J, Z[j, s]),
        weighted_dZ / Sum(w[k] * Y[k, t], (k, 1, n), (t, 1, m)),
    ),
}
all_classes = Sum(exp(zP[kP]), (kP, 1, nP)) + Sum(exp(zQ[kQ]), (kQ, 1, nQ))
row = exp(ZP[jP, s] - Ns[s]) - YP[jP, s]
dZP, dZQ = exp(ZP[iP, s] - Ns[s]) - YP[iP, s], exp(ZQ[iQ, s] - Ns[s]) - YQ[iQ, s]
STATEMENTS |= {  # of two blocks of classes, or of examples
    "blocks.outputs": (blocks.aP[jP], exp(zP[jP] - N)),
    "blocks.merged": (log(all_classes), M + log(exp(NP - M) + exp(NQ - M))),
    "blocks.invariant": (M + log(blocks.R), log(Sum(exp(zP[lP]), (lP, 1, nP)))),
    "blocks.streamed": (M_new + log(blocks.R_new), log(all_classes)),
    "blocks.label": (L, N - zP[cP]),
    "blocks.logits": (
        Derivative(J, ZP[jP, s]),
        exp(ZP[jP, s] - Ns[s]) / m - YP[jP, s] / m,
    ),
    "blocks.weights": (
        Derivative(J, WP[jP, q]),
        Sum(row * X[q, s], (s, 1, m)) / m,
    ),
    "blocks.bias": (Derivative(J, bP[jP]), Sum(row, (s, 1, m)) / m),
    "blocks.inputs": (
        Derivative(J, X[q, s]),
        Sum(WP[iP, q] * dZP, (iP, 1, nP)) / m + Sum(WQ[iQ, q] * dZQ, (iQ, 1, nQ)) / m,
    ),
    "blocks.examples": (
        J,
        mE / (mE + mF) * blocks.JE + mF / (mE + mF) * blocks.JF,
    ),
}
CASES = {
    "binary.two_classes": Ne(i, j),
    "binary.two_class_gradient": Ne(i, j),
    "binary.two_class_other": Ne(i, j),
    "binary.two_class_summed": Ne(i, j),
    "softmax.case_equal": Eq(i, j),
    "softmax.case_unequal": Ne(i, j),
    "batch.other_examples": Ne(s, t),
}
NEEDS_H1 = {
    "binary.on_softmax_outputs",
    "hessian.entries",
    "hessian.variance",
    "hessian.times_vector",
    "labels.smoothing",
    "labels.smoothing_others",
    "matched.softmax_cross_entropy",
    "temperature.gradient",
    "temperature.by_temperature",
    "temperature.class_gradient",
    "batch.per_example",
    "batch.gradient",
    "layers.weights",
    "layers.bias",
    "layers.inputs",
    "layers.inputs_per_example",
    "layers.two_layers",
    "logits.gradient",
}
NEEDS_H1_OF_BLOCKS = {f"blocks.{x}" for x in ("logits", "weights", "bias", "inputs")}


class TestEveryTheorem:
    def test_each_is_written_down_here(self):
        assert set(STATEMENTS) == set(catalogue())
        assert set(CASES) | NEEDS_H1 | NEEDS_H1_OF_BLOCKS <= set(STATEMENTS)

    @pytest.mark.parametrize("name", catalogue())
    def test_derives_with_every_step_proved_and_compared(self, name):
        chain = catalogue()[name]()
        assert chain.steps
        assert catalogue()[name].__doc__.strip().endswith(".")
        for step in chain.steps:
            tried = dict(step.verdict.tried)
            assert all(1 in tried[size] for size in {nP, nQ, mE, mF} & set(tried))
            assert step.verdict
            assert step.verdict.proved
            assert step.verdict.points >= 4
            assert step.reason.strip()
        assert chain.statement == Eq(chain.start, chain.result, evaluate=False)

    @pytest.mark.parametrize("name", STATEMENTS)
    def test_says_what_is_expected(self, name):
        chain = catalogue()[name]()
        start, result = STATEMENTS[name]
        assert chain.start == start
        assert chain.case == CASES.get(name)
        expected = {name: H1_blocks} if name in NEEDS_H1_OF_BLOCKS else {}
        expected |= {name: H1} if name in NEEDS_H1 else {}
        assert chain.uses == tuple(expected.values())
        where, facts, case = chain.where, chain.uses, chain.case
        assert not differ(chain.result, Integer(0) + result, where, facts, case)
        assert not differ(chain.start, chain.result, where, facts, case)

    @pytest.mark.parametrize("name", sorted(NEEDS_H1 | NEEDS_H1_OF_BLOCKS))
    def test_is_false_where_the_labels_do_not_sum_to_one(self, name):
        chain = catalogue()[name]()
        assert differ(chain.start, chain.result, chain.where, (), chain.case)

    def test_both_ways_to_the_gradient_meet(self):
        first = catalogue()["logits.by_jacobian"]()
        second = catalogue()["logits.by_log_sum_exp"]()
        assert first.start == second.start
        assert not differ(first.result, second.result, first.where)


def refused(answer, question, where, using=()):
    """An answer is not proved, and a point speaks against it."""
    verdict = check(answer, question, where, using)
    assert not verdict.proved
    assert verdict.counterexample


class TestSlips:
    """What a reader may well write down is refused, with a point."""

    def test_the_transposed_jacobian_with_a_temperature_per_class(self):
        wrong = a[i] * (delta(i, j) - a[j]) / T_class[i]
        refused(wrong, da_dz, [temperature.class_tempered_softmax])

    def test_the_two_smoothings_at_the_same_alpha(self):
        first, second = labels.smoothed(i), labels.smoothed_others(i)
        refused(first, second, ())
        assert check(first.subs(alpha, n * alpha / (n - 1)), second)

    def test_prediction_minus_weighted_target(self):
        where = [softmax, class_weights.weighted_loss]
        refused(a[j] - w[j] * y[j], Derivative(L, z[j]), where, H1)

    def test_prediction_minus_target_of_binary_cross_entropy_on_a_softmax(self):
        where = [softmax, binary.on_softmax]
        refused(a[j] - y[j], Derivative(L, z[j]), where, H1)

    def test_the_hessian_without_h1(self):
        entry = a[i] * (delta(i, j) - a[j])
        refused(entry, d2L_dz2, [softmax, cross_entropy])

    def test_prediction_minus_target_of_a_pair_that_does_not_match(self):
        where = [matched.sigmoid, matched.squared_error]
        refused(matched.o[j] - y[j], Derivative(L, z[j]), where)


class TestSlipsOfBlocks:
    """Ways to sum in blocks that are wrong, each refused with a point."""

    def differs(self, answer, name, using=(), of="result"):
        chain = catalogue()[name]()
        refused(answer, getattr(chain, of), chain.where, using)

    def test_each_block_with_its_own_largest_and_no_correction(self):
        chain = catalogue()["blocks.streamed"]()
        later = Sum(exp(zQ[lQ] - M_new), (lQ, 1, nQ))
        refused(blocks.R_new, blocks.R + later, chain.where)
        self.differs(M_new + log(blocks.R + later), "blocks.streamed")

    def test_a_correction_the_wrong_way_round(self):
        later = Sum(exp(zQ[lQ] - M_new), (lQ, 1, nQ))
        wrong = M_new + log(blocks.R * exp(M_new - M) + later)
        self.differs(wrong, "blocks.streamed")

    def test_blocks_merged_by_adding_their_logarithms(self):
        self.differs(NP + NQ, "blocks.merged")
        self.differs(M + log(exp(NP) + exp(NQ)), "blocks.merged")

    @pytest.mark.parametrize("wanted", ["start", "result"])
    def test_each_block_with_a_normaliser_of_its_own(self, wanted):
        own = log(Sum(exp(ZP[lP, s]), (lP, 1, nP)))
        wrong = (exp(ZP[jP, s] - own) - YP[jP, s]) / m
        self.differs(wrong, "blocks.logits", H1_blocks, wanted)
        own = log(Sum(exp(zP[lP]), (lP, 1, nP)))
        self.differs(own - zP[cP], "blocks.label", (), wanted)
        self.differs(exp(zP[jP] - own), "blocks.outputs", (), wanted)

    def test_the_one_of_the_label_subtracted_in_both_blocks(self):
        labels = (blocks.one_hot_P, blocks.none_in_Q)
        where = (blocks.outputs_P, blocks.outputs_Q, *labels, blocks.loss)
        where += (blocks.log_normaliser,)
        for logit, right in ((zQ[jQ], 0), (zP[jP], delta(jP, cP))):
            row = exp(logit - N)
            assert check(row - right, Derivative(L, logit), where)
            refused(row - 1, Derivative(L, logit), where)

    @pytest.mark.parametrize("name", sorted(NEEDS_H1_OF_BLOCKS))
    def test_a_mean_taken_twice(self, name):
        right = catalogue()[name]().result
        self.differs(right / m, name, H1_blocks, "start")
        self.differs(right * m, name, H1_blocks, "start")

    def test_the_mean_of_means(self):
        both = blocks.JE + blocks.JF
        self.differs(both / 2, "blocks.examples")
        self.differs(both, "blocks.examples")
        self.differs((mE * blocks.JE + mF * blocks.JF) / m, "blocks.examples")

    def test_the_inputs_of_one_block(self):
        wrong = Sum(WP[iP, q] * dZP, (iP, 1, nP)) / m
        self.differs(wrong, "blocks.inputs", H1_blocks, "start")

    @pytest.mark.parametrize("name", sorted(NEEDS_H1_OF_BLOCKS))
    def test_the_labels_of_one_block_do_not_sum_to_one(self, name):
        alone = Hypothesis("alone", [Sum(YP[lP, s], (lP, 1, nP))])
        chain = catalogue()[name]()
        self.differs(chain.result, name, alone, "start")
        half = Hypothesis("halves", H1_blocks.sums, Rational(1, 2))
        self.differs(chain.result, name, half, "start")


class TestBlocksAsOne:
    def test_one_block_after_the_other_is_all_of_them(self):
        """What is merged is merged again: with Q the next block, an induction."""
        chain = catalogue()["blocks.merged"]()
        assert check(log(exp(NP) + exp(NQ)), chain.result, chain.where)

    def test_the_largest_is_one_choice_of_the_number(self):
        chain = catalogue()["blocks.merged"]()
        for choice in (NP, NQ, 0, zP[jP]):
            assert check(chain.result.subs(M, choice), chain.start, chain.where)

    def test_examples_in_halves_of_one_size_have_the_mean_of_means(self):
        chain = catalogue()["blocks.examples"]()
        assert chain.result.subs(mF, mE).equals((blocks.JE + blocks.JF) / 2)
