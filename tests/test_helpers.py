"""The entrance: what `helpers` offers, and what importing it costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import helpers

HEAVY = ("matplotlib", "IPython", "ipywidgets", "sympy")


def loaded_after(code):
    """Which heavy libraries a new Python holds once it has run the code."""
    tell = f"import sys; print(*(m for m in {HEAVY} if m in sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", f"{code}\n{tell}"],
        cwd=Path(helpers.__file__).parent,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(run.stdout.split())


def test_numbers_load_neither_pictures_nor_widgets_nor_symbols():
    code = "import helpers; helpers.softmax_cross_entropy_grad([0, 1], 0); dir(helpers)"
    assert loaded_after(code) == set()


def test_pictures_load_matplotlib_only_and_explorers_their_widgets():
    assert loaded_after("import helpers; helpers.plot_loss") == {"matplotlib"}
    assert loaded_after("import helpers; helpers.progress") == set(HEAVY) - {"sympy"}


def defined_in(room):
    """The public functions and classes of a module of arrays/."""
    path = Path(helpers.__file__).parent / "arrays" / room
    body = ast.parse(path.read_text(encoding="utf-8")).body
    found = [x.name for x in body if isinstance(x, ast.FunctionDef | ast.ClassDef)]
    return {name for name in found if not name.startswith("_")}


def test_what_the_rooms_for_readers_define_is_offered_and_nothing_else():
    rooms = (
        "softmax",
        "checks",
        "verdicts",
        "data/__init__",
        "pictures",
        "errors",
        "growth",
        "explorers",
    )
    public = set().union(*(defined_in(f"{room}.py") for room in rooms))
    public.add("linear_softmax_cross_entropy_grad")  # of blocks, whose rest serves it
    assert set(helpers.__all__) == public
    assert dir(helpers) == sorted(public)


@pytest.mark.parametrize("name", helpers.__all__)
def test_each_name_is_there_and_says_what_it_is(name):
    offered = getattr(helpers, name)
    assert offered.__name__ == name
    assert offered.__doc__


@pytest.mark.parametrize("name", ["plot_x", "explore", "_figure", "_real", "plt"])
def test_another_name_is_an_ordinary_mistake(name):
    message = f"module 'helpers' has no attribute '{name}'"
    with pytest.raises(AttributeError, match=message):
        getattr(helpers, name)
    assert not hasattr(helpers, name)
