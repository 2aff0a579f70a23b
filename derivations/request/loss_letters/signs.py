"""Which numbers a letter of a loss most likely stands for, by where it stands.

A weight, or the power of a focal loss, may be 0 in practice, and a share of a mixture 0
or 1; what is divided by, or is in a root or a logarithm, is not 0; what stands in the
exponent of e beside a logit is like a logit, but for a logarithm.  In q log q, which is
0 at 0, q may be 0.
"""

from collections.abc import Iterable

from sympy import Dummy, Expr, Indexed, Pow, S, exp, log, preorder_traversal

SHARES = ("epsilon", "q", "rho")
"""Letters that are shares wherever they stand."""


def usual_sign(name: str, letter: Expr, formulas: Iterable[Expr]) -> str:
    """The sign or the range of a letter; `name` is gamma, or w[k] of an array `letter`.

    >>> from sympy import IndexedBase, Symbol
    >>> from derivations.letters import a, k, y
    >>> x = Symbol("x")
    >>> formulas = (x * y[k], a[k] ** x, a[k] / x, (1 - x) * y[k])
    >>> [usual_sign("x", x, [formula]) for formula in formulas]
    ['nonnegative', 'nonnegative', 'positive', '[0..1]']
    >>> [usual_sign("q", x, [f]) for f in ((1 - a[k] ** x) / x, a[k] ** x, 1 / (1 + x))]
    ['(0..1]', '[0..1]', '0..1']
    >>> v = IndexedBase("v")  # a teacher's logits, or margins
    >>> usual_sign("v[k]", v, [exp(v[k])]), usual_sign("v[k]", v, [v[k] * y[k]])
    ('real', 'nonnegative')
    >>> usual_sign("v[k]", v, [exp(x * log(v[k]))])  # priors
    'positive'
    >>> [usual_sign("v[k]", v, [x * log(v[k] / a[k])]) for x in (v[k], y[k])]
    ['nonnegative', 'positive']
    """
    formulas = [*formulas]
    parts = [x for formula in formulas for x in preorder_traversal(formula)]
    inside = [
        x.args[0]
        for x in parts
        if (isinstance(x, log) or (isinstance(x, Pow) and not _is_whole(x.exp)))
        and x.args[0].has(letter)
    ]
    if "[" in name:
        if not any(_without_exp(x).has(letter) for x in formulas):
            is_prior = any(_without_exp(x).has(letter) for x in inside)
            return "positive" if is_prior else "real"
        is_share = name.partition("[")[0] in SHARES  # a teacher's output may be 0
        may_be_0 = is_share or all(_is_0_log_0(x, letter) for x in formulas)
        return "positive" if inside and not may_be_0 else "nonnegative"
    is_share = name in SHARES or (not inside and 1 - letter in parts)
    if not is_share:
        return "positive" if inside else "nonnegative"
    if not inside:
        return "[0..1]"
    return "(0..1]" if {*inside} == {letter} else "0..1"


def _is_0_log_0(formula, letter):
    """Whether no root or logarithm of an array is left where it is 0: q log q is 0."""
    parts = [x for x in formula.atoms(log, Pow) if x.args[0].has(letter)]
    logs = {x: Dummy() for x in parts if isinstance(x, log)}
    entries = [x for x in formula.atoms(Indexed) if x.base == letter]
    at_0 = formula.xreplace(logs).xreplace(dict.fromkeys(entries, S.Zero))
    return len(logs) == len(parts) and not at_0.has(*logs.values())


def _without_exp(formula):
    return formula.replace(lambda x: isinstance(x, exp), lambda x: S.One)


def _is_whole(power):
    return bool(power.is_Integer and power.is_nonnegative)
