"""The exercises of the notebooks that are answered with a formula, as claims.

The key is the notebook and the number of the exercise in it.  A page of the book asks
these questions of its reader; a test holds them to what the notebooks' cells ask.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sympy import Expr

from derivations.letters import *
from derivations.theorems import binary, blocks, labels, temperature


@dataclass(frozen=True)
class Exercise:
    """What `check` is asked, without the answer."""

    question: Expr
    where: Iterable = ()
    using: Iterable = ()
    case: Expr | None = None

    def __post_init__(self):
        for name in ("where", "using"):
            given = getattr(self, name)
            whole = tuple(given) if isinstance(given, Iterable) else (given,)
            object.__setattr__(self, name, whole)


LOGITS = (softmax, normaliser, cross_entropy)
beta = Symbol("beta", positive=True)
T = temperature.T
cross = cross_entropy.value
squared_error = Sum((a[k] - y[k]) ** 2, (k, 1, n)) / 2
on_sigmoid = squared_error.xreplace({a: binary.o})
smooth = -Sum(((1 - alpha) * y[k] + alpha / n) * log(a[k]), (k, 1, n))
decay = C * Sum(W[i, r] ** 2, (i, 1, n), (r, 1, d)) / 2
potential = Sum(log((exp(z[k]) + exp(-z[k])) / 2), (k, 1, n))
exposed = Sum(v[k] * exp(z[k]) - y[k] * z[k], (k, 1, n))
poly = cross + beta * Sum(y[k] * (1 - a[k]), (k, 1, n))
penalty = cross + beta * log(Sum(exp(z[k]), (k, 1, n))) ** 2

EXERCISES = {
    "01_softmax/1": Exercise(a[i] / a[j], softmax),
    "02_softmax_derivative/1": Exercise(Derivative(log(a[i]), z[j]), softmax),
    "02_softmax_derivative/2": Exercise(
        Derivative(a[i] / S, z[j]), (softmax, normaliser), case=Ne(i, j)
    ),
    "03_cross_entropy/1": Exercise(Derivative(squared_error, a[i])),
    "03_cross_entropy/2": Exercise(Derivative(L, a[i], a[i]), cross_entropy),
    "04_chain_rule/1": Exercise(Derivative(smooth, z[j]), LOGITS, H1),
    "04_chain_rule/2": Exercise(Derivative(squared_error, z[j]), LOGITS),
    "05_why_both_cases/1": Exercise(
        SumExcept(Derivative(-log(a[c]), z[j]), (j, 1, n), c),
        (softmax, cross_entropy, one_hot),
    ),
    "06_batches/2": Exercise(
        Derivative(Ls[t], Z[j, s]),
        (batch_softmax, example_cross_entropy, mean_loss),
        H1,
    ),
    "07_layers/1": Exercise(Derivative(decay, W[j, q])),
    "07_layers/2": Exercise(Derivative(g(C * Z[p, s]), Z[p, s])),
    "10_numerical_stability/3": Exercise(
        Derivative(log(Sum(exp(2 * z[k]), (k, 1, n))), z[j])
    ),
    "11_labels_and_weights/1": Exercise(
        Derivative(L, z[j]),
        (temperature.tempered_softmax, labels.fed_loss, labels.smoothed),
        H1,
    ),
    "12_other_losses/1": Exercise(Derivative(on_sigmoid, z[j]), binary.sigmoid),
    "12_other_losses/2": Exercise(Derivative((1 - a[c]) ** 2, z[j]), softmax),
    "13_hessian_and_attention/1": Exercise(
        Derivative(L, z[i], z[j]), (temperature.tempered_softmax, cross_entropy), H1
    ),
    "13_hessian_and_attention/2": Exercise(
        Sum(v[i] * Derivative(log(a[i]), z[j]), (i, 1, n)), softmax
    ),
    "14_prediction_minus_target/1": Exercise(Derivative(potential, z[j])),
    "14_prediction_minus_target/2": Exercise(Derivative(exposed, z[j])),
    "15_your_own_loss/1": Exercise(
        Derivative(L, z[j]), (softmax, Definition(L, poly)), H1
    ),
    "15_your_own_loss/2": Exercise(
        Derivative(L, z[j]), (softmax, Definition(L, penalty)), H1
    ),
    "16_large_vocabularies/1": Exercise(
        blocks.aP[blocks.jP] / exp(blocks.zP[blocks.jP] - blocks.NP),
        (blocks.outputs_P, blocks.log_sum_P, blocks.log_normaliser),
    ),
    "16_large_vocabularies/2": Exercise(
        J - blocks.JE, (blocks.mean_E, blocks.mean_F, blocks.mean_of_all)
    ),
}
