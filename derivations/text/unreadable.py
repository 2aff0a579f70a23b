"""What is said of a text that cannot be read: what is expected, where, what to take."""

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
        self.suggestions = tuple(" ".join(line.split()) for line in suggestions)
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
        """The same of a text, and of a place in it, which it does not yet know."""
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


def _in_one_line(words):
    """`words` of printable characters alone, as many as there were."""
    return "".join(x if x.isprintable() else "�" for x in words)
