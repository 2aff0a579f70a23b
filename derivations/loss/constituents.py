"""Rules for the formula of a loss: smooth functions, bound indices, declared letters.

A formula that breaks one is refused with what to write instead.  Arguments that are no
formula at all are refused in `refusals`.
"""

from sympy import (
    Abs,
    Add,
    Expr,
    Heaviside,
    I,
    Indexed,
    IndexedBase,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Sum,
    Symbol,
    ceiling,
    cos,
    cosh,
    exp,
    floor,
    log,
    preorder_traversal,
    sign,
    sin,
    sinh,
    tanh,
)
from sympy.core.function import AppliedUndef

from derivations.advice import Advice, Words
from derivations.formulas.facts import is_nonnegative
from derivations.formulas.indices import free_symbols
from derivations.formulas.ranges import POSITIVE
from derivations.formulas.told import told
from derivations.letters import H3, H4, C, a, alpha, n, v, y, z
from derivations.loss.activations import Signs
from derivations.refusals.expressions import INDICES, is_stranger, refuse_look_alike
from derivations.refusals.hints import ONE_HOT, has_no_value_at_0
from derivations.text.printing import text
from derivations.text.unicode import unicode
from derivations.text.vocabulary import NEAR

LONG = 40  # signs of a part that a sentence does not quote
SMOOTH = (exp, log, tanh, sinh, cosh, sin, cos)
NOT_SMOOTH = (Abs, Max, Min, Piecewise, sign, Heaviside, floor, ceiling)
_GRAMMAR = (Add, Mul, Pow, Sum, Indexed, IndexedBase, KroneckerDelta, *SMOOTH)
_MEANINGS = {
    "S": "the normaliser Sum(exp(z[k]), (k, 1, n))",
    "L": "the loss of one example",
    "J": "the mean of the losses of a batch",
    "a": "the outputs of one example",
    "y": "the labels of one example",
    "z": "the logits of one example",
    "A": "the outputs of a batch",
    "Y": "the labels of a batch",
    "Z": "the logits of a batch",
    "X": "the inputs of a layer",
    "W": "the weights of a layer",
    "b": "the bias of a layer",
    "W1": "the weights of a hidden layer",
    "b1": "the bias of a hidden layer",
    "Z1": "the logits of a hidden layer",
    "A1": "the outputs of a hidden layer",
    "G": "the gradient that arrives at a hidden layer",
    "n": "the number of classes",
    "m": "the number of examples",
    "d": "the number of inputs of a layer",
    "h": "the number of hidden units",
    "C": "any number",
    "alpha": "the share of label smoothing",
    "v": "any vector",
}


def meaning_of(letter):
    """What a letter of the series means, or the one that it prints like; or None."""
    for index in INDICES:
        if str(index) == str(letter):
            return f"an index, one of 1..{index.size}"
    return _MEANINGS.get(str(letter))


def refuse_outside_grammar(expr, parameters, arrays, indices=()):
    _refuse_functions(expr)
    _refuse_indices(expr, set(indices))
    _refuse_undeclared(expr, parameters, arrays)


def _refuse_functions(expr):
    for part in preorder_traversal(expr):
        if isinstance(part, AppliedUndef):
            raise TypeError(
                Words(
                    f"{part} is an applied Function, and its derivative with respect "
                    "to an indexed symbol would silently be 0: ",
                    Advice("entry", part.func, part.args[0]),
                )
            )
        if isinstance(part, NOT_SMOOTH):
            near = _near(part)
            where = "at 0" if part.func == Abs else "everywhere"
            raise ValueError(
                f"{part} is not differentiable {where}: use a smooth function in "
                f"its place{f', such as {near}' if near else ''}"
            )
        known = isinstance(part, _GRAMMAR) or (not part.args and part != I)
        if isinstance(part, Expr) and not known:
            names = ", ".join(x.__name__ for x in SMOOTH)
            near = _near(part)
            raise ValueError(
                f"there is no rule for {part}: a loss is made of sums, products, "
                f"powers, {names} and KroneckerDelta"
                f"{f'; near it is {near}' if near else ''}"
            )


def _near(part):
    """A smooth formula that is near a function, in a letter x; nothing if unknown."""
    near = NEAR | {"abs": "sqrt(x**2 + 1)", "max": NEAR["maximum"]}
    return near.get(part.func.__name__.lower(), "")


def _refuse_indices(expr, allowed):
    bound = [x for total in expr.atoms(Sum) for x in total.bound_symbols]
    free = free_symbols(expr) & set(INDICES) - allowed
    for index in sorted(free, key=str):
        if index in bound:
            raise ValueError(
                f"the index {index} is bound in a sum and also used outside it, so one "
                "letter has two meanings: give the sum another letter, such as l, or "
                "put what belongs to the sum inside it"
            )
        if index.size != n:
            raise ValueError(
                f"the index {index} counts no classes, and the loss of one example has "
                "no others: write k, and sum over it"
            )
        raise ValueError(
            f"the index {index} is free, and a loss is one number: sum over it, as in "
            f"Sum(…, ({index}, 1, n)); the true class is where y[{index}] is 1"
        )
    for total in expr.atoms(Sum):
        inner = [x for part in total.function.atoms(Sum) for x in part.bound_symbols]
        names = [*total.bound_symbols, *inner]
        twice = [x for x in total.bound_symbols if names.count(x) > 1 or x in allowed]
        if twice:
            raise ValueError(
                f"the index {twice[0]} is bound twice in {total}: "
                "give one of the sums another letter"
            )
        for _, low, high in total.limits:
            if low != 1 or high != n:
                raise ValueError(
                    Words(
                        f"{total} is not a sum over all classes: ",
                        Advice("all classes"),
                        " can be decided for every n",
                    )
                )


def _refuse_undeclared(expr, parameters, arrays):
    known = arrays | {x for x in parameters if isinstance(x, IndexedBase)}
    for entry in sorted(expr.atoms(Indexed), key=str):
        if entry.base not in known:
            if is_stranger(entry.base) or str(entry.base) in map(str, known):
                refuse_look_alike(entry.base)
            _refuse_meaning(entry.base)
            raise ValueError(
                Words(
                    f"{entry.base} is not declared: ",
                    Advice("array", entry.base),
                    f", or use {', '.join(sorted(map(str, arrays)))}",
                )
            )
        _refuse_numbered(entry, entry.indices, expr)
        if len(entry.indices) != 1 or not isinstance(entry.indices[0], Symbol):
            raise ValueError(
                f"{entry} must have one letter as its index, such as {entry.base}[k]"
            )
    for one in sorted(expr.atoms(KroneckerDelta), key=str):
        _refuse_numbered(one, one.args, expr)
    labels = {name for x in expr.atoms(IndexedBase) for name in (x, x.label)}
    symbols = {x for x in free_symbols(expr) if isinstance(x, Symbol)}
    for symbol in sorted(symbols - {n} - labels, key=str):
        if is_stranger(symbol):
            refuse_look_alike(symbol)
        if symbol not in parameters and symbol not in INDICES:
            _refuse_meaning(symbol)
            way = "parameter" if symbol in (C, alpha) else "symbol"
            words = f"{symbol} is not declared: "
            raise ValueError(Words(words, Advice(way, symbol)))


def _refuse_numbered(part, indices, expr):
    """Refuse a class that is given by its number: arrays of Z and Y have labels."""
    if any(x.is_Integer for x in indices):
        raise ValueError(
            f"{part} is about one numbered class, and the loss of an example is about "
            "all of them: let a label say which class is meant, as in "
            f"{_with_a_label(expr)}, where y is 1 at this class, else 0"
        )


def _with_a_label(expr):
    """A loss of one numbered class as text, with the class that has the label 1.

    >>> from derivations.letters import k
    >>> _with_a_label(1 - a[2] + Sum(a[k] ** 2, (k, 1, n)))
    'Sum((1 + Sum(a[k]**2, (k, 1, n)) - a[l])*y[l], (l, 1, n))'
    """
    entries = expr.atoms(Indexed, KroneckerDelta)
    numbers = {x for entry in entries for x in entry.args if x.is_Integer}
    letter = next(x for x in n.indices if not expr.has(x))
    if len(numbers) > 1 or expr.has(y):
        return "-Sum(y[k]*log(a[k]), (k, 1, n))"
    lettered = {x: x.xreplace(dict.fromkeys(numbers, letter)) for x in entries}
    return text(Sum(y[letter] * expr.xreplace(lettered), (letter, 1, n)))


def _refuse_meaning(letter):
    """Refuse a letter of the series that has no place in the loss of one example."""
    if meaning_of(letter) and letter not in (C, alpha, v):
        raise ValueError(
            f"{letter} means {meaning_of(letter)} in this series, and the loss of one "
            f"example is made of a[k], y[k], z[k], S, n and parameters of other names"
        )


def refuse_singular(expr, activation=None, using=()):
    """Refuse log(x) and x^p where x may be 0 or negative at some z, not at others.

    What to do comes first, then the smallest part for which it is done.
    """
    part = singular_part(expr, Signs(activation, using))
    if part is None:
        return
    inner = _smallest(part.args[0], Signs(activation, using))
    remedy = _remedy(part, activation, using)
    values = "0" if is_nonnegative(inner) else "0 or negative"
    values = "negative" if getattr(remedy, "hypotheses", ()) else values
    doubtful, lacks = unicode(inner), "is not differentiable there"
    if isinstance(part, Pow) and part.exp.is_Integer:
        below = unicode(part.base)
        doubtful = below if len(below) < LONG else "the denominator"
        values, lacks = "0", "has no value there"
    words = f": {doubtful} may be {values}, and {_briefly(part)} {lacks}"
    if isinstance(part, log) and not part.has(Sum) and has_no_value_at_0(part):
        words += f"; it has no value {ONE_HOT}"
    raise ValueError(Words(remedy, words))


def _remedy(part, activation, using):
    """What a reader may do about log(x) or x^p: the first that is enough."""

    def is_enough(other, *facts):
        return singular_part(other, Signs(activation, (*using, *facts))) is None

    for fact in (one for one in (H3, H4) if one not in using):
        if is_enough(part, fact):
            return Advice("assume", fact.name, said=[fact.sentence])
    arrays = {x.base for x in part.atoms(Indexed)}
    own = {*arrays, *free_symbols(part)} - {x.label for x in arrays} - {a, y, z, n}
    own = sorted(own - {*INDICES}, key=str)
    if is_enough(part.xreplace({x: told(x, POSITIVE) for x in own})):
        return Advice("positive", *own)
    more = part.func(part.args[0] + Symbol("epsilon", positive=True), *part.args[1:])
    if is_enough(more):
        return f"add a positive letter, as in {_briefly(more)}"
    return "write another loss"


def _smallest(expr, signs):
    """The part of x by which it may be 0 or negative: of Σ_k (a_k + y_k) it is y_k."""
    if isinstance(expr, Sum):
        return _smallest(expr.function, signs)
    if isinstance(expr, Add | Mul):
        doubtful = [x for x in expr.args if not signs.is_settled(x)]
        if len(doubtful) == 1 and not doubtful[0].could_extract_minus_sign():
            return _smallest(doubtful[0], signs)
    is_inverse = isinstance(expr, Pow) and expr.exp == -1
    return _smallest(expr.base, signs) if is_inverse else expr


def _briefly(part):
    """A part as it is typed; a long one by its kind."""
    written = unicode(part)
    kind = "the logarithm" if isinstance(part, log) else "the power"
    kind = "the quotient" if part.as_numer_denom()[0] == 1 else kind
    return written if len(written) < LONG else kind


def singular_part(expr, signs):
    """The first log(x) or x^p whose x may be 0 or negative, as z moves; else None.

    A part with no z in it is a constant here: where it is not defined, the loss is
    defined for no z.
    """
    walk = preorder_traversal(expr)
    for part in walk:
        if not part.has(a, z):
            walk.skip()
        elif isinstance(part, log):
            if not signs.is_settled(part.args[0]):
                return part
        elif isinstance(part, Pow) and not (
            part.exp.is_integer and part.exp.is_nonnegative
        ):
            moves = part.exp.has(a, z)
            known = signs.is_positive if moves else signs.is_settled
            either = (part.base, -part.base) if part.exp.is_Integer else (part.base,)
            if not any(map(known, either)):
                return part
    return None
