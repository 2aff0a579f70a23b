"""Statements that a reader writes naturally: true ones, and what is to be said of them.

Each is (left, right, what holds): definitions, hypotheses, a case. `UNDECIDED` names
those of which the checker says that it cannot decide, and in which words.
"""

from sympy import (
    Abs,
    Derivative,
    Eq,
    IndexedBase,
    KroneckerDelta,
    Max,
    Ne,
    Piecewise,
    Symbol,
    cos,
    cosh,
    exp,
    log,
    sin,
    sqrt,
    tanh,
)

from derivations.letters import (
    H1,
    A,
    Definition,
    J,
    L,
    S,
    Sum,
    SumExcept,
    W,
    X,
    Y,
    Z,
    a,
    alpha,
    b,
    batch_softmax,
    c,
    cross_entropy,
    d,
    delta,
    example_cross_entropy,
    g,
    g_prime,
    i,
    j,
    k,
    l,
    linear,
    m,
    mean_loss,
    n,
    normaliser,
    one_hot,
    q,
    s,
    softmax,
    t,
    v,
    y,
    z,
)

kappa = Symbol("kappa", positive=True)
T = Symbol("T", positive=True)
w = IndexedBase("w", positive=True)
M = IndexedBase("M", real=True)
over_k = (k, 1, n)
total = Sum(exp(z[k]), over_k)
norm = sqrt(Sum(z[k] ** 2, over_k))
sigmoid = Definition(a[i], 1 / (1 + exp(-z[i])))
loss_of = {"where": [softmax, cross_entropy]}
soft = {"where": [softmax]}
batch = {"where": [batch_softmax, example_cross_entropy, mean_loss]}
focal = Definition(L, -Sum(y[k] * (1 - a[k]) ** kappa * log(a[k]), over_k))

TRUTHS = {
    # softmax
    "outputs sum to 1": (Sum(a[k], over_k), 1, soft),
    "outputs of a batch sum to 1": (
        Sum(A[k, s], over_k),
        1,
        {"where": [batch_softmax]},
    ),
    "shift": (exp(z[i] + alpha) / Sum(exp(z[k] + alpha), over_k), a[i], soft),
    "derivative": (Derivative(a[i], z[j]), a[i] * (delta - a[j]), soft),
    "own derivative": (Derivative(a[i], z[i]), a[i] * (1 - a[i]), soft),
    "other derivative": (
        Derivative(a[i], z[j]),
        -a[i] * a[j],
        soft | {"case": Ne(i, j)},
    ),
    "own case": (Derivative(a[i], z[j]), a[i] - a[j] ** 2, soft | {"case": Eq(i, j)}),
    "rows of the Jacobian": (Sum(Derivative(a[i], z[k]), over_k), 0, soft),
    "columns of the Jacobian": (Sum(Derivative(a[k], z[j]), over_k), 0, soft),
    "log-softmax": (log(a[i]), z[i] - log(total), soft),
    "log of the normaliser": (log(S), log(total), {"where": [normaliser]}),
    "slope of log-softmax": (Derivative(log(a[i]), z[j]), delta - a[j], soft),
    "slope of log-sum-exp": (Derivative(log(total), z[j]), a[j], soft),
    "ratio of outputs": (a[i] / a[j], exp(z[i] - z[j]), soft),
    "the others": (SumExcept(a[k], over_k, i), 1 - a[i], soft),
    "output over the others": (
        a[i] / (1 - a[i]),
        exp(z[i]) / SumExcept(exp(z[k]), over_k, i),
        soft,
    ),
    "log of one minus an output": (
        log(1 - a[i]),
        log(SumExcept(exp(z[k]), over_k, i)) - log(total),
        soft,
    ),
    "root of an output": (sqrt(a[i]), exp(z[i] / 2) / sqrt(total), soft),
    "slope of a root": (
        Derivative(sqrt(a[i]), z[j]),
        sqrt(a[i]) * (delta - a[j]) / 2,
        soft,
    ),
    "power of an output": (
        Derivative(a[i] ** kappa, z[j]),
        kappa * a[i] ** kappa * (delta - a[j]),
        soft,
    ),
    "temperature": (
        Derivative(exp(z[i] / T) / Sum(exp(z[k] / T), over_k), z[j]),
        exp(z[i] / T)
        / Sum(exp(z[k] / T), over_k)
        * (delta - exp(z[j] / T) / Sum(exp(z[k] / T), over_k))
        / T,
        {},
    ),
    "two classes by tanh": ((1 + tanh(alpha / 2)) / 2, 1 / (1 + exp(-alpha)), {}),
    # cross-entropy
    "dL/da": (Derivative(L, a[i]), -y[i] / a[i], loss_of),
    "dL/dz": (Derivative(L, z[j]), a[j] - y[j], loss_of | {"using": [H1]}),
    "dL/dz for any labels": (
        Derivative(L, z[j]),
        a[j] * Sum(y[k], over_k) - y[j],
        loss_of,
    ),
    "dL/dz by the outputs": (
        Sum(Derivative(L, a[i]) * Derivative(a[i], z[j]), (i, 1, n)),
        a[j] - y[j],
        loss_of | {"using": [H1]},
    ),
    "split into cases": (
        Sum(y[k] * (delta.xreplace({i: k}) - a[j]), over_k),
        y[j] * (1 - a[j]) - a[j] * SumExcept(y[k], over_k, j),
        {},
    ),
    "one true class": (L, -log(a[c]), {"where": [softmax, cross_entropy, one_hot]}),
    "one true class, slope": (
        Derivative(L, z[j]),
        a[j] - KroneckerDelta(j, c),
        {"where": [softmax, cross_entropy, one_hot]},
    ),
    "loss by logits": (
        L,
        log(total) - Sum(y[k] * z[k], over_k),
        loss_of | {"using": [H1]},
    ),
    "gradient sums to 0": (Sum(Derivative(L, z[k]), over_k), 0, loss_of),
    "second derivative": (
        Derivative(L, z[i], z[j]),
        a[i] * (delta - a[j]),
        loss_of | {"using": [H1]},
    ),
    "second derivative by outputs": (
        Derivative(L, a[i], a[j]),
        delta * y[i] / a[i] ** 2,
        {"where": [cross_entropy]},
    ),
    "focal, rows of the Hessian": (
        Sum(Derivative(L, z[j], z[k]), over_k),
        0,
        {"where": [softmax, focal]},
    ),
    "focal, the gradient sums to 0": (
        Sum(Derivative(L, z[k]), over_k),
        0,
        {"where": [softmax, focal]},
    ),
    "entropy": (
        Derivative(-Sum(a[k] * log(a[k]), over_k), z[j]),
        -a[j] * (log(a[j]) - Sum(a[k] * log(a[k]), over_k)),
        soft,
    ),
    "squared error": (
        Derivative(Sum((a[k] - y[k]) ** 2, over_k) / 2, z[j]),
        a[j] * (a[j] - y[j] - Sum(a[k] * (a[k] - y[k]), over_k)),
        soft,
    ),
    "smoothed labels sum to 1": (
        Sum((1 - alpha) * y[k] + alpha / n, over_k),
        1,
        {"using": [H1]},
    ),
    "binary cross-entropy": (
        Derivative(-y[i] * log(a[i]) - (1 - y[i]) * log(1 - a[i]), z[i]),
        a[i] - y[i],
        {"where": [sigmoid]},
    ),
    "sigmoid": (
        Derivative(a[i], z[j]),
        delta * a[i] * (1 - a[i]),
        {"where": [sigmoid]},
    ),
    "logit of a sigmoid": (log(a[i] / (1 - a[i])), z[i], {"where": [sigmoid]}),
    "softplus": (log(1 + exp(alpha)), alpha + log(1 + exp(-alpha)), {}),
    "slope of softplus": (
        Derivative(log(1 + exp(z[i])), z[i]),
        1 / (1 + exp(-z[i])),
        {},
    ),
    "sigmoid of a negative": (1 / (1 + exp(alpha)), 1 - 1 / (1 + exp(-alpha)), {}),
    # batches and layers
    "mean loss": (J, Sum(Sum(-Y[k, s] * log(A[k, s]), over_k), (s, 1, m)) / m, batch),
    "mean loss, sums swapped": (
        J,
        -Sum(Sum(Y[k, s] * log(A[k, s]), (s, 1, m)), over_k) / m,
        batch,
    ),
    "dJ/dZ": (Derivative(J, Z[j, s]), (A[j, s] - Y[j, s]) / m, batch | {"using": [H1]}),
    "other examples": (
        Derivative(A[i, s], Z[j, t]),
        0,
        {"where": [batch_softmax], "case": Ne(s, t)},
    ),
    "dZ/dW": (Derivative(Z[j, s], W[i, q]), delta * X[q, s], {"where": [linear]}),
    "dZ/db": (Derivative(Z[j, s], b[i]), delta, {"where": [linear]}),
    "dJ/dW": (
        Derivative(J, W[j, q]),
        Sum((A[j, s] - Y[j, s]) * X[q, s], (s, 1, m)) / m,
        {"where": [*batch["where"], linear], "using": [H1]},
    ),
    "all sums swapped": (
        Sum(Sum(W[k, q] * X[q, s], (q, 1, d)), over_k),
        Sum(X[q, s] * Sum(W[k, q], over_k), (q, 1, d)),
        {},
    ),
    "bilinear form": (
        Sum(v[k] * Sum(M[k, l] * z[l], (l, 1, n)), over_k),
        Sum(z[l] * Sum(M[k, l] * v[k], over_k), (l, 1, n)),
        {},
    ),
    "symmetrised form": (
        Sum(Sum(v[k] * M[k, l] * v[l], (k, 1, n)), (l, 1, n)),
        Sum(Sum(v[k] * (M[k, l] + M[l, k]) * v[l], (k, 1, n)), (l, 1, n)) / 2,
        {},
    ),
    "slope of a quadratic form": (
        Derivative(Sum(Sum(z[k] * M[k, l] * z[l], (k, 1, n)), (l, 1, n)), z[j]),
        Sum((M[j, k] + M[k, j]) * z[k], over_k),
        {},
    ),
    "square of a sum": (
        Sum(z[k], over_k) ** 2,
        Sum(Sum(z[k] * z[l], over_k), (l, 1, n)),
        {},
    ),
    "exponential of a product, swapped": (
        Sum(Sum(exp(z[i] * v[j]), (i, 1, n)), (j, 1, n)),
        Sum(Sum(exp(z[i] * v[j]), (j, 1, n)), (i, 1, n)),
        {},
    ),
    "variance": (
        Sum(a[k] * (z[k] - Sum(a[l] * z[l], (l, 1, n))) ** 2, over_k),
        Sum(a[k] * z[k] ** 2, over_k) - Sum(a[k] * z[k], over_k) ** 2,
        soft,
    ),
    "chain rule of an activation": (
        Derivative(g(alpha * z[i]), z[i]),
        alpha * g_prime(alpha * z[i]),
        {},
    ),
    # powers, roots, logarithms
    "difference of squares under a root": (
        (a[i] - 1) / (sqrt(a[i]) - 1),
        sqrt(a[i]) + 1,
        {},
    ),
    "direction": (
        Derivative(z[i] / norm, z[j]),
        (delta - z[i] * z[j] / norm**2) / norm,
        {},
    ),
    "length": (Derivative(norm, z[j]), z[j] / norm, {}),
    "direction has length 1": (Sum((z[i] / norm) ** 2, (i, 1, n)), 1, {}),
    "negative power": (
        1 / (1 + a[i] ** -kappa),
        a[i] ** kappa / (1 + a[i] ** kappa),
        {},
    ),
    "negative power of 2": (1 / (1 + 2 ** -z[i]), 2 ** z[i] / (1 + 2 ** z[i]), {}),
    "power as exponential": (a[i] ** kappa, exp(kappa * log(a[i])), {}),
    "power of the outputs, normalised": (
        a[i] ** kappa / Sum(a[k] ** kappa, over_k),
        exp(kappa * z[i]) / Sum(exp(kappa * z[k]), over_k),
        soft,
    ),
    "root of a square": (sqrt(a[i] ** 2), a[i], {}),
    "logarithm of a product": (log(a[i] * a[j] / a[i] ** 2), log(a[j]) - log(a[i]), {}),
    "hyperbolic": (tanh(alpha), (exp(2 * alpha) - 1) / (exp(2 * alpha) + 1), {}),
    "slope of tanh": (Derivative(tanh(z[i]), z[i]), 1 - tanh(z[i]) ** 2, {}),
    "log-cosh": (Derivative(log(cosh(z[i])), z[i]), tanh(z[i]), {}),
    "log-cosh by softplus": (
        log(cosh(alpha)),
        alpha + log(1 + exp(-2 * alpha)) - log(2),
        {},
    ),
    "Pythagoras": (sin(alpha) ** 2 + cos(alpha) ** 2, 1, {}),
    # not covered, and said so
    "sum of the numbers": (Sum(k, over_k), n * (n + 1) / 2, {}),
    "maximum": (Max(alpha, 0), (alpha + Abs(alpha)) / 2, {}),
    "one hot by cases": (Piecewise((1, Eq(i, j)), (0, True)), delta, {}),
}

UNDECIDED = {
    "sum of the numbers": "there is no rule for Sum(k, (k, 1, n))",
    "maximum": "there is no rule for Abs(alpha)",
    "one hot by cases": "there is no rule for Piecewise(",
}
