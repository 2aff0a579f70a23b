"""A row of tokens in the making: what waits, what is done, what is open."""

from lark import Token

from derivations.text.unreadable import Unreadable

MOST_DEPTH = 20
"""Of parentheses within each other; a browser's stack is small."""
MOST_DIGITS = 100
"""Of a number, as it is written or as it comes out."""

CLOSING = {"(": ")", "{": "}", "[": "]"}
MOST_SIGNS = 3
"""Of plus and minus in a row."""
MOST_POWERS = 160
"""Of powers, functions and sums in one formula."""


class TokenRow:
    """Tokens are taken from `waiting`, the next one last, and put into `row`."""

    def __init__(self, source, scanned):
        self.source, self.waiting = source, scanned[::-1]
        self.row, self.opened = [], []

    def refuse(self, words, at, kind=Unreadable, suggestions=()):
        raise kind(words, self.source, at, suggestions)

    # Tokens before and behind

    def put(self, token, kind=None):
        kind = kind or {"COMMA": "_COMMA"}.get(token.type, token.type)
        self.row.append(
            Token(kind, token, start_pos=token.start_pos, end_pos=token.end_pos)
        )

    def last(self, back=1):
        return self.row[-back] if len(self.row) >= back else Token("", "")

    def next(self, ahead=1):
        return self.waiting[-ahead] if len(self.waiting) >= ahead else Token("", "")

    def push(self, kind, value, start, end=None):
        """Put a token back, to be the next one."""
        end = start + len(value) if end is None else end
        self.waiting.append(Token(kind, value, start_pos=start, end_pos=end))

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
        return self.is_below() or bool(self.opened and self.opened[-1][1])

    def is_below(self):
        """Whether an underscore stands before, and not that of ∇_z or ∇²_z."""
        before = [x for x in self.row[-6:-1] if x not in ("^", "2", "{", "}")]
        is_nabla = bool(before) and before[-1].type == "NABLA"
        return self.last().type == "SUB" and not is_nabla

    # Parentheses and numbers

    def open(self, token):
        below = self.is_below() or (
            token == "{" and bool(self.opened and self.opened[-1][1])
        )
        if token == "{":
            self.waiting.append(token)
            depths = 0
            for inner in self.inside():
                depths += (inner in CLOSING) - (inner in CLOSING.values())
                if inner.type == "OVER" and not depths:  # {a \over b}
                    self.put(token.update("FRAC", "frac"))
            self.waiting.pop()
        if token == "[" and self.last(2).type == "SUB" and not below:
            self.waiting.append(token)
            if any(x.type in ("ADD", "SUB") for x in self.inside()):
                token = token.update(type="OPEN")  # d/dz_j [a_i - y_i]
            self.waiting.pop()
        self.opened.append((token, below))
        if len(self.opened) > MOST_DEPTH:
            self.refuse(f"too deep: {MOST_DEPTH} levels are the most", token.start_pos)
        self.put(token)

    def split_fraction(self, token):
        r"""Take \over, which stands between the parts of a fraction."""
        if not self.opened or self.opened[-1][0] != "{":
            self.refuse(r"`\over`: write \frac{…}{…}", token.start_pos)
        self.put(token.update("CLOSE", "}"))
        self.put(token.update("OPEN", "{"))

    def is_closed_by_the_end(self):
        """Whether one parenthesis is open, and can be closed nowhere but at the end.

        Behind a function one factor stands in it, behind a factor a sum or a difference
        of two; where nothing stands before it, the line may have been cut off.
        """
        (token, _), *more = self.opened
        at = next(
            x for x in range(len(self.row)) if self.row[x].start_pos == token.start_pos
        )
        if more or token != "(" or not at:
            return False
        depth, factors, inside = 0, 0, self.row[at + 1 :]
        for before, part in zip(self.row[at:], inside, strict=False):
            depth += (part in CLOSING) - (part in CLOSING.values())
            if not depth and part.type in ("MUL", "REL", "_COMMA", "FUNC", "CALL"):
                return False
            if before.type != "SUB" and (
                part.type in ("NAME", "NUMBER") or part in CLOSING
            ):
                factors += depth == (part in CLOSING)
        signs = [x for x in inside[1:] if x.type == "ADD"]
        of_function = self.row[at - 1].type in ("CALL", "FUNC")
        return factors == len(signs) + 1 == (1 if of_function else 2)

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
                self.waiting.pop(-part)
                start = behind.start_pos
                pieces = [(behind[1:], start + 1), (behind[0], start)]
                whole = [
                    Token(behind.type, x, start_pos=at, end_pos=at + len(x))
                    for x, at in pieces
                ]
                self.waiting[len(self.waiting) - part + 1 :] = [
                    *whole,
                    *self.waiting[len(self.waiting) - part + 1 :],
                ]

    def one(self, token):
        """Take 𝟙: before a relation it is a delta, 𝟙{i=j}; else the vector of ones."""
        if self.next().type == "SUB":
            self.waiting.pop()
        elif not any(x.type == "REL" for x in self.inside()):
            self.put(token)

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


def without_full_stop(scanned: list[Token]) -> list[Token]:
    """The tokens without the full stop or comma that ends a sentence."""
    closing = {"CLOSE", "RSQB", "DOT", "COMMA"}
    end = len(scanned)
    while end and scanned[end - 1].type in closing:
        end -= 1
    return scanned[:end] + [x for x in scanned[end:] if x.type not in ("DOT", "COMMA")]


def refuse_long_rows(row: list[Token], source: str) -> None:
    """Refuse many signs in a row, and many powers, functions and sums."""
    signs = powers = 0
    for token in row:
        signs = signs + 1 if token.type == "ADD" else 0
        powers += token.type in ("POWER", "FUNC", "CALL", "HAT", "SUM", "NABLA", "DIFF")
        if signs > MOST_SIGNS:
            words = f"at most {MOST_SIGNS} signs stand in a row"
            raise Unreadable(words, source, token.start_pos)
        if powers > MOST_POWERS:
            words = "too many powers, functions and sums"
            raise Unreadable(words, source, token.start_pos)
