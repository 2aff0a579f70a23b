"""The normal form of sums: two equal ones, however they are written, become the same.

Deltas are contracted under H2 (every index lies in its range), constants stand outside,
and sums are named by what they contain.  Products are multiplied out inside a sum only;
outside, the judge asks whether the difference cancels.
"""

from sympy import (
    Abs,
    Add,
    Derivative,
    Function,
    Indexed,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Pow,
    Sum,
    exp,
    log,
    nan,
    oo,
    sign,
    zoo,
)

from derivations.formulas.binding import instance, rebuilt
from derivations.formulas.caching import remembered
from derivations.formulas.indices import (
    Size,
    SumExcept,
    free_symbols,
    lies_in,
    size_of,
)
from derivations.judges.for_every_n.absolute import without_bars
from derivations.judges.for_every_n.denominators import (
    factors_meet,
    in_factors,
    partial_fractions,
)
from derivations.judges.for_every_n.known_sums import less_the_others
from derivations.judges.for_every_n.nested_sums import first_order, sum_of_product
from derivations.judges.for_every_n.powers import (
    expanded,
    log_of_product,
    power_of,
    powers_meet,
)
from derivations.judges.verdict import Undecidable

MOST_TERMS = 64
"""How many terms of a sum that is cut at a number are written out."""


def canonical(expr, facts=()):
    """`expr` with its sums in one form: expanded, deltas contracted, constants outside.

    `facts` are hypotheses; a sum that one of them names is replaced by its value, or
    by its value less the other sums that stand beside it.

    >>> from derivations.formulas.binding import readable
    >>> from derivations.letters import a, y, i, j, n, delta, H1
    >>> total = Sum(y[i]*(delta - a[j]), (i, 1, n))
    >>> readable(canonical(total))
    -a[j]*Sum(y[k], (k, 1, n)) + y[j]
    >>> readable(canonical(total, [H1]))
    -a[j] + y[j]
    """
    return by_hypotheses(instance(expr, {}), tuple(facts))


def by_hypotheses(expr, facts=()):
    """The same of an expression whose sums have letters of their own, as in `instance`.

    They may be those of a normal form: each is higher than the ones within its sum.

    >>> from derivations.letters import H1, i, k, n, y, z
    >>> by_hypotheses(normal_form(z[i] * Sum(y[k], (k, 1, n))), (H1,))
    z[i]
    """
    form = normal_form(expr, facts)
    known = less_the_others(form, facts)
    return form if known is form else normal_form(known)


@remembered
def normal_form(expr, facts=()):
    """An expression whose sums have letters of their own, with its sums in one form.

    Raises Undecidable for a derivative that was not carried out.

    >>> from derivations.letters import a, i, k, n, z
    >>> normal_form(log(a[i] * exp(2 * z[i])))
    log(a[i]) + 2*z[i]
    >>> normal_form(Sum(3 * a[i] * z[i], (k, 1, n)))
    3*n*a[i]*z[i]
    """
    if not expr.args or isinstance(expr, Indexed):
        return expr
    if isinstance(expr, SumExcept):
        return normal_form(sum_less_one_term(expr), facts)
    if isinstance(expr, Sum):
        return _sum(expr, facts)
    if isinstance(expr, Derivative):
        raise Undecidable(f"the derivative {expr} was not carried out")
    args = [normal_form(arg, facts) for arg in expr.args]
    # A product may be one that was left as written, and is evaluated here.
    result = rebuilt(expr, args) if isinstance(expr, Function) else expr.func(*args)
    if isinstance(result, log | Abs | Max | Min | sign):
        is_log = isinstance(result, log)
        return log_of_product(*result.args) if is_log else without_bars(result)
    if isinstance(result, Mul):
        result = factors_meet(result)
    if isinstance(expr, Pow) or isinstance(result, exp | Pow):
        return Mul(*map(power_of, Mul.make_args(result)))
    return result


@remembered
def apart(expr):
    """A normal form with the terms of each sum in partial fractions.

    This proves more, and reads worse: x/(1 + x) is 1 − 1/(1 + x).

    >>> from derivations.formulas.binding import readable
    >>> from derivations.letters import exp, k, n, y, z
    >>> readable(apart(normal_form(Sum(z[k] / (1 + z[k]), (k, 1, n)))))
    n - Sum(1/(z[k] + 1), (k, 1, n))
    """
    if not expr.has(Sum):
        return expr
    if not isinstance(expr, Sum):
        return rebuilt(expr, [apart(arg) for arg in expr.args])
    body = apart(expr.function)
    for index, _, _ in expr.limits:
        terms = partial_fractions(Add.make_args(expanded(body)), index)
        body = Add(*(_sum_of_term(term, index, ()) for term in terms))
    return body


def sum_less_one_term(total):
    """Σ over i ≠ j as the whole sum less its term at i = j.

    Holds where j lies in the range of the sum, or Undecidable is raised.

    >>> from derivations.letters import i, j, n, s, z
    >>> sum_less_one_term(SumExcept(z[i], (i, 1, n), j))
    -z[j] + Sum(z[i], (i, 1, n))
    >>> sum_less_one_term(SumExcept(z[i], (i, 1, n), s))
    Traceback (most recent call last):
    derivations.judges.verdict.Undecidable: s is not known to lie in 1..n
    """
    (index, _, high), body = total.limits[0], total.function
    if not lies_in(total.excluded, high):
        raise Undecidable(f"{total.excluded} is not known to lie in 1..{high}")
    return Sum(body, *total.limits) - body.xreplace({index: total.excluded})


def without_cuts(total, depth=0):
    """A sum that is cut at numbers by whole sums and terms; None where it is not cut.

    The sum from 3 is the whole one less two terms, where the size is at least 3.
    `depth` is the number of sums that it lies in.
    Raises Undecidable where there are too many terms.

    >>> from derivations.letters import k, n, z
    >>> without_cuts(Sum(z[k], (k, 2, 3)))
    z[2] + z[3]
    >>> without_cuts(Sum(z[k], (k, 2, n)))
    -z[1] + Sum(z[k], (k, 1, n))
    >>> without_cuts(Sum(z[k], (k, 3, n)))    # n may be 2
    """
    for place, (letter, low, high) in enumerate(total.limits):
        inner, outer = total.limits[:place], total.limits[place + 1 :]
        if not low.is_Integer or (low == 1 and not high.is_Integer):
            continue
        if not (high.is_Integer or lies_in(low, high)):
            continue
        last = high if high.is_Integer else low - 1
        numbers = range(low if high.is_Integer else 1, last + 1)
        if len(numbers) > MOST_TERMS:
            raise Undecidable(f"too large: {len(numbers)} terms of a sum to write out")
        body = Sum(total.function, *inner) if inner else total.function
        inside = depth + len(total.limits)
        terms = (instance(body, {letter: Integer(x)}, inside) for x in numbers)
        terms = Add(*(Sum(term, *outer) if outer else term for term in terms))
        if high.is_Integer:
            return terms
        return Sum(total.function, *inner, (letter, 1, high), *outer) - terms
    return None


def _sum(total, facts):
    """A sum from 1 to a size, term by term of its body multiplied out.

    Raises Undecidable for other limits.

    >>> from derivations.letters import k, n, y, z
    >>> from derivations.formulas.binding import readable
    >>> readable(_sum(Sum(z[k] * (y[k] + 2), (k, 1, n)), ()))
    Sum(y[k]*z[k], (k, 1, n)) + 2*Sum(z[k], (k, 1, n))
    >>> _sum(Sum(z[k], (k, 0, n)), ())    # doctest: +ELLIPSIS
    Traceback (most recent call last):
    derivations.judges.verdict.Undecidable: a sum from 0 to n does not run from 1 to ...
    """
    body = normal_form(total.function, facts)
    for index, low, high in total.limits:
        if low != 1 or not isinstance(high, Size):
            raise Undecidable(
                f"a sum from {low} to {high} does not run from 1 to a size"
            )
        terms = partial_fractions(Add.make_args(expanded(body)))
        body = Add(*(_sum_of_term(term, index, facts) for term in terms))
    return body


def _sum_of_term(term, index, facts):
    """The sum of one product over an index: what does not contain it stands outside.

    >>> from derivations.formulas.binding import readable
    >>> from derivations.letters import a, j, k, n, z
    >>> readable(_sum_of_term(a[j] * z[k], k, ()))
    a[j]*Sum(z[k], (k, 1, n))
    """
    # 1/(S² − S e^{z_k}) as 1/S times 1/(S − e^{z_k}), or S would stay inside the sum.
    parts = (in_factors(x) if x.has(index) else x for x in Mul.make_args(term))
    factors = powers_meet(Mul.make_args(Mul(*parts)))
    outside = Mul(*(x for x in factors if index not in free_symbols(x)))
    inside = [x for x in factors if index in free_symbols(x)]
    delta = next((x for x in inside if isinstance(x, KroneckerDelta)), None)
    if delta is not None:
        return outside * _contracted(inside, delta, index)
    hidden = _delta_within(inside, index)
    if hidden is not None:
        body = linear_in_delta(Mul(*inside), hidden)
        return outside * normal_form(Sum(body, (index, 1, size_of(index))), facts)
    if any(isinstance(x, Sum) for x in inside):
        return outside * first_order(tuple(inside), index, facts)
    return outside * sum_of_product(inside, index, facts)


def linear_in_delta(expr, delta):
    """f(δ) as f(0) + δ·(f(1) − f(0)), for δ is 0 or 1.

    Holds where f has a value at both, or Undecidable is raised.

    >>> from derivations.letters import c, exp, k, y, z
    >>> delta = KroneckerDelta(k, c)
    >>> linear_in_delta(exp(z[k] * delta), delta)
    (exp(z[k]) - 1)*KroneckerDelta(c, k) + 1
    >>> linear_in_delta(1 / delta, delta)    # doctest: +ELLIPSIS
    Traceback (most recent call last):
    derivations.judges.verdict.Undecidable: 1/KroneckerDelta(c, k) has no value at ...
    """
    at_0, at_1 = (expr.xreplace({delta: Integer(x)}) for x in (0, 1))
    if at_0.has(nan, zoo, oo, -oo) or at_1.has(nan, zoo, oo, -oo):
        raise Undecidable(f"{expr} has no value at 0 or 1")
    return at_0 + delta * (at_1 - at_0)


def _delta_within(factors, index):
    """A delta of the index that stands within a factor, such as exp(z·δ), or None."""
    within = (x for factor in factors for x in factor.atoms(KroneckerDelta))
    return min((x for x in within if x.has(index)), key=str, default=None)


def _contracted(factors, delta, index):
    """Σ_k δ_kj f(k) = f(j), for factors of which one is the delta.

    Holds where j lies in the range of k, or Undecidable is raised.

    >>> from derivations.letters import j, k, s, z
    >>> delta = KroneckerDelta(k, j)
    >>> _contracted([delta, z[k]], delta, k)
    z[j]
    >>> delta = KroneckerDelta(k, s)
    >>> _contracted([delta, z[k]], delta, k)    # doctest: +ELLIPSIS
    Traceback (most recent call last):
    derivations.judges.verdict.Undecidable: ... is not known to hit 1..n
    """
    other = next((arg for arg in delta.args if arg != index), None)
    if index not in delta.args or not lies_in(other, size_of(index)):
        raise Undecidable(f"{delta} is not known to hit 1..{size_of(index)}")
    return Mul(*(x for x in factors if x is not delta)).xreplace({index: other})
