"""The plots: each returns a figure, whose `alt` tells in words what it shows."""

from operator import index

import numpy as np
from matplotlib.patches import Rectangle

from arrays.diagrams import Layer, draw_paths, key_to_paths
from arrays.drawing import (
    descent,
    draw_gradient,
    draw_jacobian,
    draw_labels_beside,
    draw_logits,
    draw_probabilities,
    draw_simplex,
    heat_map,
    label_ends,
    make_x_logarithmic,
    name_cells,
    new_figure,
    write_entries,
)
from arrays.inputs import matrix, one_example, real, targets
from arrays.softmax import one_hot, softmax, softmax_jacobian
from arrays.words import about, course, in_digits, listed, plainly


def plot_probabilities(z):
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


def plot_sweep(z, j, span=6):
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


def plot_jacobian(J, rows="output $a_i$", columns="logit $z_j$"):
    """Draw a Jacobian as a heat map with its entries, and its row sums beside it.

    Shapes: J is (n, n), or any (rows, columns). In the figure, images[0] of axes[0]
    holds J, on colours centred at 0; the texts are the entries, then the row sums.

    Raises ValueError if J is not a matrix; TypeError if it does not hold real numbers.

    Source: notebook 02.
    """
    J = matrix(J, "J")
    size = (1.8 + 0.7 * J.shape[1], 1 + 0.6 * J.shape[0])
    with new_figure(figsize=size) as (figure, ax):
        draw_jacobian(ax, J, np.abs(J).max(), rows, columns)
    figure.alt = (
        f"Heat map, {plainly(rows)} down and {plainly(columns)} across. "
        + " ".join(
            f"Row {i}: {listed(row)}; sum {in_digits(row.sum())}."
            for i, row in enumerate(J, start=1)
        )
    )
    return figure


def plot_loss():
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


def plot_gradient(z, y):
    """Draw a = softmax(z) with the labels y, and beside them the gradient dz = a - y.

    Shapes: z is (n,); y is (n,), or one integer label. In the figure, axes[0] holds the
    bars of a (containers[0]) and of y (containers[1]), axes[1] those of dz.

    Raises ValueError if z is not one example, and as softmax_cross_entropy_grad.

    Source: notebook 04.
    """
    z = one_example(z)
    y = _soft_label(z, y)
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


def plot_simplex(z, y, learning_rate=1.0, steps=30):
    """Draw a on the triangle of three classes, and where descent on z moves it.

    The shading is the loss -Σ y_i log a_i, the arrow one step z - η dz, the dots more.
    The star is the target: the corner of the true class, or where soft labels are.

    Shapes: z is (3,); y is (3,), or one integer label. In the figure, lines[0] is the
    path of a in the plane, steps + 1 points, lines[1] its start, lines[2] the star.

    Raises ValueError if there are not three classes, and as softmax_cross_entropy_grad.

    Source: notebook 04.
    """
    z = one_example(z)
    if z.size != 3:
        raise ValueError(f"the triangle needs three classes, got {z.size}")
    y = _soft_label(z, y)
    with new_figure(figsize=(5.2, 3.8)) as (figure, ax):
        loss = draw_simplex(ax, z, y, learning_rate, steps)
        figure.colorbar(loss, shrink=0.7, label=r"loss $-\Sigma_i\,y_i\,\log\,a_i$")
    start, first, *_, last = map(softmax, descent(z, y, learning_rate, max(steps, 2)))
    figure.alt = (
        "Triangle with a class at each corner, darker where the loss is larger; the "
        f"target y = ({listed(y)}) is a star. One step of descent, an arrow, takes a "
        f"from ({listed(start)}) to ({listed(first)}); dots lead to ({listed(last)})."
    )
    return figure


def plot_paths(z, y, j=1):
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
    y, a, j = _soft_label(z, y), softmax(z), index(j)
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


def plot_layer(n, d, m):
    """Draw a layer as boxes with their sizes: W X + b = Z, and dW, db and dX.

    A box is as wide and high as its matrix has columns and rows, unless its name would
    not fit; the gradients have a heavy border.

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


def plot_curves(curves, xlabel="", ylabel="", logy=False, x=None, *, logx=False):
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
    courses = "; ".join(f"{plainly(key)} {course(v)}" for key, v in curves.items())
    scales = ", logarithmic" * logx, ", logarithmic" * logy
    figure.alt = (
        f"Line chart. Across: {plainly(xlabel)}, {about(across.min())} to "
        f"{about(across.max())}{scales[0]}. Up: {plainly(ylabel)}{scales[1]}. "
        f"From left to right: {courses}."
    )
    return figure


def plot_block_jacobian(J4):
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


def plot_images(images, captions, columns=8):
    """Draw grey images in rows, each with its caption.

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
            ax.imshow(image, cmap="gray_r")
            ax.set_title(caption, loc="center", fontsize=9)
    figure.alt = (
        f"{len(images)} grey images with the captions {'; '.join(map(str, captions))}."
    )
    return figure


def plot_confusion(counts, classes=None):
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


def plot_own_loss(loss, gradient, n=3, true_class=1, span=4):
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


def _soft_label(z, y):
    """The label of one example as a vector; an integer becomes one-hot."""
    y = targets(y, z.shape, 0)
    return y if y.ndim else one_hot(y, z.size)
