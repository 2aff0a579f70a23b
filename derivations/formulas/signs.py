"""What is known to be positive, or not 0, for all real values of its symbols.

Each answer is a proof or "not known": a sum of positive terms is positive, and so is
what a sum leaves without one of its terms, for there are at least two.
"""

from sympy import Add, Dummy, Indexed, Mul, Pow, Sum, Symbol, expand, fraction
from sympy import together as over_one


def is_positive(expr, put_in=None):
    """Whether `expr` is positive wherever it is defined; False means "not known".

    `put_in(entry)` may say more of an indexed entry: another expression, or None.

    >>> from derivations.letters import a, exp, i, k, n, z
    >>> is_positive(Sum(exp(z[k]), (k, 1, n)) - exp(z[i])), is_positive(1 - a[i])
    (True, False)
    """
    plain = _Plain(put_in)
    if _is_positive(plain(expr)):
        return True
    quotient = over_one(expr) if expr.has(Sum) else expr
    return quotient != expr and _is_positive(plain(quotient))


def is_nonnegative(expr):
    """Whether `expr` is positive or 0; False means "not known".

    >>> from derivations.letters import i, z
    >>> is_nonnegative(z[i] ** 2), is_nonnegative(z[i])
    (True, False)
    """
    return bool(_Plain()(expr).is_nonnegative) or is_positive(expr)


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

    def __init__(self, put_in=None):
        self.put_in = put_in or (lambda entry: None)
        self.known = {}

    def __call__(self, part):
        if isinstance(part, Indexed):
            other = self.put_in(part)
            return part if other is None else other
        if isinstance(part, Sum):
            return self.symbol(part, self(part.function))
        least = getattr(part, "least", None)
        if least is not None:  # a size is at least 1, and n at least 2
            return least + self.known.setdefault(part, Dummy(nonnegative=True))
        if isinstance(part, Add):
            part = self.without_own_terms(part)
        return part.func(*map(self, part.args)) if part.args else part

    def symbol(self, key, body):
        if _is_positive(body):
            signs = {"positive": True}
        elif body.is_nonnegative:
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
        letters = part.atoms(Symbol)
        for term in part.args:
            number, total = term.as_coeff_Mul()
            if not isinstance(total, Sum) or len(total.limits) > 1:
                continue
            letter, low, high = total.limits[0]
            if low != 1 or getattr(high, "least", 1) < 2:
                continue
            for other in letters:
                own = -number * total.function.xreplace({letter: other})
                same = getattr(other, "size", None) == high and other != letter
                if same and own in terms and term in terms:
                    terms.remove(term)
                    terms.remove(own)
                    rest = self.symbol((total, other), self(total.function))
                    terms.append(number * rest)
        return Add(*terms)
