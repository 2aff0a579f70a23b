"""The entrance: what `helpers` offers, and what importing it costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import helpers

ROOT = Path(helpers.__file__).parent
HEAVY = ("matplotlib", "IPython", "ipywidgets", "sympy")


def loaded_after(code):
    """Which heavy libraries a new Python holds once it has run the code."""
    tell = f"import sys; print(*(m for m in {HEAVY} if m in sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", f"{code}\n{tell}"],
        cwd=ROOT,
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
    widgets = {"IPython", "ipywidgets"}
    assert loaded_after("import helpers; helpers.progress") >= widgets


def defined_in(module):
    """The public functions and classes of a module of arrays/."""
    path = ROOT / "arrays" / module
    body = ast.parse(path.read_text(encoding="utf-8")).body
    found = [x.name for x in body if isinstance(x, ast.FunctionDef | ast.ClassDef)]
    return {name for name in found if not name.startswith("_")}


def test_what_is_for_readers_is_offered_and_nothing_else():
    public = {"linear_softmax_cross_entropy_grad", "progress"}
    for module in (
        "softmax",
        "comparisons",
        "gradient_checks",
        "pictures/verdict_table",
        "data/__init__",
    ):
        public |= defined_in(f"{module}.py")
    for path in (ROOT / "arrays" / "pictures").rglob("*.py"):
        public |= {x for x in defined_in(path) if x.startswith(("plot_", "explore_"))}
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
