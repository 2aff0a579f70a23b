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

from derivations.formulas.binding import rebuilt
from derivations.formulas.memory import remembered
from derivations.formulas.signs import is_not_zero, is_positive
from derivations.judges.for_every_n.fractions import factors, terms_of
from derivations.judges.verdict import Undecidable


def log_of(x):
    """log(x) as the sum of the logarithms of its factors that are positive."""
    parts, rest = _positive_factors(x)
    logs = [power * expand_log(log(part)) for part, power in parts]
    return Add(*logs, log(rest))


@remembered
def _positive_factors(x):
    """The factors of x that are positive, with their powers, and the rest of x.

    x is positive where the rest is, so log x and x^p split into both.
    """
    if not isinstance(x, Add):
        parts = [y.as_base_exp() for y in Mul.make_args(x)]
        parts = [(exp(p), 1) if b == E else (b, p) for b, p in parts]
    else:
        parts = [(part, Integer(power)) for part, power in factors(x) if part != 1]
    found, rest = [], Integer(1)
    for part, power in parts:
        if isinstance(part, Add) and part != x and not isinstance(x, Add):
            inner, other = _positive_factors(part)
            found += [(y, p * power) for y, p in inner]
            rest *= other**power
        elif is_positive(part):
            found.append((part, power))
        elif is_positive(-part) and power.is_Integer:
            found.append((-part, power))
            rest *= (-1) ** power
        else:
            rest *= part**power
    return ([], x) if rest.is_Rational and rest < 0 else (found, rest)


def power_of(factor):
    if isinstance(factor, exp):
        return Mul(*map(_exp, Add.make_args(expanded(factor.args[0]))))
    if not isinstance(factor, Pow) or factor.exp.is_Integer:
        return expanded(factor)
    base, exponent = factor.base, expanded(factor.exp)
    parts, rest = _positive_factors(base)
    if parts and parts != [(base, 1)]:
        powers = [_one_power(part, power * exponent) for part, power in parts]
        return Mul(*powers, _one_power(rest, exponent))
    return _one_power(base, exponent)


def _exp(term):
    # e^{κ log a} as a^κ, for then it meets the a of other terms.
    logs = [x for x in Mul.make_args(term) if isinstance(x, log)]
    if len(logs) == 1 and is_positive(logs[0].args[0]):
        return _one_power(logs[0].args[0], term / logs[0])
    return exp(term)


def _one_power(base, exponent):
    """base**exponent as one power for each term of the exponent.

    0^(x + 2) is not 0^x times 0^2 (x may be −1), so the base is one that is not 0.
    """
    if isinstance(base, exp):
        return power_of(exp(expanded(base.args[0] * exponent)))
    if base == 1:
        return base
    if base.is_Rational and base > 0 and not exponent.is_Rational:
        primes = factorrat(base)
        if primes != {base: 1}:
            parts = (_one_power(Integer(x), exponent * p) for x, p in primes.items())
            return Mul(*parts)
    terms = Add.make_args(expanded(exponent))
    if len(terms) == 1 or not is_not_zero(base):
        return base**exponent
    return Mul(*(expanded(base**term) for term in terms))


MOST_EXPANDED = 4000
"""How many terms a product may have when SymPy multiplies it out."""


def expanded(expr):
    """`expr` multiplied out; Undecidable where that is too large."""
    # With power_exp SymPy makes a Product of the exponential of a sum.
    if terms_of(expr) > MOST_EXPANDED:
        raise Undecidable(
            f"too large: about {terms_of(expr)} terms when multiplied out"
        )
    sums = expr.atoms(Sum)  # each in its form already, which SymPy would undo
    if not sums:
        return expand(expr, power_exp=False)
    names = {x: _name_of(x) for x in sums}
    written = expand(expr.xreplace(names), power_exp=False)
    return written.xreplace({name: x for x, name in names.items()})


@remembered
def _name_of(total):
    return Dummy(positive=True) if is_positive(total) else Dummy(real=True)


def in_factors(part):
    """1/(S² − S e^{z_k}) as 1/S times 1/(S − e^{z_k}); what is no such part stays."""
    if not (_is_below(part) and isinstance(part.base, Add)):
        return part
    return Mul(*(x ** (power * part.exp) for x, power in factors(part.base)))


def over_sums(terms):
    """Terms such as s/(s + t)², for sums s and t, as 1/(s + t) − t/(s + t)².

    So (s + t)/(s + t)² is 1/(s + t) though it was multiplied out.
    """
    for term in terms:
        new = _over_sum(term)
        if new is None:
            yield term
        else:
            yield from over_sums(Add.make_args(expanded(new)))


def _over_sum(term):
    parts = Mul.make_args(term)
    if not any(_is_below(x) and len(x.base.atoms(Sum)) > 1 for x in parts):
        return None
    # Denominators in factors, for they are multiplied out too.
    parts = Mul.make_args(Mul(*map(in_factors, parts)))
    powers = dict(x.as_base_exp() for x in parts)
    for whole, power in powers.items():
        if not _is_sum_of_sums(whole) or not power.is_Integer or power > 0:
            continue
        first = min(whole.args, key=str)
        above = powers.get(first, Integer(0))
        if above.is_Integer and above > 0:
            name = Dummy()
            found = expanded((name + first - whole) ** above * name**power)
            others = (x for x in parts if x.as_base_exp()[0] not in (first, whole))
            return Mul(*others, found.xreplace({name: whole}))
    return None


def _is_below(part):
    return isinstance(part, Pow) and part.exp.is_Integer and part.exp < 0


def _is_sum_of_sums(expr):
    return isinstance(expr, Add) and all(isinstance(x, Sum) for x in expr.args)


def by_exponentials(expr):
    """`expr` with tanh, cosh and sinh written by e^x."""
    if not expr.args or isinstance(expr, Indexed):
        return expr
    args = [by_exponentials(arg) for arg in expr.args]
    if isinstance(expr, HYPERBOLIC):
        return _BY_EXPONENTIALS[expr.func](exp(args[0]))
    return rebuilt(expr, args)


_BY_EXPONENTIALS = {
    tanh: lambda e: (e**2 - 1) / (e**2 + 1),
    cosh: lambda e: (e + 1 / e) / 2,
    sinh: lambda e: (e - 1 / e) / 2,
}
HYPERBOLIC = tuple(_BY_EXPONENTIALS)
