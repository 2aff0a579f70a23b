"""The theorems, one module for each topic, in the order of the series.

`catalogue` finds them in their modules, so a new theorem is a new function and nothing
else changes here; a new topic takes its place in `TOPICS`.
"""

from functools import cache

from derivations import letters
from derivations.formulas.claims import Definition
from derivations.theorems import (
    attention,
    batch,
    binary,
    blocks,
    class_weights,
    cross_entropy,
    hessian,
    labels,
    layers,
    logits,
    matched,
    other_losses,
    softmax,
    temperature,
)

TOPICS = (
    softmax,
    cross_entropy,
    logits,
    batch,
    layers,
    labels,
    temperature,
    class_weights,
    other_losses,
    binary,
    hessian,
    attention,
    matched,
    blocks,
)


def _topic(module):
    return module.__name__.rpartition(".")[2]


def catalogue():
    """Every theorem by its name, TOPIC.FUNCTION, as a function that derives it.

    >>> from derivations.theorems import catalogue
    >>> catalogue()["softmax.case_unequal"]().result
    -a[i]*a[j]
    """
    return {
        f"{_topic(topic)}.{name}": member
        for topic in TOPICS
        for name, member in vars(topic).items()
        if getattr(member, "is_theorem", False) and member.__module__ == topic.__name__
    }


@cache
def definitions():
    """Every definition by its name: those of `letters`, and TOPIC.NAME of a topic.

    >>> from derivations.theorems import definitions
    >>> definitions()["binary.sigmoid"]
    o[i] := 1/(1 + exp(-z[i]))
    """
    found = {}
    for place in (letters, *TOPICS):
        before = "" if place is letters else f"{_topic(place)}."
        for name, one in vars(place).items():
            if isinstance(one, Definition) and one not in found.values():
                found[before + name] = one
    return found
