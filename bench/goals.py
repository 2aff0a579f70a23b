"""What is to be reached: each time or memory of ours beside the best other, in a table.

A line is reached where the ratio of the medians is at most its goal.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench import begin, gradient, large, notebooks
from bench.side_by_side import OURS, ROOT, figure, side_by_side, table

LAYERS = (  # n classes, d inputs, m examples; ours; at most so many times the best
    ((32000, 256, 1024), OURS, 0.85),
    ((50257, 256, 4096), OURS, 0.85),
    ((128000, 256, 1024), OURS, 1.0),
    ((128000, 256, 1024), large.WIDER, 0.9),
)
FUSED = [way for way in large.WAYS if way.startswith(large.FUSED)]
SHARDS = ((128000, 256), (512000, 64))  # n classes, d inputs: n d is the same
JAX = "JAX, jit of grad"


@dataclass(frozen=True)
class Row:
    """What is compared: a figure of ours with the best of others."""

    what: str
    goal: float
    unit: str
    ours: tuple[str, float]
    others: dict[str, float]

    @property
    def cells(self) -> list[str]:
        """The cells of its line.

        >>> Row("a sum", 0.9, "ms", ("blocks", 8), {"JAX": 10, "NumPy": 20}).cells
        ['a sum', 'blocks: 8.00 ms', 'JAX: 10.0 ms', '0.800', '0.90', 'yes']
        """
        best = min(self.others, key=self.others.get, default=None)
        if best is None:
            return [self.what, self._told(*self.ours), "", "", f"{self.goal:.2f}", "no"]
        ratio = self.ours[1] / self.others[best]
        told = self._told(*self.ours), self._told(best, self.others[best])
        reached = "yes" if ratio <= self.goal else "no"
        return [self.what, *told, figure(ratio), f"{self.goal:.2f}", reached]

    def _told(self, way, number):
        return f"{way}: {figure(number)} {self.unit}"


def layers(rounds: int) -> Iterator[Row]:
    """The softmax layer against PyTorch's fused loss, in its best setting."""
    for size, ours, goal in LAYERS:
        ways = [ours, *FUSED]
        found = side_by_side("large", ways, (*size, "--no-errors"), rounds)
        ms = {way: 1e3 * needs["s"] for way, needs in found.items()}
        what = "a layer, n = {}, d = {}, m = {}".format(*size)
        mine = f"{ours}, {figure(found[ours]['MiB'])} MiB", ms.pop(ours)
        yield Row(what, goal, "ms", mine, ms)


def memory(rounds: int) -> Iterator[Row]:
    """The memory of a layer as its classes grow."""
    _, d, m = large.SIZE
    first, *_, last = large.GROWING
    found = {}
    for n in (first, last):
        size = n, d, m, "--no-errors"
        found[n] = side_by_side("large", [OURS], size, rounds)[OURS]["MiB"]
    ours = f"n = {last}", found[last]
    yield Row("memory of a layer", 1.05, "MiB", ours, {f"n = {first}": found[first]})


def gradients(rounds: int) -> Iterator[Row]:
    """The gradient in the logits against JAX."""
    for size in gradient.SIZES:
        found = side_by_side("gradient", [OURS, JAX], (*size, "--no-errors"), rounds)
        ms = {way: 1e3 * needs["s"] for way, needs in found.items()}
        what = "the gradient, n = {}, m = {}".format(*size)
        yield Row(what, 1.0, "ms", (OURS, ms.pop(OURS)), ms)


def shards(rounds: int) -> Iterator[Row]:
    """The peak of each of four processes, as n grows and n d does not."""
    if shutil.which("mpirun") is None:
        yield Row("a shard", 1.05, "MiB", ("mpirun is missing", 0.0), {})
        return
    first, last = (_peak(*size) for size in SHARDS)
    names = ["n = {}, d = {}".format(*size) for size in SHARDS]
    yield Row("memory of a shard", 1.05, "MiB", (names[1], last), {names[0]: first})


def _peak(n, d):
    """The largest peak of four processes beyond their runtime, in MiB."""
    size = f"--processes 4 --classes {n} --inputs {d} --examples 96".split()
    command = [sys.executable, "-m", "arrays.sharded", *size]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return max(map(float, re.findall(r"(\d+) \+ \d+", done.stdout)))


def beginnings(rounds: int) -> Iterator[Row]:
    """The time until a first formula, against SymPy's own."""
    found = side_by_side("begin", begin.WAYS, rounds=2 * rounds + 1)
    ms = {way: 1e3 * needs["s"] for way, needs in found.items()}
    sympy, *others = ms
    for way in others:
        yield Row("to begin", 1.4, "ms", (way, ms[way]), {sympy: ms[sympy]})


def series(rounds: int) -> Iterator[Row]:
    """Strict nbval over the series, against notebooks that only import."""
    found = side_by_side("notebooks", notebooks.SIDES)
    imports, ours = (found[side]["s"] for side in notebooks.SIDES)
    others = {notebooks.SIDES[0]: imports}
    yield Row("strict nbval", 1.35, "s", (notebooks.SIDES[1], ours), others)


SECTIONS: tuple[Callable, ...] = layers, memory, gradients, shards, beginnings, series


def tables(rounds: int) -> Iterator[str]:
    """Measure all, and yield one table."""
    rows = [row.cells for section in SECTIONS for row in section(rounds)]
    yield table(["what", "ours", "the best other", "ratio", "at most", "reached"], rows)
