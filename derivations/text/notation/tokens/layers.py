"""Layers: W^{[1]}, a_j^L, dZ[L]; sums, whose ends stand above and below as well."""

import re

from derivations.text.notation.tokens.characters import made

_WITH_LAYERS = re.compile(
    r"[AZW]\[[12lL]\]|d[az]\[2\](?=.*(?<![A-Za-z])[yYt](?![\w\[]))|^\s*db\[[12]\]\s*$"
)
"""Where a number in brackets is a layer, also behind b and z."""
_LAYER = re.compile(r"(\^\{?)(?:\[(?=[\dlL])|\((?=[lL]))(\d|[lL](?:-1)?)[\])]")
"""A layer above a name."""

_EXPONENTIAL = re.compile(r"exp|(?<![a-z])e\s*(?:\^|\*\*)|e[ᶻ⁻ˣ]")


class Layers:
    """What stands above a letter in a row of tokens."""

    def above(self, token):
        """Take ^; a layer behind an index is that of the name before it: a_j^{[2]}."""
        if self.last().type == "SUM" and self.upper_end_last():
            return
        if self.next(1 + (self.next() == "{")).type == "PRIME":  # σ^\prime
            inside = self.inside() or [self.next()]
            if len(inside) == 1:
                del self.waiting[-(3 if self.next() == "{" else 1) :]
                self.waiting.append(inside[0])
                return
        self.waiting.append(token)
        at = self.opening()
        name = self.row[at - 2] if at > 1 and self.row[at - 1].type == "SUB" else None
        if name is not None and name.type == "NAME":
            named = self.with_layer(name)
            self.row[at - 2] = made("NAME", named, name.start_pos, name.end_pos)
        if self.next() is not token:
            return
        if _LAYER.match("".join(map(self.next, range(1, 9)))):
            self.refuse("a layer stands above a letter: a^{[2]}", token.start_pos)
        self.put(self.waiting.pop())

    def upper_end_last(self):
        """Whether a lower end stands behind the upper one, Σ^n_k; it comes first."""
        ends, above = [], len(self.inside()) + 2 if self.next().type == "OPEN" else 1
        if self.next(above + 1).type != "SUB":
            return False
        ends = [self.waiting.pop() for _ in range(above)]
        below = [self.waiting.pop()]
        length = len(self.inside()) + 2 if self.next().type == "OPEN" else 1
        below += [self.waiting.pop() for _ in range(min(length, len(self.waiting)))]
        at = ends[0].start_pos
        self.waiting += [*below, made("POWER", "^", at), *ends][::-1]
        return True

    def bracket_layer(self, token):
        """Put a layer in brackets above a letter: a^L and A[L] are a^{[L]}."""
        word = self.next(2)
        if self.next() == "^" and re.fullmatch(r"[lL]_\w+", word):  # a^L_j
            at = word.start_pos
            self.waiting[-2:-1] = [
                made("WORD", word[2:], at + 2),
                made("SUB", "_", at + 1),
                made("WORD", word[0], at),
            ]
        ahead = [self.next(x) for x in range(1, 7)]
        at = 2 if ahead[1] == "{" else 1
        is_before = at == 2 and ahead[3] == "-" and ahead[4] == "1"  # A^{L-1}
        length = 3 if is_before else 1
        letters = ("l", "L") if self.ranks.get(token) == 2 else ("L",)
        letters += ("1", "2") if _WITH_LAYERS.search(self.source) else ()
        is_closed = "]" in (ahead[2], ahead[4] if ahead[2:4] == ["-", "1"] else "")
        if ahead[0] == "[" and ahead[1] in letters and is_closed:
            self.push("POWER", "^", ahead[0].start_pos, ahead[0].start_pos)
        elif ahead[0] in ("^", "_") and ahead[at] in ("l", "L")[ahead[0] == "_" :]:
            self.waiting[-1] = ahead[0].update("POWER", "^")
            first, last = ahead[at], ahead[at + length - 1]
            where = len(self.waiting) - at
            closing = made("RSQB", "]", last.end_pos, last.end_pos)
            self.waiting.insert(where - length, closing)
            at = first.start_pos
            self.waiting.insert(where + 1, made("LSQB", "[", at, at))

    def with_layer(self, token):
        """The array of a layer: W^{[1]} is W1, and the last, W^{[L]}, is W."""
        if token[1:] == "L" and token[0] in "aAbWzZ":  # AL is A^{[L]}
            return made("WORD", token[0], token.start_pos, token.end_pos)
        has_layer = token in self.ranks or token in self.aliases or token == "delta"
        if has_layer:
            self.bracket_layer(token)
        above = "".join(map(self.next, range(1, 9)))
        layer = _LAYER.match(above)
        if not layer or not has_layer:
            return token
        name = self.of_layer(token, layer[2])
        length = len(layer[1]) + 2 + (3 if "-" in layer[2] else 1)
        end = self.next(length).end_pos
        behind = self.waiting[:-length]
        if layer[1] == "^{" and behind[-1:] == ["}"]:
            end = behind.pop().end_pos
        elif layer[1] == "^{":  # a^{[2](i)}, A^{[1]T}
            behind = behind[: -1 if behind[-1:] == ["^"] else None]  # W^{[2]^T}
            behind += [self.next(2), self.next()]
        if layer[1] == "^" and [x.type for x in behind[:-4:-1]] == [
            "OPEN",
            "WORD",
            "CLOSE",
        ]:
            behind.append(made("POWER", "^", end))  # dZ^[L](i)
        self.waiting = behind
        return made("WORD", name, token.start_pos, end)

    def of_layer(self, token, layer):
        is_last = layer in ("2", "l", "L")
        names = [token + layer, token] if is_last else [token + layer]
        if layer in ("0", "l-1", "L-1"):
            names = [f"{token}_prev".replace("X", "A")]
        for name in names:
            if name in self.names.arrays or name in self.aliases:
                return name
        words = "W1, b1, Z1 and A1 are of a hidden layer, W, b, Z and A of the last"
        words = f"`{token}^[{layer}]` is not known: {words}"
        return self.refuse(words, token.start_pos)

    def total(self, token):
        """Take Σ; the letter that stands behind it is below it: Σk e^zk.

        A lone one beside exponentials is the normaliser: e^z_i/Σ.
        """
        ahead = [x for x in map(self.next, (1, 2, 3)) if x != "{"]
        alone = "", "ADD", "MUL", "CLOSE", "RSQB"
        is_alone = any(x.type in alone for x in ahead[:1])
        if (is_alone or ahead[:2] == ["^", "2"]) and _EXPONENTIAL.search(self.source):
            return self.put(token.update(value="S"), "NAME")
        self.put(token, "SUM")
        letter, behind = self.next(), self.next(2)
        is_letter = letter in self.names.indices and letter not in self.aliases
        if is_letter and behind.type in ("WORD", "NUMBER", "OPEN", "FRAC"):
            self.push("SUB", "_", letter.start_pos, letter.start_pos)
        return None

    def largest(self, token):
        """Take max_k z_k, the largest of all."""
        self.waiting.pop()
        del self.waiting[-len(self.inside()) - 2 if self.next() == "{" else -1 :]
        self.put(token, "FUNC")
