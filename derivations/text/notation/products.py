"""Rows of factors: products, quotients, and what has two meanings in them."""

import re
from itertools import pairwise

from lark import Tree
from sympy import Indexed, KroneckerDelta, Pow, S, Symbol

from derivations.formulas.domain import as_defined
from derivations.text.notation.bounds import as_written, do_cancel, real
from derivations.text.notation.differentials import Operator
from derivations.text.notation.parsing import end, items, kind, plain, start
from derivations.text.notation.shapes import Array, Mathematics, number
from derivations.text.unreadable import Ambiguous, ShapeError, Unreadable

_LOGITS = ("z", "Z")


class Products:
    """The rules `beside`, `row` and `index` of the grammar."""

    def beside(self, *factors):
        for node, behind in pairwise(factors):
            if kind(node) == "apply":
                self.refuse_open_function(node, behind, factors[-1])
        return self.product_of([("", node) for node in factors])

    def row(self, first, *rest):
        self.refuse_slope_above(first, *rest[:2])
        parts = [("", first)]
        for sign, node in zip(map(str, rest[::2]), rest[1::2], strict=True):
            if sign == "/" and kind(node) == "beside":
                below, *others = node.children
                self.refuse_two_quotients(parts[-1][1], node)
                self.note("read from left to right")
                parts += [("/", below), *(("", other) for other in others)]
                continue
            if sign == "/":
                self.refuse_sum_below(parts[-1][1], node)
            parts.append((sign, node))
        return self.product_of(parts)

    def refuse_slope_above(self, first, sign="", below=None):
        """Ask what d/dz_j e^(z_j) / s is about, where z stands in s, too."""
        if kind(first) != "beside" or str(sign) != "/" or len(first.children) < 2:
            return
        operator, above = first.children[0], first.children[1]
        if kind(above) == "group" or not isinstance(self.value(operator), Operator):
            return
        within = [self.array(below), *self.value(operator).variables]
        if any(array.shape for array in within):
            return
        of, *by = ({x.base for x in one.entry().atoms(Indexed)} for one in within)
        if not of.intersection(*by):
            return
        slope = self.text(operator)
        above = self.text(first).removeprefix(slope).strip()
        under = self.text(below)
        choices = [f"{slope} (({above})/({under}))", f"({slope} ({above}))/({under})"]
        words = "is it the derivative of the whole quotient, or of what is above alone?"
        raise Ambiguous(words, suggestions=choices)

    # Factors from left to right

    def product_of(self, parts):
        """The product of factors, each with the sign before it."""
        whole, nodes = [], []
        parts = list(parts)
        while parts:
            sign, node = parts.pop(0)
            behind = parts[0][1] if parts and not parts[0][0] else None
            self.refuse_product(node, behind)
            value = self.called_entry(node, behind)
            second = self.second_derivative(node, behind)
            if value is not None or second is not None:
                value = second if value is None else value
                parts.pop(0)
            else:
                value = self.value(node)
            if isinstance(value, Operator):
                value, parts = self.applied(value, node, parts)
            whole.append((sign, self.as_array(value, node)))
            nodes.append(node)
        self.refuse_mixed([array for _, array in whole], nodes)
        if not any(array.shape for _, array in whole):
            products = self.runs(whole, nodes, {sign for sign, _ in whole} - {"/"})
            if not do_cancel(products):
                products = self.runs(whole, nodes, {"·"})
            if len(products) > 1:
                return number(as_written(products))
        return self.multiplied(whole, nodes)

    def runs(self, whole, nodes, signs):
        """The products of the factors between some signs."""
        ends = [k for k, (sign, _) in enumerate(whole) if k and sign in signs]
        runs = [slice(*run) for run in pairwise([0, *ends, len(whole)])]
        return [self.multiplied(whole[run], nodes[run]).entry() for run in runs]

    def applied(self, operator, node, parts):
        """d/dz_j of what stands behind it: a group alone, else all the rest."""
        if not parts:
            self.refuse("the derivative of what? write dL/dz_j", node)
        (_, first), *rest = parts
        if kind(first) == "group":
            return self.derivative(self.array(first), operator.variables), rest
        inside = self.product_of([("", first), *rest])
        return self.derivative(inside, operator.variables), []

    def called_entry(self, node, group):
        """a(i) for a_i: a letter that counts is no factor."""
        word = plain(node)
        if kind(group) != "group" or group.children[0] != "(":
            return None
        letters = [plain(x) for x in items(group)]
        if not letters or not all(x in self.names.indices for x in letters):
            return None
        indices = [self.names.indices[x] for x in letters]
        if word == "delta" and len(indices) == 2:
            return number(KroneckerDelta(*indices))
        if word not in self.names.arrays and word not in self.aliases:
            return None
        self.note(f"{self.text(node)}({', '.join(letters)}) read as an entry")
        return self.at(node, indices)

    def multiplied(self, whole, nodes):
        (_, value), *rest = whole
        for (sign, array), first, node in zip(rest, nodes, nodes[1:], strict=False):
            is_product = sign == "*" and self.is_matlab
            if (
                sign in ("⊙", "*")
                and type(self.rules) is Mathematics
                and not is_product
            ):
                self.refuse_stretched(value, array, (nodes[0], first, node))
            try:
                value = self.pair(sign, value, array, (first, node))
            except Unreadable as problem:
                if problem.position is not None:
                    raise
                lines = []
                if not sign and value.shape == array.shape:  # A(1 - A), entry by entry
                    words = f"{self.text(first)} ⊙ {self.text(node)}"
                    lines = [self.replaced((first, node, words))]
                raise problem.placed(self.source, start(node), lines) from None
        return value

    def pair(self, sign, one, other, nodes):
        if sign == "*" and self.is_matlab and one.shape and other.shape:
            sign = "@"
        if sign == "/":
            factors, by_entry = other.factors, other.is_by_entry
            below = Array(
                other.shape, lambda *at: _inverse(factors(*at)), False, by_entry
            )
            return self.rules.entrywise(one, below, "/")
        vectors = len(one.sizes) == len(other.sizes) == 1 and one.shape == other.shape
        if vectors and self.is_by_entry(one, other, sign):
            self.note("a product of vectors is read entry by entry")
            return self.rules.entrywise(one, other, "⊙")
        if sign in ("·", "×") and vectors:
            first, last = map(self.text, nodes)
            choices = [f"{first} ⊙ {last}", f"{first}^T {last}", f"{first} {last}^T"]
            self.refuse(
                f"`{sign}` of two vectors has two meanings",
                nodes[1],
                Ambiguous,
                [self.replaced((*nodes, choice)) for choice in choices],
            )
        if sign == "@":
            self.refuse_doubtful(one, other, nodes, between=True)
        return self.rules.multiplied(one, other, sign)

    def is_by_entry(self, one, other, sign):
        """Whether columns side by side are numbers: y(1 − a), but not a(aᵀv) or a·y."""
        made = [x.is_by_entry for x in (one, other)]
        is_column = one.shape == (one.sizes[0], 1)
        return is_column and (
            all(made) if sign == "·" else sign in ("", "×") and any(made)
        )

    def refuse_doubtful(self, one, other, nodes, between=False):
        """Refuse NumPy's a @ a.T of a vector: .T changes nothing there."""
        if not (one.is_doubtful or other.is_doubtful) or len(one.shape) > 1:
            return
        left, right = (self.text(x).removesuffix(".T") for x in nodes)
        choices = [f"np.outer({left}, {right})", f"({left} @ {right})"]
        if between:
            choices = [self.replaced((*nodes, choice)) for choice in choices]
            self.refuse(
                "NumPy's .T leaves a vector as it is", nodes[1], Ambiguous, choices
            )
        raise Ambiguous("NumPy's .T leaves a vector as it is", suggestions=choices)

    def refuse_stretched(self, one, other, nodes):
        """Refuse (−y/a) ⊙ J: a vector and a matrix have no product entry by entry."""
        begin, first, last = nodes
        before, behind = self.source[start(begin) : end(first)], self.text(last)
        if begin is first and kind(first) == "group":
            before = before[1:-1]
        if kind(last) == "group":
            behind = behind[1:-1]
        vector, name, matrix, transposed = one, before, other, f"({behind})^T"
        if len(one.sizes) == 2:
            vector, name, matrix, transposed = other, behind, one, f"({before})^T"
        if len(vector.sizes) != 1 or vector.shape[1:] != (1,) or len(matrix.sizes) != 2:
            return
        if vector.shape[0] in matrix.sizes:
            over = "rows" if vector.shape[0] == matrix.sizes[1] else "columns"
            words = (
                f"shapes {self.written(one)} and {self.written(other)}: an "
                f"element-wise product would stretch {name} over the {over}"
            )
            transposed = re.sub(r"^\((\w+)\)", r"\1", transposed)  # J^T, not (J)^T
            fitting = self.replaced((begin, last, f"{transposed} ({name})"))
            self.refuse(words, last, ShapeError, [fitting])

    # What has two meanings

    def refuse_product(self, node, behind):
        """Refuse f(z) as a product: a letter before a logit alone is a function."""
        if not _is_part(behind):
            return
        (inside,) = items(behind)
        while kind(inside) in ("signed", "entry", "index"):
            inside = inside.children[kind(inside) == "signed"]
        is_entry = kind(node) in ("entry", "index")
        name = plain(node.children[0] if is_entry else node)
        is_called = name.isalpha() and end(node) == start(behind)
        is_called &= not is_entry or self.aliases.get(name, name) == "a"
        if (
            not is_called
            or self.aliases.get(plain(inside), plain(inside)) not in _LOGITS
        ):
            return
        argument = self.text(behind)
        choices = [f"softmax{argument}", f"sigmoid{argument}"]
        choices = [self.text(node)] if is_entry else choices
        lines = [self.replaced((node, behind, choice)) for choice in choices]
        words = f"`{self.text(node)}{argument}` is a function of the logit: which one?"
        self.refuse(words, node, Ambiguous, lines)

    def refuse_open_function(self, node, behind, last):
        """Refuse log a_j (1 − a_j), where the logarithm may end in two places."""
        name, inside = node.children
        closed = f"{self.text(name)}({self.text(inside)})"
        wide = f"{self.text(name)}({self.source[start(inside) : end(last)]})"
        choices = [
            self.replaced((node, node, closed)),
            self.replaced((node, last, wide)),
        ]
        words = f"`{self.text(node)}` and a factor behind it have two meanings"
        self.refuse(words, behind, Ambiguous, choices)

    def refuse_two_quotients(self, above, node):
        """Refuse x/y z, which has two meanings, but not 1/m (A − Y), which has one."""
        below, second, *_ = node.children
        bare = above.children[1] if kind(above) == "signed" else above
        gap = self.source[end(below) : start(second)]
        letter = plain(below.children[0] if kind(below) == "power" else below)
        is_letter = isinstance(self.names.symbols.get(letter), Symbol)
        is_small = letter.isdigit() or is_letter or letter in self.aliases
        is_apart = gap or self.source[start(second)] in "(["
        if plain(bare).isdigit() and is_small and is_apart:
            return
        words = f"`/{self.text(node)}` has two meanings"
        quotient = f"({self.source[start(above) : end(below)]})"
        choices = [
            self.replaced((node, node, f"({self.text(node)})")),
            self.replaced((above, below, quotient)),
        ]
        self.refuse(words, node, Ambiguous, choices)

    def refuse_sum_below(self, above, node):
        """Refuse e^z_i / Σ_k e^z_k a_j, where a_j may stand outside of the sum."""
        while kind(node) == "signed":
            node = node.children[-1]
        if kind(node) != "total" or kind(node.children[1]) != "limits":
            return
        letters = _names_in(node.children[1].children[0])
        body = node.children[-1]
        factors = body.children[:: 1 if kind(body) == "beside" else 2]
        if kind(body) not in ("beside", "row"):
            return
        for before, factor in pairwise(factors):
            if not letters & _free_names_in(factor):
                top = self.source[start(above) : start(node)]
                closed = f"({top}({self.source[start(node) : end(before)]}))"
                choices = [
                    self.replaced((node, node, f"({self.text(node)})")),
                    self.replaced((above, before, closed)),
                ]
                words = f"`{self.text(factor)}` stands behind a sum that is divided by"
                self.refuse(words, factor, Ambiguous, choices)


def _is_part(node):
    """Whether a node is one formula in round parentheses."""
    return kind(node) == "group" and node.children[0] == "(" and len(items(node)) == 1


def _inverse(factors):
    return [real(as_defined(Pow, factor, S.NegativeOne)) for factor in factors]


def _free_names_in(node):
    """The names in a node, without the letters of its own sums."""
    sums = [x for x in node.find_data("total")] if isinstance(node, Tree) else []
    limits = [x.children[1] for x in sums if kind(x.children[1]) == "limits"]
    bound = set().union(*(_names_in(x.children[0]) for x in limits))
    return _names_in(node) - bound


def _names_in(node):
    if not isinstance(node, Tree):
        return {str(node)}
    return {str(token) for token in node.scan_values(lambda x: x.type == "NAME")}
