"""The answers about a level: hints, and whether a line is what was to be shown."""

from book.engine import parts
from derivations.request.data import formula_data
from derivations.request.levels.hints import hint_below, in_latex
from derivations.request.levels.level import Level, level

MOST_LINES = 40
NOT_ASSUMED = "this level does not assume it"


def level_of(given: dict) -> Level:
    """The level that a request or a context names, with no line yet."""
    return level(parts.text(given, "level"))


def hint(asked):
    """{"ask": "hint", "level", "lines": [texts]}: what may come next.

    {"reason", "form": {"text", "latex"}, "line": {"text", "latex"}}: one step more of
    the same line each.  The lines are right ones, as an answer writes them.
    """
    one = level_of(asked)
    return _below(asked, one.holds, one.chain.steps)


def hint_of_exercise(asked, holds):
    """{"ask": "hint", "context", "solution", "lines"}: the same in a reader's exercise.

    The solution is a list of {"text", "reason", "using"}, as in a chain to copy.
    """
    solution = holds.chain(parts.lines(asked, "solution", MOST_LINES)).steps
    if not solution:
        raise parts.RefusedError("a solution needs a line")
    return _below(asked, holds, solution)


def _below(asked, holds, solution):
    written = parts.words(asked, "lines", MOST_LINES)
    exprs = [holds.answer("line", text, holds.start).expr for text in written]
    found = hint_below(solution, holds.start, exprs)
    return {
        "reason": found.reason,
        "form": formula_data(found.form) | {"latex": in_latex(found.form)},
        "line": formula_data(found.line),
    }


def told(context, verdict, expr):
    """What the verdict on a line says in a level that it does not say elsewhere."""
    if "level" not in context:
        return {}
    one = level_of(context)
    said = {"is_goal": one.is_goal(expr), "is_near": one.is_near(expr)}
    if "unneeded" in verdict:
        said["unneeded"] = []
    if verdict.get("missing"):
        said["missing"] = verdict["missing"] | {"advice": NOT_ASSUMED}
    return said
