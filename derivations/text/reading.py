r"""Reads a text as a formula, as it is written, and says how it was read.

A reader's text is never evaluated.  `words` makes its tokens, `parsing` their tree, and
`meaning` what each part of it stands for, in entries of our letters.  What cannot be
read is `Unreadable`, which names the place and says what to write instead.
"""

import re
from dataclasses import replace

from sympy import Add, Eq, Expr, KroneckerDelta, Sum, exp

from derivations.formulas.indices import free_symbols
from derivations.letters import L
from derivations.text.equations import Equation, Reading
from derivations.text.lectures import in_our_letters, renamed, without_arguments
from derivations.text.names import ENTROPIES, SIGMOID, ReadAs, aliases
from derivations.text.notation.meaning import Meaning
from derivations.text.notation.parsing import letters_by_place, sizes_above, tree_of
from derivations.text.notation.shapes import product
from derivations.text.notation.tokens.characters import refuse_long_text
from derivations.text.notation.tokens.phrases import (
    defined_behind,
    in_notation,
    said_of_signs,
    without_primes,
    without_remark,
)
from derivations.text.notation.tokens.words import LIBRARIES, tokens
from derivations.text.questions import (
    Question,
    base_of,
    is_of_inputs,
    is_of_loss,
    is_sigmoid,
    loss_of,
    of_inputs,
    slots,
)
from derivations.text.sentences import (
    cases,
    equations_in,
    joined,
    without_own_name,
    without_range,
)
from derivations.text.unreadable import MOST, Ambiguous, Unreadable, repairs
from derivations.text.vocabulary import FUNCTIONS, OPERATORS, OTHER_NAMES, SERIES, Names


def read(source: str, names: Names = SERIES, question: Expr | None = None) -> Expr:
    """The formula that a text stands for, as an answer to a question if there is one.

    Arrays are taken at the free letters of the question.
    Raises Unreadable for every other text, and TypeError for what is no text.
    Source: notebook 15 and `python -m derivations check`.

    >>> read("a_j sum_i y_i - y_j")
    a[j]*Sum(y[i], (i, 1, n)) - y[j]
    >>> from derivations.letters import Derivative, L, j, z
    >>> read("a − y", question=Derivative(L, z[j]))
    a[j] - y[j]
    >>> read("a_j -")
    Traceback (most recent call last):
    derivations.text.unreadable.Unreadable: nothing behind `-`: a name, a number or a \
parenthesis is expected
    a_j -
         ^
    perhaps: a_j
    """
    given = read_text(source, names, question).held_in(None, source)
    if len(given.sides) > 1:
        raise Unreadable("expected one formula here, not an equation", source, 0)
    return given.expr


def read_text(
    source: str, names: Names = SERIES, question: Question | Expr | None = None
) -> Reading:
    """The same with every side of an equation, and what was assumed.

    If dW is asked, or stands on the left, and the line divides by m, its dZ is the
    course's: the derivative of L_s.

    >>> from derivations.letters import Derivative, L, j, z
    >>> print(read_text("dL/dz_i = p_i - t_i", question=Derivative(L, z[j])))
    a_j − y_j (your i is j here; p read as a; t read as y)
    """
    if not isinstance(source, str):
        raise TypeError(f"expected text, got {source!r}")
    asked = question if isinstance(question, Question) else Question(question)
    try:
        return _read(source, names, asked)
    except Unreadable as problem:

        def is_read(line):
            try:
                sides = _read(line, names, asked).sides
            except Unreadable:
                return False
            return asked.expr is not None or len(sides) == 1

        found = [line for line in problem.suggestions if is_read(line)]
        at = _typed_place(problem, source)
        if isinstance(problem, Ambiguous) and not found:  # no meaning can be read
            problem, lines = _further(problem, names, asked)
            at = _typed_place(problem, source)
            found = [line for line in lines if is_read(line)]
        problem = problem.placed(source, at)
        found = found or repairs(source, problem, slots(asked.expr), is_read)
        raise problem.placed(source, at, found) from None


def _typed_place(problem, source):
    """The place of a problem in a line as it was typed; `where` moves what it says."""
    at = problem.position
    word = re.match(r"\\?\w+", problem.source[at or 0 :])
    if at is None or not word or source.startswith(word[0], at):
        return at
    typed = re.search(rf"(?<![A-Za-z\\]){re.escape(word[0])}(?![A-Za-z])", source)
    return typed.start() if typed else at


def _further(problem, names, asked):
    """What is said where no meaning of a text can be read, and the lines for them."""
    problems = []
    for line in problem.suggestions[:MOST]:
        try:
            _read(line, names, asked)
        except Unreadable as own:
            at = _place(own, problem)
            problems.append(own.placed(problem.source, at, own.suggestions))
    lines = list(dict.fromkeys(x for own in problems for x in own.suggestions))
    return problem if lines else [*problems, problem][0], lines


def _place(own, problem):
    """Where the place of a problem in another line is in the line of `problem`."""
    at, line = own.position, problem.source
    if own.source[:at] == line[:at]:
        return at
    behind = line.rfind(own.source[at:])
    return problem.position if behind < 0 else behind


def _read(source, names, asked):
    """The parts of a line that `so` joins, each with its cases."""
    refuse_long_text(source)
    one, *others = equations_in(source)
    if others:
        return _one_of_two(one, *others, names, asked)
    said = said_of_signs(source)
    line = without_range(in_notation(without_primes(source)))
    line, called = defined_behind(line)
    readings = []
    for part in joined(line):
        told = cases(part, names.indices)
        found = [_read_one(line, names, asked, case, called) for line, case in told]
        readings.append(_of_both_cases(found, told, names))
    sides = tuple(side for found in readings for side in found.sides)
    notes = dict.fromkeys((*said, *(x for found in readings for x in found.notes)))
    held = {found.case for found in readings}
    if len(held) > 1:
        raise Unreadable("every part is of one case: write them apart", source, 0)
    return Reading(sides, tuple(notes), *held)


def _one_of_two(one, other, names, asked):
    """The first of two equations, or the second where that has the question."""
    place = "first"
    try:
        given = _read(one, names, asked)
    except Unreadable as problem:
        if not problem.expected.startswith("the left side is"):
            raise
        place, given = "second", _read(other, names, asked)
    notes = (f"the {place} of two equations is read", *given.notes)
    return replace(given, notes=notes)


def _of_both_cases(found, told, names):
    """One reading of two cases: δ_ij times the one plus 1 − δ_ij times the other."""
    if len(found) == 1:
        return found[0]
    (*before, one), (*same_before, other) = (x.sides for x in found)
    if before != same_before:
        raise Unreadable("each case has one formula", told[0][0], 0)
    same = KroneckerDelta(*found[0].case.args)
    shares = (same, 1 - same) if isinstance(found[0].case, Eq) else (1 - same, same)
    expr = Add(
        *(product([share, x]) for share, x in zip(shares, (one, other), strict=True))
    )
    notes = dict.fromkeys((*found[0].notes, *found[1].notes))
    notes = tuple(x for x in notes if not x.startswith("in the case"))
    return Reading((*before, expr), notes)


def _read_one(line, names, asked, case, said):
    """One formula or equation, and the case in which it is said to hold."""
    question = asked.expr
    used = {str(x) for x in free_symbols(question)} if question is not None else set()
    known = _aliases(names, used, line, question)
    known |= of_inputs(known, question) | said
    about, own, index = slots(question), "", ""
    source, remark = without_remark(line, _is_word(names, known))
    if question is not None:
        source, own, index = without_own_name(
            source,
            about,
            _is_word(names, known),
            lambda x: known.get(x, x) in ("L", "J", "C", "l"),
        )
    known |= ENTROPIES if question == L else {}
    try:
        row = without_arguments(tokens(source, names, known), known)
        tree = tree_of(row, source)
        called = {}
        if question is not None:
            called = in_our_letters(tree, names, known, question, source)
        if called:
            row = renamed(row, called)
            tree = tree_of(row, source)
        is_asked = question is not None
        loss = loss_of(question)
        meaning = Meaning(source, row, names, known, about, loss, is_asked)
        meaning.is_short = asked.is_short
        base, is_of_one = base_of(question) or str(question), is_of_inputs(question)
        meaning.is_of_loss = is_of_loss(question)
        meaning.is_of_batch = base in ("W", "b", "X", "Z", "A", "J") and not is_of_one
        if is_of_one:
            meaning.columns.add(names.indices["s"])
        placed = {} if question is None else letters_by_place(tree, names, known, about)
        for letter, ours in placed.items():
            if letter not in meaning.blocks:
                meaning.note(f"your {letter} counts to {ours.size}, {ours} here")
                meaning.blocks[letter] = ours
        meaning.counts = sizes_above(tree, names, meaning.blocks)
        if remark:
            meaning.note(f"`{remark}` is a remark")
        if own:
            meaning.note(f"{own} is your name for what is asked")
        for name, ours in called.items():
            meaning.note(ReadAs(name, ours))
        meaning.notes += _said_of_parentheses(row[-1], source)
        return Equation(meaning, question).reading(tree, index, case)
    except Unreadable as problem:
        if problem.position is not None:
            raise
        raise problem.placed(source, 0) from None
    except (
        ArithmeticError,
        AttributeError,
        MemoryError,
        NotImplementedError,
        RecursionError,
        TypeError,
        ValueError,
    ):  # SymPy refuses a few that no rule here does
        raise Unreadable("this line has no meaning here", source, 0) from None


def _aliases(names, used, line, question):
    """What each alias is called here: an output is the sigmoid that is asked about."""
    known = aliases(names, used, line)
    if question is None or not question.has(exp) or question.has(Sum):
        return known
    known = {x: y for x, y in known.items() if y != "a"} | {"σ": "sigmoid"}
    if is_sigmoid(question):
        known |= dict.fromkeys(SIGMOID - {"f", "h"}, "sigmoid")
        known.pop("f", None)
    return known


def _said_of_parentheses(last, source):
    """What is said of a parenthesis that is closed, or left out, at the end."""
    if last == ")" and last.start_pos == last.end_pos:
        return ["the parenthesis is closed at the end"]
    is_dropped = last.end_pos - last.start_pos > 1 and source[last.end_pos - 1] == ")"
    return ["a parenthesis too many at the end is left out"] * is_dropped


def _is_word(names, known):
    """Whether a word means something here, by itself or as dz does."""

    def is_name(word):
        return word in (names.symbols | names.arrays | known) or word in (
            *FUNCTIONS,
            *OTHER_NAMES,
            *OPERATORS,
            *LIBRARIES,
        )

    return lambda word: is_name(word) or (word[0] == "d" and is_name(word[1:2]))
