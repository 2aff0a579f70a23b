"""Sliders over a picture that follows them, and the bar of a loop that runs."""

import io

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from arrays.drawing import (
    HATCHED,
    STYLE,
    draw_bars,
    draw_gradient,
    draw_jacobian,
    draw_labels_beside,
    draw_logits,
    draw_probabilities,
    draw_simplex,
)
from arrays.inputs import one_example
from arrays.softmax import one_hot, softmax, softmax_jacobian


def progress(iterable, total=None, label=""):
    """Yield the items of an iterable while a bar in the notebook counts them.

    The bar turns green at the end, and red if the loop is left before.

    Raises TypeError if there is no total and the iterable has no length.

    Source: notebook 08.
    """
    total = len(iterable) if total is None else total
    bar = widgets.IntProgress(max=total, description=label)
    display(bar)
    outcome = "danger"
    try:
        for done, item in enumerate(iterable, start=1):
            yield item
            if done == total or done % max(1, total // 100) == 0:
                bar.value = done
        outcome = "success"
    finally:
        bar.bar_style = outcome


def explore_softmax(z=(1.0, 2.0, 0.5)):
    """Return sliders for the logits z, over a picture of z and a = softmax(z).

    Shapes: z is (n,), the values at the start.

    Raises ValueError if z is not one example within -5..5.

    Source: notebook 01.
    """

    def draw(axes, z):
        draw_logits(axes[0], z)
        axes[0].set_ylim(-6, 6)
        draw_probabilities(axes[1], softmax(z))

    return _explorer("explore_softmax", draw, [1, 1], _logits(z))


def explore_jacobian(z=(1.0, 2.0, 0.5)):
    """Return sliders for the logits z, over a picture of a and of the Jacobian da/dz.

    The colours reach from -1/4 to 1/4, beyond which no entry can be.

    Shapes: z is (n,), the values at the start.

    Raises ValueError if z is not one example within -5..5.

    Source: notebook 02.
    """

    def draw(axes, z):
        draw_probabilities(axes[0], softmax(z))
        J = softmax_jacobian(z)
        draw_jacobian(axes[1], J, 0.25, rows="output $a_i$", columns="logit $z_j$")

    return _explorer("explore_jacobian", draw, [1, 1], _logits(z))


def explore_gradient(z=(1.0, 2.0, 0.5), true_class=1):
    """Return sliders for z and buttons for the true class, over a, y and dz = a - y.

    For three classes a triangle shows where descent on z moves a.

    Shapes: z is (n,), the values at the start; true_class is one of 1..n, as on the
    buttons.

    Raises ValueError if z is not one example within -5..5, or there is no such class.

    Source: notebook 04.
    """

    def draw(axes, z, true_class):
        y = one_hot(true_class - 1, z.size)
        draw_labels_beside(axes[0], softmax(z), y)
        draw_gradient(axes[1], z, y)
        for ax in axes[2:]:
            draw_simplex(ax, z, y)

    logits = _logits(z)
    widths = [1, 1, 1.2] if len(logits) == 3 else [1, 1]
    controls = [_true_class(true_class, len(logits))]
    return _explorer("explore_gradient", draw, widths, logits, controls)


def explore_temperature(z=(1.0, 2.0, 0.5), true_class=1):
    """Return sliders for z, a size t and a temperature T, over a picture of u = t z/T.

    Left are a = softmax(u) and y, right the gradient of the loss by u, in float32 and
    in both ways: by a - y, and by -y/a through the Jacobian, which large u turn to NaN.

    Shapes: z is (n,), the values at the start; true_class is one of 1..n, as on the
    buttons.

    Raises ValueError if z is not one example within -5..5, or there is no such class.

    Source: notebook 10.
    """

    def draw(axes, z, true_class, size, temperature):
        u, y = size * z / temperature, one_hot(true_class - 1, z.size)
        draw_labels_beside(axes[0], softmax(u), y)
        _draw_two_ways(axes[1], u, y)

    logits = _logits(z)
    controls = [
        _true_class(true_class, len(logits)),
        widgets.FloatLogSlider(1, min=0, max=3, step=0.05, description="size $t$"),
        widgets.FloatLogSlider(1, min=-1, max=1, step=0.05, description="$T$"),
    ]
    return _explorer("explore_temperature", draw, [1, 1.2], logits, controls)


def _draw_two_ways(ax, u, y):
    """dL/du in single precision: hatched by -y/a and the Jacobian, plain by a - y."""
    u, y = np.float32(u), np.float32(y)
    a = softmax(u)
    with np.errstate(all="ignore"):  # NaN is what the picture is about
        two_step = np.sum((-y / a)[:, None] * softmax_jacobian(u), axis=0)
    shown = np.where(np.isfinite(two_step), two_step, np.nan)
    name = "gradient by $u$, float32"
    two_ways = "$-y/a$ through $J_a$"
    draw_bars(ax, a - y, name, -0.2, width=0.38, label="$a - y$")
    draw_bars(ax, shown, name, 0.2, width=0.38, label=two_ways, **HATCHED)
    for j in np.flatnonzero(np.isnan(shown)):
        word = "NaN" if np.isnan(two_step[j]) else "∞" if two_step[j] > 0 else "−∞"
        ax.text(j + 1.2, 0.04, word, ha="center", fontsize=9)
    ax.legend(ncols=2, loc="lower left", bbox_to_anchor=(-0.1, 1), borderpad=0)
    ax.set(xlabel="class $j$", ylim=(-1.25, 1.25))


def explore_smoothing(z=(1.0, 2.0, 0.5), true_class=1):
    """Return sliders for z and for the share α of smoothing, over a, y and dz = a - y.

    The labels are (1 - α) y + α/n; at α = 1 they no longer know the true class.

    Shapes: z is (n,), the values at the start; true_class is one of 1..n, as on the
    buttons.

    Raises ValueError if z is not one example within -5..5, or there is no such class.

    Source: notebook 11.
    """

    def draw(axes, z, true_class, share):
        y = (1 - share) * one_hot(true_class - 1, z.size) + share / z.size
        draw_labels_beside(axes[0], softmax(z), y, "{:.2f}")
        draw_gradient(axes[1], z, y)

    logits = _logits(z)
    controls = [
        _true_class(true_class, len(logits)),
        widgets.FloatSlider(0.1, min=0, max=1, step=0.01, description=r"$\alpha$"),
    ]
    return _explorer("explore_smoothing", draw, [1, 1], logits, controls)


def _logits(z):
    """One slider for each logit."""
    z = one_example(z)
    if not (np.abs(z) <= 5).all():
        raise ValueError(f"z must be within -5..5, got {z.tolist()}")
    return [
        widgets.FloatSlider(v, min=-5, max=5, step=0.1, description=f"$z_{{{i}}}$")
        for i, v in enumerate(z, start=1)
    ]


def _true_class(true_class, n):
    """One button for each class."""
    classes = range(1, n + 1)
    if true_class not in classes:
        raise ValueError(f"true_class must be 1..{n}, got {true_class}")
    return widgets.ToggleButtons(
        options=classes, value=true_class, description="true class"
    )


class _Explorer(widgets.VBox):
    """A box that a saved notebook shows as one line, the same on every run."""

    def __init__(self, name, figure, children):
        super().__init__(children)
        self.name, self.figure = name, figure

    def __repr__(self):
        return f"{self.name}: run this cell, then drag the logits"


def _explorer(name, draw, widths, logits, controls=()):
    """Sliders for the logits, and other controls, over a picture drawn from them.

    `draw` is given axes of these widths, the logits as an array, and the value of each
    of the other controls in turn.
    """
    picture = widgets.Image(format="png")
    with plt.style.context(STYLE):
        figure = Figure(figsize=(3.3 * sum(widths), 2.9))
        canvas = FigureCanvasAgg(figure)
        axes = figure.subplots(1, len(widths), width_ratios=widths)

    def redraw(_=None):
        z = np.array([slider.value for slider in logits])
        with plt.style.context(STYLE):
            for ax in axes:
                _wipe(ax)
            draw(axes, z, *(control.value for control in controls))
            buffer = io.BytesIO()
            # Once, where savefig draws twice; and quickly rather than small.
            canvas.print_png(buffer, pil_kwargs={"compress_level": 3})
        picture.value = buffer.getvalue()

    for control in (*logits, *controls):
        control.observe(redraw, "value")
    redraw()
    figure.set_layout_engine("none")  # from now on the axes stay where they are
    return _Explorer(name, figure, [*logits, *controls, picture])


def _wipe(ax):
    """Remove what was drawn but keep the ticks, which take longest to make."""
    for artist in (*ax.lines, *ax.patches, *ax.collections, *ax.images, *ax.texts):
        artist.remove()
    ax.containers.clear()
    ax.set_prop_cycle(None)
