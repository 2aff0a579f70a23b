"""Measures how exact a program is, and keeps the best of several ways to compute.

As Herbie does (Panchekha et al., PLDI 2015), candidates are compared with the exact
value at points.  Here the exact value is that of the formula as it stands, in intervals
of as many bits as it needs; the points are logits up to ±800 with labels of all kinds.
An error counts beside the largest entry, or beside the largest term that is added in
the formula, but never a term of more than 1: 1 − a is off by the rounding of 1, however
near 0 it is, and of large terms that cancel no digit would be asked for.
"""

from dataclasses import dataclass
from itertools import product, takewhile
from math import ceil, inf, isfinite, ldexp, log10

from sympy import IndexedBase, Rational, oo

from derivations.formulas.ranges import range_of
from derivations.judges.at_points.intervals import EXACT
from derivations.judges.explanation import listed
from derivations.letters import j
from derivations.loss.compiled.compiling import Compiler, Way
from derivations.loss.compiled.operations import OPERATIONS, OVER, Exact, Floats, Run
from derivations.loss.forms import equal_forms, logs_apart

HALF, THIRD = Rational(1, 2), Rational(1, 3)
MAGNITUDES = (1, 18, 36, 50, 300, 800)
SHAPES = {
    2: lambda m: ((m, -m), (-m, m), (0, m), (m - 1, m - 1)),
    3: lambda m: (
        *((m, 0, 1), (m, -m, 1), (-m, m, 0)),
        *((0, 0, -m), (m, m, -m), (1, -1, m)),
    ),
}
"""The logits of a magnitude, for each number of classes."""
LABELS = {
    2: ((1, 0), (0, 1), (HALF, HALF), (3 * HALF / 2, HALF / 2)),
    3: ((1, 0, 0), (0, 0, 1), (THIRD,) * 3, (THIRD, HALF, THIRD / 2)),
}
SHARES = (Rational(1, 10), 3 * HALF / 2, 2 * THIRD)
NUMBERS = (2, 3 * HALF / 2, -3, HALF, 3 * HALF, -HALF, 3, 4)
"""For parameters between two numbers, and for others, as far as they are in the range.

The logits are multiplied by 2 at most where they are largest: more takes more bits.
"""

_AXES = {"loss": (), "gradient": (j,)}
BITS = (256, 1000, 2500, 5000)
"""1 − a_k at ±800 takes 2,309 bits, and more where z is multiplied."""
KNOWN = 60
"""The bits after the point to which an exact value is known, or of a larger one."""
GOOD, ENOUGH = 2e-13, 1e-12
"""No other way is looked for below the first error; more than the second is refused."""
SMALLEST = -923
"""Of the powers of 2 of terms: below 1e-278 times 1e-12 float64 has fewer digits."""


@dataclass(frozen=True)
class Accuracy:
    """The largest error that was measured, relative to the largest entry or term.

    `limit` is the largest |z| at which it holds, at so many `points`.  Beyond there are
    points where the error is more than 1e-12, so such logits are refused.  `given` says
    of each parameter between which numbers it was.
    """

    error: float
    limit: int
    points: int
    given: tuple = ()

    @property
    def limit_of_arrays(self):
        """The largest |z| that is accepted; None if all are."""
        return (self.limit or -1) if self.limit < MAGNITUDES[-1] else None

    @property
    def sentence(self):
        """The measure in words, for the code and for the page.

        Of small entries it says less than was measured.
        """
        if not self.limit:
            return "no form is exact to 1e-12 at all points: every logit is refused"
        power = ceil(log10(self.error or GOOD))  # so it is the same on every CPU
        tried = [f"logits from -{self.limit} to {self.limit}", *self.given]
        return (
            f"loss and gradient are off by at most 1e{power}, or 1e{power} of the "
            f"largest entry where that is above 1; measured at {self.points} points "
            f"with {listed(tried)}"
            f"{'; larger logits are refused' * (self.limit < MAGNITUDES[-1])}"
        )

    def __repr__(self):
        return self.sentence


def best(own):
    """The program of a loss and its gradient, and how exact it is."""
    compiler = Compiler(own)
    program = compiler.program(
        loss=(logs_apart(own, own.loss), (), Way.AS_IT_STANDS),
        gradient=(own.gradient, (j,), Way.AS_IT_STANDS),
    )
    points = [_Points(own.parameters, program, n) for n in SHAPES]
    formulas = {name: _best(own, compiler, name, points) for name in _AXES}
    program = compiler.program(**formulas)
    errors = _errors(program, _AXES, points)
    limit = _limit(errors)
    counted = sum(len(x.counted(limit)) for x in points)
    error = max((errors[m] for m in errors if m <= limit), default=inf)
    given = tuple(_between(one, points, limit) for one in own.parameters)
    return program, Accuracy(error, limit if counted else 0, counted, given)


def _best(own, compiler, name, points):
    """The first form and way that is good, or else the best one."""
    tried = {}
    for form in equal_forms(own, name):
        for way in list(Way)[1:]:
            formula = form, _AXES[name], way
            if formula not in tried:
                made = tried[formula] = compiler.program(**{name: formula})
                looks = product((MAGNITUDES[-1], 0), points)  # the hardest first
                errors = (x.errors(made, name, least) for least, x in looks)
                if all(max(x.values()) <= GOOD for x in errors):
                    return formula

    def measured(formula):
        errors = _errors(tried[formula], [name], points)
        return -_limit(errors), max(errors.values())

    return min(tried, key=measured)


def _errors(program, names, points):
    """The largest error by the magnitude of the logits."""
    measured = [x.errors(program, name) for x in points for name in names]
    return {m: max(errors[m] for errors in measured) for m in MAGNITUDES}


def _limit(errors):
    """The magnitude up to which errors are small enough."""
    return max(takewhile(lambda m: errors[m] <= ENOUGH, MAGNITUDES), default=0)


class _ExactTerms(Exact):
    """Intervals, each with the power of 2 in the largest term that is added in it.

    A product and a whole power count as if they were multiplied out, and in a logarithm
    a term counts beside what it is the logarithm of; EXACT is where nothing is added.
    """

    def number(self, number):
        return super().number(number), EXACT

    def __call__(self, operation, *arguments):
        is_row = type(arguments[0]) is list
        values, terms = zip(*(arguments[0] if is_row else arguments), strict=True)
        value = super().__call__(operation, *([list(values)] if is_row else values))
        if None in (value, *values):  # 0 times what has no value is 0
            return value, EXACT
        sizes = [x.size - 1 for x in values]
        largest = list(map(max, sizes, terms))
        if operation in (OPERATIONS["+"], OVER["sum"]):
            return value, max(largest)
        if max(terms) == EXACT:
            return value, EXACT
        if operation is OPERATIONS["*"]:
            return value, max(EXACT, sum(largest))
        if operation in (OPERATIONS["/"], OPERATIONS["log"]):
            return value, max(EXACT, terms[0] - sizes[-1])
        is_whole = operation is OPERATIONS["**"] and float(values[1]) in range(2, 99)
        return value, terms[0] * int(float(values[1])) if is_whole else EXACT


class _Points:
    """The points of one size n, with what a program of a formula is exactly there."""

    def __init__(self, parameters, program, n):
        self.n, self.rows = n, [(m, row) for m in MAGNITUDES for row in SHAPES[n](m)]
        self.values = {
            one: [_value(one, n, at, m) for at, (m, _) in enumerate(self.rows, first)]
            for first, one in enumerate(parameters)
        }
        self.right = {"loss": {}, "gradient": {}}
        places = range(len(self.rows))
        for bits in BITS:
            run, unknown = self.run(program, _ExactTerms(bits), places), set()
            for name, right in self.right.items():
                for (at, label), entries in _by_place(run, run(name)).items():
                    exact, terms = zip(*entries, strict=True)
                    term = min(max(SMALLEST, *terms), 0)
                    if not _are_known(exact, term):
                        unknown.add(places[at])
                    elif all(isfinite(float(x)) for x in exact):
                        numbers = list(map(float, exact))
                        scale = max(ldexp(1, term), *map(abs, numbers))
                        right[places[at], label] = numbers, scale
            places = sorted(unknown)
            if not places:
                break

    def run(self, program, arithmetic, places):
        Z = [self.rows[x][1] for x in places]
        values = {one: [x[at] for at in places] for one, x in self.values.items()}
        return Run(program, arithmetic, Z, LABELS[self.n], values)

    def counted(self, limit):
        """The points with a loss and a gradient up to a magnitude: (row, label)."""
        both = set(self.right["loss"]) & set(self.right["gradient"])
        return [(at, label) for at, label in both if self.rows[at][0] <= limit]

    def errors(self, program, name, least=0):
        """The largest error of a program by the magnitude of the logits.

        Only logits of at least the magnitude `least` are looked at.
        """
        places = [x for x, (m, _) in enumerate(self.rows) if m >= least]
        run = self.run(program, Floats(), places)
        errors = dict.fromkeys(MAGNITUDES, 0.0)
        for (at, label), numbers in _by_place(run, run(name)).items():
            point = places[at], label
            if point not in self.right[name]:
                continue
            (m, _), (exact, scale) = self.rows[places[at]], self.right[name][point]
            for right, computed in zip(exact, numbers, strict=True):
                off = abs(right - computed) / scale
                errors[m] = max(errors[m], off if isfinite(off) else inf)
        return errors


def _are_known(entries, term):
    """Whether intervals are narrow beside the largest of them, or beside 2**term."""
    if None in entries:
        return False
    largest = max(term, *(x.size for x in entries))
    return all(x.error <= largest - KNOWN for x in entries)


def _value(one, n, at, m):
    """The number of a parameter at a point, or its numbers; each is in its range."""
    range_ = range_of(one[j] if isinstance(one, IndexedBase) else one)
    numbers = NUMBERS if oo in (-range_.low, range_.high) else SHARES
    numbers = [x for x in numbers if range_.has(x) and (m < MAGNITUDES[-1] or x <= 2)]
    numbers = numbers or [range_.middle]
    at += MAGNITUDES.index(m)  # not the same number for the same kind of logits
    chosen = tuple(Rational(numbers[(at + x) % len(numbers)]) for x in range(n))
    return chosen if isinstance(one, IndexedBase) else chosen[0]


def _between(one, points, limit):
    """Between which numbers a parameter is at the points that count, in words."""
    given = [each.values[one][at] for each in points for at, _ in each.counted(limit)]
    given = given or [x for each in points for x in each.values[one]]
    given = [x for each in given for x in (each if isinstance(each, tuple) else [each])]
    low, high = (f"{float(x):.3g}" for x in (min(given), max(given)))
    return f"{one} = {low}" if low == high else f"{one} from {low} to {high}"


def _by_place(run, values):
    """The entries at each place, {(logits, labels): numbers}."""
    letters = [x for x in values.axes if x not in run.sizes]
    numbers = run.along(values, ("Z", "Y", *letters))
    width, labels = run.n ** len(letters), run.sizes["Y"]
    return {
        divmod(at, labels): numbers[at * width : (at + 1) * width]
        for at in range(run.sizes["Z"] * labels)
    }
