"""A loss of the reader's own, from texts."""

from collections.abc import Iterable
from contextlib import suppress
from functools import partial

from sympy import Expr, IndexedBase, KroneckerDelta, Mul, Sum, preorder_traversal

from derivations.formulas.binding import readable
from derivations.formulas.caching import remembered
from derivations.formulas.claims import Definition
from derivations.formulas.indices import free_symbols
from derivations.letters import L, SumExcept, a, i, n, y
from derivations.loss.deriving import derive
from derivations.loss.own_loss import OwnLoss
from derivations.registry import registry
from derivations.request.context import (
    Context,
    UnreadablePartError,
    context,
    reading,
)
from derivations.request.loss_letters.free_indices import (
    refuse_free_indices,
    typed_indices,
)
from derivations.request.loss_letters.meanings import read_loss, refuse_other_meanings
from derivations.request.loss_letters.networks import refuse_networks
from derivations.request.loss_letters.parameters import (
    Parameter,
    is_loss,
    parameters_of,
)
from derivations.request.loss_letters.suggestions import with_choices
from derivations.request.renaming import logs_beside_logits, places, spelled
from derivations.text.unicode import unicode
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
    return _own_loss(loss, activation, tuple(spelled(parameters)), tuple(using))


@partial(remembered, most=64)
def _own_loss(loss, activation, parameters, using):
    """Kept: one loss is asked for its gradient, for a picture, for numbers."""
    holds = context(parameters=parameters)
    facts = holds.using(using)
    is_read = partial(is_loss, activation=activation, given=parameters)
    refuse_other_meanings(loss, is_read)
    refuse_networks(loss, is_read)
    try:
        whole = read_loss(loss, holds).expr
    except UnreadablePartError as problem:
        raise with_choices(problem, is_read) from None
    _refuse_one_class(loss, whole, holds)
    refuse_free_indices(loss, holds)
    whole = _with_own_letters(_without_exceptions(whole))
    known = registry().activations
    if activation in known:
        output = known[activation].value
    else:
        output = Definition(a[i], holds.answer("activation", activation, a[i]).expr)
    with reading("parameters"):
        symbols = [_of_loss(holds.names, name) for name, _ in parameters]
    return derive(whole, output, symbols, facts)


def other_kinds(
    loss: str, activation: str, found: Iterable[Parameter]
) -> dict[str, str]:
    """What letters without an index may be as well: one number, or one a class.

    So it is of a factor beside vectors, w of w*y; a share 1 − ε is one number.

    >>> loss = "-(w*((1-eps)*y + eps/n)*log(a)).sum()"
    >>> other_kinds(loss, "softmax", parameters_of(loss))
    {'w': 'w[k]'}
    >>> given = parameters_of(loss, given=[("w[k]", "nonnegative")])
    >>> other_kinds(loss, "softmax", given)
    {'w[k]': 'w'}
    """
    found, others = [*found], {}
    whole = read_loss(loss, context(parameters=[x[:2] for x in found])).expr
    for one in found:
        name = one.name.partition("[")[0]
        has_index = places(loss, name, is_indexed=True)
        is_either = one.is_of_each_class or _is_factor(one.letter, whole)
        if has_index or not (is_either or name in logs_beside_logits(loss)):
            continue
        other = name if one.is_of_each_class else f"{name}[k]"
        pairs = [(other if x is one else x.name, x.sign) for x in found]
        with suppress(Unreadable):
            read = parameters_of(loss, activation, pairs)
            if {x.name for x in read} == {x for x, _ in pairs}:
                others[one.name] = other
    return others


def _is_factor(letter, loss):
    """Whether a letter stands in products with others alone: no share, no power."""
    holders = [x for x in preorder_traversal(loss) if letter in x.args]
    return all(isinstance(x, Mul) and not (x / letter).is_number for x in holders)


def _without_exceptions(loss: Expr) -> Expr:
    """A loss where each sum goes over all classes, and one class counts 0 in it.

    >>> from derivations.letters import SumExcept, c, k
    >>> _without_exceptions(SumExcept(a[k], (k, 1, n), c))
    Sum((1 - KroneckerDelta(c, k))*a[k], (k, 1, n))
    """

    def over_all(total):
        limit, excluded = total.limits[0], total.excluded
        return Sum((1 - KroneckerDelta(limit[0], excluded)) * total.function, limit)

    return loss.replace(lambda x: isinstance(x, SumExcept), over_all)


def _with_own_letters(loss: Expr) -> Expr:
    """A loss where each sum has its own letter; what needs none stands before a sum.

    So Σ_k a_k y_k/Σ_k a_k is read as a quotient of two sums, as it is meant.

    >>> total = Sum(y[i], (i, 1, n))
    >>> _with_own_letters(Sum(a[i] / total, (i, 1, n)))
    Sum(a[i], (i, 1, n))/Sum(y[i], (i, 1, n))
    """
    loss = loss.replace(lambda x: isinstance(x, Sum), _factors_before)
    is_twice = any(
        {*total.bound_symbols} & {*inner.bound_symbols}
        for total in loss.atoms(Sum)
        for inner in total.function.atoms(Sum)
    )
    return readable(loss) if is_twice else loss


def _factors_before(total):
    indices = total.bound_symbols
    apart = [x for x in Mul.make_args(total.function) if x.has(Sum)]
    before = [x for x in apart if not free_symbols(x) & {*indices}]
    return Mul(*before) * total.func(total.function / Mul(*before), *total.limits)


def _refuse_one_class(source: str, loss: Expr, holds: Context) -> None:
    """Refuse a loss of the class c, as −log a_c; it suggests that of all classes."""
    bound = {x for total in loss.atoms(Sum) for x in total.bound_symbols}
    free = free_symbols(loss) & {*n.indices} - bound
    if len(free) != 1 or loss.has(y):
        return
    (index,) = free
    summed = {str(x) for x in bound}
    typed = {x[1] for x in typed_indices(source)} - summed
    typed = typed if str(index) not in typed and len(typed) == 1 else {index}
    whole = Sum(y[index] * loss, (index, 1, n))

    def is_same(line):
        try:
            return holds.answer("loss", line, L).expr == whole
        except Unreadable:
            return False

    (letter,) = typed
    line = f"Σ_{index} y_{index} ({source.strip()})"
    lines = [x for x in (line, unicode(whole)) if is_same(x)]
    words = (
        f"the index {letter} is free, and a loss is one number: this is the loss of "
    )
    words += f"the true class {letter}, where y_{letter} is 1; sum over it"
    with reading("loss"):
        raise Unreadable(words, source, 0, lines[:1])


def _of_loss(names, written):
    """The parameter of a loss that a name such as gamma, or w[k], stands for."""
    parameter = names.parameter(written)
    if isinstance(parameter, IndexedBase) and "," in written:
        words = f"a loss has parameters of one index: write {parameter}[k]; "
        words += "in the code it may be an array (n, m), another for each example"
        raise Unreadable(words, written, written.index(","))
    return parameter
