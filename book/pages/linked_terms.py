"""A chain whose terms are linked: data for the script that answers a touch.

For each term: where it comes from and goes, its value as a small program, and the bars
of the page's picture that show it.  The formulas are those of the page; a class in them
says where a term stands.
"""

from sympy import Add, Eq, Indexed, KroneckerDelta, Mul, Ne, Pow, Rational, Sum, exp

from derivations.formulas.indices import Index, SumExcept, free_symbols
from derivations.judges.for_every_n.derivatives import unfold
from derivations.letters import a, i, j, n, y, z
from derivations.origins import are_equal, cancelled, origins, sides, values
from derivations.text.printing import latex, latex_of_terms, terms
from derivations.text.unicode import unicode

CASES = {"equal": -y[j] * (1 - a[j]), "unequal": a[j] * SumExcept(y[i], (i, 1, n), j)}
BARS = CASES | {"dz": a[j] - y[j], "a": a[j], "y": y[j], "-a": -a[j], "-y": -y[j]}
"""What the bars of a picture show, by the name that the picture has for them."""
OPERATIONS = {Add: "+", Mul: "×", Pow: "^", exp: "exp"}


def link(chain, text):
    """A chain as a notebook shows it, with its terms, and the data of its script.

    What has letters that a picture has no values for stays as it is, without data.
    """
    try:
        lines, about = linked(chain)
    except TypeError:
        return text, None
    first, *others = zip(map(latex, sides(chain)), lines, strict=True)
    text = text.replace(f"{first[0]} =", f"{first[1]} =", 1)
    for plain, marked in others:
        text = text.replace(f"= {plain}$", f"= {marked}$", 1)
    return text, about


def linked(chain):
    r"""The lines of a chain as LaTeX with their terms, and what a page says of them.

    Raises TypeError for a letter that a picture has no numbers for.

    >>> from derivations.theorems.logits import gradient
    >>> lines, about = linked(gradient())
    >>> lines[-1]
    '\\class{term}{a_{j}} \\class{term}{- y_{j}}'
    >>> about["groups"][-1]
    [((1,), (1,)), ((0,), (0,))]
    >>> list(about["terms"][-1][1].values())
    ['−y_j', False, ['×', -1, ['y', 'j']], 'y', 'equal']
    """
    lines, groups = sides(chain), origins(chain)
    gone = [
        cancelled(*lines[number : number + 2], group)
        for number, group in enumerate(groups)
    ]
    gone.append([frozenset()] * len(values(lines[-1])))
    told = []
    for number, line in enumerate(lines):
        group = groups[number - 1] if number else []
        cases = [term["case"] for term in told[-1]] if number else []
        told.append(_terms(chain, line, group, cases))
    about = {"groups": groups, "terms": told, "letters": _letters(chain)}
    return list(map(latex_of_terms, lines, gone)), about


def _letters(chain):
    """The letters that a chain has a value for, and its case: "cj", or "i=j".

    >>> from derivations.theorems.softmax import case_unequal
    >>> _letters(case_unequal())
    'i≠j'
    """
    free = set().union(*(free_symbols(unfold(x, chain.where)) for x in sides(chain)))
    letters = sorted(str(x) for x in free if isinstance(x, Index))
    between = {Eq: "=", Ne: "≠"}[type(chain.case)] if chain.case is not None else ""
    return between.join(letters)


def _terms(chain, line, groups, cases):
    """What is said of the terms of a line; `cases` are those of the line before."""
    came_from = {place: places for places, others in groups for place in others}
    shown, beside = terms(line)
    told = []
    for place, term in enumerate(values(line)):
        bars = [x for x in BARS if are_equal(term, BARS[x], chain, chain.uses)]
        if chain.case is not None and are_equal(term, chain.start, chain):
            bars = ["equal" if isinstance(chain.case, Eq) else "unequal"]
        inherited = {cases[x] for x in came_from.get(place, ())}
        own = [name for name in bars if name in CASES]
        case = own or (list(inherited) if len(inherited) == 1 else [""])
        told.append(
            {
                "name": unicode(shown[place]),
                "has_factors": bool(beside),
                "value": program(unfold(term, chain.where)),
                "bars": bars[0].strip("-") if bars else "",
                "case": case[0],
            }
        )
    return told


def program(expr):
    """A formula of numbers, z, y and deltas as nested lists, which a page evaluates.

    Raises TypeError for a formula with anything else in it.

    >>> from derivations.letters import Sum, c, delta, k
    >>> program(Sum(exp(z[k]), (k, 1, n)) - y[j] / 2)
    ['+', ['×', ['/', -1, 2], ['y', 'j']], ['Σ', 'k', ['exp', ['z', 'k']]]]
    """
    if isinstance(expr, Rational):
        return expr.p if expr.q == 1 else ["/", expr.p, expr.q]
    if isinstance(expr, Indexed) and expr.base in (z, y):
        return [str(expr.base), *map(str, expr.indices)]
    if isinstance(expr, KroneckerDelta):
        return ["δ", *map(str, expr.args)]
    if isinstance(expr, Sum):
        inside = program(expr.function)
        for index, _, _ in expr.limits:
            inside = ["Σ", str(index), inside]
        return inside
    if type(expr) not in OPERATIONS:
        raise TypeError(f"expected numbers, z, y and deltas, got {expr}")
    return [OPERATIONS[type(expr)], *map(program, expr.args)]
