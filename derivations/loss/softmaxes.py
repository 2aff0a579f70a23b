"""The softmaxes in a loss: e^{u_j}/Σ_k e^{u_k} is written as a_j, or as softmax(u)_j.

So a reader meets the form that people know, and a program computes each from log shares
that do not overflow, whether u is made of logits or of given numbers.
"""

from sympy import Add, Dummy, Indexed, Mul, Pow, Sum, cancel, exp

from derivations.formulas.binding import readable
from derivations.formulas.claims import Definition
from derivations.formulas.indices import Index
from derivations.formulas.told import softmax_of
from derivations.letters import a, i, n, z


def with_outputs(expr, top):
    """Write N(z_i)/Σ_k N(z_k) in `expr` as a_i, for the numerator N = `top`.

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


def softmaxes(expr):
    """A definition of softmax(u) for each Σ_k e^{u_k} in a formula, logits first.

    >>> from derivations.letters import j, k, z
    >>> softmaxes(exp(2 * z[j]) / Sum(exp(2 * z[k]), (k, 1, n)))
    [softmax(2*z)[i] := exp(2*z[i])/Sum(exp(2*z[k]), (k, 1, n))]
    """
    made = {}
    for total in sorted(expr.atoms(Sum), key=lambda x: (not x.has(z), str(x))):
        power, (index, *range_) = total.function, total.limits[0]
        entries = power.atoms(Indexed)
        if (
            isinstance(power, exp)
            and len(total.limits) == 1
            and range_ == [1, n]
            and not power.has(Sum)
            and all(x.indices == (index,) for x in entries)
        ):
            u = power.exp.xreplace({x: x.base.label for x in entries})
            if not u.has(index):
                own = power.xreplace({index: i})
                made.setdefault(u, Definition(softmax_of(u)[i], own / total))
    return list(made.values())


def with_softmaxes(expr, known):
    """Write e^{u_j}/Σ_k e^{u_k} in `expr` as softmax(u)_j, for each definition known.

    Each e^{u_j} becomes softmax(u)_j·S with one S = Σ_k e^{u_k}.  Where S cancels,
    there was a share; elsewhere e^{u_j} and the sum are put back.  Where softmax(z) and
    softmax(2z) are known, each is made of its own e^{u_j}: a power of the one, which
    may underflow, does not stand for the other.

    >>> from derivations.letters import j, k, z
    >>> total = Sum(exp(2 * z[k]), (k, 1, n))
    >>> odd = (exp(2 * z[j]) - exp(4 * z[j]) / total) / total
    >>> with_softmaxes(odd + exp(2 * z[j]), softmaxes(odd))
    exp(2*z[j]) - softmax(2*z)[j]**2 + softmax(2*z)[j]
    >>> both = exp(z[j]) / Sum(exp(z[k]), (k, 1, n)) + exp(2 * z[j]) / total
    >>> with_softmaxes(both, softmaxes(both))
    softmax(2*z)[j] + softmax(z)[j]
    """
    for one in known:
        total = Dummy("total", positive=True)
        expr = _put_back(_in_shares(expr, one, total, known), one, total)
    return readable(expr)


def top_of(one):
    """e^{u_j} as a function of the index, where softmax(u) is defined."""
    power = next(x for x in Mul.make_args(one.value) if isinstance(x, exp))
    return lambda index: power.xreplace({i: index})


def _nearest(power, known):
    """The definition whose e^{u_j} a power is one of: itself, or by a number if it can.

    Also its index, and how many times u_j the exponent is; None where there is none.
    """
    found = []
    for one in known:
        for index in {x.indices[0] for x in power.atoms(Indexed)}:
            times = cancel(power.exp / top_of(one)(index).exp)
            if not times.has(Indexed):
                found.append((one, index, times))
    return min(found, key=lambda x: (x[2] != 1, not x[2].is_number), default=None)


def _in_shares(expr, one, total, known):
    """`expr` with softmax(u)_j·total for e^{u_j}, and each factor total far outside."""
    if not expr.args or isinstance(expr, Indexed):
        return expr
    if isinstance(expr, exp):
        nearest, index, times = _nearest(expr, known) or (None,) * 3
        if nearest is one:
            return one.base[index] ** times * total**times
    if isinstance(expr, Sum):
        factor, rest = _apart(_in_shares(expr.function, one, total, known), total)
        index = expr.limits[0][0]
        is_whole = rest == one.base[index] and expr.limits == ((index, 1, n),)
        return factor if is_whole else factor * Sum(rest, *expr.limits)
    parts = [_in_shares(x, one, total, known) for x in expr.args]
    if isinstance(expr, Add):
        factors, rests = zip(*(_apart(x, total) for x in parts), strict=True)
        if len({*factors}) == 1:
            return factors[0] * Add(*rests)
    if isinstance(expr, Pow):
        factor, rest = _apart(parts[0], total)
        return factor ** parts[1] * rest ** parts[1]  # as total is positive
    return expr.func(*parts)


def _apart(product, total):
    """The powers of `total` in a product, and the rest."""
    factors = Mul.make_args(product)
    powers = [x for x in factors if x.as_base_exp()[0] == total]
    return Mul(*powers), Mul(*(x for x in factors if x not in powers))


def _put_back(expr, one, total):
    """`expr` without `total`: with a power of softmax(u)_j it is that of e^{u_j}."""
    if not expr.has(total):
        return expr
    if isinstance(expr, Mul):
        factor, rest = _apart(expr, total)
        _, power = factor.as_base_exp()
        for share in Mul.make_args(rest):
            base, other = share.as_base_exp()
            is_share = isinstance(base, Indexed) and base.base == one.base
            if is_share and factor != 1 and other == power:
                own = top_of(one)(*base.indices) ** power
                return own * _put_back(rest / share, one, total)
    if expr == total:
        return top_of(one)(i) / one.value
    return expr.func(*(_put_back(x, one, total) for x in expr.args))
