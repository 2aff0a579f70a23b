"""What the targets set up, once, and what they then run."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
DRIVER = "tests/browser/node_modules"
SETUP = [
    ROOT / "Makefile",
    ROOT / "pyproject.toml",
    ROOT / "tests/browser/package.json",
    *ROOT.glob("requirements*.txt"),
]
ENVIRONMENTS = (".venv", ".venv-oldest", ".venv-wheel", ".venv-nbgrader")


@pytest.fixture
def folder(tmp_path):
    """A copy of the set-up in a path with spaces."""
    copy = tmp_path / "a path with spaces"
    for made in (*ENVIRONMENTS, DRIVER):
        (copy / made).mkdir(parents=True)
    for path in SETUP:
        place = copy / path.relative_to(ROOT)
        place.write_bytes(path.read_bytes())
        os.utime(place, (1e9, 1e9))
    for command in ("node", "npm"):  # they do nothing but say what they are asked
        stub(copy, f"bin/{command}", f'echo "{command} $@"')
    return copy


def run(words, folder, path):
    usual = {x: v for x, v in os.environ.items() if not x.startswith("MAKE")}
    return subprocess.run(
        words,
        cwd=folder,
        env=usual | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def make(folder, *words):
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return run(["make", *words], folder, path)


NEEDED_TO_TEST = {"requirements-test.txt", "requirements-scale.txt"}
READY = {
    "lab": (".venv/ready", {"requirements.txt", "pyproject.toml"}),
    "book": (".venv/ready-for-book", {"requirements-book.txt"}),
    "exercises": (".venv/ready-for-book", {"requirements-book.txt"}),
    "slides": (".venv/ready-for-book", {"requirements-book.txt"}),
    "bench": (
        ".venv/ready-for-frameworks",
        NEEDED_TO_TEST | {"requirements-frameworks.txt"},
    ),
    "cluster": (".venv/ready-for-scale", {"requirements-scale.txt"}),
    "test-oldest": (
        ".venv-oldest/ready-to-test",
        NEEDED_TO_TEST | {"requirements.txt", "pyproject.toml"},
    ),
    "test-frameworks": (
        ".venv/ready-for-frameworks",
        NEEDED_TO_TEST | {"requirements-frameworks.txt"},
    ),
    "test-wheel": (".venv-wheel/ready", {"requirements-wheel.txt", "pyproject.toml"}),
    "test-exercises": (".venv-nbgrader/ready", {"requirements-nbgrader.txt"}),
    "test-browser": (f"{DRIVER}/ready", {"tests/browser/package.json"}),
}


@pytest.mark.parametrize("target", READY)
def test_a_set_up_is_made_once_and_when_what_it_needs_changes(folder, target):
    ready, needed = READY[target]

    def sets_up():
        done = make(folder, "-n", target)
        assert done.returncode == 0, done.stderr
        return "once: about " in done.stdout

    for other in {".venv/ready", ".venv/ready-for-book"} - {ready}:
        (folder / other).touch()
    assert sets_up()
    (folder / ready).touch()
    assert not sets_up()
    for name in needed:
        os.utime(folder / name, (4e9, 4e9))
        assert sets_up(), name
        os.utime(folder / name, (1e9, 1e9))


def stub(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.mark.parametrize("target", READY)
def test_the_size_and_the_time_are_said_before_the_silence(folder, target):
    """The Pythons here do nothing but say what they are asked."""
    stub(folder, "python", 'echo "python $@"')
    for environment in ENVIRONMENTS:
        stub(folder, f"{environment}/bin/python", 'echo "python $@"')
    done = make(folder, "-s", target, "PYTHON=./python")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    said = [bool(re.search(r"\bonce: about \d+ MB", line)) for line in lines]
    starts = "python -m pip install", "npm install"
    installs = [line.startswith(starts) for line in lines]
    assert said.index(True) < installs.index(True)
    before = [said[:number].count(True) for number, x in enumerate(installs) if x]
    assert before == sorted(before) and before[0] == 1
    again = make(folder, "-s", target, "PYTHON=./python").stdout
    assert "once: about" not in again


def test_the_constraints_are_the_lower_bounds_of_what_is_needed(folder):
    stub(folder, "python", "exit 0")
    stub(folder, ".venv-oldest/bin/python", 'echo "$@" >> asked')
    done = make(folder, "test-oldest", "PYTHON=./python")
    assert done.returncode == 0, done.stderr
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lists = "requirements.txt", "requirements-scale.txt"
    lines = [x for name in lists for x in (ROOT / name).read_text().splitlines()]
    wanted = project["dependencies"] + [x for x in lines if re.match(r"\w", x)]
    found = (folder / ".venv-oldest/oldest.txt").read_text().split()
    assert found == [re.sub(r">=([\d.]+),<[\d.]+$", r"==\1", x) for x in wanted]
    asked = (folder / "asked").read_text().splitlines()
    assert "-c .venv-oldest/oldest.txt -r requirements-test.txt" in asked[0]
    assert asked[1].startswith("-m pytest ")


@pytest.mark.parametrize("target", READY)
def test_a_failed_set_up_is_not_taken_for_done(folder, target):
    stub(folder, "python", "exit 0")
    if target == "test-browser":
        (folder / ".venv/ready").touch()
        stub(folder, "bin/npm", "exit 1")
    for environment in ENVIRONMENTS:
        stub(folder, f"{environment}/bin/python", "exit 1")
    assert make(folder, target, "PYTHON=./python").returncode != 0
    assert not (folder / READY[target][0]).exists()


@pytest.mark.parametrize(
    ("target", "wanted"),
    [("lab", "Python 3.11 or newer"), ("test-oldest", "Python 3.11 or 3.12")],
)
def test_a_python_that_will_not_do_is_refused_with_a_clear_line(folder, target, wanted):
    stub(folder, "python", "exit 1")
    done = make(folder, target, "PYTHON=./python")
    assert done.returncode != 0
    assert wanted in done.stderr


def test_the_wheel_is_built_from_the_tree_as_it_is(folder):
    """A second run installs again, and nothing that an earlier build has left.

    The book, which lies beside it, stays.
    """
    stub(folder, "python", "exit 0")
    stub(
        folder,
        ".venv-wheel/bin/python",
        'echo "$@" >> asked; ls -R build >> asked 2>&1; true',
    )
    for _ in range(2):
        for made in ("build/lib/left", "build/bdist.any/left", "build/book/kept"):
            (folder / made).parent.mkdir(parents=True, exist_ok=True)
            (folder / made).touch()
        (folder / "asked").unlink(missing_ok=True)
        assert make(folder, "test-wheel", "PYTHON=./python").returncode == 0
    asked = (folder / "asked").read_text()
    assert "--force-reinstall" in asked and "tests/alone.py" in asked
    assert "left" not in asked and "kept" in asked


def test_clean_leaves_nothing_that_git_does_not_know(folder):
    """What the targets make is ignored by git, and gone after `make clean`."""
    made = {*ENVIRONMENTS, ".book", "build", DRIVER}
    for name in made:
        (folder / name).mkdir(exist_ok=True)
    ignored = (ROOT / ".gitignore").read_text().split()
    assert made <= {name.rstrip("/") for name in ignored}
    assert make(folder, "clean").returncode == 0
    assert not [name for name in made if (folder / name).exists()]


def test_help_names_every_target():
    listed = make(ROOT, "-s", "help").stdout
    phony = re.search(r"^\.PHONY: (.*)", (ROOT / "Makefile").read_text(), re.M)[1]
    for target in set(phony.split()) - {"help"}:
        assert f"make {target} " in listed


WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_what_a_workflow_runs_is_a_target(path):
    runs = re.findall(r"^ +(?:- )?run: (.*)", path.read_text(), re.M)
    assert runs
    for words in map(str.split, runs):
        assert words[0] == "make" and make(ROOT, "-n", *words[1:]).returncode == 0


def test_the_book_has_the_address_that_its_environment_names(folder):
    [place] = re.findall(r"run: make book\n +env:\n +(\w+): ", WORKFLOWS[0].read_text())
    words = ["env", f"{place}=https://example.org/b", "make", "-n", "book"]
    printed = run(words, folder, os.environ["PATH"]).stdout
    assert "-m book --url 'https://example.org/b'" in printed


def test_binder_trusts_each_notebook_on_a_python_that_will_do(tmp_path):
    stub(tmp_path, "python", 'echo "$@"')
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = run([ROOT / "binder/postBuild"], ROOT, path)
    notebooks = sorted(x.name for x in (ROOT / "notebooks").glob("*.ipynb"))
    trusted = " ".join(f"notebooks/{name}" for name in notebooks)
    assert done.stdout.strip() == f"-m jupyter trust {trusted}"
    asked = (ROOT / "binder/requirements.txt").read_text().splitlines()[-1]
    assert (ROOT / "binder" / asked.removeprefix("-r ")).exists()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    version = (ROOT / "binder/runtime.txt").read_text().strip().removeprefix("python-")
    assert SpecifierSet(project["requires-python"]).contains(version)


STAGES = ["test", "test-more", ".venv-oldest/ready-to-test", "test-oldest"]
STAGES += ["cluster", "test-cluster", "test-frameworks", "fuzz", "certify"]
STAGES += ["test-wheel", "test-exercises", "test-browser", "test-book"]


def ci(folder, **stubs):
    """What .ci/run prints where `make` and others are stubs, on no other path."""
    for command in ("bash", "dirname", "grep", "mktemp", "tee", "timeout"):
        (folder / command).symlink_to(shutil.which(command))
    for name, text in stubs.items():
        stub(folder, name.replace("_", "-"), text)
    return run(["bash", ROOT / ".ci/run"], ROOT, str(folder))


NEEDED = ["chromium", "firefox_esr", "node", "npm", "mpirun", "coqc"]
NEEDED = dict.fromkeys(NEEDED, "")


@pytest.mark.parametrize("failing", ["", *STAGES])
def test_ci_makes_each_and_fails_with_each(tmp_path, failing):
    made = f'echo "made $1"; [ "$1" != "{failing}" ]'
    done = ci(tmp_path, make=made, **NEEDED)
    wanted = STAGES[: STAGES.index(failing) + 1] if failing else STAGES
    assert done.stdout.splitlines() == [f"made {stage}" for stage in wanted]
    assert (done.returncode == 0) == (not failing)


def test_ci_tries_once_more_where_a_kernel_died_as_it_started(tmp_path):
    tried = tmp_path / "tried"
    dies = 'echo "Kernel died before replying to kernel_info" >&2; exit 1'
    made = f"""echo "made $1"
if [ "$1" = test-oldest ] && [ ! -e "{tried}" ]; then : > "{tried}"; {dies}; fi"""
    done = ci(tmp_path, make=made, **NEEDED)
    assert done.returncode == 0
    assert done.stdout.count("made test-oldest") == 2
    assert done.stdout.count("made ") == len(STAGES) + 1


@pytest.mark.parametrize(("user", "installs"), [(0, True), (1000, False)])
def test_ci_installs_what_is_missing_where_it_may(tmp_path, user, installs):
    there = {"chromium": "", "npm": ""}
    stubs = {"make": 'echo "made $1"', "apt_get": 'echo "$@"', "id": f"echo {user}"}
    printed = ci(tmp_path, **stubs, **there).stdout.splitlines()
    asked = [line for line in printed if not line.startswith("made")]
    update = "update --quiet=2"
    install = "install --quiet=2 --yes --no-install-recommends"
    packages = "libcoq-coquelicot coq openmpi-bin firefox-esr nodejs"
    wanted = [update, f"{install} {packages}"]
    assert asked == wanted * installs
    if installs:
        assert printed.index("made test-oldest") > printed.index(wanted[1])


def test_ci_fails_where_what_is_missing_cannot_be_installed(tmp_path):
    stubs = {"make": 'echo "made $1"', "apt_get": "exit 1", "id": "echo 0"}
    done = ci(tmp_path, **stubs)
    assert done.returncode != 0
    assert "made test-oldest" not in done.stdout


def test_without_node_the_browser_tests_say_so(folder):
    for command in ("node", "npm"):
        (folder / "bin" / command).unlink()
    for command in ("sh", "make", "touch"):
        (folder / "bin" / command).symlink_to(shutil.which(command))
    (folder / ".venv/ready").touch()
    words = ["make", "-o", ".venv/ready", "test-browser"]
    done = run(words, folder, str(folder / "bin"))
    assert done.returncode != 0
    assert "Node.js 18 or newer and npm are needed" in done.stderr


PICTURE = """\
class Figure:
    def _repr_mimebundle_(self, **_):
        return {"image/png": ""}, {"image/png": {"alt": "a red dot"}}
Figure()"""


def test_notebooks_are_run_and_keep_their_tags(tmp_path):
    """nbval and the exercises need the tags; a machine's metadata stays out."""
    cell = nbformat.v4.new_code_cell("6 * 7", metadata={"tags": ["exercise"]})
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    picture = nbformat.v4.new_code_cell(PICTURE)
    two = [cell, picture]
    before = nbformat.v4.new_notebook(cells=two, metadata={"kernelspec": kernel})
    nbformat.write(before, tmp_path / "small.ipynb")
    words = [f"NOTEBOOKS='{tmp_path}/small.ipynb'", f"PY='{sys.executable}'"]
    done = make(ROOT, "-o", ".venv/ready", "notebooks", *words)
    assert done.returncode == 0, done.stderr
    after = nbformat.read(tmp_path / "small.ipynb", as_version=4)
    assert after.cells[0].outputs[0]["data"]["text/plain"] == "42"
    assert after.cells[0].metadata == {"tags": ["exercise"]}
    assert after.cells[1].metadata == {"mystnb": {"image": {"alt": "a red dot"}}}
    assert after.metadata == {"kernelspec": kernel, "language_info": {"name": "python"}}
