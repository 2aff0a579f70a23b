"""Ways to one result, side by side: processes in turn, and Markdown tables.

A way is a function of the data that returns a function without arguments: the first
prepares, the second is measured. Each measurement is a process of its own, so that it
finds no memory and no threads that another has left.
"""

import json
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import numpy as np

from arrays.peak_memory import peak

ROOT = Path(__file__).parents[1]
OURS = "ours"
PATIENCE = 60  # seconds
LIBRARIES = {"PyTorch": "torch", "JAX": "jax"}
MISSING = tuple(name for name, module in LIBRARIES.items() if not find_spec(module))


def side_by_side(module, ways, size=(), rounds=1):
    """Return {way: medians of what its processes print}.

    One round starts one process for each way, so that a busy moment of the machine
    meets all of them; a way that takes longer than `PATIENCE` is run once. Ways whose
    library is not installed are left out.
    """
    printed = {way: [] for way in ways if not str(way).startswith(MISSING)}
    for _ in range(rounds):
        for way, of_way in printed.items():
            if of_way and of_way[0].get("s", 0) > PATIENCE:
                continue
            command = [sys.executable, "-m", f"bench.{module}", way, *size]
            done = subprocess.run(
                map(str, command), cwd=ROOT, stdout=subprocess.PIPE, check=True
            )
            of_way.append(json.loads(done.stdout))
    return {
        way: {key: median(one[key] for one in of_way) for key in of_way[0]}
        for way, of_way in printed.items()
    }


def seconds(run):
    """Return the median seconds of as many runs as begin within one second."""
    times = []
    while sum(times) < 1:
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return median(times)


def print_one(ways, data, small, results):
    """Print the time or memory of the way and size that the command line names.

    Memory is the peak of the resident size beyond the size just before the call, less
    the results. The first call is measured, after one at a small size that loads what
    a library loads once. Errors are those against ours in float64, to the largest entry
    of each result, and are not taken where the command line ends with --no-errors.

    Raises AssertionError if the way has another result.
    """
    name, *size = [x for x in sys.argv[1:] if x != "--no-errors"]
    ways[name](*data(*small))()
    given = data(*map(int, size))
    run = ways[name](*given)
    before, start = peak(start=True), time.perf_counter()
    ours = as_arrays(run())
    first = time.perf_counter() - start
    extra = peak() - before - sum(x.nbytes for x in ours)
    needs = {"s": first if first > PATIENCE else seconds(run), "MiB": extra / 2**20}
    if "--no-errors" in sys.argv:
        print(json.dumps(needs))
        return
    double = [x.astype(float) if x.dtype == np.float32 else x for x in given]
    exact = as_arrays(ways[OURS](*double)())
    for result, x, y in zip(results, ours, exact, strict=True):
        error = float(np.abs(x - y).max() / np.abs(y).max())
        assert error < 1e-3, (name, result, error)  # float32 sums of many terms
        needs[f"error of {result}"] = error
    print(json.dumps(needs))


def as_arrays(results):
    """Return the results, of which there may be one, as a list of arrays."""
    return [np.asarray(x) for x in (results if type(results) is tuple else [results])]


def table_of_ways(ways):
    """Return a table of what `side_by_side` returns, with ratios to the first way."""
    first, base = next(iter(ways.items()))
    others = [key for key in base if key != "s"]
    rows = []
    for name, needs in sorted(ways.items(), key=lambda way: way[1]["s"]):
        ratio = figure(needs["s"] / base["s"])
        more = [figure(needs[key]) for key in others]
        rows.append([name, figure(1e3 * needs["s"]), ratio, *more])
    return table(["way", "ms", f"× {first}", *others], rows)


def table(head, rows):
    """Return a Markdown table; the first column is text, the others are figures.

    >>> print(table(["way", "ms"], [["a copy", "0.05"]]))
    | way | ms |
    | :-- | --: |
    | a copy | 0.05 |
    """
    lines = [head, [":--"] + ["--:"] * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def figure(number):
    """Return a number with three significant digits.

    >>> figure(0.012345), figure(1.5), figure(15.33), figure(1234.5), figure(0)
    ('0.0123', '1.50', '15.3', '1234', '0.00')
    """
    return f"{number:.0f}" if number >= 100 else f"{number:#.3g}"
