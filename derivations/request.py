"""What a reader asks in texts: read once, judged, and written in every format.

The command and the page of the book come through here, so both can do the same:

    context, of_theorem    what holds: names, definitions, a case, hypotheses
    Context                reads a text there, judges an answer, a line, a whole chain
    own_loss               a loss of the reader's own, with its proved gradient
    FORMATS                a chain as text, Markdown and LaTeX
    ..._data               a formula, a verdict, a loss as JSON can hold it
"""

from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache

from sympy import Expr, IndexedBase

from derivations.advice import Door
from derivations.formulas.claims import Definition
from derivations.judges.verdict import Verdict, short
from derivations.letters import a, i
from derivations.loss.deriving import OwnLoss, derive
from derivations.proof import Step, check
from derivations.registry import registry, statement
from derivations.text.chains import chain_as_latex, chain_as_markdown, chain_as_text
from derivations.text.parameters import declared, in_letters
from derivations.text.printing import latex, text
from derivations.text.reading import (
    Names,
    Unreadable,
    names_of,
    read,
    read_case,
)
from derivations.theorems import catalogue

FORMATS = {
    "text": chain_as_text,
    "markdown": chain_as_markdown,
    "latex": chain_as_latex,
}
"""How a chain is written, by the name of the format."""
VERDICTS = {"✓": "right", "✗": "wrong", "?": "undecided"}
"""A verdict in one word, by its mark."""


class UnknownNameError(ValueError):
    """A name that the registry does not have; the message lists the names it has."""


class UnreadablePartError(Unreadable):
    """A text that cannot be read; `part` says which text of the request it is."""

    def __init__(self, part, problem):
        super().__init__(problem.words, problem.source, problem.position)
        self.part = part


def _known(name, known, said):
    if name not in known:
        raise UnknownNameError(f"no {said}; there are {', '.join(known)}")
    return known[name]


# What holds, and what is asked of it.


@dataclass(frozen=True)
class Context:
    """What holds while texts are read and judged: a value, which never changes.

    `hypotheses` are those that a line may use, `start` is the first side of a chain.
    """

    names: Names
    where: tuple = ()
    case: Expr | None = None
    hypotheses: tuple = ()
    start: Expr | None = None

    def read(self, part: str, source: str) -> Expr:
        """The formula that a text stands for.

        Raises UnreadablePartError for another text; `part` says which one it is.
        """
        with _reading(part):
            return read(source, self.names)

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
        given = registry().definitions
        known = {x: in_letters(self.names, one.value) for x, one in given.items()}
        known |= {fact.name: fact for fact in self.hypotheses}
        return check(answer, question, self.where, using, self.case, known)

    def check_line(self, left: Expr, right: Expr, using: Iterable = ()) -> Verdict:
        """The verdict on a line of a chain, which has a left and a right side."""
        return replace(self.check(left, right, using), sides=Verdict.sides)

    def chain(self, lines: Iterable[tuple]) -> "Chain":
        """The lines of a reader below the start, each with its own verdict.

        A line is a text, its reason, and the names of the hypotheses that it uses.
        Raises UnreadablePartError for a text that cannot be read, UnknownNameError for
        an unknown hypothesis, and ValueError for a reason with half a formula, or where
        there is no start.
        """
        if self.start is None:
            raise ValueError("a chain that is copied has a start")
        left, steps = self.start, []
        for written, reason, wanted in lines:
            right = self.read(f"line {len(steps) + 1}", written)
            using = self.using(wanted)
            if reason.count("$") % 2:
                raise ValueError(f"a reason has a $ without its partner: {reason!r}")
            verdict = self.check_line(left, right, using)
            steps.append(Step(right, " ".join(reason.split()), using, verdict))
            left = right
        return Chain(self.start, self.where, self.case, tuple(steps))


@dataclass(frozen=True)
class Chain:
    """A chain as it is written, with lines that are not proved among the others."""

    start: Expr
    where: tuple
    case: Expr | None
    steps: tuple

    @property
    def uses(self):
        """The hypotheses that some line names."""
        return tuple(dict.fromkeys(fact for step in self.steps for fact in step.using))


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
    given, known = dict.fromkeys(where), registry().definitions
    chosen = tuple(
        _known(name, known, f"definition {name[:80]!r}").value
        for name in given
        if ":=" not in name
    )
    with _reading("parameters"):
        names = declared(names_of(*chosen), parameters, chosen)
    chosen = tuple(in_letters(names, one) for one in chosen)
    with _reading("where"):
        sides = [one.split(":=", 1) for one in given if ":=" in one]
        chosen += tuple(Definition(*(read(x, names) for x in pair)) for pair in sides)
    with _reading("case"):
        relation = read_case(case, names)
    holds = Context(names, chosen, relation, _hypotheses())
    return holds if start is None else replace(holds, start=holds.read("start", start))


@cache
def of_theorem(name: str) -> Context:
    """What holds in a theorem: its own letters and hypotheses win.

    Raises UnknownNameError for a theorem that is none.

    >>> of_theorem("temperature.derivative").names.symbols["T"].is_positive
    True
    """
    chain = _known(name, catalogue(), f"theorem {name[:80]!r}")()
    facts = _hypotheses(chain.uses)
    return Context(names_of(chain), chain.where, chain.case, facts, chain.start)


def _hypotheses(own=()):
    """Those of a theorem's own, and of the registry those with other names."""
    named, known = {fact.name for fact in own}, registry().hypotheses
    return (*own, *(one.value for name, one in known.items() if name not in named))


@contextmanager
def _reading(part):
    """Say of a text that cannot be read which one it is."""
    try:
        yield
    except Unreadable as problem:
        raise UnreadablePartError(part, problem) from None


def own_loss(
    loss: str,
    activation: str = "softmax",
    parameters: Iterable[tuple[str, str]] = (),
    using: Iterable[str] = (),
) -> OwnLoss:
    """A loss of the reader's own, with its proved gradient.

    `activation` is a name of the registry, or the value of a[i] as a text; a parameter
    is a name with a sign or a range, such as ("w[k]", "real").  Raises
    UnreadablePartError for a text that cannot be read, UnknownNameError for a
    hypothesis that is none, and else as `derive` does.

    >>> own_loss("-Sum(y[k]*log(a[k]), (k, 1, n))", using=["H1"]).gradient
    a[j] - y[j]
    """
    parameters = list(parameters)
    holds = context(parameters=parameters)
    facts = holds.using(using)
    whole = holds.read("loss", loss)
    known = registry().activations
    if activation in known:
        output = known[activation].value
    else:
        output = Definition(a[i], holds.read("activation", activation))
    with _reading("parameters"):
        symbols = [_of_loss(holds.names, name) for name, _ in parameters]
    return derive(whole, output, symbols, facts)


def _of_loss(names, written):
    """The parameter of a loss that a name such as gamma, or w[k], stands for."""
    parameter = names.parameter(written)
    if isinstance(parameter, IndexedBase) and "," in written:
        words = f"a loss has parameters of one index: write {parameter}[k]"
        raise Unreadable(words, written, written.index(","))
    return parameter


# The same as what JSON can hold.


def formula_data(expr: Expr) -> dict:
    """A formula in both of its writings.

    >>> formula_data(a[i] ** 2)
    {'text': 'a[i]**2', 'latex': 'a_{i}^{2}'}
    """
    return {"text": text(expr), "latex": latex(expr)}


def verdict_data(given: Verdict, door: Door = Door.PYTHON) -> dict:
    """A verdict, with its counterexample and what it lacks, as it is said at a door.

    >>> verdict_data(Verdict(proved=True, points=3))["verdict"]
    'right'
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
    return about


def _point_data(point, sides):
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


def loss_data(own: OwnLoss) -> dict:
    """A loss of the reader's own: its chain, the gradient, the verdict, the source."""
    chain = {
        "start": formula_data(own.chain.start),
        "where": [statement(one) for one in own.chain.where],
        "lines": [_step_data(step) for step in own.chain.steps],
    }
    return {
        "chain": chain,
        "gradient": formula_data(own.gradient),
        "sentence": own.verdict.sentence,
        "mark": own.verdict.mark,
        "source": own.source(),
    }


def _step_data(step):
    using = [fact.name for fact in step.using]
    mark = {"reason": step.reason, "using": using, "mark": step.verdict.mark}
    return formula_data(step.right) | mark
