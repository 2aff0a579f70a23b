r"""A possible next line in three steps: its reason, its form with a gap, the line."""

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Add, Expr, Mul, Symbol

from derivations.proof import Step
from derivations.request.levels.writing import as_written, places_of
from derivations.text.printing import latex
from derivations.text.unicode import unicode

GAP = Symbol("▢")
STEPS = 3


@dataclass(frozen=True)
class Hint:
    """A line that may come next; `step` says how much of it is told, 1 to 3."""

    step: int
    reason: str
    form: Expr
    line: Expr

    @property
    def formula(self) -> Expr | None:
        """What is told of the line: nothing, its form, all of it."""
        return (None, self.form, self.line)[self.step - 1]

    def __repr__(self):
        if self.step == 1:
            return f"why the next line may hold: {self.reason.replace('$', '')}"
        return f"{self._said}: = {unicode(self.formula)}"

    def _repr_markdown_(self):
        if self.step == 1:
            return f"Why the next line may hold: {self.reason}"
        return rf"{self._said.capitalize()}: $\displaystyle = {in_latex(self.formula)}$"

    @property
    def _said(self):
        return "the form of that line" if self.step == 2 else "the line"


def hint_below(
    solution: Sequence[Step], start: Expr, lines: Sequence[Expr], step: int = STEPS
) -> Hint:
    """What may come below some lines: the line of a solution behind the last it has.

    >>> from derivations.theorems import catalogue
    >>> chain = catalogue()["softmax.case_unequal"]()
    >>> hint_below(chain.steps, chain.start, [chain.steps[2].right])
    the line: = −a_i a_j
    """
    there = {as_written(x) for x in lines}
    known = [k for k, x in enumerate(solution, 1) if as_written(x.right) in there]
    found = solution[min(max(known, default=0), len(solution) - 1)]
    form = with_gap(found.right, lines[-1] if lines else start)
    return Hint(step, found.words, form, found.right)


def with_gap(line: Expr, above: Expr) -> Expr:
    """A line without one of its terms or factors, one that the line above has not.

    >>> from derivations.letters import a, i, j
    >>> with_gap(a[i] * (1 - a[i]), a[i] * (1 - a[j]))
    (1 - ▢)*a[i]
    >>> with_gap(a[i], a[j])
    ▢
    """
    there = {as_written(x) for x in _formulas(above)}
    half = len(unicode(line)) / 2

    def rank(place):
        part = _at(line, place)
        size = len(unicode(part))
        return part.is_number, as_written(part) in there, size > half, -size

    found = sorted(_places(line), key=rank)
    place = found[0] if found else ()
    is_negative = _at(line, place).as_coeff_Mul()[0].is_negative
    is_term = place and isinstance(_at(line, place[:-1]), Add)
    return _put(line, place, -GAP if is_negative and is_term else GAP)


def _formulas(expr):
    return [expr, *(_at(expr, place) for place in _places(expr))]


def _places(expr, path=()):
    """Where the terms and factors of a formula are; no divisor is one."""
    for k, part in places_of(expr):
        place = (*path, k)
        if isinstance(expr, Add | Mul) and part != -1 and not _is_below(part):
            yield place
        yield from _places(part, place)


def _is_below(part):
    return part.is_Pow and part.exp.is_number and part.exp.is_negative


def _at(expr, place):
    return _at(expr.args[place[0]], place[1:]) if place else expr


def _put(expr, place, new):
    """A formula with another part at a place; its products stay as they are written."""
    if not place:
        return new
    at, *rest = place
    args = [_put(x, rest, new) if k == at else x for k, x in enumerate(expr.args)]
    made = expr.func(*args)
    if isinstance(expr, Add | Mul):
        held = expr.func(*args, evaluate=False)
        return made if as_written(made) == as_written(held) else held
    return made


def in_latex(formula: Expr) -> str:
    r"""A formula as LaTeX, its gap as a box.

    >>> in_latex(GAP)
    '\\square'
    """
    return latex(formula).replace("▢", r"\square")
