"""Pictures of what is multiplied with what: the paths to a loss, a layer in shapes."""

from operator import index

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Rectangle

from arrays.words import about, in_digits

OWN = {"color": "C0", "linestyle": "-", "linewidth": 2.6}
OTHER = {"color": "C1", "linestyle": "--", "linewidth": 1.6}
THIN = {"linewidth": 0.6}
VALUE = {"facecolor": "0.93"}
GRADIENT = {"facecolor": "#FCE9DC", "linewidth": 2}

# The equations of a layer, two in a row at most; what has no shape is a sign.
_LAYER = [
    [("forward: $Z = W X + b$", ["$W$", "$X$", "+", "$b$", "=", "$Z$"])],
    [
        (r"backward: $dW = dZ\,X^\top/m$", ["$dZ$", r"$X^\top$", "=", "$dW$"]),
        (r"$db$: row means of $dZ$", ["$dZ$", "→", "$db$"]),
    ],
    [(r"backward: $dX = W^\top dZ$", [r"$W^\top$", "$dZ$", "=", "$dX$"])],
]
_SHAPES = {
    "$W$": "nd", "$X$": "dm", "$b$": "n1", "$Z$": "nm", "$dZ$": "nm", "$dW$": "nd",
    "$db$": "n1", "$dX$": "dm", r"$X^\top$": "md", r"$W^\top$": "dn",
}  # fmt: skip
# In inches: the side of a box of 1, at most; what a name needs; before a box; a sign;
# above a row, for its title and the numbers of columns; the page.
_UNIT, _LEAST, _GAP, _SIGN, _HEAD, _PAGE = 0.3, 0.36, 0.3, 0.26, 0.52, (6.6, 7.0)


def draw_paths(ax, dL_da, da_dz, j):
    """Arrows from z_j to every a_i and on to L, each with its slope.

    The path through a_j is solid, the others are dashed; one whose second slope is 0 is
    thin. j counts from 1.
    """
    n, middle = len(dL_da), -(len(dL_da) + 1) / 2
    for i, (slope, factor) in enumerate(zip(dL_da, da_dz, strict=True), start=1):
        look = (OWN if i == j else OTHER) | ({} if slope else THIN)
        z, a, L = (0, middle), (1, -i), (2, middle)
        for start, end, number in ((z, a, factor), (a, L, slope)):
            ax.add_patch(
                FancyArrowPatch(
                    start,
                    end,
                    arrowstyle="-|>",
                    shrinkA=15,
                    shrinkB=15,
                    mutation_scale=12,
                    **look,
                )
            )
            at = [0.5 * (p + q) for p, q in zip(start, end, strict=True)]
            _boxed(ax, at, about(number), pad=3)
        _node(ax, a, f"$a_{{{i}}}$")
        product = in_digits(slope * factor, "{:z.4f}")
        ax.text(2.35, -i, f"$i = {i}$:   {product}", va="center")
    _node(ax, (0, middle), f"$z_{{{j}}}$")
    _node(ax, (2, middle), "$L$")
    for x, head in (
        (0.5, rf"$\partial a_i/\partial z_{{{j}}}$"),
        (1.5, r"$\partial L/\partial a_i = -y_i/a_i$"),
    ):
        ax.text(x, -0.35, head, ha="center", va="center")
    ax.text(2.35, -0.35, "product of the path", va="center")
    total = in_digits(np.dot(dL_da, da_dz), "{:z.4f}")
    formula = rf"$= a_{{{j}}}\,\Sigma y - y_{{{j}}}$"
    ax.plot([2.35, 3.15], [-n - 0.5] * 2, color="black", linewidth=0.8, linestyle="-")
    ax.text(2.35, -n - 0.9, f"sum:   {total} {formula}", va="center")
    ax.axis("off")
    ax.set(xlim=(-0.15, 3.3), ylim=(-n - 1.3, 0))


def key_to_paths(some_thin):
    """What solid, dashed and, where there are some, thin paths mean, for a legend."""
    key = {
        "path with $i = j$": Line2D([], [], **OWN),
        r"paths with $i \neq j$": Line2D([], [], **OTHER),
    }
    thin = r"thin: $\partial L/\partial a_i = 0$"
    return key | ({thin: Line2D([], [], **(OTHER | THIN))} if some_thin else {})


class Layer:
    """The boxes of a layer, n rows from d rows, m columns, in inches on a page.

    A side is as long as its number, but never so short that a name would not fit.
    """

    def __init__(self, n, d, m):
        self.sizes = {"n": index(n), "d": index(d), "m": index(m), "1": 1}
        if min(n, d, m) < 1:
            raise ValueError(f"n, d and m must be at least 1, got {n}, {d}, {m}")
        units = np.linspace(_UNIT, 0, 301)
        self.unit = next(unit for unit in units if self._fits(unit))
        self.page = self._page(self.unit)

    def draw(self, ax):
        """Every equation below its title; axes measured in inches."""
        top = 0.0
        for row in _LAYER:
            left, height = 0.0, self._height(row, self.unit)
            for title, items in row:
                ax.text(left + _GAP, top, title, va="top")
                for item in items:
                    left = self._draw_item(ax, item, left, top + _HEAD + height / 2)
                left += 2 * _GAP
            top += _HEAD + height + _GAP
        ax.set(xlim=(0, self.page[0]), ylim=(self.page[1], 0), aspect="equal")
        ax.axis("off")

    def _draw_item(self, ax, item, left, middle):
        """One box with its sizes on its sides, or a sign; returns where it ends."""
        if item not in _SHAPES:
            ax.text(left + 0.18, middle, item, ha="center", va="center", fontsize=13)
            return left + _SIGN
        rows, columns = _SHAPES[item]
        width, height = self._side(columns, self.unit), self._side(rows, self.unit)
        left, top = left + _GAP, middle - height / 2
        look = GRADIENT if item.startswith("$d") else VALUE
        ax.add_patch(Rectangle((left, top), width, height, edgecolor="black", **look))
        ax.text(left + width / 2, middle, item, ha="center", va="center")
        small = {"ha": "center", "fontsize": 8}
        ax.text(left + width / 2, top - 0.03, self._size(columns), va="bottom", **small)
        ax.text(
            left - 0.04,
            middle,
            self._size(rows),
            va="center",
            rotation=90,
            **(small | {"ha": "right"}),
        )
        return left + width

    def _size(self, letter):
        return "1" if letter == "1" else f"${letter} = {self.sizes[letter]}$"

    def _side(self, letter, unit):
        return max(_LEAST, unit * self.sizes[letter])

    def _width(self, row, unit):
        return sum(
            _GAP + self._side(_SHAPES[item][1], unit) if item in _SHAPES else _SIGN
            for _, items in row
            for item in items
        ) + 2 * _GAP * (len(row) - 1)

    def _height(self, row, unit):
        boxes = {item for _, items in row for item in items if item in _SHAPES}
        return max(self._side(_SHAPES[item][0], unit) for item in boxes)

    def _page(self, unit):
        width = max(self._width(row, unit) for row in _LAYER)
        height = sum(_HEAD + self._height(row, unit) + _GAP for row in _LAYER)
        return width + 0.15, height - _GAP / 2

    def _fits(self, unit):
        width, height = self._page(unit)
        return unit == 0 or (width <= _PAGE[0] and height <= _PAGE[1])


def _boxed(ax, at, text, **box):
    look = {"facecolor": "white", "edgecolor": "none", **box}
    ax.text(*at, text, ha="center", va="center", bbox=look)


def _node(ax, at, name):
    _boxed(ax, at, name, boxstyle="circle,pad=0.35", edgecolor="black")
