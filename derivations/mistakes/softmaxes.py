"""A softmax of what is no logit or along the wrong axis; a wrong derivative of it."""

from collections.abc import Iterator
from dataclasses import replace

from sympy import Derivative, Expr, Indexed, Mul, Pow, Sum, exp

from derivations.formulas.claims import Claim
from derivations.formulas.indices import SumExcept, free_symbols, size_of
from derivations.letters import A, Z, a, batch_softmax, delta, i, j, m, n, softmax, z
from derivations.mistakes.mistake import Candidate, another, equal_to, mended

_TAKEN = "the softmax was differentiated as"
_DERIVATIVES = (
    (a[i] * (1 - a[i]), f"{_TAKEN} a_i (1 − a_i), which is right for i = j only"),
    (-a[i] * a[j], f"{_TAKEN} −a_i a_j, which is right for i ≠ j only"),
    (a[i] * (delta + a[j]), f"{_TAKEN} a_i (δ_ij + a_j): a minus sign is lost"),
    (
        a[i] * a[j] + delta * a[i] * (1 - 2 * a[i]),
        f"{_TAKEN} a_i a_j for i ≠ j: a minus sign is lost",
    ),
    (
        a[i] * (delta - a[i]),
        f"{_TAKEN} −a_i² for i ≠ j, where it is −a_i a_j",
    ),
    (
        a[i] * delta,
        f"{_TAKEN} if its denominator were a constant, but z_j stands there too",
    ),
)
"""What ∂a_i/∂z_j is often taken for, and what is said of it."""


def wrong_softmax_derivative(claim: Claim) -> Iterator[Candidate]:
    """The chain rule over all outputs, with a wrong derivative of the softmax in it.

    >>> from derivations.letters import L, cross_entropy
    >>> asked = Claim(a[j], Derivative(L, z[j]), [softmax, cross_entropy])
    >>> [x.claim.right for x in wrong_softmax_derivative(asked)][1]
    Sum(-Derivative(L, a[i])*a[i]*a[j], (i, 1, n))
    """
    for slope in sorted(claim.right.atoms(Derivative), key=str):
        logit = slope.variables[0]
        if len(slope.variables) > 1 or getattr(logit, "base", None) not in (z, Z):
            continue
        at, *example = logit.indices
        output = A if example else a
        is_known = (batch_softmax if example else softmax) in claim.where
        if not is_known or size_of(at) is None:  # the number of a class, say
            continue
        k = another(at)
        if k in claim.left.free_symbols | free_symbols(claim.right):
            continue
        entries = {a[i]: output[(k, *example)], a[j]: output[(at, *example)]}
        outer = Derivative(slope.expr, output[(k, *example)])
        for formula, words in _DERIVATIVES:
            inner = formula.xreplace(entries).xreplace({i: k, j: at})
            total = Sum(outer * inner, (k, 1, n))
            yield equal_to(claim, claim.right.xreplace({slope: total}), words)
        one = -outer.xreplace({k: at}) * entries[a[j]] ** 2
        words = "only the term i = j was taken, and in it the value −a_i a_j of i ≠ j"
        yield equal_to(claim, claim.right.xreplace({slope: one}), words)


def term_left_out(claim: Claim) -> Iterator[Candidate]:
    """The one term that a sum leaves out, where all the others are asked for.

    The softmax in it may be differentiated wrongly, too: of a_c − 1, which is the term
    j = c of Σ_j≠c ∂L/∂z_j, the way through the denominator alone is a_c.

    >>> from derivations.letters import c, log
    >>> others = SumExcept(Derivative(-log(a[c]), z[j]), (j, 1, n), c)
    >>> [x.claim.right for x in term_left_out(Claim(a[c], others, [softmax]))][:2]
    [Derivative(-log(a[c]), z[c]), Sum((1 - a[i])*Derivative(-log(a[c]), a[i])*a[i], \
(i, 1, n))]
    """
    for total in sorted(claim.right.atoms(SumExcept), key=str):
        ((k, *_),), left_out = total.limits, total.excluded
        one = total.function.xreplace({k: left_out})
        alone = replace(claim, right=claim.right.xreplace({total: one}))
        words = f"this is the term {k} = {left_out} alone; the sum is over all others"
        yield Candidate(alone, words)
        for slip in wrong_softmax_derivative(alone):
            yield replace(slip, sentence=f"{words}; in it {slip.sentence}")
        for whole in sorted(claim.left.atoms(Sum), key=str):
            (k, low, high), *more = whole.limits
            if not more and (low, high) == (1, total.limits[0][2]):
                others = SumExcept(whole.function, whole.limits[0], left_out)
                words = (
                    f"the term {k} = {left_out} is one too many: the sum is without it"
                )
                yield mended(claim, claim.left.xreplace({whole: others}), words)


def softmax_twice(claim: Claim) -> Iterator[Candidate]:
    """A softmax of the outputs: with the outputs in its place the answer is right.

    >>> from derivations.letters import k, y
    >>> twice = exp(a[j]) / Sum(exp(a[k]), (k, 1, n)) - y[j]
    >>> [x.claim.left for x in softmax_twice(Claim(twice, z[j]))]
    [a[j] - y[j]]
    """
    once = {
        product: rest * entry
        for product, rest, entry, total in _shares(claim.left)
        if entry.base in (a, A) and size_of(total.variables[0]) == n
    }
    if once:
        words = "softmax is applied twice: the outputs are a softmax already"
        yield mended(claim, claim.left.xreplace(once), words)


def softmax_over_the_examples(claim: Claim) -> Iterator[Candidate]:
    """A softmax along the examples: over the classes the answer is right.

    >>> from derivations.letters import Y, s, t
    >>> across = exp(Z[j, s]) / Sum(exp(Z[j, t]), (t, 1, m)) - Y[j, s]
    >>> [x.claim.left for x in softmax_over_the_examples(Claim(across, Z[j, s]))]
    [A[j, s] - Y[j, s]]
    """
    across = {
        product: rest * {z: a, Z: A}[entry.base][entry.indices]
        for product, rest, entry, total in _shares(claim.left)
        if entry.base in (z, Z) and size_of(total.variables[0]) == m
    }
    if across:
        words = (
            "the softmax is taken along the wrong axis: each example has its own sum "
            "over the classes"
        )
        yield mended(claim, claim.left.xreplace(across), words)


def _shares(expr: Expr):
    """Products with e^u/Σ e^u′ in them: the product, what else it has, u, the sum."""
    for product in sorted(expr.atoms(Mul), key=str):
        tops = [x for x in product.args if isinstance(x, exp)]
        below = [
            x
            for x in product.args
            if isinstance(x, Pow) and x.exp == -1 and isinstance(x.base, Sum)
        ]
        for top in tops:
            for share in below:
                total, entry = share.base, top.args[0]
                if isinstance(entry, Indexed) and isinstance(total.function, exp):
                    rest = [x for x in product.args if x not in (top, share)]
                    yield product, Mul(*rest), entry, total
