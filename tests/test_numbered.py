"""Classes that are given by a number: fixed ones, two of them different, all there."""

import pytest
from sympy import Abs, Integer, Rational

from derivations.formulas.claims import Claim
from derivations.formulas.facts import is_positive
from derivations.formulas.numbered import of_sizes_with_all_numbers, sizes_by_numbers
from derivations.judges.at_points.comparison import compare_at_points
from derivations.letters import *
from derivations.proof import Derivation, check
from derivations.request.context import context
from derivations.theorems.blocks import iP, zP

D = KroneckerDelta
every = (k, 1, n)
loss = [softmax, cross_entropy]

LEAST = {
    "1 and 2 are there always": ((a[1] + a[2], softmax), "every n"),
    "3 in an entry": ((a[3], softmax), "every n ≥ 3"),
    "3 in the definition alone": ((y[i], Definition(y[i], D(i, 3))), "every n ≥ 3"),
    "4 in a delta": ((D(i, 4),), "every n ≥ 4"),
    "5 is left out of a sum": ((SumExcept(z[k], every, 5),), "every n ≥ 5"),
    "3 as the end of a sum": ((Sum(z[k], (k, 1, 3)),), "every n ≥ 3"),
    "3 as its beginning": ((Sum(k**2 * z[k], (k, 3, n)),), "every n ≥ 3"),
    "an array alone": ((z[6],), "every n ≥ 6"),
    "an example": ((Y[1, 1] + Y[i, s],), "every n"),
    "two examples": ((Y[3, 2] + Y[i, s],), "every n ≥ 3 and m ≥ 2"),
    "rows of weights": ((W1[5, 2],), "every n and d ≥ 2 and h ≥ 5"),
    "an input or a hidden unit": ((W[1, 3] * W[i, p],), "every n and h ≥ 3"),
}


@pytest.mark.parametrize("name", LEAST)
def test_the_verdict_says_which_sizes_have_all_numbers(name):
    (side, *where), words = LEAST[name]
    verdict = check(side, side, where)
    assert verdict.every == words and verdict
    assert verdict.sentence.startswith(f"right, for {words} (and at ")


def test_both_ends_of_the_numbers_are_compared():
    for number in (3, 5):
        compared = compare_at_points(Claim(a[number], a[number], (softmax,)))
        ((size, sizes),) = compared.tried
        assert size == n and sizes[0] == number and len(sizes) >= 4


def test_an_entry_is_one_of_those_that_a_hypothesis_speaks_of():
    for using in (H3, (H1, H3)):
        verdict = check(y[3], Abs(y[3]), using=using)
        assert verdict and verdict.every == "every n ≥ 3"
    assert not check(y[3], Abs(y[3]), using=H1)


def test_a_size_that_is_larger_is_different_from_the_others_all_the_same():
    larger = sizes_by_numbers(Claim(Y[i, 3], Y[4, s]))
    assert {str(old): new.least for old, new in larger.items()} == {"n": 4, "m": 3}


FALSE = {
    "two classes are two": (-a[2] * a[3], Derivative(a[2], z[2]), {"where": softmax}),
    "a class is no other": (z[1], z[2], {}),
    "a letter may be the class": (
        -a[1] * a[j],
        Derivative(a[1], z[j]),
        {"where": softmax},
    ),
    "a class taken out": (SumExcept(z[k], every, 1), Sum(z[k], every) - z[2], {}),
    "cut too early": (Sum(z[k], (k, 1, 2)), z[1] + z[2] + z[3], {}),
    "cut too late": (Sum(z[k], (k, 3, n)), Sum(z[k], every) - z[1], {}),
    "an example is no class": (1, Sum(Y[3, t], (t, 1, m)), {"using": H1}),
    "three classes are not all": (1, Sum(a[k], (k, 1, 3)), {"where": softmax}),
    "two classes are not all": (1, a[1] + a[2], {"where": softmax}),
    "positive without two others": (Abs(S - exp(z[1])), S - exp(z[1]), {}),
    "n is 3 or more": (Abs(n - 4) * z[3], (n - 4) * z[3], {}),
}


@pytest.mark.parametrize("name", FALSE)
def test_is_refuted(name):
    answer, question, holds = FALSE[name]
    verdict = check(answer, question, **holds)
    assert not verdict.proved and verdict.counterexample


def test_a_sum_may_be_0_where_two_terms_are_left_out():
    rest = Sum(exp(z[k]), every) - exp(z[1]) - exp(z[2])  # 0 at n = 2
    assert is_positive(rest + exp(z[2])) and not is_positive(rest)


def test_a_size_with_a_number_is_as_large_everywhere():
    assert check(Abs(n - 3) * z[3], (n - 3) * z[3])
    assert check((n**2 - 4) / (n - 2) * z[3], (n + 2) * z[3])
    assert not check((n**2 - 4) / (n - 2) * z[2], (n + 2) * z[2])


def test_a_counterexample_names_the_entries_of_an_array_that_is_not_shown_whole():
    apart = str(check(z[2], z[3]).counterexample)
    assert apart == "z_2 = 0.5, z_3 = 1.9"
    matrix = str(check(Z[1, 2], Z[2, 1]).counterexample)
    assert matrix == "Z_{1,2} = 1.9, Z_{2,1} = 1.6"
    assert str(check(z[2], z[1]).counterexample) == "z_1 = 0.2, z_2 = 0.5"
    some = str(check(1, y[1] + y[2], using=H1).counterexample)  # they are not all
    assert some.startswith("y_1 = ")
    assert str(check(n * z[1], n * z[2]).counterexample) == "n = 2, z = (0.2, 0.5)"


NO_INDEX = [z[0], z[-1], Z[1, 0], W[0, q], z[Rational(1, 2)], Sum(z[k], (k, 0, n))]


@pytest.mark.parametrize("part", [*NO_INDEX, SumExcept(z[k], every, Integer(0))])
def test_what_no_class_has_is_refused_by_name(part):
    with pytest.raises(ValueError, match="is no index: classes run from 1 to n, exam"):
        check(part, part)


def test_a_sum_without_terms():
    with pytest.raises(ValueError, match="has no terms: write 0"):
        check(0, Sum(z[k], (k, 3, 2)))


def test_a_large_number_is_too_large_and_not_slow():
    assert check(y[100], y[100], using=H1)
    for number in (101, 10**9):
        verdict = check(y[number], y[number], using=H1)
        assert f"too large: the formula needs n ≥ {number}" in verdict.sentence


def test_many_terms_are_too_many():
    verdict = check(Sum(z[k], (k, 1, 65)), Sum(z[k], (k, 1, 65)) + 0 * z[1])
    assert "too large: 65 terms of a sum" in verdict.sentence


def test_a_definition_over_what_does_not_count_is_refused():
    for index in (n, Symbol("x", integer=True)):
        with pytest.raises(TypeError, match="is not an index: write v"):
            Definition(v[index], alpha)


def test_a_case_may_have_a_number():
    slope = Derivative(a[1], z[j])
    assert check(-a[1] * a[j], slope, softmax, case=Ne(j, 1))
    assert check(a[1] * (1 - a[j]), slope, softmax, case=Eq(1, j))
    assert not check(-a[1] * a[j], slope, softmax, case=Ne(j, 2))
    verdict = check(-a[1] * a[j], slope, softmax, case=Ne(j, 4))
    assert verdict.counterexample and verdict.every == "every n ≥ 4"


def test_a_chain_goes_on_in_the_same_letters():
    chain = Derivation(Derivative(L, z[3]), loss)
    chain = chain.step(a[3] * Sum(y[k], every) - y[3], "the chain rule")
    chain = chain.step(a[3] - y[3], "labels sum to 1", using=H1)
    chain.step(a[3] - y[3] + z[i] - z[i], "for any i")
    assert "Proved for every $n$ from 3 on, and" in chain.to_markdown()


def test_a_sum_that_is_cut_stands_in_other_sums():
    parts = Sum(y[k] * Sum(z[l], (l, 2, n)), (k, 1, 2))
    assert check(parts, (y[1] + y[2]) * (Sum(z[k], every) - z[1]))
    assert check(Sum(k * z[k], (k, 1, 2)), z[1] + 2 * z[2])
    assert check(Sum(Derivative(L, z[k]), (k, 2, n)), y[1] - a[1], loss, using=H1)
    pairs = Sum(D(k, l) * z[k], (k, 1, n), (l, 2, 3))
    assert check(pairs, z[2] + z[3])
    inner = Sum(D(k, l) * z[k], (k, 2, 3), (l, 1, n))
    assert check(inner, z[2] + z[3])
    letter = Symbol("x", integer=True)
    verdict = check(Sum(z[letter], (letter, 1, 3)), z[1] + z[2] + z[3])
    assert verdict and verdict.every == "every n ≥ 3"


def test_a_block_with_a_number():
    delta = D(iP, 3)
    verdict = check(zP[3] * delta, zP[iP] * delta)
    assert verdict and verdict.every == "all nP ≥ 3"
    chain = Derivation(zP[3] * delta).step(zP[iP] * delta, "class 3")
    assert "Proved for every $n_{P}$ from 3 on, and" in chain.to_markdown()


def test_what_was_left_as_written_is_left_so():
    claim = Claim(times(z[3] + 1, 1 / (z[3] + 1)), times(z[i], z[i]))
    larger = of_sizes_with_all_numbers(claim)
    assert larger.left == claim.left != 1
    assert len(larger.right.args) == 2


TEXTS = {
    "-a[2]*a[3]": "Derivative(a[2], z[3])",
    "1 - a[1]": "Sum(a[k], (k, 2, n))",
    "a[1] + a[2] + a[3]": "Sum(a[k], (k, 1, 3))",
    "a[j] - KroneckerDelta(j, 1)": "Derivative(-log(a[1]), z[j])",
}


@pytest.mark.parametrize("answer", TEXTS)
def test_as_text(answer):
    holds = context(["softmax"])
    question = holds.read("of", TEXTS[answer])
    assert holds.check(holds.read("answer", answer), question)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a[0]", "classes and examples count from 1"),
        ("KroneckerDelta(i, 0)", "classes and examples count from 1"),
        ("Sum(a[k], (k, 0, 3))", "k counts from 1"),
        ("Sum(a[k], (k, 3, 2))", "a sum from 3 to 2 has no terms"),
        ("Sum(a[k], (k, 1, m))", "k counts to n"),
    ],
)
def test_what_is_no_number_of_a_class_in_a_text(source, words):
    with pytest.raises(ValueError, match=words):
        context().read("answer", source)
