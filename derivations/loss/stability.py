"""A formula as steps on arrays, in an order in which nothing overflows on the way.

`to_numpy` carries the steps out, `numpy_source` writes them down: both compute the
same.  A product with a factor that may be huge, e^{z_j}/Σ_k e^{z_k} say, is e to the
sum of the logarithms of its factors; and log a_k is z_k − log Σ_k e^{z_k}, never the
logarithm of an a_k that has become 0.
"""

from dataclasses import dataclass

from sympy import (
    Add,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    Sum,
    Symbol,
    cosh,
    exp,
    log,
    together,
)

from derivations.letters import a, n, y, z
from derivations.loss.activations import Signs, numerator
from derivations.text.printing import text


@dataclass(frozen=True, eq=False)
class Step:
    """One operation; its value lies along the letters `axes`, and then the examples.

    `of` is what it needs beside its arguments: a number, a name, letters to sum over,
    or the formula that a message shows.
    """

    operation: str
    arguments: tuple = ()
    of: object = None
    axes: tuple = ()


@dataclass(frozen=True)
class Plan:
    """The steps for some formulas; two that are equal are one object.

    `arrays` are those of A, log A, log(1 − A), … that are used, in the order in which
    they are made; `results` are the formulas.
    """

    arrays: dict
    results: tuple


def plan(own, *formulas):
    """The steps for formulas of a loss, each with the letters of its own axes.

    >>> from derivations.letters import a, k, log, y
    >>> from derivations.loss.deriving import derive
    >>> own = derive(-Sum(y[k] * log(a[k]), (k, 1, n)))
    >>> list(plan(own, (own.loss, ())).arrays)
    ['log_A']
    """
    steps = _Steps(own.activation, own.chain.uses)
    results = tuple(steps.of(expr, axes) for expr, axes in formulas)
    return Plan(steps.arrays, results)


SIGNS = {
    "positive": "> 0",
    "negative": "< 0",
    "nonnegative": ">= 0",
    "nonpositive": "<= 0",
    "nonzero": "!= 0",
}


def sign_of(parameter):
    """The sign with which a parameter is declared, one of SIGNS; None for no sign."""
    return next((sign for sign in SIGNS if getattr(parameter, f"is_{sign}")), None)


class _Steps:
    """Turns expressions into steps."""

    def __init__(self, activation, using):
        self.activation, self.signs = activation, Signs(activation, using)
        self.top = numerator(activation)
        self.arrays, self.known, self.logs, self.letters = {}, {}, {}, ()
        self.beside_0 = False

    def of(self, expr, axes):
        self.letters = tuple(axes)
        return self.value(expr)

    def step(self, operation, *arguments, of=None, letters=()):
        used = {*letters, *(x for argument in arguments for x in argument.axes)}
        axes = tuple(x for x in self.letters if x in used)
        key = (operation, arguments, of, axes)
        return self.known.setdefault(key, Step(*key))

    def number(self, number):
        exact = Integer(number) if isinstance(number, int) else number
        return self.step("number", of=int(exact) if exact.is_Integer else float(exact))

    # What a part of a formula is

    def value(self, expr):  # noqa: PLR0911 (one line per kind of part)
        if isinstance(expr, Indexed):
            (index,) = expr.indices
            if expr.base in (a, y, z):
                return self.array(str(expr.base).upper(), index)
            return self.step("parameter", of=expr.base, letters=[index])
        if isinstance(expr, Symbol):
            return self.step("size") if expr == n else self.step("parameter", of=expr)
        if isinstance(expr, Sum):
            return self.over(expr, "sum", self.value)
        if isinstance(expr, KroneckerDelta):
            return self.step("delta", letters=expr.args)
        if not expr.args:
            return self.number(expr)
        if isinstance(expr, Add):
            return self.step("+", *map(self.value, expr.args))
        if isinstance(expr, Mul | Pow | exp):
            return self.product(Mul.make_args(expr))
        if isinstance(expr, log):
            return self.defined(expr)
        return self.step(expr.func.__name__, self.value(*expr.args))

    def defined(self, expr):
        """A logarithm; where it may be one of 0, this is looked at."""
        found = self.log(*expr.args)
        if self.beside_0 or self.signs.is_positive(*expr.args):
            return found
        return self.step("defined", found, of=text(expr))

    def over(self, total, operation, inside):
        """A sum over the letters of `total`, of what `inside` makes of its terms."""
        outside, added = self.letters, tuple(index for index, _, _ in total.limits)
        self.letters += added
        term = inside(total.function)
        self.letters = outside
        return self.step(operation, term, of=added, letters=set(term.axes) - set(added))

    def array(self, name, index):
        """One of the arrays that all formulas share, made when it is first used."""
        if name not in ("Y", "Z", *self.arrays):
            outside, self.letters = self.letters, self.activation.parameters
            made = self.made(name)
            self.arrays[name], self.letters = made, outside
        return self.step("array", of=name, letters=[index])

    def made(self, name):  # noqa: PLR0911 (one line per kind of array)
        (index,), output = self.activation.parameters, self.activation.value
        if name == "A":
            if self.has_log(output):
                return self.step("exp", self.array("log_A", index))
            return self.value(output)
        if name == "log_A":
            if self.has_log(output):
                return self.log(output)
            return self.step("log", self.array("A", index), of=text(a[index]))
        if name == "log_minus_log_A":
            logs = (self.array(x, index) for x in ("log_A", "log_1_minus_A"))
            return self.step("log_minus_log", *logs)
        if self.top and self.has_log(self.top(index)):
            return self.step("log_of_others", self.log(self.top(index)))
        return self.log(together(1 - output))

    # Products

    def product(self, factors):
        factors = [y for x in factors for y in self.turned(x)]
        huge = any(self.has_log(x) and self.extent(x)[1] for x in factors)
        logs, rest = [], []
        for x in factors:
            if huge and self.is_log_below_0(x):
                logs.append(self.array("log_minus_log_A", *x.args[0].indices))
                rest.append(Integer(-1))
            elif huge and x.has(a, z) and self.has_log(x):
                logs.append(self.log(x))
            else:
                rest.append(x)
        power = [self.step("exp", self.sum(logs))] if logs else []
        return self.times([*self.plain(rest), *power])

    def turned(self, factor):
        """The factors (−1)^p and (1 − a)^p of (a − 1)^p: 1 − a has a logarithm."""
        if isinstance(factor, Pow) and factor.exp.is_Integer:
            base, power = factor.args
            if not self.has_log(base) and self.has_log(-base):
                return Integer(-1) ** power, Pow(-base, power)
        return (factor,)

    def plain(self, factors):
        """The values of factors, of which none is huge."""
        number = Mul(*(x for x in factors if x.is_number))
        factors = [x for x in factors if not x.is_number]
        below = [
            x
            for x in factors
            if isinstance(x, Pow) and x.exp.could_extract_minus_sign()
        ]
        logs = [x for x in factors if self.may_be_infinite(x)]
        above = [x for x in factors if x not in below + logs]
        found = [] if number == 1 else [self.number(number)]
        found += map(self.simple, above)
        if below:
            under = self.times([self.simple(1 / x) for x in below])
            what = text(Mul(*(1 / x for x in below)))
            found = [self.step("/", self.times(found), under, of=what)]
        if not logs or not (above or below):
            return found + [self.value(x) for x in logs]
        self.beside_0, outside = True, self.beside_0
        infinite = self.times([self.value(x) for x in logs])
        self.beside_0 = outside
        return [
            self.step("times_log", self.times(found), infinite, of=text(Mul(*logs)))
        ]

    def simple(self, factor):
        if isinstance(factor, exp):
            return self.step("exp", self.value(*factor.args))
        return (
            self.power(*factor.args) if isinstance(factor, Pow) else self.value(factor)
        )

    def times(self, values):
        if not values:
            return self.number(1)
        return values[0] if len(values) == 1 else self.step("*", *values)

    def sum(self, values):
        return values[0] if len(values) == 1 else self.step("+", *values)

    def power(self, base, exponent):
        if 2 * exponent == 1:
            return self.step("sqrt", self.value(base), of=text(base))
        if base.has(a, z) and self.is_rest(base) and not exponent.is_Integer:
            return self.step("exp", self.log(Pow(base, exponent)))
        return self.step("**", self.value(base), self.value(exponent), of=text(base))

    def may_be_infinite(self, factor):
        """Whether a factor has a logarithm in it that may be one of 0."""
        return isinstance(factor, log | Add) and any(
            not self.signs.is_positive(part.args[0])
            for term in Add.make_args(factor)
            for part in Mul.make_args(term)
            if isinstance(part, log)
        )

    # Logarithms

    def has_log(self, x):
        """Whether log(x) is known without x, which is positive, or 0 for all z."""
        if x not in self.logs:
            self.logs[x] = self.finds_log(x)
        return self.logs[x]

    def finds_log(self, x):
        if isinstance(x, exp | cosh):
            return True
        if isinstance(x, Indexed):
            return x.base == a
        if self.is_rest(x):
            index, output = *self.activation.parameters, self.activation.value
            share = self.top is not None and self.has_log(self.top(index))
            return share or self.has_log(together(1 - output))
        if isinstance(x, Pow | Sum):
            return self.has_log(x.args[0])
        return (
            isinstance(x, Add | Mul)
            and any(map(self.has_log, x.args))
            and all(self.has_log(arg) or self.signs.is_settled(arg) for arg in x.args)
        )

    def log(self, x):  # noqa: PLR0911
        """log(x), which is −∞ where x is 0."""
        if not self.has_log(x):
            kind = "log" if self.signs.is_positive(x) else "log_or_infinite"
            return self.step(kind, self.value(x), of=text(x))
        if isinstance(x, exp):
            return self.value(*x.args)
        if isinstance(x, cosh):
            (u,) = x.args
            return self.log((exp(u) + exp(-u)) / 2)
        if isinstance(x, Indexed):
            return self.array("log_A", *x.indices)
        if self.is_rest(x):
            return self.array("log_1_minus_A", *(1 - x).indices)
        if isinstance(x, Pow):
            if x.exp == -1:
                return self.step("*", self.number(-1), self.log(x.base))
            return self.step("*", self.value(x.exp), self.log(x.base))
        if isinstance(x, Sum):
            return self.over(x, "log_sum_exp", self.log)
        logs = [self.log(arg) for arg in x.args]
        return self.sum(logs) if isinstance(x, Mul) else self.step("log_add", *logs)

    def is_rest(self, x):
        rest = 1 - x if isinstance(x, Add) and len(x.args) == 2 else None
        return isinstance(rest, Indexed) and rest.base == a

    def is_log_below_0(self, x):
        """Whether x is log a, of an a below 1 for which log(1 − a) is known."""
        entry = x.args[0] if isinstance(x, log) else None
        is_output = isinstance(entry, Indexed) and entry.base == a
        return is_output and self.has_log(1 - entry)

    def extent(self, x):  # noqa: PLR0911
        """Whether x may be very near to 0, and whether it may be huge."""
        if not x.has(a, z):
            return False, False
        if isinstance(x, exp):
            return True, True
        if isinstance(x, cosh):
            return False, True
        if isinstance(x, Indexed):
            return True, not self.has_log(1 - x)
        if self.is_rest(x):
            return True, False
        if isinstance(x, Pow):
            small, large = self.extent(x.base)
            if x.exp.is_positive:
                return small, large
            return (large, small) if x.exp.is_negative else (small or large,) * 2
        if isinstance(x, Add | Mul):
            parts = [self.extent(arg) for arg in x.args]
            every = all if isinstance(x, Add) else any
            return every(small for small, _ in parts), any(large for _, large in parts)
        if isinstance(x, Sum):
            return self.extent(x.function)
        return False, False
