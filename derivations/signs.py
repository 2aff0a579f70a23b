"""What is known to be positive: a sum of what is, and each output of a softmax."""

from sympy import Dummy, Indexed, Mul, Pow, Sum, expand, fraction, together

from derivations.letters import a, z


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


def is_positive(expr, activation=None):
    """Whether `expr` is positive for all real values; False means "not known".

    An output a[i] of an `activation` is what the activation makes of real logits.

    >>> from derivations.letters import a, i, softmax
    >>> is_positive(1 - a[i]), is_positive(1 - a[i], softmax)
    (False, True)
    """
    unknowns = {}

    def output(entry):
        if numerator(activation) is None:
            return plain(activation(*entry.indices))
        odds = unknowns.setdefault(entry, Dummy(positive=True))
        return odds / (1 + odds)  # each output is less than the sum of all, which is 1

    def plain(part):
        if isinstance(part, Indexed):
            inside = activation is not None and part.base == a
            return output(part) if inside else part
        if isinstance(part, Sum):
            body = plain(part.function)
            known = {"positive": True} if _has_sign(body) else {}
            known |= {"nonnegative": True} if body.is_nonnegative else {"real": True}
            return unknowns.setdefault(part, Dummy(**known))
        return part.func(*map(plain, part.args)) if part.args else part

    return _has_sign(plain(expr))


def _has_sign(expr):
    if expr.is_positive:
        return True
    return all(expand(side).is_positive for side in fraction(together(expr)))
