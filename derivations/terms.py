"""What formulas are made of: sizes, indices, sums, definitions, hypotheses, claims.

An index knows its size. A bound index has no name of its own: `instance` gives it one
by the number of sums it lies in, so nothing is captured, and equal sums are identical.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import is_

from sympy import Add, Dummy, Expr, Indexed, Mul, Sum, Symbol, Tuple, sympify
from sympy.concrete.expr_with_limits import ExprWithLimits

from derivations.signs import is_nonnegative, is_not_zero, is_positive

_REMEMBERED = []


def remembered(function, most=2**14):
    """`function`, with its latest results kept until `forget` is called."""
    function = lru_cache(most)(function)
    _REMEMBERED.append(function)
    return function


def forget():
    """Empty every memory of the engine, so that the next proof starts anew."""
    for function in _REMEMBERED:
        function.cache_clear()


class Size(Symbol):
    """How many there are of something, at least some, with the letters that count them.

    >>> Size("n", "k l i", least=2).indices
    (k, l, i)
    """

    __slots__ = ("indices", "least", "letters")

    def __new__(cls, name, letters, least=1):
        if not isinstance(least, int) or least < 1:
            raise ValueError(f"{name} is at least 1 or another number, not {least!r}")
        self = Symbol.__xnew__(cls, name, integer=True, positive=True)
        self.letters, self.least = tuple(letters.split()), least
        self.indices = tuple(Index(letter, self) for letter in self.letters)
        return self

    def _hashable_content(self):
        return (*super()._hashable_content(), self.letters, self.least)

    def __getnewargs_ex__(self):
        return (self.name, " ".join(self.letters), self.least), {}

    @classmethod
    def class_key(cls):
        return Symbol.class_key()  # in the order of other symbols


class Index(Symbol):
    """A letter that runs from 1 to its size; where it is free, a fixed one of them.

    >>> Index("k", Size("n", "k l")).size
    n
    """

    __slots__ = ("size",)

    def __new__(cls, name, size):
        self = Symbol.__xnew__(cls, name, integer=True, positive=True)
        self.size = size
        return self

    def _hashable_content(self):
        return (*super()._hashable_content(), self.size)

    def __getnewargs_ex__(self):
        return (self.name, self.size), {}

    @classmethod
    def class_key(cls):
        return Symbol.class_key()


class Bound(Index):
    """The index of a sum in a normal form; no reader writes one."""


def size_of(index):
    """What an index runs to; None for what is no index."""
    return index.size if isinstance(index, Index) else None


class SumExcept(Expr):
    """Σ over i ≠ j: the sum of f over i = 1..upper without its term at i = j.

    >>> from derivations.letters import a, i, j, n
    >>> SumExcept(a[i], (i, 1, n), j)
    SumExcept(a[i], (i, 1, n), j)
    """

    is_commutative = True

    def __new__(cls, f, limits, excluded):
        index, lower, upper = limits
        if lower != 1:
            words = f"a sum over {index} ≠ {excluded} starts at 1, not {lower}"
            raise ValueError(words)
        f, excluded = sympify(f, strict=True), sympify(excluded, strict=True)
        return super().__new__(cls, f, Tuple(index, 1, upper), excluded)

    @property
    def function(self):
        return self.args[0]

    @property
    def limits(self):
        return (self.args[1],)

    @property
    def excluded(self):
        return self.args[2]

    @property
    def free_symbols(self):
        return set(free_symbols(self))  # SymPy takes the bound ones out of it

    def _sympystr(self, printer):
        return f"SumExcept({', '.join(map(printer._print, self.args))})"


def times(*factors):
    """A product left as written, so that a reader sees what is about to cancel.

    >>> from derivations.letters import a, i, y
    >>> times(-y[i]/a[i], a[i])
    (-y[i]/a[i])*a[i]
    """
    return Mul(*factors, evaluate=False)


@remembered
def free_symbols(expr):
    """The symbols of `expr` that no sum binds, those of its derivatives among them.

    SymPy's own property leaves out the index of the variable of a derivative.

    >>> from sympy import Derivative
    >>> from derivations.letters import L, j, k, n, z
    >>> sorted(free_symbols(Sum(Derivative(L, z[j]) * z[k], (k, 1, n))), key=str)
    [L, j, n, z]
    """
    if isinstance(expr, Indexed):
        return expr.base.free_symbols.union(*map(free_symbols, expr.indices))
    if not expr.args:
        return expr.free_symbols
    if not isinstance(expr, Sum | SumExcept):
        return set().union(*map(free_symbols, expr.args))
    found = free_symbols(expr.function)
    for index, low, high in expr.limits:
        found = (found - {index}) | free_symbols(low) | free_symbols(high)
    if isinstance(expr, SumExcept):
        found |= expr.excluded.free_symbols
    return found


def instance(expr, names, depth=0, put_in=None):
    """`expr` with its free letters renamed as `names` says, captured by no sum.

    The letter of a sum is a `Bound` one, named by the number of sums that it lies in,
    so sums that differ in their letters alone become equal.
    `put_in(part, names, depth)` may return another expression for a part, or None.

    >>> from derivations.letters import i, k, n, y, z
    >>> readable(instance(z[i] * Sum(y[k]*z[i], (k, 1, n)), {i: k}))
    z[k]*Sum(y[l]*z[k], (l, 1, n))
    """
    other = put_in(expr, names, depth) if put_in else None
    if other is not None:
        return other
    if not expr.args:
        return names.get(expr, expr)
    if isinstance(expr, Indexed):
        return _entry(expr.base, *(instance(index, names) for index in expr.indices))
    if isinstance(expr, Sum | SumExcept):
        limits, inside = _bind(expr.limits, names, depth)
        body = instance(expr.function, inside, depth + len(limits), put_in)
        excluded = [instance(x, names) for x in expr.args[1 + len(limits) :]]
        return rebuilt(expr, [body, *limits, *excluded])
    if isinstance(expr, ExprWithLimits):
        raise TypeError(
            f"only sums bind an index here, not {type(expr).__name__}: {expr}"
        )
    return rebuilt(expr, [instance(arg, names, depth, put_in) for arg in expr.args])


@remembered
def _entry(base, *indices):
    # One object, for SymPy makes a new one each time and asks anew for its sign.
    return base[indices]


def _bind(limits, names, depth):
    """The limits of a sum in new letters, and what its body calls them."""
    found = []
    for limit in reversed(limits):  # the last is the outermost
        index, *bounds = limit
        low, high = (instance(bound, names) for bound in bounds)
        letter = _bound(depth + len(found), high)
        found.insert(0, rebuilt(limit, (letter, low, high)))
        names = names | {index: letter}
    return found, names


@remembered
def _bound(depth, size):
    return Bound(f"index_{depth}", size)


def rebuilt(expr, args):
    """`expr` of other arguments; the same object where they are the same."""
    return expr if all(map(is_, args, expr.args)) else expr.func(*args)


def readable(expr):
    """`expr` with its bound indices named by the letters that count their size.

    >>> from derivations.letters import k, softmax
    >>> readable(instance(softmax(k), {}))
    exp(z[k])/Sum(exp(z[l]), (l, 1, n))
    """
    return _lettered(instance(expr, {}), free_symbols(expr))


def _lettered(expr, taken):
    if not expr.args or isinstance(expr, Indexed):
        return expr
    if not isinstance(expr, Sum | SumExcept):
        return rebuilt(expr, [_lettered(arg, taken) for arg in expr.args])
    body, limits = _lettered(expr.function, taken), []
    for old, low, high in expr.limits:
        used = taken | body.atoms(Symbol)
        letters = high.indices if isinstance(high, Size) else ()
        new = next((x for x in letters if x not in used), Dummy(old.name))
        body = body.xreplace({old: new})
        limits.append((new, low, high))
    return expr.func(body, *limits, *expr.args[1 + len(limits) :])


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


_SIGNS = {
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
    for sign, is_known in _SIGNS.items():
        if getattr(symbol, f"is_{sign}"):
            return None if is_known(value) else sign
    return "real" if symbol.is_real and value.is_real is False else None


@dataclass(frozen=True, repr=False)
class Definition:
    """`symbol := value`, for every value of the symbol's indices.

    Calling it gives the value at other indices; a bound index that would clash with
    them is renamed.  Raises TypeError for what is not a letter with different letters
    as indices, or has no expression as its value; ValueError for a symbol that is part
    of its own value, and for one whose value is not known to keep its declared sign.

    >>> from derivations.letters import j, k, softmax
    >>> softmax(j)
    exp(z[j])/Sum(exp(z[k]), (k, 1, n))
    >>> softmax(k)
    exp(z[k])/Sum(exp(z[l]), (l, 1, n))
    """

    symbol: Indexed | Symbol
    value: Expr

    def __post_init__(self):
        object.__setattr__(self, "value", _expression(self.value))
        letters = {x for x in self.parameters if isinstance(x, Symbol)}
        if (
            not isinstance(self.symbol, Indexed | Symbol)
            or self.symbol.is_integer
            or len(letters) < len(self.parameters)
        ):
            raise TypeError(
                f"only a symbol such as a[i] or L is defined, not {self.symbol!r}"
            )
        if self.value.has(self.base):
            raise ValueError(f"{self.symbol} is part of its own value {self.value}")
        sign = _sign_not_kept(self.symbol, self.value)
        if sign:
            raise ValueError(
                f"{self.symbol} is declared {sign}, and its value {self.value} is not "
                f"known to be: give it a value that is, or another letter"
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
    """A named assumption that a step may use: indexed symbols whose sum is known.

    Each is the sum of an array over its first index, from 1 to its size, or several
    such sums together, of different arrays at the same other indices.
    Raises TypeError for what is neither, and for a value that is no exact number;
    ValueError where an array that is declared positive would sum to what is not.

    >>> from derivations.letters import H1
    >>> H1
    H1: Sum(y[k], (k, 1, n)) = 1
    """

    name: str
    sums: tuple
    value: Expr = 1

    def __post_init__(self):
        object.__setattr__(self, "sums", tuple(self.sums))
        object.__setattr__(self, "value", sympify(self.value, strict=True))
        if not self.value.is_Rational:
            raise TypeError(
                f"the sum of a hypothesis is an exact number, not {self.value!r}"
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
                    f"{positive[0]} is declared positive, so its sum is not "
                    f"{self.value}{' less the others' if len(parts) > 1 else ''}"
                )

    @cached_property
    def parts(self):
        """For each entry of `sums`, the sums of one array that it is made of."""
        parts = (x.args if isinstance(x, Add) else (x,) for x in self.sums)
        return tuple(tuple(sorted(x, key=str)) for x in parts)

    @property
    def bases(self):
        """The arrays that it says something of."""
        return {x.function.base for parts in self.parts for x in parts}

    def __repr__(self):
        return f"{self.name}: {self.sums[0]} = {self.value}"


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
        symbols = set().union(*(x.atoms(Symbol) for x in parts))
        sizes = {x if isinstance(x, Size) else size_of(x) for x in symbols}
        return tuple(sorted((x for x in sizes if isinstance(x, Size)), key=str))
