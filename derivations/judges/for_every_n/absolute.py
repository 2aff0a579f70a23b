"""|x|, the sign of x, and the larger of two, where signs are known."""

from sympy import Integer, Max, Min, sign

from derivations.formulas.facts import is_nonnegative, is_positive

MOST_COMPARED = 6
"""Of how many numbers the largest is looked for."""


def without_bars(part):
    """Rewrite |x|, sign x, max or min without it where the signs are known.

    >>> from sympy import Abs
    >>> from derivations.letters import alpha, exp, i, n, z
    >>> without_bars(Abs(2 - n)), without_bars(Max(exp(z[i]), 0, alpha))
    (n - 2, Max(alpha, exp(z[i])))
    >>> without_bars(sign(n - 1)), without_bars(Abs(z[i]))
    (1, Abs(z[i]))
    """
    if isinstance(part, Max):
        return _largest(part.args)
    if isinstance(part, Min):
        return -_largest([-x for x in part.args])
    (inner,) = part.args
    if isinstance(part, sign):
        return Integer(is_positive(inner) - is_positive(-inner)) or part
    return next((y for y in (inner, -inner) if is_nonnegative(y)), part)


def _largest(args):
    """The maximum of those that no other one is known to reach; each meets each."""
    kept = list(args)
    for one in args if len(args) <= MOST_COMPARED else ():
        if any(x != one and is_nonnegative(x - one) for x in kept):
            kept.remove(one)
    return Max(*kept)
