"""How a pasted derivation begins: what it asks, its lines, and their reasons."""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from sympy import Derivative, Expr

from derivations.request.beside import MOST, SideBeside, judged_beside
from derivations.request.context import Context, UnreadablePartError, context
from derivations.request.lettering import notes_data
from derivations.request.questions import as_written, asked, begun
from derivations.request.rows import TextInRows, in_rows
from derivations.text.names import ReadAs
from derivations.text.questions import parted, read_question
from derivations.text.reading import Reading, Unreadable
from derivations.text.unicode import unicode
from derivations.text.unreadable import InOurLetters


@dataclass(frozen=True)
class Beginning:
    """What holds, the start, its sides as they were read, and the reason for each.

    `written` is the start in the reader's letters, where it has them; `beside` are the
    sides of other equations in the text.
    """

    holds: Context
    start: Expr
    read: Reading
    reasons: tuple[str, ...]
    written: dict
    beside: tuple[SideBeside, ...] = ()


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
    L = …, is compared with the definition that holds, and a note says the result; its
    further sides are judged.  So is one behind a question alone.
    Raises RowError for a row that cannot be read, or asks about something else.

    >>> found = begun_in_rows("dz = a sum(y) - y  # chain rule\n = a - y  # by H1")
    >>> found.read.sides, found.reasons
    ((a[j]*Sum(y[k], (k, 1, n)) - y[j], a[j] - y[j]), ('chain rule', 'by H1'))
    """
    pasted = in_rows(source)
    before, group, behind = _around_the_question(pasted)
    text = pasted.equation(group)
    if "=" not in text:
        before, behind = before + behind, []
    given = [pasted.equation(one) for one in before[:MOST]]
    told = _in_letters_of(text, given, where, case) if given else text
    try:
        holds, start, read = begun(told, where, case)
    except UnreadablePartError as problem:
        if len(pasted.rows) < 2 or ("=" not in text and problem.is_ambiguous):
            raise
        at, equation = context(where or (), case), pasted.equation(group)
        asks = partial(at.question, "of", parted(equation)[0], equation)
        place = problem.position or 0
        raise _in_its_row(pasted, group, problem, place, at, asks) from None
    _refuse_another(pasted, behind, start)
    chosen = [ReadAs(theirs, ours) for ours, theirs in getattr(told, "letters", ())]
    notes = [*chosen, *read.notes]
    said, beside = judged_beside(pasted, before, where, notes)
    notes += said
    if pasted.has_more:
        notes.append("what stands behind the derivation is not read")
    read = replace(read, notes=tuple(dict.fromkeys(notes)))
    reasons = tuple(pasted.reasons(group, len(read.sides)))
    written = as_written(text, holds, start)
    return Beginning(holds, start, read, reasons, written, beside)


def _refuse_another(pasted, behind, start):
    """Raise RowError for an equation behind the question, which asks something else."""
    if behind:
        words = f"its left side is another; the question is {unicode(start)}"
        row = behind[0][0]
        span = pasted.span(row)
        problem = Unreadable(words, pasted.text[slice(*span)], 0)
        raise RowError("answer", problem, pasted.rows.index(row) + 1, span)


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


def _in_letters_of(question: str, definitions: list[str], where, case) -> str:
    """A question with several meanings as the one that its definitions leave."""
    try:
        begun(question, where, case)
    except UnreadablePartError as problem:
        readings = [_letters(one, where) for one in definitions]
        left = [
            line
            for line in problem.suggestions
            if isinstance(line, InOurLetters)
            and all(any(map(line.agrees_with, one)) for one in readings if one)
        ]
        if problem.is_ambiguous and len(left) == 1:
            return left[0]
    return question


def _letters(definition: str, where) -> list:
    """The letters of the reader in a definition, in pairs: once for each meaning."""
    try:
        return [notes_data(asked(definition, None, where)[2].notes)["letters"]]
    except UnreadablePartError as problem:
        return [x.letters for x in problem.suggestions if isinstance(x, InOurLetters)]
    except ValueError:
        return []


def _in_its_row(pasted, group, problem, place, holds, asks):
    """The problem of a text as that of its row; its lines are for the row alone.

    `asks()` is the question to which each row is an answer.
    """
    row = pasted.row_at(place)
    is_side = row is not group[0] or not pasted.left(row)
    span = pasted.span(row, is_side)
    text = pasted.text[slice(*span)]
    place, lines = place - span[0], ()
    if is_side:
        try:
            holds.answer("answer", text, asks())
        except UnreadablePartError as own:
            problem, place, lines = own, own.position, own.suggestions
    told = Unreadable(problem.words, text, place, lines)
    return RowError(problem.part, told, pasted.rows.index(row) + 1, span)


def below(source: str, holds: Context) -> Beginning:
    r"""Rows that are pasted below the start of a chain, each with its reason.

    They are read as a line of the chain is, in any letters: the left side is the start,
    written or not, and a row that is the start is left out.
    Raises as `begun_in_rows` does.

    >>> holds = context(["softmax", "cross_entropy"], start="dL/dz_j")
    >>> found = below("= p_j sum_k t_k - t_j \\\\ = p_j - t_j  # by H1", holds)
    >>> found.read.sides, found.reasons
    ((a[j]*Sum(y[k], (k, 1, n)) - y[j], a[j] - y[j]), ('', 'by H1'))
    """
    told = source
    if "=" not in re.sub(r"\{[^{}]*\}", "", source):  # each row is a side
        told = "= " + "\n= ".join(re.split(r"\s*(?:\n|\\\\)\s*", source.strip()))
    pasted = in_rows(told)
    before, group, behind = _around_the_question(pasted)
    first = group[0]
    begins = "" if pasted.left(first) else "0"  # so that no side is taken for the left
    try:
        equation = begins + pasted.equation(group)
        read = holds.answer("answer", equation, holds.start)
    except UnreadablePartError as problem:
        if len(pasted.rows) < 2:
            raise
        place = (problem.position or 0) - len(begins)
        asks = partial(getattr, holds, "start")
        refused = _in_its_row(pasted, group, problem, place, holds, asks)
        if told != source:
            at = source.find(refused.source)
            refused.span = at, at + len(refused.source)
        raise refused from None
    _refuse_another(pasted, behind, holds.start)
    said, beside = judged_beside(pasted, before, None, read.notes)
    sides, count = read.sides[len(begins) :], sum(len(row.equals) for row in group)
    reasons = pasted.reasons(group, count)
    if len(sides) == count + 1:  # the first side has no = before it
        reasons = [first.reason, *reasons]
    elif len(sides) != count:
        reasons = [""] * len(sides)
    starts = 0  # rows that are the start itself
    while starts < len(sides) - 1 and sides[starts] == holds.start:
        starts += 1
    read = Reading(sides[starts:], (*read.notes, *said))
    reasons = tuple(reasons[starts:])
    return Beginning(holds, holds.start, read, reasons, {}, beside)
