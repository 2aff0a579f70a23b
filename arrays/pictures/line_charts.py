"""Line charts: a sweep of one logit, losses and their slopes, training."""

from collections.abc import Callable, Mapping
from operator import index

import numpy as np
from numpy.typing import ArrayLike

from arrays.inputs import one_example
from arrays.pictures.descriptions import about, course, in_digits, plainly
from arrays.pictures.figure import Picture, ink_like, new_figure
from arrays.softmax import one_hot, softmax


def plot_sweep(z: ArrayLike, j: int, span: float = 6) -> Picture:
    """Draw every a_i while the one logit z_j moves by up to `span` either way.

    Shapes: z is (n,); j counts from 1, as in the text. In the figure, lines[i] is that
    of class i + 1, with its marker where z is.

    Raises ValueError if z is not one example or there is no z_j, and as softmax;
    TypeError if j is no integer.

    Source: notebook 01.
    """
    z, j = one_example(z), index(j)
    if j not in range(1, z.size + 1):
        raise ValueError(f"j must be 1..{z.size}, got {j}")
    moved = z[j - 1] + np.linspace(-span, span, 201)
    Z = np.tile(z[:, None], moved.size)
    Z[j - 1] = moved
    A = softmax(Z)
    with new_figure(figsize=(6, 3.2)) as (figure, ax):
        for i, a in enumerate(A, start=1):
            ax.plot(moved, a, marker="o", markevery=[100], label=f"$a_{{{i}}}$")
        lines = np.array(ax.lines)
        ax.axvline(z[j - 1], color="0.7", linewidth=1, linestyle="-", zorder=0)
        ax.set(xlabel=f"logit $z_{{{j}}}$", ylabel="probability $a_i$")
        ax.set(xlim=(moved[0], moved[-1]), ylim=(-0.02, 1.02))
        # Each is named where it is large, for near 0 the lines run together.
        rising = A[:, -1] > A[:, 0]
        label_ends(ax, lines[rising])
        label_ends(ax, lines[~rising], at_start=True)
    courses = "; ".join(f"a_{i} goes {course(a)}" for i, a in enumerate(A, start=1))
    figure.alt = (
        f"Line chart of every probability a_i while the logit z_{j} moves "
        f"from {in_digits(moved[0])} to {in_digits(moved[-1])}: {courses}."
    )
    return figure


def plot_loss() -> Picture:
    """Draw -log a_c beside 1 - a_c, and their slopes -1/a_c beside -1.

    Shapes: in the figure, axes[0] holds the two losses as lines, axes[1] the slopes.

    Source: notebook 03.
    """
    a = np.linspace(0.01, 1, 199)
    with new_figure(1, 2, figsize=(8, 3)) as (figure, left, right):
        left.plot(a, -np.log(a), label=r"$-\log\,a_c$")
        left.plot(a, 1 - a, label="$1 - a_c$")
        left.set(ylabel="loss", ylim=(0, 5))
        right.plot(a, -1 / a, label="$-1/a_c$")
        right.plot(a, -np.ones_like(a), label="$-1$")
        right.set(ylabel="slope of the loss", ylim=(-20, 0.5))
        for ax in (left, right):
            ax.set(xlabel="probability $a_c$ of the true class", xlim=(0, 1))
            ax.legend()
    figure.alt = (
        "Two line charts over the probability a_c of the true class, from 0 to 1. "
        "Left, -log a_c falls to 0 from beyond 4, ever less steeply, and 1 - a_c falls "
        "in a straight line from 1. Right, the slopes: -1/a_c goes down without end as "
        "a_c nears 0, while -1 stays."
    ).replace("-", "−")
    return figure


def plot_curves(
    curves: Mapping[str, ArrayLike],
    xlabel: str = "",
    ylabel: str = "",
    logy: bool = False,
    x: ArrayLike | None = None,
    *,
    logx: bool = False,
) -> Picture:
    """Draw curves over the same x, each with its name at its end.

    With logx the axis is logarithmic, so that the first rounds have room. If x has a 0,
    it is linear up to the least x above.

    Shapes: curves maps a name to values of shape (k,); x is (k,), or 1..k. In the
    figure, lines are the curves.

    Raises ValueError if there is no curve.

    Source: notebook 08.
    """
    if not curves:
        raise ValueError(f"expected at least one curve, got {curves}")
    with new_figure(figsize=(6, 3.2)) as (figure, ax):
        for label, values in curves.items():
            counted = np.arange(1, len(values) + 1)
            ax.plot(counted if x is None else x, values, label=label)
        ax.set(xlabel=xlabel, ylabel=ylabel, yscale="log" if logy else "linear")
        ax.margins(x=0)
        if logx:
            make_x_logarithmic(ax)
        elif x is None:
            ax.xaxis.get_major_locator().set_params(integer=True)
        label_ends(ax, ax.lines)
        across = np.concatenate([line.get_xdata() for line in ax.lines])
    courses = "; ".join(
        f"{plainly(key)} {course(v, logy)}" for key, v in curves.items()
    )
    scales = ", logarithmic" * logx, ", logarithmic" * logy
    figure.alt = (
        f"Line chart. Across: {plainly(xlabel)}, {about(across.min())} to "
        f"{about(across.max())}{scales[0]}. Up: {plainly(ylabel)}{scales[1]}. "
        f"From left to right: {courses}."
    )
    return figure


def plot_own_loss(
    loss: Callable, gradient: Callable, n: int = 3, true_class: int = 1, span: float = 4
) -> Picture:
    """Draw a loss and its gradient over the logit of the true class.

    The other logits are 0, 1, 2, …; lines are the formulas, circles the central
    differences of the loss, so a wrong gradient leaves its circles.

    Shapes: loss takes Z and Y, both (n, m), to (m,), and gradient takes them to (n, m).
    In the figure, axes are loss and gradient; the lines of the second are the n
    entries, then their circles.

    Source: notebook 15.
    """
    t, h = np.linspace(-span, span, 97), 1e-5
    Z = np.repeat(np.r_[: n - 1].astype(float)[:, None], t.size, axis=1)
    Z = np.insert(Z, true_class - 1, t, axis=0)
    Y = one_hot(np.full(t.size, true_class - 1), n)
    with new_figure(1, 2, figsize=(9, 3.4)) as (figure, left, right):
        left.plot(t, loss(Z, Y), label="$L$")
        for j, entry in enumerate(gradient(Z, Y), 1):
            right.plot(t, entry, label=f"$j = {j}$")
        lines, some, gap = list(right.lines), slice(None, None, 8), 0
        for j, line in enumerate(lines):
            E = h * (np.arange(n) == j)[:, None]
            rise = (loss(Z + E, Y) - loss(Z - E, Y)) / (2 * h)
            look = {"color": line.get_color(), "mfc": "none", "label": "_measured"}
            right.plot(t[some], rise[some], "o", **look)
            gap = np.maximum(gap, np.abs(rise - line.get_ydata())[some].max())
        for ax, name in ((left, "loss $L$"), (right, r"$\partial L/\partial z_j$")):
            ax.set(xlabel=f"logit $z_{{{true_class}}}$ of the true class", ylabel=name)
        right.axhline(0, color="0.7", lw=0.8, ls="-", zorder=0)
        label_ends(right, lines, at_start=True)
        (curve,) = left.lines
    entries = "; ".join(
        f"{plainly(line.get_label())} {course(line.get_ydata())}" for line in lines
    )
    apart = "on the lines" if gap < 1e-5 else f"up to {about(gap)} off the lines"
    figure.alt = (
        f"Two line charts over the logit z_{true_class} of the true class, from "
        f"{about(-span)} to {about(span)}. Left the loss L goes "
        f"{course(curve.get_ydata())}. Right the entries of its gradient: {entries}. "
        f"Circles, the central differences of the loss, lie {apart}."
    )
    return figure


def label_ends(ax, lines, at_start=False):
    """Label each line beside its end, or above its start; labels do not overlap."""
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
