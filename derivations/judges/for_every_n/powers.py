"""Powers, exponentials and logarithms in one form, for every value they may have.

A rule holds where its sides are defined, 0 included, or it is no rule: b^{x+1} is b^x·b
only where b is known not to be 0, and log(bc) is log b + log c where both are positive.
"""

from sympy import (
    Add,
    Dummy,
    E,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    Sum,
    cosh,
    exp,
    expand,
    expand_log,
    factorrat,
    log,
    sinh,
    tanh,
)

from derivations.formulas.caching import remembered
from derivations.formulas.counting import terms_of
from derivations.formulas.facts import is_nonnegative, is_not_zero, is_positive
from derivations.judges.for_every_n.fractions import factors
from derivations.judges.verdict import Undecidable

MOST_IN_PRIMES = 10**12
"""The largest number whose primes are looked for."""
MOST_EXPANDED = 1000
"""How many terms a product may have when SymPy multiplies it out."""


def log_of_product(product):
    """Rewrite log(a·b) as log a + log b where a is positive; b may have any sign.

    Holds wherever log(a·b) is defined: a > 0 and a·b > 0 leave b > 0.

    >>> from derivations.letters import a, i, j, z
    >>> log_of_product(a[i] ** 2 * z[j])    # a softmax output is positive
    2*log(a[i]) + log(z[j])
    >>> log_of_product(z[i] * z[j])    # logits may both be negative
    log(z[i]*z[j])
    """
    positive, rest = _positive_factors(product)
    logs = [power * expand_log(log(factor)) for factor, power in positive]
    return Add(*logs, log_of_power(rest))


def log_of_power(power):
    """Rewrite log(b^r) as r·log b for a number r that is no even one.

    Holds wherever log(b^r) is defined: an odd power is positive where its base is, and
    a root, or another power that is not whole, is real where its base is not negative.

    >>> from derivations.letters import i, z
    >>> log_of_power(1 / z[i]), log_of_power(1 / z[i] ** 2)    # z_i may be negative
    (-log(z[i]), log(z[i]**(-2)))
    """
    base, exponent = power.as_base_exp()
    if exponent == 1 or not exponent.is_Rational or exponent.is_even:
        return log(power)
    return exponent * log(base)


@remembered
def _positive_factors(expr):
    """The factors of `expr` that are not negative, with their powers, and its rest.

    `expr` is positive where the rest is, and no such factor is 0 there, so its log
    splits into both.  So do its powers: where a factor is 0, both forms are.

    >>> from derivations.letters import a, i, j, n, y, z
    >>> _positive_factors(a[i] ** 2 * z[j])
    ([(a[i], 2)], z[j])
    >>> _positive_factors(a[i] * z[j] + a[i])
    ([(a[i], 1)], z[j] + 1)
    >>> _positive_factors(-2 * a[i])    # nowhere positive: it stays whole
    ([], -2*a[i])
    """
    if isinstance(expr, Add):
        parts = [(x, Integer(power)) for x, power in factors(expr)]
    else:
        parts = [x.as_base_exp() for x in Mul.make_args(expr)]
        parts = [(exp(power), 1) if x == E else (x, power) for x, power in parts]
    positive, rest = [], Integer(1)
    for part, power in parts:
        if isinstance(part, Add) and not isinstance(expr, Add):
            inner, other = _positive_factors(part)
            positive += [(x, inner_power * power) for x, inner_power in inner]
            rest *= other**power
        elif is_nonnegative(part):
            positive.append((part, power))
        elif is_positive(-part) and power.is_Integer:
            positive.append((-part, power))
            rest *= (-1) ** power
        else:
            rest *= part**power
    nowhere_positive = rest.is_Rational and rest < 0
    return ([], expr) if nowhere_positive else (positive, rest)


def power_of(factor):
    """An exponential or a power as one of each base, with one term in each exponent.

    (a·b)^x is a^x·b^x where a is not negative; b may have any sign.

    >>> from derivations.letters import a, alpha, i, v, z
    >>> power_of((a[i] * v[i]) ** alpha)
    a[i]**alpha*v[i]**alpha
    >>> power_of((z[i] * v[i]) ** alpha)    # both may be negative
    (v[i]*z[i])**alpha
    >>> power_of(exp(2 * (z[i] + alpha)))
    exp(2*alpha)*exp(2*z[i])
    """
    if isinstance(factor, exp):
        return Mul(*map(_exponential, Add.make_args(expanded(factor.args[0]))))
    if not isinstance(factor, Pow) or factor.exp.is_Integer:
        return expanded(factor)
    base, exponent = factor.base, expanded(factor.exp)
    positive, rest = _positive_factors(base)
    if positive and positive != [(base, 1)]:
        powers = (_one_power(part, power * exponent) for part, power in positive)
        return Mul(*powers, _one_power(rest, exponent))
    return _one_power(base, exponent)


def _exponential(term):
    """e^{x log a} as a^x where a is positive, for then it meets the a of other terms.

    >>> from derivations.letters import a, alpha, i, z
    >>> _exponential(alpha * log(a[i]))
    a[i]**alpha
    >>> _exponential(alpha * log(z[i]))    # nothing is known of its sign
    exp(alpha*log(z[i]))
    """
    logs = [x for x in Mul.make_args(term) if isinstance(x, log)]
    if len(logs) == 1 and is_positive(logs[0].args[0]):
        return _one_power(logs[0].args[0], term / logs[0])
    return exp(term)


def _one_power(base, exponent):
    """b^{x+y} as b^x·b^y where b is not 0, or neither x nor y is negative.

    0^(x + 2) is not 0^x times 0^2, for x may be −1.  A positive rational b is written
    by its primes, and (−b)^x as (−1)^x·b^x where x is a whole number.

    >>> from derivations.letters import a, alpha, i, n, v
    >>> _one_power(a[i], alpha + 2)
    a[i]**2*a[i]**alpha
    >>> _one_power(v[i], alpha + 2)    # v_i may be 0
    v[i]**(alpha + 2)
    >>> _one_power(v[i], n + 2)    # n is no negative number
    v[i]**2*v[i]**n
    >>> _one_power(-v[i], 2 * n), _one_power(-v[i], alpha)
    (v[i]**(2*n), (-v[i])**alpha)
    >>> _one_power(Integer(8), alpha)
    2**(3*alpha)
    """
    if isinstance(base, exp):
        return power_of(exp(expanded(base.args[0] * exponent)))
    if base == 1:
        return base
    if base.is_Rational and base > 0 and not exponent.is_Rational:
        is_large = max(base.p, base.q) > MOST_IN_PRIMES
        primes = {base: 1} if is_large else factorrat(base)
        if primes != {base: 1}:
            powers = (_one_power(Integer(x), exponent * p) for x, p in primes.items())
            return Mul(*powers)
    if exponent.is_integer and base.could_extract_minus_sign():
        return (-1) ** exponent * _one_power(-base, exponent)
    terms = Add.make_args(expanded(exponent))
    is_product = len(terms) > 1 and (
        is_not_zero(base) or all(map(is_nonnegative, terms))
    )
    return Mul(*(expanded(base**x) for x in terms)) if is_product else base**exponent


def powers_meet(factors):
    """Factors b^x and b^r as b^{x+r} for a number r: z^n·z is z^{n+1}.

    Where both are defined, at b = 0 too, so is b^{x+r}, and it is their product.

    >>> from derivations.letters import alpha, i, n, y, z
    >>> powers_meet([z[i] ** n, y[i], z[i]]), powers_meet([z[i] ** n, 1 / z[i]])
    ([z[i]**(n + 1), y[i]], [z[i]**(n - 1)])
    >>> powers_meet([(1 - z[i]) ** n, 1 / (z[i] - 1)])    # the last is -1/(1 - z_i)
    [(1 - z[i])**(n - 1), -1]
    >>> powers_meet([z[i] ** 2, y[i]])    # there is no power x
    [z[i]**2, y[i]]
    """
    one = Integer(1)
    pairs = [(x, one) if isinstance(x, exp) else x.as_base_exp() for x in factors]
    bases = {base for base, power in pairs if not power.is_Rational}
    exponents = {}
    for base, power in pairs:
        is_other_sign = base.is_Add and power.is_Integer and -base in bases
        exponents.setdefault(-base if is_other_sign else base, []).append(power)
        if is_other_sign:
            exponents.setdefault(-one, []).append(power)
    if not bases or max(map(len, exponents.values())) == 1:
        return factors
    kept = []
    for base, powers in exponents.items():
        meet = len(powers) > 1 and not is_not_zero(base)
        kept += [base**power for power in ([Add(*powers)] if meet else powers)]
    return kept


def by_exponentials(expr):
    """tanh, cosh and sinh written by e^x.

    >>> from derivations.letters import i, z
    >>> by_exponentials(sinh(z[i]))
    exp(z[i])/2 - exp(-z[i])/2
    """
    hyperbolic = (tanh, cosh, sinh)
    return expr.rewrite(hyperbolic, exp) if expr.has(*hyperbolic) else expr


def expanded(expr):
    """`expr` multiplied out; Undecidable where that is too large.

    A sum in its normal form stays as it is, and so does the exponential of one.

    >>> from derivations.letters import a, i, k, n, z
    >>> expanded(a[i] * (z[i] + Sum(z[k], (k, 1, n))))
    a[i]*z[i] + a[i]*Sum(z[k], (k, 1, n))
    """
    if not _can_be_expanded(expr):
        return expr
    if terms_of(expr) > MOST_EXPANDED:
        raise Undecidable(
            f"too large: about {terms_of(expr)} terms when multiplied out"
        )
    names = {total: _name_of(total) for total in expr.atoms(Sum)}
    written = expand(expr.xreplace(names), **_HINTS)
    return written.xreplace({name: total for total, name in names.items()})


_HINTS = {"basic": False, "log": False, "power_base": False, "power_exp": False}
"""Powers and logarithms have rules of their own, which know more signs."""


def _can_be_expanded(expr):
    """Whether `expand` may change `expr`, which takes long to leave it as it is.

    >>> from derivations.letters import S, a, alpha, i, z
    >>> _can_be_expanded(a[i] * (z[i] + 1)), _can_be_expanded((2 * alpha) ** z[i])
    (True, True)
    >>> _can_be_expanded(a[i] ** 2 * exp(z[i] + alpha) / (S + a[i]))
    False
    """
    if not expr.args or isinstance(expr, Indexed | Sum | KroneckerDelta):
        return False
    if isinstance(expr, Mul) and any(isinstance(x, Add) for x in expr.args):
        return True
    if isinstance(expr, Pow):
        entry = not expr.base.args or isinstance(expr.base, Indexed | Sum)
        if not entry and not (isinstance(expr.base, Add) and expr.exp == -1):
            return True
    elif not isinstance(expr, Add | Mul | exp):
        return True
    return any(map(_can_be_expanded, expr.args))


@remembered
def _name_of(total):
    return Dummy(real=True)
