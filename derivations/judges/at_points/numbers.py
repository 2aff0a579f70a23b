"""An expression as a number at a point, with a bound on the error of the number."""

from functools import partial

from sympy import (
    Abs,
    Add,
    IndexedBase,
    Max,
    Min,
    Mul,
    Pow,
    cos,
    cosh,
    exp,
    log,
    oo,
    sign,
    sin,
    sinh,
    tanh,
)

from derivations.formulas.caching import remembered
from derivations.formulas.indices import Bound, free_symbols, size_of
from derivations.judges.at_points.dual_numbers import (
    Arithmetic,
    Dual,
    slope,
    without_slope,
)
from derivations.judges.at_points.evaluation import Interpreter
from derivations.judges.at_points.intervals import ONE, NotDefinedError
from derivations.judges.at_points.meaning import meaning
from derivations.judges.at_points.samples import Entries, Sample, every_choice
from derivations.judges.verdict import Undecidable
from derivations.letters import g, g_prime


class Numbers(Interpreter):
    """Every entry is the number that it has at a sample, to a number of bits.

    `leaves` has the numbers of the entries that were met, as they are, {(array,
    indices): number}.  `of_negative` has the powers b^x that were met while b was
    negative, each with whether it had a value then.

    >>> from derivations.judges.at_points.samples import SAMPLES
    >>> from derivations.letters import Sum, a, k, n, softmax
    >>> numbers = Numbers(SAMPLES[0], bits=60)
    >>> float(numbers(meaning(Sum(a[k], (k, 1, n)), (softmax,)), {}))
    1.0
    >>> {str(base): number for (base, _), number in numbers.leaves.items()}
    {'z': 1/2}
    """

    def __init__(self, sample: Sample, bits: int = 192):
        super().__init__(sample.sizes)
        self.sample, self.arithmetic = sample, Arithmetic(bits)
        self.leaves, self.of_negative = {}, {}

    def holds(self, at, where, using):
        """Whether the hypotheses hold here for arrays that have a definition.

        >>> from derivations.judges.at_points.samples import SAMPLES
        >>> from derivations.letters import H1, c, i, one_hot, softmax, v, y
        >>> from derivations.formulas.claims import Definition
        >>> Numbers(SAMPLES[0]).holds({c: 2}, (one_hot,), (H1,))
        True
        >>> Numbers(SAMPLES[0]).holds({}, (Definition(y[i], v[i]),), (H1,))
        False
        """
        try:
            return all(
                self._lies_in(self(value, at | chosen), range_)
                for value, range_, letters in _stated(where, using)
                for chosen in every_choice(letters, self.sizes)
            )
        except NotDefinedError:
            return False

    def _lies_in(self, number, range_):
        for value, end, is_open in (
            (number, range_.low, range_.is_low_open),
            (self.arithmetic.negative(number), -range_.high, range_.is_high_open),
        ):
            if end == -oo:
                continue
            low = self.number(end)
            if self.arithmetic.agree(value, low):
                if is_open:
                    return False
            elif self.arithmetic.sum([value, self.arithmetic.negative(low)]).sign < 0:
                return False
        return True

    def leaf(self, array, indices):
        number = Entries(self.sample, array.facts)(array.base, indices)
        self.leaves[array.base, indices] = number
        return self.number(number)

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

    def power(self, part, base, exponent):
        # A derivative by the exponent holds log b: there b is positive by nature.
        is_plain = not isinstance(exponent, Dual)
        is_met = is_plain and without_slope(base).is_negative
        if is_met:
            self.of_negative.setdefault(part, False)
        value = super().power(part, base, exponent)
        if is_met:
            self.of_negative[part] = True
        return value

    def slope(self, f, entry, at):
        tag = self.known.depth + 1
        moved = Dual(tag, self.value_of(entry), ONE)
        return slope(self.with_entry(entry, moved, f, at), tag)


@remembered
def _stated(where, using):
    """What hypotheses say of arrays that have a definition, in letters of their own.

    A letter c of a hypothesis and of a definition is two letters.
    """
    defined, stated = {one.base for one in where}, []
    for expr, range_ in (x for fact in using for x in fact.stated):
        if defined & expr.atoms(IndexedBase):
            sizes = {x: size_of(x) for x in free_symbols(expr) if size_of(x)}
            names = {x: Bound(f"{x}'", size) for x, size in sizes.items()}
            value = meaning(expr.xreplace(names), (*where, *using))
            stated.append((value, range_, tuple(names.values())))
    return stated


def _activation(arithmetic, x):
    """The g of the points: smooth, with no symmetry that could hide an error."""
    square = arithmetic.product([arithmetic.ratio(1, 7), x, x])
    return arithmetic.sum([arithmetic.tanh(x), square])


def _activation_slope(arithmetic, x):
    tag = x.tag + 1 if isinstance(x, Dual) else 1
    return slope(_activation(arithmetic, Dual(tag, x, ONE)), tag)


def _half_sum(arithmetic, x, sign):
    """(e^x + e^-x)/2, or (e^x - e^-x)/2 where the sign is -1."""
    other = arithmetic.exp(arithmetic.negative(x))
    total = [arithmetic.exp(x), arithmetic.times(arithmetic.whole(sign), other)]
    return arithmetic.times(arithmetic.ratio(1, 2), arithmetic.sum(total))


_FUNCTIONS = {
    exp: Arithmetic.exp,
    log: Arithmetic.log,
    Pow: Arithmetic.power,
    tanh: Arithmetic.tanh,
    sin: Arithmetic.sin,
    cos: Arithmetic.cos,
    cosh: partial(_half_sum, sign=1),
    sinh: partial(_half_sum, sign=-1),
    Abs: Arithmetic.absolute,
    Max: lambda arithmetic, *args: arithmetic.largest(args),
    Min: lambda arithmetic, *args: arithmetic.smallest(args),
    sign: Arithmetic.sign,
    g: _activation,
    g_prime: _activation_slope,
}
