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
from importlib import import_module
from types import ModuleType

from derivations import letters
from derivations.formulas.claims import Definition
from derivations.proof import Derivation

TOPICS = (
    "softmax",
    "cross_entropy",
    "logits",
    "batch",
    "layers",
    "labels",
    "temperature",
    "class_weights",
    "other_losses",
    "binary",
    "hessian",
    "attention",
    "matched",
    "blocks",
)


def topic(name: str) -> ModuleType:
    """The module of a topic, imported when it is asked for."""
    return import_module(f"{__name__}.{name}")


def __getattr__(name):
    """A topic by its name, as `theorems.temperature`: no other one is imported for it.

    >>> from derivations import theorems
    >>> theorems.__getattr__("temperature").T, hasattr(theorems, "tempo")
    (T, False)
    """
    if name in TOPICS:
        return topic(name)
    raise AttributeError(f"no topic is called {name!r}; expected one of TOPICS")


def catalogue() -> dict[str, Callable[[], Derivation]]:
    """Every theorem by its name, TOPIC.FUNCTION, as a function that derives it.

    >>> from derivations.theorems import catalogue
    >>> catalogue()["softmax.case_unequal"]().result
    -a[i]*a[j]
    """
    return {
        f"{name}.{own}": derive
        for name in TOPICS
        for own, derive in _theorems(name).items()
    }


def theorem_named(name: str) -> Callable[[], Derivation] | None:
    """The theorem of a name, for which no other topic is imported; None if none has it.

    >>> theorem_named("softmax.case_unequal")().result
    -a[i]*a[j]
    >>> theorem_named("softmax.exp"), theorem_named("os.getcwd")
    (None, None)
    """
    where, _, own = name.partition(".")
    return _theorems(where).get(own) if where in TOPICS else None


def definition_named(name: str) -> Definition | None:
    """The definition of a name; for one of `letters` no topic is imported.

    >>> definition_named("softmax"), definition_named("softmax.case_equal")
    (a[i] := exp(z[i])/Sum(exp(z[k]), (k, 1, n)), None)
    """
    if "." in name:
        return definitions().get(name)
    one = vars(letters).get(name)
    return one if isinstance(one, Definition) else None


def _theorems(name):
    """The theorems of a topic, without those that it has from another."""
    return {
        own: member
        for own, member in vars(topic(name)).items()
        if getattr(member, "is_theorem", False)
        and member.__module__ == f"{__name__}.{name}"
    }


@cache
def definitions() -> dict[str, Definition]:
    """Every definition by its name: those of `letters`, and TOPIC.NAME of a topic.

    >>> from derivations.theorems import definitions
    >>> definitions()["binary.sigmoid"]
    o[i] := 1/(1 + exp(-z[i]))
    """
    named = {}
    modules = {"": letters} | {f"{name}.": topic(name) for name in TOPICS}
    for prefix, module in modules.items():
        for name, member in vars(module).items():
            if isinstance(member, Definition) and member not in named.values():
                named[prefix + name] = member
    return named
