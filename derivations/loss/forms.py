"""Equal forms of a formula: short ones to read, and exact ones to compute."""

from sympy import (
    Add,
    Derivative,
    Dummy,
    Indexed,
    KroneckerDelta,
    Mul,
    Pow,
    Product,
    Sum,
    cancel,
    collect,
    cosh,
    exp,
    expand,
    expand_mul,
    factor,
    factor_terms,
    fraction,
    log,
    sinh,
    sqf_list,
    tanh,
    together,
)

from derivations.formulas.binding import readable
from derivations.formulas.caching import remembered
from derivations.formulas.corners import as_one_sum
from derivations.formulas.counting import length
from derivations.formulas.domain import top_and_bottom
from derivations.formulas.indices import SumExcept
from derivations.judges.for_every_n.derivatives import differentiate
from derivations.judges.for_every_n.known_sums import with_known_ranges
from derivations.judges.for_every_n.sums import canonical
from derivations.letters import L, a, y
from derivations.loss.activations import Signs, in_one_sum

MOST_FACTORED = 100
"""How long a sum may be whose factors are looked for."""


def multiplied_out(expr, facts):
    """Multiply `expr` out, and replace the sums that hypotheses know.

    >>> from derivations.letters import H1, a, j, k, n, y
    >>> multiplied_out(a[j] * (Sum(y[k], (k, 1, n)) + 1), [H1])
    2*a[j]
    """
    expr = canonical(expand(canonical(expr), power_exp=False), facts)
    return denominators_as_powers(readable(expr))


def denominators_as_powers(expr):
    """Write 1/(x² + 2·x·y + y²) as 1/(x + y)², where sums stand in it.

    Of x − y and y − x the one with fewer minus signs stands there.

    >>> from derivations.letters import a, k, n
    >>> total = Sum(a[k], (k, 1, n))
    >>> denominators_as_powers(1 / (1 - 2 * total + total**2) + 1 / (total - 1))
    1/(Sum(a[k], (k, 1, n)) - 1) + (Sum(a[k], (k, 1, n)) - 1)**(-2)
    """
    return expr.replace(_has_sums_below, _as_power)


def _has_sums_below(part):
    is_below = isinstance(part, Pow) and part.exp.is_Integer and part.exp < 0
    return is_below and isinstance(part.base, Add) and part.base.has(Sum)


@remembered
def _as_power(part):
    """A negative power whose base has no factor twice."""
    atoms = part.base.atoms(Sum, Indexed)
    names = {x: Dummy() for x in sorted(atoms, key=str)}
    polynomial = part.base.xreplace(names)
    if not polynomial.is_polynomial():
        return part
    back = {name: atom for atom, name in names.items()}
    number, bases = sqf_list(polynomial)
    below = (_of_few_minus(base.xreplace(back), power) for base, power in bases)
    return Mul(1 / number, *below) ** -part.exp


def _of_few_minus(base, power):
    """base**(-power), where as few terms of the base as may be have a minus."""
    terms = [x.could_extract_minus_sign() for x in Add.make_args(base)]
    is_turned = 2 * sum(terms) + base.could_extract_minus_sign() > len(terms)
    return (-1) ** power / (-base) ** power if is_turned else base**-power


def powers_joined(expr, is_positive):
    """Write b^x/b as b^(x − 1) where b is positive, and sinh x/cosh x as tanh x.

    >>> from sympy import Symbol
    >>> from derivations.letters import a, j, k, n, y, z
    >>> gamma = Symbol("gamma", positive=True)
    >>> powers_joined(Sum(a[j]**gamma/a[j]*y[k], (k, 1, n)), lambda base: True)
    a[j]**(gamma - 1)*Sum(y[k], (k, 1, n))
    >>> powers_joined(z[j]**gamma/z[j], lambda base: False)    # z_j may be 0
    z[j]**gamma/z[j]
    """
    if not expr.args or isinstance(expr, Indexed):
        return expr
    if isinstance(expr, Sum):
        function = powers_joined(expr.function, is_positive)
        # What is the same in each term stands before the sum: no array has all pairs.
        before, rest = function.as_independent(*expr.bound_symbols, as_Add=False)
        return before * Sum(rest, *expr.limits)
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
    """Collect the terms of each label, with their factor in lowest terms.

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


def labels_factored(expr):
    """Collect the terms of y_j and those of a_j, each with a factor that is a product.

    >>> from derivations.letters import a, j, k, n, y
    >>> labels_factored(2 * a[j] * y[j] - y[j] - a[j] ** 2 * y[j] + 4 * a[j])
    -(a[j] - 1)**2*y[j] + 4*a[j]
    """
    outside = expr.xreplace({total: Dummy() for total in expr.atoms(Sum)})
    entries = sorted(outside.atoms(Indexed), key=lambda x: (x.base != y, str(x)))
    kept = [x for x in entries if x.base in (a, y)]
    found = _collected(expand(expr, power_exp=False), tuple(kept))
    return expr if found.has(Product) else found  # SymPy made it of e^Σ


@remembered
def _collected(expanded, entries):
    """The terms of each entry with their factor as a product, where SymPy makes one."""
    factors = collect(expanded, entries, evaluate=False)
    if any(x.has(Product) for x in factors.values()):
        return Add(*(power * x for power, x in factors.items()))
    return Add(*(power * factored(x) for power, x in factors.items()))


def with_signs_of(loss, expr):
    """Write (c − 1)·(x − y) as (1 − c)·(y − x) where the loss has 1 − c; and −(x − y).

    >>> from derivations.letters import C, a, j, y
    >>> with_signs_of((1 - C) * y[j], (C - 1) * (a[j] - y[j]))
    (1 - C)*(-a[j] + y[j])
    """
    known = loss.atoms(Add)

    def turned(product):
        free = [x for x in product.args if isinstance(x, Add) and x not in known]
        wrong = [x for x in product.args if x.is_negative or -x in known]
        pair = [*wrong, *(x for x in free if x not in wrong)][:2]
        if not wrong or len(pair) < 2:
            return product
        return Mul(*(-x if x in pair else x for x in product.args))

    return expr.replace(lambda x: isinstance(x, Mul), turned)


def by_denominator(expr):
    """Join the fractions that have one denominator.

    >>> from derivations.letters import a, j, y
    >>> by_denominator(y[j]/(a[j] - 1) - 1/(a[j] - 1))
    (1 - y[j])/(1 - a[j])
    """
    tops = {}
    for term in Add.make_args(expr):
        top, bottom = top_and_bottom(term)
        if bottom.as_coeff_Add()[0].is_negative:
            top, bottom = -top, -bottom
        tops[bottom] = tops.get(bottom, 0) + top
    return Add(*(top / bottom for bottom, top in tops.items()))


def equal_forms(own, name):
    """A formula and what it is equal to: the lines of its chain, and other writings."""
    if name == "loss":
        yield own.named
        lines = [logs_apart(own, own.named)]
    else:
        yield own.gradient
        lines = [_put_in(own, step.right) for step in reversed(own.chain.steps)]
        lines = [x for x in lines if not x.has(Derivative)]
    yield from (weighted_by_labels(line, own.chain.uses) for line in lines)
    for write in (lambda line: line, factored, inward):
        yield from map(write, lines)


def weighted_by_labels(expr, facts):
    """Write 1 − Σ y_k·f as Σ y_k·(1 − f), where labels are shares that add up to 1.

    >>> from derivations.letters import H1, H3, a, k, n, y
    >>> weighted_by_labels(1 - Sum(a[k] * y[k], (k, 1, n)), (H1, H3))
    Sum((1 - a[term])*y[term], (term, 1, n))
    """
    known, _ = with_known_ranges(expr, facts)
    letters = {x.base: y for x in known.atoms(Indexed) if str(x.base) == str(y)}

    def in_one(total):
        one = as_one_sum(total) if total.as_coeff_Add()[0] != 0 else None
        return total if one is None else factored(one)

    return known.replace(lambda x: isinstance(x, Add), in_one).xreplace(letters)


def logs_apart(own, expr):
    """Write log(x·y) as log x + log y, where x is positive.

    >>> from sympy import log
    >>> from derivations.letters import a, k, n
    >>> from derivations.loss.deriving import derive
    >>> own = derive(Sum(log(a[k]/(1 - a[k])), (k, 1, n)))
    >>> logs_apart(own, own.loss)
    Sum(-log(1 - a[k]) + log(a[k]), (k, 1, n))
    """
    is_positive = Signs(own.activation, own.chain.uses).is_positive

    def apart(product):
        factors = [x.as_base_exp() for x in Mul.make_args(product)]
        known = [x for x in factors if is_positive(x[0])]
        rest = [base**power for base, power in factors if (base, power) not in known]
        logs = [power * log(base) for base, power in known]
        return Add(*logs, *([log(Mul(*rest))] if rest else []))

    return expr.replace(lambda x: isinstance(x, log), lambda x: apart(x.args[0]))


def _put_in(own, expr):
    """A line of a chain with ∂L/∂a put in, term by term, and sums without a term."""
    if not expr.args or isinstance(expr, Indexed):
        return expr
    if isinstance(expr, Derivative) and expr.expr == L and expr.variables[0].base == a:
        loss = logs_apart(own, own.loss)
        return by_denominator(differentiate(loss, *expr.variables))
    if isinstance(expr, Sum):
        return Add(
            *(Sum(x, *expr.limits) for x in Add.make_args(_put_in(own, expr.function)))
        )
    if isinstance(expr, SumExcept):
        apart = 1 - KroneckerDelta(expr.limits[0][0], expr.excluded)
        terms = Add.make_args(_put_in(own, expr.function))
        return Add(*(Sum(x * apart, *expr.limits) for x in terms))
    parts = [_put_in(own, x) for x in expr.args]
    if isinstance(expr, Mul) and expr.has(Derivative):
        factors = list(zip(expr.args, parts, strict=True))
        slope = Mul(*(new for old, new in factors if old.has(Derivative)))
        rest = Mul(*(new for old, new in factors if not old.has(Derivative)))
        return Add(*(rest * x for x in Add.make_args(slope)))
    return expr.func(*parts)


@remembered
def factored(expr):
    """Join sums over the same letters, and write polynomials as products if they are.

    >>> from derivations.letters import a, j, k, n, y
    >>> factored(1 / (1 - 2 * a[j] + a[j] ** 2))
    (a[j] - 1)**(-2)
    >>> factored(Sum(y[k], (k, 1, n)) - Sum(y[k] * a[k], (k, 1, n)))
    Sum((1 - a[k])*y[k], (k, 1, n))
    """
    if not expr.args or isinstance(expr, Indexed):
        return expr
    if isinstance(expr, Sum):
        return Sum(factored(expr.function), *expr.limits)
    if not isinstance(expr, Add):
        return _without_minus(expr.func(*map(factored, expr.args)))
    terms = [factored(term) for term in Add.make_args(in_one_sum(expr))]
    is_polynomial = all(fraction(x)[1] == 1 and not x.has(Sum) for x in terms)
    total = Add(*terms)
    is_short = is_polynomial and length(total) <= MOST_FACTORED
    return _without_minus(factor(total)) if is_short else total


def _without_minus(product):
    """-(y - 1)*x as (1 - y)*x."""
    number, factors = product.as_coeff_mul()
    for part in factors:
        if number.is_negative and part.as_coeff_Add()[0].is_negative:
            return -number * Mul(-part, *(x for x in factors if x != part))
    return product


def inward(expr):
    """Move the factors of a sum inside it, so that what is huge meets what is tiny.

    >>> from derivations.letters import a, j, k, n, y
    >>> inward(a[j] * (1 - Sum(a[k] * y[k], (k, 1, n))))
    a[j] + Sum(-a[j]*a[k]*y[k], (k, 1, n))
    """
    expr = expr.replace(sinh, lambda x: (exp(x) - exp(-x)) / 2)
    terms = Add.make_args(expand_mul(expr, deep=False))
    return Add(*map(_in_its_sum, terms)) if len(terms) > 1 else _in_its_sum(expr)


def _in_its_sum(term):
    sums = [x for x in Mul.make_args(term) if isinstance(x, Sum)]
    if len(sums) != 1:
        return term
    return Sum(expand_mul(term / sums[0] * sums[0].function), *sums[0].limits)


def over_a_sum(output):
    """Write f(z) as one over a sum without a minus, if it is one: 1 − σ is 1/(1 + e^z).

    >>> from derivations.loss.activations import ACTIVATIONS
    >>> over_a_sum(1 - ACTIVATIONS["sigmoid"].value)
    1/(exp(z[i]) + 1)
    """
    output = together(output)
    under = expand(1 / output)
    has_minus = any(x.could_extract_minus_sign() for x in Add.make_args(under))
    is_sum = isinstance(under, Add) and not under.has(Pow) and not has_minus
    return 1 / under if is_sum else output
