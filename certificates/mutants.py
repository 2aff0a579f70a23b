"""False statements that Rocq has to refuse: lines of the chains, each with a mistake.

The judge at points refutes each of them, so none is true by chance.  They are written
as the theorems are, and the tactic that proves those is tried on them.
"""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

from sympy import Add, Eq, Expr, Indexed, Integer, Ne, Pow

from certificates.export import file, names
from certificates.section import Section
from derivations.formulas.claims import Claim
from derivations.formulas.counting import length
from derivations.formulas.indices import Index, Size, free_symbols
from derivations.judges.at_points.first_points import differs_at_once
from derivations.proof import Derivation
from derivations.theorems import catalogue

LEAST = 2
"""How many false statements of each theorem there are at least."""
LONG = 130
"""A last line of this length has no more than these, for each takes Rocq seconds."""
SECONDS = 200
"""How long Rocq may try to prove one; then it has not refused it. It needs up to 15."""
PROOF = "Proof. step. Qed."


class TooFewError(ValueError):
    """A theorem of which points refute fewer than LEAST variations."""


# Each gives a side of the last line with one mistake.


def _sign(side: Expr) -> Iterator[Expr]:
    yield -side
    yield from _with_a_term(side, -1)


def _factor(side: Expr) -> Iterator[Expr]:
    yield 2 * side
    yield from _with_a_term(side, 2)


def _with_a_term(side, factor):
    """One term of a sum times a factor."""
    for part in sorted(side.atoms(Add), key=str):
        for term in part.args:
            yield side.xreplace({part: part + (factor - 1) * term})


def _index(side: Expr) -> Iterator[Expr]:
    """One entry at another index, which no sum counts.

    >>> from derivations.letters import Sum, a, j, k, n, y
    >>> next(_index(a[j] - Sum(y[k], (k, 1, n))))
    a[l] - Sum(y[k], (k, 1, n))
    """
    free = free_symbols(side)
    counted = side.atoms(Index) - free
    for entry in sorted(side.atoms(Indexed), key=str):
        for index in sorted(free & set(entry.indices), key=str):
            for other in index.size.indices:
                if other != index and other not in counted:
                    yield side.xreplace({entry: entry.xreplace({index: other})})


def _mean(side: Expr) -> Iterator[Expr]:
    """Without the 1/m."""
    for part in sorted(side.atoms(Pow), key=str):
        if isinstance(part.base, Size) and part.exp == -1:
            yield side.xreplace({part: Integer(1)})


def _number(side: Expr) -> Iterator[Expr]:
    """A result that is a number, and 1 more."""
    if side.is_number:
        yield side + 1


# Each gives a line with what it supposes changed.


def _hypothesis(line: Claim) -> Iterator[Claim]:
    if line.using:
        yield replace(line, using=())


def _case(line: Claim) -> Iterator[Claim]:
    if line.case is not None:
        other = Ne if isinstance(line.case, Eq) else Eq
        yield replace(line, case=other(*line.case.args))


OF_SIDES = {
    "sign": _sign,
    "factor": _factor,
    "index": _index,
    "mean": _mean,
    "number": _number,
}
OF_LINES = {"hypothesis": _hypothesis, "case": _case}


def mutants(chain: Derivation) -> dict[str, Claim]:
    """False claims, one of each kind that has any: the first that points refute.

    Raises TooFewError.

    >>> found = mutants(catalogue()["logits.gradient"]())
    >>> list(found), found["sign"].right
    (['sign', 'factor', 'index', 'hypothesis'], -a[j] + y[j])
    """
    lefts = [chain.start, *(step.right for step in chain.steps[:-1])]
    lines = [
        Claim(left, step.right, chain.where, step.using, chain.case)
        for left, step in zip(lefts, chain.steps, strict=True)
    ]
    tried = {kind: _sides(change, lines[-1]) for kind, change in OF_SIDES.items()}
    for kind, change in OF_LINES.items():
        tried[kind] = [claim for line in reversed(lines) for claim in change(line)]
    found = {kind: next(filter(_is_false, x), None) for kind, x in tried.items()}
    found = {kind: claim for kind, claim in found.items() if claim is not None}
    if len(found) < LEAST:
        raise TooFewError(f"{len(found)} false statements, at least {LEAST} are needed")
    last = lines[-1]
    is_long = length(last.left, last.where) + length(last.right, last.where) >= LONG
    return dict([*found.items()][: LEAST if is_long else None])


def _sides(change, line):
    """Changes of the right side, then of the left."""
    for side in ("right", "left"):
        yield from (replace(line, **{side: x}) for x in change(getattr(line, side)))


def _is_false(claim):
    """Whether points refute a claim, which is about the indices of its case."""
    of_case = claim.case.args if claim.case is not None else ()
    is_about = replace(claim, case=None).free_symbols.issuperset(of_case)
    return is_about and differs_at_once(claim)


def file_of_mutants(of_topic: str) -> str:
    """The text of the file of the mutants of a topic.

    >>> print(file_of_mutants("cross_entropy").splitlines()[-3])
    Lemma gradient_index_1 : - (partial (fun a => ln (a i)) a i * y i) = - (y i / a k).
    """
    parts = [file(of_topic).partition(f"\n\n(* {of_topic}.")[0]]
    for full, derive in catalogue().items():
        where, own = full.split(".")
        if where == of_topic:
            parts += (_section(f"{own}_{x}", y) for x, y in mutants(derive()).items())
    return "\n\n".join(parts) + "\n"


def _section(name, claim):
    """A section as that of a theorem, of a chain that no judge has accepted."""
    line = SimpleNamespace(right=claim.right, using=claim.using, words="a mistake")
    chain = SimpleNamespace(
        start=claim.left,
        steps=[line],
        where=claim.where,
        case=claim.case,
        uses=claim.using,
    )
    statement = Section(name, chain, names()).text.partition(PROOF)[0]
    return f"{statement}Proof. Fail timeout {SECONDS} step. Abort.\nEnd {name}."
