"""Softmax with no cross-entropy behind it, as in attention.

The gradient that arrives at the outputs of the softmax may be any vector.
"""

from derivations.letters import *
from derivations.proof import Derivation, theorem

V = IndexedBase("V", real=True)
"""Row k is the value vector that the weight a_k multiplies."""
U = IndexedBase("U", real=True)
"""The gradient that arrives at the output of attention, o_q = Σ_k a_k V_kq."""

to_first_order = Definition(L, Sum(a[k] * Sum(U[q] * V[k, q], (q, 1, d)), (k, 1, n)))
"""Σ_q U_q o_q, with the output o put in and the sum over k written first."""

WHERE = (softmax, to_first_order)


@theorem
def vjp() -> Derivation:
    """The vector–Jacobian product of the softmax, without the matrix."""
    return (
        Derivation(Sum(v[i] * Derivative(a[i], z[j]), (i, 1, n)), where=[softmax])
        .step(
            Sum(v[i] * a[i] * (delta - a[j]), (i, 1, n)),
            "both cases of the derivative",
        )
        .step(
            v[j] * a[j] - a[j] * Sum(v[i] * a[i], (i, 1, n)),
            "the delta keeps only $i = j$; take $a_j$ out of the sum",
        )
        .step(a[j] * (v[j] - Sum(a[i] * v[i], (i, 1, n))), "factor out $a_j$")
    )


@theorem
def scores() -> Derivation:
    """Attention: the gradient of a score is how far its value is above the mean."""
    gain = Sum(U[q] * V[j, q], (q, 1, d))
    mean = Sum(a[k] * Sum(U[q] * V[k, q], (q, 1, d)), (k, 1, n))
    return (
        Derivation(Derivative(L, z[j]), where=WHERE)
        .step(
            Sum(Derivative(L, a[i]) * Derivative(a[i], z[j]), (i, 1, n)),
            "chain rule: $z_j$ moves every weight $a_i$",
        )
        .step(
            a[j] * (gain - mean),
            "the product above, with $\\sum_q U_q V_{i,q}$ for $v_i$",
        )
    )


@theorem
def values() -> Derivation:
    """Attention: the gradient of an entry of a value vector."""
    return (
        Derivation(Derivative(L, V[j, q]), where=WHERE)
        .step(
            Sum(a[k] * Derivative(Sum(U[r] * V[k, r], (r, 1, d)), V[j, q]), (k, 1, n)),
            "the weights do not depend on $V$",
        )
        .step(a[j] * U[q], "$V_{j,q}$ is in one term, with $a_j$ and $U_q$")
    )
