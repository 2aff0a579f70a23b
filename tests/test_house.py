"""The sizes of the house: no long module, no full room, and heads that are true maps.

The arrows between the rooms stand in pyproject.toml, and `lint-imports` holds them.
"""

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PRODUCT = [ROOT / "helpers.py"] + [
    path
    for room in ("arrays", "book", "certificates", "derivations")
    for path in (ROOT / room).rglob("*")
    if path.suffix in {".py", ".js", ".mjs"}
]
ROOMS = sorted({path.parent for path in PRODUCT if path.suffix == ".py"} - {ROOT})
LONGEST, FULLEST = 350, 12
MAP = re.compile(r"^ *(\w+) {2,}\S", re.M)


def test_no_module_is_too_long():
    lines = {x: len(x.read_text(encoding="utf-8").splitlines()) for x in PRODUCT}
    assert {x.name: count for x, count in lines.items() if count > LONGEST} == {}


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
class TestRoom:
    def test_is_not_too_full(self, room):
        modules = [x for x in room.glob("*.py") if x.name != "__init__.py"]
        assert len(modules) <= FULLEST or room.name == "theorems"  # one a topic

    def test_has_a_head_that_names_what_is_inside(self, room):
        modules = {x.stem for x in room.glob("*.py")} - {"__init__"}
        rooms = {x.relative_to(room).parts[0] for x in PRODUCT if room in x.parents[1:]}
        head = import_module(".".join(room.relative_to(ROOT).parts)).__doc__
        assert sorted(MAP.findall(head)) == sorted(modules | rooms)


LATE = {
    "a text that is read": ("lark", "derivations.text.reading"),
    "a wrong answer": ("derivations.mistakes",),
    "a loss of one's own": ("derivations.loss.lines", "derivations.loss.compiled"),
    "a level": ("derivations.request",),
    "a theorem": ("derivations.theorems.softmax",),
    "numbers and pictures": ("numpy", "matplotlib", "IPython"),
}


def test_a_notebook_begins_without_what_only_some_cells_need():
    code = "import sys; from derivations.notebook import *; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = run.stdout.split()
    early = {x: why for why, late in LATE.items() for x in late if x in loaded}
    assert early == {}


@pytest.mark.parametrize("name", ["proof", "request", "theorems", "notebook"])
def test_the_engine_loads_no_numpy_and_leaves_the_collector(name):
    code = (
        f"import gc, sys, derivations.{name}; "
        "print('numpy' in sys.modules, gc.get_freeze_count(), gc.isenabled())"
    )
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "0", "True"]
