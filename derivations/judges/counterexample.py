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
        | 2 | 1 | (0.2, 0.5) | 1 | −1 |
        """
        cells = {str(size): str(number) for size, number in self.sizes.items()}
        cells |= {f"{x} (from 1)": str(number) for x, number in self.indices.items()}
        for written in self._arrays():
            name, _, value = written.partition(" = ")
            cells[name] = with_minus(value)
        both = map(with_minus, self.values(digits=4))
        cells |= dict(zip(sides, both, strict=True))
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
        """The entries of whole arrays row by row, {name: rows}; a vector is one row.

        An array is whole that has as many entries as the sizes say.

        >>> y = {("y", (1,)): 0.7, ("y", (2,)): -1.2}
        >>> Counterexample({"n": 2}, {}, y, 0.5, 0.25).arrays
        {'y': [[0.7, -1.2]]}
        >>> Counterexample({"n": 3}, {}, y, 0.5, 0.25).arrays
        {}
        """
        return {
            name: _rows(entries)
            for name, entries in self._by_name().items()
            if self._is_whole(entries)
        }

    @property
    def numbers(self):
        """What has a name of its own: a parameter, or an entry of a part of an array.

        >>> Counterexample({}, {}, {("alpha", ()): 0.1, ("Y", (3, 2)): 1}, 0, 1).numbers
        {'Y_{3,2}': 1, 'alpha': 0.1}
        """
        return {
            name + _below(indices): value
            for name, entries in self._by_name().items()
            if not self._is_whole(entries)
            for indices, value in sorted(entries.items())
        }

    def _by_name(self):
        arrays = {}
        for (base, indices), value in sorted(self.entries.items(), key=str):
            arrays.setdefault(str(base), {})[indices] = value
        return arrays

    def _is_whole(self, entries):
        counts = [max(places) for places in zip(*entries, strict=True)]
        is_array = bool(counts) and prod(counts) == len(entries)
        return is_array and {*self.sizes.values()}.issuperset(counts)

    def _arrays(self):
        arrays = [f"{name} = {_typed(rows)}" for name, rows in self.arrays.items()]
        numbers = [f"{name} = {short(value)}" for name, value in self.numbers.items()]
        return [*arrays, *numbers]


def _below(indices):
    """Indices as a reader types them: y_3, Y_{3,2}."""
    if len(indices) < 2:
        return "".join(f"_{k}" for k in indices)
    return f"_{{{','.join(map(str, indices))}}}"


def _rows(entries):
    """The entries of an array as rows; those of a vector stand in one."""
    rows = {}
    for indices in sorted(entries):
        row = indices[:1] if len(indices) > 1 else ()
        rows.setdefault(row, []).append(entries[indices])
    return list(rows.values())


def _typed(rows):
    """Rows as a person would type them, apart by a `;`."""
    return f"({'; '.join(', '.join(map(short, row)) for row in rows)})"


_MOST_DIGITS = 300
"""Of a value that is shown; the judge at points computes with fewer."""


def _with_digits(number, digits):
    if isinstance(number, mpf):
        return mp.nstr(number, digits).removesuffix(".0")
    return f"{number:.{digits}g}"


def short(value):
    """A number of a counterexample with the digits that are worth reading."""
    return f"{float(value):.4g}"


def with_minus(number: str) -> str:
    """A number with the sign that is printed, in place of the one that is typed.

    >>> with_minus("(-0.5, 2)")
    '(−0.5, 2)'
    """
    return number.replace("-", "−")


def in_markdown(words: str) -> str:
    r"""Words in which no sign is one of Markdown's.

    >>> print(in_markdown("-a[i]*a[j]"))
    -a\[i\]\*a\[j\]
    """
    return re.sub(r"([\\`*_\[\]<>|$])", r"\\\1", words)
