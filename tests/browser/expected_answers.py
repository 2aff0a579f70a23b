"""What the pages of the live book have to answer, by the same engine in plain Python.

    python -m tests.browser.expected_answers FILE

Chains, each with one line of the wrong sign and the counterexample that belongs to
it; chains whose last line needs H1; what Rocq accepts of each theorem; a reader's own
derivation, losses and exercises.
"""

import json
import sys
from pathlib import Path

from book.engine import sample_requests
from book.engine.answers import answer
from book.pages import questions, wrong_answers
from book.pages.exercises import exercises
from book.pages.notebooks import read
from certificates.export import sections
from derivations.text.printing import text
from derivations.theorems import TOPICS, catalogue

BROKEN = {  # a theorem, and the line that gets the other sign
    "softmax.case_equal": 6,
    "logits.by_jacobian": 5,
    "batch.gradient": 2,
    "temperature.gradient": 4,
    "blocks.logits": 4,
}
EXERCISES = [  # a notebook, the number of an exercise in it, answers and their marks
    ("02_softmax_derivative", 1, [("a[i] - delta", "✗"), ("delta - a[j]", "✓")]),
    ("04_chain_rule", 1, [("a[j] - y[j]", "✗"), ("a[j]-(1-alpha)*y[j]-alpha/n", "✓")]),
    ("16_large_vocabularies", 1, [("exp(N - NP)", "✗"), ("exp(NP - N)", "✓")]),
]
BY_H1 = {"logits.gradient": 7, "batch.gradient": 6}


def asked(**request):
    return json.loads(answer(json.dumps(request)))


def line(name, number, sign=1, using=None):
    """A line of a theorem, perhaps of the wrong sign, and the verdict on it."""
    chain = catalogue()[name]()
    sides = [chain.start, *(x.right for x in chain.steps)]
    left, right = text(sides[number - 1]), text(sign * sides[number])
    if using is None:
        using = [x.name for x in chain.steps[number - 1].using]
    sides = {"left": left, "right": right}
    verdict = asked(ask="line", context={"theorem": name}, using=using, **sides)
    return {"theorem": name, "line": number, "text": right, "verdict": verdict}


def copied(name, kind):
    """A theorem's chain, as the page hands it out."""
    [(_, _, lines)] = sample_requests.chains([name])
    found = asked(ask="copy", context={"theorem": name}, lines=lines, format=kind)
    return found["copied"]


def of_exercises():
    """Each exercise of the notebooks, answered by its question, and by 0."""
    for path in sorted(Path(__file__).parents[2].glob("notebooks/[0-9]*.ipynb")):
        for one in exercises(read(path), path.name).values():
            using = [fact.name for fact in one.using]
            for expected, request in sample_requests.of_exercise(one.context(), using):
                yield expected, json.dumps(request)


def told():
    return {
        "theorems": {
            name: [start, *(line["text"] for line in lines)]
            for name, start, lines in sample_requests.chains()
        },
        "statements": {
            f"{topic}.{own}": section.statement
            for topic in TOPICS
            for own, section in sections(topic).items()
        },
        "requests": [*sample_requests.requests(), *of_exercises()],
        "broken": [line(name, number, sign=-1) for name, number in BROKEN.items()],
        "own": asked(
            ask="line",
            context={"where": ["softmax", "cross_entropy"], "case": None},
            left="Derivative(L, z[j])",
            right="a[j] - y[j]",
            using=[],
        ),
        "exercises": [
            {"notebook": notebook, "number": number, "answers": answers}
            for notebook, number, answers in EXERCISES
        ],
        "searches": {
            words: f"questions/{name}"
            for name, more in questions.read().items()
            for words in more["also"]
        },
        "cards": {
            words: entry["title"]
            for entry in wrong_answers.read()
            for words in wrong_answers.searched(entry)
        },
        "copied": {
            kind: copied("logits.gradient", kind.lower())
            for kind in ("Markdown", "LaTeX", "text")
        },
        "without": [line(name, number, using=[]) for name, number in BY_H1.items()],
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(told()), encoding="utf-8")
