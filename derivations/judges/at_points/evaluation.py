"""What an expression means at concrete sizes: the way from formulas to entries.

A sum is added up term by term, and an index is a number. An entry z[i] becomes a plain
symbol here (`instantiate`), and a number in `numbers`.
"""

from sympy import (
    Add,
    Derivative,
    Dummy,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    Sum,
    Symbol,
)

from derivations.formulas.caching import remembered
from derivations.formulas.indices import SumExcept, free_symbols
from derivations.judges.at_points.intervals import NotDefinedError


def instantiate(expr, sizes, at=(), where=()):
    """`expr` written out at concrete sizes, with plain symbols z_1, z_2, … as entries.

    Source: notebook 02, "One formula for both".

    >>> from derivations.letters import exp, i, j, k, n, z
    >>> instantiate(Sum(exp(z[k]), (k, 1, n)), {n: 3})
    exp(z_1) + exp(z_2) + exp(z_3)
    """
    return Symbols(sizes, where)(expr, dict(at))


class Interpreter:
    """Sizes are numbers, indices are numbers, entries are leaves.

    What was computed is kept, apart for each choice of the indices that definitions
    share (the c of a one-hot y).  Where a derivative moves an entry, only what is made
    of this entry is computed anew.
    """

    def __init__(self, sizes, where=()):
        self.sizes, where = dict(sizes), tuple(where)
        self.definitions = {definition.base: definition for definition in where}
        self.entries = {}  # one object for each entry of an array
        self.shared = set().union(*(definition.free_symbols for definition in where))
        self.given = {}  # leaves and constants: nothing that is chosen changes them
        self.chosen = {}  # what is known for each choice of the shared indices

    def __call__(self, expr, at):
        """The value of `expr` where the free indices have the numbers in `at`."""
        self.outer = {index: at[index] for index in at if index in self.shared}
        self.known = self.chosen.setdefault(tuple(self.outer.items()), Known())
        self.met = 0  # the marks of the entries that the value at hand is made of
        return meaning(expr)(self, at)

    def entry(self, base, indices=()):
        """The entry of an array, the same object each time; a letter has no indices."""
        key = base, indices
        if key not in self.entries:
            mark = 1 << len(self.entries)
            self.entries[key] = Entry(base, indices, mark, self.definitions.get(base))
        return self.entries[key]

    def value_of(self, entry):
        """The value of an entry: moved, by the definition of its array, or a leaf."""
        self.met |= entry.mark
        moved = self.known.moves.get(entry)
        if moved is not None:
            return moved
        if entry.value:
            return self.recall(entry, entry.value, self.outer | entry.names)
        if entry not in self.given:
            self.given[entry] = self.leaf(entry.base, entry.indices)
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
        if number not in self.given:
            self.given[number] = self.number(number)
        return self.given[number]

    def power(self, part, base, exponent):
        """The value of a power `part` of a formula, its exponent an expression."""
        return self.apply(type(part), [base, exponent])

    def as_int(self, number):
        """A whole number of this kind as a plain one."""
        return int(number)


class Entry:
    """An entry of an array, with what the definition of the array says of it, if any.

    `value` is a function of an `Interpreter` and of the indices; these have the numbers
    in `names`.  The `mark` is a bit of its own: the entries that a value is made of are
    one whole number, for as many sets would cost a quarter of the time.
    """

    def __init__(self, base, indices, mark, definition=None):
        self.base, self.indices, self.mark = base, indices, mark
        self.value = meaning(definition.value) if definition else None
        self.names = definition.names(indices) if definition else {}


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


@remembered
def meaning(expr):  # noqa: PLR0911 (one line per kind of part)
    """What `expr` says: its value as a function of a `Interpreter` and its indices."""
    if isinstance(expr, Indexed):
        return _of_indexed(expr)
    if isinstance(expr, Symbol):
        return _of_symbol(expr)
    if isinstance(expr, Sum | SumExcept):
        return _kept(expr, _of_sum(expr))
    if isinstance(expr, Derivative):
        return _kept(expr, _of_derivative(expr))
    if isinstance(expr, KroneckerDelta):
        left, right = map(meaning, expr.args)
        return lambda numbers, at: numbers.whole(
            left(numbers, at) == right(numbers, at)
        )
    if not expr.args:
        return lambda numbers, at: numbers.constant(expr)
    if isinstance(expr, Pow) and not expr.exp.is_Rational:
        base, exponent = map(meaning, expr.args)
        return _named(
            expr,
            lambda numbers, at: numbers.power(
                expr, base(numbers, at), exponent(numbers, at)
            ),
        )
    return _of_function(expr)


def _named(expr, value):
    """The same value, where an error that it is not defined says which part is not."""

    def named(numbers, at):
        try:
            return value(numbers, at)
        except NotDefinedError as problem:
            problem.part = problem.part or expr
            raise

    return named


def _kept(expr, value):
    names = {base.label for base in expr.atoms(IndexedBase)}
    free = tuple(free_symbols(expr) - names)
    return lambda numbers, at: numbers.recall((value, *map(at.get, free)), value, at)


def _of_indexed(expr):
    entry_of = _entry_of(expr)
    return lambda numbers, at: numbers.value_of(entry_of(numbers, at))


def _of_symbol(symbol):
    def value(numbers, at):
        number = at.get(symbol, numbers.sizes.get(symbol))
        if number is None:
            return numbers.value_of(numbers.entry(symbol))
        return numbers.whole(number)

    return value


def _of_sum(total):
    (index, *bounds), *outer = reversed(total.limits)
    rest = Sum(total.function, *reversed(outer)) if outer else total.function
    (low, high), term = map(_whole, bounds), meaning(rest)
    skip = _whole(total.excluded) if isinstance(total, SumExcept) else None

    def value(numbers, at):
        first, last = low(numbers, at), high(numbers, at)
        left_out = skip(numbers, at) if skip else None
        added = (place for place in range(first, last + 1) if place != left_out)
        return numbers.apply(Add, [term(numbers, at | {index: x}) for x in added])

    return value


def _whole(expr):
    """The value of an index, or of a bound of a sum, as a plain whole number."""
    value = meaning(expr)

    def number(numbers, at):
        known = at.get(expr, numbers.sizes.get(expr))
        return numbers.as_int(value(numbers, at)) if known is None else known

    return number


def _of_derivative(expr):
    variables = [v for v, count in expr.variable_count for _ in range(int(count))]
    if not variables:
        return meaning(expr.expr)
    *rest, variable = variables
    inner = Derivative(expr.expr, *rest) if rest else expr.expr
    f, entry_of = meaning(inner), _entry_of(variable)
    return lambda numbers, at: numbers.slope(f, entry_of(numbers, at), at)


def _of_function(expr):
    function, args = expr.func, [meaning(arg) for arg in expr.args]

    def value(numbers, at):
        return numbers.apply(function, [arg(numbers, at) for arg in args])

    # Functions and powers cost more than to keep them; sums and products do not.
    return value if isinstance(expr, Add | Mul) else _named(expr, _kept(expr, value))


def _entry_of(variable):
    """The entry that an indexed symbol is, as a function of its indices."""
    if not isinstance(variable, Indexed):
        return lambda numbers, at: numbers.entry(variable)
    base, letters = variable.base, variable.indices
    indices = [_whole(letter) for letter in letters]

    def entry(numbers, at):
        try:
            places = [at[letter] for letter in letters]
        except KeyError:  # an index may also be a number, or a size
            places = [index(numbers, at) for index in indices]
        return numbers.entry(base, tuple(places))

    return entry


class Symbols(Interpreter):
    """Every entry is a plain symbol; derivatives are SymPy's, by plain symbols."""

    whole = Integer

    def leaf(self, base, indices):
        numbers = "_" + "".join(map(str, indices)) if indices else ""
        return Symbol(f"{base}{numbers}", real=True)

    def number(self, expr):
        return expr

    def apply(self, function, args):
        return function(*args)

    def slope(self, f, entry, at):
        here, name = self.value_of(entry), Dummy(real=True)
        return self.with_entry(entry, name, f, at).diff(name).xreplace({name: here})
