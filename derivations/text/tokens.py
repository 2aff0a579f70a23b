"""The characters and words of a formula as text, and what to write for others.

`check` accepts a row of operands and operators in closed parentheses that is not too
long and not too deep.  Python's `ast` can then parse it without a warning.
"""

import re
from collections.abc import Container
from keyword import iskeyword

from derivations.advice import Door, at_door

MOST_CHARACTERS = 1_000
"""The longest formula of a theorem has 200."""
MOST_DEPTH = 20
"""Of parentheses and powers within each other; a browser's stack is small."""
MOST_DIGITS = 100
"""Of a number, as it is written or as it comes out."""
MOST_PREFIXES = 3
"""Of plus and minus before one operand."""

_PART = "a name, a number or a parenthesis"
_SUM = "Sum(f, (k, 1, n))"
_EXCEPT = "SumExcept(f, (i, 1, n), j), a sum over i ≠ j"
_POWERS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", range(10), strict=True))
_INSTEAD = {
    "^": "**",
    "{": "(",
    "}": ")",
    "!=": _EXCEPT,
    "≠": _EXCEPT,
    "Σ": _SUM,
    "∑": _SUM,
    "∂": "Derivative(L, z[j])",
    "δ": "KroneckerDelta(i, j)",
    "√": "sqrt(x)",
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "λ": "lam",
    "÷": "/",
    "∕": "/",
    "½": "1/2",
    **dict.fromkeys("\u2212\u2013\u2014\u2010\u2011\u2012\uff0d", "-"),
    **dict.fromkeys("\u00b7\u00d7\u22c5\u2219\u2022\u2217", "*"),
    **{letter: f"**{number}" for letter, number in _POWERS.items()},
}


class Unreadable(ValueError):  # noqa: N818 (an answer, not a fault)
    """A text that is no formula: what is expected instead, and where (from 0).

    >>> print(Unreadable("`^`: write **", "a[i]^2", 4))
    `^`: write **
    a[i]^2
        ^
    """

    def __init__(self, expected, source, position):
        self.words, self.source = expected, source
        self.position = max(0, min(position, len(source)))
        super().__init__(expected, source, position)

    @property
    def expected(self):
        """What is expected instead, in one line."""
        return _in_one_line(self.words)

    def at(self, door: Door) -> "Unreadable":
        """The same with the words that are said where it is read."""
        return Unreadable(at_door(self.words, door), self.source, self.position)

    def __str__(self):
        first, last = max(0, self.position - 40), self.position + 40
        before = "…" if first else ""
        after = "…" if last < len(self.source) else ""
        around = _in_one_line(self.source[first:last])
        caret = " " * (len(before) + self.position - first) + "^"
        return f"{self.expected}\n{before}{around}{after}\n{caret}"


def no_name(word: str) -> str:
    """What is said of a word that Python keeps for itself.

    >>> no_name("lambda")
    "`lambda` is no name here, for it is Python's word: write lam"
    """
    instead = f"write {_INSTEAD['λ']}" if word == "lambda" else f"{_PART} is expected"
    return f"`{word}` is no name here, for it is Python's word: {instead}"


def _in_one_line(words):
    """`words` of printable characters alone, as many as there were."""
    return "".join(x if x.isprintable() else "�" for x in words)


_TOKEN = re.compile(
    r"(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<mark>\*\*|[-+*/()\[\],])"
    r"|(?P<other>[!=]=|.)",
    re.ASCII | re.DOTALL,
)
_CLOSES = {"(": ")", "[": "]"}


def check(source: str, functions: Container[str] = ()) -> None:
    """Refuse a text that is no row of operands and operators.

    `functions` are the names that may be called.  Raises Unreadable.

    >>> check("exp(z[i])/S - 1")
    >>> check("2a")
    Traceback (most recent call last):
    derivations.text.tokens.Unreadable: `2a`: write 2*a
    2a
     ^
    """
    if len(source) > MOST_CHARACTERS:
        words = f"too long: {len(source)} characters, {MOST_CHARACTERS} are the most"
        raise Unreadable(words, source, MOST_CHARACTERS)
    row = _Row(source, functions)
    for token in _TOKEN.finditer(source):
        if not token.group().isspace():
            row.take(token.lastgroup, token.group(), token.start())
    row.end()


class _Row:
    """What was read so far: whether an operand is due, and which parentheses are open.

    `opened` holds the position of each open parenthesis, `powers` the number of ** in a
    row at each level.
    """

    def __init__(self, source, functions):
        self.source, self.functions = source, functions
        self.due, self.opened, self.powers, self.prefixes = True, [], [0], 0
        self.kind, self.word, self.at = "", "", 0

    def refuse(self, words, at):
        raise Unreadable(words, self.source, at)

    def take(self, kind, word, at):
        if kind == "other":
            self.refuse(self.instead(word), at)
        if kind == "number":
            self.number(word, at)
        if iskeyword(word):
            self.refuse(no_name(word), at)
        (self.operand if self.due else self.operator)(kind, word, at)
        self.kind, self.word, self.at = kind, word, at
        if len(self.opened) + sum(self.powers) > MOST_DEPTH:
            self.refuse(f"too deep: {MOST_DEPTH} levels are the most", at)

    def number(self, word, at):
        digits, _, power = word.lower().partition("e")
        # No text of a thousand characters is long for `int`, a power of ten is.
        if len(digits) + abs(int(power or 0)) > MOST_DIGITS:
            self.refuse(f"a number has at most {MOST_DIGITS} digits", at)
        if re.match(r"0\d", word):
            self.refuse(f"`{word}`: write {word.lstrip('0') or 0}", at)

    def operand(self, kind, word, at):
        if kind in ("number", "name"):
            self.due = False
        elif word == "(":
            self.open(at)
        elif word in "+-":
            self.prefixes += 1
            if self.prefixes > MOST_PREFIXES:
                self.refuse(f"at most {MOST_PREFIXES} signs stand in a row", at)
        elif word == "[":
            self.refuse("`[`: an index stands behind the name of an array: a[i]", at)
        elif self.word == "(" and word == ")":
            self.refuse(f"`()`: {_PART} is expected between", at)
        elif not self.word:
            self.refuse(f"`{word}`: {_PART} is expected first", at)
        else:
            self.refuse(f"`{word}` behind `{self.word}`: {_PART} is expected", at)

    def operator(self, kind, word, at):
        if kind in ("number", "name") or word in "([":
            self.joined(kind, word, at)
        elif word in ")]":
            self.close(word, at)
        elif word == "," and not self.opened:
            self.refuse("`,`: one formula is expected; a decimal is written 0.5", at)
        else:
            self.due, self.prefixes = True, 0
            self.powers[-1] = self.powers[-1] + 1 if word == "**" else 0

    def joined(self, kind, word, at):
        """Read an operand behind another: a call, an index, or a missing sign."""
        both = f"{self.source[self.at : at]}{word}"
        if self.kind == "name" and word in "([":
            self.open(at)
        elif word == "[":
            shape = "a[i, s]" if self.word == "]" else "a[i]"
            self.refuse(f"`{both}`: only an array has an index, as in {shape}", at)
        elif self.word in self.functions and kind:
            self.refuse(f"`{both}`: write {self.word}({word})", at)
        elif self.word in (")", "]"):
            self.refuse(f"`{word}` behind `{self.word}`: write * between them", at)
        else:
            self.refuse(f"`{both}`: write {self.word}*{word}", at)

    def open(self, at):
        self.opened.append(at)
        self.powers.append(0)
        self.due, self.prefixes = True, 0

    def close(self, word, at):
        if not self.opened:
            self.refuse(f"`{word}` closes nothing", at)
        opening = self.source[self.opened.pop()]
        self.powers.pop()
        if _CLOSES[opening] != word:
            self.refuse(f"`{word}`: {_CLOSES[opening]} is expected to close", at)
        self.due = False

    def end(self):
        if not self.word:
            self.refuse("nothing is written: a formula is expected: a[j] - y[j]", 0)
        if self.due:
            words = f"nothing behind `{self.word}`: {_PART} is expected"
            self.refuse(words, len(self.source))
        if self.opened:
            at = self.opened[-1]
            closing = _CLOSES[self.source[at]]
            self.refuse(f"`{self.source[at]}` is not closed: write {closing}", at)

    def instead(self, word):
        if self.word.endswith("_") and word == "{":
            return f"`{self.word}{{`: write {self.word[:-1] or 'a'}[i]"
        if word in _INSTEAD:
            return f"`{word}`: write {_INSTEAD[word]}"
        if word in ("=", "=="):
            return f"`{word}`: write one side alone"
        if word in "\"'`":
            return f"{word} : a formula stands without quotes"
        if word.isalpha() and not word.isascii():
            return f"`{word}`: a name has letters from a to z; an index is written a[i]"
        return f"`{word}` is no part of a formula: {_PART} is expected"
