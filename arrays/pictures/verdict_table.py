"""Verdicts by name, shown as a table: those of formulas and those of arrays alike."""

import re
import textwrap
from collections.abc import Mapping

_HEAD = ("", "", "evidence", "yours", "right value")


class Verdicts(Mapping):
    """A table of verdicts by name; true only when all of them are.

    A verdict is what `check`, `check_array` or `gradient_check` returns. A name may
    hold a $formula$.

    Raises TypeError if a value is no verdict.

    Source: notebook 04, "Where the labels must sum to 1".

    >>> from arrays.comparisons import check_array
    >>> Verdicts({"a right one": check_array(2, 2), "a wrong one": check_array(1, 2)})
    ✓ a right one: agrees: relative difference < 1e-12
    ✗ a wrong one: differs: yours is 1, expected 2 (relative difference 0.5)
    """

    def __init__(self, verdicts: Mapping):
        self._verdicts = dict(verdicts)
        for name, verdict in self._verdicts.items():
            if not hasattr(verdict, "row"):
                raise TypeError(f"expected a verdict for {name!r}, got {verdict!r}")

    def __getitem__(self, name):
        return self._verdicts[name]

    def __iter__(self):
        return iter(self._verdicts)

    def __len__(self):
        return len(self._verdicts)

    def __bool__(self):
        return all(self._verdicts.values())

    def __repr__(self):
        return "\n".join(
            textwrap.fill(
                f"{verdict.row[0]} {name.replace('$', '')}: {verdict.sentence}",
                width=88,
                subsequent_indent="    ",
                break_long_words=False,
                break_on_hyphens=False,
            )
            for name, verdict in self._verdicts.items()
        )

    def _repr_markdown_(self):
        rows = [
            (mark, name, *cells)
            for name, verdict in self._verdicts.items()
            for mark, *cells in [verdict.row]
        ]
        width = 5 if any(row[3] for row in rows) else 3  # no columns without a number
        lines = [_HEAD, ["---"] * width, *(map(_escaped, row) for row in rows)]
        return "\n".join(f"| {' | '.join(list(line)[:width])} |" for line in lines)


def _escaped(text):
    """Text for a cell of a Markdown table, whose $formulas$ stay as they are.

    >>> _escaped("$-a_i$ is -0.5 in a one-hot column")
    '$-a_i$ is −0.5 in a one-hot column'
    """
    parts = text.split("$")
    parts[::2] = (re.sub(r"([\\`*_\[\]<>|])", r"\\\1", part) for part in parts[::2])
    parts[::2] = (re.sub(r"-(?=\d|inf)", "−", part) for part in parts[::2])
    return "$".join(parts)
