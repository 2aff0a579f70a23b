"""The theorems of a topic as a file for Rocq; `make certificates` writes all of them.

Only claims are read here, and no judge is asked: that a judge has accepted a step plays
no part in what is written.
"""

import re
from collections import Counter
from collections.abc import Iterable
from inspect import getdoc
from pathlib import Path
from textwrap import fill

from certificates.gallina import Writer
from certificates.layout import BINDER, WIDTH, Break, Term, comment
from certificates.naming import CannotExportError
from certificates.section import Section, typed
from derivations.formulas.claims import Definition
from derivations.theorems import TOPICS, catalogue, definitions, topic

ROOM = Path(__file__).parent
NAMED = re.compile(r"^(?:Definition|Fixpoint|Lemma|Theorem) (\w+)", re.MULTILINE)
IMPORT = "From Certificates Require Import Library.\nOpen Scope R_scope."


def names() -> dict[Definition, str]:
    """Every definition with its name, without the topic that it is from.

    >>> from derivations.letters import softmax
    >>> names()[softmax]
    'softmax'
    """
    return {one: full.rpartition(".")[2] for full, one in definitions().items()}


def in_library() -> list[Definition]:
    """The definitions of derivations/letters.py, which stand in Library.v."""
    return [one for full, one in definitions().items() if "." not in full]


def define(one: Definition, where: Iterable[Definition] = ()) -> str:
    """A definition in Gallina, as a function of all that its value is made of.

    >>> from derivations.letters import softmax
    >>> print(define(softmax))
    Definition softmax (n : nat) (z : nat -> R) (i : nat) : R :=
      exp (z i) / sum n (fun k => exp (z k)).
    """
    where = [one, *where]
    known = names()
    writer = Writer({x: known[x] for x in where})
    function = writer.function(one.base)
    head = ["Definition", function.name, *typed(function.parameters, writer.shapes)]
    pieces = " ".join([*head, ": R :="]), Break(2), function.body, "."
    return Term(BINDER, pieces).lines()


def sections(of_topic: str) -> dict[str, Section]:
    """The theorems of a topic by their own names.

    >>> print(sections("cross_entropy")["gradient"].statement)
    Theorem gradient : partial (fun a => cross_entropy n a y) a i = - (y i / a i).
    """
    split = ((*full.split("."), derive) for full, derive in catalogue().items())
    known = names()
    return {
        x: Section(x, make(), known) for where, x, make in split if where == of_topic
    }


def file(of_topic: str) -> str:
    """The text of the file of a topic.

    Raises CannotExportError for what has no counterpart, by its name.
    """
    module = topic(of_topic)
    title = getdoc(module).partition("\n")[0]
    origin = f"Written by `make certificates` from derivations/theorems/{of_topic}.py."
    proved = sections(of_topic)
    texts = {own: section.text for own, section in proved.items()}
    parts = [f"{comment(title)}\n{comment(origin)}\n{IMPORT}"]
    defined = of_topic_alone(proved.values())
    if defined:
        hint = f"#[local] Hint Unfold {' '.join(defined)} : definitions."
        hint = fill(hint, WIDTH, subsequent_indent="  ")
        parts.append("\n".join([*defined.values(), hint]))
    for own, text in texts.items():
        said = " ".join(getdoc(vars(module)[own]).split())
        parts.append(f"{comment(f'{of_topic}.{own}: {said}')}\n{text}")
    text = "\n\n".join(parts) + "\n"
    _refuse_two_of_one_name(text)
    return text


def _refuse_two_of_one_name(text):
    """All that a file defines or proves, and what the library does."""
    library = (ROOM / "Library.v").read_text(encoding="utf-8")
    own = NAMED.findall(text)
    for one, count in Counter([*own, *{*NAMED.findall(library)}]).items():
        if count > 1:
            raise CannotExportError(f"the name {one!r} of two things in a file")


def of_topic_alone(proved: Iterable[Section]) -> dict[str, str]:
    """The definitions that are not in the library, each behind those in its text.

    >>> list(of_topic_alone(sections("other_losses").values()))
    ['missing_probability', 'squared_error']
    """
    known, found, ordered = names(), {}, {}
    for section in proved:
        for base in section.functions:
            one = section.writer.definitions[base]
            if one not in in_library():
                text = define(one, section.chain.where)
                if found.setdefault(known[one], text) != text:
                    raise CannotExportError(f"two definitions called {known[one]}")

    def put(own):
        for other in sorted(set(re.findall(r"\w+", found[own])) & set(found) - {own}):
            put(other)
        ordered.setdefault(own, found[own])

    for own in sorted(found):
        put(own)
    return ordered


def write() -> None:
    """Write the file of each topic."""
    for one in TOPICS:
        (ROOM / f"{one}.v").write_text(file(one), encoding="utf-8")


if __name__ == "__main__":
    write()
