"""Forms for a reader's own derivation and own loss: the live parts of two pages."""

from html import escape

from sympy import Derivative, Symbol

from book.pages.chains import display, inline, live
from derivations.letters import H1, L, Sum, a, exp, j, k, log, n, y, z
from derivations.loss.deriving import derive
from derivations.registry import registry
from derivations.request.data import formula_data
from derivations.request.questions import begun
from derivations.text.printing import latex
from derivations.text.unicode import unicode

NEEDS = "needs JavaScript and WebAssembly."
STARTS = ("dz = a − y", "softmax′", "dW")
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
    """The live part of an empty page for a derivation; without a script, what may hold.

    Raises UnreadablePartError for an example to start from that cannot be read.
    """
    for text in STARTS:
        begun(text)
    known = registry().definitions.values()
    about = {
        "kind": "derivation",
        "definitions": [{"name": x.name, "words": x.sentence} for x in known],
        "examples": STARTS,
        "hypotheses": list(registry().hypotheses),
    }
    of_the_series = [one for one in known if "." not in one.name]
    of_topics = [one for one in known if "." in one.name]
    static = (
        "<details><summary>Definitions to choose from</summary>\n"
        f"{_listed(of_the_series)}\n"
        "<details><summary>those of the topics</summary>\n"
        f"{_listed(of_topics)}\n</details>\n</details>"
    )
    return live(about, static, f"A derivation of your own {NEEDS}")


def _listed(definitions):
    items = "\n".join(
        f"<li><span>{escape(one.sentence)}</span> {inline(one.latex)}</li>"
        for one in definitions
    )
    return f'<ul class="definitions">\n{items}\n</ul>'


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
