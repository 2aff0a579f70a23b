"""Values in float64 of expressions, apart from both judges of the engine.

Other sizes, other values, another activation, and the complex step for derivatives.
"""

import random
import zlib
from functools import cache
from itertools import product
from math import prod

import numpy as np
from sympy import (
    Add,
    Derivative,
    Eq,
    Indexed,
    KroneckerDelta,
    Mul,
    Ne,
    Pow,
    Symbol,
    exp,
    log,
)

from derivations.letters import Sum, SumExcept, d, g, g_prime, h, i, j, m, n
from derivations.theorems import catalogue
from derivations.theorems.blocks import iP, iQ, jP, jQ, mE, mF, nP, nQ

# No two of one statement are equal: a transposed formula fails.
SIZES = {n: 3, m: 2, d: 4, h: 5, nP: 3, nQ: 5, mE: 4, mF: 3}
LETTERS = [x for size in SIZES for x in size.indices]
STEP = 0.01
# The central difference of order 6: (step, weight) of f(x + step) - f(x - step).
DIFFERENCES = [
    (number * STEP, weight / (60 * STEP))
    for number, weight in ((1, 45), (2, -9), (3, 1))
]


class Oracle:
    """Values in float64 of expressions whose free indices are numbers."""

    functions = {  # noqa: RUF012
        exp: np.exp,
        log: np.log,
        Pow: np.power,
        g: lambda x: np.sin(x) + x**3 / 5,
        g_prime: lambda x: np.cos(x) + 3 * x**2 / 5,
    }

    def __init__(self, where=(), facts=(), arrays=None, sizes=SIZES):
        self.definitions = {x.base: x for x in where}
        self.normed = {}  # of an array, the sizes of those it sums to 1 with
        for parts in (Add.make_args(total) for fact in facts for total in fact.sums):
            together = {x.function.base: x.limits[0][2] for x in parts}
            self.normed |= dict.fromkeys(together, together)
        self.arrays = arrays
        self.sizes = sizes
        self.free = {}  # what the free indices of the whole expression stand for
        self.changed = {}  # the entries that a derivative has moved, and where to
        self.memo = {}

    def __call__(self, expr, at):
        self.free = at
        self.memo = {}
        return self.value(expr, at).real

    def value(self, expr, at):  # noqa: PLR0911 (one line per kind of expression)
        if isinstance(expr, Indexed):
            return self.entry(expr.base, tuple(at[x] for x in expr.indices))
        if isinstance(expr, Symbol):
            number = at.get(expr, self.sizes.get(expr))
            return self.entry(expr, ()) if number is None else complex(number)
        if isinstance(expr, Sum | SumExcept):
            skip = at[expr.excluded] if isinstance(expr, SumExcept) else None
            letters = [index for index, _, _ in expr.limits]
            ranges = [range(1, self.sizes[high] + 1) for _, _, high in expr.limits]
            places = (dict(zip(letters, x, strict=True)) for x in product(*ranges))
            return sum(
                self.value(expr.function, at | place)
                for place in places
                if skip not in place.values()
            )
        if isinstance(expr, Derivative):
            return self.slope(expr, at)
        values = [self.value(arg, at) for arg in expr.args]
        if isinstance(expr, KroneckerDelta):
            return complex(values[0] == values[1])
        if isinstance(expr, Add | Mul):
            return (sum if isinstance(expr, Add) else prod)(values)
        return self.functions[expr.func](*values) if values else complex(expr)

    def slope(self, expr, at):
        """A derivative by the complex step; one of such a derivative by differences."""
        *inner, (variable, order) = expr.variable_count
        assert order == 1
        base = getattr(variable, "base", variable)
        key = base, tuple(at[x] for x in getattr(variable, "indices", ()))
        if not inner:
            return complex(self.moved(expr.expr, key, 1e-30j, at).imag / 1e-30)
        ((first, _),) = inner
        f = Derivative(expr.expr, first)
        return sum(
            weight * (self.moved(f, key, step, at) - self.moved(f, key, -step, at))
            for step, weight in DIFFERENCES
        )

    def moved(self, expr, key, step, at):
        """The value of an expression where one entry is moved."""
        before, memo = self.changed, self.memo
        here = self.entry(*key)
        self.changed = before | {key: here + step}
        self.memo = {}
        try:
            return self.value(expr, at)
        finally:
            self.changed = before
            self.memo = memo

    def entry(self, base, indices):
        key = base, indices
        if key not in self.memo:
            self.memo[key] = self.found(base, indices)
        return self.changed.get(key, self.memo[key])

    def found(self, base, indices):
        if base in self.definitions:
            definition = self.definitions[base]
            inside = dict(zip(definition.parameters, indices, strict=True))
            return self.value(definition.value, self.free | inside)
        if self.arrays is not None:
            return complex(self.arrays[str(base)][tuple(x - 1 for x in indices)])
        if base not in self.normed:
            return self.leaf(base, indices)
        total = sum(
            self.leaf(other, (x, *indices[1:]))
            for other, size in self.normed[base].items()
            for x in range(1, self.sizes[size] + 1)
        )
        return self.leaf(base, indices) / total

    def leaf(self, base, indices):
        return _leaf(str(base), indices, base.is_positive or base in self.normed)


@cache
def _leaf(name, indices, positive):
    rng = np.random.default_rng([zlib.crc32(name.encode()), *indices])
    size = rng.uniform(0.2, 1.5)
    return complex(size if positive else rng.choice([-1, 1]) * size)


def points(case=None):
    """Numbers for all letters, each pair of equal and of unequal ones among them."""
    rng = random.Random(1)
    found = []
    for pair in product(range(1, 4), repeat=2):
        at = {x: rng.randint(1, SIZES[x.size]) for x in LETTERS}
        for letters in ((i, j), (iP, jP), (iQ, jQ)):
            at |= dict(zip(letters, pair, strict=True))
        if isinstance(case, Eq):
            at[case.args[0]] = at[case.args[1]]
        if not isinstance(case, Ne) or at[case.args[0]] != at[case.args[1]]:
            found.append(at)
    return found


def differ(left, right, where=(), facts=(), case=None):
    """Whether the oracle tells the two expressions apart at some point."""
    oracle = Oracle(where, facts)
    return any(
        not np.isclose(oracle(left, at), oracle(right, at), rtol=1e-9, atol=1e-11)
        for at in points(case)
    )


def formula(name, letters, sizes, fixed=(), **arrays):
    """The last line of a theorem as an array over its free letters.

    `fixed` gives numbers to the other free letters; every array must be given.
    """
    value = Oracle(arrays=arrays, sizes=sizes)
    expr = catalogue()[name]().result
    shape = [sizes[x.size] for x in letters]
    places = (dict(zip(letters, np.add(x, 1), strict=True)) for x in np.ndindex(*shape))
    return np.reshape([value(expr, at | dict(fixed)) for at in places], shape)
