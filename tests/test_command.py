"""`python -m derivations`: the list, one chain, and what it says of mistakes."""

import os
import re
import subprocess
import sys

import pytest

import derivations.__main__ as command
from derivations.formulas.caching import forget
from derivations.judges.counterexample import Counterexample
from derivations.judges.verdict import Verdict
from derivations.letters import a, i, j, softmax
from derivations.loss.deriving import NotDecidedError
from derivations.proof import Derivation
from derivations.text.chains import chain_as_text
from derivations.text.unicode import unicode
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


def test_the_list(capsys):
    assert command.main([]) == 0
    printed, faults = capsys.readouterr()
    assert faults == ""
    found = rows(printed)
    assert list(found) == NAMES
    for name, (steps, points, seconds, verdict) in found.items():
        chain = catalogue()[name]()
        assert int(steps) == len(chain.steps)
        assert int(points) == sum(x.verdict.points for x in chain.steps)
        assert float(seconds) < 60
        assert verdict == f"proved for {chain.steps[-1].verdict.every}"
    assert found["blocks.merged"][-1] == "proved for all nP, nQ"
    assert found["logits.gradient"][-1] == "proved for every n"
    last = printed.splitlines()[-1]
    assert last.startswith(f"{len(NAMES)} theorems, 0 failed, ")


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
        ("text", chain_as_text(chain, unicode)),
        ("markdown", chain.to_markdown()),
        ("latex", chain.to_latex()),
    ):
        assert command.main([name, "--format", form]) == 0
        assert capsys.readouterr().out == expected + "\n"


def test_text_is_the_default():
    done = run("softmax.case_unequal")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("∂a_i/∂z_j    where a_i := ")
    assert "  = −a_i a_j    ✓ " in done.stdout


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


WITH_SUM = ["--where", "softmax", "cross_entropy", "labels.label_sum"]
WRITTEN = ["--where", "L := -log(a[c])"]
DECLARED = ["--parameter", "gamma:positive", "w[i]:real"]
MATRIX = ["--parameter", "Q0[l, k]:positive"]
SLOPE = "Derivative(L, z[j])"
BATCH_AND_EXAMPLE = ["(a[j] - y[j])*X[q, s]", "--of", "Derivative(L, W[j, q])"]
BATCH_AND_EXAMPLE += ["--where", "softmax", "cross_entropy", "linear"]
CHECKS = [  # arguments, status, and what is printed
    (["-1/a[c]", "--of", "Derivative(L, a[c])", *WRITTEN], 0, "✓ right"),
    (["a[j] - y[j]", "--of", "Derivative(L, z[j])", "--using", "H1"], 0, "✓ right"),
    (["a[j] - y[j]", "--of", "Derivative(L, z[j])"], 5, "◐ it is right if"),
    (["-a[i]*a[j]", "--of", "Derivative(a[i], z[j])", "--case", "i != j"], 0, "✓"),
    (["-a[i]*a[j]", "--of", "Derivative(a[i], z[j])", "--case", "i = j"], 1, "✗"),
    (["S", "--of", "Sum(exp(z[k]), (k, 1, n))"], 0, "✓ right"),
    (["S", "--of", "S*log(exp(1))", "--where"], 0, "✓ right"),
    (
        ["1", "--of", SLOPE, "--where", "softmax"],
        3,
        "write --where softmax cross_entropy",
    ),
    (
        ["a[j] - y[j]", "--of", SLOPE],
        5,
        "right if the labels sum to 1 (H1): write --using H1",
    ),
    (
        ["Abs(a[j] - y[j])*y[j]", "--of", "Abs((a[j] - y[j])*y[j])"],
        5,
        "write --using H3",
    ),
    (
        BATCH_AND_EXAMPLE,
        5,
        "linear example_logits, and write --using H1",
    ),
    ([*BATCH_AND_EXAMPLE, "example_logits", "--using", "H1"], 0, "✓ right"),
    (["sin(2*z[i])", "--of", "2*sin(z[i])*cos(z[i])"], 3, "? cannot decide"),
    (["K*a[j] - y[j]", "--of", "Derivative(L, z[j])", *WITH_SUM], 0, "✓ right"),
    (["w[i]*gamma", "--of", "Derivative(gamma*w[i]*z[i], z[i])", *DECLARED], 0, "✓"),
    (["gamma", "--of", "exp(log(gamma))", *DECLARED], 0, "✓ right"),
    (["Q0[l, k]", "--of", "Abs(Q0[l, k])", *MATRIX], 0, "✓ right"),
]


SMOOTH = ["--where", "labels.smoothed", "--using", "H3"]
RANGES = [  # an answer and a question, and what is declared of which the sign follows
    (["Abs(1 - q)", "--of", "1 - q"], "q:0..1", "q:real"),
    (["Abs(q - 1)", "--of", "q - 1"], "q:1..", "q:positive"),
    (["Abs(q)", "--of", "-q"], "q:..-1/2", "q:real"),
    (["Abs(log(q))", "--of", "-log(q)"], "q:0..1", "q:positive"),
    (["Abs(w[i])", "--of", "w[i]"], "w[k]:0..1", "w[k]:real"),
    (["Abs(alpha)", "--of", "alpha"], "alpha:positive", "alpha:real"),
    (["Abs(f[i])", "--of", "f[i]", *SMOOTH], "alpha:0..1", "alpha:positive"),
]


@pytest.mark.parametrize(("arguments", "known", "less"), RANGES)
def test_a_range_counts_where_it_is_declared(arguments, known, less):
    """And points are sampled inside it: there is no counterexample for the range."""
    assert command.main(["check", *arguments, "--parameter", known]) == 0
    assert command.main(["check", *arguments, "--parameter", less]) in (1, 3)


def test_the_points_of_a_range_lie_inside_it(capsys):
    for written, low, high in (("7..8", 7, 8), ("1..", 1, 99), ("-3/2..-1", -1.5, -1)):
        given = ["--parameter", f"q:{written}"]
        assert command.main(["check", "q", "--of", "q**3", *given]) == 1
        told = re.search(r"q = (-?[\d.]+)", capsys.readouterr().out)
        assert low < float(told[1]) < high


@pytest.mark.parametrize(("arguments", "status", "printed"), CHECKS)
def test_a_check(arguments, status, printed, capsys):
    assert command.main(["check", *arguments]) == status
    told = capsys.readouterr()
    assert printed in told.out and told.err == ""
    assert " = " in told.out.splitlines()[0]


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (
            ["dz = a - y"],
            ["∂L/∂z_j = a_j − y_j", "read this way: dz is the"],
        ),
        (
            ["p - y", "--of", "∂L/∂z"],
            ["∂L/∂z_j = a_j − y_j", "read this way: p"],
        ),
        (
            [r"\frac{1}{m} (A - Y) X^\top", "--of", "dW"],
            ["∂J/∂W_jq = 1/m Σ_t X_qt (A_jt − Y_jt)"],
        ),
        (
            ["da_i/dz_j = a_i (δ_ij − a_j) = a_i δ_ij − a_i a_j", "--where", "softmax"],
            ["∂a_i/∂z_j = a_i (δ_ij − a_j) = a_i δ_ij − a_i a_j"],
        ),
        (["a_j · y_j", "--of", "y_j a_j"], ["y_j a_j = a_j · y_j"]),
    ],
)
def test_a_question_and_an_answer_as_on_paper(arguments, lines, capsys):
    assert command.main(["check", *arguments, "--using", "H1"]) == 0
    printed = capsys.readouterr().out.splitlines()
    for line, begins in zip(printed, [*lines, "✓"], strict=False):
        assert line.startswith(begins) or line.startswith("read this way")


UNREADABLE = [
    (["check", "a[x]", "--of", "a[j]"], "a[x]\n  ^\n"),
    (["check", "(a_j", "--of", "a_j"], ") is expected\n(a_j\n^\nperhaps: (a_j)\n"),
    (["check", "A - Y", "--of", "dL/dz"], "perhaps: a - y\n"),
    (["check", "a_j - y_j"], "what is asked? write it on the left: dz = a - y"),
    (["check", "1", "--of", "1", "--case", "i < j"], "a case is written i = j"),
    (["check", "1", "--of", "1", "--parameter", "w"], "write gamma:positive"),
    (["loss", "-Sum(gamma*log(a[k]), (k, 1, n))"], "`gamma` is not known here"),
    (["loss", "a[1]", "--parameter", "gamma"], "write gamma:positive"),
    (["loss", "-Σ_k α_k y_k log a_k"], "--parameter alpha[k]:positive"),
    (["loss", "a[1]", "--parameter", "L:real"], "L has a meaning of its own"),
    (["loss", "a[1]", "--parameter", "w:real", "w[k]:real"], "w is declared twice"),
    (["loss", "a[q]"], "the index q counts no classes"),
    (["loss", "a[1]", "--activation", "a[i"], "`[` is not closed"),
    (["loss", "a[k]"], "the index k is free, and a loss is one number"),
    (["loss", "a[1]", *MATRIX], "a loss has parameters of one index: write Q0[k]"),
]


@pytest.mark.parametrize(("arguments", "words"), UNREADABLE)
def test_what_cannot_be_read_or_is_refused(arguments, words, capsys):
    assert command.main(arguments) == 2
    told = capsys.readouterr()
    assert words in told.err and told.out == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "1", "--of", "1", "--where", "softmx"], "no definition 'softmx'"),
        (["check", "1", "--of", "1", "--using", "H2"], "H1"),
        (["loss"], "loss"),
    ],
)
def test_a_wrong_use(arguments, words, capsys):
    with pytest.raises(SystemExit) as stop:
        command.main(arguments)
    assert stop.value.code == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("word", ["and", "class", "None", "not"])
def test_a_word_of_python_is_not_to_be_declared(word, capsys):
    for more in ([], ["--parameter", f"{word}:real"]):
        assert command.main(["check", word, "--of", "1", *more]) == 2
        told = capsys.readouterr().err
        assert "write another name" in told and "declare it" not in told


@pytest.mark.parametrize(
    "name", ["gamma_1", r"\gamma_1", "λ_i", "tau_s", "w_1", "κ_{ij}"]
)
def test_what_is_to_be_declared_can_be(name, capsys):
    assert command.main(["check", name, "--of", "1"]) == 2
    advised = re.search(r"--parameter (\S+:positive)", capsys.readouterr().err)[1]
    assert command.main(["check", name, "--of", "1", "--parameter", advised]) == 1


def test_two_checks_that_disagree_decide_nothing(monkeypatch, capsys):
    point = Counterexample({}, {}, {}, 1.0, 2.0)
    both = Verdict(proved=True, points=3, counterexample=point)
    monkeypatch.setattr("derivations.request.context.check", lambda *_: both)
    assert command.main(["check", "1", "--of", "2"]) == 3
    assert "? the two checks disagree" in capsys.readouterr().out


def test_a_formula_that_is_too_large_is_undecided(monkeypatch, capsys):
    monkeypatch.setattr("derivations.formulas.counting.MOST_PARTS", 3)
    assert command.main(["check", "a[j]*y[j]*z[j]*z[k]", "--of", "1"]) == 3
    assert "cannot decide: too large" in capsys.readouterr().out


CROSS_ENTROPY = "-Sum(y[k]*log(a[k]), (k, 1, n))"


def test_a_loss(capsys):
    assert command.main(["loss", CROSS_ENTROPY, "--using", "H1"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("Derivative(L, z[j])    where ")
    *_, result, conditions = told.splitlines()
    assert result.startswith("dL/dz[j] = a[j] - y[j]    (right, ")
    assert conditions == "holds for labels with Σ_k y_k = 1 (H1)"
    given = ["--parameter", "w[k]:real", "--activation", "sigmoid"]
    assert command.main(["loss", "Sum(w[k]*a[k], (k, 1, n))", *given]) == 0
    *_, result, conditions = capsys.readouterr().out.splitlines()
    assert "w[j]" in result and conditions == "holds for any logits"


@pytest.mark.parametrize(
    ("library", "first", "shape"),
    [
        ("numpy", "import numpy as np", "(n, m)"),
        ("pytorch", "import torch", "(m, n)"),
        ("jax", "import jax", "(m, n)"),
    ],
)
def test_the_source_of_a_loss(library, first, shape, capsys):
    given = ["loss", CROSS_ENTROPY, "--using", "H1", "--source", library]
    assert command.main(given) == 0
    told = capsys.readouterr().out
    assert f"\n\n# Logits Z and labels Y are {shape}" in told
    assert f"\n{first}\n" in told and "    gradient = A - Y\n" in told


def test_a_loss_that_is_not_decided(monkeypatch, capsys):
    def undecided(*_):
        raise NotDecidedError("cannot decide the gradient")

    forget()  # another test may have derived it
    monkeypatch.setattr("derivations.request.losses.derive", undecided)
    assert command.main(["loss", CROSS_ENTROPY]) == 3
    assert "cannot decide the gradient" in capsys.readouterr().out


def test_the_status_of_a_process():
    done = run("check", "sin(2*z[i])", "--of", "2*sin(z[i])*cos(z[i])")
    assert (done.returncode, done.stderr) == (3, "")


FORMULAS = [  # arguments, and what is printed as the formula
    (["-h", "--of", "h"], "h = −h"),
    (["--of", "-h", "-n"], "−h = −n"),
    (["--of=-z[i]", "-z[j]"], "−z_i = −z_j"),
    (["-1", "--of", "-n"], "−n = −1"),
    (["--of", "2", "--", "-n"], "2 = −n"),
    (["--of", "2", "--where", "softmax", "--", "--a[j]"], "2 = a_j"),
    (["--of", "2", "--a[j]"], "2 = a_j"),
]


@pytest.mark.parametrize(("arguments", "printed"), FORMULAS)
def test_a_formula_that_looks_like_an_option(arguments, printed, capsys):
    assert command.main(["check", *arguments]) == 1
    assert capsys.readouterr().out.splitlines()[0] == printed


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "h", "--of", "h", "--of", "n"],
        ["check", "h", "--of", "h", "--where", "softmax", "--where=normaliser"],
        ["check", "h", "--o", "h"],
        ["check", "--of", "h", "--wher", "softmax", "h"],
        ["check", "--of", "h", "--", "h", "--using", "H1"],
        ["softmax.case_equal", "--format=text", "--format", "latex"],
    ],
)
def test_no_formula_is_lost(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        command.main(arguments)
    assert stop.value.code == 2
    assert "error: " in capsys.readouterr().err


@pytest.mark.parametrize("kind", [[], ["check"], ["loss"]])
@pytest.mark.parametrize("help_", ["-h", "--help"])
def test_help_is_no_verdict(kind, help_, capsys):
    assert command.main([*kind, help_]) == command.HELP
    assert command.HELP not in command.STATUS.values()
    told = " ".join(capsys.readouterr().out.split())
    assert re.search("0 right, 1 wrong, 2 unreadable, 3 undecided,.* 5 right", told)
    options = set(re.findall(r"(--[a-z]+)", told))
    assert kind == [] or options <= command.OPTIONS
