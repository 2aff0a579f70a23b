"""Arrays as shapes and entries, and the two ways to combine them.

A shape lists sizes, such as (n, m).  A 1 is an axis with one entry; None fits any size.
In mathematics a vector is a column, (n, 1), and shapes that differ are an error; in
NumPy a vector is (n,), and shapes are stretched, as MATLAB's are.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sympy import Add, Expr, KroneckerDelta, Mul, S, Sum

from derivations.formulas.domain import as_defined
from derivations.formulas.indices import Index, free_symbols, times
from derivations.text.unreadable import Ambiguous, ShapeError


@dataclass(frozen=True)
class Array:
    """Entries of a shape; `factors(*indices)` are those of a product, not multiplied.

    `is_doubtful` is NumPy's a.T of a vector, which is a itself; `is_by_entry` is made
    entry by entry, as 1 − a and y/a are.
    """

    shape: tuple
    factors: Callable
    is_doubtful: bool = False
    is_by_entry: bool = False

    def __post_init__(self):
        if len(self.shape) > 2:
            raise ShapeError("arrays of more than two axes are not read: write entries")

    def entry(self, *indices):
        """The entry at these indices; of a number, that number."""
        return product(self.factors(*indices))

    def mapped(self, function):
        """The function of each entry."""
        return Array(self.shape, lambda *at: [function(self.entry(*at))], False, True)

    @property
    def sizes(self):
        """The shape without axes of one entry."""
        return tuple(size for size in self.shape if size != 1)

    def at(self, *indices):
        """The factors at the indices of the axes that have more than one entry."""
        rest = iter(indices)
        return self.factors(*(S.One if x == 1 else next(rest) for x in self.shape))


def number(*factors: Expr) -> Array:
    """A number, as an array of no axis.

    >>> from derivations.letters import a, j, y
    >>> number(S(-1), a[j] - y[j]).entry()
    -(a[j] - y[j])
    """
    return Array((), lambda: list(factors))


def product(factors: list) -> Expr:
    """The product, where a number and one sum are left as they are written.

    All factors are joined at once; one by one SymPy would multiply out: -(1 - a)*y
    would be (a - 1)*y.  A number goes into the first factor of what is left as written.
    """
    if len(factors) == 1:
        return factors[0]
    others = [x for x in factors if not x.is_Rational]
    coefficient = Mul(*(x for x in factors if x.is_Rational))
    if len(others) == 1 and others[0].is_Add and coefficient not in (0, 1):
        return Mul(coefficient, others[0], evaluate=False)
    if len(others) == 1 and others[0].is_Mul and Mul(*others[0].args) != others[0]:
        first, *rest = others[0].args
        return times(coefficient * first, *rest)
    return as_defined(Mul, *([coefficient] if coefficient != 1 else []), *others)


def summed(factors: list, letter: Index) -> list:
    """The factors of the sum over a letter; factors without it stand before the sum."""
    inside = [x for x in factors if letter in free_symbols(x)]
    outside = [x for x in factors if letter not in free_symbols(x)]
    return [*outside, Sum(product(inside or [S.One]), (letter, 1, letter.size))]


def written(shape: tuple) -> str:
    """A shape as a reader writes it: a column is (n,).

    >>> from derivations.letters import m, n
    >>> written((n, 1)), written((1, n)), written((n, m)), written(())
    ('(n,)', '(1, n)', '(n, m)', 'one number')
    """
    if not shape:
        return "one number"
    if len(shape) == 2 and shape[1] == 1:
        shape = shape[:1]
    sizes = ["?" if size is None else str(size) for size in shape]
    return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"


class Mathematics:
    """The rules of mathematics: a vector is a column, and shapes have to be equal."""

    def __init__(self, letters):
        self.letters = letters

    def vector(self, size, factors):
        """The column of these entries."""
        return Array((size, 1), lambda i, _: factors(i))

    def common_shape(self, one, other, sign):
        """The shape of two arrays, entry by entry; a number has that of the other."""
        if not one or not other:
            return one or other
        if len(one) == len(other) and all(map(_fit, one, other)):
            return tuple(map(_known, one, other))
        words = f"shapes {written(one)} and {written(other)} do not fit for `{sign}`"
        raise ShapeError(words)

    def entrywise(self, one, other, sign):
        """The product entry by entry."""
        shape = self.common_shape(one.shape, other.shape, sign)
        by_entry = one.is_by_entry or other.is_by_entry
        by_entry = by_entry or (sign == "/" and bool(one.shape) and bool(other.shape))
        return Array(
            shape,
            lambda *at: [*_stretched(one, at), *_stretched(other, at)],
            is_by_entry=by_entry,
        )

    def sum(self, terms):
        """The sum of terms, each a sign and an array."""
        shape = ()
        for sign, term in terms:
            shape = self.common_shape(shape, term.shape, {"-": "−"}.get(sign, sign))

        def factors(*at):
            parts = [
                product([S.NegativeOne] * (sign == "-") + _stretched(term, at))
                for sign, term in terms
            ]
            return [as_defined(Add, *parts)]

        arrays = [term for _, term in terms]
        by_entry = any(x.is_by_entry or (shape and not x.shape) for x in arrays)
        return Array(shape, factors, is_by_entry=by_entry)

    def multiplied(self, one, other, sign):
        """The product that a sign says: "", ·, *, ⊙, @ or ⊗."""
        if not one.shape or not other.shape:
            if sign in ("@", "⊗"):
                raise ShapeError(
                    f"`{sign}` takes two arrays, and one of these is a number"
                )
            return self.entrywise(one, other, sign)
        if sign == "⊗":
            return self.outer(one, other)
        if self.is_entrywise(one, other, sign):
            return self.entrywise(one, other, sign)
        return self.matrix_product(one, other)

    def is_entrywise(self, one, other, sign):
        column_and_row = one.shape[1:] == (1,) and other.shape[:1] == (1,)
        return sign == "⊙" or (sign == "*" and not column_and_row)

    def matrix_product(self, one, other):
        """Rows times columns; a product of one entry is a number."""
        shape = (one.shape[0], other.shape[1])
        inner = self.inner_size(one, other)
        if shape != (1, 1):
            return Array(shape, self.contracted(one, other, inner))
        factors = self.contracted(one, other, inner)
        return Array((), lambda: factors(S.One, S.One))

    def inner_size(self, one, other):
        """The size that a matrix product sums over."""
        columns, rows = one.shape[-1], other.shape[0]
        if _fit(columns, rows):
            return _known(columns, rows)
        hint = ""
        if one.sizes == other.sizes and len(one.sizes) == 1:
            hint = ": ⊙ multiplies entry by entry, aᵀy sums, and a yᵀ is a matrix"
        raise ShapeError(
            f"shapes {written(one.shape)} and {written(other.shape)} do not fit for a "
            f"matrix product: {columns} column{'s' * (columns != 1)} on the left, "
            f"{rows} row{'s' * (rows != 1)} on the right{hint}"
        )

    def contracted(self, one, other, size):
        """The factors of entry (i, j): the sum over k of one_ik times other_kj."""
        if size is None:
            raise ShapeError("how many ones are there? write a sum, such as sum_k y_k")

        def factors(i, j):
            if size == 1:
                return [*one.factors(i, S.One), *other.factors(S.One, j)]
            with self.letters.new(size) as k:
                return summed([*one.factors(i, k), *other.factors(k, j)], k)

        return factors

    def transposed(self, array):
        """Rows and columns exchanged; a number stays."""
        if not array.shape:
            return array
        return Array(array.shape[::-1], lambda i, j: array.factors(j, i))

    def entries_of_vector(self, array, what):
        """The size of a vector, and the factors of its entry."""
        if len(array.sizes) != 1:
            raise ShapeError(f"{what} takes a vector, not {written(array.shape)}")
        return array.sizes[0], array.at

    def outer(self, one, other):
        """The matrix of all products of an entry of one and an entry of the other."""
        (rows, left), (columns, right) = (
            self.entries_of_vector(x, "an outer product") for x in (one, other)
        )
        return Array((rows, columns), lambda i, j: [*left(i), *right(j)])

    def diagonal(self, array):
        """The diagonal matrix of a vector; of a square matrix, its diagonal."""
        if len(array.sizes) == 2 and array.sizes[0] == array.sizes[1]:
            return self.vector(array.sizes[0], lambda i: array.factors(i, i))
        size, entry = self.entries_of_vector(array, "diag")
        return Array((size, size), lambda i, j: [KroneckerDelta(i, j), *entry(i)])

    def summed(self, array, axes=None, keeps=False, mean=False):
        """The sum, or the mean, over some axes; over all where none is said."""
        rank = len(array.shape)
        axes = range(rank) if axes is None else [x % rank for x in axes]
        shape = tuple(
            1 if place in axes else size
            for place, size in enumerate(array.shape)
            if keeps or place not in axes
        )

        def factors(*at):
            kept = [x for place, x in enumerate(at) if not (keeps and place in axes)]
            rest = iter(kept)
            fixed = [None if place in axes else next(rest) for place in range(rank)]
            return self.over_axes(array, fixed, mean)

        return Array(shape, factors)

    def over_axes(self, array, at, mean):
        """The factors of a sum over the axes at which no index is given."""
        if None not in at:
            return array.factors(*at)
        place = at.index(None)
        size, before, behind = array.shape[place], at[:place], at[place + 1 :]
        if size == 1:
            return self.over_axes(array, [*before, S.One, *behind], mean)
        with self.letters.new(size) as k:
            total = summed(self.over_axes(array, [*before, k, *behind], mean), k)
            return [*total, *([1 / size] if mean else [])]


class NumPy(Mathematics):
    """The rules of NumPy: a vector is (n,), and shapes are stretched."""

    hint = " (NumPy compares the last axes first)"

    def vector(self, size, factors):
        """The array of these entries."""
        return Array((size,), factors)

    def common_shape(self, one, other, sign):
        """The shape of two arrays: axes of 1 are stretched, the last ones first."""
        width = max(len(one), len(other))
        pairs = [((1,) * (width - len(x)) + x) for x in (one, other)]
        if all(
            x == y or 1 in (x, y) or None in (x, y) for x, y in zip(*pairs, strict=True)
        ):
            return tuple(
                y if x in (1, None) else x for x, y in zip(*pairs, strict=True)
            )
        words = f"shapes {written(one)} and {written(other)} do not fit for `{sign}`"
        raise ShapeError(words + self.hint)

    def is_entrywise(self, one, other, sign):
        return sign in ("*", "⊙")

    def matrix_product(self, one, other):
        """Rows times columns; a vector is a row on the left, a column on the right."""
        for array in (one, other):
            if array.is_doubtful:
                raise Ambiguous("NumPy's .T leaves a vector as it is")
        row, column = len(one.shape) == 1, len(other.shape) == 1
        inner = self.inner_size(one, other)
        left = Array((1, *one.shape), lambda _, k: one.factors(k)) if row else one
        right = (
            Array((*other.shape, 1), lambda k, _: other.factors(k)) if column else other
        )
        factors = self.contracted(left, right, inner)
        shape = one.shape[:-1] + other.shape[1:]

        def entry(*at):
            at = [S.One] * row + list(at) + [S.One] * column
            return factors(*at)

        return Array(shape, entry)

    def transposed(self, array):
        """Axes in the other order; a vector stays as it is."""
        if len(array.shape) == 1:
            return Array(array.shape, array.factors, is_doubtful=True)
        return super().transposed(array)

    def diagonal(self, array):
        """The diagonal matrix of a vector; of a square matrix, its diagonal."""
        if len(array.shape) == 2 and array.shape[0] != array.shape[1]:
            raise ShapeError(
                f"diag takes a vector or a square matrix, not {written(array.shape)}"
            )
        return super().diagonal(array)


class Matlab(Mathematics):
    """The rules of MATLAB: a vector is a column, and shapes are stretched."""

    hint, common_shape = "", NumPy.common_shape


def _fit(one, other):
    return one == other or (None in (one, other) and 1 not in (one, other))


def _known(one, other):
    return other if one is None else one


def _stretched(array, at):
    """The factors at the indices of a whole that has more axes or entries."""
    own = at[len(at) - len(array.shape) :]
    return array.factors(
        *(S.One if size == 1 else x for size, x in zip(array.shape, own, strict=True))
    )
