"""Equalities made up by the thousand: what the checker says of them, and what is so.

    python -m tests.fuzzing --seconds 60 --seed 1

A claim is an expression beside a rewritten form of it, a pair drawn at random, or a
step of a theorem, broken.  `examine` asks `check`, and `compare` asks a third opinion
(tests/third.py) at points of its own: n ≥ 2, and where both sides, as given, are
defined.  A find is a claim that `check` accepts though its sides differ, one that it
calls different though it is true by construction, one on which it crashes, or one that
takes too long.  Between them, texts are read (tests/fuzzing_text.py), and first those
with arrays are compared with NumPy (tests/arrays_in_numpy.py).
"""

import argparse
import signal
import sys
import threading
import time
import traceback
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, reduce
from itertools import pairwise, product
from operator import mul
from random import Random
from typing import NamedTuple

import sympy
from hypothesis import given, reject, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from sympy import (
    Abs,
    Add,
    Indexed,
    Integer,
    Max,
    Mul,
    Pow,
    Rational,
    cos,
    sin,
    sqrt,
    tanh,
)
from sympy.core.cache import clear_cache

from derivations.formulas import caching
from derivations.formulas.indices import Index, free_symbols
from derivations.letters import *
from derivations.proof import check
from derivations.theorems import blocks, catalogue
from tests import arrays_in_numpy, fuzzing_text
from tests.third import World, apart, ratio

MOST_SECONDS = 5
MOST_VALUES = 30_000  # for then a comparison has taken about a second
kappa = Symbol("kappa", positive=True)
SIGNS = ["negative", "nonnegative", "nonpositive", "nonzero", "integer"]
SIGNED = [Symbol(f"x{place}", **{x: True}, real=True) for place, x in enumerate(SIGNS)]
ARRAYS = [
    IndexedBase(f"w{place}", **{x: True}, real=True) for place, x in enumerate(SIGNS)
]
REFUSED = [Symbol("x"), Symbol("x", extended_positive=True)]


class Claim(NamedTuple):
    """What `check` is asked; `sound` where it is true by how it was made."""

    answer: sympy.Expr
    question: sympy.Expr
    where: tuple = ()
    using: tuple = ()
    case: sympy.Expr | None = None
    made: str = "by hand"
    sound: bool = False

    @property
    def parts(self):
        """Every expression in the claim."""
        inside = [side for x in self.where for side in (x.symbol, x.value)]
        sums = [x for fact in self.using for x, _ in fact.stated]
        case = [] if self.case is None else [self.case]
        sides = [*map(sympy.sympify, self[:2])]
        return [*sides, *inside, *sums, *case]


def told(claim):
    """The claim in words of SymPy; the seed makes the very claim again."""
    words = [f"check({claim.answer}, {claim.question}"]
    words += [f"where={list(claim.where)}"] * bool(claim.where)
    words += [f"using={list(claim.using)}"] * bool(claim.using)
    words += [] if claim.case is None else [f"case={claim.case}"]
    return ", ".join(words) + ")"


# The third opinion, at points of its own

# No two of a point and of one claim are equal, and each block is somewhere 1.
_SIZES = [
    (2, 3, 4, 5, 1, 5, 1, 4),
    (6, 4, 3, 2, 2, 1, 2, 3),
    (9, 2, 5, 3, 4, 3, 3, 1),
]
_EVERY = (n, m, d, h, blocks.nP, blocks.nQ, blocks.mE, blocks.mF)
SIZES = [dict(zip(_EVERY, numbers, strict=True)) for numbers in _SIZES]
_ORDINARY = "0.3 -0.7 1.1 -1.3 1.9 -0.4 2.3 -2.6 0.9"
FILLINGS = [
    _ORDINARY,
    "0 1 -1 0 1 2",
    "0 0 0 1 0 -1",
    "-0.3 -0.7 -1.1 -1.6 -2.3 -3",
    "12 -25 31 7.5 -18 -9",
    "0.001 -0.002 0.00003 -0.00000007 0.0005",
    f"{_ORDINARY} 0 0 20 -15 0.0001 -0.000003",
]


class Comparison(NamedTuple):
    """At how many points the sides agree, at how many one has a value; where not."""

    agreed: int = 0
    one_sided: int = 0
    gap: str | None = None


def points(claim):
    """Numbers for sizes and indices, and a filling; the case holds at each."""
    symbols = {x for part in claim.parts for x in part.atoms(Symbol)}
    least = max(_numbered(claim), default=1)
    indices = {x for x in symbols if isinstance(x, Index)}
    used = {n, m, d, h} | symbols | {x.size for x in indices}
    for turn, (at_filling, filling), (at_size, sizes) in product(
        range(2), enumerate(FILLINGS), enumerate(SIZES)
    ):
        if sizes[n] < least:
            continue
        number = (turn + at_filling + at_size) % 3
        rng = Random(number)
        at = {x: rng.randint(1, sizes[x.size]) for x in sorted(indices, key=str)}
        at = at if number else dict.fromkeys(at, 1)
        if claim.case is not None:
            first, second = claim.case.args
            others = [x for x in range(1, sizes[first.size] + 1) if x != at[first]]
            same = isinstance(claim.case, Eq)
            at[second] = at[first] if same else rng.choice(others)
        yield (
            {x: sizes[x] for x in sizes if x in used} | at,
            [*map(Decimal, filling.split())],
        )


def _numbered(claim):
    """The numbers that stand as classes: the claim is about every n that has them."""
    for part in claim.parts:
        for entry in part.atoms(Indexed, KroneckerDelta):
            yield from (int(x) for x in entry.args if x.is_Integer)


def compare(claim):
    """What the third opinion finds at its points, up to the first gap."""
    agreed = one_sided = cost = 0
    for at, numbers in points(claim):
        world = World(at, numbers, claim.where, claim.using)
        if cost > MOST_VALUES or not _holds(world, claim.using):
            continue
        left, right = (world.value(x, at) for x in claim.parts[:2])
        cost += len(world.known)
        if left is None or right is None:
            one_sided += left is not right
        elif apart(left, right):
            entries = {f"{x}{list(of)}": v for (x, of), v in world.shown.items()}
            point = ", ".join(f"{x} = {_short(v)}" for x, v in (at | entries).items())
            gap = f"{_short(left)} and {_short(right)} at {point}"
            return Comparison(agreed, one_sided, gap)
        else:
            agreed += 1
    return Comparison(agreed, one_sided)


def _short(number):
    return f"{number.value:.15g}" if isinstance(number, tuple) else str(number)


def _holds(world, facts):
    """Whether every hypothesis is true here, of defined arrays too."""
    for expr, known in (x for fact in facts for x in fact.stated):
        free = [x for x in free_symbols(expr) if isinstance(x, Index)]
        for numbers in product(*(range(1, world.at[x.size] + 1) for x in free)):
            found = world.value(expr, world.at | dict(zip(free, numbers, strict=True)))
            if found is None or not _may_lie_in(found, known):
                return False
    return True


def _may_lie_in(number, range_):
    """Whether a number is not told to be below or above a range."""
    ends = (x if x.is_Rational else None for x in (range_.low, range_.high))
    low, high = (number if x is None else ratio(x.p, x.q) for x in ends)
    is_within = low.value <= number.value <= high.value
    return is_within or not (apart(number, low) or apart(number, high))


# Expressions


class Scope(NamedTuple):
    """Letters that an expression may use, and further symbols that mean something."""

    classes: tuple = (i, i, i, j, j, j, c, 1, 2, 3)
    examples: tuple = (s, s, s, t, 1, 2)
    symbols: tuple = ()

    @property
    def letters(self):
        return st.tuples(*map(st.sampled_from, (self.classes, self.examples)))

    def with_class(self, letter):
        return self._replace(classes=(letter, letter, letter, *self.classes))

    def with_example(self, letter):
        return self._replace(examples=(letter, letter, letter, *self.examples))


NUMBERS = [-2, -1, 1, 2, 3, Rational(1, 2), Rational(-1, 3), Rational(5, 2)]
EXPONENTS = [-2, -1, 2, 2, 3, Rational(1, 2), Rational(1, 2), Rational(-1, 2)]
EXPONENTS += [Rational(1, 3), Rational(2, 3), Rational(3, 2), alpha, kappa, 2 * alpha]
EXPONENTS += [alpha + 1, kappa + 2, alpha + Rational(1, 2), -kappa, n, n - 1]
EXPONENTS += [n / 2, n / 3, kappa / 2, alpha / 2, *SIGNED, SIGNED[-1] / 2]
MAYBE_ZERO = [alpha, kappa, kappa - 1, (n - 6) ** 2, (n - 9) ** 2, alpha**2]


@st.composite
def entries(draw, scope):
    """An entry of an array of one example, or more rarely of a batch."""
    letter, example = draw(scope.letters)
    if draw(st.integers(0, 4)) == 4:
        return draw(st.sampled_from([Z, Y, A]))[letter, example]
    return draw(st.sampled_from([z, z, z, y, y, v, a, a, *ARRAYS]))[letter]


@st.composite
def atoms(draw, scope):
    symbols = [*3 * [alpha, alpha, kappa, *SIGNED, n, m, n - 6], *9 * scope.symbols]
    symbols += REFUSED
    deltas = [KroneckerDelta(*draw(st.tuples(*[st.sampled_from(scope.classes)] * 2)))]
    found = draw(entries(scope))
    return draw(
        st.one_of(
            st.just(found),
            st.just(found),
            st.sampled_from(symbols),
            st.sampled_from([*NUMBERS, *deltas * 4]),
        )
    )


@st.composite
def variables(draw, scope):
    """What one differentiates by."""
    letter, example = draw(scope.letters)
    by = [z[letter]] * 5 + [v[letter], y[letter], a[letter], alpha, kappa]
    return draw(st.sampled_from([*by, Z[letter, example]]))


@st.composite
def expressions(draw, scope, size):
    """An expression of the grammar, of a depth of at most `size`."""
    if size < 1:
        return sympy.sympify(draw(atoms(scope)))
    kind = draw(st.sampled_from(KINDS))
    if kind in ("sum", "except", "double"):
        return draw(sums(scope, size, kind))
    inside = expressions(scope, size - 1)
    if kind in TWO_PARTS:
        return TWO_PARTS[kind](draw(inside), draw(inside))
    return draw(made_of(draw(inside), scope, kind))


TWO_PARTS = {
    "add": lambda x, y: x + y,
    "multiply": lambda x, y: x * y,
    "quotient": lambda x, y: x / y,
    "kink": Max,
}


def made_of(part, scope, kind):
    """Strategies for what has one part."""
    by = variables(scope)
    powers = st.sampled_from(EXPONENTS) | atoms(scope)
    functions = st.sampled_from([exp, exp, log, log, tanh, sin, cos, Abs])
    return {
        "power": powers.map(lambda x: part**x),
        "tower": st.tuples(powers, powers).map(lambda x: (part ** x[0]) ** x[1]),
        "function": functions.map(lambda f: f(part)),
        "logarithm": entries(scope).map(lambda x: log(part**2 + exp(x))),
        "root": atoms(scope).map(lambda x: sqrt((part + x) ** 2)),
        "derivative": by.map(lambda x: Derivative(part, x)),
        "second": st.tuples(by, by).map(lambda x: Derivative(part, *x)),
    }[kind]


KINDS = [
    *["add", "multiply", "sum"] * 4,
    *["power", "function", "derivative"] * 3,
    *["tower", "quotient", "root", "logarithm", "second", "kink", "except", "double"],
]


@st.composite
def sums(draw, scope, size, kind):
    """A sum whose letter may hide one that is free outside."""
    if draw(st.integers(0, 4)) == 4:
        letter = draw(st.sampled_from([s, t, t]))
        inside = scope.with_example(letter)
        return Sum(draw(expressions(inside, size - 1)), (letter, 1, m))
    letter = draw(st.sampled_from([k, k, l, i, j]))
    inside = scope.with_class(letter)
    if kind == "double":
        other = draw(st.sampled_from([x for x in (k, l, j) if x != letter]))
        body = draw(expressions(inside.with_class(other), size - 1))
        return Sum(body, (letter, 1, n), (other, 1, n))
    body = draw(expressions(inside, size - 1))
    outside = [x for x in scope.classes if x != letter]
    if kind == "except" and outside:
        return SumExcept(body, (letter, 1, n), draw(st.sampled_from(outside)))
    return Sum(body, (letter, 1, n))


# Definitions, hypotheses, cases

_LOGISTIC = Definition(a[i], 1 / (1 + exp(-z[i])))
_TEMPERED = Definition(a[i], exp(alpha * z[i]) / Sum(exp(alpha * z[k]), (k, 1, n)))
DEFINITIONS = [
    *[softmax] * 4,
    normaliser,
    cross_entropy,
    cross_entropy,
    one_hot,
    batch_softmax,
    Definition(y[i], KroneckerDelta(i, 2)),
    Definition(L, -log(a[1])),
    Definition(L, Sum(y[k] * (z[k] - z[2]), (k, 1, n))),
    _LOGISTIC,
    _TEMPERED,
    Definition(v[i], alpha * z[i]),
    Definition(v[j], z[j] ** 2 + y[j]),
    Definition(v[i], z[i] - z[c]),
    Definition(v[i], Sum(KroneckerDelta(i, k) * z[k] ** 2, (k, 1, n)) - y[i]),
    Definition(y[i], a[i] - v[i]),
    Definition(L, Sum(z[k] ** 2 * y[k], (k, 1, n)) / 2),
    Definition(L, log(Sum(exp(z[k]), (k, 1, n)))),
    Definition(alpha, Sum(z[k], (k, 1, n)) / n),
    Definition(kappa, Sum(exp(v[k]), (k, 1, n))),
]
HYPOTHESES = [
    H1,
    H1,
    H3,
    H3,
    Hypothesis("H0", [Sum(v[k], (k, 1, n))], 0),
    Hypothesis("H0", [Sum(z[k], (k, 1, n))], 0),
    Hypothesis("H2", [Sum(a[k], (k, 1, n))]),
    Hypothesis("H8", [Sum(y[k], (k, 1, n))], Rational(-1, 2)),
    Hypothesis("H4", [Sum(A[k, s], (k, 1, n))], 2),
    Hypothesis("H5", [Sum(Z[k, s], (k, 1, n))], 0),
    Hypothesis("H6", [Sum(y[k], (k, 1, n)) + Sum(v[k], (k, 1, n))]),
    Hypothesis("H7", [Sum(Y[k, s], (k, 1, n)) + Sum(Z[k, s], (k, 1, n))], 2),
]
CASES = [None, None, None, Eq(i, j), Ne(i, j), Eq(j, i), Ne(i, c), Eq(s, t), Ne(s, t)]


@st.composite
def contexts(draw):
    """Definitions, hypotheses and a case, as the keywords of a claim."""
    chosen = draw(st.lists(st.sampled_from(DEFINITIONS), max_size=3))
    if draw(st.integers(0, 5)) == 5:
        inside = Scope((i, i, k, c))
        chosen.insert(0, Definition(v[i], draw(expressions(inside, 2)).subs(v, z)))
    where = tuple({x.base: x for x in chosen}.values())
    using = draw(st.lists(st.sampled_from(HYPOTHESES), max_size=2, unique=True))
    case = draw(st.sampled_from(CASES))
    return {"where": where, "using": tuple(using), "case": case}


def scope_of(context):
    """The scope in which the symbols that are defined occur more often."""
    defined = tuple(x.symbol for x in context["where"])
    return Scope(symbols=tuple(x for x in defined if isinstance(x, Symbol)))


# Rewritings: a rule gives other forms of one part of an expression


def _powers(part):
    if isinstance(part, Pow):
        base, exponent = part.args
        if isinstance(base, Pow):
            yield base.base ** (base.exp * exponent)
        if isinstance(base, Mul):
            yield Mul(*(x**exponent for x in base.args))
        if isinstance(exponent, Add):
            yield times(*(base**x for x in exponent.args))
        yield from ((base ** (x * exponent)) ** (1 / x) for x in (Integer(2), n))
    if isinstance(part, exp) and isinstance(part.args[0], Add):
        yield times(*map(exp, part.args[0].args))
    if isinstance(part, Mul):
        powers = [x for x in part.args if isinstance(x, Pow)]
        for x, other in pairwise(powers):
            if x.exp == other.exp:
                yield part / x / other * (x.base * other.base) ** x.exp


def _roots(part):
    if isinstance(part, Abs):
        yield part.args[0]
    if isinstance(part, Indexed | Symbol) and not part.is_integer:
        yield Abs(part)
        for power in (2, 3, kappa, alpha):
            yield Pow(part**power, 1 / sympy.sympify(power), evaluate=False)
        yield exp(log(part), evaluate=False)
        yield Max(part, 0)
    if isinstance(part, Max):
        yield part.args[0]
        yield Add(*part.args)


def _logarithms(part):
    if isinstance(part, log):
        (inner,) = part.args
        if isinstance(inner, Mul):
            yield Add(*map(log, inner.args))
        if isinstance(inner, Pow):
            yield inner.exp * log(inner.base)
        if isinstance(inner, Add):
            yield Add(*map(log, inner.args))
    if isinstance(part, Add):
        logs = [x for x in part.args if isinstance(x, log)]
        if len(logs) > 1:
            yield part - Add(*logs) + log(Mul(*(x.args[0] for x in logs)))


def _quotients(part):
    if isinstance(part, Indexed | Symbol | Add) and not part.is_integer:
        yield times(part**2, 1 / part)
        yield (part**2 - part) / (part - 1)
        yield times(part**alpha, part ** (1 - alpha))
        yield times(part, (part + 1) ** alpha, (part + 1) ** -alpha)


def _deltas(part):
    if isinstance(part, Pow) and isinstance(part.base, KroneckerDelta):
        yield part.base
    if isinstance(part, KroneckerDelta):
        yield from (part**power for power in MAYBE_ZERO)
        yield from (part**2, part / (2 - part), 1 - part)
        yield from (Integer(0), Integer(1), (part + 1) ** alpha - 1)
    if isinstance(part, Mul):
        for delta in part.args:
            if isinstance(delta, KroneckerDelta):
                yield delta * (part / delta).xreplace(dict([delta.args]))


def _zeros(part):
    """A 0 that does not look like one, in the place of which 0/0 or 0**0 may stand."""
    for inner in (z[i], alpha, Sum(z[k], (k, 1, n))):
        zero = (inner + 1) ** 2 - inner**2 - 2 * inner - 1
        yield part + zero
        yield part * zero / zero.xreplace({inner: z[j]})
        yield from (part + zero**power for power in MAYBE_ZERO)
        yield from (part * (1 + zero) ** power for power in MAYBE_ZERO)


def _sums(part):
    if isinstance(part, SumExcept):
        yield Sum(part.function, *part.limits)
    if isinstance(part, Sum):
        (letter, *_), body = part.limits[0], part.function
        if isinstance(body, Mul):
            yield Mul(*(Sum(x, *part.limits) for x in body.args))
        yield from (body, body * n, Sum(body**2, *part.limits), Integer(1))
        if len(part.limits) == 1 and letter in n.indices:
            others = [x for x in (i, j) if x != letter]
            yield from (SumExcept(body, part.limits[0], x) for x in others)
    if len(part.args) == 1 and isinstance(part.args[0], Sum):
        total = part.args[0]
        yield Sum(part.func(total.function), *total.limits)
    if isinstance(part, Pow) and isinstance(part.base, Sum):
        yield Sum(part.base.function**part.exp, *part.base.limits)


def _slopes(part):
    if isinstance(part, Derivative):
        body, (variable, count), *others = part.args
        yield from (Integer(0), body, body.diff(variable))
        if isinstance(body, Sum):
            yield Sum(part.func(body.function, *part.args[1:]), *body.limits)
        if isinstance(body, Mul):
            yield Mul(*(Derivative(x, *part.args[1:]) for x in body.args))
        if others or count > 1:
            yield Derivative(body, variable)
            yield Derivative(body, *reversed(part.args[1:]))
    if isinstance(part, Sum) and isinstance(part.function, Derivative):
        inner = part.function
        yield Derivative(Sum(inner.expr, *part.limits), *inner.args[1:])


def _terms(part):
    yield -part
    if isinstance(part, Add):
        for x in part.args:
            yield from (part - x, part - 2 * x)
    if isinstance(part, Mul):
        yield from (part / x for x in part.args)


def _letters(part):
    if isinstance(part, Indexed | KroneckerDelta):
        for old in part.atoms(Index):
            others = [
                *(x for x in old.size.indices if x != old),
                Integer(1),
                Integer(2),
            ]
            yield from (part.xreplace({old: x}) for x in others)


def _definitions(where):
    """The rule that puts definitions in, even of a symbol that is moved."""
    known = {x.base: x for x in where}

    def rule(part):
        base = getattr(part, "base", part)
        if base in known and isinstance(part, Indexed | Symbol):
            yield known[base](*getattr(part, "indices", ()))

    return rule


def _hypotheses(using):
    """The rule that uses hypotheses, even where an entry is moved."""
    known = {
        part.function.base: (total, x.value)
        for x in using
        for total in x.sums
        for part in Add.make_args(total)
    }

    def rule(part):
        if isinstance(part, Sum) and getattr(part.function, "base", None) in known:
            yield known[part.function.base][1]
        for total, value in known.values():
            yield part * (total + 1 - value)
            yield part * (total - value)

    return rule


UNSOUND = {
    "powers": _powers,
    "roots": _roots,
    "logarithms": _logarithms,
    "quotients": _quotients,
    "deltas": _deltas,
    "zeros": _zeros,
    "sums": _sums,
    "slopes": _slopes,
    "terms": _terms,
    "letters": _letters,
}
TINY = Rational(1, 10**30)
UNSEEN = reduce(mul, (n - x for x in range(2, 8)))  # 0 where points looks
NEAR = {
    "a tiny factor": lambda x: x * (1 + TINY),
    "a tiny term": lambda x: x + TINY * z[i],
    "a term that is soon small": lambda x: x + exp(-100 - z[i] ** 2),
    "a term that no judge sees": lambda x: x + UNSEEN * z[i],
    "a term that few see": lambda x: x + UNSEEN * (n - 9) * z[i],
    "a factor that no judge sees": lambda x: x * (1 + UNSEEN * (m - 1)),
}
FORCED = {
    "powsimp by force": lambda x: sympy.powsimp(x, force=True),
    "powdenest by force": lambda x: sympy.powdenest(x, force=True),
    "expand by force": lambda x: sympy.expand(x, force=True),
    "expand_log by force": lambda x: sympy.expand_log(x, force=True),
    "logcombine by force": lambda x: sympy.logcombine(x, force=True),
    "powsimp": sympy.powsimp,
    "cancel": sympy.cancel,
    "doit": lambda x: x.doit(),
}
SOUND = {
    "expand": sympy.expand,
    "together": sympy.together,
    "factor": sympy.factor,
    "renamed": lambda x: _first(x, _renamed),
    "split": lambda x: _first(x, _split),
    "term taken out": lambda x: _first(x, _taken_out),
}
SCALES = [1, 1, 1, 10**30, TINY, exp(-100 - z[i] ** 2)]
SCALES += [exp(-50 * Sum(z[k] ** 2, (k, 1, n)))]
RULES = [*UNSOUND, "definitions", "hypotheses", "hypotheses"] * 3
RULES += ["powers", "roots", "quotients", "deltas", *NEAR, *FORCED]


def _renamed(part):
    if isinstance(part, Sum) and len(part.limits) == 1:
        ((letter, low, high),) = part.limits
        for new in high.indices:
            if new not in part.function.atoms(Symbol):
                yield Sum(part.function.xreplace({letter: new}), (new, low, high))


def _split(part):
    if isinstance(part, Sum) and isinstance(part.function, Add):
        yield Add(*(Sum(x, *part.limits) for x in part.function.args))


def _taken_out(part):
    if isinstance(part, Sum) and len(part.limits) == 1 and not part.has(Derivative):
        ((letter, low, high),) = part.limits
        body = part.function
        free = [x for x in high.indices if x != letter and x not in body.atoms(Symbol)]
        for x in [] if body.has(Sum, SumExcept) else free:
            rest = SumExcept(body, (letter, low, high), x)
            yield rest + body.xreplace({letter: x})


def _parts(expr, path=()):
    """Every part of an expression with the way to it; limits of sums left out."""
    yield path, expr
    if not isinstance(expr, Indexed | KroneckerDelta):
        inside = expr.args[:1] if isinstance(expr, Sum | SumExcept) else expr.args
        for place, arg in enumerate(inside):
            yield from _parts(arg, (*path, place))


def _put(expr, path, new):
    if not path:
        return new
    args = list(expr.args)
    args[path[0]] = _put(args[path[0]], path[1:], new)
    return expr.func(*args)


def _first(expr, rule):
    """`expr` by a rule at the first part that has one, or as it is."""
    forms = (_put(expr, path, x) for path, part in _parts(expr) for x in rule(part))
    return next(forms, expr)


# Claims


@st.composite
def claims(draw):
    """A claim of one of the three kinds."""
    kind = draw(st.sampled_from([rewritten, rewritten, rewritten, pairs, mutants]))
    _steps()  # the theorems are derived once, however long it takes
    try:
        with limited(MOST_SECONDS):  # SymPy makes the claim, and may fail or be slow
            claim = draw(kind())
    except (_TooSlow, *_OF_SYMPY):
        reject()
    odd = any(x.has(sympy.nan, sympy.zoo, sympy.oo, sympy.I) for x in claim[:2])
    return reject() if odd or claim.answer == claim.question else claim


_OF_SYMPY = (TypeError, ValueError, AttributeError, NotImplementedError)
_OF_SYMPY += (ArithmeticError, IndexError, KeyError, RecursionError, AssertionError)


@st.composite
def rewritten(draw):
    """An expression beside a form of it that is sound, or one that may not be."""
    context = draw(contexts())
    size = draw(st.sampled_from([0, 1, 1, 2, 2, 2, 3, 3, 4]))
    question = draw(expressions(scope_of(context), size))
    made, answer, sound = draw(st.sampled_from([*SOUND])), question, True
    if draw(st.integers(0, 3)) == 0:
        answer = SOUND[made](question)
    for _ in range(0 if answer != question else draw(st.integers(1, 2))):
        made, answer = draw(broken(answer, **context))
        sound = False
    scale = draw(st.sampled_from(SCALES))
    return Claim(answer * scale, question * scale, **context, made=made, sound=sound)


@st.composite
def broken(draw, expr, where=(), using=(), case=None):
    """The name of a rule that may be unsound, and a form of `expr` by it."""
    name = draw(st.sampled_from(RULES))
    if name in NEAR | FORCED:
        return name, (NEAR | FORCED)[name](expr)
    rules = UNSOUND | {
        "definitions": _definitions(where),
        "hypotheses": _hypotheses(using),
    }
    parts = [*_parts(expr)]
    start = draw(st.integers(0, len(parts) - 1))
    for rule in (rules[name], _terms):
        for path, part in [*parts[start:], *parts[:start]]:
            found = [x for x in rule(part) if x != part]
            if found:
                return name, _put(expr, path, draw(st.sampled_from(found)))
    return name, -expr


@st.composite
def pairs(draw):
    """Two small expressions, drawn apart."""
    context = draw(contexts())
    size = draw(st.integers(1, 3))
    sides = [draw(expressions(scope_of(context), size)) for _ in range(2)]
    return Claim(*sides, **context, made="a pair")


@cache
def _steps():
    """Every step of every theorem, as a claim."""
    found = []
    for name, derive in catalogue().items():
        chain = derive()
        left = chain.start
        for step in chain.steps:
            context = (chain.where, step.using, chain.case)
            found.append(Claim(step.right, left, *context, made=name, sound=True))
            left = step.right
    return found


@st.composite
def mutants(draw):
    """A step of a theorem, broken, or scaled as it is."""
    step = draw(st.sampled_from(_steps()))
    scale = draw(st.sampled_from(SCALES))
    if draw(st.integers(0, 9)) == 9:
        return step._replace(answer=step.answer * scale, question=step.question * scale)
    made, answer = draw(broken(step.answer, *step[2:5]))
    return step._replace(
        answer=answer * scale,
        question=step.question * scale,
        made=f"{step.made}, {made}",
        sound=False,
    )


# What is wrong with a verdict


class _TooSlow(BaseException):
    """More than the time allowed: no Exception, which others may catch."""


class _Over(BaseException):
    """The time of a search is over: Hypothesis lets through what is no Exception."""


@contextmanager
def limited(seconds):
    """Raise `_TooSlow` after that much CPU time, where the system has such a clock."""

    def stop(number, frame):
        # Python ignores what is raised while it collects garbage; we come again.
        if frame.f_code.co_name != "gc_callback":
            raise _TooSlow

    main = threading.current_thread() is threading.main_thread()
    if not main or not hasattr(signal, "ITIMER_PROF"):
        yield
        return
    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds, 0.1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def verdict_on(claim):
    """The verdict; None where the claim is refused."""
    try:
        # What can be read once is asked for once.
        where, using = iter(claim.where), iter(claim.using)
        return check(claim.answer, claim.question, where, using, claim.case)
    except (TypeError, ValueError) as error:
        walk = traceback.walk_tb(error.__traceback__)
        modules = [frame.f_globals["__name__"] for frame, _ in walk]
        by_name = any(x.startswith("derivations.refusals.") for x in modules)
        if by_name and modules[-1].startswith("derivations.") and str(error):
            return None
        raise


@dataclass
class Log:
    """How often each verdict was given, and claims on which a judge erred alone."""

    verdicts: Counter = field(default_factory=Counter)
    wrong_proofs: list = field(default_factory=list)


def examine(claim, log=None):
    """What is wrong with the verdict on a claim, in a sentence, or None."""
    started = time.process_time()
    try:
        with limited(4 * MOST_SECONDS):
            verdict = verdict_on(claim)
    except _TooSlow:
        caching.forget()
        return f"is not decided in {4 * MOST_SECONDS} s"
    except Exception as error:  # whatever it is, that is what we look for
        *_, (last, line) = traceback.walk_tb(error.__traceback__)
        place = f"{last.f_globals['__name__']}:{line}"
        return f"crashes: {type(error).__name__}: {error} ({place})"
    if time.process_time() - started > MOST_SECONDS:
        return f"takes more than {MOST_SECONDS} s"
    return _wrong(claim, verdict, log or Log())


def _wrong(claim, verdict, log):
    """What is wrong with this verdict, by the third opinion."""
    log.verdicts[_kind(verdict)] += 1
    differs = verdict is not None and verdict.counterexample is not None
    if verdict is None or not (verdict.proved or (differs and claim.sound)):
        return None
    seen = compare(claim)
    if verdict:
        log.verdicts["right, but at no point of ours"] += not seen.agreed
        return f"is accepted, but it is {seen.gap}" if seen.gap else None
    if verdict.proved and seen.gap:
        log.wrong_proofs.append(claim)
    true = claim.sound and seen.agreed > 5 and not seen.one_sided and not seen.gap
    return f"is true, and yet {verdict.sentence}" if true and differs else None


def _kind(verdict):
    if verdict is None:
        return "refused"
    return "right" if verdict else verdict.sentence.split(":")[0]


def search(number, end, log, examples=250):
    """The smallest find of one round, a claim and what is wrong with it, or None."""
    seen = []

    @seed(number)
    @settings(fuzzing_text.ROUND, max_examples=examples)
    @given(claims())
    def every_verdict_is_so(claim):
        if time.monotonic() > end + (MOST_SECONDS * 6 if seen else 0):
            raise _Over
        wrong = examine(claim, log)
        if wrong:
            seen.append((claim, wrong))
        assert not wrong

    with suppress(AssertionError, Flaky, _Over):
        every_verdict_is_so()
    return min(seen, key=lambda find: len(told(find[0])), default=None)


def main(arguments=None):
    """Search for some seconds; 1 where there was a find, else 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    words = "how many texts of each kind are compared with NumPy"
    parser.add_argument("--arrays", type=int, default=6_000, help=words)
    options = parser.parse_args(arguments)
    finds = arrays_in_numpy.report(options.seed, options.arrays)
    _steps()  # the theorems are derived before the clock runs
    fuzzing_text.formulas()
    end, log, number = time.monotonic() + options.seconds, Log(), options.seed
    texts = 0
    while time.monotonic() < end:
        find = search(number, end, log)
        if find:
            finds += 1
            claim, wrong = find
            print(f"\nfind {finds}, seed {number} ({claim.made})")
            print(told(claim), wrong, sep="\n", flush=True)
        count, find = fuzzing_text.search(number, end)
        texts += count
        if find:
            finds += 1
            print(f"\nfind {finds}, seed {number} (a text)")
            print(repr(find[0]), find[1], sep="\n", flush=True)
        number += 1
        caching.forget()
        clear_cache()
    kinds = ", ".join(f"{count} {kind}" for kind, count in log.verdicts.most_common())
    print(f"\n{log.verdicts.total()} verdicts: {kinds}\n{texts} texts\n{finds} finds")
    if log.wrong_proofs:
        print(f"{len(log.wrong_proofs)} wrong proofs that the points stopped, such as:")
        print(min(map(told, log.wrong_proofs), key=len))
    return 1 if finds else 0


if __name__ == "__main__":
    sys.exit(main())
