"""The chain of a loss: from the chain rule to the shortest gradient, line by line."""

from dataclasses import dataclass
from functools import cached_property

from sympy import (
    Derivative,
    Expr,
    Integer,
    KroneckerDelta,
    Product,
    Sum,
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
    length,
    terms_over_one,
    too_long,
)
from derivations.formulas.indices import SumExcept, times
from derivations.judges.for_every_n.derivatives import differentiate
from derivations.judges.verdict import Undecidable
from derivations.letters import L, a, i, j, k, n, y, z
from derivations.loss.activations import SUMS_TO_ONE, Signs, in_one_sum, numerator
from derivations.loss.forms import (
    MOST_FACTORED,
    by_denominator,
    denominators_as_powers,
    factored,
    labels_factored,
    labels_gathered,
    multiplied_out,
    powers_joined,
    with_signs_of,
)
from derivations.loss.softmaxes import softmaxes, top_of, with_outputs, with_softmaxes
from derivations.proof import Derivation, StepError
from derivations.text.chains import said_by
from derivations.text.printing import latex


@dataclass(frozen=True)
class Lines:
    """The chain of a loss; `facts` know sums, `labels` know ranges of labels."""

    loss: Expr
    activation: Definition
    facts: list
    labels: tuple

    @property
    def chain(self):
        where = [self.activation, *self.softmaxes, Definition(L, self.named)]
        chain, direct = Derivation(Derivative(L, z[j]), where), self.slope(z[j])
        if self.loss.has(a):
            chain, expr = self.by_outputs(chain, direct)
        else:
            reason = "no output is in $L$: $z_j$ stands there itself"
            expr = self.shortest(direct)
            chain = self.first(chain, expr, reason)
        return self.with_outputs(self.known(chain, expr))

    @cached_property
    def softmaxes(self):
        """Definitions of the softmaxes in the loss, of which none is the activation."""
        return [
            one
            for one in softmaxes(self.loss)
            if one.value != self.activation.value
            and with_softmaxes(self.loss, [one]).has(one.base)
        ]

    @cached_property
    def named(self):
        ones = self.softmaxes
        return with_softmaxes(self.loss, ones) if ones else self.loss

    def first(self, chain, right, reason):
        """The first line, which says what the labels have to be."""
        if self.labels:
            known = " and ".join(f"${said_by(x, latex)}$" for x in self.labels)
            reason += f"; {known} keeps $L$ smooth"
        return chain.step(right, reason, self.labels)

    def step(self, chain, right, reason, facts=()):
        """A further line; it names the labels where it is not decided without them."""
        try:
            return chain.step(right, reason, facts)
        except (StepError, Undecidable):
            if not self.labels:
                raise
            return chain.step(right, reason, (*facts, *self.labels))

    def by_outputs(self, chain, direct):
        """The chain by way of every output, and its last line as it came out."""
        chain, rate, inner = self.put_in(chain, direct)
        facts = [SUMS_TO_ONE] if numerator(self.activation) else []
        reason = "multiply out"
        before, inner = multiplied_out(inner, ()), multiplied_out(inner, facts)
        if inner != before:
            reason += r"; $\sum_k a_k = 1$"
        short, whole = self.shortest(inner), rate * inner + direct
        if whole != inner:
            short = self.shortest(rate * short + direct, whole)
        if short != chain.result:
            chain = self.step(chain, short, reason)
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
        chain = self.step(
            chain,
            own_term + SumExcept(dL_da * da_dz, *others) + direct,
            "split off the term $i = j$",
        )
        both = times(at_j, same)
        if other != 0:
            both += SumExcept(times(dL_da, other), *others)
        cases = [(r"i = j", same), (r"i \neq j", other)]
        named = (f"case ${case}$: ${latex(value * rate)}$" for case, value in cases)
        chain = self.step(chain, rate * both + direct, "; ".join(named))
        inner = times(own, same)
        if numerator(self.activation):
            chain = self.step(
                chain,
                rate * a[j] * (at_j - Sum(times(a[i], dL_da), over)) + direct,
                "the $-a_j$ of $i = j$ completes the sum",
            )
            inner = a[j] * (own - Sum(times(a[i], every), over))
        elif other != 0:
            inner += SumExcept(times(every, other), *others)
        from_loss = r"$\partial L/\partial a_i$, from the loss"
        return self.step(chain, rate * inner + direct, from_loss), rate, inner

    def known(self, chain, expr):
        """The chain with the sums that hypotheses know replaced, if there are any."""
        if not self.facts:
            return chain
        known = multiplied_out(expr, self.facts)
        if known == multiplied_out(expr, ()):
            return chain
        names = (f"${latex(x.sums[0])} = {x.value}$" for x in self.facts)
        as_it_stands = self.put_in_sums(chain.result)
        short = self.shortest(collect(known, y[j]), factor(known), known, as_it_stands)
        if short == chain.result or short.count_ops() > chain.result.count_ops():
            return chain
        return self.step(chain, short, " and ".join(names), self.facts)

    def put_in_sums(self, expr):
        """`expr` with the sums that hypotheses know replaced where they stand."""
        known = {x: fact.value for fact in self.facts for x in fact.sums}
        return expr.replace(lambda x: x in known, lambda x: known[x])

    def with_outputs(self, chain):
        """The chain with e^{z_j}/Σ_k e^{z_k} replaced by a_j, where it is one."""
        top = numerator(self.activation)
        named = with_outputs(chain.result, top) if top else chain.result
        if named == chain.result:
            return chain
        output = f"${latex(self.activation(j))}$ is ${latex(a[j])}$"
        return self.step(chain, self.shortest(named), output)

    def slope(self, variable):
        slope = differentiate(self.named, variable)
        words = too_long(slope, most=MOST_IN_SLOPE)
        if words:
            raise Undecidable(f"its derivative by {variable} is {words}")
        if variable == z[j]:
            slope = self.by_softmaxes(slope)
        slope = self.joined(slope)
        return slope if in_one_sum(slope) == slope else factored(slope)

    def by_softmaxes(self, slope):
        """A slope by z_j, and what comes by way of each softmax p of logits.

        Where p = softmax(u), ∂p_i/∂z_j is p_i(δ_ij − p_j) times the slope of u_j.
        """
        ones = [Hypothesis("", [Sum(one.base[k], (k, 1, n))]) for one in self.softmaxes]
        for one in self.softmaxes:
            p, rate = one.base, differentiate(log(top_of(one)(j)), z[j])
            if rate != 0:
                every = differentiate(self.named, p[i])
                total = Sum(every * p[i], (i, 1, n))
                slope += rate * p[j] * (instance(every, {i: j}) - total)
        return self.shortest(multiplied_out(slope, ones)) if ones else slope

    def shortest(self, *given):
        forms = dict.fromkeys(form for expr in given for form in _written(expr))
        merged = (self.joined(form) for form in forms)
        short = min(merged, key=Expr.count_ops)
        other = self.joined(labels_gathered(short))
        if not other.has(Product):
            short = min(short, other, key=Expr.count_ops)
        return with_signs_of(self.loss, short)

    def joined(self, expr):
        return powers_joined(denominators_as_powers(expr), self.is_positive)

    @cached_property
    def is_positive(self):
        """Whether the judges know that an expression is positive for all labels."""
        return Signs(self.activation).is_positive


@remembered
def _written(expr):
    """Ways to write a gradient, of which the shortest is shown."""
    whole, products = expr, []
    if terms_over_one(expr) <= MOST_OVER_ONE:
        whole = cancel(expr)
        products = [labels_factored(expr)]
        if length(whole) <= MOST_FACTORED:
            products.append(factor(whole))
    terms = map(factor_terms, dict.fromkeys((expr, collect(expr, a[j]), whole)))
    forms = dict.fromkeys((expr, *terms, labels_gathered(expr), *products))
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
