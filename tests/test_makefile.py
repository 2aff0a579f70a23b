"""The targets beside `lab` and `test`: the oldest versions, and the benchmark."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
SETUP = ("Makefile", "requirements.txt", "requirements-test.txt", "pyproject.toml")


@pytest.fixture
def folder(tmp_path):
    """A copy of the set-up in a path with spaces."""
    copy = tmp_path / "a path with spaces"
    for environment in (".venv", ".venv-oldest"):
        (copy / environment).mkdir(parents=True)
    for name in SETUP:
        (copy / name).write_bytes((ROOT / name).read_bytes())
        os.utime(copy / name, (1e9, 1e9))
    return copy


def make(folder, *words):
    environment = {x: v for x, v in os.environ.items() if not x.startswith("MAKE")}
    return subprocess.run(
        ["make", *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("test-oldest", [".venv-oldest/bin/python -m pytest ", "--nbval-lax"]),
        ("bench", [".venv/bin/python -m bench "]),
    ],
)
def test_what_make_would_run(target, expected):
    done = make(ROOT, "-n", target)
    assert done.returncode == 0, done.stderr
    assert all(part in done.stdout for part in expected)


def test_the_oldest_versions_are_set_up_once_and_when_requirements_change(folder):
    def sets_up():
        return "pip install" in make(folder, "-n", "test-oldest").stdout

    assert sets_up()
    (folder / ".venv-oldest/ready-to-test").touch()
    assert not sets_up()
    for name in ("requirements.txt", "requirements-test.txt", "pyproject.toml"):
        os.utime(folder / name, (4e9, 4e9))
        assert sets_up(), name
        os.utime(folder / name, (1e9, 1e9))


def stub(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_the_constraints_are_the_lower_bounds_of_the_requirements(folder):
    """The two Pythons here do nothing, so only the constraints are made."""
    stub(folder, "python", "exit 0")
    stub(folder, ".venv-oldest/bin/python", 'echo "$@" >> asked')
    done = make(folder, "test-oldest", "PYTHON=./python")
    assert done.returncode == 0, done.stderr
    wanted = re.findall(
        r"^([\w-]+)>=([\d.]+),<\d", (ROOT / "requirements.txt").read_text(), re.M
    )
    lines = (folder / ".venv-oldest/oldest.txt").read_text().split()
    assert lines == [f"{name}=={lowest}" for name, lowest in wanted]
    bounded = re.findall(r"^[^#-].*", (ROOT / "requirements.txt").read_text(), re.M)
    assert len(lines) == len(bounded) >= 5
    asked = (folder / "asked").read_text().splitlines()
    assert "-c .venv-oldest/oldest.txt -r requirements-test.txt" in asked[0]
    assert asked[1].startswith("-m pytest ")
    make(folder, "test-oldest", "PYTHON=./python")
    assert (folder / "asked").read_text().count("pip install") == 1


def test_a_failed_set_up_is_not_taken_for_done(folder):
    stub(folder, "python", "exit 0")
    stub(folder, ".venv-oldest/bin/python", "exit 1")
    assert make(folder, "test-oldest", "PYTHON=./python").returncode != 0
    assert not (folder / ".venv-oldest/ready-to-test").exists()


def test_a_python_without_the_oldest_versions_is_refused_with_a_clear_line(folder):
    stub(folder, "python", "exit 1")
    done = make(folder, "test-oldest", "PYTHON=./python")
    assert done.returncode != 0
    assert "The oldest versions need Python 3.11 or 3.12" in done.stderr


def test_the_oldest_versions_are_the_oldest_that_pyproject_admits():
    """A reader's bounds in requirements.txt and pip's in pyproject.toml agree."""
    project = (ROOT / "pyproject.toml").read_text()
    listed = re.search(r"^dependencies = \[(.*)\]", project, re.M)[1]
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    assert all(bound.strip('" ') in lines for bound in listed.split('", "'))


def test_help_names_every_target():
    listed = make(ROOT, "-s", "help").stdout
    phony = re.search(r"^\.PHONY: (.*)", (ROOT / "Makefile").read_text(), re.M)[1]
    for target in set(phony.split()) - {"help"}:
        assert f"make {target} " in listed


def test_notebooks_are_run_and_keep_their_tags(tmp_path):
    """nbval and the exercises need the tags; a machine's metadata stays out."""
    cell = nbformat.v4.new_code_cell("6 * 7", metadata={"tags": ["exercise"]})
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    before = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel})
    nbformat.write(before, tmp_path / "small.ipynb")
    words = [f"NOTEBOOKS='{tmp_path}/small.ipynb'", f"PY='{sys.executable}'"]
    done = make(ROOT, "-o", ".venv/ready", "notebooks", *words)
    assert done.returncode == 0, done.stderr
    after = nbformat.read(tmp_path / "small.ipynb", as_version=4)
    assert after.cells[0].outputs[0]["data"]["text/plain"] == "42"
    assert after.cells[0].metadata == {"tags": ["exercise"]}
    assert after.metadata == {"kernelspec": kernel, "language_info": {"name": "python"}}
