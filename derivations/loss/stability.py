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
        factors = [y for factor in factors for y in self.turned(factor)]
        huge = any(
            self.has_log(factor) and self.extent(factor)[1] for factor in factors
        )
        logs, rest = [], []
        for factor in factors:
            if huge and self.is_log_below_0(factor):
                logs.append(self.array("log_minus_log_A", *factor.args[0].indices))
                rest.append(Integer(-1))
            elif huge and factor.has(a, z) and self.has_log(factor):
                logs.append(self.log(factor))
            else:
                rest.append(factor)
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
        number = Mul(*(factor for factor in factors if factor.is_number))
        factors = [factor for factor in factors if not factor.is_number]
        below = [
            factor
            for factor in factors
            if isinstance(factor, Pow) and factor.exp.could_extract_minus_sign()
        ]
        logs = [factor for factor in factors if self.may_be_infinite(factor)]
        above = [factor for factor in factors if factor not in below + logs]
        values = [] if number == 1 else [self.number(number)]
        values += map(self.simple, above)
        if below:
            under = self.times([self.simple(1 / factor) for factor in below])
            what = text(Mul(*(1 / factor for factor in below)))
            values = [self.step("/", self.times(values), under, of=what)]
        if not logs or not (above or below):
            return values + [self.value(factor) for factor in logs]
        self.beside_0, outside = True, self.beside_0
        infinite = self.times([self.value(factor) for factor in logs])
        self.beside_0 = outside
        return [
            self.step("times_log", self.times(values), infinite, of=text(Mul(*logs)))
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

    def has_log(self, part):
        """Whether log(x) is known without x, which is positive, or 0 for all z."""
        if part not in self.logs:
            self.logs[part] = self.finds_log(part)
        return self.logs[part]

    def finds_log(self, part):
        if isinstance(part, exp | cosh):
            return True
        if isinstance(part, Indexed):
            return part.base == a
        if self.is_rest(part):
            index, output = *self.activation.parameters, self.activation.value
            share = self.top is not None and self.has_log(self.top(index))
            return share or self.has_log(together(1 - output))
        if isinstance(part, Pow | Sum):
            return self.has_log(part.args[0])
        return (
            isinstance(part, Add | Mul)
            and any(map(self.has_log, part.args))
            and all(
                self.has_log(arg) or self.signs.is_settled(arg) for arg in part.args
            )
        )

    def log(self, part):  # noqa: PLR0911
        """log(x), which is −∞ where x is 0."""
        if not self.has_log(part):
            kind = "log" if self.signs.is_positive(part) else "log_or_infinite"
            return self.step(kind, self.value(part), of=text(part))
        if isinstance(part, exp):
            return self.value(*part.args)
        if isinstance(part, cosh):
            (u,) = part.args
            return self.log((exp(u) + exp(-u)) / 2)
        if isinstance(part, Indexed):
            return self.array("log_A", *part.indices)
        if self.is_rest(part):
            return self.array("log_1_minus_A", *(1 - part).indices)
        if isinstance(part, Pow):
            if part.exp == -1:
                return self.step("*", self.number(-1), self.log(part.base))
            return self.step("*", self.value(part.exp), self.log(part.base))
        if isinstance(part, Sum):
            return self.over(part, "log_sum_exp", self.log)
        logs = [self.log(arg) for arg in part.args]
        return self.sum(logs) if isinstance(part, Mul) else self.step("log_add", *logs)

    def is_rest(self, part):
        rest = 1 - part if isinstance(part, Add) and len(part.args) == 2 else None
        return isinstance(rest, Indexed) and rest.base == a

    def is_log_below_0(self, part):
        """Whether x is log a, of an a below 1 for which log(1 − a) is known."""
        entry = part.args[0] if isinstance(part, log) else None
        is_output = isinstance(entry, Indexed) and entry.base == a
        return is_output and self.has_log(1 - entry)

    def extent(self, part):  # noqa: PLR0911
        """Whether x may be very near to 0, and whether it may be huge."""
        if not part.has(a, z):
            return False, False
        if isinstance(part, exp):
            return True, True
        if isinstance(part, cosh):
            return False, True
        if isinstance(part, Indexed):
            return True, not self.has_log(1 - part)
        if self.is_rest(part):
            return True, False
        if isinstance(part, Pow):
            small, large = self.extent(part.base)
            if part.exp.is_positive:
                return small, large
            return (large, small) if part.exp.is_negative else (small or large,) * 2
        if isinstance(part, Add | Mul):
            parts = [self.extent(arg) for arg in part.args]
            every = all if isinstance(part, Add) else any
            return every(small for small, _ in parts), any(large for _, large in parts)
        if isinstance(part, Sum):
            return self.extent(part.function)
        return False, False
