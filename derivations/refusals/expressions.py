"""Refusals of wrong expressions: which part is wrong, and what is expected instead.

Text is never evaluated.
"""

from collections.abc import Iterable
from typing import NoReturn

from sympy import (
    Basic,
    Derivative,
    Expr,
    Float,
    I,
    Indexed,
    IndexedBase,
    KroneckerDelta,
    S,
    Sum,
    Symbol,
    preorder_traversal,
    sympify,
)
from sympy.concrete.expr_with_limits import ExprWithLimits

from derivations import letters
from derivations.advice import Advice, Words
from derivations.formulas.caching import remembered
from derivations.formulas.claims import Definition
from derivations.formulas.counting import too_long
from derivations.formulas.indices import Index, free_symbols, size_of
from derivations.formulas.numbered import indices_of
from derivations.formulas.told import is_told
from derivations.judges.verdict import NotDecidedError


def _letters_by_name():
    by_name = {}
    for member in vars(letters).values():
        if isinstance(member, IndexedBase | Symbol):
            by_name.setdefault(str(member), set()).add(member)
    return by_name


_LETTERS = _letters_by_name()  # what each name may be: L is an array and a symbol
INDICES = [x for same in _LETTERS.values() for x in same if isinstance(x, Index)]


def is_stranger(letter: Symbol | IndexedBase) -> bool:
    """Whether this only prints like a letter of the series.

    A letter that was told a range is the reader's own, of a text that has one meaning
    for each name.

    >>> is_stranger(letters.z), is_stranger(IndexedBase("z")), is_stranger(Symbol("x"))
    (False, True, False)
    """
    return not is_told(letter) and letter not in _LETTERS.get(str(letter), {letter})


def refuse_look_alike(letter: Symbol | IndexedBase) -> NoReturn:
    """Raise ValueError for a letter that only prints like one of the series."""
    raise ValueError(
        Words(
            f"{letter} prints like the {letter} of the series but is another one: ",
            Advice("letter", letter),
        )
    )


def expression(value: Expr | int) -> Expr:
    """`value` as a SymPy expression in the letters of the series, or others.

    Raises TypeError for what is no expression of numbers, ValueError for a malformed
    one, NotDecidedError for one that is too large.

    >>> expression(letters.z)
    Traceback (most recent call last):
    ValueError: z is an array: say which entry, such as z[i]
    """
    if isinstance(value, str) or not isinstance(value, Basic | int):
        given = f"{type(value).__name__} {value!r}"
        raise TypeError(f"expected a SymPy expression such as a[i]*a[j], got {given}")
    value = sympify(value, strict=True)
    if not isinstance(value, Expr) or value.is_Matrix:
        raise TypeError(f"expected a SymPy expression, got {value!r}")
    return _well_formed(value)


def refuse_too_long(
    *formulas: Expr, where: Iterable[Definition] = (), most: int | None = None
) -> None:
    """Raise NotDecidedError where formulas are too long, with definitions put in."""
    words = too_long(*formulas, where=where, most=most)
    if words:
        raise NotDecidedError(f"cannot decide: {words}")


@remembered
def _well_formed(expr):
    refuse_too_long(expr)
    _refuse_malformed(expr)
    _refuse_two_meanings(expr)
    _refuse_strangers(expr)
    return expr


def _refuse_other_numbers(expr):
    if any(x.is_commutative is False for x in expr.atoms(Symbol)):
        raise TypeError(f"expected a SymPy expression of numbers, got {expr!r}")
    if expr.has(I):
        raise ValueError(
            f"I is the imaginary unit, and every number here is real: {expr}; "
            "an index is i, j, k or l"
        )
    if expr.has(Float, S.Infinity, S.NegativeInfinity, S.ComplexInfinity, S.NaN):
        raise ValueError(
            f"expected exact, finite numbers, such as Rational(1, 2), got {expr}"
        )


def _refuse_malformed(expr):
    _refuse_other_numbers(expr)
    ranks = {}
    for part in _parts(expr):
        for index in indices_of(part):
            refuse_no_index(index, part)
        if isinstance(part, Indexed):
            rank = ranks.setdefault(part.base, len(part.indices))
            if rank != len(part.indices):
                counts = f"{rank} and {len(part.indices)} indices"
                raise ValueError(f"{part.base} has here {counts}")
        elif isinstance(part, IndexedBase):
            raise ValueError(f"{part} is an array: say which entry, such as {part}[i]")
        elif isinstance(part, ExprWithLimits):
            _refuse_no_sum(part)
        elif isinstance(part, KroneckerDelta) and (
            len(part.args) != 2
            or any(x.is_real and not x.is_integer for x in part.args)
        ):
            raise ValueError(f"expected a delta of two indices, got {part}")
        elif isinstance(part, Derivative):
            if any(x.is_integer or not k.is_Integer for x, k in part.variable_count):
                raise ValueError(
                    f"differentiate with respect to entries such as z[j], not {part}"
                )
            if sum(count for _, count in part.variable_count) > 2:
                raise ValueError(
                    f"the checks cover first and second derivatives, not {part}"
                )


def _refuse_no_sum(part):
    bound = all(len(x) == 3 and isinstance(x[0], Symbol) for x in part.limits)
    if not isinstance(part, Sum) or not bound:
        raise ValueError(f"expected a sum such as Sum(z[k], (k, 1, n)), got {part}")
    for _, low, high in part.limits:
        if low.is_Integer and high.is_Integer and low > high:
            raise ValueError(f"the sum {part} has no terms: write 0")


def refuse_no_index(index: Expr, part: Expr) -> None:
    """Raise ValueError for a number that no class has, or no example.

    >>> from sympy import Integer
    >>> refuse_no_index(Integer(0), letters.Z[1, 0])
    Traceback (most recent call last):
    ValueError: in Z[1, 0], 0 is no index: classes run from 1 to n, examples from 1 to m
    """
    if index.is_number and not (index.is_Integer and index >= 1):
        raise ValueError(
            f"in {part}, {index} is no index: classes run from 1 to n, examples from 1 "
            "to m"
        )


def _parts(expr):
    """Every part of an expression, without the parts of its entries."""
    walk = preorder_traversal(expr)
    for part in walk:
        yield part
        if isinstance(part, Indexed):
            walk.skip()


def symbols_of(expr: Expr) -> set[Symbol]:
    """The symbols of an expression and of the indices in it, names of arrays apart."""
    symbols = {x for x in _parts(expr) if isinstance(x, Symbol)}
    indices = (x for entry in expr.atoms(Indexed) for x in entry.indices)
    return symbols.union(*(x.free_symbols for x in indices))


def _refuse_two_meanings(expr):
    """Refuse a symbol that has the name of an array: it would be renamed with it."""
    labels = {entry.base.label for entry in expr.atoms(Indexed)}
    for symbol in sorted(labels & symbols_of(expr), key=str):
        raise ValueError(
            f"{symbol} is the name of an array and of a symbol in {expr}: "
            "give one of them another letter"
        )


def _refuse_strangers(expr):
    entries, free = expr.atoms(Indexed), free_symbols(expr)
    letters_used = {entry.base for entry in entries} | symbols_of(expr) & free
    for letter in sorted(letters_used, key=str):
        if is_stranger(letter):
            refuse_look_alike(letter)
    for entry in sorted(entries, key=str):
        for index in entry.indices:
            if isinstance(index, Symbol) and index in free and not _has_range(index):
                raise ValueError(
                    f"the index {index} of {entry} has no range: free indices are "
                    f"{', '.join(map(str, INDICES))}"
                )
    for letter in sorted(letters_used, key=str):
        if not letter.is_real:
            _refuse_not_real(letter)


def _refuse_not_real(letter):
    """Refuse what may be infinite or complex: the judges speak of real numbers."""
    kind = "IndexedBase" if isinstance(letter, IndexedBase) else "Symbol"
    raise ValueError(
        slip_of_name(letter)
        or Words(
            f"{letter} is not declared to be a real number: write ",
            Advice("real", letter, kind),
        )
    )


def slip_of_name(letter: Symbol | IndexedBase) -> str:
    """What to write instead of a symbol a_i, which is no entry of a; else nothing.

    >>> slip_of_name(Symbol("a_i"))
    'a_i is a symbol of its own: write a[i]'
    """
    array, _, index = str(letter).partition("_")
    if index and any(isinstance(x, IndexedBase) for x in _LETTERS.get(array, ())):
        return f"{letter} is a symbol of its own: write {array}[{', '.join(index)}]"
    return ""


def _has_range(index):
    """Whether this is a letter of a size, of the series or of the reader's own."""
    size = size_of(index)
    return size is not None and index in size.indices and not is_stranger(size)
