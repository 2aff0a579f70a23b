"""What has to hold so that the gradient of a loss does, in words: for page and code."""

from collections.abc import Callable

from sympy import Basic, IndexedBase, Pow, S, log

from derivations.formulas.ranges import conditions, range_of
from derivations.judges.explanation import listed
from derivations.letters import a, k, y, z
from derivations.loss.plot_data import along_z1
from derivations.refusals.hints import has_no_value_at_0
from derivations.text.chains import said_by, with_signs
from derivations.text.printing import latex
from derivations.text.unicode import unicode


def holds_for(own, write: Callable[[Basic], str] = unicode, around: str = "") -> str:
    """The parameters and the labels for which a loss has its gradient.

    `own` is made by `deriving.derive`; `around` stands on both sides of a formula.

    >>> from derivations.request.losses import own_loss
    >>> own = own_loss("Σ_k lam (a_k - y_k)^2", parameters=[("lam", "0..1")])
    >>> print(holds_for(own))
    holds for 0 < λ < 1 and any labels
    >>> print(holds_for(own_loss("-Σ_k y_k log a_k", using=["H1"])))
    holds for labels with Σ_k y_k = 1 (H1)
    >>> print(holds_for(own_loss("-Σ_k a_k log y_k")))
    holds for labels with y_k > 0 (log y_k has no value at 0)
    >>> print(holds_for(own_loss("-Σ_k a_k log y_k"), str))
    holds for labels with y[k] > 0 (log(y[k]) has no value at 0)
    """
    letters = [_entry(one) for one in own.parameters]
    said = [
        _formula(range_of(one).around(write(one)), write, around)
        for one in letters
        if conditions(one)
    ]
    unequal = {unicode: "≠", latex: r"\neq"}.get(write, "!=")
    said += [
        f"{around}{write(one)} {unequal} 0{around}"
        for one in letters
        if range_of(one).has(0) and _divides(one, own.loss, own.activation.value)
    ]
    labels = [
        f"{around}{said_by(fact, write)}{around} ({fact.name})"
        for fact in own.chain.uses
    ]
    labels += [
        f"{_formula(f'{write(part.args[0])} > 0', write, around)} "
        f"({around}{write(part)}{around} has no value at 0)"
        for part in logs_of_labels(own)
    ]
    said.append(f"labels with {listed(labels)}" if labels else "any labels")
    return f"holds for {listed(said)}"


def _divides(letter, *formulas):
    """Whether formulas have no value where a letter is 0."""
    return any(
        x.exp.could_extract_minus_sign() and x.base.xreplace({letter: S.Zero}).is_zero
        for formula in formulas
        for x in formula.atoms(Pow)
        if x.base.has(letter)
    )


def _formula(relation, write, around):
    return f"{around}{with_signs(relation, write)}{around}"


def logs_of_labels(own) -> list:
    """The logarithms of labels for which a loss has no value where one is 0.

    Where 0 log 0 stands, as in Σ y_k log y_k, it counts as 0, and nothing is needed.

    >>> from derivations.request.losses import own_loss
    >>> logs_of_labels(own_loss("Σ_k y_k log(y_k/a_k)", using=["H1", "H3"]))
    []
    """
    parts = [
        part
        for part in sorted(own.loss.atoms(log), key=str)
        if part.has(y) and not part.has(a, z) and has_no_value_at_0(part)
    ]
    if not parts:
        return []
    numbers = {str(one): range_of(_entry(one)).middle for one in own.parameters}
    _, at_one_hot, _ = along_z1(own, numbers, steps=1)
    return parts if None in at_one_hot else []


def _entry(parameter):
    return parameter[k] if isinstance(parameter, IndexedBase) else parameter
