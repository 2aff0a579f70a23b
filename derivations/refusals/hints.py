"""What is said of a claim that is not right and shows a usual slip.

A hint asks nothing more of a claim: it is added to the verdict.
"""

from collections.abc import Iterable

from sympy import (
    Expr,
    Indexed,
    KroneckerDelta,
    S,
    Symbol,
    log,
    preorder_traversal,
)
from sympy.core.function import AppliedUndef

from derivations import letters
from derivations.advice import Words
from derivations.formulas.claims import Claim
from derivations.refusals.expressions import slip_of_name

ONE_HOT = "with one-hot labels, all but one of which are 0"
_ENTROPY = "leave y*log(y) out of the loss, for it does not depend on z"


def hint(claim: Claim) -> str:
    """What to write instead, where a claim shows a usual slip; else nothing.

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
            if has_no_value_at_0(part, {*labels} & {letters.y, letters.Y}):
                hints.append(f"{part} has no value {ONE_HOT}: {_ENTROPY}")
    several = list(dict.fromkeys(hints))
    return Words(*several[:1], *(x for one in several[1:] for x in ("; ", one)))


def has_no_value_at_0(part: Expr, arrays: Iterable = (letters.y, letters.Y)) -> bool:
    """Whether a logarithm has no value where an entry of some arrays is 0.

    >>> from derivations.letters import a, k, y
    >>> [has_no_value_at_0(log(x)) for x in (y[k], y[k] / a[k], 1 + y[k], a[k])]
    [True, True, False, False]
    """
    entries = [x for x in part.atoms(Indexed) if x.base in arrays]
    at_0 = part.args[0].xreplace(dict.fromkeys(entries, S.Zero)) if entries else S.One
    return bool(at_0.is_zero or at_0.is_infinite)


def _slips(part):
    """What is said of one part of an expression."""
    if isinstance(part, AppliedUndef):
        yield f"{part} is a function of its own: write {part.func}[{part.args[0]}]"
    if isinstance(part, Symbol) and slip_of_name(part):
        yield slip_of_name(part)
