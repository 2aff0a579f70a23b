"""How long a formula is, counted before anything of it is computed.

Proofs multiply powers out, put definitions in and look for factors.  A short formula
such as (x + y)**1000 is long then, so its length is that of what is written out.
"""

from functools import reduce
from math import comb
from operator import mul

from sympy import (
    Abs,
    Add,
    Derivative,
    Indexed,
    Max,
    Min,
    Mul,
    Pow,
    Rational,
    Symbol,
    cosh,
    exp,
    gamma,
    sinh,
    tanh,
)
from sympy.functions.combinatorial.factorials import CombinatorialFunction

from derivations.formulas.caching import remembered
from derivations.formulas.indices import Size

MOST_PARTS = 4_000
"""How long both sides of a claim may be together; the longest of a theorem has 1000."""
MOST_IN_LOSS = 500
"""How long a loss may be whose gradient is derived; the longest known one has 139."""
MOST_IN_SLOPE = 1_000
"""How long the derivative of a loss may be; the longest known one has 373."""
MOST_HIGH = 2
"""How high powers may stand in exponents of a loss: its derivative repeats each."""
MOST_DEEP = 40
"""How deep parts may lie within each other; in a theorem they lie 29 deep."""
MOST_IN_FACTS = 200
"""How long an expression may be whose sign is looked for."""
MOST_OVER_ONE = 1_000
"""How many terms a fraction may have that is written over one denominator."""
_MANY = 200_000
"""How many terms are counted at most."""
_ENDLESS = 10**9
"""What is longer is not counted further."""
_MOST_EXPONENT = 1_000
"""Of e^x where x is a number."""
_HYPERBOLIC = tanh, cosh, sinh


def length(expr, where=()) -> int:
    """How many parts `expr` has, with its powers and the definitions written out.

    A part that stands twice counts twice, and a number by its digits.

    >>> from derivations.letters import L, cross_entropy, i, n, z
    >>> length((z[i] + 1) ** 2), length(z[i] ** 60), length(2 * z[i])
    (8, 60, 4)
    >>> length(L), length(L, [cross_entropy])
    (1, 14)
    >>> length(exp(exp(exp(Rational(10)))))
    1000000000
    >>> length(tanh(z[i])), length(tanh(tanh(tanh(z[i]))))
    (5, 329)
    >>> length(1 / (1 + 1 / (1 + z[i]))), length(1 / (1 + 1 / (1 + n)))
    (7, 22)
    """
    return _measured(expr, tuple(where), _length_and_factors)[0]


def depth(expr, where=()) -> int:
    """How deep the parts of `expr` lie within each other, with definitions put in.

    >>> from derivations.letters import L, cross_entropy, i, z
    >>> depth(z[i]), depth(1 / (1 + z[i])), depth(L, [cross_entropy])
    (1, 3, 6)
    """
    return _measured(expr, tuple(where), _depth)


def height(expr, where=()) -> int:
    """How high powers stand in exponents, where these are no numbers.

    >>> from derivations.letters import a, alpha, i
    >>> height(a[i] ** 2), height((1 + a[i]) ** alpha), height(a[i] ** (a[i] ** alpha))
    (0, 1, 2)
    """
    return _measured(expr, tuple(where), _height)


def _depth(_, inner):
    return 1 + max(inner, default=0)


def _height(part, inner):
    is_power = isinstance(part, Pow) and not part.exp.is_number
    return max(inner[0], 1 + inner[1]) if is_power else max(inner, default=0)


@remembered
def _measured(expr, where, measure):
    """The measure of `expr`, which is made of those of its parts; none recursively."""
    values = {one.base: one.value for one in where}
    measures, waiting = {}, [expr]
    while waiting:
        part = waiting[-1]
        inner = _inside(part, values)
        unknown = [x for x in inner if x not in measures]
        waiting += unknown
        if not unknown:
            measures[part] = measure(part, [measures[x] for x in inner])
            waiting.pop()
    return measures[expr]


def terms_of(expr, in_power=False):
    """About how many terms `expr` has when it is multiplied out.

    In a power, a root and an absolute value count as what stands in them: their even
    powers have its terms.

    >>> from sympy import sqrt
    >>> from sympy.abc import x, y
    >>> terms_of((x + y) * (x + 1)), terms_of((x + y) ** 3), terms_of(sqrt(x + y))
    (4, 4, 1)
    >>> terms_of((1 + sqrt(x + y)) ** 2), terms_of((1 + x + y) ** 2)
    (6, 6)
    """
    if isinstance(expr, Add):
        return sum(terms_of(part, in_power) for part in expr.args)
    if isinstance(expr, Mul):
        return reduce(mul, (terms_of(part, in_power) for part in expr.args))
    if isinstance(expr, Pow) and expr.exp.is_Integer:
        power = abs(int(expr.exp))
        return terms_of_power(terms_of(expr.base, in_power or power > 1), power)
    is_root = isinstance(expr, Pow) and expr.exp == Rational(1, 2)
    inner = in_power and (is_root or isinstance(expr, Abs))
    return terms_of(expr.args[0]) if inner else 1


def terms_over_one(expr):
    """About how many terms `expr` has over one denominator, when multiplied out.

    >>> from sympy.abc import x, y
    >>> terms_over_one(1 / (x + 1) + 1 / (x + y))
    16
    """
    below = {x.base for x in expr.atoms(Pow) if x.exp.could_extract_minus_sign()}
    return terms_of(expr) * terms_of(Mul(*below))


def terms_of_power(terms, power):
    """How many terms a power of so many has: ways to draw, with replacement.

    >>> terms_of_power(2, 3), terms_of_power(2, 10**9)
    (4, 200000)
    """
    if terms == 1 or power == 0:
        return 1
    if terms + power > _MANY:  # `comb` of larger numbers takes long
        return _MANY
    return min(comb(terms + power - 1, power), _MANY)


def too_long(*formulas, where=(), most=None) -> str:
    """What is said of formulas that are too long together; nothing of others.

    `most` is how many parts they may have, MOST_PARTS where nothing is said.

    >>> from derivations.letters import i, z
    >>> too_long(z[i] ** 5000, z[i])
    'too large: with powers written out it has 5001 parts; at most 4000 are allowed'
    """
    deep = max(depth(x, where) for x in formulas)
    if deep > MOST_DEEP:
        return (
            f"too large: its parts are nested {deep} levels deep; "
            f"at most {MOST_DEEP} are allowed"
        )
    parts = sum(length(x, where) for x in formulas)
    most = most or MOST_PARTS
    if parts <= most:
        return ""
    given = f"{parts} parts" if parts < _ENDLESS else f"{_ENDLESS} parts or more"
    also = " and definitions" if where else ""
    return (
        f"too large: with powers{also} written out it has {given}; "
        f"at most {most} are allowed"
    )


def _inside(part, values):
    if isinstance(part, Indexed | Symbol):
        base = getattr(part, "base", part)
        return (values[base],) if base in values else ()
    return part.args


def _length_and_factors(part, inner):
    """The length of a part and how many factors a product in it has at most."""
    factors = max((x for _, x in inner), default=1)
    own = len(inner) if isinstance(part, Mul) else 1
    lengths = [x for x, _ in inner]
    return min(_length(part, lengths, factors), _ENDLESS), max(own, factors)


def _length(part, inner, factors):
    """The length of a part, by those of what is in it."""
    if isinstance(part, Rational):
        return 1 + (part.p.bit_length() + part.q.bit_length()) // 2
    if isinstance(part, Pow) and isinstance(part.exp, Rational):
        copies = 2 if _is_fraction_of_sizes(part) else 1
        return inner[0] * max(1, abs(part.exp.p), part.exp.q) * copies
    if isinstance(part, Derivative):
        # Of a product each factor is moved once, beside all the others.
        orders = sum(int(x) if x.is_Integer else 1 for _, x in part.variable_count)
        return inner[0] * max(1 + orders, factors)
    if _is_endless(part):
        return _ENDLESS
    # tanh is written by exponentials, and those of a number, or of another tanh, are
    # evaluated or meet again; of several, each is compared with each.
    copies = 1
    if isinstance(part, _HYPERBOLIC):
        copies = 8 if part.is_number or part.args[0].has(*_HYPERBOLIC) else 4
    copies = len(inner) ** 2 if isinstance(part, Max | Min) else copies
    return 1 + sum(inner) * copies


def _is_fraction_of_sizes(part):
    """Whether this is 1/x of sizes alone: SymPy looks where each such x is whole.

    For this it looks at every fraction in x again.
    """
    is_below = part.exp.is_negative and isinstance(part.base, Add)
    return is_below and all(isinstance(x, Size) for x in part.free_symbols)


def _is_endless(part):
    """Whether this is a factorial of a number, or a power whose exponent is large.

    Large is a number above 1000, or one that is itself made of an exponential.
    """
    if isinstance(part, CombinatorialFunction | gamma):
        return part.is_number
    if not isinstance(part, Pow | exp) or part.exp.free_symbols:
        return False
    number, rest = part.exp.as_coeff_Mul()
    return abs(number) > _MOST_EXPONENT or any(
        isinstance(factor, exp)
        or not isinstance(factor.exp, Rational)
        or factor.exp.is_Integer
        for factor in rest.atoms(Pow, exp)
    )
