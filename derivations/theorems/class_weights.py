"""Class weights: each example counts as much as its class does.

Two normalisations are in use. One divides the sum over the batch by m; the other, the
default of PyTorch, by the weights of the labels that are in the batch.
"""

from derivations.letters import *
from derivations.proof import Derivation, theorem

w = IndexedBase("w", positive=True)
"""The weight of a class."""
w_batch = Symbol("D", real=True)
"""The weights of the labels in a batch, summed."""

weighted_loss = Definition(L, -Sum(w[k] * y[k] * log(a[k]), (k, 1, n)))
weighted_example = Definition(Ls[s], -Sum(w[k] * Y[k, s] * log(A[k, s]), (k, 1, n)))
batch_weight = Definition(w_batch, Sum(Sum(w[k] * Y[k, t], (k, 1, n)), (t, 1, m)))
mean_by_m = Definition(J, Sum(Ls[t], (t, 1, m)) / m)
mean_by_weight = Definition(J, Sum(Ls[t], (t, 1, m)) / w_batch)

WHERE = (batch_softmax, weighted_example)


@theorem
def per_example() -> Derivation:
    """One example: the labels become w∘y, and these do not sum to 1."""
    slope = a[i] * (delta - a[j])
    return (
        Derivation(Derivative(L, z[j]), where=[softmax, weighted_loss])
        .step(
            Sum(Derivative(L, a[i]) * Derivative(a[i], z[j]), (i, 1, n)),
            "chain rule: $z_j$ moves every $a_i$",
        )
        .step(
            Sum(times(-w[i] * y[i] / a[i], slope), (i, 1, n)),
            "both derivatives; the weight stays with its label",
        )
        .step(
            a[j] * Sum(w[i] * y[i], (i, 1, n)) - w[j] * y[j],
            "the $a_i$ cancel; the delta keeps only $i = j$; take $a_j$ out of the sum",
        )
    )


@theorem
def one_true_class() -> Derivation:
    """With one true class c its weight multiplies prediction minus target."""
    delta_cj = KroneckerDelta(c, j)
    return (
        Derivation(Derivative(L, z[j]), where=[softmax, weighted_loss, one_hot])
        .step(a[j] * Sum(w[i] * y[i], (i, 1, n)) - w[j] * y[j], "any labels")
        .step(a[j] * w[c] - w[j] * delta_cj, "only class $c$ has a label, and it is 1")
        .step(times(w[c], a[j] - delta_cj), "where the delta is not 0, $w_j$ is $w_c$")
    )


def _batch(mean, below, words):
    own = A[j, s] * Sum(w[i] * Y[i, s], (i, 1, n)) - w[j] * Y[j, s]
    where = (*WHERE, mean, batch_weight)
    return (
        Derivation(Derivative(J, Z[j, s]), where=where)
        .step(Sum(Derivative(Ls[t], Z[j, s]), (t, 1, m)) / below, words)
        .step(Derivative(Ls[s], Z[j, s]) / below, "$Z_{j,s}$ is in example $s$ only")
        .step(own / below, "the gradient of one example")
    )


@theorem
def divided_by_m() -> Derivation:
    """The gradient of the weighted loss, summed over the batch and divided by m."""
    return _batch(mean_by_m, m, "$J$ is the sum divided by $m$")


@theorem
def divided_by_weights() -> Derivation:
    """The same, divided by the weights of the labels in the batch."""
    words = "$D$ is made of weights and labels, and $Z_{j,s}$ is not in it"
    return _batch(mean_by_weight, w_batch, words)
