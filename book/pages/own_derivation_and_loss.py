"""Forms for a reader's own derivation and own loss: the live parts of two pages."""

from html import escape

from sympy import Derivative, Symbol

from book.pages.chains import display, inline, live
from derivations.letters import H1, L, Sum, a, exp, i, j, k, log, n, y, z
from derivations.loss.deriving import derive
from derivations.registry import registry
from derivations.request.data import formula_data
from derivations.text.printing import latex
from derivations.text.unicode import unicode

NEEDS = "needs JavaScript and WebAssembly."
STARTS = (Derivative(a[i], z[j]), Derivative(L, z[j]), Derivative(L, a[i]))
gamma, beta, epsilon, rho = (
    Symbol(x, positive=True) for x in ("gamma", "beta", "epsilon", "rho")
)
cross_entropy = -Sum(y[k] * log(a[k]), (k, 1, n))
smoothed = (1 - epsilon) * y[k] + epsilon / n
# Of each loss: where it is from, the formula, its parameters with a value of each.
LOSSES = {
    "cross-entropy": (cross_entropy, {}),
    "squared error": (Sum((a[k] - y[k]) ** 2, (k, 1, n)) / 2, {}),
    "focal loss (Lin et al., 2017)": (
        -Sum(y[k] * (1 - a[k]) ** gamma * log(a[k]), (k, 1, n)),
        {gamma: 2},
    ),
    "label smoothing (Szegedy et al., 2016)": (
        -Sum(smoothed * log(a[k]), (k, 1, n)),
        {epsilon: 0.1},
    ),
    "generalised cross-entropy (Zhang and Sabuncu, 2018)": (
        Sum(y[k] * (1 - a[k] ** rho) / rho, (k, 1, n)),
        {rho: 0.7},
    ),
    "z-loss (Chowdhery et al., 2022)": (
        cross_entropy + beta * log(Sum(exp(z[k]), (k, 1, n))) ** 2,
        {beta: 0.01},
    ),
}


def example(title, loss, values):
    """One loss to start from; it is derived here, so that every example works."""
    own = derive(loss, parameters=tuple(values), using=H1)
    if not own.verdict:
        raise ValueError(f"the gradient of {title} is not proved: {own.verdict}")
    return {
        "title": title,
        "loss": unicode(loss),
        "activation": "softmax",
        "parameters": [[str(x), "positive"] for x in values],
        "using": [H1.name],
        "values": {str(x): value for x, value in values.items()},
        "proved": own,
    }


def live_derivation():
    """The live part of an empty page for a derivation."""
    known = [
        {"name": one.name, "text": one.text, "latex": one.latex}
        for one in registry().definitions.values()
    ]
    about = {
        "kind": "derivation",
        "definitions": known,
        "starts": list(map(unicode, STARTS)),
        "hypotheses": list(registry().hypotheses),
    }
    rows = "\n".join(
        f"<tr><td><code>{one['name']}</code></td><td>{inline(one['latex'])}</td></tr>"
        for one in known
    )
    static = (
        "<details><summary>Definitions to choose from</summary>\n<table>\n"
        "<thead><tr><th>name</th><th>formula</th></tr></thead>\n"
        f"<tbody>\n{rows}\n</tbody>\n</table>\n</details>"
    )
    return live(about, static, f"A derivation of your own {NEEDS}")


def live_loss():
    """The live part of the page for a loss; without a script, those to start from."""
    examples = [example(title, *given) for title, given in LOSSES.items()]
    about = {
        "kind": "loss",
        "examples": [{x: v for x, v in e.items() if x != "proved"} for e in examples],
        "activations": [
            {"name": one.name} | formula_data(one.value.value)
            for one in registry().activations.values()
        ],
        "hypotheses": list(registry().hypotheses),
    }
    slope = latex(Derivative(L, z[j]))
    rows = "\n".join(
        f"<dt>{escape(case['title'])}</dt>\n"
        f"<dd>{display('L = ' + latex(case['proved'].loss))}"
        f"{display(f'{slope} = ' + latex(case['proved'].gradient))}</dd>"
        for case in examples
    )
    total = inline(latex(Sum(y[k], (k, 1, n))) + " = 1")
    static = (
        "<details><summary>Six losses, each with its gradient where "
        f'{total}</summary>\n<dl class="losses">\n{rows}\n</dl>\n</details>'
    )
    return live(about, static, f"A loss of your own {NEEDS}")
