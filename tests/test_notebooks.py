"""The notebooks as documents: saved outputs, style, chains, exercises, links."""

import ast
import json
import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from nbclient import NotebookClient

from derivations.proof import Derivation
from derivations.theorems import catalogue

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LAZY = re.compile(r"\b(clearly|obviously|trivially|simply|it is easy to see)\b", re.I)
SOLUTION = re.compile(r"<details>.*?```python\n(.*?)```.*?</details>", re.S)
UNATTEMPTED = "answer = ..."

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path, kind):
    found = nbformat.read(path, as_version=4).cells
    return [cell for cell in found if cell.cell_type == kind]


def headings(path):
    text = "\n".join(cell.source for cell in cells(path, "markdown"))
    text = re.sub(r"```.*?```", "", text, flags=re.S)
    return re.findall(r"^(#{1,6}) (.+)$", text, re.M)


def test_the_series_is_whole():
    assert [path.name[:2] for path in NOTEBOOKS] == [f"{n:02}" for n in range(13)]


@each_notebook
def test_every_cell_was_run_once_in_order(path):
    code = cells(path, "code")
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))


@each_notebook
def test_outputs_are_saved_and_clean(path):
    """Cleared outputs would pass nbval; so would a figure that is not there."""
    code = cells(path, "code")
    outputs = [output for cell in code for output in cell.outputs]
    assert len(outputs) >= len(code) / 2
    for cell in code:
        last = cell.source.rstrip().splitlines()[-1]
        if re.fullmatch(r"\w+|check\(.*\)|helpers\.\w+\(.*\)", last):
            assert cell.outputs, f"no output saved for {last!r}"
    assert not [o for o in outputs if o.output_type == "error"]
    assert not [o for o in outputs if o.get("name") == "stderr"]
    assert not re.search(r"0x[0-9a-f]{6,}", json.dumps(outputs))
    if "helpers.plot_" in "".join(cell.source for cell in code):
        assert any("image/png" in o.get("data", {}) for o in outputs)


def chains_in(source):
    """The statements of a cell that type a chain."""
    return [x for x in ast.parse(source).body if "Derivation(" in ast.unparse(x)]


@each_notebook
def test_style_limits(path):
    code = [cell.source for cell in cells(path, "code")]
    for source in code:
        lines = [line for line in source.splitlines() if line.strip()]
        of_chains = sum(x.end_lineno - x.lineno + 1 for x in chains_in(source))
        assert len(lines) - of_chains <= 15, source
        assert not source.rstrip().endswith(";"), source
    asserting = sum(bool(re.search(r"^\s*assert\b", source, re.M)) for source in code)
    assert asserting >= len(code) / 4
    levels = [len(marks) for marks, _ in headings(path)]
    assert levels.count(1) == 1 and max(levels) <= 3
    for cell in cells(path, "markdown"):
        assert not LAZY.search(cell.source), cell.source
    assert path.stat().st_size < 300_000


@each_notebook
def test_opens_with_at_most_three_lines_of_imports(path):
    """Printing is set up by one of them, and none of their names is taken again."""
    code = [cell.source for cell in cells(path, "code")]
    imports = re.findall(r"^(?:import|from) .*", code[0], re.M)
    assert 1 <= len(imports) <= 3
    for source in code:
        assert "init_printing" not in source
        for name in ast.walk(ast.parse(source)):
            if isinstance(name, ast.Name) and name.id in ("theorems", "catalogue"):
                assert isinstance(name.ctx, ast.Load), source


@each_notebook
def test_a_chain_that_is_a_theorem_is_that_theorem(path):
    """Formulas, reasons, hypotheses: what is typed here is what `catalogue` keeps."""
    code = [cell.source for cell in cells(path, "code")]
    typed = [chain for source in code for chain in chains_in(source)]
    assert all(isinstance(chain, ast.Assign) for chain in typed), "a chain has a name"
    if not typed:
        return
    names, theorems = {}, [derive() for derive in catalogue().values()]
    for source in code:
        exec(compile(source, path.name, "exec"), names)
    chains = {x: chain for x, chain in names.items() if isinstance(chain, Derivation)}
    assert len(chains) >= len(typed)
    for name, chain in chains.items():
        asked = [x for x in theorems if (x.start, x.case) == (chain.start, chain.case)]
        same = not asked or chain in asked
        assert same, f"{name} is worded unlike its theorem:\n{chain}"


@each_notebook
def test_frame_of_a_notebook(path):
    first = cells(path, "markdown")[0].source
    assert first.startswith(f"# {int(path.name[:2])}. ")
    assert all(word in first for word in ("**Result:**", "*You need:*", "*You get:*"))
    titles = [title for _, title in headings(path)]
    assert titles[-2:] == ["Check and exercises", "Next"]


@each_notebook
def test_a_wrong_variant_is_refused_in_front_of_the_reader(path):
    outputs = json.dumps([cell.outputs for cell in cells(path, "code")])
    assert re.search(r"differs: (at|yours)", outputs)


@each_notebook
def test_no_machine_in_the_file(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"/(home|work|tmp|root|Users)/", text)
    notebook = json.loads(text)
    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}
    assert not any("execution" in cell["metadata"] for cell in notebook["cells"])


def exercises(path):
    """Each exercise cell with the solution that is folded below it."""
    found = nbformat.read(path, as_version=4).cells
    for cell, below in pairwise(found):
        if "exercise" in cell.metadata.get("tags", []):
            yield cell, SOLUTION.search(below.source)[1]


@each_notebook
def test_exercises_are_saved_unattempted(path):
    found = list(exercises(path))
    assert 2 <= len(found) <= 3
    for cell, solution in found:
        assert UNATTEMPTED in cell.source and "answer = " in solution
        assert cell.outputs[-1]["data"]["text/plain"] == "not attempted yet"


def solved(path):
    """The notebook with each exercise solved, and solved wrongly, and both judged."""
    notebook = nbformat.read(path, as_version=4)
    solutions = dict((cell.id, solution) for cell, solution in exercises(path))
    run = []
    for cell in notebook.cells:
        run.append(cell)
        if cell.id in solutions:
            for wrong in ("", "answer = answer + 1\n", "answer = -answer\n"):
                attempt = solutions[cell.id] + wrong
                source = cell.source.replace(UNATTEMPTED, attempt)
                run.append(nbformat.v4.new_code_cell(f"{source}"))
                judged = f"assert {'not ' if wrong else ''}bool(list(Out.values())[-1])"
                run.append(nbformat.v4.new_code_cell(judged))
    notebook.cells = run
    return notebook


@each_notebook
def test_solutions_are_right_and_wrong_ones_are_refused(path):
    """`Out` ends with the verdict the exercise shows; a failed assert raises here."""
    where = {"metadata": {"path": str(path.parent)}}
    NotebookClient(solved(path), timeout=120, resources=where).execute()


@pytest.mark.parametrize("page", ["README.md", "notebooks/README.md"])
def test_every_link_leads_to_a_file_and_a_heading(page):
    base = (ROOT / page).parent
    links = re.findall(
        r"\]\(([^)#\s]*)(?:#((?:[^()\s]|\([^()]*\))*))?\)", (ROOT / page).read_text()
    )
    assert len(links) >= 10
    for target, anchor in links:
        assert (base / target).exists(), target
        if anchor:
            known = [title.replace(" ", "-") for _, title in headings(base / target)]
            assert unquote(anchor) in known, (target, anchor)


def test_every_question_has_its_row():
    rows = re.findall(
        r"^\| .*\?.* \| \[", (ROOT / "notebooks/README.md").read_text(), re.M
    )
    assert len(rows) == 28
