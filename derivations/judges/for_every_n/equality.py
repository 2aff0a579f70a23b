"""The judge for every n: are both sides of a claim equal, whatever n and its symbols.

Both sides are brought to one normal form; the claim is proved where their difference,
as a rational function of its unknowns, cancels.
"""

from dataclasses import replace

from sympy import (
    Abs,
    Function,
    Indexed,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Ne,
    Piecewise,
    Pow,
    Product,
    Sum,
    preorder_traversal,
    sign,
)

from derivations.formulas.binding import readable
from derivations.formulas.caching import remembered
from derivations.formulas.facts import is_nonnegative, is_not_zero
from derivations.formulas.indices import Size, free_symbols, size_of
from derivations.formulas.numbered import of_sizes_with_all_numbers
from derivations.formulas.told import told_apart
from derivations.judges.for_every_n.derivatives import Unfolding
from derivations.judges.for_every_n.fractions import factors, is_zero
from derivations.judges.for_every_n.known_sums import with_known_ranges
from derivations.judges.for_every_n.shares import share_of
from derivations.judges.for_every_n.sums import apart, by_hypotheses, normal_form
from derivations.judges.verdict import Undecidable
from derivations.letters import USUAL_ENTRIES

MOST_DELTAS = 6
"""How many deltas are decided case by case: those of four letters."""
UNCOVERED = (Abs, Max, Min, Piecewise, Product, sign)


def is_proved_for_every_n(claim):
    """Whether both sides are equal for every n and every value of their symbols.

    True is a proof: sums, logarithms and undefined functions are treated as unknowns,
    and a rational function of unknowns is 0 only where it cancels.  False means "not
    proved".  A Kronecker delta of two free indices is decided case by case.  Where the
    claim has numbers, every n is every one that has classes with these numbers.
    Raises Undecidable when the normal form does not cover a part of the claim.

    >>> from derivations.letters import a, delta, i, j
    >>> from derivations.formulas.claims import Claim
    >>> is_proved_for_every_n(Claim(delta * a[i], delta * a[j]))
    True
    """
    claim = of_sizes_with_all_numbers(claim, USUAL_ENTRIES)
    unequal = [claim.case.args] if isinstance(claim.case, Ne) else []
    unfolding = Unfolding(claim.where, claim.case)
    shares = [x for x in map(share_of, claim.where) if x is not None]
    facts = (*claim.using, *(x.fact for x in shares))
    _refuse_zero_below(claim, unfolding, facts)
    # Sums and products, such as Z = WX + b, stay letters at first: the terms are fewer.
    kept = tuple(x.base for x in claim.where if not x.value.has(Function))
    ways, problems = {}, {}
    if shares:  # they stay letters too, whatever their f is
        ways[*kept, *(x.base for x in shares)] = facts
    ways |= {kept: claim.using, (): claim.using}
    for letters, known in ways.items():
        try:
            difference = _difference(claim, replace(unfolding, kept=letters))
            if _is_zero_in_each_case(difference, known, unequal):
                return True
        except Undecidable as problem:
            problems[letters] = problem
    if () in problems:
        raise problems[()]
    difference = _difference(claim, unfolding)
    uncovered = sorted(difference.atoms(*UNCOVERED), key=str)
    uncovered += [x for x in difference.atoms(Sum) if not x.function.atoms(Indexed)]
    if uncovered:
        raise Undecidable(f"there is no rule for {readable(uncovered[0])}")
    return False


def _difference(claim, unfolding):
    return unfolding.normal(claim.left) - unfolding.normal(claim.right)


def _refuse_zero_below(claim, unfolding, facts):
    """Raise Undecidable where a denominator may be 0 at some size.

    (n − 6)/(n² − 36) is 1/(n + 6) for every n but 6: no equality for every n.
    One that is too large to be looked at is not 0 by `facts`, or it is refused.
    """
    values = (definition.value for definition in claim.where)
    for given in (claim.left, claim.right, *values):
        for part in preorder_traversal(given):
            if isinstance(part, Pow) and not is_nonnegative(part.exp):
                try:
                    zero = _zero_at_a_size(unfolding.normal(part.base))
                except Undecidable:
                    if not is_not_zero(with_known_ranges(part.base, facts)[0]):
                        raise
                    continue
                if zero is not None:
                    raise Undecidable(
                        f"{part} is not known to be defined at every size: "
                        f"{zero} may be 0"
                    )


@remembered
def _zero_at_a_size(base):
    """A factor of `base` that may be 0 at some size; None where there is none.

    >>> from derivations.letters import a, i, n
    >>> _zero_at_a_size(n**2 - 36)
    n - 6
    >>> _zero_at_a_size(n * a[i] - a[i])    # n is at least 2
    """
    if not any(isinstance(x, Size) for x in free_symbols(base)):
        return None
    for factor, _ in factors(base):
        letters = factor.free_symbols
        sizes = letters and all(isinstance(x, Size) for x in letters)
        if factor == 0 or (sizes and not is_not_zero(factor)):
            return factor
    return None


def _is_zero_in_each_case(expr, facts, unequal=()):
    """Whether `expr` is 0 by the hypotheses `facts`, for i = j and for i ≠ j alike.

    A delta of two free indices, or of one and a number, is 1 in the one case and 0 in
    the other.  Those of the pairs in `unequal` are not equal, so a third index equals
    at most one of the two.
    Raises Undecidable for a delta of what is no free index.

    >>> from derivations.letters import c, delta, i, j, z
    >>> _is_zero_in_each_case(delta * (z[i] - z[j]), ())
    True
    >>> _is_zero_in_each_case(delta * z[i], ())
    False
    >>> _is_zero_in_each_case(delta * z[i], (), [(i, j)])
    True
    >>> other = delta * KroneckerDelta(i, c) - delta * KroneckerDelta(j, c)
    >>> _is_zero_in_each_case(other, ())
    True
    """
    if facts:
        expr, facts = with_known_ranges(expr, facts)
        expr = by_hypotheses(expr, facts)
    expr = expr.xreplace({KroneckerDelta(*pair): Integer(0) for pair in unequal})
    deltas = sorted(expr.atoms(KroneckerDelta), key=str)
    if not deltas:
        if unequal and expr.has(*UNCOVERED):
            expr = normal_form(expr.xreplace(told_apart(unequal)), facts)
        return is_zero(expr) or is_zero(by_hypotheses(apart(expr), facts))
    if len(deltas) > MOST_DELTAS:
        raise Undecidable(f"too large: cases of {len(deltas)} Kronecker deltas")
    delta = deltas[0]
    letter, other = sorted(delta.args, key=lambda x: x.is_Integer)
    is_number = other.is_Integer and size_of(letter)
    if letter not in expr.free_symbols or not (is_number or other in expr.free_symbols):
        raise Undecidable(f"{delta} is not a case of two free indices")
    same = {letter: other}
    still_unequal = [[same.get(x, x) for x in pair] for pair in unequal]
    equal = normal_form(expr.xreplace(same))
    return _is_zero_in_each_case(equal, facts, still_unequal) and _is_zero_in_each_case(
        expr, facts, [*unequal, delta.args]
    )
