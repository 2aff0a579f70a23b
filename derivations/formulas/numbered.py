"""Classes, examples and rows that are given by a number, such as the 1 in z[1].

A number is a fixed one of them, and two numbers are two.  A claim with numbers is about
every size that has them all: with a[3] in it, about every n from 3 on.
"""

from sympy import Add, Indexed, IndexedBase, Integer, KroneckerDelta, Mul, Pow, Sum

from derivations.formulas.binding import instance
from derivations.formulas.caching import remembered
from derivations.formulas.claims import Claim, Definition
from derivations.formulas.indices import Size, SumExcept, size_of


@remembered
def sizes_by_numbers(claim: Claim, usual: tuple[Indexed, ...] = ()) -> dict[Size, Size]:
    """The sizes that are larger by the numbers of a claim, each as one that has them.

    A number belongs to the sizes of the letters that stand at its place: at that index
    of the same array, in its delta, in its sum.  `usual` has an entry of an array that
    may stand in the claim with numbers alone.

    >>> from derivations.letters import Y, a, i, n, s
    >>> larger = sizes_by_numbers(Claim(a[3] + a[i], a[2] * KroneckerDelta(i, 4)))
    >>> larger, larger[n].least
    ({n: n}, 4)
    >>> sizes_by_numbers(Claim(Y[1, 2], Y[1, 1]), (Y[i, s],))    # n is 2 or more
    {m: m}
    """
    if not any(map(_has_large_numbers, _stated(claim))):
        return {}
    parts = [instance(x, {}) for x in _stated(claim)]
    at_place, beside = {}, []
    for entry in _atoms(parts, Indexed):
        for place, index in enumerate(entry.indices):
            sizes = at_place.setdefault((entry.base, place), set())
            sizes.add(size_of(index))
            beside.append((index, sizes))
    for entry in usual:
        for place, index in enumerate(entry.indices):
            sizes = at_place.get((entry.base, place))
            if sizes and not any(isinstance(x, Size) for x in sizes):
                sizes.add(size_of(index))
    for delta in _atoms(parts, KroneckerDelta):
        one, other = delta.args
        beside += [(one, {size_of(other)}), (other, {size_of(one)})]
    for total in _atoms(parts, Sum, SumExcept):
        beside += [(low, {high}) for _, low, high in total.limits]
        if isinstance(total, SumExcept):
            beside.append((total.excluded, {total.limits[0][2]}))
    larger = {}
    for index, sizes in beside:
        number = index if index.is_Integer else size_of(index)
        for size in sizes if isinstance(number, Integer) else ():
            known = larger.get(size, size)
            if isinstance(size, Size) and number > known.least:
                larger[size] = size.at_least(int(number))
    return dict(sorted(larger.items(), key=str))


def _stated(claim):
    """The formulas of a claim, of its definitions and hypotheses, and of its case."""
    yield from (claim.left, claim.right)
    if claim.case is not None:
        yield KroneckerDelta(*claim.case.args)
    for one in claim.where:
        yield from (one.symbol, one.value)
    for fact in claim.using:
        yield from (x for x, _ in fact.stated)


def indices_of(part):
    """What stands in an entry, a delta or a sum where an index stands, or a number.

    >>> from derivations.letters import i, k, n, z
    >>> indices_of(z[2]), indices_of(KroneckerDelta(i, 3)), indices_of(z[2] + 5)
    ((2,), (3, i), ())
    >>> indices_of(Sum(z[k], (k, 1, n))), indices_of(SumExcept(z[k], (k, 1, n), 4))
    ((1, n), (1, n, 4))
    """
    if isinstance(part, Indexed | KroneckerDelta):
        return getattr(part, "indices", part.args)
    if isinstance(part, Sum | SumExcept):
        ends = tuple(x for limit in part.limits for x in limit[1:])
        return ends + part.args[1 + len(part.limits) :]
    return ()


@remembered
def _has_large_numbers(expr):
    """Whether a number above 1 is among them; every size has a class 1."""
    parts = expr.atoms(Indexed, KroneckerDelta, Sum, SumExcept)
    return any(x.is_Integer and x > 1 for part in parts for x in indices_of(part))


def _atoms(parts, *kinds):
    return set().union(*(part.atoms(*kinds) for part in parts))


def of_sizes_with_all_numbers(claim: Claim, usual: tuple[Indexed, ...] = ()) -> Claim:
    """The same claim, in sizes that have all its numbers, and the letters of these.

    >>> from derivations.letters import Sum, k, n, z
    >>> larger = of_sizes_with_all_numbers(Claim(Sum(z[k], (k, 1, n)), z[3]))
    >>> larger, larger.sizes[0].least
    (Claim(left=Sum(z[k], (k, 1, n)), right=z[3], where=(), using=(), case=None), 3)
    """
    letters = {
        old: new
        for size, larger in sizes_by_numbers(claim, usual).items()
        for old, new in zip(
            (size, *size.indices), (larger, *larger.indices), strict=True
        )
    }
    if not letters:
        return claim
    return Claim(
        _renamed(claim.left, letters),
        _renamed(claim.right, letters),
        [
            Definition(*(_renamed(x, letters) for x in (one.symbol, one.value)))
            for one in claim.where
        ],
        [fact.xreplace(letters) for fact in claim.using],
        None if claim.case is None else claim.case.xreplace(letters),
    )


def _renamed(expr, letters):
    """`expr` in other letters, and a product that was left as written left so.

    >>> from derivations.letters import i, j, times, z
    >>> _renamed(times(z[i] + 1, 1 / z[i]), {i: j}).args
    (z[j] + 1, 1/z[j])
    """
    if not expr.args or isinstance(expr, IndexedBase):
        return letters.get(expr, expr)
    args = [_renamed(arg, letters) for arg in expr.args]
    is_as_written = isinstance(expr, Add | Mul | Pow) and expr.func(*expr.args) != expr
    return expr.func(*args, evaluate=False) if is_as_written else expr.func(*args)
