"""A loss and its gradient as one program: a list of operations with their axes.

`to_numpy` carries a program out, `source` writes it down, and `operations` runs
it on plain numbers: all compute the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, count
from typing import NamedTuple

from sympy import (
    Add,
    Expr,
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
from derivations.loss.compiled.logarithms import Logarithms, Way, is_number
from derivations.loss.forms import over_a_sum
from derivations.loss.softmaxes import top_of


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


class Output(NamedTuple):
    """An array of outputs, such as A: its name in a program, its index and its value.

    `top` is N, where the value is N(z_i)/Σ_k N(z_k).
    """

    name: str
    index: Expr
    value: Expr
    top: Callable | None


class Compiler(Logarithms):
    """Turns formulas of a loss into programs; it finds out once which have a logarithm.

    >>> from derivations.letters import k
    >>> from derivations.loss.deriving import derive
    >>> own = derive(-Sum(y[k] * log(a[k]), (k, 1, n)))
    >>> list(Compiler(own).program(loss=(own.loss, (), Way.WITH_ATOMS)).steps)
    ['log_A', 'loss']
    """

    def __init__(self, own):
        self.signs, self.logs = Signs(own.activation, own.chain.uses), {}
        self.outputs, taken = {}, {str(one) for one in own.parameters}
        tops = {own.activation: numerator(own.activation)}
        tops |= {one: top_of(one) for one in own.softmaxes}
        names = chain("APQR", map("P{}".format, count(4)))
        for one, top in tops.items():
            name = next(x for x in names if x not in taken)
            self.outputs[one.base] = Output(name, *one.parameters, one.value, top)

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
            if expr.base in (y, z):
                return self.step("array", of=str(expr.base).upper(), letters=[index])
            if expr.base in self.outputs:
                return self.array("", expr)
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
        if not expr.args or (self.way > Way.AS_IT_STANDS and is_number(expr)):
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

    def array(self, kind, entry):
        """One of the arrays that all formulas share, made when it is first used.

        Of outputs A they are "" for A itself, "log", "rest" for 1 − A, "log_rest" and
        "log_minus_log".
        """
        name = self.name(kind, entry.base)
        if name not in self.steps:
            outside, output = (self.letters, self.way), self.outputs[entry.base]
            self.letters, self.way = (output.index,), min(self.way, Way.WITH_ATOMS)
            made = self.made(kind, entry.base[output.index])
            self.steps[name], (self.letters, self.way) = made, outside
        return self.step("array", of=name, letters=entry.indices)

    def name(self, kind, base):
        name = self.outputs[base].name
        is_first = kind.endswith("rest") and base == a
        return kind if is_first else f"{kind}_{name}".lstrip("_")

    def made(self, kind, entry):  # noqa: PLR0911 (one line per kind of array)
        _, index, output, top = self.outputs[entry.base]
        plain = kind.removeprefix("log").lstrip("_")
        if kind == "log_minus_log":
            minus_log = self.step("*", self.number(-1), self.array("log", entry))
            return self.step("log_of", self.array("log_rest", entry), minus_log)
        if self.way is Way.AS_IT_STANDS:
            return self.value(output)
        if top and kind == plain:
            return self.step("exp", self.array(f"log_{kind}".rstrip("_"), entry))
        if top:
            shares = {"": "log_share", "rest": "log_rest"}[plain]
            return self.step(shares, self.log(top(index)), of=(index,))
        output = over_a_sum(1 - output if plain else output)
        if kind == plain:
            return self.value(output)
        if not self.has_log(output):
            return self.step("log", self.array(plain, entry))
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
        if self.is_output(x):
            return self.array("rest", x)
        if isinstance(x, tanh):
            return self.value(2 / (1 + exp(2 * x.args[0])))
        if isinstance(x, exp | Pow) and x.has(*self.outputs, z) and self.has_log(x):
            return self.times([self.number(-1), self.step("expm1", self.log(x))])
        return None

    def product(self, factors):
        if self.way < Way.IN_LOGARITHMS:
            return self.times(self.plain(factors))
        factors = [x for factor in factors for x in self.turned(factor)]
        moving = (*self.outputs, z, KroneckerDelta)
        in_logs = [x for x in factors if x.has(*moving) and self.has_log(x)]
        if len(in_logs) < 2 and not any(isinstance(x, exp | Pow) for x in in_logs):
            return self.times(self.plain(factors))
        logs, plain, number = [self.log(x) for x in in_logs], [], Integer(1)
        for factor in factors:
            if factor in in_logs:
                continue
            if self.is_log_of_share(factor):
                (entry,) = factor.args
                logs.append(self.array("log_minus_log", entry))
                number = -number
            elif is_number(factor):
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
        if self.way > Way.AS_IT_STANDS and is_number(factor):
            return self.step("number", of=factor)
        if isinstance(factor, exp):
            return self.step("exp", self.value(*factor.args))
        if not isinstance(factor, Pow):
            return self.value(factor)
        base, exponent = factor.args
        if 2 * exponent == 1:
            return self.step("sqrt", self.value(base))
        return self.step("**", self.value(base), self.value(exponent))


def _minus_last(expr):
    """The terms of a sum; those with a minus stand behind the others."""
    return sorted(Add.make_args(expr), key=lambda x: x.could_extract_minus_sign())
