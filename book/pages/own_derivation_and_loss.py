"""Forms for a reader's own derivation and own loss: the live parts of two pages."""

from html import escape

from sympy import Derivative

from book.pages.chains import display, facts, inline, live
from derivations.letters import H1, H3, L, j, z
from derivations.registry import registry, statement
from derivations.request.data import formula_data, parameter_data
from derivations.request.loss_letters.parameters import SIGNS, parameters_of
from derivations.request.losses import own_loss
from derivations.request.questions import begun
from derivations.text.printing import latex

NEEDS = "needs JavaScript and WebAssembly."
STARTS = ("dz = a − y", "softmax′", "dW")
CROSS = "-Σ_k y_k log a_k"
# Of each loss: where it is from, the formula, what it uses, numbers of its letters.
LOSSES = {
    "cross-entropy": ("Good, 1952", CROSS, [H1], {}),
    "focal": ("Lin et al., 2017", "-Σ_k y_k (1 - a_k)^gamma log a_k", [H1], {}),
    "smoothing": (
        "label smoothing: Szegedy et al., 2016",
        "-Σ_k ((1 - epsilon) y_k + epsilon/n) log a_k",
        [H1],
        {},
    ),
    "class weights": ("King and Zeng, 2001", "-Σ_k w_k y_k log a_k", [H1], {}),
    "Dice": (
        "Sudre et al., 2017",
        "1 - 2 (Σ_k a_k y_k)/(Σ_k a_k + Σ_k y_k)",
        [H1, H3],
        {},
    ),
    "KL": ("Kullback and Leibler, 1951", "Σ_k y_k log(y_k/a_k)", [H1, H3], {}),
    "temperature": (
        "Hinton et al., 2015",
        "-Σ_k y_k log(e^(z_k/T)/Σ_i e^(z_i/T))",
        [H1],
        {},
    ),
    "MSE": ("Brier, 1950", "1/2 Σ_k (a_k - y_k)^2", [], {}),
    "z-loss": (
        "Chowdhery et al., 2022",
        f"{CROSS} + beta log(Σ_k e^z_k)^2",
        [H1],
        {"beta": [0.01]},
    ),
    "generalised": (
        "generalised cross-entropy: Zhang and Sabuncu, 2018",
        "Σ_k y_k (1 - a_k^rho)/rho",
        [H1],
        {"rho": [0.7]},
    ),
}


def example(title, source, loss, using, numbers):
    """One loss to start from; it is derived here, so that every example works.

    Raises UnreadablePartError or ValueError for one that is not derived and proved.
    """
    found = parameters_of(loss)
    pairs = [(one.name, one.sign) for one in found]
    own = own_loss(loss, parameters=pairs, using=[fact.name for fact in using])
    if not own.verdict:
        raise ValueError(f"the gradient of {title} is not proved: {own.verdict}")
    return {
        "title": title,
        "source": source,
        "loss": loss,
        "activation": "softmax",
        "parameters": [
            parameter_data(x)
            | ({"numbers": numbers[x.name]} if x.name in numbers else {})
            for x in found
        ],
        "using": [fact.name for fact in using],
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
        "facts": facts(),
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
        "hypotheses": [
            {
                "name": name,
                "words": fact.sentence,
                "text": statement(fact.value)["text"],
            }
            for name, fact in registry().hypotheses.items()
        ],
        "signs": SIGNS,
    }
    slope = latex(Derivative(L, z[j]))
    rows = "\n".join(
        f"<dt>{escape(case['title'])} ({escape(case['source'])})</dt>\n"
        f"<dd>{display('L = ' + latex(case['proved'].loss))}"
        f"{display(f'{slope} = ' + latex(case['proved'].gradient))}</dd>"
        for case in examples
    )
    total, signs = (
        one.sentence for one in map(registry().hypotheses.get, ("H1", "H3"))
    )
    static = (
        f"<details><summary>{len(examples)} losses, each with its gradient where "
        f'{total} and {signs}</summary>\n<dl class="losses">\n{rows}\n</dl>\n</details>'
    )
    return live(about, static, f"A loss of your own {NEEDS}")
