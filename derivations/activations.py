"""An activation of the reader's own: its numerator, and the signs its outputs give."""

from sympy import Dummy, Indexed, Mul, Pow, Sum

from derivations.letters import a, z
from derivations.signs import is_positive


def numerator(activation):
    """N where a_i = N(z_i)/Σ_k N(z_k), as a function of an index, else None.

    >>> from derivations.letters import j, softmax
    >>> numerator(softmax)(j)
    exp(z[j])
    """
    (index,) = activation.parameters
    for part in Mul.make_args(activation.value):
        if isinstance(part, Pow) and part.exp == -1 and isinstance(part.base, Sum):
            top, total = activation.value / part, part.base
            logits = {x for x in top.atoms(Indexed) if x.base == z}
            same = total.function == top.xreplace({index: total.limits[0][0]})
            if same and logits == {z[index]} and not top.has(Sum):
                return lambda at: top.xreplace({index: at})
    return None


def is_positive_under(activation, expr):
    """Whether `expr` is positive when its a[i] are outputs of an activation.

    >>> from derivations.letters import i, softmax
    >>> is_positive(1 - a[i]), is_positive_under(softmax, 1 - a[i])
    (False, True)
    """
    odds = {}

    def put_in(entry):
        if activation is None or entry.base != a:
            return None
        if numerator(activation) is None:
            return activation(*entry.indices)
        # Each output is less than the sum of all, which is 1.
        positive = odds.setdefault(entry, Dummy(positive=True))
        return positive / (1 + positive)

    return is_positive(expr, put_in)
