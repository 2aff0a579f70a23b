"""What several pictures are made of: bars, heat maps, the triangle, in one style."""

from contextlib import contextmanager
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.tri import Triangulation

from arrays.softmax import softmax, softmax_cross_entropy_grad

STYLE = Path(__file__).with_name("pictures.mplstyle")
HATCHED = {"color": "white", "edgecolor": "black", "hatch": "///"}
_SIGNED = "RdBu_r"  # for signed values, white at 0
# Class 1 is left, class 2 right, class 3 on top: _CORNERS @ a is a point of the plane.
_CORNERS = np.array([[0, 1, 0.5], [0, 0, np.sqrt(3) / 2]])


@contextmanager
def new_figure(rows=1, columns=1, **options):
    """Axes of a new figure in our style, closed so that a notebook shows it once."""
    with plt.style.context(STYLE):
        figure, axes = plt.subplots(rows, columns, squeeze=False, **options)
        try:
            yield figure, *axes.flat
        finally:
            plt.close(figure)


def _text(number, form="{:z.2f}"):
    """A number with the minus sign of mathematics; -0.00 is 0.00."""
    return form.format(number).replace("-", "−")


def draw_bars(ax, values, ylabel, offset=0, form="{:z.2f}", **look):
    """One bar for each class, with its value at its end."""
    classes = np.arange(1, len(values) + 1)
    bars = ax.bar(classes + offset, values, **{"width": 0.6, **look})
    ax.bar_label(bars, [_text(value, form) for value in values], padding=2, fontsize=9)
    ax.axhline(0, color="black", linewidth=0.8, linestyle="-")
    ax.set_xticks(classes)
    ax.locator_params(axis="y", nbins=4)  # the bars carry their values
    ax.set(xlabel="class $i$", ylabel=ylabel)


def draw_logits(ax, z):
    """Grey bars of z."""
    draw_bars(ax, z, "logit $z_i$", color="0.6")
    ax.margins(y=0.15)


def draw_probabilities(ax, a):
    """Bars of a, on an axis that holds 1."""
    draw_bars(ax, a, "probability $a_i$")
    ax.set_ylim(0, 1.1)


def draw_labels_beside(ax, a, y, form="{:.3g}"):
    """Pairs of bars, a plain and y hatched."""
    name = "$a_i$ and $y_i$"
    draw_bars(ax, a, name, -0.2, width=0.38, label="probability $a_i$")
    draw_bars(ax, y, name, 0.2, form, width=0.38, label="label $y_i$", **HATCHED)
    ax.legend(ncols=2, loc="lower left", bbox_to_anchor=(-0.1, 1), borderpad=0)
    ax.set_ylim(0, 1.1 * max(1, y.max()))


def draw_gradient(ax, z, y):
    """Bars of dz: up and red where z_j is to fall, down and blue where to rise."""
    dz = softmax_cross_entropy_grad(z, y)
    sums_to_one = np.isclose(y.sum(), 1)
    name = "$dz_j = a_j - y_j$" if sums_to_one else r"$dz_j = a_j\,\Sigma y - y_j$"
    draw_bars(ax, dz, name, color=mpl.colormaps[_SIGNED](np.where(dz > 0, 0.85, 0.15)))
    limit = 1.15 * max(1, np.abs(dz).max())
    ax.set(xlabel="class $j$", ylim=(-limit, limit))


def heat_map(ax, M, limit, entries=True):
    """M on colours from -limit to limit, so that 0 is white."""
    limit = limit or 1
    image = ax.imshow(M, cmap=_SIGNED, vmin=-limit, vmax=limit)
    if entries:
        write_entries(ax, image, M)
    return image


def write_entries(ax, image, M, form="{:z.2f}"):
    """The entries of M in the cells of the image, dark on light and light on dark."""
    luminance = image.to_rgba(image.get_array())[..., :3] @ [0.299, 0.587, 0.114]
    for (i, j), entry in np.ndenumerate(M):
        colour = "black" if luminance[i, j] > 0.5 else "white"
        ax.text(j, i, _text(entry, form), ha="center", va="center", color=colour)


def name_cells(ax, rows, columns, at_rows=None, at_columns=None):
    """Names for the rows and columns of a heat map, without spines and ticks."""
    ax.set_yticks(range(len(rows)) if at_rows is None else at_rows, map(str, rows))
    ax.set_xticks(
        range(len(columns)) if at_columns is None else at_columns, map(str, columns)
    )
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)


def draw_jacobian(ax, J, limit, rows, columns):
    """A heat map with a name for its rows and columns, and the row sums beside it."""
    heat_map(ax, J, limit)
    name_cells(ax, *(range(1, count + 1) for count in J.shape))
    beside = ax.get_yaxis_transform()
    for i, total in enumerate(J.sum(axis=1)):
        ax.text(1.04, i, f"Σ = {_text(total)}", va="center", transform=beside)
    ax.set(xlabel=columns, ylabel=rows)


def draw_simplex(ax, z, y, learning_rate=1.0, steps=30):
    """The loss in grey and the path of a under descent; returns the shading."""
    zs = [z]
    for _ in range(steps):
        zs.append(zs[-1] - learning_rate * softmax_cross_entropy_grad(zs[-1], y))
    path = _CORNERS @ softmax(np.transpose(zs))
    loss = _shade_loss(ax, y)
    ax.fill(*_CORNERS, fill=False, edgecolor="0.4")
    ax.plot(*path, color="black", linestyle=":", marker=".", linewidth=1)
    ax.plot(*path[:, :1], color="black", marker="o", markersize=8)
    ax.annotate("$a$", path[:, 0], xytext=(-8, -14), textcoords="offset points")
    arrow = {"arrowstyle": "-|>", "color": "C1", "linewidth": 2}
    ax.annotate(
        "", path[:, 1], path[:, 0], arrowprops={"shrinkA": 0, "shrinkB": 0, **arrow}
    )
    for (x, height), name in zip(_CORNERS.T, "123", strict=True):
        va, shift = ("bottom", 0.03) if height else ("top", -0.03)
        ax.text(x, height + shift, f"class {name}", ha="center", va=va)
    ax.set_title("loss (grey), descent on $z$ (arrow)", loc="center", fontsize=10)
    ax.set(aspect="equal", xlim=(-0.12, 1.12), ylim=(-0.12, 0.98))
    ax.axis("off")
    return loss


def _shade_loss(ax, y):
    """Shade the triangle by the loss -Σ y_i log a_i, darker where it is larger."""
    A = np.array([[i, j, 30 - i - j] for i in range(31) for j in range(31 - i)]).T / 30
    loss = -(y @ np.log(np.maximum(A, 1e-3)))
    triangles = Triangulation(*(_CORNERS @ A))
    levels = [0.25, 0.5, 1, 1.5, 2, 4]
    greys = [str(grey) for grey in np.linspace(0.97, 0.6, len(levels) + 1)]
    ax.tricontour(triangles, loss, levels, colors="0.4", linewidths=0.6)
    return ax.tricontourf(triangles, loss, levels, colors=greys, extend="both")


def label_ends(ax, lines, at_start=False):
    """The label of each line beside its end, or above its start, apart from others."""
    ax.autoscale_view()
    to_axes = ax.transData + ax.transAxes.inverted()
    x, lift, end = (0.02, 0.05, 0) if at_start else (1.02, 0, -1)
    ends = [(line.get_xdata()[end], line.get_ydata()[end]) for line in lines]
    heights = [to_axes.transform(point)[1] + lift for point in ends]
    lowest = -np.inf
    for k in np.argsort(heights, stable=True):
        lowest = max(heights[k], lowest + 0.08)
        text, colour = lines[k].get_label(), lines[k].get_color()
        ax.text(x, lowest, text, color=colour, va="center", transform=ax.transAxes)
