"""Results on one page: what theorems say, beside lines of NumPy compared with them.

Nothing here is typed twice: the formula is the theorem's, the text of a line is that of
the function that was called, and its numbers must be those of the formula.
"""

import ast
import linecache
import re
from inspect import signature
from itertools import product, zip_longest
from math import isclose

from sympy import Derivative, Indexed, preorder_traversal

from derivations.formulas.claims import Claim
from derivations.formulas.indices import Index, free_symbols
from derivations.judges.at_points.evaluation import instantiate
from derivations.letters import H1, c, d, m, n
from derivations.text.printing import latex
from derivations.theorems import catalogue


class Results:
    """A list of theorems with the NumPy line of each, for one or more layouts.

    A row is the name of a theorem and one function for each layout, such as
    `lambda a, y: a - y`. `layouts` maps the heading of a layout to its arrays by name,
    of which A, (n, m) or (m, n), and X, (d, m) or (m, d), tell the sizes, and a number
    such as nP those of which only some theorems speak; the class c counts from 0.
    `labels` stand before the rows, in bold.

    Raises ValueError if the numbers of a line are not those of its theorem, there is no
    such theorem, n, m and d are not three different numbers from 2 to 9, or a further
    size is not given, as another such number.

    Source: notebook 17.
    """

    def __init__(self, rows, layouts, labels=()):
        self._rows, known = [], catalogue()
        for (name, *lines), label in zip_longest(rows, labels, fillvalue=""):
            if name not in known:
                raise ValueError(f"expected the name of a theorem, got {name!r}")
            chain = known[name]()
            shapes, texts = [], []
            for line, (layout, arrays) in zip(lines, layouts.items(), strict=True):
                found = line(**{x: arrays[x] for x in signature(line).parameters})
                shapes.append(_compare(name, chain, found, arrays))
                heading = f"{layout}: " if len(layouts) > 1 else ""
                texts.append(f"{heading}`{_text(line)}`")
            facts = [_statement(chain), " or ".join(dict.fromkeys(shapes))]
            facts += ["needs Σy = 1"] if H1 in chain.uses else []
            what = known[name].__doc__.splitlines()[0]
            self._rows.append((f"**{label}:** {what}" if label else what, facts, texts))

    def __repr__(self):
        found = [f"{what} {', '.join(texts)}" for what, _, texts in self._rows]
        return "\n".join(found)

    def _repr_markdown_(self):
        # Two spaces at the end of a line: the next begins on a new one.
        return "\n".join(
            f"- {what}  \n  {' · '.join(facts + texts)}"
            for what, facts, texts in self._rows
        )


def _statement(chain):
    return rf"$\displaystyle {latex(chain.start)} = {latex(chain.result)}$"


def _compare(name, chain, found, arrays):
    """The shape of a line, refused if its numbers are not those of its theorem."""
    sizes, examples_first = _sizes(arrays)
    sizes |= _further_sizes(name, chain, sizes, arrays)
    indices, shown = _indices(chain.start), _shape(found, sizes)
    turned = examples_first and any(index.size == m for index in indices)
    shape = [sizes[index.size] for index in indices]
    found = found.reshape(shape[::-1] if turned else shape)
    free = filter(_is_class, free_symbols(chain.start) | free_symbols(chain.result))
    fixed = {x: arrays[str(x)] + 1 for x in free if str(x) in arrays}
    for at in product(*map(range, shape)):
        values = dict(zip(indices, (number + 1 for number in at), strict=True)) | fixed
        formula = instantiate(chain.result, sizes, values)
        right = _number(formula, arrays, examples_first)
        yours = float(found[at[::-1] if turned else at])
        if not isclose(yours, right, rel_tol=1e-9, abs_tol=1e-12):
            raise ValueError(
                f"at {at} (from 0) {name} is {right:.6g}, the line gives {yours:.6g}"
            )
    return shown


def _is_class(index):
    """Whether this is the class of a label: c, or the cP of a block."""
    return isinstance(index, Index) and str(index)[0] == str(c)


def _number(formula, arrays, examples_first):
    """A formula written out, with the entries of the arrays for a_1, A_12, …"""
    values = {}
    for symbol in formula.free_symbols:
        name, digits = re.fullmatch(r"(.+?)(?:_(\d+))?", symbol.name).groups("")
        at = [int(digit) - 1 for digit in digits]
        # Of all matrices, only the weights of a layer hold no example.
        turned = examples_first and len(at) == 2 and name[0] != "W"
        at = at[::-1] if turned else at
        values[symbol] = float(arrays[name][*at] if at else arrays[name])
    return float(formula.xreplace(values))


def _indices(start):
    """The free indices of a derivative: of what is moved, then of what moves it."""
    found = []
    for part in preorder_traversal(start):
        if isinstance(part, Derivative):
            by = [index for x in part.variables for index in x.indices]
            moved = part.expr.indices if isinstance(part.expr, Indexed) else ()
            found += [index for index in moved if index not in by] + by
    free = free_symbols(start)
    found += sorted((x for x in free if isinstance(x, Index)), key=str)
    return [x for x in dict.fromkeys(found) if x in free and not _is_class(x)]


def _sizes(arrays):
    """n, m and d, and whether the examples are the first axis: that of A and of X."""
    A, X = arrays["A"].shape, arrays["X"].shape
    examples_first = A[0] == X[0]
    (classes, examples), inputs = (A[::-1], X[1]) if examples_first else (A, X[0])
    # Equal sizes would hide a transpose, and a_12 has to be row 1, column 2.
    if (
        len({classes, examples, inputs}) < 3
        or not 2 <= min(*A, inputs) <= max(*A, inputs) <= 9
    ):
        raise ValueError(
            "n, m and d must be three different numbers from 2 to 9, got A of shape "
            f"{A} and X of shape {X}"
        )
    return {n: classes, m: examples, d: inputs}, examples_first


def _further_sizes(name, chain, known, arrays):
    """The sizes of which a theorem speaks beside n, m and d: numbers of the layout."""
    found = {}
    for size in Claim(chain.start, chain.result).sizes:
        if size not in known:
            number = arrays.get(str(size))
            taken = [*known.values(), *found.values()]
            if number not in range(2, 10) or number in taken:
                raise ValueError(
                    f"{name} speaks of {size}: expected a number {size} from 2 to 9 in "
                    f"its layout, none of {taken}, got {number}"
                )
            found[size] = number
    return found


def _shape(found, sizes):
    letters = {1: "1"} | {number: str(letter) for letter, number in sizes.items()}
    inside = ", ".join(letters[number] for number in found.shape)
    return f"({inside},)" if found.ndim == 1 else f"({inside})"


def _text(line):
    """The expression that a lambda returns, as it was typed."""
    source = "".join(linecache.getlines(line.__code__.co_filename))
    places = set(line.__code__.co_positions())
    for part in ast.walk(ast.parse(source)):
        if isinstance(part, ast.Lambda):
            body = part.body
            ends = body.lineno, body.end_lineno, body.col_offset, body.end_col_offset
            if ends in places:
                return ast.unparse(body)
    raise ValueError("a line must be typed as a lambda, in a cell or a file")
