"""Pictures of size: the arrays of a layer to scale, memory and time as classes grow."""

from operator import index

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import LogLocator

from arrays.drawing import label_ends, new_figure
from arrays.words import plainly

_NAMES = "$W$", "$X$", "$Z$", r"$\log A$", "$dZ$", "$dW$"
_HEIGHT, _GAP = 4.2, 0.62  # inches: of the longest side, between two arrays
_LEAST = 0.03  # inches: of what would be too thin to see
BLOCK = {"facecolor": "C1", "edgecolor": "none"}


def plot_to_scale(n, d, m, block):
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
        name: [max(_LEAST, unit * side) for side in shape]
        for name, shape in shapes.items()
    }
    width = sum(across for _, across in sides.values()) + _GAP * (len(sides) + 1)
    with new_figure(figsize=(width, _HEIGHT + 1.1)) as (figure, ax):
        left = _GAP
        for name, (down, across) in sides.items():
            look = {"facecolor": "0.93", "edgecolor": "black"}
            ax.add_patch(Rectangle((left, 0), across, down, **look))
            if name != "$X$":
                filled = max(_LEAST, unit * block)
                ax.add_patch(Rectangle((left, 0), across, filled, **BLOCK))
            middle = left + across / 2
            ax.text(middle, -0.08, name, ha="center", va="bottom")
            size = _size(4 * np.prod(shapes[name], dtype=float))
            ax.text(middle, down + 0.1, size, ha="center", va="top", fontsize=9)
            left += across + _GAP
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


def plot_growth(n, memory, seconds):
    """Draw memory and time over the number of classes, both on logarithmic axes.

    The words for it name the memory with two digits, and of the time no number: it is
    another one at each run.

    Shapes: n is (k,), memory and seconds map names to values (k,), in bytes and in s.
    In the figure, axes are the two panels, lines their curves.

    Raises ValueError if a curve has another shape than n, or a value is not positive.

    Source: notebook 16.
    """
    n = np.asarray(n, dtype=float)
    panels = {
        "memory in MiB": {x: np.asarray(v) / 2**20 for x, v in memory.items()},
        "time in s": {x: np.asarray(v, dtype=float) for x, v in seconds.items()},
    }
    for values in (v for panel in panels.values() for v in panel.values()):
        if values.shape != n.shape or not (values > 0).all():
            raise ValueError(
                f"every curve must have the shape of n, {n.shape}, and be positive, "
                f"got {values}"
            )
    with new_figure(1, 2, figsize=(7.6, 3.2)) as (figure, *axes):
        for ax, (ylabel, panel) in zip(axes, panels.items(), strict=True):
            for name, values in panel.items():
                ax.plot(n, values, marker=".", label=name)
            ax.set(xscale="log", yscale="log", xlabel="number of classes $n$")
            ax.set_ylabel(ylabel)
            ax.set_xticks(n, [f"{count:g}" for count in n])
            ax.minorticks_off()
            ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=12))
            ax.yaxis.set_major_formatter("{x:g}")
            label_ends(ax, ax.lines)
    told = "; ".join(
        f"{plainly(name)} from {_two_digits(v[0])} to {_two_digits(v[-1])}"
        for name, v in panels["memory in MiB"].items()
    )
    figure.alt = (
        f"Two line charts, logarithmic both ways, over the classes, {n.min():.0f} to "
        f"{n.max():.0f}. Left memory in MiB: {told}. Right the time of "
        f"{' and '.join(map(plainly, seconds))}, which grows with n."
    )
    return figure


def _size(number_of_bytes):
    """A size in MB or GB, as a reader knows them from disks."""
    if number_of_bytes >= 1e9:
        return f"{number_of_bytes / 1e9:.1f} GB"
    return f"{number_of_bytes / 1e6:.3g} MB"


def _two_digits(number):
    return f"{float(f'{number:.2g}'):g}"
