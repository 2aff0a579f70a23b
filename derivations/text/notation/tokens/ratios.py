"""Which d is a differential, and which slash between two of them a ratio."""

from lark import Token

from derivations.text.notation.tokens.characters import CLOSING


class Ratios:
    """Differentials in a row of tokens: dL/dz_j, d/dz, \\frac{d L}{d z_j}, ∇∇."""

    def factor(self, token):
        """Take a sign of a product; between two differentials a slash is a ratio."""
        is_ratio = token == "/" and self.is_differential(self.next())
        self.put(token, "OVER" if is_ratio and self.has_differential() else None)

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
        """Whether a lone d is a differential: d/dz, d²L/dz², d log(a_i)/d z_j."""
        if self.next() == "{" or self.last().type == "OVER" or self.begins_part():
            return True
        if self.has_differential() and self.splits(self.next().partition("_")[0]):
            return True  # ∂z_i d z_j
        depth, signs = 0, ("ADD", "MUL", "REL", "COMMA", "")
        for ahead in range(1, len(self.waiting) + 1):
            token = self.next(ahead)
            if token == "/" and not depth:
                return self.is_differential(self.next(ahead + 1))
            depth += (token in CLOSING) - (token in CLOSING.values())
            if depth < 0 or (not depth and token.type in signs):
                return False
        return False

    def begins_part(self):
        """Whether d begins a part of a fraction, and a differential the other part."""
        at, depth = len(self.row) - 2, 0
        if self.last() != "{" or at < 0:
            return False
        if self.row[at].type == "FRAC":
            ahead = [*self.waiting[::-1], Token("", ""), Token("", "")]
            for place, token in enumerate(ahead):
                depth += (token in CLOSING) - (token in CLOSING.values())
                if depth < 0:
                    return self.is_differential(ahead[min(place + 2, len(ahead) - 1)])
            return False
        while at > 0 and (depth or self.row[at] == "}"):
            depth += (self.row[at] in CLOSING.values()) - (self.row[at] in CLOSING)
            at -= 1
        return self.row[at].type == "FRAC" and self.row[at + 2].type == "DIFF"

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
