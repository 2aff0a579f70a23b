"""The Hessian of the cross-entropy in the logits: diag(a) − a aᵀ, and convexity."""

from derivations.letters import *
from derivations.proof import Derivation, theorem

WHERE = (softmax, cross_entropy)


@theorem
def entries() -> Derivation:
    """The Hessian of the loss is the Jacobian of the softmax."""
    return (
        Derivation(Derivative(L, z[i], z[j]), where=WHERE)
        .step(
            Derivative(a[i] * Sum(y[k], (k, 1, n)) - y[i], z[j]),
            "the gradient, differentiated again",
        )
        .step(Derivative(a[i], z[j]) * Sum(y[k], (k, 1, n)), "the labels do not move")
        .step(
            a[i] * (delta - a[j]),
            "both cases of the softmax; the labels sum to 1",
            using=H1,
        )
    )


@theorem
def variance() -> Derivation:
    """vᵀHv is the variance of v under the probabilities a, so never negative."""
    twice = Sum(v[i] * Derivative(L, z[i], z[j]) * v[j], (j, 1, n), (i, 1, n))
    entry = a[i] * (delta - a[j])
    mean = Sum(a[k] * v[k], (k, 1, n))
    return (
        Derivation(twice, where=WHERE)
        .step(
            Sum(v[i] * entry * v[j], (j, 1, n), (i, 1, n)),
            "the entries of the Hessian",
            using=H1,
        )
        .step(
            Sum(a[i] * v[i] ** 2, (i, 1, n)) - mean**2,
            "the delta keeps only $j = i$",
        )
        .step(
            Sum(a[i] * (v[i] - mean) ** 2, (i, 1, n)),
            "multiply out the square; the outputs sum to 1",
        )
    )


@theorem
def times_vector() -> Derivation:
    """Hv; it is 0 only if every v_i is the mean, so the rank is n − 1."""
    mean = Sum(a[k] * v[k], (k, 1, n))
    return (
        Derivation(Sum(Derivative(L, z[i], z[j]) * v[j], (j, 1, n)), where=WHERE)
        .step(
            Sum(a[i] * (delta - a[j]) * v[j], (j, 1, n)),
            "the entries of the Hessian",
            using=H1,
        )
        .step(a[i] * (v[i] - mean), "the delta keeps only $j = i$; factor out $a_i$")
    )
