"""Explorers: bars of logits to drag, on any page that runs a script.

Each shows a picture of its start, and the HTML that goes on from there. The scripts
below are joined into one, which is written whole into each output.

    numbers.js    the mathematics, and numbers as text
    state.js      the logits and choices of the reader, and what changes them
    style.js      the style sheet: colours, sizes, borders
    parts.js      buttons, sliders and bars
    triangle.js   the triangle of all probabilities of three classes
    chain_rule.js the chain rule as a table of the Jacobian's rows
    explorers.js  the six explorers, and the events they answer
"""

import json
from html import escape
from pathlib import Path

import numpy as np
from IPython.display import display
from numpy.typing import ArrayLike

from arrays.inputs import label_of, one_example
from arrays.pictures.bars import (
    HATCHED,
    draw_bars,
    draw_both_cases,
    draw_gradient,
    draw_labels_beside,
    draw_logits,
    draw_probabilities,
)
from arrays.pictures.descriptions import listed
from arrays.pictures.figure import new_figure
from arrays.pictures.heat_maps import draw_jacobian
from arrays.pictures.simplex import (
    descent,
    descent_in_words,
    diagonal_gradient,
    draw_simplex,
)
from arrays.softmax import one_hot, softmax, softmax_jacobian

_SCRIPTS = ("numbers", "state", "style", "parts", "triangle", "chain_rule", "explorers")


class Explorer:
    """A picture of the start, and below it the HTML in which a reader changes it."""

    def __init__(self, name, figure, z, **start):
        self.name, self.figure = name, figure
        self.start = {"z": z.tolist(), **start}

    def __repr__(self):
        return f"explore_{self.name}: drag the logits from where the picture shows them"

    def to_html(self) -> str:
        """Return HTML that works by itself: it needs no kernel and no network."""
        start = escape(json.dumps(self.start))
        return (
            f'<div data-explorer="{self.name}" data-start="{start}"'
            " data-lm-suppress-shortcuts>\n"  # JupyterLab leaves the keys to it
            "Scripts do not run here; the picture above shows the start.\n"
            f"<script>\n{script()}\n</script>\n</div>"
        )

    def _ipython_display_(self):
        # Two outputs: in one, the HTML would hide the picture where no script runs.
        display(self.figure)
        display({"text/html": self.to_html(), "text/plain": repr(self)}, raw=True)


def explore_softmax(z: ArrayLike = (1.0, 2.0, 0.5)) -> Explorer:
    """Return bars of z to drag, beside a = softmax(z) and its formula in numbers.

    Shapes: z is (n,), the values at the start.

    Raises ValueError if z is not one example within -5..5.

    Source: notebook 01.
    """
    z = _logits(z)
    with _figure(1, 1) as (figure, left, right):
        draw_logits(left, z)
        left.set_ylim(-6, 6)
        draw_probabilities(right, softmax(z))
    figure.alt = f"Bars of the logits {listed(z)} and of a: {listed(softmax(z))}."
    return Explorer("softmax", figure, z)


def explore_jacobian(z: ArrayLike = (1.0, 2.0, 0.5)) -> Explorer:
    """Return bars of z to drag, beside a and the Jacobian da/dz with its row sums.

    The colours reach from -1/4 to 1/4, beyond which no entry can be.

    Shapes: z is (n,), the values at the start.

    Raises ValueError if z is not one example within -5..5.

    Source: notebook 02.
    """
    z = _logits(z)
    with _figure(1, 1) as (figure, left, right):
        draw_probabilities(left, softmax(z))
        J = softmax_jacobian(z)
        draw_jacobian(right, J, 0.25, "output $a_i$", "logit $z_j$", cases=True)
    rows = "; ".join(listed(row) for row in J)
    figure.alt = f"Bars of a: {listed(softmax(z))}. Heat map of its Jacobian: {rows}."
    return Explorer("jacobian", figure, z)


def explore_gradient(z: ArrayLike = (1.0, 2.0, 0.5), true_class: int = 1) -> Explorer:
    """Return bars of z to drag, beside a, y and dz = a - y, and descent step by step.

    For three classes a itself can be dragged, on the triangle of all probabilities.

    Shapes: z is (n,), the values at the start; true_class is one of 1..n, as on the
    buttons.

    Raises ValueError if z is not one example within -5..5, or there is no such class.

    Source: notebook 04.
    """
    z = _logits(z)
    y = _labels(true_class, z.size)
    widths = [1, 1, 1.2] if z.size == 3 else [1, 1]
    with _figure(*widths) as (figure, left, right, *more):
        draw_labels_beside(left, softmax(z), y)
        draw_gradient(right, z, y)
        for ax in more:
            draw_simplex(ax, z, y)
    figure.alt = _in_words(z, y)
    if more:
        figure.alt += f" {descent_in_words(z, y)}"
    return Explorer("gradient", figure, z, true_class=int(true_class))


def explore_both_cases(
    z: ArrayLike = (1.0, 2.0, 0.5),
    frequencies: ArrayLike = (0.5, 0.3, 0.2),
    true_class: int = 1,
) -> Explorer:
    """Return bars of z to drag, beside dz in its parts, and a switch "without i ≠ j".

    A reader starts with one true class; a table has the one row of the Jacobian that
    it leaves. The picture above is of true class 0: z is the bias that all examples
    share, their classes have these frequencies, and dz is the mean
    -y_j (1 - a_j) + a_j Σ_{i ≠ j} y_i. A step of descent has the size 3.

    Shapes: z is (n,), the values at the start; frequencies is (n,), the labels y of
    true class 0; true_class is one of 0..n, as on the buttons.

    Raises ValueError if z is not one example within -5..5, if the frequencies have
    another shape or one is not positive, if they do not sum to 1, or if there is no
    such class.

    Source: notebook 05.
    """
    z = _logits(z)
    y = label_of(z, np.asarray(frequencies, dtype=float))
    if not (y > 0).all() or not np.isclose(y.sum(), 1):
        raise ValueError(f"frequencies must be positive and sum to 1, got {y.tolist()}")
    if true_class not in range(z.size + 1):
        raise ValueError(f"true_class must be 0..{z.size}, got {true_class}")
    size = (6.6, 4.5) if z.size == 3 else (6.6, 2.9)
    with new_figure(1 + (z.size == 3), 2, figsize=size) as (figure, left, right, *more):
        draw_labels_beside(left, softmax(z), y, "{:.2f}")
        draw_both_cases(right, softmax(z), y)
        if more:
            draw_simplex(more[0], z, y, 3)
            draw_simplex(more[1], z, y, 3, 100, diagonal_gradient)
            more[0].set_title(r"descent with $i \neq j$", loc="center", fontsize=10)
            more[1].set_title(r"without $i \neq j$", loc="center", fontsize=10)
    a = softmax(z)
    figure.alt = (
        f"Bars of a: {listed(a)}, beside the labels {listed(y)}, and of the parts of "
        f"dz: i = j {listed(-y * (1 - a))}, i ≠ j {listed(a * (1 - y))}."
    )
    if more:
        end = softmax(descent(z, y, 3, 100, diagonal_gradient)[-1])
        figure.alt += (
            f" {descent_in_words(z, y, learning_rate=3)} Beside it, without the terms "
            f"i ≠ j, they lead to a cross at ({listed(end)})."
        )
    start = {"frequencies": y.tolist(), "true_class": int(true_class), "rate": 3}
    return Explorer("both_cases", figure, z, **start)


def explore_temperature(
    z: ArrayLike = (1.0, 2.0, 0.5), true_class: int = 1
) -> Explorer:
    """Return bars of z to drag, and a size λ and a temperature T, beside u = λ z/T.

    First come a = softmax(u) and y, then the gradient of the loss by u, in float32 and
    in both ways: by a - y, and by -y/a through the Jacobian, which large u turn to NaN.

    Shapes: z is (n,), the values at the start; true_class is one of 1..n, as on the
    buttons.

    Raises ValueError if z is not one example within -5..5, or there is no such class.

    Source: notebook 10.
    """
    z = _logits(z)
    y = _labels(true_class, z.size)
    with _figure(1, 1.2) as (figure, left, right):
        draw_labels_beside(left, softmax(z), y)
        _draw_two_ways(right, z, y)
    figure.alt = _in_words(z, y) + " The gradient is drawn twice, in both ways."
    return Explorer("temperature", figure, z, true_class=int(true_class))


def _draw_two_ways(ax, u, y):
    """dL/du in single precision: hatched by -y/a and the Jacobian, plain by a - y."""
    u, y = np.float32(u), np.float32(y)
    a = softmax(u)
    two_step = np.sum((-y / a)[:, None] * softmax_jacobian(u), axis=0)
    name = "gradient by $u$, float32"
    draw_bars(ax, a - y, name, -0.2, width=0.38, label="$a - y$")
    label = "$-y/a$ through $J_a$"
    draw_bars(ax, two_step, name, 0.2, width=0.38, label=label, **HATCHED)
    ax.legend(ncols=2, loc="lower left", bbox_to_anchor=(-0.1, 1), borderpad=0)
    ax.set(xlabel="class $j$", ylim=(-1.25, 1.25))


def explore_smoothing(z: ArrayLike = (1.0, 2.0, 0.5), true_class: int = 1) -> Explorer:
    """Return bars of z to drag, and the share α of smoothing, beside dz = a - f.

    The labels are f = (1 - α) y + α/n; at α = 1 they are the same for every class.

    Shapes: z is (n,), the values at the start; true_class is one of 1..n, as on the
    buttons.

    Raises ValueError if z is not one example within -5..5, or there is no such class.

    Source: notebook 11.
    """
    z, share = _logits(z), 0.1
    f = (1 - share) * _labels(true_class, z.size) + share / z.size
    with _figure(1, 1) as (figure, left, right):
        draw_labels_beside(left, softmax(z), f, "{:.2f}", "f")
        draw_gradient(right, z, f, "f")
    figure.alt = _in_words(z, f)
    return Explorer("smoothing", figure, z, true_class=int(true_class), share=share)


def script() -> str:
    """The files above as one script, which gives no name to the page."""
    folder = Path(__file__).parent
    texts = [(folder / f"{x}.js").read_text(encoding="utf-8") for x in _SCRIPTS]
    # A blank line would end the HTML where a page is made from Markdown.
    lines = [line for line in "".join(texts).splitlines() if line]
    return "\n".join(["(() => {", *lines, "})();"])


def _in_words(z, y):
    a = softmax(z)
    return (
        f"Bars of a: {listed(a)}, beside the labels {listed(y)}, and of the gradient "
        f"dz: {listed(a - y)}."
    )


def _logits(z):
    """Return z as the values at the start, which the bars have to reach."""
    z = one_example(z)
    if not (np.abs(z) <= 5).all():
        raise ValueError(f"z must be within -5..5, got {z.tolist()}")
    return z


def _labels(true_class, n):
    """Return the labels y of a class that is counted from 1."""
    if true_class not in range(1, n + 1):
        raise ValueError(f"true_class must be 1..{n}, got {true_class}")
    return one_hot(int(true_class) - 1, n)


def _figure(*widths):
    """Return axes beside each other, of these widths."""
    size = 3.3 * sum(widths), 2.9
    return new_figure(1, len(widths), width_ratios=widths, figsize=size)
