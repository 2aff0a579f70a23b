"""A chain in matrix form; each form is read back before it is shown."""

from sympy import Derivative, Expr, Function, KroneckerDelta, S, expand

from derivations.judges.for_every_n.sums import canonical
from derivations.judges.verdict import Undecidable
from derivations.text.chains import Chain, MatrixForm
from derivations.text.matrices.of_entries import NoMatrixFormError, matrix_form
from derivations.text.printing import latex
from derivations.text.questions import slots
from derivations.text.reading import read
from derivations.text.unreadable import Unreadable
from derivations.text.vocabulary import SERIES, Names, names_of


def in_matrices(chain: Chain) -> MatrixForm | None:
    """A chain in matrix form; None where its start or its result has none.

    A case has none, for it is about a part of the matrix, nor has what is not proved.
    """
    if chain.case is not None or not all(step.verdict for step in chain.steps):
        return None
    names, sides = names_of(chain), [chain.start, *(x.right for x in chain.steps)]
    result = chain.steps and checked_form(sides[-1], chain.start, names)
    if not result:
        return None
    forms = [checked_form(x, chain.start, names) for x in sides[:-1]] + [result]
    pairs = zip(forms, sides, strict=True)
    if not forms[0] or not any(x and x != latex(y) for x, y in pairs):
        return None
    return MatrixForm(slots(chain.start), forms[0], tuple(forms[1:]))


def checked_form(expr: Expr, question: Expr, names: Names = SERIES) -> str | None:
    """The matrix form of an answer to a question; None where it does not read back.

    >>> from derivations.letters import L, a, j, y, z
    >>> checked_form(a[j] - y[j], Derivative(L, z[j]))
    'a - y'
    """
    try:
        form = matrix_form(expr, slots(question))
        back = read(form, names, question)
        is_same = _are_same(back, expr, slots(question))
    except (NoMatrixFormError, Unreadable, Undecidable):
        return None
    return form if is_same else None


def _are_same(one, other, at):
    """Whether two formulas are the same entry, on the diagonal and beside it."""
    difference = canonical(_undifferentiated(one) - _undifferentiated(other))
    deltas = difference.atoms(KroneckerDelta)
    cases = [difference.xreplace(dict.fromkeys(deltas, S.Zero))]
    cases += [difference.xreplace({at[1]: at[0]})] if deltas else []
    return all(expand(case) == 0 for case in cases)


def _undifferentiated(expr):
    """The same with each derivative as an unknown function of its formula."""
    slope = Function("slope")
    return expr.replace(
        lambda part: isinstance(part, Derivative),
        lambda part: slope(part.expr, *sorted(part.variables, key=str)),
    )
