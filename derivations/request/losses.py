"""A loss of the reader's own, from texts."""

from collections.abc import Iterable

from sympy import IndexedBase

from derivations.formulas.claims import Definition
from derivations.letters import L, a, i
from derivations.loss.deriving import OwnLoss, derive
from derivations.registry import registry
from derivations.request.context import context, reading
from derivations.text.unreadable import Unreadable


def own_loss(
    loss: str,
    activation: str = "softmax",
    parameters: Iterable[tuple[str, str]] = (),
    using: Iterable[str] = (),
) -> OwnLoss:
    """A loss of the reader's own, with its proved gradient.

    `activation` is a name of the registry, or the value of a[i] as a text; a parameter
    is a name with a sign or a range, such as ("w[k]", "real").  Raises
    UnreadablePartError for a text that cannot be read, UnknownNameError for a
    hypothesis that is none, and else as `derive` does.

    >>> own_loss("-Sum(y[k]*log(a[k]), (k, 1, n))", using=["H1"]).gradient
    a[j] - y[j]
    """
    parameters = list(parameters)
    holds = context(parameters=parameters)
    facts = holds.using(using)
    whole = holds.answer("loss", loss, L).expr
    known = registry().activations
    if activation in known:
        output = known[activation].value
    else:
        output = Definition(a[i], holds.answer("activation", activation, a[i]).expr)
    with reading("parameters"):
        symbols = [_of_loss(holds.names, name) for name, _ in parameters]
    return derive(whole, output, symbols, facts)


def _of_loss(names, written):
    """The parameter of a loss that a name such as gamma, or w[k], stands for."""
    parameter = names.parameter(written)
    if isinstance(parameter, IndexedBase) and "," in written:
        words = f"a loss has parameters of one index: write {parameter}[k]"
        raise Unreadable(words, written, written.index(","))
    return parameter
