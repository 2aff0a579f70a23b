"""What is called in a text: functions, sums, derivatives, deltas, held products."""

import ast

from sympy import (
    Abs,
    Derivative,
    Indexed,
    KroneckerDelta,
    Pow,
    S,
    Sum,
    Symbol,
    cos,
    cosh,
    exp,
    log,
    sin,
    sinh,
    sqrt,
    tanh,
)

from derivations.formulas.indices import Index, Size, SumExcept, times
from derivations.letters import g, g_prime
from derivations.text.bounds import Bounded
from derivations.text.domain import as_defined
from derivations.text.vocabulary import FUNCTIONS

MOST_DERIVATIVES = 2
"""The checks go up to second derivatives."""

_OF_ONE = {
    x.__name__: x for x in (exp, log, sqrt, tanh, sinh, cosh, sin, cos, g, g_prime, Abs)
}


class Calls(Bounded):
    """The calls of a text.  `reading` has the rest: `formula`, `index`, `unknown`."""

    def call(self, node):
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in _OF_ONE:
            if len(node.args) != 1:
                self.refuse(f"{name} takes one number: write {FUNCTIONS[name]}", node)
            return self.function(_OF_ONE[name], node.args[0], node)
        special = {
            "Sum": self.total,
            "SumExcept": self.total_of_others,
            "Derivative": self.derivative,
            "KroneckerDelta": self.delta,
            "times": self.held,
        }
        if name in special:
            return special[name](node, node.args)
        inside = self.written(node)[len(name) :].strip()[1:-1].strip()
        if name in self.names.arrays and name not in self.names.symbols:
            entry = f"{name}[{inside}]" if len(inside) < 20 else self.sample(name)
            words = f"`{self.written(node)[:30]}`: write {entry}"
            self.refuse(words, node, len(name))
        if name == "delta":
            self.refuse("`delta(`: write KroneckerDelta(i, j)", node, len(name))
        if name in self.names.symbols or not name:
            words = f"`{name or ')'}(`: write {name or ')'}*("
            self.refuse(words, node, len(name))
        return self.unknown(name, node.func, "(")

    def function(self, kind, inside, node):
        argument = self.formula(inside)
        if kind is sqrt:
            return self.raised(argument, S.Half, node)
        if kind is Abs and not argument.is_real:  # SymPy would look for its real part
            return Abs(argument, evaluate=False)
        if kind in (sinh, cosh, tanh, sin, cos) and _may_be_imaginary(argument):
            words = "what is known to be real, not a derivative or sqrt(z[i])"
            self.refuse(f"{kind.__name__} takes {words}", inside)
        if kind in (exp, sinh, cosh, tanh, sin, cos):
            self.no_tower(argument, inside)
            if argument.has(log):  # exp(9*log(2)) is 2**9 to SymPy
                self.moderate(argument, inside)
        return self.real(as_defined(kind, argument), node)

    def held(self, node, args):
        if len(args) < 2:
            self.refuse("times takes two factors or more: write times(x, y)", node)
        factors = [self.formula(x) for x in args]
        if sum(not x.is_Rational for x in factors) < 2:
            return self.multiplied(factors)  # a number before one formula
        return times(*factors)

    def delta(self, node, args):
        if len(args) != 2:
            self.refuse("a delta takes two indices: KroneckerDelta(i, j)", node)
        return KroneckerDelta(*map(self.index, args))

    def total(self, node, args):
        if len(args) < 2:
            self.refuse("`Sum` has limits: write Sum(f, (k, 1, n))", node)
        limits = [self.limit(x) for x in args[1:]]
        total = Sum(self.formula(args[0]), *limits)
        bound = [letter for letter, *_ in total.limits]
        if len(set(bound)) < len(bound):
            self.refuse("one letter is bound twice: give each sum its own", node)
        return total

    def total_of_others(self, node, args):
        if len(args) != 3:
            self.refuse("write SumExcept(f, (i, 1, n), j), the sum over i ≠ j", node)
        limit, excluded = self.limit(args[1]), self.index(args[2])
        if excluded == limit[0]:
            self.refuse(f"{excluded} is the letter of the sum itself", args[2])
        return SumExcept(self.formula(args[0]), limit, excluded)

    def limit(self, node):
        parts = node.elts if isinstance(node, ast.Tuple) else []
        if len(parts) != 3:
            self.refuse("the limits of a sum are written (k, 1, n)", node)
        letter = self.index(parts[0])
        if not isinstance(letter, Index):
            self.refuse("a sum is over a letter: (k, 1, n)", parts[0])
        whole = f"({letter}, 1, {letter.size})"
        low, high = self.formula(parts[1]), self.formula(parts[2])
        if not (low.is_Integer and low >= 1):
            self.refuse(f"{letter} counts from 1: write {whole}", parts[1])
        if high.is_Integer and high < low:
            self.refuse(f"a sum from {low} to {high} has no terms", parts[2])
        if not high.is_Integer and high != letter.size:
            self.refuse(f"{letter} counts to {letter.size}: write {whole}", parts[2])
        return letter, low, high

    def derivative(self, node, args):
        if len(args) < 2:
            self.refuse(
                "a derivative needs its variable: write Derivative(f, z[j])", node
            )
        variables = [x for part in args[1:] for x in self.variables(part)]
        slope = Derivative(self.formula(args[0]), *variables)
        order = slope.derivative_count if isinstance(slope, Derivative) else 0
        if max(order, len(variables)) > MOST_DERIVATIVES:
            self.refuse(f"at most {MOST_DERIVATIVES} derivatives of one formula", node)
        return slope

    def variables(self, node):
        """z[j], or (z[j], 2) for twice."""
        count = 1
        if isinstance(node, ast.Tuple) and len(node.elts) == 2:
            node, times_node = node.elts
            count = self.formula(times_node)
            if not (count.is_Integer and 1 <= count <= MOST_DERIVATIVES):
                self.refuse(f"at most {MOST_DERIVATIVES} derivatives", times_node)
        variable = self.formula(node)
        is_count = isinstance(variable, Index | Size)
        if is_count or not isinstance(variable, Indexed | Symbol):
            self.refuse("a derivative is by an entry or a letter, such as z[j]", node)
        return [variable] * int(count)


def _may_be_imaginary(expr):
    """Whether SymPy would look, and long, for an imaginary part."""
    roots = any(not power.exp.is_integer for power in expr.atoms(Pow))
    if expr.has(Derivative, SumExcept):
        return True
    return (roots or expr.has(log)) and not expr.is_real
