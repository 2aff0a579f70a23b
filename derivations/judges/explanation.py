"""Why a claim is not right: what it lacks, and the mistake that was made in it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from sympy import Expr

from derivations.advice import Advice, Words
from derivations.formulas.claims import Definition, Hypothesis
from derivations.judges.counterexample import in_markdown


@dataclass(frozen=True)
class Missing:
    """Definitions and hypotheses that a claim lacks, and the names of those it has.

    `definitions` are pairs of a name and a definition.  `is_enough` says that both
    judges have proved the claim with what is missing; else it is a suggestion.
    `write` is the printer that writes a definition for a reader.

    >>> from derivations.letters import H1, one_hot
    >>> print(Missing((), (H1,)).words)
    it is right if the labels sum to 1 (H1)
    >>> from derivations.text.unicode import unicode
    >>> print(Missing((("one_hot", one_hot),), is_enough=False, write=unicode).words)
    perhaps you need the definition one_hot (y_i := δ_ci)
    """

    definitions: tuple[tuple[str, Definition], ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()
    where: tuple[str, ...] = ()
    using: tuple[str, ...] = ()
    is_enough: bool = True
    write: Callable[[Expr], str] = field(default=str, compare=False)

    @property
    def names(self):
        """The names of the definitions, and those of the hypotheses."""
        definitions = tuple(name for name, _ in self.definitions)
        return definitions, tuple(fact.name for fact in self.hypotheses)

    @property
    def listed(self):
        """All their names, as part of a sentence."""
        definitions, facts = self.names
        return listed([*definitions, *facts])

    @property
    def words(self):
        """What is said of them in every place; how they are added is said behind it."""
        names, _ = self.names
        kind = "definition" if len(names) == 1 else "definitions"
        value = ""
        if len(names) == 1:
            ((_, one),) = self.definitions
            value = f" ({self.write(one.symbol)} := {self.write(one.value)})"
        if not self.is_enough:
            return f"perhaps you need the {kind} {listed(names)}{value}"
        parts = [f"with the {kind} {listed(names)}{value}"] if names else []
        if self.hypotheses:
            parts.append(f"if {listed(in_words(self.hypotheses))}")
        return f"it is right {', '.join(parts)}"

    @property
    def advice(self):
        """How they are added: words for every door.

        >>> from derivations.letters import H1, linear
        >>> words = Missing((("linear", linear),), (H1,), ("softmax",), ("H3",)).advice
        >>> print(words)
        pass where=[softmax, linear], and pass using=[H3, H1]
        >>> from derivations.advice import Door
        >>> words.at(Door.COMMAND)
        'write --where softmax linear, and write --using H3 H1'
        >>> words.at(Door.OWN_PAGE)
        'tick a linear layer under “What holds”, and tick H1 below the line'
        """
        definitions, facts = self.names
        ways = []
        if definitions:
            said = [one.words or name for name, one in self.definitions]
            ways.append(Advice("define", *definitions, before=self.where, said=said))
        if facts:
            ways.append(Advice("assume", *facts, before=self.using))
        return Words(*ways[:1], *(x for way in ways[1:] for x in (", and ", way)))


@dataclass(frozen=True)
class Diagnosis:
    """The mistake that was made in an answer, as both judges have proved.

    `notebook` and `heading` say where the series explains it; it was proved by
    `hypotheses` that the answer does not use.  `kind` is what is said of it in an
    exercise, where the sentence would name what is to be found.

    >>> Diagnosis("sign", "a sign is lost", "04_chain_rule", "By hand").words
    'a sign is lost (notebook 4, “By hand”)'
    """

    name: str
    sentence: str
    notebook: str
    heading: str
    hypotheses: tuple[Hypothesis, ...] = ()
    kind: str = ""

    @property
    def words(self):
        """What is said of it, with its place in the series."""
        return f"{self.said} ({self.place})"

    @property
    def link(self):
        """The file and the heading, as a notebook beside it links them.

        >>> Diagnosis("sign", "a sign is lost", "04_chain_rule", "By hand").link
        '04_chain_rule.ipynb#By-hand'
        """
        return f"{self.notebook}.ipynb#{self.heading.replace(' ', '-')}"

    @property
    def markdown(self):
        """The words with the place as a link."""
        place = f"[{in_markdown(self.place)}]({self.link})"
        return f"{in_markdown(self.said)} ({place})"

    @property
    def place(self):
        """Where the series explains it, in words."""
        return f"notebook {int(self.notebook.partition('_')[0])}, “{self.heading}”"

    @property
    def said(self):
        """The sentence, with the hypotheses by which it was proved."""
        facts = in_words(self.hypotheses)
        return f"where {listed(facts)}, {self.sentence}" if facts else self.sentence


def in_words(hypotheses: Iterable[Hypothesis]) -> list[str]:
    """What hypotheses say, each with its name behind it.

    >>> from derivations.letters import H1
    >>> in_words([H1])
    ['the labels sum to 1 (H1)']
    """
    return [
        f"{one.sentence or repr(one).partition(': ')[2]} ({one.name})"
        for one in hypotheses
    ]


def listed(words: Sequence[str]) -> str:
    """One word or several as part of a sentence.

    >>> listed(["a", "y", "z"])
    'a, y and z'
    """
    *before, last = words
    return f"{', '.join(before)} and {last}" if before else last
