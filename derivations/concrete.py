"""What an expression means at a concrete number of classes.

This is the second opinion on every step, so it shares no rule with `calculus`: a sum is
added up term by term, an index is a number, and a derivative is a difference quotient
with a step of 10⁻³⁰ in 90 digits.  No rule of differentiation and no Kronecker
delta identity is used.
"""

from functools import lru_cache, reduce
from itertools import product
from operator import mul
from random import Random

import mpmath
from sympy import (
    Abs,
    Add,
    Derivative,
    Dummy,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Pow,
    Rational,
    Symbol,
    cos,
    exp,
    log,
    sign,
    sin,
    tanh,
)

from derivations.calculus import Undecidable
from derivations.notation import (
    RANGES,
    Sum,
    SumExcept,
    d,
    free_symbols,
    g,
    g_prime,
    h,
    m,
    n,
)

DIGITS = 90
STEP = mpmath.mpf(10) ** -30
MANY = 1000
AGREE = mpmath.mpf(10) ** -20
"""Two numbers agree when their relative difference is below this: a difference
quotient is off by about STEP, far less; numbers that differ by design differ by far
more."""


class NotDefinedError(ZeroDivisionError):
    """An expression has no value at a point."""


class Concrete:
    """An interpreter: sizes are numbers, indices are numbers, entries are leaves.

    The values of entries, sums, functions and derivatives are kept, each with the
    entries that it was made of; so where a derivative moves one entry, only what that
    entry is in is found again.
    """

    def __init__(self, sizes, where=()):
        self.sizes = dict(sizes)
        self.definitions = {definition.base: definition for definition in where}
        self.shared = set().union(*(x.free_symbols for x in where))
        self.outer = {}  # the free indices that definitions share: the c of a one-hot y
        self.constants = {}  # the numbers in expressions
        self.bits = {}  # of each entry, so that a set of entries is one integer
        self.used = 0  # the entries that the value under way has used
        self.changed = {}  # entries that a derivative has moved
        self.known = {}  # for each choice of the outer indices, what is made of entries
        self.layers = [(0, {})]  # and for each move its bit, and what is made of it

    def __call__(self, expr, at):
        """The value of `expr` where the free indices have the numbers in `at`."""
        if self.shared:
            self.outer = {index: at[index] for index in at if index in self.shared}
            known = self.known.setdefault(tuple(self.outer.items()), {})
            self.layers = [(0, known)]
        return meaning(expr)(self, at)

    def recall(self, key, find, at, own=0):
        """find(self, at), found once, kept in the layer of the last move it needs."""
        moved = 0
        for bit, known in reversed(self.layers):
            value, parts = known.get(key, _NOTHING)
            if parts is not None and not parts & moved:
                break
            moved |= bit
        else:
            outside, self.used = self.used, own
            try:
                value = find(self, at)
            finally:
                parts, self.used = self.used, outside
            layers = (known for bit, known in reversed(self.layers) if parts & bit)
            next(layers, self.layers[0][1])[key] = value, parts
        self.used |= parts
        return value

    def constant(self, expr):
        if expr not in self.constants:
            self.constants[expr] = self.number(expr)
        return self.constants[expr]

    def entry(self, key):
        bit = self.bits.setdefault(key, 1 << len(self.bits))
        if key in self.changed:
            self.used |= bit
            return self.changed[key]
        return self.recall(key, _found, key, bit)

    def value_with(self, f, at, key, new):
        """The value of f where one entry is changed and the others are as they are."""
        old, bit = self.changed, self.bits[key]
        self.changed = old | {key: new}
        self.layers.append((bit, {}))
        try:
            return f(self, at)
        finally:
            self.changed = old
            self.layers.pop()


def _found(concrete, key):
    base, indices = key
    definition = concrete.definitions.get(base)
    if definition is None:
        return concrete.leaf(base, indices)
    return meaning(definition.value)(
        concrete, concrete.outer | definition.names(indices)
    )


@lru_cache(maxsize=4096)
def meaning(expr):  # noqa: PLR0911 (one line per kind of part)
    """What `expr` says: its value as a function of a `Concrete` and its indices."""
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


def _kept(expr, find):
    names = {base.label for base in expr.atoms(IndexedBase)}
    free = tuple(free_symbols(expr) - names)
    return lambda numbers, at: numbers.recall((find, *map(at.get, free)), find, at)


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
        first, last = int(low(numbers, at)), int(high(numbers, at))
        if last - first > MANY:
            raise Undecidable(f"{total} has too many terms to add them up")
        left_out = skip(numbers, at) if skip else None
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
            return base, tuple([int(index(numbers, at)) for index in indices])

    return key


_NOTHING = (None, None)


class Symbols(Concrete):
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
        return self.value_with(f, at, key, name).diff(name).xreplace({name: here})


class Numbers(Concrete):
    """Every entry is a number, the same on every run: tenths, easy to type again.

    An entry is positive where its symbol is declared so, else of either sign; a column
    of an array that a hypothesis names sums to the value the hypothesis gives.
    """

    whole = int

    def __init__(self, sizes, where=(), facts=()):
        super().__init__(sizes, where)
        self.sums = {total.function.base: f.value for f in facts for total in f.sums}
        self.leaves = {}

    def leaf(self, base, indices):
        value = _tenths(base, indices)
        if base in self.sums:
            column = [(row, *indices[1:]) for row in range(1, self.sizes[n] + 1)]
            wanted = self.sums[base]
            if wanted == 0:  # of both signs: 0 in every entry would test nothing
                value -= sum(_tenths(base, entry) for entry in column) / len(column)
            else:
                value = abs(value) / sum(abs(_tenths(base, entry)) for entry in column)
                value *= wanted
        self.leaves[base, indices] = value
        return self.number(value)

    def number(self, expr):
        if isinstance(expr, Rational):
            return mpmath.mpf(expr.p) / expr.q
        return mpmath.mpmathify(expr.evalf(DIGITS))

    def apply(self, function, args):
        if function is Add:
            return sum(args)
        if function is Mul:
            return reduce(mul, args)
        args = [mpmath.mpf(x) if isinstance(x, int) else x for x in args]
        if function is g_prime:
            x = args[0]
            return (_activation(x + STEP) - _activation(x)) / STEP
        if function not in _FUNCTIONS:
            raise Undecidable(
                f"no numbers are known for the function {function.__name__}"
            )
        try:
            return _FUNCTIONS[function](*args)
        except TypeError as problem:  # complex numbers have no maximum
            raise NotDefinedError(problem) from None

    def slope(self, f, key, at):
        here = self.entry(key)
        moved = self.value_with(f, at, key, here + STEP)
        # A symbol that is defined is free while it is moved, and so it is here too.
        held = key[0] in self.definitions
        value = self.value_with(f, at, key, here) if held else f(self, at)
        return (moved - value) / STEP


@lru_cache(maxsize=64)
def numbers_for(sizes, where, facts):
    """The numbers at the sizes of that number in SIZES; what they know is kept.

    Two steps of a chain share a side, and theorems of a module share derivatives.
    """
    return Numbers(SIZES[sizes], where, facts)


@lru_cache(maxsize=4096)
def _tenths(base, indices):
    """A number of tenths in [-1.9, 1.9] that depends on nothing but its name.

    The entries of an array differ from each other (5 by 3 of them, before they repeat):
    equal ones would let a formula with a swapped index pass.
    """
    position = sum((x - 1) * 5**place for place, x in enumerate(indices))
    size = Random(str(base)).sample(range(1, 20), 19)[position % 19]
    positive = base.is_positive or Random(f"{base} {indices}").random() < 0.5
    return Rational(size if positive else -size, 10)


def _activation(x):
    """The g of the points: smooth, with no symmetry that could hide an error."""
    return mpmath.tanh(x) + x**2 / 7


_FUNCTIONS = {
    exp: mpmath.exp,
    log: mpmath.log,
    Pow: mpmath.power,
    tanh: mpmath.tanh,
    sin: mpmath.sin,
    cos: mpmath.cos,
    Abs: abs,
    Max: max,
    Min: min,
    sign: mpmath.sign,
    g: _activation,
}


def numbers_agree(left, right):
    """Whether two numbers are equal up to the error of the difference quotient."""
    if not (mpmath.isfinite(left) and mpmath.isfinite(right)):
        return False
    return abs(left - right) <= AGREE * max(1, abs(left), abs(right))


_SIZES = [(2, 3, 1, 4), (3, 2, 4, 1), (4, 1, 3, 2), (5, 2, 1, 3)]
SIZES = [dict(zip((n, m, d, h), numbers, strict=True)) for numbers in _SIZES]
"""n from 2 to 5; no two sizes are equal, so a transposed formula cannot pass."""


def index_values(indices, sizes, case=None):
    """Every admissible choice of numbers for the free indices, under a case.

    >>> from sympy import Ne
    >>> from derivations.notation import i, j
    >>> len(list(index_values([i, j], SIZES[1], Ne(i, j))))
    6
    """
    ranges = [range(1, sizes[RANGES[index]] + 1) for index in indices]
    for numbers in product(*ranges):
        at = dict(zip(indices, numbers, strict=True))
        holds = case is None or bool(
            case.xreplace({x: Integer(v) for x, v in at.items()})
        )
        if holds:
            yield at


def instantiate(expr, sizes, at=(), where=()):
    """`expr` written out at concrete sizes, with plain symbols z_1, z_2, … as entries.

    Source: notebook 02, "One formula for both".

    >>> from derivations.notation import i, j, z, softmax, k
    >>> instantiate(Sum(exp(z[k]), (k, 1, n)), {n: 3})
    exp(z_1) + exp(z_2) + exp(z_3)
    """
    return Symbols(sizes, where)(expr, dict(at))
