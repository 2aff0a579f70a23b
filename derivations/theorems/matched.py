"""Why "prediction − target" comes back: each loss is B(z) − Σ y z with o = ∂B/∂z.

Such a pair of activation and loss is called matched, or canonical.
"""

from derivations.letters import *
from derivations.proof import Derivation, theorem

B = Symbol("B", real=True)
"""The potential: a function of the logits whose gradient is the prediction."""
o = IndexedBase("o", real=True)
"""The prediction, whatever the activation."""

scores = Sum(y[k] * z[k], (k, 1, n))
prediction = Definition(o[i], Derivative(B, z[i]))
matched_loss = Definition(L, B - scores)
family = Definition(B, Sum(g(z[k]), (k, 1, n)) + C * log(Sum(exp(z[k]), (k, 1, n))))


@theorem
def prediction_minus_target() -> Derivation:
    """Prediction minus target for any potential B, with separate or coupled logits."""
    return (
        Derivation(Derivative(L, z[j]), where=[matched_loss, prediction, family])
        .step(Derivative(B, z[j]) - Derivative(scores, z[j]), "$L = B - \\sum y_k z_k$")
        .step(Derivative(B, z[j]) - y[j], "in the sum only $y_j z_j$ moves")
        .step(o[j] - y[j], "the prediction is the gradient of $B$")
    )


def _pair(output, loss, potential, rest, using=()):
    """One loss brought to B − Σ y z plus a term without logits, and differentiated."""
    letter = output.base[j]
    return (
        Derivation(Derivative(L, z[j]), where=[output, loss])
        .step(
            Derivative(potential - scores + rest, z[j]),
            "the loss is $B - \\sum y_k z_k$, plus a term without logits",
            using=using,
        )
        .step(Derivative(potential, z[j]) - y[j], "of the rest only $y_j z_j$ moves")
        .step(letter - y[j], "the prediction is the gradient of $B$")
    )


identity = Definition(o[i], z[i])
squared_error = Definition(L, Sum((o[k] - y[k]) ** 2, (k, 1, n)) / 2)
sigmoid = Definition(o[i], 1 / (1 + exp(-z[i])))
binary_cross_entropy = Definition(
    L, -Sum(y[k] * log(o[k]) + (1 - y[k]) * log(1 - o[k]), (k, 1, n))
)
exponential = Definition(o[i], exp(z[i]))
poisson = Definition(L, Sum(o[k] - y[k] * log(o[k]), (k, 1, n)))


@theorem
def identity_squared_error() -> Derivation:
    """Identity with squared error: B = Σ z²/2."""
    potential, rest = Sum(z[k] ** 2, (k, 1, n)) / 2, Sum(y[k] ** 2, (k, 1, n)) / 2
    return _pair(identity, squared_error, potential, rest)


@theorem
def sigmoid_binary_cross_entropy() -> Derivation:
    """Sigmoid with binary cross-entropy: B = Σ log(1 + e^z)."""
    potential = Sum(log(1 + exp(z[k])), (k, 1, n))
    return _pair(sigmoid, binary_cross_entropy, potential, 0)


@theorem
def softmax_cross_entropy() -> Derivation:
    """Softmax with cross-entropy: B = log Σ e^z, where the labels sum to 1."""
    potential = log(Sum(exp(z[k]), (k, 1, n)))
    return _pair(softmax, cross_entropy, potential, 0, using=H1)


@theorem
def exponential_poisson() -> Derivation:
    """exp with the Poisson loss: B = Σ e^z."""
    return _pair(exponential, poisson, Sum(exp(z[k]), (k, 1, n)), 0)
