"""What is asked: the free letters of a question, in the order of its entries."""

from sympy import Derivative, Expr, Symbol

from derivations.formulas.indices import Index, free_symbols


def slots(question: Expr | None) -> tuple:
    """The free letters of a question: da_i/dz_j asks at (i, j), dL_s/dZ_js at (j, s).

    >>> from derivations.letters import Z, Ls, a, i, j, s, z
    >>> slots(Derivative(a[i], z[j])), slots(Derivative(Ls[s], Z[j, s]))
    ((i, j), (j, s))
    """
    if question is None:
        return ()
    free, found = free_symbols(question), []

    def walk(expr):
        if isinstance(expr, Index):
            if expr in free and expr not in found:
                found.append(expr)
            return
        parts = list(getattr(expr, "args", ()))
        if isinstance(expr, Derivative):
            parts = [expr.expr, *expr.variables]
        for part in parts:
            walk(part)

    if isinstance(question, Derivative):
        below = set().union(*map(free_symbols, question.variables))
        above = {x for x in question.expr.atoms(Index) if x in free}
        if above <= below:  # each letter of the loss is one of the variable's
            for variable in question.variables:
                walk(variable)
    walk(question)
    return tuple(found)


def loss_of(question: Expr | None) -> str:
    """The name of the loss that a question is about: J, or else L."""
    symbols = question.atoms(Symbol) if question is not None else ()
    return "J" if any(str(symbol) == "J" for symbol in symbols) else "L"
