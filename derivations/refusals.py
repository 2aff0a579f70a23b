"""What is refused of a claim, and in which words; what else is said of one that fails.

Text is never evaluated.  `hint` is appended to a verdict that is not right: it asks
nothing more of a claim.
"""

from collections.abc import Iterable

from sympy import (
    Basic,
    Derivative,
    Eq,
    Expr,
    Float,
    I,
    Indexed,
    IndexedBase,
    KroneckerDelta,
    Ne,
    S,
    Sum,
    Symbol,
    preorder_traversal,
    sympify,
)
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.core.function import AppliedUndef

from derivations import letters
from derivations.formulas.claims import Claim, Definition, Hypothesis
from derivations.formulas.indices import Index, free_symbols, size_of
from derivations.formulas.memory import remembered
from derivations.judges.verdict import NotDecidedError
from derivations.letters import L, a, z


def _letters_of_the_series():
    found = {}
    for member in vars(letters).values():
        if isinstance(member, IndexedBase | Symbol):
            found.setdefault(str(member), set()).add(member)
    return found


_OURS = _letters_of_the_series()  # what each may be: L is an array and a symbol
_ARRAYS = [x for group in _OURS.values() for x in group if isinstance(x, IndexedBase)]
INDICES = [x for group in _OURS.values() for x in group if isinstance(x, Index)]


def is_stranger(letter):
    return letter not in _OURS.get(str(letter), {letter})


def refuse_look_alike(letter):
    raise ValueError(
        f"{letter} prints like the {letter} of the series but is another one: "
        f"use `from derivations.letters import {letter}`"
    )


# Chains and checks


def claim(left, right, where=(), using=(), case=None):
    """The claim left = right, of which every part is one that the judges know."""
    found = Claim(
        expression(left),
        expression(right),
        definitions(where),
        hypotheses(using),
        case_of_indices(case),
    )
    defined = {x.base for x in found.where}
    _refuse_sizes_alike(found.sizes)
    _refuse_half_defined(found.using, defined)
    for expr in (found.left, found.right, *(x.value for x in found.where)):
        for slope in expr.atoms(Derivative):
            _refuse_held_still(slope, defined)
    return found


def _refuse_sizes_alike(sizes):
    # A size of the reader's own counts with letters that are nobody else's.
    known = {}
    for size in sizes:
        for name in (str(size), *size.letters):
            other = known.setdefault(name, size)
            if other is not size and other != size:
                raise ValueError(
                    f"{name} belongs to two sizes, {other} and {size}: give one of "
                    "them other letters"
                )


def _refuse_half_defined(using, defined):
    # What is defined is put in, so a sum of several arrays would be known no more.
    for fact in using:
        for parts in fact.parts:
            bases = {x.function.base for x in parts}
            if len(parts) > 1 and bases & defined:
                base = min(bases & defined, key=str)
                raise ValueError(
                    f"{fact.name} knows a sum with {base} in it, and {base} has a "
                    "definition here: keep one of them"
                )


def _refuse_held_still(slope, defined):
    # ∂²L/∂z∂v, where v := z²: is v still while z moves, or not?
    bases = {getattr(x, "base", x) for x in slope.variables}
    inner = [x for x in slope.expr.atoms(Derivative)]
    bases |= {getattr(x, "base", x) for one in inner for x in one.variables}
    for base in sorted(bases & defined, key=str):
        if len(bases) > 1:
            raise ValueError(
                f"{slope} has two meanings where {base} is defined: differentiate by "
                "symbols of one array, or put the definition in first"
            )


def expression(value):
    """`value` as a SymPy expression in the letters of the series, or others."""
    if isinstance(value, str) or not isinstance(value, Basic | int):
        given = f"{type(value).__name__} {value!r}"
        raise TypeError(f"expected a SymPy expression such as a[i]*a[j], got {given}")
    value = sympify(value, strict=True)
    if not isinstance(value, Expr) or value.is_Matrix:
        raise TypeError(f"expected a SymPy expression, got {value!r}")
    return _well_formed(value)


def definitions(where):
    """`where` as a tuple of definitions, one of each letter, that lead in no circle.

    The value of each is refused in the words for an answer.
    """
    where = _several(where, Definition, "softmax")
    for one in where:
        try:
            expression(one.value)
        except (TypeError, ValueError) as problem:
            raise type(problem)(f"in the definition {one}: {problem}") from None
        twice = [x for x in where if x.base == one.base and x != one]
        if twice:
            raise ValueError(
                f"{one.base} has two definitions, {one} and {twice[0]}: keep one"
            )
    inside = {x.base: x.value.atoms(IndexedBase, Symbol) for x in where}
    reached = dict(inside)
    for _ in where:
        reached = {
            x: y.union(*(inside.get(z, set()) for z in y)) for x, y in reached.items()
        }
    if any(base in reached[base] for base in inside):
        raise ValueError(f"definitions in a circle: {where}")
    return where


def hypotheses(using):
    """`using` as a tuple of hypotheses that do not contradict each other."""
    using = _several(using, Hypothesis, "H1")
    known = {}
    for fact in using:
        for parts in fact.parts:
            bases = {x.function.base for x in parts}
            for base in sorted(bases, key=str):
                others, value = known.setdefault(base, (bases, fact.value))
                if others != bases:
                    raise ValueError(
                        f"two hypotheses about sums of {base}, alone and with other "
                        "arrays: name one of them"
                    )
                if value != fact.value:
                    raise ValueError(
                        f"the hypotheses contradict each other: a sum of "
                        f"{base} is {value}, and {fact.value}"
                    )
    return using


def _several(given, kind, such_as):
    if isinstance(given, kind):
        return (given,)
    known = isinstance(given, Iterable) and not isinstance(given, str)
    for one in given if known else [given]:
        if not isinstance(one, kind):
            raise TypeError(
                f"expected a {kind.__name__}, such as {such_as} (a name, without "
                f"quotes), got {one!r}"
            )
    return tuple(given)


def case_of_indices(case):
    """`case` where it is None, or Eq or Ne of two indices of one range."""
    if case is None:
        return None
    if isinstance(case, Eq | Ne):
        first, second = map(size_of, case.args)
        if first is not None and first == second:
            return case
    raise TypeError(
        "a case is Eq or Ne of two indices of one range, such as Eq(i, j); "
        f"got {case!r}"
    )


MOST_PARTS = 10_000
"""How many parts an expression may have, each counted as often as it stands there."""


def _refuse_too_large(expr):
    counts, waiting = {}, [expr]
    while waiting:
        part = waiting[-1]
        inner = [x for x in part.args if x not in counts]
        waiting += inner
        if not inner:
            counts[part] = 1 + sum(counts[x] for x in part.args)
            waiting.pop()
    if counts[expr] > MOST_PARTS:
        raise NotDecidedError(
            f"cannot decide: too large: the expression has more than {MOST_PARTS} parts"
        )


@remembered
def _well_formed(expr):
    _refuse_too_large(expr)
    _refuse_malformed(expr)
    _refuse_two_meanings(expr)
    _refuse_strangers(expr)
    return expr


def _refuse_other_numbers(expr):
    if any(x.is_commutative is False for x in expr.atoms(Symbol)):
        raise TypeError(f"expected a SymPy expression of numbers, got {expr!r}")
    if expr.has(I):
        raise ValueError(
            f"I is the imaginary unit, and every number here is real: {expr}; "
            "an index is i, j, k or l"
        )
    if expr.has(Float, S.Infinity, S.NegativeInfinity, S.ComplexInfinity, S.NaN):
        raise ValueError(f"only exact, finite numbers, such as Rational(1, 2): {expr}")


def _refuse_malformed(expr):
    _refuse_other_numbers(expr)
    ranks = {}
    for part in _parts(expr):
        if isinstance(part, Indexed):
            rank = ranks.setdefault(part.base, len(part.indices))
            if rank != len(part.indices):
                counts = f"{rank} and {len(part.indices)} indices"
                raise ValueError(f"{part.base} has here {counts}")
        elif isinstance(part, IndexedBase):
            raise ValueError(f"{part} is an array: say which entry, such as {part}[i]")
        elif isinstance(part, ExprWithLimits):
            bound = all(len(x) == 3 and isinstance(x[0], Symbol) for x in part.limits)
            if not isinstance(part, Sum) or not bound:
                raise ValueError(f"only a sum such as Sum(z[k], (k, 1, n)), not {part}")
        elif isinstance(part, KroneckerDelta) and (
            len(part.args) != 2
            or any(x.is_real and not x.is_integer for x in part.args)
        ):
            raise ValueError(f"only a delta of two indices, not {part}")
        elif isinstance(part, Derivative):
            if any(x.is_integer or not k.is_Integer for x, k in part.variable_count):
                raise ValueError(f"differentiate by entries such as z[j], not {part}")
            if sum(count for _, count in part.variable_count) > 2:
                raise ValueError(f"the checks go up to second derivatives, not {part}")


def _parts(expr):
    """Every part of an expression, without the parts of its entries."""
    walk = preorder_traversal(expr)
    for part in walk:
        yield part
        if isinstance(part, Indexed):
            walk.skip()


def _symbols(expr):
    """The symbols of an expression and of the indices in it, names of arrays apart."""
    symbols = {x for x in _parts(expr) if isinstance(x, Symbol)}
    indices = (x for entry in expr.atoms(Indexed) for x in entry.indices)
    return symbols.union(*(x.free_symbols for x in indices))


def _refuse_two_meanings(expr):
    """A symbol with the name of an array is the label of it: renamed with it."""
    labels = {entry.base.label for entry in expr.atoms(Indexed)}
    for symbol in sorted(labels & _symbols(expr), key=str):
        raise ValueError(
            f"{symbol} is the name of an array and of a symbol in {expr}: "
            "give one of them another letter"
        )


def _refuse_strangers(expr):
    entries, free = expr.atoms(Indexed), free_symbols(expr)
    letters_used = {entry.base for entry in entries} | _symbols(expr) & free
    for letter in sorted(letters_used, key=str):
        if is_stranger(letter):
            refuse_look_alike(letter)
    for entry in sorted(entries, key=str):
        for index in entry.indices:
            if isinstance(index, Symbol) and index in free and not _has_range(index):
                raise ValueError(
                    f"the index {index} of {entry} has no range: free indices are "
                    f"{', '.join(map(str, INDICES))}"
                )


def _has_range(index):
    """Whether this is a letter of a size, of the series or of the reader's own."""
    size = size_of(index)
    return size is not None and index in size.indices and not is_stranger(size)


# What may help where a claim is not right

_USUAL = {
    a: ("softmax", letters.softmax),
    letters.A: ("batch_softmax", letters.batch_softmax),
    L: ("cross_entropy", letters.cross_entropy),
    letters.J: ("mean_loss", letters.mean_loss),
    letters.Ls: ("example_cross_entropy", letters.example_cross_entropy),
    letters.S: ("normaliser", letters.normaliser),
}


def missing_definitions(claim):
    """The usual definitions of letters that stand in a claim without one, by name."""
    known, found = {x.base for x in claim.where}, {}
    sides = [claim.left, claim.right, *(x.value for x in claim.where)]
    while sides:
        side = sides.pop()
        used = {x.base for x in side.atoms(Indexed)} | _symbols(side)
        for letter, (name, definition) in _USUAL.items():
            if letter in used - known:
                known.add(letter)
                found[name] = definition
                sides.append(definition.value)
    return found


def hint(claim):
    """What to write instead, in sentences, where a claim shows a usual slip."""
    said = []
    for expr in (claim.left, claim.right):
        for part in preorder_traversal(expr):
            said += _slips(part)
        for slope in expr.atoms(Derivative):
            by_logits = any(
                getattr(x, "base", x) in (z, letters.Z) for x in slope.variables
            )
            missing = missing_definitions(Claim(slope.expr, slope.expr, claim.where))
            if by_logits and missing:
                said.append(without_definition(missing))
    return "; ".join(dict.fromkeys(said))


def without_definition(missing):
    """What is said of letters that have no definition in a claim."""
    letter = next(iter(missing.values())).base
    return f"{letter} has no definition here: pass where=[{', '.join(missing)}]"


def _slips(part):
    """What is said of one part of an expression."""
    if isinstance(part, AppliedUndef):
        yield f"{part} is a function of its own: write {part.func}[{part.args[0]}]"
    if isinstance(part, Symbol):
        array, _, index = part.name.partition("_")
        if index and array in map(str, _ARRAYS):
            yield f"{part} is a symbol of its own: write {array}[{', '.join(index)}]"
    numbers = part.indices if isinstance(part, Indexed) else ()
    if isinstance(part, Sum):
        numbers = [low for _, low, _ in part.limits]
    if any(x.is_Integer and x < 1 for x in numbers):
        yield f"in {part}, classes run from 1 to n"
