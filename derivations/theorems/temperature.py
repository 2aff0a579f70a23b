"""Softmax at a temperature T, one for all classes or one per class.

T > 1 flattens the probabilities, T < 1 sharpens them, T = 1 is the softmax.
"""

from derivations.letters import *
from derivations.proof import Derivation, theorem

T = Symbol("T", positive=True)
T_class = IndexedBase("T", positive=True)

tempered_softmax = Definition(a[i], exp(z[i] / T) / Sum(exp(z[k] / T), (k, 1, n)))
class_tempered_softmax = Definition(
    a[i], exp(z[i] / T_class[i]) / Sum(exp(z[k] / T_class[k]), (k, 1, n))
)


@theorem
def derivative() -> Derivation:
    """The derivative of softmax(z/T): that of the softmax, divided by T."""
    total = Sum(exp(z[k] / T), (k, 1, n))
    top, below = exp(z[i] / T), exp(z[j] / T)
    return (
        Derivation(Derivative(a[i], z[j]), where=[tempered_softmax])
        .step(Derivative(top / total, z[j]), "definition of $a_i$")
        .step(
            (delta * top * total - top * below) / (T * total**2),
            "quotient rule; $e^{z_j/T}$ moves at the rate $e^{z_j/T}/T$",
        )
        .step((delta * a[i] - a[i] * a[j]) / T, "definition of $a$, three times")
        .step(a[i] * (delta - a[j]) / T, "factor out $a_i$")
    )


@theorem
def gradient() -> Derivation:
    """The gradient with respect to a logit: prediction minus target, divided by T."""
    dL_da, da_dz = Derivative(L, a[i]), Derivative(a[i], z[j])
    slope = a[i] * (delta - a[j])
    return (
        Derivation(Derivative(L, z[j]), where=[tempered_softmax, cross_entropy])
        .step(Sum(dL_da * da_dz, (i, 1, n)), "chain rule: $z_j$ moves every $a_i$")
        .step(
            Sum(times(-y[i] / a[i], slope), (i, 1, n)) / T,
            "both derivatives; $1/T$ is the same in every term",
        )
        .step(
            (a[j] * Sum(y[i], (i, 1, n)) - y[j]) / T,
            "the $a_i$ cancel; the delta keeps only $i = j$; take $a_j$ out of the sum",
        )
        .step((a[j] - y[j]) / T, "the labels sum to 1", using=H1)
    )


@theorem
def by_temperature() -> Derivation:
    """The gradient with respect to T itself, for calibration by descent."""
    scores, total = Sum(y[k] * z[k], (k, 1, n)), Sum(exp(z[k] / T), (k, 1, n))
    return (
        Derivation(Derivative(L, T), where=[tempered_softmax, cross_entropy])
        .step(
            Derivative(log(total) * Sum(y[k], (k, 1, n)) - scores / T, T),
            "$\\log a_k = z_k/T - \\log \\sum_l e^{z_l/T}$",
        )
        .step(
            -Sum(a[k] * z[k], (k, 1, n)) * Sum(y[k], (k, 1, n)) / T**2 + scores / T**2,
            "$z_k/T$ moves at the rate $-z_k/T^2$; definition of $a_k$",
        )
        .step(
            -Sum((a[k] - y[k]) * z[k], (k, 1, n)) / T**2,
            "the labels sum to 1; one sum for both",
            using=H1,
        )
    )


@theorem
def class_derivative() -> Derivation:
    """With a temperature per class column j is divided by T_j: no longer symmetric."""
    own = z[i] / T_class[i]
    total = Sum(exp(z[k] / T_class[k]), (k, 1, n))
    other = exp(z[j] / T_class[j])
    return (
        Derivation(Derivative(a[i], z[j]), where=[class_tempered_softmax])
        .step(Derivative(exp(own) / total, z[j]), "definition of $a_i$")
        .step(
            (delta * exp(own) * total - exp(own) * other) / (T_class[j] * total**2),
            "quotient rule; what moves has $z_j/T_j$ in it",
        )
        .step(a[i] * (delta - a[j]) / T_class[j], "definition of $a$, three times")
    )


@theorem
def class_gradient() -> Derivation:
    """With a temperature per class: entry j is divided by its own T_j."""
    where = [class_tempered_softmax, cross_entropy]
    slope = a[i] * (delta - a[j])
    return (
        Derivation(Derivative(L, z[j]), where=where)
        .step(
            Sum(Derivative(L, a[i]) * Derivative(a[i], z[j]), (i, 1, n)),
            "chain rule: down column $j$, over every output $i$",
        )
        .step(
            Sum(times(-y[i] / a[i], slope), (i, 1, n)) / T_class[j],
            "both derivatives; $T_j$ belongs to the column",
        )
        .step((a[j] - y[j]) / T_class[j], "the $a_i$ cancel", using=H1)
    )
