"""Formulas, verdicts and losses as data for JSON."""

from collections.abc import Collection, Iterable

from sympy import Expr

from derivations.advice import Door, at_door
from derivations.formulas.claims import Hypothesis
from derivations.judges.counterexample import short, with_minus
from derivations.judges.explanation import in_words
from derivations.judges.verdict import Verdict
from derivations.letters import y
from derivations.loss.compiled.operations import plain
from derivations.loss.own_loss import OwnLoss
from derivations.loss.source.conditions import holds_for
from derivations.loss.source.layouts import LAYOUTS
from derivations.loss.source.libraries import LIBRARIES
from derivations.loss.source.writing import essential
from derivations.registry import statement
from derivations.request.beside import SideBeside
from derivations.request.copying import FORMATS
from derivations.request.lettering import said_below, yours
from derivations.request.loss_letters.parameters import Parameter
from derivations.text.printing import latex
from derivations.text.unicode import unicode

VERDICTS = {"✓": "right", "✗": "wrong", "?": "undecided", "◐": "conditional"}
"""A verdict in one word, by its mark."""


def formula_data(expr: Expr) -> dict:
    """A formula as a reader types it, and as LaTeX.

    >>> from derivations.letters import a, i
    >>> formula_data(a[i] ** 2)
    {'text': 'a_i^2', 'latex': 'a_{i}^{2}'}
    """
    return {"text": unicode(expr), "latex": latex(expr)}


def equation_data(sides: Iterable[Expr]) -> dict:
    """The same of a formula with several sides.

    >>> from derivations.letters import a, y, i
    >>> equation_data([a[i], y[i]])
    {'text': 'a_i = y_i', 'latex': 'a_{i} = y_{i}'}
    """
    shown = [formula_data(side) for side in sides]
    return {key: " = ".join(x[key] for x in shown) for key in ("text", "latex")}


def verdict_data(
    given: Verdict, door: Door = Door.PYTHON, using: Collection[Hypothesis] = ()
) -> dict:
    """A verdict as it is said at a door: with its counterexample and why it is so.

    One that is right says by "where" which of the hypotheses `using` it needs, and by
    "unneeded" the names of the others.

    >>> verdict_data(Verdict(proved=True, points=3))["verdict"]
    'right'
    >>> from derivations.request.context import context
    >>> holds = context(["softmax", "cross_entropy"])
    >>> sides = (holds.read("", x) for x in ("a[j] - y[j]", "Derivative(L, z[j])"))
    >>> verdict_data(holds.check(*sides))["missing"]["hypotheses"]
    ['H1']
    """
    about = {
        "verdict": VERDICTS[given.mark],
        "mark": given.mark,
        "sentence": given.at(door).sentence,
        "every": given.every,
        "points": given.points,
    }
    if given and using:
        about["where"] = in_words(given.needed)
        about["unneeded"] = [x.name for x in using if x not in given.needed]
    if given.by_itself:
        about |= {"verdict": "unfounded", "by_itself": given.by_itself}
    if given.hint:
        about["hint"] = at_door(given.hint, door)
    if given.counterexample:
        about["counterexample"] = _point_data(given.counterexample, given.sides)
    if given.missing:
        definitions, hypotheses = map(list, given.missing.names)
        about["missing"] = {
            "definitions": definitions,
            "hypotheses": hypotheses,
            "is_enough": given.missing.is_enough,
            "words": given.missing.words,
            "advice": given.missing.advice.at(door),
        }
    if given.diagnosis:
        why = given.diagnosis
        about["diagnosis"] = {
            "name": why.name,
            "sentence": why.said,
            "notebook": why.notebook,
            "heading": why.heading,
            "place": why.place,
        }
    return about


def beside_data(one: SideBeside) -> dict:
    """A side that stands beside the question of a pasted text, and what is said of it.

    One that is not judged has "words" in place of the verdict; "is_definition" says of
    the definition that holds that it is this.

    >>> beside_data(SideBeside(1, "L = ?", "row 1 cannot be read"))["words"]
    'row 1 cannot be read'
    """
    about = {"row": one.row, "text": one.text, "latex": "", "words": one.words}
    about["is_definition"] = one.is_definition
    if one.sides:
        about |= equation_data(one.sides)
    if one.verdict is None:
        return about
    return about | verdict_data(one.verdict, Door.OWN_PAGE, one.using)


def _point_data(point, sides):
    left, right = point.values()
    return {
        "sizes": _pairs(point.sizes),
        "indices": _pairs(point.indices),
        "arrays": [
            {"name": name, "rows": [list(map(_shown, row)) for row in rows]}
            for name, rows in point.arrays.items()
        ],
        "numbers": [[name, _shown(value)] for name, value in point.numbers.items()],
        "left": with_minus(left),
        "right": with_minus(right),
        "sides": list(sides),
    }


def _shown(number):
    return with_minus(short(number))


def _pairs(numbers):
    return [[str(name), str(number)] for name, number in numbers.items()]


def loss_data(own: OwnLoss, notes: Iterable[str] = ()) -> dict:
    """A loss of the reader's own: its chain, the gradient, the verdict, the source.

    What `notes` say of the reader's letters stands in all that is copied, too, and for
    which parameters and labels the gradient holds.
    """
    said = yours(notes)
    conditions = holds_for(own, latex, around="$")
    below = f"The gradient {conditions}."
    above = f"# {said}\n" if said else ""
    chain = {
        "start": formula_data(own.chain.start),
        "where": [statement(one) for one in own.chain.where],
        "lines": [_step_data(step) for step in own.chain.steps],
    }
    return {
        "chain": chain,
        "gradient": formula_data(own.gradient),
        "conditions": conditions,
        "has_labels": own.loss.has(y),
        "sentence": own.verdict.sentence,
        "mark": own.verdict.mark,
        "accuracy": own.accuracy.sentence,
        "yours": said,
        "sources": _of_each(lambda *way: above + own.source(*way)),
        "essentials": _of_each(lambda *way: essential(own, *way)),
        "installs": {x.name: f"pip install {x.package}" for x in LIBRARIES.values()},
        "copies": {
            x: f"{FORMATS[x](own.chain)}\n\n{below}{said_below(notes, x)}"
            for x in ("latex", "markdown")
        },
    }


def _of_each(source):
    """A text for each library, in each layout of its arrays, its usual one first."""
    return {
        one.name: {
            LAYOUTS[layout].title: source(key, layout)
            for layout in sorted(LAYOUTS, key=lambda layout: layout != one.layout)
        }
        for key, one in LIBRARIES.items()
    }


def parameter_data(one: Parameter) -> dict:
    """A parameter of a loss: its name, what it is, its numbers in a picture."""
    return {
        "name": one.name,
        "sign": one.sign,
        "latex": latex(one.letter),
        "words": one.words,
        "numbers": list(map(plain, one.numbers)),
    }


def _step_data(step):
    using = [fact.name for fact in step.using]
    mark = {"reason": step.reason, "using": using, "mark": step.verdict.mark}
    return formula_data(step.right) | mark
