"""What defined letters stand for: their definitions put in, and what they depend on."""

from sympy import Indexed, Symbol

from certificates.naming import CannotExportError
from derivations.formulas.binding import instance


def unfolded(expr, definitions):
    """An expression with its definitions put in; `definitions` has each by its letter.

    Raises CannotExportError.

    >>> from derivations.letters import L, a, cross_entropy, i
    >>> unfolded(L + a[i], {L: cross_entropy})
    a[i] - Sum(log(a[index_0])*y[index_0], (index_0, 1, n))
    """

    def put_in(part, names, depth):
        base = part.base if isinstance(part, Indexed) else part
        if base not in definitions:
            return None
        one = definitions[base]
        indices = [instance(x, names) for x in getattr(part, "indices", ())]
        return instance(one.value, one.names(indices), depth, put_in)

    try:
        return instance(expr, {}, put_in=put_in)
    except TypeError as problem:  # of what binds an index and is no sum
        raise CannotExportError(str(problem)) from None


def depends(base, varied, definitions):
    """Whether a letter is one of those that vary, or is defined by one.

    >>> from derivations.letters import L, a, cross_entropy, softmax, z
    >>> where = {a: softmax, L: cross_entropy}
    >>> depends(L, {z}, where), depends(L, {z}, {L: cross_entropy})
    (True, False)
    """
    if base in varied or base not in definitions:
        return base in varied
    inside = _letters_in(definitions[base].value)
    return any(depends(x, varied, definitions) for x in inside)


def _letters_in(expr):
    entries = expr.atoms(Indexed)
    labels = {x.base.label for x in entries} | {i for x in entries for i in x.indices}
    return {x.base for x in entries} | (expr.atoms(Symbol) - labels)
