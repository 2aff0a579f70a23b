"""How a gradient is written: the rewritings that make it short to read.

Each gives an equal expression; the chain in which it stands is judged all the same.
"""

from sympy import (
    Add,
    Indexed,
    Mul,
    Pow,
    Sum,
    cancel,
    collect,
    cosh,
    expand,
    factor_terms,
    fraction,
    sinh,
    tanh,
)

from derivations.formulas.binding import readable
from derivations.formulas.indices import Index
from derivations.judges.for_every_n.sums import canonical
from derivations.letters import a, y


def with_outputs(expr, top):
    """`expr` with N(z_i)/Σ_k N(z_k) written a_i, for the numerator N = `top`.

    >>> from derivations.letters import exp, j, softmax, z
    >>> with_outputs(softmax(j), lambda index: exp(z[index]))
    a[j]
    """
    if not expr.args or isinstance(expr, Indexed):
        return expr
    expr = expr.func(*(with_outputs(arg, top) for arg in expr.args))
    for part in expr.args if isinstance(expr, Mul) else ():
        total = 1 / part
        if isinstance(total, Sum) and total.function == top(total.limits[0][0]):
            for index in sorted(expr.atoms(Index), key=str):
                own = Mul.make_args(top(index))
                if all(x in expr.args for x in own):
                    rest = [x for x in expr.args if x not in own and x != part]
                    return Mul(a[index], *rest)
    return expr


def multiplied_out(expr, facts):
    """`expr` multiplied out, with the sums that hypotheses know replaced.

    >>> from derivations.letters import H1, a, j, k, n, y
    >>> multiplied_out(a[j] * (Sum(y[k], (k, 1, n)) + 1), [H1])
    2*a[j]
    """
    return readable(canonical(expand(canonical(expr), power_exp=False), facts))


def powers_joined(expr, is_positive):
    """`expr` with b^x/b written b^(x − 1), b positive, and sinh x/cosh x as tanh x.

    >>> from sympy import Symbol
    >>> from derivations.letters import a, j, z
    >>> gamma = Symbol("gamma", positive=True)
    >>> powers_joined(a[j]**gamma/a[j], lambda base: True)
    a[j]**(gamma - 1)
    >>> powers_joined(z[j]**gamma/z[j], lambda base: False)    # z_j may be 0
    z[j]**gamma/z[j]
    """
    if not expr.args or isinstance(expr, Indexed):
        return expr
    if isinstance(expr, Sum):
        number, rest = powers_joined(expr.function, is_positive).as_coeff_Mul()
        return number * Sum(rest, *expr.limits)
    expr = expr.func(*(powers_joined(arg, is_positive) for arg in expr.args))
    for x in expr.args if isinstance(expr, Mul) else ():
        if isinstance(x, sinh) and 1 / cosh(x.args[0]) in expr.args:
            merged = expr / x * cosh(x.args[0]) * tanh(x.args[0])
            return powers_joined(merged, is_positive)
    powers = [x for x in Mul.make_args(expr) if isinstance(x, Pow)]
    for power in powers:
        for other in powers:
            sides = {power.base: 1, -power.base: -1}
            whole = other.exp.is_Integer and not power.exp.is_number
            if whole and other.base in sides and is_positive(power.base):
                joined = power.base ** (power.exp + other.exp)
                merged = expr / power / other * joined * sides[other.base] ** other.exp
                return powers_joined(merged, is_positive)
    return expr


def labels_gathered(expr):
    """`expr` with the terms of a label together, their factor in lowest terms.

    Sums are left as they are: no judge adds the fractions inside a sum.

    >>> from derivations.letters import exp, j, y, z
    >>> odds = exp(z[j])
    >>> labels_gathered(odds/(1 + odds) - odds*y[j]/(1 + odds) - y[j]/(1 + odds))
    -y[j] + exp(z[j])/(exp(z[j]) + 1)
    """
    if isinstance(expr, Mul):
        return Mul(*map(labels_gathered, expr.args))
    sums = [term for term in Add.make_args(expr) if term.has(Sum)]
    rest = expr - Add(*sums)
    labels = [x for x in rest.atoms(Indexed) if x.base == y]
    if not isinstance(rest, Add) or not labels:
        return expr
    factors = collect(expand(rest), labels, evaluate=False)
    terms = (power * factor_terms(cancel(x)) for power, x in factors.items())
    return Add(*terms, *sums)


def by_denominator(expr):
    """`expr` with one fraction for each denominator.

    >>> from derivations.letters import a, j, y
    >>> by_denominator(y[j]/(a[j] - 1) - 1/(a[j] - 1))
    (1 - y[j])/(1 - a[j])
    """
    tops = {}
    for term in Add.make_args(expr):
        top, bottom = fraction(term, exact=True)
        if bottom.as_coeff_Add()[0].is_negative:
            top, bottom = -top, -bottom
        tops[bottom] = tops.get(bottom, 0) + top
    return Add(*(top / bottom for bottom, top in tops.items()))
