"""The figure of errors and the explorer of temperature, read from their artists."""

import io
import math

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

import helpers
from helpers import one_hot, softmax

x = 10.0 ** np.arange(-5, 1)
FALLING = np.array([1e-1, 1e-3, 1e-5, 1e-7, 1e-6, 1e-4])
LOST = np.array([0, 1e-9, 1e-2, 1, np.nan, np.inf])
PANELS = {"float16": {"one": FALLING, "two": LOST}, "float64": {"one": x, "two": x**2}}


def plot(errors=PANELS):
    return helpers.plot_errors(errors, x, "size $t$", "error of $dz$")


def texts(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


def heights(bars):
    return [bar.get_height() for bar in bars]


class TestErrors:
    def test_is_closed_returned_and_small(self):
        before, buffer = dict(plt.rcParams), io.BytesIO()
        figure = plot()
        figure.savefig(buffer, format="png")
        assert isinstance(figure, Figure) and plt.get_fignums() == []
        assert dict(plt.rcParams) == before
        assert repr(figure) == repr(plot())
        assert len(buffer.getvalue()) < 80_000

    def test_each_panel_has_its_curves_on_logarithmic_axes(self):
        left, right = plot().axes
        for ax, title in zip((left, right), PANELS, strict=True):
            assert ax.get_title(loc="center") == title
            assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
            assert ax.get_xlabel() == "size $t$"
        assert left.get_ylabel() == "error of $dz$"
        assert left.get_ylim() == right.get_ylim()
        np.testing.assert_array_equal(left.lines[0].get_xydata(), np.c_[x, FALLING])
        np.testing.assert_array_equal(right.lines[1].get_ydata(), x**2)

    def test_what_has_no_logarithm_lies_on_lines_of_its_own(self):
        left, _ = plot().axes
        names = [text.get_text() for text in left.get_yticklabels()]
        ticks = dict(zip(names, left.get_yticks(), strict=True))
        drawn = left.lines[1].get_ydata()
        assert drawn[0] == ticks["0"] < 1e-10  # below every error, the least is 1e-10
        assert drawn[4] == drawn[5] == ticks["no number"] > 10
        np.testing.assert_array_equal(drawn[1:4], LOST[1:4])
        crosses = [line for line in left.lines if line.get_marker() == "x"]
        crossed = np.concatenate([line.get_xdata() for line in crosses])
        np.testing.assert_array_equal(crossed, x[4:])

    def test_the_lines_are_named_only_where_they_are_used(self):
        figure = plot({"": {"one": FALLING}})
        names = [text.get_text() for text in figure.axes[0].get_yticklabels()]
        assert "0" not in names and "no number" not in names
        assert all(name.startswith("$10^") for name in names)

    def test_a_panel_further_right_has_them_named_too(self):
        figure = plot({"left": {"one": FALLING}, "right": {"one": LOST}})
        names = [text.get_text() for text in figure.axes[0].get_yticklabels()]
        assert {"0", "no number"} < set(names)

    def test_one_legend_names_the_curves(self):
        (legend,) = plot().legends
        assert [text.get_text() for text in legend.get_texts()] == ["one", "two"]

    def test_errors_that_are_all_zero_or_all_lost(self):
        for value in (0, np.nan):
            figure = plot({"": {"one": np.full(6, value)}})
            figure.draw_without_rendering()
            assert np.isfinite(figure.axes[0].lines[0].get_ydata()).all()

    @pytest.mark.parametrize(
        ("values", "error", "message"),
        [
            (FALLING[:5], ValueError, r"one shape \(k,\), got \(6,\), \(5,\)"),
            (-FALLING, ValueError, "no error negative"),
            (["a"] * 6, TypeError, "an error must hold real numbers"),
        ],
    )
    def test_bad_input(self, values, error, message):
        with pytest.raises(error, match=message):
            plot({"": {"one": values}})
        assert plt.get_fignums() == []

    @pytest.mark.parametrize("errors", [{}, {"": {}}])
    def test_nothing_to_draw(self, errors):
        with pytest.raises(ValueError, match="at least one curve"):
            plot(errors)

    def test_steps_of_zero(self):
        with pytest.raises(ValueError, match="x must be positive"):
            helpers.plot_errors({"": {"one": FALLING}}, x - x[0], "h")


def explorer_at(**values):
    """The explorer with its sliders moved: z1.., true_class, size, temperature."""
    explorer = helpers.explore_temperature()
    names = ["z1", "z2", "z3", "true_class", "size", "temperature"]
    sliders = dict(zip(names, explorer.children[:-1], strict=True))
    for name, value in values.items():
        sliders[name].value = value
    return explorer


def gradients(explorer):
    fused, two_step = explorer.figure.axes[1].containers[:2]
    return np.array(heights(fused)), np.array(heights(two_step))


class TestExploreTemperature:
    def test_every_control_redraws(self):
        explorer = helpers.explore_temperature()
        picture = explorer.children[-1]
        start = bytes(picture.value)
        assert start.startswith(b"\x89PNG") and plt.get_fignums() == []
        for control, moved in zip(
            explorer.children[:-1], [-1.5, 1.0, 3.0, 2, 3.0, 4.0], strict=True
        ):
            before, value = bytes(picture.value), control.value
            control.value = moved
            assert picture.value != before
            control.value = value
            assert picture.value == start

    def test_sliders_of_size_and_temperature_are_logarithmic(self):
        size, temperature = helpers.explore_temperature().children[4:6]
        assert (size.value, size.min, size.max, size.base) == (1, 0, 3, 10)
        assert (temperature.value, temperature.min, temperature.max) == (1, -1, 1)

    def test_is_saved_as_one_line(self):
        line = "explore_temperature: run this cell, then drag the logits"
        shown = helpers.explore_temperature()._repr_mimebundle_()["text/plain"]
        assert shown == line

    def test_shows_the_softmax_of_the_scaled_logits(self):
        left, _ = explorer_at(z1=0.5, size=10, temperature=4, true_class=2).figure.axes
        a = softmax(np.array([0.5, 2, 0.5]) * 10 / 4)
        np.testing.assert_allclose(heights(left.containers[0]), a, rtol=1e-12)
        assert heights(left.containers[1]) == [0, 1, 0]

    def test_both_ways_agree_while_logits_are_small(self):
        fused, two_step = gradients(explorer_at(size=3, true_class=3))
        right = softmax(3 * np.array([1, 2, 0.5])) - one_hot(2, 3)
        np.testing.assert_allclose(fused, right, atol=1e-6)
        np.testing.assert_allclose(two_step, right, atol=1e-6)

    def test_large_logits_have_no_number_in_two_steps(self):
        explorer = explorer_at(size=200)
        fused, two_step = gradients(explorer)
        np.testing.assert_array_equal(fused, [-1, 1, 0])
        assert np.isnan(two_step).all()
        assert texts(explorer.figure.axes[1]).count("NaN") == 3

    def test_temperature_brings_them_back(self):
        fused, two_step = gradients(explorer_at(size=200, temperature=10))
        np.testing.assert_allclose(two_step, fused, atol=1e-6)
        assert not any(map(math.isnan, two_step))

    def test_infinity_is_told_from_nan(self):
        # a_1 = e^-90 in float32: not 0 yet, and 1/a_1 already infinite
        words = texts(explorer_at(z3=1.5, size=90).figure.axes[1])
        assert "−∞" in words and "∞" in words

    def test_back_from_nan_leaves_no_word_behind(self):
        explorer = explorer_at(size=200)
        explorer.children[4].value = 1
        assert "NaN" not in texts(explorer.figure.axes[1])
        assert explorer.children[-1].value == explorer_at().children[-1].value

    def test_other_numbers_of_classes(self):
        explorer = helpers.explore_temperature([0, 1, 2, -1], true_class=4)
        assert [len(bars) for bars in explorer.figure.axes[1].containers[:2]] == [4, 4]
        assert explorer.children[4].options == (1, 2, 3, 4)

    def test_errors(self):
        with pytest.raises(ValueError, match=r"within -5\.\.5, got \[1\.0, 6\.0\]"):
            helpers.explore_temperature([1, 6])
        with pytest.raises(ValueError, match=r"must be 1\.\.3, got 4"):
            helpers.explore_temperature(true_class=4)
