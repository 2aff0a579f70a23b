"""Large vocabularies: A − Y that is never stored.

The classes are cut into two blocks, P and Q, of nP and nQ classes.  With Q the next
block and P all before it, any number of blocks follows by induction.  A block has
arrays and letters of its own: zP[kP], a logit of P, and zQ[kQ], one of Q, are parts of
one z.  All that a block needs to know of the others is N, the logarithm of the
normaliser, for e^{z_j − N} is the output a_j.  The examples of two machines, E and F,
are cut in the same way.
"""

from derivations.formulas.indices import BlockSymbol, Size
from derivations.letters import *
from derivations.proof import Derivation, theorem

nP, nQ = Size("n", "k l i j c", block="P"), Size("n", "k l i j", block="Q")
"""The number of classes of a block, 1 or more."""
mE, mF = Size("m", "t s", block="E"), Size("m", "t s", block="F")
"""The number of examples of a machine, 1 or more."""
kP, lP, iP, jP, cP = nP.indices
kQ, lQ, iQ, jQ = nQ.indices
tE, sE = mE.indices
tF, sF = mF.indices


def _arrays(letters, block, **sign):
    """The parts that lie in one block, of arrays with these letters."""
    return (IndexedBase(BlockSymbol(one, block, **sign)) for one in letters)


zP, yP, ZP, YP, WP, bP = _arrays("zyZYWb", "P", real=True)
zQ, yQ, ZQ, YQ, WQ, bQ = _arrays("zyZYWb", "Q", real=True)
aP, AP = _arrays("aA", "P", positive=True)
aQ, AQ = _arrays("aA", "Q", positive=True)
"""Logits, labels, weights, biases and outputs of a block, as in `letters`."""
(LE,), (LF,) = _arrays("L", "E", real=True), _arrays("L", "F", real=True)
JE, JF = (BlockSymbol("J", block, real=True) for block in "EF")
"""The losses of a machine's examples, and their mean."""
N = Symbol("N", real=True)
NP, NQ = (BlockSymbol("N", block, real=True) for block in "PQ")
Ns = IndexedBase("N", real=True)
"""The logarithm of Σ e^z: of all classes, of a block; Ns[s] that of example s."""
M, M_new = Symbol("M", real=True), Symbol("M_new", real=True)
"""Any numbers; the largest logit so far is the choice that never overflows."""
R, R_new = Symbol("R", positive=True), Symbol("R_new", positive=True)
"""The running sum of e^{z − M}, before the next block and after it."""

in_P, in_Q = Sum(exp(zP[kP]), (kP, 1, nP)), Sum(exp(zQ[kQ]), (kQ, 1, nQ))
outputs_P = Definition(aP[iP], exp(zP[iP]) / (in_P + in_Q))
outputs_Q = Definition(aQ[iQ], exp(zQ[iQ]) / (in_P + in_Q))
log_normaliser = Definition(N, log(in_P + in_Q))
log_sum_P, log_sum_Q = Definition(NP, log(in_P)), Definition(NQ, log(in_Q))

shifted_P = Sum(exp(zP[kP] - M), (kP, 1, nP))
shifted_Q = Sum(exp(zQ[kQ] - M_new), (kQ, 1, nQ))
running = Definition(R, shifted_P)
next_running = Definition(R_new, R * exp(M - M_new) + shifted_Q)

one_hot_P = Definition(yP[iP], KroneckerDelta(iP, cP))
none_in_Q = Definition(yQ[iQ], 0)
loss = Definition(
    L,
    -Sum(yP[kP] * log(aP[kP]), (kP, 1, nP)) - Sum(yQ[kQ] * log(aQ[kQ]), (kQ, 1, nQ)),
)

column_P = Sum(exp(ZP[kP, s]), (kP, 1, nP))
column_Q = Sum(exp(ZQ[kQ, s]), (kQ, 1, nQ))
labels_P, labels_Q = Sum(YP[kP, s], (kP, 1, nP)), Sum(YQ[kQ, s], (kQ, 1, nQ))
H1_blocks = Hypothesis("H1", [labels_P + labels_Q])

batch_outputs_P = Definition(AP[iP, s], exp(ZP[iP, s]) / (column_P + column_Q))
batch_outputs_Q = Definition(AQ[iQ, s], exp(ZQ[iQ, s]) / (column_P + column_Q))
example_log_normaliser = Definition(Ns[s], log(column_P + column_Q))
example_loss = Definition(
    Ls[s],
    -Sum(YP[kP, s] * log(AP[kP, s]), (kP, 1, nP))
    - Sum(YQ[kQ, s] * log(AQ[kQ, s]), (kQ, 1, nQ)),
)
LOSS = batch_outputs_P, batch_outputs_Q, example_log_normaliser, example_loss, mean_loss

linear_P = Definition(ZP[jP, s], Sum(WP[jP, q] * X[q, s], (q, 1, d)) + bP[jP])
linear_Q = Definition(ZQ[jQ, s], Sum(WQ[jQ, q] * X[q, s], (q, 1, d)) + bQ[jQ])
LAYER = linear_P, linear_Q, *LOSS

mean_E = Definition(JE, Sum(LE[tE], (tE, 1, mE)) / mE)
mean_F = Definition(JF, Sum(LF[tF], (tF, 1, mF)) / mF)
mean_of_all = Definition(
    J, (Sum(LE[tE], (tE, 1, mE)) + Sum(LF[tF], (tF, 1, mF))) / (mE + mF)
)


@theorem
def outputs() -> Derivation:
    """An output of the softmax, j in P, from its own logit and N alone."""
    return (
        Derivation(aP[jP], where=[outputs_P, log_normaliser])
        .step(exp(zP[jP]) / (in_P + in_Q), "definition of $a_j$: both blocks are below")
        .step(exp(zP[jP] - N), "what is below is $e^N$, as $N$ is its logarithm")
    )


@theorem
def merged() -> Derivation:
    """The log-sum-exp of two blocks from that of each, for any number M."""
    return (
        Derivation(log(in_P + in_Q), where=[log_sum_P, log_sum_Q])
        .step(log(exp(NP) + exp(NQ)), "each sum is $e$ to its own log-sum-exp")
        .step(
            log(times(exp(M), exp(NP - M) + exp(NQ - M))),
            "$e^x = e^M e^{x-M}$, whatever $M$ is",
        )
        .step(
            M + log(exp(NP - M) + exp(NQ - M)),
            "the logarithm of a product; $\\log e^M = M$",
        )
    )


@theorem
def invariant() -> Derivation:
    """The state (M, R) of a running sum: M + log R is the log-sum-exp so far."""
    return (
        Derivation(M + log(R), where=[running])
        .step(M + log(shifted_P), "definition of $R$")
        .step(M + log(times(exp(-M), in_P)), "$e^{-M}$ is the same in every term")
        .step(log(in_P), "the logarithm of a product; $\\log e^{-M} = -M$")
    )


@theorem
def streamed() -> Derivation:
    """The next block: rescale the running sum from M to the new M, then add to it."""
    return (
        Derivation(M_new + log(R_new), where=[running, next_running])
        .step(M_new + log(R * exp(M - M_new) + shifted_Q), "definition of $R_{new}$")
        .step(
            M_new + log(Sum(exp(zP[kP] - M_new), (kP, 1, nP)) + shifted_Q),
            "definition of $R$; $e^{z_k-M} e^{M-M_{new}} = e^{z_k-M_{new}}$",
        )
        .step(
            M_new + log(times(exp(-M_new), in_P + in_Q)),
            "$e^{-M_{new}}$ is the same in every term of both",
        )
        .step(
            log(in_P + in_Q),
            "the logarithm of a product; $\\log e^{-M_{new}} = -M_{new}$",
        )
    )


@theorem
def label() -> Derivation:
    """The loss needs N and the label's own logit alone; here the label c is in P."""
    where = (outputs_P, outputs_Q, log_normaliser, one_hot_P, none_in_Q, loss)
    return (
        Derivation(L, where=where)
        .step(-log(aP[cP]), "the one label is at $c$ in $P$: none is in $Q$")
        .step(N - zP[cP], "$\\log a_c = z_c - N$, as $a_c = e^{z_c-N}$")
    )


@theorem
def logits() -> Derivation:
    """A row of dZ, j in P, from the logits of that row and N alone."""
    scores = Sum(YP[kP, s] * ZP[kP, s], (kP, 1, nP))
    scores += Sum(YQ[kQ, s] * ZQ[kQ, s], (kQ, 1, nQ))
    return (
        Derivation(Derivative(J, ZP[jP, s]), where=LOSS)
        .step(
            Derivative(Ls[s], ZP[jP, s]) / m,
            "$J$ is a mean, and $Z_{j,s}$ is in example $s$ only",
        )
        .step(
            Derivative(Ns[s] * (labels_P + labels_Q) - scores, ZP[jP, s]) / m,
            "$\\log A_{k,s} = Z_{k,s} - N_s$ in both blocks",
        )
        .step(
            (exp(ZP[jP, s] - Ns[s]) * (labels_P + labels_Q) - YP[jP, s]) / m,
            "$N_s$ moves at the rate $e^{Z_{j,s}-N_s}$; of the rest $Y_{j,s} Z_{j,s}$ "
            "moves",
        )
        .step(
            (exp(ZP[jP, s] - Ns[s]) - YP[jP, s]) / m,
            "the labels of both blocks together sum to 1",
            using=H1_blocks,
        )
    )


def _through_both(variable):
    """The chain rule over the logits of both blocks."""
    paths = [Derivative(J, x) * Derivative(x, variable) for x in (ZP[iP, t], ZQ[iQ, t])]
    over_both = Sum(paths[0], (iP, 1, nP)) + Sum(paths[1], (iQ, 1, nQ))
    return Derivation(Derivative(J, variable), where=LAYER).step(
        Sum(over_both, (t, 1, m)), "chain rule over every logit of both blocks"
    )


@theorem
def weights() -> Derivation:
    """dW of a block, j in P, needs the rows of A − Y of that block and the inputs."""
    return (
        _through_both(WP[jP, q])
        .step(
            Sum(Derivative(J, ZP[jP, t]) * X[q, t], (t, 1, m)),
            "$W_{j,q}$ is in row $j$ of $Z$ only, times $X_{q,t}$",
        )
        .step(
            Sum((exp(ZP[jP, t] - Ns[t]) - YP[jP, t]) * X[q, t], (t, 1, m)) / m,
            "the rows of the block; $1/m$ is the same in every term",
            using=H1_blocks,
        )
    )


@theorem
def bias() -> Derivation:
    """db of a block, j in P: the mean of its rows of A − Y over the examples."""
    return (
        _through_both(bP[jP])
        .step(
            Sum(Derivative(J, ZP[jP, t]), (t, 1, m)),
            "$b_j$ is in row $j$ of $Z$ only, times 1",
        )
        .step(
            Sum(exp(ZP[jP, t] - Ns[t]) - YP[jP, t], (t, 1, m)) / m,
            "the rows of the block; $1/m$ is the same in every term",
            using=H1_blocks,
        )
    )


@theorem
def inputs() -> Derivation:
    """dX is the sum over the blocks of what each passes down, Wᵀ dZ of its own rows."""
    return (
        _through_both(X[q, s])
        .step(
            Sum(WP[iP, q] * Derivative(J, ZP[iP, s]), (iP, 1, nP))
            + Sum(WQ[iQ, q] * Derivative(J, ZQ[iQ, s]), (iQ, 1, nQ)),
            "$X_{q,s}$ is in column $s$ of $Z$ only, times $W_{i,q}$",
        )
        .step(
            (
                Sum(WP[iP, q] * (exp(ZP[iP, s] - Ns[s]) - YP[iP, s]), (iP, 1, nP))
                + Sum(WQ[iQ, q] * (exp(ZQ[iQ, s] - Ns[s]) - YQ[iQ, s]), (iQ, 1, nQ))
            )
            / m,
            "the rows of each block",
            using=H1_blocks,
        )
    )


@theorem
def examples() -> Derivation:
    """The mean over two machines: their means, weighted by their examples."""
    return (
        Derivation(J, where=[mean_E, mean_F, mean_of_all])
        .step(mean_of_all.value, "all losses, divided once by their number")
        .step(
            (mE * JE + mF * JF) / (mE + mF),
            "the losses of a machine sum to its mean times its number",
        )
    )
