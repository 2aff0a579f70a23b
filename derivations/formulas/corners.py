"""What is linear in entries of bounded ranges, and several sums as one."""

from functools import reduce
from itertools import product
from operator import or_

from sympy import (
    Add,
    Dummy,
    Indexed,
    Integer,
    Mul,
    Poly,
    Sum,
    Symbol,
    expand,
    expand_mul,
    factor,
    oo,
)

from derivations.formulas.indices import Bound, free_symbols, lies_in
from derivations.formulas.ranges import POSITIVE, SHARE, range_of
from derivations.formulas.told import are_apart, told

MOST_ENTRIES = 4
"""How many entries may be at an end of their range, where all of them are tried."""


def at_corners(expr):
    """`expr` where each entry of a bounded range is at an end of it; [] if it may dip.

    What is linear in each entry, or has a square of it with a minus, is least at one of
    these.  Entries that are at least 0 and add up to a total, at indices that differ,
    have a corner where all are 0, and one for each of them where it is the total.

    >>> from derivations.formulas.ranges import from_to
    >>> from derivations.formulas.told import told, told_apart
    >>> from derivations.letters import a, i, j, y
    >>> share = told(y, from_to(0, 1))
    >>> at_corners(share[i] + a[i] - share[i] * a[i])
    [a[i], 1]
    >>> at_corners(share[i] ** 2 - share[i]), at_corners(share[i] - share[i] ** 2)
    ([], [0, 0])
    >>> letters = told_apart([(i, j)])
    >>> share = told(y, from_to(0, 1), total=1)
    >>> at_corners((1 - share[i] - share[j]).xreplace(letters))
    [1, 0, 0]
    """
    entries = sorted(filter(_is_bounded, expr.atoms(Indexed)), key=str)
    free = free_symbols(expr)
    entries = [x for x in entries if all(e.is_Integer or e in free for e in x.indices)]
    if not 0 < len(entries) <= MOST_ENTRIES:
        return []
    names = {entry: Dummy() for entry in entries}
    groups = _side_by_side(entries)
    expr = expand(expr.xreplace(names))
    if not expr.is_polynomial(*names.values()):
        return []
    for group in groups:
        for powers, number in Poly(expr, *(names[x] for x in group)).terms():
            is_concave = powers == (2,) and number.is_nonpositive
            if sum(powers) > 1 and not is_concave:
                return []
    corners = product(*map(_ends, groups))
    return [
        expr.xreplace({names[x]: end for x, end in reduce(or_, corner).items()})
        for corner in corners
    ]


def less_a_product(expr):
    """c − p, with what stands beside the number as a product, where it is one.

    >>> from derivations.formulas.ranges import from_to
    >>> from derivations.letters import i, j, y
    >>> share = told(y, from_to(0, 1))
    >>> less_a_product(expand(1 - (share[i] - share[j]) ** 2))
    1 - (y[i] - y[j])**2
    """
    number, rest = expr.as_coeff_Add()
    if number == 0 or not any(map(_is_bounded, rest.atoms(Indexed))):
        return expr
    return Add(number, factor(rest))


def _is_bounded(entry):
    """Whether an entry lies in a bounded range with an end; one without has odds."""
    between = getattr(entry.base.label, "range", None)
    is_finite = between is not None and -between.low != oo != between.high
    return is_finite and not between.is_open


def _side_by_side(entries):
    """Entries in groups: those that share a total, at indices that differ."""
    groups = []
    for entry in entries:
        for group in groups:
            if getattr(entry.base.label, "total", None) is not None and all(
                other.base == entry.base
                and other.indices[1:] == entry.indices[1:]
                and are_apart(other.indices[0], entry.indices[0])
                for other in group
            ):
                group.append(entry)
                break
        else:
            groups.append([entry])
    return groups


def _ends(group):
    label = group[0].base.label
    if len(group) == 1:
        return [{group[0]: label.range.low}, {group[0]: label.range.high}]
    nothing = dict.fromkeys(group, Integer(0))
    return [nothing, *(nothing | {one: label.total} for one in group)]


def as_one_sum(expr):
    """Σ f + c·Σ g + n·d as one sum, Σ (f + c·g + d); None for others.

    >>> from derivations.letters import a, alpha, k, n, y
    >>> total = Sum(y[k], (k, 1, n)) + alpha * Sum(a[k] * y[k], (k, 1, n)) + n
    >>> as_one_sum(total)
    Sum(alpha*a[term]*y[term] + y[term] + 1, (term, 1, n))
    >>> as_one_sum(total + 1)

    Where entries are known to add up to a total, 1 is their sum over this.

    >>> from derivations.formulas.ranges import from_to
    >>> from derivations.formulas.told import told
    >>> share = told(y, from_to(0, 1), total=1)
    >>> as_one_sum(1 - Sum(a[k] * share[k], (k, 1, n)))
    Sum(-a[term]*y[term] + y[term], (term, 1, n))
    """
    sizes = {x.limits[0][2] for x in expr.atoms(Sum) if len(x.limits) == 1}
    for size in sorted((x for x in sizes if hasattr(x, "least")), key=str):
        depth = sum(x.name.startswith("term") for x in free_symbols(expr))
        index = Bound("term" + "_" * depth, size)
        written = Add.make_args(expand_mul(expr))
        terms = [_term_of_sum(term, index) for term in written]
        share = _share(expr, index)
        if share is not None and any(terms):  # a sum less, or there is no end
            pairs = zip(terms, written, strict=True)
            terms = [x * share if term is None else term for term, x in pairs]
        if None not in terms:
            return Sum(Add(*terms), (index, 1, size))
    return None


def without_weight(total):
    """f of Σ_k y_k·f, which has the sign of f; None for others.

    So it is where the y_k are at least 0 and known to add up to more than 0.

    >>> from derivations.formulas.ranges import from_to
    >>> from derivations.formulas.told import told
    >>> from derivations.letters import a, k, n, y
    >>> weight = told(y, from_to(0, 1), total=1)
    >>> without_weight(Sum(weight[k] * (1 - a[k]), (k, 1, n)))
    1 - a[k]
    >>> without_weight(Sum(y[k] * (1 - a[k]), (k, 1, n)))    # all y_k may be 0
    """
    (index, *bounds), *others = total.limits
    factors = Mul.make_args(factor(total.function))
    for entry in factors if bounds == [1, index.size] and not others else ():
        label = entry.base.label if isinstance(entry, Indexed) else None
        is_weight = (getattr(label, "total", None) or 0) > 0
        if is_weight and label.range.is_nonnegative and entry.indices[0] == index:
            return None if index in entry.indices[1:] else Mul(*factors) / entry
    return None


def in_shares(expr):
    """`expr` with f(i) as its share of Σ f, which is between 0 and 1; None for others.

    Holds for a positive f and an i in the range of a sum of two terms or more.

    >>> from derivations.letters import exp, i, j, k, n, z
    >>> total = Sum(exp(z[k]), (k, 1, n))
    >>> in_shares(1 - exp(2 * z[i]) * exp(z[j]) / total**3)
    -exp(z[i])**2*exp(z[j]) + 1
    >>> in_shares(1 - exp(2 * z[i]))
    >>> in_shares(Sum(2, (k, 1, n)) - 2)
    """
    numbers = (x for entry in expr.atoms(Indexed) for x in entry.indices)
    letters = free_symbols(expr).union(x for x in numbers if x.is_Integer)
    totals, names = {}, {}
    for total in expr.atoms(Sum):
        (index, low, high), *others = total.limits
        is_known = low == 1 and not others and getattr(high, "least", 1) > 1
        is_known = is_known and index in free_symbols(total.function)
        if is_known and range_of(total.function).is_positive:
            totals[total] = told(Symbol(str(total)), POSITIVE)
            for letter in letters:
                own = total.function.xreplace({index: letter})
                if lies_in(letter, high) and not own.is_Add:  # SymPy finds parts of one
                    names[own] = totals[total] * told(Symbol(str(own)), SHARE)
    written = expr.subs(names)
    return None if written == expr else written.xreplace(totals)


def _share(expr, index):
    """An entry over the known total of all entries, or None; over the index they run.

    An entry of several indices is looked for in the sums of `expr`.
    """
    for total in sorted(expr.atoms(Sum), key=str):
        letter, low, high = total.limits[0]
        for entry in sorted(total.function.atoms(Indexed), key=str):
            known = getattr(entry.base.label, "total", None)
            is_first = entry.indices[0] == letter and letter not in entry.indices[1:]
            if known and is_first and (low, high) == (1, index.size):
                share = entry.xreplace({letter: index}) / known
                if free_symbols(share) <= free_symbols(expr) | {index}:
                    return share
    return None


def _term_of_sum(term, index):
    factors = Mul.make_args(term)
    for place, part in enumerate(factors):
        rest = Mul(*factors[:place], *factors[place + 1 :])
        if part == index.size:
            return rest
        limits = part.limits if isinstance(part, Sum) else ()
        if len(limits) == 1 and limits[0][1:] == (1, index.size):
            return rest * part.function.xreplace({limits[0][0]: index})
        base, power = part.as_base_exp()
        if isinstance(base, Sum) and power.is_Integer and power > 1:
            inner = _term_of_sum(base, index)
            return None if inner is None else rest * base ** (power - 1) * inner
    return None
