"""What hypotheses know: the values of sums, each of one name, and ranges of entries."""

from sympy import Add, Indexed, IndexedBase, Sum, Symbol

from derivations.formulas.binding import instance
from derivations.formulas.caching import remembered
from derivations.formulas.claims import Definition, known_ranges
from derivations.formulas.indices import Bound, lies_in, size_of
from derivations.formulas.told import told


class Total(Symbol):
    """The name of a sum that a hypothesis knows together with others."""

    __slots__ = ("part",)

    def __new__(cls, part):
        self = Symbol.__xnew__(cls, f"total of {part.function}", real=True)
        self.part = part
        return self

    def _hashable_content(self):
        return (*super()._hashable_content(), self.part)


@remembered
def named_sum(body, index, facts=()):
    """The sum of `body` over an index, or its value where one of `facts` knows it.

    The name of a bound index is the height of its sum, so equal sums are identical.

    >>> from derivations.letters import H1, j, k, n, y, z
    >>> named_sum(y[k] * z[j], k) == named_sum(y[n.indices[1]] * z[j], n.indices[1])
    True
    >>> named_sum(y[k], k, (H1,)), named_sum(z[k], k, (H1,))
    (1, Sum(z[level_0], (level_0, 1, n)))
    """
    name = _bound(_height(body), size_of(index))
    total = Sum(body.xreplace({index: name}), (name, 1, name.size))
    return next((value for fact in facts for value in _known(fact, total)), total)


@remembered
def _bound(height, size):
    return Bound(f"level_{height}", size)


def _height(body):
    """How many sums lie within each other in `body`.

    >>> from derivations.letters import k, l, n, y, z
    >>> _height(z[k] * Sum(y[k], (k, 1, n))), _height(z[k])
    (1, 0)
    """
    # SymPy writes a sum of a sum as one Sum with several limits.
    inner = body.atoms(Sum)
    return max((len(x.limits) + _height(x.function) for x in inner), default=0)


def _known(fact, total):
    """What `fact` says of `total`, at any value of its free indices: one or nothing.

    Those indices have to lie in the ranges that the hypothesis speaks of.

    >>> from derivations.letters import H1, Y, i, k, s, t
    >>> list(_known(H1, named_sum(Y[k, t], k)))
    [1]
    >>> list(_known(H1, named_sum(Y[i, t], t)))    # over the examples
    []
    >>> list(_known(H1, named_sum(Y[k, i], k)))    # a class where an example belongs
    []
    """
    entry = total.function
    for parts in fact.parts if isinstance(entry, Indexed) else ():
        # Of several sums the first is put in terms of the others, which stay.
        own = parts[0].function
        if entry.base != own.base or len(entry.indices) != len(own.indices):
            continue
        pattern = named_sum(own, own.indices[0])
        first, *free = pattern.function.indices
        at = dict(zip(free, entry.indices[1:], strict=True))
        allowed = all(lies_in(at[x], size_of(x)) for x in free)
        if allowed and first not in at.values() and pattern.xreplace(at) == total:
            yield fact.value if len(parts) == 1 else _total(parts[0]).xreplace(at)


def _total(part):
    name, (_, *others) = Total(part), part.function.indices
    return IndexedBase(name)[others] if others else name


def less_the_others(expr, facts):
    """`expr` with each named total as the value of its hypothesis less the other sums.

    It comes last: a sum of several is known after all have met.

    >>> from sympy import Symbol
    >>> from derivations.formulas.binding import readable
    >>> from derivations.letters import Hypothesis, k, n, v, y
    >>> both = Hypothesis("both", [Sum(y[k], (k, 1, n)) + Sum(v[k], (k, 1, n))])
    >>> readable(less_the_others(named_sum(v[k], k, (both,)), [both]))
    1 - Sum(y[k], (k, 1, n))
    """
    several = [(fact, parts) for fact in facts for parts in fact.parts if parts[1:]]
    rests = (Definition(_total(x[0]), fact.value - Add(*x[1:])) for fact, x in several)
    known = {rest.base: rest for rest in rests}

    def put_in(part, names, depth):
        base = part.base if isinstance(part, Indexed) else part
        if base not in known:
            return None
        indices = instance(part, names).args[1:]
        return instance(known[base].value, known[base].names(indices), depth)

    return instance(expr, {}, put_in=put_in) if known else expr


@remembered
def with_known_ranges(expr, facts):
    """`expr` and hypotheses in letters that carry the ranges which these know.

    An array is told of one where each of its entries is among those spoken of.

    >>> from sympy import Abs
    >>> from derivations.letters import H3, i, s, y
    >>> with_known_ranges(Abs(y[i]), (H3,))[0], with_known_ranges(Abs(y[s]), (H3,))[0]
    (y[i], Abs(y[s]))
    """
    totals = {
        part.function.base: fact.value
        for fact in facts
        for part, *others in fact.parts
        if not others
    }
    entries = expr.atoms(Indexed) if facts else ()
    letters = {
        base: told(base, between, totals.get(base))
        for (base, sizes), between in known_ranges(facts).items()
        if all(
            entry.base != base or all(map(lies_in, entry.indices, sizes))
            for entry in entries
        )
    }
    if not letters:
        return expr, facts
    # Each entry is made once: SymPy asks for the sign of every new one.
    known = {x: x.xreplace(letters) for x in entries}
    return expr.xreplace(known), tuple(fact.xreplace(letters) for fact in facts)
