"""The cross-entropy L = −Σ y_k log a_k and its derivative with respect to an output."""

from derivations.letters import *
from derivations.proof import Derivation, theorem


@theorem
def gradient() -> Derivation:
    """The derivative with respect to one output, the others held still."""
    return (
        Derivation(Derivative(L, a[i]), where=[cross_entropy])
        .step(
            Derivative(-Sum(y[k] * log(a[k]), (k, 1, n)), a[i]),
            "definition of the loss",
        )
        .step(
            -y[i] * Derivative(log(a[i]), a[i]), "only the term $k = i$ contains $a_i$"
        )
        .step(-y[i] / a[i], "the slope of the natural logarithm is $1/a_i$")
    )
