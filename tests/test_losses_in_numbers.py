"""Own losses in numbers: loss and gradient against the typed formula in many digits.

The product chooses how a formula is computed.  Here only values count, at logits of
every size and for one-hot, equal and soft labels.  One loss of each kind is tried
here; `make test-more` tries the others.  `python -m` this module prints a table: the
worst loss and the worst gradient of each loss, as arrays and as source.
"""

import inspect
import warnings
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import NamedTuple

import jax.numpy as jnp
import mpmath
import numpy as np
import pytest
from mpmath import mpf
from sympy import Mul

from derivations.letters import *
from derivations.loss.compiled.accuracy import MAGNITUDES
from derivations.loss.compiled.operations import Floats, Run
from derivations.loss.deriving import derive
from derivations.request.losses import own_loss
from tests.book_modules import as_in_the_book
from tests.exact_losses import ExactLoss, UndefinedError
from tests.losses import LOSSES, derived
from tests.rows import rows

HARD = {name: row for name, *row in rows("hard_losses", 5)}
NAMES = [*LOSSES, *HARD]
SAMPLE = [
    "cross-entropy",
    "cross-entropy, any labels",
    "class weights",
    "z-loss (PaLM 2022)",
    "focal (Lin 2017)",
    "generalised cross-entropy (Zhang 2018)",
    "Brier",
    "Hellinger",
    "logit adjustment (Menon 2021)",
    "dice with a sum",
    "binary cross-entropy of each",
    "binary cross-entropy on a softmax",
    "log-sum-exp of the classes without a label",
    "unlikelihood (Welleck 2020)",
    "log odds",
    "classes with another label",
    "softplus as an output",
    "evidential (Sensoy 2018)",
    "distillation from logits (Hinton 2015)",
]
"""A loss of each kind; what is asked of these here is asked of the others elsewhere."""
VALUES = {
    "alpha": 0.3,
    "beta": 0.5,
    "C": 2.0,
    "epsilon": 0.1,
    "gamma": 2.5,
    "kappa": 0.5,
    "margin": np.array([0.5, -1.0, 0.0]),
    "P": np.array([0.25, 0.125, 0.625]),
    "prior": np.array([0.125, 0.75, 0.125]),
    "rho": 0.75,
    "T": 2.0,
    "t": np.array([300.0, 290.0, -300.0]),
    "tau": 0.5,
    "w": np.array([0.5, 1.0, 2.0]),
}
SIZES = (1, 18, 36, 50, 300, 800)
LOGITS = [
    (0, 0, 0),
    *((x, -x, 0) for x in SIZES),
    *((0, x, 1) for x in SIZES),
    *((x, x, -x) for x in SIZES),
    *((-x, 0, -x) for x in SIZES),
    *[(36, 0, 1), (-18, 50, 36), (50, -50, 18), (800, 300, -50), (-300, -800, -36)],
]
LABELS = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1 / 3, 1 / 3, 1 / 3), (0.5, 0.25, 0.25)]
WITHOUT_A_SUM = [(1, 1, 0), (0, 0, 0)]  # admitted where no hypothesis gives the sum
E = np.e
ALLOWED = 1e-12  # of the largest entry or term, in double precision
NOT_OFF = {float: 1e-290, np.float32: 1e-29}


@cache
def own_of(name):
    """A loss of one of the two tables."""
    return derived(name) if name in LOSSES else of_texts(*HARD[name])


def of_texts(loss, written="", facts="", activation=""):
    named = [one.partition(" ") for one in written.split(", ") if one]
    parameters = [(one, sign or "positive") for one, _, sign in named]
    with as_in_the_book():
        return own_loss(loss, activation or "softmax", parameters, facts.split())


def in_both_rooms(own, values=VALUES):
    """Functions of Z and Y that return loss and gradient: of arrays, and the source."""
    given = {str(one): values[str(one)] for one in own.parameters}
    of_loss, of_gradient = own.loss_to_numpy(**given), own.to_numpy(**given)
    names = {}
    exec(compile(own.source(), "pasted", "exec"), names)
    pasted = names["loss_and_gradient"]
    keywords = list(inspect.signature(pasted).parameters)[2:]  # may be renamed
    keyed = dict(zip(keywords, given.values(), strict=True))
    return {
        "to_numpy": lambda Z, Y: (of_loss(Z, Y), of_gradient(Z, Y)),
        "source": lambda Z, Y: pasted(Z, Y, **keyed),
    }


def some(known, which):
    """Some of the examples."""
    return Examples(*(x[..., which] for x in vars(known).values()))


@cache
def rooms(name):
    """Both rooms of a loss of the tables."""
    return in_both_rooms(own_of(name))


@dataclass
class Examples:
    """Logits and labels, a column each, and what is right; NaN where nothing is."""

    Z: np.ndarray
    Y: np.ndarray
    loss: np.ndarray
    gradient: np.ndarray
    term: np.ndarray
    slope_term: np.ndarray

    @property
    def is_defined(self):
        """Where the right loss and gradient are numbers that float64 holds."""
        return np.isfinite(self.loss) & np.isfinite(self.gradient).all(axis=0)


def right(own, points, values=VALUES, digits=None):
    """The examples of a list of logits and labels, from 60 digits and more."""
    exact = ExactLoss(own, 3)
    given = {str(one): values[str(one)] for one in own.parameters}
    found = []
    for logits, labels in points:
        try:
            loss, slopes, terms = exact(logits, labels, given, digits)
        except UndefinedError:
            loss, slopes, terms = np.nan, [np.nan] * 3, [np.nan] * 2
        found.append([float(loss), [*map(float, slopes)], *map(float, terms)])
    columns = *zip(*points, strict=True), *zip(*found, strict=True)
    return Examples(*(np.array(x, float).T for x in columns))


@cache
def examples(name):
    """The examples that the hypotheses of a loss admit."""
    own = own_of(name)
    has_sum = any(fact.sums for fact in own.chain.uses)
    return right(own, list(product(LOGITS, LABELS + WITHOUT_A_SUM * (not has_sum))))


class Answers(NamedTuple):
    """What a room says of each example; NaN where it refuses the example."""

    loss: np.ndarray
    gradient: np.ndarray
    is_refused: np.ndarray


def answers(function, Z, Y):
    """The answers of a room; where it refuses a batch, of one example at a time."""
    m = Z.shape[1]
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return Answers(*function(Z, Y), np.zeros(m, bool))
        except (ValueError, ArithmeticError):
            if m > 1:
                each = [answers(function, Z[:, [s]], Y[:, [s]]) for s in range(m)]
                return Answers(
                    *(np.concatenate(x, axis=-1) for x in zip(*each, strict=True))
                )
            return Answers(np.full(1, np.nan), Z * np.nan, np.ones(1, bool))


def errors(found, known, dtype=float):
    """How far off a loss and a gradient are at each example, beside their scale.

    The scale is the largest entry, or the largest term that is added in the formula
    outside exp and log, but never a term of more than 1: products and whole powers are
    multiplied out, log(a/b) is log a − log b, and in a logarithm a term counts beside
    the sum that it is in.
    What is off by less than 1e-290, or 1e-29 in single precision, where numbers have
    fewer digits, is not off.
    """
    gradient, slopes = np.abs(known.gradient), np.abs(found.gradient - known.gradient)
    off = np.array([np.abs(found.loss - known.loss), slopes.max(axis=0)])
    scale = np.abs([known.loss, gradient.max(axis=0)])
    scale = np.fmax(scale, np.fmin([known.term, known.slope_term], 1))
    with np.errstate(invalid="ignore"):
        off = np.where(off < NOT_OFF[dtype], 0, off / scale)
    return np.nan_to_num(off, nan=np.inf, posinf=np.inf)


def wrong(found, known, dtype=float):
    """The examples with a wrong number, with NaN, or with numbers where none is right.

    Where none is right, because it is not defined or too large, an answer is infinite
    or it is refused.
    """
    numbers = np.vstack([found.loss, found.gradient])
    says_none = np.isinf(numbers).any(axis=0) & ~np.isnan(numbers).any(axis=0)
    allowed = ALLOWED * np.finfo(dtype).eps / np.finfo(float).eps
    off = errors(found, known, dtype).max(axis=0) > allowed
    is_right = np.where(known.is_defined, ~off, found.is_refused | says_none)
    return np.nonzero(~is_right)[0]


def told(found, known, s):
    """What is wrong at example s, in a line."""
    pair = [[x.loss[s], *x.gradient[:, s]] for x in (found, known)]
    yours, expected = (", ".join(f"{x:.6g}" for x in one) for one in pair)
    return f"z = {known.Z[:, s]}, y = {known.Y[:, s]}: {yours}; right is {expected}"


GONE = (0.25, -np.inf, 1)


def where_a_class_is_gone(own, labels):
    """What is right as the logit goes to −∞; NaN where that has no value."""
    far = [((0.25, z, 1), labels) for z in (-1e200, -1e100)]
    known = right(own, far, digits=300)
    both = np.vstack([known.loss, known.gradient])
    with np.errstate(invalid="ignore"):
        settles = np.ptp(both, axis=1) <= 1e-12 * np.fmax(np.abs(both[:, 0]), 1)
    known.loss[~settles.all()] = np.nan
    known.term, known.slope_term = np.fmax([known.term, known.slope_term], 1e-100)
    return some(known, slice(1))  # where 0 is 1e-200 still


class OfALoss:
    """What is asked of each loss of the two tables."""

    def test_is_right_or_refused_at_logits_of_every_size(self, name):
        known, said = examples(name), []
        assert known.is_defined.mean() > 0.8
        for room, function in rooms(name).items():
            found = answers(function, known.Z, known.Y)
            off = wrong(found, known)
            said += [f"{room}: {told(found, known, s)}" for s in off]
        assert not said, "\n".join([f"{len(said)} examples are wrong", *said[:8]])

    def test_single_precision_stays_and_is_as_right(self, name):
        known, said = some(examples(name), slice(None, None, 4)), []
        largest = np.finfo(np.float32).max / 2
        fits = np.vstack([np.abs(known.loss), np.abs(known.gradient)]).max(axis=0)
        known = some(known, fits < largest)
        Z, Y = known.Z.astype(np.float32), known.Y.astype(np.float32)
        for room, function in rooms(name).items():
            at_0 = function(Z[:, :1], Y[:, :1])
            assert [x.dtype for x in at_0] == [np.float32] * 2, room
            found = answers(function, Z, Y)
            off = wrong(found, known, np.float32)
            said += [f"{room}: {told(found, known, s)}" for s in off]
        assert not said, "\n".join([f"{len(said)} examples are wrong", *said[:8]])

    def test_a_class_at_minus_infinity_is_not_there(self, name):
        """It may be refused where the loss speaks of z, and where a is no softmax."""
        own = own_of(name)
        may_be_refused = own.activation != softmax or own.loss.has(z)
        for labels in [(1, 0, 0), (0.25, 0, 0.75)]:
            known, refused = where_a_class_is_gone(own, labels), set()
            Z, Y = np.array([GONE]).T, np.array([labels]).T
            for room, function in rooms(name).items():
                found = answers(function, Z, Y)
                refused |= {*found.is_refused}
                if not (may_be_refused and found.is_refused):
                    off = wrong(found, known).size
                    assert not off, f"{room}: {told(found, known, 0)}"
            assert len(refused) == 1, "one room refuses what the other answers"

    def test_the_reference_has_its_digits(self, name):
        """Twice as many change nothing, and a difference quotient has these slopes."""
        own = own_of(name)
        exact = ExactLoss(own, 3)
        given = {str(one): VALUES[str(one)] for one in own.parameters}
        for logits, labels in [((18, -18, 50), LABELS[4]), ((0, 36, 1), LABELS[1])]:
            _, slopes, _ = exact(logits, labels, given)
            with mpmath.workdps(300):
                loss, same, _ = exact(logits, labels, given, digits=300)
                h, allowed = mpf(10) ** -100, mpf(10) ** -60 * max(1, *map(abs, same))
                for s in range(3):
                    moved = [x + h * (r == s) for r, x in enumerate(logits)]
                    quotient = (exact(moved, labels, given, digits=300)[0] - loss) / h
                    assert abs(slopes[s] - same[s]) <= allowed
                    assert abs(quotient - same[s]) <= allowed


class OfALossOfTheLiterature:
    """What is asked of those that a reader may come with."""

    def test_is_exact_at_all_points(self, name):
        measured = derived(name).accuracy
        assert measured.limit == MAGNITUDES[-1]
        assert measured.error <= 1e-12 and measured.points >= 180
        assert f"In float64, {measured}"[:40] in derived(name).source()

    def test_floats_and_arrays_run_the_same_program(self, name):
        own = derived(name)
        numbers = {
            one: (0.5, 0.75, 0.25) if isinstance(one, IndexedBase) else 0.75
            for one in own.parameters
        }
        given = {str(one): number for one, number in numbers.items()}
        Z, Y = ((3, 0, -1), (-20, 20, 0)), ((1, 0, 0), (0.25, 0.5, 0.25))
        run = Run(own.program, Floats(), Z, Y, numbers)
        places = [(z, y) for z in Z for y in Y]
        columns = [np.array(x, float).T for x in zip(*places, strict=True)]
        losses = own.loss_to_numpy(**given)(*columns)
        np.testing.assert_allclose(
            run.along(run("loss"), ("Z", "Y")), losses, rtol=1e-13
        )


@pytest.mark.parametrize("name", SAMPLE)
class TestALossOfEachKind(OfALoss):
    pass


@pytest.mark.parametrize("name", [x for x in SAMPLE if x in LOSSES])
class TestALossOfTheLiterature(OfALossOfTheLiterature):
    pass


@pytest.mark.parametrize("dtype", [float, np.float32])
@pytest.mark.parametrize("T", [0.1, 1.0])
@pytest.mark.parametrize("name", [x for x in HARD if x.startswith("distillation")])
def test_given_logits_may_be_as_large_as_those_of_the_network(name, T, dtype):
    """A softmax of ±1000, or of ±10000, whose e^u no type holds."""
    own, values = own_of(name), VALUES | {"T": T, "t": np.array([1000, 990, -1000])}
    known = right(own, [(x, LABELS[0]) for x in LOGITS], values)
    assert known.is_defined.all()
    for room, function in in_both_rooms(own, values).items():
        found = answers(function, known.Z.astype(dtype), known.Y.astype(dtype))
        off = wrong(found, known, dtype)
        assert not off.size, f"{room}: {told(found, known, off[0])}"


BY_HAND = [
    ("unlikelihood (Welleck 2020)", (18, -18), (0, 1), (1, -1)),
    ("unlikelihood (Welleck 2020)", (50, -50), (0.5, 0.5), (0.5, -0.5)),
    (
        "classes with another label",
        (36, 0, 1),
        (1, 0, 0),
        (0, *(1 / (1 + E**x) for x in (1, -1))),
    ),
    (
        "classes with another label",
        (40, 0, 1),
        (1, 0, 0),
        (0, *(1 / (1 + E**x) for x in (1, -1))),
    ),
    ("softplus as an output", (-30, -36, -40), (1, 1, 1), (-1, -1, -1)),
    ("evidential (Sensoy 2018)", (800, 0), (0, 1), (1, -0.5)),
    ("log odds", (50, -50), (0, 1), (1, -1)),
]


@pytest.mark.parametrize(("name", "z", "y", "slopes"), BY_HAND)
def test_slopes_that_one_sees(name, z, y, slopes):
    """With soft labels at ±50, and where 1 − a or a power of a label was lost."""
    Z, Y = (np.array(x, float)[:, None] for x in (z, y))
    for room, function in rooms(name).items():
        gradient = function(Z, Y)[1][:, 0]
        np.testing.assert_allclose(gradient, slopes, 1e-12, 1e-12, err_msg=room)


class TestHalfPrecision:
    CROSS = "cross-entropy, any labels"

    @pytest.mark.parametrize("n", [2500, 5000, 70_000])
    @pytest.mark.parametrize("m", [1, 2])
    def test_sums_over_many_classes(self, n, m):
        Z, Y = np.zeros((n, m), np.float16), np.zeros((n, m), np.float16)
        Y[0] = 1
        half = np.finfo(np.float16)
        for room, function in rooms(self.CROSS).items():
            loss, gradient = function(Z, Y)
            assert [loss.dtype, gradient.dtype] == [np.float16] * 2, room
            np.testing.assert_allclose(loss, np.log(n), rtol=half.eps, err_msg=room)
            dZ = 1 / n - Y.astype(float)
            off = np.abs(gradient - dZ) / (half.eps * np.abs(dZ) + half.tiny * half.eps)
            assert off.max() <= 1, room

    def test_bfloat16_is_right_or_refused_by_name(self):
        Z, Y = (
            np.asarray(jnp.array(x, "bfloat16"))
            for x in ([[0, 1]] * 300, [[0, 1]] * 300)
        )
        Y = Y / 300
        for room, function in rooms(self.CROSS).items():
            try:
                loss, _ = function(Z, Y)
            except TypeError as refusal:
                assert "bfloat16" in str(refusal), room
            else:
                expected = Y.astype(float).sum(axis=0) * np.log(300)
                np.testing.assert_allclose(loss.astype(float), expected, 2**-8)


MASKED = {
    "cross-entropy": 1.1032,
    "focal, gamma 2": 0.4925,
    "entropy": 0.6355,
    "binary cross-entropy on a softmax": 2.2064,
    "binary cross-entropy of each": 1.8676,
    "Brier": 0.89295,
    "from the logits": 1.1032,
}


class TestMaskedClass:
    """A logit of −∞ with label 0 is a class that is not there."""

    Z = np.array([[0.3, -np.inf, 1]]).T

    @pytest.mark.parametrize("name", MASKED)
    def test_its_number(self, name):
        for function in rooms(name).values():
            loss, gradient = function(self.Z, np.array([[1.0, 0, 0]]).T)
            np.testing.assert_allclose(loss, MASKED[name], atol=5e-5)
            assert gradient[1, 0] == 0 and np.isfinite(gradient).all()

    @pytest.mark.parametrize("name", ["cross-entropy", "focal (Lin 2017)"])
    def test_with_a_label_the_loss_is_infinite(self, name):
        for function in rooms(name).values():
            with pytest.raises(ValueError, match=r"the loss is infinite.* at \[0\]"):
                function(self.Z, np.array([[0, 1.0, 0]]).T)


NAMED = (
    "off rounding len abs float range np loss loss_ gradient part_1 dtype",
    "log_A A_ eye places ValueError step x wrong top lambda",
    "size shape total axis _log sum log exp k_",
)


@pytest.mark.parametrize("names", [line.split() for line in NAMED], ids=NAMED)
class TestNamesOfParameters:
    """The text of a loss has names of its own, and a parameter may be called so too."""

    def test_of_numbers(self, names):
        letters = [Symbol(name, positive=True) for name in names]
        z_loss = Mul(*letters) * log(Sum(exp(z[k]), (k, 1, n))) ** 2
        cross = -Sum(y[k] * log(a[k]), (k, 1, n))
        own = derive(z_loss + cross, parameters=letters, using=H1)
        given = dict(zip(names, factors(names), strict=True))
        self.agrees(own, given, "z-loss (PaLM 2022)")
        for function in in_both_rooms(own, given).values():
            with pytest.raises(ValueError, match="sum to 1"):
                function(np.zeros((3, 2)), np.ones((3, 2)))

    def test_of_arrays(self, names):
        letters = [IndexedBase(name, positive=True) for name in names]
        weights = Mul(*(letter[k] for letter in letters))
        own = derive(-Sum(weights * y[k] * log(a[k]), (k, 1, n)), parameters=letters)
        each = zip(names, factors(names), strict=True)
        self.agrees(own, {name: v * np.ones(3) for name, v in each}, "class weights")

    def agrees(self, own, given, name):
        """With the same loss that has one parameter, the product of all."""
        (one,) = own_of(name).parameters
        product_of_all = {str(one): np.prod([*given.values()], axis=0)}
        points = list(zip(LOGITS[::4], [*LABELS, *LABELS], strict=False))
        known = right(own_of(name), points, product_of_all)
        for room, function in in_both_rooms(own, given).items():
            found = answers(function, known.Z, known.Y)
            assert not wrong(found, known).size, f"{room}: {told(found, known, 0)}"


def factors(names):
    return np.linspace(0.5, 1.5, len(names))


def table():
    """The worst errors of every loss, line by line."""
    for name in NAMES:
        known = examples(name)
        cells = [f"{name:40} {known.loss.size} points,"]
        for room, function in rooms(name).items():
            found = answers(function, known.Z, known.Y)
            off = errors(found, known)[:, known.is_defined].max(axis=1)
            cells.append(f"{room} {off[0]:.0e} {off[1]:.0e}")
            cells.append(f"({len(wrong(found, known))} wrong)")
        yield " ".join(cells)


if __name__ == "__main__":
    for line in table():
        print(line, flush=True)
