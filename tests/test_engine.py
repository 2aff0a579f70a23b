"""How the engine for a browser is made, as far as it needs neither node nor network."""

import ast
import gzip
import io
import json
import marshal
import random
import subprocess
import sys
import zipfile
from importlib import resources
from pathlib import Path

import pytest
import sympy.core.random

from book.engine import build, compiling, snapshot
from book.engine.answers import answer
from book.engine.importing import Importer
from derivations.formulas import caching
from derivations.loss.source import libraries
from derivations.text.notation import parsing
from tests.book_modules import as_in_the_book

ROOT = Path(__file__).parents[1]
MODULE = '''"""What it is."""

class Thing:
    """Words."""

    def method(self):
        "Words."
        async def inner():
            """Words."""
        return inner, "no docstring"

def f(x: "text"):
    """Words."""
    assert x, "kept"
    return {"a", "b", "c"}, f"""not a docstring {x}"""
'''


def codes(code):
    """A code object and all that lie in it."""
    yield code
    for inner in code.co_consts:
        if hasattr(inner, "co_consts"):
            yield from codes(inner)


def read_back(pyc):
    return marshal.loads(pyc[16:])


class TestCompiled:
    def test_has_no_docstring_and_keeps_all_else(self):
        code = read_back(compiling.compiled("m", "m.py", MODULE.encode()))
        found = [x for each in codes(code) for x in each.co_consts]
        assert not {"What it is.", "Words.", "text"} & {
            x for x in found if isinstance(x, str)
        }
        assert not any(each.co_linetable for each in codes(code))
        assert {"no docstring", "kept", "not a docstring "} <= set(found)
        names = {}
        exec(code, names)
        assert names["f"].__doc__ is names["Thing"].__doc__ is None
        assert names["Thing"]().method()[1] == "no docstring"
        with pytest.raises(AssertionError, match="kept"):
            names["f"](0)

    def test_is_a_pyc_that_is_not_held_against_its_source(self, tmp_path, monkeypatch):
        (tmp_path / "thing_of_a_test.pyc").write_bytes(
            compiling.compiled("thing_of_a_test", "thing_of_a_test.py", b"x = 'here'")
        )
        monkeypatch.syspath_prepend(tmp_path)
        import thing_of_a_test  # noqa: PLC0415 (made by this test)

        assert thing_of_a_test.x == "here"

    def test_gives_the_same_bytes_in_every_process(self):
        own = compiling.compiled("m", "m.py", MODULE.encode())
        code = (
            "import sys; from book.engine import compiling; "
            "sys.stdout.buffer.write(compiling.compiled('m', 'm.py', "
            "sys.stdin.buffer.read()))"
        )
        for seed in "12":
            run = subprocess.run(
                [sys.executable, "-c", code],
                cwd=ROOT,
                env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
                input=MODULE.encode(),
                capture_output=True,
                check=True,
            )
            assert run.stdout == own

    def test_a_module_of_documents_keeps_its_names_alone(self):
        (name,) = compiling.ONLY_DOCUMENTS
        code = read_back(compiling.compiled(name, "d.py", b"zeta = 'about zeta'"))
        assert code.co_names == ("zeta",) and "about zeta" not in code.co_consts


MODULES = {
    "sympy": ("sympy/__init__.py", b"from .core import add"),
    "sympy.core": ("sympy/core/__init__.py", b""),
    "sympy.core.add": (
        "sympy/core/add.py",
        b"def f():\n    from ..polys.x import y",
    ),
    "sympy.polys": ("sympy/polys/__init__.py", b""),
    "sympy.polys.x": ("sympy/polys/x.py", b"def f():\n    import sympy.plotting"),
    "sympy.plotting": ("sympy/plotting/__init__.py", b""),
    "sympy.never": ("sympy/never.py", b""),
    "book": ("book/__init__.py", b""),
    "book.engine": ("book/engine/answers.py", b"import sympy.core\nimport book.site"),
    "book.site": ("book/site.py", b""),
}


class TestReached:
    def test_what_a_function_imports_when_it_runs(self):
        found = compiling.reached(["book.engine", "json"], compiling.Loader(MODULES))
        polys = {"sympy.polys", "sympy.polys.x"}
        core = {"sympy", "sympy.core", "sympy.core.add"}
        assert found == {"book", "book.engine"} | core | polys

    def test_what_begins_with_the_name_of_a_room_is_no_part_of_it(self):
        assert compiling._may_follow("sympy.printing.codeprinter")
        assert not compiling._may_follow("sympy.printing.c")

    def test_what_is_left_out_is_kept_where_it_was_loaded(self):
        assert "sympy.plotting" in compiling.reached(
            ["sympy.plotting"], compiling.Loader(MODULES)
        )


class TestLoader:
    def test_imports_what_it_compiled(self, monkeypatch):
        modules = {
            "room_of_a_test": ("room_of_a_test/__init__.py", b"'''Words.'''\nx = 1"),
            "room_of_a_test.one": (
                "room_of_a_test/one.py",
                b"from . import x\ny = x + 1",
            ),
        }
        loader = compiling.Loader(modules)
        monkeypatch.setattr(sys, "meta_path", [loader, *sys.meta_path])
        import room_of_a_test.one  # noqa: PLC0415 (made by this test)

        assert (room_of_a_test.one.y, room_of_a_test.__doc__) == (2, None)
        assert set(loader.made) == set(modules)

    def test_a_package_in_a_package_has_its_texts(self, monkeypatch, tmp_path):
        files = dict.fromkeys(("attic/__init__.py", "attic/box/__init__.py"), b"")
        archive = tmp_path / "attic.zip"
        archive.write_bytes(compiling.packed(files | {"attic/box/a.txt": b"here"}))
        loader = compiling.Loader(compiling.sources(archive), archive)
        monkeypatch.setattr(sys, "meta_path", [loader, *sys.meta_path])
        assert resources.files("attic.box").joinpath("a.txt").read_text() == "here"


class TestImporter:
    def test_reads_each_module_once(self, tmp_path, monkeypatch):
        """Python's own importer reads it for its name, too."""
        sources = {
            "room_of_a_zip/__init__.py": b"from room_of_a_zip.one import x",
            "room_of_a_zip/one.py": b"x = __file__",
        }
        files = {f"{x}c": compiling.compiled("m", x, y) for x, y in sources.items()}
        archive, read = tmp_path / "rooms.zip", []
        archive.write_bytes(compiling.packed(files))
        get_data = Importer.get_data
        monkeypatch.setattr(
            Importer, "get_data", lambda *given: read.append(given) or get_data(*given)
        )
        monkeypatch.setattr(sys, "path_hooks", [Importer])
        monkeypatch.setattr(sys, "path", [str(archive)])
        monkeypatch.setattr(sys, "path_importer_cache", {})
        import room_of_a_zip  # noqa: PLC0415 (made by this test)

        assert room_of_a_zip.x == f"{archive}/room_of_a_zip/one.pyc"
        assert [path for _, path in read] == [f"{archive}/{x}" for x in files]


FILES = {"b/two.txt": b"2" * 500, "a.txt": b"1"}


class TestPacked:
    def test_is_sorted_and_has_one_date(self):
        packed = compiling.packed(FILES)
        assert packed == compiling.packed(dict(reversed(FILES.items())))
        with zipfile.ZipFile(io.BytesIO(packed)) as opened:
            assert opened.namelist() == sorted(FILES)
            assert {x.date_time for x in opened.infolist()} == {compiling.DATE}
            assert opened.read("b/two.txt") == FILES["b/two.txt"]

    def test_its_sources_are_without_tests(self, tmp_path):
        files = {
            "p/__init__.py": b"",
            "p/a.py": b"1",
            "p/tests/test_a.py": b"",
            "x": b"",
        }
        archive = tmp_path / "p.whl"
        archive.write_bytes(compiling.packed(files))
        assert compiling.sources(archive) == {
            "p": ("p/__init__.py", b""),
            "p.a": ("p/a.py", b"1"),
        }


class TestFolder:
    def put(self, tmp_path, text):
        return build._put({"sympy.zip": text.encode()}, tmp_path)

    def test_is_named_by_what_is_in_it(self, tmp_path):
        one, same, other = (self.put(tmp_path, text) for text in "xxy")
        assert one == same and one["folder"] != other["folder"]
        sent = (tmp_path / one["folder"] / "sympy.zip.packed").read_bytes()
        assert gzip.decompress(sent) == b"x"
        assert json.loads((tmp_path / "manifest.json").read_text()) == other
        size = len(sent)  # of either letter
        assert other["files"] == [{"name": "sympy.zip.packed", "bytes": size}]
        assert other["bytes"] == size

    def test_carries_the_whole_engine(self):
        names = build.own_sources(ROOT)
        assert {"derivations/theorems/logits.py", "book/engine/answers.py"} <= set(
            names
        )


def test_worker_is_plain_text_for_a_blob():
    """It has no import of its own, and no address; it runs under the page's policy."""
    text = (ROOT / "book/engine/web_worker.js").read_text(encoding="utf-8")
    assert "http" not in text and "eval(" not in text and "export " not in text
    assert not [x for x in text.splitlines() if x.startswith("import ")]


def test_what_is_left_out_is_no_room_the_engine_names():
    for path in (ROOT / "derivations").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = set(compiling.imported("m", path.name, tree))
        rooms = {".".join(name.split(".")[:2]) for name in names}
        assert not rooms & set(compiling.LEFT_OUT)


@pytest.mark.parametrize(
    "loss",
    [
        "sum_k y_k exp(-a_k)",
        "sum_k y_k exp(1-a_k)",
        "sum_k y_k exp(-a_k/T)",
        "sum_k y_k (exp(tau*(1-a_k)) - 1)/tau",
        "sum_k y_k a_k^(-beta)",
        "sum_k y_k/a_k^beta",
        "log(sum_k y_k^T a_k^(1 - T))/(T - 1)",
    ],
)
@pytest.mark.parametrize("ask", ["loss", "plot", "check"])
def test_an_exponent_needs_nothing_that_is_left_out(ask, loss):
    asked = {"ask": ask, "loss": loss, "activation": "softmax", "parameters": []}
    asked |= {"using": ["H1", "H3"], "values": {}, "z": "1, 2, 0.5", "y": "2"}
    with as_in_the_book():
        found = json.loads(answer(json.dumps(asked)))
    assert {"loss": "chain", "plot": "z", "check": "rows"}[ask] in found


def test_a_right_line_imports_the_topic_of_its_theorem_alone():
    """A reader's first verdict does not wait for the theorems of other pages."""
    line = {"ask": "line", "context": {"theorem": "softmax.sums_to_one"}, "using": []}
    code = (
        "import sys; from book.engine.answers import answer; "
        f"print(answer({json.dumps(line | {'left': '1', 'right': '2 - 1'})!r})); "
        "print([x for x in sys.modules if x.startswith('derivations.theorems.')])"
    )
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    answer, topics = run.stdout.splitlines()
    assert json.loads(answer)["mark"] == "✓"
    assert ast.literal_eval(topics) == ["derivations.theorems.softmax"]


WRONG = snapshot.LINE.replace("1 - a[j]", "1 + a[j]")


@pytest.mark.parametrize("asked", [WRONG, snapshot.LOSS], ids=["wrong", "loss"])
def test_a_first_answer_imports_no_rule(asked):
    """What loads late in a notebook is there when the page says that it is ready."""
    code = (
        "import sys; from book.engine.answers import answer; was = set(sys.modules); "
        f"answer({asked!r}); print(*set(sys.modules) - was)"
    )
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    late = [x for x in run.stdout.split() if x.startswith("derivations.")]
    assert not [x for x in late if not x.startswith("derivations.theorems.")]


class TestSnapshot:
    def test_reads_every_text_there_is(self):
        """A restored engine has no file."""
        caching.forget()
        right, loss = (json.loads(answer(x)) for x in (snapshot.LINE, snapshot.LOSS))
        assert right["verdict"] == "right" and "chain" in loss
        assert libraries._room.cache_info().currsize == len(compiling.QUOTED)
        assert parsing._parser.cache_info().currsize == 1
        assert len(compiling.TEXTS) == len(compiling.QUOTED) + 1

    def test_imports_all_that_lies_in_the_zips(self, tmp_path, monkeypatch):
        modules = {"room_to_keep/__init__.py": b"", "room_to_keep/one.py": b"x = 1"}
        files = {f"{x}c": compiling.compiled("m", x, y) for x, y in modules.items()}
        archive = tmp_path / "rooms.zip"
        archive.write_bytes(compiling.packed(files | {"room_to_keep/a.txt": b"here"}))
        monkeypatch.setattr(sys, "path", ["", str(archive)])
        monkeypatch.setattr(snapshot, "answer", lambda request: None)
        snapshot.complete()
        assert sys.modules["room_to_keep.one"].x == 1

    def test_wakes_with_other_numbers(self):
        drawn = []
        for _ in range(2):
            random.seed(1)
            sympy.core.random.seed(1)
            snapshot.wake()
            drawn += [random.random(), sympy.core.random.random()]
        assert len(set(drawn)) == 4
