"""dL/dz_j for softmax and cross-entropy: a_j Σy − y_j, and a_j − y_j where Σy = 1."""

from derivations.letters import *
from derivations.proof import Derivation, theorem

WHERE = (softmax, normaliser, cross_entropy)


@theorem
def by_jacobian() -> Derivation:
    """The gradient by the chain rule, split into the cases i = j and i ≠ j."""
    dL_da, da_dz = Derivative(L, a[i]), Derivative(a[i], z[j])
    own = {i: j}
    return (
        Derivation(Derivative(L, z[j]), where=WHERE)
        .step(Sum(dL_da * da_dz, (i, 1, n)), "chain rule: $z_j$ moves every $a_i$")
        .step(
            (dL_da * da_dz).xreplace(own) + SumExcept(dL_da * da_dz, (i, 1, n), j),
            "split off the term $i = j$",
        )
        .step(
            times(-y[j] / a[j], a[j] * (1 - a[j]))
            + SumExcept(times(-y[i] / a[i], -a[i] * a[j]), (i, 1, n), j),
            "$\\partial L/\\partial a_i = -y_i/a_i$; both cases of softmax",
        )
        .step(
            -y[j] * (1 - a[j]) + SumExcept(y[i] * a[j], (i, 1, n), j),
            "$-y_i/a_i$ meets $a_i$: the $a_i$ cancel",
        )
        .step(
            y[j] * a[j] - y[j] + a[j] * SumExcept(y[i], (i, 1, n), j),
            "multiply out; $a_j$ is the same in every term",
        )
        .step(
            a[j] * Sum(y[i], (i, 1, n)) - y[j],
            "$y_j a_j$ is the term that the sum was missing",
        )
    )


@theorem
def by_log_sum_exp() -> Derivation:
    """The same gradient without a Jacobian, from log S."""
    total, scores = Sum(y[k], (k, 1, n)), Sum(y[k] * z[k], (k, 1, n))
    return (
        Derivation(Derivative(L, z[j]), where=WHERE)
        .step(
            Derivative(-Sum(y[k] * (z[k] - log(S)), (k, 1, n)), z[j]),
            "$\\log a_k = z_k - \\log S$",
        )
        .step(
            Derivative(log(S) * total - scores, z[j]),
            "multiply out; take $\\log S$ out of the sum",
        )
        .step(
            Derivative(log(S), z[j]) * total - y[j],
            "in the last sum only $y_j z_j$ moves",
        )
        .step(
            exp(z[j]) / S * total - y[j],
            "chain rule: $1/S$ times $e^{z_j}$, the slope of $S$",
        )
        .step(a[j] * total - y[j], "definition of $a_j$")
    )


@theorem
def gradient() -> Derivation:
    """The gradient is prediction minus target, where the labels sum to 1."""
    return by_jacobian().step(a[j] - y[j], "the labels sum to 1", using=H1)


@theorem
def in_vectors() -> Derivation:
    """The gradient with vectors: the transposed Jacobian times da, in one sum."""
    dL_da, da_dz = Derivative(L, a[i]), Derivative(a[i], z[j])
    return (
        Derivation(Derivative(L, z[j]), where=WHERE)
        .step(Sum(dL_da * da_dz, (i, 1, n)), "chain rule: $da$ and column $j$ of $J_a$")
        .step(Sum(times(-y[i] / a[i], a[i] * (delta - a[j])), (i, 1, n)), "both slopes")
        .step(
            a[j] * Sum(y[i], (i, 1, n)) - y[j],
            "the $a_i$ cancel; the delta keeps only $i = j$; take $a_j$ out of the sum",
        )
        .step(a[j] - y[j], "the labels sum to 1", using=H1)
    )


@theorem
def one_true_class() -> Derivation:
    """With one true class c only −log a_c is left; it still depends on every logit."""
    delta_cj = KroneckerDelta(c, j)
    return (
        Derivation(Derivative(L, z[j]), where=[softmax, cross_entropy, one_hot])
        .step(Derivative(-log(a[c]), z[j]), "every other label is 0")
        .step(-Derivative(a[c], z[j]) / a[c], "chain rule for the logarithm")
        .step(
            times(-1 / a[c], a[c] * (delta_cj - a[j])),
            "row $c$ of the Jacobian: both cases",
        )
        .step(a[j] - delta_cj, "the $a_c$ cancel")
        .step(a[j] - y[j], "$y_j$ is 1 at $j = c$ and 0 otherwise")
    )
