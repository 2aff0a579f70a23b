"""The one import of a notebook: the letters, the checks, and formulas typeset.

from derivations.notebook import *
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmath import mp
from sympy import (
    Abs,
    Expr,
    Function,
    Matrix,
    Max,
    Rational,
    cancel,
    init_printing,
    symbols,
)

from derivations import letters, theorems
from derivations.judges.at_points.evaluation import instantiate
from derivations.judges.counterexample import in_markdown
from derivations.judges.for_every_n.derivatives import differentiate, unfold
from derivations.judges.verdict import Verdict
from derivations.letters import *
from derivations.loss.activations import ACTIVATIONS
from derivations.loss.deriving import derive
from derivations.proof import Derivation, StepError
from derivations.proof import check as check_expression
from derivations.refusals.claims import definitions
from derivations.refusals.expressions import expression
from derivations.summary import Results
from derivations.text.printing import latex
from derivations.theorems import catalogue

if TYPE_CHECKING:
    from derivations.request.levels.play import Play
    from derivations.text.reading import Reading

__all__ = [  # noqa: PLE0604 (strings, all of them)
    *letters.__all__,
    "ACTIVATIONS",
    "Abs",
    "Derivation",
    "Function",
    "Matrix",
    "Max",
    "Rational",
    "Results",
    "StepError",
    "cancel",
    "catalogue",
    "check",
    "derive",
    "differentiate",
    "instantiate",
    "mp",
    "play",
    "symbols",
    "theorems",
    "unfold",
]

init_printing(pretty_print=False, use_latex="mathjax", latex_printer=latex)


@dataclass(frozen=True, kw_only=True)
class ReadVerdict(Verdict):
    """A verdict on a text, shown with how the text and its question were read."""

    question: Expr
    reading: "Reading"

    def __repr__(self):
        return f"{self.reading.asked_of(self.question)}\n{self.mark} {self.sentence}"

    def _repr_markdown_(self):
        read_as = self.reading.in_markdown(self.question)
        return f"{read_as}\n\n{self.mark} {in_markdown(self.sentence)}"


def check(
    answer: object,
    question: object,
    where: object = (),
    *others: object,
    **given: object,
) -> Verdict:
    """The verdict on an answer, which may be a text in any notation, as on paper.

    The question may be a text, too.  An answer with several sides is right where each
    of them is.  How a text was read is shown with the verdict.  The rest is as in
    `proof.check`.  Raises Unreadable for a text that cannot be read.

    >>> check("p - y", "dL/dz", [softmax, cross_entropy], H1)
    ∂L/∂z_j = a_j − y_j
    read this way: p read as a
    ✓ right, for every n (and at 27 points with n = 2, 3, 4, 5, 7)
    >>> check("-aᵢaⱼ", Derivative(a[i], z[j]), softmax, case=Ne(i, j)).mark
    '✓'
    """
    where = definitions(where)
    if not isinstance(question, str):
        expression(question)  # one that is refused is, before its answer
        if not isinstance(answer, str):
            return check_expression(answer, question, where, *others, **given)
    return _check_text(answer, question, where, *others, **given)


def _check_text(answer, question, where, *others, **given):
    # Most notebooks give no text, and what reads one takes long to load.
    from derivations.text.questions import Question, read_question  # noqa: PLC0415
    from derivations.text.reading import Reading, read_text  # noqa: PLC0415
    from derivations.text.vocabulary import names_of  # noqa: PLC0415

    names = names_of(*where)
    if isinstance(question, str):
        asked = read_question(question, names)
        question = asked.expr
    else:
        asked = Question(expression(question))
    if not isinstance(answer, str):
        return check_expression(answer, question, where, *others, **given)
    found = read_text(answer, names, asked)
    if len(others) < 2 and given.get("case") is None:
        given["case"] = found.case
    found.held_in(others[1] if len(others) > 1 else given["case"], answer)
    found = Reading(found.sides, tuple(dict.fromkeys((*asked.notes, *found.notes))))
    for side in found.sides:
        verdict = check_expression(side, question, where, *others, **given)
        if not verdict:
            break
    return ReadVerdict(**vars(verdict), question=question, reading=found)


def play(name: str) -> "Play":
    """A level to derive line by line: `.step("…")` judges a line, `.hint()` helps.

    A theorem of two lines or more is a level, by its name in `catalogue()`.
    Raises UnknownNameError for another name.

    >>> game = play("softmax.case_equal")
    >>> game
    softmax.case_equal: An output with respect to its own logit, the case i = j
    to show: ∂a_i/∂z_j = a_i (1 − a_i)
    where a_i := e^{z_i}/Σ_k e^{z_k}, S := Σ_k e^{z_k}, i = j
    >>> game.hint()
    why the next line may hold: definition of a_i
    >>> bool(game.step("a_i (1 + a_i)")), bool(game.step("p_i - p_i^2"))
    (False, True)
    >>> game.step("p_i (1 - p_i)").is_finished
    True
    """
    from derivations.request.levels.level import level  # noqa: PLC0415 (as for texts)
    from derivations.request.levels.play import Play  # noqa: PLC0415

    return Play(level(name))
