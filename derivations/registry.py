"""What a reader may name: definitions, hypotheses and activations, with their words.

Each stands in one place and is found there, so a new one appears in the command, in the
book and in the notebooks by being added in that place:

    a definition    derivations/letters.py, or its topic in derivations/theorems/
    a hypothesis    derivations/letters.py
    an activation   derivations/loss/activations.py
"""

from dataclasses import dataclass
from functools import cache, cached_property

from derivations import letters
from derivations.formulas.claims import Definition, Hypothesis
from derivations.loss.activations import ACTIVATIONS
from derivations.text.chains import said_by
from derivations.text.printing import latex
from derivations.text.unicode import unicode
from derivations.theorems import definitions


@dataclass(frozen=True)
class Named:
    """A definition, a hypothesis or an activation, as a reader sees it.

    `sentence` says it in words; an activation has none beside its formula.
    """

    name: str
    value: Definition | Hypothesis
    sentence: str = ""

    @property
    def text(self) -> str:
        """Its formula on a line of text."""
        return self._statement["text"]

    @property
    def latex(self) -> str:
        """Its formula in LaTeX."""
        return self._statement["latex"]

    @cached_property
    def _statement(self):
        return statement(self.value)


class Registry:
    """All that a reader may name: of each kind {name: Named}, made when asked for."""

    @cached_property
    def definitions(self) -> dict[str, Named]:
        """Of `letters`, and of every topic."""
        return {x: Named(x, one, _in_words(x, one)) for x, one in definitions().items()}

    @cached_property
    def hypotheses(self) -> dict[str, Named]:
        """H1, H2 and so on."""
        facts = [one for one in vars(letters).values() if isinstance(one, Hypothesis)]
        return {fact.name: Named(fact.name, fact, fact.sentence) for fact in facts}

    @cached_property
    def activations(self) -> dict[str, Named]:
        """What makes outputs of logits."""
        return {name: Named(name, one) for name, one in ACTIVATIONS.items()}


@cache
def registry() -> Registry:
    """Every definition, hypothesis and activation, with the words that a reader sees.

    >>> registry().hypotheses["H1"].sentence
    'the labels sum to 1'
    >>> registry().activations["sigmoid"].text
    'a_i := 1/(1 + e^{−z_i})'
    >>> registry().definitions["labels.label_sum"].sentence
    'label sum (labels)'
    """
    return Registry()


def _in_words(name, one):
    """What a definition is: by its own words, or else by its name and its topic."""
    topic, _, own = name.replace("_", " ").rpartition(".")
    return one.words or (f"{own} ({topic})" if topic else own)


def statement(one: Definition | Hypothesis) -> dict:
    """What a definition or a hypothesis says, as a line of text and as LaTeX.

    >>> statement(letters.hidden_activation)["text"]
    'A^[1]_ps := g(Z^[1]_ps)'
    >>> statement(letters.H3)
    {'text': 'y_k ≥ 0', 'latex': 'y_{k} \\\\geq 0'}
    """
    if isinstance(one, Definition):
        return {
            "text": f"{unicode(one.symbol)} := {unicode(one.value)}",
            "latex": f"{latex(one.symbol)} = {latex(one.value)}",
        }
    return {"text": said_by(one), "latex": said_by(one, latex)}
