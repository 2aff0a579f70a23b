"""Letters of which more is known than their declaration says.

A letter, or an array, that is `told` its range has it wherever it stands; indices that
are told apart know that they differ.
"""

from sympy import IndexedBase, Symbol

from derivations.formulas.indices import Index
from derivations.formulas.ranges import SHARE


class _Told(Symbol):
    """A letter of which more is known than its declaration says.

    Its values lie in a `range`; those of an array add up to `total`, if that is known.
    """

    __slots__ = ("range", "total")

    def __new__(cls, letter, range_, total=None):
        signs = {
            "positive": range_.is_positive,
            "nonnegative": range_.is_nonnegative,
            "nonpositive": (-range_).is_nonnegative,
            "negative": (-range_).is_positive,
            "zero": range_.low == range_.high == 0,
        }
        known = letter.assumptions0 | {x: True for x, is_so in signs.items() if is_so}
        self = Symbol.__xnew__(cls, letter.name, **known)
        self.range, self.total = range_, total
        return self

    def _hashable_content(self):
        total = () if self.total is None else (self.total,)  # SymPy puts them in order
        return (*super()._hashable_content(), self.range, total)


def told(letter, range_, total=None):
    """A letter, or an array, of the same name whose values lie in a range.

    `total` is what the entries of an array add up to over their first index.

    >>> from derivations.formulas.facts import is_positive
    >>> from derivations.formulas.ranges import SHARE
    >>> from derivations.letters import a, i
    >>> share = told(a, SHARE)
    >>> share[i], is_positive(1 - share[i]), is_positive(1 - a[i])
    (a[i], True, False)
    """
    if isinstance(letter, IndexedBase):
        return IndexedBase(_Told(letter.label, range_, total))
    return _Told(letter, range_)


class _OfSoftmax(_Told):
    """The name softmax(u) of an array of shares, which knows the array u."""

    __slots__ = ("argument",)


def softmax_of(argument):
    """The array softmax(u), of which only its name is known, and that it has shares.

    >>> from sympy import Symbol
    >>> from derivations.formulas.facts import is_positive
    >>> from derivations.letters import j
    >>> share = softmax_of(Symbol("z") / 2)[j]
    >>> share, is_positive(1 - share)
    (softmax(z/2)[j], True)
    """
    name = _OfSoftmax(Symbol(f"softmax({argument})", real=True), SHARE)
    name.argument = argument
    return IndexedBase(name)


def argument_of(base):
    """The u of an array softmax(u), else None."""
    return getattr(getattr(base, "label", None), "argument", None)


def is_told(letter):
    """Whether this is a letter, or an array, that was told a range.

    >>> from derivations.formulas.ranges import SHARE
    >>> from derivations.letters import alpha
    >>> is_told(told(alpha, SHARE)), is_told(alpha)
    (True, False)
    """
    return isinstance(getattr(letter, "label", letter), _Told)


class Apart(Index):
    """An index that is known to differ from some others."""

    __slots__ = ("others",)

    def __new__(cls, index, others):
        self = super().__new__(cls, index.letter, index.size, index.block)
        self.others = tuple(sorted(others))
        return self

    def _hashable_content(self):
        return (*super()._hashable_content(), self.others)


def told_apart(pairs):
    """Map each letter of some pairs to one that knows from which letters it differs.

    >>> from derivations.formulas.facts import is_nonnegative
    >>> from derivations.letters import Sum, exp, i, j, k, n, z
    >>> letters = told_apart([(i, j)])
    >>> rest = Sum(exp(z[k]), (k, 1, n)) - exp(z[i]) - exp(z[j])
    >>> is_nonnegative(rest.xreplace(letters)), is_nonnegative(rest)
    (True, False)
    """
    others = {}
    for first, second in pairs:
        others.setdefault(first, set()).add(str(second))
        others.setdefault(second, set()).add(str(first))
    letters = (x for x in others if isinstance(x, Index))  # a number is apart already
    return {letter: Apart(letter, others[letter]) for letter in letters}


def are_apart(first, second):
    """Whether two indices are known to differ."""
    if first.is_Integer and second.is_Integer:
        return first != second
    others = (*getattr(first, "others", ()), *getattr(second, "others", ()))
    return str(second) in others or str(first) in others
