"""Hints for a wrong claim that shows a usual slip.

A hint asks nothing more of a claim: it is added to the verdict.  What is said of the
order of a Jacobian and a vector is said of right answers, too.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sympy import (
    Derivative,
    Expr,
    Indexed,
    KroneckerDelta,
    S,
    Sum,
    Symbol,
    log,
    preorder_traversal,
)
from sympy.core.function import AppliedUndef

from derivations import letters
from derivations.advice import Words
from derivations.formulas.claims import Claim
from derivations.formulas.indices import SumExcept, free_symbols
from derivations.refusals.expressions import slip_of_name

ONE_HOT = "with one-hot labels, all but one of which are 0"
_ENTROPY = "leave y*log(y) out of the loss, for it does not depend on z"


def hint(claim: Claim) -> str:
    """Return what to write instead if a claim shows a usual slip, else nothing.

    >>> from derivations.letters import a, i
    >>> hint(Claim(Symbol("a_i"), a[i]))
    'a_i is a symbol of its own: write a[i]'
    """
    hints = []
    for side in (claim.left, claim.right):
        for part in preorder_traversal(side):
            hints += _slips(part)
    labels = [x.base for x in claim.where if x.value.has(KroneckerDelta)]
    for formula in (claim.left, claim.right, *(one.value for one in claim.where)):
        for part in sorted(formula.atoms(log), key=str):
            arrays = {*labels} & {letters.y, letters.Y}
            if has_no_value_at_0(part, arrays) and not part.has(Sum):  # of all
                hints.append(f"{part} has no value {ONE_HOT}: {_ENTROPY}")
    hints += _of_summed(claim)
    order = jacobian_order(claim)
    if order and not order.is_chain_rule:
        hints.append(order.words())
    several = list(dict.fromkeys(hints))
    return Words(*several[:1], *(x for one in several[1:] for x in ("; ", one)))


@dataclass(frozen=True)
class JacobianOrder:
    """Σ_k v_k ∂a_k/∂z_j where ∂L/∂z_j is asked; or, exchanged, Σ_k v_k ∂a_j/∂z_k."""

    slope: Derivative
    exchanged: Derivative
    is_chain_rule: bool

    def words(self, is_symmetric: bool = False) -> str:
        """Which order it is, which one is the chain rule, and when both are right."""
        output, logit = self.slope.expr.base, self.slope.variables[0].base
        letters = f"with J[i, j] = ∂{output}_i/∂{logit}_j"
        rule = f"Jᵀ d{output} (in NumPy d{output} @ J), {letters}"
        other, symmetric = f"J @ d{output}", "because J is symmetric"
        if not self.is_chain_rule:
            why = f", which works {symmetric}" if is_symmetric else ""
            return f"the order is {other}{why}; the chain rule is {rule}"
        too = f"; {other} works, too, {symmetric}" if is_symmetric else ""
        return f"the order is that of the chain rule, {rule}{too}"


def jacobian_order(claim: Claim) -> JacobianOrder | None:
    """In which order the left side multiplies a Jacobian and a vector, if it does.

    >>> from derivations.letters import L, Z, a, alpha, j, k, n, s, v, z
    >>> product = Sum(v[k] * Derivative(a[j], z[k]), (k, 1, n))
    >>> print(jacobian_order(Claim(product, Derivative(L, z[j]))).words())
    the order is J @ da; the chain rule is Jᵀ da (in NumPy da @ J), with J[i, j] = \
∂a_i/∂z_j
    >>> slopes = Sum(Derivative(Z[k, s], alpha), (k, 1, n))
    >>> print(jacobian_order(Claim(slopes, Derivative(L, z[j]))))
    None
    """
    asked = getattr(claim.right, "variables", ())
    for total in sorted(claim.left.atoms(Sum), key=str):
        k = total.limits[0][0]
        for slope in sorted(total.function.atoms(Derivative), key=str):
            entries = (slope.expr, *slope.variables)
            indices = [getattr(entry, "indices", ()) for entry in entries]
            if len(asked) != 1 or [*map(len, indices)] != [1, 1]:
                continue
            at = [index for (index,) in indices]
            if k not in at:
                continue
            other = at[1 - at.index(k)]
            if entries[1].base[other] == asked[0]:
                exchanged = slope.xreplace({k: other, other: k})
                return JacobianOrder(slope, exchanged, is_chain_rule=at[0] == k)
    return None


def has_no_value_at_0(part: Expr, arrays: Iterable = (letters.y, letters.Y)) -> bool:
    """Whether a logarithm has no value where all entries of some arrays are 0.

    >>> from derivations.letters import a, k, y
    >>> [has_no_value_at_0(log(x)) for x in (y[k], y[k] / a[k], 1 + y[k], a[k])]
    [True, True, False, False]
    >>> has_no_value_at_0(log(Derivative(a[k], y[k])))
    False
    """
    entries = [x for x in part.atoms(Indexed) if x.base in arrays]
    slopes = part.atoms(Derivative)
    if not entries or any({*slope.variables} & {*entries} for slope in slopes):
        return False  # SymPy differentiates by no 0
    at_0 = part.args[0].xreplace(dict.fromkeys(entries, S.Zero))
    return bool(at_0.is_zero or at_0.is_infinite)


def _of_summed(claim):
    """What is said of a letter over which one side is summed, left on the other.

    >>> from derivations.letters import a, j, n
    >>> print(*_of_summed(Claim(a[j], Sum(a[j], (j, 1, n)))))
    one side is a sum over j, so no j may be left on the other
    """
    sides = (claim.left, claim.right)
    for total, other in (sides, sides[::-1]):
        free = free_symbols(other) - free_symbols(total)
        for part in total.atoms(Sum, SumExcept):
            for letter in free.intersection(x for x, *_ in part.limits):
                summed = f"one side is a sum over {letter}"
                yield f"{summed}, so no {letter} may be left on the other"


def _slips(part):
    """What is said of one part of an expression."""
    if isinstance(part, AppliedUndef):
        yield f"{part} is a function of its own: write {part.func}[{part.args[0]}]"
    if isinstance(part, Symbol) and slip_of_name(part):
        yield slip_of_name(part)
