"""The plot of errors over a size; an error of 0 or NaN is shown too."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from arrays.inputs import real
from arrays.pictures.descriptions import about, bound, plainly
from arrays.pictures.figure import Picture, new_figure


def plot_errors(
    errors: Mapping[str, Mapping[str, ArrayLike]],
    x: ArrayLike,
    xlabel: str,
    ylabel: str = "error",
) -> Picture:
    """Draw errors over x, both on logarithmic axes, one panel for each group.

    An error of 0 is a point on the line "0" at the bottom; one that is NaN or infinite
    is on the line "no number" at the top, with a cross where that begins and some more.

    Shapes: errors maps the title of a panel to a map of names to values of shape (k,);
    x is (k,). In the figure, axes are the panels; their first lines are the curves.

    Raises ValueError if there is no curve, x or a curve has another shape, x is not
    positive, or an error is negative; TypeError if they do not hold real numbers.

    Source: notebook 09.
    """
    x = real(x, "x")
    curves = [_errors(e, x) for panel in errors.values() for e in panel.values()]
    if not curves:
        raise ValueError(f"expected at least one curve of errors, got {errors}")
    bottom, top = _lines_for_no_error(np.concatenate(curves))
    size = (2.6 + 2.4 * len(errors), 3.4)
    with new_figure(1, len(errors), figsize=size, sharey=True) as (figure, *axes):
        for ax, (title, panel) in zip(axes, errors.items(), strict=True):
            for name, values in panel.items():
                e = _errors(values, x)
                drawn = np.where(np.isfinite(e), np.maximum(e, bottom), top)
                ax.plot(x, drawn, label=name)
            for k, line in enumerate(list(ax.lines)):
                crossed = _some(line.get_ydata() == top, x, k / len(panel))
                look = {"color": line.get_color(), "mew": 2, "ms": 7, "zorder": 3}
                ax.plot(x[crossed], np.full(crossed.sum(), top), "x", **look)
            ax.set(xscale="log", yscale="log", xlabel=xlabel)
            ax.xaxis.get_major_locator().set_params(numticks=6)
            ax.set_title(title, loc="center")
        _name_no_error(axes, bottom, top)
        axes[0].set_ylabel(ylabel)
        handles = axes[0].get_legend_handles_labels()
        figure.legend(*handles, ncols=4, loc="outside lower center")
    figure.alt = (
        f"Line chart, logarithmic both ways. Across: {plainly(xlabel)}, "
        f"{about(x.min())} to {about(x.max())}. Up: {plainly(ylabel)}."
    )
    for title, panel in errors.items():
        fates = "; ".join(f"{plainly(key)} {_fate(e, x)}" for key, e in panel.items())
        figure.alt += f" {plainly(title)}: {fates}." if title else f" Curves: {fates}."
    return figure


def _errors(values, x):
    values = real(values, "an error")
    if x.ndim != 1 or values.shape != x.shape:
        raise ValueError(
            f"x and every curve must have one shape (k,), got {x.shape}, {values.shape}"
        )
    if not (x > 0).all() or (values < 0).any():
        raise ValueError("x must be positive and no error negative")
    return values.astype(float)


def _lines_for_no_error(values):
    """Return where to draw 0 and NaN: a hundred times below and above all others."""
    shown = values[np.isfinite(values) & (values > 0)]
    least, most = (shown.min(), shown.max()) if shown.size else (1, 1)
    return 10 ** (np.floor(np.log10(least)) - 2), 10 ** (np.ceil(np.log10(most)) + 2)


def _some(lost, x, shift):
    """Mark the first point of each run of lost points, and one in each quarter.

    The shift, from 0 to 1, moves the quarters, so that two curves have crosses apart.
    """
    at = np.argsort(x)
    along = np.log(x[at] / x[at[0]])
    along *= 4 / (along[-1] or 1)
    begins = np.diff(lost[at].astype(int), prepend=0) == 1
    since = along - np.maximum.accumulate(np.where(begins, along, -np.inf))
    enters = np.diff(np.floor(along + shift), prepend=np.inf) != 0
    kept = np.zeros_like(lost)
    kept[at] = lost[at] & (begins | (enters & (since > 0.5)))
    return kept


def _fate(errors, x):
    """Say how large the errors of a curve are at most, and where they are no number."""
    errors, at = np.asarray(errors, dtype=float), np.argsort(x)
    lost = ~np.isfinite(errors[at])
    words = []
    if (errors[at][~lost] > 0).any():
        words.append(f"is at most {bound(errors[at][~lost].max())}")
    elif not lost.all():
        words.append("is 0")
    if lost.any():
        first = lost.argmax()
        where = f"from {about(x[at][first])} on" if lost[first:].all() else "in places"
        words.append(f"is no number {where}")
    return " and ".join(words)


def _name_no_error(axes, bottom, top):
    """Set ticks at powers of ten, and at the lines for 0 and NaN if they are used."""
    low, high = np.log10([bottom, top]).round().astype(int)
    at = {
        10.0**power: f"$10^{{{power}}}$"
        for power in range(low + 2, high - 1, max(1, (high - low) // 6))
    }
    drawn = np.concatenate([line.get_ydata() for ax in axes for line in ax.lines])
    at |= {y: name for y, name in ((bottom, "0"), (top, "no number")) if y in drawn}
    axes[0].set_yticks(list(at), at.values())  # the others share them
    for ax in axes:
        ax.minorticks_off()
