"""A point at which two formulas differ, in words, in rows and as a table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from mpmath import mp, mpf


@dataclass(frozen=True)
class Counterexample:
    """A point at which two expressions differ."""

    sizes: dict
    indices: dict
    entries: dict
    left: float | mpf
    right: float | mpf

    def __str__(self):
        return ", ".join([*self._sizes(), *self._arrays()])

    def _sizes(self):
        found = [f"{x} = {v}" for x, v in (self.sizes | self.indices).items()]
        return [*found[:-1], f"{found[-1]} (from 1)"] if self.indices else found

    def table(self, sides: Sequence[str]) -> str:
        """The point and the values of both sides as a table in Markdown.

        >>> z = {("z", (1,)): 0.2, ("z", (2,)): 0.5}
        >>> point = Counterexample({"n": 2}, {"j": 1}, z, 1, -1)
        >>> print(point.table(("yours", "right")))
        | n | j (from 1) | z | yours | right |
        | --- | --- | --- | --- | --- |
        | 2 | 1 | (0.2, 0.5) | 1 | -1 |
        """
        cells = {str(size): str(number) for size, number in self.sizes.items()}
        cells |= {f"{x} (from 1)": str(number) for x, number in self.indices.items()}
        for written in self._arrays():
            name, _, value = written.partition(" = ")
            cells[name] = value
        cells |= dict(zip(sides, self.values(digits=4), strict=True))
        rows = [cells, ["---"] * len(cells), cells.values()]
        return "\n".join(f"| {' | '.join(map(in_markdown, row))} |" for row in rows)

    def values(self, digits: int = 6) -> tuple[str, str]:
        """Both sides, with `digits` digits or as many as tell them apart.

        >>> Counterexample({}, {}, {}, 1.0, 1.00000001).values()
        ('1', '1.00000001')
        >>> Counterexample({}, {}, {}, mpf(0), mp.exp(-1000)).values()
        ('0', '5.07596e-435')
        """
        sides, texts = (self.left, self.right), ()
        while len(set(texts)) < 2 and digits <= _MOST_DIGITS:
            texts = tuple(_with_digits(side, digits) for side in sides)
            digits += 1
        return texts

    @property
    def arrays(self):
        """The entries row by row, {name: rows}; a vector is one row, a number too.

        Where an array has not as many entries as a size says, each has its own name.

        >>> y = {("y", (1,)): 0.7, ("y", (2,)): -1.2}
        >>> Counterexample({"n": 2}, {}, y, 0.5, 0.25).arrays
        {'y': [[0.7, -1.2]]}
        >>> Counterexample({"n": 3}, {}, y, 0.5, 0.25).arrays
        {'y[1]': [[0.7]], 'y[2]': [[-1.2]]}
        """
        arrays, named = {}, {}
        for (base, indices), value in sorted(self.entries.items(), key=str):
            arrays.setdefault(str(base), {})[indices] = value
        for name, entries in arrays.items():
            counts = [max(places) for places in zip(*entries, strict=True)]
            is_whole = prod(counts) == len(entries)
            if is_whole and {*self.sizes.values()}.issuperset(counts):
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


_MOST_DIGITS = 300
"""Of a value that is shown; the judge at points computes with fewer."""


def _with_digits(number, digits):
    if isinstance(number, mpf):
        return mp.nstr(number, digits).removesuffix(".0")
    return f"{number:.{digits}g}"


def short(value):
    """A number of a counterexample with the digits that are worth reading."""
    return f"{float(value):.4g}"


def in_markdown(words: str) -> str:
    r"""Words in which no sign is one of Markdown's.

    >>> print(in_markdown("-a[i]*a[j]"))
    -a\[i\]\*a\[j\]
    """
    return re.sub(r"([\\`*_\[\]<>|$])", r"\\\1", words)
