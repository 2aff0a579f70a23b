"""The picture of a question: three classes as the rows of a table, numbers with bars.

path/picture.js in book/static fills the same table anew when a logit is dragged.
"""

import json
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from math import inf

from sympy import Derivative

from book.pages.chains import inline
from derivations.judges.at_points.evaluation import instantiate
from derivations.letters import (
    L,
    SumExcept,
    a,
    cross_entropy,
    i,
    j,
    n,
    softmax,
    y,
    z,
)

HEADS = {
    "z": "z_i",
    "y": "y_i",
    "a": "a_i",
    "da": r"\frac{\partial L}{\partial a_i}",
    "J": r"\frac{\partial a_i}{\partial z_%d}",
    "equal": r"\text{term } i = j",
    "unequal": r"\text{terms } i \neq j",
    "dz": r"\frac{\partial L}{\partial z_j}",
}
"""The columns in their order, each by its formula; one of J has its number."""

_TERM = Derivative(L, a[i]) * Derivative(a[i], z[j])
ENTRIES = {
    "z": z[j],
    "y": y[j],
    "a": a[j],
    "da": Derivative(L, a[j]),
    "J": Derivative(a[i], z[j]),
    "equal": _TERM.xreplace({i: j}),
    "unequal": SumExcept(_TERM, (i, 1, n), j),
    "dz": Derivative(L, z[j]),
}
"""What stands in the row j of a column, and in the row i of column j of J."""


@dataclass(frozen=True)
class Picture:
    """Logits z and labels y of three classes, and which columns are seen.

    Those that it `reveals` are seen when the question is answered.

    >>> picture = Picture([0, 1, 0], [1, 0, 0], ["a"], ["dz"])
    >>> [[round(x, 2) for x in column] for column in picture.columns(["dz"])["dz"]]
    [[-0.79, 0.58, 0.21]]
    """

    z: list[float]
    y: list[float] | tuple = ()
    shows: list[str] | tuple = ()
    reveals: list[str] | tuple = ()

    def at(self, z):
        """The same at other logits."""
        return replace(self, z=z)

    def value(self, expr, at, where=(softmax, cross_entropy)):
        """The number of a formula; `at` has those of its indices, {index: number}.

        >>> Picture([0, 0, 0], [0.5, 0.5, 0]).value(4 * y[j] + 3 * a[j], {j: 2})
        3.0
        """
        plain = _plain(expr, len(self.z), frozenset(at.items()), tuple(where))
        known = {f"z_{k}": x for k, x in enumerate(self.z, 1)}
        known |= {f"y_{k}": x for k, x in enumerate(self.y, 1)}
        return float(plain.xreplace({x: known[str(x)] for x in plain.free_symbols}))

    def columns(self, names):
        """These columns by name, as lists of entries; of J there is one a class."""
        rows = range(1, len(self.z) + 1)
        made = {}
        for name in names:
            expr, numbers = ENTRIES[name], rows if name == "J" else (None,)
            made[name] = [
                [self.value(expr, {j: k} if x is None else {i: k, j: x}) for k in rows]
                for x in numbers
            ]
        return made

    def has_reached(self, column, **lies):
        """Whether an entry of a column, or each of its entries, lies in a range.

        >>> Picture([3, 0, 0]).has_reached("a", **{"class": 1, "from": 0.75})
        True
        """
        [entries] = self.columns([column])[column]
        if "class" in lies:
            entries = [entries[lies["class"] - 1]]
        low, high = lies.get("from", -inf), lies.get("to", inf)
        return all(low <= entry <= high for entry in entries)

    def html(self, until=None):
        """The table; with `until`, its logits are dragged until that is reached."""
        seen = [x for x in HEADS if x in (*self.shows, *self.reveals)]
        columns, rows = self.columns(seen), []
        heads = [(name, k) for name in seen for k in range(len(columns[name]))]
        head = "".join(self._head(name, k) for name, k in heads)
        for row in range(len(self.z)):
            cells = (self._cell(x, k, row, columns[x], until) for x, k in heads)
            rows.append(f'<tr><th scope="row">{row + 1}</th>{"".join(cells)}</tr>')
        about = {"z": self.z, "y": list(self.y)} | ({"until": until} if until else {})
        return (
            f'<table class="path-picture" data-picture="{escape(json.dumps(about))}">'
            f'<thead><tr><th scope="col">class</th>{head}</tr></thead>'
            f"<tbody>{''.join(rows)}</tbody></table>{self._legend()}"
        )

    def _legend(self):
        """What the colours of the cases mean, where they are seen."""
        if not {"J", "equal", "unequal"} & {*self.shows, *self.reveals}:
            return ""
        return (
            f'<p class="path-legend"{self._revealed("J")}><span class="equal">green'
            '</span>: own logit, i = j; <span class="unequal">purple</span>: another '
            "logit, i ≠ j. A bar is the size of its number, hatched below 0.</p>"
        )

    def _head(self, name, k):
        formula = HEADS[name] % (k + 1) if name == "J" else HEADS[name]
        return f'<th scope="col"{self._revealed(name)}>{inline(formula)}</th>'

    def _cell(self, name, k, row, entries, until):
        number = entries[k][row]
        look = name
        if name == "J":
            look = "equal" if k == row else "unequal"
        drag = ""
        if name == "z" and until:
            drag = (
                f'<input type="range" min="-4" max="4" step="0.1" value="{number}" '
                f'aria-label="z {row + 1}">'
            )
        most = max(1, *(abs(x) for column in entries for x in column))
        below = " data-below" if number < 0 else ""
        return (
            f'<td class="{look}" data-column="{name}"{self._revealed(name)}{below}'
            f' style="--share: {abs(number) / most:.3f}">{drag}'
            f"<span>{two_digits(number)}</span></td>"
        )

    def _revealed(self, name):
        return " data-revealed" if name in self.reveals else ""


@cache
def _plain(expr, size, at, where):
    """A formula at a size and numbers of its indices, in plain symbols z_1, z_2, …"""
    return instantiate(expr, {n: size}, dict(at), where)


def two_digits(number):
    """A number with two digits, as path.js writes it.

    >>> two_digits(-0.094), two_digits(-0.001)
    ('−0.09', '0.00')
    """
    return f"{number:.2f}".replace("-", "−").replace("−0.00", "0.00")
