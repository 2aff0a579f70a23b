"""A softmax of what is no logit, or along the wrong axis."""

from collections.abc import Iterator
from dataclasses import replace

from sympy import Expr, Indexed, Mul, Pow, Sum, exp

from derivations.formulas.claims import Claim
from derivations.formulas.indices import size_of
from derivations.letters import A, Z, a, m, n, z
from derivations.mistakes.mistake import Candidate


def softmax_twice(claim: Claim) -> Iterator[Candidate]:
    """A softmax of the outputs: with the outputs in its place the answer is right.

    >>> from derivations.letters import j, k, y
    >>> twice = exp(a[j]) / Sum(exp(a[k]), (k, 1, n)) - y[j]
    >>> [x.claim.left for x in softmax_twice(Claim(twice, z[j]))]
    [a[j] - y[j]]
    """
    once = {
        share: entry
        for share, entry, total in _shares(claim.left)
        if entry.base in (a, A) and size_of(total.limits[0][0]) == n
    }
    if once:
        words = "softmax is applied twice: the outputs are a softmax already"
        yield Candidate(replace(claim, left=claim.left.xreplace(once)), words)


def softmax_over_the_examples(claim: Claim) -> Iterator[Candidate]:
    """A softmax along the examples: over the classes the answer is right.

    >>> from derivations.letters import Y, j, s, t
    >>> across = exp(Z[j, s]) / Sum(exp(Z[j, t]), (t, 1, m)) - Y[j, s]
    >>> [x.claim.left for x in softmax_over_the_examples(Claim(across, Z[j, s]))]
    [A[j, s] - Y[j, s]]
    """
    across = {
        share: {z: a, Z: A}[entry.base][entry.indices]
        for share, entry, total in _shares(claim.left)
        if entry.base in (z, Z) and size_of(total.limits[0][0]) == m
    }
    if across:
        words = (
            "the softmax is taken along the wrong axis: each example has its own sum "
            "over the classes"
        )
        yield Candidate(replace(claim, left=claim.left.xreplace(across)), words)


def _shares(expr: Expr):
    """Parts e^u/Σ e^u′ of an expression: the part, its u, and the sum."""
    for product in sorted(expr.atoms(Mul), key=str):
        tops = [x for x in product.args if isinstance(x, exp)]
        below = [
            1 / x
            for x in product.args
            if isinstance(x, Pow) and x.exp == -1 and isinstance(x.base, Sum)
        ]
        for top in tops:
            for total in below:
                if isinstance(top.args[0], Indexed) and isinstance(total.function, exp):
                    yield top / total, top.args[0], total
