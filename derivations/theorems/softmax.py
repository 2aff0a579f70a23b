"""The softmax a_i = e^{z_i}/S and its derivative, both cases and in one formula."""

from derivations.letters import *
from derivations.proof import Derivation, theorem

WHERE = (softmax, normaliser)


@theorem
def sums_to_one() -> Derivation:
    """The outputs of a softmax sum to 1."""
    return (
        Derivation(Sum(a[i], (i, 1, n)), where=WHERE)
        .step(Sum(exp(z[i]) / S, (i, 1, n)), "definition of $a_i$")
        .step(Sum(exp(z[i]), (i, 1, n)) / S, "$S$ is the same in every term")
        .step(1, "$S$ is that very sum")
    )


@theorem
def shift_invariant() -> Derivation:
    """Adding one number to every logit does not change the softmax."""
    shifted = Sum(exp(z[k] + C), (k, 1, n))
    return (
        Derivation(exp(z[i] + C) / shifted, where=WHERE)
        .step(
            exp(C) * exp(z[i]) / Sum(exp(C) * exp(z[k]), (k, 1, n)),
            "$e^{x+y} = e^x e^y$",
        )
        .step(exp(z[i]) / S, "take $e^C$ out of the sum: it cancels")
        .step(a[i], "definition of $a_i$")
    )


def _quotient_rule(case=None):
    top, below = Derivative(exp(z[i]), z[j]), Derivative(S, z[j])
    return (
        Derivation(Derivative(a[i], z[j]), where=WHERE, case=case)
        .step(Derivative(exp(z[i]) / S, z[j]), "definition of $a_i$")
        .step((top * S - exp(z[i]) * below) / S**2, "quotient rule")
    )


@theorem
def case_equal() -> Derivation:
    """An output with respect to its own logit, the case i = j."""
    return (
        _quotient_rule(Eq(i, j))
        .step(
            (exp(z[i]) * S - exp(z[i]) * exp(z[j])) / S**2,
            "the slope of $e^{z_i}$ is $e^{z_i}$, as $i = j$; that of $S$ is $e^{z_j}$",
        )
        .step(times(exp(z[i]) / S, 1 - exp(z[j]) / S), "factor out $e^{z_i}/S$")
        .step(a[i] * (1 - a[j]), "definition of $a$, twice")
        .step(a[i] * (1 - a[i]), "$i = j$")
    )


@theorem
def case_unequal() -> Derivation:
    """An output with respect to another logit, the case i ≠ j."""
    return (
        _quotient_rule(Ne(i, j))
        .step(
            -exp(z[i]) * exp(z[j]) / S**2,
            "$e^{z_i}$ stands still; in $S$ only $e^{z_j}$ moves",
        )
        .step(-a[i] * a[j], "definition of $a$, twice")
    )


@theorem
def derivative() -> Derivation:
    """Any output with respect to any logit, both cases in one formula."""
    return (
        _quotient_rule()
        .step(
            (delta * exp(z[i]) * S - exp(z[i]) * exp(z[j])) / S**2,
            "$e^{z_i}$ moves only if $i = j$; in $S$ only $e^{z_j}$ moves",
        )
        .step(delta * a[i] - a[i] * a[j], "definition of $a$, three times")
        .step(a[i] * (delta - a[j]), "factor out $a_i$")
    )


@theorem
def jacobian_symmetric() -> Derivation:
    """The Jacobian is symmetric: entry (i, j) is equal to entry (j, i)."""
    return (
        Derivation(Derivative(a[i], z[j]), where=WHERE)
        .step(a[i] * (delta - a[j]), "both cases of the derivative")
        .step(
            a[j] * (delta - a[i]),
            "if $i = j$ nothing changes, else both are $-a_i a_j$",
        )
        .step(Derivative(a[j], z[i]), "both cases, with $i$ and $j$ swapped")
    )


@theorem
def jacobian_rows() -> Derivation:
    """Each row of the Jacobian sums to 0: an equal push on all logits moves nothing."""
    return (
        Derivation(Sum(Derivative(a[i], z[j]), (j, 1, n)), where=WHERE)
        .step(Sum(a[i] * (delta - a[j]), (j, 1, n)), "the derivative")
        .step(a[i] * (1 - Sum(a[j], (j, 1, n))), "the delta keeps only $j = i$")
        .step(0, "the outputs sum to 1")
    )


@theorem
def jacobian_columns() -> Derivation:
    """Each column of the Jacobian sums to 0: what one output gains the others lose."""
    return (
        Derivation(Sum(Derivative(a[i], z[j]), (i, 1, n)), where=WHERE)
        .step(Sum(a[i] * (delta - a[j]), (i, 1, n)), "the derivative")
        .step(a[j] - a[j] * Sum(a[i], (i, 1, n)), "the delta keeps only $i = j$")
        .step(0, "the outputs sum to 1")
    )


@theorem
def jacobian_times_vector() -> Derivation:
    """The Jacobian times a vector, without the matrix."""
    mean = Sum(a[k] * v[k], (k, 1, n))
    return (
        Derivation(Sum(Derivative(a[i], z[j]) * v[j], (j, 1, n)), where=WHERE)
        .step(Sum(a[i] * (delta - a[j]) * v[j], (j, 1, n)), "the derivative")
        .step(a[i] * v[i] - a[i] * mean, "the delta keeps only $j = i$")
        .step(a[i] * (v[i] - mean), "factor out $a_i$")
    )
