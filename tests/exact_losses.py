"""A typed loss and its slopes by the logits, in as many digits as they take.

Nothing of the product's numerics is used.  For n = 3, say, the SymPy expressions of a
loss and of its activation are written out once as a list of operations; an example then
runs through the list.  A number carries its slopes by z_1 … z_n (forward
differentiation), and there are so many digits that 60 are left where 1 − a is formed.
"""

from functools import cache, reduce
from operator import add, mul

import mpmath
import sympy
from mpmath import mpf
from sympy import Indexed, KroneckerDelta, Sum, Symbol

from derivations.letters import j, n, y, z


def _kept(of):
    """A function whose values are kept: many losses ask for the same logarithms."""
    known = cache(lambda *at: of(*at[1:]))
    return lambda *arguments: known(mpmath.mp.prec, *arguments)


_exp, _log, _power = map(_kept, (mpmath.exp, mpmath.log, mpmath.power))
_tanh, _sinh, _cosh = map(_kept, (mpmath.tanh, mpmath.sinh, mpmath.cosh))


class UndefinedError(ArithmeticError):
    """A logarithm, a root or a quotient has no value, as log 0 has none."""


class Dual:
    """A number and its slopes by each logit; there are none if no logit moves it."""

    def __init__(self, value, slopes=()):
        self.value, self.slopes = value, slopes

    @property
    def is_0(self):
        return not self.value and not self.slopes

    def __add__(self, other):
        value = self.value + other.value
        if self.slopes and other.slopes:
            return Dual(value, tuple(map(add, self.slopes, other.slopes)))
        return Dual(value, self.slopes or other.slopes)

    def __mul__(self, other):
        left, right = other._times(self.value), self._times(other.value)
        return Dual(left.value, (left + right).slopes)

    def _times(self, factor):
        return self.moved(factor * self.value, factor)

    def moved(self, value, slope):
        """f of this number, where `slope` is f′."""
        return Dual(value, tuple(slope * x for x in self.slopes))

    def log(self):
        if self.value <= 0:
            raise UndefinedError(f"log of {mpmath.nstr(self.value, 5)}")
        return self.moved(_log(self.value), 1 / self.value)

    def exp(self):
        return self.moved(*[_exp(self.value)] * 2)

    def tanh(self):
        value = _tanh(self.value)
        return self.moved(value, 1 - value**2)

    def sinh(self):
        return self.moved(_sinh(self.value), _cosh(self.value))

    def cosh(self):
        return self.moved(_cosh(self.value), _sinh(self.value))

    def power(self, other):
        if other.slopes:
            return (other * self.log()).exp()
        base, exponent = self.value, other.value
        is_whole = exponent == int(exponent)
        if (base < 0 and not is_whole) or (not base and exponent < 0):
            raise UndefinedError("a root of a negative number, or 1/0")
        if is_whole:
            p = int(exponent)
            return self.moved(base**p, p * base ** (p - 1) if p else mpf(0))
        if not base and self.slopes:
            raise UndefinedError("the slope of a root at 0")
        value = _power(base, exponent)
        return self.moved(value, exponent * value / base if self.slopes else 0)


_FUNCTIONS = {
    sympy.exp: Dual.exp,
    sympy.log: Dual.log,
    sympy.tanh: Dual.tanh,
    sympy.sinh: Dual.sinh,
    sympy.cosh: Dual.cosh,
    sympy.Pow: Dual.power,
}


class ExactLoss:
    """The loss of one example with n classes as a list of operations."""

    def __init__(self, own, n):
        self.defined, self.n = {x.base: x for x in (own.activation, *own.softmaxes)}, n
        self.known, self.steps, self.of_labels = {}, [], set()
        self.kept = None, {}
        self.result = self.place(own.loss, {})
        self.terms = self.terms_of(own.loss, {})
        self.slope_terms = [self.terms_of(own.gradient, {j: at}) for at in range(n)]

    def __call__(self, logits, labels, parameters, digits=None):
        """The loss, its slopes, and the largest term added in the formula of each.

        A term is what is added outside exp and log, with products and whole powers
        multiplied out and log(a/b) as log a − log b: a sum is off by what its terms are
        off by, however near 0 it is, and in a logarithm they count beside the sum.
        `parameters` maps names to numbers, or to arrays of one number for each class.
        Raises UndefinedError where the loss has no value.
        """
        moves = range(self.n)
        with mpmath.workdps(digits or digits_for(logits)):
            given = {x: list(map(float, _listed(v))) for x, v in parameters.items()}
            without_labels = [*logits], given, mpmath.mp.prec
            given = given | {str(y): labels}
            given = {x: [mpf(float(t)) for t in v] for x, v in given.items()}
            given[str(z)] = [
                Dual(mpf(x), tuple(mpf(r == s) for s in moves))
                for r, x in enumerate(logits)
            ]
            values = self._values(given, without_labels)
            loss = values[self.result]
            if isinstance(loss, UndefinedError):
                raise loss
            term = _largest(self.terms, values)
            slope_term = max(_largest(x, values) for x in self.slope_terms)
            return loss.value, loss.slopes or (mpf(0),) * self.n, (term, slope_term)

    def _values(self, given, without_labels):
        """The value of each step; what no label is in is kept from labels to labels."""
        if self.kept[0] != without_labels:
            self.kept = without_labels, {}
        kept, values = self.kept[1], []
        for place, (function, places) in enumerate(self.steps):
            value = kept.get(place)
            if value is None:
                try:
                    value = function(given, *(values[x] for x in places))
                except UndefinedError as problem:
                    value = problem
                if place not in self.of_labels:
                    kept[place] = value
            values.append(value)
        return values

    def place(self, expr, at):
        """Where the value of a formula stands, with these numbers for free indices."""
        key = expr, *sorted((str(x), at[x]) for x in expr.free_symbols & at.keys())
        if key not in self.known:
            self.known[key] = self._written(expr, at)
        return self.known[key]

    def _step(self, function, *places, is_label=False):
        if is_label or self.of_labels.intersection(places):
            self.of_labels.add(len(self.steps))
        self.steps.append((function, places))
        return len(self.steps) - 1

    def _calls(self, function, *places):
        """A step that has no value where an argument has none."""

        def of_values(given, *values):
            for value in values:
                if isinstance(value, UndefinedError):
                    raise value
            return function(*values)

        return self._step(of_values, *places)

    def _constant(self, number):
        return self._step(lambda given: Dual(number()))

    def _written(self, expr, at):  # noqa: PLR0911 (one line per kind of formula)
        if isinstance(expr, Indexed):
            return self._entry(expr.base, *(at[x] for x in expr.indices))
        if expr == n:
            return self._constant(lambda: mpf(self.n))
        if isinstance(expr, Symbol):
            return self._step(lambda given: Dual(*given[str(expr)]))
        if expr.is_Rational:
            return self._constant(lambda: mpf(expr.p) / expr.q)
        if expr == sympy.E:
            return self._constant(lambda: _exp(mpf(1)))
        if isinstance(expr, KroneckerDelta):
            return self._constant(lambda: mpf(at[expr.args[0]] == at[expr.args[1]]))
        if isinstance(expr, Sum):
            return self._sum(self.place(expr.function, x) for x in self._all(expr, at))
        places = [self.place(x, at) for x in expr.args]
        if expr.is_Add:
            return self._sum(places)
        if expr.is_Mul:
            return self._step(_product, *places)
        return self._calls(_FUNCTIONS[expr.func], *places)

    def _entry(self, base, at):
        if base in self.defined:
            return self.place(self.defined[base](Symbol("at")), {Symbol("at"): at})
        if base == z:
            return self._step(lambda given: given[str(z)][at])
        return self._step(lambda given: Dual(given[str(base)][at]), is_label=base == y)

    def _all(self, total, at):
        places = [at]
        for index, *bounds in total.limits:
            assert bounds == [1, n]
            places = [x | {index: k} for x in places for k in range(self.n)]
        return places

    def _sum(self, places):
        return self._calls(lambda *terms: reduce(add, terms), *places)

    def terms_of(self, expr, at):
        """Where the terms of a formula stand: a place, or (max or a product, parts)."""
        if expr.is_Add:
            return max, [self.terms_of(part, at) for part in expr.args]
        if isinstance(expr, Sum):
            return max, [self.terms_of(expr.function, x) for x in self._all(expr, at)]
        if expr.is_Mul:
            return mpmath.fprod, [self.terms_of(part, at) for part in expr.args]
        if expr.is_Pow and expr.exp.is_Integer and expr.exp > 1:
            return mpmath.fprod, [self.terms_of(expr.base, at)] * int(expr.exp)
        if isinstance(expr, sympy.log):
            return self.terms_of_log(*expr.args, at)
        return self.place(expr, at)

    def terms_of_log(self, inner, at):
        if inner.is_Mul:
            return max, [self.terms_of(sympy.log(part), at) for part in inner.args]
        value = self.place(sympy.log(inner), at)
        if not isinstance(inner, sympy.Add | Sum):
            return value
        sides = self.terms_of(inner, at), self.place(inner, at)
        return max, [value, (_ratio, sides)]


def _ratio(sides):
    above, below = sides
    return above / below if below else mpf(0)


def _largest(terms, values):
    """The largest of the terms, multiplied out; what has no value counts nothing."""
    if isinstance(terms, tuple):
        combined, parts = terms
        return combined([_largest(part, values) for part in parts])
    value = values[terms]
    return mpf(0) if isinstance(value, UndefinedError) else abs(value.value)


def _product(given, *factors):
    """A product; what a label of 0 stands beside counts nothing, so 0 · log 0 is 0."""
    undefined = [x for x in factors if isinstance(x, UndefinedError)]
    defined = [x for x in factors if x not in undefined]
    if any(x.is_0 for x in defined):
        return Dual(mpf(0))
    if undefined:
        raise undefined[0]
    return reduce(mul, defined)


def _listed(value):
    return value if hasattr(value, "__len__") else [value]


def digits_for(logits):
    """Digits that leave 60 where 1 − a is formed, which is e^−spread at least."""
    spread = max(map(float, [*logits, 0])) - min(map(float, [*logits, 0]))
    return int(100 + 0.45 * spread)
