"""Which points: sizes, choices of the indices, and the numbers of the entries."""

import pytest
from sympy import Eq, Ne, Rational

from derivations.formulas.indices import Size
from derivations.judges.at_points.samples import (
    SAMPLES,
    Entries,
    at_ends,
    choices,
    every_choice,
    samples_with,
)
from derivations.letters import (
    H1,
    H3,
    H4,
    Hypothesis,
    Sum,
    Y,
    d,
    i,
    j,
    k,
    m,
    n,
    s,
    t,
    v,
    y,
)
from derivations.theorems.blocks import mE, mF, nP, nQ

for sample in SAMPLES:
    assert len(set(sample.sizes.values())) == len(sample.sizes) == 4


def test_n_goes_from_2_to_5_with_every_choice_of_the_indices_and_on_to_7():
    every = [x.sizes[n] for x in SAMPLES if x.most >= 5**4]
    assert every == [2, 3, 4, 5]
    assert max(sample.sizes[n] for sample in SAMPLES) == 7


def test_entries_are_large_and_tiny_and_all_positive_somewhere():
    scales = [sample.scale for sample in SAMPLES]
    assert max(scales) >= 30 and min(scales) <= Rational(1, 1000)
    assert not all(sample.of_either_sign for sample in SAMPLES)


@pytest.mark.parametrize("facts", [(H3,), (H4,), (H1, H3), (H1, H4)], ids=str)
def test_labels_of_known_ranges_are_inside_and_at_the_ends(facts):
    hard = 0
    for base, behind in ((y, ()), (Y, (1,))):
        met = set()
        for sample in (*SAMPLES, *at_ends(SAMPLES, facts)):
            rows = range(1, sample.sizes[n] + 1)
            column = [Entries(sample, facts)(base, (row, *behind)) for row in rows]
            assert H1 not in facts or sum(column) == 1
            hard += set(column) == {0, 1}
            met |= set(column)
        assert 0 in met and min(met) == 0
        assert any(0 < x < 1 for x in met)
        if facts != (H3,):
            assert max(met) == 1
    assert hard or H1 not in facts


def test_a_sum_over_several_arrays_is_kept_at_the_ends():
    both = Hypothesis("both", [Sum(y[k], (k, 1, n)) + Sum(v[k], (k, 1, n))])
    for sample in at_ends(SAMPLES, (both, H3)):
        entries, rows = Entries(sample, (both, H3)), range(1, sample.sizes[n] + 1)
        assert sum(entries(base, (row,)) for base in (y, v) for row in rows) == 1
    assert at_ends(SAMPLES, (both,)) == at_ends(SAMPLES, ()) == ()


def test_sizes_that_the_series_knows_are_as_they_were():
    assert samples_with((m, n)) == SAMPLES
    for before, sample in zip(SAMPLES, samples_with((nP, nQ)), strict=True):
        assert sample.sizes.items() >= before.sizes.items()
        assert sample[1:] == before[1:]


@pytest.mark.parametrize(
    "sizes", [(nP,), (nP, nQ), (mE, mF), (m, nP, nQ), (d, m, nP, nQ), (n, nP)]
)
def test_a_size_of_a_claim_alone_is_none_of_its_others_and_somewhere_1(sizes):
    samples = [[x.sizes[size] for size in sizes] for x in samples_with(sizes)]
    assert all(len(set(numbers)) == len(sizes) for numbers in samples)
    for place, size in enumerate(sizes):
        if size in (nP, nQ, mE, mF):
            numbers = [x[place] for x in samples]
            assert min(numbers) == 1 < max(numbers)
            assert sorted(numbers)[4] > 1  # and often more


def test_a_size_of_at_least_2():
    size = Size("nR", "kR", least=2)
    assert min(x.sizes[size] for x in samples_with((size, n))) == 2


def test_every_choice_of_the_indices_is_met_once():
    for case, count in ((None, 25), (Eq(i, j), 5), (Ne(i, j), 20)):
        met = [tuple(at.values()) for at in every_choice([i, j], {n: 5}, case)]
        assert len(met) == len(set(met)) == count


def test_of_many_choices_some_are_met_in_every_case():
    for case in (None, Eq(i, j), Ne(i, j)):
        for sample in SAMPLES:
            found = choices([i, j, k, s, t], sample, case)
            assert 0 < len(found) <= sample.most
            assert all(case is None or case.subs(at) for at in found)


def test_labels_that_sum_to_1_have_both_signs_somewhere_unless_none_is_negative():
    def columns(facts):
        for sample in SAMPLES:
            numbers = [
                Entries(sample, facts)(y, (x,)) for x in range(1, sample.sizes[n] + 1)
            ]
            assert sum(numbers) == 1
            yield bool(min(numbers) < 0)

    assert sum(columns([H1])) == 2
    assert not any(columns([H1, H3]))
