"""What an expression means at concrete sizes: its value as a function of numbers.

A sum is added up term by term, and an index is a number.  An `Interpreter` gives the
numbers; a meaning that it has met is the same object, so it knows what it computed.
"""

from sympy import (
    Add,
    Derivative,
    Indexed,
    IndexedBase,
    KroneckerDelta,
    Mul,
    Pow,
    Sum,
    Symbol,
)

from derivations.formulas.caching import remembered
from derivations.formulas.claims import Definition
from derivations.formulas.indices import Index, SumExcept, free_symbols
from derivations.judges.at_points.intervals import NotDefinedError


def meaning(expr, context=()):
    """What `expr` says: its value as a function of a `Interpreter` and its indices.

    `context` has definitions and hypotheses; the meaning is the same object for all
    that differ in nothing that `expr` depends on.
    """
    return _meaning(expr, _relevant(expr, context) if context else ())


@remembered
def _relevant(expr, context):
    """The definitions and hypotheses that the value of `expr` depends on."""
    letters, relevant = expr.atoms(IndexedBase, Symbol), ()
    for _ in context:  # each may lead to one more
        relevant = tuple(x for x in context if letters & _letters(x)[0])
        letters = letters.union(*(_letters(x)[1] for x in relevant))
    return relevant


@remembered
def _letters(part):
    """The letters of which a definition or hypothesis speaks, and those it needs."""
    if isinstance(part, Definition):
        return {part.base}, part.value.atoms(IndexedBase, Symbol)
    arrays = set().union(*(x.atoms(IndexedBase) for x, _ in part.stated))
    return arrays, arrays


@remembered
def _shared(context):
    """The indices that definitions share: they are free in a value."""
    definitions = (x for x in context if isinstance(x, Definition))
    free = set().union(*(x.free_symbols for x in definitions))
    return tuple(x for x in free if isinstance(x, Index))


class Array:
    """An array, or a letter, with what definitions and hypotheses say of its entries.

    `value` is the meaning of an entry where a definition says it; `shared` has the
    indices that definitions share (the c of a one-hot y).
    """

    def __init__(self, base, context):
        self.base, self.key = base, (base, context)
        self.hash, self.shared = hash(self.key), _shared(context)
        definitions = [x for x in context if isinstance(x, Definition)]
        self.facts = tuple(x for x in context if x not in definitions)
        self.definition = next((x for x in definitions if x.base == base), None)
        self.value = self.definition and meaning(self.definition.value, context)

    def __eq__(self, other):
        return self.key == other.key

    def __hash__(self):
        return self.hash


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
        left, right = (meaning(x, context) for x in expr.args)
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
