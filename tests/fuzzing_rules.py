"""Other forms of an expression: what the fuzzer writes in the place of a part.

A rule gives forms of one part, of which many are wrong somewhere.  SOUND ones are
equal wherever they are defined.
"""

from functools import reduce
from itertools import pairwise
from operator import mul

import sympy
from sympy import Abs, Add, Indexed, Integer, Max, Mul, Pow, Rational

from derivations.formulas.indices import Index
from derivations.letters import *

kappa = Symbol("kappa", positive=True)
MAYBE_ZERO = [alpha, kappa, kappa - 1, (n - 6) ** 2, (n - 9) ** 2, alpha**2]


def _powers(part):
    if isinstance(part, Pow):
        base, exponent = part.args
        if isinstance(base, Pow):
            yield base.base ** (base.exp * exponent)
        if isinstance(base, Mul):
            yield Mul(*(x**exponent for x in base.args))
        if isinstance(exponent, Add):
            yield times(*(base**x for x in exponent.args))
        yield from ((base ** (x * exponent)) ** (1 / x) for x in (Integer(2), n))
    if isinstance(part, exp) and isinstance(part.args[0], Add):
        yield times(*map(exp, part.args[0].args))
    if isinstance(part, Mul):
        powers = [x for x in part.args if isinstance(x, Pow)]
        for x, other in pairwise(powers):
            if x.exp == other.exp:
                yield part / x / other * (x.base * other.base) ** x.exp


def _roots(part):
    if isinstance(part, Abs):
        yield part.args[0]
    if isinstance(part, Indexed | Symbol) and not part.is_integer:
        yield Abs(part)
        for power in (2, 3, kappa, alpha):
            yield Pow(part**power, 1 / sympy.sympify(power), evaluate=False)
        yield exp(log(part), evaluate=False)
        yield Max(part, 0)
    if isinstance(part, Max):
        yield part.args[0]
        yield Add(*part.args)


def _logarithms(part):
    if isinstance(part, log):
        (inner,) = part.args
        if isinstance(inner, Mul):
            yield Add(*map(log, inner.args))
        if isinstance(inner, Pow):
            yield inner.exp * log(inner.base)
        if isinstance(inner, Add):
            yield Add(*map(log, inner.args))
    if isinstance(part, Add):
        logs = [x for x in part.args if isinstance(x, log)]
        if len(logs) > 1:
            yield part - Add(*logs) + log(Mul(*(x.args[0] for x in logs)))


def _quotients(part):
    if isinstance(part, Indexed | Symbol | Add) and not part.is_integer:
        yield times(part**2, 1 / part)
        yield (part**2 - part) / (part - 1)
        yield times(part**alpha, part ** (1 - alpha))
        yield times(part, (part + 1) ** alpha, (part + 1) ** -alpha)


def _deltas(part):
    if isinstance(part, Pow) and isinstance(part.base, KroneckerDelta):
        yield part.base
    if isinstance(part, KroneckerDelta):
        yield from (part**power for power in MAYBE_ZERO)
        yield from (part**2, part / (2 - part), 1 - part)
        yield from (Integer(0), Integer(1), (part + 1) ** alpha - 1)
    if isinstance(part, Mul):
        for delta in part.args:
            if isinstance(delta, KroneckerDelta):
                yield delta * (part / delta).xreplace(dict([delta.args]))


def _zeros(part):
    """A 0 that does not look like one, in the place of which 0/0 or 0**0 may stand."""
    for inner in (z[i], alpha, Sum(z[k], (k, 1, n))):
        zero = (inner + 1) ** 2 - inner**2 - 2 * inner - 1
        yield part + zero
        yield part * zero / zero.xreplace({inner: z[j]})
        yield from (part + zero**power for power in MAYBE_ZERO)
        yield from (part * (1 + zero) ** power for power in MAYBE_ZERO)


def _sums(part):
    if isinstance(part, SumExcept):
        yield Sum(part.function, *part.limits)
    if isinstance(part, Sum):
        (letter, *_), body = part.limits[0], part.function
        if isinstance(body, Mul):
            yield Mul(*(Sum(x, *part.limits) for x in body.args))
        yield from (body, body * n, Sum(body**2, *part.limits), Integer(1))
        if len(part.limits) == 1 and letter in n.indices:
            others = [x for x in (i, j) if x != letter]
            yield from (SumExcept(body, part.limits[0], x) for x in others)
    if len(part.args) == 1 and isinstance(part.args[0], Sum):
        total = part.args[0]
        yield Sum(part.func(total.function), *total.limits)
    if isinstance(part, Pow) and isinstance(part.base, Sum):
        yield Sum(part.base.function**part.exp, *part.base.limits)


def _slopes(part):
    if isinstance(part, Derivative):
        body, (variable, count), *others = part.args
        yield from (Integer(0), body, body.diff(variable))
        if isinstance(body, Sum):
            yield Sum(part.func(body.function, *part.args[1:]), *body.limits)
        if isinstance(body, Mul):
            yield Mul(*(Derivative(x, *part.args[1:]) for x in body.args))
        if others or count > 1:
            yield Derivative(body, variable)
            yield Derivative(body, *reversed(part.args[1:]))
    if isinstance(part, Sum) and isinstance(part.function, Derivative):
        inner = part.function
        yield Derivative(Sum(inner.expr, *part.limits), *inner.args[1:])


def terms(part):
    yield -part
    if isinstance(part, Add):
        for x in part.args:
            yield from (part - x, part - 2 * x)
    if isinstance(part, Mul):
        yield from (part / x for x in part.args)


def _letters(part):
    if isinstance(part, Indexed | KroneckerDelta):
        for old in part.atoms(Index):
            others = [
                *(x for x in old.size.indices if x != old),
                Integer(1),
                Integer(2),
            ]
            yield from (part.xreplace({old: x}) for x in others)


def by_definitions(where):
    """The rule that puts definitions in, even of a symbol that is moved."""
    known = {x.base: x for x in where}

    def rule(part):
        base = getattr(part, "base", part)
        if base in known and isinstance(part, Indexed | Symbol):
            yield known[base](*getattr(part, "indices", ()))

    return rule


def by_hypotheses(using):
    """The rule that uses hypotheses, even where an entry is moved."""
    known = {
        part.function.base: (total, x.value)
        for x in using
        for total in x.sums
        for part in Add.make_args(total)
    }

    def rule(part):
        if isinstance(part, Sum) and getattr(part.function, "base", None) in known:
            yield known[part.function.base][1]
        for total, value in known.values():
            yield part * (total + 1 - value)
            yield part * (total - value)

    return rule


UNSOUND = {
    "powers": _powers,
    "roots": _roots,
    "logarithms": _logarithms,
    "quotients": _quotients,
    "deltas": _deltas,
    "zeros": _zeros,
    "sums": _sums,
    "slopes": _slopes,
    "terms": terms,
    "letters": _letters,
}
TINY = Rational(1, 10**30)
UNSEEN = reduce(mul, (n - x for x in range(2, 8)))  # 0 where points looks
NEAR = {
    "a tiny factor": lambda x: x * (1 + TINY),
    "a tiny term": lambda x: x + TINY * z[i],
    "a term that is soon small": lambda x: x + exp(-100 - z[i] ** 2),
    "a term that no judge sees": lambda x: x + UNSEEN * z[i],
    "a term that few see": lambda x: x + UNSEEN * (n - 9) * z[i],
    "a factor that no judge sees": lambda x: x * (1 + UNSEEN * (m - 1)),
}
FORCED = {
    "powsimp by force": lambda x: sympy.powsimp(x, force=True),
    "powdenest by force": lambda x: sympy.powdenest(x, force=True),
    "expand by force": lambda x: sympy.expand(x, force=True),
    "expand_log by force": lambda x: sympy.expand_log(x, force=True),
    "logcombine by force": lambda x: sympy.logcombine(x, force=True),
    "powsimp": sympy.powsimp,
    "cancel": sympy.cancel,
    "doit": lambda x: x.doit(),
}
SOUND = {
    "expand": sympy.expand,
    "together": sympy.together,
    "factor": sympy.factor,
    "renamed": lambda x: _first(x, _renamed),
    "split": lambda x: _first(x, _split),
    "term taken out": lambda x: _first(x, _taken_out),
}
RULES = [*UNSOUND, "definitions", "hypotheses", "hypotheses"] * 3
RULES += ["powers", "roots", "quotients", "deltas", *NEAR, *FORCED]


def _renamed(part):
    if isinstance(part, Sum) and len(part.limits) == 1:
        ((letter, low, high),) = part.limits
        for new in high.indices:
            if new not in part.function.atoms(Symbol):
                yield Sum(part.function.xreplace({letter: new}), (new, low, high))


def _split(part):
    if isinstance(part, Sum) and isinstance(part.function, Add):
        yield Add(*(Sum(x, *part.limits) for x in part.function.args))


def _taken_out(part):
    if isinstance(part, Sum) and len(part.limits) == 1 and not part.has(Derivative):
        ((letter, low, high),) = part.limits
        body = part.function
        free = [x for x in high.indices if x != letter and x not in body.atoms(Symbol)]
        for x in [] if body.has(Sum, SumExcept) else free:
            rest = SumExcept(body, (letter, low, high), x)
            yield rest + body.xreplace({letter: x})


def parts(expr, path=()):
    """Every part of an expression with the way to it; limits of sums left out."""
    yield path, expr
    if not isinstance(expr, Indexed | KroneckerDelta):
        inside = expr.args[:1] if isinstance(expr, Sum | SumExcept) else expr.args
        for place, arg in enumerate(inside):
            yield from parts(arg, (*path, place))


def put(expr, path, new):
    if not path:
        return new
    args = list(expr.args)
    args[path[0]] = put(args[path[0]], path[1:], new)
    return expr.func(*args)


def _first(expr, rule):
    """`expr` by a rule at the first part that has one, or as it is."""
    forms = (put(expr, path, x) for path, part in parts(expr) for x in rule(part))
    return next(forms, expr)
