"""The notebooks as assignments: `python -m book.assignments` writes build/exercises/.

source/softmax   for the teacher, with solutions: an assignment of a course of nbgrader
handout          for students, without solutions: to hand out as they are

Both hold the wheel that the notebooks import.  Each exercise has a cell for the answer
and a locked cell that fails unless the answer is right, for one point; what the series
gives stands before them, locked too.  A check can be read: a point says that an answer
is right, not how it was found.
"""

import argparse
import ast
import json
import re
import shutil
import sys
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from book.assets import wheel

ROOT = Path(__file__).parents[1]
OUT = ROOT / "build/exercises"
FOR = {"source/softmax": True, "handout": False}  # is it with solutions?

UNATTEMPTED = "answer = ...\n"
SOLUTION = re.compile(
    r"<details><summary>Solution</summary>.*?```python\n(.*?)\n```.*?</details>",
    re.DOTALL,
)
FOLDED = " The solution is folded below each exercise."
LINK = re.compile(
    r"\[([^][]*)\]\(([\w./]+\.(?:ipynb|md))(?:#(?:[^()\s]|\([^()]*\))*)?\)"
)
FIRST = (
    "*Assignment.* These notebooks need Python 3.11 or newer with Jupyter, and "
    "`pip install {wheel}`, the file beside them. Each exercise wants `answer`: put "
    "yours into the cell that sets it. The cell below that is locked; run it, and it "
    "fails until the answer is right."
)


def main(arguments=None):
    """Write the notebooks of both folders; the status is 1 where one has a fault."""
    parser = argparse.ArgumentParser(prog="python -m book.assignments")
    parser.add_argument("notebooks", nargs="+", type=Path)
    paths = sorted(parser.parse_args(arguments).notebooks)
    try:
        write(OUT, paths)
    except (OSError, ValueError) as problem:
        print(problem, file=sys.stderr)
        return 1
    for place, solved in FOR.items():
        whose = "for nbgrader, with solutions" if solved else "to hand out, without"
        print(f"{OUT.relative_to(ROOT)}/{place}: {len(paths)} notebooks {whose}")
    return 0


def write(folder, paths):
    """Write notebooks as assignments into a folder, in place of what is in it.

    Raises OSError for a file that is not there, ValueError for an exercise without a
    solution; what is in the folder then stays.
    """
    texts = {path.name: path.read_text(encoding="utf-8") for path in paths}
    readme = (ROOT / "notebooks/README.md").read_text(encoding="utf-8")
    beside = {*texts, "README.md"}
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent) as place:
        new = Path(place) / "new"
        imported = wheel(Path(place))
        first = FIRST.format(wheel=imported)
        for name, solved in FOR.items():
            to = new / name
            to.mkdir(parents=True)
            shutil.copy(Path(place) / imported, to)
            for file, text in texts.items():
                made = assignment(json.loads(text), beside, first, solved)
                words = json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True)
                (to / file).write_text(f"{words}\n", encoding="utf-8")
            (to / "README.md").write_text(linked(readme, beside), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)


def assignment(notebook, beside, first, solved):
    """A notebook as an assignment; with its solutions, or without.

    `beside` are the files that links may lead to, `first` is said below the title.
    """
    cells, solutions, number = [], _solutions(notebook), 0
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            text = linked(SOLUTION.sub("", text).replace(FOLDED, ""), beside).strip()
            cells += [_cell(cell["id"], text)] if text else []
        elif "exercise" in cell["metadata"].get("tags", ()):
            number += 1
            solution = solutions.get(cell["id"])
            if solution is None:
                raise ValueError(f"exercise {number} has no solution below it: {text}")
            cells += exercise(number, text, solution if solved else None)
        else:
            cells.append(_cell(cell["id"], text, "code"))
    cells.insert(1, _cell("assignment", first))
    return notebook | {"cells": cells}


def _solutions(notebook):
    """The code of each solution, by the id of the exercise above it."""
    found, cells = {}, notebook["cells"]
    for above, below in pairwise(cells):
        if solution := SOLUTION.search("".join(below["source"])):
            found[above["id"]] = solution[1]
    return found


def exercise(number, source, solution=None):
    """The cells of an exercise: what is given, the answer, and the check for a point.

    >>> cells = exercise(1, "answer = ...\\ncheck(answer, L, where)", "answer = -1")
    >>> for cell in cells:
    ...     print(cell["metadata"]["nbgrader"]["grade_id"])
    ...     print("".join(cell["source"]))
    exercise-1
    answer = ...
    ### BEGIN SOLUTION
    answer = -1
    ### END SOLUTION
    exercise-1-check
    from derivations.grading import assert_derived
    <BLANKLINE>
    assert_derived(answer, L, where)
    """
    given, _, check = source.partition(UNATTEMPTED)
    answer = UNATTEMPTED.rstrip()
    if solution is not None:
        answer = f"{answer}\n### BEGIN SOLUTION\n{solution}\n### END SOLUTION"
    name = f"exercise-{number}"
    cells = [_graded(name, answer, solution=True, locked=False)]
    if given.strip():
        cells.insert(0, _graded(f"{name}-given", given.strip(), locked=True))
    cells.append(_graded(f"{name}-check", graded(check), points=1, locked=True))
    return cells if solution is not None else [_for_students(cell) for cell in cells]


def _for_students(cell):
    """A cell that no student deletes, nor edits where it is locked, as of nbgrader."""
    is_locked = cell["metadata"]["nbgrader"]["locked"]
    held = {"deletable": False} | ({"editable": False} if is_locked else {})
    return cell | {"metadata": cell["metadata"] | held}


def graded(check):
    """The source of a cell that fails unless the check at its end is ✓.

    >>> print(graded("helpers.check_array(answer, a0)"))
    from derivations.grading import assert_right
    <BLANKLINE>
    assert_right(helpers.check_array(answer, a0))
    """
    last = ast.parse(check).body[-1]
    lines = check.strip().splitlines()
    before, call = lines[: last.lineno - 1], "\n".join(lines[last.lineno - 1 :])
    called = ast.unparse(last.value.func)
    own_loss = called.removesuffix(".check")
    if called == "check":
        name, call = "assert_derived", f"assert_derived{call.removeprefix(called)}"
    elif own_loss != called:
        name, chain = "assert_derived", f"{own_loss}.chain"
        call = f"{name}(answer, {chain}.start, {chain}.where, {chain}.uses)"
    else:
        name, call = "assert_right", f"assert_right({call})"
    return "\n".join([f"from derivations.grading import {name}", "", *before, call])


def linked(text, beside):
    """The text with its links to other notebooks, as far as these are beside it.

    >>> linked("In [notebook 4](04_x.ipynb#By-hand), not [here](05_y.ipynb).",
    ...        {"04_x.ipynb"})
    'In [notebook 4](04_x.ipynb#By-hand), not here.'
    """
    return LINK.sub(lambda link: link[0] if link[2] in beside else link[1], text)


def _graded(name, source, *, locked, solution=False, points=None):
    """A cell of code with the metadata that nbgrader reads, version 3 of them."""
    about = {"grade_id": name, "schema_version": 3, "cell_type": "code", "task": False}
    about |= {"grade": points is not None, "solution": solution, "locked": locked}
    about |= {} if points is None else {"points": points}
    return _cell(name, source, "code", {"nbgrader": about})


def _cell(name, source, kind="markdown", metadata=None):
    """A cell as JSON has it, never run."""
    cell = {"id": name, "cell_type": kind, "metadata": metadata or {}}
    more = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return cell | {"source": source.splitlines(keepends=True)} | more


if __name__ == "__main__":
    sys.exit(main())
