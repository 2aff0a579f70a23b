"""The third opinion on theorems (tests/third.py), at points of its own."""

import random
from decimal import Decimal
from functools import lru_cache
from itertools import product

import numpy as np
from sympy import Eq, Indexed, Ne, Symbol

from derivations.letters import d, h, i, j, m, n
from derivations.theorems import catalogue
from derivations.theorems.blocks import iP, iQ, jP, jQ, mE, mF, nP, nQ
from tests.third import Real, World, apart

# No two of one statement are equal: a transposed formula fails.
SIZES = {n: 3, m: 2, d: 4, h: 5, nP: 3, nQ: 5, mE: 4, mF: 3}
LETTERS = [x for size in SIZES for x in size.indices]
NUMBERS = [sign * Decimal(x) / 1000 for x in range(200, 1500) for sign in (1, -1)]


def points(case=None):
    """Numbers for all letters, each pair of equal and of unequal ones among them."""
    rng = random.Random(1)
    found = []
    for pair in product(range(1, 4), repeat=2):
        at = SIZES | {x: rng.randint(1, SIZES[x.size]) for x in LETTERS}
        for letters in ((i, j), (iP, jP), (iQ, jQ)):
            at |= dict(zip(letters, pair, strict=True))
        if isinstance(case, Eq):
            at[case.args[0]] = at[case.args[1]]
        if not isinstance(case, Ne) or at[case.args[0]] != at[case.args[1]]:
            found.append(at)
    return found


@lru_cache(maxsize=4)
def worlds(where, facts, case):
    """All points; what an expression shares with one before it is known there."""
    return [World(at, NUMBERS, where, facts) for at in points(case)]


def differ(left, right, where=(), facts=(), case=None):
    """Whether the third opinion tells the two expressions apart at some point."""
    for world in worlds(where, facts, case):
        one, other = world.value(left, world.at), world.value(right, world.at)
        if None in (one, other) and one is not other:
            return True
        if one is not None and apart(one, other):
            return True
    return False


def formula(name, letters, sizes, fixed=(), **arrays):
    """The last line of a theorem as an array over its free letters.

    `fixed` gives numbers to the other free letters; every array must be given.
    """
    expr = catalogue()[name]().result
    world = World({}, ())
    for base in {getattr(x, "base", x) for x in expr.atoms(Indexed, Symbol)}:
        for place, number in np.ndenumerate(arrays.get(str(base), [])):
            key = base, tuple(x + 1 for x in place)
            world.shown[key] = Real(Decimal(float(number)))
    shape = [sizes[x.size] for x in letters]
    places = product(*(range(1, size + 1) for size in shape))
    here = [sizes | dict(fixed) | dict(zip(letters, x, strict=True)) for x in places]
    values = [world(expr, at)[0].value for at in here]
    return np.reshape(np.array(values, float), shape)
