"""What the pictures show, read from their artists."""

import io
import re
from base64 import b64decode
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.pylabtools import select_figure_formats
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

import helpers
from arrays.pictures.figure import EQUAL, UNEQUAL, ink_like
from helpers import softmax, softmax_jacobian
from tests import conftest as plain
from tests.artists import CORNERS, heights, texts

ROOT = Path(__file__).parents[1]
z = np.array([1.0, 2.0, 0.5])
a = softmax(z)
J4 = np.zeros((3, 2, 3, 2))
for s in range(2):
    J4[:, s, :, s] = softmax_jacobian(z * (s + 1))
COUNTS = np.array([[8, 2, 0], [1, 9, 0], [0, 0, 0]])
SIGNED = np.stack([np.full((3, 4), 2.0), np.full((3, 4), -0.5)])

FIGURES = {
    "probabilities": lambda: helpers.plot_probabilities(z),
    "sweep": lambda: helpers.plot_sweep(z, 1),
    "jacobian": lambda: helpers.plot_jacobian(softmax_jacobian(z)),
    "cases": lambda: helpers.plot_jacobian(softmax_jacobian(z), cases=True),
    "loss": helpers.plot_loss,
    "gradient": lambda: helpers.plot_gradient(z, 0),
    "simplex": lambda: helpers.plot_simplex(z, 0),
    "soft simplex": lambda: helpers.plot_simplex(z, [0.2, 0.2, 0.6]),
    "paths": lambda: helpers.plot_paths(z, 1, j=1),
    "soft paths": lambda: helpers.plot_paths([1, 2, 0, -3], [0.1, 0.6, 0, 0.3], j=2),
    "layer": lambda: helpers.plot_layer(3, 4, 5),
    "long layer": lambda: helpers.plot_layer(10, 64, 100),
    "layer of ones": lambda: helpers.plot_layer(1, 1, 1),
    "tall layer": lambda: helpers.plot_layer(900, 2, 3),
    "curves": lambda: helpers.plot_curves({"J": [3, 2, 1]}, "epoch", "loss $J$"),
    "block jacobian": lambda: helpers.plot_block_jacobian(J4),
    "images": lambda: helpers.plot_images(np.ones((3, 8, 8)), ["a", "b", "c"]),
    "signed images": lambda: helpers.plot_images(SIGNED, ["a", "b"], signed=True),
    "confusion": lambda: helpers.plot_confusion(COUNTS),
    "errors": lambda: helpers.plot_errors(PANELS, x, "size $t$", "error of $dz$"),
    "own loss": lambda: TestOwnLoss().figure(),
    "to scale": lambda: helpers.plot_to_scale(128000, 4096, 8192, 4096),
}


def contrast(one, other):
    """By the definition of WCAG 2: from 1, one colour, to 21, black on white."""
    bright = []
    for colour in (one, other):
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour
        ]
        bright.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
    return (max(bright) + 0.05) / (min(bright) + 0.05)


def inks_and_grounds(figure):
    """Each text with its colour, and the commonest colour behind it as drawn."""
    shown = [x for x in figure.findobj(Text) if x.get_visible() and x.get_text()]
    for text in shown:
        text.set_alpha(0)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[::-1, :, :3] / 255
    for text in shown:
        (left, low), (right, high) = text.get_window_extent().get_points().astype(int)
        behind = pixels[max(low, 0) : high + 1, max(left, 0) : right + 1].reshape(-1, 3)
        if behind.size:  # not a tick beyond the end of its axis
            colours, times = np.unique(behind, axis=0, return_counts=True)
            yield text.get_text(), to_rgb(text.get_color()), colours[times.argmax()]


@pytest.fixture(scope="module", params=FIGURES)
def drawn(request):
    """A figure that has been drawn, and the colours of its texts."""
    figure = FIGURES[request.param]()
    return figure, list(inks_and_grounds(figure))


class TestEveryFigure:
    def test_is_unknown_to_pyplot_and_has_alt_text_and_axes_with_a_meaning(self, drawn):
        figure, _ = drawn
        assert isinstance(figure, Figure) and plt.get_fignums() == []
        assert len(figure.alt) > 20 and "$" not in figure.alt
        for ax in figure.axes:
            if ax.axison and not hasattr(ax, "_colorbar"):
                shared = ax.get_shared_y_axes().get_siblings(ax)
                assert ax.get_xlabel() and any(x.get_ylabel() for x in shared)

    def test_keeps_its_texts_inside_and_apart(self, drawn):
        figure, _ = drawn
        texts = [text for ax in figure.axes for text in ax.texts if text.get_text()]
        boxes = [text.get_window_extent() for text in texts]
        for k, box in enumerate(boxes):
            assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1
            assert figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1
            assert not any(box.overlaps(other) for other in boxes[:k])

    def test_text_is_read_easily_where_it_stands(self, drawn):
        _, inks = drawn
        assert inks
        for text, ink, ground in inks:
            assert contrast(ink, ground) >= 4.5, text


def test_a_figure_is_shown_sharp_with_its_alt_text():
    figure = FIGURES["gradient"]()
    data, metadata = figure._repr_mimebundle_()
    assert data["text/plain"] == repr(figure) == figure.alt
    width = round(90 * figure.bbox_inches.width)
    assert metadata["image/png"] == {"alt": figure.alt, "width": width}
    image = Image.open(io.BytesIO(b64decode(data["image/png"])))
    assert image.width == pytest.approx(1.6 * width, abs=2)


class TestProbabilities:
    def test_bars_and_their_values(self):
        left, right = FIGURES["probabilities"]().axes
        assert heights(left.containers[0]) == [1, 2, 0.5]
        np.testing.assert_array_equal(heights(right.containers[0]), a)
        assert texts(right) == ["0.23", "0.63", "0.14"]
        assert right.get_ylim()[0] == 0 and right.get_ylim()[1] >= 1


def test_of_many_classes_the_ends_are_told():
    told = helpers.plot_probabilities(np.linspace(-2, 3, 11)).alt
    assert "Left the logits z_i: 11 numbers from −2.00 to 3.00." in told


class TestSweep:
    @pytest.mark.parametrize("j", [1, 3])
    def test_every_probability_while_one_logit_moves(self, j):
        (ax,) = helpers.plot_sweep(z, j, span=4).axes
        moved = ax.lines[0].get_xdata()
        assert moved[0] == z[j - 1] - 4 and moved[-1] == z[j - 1] + 4
        for k in (0, 37, 200):
            at = z.copy()
            at[j - 1] = moved[k]
            shown = [line.get_ydata()[k] for line in ax.lines[:3]]
            np.testing.assert_allclose(shown, softmax(at), rtol=1e-14)

    def test_each_line_has_its_own_colour_style_and_name(self):
        (ax,) = helpers.plot_sweep([1, 1, 1, 3], 4).axes
        assert sorted(texts(ax)) == [f"$a_{{{i}}}$" for i in (1, 2, 3, 4)]
        lines = ax.lines[:4]
        assert len({line.get_color() for line in lines}) == 4
        assert len({line.get_linestyle() for line in lines}) == 4
        colours = {x.get_label(): ink_like(x.get_color()) for x in lines}
        assert all(x.get_color() == colours[x.get_text()] for x in ax.texts)
        assert np.diff(sorted(x.get_position()[1] for x in ax.texts)).min() > 0.07

    def test_the_marker_is_at_z(self):
        (ax,) = FIGURES["sweep"]().axes
        for line, p in zip(ax.lines, a, strict=False):
            (k,) = line.get_markevery()
            assert line.get_xydata()[k] == pytest.approx([z[0], p], rel=1e-14)


def test_the_cases_have_one_colour_each_in_pictures_explorers_and_formulas():
    style = (ROOT / "arrays/pictures/explorers/style.js").read_text(encoding="utf-8")
    for name, colour in (("equal", EQUAL), ("unequal", UNEQUAL)):
        assert re.findall(rf"\.{name} {{ fill: (\S+);", style) == [colour]
    inks = {ink_like(EQUAL), ink_like(UNEQUAL)}
    css = (ROOT / "book/static/site/book.css").read_text(encoding="utf-8")
    assert set(re.findall(r'style="color: (.*?);"', css)) == inks
    for number in ("02", "04", "05"):
        (path,) = (ROOT / "notebooks").glob(f"{number}_*.ipynb")
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r"\\color\{(.*?)\}", text)) == inks, path


class TestJacobian:
    def test_entries_on_colours_centred_at_zero(self):
        J = softmax_jacobian(z)
        (ax,) = FIGURES["jacobian"]().axes
        image = ax.images[0]
        np.testing.assert_array_equal(image.get_array(), J)
        assert image.norm.vmin == -image.norm.vmax == -np.abs(J).max()
        assert np.allclose(image.to_rgba(np.zeros((1, 1)))[0, 0, :3], 1, atol=0.05)
        entries = [f"{v:.2f}".replace("-", "−") for v in J.flat]
        assert texts(ax) == [*entries, *["Σ = 0.00"] * 3]

    def test_cases_have_a_colour_and_a_line_each(self):
        (ax,) = FIGURES["cases"]().axes
        looks = [(to_hex(x.get_edgecolor()), x.get_linestyle()) for x in ax.patches]
        own, other = (EQUAL.lower(), "-"), (UNEQUAL.lower(), "--")
        assert looks == [own if k % 4 == 0 else other for k in range(9)]
        middles = [x.get_xy() + np.array([0.45, 0.45]) for x in ax.patches]
        np.testing.assert_allclose(middles, [(k % 3, k // 3) for k in range(9)])

    def test_not_square_with_names_and_other_sums(self):
        (ax,) = helpers.plot_jacobian([[1, 2, 3], [4, 5, -6]], "row", "column").axes
        assert not ax.patches
        assert texts(ax)[-2:] == ["Σ = 6.00", "Σ = 3.00"]
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("column", "row")
        assert ax.images[0].norm.vmax == 6
        assert len(ax.get_xticks()) == 3 and len(ax.get_yticks()) == 2


def test_a_figure_keeps_its_words_where_matplotlib_is_inline():
    shell = InteractiveShell()
    select_figure_formats(shell, {"png"})  # what %matplotlib inline does
    figure = FIGURES["loss"]()
    data, metadata = shell.display_formatter.format(figure)
    assert set(data) == {"image/png", "text/plain"}
    assert data["text/plain"] == figure.alt
    assert metadata["image/png"] == {"alt": figure.alt, "width": 720}


def test_text_is_read_easily_on_every_colour_of_a_map_and_of_a_line():
    every_shade = np.linspace(-1, 1, 24).reshape(4, 6)
    counts = np.diag(np.arange(1, 7)) + np.diag(np.full(5, 3), 1)
    for figure in (
        helpers.plot_jacobian(every_shade),
        helpers.plot_confusion(counts),
        helpers.plot_sweep([1, 2, 0.5, -1, 0, 3, -2], 1),
    ):
        for text, ink, ground in inks_and_grounds(figure):
            assert contrast(ink, ground) >= 4.5, text


def test_loss_and_slopes():
    left, right = FIGURES["loss"]().axes
    (log, linear), (slope, constant) = left.lines, right.lines
    p = log.get_xdata()
    assert p.min() > 0 and p.max() == 1
    np.testing.assert_allclose(log.get_ydata(), -np.log(p), rtol=1e-15)
    np.testing.assert_allclose(linear.get_ydata(), 1 - p, rtol=1e-15)
    np.testing.assert_allclose(slope.get_ydata(), -1 / p, rtol=1e-15)
    assert set(constant.get_ydata()) == {-1}
    assert [x.get_label() for x in left.lines] == [r"$-\log\,a_c$", "$1 - a_c$"]
    assert [x.get_label() for x in right.lines] == ["$-1/a_c$", "$-1$"]


class TestGradient:
    def test_bars(self):
        left, right = FIGURES["gradient"]().axes
        np.testing.assert_array_equal(heights(left.containers[0]), a)
        assert heights(left.containers[1]) == [1, 0, 0]
        np.testing.assert_array_equal(heights(right.containers[0]), a - [1, 0, 0])
        assert right.get_ylabel() == "$dz_j = a_j - y_j$"
        for bar in right.containers[0]:  # red where z_j is to fall
            red, _, blue, _ = bar.get_facecolor()
            assert (red > blue) == (bar.get_height() > 0)

    def test_labels_that_do_not_sum_to_one_are_named_so(self):
        left, right = helpers.plot_gradient(z, [1, 1, 0]).axes
        assert heights(left.containers[1]) == [1, 1, 0]
        np.testing.assert_array_equal(heights(right.containers[0]), 2 * a - [1, 1, 0])
        assert right.get_ylabel() == r"$dz_j = a_j\,\Sigma y - y_j$"

    def test_large_labels_stay_in_the_picture(self):
        left, right = helpers.plot_gradient(z, [0, 7, 0.25]).axes
        assert left.get_ylim()[1] > 7
        assert right.get_ylim()[1] > np.abs(heights(right.containers[0])).max()


class TestSimplex:
    def test_the_path_is_descent_on_z(self):
        ax, _ = helpers.plot_simplex(z, [0.2, 0.2, 0.6], 0.5, steps=4).axes
        at, path = z, [a @ CORNERS]
        for _ in range(4):
            at = at - 0.5 * (softmax(at) - [0.2, 0.2, 0.6])
            path.append(softmax(at) @ CORNERS)
        shown = np.transpose(ax.lines[0].get_data())
        np.testing.assert_allclose(shown, path, atol=1e-14)
        np.testing.assert_allclose(np.transpose(ax.lines[1].get_data()), path[:1])

    def test_the_arrow_is_the_first_step(self):
        figure = FIGURES["simplex"]()
        ax, _ = figure.axes
        told = "(0.23, 0.63, 0.14) to (0.52, 0.35, 0.13); dots lead to (0.98, 0.01"
        assert told in figure.alt  # of the others nbval compares the saved words
        (arrow,) = [t for t in ax.texts if getattr(t, "arrow_patch", None)]
        start, end = np.transpose(ax.lines[0].get_data())[:2]
        np.testing.assert_array_equal(arrow.xyann, start)
        np.testing.assert_array_equal(arrow.xy, end)
        # a towards class 1, the true one
        assert np.linalg.norm(end - CORNERS[0]) < np.linalg.norm(start - CORNERS[0])

    @pytest.mark.parametrize("y", [[0, 0, 1], [1, 0, 0], [0.2, 0.2, 0.6], [0, 3, 0]])
    def test_a_circle_is_the_target(self, y):
        ax, _ = helpers.plot_simplex(z, np.array(y)).axes
        circle, at = ax.lines[2], np.divide(y, np.sum(y)) @ CORNERS
        assert circle.get_marker() == "o"
        np.testing.assert_allclose(np.ravel(circle.get_data()), at, atol=1e-12)

    def test_labels_that_are_all_0_have_no_target(self):
        ax, _ = helpers.plot_simplex(z, np.zeros(3)).axes
        assert len(ax.lines) == 2

    def test_corners_are_named(self):
        ax, _ = FIGURES["simplex"]().axes
        for name, corner in zip("123", CORNERS, strict=True):
            (text,) = [t for t in ax.texts if t.get_text() == f"class {name}"]
            assert np.linalg.norm(text.get_position() - corner) < 0.05

    def test_level_lines_are_those_of_the_loss(self):
        ax, bar = helpers.plot_simplex(z, 2).axes
        levels = ax.collections[0]
        np.testing.assert_array_equal(bar.get_yticks(), levels.levels)
        assert bar.get_ylabel().startswith("loss")
        to_a = np.linalg.inv(np.vstack([CORNERS.T, np.ones(3)]))
        for level, path in zip(levels.levels, levels.get_paths(), strict=True):
            A = to_a @ np.vstack([path.vertices.T, np.ones(len(path.vertices))])
            assert A.size
            # log is drawn by straight lines between points 1/30 apart
            np.testing.assert_allclose(A[2], np.exp(-level), atol=0.01)
        shades = ax.collections[1].get_facecolor()[:, 0]
        assert (np.diff(shades) < 0).all()  # darker where the loss is larger


class TestPaths:
    @pytest.mark.parametrize("j", [1, 2, 3])
    @pytest.mark.parametrize("y", [[0, 1, 0], [0.2, 0.2, 0.6], [0, 2, 1]])
    def test_slopes_products_and_their_sum(self, y, j):
        (ax,) = helpers.plot_paths(z, np.array(y), j).axes
        to_a = [a[i] * ((i == j - 1) - a[j - 1]) for i in range(3)]
        to_L = [-y[i] / a[i] for i in range(3)]
        written = [text.get_text() for text in ax.texts]
        for i, (one, two) in enumerate(zip(to_a, to_L, strict=True)):
            at = written.index(f"$a_{{{i + 1}}}$")
            said = [float(word.replace("−", "-")) for word in written[at - 2 : at]]
            np.testing.assert_allclose(said, [one, two], rtol=0.005)
            product = float(written[at + 1].split()[-1].replace("−", "-"))
            np.testing.assert_allclose(product, one * two, atol=5.1e-5)
        (total,) = [text.split() for text in written if text.startswith("sum:")]
        right = a[j - 1] * np.sum(y) - y[j - 1]
        assert float(total[1].replace("−", "-")) == pytest.approx(right, abs=5.1e-5)
        assert f"$z_{{{j}}}$" in written

    def test_a_sum_of_0_is_0_whatever_rounding_leaves(self):
        assert helpers.plot_paths(z, a, 2).alt.endswith("The sum is 0.")

    def test_i_equal_j_is_solid_and_others_are_dashed_thin_where_nothing_passes(self):
        (ax,) = helpers.plot_paths(z, 1, j=1).axes
        own, other, without = ax.patches[::2]
        assert [x.get_linestyle() for x in (own, other, without)] == ["-", "--", "--"]
        assert own.get_linewidth() == without.get_linewidth() < other.get_linewidth()


FORWARD, BACKWARD = ["W", "X", "b", "Z"], ["dZ", "X^\\top", "dW", "dZ", "db"]
BOXES = [*FORWARD, *BACKWARD, "W^\\top", "dZ", "dX"]


class TestLayer:
    def boxes(self, n, d, m):
        (ax,) = helpers.plot_layer(n, d, m).axes
        names = [t.get_text().strip("$") for t in ax.texts]
        assert [name for name in names if name in BOXES] == BOXES
        return ax, list(zip(BOXES, ax.patches, strict=True))

    def test_a_box_has_the_shape_of_its_matrix(self):
        n, d, m = 3, 4, 5
        shapes = {"W": (n, d), "X": (d, m), "Z": (n, m), "X^\\top": (m, d)}
        shapes |= {"W^\\top": (d, n), "dW": (n, d), "dX": (d, m), "dZ": (n, m)}
        ax, boxes = self.boxes(n, d, m)
        assert ax.get_aspect() == 1
        unit = boxes[0][1].get_width() / d
        for name, box in boxes:
            if name in shapes:
                sides = np.array([box.get_height(), box.get_width()]) / unit
                np.testing.assert_allclose(sides, shapes[name])
            else:
                assert box.get_height() == pytest.approx(n * unit)
                assert unit < box.get_width() < 2 * unit  # a name needs as much

    def test_sizes_stand_on_the_sides(self):
        ax, _ = self.boxes(3, 4, 5)
        names = [t.get_text() for t in ax.texts]
        for name, (above, left) in {
            "W": ("$d = 4$", "$n = 3$"),
            "b": ("1", "$n = 3$"),
            "X^\\top": ("$d = 4$", "$m = 5$"),
            "dX": ("$m = 5$", "$d = 4$"),
        }.items():
            at = names.index(f"${name}$")
            assert names[at + 1 : at + 3] == [above, left]


CURVES = {"training": [1.0, 0.5, 0.25, 0.2], "test": [1.0, 0.6, 0.4, 0.2]}


class TestCurves:
    def test_lines_and_their_names(self):
        (ax,) = helpers.plot_curves(CURVES, "epoch", "loss $J$").axes
        for line, (label, values) in zip(ax.lines, CURVES.items(), strict=True):
            assert line.get_label() == label
            np.testing.assert_array_equal(line.get_xdata(), [1, 2, 3, 4])
            np.testing.assert_array_equal(line.get_ydata(), values)
        assert sorted(texts(ax)) == ["test", "training"]
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss $J$")

    def test_logarithmic_x_shows_round_0_too(self):
        (ax,) = helpers.plot_curves({"J": np.ones(500)}, x=range(500), logx=True).axes
        at = ax.transData.transform([(x, 1) for x in (0, 1, 10, 100)])[:, 0]
        assert np.diff(at) == pytest.approx(at[3] - at[2], 0.15)

    def test_a_turn_is_told(self):
        told = helpers.plot_curves({"J": [3, 1, 2], "up": [0, 1, 1e-15]}).alt
        assert "J from 3 by way of 1 to 2; up from 0 by way of 1 to 0" in told
        told = helpers.plot_curves({"J": [np.nan, 1, np.inf], "lost": [np.nan] * 3}).alt
        assert "J from 1 to 1; lost nowhere" in told

    def test_names_stand_at_the_ends(self):
        (ax,) = helpers.plot_curves({"up": [1, 10], "down": [10, 2]}, logy=True).axes
        to_axes = ax.transData + ax.transAxes.inverted()
        for line, text in zip(ax.lines, reversed(ax.texts), strict=True):
            assert text.get_text() == line.get_label()
            end = to_axes.transform((2, line.get_ydata()[-1]))[1]
            assert text.get_position()[1] == pytest.approx(end, abs=1e-9)


class TestBlockJacobian:
    def test_is_block_diagonal_with_borders(self):
        ax, _ = FIGURES["block jacobian"]().axes
        shown = ax.images[0].get_array()
        for s in range(2):
            for t in range(2):
                block = shown[3 * s : 3 * s + 3, 3 * t : 3 * t + 3]
                np.testing.assert_array_equal(block, J4[:, s, :, t])
        assert ax.images[0].norm.vmin == -ax.images[0].norm.vmax
        assert len(texts(ax)) == 18 + 2
        corners = [(x.get_x(), x.get_y(), x.get_width()) for x in ax.patches]
        assert corners == [(-0.5, -0.5, 3), (2.5, 2.5, 3)]
        zeros = [t.get_position() for t in ax.texts if t.get_text() == "0"]
        assert zeros == [(4, 1), (1, 4)]

    def test_a_block_with_one_entry_shows_all_of_them(self):
        J = J4.copy()
        J[2, 0, 1, 1] = 0.3
        figure = helpers.plot_block_jacobian(J)
        assert texts(figure.axes[0]).count("0.30") == 1
        assert texts(figure.axes[0]).count("0") == 1
        assert "throughout: 1, and 0 of these" in figure.alt

    def test_entries_up_to_twelve_rows_then_colours_and_a_scale(self):
        rng = np.random.default_rng(0)
        for n, m, written in ((3, 4, 144), (2, 7, 0)):
            ax, _ = helpers.plot_block_jacobian(rng.normal(size=(n, m, n, m))).axes
            assert len(texts(ax)) == written
            assert len(ax.get_xticklabels()) == m


class TestImages:
    def test_each_with_its_caption(self):
        images = np.random.default_rng(0).integers(0, 17, (5, 8, 8))
        axes = helpers.plot_images(images, list("abcde"), columns=3).axes
        assert len(axes) == 6
        assert [ax.get_title() for ax in axes] == [*"abcde", ""]
        for ax, image in zip(axes, images, strict=False):
            np.testing.assert_array_equal(ax.images[0].get_array(), image)

    def test_signed_ones_share_a_scale_with_white_at_0(self):
        left, right = (ax.images[0] for ax in FIGURES["signed images"]().axes)
        assert left.get_clim() == right.get_clim() == (-2, 2)
        np.testing.assert_allclose(left.to_rgba(0)[:3], 1, atol=0.05)


class TestConfusion:
    def test_counts_on_the_share_of_each_true_class(self):
        (ax,) = FIGURES["confusion"]().axes
        shares = [[0.8, 0.2, 0], [0.1, 0.9, 0], [0, 0, 0]]
        np.testing.assert_allclose(ax.images[0].get_array(), shares)
        assert (ax.images[0].norm.vmin, ax.images[0].norm.vmax) == (0, 1)
        assert texts(ax) == ["8", "2", "·", "1", "9", "·", "·", "·", "·"]
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted class", "true class")

    def test_names(self):
        figure = helpers.plot_confusion(COUNTS, ["cat", "dog", "owl"])
        assert "of cat predicted as dog" in figure.alt
        names = [text.get_text() for text in figure.axes[0].get_yticklabels()]
        assert names == ["cat", "dog", "owl"]

    def test_without_a_mistake(self):
        assert helpers.plot_confusion(np.eye(2)).alt.endswith("are 2 of 2.")


x = 10.0 ** np.arange(-5, 1)
FALLING = np.array([1e-1, 1e-3, 1e-5, 1e-7, 1e-6, 1e-4])
LOST = np.array([0, 1e-9, 1e-2, 1, np.nan, np.inf])
PANELS = {"float16": {"one": FALLING, "two": LOST}, "float64": {"one": x, "two": x**2}}


def plot_errors(errors=PANELS):
    return helpers.plot_errors(errors, x, "size $t$", "error of $dz$")


class TestErrorsOverX:
    def test_each_panel_has_its_curves_on_logarithmic_axes(self):
        left, right = plot_errors().axes
        assert [ax.get_title(loc="center") for ax in (left, right)] == list(PANELS)
        assert left.get_xscale() == left.get_yscale() == right.get_yscale() == "log"
        np.testing.assert_array_equal(left.lines[0].get_xydata(), np.c_[x, FALLING])
        np.testing.assert_array_equal(right.lines[1].get_ydata(), x**2)

    def test_what_has_no_logarithm_lies_on_lines_of_its_own(self):
        left, _ = plot_errors().axes
        names = [text.get_text() for text in left.get_yticklabels()]
        ticks = dict(zip(names, left.get_yticks(), strict=True))
        drawn = left.lines[1].get_ydata()
        assert drawn[0] == ticks["0"] < 1e-10  # below every error, the least is 1e-10
        assert drawn[4] == drawn[5] == ticks["no number"] > 10
        np.testing.assert_array_equal(drawn[1:4], LOST[1:4])
        crosses = [line for line in left.lines if line.get_marker() == "x"]
        crossed = np.concatenate([line.get_xdata() for line in crosses])
        np.testing.assert_array_equal(crossed, x[4:])

    @pytest.mark.parametrize("order", [1, -1])
    @pytest.mark.parametrize("begins", [0.05, 1.45])  # the second beside a quarter
    def test_crosses_are_few_and_begin_where_numbers_end(self, order, begins):
        many = 10.0 ** np.linspace(-3, 3, 121)[::order]
        lost = np.where(np.log10(many) > begins - 0.01, np.nan, 1)
        single = np.where(np.arange(121) == 60, np.nan, 1)
        panel = {"one": lost, "two": lost, "three": single}
        (ax,) = helpers.plot_errors({"": panel}, many, "t").axes
        one, two, three = (np.log10(line.get_xdata()) for line in ax.lines[3:])
        assert one.size <= 4 and two.size <= 4
        assert one.min() == two.min() == pytest.approx(begins)
        assert np.diff(np.unique(np.r_[one, two])).min() > 0.2
        np.testing.assert_allclose(three, 0, atol=1e-12)

    def test_words_say_where_errors_are_no_number(self):
        panel = {"zero": 0 * x, "gap": np.where(x == x[2], np.nan, 1e-9)}
        told = helpers.plot_errors({"": {**panel, "lost": x * np.inf}}, x, "$t$").alt
        assert "zero is 0;" in told
        assert "gap is at most 10^−8 and is no number in places" in told
        assert told.endswith("lost is no number from 1e−05 on.")

    def test_errors_that_are_all_zero_or_all_lost(self):
        for value in (0, np.nan):
            figure = plot_errors({"": {"one": np.full(6, value)}})
            figure.draw_without_rendering()
            assert np.isfinite(figure.axes[0].lines[0].get_ydata()).all()


class TestOwnLoss:
    """Cross-entropy of class 1, its gradient times a factor."""

    def figure(self, factor=1):
        def losses(Z, Y):
            return -(Y * np.log(plain.softmax(Z))).sum(axis=0)

        return helpers.plot_own_loss(
            losses, lambda Z, Y: factor * (plain.softmax(Z) - Y)
        )

    def test_lines_are_the_formula_and_circles_lie_on_them(self):
        left, right = self.figure().axes
        t, losses = left.lines[0].get_data()
        A = plain.softmax(np.stack([t, 0 * t, 0 * t + 1]))
        assert np.allclose(losses, -np.log(A[0]))
        entries = np.array([line.get_ydata() for line in right.lines[:3]])
        assert np.allclose(entries, A - np.eye(3)[:, :1])
        for line, circles in zip(right.lines[:3], right.lines[3:6], strict=True):
            assert np.allclose(circles.get_ydata(), line.get_ydata()[::8], atol=1e-8)
        assert left.get_xlabel() and right.get_ylabel() == r"$\partial L/\partial z_j$"

    def test_a_wrong_gradient_leaves_its_circles(self):
        figure = self.figure(factor=-1)
        assert figure.alt.endswith("lie up to 1.99 off the lines.")
        right = figure.axes[1]
        measured = right.lines[3].get_ydata()
        drawn = right.lines[0].get_ydata()[::8]
        assert np.abs(measured - drawn).max() > 0.1


class TestToScale:
    def test_sides_areas_and_blocks(self):
        (ax,) = FIGURES["to scale"]().axes
        boxes = [(x.get_height(), x.get_width()) for x in ax.patches]
        W, W_block, X, Z, Z_block = boxes[:5]
        assert len(boxes) == 6 + 5
        assert W[0] == Z[0] == pytest.approx(W[1] * 128000 / 4096)
        assert Z[1] == pytest.approx(2 * W[1]) and (W[1], Z[1]) == X
        assert W_block == pytest.approx((W[0] * 4096 / 128000, W[1]))
        assert Z_block == pytest.approx((Z[0] * 4096 / 128000, Z[1]))
        assert "4.2 GB" in texts(ax) and r"$\log A$" in texts(ax)

    def test_a_side_is_never_too_thin_to_see(self):
        (ax,) = helpers.plot_to_scale(10**6, 1, 3, 2).axes
        assert min(min(x.get_height(), x.get_width()) for x in ax.patches) > 0.01


REFUSED = [
    ("probabilities", [3.0], ValueError, r"one example, shape \(n,\), got \("),
    ("sweep", [np.zeros((3, 2)), 1], ValueError, "one example"),
    ("sweep", [z, 0], ValueError, r"j must be 1\.\.3, got 0"),
    ("sweep", [z, 4], ValueError, r"j must be 1\.\.3, got 4"),
    ("gradient", [np.zeros((3, 2)), 0], ValueError, "one example"),
    ("simplex", [3.0, 0], ValueError, "one example"),
    ("simplex", [[1, 2, 3, 4], 0], ValueError, "three classes, got 4"),
    ("jacobian", [a], ValueError, r"J must be a matrix, got shape \(3,\)"),
    ("jacobian", [[["a", "b"]]], TypeError, "J must hold real numbers"),
    ("paths", [z, 0, 4], ValueError, r"j must be 1\.\.3, got 4"),
    ("paths", [z, 0, -1], ValueError, r"j must be 1\.\.3, got -1"),
    ("paths", [z, 0, 1.0], TypeError, "as an integer"),
    ("paths", [[0, 1000], 0], ValueError, "needs probabilities above 0"),
    ("layer", [3, 0, 5], ValueError, "must be at least 1, got 3, 0, 5"),
    ("layer", [3, 4.5, 5], TypeError, "as an integer"),
    ("curves", [{}], ValueError, "at least one curve"),
    ("block_jacobian", [np.zeros((3, 2, 2, 3))], ValueError, r"\(n, m, n, m\), got"),
    ("block_jacobian", [np.zeros((6, 6))], ValueError, r"\(n, m, n, m\), got"),
    ("images", [np.zeros((2, 8, 8)), "abc"], ValueError, "2 images and 3 captions"),
    ("images", [np.zeros((0, 8, 8)), ""], ValueError, "0 images and 0 captions"),
    ("errors", [{"": {"": x[:5]}}, x, ""], ValueError, r"\(k,\), got \(6,\), \(5,\)"),
    ("errors", [{"": {"": -x}}, x, ""], ValueError, "no error negative"),
    ("errors", [{"": {"": ["a"] * 6}}, x, ""], TypeError, "must hold real numbers"),
    ("errors", [{}, x, ""], ValueError, "at least one curve"),
    ("errors", [{"": {}}, x, ""], ValueError, "at least one curve"),
    ("errors", [PANELS, x - x[0], "h"], ValueError, "x must be positive"),
    ("to_scale", [5, 3, 4, 6], ValueError, "at most n = 5, got 6"),
    ("to_scale", [5, 0, 4, 2], ValueError, "at least 1, got 5, 0, 4, 2"),
    ("to_scale", [5, 3, 4.0, 2], TypeError, "as an integer"),
]


@pytest.mark.parametrize(("plot", "given", "error", "words"), REFUSED)
def test_what_cannot_be_drawn_is_refused(plot, given, error, words):
    with pytest.raises(error, match=words):
        getattr(helpers, f"plot_{plot}")(*given)
