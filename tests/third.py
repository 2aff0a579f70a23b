"""A third opinion on an equality: both sides in decimal numbers that know their error.

It shares nothing with the two judges.  A `Real` has 60 digits, by `decimal`, and a
bound on how far it is off.  A `Moved` is a polynomial in ε₀, ε₁, … with εᵢ² = 0, so a
slope is the coefficient of an ε.  A `World` is one point: there sums are added up,
definitions are put in, and entries are drawn so that the hypotheses hold.
"""

import decimal
from decimal import Decimal
from functools import cache, reduce
from itertools import product
from math import factorial
from operator import add, mul, or_
from random import Random
from typing import NamedTuple

import sympy
from sympy import Derivative, Indexed, KroneckerDelta, Rational, Sum, Symbol

from derivations.formulas.indices import SumExcept
from derivations.letters import g, g_prime

_TRAPS = [decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow]
_RANGE = {"Emin": decimal.MIN_EMIN, "Emax": decimal.MAX_EMAX, "traps": _TRAPS}
_NUMBER = decimal.Context(prec=60, **_RANGE)
_WIDE = decimal.Context(prec=120, **_RANGE)
_ERROR = decimal.Context(prec=5, rounding=decimal.ROUND_UP, **_RANGE)
_NONE, _TWO = Decimal(0), Decimal(2)


class NoValueError(ArithmeticError):
    """No real value, or none that can be told: 1/0, a moved kink, a hidden sign."""


class Real(NamedTuple):
    """A real number: `value`, off by at most `error`."""

    value: Decimal
    error: Decimal = _NONE

    @classmethod
    def near(cls, value, error=_NONE):
        """What `_NUMBER` has just computed, with the error of its rounding added."""
        if _NUMBER.flags[decimal.Inexact]:
            _NUMBER.clear_flags()
            if not value:
                raise NoValueError("a number too small to be told from 0")
            error = _ERROR.add(error, _ERROR.scaleb(value.copy_abs(), -59))
        return cls(value, error)

    @property
    def sign(self):
        if self.error and self.value.copy_abs() <= self.error:
            raise NoValueError("a sign that cannot be told")
        return int(self.value.compare(_NONE))

    @property
    def whole(self):
        """The integer that this exactly is, else None."""
        return None if self.error or self.value % 1 else int(self.value)

    def __add__(self, other):
        error = _ERROR.add(self.error, other.error)
        return self.near(_NUMBER.add(self.value, other.value), error)

    def __mul__(self, other):
        error = _ERROR.multiply(self.error, other.error)
        error = _ERROR.fma(self.value.copy_abs(), other.error, error)
        error = _ERROR.fma(other.value.copy_abs(), self.error, error)
        return self.near(_NUMBER.multiply(self.value, other.value), error)

    def _relative(self):
        """Twice the relative error, which must be below 1/2."""
        if self.value.copy_abs() <= _ERROR.multiply(_TWO, self.error):
            raise NoValueError("a number that cannot be told from 0")
        return _ERROR.divide(_ERROR.multiply(_TWO, self.error), self.value.copy_abs())

    def inverse(self):
        error = _ERROR.divide(self._relative(), self.value.copy_abs())
        return self.near(_NUMBER.divide(Decimal(1), self.value), error)

    def log(self):
        return self.near(_NUMBER.ln(self.value), self._relative())

    def exp(self):
        if self.error > 1:
            raise NoValueError("an exponential of what is not known")
        value = _NUMBER.exp(self.value)
        error = _ERROR.multiply(_ERROR.multiply(_TWO, value), self.error)
        return self.near(value, error)

    def sin(self, quarters):
        """The sine of the number + quarters · π/2, by its series."""
        if self.value.copy_abs() > 100:
            raise NoValueError("an angle that is too large")
        square, total, k = _WIDE.multiply(*[self.value] * 2), _NONE, 1 - quarters % 2
        term = self.value if k else Decimal(1)
        while term and term.adjusted() > -120:
            total, k = _WIDE.add(total, term), k + 2
            term = _WIDE.divide(_WIDE.multiply(term, square), Decimal(k - k * k))
        total = total.copy_negate() if quarters % 4 > 1 else total
        return self.near(_NUMBER.plus(total), _ERROR.add(self.error, Decimal("1e-59")))


def ratio(p, q=1):
    return Real.near(_NUMBER.divide(Decimal(p), Decimal(q)))


def apart(left, right):
    """Whether two numbers are further apart than both may be off."""
    gap = left + Real(right.value.copy_negate(), right.error)
    return gap.value.copy_abs() > gap.error


class Moved(dict):
    """{bits: Real}: bit i of a key stands for εᵢ; 0 is always among the keys."""

    def __init__(self, coefficients):
        super().__init__(coefficients)
        self.setdefault(0, Real(_NONE))

    def __add__(self, other):
        both = {bits: self[bits] + other[bits] for bits in self if bits in other}
        return Moved(self | other | both if len(self) + len(other) > 2 else both)

    def __mul__(self, other):
        if len(self) == len(other) == 1:
            return Moved({0: self[0] * other[0]})
        found = Moved({})
        for (left, x), (right, y) in product(self.items(), other.items()):
            if not left & right and any(part := x * y):
                old = found.get(left | right)
                found[left | right] = old + part if old else part
        return found

    def __neg__(self):
        return self * MINUS

    def smooth(self, f):
        """f of this, f(k) being the k-th derivative at the part without an ε."""
        moved = Moved(self | {0: Real(_NONE)})
        total, power = Moved({0: f(0)}), ONE
        for k in range(1, 1 + reduce(or_, self).bit_count()):
            power = power * moved * Moved({0: ratio(1, k)})
            total += power * Moved({0: f(k)})
        return total

    def exp(self):
        value = self[0].exp()
        return self.smooth(lambda k: value)

    def _over(self, k):
        """The k-th derivative of 1/x."""
        number = ratio((-1) ** k * factorial(k))
        return reduce(mul, [self[0].inverse()] * (k + 1), number)

    def inverse(self):
        return self.smooth(self._over)

    def log(self):
        return self.smooth(lambda k: self._over(k - 1) if k else self[0].log())

    def sin(self, quarters=0):
        return self.smooth(lambda k: self[0].sin(quarters + k))

    def tanh(self):
        return TWO * (ONE + (-self + -self).exp()).inverse() + MINUS

    def power(self, exponent):
        """As SymPy means it: 0**0 is 1, and a root of a negative number is none."""
        whole = exponent[0].whole if len(exponent) == 1 else None
        if whole is not None and abs(whole) < 10**5:
            base, result = self.inverse() if whole < 0 else self, ONE
            for bit in f"{abs(whole):b}":
                result = result * result * (base if bit == "1" else ONE)
            return result
        if not any(self.values()) and exponent.keys() == {0} and exponent[0].sign > 0:
            return ZERO
        return (exponent * self.log()).exp()

    def sign(self):
        if len(self) > 1 and self[0].sign == 0:
            raise NoValueError("a kink that is moved")
        return Moved({0: ratio(self[0].sign)})

    def larger(self, other):
        return other if (self + -other).sign() == MINUS else self


ZERO, ONE, TWO, MINUS = (Moved({0: ratio(number)}) for number in (0, 1, 2, -1))
FUNCTIONS = {
    sympy.Add: lambda *terms: reduce(add, terms),
    sympy.Mul: lambda *factors: reduce(mul, factors),
    sympy.Pow: Moved.power,
    sympy.E.func: ONE.exp,
    sympy.exp: Moved.exp,
    sympy.log: Moved.log,
    sympy.tanh: Moved.tanh,
    sympy.sin: Moved.sin,
    sympy.cos: lambda x: x.sin(1),
    sympy.sign: Moved.sign,
    sympy.Abs: lambda x: x.sign() * x,
    sympy.Max: lambda *several: reduce(Moved.larger, several),
    KroneckerDelta: lambda x, y: ZERO if (x + -y).sign()[0].value else ONE,
    g: lambda x: x.sin() + x * x * x,  # any differentiable function
    g_prime: lambda x: x.sin(1) + (ONE + TWO) * x * x,
}


@cache
def _letters(expr):
    return tuple(expr.atoms(Symbol))


class World:
    """What expressions mean at one point, where sizes and free indices are as in `at`.

    Entries are drawn from `numbers`, as their symbols are declared; `shown` has them.
    """

    def __init__(self, at, numbers, where=(), using=()):
        self.at, self.numbers, self.known, self.shown = at, numbers, {}, {}
        self.name = str(at)  # what is drawn depends on nothing else
        self.definitions = {x.base: x for x in where}
        known = [(fact, x) for fact in using for x in fact.parts]
        self.totals = {x.function.base: (y, fact) for fact, y in known for x in y}
        self.at_least_0 = {x.base for fact in using for x, _ in fact.ranges}

    def __call__(self, expr, at, moved=()):
        """The value at numbers of the indices, where the entries `moved` have an ε."""
        key = expr, moved, tuple(map(at.get, _letters(expr)))
        if key not in self.known:
            self.known[key] = self._value(expr, at, moved)
        return self.known[key]

    def value(self, expr, at):
        """The real number that an expression is, or None where it is none."""
        try:
            return self(expr, at)[0]
        except ArithmeticError:
            _NUMBER.clear_flags()  # of what was under way
            return None

    def _value(self, expr, at, moved):
        if expr in at:
            return Moved({0: ratio(at[expr])})
        if isinstance(expr, Indexed | Symbol):
            return self._entry(self._key(expr, at), moved)
        if isinstance(expr, Sum | SumExcept):
            terms = [self(expr.function, x, moved) for x in self.places(expr, at)]
            return reduce(add, terms, ZERO)
        if isinstance(expr, Derivative):
            # The last variable is the outermost: moved first, and held still longest.
            keys = [self._key(x, at) for x, k in expr.variable_count for _ in range(k)]
            bits = ((1 << len(keys)) - 1) << len(moved)
            slopes = self(expr.expr, at, (*moved, *reversed(keys)))
            return Moved({x ^ bits: y for x, y in slopes.items() if x & bits == bits})
        if isinstance(expr, Rational):
            return Moved({0: ratio(expr.p, expr.q)})
        if expr.func not in FUNCTIONS:
            raise NoValueError(f"{expr} is not known")
        return FUNCTIONS[expr.func](*(self(x, at, moved) for x in expr.args))

    def places(self, total, at):
        """The numbers of all indices at each term of a sum."""
        found = [at]
        for index, low, high in reversed(total.limits):  # the last is the outermost
            bounds = [(x, *(self(y, x)[0].whole for y in (low, high))) for x in found]
            found = [x | {index: k} for x, p, q in bounds for k in range(p, q + 1)]
        if isinstance(total, SumExcept):
            skip = self(total.excluded, at)[0].whole
            return [x for x in found if x[total.limits[0][0]] != skip]
        return found

    def _key(self, expr, at):
        indices = getattr(expr, "indices", ())
        return getattr(expr, "base", expr), tuple(self(x, at)[0].whole for x in indices)

    def _entry(self, key, moved):
        base, indices = key
        levels = [level for level, (other, _) in enumerate(moved) if other == base]
        if levels:  # it is moved, or is held still while another entry is
            value, bit = self._entry(key, moved[: levels[-1]]), 1 << levels[-1]
            return value + Moved({bit: ratio(moved[levels[-1]] == key)})
        if base in self.definitions:
            known = self.definitions[base]
            value = self(known.value, self.at | known.names(indices), moved)
            if base.is_positive and value[0].sign < 1:
                raise NoValueError(f"{base} is declared positive")
            return value
        if key not in self.shown:
            self.shown[key] = self._drawn(base, indices)
        return Moved({0: self.shown[key]})

    def _drawn(self, base, indices):
        """A number for an entry, one of a column whose total a hypothesis may give."""
        own = self._free(base, indices)
        if base not in self.totals:
            return own
        sums, fact = self.totals[base]
        rows = [(x.function.base, self.at[x.limits[0][2]]) for x in sums]
        column = [(x, (r + 1, *indices[1:])) for x, size in rows for r in range(size)]
        total = reduce(add, [self._free(*x) for x in column])
        if base.is_nonnegative or base.is_nonpositive or base in self.at_least_0:
            return own * total.inverse() * ratio(fact.value.p, fact.value.q)
        last = Random(f"{rows[0][0]}{indices[1:]}{self.name}").choice(column)
        rest = ratio(fact.value.p, fact.value.q) + total * ratio(-1)
        return own + rest if (base, indices) == last else own

    def _free(self, base, indices):
        number = Random(f"{base}{indices}{self.name}").choice(self.numbers)
        number = number.to_integral_value() if base.is_integer else number
        number = number or Decimal(bool(base.is_nonzero))
        is_above = base.is_nonnegative or base in self.at_least_0
        size = number.copy_abs() if is_above else number.copy_abs().copy_negate()
        return ratio(size if is_above or base.is_nonpositive else number)
