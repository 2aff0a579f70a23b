"""Binding: rename indices in an expression, and let no sum capture them.

A bound index has no name of its own: `instance` gives it one by the number of sums it
lies in, so nothing is captured, and equal sums are identical.
"""

from operator import is_

from sympy import Dummy, Indexed, Sum, Symbol
from sympy.concrete.expr_with_limits import ExprWithLimits

from derivations.formulas.caching import remembered
from derivations.formulas.indices import Bound, Size, SumExcept, free_symbols


def instance(expr, names, depth=0, put_in=None):
    """`expr` with its free letters renamed by `names`; no sum captures a new letter.

    The letter of a sum is a `Bound` one, named by the number of sums that it lies in,
    so sums that differ in their letters alone become equal.
    `put_in(part, names, depth)` may return another expression for a part, or None.

    >>> from derivations.letters import i, k, n, y, z
    >>> readable(instance(z[i] * Sum(y[k]*z[i], (k, 1, n)), {i: k}))
    z[k]*Sum(y[l]*z[k], (l, 1, n))
    """
    other = put_in(expr, names, depth) if put_in else None
    if other is not None:
        return other
    if not expr.args:
        return names.get(expr, expr)
    if isinstance(expr, Indexed):
        return _entry(expr.base, *(instance(index, names) for index in expr.indices))
    if isinstance(expr, Sum | SumExcept):
        limits, inside = _bind(expr.limits, names, depth)
        body = instance(expr.function, inside, depth + len(limits), put_in)
        excluded = [instance(x, names) for x in expr.args[1 + len(limits) :]]
        return rebuilt(expr, [body, *limits, *excluded])
    if isinstance(expr, ExprWithLimits):
        raise TypeError(
            f"only sums bind an index here, not {type(expr).__name__}: {expr}"
        )
    return rebuilt(expr, [instance(arg, names, depth, put_in) for arg in expr.args])


@remembered
def _entry(base, *indices):
    # One object, for SymPy makes a new one each time and asks anew for its sign.
    return base[indices]


def _bind(limits, names, depth):
    """The limits of a sum in new letters, and what its body calls them."""
    bound = []
    for limit in reversed(limits):  # the last is the outermost
        index, *bounds = limit
        low, high = (instance(bound, names) for bound in bounds)
        letter = _bound(depth + len(bound), high)
        bound.insert(0, rebuilt(limit, (letter, low, high)))
        names = names | {index: letter}
    return bound, names


@remembered
def _bound(depth, size):
    return Bound(f"index_{depth}", size)


def rebuilt(expr, args):
    """`expr` of other arguments; the same object where they are the same."""
    return expr if all(map(is_, args, expr.args)) else expr.func(*args)


def readable(expr):
    """`expr` with its bound indices named by the letters that count their size.

    >>> from derivations.letters import k, softmax
    >>> readable(instance(softmax(k), {}))
    exp(z[k])/Sum(exp(z[l]), (l, 1, n))
    """
    return _lettered(instance(expr, {}), free_symbols(expr))


def _lettered(expr, taken):
    if not expr.args or isinstance(expr, Indexed):
        return expr
    if not isinstance(expr, Sum | SumExcept):
        return rebuilt(expr, [_lettered(arg, taken) for arg in expr.args])
    body, limits = _lettered(expr.function, taken), []
    for old, low, high in expr.limits:
        used = taken | body.atoms(Symbol)
        letters = high.indices if isinstance(high, Size) else ()
        new = next((x for x in letters if x not in used), Dummy(old.name))
        body = body.xreplace({old: new})
        limits.append((new, low, high))
    return expr.func(body, *limits, *expr.args[1 + len(limits) :])
