"""Matrices as colours: Jacobians, counts of a classifier, images."""

from collections.abc import Sequence

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from arrays.inputs import matrix, real
from arrays.pictures.descriptions import in_digits, listed, plainly
from arrays.pictures.figure import (
    EQUAL,
    SIGNED,
    UNEQUAL,
    Picture,
    ink_on,
    new_figure,
)


def plot_jacobian(
    J: ArrayLike,
    rows: str = "output $a_i$",
    columns: str = "logit $z_j$",
    cases: bool = False,
) -> Picture:
    """Draw a Jacobian as a heat map with its entries, and its row sums beside it.

    With `cases`, an entry with i = j has a solid border, one with i ≠ j a dashed one.

    Shapes: J is (n, n), or any (rows, columns). In the figure, images[0] of axes[0]
    holds J, on colours centred at 0; the texts are the entries, then the row sums, and
    the patches are the borders, row by row.

    Raises ValueError if J is not a matrix; TypeError if it does not hold real numbers.

    Source: notebook 02.
    """
    J = matrix(J, "J")
    size = (1.8 + 0.7 * J.shape[1], 1 + 0.6 * J.shape[0])
    with new_figure(figsize=size) as (figure, ax):
        draw_jacobian(ax, J, np.abs(J).max(), rows, columns, cases)
        if cases:
            key = {"$i = j$": ax.patches[0], r"$i \neq j$": ax.patches[1]}
            figure.legend(key.values(), key, ncols=2, loc="outside lower center")
    figure.alt = (
        f"Heat map, {plainly(rows)} down and {plainly(columns)} across. "
        + " ".join(
            f"Row {i}: {listed(row)}; sum {in_digits(row.sum())}."
            for i, row in enumerate(J, start=1)
        )
        + cases * " Solid borders on the diagonal, i = j; dashed ones off it, i ≠ j."
    )
    return figure


def plot_block_jacobian(J4: ArrayLike) -> Picture:
    """Draw the Jacobian of a batch as one matrix, example by example.

    Blocks on the diagonal have a heavy border; a block of zeros holds one large 0. The
    other entries are written up to m n = 12.

    Shapes: J4 is (n, m, n, m), [i, s, j, t] = dA[i, s]/dZ[j, t]. In the figure,
    images[0] is (m n, m n), row s n + i and column t n + j; patches are the borders.

    Raises ValueError for another shape; TypeError if J4 does not hold real numbers.

    Source: notebook 06.
    """
    J4 = real(J4, "J4")
    n, m = J4.shape[:2] if J4.ndim == 4 else (0, 0)
    if J4.shape != (n, m, n, m):
        raise ValueError(f"J4 must have a shape (n, m, n, m), got {J4.shape}")
    J = J4.transpose(1, 0, 3, 2).reshape(m * n, m * n)
    empty = (J4 == 0).all(axis=(0, 2))
    side = min(2.2 + 0.4 * m * n, 5.5)
    with new_figure(figsize=(side + 0.6, side)) as (figure, ax):
        image = heat_map(ax, J, np.abs(J).max(), entries=False)
        if m * n <= 12:
            hidden = np.kron(empty, np.ones((n, n), dtype=bool))
            size = 10 if m * n <= 6 else 7
            write_entries(ax, image, np.ma.masked_array(J, hidden), size=size)
        for s, t in np.argwhere(empty):
            middle = n * t + (n - 1) / 2, n * s + (n - 1) / 2
            ax.text(*middle, "0", ha="center", va="center", fontsize=14)
        for border in np.arange(1, m) * n - 0.5:
            ax.axhline(border, color="0.6", linewidth=0.8, linestyle="-")
            ax.axvline(border, color="0.6", linewidth=0.8, linestyle="-")
        for corner in np.arange(m) * n - 0.5:
            look = {"fill": False, "linewidth": 2.5, "clip_on": False}
            ax.add_patch(Rectangle((corner, corner), n, n, **look))
        middles = np.arange(m) * n + (n - 1) / 2
        name_cells(ax, range(1, m + 1), range(1, m + 1), middles, middles)
        ax.set_xlabel("logits $z_j$ of example $t$")
        ax.set_ylabel("outputs $a_i$ of example $s$")
        figure.colorbar(image, ax=ax, label=r"$\partial a_{is}/\partial z_{jt}$")
    figure.alt = (
        f"Heat map of {m} × {m} blocks of {n} × {n} entries da_is/dz_jt, outputs of "
        f"example s down, logits of example t across, from {in_digits(J.min())} to "
        f"{in_digits(J.max())}. Blocks that are 0 throughout: {empty.sum()}, and "
        f"{np.diag(empty).sum()} of these are on the diagonal."
    )
    return figure


def plot_confusion(counts: ArrayLike, classes: Sequence | None = None) -> Picture:
    """Draw how often each true class was predicted as which, with the counts.

    A count of 0 is a dot, so that the others stand out.

    Shapes: counts is (n, n), rows true, columns predicted; classes holds n names, or is
    0..n-1. In the figure, images[0] is the share of each row, on colours from 0 to 1.

    Raises ValueError if counts is not a matrix; TypeError if it does not hold numbers.

    Source: notebook 08.
    """
    counts = matrix(counts, "counts")
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    names = range(len(counts)) if classes is None else classes
    side = 1.2 + 0.42 * len(counts)
    with new_figure(figsize=(side, side)) as (figure, ax):
        image = ax.imshow(shares, vmin=0, vmax=1)
        write_entries(ax, image, counts, "{:.0f}", zero="·")
        name_cells(ax, names, names)
        ax.set(xlabel="predicted class", ylabel="true class")
    figure.alt = (
        "Heat map of counts, true class down, predicted class across. On the diagonal "
        f"are {np.trace(counts):.0f} of {counts.sum():.0f}."
    )
    mistakes = counts * (1 - np.eye(*counts.shape))
    if mistakes.any():
        true, said = np.unravel_index(mistakes.argmax(), counts.shape)
        figure.alt += (
            f" The largest count beside it is {mistakes.max():.0f}, of "
            f"{names[true]} predicted as {names[said]}."
        )
    return figure


def plot_images(
    images: ArrayLike, captions: Sequence[str], columns: int = 8, signed: bool = False
) -> Picture:
    """Draw images in rows, each with its caption: grey, each on its own scale.

    With `signed` they are on colours centred at 0, all on the same scale.

    Shapes: images is (k, height, width); captions holds k texts.

    Raises ValueError if there is not one caption for each image, or no image.

    Source: notebook 08.
    """
    if not 0 < len(images) == len(captions):
        raise ValueError(f"got {len(images)} images and {len(captions)} captions")
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    size = (1.05 * columns, 1.3 * rows)
    with new_figure(rows, columns, figsize=size) as (figure, *axes):
        for ax in axes:
            ax.axis("off")
        for ax, image, caption in zip(axes, images, captions, strict=False):
            if signed:
                heat_map(ax, image, np.abs(images).max(), entries=False)
            else:
                ax.imshow(image, cmap="gray_r")
            ax.set_title(caption, loc="center", fontsize=9)
    kind = "red-blue images, white at 0," if signed else "grey images"
    figure.alt = (
        f"{len(images)} {kind} with the captions {'; '.join(map(str, captions))}."
    )
    return figure


def heat_map(ax, M, limit, entries=True):
    """Draw M on colours from -limit to limit, so that 0 is white."""
    limit = limit or 1
    image = ax.imshow(M, cmap=SIGNED, vmin=-limit, vmax=limit)
    if entries:
        write_entries(ax, image, M)
    return image


def write_entries(ax, image, M, form="{:z.2f}", *, zero=None, size=None):
    """Write the entries of M into the cells, dark on light and light on dark.

    `zero` replaces an entry of 0. A masked entry is left out.
    """
    colours = image.to_rgba(image.get_array())
    for (i, j), entry in np.ma.ndenumerate(M):
        text = in_digits(entry, form) if entry or zero is None else zero
        ink = ink_on(colours[i, j])
        ax.text(j, i, text, ha="center", va="center", color=ink, fontsize=size)


def name_cells(ax, rows, columns, at_rows=None, at_columns=None):
    """Name the rows and columns of a heat map; remove spines and ticks."""
    ax.set_yticks(range(len(rows)) if at_rows is None else at_rows, map(str, rows))
    ax.set_xticks(
        range(len(columns)) if at_columns is None else at_columns, map(str, columns)
    )
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)


def draw_jacobian(ax, J, limit, rows, columns, cases=False):
    """Draw a heat map with names for rows and columns, and the row sums beside it."""
    heat_map(ax, J, limit)
    for i, j in np.ndindex(*J.shape) if cases else ():
        look = {"color": EQUAL, "linestyle": "-"}
        look = look if i == j else {"color": UNEQUAL, "linestyle": "--"}
        border = Rectangle((j - 0.45, i - 0.45), 0.9, 0.9, fill=False, **look)
        ax.add_patch(border).set_linewidth(2.5)
    name_cells(ax, *(range(1, count + 1) for count in J.shape))
    beside = ax.get_yaxis_transform()
    for i, total in enumerate(J.sum(axis=1)):
        ax.text(1.04, i, f"Σ = {in_digits(total)}", va="center", transform=beside)
    ax.set(xlabel=columns, ylabel=rows)
