"""What the explorers show at their start, and what progress counts.

What they answer is tested in browsers: `make test-browser`.
"""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

import helpers
from arrays.pictures import explorers
from arrays.pictures.explorers import script
from helpers import one_hot, softmax, softmax_cross_entropy_grad, softmax_jacobian
from tests.artists import CORNERS, heights, texts


@pytest.fixture
def shown(monkeypatch):
    """What is displayed, in turn."""
    shown = []
    for module in ("explorers", "progress"):
        monkeypatch.setattr(
            f"arrays.pictures.{module}.display", lambda shows, **_: shown.append(shows)
        )
    return shown


class TestProgress:
    def test_counts_to_the_end(self, shown):
        for k, letter in enumerate(helpers.progress("abc", label="epochs")):
            assert shown[0].value == k and letter == "abc"[k]
        (bar,) = shown
        assert (bar.value, bar.max, bar.bar_style) == (3, 3, "success")
        assert bar.description == "epochs"

    def test_of_a_generator(self, shown):
        assert sum(helpers.progress((k for k in range(450)), total=450)) == 101025
        assert shown[0].value == 450
        with pytest.raises(TypeError, match="len"):
            list(helpers.progress(k for k in range(3)))

    def test_says_that_it_was_left(self, shown):
        items = helpers.progress(range(4))
        next(items), next(items)
        items.close()
        assert (shown[0].value, shown[0].bar_style) == (1, "danger")


EXPLORERS = [
    helpers.explore_softmax,
    helpers.explore_jacobian,
    helpers.explore_both_cases,
    helpers.explore_gradient,
    helpers.explore_temperature,
    helpers.explore_smoothing,
]
each_explorer = pytest.mark.parametrize("explore", EXPLORERS)


class Part(HTMLParser):
    """The tags, the attributes of the first, and the text outside of the script."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.texts = [], {}, []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes = self.attributes or dict(attrs)

    def handle_data(self, data):
        if self.tags[-1:] != ["script"]:
            self.texts.append(data.strip())


class TestHtml:
    @each_explorer
    def test_is_a_sentence_and_a_script_that_starts_from_what_was_given(self, explore):
        z = [0.5, -5, 5, 1 / 3]
        given = {} if explore in EXPLORERS[:2] else {"true_class": np.int64(4)}
        if explore is helpers.explore_both_cases:
            given |= {"frequencies": [0.25] * 4}
        html = explore(z, **given).to_html()
        part = Part(html)
        assert part.tags == ["div", "script"] and len(part.texts) == 1
        assert f"explore_{part.attributes['data-explorer']}" == explore.__name__
        start = json.loads(part.attributes["data-start"])
        assert start.pop("z") == z
        assert start.pop("true_class", 4) == 4
        both = {"frequencies": [0.25] * 4, "rate": 3} if "frequencies" in given else {}
        assert start == ({"share": 0.1} if explore is EXPLORERS[-1] else both)
        assert html == explore(z, **given).to_html()  # on every run

    def test_has_all_scripts_in_one_without_a_blank_line(self):
        html = helpers.explore_softmax().to_html()
        assert "\n\n" not in html and f"<script>\n{script()}\n</script>" in html
        for path in Path(explorers.__file__).parent.glob("*.js"):
            assert set(path.read_text(encoding="utf-8").splitlines()) <= {
                "",
                *script().splitlines(),
            }, path

    def test_asks_for_nothing_and_names_nothing_for_the_page(self):
        assert not re.search(r"://|\bimport\b|\bfetch\b|\bsrc=|url\(|\bid=", script())
        assert not re.search(r"\b(window|globalThis)\b|</script|<!--", script())
        first, *inside, last = script().splitlines()
        assert (first, last) == ("(() => {", "})();") and first not in inside


class TestOutputs:
    @each_explorer
    def test_the_picture_comes_first_in_an_output_of_its_own(self, explore, shown):
        explorer = explore()
        explorer._ipython_display_()
        picture, html = shown
        assert picture is explorer.figure
        assert set(html) == {"text/html", "text/plain"}
        assert html["text/html"] == explorer.to_html()
        assert html["text/plain"] == repr(explorer)
        assert plt.get_fignums() == []


class TestStart:
    @each_explorer
    def test_errors(self, explore):
        for z, words in (
            ([1, 6], r"within -5\.\.5, got \[1\.0, 6\.0\]"),
            ([1, np.nan], r"within -5\.\.5, got \[1\.0, nan\]"),
            (np.zeros((3, 2)), r"one example, shape \(n,\), got \("),
        ):
            with pytest.raises(ValueError, match=words):
                explore(z)
        for true_class in (0, 4, 1.5) if explore in EXPLORERS[3:] else ():
            with pytest.raises(ValueError, match=rf"must be 1\.\.3, got {true_class}"):
                explore(true_class=true_class)

    def test_softmax_shows_the_logits_and_their_softmax(self):
        at = [-4, 2, 0.5]
        left, right = helpers.explore_softmax(at).figure.axes
        assert heights(left.containers[0]) == at
        np.testing.assert_array_equal(heights(right.containers[0]), softmax(at))
        assert texts(right) == [f"{p:.2f}" for p in softmax(at)]

    def test_jacobian_shows_it_on_fixed_colours(self):
        at = [1, 2, 3.5]
        left, right = helpers.explore_jacobian(at).figure.axes
        np.testing.assert_array_equal(heights(left.containers[0]), softmax(at))
        image = right.images[0]
        np.testing.assert_array_equal(image.get_array(), softmax_jacobian(at))
        assert (image.norm.vmin, image.norm.vmax) == (-0.25, 0.25)

    def test_gradient_shows_a_y_dz_and_the_step(self):
        at, y = np.array([3, 2, 0.5]), one_hot(2, 3)
        left, middle, right = helpers.explore_gradient(at, true_class=3).figure.axes
        np.testing.assert_array_equal(heights(left.containers[0]), softmax(at))
        assert heights(left.containers[1]) == [0, 0, 1]
        dz = softmax_cross_entropy_grad(at, y)
        np.testing.assert_array_equal(heights(middle.containers[0]), dz)
        path = np.transpose(right.lines[0].get_data())
        np.testing.assert_allclose(path[0], softmax(at) @ CORNERS, rtol=1e-14)
        np.testing.assert_allclose(path[1], softmax(at - dz) @ CORNERS, rtol=1e-14)

    def test_both_cases_shows_the_parts_of_dz_and_the_step(self):
        at, y = np.array([3, 2, 0.5]), np.array([0.2, 0.2, 0.6])
        figure = helpers.explore_both_cases(at, y).figure
        left, middle, right, without = figure.axes
        assert heights(left.containers[1]) == y.tolist()
        own, others = (np.array(heights(x)) for x in middle.containers)
        J = softmax_jacobian(at) / softmax(at)[:, None]
        np.testing.assert_allclose(own, -y * np.diag(J), rtol=1e-14)
        np.testing.assert_allclose(own + others, -y @ J, rtol=1e-13)
        path = np.transpose(right.lines[0].get_data())
        after = softmax(at - 3 * (softmax(at) - y))
        np.testing.assert_allclose(path[1], after @ CORNERS, rtol=1e-14)
        assert [x.get_marker() for x in without.lines].count("x") == 1

    def test_without_i_ne_j_descent_ends_where_the_text_says(self):
        figure = helpers.explore_both_cases().figure
        [cross] = [x for x in figure.axes[3].lines if x.get_marker() == "x"]
        end = np.array([19, 11, 1]) / 31 @ CORNERS
        np.testing.assert_allclose(np.ravel(cross.get_data()), end, atol=1e-3)
        assert "a cross at (0.61, 0.35, 0.03)" in figure.alt

    @pytest.mark.parametrize("frequencies", [(0.5, 0.5, 0), (0.5, 0.3, 0.3)])
    def test_frequencies_are_positive_and_sum_to_1(self, frequencies):
        with pytest.raises(ValueError, match=r"positive and sum to 1, got \[0\.5"):
            helpers.explore_both_cases(frequencies=frequencies)

    def test_gradient_of_other_numbers_of_classes_has_no_triangle(self):
        assert len(helpers.explore_gradient([0, 1, 2, -1], 4).figure.axes) == 2

    def test_temperature_shows_both_ways(self):
        at, y = np.array([0.5, 2, 0.5]), one_hot(1, 3)
        left, right = helpers.explore_temperature(at, true_class=2).figure.axes
        np.testing.assert_array_equal(heights(left.containers[0]), softmax(at))
        assert heights(left.containers[1]) == [0, 1, 0]
        for ways in right.containers[:2]:
            np.testing.assert_allclose(heights(ways), softmax(at) - y, atol=1e-6)

    def test_smoothing_shares_a_tenth_of_the_label_out(self):
        left, right = helpers.explore_smoothing(true_class=2).figure.axes
        f = np.full(3, 0.1 / 3)
        f[1] += 0.9
        np.testing.assert_allclose(heights(left.containers[1]), f, rtol=1e-14)
        assert left.get_ylabel() == "$a_i$ and $f_i$"
        assert left.get_legend().get_texts()[1].get_text() == "label $f_i$"
        assert right.get_ylabel() == "$dz_j = a_j - f_j$"
        dz = softmax([1, 2, 0.5]) - f
        np.testing.assert_allclose(heights(right.containers[0]), dz, rtol=1e-14)
