"""Sums within each other, in one order: two writings of one sum become the same."""

from itertools import permutations

from sympy import Mul, Sum

from derivations.formulas.caching import remembered
from derivations.formulas.indices import Bound, free_symbols, size_of
from derivations.judges.for_every_n.known_sums import Total, named_sum
from derivations.judges.verdict import Undecidable

MOST_SUMS = 5
"""How many sums may lie within each other, where their order is looked for."""


def sum_of_product(factors, index, facts=()):
    """The sum over an index of factors that all contain it; of none, its size times 1.

    >>> from derivations.letters import k, y, z
    >>> sum_of_product([y[k], z[k]], k)
    Sum(y[level_0]*z[level_0], (level_0, 1, n))
    >>> sum_of_product([], k)
    n
    """
    return named_sum(Mul(*factors), index, facts) if factors else size_of(index)


@remembered
def first_order(factors, index, facts=()):
    """A sum of sums in the order, of all there are, that is first among them.

    The indices of Σ_k x_k Σ_l M_kl are taken out of the sums, and each is summed where
    its factors meet, in every order.  Finite sums may be taken in any order.

    >>> from derivations.formulas.binding import readable
    >>> from derivations.letters import W, X, d, k, n, q, s
    >>> readable(first_order((X[q, s], Sum(W[k, q], (k, 1, n))), q))
    Sum(W[k, q]*X[q, s], (q, 1, d), (k, 1, n))
    >>> readable(first_order((Sum(X[q, s] * W[k, q], (q, 1, d)),), k))
    Sum(W[k, q]*X[q, s], (q, 1, d), (k, 1, n))
    """
    indices, parts = [index], []
    waiting = list(factors)
    while waiting:
        part = waiting.pop()
        if not isinstance(part, Sum):
            parts.append(part)
            continue
        letters = {}
        for letter, _, size in part.limits:
            letters[letter] = _bound(len(indices), size)
            indices.append(letters[letter])
        waiting += Mul.make_args(part.function.xreplace(letters))
    if len(indices) > MOST_SUMS:
        raise Undecidable(f"too large: {len(indices)} nested sums")
    orders = {_in_order(parts, order, facts) for order in permutations(indices)}
    # One in which a sum of several is met comes first: in another it would be hidden.
    if len(orders) == 1:
        return orders.pop()
    return min(orders, key=lambda x: (-len(x.atoms(Total)), x.count_ops(), str(x)))


@remembered
def _bound(number, size):
    return Bound(f"order_{number}", size)


def _in_order(factors, order, facts):
    """Factors summed over each index of `order`, where those that contain it meet.

    >>> from derivations.formulas.binding import readable
    >>> from derivations.letters import k, l, y, z
    >>> readable(_in_order([y[k], z[l]], (k, l), ()))
    Sum(y[k], (k, 1, n))*Sum(z[k], (k, 1, n))
    """
    for index in order:
        inside = [x for x in factors if index in free_symbols(x)]
        factors = [x for x in factors if index not in free_symbols(x)]
        factors += Mul.make_args(sum_of_product(inside, index, facts))
    return Mul(*factors)
