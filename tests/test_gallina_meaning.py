"""What the exporter writes means what SymPy's expression does, at numbers.

A small reader of Gallina, which shares nothing with the exporter, computes the text;
SymPy computes the expression.  The expressions are drawn, each by a seed.
"""

import operator
import random
import re

import pytest
from mpmath import diff, mp, mpf
from sympy import Add, Indexed, Rational

from certificates.gallina import Writer
from derivations.letters import *

SIZES = {n: 3, m: 2}
AT = {i: 1, j: 3, k: 2, l: 1, s: 2, t: 1}
CLASSES, EXAMPLES = (i, j, k, l), (s, t)
mp.dps = 30


def number(base, *indices):
    """The number of an entry, whose indices begin at 1: positive where it has to be."""
    drawn = random.Random(f"{base}{indices}").randint(1, 40)
    return Rational(drawn - (0 if base.is_positive else 20), 17)


# What the names of a text stand for, where indices begin at 0.


def curried(function, count, *first):
    if count == 0:
        return function(*first)
    return lambda x: curried(function, count - 1, *first, x)


def entries(base, count):
    return curried(lambda *at: mpf(1) * number(base, *(x + 1 for x in at)), count)


def partial(f, z, j):
    return diff(lambda x: f(lambda k: x if k == j else z(k)), z(j))


NAMES = {
    "sum": curried(lambda n, f: sum(map(f, range(n))), 2),
    "sum_except": curried(lambda n, j, f: sum(f(k) for k in range(n) if k != j), 3),
    "delta": curried(lambda i, j: mpf(i == j), 2),
    "partial": curried(partial, 3),
    "exp": mp.exp,
    "ln": mp.ln,
    "INR": mpf,
    **{
        str(base): entries(base, rank)
        for base, rank in {z: 1, a: 1, Y: 2, C: 0}.items()
    },
    **{str(size): value for size, value in SIZES.items()},
    **{str(index): place - 1 for index, place in AT.items()},
}
INFIX = (
    {"+": operator.add, "-": operator.sub},
    {"*": operator.mul, "/": operator.truediv},
)


class Reader:
    """A text by Rocq's levels: an application is tightest, then ^, minus, * and /, +.

    What is read is a function of what the names stand for.
    """

    def __init__(self, text):
        self.words = [*re.findall(r"\w+|=>|\S", text), ""]

    def whole(self):
        meant = self.infix()
        assert self.words == [""]
        return meant(NAMES)

    def infix(self, level=0):
        if level == len(INFIX):
            return self.minus()
        left = self.infix(level + 1)
        while self.words[0] in INFIX[level]:
            left = of(INFIX[level][self.words.pop(0)], left, self.infix(level + 1))
        return left

    def minus(self):
        if self.is_next("-"):
            return of(operator.neg, self.minus())
        base = self.application()
        return of(operator.pow, base, self.atom()) if self.is_next("^") else base

    def application(self):
        head = self.atom()
        while re.match(r"\w|\(", self.words[0]):
            head = of(lambda f, x: f(x), head, self.atom())
        return head

    def atom(self):
        if not self.is_next("("):
            word = self.words.pop(0)
            return lambda names: mpf(word) if word.isdigit() else names[word]
        own = self.words.pop(0) if self.is_next("fun") else None
        assert self.is_next("=>") == bool(own)
        inside = self.infix()
        assert self.is_next(")")
        return (lambda names: lambda x: inside(names | {own: x})) if own else inside

    def is_next(self, word):
        return self.words[0] == word and bool(self.words.pop(0))


def of(function, *args):
    return lambda names: function(*(x(names) for x in args))


# Expressions, and what SymPy says that they are.


def drawn(draw, depth):
    """An expression of our vocabulary; what is below a line or in a log is positive."""
    of_class, of_example = draw.choice(CLASSES), draw.choice(EXAMPLES)
    if depth == 0:
        constant = Rational(draw.randint(-9, 9), draw.randint(1, 4))
        equal = KroneckerDelta(*draw.sample(CLASSES, 2))
        entry = draw.choice([z[of_class], a[of_class], Y[of_class, of_example]])
        return draw.choice([entry, entry, equal, C, n, m, constant])
    one, other = (drawn(draw, draw.randrange(depth)) for _ in range(2))
    size, indices = draw.choice([(n, CLASSES), (m, EXAMPLES)])
    index, excluded = draw.sample(indices, 2)
    kinds = (
        lambda: one + other,
        lambda: one - other,
        lambda: one * other,
        lambda: times(-one, other),
        lambda: other + times(-1, one),
        lambda: one / (1 + other**2),
        lambda: one / a[of_class] ** draw.randint(1, 3),
        lambda: (one - other) ** draw.randint(2, 3),
        lambda: exp(one / (1 + one**2)),
        lambda: log(1 + one**2),
        lambda: Sum(one, (index, 1, size)),
        lambda: SumExcept(one, (index, 1, size), excluded),
    )
    return draw.choice(kinds)()


def added(total):
    """A sum, term by term."""
    expr, excluded = total.function, getattr(total, "excluded", 0)
    for index, _, size in total.limits:
        terms = {x: expr.subs(index, x) for x in range(1, SIZES[size] + 1)}
        expr = Add(*(x * (1 - KroneckerDelta(at, excluded)) for at, x in terms.items()))
    return expr


def with_entries(expr):
    """The expression at the sizes and indices, inner sums first."""
    return expr.replace(is_sum, added).subs({**SIZES, **AT})


def is_sum(part):
    return isinstance(part, Sum | SumExcept)


def value(expr):
    at = {x: number(x.base, *x.indices) for x in expr.atoms(Indexed)}
    return expr.xreplace({**at, C: number(C)}).evalf(mp.dps)


@pytest.mark.parametrize("seed", range(120))
def test_the_text_has_the_value_of_the_expression(seed):
    expr = drawn(random.Random(seed), 4 if seed % 4 else 3)
    expected = value(with_entries(expr))
    if seed % 4 == 0:
        expected = value(with_entries(expr).diff(z[AT[j]]))
        expr = Derivative(expr, z[j])
    found = Reader(str(Writer({})(expr))).whole()
    assert abs(found - mpf(expected)) < mpf(10) ** -20 * max(1, abs(found))
