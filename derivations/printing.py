"""Formulas and chains as text, LaTeX and Markdown, in the order of a textbook.

SymPy's printers, taught that order: sums last, minus signs after plus signs.
"""

import re

from sympy import (
    Add,
    Derivative,
    Eq,
    Function,
    Indexed,
    IndexedBase,
    Mul,
    Pow,
    Symbol,
    exp,
    fraction,
    log,
)
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.printing.latex import LatexPrinter
from sympy.printing.str import StrPrinter

from derivations.terms import SumExcept


def latex(expr, **settings):
    r"""`expr` as LaTeX, sums last, minus signs after plus signs.

    The keyword arguments are those that SymPy passes to a LaTeX printer; they are
    accepted so that `init_printing(latex_printer=latex)` can use this one.

    >>> from derivations.letters import a, y, i, n, Sum
    >>> latex(a[i]*Sum(y[i], (i, 1, n)) - y[i])
    'a_{i} \\sum_{i=1}^{n} y_{i} - y_{i}'
    """
    mode = settings.get("mode", "plain")
    return _Latex({"mode": mode}).doprint(expr)


def text(expr):
    """`expr` as plain text, in the order of `latex`.

    >>> from derivations.letters import a, y, i, n, Sum
    >>> text(a[i]*Sum(y[i], (i, 1, n)) - y[i])
    'a[i]*Sum(y[i], (i, 1, n)) - y[i]'
    """
    return _Text().doprint(expr)


def _held(expr):
    """Whether a product was left as written (`times`), not multiplied out."""
    return isinstance(expr, Mul) and Mul(*expr.args) != expr


def _textbook_order(factor):
    base = factor.base if isinstance(factor, Pow) else factor
    kinds = (
        base.is_Number,
        isinstance(base, Symbol | Indexed | Function) and not isinstance(base, log),
        not isinstance(base, Add | log) and not base.has(ExprWithLimits),
        isinstance(base, Add),
        isinstance(base, log),
    )
    return kinds.index(True) if True in kinds else len(kinds)


class _TextbookOrder:
    def _as_ordered_terms(self, expr, order=None):
        # What was split off stands before the sum over the others, 1 before e^x, and
        # what is taken away after what it is taken from.
        def key(term):
            minus = term.could_extract_minus_sign()
            return term.has(SumExcept), minus, not term.is_Number

        return sorted(super()._as_ordered_terms(expr, order), key=key)


class _Text(_TextbookOrder, StrPrinter):
    pass


class _Latex(_TextbookOrder, LatexPrinter):
    def _print_Indexed(self, expr):
        base, layer = re.fullmatch(r"(.*?)(\d*)", str(expr.base)).groups()
        indices = ",".join(map(self._print, expr.indices))
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
        if isinstance(expr.expr, Indexed | Symbol | exp):
            return rf"\frac{{\partial{power} {function}}}{{{below}}}"
        return rf"\frac{{\partial{power}}}{{{below}}} \left({function}\right)"

    def _print_SumExcept(self, expr):
        index, excluded = expr.limits[0][0], expr.excluded
        condition = rf"{self._print(index)} \neq {self._print(excluded)}"
        return rf"\sum_{{{condition}}} {self._factor(expr.function)}"

    def _print_Sum(self, expr):
        # One sum sign for each index, the outermost first.
        signs = [
            rf"\sum_{{{self._print(index)}={self._print(low)}}}^{{{self._print(high)}}}"
            for index, low, high in reversed(expr.limits)
        ]
        return " ".join([*signs, self._factor(expr.function)])

    def _print_exp(self, expr, exp=None):
        # A slash in an exponent, where a fraction would be too small to read.
        top, bottom = fraction(expr.exp, exact=True)
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

    def _factor(self, factor, first=True):
        printed = self._print(factor)
        negative = factor.could_extract_minus_sign() and not first
        return (
            rf"\left({printed}\right)"
            if isinstance(factor, Add) or negative
            else printed
        )

    def _print_Mul(self, expr):
        if _held(expr):
            factors = [self._factor(x, first=False) for x in expr.args]
            return r" \cdot ".join(factors)
        if expr.could_extract_minus_sign():
            return "- " + self._factor(-expr)
        top, bottom = fraction(expr, exact=True)
        if bottom == 1:
            return self._product(top)
        # A sum or a derivative stands behind the fraction, not on it.
        factors, kinds = Mul.make_args(top), ExprWithLimits | SumExcept | Derivative
        sums = [x for x in factors if isinstance(x, kinds)]
        top = self._product(Mul(*(x for x in factors if x not in sums)))
        printed = rf"\frac{{{top}}}{{{self._product(bottom)}}}"
        return " ".join([printed, self._product(Mul(*sums))] if sums else [printed])

    def _product(self, expr):
        factors = sorted(Mul.make_args(expr), key=_textbook_order)
        if len(factors) == 1:
            return self._print(expr)
        *others, last = factors
        return " ".join([*map(self._early, others), self._factor(last)])

    def _early(self, factor):
        # A sum and a logarithm reach to the end of their product: one that stands early
        # is closed.
        printed = self._factor(factor)
        open_ended = isinstance(factor, log) or factor.has(ExprWithLimits)
        closed = isinstance(factor, Add) or not open_ended or printed.endswith(")")
        return printed if closed else rf"\left({printed}\right)"


def conditions(chain, write=text):
    """What a chain assumes: definitions, the case, the hypotheses that it uses."""
    sign = "=" if write is latex else ":="
    found = [f"{write(x.symbol)} {sign} {write(x.value)}" for x in chain.where]
    if chain.case is not None:
        unequal = r" \neq " if write is latex else " ≠ "
        relation = " = " if isinstance(chain.case, Eq) else unequal
        found.append(relation.join(map(write, chain.case.args)))
    here = chain.start.atoms(IndexedBase).union(
        *(x.right.atoms(IndexedBase) for x in chain.steps),
        *(x.value.atoms(IndexedBase) for x in chain.where),
    )
    for fact in chain.uses:
        totals = [x for x in fact.sums if x.function.base in here]
        found += [f"{write(x)} = {write(fact.value)}" for x in totals]
    return found


def chain_as_text(chain):
    """A chain as plain text, a line for each step."""
    where = ", ".join(conditions(chain))
    head = text(chain.start) + (f"    where {where}" if where else "")
    words = [x.words.replace("$", "") for x in chain.steps]
    steps = zip(chain.steps, words, strict=True)
    return "\n".join([head, *(f"  = {text(x.right)}    ✓ {why}" for x, why in steps)])


def chain_as_lines(chain):
    """A chain as Markdown: a formula, then a paragraph with its reason, line by line.

    Words in a paragraph wrap where a page is narrow; inside a formula they would not.
    """
    left, found = latex(chain.start), []
    for line in chain.steps:
        found += [rf"$\displaystyle {left} = {latex(line.right)}$", f"✓ {line.words}"]
        left = r"\quad"
    return "\n\n".join(found or [rf"$\displaystyle {left}$"])


def chain_as_markdown(chain):
    """A chain as Markdown: its lines, what it assumes, and how it was checked."""
    where = ",\n".join(f"${x}$" for x in conditions(chain, latex))
    points = sum(line.verdict.points for line in chain.steps)
    checked = f"Proved for every $n$ from 2 on, and compared at {points} points."
    parts = [chain_as_lines(chain), where and f"Where {where}.", checked]
    return "\n\n".join(filter(None, parts))


def chain_as_latex(chain):
    """A chain as LaTeX for an article that loads amsmath."""
    where = ", ".join(f"${x}$" for x in conditions(chain, latex))
    left, rows = latex(chain.start), []
    for line in chain.steps:
        rows.append(f"{left} &= {latex(line.right)} && {_mathematics(line.words)}")
        left = ""
    block = " \\\\[4pt]\n".join(rows)
    where = f"\nwhere {where}." if where else ""
    return f"\\begin{{align*}}\n{block}\n\\end{{align*}}{where}"


def _mathematics(words):
    r"""Words with $formulas$ among them, as LaTeX mathematics: \text{…} formula."""
    parts = words.split("$")
    return "".join(
        (part if number % 2 else rf"\text{{{part}}}")
        for number, part in enumerate(parts)
        if part
    )
