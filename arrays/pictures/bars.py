"""Bar charts over the classes: logits, probabilities, labels and gradients."""

import matplotlib as mpl
import numpy as np
from numpy.typing import ArrayLike

from arrays.inputs import label_of, one_example
from arrays.pictures.descriptions import in_digits, listed
from arrays.pictures.figure import EQUAL, SIGNED, UNEQUAL, Picture, new_figure
from arrays.softmax import softmax, softmax_cross_entropy_grad

HATCHED = {"color": "white", "edgecolor": "black", "hatch": "///"}


def plot_probabilities(z: ArrayLike) -> Picture:
    """Draw the logits z and, beside them, the probabilities a = softmax(z).

    Shapes: z is (n,). In the figure, axes[0] holds the bars of z, axes[1] those of a.

    Raises ValueError if z is not one example, and as softmax.

    Source: notebook 01.
    """
    z = one_example(z)
    with new_figure(1, 2, figsize=(7, 2.6)) as (figure, left, right):
        draw_logits(left, z)
        draw_probabilities(right, softmax(z))
    figure.alt = (
        f"Two bar charts over the classes 1 to {z.size}. Left the logits z_i: "
        f"{listed(z)}. Right the probabilities a_i: {listed(softmax(z))}."
    )
    return figure


def plot_gradient(z: ArrayLike, y: ArrayLike) -> Picture:
    """Draw a = softmax(z) with the labels y, and beside them the gradient dz = a - y.

    Shapes: z is (n,); y is (n,), or one integer label. In the figure, axes[0] holds the
    bars of a (containers[0]) and of y (containers[1]), axes[1] those of dz.

    Raises ValueError if z is not one example, and as softmax_cross_entropy_grad.

    Source: notebook 04.
    """
    z = one_example(z)
    y = label_of(z, y)
    with new_figure(1, 2, figsize=(7, 2.8)) as (figure, left, right):
        draw_labels_beside(left, softmax(z), y)
        draw_gradient(right, z, y)
    dz = softmax(z) * y.sum() - y
    figure.alt = (
        f"Bar charts over the classes 1 to {z.size}. Left the probabilities a_i: "
        f"{listed(softmax(z))}, beside the labels y_i: {listed(y)}. "
        f"Right the gradient dz_j: {listed(dz)}."
    )
    return figure


def draw_bars(ax, values, ylabel, offset=0, form="{:z.2f}", **look):
    """Draw one bar for each class, with its value at its end."""
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
    """Draw grey bars of z."""
    draw_bars(ax, z, "logit $z_i$", color="0.6")
    ax.margins(y=0.15)


def draw_probabilities(ax, a):
    """Draw bars of a, on an axis up to 1."""
    draw_bars(ax, a, "probability $a_i$")
    ax.set_ylim(0, 1.1)


def draw_labels_beside(ax, a, y, form="{:.3g}", letter="y"):
    """Draw pairs of bars: a is plain, the labels, named by `letter`, are hatched."""
    name = f"$a_i$ and ${letter}_i$"
    draw_bars(ax, a, name, -0.2, width=0.38, label="probability $a_i$")
    draw_bars(
        ax, y, name, 0.2, form, width=0.38, label=f"label ${letter}_i$", **HATCHED
    )
    ax.legend(ncols=2, loc="lower left", bbox_to_anchor=(-0.1, 1), borderpad=0)
    ax.set_ylim(0, 1.1 * max(1, y.max()))


def draw_both_cases(ax, a, y):
    """Draw both parts of dz: terms i = j go down, terms i ≠ j go up, hatched."""
    own = {"color": EQUAL, "label": "from $i = j$"}
    others = {"color": UNEQUAL, "label": r"from $i \neq j$", "hatch": "///"}
    draw_bars(ax, -y * (1 - a), "part of $dz_j$", -0.2, width=0.38, **own)
    draw_bars(ax, a * (y.sum() - y), "part of $dz_j$", 0.2, width=0.38, **others)
    ax.legend(ncols=2, loc="lower left", bbox_to_anchor=(-0.1, 1), borderpad=0)
    ax.set(xlabel="class $j$", ylim=(-1.15, 1.15))


def draw_gradient(ax, z, y, letter="y"):
    """Draw bars of dz: up and red where z_j is to fall, down and blue where to rise."""
    dz = softmax_cross_entropy_grad(z, y)
    sums_to_one = np.isclose(y.sum(), 1)
    mass = "" if sums_to_one else rf"\,\Sigma {letter}"
    name = f"$dz_j = a_j{mass} - {letter}_j$"
    draw_bars(ax, dz, name, color=mpl.colormaps[SIGNED](np.where(dz > 0, 0.85, 0.15)))
    limit = 1.15 * max(1, np.abs(dz).max())
    ax.set(xlabel="class $j$", ylim=(-limit, limit))
