"""Expressions in plain symbols of known signs, of which SymPy knows the sign."""

from sympy import (
    Add,
    Dummy,
    Indexed,
    Mul,
    Sum,
    Symbol,
    expand,
    fraction,
    log,
    oo,
)
from sympy import together as over_one

from derivations.formulas.caching import remembered
from derivations.formulas.counting import (
    MOST_IN_FACTS,
    MOST_OVER_ONE,
    terms_of,
    terms_over_one,
)
from derivations.formulas.indices import lies_in
from derivations.formulas.ranges import has_terms, range_of
from derivations.formulas.told import are_apart


@remembered
def is_positive(expr):
    """Whether an expression in plain symbols is: by SymPy, or as a quotient.

    >>> from sympy import Symbol
    >>> x = Symbol("x", positive=True)
    >>> is_positive(1 - 1 / (1 + x)), is_positive(1 - 1 / x)
    (True, False)
    """
    if expr.is_positive or not expr.args:
        return bool(expr.is_positive)
    if terms_over_one(expr) > MOST_OVER_ONE:
        return False
    sides = fraction(over_one(expr))
    if any(terms_of(side) > MOST_IN_FACTS for side in sides):
        return False
    sides = [expand(side) for side in sides]
    return all(x.is_positive for x in sides) or all(x.is_negative for x in sides)


@remembered
def plain(part):
    """An expression in plain symbols of known signs, one for each sum.

    >>> from derivations.letters import exp, k, n, z
    >>> total = Sum(exp(z[k]), (k, 1, n))
    >>> plain(total).is_positive, plain(total - n) - plain(total) + plain(n)
    (True, 0)
    """
    if isinstance(part, Indexed):
        return _between(part, part.base.label)
    if isinstance(part, Sum):
        return _symbol(part, plain(part.function), has_terms(part))
    if isinstance(part, log):
        return _logarithm(part)
    least = getattr(part, "least", None)
    if least is not None:  # a size is at least 1, and n at least 2
        return least + _letter(part, "nonnegative")
    if isinstance(part, Add):
        part = _without_own_terms(part)
    if not part.args:
        return _between(part, part)
    return part.func(*map(plain, part.args))


@remembered
def _letter(key, sign):
    """The symbol that stands for `key`, which has this sign: the same each time."""
    return Dummy(**{sign: True})


def _between(entry, letter):
    """An entry that lies between two numbers, by odds: t/(1 + t) is a share."""
    known = getattr(letter, "range", None)
    if known is None or -oo == known.low or known.high == oo or not known.is_open:
        return entry
    odds = _letter(entry, "positive")
    return known.low + (known.high - known.low) * odds / (1 + odds)


def _logarithm(part):
    """A logarithm as a symbol with its sign: its argument is below or above 1."""
    between = range_of(part)
    if between.is_positive or (-between).is_positive:
        size = _letter(part, "positive")
        return size if between.is_positive else -size
    return part.func(*map(plain, part.args))


def _symbol(key, body, has_terms, may_be_empty=False):
    """The symbol of a sum, which is 0 where it has no terms."""
    is_known = has_terms or may_be_empty
    if has_terms and is_positive(body):
        return _letter(key, "positive")
    if is_known and (body.is_nonnegative or is_positive(body)):
        return _letter(key, "nonnegative")
    return _letter(key, "real")


def _without_own_terms(part):
    """Σ_k f(k) − f(i) as one symbol: the sum of the others, and so with −f(j) too.

    Holds where i lies in the range of the sum, and j, which differs from i.  A size
    that is larger than the number of these leaves a term, and with it the sign of
    the terms.

    >>> from derivations.letters import exp, i, k, n, s, z
    >>> total = Sum(exp(z[k]), (k, 1, n))
    >>> _without_own_terms(total - exp(z[i])).is_positive
    True
    >>> _without_own_terms(total - exp(z[s])) == total - exp(z[s])
    True
    """
    terms = list(part.args)
    letters = part.atoms(Symbol)
    letters.update(*(entry.indices for entry in part.atoms(Indexed)))
    for term in part.args:
        parts = Mul.make_args(term)
        total = next((x for x in parts if isinstance(x, Sum)), None)
        if total is None or len(total.limits) > 1 or total.limits[0][1] != 1:
            continue
        index, _, high = total.limits[0]
        number, own = term / total, []
        for other in sorted(letters, key=str):
            if not (lies_in(other, high) and other != index):
                continue
            one = -number * total.function.xreplace({index: other})
            if one in terms and all(are_apart(x, other) for x in own):
                terms.remove(one)
                own.append(other)
        if own and term in terms:
            terms.remove(term)
            has_terms = getattr(high, "least", 1) > len(own)
            body = plain(total.function)
            rest = _symbol((total, *own), body, has_terms, may_be_empty=True)
            terms.append(plain(number) * rest)
    return Add(*terms)
