"""Chains of equalities in which every `=` has a reason and a check.

Each step is decided twice.  For every n: the difference of its two sides, brought to a
normal form, must cancel (`calculus`).  At concrete points: both sides, computed
in 90 digits for n = 2..5 and all admissible indices, must agree (`concrete`).
"""

from dataclasses import dataclass, replace
from functools import cache, lru_cache

import mpmath
from sympy import (
    Basic,
    Derivative,
    Eq,
    Expr,
    Float,
    Indexed,
    IndexedBase,
    KroneckerDelta,
    Ne,
    S,
    Sum,
    Symbol,
    preorder_traversal,
    sympify,
)
from sympy.concrete.expr_with_limits import ExprWithLimits

from derivations import notation
from derivations.calculus import Undecidable, equal_for_every_n
from derivations.concrete import (
    DIGITS,
    SIZES,
    Numbers,
    index_values,
    numbers_agree,
    numbers_for,
)
from derivations.notation import (
    RANGES,
    Definition,
    Hypothesis,
    d,
    free_symbols,
    h,
    m,
    n,
)
from derivations.printing import latex, text


class StepError(ValueError):
    """A step that is not proved: which one, both sides, a counterexample if any."""

    def __init__(self, number, reason, left, right, verdict):
        self.number, self.left, self.right, self.verdict = number, left, right, verdict
        super().__init__(
            f"step {number} ({reason}) is refused\n"
            f"  left:  {text(left)}\n  right: {text(right)}\n  {verdict.sentence}"
        )


@dataclass(frozen=True)
class Counterexample:
    """A point at which two expressions differ."""

    sizes: dict
    indices: dict
    entries: dict
    left: mpmath.mpf
    right: mpmath.mpf

    def __str__(self):
        numbers = [f"{x} = {v}" for x, v in (self.sizes | self.indices).items()]
        return ", ".join(numbers + self._arrays())

    def _arrays(self):
        arrays = {}
        for (base, indices), value in sorted(self.entries.items(), key=str):
            arrays.setdefault(str(base), {})[indices] = value
        return [_array(name, entries) for name, entries in arrays.items()]


def _array(name, entries):
    rows = {}
    for indices in sorted(entries):
        rows.setdefault(indices[:1], []).append(f"{float(entries[indices]):.4g}")
    if all(len(indices) < 2 for indices in entries):
        numbers = ", ".join(number for row in rows.values() for number in row)
        return f"{name} = {numbers}" if () in entries else f"{name} = ({numbers})"
    return f"{name} = (" + "; ".join(", ".join(row) for row in rows.values()) + ")"


@dataclass(frozen=True)
class Verdict:
    """What the two checks say of `left = right`; true only when both are satisfied."""

    proved: bool = False
    points: int = 0
    counterexample: Counterexample | None = None
    problem: str = ""
    attempted: bool = True
    sides: tuple = ("the left side", "the right side")

    def __bool__(self):
        return self.proved and self.points > 0 and self.counterexample is None

    @property
    def sentence(self):
        if not self.attempted:
            return "not attempted yet"
        if self.proved and self.counterexample:
            return f"the two checks disagree, so neither counts: {self._difference}"
        if self.counterexample:
            return f"differs: {self._difference}"
        if self:
            return f"right, for every n (and at {self.points} points with n = 2 to 5)"
        at = f"the two sides agree at all {self.points} points tried"
        found = (
            f"no counterexample was found ({at})"
            if self.points
            else "no point was tried"
        )
        return f"cannot decide: {self.problem or 'not proved for every n'}; {found}"

    @property
    def _difference(self):
        point = self.counterexample
        left, right = (
            mpmath.nstr(x, 6) if mpmath.isfinite(x) else "not defined"
            for x in (point.left, point.right)
        )
        at = f"at {point} " if str(point) else ""
        return f"{at}{self.sides[0]} is {left}, {self.sides[1]} is {right}"

    def __repr__(self):
        return self.sentence


class _Equality:
    """`left = right`, where definitions hold, under hypotheses, in a case."""

    def __init__(self, left, right, where=(), using=(), case=None):
        self.left, self.right = left, right
        self.where, self.using, self.case = tuple(where), tuple(using), case
        named = [left, right, *([] if case is None else case.args)]
        symbols = _symbols_of(named).union(*(x.free_symbols for x in self.where))
        self.sizes = [x for x in (n, m, d, h) if x in symbols]
        self.indices = [x for x in RANGES if x in symbols]

    def decide(self):
        problem, proved, points, counterexample = "", False, 0, None
        try:
            proved = equal_for_every_n(
                self.left, self.right, self.where, self.using, self.case
            )
        except Undecidable as missing:
            problem = str(missing)
        except RecursionError:
            raise ValueError(f"definitions in a circle: {self.where}") from None
        try:
            for point in self.compared():
                points += 1
                if isinstance(point, Counterexample):
                    counterexample = point
                    break
        except Undecidable as missing:
            problem, points = problem or str(missing), 0
        return Verdict(proved, points, counterexample, problem)

    def compared(self):
        """At each point None where both sides agree, else the counterexample."""
        for position, sizes in enumerate(SIZES):
            numbers = numbers_for(position, self.where, self.using)
            for at in index_values(self.indices, sizes, self.case):
                left, right = self._sides(numbers, at)
                same = numbers_agree(left, right)
                yield None if same else self._counterexample(sizes, at)

    def _sides(self, numbers, at):
        with mpmath.workdps(DIGITS):
            return _number(numbers, self.left, at), _number(numbers, self.right, at)

    def _counterexample(self, sizes, at):
        numbers = Numbers(sizes, self.where, self.using)
        left, right = self._sides(numbers, at)
        shown = {size: sizes[size] for size in self.sizes}
        return Counterexample(shown, at, numbers.leaves, left, right)


def _number(numbers, expr, at):
    try:
        return numbers(expr, at)
    except ZeroDivisionError:
        return mpmath.nan


def _symbols_of(exprs):
    return set().union(*map(free_symbols, exprs))


def check(answer, question, where=(), using=(), case=None):
    """The verdict on a reader's `answer` to a `question`, an expression to be equal to.

    `where` lists definitions, `using` hypotheses; `case` is Eq(i, j) or Ne(i, j).  An
    answer of `...` is "not attempted yet".  Raises TypeError for an answer that is no
    SymPy expression: text is never evaluated.
    Source: the exercises of every notebook.

    >>> from sympy import Derivative, Ne
    >>> from derivations.notation import a, z, i, j, softmax
    >>> slope = Derivative(a[i], z[j])
    >>> check(-a[i]*a[j], slope, where=[softmax], case=Ne(i, j))
    right, for every n (and at 40 points with n = 2 to 5)
    >>> check(..., slope)
    not attempted yet
    """
    if answer is ...:
        return Verdict(attempted=False)
    answer, question = _expression(answer), _expression(question)
    equality = _Equality(
        answer, question, _several(where, Definition), _several(using), _case(case)
    )
    verdict = equality.decide()
    return replace(verdict, sides=("yours", "the right value"))


def _expression(value):
    if isinstance(value, str) or not isinstance(value, Basic | int):
        given = f"{type(value).__name__} {value!r}"
        raise TypeError(f"expected a SymPy expression such as a[i]*a[j], got {given}")
    value = sympify(value, strict=True)
    strange = any(x.is_commutative is False for x in value.atoms(Symbol))
    if not isinstance(value, Expr) or value.is_Matrix or strange:
        raise TypeError(f"expected a SymPy expression, got {value!r}")
    _refuse(value)
    return value


@lru_cache(maxsize=1024)
def _refuse(expr):
    _refuse_malformed(expr)
    _refuse_two_meanings(expr)
    _refuse_strangers(expr)


def _letters():
    """What each letter of the series may be: an array, a symbol, or both as L is."""
    found = {}
    for member in vars(notation).values():
        if isinstance(member, IndexedBase | Symbol):
            found.setdefault(str(member), set()).add(member)
    return found


_OURS = _letters()


def _refuse_strangers(expr):
    entries = expr.atoms(Indexed)
    symbols = {x for x in _parts(expr) if isinstance(x, Symbol)}
    symbols = symbols.union(*(x.free_symbols for y in entries for x in y.indices))
    letters = {entry.base for entry in entries} | symbols & free_symbols(expr)
    for letter in sorted(letters, key=str):
        if letter not in _OURS.get(str(letter), {letter}):
            raise ValueError(
                f"{letter} prints like the {letter} of the series but is another one: "
                f"use `from derivations.notation import {letter}`"
            )
    for entry in expr.atoms(Indexed):
        for index in entry.indices:
            if isinstance(index, Symbol) and index in free_symbols(expr) - set(RANGES):
                raise ValueError(
                    f"the index {index} of {entry} has no range: free indices are "
                    f"{', '.join(map(str, RANGES))}"
                )


def _parts(expr):
    """Every part of an expression, without the parts of its entries."""
    walk = preorder_traversal(expr)
    for part in walk:
        yield part
        if isinstance(part, Indexed):
            walk.skip()


def _refuse_two_meanings(expr):
    """A symbol with the name of an array is the label of it: renamed with it."""
    entries = expr.atoms(Indexed)
    labels = {entry.base.label for entry in entries}
    named = {x for x in _parts(expr) if isinstance(x, Symbol)}
    named = named.union(*(index.free_symbols for x in entries for index in x.indices))
    for symbol in sorted(labels & named, key=str):
        raise ValueError(
            f"{symbol} is the name of an array and of a symbol in {expr}: "
            "give one of them another letter"
        )


def _refuse_malformed(expr):
    if expr.has(Float, S.Infinity, S.NegativeInfinity, S.ComplexInfinity, S.NaN):
        raise ValueError(f"only exact, finite numbers, such as Rational(1, 2): {expr}")
    ranks = {}
    for part in _parts(expr):
        if isinstance(part, Indexed):
            rank = ranks.setdefault(part.base, len(part.indices))
            if rank != len(part.indices):
                counts = f"{rank} and {len(part.indices)} indices"
                raise ValueError(f"{part.base} has here {counts}")
        elif isinstance(part, IndexedBase):
            raise ValueError(f"{part} is an array: say which entry, such as {part}[i]")
        elif isinstance(part, ExprWithLimits):
            bound = all(len(x) == 3 and isinstance(x[0], Symbol) for x in part.limits)
            if not isinstance(part, Sum) or not bound:
                raise ValueError(f"only a sum such as Sum(z[k], (k, 1, n)), not {part}")
        elif isinstance(part, KroneckerDelta) and (
            len(part.args) != 2
            or any(x.is_real and not x.is_integer for x in part.args)
        ):
            raise ValueError(f"only a delta of two indices, not {part}")
        elif isinstance(part, Derivative):
            if any(x.is_integer or not k.is_Integer for x, k in part.variable_count):
                raise ValueError(f"differentiate by entries such as z[j], not {part}")
            if sum(count for _, count in part.variable_count) > 2:
                raise ValueError(f"the checks go up to second derivatives, not {part}")


def _several(given, kind=Hypothesis):
    given = (given,) if isinstance(given, kind) else tuple(given)
    for one in given:
        if not isinstance(one, kind):
            raise TypeError(f"expected a {kind.__name__}, got {one!r}")
    return given


def _case(case):
    if case is None:
        return None
    if isinstance(case, Eq | Ne):
        first, second = (RANGES.get(arg) for arg in case.args)
        if first is not None and first == second:
            return case
    raise TypeError(
        "a case is Eq or Ne of two indices of one range, such as Eq(i, j); "
        f"got {case!r}"
    )


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


class Derivation:
    """A chain of equalities; every step is checked as it is added.

    `where` lists the definitions that hold, `case` is Eq(i, j), Ne(i, j) or None.
    A chain never changes: `step` returns a longer one, so a cell can be run twice.
    Raises TypeError or ValueError for a start that is no SymPy expression of the
    series' symbols.
    Source: notebook 02, "Case i = j".

    >>> from sympy import Derivative, Ne
    >>> from derivations.notation import a, z, i, j, softmax
    >>> chain = Derivation(Derivative(a[i], z[j]), where=[softmax], case=Ne(i, j))
    >>> chain.step(-a[i]*a[j], "quotient rule: the numerator does not contain $z_j$")
    Derivative(a[i], z[j])    where a[i] := exp(z[i])/Sum(exp(z[k]), (k, 1, n)), i ≠ j
      = -a[i]*a[j]    ✓ quotient rule: the numerator does not contain z_j
    """

    def __init__(self, start, where=(), case=None, steps=()):
        self.start, self.where = _expression(start), _several(where, Definition)
        self.case, self.steps = _case(case), tuple(steps)

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

    def step(self, right, reason, using=()):
        """The chain with one more line.

        `using` is a hypothesis or several; no step has one that it does not name.
        Raises StepError unless the line is proved for every n and agrees at all
        points; the error names the step, shows both sides, and gives a counterexample
        where there is one.
        """
        if not isinstance(reason, str) or not reason.strip():
            raise ValueError(f"a step needs a reason in words, got {reason!r}")
        using = _several(using)
        right = _expression(right)
        equality = _Equality(self.result, right, self.where, using, self.case)
        verdict = equality.decide()
        if not verdict:
            number = len(self.steps) + 1
            raise StepError(number, reason, self.result, right, verdict)
        line = Step(right, reason, using, verdict)
        return Derivation(self.start, self.where, self.case, (*self.steps, line))

    def conditions(self, write=text):
        """What the chain assumes: definitions, the case, the hypotheses it uses."""
        sign = "=" if write is latex else ":="
        found = [f"{write(x.symbol)} {sign} {write(x.value)}" for x in self.where]
        if self.case is not None:
            unequal = r" \neq " if write is latex else " ≠ "
            relation = " = " if isinstance(self.case, Eq) else unequal
            found.append(relation.join(map(write, self.case.args)))
        here = self.start.atoms(IndexedBase).union(
            *(x.right.atoms(IndexedBase) for x in self.steps),
            *(x.value.atoms(IndexedBase) for x in self.where),
        )
        for fact in self.uses:
            totals = [x for x in fact.sums if x.function.base in here]
            found += [f"{write(x)} = {write(fact.value)}" for x in totals]
        return found

    def __repr__(self):
        where = ", ".join(self.conditions())
        head = text(self.start) + (f"    where {where}" if where else "")
        lines = [
            f"  = {text(x.right)}    ✓ {x.words.replace('$', '')}" for x in self.steps
        ]
        return "\n".join([head, *lines])

    def _aligned(self, mark):
        left, rows = latex(self.start), []
        for line in self.steps:
            cells = (f"{left} &= {latex(line.right)}", _mathematics(line.words), mark)
            rows.append(" && ".join(cell for cell in cells if cell))
            left = ""
        return " \\\\[4pt]\n".join(rows)

    def _repr_latex_(self):
        if not self.steps:
            return f"${latex(self.start)}$"
        return f"$$\\begin{{aligned}}\n{self._aligned(_MARK)}\n\\end{{aligned}}$$"

    def to_markdown(self):
        """The chain as Markdown with a formula block, for a forum answer."""
        where = ",\n".join(f"${x}$" for x in self.conditions(latex))
        points = sum(line.verdict.points for line in self.steps)
        checked = (
            f"✓ proved for every $n$, and compared at {points} points with $n$ = 2 to 5"
        )
        return "\n\n".join(
            filter(None, [self._repr_latex_(), where and f"where {where}", checked])
        )

    def to_latex(self):
        """The chain as LaTeX for an article that loads amsmath."""
        where = ", ".join(f"${x}$" for x in self.conditions(latex))
        block = f"\\begin{{align*}}\n{self._aligned('')}\n\\end{{align*}}"
        return block + (f"\nwhere {where}." if where else "")


_MARK = r"\text{✓}"


def _mathematics(words):
    r"""Words with $formulas$ among them, as LaTeX mathematics: \text{…} formula."""
    parts = words.split("$")
    if len(parts) % 2 == 0:
        raise ValueError(f"a reason has a $ without its partner: {words!r}")
    return "".join(
        (part if number % 2 else rf"\text{{{part}}}")
        for number, part in enumerate(parts)
        if part
    )


def theorem(function):
    """Mark a function that returns a Derivation as a theorem; it is derived once."""
    function = cache(function)
    function.is_theorem = True
    return function
