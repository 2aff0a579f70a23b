"""Indices and sums that know their size.

An index runs from 1 to its size; where it is free, it is a fixed one of them.  What is
cut into blocks has letters in each: kP counts the nP classes of the block P.  Such a
symbol carries its letter and its block; nothing reads them out of its name.
"""

from sympy import Expr, Indexed, Mul, Sum, Symbol, Tuple, sympify

from derivations.formulas.caching import remembered


class BlockSymbol(Symbol):
    """A symbol of one block of a whole; its name is its letter and that of the block.

    Without a block it is a symbol like others.

    >>> NP = BlockSymbol("N", "P", real=True)
    >>> NP, NP.letter, NP.block
    (NP, 'N', 'P')
    """

    __slots__ = ("block", "letter")

    def __new__(cls, letter, block="", **assumptions):
        self = Symbol.__xnew__(cls, letter + block, **assumptions)
        self.letter, self.block = letter, block
        return self

    def _hashable_content(self):
        return (*super()._hashable_content(), self.letter, self.block)

    def __getnewargs_ex__(self):
        return (self.letter, self.block), self._assumptions_orig

    @classmethod
    def class_key(cls):
        return Symbol.class_key()  # in the order of other symbols


class Size(BlockSymbol):
    """How many there are of something, at least some, with the letters that count them.

    >>> Size("n", "k l i", least=2).indices
    (k, l, i)
    >>> Size("n", "k l", block="P").indices
    (kP, lP)
    """

    __slots__ = ("indices", "least", "letters")

    def __new__(cls, letter, letters, least=1, block=""):
        if not isinstance(least, int) or least < 1:
            name = letter + block
            raise ValueError(
                f"the least {name} must be 1 or a larger integer, not {least!r}"
            )
        self = super().__new__(cls, letter, block, integer=True, positive=True)
        self.letters, self.least = tuple(letters.split()), least
        self.indices = tuple(Index(one, self, block) for one in self.letters)
        return self

    def at_least(self, number: int) -> "Size":
        """The same with at least a number of them, where that is more."""
        if number <= self.least:
            return self
        return Size(self.letter, " ".join(self.letters), number, self.block)

    def _hashable_content(self):
        return (*super()._hashable_content(), self.letters, self.least)

    def __getnewargs_ex__(self):
        return (self.letter, " ".join(self.letters), self.least, self.block), {}


class Index(BlockSymbol):
    """A letter that runs from 1 to its size; where it is free, a fixed one of them.

    >>> Index("k", Size("n", "k l")).size
    n
    """

    __slots__ = ("size",)

    def __new__(cls, letter, size, block=""):
        self = super().__new__(cls, letter, block, integer=True, positive=True)
        self.size = size
        return self

    def _hashable_content(self):
        return (*super()._hashable_content(), self.size)

    def __getnewargs_ex__(self):
        return (self.letter, self.size, self.block), {}


class Bound(Index):
    """The index of a sum in a normal form; no reader writes one."""


def size_of(index):
    """What an index runs to; None for what is no index."""
    return index.size if isinstance(index, Index) else None


def lies_in(index, size):
    """Whether an index runs to a size, or is a number that it has, however small it is.

    >>> from sympy import Integer
    >>> from derivations.letters import i, n, s
    >>> lies_in(i, n), lies_in(s, n), lies_in(Integer(2), n), lies_in(Integer(3), n)
    (True, False, True, False)
    """
    if index.is_Integer:
        return bool(1 <= index <= getattr(size, "least", 0))
    return size is not None and size_of(index) == size


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
    free = free_symbols(expr.function)
    for index, low, high in expr.limits:
        free = (free - {index}) | free_symbols(low) | free_symbols(high)
    if isinstance(expr, SumExcept):
        free |= expr.excluded.free_symbols
    return free
