"""Shares: entries f(i)/Σ_k f(k) of one positive f, as the outputs of a softmax are.

Whatever f is, they lie between 0 and 1, they sum to 1, and their derivative speaks of
them again.  So what f is made of need not be multiplied out.
"""

from typing import NamedTuple

from sympy import Dummy, Expr, Mul, Pow, Sum, Symbol

from derivations.formulas.binding import instance
from derivations.formulas.caching import remembered
from derivations.formulas.claims import Definition, Hypothesis
from derivations.formulas.facts import is_positive
from derivations.formulas.indices import size_of
from derivations.formulas.ranges import SHARE


class Share(NamedTuple):
    """A definition a_i := f(i)/Σ_k f(k): f(i), its letter i, and the sum."""

    definition: Definition
    top: Expr
    letter: Symbol
    total: Sum

    @property
    def base(self):
        """The array of the shares."""
        return self.definition.base

    @property
    def fact(self) -> Hypothesis:
        """That the shares sum to 1, each between 0 and 1; f is positive."""
        entry = self.definition.symbol
        whole = Sum(entry, (self.letter, 1, self.letter.size))
        return Hypothesis(f"shares {entry}", [whole], ranges=((entry, SHARE),))

    def derivative(self, entry, names, depth, slope):
        """∂a_i = a_i (∂ log f(i) − Σ_k a_k ∂ log f(k)), by the quotient rule.

        Holds where f is 0 nowhere.
        """
        top, total = (instance(x, names, depth) for x in (self.top, self.total))
        ((bound, *_),) = total.limits
        places = zip(self.definition.parameters, entry.indices, strict=True)
        other = self.base[tuple(bound if x == self.letter else at for x, at in places)]
        inner = slope(total.function, 1) / total.function
        return entry * (slope(top) / top - Sum(other * inner, *total.limits))


@remembered
def share_of(definition: Definition) -> Share | None:
    """How a definition is a share, or None; f is known to be positive.

    >>> from derivations.letters import i, k, n, softmax, v, z
    >>> share_of(softmax).top, share_of(softmax).fact
    (exp(z[i]), shares a[i]: Sum(a[i], (i, 1, n)) = 1)
    >>> share_of(Definition(v[i], z[i] / Sum(z[k], (k, 1, n))))    # z_i may be 0
    """
    same = Dummy("index", integer=True, positive=True)
    for part in Mul.make_args(definition.value):
        total = 1 / part if isinstance(part, Pow) else None
        if not isinstance(total, Sum) or len(total.limits) > 1:
            continue
        (index, low, size), top = total.limits[0], definition.value / part
        for letter in definition.parameters[:1]:
            alike = total.function.xreplace({index: same})
            runs = low == 1 and size_of(letter) == size
            if runs and top.xreplace({letter: same}) == alike and is_positive(top):
                return Share(definition, top, letter, total)
    return None
