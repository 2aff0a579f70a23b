"""Claims made up by the thousand: a grammar of expressions, contexts and claims.

A claim is an expression beside a rewritten form of it (tests/fuzzing_rules.py), a pair
drawn at random, or a step of a theorem, broken.
"""

import signal
import threading
from contextlib import contextmanager
from functools import cache, reduce
from typing import NamedTuple

import sympy
from hypothesis import reject
from hypothesis import strategies as st
from sympy import Abs, Add, Max, Mul, Rational, cos, sin, sqrt, tanh

from derivations.letters import *
from derivations.theorems import catalogue
from tests.fuzzing_rules import (
    FORCED,
    NEAR,
    RULES,
    SOUND,
    TINY,
    UNSOUND,
    by_definitions,
    by_hypotheses,
    kappa,
    parts,
    put,
    terms,
)

MOST_SECONDS = 5
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


SCALES = [1, 1, 1, 10**30, TINY, exp(-100 - z[i] ** 2)]
SCALES += [exp(-50 * Sum(z[k] ** 2, (k, 1, n)))]


class TooSlow(BaseException):
    """More than the time allowed: no Exception, which others may catch."""


@contextmanager
def limited(seconds):
    """Raise `TooSlow` after that much CPU time, where the system has such a clock."""

    def stop(number, frame):
        # Python ignores what is raised while it collects garbage; we come again.
        if frame.f_code.co_name != "gc_callback":
            raise TooSlow

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


def _nested(f):
    return lambda part, times: reduce(lambda inner, _: f(inner), range(times), part)


LARGE = {
    "fractions in each other": _nested(lambda inner: 1 / (1 + inner)),
    "functions in each other": _nested(tanh),
    "roots in each other": _nested(lambda inner: sqrt(1 + inner**2)),
    "a long sum": lambda part, times: Add(*(part**x / x for x in range(1, times))),
    "a long product": lambda part, times: Mul(*(part + x for x in range(times))),
    "a big power": lambda part, times: (part + z[i]) ** (20 * times),
    "a big number": lambda part, times: part * 7 ** (50 * times),
}


def made_of(part, scope, kind):
    """Strategies for what has one part."""
    by = variables(scope)
    powers = st.sampled_from(EXPONENTS) | atoms(scope)
    large = st.tuples(st.sampled_from([*LARGE]), st.sampled_from([4, 12, 60]))
    functions = st.sampled_from([exp, exp, log, log, tanh, sin, cos, Abs])
    return {
        "power": powers.map(lambda x: part**x),
        "tower": st.tuples(powers, powers).map(lambda x: (part ** x[0]) ** x[1]),
        "function": functions.map(lambda f: f(part)),
        "logarithm": entries(scope).map(lambda x: log(part**2 + exp(x))),
        "root": atoms(scope).map(lambda x: sqrt((part + x) ** 2)),
        "large": large.map(lambda x: LARGE[x[0]](part, x[1])),
        "derivative": by.map(lambda x: Derivative(part, x)),
        "second": st.tuples(by, by).map(lambda x: Derivative(part, *x)),
    }[kind]


KINDS = [
    *["add", "multiply", "sum"] * 4,
    *["power", "function", "derivative"] * 3,
    *["tower", "quotient", "root", "logarithm", "second", "kink", "except", "double"],
    "large",
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


# Claims


@st.composite
def claims(draw):
    """A claim of one of the three kinds."""
    kind = draw(st.sampled_from([rewritten, rewritten, rewritten, pairs, mutants]))
    steps()  # the theorems are derived once, however long it takes
    try:
        with limited(MOST_SECONDS):  # SymPy makes the claim, and may fail or be slow
            claim = draw(kind())
    except (TooSlow, *_OF_SYMPY):
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
        "definitions": by_definitions(where),
        "hypotheses": by_hypotheses(using),
    }
    every = [*parts(expr)]
    start = draw(st.integers(0, len(every) - 1))
    for rule in (rules[name], terms):
        for path, part in [*every[start:], *every[:start]]:
            found = [x for x in rule(part) if x != part]
            if found:
                return name, put(expr, path, draw(st.sampled_from(found)))
    return name, -expr


@st.composite
def pairs(draw):
    """Two small expressions, drawn apart."""
    context = draw(contexts())
    size = draw(st.integers(1, 3))
    sides = [draw(expressions(scope_of(context), size)) for _ in range(2)]
    return Claim(*sides, **context, made="a pair")


@cache
def steps():
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
    step = draw(st.sampled_from(steps()))
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
