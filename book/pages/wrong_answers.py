"""The gallery of wrong answers: each with its counterexample and its mistake.

What was answered to which theorem stands in wrong_answers.toml, beside this; whether it
is wrong, where, and by which mistake is what the judges say.
"""

import tomllib
from dataclasses import dataclass, replace
from html import escape
from itertools import count
from pathlib import Path

from sympy import Expr

from book.pages.anchors import slug
from book.pages.chains import assumed, display
from book.pages.theorems import heading, quoted
from derivations.formulas.claims import Claim
from derivations.judges.at_points.comparison import first_difference, samples_of
from derivations.judges.verdict import Verdict
from derivations.letters import H1, H3, c
from derivations.proof import Derivation
from derivations.request.context import of_theorem
from derivations.request.data import verdict_data
from derivations.text.printing import latex
from derivations.theorems import catalogue

FILE = Path(__file__).with_name("wrong_answers.toml")
SIDES = "this line", "the right line"
CONDITION = "Right under a condition only"


@dataclass(frozen=True)
class WrongAnswer:
    """An entry of the file, the chain of its theorem, and what the judges say."""

    entry: dict
    chain: Derivation
    answer: Expr
    verdict: Verdict

    @property
    def mistake(self):
        """The mistake as a heading: answers are grouped by it."""
        why = self.verdict.diagnosis
        return why.name.capitalize() if why else CONDITION

    @property
    def reason(self):
        """Why it is wrong, in Markdown, with a link to where that is explained."""
        why = self.verdict.diagnosis
        if why is None:
            return f"{self.verdict.missing.words}, and not otherwise"
        return why.markdown.replace("](", "](notebooks/")


def read():
    """The entries of the file."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))["entry"]


def judged(entry):
    """An entry with its verdict.

    Raises ValueError if it is right or undecided, or if it is not known why it is
    wrong.
    """
    chain, holds = catalogue()[entry["theorem"]](), of_theorem(entry["theorem"])
    given = holds.answer(entry["title"], entry["answer"], chain.start)
    verdict = holds.check_sides(given, chain.start, chain.uses)
    if entry.get("is_c_of_largest_label"):
        point = _of_largest_label(given.expr, chain)
        verdict = replace(verdict, counterexample=point)
    is_explained = verdict.diagnosis is not None or verdict.is_conditional
    if not (is_explained and verdict.counterexample):
        title, said = entry["title"], f"{verdict.mark} {verdict.sentence}"
        raise ValueError(
            f"{title}: expected a wrong answer and its mistake, got {said}"
        )
    return WrongAnswer(entry, chain, given.expr, verdict)


def _of_largest_label(answer, chain):
    """A point at which an answer is wrong for shares as labels, the largest at c."""
    for number in 1, 2:
        asked = answer.xreplace({c: number}), chain.start
        claim = Claim(*asked, where=chain.where, using=(H1, H3))
        for sample in samples_of(claim)[1]:
            point = first_difference(claim, (sample,))
            (labels,) = point.arrays["y"] if point else [[0]]
            if labels.index(max(labels)) + 1 == number:
                return replace(point, indices=point.indices | {c: number})
    raise ValueError(f"{answer}: found no point where c has the largest label")


def gallery(row_of):
    """All wrong answers by mistake, below an index; `row_of` has the rows of questions.

    `row_of` maps the name of a question's page to its row of the README.
    """
    by_mistake = {}
    for one in map(judged, read()):
        by_mistake.setdefault(one.mistake, []).append(one)
    index = [
        f"- {mistake}: {', '.join(map(link, several))}"
        for mistake, several in by_mistake.items()
    ]
    parts = ["\n".join(index)]
    number = count(1)
    for mistake, several in by_mistake.items():
        parts.append(f"## {mistake}")
        parts += [card(x, row_of[x.entry["asked"]], next(number)) for x in several]
    return "\n\n".join(parts)


def counterexample(verdict):
    """The point where a line differs from the right one, as a table in HTML.

    It is upright, as below a live line: it fits a phone.
    """
    point = verdict_data(verdict)["counterexample"]
    at = (f"{name} = {number}" for name, number in point["sizes"] + point["indices"])
    rows = [["at", ", ".join(at)]]
    for array in point["arrays"]:
        lines = [f"({', '.join(row)})" for row in array["rows"]]
        rows.append([array["name"], "<br>".join(lines)])
    rows += [
        *point["numbers"],
        *zip(SIDES, (point["left"], point["right"]), strict=True),
    ]
    cells = (f'<tr><th scope="row">{name}</th><td>{x}</td></tr>' for name, x in rows)
    return (
        '<table class="counterexample"><caption>a counterexample</caption><tbody>'
        f"{''.join(cells)}</tbody></table>"
    )


def link(one):
    """The title of a wrong answer, as a link to it on its page."""
    title = one.entry["title"]
    return f"[{title}](<#{slug(title)}>)"


def searched(entry):
    """What leads the search to the card: its title and answer as typed, other words."""
    return [entry["title"].replace("−", "-"), entry["answer"], *entry["also"]]


def card(one, row, number):
    """A wrong answer: the line, and, to be folded, what is wrong and the right line.

    The anchor of its number tells a class less than its heading does.
    """
    entry, asked, theorem = one.entry, latex(one.chain.start), one.entry["theorem"]
    proved = heading(catalogue()[theorem])
    return "\n\n".join(
        [
            f"### {entry['title']}",
            *(f"```{{index}} ! single: {words}\n```" for words in searched(entry)),
            f'<div class="wrong-answer" id="line-{number}">'
            f"{display(f'{asked} = {latex(one.answer)}')}</div>",
            assumed(one.chain),
            *([f"Here {entry['letters']}."] if "letters" in entry else []),
            '<details class="diagnosis" open><summary>what is wrong?</summary>',
            f"{one.verdict.mark} {one.reason}. (Seen {escape(entry['seen'])}.)",
            counterexample(one.verdict),
            f"✓ The right line, for {one.chain.steps[-1].verdict.every} "
            f"([{proved}](theorems/{theorem}.md)):",
            display(f"{asked} = {latex(one.chain.result)}"),
            "The question behind it: "
            f"[{quoted(row.question)}](questions/{entry['asked']}.md)",
            "</details>",
        ]
    )
