"""A loss of the reader's own: its gradient for every n, as a chain and for NumPy.

`derive` takes a loss L in a[i], y[i] and z[i], differentiates it, and lets every line
of the result be judged as the lines of the theorems are.  What cannot be judged is
refused: a formula that comes out of here is a proved one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from types import EllipsisType

from sympy import (
    Derivative,
    Expr,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    Sum,
    Symbol,
    cancel,
    collect,
    exp,
    expand,
    factor_terms,
)

from derivations import refusals
from derivations.activations import numerator
from derivations.calculus import canonical, differentiate
from derivations.letters import L, a, i, j, k, n, softmax, z
from derivations.printing import latex, text
from derivations.proof import Derivation, StepError, check
from derivations.terms import Definition, Hypothesis, SumExcept, readable, times
from derivations.verdict import Undecidable, Verdict

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
        >>> from derivations.letters import a, y, k, n, log, H1
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
        # NumPy stays outside derivations/ until a reader asks for arrays.
        from derivations.to_numpy import Arrays  # noqa: PLC0415

        values = refusals.values(self.parameters, values)

        def of_arrays(Z, Y):
            return Arrays(self, values, Z, Y).batch(expr, axes)

        return of_arrays

    def __repr__(self):
        return f"dL/dz[j] = {text(self.gradient)}    ({self.verdict})"

    def _repr_latex_(self):
        return self.chain._repr_latex_()


def derive(
    loss: Expr | EllipsisType,
    activation: Definition = softmax,
    parameters: Symbol | IndexedBase | Iterable[Symbol | IndexedBase] = (),
    using: Hypothesis | Iterable[Hypothesis] = (),
) -> OwnLoss | Verdict:
    """The gradient dL/dz_j of the reader's loss, for every n, line by line.

    `loss` is a SymPy expression in a[i], y[i], z[i] and n, with sums over 1..n;
    `activation` defines a[i] in z; `parameters` lists the other symbols of both, such
    as Symbol("gamma", positive=True); `using` is H1 where the labels sum to 1.  A loss
    of `...` is "not attempted yet".

    Raises TypeError or ValueError for what is no such loss, with what to write instead;
    NotDecidedError where the gradient is not proved.
    Source: notebook 12, "One call".

    >>> from derivations.letters import a, y, k, n, log, H1
    >>> derive(-Sum(y[k] * log(a[k]), (k, 1, n)), using=H1)
    dL/dz[j] = a[j] - y[j]    (right, for every n (and at 14 points with n = 2 to 5))
    """
    if loss is ...:
        return Verdict(attempted=False)
    parameters = refusals.parameters(parameters)
    using = refusals.hypotheses(using)
    activation = refusals.activation(activation, parameters)
    loss = refusals.loss(loss, parameters, activation)
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
    facts = [_SUMS_TO_ONE] if numerator(activation) else []
    reason = "multiply out"
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
    if numerator(activation):
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
    top = numerator(activation)
    if top:
        return a[j] * (1 - a[j]), -a[i] * a[j], differentiate(top(j), z[j]) / top(j)
    same = differentiate(activation(j), z[j])
    other = differentiate(activation(i), z[j]).xreplace({KroneckerDelta(i, j): 0})
    for known in (a[j] * (1 - a[j]), a[j], 1 - exp(-a[j])):
        if check(known, Derivative(a[j], z[j]), [activation]):
            return known, other, Integer(1)
    return same, other, Integer(1)


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
