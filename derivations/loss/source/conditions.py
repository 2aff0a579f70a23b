"""What has to hold so that the gradient of a loss does, in words: for page and code."""

from collections.abc import Callable

from sympy import Basic

from derivations.formulas.ranges import conditions, range_of
from derivations.judges.explanation import listed
from derivations.letters import y
from derivations.loss.domain import denominators, entry_of, logarithms
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
    >>> print(holds_for(own_loss("-Σ_k y_k log a_k/Σ_k y_k")))
    holds for labels with Σ_k y_k ≠ 0
    >>> print(holds_for(own_loss("Σ_k a_k log a_k")))
    holds for any logits
    >>> print(holds_for(own_loss("-Σ_k a_k log y_k"), str))
    holds for labels with y[k] > 0 (log(y[k]) has no value at 0)
    """
    letters = [entry_of(one) for one in own.parameters]
    said = [
        _formula(range_of(one).around(write(one)), write, around)
        for one in letters
        if conditions(one)
    ]
    unequal = {unicode: "≠", latex: r"\neq"}.get(write, "!=")
    below = denominators(own)
    not_0 = {x: f"{around}{write(x)} {unequal} 0{around}" for x in below}
    said += [words for x, words in not_0.items() if not x.has(y)]
    labels = [
        f"{around}{said_by(fact, write)}{around} ({fact.name})" for fact in own.facts
    ]
    labels += [words for x, words in not_0.items() if x.has(y)]
    positive = {
        part: f"{_formula(f'{write(part.args[0])} > 0', write, around)} "
        f"({around}{write(part)}{around} has no value at 0)"
        for part in logarithms(own)
    }
    labels += [words for x, words in positive.items() if x.has(y)]
    said += [words for x, words in positive.items() if not x.has(y)]
    if own.loss.has(y):
        said.append(f"labels with {listed(labels)}" if labels else "any labels")
    said = said or ["any logits"]
    return f"holds for {listed(said)}"


def _formula(relation, write, around):
    return f"{around}{with_signs(relation, write)}{around}"
