"""The house rules: what a room may import, and how long a file may be."""

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ["arrays", "book", "derivations", "helpers"]
# What no module of a room may import; files that are excepted stand in EXCEPTED.
FORBIDDEN = {
    "arrays": {"sympy", "derivations", "helpers", "bench", "book", "jax"},
    "book": {"numpy", "matplotlib", "arrays", "helpers", "bench", "jax"},
    "helpers": {
        "sympy",
        "derivations",
        "bench",
        "book",
        "matplotlib",
        "ipywidgets",
        "IPython",
        "jax",
    },
    "derivations": {"numpy", "matplotlib", "arrays", "helpers", "bench", "book", "jax"},
}
# JAX stays optional: only what is imported by name, and by no other room, needs it.
EXCEPTED = {
    "derivations.to_numpy": {"numpy"},
    "arrays.sharded": {"jax"},
    "arrays.sharded.__main__": {"jax"},
    "arrays.sharded.devices": {"jax"},
    "arrays.sharded.gradients": {"jax"},
    "arrays.sharded.inputs": {"jax"},
    "arrays.sharded.processes": {"jax"},
    "arrays.sharded.shards": {"jax"},
}
LONGEST = 450
# What the lowest modules of the engine may import of their room, and no more.
LOWEST = {
    "derivations.signs": set(),
    "derivations.verdict": set(),
    "derivations.terms": {"derivations.signs"},
    "derivations.letters": {"derivations.terms"},
    "derivations.balls": {"derivations.verdict"},
    "derivations.interpreter": {"derivations.terms"},
    "derivations.points": {
        f"derivations.{name}"
        for name in ("balls", "interpreter", "letters", "terms", "verdict")
    },
}
JUDGES = ["derivations.calculus", "derivations.points"]
SHARED = {f"derivations.{name}" for name in ("letters", "terms", "verdict", "signs")}
DOORS = {f"derivations.{door}" for door in ("notebook", "summary", "__main__")}
"""They may know the theorems."""
CARRIED = {"book.desk", "book.exercises", "book.shown"}
"""What of the book runs in a browser: on Python, SymPy and the engine alone."""


def name_of(path, root):
    """The name under which a file is imported."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules(room, root=ROOT):
    """The files of a room: a package, or a single module; {name: path}."""
    paths = [root / f"{room}.py", *(root / room).rglob("*.py")]
    return {name_of(path, root): path for path in paths if path.exists()}


def imported(path, name):
    """What a file imports, anywhere in it: `x.y` for `from x import y`.

    A relative import is named in full, so that it is judged like any other.
    """
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            whole = [*above, node.module] if node.level else [node.module]
            base = ".".join(part for part in whole if part)
            yield from (f"{base}.{alias.name}" for alias in node.names)


def forbidden_imports(room, root=ROOT):
    """Every import that the rule of the room forbids, as (importer, imported)."""
    return {
        (name, other)
        for name, path in modules(room, root).items()
        for other in imported(path, name)
        if other.split(".")[0] in FORBIDDEN[room] - EXCEPTED.get(name, set())
    }


def graph(room, root=ROOT):
    """{module: the modules of its room that it imports}."""
    files = modules(room, root)
    found = {}
    for name, path in files.items():
        # `x.y` is a module, or the name y in the module x.
        others = {
            other if other in files else other.rpartition(".")[0]
            for other in imported(path, name)
        }
        found[name] = others & set(files) - {name}
    return found


def circle(room, root=ROOT):
    """The modules that import each other in a circle, or None."""
    try:
        TopologicalSorter(graph(room, root)).prepare()
    except CycleError as error:
        return error.args[1]
    return None


def too_long(room, root=ROOT):
    """{file: lines} of the files above the limit."""
    lines = {
        name: len(path.read_text(encoding="utf-8").splitlines())
        for name, path in modules(room, root).items()
    }
    return {name: count for name, count in lines.items() if count > LONGEST}


def behind(module, room, root=ROOT):
    """All modules of the room that a module imports, directly or by others."""
    known = graph(room, root)
    found = set()
    waiting = [module]
    while waiting:
        new = known[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def above(root=ROOT):
    """Every import by which a lowest module of the engine reaches above itself."""
    known = graph("derivations", root)
    return {
        (name, other)
        for name, allowed in LOWEST.items()
        for other in known.get(name, set()) - allowed
    }


def shared_by_judges(root=ROOT):
    """What both judges rest on, themselves included, beyond what they may share."""
    one, two = ({x} | behind(x, "derivations", root) for x in JUDGES)
    return one & two - SHARED


def needs_jax(root=ROOT):
    """The modules outside of arrays.sharded that import it, directly or by others."""
    return {
        name
        for name in graph("arrays", root)
        if not f"{name}.".startswith("arrays.sharded.")
        and any(
            f"{other}.".startswith("arrays.sharded.")
            for other in behind(name, "arrays", root)
        )
    }


def not_carried(root=ROOT):
    """What the desk leads to, and a browser does not have, as (importer, imported)."""
    files, own = modules("book", root), behind("book.desk", "book", root)
    known = {*sys.stdlib_module_names, "sympy", "derivations", "book"}
    return {("book.desk", name) for name in own - CARRIED} | {
        (name, other)
        for name in CARRIED & set(files)
        for other in imported(files[name], name)
        if other.split(".")[0] not in known
    }


def known_theorems(root=ROOT):
    """Every import of a theorem by a module of the engine."""
    return {
        (name, other)
        for name, others in graph("derivations", root).items()
        for other in others
        if is_theorem(other) and not is_theorem(name) and name not in DOORS
    }


def is_theorem(name):
    return f"{name}.".startswith("derivations.theorems.")


def cost(module, root=ROOT):
    """Whether importing a module loads NumPy, and what it does to the collector."""
    code = (
        f"import gc, sys, {module}; "
        "print('numpy' in sys.modules, gc.get_freeze_count(), gc.isenabled())"
    )
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return run.stdout.split()


FREE = ["False", "0", "True"]


@pytest.mark.parametrize("room", ROOMS)
class TestRoom:
    def test_is_there(self, room):
        assert modules(room)

    def test_imports_nothing_from_outside_its_rule(self, room):
        assert forbidden_imports(room) == set()

    def test_has_no_circle(self, room):
        assert circle(room) is None

    def test_has_no_long_file(self, room):
        assert too_long(room) == {}


def test_no_other_room_of_arrays_needs_jax():
    assert needs_jax() == set()


def test_the_desk_is_made_of_what_a_browser_has():
    assert set(modules("book")) >= CARRIED and not_carried() == set()


class TestEngine:
    def test_has_all_rooms_that_the_rules_name(self):
        named = {*LOWEST, *JUDGES, *SHARED, *DOORS, *EXCEPTED}
        assert named <= {*modules("derivations"), *modules("arrays")}

    def test_the_lowest_modules_reach_no_higher(self):
        assert above() == set()

    def test_the_judges_are_apart(self):
        assert shared_by_judges() == set()

    def test_knows_no_theorem(self):
        assert known_theorems() == set()

    @pytest.mark.parametrize("name", ["proof", "own_loss", "theorems", "notebook"])
    def test_importing_it_loads_no_numpy_and_leaves_the_collector(self, name):
        assert cost(f"derivations.{name}") == FREE


@pytest.fixture
def house(tmp_path):
    """Build a small house of files {path: text}, to see the rules broken."""

    def build(files):
        for place, text in files.items():
            path = tmp_path / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return build


class TestTheRulesCanBeBroken:
    @pytest.mark.parametrize(
        "line",
        [
            "import sympy",
            "import sympy.core as core",
            "from sympy import Symbol",
            "def f():\n    import sympy",
            "try:\n    from sympy.core import Add\nexcept ImportError:\n    pass",
        ],
    )
    def test_a_forbidden_import(self, house, line):
        root = house({"arrays/__init__.py": "", "arrays/data/__init__.py": line})
        assert {name for name, _ in forbidden_imports("arrays", root)} == {
            "arrays.data"
        }

    def test_the_exception_holds_for_one_file_and_one_library(self, house):
        text = "import numpy\nimport helpers"
        root = house({"derivations/to_numpy.py": text, "derivations/source.py": text})
        assert forbidden_imports("derivations", root) == {
            ("derivations.to_numpy", "helpers"),
            ("derivations.source", "numpy"),
            ("derivations.source", "helpers"),
        }

    def test_a_room_that_needs_jax(self, house):
        files = {
            "__init__": "",
            "sharded/__init__": "import jax",
            "sharded/split": "import arrays.sharded",
            "one": "from arrays.sharded.split import mesh",
            "two": "from arrays import one",
            "three": "import numpy",
        }
        root = house({f"arrays/{name}.py": text for name, text in files.items()})
        assert needs_jax(root) == {"arrays.one", "arrays.two"}

    @pytest.mark.parametrize(
        ("one", "two"),
        [
            ("import arrays.two", "import arrays.one"),
            ("from arrays import two", "from arrays.one import x"),
            ("from . import two", "from .one import x"),
            ("def f():\n    from .two import y", "from arrays import one"),
        ],
    )
    def test_a_circle(self, house, one, two):
        files = {"arrays/__init__.py": "", "arrays/one.py": one, "arrays/two.py": two}
        assert set(circle("arrays", house(files))) == {"arrays.one", "arrays.two"}

    def test_a_room_beside_it_through_the_package_is_no_circle(self, house):
        files = {
            "__init__": "from .two import x",
            "one": "",
            "two": "from . import one",
        }
        root = house({f"arrays/{name}.py": text for name, text in files.items()})
        assert circle("arrays", root) is None

    def test_a_circle_through_the_package(self, house):
        root = house(
            {
                "arrays/__init__.py": "from .one import x",
                "arrays/one.py": "import arrays",
            }
        )
        assert set(circle("arrays", root)) == {"arrays", "arrays.one"}

    def test_a_name_that_is_no_module_is_no_circle(self, house):
        root = house(
            {
                "arrays/__init__.py": "",
                "arrays/softmax.py": "from arrays.inputs import softmax",
                "arrays/inputs.py": "import softmax",
            }
        )
        assert circle("arrays", root) is None

    @pytest.mark.parametrize(("lines", "longest"), [(450, {}), (451, {"helpers": 451})])
    def test_a_long_file(self, house, lines, longest):
        assert too_long("helpers", house({"helpers.py": "x = 1\n" * lines})) == longest

    @pytest.mark.parametrize(
        ("name", "line", "other"),
        [
            ("terms", "from derivations import letters", "letters"),
            ("terms", "def f():\n    from .verdict import Undecidable", "verdict"),
            ("letters", "from derivations.signs import is_positive", "signs"),
            ("signs", "from derivations import terms", "terms"),
            ("verdict", "import derivations.terms", "terms"),
        ],
    )
    def test_a_low_module_that_reaches_up(self, house, name, line, other):
        rooms = ("__init__", "terms", "letters", "verdict", "signs")
        files = {f"derivations/{room}.py": "" for room in rooms}
        root = house(files | {f"derivations/{name}.py": line})
        assert above(root) == {(f"derivations.{name}", f"derivations.{other}")}

    @pytest.mark.parametrize(
        ("calculus", "points", "shared"),
        [
            ("", "from derivations.calculus import Undecidable", {"calculus"}),
            ("from derivations import points", "", {"points"}),
            ("import derivations.rational", "from .rational import x", {"rational"}),
            ("import derivations.one", "import derivations.two", {"third"}),
        ],
    )
    def test_judges_that_share(self, house, calculus, points, shared):
        files = {
            "__init__": "",
            "letters": "",
            "rational": "",
            "signs": "",
            "third": "",
            "one": "from derivations import third",
            "two": "def f():\n    import derivations.third",
            "calculus": f"from derivations.letters import a\n{calculus}",
            "points": f"from derivations.letters import a\n{points}",
        }
        root = house({f"derivations/{name}.py": text for name, text in files.items()})
        assert shared_by_judges(root) == {f"derivations.{name}" for name in shared}

    @pytest.mark.parametrize(
        "line",
        [
            "from derivations.theorems import catalogue",
            "import derivations.theorems",
            "def f():\n    from .theorems import catalogue",
        ],
    )
    def test_an_engine_that_knows_a_theorem(self, house, line):
        files = {
            "__init__": "",
            "theorems/__init__": "from derivations.theorems import softmax",
            "theorems/softmax": "from derivations.proof import theorem",
            "notebook": line,
            "__main__": line,
            "proof": line,
        }
        root = house({f"derivations/{name}.py": text for name, text in files.items()})
        wrong = {("derivations.proof", "derivations.theorems")}
        assert known_theorems(root) == wrong

    @pytest.mark.parametrize(
        ("file", "line", "found"),
        [
            ("desk", "import numpy", ("book.desk", "numpy")),
            ("shown", "def f():\n    import html5lib", ("book.shown", "html5lib")),
            ("desk", "from book import sources", ("book.desk", "book.sources")),
        ],
    )
    def test_a_desk_that_needs_more_than_a_browser_has(self, house, file, line, found):
        names = ("__init__", "desk", "shown", "exercises", "sources")
        files = {f"book/{name}.py": "" for name in names}
        files["book/desk.py"] = "import json\nfrom book import exercises, shown\n"
        assert not_carried(house(files)) == set()
        files[f"book/{file}.py"] += line
        assert not_carried(house(files)) == {found}

    @pytest.mark.parametrize(
        ("line", "found"),
        [
            ("", FREE),
            ("import numpy", ["True", "0", "True"]),
            ("import gc\ngc.disable()", ["False", "0", "False"]),
        ],
    )
    def test_a_costly_import(self, house, line, found):
        root = house({"derivations/__init__.py": line, "derivations/proof.py": ""})
        assert cost("derivations.proof", root) == found

    def test_a_frozen_collector(self, house):
        root = house({"derivations/__init__.py": "import gc\ngc.freeze()"})
        assert int(cost("derivations", root)[1]) > 0
