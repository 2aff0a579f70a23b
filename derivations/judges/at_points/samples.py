"""The judge at points: what an expression means at a concrete number of classes.

This is the second opinion on every step, so it shares no rule with `calculus`: a sum is
added up term by term, an index is a number, and a derivative is exact, by numbers
a + bε with ε² = 0.  Every number carries a bound on its own error (`balls`), and two
sides differ when they are further apart than these allow, at any magnitude.  A point at
which a side has no real value is left out.
"""

from functools import partial
from itertools import count, islice
from math import prod
from random import Random
from threading import get_ident
from typing import NamedTuple

from sympy import (
    Abs,
    Add,
    Derivative,
    Max,
    Min,
    Mul,
    Pow,
    Rational,
    Sum,
    cos,
    cosh,
    exp,
    log,
    sign,
    sin,
    sinh,
    tanh,
)

from derivations.formulas.claims import Claim
from derivations.formulas.indices import Size, SumExcept
from derivations.formulas.memory import remembered
from derivations.judges.at_points.evaluation import Concrete, admits, index_values
from derivations.judges.at_points.intervals import (
    ONE,
    Arithmetic,
    Jet,
    NotDefinedError,
    slope,
)
from derivations.judges.verdict import Counterexample, Undecidable
from derivations.letters import d, g, g_prime, h, m, n

BITS = 192
MOST_POINTS = 1000
"""How many choices of the indices are looked at with the numbers of one sample."""
MOST_TERMS = 10**7
"""How many terms are added up at all points together; what needs more is too large."""


class Sample(NamedTuple):
    """Sizes, how large the entries are, and how many choices of the indices."""

    sizes: dict
    scale: Rational = Rational(1)
    most: int = MOST_POINTS
    of_either_sign: bool = True


def _sizes(*numbers):
    return dict(zip((n, m, d, h), numbers, strict=True))


# No two sizes of a sample are equal, so a transposed formula cannot pass.
SAMPLES = (
    Sample(_sizes(2, 3, 1, 4)),
    Sample(_sizes(3, 2, 4, 1)),
    Sample(_sizes(4, 1, 3, 2)),
    Sample(_sizes(5, 2, 1, 3)),
    Sample(_sizes(7, 2, 3, 1), most=6),
    Sample(_sizes(3, 2, 1, 4), scale=Rational(30), most=5),
    Sample(_sizes(2, 3, 4, 1), scale=Rational(1, 1000), most=5),
    Sample(_sizes(2, 1, 4, 3), most=4, of_either_sign=False),
)


@remembered
def _with_sizes(sizes):
    """The samples, each with a number for every further size of a claim.

    It is none that another size of the claim has there.  The sizes take turns at being
    as small as they may be, and in one turn none of them is.

    >>> from derivations.formulas.indices import Size
    >>> P, Q = Size("P", "x"), Size("Q", "w")
    >>> [(sample.sizes[P], sample.sizes[Q]) for sample in _with_sizes((P, Q, n))]
    [(1, 5), (4, 1), (3, 5), (1, 4), (2, 1), (2, 4), (1, 3), (3, 1)]
    """
    known = SAMPLES[0].sizes
    further, samples = [x for x in sizes if x not in known], []
    turns = [*further, None]
    for position, sample in enumerate(SAMPLES):
        taken, given = {sample.sizes[x] for x in sizes if x in known}, {}
        smallest = turns[0] if turns[0] and turns[0].least not in taken else None
        if smallest:
            given[smallest] = smallest.least
        if smallest or turns[0] is None:
            turns = turns[1:] + turns[:1]
        for size in further:
            if size is not smallest:
                used = taken | set(given.values())
                numbers = (x for x in count(size.least + 1) if x not in used)
                random = Random(f"{size} {position}")
                given[size] = random.choice(list(islice(numbers, 4)))
        samples.append(sample._replace(sizes=sample.sizes | given))
    return tuple(samples)


class Comparison(NamedTuple):
    """What was compared, and the first point at which both sides differ, or None.

    `tried` has for each size of the claim the numbers that it had at these points.
    """

    points: int
    tried: tuple[tuple[Size, tuple[int, ...]], ...]
    counterexample: Counterexample | None = None


def judge(claim: Claim) -> Comparison:
    """Both sides of a claim compared as numbers at the points of all samples.

    Raises Undecidable when no numbers are known for a part of the claim, or both sides
    are defined at no point that was tried.

    >>> from derivations.letters import KroneckerDelta, c, i, one_hot, y
    >>> compared = judge(Claim(y[i], KroneckerDelta(i, c), where=(one_hot,)))
    >>> compared.points, compared.tried, compared.counterexample
    (73, ((n, (2, 3, 4, 5, 7)),), None)
    """
    symbols, samples = claim.free_symbols, _with_sizes(claim.sizes)
    indices = [x for size in samples[0].sizes for x in size.indices if x in symbols]
    points = [chosen(indices, sample, claim.case) for sample in samples]
    _refuse_too_large(claim, samples, points)
    compared = []  # the sizes of each point
    for position, sample in enumerate(samples):
        for at in points[position]:
            same = _compare(claim, position, sample, at)
            if same is not None:
                compared.append(sample.sizes)
            if same is False:
                point = _counterexample(claim, sample, at)
                return _comparison(claim, compared, point)
    if not compared:
        raise Undecidable("both sides are defined at no point that was tried")
    return _comparison(claim, compared)


def _comparison(claim, compared, counterexample=None):
    tried = {size: {sizes[size] for sizes in compared} for size in claim.sizes}
    tried = tuple((size, tuple(sorted(numbers))) for size, numbers in tried.items())
    return Comparison(len(compared), tried, counterexample)


def _compare(claim, position, sample, at):
    """Whether both sides agree, at more bits where it has to be; None: not defined."""
    known = position, tuple(sample.sizes.items())
    for bits in (BITS, 4 * BITS):
        numbers = _numbers(get_ident(), known, claim.where, claim.using, bits)
        same = None
        try:
            sides = [numbers(side, at) for side in (claim.left, claim.right)]
            same = numbers.arithmetic.agree(*sides)
        except NotDefinedError:
            sides = None
        if same is not None:
            return same
    return None if sides is None else True


@partial(remembered, most=64)
def _numbers(thread, sample, where, using, bits):
    # Steps of a chain share sides. Each thread has its own, for what they know changes.
    position, sizes = sample
    return Numbers(SAMPLES[position]._replace(sizes=dict(sizes)), where, using, bits)


def _counterexample(claim, sample, at):
    # Numbers that have met this point alone, so that no others are shown.
    numbers = Numbers(sample, claim.where, claim.using, 4 * BITS)
    left, right = (float(numbers(side, at)) for side in (claim.left, claim.right))
    free = claim.free_symbols
    shown = {size: value for size, value in sample.sizes.items() if size in free}
    return Counterexample(shown, at, numbers.leaves, left, right)


def chosen(indices, sample, case=None):
    """The choices of numbers for the free indices at which a sample is looked at."""
    ranges = [sample.sizes[x.size] for x in indices]
    if prod(ranges) <= MOST_POINTS:
        every = list(index_values(indices, sample.sizes, case))
        if len(every) <= sample.most:
            return every
        return Random(0).sample(every, sample.most)
    random, found = Random(0), []
    for _ in range(4 * sample.most):
        at = {
            x: random.randint(1, min(size, 3))
            for x, size in zip(indices, ranges, strict=True)
        }
        found += [at] * (admits(case, at) and at not in found)
    return found[: sample.most]


def _refuse_too_large(claim, samples, points):
    terms = sum(
        _terms(claim, sample.sizes) * len(at)
        for sample, at in zip(samples, points, strict=True)
    )
    if terms > MOST_TERMS:
        raise Undecidable(
            f"too large: about {terms} terms to add up at all points, "
            f"and {MOST_TERMS} are the most"
        )


def _terms(claim, sizes):
    """About how many parts are computed for a claim at one point."""
    sides = claim.left, claim.right
    definitions = sum(
        _work(x.value, sizes) * prod(sizes[y.size] for y in x.parameters)
        for x in claim.where
    )
    derivatives = sum(len(x.atoms(Derivative)) for x in sides)
    return sum(_work(x, sizes) for x in sides) + definitions * (1 + derivatives)


def _work(expr, sizes):
    """About how many parts are computed for `expr` at one point."""
    work = 1 + sum(_work(arg, sizes) for arg in expr.args)
    if isinstance(expr, Sum | SumExcept):
        for _, low, high in expr.limits:
            bounds = [sizes.get(x, x) for x in (low, high)]
            known = not any(getattr(x, "free_symbols", ()) for x in bounds)
            work *= max(1, int(bounds[1] - bounds[0]) + 1) if known else MOST_TERMS
    if isinstance(expr, Derivative):
        work *= 3
    return work


class Numbers(Concrete):
    """Every entry is a number, the same on every run: tenths, easy to type again.

    An entry is positive where its symbol is declared so, else of either sign; a column
    of an array that a hypothesis names sums to the value the hypothesis gives, or the
    columns of several arrays together do.
    """

    def __init__(self, sample, where=(), facts=(), bits=BITS):
        super().__init__(sample.sizes, where)
        self.sample = sample
        self.arithmetic = Arithmetic(bits)
        self.totals = {
            x.function.base: (parts, fact.value)
            for fact in facts
            for parts in fact.parts
            for x in parts
        }
        self.leaves = {}

    def leaf(self, base, indices):
        if base in self.totals:
            value = self._of_columns(base, indices, *self.totals[base])
        else:
            value = self._tenths(base, indices) * self.sample.scale
        self.leaves[base, indices] = value
        return self.number(value)

    def _of_columns(self, base, indices, parts, wanted):
        (own,) = (x.function for x in parts if x.function.base == base)
        at = dict(zip(own.indices[1:], indices[1:], strict=True))
        value, entries = self._tenths(base, indices), []
        for part in parts:
            entry, rows = part.function, self.sizes[part.limits[0][2]]
            others = [at[x] for x in entry.indices[1:]]
            entries += [
                self._tenths(entry.base, (row, *others)) for row in range(1, rows + 1)
            ]
        if wanted == 0:  # of both signs: 0 in every entry would test nothing
            return value - sum(entries) / len(entries)
        return abs(value) / sum(map(abs, entries)) * wanted

    def _tenths(self, base, indices):
        value = _tenths(base, indices)
        return value if self.sample.of_either_sign else abs(value)

    def whole(self, number):
        return self.arithmetic.whole(int(number))

    def as_int(self, number):
        return int(float(number))

    def number(self, expr):
        if expr.is_Integer:
            return self.arithmetic.whole(int(expr))
        if expr.is_Rational:
            return self.arithmetic.ratio(int(expr.p), int(expr.q))
        if expr.is_NumberSymbol:
            return self.arithmetic.near(expr._as_mpf_val(self.arithmetic.bits + 10))
        raise Undecidable(f"no number is known for {expr}")

    def apply(self, function, args):
        arithmetic = self.arithmetic
        if function is Add:
            return arithmetic.sum(args)
        if function is Mul:
            return arithmetic.product(args)
        if function in _FUNCTIONS:
            return _FUNCTIONS[function](arithmetic, *args)
        raise Undecidable(f"no numbers are known for the function {function.__name__}")

    def slope(self, f, key, at):
        tag = 1 + max((x.tag for x in self.moved.values()), default=0)
        moved = Jet(tag, self.entry(key), ONE)
        return slope(self.with_entry(key, moved, f, at), tag)


@remembered
def _tenths(base, indices):
    """A number of tenths, most in [-1.9, 1.9], that depends on nothing but its name.

    The entries of an array differ from each other: equal ones would let a formula with
    a swapped index pass.
    """
    position = sum((x - 1) * 7**place for place, x in enumerate(indices))
    size = Random(str(base)).sample(range(1, 20), 19)[position % 19]
    size += 19 * (position // 19)
    positive = base.is_positive or Random(f"{base} {indices}").random() < 0.5
    return Rational(size if positive else -size, 10)


def _activation(numbers, x):
    """The g of the points: smooth, with no symmetry that could hide an error."""
    square = numbers.product([numbers.ratio(1, 7), x, x])
    return numbers.sum([numbers.tanh(x), square])


def _activation_slope(numbers, x):
    tag = x.tag + 1 if isinstance(x, Jet) else 1
    return slope(_activation(numbers, Jet(tag, x, ONE)), tag)


def _half(numbers, x, sign):
    other = numbers.times(numbers.whole(sign), numbers.exp(numbers.negative(x)))
    return numbers.times(numbers.ratio(1, 2), numbers.sum([numbers.exp(x), other]))


_FUNCTIONS = {
    exp: Arithmetic.exp,
    log: Arithmetic.log,
    Pow: Arithmetic.power,
    tanh: Arithmetic.tanh,
    sin: Arithmetic.sin,
    cos: Arithmetic.cos,
    cosh: partial(_half, sign=1),
    sinh: partial(_half, sign=-1),
    Abs: Arithmetic.absolute,
    Max: lambda numbers, *args: numbers.largest(args),
    Min: lambda numbers, *args: numbers.smallest(args),
    sign: Arithmetic.sign,
    g: _activation,
    g_prime: _activation_slope,
}
