"""A loss of the reader's own: its gradient for every n, as a chain and for NumPy.

`derive` takes a loss L in a[i], y[i] and z[i], differentiates it, and has every line of
the result judged like the lines of a theorem.  It refuses a loss that cannot be judged,
so every formula that it returns is proved.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from types import EllipsisType

from sympy import (
    Derivative,
    Expr,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Product,
    Sum,
    Symbol,
    cancel,
    collect,
    exp,
    factor,
    factor_terms,
    log,
)

from derivations.deciding import is_right
from derivations.formulas.binding import instance, readable
from derivations.formulas.caching import remembered
from derivations.formulas.claims import Claim, Definition, Hypothesis
from derivations.formulas.counting import (
    MOST_IN_SLOPE,
    MOST_OVER_ONE,
    terms_over_one,
    too_long,
)
from derivations.formulas.indices import SumExcept, times
from derivations.judges.for_every_n.derivatives import differentiate
from derivations.judges.verdict import NotDecidedError, Undecidable, Verdict
from derivations.letters import L, a, i, j, k, n, softmax, y, z
from derivations.loss import accuracy, refusals
from derivations.loss.activations import Signs, in_one_sum, numerator
from derivations.loss.forms import (
    by_denominator,
    factored,
    labels_gathered,
    multiplied_out,
    powers_joined,
    with_outputs,
)
from derivations.loss.source.writing import written
from derivations.proof import Derivation, StepError, check
from derivations.text.chains import said_by
from derivations.text.printing import latex, text

__all__ = ["NotDecidedError", "OwnLoss", "derive"]

_SUMS_TO_ONE = Hypothesis("the outputs sum to 1", [Sum(a[k], (k, 1, n))])


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

    def to_numpy(self, /, **values):
        """The gradient as a function of arrays Z and Y, for values of the parameters.

        Shapes: Z, Y and the result (n, m); a parameter is (), or (n,) when it has an
        index; or (m,), (n, m) by example.  Each column of the result is of one example.
        Raises TypeError for parameters that are missing or unknown, and for arrays that
        hold no real numbers; ValueError for arrays of another shape.
        Source: notebook 15, "A function for arrays".

        >>> import numpy as np
        >>> from derivations.letters import a, y, k, n, log, H1
        >>> own = derive(-Sum(y[k] * log(a[k]), (k, 1, n)), using=H1)
        >>> own.to_numpy()(np.zeros((2, 1)), np.array([[1.0], [0.0]]))
        array([[-0.5],
               [ 0.5]])
        """
        return self._function("gradient", values)

    def loss_to_numpy(self, /, **values):
        """The loss as a function of arrays Z and Y: one number for each example, (m,).

        It is made from the loss and not from the gradient, so that differences of it
        judge the gradient.  Complex Z are accepted, for the complex step.
        """
        return self._function("loss", values)

    def source(self, library: str = "numpy") -> str:
        """The loss and its gradient as Python source, ready to paste.

        `library` is numpy, pytorch or jax.  The text has one function
        `loss_and_gradient(Z, Y, …)`, with a keyword for each parameter, that computes
        in the order of `to_numpy` and needs nothing but the library.  Its docstring
        says the formulas, the shapes and the conditions.  For PyTorch and JAX `losses`
        follows, which the library differentiates by Z with this gradient.
        Raises ValueError for another library, or a parameter with no name of Python.
        Source: notebook 15, "A function for arrays".

        >>> from derivations.letters import a, y, k, n, log, H1
        >>> own = derive(-Sum(y[k] * log(a[k]), (k, 1, n)), using=H1)
        >>> [line.strip() for line in own.source().splitlines() if " A - Y" in line]
        ['gradient = A - Y']
        >>> own.source("jax").splitlines()[:2]
        ['import jax', 'import jax.numpy as jnp']
        """
        return written(self, library)

    @cached_property
    def _best(self):
        return accuracy.best(self)

    @property
    def program(self):
        """The steps that `to_numpy` carries out and `source` writes down."""
        return self._best[0]

    @property
    def accuracy(self):
        """How exact the program is, by its measure at points.

        >>> from derivations.letters import a, y, k, n, log
        >>> derive(-Sum(y[k] * log(a[k]), (k, 1, n))).accuracy
        error <= 1e-15 of the largest entry, or term up to 1, |z| <= 800, 240 points
        """
        return self._best[1]

    def _function(self, name, values):
        # NumPy stays outside derivations/ until a reader asks for arrays.
        from derivations.loss import to_numpy  # noqa: PLC0415

        values = refusals.values(self.parameters, values)
        return to_numpy.function(self, self.program, name, values)

    def __repr__(self):
        return f"dL/dz[j] = {text(self.gradient)}    ({self.verdict})"

    def _repr_markdown_(self):
        return self.chain._repr_markdown_()


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
    Source: notebook 15, "One call".

    >>> from derivations.letters import a, y, k, n, log, H1
    >>> own = derive(-Sum(y[k] * log(a[k]), (k, 1, n)), using=H1)
    >>> own.gradient, own.verdict
    (a[j] - y[j], right, for every n (and at 27 points with n = 2, 3, 4, 5, 7))
    """
    if loss is ...:
        return Verdict(attempted=False)
    parameters = refusals.parameters(parameters)
    using = refusals.hypotheses(using)
    activation = refusals.activation(activation, parameters)
    loss = refusals.loss(loss, parameters, activation, using)
    labels = refusals.needed(loss, activation, using)
    facts = [x for x in using if x.sums]
    try:
        chain = _Lines(loss, activation, facts, labels).chain
    except (Undecidable, StepError) as problem:
        raise NotDecidedError(
            f"cannot decide the gradient of {text(loss)}, so none is shown: {problem}\n"
            "write the loss with sums over 1..n of powers, exp and log of a[k], y[k] "
            "and z[k], or derive it by hand as a Derivation"
        ) from problem
    if chain.result == 0:
        raise ValueError(f"{text(loss)} does not depend on z: its gradient is 0")
    return OwnLoss(loss, activation, parameters, chain)


@dataclass(frozen=True)
class _Lines:
    """The chain of a loss; `facts` know sums, `labels` know ranges of labels."""

    loss: Expr
    activation: Definition
    facts: list
    labels: tuple

    @property
    def chain(self):
        where = [self.activation, Definition(L, self.loss)]
        chain, direct = Derivation(Derivative(L, z[j]), where), self.slope(z[j])
        if self.loss.has(a):
            chain, expr = self.by_outputs(chain, direct)
        else:
            reason = "no output is in $L$: $z_j$ stands there itself"
            expr = self.shortest(direct)
            chain = self.first(chain, expr, reason)
        return self.with_outputs(self.known(chain, expr))

    def first(self, chain, right, reason):
        """The first line, which says what the labels have to be."""
        if self.labels:
            known = " and ".join(f"${said_by(x, latex)}$" for x in self.labels)
            reason += f"; {known} keeps $L$ smooth"
        return chain.step(right, reason, self.labels)

    def by_outputs(self, chain, direct):
        """The chain by way of every output, and its last line as it came out."""
        chain, rate, inner = self.put_in(chain, direct)
        facts = [_SUMS_TO_ONE] if numerator(self.activation) else []
        reason = "multiply out"
        before, inner = multiplied_out(inner, ()), multiplied_out(inner, facts)
        if inner != before:
            reason += r"; $\sum_k a_k = 1$"
        short, whole = self.shortest(inner), rate * inner + direct
        if whole != inner:
            short = self.shortest(rate * short + direct, whole)
        if short != chain.result:
            chain = chain.step(short, reason)
        return chain, whole

    def put_in(self, chain, direct):
        """The chain up to the derivatives put in, which are rate · inner + direct."""
        dL_da, da_dz, over = Derivative(L, a[i]), Derivative(a[i], z[j]), (i, 1, n)
        every = by_denominator(self.slope(a[i]))
        own = readable(instance(every, {i: j}))
        same, other, rate = _cases(self.activation)
        inside = "" if direct == 0 else "; $z_j$ also stands in $L$ itself"
        chain = self.first(
            chain,
            Sum(dL_da * da_dz, over) + direct,
            "chain rule: $z_j$ moves every $a_i$" + inside,
        )
        at_j = dL_da.xreplace({i: j})
        own_term, others = (dL_da * da_dz).xreplace({i: j}), (over, j)
        chain = chain.step(
            own_term + SumExcept(dL_da * da_dz, *others) + direct,
            "split off the term $i = j$",
        )
        both = times(at_j, same)
        if other != 0:
            both += SumExcept(times(dL_da, other), *others)
        cases = [(r"i = j", same), (r"i \neq j", other)]
        named = (f"case ${case}$: ${latex(value * rate)}$" for case, value in cases)
        chain = chain.step(rate * both + direct, "; ".join(named))
        inner = times(own, same)
        if numerator(self.activation):
            chain = chain.step(
                rate * a[j] * (at_j - Sum(times(a[i], dL_da), over)) + direct,
                "the $-a_j$ of $i = j$ completes the sum",
            )
            inner = a[j] * (own - Sum(times(a[i], every), over))
        elif other != 0:
            inner += SumExcept(times(every, other), *others)
        from_loss = r"$\partial L/\partial a_i$, from the loss"
        return chain.step(rate * inner + direct, from_loss), rate, inner

    def known(self, chain, expr):
        """The chain with the sums that hypotheses know replaced, if there are any."""
        if not self.facts:
            return chain
        known = multiplied_out(expr, self.facts)
        if known == multiplied_out(expr, ()):
            return chain
        names = (f"${latex(x.sums[0])} = {x.value}$" for x in self.facts)
        short = self.shortest(collect(known, y[j]), factor(known), known)
        return chain.step(short, " and ".join(names), self.facts)

    def with_outputs(self, chain):
        """The chain with e^{z_j}/Σ_k e^{z_k} replaced by a_j, where it is one."""
        top = numerator(self.activation)
        named = with_outputs(chain.result, top) if top else chain.result
        if named == chain.result:
            return chain
        output = f"${latex(self.activation(j))}$ is ${latex(a[j])}$"
        return chain.step(self.shortest(named), output)

    def slope(self, variable):
        slope = differentiate(self.loss, variable)
        words = too_long(slope, most=MOST_IN_SLOPE)
        if words:
            raise Undecidable(f"its derivative by {variable} is {words}")
        slope = powers_joined(slope, self.is_positive)
        return slope if in_one_sum(slope) == slope else factored(slope)

    def shortest(self, *given):
        forms = dict.fromkeys(form for expr in given for form in _written(expr))
        merged = (powers_joined(form, self.is_positive) for form in forms)
        short = min(merged, key=Expr.count_ops)
        other = powers_joined(labels_gathered(short), self.is_positive)
        return short if other.has(Product) else min(short, other, key=Expr.count_ops)

    @cached_property
    def is_positive(self):
        """Whether the judges know that an expression is positive for all labels."""
        return Signs(self.activation).is_positive


@remembered
def _written(expr):
    """Ways to write a gradient, of which the shortest is shown."""
    whole = cancel(expr) if terms_over_one(expr) <= MOST_OVER_ONE else expr
    terms = map(factor_terms, dict.fromkeys((expr, collect(expr, a[j]), whole)))
    forms = dict.fromkeys((expr, *terms, labels_gathered(expr)))
    # SymPy's cancel and factor make of e^Σ a product, which no judge reads.
    return [form for form in forms if not form.has(Product)]


def _cases(activation):
    """∂a_j/∂z_j, and ∂a_i/∂z_j for i ≠ j, both over a rate they share."""
    top = numerator(activation)
    if top:
        return a[j] * (1 - a[j]), -a[i] * a[j], differentiate(log(top(j)), z[j])
    same = differentiate(activation(j), z[j])
    other = differentiate(activation(i), z[j]).xreplace({KroneckerDelta(i, j): 0})
    for known in (a[j] * (1 - a[j]), a[j], 1 - exp(-a[j])):
        if is_right(Claim(known, Derivative(a[j], z[j]), (activation,))):
            return known, other, Integer(1)
    return same, other, Integer(1)
