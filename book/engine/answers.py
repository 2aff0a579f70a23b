"""The desk in the reader's browser: a request in JSON goes in, an answer comes out.

What is asked and answered stands at each function below.  Nothing is computed here: the
text is read by `derivations.reading`, judged by `derivations.proof`, and printed by
`derivations.printing`.  `answer` raises nothing, and keeps nothing of a request.
"""

import json
from dataclasses import dataclass, replace
from functools import cache

from sympy import Expr, Rational

from book.engine import as_json
from derivations import curves, letters, printing
from derivations.activations import ACTIVATIONS, H3
from derivations.letters import H1, a, i
from derivations.own_loss import derive
from derivations.printing import latex
from derivations.proof import Step, check
from derivations.reading import (
    SERIES,
    Names,
    Unreadable,
    declared,
    names_of,
    read,
    read_case,
)
from derivations.terms import Definition
from derivations.theorems import catalogue, definitions
from derivations.verdict import Verdict

LONGEST_REQUEST = 50_000
LONGEST_TEXT = 2_000
MOST_LINES = 40
MOST_NAMES = 12
LARGEST_VALUE = 10**6
FORMATS = {
    "text": printing.chain_as_text,
    "markdown": printing.chain_as_markdown,
    "latex": printing.chain_as_latex,
}


class RefusedError(Exception):
    """A request that is none; the message says what is wrong with it."""


class UnreadablePartError(Exception):
    """A text that cannot be read, and which of a request's it is."""

    def __init__(self, part, problem):
        self.part, self.problem = part, problem
        super().__init__(str(problem))


@dataclass(frozen=True)
class Context:
    """What holds while a line is judged: definitions, a case, names, hypotheses."""

    names: Names
    where: tuple = ()
    case: Expr | None = None
    facts: tuple = (H1, H3)
    start: Expr | None = None

    def using(self, wanted):
        """The hypotheses of some names."""
        known = {fact.name: fact for fact in self.facts}
        for name in wanted:
            if name not in known:
                there = ", ".join(known)
                raise RefusedError(f"no hypothesis {name!r} here; there are {there}")
        return tuple(known[name] for name in dict.fromkeys(wanted))


def answer(request: str) -> str:
    """The answer to a request, both in JSON.

    It is {"refused": "…"} for what is no request, or what the engine refuses, and
    {"unreadable": {"message", "source", "position"}, "side": "…"} for a text that
    cannot be read; `side` says which text of the request.

    >>> context = {"theorem": "softmax.case_equal"}
    >>> request = {"ask": "typeset", "context": context, "text": "a[j]*(1 - a[j])"}
    >>> answer(json.dumps(request))
    '{"latex": "a_{j} \\\\\\\\left(1 - a_{j}\\\\\\\\right)"}'
    """
    try:
        return json.dumps(_answered(request), allow_nan=False)
    except UnreadablePartError as unreadable:
        return json.dumps(_unreadable(unreadable))
    except Exception as problem:  # a desk that raises answers nobody
        return _refusal(_why(problem))


def _why(problem):
    """Why there is no answer, in words; of a fault of the engine only its kind."""
    if isinstance(problem, RecursionError | MemoryError):
        return "too large: parts lie too deep within each other"
    if isinstance(problem, ImportError):
        return f"this needs more than the book carries ({problem.name})"
    if isinstance(problem, RefusedError | TypeError | ValueError | ArithmeticError):
        return str(problem) or type(problem).__name__
    return f"the engine has no answer to this ({type(problem).__name__})"


def _refusal(message):
    return json.dumps({"refused": message[:LONGEST_TEXT]})


def _unreadable(unreadable):
    problem = unreadable.problem
    place = {
        "message": str(problem).splitlines()[0],
        "source": problem.source,
        "position": problem.position,
    }
    found = {"unreadable": place, "side": unreadable.part}
    if unreadable.part in ("left", "right", "answer"):
        found |= {"verdict": "unreadable", "mark": "?"}
    return found


def _answered(request):
    if not isinstance(request, str) or len(request) > LONGEST_REQUEST:
        raise RefusedError(f"a request is at most {LONGEST_REQUEST} characters of JSON")
    try:
        asked = json.loads(request)
    except ValueError:
        raise RefusedError("a request is JSON, and this is none") from None
    if not isinstance(asked, dict):
        raise RefusedError('a request is an object such as {"ask": "definitions"}')
    ask = _text(asked, "ask")
    if ask not in ASKED:
        raise RefusedError(f"nothing is asked by {ask!r}; there are {', '.join(ASKED)}")
    return ASKED[ask](asked)


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
            f"the text of {key!r} has {len(value)} characters, and {LONGEST_TEXT} are "
            "the most"
        )
    return value


def _several(asked, key, most=MOST_NAMES):
    value = _one(asked, key, list, "a list")
    if len(value) > most:
        raise RefusedError(f"{key!r} lists {len(value)}, and {most} are the most")
    return value


def _words(asked, key):
    found = _several(asked, key)
    if not all(isinstance(x, str) and len(x) <= LONGEST_TEXT for x in found):
        raise RefusedError(f"{key!r} lists texts")
    return found


def _formula(asked, key, names, part=None):
    return _readable(part or key, lambda: read(_text(asked, key), names))


def _readable(part, reading):
    try:
        return reading()
    except Unreadable as problem:
        raise UnreadablePartError(part, problem) from None


# What holds.


def _context(asked):
    given = _one(asked, "context", dict, "what holds")
    if "theorem" in given:
        return _of_theorem(_known(_text(given, "theorem"), catalogue(), "theorem"))
    if "where" not in given:
        raise RefusedError("a context names a theorem, or has a start, where and case")
    known, written = definitions(), dict.fromkeys(_words(given, "where"))
    named = [x for x in written if ":=" not in x]
    where = tuple(known[_known(x, known, "definition")] for x in named)
    names, case = names_of(*where), given.get("case")
    if "parameters" in given:
        names, _ = _declared(given, names)
    where += tuple(_definition(x, names) for x in written if ":=" in x)
    if case is not None:
        words = _text(given, "case")
        case = _readable("case", lambda: read_case(words, names))
    start = _formula(given, "start", names) if "start" in given else None
    return Context(names, where, case, start=start)


def _definition(written, names):
    """A definition that is written out, such as L := a[j]."""
    sides = written.split(":=", 1)
    return Definition(*(_readable("where", lambda x=x: read(x, names)) for x in sides))


def _known(name, known, kind):
    if name not in known:
        raise RefusedError(f"there is no {kind} {name[:80]!r}")
    return name


@cache
def _of_theorem(name):
    chain = catalogue()[name]()
    names = names_of(chain, *chain.uses)
    return Context(names, chain.where, chain.case, _facts(chain.uses), chain.start)


def _facts(own):
    """Hypotheses of a chain's own, and of the others those with other names."""
    known = {fact.name for fact in own}
    return (*own, *(x for x in (H1, H3) if x.name not in known))


# What is asked.


def _typeset(asked):
    """{"ask": "typeset", "context", "text"}: {"latex"}."""
    context = _context(asked)
    return {"latex": latex(_formula(asked, "text", context.names))}


def _line(asked):
    """{"ask": "line", "context", "left", "right", "using"}: the verdict on a line."""
    context = _context(asked)
    using = context.using(_words(asked, "using"))
    left, right = (_formula(asked, key, context.names) for key in ("left", "right"))
    return as_json.formula(right) | as_json.verdict(
        _judged(context, left, right, using)
    )


def _judged(context, left, right, using):
    verdict = check(left, right, context.where, using, context.case)
    return replace(verdict, sides=Verdict.sides)


def _exercise(asked):
    """{"ask": "exercise", "context", "answer", "using"}: the verdict on an answer."""
    context = _context(asked)
    if context.start is None:
        raise RefusedError("an exercise has a start, which its answer is to equal")
    using = context.using(_words(asked, "using"))
    given = _formula(asked, "answer", context.names)
    verdict = check(given, context.start, context.where, using, context.case)
    return as_json.formula(given) | as_json.verdict(verdict)


def _copy(asked):
    """{"ask": "copy", "context", "lines", "format"}: {"copied"}, each line judged."""
    context = _context(asked)
    if context.start is None:
        raise RefusedError("a chain that is copied has a start")
    write = FORMATS[_known(_text(asked, "format"), FORMATS, "format")]
    left, steps = context.start, []
    for line in _several(asked, "lines", MOST_LINES):
        right = _formula(line, "text", context.names, f"line {len(steps) + 1}")
        reason, using = _text(line, "reason"), context.using(_words(line, "using"))
        if reason.count("$") % 2:
            raise RefusedError(f"a reason has a $ without its partner: {reason!r}")
        verdict = _judged(context, left, right, using)
        steps.append(Step(right, " ".join(reason.split()), using, verdict))
        left = right
    chain = as_json.Chain(context.start, context.where, context.case, tuple(steps))
    return {"copied": write(chain)}


def _loss(asked):
    """{"ask": "loss", "loss", "activation", "parameters", "using"}: the gradient."""
    own = _derived(asked)
    steps = [as_json.line(line) for line in own.chain.steps]
    where = [as_json.definition(x) for x in own.chain.where]
    chain = {"start": as_json.formula(own.chain.start), "where": where, "lines": steps}
    found = {"chain": chain, "gradient": as_json.formula(own.gradient)}
    verdict = own.verdict
    found |= {"sentence": verdict.sentence, "mark": verdict.mark}
    return found | {"source": own.source()}


def _plot(asked):
    """{"ask": "plot", "values", …}: {"z", "loss", "gradient", "caption"}."""
    own = _derived(asked)
    values = _values(_one(asked, "values", dict, "numbers for the parameters"), own)
    labels = curves.ONE_HOT
    places, loss, gradient = curves.along_z1(own, values, labels)
    if all(x is None for x in loss):  # log(y_k), say, which has no value at 0
        labels = curves.SOFT
        places, loss, gradient = curves.along_z1(own, values, labels)
    others = [
        f"z_{x} = {as_json.plain(value)}" for x, value in enumerate(curves.OTHERS, 2)
    ]
    fixed = [
        "three classes",
        *others,
        f"y = {as_json.plain(labels)}",
        *(f"{name} = {as_json.plain(value)}" for name, value in values.items()),
    ]
    caption = f"L and ∂L/∂z_1 as z_1 goes from −5 to 5: {', '.join(fixed)}"
    return {"z": places, "loss": loss, "gradient": gradient, "caption": caption}


def _values(given, own):
    pairs = [(str(x), x) for x in own.parameters]
    names = [name for name, _ in pairs]
    if set(given) != set(names):
        expected = ", ".join(names) or "no parameter"
        raise RefusedError(f"'values' has a number for {expected} and no other")
    return {name: _exact(given[name], one) for name, one in pairs}


def _exact(value, one):
    if isinstance(value, list) and hasattr(one, "label"):
        return [_exact(x, one[letters.k]) for x in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RefusedError(f"the value of {one} is a number, not {str(value)[:80]!r}")
    if not abs(value) <= LARGEST_VALUE:
        raise RefusedError(f"the value of {one} is at most {LARGEST_VALUE} in size")
    entry = one[letters.k] if hasattr(one, "label") else one
    if entry.is_positive and not value > 0:
        raise RefusedError(f"{one} is declared positive, and {value} is not")
    return Rational(str(value))


def _derived(asked):
    """The loss of a request with its proved gradient."""
    using = Context(SERIES).using(_words(asked, "using"))
    names, pairs = _declared(asked, SERIES)
    loss = _formula(asked, "loss", names)
    activation = ACTIVATIONS.get(_text(asked, "activation"))
    if activation is None:
        activation = Definition(a[i], _formula(asked, "activation", names))
    parameters = [names.parameter(written) for written, _ in pairs]
    return derive(loss, activation, parameters, using)


def _declared(asked, names):
    """The names with the parameters of a request, and these as they were given."""
    pairs = _several(asked, "parameters")
    for pair in pairs:
        if not isinstance(pair, list) or [type(x) for x in pair] != [str, str]:
            raise RefusedError(
                "a parameter is a name and a sign: ['gamma', 'positive']"
            )
    named = [tuple(pair) for pair in pairs]
    return _readable("parameters", lambda: declared(names, named)), pairs


def _definitions(asked):
    """{"ask": "definitions"}: {"definitions": [{"name", "text", "latex"}, …]}."""
    known = definitions().items()
    return {
        "definitions": [{"name": name} | as_json.definition(one) for name, one in known]
    }


ASKED = {
    "typeset": _typeset,
    "line": _line,
    "exercise": _exercise,
    "copy": _copy,
    "loss": _loss,
    "plot": _plot,
    "definitions": _definitions,
}
