"""Denominators in factors, so that a factor can leave a sum, or meet its equal."""

from collections import Counter
from itertools import combinations

from sympy import Add, Mul, Pow, Sum, default_sort_key

from derivations.formulas.facts import is_not_zero
from derivations.formulas.indices import free_symbols
from derivations.judges.for_every_n.fractions import factors
from derivations.judges.for_every_n.powers import expanded
from derivations.judges.for_every_n.unknowns import unknown_of


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
    """The sums of a product in factors, where a power of one of these stands beside.

    So 1 − a, as (S − e)/S, meets a power of S − e; multiplied out it would be lost.

    >>> from derivations.letters import S, a, alpha, i
    >>> factors_meet((1 - a[i] / S) * (S - a[i]) ** alpha)
    (S - a[i])*(S - a[i])**alpha/S
    >>> factors_meet((1 - a[i] / S) * a[i])    # there is no power of a sum
    (1 - a[i]/S)*a[i]
    >>> factors_meet((1 - a[i] / S) / (S + a[i]))    # there is another one
    (1 - a[i]/S)/(S + a[i])
    """
    sums = [x for x in product.args if isinstance(x, Add)]
    powers = [x for x in product.args if isinstance(x, Pow) and x.base.is_Add]
    if not sums or all(x.exp.is_Integer and x.exp > 0 for x in powers):
        return product
    bases = {sign * x.base for x in powers for sign in (1, -1)}
    parts = []
    for total in sums:
        found = factors(total)
        meets = any(x in bases for x, _ in found)
        parts += [x**power for x, power in found] if meets else [total]
    return Mul(*parts, *(x for x in product.args if x not in sums))


def partial_fractions(terms, index=None):
    """Terms p/q with a number above each denominator: x/(1 + x) is 1 − 1/(1 + x).

    Where two factors of q differ by what has no `index` and is not 0, they are taken
    apart; then p is divided by the leading term of what stands below.  That is the term
    that `index` stands in, of the highest degree; of a sum of sums, the first.
    Holds where no denominator is 0, and all of them stand there already.

    >>> from derivations.letters import S, Y, Z, k, n, s, y, z
    >>> list(partial_fractions([y[k] * z[k] / (1 + z[k])], k))
    [-y[k]/(z[k] + 1), y[k]]
    >>> list(partial_fractions([1 / (z[k] * (z[k] + S))], k))
    [-1/(S**2 + S*z[k]), 1/(S*z[k])]
    >>> list(partial_fractions([1 / (z[k] * (z[k] + y[s]))], k))    # y_s may be 0
    [1/((y[s] + z[k])*z[k])]
    >>> first, second = Sum(Y[k, s], (k, 1, n)), Sum(Z[k, s], (k, 1, n))
    >>> whole = first + second
    >>> Add(*partial_fractions([first / whole, second / whole]))
    1
    """
    for term in terms:
        new = _taken_apart(term, index) if _has_sum_below(term, index) else None
        if new is None:
            yield term
        else:
            yield from partial_fractions(Add.make_args(expanded(new)), index)


def _taken_apart(term, index):
    """One step of `partial_fractions`, or None where there is nothing to take apart.

    >>> from derivations.letters import k, y, z
    >>> _taken_apart(z[k] ** 3 / (2 * z[k] ** 2 + 1), k)
    z[k]/2 - z[k]/(2*(2*z[k]**2 + 1))
    >>> _taken_apart(z[k] / (z[k] ** 2 + 1), k)
    """
    # Denominators in factors, for they are multiplied out too.
    parts = Mul.make_args(Mul(*map(in_factors, Mul.make_args(term))))
    term, powers = Mul(*parts), _monomial(parts)
    below = [x for x, power in powers.items() if power <= -1]
    with_index = [x for x in below if index in free_symbols(x)]
    for first, second in combinations(with_index, 2):
        ratio = _leading(first, index)[0] / _leading(second, index)[0]
        gap = expanded(first - ratio * second)
        if ratio.is_Rational and index not in free_symbols(gap) and is_not_zero(gap):
            return (term * first - ratio * term * second) / gap
    sums = [x for x in with_index if isinstance(x, Add)]
    for whole in sums * (len(sums) == 1) + list(filter(_is_sum_of_sums, below)):
        number, first = _leading(whole, index)
        unknowns = _monomial(Mul.make_args(first))
        if all(powers[x] >= power for x, power in unknowns.items()):
            rest = term / first / number
            return rest * whole - expanded(rest * (whole - expanded(number * first)))
    return None


def _has_sum_below(term, index):
    """Whether what stands below has terms with the index, or several sums."""
    return any(
        _is_below(factor)
        and factor.base.is_Add
        and (len(factor.base.atoms(Sum)) > 1 or index in free_symbols(factor.base))
        for factor in Mul.make_args(term)
    )


def _leading(whole, index):
    """The term that a division is by, as a factor that is not 0 times unknowns.

    It is the same however the terms of `whole` are ordered.

    >>> from derivations.letters import S, exp, k, y, z
    >>> _leading(S - exp(z[k]), k), _leading(2 + S * z[k] + S * z[k] ** 2, k)
    ((-1, exp(z[k])), (S, z[k]**2))
    """
    numbers = Counter()
    for term in Add.make_args(whole):
        parts = Mul.make_args(term)
        unknown = Mul(*(x for x in parts if index in free_symbols(x)))
        numbers[unknown] += term / unknown
    if not any(index in free_symbols(x) for x in numbers):
        return min(Add.make_args(whole), key=default_sort_key).as_coeff_Mul()
    first = max(numbers, key=lambda x: (_degree(x), default_sort_key(x)))
    if is_not_zero(numbers[first]):
        return numbers[first], first
    return (numbers[first] * first).as_coeff_Mul()


def _degree(product):
    return sum(_monomial(Mul.make_args(product)).values())


def _monomial(parts):
    """The unknowns of a product, each with its power, numbers apart."""
    powers = Counter()
    for part in parts:
        if not part.is_Rational:
            unknown, power = unknown_of(part)
            powers[unknown] += power
    return powers


def _is_below(part):
    return isinstance(part, Pow) and part.exp.is_Integer and part.exp < 0


def _is_sum_of_sums(expr):
    return isinstance(expr, Add) and all(isinstance(x, Sum) for x in expr.args)
