"""Results on one page: theorems beside lines of NumPy that are compared with them.

Nothing is typed twice.  The formula comes from the theorem, the text of a line from the
function that was called, and the numbers of both must agree.
"""

import ast
import linecache
from collections.abc import Iterable, Mapping
from inspect import signature
from itertools import product, zip_longest
from math import isclose

from sympy import Derivative, Indexed, preorder_traversal

from derivations.formulas.claims import Claim
from derivations.formulas.indices import Index, Size, free_symbols, size_of
from derivations.judges.at_points.evaluation import instantiate
from derivations.letters import H1, c, d, m, n
from derivations.text.printing import latex
from derivations.theorems import catalogue


class Results:
    """A table of theorems with the NumPy line of each, for one or more layouts.

    A row is the name of a theorem and one function for each layout, such as
    `lambda a, y: a - y`. `layouts` maps the heading of a layout to its arrays by name.
    A, (n, m) or (m, n), and X, (d, m) or (m, d), tell the sizes; a size that only some
    theorems have, such as nP, is a number of the layout. The class c counts from 0.
    `labels` stand before the rows, in bold.

    Raises ValueError for a line whose numbers are not those of its theorem, for a name
    that is no theorem, and for n, m, d and further sizes that are not different numbers
    from 2 to 9.

    Source: notebook 17.
    """

    def __init__(
        self,
        rows: Iterable[tuple],
        layouts: Mapping[str, Mapping],
        labels: Iterable[str] = (),
    ):
        self._rows, theorems = [], catalogue()
        self._layouts = list(layouts) if len(layouts) > 1 else ["NumPy"]
        for (name, *lines), label in zip_longest(rows, labels, fillvalue=""):
            if name not in theorems:
                raise ValueError(f"expected the name of a theorem, got {name!r}")
            chain = theorems[name]()
            shapes, texts = [], []
            for line, arrays in zip(lines, layouts.values(), strict=True):
                given = {x: arrays[x] for x in signature(line).parameters}
                shapes.append(_compare(name, chain, line(**given), arrays))
                texts.append(f"`{_written(line)}`")
            facts = [_statement(chain), " or ".join(dict.fromkeys(shapes))]
            facts += ["needs H1"] if H1 in chain.uses else []
            what = theorems[name].__doc__.splitlines()[0]
            what = f"**{label}:** {what}" if label else what
            self._rows.append((what, " · ".join(facts), texts))

    def __repr__(self):
        return "\n".join(f"{what} {', '.join(texts)}" for what, _, texts in self._rows)

    def _repr_markdown_(self):
        # Few columns: a column of formulas would be as wide as their TeX is long.
        lines = [["result", *self._layouts], ["---"] * (1 + len(self._layouts))]
        lines += [[f"{what}<br/>{facts}", *texts] for what, facts, texts in self._rows]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _statement(chain):
    return rf"$\displaystyle {latex(chain.start)} = {latex(chain.result)}$"


def _compare(name, chain, array, arrays):
    """The shape of a line's array; ValueError if it is not what its theorem says."""
    sizes, examples_first = _sizes(arrays)
    sizes |= _further_sizes(name, chain, sizes, arrays)
    indices, shown = _indices(chain.start), _shape(array, sizes)
    turned = examples_first and any(index.size == m for index in indices)
    shape = [sizes[index.size] for index in indices]
    array = array.reshape(shape[::-1] if turned else shape)
    free = filter(_is_class, free_symbols(chain.start) | free_symbols(chain.result))
    classes = {x: arrays[str(x)] + 1 for x in free if str(x) in arrays}
    numbers = _numbers(chain.result, arrays, examples_first)
    for at in product(*map(range, shape)):
        values = dict(zip(indices, (number + 1 for number in at), strict=True))
        formula = instantiate(chain.result, sizes, values | classes)
        right = float(formula.xreplace(numbers))
        yours = float(array[at[::-1] if turned else at])
        if not isclose(yours, right, rel_tol=1e-9, abs_tol=1e-12):
            raise ValueError(
                f"at {at} (from 0) {name} is {right:.6g}, the line gives {yours:.6g}"
            )
    return shown


def _is_class(index):
    """Whether this is the class of a label: c, or the cP of a block."""
    return isinstance(index, Index) and index.letter == c.letter


def _numbers(formula, arrays, examples_first):
    """The numbers of the symbols a_1, A_12, … that `instantiate` writes for entries."""
    entries, numbers = formula.atoms(Indexed), {}
    for entry in entries:
        array = arrays[str(entry.base)]
        # The weights of a layer hold no example, so no layout turns them.
        if examples_first and any(size_of(index) == m for index in entry.indices):
            array = array.T
        for place in product(*map(range, array.shape)):
            symbol = instantiate(entry.base[[number + 1 for number in place]], {})
            numbers[symbol] = float(array[place])
    labels = {entry.base.label for entry in entries}
    for symbol in free_symbols(formula) - labels:
        if not isinstance(symbol, Index | Size):
            numbers[instantiate(symbol, {})] = float(arrays[str(symbol)])
    return numbers


def _indices(start):
    """The free indices of a derivative: of what is moved, then of what moves it."""
    indices = []
    for part in preorder_traversal(start):
        if isinstance(part, Derivative):
            by = [index for variable in part.variables for index in variable.indices]
            moved = part.expr.indices if isinstance(part.expr, Indexed) else ()
            indices += [index for index in moved if index not in by] + by
    free = free_symbols(start)
    indices += sorted((x for x in free if isinstance(x, Index)), key=str)
    return [x for x in dict.fromkeys(indices) if x in free and not _is_class(x)]


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
    """The sizes of a theorem beside n, m and d, which are numbers of the layout."""
    further = {}
    for size in Claim(chain.start, chain.result).sizes:
        if size not in known:
            number = arrays.get(str(size))
            taken = [*known.values(), *further.values()]
            if number not in range(2, 10) or number in taken:
                raise ValueError(
                    f"{name} has the size {size}: expected a number {size} from 2 to 9 "
                    f"in its layout, none of {taken}, got {number}"
                )
            further[size] = number
    return further


def _shape(array, sizes):
    letters = {1: "1"} | {number: str(letter) for letter, number in sizes.items()}
    inside = ", ".join(letters[number] for number in array.shape)
    return f"({inside},)" if array.ndim == 1 else f"({inside})"


def _written(line):
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
