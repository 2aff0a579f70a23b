"""Which definitions and hypotheses a claim may lack; the judges decide whether it does.

A letter without its definition is a letter of its own: it leads to no other one, and a
derivative of it is 0.  So an answer may be right but for what was not said.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from sympy import Derivative, Expr, Indexed, IndexedBase, Symbol

from derivations import letters
from derivations.formulas.claims import Claim, Definition, Hypothesis, known_ranges
from derivations.formulas.indices import Index, Size
from derivations.judges.explanation import Missing, listed
from derivations.letters import L, a, z
from derivations.refusals.expressions import symbols_of

NAMED = {
    name: one
    for name, one in vars(letters).items()
    if isinstance(one, Definition | Hypothesis)
}
"""The definitions and hypotheses of the letters, by name."""
MOST = 8
"""How many sets of definitions are tried at most."""
_GIVEN = [letters.X, letters.W, letters.b, letters.W1, letters.b1]
_GIVEN += [letters.y, letters.Y, letters.v, letters.C, letters.alpha]
"""Letters behind which nothing stands: data, labels, weights and any numbers."""
_COMPUTED = {x.base for x in NAMED.values() if isinstance(x, Definition)} - {letters.y}
"""Letters that have a definition somewhere in the series."""
_USUAL = {
    a: "softmax",
    letters.A: "batch_softmax",
    L: "cross_entropy",
    letters.J: "mean_loss",
    letters.Ls: "example_cross_entropy",
    letters.S: "normaliser",
}


def usual_definitions(claim: Claim) -> dict[str, Definition]:
    """The usual definitions of letters that stand in a claim without one, by name.

    >>> list(usual_definitions(Claim(L, a[letters.i])))
    ['softmax', 'cross_entropy']
    """
    usual = {}
    while True:
        where = (*claim.where, *usual.values())
        wanted = _reached(claim, where) - {one.base for one in where}
        new = {name: NAMED[name] for x, name in _USUAL.items() if x in wanted}
        if not new:
            return usual
        usual |= new


def unconnected(claim: Claim) -> tuple[Expr, Symbol | IndexedBase] | None:
    """The first derivative of a side that no definition leads to its variable.

    It is 0, whatever the claim says of it.  The derivative of what is given, such as
    the labels, is 0 by right: it is none of these.

    >>> from derivations.letters import W, b, cross_entropy, j, linear, q, softmax
    >>> where = [softmax, cross_entropy, linear]
    >>> unconnected(Claim(Derivative(L, W[j, q]), b[j], where))
    (Derivative(L, W[j, q]), W)
    >>> unconnected(Claim(Derivative(L, z[j]), b[j], where))
    """
    for slope in _derivatives(claim):
        variables = [getattr(one, "base", one) for one in slope.variables]
        still = [one for one in claim.where if one.base not in variables]
        met = _led_to([slope.expr], still)
        itself = _letters_of(slope.expr)
        is_lost = any(
            end in _COMPUTED or (end in itself and end not in _GIVEN)
            for end in _ends(met, still)
        )
        for variable in variables:
            if variable not in met and is_lost:
                return slope, variable
    return None


def _ends(met, where):
    """The letters of those met that have no definition, indices and sizes apart."""
    defined = {one.base for one in where}
    return {x for x in met if x not in defined and not isinstance(x, Index | Size)}


def question(claim: Claim) -> str:
    """What is asked of a derivative that is 0 for want of a definition, or nothing.

    >>> from derivations.letters import W, b, cross_entropy, j, linear, q, softmax
    >>> where = [softmax, cross_entropy, linear]
    >>> print(question(Claim(Derivative(L, W[j, q]), b[j], where)))
    nothing here leads from L to W, so Derivative(L, W[j, q]) is 0 as it stands: L is \
made of y and z, and W stands in the definition of Z
    """
    gap = unconnected(claim)
    if gap is None:
        return ""
    slope, variable = gap
    start = str(getattr(slope.expr, "base", slope.expr))
    ends = _ends(_led_to([slope.expr], claim.where), claim.where)
    known = [
        one.base for one in claim.where if variable in _led_to([one.value], claim.where)
    ]
    told = []
    if start in map(str, ends):
        told.append(f"{start} has no definition here")
    elif ends:
        told.append(f"{start} is made of {listed(sorted(map(str, ends)))}")
    if known:
        named = "definition" if len(known) == 1 else "definitions"
        told.append(
            f"{variable} stands in the {named} of {listed(sorted(map(str, known)))}"
        )
    because = f": {', and '.join(told)}" if told else ""
    return (
        f"nothing here leads from {start} to {variable}, so {slope} is 0 as it "
        f"stands{because}"
    )


def candidates(
    claim: Claim, known: Mapping[str, Definition | Hypothesis]
) -> Iterator[tuple[dict, list, list[tuple]]]:
    """What a wrong claim may lack: definitions, hypotheses, and sets of these to try.

    `known` has by name those that may be tried.  A definition is tried where the
    letters of its value stand in the claim, or where it leads a derivative to its
    variable; a hypothesis where it speaks of an array that stands there undefined.
    The sets are subsets of the hypotheses, the smallest first.

    >>> from derivations.letters import cross_entropy, j, softmax, y
    >>> claim = Claim(a[j] - y[j], Derivative(L, z[j]), [softmax, cross_entropy])
    >>> [sets for _, _, sets in candidates(claim, {"H1": NAMED["H1"]})]
    [[(H1: Sum(y[k], (k, 1, n)) = 1,)]]
    """
    several = [{}, *_sets_of_definitions(claim, known)]
    for definitions in several[:MOST]:
        facts = _relevant(claim, definitions, known)
        sets = [(fact,) for fact in facts]
        yield definitions, facts, [()] * bool(definitions) + sets + _pairs(claim, facts)


def _sets_of_definitions(claim, known):
    usual = usual_definitions(claim)
    if usual:
        yield usual
    where = (*claim.where, *usual.values())
    standing = _reached(claim, where)
    missing = standing - {one.base for one in where}
    is_open = _is_open(claim, where)
    for name, one in known.items():
        if isinstance(one, Definition) and one.base in missing:
            if is_open:
                is_tried = not _is_open(claim, (*where, one))
            else:
                is_tried = _made_of(one) <= standing
            if is_tried:
                yield usual | {name: one}


def _made_of(definition):
    """The letters of a definition, without its own indices, bound ones and sizes."""
    arrays = {entry.base for entry in definition.value.atoms(Indexed)}
    free = symbols_of(definition.value) & definition.free_symbols
    return arrays | {x for x in free if not isinstance(x, Size)}


def _is_open(claim, where):
    return unconnected(Claim(claim.left, claim.right, where)) is not None


def _relevant(claim, definitions, known):
    where = (*claim.where, *definitions.values())
    missing = _reached(claim, where) - {one.base for one in where}
    return [
        one
        for one in known.values()
        if isinstance(one, Hypothesis)
        and one not in claim.using
        and any(map(one.speaks_of, missing))
    ]


def _pairs(claim, facts):
    """Pairs with a sum that is known, of which no two say the same."""
    said, pairs = [], []
    for both in combinations(facts, 2):
        try:
            ranges = known_ranges((*claim.using, *both))
        except ValueError:  # they contradict each other
            continue
        sums = {total for fact in both for total in fact.sums}
        if (ranges, sums) not in said and any(fact.sums for fact in both):
            said.append((ranges, sums))
            pairs.append(both)
    return pairs


def lacking(
    claim: Claim,
    definitions: Mapping[str, Definition],
    facts: Iterable[Hypothesis] = (),
    known: Mapping[str, Definition | Hypothesis] = NAMED,
    is_enough: bool = True,
) -> Missing:
    """What a claim lacks, with the names of what it has; `known` has the names.

    >>> from derivations.letters import H1, H3, softmax
    >>> lacking(Claim(L, 0, [softmax], [H3]), {}, [H1]).where
    ('softmax',)
    """
    names = {one: name for name, one in known.items()}
    where = (names.get(one, str(one)) for one in claim.where)
    using = (fact.name for fact in claim.using)
    pairs = tuple(definitions.items())
    return Missing(pairs, tuple(facts), tuple(where), tuple(using), is_enough)


def suggestion(claim: Claim, known: Mapping) -> Missing | None:
    """Definitions that lead a derivative of a claim to its variable, where one is lost.

    >>> from derivations.letters import j, softmax, y
    >>> suggestion(Claim(y[j], Derivative(L, z[j]), [softmax]), NAMED).names
    (('cross_entropy',), ())
    """
    if unconnected(claim):
        for definitions in _sets_of_definitions(claim, known):
            if not _is_open(claim, (*claim.where, *definitions.values())):
                return lacking(claim, definitions, known=known, is_enough=False)
        return None
    for slope in _derivatives(claim):
        bases = {getattr(one, "base", one) for one in slope.variables}
        usual = usual_definitions(Claim(slope.expr, slope.expr, claim.where))
        if bases & {z, letters.Z} and usual:
            return lacking(claim, usual, known=known, is_enough=False)
    return None


def _derivatives(claim):
    found = claim.left.atoms(Derivative) | claim.right.atoms(Derivative)
    return sorted(found, key=str)


def _reached(claim, where):
    return _led_to([claim.left, claim.right], where)


def _led_to(formulas, where):
    """The letters that stand in formulas, and in the definitions of such letters."""
    values = {one.base: one.value for one in where}
    met, waiting = set(), list(formulas)
    while waiting:
        new = _letters_of(waiting.pop()) - met
        met |= new
        waiting += [values[letter] for letter in new if letter in values]
    return met


def _letters_of(formula):
    return {entry.base for entry in formula.atoms(Indexed)} | symbols_of(formula)
