"""Denominators in factors, so that a factor can leave a sum, or meet its equal."""

from sympy import Add, Dummy, Integer, Mul, Pow, Sum, default_sort_key

from derivations.judges.for_every_n.fractions import factors
from derivations.judges.for_every_n.powers import expanded


def in_factors(part):
    """A denominator 1/(f·g) as 1/f·1/g; what is no such part stays.

    >>> from derivations.letters import S, a, i
    >>> in_factors(1 / (S**2 - S * a[i]))
    1/(S*(S - a[i]))
    >>> in_factors(S**2 - S * a[i])
    S**2 - S*a[i]
    """
    if not (_is_below(part) and isinstance(part.base, Add)):
        return part
    return Mul(*(x ** (power * part.exp) for x, power in factors(part.base)))


def factors_meet(product):
    """The sums of a product in factors, where a power of a sum stands beside them.

    So 1 − a, as (S − e)/S, meets a power of S − e; multiplied out it would be lost.

    >>> from derivations.letters import S, a, alpha, i
    >>> factors_meet((1 - a[i] / S) * (S - a[i]) ** alpha)
    (S - a[i])*(S - a[i])**alpha/S
    >>> factors_meet((1 - a[i] / S) * a[i])    # there is no power of a sum
    (1 - a[i]/S)*a[i]
    """
    sums = [x for x in product.args if isinstance(x, Add)]
    powers = [x for x in product.args if isinstance(x, Pow) and x.base.is_Add]
    if not sums or all(x.exp.is_Integer and x.exp > 0 for x in powers):
        return product
    parts = [x**power for total in sums for x, power in factors(total)]
    return Mul(*parts, *(x for x in product.args if x not in sums))


def over_sums(terms):
    """Terms such as s/(s + t)², for sums s and t, as 1/(s + t) − t/(s + t)².

    So (s + t)/(s + t)² is 1/(s + t) though it was multiplied out.

    >>> from derivations.letters import Y, Z, k, n, s, y, z
    >>> first, second = Sum(Y[k, s], (k, 1, n)), Sum(Z[k, s], (k, 1, n))
    >>> whole = first + second
    >>> Add(*over_sums([first / whole, second / whole]))
    1
    >>> list(over_sums([z[k] / (z[k] + y[k])]))    # no sums
    [z[k]/(y[k] + z[k])]
    """
    for term in terms:
        new = _over_sum(term)
        if new is None:
            yield term
        else:
            yield from over_sums(Add.make_args(expanded(new)))


def _over_sum(term):
    """One step of `over_sums`: the first of the sums as the whole less the others.

    None where no power of a sum of sums stands below one of them.

    >>> from derivations.letters import Y, Z, k, n, s, z
    >>> first, second = Sum(Y[k, s], (k, 1, n)), Sum(Z[k, s], (k, 1, n))
    >>> _over_sum(first / (first + second)) == 1 - second / (first + second)
    True
    >>> _over_sum(first / (first + z[k]))    # the other is no sum
    """
    parts = Mul.make_args(term)
    if not any(_is_below(x) and len(x.base.atoms(Sum)) > 1 for x in parts):
        return None
    # Denominators in factors, for they are multiplied out too.
    parts = Mul.make_args(Mul(*map(in_factors, parts)))
    powers = dict(x.as_base_exp() for x in parts)
    for whole, power in powers.items():
        if not _is_sum_of_sums(whole) or not power.is_Integer or power > 0:
            continue
        first = min(whole.args, key=default_sort_key)
        above = powers.get(first, Integer(0))
        if above.is_Integer and above > 0:
            name = Dummy()
            quotient = expanded((name + first - whole) ** above * name**power)
            others = (x for x in parts if x.as_base_exp()[0] not in (first, whole))
            return Mul(*others, quotient.xreplace({name: whole}))
    return None


def _is_below(part):
    return isinstance(part, Pow) and part.exp.is_Integer and part.exp < 0


def _is_sum_of_sums(expr):
    return isinstance(expr, Add) and all(isinstance(x, Sum) for x in expr.args)
