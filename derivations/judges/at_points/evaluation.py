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
from derivations.formulas.claims import Hypothesis
from derivations.formulas.indices import Index, SumExcept, free_symbols
from derivations.judges.at_points.intervals import NotDefinedError

MOST_KEPT = 20_000
"""With more values that are kept, an interpreter begins anew."""


def instantiate(expr, sizes, at=(), where=()):
    """`expr` written out at concrete sizes, with plain symbols z_1, z_2, … as entries.

    Source: notebook 02, "One formula for both".

    >>> from derivations.letters import exp, i, j, k, n, z
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
        if key not in self.entries:
            self.entries[key] = Entry(array, indices, 1 << len(self.entries))
        return self.entries[key]

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
        if number not in self.given:
            self.given[number] = self.number(number)
        return self.given[number]

    def power(self, part, base, exponent):
        """The value of a power `part` of a formula, its exponent an expression."""
        return self.apply(type(part), [base, exponent])

    def as_int(self, number):
        """A whole number of this kind as a plain one."""
        return int(number)


class Array:
    """An array, or a letter, with what definitions and hypotheses say of its entries.

    `value` is the meaning of an entry where a definition says it; `shared` has the
    indices that definitions share (the c of a one-hot y).
    """

    def __init__(self, base, context):
        self.base, self.facts = base, tuple(x for x in context if _is_fact(x))
        own = [x for x in context if not _is_fact(x) and x.base == base]
        self.definition = own[0] if own else None
        self.value = meaning(own[0].value, context) if own else None
        self.shared = _shared(context)


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


def meaning(expr, context=()):
    """What `expr` says: its value as a function of a `Interpreter` and its indices.

    `context` has definitions and hypotheses; the meaning is the same object for all
    that differ in nothing that `expr` depends on.
    """
    return _meaning(expr, _relevant(expr, context) if context else ())


@remembered
def _relevant(expr, context):
    """The definitions and hypotheses that the value of `expr` depends on."""
    letters, relevant, before = expr.atoms(IndexedBase, Symbol), (), None
    while relevant != before:
        before = relevant
        relevant = tuple(x for x in context if letters & _spoken_of(x))
        for x in relevant:
            letters |= _spoken_of(x) if _is_fact(x) else _letters(x.value)
    return relevant


def _is_fact(part):
    return isinstance(part, Hypothesis)


@remembered
def _spoken_of(part):
    """The arrays of which a hypothesis, or a definition, says something."""
    if not _is_fact(part):
        return {part.base}
    return set().union(*(x.atoms(IndexedBase) for x, _ in part.stated))


@remembered
def _letters(expr):
    return expr.atoms(IndexedBase, Symbol)


@remembered
def _shared(context):
    """The indices that definitions share: they are free in a value."""
    definitions = [x for x in context if not _is_fact(x)]
    free = set().union(*(x.free_symbols for x in definitions))
    return tuple(x for x in free if isinstance(x, Index))


_array = remembered(Array)


@remembered
def _meaning(expr, context):  # noqa: PLR0911 (one line per kind of part)
    if isinstance(expr, Indexed):
        return _of_indexed(expr, context)
    if isinstance(expr, Symbol):
        return _of_symbol(expr, context)
    if isinstance(expr, Sum | SumExcept):
        return _kept(expr, context, _of_sum(expr, context))
    if isinstance(expr, Derivative):
        return _kept(expr, context, _of_derivative(expr, context))
    if isinstance(expr, KroneckerDelta):
        left, right = map(meaning, expr.args)
        return lambda numbers, at: numbers.whole(
            left(numbers, at) == right(numbers, at)
        )
    if not expr.args:
        return lambda numbers, at: numbers.constant(expr)
    if isinstance(expr, Pow) and not expr.exp.is_Rational:
        base, exponent = (meaning(x, context) for x in expr.args)
        return _named(
            expr,
            lambda numbers, at: numbers.power(
                expr, base(numbers, at), exponent(numbers, at)
            ),
        )
    return _of_function(expr, context)


def _named(expr, value):
    """The same value, where an error that it is not defined says which part is not."""

    def named(numbers, at):
        try:
            return value(numbers, at)
        except NotDefinedError as problem:
            problem.part = problem.part or expr
            raise

    return named


def _kept(expr, context, value):
    names = {base.label for base in expr.atoms(IndexedBase)}
    free, shared = tuple(free_symbols(expr) - names), _shared(context)
    return lambda numbers, at: numbers.recall(
        (value, *map(at.get, free), *map(numbers.outer.get, shared)), value, at
    )


def _of_indexed(expr, context):
    entry_of = _entry_of(expr, context)
    return lambda numbers, at: numbers.value_of(entry_of(numbers, at))


def _of_symbol(symbol, context):
    entry_of = _entry_of(symbol, context)

    def value(numbers, at):
        number = at.get(symbol, numbers.sizes.get(symbol))
        if number is None:
            return numbers.value_of(entry_of(numbers, at))
        return numbers.whole(number)

    return value


def _of_sum(total, context):
    (index, *bounds), *outer = reversed(total.limits)
    rest = Sum(total.function, *reversed(outer)) if outer else total.function
    (low, high), term = map(_whole, bounds), meaning(rest, context)
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


def _of_derivative(expr, context):
    variables = [v for v, count in expr.variable_count for _ in range(int(count))]
    if not variables:
        return meaning(expr.expr, context)
    *rest, variable = variables
    inner = Derivative(expr.expr, *rest) if rest else expr.expr
    f, entry_of = meaning(inner, context), _entry_of(variable, context)
    return lambda numbers, at: numbers.slope(f, entry_of(numbers, at), at)


def _of_function(expr, context):
    function, args = expr.func, [meaning(arg, context) for arg in expr.args]

    def value(numbers, at):
        return numbers.apply(function, [arg(numbers, at) for arg in args])

    # Functions and powers cost more than to keep them; sums and products do not.
    if isinstance(expr, Add | Mul):
        return value
    return _kept(expr, context, _named(expr, value))


def _entry_of(variable, context):
    """The entry that an indexed symbol is, as a function of its indices."""
    base = getattr(variable, "base", variable)
    array = _array(base, _relevant(base, context))
    if not isinstance(variable, Indexed):
        return lambda numbers, at: numbers.entry(array)
    letters = variable.indices
    indices = [_whole(letter) for letter in letters]

    def entry(numbers, at):
        try:
            places = [at[letter] for letter in letters]
        except KeyError:  # an index may also be a number, or a size
            places = [index(numbers, at) for index in indices]
        return numbers.entry(array, tuple(places))

    return entry


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
        here, name = self.value_of(entry), Dummy(real=True)
        return self.with_entry(entry, name, f, at).diff(name).xreplace({name: here})
