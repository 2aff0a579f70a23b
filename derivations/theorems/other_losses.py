"""Squared error and 1 − a_c on softmax outputs: the factor that stops the learning."""

from derivations.letters import *
from derivations.proof import Derivation, theorem

squared_error = Definition(L, Sum((a[k] - y[k]) ** 2, (k, 1, n)) / 2)
missing_probability = Definition(L, 1 - a[c])


@theorem
def squared() -> Derivation:
    """Squared error: prediction minus target, but centred and times a_j."""
    error = a[i] - y[i]
    return (
        Derivation(Derivative(L, z[j]), where=[softmax, squared_error])
        .step(
            Sum(Derivative(L, a[i]) * Derivative(a[i], z[j]), (i, 1, n)),
            "chain rule: $z_j$ moves every $a_i$",
        )
        .step(
            Sum(times(error, a[i] * (delta - a[j])), (i, 1, n)),
            "$\\partial L/\\partial a_i = a_i - y_i$; nothing is left to cancel $a_i$",
        )
        .step(
            a[j] * ((a[j] - y[j]) - Sum(a[i] * error, (i, 1, n))),
            "the delta keeps only $i = j$; factor out $a_j$",
        )
    )


@theorem
def squared_true_class() -> Derivation:
    """Squared error at the true class: a factor a_c."""
    squares = Sum(a[i] ** 2, (i, 1, n))
    return (
        Derivation(Derivative(L, z[c]), where=[softmax, squared_error, one_hot])
        .step(
            a[c] * ((a[c] - y[c]) - Sum(a[i] * (a[i] - y[i]), (i, 1, n))),
            "the gradient of the squared error, at $j = c$",
        )
        .step(a[c] * (2 * a[c] - 1 - squares), "$y_c$ is 1 and every other label is 0")
    )


@theorem
def one_minus() -> Derivation:
    """The loss 1 − a_c: prediction minus target, times a_c."""
    delta_cj = KroneckerDelta(c, j)
    return (
        Derivation(Derivative(L, z[j]), where=[softmax, missing_probability, one_hot])
        .step(-Derivative(a[c], z[j]), "the 1 does not move")
        .step(-a[c] * (delta_cj - a[j]), "row $c$ of the Jacobian")
        .step(times(a[c], a[j] - y[j]), "$y_j$ is 1 at $j = c$ and 0 otherwise")
    )
