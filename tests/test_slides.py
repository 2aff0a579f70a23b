"""The notebooks as slides, without a browser; `make test-book` looks at them in one."""

import re

import nbformat
import pytest

from book import slides
from tests.test_notebooks import NOTEBOOKS, cells

HOUR = [path for path in NOTEBOOKS if path.name[:2] in {"00", "02", "04", "05"}]
KINDS = {"slide", "subslide", "fragment", "-", "skip"}

each_of_the_hour = pytest.mark.parametrize("path", HOUR, ids=lambda path: path.stem)


def kind(cell):
    return cell.metadata.slideshow.slide_type


def test_the_hour_alone_has_slides():
    read = {path: nbformat.read(path, as_version=4) for path in NOTEBOOKS}
    assert [path for path, notebook in read.items() if slides.any_in(notebook)] == HOUR


@each_of_the_hour
def test_each_cell_says_what_it_is_and_no_exercise_is_shown(path):
    found = nbformat.read(path, as_version=4).cells
    assert {kind(cell) for cell in found} <= KINDS
    [end] = [k for k, x in enumerate(found) if x.source.startswith("## Check and ex")]
    assert {kind(cell) for cell in found[end:]} == {"skip"}


@each_of_the_hour
def test_a_page_has_every_line_of_a_chain_no_code_and_no_other_host(path):
    page = slides.page(nbformat.read(path, as_version=4))
    outputs = [x for c in cells(path, "code") if kind(c) != "skip" for x in c.outputs]
    texts = [output.get("data", {}).get("text/markdown", "") for output in outputs]
    lines = sum(len(re.findall("^✓ ", x, re.M)) for x in texts if x.startswith("$"))
    assert page.count('<li class="fragment">') == lines
    without_pictures = re.sub('base64,[^"]*', "", page)
    assert not re.search(r"https?:|[$]|import |helpers[.]", without_pictures)


def test_a_notebook_without_slides_is_said(tmp_path, capsys):
    kept = tmp_path / "kept"
    kept.touch()
    with pytest.raises(ValueError, match="no slides"):
        slides.write(tmp_path, [NOTEBOOKS[1]])
    assert kept.exists()
    assert slides.main(["no_such.ipynb"]) == 1
    assert "no_such" in capsys.readouterr().err
