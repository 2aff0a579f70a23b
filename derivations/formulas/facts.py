"""The sign of an expression, where it is known.

Each answer is a proof for all real values of the symbols, or "not known": a sum of
positive terms is positive, and so is what a sum leaves without one of its terms, for
there are at least two.  A letter carries what is known of it: a size is at least 1 or
2, and one that is `told` more lies in a range.
"""

from sympy import Add, Mul, Pow, Sum, exp, expand, factor, fraction, log
from sympy import together as over_one

from derivations.formulas.caching import remembered
from derivations.formulas.corners import (
    as_one_sum,
    at_corners,
    in_shares,
    less_a_product,
    without_weight,
)
from derivations.formulas.counting import (
    MOST_IN_FACTS,
    MOST_OVER_ONE,
    length,
    terms_over_one,
)
from derivations.formulas.plain import is_positive as is_plainly_positive
from derivations.formulas.plain import plain
from derivations.formulas.ranges import range_of


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
    return _is_above_0(expr, True)


def is_nonnegative(expr):
    """Whether `expr` is positive or 0; False means "not known".

    >>> from derivations.letters import i, n, z
    >>> is_nonnegative(z[i] ** 2), is_nonnegative(z[i]), is_nonnegative(n - 2)
    (True, False, True)
    """
    if length(expr) > MOST_IN_FACTS:
        return False
    return _is_above_0(expr, False)


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
    return plain(expr).is_zero is False or is_positive(expr) or is_positive(-expr)


@remembered
def _is_above_0(expr, is_strict):
    """Whether `expr` is positive, or not negative, by one of the rules of this room."""
    symbols, between = plain(expr), range_of(expr)
    is_known = between.is_positive or is_plainly_positive(symbols)
    if not is_strict and not is_known:
        is_known = between.is_nonnegative or symbols.is_nonnegative
    if isinstance(expr, Sum) and not is_known:
        rest = without_weight(expr)
        return rest is not None and _is_above_0(rest, is_strict)
    if is_known or not isinstance(expr, Add | Mul | Pow):
        return bool(is_known)
    if isinstance(expr, Pow):
        return _is_above_0(expr.base, is_strict)
    rule = _is_product_above_0 if isinstance(expr, Mul) else _is_sum_above_0
    return rule(expr, is_strict)


def _is_product_above_0(product, is_strict):
    """Whether a product is: its factors have known signs, an even number a minus."""
    number, rest = product.as_coeff_Mul()
    factors = Mul.make_args(rest)
    negative = int(bool(number < 0))
    if len(factors) == 1 and negative:
        return False
    for part in factors:
        if not _is_above_0(part, is_strict):
            if not _is_above_0(-part, is_strict):
                return False
            negative += 1
    return negative % 2 == 0


def _is_sum_above_0(total, is_strict):
    """Whether a sum of terms is: as a quotient, by a logarithm, at corners, as one Σ.

    >>> from derivations.letters import a, exp, i, k, n, y, z
    >>> logarithm = log(Sum(exp(z[k]), (k, 1, n)))
    >>> [_is_sum_above_0(logarithm - x, True) for x in (z[i], 2 * z[i])]
    [True, False]
    >>> square = Sum(a[k], (k, 1, n)) ** 2 - Sum(a[k] ** 2, (k, 1, n))
    >>> _is_sum_above_0(square, True)
    True
    """
    if total.has(Sum) and terms_over_one(total) <= MOST_OVER_ONE:
        above, below = fraction(over_one(total))
        if is_plainly_positive(plain(above / below)):
            return True
        if below != 1:
            return is_positive(below) and _is_above_0(expand(above), is_strict)
    if _is_log_above(total, is_strict):
        return True
    corners = at_corners(total)
    if corners and all(_is_above_0(x, is_strict) for x in corners):
        return True
    between = range_of(less_a_product(total))
    if between.is_positive or (between.is_nonnegative and not is_strict):
        return True
    one = as_one_sum(total)
    others = [in_shares(total), one and one.function, one and without_weight(one)]
    return any(x is not None and _is_above_0(factor(x), is_strict) for x in others)


def _is_log_above(expr, is_strict):
    """Whether log u + x is above 0: where u is above e^{−x}; −log u + x likewise.

    >>> from derivations.letters import exp, i, k, n, z
    >>> total = Sum(exp(z[k]), (k, 1, n))
    >>> _is_log_above(log(total) - z[i], True), _is_log_above(z[i] - log(total), True)
    (True, False)
    """
    for term in expr.args:
        number, function = term.as_coeff_Mul()
        is_log = isinstance(function, log) and abs(number) == 1
        if is_log and not function.args[0].has(log):  # each would double the way
            other = exp(-number * (expr - term))
            return _is_above_0(number * (function.args[0] - other), is_strict)
    return False
