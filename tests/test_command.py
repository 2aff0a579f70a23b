"""`python -m derivations`: the list, one chain, and what it says of mistakes."""

import os
import re
import subprocess
import sys

import pytest

import derivations.__main__ as command
from derivations import theorems
from derivations.notation import a, i, j, softmax
from derivations.proof import Derivation

NAMES = list(theorems())
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
        chain = theorems()[name]()
        assert int(steps) == len(chain.steps)
        assert int(points) == sum(x.verdict.points for x in chain.steps)
        assert float(seconds) < 10
        assert verdict == "proved for every n"
    last = done.stdout.splitlines()[-1]
    assert last.startswith(f"{len(NAMES)} theorems, 0 failed, ")


def test_one_that_fails(monkeypatch, capsys):
    def wrong():
        return Derivation(a[i], where=[softmax]).step(a[j], "a slip")

    def crash():
        raise ZeroDivisionError("by zero")

    right = theorems()["softmax.sums_to_one"]
    known = {"wrong": wrong, "crash": crash, "right": right}
    known["empty"] = lambda: Derivation(a[i])
    monkeypatch.setattr(command, "theorems", lambda: known)
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
    chain = theorems()[name]()
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
