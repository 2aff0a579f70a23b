"""What a tree means: names, entries, powers, sums, in entries of the series' letters.

`Meaning.value` takes each node by a method of its rule's name in `formula.lark`.  Rows
of factors stand in `products`, derivatives in `differentials`, functions in `calls`.
"""

import re
from dataclasses import dataclass

from lark import Tree
from sympy import Derivative, Expr, KroneckerDelta, Rational, S

from derivations import letters
from derivations.formulas.indices import Index, size_of
from derivations.text.names import ENTROPIES, SHOWN, ReadAs
from derivations.text.notation.bounds import raised
from derivations.text.notation.calls import Calls
from derivations.text.notation.differentials import (
    Differential,
    Differentials,
    Operator,
)
from derivations.text.notation.entries import Entries
from derivations.text.notation.outputs import Outputs
from derivations.text.notation.parsing import end, kind, plain, start
from derivations.text.notation.products import Products
from derivations.text.notation.shapes import (
    Array,
    Mathematics,
    Matlab,
    NumPy,
    number,
    written,
)
from derivations.text.notation.sums import Letters, Sums
from derivations.text.unreadable import Ambiguous, ShapeError, Unreadable
from derivations.text.vocabulary import what_to_write_for

_NUMPY = re.compile(
    r"\b(np|numpy|torch|jnp|tf)\.|@|\.T\b|\.(sum|mean|dot|reshape|diag)\(|axis|\[:|\[None|outer\("
)
"""What is written in NumPy alone."""


_MEAN = {"m", "mean", "shape", "size", "rowMeans"}
"""What stands where a sum over the examples is divided by their number."""
_MATLAB = re.compile(r"\.[*/^]|(?<![.\w])(?:(?:ones|size)\(\w+, ?\w+|eye\(\w+)\)")
"""What is written in MATLAB and Julia alone, where * is the matrix product."""


@dataclass(frozen=True)
class Relation:
    """i = j or i ≠ j as a part of a formula: the two nodes."""

    sign: str
    left: object
    right: object


class Meaning(Entries, Sums, Products, Differentials, Outputs, Calls):
    """Reads one tree; `slots` are the free letters that the question asks about."""

    def __init__(self, source, row, names, aliases, slots=(), loss="L", is_asked=False):
        self.source, self.names, self.aliases = source, names, aliases
        self.slots, self.loss = slots, loss
        self.is_asked = is_asked or bool(slots)
        self.line = source
        self.notes, self.is_short, self.has_left = [], False, False
        self.is_of_batch, self.is_of_loss = False, False
        self.words, self.own_letters = {str(token) for token in row}, {}
        used = {x for name, x in names.indices.items() if name in self.words}
        self.letters, self.summed = Letters({*used, *slots}), frozenset()
        self.is_numpy = bool(_NUMPY.search(source))
        other = Matlab if _MATLAB.search(source) else Mathematics
        self.rules = (NumPy if self.is_numpy else other)(self.letters)
        self.columns, self.example, self.counts = set(), None, {}
        self.is_matlab = bool(_MATLAB.search(source)) or any(
            x == "⊤" and source[x.end_pos - 1] in "'’" for x in row
        )
        has_dots = any(token.type == "DOTS" for token in row)
        self.lasts = names.counted_to_the_end() if has_dots else {}
        self.blocks = self.lasts | self.examples_in(row)

    # Any node

    def value(self, node):
        """What a node is: an array, or a part that becomes one beside others."""
        try:
            value = getattr(self, node.data)(*node.children)
            is_number = isinstance(value, Array) and not value.shape
            return number(*value.factors()) if is_number else value
        except Unreadable as problem:
            if problem.position is not None:
                raise
            lines = [self.replaced((node, node, x)) for x in problem.suggestions]
            raise problem.placed(self.source, start(node), lines) from None

    def array(self, node) -> Array:
        """The value of a node that is a number or an array."""
        return self.as_array(self.value(node), node)

    def as_array(self, value, node):
        if isinstance(value, Relation):
            one, other = self.index_of(value.left), self.index_of(value.right)
            if size_of(one) != size_of(other) and str(other) == "t":
                self.note("the class t is c here")
                other = self.names.indices["c"]
            same = KroneckerDelta(one, other)
            self.note(f"1 where {one} {value.sign} {other}, else 0")
            return number(same if value.sign == "=" else 1 - same)
        if isinstance(value, Differential):
            is_upstream = self.loss == "L" and self.text(node)[:1] == "g"
            if is_upstream or self.is_of_course():
                return self.of_course(value, node)
            return self.refuse_lone_differential(value, node)
        if isinstance(value, Operator):
            self.refuse("the derivative of what? write dL/dz_j", node)
        if not isinstance(value, Array):
            self.refuse("expected one formula here, not a list", node)
        return value

    def is_of_course(self):
        """Whether a lone dz is the course's: below dW = … / m, or where L is asked."""
        words = {self.aliases.get(x, x) for x in self.words}
        is_mean = self.is_short and not words.isdisjoint(_MEAN)
        return is_mean or (self.loss != "J" and (self.has_left or self.is_of_loss))

    def entry_of(self, node) -> Expr:
        """The value of a node that is one number."""
        array = self.array(node)
        if array.shape:
            shape = self.written(array)
            self.refuse(
                f"this is an array of shape {shape}: write an entry", node, ShapeError
            )
        return array.entry()

    def refuse(self, words, node, kind=Unreadable, suggestions=()):
        raise kind(words, self.source, start(node), suggestions)

    def note(self, words):
        if words not in self.notes:
            self.notes.append(words)

    def text(self, node):
        return self.source[start(node) : end(node)]

    def replaced(self, *changes):
        """The whole line with other words for some nodes, each (first, last, words)."""
        line, at = "", 0
        for first, last, words in changes:
            line += self.source[at : start(first)] + words
            at = end(last)
        return line + self.source[at:]

    # Names

    def number(self, token):
        return number(Rational(str(token)))

    def dots(self, token):
        self.refuse("dots stand between terms of a sum: a_1 + … + a_n", token)

    def ones(self, _):
        return self.rules.vector(None, lambda _: [S.One])

    def name(self, token):
        size = self.counts.get(token)
        if size is None or token == str(size):
            return self.named(str(token))
        self.note(ReadAs(token, str(size)))
        return number(size)

    def named(self, name):
        """The symbol or array of a name; `subscripted` has those with an index."""
        symbols, arrays = self.names.symbols, self.names.arrays
        if self.is_matrix(name):
            return self.jacobian(name)
        letter_or_symbol = symbols.get(name)
        if isinstance(letter_or_symbol, Index) and self.is_asked:
            letter_or_symbol = None  # no number in an answer
        if letter_or_symbol is not None and not (name == "S" and name in self.aliases):
            return number(letter_or_symbol)
        if name in arrays and self.aliases.get("x") == "x" and name in "XAYZ":
            words = "L is the loss of one example: write a, y and x, or ask for dJ/dW"
            raise ShapeError(f"`{name}` has all examples, and {words}")
        if name in arrays:
            return self.whole(name)
        if name in self.aliases:
            return self.alias(name)
        if name in ("delta", "I"):
            return Array((None, None), lambda i, j: [KroneckerDelta(i, j)])
        if name == "e" or (name == "Ls" and "L" in arrays):
            return number(S.Exp1 if name == "e" else arrays["L"][symbols["s"]])
        if name in symbols:
            raise Unreadable(f"`{name}` is an index, not a number")
        raise Unreadable(what_to_write_for(name, self.names))

    def alias(self, name):
        ours = self.aliases[name]
        if ours in ENTROPIES.values():
            return self.entropy_alone(name)
        if ours == "sigmoid":
            return self.whole(name)
        if ours != name:
            self.note(ReadAs(name, ours))
        return self.named(ours) if ours in self.names.symbols else self.whole(ours)

    def whole(self, name):
        """An array of all its entries."""
        if self.aliases.get(name) == "sigmoid":
            self.note(f"{SHOWN.get(name, name)} read as the sigmoid")
            return self.function("sigmoid", self.whole("z"))
        if self.aliases.get("x") == "x" == name:
            return self.input_of_example()
        if self.is_batch_of_small_letters(name):
            self.note(ReadAs(name, name.upper()))
            name = name.upper()
        base, indices = self.names.arrays[name], self.names.entries[name].indices
        if name != str(base):
            self.note(ReadAs(name, str(base)))
        sizes = tuple(map(size_of, indices))
        if len(sizes) == 1:
            return self.rules.vector(sizes[0], lambda i: [base[i]])
        return Array(sizes, lambda *at: [base[at]])

    def is_batch_of_small_letters(self, name):
        """Whether a is A: where examples are asked about, and no capital says so."""
        is_program = self.is_numpy and not self.slots
        is_program |= self.is_matlab and self.asks_examples()
        right = self.source.rpartition("=")[2]
        has_capital = re.search(r"(?<![A-Za-z])[AWXYZ]", right)
        if is_program:
            has_capital = name.upper() in self.words
        return name in ("a", "y", "z") and not has_capital and self.is_of_batch

    def asks_examples(self):
        """Whether an entry of a batch is asked about, by class and example."""
        return "s" in [str(x) for x in self.slots] and len(self.slots) == 2

    def input_of_example(self):
        """The input x of the example whose loss L is differentiated by W, b or x."""
        inputs, example = self.names.arrays["X"], self.names.indices["s"]
        size = size_of(self.names.entries["X"].indices[0])
        self.columns.add(example)
        self.note(f"x is column {example} of X")
        return self.rules.vector(size, lambda i: [inputs[i, example]])

    def is_matrix(self, name):
        """Whether a name is the Jacobian or the Hessian; J beside a mean J is none."""
        has_softmax = {"a", "z"} <= {*self.names.arrays}
        is_free = name not in (*self.names.arrays, *self.names.symbols)
        if name == "H" and self.loss == "L":
            return has_softmax and is_free
        is_jacobian = bool(self.slots) and self.loss == "L" and has_softmax
        return name == "softmax_prime" or (name == "J" and is_jacobian)

    def jacobian(self, name):
        """The matrix of ∂a_i/∂z_j, which is called J or softmax', or H, of L by z."""
        if name == "H":
            self.note("H is the Hessian of L with respect to z")
            return self.derivative(number(letters.L), [self.whole("z")] * 2)
        if not {"a", "z"} <= {*self.names.arrays}:
            raise Unreadable("there is no softmax here: it has the letters a and z")
        shown = name.replace("_prime", "′")
        self.note(f"{shown} is the Jacobian, {shown}_ij = ∂a_i/∂z_j")
        output, logit = self.names.arrays["a"], self.names.arrays["z"]
        size = size_of(self.names.entries["z"].indices[0])
        return Array((size, size), lambda i, j: [Derivative(output[i], logit[j])])

    # Groups

    def group(self, _, inside, __):
        parts = inside.children
        if not parts:
            words = "`()`: a name, a number or a parenthesis is expected between"
            raise Unreadable(words)
        return self.value(parts[0]) if len(parts) == 1 else tuple(parts)

    def relation(self, left, sign, right, *more):
        if more:
            self.refuse("one = is expected here", more[0])
        return Relation(str(sign), left, right)

    def colon(self, token):
        self.refuse("`:`: a formula is expected", token)

    def place(self, token):
        words = "this place is empty: a name, a number or a parenthesis fills it"
        self.refuse(words, token)

    # Powers

    def power(self, base, _, exponent):
        example = self.example_above(exponent)
        if example:
            return self.of_example(base, *example)
        if kind(exponent) == "entry" and self.is_exponent(exponent.children[0]):
            body, sub = exponent.children  # a^2_i, W^T_{ij}
            tree = Tree("power", [base, _, body], base.meta)
            return self.at(tree, self.indices(sub))
        if self.is_transposition(exponent, base):
            return self.rules.transposed(self.array(base))
        if plain(base) == "e" and "e" not in self.names.symbols:
            return self.function("exp", self.array(exponent))
        return self.power_of(self.array(base), exponent)

    def is_exponent(self, node):
        is_above = plain(node).isdigit() or self.is_transposition(node)
        return is_above or self.example_above(node) is not None

    def is_transposition(self, exponent, base=None):
        word = plain(exponent)
        if word != "T" or "T" not in self.names.symbols or base is None:
            return word in ("T", "⊤")
        return bool(self.array(base).shape)

    def power_of(self, array, exponent):
        power = self.entry_of(exponent)
        if (
            len(array.sizes) == 2
            and not self.is_numpy
            and array.shape[0] == array.shape[1]
        ):
            words = (
                "a power of a matrix has two meanings: write the product, or entries"
            )
            self.refuse(words, exponent, Ambiguous)
        return array.mapped(lambda x: raised(x, power))

    def written(self, array):
        return written(array.shape)
