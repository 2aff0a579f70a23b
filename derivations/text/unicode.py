"""Expressions on one line, as a reader types them: a_j Σ_i y_i − y_j.

`reading.read` reads them back.  The order is that of LaTeX.  A fraction is a slash; its
parts, and what follows it, get parentheses where they could be read otherwise.  The
letters of a block keep its name: zP_kP.
"""

import re

from sympy import Add, Derivative, Expr, Indexed, Rational, Symbol, exp
from sympy.printing.str import StrPrinter

from derivations.formulas.domain import top_and_bottom
from derivations.formulas.indices import size_of
from derivations.text.notation.tokens.spellings import SPELLED
from derivations.text.printing import Textbook

_GREEK = {
    word: sign
    for sign, (kind, word) in reversed(SPELLED.items())
    if kind == "WORD" and len(sign) == 1 < len(word) and sign.isalpha()
} | {"pi": "π"}  # declared, and no output


def unicode(expr: Expr) -> str:
    """`expr` as a reader types it, in the order of `latex`.

    >>> from derivations.letters import a, y, i, j, n, L, z, Derivative, Sum, SumExcept
    >>> unicode(a[j]*Sum(y[i], (i, 1, n)) - y[j])
    'a_j Σ_i y_i − y_j'
    >>> unicode(SumExcept(a[j]*y[i], (i, 1, n), j)), unicode(Derivative(L, z[j]))
    ('Σ_{i≠j} y_i a_j', '∂L/∂z_j')
    """
    return _Unicode().doprint(expr).replace("-", "−")


class _Unicode(Textbook, StrPrinter):
    printmethod = "_unicode"  # not that of plain text

    def _print_Symbol(self, expr):
        return _GREEK.get(expr.name, expr.name)

    def _print_IndexedBase(self, expr):
        name, layer = re.fullmatch(r"(.*?)(\d*)", str(expr)).groups()
        words = [_GREEK.get(x, x) for x in re.split(r"(\W+)", name)]
        return "".join(words) + (f"^[{layer}]" if layer else "")

    def _print_Indexed(self, expr):
        return self._print(expr.base) + self._below(expr.indices)

    def _print_KroneckerDelta(self, expr):
        return f"δ{self._below(expr.args)}"

    def _below(self, indices):
        names = [self._print(x) for x in indices]
        short = all(len(name) == 1 and name.isalpha() for name in names)
        if short or len(names) == 1:
            return f"_{''.join(names)}"
        return f"_{{{','.join(names)}}}"

    def _print_Sum(self, expr):
        # One sum sign for each index, the outermost first.
        signs = [self._sum_sign(*limit) for limit in reversed(expr.limits)]
        return " ".join([*signs, self._factor(expr.function, first=False)])

    def _sum_sign(self, index, low, high):
        letter = self._print(index)
        whole = low == 1 and high == size_of(index)
        return f"Σ_{letter}" if whole else f"Σ_{{{letter}={low}}}^{self._print(high)}"

    def _print_SumExcept(self, expr):
        index, excluded = expr.limits[0][0], expr.excluded
        sign = f"Σ_{{{self._print(index)}≠{self._print(excluded)}}}"
        return f"{sign} {self._factor(expr.function, first=False)}"

    def _print_Derivative(self, expr):
        order = "²" if sum(count for _, count in expr.variable_count) > 1 else ""
        below = " ".join(
            f"∂{self._print(variable)}{'²' if count > 1 else ''}"
            for variable, count in reversed(expr.variable_count)
        )
        function = self._print(expr.expr)
        if isinstance(expr.expr, Indexed | Symbol | exp):
            return f"∂{order}{function}/{below}"
        return f"∂{order}/{below} ({function})"

    def _print_exp(self, expr):
        return f"e^{{{self._print(expr.exp)}}}"

    def _print_Exp1(self, expr):
        return "e"

    def _print_log(self, expr):
        (inside,) = expr.args
        printed = self._print(inside)
        short = isinstance(inside, Symbol | Indexed)
        return f"log {printed}" if short else f"log({printed})"

    def _print_g_prime(self, expr):
        return f"g′({self._print(expr.args[0])})"

    def _print_Pow(self, expr, rational=False):
        if top_and_bottom(expr)[1] != 1:
            return self._print_Mul(expr)
        if expr.exp == Rational(1, 2):
            return f"√({self._print(expr.base)})"
        power = self._print(expr.exp)
        power = power if len(power) == 1 else f"{{{power}}}"
        return f"{self._base(expr.base)}^{power}"

    def _base(self, base):
        short = isinstance(base, Symbol | Indexed) or (base.is_Integer and base > 0)
        printed = self._print(base)
        return printed if short else self._closed(printed)

    def _fraction(self, top, bottom, behind):
        above = self._factor(*top) if len(top) == 1 else self._product(top)
        (below, *others) = bottom
        many = others or isinstance(below, Add | Derivative)
        printed = self._product(bottom)
        printed = f"{above}/{self._closed(printed) if many else printed}"
        if not behind:
            return printed
        short = not top and not others and isinstance(below, Symbol | Rational)
        return f"{printed if short else self._closed(printed)} {behind}"
