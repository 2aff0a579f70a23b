"""A question in any notation, and what holds where it is asked."""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from sympy import Derivative, Expr, Pow

from derivations.formulas.indices import Index
from derivations.letters import h
from derivations.request.context import (
    Context,
    UnreadablePartError,
    context,
    reading,
)
from derivations.text.names import ReadAs, declared
from derivations.text.questions import (
    definitions_for,
    is_of_inputs,
    parted,
    read_question,
)
from derivations.text.reading import SERIES, Reading, Unreadable, read_text
from derivations.text.sentences import without_asking
from derivations.text.unicode import unicode
from derivations.text.unreadable import Ambiguous, InOurLetters
from derivations.theorems import definition_named

USUAL = (
    *("softmax", "normaliser", "cross_entropy"),
    *("batch_softmax", "example_cross_entropy", "mean_loss"),
)
"""The definitions that a question may need without a word: those of the course."""
ONE_LAYER = ("linear",)
TWO_LAYERS = ("hidden_linear", "hidden_activation", "output_linear")
"""The same of the layers below; there are two where a hidden unit is counted."""


def begun(
    source: str, where: Iterable[str] | None = None, case: str = ""
) -> tuple[Context, Expr, Reading]:
    """The same for the begin of a derivation: a question alone has no answer, no side.

    Words of asking around its formula are passed over: `why is`, `derive`, `= ?`.

    >>> holds, question, given = begun("dW")
    >>> question, given.sides, [str(one.symbol) for one in holds.where]
    (Derivative(J, W[j, q]), (), ['A[i, s]', 'L[s]', 'J', 'Z[j, s]'])
    """
    source = without_asking(source)
    try:
        found = _begun(source, where, case)
        _refuse_twice(found[1], source)
        return found
    except UnreadablePartError as problem:
        is_left = problem.part == "of" and "=" in source
        if problem.is_ambiguous and not (is_left and _are_plain(problem.suggestions)):
            raise
        raise _with_lines_that_begin(problem, source, where, case) from None


def _are_plain(lines):
    """Whether lines stand for a left side alone, and in the reader's letters."""
    return not any("=" in one or isinstance(one, InOurLetters) for one in lines)


def _refuse_twice(start, source):
    """Refuse a square of a derivative that nobody wrote as one: two texts in one."""
    is_written = re.search(r"\^|\*\*|²", source)
    if isinstance(start, Pow) and isinstance(start.base, Derivative) and not is_written:
        words = "the same derivative stands here twice: write it once, or with ^2"
        lines = [] if "=" in source else [unicode(start.base)]
        raise UnreadablePartError("text", Unreadable(words, source, 0, lines))


def as_written(source: str, holds: Context, start: Expr) -> dict[str, str]:
    """The text of a start in the reader's letters, where it means the same alone.

    >>> holds, start, _ = begun("dL/dx = p - t")
    >>> as_written("dL/dx = p - t", holds, start), as_written("dz", holds, start)
    ({'text': 'dL/dx'}, {})
    """
    source = without_asking(source)
    if re.search(r"\bof\b", source):  # the gradient of the loss, in words
        return {}
    with suppress(ValueError):
        written = parted(source)[0] if "=" in source else source
        question = holds.question("text", written)
        sides = holds.answer("text", written, question).sides
        has_own = any(isinstance(note, ReadAs) for note in question.notes)
        if has_own and {question.expr, *sides} == {start}:
            return {"text": written.strip()}
    return {}


def _with_lines_that_begin(problem, source, where, case):
    """The problem; its suggestions are whole lines, each of which can be begun."""
    lines, is_left = [], problem.part == "of" and "=" in source
    for one in problem.suggestions:
        is_side = is_left and "=" not in one
        line = f"{one} ={parted(source)[1]}" if is_side else one
        with suppress(ValueError):
            _begun(line, where, case)
            lines.append(line)
    told = problem.source, problem.position, lines
    kind = Ambiguous if problem.is_ambiguous else Unreadable
    return UnreadablePartError(problem.part, kind(problem.words, *told))


def _begun(source, where, case):
    try:
        parted(source)
    except Unreadable:  # it has no =
        if where is None:
            with reading("text"):
                question = read_question(source).expr
            where = _usual(question, question)
        holds = context(where, case)
        question = holds.question("text", source)
        return holds, question.expr, Reading((), question.notes)
    return asked(source, None, where, case)


def _usual(question, answer):
    """The usual definitions that lead from a question to its variable, by name."""
    letters = question.atoms(Index) | answer.atoms(Index)
    layers = TWO_LAYERS if h in {x.size for x in letters} else ONE_LAYER
    of_one = ("example_logits",) if is_of_inputs(question) else ()
    usual = {name: definition_named(name) for name in (*USUAL, *layers, *of_one)}
    return definitions_for(question, answer, usual)


def asked(
    answer: str,
    of: str | None = None,
    where: Iterable[str] | None = None,
    case: str = "",
    parameters: Iterable[tuple[str, str]] = (),
) -> tuple[Context, Expr, Reading]:
    """What holds, the question, and the answer to it.

    Without a question it is the left side of the answer: dz = a − y asks for dz.
    Without definitions, those are found that lead from the question to its variable.
    Without a case, it is the one in which the answer is said to hold.
    Raises as `context` does.

    >>> holds, question, given = asked("dz = a − y")
    >>> question, given.expr, [str(one.symbol) for one in holds.where]
    (Derivative(L, z[j]), a[j] - y[j], ['a[i]', 'L'])
    """
    parameters = list(parameters)
    line = answer if of is None else ""
    if of is None:
        with reading("answer"):
            of, _ = parted(answer)
    chosen = where
    if chosen is None:
        with reading("parameters"):
            names = declared(SERIES, parameters)
        with reading("of"):
            question = read_question(of, names, line)
        with reading("answer"):
            given = read_text(answer, names, question)
        chosen = _usual(question.expr, given.expr)
    holds = context(chosen, case, parameters)
    question = holds.question("of", of, line)
    if holds.case is None:
        with reading("answer"):
            said = read_text(answer, holds.names, question).case
        holds = replace(holds, case=said)
    given = holds.answer("answer", answer, question)
    notes = dict.fromkeys((*question.notes, *given.notes))
    return holds, question.expr, Reading(given.sides, tuple(notes))
