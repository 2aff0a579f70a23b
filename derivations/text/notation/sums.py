"""Sums: terms with their signs, and Σ over a letter or over everything."""

import re
from contextlib import contextmanager

from lark import Tree
from sympy import Indexed, Integer, S, Sum, Symbol

from derivations.formulas.indices import Index, SumExcept, free_symbols, size_of
from derivations.text.names import SIZE, ReadAs
from derivations.text.notation.parsing import items, kind, plain
from derivations.text.notation.shapes import Array, number, product
from derivations.text.unreadable import Ambiguous, ShapeError, Unreadable


class Letters:
    """Letters for the sums that a product of arrays hides, none of them twice."""

    def __init__(self, taken):
        self.taken = set(taken)

    @contextmanager
    def new(self, size):
        """A letter that counts to `size`, taken as long as its sum is written."""
        free = [x for x in getattr(size, "indices", ()) if x not in self.taken]
        if not free:
            words = f"no letter is left that counts to {size}: write this sum out"
            raise Unreadable(words)
        self.taken.add(free[0])
        yield free[0]
        self.taken.discard(free[0])


class Sums:
    """The rules `sum`, `signed` and `total` of the grammar."""

    def sum(self, first, *rest):
        signs = ["+", *map(str, rest[::2])]
        nodes = [first, *rest[1::2]]
        arrays = [None if kind(x) == "dots" else self.array(x) for x in nodes]
        if None in arrays:
            arrays, nodes, signs = self.without_dots(arrays, nodes, signs)
        self.refuse_mixed(arrays, nodes)
        self.refuse_number(arrays, nodes)
        return self.rules.sum(list(zip(signs, arrays, strict=True)))

    def refuse_number(self, arrays, nodes):
        """Refuse diag(a) − aᵀa: a matrix and a number, where a is no row."""
        is_matrix = any(len(x.sizes) == 2 for x in arrays)
        if not is_matrix or self.is_numpy or self.is_matlab:
            return
        for array, node in zip(arrays, nodes, strict=True):
            first, second, *more = [*getattr(node, "children", ()), "", ""][:4]
            is_inner = kind(node) == "beside" and not array.shape and not any(more)
            if (
                is_inner
                and kind(first) == "power"
                and self.is_transposition(first.children[2])
            ):
                one, other = self.text(first), self.text(second)
                lines = [self.replaced((node, node, f"{other} {one}"))]
                words = f"`{one} {other}` is one number, for a vector is a column here"
                self.refuse(words, node, ShapeError, lines)

    def without_dots(self, arrays, nodes, signs):
        """The terms, with one sum for a_1 + a_2 + … + a_n, read off its last term.

        Each term before the last one is that term at another letter, the first at 1.
        """
        at = len(arrays) - arrays[::-1].index(None)
        if at == len(arrays):
            self.refuse("what is the last term? write a_1 + … + a_n", nodes[-1])
        last = arrays[at].entry()
        found = [x for x in self.lasts.values() if x in free_symbols(last)]
        if len(found) != 1:
            words = "the last term has the last index, such as n: a_1 + … + a_n"
            self.refuse(words, nodes[at])
        (letter,) = found
        terms = [last.xreplace({letter: Integer(x)}) for x in range(1, 10)]
        terms += [last.xreplace({letter: x}) for x in self.names.indices.values()]
        own = [
            x and (x.entry() if sign == signs[at] else -x.entry())
            for x, sign in zip(arrays[:at], signs, strict=False)
        ]
        begin = own.index(terms[0]) if terms[0] in own else 0
        for term, node in zip(own[begin:], nodes[begin:], strict=False):
            if (term or terms[0]) not in terms or own[begin] != terms[0]:
                words = f"this is not as the last term is, `{self.text(nodes[at])}`"
                self.refuse(words, node)
        (size,) = {
            size_of(self.names.entries[str(x.base)].indices[x.indices.index(letter)])
            for x in last.atoms(Indexed)
            if letter in x.indices
        }
        with self.letters.new(size) as k:
            total = number(Sum(last.xreplace({letter: k}), (k, 1, size)))
        signs[begin] = signs[at]
        for row, one in ((arrays, total), (nodes, nodes[at]), (signs, signs[at])):
            row[begin : at + 1] = [one]
        return arrays, nodes, signs

    def signed(self, sign, node):
        array = self.array(node)
        if sign == "+":
            return array
        factors, by_entry = array.factors, array.is_by_entry
        return Array(
            array.shape, lambda *at: [S.NegativeOne, *factors(*at)], False, by_entry
        )

    def total(self, sign, *parts):
        """Σ_k of a term; without a letter, over all entries."""
        *limits, body = parts
        if not limits:
            array = self.array(body)
            wanted = [letter.size for letter in self.open_slots]
            if len(array.sizes) == 2 and len(wanted) == 1 and wanted[0] in array.sizes:
                axis = 1 - array.sizes.index(wanted[0])
                self.note(f"the sum is over {array.sizes[axis].indices[0]}")
                return self.rules.summed(array, [axis])
            if len(array.sizes) > 1:
                words = "a sum over which letters? write sum_k, or sum_s"
                inside = self.text(body)
                choices = [f"sum({inside}, axis=1)", f"sum({inside})"]
                lines = [self.replaced((sign, body, choice)) for choice in choices]
                self.refuse(words, body, Ambiguous, lines)
            return self.over_all(array, body)
        sub, *upper = (x for x in limits[0].children if isinstance(x, Tree))
        outside, self.blocks = self.blocks, {**self.blocks}
        ranges, excluded = self.limits_below(sub.children[1], upper)
        if upper:
            ranges[-1] = self.with_upper_end(ranges[-1], upper[0])
        with self.summing(ranges):
            term = self.array(body)
        self.blocks = outside
        if (axis := self.axis_of(ranges, term)) is not None:
            letter = ranges[0][0]
            self.note(f"`{self.text(body)}` is taken at {letter}")
            if len(term.sizes) == 1:
                return number(self.sum_over(product(term.at(letter)), ranges))
            return self.rules.summed(term, [axis])
        if excluded is not None:
            (limit,) = ranges
            return term.mapped(lambda x: SumExcept(x, limit, excluded))
        return term.mapped(lambda x: self.sum_over(x, ranges))

    @contextmanager
    def summing(self, limits):
        """While the body of a sum is read, its letters are `summed`."""
        outside, self.summed = self.summed, self.summed | {x for x, *_ in limits}
        try:
            yield
        finally:
            self.summed = outside

    def axis_of(self, ranges, term):
        """The axis that Σ_j of an array goes over: Σ_j e^z is Σ_j e^{z_j}.

        With j, as in Σ_j y_j log a, that is meant where one number is asked for.
        """
        (letter, low, high), *more = ranges
        sizes = term.shape
        if more or (low, high) != (1, letter.size) or sizes.count(letter.size) != 1:
            return None
        entry = product(
            term.factors(*(S.One if x == 1 else Symbol("_") for x in sizes))
        )
        is_one = self.is_asked and not self.open_slots
        is_one &= term.is_by_entry and len(term.sizes) == 1
        has_letter = letter in free_symbols(entry)
        return None if has_letter and not is_one else sizes.index(letter.size)

    def sum_over(self, term, limits):
        total = Sum(term, *limits)
        bound = [letter for letter, *_ in total.limits]
        if len(set(bound)) < len(bound):
            raise Unreadable("one letter is bound twice: give each sum its own")
        return total

    def limits_below(self, node, upper):
        """The limits below a sum sign, and the letter that is left out: k, i≠j, k=1.

        An upper end that stands there, as in k=1..n, is put into `upper`.
        """
        parts = [node]
        while len(parts) == 1 and kind(parts[0]) == "group":  # a field has two
            parts = items(parts[0])
        counted, excluded = [], None
        for part in parts:
            if kind(part) != "relation":
                counted += [(letter, S.One) for letter in self.indices(part)]
                continue
            relation = self.value(part)
            counted.append((self.counted(relation), S.One))
            if relation.sign == "≠":
                excluded = self.index_of(relation.right)
            elif relation.sign == "=":
                low = relation.right
                if kind(low) == "beside" and kind(low.children[1]) == "dots":
                    low, _, *above = low.children  # k=1..n
                    upper += above
                counted[-1] = counted[-1][0], self.number_from_1(low)
        letters = [letter for letter, _ in counted]
        several = excluded is not None and len(letters) > 1
        if several or not all(isinstance(x, Index) for x in letters):
            self.refuse("a sum runs over an index, as in sum_k", node)
        if excluded in letters:
            self.refuse(f"{excluded} is the letter of the sum itself", node)
        return [(letter, low, letter.size) for letter, low in counted], excluded

    def number_from_1(self, node):
        word = plain(node)
        if not word.isdigit() or word == "0":
            self.refuse("classes and examples count from 1", node)
        return Integer(word)

    def counted(self, relation):
        """The letter of k = 1, i ≠ j; of k ∈ P, the one that counts the block P."""
        if relation.sign != "∈":
            return self.index_of(relation.left)
        letter, block = plain(relation.left), plain(relation.right)
        for name in (letter, letter + block):  # k_P ∈ P and k ∈ P
            if getattr(self.names.indices.get(name), "block", None) == block:
                self.blocks[letter] = self.names.indices[name]
                return self.blocks[letter]
        words = f"{block} is not a block: a sum runs over an index, as in sum_k"
        return self.refuse(words, relation.right)

    def with_upper_end(self, limit, node):
        """The limit of a sum with an upper end; another letter for the size is said."""
        letter, low, size = limit
        word = plain(node)
        if kind(node) == "place":
            return limit  # MathLive has one above each sum
        if word.isdigit():
            if int(word) < low:
                self.refuse(f"a sum from {low} to {word} has no terms", node)
            return letter, low, Integer(word)
        if word not in (str(size), *SIZE) and not self.is_a_size(word):
            words = f"{letter} counts to {size}: {size} is expected above the sum"
            self.refuse(words, node)
        if word != str(size):
            self.note(ReadAs(word, str(size)))
        return limit

    def is_a_size(self, word):
        """Whether a letter stands only above sums: then it is another name for n."""
        above = re.findall(rf"\^\s*\{{?\s*{word}(?![A-Za-z])", self.source)
        everywhere = re.findall(rf"(?<![A-Za-z\\]){word}(?![A-Za-z])", self.source)
        is_upper = len(word) == 1 and word.isupper()
        return is_upper or (len(word) == 1 and len(above) == len(everywhere) > 0)

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
        return number(self.sum_over(entry, [(letter, 1, letter.size)]))

    def limit(self, node):
        parts = items(node) if kind(node) == "group" else []
        if len(parts) != 3:
            self.refuse("the limits of a sum are written (k, 1, n)", node)
        letter = self.letter(parts[0])
        low, high = self.entry_of(parts[1]), self.entry_of(parts[2])
        whole = f"({letter}, 1, {letter.size})"
        if not (low.is_Integer and low >= 1):
            self.refuse(f"{letter} counts from 1: write {whole}", parts[1])
        if high.is_Integer and high < low:
            self.refuse(f"a sum from {low} to {high} has no terms", parts[2])
        if not high.is_Integer and high != letter.size:
            self.refuse(f"{letter} counts to {letter.size}: write {whole}", parts[2])
        return letter, low, high

    def letter(self, node):
        letter = self.index_of(node)
        if not isinstance(letter, Index):
            self.refuse("a sum is over a letter: (k, 1, n)", node)
        return letter

    def call_Sum(self, nodes):
        limits = [self.limit(node) for node in nodes[1:]]
        with self.summing(limits):
            return self.sum_over(self.entry_of(nodes[0]), limits)

    def call_SumExcept(self, nodes):
        if len(nodes) != 3:
            raise Unreadable("write SumExcept(f, (i, 1, n), j), the sum over i ≠ j")
        limit, excluded = self.limit(nodes[1]), self.index_of(nodes[2])
        if excluded == limit[0]:
            self.refuse(f"{excluded} is the letter of the sum itself", nodes[2])
        return SumExcept(self.entry_of(nodes[0]), limit, excluded)

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
