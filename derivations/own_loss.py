"""A loss of the reader's own: its gradient for every n, as a chain and for NumPy.

`derive` takes a loss L in a[i], y[i] and z[i], differentiates it, and lets every line
of the result be judged as the lines of the theorems are.  What cannot be judged is
refused: a formula that comes out of here is a proved one.
"""

from dataclasses import dataclass
from functools import cached_property, reduce
from importlib import import_module
from operator import add, mul

from sympy import (
    Abs,
    Add,
    Derivative,
    Dummy,
    Expr,
    Heaviside,
    I,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Symbol,
    cancel,
    ceiling,
    collect,
    cos,
    exp,
    expand,
    factor_terms,
    floor,
    fraction,
    log,
    preorder_traversal,
    sign,
    sin,
    tanh,
    together,
)
from sympy.core.function import AppliedUndef

from derivations import notation
from derivations.calculus import Undecidable, canonical, differentiate
from derivations.notation import (
    RANGES,
    Definition,
    Hypothesis,
    L,
    Sum,
    SumExcept,
    a,
    free_symbols,
    i,
    j,
    k,
    n,
    readable,
    softmax,
    times,
    y,
    z,
)
from derivations.printing import latex, text
from derivations.proof import Derivation, StepError, Verdict, check

SMOOTH = (exp, log, tanh, sin, cos)
NOT_SMOOTH = (Abs, Max, Min, Piecewise, sign, Heaviside, floor, ceiling)
_GRAMMAR = (Add, Mul, Pow, Sum, Indexed, IndexedBase, KroneckerDelta, *SMOOTH)
_OURS = {
    str(x): x for x in vars(notation).values() if isinstance(x, Symbol | IndexedBase)
}
_SUMS_TO_ONE = Hypothesis("the outputs sum to 1", [Sum(a[k], (k, 1, n))])


class NotDecidedError(ValueError):
    """A gradient that the checks cannot decide, so that it is not shown."""


@dataclass(frozen=True)
class OwnLoss:
    """A loss with its proved gradient; made by `derive`."""

    loss: Expr
    activation: Definition
    parameters: tuple
    chain: Derivation

    @property
    def gradient(self):
        """dL/dz_j as a formula, for every n."""
        return self.chain.result

    @cached_property
    def verdict(self):
        """The formula against the derivative of the loss, in one comparison."""
        return self.check(self.gradient)

    def check(self, answer):
        """The verdict on another formula for dL/dz_j, such as one found by hand."""
        question, where = Derivative(L, z[j]), self.chain.where
        return check(answer, question, where, using=self.chain.uses)

    def to_numpy(self, **values):
        """The gradient as a function of arrays Z and Y, for values of the parameters.

        Shapes: Z, Y and the result (n, m); a parameter is a number, or (n,) when it has
        an index.  Each column of the result is the derivative of its example's loss.
        Raises TypeError for parameters that are missing or unknown, and for arrays that
        hold no real numbers; ValueError for arrays of another shape.
        Source: notebook 12, "A function for arrays".

        >>> import numpy as np
        >>> from derivations.notation import a, y, k, n, log, H1
        >>> own = derive(-Sum(y[k] * log(a[k]), (k, 1, n)), using=H1)
        >>> own.to_numpy()(np.zeros((2, 1)), np.array([[1.0], [0.0]]))
        array([[-0.5],
               [ 0.5]])
        """
        return self._function(self.gradient, (j,), values)

    def loss_to_numpy(self, **values):
        """The loss as a function of arrays Z and Y: one number for each example, (m,).

        It is made from the loss and not from the gradient, so that differences of it
        judge the gradient.  Complex Z are let pass, for the complex step.
        """
        return self._function(self.loss, (), values)

    def _function(self, expr, axes, values):
        _match_parameters(self.parameters, values)

        def of_arrays(Z, Y):
            return _Arrays(self, values, Z, Y).batch(expr, axes)

        return of_arrays

    def __repr__(self):
        return f"dL/dz[j] = {text(self.gradient)}    ({self.verdict})"

    def _repr_latex_(self):
        return self.chain._repr_latex_()


def derive(loss, activation=softmax, parameters=(), using=()):
    """The gradient dL/dz_j of the reader's loss, for every n, line by line.

    `loss` is a SymPy expression in a[i], y[i], z[i] and n, with sums over 1..n;
    `activation` defines a[i] in z; `parameters` lists the other symbols of both, such
    as Symbol("gamma", positive=True); `using` is H1 where the labels sum to 1.  A loss
    of `...` is "not attempted yet".

    Raises TypeError or ValueError for what is no such loss, with what to write instead;
    NotDecidedError where the gradient is not proved.
    Source: notebook 12, "One call".

    >>> from derivations.notation import a, y, k, n, log, H1
    >>> derive(-Sum(y[k] * log(a[k]), (k, 1, n)), using=H1)
    dL/dz[j] = a[j] - y[j]    (right, for every n (and at 14 points with n = 2 to 5))
    """
    if loss is ...:
        return Verdict(attempted=False)
    parameters = _declared(parameters)
    using = (using,) if isinstance(using, Hypothesis) else tuple(using)
    _refuse_activation(activation, parameters)
    loss = _refused_or_loss(loss, parameters, activation)
    where = [activation, Definition(L, loss)]
    try:
        chain = _chain(loss, activation, Derivation(Derivative(L, z[j]), where), using)
    except (Undecidable, StepError) as problem:
        raise NotDecidedError(
            f"cannot decide the gradient of {text(loss)}, so none is shown: {problem}\n"
            "write the loss with sums over 1..n of powers, exp and log of a[k], y[k] "
            "and z[k], or derive it by hand as a Derivation"
        ) from problem
    if chain.result == 0:
        raise ValueError(f"{text(loss)} does not depend on z: its gradient is 0")
    return OwnLoss(loss, activation, parameters, chain)


def _chain(loss, activation, chain, using):
    direct = differentiate(loss, z[j])
    if not loss.has(a):
        chain = chain.step(direct, "no output is in $L$: $z_j$ stands there itself")
        return _known(chain, direct, using)
    chain, rate, inner = _by_outputs(loss, activation, chain, direct)
    facts, reason = (_SUMS_TO_ONE,) if _numerator(activation) else (), "multiply out"
    before, inner = _one_form(inner, ()), _one_form(inner, facts)
    if inner != before:
        reason += r"; $\sum_k a_k = 1$"
    gathered = _shortest(rate * _shortest(inner) + direct, rate * inner + direct)
    if gathered != chain.result:
        chain = chain.step(gathered, reason)
    return _known(chain, rate * inner + direct, using)


def _by_outputs(loss, activation, chain, direct):
    """The chain up to the derivatives put in, which are rate · inner + direct."""
    dL_da, da_dz, over = Derivative(L, a[i]), Derivative(a[i], z[j]), (i, 1, n)
    every, own = (_merged(differentiate(loss, x)) for x in (a[i], a[j]))
    same, other, rate = _cases(activation)
    inside = "" if direct == 0 else "; $z_j$ also stands in $L$ itself"
    chain = chain.step(
        Sum(dL_da * da_dz, over) + direct,
        "chain rule: $z_j$ moves every $a_i$" + inside,
    )
    chain = chain.step(
        (dL_da * da_dz).xreplace({i: j}) + SumExcept(dL_da * da_dz, over, j) + direct,
        "split off the term $i = j$",
    )
    both = times(dL_da.xreplace({i: j}), same)
    if other != 0:
        both += SumExcept(times(dL_da, other), over, j)
    cases = [(r"i = j", same), (r"i \neq j", other)]
    named = (f"case ${case}$: ${latex(value * rate)}$" for case, value in cases)
    chain = chain.step(rate * both + direct, "; ".join(named))
    inner = times(own, same)
    if _numerator(activation):
        product = Sum(times(a[i], dL_da), over)
        chain = chain.step(
            rate * a[j] * (dL_da.xreplace({i: j}) - product) + direct,
            "the $-a_j$ of $i = j$ completes the sum",
        )
        inner = a[j] * (own - Sum(times(a[i], every), over))
    elif other != 0:
        inner += SumExcept(times(every, other), over, j)
    from_loss = r"$\partial L/\partial a_i$, from the loss"
    return chain.step(rate * inner + direct, from_loss), rate, inner


def _cases(activation):
    """∂a_j/∂z_j, and ∂a_i/∂z_j for i ≠ j, both over a rate they share."""
    top = _numerator(activation)
    if top:
        return a[j] * (1 - a[j]), -a[i] * a[j], differentiate(top(j), z[j]) / top(j)
    same = differentiate(activation(j), z[j])
    other = differentiate(activation(i), z[j]).xreplace({KroneckerDelta(i, j): 0})
    for known in (a[j] * (1 - a[j]), a[j], 1 - exp(-a[j])):
        if check(known, Derivative(a[j], z[j]), [activation]):
            return known, other, Integer(1)
    return same, other, Integer(1)


def _numerator(activation):
    """N where a_i = N(z_i)/Σ_k N(z_k), as a function of an index, else None."""
    (index,) = activation.parameters
    for part in Mul.make_args(activation.value):
        if isinstance(part, Pow) and part.exp == -1 and isinstance(part.base, Sum):
            top, total = activation.value / part, part.base
            logits = {x for x in top.atoms(Indexed) if x.base == z}
            same = total.function == top.xreplace({index: total.limits[0][0]})
            if same and logits == {z[index]} and not top.has(Sum):
                return lambda at: top.xreplace({index: at})
    return None


def _known(chain, expr, using):
    """The chain with the sums that hypotheses know replaced, where there are any."""
    known = _one_form(expr, using)
    if not using or known == _one_form(expr, ()):
        return chain
    names = " and ".join(f"${latex(x.sums[0])} = {x.value}$" for x in using)
    return chain.step(_shortest(known), names, using)


def _one_form(expr, facts):
    return readable(canonical(expand(canonical(expr), power_exp=False), facts))


def _shortest(*given):
    forms = [
        form
        for expr in given
        for form in (
            expr,
            factor_terms(expr),
            factor_terms(collect(expr, a[j])),
            factor_terms(cancel(expr)),
        )
    ]
    return min(map(_merged, forms), key=lambda form: form.count_ops())


def _merged(expr):
    """`expr` with b^x/b written b^(x − 1)."""
    if not expr.args or isinstance(expr, Indexed):
        return expr
    if isinstance(expr, Sum):
        number, rest = _merged(expr.function).as_coeff_Mul()
        return number * Sum(rest, *expr.limits)
    expr = expr.func(*map(_merged, expr.args))
    powers = [x for x in Mul.make_args(expr) if isinstance(x, Pow)]
    for power in powers:
        for other in powers:
            sides = {power.base: 1, -power.base: -1}
            if other.exp.is_Integer and not power.exp.is_number and other.base in sides:
                joined = power.base ** (power.exp + other.exp)
                rest = expr / power / other
                return _merged(rest * joined * sides[other.base] ** other.exp)
    return expr


def _declared(parameters):
    if isinstance(parameters, Symbol | IndexedBase):
        parameters = (parameters,)
    for one in parameters:
        if not isinstance(one, Symbol | IndexedBase):
            raise TypeError(
                "a parameter is a Symbol or an IndexedBase, such as "
                f'Symbol("gamma", positive=True), got {one!r}'
            )
        entry = one[k] if isinstance(one, IndexedBase) else one
        if not entry.is_real or entry.is_integer:
            raise TypeError(
                f"the parameter {one} must be declared as a real number: "
                f'{type(one).__name__}("{one}", positive=True), or real=True'
            )
        if _OURS.get(str(one), one) != one or one in (a, y, z, n, L):
            raise ValueError(
                f"the letter {one} has a meaning of its own in this series: choose "
                "another name for the parameter"
            )
    return tuple(parameters)


def _refuse_activation(activation, parameters):
    shape = "Definition(a[i], exp(z[i]) / Sum(exp(z[k]), (k, 1, n)))"
    if not isinstance(activation, Definition) or activation.base != a:
        raise TypeError(
            f"an activation is a definition of a[i] in z, such as {shape}, "
            f"got {activation!r}"
        )
    if len(activation.parameters) != 1 or activation.value.has(y):
        raise TypeError(f"an activation has one index and no y: {activation}")
    _refuse(activation.value, parameters, {z}, None, set(activation.parameters))
    if not activation.value.has(z):
        raise ValueError(f"{activation} does not depend on z")
    if not _is_positive(activation.value, None):
        raise ValueError(
            f"the outputs a are positive in this series, and {activation} is not known "
            "to be: write the loss in z itself, with the activation put in"
        )


def _refused_or_loss(loss, parameters, activation):
    if isinstance(loss, str):
        raise TypeError(
            "a loss is a SymPy expression, and text is never evaluated: write "
            f"-Sum(y[k]*log(a[k]), (k, 1, n)) without quotes, got {loss!r}"
        )
    if isinstance(loss, Definition):
        loss = loss.value
    if isinstance(loss, Expr):  # before SymPy's own checks, whose words are others
        _refuse(loss, parameters, {a, y, z}, activation, set())
    loss = Derivation(loss).start
    if not loss.has(a, z):
        raise ValueError(
            f"{text(loss)} does not depend on z: neither a nor z is in it, so its "
            "gradient is 0; use a[k] for the outputs and z[k] for the logits"
        )
    return loss


def _refuse(expr, parameters, arrays, activation, indices):
    _refuse_functions(expr)
    _refuse_indices(expr, indices)
    _refuse_undeclared(expr, parameters, arrays)
    _refuse_singular(expr, activation)


def _refuse_functions(expr):
    for part in preorder_traversal(expr):
        if isinstance(part, AppliedUndef):
            raise TypeError(
                f"{part} is an applied Function, and its derivative with respect to an "
                "indexed symbol would be 0 without a word: declare "
                f'{part.func} = IndexedBase("{part.func}", real=True) and write '
                f"{part.func}[{part.args[0]}]"
            )
        if isinstance(part, NOT_SMOOTH):
            raise ValueError(
                f"{part} is not differentiable everywhere: use a smooth function in "
                "its place, such as sqrt(x**2 + 1) for Abs(x), log(exp(x) + exp(0)) "
                "for Max(x, 0)"
            )
        known = isinstance(part, _GRAMMAR) or (not part.args and part != I)
        if isinstance(part, Expr) and not known:
            names = ", ".join(x.__name__ for x in SMOOTH)
            raise ValueError(
                f"there is no rule for {part}: a loss is made of sums, products, "
                f"powers, {names} and KroneckerDelta"
            )


def _refuse_indices(expr, allowed):
    bound = [x for total in expr.atoms(Sum) for x in total.bound_symbols]
    free = free_symbols(expr) & set(RANGES) - allowed
    for index in sorted(free, key=str):
        if index in bound:
            raise ValueError(
                f"the index {index} is bound in a sum and also used outside it, so one "
                "letter has two meanings: give the sum another letter, such as l, or "
                "put what belongs to the sum inside it"
            )
        raise ValueError(
            f"the index {index} is free, and a loss is one number: sum over it, as in "
            f"Sum(…, ({index}, 1, n)); the true class is where y[{index}] is 1"
        )
    for total in expr.atoms(Sum):
        inner = [x for part in total.function.atoms(Sum) for x in part.bound_symbols]
        names = [*total.bound_symbols, *inner]
        twice = [x for x in total.bound_symbols if names.count(x) > 1 or x in allowed]
        if twice:
            raise ValueError(
                f"the index {twice[0]} is bound twice in {total}: "
                "give one of the sums another letter"
            )
        for _, low, high in total.limits:
            if low != 1 or high != n:
                raise ValueError(
                    f"{total} is not a sum over all classes: only (k, 1, n), with the "
                    "n of derivations.notation, can be decided for every n"
                )


def _refuse_undeclared(expr, parameters, arrays):
    entries = expr.atoms(Indexed)
    known = arrays | {x for x in parameters if isinstance(x, IndexedBase)}
    for entry in sorted(entries, key=str):
        if entry.base not in known:
            if str(entry.base) in map(str, known):
                raise ValueError(
                    f"{entry.base} prints like the {entry.base} that is expected but "
                    "is another one: use `from derivations.notation import *`"
                )
            raise ValueError(
                f"{entry.base} is not declared: pass parameters=[{entry.base}], "
                f"an IndexedBase, or use {', '.join(sorted(map(str, arrays)))}"
            )
        if len(entry.indices) != 1 or not isinstance(entry.indices[0], Symbol):
            raise ValueError(
                f"{entry} must have one letter as its index, such as {entry.base}[k]"
            )
    labels = {name for x in expr.atoms(IndexedBase) for name in (x, x.label)}
    symbols = {x for x in free_symbols(expr) if isinstance(x, Symbol)}
    for symbol in sorted(symbols - {n} - labels, key=str):
        if _OURS.get(str(symbol), symbol) != symbol:
            raise ValueError(
                f"{symbol} prints like the {symbol} of the series but is another one: "
                "use `from derivations.notation import *`"
            )
        if symbol not in parameters and symbol not in RANGES:
            raise ValueError(
                f"{symbol} is not declared: pass parameters=[{symbol}], where "
                f'{symbol} = Symbol("{symbol}", positive=True) or real=True'
            )


def _refuse_singular(expr, activation):
    """Refuse log(x) and x^p where x may be 0 or negative."""
    for part in preorder_traversal(expr):
        if isinstance(part, log):
            x, safe = part.args[0], _is_positive(part.args[0], activation)
        elif isinstance(part, Pow) and not (
            part.exp.is_integer and part.exp.is_nonnegative
        ):
            x, safe = part.base, _is_positive(part.base, activation)
            safe = safe or (part.exp.is_Integer and _is_positive(-x, activation))
        else:
            continue
        if not safe:
            raise ValueError(
                f"{part} is not differentiable everywhere: {x} is not known to be "
                "positive for all z and all real y; declare parameters positive=True, "
                "write log(x/y) as a difference and leave out what has no z in it"
            )


def _is_positive(expr, activation):
    """Whether `expr` is positive for all real z and y; False means "not known"."""
    unknowns = {}

    def output(entry):
        if _numerator(activation) is None:
            return plain(activation(*entry.indices))
        odds = unknowns.setdefault(entry, Dummy(positive=True))
        return odds / (1 + odds)  # each output is less than the sum of all, which is 1

    def plain(part):
        if isinstance(part, Indexed):
            inside = activation is not None and part.base == a
            return output(part) if inside else part
        if isinstance(part, Sum):
            body = plain(part.function)
            known = {"positive": True} if _sign(body) else {}
            known |= {"nonnegative": True} if body.is_nonnegative else {"real": True}
            return unknowns.setdefault(part, Dummy(**known))
        return part.func(*map(plain, part.args)) if part.args else part

    return _sign(plain(expr))


def _sign(expr):
    if expr.is_positive:
        return True
    return all(expand(side).is_positive for side in fraction(together(expr)))


def _match_parameters(parameters, values):
    names = {str(x) for x in parameters}
    if names != set(values):
        expected = ", ".join(f"{x}=…" for x in sorted(names)) or "no parameter"
        given = ", ".join(sorted(values)) or "none"
        raise TypeError(f"expected {expected}, got {given}")


class _Arrays:
    """An interpreter over a batch: an index is an axis, and the last is the example.

    No text is made and evaluated: each part of an expression is looked at in turn.
    """

    def __init__(self, own, values, Z, Y):
        # NumPy stays outside derivations/ until a reader asks for arrays.
        self.np = np = import_module("numpy")
        Z, Y = np.asarray(Z), np.asarray(Y)
        if Z.dtype.kind not in "fciu" or Y.dtype.kind not in "fiu":
            raise TypeError(f"Z and Y must hold numbers, got {Z.dtype} and {Y.dtype}")
        if Z.ndim != 2 or Z.shape != Y.shape or Z.size == 0:
            raise ValueError(
                f"Z and Y must have one shape (n, m), got {Z.shape} and {Y.shape}"
            )
        Z = Z.astype(float) if Z.dtype.kind in "iu" else Z
        self.n, self.m = Z.shape
        self.arrays = {z: Z, y: Y.astype(Z.real.dtype)}
        self.numbers = {}
        for one in own.parameters:
            value = np.asarray(values[str(one)], dtype=Z.real.dtype)
            shape = (self.n,) if isinstance(one, IndexedBase) else ()
            if value.shape != shape:
                raise ValueError(f"{one} must have shape {shape}, got {value.shape}")
            if shape:
                self.arrays[one] = value[:, None]
            else:
                self.numbers[one] = value
        self.arrays[a] = self.outputs(own.activation)

    def outputs(self, activation):
        (index,), top = activation.parameters, _numerator(activation)
        if top is None or not isinstance(top(index), exp):
            return self.batch(activation.value, (index,))
        # e^{u_i}/Σ e^{u_k}, shifted by the largest u so that nothing overflows.
        u = self.batch(top(index).args[0], (index,))
        powers = self.np.exp(u - u.real.max(axis=0))
        return powers / powers.sum(axis=0)

    def batch(self, expr, axes):
        """The value as an array of shape (n,) for each axis, then (m,)."""
        shape = (self.n,) * len(axes) + (self.m,)
        return self.np.broadcast_to(self.value(expr, axes), shape).copy()

    def value(self, expr, axes):  # noqa: PLR0911 (one line per kind of part)
        if isinstance(expr, Indexed):
            array = self.arrays[expr.base]
            return array.reshape(self.along(axes, *expr.indices) + array.shape[1:])
        if isinstance(expr, Symbol):
            return self.n if expr == n else self.numbers[expr]
        if isinstance(expr, Sum):
            return self.total(expr, axes)
        if isinstance(expr, KroneckerDelta):
            eye = self.np.eye(self.n, dtype=self.arrays[z].real.dtype)
            rows, columns = sorted(expr.args, key=axes.index)
            return eye.reshape((*self.along(axes, rows, columns), 1))
        if not expr.args:
            return int(expr) if expr.is_Integer else float(expr)
        values = [self.value(arg, axes) for arg in expr.args]
        if isinstance(expr, Add | Mul):
            return reduce(add if isinstance(expr, Add) else mul, values)
        if isinstance(expr, Pow):
            return self.np.power(self.floats(values[0]), values[1])
        return getattr(self.np, expr.func.__name__)(self.floats(values[0]))

    def floats(self, value):
        # NumPy refuses negative powers of integers.
        return float(value) if isinstance(value, int) else value

    def along(self, axes, *indices):
        """The shape of an array whose indices lie along some of the axes."""
        return tuple(self.n if axis in indices else 1 for axis in axes)

    def total(self, expr, axes):
        added = tuple(index for index, _, _ in expr.limits)
        value = self.value(expr.function, (*axes, *added))
        shape = self.np.broadcast_shapes(
            self.np.shape(value), (self.n,) * len(added) + (1,)
        )
        where = tuple(range(-1 - len(added), -1))
        return self.np.broadcast_to(value, shape).sum(axis=where)
