"""Facts that earlier levels have shown, where the chain of a level uses them."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

from sympy import Basic, Derivative, Eq, Expr, Indexed, IndexedBase, Ne

from derivations.formulas.indices import Index, free_symbols, size_of
from derivations.proof import Derivation
from derivations.request.levels.worlds import names_of_levels
from derivations.request.levels.writing import as_written, parts_of
from derivations.text.chains import relation
from derivations.text.unicode import unicode
from derivations.theorems import theorem_named


@dataclass(frozen=True, repr=False)
class Fact:
    """What an earlier level has shown."""

    name: str
    chain: Derivation

    def says(self, write: Callable[[Basic], str] = unicode) -> str:
        """The fact as a formula, without its case."""
        return f"{write(self.chain.start)} = {write(self.chain.result)}"

    def case(self, write: Callable[[Basic], str] = unicode) -> str:
        """The case in which it holds; nothing where it always does."""
        return relation(self.chain.case, write) if self.chain.case is not None else ""

    def __repr__(self):
        where = f" where {self.case()}" if self.case() else ""
        return f"{self.says()}{where} ({self.name})"


def facts_for(name: str) -> list[Fact]:
    """The facts of earlier levels that the chain of a level uses.

    One is used if a side of it stands in the chain, with the same definitions; the
    same statement is told once, and no fact is what the level is to show.

    >>> facts_for("softmax.jacobian_rows")[:2]
    [Σ_i a_i = 1 (softmax.sums_to_one), \
∂a_i/∂z_j = a_i (1 − a_i) where i = j (softmax.case_equal)]
    """
    chain, found = theorem_named(name)(), {}
    levels = names_of_levels()
    for earlier in levels[: levels.index(name)]:
        one = theorem_named(earlier)()
        if _is_used(one, chain):
            fact = Fact(earlier, one)
            said = as_written(one.start), as_written(one.result), fact.case()
            found.setdefault(said, fact)
    return [*found.values()]


def _is_used(one, chain):
    if one.result.has(Derivative) or not _holds_there(one, chain):
        return False
    is_asked = as_written(one.start) == as_written(chain.start)
    if is_asked and as_written(one.result) == as_written(chain.result):
        return False
    parts = [y for x in chain.steps[:-1] for y in parts_of(x.right)]
    sides = [one.result] if is_asked else [one.start, one.result]
    inside = [] if is_asked else parts_of(chain.start)
    return any(_is_at(side, one, [*parts, *inside]) for side in sides)


def _holds_there(one, chain):
    """Whether what a theorem speaks of is defined alike in another chain."""
    mine = {x.base: x for x in chain.where}
    spoken = {x.base for x in one.where if x.base in _letters(one)}
    agree = all(mine.get(x.base, x) == x for x in one.where)
    return agree and spoken <= mine.keys() and {*one.uses} <= {*chain.uses}


def _letters(one):
    formulas = one.start, one.result
    return {x for y in formulas for x in (*y.atoms(IndexedBase), *free_symbols(y))}


def _is_at(side: Expr, one, parts):
    """Whether a side of a theorem is one of some formulas, at whatever indices."""
    if side.is_Atom:
        return False
    letters = sorted((x for x in free_symbols(side) if isinstance(x, Index)), key=str)
    for part in parts:
        if part.func is not side.func or isinstance(part, Indexed):
            continue
        written = as_written(part)
        for at in product(part.atoms(Index), repeat=len(letters)):
            names = dict(zip(letters, at, strict=True))
            fits = all(size_of(x) == size_of(y) for x, y in names.items())
            if fits and _fits(one.case, names) and as_written(side, names) == written:
                return True
    return False


def _fits(case, names):
    """Whether a case may hold at other indices."""
    if not isinstance(case, Eq | Ne):
        return True
    left, right = (names.get(x, x) for x in case.args)
    return isinstance(case, Eq) or left != right
