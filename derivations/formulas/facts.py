"""What is known of the signs of an expression, and between which numbers it lies.

Each answer is a proof for all real values of the symbols, or "not known": a sum of
positive terms is positive, and so is what a sum leaves without one of its terms, for
there are at least two.  A letter carries what is known of it: a size is at least 1 or
2, and one that is `told` more lies in a range.
"""

from sympy import (
    Add,
    Dummy,
    Indexed,
    IndexedBase,
    Mul,
    Pow,
    Sum,
    Symbol,
    expand,
    fraction,
    log,
    oo,
)
from sympy import together as over_one

from derivations.formulas.counting import MOST_IN_FACTS, length
from derivations.formulas.indices import lies_in
from derivations.formulas.ranges import has_terms, range_of


class _Told(Symbol):
    """A letter of which more is known than its name is declared with: its range."""

    __slots__ = ("range",)

    def __new__(cls, letter, range_):
        signs = {
            "positive": range_.is_positive,
            "nonnegative": range_.is_nonnegative,
            "nonpositive": (-range_).is_nonnegative,
            "negative": (-range_).is_positive,
            "zero": range_.low == range_.high == 0,
        }
        known = letter.assumptions0 | {x: True for x, is_so in signs.items() if is_so}
        self = Symbol.__xnew__(cls, letter.name, **known)
        self.range = range_
        return self

    def _hashable_content(self):
        return (*super()._hashable_content(), self.range)


def told(letter, range_):
    """A letter, or an array, of the same name whose values lie in a range.

    >>> from derivations.letters import a, i, y
    >>> from derivations.formulas.ranges import SHARE
    >>> share = told(a, SHARE)
    >>> share[i], is_positive(1 - share[i]), is_positive(1 - a[i])
    (a[i], True, False)
    """
    if isinstance(letter, IndexedBase):
        return IndexedBase(_Told(letter.label, range_))
    return _Told(letter, range_)


def is_told(letter):
    """Whether this is a letter, or an array, that was told a range.

    >>> from derivations.letters import alpha
    >>> from derivations.formulas.ranges import SHARE
    >>> is_told(told(alpha, SHARE)), is_told(alpha)
    (True, False)
    """
    return isinstance(getattr(letter, "label", letter), _Told)


def is_positive(expr):
    """Whether `expr` is positive wherever it is defined; False means "not known".

    >>> from derivations.letters import a, exp, i, k, n, z
    >>> is_positive(Sum(exp(z[k]), (k, 1, n)) - exp(z[i])), is_positive(1 - a[i])
    (True, False)
    >>> is_positive(1 + z[i] + z[i] ** 2 / 2)    # a discriminant below 0
    True
    """
    if length(expr) > MOST_IN_FACTS:
        return False
    plain = _Plain()
    if _is_positive(plain(expr)):
        return True
    quotient = over_one(expr) if expr.has(Sum) else expr
    if quotient != expr and _is_positive(plain(quotient)):
        return True
    return range_of(expr).is_positive


def is_nonnegative(expr):
    """Whether `expr` is positive or 0; False means "not known".

    >>> from derivations.letters import i, n, z
    >>> is_nonnegative(z[i] ** 2), is_nonnegative(z[i]), is_nonnegative(n - 2)
    (True, False, True)
    """
    if length(expr) > MOST_IN_FACTS:
        return False
    known = _Plain()(expr).is_nonnegative or range_of(expr).is_nonnegative
    return bool(known) or is_positive(expr)


def is_not_zero(expr):
    """Whether `expr` is 0 nowhere where it is defined; False means "not known".

    >>> from derivations.letters import a, exp, i, n, z
    >>> is_not_zero(-n * a[i] * exp(z[i])), is_not_zero(z[i]), is_not_zero(n - 3)
    (True, False, False)
    """
    if isinstance(expr, Mul):
        return all(map(is_not_zero, expr.args))
    if isinstance(expr, Pow):
        return is_not_zero(expr.base)
    if length(expr) > MOST_IN_FACTS:
        return False
    return _Plain()(expr).is_zero is False or is_positive(expr) or is_positive(-expr)


def _is_positive(expr):
    """Whether an expression in plain symbols is: by SymPy, or as a quotient.

    >>> from sympy import Symbol
    >>> x = Symbol("x", positive=True)
    >>> _is_positive(1 - 1 / (1 + x)), _is_positive(1 - 1 / x)
    (True, False)
    """
    if expr.is_positive or not expr.args:
        return bool(expr.is_positive)
    sides = [expand(side) for side in fraction(over_one(expr))]
    return all(x.is_positive for x in sides) or all(x.is_negative for x in sides)


class _Plain:
    """An expression in plain symbols of known signs, one for each sum."""

    def __init__(self):
        self.known = {}

    def __call__(self, part):
        if isinstance(part, Indexed):
            return self.between(part, part.base.label)
        if isinstance(part, Sum):
            return self.symbol(part, self(part.function), has_terms(part))
        if isinstance(part, log):
            return self.logarithm(part)
        least = getattr(part, "least", None)
        if least is not None:  # a size is at least 1, and n at least 2
            return least + self.known.setdefault(part, Dummy(nonnegative=True))
        if isinstance(part, Add):
            part = self.without_own_terms(part)
        if not part.args:
            return self.between(part, part)
        return part.func(*map(self, part.args))

    def between(self, entry, letter):
        """An entry that lies between two numbers, by odds: t/(1 + t) is a share."""
        known = getattr(letter, "range", None)
        if known is None or -oo == known.low or known.high == oo or not known.is_open:
            return entry
        odds = self.known.setdefault(entry, Dummy(positive=True))
        return known.low + (known.high - known.low) * odds / (1 + odds)

    def logarithm(self, part):
        """A logarithm as a symbol with its sign: its argument is below or above 1."""
        between = range_of(part)
        if between.is_positive or (-between).is_positive:
            size = self.known.setdefault(part, Dummy(positive=True))
            return size if between.is_positive else -size
        return part.func(*map(self, part.args))

    def symbol(self, key, body, has_terms=True):
        if has_terms and _is_positive(body):
            signs = {"positive": True}
        elif has_terms and body.is_nonnegative:
            signs = {"nonnegative": True}
        else:
            signs = {"real": True}
        return self.known.setdefault(key, Dummy(**signs))

    def without_own_terms(self, part):
        """Σ_k f(k) − f(i) as one symbol: the sum of the others.

        Holds where i lies in the range of the sum and its size is at least 2, so that
        the sum of the others has a term, and with it the sign of its terms.

        >>> from derivations.letters import exp, i, k, n, s, z
        >>> total = Sum(exp(z[k]), (k, 1, n))
        >>> _Plain().without_own_terms(total - exp(z[i])).is_positive
        True
        >>> _Plain().without_own_terms(total - exp(z[s])) == total - exp(z[s])
        True
        """
        terms = list(part.args)
        indices = part.atoms(Symbol)
        indices.update(*(entry.indices for entry in part.atoms(Indexed)))
        for term in part.args:
            number, total = term.as_coeff_Mul()
            if not isinstance(total, Sum) or len(total.limits) > 1:
                continue
            letter, low, high = total.limits[0]
            if low != 1 or getattr(high, "least", 1) < 2:
                continue
            for other in indices:
                own = -number * total.function.xreplace({letter: other})
                is_one = lies_in(other, high) and other != letter
                if is_one and own in terms and term in terms:
                    terms.remove(term)
                    terms.remove(own)
                    rest = self.symbol((total, other), self(total.function))
                    terms.append(number * rest)
        return Add(*terms)
