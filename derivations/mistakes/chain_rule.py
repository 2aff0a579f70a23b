"""The chain rule with a part left out, or with an index in the wrong place."""

from collections.abc import Iterator
from dataclasses import replace

from sympy import Derivative, Indexed, Sum

from derivations.formulas.claims import Claim
from derivations.formulas.indices import SumExcept, free_symbols, size_of
from derivations.mistakes.mistake import Candidate, equal_to


def terms_left_out(claim: Claim) -> Iterator[Candidate]:
    """One path alone, ∂L/∂a_j · ∂a_j/∂z_j, where the sum over all outputs is needed.

    It is what an element-wise product gives where a matrix product is needed.

    >>> from derivations.letters import L, a, cross_entropy, j, softmax, z
    >>> asked = Claim(a[j] - 1, Derivative(L, z[j]), [softmax, cross_entropy])
    >>> [x.claim.right for x in terms_left_out(asked)]
    [Derivative(L, a[j])*Derivative(a[j], z[j])]
    """
    for slope, entry in _ways(claim):
        variable = slope.variables[0]
        one_path = Derivative(slope.expr, entry) * Derivative(entry, variable)
        words = (
            f"this is the one path through {entry}: the chain rule adds up the paths "
            f"through every {entry.base}, and their terms are left out"
        )
        yield equal_to(claim, claim.right.xreplace({slope: one_path}), words)
    for total, k, letter in _sums_at(claim, Sum):
        one = total.function.xreplace({k: letter})
        words = f"this is the term {k} = {letter} of the sum alone: those of {k} ≠ {letter} are left out"
        yield equal_to(claim, claim.right.xreplace({total: one}), words)
        others = SumExcept(total.function, total.limits[0], letter)
        words = f"the term {k} = {letter} of the sum is left out"
        yield equal_to(claim, claim.right.xreplace({total: others}), words)


def inner_derivative_forgotten(claim: Claim) -> Iterator[Candidate]:
    """∂L/∂a_j where ∂L/∂z_j is asked for: the derivative of the inner function is lost.

    >>> from derivations.letters import a, i, j, log, softmax, z
    >>> asked = Claim(1 / a[i], Derivative(log(a[i]), z[j]), [softmax])
    >>> [x.claim.right for x in inner_derivative_forgotten(asked)]
    [Derivative(log(a[i]), a[i])]
    """
    for slope, entry in _ways(claim):
        outer = Derivative(slope.expr, entry)
        words = (
            f"this is the derivative by {entry}: what {entry} itself changes with "
            f"{slope.variables[0]}, the inner derivative, is missing"
        )
        yield equal_to(claim, claim.right.xreplace({slope: outer}), words)


def summed_over_the_wrong_index(claim: Claim) -> Iterator[Candidate]:
    """Σ_k of f(j, k) where Σ_k of f(k, j) is needed: Jᵀ for J.

    >>> from derivations.letters import a, j, k, n, v, z
    >>> total = Sum(v[k] * Derivative(a[k], z[j]), (k, 1, n))
    >>> [x.claim.right for x in summed_over_the_wrong_index(Claim(v[j], total))]
    [Sum(Derivative(a[j], z[k])*v[k], (k, 1, n))]
    """
    for total, k, letter in _sums_at(claim, Sum):
        for part in sorted(total.function.atoms(Derivative, Indexed), key=str):
            if {k, letter} <= free_symbols(part):
                swapped = part.xreplace({k: letter, letter: k})
                other = Sum(total.function.xreplace({part: swapped}), *total.limits)
                words = (
                    f"the sum runs over the other index of {part}: this is the matrix "
                    "where its transpose is needed"
                )
                yield equal_to(claim, claim.right.xreplace({total: other}), words)


def _sums_at(claim, kind):
    """Sums over all of a size, with each free letter that runs to it too."""
    letters = sorted(
        (x for x in free_symbols(claim.right) if size_of(x) is not None), key=str
    )
    for total in sorted(claim.right.atoms(kind), key=str):
        (k, low, high), *others = total.limits
        if others or low != 1 or size_of(k) != high:
            continue
        for letter in letters:
            if letter.size == high:
                yield total, k, letter


def _ways(claim):
    """First derivatives of the question, each with an entry on the way to its variable.

    The letters of an entry that the variable does not give are those of its definition.
    """
    for slope in sorted(claim.right.atoms(Derivative), key=str):
        if len(slope.variables) > 1 or not isinstance(slope.variables[0], Indexed):
            continue
        variable = slope.variables[0]
        for one in claim.where:
            if one.base in (variable.base, getattr(slope.expr, "base", slope.expr)):
                continue
            if _leads(one.value, variable.base, claim.where) and _leads(
                slope.expr, one.base, claim.where
            ):
                yield from ((slope, x) for x in _entries(slope, one))


def _entries(slope, definition):
    """The entries of an array by which an expression may be differentiated."""
    inside = {
        x
        for x in slope.expr.atoms(Indexed)
        if x.base == definition.base and free_symbols(x) <= free_symbols(slope.expr)
    }
    if inside or not isinstance(definition.symbol, Indexed):
        return sorted(inside, key=str)
    given, indices = list(slope.variables[0].indices), []
    for letter in definition.parameters:
        same = [x for x in given if size_of(x) == size_of(letter)]
        indices.append(same[0] if same else letter)
        given = [x for x in given if x not in same[:1]]
    return [definition.base[tuple(indices)]]


def _leads(expr, base, where):
    """Whether a letter stands in an expression, or in the definitions of its letters."""
    met, waiting = set(), [expr]
    label = getattr(base, "label", base)
    while waiting:
        letters = free_symbols(waiting.pop())
        if label in letters:
            return True
        new = [
            x
            for x in where
            if getattr(x.base, "label", x.base) in letters and x not in met
        ]
        met.update(new)
        waiting += [x.value for x in new]
    return False
