"""The question to a judge: a claim with its definitions and hypotheses."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

from sympy import Add, Atom, Expr, Function, Indexed, Pow, Sum, Symbol, Tuple, sympify

from derivations.formulas.binding import instance, readable
from derivations.formulas.caching import remembered
from derivations.formulas.counting import too_long
from derivations.formulas.facts import is_nonnegative, is_not_zero, is_positive
from derivations.formulas.indices import Size, free_symbols, size_of
from derivations.formulas.ranges import Range, range_of


def _expression(value):
    if isinstance(value, str):
        raise TypeError(
            "a definition has a SymPy expression as its value, and text is never "
            f"evaluated: write it without quotes, got {value!r}"
        )
    value = sympify(value, strict=True)
    if not isinstance(value, Expr) or value.is_Matrix:
        raise TypeError(f"a definition has an expression as its value, not {value!r}")
    return value


_IS_KNOWN_TO_BE = {
    "positive": is_positive,
    "negative": lambda value: is_positive(-value),
    "nonnegative": is_nonnegative,
    "nonpositive": lambda value: is_nonnegative(-value),
    "nonzero": is_not_zero,
}


def _sign_not_kept(symbol, value):
    """The sign with which a symbol is declared and that a value may not have, or None.

    A value that is not real is refused where it stands, by the words for an answer.
    """
    for sign, is_known in _IS_KNOWN_TO_BE.items():
        if getattr(symbol, f"is_{sign}"):
            return None if is_known(value) else sign
    return "real" if symbol.is_real and _is_not_real(value) else None


def _is_not_real(value):
    """Whether a value is known not to be real; then so is a part, no sum or product.

    SymPy is asked of the parts first, for of a long sum it finds no answer slowly.
    """
    parts = value.atoms(Atom, Pow, Function)
    return any(part.is_real is False for part in parts) and value.is_real is False


@dataclass(frozen=True, repr=False)
class Definition:
    """`symbol := value`, for every value of the symbol's indices.

    Calling it gives the value at other indices; a bound index that would clash with
    them is renamed.  Raises TypeError for what is not a letter with different letters
    as indices, or has no expression as its value; ValueError for a symbol that is part
    of its own value, and for one whose value is not known to keep its declared sign.
    `words` say to a reader what it is.

    >>> from derivations.letters import j, k, softmax
    >>> softmax(j)
    exp(z[j])/Sum(exp(z[k]), (k, 1, n))
    >>> softmax(k)
    exp(z[k])/Sum(exp(z[l]), (l, 1, n))
    """

    symbol: Indexed | Symbol
    value: Expr
    words: str = field(default="", compare=False)

    def __post_init__(self):
        object.__setattr__(self, "value", _expression(self.value))
        letters = {x for x in self.parameters if isinstance(x, Symbol)}
        if (
            not isinstance(self.symbol, Indexed | Symbol)
            or self.symbol.is_integer
            or len(letters) < len(self.parameters)
        ):
            raise TypeError(
                "expected a symbol such as a[i] or L on the left of a "
                f"definition, got {self.symbol!r}"
            )
        for letter in letters:
            if size_of(letter) is None:
                raise TypeError(
                    f"{self.symbol} is defined for every value of an index, and "
                    f"{letter} is not an index: write {self.base}[i]"
                )
        words = too_long(self.value)
        if words:
            raise ValueError(f"the value of {self.symbol} is {words}")
        if self.value.has(self.base):
            raise ValueError(f"{self.symbol} is part of its own value {self.value}")
        sign = _sign_not_kept(self.symbol, self.value)
        if sign:
            raise ValueError(
                f"{self.symbol} is declared {sign}, but its value {self.value} is not "
                f"known to be {sign}: choose another value, or another letter"
            )

    @cached_property
    def parameters(self):
        return getattr(self.symbol, "indices", ())

    @cached_property
    def base(self):
        return self.symbol.base if isinstance(self.symbol, Indexed) else self.symbol

    @property
    def free_symbols(self):
        """What the value contains beside the symbol's own indices."""
        return free_symbols(self.value) - set(self.parameters)

    def names(self, indices):
        """The symbol's own indices, each with the one that takes its place."""
        if len(indices) != len(self.parameters):
            expected = len(self.parameters)
            raise TypeError(f"{self.symbol} has {expected} indices, got {len(indices)}")
        return dict(zip(self.parameters, indices, strict=True))

    def __call__(self, *indices):
        return readable(instance(self.value, self.names(indices)))

    def __repr__(self):
        return f"{self.symbol} := {self.value}"


@dataclass(frozen=True, repr=False)
class Hypothesis:
    """A named assumption that a step may use: of sums, or of ranges of entries.

    Each of `sums` is that of an array over its first index, from 1 to its size, or
    several such sums together, of different arrays at the same other indices; each is
    equal to `value`.  `ranges` has pairs of an entry and the range in which it lies,
    for each value of its indices.  `sentence` says it in words to a reader.
    Raises TypeError for what is neither, and for a value that is no exact number;
    ValueError where an array that is declared positive would sum to what is not.

    >>> from derivations.letters import H1
    >>> H1
    H1: Sum(y[k], (k, 1, n)) = 1
    """

    name: str
    sums: tuple = ()
    value: Expr = 1
    sentence: str = field(default="", compare=False)
    ranges: tuple = ()

    def __post_init__(self):
        object.__setattr__(self, "sums", tuple(self.sums))
        object.__setattr__(self, "value", sympify(self.value, strict=True))
        if not self.value.is_Rational:
            raise TypeError(
                f"the sum of a hypothesis must be an exact number, not {self.value!r}"
            )
        for total, parts in zip(self.sums, self.parts, strict=True):
            if not all(map(_is_column, parts)) or not _stand_side_by_side(parts):
                raise TypeError(
                    "a hypothesis is about sums such as Sum(y[k], (k, 1, n)), or the "
                    f"sum of such sums of different arrays, not {total}"
                )
            positive = [x.function.base for x in parts if x.function.is_positive]
            if positive and not self.value.is_positive:
                raise ValueError(
                    f"{positive[0]} is declared positive, so its sum cannot be "
                    f"{self.value}{' less the others' if len(parts) > 1 else ''}"
                )

    @cached_property
    def parts(self):
        """For each entry of `sums`, the sums of one array that it is made of."""
        parts = (x.args if isinstance(x, Add) else (x,) for x in self.sums)
        return tuple(tuple(sorted(x, key=str)) for x in parts)

    @property
    def stated(self):
        """What it says: sums and entries, each with the range that it lies in."""
        value = Range(self.value, self.value, False, False)
        return (*((total, value) for total in self.sums), *self.ranges)

    def says(self, write: Callable = str) -> str:
        """What it says of the first array, as a relation in the words of a printer."""
        expr, between = self.stated[0]
        return between.around(write(expr))

    def speaks_of(self, base):
        """Whether it says something of an array, of its sum or of its range."""
        return any(x.has(base) for x, _ in self.stated)

    @property
    def bases(self):
        """The arrays of which it knows a sum."""
        return {x.function.base for parts in self.parts for x in parts}

    def xreplace(self, letters):
        """The same of other letters."""
        sums = [x.xreplace(letters) for x in self.sums]
        ranges = tuple((x.xreplace(letters), range_) for x, range_ in self.ranges)
        return replace(self, sums=sums, ranges=ranges)

    def __repr__(self):
        every = "" if self.sums else f" for every {self.ranges[0][0].indices[0]}"
        return f"{self.name}: {self.says()}{every}"


def _is_column(total):
    """Whether this is the sum of an array over its first index, from 1 to its size."""
    entry = getattr(total, "function", None)
    first = entry.indices[0] if isinstance(entry, Indexed) else None
    return isinstance(total, Sum) and total.limits == (Tuple(first, 1, size_of(first)),)


def _stand_side_by_side(parts):
    """Whether sums are of different arrays, with the same letters behind the first."""
    if len(parts) == 1:
        return True
    entries = [x.function for x in parts]
    return (
        len({x.base for x in entries}) == len(entries)
        and len({frozenset(x.indices[1:]) for x in entries}) == 1
        and all(len(set(x.indices)) == len(x.indices) for x in entries)
        and all(size_of(letter) for x in entries for letter in x.indices)
    )


@remembered
def known_ranges(using):
    """In which range hypotheses leave entries, {(array, sizes of its indices): range}.

    Terms that are not negative are at most their sum.
    Raises ValueError where no number is left.

    >>> from derivations.letters import H1, H3, n, y
    >>> print(known_ranges((H3,))[y, (n,)], known_ranges((H1, H3))[y, (n,)])
    [0, oo) [0, 1]
    """
    known = {}

    def range_now(entry):
        return known.get((entry.base, _sizes(entry)), range_of(entry))

    def note(entry, range_):
        if None in _sizes(entry):
            return
        left = known[entry.base, _sizes(entry)] = range_now(entry) & range_
        if left.is_empty:
            base, names = entry.base, [x.name for x in using if x.speaks_of(entry.base)]
            raise ValueError(
                f"{' and '.join(names)} contradict each other, or the sign of {base}: "
                f"no number is left for {entry}"
            )

    for fact in using:
        for entry, range_ in fact.ranges:
            note(entry, range_)
    for fact in using:
        for parts in fact.parts:
            entries = [x.function for x in parts]
            ranges = [range_now(x) for x in entries]
            for place, entry in enumerate(entries):
                others = ranges[:place] + ranges[place + 1 :]
                if size_of(entry.indices[0]).least > 1:
                    others.append(ranges[place])
                if all(x.is_nonnegative for x in ranges):
                    is_less = any(x.is_positive for x in others)
                    note(entry, Range(high=fact.value, is_high_open=is_less))
                elif all((-x).is_nonnegative for x in ranges):
                    is_more = any((-x).is_positive for x in others)
                    note(entry, Range(low=fact.value, is_low_open=is_more))
    return known


def _sizes(entry):
    return tuple(map(size_of, entry.indices))


@dataclass(frozen=True)
class Claim:
    """`left = right`, where definitions hold, by hypotheses, in a case.

    This is what both judges are asked.  A case is Eq(i, j), Ne(i, j) or None.
    """

    left: Expr
    right: Expr
    where: tuple = ()
    using: tuple = ()
    case: Expr | None = None

    def __post_init__(self):
        for name in ("where", "using"):  # an iterator is read once
            object.__setattr__(self, name, tuple(getattr(self, name)))

    @property
    def free_symbols(self):
        """The symbols of both sides, of the definitions and of the case."""
        sides = [self.left, self.right, *([] if self.case is None else self.case.args)]
        return set().union(
            *map(free_symbols, sides), *(x.free_symbols for x in self.where)
        )

    @cached_property
    def sizes(self):
        """Every size that its sums and indices run to, those of its context too."""
        parts = [self.left, self.right, *([] if self.case is None else self.case.args)]
        parts += [x for one in self.where for x in (one.symbol, one.value)]
        parts += [x for fact in self.using for x in fact.sums]
        return tuple(sorted(set().union(*map(_sizes_in, parts)), key=str))


@remembered
def _sizes_in(expr):
    symbols = expr.atoms(Symbol)
    sizes = {x if isinstance(x, Size) else size_of(x) for x in symbols}
    return frozenset(x for x in sizes if isinstance(x, Size))
