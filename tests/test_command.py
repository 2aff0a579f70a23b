"""`python -m derivations`: the list, one chain, and what it says of mistakes."""

import os
import re
import subprocess
import sys
from itertools import groupby

import pytest

import derivations.__main__ as command
from derivations.letters import a, i, j, softmax
from derivations.proof import Derivation
from derivations.theorems import catalogue

NAMES = list(catalogue())
ROW = re.compile(r"(\S+) +(\d+) +(\d+) +(\d+\.\d\d)  (.+)")


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "derivations", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        timeout=120,
        check=False,
    )


def rows(printed):
    found = (ROW.fullmatch(line) for line in printed.splitlines())
    return {row[1]: row.groups()[1:] for row in found if row}


def test_the_list_of_a_fresh_process():
    done = run()
    assert (done.returncode, done.stderr) == (0, "")
    found = rows(done.stdout)
    assert list(found) == NAMES
    for name, (steps, points, seconds, verdict) in found.items():
        chain = catalogue()[name]()
        assert int(steps) == len(chain.steps)
        assert int(points) == sum(x.verdict.points for x in chain.steps)
        assert float(seconds) < 10
        assert verdict == f"proved for {chain.steps[-1].verdict.every}"
    assert found["blocks.merged"][-1] == "proved for all nP, nQ"
    assert found["logits.gradient"][-1] == "proved for every n"
    last = done.stdout.splitlines()[-1]
    assert last.startswith(f"{len(NAMES)} theorems, 0 failed, ")


SERIES = [  # notebooks 02, 03, 04, 06, 07, 11 to 14, and on large vocabularies
    "softmax",
    "cross_entropy",
    "logits",
    "batch",
    "layers",
    "labels",
    "temperature",
    "weights",
    "other_losses",
    "binary",
    "hessian",
    "attention",
    "matched",
    "blocks",
]


def listed(capsys):
    assert command.main([]) in (0, 1)
    head, *lines = capsys.readouterr().out.splitlines()
    return head, [line for line in lines if ROW.fullmatch(line)]


def test_theorems_are_listed_in_the_order_of_the_series(capsys):
    _, lines = listed(capsys)
    topics = [line.split(".")[0] for line in lines]
    assert [topic for topic, _ in groupby(topics)] == SERIES


@pytest.mark.parametrize("longest", ["short", "a." + 60 * "n"])
def test_columns_stand_below_their_heads(monkeypatch, capsys, longest):
    few = {"x": catalogue()["softmax.sums_to_one"]}
    few[longest] = catalogue()["labels.smoothing_others"]
    monkeypatch.setattr(command, "catalogue", lambda: few)
    head, lines = listed(capsys)
    assert len(lines) == 2
    ends = [word.end() for word in re.finditer(r"steps|points|seconds", head)]
    verdict = head.index("verdict")
    for line in lines:
        words = [word.end() for word in re.finditer(r"\S+", line)][1:4]
        assert words == ends
        assert line[:verdict].endswith("  ") and line[verdict] != " "


def test_one_that_fails(monkeypatch, capsys):
    def wrong():
        return Derivation(a[i], where=[softmax]).step(a[j], "a slip")

    def crash():
        raise ZeroDivisionError("by zero")

    right = catalogue()["softmax.sums_to_one"]
    known = {"wrong": wrong, "crash": crash, "right": right}
    known["empty"] = lambda: Derivation(a[i])
    monkeypatch.setattr(command, "catalogue", lambda: known)
    assert command.main([]) == 1
    printed = capsys.readouterr()
    verdicts = {name: row[-1] for name, row in rows(printed.out).items()}
    assert verdicts.pop("right") == "proved for every n"
    assert verdicts == dict.fromkeys(("wrong", "crash", "empty"), "FAILED")
    assert "4 theorems, 3 failed" in printed.out
    assert "wrong: step 1 (a slip) is refused" in printed.err
    assert "differs: at " in printed.err
    assert "crash: by zero" in printed.err
    assert "empty: it has no steps" in printed.err


@pytest.mark.parametrize("name", NAMES)
def test_one_chain_in_each_format(name, capsys):
    chain = catalogue()[name]()
    for form, expected in (
        ("text", repr(chain)),
        ("markdown", chain.to_markdown()),
        ("latex", chain.to_latex()),
    ):
        assert command.main([name, "--format", form]) == 0
        assert capsys.readouterr().out == expected + "\n"


def test_text_is_the_default():
    done = run("softmax.case_unequal")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Derivative(a[i], z[j])    where ")
    assert "  = -a[i]*a[j]    ✓ " in done.stdout


def test_an_unknown_name():
    done = run("softmax.derivativ")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no theorem 'softmax.derivativ'" in done.stderr
    for name in NAMES:
        assert name in done.stderr


def test_an_unknown_format(capsys):
    with pytest.raises(SystemExit) as stop:
        command.main(["softmax.derivative", "--format", "word"])
    assert stop.value.code == 2
    error = capsys.readouterr().err
    assert all(form in error for form in ("text", "markdown", "latex"))
