"""Strict nbval over the notebooks, against notebooks that import and do no more."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat

from bench.rounds import figure, in_turn, seconds, table, wanted

ROOT = Path(__file__).parents[1]
IMPORTS = "import matplotlib.pyplot as plt\nimport numpy as np\nimport sympy"
TRAINING = "08_training.ipynb"


def notebooks():
    """The notebooks of the series, without the one that trains a network."""
    found = sorted((ROOT / "notebooks").glob("*.ipynb"))
    return [path for path in found if path.name != TRAINING]


def only_imports(folder, count):
    """As many notebooks that only import what ours import."""
    made = [Path(folder) / f"{number:02}.ipynb" for number in range(count)]
    for path in made:
        cell = nbformat.v4.new_code_cell(IMPORTS, execution_count=1)
        notebook = nbformat.v4.new_notebook(cells=[cell])
        nbformat.write(notebook, path)
    return made


def validate(paths):
    """Run strict nbval; CalledProcessError with its output where a notebook fails."""
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q"]
    alone = ["-p", "no:cacheprovider", "--rootdir", str(ROOT), *map(str, paths)]
    # As Python does unless it is told otherwise: modules are compiled once.
    usual = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        command + alone,
        cwd=ROOT,
        env=usual,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stdout[-3000:], file=sys.stderr)
        done.check_returncode()


def measure(rounds):
    """Medians in seconds, and the number of notebooks on each side."""
    ours = notebooks()
    with TemporaryDirectory() as folder:
        bare = only_imports(folder, len(ours))
        ways = {
            "the series": partial(seconds, partial(validate, ours)),
            "imports only": partial(seconds, partial(validate, bare)),
        }
        return in_turn(ways, rounds), len(ours)


def report(found):
    """The section of the document."""
    times, count = found
    ours = times["the series"][0]
    bare = times["imports only"][0]
    rows = [
        [name, figure(median), figure(median / bare), str(runs)]
        for name, (median, runs) in times.items()
    ]
    return "\n".join(
        [
            "## Series\n",
            f"Strict nbval over {count} notebooks (not {TRAINING[:2]}, which trains),",
            f"against {count} that only import numpy, sympy and matplotlib.pyplot.\n",
            table([f"{count} notebooks", "s", "× imports only", "runs"], rows) + "\n",
            wanted("At most 1.5 times imports only", ours <= 1.5 * bare),
        ]
    )
