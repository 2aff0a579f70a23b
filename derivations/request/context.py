"""A context: what holds in it, and the questions asked in it; texts are read once."""

import re
from collections.abc import Iterable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache, cached_property

from sympy import Expr
from sympy.core.alphabets import greeks

from derivations.deciding import decide, is_right
from derivations.formulas.claims import Definition
from derivations.judges.explanation import in_words
from derivations.judges.verdict import Verdict
from derivations.proof import Step, check
from derivations.refusals import claims
from derivations.registry import registry
from derivations.request.renaming import spelled
from derivations.text.matrices.of_chains import in_matrices
from derivations.text.names import declared, in_letters
from derivations.text.notation.tokens.spellings import SPELLED
from derivations.text.questions import Question, read_question
from derivations.text.reading import Names, Reading, Unreadable, read, read_text
from derivations.text.sentences import read_case
from derivations.text.unreadable import Ambiguous
from derivations.text.vocabulary import FUNCTIONS, names_of
from derivations.theorems import catalogue, definition_named, theorem_named


class UnknownNameError(ValueError):
    """A name that the registry does not have; the message lists the names it has."""


class UnreadablePartError(Unreadable):
    """A text that cannot be read; `part` says which text of the request it is.

    Where it has several meanings, `is_ambiguous`, the suggestions write them.
    """

    def __init__(self, part, problem):
        super().__init__(
            problem.words, problem.source, problem.position, problem.suggestions
        )
        self.part, self.is_ambiguous = part, isinstance(problem, Ambiguous)


def _known(name, known, said):
    if name not in known:
        raise UnknownNameError(f"there is no {said}; there are {', '.join(known)}")
    return known[name]


# What holds, and what is asked of it.


@dataclass(frozen=True)
class Context:
    """What holds while texts are read and judged: a value, which never changes.

    `hypotheses` are those that a line may use, `assumed` those that each line may use
    without a word, and `start` is the first side of a chain.
    """

    names: Names
    where: tuple = ()
    case: Expr | None = None
    hypotheses: tuple = ()
    start: Expr | None = None
    assumed: tuple = ()

    def read(self, part: str, source: str) -> Expr:
        """The formula that a text stands for.

        Raises UnreadablePartError for another text; `part` says which one it is.
        """
        with reading(part):
            return read(source, self.names)

    def question(self, part: str, source: str, line: str = "") -> Question:
        """The question that a text asks: dL/dz is asked at its usual letter j.

        >>> context().question("of", "dL/dz").expr
        Derivative(L, z[j])
        """
        with reading(part):
            return read_question(source, self.names, line)

    def answer(self, part: str, source: str, question: Question | Expr) -> Reading:
        """The same as an answer to a question: arrays are taken at its letters.

        >>> holds = context(["softmax", "cross_entropy"])
        >>> holds.answer("answer", "a - y", holds.read("of", "dL/dz_j")).expr
        a[j] - y[j]
        """
        with reading(part):
            given = read_text(source, self.names, question)
            return given.held_in(self.case, source)

    def using(self, wanted: Iterable[str]) -> tuple:
        """The hypotheses of these names.

        Raises UnknownNameError for a name that no hypothesis has here.

        >>> context().using(["H1"])
        (H1: Sum(y[k], (k, 1, n)) = 1,)
        """
        known = {fact.name: fact for fact in self.hypotheses}
        return tuple(
            _known(name, known, f"hypothesis {name!r} here")
            for name in dict.fromkeys(wanted)
        )

    def check(self, answer: Expr, question: Expr, using: Iterable = ()) -> Verdict:
        """The verdict on a reader's answer to a question.

        >>> holds = context(["softmax"], "i != j")
        >>> question = holds.read("of", "Derivative(a[i], z[j])")
        >>> holds.check(holds.read("answer", "-a[i]*a[j]"), question)
        right, for every n (and at 55 points with n = 2, 3, 4, 5, 7)
        """
        return check(answer, question, self.where, using, self.case, _Others(self))

    def check_sides(
        self, given: Reading, question: Expr, using: Iterable = ()
    ) -> Verdict:
        """The verdict on an answer with several sides: on the first that is not right.

        >>> holds = context(["softmax"], "i = j")
        >>> question = holds.read("of", "∂a_i/∂z_i")
        >>> given = holds.answer("answer", "a_i(1 - a_i) = a_i - a_i²", question)
        >>> holds.check_sides(given, question).mark
        '✓'
        """
        verdicts = []
        for side in given.sides:
            verdicts.append(self.check(side, question, using))
            if not verdicts[-1]:
                return verdicts[-1]

        def needed():
            return tuple(x for one in verdicts for x in one.needed)

        return replace(verdicts[-1], find_needed=needed)

    def check_line(self, left: Expr, right: Expr, using: Iterable = ()) -> Verdict:
        """The verdict on a line of a chain: its right side is what the reader wrote.

        >>> holds = context(["softmax"])
        >>> slope, wrong = (
        ...     holds.read("", x) for x in ("∂a_i/∂z_j", "a_i*(delta + a_j)")
        ... )
        >>> holds.check_line(slope, wrong).diagnosis.name
        'sign of one term'
        """
        using = tuple(dict.fromkeys((*using, *self.assumed)))
        asked = claims.claim(left, right, self.where, using, self.case)
        verdict = decide(asked, _Others(self), is_answer_left=False)
        is_below = verdict.mark == "✗" and self.start not in (None, left)
        if is_below and (said := self._said_of_itself(right, using)):
            about = {"hint": "", "missing": None, "diagnosis": None}
            return replace(verdict, by_itself=said, **about)
        return verdict

    def _said_of_itself(self, right, using):
        """What is said of a line that is right for the start; else nothing."""
        for fact in (None, *self.hypotheses):
            facts = (*using, fact) if fact else using
            with suppress(TypeError, ValueError):  # a hypothesis of other letters
                asked = claims.claim(self.start, right, self.where, facts, self.case)
                if is_right(asked):
                    where = f" where {in_words([fact])[0]}" if fact else ""
                    return f"right for the start by itself{where}"
        return ""

    def chain(self, lines: Iterable[tuple]) -> "Chain":
        """The lines of a reader below the start, each with its own verdict.

        A line is a text, its reason, and the names of the hypotheses that it uses.
        Raises UnreadablePartError for a text that cannot be read, UnknownNameError for
        an unknown hypothesis, and ValueError for a reason with half a formula or one of
        foreign signs, or where there is no start.
        """
        if self.start is None:
            raise ValueError("a chain needs a start before it can be copied")
        left, steps, notes = self.start, [], ()
        for written, reason, wanted in lines:
            given = self.answer(f"line {len(steps) + 1}", written, self.start)
            using = self.using(wanted)
            verdict = self.check_line(left, given.expr, using)
            used = [x for x in self.assumed if x in verdict.needed]
            step = given.expr, _one_line(reason), (*using, *used), verdict
            steps.append(Step(*step))
            left, notes = given.expr, (*notes, *given.notes)
        return Chain(self.start, self.where, self.case, tuple(steps), notes)


_COMMANDS = {*greeks, *FUNCTIONS, "left", "right", "leq", "geq"}
_COMMANDS |= {sign[1:] for sign in SPELLED if sign.startswith("\\")}
"""Of LaTeX, in the formulas of a reason."""


class _Others(Mapping):
    """What a wrong answer may lack, by name; for a right one nothing of it is made."""

    def __init__(self, holds):
        self.holds = holds

    @cached_property
    def named(self):
        """All definitions, in the letters of the context, and its hypotheses."""
        given, names = registry().definitions, self.holds.names
        known = {x: in_letters(names, one.value) for x, one in given.items()}
        return known | {fact.name: fact for fact in self.holds.hypotheses}

    def __getitem__(self, name):
        return self.named[name]

    def __iter__(self):
        return iter(self.named)

    def __len__(self):
        return len(self.named)


def _one_line(reason):
    """A reason of printable signs in one line, as it may be pasted elsewhere.

    It may come with an address: no formula in it loads, hides or closes anything.
    """
    printable = "".join(sign if sign.isprintable() else " " for sign in reason)
    reason = " ".join(printable.split())
    if reason.count("$") % 2:
        raise ValueError(f"a reason has a $ without its partner: {reason!r}")
    for formula in reason.split("$")[1::2]:
        foreign = {x for x in re.findall(r"\\([A-Za-z]+|.)", formula)} - _COMMANDS
        if foreign or re.search("[<>%&#~]", formula) or not _is_closed(formula):
            raise ValueError(f"a reason has a formula that is not read: ${formula}$")
    return reason


def _is_closed(formula):
    """Whether each brace that is closed was opened, and each that is opened closes."""
    ends = range(len(formula) + 1)
    depth = [formula[:at].count("{") - formula[:at].count("}") for at in ends]
    return min(depth) == depth[-1] == 0


@dataclass(frozen=True)
class Chain:
    """A chain as it is written, with lines that are not proved among the others.

    `notes` say how its lines were read.
    """

    start: Expr
    where: tuple
    case: Expr | None
    steps: tuple
    notes: tuple = ()

    @property
    def uses(self):
        """The hypotheses that some line names."""
        return tuple(dict.fromkeys(fact for step in self.steps for fact in step.using))

    def matrix_form(self):
        """The chain in whole arrays; None where it has none."""
        return in_matrices(self)


def context(
    where: Iterable[str] = (),
    case: str = "",
    parameters: Iterable[tuple[str, str]] = (),
    start: str | None = None,
) -> Context:
    """What holds by a reader's own words.

    `where` names definitions or writes them, such as "L := a[j]"; `case` is such as
    "i != j", and a parameter is a name with a sign or a range, such as
    ("gamma", "positive") or ("q", "0..1").
    Raises UnknownNameError for a definition that is none, and UnreadablePartError for a
    text that cannot be read.

    >>> context(["softmax"], "i = j", [("gamma", "positive")]).case
    Eq(i, j)
    >>> context(["softmax", "L := -log(a[c])"]).where[1]
    L := -log(a[c])
    """
    given = dict.fromkeys(where)
    chosen = tuple(_definition(name) for name in given if ":=" not in name)
    with reading("parameters"):
        names = declared(names_of(*chosen), spelled(parameters), chosen)
    chosen = tuple(in_letters(names, one) for one in chosen)
    with reading("where"):
        sides = [one.split(":=", 1) for one in given if ":=" in one]
        for written, value in sides:
            symbol = read(written, names)
            chosen += (Definition(symbol, read(value, names, symbol)),)
    with reading("case"):
        relation = read_case(case, names)
    holds = Context(names, chosen, relation, _hypotheses())
    if start is None:
        return holds
    return replace(holds, start=holds.question("start", start).expr)


def _definition(name):
    known = definition_named(name) if isinstance(name, str) else None
    if known is None:
        of_all = registry().definitions
        known = _known(name, of_all, f"definition {name[:80]!r}").value
    return known


@cache
def of_theorem(name: str) -> Context:
    """What holds in a theorem: its own letters and hypotheses win.

    Raises UnknownNameError for a theorem that is none.

    >>> of_theorem("temperature.derivative").names.symbols["T"].is_positive
    True
    """
    derive = theorem_named(name) or _known(name, catalogue(), f"theorem {name[:80]!r}")
    chain = derive()
    facts = _hypotheses(chain.uses)
    return Context(names_of(chain), chain.where, chain.case, facts, chain.start)


def _hypotheses(own=()):
    """Those of a theorem's own, and of the registry those with other names."""
    named, known = {fact.name for fact in own}, registry().hypotheses
    return (*own, *(one.value for name, one in known.items() if name not in named))


@contextmanager
def reading(part):
    """Say of a text that cannot be read which one it is."""
    try:
        yield
    except Unreadable as problem:
        raise UnreadablePartError(part, problem) from None
