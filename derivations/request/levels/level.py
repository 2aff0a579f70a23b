"""A level: a theorem to derive oneself, line by line, in any notation."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property

from sympy import Basic, Eq, Expr

from derivations.judges.verdict import Verdict
from derivations.proof import Derivation, Step
from derivations.request.context import Chain, Context, UnknownNameError, of_theorem
from derivations.request.lettering import line_below
from derivations.request.levels.facts import Fact, facts_for
from derivations.request.levels.hints import STEPS, Hint, hint_below
from derivations.request.levels.worlds import (
    SHORTEST,
    is_level,
    names_of_levels,
    world_of,
)
from derivations.request.levels.writing import as_written
from derivations.text.chains import conditions
from derivations.text.reading import Reading
from derivations.text.unicode import unicode
from derivations.theorems import TOPICS, catalogue, theorem_named


@dataclass(frozen=True)
class Written:
    """A right line of a reader: it in our text, what that stands for, the verdict."""

    text: str
    expr: Expr
    verdict: Verdict


@dataclass(frozen=True)
class Level:
    """What is asked, what may be used, and the right lines of a reader so far.

    `chain` is the textbook's, `holds` what holds in it: each line may use the theorem's
    hypotheses without a word.  A level never changes: `step` gives a judged line, which
    has the level with that line.

    >>> begun = level("softmax.case_unequal")
    >>> begun.says(), begun.world.title
    ('∂a_i/∂z_j = −a_i a_j', 'softmax')
    >>> judged = begun.step("-p_i p_j")
    >>> judged.verdict.mark, judged.level.is_reached
    ('✓', True)
    """

    name: str
    holds: Context
    chain: Derivation
    written: tuple[Written, ...] = field(default=())

    @property
    def title(self) -> str:
        """The first line of the theorem's docstring; a browser's engine has none.

        >>> level("softmax.case_unequal").title
        'An output with respect to another logit, the case i ≠ j'
        """
        return theorem_named(self.name).__doc__.strip().splitlines()[0].rstrip(".")

    @property
    def world(self):
        """The world of the level."""
        return world_of(self.name)

    @property
    def goal(self) -> Expr:
        """What is to be written: the result of the theorem."""
        return self.chain.result

    def says(self, write: Callable[[Basic], str] | None = None) -> str:
        """What is to be shown, as text or as `write` writes it."""
        return Fact(self.name, self.chain).says(*filter(None, [write]))

    def conditions(self, write: Callable[[Basic], str]) -> list[str]:
        """The definitions, the case and the hypotheses that may be used."""
        return conditions(self.chain, write)

    @cached_property
    def facts(self) -> list[Fact]:
        """What earlier levels have shown that the textbook's chain uses."""
        return facts_for(self.name)

    @property
    def is_reached(self) -> bool:
        """Whether a line is the goal as it is written."""
        return any(self.is_goal(line.expr) for line in self.written)

    def is_goal(self, expr: Expr) -> bool:
        """Whether a formula is the goal as it is written, up to order.

        >>> one = level("softmax.case_equal")
        >>> [one.is_goal(x) for x in (one.goal, one.goal.expand())]
        [True, False]
        """
        return as_written(expr) == as_written(self.goal)

    def is_near(self, expr: Expr) -> bool:
        """Whether a formula is the goal in another form: multiplied out, say.

        Where i = j, an i may be a j.

        >>> one = level("softmax.case_equal")
        >>> [one.is_near(x) for x in (one.goal.expand(), one.goal, one.chain.start)]
        [True, False, False]
        """
        apart = self._alike(expr) - self._alike(self.goal)
        return not self.is_goal(expr) and apart.expand() == 0

    def _alike(self, expr):
        case = self.chain.case
        return expr.xreplace({case.rhs: case.lhs}) if isinstance(case, Eq) else expr

    def step(self, text: str) -> "Judged":
        """A line in any notation, judged against the line before.

        Raises UnreadablePartError for a text that cannot be read.

        >>> judged = level("softmax.case_equal").step("a_i (1 + a_i)")
        >>> judged.verdict.diagnosis.name, judged.level.written
        ('sign of one term', ())
        """
        given = self._read(text)
        longer = self
        for side in given.sides:
            above = longer.last
            verdict = self.holds.check_line(above, side)
            if not verdict:
                return Judged(self, given, verdict)
            if as_written(above) != as_written(side):  # a cell may be run twice
                line = Written(unicode(side), side, verdict)
                longer = replace(longer, written=(*longer.written, line))
        return Judged(longer, given, verdict)

    @property
    def last(self) -> Expr:
        """The last line, or the start."""
        return self.written[-1].expr if self.written else self.chain.start

    def _read(self, text):
        if not self.written:
            return self.holds.answer("line", text, self.chain.start)
        return line_below(self.holds, self.written[-1].text, text)[1]

    def hint(self, step: int = 1) -> Hint:
        """What may come next, told in the steps 1 to 3: its reason, its form, itself.

        It is the first line of the textbook's chain behind the last one that the reader
        has written, or its first one.

        >>> [level("logits.gradient").hint(step) for step in (1, 2, 3)]
        [why the next line may hold: chain rule: z_j moves every a_i, \
the form of that line: = Σ_i ▢ ∂L/∂a_i, the line: = Σ_i ∂L/∂a_i ∂a_i/∂z_j]
        """
        if step not in range(1, STEPS + 1):
            raise ValueError(f"a hint has the steps 1 to {STEPS}, not {step!r}")
        lines = [line.expr for line in self.written]
        return hint_below(self.chain.steps, self.chain.start, lines, step)

    def as_chain(self) -> Chain:
        """The lines of the reader below the start."""
        steps = (Step(one.expr, "", (), one.verdict) for one in self.written)
        return Chain(self.chain.start, self.chain.where, self.chain.case, (*steps,))


@dataclass(frozen=True)
class Judged:
    """A line as it was read, its verdict, and the level, with it where it is right."""

    level: Level
    reading: Reading
    verdict: Verdict


def level(name: str) -> Level:
    """The level of a name, with no line yet.

    Raises UnknownNameError for a name that no level has.

    >>> level("softmax.case_eqal")
    Traceback (most recent call last):
    derivations.request.context.UnknownNameError: there is no level \
'softmax.case_eqal'; is softmax.case_equal meant?
    """
    derive = theorem_named(name) if isinstance(name, str) else None
    if derive is None:
        raise UnknownNameError(_unknown(name))
    if not is_level(name):
        count = len(derive().steps)
        words = f"{name} is no level: its chain has {count} line"
        raise UnknownNameError(f"{words}, and a level has at least {SHORTEST}")
    chain = derive()
    holds = replace(of_theorem(name), assumed=chain.uses)
    return Level(name, holds, chain)


def _unknown(name):
    said = f"there is no level {str(name)[:80]!r}"
    if near := get_close_matches(str(name)[:80], catalogue(), 1):
        return f"{said}; is {near[0]} meant?"
    first, topics = names_of_levels()[0], ", ".join(TOPICS)
    return f"{said}; a name is such as {first}, and its topic one of {topics}"
