"""What a checked equality gives: a verdict, and the point that speaks against it."""

from dataclasses import dataclass


class Undecidable(Exception):  # noqa: N818 (an answer, not a fault)
    """A judge does not cover this; the message says what is missing."""


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

    def _arrays(self):
        arrays = {}
        for (base, indices), value in sorted(self.entries.items(), key=str):
            arrays.setdefault(str(base), {})[indices] = value
        return [_array(name, entries) for name, entries in arrays.items()]


def _array(name, entries):
    """The entries of an array as a person would type them, rows apart by a `;`."""
    rows = {}
    for indices in sorted(entries):
        rows.setdefault(indices[:1], []).append(f"{float(entries[indices]):.4g}")
    if () in entries:
        return f"{name} = {rows[()][0]}"
    is_vector = all(len(indices) == 1 for indices in entries)
    between = ", " if is_vector else "; "
    return f"{name} = ({between.join(', '.join(row) for row in rows.values())})"


@dataclass(frozen=True)
class Verdict:
    """What the two judges say of `left = right`; true only when both are satisfied.

    "For every n" is for every n ≥ 2, and for every value at which both sides, as they
    were given, are defined.  `sizes` are those of a claim that has others than n, m, d
    and h, which is proved for all of them.
    """

    proved: bool = False
    points: int = 0
    counterexample: Counterexample | None = None
    problem: str = ""
    hint: str = ""
    attempted: bool = True
    sides: tuple = ("the left side", "the right side")
    sizes: tuple = ()

    def __bool__(self):
        return self.proved and self.points > 0 and self.counterexample is None

    @property
    def row(self):
        """The cells of a table: the mark, where, and the values of both sides."""
        if self.counterexample and self.attempted:
            point = self.counterexample
            return "✗", str(point), *(f"{x:.6g}" for x in (point.left, point.right))
        if self:
            return "✓", f"{self.every}; {self.points} points", "", ""
        return "?", self.sentence, "", ""

    @property
    def every(self):
        """For which sizes it is proved, in words."""
        names = ", ".join(map(str, self.sizes))
        return f"all {names}" if names else "every n"

    @property
    def sentence(self):
        return f"{self._finding}; {self.hint}" if self.hint else self._finding

    @property
    def _finding(self):
        if not self.attempted:
            return "not attempted yet"
        if self.proved and self.counterexample:
            return f"the two checks disagree, so neither counts: {self._difference}"
        if self.counterexample:
            return f"differs: {self._difference}"
        if self:
            where = "" if self.sizes else " with n = 2 to 7"
            return f"right, for {self.every} (and at {self.points} points{where})"
        found = "no point was tried"
        if self.points:
            agree = f"the two sides agree at all {self.points} points tried"
            found = f"no counterexample was found ({agree})"
        return (
            f"cannot decide: {self.problem or f'not proved for {self.every}'}; {found}"
        )

    @property
    def _difference(self):
        point = self.counterexample
        left, right = (f"{x:.6g}" for x in (point.left, point.right))
        at = f"at {point} " if str(point) else ""
        return f"{at}{self.sides[0]} is {left}, {self.sides[1]} is {right}"

    def __repr__(self):
        return self.sentence
