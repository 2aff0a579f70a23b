"""Numbers and powers that stay small enough for SymPy, and real; numbers that cancel.

An error that is raised here has no place in the text yet; its caller adds it.
"""

from sympy import (
    Derivative,
    Expr,
    I,
    Indexed,
    Mul,
    Pow,
    Rational,
    S,
    Sum,
    Symbol,
    atan2,
    cos,
    cosh,
    exp,
    expand,
    functions,
    log,
    sin,
    sinh,
    tanh,
)

from derivations.formulas.domain import as_defined
from derivations.formulas.indices import SumExcept, times
from derivations.text.notation.shapes import product
from derivations.text.notation.tokens.token_row import MOST_DIGITS
from derivations.text.unreadable import Unreadable
from derivations.text.vocabulary import OF_ONE_NUMBER

LARGEST = Symbol("max(z)", real=True)
"""The largest logit: a formula may subtract it where it cancels."""
MOST_POWER = 64
"""Of a number in an exponent; the checks multiply powers out."""
MOST_EXPONENT = 1_000
"""Of e^x where x is a number, for the checks compute it."""


def raised(base: Expr, exponent: Expr) -> Expr:
    """base**exponent; SymPy asks long for the sign below a power of a power."""
    moderate(exponent)
    no_tower(exponent)
    for part in () if exponent.is_integer else Mul.make_args(base):
        inside = part.as_base_exp() if isinstance(part, Pow | exp) else ()
        if not all(x.is_real for x in inside):
            raise Unreadable("a power of a power: multiply the exponents, x^(2p)")
    return bounded(real(as_defined(Pow, base, exponent)))


def as_written(factors: list[Expr]) -> Expr:
    """The product that is left as it is written, but for a number before one formula.

    >>> from derivations.letters import a, j
    >>> as_written([-1 / a[j], a[j]]), as_written([S(2), a[j]])
    ((-1/a[j])*a[j], 2*a[j])
    """
    numbers = [x for x in factors if x.is_Rational]
    bounded(Mul(*numbers))
    return times(*factors) if len(factors) - len(numbers) > 1 else product(factors)


def do_cancel(factors: list[Expr]) -> bool:
    """Whether one factor divides by what another one has.

    >>> from derivations.letters import a, j, y
    >>> several = [[-y[j] / a[j], a[j]], [a[j], a[j]], [S(2), S.Half]]
    >>> [do_cancel(factors) for factors in several]
    [True, False, False]
    """
    powers = [
        (base, exponent)
        for factor in factors
        for base, exponent in factor.as_powers_dict().items()
        if not base.is_number and exponent.is_number
    ]
    above = {base for base, exponent in powers if exponent > 0}
    return any(base in above for base, exponent in powers if exponent < 0)


def function_of(name: str, argument: Expr) -> Expr:
    """A function of one number, where it has a value among the real numbers."""
    kind = OF_ONE_NUMBER[name]
    if name == "sqrt":
        return raised(argument, S.Half)
    if name == "sigmoid_prime" and not isinstance(argument, Indexed | Symbol):
        raise Unreadable("sigmoid′ takes a letter or an entry: write sigmoid′(z_i)")
    if name in ("Abs", "abs") and not argument.is_real:
        return kind(argument, evaluate=False)  # SymPy would look for its real part
    if kind in (sinh, cosh, tanh, sin, cos) and _may_be_imaginary(argument):
        words = "what is known to be real, not a derivative or sqrt(z[i])"
        raise Unreadable(f"{name} takes {words}")
    if kind in (exp, sinh, cosh, tanh, sin, cos):
        no_tower(argument)
        if argument.has(log):  # exp(9*log(2)) is 2**9 to SymPy
            moderate(argument)
    return bounded(real(as_defined(kind, argument)))


def moderate(exponent: Expr) -> None:
    """Refuse an exponent that makes numbers long."""
    if any(abs(x) > MOST_POWER or x.q > MOST_POWER for x in exponent.atoms(Rational)):
        raise Unreadable(f"a power goes up to {MOST_POWER}")


def no_tower(exponent: Expr) -> None:
    """Refuse e to a number that is itself a large one, e^2000 or e^(e^9)."""
    if exponent.is_Rational:
        large = abs(exponent) > MOST_EXPONENT
    else:
        powers = exponent.atoms(Pow)
        large = not exponent.free_symbols and (
            exponent.has(exp, sinh, cosh)
            or any(not power.exp.is_Rational for power in powers)
        )
    if large:
        words = f"too large a number: exp(x) goes up to x = {MOST_EXPONENT}"
        raise Unreadable(words)


def real(expr: Expr) -> Expr:
    """Refuse what has no value among the real numbers."""
    if expr.has(S.ComplexInfinity, S.NaN, S.Infinity, S.NegativeInfinity):
        raise Unreadable("this divides by 0, or takes its logarithm")
    roots = [x for x in expr.atoms(Pow) if x.base.is_negative]
    imaginary = expr.has(I, atan2, functions.re, functions.im)
    if imaginary or any(x.exp.is_integer is False for x in roots):
        raise Unreadable("a number below 0 has no real root or logarithm")
    return expr


def bounded(expr: Expr) -> Expr:
    """Refuse numbers that became long, and powers that became high."""
    for part in (expr, *expr.args):
        is_expr = isinstance(part, Expr)  # and no limit of a sum
        number, rest = part.as_coeff_Mul() if is_expr else (part, part)
        if number.is_Rational and max(abs(number.p), number.q) >= 10**MOST_DIGITS:
            raise Unreadable(f"a number gets more than {MOST_DIGITS} digits here")
        if isinstance(rest, exp):
            no_tower(rest.exp)
        elif isinstance(rest, Pow):
            moderate(rest.exp)
    return expr


def without_largest(expr: Expr) -> Expr:
    """A formula without max(z), where it cancels: e^max(z) leaves every sum.

    Raises Unreadable where it does not cancel.

    >>> from derivations.letters import i, k, n, z
    >>> without_largest(exp(z[i] - LARGEST) / Sum(exp(z[k] - LARGEST), (k, 1, n)))
    exp(z[i])/Sum(exp(z[k]), (k, 1, n))
    >>> without_largest(LARGEST + log(Sum(exp(z[k] - LARGEST), (k, 1, n))))
    log(Sum(exp(z[k]), (k, 1, n)))
    """
    power = Symbol("e^max(z)", positive=True)

    def rewritten(part):
        if not part.has(LARGEST):
            return part
        part = part.func(*map(rewritten, part.args)) if part.args else part
        if isinstance(part, exp):
            rest = part.exp.subs(LARGEST, 0)
            return power ** expand(part.exp - rest).coeff(LARGEST) * exp(rest)
        if isinstance(part, Sum | log):
            inside, factor = part.args[0].as_independent(power, as_Add=False)
            base, exponent = factor.as_base_exp()
            if base == power and isinstance(part, Sum):
                return factor * Sum(inside, *part.limits)
            if base == power:
                return log(inside) + exponent * LARGEST
        return part

    left = rewritten(expr)
    inside = expr.atoms(Derivative, SumExcept)
    if left.has(LARGEST, power) or any(x.has(LARGEST) for x in inside):
        raise Unreadable("max(z) has to cancel, as in e^(z_i - max(z))")
    return left


def _may_be_imaginary(expr):
    """Whether SymPy would look, and long, for an imaginary part."""
    roots = any(not power.exp.is_integer for power in expr.atoms(Pow))
    if expr.has(Derivative, SumExcept):
        return True
    return (roots or expr.has(log)) and not expr.is_real
