"""Losses from the literature: 61 that a reader may come with.

Each is (loss, keywords of `derive`), by its name and where it is from. `REFUSED` says
in which words those are refused that have no gradient everywhere, or no finite form.
"""

from sympy import (
    Abs,
    Eq,
    IndexedBase,
    Max,
    Piecewise,
    Product,
    Rational,
    Symbol,
    cosh,
    exp,
    log,
    sqrt,
    tanh,
)

from derivations.letters import (
    H1,
    H3,
    Definition,
    S,
    Sum,
    a,
    alpha,
    i,
    k,
    l,
    n,
    y,
    z,
)

gamma, tau, epsilon, T, rho, beta, kappa = (
    Symbol(name, positive=True)
    for name in ["gamma", "tau", "epsilon", "T", "rho", "beta", "kappa"]
)
w, prior = (IndexedBase(name, positive=True) for name in ("w", "prior"))
bit = IndexedBase("mask", nonnegative=True)
margin, teacher = IndexedBase("margin", real=True), IndexedBase("P", positive=True)
over = (k, 1, n)
others = (l, 1, n)
total = Sum(exp(z[l]), others)
cross = -Sum(y[k] * log(a[k]), over)
true = Sum(y[k] * a[k], over)
norm = sqrt(Sum(a[k] ** 2, over))


def normalised(score):
    """The activation score(i)/Σ score(k)."""
    return Definition(a[i], score(i) / Sum(score(k), over))


def using(*facts, **keywords):
    return {"using": facts, **keywords}


def divergence(order):
    return Sum(teacher[k] ** order * a[k] ** (1 - order), over)


LOSSES = {
    # cross-entropy and its relatives
    "cross-entropy": (cross, using(H1)),
    "cross-entropy, any labels": (cross, {}),
    "from the logits": (log(total) - Sum(y[k] * z[k], over), using(H1)),
    "label smoothing (Szegedy 2016)": (
        -Sum(((1 - epsilon) * y[k] + epsilon / n) * log(a[k]), over),
        using(H1, parameters=[epsilon]),
    ),
    "class weights": (-Sum(w[k] * y[k] * log(a[k]), over), {"parameters": [w]}),
    "temperature (Hinton 2015)": (
        cross,
        using(H1, activation=normalised(lambda x: exp(z[x] / T)), parameters=[T]),
    ),
    "distillation": (
        -(T**2) * Sum(teacher[k] * log(a[k]), over),
        {
            "activation": normalised(lambda x: exp(z[x] / T)),
            "parameters": [T, teacher],
        },
    ),
    "Kullback-Leibler from a teacher": (
        Sum(teacher[k] * (log(teacher[k]) - log(a[k])), over),
        {"parameters": [teacher]},
    ),
    "reverse Kullback-Leibler": (
        Sum(a[k] * (log(a[k]) - log(teacher[k])), over),
        {"parameters": [teacher]},
    ),
    "Kullback-Leibler with log y": (
        Sum(y[k] * (log(y[k]) - log(a[k])), over),
        using(H1),
    ),
    "z-loss (PaLM 2022)": (cross + alpha * log(S) ** 2, using(H1, parameters=[alpha])),
    "confidence penalty (Pereyra 2017)": (
        cross + alpha * Sum(a[k] * log(a[k]), over),
        using(H1, parameters=[alpha]),
    ),
    "entropy": (-Sum(a[k] * log(a[k]), over), {}),
    "logit penalty": (cross + alpha * Sum(z[k] ** 2, over), {"parameters": [alpha]}),
    "logit norm (Wei 2022)": (
        cross,
        using(
            H1,
            activation=normalised(
                lambda x: exp(z[x] / (tau * sqrt(kappa + Sum(z[l] ** 2, others))))
            ),
            parameters=[tau, kappa],
        ),
    ),
    # focal and its relatives
    "focal (Lin 2017)": (
        -Sum(y[k] * (1 - a[k]) ** gamma * log(a[k]), over),
        {"parameters": [gamma]},
    ),
    "focal, gamma 2": (-Sum(y[k] * (1 - a[k]) ** 2 * log(a[k]), over), {}),
    "focal with class weights": (
        -Sum(w[k] * y[k] * (1 - a[k]) ** gamma * log(a[k]), over),
        {"parameters": [gamma, w]},
    ),
    "reduced focal": (
        -Sum(y[k] * (1 - a[k] ** 2) ** gamma * log(a[k]), over),
        {"parameters": [gamma]},
    ),
    "dual focal": (
        -Sum(y[k] * (1 - a[k] + kappa) ** gamma * log(a[k]), over),
        {"parameters": [gamma, kappa]},
    ),
    "poly-1 (Leng 2022)": (
        cross + alpha * Sum(y[k] * (1 - a[k]), over),
        using(H1, parameters=[alpha]),
    ),
    "Taylor cross-entropy (Feng 2020)": (
        Sum(y[k] * ((1 - a[k]) + (1 - a[k]) ** 2 / 2 + (1 - a[k]) ** 3 / 3), over),
        {},
    ),
    "asymmetric (Ridnik 2021)": (
        -Sum(
            y[k] * (1 - a[k]) ** gamma * log(a[k])
            + (1 - y[k]) * a[k] ** tau * log(1 - a[k]),
            over,
        ),
        {"parameters": [gamma, tau]},
    ),
    # robust losses
    "generalised cross-entropy (Zhang 2018)": (
        Sum(y[k] * (1 - a[k] ** rho) / rho, over),
        {"parameters": [rho]},
    ),
    "generalised, q = 7/10": (
        Sum(y[k] * (1 - a[k] ** Rational(7, 10)), over) * Rational(10, 7),
        {},
    ),
    "mean absolute error (Ghosh 2017)": (2 - 2 * true, {}),
    "one minus the true output": (1 - true, {}),
    "symmetric cross-entropy (Wang 2019)": (
        cross + alpha * (1 - true),
        using(H1, parameters=[alpha]),
    ),
    "normalised cross-entropy (Ma 2020)": (
        Sum(y[k] * log(a[k]), over) / Sum(log(a[k]), over),
        using(H1),
    ),
    "unhinged": (1 - Sum(y[k] * z[k], over), {}),
    "tempered logarithm (Amid 2019)": (
        -Sum(y[k] * (a[k] ** beta - 1) / beta, over),
        {"parameters": [beta]},
    ),
    # scores
    "Brier": (Sum((a[k] - y[k]) ** 2, over), {}),
    "squared error": (Sum((a[k] - y[k]) ** 2, over) / 2, {}),
    "spherical score": (-true / norm, {}),
    "pseudo-spherical score": (
        -true / Sum(a[k] ** (1 + beta), over) ** (beta / (1 + beta)),
        {"parameters": [beta]},
    ),
    "Hellinger": (
        Sum((sqrt(a[k]) - sqrt(teacher[k])) ** 2, over) / 2,
        {"parameters": [teacher]},
    ),
    "Bhattacharyya": (
        -log(Sum(sqrt(a[k] * teacher[k]), over)),
        {"parameters": [teacher]},
    ),
    "root of the true output": (-Sum(y[k] * sqrt(a[k]), over), {}),
    "Tsallis entropy": (
        (1 - Sum(a[k] ** (1 + beta), over)) / beta,
        {"parameters": [beta]},
    ),
    "Rényi entropy": (
        -log(Sum(a[k] ** (1 + beta), over)) / beta,
        {"parameters": [beta]},
    ),
    "Rényi divergence": (
        log(divergence(1 + beta)) / beta,
        {"parameters": [beta, teacher]},
    ),
    "alpha divergence": (
        (divergence(1 + beta) - 1) / (beta * (1 + beta)),
        {"parameters": [beta, teacher]},
    ),
    "chi squared": (
        Sum((a[k] - teacher[k]) ** 2 / teacher[k], over),
        {"parameters": [teacher]},
    ),
    "Jensen-Shannon": (
        Sum(
            teacher[k] * log(teacher[k])
            + a[k] * log(a[k])
            - (a[k] + teacher[k]) * log((a[k] + teacher[k]) / 2),
            over,
        )
        / 2,
        {"parameters": [teacher]},
    ),
    "Gini impurity": (1 - Sum(a[k] ** 2, over), {}),
    # long tails and masks
    "logit adjustment (Menon 2021)": (
        cross,
        using(
            H1,
            activation=normalised(lambda x: prior[x] ** tau * exp(z[x])),
            parameters=[prior, tau],
        ),
    ),
    "balanced softmax (Ren 2020)": (
        cross,
        using(H1, activation=normalised(lambda x: w[x] * exp(z[x])), parameters=[w]),
    ),
    "additive margin (LDAM 2019)": (
        cross,
        using(
            H1,
            activation=normalised(lambda x: exp(z[x] - margin[x])),
            parameters=[margin],
        ),
    ),
    "scaled margin": (
        cross,
        using(
            H1,
            activation=normalised(lambda x: exp(kappa * (z[x] - margin[x]))),
            parameters=[kappa, margin],
        ),
    ),
    "masked softmax, mask of 0 and 1": (
        Sum(y[k] * (log(Sum(bit[l] * exp(z[l]), others)) - z[k]), over),
        using(H1, parameters=[bit]),
    ),
    # regions
    "dice (Milletari 2016)": (
        1 - 2 * true / (Sum(a[k] ** 2, over) + Sum(y[k] ** 2, over)),
        {},
    ),
    "dice with a sum": (1 - 2 * true / (1 + Sum(y[k], over)), using(H3)),
    "Tversky (Salehi 2017)": (
        1
        - true
        / (
            true
            + Rational(3, 10) * Sum((1 - y[k]) ** 2 * a[k], over)
            + Rational(7, 10) * Sum(y[k] * (1 - a[k]), over)
            + 1
        ),
        using(H3),
    ),
    "Jaccard": (
        1 - true / (1 + Sum(y[k], over) - true + kappa),
        using(H3, parameters=[kappa]),
    ),
    # others
    "exponential": (Sum(y[k] * exp(-z[k]), over), {}),
    "log-cosh": (Sum(log(cosh(z[k] - y[k])), over), {}),
    "binary cross-entropy of each": (
        Sum(log(1 + exp(z[k])) - y[k] * z[k], over),
        {},
    ),
    "tanh score": (Sum(y[k] * (1 - tanh(z[k])) ** 2, over), {}),
    # refused
    "hinge": (Sum(Max(0, 1 - y[k] * z[k]), over), {}),
    "Huber": (
        Sum(Piecewise((z[k] ** 2, Eq(z[k], 0)), (Abs(z[k]), True)), over),
        {},
    ),
    "product of the outputs": (1 - Product(a[k], over), {}),
}

REFUSED = {
    "Jensen-Shannon": "cannot decide the gradient of .*or derive it by hand",
    "hinge": "not differentiable everywhere: use a smooth function",
    "Huber": "not differentiable everywhere: use a smooth function",
    "product of the outputs": "there is no rule for Product",
}
