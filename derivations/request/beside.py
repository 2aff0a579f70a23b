"""What stands beside the question of a pasted text: definitions, and rows of their own.

The definition that holds is named.  Each further side, such as those of a loss that is
simplified before it is differentiated, is judged as the lines of a chain are.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sympy import Expr

from derivations.judges.verdict import Verdict
from derivations.request.context import Context, UnreadablePartError
from derivations.request.lettering import notes_data
from derivations.request.questions import asked
from derivations.request.rows import Row, TextInRows, taken_apart
from derivations.text.names import ReadAs
from derivations.text.reading import Unreadable
from derivations.text.unreadable import InOurLetters

MOST = 6
"""Of equations beside a question that are read."""
MOST_SIDES = 12
"""Of their sides that are judged."""


@dataclass(frozen=True)
class SideBeside:
    """One side of an equation beside the question, in the row of this number.

    `sides` are the left side and this one, where it was read; `words` say of one that
    was not judged why, and of the definition that holds that it is this.
    """

    row: int
    text: str
    words: str = ""
    sides: tuple[Expr, ...] = ()
    verdict: Verdict | None = None
    using: tuple = ()

    @property
    def is_judged(self) -> bool:
        """Whether it has a verdict of its own."""
        return self.verdict is not None

    @property
    def is_definition(self) -> bool:
        """Whether it is the definition that holds."""
        return self.words == _KNOWN


def judged_beside(
    pasted: TextInRows, groups: Iterable[list[Row]], where, notes: Iterable[str]
) -> tuple[list[str], tuple[SideBeside, ...]]:
    """Notes on the equations beside the question, and their sides, each judged.

    One with several meanings is read by the letters that `notes` tell.

    >>> from derivations.request.rows import in_rows
    >>> pasted = in_rows("L = -sum y log a\\n= -sum y\\ndL/dz = a - y")
    >>> said, sides = judged_beside(pasted, pasted.groups[:1], None, ())
    >>> said, [x.verdict.mark if x.is_judged else x.words for x in sides]
    (['L = … is the definition of the series'], ['the definition of the series', '✗'])
    """
    said, found, known = [], [], set()
    for count, group in enumerate(groups):
        left = f"{pasted.left(group[0])} = …"
        try:
            if count >= MOST:
                raise ValueError(f"at most {MOST} equations are read here")
            letters, sides = _judged(pasted, group, where, [*notes, *said], known)
            said += letters
        except ValueError as problem:
            words = _why(pasted, group, problem)
            said.append(f"{left} is ignored: {words}")
            found += (_row(pasted, row, words) for row in group)
            continue
        if not sides[0].is_judged:
            is_known = sides[0].is_definition
            said.append(f"{left} is {'' if is_known else _IGNORED}{sides[0].words}")
        found += sides
    return said, tuple(found)


_KNOWN = "the definition of the series"
_IGNORED, _OTHER = "ignored: it is ", "not the definition that holds here"


def _row(pasted, row, words):
    return SideBeside(
        pasted.rows.index(row) + 1, pasted.text[slice(*pasted.span(row))], words
    )


def _why(pasted, group, problem):
    """Why an equation is not judged: where it cannot be read, or what is refused."""
    if not isinstance(problem, Unreadable):
        return str(problem) or "it cannot be judged"
    number = pasted.rows.index(group[0]) + 1
    if problem.position is not None and problem.source.strip() in pasted.text:
        number = pasted.rows.index(pasted.row_at(problem.position)) + 1
    return f"row {number} cannot be read: {problem.expected}"


def _judged(pasted, group, where, notes, known):
    """The letters of an equation, as notes, and its sides; `known` are defined."""
    equation = _meant(pasted.equation(group), notes_data(notes)["letters"], where)
    holds, question, given = asked(equation, None, where)
    pairs = getattr(equation, "letters", notes_data(given.notes)["letters"])
    rows = [row for row in group for _ in row.equals]
    if len(rows) != len(given.sides):
        rows = [group[0]] * len(given.sides)
    reasons = pasted.reasons(group, len(given.sides))
    holds, above, found = replace(holds, start=question), question, []
    for row, side, reason in zip(rows, given.sides, reasons, strict=True):
        one = replace(_row(pasted, row, ""), sides=(question, side))
        is_first = above is question and question not in known
        using = _using(holds, reason)
        if len(found) >= MOST_SIDES:
            found.append(replace(one, words=f"at most {MOST_SIDES} sides are judged"))
            continue
        verdict = holds.check_line(above, side, using)
        if is_first and verdict.mark == "✓":
            one = replace(one, words=_KNOWN)
        elif is_first and verdict.mark != "◐" and not verdict.diagnosis:
            one = replace(one, words=_OTHER)
        else:
            one = replace(one, verdict=verdict, using=using)
        found.append(one)
        above = side
    known.add(question)
    return [ReadAs(theirs, ours) for ours, theirs in pairs], found


def _using(holds: Context, reason):
    known = {fact.name for fact in holds.hypotheses}
    return holds.using(x for x in taken_apart(reason)[1] if x in known)


def _meant(equation, known, where):
    """An equation, or of its meanings the last that agrees with the known letters."""
    try:
        asked(equation, None, where)
    except UnreadablePartError as problem:
        lines = [x for x in problem.suggestions if isinstance(x, InOurLetters)]
        return [equation, *(x for x in lines if x.agrees_with(known))][-1]
    return equation
