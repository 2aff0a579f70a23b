"""The value of an expression at concrete sizes, and what is known of it already.

An entry z[i] becomes a plain symbol here (`instantiate`), and a number in `numbers`.
"""

from functools import cache

from sympy import Dummy, Integer, Symbol

from derivations.judges.at_points.meaning import meaning

MOST_KEPT = 10_000
"""With more values that are kept, an interpreter begins anew."""


def instantiate(expr, sizes, at=(), where=()):
    """`expr` written out at concrete sizes, with plain symbols z_1, z_2, … as entries.

    Source: notebook 02, "One formula for both".

    >>> from derivations.letters import Sum, exp, k, n, z
    >>> instantiate(Sum(exp(z[k]), (k, 1, n)), {n: 3})
    exp(z_1) + exp(z_2) + exp(z_3)
    """
    return Symbols(sizes)(meaning(expr, tuple(where)), dict(at))


class Interpreter:
    """Sizes are numbers, indices are numbers, entries are leaves.

    What was computed is kept, for all claims with the same sizes: a part of a formula
    is known by its meaning.  Where a derivative moves an entry, only what is made of
    this entry is computed anew.
    """

    def __init__(self, sizes):
        self.sizes = dict(sizes)
        self.forget()

    def forget(self):
        """Know nothing any more."""
        self.entries = {}  # one object for each entry of an array
        self.given = {}  # leaves and constants: nothing that is chosen changes them
        self.unmoved = Known()

    def __call__(self, value, at):
        """The value of a `meaning` where the free indices have the numbers in `at`."""
        if len(self.unmoved.values) > MOST_KEPT:
            self.forget()
        self.outer, self.known = at, self.unmoved
        self.met = 0  # the marks of the entries that the value at hand is made of
        return value(self, at)

    def entry(self, array, indices=()):
        """The entry of an array, the same object each time; a letter has no indices."""
        key = array, indices, *map(self.outer.get, array.shared)
        entry = self.entries.get(key)
        if entry is None:
            mark = 1 << len(self.entries)
            entry = self.entries[key] = Entry(array, indices, mark)
        return entry

    def value_of(self, entry):
        """The value of an entry: moved, by the definition of its array, or a leaf."""
        self.met |= entry.mark
        moved = self.known.moves.get(entry)
        if moved is not None:
            return moved
        if entry.array.value:
            return self.recall(entry, entry.array.value, self.outer | entry.names)
        if entry not in self.given:
            self.given[entry] = self.leaf(entry.array, entry.indices)
        return self.given[entry]

    def with_entry(self, entry, number, f, at):
        """The value of f where one entry is moved and the others are as they are."""
        before, self.known = self.known, self.known.where(entry, number)
        value = f(self, at)
        self.known = before
        return value

    def recall(self, key, value, at):
        """value(self, at), computed once while nothing moves that it is made of."""
        kept = self.known.get(key)
        if kept is None:
            outside, self.met = self.met, 0
            kept = value(self, at), self.met
            self.met = outside
            self.known.keep(key, kept)
        number, marks = kept
        self.met |= marks
        return number

    def constant(self, number):
        value = self.given.get(number)
        if value is None:
            value = self.given[number] = self.number(number)
        return value

    def power(self, part, base, exponent):
        """The value of a power `part` of a formula, its exponent an expression."""
        return self.apply(type(part), [base, exponent])

    def as_int(self, number):
        """A whole number of this kind as a plain one."""
        return int(number)


class Entry:
    """An entry of an array; where that has a definition, its indices have `names`.

    The `mark` is a bit of its own: the entries that a value is made of are one whole
    number, for as many sets would cost a quarter of the time.
    """

    def __init__(self, array, indices, mark):
        self.array, self.indices, self.mark = array, indices, mark
        self.names = array.definition.names(indices) if array.definition else {}


class Known:
    """Values that were computed, each with the marks of the entries it is made of.

    `moves` has the numbers to which entries are moved.  Where one more is `moved`, what
    was known `before` still holds of all that is not made of this entry.
    """

    def __init__(self, moves=None, moved=None, before=None):
        self.moves, self.moved, self.before = moves or {}, moved, before
        self.depth = 0 if before is None else before.depth + 1
        self.values, self.further = {}, {}

    def where(self, entry, number):
        """What is known where one entry more is moved; the same one each time."""
        if entry not in self.further:
            self.further[entry] = Known(self.moves | {entry: number}, entry, self)
        return self.further[entry]

    def get(self, key):
        """The value of a key and the marks of what it is made of, or None."""
        kept = self.values.get(key)
        if kept is None and self.before:
            kept = self.before.get(key)
            if kept and self.moved.mark & kept[1]:
                return None
        return kept

    def keep(self, key, kept):
        """Note a value where it belongs: before all moves that do not change it."""
        known = self
        while known.before and not known.moved.mark & kept[1]:
            known = known.before
        known.values[key] = kept


class Symbols(Interpreter):
    """Every entry is a plain symbol; derivatives are SymPy's, by plain symbols."""

    whole = Integer

    def leaf(self, array, indices):
        numbers = "_" + "".join(map(str, indices)) if indices else ""
        return Symbol(f"{array.base}{numbers}", real=True)

    def number(self, expr):
        return expr

    def apply(self, function, args):
        return function(*args)

    def slope(self, f, entry, at):
        here, name = self.value_of(entry), _moved(self.known.depth)
        return self.with_entry(entry, name, f, at).diff(name).xreplace({name: here})


@cache
def _moved(depth):
    """The symbol of an entry that is moved: what is known of it names no other."""
    return Dummy(real=True)
