"""Where a loss has a value: the denominators and logarithms that may have none."""

from collections.abc import Iterable

from sympy import IndexedBase, Pow, log

from derivations.formulas.claims import Hypothesis
from derivations.formulas.facts import is_not_zero
from derivations.formulas.indices import Index, free_symbols
from derivations.formulas.ranges import range_of
from derivations.letters import a, k, y, z
from derivations.loss.activations import Signs
from derivations.loss.forms import multiplied_out
from derivations.loss.plot_data import ONE_HOT, along_z1
from derivations.refusals.hints import has_no_value_at_0

_NO_LABEL = (0, 0, 0)


def denominators(own, facts: Iterable[Hypothesis] | None = None) -> list:
    """What a loss is divided by that may be 0 where its hypotheses hold.

    `own` is made by `deriving.derive`, which refuses a denominator that is 0 at some
    logits only: here the labels or the parameters decide.

    >>> from sympy import IndexedBase, Sum
    >>> from derivations.letters import H1, n
    >>> from derivations.loss.deriving import derive
    >>> w = IndexedBase("w", positive=True)
    >>> total, of_weights = Sum(y[k], (k, 1, n)), Sum(w[k] * y[k], (k, 1, n))
    >>> loss = -Sum(y[k] * w[k] * log(a[k]), (k, 1, n)) / of_weights / (1 + total**2)
    >>> denominators(derive(loss, parameters=w, using=H1))
    [Sum(w[k]*y[k], (k, 1, n))]
    """
    facts = own.facts if facts is None else facts
    signs, formulas = Signs(own.activation, facts), [own.loss]
    formulas += [own.activation.value] if own.loss.has(a) else []
    below = {
        power.base
        for formula in formulas
        for power in formula.atoms(Pow)
        if power.exp.could_extract_minus_sign()
    }

    def may_be_0(part):
        given = multiplied_out(part, [fact for fact in facts if fact.sums])
        signed = signs.is_positive(given) or signs.is_positive(-given)
        return not (signed or is_not_zero(given))

    return sorted(filter(may_be_0, below), key=str)


def logarithms(own, facts: Iterable[Hypothesis] | None = None) -> list:
    """The log(x) of a loss whose x may be 0 where its hypotheses hold.

    Those of parameters, and of labels where the loss has no value if one is 0, or all.
    Where 0 log 0 stands, as in Σ y_k log y_k, it counts as 0, and nothing is needed.

    >>> from sympy import Sum
    >>> from derivations.letters import H1, H3, n
    >>> from derivations.loss.deriving import derive
    >>> logarithms(derive(Sum(y[k] * log(y[k] / a[k]), (k, 1, n)), using=[H1, H3]))
    []
    >>> logarithms(derive(-log(Sum(a[k] * y[k], (k, 1, n))), using=H3))
    [log(Sum(a[k]*y[k], (k, 1, n)))]
    """
    numbers = {str(one): range_of(entry_of(one)).middle for one in own.parameters}
    facts = own.facts if facts is None else facts
    signs = Signs(own.activation, facts)
    logs = sorted(own.loss.atoms(log), key=str)
    logs = [x for x in logs if not signs.is_positive(x.args[0])]
    of_one = [x for x in logs if not x.has(a, z) and has_no_value_at_0(x)]
    of_all = [x for x in logs if x.has(a, z) and x.has(y)]
    of_all = [] if any(fact.sums for fact in facts) else of_all
    found = [x for x in logs if not x.has(a, y, z)]
    for parts, labels in ((of_one, ONE_HOT), (of_all, _NO_LABEL)):
        _, losses, _ = along_z1(own, numbers, labels, steps=1) if parts else [()] * 3
        found += parts if None in losses else []
    return [*dict.fromkeys(map(_of_k, found))]


def _of_k(part):
    """A part with one index in the letter k: log π_c and log π_k are one condition."""
    free = [x for x in free_symbols(part) if isinstance(x, Index)]
    return part.xreplace({free[0]: k}) if len(free) == 1 else part


def entry_of(parameter):
    """The entry w_k of a parameter with one number a class, or the parameter itself."""
    return parameter[k] if isinstance(parameter, IndexedBase) else parameter
