"""The time of strict nbval over the series, against notebooks that only import."""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat

from bench.side_by_side import ROOT, seconds, side_by_side, table_of_ways

IMPORTS = "import matplotlib.pyplot as plt\nimport numpy as np\nimport sympy"
SIDES = "imports only", "the series"
SERIES = sorted((ROOT / "notebooks").glob("*.ipynb"))
SERIES.remove(ROOT / "notebooks" / "08_training.ipynb")


def only_imports(folder):
    """Write as many notebooks as the series has, which only import what it imports."""
    paths = [Path(folder) / path.name for path in SERIES]
    for path in paths:
        cell = nbformat.v4.new_code_cell(IMPORTS, execution_count=1)
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    return paths


def validate(paths):
    """Run strict nbval; raise CalledProcessError where a notebook fails."""
    options = ["--nbval", "--nbval-current-env", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *options, "--rootdir", ROOT, *paths]
    subprocess.run(map(str, command), cwd=ROOT, stdout=sys.stderr, check=True)


def tables(rounds):
    """Measure both sides, and yield one table."""
    yield (
        f"## Notebooks\n\nStrict nbval over {len(SERIES)} notebooks (not 08, which "
        "trains), against as many that only import numpy, sympy and matplotlib.pyplot."
    )
    yield table_of_ways(side_by_side("notebooks", SIDES, rounds=rounds))


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        paths = SERIES if sys.argv[1] == SIDES[1] else only_imports(folder)
        print(json.dumps({"s": seconds(lambda: validate(paths))}))
