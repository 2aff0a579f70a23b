"""The wheel carries what stands in the packages, and declares what they import."""

import ast
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from zipfile import ZipFile

import nbformat
import pytest
from packaging.requirements import Requirement

from tests.alone import main

ROOT = Path(__file__).parents[1]
CARRIED = ("arrays", "derivations", "helpers.py")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SCALE = (ROOT / "requirements-scale.txt").read_text(encoding="utf-8").splitlines()
OPTIONAL = {Requirement(x).name for x in SCALE if x[:1] not in ("", "#", "-")}
DECLARED = [Requirement(x) for x in PROJECT["project"]["dependencies"]]
OURS = {Path(name).stem for name in CARRIED}


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


def imported(source):
    """The names at the root of what a text imports, anywhere in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]


def from_elsewhere(sources):
    """The distributions that some texts import from."""
    names = {name for source in sources for name in imported(source)}
    known = packages_distributions()
    others = names - sys.stdlib_module_names - OURS
    return {known.get(name, [name])[0].lower() for name in others}


def test_what_the_packages_import_is_declared_and_nothing_else():
    paths = [ROOT / path for path in files(ROOT) if path.endswith(".py")]
    found = from_elsewhere(path.read_text(encoding="utf-8") for path in paths)
    assert found - OPTIONAL == {x.name for x in DECLARED}
    assert found & OPTIONAL == {"jax"}


def without_try(source):
    """The statements of a cell that are not tried."""
    body = [x for x in ast.parse(source).body if not isinstance(x, ast.Try | ast.With)]
    return ast.unparse(ast.Module(body, []))


def test_what_a_notebook_cannot_do_without_is_declared():
    cells = [
        cell.source
        for path in (ROOT / "notebooks").glob("*.ipynb")
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code"
    ]
    assert from_elsewhere(map(without_try, cells)) <= {x.name for x in DECLARED}


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
    """setuptools twice: it builds the wheel, for a reader and for the test above."""
    names = [Requirement(line).name for line in listed()]
    assert sorted({x for x in names if names.count(x) > 1}) == ["setuptools"]
    assert len({x for x in listed() if x.startswith("setuptools")}) == 1


def notebook(path, *sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return str(path)


ALONE = "import os; assert os.listdir() == ['alone.ipynb'], os.listdir()"


def test_alone_runs_each_notebook_in_a_folder_of_its_own(tmp_path, capsys):
    (tmp_path / "beside.txt").touch()
    assert main([notebook(tmp_path / "alone.ipynb", ALONE, "6 * 7")]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("alone.ipynb ") and " passed " in printed[0]
    assert printed[1:] == ["1 passed, 0 failed"]


def test_alone_fails_with_a_notebook_that_reaches_out_of_it(
    tmp_path, capsys, monkeypatch
):
    (tmp_path / "of_the_tree.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    paths = [
        notebook(tmp_path / "right.ipynb", "1 + 1"),
        notebook(tmp_path / "wrong.ipynb", "1 + 1", "import of_the_tree"),
    ]
    assert main(paths) == 1
    printed = capsys.readouterr()
    assert printed.out.splitlines()[-1] == "1 passed, 1 failed"
    assert "No module named 'of_the_tree'" in printed.err
