"""The one import of a notebook: the letters, the checks, and formulas typeset.

from derivations.notebook import *
"""

from mpmath import mp
from sympy import (
    Abs,
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
from derivations.judges.for_every_n.derivatives import differentiate, unfold
from derivations.judges.verdict import Verdict
from derivations.letters import *
from derivations.loss.activations import ACTIVATIONS
from derivations.loss.deriving import derive
from derivations.proof import Derivation, StepError
from derivations.proof import check as check_expression
from derivations.summary import Results
from derivations.text.printing import latex
from derivations.text.questions import read_question
from derivations.text.reading import names_of, read_text
from derivations.theorems import catalogue

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
    "symbols",
    "theorems",
    "unfold",
]

init_printing(pretty_print=False, use_latex="mathjax", latex_printer=latex)


def check(
    answer: object,
    question: object,
    where: object = (),
    *others: object,
    **given: object,
) -> Verdict:
    """The verdict on an answer, which may be a text in any notation, as on paper.

    The question may be a text, too.  An answer with several sides is right where each
    of them is.  The rest is as in `proof.check`.  Raises Unreadable for a text that
    cannot be read.

    >>> check("a - y", "dL/dz", [softmax, cross_entropy], H1).mark
    '✓'
    >>> check("-aᵢaⱼ", Derivative(a[i], z[j]), softmax, case=Ne(i, j)).mark
    '✓'
    """
    where = (where,) if isinstance(where, Definition) else tuple(where)
    names = names_of(*where)
    if isinstance(question, str):
        question = read_question(question, names).expr
    if not isinstance(answer, str):
        return check_expression(answer, question, where, *others, **given)
    sides = read_text(answer, names, question).sides
    verdicts = [check_expression(x, question, where, *others, **given) for x in sides]
    return next((verdict for verdict in verdicts if not verdict), verdicts[-1])
