"""The triangle of all probabilities of three classes, and descent on it."""

import numpy as np
from matplotlib.tri import Triangulation
from numpy.typing import ArrayLike

from arrays.inputs import label_of, one_example
from arrays.pictures.descriptions import listed
from arrays.pictures.figure import UNEQUAL, Picture, new_figure
from arrays.softmax import softmax, softmax_cross_entropy_grad

# Class 1 is left, class 2 right, class 3 on top: _CORNERS @ a is a point of the plane.
_CORNERS = np.array([[0, 1, 0.5], [0, 0, np.sqrt(3) / 2]])


def plot_simplex(
    z: ArrayLike, y: ArrayLike, learning_rate: float = 1.0, steps: int = 30
) -> Picture:
    """Draw a on the triangle of three classes, and where descent on z moves it.

    The shading is the loss -Σ y_i log a_i, the arrow one step z - η dz, the dots more.
    The circle is the target: the corner of the true class, or where soft labels are.

    Shapes: z is (3,); y is (3,), or one integer label. In the figure, lines[0] is the
    path of a in the plane, steps + 1 points, lines[1] its start, lines[2] the circle.

    Raises ValueError if there are not three classes, and as softmax_cross_entropy_grad.

    Source: notebook 04.
    """
    z = one_example(z)
    if z.size != 3:
        raise ValueError(f"the triangle needs three classes, got {z.size}")
    y = label_of(z, y)
    with new_figure(figsize=(5.2, 3.8)) as (figure, ax):
        loss = draw_simplex(ax, z, y, learning_rate, steps)
        figure.colorbar(loss, shrink=0.7, label=r"loss $-\Sigma_i\,y_i\,\log\,a_i$")
    figure.alt = descent_in_words(z, y, learning_rate, steps)
    return figure


def descent_in_words(z, y, learning_rate=1.0, steps=30):
    """Say what `draw_simplex` draws."""
    start, first, *_, last = map(softmax, descent(z, y, learning_rate, max(steps, 2)))
    return (
        "Triangle with a class at each corner, darker where the loss is larger; the "
        f"target y = ({listed(y)}) is a circle. One step of descent, an arrow, takes a "
        f"from ({listed(start)}) to ({listed(first)}); dots lead to ({listed(last)})."
    )


def draw_simplex(
    ax, z, y, learning_rate=1.0, steps=30, gradient=softmax_cross_entropy_grad
):
    """Draw the loss in grey, y as a circle, and descent by a gradient; return the grey.

    Where descent does not end at y, a cross is drawn at its last point.
    """
    zs = descent(z, y, learning_rate, steps, gradient)
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
        va, shift = ("bottom", 0.045) if height else ("top", -0.045)
        ax.text(x, height + shift, f"class {name}", ha="center", va=va)
    if y.sum() > 0:
        _mark_target(ax, y / y.sum())
    if gradient is not softmax_cross_entropy_grad:
        look = {"color": UNEQUAL, "markersize": 11, "markeredgewidth": 2.5}
        ax.plot(*path[:, -1:], marker="x", linestyle="none", **look)
    ax.set_title("loss (grey), descent on $z$ (arrow)", loc="center", fontsize=10)
    ax.set(aspect="equal", xlim=(-0.14, 1.14), ylim=(-0.2, 1.06))
    ax.axis("off")
    return loss


def diagonal_gradient(z, y):
    """Return what is left of dz without the terms i ≠ j."""
    return -y * (1 - softmax(z))


def descent(z, y, learning_rate, steps, gradient=softmax_cross_entropy_grad):
    """Return the logits z, and those after each step of descent by a gradient."""
    zs = [z]
    for _ in range(steps):
        zs.append(zs[-1] - learning_rate * gradient(zs[-1], y))
    return zs


def _mark_target(ax, y):
    """Draw a circle where y is, named beyond the name of its corner."""
    x, height = _CORNERS @ y
    look = {"mfc": "none", "mec": "black", "mew": 1.5, "markersize": 11}
    ax.plot(x, height, marker="o", linestyle="none", **look)
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
