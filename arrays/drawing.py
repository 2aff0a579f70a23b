"""What several pictures are made of: bars, heat maps, the triangle, in one style."""

import io
from base64 import b64encode
from contextlib import contextmanager
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import style
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.tri import Triangulation
from PIL import Image

from arrays.softmax import softmax, softmax_cross_entropy_grad
from arrays.words import in_digits

STYLE = Path(__file__).with_name("pictures.mplstyle")
HATCHED = {"color": "white", "edgecolor": "black", "hatch": "///"}
_SIGNED = "RdBu_r"  # for signed values, white at 0
# Class 1 is left, class 2 right, class 3 on top: _CORNERS @ a is a point of the plane.
_CORNERS = np.array([[0, 1, 0.5], [0, 0, np.sqrt(3) / 2]])


class Picture(Figure):
    """A figure that tells in words what it shows, as `alt`, to those who cannot see it.

    A notebook saves the words beside the image and in its metadata. The image has 1.6
    dots for each pixel of the page, to be sharp where a screen has more of them, and
    256 colours, which halves the file.
    """

    alt = ""

    def __repr__(self):
        return self.alt

    def _repr_mimebundle_(self, include=None, exclude=None):
        drawn, small = io.BytesIO(), io.BytesIO()
        self.savefig(drawn, format="png", dpi=1.6 * self.dpi)
        Image.open(drawn).convert("RGB").quantize().save(small, "PNG", optimize=True)
        png = b64encode(small.getvalue()).decode()
        shown = {"alt": self.alt, "width": round(self.bbox.width)}
        return {"image/png": png, "text/plain": self.alt}, {"image/png": shown}


@contextmanager
def new_figure(rows=1, columns=1, figsize=None, **options):
    """Axes of a new figure in our style.

    Pyplot does not know it, so a notebook shows it once, where a cell ends on it.
    """
    with style.context(STYLE):
        figure = Picture(figsize=figsize)
        yield figure, *figure.subplots(rows, columns, squeeze=False, **options).flat


def _luminance(colours):
    """How bright a colour is, from 0 to 1, by the definition of WCAG 2."""
    rgb = np.asarray(colours)[..., :3]
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def contrast(text, ground):
    """The contrast of two colours, from 1 to 21; text is to have 4.5 at least."""
    bright = np.array([_luminance(to_rgb(text)), _luminance(ground)]) + 0.05
    return bright.max() / bright.min()


def ink_on(ground):
    """Black or white, whichever is read more easily there."""
    return max("black", "white", key=lambda ink: contrast(ink, ground))


def ink_like(colour):
    """The colour, as dark as text on white has to be."""
    rgb = np.array(to_rgb(colour))
    shades = (to_hex(rgb * share) for share in np.linspace(1, 0, 51))
    return next(shade for shade in shades if contrast(shade, to_rgb("white")) >= 4.5)


def draw_bars(ax, values, ylabel, offset=0, form="{:z.2f}", **look):
    """One bar for each class, with its value at its end."""
    classes = np.arange(1, len(values) + 1)
    bars = ax.bar(classes + offset, values, **{"width": 0.6, **look})
    ax.bar_label(
        bars, [in_digits(value, form) for value in values], padding=2, fontsize=9
    )
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


def write_entries(ax, image, M, form="{:z.2f}", *, zero=None, size=None):
    """The entries of M in the cells of the image, dark on light and light on dark.

    Where M is 0, the text `zero` if there is one; where M is masked, nothing.
    """
    colours = image.to_rgba(image.get_array())
    for (i, j), entry in np.ma.ndenumerate(M):
        text = in_digits(entry, form) if entry or zero is None else zero
        ink = ink_on(colours[i, j])
        ax.text(j, i, text, ha="center", va="center", color=ink, fontsize=size)


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
        ax.text(1.04, i, f"Σ = {in_digits(total)}", va="center", transform=beside)
    ax.set(xlabel=columns, ylabel=rows)


def draw_simplex(ax, z, y, learning_rate=1.0, steps=30):
    """The loss in grey, y as a star, the path of a under descent; returns the grey."""
    path = _CORNERS @ softmax(np.transpose(descent(z, y, learning_rate, steps)))
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
        va, shift = ("bottom", 0.045) if height else ("top", -0.045)
        ax.text(x, height + shift, f"class {name}", ha="center", va=va)
    if y.sum() > 0:
        _mark_target(ax, y / y.sum())
    ax.set_title("loss (grey), descent on $z$ (arrow)", loc="center", fontsize=10)
    ax.set(aspect="equal", xlim=(-0.14, 1.14), ylim=(-0.2, 1.06))
    ax.axis("off")
    return loss


def descent(z, y, learning_rate, steps):
    """The logits z, and those after each step of descent on the loss of y."""
    zs = [z]
    for _ in range(steps):
        zs.append(zs[-1] - learning_rate * softmax_cross_entropy_grad(zs[-1], y))
    return zs


def _mark_target(ax, y):
    """A star where y is in the triangle, named beyond the name of its corner."""
    x, height = _CORNERS @ y
    look = {"mfc": "white", "mec": "black", "markersize": 14}
    ax.plot(x, height, marker="*", linestyle="none", **look)
    if y.max() < 1:
        shift, va = 0.05, "bottom"
    else:
        shift, va = (0.115, "bottom") if height else (-0.115, "top")
    ax.text(x, height + shift, "target $y$", ha="center", va=va)


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
        text, colour = lines[k].get_label(), ink_like(lines[k].get_color())
        ax.text(x, lowest, text, color=colour, va="center", transform=ax.transAxes)


def make_x_logarithmic(ax):
    """A logarithmic x axis with plain numbers, linear between 0 and the least above."""
    x = np.concatenate([line.get_xdata() for line in ax.lines])
    if x.min() > 0:
        ax.set_xscale("log")
    else:
        ax.set_xscale("symlog", linthresh=np.abs(x[x != 0]).min())
    ax.xaxis.set_major_formatter("{x:g}")
