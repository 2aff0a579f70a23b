"""The wheel carries what stands in the packages, and what it needs is bounded."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import nbformat
import pytest
from packaging.requirements import Requirement

from tests.alone import main

ROOT = Path(__file__).parents[1]
CARRIED = ("arrays", "derivations", "helpers.py")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def files(root):
    """The files to carry, as the wheel names them; not what Python leaves beside."""
    paths = [x for name in CARRIED for x in (root / name, *(root / name).rglob("*"))]
    inside = [x.relative_to(root) for x in paths if x.is_file()]
    return {
        path.as_posix()
        for path in inside
        if not any(part.startswith((".", "__pycache__")) for part in path.parts)
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of a copy of the tree, which nothing of an earlier build gets into."""
    copy = tmp_path_factory.mktemp("a copy")
    for path in ["pyproject.toml", *(x.name for x in ROOT.glob("LICENSE*"))]:
        shutil.copy(ROOT / path, copy)
    for path in files(ROOT):
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, copy / path)
    command = "-m pip wheel --quiet --no-deps --no-index --no-build-isolation ."
    done = subprocess.run(
        [sys.executable, *command.split(), "--wheel-dir", "made"],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    [made] = (copy / "made").glob("*.whl")
    return ZipFile(made)


def test_the_wheel_carries_these_files_and_no_others(wheel):
    carried = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert carried == files(ROOT)


def test_the_wheel_carries_both_licences(wheel):
    carried = {Path(name).name for name in wheel.namelist() if "/licenses/" in name}
    assert carried == {path.name for path in ROOT.glob("LICENSE*")}


def listed():
    """Every requirement that is written down, of a reader and of the tests."""
    yield from PROJECT["project"]["dependencies"]
    yield from PROJECT["build-system"]["requires"]
    for path in ROOT.glob("requirements*.txt"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line[:1] not in ("", "#", "-"):
                yield line


def test_each_requirement_is_bounded_on_both_sides():
    for line in listed():
        bounds = sorted(x.operator for x in Requirement(line).specifier)
        assert bounds == ["<", ">="], line


def test_a_dependency_is_written_down_once():
    """But for what the book and the tests need both: in each file with one bound."""
    names = [Requirement(line).name for line in listed()]
    twice = sorted({x for x in names if names.count(x) > 1})
    assert twice == ["deflate", "html5lib", "setuptools"]
    assert len({x for x in listed() if x.startswith(tuple(twice))}) == len(twice)


@pytest.mark.parametrize("pin", ["ipython==7.34.0", "ipywidgets==7.7.1"])
def test_the_wheel_leaves_alone_what_the_kernel_of_colab_runs_on(pin):
    """Colab says that a kernel may not start again when they are replaced."""
    name, version = pin.split("==")
    needed = {Requirement(x).name: x for x in PROJECT["project"]["dependencies"]}
    assert Requirement(needed[name]).specifier.contains(version)


def notebook(path, *sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return str(path)


ALONE = "import os; assert os.listdir() == ['alone.ipynb'], os.listdir()"


def test_alone_runs_each_in_its_folder_and_fails_with_one_that_reaches_out_of_it(
    tmp_path, capsys, monkeypatch
):
    (tmp_path / "of_the_tree.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    paths = [
        notebook(tmp_path / "alone.ipynb", ALONE, "6 * 7"),
        notebook(tmp_path / "wrong.ipynb", "1 + 1", "import of_the_tree"),
    ]
    assert main([*paths, "--jobs", "1"]) == 1
    printed = capsys.readouterr()
    *each, last = printed.out.splitlines()
    assert last == "1 passed, 1 failed"
    assert [line.split()[:2] for line in sorted(each)] == [
        ["alone.ipynb", "passed"],
        ["wrong.ipynb", "FAILED"],
    ]
    assert "No module named 'of_the_tree'" in printed.err
