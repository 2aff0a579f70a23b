"""Through the layers: dW, db and dX of the softmax layer, of a hidden layer, of both.

A hidden layer does not know the loss.  It knows the gradient G = dJ/dA1 that arrives
from above, and a derivative sees no more of J than its first-order part Σ G·A1; so that
sum stands for J here.  Together with the softmax layer as the base case, the hidden
layer's step is the induction over any number of layers.
"""

from derivations.letters import *
from derivations.proof import Derivation, theorem

LOSS = (batch_softmax, example_cross_entropy, mean_loss)
SOFTMAX_LAYER = (linear, *LOSS)
HIDDEN_LAYER = (hidden_linear, hidden_activation, first_order)
TWO_LAYERS = (hidden_linear, hidden_activation, output_linear, *LOSS)


def _through(entry, size, where, variable):
    """The chain rule over a whole array of logits, of which `entry` is one."""
    through = Derivative(J, entry) * Derivative(entry, variable)
    over = (entry.indices[0], 1, size), (t, 1, m)
    return Derivation(Derivative(J, variable), where=where).step(
        Sum(through, *over), "chain rule over every logit"
    )


@theorem
def weights() -> Derivation:
    """dW of the softmax layer, (1/m)(A − Y)Xᵀ."""
    return (
        _through(Z[i, t], n, SOFTMAX_LAYER, W[j, q])
        .step(
            Sum(Derivative(J, Z[j, t]) * X[q, t], (t, 1, m)),
            "$W_{j,q}$ is in row $j$ of $Z$ only, times $X_{q,t}$",
        )
        .step(
            Sum((A[j, t] - Y[j, t]) / m * X[q, t], (t, 1, m)),
            "the gradient of the batch",
            using=H1,
        )
        .step(
            Sum((A[j, t] - Y[j, t]) * X[q, t], (t, 1, m)) / m,
            "$1/m$ is the same in every term",
        )
    )


@theorem
def bias() -> Derivation:
    """db of the softmax layer, the mean of A − Y over the examples."""
    return (
        _through(Z[i, t], n, SOFTMAX_LAYER, b[j])
        .step(
            Sum(Derivative(J, Z[j, t]), (t, 1, m)),
            "$b_j$ is in row $j$ of $Z$ only, times 1",
        )
        .step(
            Sum(A[j, t] - Y[j, t], (t, 1, m)) / m, "the gradient of the batch", using=H1
        )
    )


@theorem
def inputs() -> Derivation:
    """dX of the softmax layer (dA of the layer before it), Wᵀ(A − Y)/m."""
    return (
        _through(Z[i, t], n, SOFTMAX_LAYER, X[q, s])
        .step(
            Sum(W[i, q] * Derivative(J, Z[i, s]), (i, 1, n)),
            "$X_{q,s}$ is in column $s$ of $Z$ only, times $W_{i,q}$",
        )
        .step(
            Sum(W[i, q] * (A[i, s] - Y[i, s]), (i, 1, n)) / m,
            "the gradient of the batch",
            using=H1,
        )
    )


@theorem
def inputs_per_example() -> Derivation:
    """The course's dA of the layer before: each example's own, without the 1/m."""
    dz = A[i, s] - Y[i, s]
    return (
        Derivation(Derivative(Ls[s], X[q, s]), where=SOFTMAX_LAYER)
        .step(
            Sum(Derivative(Ls[s], Z[i, s]) * Derivative(Z[i, s], X[q, s]), (i, 1, n)),
            "chain rule over the logits of $s$",
        )
        .step(
            Sum(dz * W[i, q], (i, 1, n)),
            "the gradient of one example; $X_{q,s}$ has the factor $W_{i,q}$",
            using=H1,
        )
    )


@theorem
def hidden_logits() -> Derivation:
    """dZ of a hidden layer, dA ∘ g'(Z), where J is Σ A1 G: a product by entries."""
    through = Derivative(J, A1[u, t]) * Derivative(A1[u, t], Z1[p, s])
    return (
        Derivation(Derivative(J, Z1[p, s]), where=HIDDEN_LAYER)
        .step(Sum(through, (u, 1, h), (t, 1, m)), "chain rule over every output")
        .step(
            Derivative(J, A1[p, s]) * Derivative(A1[p, s], Z1[p, s]),
            "$g$ acts on one entry: no other output moves",
        )
        .step(
            G[p, s] * g_prime(Z1[p, s]),
            "$\\partial J/\\partial A^{[1]}$ is $G$; the slope of $g$ is $g'$",
        )
    )


@theorem
def hidden_weights() -> Derivation:
    """dW of a hidden layer, dZ Xᵀ with dZ = dA ∘ g'(Z)."""
    return (
        _through(Z1[u, t], h, HIDDEN_LAYER, W1[p, q])
        .step(
            Sum(Derivative(J, Z1[p, t]) * X[q, t], (t, 1, m)),
            "$W_{p,q}$ is in row $p$ only, times $X_{q,t}$",
        )
        .step(Sum(G[p, t] * g_prime(Z1[p, t]) * X[q, t], (t, 1, m)), "dZ as above")
    )


@theorem
def hidden_bias() -> Derivation:
    """db of a hidden layer, the sum of dZ over the examples."""
    return (
        _through(Z1[u, t], h, HIDDEN_LAYER, b1[p])
        .step(
            Sum(Derivative(J, Z1[p, t]), (t, 1, m)), "$b_p$ is in row $p$ only, times 1"
        )
        .step(Sum(G[p, t] * g_prime(Z1[p, t]), (t, 1, m)), "dZ as above")
    )


@theorem
def hidden_inputs() -> Derivation:
    """What a hidden layer passes down, Wᵀ dZ: the next layer's G."""
    return (
        _through(Z1[u, t], h, HIDDEN_LAYER, X[q, s])
        .step(
            Sum(W1[u, q] * Derivative(J, Z1[u, s]), (u, 1, h)),
            "$X_{q,s}$ is in column $s$ only, times $W_{u,q}$",
        )
        .step(Sum(W1[u, q] * G[u, s] * g_prime(Z1[u, s]), (u, 1, h)), "dZ as above")
    )


@theorem
def two_layers() -> Derivation:
    """The first layer's dW of a whole two-layer network, nothing taken on trust."""
    return (
        Derivation(Derivative(J, W1[p, q]), where=TWO_LAYERS)
        .step(
            Sum(Derivative(J, Z1[p, t]) * X[q, t], (t, 1, m)),
            "$W^{[1]}_{p,q}$ is in row $p$ only, times $X_{q,t}$",
        )
        .step(
            Sum(Derivative(J, A1[p, t]) * g_prime(Z1[p, t]) * X[q, t], (t, 1, m)),
            "the hidden layer: $dZ = dA \\circ g'(Z)$",
        )
        .step(
            Sum(
                Sum(W[k, p] * Derivative(J, Z[k, t]), (k, 1, n))
                * g_prime(Z1[p, t])
                * X[q, t],
                (t, 1, m),
            ),
            "the softmax layer passes down $W^\\top dZ$",
        )
        .step(
            Sum(
                Sum(W[k, p] * (A[k, t] - Y[k, t]), (k, 1, n))
                * g_prime(Z1[p, t])
                * X[q, t],
                (t, 1, m),
            )
            / m,
            "the gradient of the batch",
            using=H1,
        )
    )
