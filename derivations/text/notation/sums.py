"""Sums: terms with their signs, and Σ over a letter or over everything."""

import re
from contextlib import contextmanager

from lark import Tree
from sympy import Integer, S, Sum

from derivations.formulas.indices import Index, SumExcept, free_symbols
from derivations.text.names import SIZE
from derivations.text.notation.parsing import items, kind, plain
from derivations.text.notation.shapes import Array, number
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
        arrays = [self.array(node) for node in nodes]
        self.refuse_mixed(arrays, nodes)
        return self.rules.sum(list(zip(signs, arrays, strict=True)))

    def signed(self, sign, node):
        array = self.array(node)
        if sign == "+":
            return array
        return Array(array.shape, lambda *at: [S.NegativeOne, *array.factors(*at)])

    def total(self, sign, *parts):
        """Σ_k of a term; without a letter, over all entries."""
        *limits, body = parts
        if not limits:
            array = self.array(body)
            if len(array.sizes) > 1:
                words = "a sum over which letters? write sum_k, or sum_s"
                inside = self.text(body)
                choices = [f"sum({inside}, axis=1)", f"sum({inside})"]
                lines = [self.replaced((sign, body, choice)) for choice in choices]
                self.refuse(words, body, Ambiguous, lines)
            return self.over_all(array, body)
        sub, *upper = (x for x in limits[0].children if isinstance(x, Tree))
        outside, self.blocks = self.blocks, {**self.blocks}
        ranges, excluded = self.limits_below(sub.children[1])
        if upper:
            ranges[-1] = self.with_upper_end(ranges[-1], upper[0])
        term = self.array(body)
        self.blocks = outside
        if excluded is not None:
            (limit,) = ranges
            return term.mapped(lambda x: SumExcept(x, limit, excluded))
        return term.mapped(lambda x: self.sum_over(x, ranges))

    def sum_over(self, term, limits):
        total = Sum(term, *limits)
        bound = [letter for letter, *_ in total.limits]
        if len(set(bound)) < len(bound):
            raise Unreadable("one letter is bound twice: give each sum its own")
        return total

    def limits_below(self, node):
        """The limits below a sum sign, and the letter that is left out: k, i≠j, k=1."""
        parts = items(node) if kind(node) == "group" else [node]
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
                counted[-1] = counted[-1][0], self.number_from_1(relation.right)
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
            self.note(f"{word} read as {size}")
        return limit

    def is_a_size(self, word):
        """Whether a letter stands above sums alone, so it is what another calls n."""
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
