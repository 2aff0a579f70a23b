"""Everything that a reader may ask, once.

The build asks a part of it to learn which modules a browser needs; tests ask all of it,
to see that each request has the answer that stands beside it, and how long it takes.
"""

import json
import re

FEW = ("softmax.case_equal", "logits.gradient", "blocks.logits")
"""Theorems of a case, of a hypothesis, of sizes of their own."""
HARD = "log(cosh(z[j])) + tanh(z[j])**2*sin(z[j])*cos(z[j]) + sqrt(a[j]**2 + 1)"
FOCAL = "-Sum(y[k]*(1 - a[k])**gamma*log(a[k]), (k, 1, n))"
WEIGHTED = "Sum(w[k]*(log(cosh(a[k])) - y[k]*z[k]), (k, 1, n))"
EXERCISE = {
    "start": "Derivative(L, z[j])",
    "where": ["softmax", "L := beta*Sum((1 - a[k])*y[k], (k, 1, n))"],
    "case": None,
    "parameters": [["beta", "positive"]],
}
"""An exercise with a definition and a parameter of its own."""
LOSSES = (
    (FOCAL, "softmax", [["gamma", "positive"]], {"gamma": 2}),
    ("Sum((a[k] - y[k])**2, (k, 1, n))/2", "sigmoid", [], {}),
    (WEIGHTED, "softplus", [["w[k]", "real"]], {"w": [1, 2, 0.5]}),
    ("Sum(y[k]*log(y[k]/a[k]), (k, 1, n))", "exp(z[i])", [], {}),
)
"""Of each: the loss, its activation, its parameters, and values of these."""


def chains(names=None):
    """Theorems with their lines as requests carry them: (name, start, lines)."""
    from derivations.text.unicode import unicode  # noqa: PLC0415 (not before it is built)
    from derivations.theorems import catalogue  # noqa: PLC0415

    for name in catalogue() if names is None else names:
        chain = catalogue()[name]()
        lines = [
            {
                "text": unicode(step.right),
                "reason": step.reason,
                "using": [fact.name for fact in step.using],
            }
            for step in chain.steps
        ]
        yield name, unicode(chain.start), lines


def requests(names=None):
    """Pairs of what is expected, a verdict or a key of the answer, and a request.

    They are about the theorems of these names, or all, and all else.
    """
    samples = [("definitions", {"ask": "definitions"})]
    for name, start, lines in chains(names):
        context = {"theorem": name}
        lefts = [start, *(line["text"] for line in lines)]
        for left, line in zip(lefts, lines, strict=False):
            asked = {"ask": "line", "context": context, "left": left}
            right = asked | {"right": line["text"], "using": line["using"]}
            samples.append(("right", right))
        samples.append(("latex", {"ask": "typeset", "context": context, "text": start}))
        wrong = asked | {"right": f"-({lines[-1]['text']})", "using": []}
        samples.append(("verdict", wrong))
        for form in ("text", "markdown", "latex"):
            copied = {"ask": "copy", "context": context, "lines": lines, "format": form}
            samples.append(("copied", copied))
    samples += [
        *_begun(),
        *_of_levels(),
        *_hard(),
        *of_exercise(EXERCISE, ["H1"]),
        *_of_losses(),
    ]
    return [(expected, json.dumps(request)) for expected, request in samples]


def _begun():
    """Derivations of a reader's own: found from its letters, in a case, unreadable."""
    own = {"ask": "question", "context": {"where": None, "case": None}}
    yield "lines", own | {"text": "dz = a − y"}
    yield "lines", own | {"text": "dW"}
    yield "lines", own | {"text": "softmax′ = a_i (1 − a_i) if i = j"}
    yield "unreadable", own | {"text": "dz ="}


def _of_levels():
    """Hints with no line and with one, and lines that lead nowhere or to the goal."""
    name = "softmax.case_unequal"
    yield "line", {"ask": "hint", "level": name, "lines": []}
    yield "line", {"ask": "hint", "level": name, "lines": ["-e^{z_i} e^{z_j}/S^2"]}
    line = {"ask": "line", "context": {"level": name}, "using": []}
    yield "right", line | {"left": "∂a_i/∂z_j", "right": "-a_i a_j - a_i + a_i"}
    yield "is_goal", line | {"left": "∂a_i/∂z_j", "right": "-p_i p_j"}
    yield "refused", {"ask": "hint", "level": "softmax.none", "lines": []}


def _hard():
    """Lines that are wrong, unreadable, undecided or refused."""
    own = {"where": ["softmax", "cross_entropy"], "case": "i ≠ j"}
    line = {"ask": "line", "context": own, "using": ["H1"]}
    slope = {"left": "Derivative(a[i], z[j])"}
    yield "right", line | slope | {"right": "-a[i]*a[j]"}
    yield "wrong", line | slope | {"right": "a[i]*a[j]"}
    yield "unreadable", line | slope | {"right": "a[i"}
    lacks = {"context": {"where": []}, "using": [], "left": "Sum(y[k], (k, 1, n))"}
    yield "conditional", line | lacks | {"right": "1"}
    yield "verdict", line | {"left": HARD, "right": f"{HARD} + 0*z[j]"}
    yield "undecided", line | {"left": "sin(2*z[j])", "right": "2*sin(z[j])*cos(z[j])"}
    yield "verdict", line | {"left": "log(Sum(exp(z[k]), (k, 1, n)))", "right": "z[j]"}
    yield "refused", line | slope | {"right": "a[i]", "using": ["H9"]}
    yield "refused", {"ask": "nothing"}


def of_exercise(context, using):
    """An exercise answered by its own question, and by 0.

    Of a question that is a derivative it is told that this is right, and no answer.
    """
    asked = {"ask": "exercise", "context": context, "using": using}
    is_slope = re.search("∂|Derivative", context["start"])
    kind = "unreadable" if is_slope else "right"
    yield kind, asked | {"answer": context["start"]}
    yield "verdict", asked | {"answer": "0"}


def _of_losses():
    for loss, activation, parameters, values in LOSSES:
        asked = {"loss": loss, "activation": activation, "parameters": parameters}
        asked |= {"using": ["H1"] if activation == "softmax" else []}
        kind = "refused" if "log(y" in loss else "chain"
        yield kind, {"ask": "loss"} | asked
        yield (
            kind if kind == "refused" else "z",
            {"ask": "plot", "values": values} | asked,
        )
        point = {"ask": "check", "values": values, "z": "1, 2, 0.5", "y": "0, 1, 0"}
        yield kind if kind == "refused" else "rows", point | asked
    undeclared = {"activation": "softmax", "parameters": [], "using": ["H1"]}
    weighted = undeclared | {"loss": "-Σ_k w_k y_k log(a_k)/T"}
    yield "parameters", weighted | {"ask": "loss"}
    context = undeclared | {"page": "loss", "where": [], "case": None}
    yield "parameters", {"ask": "typeset", "context": context, "text": weighted["loss"]}


def ask_some():
    """Ask it of three theorems; raises AssertionError for an unexpected answer."""
    from book.engine.answers import answer  # noqa: PLC0415

    for expected, request in requests(FEW):
        given = json.loads(answer(request))
        fits = expected in given or given.get("verdict") == expected
        assert fits, f"{expected} was expected of {request}, and not {given}"
