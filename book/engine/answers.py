"""The answers to a page's requests: JSON goes in, JSON comes out.

What is asked and answered stands at each function below, and about a loss in `losses`.
Here a request is taken apart; `derivations.request` reads its texts and judges them.
`answer` raises nothing, and keeps nothing of a request.
"""

import json
import re

# The first wrong line and the first loss wait for no import: these are not read later.
import derivations.loss.lines
import derivations.mistakes.registry  # noqa: F401
from book.engine import levels, losses, parts
from derivations.advice import Door, at_door, wanted
from derivations.registry import registry
from derivations.request.context import (
    UnreadablePartError,
    context,
    of_theorem,
)
from derivations.request.copying import FORMATS
from derivations.request.data import (
    beside_data,
    equation_data,
    formula_data,
    verdict_data,
)
from derivations.request.exercises import refuse_other_letters, refuse_unfinished
from derivations.request.lettering import (
    in_theirs,
    line_below,
    notes_data,
    said_below,
)
from derivations.request.pasted import RowError, begun_in_rows, below
from derivations.request.rows import taken_apart
from derivations.text.chains import relation
from derivations.text.names import ReadAs
from derivations.text.sentences import words_in
from derivations.text.unreadable import InOurLetters
from derivations.text.vocabulary import is_word_of_formulas

LONGEST_REQUEST = 50_000
MOST_LINES = 40
_A_FORMULA = "a formula is expected, such as a_j − y_j; the search takes words"
_ALONE = "this box takes a formula: write it alone, without words, such as dL/dz_j"
_PROSE = re.compile(r"[A-Za-z_]{2,}[ -]+(?:of|and|with|the|for|respect)\s+[A-Za-z]")


def answer(request: str) -> str:
    """The answer to a request, both in JSON.

    It is {"refused": "…"} for what is no request, or what the engine refuses, and
    {"unreadable": {"message", "source", "position", "suggestions", "latex",
    "meant", "is_ambiguous"}, "side"} for a text that cannot be read; `side` says which
    text of the request, "latex" is that of each suggestion, "meant" has its "letters",
    pairs of ours and the reader's, and "words" for them, and where the text is
    ambiguous the suggestions are its meanings; "search" has the words of a text that is
    no formula, and where "source" is a row of several, "span" says where it begins and
    ends.  Of a loss "letters" are those that a reader may declare so that it is read.
    An answer says by "notes" how a text was read, and by "letters" which of ours are
    the reader's, in pairs.

    >>> context = {"theorem": "softmax.case_equal"}
    >>> request = {"ask": "typeset", "context": context, "text": "a[j]*(1 - a[j])"}
    >>> json.loads(answer(json.dumps(request)))["text"]
    'a_j (1 − a_j)'
    """
    asked = {}
    try:
        asked = _asked(request)
        return json.dumps(ASKED[parts.text(asked, "ask")](asked), allow_nan=False)
    except UnreadablePartError as unreadable:
        return json.dumps(_unreadable(unreadable, asked))
    except Exception as problem:  # whatever fails, the page waits for an answer
        return _refusal(_why(problem, _door(asked)), wanted(problem))


def _door(asked):
    """The page that asks; its parts tell it from the other pages."""
    context = asked.get("context")
    context = context if isinstance(context, dict) else {}
    if asked.get("ask") in losses.ASKED or context.get("page") == "loss":
        return Door.LOSS_PAGE
    is_own = "where" in context and "parameters" not in context
    return Door.OWN_PAGE if is_own else Door.CHAIN_PAGE


def _why(problem, door):
    """Why there is no answer; a fault of the engine is named by its kind only."""
    if isinstance(problem, RecursionError | MemoryError):
        return "too large: its parts are nested too deeply"
    if isinstance(problem, ImportError):
        return f"this needs more than the book carries ({problem.name})"
    if isinstance(
        problem, parts.RefusedError | TypeError | ValueError | ArithmeticError
    ):
        return at_door(problem, door) or type(problem).__name__
    return f"the engine has no answer to this ({type(problem).__name__})"


def _refusal(message, names=()):
    """`names` are of hypotheses, each of which is enough to have an answer."""
    lacks = {"wanted": [*names]} if names else {}
    return json.dumps({"refused": message[: parts.LONGEST_TEXT]} | lacks)


def _unreadable(unreadable, asked):
    place = {
        "message": unreadable.at(_door(asked)).expected,
        "source": unreadable.source,
        "position": unreadable.position,
        "suggestions": [*unreadable.suggestions],
        "latex": [_latex(asked, line) for line in unreadable.suggestions],
        "meant": [_meant(line) for line in unreadable.suggestions],
        "is_ambiguous": unreadable.is_ambiguous,
    }
    text = asked.get(unreadable.part, asked.get("answer", asked.get("text")))
    written = unreadable.source.strip() or text  # of a question, without "derive"
    if isinstance(text, str) and words_in(written, is_word_of_formulas):
        words = words_in(text, is_word_of_formulas)
        place |= {"message": _A_FORMULA, "search": words}
    elif asked["ask"] == "question" and _PROSE.search(str(text)):
        place["message"] = _ALONE
    if unreadable.part == "loss":
        place["letters"] = losses.declarations_of(unreadable, asked)
    if isinstance(unreadable, RowError):
        place["message"] = f"line {unreadable.number}: {place['message']}"
        place["span"] = unreadable.span
    told = {"unreadable": place, "side": unreadable.part}
    if unreadable.part in ("left", "right", "answer"):
        told |= {"verdict": "unreadable", "mark": "?"}
    return told


def _meant(line):
    """What is chosen by a suggested line, in words, and the reader's letters in it."""
    if not isinstance(line, InOurLetters):
        return {"words": "", "letters": []}
    return {"words": line.words, "letters": line.letters}


def _latex(asked, line):
    """A suggested line as it is shown; nothing where the request has no such line."""
    try:
        made = _question if asked["ask"] == "question" else _typeset
        if asked["ask"] in losses.ASKED:
            asked = {"context": {**asked, "page": "loss"}}
        return made(asked | {"text": line})["latex"]
    except (parts.RefusedError, TypeError, ValueError, ArithmeticError, RecursionError):
        return ""


def _asked(request):
    if not isinstance(request, str) or len(request) > LONGEST_REQUEST:
        raise parts.RefusedError(
            f"a request is at most {LONGEST_REQUEST} characters of JSON"
        )
    try:
        asked = json.loads(request)
    except ValueError:
        raise parts.RefusedError("a request must be JSON, and this is not") from None
    if not isinstance(asked, dict):
        raise parts.RefusedError(
            'a request is an object such as {"ask": "definitions"}'
        )
    ask = parts.text(asked, "ask")
    if ask not in ASKED:
        raise parts.RefusedError(f"no request {ask!r}; there are {', '.join(ASKED)}")
    return asked


# What holds.


def _context(asked):
    given = parts.one(asked, "context", dict, "what holds")
    if "theorem" in given:
        return of_theorem(parts.text(given, "theorem"))
    if "level" in given:
        return levels.level_of(given).holds
    if "where" not in given:
        words = "a context names a theorem or a level, or has a start, where and case"
        raise parts.RefusedError(words)
    return context(
        parts.words(given, "where"),
        "" if given.get("case") is None else parts.text(given, "case"),
        parts.parameters(given) if "parameters" in given else (),
        parts.text(given, "start") if "start" in given else None,
    )


# What is asked.


def _typeset(asked):
    """{"ask": "typeset", "context", "text"}: {"text", "latex", "notes", "letters"}.

    The text is read as a line below the start of the context, if it has one, else as a
    question; and as a loss on the page of a loss, with its parameters.
    """
    if _door(asked) is Door.LOSS_PAGE:
        return losses.typeset(asked)
    holds, written = _context(asked), parts.text(asked, "text")
    if holds.start is None:
        question = holds.question("text", written)
        return formula_data(question.expr) | notes_data(question.notes)
    given = holds.answer("text", written, holds.start)
    return equation_data(given.sides) | notes_data(given.notes)


def _question(asked):
    """{"ask": "question", "context", "text"}: how a derivation begins.

    {"start", "lines", "where", "case", "latex", "notes", "letters"}: the lines are
    the right sides of an equation, in one row or in several, each with "reason" and
    "using".  Where "where" is null, the letters say what holds.  Where the context has
    a start, they are lines below it.  "beside" are the sides of other equations in the
    text, each with its "row" and a verdict, or "words".
    """
    given = parts.one(asked, "context", dict, "what holds")
    source = parts.text(asked, "text")
    if given.keys() & {"level", "start", "theorem"}:
        found = below(source, _context(asked))
    else:
        where = None if given.get("where") is None else parts.words(given, "where")
        case = "" if given.get("case") is None else parts.text(given, "case")
        found = begun_in_rows(source, where, case)
    holds, start, sides = found.holds, found.start, found.read.sides
    known = registry().definitions.items()
    return {
        "start": formula_data(start) | found.written,
        "lines": [
            formula_data(side) | _reason_data(reason, holds)
            for side, reason in zip(sides, found.reasons, strict=True)
        ],
        "where": [name for name, one in known if one.value in holds.where],
        "case": None if holds.case is None else relation(holds.case),
        "latex": equation_data((start, *sides))["latex"],
        "beside": list(map(beside_data, found.beside)),
    } | notes_data(found.read.notes)


def _reason_data(reason, holds):
    """A reason, and the hypotheses that it names at its end."""
    words, names = taken_apart(reason)
    known = {fact.name for fact in holds.hypotheses}
    if not known.issuperset(names):
        return {"reason": reason, "using": []}
    return {"reason": words, "using": names}


def _line(asked):
    """{"ask": "line", "context", "left", "right", "using"}: the verdict on a line.

    Below a start, its left side is read as the right side of the line above was.  In a
    level it says by "is_goal" whether the line is what was to be shown, and by
    "is_near" whether it is that in another form.
    """
    holds = _context(asked)
    using = holds.using(parts.words(asked, "using"))
    above, written = parts.text(asked, "left"), parts.text(asked, "right")
    if holds.start is None:
        left = holds.read("left", above)
        given = holds.answer("right", written, left)
    elif above == asked["context"].get("start"):
        left = holds.start
        given = holds.answer("right", written, left)
    else:
        one, given = line_below(holds, above, written)
        left = one.expr
    verdict = holds.check_line(left, given.expr, using)
    told = verdict_data(verdict, _door(asked), (*using, *holds.assumed))
    told |= levels.told(asked["context"], told, given.expr)
    return formula_data(given.expr) | told | notes_data(given.notes)


def _exercise(asked):
    """{"ask": "exercise", "context", "answer", "using"}: the verdict on an answer.

    It says of a mistake what kind it is, and not what has to be written.
    """
    holds = _context(asked)
    if holds.start is None:
        raise parts.RefusedError(
            "an exercise needs a start, which its answer must equal"
        )
    using = holds.using(parts.words(asked, "using"))
    written = parts.text(asked, "answer")
    given = holds.answer("answer", written, holds.start)
    verdict = holds.check_sides(given, holds.start, using).in_exercise
    if verdict.mark == "✗" and verdict.missing is None:
        refuse_other_letters(holds, written, given.expr)
    if verdict.mark == "✓":
        refuse_unfinished(holds, written, given.expr)
    told = verdict_data(verdict, _door(asked), using)
    return formula_data(given.expr) | told | notes_data(given.notes)


def _copy(asked):
    """{"ask": "copy", "context", "lines", "format"}: {"copied"}, each line judged.

    It is in the reader's letters, or it says which of ours they are.  "letters" are
    those by which pasted lines were read, in pairs: the lines have ours.
    """
    holds = _context(asked)
    form = parts.text(asked, "format")
    if form not in FORMATS:
        raise parts.RefusedError(f"there is no format {form[:80]!r}")
    start = parts.text(asked["context"], "start") if "start" in asked["context"] else ""
    chain = holds.chain(parts.lines(asked, "lines", MOST_LINES))
    asked_in = holds.question("start", start).notes if start else ()
    pasted = (ReadAs(theirs, ours) for ours, theirs in parts.letters(asked))
    notes = (*pasted, *asked_in, *chain.notes)
    if named := in_theirs(notes, chain, form):
        return {"copied": FORMATS[form](chain, named=named)}
    return {"copied": FORMATS[form](chain) + said_below(notes, form)}


def _hint(asked):
    """{"ask": "hint", …}: what may come next in a level or an exercise."""
    if "level" in asked:
        return levels.hint(asked)
    return levels.hint_of_exercise(asked, _context(asked))


def _definitions(asked):
    """{"ask": "definitions"}: {"definitions": [{"name", "text", "latex"}, …]}."""
    return {
        "definitions": [
            {"name": one.name, "text": one.text, "latex": one.latex}
            for one in registry().definitions.values()
        ]
    }


ASKED = {
    "typeset": _typeset,
    "question": _question,
    "line": _line,
    "exercise": _exercise,
    "copy": _copy,
    "definitions": _definitions,
    "hint": _hint,
} | losses.ASKED
