"""The benchmark measures what it says: its ways agree, its statements are true."""

import json
import subprocess
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from bench import begin, goals, gradient, large, proof, side_by_side
from bench.__main__ import main
from bench.side_by_side import OURS, as_arrays, print_one
from derivations.judges.for_every_n import derivatives
from derivations.theorems import catalogue


@pytest.mark.parametrize("way", begin.WAYS)
def test_every_way_to_begin_runs_to_its_end(way, monkeypatch):
    begin.begin(way)
    option, *given = begin.WAYS[way]
    monkeypatch.setitem(begin.WAYS, way, [option, f"{given[0]}_of_no_name", *given[1:]])
    with pytest.raises(subprocess.CalledProcessError):
        begin.begin(way)


@pytest.mark.parametrize("name", [*proof.SHOWN, "blocks.logits"])
def test_a_statement_in_plain_symbols_is_found_true(name):
    assert proof.explicit(name, 3) and proof.OURS["statement"](name)


@pytest.mark.parametrize("name", ["softmax.derivative", "logits.gradient"])
def test_a_false_statement_in_plain_symbols_is_not(name, monkeypatch):
    claim = proof.claim_of(name)
    wrong = replace(claim, right=claim.right + 1)
    monkeypatch.setattr(proof, "claim_of", lambda name: wrong)
    assert not proof.explicit(name, 3)


def test_the_gradient_needs_labels_that_sum_to_1(monkeypatch):
    monkeypatch.setattr(proof, "known_entries", lambda *given: {})
    assert not proof.explicit("logits.gradient", 3)


def test_a_run_begins_with_nothing_remembered_and_proves_something():
    claim = proof.claim_of("logits.gradient")
    normal = derivatives.Unfolding(claim.where, claim.case).normal

    def knows_nothing():
        before = derivatives._normal.cache_info().currsize
        normal(claim.left)
        return before == 0

    knows_nothing()
    assert not knows_nothing()
    assert proof.capped(knows_nothing) > 0
    with pytest.raises(AssertionError, match="did not find"):
        proof.capped(lambda: False)


def test_a_chain_is_timed_with_the_theorem_it_begins_with():
    names = ["logits.gradient", "logits.by_jacobian"]
    assert proof.chain(names[0]) and proof.chain(names[0])
    for name in names:
        assert catalogue()[name].cache_info().misses == 1


def test_proofs_are_counted_where_ours_took_less_and_where_they_were_ended(monkeypatch):
    names = list(catalogue())
    times = {size: dict.fromkeys(names, 2.0) for size in proof.SIZES}
    times |= {job: dict.fromkeys(names, 1.0) for job in proof.OURS}
    times["chain"][names[0]], times[3][names[1]] = 3.0, proof.CAP
    found = lambda _, jobs, rounds=1: {x: times[x] for x in jobs}  # noqa: E731
    monkeypatch.setattr(proof, "side_by_side", found)
    _, table = proof.tables(1)
    assert f"chain is ahead |  |  | {4 * f'{len(names) - 1} | '}".rstrip() in table
    assert f"ended after {proof.CAP} s |  |  | 1 | 0 | 0 | 0 |" in table


@pytest.mark.parametrize(("bench", "size"), [(gradient, (5, 7)), (large, (7, 3, 5))])
def test_every_way_agrees_with_ours_in_double_precision(bench, size):
    given = bench.data(*size)
    double = [x.astype(float) if x.dtype == np.float32 else x for x in given]
    exact = as_arrays(bench.WAYS[OURS](*double)())
    for name in bench.WAYS:
        if not name.startswith(side_by_side.MISSING):
            found = as_arrays(bench.WAYS[name](*given)())
            for x, y in zip(found, exact, strict=True):
                np.testing.assert_allclose(x, y, rtol=0, atol=1e-5 * np.abs(y).max())


def test_a_way_is_measured_in_time_memory_and_error(monkeypatch, capsys):
    def holds(size, x):
        return lambda: (np.ones(size // 8), 2 * x)[1]

    monkeypatch.setattr(side_by_side.sys, "argv", ["", "theirs", "3"])
    monkeypatch.setattr(side_by_side, "seconds", lambda run: 1.5)
    ways = {OURS: partial(holds, 8), "theirs": partial(holds, 2**26)}
    given = lambda n: (np.ones(n),)  # noqa: E731
    print_one(ways, given, small=(2,), results=["x"])
    found = json.loads(capsys.readouterr().out)
    assert found["s"] == 1.5 and found["error of x"] == 0 and 60 < found["MiB"] < 70
    with pytest.raises(AssertionError, match="theirs"):
        print_one(ways | {"theirs": lambda x: lambda: 3 * x}, given, (2,), ["x"])


def test_errors_are_left_out_where_the_command_line_says_so(monkeypatch, capsys):
    words = ["", OURS, "3", "--no-errors"]
    monkeypatch.setattr(side_by_side.sys, "argv", words)
    monkeypatch.setattr(side_by_side, "seconds", lambda run: 1.5)
    ways = {OURS: lambda x: lambda: x}
    print_one(ways, lambda n: (np.ones(n),), small=(2,), results=["x"])
    assert json.loads(capsys.readouterr().out).keys() == {"s", "MiB"}


def test_a_goal_is_reached_by_the_ratio_to_the_best_other():
    others = {"theirs, in chunks": 10.0, "theirs": 20.0}
    for ours, reached in ((8.5, "yes"), (8.6, "no")):
        row = goals.Row("a layer", 0.85, "ms", (OURS, ours), others)
        assert row.cells[2] == "theirs, in chunks: 10.0 ms"
        assert row.cells[-1] == reached
    assert goals.Row("a layer", 0.85, "ms", (OURS, 8.5), {}).cells[-1] == "no"


def test_each_goal_is_a_row_with_its_setting(monkeypatch):
    asked = []

    def measured(module, ways, size=(), rounds=1):
        asked.append((module, *size))
        return {way: {"s": 1.0, "MiB": 60.0} for way in ways}

    monkeypatch.setattr(goals, "side_by_side", measured)
    monkeypatch.setattr(goals, "_peak", lambda n, d: 7.0)
    monkeypatch.setattr(goals.shutil, "which", lambda name: name)
    [table] = goals.tables(1)
    lines = table.splitlines()[2:]
    assert len(lines) == 4 + 1 + len(gradient.SIZES) + 1 + 3 + 1 + 0
    assert all(line.endswith((" yes |", " no |")) for line in lines)
    assert ("large", 50257, 256, 4096, "--no-errors") in asked


def test_ways_take_turns_and_a_slow_one_runs_once(monkeypatch):
    seconds, asked = {"a": [1, 5, 2], "slow": [99]}, []

    def run(command, **options):
        *_, name, _ = command
        asked.append(name)
        return SimpleNamespace(stdout=json.dumps({"s": seconds[name].pop(0)}))

    monkeypatch.setattr(side_by_side.subprocess, "run", run)
    monkeypatch.setattr(side_by_side, "MISSING", ("JAX",))
    found = side_by_side.side_by_side("large", ["a", "slow", "JAX, jit"], [3], rounds=3)
    assert found == {"a": {"s": 2}, "slow": {"s": 99}}
    assert asked == ["a", "slow", "a", "a"]


def test_the_command_prints_a_table_of_processes(monkeypatch, capsys):
    monkeypatch.setattr(gradient, "SIZES", ((5, 7),))
    monkeypatch.setattr(gradient, "WAYS", [OURS])
    main(["--only", "gradient", "--rounds", "1"])
    printed = capsys.readouterr().out
    assert printed.startswith("# Benchmark") and printed.count("| ours |") == 1
    with pytest.raises(SystemExit):
        main(["--rounds", "0"])
