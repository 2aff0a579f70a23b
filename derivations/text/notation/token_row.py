"""A row of tokens in the making: what waits, what is done, what is open."""

import re

from lark import Token

from derivations.text.notation.characters import made, scan
from derivations.text.unreadable import Unreadable

MOST_DEPTH = 20
"""Of parentheses within each other; a browser's stack is small."""
MOST_DIGITS = 100
"""Of a number, as it is written or as it comes out."""

_LAYER = re.compile(r"(\^\{?)\[(\d|[lL](?:-1)?)\]")
"""A layer above a name."""
MOST_SIGNS = 3
"""Of plus and minus in a row."""
MOST_POWERS = 160
"""Of powers, functions and sums in one formula."""

CLOSING = {"(": ")", "{": "}", "[": "]"}


class TokenRow:
    """Tokens are taken from `waiting`, the next one last, and put into `row`."""

    def __init__(self, source, names, aliases):
        self.source, self.names, self.aliases = source, names, aliases
        self.waiting = _without_full_stop(scan(source))[::-1]
        self.row, self.opened = [], []
        self.ranks = {name: len(entry.indices) for name, entry in names.entries.items()}
        self.ranks |= {name: self.ranks.get(ours, 1) for name, ours in aliases.items()}

    def refuse(self, words, at, kind=Unreadable, suggestions=()):
        raise kind(words, self.source, at, suggestions)

    # Tokens before and behind

    def put(self, token, kind=None):
        kind = kind or {"COMMA": "_COMMA"}.get(token.type, token.type)
        self.row.append(made(kind, token, token.start_pos, token.end_pos))

    def last(self, back=1):
        return self.row[-back] if len(self.row) >= back else Token("", "")

    def next(self, ahead=1):
        return self.waiting[-ahead] if len(self.waiting) >= ahead else Token("", "")

    def push(self, kind, value, start, end=None):
        """Put a token back, to be the next one."""
        self.waiting.append(made(kind, value, start, end))

    def inside(self):
        """The scanned tokens between a parenthesis that comes next and its partner."""
        depth, found = 0, []
        for token in reversed(self.waiting):
            depth += (token.type in ("OPEN", "LSQB")) - (
                token.type in ("CLOSE", "RSQB")
            )
            if depth == 0:
                break
            found.append(token)
        return found[1:]

    def is_index(self):
        """Whether an index stands here: behind an underscore, or in its braces."""
        below = self.last().type == "SUB" and self.last(2).type != "NABLA"
        return below or bool(self.opened and self.opened[-1][1])

    # Parentheses and numbers

    def open(self, token):
        below = (self.last().type == "SUB" and self.last(2).type != "NABLA") or (
            token == "{" and bool(self.opened and self.opened[-1][1])
        )
        self.opened.append((token, below))
        if len(self.opened) > MOST_DEPTH:
            self.refuse(f"too deep: {MOST_DEPTH} levels are the most", token.start_pos)
        self.put(token)

    def close(self, token):
        without = self.source[: token.start_pos] + self.source[token.end_pos :]
        if not self.opened:
            words = f"`{token}` closes nothing"
            self.refuse(words, token.start_pos, suggestions=[without.strip()])
        opening, _ = self.opened.pop()
        if CLOSING[opening] != token:
            words = f"`{token}`: {CLOSING[opening]} is expected to close"
            self.refuse(words, token.start_pos)
        self.put(token)

    def number(self, token):
        digits, _, power = token.lower().partition("e")
        if len(digits) + abs(int(power or 0)) > MOST_DIGITS:
            self.refuse(f"a number has at most {MOST_DIGITS} digits", token.start_pos)
        self.put(token)

    def fraction(self, token):
        r"""Take \frac, and cut what stands behind it without braces: \frac1m."""
        self.put(token)
        for part in (1, 2):
            behind = self.next(part)
            if behind.type == "OPEN":
                return  # the second part may be short, and needs no cut
            if behind.type in ("NUMBER", "WORD") and behind[1:].isalnum():
                at, start = len(self.waiting) - part, behind.start_pos
                first = made(behind.type, behind[0], start)
                self.waiting[at] = made(behind.type, behind[1:], start + 1)
                self.waiting.insert(at + 1, first)

    def hat(self, token):
        r"""Take ŷ for \hat y, \hat{y}, and \hat{y_i}, whose index stays."""
        braces = self.next() == "{"
        letter = self.next(1 + braces)
        if letter.type != "WORD":
            self.refuse("a letter is expected below the hat: \\hat{y}", token.start_pos)
        is_closed = braces and self.next(3).type == "CLOSE"
        end = self.next(3).end_pos if is_closed else letter.start_pos + 1
        opened = [self.next()] if braces and not is_closed else []
        del self.waiting[-(1 + braces + is_closed) :]
        if letter[1:]:
            index = letter[1:].removeprefix("_")
            self.push("WORD", index, letter.end_pos - len(index))
            if len(index) < len(letter) - 1:
                self.push("SUB", "_", letter.start_pos + 1)
        self.push("WORD", f"{letter[0]}hat", token.start_pos, end)
        self.waiting += opened

    def one(self, token):
        """Take 𝟙: before a relation it is a delta, 𝟙{i=j}; else the vector of ones."""
        if self.next().type == "SUB":
            self.waiting.pop()
        elif not any(x.type == "REL" for x in self.inside()):
            self.put(token)

    def prime(self, token):
        """Take the prime of g', of softmax' and of softmax'(z)."""
        owner = self.last()
        if owner not in ("g", "softmax"):
            words = f"`{token}`: a prime stands behind g, and a formula without quotes"
            self.refuse(words, token.start_pos)
        self.row.pop()
        self.push("WORD", f"{owner}_prime", owner.start_pos, token.end_pos)
        if owner == "softmax":
            name = self.waiting.pop()
            kinds = {"(": "CALL", "z": "FUNC", "Z": "FUNC"}
            self.put(name, kinds.get(self.next(), "NAME"))

    def has_differential(self):
        """Whether the operand that ends here begins with a differential."""
        depth = 0
        for token in reversed(self.row):
            depth += (token.type in ("CLOSE", "RSQB")) - (
                token.type in ("OPEN", "LSQB")
            )
            if depth < 0 or (
                depth == 0 and token.type in ("MUL", "ADD", "REL", "_COMMA")
            ):
                return False
            if token.type == "DIFF":
                return True
        return False

    # Layers

    def above(self, token):
        """Take ^; a layer behind an index is that of the name before it: a_j^{[2]}."""
        self.waiting.append(token)
        at = len(self.row) - 1
        if self.last() in CLOSING.values():
            opening = {")": "(", "}": "{", "]": "["}[self.last()]
            while at and self.row[at] != opening:
                at -= 1
        name = self.row[at - 2] if at > 1 and self.row[at - 1].type == "SUB" else None
        if name is not None and name.type == "NAME":
            named = self.with_layer(name)
            self.row[at - 2] = made("NAME", named, name.start_pos, name.end_pos)
        if self.next() is not token:
            return
        if _LAYER.match("".join(map(self.next, range(1, 9)))):
            self.refuse("a layer stands above a letter: a^{[2]}", token.start_pos)
        self.put(self.waiting.pop())

    def with_layer(self, token):
        """The array of a layer: W^{[1]} is W1, and the last, W^{[L]}, is W."""
        above = "".join(map(self.next, range(1, 9)))
        layer = _LAYER.match(above)
        if not layer or not (token in self.ranks or token in self.aliases):
            return token
        name = self.of_layer(token, layer[2])
        length = len(layer[1]) + 2 + (3 if "-" in layer[2] else 1)
        end = self.next(length).end_pos
        behind = self.waiting[:-length]
        if layer[1] == "^{" and behind[-1:] == ["}"]:
            end = behind.pop().end_pos
        elif layer[1] == "^{":  # a^{[2](i)}, A^{[1]T}
            behind += [self.next(2), self.next()]
        self.waiting = behind
        return made("WORD", name, token.start_pos, end)

    def of_layer(self, token, layer):
        is_last = layer in ("2", "l", "L")
        names = [token + layer, token] if is_last else [token + layer]
        if layer in ("0", "l-1", "L-1"):
            names = ["A_prev"] * (token in ("A", "X"))
        for name in names:
            if name in self.names.arrays or name in self.aliases:
                return name
        words = "W1, b1, Z1 and A1 are of a hidden layer, W, b, Z and A of the last"
        words = f"`{token}^[{layer}]` is not known: {words}"
        return self.refuse(words, token.start_pos)


def _without_full_stop(scanned):
    """The tokens without the full stop or comma that ends a sentence."""
    closing = {"CLOSE", "RSQB", "DOT", "COMMA"}
    end = len(scanned)
    while end and scanned[end - 1].type in closing:
        end -= 1
    return scanned[:end] + [x for x in scanned[end:] if x.type not in ("DOT", "COMMA")]


def refuse_long(row, source):
    """Refuse too many signs in a row, and too many powers in a text."""
    signs = powers = 0
    for token in row:
        signs = signs + 1 if token.type == "ADD" else 0
        powers += token.type in ("POWER", "FUNC", "CALL", "SUM", "NABLA", "DIFF")
        if signs > MOST_SIGNS:
            words = f"at most {MOST_SIGNS} signs stand in a row"
            raise Unreadable(words, source, token.start_pos)
        if powers > MOST_POWERS:
            words = "too many powers, functions and sums"
            raise Unreadable(words, source, token.start_pos)
