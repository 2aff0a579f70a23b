"""The computation graph of the loss: the paths from one logit, with their slopes."""

from operator import index

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch
from numpy.typing import ArrayLike

from arrays.inputs import label_of, one_example
from arrays.pictures.descriptions import about, in_digits
from arrays.pictures.figure import EQUAL, UNEQUAL, Picture, new_figure
from arrays.softmax import softmax, softmax_jacobian

OWN = {"color": EQUAL, "linestyle": "-", "linewidth": 2.6}
OTHER = {"color": UNEQUAL, "linestyle": "--", "linewidth": 1.6}
THIN = {"linewidth": 0.6}


def plot_paths(z: ArrayLike, y: ArrayLike, j: int = 1) -> Picture:
    """Draw the paths from the logit z_j through every a_i to the loss, with slopes.

    The first slope is da_i/dz_j, the second dL/da_i = -y_i/a_i; beside each path is
    their product, and below the sum, which is a_j Σy - y_j. The path i = j is solid and
    heavy, the others are dashed; those whose second slope is 0 are thin.

    Shapes: z is (n,); y is (n,), or one integer label; j counts from 1, as in the text.
    In the figure, patches are the arrows, two for each path.

    Raises ValueError if z is not one example, there is no z_j, or an a_i is 0 in
    floating point, and as softmax_cross_entropy_grad; TypeError if j is no integer.

    Source: notebook 04.
    """
    z = one_example(z)
    y, a, j = label_of(z, y), softmax(z), index(j)
    if j not in range(1, z.size + 1):
        raise ValueError(f"j must be 1..{z.size}, got {j}")
    if not a.all():
        raise ValueError(f"-y_i/a_i needs probabilities above 0, got {a.tolist()}")
    dL_da, da_dz = -y / a, softmax_jacobian(z)[:, j - 1]
    with new_figure(figsize=(6.6, 1.4 + 0.62 * z.size)) as (figure, ax):
        draw_paths(ax, dL_da, da_dz, j)
        key = key_to_paths(some_thin=not dL_da.all())
        figure.legend(key.values(), key, ncols=3, loc="outside lower center")
    products = "; ".join(
        f"through a_{i} {about(before)} times {about(after)} is {about(before * after)}"
        for i, (before, after) in enumerate(zip(da_dz, dL_da, strict=True), start=1)
    )
    figure.alt = (
        f"Diagram of the {z.size} paths from z_{j} to the loss L, with their slopes: "
        f"{products}. The sum is {about((da_dz @ dL_da).round(12))}."
    )
    return figure


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
    """Return the legend: solid, dashed and, if there are any, thin paths."""
    key = {
        "path with $i = j$": Line2D([], [], **OWN),
        r"paths with $i \neq j$": Line2D([], [], **OTHER),
    }
    thin = r"thin: $\partial L/\partial a_i = 0$"
    return key | ({thin: Line2D([], [], **(OTHER | THIN))} if some_thin else {})


def _boxed(ax, at, text, **box):
    look = {"facecolor": "white", "edgecolor": "none", **box}
    ax.text(*at, text, ha="center", va="center", bbox=look)


def _node(ax, at, name):
    _boxed(ax, at, name, boxstyle="circle,pad=0.35", edgecolor="black")
