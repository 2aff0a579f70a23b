"""Chains as text, Markdown and LaTeX, and what a chain assumes.

A chain is laid out line by line: a formula, then a mark and the reason for it.  `named`
writes a printed formula in other letters.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from sympy import Basic, Eq, Expr, IndexedBase

from derivations.formulas.claims import Hypothesis
from derivations.formulas.indices import Index, free_symbols
from derivations.judges.counterexample import in_markdown
from derivations.judges.explanation import listed
from derivations.text.printing import latex, text
from derivations.text.unicode import unicode


class Chain(Protocol):
    """What is laid out: a `Derivation` of `derivations.proof`, which lies above."""

    start: Expr
    where: tuple
    case: Basic | None
    steps: tuple
    uses: tuple

    def matrix_form(self) -> "MatrixForm | None": ...


def conditions(chain: Chain, write: Callable[[Basic], str] = text) -> list[str]:
    """What a chain assumes: its definitions, its case, the hypotheses that it uses.

    `write` is `text`, `unicode` or `latex`.  LaTeX also says of which block its free
    letters are.

    >>> from derivations.theorems.softmax import case_unequal
    >>> conditions(case_unequal())[0], conditions(case_unequal())[-1]
    ('a[i] := exp(z[i])/Sum(exp(z[k]), (k, 1, n))', 'i ≠ j')
    """
    if write is latex:
        assumed = [*_definitions_in_latex(chain.where), *_memberships(chain)]
    else:
        assumed = [f"{write(x.symbol)} := {write(x.value)}" for x in chain.where]
    if chain.case is not None:
        assumed.append(relation(chain.case, write))
    return assumed + _known_facts(chain, write)


def _known_facts(chain, write):
    """What the hypotheses of a chain say of the arrays that stand in it."""
    formulas = [chain.start, *(step.right for step in chain.steps)]
    formulas += [definition.value for definition in chain.where]
    arrays = set().union(*(x.atoms(IndexedBase) for x in formulas))
    return [
        with_signs(between.around(write(expr)), write)
        for fact in chain.uses
        for expr, between in fact.stated
        if not arrays.isdisjoint(expr.atoms(IndexedBase))
    ]


def said_by(fact: Hypothesis, write: Callable[[Basic], str] = unicode) -> str:
    """What a hypothesis says of the first array of which it speaks.

    >>> from derivations.letters import H1, H4
    >>> said_by(H1, unicode), said_by(H4, unicode), said_by(H4, latex)
    ('Σ_k y_k = 1', '0 ≤ y_k ≤ 1', '0 \\\\leq y_{k} \\\\leq 1')
    """
    return with_signs(fact.says(write), write)


def with_signs(words: str, write: Callable[[Basic], str]) -> str:
    """Relations with the signs of the script in which `write` writes."""
    signs = {latex: (r"\geq", r"\leq"), unicode: ("≥", "≤")}.get(write, (">=", "<="))
    return words.replace(">=", signs[0]).replace("<=", signs[1])


def relation(case: Basic, write: Callable[[Basic], str] = text) -> str:
    """A case, i = j or i ≠ j.

    >>> from derivations.letters import Ne, i, j
    >>> relation(Ne(i, j)), relation(Ne(i, j), latex)
    ('i ≠ j', 'i \\\\neq j')
    """
    unequal = r" \neq " if write is latex else " ≠ "
    return (" = " if isinstance(case, Eq) else unequal).join(map(write, case.args))


def _definitions_in_latex(where):
    """Definitions as LaTeX; what holds in every block alike is written once."""
    blocks_of = {}  # of each formula, the blocks that each of its letters runs over
    for one in where:
        sides = (latex(x, of_any_block=True) for x in (one.symbol, one.value))
        formula = " = ".join(sides)
        blocks = blocks_of.setdefault(formula, {})
        for index in _of_blocks(one.parameters):
            blocks.setdefault(index.letter, []).append(index.block)
    return [
        rf"{formula} \text{{ for }} {_in_unions(blocks)}" if blocks else formula
        for formula, blocks in blocks_of.items()
    ]


def _in_unions(blocks):
    unions = {letter: r" \cup ".join(names) for letter, names in blocks.items()}
    return ", ".join(rf"{letter} \in {union}" for letter, union in unions.items())


def _memberships(chain):
    """The block of every free letter of a chain that is of one."""
    sides = [chain.start, *(step.right for step in chain.steps)]
    free = set().union(*map(free_symbols, sides))
    indices = sorted(_of_blocks(free), key=str)
    return [rf"{latex(index)} \in {index.block}" for index in indices]


def _of_blocks(symbols):
    """The indices among them that run over one block."""
    return [x for x in symbols if isinstance(x, Index) and x.block]


@dataclass(frozen=True, repr=False)
class MatrixForm:
    """A chain in whole arrays: LaTeX of its start, and of each line that has a form.

    The chain is the entry at `letters`.

    >>> from derivations.theorems.layers import hidden_logits
    >>> print(hidden_logits().matrix_form())
    The chain in matrix form; entry $(p, s)$ of each line is proved. Lines 1 \
and 2 have no matrix form.
    <BLANKLINE>
    \\frac{\\partial J}{\\partial Z^{[1]}} &= G \\odot g'\\left(Z^{[1]}\\right)
    """

    letters: tuple
    start: str
    lines: tuple[str | None, ...]

    @property
    def rows(self) -> str:
        """The rows of an `aligned`; what two lines have in common stands once."""
        sides = groupby([self.start, *filter(None, self.lines)])
        first, *rest = (form for form, _ in sides)
        return f"{first} " + " \\\\[4pt]\n".join(f"&= {form}" for form in rest)

    @property
    def words(self) -> str:
        """Which entry the chain is, and which of its lines have no matrix form."""
        at = ", ".join(map(latex, self.letters))
        entry = f"$({at})$" if len(self.letters) > 1 else f"${at}$"
        words = "The chain in matrix form"
        if self.letters:
            words += f"; entry {entry} of each line is proved"
        words += "."
        without = [str(at) for at, form in enumerate(self.lines, 1) if form is None]
        if len(without) == 1:
            words += f" Line {without[0]} has no matrix form."
        elif without:
            words += f" Lines {listed(without)} have no matrix form."
        return words

    def __repr__(self):
        return f"{self.words}\n\n{self.rows}"

    def _repr_markdown_(self, named=str):
        rows = f"\\begin{{aligned}}\n{named(self.rows)}\n\\end{{aligned}}"
        return f"{self.words}\n\n$$\n{rows}\n$$"


def chain_as_text(chain: Chain, write: Callable = text, named: Callable = str) -> str:
    """A chain as plain text, a line for each step; `write` is `text` or `unicode`."""
    where = ", ".join(map(named, conditions(chain, write)))
    head = named(write(chain.start)) + (f"    where {where}" if where else "")
    rights = [named(write(step.right)) for step in chain.steps]
    words = [f"{x.verdict.mark} {x.words.replace('$', '')}" for x in chain.steps]
    lines = map("  = {}    {}".format, rights, words)
    return "\n".join([head, *map(str.rstrip, lines)])


def chain_as_lines(chain: Chain, named: Callable = str) -> str:
    """A chain as Markdown: a formula, then a paragraph with its reason, line by line.

    Words in a paragraph wrap where a page is narrow; inside a formula they would not.
    """
    left, paragraphs = named(latex(chain.start)), []
    for step in chain.steps:
        paragraphs.append(rf"$\displaystyle {left} = {named(latex(step.right))}$")
        if step.words or step.verdict.mark != "✓":
            said = f"{step.verdict.mark} {_in_markdown(step.words)}"
            paragraphs.append(said.rstrip())
        left = r"\quad"
    return "\n\n".join(paragraphs or [rf"$\displaystyle {left}$"])


def _in_markdown(words):
    """Words to the letter, with the $formulas$ among them."""
    parts = words.split("$")
    return "$".join(
        part if number % 2 else in_markdown(part) for number, part in enumerate(parts)
    )


def chain_as_markdown(chain: Chain, named: Callable = str) -> str:
    """A chain as Markdown: its lines, what it assumes, its check, its matrix form."""
    where = ",\n".join(f"${named(x)}$" for x in conditions(chain, latex))
    lines = chain_as_lines(chain, named)
    parts = [lines, where and f"Where {where}.", _how_checked(chain, named)]
    if whole := chain.matrix_form():
        parts.append(whole._repr_markdown_(named))
    return "\n\n".join(filter(None, parts))


def _how_checked(chain, named):
    verdicts = [step.verdict for step in chain.steps]
    if not verdicts:
        return ""
    not_proved = sum(not verdict for verdict in verdicts)
    if not_proved:
        return f"Not proved: {not_proved} of {len(verdicts)} lines without a ✓."
    sizes = sorted({size for verdict in verdicts for size in verdict.sizes}, key=str)
    larger = (size for verdict in verdicts for size in verdict.larger)
    least = {latex(x): x.least for x in sorted(larger, key=lambda x: x.least)}
    others = [f"${named(latex(x))}$" for x in sizes if latex(x) not in least]
    words = [f"all sizes {', '.join(others)}"] if others else []
    least = least if sizes else {"n": 2} | least
    words += [f"every ${named(x)}$ from {number} on" for x, number in least.items()]
    every = " and ".join(words)
    points = sum(verdict.points for verdict in verdicts)
    return f"Proved for {every}, and compared at {points} points."


_COMMANDS = {"\\": r"\textbackslash{}", "~": r"\~{}", "^": r"\^{}"}
_EQUALS = {"✓": "=", "✗": r"\overset{\times}{=}"}


def chain_as_latex(chain: Chain, named: Callable = str) -> str:
    """A chain as LaTeX for an article that loads amsmath, with its matrix form.

    Over the `=` of a line that is not proved stands a ? or, where it is wrong, a ×.
    """
    where = ", ".join(f"${named(x)}$" for x in conditions(chain, latex))
    left, rows = named(latex(chain.start)), []
    for step in chain.steps:
        equals = _EQUALS.get(step.verdict.mark, r"\overset{?}{=}")
        beside = step.words and f" && {_mathematics(step.words)}"
        rows.append(f"{left} &{equals} {named(latex(step.right))}{beside}")
        left = ""
    aligned = " \\\\[4pt]\n".join(rows or [left])
    parts = [_aligned(aligned) + (f"\nwhere {where}." if where else "")]
    if whole := chain.matrix_form():
        parts.append(f"{whole.words}\n{_aligned(named(whole.rows))}")
    return "\n\n".join(parts)


def _aligned(rows):
    return f"\\begin{{align*}}\n{rows}\n\\end{{align*}}"


def _mathematics(words):
    r"""Words with $formulas$ among them, as LaTeX mathematics: \text{…} formula."""
    parts = words.split("$")
    return "".join(
        (part if number % 2 else rf"\text{{{_escaped(part)}}}")
        for number, part in enumerate(parts)
        if part
    )


def _escaped(words):
    r"""Words with what LaTeX would read as a command written out: a\_i, 50\%."""
    return re.sub(
        r"[\\&%#_{}~^]",
        lambda special: _COMMANDS.get(special[0], rf"\{special[0]}"),
        words,
    )
