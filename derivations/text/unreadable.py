"""Errors for a text that cannot be read: what is expected, where, and repairs."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from derivations.advice import Door, at_door


class Unreadable(ValueError):  # noqa: N818 (an answer, not a fault)
    """A text that is no formula: what is expected instead, and where (from 0).

    `suggestions` are whole lines that can be taken in place of the text; each is read.

    >>> print(Unreadable("`^`: an exponent is expected", "a_i^", 4, ["a_i"]))
    `^`: an exponent is expected
    a_i^
        ^
    perhaps: a_i
    """

    def __init__(self, expected, source="", position=None, suggestions=()):
        self.words, self.source = expected, source
        self.suggestions = tuple(map(_in_words, suggestions))
        self.position = position
        if position is not None:
            self.position = max(0, min(position, len(source)))
        super().__init__(expected, source, position, self.suggestions)

    @property
    def expected(self) -> str:
        """What is expected instead, in one line."""
        return _in_one_line(self.words)

    def at(self, door: Door) -> "Unreadable":
        """The same with the words that are said where it is read."""
        words = at_door(self.words, door)
        return Unreadable(words, self.source, self.position, self.suggestions)

    def placed(self, source, position, suggestions=()):
        """The same error with the text and the place, which it did not know before."""
        return type(self)(self.words, source, position, suggestions)

    def __str__(self):
        if self.position is None:
            return self.expected
        first, last = max(0, self.position - 40), self.position + 40
        before = "…" if first else ""
        after = "…" if last < len(self.source) else ""
        around = _in_one_line(self.source[first:last])
        caret = " " * (len(before) + self.position - first) + "^"
        lines = [self.expected, f"{before}{around}{after}", caret]
        if self.suggestions:
            lines.append(f"perhaps: {'   or: '.join(self.suggestions)}")
        return "\n".join(lines)


class ShapeError(Unreadable):
    """Arrays whose shapes do not fit, or do not fit what is asked."""


class Ambiguous(Unreadable):
    """A text with two meanings; `suggestions` write each of them."""


class InOurLetters(str):
    """A suggested line in our letters; it keeps which of them are the reader's.

    `letters` are pairs of ours and theirs; `words` say what is chosen by this line.

    >>> line = InOurLetters("dL/dz_j", {"L": "L", "o": "z"}, chosen=["o"])
    >>> line, line.letters, line.words
    ('dL/dz_j', [('z', 'o')], 'o are the logits')
    """

    __slots__ = ("letters", "words")

    def __new__(cls, line: str, called: Mapping[str, str], chosen: Iterable[str]):
        """`called` has ours for each of the reader's letters."""
        written = super().__new__(cls, " ".join(line.split()))
        pairs = ((ours, theirs) for theirs, ours in called.items())
        written.letters = [(ours, theirs) for ours, theirs in pairs if ours != theirs]
        written.words = ", ".join(f"{x} are the {_MEANT[called[x]]}" for x in chosen)
        return written

    def agrees_with(self, letters: Iterable[tuple[str, str]]) -> bool:
        """Whether no letter of the reader is another one of ours in these pairs."""
        mine = {theirs: ours for ours, theirs in self.letters}
        return all(mine.get(theirs, ours) == ours for ours, theirs in letters)


_MEANT = {"a": "outputs", "y": "labels", "z": "logits"}


def _in_words(line):
    """A line as it is shown and taken: a single blank for any white space."""
    return line if isinstance(line, InOurLetters) else " ".join(line.split())


def _in_one_line(words):
    """`words` of printable characters alone, as many as there were."""
    return "".join(x if x.isprintable() else "�" for x in words)


# Lines that can be taken in place of one that cannot be read; each of them is read.

MOST = 2
"""Of suggestions for one line."""
_BATCH = str.maketrans("AYZPL", "ayzpL")
_ENTRY = re.compile(r"(?<![A-Za-z_\\.])([ayzbvp])(?![A-Za-z_\[(]|\^\{?T|\s*\.)")
_SUMMED = re.compile(
    r"(Σ|∑|\\sum(?![A-Za-z]))(?!\s*[_^])\s*((?:[^-+−/()]|\([^()]{0,99}\))+)"
)
"""A sum over all entries, and what it sums: Σ y (1 - a)."""


def repairs(
    source: str, problem: Unreadable, letters: tuple, reads: Callable[[str], bool]
) -> list[str]:
    """The first few repaired lines that `reads` admits.

    `letters` are those of the question.  A line that leaves out more than half of what
    was typed is no repair, nor one that ends before a name or a number.

    >>> repairs("a_j - ", Unreadable("…", "a_j - ", 6), (), lambda line: line == "a_j")
    ['a_j']
    >>> repairs(")p\\r1", Unreadable("…", ")p\\r1", 0), (), lambda line: line == "p 1")
    ['p 1']
    >>> repairs("a_j - y_j ) z", Unreadable("…", "a_j - y_j ) z", 10), (), bool)
    ['a_j - y_j z']
    """
    found = []
    lines = map(_in_words, _candidates(source, problem, letters))
    for line in dict.fromkeys(lines):
        if line != source and 2 * len(line) >= len(source) and reads(line):
            found.append(line)
        if len(found) == MOST:
            break
    return found


def _candidates(source: str, problem: Unreadable, letters) -> Iterator[str]:
    at = problem.position
    if isinstance(problem, ShapeError):
        yield from _of_other_shapes(source, letters)
        return
    before, behind = source[:at], source[at:]
    if re.match(r"['’′]\s*_", behind):
        return  # y'_k: without its prime it is another formula
    yield source.rstrip(" \t+-−*/·=^_,;\\")
    if not behind[:1].isalnum() and behind[:1] not in ("\\", ","):
        yield before.rstrip() + behind[1:]
    word = re.match(r"\\?[A-Za-z]+|\d+", behind)
    if word and before.endswith("_"):
        for letter in letters:
            yield f"{before}{letter}{behind[word.end() :]}"
    yield before + behind.replace("**", "^", 1)
    yield source.replace("'", "").replace('"', "").replace("`", "")
    if not re.search(r"\w", behind):
        yield before.rstrip("= ")
    if "=" in source:
        yield source.rpartition("=")[2].strip()


def _of_other_shapes(source, letters):
    """The line of one example; of entries, where it sums too; transposed."""
    yield source.translate(_BATCH)
    if not letters:
        yield _SUMMED.sub(lambda x: f"{x[1]}_k " + _ENTRY.sub(r"\1_k", x[2]), source)
    if len(letters) == 1:
        yield _ENTRY.sub(rf"\1_{letters[0]}", source)
    yield f"({source.strip()})^T"
    if re.search(r"\^\{?T|ᵀ|\.T", source):
        yield source.replace("*", "@")
    yield re.sub(r"\s*\+\s*b\b", " + b 1^T", source)
