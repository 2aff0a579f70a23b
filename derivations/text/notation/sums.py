"""Sums: terms with their signs, and Σ over a letter or over everything."""

from lark import Tree
from sympy import S, Sum

from derivations.formulas.indices import Index, SumExcept, free_symbols
from derivations.text.aliases import SIZE
from derivations.text.notation.parsing import items, kind, plain
from derivations.text.notation.shapes import Array, number
from derivations.text.unreadable import Ambiguous, ShapeError, Unreadable


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

    def total(self, _, *parts):
        """Σ_k of a term; without a letter, over all entries."""
        *limits, body = parts
        if not limits:
            return self.over_all(self.array(body), body)
        sub, *upper = (x for x in limits[0].children if isinstance(x, Tree))
        outside, self.blocks = self.blocks, {**self.blocks}
        letters, excluded = self.summed_letters(sub.children[1])
        if upper:
            self.upper_end(upper[0], letters)
        term = self.array(body)
        self.blocks = outside
        if excluded is not None:
            (letter,) = letters
            return term.mapped(
                lambda x: SumExcept(x, (letter, 1, letter.size), excluded)
            )
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
            letters.append(self.counted(relation))
            if relation.sign == "≠":
                excluded = self.index_of(relation.right)
            elif relation.sign == "=" and plain(relation.right) != "1":
                self.refuse(f"{letters[-1]} counts from 1", part)
        if not all(isinstance(x, Index) for x in letters) or (
            excluded is not None and len(letters) > 1
        ):
            self.refuse("a sum is over a letter that counts: sum_k", node)
        if excluded in letters:
            self.refuse(f"{excluded} is the letter of the sum itself", node)
        return letters, excluded

    def counted(self, relation):
        """The letter of k = 1, i ≠ j; of k ∈ P, the one that counts the block P."""
        if relation.sign != "∈":
            return self.index_of(relation.left)
        letter, block = plain(relation.left), plain(relation.right)
        if letter + block not in self.names.indices:
            words = f"{block} is no block: a sum is over a letter that counts: sum_k"
            self.refuse(words, relation.right)
        self.blocks[letter] = self.names.indices[letter + block]
        return self.blocks[letter]

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
