"""How a pasted derivation begins: what it asks, its lines, and their reasons."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from sympy import Derivative, Expr

from derivations.request.context import Context, UnreadablePartError, context
from derivations.request.questions import as_written, asked, begun
from derivations.request.rows import Row, TextInRows, in_rows
from derivations.text.questions import parted, read_question
from derivations.text.reading import Reading, Unreadable
from derivations.text.unicode import unicode

MOST = 4
"""Of definitions before a question that are compared with those of the series."""


@dataclass(frozen=True)
class Beginning:
    """What holds, the start, its sides as they were read, and the reason for each.

    `written` is the start in the reader's letters, where it has them.
    """

    holds: Context
    start: Expr
    read: Reading
    reasons: tuple[str, ...]
    written: dict


class RowError(UnreadablePartError):
    """A row of several that cannot be read: its number, and its place in the text."""

    def __init__(self, part, problem, number, span):
        super().__init__(part, problem)
        self.number, self.span, self.is_ambiguous = number, span, False


def begun_in_rows(
    source: str, where: Iterable[str] | None = None, case: str = ""
) -> Beginning:
    r"""The same as `begun` of a text in several rows, each with its reason.

    The first derivative on a left side is asked about.  An equation before it, such as
    L = …, is compared with the definition that holds, and a note says the result.
    Raises RowError for a row that cannot be read, or asks about something else.

    >>> found = begun_in_rows("dz = a sum(y) - y  # chain rule\n = a - y  # by H1")
    >>> found.read.sides, found.reasons
    ((a[j]*Sum(y[k], (k, 1, n)) - y[j], a[j] - y[j]), ('chain rule', 'by H1'))
    """
    pasted = in_rows(source)
    before, group, behind = _around_the_question(pasted)
    text = pasted.equation(group)
    try:
        holds, start, read = begun(text, where, case)
    except UnreadablePartError as problem:
        if len(pasted.rows) < 2:
            raise
        raise _in_its_row(pasted, group, problem, where, case) from None
    if behind:
        words = f"its left side is another; the question is {unicode(start)}"
        row = behind[0][0]
        span = pasted.span(row)
        problem = Unreadable(words, pasted.text[slice(*span)], 0)
        raise RowError("answer", problem, pasted.rows.index(row) + 1, span)
    notes = [_said_of_definition(pasted, one, where) for one in before[:MOST]]
    notes += [f"{pasted.left(one[0])} = … is ignored" for one in before[MOST:]]
    read = replace(read, notes=tuple(dict.fromkeys((*read.notes, *notes))))
    reasons = tuple(pasted.reasons(group, len(read.sides)))
    return Beginning(holds, start, read, reasons, as_written(text, holds, start))


def _around_the_question(pasted: TextInRows) -> tuple:
    """The first equation that asks for a derivative, between those around it."""
    groups = pasted.groups
    at = 0
    if len(groups) > 1:
        asks = [_is_question(pasted.equation(group)) for group in groups]
        at = asks.index(True) if True in asks else 0
    return groups[:at], groups[at], groups[at + 1 :]


def _is_question(equation: str) -> bool:
    with suppress(Unreadable):
        left, _ = parted(equation)
        return isinstance(read_question(left, line=equation).expr, Derivative)
    return False


def _said_of_definition(pasted: TextInRows, group: list[Row], where) -> str:
    """Whether an equation before the question is the definition that holds."""
    said = f"{pasted.left(group[0])} = …"
    with suppress(ValueError):
        holds, question, given = asked(pasted.equation(group), None, where)
        if all(holds.check(side, question) for side in given.sides):
            return f"{said} is the definition of the series"
    return f"{said} is ignored: it is not the definition that holds here"


def _in_its_row(pasted, group, problem, where, case):
    """The problem of a text as that of its row; its lines are for the row alone."""
    row = pasted.row_at(problem.position or 0)
    span = pasted.span(row, is_side=row is not group[0])
    text = pasted.text[slice(*span)]
    place, lines = (problem.position or 0) - span[0], ()
    if row is not group[0]:
        equation = pasted.equation(group)
        try:
            holds = context(where or (), case)
            start = holds.question("of", parted(equation)[0], equation)
            holds.answer("answer", text, start)
        except UnreadablePartError as own:
            problem, place, lines = own, own.position, own.suggestions
    told = Unreadable(problem.words, text, place, lines)
    return RowError(problem.part, told, pasted.rows.index(row) + 1, span)
