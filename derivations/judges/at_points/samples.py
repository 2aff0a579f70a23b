"""Which points: sizes, choices of the indices, and the numbers of the entries."""

from functools import reduce
from itertools import count, islice, product
from math import prod
from operator import and_, le
from random import Random
from typing import NamedTuple

from sympy import Eq, Integer, Rational, oo

from derivations.formulas.caching import remembered
from derivations.formulas.claims import known_ranges
from derivations.formulas.ranges import Range
from derivations.formulas.told import told
from derivations.judges.at_points.intervals import NotDefinedError
from derivations.judges.verdict import Undecidable
from derivations.letters import d, h, m, n

MOST_POINTS = 1000
"""How many choices of the indices are looked at with the numbers of one sample."""


class Sample(NamedTuple):
    """Sizes, how large the entries are, and how many choices of the indices.

    A mirrored sample has the other sign for every letter that may have it.  In one that
    is at the ends, entries of a known range are at its ends, a column that sums to a
    value has it in one entry, and else 0: labels of 0 and 1 are the hard ones.  Columns
    that sum to a value have both signs where `are_sums_mixed`, if they may.
    `exponents` has the letters and arrays whose numbers are given: each stands in an
    exponent.
    """

    sizes: dict
    scale: Rational = Rational(1)
    most: int = MOST_POINTS
    of_either_sign: bool = True
    is_mirrored: bool = False
    is_at_ends: bool = False
    exponents: tuple[tuple, ...] = ()
    are_sums_mixed: bool = False


def _sizes(*numbers):
    return dict(zip((n, m, d, h), numbers, strict=True))


# No two sizes of a sample are equal, so a transposed formula cannot pass.  A number
# such as C has one value at most of them; where it is mirrored, it has the other sign.
SAMPLES = (
    Sample(_sizes(2, 3, 1, 4)),
    Sample(_sizes(3, 2, 4, 1)),
    Sample(_sizes(4, 1, 3, 2)),
    Sample(_sizes(5, 2, 1, 3), is_mirrored=True),
    Sample(_sizes(7, 2, 3, 1), most=6, are_sums_mixed=True),
    Sample(_sizes(3, 2, 1, 4), scale=Rational(30), most=5),
    Sample(_sizes(2, 3, 4, 1), scale=Rational(1, 1000), most=5, are_sums_mixed=True),
    Sample(_sizes(2, 1, 4, 3), most=4, of_either_sign=False),
)


@remembered
def samples_with(sizes: tuple, larger: tuple = ()) -> tuple[Sample, ...]:
    """The samples, each with a number for every further size of a claim.

    It is none that another size of the claim has there.  The sizes take turns at being
    as small as they may be, and in one turn none of them is.  `larger` has pairs of a
    size and the same that has to be larger here: it is as much larger in every sample.

    >>> from derivations.formulas.indices import Size
    >>> P, Q = Size("P", "x"), Size("Q", "w")
    >>> [(sample.sizes[P], sample.sizes[Q]) for sample in samples_with((P, Q, n))]
    [(1, 5), (4, 1), (3, 5), (1, 4), (2, 1), (2, 4), (1, 3), (3, 1)]
    >>> larger = ((n, n.at_least(4)),)
    >>> [(sample.sizes[n], sample.sizes[m]) for sample in samples_with((m, n), larger)]
    [(4, 3), (5, 2), (6, 1), (7, 2), (9, 2), (5, 2), (4, 3), (4, 1)]
    """
    least = {size: dict(larger).get(size, size).least for size in sizes}
    known = [size for size in sizes if size in SAMPLES[0].sizes]
    known.sort(key=lambda size: least[size] > size.least)
    further, samples = [size for size in sizes if size not in known], []
    turns = [*further, None]
    for position, sample in enumerate(SAMPLES):
        given = {}
        for size in known:
            own = sample.sizes[size] + least[size] - size.least
            given[size] = next(x for x in count(own) if x not in given.values())
        is_taken = least.get(turns[0]) in given.values()
        smallest = None if is_taken else turns[0]
        if smallest:
            given[smallest] = least[smallest]
        if smallest or turns[0] is None:
            turns = turns[1:] + turns[:1]
        for size in further:
            if size is not smallest:
                numbers = (x for x in count(least[size] + 1) if x not in given.values())
                random = Random(f"{size} {position}")
                given[size] = random.choice(list(islice(numbers, 4)))
        samples.append(sample._replace(sizes=sample.sizes | given))
    return tuple(samples)


def at_ends(samples: tuple[Sample, ...], using: tuple) -> tuple[Sample, ...]:
    """Further samples with entries at the ends of the ranges that hypotheses know.

    >>> from derivations.letters import H1, H4, y
    >>> (sample, *_) = at_ends(SAMPLES, (H4,))
    >>> [Entries(sample, [H4])(y, (row,)) for row in (1, 2, 3)]
    [1, 0, 2/5]
    >>> at_ends(SAMPLES, (H1,))
    ()
    """
    if not any(x.has(end) for x in known_ranges(using).values() for end in x[:2]):
        return ()
    return tuple(x._replace(is_at_ends=True, most=6) for x in samples[1:4])


def choices(indices, sample: Sample, case=None) -> list[dict]:
    """The choices of numbers for the free indices at which a sample is looked at.

    Each is admitted by the case.  Where there are more than the sample wants, some are
    drawn, the same ones on every run.

    >>> from derivations.letters import i
    >>> choices([i], SAMPLES[1])
    [{i: 1}, {i: 2}, {i: 3}]
    """
    ranges = [sample.sizes[index.size] for index in indices]
    if prod(ranges) <= MOST_POINTS:
        every = list(every_choice(indices, sample.sizes, case))
        if len(every) <= sample.most:
            return every
        return Random(0).sample(every, sample.most)
    random, drawn = Random(0), []
    for _ in range(4 * sample.most):
        at = {
            index: random.randint(1, min(size, 3))
            for index, size in zip(indices, ranges, strict=True)
        }
        drawn += [at] * (_admits(case, at) and at not in drawn)
    return drawn[: sample.most]


def every_choice(indices, sizes: dict, case=None):
    """Every choice of numbers for the free indices that a case admits.

    >>> from sympy import Ne
    >>> from derivations.letters import i, j, n
    >>> len(list(every_choice([i, j], {n: 3}, Ne(i, j))))
    6
    """
    for numbers in product(*(range(1, sizes[index.size] + 1) for index in indices)):
        at = dict(zip(indices, numbers, strict=True))
        if _admits(case, at):
            yield at


def _admits(case, at):
    if case is None:
        return True
    first, second = (at.get(x, x) for x in case.args)  # an index, or a number
    return (first == second) == isinstance(case, Eq)


class Entries:
    """The numbers of all entries at a sample, the same on every run.

    They are tenths, easy to type again.  An entry is what its array is declared to be,
    and lies in the range in which hypotheses leave it.  A column of an array that a
    hypothesis names sums to the value the hypothesis gives, or the columns of several
    arrays together do.

    >>> from derivations.letters import H1, y
    >>> free, summing = Entries(SAMPLES[0]), Entries(SAMPLES[0], [H1])
    >>> free(y, (1,)), free(y, (2,))
    (7/10, -6/5)
    >>> summing(y, (1,)) + summing(y, (2,))
    1
    """

    def __init__(self, sample: Sample, using=()):
        self.sample, self.exponents = sample, dict(sample.exponents)
        self.ranges = known_ranges(tuple(using))
        self.columns = {}  # of each array: the columns that sum to a value, and this
        for fact in using:
            for parts in fact.parts:
                for part in parts:
                    known = self.columns.setdefault(part.function.base, [])
                    known.append((parts, fact.value))

    def __call__(self, base, indices: tuple[int, ...]) -> Rational:
        """The number of an entry; NotDefinedError where the sums leave none."""
        number = self._tenths(base, indices)
        rows, wanted = self._column(base, indices)
        letter = self._letter(base, indices)
        if wanted is None and base in self.exponents:
            return _as_declared(letter, self.exponents[base], Integer(2))
        if wanted is None:
            end = _end(letter, number) if self.sample.is_at_ends else None
            if end is not None:
                return end
            return _as_declared(letter, number * self.sample.scale, 10 * number)
        is_alone = all(len(parts) == 1 for parts, _ in self.columns[base])
        summed = self._of_column(base, letter, number, rows, wanted, is_alone)
        if not _is_as_declared(letter, summed):
            raise NotDefinedError(
                f"no entries of {base} were found with the sums of the hypotheses"
            )
        return summed

    def _letter(self, base, indices):
        """The array, as one in a known range where the entry is one spoken of."""
        known = [
            range_
            for (array, sizes), range_ in self.ranges.items()
            if array == base
            and all(map(le, indices, (self.sample.sizes[size] for size in sizes)))
        ]
        if not known:
            return base
        between = reduce(and_, known)
        if between.is_empty:
            raise NotDefinedError(f"no number is left for an entry of {base}")
        return told(base, between)

    def _of_column(self, base, letter, number, numbers, wanted, is_alone):
        """A number of a column, changed so that the whole column sums to a value."""
        if self.sample.is_at_ends and letter.is_nonnegative and is_alone:
            return wanted if number == max(numbers) else Integer(0)
        if letter == base and self._is_mixed(base) and sum(numbers) * wanted != 0:
            return number / sum(numbers) * wanted
        if wanted != 0:
            return abs(number) / sum(map(abs, numbers)) * wanted
        if letter.is_nonnegative or letter.is_nonpositive:
            return Integer(0)
        # Of both signs: 0 in every entry would test nothing.
        return number - sum(numbers) / len(numbers)

    def _is_mixed(self, base):
        """Whether a column has both signs here: that of one array, of any sign."""
        is_of_any_sign = base.is_nonnegative is base.is_nonpositive is None
        is_alone = all(len(parts) == 1 for parts, _ in self.columns[base])
        return self.sample.are_sums_mixed and is_of_any_sign and is_alone

    def _column(self, base, indices):
        """The numbers that an entry stands among, and what they have to sum to.

        Where two sums of an array are known, over two sizes, the rows past the smaller
        size sum to the difference.
        """
        known = self.columns.get(base, [])
        rows_of = self.sample.sizes
        if known and len(known[0][0]) == 1:
            ends = {rows_of[column.limits[0][2]]: x for (column,), x in known}
            past = max((x for x in ends if x < indices[0]), default=0)
            last = min((x for x in ends if x >= indices[0]), default=None)
            if last is None:
                return [], None
            rows = range(past + 1, last + 1)
            wanted = ends[last] - ends.get(past, 0)
            return [self._tenths(base, (row, *indices[1:])) for row in rows], wanted
        for columns, wanted in known[:1]:
            (own,) = (x.function for x in columns if x.function.base == base)
            at = dict(zip(own.indices[1:], indices[1:], strict=True))
            return [
                self._tenths(entry.base, (row, *(at[x] for x in entry.indices[1:])))
                for entry, size in ((x.function, x.limits[0][2]) for x in columns)
                for row in range(1, rows_of[size] + 1)
            ], wanted
        return [], None

    def _tenths(self, base, indices):
        value = _tenths(base, indices)
        if self.sample.is_mirrored and not base.is_nonnegative:
            value = -value
        return value if self.sample.of_either_sign else abs(value)


@remembered
def _as_declared(base, number, whole):
    """The first number that is what an array or a letter is declared to be.

    >>> from sympy import Symbol
    >>> x, k = Symbol("x", nonpositive=True), Symbol("k", odd=True)
    >>> number, whole = Rational(7, 10), Integer(7)
    >>> _as_declared(x, number, whole), _as_declared(k, number, whole)
    (-7/10, 7)
    """
    between = getattr(getattr(base, "label", base), "range", Range())
    sizes = [number, whole, 2 * whole, 2 * whole + 1, Integer(0), Integer(1)]
    if between.low != -oo and between.high != oo:
        part = Rational(abs(whole) % 20 or 10, 20)
        sizes.insert(1, between.low + (between.high - between.low) * part)
    for size in sizes:
        for one in (size, -size):
            if _is_as_declared(base, one):
                return one
    raise Undecidable(f"no number was found that fits the declaration of {base}")


def _end(letter, number):
    """An end of the known range of a letter, or None: for a third of the numbers."""
    between = getattr(getattr(letter, "label", letter), "range", Range())
    ends = [end for end in between[:2] if between.has(end)]
    return [*ends, None][int(10 * number) % (len(ends) + 1)]


def _is_as_declared(base, number):
    between = getattr(getattr(base, "label", base), "range", None)
    if between is not None and not between.has(number):
        return False
    declared = base.assumptions0.items()
    return all(getattr(number, f"is_{x}") in (is_so, None) for x, is_so in declared)


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
