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
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from types import EllipsisType

from sympy import Eq, Expr, Ne

from derivations.deciding import decide, judged
from derivations.formulas.claims import Definition, Hypothesis
from derivations.judges.verdict import Verdict
from derivations.refusals import claims, expressions, hints, missing
from derivations.text import chains
from derivations.text.printing import text


class StepError(ValueError):
    """A step that is not proved: which one, both sides, a counterexample if any."""

    def __init__(self, number, reason, left, right, verdict):
        self.number, self.left, self.right, self.verdict = number, left, right, verdict
        sides = f"left:  {text(left)}", f"right: {text(right)}"
        lines = f"step {number} ({reason}) is refused", *sides, *verdict.lines
        super().__init__("\n  ".join(lines))


def check(
    answer: Expr | int | EllipsisType,
    question: Expr | int,
    where: Definition | Iterable[Definition] = (),
    using: Hypothesis | Iterable[Hypothesis] = (),
    case: Eq | Ne | None = None,
    known: Mapping[str, Definition | Hypothesis] = missing.NAMED,
) -> Verdict:
    """Return the verdict on an `answer`: is it equal to the expression `question`?

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
    verdict = decide(asked, known)
    if verdict:
        verdict = replace(verdict, hint=_order_of_jacobian(asked))
    return replace(verdict, sides=("yours", "the right value"))


def _order_of_jacobian(claim):
    """What is said of J @ da and da @ J, where a right answer is one of them."""
    order = hints.jacobian_order(claim)
    if order is None:
        return ""
    both = order.slope, order.exchanged, claim.where, claim.using, claim.case
    return order.words(is_symmetric=bool(judged(claims.claim(*both))))


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
        used = [f"by {fact.name}" for fact in self.using]
        return ", ".join([self.reason, *used] if self.reason else used)


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
        verdict = decide(claim, is_answer_left=False)
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
        return self._matrix_form

    @cached_property
    def _matrix_form(self):
        # Each form is read back; only here does a chain need what reads a text.
        from derivations.text.matrices import of_chains  # noqa: PLC0415

        return of_chains.in_matrices(self)

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
