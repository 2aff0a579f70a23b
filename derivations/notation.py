"""The letters of the series, what each ranges over, and the definitions.

A letter keeps one meaning everywhere:

    n, m         number of classes, of examples
    d, h         number of inputs of a layer, of hidden units
    i, j, k, c   classes 1..n: of an output, of a logit, bound in a sum, the true one
    s, t         examples 1..m
    q, r         inputs 1..d
    p, u         hidden units 1..h
    z, a, y      logits, softmax outputs and labels of one example
    Z, A, Y      the same for a batch, one column per example
    S            the normaliser of the softmax, the sum of all e^{z_k}
    L, J         the loss of one example, the mean over a batch; Ls that of example s
    X, W, b      input, weights and bias of a layer; W1, b1, Z1, A1 of a hidden one
    G            the gradient that arrives at a hidden layer from above, dJ/dA1
    g            any differentiable activation, applied to one number
    v, alpha     any vector, any number
"""

from functools import cache, lru_cache
from operator import is_

from sympy import (
    Derivative,
    Dummy,
    Eq,
    Expr,
    Function,
    Indexed,
    IndexedBase,
    KroneckerDelta,
    Mul,
    Ne,
    Sum,
    Symbol,
    Tuple,
    exp,
    log,
    symbols,
    sympify,
)
from sympy.concrete.expr_with_limits import ExprWithLimits

# For a notebook, where every letter of the series is at hand.
# fmt: off
__all__ = [
    "A1", "H1", "RANGES", "W1", "Z1", "A", "Derivative", "Eq", "G", "J",
    "KroneckerDelta", "L", "Ls", "Ne", "S", "Sum", "SumExcept", "W", "X", "Y", "Z",
    "a", "alpha", "b", "b1", "batch_softmax", "c", "cross_entropy", "d",
    "example_cross_entropy", "exp", "first_order", "g", "g_prime", "h",
    "hidden_activation", "hidden_linear", "i", "j", "k", "l", "linear", "log", "m",
    "mean_loss", "n", "normaliser", "one_hot", "output_linear", "p", "q", "r", "s",
    "softmax", "t", "times", "u", "v", "y", "z",
]
# fmt: on

n, m, d, h = symbols("n m d h", integer=True, positive=True)
k, l, i, j, c = symbols("k l i j c", integer=True, positive=True)
t, s, q, r, u, p = symbols("t s q r u p", integer=True, positive=True)

RANGES = {k: n, l: n, i: n, j: n, c: n, t: m, s: m, q: d, r: d, u: h, p: h}
"""H2: each index runs from 1 to this size; a free index is a fixed one of them."""

z, y = (IndexedBase(name, real=True) for name in "zy")
a = IndexedBase("a", positive=True)
Z, Y, X, W, b = (IndexedBase(name, real=True) for name in "ZYXWb")
W1, b1, Z1, A1 = (IndexedBase(f"{name}1", real=True) for name in "WbZA")
G = IndexedBase("G", real=True)
A = IndexedBase("A", positive=True)
Ls = IndexedBase("L", real=True)
v = IndexedBase("v", real=True)
L, J, alpha = symbols("L J alpha", real=True)
S = Symbol("S", positive=True)


class g(Function):  # noqa: N801 (the field's letter)
    """Any differentiable activation of one real number; its derivative is `g_prime`.

    >>> from sympy import diff
    >>> diff(g(2*z[i]), z[i])
    2*g_prime(2*z[i])
    """

    is_real = True

    def fdiff(self, argindex=1):
        return g_prime(self.args[0])


class g_prime(Function):  # noqa: N801
    """The derivative of `g`."""

    is_real = True


class SumExcept(Expr):
    """Σ over i ≠ j: the sum of f over i = 1..upper without its term at i = j.

    >>> SumExcept(a[i], (i, 1, n), j)
    Sum(a[i], i != j)
    """

    def __new__(cls, f, limits, excluded):
        index, lower, upper = limits
        if lower != 1:
            raise ValueError(
                f"a sum over {index} ≠ {excluded} starts at 1, not {lower}"
            )
        f, excluded = sympify(f, strict=True), sympify(excluded, strict=True)
        return super().__new__(cls, f, Tuple(index, 1, upper), excluded)

    @property
    def function(self):
        return self.args[0]

    @property
    def limits(self):
        return (self.args[1],)

    @property
    def excluded(self):
        return self.args[2]

    @property
    def free_symbols(self):
        return set(free_symbols(self))  # SymPy takes the bound ones out of it

    def _sympystr(self, printer):
        left, index = printer._print(self.function), self.args[1][0]
        return f"Sum({left}, {index} != {printer._print(self.excluded)})"


def times(*factors):
    """A product left as written, so that a reader sees what is about to cancel.

    >>> times(-y[i]/a[i], a[i])
    (-y[i]/a[i])*a[i]
    """
    return Mul(*factors, evaluate=False)


@lru_cache(maxsize=2**14)
def free_symbols(expr):
    """The symbols of `expr` that no sum binds, those of its derivatives among them.

    SymPy's own property leaves out the index of the variable of a derivative.

    >>> from sympy import Derivative
    >>> sorted(free_symbols(Sum(Derivative(L, z[j]) * z[k], (k, 1, n))), key=str)
    [L, j, n, z]
    """
    if isinstance(expr, Indexed):
        return expr.base.free_symbols.union(*map(free_symbols, expr.indices))
    if not expr.args:
        return expr.free_symbols
    if not isinstance(expr, Sum | SumExcept):
        return set().union(*map(free_symbols, expr.args))
    found = free_symbols(expr.function)
    for index, low, high in expr.limits:
        found = (found - {index}) | free_symbols(low) | free_symbols(high)
    return found | (
        expr.excluded.free_symbols if isinstance(expr, SumExcept) else set()
    )


_SIZE_OF = dict(RANGES)  # and of each letter that `bound_index` has made


@cache
def bound_index(depth, size):
    """The letter of a sum over 1..size that lies inside `depth` others."""
    index = Dummy(f"index_{depth}")
    _SIZE_OF[index] = size
    return index


def size_of(index):
    """What an index runs to; None for what is no index."""
    return _SIZE_OF.get(index)


def instance(expr, names, depth=0, put_in=None):
    """`expr` with its free letters renamed as `names` says, captured by no sum.

    The letter of a sum is `bound_index`, so sums that differ in it alone become equal.
    `put_in(part, names, depth)` may return another expression for a part, or None.

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
        limits, inside = bind(expr.limits, names, depth)
        body = instance(expr.function, inside, depth + len(limits), put_in)
        excluded = [instance(x, names) for x in expr.args[1 + len(limits) :]]
        return rebuilt(expr, [body, *limits, *excluded])
    if isinstance(expr, ExprWithLimits):
        raise TypeError(
            f"only sums bind an index here, not {type(expr).__name__}: {expr}"
        )
    return rebuilt(expr, [instance(arg, names, depth, put_in) for arg in expr.args])


@lru_cache(maxsize=4096)
def _entry(base, *indices):
    # One object, for SymPy makes a new one each time and asks anew for its sign.
    return base[indices]


def bind(limits, names, depth):
    """The limits of a sum in new letters, and what its body calls them."""
    found = []
    for limit in reversed(limits):  # the last is the outermost
        index, *bounds = limit
        low, high = (instance(bound, names) for bound in bounds)
        letter = bound_index(depth + len(found), high)
        found.insert(0, rebuilt(limit, (letter, low, high)))
        names = names | {index: letter}
    return found, names


def rebuilt(expr, args):
    """`expr` of other arguments; the same object where they are the same."""
    return expr if all(map(is_, args, expr.args)) else expr.func(*args)


def readable(expr):
    """`expr` with its bound indices named by the letters of the series.

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
        unused = (x for x in RANGES if RANGES[x] == high and x not in used)
        new = next(unused, Dummy(old.name))
        body = body.xreplace({old: new})
        limits.append((new, low, high))
    return expr.func(body, *limits, *expr.args[1 + len(limits) :])


class Definition:
    """`symbol := value`, for every value of the symbol's indices.

    Calling it gives the value at other indices; a bound index that would clash with
    them is renamed.  Raises TypeError for what is not a letter with different letters
    as indices, ValueError for a symbol that is part of its own value.

    >>> softmax(j)
    exp(z[j])/Sum(exp(z[k]), (k, 1, n))
    >>> softmax(k)
    exp(z[k])/Sum(exp(z[l]), (l, 1, n))
    """

    def __init__(self, symbol, value):
        self.symbol, self.value = symbol, sympify(value, strict=True)
        self.parameters = getattr(symbol, "indices", ())
        self.base = symbol.base if isinstance(symbol, Indexed) else symbol
        letters = {x for x in self.parameters if isinstance(x, Symbol)}
        if (
            not isinstance(symbol, Indexed | Symbol)
            or symbol.is_integer
            or len(letters) < len(self.parameters)
        ):
            raise TypeError(
                f"only a symbol such as a[i] or L is defined, not {symbol!r}"
            )
        if self.value.has(self.base):
            raise ValueError(f"{symbol} is part of its own value {self.value}")

    @property
    def free_symbols(self):
        """What the value contains beside the symbol's own indices."""
        return free_symbols(self.value) - set(self.parameters)

    def names(self, indices):
        """The symbol's own indices, each with the one that takes its place."""
        if len(indices) != len(self.parameters):
            expected = len(self.parameters)
            raise TypeError(f"{self.symbol} has {expected} indices, got {len(indices)}")
        return dict(zip(self.parameters, indices, strict=True))

    def __call__(self, *indices):
        return readable(instance(self.value, self.names(indices)))

    def __repr__(self):
        return f"{self.symbol} := {self.value}"


class Hypothesis:
    """A named assumption that a step may use: indexed symbols whose sum is known.

    Raises TypeError unless each is the sum of an array over its first index, 1 to n,
    and the value an exact number.

    >>> H1
    H1: Sum(y[k], (k, 1, n)) = 1
    """

    def __init__(self, name, sums, value=1):
        self.name, self.sums, self.value = (
            name,
            tuple(sums),
            sympify(value, strict=True),
        )
        if not self.value.is_Rational:
            raise TypeError(
                f"the sum of a hypothesis is an exact number, not {value!r}"
            )
        for total in self.sums:
            entry = getattr(total, "function", None)
            first = entry.indices[0] if isinstance(entry, Indexed) else None
            if not isinstance(total, Sum) or total.limits != (Tuple(first, 1, n),):
                raise TypeError(f"a hypothesis is like {Sum(y[k], (k, 1, n))}: {total}")

    def __repr__(self):
        return f"{self.name}: {self.sums[0]} = {self.value}"


softmax = Definition(a[i], exp(z[i]) / Sum(exp(z[k]), (k, 1, n)))
normaliser = Definition(S, Sum(exp(z[k]), (k, 1, n)))
cross_entropy = Definition(L, -Sum(y[k] * log(a[k]), (k, 1, n)))
one_hot = Definition(y[i], KroneckerDelta(i, c))

batch_softmax = Definition(A[i, s], exp(Z[i, s]) / Sum(exp(Z[k, s]), (k, 1, n)))
example_cross_entropy = Definition(Ls[s], -Sum(Y[k, s] * log(A[k, s]), (k, 1, n)))
mean_loss = Definition(J, Sum(Ls[t], (t, 1, m)) / m)

linear = Definition(Z[j, s], Sum(W[j, q] * X[q, s], (q, 1, d)) + b[j])
hidden_linear = Definition(Z1[p, s], Sum(W1[p, q] * X[q, s], (q, 1, d)) + b1[p])
hidden_activation = Definition(A1[p, s], g(Z1[p, s]))
first_order = Definition(J, Sum(Sum(G[u, t] * A1[u, t], (u, 1, h)), (t, 1, m)))
output_linear = Definition(Z[j, s], Sum(W[j, p] * A1[p, s], (p, 1, h)) + b[j])

H1 = Hypothesis("H1", [Sum(y[k], (k, 1, n)), Sum(Y[k, s], (k, 1, n))])
