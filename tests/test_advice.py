"""Advice can be followed where it is read: in Python, in the command, on each page."""

import ast
import contextlib
import json
import re
import shlex
from pathlib import Path

import pytest

import derivations.__main__ as command
from book.engine.answers import answer
from derivations import advice
from derivations.advice import Door
from derivations.text.vocabulary import INSTEAD, NEAR
from tests.test_reading import ERRORS, HOSTILE

ROOT = Path(__file__).parents[1]
PYTHONS = re.compile(
    r"(positive|real)=True|(where|using|parameters)=\[|from derivations|"
    r"derivations\.letters|Symbol\(|IndexedBase\("
)
"""Words that only a reader of Python can follow."""
ONLY_PYTHON = {"letter", "symbol", "no parameter", "real", "positive symbol", "entry"}
"""Advice about a symbol, or a function, that no text can make."""

GAMMA, W = ("gamma", "positive"), ("w[k]", "real")
CROSS = "-Sum(y[k]*log(a[k]), (k, 1, n))"
LOSSES = [  # texts that are no loss, with the parameters that are declared
    ("Sum(Q0[l, k]*a[k], (k, 1, n))", [("Q0[l, k]", "positive")]),
    ("Sum(gamma*a[k], (k, 1, n))", []),
    ("Sum(w[k]*a[k], (k, 1, n))", []),
    ("alpha*Sum(y[k]*a[k], (k, 1, n))", []),
    ("Sum(v[k]*a[k], (k, 1, n))", []),
    ("Sum(y[k]*log(y[k]/a[k]), (k, 1, n))", []),
    ("Sum((a[k] - y[k])**gamma, (k, 1, n))", [GAMMA]),
    ("Sum(log(a[k] + gamma), (k, 1, n))", [("gamma", "real")]),
    ("Sum(log(z[k]), (k, 1, n))", []),
    ("Sum(Abs(a[k]), (k, 1, n))", []),
    ("Sum(g(a[k]), (k, 1, n))", []),
    ("Sum(Derivative(L, z[k]), (k, 1, n))", []),
    ("SumExcept(a[k], (k, 1, n), j)", []),
    ("Sum(z[s], (s, 1, m))", []),
    ("Sum(a[k]*Sum(a[k], (k, 1, n)), (k, 1, n))", []),
    (f"{CROSS}*a[k]", []),
    ("a[1]", []),
    ("a[k]", []),
    ("-log(a[c])", []),
    (f"{CROSS}/m", []),
    (f"{CROSS}*J", []),
    ("Sum(A[k, s], (k, 1, n))", []),
    ("Sum(a[k], (k, 1, n))", []),
    ("Sum(y[k], (k, 1, n))", []),
    ("3", []),
    *((CROSS, [given]) for given in (
        ("S", "positive"), ("n", "real"), ("a[k]", "positive"), ("lambda", "real"),
        ("L", "real"), ("J", "positive"), ("gamma", "odd"), ("gamma", "1..0"), GAMMA,
    )),
]  # fmt: skip
ACTIVATIONS = ["exp(z[i]) + y[i]", "1 + Abs(z[i])", "gamma", "z[i]", "3", "a[i]"]
QUESTIONS = [  # answer, question, definitions that hold
    ("1", "Derivative(a[i], z[j])", []),
    ("1", "Derivative(L, z[j])", ["softmax"]),
    ("1", "Derivative(Ls[s], Z[j, s])", ["batch_softmax"]),
    ("a[0]", "z[i]", []),
    ("Derivative(L, z[j], v[i])", "1", ["L := z[1]*v[1]", "v[i] := z[i]"]),
    ("Sum(L, (k, 1, n))", "1", ["L := a[1]", "L := a[2]"]),
    ("L", "1", ["L := J + 1", "J := L"]),
    ("L", "1", ["L := L + 1"]),
    ("a[i]", "1", ["a[i] := z[i]"]),
    ("a[i]", "1", ["a[1] := 2*a[1]", "softmax"]),
    ("y[i]", "1", ["y[i] := -exp(z[i])"]),
    ("log(y[j])", "1", ["one_hot"]),
    ("X[q, s]", "alpha[k]", ["linear"]),
]


def asked_by_command():
    texts = [
        *ERRORS,
        *HOSTILE.values(),
        *(f"{word}(z[i])" for word in (*INSTEAD, *NEAR)),
    ]
    texts += ["my_rate*z[i]", "xi", "xi[i]", "xi[i, k]", "xi(3)", "lambda", "is"]
    yield from (["check", text, "--of=1"] for text in texts)
    for left, right, where in QUESTIONS:
        yield ["check", left, f"--of={right}", "--using", "H1", "H3", "--where", *where]
    for loss, given in LOSSES:
        parameters = [f"{name}:{sign}" for name, sign in given]
        yield ["loss", loss, "--parameter", *parameters]
    for activation in ACTIVATIONS:
        yield ["loss", CROSS, "--activation", activation]
    yield ["loss", CROSS, "--parameter", "gamma"]
    yield ["loss", "x[k]"]


def asked_by_pages():
    texts = [*ERRORS, *(f"{word}(z[i])" for word in (*INSTEAD, *NEAR)), "xi", "xi[i]"]
    contexts = [
        {"theorem": "softmax.case_equal"},
        {"where": ["softmax"], "case": None, "start": "0"},
        {"where": [], "case": None, "start": "0", "parameters": [], "page": "loss"},
    ]
    for context in contexts:
        asked = {"ask": "typeset", "context": context}
        yield from (asked | {"text": text} for text in texts)
    for left, right, where in QUESTIONS:
        context = {"where": where, "case": None}
        line = {"ask": "line", "context": context, "left": left, "right": right}
        yield line | {"using": ["H1", "H3"]}
        context = context | {"start": right, "parameters": []}
        yield {"ask": "exercise", "context": context, "using": [], "answer": left}
    for loss, given in LOSSES:
        yield of_loss(loss, parameters=[[*pair] for pair in given])
    yield from (of_loss(CROSS, activation=one) for one in ACTIVATIONS)


def of_loss(loss, **parts):
    usual = {"activation": "softmax", "parameters": [], "using": []}
    return {"ask": "loss", "loss": loss} | usual | parts


@pytest.fixture
def ways(monkeypatch):
    """The ways of all advice that was worded, and at which door."""
    met, real = set(), advice.Advice.at

    def noted(self, door):
        name = next(x for x, way in advice._WAYS.items() if way == self.way)
        met.add((name, door))
        return real(self, door)

    monkeypatch.setattr(advice.Advice, "at", noted)
    return met


def test_no_message_of_the_command_is_about_python(capsys, ways):
    for arguments in asked_by_command():
        with contextlib.suppress(SystemExit):
            command.main(arguments)
        told = "".join(capsys.readouterr())
        written = [word for x in arguments for word in x.split()]
        said = PYTHONS.search(told.replace("python -m derivations", ""))
        assert not said or said[0] in " ".join(written), (arguments, told)
    assert {x for x, door in ways if door is Door.COMMAND} == {
        *advice._WAYS
    } - ONLY_PYTHON


def test_no_message_of_a_page_is_about_python(ways):
    for request in asked_by_pages():
        told = json.loads(answer(json.dumps(request)))
        told.pop("sources", None)  # Python to copy
        said = PYTHONS.search(json.dumps(told))
        assert not said or said[0] in json.dumps(request), (request, told)
    assert {door for _, door in ways} == {*Door} - {Door.COMMAND}
    of_loss_page = {x for x, door in ways if door is Door.LOSS_PAGE}
    declared = {"parameter", "array"}  # letters of a loss declare themselves there
    assert of_loss_page == {*advice._WAYS} - ONLY_PYTHON - {"define"} - declared


def test_what_is_about_python_stands_among_the_advice_alone():
    for path in (ROOT / "derivations").rglob("*.py"):
        if path.name == "advice.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if hasattr(node, "body")
            and isinstance(node.body, list)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                is_doc = id(node) in docs
                assert is_doc or not PYTHONS.search(node.value), (path, node.value)


FOLLOWED = [  # what was asked, and the option that is read in the answer
    (["loss", "Sum(beta*y[k]*a[k], (k, 1, n))"], "--parameter beta:positive"),
    (["loss", "alpha*Sum(y[k]*a[k], (k, 1, n))"], "--parameter alpha:real"),
    (["loss", "Sum(v[k]*a[k], (k, 1, n))"], "--parameter v[k]:real"),
    (["loss", "Sum(w[k]*a[k], (k, 1, n))"], "--parameter w[k]:positive"),
    (["loss", "Sum(y[k]*log(y[k]/a[k]), (k, 1, n))"], "--using H3"),
    (["check", "rho*z[i]", "--of=z[i]*rho"], "--parameter rho:0..1"),
    (["check", "Q0[l, k]", "--of=Q0[l, k]"], "--parameter Q0[l, k]:positive"),
]


@pytest.mark.parametrize(("asked", "option"), FOLLOWED)
def test_who_follows_the_advice_of_the_command_is_answered(asked, option, capsys):
    assert command.main(asked) != 0
    name, _, value = option.partition(" ")
    told = "".join(capsys.readouterr())
    assert name in told and value in told
    assert command.main([*asked, name, value]) == 0


def test_a_page_names_its_own_box():
    no_sign = "Sum(y[k]*log(y[k]/a[k]), (k, 1, n))"
    told = json.loads(answer(json.dumps(of_loss(no_sign))))["refused"]
    assert "tick “no label is negative”" in told
    for context, said in (
        ({"where": [], "parameters": [], "page": "loss"}, "a letter of your own"),
        ({"where": []}, "ticked definitions"),
        ({"theorem": "softmax.case_equal"}, "its start and its definitions"),
    ):
        asked = {"ask": "typeset", "context": context, "text": "2*rate"}
        told = json.loads(answer(json.dumps(asked)))["unreadable"]["message"]
        assert said in told and ("declare" in told) is False


def test_python_is_told_what_to_type_there():
    words = advice.Words("y: ", advice.Advice("assume", "H3"))
    assert words.endswith("using=H3") and "--using H3" in words.at(Door.COMMAND)
    assert all(len(set(shlex.split(way.command))) for way in advice._WAYS.values())
