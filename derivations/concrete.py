"""What an expression means at a concrete number of classes.

This is the second opinion on every step, so it shares no rule with `calculus`: a sum is
added up term by term, an index is a number, and a derivative is a difference quotient
with a step of 10⁻⁴⁰ in 150 digits.  No rule of differentiation and no Kronecker
delta identity is used.
"""

from functools import lru_cache
from itertools import product
from random import Random

import mpmath
from sympy import (
    Abs,
    Add,
    Derivative,
    Dummy,
    Indexed,
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

DIGITS = 150
STEP = mpmath.mpf(10) ** -40
MANY = 1000
AGREE = mpmath.mpf(10) ** -50
"""Two numbers agree when their relative difference is below this: the difference
quotient is off by about the square of STEP, far less; numbers that differ by design
differ by far more."""


class NotDefinedError(ZeroDivisionError):
    """An expression has no value at a point."""


class Concrete:
    """An interpreter: sizes are numbers, indices are numbers, entries are leaves."""

    def __init__(self, sizes, where=()):
        self.sizes = dict(sizes)
        self.definitions = {definition.base: definition for definition in where}
        self.changed = {}  # entries that a derivative has moved
        self.known = {}  # values found since, of entries and of sums
        self.made_of = [set()]  # the entries that the value under way has used
        self.outer = {}  # the free indices that definitions share: the c of a one-hot y

    def __call__(self, expr, at):
        """The value of `expr` where the free indices have the numbers in `at`."""
        shared = set().union(*(x.free_symbols for x in self.definitions.values()))
        outer = {index: at[index] for index in at if index in shared}
        if outer != self.outer:
            self.outer, self.known = outer, {}
        return self.value(expr, at)

    def value(self, expr, at):
        if isinstance(expr, Indexed):
            return self.entry(*self.key_of(expr, at))
        if isinstance(expr, Symbol):
            number = at.get(expr, self.sizes.get(expr))
            return self.entry(expr, ()) if number is None else Integer(number)
        if isinstance(expr, Sum | SumExcept | Derivative):
            return self.remembered(expr, at)
        if isinstance(expr, KroneckerDelta):
            left, right = (self.value(arg, at) for arg in expr.args)
            return Integer(left == right)
        if not expr.args:
            return self.number(expr)
        return self.apply(expr.func, [self.value(arg, at) for arg in expr.args])

    def remembered(self, expr, at):
        free = free_symbols(expr)
        key = (expr, tuple((x, at[x]) for x in at if x in free))
        find = self.slope if isinstance(expr, Derivative) else self.total
        return self.recall(key, lambda: find(expr, at))

    def recall(self, key, find):
        """A value found once, kept with the entries it was made of."""
        if key not in self.known:
            self.made_of.append({key})
            try:
                value = find()
            finally:
                parts = self.made_of.pop()
            self.known[key] = value, parts
        value, parts = self.known[key]
        self.made_of[-1] |= parts
        return value

    def slope(self, expr, at):
        variables = [v for v, count in expr.variable_count for _ in range(int(count))]
        return self.derivative(expr.expr, variables, at)

    def total(self, expr, at):
        (index, low, high), *outer = reversed(expr.limits)
        rest = Sum(expr.function, *reversed(outer)) if outer else expr.function
        skip = self.value(expr.excluded, at) if isinstance(expr, SumExcept) else None
        first, last = int(self.value(low, at)), int(self.value(high, at))
        if last - first > MANY:
            raise Undecidable(f"{expr} has too many terms to add them up")
        numbers = range(first, last + 1)
        terms = (self.value(rest, at | {index: x}) for x in numbers if x != skip)
        return self.apply(Add, list(terms))

    def entry(self, base, indices):
        key = (base, indices)
        if key in self.changed:
            self.made_of[-1].add(key)
            return self.changed[key]
        return self.recall(key, lambda: self.found(base, indices))

    def found(self, base, indices):
        definition = self.definitions.get(base)
        if definition is None:
            return self.leaf(base, indices)
        at = self.outer | dict(zip(definition.parameters, indices, strict=True))
        return self.value(definition.value, at)

    def key_of(self, variable, at):
        if isinstance(variable, Indexed):
            indices = (at.get(x) or int(self.value(x, at)) for x in variable.indices)
            return variable.base, tuple(indices)
        return variable, ()

    def value_with(self, expr, at, key, new):
        """The value of `expr` with one entry changed and the others as they are."""
        old = self.changed, self.known
        self.changed = self.changed | {key: new}
        self.known = {
            x: found for x, found in self.known.items() if key not in found[1]
        }
        try:
            return self.value(expr, at)
        finally:
            self.changed, self.known = old


class Symbols(Concrete):
    """Every entry is a plain symbol; derivatives are SymPy's, by plain symbols."""

    def leaf(self, base, indices):
        numbers = "_" + "".join(map(str, indices)) if indices else ""
        return Symbol(f"{base}{numbers}", real=True)

    def number(self, expr):
        return expr

    def apply(self, function, args):
        return function(*args)

    def derivative(self, expr, variables, at):
        if not variables:
            return self.value(expr, at)
        *rest, variable = variables
        key = self.key_of(variable, at)
        name = Dummy(real=True)
        inner = Derivative(expr, *rest) if rest else expr
        slope = self.value_with(inner, at, key, name).diff(name)
        return slope.xreplace({name: self.entry(*key)})


class Numbers(Concrete):
    """Every entry is a number, the same on every run: tenths, easy to type again.

    An entry is positive where its symbol is declared so, else of either sign; a column
    of an array that a hypothesis names sums to the value the hypothesis gives.
    """

    def __init__(self, sizes, where=(), facts=()):
        super().__init__(sizes, where)
        self.sums = {total.function.base: f.value for f in facts for total in f.sums}
        self.leaves = {}
        self.as_numbers = {}

    def leaf(self, base, indices):
        if (base, indices) not in self.leaves:
            value = _tenths(base, indices)
            if base in self.sums:
                column = [(row, *indices[1:]) for row in range(1, self.sizes[n] + 1)]
                value = abs(value) / sum(abs(_tenths(base, entry)) for entry in column)
                value *= self.sums[base]
            self.leaves[base, indices] = value
            self.as_numbers[base, indices] = self.number(value)
        return self.as_numbers[base, indices]

    def number(self, expr):
        if isinstance(expr, Rational):
            return mpmath.mpf(expr.p) / expr.q
        return mpmath.mpmathify(expr.evalf(DIGITS))

    def apply(self, function, args):
        if function is Add:
            return mpmath.fsum(args)
        if function is Mul:
            return mpmath.fprod(args)
        args = [self.number(x) if isinstance(x, Integer) else x for x in args]
        if function is g_prime:
            return (_activation(args[0] + STEP) - _activation(args[0] - STEP)) / (
                2 * STEP
            )
        if function not in _FUNCTIONS:
            raise Undecidable(
                f"no numbers are known for the function {function.__name__}"
            )
        try:
            return _FUNCTIONS[function](*args)
        except TypeError as problem:  # complex numbers have no maximum
            raise NotDefinedError(problem) from None

    def derivative(self, expr, variables, at):
        if not variables:
            return self.value(expr, at)
        *rest, variable = variables
        key = self.key_of(variable, at)
        here = self.entry(*key)
        inner = Derivative(expr, *rest) if rest else expr
        up = self.value_with(inner, at, key, here + STEP)
        down = self.value_with(inner, at, key, here - STEP)
        return (up - down) / (2 * STEP)


@lru_cache(maxsize=64)
def numbers_for(sizes, where, facts):
    """The numbers at the sizes of that number in SIZES; what they know is kept.

    Two steps of a chain share a side, and theorems of a module share derivatives.
    """
    return Numbers(SIZES[sizes], where, facts)


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


_SIZES = [(2, 3, 1, 4), (3, 2, 4, 1), (4, 1, 3, 2), (5, 2, 3, 4)]
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
