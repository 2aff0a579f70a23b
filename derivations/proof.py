"""Chains of equalities in which every `=` has a reason and a check.

Each step is decided twice.  For every n (`judges.for_every_n`): the difference of its
two sides, brought to a normal form, must cancel.  At concrete points
(`judges.at_points`): both sides, as numbers that carry a bound on their own error, must
agree for n = 2 to 5 at all admissible indices and at some for n = 7.

"Every n" is every n ≥ 2, and every value at which both sides, as they are given, are
defined.  A number is a fixed class: a line with a[3] in it is about every n ≥ 3.  A
further size, such as nP of a block, may be any number from its least on; at points the
sizes of a claim are small numbers, no two of them equal.
"""

from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from types import EllipsisType

from sympy import Eq, Expr, Ne

from derivations.formulas.claims import Definition, Hypothesis
from derivations.formulas.counting import MOST_IN_LOSS, too_long
from derivations.formulas.numbered import sizes_by_numbers
from derivations.judges.at_points.comparison import (
    Comparison,
    compare_at_points,
    differs_at_once,
)
from derivations.judges.for_every_n.equality import is_proved_for_every_n
from derivations.judges.verdict import Undecidable, Verdict
from derivations.letters import USUAL_ENTRIES, d, h, m, n
from derivations.refusals import claims, expressions, hints, missing
from derivations.text import chains
from derivations.text.printing import text

_SIZES = {n, m, d, h}


class StepError(ValueError):
    """A step that is not proved: which one, both sides, a counterexample if any."""

    def __init__(self, number, reason, left, right, verdict):
        self.number, self.left, self.right, self.verdict = number, left, right, verdict
        super().__init__(
            f"step {number} ({reason}) is refused\n"
            f"  left:  {text(left)}\n  right: {text(right)}\n  {verdict.sentence}"
        )


def check(
    answer: Expr | int | EllipsisType,
    question: Expr | int,
    where: Definition | Iterable[Definition] = (),
    using: Hypothesis | Iterable[Hypothesis] = (),
    case: Eq | Ne | None = None,
    known: Mapping[str, Definition | Hypothesis] = missing.NAMED,
) -> Verdict:
    """The verdict on a reader's `answer` to a `question`, an expression to be equal to.

    `where` lists definitions, `using` hypotheses; `case` is Eq(i, j) or Ne(i, j).  An
    answer of `...` is "not attempted yet".  Of a wrong answer the verdict says with
    which hypotheses and definitions it is right, if that is proved for some of `known`.
    Raises TypeError for an answer that is no SymPy expression: text is never evaluated.
    Source: the exercises of every notebook.

    >>> from sympy import Derivative, Ne
    >>> from derivations.letters import a, z, i, j, softmax
    >>> slope = Derivative(a[i], z[j])
    >>> check(-a[i]*a[j], slope, where=[softmax], case=Ne(i, j))
    right, for every n (and at 55 points with n = 2, 3, 4, 5, 7)
    >>> check(..., slope)
    not attempted yet
    """
    if answer is ...:
        return Verdict(attempted=False)
    asked = claims.claim(answer, question, where, using, case)
    verdict = _decide(asked, known)
    if verdict:
        verdict = replace(verdict, hint=_order_of_jacobian(asked))
    return replace(verdict, sides=("yours", "the right value"))


def _order_of_jacobian(claim):
    """What is said of J @ da and da @ J, where a right answer is one of them."""
    order = hints.jacobian_order(claim)
    if order is None:
        return ""
    both = order.slope, order.exchanged, claim.where, claim.using, claim.case
    return order.words(is_symmetric=bool(_judged(claims.claim(*both))))


def _decide(claim, known=missing.NAMED):
    """The verdict of both judges on a claim, and what it lacks where it is not right.

    A claim that is wrong only because nothing leads to the variable of a derivative is
    asked about.
    """
    verdict = _judged(claim)
    if verdict:
        return verdict
    is_wrong = verdict.mark == "✗"
    lacking = _lacking(claim, known, is_wrong) or missing.suggestion(claim, known)
    if is_wrong:
        point = verdict.counterexample
        leads = lacking is not None and lacking.definitions
        is_lost = leads or 0 in (point.left, point.right)
        asked = missing.question(claim) if is_lost else ""
        if asked:
            verdict = Verdict(unconnected=asked, sizes=verdict.sizes)
    return replace(verdict, hint=hints.hint(claim), missing=lacking)


def _lacking(claim, known, is_wrong):
    """The definitions and hypotheses with which a claim is proved, or None.

    Of a claim that is not decided the usual definitions alone are tried.
    """
    if too_long(claim.left, claim.right, where=claim.where, most=MOST_IN_LOSS):
        return None  # each one that is tried takes as long as the claim itself
    if is_wrong:
        tried = missing.candidates(claim, known)
    else:
        usual = missing.usual_definitions(claim)
        tried = [(usual, (), [()])] if usual else []
    for definitions, facts, sets in tried:
        # What is wrong where all hypotheses hold is right with none of them.
        if _differs_at_once(_with(claim, definitions, facts)):
            continue
        for chosen in sets:
            whole = _with(claim, definitions, chosen)
            if whole is not None and _judged(whole):
                return missing.lacking(claim, definitions, chosen, known)
    return None


def _differs_at_once(claim):
    with _undecided([]):
        return claim is not None and differs_at_once(claim)
    return False


def _with(claim, definitions, facts):
    """A claim with more definitions and hypotheses; None where they do not fit."""
    where, using = (*claim.where, *definitions.values()), (*claim.using, *facts)
    try:
        return claims.claim(claim.left, claim.right, where, using, claim.case)
    except (TypeError, ValueError):
        return None


def _judged(claim):
    """What both judges say; one that has no answer says why, and the other is asked."""
    proved, compared, larger, problems = False, Comparison(), {}, []
    with _undecided(problems):
        larger = sizes_by_numbers(claim, USUAL_ENTRIES)
        proved = is_proved_for_every_n(claim)
    with _undecided(problems):
        compared = compare_at_points(claim)
    sizes = claim.sizes if any(x not in _SIZES for x in claim.sizes) else ()
    problem = problems[0] if problems else ""
    larger = tuple(larger.values())
    return Verdict(proved, *compared, problem, sizes=sizes, larger=larger)


@contextmanager
def _undecided(problems):
    """Note in `problems` why a judge has no answer."""
    try:
        yield
    except Undecidable as missing:
        problems.append(str(missing))
    except RecursionError:
        problems.append("too large: parts lie too deep within each other")
    except (ValueError, ArithmeticError) as problem:  # Max(1, zoo), say
        problems.append(f"SymPy has no value for a part of it ({problem})")


@dataclass(frozen=True)
class Step:
    """One line of a chain: the new right-hand side, why, what it uses, the verdict."""

    right: Expr
    reason: str
    using: tuple
    verdict: Verdict

    @property
    def words(self):
        """The reason, with the names of the hypotheses it uses."""
        return ", ".join([self.reason, *(f"by {fact.name}" for fact in self.using)])


@dataclass(frozen=True, repr=False)
class Derivation:
    """A chain of equalities; every step is checked as it is added.

    `where` lists the definitions that hold, `case` is Eq(i, j), Ne(i, j) or None.
    A chain never changes: `step` returns a longer one, so a cell can be run twice.
    Raises TypeError or ValueError for a start that is no SymPy expression of the
    series' symbols.
    Source: notebook 02, "Case i = j".

    >>> from sympy import Derivative, Ne
    >>> from derivations.letters import a, z, i, j, softmax
    >>> chain = Derivation(Derivative(a[i], z[j]), where=[softmax], case=Ne(i, j))
    >>> chain.step(-a[i]*a[j], "quotient rule: the numerator does not contain $z_j$")
    Derivative(a[i], z[j])    where a[i] := exp(z[i])/Sum(exp(z[k]), (k, 1, n)), i ≠ j
      = -a[i]*a[j]    ✓ quotient rule: the numerator does not contain z_j
    """

    start: Expr
    where: tuple[Definition, ...] = ()
    case: Eq | Ne | None = None
    steps: tuple[Step, ...] = field(default=(), init=False)

    def __post_init__(self):
        self._set("start", expressions.expression(self.start))
        self._set("where", claims.definitions(self.where))
        self._set("case", claims.case_of_indices(self.case))

    def _set(self, name, value):
        object.__setattr__(self, name, value)  # while it is made, and never after

    @property
    def result(self):
        """The last right-hand side."""
        return self.steps[-1].right if self.steps else self.start

    @property
    def statement(self):
        """What the chain proves, first side equal to last, as `Eq`."""
        return Eq(self.start, self.result, evaluate=False)

    @property
    def uses(self):
        """The hypotheses that some step uses."""
        return tuple(dict.fromkeys(fact for step in self.steps for fact in step.using))

    def step(
        self,
        right: Expr | int,
        reason: str,
        using: Hypothesis | Iterable[Hypothesis] = (),
    ) -> "Derivation":
        """The chain with one more line.

        `using` is a hypothesis or several; no step has one that it does not name.
        Raises StepError unless the line is proved for every n and agrees at all
        points; the error names the step, shows both sides, and gives a counterexample
        where there is one.
        """
        if not isinstance(reason, str) or not reason.strip():
            raise ValueError(f"a step needs a reason in words, got {reason!r}")
        if reason.count("$") % 2:
            raise ValueError(f"a reason has a $ without its partner: {reason!r}")
        claim = claims.claim(self.result, right, self.where, using, self.case)
        verdict = _decide(claim)
        if not verdict:
            number = len(self.steps) + 1
            raise StepError(number, reason, claim.left, claim.right, verdict)
        longer = Derivation(self.start, self.where, self.case)
        line = Step(claim.right, reason, claim.using, verdict)
        longer._set("steps", (*self.steps, line))
        return longer

    def __repr__(self):
        return chains.chain_as_text(self)

    def _repr_markdown_(self):
        return chains.chain_as_lines(self)

    def matrix_form(self):
        """The chain in whole arrays, as a notebook shows it; None where it has none."""
        return chains.in_matrices(self)

    def to_markdown(self):
        """The chain as Markdown with what it assumes, for a forum answer."""
        return chains.chain_as_markdown(self)

    def to_latex(self):
        """The chain as LaTeX for an article that loads amsmath."""
        return chains.chain_as_latex(self)


def theorem(function):
    """Mark a function that returns a Derivation as a theorem; it is derived once."""
    function = cache(function)
    function.is_theorem = True
    return function
