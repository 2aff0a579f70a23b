"""Derivatives: dL/dz_j, ∂²L/∂z_i∂z_j, d/dz_j of a formula, ∇_z L."""

from dataclasses import dataclass

from lark import Tree
from sympy import Derivative, Indexed, Symbol

from derivations import letters
from derivations.formulas.indices import Index, Size, size_of
from derivations.text.names import ReadAs
from derivations.text.notation.parsing import end, items, kind, plain, start
from derivations.text.notation.shapes import Array, number, product
from derivations.text.unreadable import Ambiguous, Unreadable

MOST_DERIVATIVES = 2
"""The checks go up to second derivatives."""


LOSS_OF = {
    **dict.fromkeys("za", "L"),
    **dict.fromkeys(("Z", "A", "Z1", "A1"), "L_s"),
    **dict.fromkeys(("W", "b", "X", "W1", "b1"), "J"),
}
"""The loss whose derivative the course calls dz, dZ, dW …"""


@dataclass(frozen=True)
class Differential:
    """dz or ∂²L as a part of a formula: what it is of, if anything."""

    operand: Array | None
    order: int
    node: object


@dataclass(frozen=True)
class Operator:
    """d/dz_j, which acts on what stands behind it."""

    variables: tuple


class Differentials:
    """The rules `diff`, `ratio`, `fraction` and `nabla` of the grammar."""

    def diff(self, sign, *parts):
        parts, order = list(parts), 1
        if parts and self.is_of_differential(parts[0]):  # dZ.T, dZ.sum(axis=1)
            whole = parts[0]
            inside = Tree("diff", [sign, whole.children[0]], whole.meta)
            return self.value(
                Tree(whole.data, [inside, *whole.children[1:]], whole.meta)
            )
        if parts and getattr(parts[0], "type", "") == "POWER":
            order = {"1": 1, "2": 2}.get(plain(parts[1]))
            if order is None:
                self.refuse(f"at most {MOST_DERIVATIVES} derivatives", parts[1])
            parts = parts[2:]
        operand = parts[0] if parts else None
        return Differential(operand and self.differentiated(operand), order, operand)

    def differentiated(self, node):
        """What stands behind ∂ or ∇: there J is a loss, and no Jacobian."""
        is_loss = plain(node) == "J" and "J" in self.names.symbols
        return number(self.names.symbols["J"]) if is_loss else self.array(node)

    def is_of_differential(self, node):
        """Whether what stands behind d is done to the differential: dZ^T, dZ.sum()."""
        if kind(node) == "power":
            return self.is_transposition(node.children[2], node.children[0])
        return kind(node) in ("method", "attribute")

    def ratio(self, above, _, below):
        return self.slope(*self.differentials(above), self.differentials(below))

    def fraction(self, _, top, bottom):
        above, below = self.differentials(top), self.differentials(bottom)
        if len(above) == 1 and below:
            return self.slope(above[0], below)
        one, other = self.array(top), self.array(bottom)
        return self.pair("/", one, other, (top, bottom))

    def differentials(self, node):
        """The differentials that a node is a row of; none for another one."""
        while kind(node) == "group" and len(items(node)) == 1:
            (node,) = items(node)
        parts = node.children if kind(node) == "beside" else [node]
        is_row = all(kind(self.base(part)) == "diff" for part in parts)
        return parts if is_row else []

    def base(self, node):
        return node.children[0] if kind(node) == "power" else node

    def second_derivative(self, node, behind):
        """∂²L/∂z_i ∂z_j in one line: its last differential stands behind the ratio."""
        if kind(node) != "ratio" or kind(behind) != "diff":
            return None
        above, _, below = node.children
        return (
            self.slope(above, [below, behind])
            if self.diff(*above.children).order == 2
            else None
        )

    def slope(self, above, below):
        """The derivative of the upper part with respect to the lower one."""
        of, variables = self.value(above), []
        for node in reversed(below):  # ∂²L/∂z_j∂z_i: first by z_i
            variable, count = self.variable(node)
            variables += [variable] * count
        if of.operand is None:
            return Operator(tuple(variables))
        return self.derivative(of.operand, variables)

    def variable(self, node):
        """What ∂z_j stands for, and how often: ∂z_j² is twice."""
        last = node.children[-1]
        if kind(last) == "power" and plain(last.children[2]).isdigit():
            count = min(int(plain(last.children[2])), MOST_DERIVATIVES + 1)
            return self.array(last.children[0]), count
        variable = self.value(node).operand
        if variable is None:
            self.refuse("with respect to which variable? write dL/dz_j", node)
        return variable, 1

    def derivative(self, of, variables):
        """The derivatives of all entries of one array, by those of another."""
        if len(variables) > MOST_DERIVATIVES:
            raise Unreadable(f"at most {MOST_DERIVATIVES} derivatives of one formula")
        for variable in variables:
            if not variable.shape and not _is_variable(variable.entry()):
                words = (
                    "a derivative is taken with respect to an entry or a letter, "
                    "such as z_j"
                )
                raise Unreadable(words)
        ranks = [len(array.sizes) for array in (of, *variables)]
        sizes = [size for array in (of, *variables) for size in array.sizes]

        def factors(*at):
            parts, rest = [], list(at)
            for array, rank in zip((of, *variables), ranks, strict=True):
                parts.append(array.at(*rest[:rank]))
                rest = rest[rank:]
            f, *by = map(product, parts)
            derivative = Derivative(self.of_one_example(f, by), *by)
            if getattr(derivative, "derivative_count", 0) > MOST_DERIVATIVES:
                raise Unreadable(
                    f"at most {MOST_DERIVATIVES} derivatives of one formula"
                )
            return [derivative]

        if len(sizes) == 1:
            return self.rules.vector(sizes[0], factors)
        return Array(tuple(sizes), factors)

    def of_one_example(self, f, variables):
        """The loss of one example, where it is differentiated by what belongs to one.

        By z_j, J is L: no batch has such a logit.  By Z_js, L is L_s.
        """
        by = {getattr(x, "base", x) for x in variables}
        is_of_one = by <= {letters.a, letters.y, letters.z}
        one = self.names.symbols.get("L")
        if one is not None and f in (letters.J, letters.C) and is_of_one:
            self.note(ReadAs(str(f), "L"))
            return one
        batch = self.names.entries.get("L")
        is_one = self.aliases.get("x") == "x"  # whose input x is
        if batch is None or is_one or f != self.names.symbols.get("L"):
            return f
        examples = size_of(batch.indices[0])
        indices = [x for by in variables for x in getattr(by, "indices", ())]
        if not indices or size_of(indices[-1]) != examples:
            return f
        self.note("L is the loss of one example")
        return batch.base[indices[-1]]

    def nabla(self, _, *parts):
        """∇_z L, ∂_{z_j} L; without a variable, ∇ is with respect to the logits."""
        *below, body = parts
        below = [x for x in below if getattr(x, "type", "") != "POWER"]
        subs = [x for x in below if kind(x) == "sub"]
        orders = [plain(x) for x in below if kind(x) != "sub"] or ["1"]
        if len(subs) > 1 or orders not in (["1"], ["2"]):
            self.refuse(f"at most {MOST_DERIVATIVES} derivatives", body)
        index = plain(subs[0].children[1]) if subs else ""
        if index in self.names.indices and {"a", "z"} <= {*self.names.arrays}:
            self.note(f"∂_{index} is by z_{index}")
            variable = number(self.names.arrays["z"][self.names.indices[index]])
        elif subs:
            variable = self.array(subs[0].children[1])
        elif self.slots and self.loss == "L" and len(self.slots) == int(orders[0]):
            self.note("∇ is by z")
            variable = self.whole("z")
        else:
            self.refuse("∇ with respect to what? write ∇_z L", body)
        return self.derivative(self.differentiated(body), [variable] * int(orders[0]))

    def of_course(self, value, node):
        """The derivative that dz stands for: that of the loss which the course uses."""
        name = _name_of(value.operand) if value.operand else ""
        if name not in LOSS_OF:
            self.refuse("the derivative of what? write dL/dz_j", node)
        operand = value.operand
        is_batch = name in ("A", "Z") and len(operand.sizes) == 2
        if is_batch and self.is_of_loss and not self.asks_examples():
            self.note(f"d{name} read as d{name.lower()}, of the one example")
            operand, name = self.whole(name.lower()), name.lower()
        loss = LOSS_OF[name]
        self.note(f"d{name} is the derivative of {loss}")
        of = letters.J if loss == "J" else letters.L
        return self.derivative(number(of), [operand])

    def refuse_lone_differential(self, value, node):
        """Refuse a dZ that may belong to L or to J: dz belongs to one example."""
        if value.operand is None:
            self.refuse("the derivative of what? write dL/dz_j", node)
        name = _name_of(value.operand)
        if LOSS_OF.get(name) == "L":
            return self.of_course(value, node)
        if name in ("L", "J"):
            self.refuse(f"d{name} over what? write d{name}/dz_j", node)
        shown = self.source[start(value.node) : end(value.node)]
        form = "{%s}" if self.text(node)[0] == "{" else "(%s)"
        slopes = [form % f"d{loss}/d{shown}" for loss in "LJ"]
        lines = [self.replaced((node, node, slope)) for slope in slopes]
        words = f"`{self.text(node)}` alone has two meanings, of L and of J"
        return self.refuse(words, node, Ambiguous, lines)


def _name_of(array) -> str:
    """The name of the array that an operand is, or of which it is an entry."""
    at = [Symbol(f"_{place}") for place in range(len(array.sizes))]
    entry = product(array.at(*at))
    return str(entry.base) if isinstance(entry, Indexed) else str(entry)


def _is_variable(expr):
    return isinstance(expr, Indexed | Symbol) and not isinstance(expr, Index | Size)
