"""Runs of letters that mean nothing as a whole: aj, WX, aT, dij."""

import re
from difflib import get_close_matches

from derivations.formulas.indices import size_of
from derivations.text.notation.tokens.characters import made
from derivations.text.vocabulary import FUNCTIONS, indices_behind, what_to_write_for


class Pieces:
    """A word of a row of tokens as the names and indices it is made of."""

    def unknown(self, token):
        joined = self.with_subscript(token)  # ε_1, where it is declared
        if joined != token:
            return self.put(joined, "NAME")
        is_transposed = token[1:].endswith("T") and "T" not in self.names.symbols  # aT
        pieces = self.arrays_in(token) or (
            self.arrays_in(token[:-1]) if is_transposed else []
        )
        at = token.start_pos
        small = token[0].lower() + token[1:]
        is_first = (
            small != token and not pieces and not self.row and token[1:].isalpha()
        )
        if is_first and self.has_head(small.removeprefix("d")):  # a phone's Aj − yj
            return self.push("WORD", small, at, token.end_pos)
        if token[:2] == "ln" and token[2:] in self.names.arrays:  # lnZ
            self.push("WORD", token[2:], at + 2)
            return self.push("WORD", "ln", at, at + 2)
        if self.is_delta(token):
            self.push("WORD", token[1:], at + 1)
            self.push("SUB", "_", at + 1)
            return self.put(made("NAME", "d", at))
        if pieces and "".join(map("".join, pieces)) != token:
            self.push("WORD", "T", at + len(token) - 1)
            self.push("POWER", "^", at + len(token) - 1)
        if not pieces and len(token) == 1:
            self.put(token, "NAME")  # n of a sum's upper end may be called K
        elif (
            not pieces
            and token.islower()
            and self.next() == "["
            and self.next(2).type == "NUMBER"
        ):
            words = f"`{token}[…]`: a program keeps a thing there: write its name, as X"
            self.refuse(words, at)
        elif not pieces:
            near = get_close_matches(token, [*self.names.symbols, *FUNCTIONS], 1)
            line = (
                [self.source[:at] + near[0] + self.source[token.end_pos :]]
                if near
                else []
            )
            behind = indices_behind(self.source, token.end_pos)
            words = what_to_write_for(token, self.names, behind)
            self.refuse(words, at, suggestions=line)
        for array, letters in reversed(pieces):
            at = token.start_pos + token.index(array + letters)
            if letters:
                self.push("WORD", letters, at + len(array))
                self.push("SUB", "_", at + len(array), at + len(array))
            self.push("WORD", array, at)
        return None

    def is_delta(self, word):
        """Whether a word is dij, of two letters that count the same."""
        letters = [self.names.indices.get(x) for x in word[1:]]
        is_two = word[0] == "d" and len(letters) == 2 and None not in letters
        return is_two and letters[0].size == letters[1].size

    def arrays_in(self, word):
        """`aj`, `Ajs`, `aiaj`, `WX` as arrays and the letters behind each."""
        names = sorted(self.ranks, key=len, reverse=True)
        counted = "".join(x for x in self.names.indices if len(x) == 1)
        found, rest = [], word
        while rest:
            heads = (x for x in names if rest.startswith(x))
            matches = (re.match(rf"({x})((?:[{counted}]|\d)*)", rest) for x in heads)
            match = next((x for x in matches if len(x[2]) >= self.ranks[x[1]]), None)
            if not match:
                break
            rank = self.ranks[match[1]]
            if not self.counts(match[1], match[2][:rank]):
                break  # p counts hidden units, so pp is no p_p
            found.append((match[1], match[2][:rank]))
            rest = rest[len(match[1]) + rank :]
        if not rest:
            return found
        known = self.ranks if len(word) == 2 else self.names.arrays
        return [(x, "") for x in word] if all(x in known for x in word) else []

    def counts(self, name, letters):
        """Whether letters count the entries of an array, those of its size."""
        entry = self.names.entries.get(self.aliases.get(name, name))
        pairs = zip(letters, getattr(entry, "indices", ()), strict=False)
        return all(
            letter.isdigit() or self.names.indices[letter].size == size_of(index)
            for letter, index in pairs
        )
