"""What the desk answers with, as what JSON can hold: formulas, lines, verdicts."""

from dataclasses import dataclass

from sympy import Expr

from derivations.judges.verdict import short
from derivations.text.printing import latex, text

VERDICTS = {"✓": "right", "✗": "wrong", "?": "undecided"}


@dataclass(frozen=True)
class Chain:
    """A chain as it is printed, with lines that are not proved among the others."""

    start: Expr
    where: tuple
    case: Expr | None
    steps: tuple

    @property
    def uses(self):
        """The hypotheses that some line names."""
        return tuple(dict.fromkeys(fact for step in self.steps for fact in step.using))


def formula(expr):
    """A formula in both of its writings."""
    return {"text": text(expr), "latex": latex(expr)}


def definition(one):
    """A definition as a line of text, and as LaTeX."""
    return {
        "text": f"{text(one.symbol)} := {text(one.value)}",
        "latex": f"{latex(one.symbol)} = {latex(one.value)}",
    }


def line(step):
    """A line of a chain, with why it holds and its mark."""
    using = [fact.name for fact in step.using]
    mark = {"reason": step.reason, "using": using, "mark": step.verdict.mark}
    return formula(step.right) | mark


def verdict(given):
    """A verdict, with its counterexample where there is one."""
    mark = given.mark
    found = {
        "verdict": VERDICTS[mark],
        "mark": mark,
        "sentence": given.sentence,
        "every": given.every,
        "points": given.points,
    }
    if given.counterexample:
        found["counterexample"] = _point(given.counterexample, given.sides)
    return found


def _point(point, sides):
    return {
        "sizes": _pairs(point.sizes),
        "indices": _pairs(point.indices),
        "arrays": [
            {"name": name, "rows": [[short(x) for x in row] for row in rows]}
            for name, rows in point.arrays.items()
        ],
        "left": f"{point.left:.6g}",
        "right": f"{point.right:.6g}",
        "sides": list(sides),
    }


def _pairs(numbers):
    return [[str(name), str(number)] for name, number in numbers.items()]


def plain(value):
    """A number, or several in parentheses, in a sentence."""
    if isinstance(value, list | tuple):
        return f"({', '.join(map(plain, value))})"
    return f"{float(value):g}".replace("-", "−")
