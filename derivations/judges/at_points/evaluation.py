"""What an expression means at concrete sizes: the way from formulas to entries.

A sum is added up term by term, an index is a number, an entry a leaf of some kind: a
plain symbol here (`instantiate`), a number in `points`.
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

from derivations.formulas.indices import SumExcept, free_symbols
from derivations.formulas.memory import remembered


def instantiate(expr, sizes, at=(), where=()):
    """`expr` written out at concrete sizes, with plain symbols z_1, z_2, … as entries.

    Source: notebook 02, "One formula for both".

    >>> from derivations.letters import exp, i, j, k, n, z
    >>> instantiate(Sum(exp(z[k]), (k, 1, n)), {n: 3})
    exp(z_1) + exp(z_2) + exp(z_3)
    """
    return Symbols(sizes, where)(expr, dict(at))


class Interpreter:
    """An interpreter: sizes are numbers, indices are numbers, entries are leaves.

    What is found is kept, apart for each choice of the entries that a derivative has
    moved and of the indices that definitions share (the c of a one-hot y).
    """

    def __init__(self, sizes, where=()):
        self.sizes = dict(sizes)
        self.definitions = {definition.base: definition for definition in where}
        self.shared = set().union(*(x.free_symbols for x in where))
        self.given = {}  # leaves and constants: nothing that is chosen changes them
        self.found = {}  # what is made of them, for each choice
        self.choose({}, {})

    def choose(self, outer, moved):
        """Take values of the shared indices, and entries that are moved."""
        self.outer, self.moved = outer, moved
        choice = tuple(outer.items()), tuple(moved.items())
        self.known = self.found.setdefault(choice, {})

    def __call__(self, expr, at):
        """The value of `expr` where the free indices have the numbers in `at`."""
        self.choose({index: at[index] for index in at if index in self.shared}, {})
        return meaning(expr)(self, at)

    def with_entry(self, key, number, f, at):
        """The value of f where one entry is moved and the others are as they are."""
        outer, before = self.outer, self.moved
        self.choose(outer, before | {key: number})
        try:
            return f(self, at)
        finally:
            self.choose(outer, before)

    def recall(self, key, value, at):
        """value(self, at), found once for each choice."""
        if key not in self.known:
            self.known[key] = value(self, at)
        return self.known[key]

    def entry(self, key):
        """The value of an entry: moved, by the definition of its array, or a leaf."""
        if key in self.moved:
            return self.moved[key]
        base, indices = key
        if base in self.definitions:
            definition = self.definitions[base]
            at = self.outer | definition.names(indices)
            return self.recall(key, meaning(definition.value), at)
        if key not in self.given:
            self.given[key] = self.leaf(base, indices)
        return self.given[key]

    def constant(self, number):
        if number not in self.given:
            self.given[number] = self.number(number)
        return self.given[number]

    def as_int(self, number):
        """A whole number of this kind as a plain one."""
        return int(number)


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
    return _of_function(expr)


def _kept(expr, value):
    names = {base.label for base in expr.atoms(IndexedBase)}
    free = tuple(free_symbols(expr) - names)
    return lambda numbers, at: numbers.recall((value, *map(at.get, free)), value, at)


def _of_indexed(expr):
    key_of = _key_of(expr)
    return lambda numbers, at: numbers.entry(key_of(numbers, at))


def _of_symbol(symbol):
    def value(numbers, at):
        number = at.get(symbol, numbers.sizes.get(symbol))
        return numbers.entry((symbol, ())) if number is None else numbers.whole(number)

    return value


def _of_sum(total):
    (index, *bounds), *outer = reversed(total.limits)
    rest = Sum(total.function, *reversed(outer)) if outer else total.function
    low, high, term = map(meaning, (*bounds, rest))
    skip = meaning(total.excluded) if isinstance(total, SumExcept) else None

    def value(numbers, at):
        first, last = (numbers.as_int(x(numbers, at)) for x in (low, high))
        left_out = numbers.as_int(skip(numbers, at)) if skip else None
        added = (x for x in range(first, last + 1) if x != left_out)
        return numbers.apply(Add, [term(numbers, at | {index: x}) for x in added])

    return value


def _of_derivative(expr):
    variables = [v for v, count in expr.variable_count for _ in range(int(count))]
    if not variables:
        return meaning(expr.expr)
    *rest, variable = variables
    inner = Derivative(expr.expr, *rest) if rest else expr.expr
    f, key_of = meaning(inner), _key_of(variable)
    return lambda numbers, at: numbers.slope(f, key_of(numbers, at), at)


def _of_function(expr):
    function, args = expr.func, [meaning(arg) for arg in expr.args]

    def value(numbers, at):
        return numbers.apply(function, [arg(numbers, at) for arg in args])

    # Functions cost more than to keep them; sums, products and powers do not.
    return value if isinstance(expr, Add | Mul | Pow) else _kept(expr, value)


def _key_of(variable):
    """The entry that an indexed symbol is, as a function of its indices."""
    if not isinstance(variable, Indexed):
        return lambda numbers, at: (variable, ())
    base, letters = variable.base, variable.indices
    indices = [meaning(x) for x in letters]

    def key(numbers, at):
        try:
            return base, tuple([at[letter] for letter in letters])
        except KeyError:  # an index may also be a number, or a size
            return base, tuple(
                [numbers.as_int(index(numbers, at)) for index in indices]
            )

    return key


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

    def slope(self, f, key, at):
        here, name = self.entry(key), Dummy(real=True)
        return self.with_entry(key, name, f, at).diff(name).xreplace({name: here})
