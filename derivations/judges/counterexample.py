"""A point at which two formulas differ, in words, in rows and as a table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod


@dataclass(frozen=True)
class Counterexample:
    """A point at which two expressions differ."""

    sizes: dict
    indices: dict
    entries: dict
    left: float
    right: float

    def __str__(self):
        return ", ".join([*self._sizes(), *self._arrays()])

    def _sizes(self):
        found = [f"{x} = {v}" for x, v in (self.sizes | self.indices).items()]
        return [*found[:-1], f"{found[-1]} (from 1)"] if self.indices else found

    def table(self, sides: Sequence[str]) -> str:
        """The point and the values of both sides as a table in Markdown.

        >>> z = {("z", (1,)): 0.2, ("z", (2,)): 0.5}
        >>> print(Counterexample({}, {"j": 1}, z, 1, -1).table(("yours", "right")))
        | j (from 1) | z | yours | right |
        | --- | --- | --- | --- |
        | 1 | (0.2, 0.5) | 1 | -1 |
        """
        cells = {str(size): str(number) for size, number in self.sizes.items()}
        cells |= {f"{x} (from 1)": str(number) for x, number in self.indices.items()}
        for written in self._arrays():
            name, _, value = written.partition(" = ")
            cells[name] = value
        cells |= dict(zip(sides, map(short, (self.left, self.right)), strict=True))
        rows = [cells, ["---"] * len(cells), cells.values()]
        return "\n".join(f"| {' | '.join(map(in_markdown, row))} |" for row in rows)

    @property
    def arrays(self):
        """The entries row by row, {name: rows}; a vector is one row, a number too.

        Where some entries of an array are missing, each has its own name.

        >>> y = {("y", (1,)): 0.7, ("y", (2,)): -1.2}
        >>> Counterexample({}, {}, y, 0.5, 0.25).arrays
        {'y': [[0.7, -1.2]]}
        >>> Counterexample({}, {}, {("y", (3,)): 0.7}, 0.5, 0.25).arrays
        {'y[3]': [[0.7]]}
        """
        arrays, named = {}, {}
        for (base, indices), value in sorted(self.entries.items(), key=str):
            arrays.setdefault(str(base), {})[indices] = value
        for name, entries in arrays.items():
            if prod(map(max, zip(*entries, strict=True))) == len(entries):
                named[name] = _rows(entries)
                continue
            for indices in sorted(entries):
                entry = f"{name}[{', '.join(map(str, indices))}]"
                named[entry] = [[entries[indices]]]
        return named

    def _arrays(self):
        scalars = {str(base) for base, indices in self.entries if not indices}
        return [
            f"{name} = {_typed(rows, name in scalars or name.endswith(']'))}"
            for name, rows in self.arrays.items()
        ]


def _rows(entries):
    """The entries of an array as rows; those of a vector stand in one."""
    rows = {}
    for indices in sorted(entries):
        row = indices[:1] if len(indices) > 1 else ()
        rows.setdefault(row, []).append(entries[indices])
    return list(rows.values())


def _typed(rows, is_number):
    """Rows as a person would type them, apart by a `;`."""
    typed = "; ".join(", ".join(map(short, row)) for row in rows)
    return typed if is_number else f"({typed})"


def short(value):
    """A number of a counterexample with the digits that are worth reading."""
    return f"{float(value):.4g}"


def in_markdown(words: str) -> str:
    r"""Words in which no sign is one of Markdown's.

    >>> print(in_markdown("-a[i]*a[j]"))
    -a\[i\]\*a\[j\]
    """
    return re.sub(r"([\\`*_\[\]<>|$])", r"\\\1", words)
