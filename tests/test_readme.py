"""What the README says is run: its commands, its example, the names it gives."""

import doctest
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from derivations.__main__ import main
from derivations.letters import Sum, a, i, n, softmax
from derivations.proof import Derivation
from derivations.theorems import catalogue

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
INLINE = re.findall(r"`([^`\n]+)`", README)
SHOWN = re.findall(r"^    ((?:make|python3|py|\.venv)\b.*?)(?: +#.*)?$", README, re.M)
COMMANDS = [*SHOWN, *(words for words in INLINE if words.startswith("make "))]
WINDOWS = [x for x in COMMANDS if x.startswith("py ") or "\\" in x]
POSIX = [x for x in COMMANDS if x not in WINDOWS]

MODULES = {
    "book-serve": "book.serve",  # test_book.py serves a page
    "exercises": "book.assignments",  # test_assignments.py writes them
    "slides": "book.slides",  # test_slides.py makes their pages
    "certify": "certificates.certify",  # it asks Rocq, which not everybody has
}
OUTSIDE_MAKE = {x: v for x, v in os.environ.items() if not x.startswith("MAKE")}


def run(*words, cwd=ROOT):
    return subprocess.run(
        words,
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=OUTSIDE_MAKE | {"PYTHONIOENCODING": "utf-8"},
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("command", POSIX)
def test_a_command_does_what_it_is_there_for(command, tmp_path):
    """Each is run, with the Python of the tests; what is left out is said here."""
    python, words = sys.executable, shlex.split(command)
    quoted = f"PY='{python}'"  # the folder may have spaces in its name
    match words:
        case ["make", "lab"]:
            opens_a_lab(tmp_path, ["make", "-o", ".venv/ready", quoted, "lab"])
        case ["make", "lab", "ARGS=--no-browser"]:  # what `opens_a_lab` gives it, too
            done = run("make", "-n", "-o", ".venv/ready", quoted, *words[1:])
            trusts, opens, *_ = done.stdout.splitlines()
            assert trusts.endswith(" -m jupyter trust notebooks/*.ipynb")
            assert " -m jupyterlab --no-browser " in opens
        case [".venv/bin/jupyter", "lab", notebook]:  # the same server, without make
            assert (ROOT / notebook).exists()
            launcher = [Path(python).with_name(x) for x in ("jupyter", "jupyter-lab")]
            assert all(os.access(command, os.X_OK) for command in launcher)
        case ["make", target] if target in MODULES:
            ready = "-o", ".venv/ready", "-o", ".venv/ready-for-book"
            done = run("make", "-n", *ready, quoted, target)
            assert f"'{python}' -m {MODULES[target]}" in done.stdout, done.stderr
        case ["make", target]:  # the tests cannot run themselves
            done = run("make", "-n", "-o", ".venv/ready-to-test", quoted, target)
            assert f"'{python}' -m pytest" in done.stdout, done.stderr
        case ["python3", "-m", "venv", folder]:  # pip is there or is not: no matter
            made = run(python, *words[1:], "--without-pip", cwd=tmp_path)
            assert made.returncode == 0, made.stderr
            assert (tmp_path / folder / "bin/python").exists()
        case [".venv/bin/pip", "install", *wanted]:  # the tests' set-up has run it
            lines = (ROOT / "requirements-test.txt").read_text(encoding="utf-8")
            assert " ".join(wanted) in lines.splitlines()
        case [".venv/bin/python", "-m", "derivations"]:  # test_command.py runs it
            assert callable(main)
        case [".venv/bin/python", "-m", "derivations", *_]:
            done = run(python, *words[1:])
            assert (done.returncode, done.stderr) == (0, "")
            assert "✓" in done.stdout
        case _:
            pytest.fail(f"say here how {command!r} is run")


def test_windows_has_the_same_commands():
    assert len(WINDOWS) >= 3
    for command in WINDOWS:
        same = command.replace("\\", "/").replace("Scripts", "bin")
        assert re.sub("^py ", "python3 ", same) in POSIX


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def status_of(address, patience=60):
    """The status that a stranger without a token gets, once the server is up."""
    for _ in range(10 * patience):
        try:
            with urllib.request.urlopen(address, timeout=30) as page:
                return page.status
        except urllib.error.HTTPError as refusal:
            refusal.close()
            return refusal.code
        except urllib.error.URLError:
            time.sleep(0.1)
    raise TimeoutError(address)


def opens_a_lab(folder, words):
    """The lab is there, without a browser, and asks a stranger for its token."""
    port = free_port()
    names = "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR"
    quiet = {name: str(folder) for name in names}
    with subprocess.Popen(
        [*words, f"ARGS=--no-browser --allow-root --port={port}"],
        cwd=ROOT,
        env=OUTSIDE_MAKE | quiet,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as lab:
        try:
            assert status_of(f"http://127.0.0.1:{port}/api") == 200
            assert status_of(f"http://127.0.0.1:{port}/api/contents") == 403
        finally:
            os.killpg(lab.pid, signal.SIGTERM)


def test_the_example_prints_what_is_shown():
    """A step, and one that is refused; both as in the README, to the last digit."""
    found = doctest.testfile(str(ROOT / "README.md"), False, encoding="utf-8")
    assert found.failed == 0
    assert found.attempted >= 5


def test_a_reason_is_not_read():
    [step] = [x for x in INLINE if x.startswith(".step(")]
    chain = Derivation(Sum(a[i], (i, 1, n)), where=[softmax])
    longer = eval(f"chain{step}", {"chain": chain})
    assert longer.steps[0].verdict and longer.steps[0].reason in step


def test_what_is_trusted_is_as_much_as_it_says():
    room = ROOT / "certificates"
    modules = "layout", "naming", "unfolding", "gallina", "section", "export"
    translation = [room / f"{x}.py" for x in modules]
    lines = sum(len(x.read_text("utf-8").splitlines()) for x in translation)
    assert f"some {round(lines, -2)} lines of Python" in README
    [_, head, *_] = (room / "Library.v").read_text("utf-8").split("\n(* ---- ")
    defined = len(re.findall(r"^(?:Definition|Fixpoint) ", head, re.M))
    words = {10: "ten", 20: "twenty", 30: "thirty"}
    assert f"some {words[round(defined, -1)]} definitions" in README


def test_the_theorem_that_is_named_is_there():
    [named] = [x for x in INLINE if x.startswith("catalogue()[")]
    assert eval(named, {"catalogue": catalogue}).steps


def test_what_the_layout_names_is_there():
    named = re.findall(r"^    ([\w/]+/|\w+\.py) +\w", README, re.M)
    rooms = {f"{path.parent.name}/" for path in ROOT.glob("[a-z]*/*.py")}
    assert rooms <= set(named)
    files = [x for x in INLINE if re.fullmatch(r"\w+/[\w/.]+", x)]
    assert all((ROOT / path).exists() for path in named + files)
