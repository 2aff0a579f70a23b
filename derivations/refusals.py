"""What is refused, and in which words: one vocabulary for proof and own loss alike.

`claim` takes what a chain or a check is about, `loss`, `activation` and `parameters`
what a loss of the reader's own is made of. Text is never evaluated.
"""

from sympy import (
    Abs,
    Add,
    Basic,
    Derivative,
    Eq,
    Expr,
    Float,
    Heaviside,
    I,
    Indexed,
    IndexedBase,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Ne,
    Piecewise,
    Pow,
    S,
    Sum,
    Symbol,
    ceiling,
    cos,
    exp,
    floor,
    log,
    preorder_traversal,
    sign,
    sin,
    sympify,
    tanh,
)
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.core.function import AppliedUndef

from derivations import letters
from derivations.activations import is_positive_under
from derivations.letters import L, a, n, y, z
from derivations.printing import text
from derivations.signs import is_positive
from derivations.terms import (
    Claim,
    Definition,
    Hypothesis,
    Index,
    free_symbols,
    remembered,
    size_of,
)

SMOOTH = (exp, log, tanh, sin, cos)
NOT_SMOOTH = (Abs, Max, Min, Piecewise, sign, Heaviside, floor, ceiling)
_GRAMMAR = (Add, Mul, Pow, Sum, Indexed, IndexedBase, KroneckerDelta, *SMOOTH)


def _letters_of_the_series():
    found = {}
    for member in vars(letters).values():
        if isinstance(member, IndexedBase | Symbol):
            found.setdefault(str(member), set()).add(member)
    return found


_OURS = _letters_of_the_series()  # what each may be: L is an array and a symbol
_INDICES = [x for group in _OURS.values() for x in group if isinstance(x, Index)]


def _is_stranger(letter):
    return letter not in _OURS.get(str(letter), {letter})


def _refuse_look_alike(letter):
    raise ValueError(
        f"{letter} prints like the {letter} of the series but is another one: "
        f"use `from derivations.letters import {letter}`"
    )


# Chains and checks


def claim(left, right, where=(), using=(), case=None):
    """The claim left = right, of which every part is one that the judges know."""
    return Claim(
        expression(left),
        expression(right),
        definitions(where),
        hypotheses(using),
        case_of_indices(case),
    )


def expression(value):
    """`value` as a SymPy expression in the letters of the series, or others."""
    if isinstance(value, str) or not isinstance(value, Basic | int):
        given = f"{type(value).__name__} {value!r}"
        raise TypeError(f"expected a SymPy expression such as a[i]*a[j], got {given}")
    value = sympify(value, strict=True)
    unordered = any(x.is_commutative is False for x in value.atoms(Symbol))
    if not isinstance(value, Expr) or value.is_Matrix or unordered:
        raise TypeError(f"expected a SymPy expression, got {value!r}")
    return _well_formed(value)


def definitions(where):
    """`where` as a tuple of definitions, no two of which lead back to each other."""
    where = _several(where, Definition)
    inside = {x.base: x.value.atoms(IndexedBase, Symbol) for x in where}
    reached = dict(inside)
    for _ in where:
        reached = {
            x: y.union(*(inside.get(z, set()) for z in y)) for x, y in reached.items()
        }
    if any(base in reached[base] for base in inside):
        raise ValueError(f"definitions in a circle: {where}")
    return where


def hypotheses(using):
    """`using` as a tuple of hypotheses."""
    return _several(using, Hypothesis)


def _several(given, kind):
    given = (given,) if isinstance(given, kind) else tuple(given)
    for one in given:
        if not isinstance(one, kind):
            raise TypeError(f"expected a {kind.__name__}, got {one!r}")
    return given


def case_of_indices(case):
    """`case` where it is None, or Eq or Ne of two indices of one range."""
    if case is None:
        return None
    if isinstance(case, Eq | Ne):
        first, second = map(size_of, case.args)
        if first is not None and first == second:
            return case
    raise TypeError(
        "a case is Eq or Ne of two indices of one range, such as Eq(i, j); "
        f"got {case!r}"
    )


@remembered
def _well_formed(expr):
    _refuse_malformed(expr)
    _refuse_two_meanings(expr)
    _refuse_strangers(expr)
    return expr


def _refuse_malformed(expr):
    if expr.has(Float, S.Infinity, S.NegativeInfinity, S.ComplexInfinity, S.NaN):
        raise ValueError(f"only exact, finite numbers, such as Rational(1, 2): {expr}")
    ranks = {}
    for part in _parts(expr):
        if isinstance(part, Indexed):
            rank = ranks.setdefault(part.base, len(part.indices))
            if rank != len(part.indices):
                counts = f"{rank} and {len(part.indices)} indices"
                raise ValueError(f"{part.base} has here {counts}")
        elif isinstance(part, IndexedBase):
            raise ValueError(f"{part} is an array: say which entry, such as {part}[i]")
        elif isinstance(part, ExprWithLimits):
            bound = all(len(x) == 3 and isinstance(x[0], Symbol) for x in part.limits)
            if not isinstance(part, Sum) or not bound:
                raise ValueError(f"only a sum such as Sum(z[k], (k, 1, n)), not {part}")
        elif isinstance(part, KroneckerDelta) and (
            len(part.args) != 2
            or any(x.is_real and not x.is_integer for x in part.args)
        ):
            raise ValueError(f"only a delta of two indices, not {part}")
        elif isinstance(part, Derivative):
            if any(x.is_integer or not k.is_Integer for x, k in part.variable_count):
                raise ValueError(f"differentiate by entries such as z[j], not {part}")
            if sum(count for _, count in part.variable_count) > 2:
                raise ValueError(f"the checks go up to second derivatives, not {part}")


def _parts(expr):
    """Every part of an expression, without the parts of its entries."""
    walk = preorder_traversal(expr)
    for part in walk:
        yield part
        if isinstance(part, Indexed):
            walk.skip()


def _symbols(expr):
    """The symbols of an expression and of the indices in it, names of arrays apart."""
    symbols = {x for x in _parts(expr) if isinstance(x, Symbol)}
    indices = (x for entry in expr.atoms(Indexed) for x in entry.indices)
    return symbols.union(*(x.free_symbols for x in indices))


def _refuse_two_meanings(expr):
    """A symbol with the name of an array is the label of it: renamed with it."""
    labels = {entry.base.label for entry in expr.atoms(Indexed)}
    for symbol in sorted(labels & _symbols(expr), key=str):
        raise ValueError(
            f"{symbol} is the name of an array and of a symbol in {expr}: "
            "give one of them another letter"
        )


def _refuse_strangers(expr):
    entries, free = expr.atoms(Indexed), free_symbols(expr)
    letters_used = {entry.base for entry in entries} | _symbols(expr) & free
    for letter in sorted(letters_used, key=str):
        if _is_stranger(letter):
            _refuse_look_alike(letter)
    for entry in sorted(entries, key=str):
        for index in entry.indices:
            if isinstance(index, Symbol) and index in free - set(_INDICES):
                raise ValueError(
                    f"the index {index} of {entry} has no range: free indices are "
                    f"{', '.join(map(str, _INDICES))}"
                )


# A loss of the reader's own


def loss(given, parameters, activation):
    """`given` as a loss: one number, made of a[k], y[k], z[k] by smooth functions."""
    if isinstance(given, str):
        raise TypeError(
            "a loss is a SymPy expression, and text is never evaluated: write "
            f"-Sum(y[k]*log(a[k]), (k, 1, n)) without quotes, got {given!r}"
        )
    if isinstance(given, Definition):
        given = given.value
    if isinstance(given, Expr):  # before the words of `expression`, which are others
        _refuse_outside_grammar(given, parameters, {a, y, z}, activation)
    given = expression(given)
    if not given.has(a, z):
        raise ValueError(
            f"{text(given)} does not depend on z: neither a nor z is in it, so its "
            "gradient is 0; use a[k] for the outputs and z[k] for the logits"
        )
    return given


def activation(given, parameters):
    """`given` as an activation: a definition of a[i] in z with positive outputs."""
    shape = "Definition(a[i], exp(z[i]) / Sum(exp(z[k]), (k, 1, n)))"
    if not isinstance(given, Definition) or given.base != a:
        raise TypeError(
            f"an activation is a definition of a[i] in z, such as {shape}, "
            f"got {given!r}"
        )
    if len(given.parameters) != 1 or given.value.has(y):
        raise TypeError(f"an activation has one index and no y: {given}")
    _refuse_outside_grammar(given.value, parameters, {z}, None, given.parameters)
    if not given.value.has(z):
        raise ValueError(f"{given} does not depend on z")
    if not is_positive(given.value):
        raise ValueError(
            f"the outputs a are positive in this series, and {given} is not known "
            "to be: write the loss in z itself, with the activation put in"
        )
    return given


def parameters(given):
    """`given` as a tuple of symbols and arrays, each declared as a real number."""
    given = (given,) if isinstance(given, Symbol | IndexedBase) else tuple(given)
    for one in given:
        if not isinstance(one, Symbol | IndexedBase):
            raise TypeError(
                "a parameter is a Symbol or an IndexedBase, such as "
                f'Symbol("gamma", positive=True), got {one!r}'
            )
        entry = one[letters.k] if isinstance(one, IndexedBase) else one
        if not entry.is_real or entry.is_integer:
            raise TypeError(
                f"the parameter {one} must be declared as a real number: "
                f'{type(one).__name__}("{one}", positive=True), or real=True'
            )
        if _is_stranger(one) or one in (a, y, z, n, L):
            raise ValueError(
                f"the letter {one} has a meaning of its own in this series: choose "
                "another name for the parameter"
            )
    return given


def values(parameters, given):
    """`given`, the values of all parameters by their names, and of no others."""
    names = {str(x) for x in parameters}
    if names != set(given):
        expected = ", ".join(f"{x}=…" for x in sorted(names)) or "no parameter"
        raise TypeError(
            f"expected {expected}, got {', '.join(sorted(given)) or 'none'}"
        )
    return given


def _refuse_outside_grammar(expr, parameters, arrays, activation, indices=()):
    _refuse_functions(expr)
    _refuse_indices(expr, set(indices))
    _refuse_undeclared(expr, parameters, arrays)
    _refuse_singular(expr, activation)


def _refuse_functions(expr):
    for part in preorder_traversal(expr):
        if isinstance(part, AppliedUndef):
            raise TypeError(
                f"{part} is an applied Function, and its derivative with respect to an "
                "indexed symbol would be 0 without a word: declare "
                f'{part.func} = IndexedBase("{part.func}", real=True) and write '
                f"{part.func}[{part.args[0]}]"
            )
        if isinstance(part, NOT_SMOOTH):
            raise ValueError(
                f"{part} is not differentiable everywhere: use a smooth function in "
                "its place, such as sqrt(x**2 + 1) for Abs(x), log(exp(x) + exp(0)) "
                "for Max(x, 0)"
            )
        known = isinstance(part, _GRAMMAR) or (not part.args and part != I)
        if isinstance(part, Expr) and not known:
            names = ", ".join(x.__name__ for x in SMOOTH)
            raise ValueError(
                f"there is no rule for {part}: a loss is made of sums, products, "
                f"powers, {names} and KroneckerDelta"
            )


def _refuse_indices(expr, allowed):
    bound = [x for total in expr.atoms(Sum) for x in total.bound_symbols]
    free = free_symbols(expr) & set(_INDICES) - allowed
    for index in sorted(free, key=str):
        if index in bound:
            raise ValueError(
                f"the index {index} is bound in a sum and also used outside it, so one "
                "letter has two meanings: give the sum another letter, such as l, or "
                "put what belongs to the sum inside it"
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
                    f"{total} is not a sum over all classes: only (k, 1, n), with the "
                    "n of derivations.letters, can be decided for every n"
                )


def _refuse_undeclared(expr, parameters, arrays):
    known = arrays | {x for x in parameters if isinstance(x, IndexedBase)}
    for entry in sorted(expr.atoms(Indexed), key=str):
        if entry.base not in known:
            if str(entry.base) in map(str, known):
                _refuse_look_alike(entry.base)
            raise ValueError(
                f"{entry.base} is not declared: pass parameters=[{entry.base}], "
                f"an IndexedBase, or use {', '.join(sorted(map(str, arrays)))}"
            )
        if len(entry.indices) != 1 or not isinstance(entry.indices[0], Symbol):
            raise ValueError(
                f"{entry} must have one letter as its index, such as {entry.base}[k]"
            )
    labels = {name for x in expr.atoms(IndexedBase) for name in (x, x.label)}
    symbols = {x for x in free_symbols(expr) if isinstance(x, Symbol)}
    for symbol in sorted(symbols - {n} - labels, key=str):
        if _is_stranger(symbol):
            _refuse_look_alike(symbol)
        if symbol not in parameters and symbol not in _INDICES:
            raise ValueError(
                f"{symbol} is not declared: pass parameters=[{symbol}], where "
                f'{symbol} = Symbol("{symbol}", positive=True) or real=True'
            )


def _refuse_singular(expr, activation):
    """Refuse log(x) and x^p where x may be 0 or negative."""
    for part in preorder_traversal(expr):
        whole = isinstance(part, Pow) and part.exp.is_integer
        if isinstance(part, log):
            x = part.args[0]
            safe = is_positive_under(activation, x)
        elif isinstance(part, Pow) and not (whole and part.exp.is_nonnegative):
            x = part.base
            safe = is_positive_under(activation, x)
            safe = safe or (part.exp.is_Integer and is_positive_under(activation, -x))
        else:
            continue
        if not safe:
            raise ValueError(
                f"{part} is not differentiable everywhere: {x} is not known to be "
                "positive for all z and all real y; declare parameters positive=True, "
                "write log(x/y) as a difference and leave out what has no z in it"
            )
