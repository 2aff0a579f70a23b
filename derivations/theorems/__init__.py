"""The theorems, one module for each topic, in the order of the series.

`catalogue` finds them in their modules, so a new theorem is a new function and nothing
else changes here; a new topic takes its place in `TOPICS`.
"""

from derivations.theorems import (
    attention,
    batch,
    binary,
    blocks,
    cross_entropy,
    hessian,
    labels,
    layers,
    logits,
    matched,
    other_losses,
    softmax,
    temperature,
    weights,
)

TOPICS = (
    softmax,
    cross_entropy,
    logits,
    batch,
    layers,
    labels,
    temperature,
    weights,
    other_losses,
    binary,
    hessian,
    attention,
    matched,
    blocks,
)


def catalogue():
    """Every theorem by its name, TOPIC.FUNCTION, as a function that derives it.

    >>> from derivations.theorems import catalogue
    >>> catalogue()["softmax.case_unequal"]().result
    -a[i]*a[j]
    """
    return {
        f"{topic.__name__.rpartition('.')[2]}.{name}": member
        for topic in TOPICS
        for name, member in vars(topic).items()
        if getattr(member, "is_theorem", False) and member.__module__ == topic.__name__
    }
