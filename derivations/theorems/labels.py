"""Labels that are not one-hot: soft, smoothed, from a teacher, or of another sum.

Soft labels that sum to 1 need no theorem of their own: `logits.gradient` asks for
Σ y = 1 and for nothing else.
"""

from derivations.letters import *
from derivations.proof import Derivation, theorem
from derivations.theorems import temperature
from derivations.theorems.temperature import T

f = IndexedBase("f", real=True)
"""The labels that the loss is fed with, made from y or by a teacher."""
K = Symbol("K", real=True)
"""The sum of the labels."""

smoothed = Definition(f[i], (1 - alpha) * y[i] + alpha / n)
smoothed_others = Definition(f[i], (1 - alpha) * y[i] + alpha * (1 - y[i]) / (n - 1))
teacher = Definition(f[i], exp(v[i] / T) / Sum(exp(v[k] / T), (k, 1, n)))
label_sum = Definition(K, Sum(y[k], (k, 1, n)))

fed_loss = Definition(L, -Sum(f[k] * log(a[k]), (k, 1, n)))
distillation_loss = Definition(L, -(T**2) * Sum(f[k] * log(a[k]), (k, 1, n)))

WHERE = (softmax, normaliser, cross_entropy)


@theorem
def any_sum() -> Derivation:
    """Labels of any sum K: K times the gradient for the labels y/K."""
    return (
        Derivation(Derivative(L, z[j]), where=(*WHERE, label_sum))
        .step(a[j] * Sum(y[k], (k, 1, n)) - y[j], "the gradient for labels of any sum")
        .step(K * a[j] - y[j], "definition of $K$")
        .step(times(K, a[j] - y[j] / K), "factor out $K$")
    )


@theorem
def gradient_sums_to_zero() -> Derivation:
    """The entries of the true gradient sum to 0, whatever the labels sum to."""
    return (
        Derivation(Sum(Derivative(L, z[j]), (j, 1, n)), where=(*WHERE, label_sum))
        .step(Sum(K * a[j] - y[j], (j, 1, n)), "the gradient for labels of sum $K$")
        .step(K * Sum(a[j], (j, 1, n)) - K, "the labels sum to $K$")
        .step(0, "the outputs sum to 1")
    )


def _smoothing(labels, value, total):
    chain = Derivation(Derivative(L, z[j]), where=(softmax, fed_loss, labels))
    return (
        chain.step(
            a[j] * Sum(f[k], (k, 1, n)) - f[j],
            "the gradient for labels of any sum, here $f$",
        )
        .step(a[j] * total - value, "definition of $f$; its sum term by term")
        .step(a[j] - value, "the labels before smoothing sum to 1", using=H1)
    )


@theorem
def smoothing() -> Derivation:
    """Smoothing that spreads α over all n classes, the true one too."""
    value = (1 - alpha) * y[j] + alpha / n
    return _smoothing(smoothed, value, (1 - alpha) * Sum(y[k], (k, 1, n)) + alpha)


@theorem
def smoothing_others() -> Derivation:
    """Smoothing that spreads α over the n − 1 other classes."""
    value = (1 - alpha) * y[j] + alpha * (1 - y[j]) / (n - 1)
    labels = Sum(y[k], (k, 1, n))
    total = (1 - alpha) * labels + alpha * (n - labels) / (n - 1)
    return _smoothing(smoothed_others, value, total)


@theorem
def smoothings_agree() -> Derivation:
    """The second form at α is the first at α n/(n − 1)."""
    larger = alpha * n / (n - 1)
    return (
        Derivation(f[i], where=[smoothed_others])
        .step((1 - alpha) * y[i] + alpha * (1 - y[i]) / (n - 1), "definition of $f_i$")
        .step(
            (1 - alpha - alpha / (n - 1)) * y[i] + alpha / (n - 1), "gather the $y_i$"
        )
        .step(
            (1 - larger) * y[i] + times(larger, 1 / n),
            "$\\alpha + \\alpha/(n-1) = \\alpha n/(n-1)$",
        )
    )


@theorem
def distillation() -> Derivation:
    """A student at temperature T under a teacher's soft labels, with the factor T²."""
    where = (temperature.tempered_softmax, teacher, distillation_loss)
    slope = a[i] * (delta - a[j])
    return (
        Derivation(Derivative(L, z[j]), where=where)
        .step(
            Sum(Derivative(L, a[i]) * Derivative(a[i], z[j]), (i, 1, n)),
            "chain rule: $z_j$ moves every $a_i$",
        )
        .step(
            T * Sum(times(-f[i] / a[i], slope), (i, 1, n)),
            "$T^2$ of the loss, $1/T$ of the softmax",
        )
        .step(T * (a[j] * Sum(f[i], (i, 1, n)) - f[j]), "the $a_i$ cancel")
        .step(T * (a[j] - f[j]), "a teacher's outputs sum to 1")
    )
