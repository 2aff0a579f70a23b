"""The answers about a level: hints, and whether a line is what was to be shown."""

from book.engine import parts
from derivations.request.data import formula_data
from derivations.request.levels.hints import in_latex
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
    written = parts.words(asked, "lines", MOST_LINES)
    start = one.chain.start
    exprs = [one.holds.answer("line", text, start).expr for text in written]
    found = one.hint_below(exprs)
    return {
        "reason": found.reason,
        "form": formula_data(found.form) | {"latex": in_latex(found.form)},
        "line": formula_data(found.line),
    }


def told(context, verdict, expr):
    """What the verdict on a line says in a level that it does not say elsewhere."""
    if "level" not in context:
        return {}
    said = {"is_goal": level_of(context).is_goal(expr)}
    if "unneeded" in verdict:
        said["unneeded"] = []
    if verdict.get("missing"):
        said["missing"] = verdict["missing"] | {"advice": NOT_ASSUMED}
    return said
