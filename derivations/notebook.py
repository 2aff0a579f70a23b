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
from derivations.letters import *
from derivations.loss.activations import ACTIVATIONS
from derivations.loss.deriving import derive
from derivations.proof import Derivation, StepError, check
from derivations.summary import Results
from derivations.text.printing import latex
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
