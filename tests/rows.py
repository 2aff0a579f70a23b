"""Tables of cases as plain text, one line a case: tests/theorems.txt and others."""

from pathlib import Path


def rows(table, width):
    """Each row of tests/TABLE.txt as `width` texts: cells are between bars.

    Cells left out at the end are empty; a line that begins with # is for the reader.
    """
    source = Path(__file__).with_name(f"{table}.txt").read_text(encoding="utf-8")
    lines = [line for line in source.splitlines() if not line.startswith("#")]
    split = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [cells + [""] * (width - len(cells)) for cells in split]
