"""Which axis of the arrays is that of the classes: the text computes with (n, m).

What is given with a row for each example is turned where it comes in, and the gradient
where it goes out.
"""

import textwrap
from typing import NamedTuple

from derivations.loss.source.formulas import WIDTH

_QUOTED = {
    "shape, other = tuple(Z.shape), tuple(Y.shape)": (
        "shape, other = tuple(Z.shape)[::-1], tuple(Y.shape)[::-1]"
    ),
    "{Z.shape} and {Y.shape}": "{Z.shape[::-1]} and {Y.shape[::-1]}",
    "rows, got {Z.shape}": "columns, got {Z.shape[::-1]}",
    "one shape (n, m)": "one shape (m, n)",
    "along its rows": "along its columns",
    "or {every}, got {got}": "or {every[::-1]}, got {got[::-1]}",
    " at {place}": " at {place[::-1]}",
    "each column of Y": "each row of Y",
    "gradient * incoming": "gradient * incoming[:, None]",
}
"""What the functions that a text quotes say where arrays are turned: as they came."""


class Layout(NamedTuple):
    """How arrays are given: what their rows and columns are, and whether to turn them.

    `title` is what a reader chooses it by.

    >>> print(*LAYOUTS["classes last"].above(["gamma"]), sep="\\n")
    # Logits Z and labels Y are (m, n): a row an example, a column a class.
    # Y may also be the m true classes, integers from 0. Z alone gets a gradient: Y,
    # gamma get none.
    """

    shape: str
    rows: str
    columns: str
    title: str
    is_turned: bool = False

    def above(self, parameters, raises=True):
        """What a reader has to know who reads no further: the head of the text.

        Where nothing `raises`, numbers that are refused are NaN.
        """
        others = ", ".join(["Y", *parameters])
        get = "gets" if others == "Y" else "get"
        words = "Y may also be the m true classes, integers from 0. "
        words += f"Z alone gets a gradient: {others} {get} none."
        if not raises:
            words += " An example that breaks a condition below is NaN."
        rows, columns = f"a row {self.rows}", f"a column {self.columns}"
        first = f"# Logits Z and labels Y are {self.shape}: {rows}, {columns}."
        marks = {"initial_indent": "# ", "subsequent_indent": "# "}
        return [first, *textwrap.wrap(words, WIDTH, **marks)]

    def coming_in(self, arrays, library):
        """The first lines of the function; `arrays` have an axis of classes."""
        if not self.is_turned:
            return []
        turned = library.turned.format
        return [f"{x} = {turned(short=library.short, name=x)}" for x in arrays]

    @property
    def going_out(self):
        """The last line of the function."""
        return f"return loss, gradient{'.T' * self.is_turned}"

    def quoted(self, lines):
        """The text of a function that is quoted."""
        for columns, rows in _QUOTED.items() if self.is_turned else ():
            lines = lines.replace(columns, rows)
        return lines


LAYOUTS = {
    "classes first": Layout(
        "(n, m)", "a class", "an example", "classes × examples (n, m), as in the course"
    ),
    "classes last": Layout(
        "(m, n)",
        "an example",
        "a class",
        "examples × classes (m, n), batch first",
        True,
    ),
}
"""The layouts by the names that `OwnLoss.source` takes."""
