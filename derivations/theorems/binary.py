"""Sigmoid and binary cross-entropy: two classes, many labels, and a wrong partner.

The outputs of a sigmoid do not compete, so they have a letter of their own, o.
"""

from derivations.letters import *
from derivations.proof import Derivation, theorem

o = IndexedBase("o", positive=True)
"""The outputs of a sigmoid, one for each logit."""
P = Symbol("P", positive=True)
"""The probability of class i where i and j are the only two classes."""

sigmoid = Definition(o[i], 1 / (1 + exp(-z[i])))
pair = Definition(P, exp(z[i]) / (exp(z[i]) + exp(z[j])))


def binary_terms(output, label):
    """The binary cross-entropy of one output."""
    return -label * log(output) - (1 - label) * log(1 - output)


many_labels = Definition(L, Sum(binary_terms(o[k], y[k]), (k, 1, n)))
pair_loss = Definition(L, binary_terms(P, y[i]))
summed_loss = Definition(L, binary_terms(P, y[i]) + binary_terms(1 - P, 1 - y[i]))
on_softmax = Definition(L, Sum(binary_terms(a[k], y[k]), (k, 1, n)))


@theorem
def sigmoid_derivative() -> Derivation:
    """The Jacobian of the sigmoid is diagonal: here s(1 − s) is all of it."""
    below = 1 + exp(-z[i])
    return (
        Derivation(Derivative(o[i], z[j]), where=[sigmoid])
        .step(delta * exp(-z[i]) / below**2, "quotient rule; 0 unless $i = j$")
        .step(
            times(delta, 1 / below, 1 - 1 / below),
            "$e^{-z_i}$ is the denominator minus 1",
        )
        .step(delta * o[i] * (1 - o[i]), "definition of $o_i$, twice")
    )


@theorem
def sigmoid_gradient() -> Derivation:
    """Sigmoid with binary cross-entropy: prediction minus target, for any labels."""
    dL_do = -y[j] / o[j] + (1 - y[j]) / (1 - o[j])
    return (
        Derivation(Derivative(L, z[j]), where=[sigmoid, many_labels])
        .step(
            Derivative(L, o[j]) * Derivative(o[j], z[j]),
            "chain rule: one path, as $z_j$ moves $o_j$ alone",
        )
        .step(times(dL_do, o[j] * (1 - o[j])), "both derivatives")
        .step(-y[j] * (1 - o[j]) + (1 - y[j]) * o[j], "multiply out; both quotients go")
        .step(o[j] - y[j], "the $y_j o_j$ cancel")
    )


@theorem
def two_classes() -> Derivation:
    """The softmax of two logits is the sigmoid of their difference."""
    return (
        Derivation(P, where=[pair], case=Ne(i, j))
        .step(exp(z[i]) / (exp(z[i]) + exp(z[j])), "softmax of the classes $i$ and $j$")
        .step(1 / (1 + exp(-(z[i] - z[j]))), "divide above and below by $e^{z_i}$")
    )


@theorem
def two_class_gradient() -> Derivation:
    """Binary cross-entropy of two classes, with respect to the first logit."""
    return (
        Derivation(Derivative(L, z[i]), where=[pair, pair_loss], case=Ne(i, j))
        .step(
            Derivative(L, P) * Derivative(P, z[i]), "chain rule: one probability is all"
        )
        .step(
            times(-y[i] / P + (1 - y[i]) / (1 - P), P * (1 - P)),
            "both derivatives, the second as for the sigmoid",
        )
        .step(P - y[i], "multiply out")
    )


@theorem
def two_class_other() -> Derivation:
    """The same with respect to the second logit: minus that, which is a_j − y_j."""
    return (
        Derivation(Derivative(L, z[j]), where=[pair, pair_loss], case=Ne(i, j))
        .step(Derivative(L, P) * Derivative(P, z[j]), "chain rule")
        .step(
            times(-y[i] / P + (1 - y[i]) / (1 - P), -P * (1 - P)),
            "both derivatives; $z_j$ moves $P$ the other way",
        )
        .step((1 - P) - (1 - y[i]), "multiply out: class $j$ has $1 - P$ and $1 - y_i$")
    )


@theorem
def two_class_summed() -> Derivation:
    """Counting both outputs, where one is enough, gives twice the gradient."""
    return (
        Derivation(Derivative(L, z[i]), where=[pair, summed_loss], case=Ne(i, j))
        .step(Derivative(L, P) * Derivative(P, z[i]), "chain rule")
        .step(
            times(2 * (-y[i] / P + (1 - y[i]) / (1 - P)), P * (1 - P)),
            "the second output says the same as the first",
        )
        .step(2 * (P - y[i]), "multiply out")
    )


@theorem
def on_softmax_outputs() -> Derivation:
    """Binary cross-entropy on softmax outputs: not A − Y, an extra term stays."""
    odds = a[i] / (1 - a[i])
    slope = a[i] * (delta - a[j])
    return (
        Derivation(Derivative(L, z[j]), where=[softmax, on_softmax])
        .step(
            Sum(Derivative(L, a[i]) * Derivative(a[i], z[j]), (i, 1, n)),
            "chain rule: $z_j$ moves every $a_i$",
        )
        .step(
            Sum((-y[i] / a[i] + (1 - y[i]) / (1 - a[i])) * slope, (i, 1, n)),
            "both derivatives",
        )
        .step(
            a[j] * Sum(y[i], (i, 1, n))
            - y[j]
            + (1 - y[j]) * a[j] / (1 - a[j])
            - a[j] * Sum((1 - y[i]) * odds, (i, 1, n)),
            "$y_i/a_i$ loses its $a_i$",
        )
        .step(
            a[j]
            - y[j]
            + a[j] * ((1 - y[j]) / (1 - a[j]) - Sum((1 - y[i]) * odds, (i, 1, n))),
            "the labels sum to 1",
            using=H1,
        )
    )
