"""What CONTRIBUTING.md names is there, and the files beside it do their work."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import helpers
from derivations import letters, theorems

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    (\S.*?)(?: +#.*)?$", TEXT, re.M)
INLINE = re.findall(r"`([^`\n]+)`", TEXT)
PYTEST = ".venv/bin/python -m pytest "


def run(*words, cwd=ROOT):
    return subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)


def test_the_files_and_folders_it_names_are_there():
    paths = [
        x for x in INLINE if re.fullmatch(r"[\w.]+(/[\w.]+)+|\w+\.(py|md|toml)", x)
    ]
    ours = [x for x in paths if not re.search(r"/TOPIC|/NN_", x)]
    assert len(ours) >= 10
    assert [x for x in ours if not (ROOT / x).exists()] == []
    assert all((ROOT / x).parent.is_dir() for x in paths)


@pytest.mark.parametrize("command", [x for x in COMMANDS if "pytest" not in x])
def test_a_command_is_one(command):
    if command.startswith("make "):
        assert run("make", "-n", *shlex.split(command)[1:]).returncode == 0
    else:  # test_readme.py runs it
        assert command in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_tests_it_names_are_there():
    """They are collected, and run, beside this one."""
    named = [x.removeprefix(PYTEST).split() for x in COMMANDS if x.startswith(PYTEST)]
    assert len(named) == sum("pytest" in x for x in COMMANDS)
    for word in (word for words in named for word in words):
        assert (ROOT / word).is_file() or word == "--nbval", word


def test_the_names_it_gives_are_there():
    """Each is a word of the file that the sentence names, or of the tests."""
    assert "TOPICS" in INLINE and theorems.TOPICS
    assert letters.__all__ and helpers.__all__
    tests = [x.read_text(encoding="utf-8") for x in ROOT.glob("tests/test_*.py")]
    for name in {"STATEMENTS", "FIGURES"} & set(INLINE):
        assert any(re.search(f"^{name} = ", text, re.M) for text in tests), name


@pytest.mark.parametrize(
    ("text", "refused_by"), [("import os\n", "check"), ("x = ( 1 )\n", "format")]
)
def test_the_hooks_call_the_ruff_of_the_environment(tmp_path, text, refused_by):
    """A hook that finds something says so, or rewrites the file."""
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    entries = [shlex.split(x) for x in re.findall(r"entry: (.*)", hooks)]
    assert len(entries) == 2 == hooks.count("language: system")
    assert any(refused_by in words for words in entries)
    (tmp_path / "x.py").write_text(text)
    for python, *words in entries:
        assert python == ".venv/bin/python"
        done = run(sys.executable, *words, str(tmp_path / "x.py"))
        found = done.returncode != 0 or (tmp_path / "x.py").read_text() != text
        assert found == (refused_by in words), done.stdout + done.stderr
