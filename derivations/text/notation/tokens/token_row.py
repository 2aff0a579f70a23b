"""A row of tokens in the making: what waits, what is done, what is open."""

from dataclasses import replace
from itertools import pairwise

from lark import Token

from derivations.formulas.indices import Size
from derivations.text.names import SIGMOID
from derivations.text.notation.tokens.characters import CLOSING, made, scan
from derivations.text.notation.tokens.layers import Layers
from derivations.text.notation.tokens.operators import with_operators
from derivations.text.notation.tokens.ratios import Ratios
from derivations.text.unreadable import Unreadable
from derivations.text.vocabulary import METHODS, OTHER_NAMES

MOST_DEPTH = 20
"""Of parentheses within each other; a browser's stack is small."""
MOST_DIGITS = 100
"""Of a number, as it is written or as it comes out."""

MOST_SIGNS = 3
"""Of plus and minus in a row."""
MOST_POWERS = 160
"""Of powers, functions and sums in one formula."""


class TokenRow(Ratios, Layers):
    """Tokens are taken from `waiting`, the next one last, and put into `row`."""

    def __init__(self, source, names, aliases):
        self.source, self.names, self.aliases = source, names, aliases
        own_g = "g" in names.arrays or "g" in names.symbols
        self.waiting = with_operators(scan(source), own_g)[::-1]
        if "pi" in names.arrays or "pi" in names.symbols:  # declared: no output
            pi = (x.update(value="pi") if x == "π" else x for x in self.waiting)
            self.waiting = [*pi]
        if any(token.type == "DOTS" for token in self.waiting):
            symbols = names.symbols | names.counted_to_the_end()
            self.names = replace(names, symbols=symbols)
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

    def opening(self, back=1):
        """Where the parenthesis opens that is closed so far back; else that place."""
        depth, at = 0, len(self.row) - back
        while at > 0:
            depth += (self.row[at] in CLOSING.values()) - (self.row[at] in CLOSING)
            if depth <= 0:
                break
            at -= 1
        return at

    def push(self, kind, value, start, end=None):
        """Put a token back, to be the next one."""
        self.waiting.append(made(kind, value, start, end))

    def inside(self, ahead=1):
        """The scanned tokens between a parenthesis so far ahead and its partner."""
        depth, found = 0, []
        for token in self.waiting[-ahead::-1]:
            depth += (token.type in ("OPEN", "LSQB")) - (
                token.type in ("CLOSE", "RSQB")
            )
            if depth == 0:
                break
            found.append(token)
        return found[1:]

    def is_of_logit(self):
        """Whether the parenthesis that comes next holds a logit, or minus a logit."""
        inside = self.inside() if self.next() == "(" else []
        head, *index = inside[inside[:1] == ["-"] :] or [Token("", "")]
        name = head.partition("_")[0]
        kinds = {"SUB", "OPEN", "CLOSE", "LSQB", "RSQB", "WORD", "NUMBER"}
        is_index = not index or index[0].type in ("SUB", "LSQB")
        is_index &= {x.type for x in index} <= kinds
        return self.aliases.get(name, name) in ("z", "Z") and is_index

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
        is_behind = self.last(2).type == "SUB" or self.last() == "}"
        if token == "[" and is_behind and not below:
            self.waiting.append(token)
            if any(x.type in ("ADD", "SUB") for x in self.inside()):
                token = token.update(
                    type="OPEN"
                )  # d/dz_j [a_i - y_i], \frac{d}{dz_j}[a_i]
            self.waiting.pop()
        self.opened.append((token, below))
        if len(self.opened) > MOST_DEPTH:
            words = f"too deep: at most {MOST_DEPTH} levels are allowed"
            self.refuse(words, token.start_pos)
        self.put(token)

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
        if not self.opened and not self.waiting and self.is_superfluous(token):
            last = self.row.pop()
            return self.row.append(made(last.type, last, last.start_pos, token.end_pos))
        if not self.opened:
            words = f"`{token}` closes nothing"
            self.refuse(words, token.start_pos, suggestions=[without.strip()])
        opening, _ = self.opened.pop()
        if CLOSING[opening] != token:
            words = f"`{token}`: {CLOSING[opening]} is expected to close"
            self.refuse(words, token.start_pos)
        return self.put(token)

    def is_superfluous(self, token):
        """Whether a lone closing parenthesis means the same wherever it is opened.

        This holds behind one product without a quotient of several factors, and behind
        a sum of two terms of which the first is one factor.
        """
        side, depth = [], 0
        for part in reversed(self.row):
            depth += (part in CLOSING.values()) - (part in CLOSING)
            if not depth and part.type in ("REL", "_COMMA"):
                break
            side += [part] * (not depth)
        terms, scripts = [[]], ("SUB", "POWER")
        for before, part in pairwise([Token("", ""), *reversed(side)]):
            if part.type == "ADD" and terms[-1]:
                terms.append([])
            elif part.type != "CALL" and not {before.type, part.type} & {*scripts}:
                terms[-1].append(part)
        *others, last = terms
        kinds = [x.type for x in last]
        is_plain = "/" not in last[:-2] and not {"FUNC", "DIFF"} & {*kinds[:-2]}
        return (
            bool(side)
            and token == ")"
            and is_plain
            and all(len(x) == 1 for x in others)
        )

    def number(self, token):
        digits, _, power = token.lower().partition("e")
        if len(digits) + abs(int(power or 0)) > MOST_DIGITS:
            self.refuse(f"a number has at most {MOST_DIGITS} digits", token.start_pos)
        return (
            self.ones(token)
            if token == "1" and self.is_ones(token)
            else self.put(token)
        )

    def ones(self, token):
        """Put the vector of ones, without the size below it: 1_m."""
        if self.next() == "_":
            length = len(self.inside(2)) + 2 if self.next(2) == "{" else 1
            del self.waiting[-1 - length :]
        self.put(token, "ONE")

    def is_ones(self, token):
        """Whether a 1 is the vector of ones: 1ᵀy, 1_m, or a last factor, (A − Y) 1."""
        ahead = [*(x for x in map(self.next, range(1, 4)) if x != "{"), "", ""]
        if self.is_index() or (ahead[0] == "^" and ahead[1] in ("T", "⊤")):
            return not self.is_index()
        if ahead[0] == "_":
            return isinstance(self.names.symbols.get(ahead[1]), Size)
        is_apart = self.source[token.start_pos - 1 : token.start_pos] in (" ", "ᵀ", "}")
        is_array = self.ranks.get(self.head(), 0) or self.last() == ")"
        return is_apart and bool(is_array) and ahead[0] not in CLOSING

    def head(self):
        """The name at which the operand begins that ends here; none for another one."""
        depth, at = 0, len(self.row) - 1
        while at > 0:
            depth += (self.row[at] in CLOSING.values()) - (self.row[at] in CLOSING)
            is_script = self.row[at - 1].type in ("SUB", "POWER")
            if not depth and not is_script and self.row[at].type != "SUB":
                break
            at -= 1 + (not depth and is_script)
        return self.row[at] if self.row and self.row[at].type == "NAME" else ""

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
        name = letter[0].replace("π", "p")
        self.push("WORD", f"{name}hat", token.start_pos, end)
        self.waiting += opened

    def prime(self, token):
        """Take g′ and sigmoid′; softmax′, or a′ of the logits, is the Jacobian."""
        owner = self.last()
        of_sigmoid = self.aliases.get("σ") == "sigmoid" and owner in SIGMOID
        if owner in ("g", "sigmoid") or of_sigmoid:
            self.row.pop()
            name = "sigmoid_prime" if of_sigmoid else f"{owner}_prime"
            return self.push("WORD", name, owner.start_pos, token.end_pos)
        is_called = self.next() == "("
        is_operand = owner.type in ("NAME", "CLOSE", "RSQB") and owner != "softmax"
        is_operand &= (
            self.source[token.end_pos - 1] in "'’′" and self.last(2).type != "SUB"
        )
        if is_operand and owner.type == "NAME" and self.next() == "_":
            words = (
                f"`{owner}{token}` is not {owner}: give it another letter, such as q"
            )
            self.refuse(words, token.start_pos)
        if is_operand and not is_called and not self.is_index():  # MATLAB's p*p'
            self.push("WORD", "⊤", token.start_pos, token.end_pos)
            return self.push("POWER", "^", token.start_pos, token.start_pos)
        is_output = "a" in (owner, self.aliases.get(owner))
        if owner != "softmax" and not (is_output and is_called):
            words = f"`{token}`: a prime stands behind g, and a formula without quotes"
            self.refuse(words, token.start_pos)
        self.row.pop()
        kinds = {"(": "CALL", "z": "FUNC", "Z": "FUNC"}
        name = owner.update(value="softmax_prime")
        return self.put(name, kinds.get(self.next(), "NAME"))

    def angle(self, token):
        """Take ⟨a, v⟩ as dot(a, v)."""
        self.put(token.update(value="dot"), "CALL")
        self.open(token.update(type="OPEN"))

    def dot(self, token):
        behind = self.next()
        is_next = behind.type == "WORD" and behind.start_pos == token.end_pos
        if is_next and behind in ("T", "shape"):
            self.waiting.pop()
            return self.put(behind, "ATTRIBUTE")
        if is_next and behind in METHODS:
            self.waiting.pop()
            return self.put(
                behind.update(value=OTHER_NAMES.get(behind, behind)), "METHOD"
            )
        is_factor = not is_next or self.splits(behind.partition("_")[0])
        if is_factor and self.row and behind.type not in ("CLOSE", ""):  # dZ . A1^T
            return self.push("MUL", "·", token.start_pos, token.end_pos)
        if is_next:
            words = f"`.{behind[:30]}` is not read here; .T, .sum() and .mean() are"
            self.refuse(words, token.start_pos)
        return self.refuse("`.` is no part of a formula here", token.start_pos)

    def one(self, token):
        """Take 𝟙: before a relation it is a delta, 𝟙{i=j}; else the vector of ones."""
        if self.next().type == "SUB" and self.is_ones(token):
            self.ones(token)
        elif self.next().type == "SUB":
            self.waiting.pop()
        elif not any(x.type == "REL" for x in self.inside()):
            self.put(token)


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
