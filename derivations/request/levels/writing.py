"""Whether two formulas are written alike: equal up to order, not merely in value."""

from sympy import Add, Expr, Indexed, KroneckerDelta, Mul, Sum

from derivations.formulas.indices import SumExcept


def as_written(expr: Expr, names: dict | None = None) -> str:
    """A word that two formulas share if and only if they are written alike.

    The order of terms and factors does not count, nor does the letter of a sum; `names`
    gives free letters other names.

    >>> from derivations.formulas.indices import times
    >>> from derivations.letters import a, i, j, k, n, y
    >>> as_written(times(a[i], a[j])) == as_written(times(a[j], a[i]))
    True
    >>> one, other = a[i] * (1 - a[i]), a[i] - a[i] ** 2
    >>> as_written(one) == as_written(other)
    False
    >>> as_written(Sum(y[k], (k, 1, n))) == as_written(Sum(y[i], (i, 1, n)))
    True
    >>> as_written(a[i], {i: "j"}) == as_written(a[j])
    True
    """
    names = names or {}
    if not expr.args:
        return str(names.get(expr, expr))
    if isinstance(expr, Sum | SumExcept):
        return _of_sum(expr, names)
    parts = [as_written(x, names) for x in _parts(expr)]
    if isinstance(expr, Add | Mul | KroneckerDelta):
        parts.sort()
    head = "" if isinstance(expr, Indexed) else type(expr).__name__
    return f"{head}({', '.join(parts)})"


def _of_sum(expr, names):
    """A sum: its letters are called by the number of sums that they lie in."""
    inside, ranges = names | {"depth": names.get("depth", 0)}, []
    for index, low, high in reversed(expr.limits):  # the last is the outermost
        ranges += [as_written(low, names), as_written(high, names)]
        inside |= {index: f"#{inside['depth']}", "depth": inside["depth"] + 1}
    excluded = [as_written(x, names) for x in expr.args[1 + len(expr.limits) :]]
    body = as_written(expr.function, inside)
    return f"{type(expr).__name__}({', '.join([body, *ranges, *excluded])})"


def _parts(expr):
    """The arguments of a formula: of a sum or a product in a sum or a product, all."""
    if not isinstance(expr, Add | Mul):
        return expr.args
    return [y for x in expr.args for y in (_parts(x) if x.func is expr.func else [x])]


def parts_of(expr: Expr) -> list[Expr]:
    """A formula and all its parts, those of indices left out.

    >>> from derivations.letters import a, i, j
    >>> parts_of(a[i] * (1 - a[j]))[1:3]
    [1 - a[j], 1]
    """
    return [expr, *(y for _, x in places_of(expr) for y in parts_of(x))]


def places_of(expr: Expr) -> list[tuple[int, Expr]]:
    """The parts of a formula that are formulas, each with its place."""
    if isinstance(expr, Indexed | KroneckerDelta):
        return []
    return [(k, x) for k, x in enumerate(expr.args) if isinstance(x, Expr)]
