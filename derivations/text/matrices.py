r"""Entries as matrices: Σ_t (A_jt − Y_jt) X_qt is an entry of (A − Y) Xᵀ.

The other way round from `notation`: a formula with free letters r and c becomes LaTeX
of the whole array.  `reading.read` reads it back: its entry at r and c is the formula.
"""

from collections.abc import Callable

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
    expand,
    log,
)

from derivations.formulas.binding import instance
from derivations.formulas.indices import Index, free_symbols
from derivations.letters import g, g_prime
from derivations.text.printing import latex
from derivations.text.questions import slots
from derivations.text.reading import read
from derivations.text.unreadable import Unreadable
from derivations.text.vocabulary import SERIES, Names


class NoFormError(ValueError):
    """A formula that is no entry of one matrix expression."""


def matrix_form(expr: Expr, letters: tuple) -> str:
    r"""The array whose entry at these letters, at most two, is a formula, as LaTeX.

    Raises NoFormError where there is none: a term of its own, another free letter.

    >>> from derivations.letters import A, X, Y, j, m, q, s, t
    >>> matrix_form(Sum((A[j, t] - Y[j, t])*X[q, t], (t, 1, m))/m, (j, q))
    '\\frac{1}{m} \\left(A - Y\\right) X^{\\top}'
    """
    if len(letters) > 2:
        raise NoFormError(f"{len(letters)} letters: no matrix has so many axes")
    try:
        return _form(expr, tuple(letters))
    except NoFormError:  # a_i (δ_ij − a_j) is diag(a) − a aᵀ
        return _form(expand(expr), tuple(letters))


def checked_form(expr: Expr, question: Expr, names: Names = SERIES) -> str | None:
    """The matrix form of an answer to a question, where it reads back as the answer.

    >>> from derivations.letters import L, a, j, y, z
    >>> checked_form(a[j] - y[j], Derivative(L, z[j]))
    'a - y'
    """
    letters = slots(question)
    if not letters:
        return None
    try:
        form = matrix_form(expr, letters)
        back = read(form, names, question)
    except (NoFormError, Unreadable):
        return None
    return form if expand(instance(back, {}) - instance(expr, {})) == 0 else None


def _letters(expr):
    return {x for x in free_symbols(expr) if isinstance(x, Index)}


def _form(expr, at):
    """The LaTeX of a formula whose free letters are all among `at`."""
    if not _letters(expr) <= {*at}:
        raise NoFormError(f"{expr} has a letter of its own")
    if not _letters(expr) and not expr.has(Sum):
        return latex(expr)
    for kinds, form in _FORMS.items():
        if isinstance(expr, kinds):
            return form(expr, at)
    raise NoFormError(f"{type(expr).__name__} of arrays has no form")


def _sum(expr, at):
    terms = [_term(term, at) for term in expr.as_ordered_terms()]
    terms.sort(key=lambda term: term.startswith("-"))
    first, *rest = terms
    return first + "".join(
        f" - {term[1:].lstrip()}" if term.startswith("-") else f" + {term}"
        for term in rest
    )


def _term(term, at):
    """A term of a sum; one that lacks the second letter is the same in each column."""
    if len(at) == 2 and _letters(term) == {at[0]}:
        return rf"{_factor(term, at[:1])} \mathbf{{1}}^{{\top}}"
    return _form(term, at)


def _product(expr, at):
    """Numbers, then what has the first letter, both letters, and the second alone."""
    coefficient, rest = expr.as_coeff_Mul()
    sign = "- " if coefficient < 0 else ""
    groups = {}
    for factor in Mul.make_args(abs(coefficient) * rest):
        held = _letters(factor)
        groups.setdefault(tuple(x for x in at if x in held), []).append(factor)
    number = Mul(*groups.pop((), []))
    if not groups:
        return sign + (_scalar(number) if number.is_Mul else _form(number, ()))
    front = "" if number == 1 else f"{_scalar(number)} "
    return sign + front + _joined(groups, at)


def _joined(groups, at):
    delta = [x for x in groups.get(at, []) if isinstance(x, KroneckerDelta)]
    if len(at) == 2 and delta:
        vector = [x for group in groups.values() for x in group if x not in delta]
        entries = Mul(*vector).xreplace({at[1]: at[0]})
        return _diagonal(entries, at[:1]) if vector else "I"
    both = _hadamard(groups[at], at) if at in groups else ""
    if len(at) < 2:
        return both
    left, right = (groups.get((x,), []) for x in at)
    if not both:
        one, other = (
            _hadamard(x, (y,)) for x, y in zip((left, right), at, strict=True)
        )
        if not (left and right):
            raise NoFormError("a vector is no matrix")
        return rf"{one} {_transposed(other)}"
    first = f"{_diagonal(Mul(*left), at[:1])} " if left else ""
    return first + both + (f" {_diagonal(Mul(*right), at[1:])}" if right else "")


def _diagonal(vector, at):
    return rf"\operatorname{{diag}}\left({_form(vector, at)}\right)"


def _hadamard(factors, at):
    r"""The product entry by entry, with what is divided by below a line."""
    if len(factors) == 1 and isinstance(factors[0], Sum):
        return _form(factors[0], at)
    above = [x for x in factors if not (isinstance(x, Pow) and x.exp == -1)]
    below = [1 / x for x in factors if x not in above]
    top = r" \odot ".join(_factor(x, at) for x in above) or "1"
    if not below:
        return top
    bottom = r" \odot ".join(_factor(x, at) for x in below)
    return rf"\frac{{{top}}}{{{bottom}}}"


def _factor(expr, at):
    """A factor; a sum, and a product of matrices, in parentheses."""
    printed = _form(expr, at)
    is_one = isinstance(expr, Indexed | Derivative | exp | g | g_prime)
    return printed if is_one else rf"\left({printed}\right)"


def _scalar(number):
    """A number before an array: what has no sum in it, and then each sum."""
    sums = [x for x in Mul.make_args(number) if x.has(Sum)]
    plain = number / Mul(*sums)
    printed = rf"\left({latex(plain)}\right)" if plain.is_Add else latex(plain)
    found = [printed] if plain != 1 else []
    return " ".join([*found, *(rf"\left({_form(x, ())}\right)" for x in sums)])


def _transposed(printed):
    short = printed.replace("_", "").isalnum() or printed.endswith(r"\right)")
    return rf"{printed}^{{\top}}" if short else rf"\left({printed}\right)^{{\top}}"


def _entry(expr, at):
    """An array, or its transpose; an array taken at one letter twice has no form."""
    name = str(expr.base)
    if len({*expr.indices}) < len(expr.indices) or not {*expr.indices} <= {*at}:
        raise NoFormError(f"{expr} is no entry at {at}")
    if len(at) == 2 and len(expr.indices) == 1:
        raise NoFormError("a vector is no matrix")
    return _transposed(_name(name)) if expr.indices == at[1::-1] != at else _name(name)


def _name(name):
    """The name of an array; of W1, with its layer."""
    return f"{name[:-1]}^{{[{name[-1]}]}}" if name[-1].isdigit() else name


def _slope(expr, at):
    """∂L/∂z, ∂a/∂z: the array of all these derivatives, or its transpose."""
    variables = expr.variables
    parts = (expr.expr, *variables)
    held = tuple(dict.fromkeys(x for y in parts for x in getattr(y, "indices", ())))
    if not all(isinstance(x, Indexed | Symbol) for x in parts) or len(variables) > 1:
        raise NoFormError(f"{expr} is no entry of one array of derivatives")
    if set(held) == set(getattr(variables[0], "indices", ())):
        held = variables[0].indices  # L_s by Z_js: each letter is one of Z
    if held not in (at, at[::-1]):
        raise NoFormError(f"{expr} is no entry at {at}")
    of, by = (_name(str(getattr(x, "base", x))) for x in parts)
    printed = rf"\frac{{\partial {of}}}{{\partial {by}}}"
    return printed if held == at else rf"\left({printed}\right)^{{\top}}"


def _function(expr, at):
    inside = _form(expr.args[0], at)
    if isinstance(expr, exp):
        return f"e^{{{inside}}}"
    name = {log: r"\log", g: "g", g_prime: "g'"}[type(expr)]
    return rf"{name}\left({inside}\right)"


def _power(expr, at):
    if _letters(expr.exp) or not len(at) < 2:
        raise NoFormError("a power of a matrix is no power of its entries")
    if expr.exp == -1:
        return rf"\frac{{1}}{{{_form(expr.base, at)}}}"
    return rf"{_factor(expr.base, at)}^{{{latex(expr.exp)}}}"


def _contraction(expr, at):
    """Σ_k as a product: of two matrices, of a matrix and a vector, of two vectors."""
    (letter, *_), *more = expr.limits
    body = Sum(expr.function, *more) if more else expr.function
    number, factors = S.One, []
    for factor in Mul.make_args(body):
        if letter in _letters(factor):
            factors.append(factor)
        elif not _letters(factor):
            number *= factor
        else:
            raise NoFormError(f"{factor} stands in a sum that it has no part in")
    front = "" if number == 1 else f"{_scalar(number)} "
    first, last = (at[:1], at[1:]) if len(at) == 2 else (at, ())
    rows = [x for x in factors if {*first} & _letters(x)]
    columns = [x for x in factors if {*last} & _letters(x)]
    inner = [x for x in factors if x not in rows and x not in columns]
    if {*map(id, rows)} & {*map(id, columns)}:
        raise NoFormError("one factor has all three letters")
    if not at:
        rows, inner = inner[:1], inner[1:]
    left = _closed(rows, (*first, letter)) if at else _vector(rows, letter)
    if at and not rows:
        raise NoFormError("no factor has the first letter")
    if columns:
        middle = [f"{_diagonal(Mul(*inner), (letter,))}"] if inner else []
        return front + " ".join([left, *middle, _closed(columns, (letter, *last))])
    right = _closed(inner, (letter,)) if inner else r"\mathbf{1}"
    return front + f"{left} {right}"


def _closed(factors, at):
    printed = _hadamard(factors, at)
    return rf"\left({printed}\right)" if len(factors) > 1 else printed


def _vector(factors, letter):
    return _transposed(_hadamard(factors, (letter,)))


_FORMS: dict[type, Callable] = {
    Indexed: _entry,
    Derivative: _slope,
    KroneckerDelta: lambda expr, at: "I",
    Add: _sum,
    Sum: _contraction,
    Pow: _power,
    Mul: _product,
    **dict.fromkeys((exp, log, g, g_prime), _function),
}
