"""Expressions as text and as LaTeX: signs, subscripts, sums, in a textbook's order.

SymPy's printers, taught that order: sums last, minus signs after plus signs.  A size
such as nP counts a block P, with the letters jP, kP.  LaTeX writes them j_P and, below
a sum, k ∈ P, and zP and zQ as the array z, of which they are parts: what is printed is
read back as the same formula.
"""

import re
from itertools import combinations

from sympy import (
    Add,
    Basic,
    Derivative,
    Expr,
    Function,
    Indexed,
    Mul,
    Pow,
    Sum,
    Symbol,
    exp,
    log,
)
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.printing.latex import LatexPrinter, translate
from sympy.printing.str import StrPrinter

from derivations.formulas.domain import top_and_bottom
from derivations.formulas.indices import (
    BlockSymbol,
    Index,
    SumExcept,
    free_symbols,
    size_of,
)


def latex(expr: object, *, of_any_block: bool = False, **settings: object) -> str:
    r"""`expr` as LaTeX, sums last, minus signs after plus signs.

    `of_any_block` writes a free letter without its block: j for j_P and for j_Q.  The
    other keyword arguments are those that SymPy passes to a LaTeX printer; they are
    accepted so that `init_printing(latex_printer=latex)` can use this one.

    >>> from derivations.letters import a, y, i, n, Sum
    >>> latex(a[i]*Sum(y[i], (i, 1, n)) - y[i])
    'a_{i} \\sum_{i=1}^{n} y_{i} - y_{i}'
    """
    printer = _Latex({"mode": settings.get("mode", "plain")})
    if isinstance(expr, Basic):
        printer.with_block = _in_two_blocks(expr)
        if not of_any_block:
            printer.with_block |= free_symbols(expr)
    return printer.doprint(expr)


def terms(line: Expr) -> tuple[list[Expr], list[Expr]]:
    """The terms of a line in the order in which they are written, and their factors.

    A product with one sum in it has the terms of the sum; what stands beside the sum
    are the factors of each.

    >>> from derivations.letters import a, y, i, j
    >>> terms(a[i]*(1 - a[j]))
    ([1, -a[j]], [a[i]])
    >>> terms(y[i]*a[i] - y[j])
    ([a[i]*y[i], -y[j]], [])
    """
    factors = list(_flat(line))
    sums = [factor for factor in factors if isinstance(factor, Add)]
    if len(sums) != 1:
        return [line], []
    factors.remove(*sums)
    return _Latex()._as_ordered_terms(*sums), factors


def _flat(product):
    """The factors of a product, of one that is left as written, too."""
    if not isinstance(product, Mul):
        return [product]
    return [factor for part in product.args for factor in _flat(part)]


def factors(term: Expr) -> list[Expr]:
    """The factors of a term as it is written, those below a sum sign among them.

    >>> from derivations.formulas.indices import times
    >>> from derivations.letters import a, y, i
    >>> factors(times(-y[i]/a[i], a[i]))
    [-1, 1/a[i], y[i], a[i]]
    """
    if isinstance(term, Sum | SumExcept):
        return factors(term.function)
    return [
        x for part in _flat(term) for x in ([part] if part == term else factors(part))
    ]


def latex_of_terms(line: Expr, cancelled: list[frozenset]) -> str:
    r"""A line as `latex` writes it, each term in the class "term".

    `cancelled` has a set for each term: its letters that the next line does not have,
    which are in the class "gone".

    >>> from derivations.letters import a, y, j
    >>> latex_of_terms(a[j] - y[j], [frozenset()] * 2)
    '\\class{term}{a_{j}} \\class{term}{- y_{j}}'
    """
    printer = _LatexOfTerms()
    printer.cancelled = cancelled
    printer.gone = frozenset().union(*cancelled)
    sums = [factor for factor in _flat(line) if isinstance(factor, Add)]
    printer.whole = sums[0] if len(sums) == 1 else None
    printed = printer.doprint(line)
    return printed if printer.whole else _in_class("term", printed)


def _in_class(name, printed):
    return rf"\class{{{name}}}{{{printed}}}"


def text(expr: object) -> str:
    """`expr` as plain text, in the order of `latex`.  `reading.read` reads it back.

    >>> from derivations.letters import a, y, i, n, Sum
    >>> text(a[i]*Sum(y[i], (i, 1, n)) - y[i])
    'a[i]*Sum(y[i], (i, 1, n)) - y[i]'
    """
    return _Text().doprint(expr)


def _in_two_blocks(expr):
    """The indices that share their letter with another one below the same sum."""
    shared = set()
    for total in expr.atoms(Sum, SumExcept):
        letters = [x for x in free_symbols(total.function) if isinstance(x, Index)]
        for one, other in combinations(letters, 2):
            if one.letter == other.letter:
                shared |= {one, other}
    return shared


def _held(expr):
    """Whether a product was left as written (`times`), not multiplied out.

    A number before one sum needs no word: 2*(x - y) is read as it stands.
    """
    if not isinstance(expr, Mul) or Mul(*expr.args) == expr:
        return False
    first, *rest = expr.args
    return not (first.is_Rational and len(rest) == 1 and rest[0].is_Add)


def _block_of(symbol):
    """The name of the block that a symbol or an index belongs to, or nothing."""
    return symbol.block if isinstance(symbol, BlockSymbol) else ""


def textbook_order(factor):
    base = factor.base if isinstance(factor, Pow) else factor
    kinds = (
        base.is_Number,
        isinstance(base, Symbol | Indexed | Function) and not isinstance(base, log),
        not isinstance(base, Add | log) and not base.has(ExprWithLimits),
        isinstance(base, Add),
        isinstance(base, log),
    )
    kind = kinds.index(True) if True in kinds else len(kinds)
    # What a block has of its own stands before what all blocks share: W X.
    is_shared = not (isinstance(base, Indexed) and _block_of(base.base.label))
    return kind, is_shared


class _TextbookOrder:
    def _as_ordered_terms(self, expr, order=None):
        # What was split off stands before the sum over the others, 1 before e^x, and
        # what is taken away after what it is taken from.
        def key(term):
            minus = term.could_extract_minus_sign()
            return term.has(SumExcept), minus, not term.is_Number

        return sorted(super()._as_ordered_terms(expr, order), key=key)


class Textbook(_TextbookOrder):
    """The order and the parentheses of products; a script says how it writes them."""

    parentheses, between, minus = "()", " · ", "-"

    def _print_Mul(self, expr):
        if _held(expr):
            factors = [self._factor(x, first=False) for x in expr.args]
            return self.between.join(factors)
        if expr.could_extract_minus_sign():
            return self.minus + self._factor(-expr)
        fractions = [top_and_bottom(factor) for factor in Mul.make_args(expr)]
        top = [above for above, _ in fractions if above != 1]
        bottom = [below for _, below in fractions if below != 1]
        if not bottom:
            return self._product(top)
        # A sum or a derivative stands behind the fraction, not on it.
        kinds = ExprWithLimits | SumExcept | Derivative
        sums = [factor for factor in top if isinstance(factor, kinds)]
        top = [factor for factor in top if factor not in sums]
        return self._fraction(top, bottom, self._product(sums) if sums else "")

    def _product(self, factors):
        if len(factors) < 2:
            return self._print(*factors) if factors else "1"
        *others, last = sorted(factors, key=textbook_order)
        return " ".join([*map(self._early, others), self._factor(last)])

    def _early(self, factor):
        # A sum and a logarithm reach to the end of their product: one that stands early
        # is closed.
        printed = self._factor(factor)
        open_ended = isinstance(factor, log) or factor.has(ExprWithLimits)
        closed = isinstance(factor, Add) or not open_ended or printed.endswith(")")
        return printed if closed else self._closed(printed)

    def _factor(self, factor, first=True):
        printed = self._print(factor)
        negative = factor.could_extract_minus_sign() and not first
        return self._closed(printed) if factor.is_Add or negative else printed

    def _closed(self, printed):
        left, right = self.parentheses
        return f"{left}{printed}{right}"


class _Text(_TextbookOrder, StrPrinter):
    def _print_Mul(self, expr):
        if _held(expr):
            return f"times({', '.join(map(self._print, expr.args))})"
        return super()._print_Mul(expr)

    def _print_Exp1(self, expr):
        return "exp(1)"


class _Latex(Textbook, LatexPrinter):
    with_block = frozenset()
    parentheses, between, minus = (r"\left(", r"\right)"), r" \cdot ", "- "

    def _print_Symbol(self, expr, style="plain"):
        if not _block_of(expr):
            return _upright(super()._print_Symbol(expr, style))
        short = isinstance(expr, Index) and expr not in self.with_block
        return expr.letter if short else f"{expr.letter}_{{{expr.block}}}"

    def _print_Indexed(self, expr):
        label = expr.base.label
        # z is one array, of which zP is a part.
        is_part = _block_of(label) in set(map(_block_of, expr.indices)) - {""}
        name = label.letter if is_part else str(expr.base)
        base, layer = re.fullmatch(r"(.*?)(\d*)", name).groups()
        indices = ",".join(map(self._print, expr.indices))
        words = map(translate, re.split(r"(\W+)", base))  # softmax(z/tau) has three
        base = base if _block_of(label) else _upright("".join(words).replace("*", " "))
        return base + (f"^{{[{layer}]}}" if layer else "") + f"_{{{indices}}}"

    def _print_Derivative(self, expr):
        function = self._print(expr.expr)
        order = sum(int(count) for _, count in expr.variable_count)
        power = f"^{{{order}}}" if order > 1 else ""
        below = " ".join(
            rf"\partial {self._print(variable)}"
            + (f"^{{{count}}}" if count > 1 else "")
            for variable, count in reversed(expr.variable_count)
        )
        (inside,) = expr.expr.args if isinstance(expr.expr, log) else (expr.expr,)
        if isinstance(inside, Indexed | Symbol | exp):
            return rf"\frac{{\partial{power} {function}}}{{{below}}}"
        return rf"\frac{{\partial{power}}}{{{below}}} \left({function}\right)"

    def _print_SumExcept(self, expr):
        index, excluded = expr.limits[0][0], expr.excluded
        condition = rf"{self._print(index)} \neq {self._print(excluded)}"
        return rf"\sum_{{{condition}}} {self._factor(expr.function, first=False)}"

    def _print_Sum(self, expr):
        # One sum sign for each index, the outermost first.
        signs = [self._sum_sign(*limit) for limit in reversed(expr.limits)]
        return " ".join([*signs, self._factor(expr.function, first=False)])

    def _sum_sign(self, index, low, high):
        letter = self._print(index)
        block = _block_of(index)
        if block and low == 1 and high == size_of(index):
            return rf"\sum_{{{letter} \in {block}}}"
        return rf"\sum_{{{letter}={self._print(low)}}}^{{{self._print(high)}}}"

    def _print_exp(self, expr, exp=None):
        # A slash in an exponent, where a fraction would be too small to read.
        top, bottom = top_and_bottom(expr.exp)
        above = self._factor(top) if bottom != 1 else self._print(top)
        power = above if bottom == 1 else f"{above}/{self._factor(bottom)}"
        printed = f"e^{{{power}}}"
        return printed if exp is None else rf"\left({printed}\right)^{{{exp}}}"

    def _print_log(self, expr, exp=None):
        (inside,) = expr.args
        short = isinstance(inside, Symbol | Indexed)
        printed = self._print(inside)
        name = r"\log" if exp is None else rf"\log^{{{exp}}}"
        return rf"{name} {printed}" if short else rf"{name}\left({printed}\right)"

    def _print_KroneckerDelta(self, expr, exp=None):
        indices = " ".join(map(self._print, expr.args))
        return rf"\delta_{{{indices}}}"

    def _print_g(self, expr, exp=None):
        return rf"g\left({self._print(expr.args[0])}\right)"

    def _print_g_prime(self, expr, exp=None):
        return rf"g'\left({self._print(expr.args[0])}\right)"

    def _fraction(self, top, bottom, behind):
        printed = rf"\frac{{{self._product(top)}}}{{{self._product(bottom)}}}"
        return f"{printed} {behind}" if behind else printed


def _upright(name):
    """A name of several letters is no product; `lam` is λ, as Python has lambda."""
    name = re.sub(r"(?<![\\a-zA-Z])lam(?![a-zA-Z])", r"\\lambda", name)
    return re.sub(r"(?<![\\a-zA-Z{])[a-zA-Z]{2,}", r"\\mathrm{\g<0>}", name)


class _LatexOfTerms(_Latex):
    """One sum of a line by its terms; of a sum within a term no letter is marked."""

    def _print_Add(self, expr, order=None):
        if expr != self.whole:
            outside, self.gone = self.gone, frozenset()
            printed, self.gone = super()._print_Add(expr, order), outside
            return printed
        printed, outside = [], self.gone
        for number, term in enumerate(self._as_ordered_terms(expr)):
            self.gone = self.cancelled[number]
            part = _in_class("term", self._print(term))
            is_added = number and not term.could_extract_minus_sign()
            printed.append(f"+ {part}" if is_added else part)
        self.gone = outside
        return " ".join(printed)

    def _print_Indexed(self, expr):
        printed = super()._print_Indexed(expr)
        return _in_class("gone", printed) if expr in self.gone else printed
