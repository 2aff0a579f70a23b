"""The time to begin: the notebook's import and the command, against `import sympy`."""

import json
import os
import subprocess
import sys

from bench.side_by_side import ROOT, seconds, side_by_side, table_of_ways

WAYS = {
    "import sympy": ["-c", "import sympy"],
    "the notebook's import": ["-c", "from derivations.notebook import *"],
    "the command, one chain": ["-m", "derivations", "softmax.case_equal"],
    "the command, a check": ["-m", "derivations", "check", "dz = a - y", "--using=H1"],
}
WARM = os.environ | {"PYTHONDONTWRITEBYTECODE": ""}  # a .pyc of each module is written


def begin(way):
    """Run a way to its end in a new Python; raise CalledProcessError where it fails."""
    command = [sys.executable, *WAYS[way]]
    subprocess.run(command, cwd=ROOT, env=WARM, stdout=subprocess.DEVNULL, check=True)


def measured(way):
    """Return the seconds of a way, once its modules are compiled."""
    begin(way)
    return {"s": seconds(lambda: begin(way))}


def tables(rounds):
    """Measure every way, and yield one table."""
    yield (
        "## Begin\n\nA new Python from its start to its end: what a reader waits for "
        "before the first formula, against SymPy's own import. Modules are compiled."
    )
    yield table_of_ways(side_by_side("begin", WAYS, rounds=rounds))


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1])))
