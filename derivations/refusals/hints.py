"""What is said of a claim that is not right and shows a usual slip.

A hint asks nothing more of a claim: it is added to the verdict.
"""

from sympy import Derivative, Indexed, Symbol, preorder_traversal
from sympy.core.function import AppliedUndef

from derivations import letters
from derivations.formulas.claims import Claim, Definition
from derivations.letters import L, a, z
from derivations.refusals.expressions import slip_of_name, symbols_of

_USUAL = {
    a: ("softmax", letters.softmax),
    letters.A: ("batch_softmax", letters.batch_softmax),
    L: ("cross_entropy", letters.cross_entropy),
    letters.J: ("mean_loss", letters.mean_loss),
    letters.Ls: ("example_cross_entropy", letters.example_cross_entropy),
    letters.S: ("normaliser", letters.normaliser),
}


def missing_definitions(claim: Claim) -> dict[str, Definition]:
    """The usual definitions of letters that stand in a claim without one, by name.

    >>> list(missing_definitions(Claim(L, a[letters.i])))
    ['softmax', 'cross_entropy']
    """
    defined, missing = {one.base for one in claim.where}, {}
    formulas = [claim.left, claim.right, *(one.value for one in claim.where)]
    while formulas:
        formula = formulas.pop()
        used = {entry.base for entry in formula.atoms(Indexed)} | symbols_of(formula)
        for letter, (name, definition) in _USUAL.items():
            if letter in used - defined:
                defined.add(letter)
                missing[name] = definition
                formulas.append(definition.value)
    return missing


def hint(claim: Claim) -> str:
    """What to write instead, where a claim shows a usual slip; else nothing.

    >>> hint(Claim(Symbol("a_i"), a[letters.i]))
    'a_i is a symbol of its own: write a[i]'
    """
    hints = []
    for side in (claim.left, claim.right):
        for part in preorder_traversal(side):
            hints += _slips(part)
        for slope in side.atoms(Derivative):
            bases = {getattr(one, "base", one) for one in slope.variables}
            missing = missing_definitions(Claim(slope.expr, slope.expr, claim.where))
            if bases & {z, letters.Z} and missing:
                hints.append(without_definition(missing))
    return "; ".join(dict.fromkeys(hints))


def without_definition(missing: dict[str, Definition]) -> str:
    """What is said of letters that have no definition in a claim."""
    letter = next(iter(missing.values())).base
    return f"{letter} has no definition here: pass where=[{', '.join(missing)}]"


def _slips(part):
    """What is said of one part of an expression."""
    if isinstance(part, AppliedUndef):
        yield f"{part} is a function of its own: write {part.func}[{part.args[0]}]"
    if isinstance(part, Symbol) and slip_of_name(part):
        yield slip_of_name(part)
