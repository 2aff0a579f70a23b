"""The verdict on an equality: its mark, its sentence, a row and Markdown."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

from sympy import Expr, Pow

from derivations.advice import Door, at_door
from derivations.formulas.claims import Hypothesis
from derivations.formulas.indices import Size
from derivations.judges.counterexample import Counterexample, in_markdown
from derivations.judges.explanation import Diagnosis, Missing, listed
from derivations.letters import n


class Undecidable(Exception):  # noqa: N818 (an answer, not a fault)
    """A judge does not cover this; the message says what is missing."""


class NotDecidedError(ValueError):
    """What the checks cannot decide, where there is no verdict to say so."""


def with_sizes(tried: tuple, sizes: tuple = ()) -> str:
    """The sizes that points had: n, or every size of a claim without n.

    >>> from derivations.letters import m
    >>> with_sizes(((m, (1, 2)), (n, (2, 3)))), with_sizes(((m, (1, 2)),))
    (' with n = 2, 3', ' with m = 1, 2')
    """
    told = [x for x in tried if x[0] == n and not sizes] or tried
    words = [f"{size} = {', '.join(map(str, numbers))}" for size, numbers in told]
    return f" with {'; '.join(words)}" if words else ""


@dataclass(frozen=True)
class Verdict:
    """What the two judges say of `left = right`; true only when both are satisfied.

    "For every n" is for every n ≥ 2, and for every value at which both sides, as they
    were given, are defined.  `sizes` are those of a claim that has others than n, m, d
    and h, which is proved for all of them; `larger` are those with a least beyond the
    usual one, for the claim has a class with that number.  `tried` has the numbers that
    each size had at the points.  `unseen` is a power of which no point had a value
    where its base is negative: then nothing is right.  At `undefined` further points a
    side has no value, for `hole`, a part of it, has none.  One side alone divides by
    the `zeros`, which are not known to be other than 0; `find_zeros` looks for them
    when they are said, for that takes longer than both judges.  So does `find_needed`,
    for those of the hypotheses that it is not right without.  `missing` is what a
    claim lacks to be right, `diagnosis` the mistake that was made in a wrong one, and
    `unconnected` a question about a derivative that is 0 for want of a definition.
    `by_itself` says that a line is right for the start, where it differs from the wrong
    line above it: then it is neither.  `write` is the printer of the zeros; all is
    worded for `door`, where it is read.

    >>> from derivations.letters import m
    >>> Verdict(proved=True, points=8)
    right, for every n (and at 8 points)
    >>> Verdict(proved=True, points=27, tried=((m, (1, 2, 3)), (n, (2, 3, 4, 5, 7))))
    right, for every n (and at 27 points with n = 2, 3, 4, 5, 7)
    >>> Verdict(proved=True, points=8, larger=(n.at_least(3), m.at_least(2))).every
    'every n ≥ 3 and m ≥ 2'
    >>> Verdict(proved=True, points=8, find_zeros=lambda: (n - 2,))
    right where n - 2 ≠ 0, else one side has no value; for every n (and at 8 points)
    """

    proved: bool = False
    points: int = 0
    tried: tuple[tuple[Size, tuple[int, ...]], ...] = ()
    counterexample: Counterexample | None = None
    unseen: Pow | None = None
    undefined: int = 0
    hole: Expr | None = None
    problem: str = ""
    hint: str = ""
    missing: Missing | None = None
    diagnosis: Diagnosis | None = None
    unconnected: str = ""
    by_itself: str = ""
    door: Door = Door.PYTHON
    attempted: bool = True
    sides: tuple = ("the left side", "the right side")
    write: Callable[[Expr], str] = field(default=str, compare=False)
    sizes: tuple = ()
    larger: tuple[Size, ...] = ()
    find_zeros: Callable[[], tuple[Expr, ...]] = field(default=tuple, compare=False)
    find_needed: Callable[[], tuple[Hypothesis, ...]] = field(
        default=tuple, compare=False
    )

    def __bool__(self):
        is_compared = self.points > 0 and self.unseen is None
        return self.proved and is_compared and self.counterexample is None

    def at(self, door: Door) -> "Verdict":
        """The same in the words that are said where it is read."""
        return replace(self, door=door)

    @property
    def in_exercise(self):
        """The same where the answer is to be found: a mistake is told by its kind.

        >>> why = Diagnosis("one term", "the term a_j is missing", "04", "By hand",
        ...                 kind="a term is missing")
        >>> print(Verdict(diagnosis=why).in_exercise.diagnosis.words)
        a term is missing (notebook 4, “By hand”)
        """
        why = self.diagnosis
        if why is None or not why.kind:
            return self
        return replace(self, diagnosis=replace(why, sentence=why.kind))

    @cached_property
    def zeros(self):
        """What one side alone divides by, where nothing says that it is not 0."""
        return self.find_zeros()

    @cached_property
    def needed(self):
        """The hypotheses without which it would not be right."""
        return self.find_needed()

    @property
    def mark(self):
        """✓ for what is right, ◐ where it is right with what it lacks, else ✗ or ?.

        ✗ is where a counterexample is known.  Where the two judges disagree neither
        counts, and it is a ?.

        >>> from derivations.letters import H1
        >>> Verdict(missing=Missing(hypotheses=(H1,))).mark
        '◐'
        """
        if self or not self.attempted:
            return "✓" if self else "?"
        if self.is_conditional:
            return "◐"
        is_wrong = self.counterexample and not self.proved and not self.by_itself
        return "✗" if is_wrong else "?"

    @property
    def is_conditional(self):
        """Whether both judges have proved the claim with what it lacks."""
        return self.missing is not None and self.missing.is_enough

    @property
    def row(self):
        """The cells of a table: the mark, the evidence and the values of both sides."""
        point, lacks = self.counterexample, self.missing and self.missing.words
        if self.mark in ("✗", "◐") and point:
            where = "; ".join(filter(None, (str(point), lacks)))
            return self.mark, where, *point.values()
        if self:
            proved, agree = f"proved for {self.every}", f"{self.points} points agree"
            return "✓", "; ".join(filter(None, (proved, self._not_zero, agree))), "", ""
        return self.mark, self.sentence, "", ""

    @property
    def every(self):
        """For which sizes it is proved, in words."""
        least = {str(size): f"{size} ≥ {size.least}" for size in self.larger}
        names = dict.fromkeys(map(str, self.sizes or (n, *self.larger)))
        words = [least.get(name, name) for name in names]
        return (
            f"all {', '.join(words)}" if self.sizes else f"every {' and '.join(words)}"
        )

    @property
    def sentence(self):
        """What is said of the claim, in one line.

        >>> from derivations.letters import H1
        >>> print(Verdict(unconnected="?", missing=Missing(hypotheses=(H1,))).sentence)
        it is right if the labels sum to 1 (H1): pass using=H1; without H1: cannot \
decide: ?
        """
        return "; ".join(self.lines)

    @property
    def lines(self):
        """The parts of the sentence: the finding, the reason, what is missing."""
        if self.is_conditional:
            return self._lack, self._without
        if self.by_itself:
            above = "the line above, which is wrong"
            return (f"{self.by_itself}, but it does not follow from {above}",)
        why = self.diagnosis.words if self.diagnosis else ""
        parts = self._finding, at_door(self.hint, self.door), why, self._lack
        return tuple(filter(None, parts))

    @property
    def _without(self):
        """What is found without what is missing."""
        without = f"without {self.missing.listed}"
        if self.counterexample and not self.proved:
            return f"{without} the two sides differ: {self._difference}"
        return f"{without}: {self._finding}"

    @property
    def _lack(self):
        """What is missing, and how it is added where the sentence is read."""
        if self.missing is None:
            return ""
        return f"{self.missing.words}: {self.missing.advice.at(self.door)}"

    def _repr_markdown_(self):
        """The mark, and why with a link, above the counterexample as a table.

        >>> print(Verdict(counterexample=Counterexample({}, {}, {}, 1, 2)).
        ...       _repr_markdown_())
        ✗ the two sides differ
        <BLANKLINE>
        | the left side | the right side |
        | --- | --- |
        | 1 | 2 |
        """
        point = self.counterexample
        if self.mark not in ("✗", "◐") or point is None:
            mark = f"{self.mark} " if self.attempted else ""
            return f"{mark}{in_markdown(self.sentence)}"
        differs, lack = "the two sides differ", in_markdown(self._lack)
        if self.is_conditional:
            words = f"{lack}; without {self.missing.listed} {differs}"
        else:
            why = self.diagnosis and self.diagnosis.markdown
            hint = in_markdown(at_door(self.hint, self.door))
            words = "; ".join(filter(None, (differs, hint, why, lack)))
        return f"{self.mark} {words}\n\n{point.table(self.sides)}"

    @property
    def _finding(self):
        if not self.attempted:
            return "not attempted yet"
        if self.unconnected:
            return f"cannot decide: {self.unconnected}"
        if self.proved and self.counterexample:
            return f"the two checks disagree, so neither counts: {self._difference}"
        if self.counterexample:
            return f"differs: {self._difference}"
        if self:
            where = f" where {self._not_zero}, else one side has no value;"
            return (
                f"right{where if self.zeros else ','} for {self.every} "
                f"(and at {self._evidence})"
            )
        evidence = "no point was compared"
        if self.points:
            agree = f"the two sides agree at all {self._evidence}"
            evidence = f"no counterexample was found ({agree})"
        problem = self.problem or f"not proved for {self.every}"
        if self.proved and self.unseen is not None:
            problem = (
                f"{self.unseen} has no value at any of the points where "
                f"{self.unseen.base} is negative, so nothing was compared there"
            )
        return f"cannot decide: {problem}; {evidence}"

    @property
    def _not_zero(self):
        return (
            listed([f"{self.write(x)} ≠ 0" for x in self.zeros]) if self.zeros else ""
        )

    @property
    def _evidence(self):
        """The points: how many, at which sizes, and at how many more nothing is."""
        compared = f"{self.points} points{with_sizes(self.tried, self.sizes)}"
        if not self.undefined:
            return compared
        return f"{compared}; {self.hole or 'a side'} has no value at {self.undefined}"

    @property
    def _difference(self):
        point = self.counterexample
        left, right = point.values()
        at = f"at {point} " if str(point) else ""
        return f"{at}{self.sides[0]} is {left}, {self.sides[1]} is {right}"

    def __repr__(self):
        return self.sentence
