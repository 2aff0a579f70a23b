"""A course of nbgrader, from its start to the grades, with two of our notebooks.

    python tests/grading.py build/exercises/source/softmax

It is run where nbgrader and the wheel are installed; nothing of this tree is in reach.
One student answers as the series does, one with a term too many, one not at all.  The
status is 1 where a grade is not what it should be.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

NOTEBOOKS = ("02_softmax_derivative.ipynb", "06_batches.ipynb")
EXERCISES = 5
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
SCORES = {"right": EXERCISES, "wrong": 0, "untouched": 0}


def nbgrader(*words, cwd):
    """Run a command of nbgrader; what it says is shown where it fails."""
    command = [sys.executable, "-m", "nbgrader", *words]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"nbgrader {' '.join(words)}: {done.stdout}{done.stderr}")


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def answers(notebook):
    """The cells that are to be answered, by the name that nbgrader knows them by."""
    about = [(x["metadata"].get("nbgrader", {}), x) for x in notebook["cells"]]
    return {each["grade_id"]: x for each, x in about if each.get("solution")}


def submit(course, student):
    """Put what a student submits where nbgrader collects it."""
    submitted = course / "submitted" / student / "softmax"
    shutil.copytree(course / "release/softmax", submitted)
    for name in NOTEBOOKS:
        notebook = read(submitted / name)
        solved = answers(read(course / "source/softmax" / name))
        for exercise, cell in answers(notebook).items():
            text = "".join(cell["source"])
            solution = "".join(solved[exercise]["source"])
            assert text == f"answer = ...\n{STUB}", f"{name}, {exercise}: {text}"
            if student != "untouched":
                slip = "\nanswer = answer + 1" if student == "wrong" else ""
                cell["source"] = f"{solution}{slip}".splitlines(keepends=True)
        (submitted / name).write_text(json.dumps(notebook), encoding="utf-8")


def grades(source, place):
    """The rows of the grades of a course in a folder, which holds nothing else."""
    course = place / "course"
    nbgrader("quickstart", "course", cwd=place)
    shutil.copytree(source, course / "source/softmax")
    for path in (course / "source/softmax").glob("*.ipynb"):
        if path.name not in NOTEBOOKS:
            path.unlink()
    nbgrader("generate_assignment", "softmax", cwd=course)
    for student in SCORES:
        submit(course, student)
    nbgrader("autograde", "softmax", cwd=course)
    nbgrader("export", "--to=grades.csv", cwd=course)
    with (course / "grades.csv").open(encoding="utf-8") as file:
        return [x for x in csv.DictReader(file) if x["assignment"] == "softmax"]


def main(source):
    """Say the grade of each student; the status is 1 where one is wrong."""
    os.environ.pop("PYTHONPATH", None)  # it would lead back to the tree
    commands = str(Path(sys.executable).parent)  # nbgrader calls one by its name
    os.environ["PATH"] = os.pathsep.join([commands, os.environ["PATH"]])
    with TemporaryDirectory() as place:
        rows = grades(Path(source), Path(place))
    found = {x["student_id"]: (float(x["score"]), float(x["max_score"])) for x in rows}
    passed = 0
    for student, score in SCORES.items():
        passed += found.get(student) == (score, EXERCISES)
        print(f"{student:10} {found.get(student)}, should be {(score, EXERCISES)}")
    print(f"{passed} passed, {len(SCORES) - passed} failed")
    return 0 if passed == len(SCORES) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
