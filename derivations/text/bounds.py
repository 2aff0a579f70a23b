"""Numbers and powers that stay small enough for SymPy, and real.

Each is refused at the place in the text where it stands.
"""

from sympy import (
    Expr,
    I,
    Mul,
    Pow,
    Rational,
    S,
    atan2,
    cosh,
    exp,
    functions,
    sinh,
)

from derivations.text.domain import as_defined
from derivations.text.tokens import MOST_DIGITS, Unreadable

MOST_POWER = 64
"""Of a number in an exponent; the checks multiply powers out."""
MOST_EXPONENT = 1_000
"""Of e^x where x is a number, for the checks compute it."""


class Bounded:
    """What is read of a text, where each part is refused that SymPy would not bear."""

    def __init__(self, source, names):
        self.source, self.names = source, names

    def refuse(self, words, node, further=0):
        raise Unreadable(words, self.source, node.col_offset - 1 + further)

    def written(self, node):
        return self.source[node.col_offset - 1 : node.end_col_offset - 1]

    def raised(self, base, exponent, node):
        """base**exponent; SymPy asks long for the sign below a power of a power."""
        for part in () if exponent.is_integer else Mul.make_args(base):
            inside = part.as_base_exp() if isinstance(part, Pow | exp) else ()
            if not all(x.is_real for x in inside):
                words = "a power of a power: multiply the exponents, x**(2*p)"
                self.refuse(words, node)
        return self.real(as_defined(Pow, base, exponent), node)

    def moderate(self, exponent, node):
        """Refuse an exponent that makes numbers long."""
        if any(
            abs(x) > MOST_POWER or x.q > MOST_POWER for x in exponent.atoms(Rational)
        ):
            self.refuse(f"a power goes up to {MOST_POWER}", node)

    def no_tower(self, exponent, node):
        """Refuse e to a number that is itself a large one, e^2000 or e^(e^9)."""
        if exponent.is_Rational:
            large = abs(exponent) > MOST_EXPONENT
        else:
            powers = exponent.atoms(Pow)
            large = not exponent.free_symbols and (
                exponent.has(exp, sinh, cosh)
                or any(not power.exp.is_Rational for power in powers)
            )
        if large:
            words = f"too large a number: exp(x) goes up to x = {MOST_EXPONENT}"
            self.refuse(words, node)

    def real(self, expr, node):
        """Refuse what has no value among the real numbers."""
        if expr.has(S.ComplexInfinity, S.NaN, S.Infinity, S.NegativeInfinity):
            words = "this divides by 0, or takes its logarithm"
            self.refuse(f"`{self.written(node)}`: {words}", node)
        roots = [x for x in expr.atoms(Pow) if x.base.is_negative]
        imaginary = expr.has(I, atan2, functions.re, functions.im)
        if imaginary or any(x.exp.is_integer is False for x in roots):
            self.refuse("a number below 0 has no real root or logarithm", node)
        return expr

    def bounded(self, expr, node):
        """Refuse numbers that became long, and powers that became high."""
        for part in (expr, *expr.args):
            is_expr = isinstance(part, Expr)  # and no limit of a sum
            number, rest = part.as_coeff_Mul() if is_expr else (part, part)
            if number.is_Rational and max(abs(number.p), number.q) >= 10**MOST_DIGITS:
                self.refuse(f"a number gets more than {MOST_DIGITS} digits here", node)
            if isinstance(rest, exp):
                self.no_tower(rest.exp, node)
            elif isinstance(rest, Pow):
                self.moderate(rest.exp, node)
        return expr
