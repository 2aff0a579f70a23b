"""Where the series derives what is asked: what explains a wrong sign, term or index.

Such a slip may stand in any derivative.  The letters of the claim say in which one.
"""

from sympy import Derivative, Eq, Indexed, Ne, Sum, exp

from derivations.formulas.claims import Claim
from derivations.formulas.indices import free_symbols
from derivations.letters import (
    A1,
    W1,
    Z1,
    A,
    G,
    J,
    L,
    W,
    X,
    Y,
    Z,
    a,
    alpha,
    b,
    b1,
    c,
    z,
)

_OF_SOFTMAX = {Eq: "Case i = j", Ne: "Case i ≠ j", type(None): "One formula for both"}
_OF_AN_EXAMPLE = ("04_chain_rule", "The chain, split into both cases")
_OF_A_BATCH = ("06_batches", "The gradient of the mean")
_OF_LETTERS = (
    ({alpha}, ("11_labels_and_weights", "Which label smoothing")),
    ({W1, b1, Z1, A1, G}, ("07_layers", "A hidden layer")),
    ({W, X, b}, ("07_layers", "The last layer")),
)


def place_of(claim: Claim) -> tuple[str, str]:
    """The notebook and the heading that derive what is asked, else how to check it.

    >>> from derivations.letters import cross_entropy, i, j, log, softmax, y
    >>> where = [softmax, cross_entropy]
    >>> place_of(Claim(a[j] + y[j], Derivative(L, z[j]), where))
    ('04_chain_rule', 'The chain, split into both cases')
    >>> place_of(Claim(a[i] * a[j], Derivative(a[i], z[j]), where, case=Ne(i, j)))
    ('02_softmax_derivative', 'Case i ≠ j')
    >>> place_of(Claim(-a[j], Derivative(log(a[i]), z[j]), where))
    ('02_softmax_derivative', 'One formula for both')
    >>> place_of(Claim(a[j] - y[j], a[j] - (1 - alpha) * y[j], where))
    ('11_labels_and_weights', 'Which label smoothing')
    >>> place_of(Claim(a[i] * a[j], a[i]))
    ('09_numerical_checks', 'How to read a gradient check')
    """
    sides = (claim.left, claim.right)
    letters = {x.base for side in sides for x in side.atoms(Indexed)}
    letters |= {L, J} & set().union(*map(free_symbols, sides))
    values = (one.value for one in claim.where)
    letters |= {alpha} & set().union(*map(free_symbols, (*sides, *values)))
    slopes = claim.right.atoms(Derivative)
    variables = {getattr(x, "base", x) for slope in slopes for x in slope.variables}
    if variables and variables <= {a, A}:
        return "03_cross_entropy", "The derivative with respect to an output"
    for of_topic, place in _OF_LETTERS:
        if letters & of_topic:
            return place
    if not any(one.base in (a, A) and one.value.has(exp) for one in claim.where):
        return "09_numerical_checks", "How to read a gradient check"
    if any(len(slope.variables) > 1 for slope in slopes):
        return "13_hessian_and_attention", "The Hessian"
    is_of_outputs = not any(slope.expr.has(L, J, Sum, c) for slope in slopes)
    if letters <= {a, A, z, Z} and is_of_outputs:
        return "02_softmax_derivative", _OF_SOFTMAX[type(claim.case)]
    return _OF_A_BATCH if letters & {J, Y} else _OF_AN_EXAMPLE
