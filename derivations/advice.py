"""Messages with advice that is worded for the place where it is read.

What is missing is data, `Advice("assume", "H3")`: Python, the command and the pages of
the book each have their own way to give it, and each way is worded here once.
"""

import shlex
from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple


class Door(Enum):
    """Where a message is read.

    The page of a reader's own derivation has boxes to tick and no parameters; that of a
    theorem or an exercise has neither, for there all letters are given.
    """

    PYTHON = "python"
    COMMAND = "command"
    LOSS_PAGE = "loss_page"
    OWN_PAGE = "own_page"
    CHAIN_PAGE = "chain_page"


_GIVEN = "the letters of this page are those of its start and its definitions"
_CHOSEN = "the letters of this page are those of the series and of ticked definitions"


class _Way(NamedTuple):
    """How one advice is worded at each door; {0} is its first name.

    {new} are its names, {all} and {spaced} those that hold before and its own; {listed}
    is in brackets where it has several. {said} are its names in words.
    """

    python: str
    command: str = "choose another name"
    loss_page: str = "choose another name"
    own_page: str = _CHOSEN
    chain_page: str = _GIVEN


_WAYS = {
    "name": _Way(
        "declare it",
        "declare it by --parameter {0}:positive, or {0}:real, or {0}:0..1",
        "a letter of your own, such as T, gamma or w_k, has one letter or a usual name",
    ),
    "parameter": _Way(
        "pass parameters=[{0}]",
        "write --parameter {0}:real, or {0}:positive, or {0}:0..1",
    ),
    "array": _Way(
        "pass parameters=[{0}], an IndexedBase",
        "write --parameter {0}[k]:real, or {0}[k]:positive",
    ),
    "positive": _Way(
        "declare {all} positive=True",
        "declare {all} positive, as in --parameter {0}:positive",
        "choose positive for {all}",
    ),
    "define": _Way(
        "pass where=[{all}]",
        "write --where {spaced}",
        "write what it stands for",
        "tick {said} under “What holds”",
        "write what it stands for",
    ),
    "assume": _Way(
        "pass using={listed}",
        "write --using {spaced}",
        "tick “{said}”",
        "tick {new} below the line",
        "tick {new}, where the page has it",
    ),
    "all classes": _Way(
        "only (k, 1, n), with the n of derivations.letters,",
        *["only (k, 1, n)"] * 4,
    ),
    # About a symbol, or a function, that no text can make.
    "letter": _Way("use `from derivations.letters import {0}`"),
    "symbol": _Way(
        'pass parameters=[{0}], where {0} = Symbol("{0}", positive=True) or real=True'
    ),
    "no parameter": _Way("leave {0} out of parameters"),
    "real": _Way('{1}("{0}", real=True), or positive=True'),
    "positive symbol": _Way('{1}("{0}", positive=True)'),
    "entry": _Way('declare {0} = IndexedBase("{0}", real=True) and write {0}[{1}]'),
}


class Advice:
    """What a reader can do: the name of the advice, and the names it is about.

    `before` are the names of what holds already; a definition that has none is a text.
    `said` are the names in words, where they have them.

    >>> Advice("assume", "H3", before=["H1"]).at(Door.COMMAND)
    'write --using H1 H3'
    """

    def __init__(
        self,
        way: str,
        *names: object,
        before: Iterable[str] = (),
        said: Iterable[str] = (),
    ):
        self.way, self.names = _WAYS[way], tuple(map(str, names))
        self.before, self.said = tuple(before), tuple(said)

    def at(self, door: Door) -> str:
        """The advice as it is worded at a door."""
        every = (*self.before, *self.names)
        together = ", ".join("…" if ":=" in name else name for name in every)
        several = {
            "new": ", ".join(self.names),
            "said": ", ".join(self.said or self.names),
            "all": together,
            "listed": together if len(every) == 1 else f"[{together}]",
            "spaced": " ".join(map(shlex.quote, every)),
        }
        return getattr(self.way, door.value).format(*self.names, **several)

    @property
    def hypotheses(self) -> tuple[str, ...]:
        """The names of the hypotheses to assume; of other advice none."""
        return self.names if self.way is _WAYS["assume"] else ()


class Words(str):
    """A message made of texts and advice; str() gives its wording for Python.

    >>> words = Words("a label is negative: ", Advice("assume", "H3"))
    >>> words.at(Door.LOSS_PAGE)
    'a label is negative: tick “H3”'
    """

    def __new__(cls, *parts: "str | Advice"):
        self = super().__new__(cls, "".join(_at(x, Door.PYTHON) for x in parts))
        self.parts = parts
        return self

    def at(self, door: Door) -> str:
        """The words as they are said at a door."""
        return "".join(_at(part, door) for part in self.parts)


def _at(part, door):
    return part.at(door) if isinstance(part, Words | Advice) else part


def wanted(problem: Exception) -> list[str]:
    """The hypotheses that an error says to assume.

    >>> wanted(ValueError(Words("log(y[k]) may be …: ", Advice("assume", "H3"))))
    ['H3']
    """
    words = problem.args[0] if len(problem.args) == 1 else None
    parts = words.parts if isinstance(words, Words) else ()
    return [name for x in parts if isinstance(x, Advice) for name in x.hypotheses]


def at_door(said: str | Exception, door: Door) -> str:
    """A message, or that of an error, as it is said at a door.

    >>> at_door(ValueError(Words(Advice("positive", "gamma"))), Door.LOSS_PAGE)
    'choose positive for gamma'
    """
    if hasattr(said, "at"):
        return str(said.at(door))
    if isinstance(said, Exception):
        words = said.args[0] if len(said.args) == 1 else None
        return words.at(door) if isinstance(words, Words) else str(said)
    return said
