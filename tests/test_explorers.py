"""What the explorers show when their controls move, and what progress counts."""

import math

import matplotlib.pyplot as plt
import numpy as np
import pytest

import helpers
from helpers import one_hot, softmax, softmax_cross_entropy_grad, softmax_jacobian
from tests.artists import CORNERS, heights, texts


@pytest.fixture
def bars(monkeypatch):
    """The bars that progress shows."""
    shown = []
    monkeypatch.setattr("arrays.explorers.display", shown.append)
    return shown


class TestProgress:
    def test_counts_to_the_end(self, bars):
        assert list(helpers.progress("abc", label="epochs")) == ["a", "b", "c"]
        (bar,) = bars
        assert (bar.value, bar.max, bar.bar_style) == (3, 3, "success")
        assert bar.description == "epochs"

    def test_moves_while_it_runs_and_is_shown_the_same_each_time(self, bars):
        for k in helpers.progress(range(4)):
            assert bars[0].value == k
        assert repr(bars[0]) == "IntProgress(value=4, bar_style='success', max=4)"

    def test_of_a_generator(self, bars):
        assert sum(helpers.progress((k for k in range(450)), total=450)) == 101025
        assert bars[0].value == 450

    def test_says_that_it_was_left(self, bars):
        items = helpers.progress(range(4))
        next(items), next(items)
        items.close()
        assert (bars[0].value, bars[0].bar_style) == (1, "danger")

    def test_wants_a_length(self, bars):
        with pytest.raises(TypeError, match="len"):
            list(helpers.progress(k for k in range(3)))


EXPLORERS = [
    helpers.explore_softmax,
    helpers.explore_jacobian,
    helpers.explore_gradient,
    helpers.explore_temperature,
    helpers.explore_smoothing,
]


class TestExplorers:
    @pytest.mark.parametrize("explore", EXPLORERS)
    def test_moving_a_logit_redraws(self, explore):
        explorer = explore()
        slider, picture = explorer.children[1], explorer.children[-1]
        before = bytes(picture.value)
        assert before.startswith(b"\x89PNG")
        slider.value = -1.5
        assert picture.value != before
        slider.value = 2.0
        assert picture.value == before
        assert plt.get_fignums() == []

    @pytest.mark.parametrize("explore", EXPLORERS)
    def test_is_saved_as_one_line(self, explore):
        line = f"{explore.__name__}: run this cell, then drag the logits"
        assert explore()._repr_mimebundle_()["text/plain"] == line

    @pytest.mark.parametrize("explore", EXPLORERS)
    def test_sliders(self, explore):
        explorer = explore([0.5, -5, 5, 1.0])
        sliders = explorer.children[:4]
        assert [slider.value for slider in sliders] == [0.5, -5, 5, 1]
        assert {(s.min, s.max, s.step, s.continuous_update) for s in sliders} == {
            (-5, 5, 0.1, True)
        }

    @pytest.mark.parametrize("explore", EXPLORERS)
    def test_errors(self, explore):
        with pytest.raises(ValueError, match=r"within -5\.\.5, got \[1\.0, 6\.0\]"):
            explore([1, 6])
        with pytest.raises(ValueError, match=r"one example, shape \(n,\), got \("):
            explore(np.zeros((3, 2)))

    def test_softmax_shows_the_logits_and_their_softmax(self):
        explorer = helpers.explore_softmax()
        explorer.children[0].value = -4.0
        left, right = explorer.figure.axes
        at = [-4, 2, 0.5]
        assert heights(left.containers[0]) == at
        np.testing.assert_array_equal(heights(right.containers[0]), softmax(at))
        assert texts(right) == [f"{p:.2f}" for p in softmax(at)]

    def test_jacobian_shows_it_on_fixed_colours(self):
        explorer = helpers.explore_jacobian()
        explorer.children[2].value = 3.5
        left, right = explorer.figure.axes
        at = [1, 2, 3.5]
        np.testing.assert_array_equal(heights(left.containers[0]), softmax(at))
        image = right.images[0]
        np.testing.assert_array_equal(image.get_array(), softmax_jacobian(at))
        assert (image.norm.vmin, image.norm.vmax) == (-0.25, 0.25)

    def test_gradient_shows_a_y_dz_and_the_step(self):
        explorer = helpers.explore_gradient(true_class=2)
        explorer.children[0].value = 3.0
        explorer.children[3].value = 3
        left, middle, right = explorer.figure.axes
        at, y = np.array([3, 2, 0.5]), one_hot(2, 3)
        np.testing.assert_array_equal(heights(left.containers[0]), softmax(at))
        assert heights(left.containers[1]) == [0, 0, 1]
        dz = softmax_cross_entropy_grad(at, y)
        np.testing.assert_array_equal(heights(middle.containers[0]), dz)
        path = np.transpose(right.lines[0].get_data())
        np.testing.assert_allclose(path[0], softmax(at) @ CORNERS, rtol=1e-14)
        np.testing.assert_allclose(path[1], softmax(at - dz) @ CORNERS, rtol=1e-14)

    def test_gradient_of_other_numbers_of_classes_has_no_triangle(self):
        explorer = helpers.explore_gradient([0, 1, 2, -1], true_class=4)
        assert len(explorer.figure.axes) == 2
        assert explorer.children[4].options == (1, 2, 3, 4)

    @pytest.mark.parametrize("explore", EXPLORERS[2:])
    @pytest.mark.parametrize("true_class", [0, 4])
    def test_want_a_class_of_their_own(self, explore, true_class):
        with pytest.raises(ValueError, match=rf"must be 1\.\.3, got {true_class}"):
            explore(true_class=true_class)

    @pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 1.0])
    def test_smoothing_shares_the_label_out(self, share):
        explorer = helpers.explore_smoothing(true_class=2)
        explorer.children[4].value = share
        left, right = explorer.figure.axes
        y = np.full(3, share / 3)
        y[1] += 1 - share
        np.testing.assert_allclose(heights(left.containers[1]), y, rtol=1e-14)
        dz = softmax([1, 2, 0.5]) - y
        np.testing.assert_allclose(heights(right.containers[0]), dz, rtol=1e-14)

    def test_smoothing_moves_the_picture(self):
        explorer = helpers.explore_smoothing()
        *_, share, picture = explorer.children
        before = bytes(picture.value)
        share.value = 0.6
        assert picture.value != before


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
