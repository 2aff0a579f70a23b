"""The letters of the series and what each ranges over; definitions and hypotheses.

A letter keeps one meaning everywhere:

    n, m         number of classes, of examples
    d, h         number of inputs of a layer, of hidden units
    i, j, k, c   classes 1..n: of an output, of a logit, bound in a sum, the true one;
                 l where k is taken; a number is a fixed class, as in a[1] or z[3]
    s, t         examples 1..m
    q, r         inputs 1..d
    p, u         hidden units 1..h
    z, a, y      logits, softmax outputs and labels of one example
    Z, A, Y      the same for a batch, one column per example
    S            the normaliser of the softmax, the sum of all e^{z_k}
    L, J         the loss of one example, the mean over a batch; Ls that of example s
    X, W, b      input, weights and bias of a layer; W1, b1, Z1, A1 of a hidden one
    G            the gradient that arrives at a hidden layer from above, dJ/dA1
    g            any differentiable activation, applied to one number; its derivative
                 g_prime
    v, C         any vector, any number
    alpha        the share of label smoothing
    delta        δ_ij, 1 where i = j and 0 otherwise

The hypotheses, which a step has to name:

    H1           the labels of an example sum to 1
    H3           no label is negative
    H4           every label is 0, 1 or between them; their sum may be any
"""

from sympy import (
    Derivative,
    Eq,
    Function,
    IndexedBase,
    KroneckerDelta,
    Ne,
    Sum,
    Symbol,
    exp,
    log,
    symbols,
)

from derivations.formulas.claims import Definition, Hypothesis
from derivations.formulas.indices import Size, SumExcept, times
from derivations.formulas.ranges import AT_LEAST_0, from_to

# fmt: off
__all__ = [
    "A1", "H1", "H3", "H4", "W1", "Z1", "A", "C", "Definition", "Derivative", "Eq", "G",
    "Hypothesis", "IndexedBase", "J", "KroneckerDelta", "L", "Ls", "Ne", "S", "Sum",
    "SumExcept", "Symbol", "W", "X", "Y", "Z", "a", "alpha", "b", "b1", "batch_softmax",
    "c", "cross_entropy", "d", "delta", "example_cross_entropy", "example_logits",
    "exp", "first_order", "g", "g_prime", "h", "hidden_activation", "hidden_linear",
    "i", "j", "k", "l", "linear", "log", "m", "mean_loss", "n", "normaliser",
    "one_hot", "output_linear", "p", "q", "r", "s", "softmax", "t", "times", "u", "v",
    "y", "z",
]
# fmt: on

# H2, which needs no name: an index runs from 1 to its size, a free one is fixed.
n = Size("n", "k l i j c", least=2)
m = Size("m", "t s")
d = Size("d", "q r")
h = Size("h", "u p")
k, l, i, j, c = n.indices
t, s = m.indices
q, r = d.indices
u, p = h.indices

z, y = (IndexedBase(name, real=True) for name in "zy")
a = IndexedBase("a", positive=True)
Z, Y, X, W, b = (IndexedBase(name, real=True) for name in "ZYXWb")
W1, b1, Z1, A1 = (IndexedBase(f"{name}1", real=True) for name in "WbZA")
G = IndexedBase("G", real=True)
A = IndexedBase("A", positive=True)
Ls = IndexedBase("L", real=True)
v = IndexedBase("v", real=True)
L, J, C, alpha = symbols("L J C alpha", real=True)
S = Symbol("S", positive=True)
delta = KroneckerDelta(i, j)


class g(Function):  # noqa: N801 (the field's letter)
    """Any differentiable activation of one real number; its derivative is `g_prime`.

    >>> from sympy import diff
    >>> diff(g(2*z[i]), z[i])
    2*g_prime(2*z[i])
    """

    is_real = True

    def fdiff(self, argindex=1):
        return g_prime(self.args[0])


class g_prime(Function):  # noqa: N801
    """The derivative of `g`."""

    is_real = True


USUAL_ENTRIES = (
    *(a[i], v[i], y[i], z[i], b[i], W[i, q], X[q, s], A[i, s], Y[i, s], Z[i, s], Ls[s]),
    *(W1[p, q], b1[p], Z1[p, s], A1[p, s], G[p, s]),
)
"""Of each array an entry, which says how many indices it has and of which sizes."""

softmax = Definition(a[i], exp(z[i]) / Sum(exp(z[k]), (k, 1, n)), "softmax")
normaliser = Definition(S, Sum(exp(z[k]), (k, 1, n)), "the normaliser of the softmax")
cross_entropy = Definition(L, -Sum(y[k] * log(a[k]), (k, 1, n)), "cross-entropy")
one_hot = Definition(y[i], KroneckerDelta(i, c), "one-hot labels")

batch_softmax = Definition(
    A[i, s], exp(Z[i, s]) / Sum(exp(Z[k, s]), (k, 1, n)), "softmax of each example"
)
example_cross_entropy = Definition(
    Ls[s], -Sum(Y[k, s] * log(A[k, s]), (k, 1, n)), "cross-entropy of each example"
)
mean_loss = Definition(J, Sum(Ls[t], (t, 1, m)) / m, "the mean over m examples")

# Of a batch, the logits of one example: they lead from its loss to the weights.
example_logits = Definition(z[j], Z[j, s], "the logits of one example of a batch")
linear = Definition(Z[j, s], Sum(W[j, q] * X[q, s], (q, 1, d)) + b[j], "a linear layer")
hidden_linear = Definition(
    Z1[p, s], Sum(W1[p, q] * X[q, s], (q, 1, d)) + b1[p], "a hidden linear layer"
)
hidden_activation = Definition(
    A1[p, s], g(Z1[p, s]), "the activation of the hidden layer"
)
first_order = Definition(
    J,
    Sum(Sum(G[u, t] * A1[u, t], (u, 1, h)), (t, 1, m)),
    "a loss of the hidden layer, to first order",
)
output_linear = Definition(
    Z[j, s],
    Sum(W[j, p] * A1[p, s], (p, 1, h)) + b[j],
    "a linear layer on the hidden one",
)

H1 = Hypothesis(
    "H1",
    [Sum(y[k], (k, 1, n)), Sum(Y[k, s], (k, 1, n))],
    sentence="the labels sum to 1",
)
H3 = Hypothesis(
    "H3",
    ranges=((y[k], AT_LEAST_0), (Y[k, s], AT_LEAST_0)),
    sentence="no label is negative",
)
H4 = Hypothesis(
    "H4",
    ranges=((y[k], from_to(0, 1)), (Y[k, s], from_to(0, 1))),
    sentence="every label is 0, 1 or between them",
)
