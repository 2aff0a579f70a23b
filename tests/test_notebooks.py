"""The notebooks as documents: saved outputs, style, chains, exercises, links."""

import ast
import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import jax
import nbformat
import pytest

from book.pages import exercises as exercises_of_the_book
from book.pages.exercises import Exercise
from book.pages.notebooks import on_screen
from derivations import proof
from derivations.proof import Derivation
from derivations.refusals import claims
from derivations.theorems import catalogue

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
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
    numbers = [int(path.name[:2]) for path in NOTEBOOKS]
    assert numbers == [*range(20)]


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
    words = re.sub(r'"image/png": "[^"]*"', "", json.dumps(outputs))
    assert not re.search(r"0x[0-9a-f]{6,}", words), "an address in memory"
    if "helpers.plot_" in "".join(cell.source for cell in code):
        assert any("image/png" in o.get("data", {}) for o in outputs)


@each_notebook
def test_what_is_shown_can_be_read_anywhere(path):
    """A chain is Markdown, whose words wrap; a picture says what it shows."""
    for cell in cells(path, "code"):
        for data in (output.get("data", {}) for output in cell.outputs):
            if "✓" in data.get("text/plain", ""):
                assert "text/html" not in data
                assert "text/latex" not in data
            if "image/png" in data:
                assert len(data["text/plain"].split()) >= 8, data["text/plain"]
                assert cell.metadata.mystnb.image.alt == data["text/plain"]
            if "<script" in data.get("text/html", ""):
                assert "explore_" in cell.source


def chains_in(source):
    """The statements of a cell that type a chain."""
    return [x for x in ast.parse(source).body if "Derivation(" in ast.unparse(x)]


def lengths(path):
    """Cells, words of prose, words with code and printed text; and the most of each."""
    found = nbformat.read(path, as_version=4).cells
    prose = sum(len(x.source.split()) for x in found if x.cell_type == "markdown")
    words = prose
    for cell in cells(path, "code"):
        words += len(cell.source.split())
        for output in cell.outputs:
            data = output.get("data", {})
            shown = output.get("text") or data.get("text/markdown")
            words += len((shown or data.get("text/plain", "")).split())
    return len(found), prose, words


@each_notebook
def test_style_limits(path):
    for source in (cell.source for cell in cells(path, "code")):
        lines = [line for line in source.splitlines() if line.strip()]
        of_chains = sum(x.end_lineno - x.lineno + 1 for x in chains_in(source))
        assert len(lines) - of_chains <= 15, source
        assert not source.rstrip().endswith(";"), source
    for number, most in zip(lengths(path), (50, 2000, 3000), strict=True):
        assert number <= most
    levels = [len(marks) for marks, _ in headings(path)]
    assert levels.count(1) == 1 and max(levels) <= 3


@each_notebook
def test_a_solution_says_why(path):
    """Words stand before the code of it, or behind."""
    for source in (x.source for x in cells(path, "markdown")):
        for solution in re.findall(r"</summary>(.*?)</details>", source, re.DOTALL):
            words = re.sub(r"```.*?```", "", solution, flags=re.DOTALL)
            assert len(words.split()) >= 5, solution


HANDLING = (
    r"\b(?:[Dd]rag|[Tt]ick|[Uu]ntick|[Pp]ress|choose another|Type it|arrow keys)\b"
)
OF_CODE = r"\b(?:[Rr]un the cell|next cell|In the code|[Ww]e print)\b"


@each_notebook
def test_what_is_done_on_a_screen_is_said_on_screen_alone(path):
    for text in (x.source for x in cells(path, "markdown")):
        on_paper = re.sub(r'<span class="on-screen">.*?</span>', "", on_screen(text))
        assert not re.findall(rf".*{HANDLING}.*|.*{OF_CODE}.*", on_paper)


MAKES_A_CHAIN = r"\.step\(|\bDerivation\(|\bderive\("


def cells_behind(code, wanted):
    """The cells in which `wanted` is found, and those that make what these read."""
    needed, behind = {"*"}, []
    for source in reversed(code):
        makes, reads = names_of(source)
        if re.search(wanted, source) or makes & needed:
            needed |= reads
            behind.insert(0, source)
    return behind


def names_of(source):
    """The names that a cell leaves behind, `*` among them, and those that it reads.

    What is stored within a function is its own.
    """
    makes, reads = set(), set()
    for statement in ast.parse(source).body:
        parts = list(ast.walk(statement))
        names = [x for x in parts if isinstance(x, ast.Name)]
        stored = {x.id for x in names if isinstance(x.ctx, ast.Store)}
        imported = {x.asname or x.name for x in parts if isinstance(x, ast.alias)}
        if isinstance(statement, ast.FunctionDef):
            arguments = {x.arg for x in parts if isinstance(x, ast.arg)}
            reads |= {x.id for x in names} - stored - arguments
            makes.add(statement.name)
        else:
            reads |= {x.id for x in names}
            makes |= stored | imported
    return makes, reads


@pytest.fixture(scope="module")
def judged():
    """What is said of each line of a theorem, which is not proved once more here."""
    known = {}
    for chain in (derive() for derive in catalogue().values()):
        left = chain.start
        for step in chain.steps:
            given = left, step.right, chain.where, step.using, chain.case
            known[claims.claim(*given)] = step.verdict
            left = step.right
    decide = proof.decide
    return lambda claim, *given, **named: (
        known.get(claim) or decide(claim, *given, **named)
    )


@each_notebook
def test_a_chain_that_is_a_theorem_is_that_theorem(path, judged, monkeypatch):
    """Formulas, reasons, hypotheses: what is typed here is what `catalogue` keeps."""
    monkeypatch.setattr(proof, "decide", judged)
    code = [cell.source for cell in cells(path, "code")]
    typed = [chain for source in code for chain in chains_in(source)]
    assert all(isinstance(chain, ast.Assign) for chain in typed), "a chain has a name"
    if not typed:
        return
    names, theorems = {}, [derive() for derive in catalogue().values()]
    for source in cells_behind(code, MAKES_A_CHAIN):
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
    titles = [title for level, title in headings(path) if len(level) == 2]
    assert titles[-2:] == ["Check and exercises", "Next"]


@each_notebook
def test_leads_back_and_on_to_the_map_and_to_the_questions(path):
    first = cells(path, "markdown")[0].source.splitlines()[-1]
    targets = re.findall(r"\]\(([^)]*)\)", first)
    at = NOTEBOOKS.index(path)
    beside = [x.name for x in NOTEBOOKS[max(0, at - 1) : at + 2] if x != path]
    home = "#The-map" if at == 0 else "00_the_question.ipynb#The-map"
    assert sorted(targets) == sorted([*beside, home, "README.md"])


LINK = re.compile(r"\]\(([^)#\s]*)(?:#((?:[^()\s]|\([^()]*\))*))?\)")
NOT_PROSE = re.compile(r"```.*?```|`[^`\n]*`|\$[^$]*\$", re.S)


@each_notebook
def test_each_notebook_that_is_named_is_a_link(path):
    for cell in cells(path, "markdown"):
        prose = NOT_PROSE.sub("", cell.source)
        for text, number, target in re.findall(
            r"(\[?)\b[Nn]otebook (\d+)(?:\]\(([^)]*)\))?", prose
        ):
            if int(number) != int(path.name[:2]):
                assert text and target.startswith(f"{int(number):02}_"), cell.source


def test_the_map_and_its_short_path():
    (table,) = [
        x.source for x in cells(NOTEBOOKS[0], "markdown") if "## The map" in x.source
    ]
    rows = re.findall(r"^\| (★ )?\[(\d+) .*?\]\((.*?)\) \|", table, re.M)
    assert [target for *_, target in rows] == [path.name for path in NOTEBOOKS[1:]]
    assert [int(number) for star, number, _ in rows if star] == [2, 4, 5]


@each_notebook
def test_a_wrong_variant_is_refused_in_front_of_the_reader(path):
    outputs = json.dumps([cell.outputs for cell in cells(path, "code")])
    assert re.search(r"differs: (at|yours)", outputs)


@each_notebook
def test_no_machine_in_the_file_and_not_too_large_to_be_shown(path):
    text = path.read_text(encoding="utf-8")
    assert path.stat().st_size < 300_000
    assert not re.search(r"/(home|work|tmp|root|Users)/", text)
    notebook = json.loads(text)
    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}
    assert not any("execution" in cell["metadata"] for cell in notebook["cells"])


def exercises(path):
    """Each exercise cell with the solution that is folded below it."""
    found = nbformat.read(path, as_version=4).cells
    number = 0
    for above, cell, below in zip(found, found[1:], found[2:], strict=False):
        if "exercise" in cell.metadata.get("tags", []):
            number += 1
            assert above.source.startswith(f"### Exercise {number}\n")
            assert below.source.startswith("<details>")
            assert below.source.endswith("</details>")
            yield cell, SOLUTION.search(below.source)[1]


@each_notebook
def test_exercises_are_saved_unattempted(path):
    found = list(exercises(path))
    assert 2 <= len(found) <= 3
    for cell, solution in found:
        assert UNATTEMPTED in cell.source and "answer = " in solution
        assert cell.outputs[-1]["data"]["text/plain"] == "not attempted yet"


@cache
def in_book(path):
    """The exercises that the book's page of a notebook asks."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return exercises_of_the_book.exercises(notebook, path.name)


def asked_by_formula(source, names):
    """The exercise that a cell asks, or None where its answer is no formula."""
    own = re.search(r"^(\w+)\.check\(answer\)", source, re.M)
    _, by_formula, rest = source.rpartition("\ncheck(answer, ")
    if own:
        rest = f"Derivative(L, z[j]), {own[1]}.chain.where, {own[1]}.chain.uses)"
    if own or by_formula:
        return eval(f"Exercise({rest}", names | {"Exercise": Exercise})
    return None


def value_of_last_line(source, names):
    """Run a cell as a notebook does, and return what its last line shows."""
    *body, last = ast.parse(source).body
    exec(compile(ast.Module(body, []), "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)


@pytest.fixture
def precision_of_jax():
    """A cell of notebook 9 changes it, for the whole process."""
    before = jax.config.jax_enable_x64
    yield
    jax.config.update("jax_enable_x64", before)


@each_notebook
@pytest.mark.usefixtures("precision_of_jax")
def test_solutions_are_right_and_wrong_ones_are_refused(path):
    """Run without a kernel: only the cells that make what an exercise reads.

    The book asks the same, where the answer is a formula.
    """
    code = [cell.source for cell in cells(path, "code")]
    for number, (cell, solution) in enumerate(exercises(path), start=1):
        names, right = {}, cell.source.replace(UNATTEMPTED, solution)
        before = [*code[: code.index(cell.source)], right]
        for source in cells_behind(before, re.escape(right))[:-1]:
            exec(compile(source, path.name, "exec"), names)
        assert value_of_last_line(right, names)
        asked = in_book(path).get(f"{path.stem}/{number}")
        assert asked_by_formula(cell.source, names) == asked
        for slip, mistake in (("answer + 1", "one term"), ("-answer", "sign")):
            wrong = f"{solution}\nanswer = {slip}"
            attempt = cell.source.replace(UNATTEMPTED, wrong)
            verdict = value_of_last_line(attempt, names)
            assert not verdict, attempt
            assert asked is None or verdict.diagnosis.name == mistake


def test_a_line_of_a_certificate_stands_in_its_file():
    files = "\n".join(x.read_text("utf-8") for x in ROOT.glob("certificates/*.v"))
    told = [x.source for path in NOTEBOOKS for x in cells(path, "markdown")]
    quoted = re.findall(r"```coq\n(.*?\n)```", "\n".join(told), re.DOTALL)
    assert quoted and all(f"\n{text}" in files for text in quoted)


PAGES = [ROOT / "README.md", ROOT / "notebooks/README.md", *NOTEBOOKS]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file_and_a_heading(page):
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".ipynb":
        text = "\n".join(cell.source for cell in cells(page, "markdown"))
        text = re.sub(r"```.*?```", "", text, flags=re.S)
    links = [x for x in LINK.findall(text) if not x[0].startswith("https://")]
    assert len(links) >= 3
    for target, anchor in links:
        leads_to = page.parent / target if target else page
        assert leads_to.exists(), target
        if anchor:
            known = [title.replace(" ", "-") for _, title in headings(leads_to)]
            assert unquote(anchor) in known, (target, anchor)


QUESTIONS = (ROOT / "notebooks/README.md").read_text(encoding="utf-8")
CELL = r"\[\d+, [^\]]*\]\(\d\d_\w+\.ipynb#\S+\)"


def rows_of(title):
    """The rows of the table under a heading of the questions page."""
    section = re.split(r"^## ", QUESTIONS, flags=re.M)
    (text,) = [part for part in section if part.startswith(f"{title}\n")]
    table = [line for line in text.splitlines() if line.startswith("| ")]
    return [line.strip("| ").split(" | ") for line in table[2:]]


def test_every_question_is_answered_in_a_line_and_by_a_cell():
    first, since = rows_of("Where the series began"), rows_of("Asked since")
    more = rows_of("More questions")
    assert (len(first), len(more)) == (28, 16) and len(since) >= 14
    for question, answer, cell, *_ in first + since + more:
        assert "?" in question and answer and re.fullmatch(CELL, cell), cell


def test_every_symptom_has_a_cause_and_a_cell():
    rows = rows_of("Symptoms")
    assert len(rows) > 20
    assert all(cause and re.fullmatch(CELL, cell) for _, cause, cell in rows)
