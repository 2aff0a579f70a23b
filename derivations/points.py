"""The judge at points: what an expression means at a concrete number of classes.

This is the second opinion on every step, so it shares no rule with `calculus`: a sum is
added up term by term, an index is a number, and a derivative is a difference quotient
with a step of 10⁻³⁰ in 90 digits.  No rule of differentiation and no Kronecker
delta identity is used.
"""

from functools import partial, reduce
from itertools import product
from operator import mul
from random import Random
from threading import get_ident

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
    Sum,
    Symbol,
    cos,
    exp,
    log,
    sign,
    sin,
    tanh,
)

from derivations.letters import d, g, g_prime, h, m, n
from derivations.terms import SumExcept, free_symbols, remembered
from derivations.verdict import Counterexample, Undecidable

DIGITS = 90
_mp = mpmath.MPContext()  # our own, so that no thread or reader changes its precision
_mp.dps = DIGITS
STEP = _mp.mpf(10) ** -30
MOST_TERMS = 1000
AGREE = _mp.mpf(10) ** -20
"""Two numbers agree when their relative difference is below this: a difference
quotient is off by about STEP, far less; numbers that differ by design differ by far
more."""

# n from 2 to 5; no two sizes are equal, so a transposed formula cannot pass.
_SIZES = [(2, 3, 1, 4), (3, 2, 4, 1), (4, 1, 3, 2), (5, 2, 1, 3)]
SIZES = [dict(zip((n, m, d, h), numbers, strict=True)) for numbers in _SIZES]


def judge(claim):
    """How many points were compared, and a counterexample or None.

    Raises Undecidable when no numbers are known for a part of the claim.

    >>> from derivations.letters import a, c, i, one_hot, y
    >>> from derivations.terms import Claim
    >>> judge(Claim(y[i], KroneckerDelta(i, c), where=(one_hot,)))
    (54, None)
    """
    count, symbols = 0, claim.free_symbols
    for position, sizes in enumerate(SIZES):
        indices = [x for size in sizes for x in size.indices if x in symbols]
        numbers = _numbers(get_ident(), position, claim.where, claim.using)
        for at in index_values(indices, sizes, claim.case):
            count += 1
            if not numbers_agree(*_sides(claim, numbers, at)):
                return count, _counterexample(claim, sizes, at)
    return count, None


@partial(remembered, most=64)
def _numbers(thread, position, where, using):
    # Steps of a chain share sides. Each thread has its own, for what they know changes.
    return Numbers(SIZES[position], where, using)


def _sides(claim, numbers, at):
    return [_number(numbers, side, at) for side in (claim.left, claim.right)]


def _number(numbers, expr, at):
    try:
        return numbers(expr, at)
    except ZeroDivisionError:
        return _mp.nan


def _counterexample(claim, sizes, at):
    numbers = Numbers(sizes, claim.where, claim.using)  # that has met this point alone
    left, right = _sides(claim, numbers, at)
    shown = {size: value for size, value in sizes.items() if size in claim.free_symbols}
    return Counterexample(shown, at, numbers.leaves, left, right)


def numbers_agree(left, right):
    """Whether two numbers are equal up to the error of the difference quotient."""
    if not (_mp.isfinite(left) and _mp.isfinite(right)):
        return False
    return abs(left - right) <= AGREE * max(1, abs(left), abs(right))


def index_values(indices, sizes, case=None):
    """Every admissible choice of numbers for the free indices, under a case.

    >>> from sympy import Ne
    >>> from derivations.letters import i, j
    >>> len(list(index_values([i, j], SIZES[1], Ne(i, j))))
    6
    """
    for numbers in product(*(range(1, sizes[x.size] + 1) for x in indices)):
        at = dict(zip(indices, numbers, strict=True))
        exact = {index: Integer(number) for index, number in at.items()}
        if case is None or case.xreplace(exact):
            yield at


def instantiate(expr, sizes, at=(), where=()):
    """`expr` written out at concrete sizes, with plain symbols z_1, z_2, … as entries.

    Source: notebook 02, "One formula for both".

    >>> from derivations.letters import i, j, z, softmax, k
    >>> instantiate(Sum(exp(z[k]), (k, 1, n)), {n: 3})
    exp(z_1) + exp(z_2) + exp(z_3)
    """
    return Symbols(sizes, where)(expr, dict(at))


class Concrete:
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


@remembered
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
        first, last = int(low(numbers, at)), int(high(numbers, at))
        if last - first > MOST_TERMS:
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
        return self.with_entry(key, name, f, at).diff(name).xreplace({name: here})


class NotDefinedError(ZeroDivisionError):
    """An expression has no value at a point."""


class Numbers(Concrete):
    """Every entry is a number, the same on every run: tenths, easy to type again.

    An entry is positive where its symbol is declared so, else of either sign; a column
    of an array that a hypothesis names sums to the value the hypothesis gives.
    """

    whole = int

    def __init__(self, sizes, where=(), facts=()):
        super().__init__(sizes, where)
        self.totals = {x.function.base: (x, f.value) for f in facts for x in f.sums}
        self.leaves = {}

    def leaf(self, base, indices):
        value = _tenths(base, indices)
        if base in self.totals:
            total, wanted = self.totals[base]
            rows = self.sizes[total.limits[0][2]]
            column = [(row, *indices[1:]) for row in range(1, rows + 1)]
            if wanted == 0:  # of both signs: 0 in every entry would test nothing
                value -= sum(_tenths(base, entry) for entry in column) / len(column)
            else:
                value = abs(value) / sum(abs(_tenths(base, entry)) for entry in column)
                value *= wanted
        self.leaves[base, indices] = value
        return self.number(value)

    def number(self, expr):
        if isinstance(expr, Rational):
            return _mp.mpf(expr.p) / expr.q
        return _mp.convert(expr.evalf(DIGITS))

    def apply(self, function, args):
        if function is Add:
            return sum(args)
        if function is Mul:
            return reduce(mul, args)
        args = [_mp.mpf(x) if isinstance(x, int) else x for x in args]
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
        moved = self.with_entry(key, here + STEP, f, at)
        # A symbol that is defined is free while it is moved, and so it is here too.
        held = key[0] in self.definitions
        value = self.with_entry(key, here, f, at) if held else f(self, at)
        return (moved - value) / STEP


@remembered
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
    return _mp.tanh(x) + x**2 / 7


_FUNCTIONS = {
    exp: _mp.exp,
    log: _mp.log,
    Pow: _mp.power,
    tanh: _mp.tanh,
    sin: _mp.sin,
    cos: _mp.cos,
    Abs: abs,
    Max: max,
    Min: min,
    sign: _mp.sign,
    g: _activation,
}
