"""A batch of m examples: where the 1/m comes from, and why examples do not mix."""

from derivations.letters import *
from derivations.proof import Derivation, theorem

WHERE = (batch_softmax, example_cross_entropy, mean_loss)


@theorem
def other_examples() -> Derivation:
    """The outputs of one example do not depend on the logits of another."""
    return Derivation(
        Derivative(A[i, s], Z[j, t]), where=[batch_softmax], case=Ne(s, t)
    ).step(0, "$A_{i,s}$ is made of column $s$ alone, and $Z_{j,t}$ is not in it")


@theorem
def block_diagonal() -> Derivation:
    """The 4-D Jacobian of a batch: one (n, n) block per example, zeros elsewhere."""
    return (
        Derivation(Derivative(A[i, s], Z[j, t]), where=[batch_softmax])
        .step(KroneckerDelta(s, t) * Derivative(A[i, s], Z[j, s]), "0 unless $s = t$")
        .step(
            KroneckerDelta(s, t) * A[i, s] * (delta - A[j, s]),
            "within one example: the derivative of the softmax",
        )
    )


@theorem
def per_example() -> Derivation:
    """The course's dZ: the gradient of each example's own loss, no 1/m."""
    return (
        Derivation(Derivative(Ls[s], Z[j, s]), where=WHERE)
        .step(
            A[j, s] * Sum(Y[i, s], (i, 1, n)) - Y[j, s],
            "one example, for labels of any sum",
        )
        .step(A[j, s] - Y[j, s], "its labels sum to 1", using=H1)
    )


@theorem
def gradient() -> Derivation:
    """The exact gradient of the mean loss: the same, divided by m once."""
    dL_dA, dA_dZ = Derivative(Ls[s], A[i, s]), Derivative(A[i, s], Z[j, s])
    return (
        Derivation(Derivative(J, Z[j, s]), where=WHERE)
        .step(Sum(Derivative(Ls[t], Z[j, s]), (t, 1, m)) / m, "$J$ is a mean")
        .step(Derivative(Ls[s], Z[j, s]) / m, "$Z_{j,s}$ is in example $s$ only")
        .step(Sum(dL_dA * dA_dZ, (i, 1, n)) / m, "chain rule over the outputs of $s$")
        .step(
            Sum(times(-Y[i, s] / A[i, s], A[i, s] * (delta - A[j, s])), (i, 1, n)) / m,
            "both derivatives, at example $s$",
        )
        .step(
            (A[j, s] * Sum(Y[i, s], (i, 1, n)) - Y[j, s]) / m,
            "the $A_{i,s}$ cancel; the delta keeps only $i = j$; factor $A_{j,s}$ out",
        )
        .step((A[j, s] - Y[j, s]) / m, "each column of labels sums to 1", using=H1)
    )
