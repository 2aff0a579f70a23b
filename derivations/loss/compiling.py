"""A loss and its gradient as one program: a list of operations with their axes.

`to_numpy` carries a program out, `source` writes it down, and `operations` runs
it on plain numbers: all compute the same.  A formula is compiled in one of four ways:

- `AS_IT_STANDS`: each operation as it is written, for numbers of many digits;
- `WITH_ATOMS`: a_k, 1 − a_k and their logarithms are computed from the logits;
- `IN_LOGARITHMS`: a product is e to the sum of the logarithms of its factors, too;
- `IN_ALL_LOGARITHMS`: and so is a product with a label, whose sign stands apart.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import reduce

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
    sinh,
    tanh,
)

from derivations.letters import a, n, y, z
from derivations.loss.activations import Signs, numerator
from derivations.loss.forms import over_a_sum

Way = IntEnum("Way", "AS_IT_STANDS WITH_ATOMS IN_LOGARITHMS IN_ALL_LOGARITHMS")


@dataclass(frozen=True, eq=False)
class Step:
    """One operation; its value lies along the letters `axes`, and then the examples.

    `of` is what it needs beside its arguments: a number, a name, letters to sum over.
    """

    operation: str
    arguments: tuple = ()
    of: object = None
    axes: tuple = ()


@dataclass(frozen=True)
class Program:
    """Steps by name, in order: arrays such as A and log A, the loss, the gradient."""

    steps: dict

    @property
    def has_log(self):
        """Whether a result has a log x in it, of an x that may be 0, as a label may."""
        waiting, seen = [*self.steps.values()], set()
        while waiting:
            step = waiting.pop()
            if step not in seen and step.operation != "exp":  # e to log 0 is 0
                seen.add(step)
                waiting += step.arguments
        return any(step.operation == "log" for step in seen)


class Compiler:
    """Turns formulas of a loss into programs; it finds out once which have a logarithm.

    >>> from derivations.letters import k
    >>> from derivations.loss.deriving import derive
    >>> own = derive(-Sum(y[k] * log(a[k]), (k, 1, n)))
    >>> list(Compiler(own).program(loss=(own.loss, (), Way.WITH_ATOMS)).steps)
    ['log_A', 'loss']
    """

    def __init__(self, own):
        self.signs = Signs(own.activation, own.chain.uses)
        (self.index,), self.output = own.activation.parameters, own.activation.value
        self.top, self.logs = numerator(own.activation), {}

    def program(self, **formulas):
        """The program for an expression, the letters it is for, and a way, by name."""
        self.steps, self.known = {}, {}
        for name, (expr, self.letters, self.way) in formulas.items():
            step = self.value(expr)
            self.steps[name] = step
        return Program(self.steps)

    def step(self, operation, *arguments, of=None, letters=(), without=()):
        used = {*letters, *(x for argument in arguments for x in argument.axes)}
        axes = tuple(x for x in self.letters if x in used and x not in without)
        key = (operation, arguments, of, axes)
        return self.known.setdefault(key, Step(*key))

    def number(self, number):
        return self.step("number", of=Integer(number))

    def times(self, values):
        if not values:
            return self.number(1)
        return values[0] if len(values) == 1 else self.step("*", *values)

    def sum(self, values):
        return values[0] if len(values) == 1 else self.step("+", *values)

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
            number, term = expr.function.as_coeff_Mul()
            if number != 1:
                return self.value(number * Sum(term, *expr.limits))
            total, missing = self.over(expr, "sum", self.value)
            return self.times([self.step("size")] * missing + [total])
        if isinstance(expr, KroneckerDelta):
            return self.step("delta", letters=expr.args)
        if not expr.args or (self.way > Way.AS_IT_STANDS and _is_number(expr)):
            return self.step("number", of=expr)
        if isinstance(expr, Add):
            return self.added(expr)
        if isinstance(expr, Mul | Pow | exp):
            return self.product(Mul.make_args(expr))
        if isinstance(expr, log):
            return self.log(*expr.args)
        if isinstance(expr, sinh | cosh) and self.way is Way.AS_IT_STANDS:
            return self.value(expr.rewrite(exp))
        return self.step(expr.func.__name__, self.value(*expr.args))

    def over(self, total, operation, inside):
        """The value of a sum's terms, and how many of its letters they do not have."""
        outside, added = self.letters, tuple(index for index, _, _ in total.limits)
        self.letters = (*(x for x in outside if x not in added), *added)  # may be inner
        term = inside(total.function)
        here = tuple(x for x in added if x in term.axes)
        found = self.step(operation, term, of=here, without=here) if here else term
        self.letters = outside
        return found, len(added) - len(here)

    def array(self, name, index):
        """One of the arrays that all formulas share, made when it is first used."""
        if name not in ("Y", "Z", *self.steps):
            outside = self.letters, self.way
            self.letters, self.way = (self.index,), min(self.way, Way.WITH_ATOMS)
            made = self.made(name)
            self.steps[name], (self.letters, self.way) = made, outside
        return self.step("array", of=name, letters=[index])

    def made(self, name):  # noqa: PLR0911 (one line per kind of array)
        kind, output = name.removeprefix("log_"), self.output
        if name == "log_minus_log_A":
            minus_log = self.step("*", self.number(-1), self.array("log_A", self.index))
            return self.step("log_of", self.array("log_rest", self.index), minus_log)
        if self.way is Way.AS_IT_STANDS:
            return self.value(output)
        if self.top and name == kind:
            return self.step("exp", self.array(f"log_{name}", self.index))
        if self.top:
            shares = {"A": "log_share", "rest": "log_rest"}[kind]
            return self.step(shares, self.log(self.top(self.index)), of=(self.index,))
        output = over_a_sum(output if kind == "A" else 1 - output)
        if name == kind:
            return self.value(output)
        if not self.has_log(output):
            return self.step("log", self.array(kind, self.index))
        return self.log(output)

    # Sums and products

    def added(self, expr):
        """A sum; c − c·x is c·(1 − x), of which no digit is lost where x is near 1."""
        number, rest = expr.as_coeff_Add()
        if number != 0 and self.way is not Way.AS_IT_STANDS:
            for term in Add.make_args(rest):
                less = self.less(-term / number)
                if less:
                    others = [self.value(x) for x in _minus_last(rest) if x != term]
                    factor = [] if number == 1 else [self.step("number", of=number)]
                    return self.sum([self.times([*factor, less]), *others])
        return self.sum([self.value(x) for x in _minus_last(expr)])

    def less(self, x):
        """1 − x, where x is an output, a tanh, or a power with a known logarithm."""
        if isinstance(x, Indexed) and x.base == a:
            return self.array("rest", *x.indices)
        if isinstance(x, tanh):
            return self.value(2 / (1 + exp(2 * x.args[0])))
        if isinstance(x, exp | Pow) and x.has(a, z) and self.has_log(x):
            return self.times([self.number(-1), self.step("expm1", self.log(x))])
        return None

    def product(self, factors):
        if self.way < Way.IN_LOGARITHMS:
            return self.times(self.plain(factors))
        factors = [x for factor in factors for x in self.turned(factor)]
        in_logs = [
            x for x in factors if x.has(a, z, KroneckerDelta) and self.has_log(x)
        ]
        if len(in_logs) < 2 and not any(isinstance(x, exp | Pow) for x in in_logs):
            return self.times(self.plain(factors))
        logs, plain, number = [self.log(x) for x in in_logs], [], Integer(1)
        for factor in factors:
            if factor in in_logs:
                continue
            if self.is_log_of_share(factor):
                (entry,) = factor.args
                logs.append(self.array("log_minus_log_A", *entry.indices))
                number = -number
            elif _is_number(factor):
                number *= factor
            elif self.way is Way.IN_ALL_LOGARITHMS and factor.has(y):
                value = self.value(factor)
                logs.append(self.step("log", self.step("abs", value)))
                plain.append(self.step("sign", value))
            else:
                plain += self.plain([factor])
        first = [] if number == 1 else [self.step("number", of=number)]
        return self.times([*first, *plain, self.step("exp", self.sum(logs))])

    def turned(self, factor):
        """The factors (−1)^p and (1 − a)^p of (a − 1)^p: 1 − a has a logarithm."""
        if isinstance(factor, Pow) and factor.exp.is_Integer:
            base, power = factor.args
            if not self.has_log(base) and self.has_log(-base):
                return Integer(-1) ** power, Pow(-base, power)
        return (factor,)

    def plain(self, factors):
        """The values of factors; negative powers are divided by, all at once."""
        number = Mul(*(x for x in factors if x.is_Rational))
        factors = [x for x in factors if not x.is_Rational]
        below = [
            factor
            for factor in factors
            if isinstance(factor, Pow) and factor.exp.could_extract_minus_sign()
        ]
        values = [] if number == 1 else [self.step("number", of=number)]
        values += [self.factor(x) for x in factors if x not in below]
        if below:
            under = self.times([self.factor(1 / x) for x in below])
            values = [self.step("/", self.times(values), under)]
        return values

    def factor(self, factor):
        if self.way > Way.AS_IT_STANDS and _is_number(factor):
            return self.step("number", of=factor)
        if isinstance(factor, exp):
            return self.step("exp", self.value(*factor.args))
        if not isinstance(factor, Pow):
            return self.value(factor)
        base, exponent = factor.args
        if 2 * exponent == 1:
            return self.step("sqrt", self.value(base))
        return self.step("**", self.value(base), self.value(exponent))

    # Logarithms

    def has_log(self, part):
        """Whether log(x) is known without x, which is positive, or 0 for all z."""
        if self.way is Way.AS_IT_STANDS:
            return False
        if part not in self.logs:
            self.logs[part] = self.finds_log(part)
        return self.logs[part]

    def finds_log(self, part):
        if isinstance(part, exp | cosh) or isinstance(1 - part, KroneckerDelta):
            return True
        if isinstance(part, Indexed):
            return part.base == a
        if _is_rest(part):
            return self.top is not None or self.has_log(over_a_sum(1 - self.output))
        if isinstance(part, Pow | Sum):
            return self.has_log(part.args[0])
        if _nearly(part) is not None:
            return self.has_log(_nearly(part))
        return (
            isinstance(part, Add | Mul)
            and any(map(self.has_log, part.args))
            and all(
                self.has_log(arg) or self.signs.is_settled(arg) for arg in part.args
            )
        )

    def log(self, part):  # noqa: PLR0911
        """log(x), which is −∞ where x is 0."""
        if self.way > Way.AS_IT_STANDS and _is_number(part):
            return self.step("number", of=log(part))
        if not self.has_log(part):
            return self.step("log", self.value(part))
        if isinstance(part, exp):
            return self.value(*part.args)
        if isinstance(part, cosh):
            (u,) = part.args
            return self.log((exp(u) + exp(-u)) / 2)
        if isinstance(part, Indexed):
            return self.array("log_A", *part.indices)
        if _is_rest(part):
            return self.array("log_rest", *(1 - part).indices)
        if isinstance(1 - part, KroneckerDelta):
            return self.step("log", self.value(part))
        if _nearly(part) is not None:
            return self.step("log_of", self.log(_nearly(part)), self.value(part))
        if isinstance(part, Pow):
            return self.step("*", self.value(part.exp), self.log(part.base))
        if isinstance(part, Sum):
            total, missing = self.over(part, "log_sum_exp", self.log)
            sizes = [self.step("log", self.step("size"))] * missing
            return self.sum([total, *sizes])
        logs = [self.log(arg) for arg in part.args]
        if isinstance(part, Mul):
            return self.sum(logs)
        return reduce(lambda x, other: self.step("log_add", x, other), logs)

    def is_log_of_share(self, part):
        """Whether x is log a, of an a below 1 for which log(1 − a) is known."""
        x = part.args[0] if isinstance(part, log) else None
        return isinstance(x, Indexed) and x.base == a and self.has_log(1 - x)


def _is_number(expr):
    return not expr.has(Symbol)  # is_number of SymPy writes each sum anew


def _minus_last(expr):
    """The terms of a sum; those with a minus stand behind the others."""
    return sorted(Add.make_args(expr), key=lambda x: x.could_extract_minus_sign())


def _is_rest(part):
    rest = 1 - part if isinstance(part, Add) and len(part.args) == 2 else None
    return isinstance(rest, Indexed) and rest.base == a


def _nearly(part):
    """The x that log(1 + x) and 1 − e^(−x) nearly are where x is small; else None."""
    if isinstance(part, log) and isinstance(part.args[0], Add):
        return part.args[0] - 1 if part.args[0].as_coeff_Add()[0] == 1 else None
    power = 1 - part if isinstance(part, Add) and len(part.args) == 2 else None
    return -power.args[0] if isinstance(power, exp) else None
