"""Where a formula is defined: SymPy's evaluation may extend its domain.

exp(log(x)) is x to SymPy, and so is sqrt(x)**2: what was written has no value where x
is negative, and x has one.  x/x is 1, and has no value at 0.  Such a formula stays as
it is written.
"""

from collections.abc import Callable

from sympy import Abs, Expr, Integer, Mul, Pow, factor, log

from derivations.formulas.caching import remembered
from derivations.formulas.counting import MOST_IN_FACTS, length
from derivations.formulas.facts import is_nonnegative, is_not_zero, is_positive


def as_defined(function: Callable[..., Expr], *args: Expr) -> Expr:
    """function(*args), evaluated where this is defined at no further points.

    >>> from sympy import Add, Integer, Mul, exp, sqrt
    >>> from derivations.letters import a, i, j, z
    >>> as_defined(exp, log(z[i])), as_defined(exp, log(a[i]))    # a softmax output
    (exp(log(z[i])), a[i])
    >>> as_defined(Pow, sqrt(z[i]), Integer(2)), as_defined(sqrt, z[i] ** 2)
    ((sqrt(z[i]))**2, Abs(z[i]))
    >>> as_defined(Add, log(z[i]), -log(z[i]))
    -log(z[i]) + log(z[i])
    >>> as_defined(Mul, z[i], 1 / z[i]), as_defined(Mul, a[i], z[j] / a[i])
    (z[i]/z[i], z[j])
    """
    value = function(*args)
    lost = set().union(*map(_conditions, args)) - _conditions(value)
    is_lost = any(not is_so(x) for is_so, x in lost)
    return function(*args, evaluate=False) if is_lost else value


@remembered
def _conditions(expr):
    """What has to be positive, 0 or more, or not 0 for `expr` to be defined.

    Each with the fact that says so; what is positive is also the others.
    """
    powers = expr.atoms(Pow)
    below = (y for x in powers if not x.exp.is_nonnegative for y in _factors(x.base))
    positive = {x.args[0] for x in expr.atoms(log)}
    not_0 = {*below} | positive
    roots = {x.base for x in powers if not x.exp.is_integer} | positive
    facts = (is_positive, positive), (is_nonnegative, roots), (is_not_zero, not_0)
    return frozenset((is_so, x) for is_so, those in facts for x in those)


def top_and_bottom(product: Expr) -> tuple[Expr, Expr]:
    """What a product divides, and what it divides by: powers of negative numbers.

    SymPy's fraction(…, exact=True), which tries to simplify each other exponent.

    >>> from derivations.letters import a, i, exp, y
    >>> top_and_bottom(y[i] * exp(-a[i]) / (2 * a[i] ** 3))
    (exp(-a[i])*y[i], 2*a[i]**3)
    """
    above, below = [], []
    for part in Mul.make_args(product):
        base, power = part.as_base_exp()
        if part.is_Rational:
            above.append(Integer(part.p))
            below.append(Integer(part.q))
        elif power.is_number and power.is_negative:
            below.append(Pow(base, -power))
        else:
            above.append(part)
    above, below = ([x for x in side if x != 1] for side in (above, below))
    return Mul(*above, evaluate=False), Mul(*below, evaluate=False)


@remembered
def divisors(expr: Expr) -> set[Expr]:
    """What `expr` divides by, in factors; it has no value where one is 0.

    >>> from derivations.letters import a, i, n, z
    >>> sorted(divisors(a[i] / (z[i] ** 2 - z[i])), key=str), divisors(z[i] ** (n - 1))
    ([z[i], z[i] - 1], set())
    """
    below = (x.base for x in expr.atoms(Pow) if not is_nonnegative(x.exp))
    return {
        part
        for base in below
        for part in _factors(base if length(base) > MOST_IN_FACTS else factor(base))
    }


def _factors(expr):
    """What is 0 where `expr` is: the factors of a product, the base of a power.

    >>> from derivations.letters import i, j, y, z
    >>> sorted(_factors(-2 * z[i] ** 2 * Abs(y[j])), key=str)
    [-2, y[j], z[i]]
    """
    if isinstance(expr, Mul):
        return {y for x in expr.args for y in _factors(x)}
    return _factors(expr.args[0]) if isinstance(expr, Abs | Pow) else {expr}
