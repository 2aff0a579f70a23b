"""The questions of the path, each choice judged when the book is built.

Which choice is right, why a wrong one is wrong, and what the numbers are is what the
judges and the arrays say; questions.toml, beside this, says what is asked.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from sympy import Expr

from book.pages.path.picture import Picture
from derivations.formulas.indices import Index, free_symbols
from derivations.judges.verdict import Verdict
from derivations.request.context import context, of_theorem
from derivations.theorems import catalogue

FILE = Path(__file__).with_name("questions.toml")


@dataclass(frozen=True)
class Choice:
    """A formula that may be tapped, and what the judges say of it.

    `value` is its number at the picture, where the question asks for a number.
    """

    expr: Expr
    verdict: Verdict
    say: str = ""
    why: str = ""
    value: float | None = None

    @property
    def is_right(self):
        """Whether it is proved, for every n."""
        return bool(self.verdict)


@dataclass(frozen=True)
class Question:
    """An entry of the file, with its picture; it has choices, or a goal to drag to."""

    entry: dict
    picture: Picture
    choices: tuple[Choice, ...] = ()


def read():
    """The entries of the file, each picture with its logits."""
    whole = tomllib.loads(FILE.read_text(encoding="utf-8"))
    for entry in whole["question"]:
        entry["picture"] = {"z": whole["z"]} | entry["picture"]
    return whole["question"]


def judged(entry):
    """An entry as a question whose choices are judged.

    Raises ValueError if not exactly one choice is right, if one is undecided, if it is
    not known why one is wrong, or if a goal is reached from the start or never.
    """
    title, picture = entry["title"], Picture(**entry["picture"])
    if "until" in entry:
        starts, ends = (
            picture.at(z).has_reached(**entry["until"])
            for z in (picture.z, entry["reached"])
        )
        if starts or not ends:
            raise ValueError(
                f"{title}: expected a goal that is reached from afar, got "
                f"{'one that is reached' if starts else 'one that is not'}"
            )
        return Question(entry, picture)
    holds, using = _what_holds(entry)
    asked = holds.question("of", entry["of"]).expr if "of" in entry else holds.start
    choices = tuple(
        _choice(entry, one, holds, asked, using) for one in entry["choices"]
    )
    right = [one for one in choices if one.is_right]
    if len(right) != 1:
        raise ValueError(f"{title}: expected one right choice, got {len(right)}")
    return Question(entry, picture, choices)


def _what_holds(entry):
    """The context of an entry, and the hypotheses that its answers may use."""
    if "where" in entry:
        return context(entry["where"], entry.get("case", "")), ()
    name = entry["theorem"]
    return of_theorem(name), catalogue()[name]().uses


def _choice(entry, given, holds, asked, using):
    """One choice, judged as an answer to what is asked."""
    expr = holds.answer(given["formula"], given["formula"], asked).expr
    verdict = holds.check(expr, asked, using)
    is_wrong = verdict.counterexample is not None
    is_explained = "why" in given or verdict.diagnosis is not None
    if bool(verdict) == is_wrong or is_wrong != is_explained:
        raise ValueError(
            f"{entry['title']}: expected a choice that is proved, or refused with its "
            f"mistake, got {given['formula']}: {verdict.mark} {verdict.sentence}"
        )
    value = None
    if "at" in entry:
        free = (x for x in free_symbols(expr) if isinstance(x, Index))
        at = {index: entry["at"][str(index)] for index in free}
        value = Picture(**entry["picture"]).value(expr, at, holds.where)
    return Choice(expr, verdict, given.get("say", ""), given.get("why", ""), value)
