"""Runs of letters as names, functions, indices and differentials.

`aj` is a with the index j, `_ij` are two indices, `dz_j` is a differential, `A.T` has
an attribute: what a run of letters means depends on the names that are known, and on
the tokens around it.  Each token keeps its place in the source.
"""

import re
from collections.abc import Mapping
from itertools import pairwise

from lark import Token

from derivations.text.names import ENTROPIES, SIGMOID
from derivations.text.notation.tokens.characters import made
from derivations.text.notation.tokens.pieces import Pieces
from derivations.text.notation.tokens.token_row import CLOSING, TokenRow, refuse_long
from derivations.text.unreadable import Unreadable
from derivations.text.vocabulary import (
    FUNCTIONS,
    INSTEAD,
    NEAR,
    OTHER_NAMES,
    Names,
    what_to_write_for,
)

MOST_WORDS = 3
"""Of a name, such as softmax_output, with underscores between."""
LIBRARIES = {
    *("np", "numpy", "torch", "jnp", "jax", "tf", "math", "scipy", "special", "F"),
    *("nn", "linalg", "functional", "self"),
}
KEYWORDS = {"axis", "dim", "keepdims", "keepdim", "True", "False", "None", "newaxis"}
KEYWORDS |= {"dims", "float32", "float64", "int"}
ELSEWHERE = INSTEAD | NEAR
LETTERS = {"e", "T", "⊤", "I", "H", "delta", "σ", "Ls", "Sigma"}
"""Letters that mean something beside the names of the series."""


def tokens(source: str, names: Names, aliases: Mapping[str, str]) -> list[Token]:
    """The tokens of a text as the grammar takes them.

    Raises Unreadable for a word that means nothing here, for parentheses that do not
    match, and for what is too long or too deep.

    >>> from derivations.text.vocabulary import SERIES
    >>> [token.type for token in tokens("2aj - y_j", SERIES, {})]
    ['NUMBER', 'NAME', 'SUB', 'NAME', 'ADD', 'NAME', 'SUB', 'NAME']
    """
    row = _Words(source, names, aliases).resolved()
    refuse_long(row, source)
    return row


class _Words(TokenRow, Pieces):
    """A row in which runs of letters become names, functions and indices."""

    def resolved(self):
        kinds = {
            "WORD": self.word,
            "NUMBER": self.number,
            "OPEN": self.open,
            "LSQB": self.open,
            "CLOSE": self.close,
            "RSQB": self.close,
            "ONE": self.one,
            "HAT": self.hat,
            "DOT": self.dot,
            "PRIME": self.prime,
            "ANGLE": self.angle,
            "OVER": self.split_fraction,
            "DIFF": self.differential,
            "NABLA": self.nabla,
            "POWER": self.above,
            "FRAC": self.fraction,
            "SUM": self.total,
            "MUL": self.factor,
        }
        while self.waiting:
            token = self.waiting.pop()
            kinds.get(token.type, self.put)(token)
        if not self.row:
            words = "this is empty: type a formula, such as a_j - y_j"
            self.refuse(words, 0)
        if self.opened and self.is_closed_by_the_end():
            end = len(self.source)
            self.close(Token("CLOSE", ")", start_pos=end, end_pos=end))
        if self.opened:
            token, _ = self.opened[-1]
            closed = self.source.rstrip() + "".join(
                CLOSING[one] for one, _ in reversed(self.opened)
            )
            words = f"`{token}` is not closed: {CLOSING[token]} is expected"
            raise Unreadable(words, self.source, token.start_pos, [closed])
        return self.row

    # Words

    def is_known(self, word):
        return (
            word in self.names.symbols
            or word in self.names.arrays
            or word in self.aliases
            or word in FUNCTIONS
            or word in OTHER_NAMES
            or word in LETTERS
            or word in KEYWORDS
            or (len(word) > 1 and word.lower() in FUNCTIONS)  # Sigmoid, SUM
        )

    def splits(self, word):
        return self.is_known(word) or bool(self.arrays_in(word))

    def has_head(self, word):
        """Whether a word is known, or what stands before its index."""
        head, _, index = word.partition("_")
        letters = {*self.names.indices} | {*"0123456789"}
        return self.is_known(word) or (self.splits(head) and {*index} <= letters)

    def two_in(self, token):
        """The two names in a program's dL_dz, dLdz or dzidzj; else nothing."""
        is_whole = token[0] != "d" or self.is_known(token[1:])
        for cut in re.finditer("d", "" if is_whole else token[2:]):
            above, below = token[1 : cut.end() + 1], token[cut.end() + 2 :]
            pair = above.removesuffix("_"), below
            if all(map(self.has_head, pair)):
                return pair
        return ()

    def word(self, token):
        if self.is_index():
            return self.indices(token)
        if token[:2] == "d2" and self.has_head(token[2:]):  # d2L
            self.push("WORD", token[2:], token.start_pos + 2)
            self.push("NUMBER", "2", token.start_pos + 1)
            self.push("POWER", "^", token.start_pos + 1)
            return self.put(made("DIFF", "d", token.start_pos))
        if pair := self.two_in(token):
            at = token.end_pos - len(pair[1]) - 1
            self.push("WORD", "d" + pair[1], at)
            if self.last().type != "OVER":  # d2L/dzidzj
                self.push("MUL", "/", at)
            return self.push("WORD", "d" + pair[0], token.start_pos)
        if token.endswith("_curr"):  # dW_curr, of the layer that is asked about
            end = token.end_pos
            token = made("WORD", token.removesuffix("_curr"), token.start_pos, end)
        cuts = [found.start() for found in re.finditer("_", token)][:MOST_WORDS]
        heads = [token[:cut] for cut in (None, *reversed(cuts))]
        known = (x for x in heads if self.is_known(x) or x[1:] in self.aliases)
        head = next((x for x in known if x[:1] == "d" or self.is_known(x)), heads[-1])
        end = token.start_pos + len(head)
        if token.end_pos - token.start_pos != len(token):
            end = token.end_pos  # written otherwise: \log, α
        if len(head) < len(token):
            self.push("WORD", token[len(head) + 1 :], end + 1)
            self.push("SUB", "_", end)
        return self.take(made("WORD", head, token.start_pos, end))

    def take(self, token):
        """Take a word without an underscore."""
        token = self.in_our_words(self.with_layer(token))
        self.refuse_raised_function(token)
        behind = self.next()
        if token in LIBRARIES and behind.type == "DOT":
            self.waiting.pop()
            if self.next().type == "WORD":
                name = self.waiting.pop()
                self.push("WORD", name, token.start_pos, name.end_pos)
        elif token.lower() in ELSEWHERE and not self.is_known(token):
            self.refuse(what_to_write_for(token, self.names), token.start_pos)
        elif token in ("sum", "Sum") and self.has_limits():
            self.total(token)
        elif token == "max" and behind.type == "SUB":
            self.largest(token)
        elif kind := self.own_kind(token):
            self.put(token, kind)
        elif token == "T" and self.is_transposition_of(token):
            self.push("WORD", "⊤", token.start_pos)
            self.push("POWER", "^", token.start_pos)
        elif token in FUNCTIONS and not (token in self.aliases and behind != "("):
            self.put(token, "CALL" if behind.type in ("OPEN", "LSQB") else "FUNC")
        elif token == "d" and self.is_differential_alone():
            self.put(token, "DIFF")
        elif self.is_known(token):
            self.name(token)
        elif token[0] == "d" and len(token) > 1 and self.splits(token[1:]):
            self.push("WORD", token[1:], token.start_pos + 1, token.end_pos)
            self.push("DIFF", "d", token.start_pos)
        else:
            self.unknown(token)

    def has_limits(self):
        """Whether a sum is one with limits, and no call: sum_k y_k, sum(k=1..n) y_k."""
        if self.next().type not in ("OPEN", "LSQB"):
            return True
        letter, sign, *_ = [*self.inside(), *[Token("", "")] * 2]
        is_limit = letter in self.names.indices and sign.type == "REL"
        if is_limit:
            self.push("SUB", "_", letter.start_pos)
        return is_limit

    def refuse_raised_function(self, token):
        """Refuse an exponent between a function and its argument: softmax^2(z)."""
        length = len(self.inside(2)) + 2 if self.next(2) == "{" else 1
        is_raised = self.next() == "^" and self.next(2 + length) == "("
        is_raised &= "PRIME" not in (self.next(2).type, self.next(3).type)
        if is_raised and token in {*FUNCTIONS, "σ"} - {"g"}:
            words = f"a power of {token} stands behind it: {token}(z)^2"
            self.refuse(words, token.start_pos)

    def is_transposition_of(self, token):
        """Whether a T ends what stands before: a^{(i)T}, A[1]T."""
        if re.search(r"\^\{?\([a-z]\)\}?$", "".join(self.row[-6:])):
            return True
        last, is_free = self.last(), "T" not in self.names.symbols
        is_behind = (
            last.type in ("NAME", "CLOSE", "RSQB") and last.end_pos == token.start_pos
        )
        return is_free and is_behind

    def own_kind(self, token):
        """The kind of D in D_j a_i, and of σ and H where called; or nothing."""
        if token == "D" and self.next() == "_" and not self.is_known(token):
            return "NABLA"
        is_entropy = token in ENTROPIES and self.aliases.get(token) == ENTROPIES[token]
        is_called = is_entropy and self.next() == "("
        return "CALL" if is_called or self.is_sigma(token) else ""

    def is_sigma(self, token):
        """Whether σ is called here; in σ(1 − σ) it is a factor."""
        inside = [*self.inside(), ""] if self.next() == "(" else []
        alone = [
            one for one, behind in pairwise(inside) if one == "σ" and behind != "("
        ]
        return token == "σ" and bool(inside) and not alone

    def in_our_words(self, token):
        """The word as we write it: Diag(a) is diag(a)."""
        behind = self.next()
        of_sigmoid = self.aliases.get("σ") == "sigmoid" and token in SIGMOID
        is_word = token not in self.aliases | self.names.symbols
        is_function = len(token) > 1 and token.lower() in FUNCTIONS
        if is_word and is_function and token not in {*FUNCTIONS, *self.names.arrays}:
            token = token.update(value=token.lower())
        if of_sigmoid and (self.is_of_logit() or self.is_sigma(token)):
            return token.update(value="sigmoid")
        if token == "t" and behind == "(" and self.is_transposed():
            return token.update(value="transpose")
        if behind.type == "OPEN" and (is_word or token == "onehot"):
            return token.update(value=OTHER_NAMES.get(token, token))
        return token.update(value="sum") if token == "Sigma" else token

    def is_transposed(self):
        """Whether t(…) is R's transposition: of a matrix, or beside R's product."""
        word, *more = self.inside() or [""]
        return "%" in self.source or (not more and self.ranks.get(word) == 2)

    def name(self, token):
        """Take a name, or drop the I of an indicator: I{i=j} is the delta itself."""
        token = self.with_subscript(token)
        if token == "I" and self.next().type == "SUB" and self.next(2) == "{":
            underscore = self.waiting.pop()
            if any(x.type == "REL" for x in self.inside()):
                return
            self.waiting.append(underscore)
        if token != "I" or not any(x.type == "REL" for x in self.inside()):
            self.put(token, "NAME")
        behind = self.next()
        is_joined = behind.type == "WORD" and behind.start_pos == token.end_pos
        if token == "delta" and behind == "{":
            self.push("SUB", "_", behind.start_pos, behind.start_pos)
        if is_joined and set(behind) <= set(self.names.indices):  # δij
            self.push("SUB", "_", behind.start_pos, behind.start_pos)

    def with_subscript(self, token):
        """The name with the word below it: N_P is NP, where that is known."""
        length = 4 if self.next(2).type == "OPEN" else 2
        word = self.next(length - length // 4)
        closed = length == 2 or self.next(4).type == "CLOSE"
        for name in (f"{token}{word}", f"{token}_{word}"):
            if (
                self.next() == "_"
                and word
                and closed
                and (name in self.names.symbols or name in self.names.arrays)
            ):
                end = self.next(length).end_pos
                del self.waiting[-length:]
                return made("WORD", name, token.start_pos, end)
        return token

    def indices(self, token):
        """Letters that count: behind an underscore no more than belong to it."""
        token = self.with_subscript(token)
        at, taken = token.start_pos, []
        joined = token.replace("_", "")
        if len(joined) > 1 and joined in self.names.symbols:
            return self.put(made("NAME", joined, at, token.end_pos))
        first, underscore, _ = token.partition("_")
        pieces = re.findall(r"[A-Za-z]|\d+", first)
        if underscore and len(pieces) > 1:
            pieces.pop()  # p_jp_i: the last letter has an index of its own
        for piece in pieces:
            if piece not in (*self.names.indices, "y") and not piece.isdigit():
                break
            taken.append(piece)
        length = sum(map(len, taken))
        of_class = token.startswith("y_")  # f_{y_i}, of the class of example i
        if not taken or (
            self.last().type != "SUB" and length < len(token) and not of_class
        ):
            words = (
                "an index is a letter that counts, such as i, j, k or s, or a number"
            )
            if len(token) > 1:
                self.refuse(f"`{token}`: {words}", at)
            return self.put(token, "NAME")
        if length < len(token):
            self.push("WORD", token[length:].lstrip("_"), at + length)
            if token[length] == "_":
                self.push("SUB", "_", at + length)
        if length == len(token) and self.last().type == "SUB":
            taken += self.behind_comma(len(taken))
        several = len(taken) > 1 and self.last().type == "SUB"
        if several:
            self.put(made("OPEN", "{", at, at))
        for piece in taken:
            kind = "NUMBER" if piece.isdigit() else "NAME"
            self.put(made(kind, piece, at))
            at += len(piece)
        if several:
            self.put(made("CLOSE", "}", at, at))
        return None

    def behind_comma(self, count):
        """The second letter of A_j,s, where the array has one more."""
        comma, letter = self.next(), self.next(2)
        if (
            self.ranks.get(self.last(2), 0) > count
            and comma.type == "COMMA"
            and letter in self.names.indices
            and letter.start_pos == comma.end_pos
        ):
            self.waiting.pop()
            return [self.waiting.pop()]
        return []
