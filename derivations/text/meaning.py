"""What a tree means: names, entries, powers, sums, in entries of the series' letters.

`Meaning.value` takes each node by a method of its rule's name in `formula.lark`.  Rows
of factors stand in `products`, derivatives in `differentials`, functions in `calls`.
"""

import re
from dataclasses import dataclass

from lark import Tree
from sympy import (
    Derivative,
    Expr,
    Indexed,
    KroneckerDelta,
    Rational,
    S,
    Sum,
    Symbol,
)

from derivations.formulas.indices import Index, Size, SumExcept, free_symbols, size_of
from derivations.text.aliases import LOGIT, SHOWN, SIZE
from derivations.text.bounds import raised
from derivations.text.calls import Calls
from derivations.text.differentials import Differential, Differentials, Operator
from derivations.text.parsing import end, items, kind, plain, start
from derivations.text.products import Products
from derivations.text.shapes import (
    Array,
    Letters,
    Mathematics,
    NumPy,
    number,
    written,
)
from derivations.text.unreadable import Ambiguous, ShapeError, Unreadable
from derivations.text.vocabulary import what_to_write_for

_NUMPY = re.compile(
    r"\b(np|numpy|torch|jnp|tf)\.|@|\.T\b|\.(sum|mean|dot|reshape)\(|axis|\[:|\[None|outer\("
)
"""What is written in NumPy alone."""


@dataclass(frozen=True)
class Relation:
    """i = j or i ≠ j as a part of a formula: the two nodes."""

    sign: str
    left: object
    right: object


class Meaning(Products, Differentials, Calls):
    """Reads one tree; `slots` are the free letters that the question asks about."""

    def __init__(self, source, row, names, aliases, slots=(), loss="L"):
        self.source, self.names, self.aliases = source, names, aliases
        self.slots, self.loss = slots, loss
        self.notes = []
        words = {str(token) for token in row}
        used = {letter for name, letter in names.indices.items() if name in words}
        self.letters = Letters({*used, *slots})
        self.is_numpy = bool(_NUMPY.search(source))
        self.rules = (NumPy if self.is_numpy else Mathematics)(self.letters)

    # Any node

    def value(self, node):
        """What a node is: an array, or a part that becomes one beside others."""
        try:
            return getattr(self, node.data)(*node.children)
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
            same = KroneckerDelta(one, other)
            self.note(f"1 where {one} {value.sign} {other}, else 0")
            return number(same if value.sign == "=" else 1 - same)
        if isinstance(value, Differential):
            self.refuse_lone_differential(node)
        if isinstance(value, Operator):
            self.refuse("the derivative of what? write dL/dz_j", node)
        if not isinstance(value, Array):
            self.refuse("one formula is expected here, and no list", node)
        return value

    def entry_of(self, node) -> Expr:
        """The value of a node that is one number."""
        array = self.array(node)
        if array.shape:
            shape = self.written(array)
            self.refuse(f"this is an array of shape {shape}: write an entry", node, ShapeError)
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

    def ones(self, _):
        return self.rules.vector(None, lambda _: [S.One])

    def hat(self, _, body):
        while isinstance(body, Tree):
            body = items(body)[0] if kind(body) == "group" else body.children[0]
        name = f"{body}hat"
        if name not in self.aliases:
            self.refuse(f"\\hat{{{body}}} is not known here", body)
        return self.named(name)

    def name(self, token):
        return self.named(str(token))

    def named(self, name):
        """The symbol or array of a name; `subscripted` has those with an index."""
        symbols, arrays = self.names.symbols, self.names.arrays
        if name == "J" and self.is_jacobian():
            self.note("J is the Jacobian, J_ij = ∂a_i/∂z_j")
            return self.jacobian()
        letter_or_symbol = symbols.get(name)
        if isinstance(letter_or_symbol, Index) and self.slots:
            letter_or_symbol = None  # no number in an answer
        if letter_or_symbol is not None and not (name == "S" and name in self.aliases):
            return number(letter_or_symbol)
        if name in arrays:
            return self.whole(name)
        if name in self.aliases:
            return self.alias(name)
        if name in ("delta", "I"):
            return Array((None, None), lambda i, j: [KroneckerDelta(i, j)])
        if name == "e":
            return number(S.Exp1)
        if name in symbols:
            raise Unreadable(f"`{name}` is a letter that counts, and no number")
        raise Unreadable(what_to_write_for(name, self.names))

    def alias(self, name):
        ours = self.aliases[name]
        self.note(f"{SHOWN.get(name, name)} read as {ours}")
        return self.whole(ours) if ours in self.names.arrays else self.named(ours)

    def whole(self, name):
        """An array of all its entries."""
        base, indices = self.names.arrays[name], self.names.entries[name].indices
        sizes = tuple(map(size_of, indices))
        if len(sizes) == 1:
            return self.rules.vector(sizes[0], lambda i: [base[i]])
        return Array(sizes, lambda *at: [base[at]])

    def is_jacobian(self):
        """Whether J is the Jacobian: in an answer to a question about another loss."""
        return bool(self.slots) and self.loss != "J" and {"a", "z"} <= {*self.names.arrays}

    def jacobian(self):
        output, logit = self.names.arrays["a"], self.names.arrays["z"]
        size = size_of(self.names.entries["z"].indices[0])
        return Array((size, size), lambda i, j: [Derivative(output[i], logit[j])])

    def subscripted(self, body):
        """The array of a name with an index, where the name alone may be a symbol."""
        name = plain(body) if kind(body) == "name" else ""
        if name == "Ls" and name not in self.names.arrays:
            name = "L"
        if name in self.names.arrays:
            return self.whole(name)
        if name in self.aliases:
            return self.alias(name)
        if name in ("delta", "J"):
            return self.named("I" if name == "delta" else "J")
        if name in (*LOGIT, "p", "q", "s", "t", "P", "S"):
            words = f"`{name}` has a meaning of its own in this question: write a, y or z"
            self.refuse(words, body, Ambiguous)
        return self.array(body)

    # Groups and entries

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

    def index_of(self, node):
        """A letter that counts, or a whole number."""
        word = plain(node)
        if word in self.names.indices:
            return self.names.indices[word]
        if re.fullmatch(r"\d{1,9}", word):
            if self.is_numpy:
                words = (
                    "entries count from 1 here, and from 0 in NumPy: write the letter "
                    "of the entry"
                )
                self.refuse(words, node, Ambiguous)
            return Rational(word)
        words = "an index is a letter that counts, such as i, j, k or s, or a number"
        return self.refuse(f"`{self.text(node)}`: {words}", node)

    def indices(self, node):
        """The letters of a subscript: i, ij, {ij}, {i, j}."""
        if kind(node) == "group":
            return [x for part in items(node) for x in self.indices(part)]
        if kind(node) == "sub":
            return self.indices(node.children[1])
        if kind(node) == "beside":
            return [x for part in node.children for x in self.indices(part)]
        return [self.index_of(node)]

    def entry(self, body, sub):
        inside = sub.children[1]
        while kind(inside) == "group" and len(items(inside)) == 1:
            (inside,) = items(inside)
        if kind(inside) == "relation":  # 1_{i=j}, δ_{i=j}
            return self.as_array(self.value(inside), inside)
        return self.at(body, self.indices(sub))

    def at(self, body, letters):
        """The entry of an array at these letters."""
        if kind(body) == "entry":  # a_i_j
            inner, sub = body.children
            return self.at(inner, [*self.indices(sub), *letters])
        if kind(body) == "power":  # a^2_i, W^T_{ij}
            base, sign, exponent = body.children
            if self.is_transposition(exponent):
                return self.entry_at(self.array(body), letters, body)
            return self.power_of(self.at(base, letters), exponent)
        array = self.subscripted(body)
        name = self.aliases.get(plain(body), plain(body))
        batch = self.names.entries.get(name.upper())
        if len(array.sizes) == 1 and len(letters) == 2 and batch is not None:
            self.note(f"{self.text(body)}_js read as {name.upper()}")
            array = self.whole(name.upper())
        return self.entry_at(array, letters, body)

    def entry_at(self, array, letters, body):
        if len(array.sizes) != len(letters):
            if not array.shape:
                self.refuse(f"`{self.text(body)}` has no index", body)
            several = "1 index" if len(array.sizes) == 1 else f"{len(array.sizes)} indices"
            words = f"`{self.text(body)}` has shape {self.written(array)}, so {several}"
            self.refuse(words, body, ShapeError)
        for letter, size in zip(letters, array.sizes, strict=True):
            own = size_of(letter)
            if kind(body) != "name" and isinstance(size, Size) and own not in (None, size):
                words = f"{letter} counts to {own}, and here {size} are counted"
                self.refuse(words, body, ShapeError)
        return number(*array.at(*letters))

    def index(self, body, _, inside, __):
        """a[i], b[:, None], X.shape[1]; and a bracket that is a factor: 2[a - y]."""
        parts = inside.children
        words = [plain(part) for part in parts]
        if kind(body) == "attribute" and body.children[1] == "shape":
            sizes = self.array(body.children[0]).shape
            if len(parts) != 1 or words[0] not in map(str, range(len(sizes))):
                raise Unreadable("an axis is 0 or 1")
            return number(sizes[int(words[0])])
        if any(kind(x) == "colon" for x in parts) or {"None", "newaxis"} & {*words}:
            return self.sliced(self.array(body), parts)
        is_relation = any(kind(part) == "relation" for part in parts)
        if is_relation or kind(body) in ("entry", "index", "number", "power"):
            if len(parts) != 1:
                raise Unreadable("only an array has an index, as in a[i]")
            return self.product_of([("", body), ("", parts[0])])
        return self.at(body, [self.index_of(part) for part in parts])

    def sliced(self, array, parts):
        """b[:, None]: a colon keeps an axis, None makes one of one entry."""
        kept, shape, plan = list(array.shape), [], []
        for part in parts:
            is_new = plain(part) in ("None", "newaxis")
            if not is_new and not kept:
                raise ShapeError(f"too many indices for shape {self.written(array)}")
            if is_new or kind(part) == "colon":
                shape.append(1 if is_new else kept.pop(0))
                plan.append("new" if is_new else "kept")
            else:
                kept.pop(0)
                plan.append(self.index_of(part))
        plan += ["kept"] * len(kept)

        def factors(*at):
            rest, indices = list(at), []
            for step in plan:
                index = step if step not in ("new", "kept") else rest.pop(0)
                indices += [index] if step != "new" else []
            return array.factors(*indices)

        return Array((*shape, *kept), factors)

    # Powers

    def power(self, base, _, exponent):
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
        return plain(node).isdigit() or self.is_transposition(node)

    def is_transposition(self, exponent, base=None):
        word = plain(exponent)
        if word != "T" or "T" not in self.names.symbols or base is None:
            return word in ("T", "⊤")
        return bool(self.array(base).shape)

    def power_of(self, array, exponent):
        power = self.entry_of(exponent)
        if isinstance(power, Index):
            words = f"`^({power})`: the example is an index: write A_{{js}}"
            self.refuse(words, exponent)
        if len(array.sizes) == 2 and not self.is_numpy and array.shape[0] == array.shape[1]:
            words = "a power of a matrix has two meanings: write the product, or entries"
            self.refuse(words, exponent, Ambiguous)
        return array.mapped(lambda x: raised(x, power))

    # Sums

    def sum(self, first, *rest):
        signs = ["+", *map(str, rest[::2])]
        nodes = [first, *rest[1::2]]
        arrays = [self.array(node) for node in nodes]
        self.refuse_mixed(arrays, nodes)
        return self.rules.sum(list(zip(signs, arrays, strict=True)))

    def signed(self, sign, node):
        array = self.array(node)
        if sign == "+":
            return array
        return Array(array.shape, lambda *at: [S.NegativeOne, *array.factors(*at)])

    def total(self, _, *parts):
        """Σ_k of a term; without a letter, over all entries."""
        *limits, body = parts
        if not limits:
            return self.over_all(self.array(body), body)
        sub, *upper = (x for x in limits[0].children if isinstance(x, Tree))
        letters, excluded = self.summed_letters(sub.children[1])
        if upper:
            self.upper_end(upper[0], letters)
        term = self.array(body)
        if excluded is not None:
            (letter,) = letters
            return term.mapped(lambda x: SumExcept(x, (letter, 1, letter.size), excluded))
        return term.mapped(lambda x: self.sum_over(x, letters))

    def sum_over(self, term, letters):
        total = Sum(term, *((letter, 1, letter.size) for letter in letters))
        bound = [letter for letter, *_ in total.limits]
        if len(set(bound)) < len(bound):
            raise Unreadable("one letter is bound twice: give each sum its own")
        return total

    def summed_letters(self, node):
        """The letters below a sum sign, and the one that is left out: k, i≠j, k=1."""
        parts = items(node) if kind(node) == "group" else [node]
        letters, excluded = [], None
        for part in parts:
            if kind(part) != "relation":
                letters += self.indices(part)
                continue
            relation = self.value(part)
            letters.append(self.index_of(relation.left))
            if relation.sign == "≠":
                excluded = self.index_of(relation.right)
            elif plain(relation.right) != "1":
                self.refuse(f"{letters[-1]} counts from 1", part)
        if not all(isinstance(x, Index) for x in letters) or (
            excluded is not None and len(letters) > 1
        ):
            self.refuse("a sum is over a letter that counts: sum_k", node)
        if excluded in letters:
            self.refuse(f"{excluded} is the letter of the sum itself", node)
        return letters, excluded

    def upper_end(self, node, letters):
        """Check the upper end of a sum; another letter for the size is said."""
        word, size = plain(node), letters[-1].size
        if word == str(size):
            return
        if word not in SIZE and not (len(word) == 1 and word.isupper()):
            words = f"{letters[-1]} counts to {size}: {size} is expected above the sum"
            self.refuse(words, node)
        self.note(f"{word} read as {size}")

    def over_all(self, array, node):
        """Σ y, sum(y): over all entries, or over the one letter that is free in it."""
        if array.shape:
            return self.rules.summed(array)
        entry = array.entry()
        free = {x for x in free_symbols(entry) if isinstance(x, Index)}
        free -= {*self.slots}
        if len(free) != 1:
            self.refuse("a sum over which letter? write sum_k y_k", node, Ambiguous)
        (letter,) = free
        self.note(f"the sum is over {letter}")
        return number(self.sum_over(entry, [letter]))

    # An array beside an entry

    def refuse_mixed(self, arrays, nodes):
        """Refuse an array beside one entry at the question's own letter: a − y_j."""
        whole = next((n for a, n in zip(arrays, nodes, strict=True) if a.shape), None)
        for array, node in zip(arrays, nodes, strict=True):
            is_entry = not array.shape and {*self.slots} & free_symbols(array.entry())
            if whole is not None and is_entry:
                words = (
                    f"`{self.text(whole)}` is an array, and `{self.text(node)}` is one "
                    "entry: write both as arrays, or both as entries"
                )
                self.refuse(words, node, ShapeError)

    def loss_array(self, loss):
        """The loss of a question, as an array of no axis."""
        return number(loss)

    def written(self, array):
        return written(array.shape)
