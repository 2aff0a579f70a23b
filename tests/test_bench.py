"""The benchmark measures what it says: its ways agree, its statements are true."""

from copy import deepcopy
from types import SimpleNamespace

import numpy as np
import pytest
from sympy import Integer

import helpers
from bench import gradient, large, proof, rounds, series
from bench.__main__ import main
from bench.drawing import draw
from derivations.judges.for_every_n import derivatives
from derivations.theorems import catalogue


@pytest.mark.parametrize("name", proof.IN_WORDS)
def test_a_statement_in_plain_symbols_is_found_true(name):
    assert proof.explicit(name, 3) and proof.statement(name)


@pytest.mark.parametrize("name", [x for x in catalogue() if x.startswith("blocks.")])
def test_the_classes_of_plain_symbols_are_cut_into_blocks(name):
    assert proof.explicit(name, 3)


@pytest.mark.parametrize("name", ["softmax.derivative", "logits.gradient"])
def test_a_false_statement_in_plain_symbols_is_not(name, monkeypatch):
    right = proof.difference
    monkeypatch.setattr(proof, "difference", lambda *given: right(*given) + Integer(1))
    assert not proof.explicit(name, 3)


def test_the_gradient_needs_labels_that_sum_to_1(monkeypatch):
    monkeypatch.setattr(proof, "known_entries", lambda *given: {})
    assert not proof.explicit("logits.gradient", 3)


def test_a_run_starts_with_nothing_remembered():
    claim = proof.claim_of(catalogue()["logits.gradient"]())
    unfolding = derivatives.Unfolding(claim.where, claim.case)

    def knows_nothing():
        before = derivatives._normal.cache_info().currsize
        unfolding.normal(claim.left)
        return before == 0

    knows_nothing()
    assert not knows_nothing()
    assert proof.capped(knows_nothing) > 0


def test_a_chain_is_timed_with_the_theorem_it_begins_with():
    names = ["logits.gradient", "logits.by_jacobian"]
    for name in names:
        catalogue()[name]()
    assert proof.chain("logits.gradient")
    for name in names:
        known = catalogue()[name].cache_info()
        assert (known.hits, known.misses) == (0, 1)


@pytest.mark.parametrize("job", ["chain", "statement", "3"])
def test_a_job_is_run_for_each_theorem(job, monkeypatch):
    few = {"softmax.case_equal": catalogue()["softmax.case_equal"]}
    monkeypatch.setattr(proof, "catalogue", lambda: few)
    assert 0 < proof.every_theorem(job)["softmax.case_equal"] < proof.CAP


def test_a_process_of_its_own_is_asked_for_a_job(monkeypatch):
    asked = []

    def run(command, **options):
        asked.append(command[-2:])
        return SimpleNamespace(stdout='{"softmax.case_equal": 1.0}')

    monkeypatch.setattr(proof.subprocess, "run", run)
    times = proof.measure(2)
    plain = [["bench.proof", str(size)] for size in proof.SIZES]
    ours = [["bench.proof", job] for job in proof.OURS]
    assert asked == [*ours, *plain, *ours]
    assert list(times) == [*proof.OURS, *proof.SIZES]


def test_a_run_that_proves_nothing_is_no_time():
    with pytest.raises(AssertionError, match="did not find"):
        proof.capped(lambda: False)


def test_every_way_to_the_gradient_agrees():
    Z, labels = gradient.data(5, 7)
    exact = helpers.softmax_cross_entropy_grad(Z.astype(float), labels)
    found = gradient.ways(Z, labels)
    assert {gradient.OURS, gradient.TEXTBOOK, gradient.JACOBIAN} < set(found)
    for name, way in found.items():
        assert gradient.error(way(), exact) < 1e-4, name


def test_a_wrong_way_is_not_timed(monkeypatch):
    monkeypatch.setattr(gradient, "textbook", lambda Z, Y: helpers.softmax(Z))
    with pytest.raises(AssertionError):
        gradient.measure_one((5, 7), 1)


def test_the_memory_of_a_second_array_is_seen(monkeypatch):
    Z, labels = gradient.data(200, 1000)
    right = helpers.softmax_cross_entropy_grad
    assert gradient.extra_memory(Z, labels) < Z.nbytes / 4
    twice = lambda Z, Y: right(Z, Y) + right(Z, Y)  # noqa: E731
    monkeypatch.setattr(helpers, "softmax_cross_entropy_grad", twice)
    assert gradient.extra_memory(Z, labels) > Z.nbytes


def test_ours_holds_three_rows_beside_its_result():
    Z, labels = gradient.data(5, 200_000)  # a whole array would be five rows
    assert gradient.extra_memory(Z, labels) <= gradient.most_extra(labels.size)


def test_ways_take_turns_and_a_slow_one_runs_once():
    order = []

    def way(name, taken):
        return lambda: order.append(name) or taken

    given = {"a": way("a", 1.0), "slow": way("slow", 9.0), "b": way("b", 2.0)}
    assert rounds.in_turn(given, 2, patience=5) == {
        "a": (1.0, 2),
        "slow": (9.0, 1),
        "b": (2.0, 2),
    }
    assert order == ["a", "slow", "b", "a", "b", "b", "a"]


def test_proofs_are_reported_with_what_was_not_reached():
    names = list(catalogue())
    times = {size: dict.fromkeys(names, 2.0) for size in proof.SIZES}
    times["chain"] = dict.fromkeys(names, 1.0)
    times["statement"] = dict.fromkeys(names, 0.5)
    assert "**no**" not in proof.report(times)
    times["chain"][names[0]] = 3.0
    report = proof.report(times)
    assert report.count("**no**") == 1 and f"| {len(names) - 1} |" in report
    times[proof.SIZES[0]][names[0]] = proof.CAP
    assert f"ended after {proof.CAP} s |  |  | 1 | 0 | 0 | 0 |" in proof.report(times)


def test_gradients_are_reported_with_what_was_not_reached():
    times = {gradient.OURS: (1.0, 3), gradient.TEXTBOOK: (1.1, 3)}
    times[gradient.AUTOGRAD] = (3.0, 3)
    found = {(5, 7): {"times": times, "errors": {}, "extra": 0}}
    assert "**no**" not in gradient.report(found)
    times[gradient.TEXTBOOK] = (0.9, 3)
    times[gradient.AUTOGRAD] = (1.9, 3)
    found[5, 7]["extra"] = 2**20
    assert gradient.report(found).count("**no**") == 3


def test_the_series_is_compared_with_as_many_notebooks(tmp_path):
    ours = series.notebooks()
    made = series.only_imports(tmp_path, len(ours))
    assert len(ours) == len(made) > 10
    assert not any(path.name == series.TRAINING for path in ours)
    times = {"the series": (1.4, 1), "imports only": (1.0, 1)}
    assert "**yes**" in series.report((times, len(ours)))
    times["the series"] = (1.6, 1)
    assert "**no**" in series.report((times, len(ours)))


def test_the_command_prints_a_document_and_draws_it(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(gradient, "SIZES", ((5, 7), (6, 4), (7, 5)))
    monkeypatch.setattr("bench.__main__.PICTURE", tmp_path / "bench.svg")
    main(["--only", "gradient", "--rounds", "1"])
    printed = capsys.readouterr().out
    assert printed.startswith("# Benchmark") and printed.count("| ours |") == 3
    assert (tmp_path / "bench.svg").read_text().count("<svg") == 1


@pytest.mark.parametrize("given", ["0", "-1", "many"])
def test_a_number_of_rounds_that_is_none(given, capsys):
    with pytest.raises(SystemExit):
        main(["--rounds", given])
    assert "expected 1 or more" in capsys.readouterr().err


def test_numbers_in_a_table_have_three_digits():
    assert [rounds.figure(x) for x in (0.0123, 1.5, 15.33, 1234.5)] == [
        "0.0123", "1.50", "15.3", "1234"
    ]  # fmt: skip
    assert np.isclose(float(rounds.figure(2 / 3)), 2 / 3, rtol=1e-3)


LAYER = (7, 3, 5)


@pytest.mark.parametrize("name", large.here(large.WAYS))
def test_every_way_through_a_large_layer_agrees(name):
    given = large.data(*LAYER)
    found = large.WAYS[name](*given)()
    assert max(large.errors(found, large.exact(*given))) < 1e-5


def test_an_error_of_one_entry_is_seen():
    given = large.data(*LAYER)
    wanted = large.exact(*given)
    J, dW, db, dX = large.exact(*given)
    dW[2, 1] += np.abs(dW).max() / 1000
    assert large.errors((J, dW, db, dX), wanted) == pytest.approx([0, 1e-3, 0, 0])


def test_memory_is_the_peak_beyond_the_results():
    def run():
        once = np.ones(2**23)  # 64 MiB, given back before the end
        return [np.zeros(2**17), once[: 6 * 2**20].copy()]  # 1 and 48 MiB

    assert np.ones(2**25).size  # 256 MiB, before it is measured
    assert 55 * 2**20 < large.extra_memory(run) < 75 * 2**20


def test_a_way_is_a_process_that_is_asked_for_jobs():
    found = large.asked(["peak", "errors"], [large.OURS], LAYER, rounds=1)
    assert set(found[large.OURS]) == {"peak", "errors", "seconds"}
    assert max(found[large.OURS]["errors"]) < 1e-5
    alone = large.asked([], [large.OURS, large.JAX], LAYER[::2], rounds=1)
    assert all(way["seconds"][0] > 0 for way in alone.values())
    with large.Process(large.OURS, LAYER) as way:
        process = way.process
    assert process.returncode == 0


def large_layers():
    """What `large.measure` could find where every goal is reached."""
    names = large.WAYS
    times = {x: {"seconds": (2.0, 5), "errors": [0, 0, 0, 0]} for x in names}
    times[large.OURS]["seconds"] = (1.0, 5)
    peaks = {name: {"peak": 16 * 2**20} for name in names}
    peaks[large.OURS]["peak"] = 2**20
    short = {large.OURS: {"seconds": (1.0, 5)}, large.PLAIN: {"seconds": (1.0, 5)}}
    alone = {large.OURS: {"seconds": (1.0, 5)}, large.JAX: {"seconds": (1.0, 5)}}
    return {
        "times": times,
        "peaks": peaks,
        "small": short,
        "grown": {n: {"peak": 2**20, "seconds": (n / 1e5, 5)} for n in large.GROWING},
        "alone": {size: deepcopy(alone) for size in gradient.SIZES},
    }


SPOILT = [
    (("times", large.TORCH, "seconds"), (1.1, 5), "0.9 times PyTorch"),
    (("times", f"{large.FUSED}, chunks of 256", "seconds"), (0.9, 5), "1.1 times"),
    (("times", large.JAX, "seconds"), (0.9, 5), "Ahead of JAX"),
    (("times", large.OURS, "errors"), [0, 0, 3e-6, 0], "2e-6"),
    (("peaks", large.PLAIN, "peak"), 7 * 2**20, "1/8"),
    (("peaks", f"{large.FUSED}, chunks of 64", "peak"), 2**20, "1/2"),
    (("grown", large.GROWING[-1], "peak"), 2**21, "flat"),
    (("grown", large.GROWING[0], "seconds"), (2.0, 5), "time of a class"),
    (("small", large.PLAIN, "seconds"), (0.8, 5), "Few classes"),
    (("alone", gradient.SIZES[1], large.JAX, "seconds"), (0.9, 5), "m = 4096"),
]


@pytest.mark.parametrize(("place", "value", "goal"), SPOILT)
def test_large_layers_are_reported_with_what_was_not_reached(place, value, goal):
    found = large_layers()
    report = large.report(found)
    assert "**no**" not in report
    assert report.count("**yes**") == len(SPOILT) + 2  # three sizes of the gradient
    *path, last = place
    part = found
    for key in path:
        part = part[key]
    part[last] = value
    missed = [goal for goal, reached in large.goals(found) if not reached]
    assert len(missed) == 1 and goal in missed[0]
    assert large.report(found).count("**no**") == 1


def test_goals_that_need_what_is_not_installed_are_not_decided():
    found = large_layers()
    for name in [*large.LIBRARIES["torch"], large.JAX]:
        del found["times"][name], found["peaks"][name]
    for ways in found["alone"].values():
        del ways[large.JAX]
    decided = [goal for goal, _ in large.goals(found)]
    assert not any("PyTorch" in goal or "JAX" in goal for goal in decided)
    assert len(decided) == 5


def test_large_layers_are_drawn(tmp_path):
    draw({"large": large_layers()}, tmp_path / "large.svg")
    assert (tmp_path / "large.svg").read_text().count("<svg") == 1
