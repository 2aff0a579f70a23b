"""Timing in turn, and the Markdown that it ends in."""

import time
from statistics import median


def in_turn(ways, rounds, patience=float("inf")):
    """The median seconds of each way, and of how many rounds it is.

    One round runs each way once, so that a busy moment of the machine meets all of
    them. The first round only warms up. A way that took longer than `patience` seconds
    in it is not run again: that one run is its figure.

    >>> in_turn({"nothing": lambda: None}, rounds=3)["nothing"][1]
    3
    """
    first = {name: [seconds(way)] for name, way in ways.items()}
    again = {name: way for name, way in ways.items() if first[name][0] <= patience}
    later = {name: [] for name in again}
    for _ in range(rounds):
        for name, way in again.items():
            later[name].append(seconds(way))
    kept = first | later
    return {name: (median(kept[name]), len(kept[name])) for name in ways}


def seconds(way):
    """The seconds that one run takes."""
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


def table(head, rows):
    """A Markdown table; the first column is text, the others are figures.

    >>> print(table(["way", "ms"], [["copy", "0.05"]]))
    | way | ms |
    | :-- | --: |
    | copy | 0.05 |
    """
    lines = [head, [":--"] + ["--:"] * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def figure(number):
    """Three significant digits, without an exponent.

    >>> figure(0.012345), figure(1.5), figure(1234.5)
    ('0.0123', '1.50', '1234')
    """
    digits = 2
    while digits < 6 and abs(number) < 10.0 ** (2 - digits):
        digits += 1
    return f"{number:.{digits if number < 10 else int(number < 100)}f}"
