"""Refusals of wrong definitions, hypotheses and cases, and of pairs that do not fit."""

from collections.abc import Iterable

from sympy import Derivative, Eq, Expr, IndexedBase, Ne, Sum, Symbol

from derivations.advice import Words
from derivations.formulas.caching import remembered
from derivations.formulas.claims import Claim, Definition, Hypothesis, known_ranges
from derivations.formulas.indices import SumExcept, size_of
from derivations.formulas.ranges import range_of
from derivations.refusals.expressions import expression, refuse_too_long


def claim(
    left: Expr | int,
    right: Expr | int,
    where: Definition | Iterable[Definition] = (),
    using: Hypothesis | Iterable[Hypothesis] = (),
    case: Eq | Ne | None = None,
) -> Claim:
    """Return the claim left = right; the judges know every part of it.

    Raises TypeError or ValueError for a part that is none, NotDecidedError for one that
    is too large.

    >>> from derivations.letters import H1, Sum, k, n, y
    >>> claim(1, Sum(y[k], (k, 1, n)), using=H1).using
    (H1: Sum(y[k], (k, 1, n)) = 1,)
    """
    asked = Claim(
        expression(left),
        expression(right),
        definitions(where),
        hypotheses(using),
        case_of_indices(case),
    )
    values = [one.value for one in asked.where]
    refuse_too_long(asked.left, asked.right, *values, where=asked.where)
    defined = frozenset(one.base for one in asked.where)
    _refuse_sizes_alike(asked.sizes)
    _refuse_half_defined(asked.using, defined)
    for one in asked.where:
        _refuse_no_value(one, asked.using)
    for expr in (asked.left, asked.right, *(one.value for one in asked.where)):
        _refuse_misused(expr, defined)
    return asked


@remembered
def _refuse_misused(expr, defined):
    refuse_summed_over(expr, defined)
    for slope in expr.atoms(Derivative):
        _refuse_held_still(slope, defined)


def _refuse_sizes_alike(sizes):
    # The letters of a size belong to no other size.
    size_of_name = {}
    for size in sizes:
        for name in map(str, (size, *size.indices)):
            other = size_of_name.setdefault(name, size)
            if other is not size and other != size:
                raise ValueError(
                    f"{name} belongs to two sizes, {other} and {size}: give one of "
                    "them other letters"
                )


def _refuse_half_defined(using, defined):
    # A definition is put in for its array, and then the sum is not the known one.
    for fact in using:
        for parts in fact.parts:
            bases = {part.function.base for part in parts}
            if len(parts) > 1 and bases & defined:
                base = min(bases & defined, key=str)
                raise ValueError(
                    f"{fact.name} gives a sum of {base}, and {base} also has a "
                    "definition here: keep one of them"
                )


def refuse_summed_over(expr: Expr, defined: Iterable[Symbol | IndexedBase]) -> None:
    """Refuse a sum over a letter that is defined, or a variable of a derivative in it.

    Inside the sum the letter is a number, so its definition does not hold there, and no
    derivative can be taken by it.
    Raises ValueError, which names the letter.

    >>> from derivations.letters import L, n
    >>> refuse_summed_over(Sum(L, (L, 1, n)), [L])    # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ValueError: L is the letter of the sum Sum(L, (L, 1, n)), and L has a definition ...
    """
    names, problems = {str(letter) for letter in defined}, []
    for total in expr.atoms(Sum, SumExcept):
        variables = {x for slope in total.atoms(Derivative) for x in slope.variables}
        for letter in (limit[0] for limit in total.limits):
            if str(letter) in names:
                problems.append((letter, total, f"{letter} has a definition here"))
            elif letter in variables:
                words = f"a derivative in it is taken with respect to {letter}"
                problems.append((letter, total, words))
    if problems:
        letter, total, words = min(problems, key=str)
        raise ValueError(
            f"{letter} is the letter of the sum {total}, and {words}: give the sum "
            "another letter, such as k"
        )


def _refuse_no_value(definition, using):
    # By its definition y is negative, and by H3 it is not.
    for (base, _), between in known_ranges(using).items():
        if base == definition.base and (range_of(definition.value) & between).is_empty:
            names = " and ".join(x.name for x in using if x.speaks_of(base))
            raise ValueError(
                f"the definition {definition} and {names} contradict each other: "
                "keep one of them"
            )


def _refuse_held_still(slope, defined):
    # ∂²L/∂z∂v, where v := z²: is v still while z moves, or not?
    slopes = [slope, *slope.expr.atoms(Derivative)]
    variables = [variable for one in slopes for variable in one.variables]
    bases = {getattr(variable, "base", variable) for variable in variables}
    for base in sorted(bases & defined, key=str):
        if len(bases) > 1:
            raise ValueError(
                f"{slope} has two meanings where {base} is defined: differentiate by "
                "symbols of one array, or put the definition in first"
            )


def definitions(
    where: Definition | Iterable[Definition],
) -> tuple[Definition, ...]:
    """`where` as a tuple of definitions, one of each letter, that lead in no circle.

    Raises TypeError for what is no definition, ValueError for two of one letter and for
    a circle, and for a value what `expression` raises.
    """
    return _fit_together(_several(where, Definition, "softmax"))


@remembered
def _fit_together(where):
    for one in where:
        try:
            expression(one.value)
        except (TypeError, ValueError) as problem:
            words = Words(f"in the definition {one}: ", *problem.args)
            raise type(problem)(words) from None
        others = [x for x in where if x.base == one.base and x != one]
        if others:
            raise ValueError(
                f"{one.base} has two definitions, {one} and {others[0]}: keep one"
            )
    inside = {one.base: one.value.atoms(IndexedBase, Symbol) for one in where}
    reached = dict(inside)
    for _ in where:
        reached = {
            base: letters_met.union(*(inside.get(x, set()) for x in letters_met))
            for base, letters_met in reached.items()
        }
    if any(base in reached[base] for base in inside):
        raise ValueError(f"definitions that depend on each other in a circle: {where}")
    return where


def hypotheses(
    using: Hypothesis | Iterable[Hypothesis],
) -> tuple[Hypothesis, ...]:
    """`using` as a tuple of hypotheses that do not contradict each other.

    Raises TypeError for what is no hypothesis, ValueError for two that contradict each
    other, or leave no number for an entry, or that speak of one array, alone and
    together with others.
    """
    using = _several(using, Hypothesis, "H1")
    known = {}  # of each array: those that are summed with it, and values by sizes
    for fact in using:
        for parts in fact.parts:
            bases = {part.function.base for part in parts}
            sizes = tuple(part.limits[0][2] for part in parts)
            for base in sorted(bases, key=str):
                together, values = known.setdefault(base, (bases, {}))
                value = values.setdefault(sizes, fact.value)
                if together != bases:
                    raise ValueError(
                        f"two hypotheses about sums of {base}, alone and with other "
                        "arrays: name one of them"
                    )
                if value != fact.value:
                    raise ValueError(
                        f"the hypotheses contradict each other: a sum of "
                        f"{base} is {value}, and {fact.value}"
                    )
    known_ranges(using)
    return using


def _several(given, kind, such_as):
    if isinstance(given, kind):
        return (given,)
    is_several = isinstance(given, Iterable) and not isinstance(given, str)
    several = tuple(given) if is_several else (given,)  # an iterator is read once
    for one in several:
        if not isinstance(one, kind):
            raise TypeError(
                f"expected a {kind.__name__}, such as {such_as} (a name, without "
                f"quotes), got {one!r}"
            )
    return several


def case_of_indices(case: Eq | Ne | None) -> Eq | Ne | None:
    """`case` where it is None, or Eq or Ne of two indices of one range.

    One of them may be a number, which then stands behind the letter.
    Raises TypeError for every other case.

    >>> from sympy import Ne
    >>> from derivations.letters import i, j
    >>> case_of_indices(Eq(i, j)), case_of_indices(Ne(1, j))
    (Eq(i, j), Ne(j, 1))
    """
    if case is None:
        return None
    if isinstance(case, Eq | Ne):
        one, other = sorted(case.args, key=lambda x: x.is_Integer)
        size = size_of(one)
        if size and (size_of(other) == size or (other.is_Integer and other > 0)):
            return case.func(one, other)
    raise TypeError(
        "a case is Eq or Ne of two indices of one range, such as Eq(i, j); "
        f"got {case!r}"
    )
