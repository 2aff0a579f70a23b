"""Where a formula is defined: what SymPy evaluates is defined at more points.

exp(log(x)) is x to SymPy, and so is sqrt(x)**2: what was written has no value where x
is negative, and x has one.  Such a formula stays as it is written.
"""

from collections.abc import Callable

from sympy import Expr, Pow, log

from derivations.formulas.facts import is_nonnegative, is_positive


def as_defined(function: Callable[..., Expr], *args: Expr) -> Expr:
    """function(*args), evaluated where this is defined at no further points.

    >>> from sympy import Add, Integer, exp, sqrt
    >>> from derivations.letters import a, i, z
    >>> as_defined(exp, log(z[i])), as_defined(exp, log(a[i]))    # a softmax output
    (exp(log(z[i])), a[i])
    >>> as_defined(Pow, sqrt(z[i]), Integer(2)), as_defined(sqrt, z[i] ** 2)
    ((sqrt(z[i]))**2, Abs(z[i]))
    >>> as_defined(Add, log(z[i]), -log(z[i]))
    -log(z[i]) + log(z[i])
    """
    value = function(*args)
    kept = _conditions(value)
    is_lost = any(x not in kept for arg in args for x in _conditions(arg))
    return function(*args, evaluate=False) if is_lost else value


def _conditions(expr):
    """What has to be positive, or 0 or more, for logarithms and powers to be defined.

    Each with whether it is positive; what is positive is also 0 or more.
    """
    logs, powers = expr.atoms(log), expr.atoms(Pow)
    positive = {x.args[0] for x in logs if not is_positive(x.args[0])}
    roots = {x.base for x in powers if not x.exp.is_integer}
    roots = {x for x in roots if not is_nonnegative(x)} | positive
    return {(x, True) for x in positive} | {(x, False) for x in roots}
