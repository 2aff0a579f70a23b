"""The answers to a page's requests: JSON goes in, JSON comes out.

What is asked and answered stands at each function below.  Here a request is taken
apart and held to its limits; `derivations.request` reads its texts and judges them.
`answer` raises nothing, and keeps nothing of a request.
"""

import json

from sympy import Rational

from derivations import letters
from derivations.advice import Door, at_door
from derivations.formulas.ranges import conditions, range_of
from derivations.loss import plot_data
from derivations.registry import registry
from derivations.request.context import (
    FORMATS,
    UnreadablePartError,
    context,
    of_theorem,
)
from derivations.request.data import formula_data, loss_data, verdict_data
from derivations.request.losses import own_loss
from derivations.request.questions import begun
from derivations.text.chains import relation

LONGEST_REQUEST = 50_000
LONGEST_TEXT = 2_000
MOST_LINES = 40
MOST_NAMES = 12
LARGEST_VALUE = 10**6


class RefusedError(Exception):
    """An invalid request; the message says what is wrong with it."""


def answer(request: str) -> str:
    """The answer to a request, both in JSON.

    It is {"refused": "…"} for what is no request, or what the engine refuses, and
    {"unreadable": {"message", "source", "position", "suggestions", "choices"}, "side"}
    for a text that cannot be read; `side` says which text of the request, and `choices`
    are its meanings, each {"text", "latex"}, where it has several.

    >>> context = {"theorem": "softmax.case_equal"}
    >>> request = {"ask": "typeset", "context": context, "text": "a[j]*(1 - a[j])"}
    >>> json.loads(answer(json.dumps(request)))["text"]
    'a_j (1 − a_j)'
    """
    asked = {}
    try:
        asked = _asked(request)
        return json.dumps(ASKED[_text(asked, "ask")](asked), allow_nan=False)
    except UnreadablePartError as unreadable:
        return json.dumps(_unreadable(unreadable, asked))
    except Exception as problem:  # whatever fails, the page waits for an answer
        return _refusal(_why(problem, _door(asked)))


def _door(asked):
    """The page that asks; its parts tell it from the other pages."""
    context = asked.get("context")
    context = context if isinstance(context, dict) else {}
    if asked.get("ask") in ("loss", "plot") or context.get("page") == "loss":
        return Door.LOSS_PAGE
    is_own = "where" in context and "parameters" not in context
    return Door.OWN_PAGE if is_own else Door.CHAIN_PAGE


def _why(problem, door):
    """Why there is no answer; a fault of the engine is named by its kind only."""
    if isinstance(problem, RecursionError | MemoryError):
        return "too large: its parts are nested too deeply"
    if isinstance(problem, ImportError):
        return f"this needs more than the book carries ({problem.name})"
    if isinstance(problem, RefusedError | TypeError | ValueError | ArithmeticError):
        return at_door(problem, door) or type(problem).__name__
    return f"the engine has no answer to this ({type(problem).__name__})"


def _refusal(message):
    return json.dumps({"refused": message[:LONGEST_TEXT]})


def _unreadable(unreadable, asked):
    place = {
        "message": unreadable.at(_door(asked)).expected,
        "source": unreadable.source,
        "position": unreadable.position,
        "suggestions": [*unreadable.suggestions],
        "choices": [],
    }
    if unreadable.is_ambiguous:
        place["choices"] = [_choice(asked, line) for line in unreadable.suggestions]
    told = {"unreadable": place, "side": unreadable.part}
    if unreadable.part in ("left", "right", "answer"):
        told |= {"verdict": "unreadable", "mark": "?"}
    return told


def _choice(asked, line):
    """One meaning of a text that has several."""
    try:
        made = _question if asked["ask"] == "question" else _typeset
        return {"text": line, "latex": made(asked | {"text": line})["latex"]}
    except (RefusedError, ValueError):  # a loss that is derived has no context
        return {"text": line, "latex": ""}


def _asked(request):
    if not isinstance(request, str) or len(request) > LONGEST_REQUEST:
        raise RefusedError(f"a request is at most {LONGEST_REQUEST} characters of JSON")
    try:
        asked = json.loads(request)
    except ValueError:
        raise RefusedError("a request must be JSON, and this is not") from None
    if not isinstance(asked, dict):
        raise RefusedError('a request is an object such as {"ask": "definitions"}')
    ask = _text(asked, "ask")
    if ask not in ASKED:
        raise RefusedError(f"no request {ask!r}; there are {', '.join(ASKED)}")
    return asked


# What a request is made of.


def _one(asked, key, kind, called):
    value = asked.get(key) if isinstance(asked, dict) else None
    if not isinstance(value, kind):
        raise RefusedError(f"a request needs {key!r}, {called}")
    return value


def _text(asked, key):
    value = _one(asked, key, str, "a text")
    if len(value) > LONGEST_TEXT:
        raise RefusedError(
            f"the text of {key!r} has {len(value)} characters; "
            f"at most {LONGEST_TEXT} are allowed"
        )
    return value


def _several(asked, key, most=MOST_NAMES):
    value = _one(asked, key, list, "a list")
    if len(value) > most:
        raise RefusedError(
            f"{key!r} has {len(value)} items; at most {most} are allowed"
        )
    return value


def _words(asked, key):
    listed = _several(asked, key)
    if not all(isinstance(x, str) and len(x) <= LONGEST_TEXT for x in listed):
        raise RefusedError(f"{key!r} must be a list of texts")
    return listed


def _parameters(asked):
    pairs = _several(asked, "parameters")
    for pair in pairs:
        if not isinstance(pair, list) or [type(x) for x in pair] != [str, str]:
            raise RefusedError(
                "a parameter is a name and a sign or a range: ['gamma', 'positive']"
            )
    return pairs


def _context(asked):
    given = _one(asked, "context", dict, "what holds")
    if "theorem" in given:
        return of_theorem(_text(given, "theorem"))
    if "where" not in given:
        raise RefusedError("a context names a theorem, or has a start, where and case")
    return context(
        _words(given, "where"),
        "" if given.get("case") is None else _text(given, "case"),
        _parameters(given) if "parameters" in given else (),
        _text(given, "start") if "start" in given else None,
    )


# What is asked.


def _typeset(asked):
    """{"ask": "typeset", "context", "text"}: {"text", "latex", "notes"}.

    The text is read as a line below the start of the context, if it has one, else as a
    loss or as a question.
    """
    holds, written = _context(asked), _text(asked, "text")
    below = letters.L if _door(asked) is Door.LOSS_PAGE else holds.start
    if below is None:
        question = holds.question("text", written)
        return formula_data(question.expr) | {"notes": [*question.notes]}
    given = holds.answer("text", written, below)
    return _equation(given.sides) | {"notes": [*given.notes]}


def _equation(sides):
    shown = [formula_data(side) for side in sides]
    return {key: " = ".join(x[key] for x in shown) for key in ("text", "latex")}


def _question(asked):
    """{"ask": "question", "context", "text"}: how a derivation begins.

    {"start", "lines", "where", "case", "latex", "notes"}: of an equation, its right
    sides are the first lines.  Where "where" is null, the letters say what holds.
    """
    given = _one(asked, "context", dict, "what holds")
    where = None if given.get("where") is None else _words(given, "where")
    case = "" if given.get("case") is None else _text(given, "case")
    holds, start, read = begun(_text(asked, "text"), where, case)
    known = registry().definitions.items()
    return {
        "start": formula_data(start),
        "lines": [formula_data(side) for side in read.sides],
        "where": [name for name, one in known if one.value in holds.where],
        "case": None if holds.case is None else relation(holds.case),
        "latex": _equation((start, *read.sides))["latex"],
        "notes": [*read.notes],
    }


def _line(asked):
    """{"ask": "line", "context", "left", "right", "using"}: the verdict on a line."""
    holds = _context(asked)
    using = holds.using(_words(asked, "using"))
    left = holds.read("left", _text(asked, "left"))
    given = holds.answer("right", _text(asked, "right"), holds.start or left)
    verdict = verdict_data(holds.check_line(left, given.expr, using), _door(asked))
    return formula_data(given.expr) | verdict | {"notes": [*given.notes]}


def _exercise(asked):
    """{"ask": "exercise", "context", "answer", "using"}: the verdict on an answer."""
    holds = _context(asked)
    if holds.start is None:
        raise RefusedError("an exercise needs a start, which its answer must equal")
    using = holds.using(_words(asked, "using"))
    given = holds.answer("answer", _text(asked, "answer"), holds.start)
    verdict = verdict_data(holds.check_sides(given, holds.start, using), _door(asked))
    return formula_data(given.expr) | verdict | {"notes": [*given.notes]}


def _copy(asked):
    """{"ask": "copy", "context", "lines", "format"}: {"copied"}, each line judged."""
    holds = _context(asked)
    form = _text(asked, "format")
    if form not in FORMATS:
        raise RefusedError(f"there is no format {form[:80]!r}")
    lines = (
        (_text(line, "text"), _text(line, "reason"), _words(line, "using"))
        for line in _several(asked, "lines", MOST_LINES)
    )
    return {"copied": FORMATS[form](holds.chain(lines))}


def _loss(asked):
    """{"ask": "loss", "loss", "activation", "parameters", "using"}: the gradient."""
    return loss_data(_own_loss(asked))


def _own_loss(asked):
    using, parameters = _words(asked, "using"), _parameters(asked)
    loss, activation = _text(asked, "loss"), _text(asked, "activation")
    return own_loss(loss, activation, parameters, using)


def _plot(asked):
    """{"ask": "plot", "values", …}: {"z", "loss", "gradient", "caption"}."""
    own = _own_loss(asked)
    values = _values(_one(asked, "values", dict, "numbers for the parameters"), own)
    labels = plot_data.ONE_HOT
    places, loss, gradient = plot_data.along_z1(own, values, labels)
    if all(x is None for x in loss):  # log(y_k), say, which has no value at 0
        labels = plot_data.SOFT
        places, loss, gradient = plot_data.along_z1(own, values, labels)
    others = [f"z_{k} = {_plain(value)}" for k, value in enumerate(plot_data.OTHERS, 2)]
    fixed = [
        "three classes",
        *others,
        f"y = {_plain(labels)}",
        *(f"{name} = {_plain(value)}" for name, value in values.items()),
    ]
    caption = f"L and ∂L/∂z_1 as z_1 goes from −5 to 5: {', '.join(fixed)}"
    return {"z": places, "loss": loss, "gradient": gradient, "caption": caption}


def _plain(value):
    """A number, or several in parentheses, in a sentence."""
    if isinstance(value, list | tuple):
        return f"({', '.join(map(_plain, value))})"
    return f"{float(value):g}".replace("-", "−")


def _values(given, own):
    pairs = [(str(x), x) for x in own.parameters]
    names = [name for name, _ in pairs]
    if set(given) != set(names):
        expected = ", ".join(names) or "no parameter"
        raise RefusedError(f"'values' must have numbers for {expected} alone")
    return {name: _exact(given[name], one) for name, one in pairs}


def _exact(value, one):
    if isinstance(value, list) and hasattr(one, "label"):
        return [_exact(x, one[letters.k]) for x in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RefusedError(
            f"the value of {one} must be a number, not {str(value)[:80]!r}"
        )
    if not abs(value) <= LARGEST_VALUE:
        raise RefusedError(
            f"the value of {one} must be at most {LARGEST_VALUE} in size"
        )
    entry = one[letters.k] if hasattr(one, "label") else one
    exact = Rational(str(value))
    if not range_of(entry).has(exact):
        must = " and ".join(f"{sign} {bound}" for sign, bound in conditions(entry))
        raise RefusedError(f"{one} is declared to be {must}, so it cannot be {value}")
    return exact


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
    "loss": _loss,
    "plot": _plot,
    "definitions": _definitions,
}
