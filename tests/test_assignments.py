"""The notebooks as assignments, without nbgrader; `make test-exercises` has it."""

import ast
import re

import jsonschema
import nbformat
import pytest

from book import assignments
from derivations.grading import assert_derived
from derivations.letters import *
from derivations.text.unreadable import Unreadable
from tests.test_notebooks import NOTEBOOKS, SOLUTION, cells_behind, exercises

OF_CELL = {  # what nbgrader 0.9 admits, version 3 of its metadata
    "type": "object",
    "properties": {
        "schema_version": {"const": 3},
        "grade": {"type": "boolean"},
        "locked": {"type": "boolean"},
        "solution": {"type": "boolean"},
        "task": {"const": False},
        "grade_id": {"type": "string", "pattern": "^[a-zA-Z0-9_-]+$"},
        "points": {"type": "number", "minimum": 0},
        "cell_type": {"const": "code"},
    },
    "required": ["schema_version", "grade", "locked", "solution", "grade_id"],
    "additionalProperties": False,
    "if": {"properties": {"grade": {"const": True}}},
    "then": {"required": ["points"]},
    "else": {"not": {"required": ["points"]}},
}

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("a class") / "made"
    assignments.write(place, NOTEBOOKS)
    return place


def read(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return notebook.cells


def of_students(folder, path):
    return read(folder / "handout" / path.name)


def of_teachers(folder, path):
    return read(folder / "source/softmax" / path.name)


def roles(cells):
    """The cells with metadata of nbgrader: (given, answer or check, cell)."""
    for cell in cells:
        if about := cell.metadata.get("nbgrader"):
            kinds = {"given": (False, False, True), "answer": (False, True, False)}
            kinds["check"] = (True, False, True)
            found = about.grade, about.solution, about.locked
            yield next(x for x, kind in kinds.items() if kind == found), cell


@each_notebook
def test_students_get_no_solution(folder, path):
    text = "\n".join(cell.source for cell in of_students(folder, path))
    assert not re.search(r"<details|</details|[Ss]olution", text)
    for cell in read(path):
        for folded in re.findall(r"</summary>(.*?)</details>", cell.source, re.DOTALL):
            why, code, *more = re.split(r"```(?:python\n)?", folded)
            for part in (why, code, *more):
                assert not part.strip() or part.strip() not in text


@each_notebook
def test_what_is_no_exercise_stays_as_it_is(folder, path):
    series = [
        (cell.cell_type, cell.source.replace(assignments.FOLDED, ""))
        for cell in read(path)
        if not SOLUTION.search(cell.source)
        and "exercise" not in cell.metadata.get("tags", ())
    ]
    made = of_students(folder, path)
    assert made.pop(1).source.startswith("*Assignment.* ")
    rest = [(x.cell_type, x.source) for x in made if not x.metadata]
    link = "[Certificates](../certificates/README.md)"  # it leads out of the folder
    assert rest == [(kind, x.replace(link, "Certificates")) for kind, x in series]
    assert all(not x.outputs and not x.execution_count for x in made if "outputs" in x)


@each_notebook
def test_each_exercise_has_an_answer_and_then_a_check_for_a_point(folder, path):
    asked = list(exercises(path))
    for cells in (of_students(folder, path), of_teachers(folder, path)):
        named = [(role, cell) for role, cell in roles(cells) if role != "given"]
        assert [role for role, _ in named] == ["answer", "check"] * len(asked)
        for (_, answer), (_, check) in zip(named[::2], named[1::2], strict=True):
            assert cells.index(check) == cells.index(answer) + 1
            assert check.metadata.nbgrader.points == 1
            last = ast.parse(check.source).body[-1]
            assert ast.unparse(last).startswith(("assert_derived(", "assert_right("))
        about = [cell.metadata.nbgrader for _, cell in roles(cells)]
        assert len({x.grade_id for x in about}) == len(about)
        for each in about:
            jsonschema.validate(each, OF_CELL)


@each_notebook
def test_students_edit_the_answer_alone(folder, path):
    for role, cell in roles(of_students(folder, path)):
        assert not cell.metadata.deletable
        assert cell.metadata.get("editable", True) == (role == "answer")


@each_notebook
def test_teachers_have_the_solution_of_the_series(folder, path):
    """What nbgrader takes out is marked as it wants, and leaves what students get."""
    region = re.compile(r"\n### BEGIN SOLUTION\n(.*)\n### END SOLUTION", re.DOTALL)
    cells = of_teachers(folder, path)
    answers = [cell.source for role, cell in roles(cells) if role == "answer"]
    wanted = [solution.strip() for _, solution in exercises(path)]
    assert [region.search(x)[1] for x in answers] == wanted
    without = [region.sub("", cell.source) for cell in cells]
    assert without == [cell.source for cell in of_students(folder, path)]


def passes(cells, number, answer):
    """Whether the check of an exercise passes after a cell with this answer.

    As in a kernel, but only the cells that make what the exercise reads are run.
    """
    name = f"exercise-{number}"
    code = []
    for cell in (x for x in cells if x.cell_type == "code"):
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        code.append(answer if grade_id == name else cell.source)
        if grade_id == f"{name}-check":
            break
    *before, check = cells_behind(code, re.escape(code[-1]))
    names = {}
    for source in before:
        exec(compile(source, "cell", "exec"), names)
    try:
        exec(compile(check, "check", "exec"), names)
    except AssertionError as problem:
        assert re.fullmatch("no point yet: [a-z ,]+", str(problem))
        return False
    return True


@pytest.mark.parametrize("number", [2, 6, 15])
def test_solutions_pass_and_nothing_else_does(folder, number):
    path, cells = NOTEBOOKS[number], of_teachers(folder, NOTEBOOKS[number])
    answers = [cell.source for role, cell in roles(cells) if role == "answer"]
    assert len(answers) == len(list(exercises(path)))
    for exercise, solved in enumerate(answers, start=1):
        assert passes(cells, exercise, solved)
        assert not passes(cells, exercise, f"{solved}\nanswer = answer + 1")
        assert not passes(cells, exercise, "answer = ...")


SLOPE = Derivative(log(a[i]), z[j])
SQUARED = Derivative(Sum((a[k] - y[k]) ** 2, (k, 1, n)) / 2, z[j])


@pytest.mark.parametrize(
    ("answer", "question"),
    [
        (SLOPE, SLOPE),
        (2 * SLOPE / 2, SLOPE),
        ("∂ log a_i/∂z_j", SLOPE),
        (Derivative(a[i], z[j]) / a[i], SLOPE),
        (a[i] / a[j], a[i] / a[j]),
        ("a_i/a_j", a[i] / a[j]),
    ],
)
def test_the_question_once_more_is_no_answer(answer, question):
    with pytest.raises(AssertionError, match="not derived yet"):
        assert_derived(answer, question, where=[softmax])


@pytest.mark.parametrize(
    ("answer", "question"),
    [
        (delta - a[j], SLOPE),
        ("δ_ij − a_j", SLOPE),
        ("Jᵀ(a − y)", SQUARED),  # a Jacobian stands for itself
        (exp(z[i] - z[j]), a[i] / a[j]),
    ],
)
def test_an_answer_in_any_notation_passes(answer, question):
    assert_derived(answer, question, where=[softmax])


def test_what_lacks_a_hypothesis_does_not_pass():
    loss = Derivative(L, z[j])
    given = [softmax, cross_entropy]
    assert_derived(a[j] - y[j], loss, given, using=H1)
    with pytest.raises(AssertionError, match="not right"):
        assert_derived(a[j] - y[j], loss, given)


def test_what_cannot_be_read_is_said():
    with pytest.raises(Unreadable, match="expected"):
        assert_derived("a_i^", SLOPE, where=[softmax])


def test_a_wrong_answer_is_told_its_kind_and_not_what_to_write(capsys):
    with pytest.raises(AssertionError, match="not right"):
        assert_derived(delta, SLOPE, where=[softmax])
    said = capsys.readouterr().out
    assert "a term is missing" in said and "a_j" not in said


def files(folder):
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder): path.read_bytes() for path in paths}


def test_a_choice_of_notebooks_is_the_same_each_time_and_its_links_lead_on(tmp_path):
    two = NOTEBOOKS[2], NOTEBOOKS[4]
    assignments.write(tmp_path / "one", two)
    assignments.write(tmp_path / "two", two)
    written = files(tmp_path / "one")
    assert written == files(tmp_path / "two")
    for path, content in written.items():
        if path.suffix != ".whl":
            text = content.decode()
            for file in re.findall(r"\]\(([^)#\s]*\.(?:ipynb|md))", text):
                assert path.with_name(file) in written, (path, file)
    links = "](04_chain_rule.ipynb", "](README.md", "pip install why_dz"
    text = written[min(x for x in written if x.suffix == ".ipynb")].decode()
    assert all(link in text for link in links)
    [of_handout, of_source] = sorted(x for x in written if x.suffix == ".whl")
    assert of_handout.name == of_source.name and of_source.name in text


def test_a_fault_ends_it_and_leaves_what_was_there(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(assignments, "OUT", tmp_path / "made")
    monkeypatch.setattr(assignments, "ROOT", tmp_path)
    (tmp_path / "made").mkdir()
    (tmp_path / "made/kept").touch()
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks/README.md").touch()
    path = tmp_path / "no_solution.ipynb"
    exercise = nbformat.v4.new_code_cell(
        "answer = ...", metadata={"tags": ["exercise"]}
    )
    nbformat.write(nbformat.v4.new_notebook(cells=[exercise]), path)
    assert assignments.main([str(path)]) == 1
    assert "exercise 1 has no solution below it" in capsys.readouterr().err
    assert assignments.main([str(tmp_path / "none.ipynb")]) == 1
    assert (tmp_path / "made/kept").exists()
    assert len(list(tmp_path.iterdir())) == 3
