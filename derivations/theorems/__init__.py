"""The theorems, one module for each topic, in the order of the series.

softmax         the outputs sum to 1; their derivatives by the logits, both cases
cross_entropy   the loss by an output, −y/a
logits          the loss by a logit, a − y
batch           many examples: A − Y, and (A − Y)/m for their mean
layers          dW, db and dX of the softmax layer, of a hidden layer, of both
labels          smoothed labels, labels of a teacher, labels of any sum
temperature     logits divided by a temperature, one for all classes or one each
class_weights   a weight for each class
other_losses    softmax with other losses: squared error, 1 − a_c
binary          the sigmoid with binary cross-entropy; two classes
hessian         second derivatives: curvature and convexity
attention       softmax without cross-entropy
matched         prediction minus target in every matched pair
blocks          large vocabularies: A − Y that is never stored

`catalogue` finds the theorems in their modules: a new one is a new function, and
nothing else changes here.  A new topic takes its place in `TOPICS`.
"""

from collections.abc import Callable
from functools import cache

from derivations import letters
from derivations.formulas.claims import Definition
from derivations.proof import Derivation
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


def catalogue() -> dict[str, Callable[[], Derivation]]:
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
def definitions() -> dict[str, Definition]:
    """Every definition by its name: those of `letters`, and TOPIC.NAME of a topic.

    >>> from derivations.theorems import definitions
    >>> definitions()["binary.sigmoid"]
    o[i] := 1/(1 + exp(-z[i]))
    """
    named = {}
    for module in (letters, *TOPICS):
        prefix = "" if module is letters else f"{_topic(module)}."
        for name, member in vars(module).items():
            if isinstance(member, Definition) and member not in named.values():
                named[prefix + name] = member
    return named
