"""Unknowns of rational functions: powers of one base share one, roots are related."""

from sympy import Add, Function, Integer, Mul, Pow, cos, exp, ilcm, sin

from derivations.formulas.facts import is_nonnegative

ROOT = Function("root")
"""root(b, x) is an unknown; its powers stand for b^{x/2}, b^{x/3}, …."""


def unknown_of(expr):
    """An unknown and its power: e^{2x} is the square of e^x.

    b^{r·x} is (b^x)^r, for a number r, where b is not negative or r is an integer.
    Elsewhere it is a power of an unknown of its own, which knows b and x.

    >>> from derivations.letters import a, alpha, i, z
    >>> unknown_of(exp(2 * z[i])), unknown_of(a[i] ** (alpha / 2)), unknown_of(z[i])
    ((exp(z[i]), 2), (a[i]**alpha, 1/2), (z[i], 1))
    >>> unknown_of(z[i] ** (2 * alpha)), unknown_of(z[i] ** (alpha / 2))
    ((z[i]**alpha, 2), (root(z[i], alpha), 1/2))
    >>> unknown_of((z[i] ** alpha) ** (Integer(1) / 2))
    (root(z[i]**alpha, 1), 1/2)
    """
    if isinstance(expr, exp):
        power, rest = expr.args[0].as_coeff_Mul()
        return exp(rest), power
    if isinstance(expr, Pow):
        power, rest = expr.exp.as_coeff_Mul()
        is_plain_root = rest == 1 and not isinstance(expr.base, Pow)
        if power.is_Integer or is_plain_root or is_nonnegative(expr.base):
            return Pow(expr.base, rest), power
        return ROOT(expr.base, rest), power
    return expr, Integer(1)


def power_of(unknown, power):
    """An unknown to a power, as one exponential or one power.

    >>> from sympy.abc import x, y
    >>> power_of(exp(x), Integer(1) / 2), power_of(x**y, 2)
    (exp(x/2), x**(2*y))
    """
    if isinstance(unknown, exp):
        return exp(power * unknown.args[0])
    if isinstance(unknown, Pow | ROOT):
        base, exponent = unknown.args
        return Pow(base, power * exponent)
    return unknown**power


def roots_in(expr, roots=None):
    """The unknowns of `expr`, each with the root of it that is needed.

    >>> from sympy import sqrt
    >>> from sympy.abc import x, y
    >>> roots_in(sqrt(x) + x * exp(2 * y))
    {x: 2, exp(y): 1}
    """
    roots = {} if roots is None else roots
    if isinstance(expr, Add | Mul):
        for arg in expr.args:
            roots_in(arg, roots)
    elif isinstance(expr, Pow) and expr.exp.is_Integer:
        roots_in(expr.base, roots)
    elif not expr.is_Rational:
        unknown, power = unknown_of(expr)
        roots[unknown] = ilcm(roots.get(unknown, 1), power.q)
    return roots


def relation_of(unknown):
    """What the unknown is (a root), or its square (a sine); None for a free one.

    >>> from sympy.abc import x
    >>> relation_of(sin(x)), relation_of(1 + x), relation_of(x)
    (1 - cos(x)**2, x + 1, None)
    """
    if isinstance(unknown, sin):
        return 1 - cos(*unknown.args) ** 2
    if isinstance(unknown, ROOT):
        return Pow(*unknown.args)
    if isinstance(unknown, Add | Mul | Pow) and not _is_free(unknown):
        return unknown
    return unknown if unknown.is_Rational else None


def _is_free(unknown):
    return isinstance(unknown, Pow) and not unknown.exp.is_Integer
