r"""Entries as matrices: Σ_t (A_jt − Y_jt) X_qt is the entry (j, q) of (A − Y) Xᵀ.

The other way round from `notation`: a formula with at most two free letters becomes
LaTeX of the whole array.  `of_chains` has each form read back before it is shown.
"""

import re
from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

from sympy import (
    Add,
    Derivative,
    Expr,
    Indexed,
    KroneckerDelta,
    Mul,
    Pow,
    S,
    Sum,
    Symbol,
    exp,
    expand_mul,
    log,
)

from derivations.formulas.indices import Index, free_symbols
from derivations.letters import g, g_prime
from derivations.text.printing import latex, textbook_order


class NoMatrixFormError(ValueError):
    """A formula that is no entry of one matrix expression; the message says why."""


def matrix_form(expr: Expr, letters: tuple) -> str:
    r"""The array whose entry at these letters is a formula, as LaTeX.

    Raises NoMatrixFormError where there is none: another free letter, a third axis.

    >>> from derivations.letters import A, X, Y, j, m, q, s, t
    >>> matrix_form(Sum((A[j, t] - Y[j, t])*X[q, t], (t, 1, m))/m, (j, q))
    '\\frac{1}{m} \\left(A - Y\\right) X^{\\top}'
    """
    if len(letters) > 2:
        raise NoMatrixFormError(f"{len(letters)} letters: no matrix has so many axes")
    return _form(expr, tuple(letters)).latex


class Level(IntEnum):
    """What a form is at its top: it is closed by parentheses within a higher level."""

    SUM = 0
    ENTRYWISE = 1
    PRODUCT = 2
    FACTOR = 3
    NAME = 4


class Form(NamedTuple):
    """LaTeX of an array."""

    latex: str
    level: Level = Level.FACTOR

    def within(self, level):
        return self.latex if self.level >= level else rf"\left({self.latex}\right)"

    @property
    def transposed(self):
        return Form(rf"{self.within(Level.NAME)}^{{\top}}")

    @property
    def diagonal(self):
        return Form(rf"\operatorname{{diag}}\left({self.latex}\right)")


ONES = Form(r"\mathbf{1}", Level.NAME)


def _form(expr, at):
    """The form of a formula whose letters are all among `at`, which are two at most."""
    letters = _letters(expr)
    if not letters <= {*at}:
        raise NoMatrixFormError(f"{expr} has a letter of its own")
    held = tuple(x for x in at if x in letters)
    if not held and not expr.has(Sum):
        return _number(expr)
    if len(held) == 1 and len(at) == 2:  # the same in each column, or in each row
        vector = _form(expr, held)
        left, right = (vector, ONES) if held == at[:1] else (ONES, vector)
        return _product_of([left, right.transposed])
    for kinds, form in _FORMS.items():
        if isinstance(expr, kinds):
            return form(expr, held)
    raise NoMatrixFormError(f"{type(expr).__name__} of arrays has no form")


def _letters(expr):
    return {x for x in free_symbols(expr) if isinstance(x, Index)}


def _number(expr):
    level = Level.FACTOR
    if isinstance(expr, Add) or expr.could_extract_minus_sign():
        level = Level.SUM
    elif isinstance(expr, Mul | log) and not latex(expr).startswith(r"\frac"):
        level = Level.PRODUCT
    return Form(latex(expr), level)


# Sums and products of entries


def _sum(expr, at):
    """Terms, those that are taken away last."""
    written = ""
    for is_minus, term in sorted(map(_signed, expr.args), key=lambda pair: pair[0]):
        written += " - " if is_minus else " + "
        written += _form(term, at).within(Level.ENTRYWISE)
    return Form(written.removeprefix(" + ").strip(), Level.SUM)


def _signed(term):
    """Whether a term has a minus, and the term without it."""
    coefficient, rest = term.as_coeff_Mul()
    if not coefficient.is_negative:
        return False, term
    return True, rest if coefficient == -1 else Mul(-coefficient, rest, evaluate=False)


def _product(expr, at):
    """A sign, numbers, and then arrays."""
    is_minus, positive = _signed(expr)
    if is_minus:
        return Form(f"- {_form(positive, at).within(Level.ENTRYWISE)}", Level.SUM)
    groups = {}
    for factor in _in_order(expr):
        held = tuple(x for x in at if x in _letters(factor))
        groups.setdefault(held, []).append(factor)
    numbers = _numbers(groups.pop((), []))
    return _product_of([*numbers, *([_arrays(groups, at)] if groups else [])])


def _arrays(groups, at):
    """diag(u) M diag(v) of what has the first letter alone, both, and the second."""
    factors = [factor for group in groups.values() for factor in group]
    if len(at) > 1 and any(isinstance(x, KroneckerDelta) for x in factors):
        return _form(Mul(*factors).xreplace({at[1]: at[0]}), at[:1]).diagonal
    if any(_has_delta(factor) for factor in factors):  # a_i (δ_ij − a_j)
        return _form(expand_mul(Mul(*factors), deep=False), at)
    forms = {held: _entrywise(group, held) for held, group in groups.items()}
    if len(at) < 2:
        return forms[at]
    left, right = forms.get(at[:1]), forms.get(at[1:])
    if at not in forms:
        return _product_of([left, right.transposed])
    row, column = left and left.diagonal, right and right.diagonal
    return _product_of([*filter(None, (row, forms[at], column))])


def _has_delta(factor):
    return factor.is_Add and factor.has(KroneckerDelta)


def _in_order(product):
    """The factors in a textbook's order; what was left as written stays so."""
    factors = Mul.make_args(product)
    if Mul(*factors) != product:
        return factors
    return sorted(factors, key=lambda factor: (textbook_order(factor), str(factor)))


def _numbers(factors):
    """Numbers before an array: what has no sum in it, and then each sum."""
    plain = Mul(*(x for x in factors if not x.has(Sum)))
    sums = [_form(x, ()) for x in factors if x.has(Sum)]
    return [*([_number(plain)] if plain != 1 else []), *sums]


def _product_of(forms):
    """Factors side by side; behind a single one a product needs no parentheses."""
    if len(forms) == 1:
        return forms[0]
    *front, last = forms
    is_open = len(front) == 1 and front[0].level >= Level.FACTOR
    written = [form.within(Level.FACTOR) for form in front]
    written.append(last.within(Level.PRODUCT if is_open else Level.FACTOR))
    return Form(" ".join(written), Level.PRODUCT)


def _entrywise(factors, at):
    """The product entry by entry, with what is divided by below a line."""
    below = [1 / x for x in factors if isinstance(x, Pow) and x.exp.is_negative]
    if below:
        above = [x for x in factors if 1 / x not in below] or [S.One]
        top, bottom = (_entrywise(part, at).latex for part in (above, below))
        return Form(rf"\frac{{{top}}}{{{bottom}}}")
    forms = [_form(x, at) for x in factors]
    if len(forms) == 1:
        return forms[0]
    written = (form.within(Level.FACTOR) for form in forms)
    return Form(r" \odot ".join(written), Level.ENTRYWISE)


def _power(expr, at):
    if _letters(expr.exp):
        raise NoMatrixFormError(f"{expr} has an array in its power")
    if expr.exp.is_negative:
        return _entrywise([expr], at)
    return Form(rf"{_form(expr.base, at).within(Level.NAME)}^{{{latex(expr.exp)}}}")


def _contraction(expr, at):
    """Σ_k as a product: of two matrices, of a matrix and a vector, of two vectors."""
    *inner, (k, low, size) = expr.limits
    factors = _in_order(expr.function)
    if inner:
        outside, within = _parted(factors, inner[-1][0])
        factors = [*outside, Sum(Mul(*within), *inner)]
    outside, inside = _parted(factors, k)
    if outside:
        whole = Sum(Mul(*inside), (k, low, size))
        return _form(Mul(*outside, whole, evaluate=False), at)
    if not at:
        vectors = [_entrywise(x, (k,)) for x in (inside[:1], inside[1:]) if x]
        left, right = vectors if inside[1:] else (ONES, *vectors)
        return _product_of([left.transposed, right])
    twins = _twins(inside)
    left = [x for x in inside if at[0] in _letters(x) or x in twins]
    right = [x for x in inside if x not in left and {*at[1:]} & _letters(x)]
    middle = [x for x in inside if x not in left and x not in right]
    forms = [_form(Mul(*left), (at[0], k))]
    if middle:
        vector = _entrywise(middle, (k,))
        forms.append(vector.diagonal if right else vector)
    forms += [_form(Mul(*right), (k, at[1]))] if right else []
    return _product_of(forms if forms[1:] else [*forms, ONES])


def _parted(factors, letter):
    """The factors that stand before the sign of a sum, and those behind it."""
    twins = _twins(factors)
    inside = [x for x in factors if letter in _letters(x) or x in twins]
    return [x for x in factors if x not in inside], inside


def _twins(factors):
    """Of a_i (δ_ij − a_j) the a_i: both together are a matrix, diag(a) − a aᵀ."""
    entries = {x.base for y in filter(_has_delta, factors) for x in y.atoms(Indexed)}
    return [x for x in factors if isinstance(x, Indexed) and x.base in entries]


# Entries and functions of them


def _entry(expr, at):
    """An array, or its transpose."""
    return _turned(_name(expr), expr.indices, at)


def _name(part):
    """The name of an array or a letter; of W1, with its layer."""
    if not isinstance(part, Indexed):
        return Form(latex(part), Level.NAME)
    if any(index.block for index in _letters(part)):
        raise NoMatrixFormError(f"{part} is of one block of an array")
    name, layer = re.fullmatch(r"(.*?)(\d*)", str(part.base)).groups()
    return Form(f"{name}^{{[{layer}]}}") if layer else Form(name, Level.NAME)


def _turned(form, axes, at):
    """What has these axes as an array at `at`: itself, or its transpose."""
    if tuple(axes) == at:
        return form
    if tuple(axes) == at[::-1]:
        return form.transposed
    raise NoMatrixFormError(f"{form.latex} has no entry at {at}")


def _slope(expr, at):
    """∂L/∂z, ∂a/∂z, ∂²L/∂z²: the array of all these derivatives, or its transpose."""
    of, variables = expr.expr, expr.variables
    by = [x for variable in variables for x in getattr(variable, "indices", ())]
    own = _letters(of) - {*by}  # none of L_s by Z_js: the array is that of Z
    axes = tuple(x for x in at if x in own)
    below = {_name(variable).latex for variable in variables}
    if len(below) > 1:
        raise NoMatrixFormError(f"{expr} is by entries of two arrays")
    power = f"^{{{len(variables)}}}" if variables[1:] else ""
    below = rf"{{\partial {below.pop()}{power}}}"
    if isinstance(of, Indexed | Symbol):
        form = Form(rf"\frac{{\partial{power} {_name(of).latex}}}{below}")
    else:
        inside = rf"\left({_form(of, axes).latex}\right)"
        form = Form(rf"\frac{{\partial{power}}}{below} {inside}", Level.PRODUCT)
    return _turned(form, (*axes, *by), at)


def _identity(expr, at):
    if {*expr.args} != {*at}:
        raise NoMatrixFormError(f"{expr} is no entry of I")
    return Form("I", Level.NAME)


def _function(expr, at):
    inside = _form(expr.args[0], at).latex
    if isinstance(expr, exp):
        return Form(f"e^{{{inside}}}")
    name = {log: r"\log", g: "g", g_prime: "g'"}[type(expr)]
    return Form(rf"{name}\left({inside}\right)")


_FORMS: dict[type, Callable] = {
    Indexed: _entry,
    Derivative: _slope,
    KroneckerDelta: _identity,
    Add: _sum,
    Sum: _contraction,
    Pow: _power,
    Mul: _product,
    **dict.fromkeys((exp, log, g, g_prime), _function),
}
