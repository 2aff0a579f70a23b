"""The verdict on an equality, the counterexample, and what the equality lacks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod

from sympy import Expr, Pow

from derivations.advice import Advice, Door, Words, at_door
from derivations.formulas.claims import Definition, Hypothesis
from derivations.formulas.indices import Size
from derivations.letters import n


class Undecidable(Exception):  # noqa: N818 (an answer, not a fault)
    """A judge does not cover this; the message says what is missing."""


class NotDecidedError(ValueError):
    """What the checks cannot decide, where there is no verdict to say so."""


@dataclass(frozen=True)
class Counterexample:
    """A point at which two expressions differ."""

    sizes: dict
    indices: dict
    entries: dict
    left: float
    right: float

    def __str__(self):
        return ", ".join([*self._sizes(), *self._arrays()])

    def _sizes(self):
        found = [f"{x} = {v}" for x, v in (self.sizes | self.indices).items()]
        return [*found[:-1], f"{found[-1]} (from 1)"] if self.indices else found

    @property
    def arrays(self):
        """The entries row by row, {name: rows}; a vector is one row, a number too.

        Where some entries of an array are missing, each has its own name.

        >>> y = {("y", (1,)): 0.7, ("y", (2,)): -1.2}
        >>> Counterexample({}, {}, y, 0.5, 0.25).arrays
        {'y': [[0.7, -1.2]]}
        >>> Counterexample({}, {}, {("y", (3,)): 0.7}, 0.5, 0.25).arrays
        {'y[3]': [[0.7]]}
        """
        arrays, named = {}, {}
        for (base, indices), value in sorted(self.entries.items(), key=str):
            arrays.setdefault(str(base), {})[indices] = value
        for name, entries in arrays.items():
            if prod(map(max, zip(*entries, strict=True))) == len(entries):
                named[name] = _rows(entries)
                continue
            for indices in sorted(entries):
                entry = f"{name}[{', '.join(map(str, indices))}]"
                named[entry] = [[entries[indices]]]
        return named

    def _arrays(self):
        scalars = {str(base) for base, indices in self.entries if not indices}
        return [
            f"{name} = {_typed(rows, name in scalars or name.endswith(']'))}"
            for name, rows in self.arrays.items()
        ]


def _rows(entries):
    """The entries of an array as rows; those of a vector stand in one."""
    rows = {}
    for indices in sorted(entries):
        row = indices[:1] if len(indices) > 1 else ()
        rows.setdefault(row, []).append(entries[indices])
    return list(rows.values())


def _typed(rows, is_number):
    """Rows as a person would type them, apart by a `;`."""
    typed = "; ".join(", ".join(map(short, row)) for row in rows)
    return typed if is_number else f"({typed})"


def short(value):
    """A number of a counterexample with the digits that are worth reading."""
    return f"{float(value):.4g}"


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
class Missing:
    """Definitions and hypotheses that a claim lacks, and the names of those it has.

    `definitions` are pairs of a name and a definition.  `is_enough` says that both
    judges have proved the claim with what is missing; else it is a suggestion.

    >>> from derivations.letters import H1, one_hot
    >>> print(Missing((), (H1,)).words)
    right where the labels sum to 1 (H1)
    >>> print(Missing((("one_hot", one_hot),), is_enough=False).words)
    perhaps you need the definition one_hot (y[i] := KroneckerDelta(c, i))
    """

    definitions: tuple[tuple[str, Definition], ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()
    where: tuple[str, ...] = ()
    using: tuple[str, ...] = ()
    is_enough: bool = True

    @property
    def names(self):
        """The names of the definitions, and those of the hypotheses."""
        definitions = tuple(name for name, _ in self.definitions)
        return definitions, tuple(fact.name for fact in self.hypotheses)

    @property
    def words(self):
        """What is said of them in every place; how they are added is said behind it."""
        names, _ = self.names
        kind = "definition" if len(names) == 1 else "definitions"
        value = f" ({self.definitions[0][1]})" if len(names) == 1 else ""
        if not self.is_enough:
            return f"perhaps you need the {kind} {listed(names)}{value}"
        parts = [f"with the {kind} {listed(names)}{value}"] if names else []
        if self.hypotheses:
            facts = [f"{_in_words(fact)} ({fact.name})" for fact in self.hypotheses]
            parts.append(f"where {listed(facts)}")
        return f"right {', '.join(parts)}"

    @property
    def advice(self):
        """How they are added: words for every door.

        >>> from derivations.letters import H1, linear
        >>> words = Missing((("linear", linear),), (H1,), ("softmax",), ("H3",)).advice
        >>> print(words)
        pass where=[softmax, linear], and pass using=[H3, H1]
        >>> words.at(Door.COMMAND)
        'write --where softmax linear, and write --using H3 H1'
        >>> words.at(Door.OWN_PAGE)
        'tick linear under “definitions that hold”, and tick H1 below the line'
        """
        definitions, facts = self.names
        ways = []
        if definitions:
            ways.append(Advice("define", *definitions, before=self.where))
        if facts:
            ways.append(Advice("assume", *facts, before=self.using))
        return Words(*ways[:1], *(x for way in ways[1:] for x in (", and ", way)))


@dataclass(frozen=True)
class Diagnosis:
    """The mistake that was made in an answer, as both judges have proved.

    `notebook` and `heading` say where the series explains it; it was proved by
    `hypotheses` that the answer does not use.

    >>> Diagnosis("sign", "a sign is lost", "04_chain_rule", "By hand").words
    'a sign is lost (notebook 4, “By hand”)'
    """

    name: str
    sentence: str
    notebook: str
    heading: str
    hypotheses: tuple[Hypothesis, ...] = ()

    @property
    def words(self):
        """What is said of it, with its place in the series."""
        facts = [f"{_in_words(fact)} ({fact.name})" for fact in self.hypotheses]
        where = f", where {listed(facts)}" if facts else ""
        number = int(self.notebook.partition("_")[0])
        return f"{self.sentence}{where} (notebook {number}, “{self.heading}”)"


def _in_words(fact):
    return fact.sentence or repr(fact).partition(": ")[2]


def listed(words: Sequence[str]) -> str:
    """One word or several as part of a sentence.

    >>> listed(["a", "y", "z"])
    'a, y and z'
    """
    *before, last = words
    return f"{', '.join(before)} and {last}" if before else last


@dataclass(frozen=True)
class Verdict:
    """What the two judges say of `left = right`; true only when both are satisfied.

    "For every n" is for every n ≥ 2, and for every value at which both sides, as they
    were given, are defined.  `sizes` are those of a claim that has others than n, m, d
    and h, which is proved for all of them; `larger` are those with a least beyond the
    usual one, for the claim has a class with that number.  `tried` has the numbers that
    each size had at the points.  `unseen` is a power of which no point had a value
    where its base is negative: then nothing is right.  At `undefined` further points a
    side has no value, for `hole`, a part of it, has none.  `missing` is what a wrong
    claim lacks to be right, `diagnosis` the mistake that was made in it, and `unconnected` a question about a derivative that is 0
    for want of a definition.  It is worded for `door`, where it is read.

    >>> from derivations.letters import m
    >>> Verdict(proved=True, points=8)
    right, for every n (and at 8 points)
    >>> Verdict(proved=True, points=27, tried=((m, (1, 2, 3)), (n, (2, 3, 4, 5, 7))))
    right, for every n (and at 27 points with n = 2, 3, 4, 5, 7)
    >>> Verdict(proved=True, points=8, larger=(n.at_least(3), m.at_least(2))).every
    'every n ≥ 3 and m ≥ 2'
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
    door: Door = Door.PYTHON
    attempted: bool = True
    sides: tuple = ("the left side", "the right side")
    sizes: tuple = ()
    larger: tuple[Size, ...] = ()

    def __bool__(self):
        is_compared = self.points > 0 and self.unseen is None
        return self.proved and is_compared and self.counterexample is None

    def at(self, door: Door) -> "Verdict":
        """The same in the words that are said where it is read."""
        return replace(self, door=door)

    @property
    def mark(self):
        """✓ for what is right, ✗ where a counterexample is known, else a ?.

        Where the two judges disagree neither counts, and it is a ?.
        """
        if self.counterexample and self.attempted and not self.proved:
            return "✗"
        return "✓" if self else "?"

    @property
    def row(self):
        """The cells of a table: the mark, where, and the values of both sides."""
        if self.mark == "✗":
            point, lacks = self.counterexample, self.missing and self.missing.words
            where = "; ".join(filter(None, (str(point), lacks)))
            return "✗", where, *(f"{x:.6g}" for x in (point.left, point.right))
        if self:
            return "✓", f"{self.every}; {self.points} points", "", ""
        return "?", self.sentence, "", ""

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
        parts = [self._finding, at_door(self.hint, self.door)]
        if self.diagnosis:
            parts.append(self.diagnosis.words)
        if self.missing:
            advice = self.missing.advice.at(self.door)
            parts.append(f"{self.missing.words}: {advice}")
        return "; ".join(filter(None, parts))

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
            return f"right, for {self.every} (and at {self._evidence})"
        evidence = "no point was compared"
        if self.points:
            agree = f"the two sides agree at all {self._evidence}"
            evidence = f"no counterexample was found ({agree})"
        problem = self.problem or f"not proved for {self.every}"
        if self.proved and self.unseen is not None:
            problem = (
                f"{self.unseen} had a value at no point where {self.unseen.base} is "
                "negative, so nothing was compared there"
            )
        return f"cannot decide: {problem}; {evidence}"

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
        left, right = (f"{x:.6g}" for x in (point.left, point.right))
        at = f"at {point} " if str(point) else ""
        return f"{at}{self.sides[0]} is {left}, {self.sides[1]} is {right}"

    def __repr__(self):
        return self.sentence
