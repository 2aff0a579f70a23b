"""The README's commands do what it says, and the set-up is what it promises."""

import os
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    ((?:make|python3|\.venv).*?)(?: +#.*)?$", README, re.M)
TOLD_IN_WORDS = re.findall(r"`(make [^`]*)`", README)


def run(command, **options):
    """Run one of the README's commands with the Python that runs the tests."""
    words = shlex.split(command)
    if words[0] == ".venv/bin/python":
        words[0] = sys.executable
    return subprocess.run(
        words,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        **options,
    )


def test_the_commands_are_these():
    """A command that is added to the README must get a test here."""
    assert [*COMMANDS, *TOLD_IN_WORDS] == [
        "make lab",
        "make test",
        "python3 -m venv .venv",
        ".venv/bin/pip install -r requirements.txt",
        ".venv/bin/jupyter lab notebooks/00_the_question.ipynb",
        ".venv/bin/python -m derivations",
        ".venv/bin/python -m derivations logits.by_jacobian --format markdown",
        "make lab ARGS=--no-browser",
    ]


def test_verify_command():
    done = run(".venv/bin/python -m derivations")
    assert done.returncode == 0 and " 0 failed" in done.stdout


def test_export_command():
    done = run(".venv/bin/python -m derivations logits.by_jacobian --format markdown")
    assert done.returncode == 0 and done.stdout.startswith("$$\\begin{aligned}")
    assert done.stdout.count("✓") == 7  # six lines, and the last says what was checked


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("lab", ["-m jupyterlab ", "/lab/tree/notebooks/00_the_question.ipynb"]),
        ("lab ARGS=--no-browser", ["-m jupyterlab --no-browser "]),
        ("test", ["-m ruff check .", "-m ruff format --check .", "--nbval "]),
    ],
)
def test_what_make_would_run(target, expected):
    done = run(f"make -n {target}")
    assert done.returncode == 0, done.stderr
    assert all(part in done.stdout for part in expected)


def copy_setup(folder):
    for path in [
        ROOT / "Makefile",
        ROOT / "pyproject.toml",
        *ROOT.glob("requirements*"),
    ]:
        (folder / path.name).write_bytes(path.read_bytes())


def dry_run(folder, *changed):
    for name in changed:
        os.utime(folder / name, (time.time() + 60,) * 2)
    done = subprocess.run(
        ["make", "-n", "lab"], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_a_second_run_does_not_set_up_again_but_changed_requirements_do(tmp_path):
    folder = tmp_path / "a path with spaces"
    (folder / ".venv").mkdir(parents=True)
    for name in (
        "Makefile",
        "requirements.txt",
        "requirements-test.txt",
        "pyproject.toml",
    ):
        (folder / name).write_bytes((ROOT / name).read_bytes())
    assert "pip install" in dry_run(folder)
    (folder / ".venv" / "ready").touch()
    assert "pip install" not in dry_run(folder, ".venv/ready")
    time.sleep(0.01)
    os.utime(folder / ".venv" / "ready", (0, 0))
    assert "pip install" in dry_run(folder, "requirements.txt")


def test_an_old_python_is_refused_with_a_clear_line(tmp_path):
    copy_setup(tmp_path)
    old = tmp_path / "old-python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = subprocess.run(
        ["make", "lab", "PYTHON=./old-python"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0 and "Python 3.11 or newer is needed" in done.stderr


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


def test_the_lab_asks_for_its_token(tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    home = {
        name: str(tmp_path) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR")
    }
    with subprocess.Popen(
        [*command, f"--port={port}", "notebooks/00_the_question.ipynb"],
        cwd=ROOT,
        env=os.environ | home,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as lab:
        try:
            assert status_of(f"http://127.0.0.1:{port}/api") == 200
            assert status_of(f"http://127.0.0.1:{port}/api/contents") == 403
        finally:
            lab.terminate()


def test_the_readme_is_short():
    assert len(README.split()) < 500


def test_ci_calls_make_test_and_then_the_oldest_versions():
    lines = (ROOT / ".ci/run").read_text().splitlines()
    commands = [line.split(" make ")[1] for line in lines if " make " in line]
    assert commands == ["test", "test-oldest"]
