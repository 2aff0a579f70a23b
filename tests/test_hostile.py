"""What a hostile reader tried: nothing false is right, and every refusal helps."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import reduce
from itertools import combinations, pairwise
from math import prod
from time import process_time

import pytest
from sympy import (
    Abs,
    Add,
    Function,
    I,
    Integer,
    Integral,
    Matrix,
    Max,
    Min,
    Mul,
    Ne,
    Pow,
    Product,
    Rational,
    cos,
    oo,
    pi,
    sign,
    sin,
    sqrt,
    tanh,
)

from derivations import deciding
from derivations.formulas.caching import forget
from derivations.formulas.claims import Claim
from derivations.formulas.counting import length
from derivations.formulas.indices import Index, Size
from derivations.judges.at_points.comparison import compare_at_points
from derivations.judges.at_points.evaluation import instantiate
from derivations.judges.verdict import NotDecidedError
from derivations.letters import *
from derivations.loss.deriving import derive
from derivations.proof import Derivation, check
from derivations.request.context import context
from derivations.request.losses import own_loss
from derivations.text.printing import text

D = KroneckerDelta
kappa = Symbol("kappa", positive=True)
every = (k, 1, n)
smallest = (n - 2) * (n - 3) * (n - 4) * (n - 5)
pythagoras = sin(alpha) ** 2 + cos(alpha) ** 2 - 1

FALSE = {
    "0 to a power that is 0 at n = 2 to 5": (
        Sum(D(k, j) ** (2**smallest - 1), every),
        n,
    ),
    "0 to any power": (Pow(0, alpha + 2), 0),
    "0 to a power that is 0 at n = 6": (
        (1 - Sum(a[k], every)) ** ((n - 6) ** 2),
        0,
        softmax,
    ),
    "a label to any power": (y[i] ** (alpha + 2), y[i], one_hot),
    "a tiny flaw": (
        Rational(1, 10**30) * D(i, j) ** (kappa - 1),
        Rational(1, 10**30),
    ),
    "a flaw beside a huge number": (10**30 + D(i, j) ** (kappa - 1), 10**30 + 1),
    "a flaw that is scaled away": (
        exp(-100 - z[i] ** 2) * D(i, j) ** (kappa - 1),
        exp(-100 - z[i] ** 2),
    ),
    "0/0": (pythagoras / (2 * pythagoras), Rational(1, 2)),
    "0/0 at n = 6": ((n - 6) / (n**2 - 36), 1 / (n + 6)),
    "0/0 at m = n": ((n**2 - m**2) / (n - m), n + m),
}


@pytest.mark.parametrize("name", FALSE)
@pytest.mark.parametrize("scale", [1, 10**30, Rational(1, 10**30)])
def test_nothing_false_is_right(name, scale):
    left, right, *where = FALSE[name]
    assert not check(scale * left, scale * right, where=where)
    assert not check(scale * right, scale * left, where=where)


def test_a_denominator_is_looked_at_through_a_definition():
    verdict = check((n - 6) / (L * (n + 6)), 1 / (n + 6), Definition(L, n - 6))
    assert not verdict and "n - 6 may be 0" in verdict.sentence


def test_an_exception_is_named():
    verdict = check((n - 6) / (n**2 - 36), 1 / (n + 6))
    assert "n - 6 may be 0" in verdict.sentence
    assert check((n - 1) / (n**2 - 1), 1 / (n + 1))


@pytest.mark.parametrize(
    ("symbol", "value", "sign"),
    [
        (a[i], Integer(-1), "positive"),
        (A[i, s], g(Z[i, s]), "positive"),
        (S, Sum(z[k], every), "positive"),
        (S, sqrt(alpha**2), "positive"),
        (L, I, "real"),
        (L, oo, "real"),
        (Symbol("x", nonnegative=True), alpha, "nonnegative"),
        (Symbol("x", negative=True), -(alpha**2), "negative"),
        (Symbol("x", nonzero=True), alpha, "nonzero"),
    ],
)
def test_a_definition_keeps_the_sign_of_its_letter(symbol, value, sign):
    with pytest.raises(ValueError, match=f"is declared {sign}, but its value"):
        Definition(symbol, value)


def test_a_definition_that_keeps_it_is_let_pass():
    assert Definition(S, Sum(exp(z[k]), every) - exp(z[i]))
    assert Definition(Symbol("x", nonnegative=True), alpha**2)
    assert Definition(Symbol("x", nonzero=True), -exp(alpha))


def test_hypotheses_do_not_contradict_each_other():
    using = [Hypothesis(f"H{x}", [Sum(y[k], every)], x) for x in (1, 2)]
    with pytest.raises(
        ValueError, match="contradict each other: a sum of y is 1, and 2"
    ):
        check(1, 1, using=using)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (IndexedBase("z")[i] ** 2, "prints like the z of the series"),
        (1.5 * z[i], "exact, finite numbers"),
        (z[i] / oo + oo * z[i], "exact, finite numbers"),
        (Product(z[k], every), "expected a sum such as"),
        (Integral(alpha, (alpha, 0, 1)), "expected a sum such as"),
        (z, "is an array: say which entry"),
        (I * z[i], "I is the imaginary unit"),
        (Derivative(z[i], i), "differentiate with respect to entries"),
    ],
)
def test_the_value_of_a_definition_is_refused_like_an_answer(value, words):
    free = Definition(IndexedBase("x")[i], value)
    for refused in (lambda: check(1, 1, where=free), lambda: Derivation(y[i], free)):
        with pytest.raises(ValueError, match=rf"in the definition .*{words}"):
            refused()


@pytest.mark.parametrize("value", [Matrix([1]), Eq(alpha, 1), "exp(z[i])"])
def test_a_definition_has_an_expression_as_its_value(value):
    with pytest.raises(TypeError, match=r"a definition has an? (SymPy )?expression"):
        Definition(y[i], value)


def test_two_definitions_of_one_array_are_refused():
    where = [Definition(y[i], z[i]), Definition(y[i], v[i])]
    with pytest.raises(ValueError, match="y has two definitions"):
        check(y[i], z[i], where=where)


def test_a_mixed_derivative_by_a_defined_symbol_is_refused():
    square = Definition(v[i], z[i] ** 2)
    product = Definition(L, Sum(v[k] * z[k], every))
    with pytest.raises(ValueError, match="two meanings where v is defined"):
        check(0, Derivative(L, z[j], v[i]), where=[square, product])


SLIPS = {
    "forgotten where": (
        (-a[i] * a[j], Derivative(a[i], z[j]), {"case": Ne(i, j)}),
        r"right with the definition softmax .*: pass where=\[softmax\]",
    ),
    "forgotten where of a sum": (
        (1, Sum(a[k], every), {}),
        r"right with the definition softmax .*: pass where=\[softmax\]",
    ),
    "a symbol with a name": (
        (Symbol("a_i", real=True), a[i], {}),
        r"a_i is a symbol of its own: write a\[i\]",
    ),
    "a function": (
        (Function("a")(i), a[i], {}),
        r"a function of its own: write a\[i\]",
    ),
    "towers": ((exp(exp(exp(exp(10 + z[i])))), 1, {}), "too large: an exponential"),
    "many terms": (
        ((z[i] + z[j] + alpha + v[i]) ** 60, (z[i] + z[j] + alpha + v[i]) ** 59, {}),
        "differs: ",
    ),
    "a long sum": ((Sum(z[k], (k, 1, 2_000_000)), 0, {}), "too large|not one from 1"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_gets_one_sentence_that_says_what_to_do(name):
    (answer, question, holds), words = SLIPS[name]
    verdict = check(answer, question, **holds)
    assert not verdict
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(verdict.sentence)


@pytest.mark.parametrize(
    ("holds", "words"),
    [
        ({"using": "H1"}, r"expected a Hypothesis, such as H1 \(a name, without"),
        ({"using": True}, r"expected a Hypothesis, .* got True"),
        ({"where": "softmax"}, r"expected a Definition, such as softmax \(a name"),
        ({"where": 3}, r"expected a Definition, .* got 3"),
    ],
)
def test_a_name_is_given_without_quotes(holds, words):
    with pytest.raises(TypeError, match=words):
        check(1, 1, **holds)


def test_a_part_that_has_no_value_is_undecided():
    """A find of the fuzzer: SymPy raised its own error from Max(…, zoo)."""
    slope = Derivative(z[i], v[i])
    verdict = check(-Max(z[i], slope**2), Max(z[i] ** 2, slope**-2))
    assert not verdict and verdict.sentence


def test_eight_threads_and_once_more_afterwards():
    asked = [
        (-a[i] * a[j], Derivative(a[i], z[j]), {"where": softmax, "case": Ne(i, j)}),
        (a[i] * a[j], Derivative(a[i], z[j]), {"where": softmax, "case": Ne(i, j)}),
        (1, Sum(a[k], every), {"where": softmax}),
        (2, Sum(a[k], every), {"where": softmax}),
        (0, Sum(Derivative(a[i], z[k]), every), {"where": softmax}),
        (y[i], D(i, j), {"where": one_hot}),
    ]

    def answers():
        return [bool(check(x, of, **holds)) for x, of, holds in asked]

    forget()
    with ThreadPoolExecutor(8) as pool:
        found = [pool.submit(answers) for _ in range(8)]
    right = [True, False, True, False, True, False]
    assert all(one.result() == right for one in found)
    assert answers() == right


def test_the_imaginary_unit_is_no_index():
    with pytest.raises(ValueError, match=r"I is the imaginary unit.*an index is i"):
        check(a[I], 1)


def test_sums_within_sums_at_many_points_are_too_large():
    letters = [Symbol(f"k{x}", integer=True, positive=True) for x in range(5)]
    product = prod(z[x] for x in letters) * v[i] * v[j]
    deep = Sum(exp(product), *((x, 1, n) for x in letters))
    verdict = check(deep, deep + v[i])
    assert not verdict and "too large: about" in verdict.sentence


@pytest.mark.parametrize(
    ("expr", "outside"),
    [(z[i], lambda x: exp(x) / (1 + exp(x))), (n + 1, lambda x: 1 + 1 / x)],
)
def test_what_is_built_of_itself_many_times_over_is_too_large(expr, outside):
    for _ in range(13):
        expr = outside(expr)
    with pytest.raises(ValueError, match="cannot decide: too large"):
        check(expr, 0)


@pytest.mark.parametrize("inner", [Abs(z[i] + v[i]), sqrt(a[i] + y[i])])
def test_a_power_of_a_sum_with_a_root_or_an_absolute_value_is_too_large(inner):
    power = (inner + z[j]) ** 60
    assert "too large: about 1891 terms" in check(power, power).sentence
    assert check(z[j] ** 60, power).counterexample


def test_the_exponential_of_a_sum_is_no_product_where_its_terms_are_looked_for():
    total = exp(Sum(z[k], (k, 1, n)))
    assert check(total, log(exp(z[3]) + 1) + 3 * z[i]).counterexample


def own(name, letters, least=1):
    size = Size(name, letters, least)
    return size, *size.indices


class TestSizesOfOnesOwn:
    def test_letters_of_two_sizes_are_refused(self):
        _, x, _ = own("w", "e f")
        other, xx = own("u2", "e")
        with pytest.raises(ValueError, match="e belongs to two sizes, u2 and w"):
            check(z[x], Sum(z[xx], (xx, 1, other)))
        first, x, _ = own("w", "e f")
        second, xx = own("w", "e2")
        with pytest.raises(ValueError, match="w belongs to two sizes, w and w"):
            check(Sum(z[x], (x, 1, first)), Sum(z[xx], (xx, 1, second)))

    def test_an_index_without_a_place_in_its_size(self):
        for index in (Index("e", n), Index("e", Size("n", "e"))):
            with pytest.raises(ValueError, match="has no range"):
                check(z[index], z[i])

    def test_a_letter_of_the_series_counts_no_other_size(self):
        _, like_i = own("w", "i")
        with pytest.raises(ValueError, match="prints like the i of the series"):
            check(z[like_i], z[i])

    def test_two_sums_over_two_sizes_are_two(self):
        first, x, other = own("w", "e f")
        second, xx = own("u2", "e2")
        assert check(Sum(z[x], (x, 1, first)), Sum(z[other], (other, 1, first)))
        verdict = check(Sum(z[x], (x, 1, first)), Sum(z[xx], (xx, 1, second)))
        assert not verdict.proved and verdict.counterexample
        assert check(Sum(z[x], (x, 1, first)), Sum(z[k], (k, 1, n))).counterexample

    def test_a_delta_of_two_sizes_is_no_case_of_one(self):
        first, x, other = own("w", "e f")
        picked = Sum(KroneckerDelta(x, i) * z[x], (x, 1, first))
        assert not check(z[i], picked)
        assert check(z[other], Sum(KroneckerDelta(x, other) * z[x], (x, 1, first)))
        with pytest.raises(TypeError, match="two indices of one range"):
            check(z[i], z[i], case=Eq(i, x))

    def test_a_size_of_1_has_no_others(self):
        first, x, other = own("w", "e f")
        rest = SumExcept(exp(z[x]), (x, 1, first), other)
        verdict = check(log(rest) - log(rest) + 1, 1)
        assert verdict  # where it is defined
        left = Sum(exp(z[x]), (x, 1, first)) - exp(z[other])
        assert check(left, rest)
        assert not check(sqrt(left**2) / left, 2)
        with pytest.raises(ValueError, match="is not known to be"):
            Definition(a[other], left)  # 0 where the size is 1
        at_least_2, y2, other = own("w", "e f", 2)
        Definition(a[other], Sum(exp(z[y2]), (y2, 1, at_least_2)) - exp(z[other]))
        assert not check((first - 1) / (first - 1) ** 2, 1 / (first - 1))

    def test_the_largest_sizes_are_undecidable_and_not_slow(self):
        huge, x = own("w", "e", 10**9)
        verdict = check(Sum(z[x], (x, 1, huge)), Sum(z[x], (x, 1, huge)))
        assert not verdict
        assert "too large" in str(verdict)


class TestHypothesesOfSeveral:
    known = Sum(Y[k, s], (k, 1, n)) + Sum(Z[k, s], (k, 1, n))
    both = Hypothesis("H9", [known])

    def test_with_one_that_is_alone(self):
        with pytest.raises(ValueError, match="two hypotheses about sums of Y, alone"):
            check(1, self.known, using=[self.both, H1])

    def test_with_another_value(self):
        other = Hypothesis("H8", [self.known], 2)
        with pytest.raises(ValueError, match="contradict each other: a sum of Y is 1"):
            check(1, self.known, using=[self.both, other])

    def test_with_an_array_that_is_defined(self):
        where = [Definition(Y[i, s], Z[i, s])]
        with pytest.raises(ValueError, match="H9 gives a sum of Y, and Y also has"):
            check(1, self.known, where, self.both)

    def test_a_loss_has_one_array_of_labels(self):
        w = IndexedBase("w", real=True)
        known = Sum(y[k], (k, 1, n)) + Sum(w[k], (k, 1, n))
        loss = -Sum((y[k] + w[k]) * log(a[k]), (k, 1, n))
        with pytest.raises(ValueError, match="of several arrays together, and a loss"):
            derive(loss, parameters=w, using=Hypothesis("H9", [known]))


class TestIterators:
    """What can be read only once is read once, at the door."""

    def test_of_a_check(self):
        slope = Derivative(a[i], z[j])
        assert not check(0, slope, where=(x for x in [softmax]))
        assert check(-a[i] * a[j], slope, where=iter([softmax]), case=Ne(i, j))
        assert check(1, Sum(y[k], every), using=(x for x in [H1]))
        with pytest.raises(ValueError, match="y has two definitions"):
            check(0, 1, where=(Definition(y[i], x[i]) for x in (z, v)))

    def test_of_a_chain(self):
        chain = Derivation(Sum(a[k] + y[k], every), where=iter([softmax]))
        assert chain.where == (softmax,)
        assert chain.step(2, "both sum to 1", using=iter([H1])).uses == (H1,)
        assert Hypothesis("H1", iter(H1.sums), 1) == H1

    def test_of_a_claim_and_of_what_is_written_out(self):
        claim = Claim(y[j], D(j, c), iter([one_hot]), iter([H1]))
        assert (claim.where, claim.using) == ((one_hot,), (H1,))
        assert compare_at_points(claim).points
        numbers = [
            instantiate(y[j], {n: 3}, {j: 1, c: x}, iter([one_hot])) for x in (1, 2)
        ]
        assert numbers == [1, 0]

    def test_of_a_loss(self):
        own = derive(
            -kappa * Sum(y[k] * log(a[k]), every),
            parameters=iter([kappa]),
            using=iter([H1]),
        )
        assert own.parameters == (kappa,) and own.chain.uses == (H1,)

    def test_of_texts(self):
        holds = context(iter(["softmax"]), parameters=iter([("gamma", "positive")]))
        lines = [("1 + Sum(y[k], (k, 1, n))", "a sums to 1", iter(()))]
        lines += [("2", "so do the labels", iter(["H1"]))]
        start = holds.read("start", "Sum(a[k], (k, 1, n)) + Sum(y[k], (k, 1, n))")
        chain = replace(holds, start=start).chain(iter(lines))
        assert all(step.verdict for step in chain.steps) and chain.uses == (H1,)
        given = iter([("gamma", "positive")])
        written = "-gamma*Sum(y[k]*log(a[k]), (k, 1, n))"
        assert own_loss(written, parameters=given, using=iter(["H1"])).verdict


def nested(f, times, start=z[i]):
    return reduce(lambda part, _: f(part), range(times), start)


letters = [Symbol(f"e{x}", real=True) for x in range(31)]
squares = [Definition(x, y**2 + y) for x, y in pairwise(letters)]
TOO_LARGE = {
    "a polynomial of degree 120": log(z[i] ** 60 * y[j] ** 60 - v[i] ** 60 * C**60),
    "a polynomial of degree 1000": log(z[i] ** 1000 + z[i] ** 7 + 3),
    "a sum to a tower": Sum(z[k], (k, 1, exp(exp(exp(10))))),
    "a sum to a huge number": Sum(z[k], (k, 1, 10**400)),
    "a power of powers": nested(lambda x: x**60 + 1, 3),
    "a number": Mul(z[i], Pow(2, 10**8, evaluate=False), evaluate=False),
    "a number in an exponent": Pow(10**4000 + 1, z[i], evaluate=False),
    "a number of two primes": ((10**60 + 7) * (10**61 + 1)) ** z[i],
    "a tower": z[i] ** exp(exp(exp(10))),
    "products of sums": prod(x + y for x, y in pairwise(letters)),
    "fractions within each other": nested(lambda x: 1 / (1 + x) + 1 / x, 12),
    "roots within each other": nested(lambda x: sqrt(1 + x**2), 10),
    "logarithms within each other": nested(lambda x: log(1 + x**2), 20),
    "many fractions": Add(*(1 / (x + y) for x, y in pairwise(letters))),
    "an exponent of many fractions": 2 ** Add(*(1 / (1 + x**2) for x in letters)),
    "the largest of many": Max(*letters[:12], *(x**2 for x in letters[:12])),
    "definitions in one another": letters[0] + 1,
    "a derivative": Derivative(prod(x + z[i] for x in letters), z[i], z[j]),
    "a continued fraction": nested(lambda x: exp(z[j]) / (1 + x), 30),
    "functions within each other": nested(sin, 100),
    "functions of a number": nested(tanh, 4, Rational(5, 2)),
    "a slope of many factors": Derivative(
        prod(cos(x * z[i]) for x in range(1, 99)), z[j]
    ),
    "cases": prod(1 + D(x, y) * z[x] for x, y in combinations((i, j, k, l, c), 2)),
}


@pytest.mark.parametrize("name", TOO_LARGE)
def test_what_is_too_large_is_said_to_be_so_and_soon(name):
    large = TOO_LARGE[name]
    for answer in (0, large, large + 1):
        start = process_time()
        try:
            words = check(answer, large, squares * ("def" in name)).sentence
        except NotDecidedError as refused:
            words = str(refused)
        assert process_time() - start < 5
        assert words.startswith(("differs", "cannot decide: ", "right"))


all_others = SumExcept(Sum(A[k, s], every), every, i)
others = Max(A[i, 1], y[1], SumExcept(A[i, 1], (i, 1, n), 3))
MUCH_TO_TRY = {
    "slopes": (
        Max(log(exp(2 * Y[i, t]) - exp(-A[j, t])), all_others) / 10**30,
        Max(log(exp(2 * Y[i, t]) + exp(A[j, t])), all_others) / 10**30,
    ),
    "letters": (others.xreplace({A[i, 1]: A[k, 1]}), others, Definition(y[i], a[i])),
}


@pytest.mark.parametrize("name", MUCH_TO_TRY)
def test_what_is_tried_where_an_answer_is_wrong_is_short_together(monkeypatch, name):
    proved = []

    def prove(claim):
        return bool(proved.append(claim))

    monkeypatch.setattr(deciding, "is_proved_for_every_n", prove)
    assert check(*MUCH_TO_TRY[name]).mark == "✗"
    tried = proved[1:]
    sides = [(side, x.where) for x in tried for side in (x.left, x.right)]
    assert len(tried) > 1
    assert sum(length(*side) for side in sides) <= 2 * deciding.MOST_IN_TRIES


def test_signs_of_divisors_are_looked_for_in_few_that_are_short(monkeypatch):
    squares = [(exp(2 * z[i]) - x**2) / (exp(z[i]) + x) for x in range(1, 5)]
    claim = 4 * exp(z[i]) - 10, Add(*squares)
    assert check(*claim).zeros == ()
    monkeypatch.setattr(deciding, "MOST_IN_ZEROS", 2 * length(exp(z[i]) + 1))
    assert check(*claim).zeros == (exp(z[i]) + 3, exp(z[i]) + 4)


@pytest.mark.parametrize("name", TOO_LARGE)
def test_a_loss_of_it_is_derived_or_refused_soon(name):
    loss = Sum(TOO_LARGE[name].xreplace({z[i]: z[k], y[j]: y[k]}) * z[k], every)
    start = process_time()
    with suppress(ValueError):
        assert derive(loss, parameters=[C, *letters])
    assert process_time() - start < 5


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (
            nested(lambda x: a[k] ** x, 3, a[k]),
            "powers stand 3 high .* at most 2 are allowed",
        ),
        (
            1 / sqrt(1 + Add(*(1 / sqrt(x + a[k]) for x in (1, 2, 3, 4)))),
            r"its derivative by a\[i\] is too large: .* has 2261 parts; at most 1000",
        ),
    ],
)
def test_a_loss_whose_derivative_is_too_large_is_refused_by_name(part, words):
    with pytest.raises(NotDecidedError, match=words):
        derive(Sum(y[k] * part, every))


def test_too_large_names_what_was_given_and_the_limit():
    for name, words in {
        "a power of powers": r"has \d{6} parts; at most 4000 are allowed",
        "a tower": "written out it has 1000000000 parts or more",
        "a slope of many factors": r"has \d{5} parts",
        "functions of a number": r"has \d{5} parts",
        "functions within each other": "nested 101 levels deep",
        "definitions in one another": "nested 92 levels deep; at most 40 are",
    }.items():
        with pytest.raises(NotDecidedError, match=f"too large: .*{words}"):
            check(1, TOO_LARGE[name], squares * ("def" in name))


@pytest.mark.parametrize(
    ("total", "where", "words"),
    [
        (C * Sum(L, (L, 1, n)), Definition(L, z[i]), "L has a definition here"),
        (SumExcept(L, (L, 1, n), i), Definition(L, z[i]), "L has a definition"),
        (Sum(z[L], every, (L, 1, n)), Definition(L, z[i]), "L has a definition"),
        (Sum(Symbol("a"), (Symbol("a"), 1, n)), softmax, "a has a definition here"),
        (alpha, Definition(alpha, Sum(S, (S, 1, n))), "S has a definition here"),
        (
            Sum(Derivative(L**2, L), (L, 1, n)),
            (),
            "a derivative in it is taken with respect to L",
        ),
    ],
)
def test_the_letter_of_a_sum_means_nothing_else(total, where, words):
    where = [where, normaliser] if "S has" in words else where
    for sides in ((total, z[i]), (z[i], total)):
        with pytest.raises(ValueError, match=f"is the letter of the sum .*{words}"):
            check(*sides, where=where)
    shadowed = Definition(L, alpha)  # a letter of its value is bound: that is renamed
    left, right = Sum(L * alpha, (alpha, 1, n)), alpha * Sum(kappa, (kappa, 1, n))
    assert check(left, right, where=shadowed)


def test_a_loss_is_summed_over_no_letter_with_a_meaning():
    for loss in (Sum(z[k] * S, every, (S, 1, n)), Sum(z[k] * L, every, (L, 1, n))):
        with pytest.raises(
            ValueError, match=r"[SL] (is the letter of the sum|is part)"
        ):
            derive(loss)


class TestDeclaredSigns:
    """What SymPy is told of a letter, the checks know as well."""

    @pytest.mark.parametrize(
        ("letter", "words"),
        [
            (Symbol("x"), r'x is not declared .*write Symbol\("x", real=True\)'),
            (Symbol("x", extended_positive=True), "x is not declared to be a real"),
            (Symbol("x", imaginary=True), "x is not declared to be a real number"),
            (IndexedBase("x")[i], r'write IndexedBase\("x", real=True\)'),
            (Symbol("a_i"), r"a_i is a symbol of its own: write a\[i\]"),
        ],
    )
    def test_a_letter_that_may_be_no_real_number_is_refused(self, letter, words):
        for answer in (letter, Sum(letter * z[k], every)):
            with pytest.raises(ValueError, match=words):
                check(answer, answer)

    @pytest.mark.parametrize("sign", ["negative", "nonpositive", "nonnegative"])
    def test_a_point_is_what_its_letters_are_declared_to_be(self, sign):
        letter, array = Symbol("x", **{sign: True}), IndexedBase("x", **{sign: True})
        for x in (letter, array[i]):
            size = x if sign == "nonnegative" else -x
            assert check(size, Abs(x)) and check(size, sqrt(x**2))
            assert check(size - 1, Abs(size - 1)).counterexample

    def test_a_whole_number_is_one_at_every_point(self):
        whole = Symbol("N", integer=True)
        assert check(1, (-1) ** (2 * whole)) and check(cos(whole * pi), (-1) ** whole)
        assert check(1, (-1) ** Symbol("N", even=True))
        assert check(-1, (-1) ** Symbol("N", odd=True))
        assert check(0, sin(whole / 2 * pi)).counterexample

    def test_no_number_may_be_known(self):
        letter = Symbol("x", irrational=True)
        verdict = check(letter, letter)
        assert not verdict and "fits the declaration of x" in verdict.sentence


class TestHypothesesOnSigns:
    """What a hypothesis says of signs and ranges, both judges know."""

    def test_no_label_is_negative(self):
        assert check(y[i], Abs(y[i]), using=H3) and check(Y[i, s], Abs(Y[i, s]), (), H3)
        assert check(y[i], sqrt(y[i] ** 2), using=[H1, H3])
        assert check(y[i], Abs(y[i])).counterexample
        assert check(z[i], Abs(z[i]), using=H3).counterexample
        assert not check(y[i], Abs(y[i]), using=H1)

    def test_of_an_array_that_has_a_definition(self):
        names = Definition(y[i], v[i])
        for answer in (1, 2, Sum(v[k], every)):
            verdict = check(answer, Sum(y[k], every), where=names, using=H1)
            assert not verdict and not verdict.counterexample
        verdict = check(z[i], y[i], where=names, using=H1)
        assert (
            "the hypotheses hold at none of the points that were tried"
            in verdict.sentence
        )
        assert check(1, Sum(y[k], every), where=one_hot, using=H1)
        assert check(y[i], Abs(y[i]), where=names, using=H3).points  # some v are ≥ 0

    def test_two_sums_over_two_sizes(self):
        classes, examples = Sum(v[k], every), Sum(v[s], (s, 1, m))
        for value in (0, 1, 2, -1):
            using = [Hypothesis("Hn", [classes]), Hypothesis("Hm", [examples], value)]
            assert check(1 + value, classes + examples, using=using)
            assert check(value, classes + examples, using=using).counterexample

    @pytest.mark.parametrize(
        ("array", "value", "also"),
        [(y, -1, [H3]), (IndexedBase("w", negative=True), 1, [])],
    )
    def test_those_that_leave_no_number_are_refused_by_name(self, array, value, also):
        known = Hypothesis("H8", [Sum(array[k], every)], value)
        with pytest.raises(ValueError, match=r"H8 .*no number is left for"):
            check(array[i], array[i], using=[*also, known])

    def test_a_definition_that_leaves_no_number_is_refused_by_name(self):
        with pytest.raises(ValueError, match=r"y.* and H3 contradict each other: keep"):
            check(y[i], y[i], where=Definition(y[i], -exp(z[i])), using=[H1, H3])

    def test_of_entries_that_are_spoken_of_alone(self):
        """H3 is about the n labels: y_s may be none of them, and be negative."""
        assert check(y[s], Abs(y[s]), using=H3).counterexample
        total, of_sizes = Sum(y[k], (k, 1, m)), Sum(Abs(y[k]), (k, 1, m))
        assert check(total, of_sizes, using=H3).counterexample
        renamed = Definition(v[i], y[i])
        assert check(v[i], Abs(v[i]), where=renamed, using=H3)
        assert check(v[s], Abs(v[s]), where=renamed, using=H3).counterexample


class TestBounds:
    """Where signs are known, |x|, sign x and the larger of two have a rule."""

    @pytest.mark.parametrize(
        ("answer", "question", "holds"),
        [
            (1 - y[i], Abs(1 - y[i]), {"using": [H1, H3]}),
            (1 - a[c], Abs(1 - a[c]), {"where": softmax}),
            (1, sign(1 - a[i]), {"where": softmax}),
            (a[i], Min(1, a[i]), {"where": softmax}),
            (1 - y[i], Max(0, 1 - y[i]), {"using": [H1, H3]}),
            (n - 2, Abs(n - 2), {}),
            (1 - a[i] * a[j], Abs(1 - a[i] * a[j]), {"where": softmax}),
            (1 - y[i] * y[j], Abs(1 - y[i] * y[j]), {"using": [H1, H3]}),
            (1, Max(1, Abs(a[i] - a[j])), {"where": softmax}),
            (1 + z[i] + z[i] ** 2 / 2, Abs(1 + z[i] + z[i] ** 2 / 2), {}),
        ],
    )
    def test_right(self, answer, question, holds):
        assert check(answer, question, **holds)

    @pytest.mark.parametrize(
        ("answer", "question", "holds"),
        [
            (1 - y[i], Abs(1 - y[i]), {"using": H1}),
            (1 - y[i], Abs(1 - y[i]), {"using": H3}),
            (n - 3, Abs(n - 3), {}),
            (1 - 2 * a[i] * a[j], Abs(1 - 2 * a[i] * a[j]), {"where": softmax}),
            (a[i] - a[j], Abs(a[i] - a[j]), {"where": softmax}),
            (1 + 3 * z[i] + z[i] ** 2, Abs(1 + 3 * z[i] + z[i] ** 2), {}),
            (y[i], Max(y[i], z[i]), {"using": H3}),
        ],
    )
    def test_not_right(self, answer, question, holds):
        assert not check(answer, question, **holds)


class TestWhereATextIsDefined:
    """A text is judged where it is defined as typed, before SymPy evaluates it."""

    @pytest.mark.parametrize(
        "typed",
        [
            "exp(log(z[i]))",
            "sqrt(z[i])**2",
            "sqrt(z[i])*sqrt(z[i])",
            "exp(2*log(z[i])/2)",
            "z[i] + log(z[i]) - log(z[i])",
            "z[i] + 0*log(z[i])",
            "times(sqrt(z[i]), sqrt(z[i]))",
        ],
    )
    def test_a_value_defined_at_more_points_is_not_put_in(self, typed):
        holds = context()
        given = holds.read("answer", typed)
        for other in ("z[i]", "Abs(z[i])", "sqrt(z[i]**2)"):
            verdict = holds.check(given, holds.read("of", other))
            assert verdict.counterexample is None
            assert "z[i]) has no value at 7" in verdict.sentence
            assert bool(verdict) == (other == "z[i]")
        assert holds.check(given, holds.read("of", "-z[i]")).counterexample
        assert text(holds.read("again", text(given))) == text(given)

    @pytest.mark.parametrize(
        ("typed", "value"),
        [
            ("delta/delta", "1"),
            ("0*(1/delta)", "0"),
            ("1/delta - 1/delta", "0"),
            ("1/(1/delta)", "delta"),
            ("delta**2/delta", "delta"),
            ("exp(log(1/delta))*delta", "1"),
            ("(n-2)/(n-2)", "1"),
            ("(1/(n-2))**-1", "n - 2"),
        ],
    )
    def test_nothing_that_is_divided_by_is_lost(self, typed, value):
        holds = context()
        given, other = holds.read("answer", typed), holds.read("of", value)
        assert "has no value at" in holds.check(given, other).sentence
        assert text(holds.read("again", text(given))) == text(given)

    @pytest.mark.parametrize(
        ("typed", "value", "zeros"),
        [
            ("z[j]/z[j]", "1", "z_j ≠ 0"),
            ("y[j]*a[j]/y[j]", "a[j]", "y_j ≠ 0"),
            ("(z[j]**2 - 1)/(z[j] - 1)", "z[j] + 1", "z_j − 1 ≠ 0"),
            ("z[i]*y[j]/(z[i]*y[j])", "1", "y_j ≠ 0 and z_i ≠ 0"),
        ],
    )
    def test_the_verdict_says_where_one_side_alone_is_not_defined(
        self, typed, value, zeros
    ):
        """No point that is tried has a 0 there, so only the formulas tell it."""
        holds = context()
        sides = holds.read("answer", typed), holds.read("of", value)
        for verdict in (holds.check(*sides), holds.check(*reversed(sides))):
            assert verdict
            assert verdict.sentence.startswith(f"right where {zeros}, else one side")
            assert zeros in verdict.row[1] and "≠ 0, else" in verdict._repr_markdown_()

    @pytest.mark.parametrize(
        ("left", "right", "more"),
        [
            ("1/(z[j]**2 + z[j])", "1/z[j] - 1/(1 + z[j])", {}),
            ("(1 - a[j])*z[j]/(1 - a[j])", "z[j]", {"where": [softmax]}),
            ("C*y[j]/C", "y[j]", {"where": [Definition(C, 2 + exp(z[i]))]}),
            ("(n - 1)*z[j]/(n - 1)", "z[j]", {}),
        ],
    )
    def test_nothing_is_said_of_what_is_not_0(self, left, right, more):
        holds = context()
        sides = (holds.read("a side", x) for x in (left, right))
        assert check(*sides, **more).sentence.startswith("right, for every n")

    def test_what_is_defined_everywhere_is_evaluated(self):
        for typed in ("exp(log(a[i]))", "sqrt(a[i])**2", "log(exp(a[i]))"):
            assert context().read("answer", typed) == a[i]
        for typed in ("a[i]**2/a[i]", "1/(1/a[i])", "(n*a[i]*exp(z[j]))/(exp(z[j])*n)"):
            assert context().read("answer", typed) == a[i]

    def test_a_loss_says_where_it_is_not_defined(self):
        with pytest.raises(
            ValueError, match="z_k may be 0 or negative, and log z_k is"
        ):
            own_loss("Sum(y[k]*exp(log(z[k])), (k, 1, n))")
