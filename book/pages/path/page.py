"""The questions of the path as the sections of a page.

Each choice is a summary that opens on what is said of it, so that the page answers at
once, and without its script, too; path.js in book/static shows one question at a time.
"""

import re
from functools import cache
from html import escape
from itertools import starmap

from book.pages.chains import as_list, inline, words
from book.pages.path.judging import Choice, judged, read
from book.pages.path.picture import two_digits
from derivations.text.printing import latex
from derivations.text.unicode import unicode
from derivations.theorems import catalogue

SAID = {
    r"\partial": "∂",
    r"\sum": "Σ",
    r"\neq": "≠",
    r"\cdot": "·",
    r"\log": "log",
    r"\delta": "δ",
    r"\mathrm": "",
}
"""Commands of the sentences, as they are heard."""


def parts():
    """The parts of the page, by the names of their marks."""
    chain = catalogue()["logits.gradient"]()
    lines = [(latex(one.right), one.words) for one in chain.steps]
    return {
        "path": lambda: "\n\n".join(starmap(section, enumerate(questions(), 1))),
        "path_size": lambda: str(len(questions())),
        "path_chain": lambda: as_list(latex(chain.start), lines),
    }


@cache
def questions():
    """All questions, judged."""
    return tuple(judged(entry) for entry in read())


def told():
    """How many wrong choices have a mistake that is proved, and which have none."""
    wrong = [(x, y) for x in questions() for y in x.choices if not y.is_right]
    without = [(x, y) for x, y in wrong if y.verdict.diagnosis is None]
    listed = "; ".join(f"{x.entry['title']}: {unicode(y.expr)}" for x, y in without)
    return (
        f"path: {len(questions())} questions; of {len(wrong)} wrong choices "
        f"{len(wrong) - len(without)} diagnosed, worded by hand alone: {listed}"
    )


def section(number, question):
    """One question: what is asked, its picture, and what can be tapped."""
    entry = question.entry
    parts = [
        f"## {entry['title']}",
        f'<p class="path-question">{rich(entry["ask"])}</p>',
        question.picture.html(entry.get("until")),
    ]
    if question.choices:
        shown = (
            choice(one, entry, f"question-{number}", k)
            for k, one in enumerate(question.choices, 1)
        )
        parts.append(
            '<div class="path-choices" role="group" aria-label="choices">'
            f"{''.join(shown)}</div>"
        )
    else:
        parts.append(
            '<div class="path-choices">'
            + opened(entry["look"], "✓", entry["then"], is_goal=True)
            + "</div>"
        )
    return "\n\n".join(parts)


def choice(one: Choice, entry, group, number):
    """A formula, or its value, that opens on whether it is right, and why."""
    formula = inline(rf"{{\displaystyle {latex(one.expr)}}}")
    say = f"{rich(one.say)} " if one.say else ""
    name = "" if one.value is not None else f"{one.say} {unicode(one.expr)}".strip()
    if one.value is not None:
        shown = two_digits(one.value)
        said = "" if one.expr.is_number else f"{formula} = {shown}: "
    else:
        shown, said = f"{say}{formula}", ""
    if one.is_right:
        link = ""
        if "theorem" in entry:
            link = f' (<a href="theorems/{entry["theorem"]}.html">the proof</a>)'
        return opened(shown, "✓", entry["then"], said, link, group, name, is_right=True)
    mark, why, link = "✗", one.why, ""
    if not why:
        diagnosis = one.verdict.diagnosis
        why, place = as_formulas(diagnosis.said), diagnosis.place
        href = f"notebooks/{diagnosis.link.replace('.ipynb', '.html')}"
        link = f' (<a href="{escape(href)}">{escape(place)}</a>)'
    return opened(shown, mark, f"{why}.", said, link, group, name)


def opened(summary, mark, sentence, before="", behind="", group="", called="", **what):
    """A summary, and what it opens on; those of a group are open one at a time.

    A formula is `called` what a screen reader says; `what` is is_right or is_goal.
    """
    name = f' name="{group}"' if group else ""
    look = "".join(f" data-{x.removeprefix('is_')}" for x in what)
    label = f' aria-label="{escape(called)}"' if called else ""
    heard = heard_of(
        sentence if "is_goal" in what else f"{'right' if what else 'wrong'}: {sentence}"
    )
    sentence = rich(sentence)
    return (
        f'<details class="path-choice"{name}{look} data-heard="{escape(heard)}">'
        f"<summary{label}>{summary}</summary>"
        f'<p><span class="path-mark">{mark}</span> {before}{sentence}{behind}</p>'
        "</details>"
    )


def rich(text):
    """A sentence with `$formulas$` and `**words**` as HTML."""
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", words(text))


def as_formulas(sentence):
    """A judge's sentence, in which a formula is plain text, with `$formulas$`.

    >>> as_formulas("the term a_i counts for i ≠ j only")
    'the term $a_{i}$ counts for $i ≠ j$ only'
    """
    sentence = re.sub(r"(−?)\b([a-zA-Z])_(\w+)", r"$\1\2_{\3}$", sentence)
    sentence = re.sub(r"\b([ij] [=≠] [ij])\b", r"$\1$", sentence)
    return sentence.replace("−", "-") if "$-" in sentence else sentence


def heard_of(sentence):
    r"""A sentence as a screen reader says it: its formulas in plain text.

    >>> heard_of(r"it is $-\frac{y_i}{a_i} \neq \mathrm{softmax}'$")
    "it is −(y_i)/(a_i) ≠ softmax'"
    >>> heard_of(r"$e^{z_i} + \sum_{i \neq j} y_i$")
    'e^(z_i) + Σ_(i ≠ j) y_i'
    """
    parts = sentence.replace("**", "").split("$")
    parts[1::2] = map(_plain, parts[1::2])
    return "".join(parts)


def _plain(formula):
    formula = re.sub(r"\\frac\{([^}]*)\}\{([^}]*)\}", r"(\1)/(\2)", formula)
    formula = re.sub(r"([_^])\{([^{}]{2,})\}", r"\1(\2)", formula)
    for command, sign in SAID.items():
        formula = formula.replace(command, sign)
    return re.sub("[{}]", "", formula).replace("-", "−")
