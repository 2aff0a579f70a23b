"""`derive`: the gradient of a loss of the reader's own, for every n.

It takes a loss L in a[i], y[i] and z[i], differentiates it, and has every line of the
result judged like the lines of a theorem.  It refuses a loss that cannot be judged, so
every formula that it returns is proved.
"""

from collections.abc import Iterable
from types import EllipsisType
from typing import TYPE_CHECKING

from sympy import Expr, IndexedBase, Symbol

from derivations.formulas.claims import Definition, Hypothesis
from derivations.judges.verdict import NotDecidedError, Undecidable, Verdict
from derivations.letters import softmax
from derivations.proof import StepError
from derivations.text.printing import text
from derivations.text.unicode import unicode

if TYPE_CHECKING:
    from derivations.loss.own_loss import OwnLoss


def derive(
    loss: Expr | EllipsisType,
    activation: Definition = softmax,
    parameters: Symbol | IndexedBase | Iterable[Symbol | IndexedBase] = (),
    using: Hypothesis | Iterable[Hypothesis] = (),
) -> "OwnLoss | Verdict":
    """The gradient dL/dz_j of the reader's loss, for every n, line by line.

    `loss` is a SymPy expression in a[i], y[i], z[i] and n, with sums over 1..n;
    `activation` defines a[i] in z; `parameters` lists the other symbols of both, such
    as Symbol("gamma", positive=True); `using` is H1 where the labels sum to 1.  A loss
    of `...` is "not attempted yet".

    Raises TypeError or ValueError for what is no such loss, with what to write instead;
    NotDecidedError where the gradient is not proved.
    Source: notebook 15, "One call".

    >>> from derivations.letters import Sum, a, y, k, n, log, H1
    >>> own = derive(-Sum(y[k] * log(a[k]), (k, 1, n)), using=H1)
    >>> own.gradient, own.verdict
    (a[j] - y[j], right, for every n (and at 27 points with n = 2, 3, 4, 5, 7))
    """
    if loss is ...:
        return Verdict(attempted=False)
    # A notebook offers `derive`, and most never call it: the rules load with the call.
    from derivations.loss import refusals  # noqa: PLC0415
    from derivations.loss.lines import Lines  # noqa: PLC0415
    from derivations.loss.own_loss import OwnLoss  # noqa: PLC0415

    parameters = refusals.parameters(parameters)
    using = refusals.hypotheses(using)
    activation = refusals.activation(activation, parameters)
    loss = refusals.loss(loss, parameters, activation, using)
    labels = refusals.needed(loss, activation, using)
    facts = [x for x in using if x.sums]
    try:
        chain = Lines(loss, activation, facts, labels).chain
    except (Undecidable, StepError) as problem:
        raise NotDecidedError(
            f"cannot decide the gradient of {unicode(loss)}, so none is shown: "
            f"{_said(problem)}\n"
            "write the loss with sums over 1..n of powers, exp and log of a[k], y[k] "
            "and z[k], or derive it by hand as a Derivation"
        ) from problem
    if chain.result == 0:
        raise ValueError(f"{unicode(loss)} does not depend on z: its gradient is 0")
    return OwnLoss(loss, activation, parameters, chain, using)


def _said(problem):
    """Why there is no chain, in the notation of the page."""
    words = str(problem)
    if isinstance(problem, StepError):
        for side in (problem.left, problem.right):
            words = words.replace(text(side), unicode(side))
    return words
