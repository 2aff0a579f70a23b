"""What the arguments of `derive` and `to_numpy` may be, and what to write instead.

`loss`, `activation`, `parameters` and `hypotheses` are for `derive`, `values` are the
numbers for the parameters. Text is never evaluated.
"""

from sympy import Expr, Indexed, IndexedBase, Sum, Symbol

from derivations import letters
from derivations.advice import Advice, Words
from derivations.formulas.claims import Definition
from derivations.formulas.counting import MOST_HIGH, MOST_IN_LOSS, height
from derivations.formulas.ranges import conditions
from derivations.formulas.told import is_told
from derivations.judges.verdict import NotDecidedError
from derivations.letters import (
    C,
    S,
    a,
    alpha,
    n,
    normaliser,
    v,
    y,
    z,
)
from derivations.loss.activations import Signs
from derivations.loss.compiled.operations import plain
from derivations.loss.constituents import (
    meaning_of,
    refuse_outside_grammar,
    refuse_singular,
    singular_part,
)
from derivations.refusals import claims
from derivations.refusals.expressions import expression, refuse_too_long
from derivations.text.unicode import unicode


def hypotheses(using):
    """`using` as hypotheses that an array of labels can be held against."""
    using = claims.hypotheses(using)
    for fact in using:
        for total, parts in zip(fact.sums, fact.parts, strict=True):
            if len(parts) > 1:
                raise ValueError(
                    f"{fact.name} knows {total}, of several arrays together, and a "
                    "loss has one array of labels: use H1, or derive it by hand"
                )
    return using


def loss(given, parameters, activation, using=()):
    """`given` as a loss: one number, made of a[k], y[k], z[k] by smooth functions.

    The letter S is the normaliser, which is put in.
    """
    if isinstance(given, str):
        raise TypeError(
            "a loss is a SymPy expression, and text is never evaluated: write "
            f"-Sum(y[k]*log(a[k]), (k, 1, n)) without quotes, got {given!r}"
        )
    if isinstance(given, Definition):
        given = given.value
    if isinstance(given, Expr):  # before the words of `expression`, which are others
        refuse_too_long(given, where=[activation], most=MOST_IN_LOSS)
        _refuse_too_high(given, activation)
        given = _unfolded(given)
        refuse_outside_grammar(given, parameters, {a, y, z})
        refuse_singular(given, activation, using)
    given = expression(given)
    if not given.has(a, z):
        raise ValueError(
            f"{unicode(given)} does not depend on z: neither a nor z is in it, so its "
            "gradient is 0; use a[k] for the outputs and z[k] for the logits"
        )
    return given


def activation(given, parameters):
    """`given` as an activation: a definition of a[i] in z with positive outputs."""
    shape = "Definition(a[i], exp(z[i]) / Sum(exp(z[k]), (k, 1, n)))"
    if not isinstance(given, Definition) or given.base != a:
        raise TypeError(
            f"an activation is a definition of a[i] in z, such as {shape}, "
            f"got {given!r}"
        )
    if len(given.parameters) != 1 or given.value.has(y):
        raise TypeError(f"an activation has one index and no y: {given}")
    refuse_too_long(given.value, most=MOST_IN_LOSS)
    given = Definition(given.symbol, _unfolded(given.value))
    refuse_outside_grammar(given.value, parameters, {z}, given.parameters)
    refuse_singular(given.value)
    if not given.value.has(z):
        raise ValueError(f"{unicode(given.value)} does not depend on z")
    return given


def _refuse_too_high(given, activation):
    high = height(given, [activation])
    if high > MOST_HIGH:
        raise NotDecidedError(
            f"cannot decide: too large: powers stand {high} high in exponents; in a "
            f"loss at most {MOST_HIGH} are allowed"
        )


def _unfolded(expr):
    """`expr` with the normaliser put in for S, summed over a letter of its own."""
    claims.refuse_summed_over(expr, [S])
    letter = next((x for x in n.indices if not expr.has(x)), letters.k)
    return expr.xreplace({S: normaliser.value.xreplace({letters.k: letter})})


def parameters(given):
    """`given` as a tuple of symbols and arrays, each declared as a real number."""
    given = (given,) if isinstance(given, Symbol | IndexedBase) else tuple(given)
    for one in given:
        if not isinstance(one, Symbol | IndexedBase):
            raise TypeError(
                Words(
                    "a parameter is a Symbol or an IndexedBase, such as ",
                    Advice("positive symbol", "gamma", "Symbol"),
                    f", got {one!r}",
                )
            )
        _refuse_letter(one)
        entry = one[letters.k] if isinstance(one, IndexedBase) else one
        if not entry.is_real or entry.is_integer:
            raise TypeError(
                Words(
                    f"the parameter {one} must be declared as a real number: ",
                    Advice("real", one, type(one).__name__),
                )
            )
    return given


def _refuse_letter(one):
    """Refuse a letter of the series as a parameter, unless it may be any number."""
    meaning = meaning_of(one)
    if one in (C, alpha, v) or is_told(one):
        return
    if one == S:
        raise ValueError(
            Words(
                f"S is no parameter: it means {meaning}, which is put in where S "
                "stands in a loss; ",
                Advice("no parameter", one),
            )
        )
    if one in (a, y, z, n):
        raise ValueError(
            Words(
                f"{one} is not a parameter: it means {meaning}, and a loss may use "
                "it without declaring it; ",
                Advice("no parameter", one),
            )
        )
    if meaning:
        raise ValueError(
            f"the letter {one} has a meaning of its own in this series, {meaning}: "
            "choose another name for the parameter"
        )


def values(parameters, given):
    """`given`, the values of all parameters by their names, and of no others."""
    names = {str(x) for x in parameters}
    if names != set(given):
        expected = ", ".join(f"{x}=…" for x in sorted(names)) or "no parameter"
        raise TypeError(
            f"expected {expected}, got {', '.join(sorted(given)) or 'none'}"
        )
    return given


def needed(given, activation, using):
    """The hypotheses on the ranges of labels without which a loss is refused.

    If several are given, the first one that is enough by itself is taken.
    """
    ranges = tuple(x for x in using if x.ranges)
    for some in ((), *((x,) for x in ranges), ranges):
        if singular_part(given, Signs(activation, some)) is None:
            return some
    return tuple(using)  # the sum is needed, too


def conditions_on(parameter):
    """What each number of a parameter has to be.

    >>> conditions_on(Symbol("rho", positive=True))
    [('>', 0)]
    """
    is_array = isinstance(parameter, IndexedBase)
    stated = conditions(parameter[letters.k] if is_array else parameter)
    return [(sign, plain(bound)) for sign, bound in stated]


def checks_of_labels(facts):
    """What hypotheses say of the labels: the name of a check, and what it is given.

    >>> from derivations.letters import H1, H3
    >>> for check in checks_of_labels([H1, H3]):
    ...     print(check)
    ('_labels_sum_to', 1, 'H1')
    ('_labels_lie_in', 0, inf, 'no label is negative', 'H3')
    """
    for fact in facts:
        for stated, (low, high, *_) in fact.stated:
            if isinstance(stated, Sum) and stated.function.base == y:
                yield "_labels_sum_to", plain(low), fact.name
            elif isinstance(stated, Indexed) and stated.base == y:
                yield (
                    "_labels_lie_in",
                    *map(plain, (low, high)),
                    fact.sentence,
                    fact.name,
                )
