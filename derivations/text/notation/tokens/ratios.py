"""Which d is a differential, and which slash between two of them a ratio."""

from derivations.text.notation.tokens.characters import CLOSING, made


class Ratios:
    """Differentials in a row of tokens: dL/dz_j, d/dz, \\frac{d L}{d z_j}, ∇∇."""

    def factor(self, token):
        """Take a sign of a product; between differentials a slash is a ratio."""
        signs, below = {"ADD", "MUL", "REL", "COMMA"}, self.inside()
        is_ratio = token == "/" and self.begins_below(1)
        is_ratio &= self.next() != "(" or signs.isdisjoint(x.type for x in below)
        if not is_ratio or not self.has_differential():
            return self.put(token)
        at = self.opening()
        if self.row[at] == self.next() == "(" and self.row[at - 1].type != "DIFF":
            return self.row.insert(at, self.row[at].update("FRAC", "frac"))
        return self.put(token, "OVER")

    def is_differential(self, token):
        if token.type != "WORD":
            return token.type == "DIFF"
        head = token.partition("_")[0]
        return head == "d" or (
            head[0] == "d"
            and not self.is_known(head)
            and (self.splits(head[1:]) or bool(self.two_in(token)))
        )

    def is_differential_alone(self):
        """Whether a lone d is a differential: d/dz, d²L/dz², (d a_i)/(d z_j)."""
        behind_ratio = "OVER" in (self.last().type, self.last(2).type)
        if self.next() == "{" or behind_ratio or self.ends_fraction():
            return True
        if self.has_differential() and self.splits(self.next().partition("_")[0]):
            return True  # ∂z_i d z_j
        depth, signs = 0, ("ADD", "MUL", "REL", "COMMA", "")
        for ahead in range(1, len(self.waiting) + 1):
            token = self.next(ahead)
            if token == "/" and not depth:
                return self.begins_below(ahead + 1)
            depth += (token in CLOSING) - (token in CLOSING.values())
            if depth < 0:
                is_above = self.last(2).type == "FRAC"
                is_above |= self.last() == "(" and self.next(ahead + 1) == "/"
                return is_above and self.begins_below(ahead + 1 + (token == ")"))
            if not depth and token.type in signs:
                return False
        return False

    def begins_below(self, ahead):
        """Whether a differential stands so far ahead, or behind what opens there."""
        return self.is_differential(self.next(ahead + (self.next(ahead) in CLOSING)))

    def ends_fraction(self):
        r"""Whether d begins the second part of \frac, and a differential the first."""
        at = self.opening(2) - 1
        is_part = self.last() in ("{", "(") and at >= 0 and self.row[at].type == "FRAC"
        return is_part and self.row[at + 2].type == "DIFF"

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

    def differential(self, token):
        """Take ∂; with a variable below it, ∂_{z_j}, it is an operator."""
        self.put(token, "NABLA" if self.next().type == "SUB" else None)

    def nabla(self, token):
        """Take ∇; ∇∇ is ∇², ∇W J is ∇_W J, and ∇W alone is dW."""
        variable, behind = self.next(), self.next(2)
        is_loss = self.aliases.get(variable, variable) in ("L", "J", "C")
        is_by = variable.type == "WORD" and not is_loss and self.splits(variable)
        self.put(token, "DIFF" if is_by and behind.type in ("REL", "") else None)
        if is_by and self.aliases.get(behind, behind) in ("L", "J", "C"):
            self.push("SUB", "_", variable.start_pos, variable.start_pos)
        if self.next().type == "NABLA":
            second = self.waiting.pop()
            self.put(second.update("POWER", "^"))
            self.put(second.update("NUMBER", "2"))

    def split_fraction(self, token):
        r"""Take \over, which stands between the parts of a fraction."""
        if not self.opened or self.opened[-1][0] != "{":
            self.refuse(r"`\over`: write \frac{…}{…}", token.start_pos)
        self.put(token.update("CLOSE", "}"))
        self.put(token.update("OPEN", "{"))

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
