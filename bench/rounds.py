"""Timing in turn, and the Markdown that it ends in."""

import time
from statistics import median


def in_turn(ways, rounds, patience=float("inf")):
    """The median seconds of each way, and the number of runs it is the median of.

    A way is a function that returns its seconds. One round runs each way once, so that
    a busy moment of the machine meets all of them; every second round runs backwards,
    for a way finds in the cache what the one before it has read. The first round only
    warms up; but a way that takes longer than `patience` seconds in it is not run
    again, and that one run is its figure.

    >>> in_turn({"ours": lambda: 2.0, "slow": lambda: 9.0}, rounds=3, patience=5)
    {'ours': (2.0, 3), 'slow': (9.0, 1)}
    """
    runs = {name: [way()] for name, way in ways.items()}
    again = [name for name in ways if runs[name][0] <= patience]
    for name in again:
        runs[name] = []
    for _ in range(rounds):
        for name in again:
            runs[name].append(ways[name]())
        again.reverse()
    return {name: (median(found), len(found)) for name, found in runs.items()}


def seconds(way):
    """The seconds that one run of a function takes."""
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

    >>> figure(0.012345), figure(1.5), figure(15.33), figure(1234.5)
    ('0.0123', '1.50', '15.3', '1234')
    """
    digits = 2
    while digits < 6 and number < 10.0 ** (2 - digits):
        digits += 1
    return f"{number:.{digits if number < 10 else int(number < 100)}f}"


def wanted(target, reached):
    """A target of the series, and whether this run reached it.

    >>> print(wanted("Ours is first", False))
    - Ours is first: **no**
    """
    return f"- {target}: **{'yes' if reached else 'no'}**"
