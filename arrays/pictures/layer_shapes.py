"""The arrays of a layer as boxes in their shapes: W X + b = Z and its gradients."""

from operator import index

import numpy as np
from matplotlib.patches import Rectangle

from arrays.pictures.descriptions import plainly
from arrays.pictures.figure import Picture, new_figure

VALUE = {"facecolor": "0.93"}
GRADIENT = {"facecolor": "#FCE9DC", "linewidth": 2}
BLOCK = {"facecolor": "C1", "edgecolor": "none"}

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

# Of the arrays to one scale, in inches: the longest side, between two arrays, and what
# would be too thin to see.
_NAMES = "$W$", "$X$", "$Z$", r"$\log A$", "$dZ$", "$dW$"
_HEIGHT, _SPACE, _THINNEST = 4.2, 0.62, 0.03


def plot_layer(n: int, d: int, m: int) -> Picture:
    """Draw a layer as boxes with their sizes: W X + b = Z, and dW, db and dX.

    A box is as wide and high as its matrix has columns and rows, but large enough for
    its name. The gradients have a heavy border.

    Shapes: W is (n, d), X (d, m), b (n, 1), Z (n, m). In the figure, patches are the
    boxes of W, X, b, Z; dZ, Xᵀ, dW; dZ, db; Wᵀ, dZ, dX.

    Raises ValueError if a size is less than 1; TypeError if it is not an integer.

    Source: notebook 07.
    """
    layer = Layer(n, d, m)
    with new_figure(figsize=layer.page) as (figure, ax):
        layer.draw(ax)
    figure.alt = (
        f"Boxes in the shapes of a layer. Forward: W ({n} × {d}) times X ({d} × {m}) "
        f"plus b ({n} × 1) is Z ({n} × {m}). Backward: dZ ({n} × {m}) times Xᵀ "
        f"({m} × {d}) is m dW ({n} × {d}); the row means of dZ are db ({n} × 1); "
        f"Wᵀ ({d} × {n}) times dZ is dX ({d} × {m})."
    )
    return figure


def plot_to_scale(n: int, d: int, m: int, block: int) -> Picture:
    """Draw the arrays of a softmax layer to one scale, with their sizes in float32.

    A block of the classes is filled in W, Z, log A, dZ and dW; X has none.

    Shapes: n classes, d inputs, m examples, block classes in a block. In the figure,
    patches are the arrays, each followed by its block.

    Raises ValueError if a number is below 1 or block above n; TypeError if one is not
    an integer.

    Source: notebook 16.
    """
    n, d, m, block = map(index, (n, d, m, block))
    if min(n, d, m, block) < 1:
        raise ValueError(
            f"n, d, m and block must be at least 1, got {n}, {d}, {m}, {block}"
        )
    if block > n:
        raise ValueError(f"block must be at most n = {n}, got {block}")
    shapes = dict(zip(_NAMES, ((n, d), (d, m), *3 * [(n, m)], (n, d)), strict=True))
    unit = _HEIGHT / max(n, d, m)
    sides = {
        name: [max(_THINNEST, unit * side) for side in shape]
        for name, shape in shapes.items()
    }
    width = sum(across for _, across in sides.values()) + _SPACE * (len(sides) + 1)
    with new_figure(figsize=(width, _HEIGHT + 1.1)) as (figure, ax):
        left = _SPACE
        for name, (down, across) in sides.items():
            look = {"facecolor": "0.93", "edgecolor": "black"}
            ax.add_patch(Rectangle((left, 0), across, down, **look))
            if name != "$X$":
                filled = max(_THINNEST, unit * block)
                ax.add_patch(Rectangle((left, 0), across, filled, **BLOCK))
            middle = left + across / 2
            ax.text(middle, -0.08, name, ha="center", va="bottom")
            size = _size(4 * np.prod(shapes[name], dtype=float))
            ax.text(middle, down + 0.1, size, ha="center", va="top", fontsize=9)
            left += across + _SPACE
        ax.set(xlim=(0, width), ylim=(_HEIGHT + 0.5, -0.5), aspect="equal")
        ax.axis("off")
    told = ", ".join(
        f"{plainly(name)} {shape[0]} × {shape[1]} "
        f"({_size(4 * np.prod(shape, dtype=float))})"
        for name, shape in shapes.items()
    )
    figure.alt = (
        f"Boxes to one scale: {told}. In each but X a block of {block} rows of {n} is "
        "filled."
    )
    return figure


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


def _size(number_of_bytes):
    """Write a size in MB or GB, of powers of ten."""
    if number_of_bytes >= 1e9:
        return f"{number_of_bytes / 1e9:.1f} GB"
    return f"{number_of_bytes / 1e6:.3g} MB"
