"""`python -m bench`: what is to be reached, measured side by side, as one table.

With --only the tables of a section, which name more ways.
"""

import argparse
import os
import platform
from importlib import import_module
from importlib.metadata import version

from bench.side_by_side import LIBRARIES, MISSING

SECTIONS = "goals", "begin", "proof", "gradient", "large", "notebooks"


def main(arguments=None):
    """Measure the goals or the chosen sections; print each table once it is there."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--only", choices=SECTIONS, action="append")
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args(arguments)
    if options.rounds < 1:
        parser.error(f"expected 1 round or more, got {options.rounds}")
    print(f"# Benchmark\n\n{surroundings()}\n")
    for name in options.only or ["goals"]:
        for part in import_module(f"bench.{name}").tables(options.rounds):
            print(f"{part}\n", flush=True)


def surroundings():
    """Return a sentence on the machine and the libraries."""
    here = [module for name, module in LIBRARIES.items() if name not in MISSING]
    parts = [f"Python {platform.python_version()}", f"{os.cpu_count()} cores"]
    parts += [f"{x} {version(x)}" for x in ("numpy", "sympy", "matplotlib", *here)]
    parts += [f"no {name}" for name in MISSING]
    return f"Medians of rounds taken in turn. {', '.join(parts)}."


if __name__ == "__main__":
    main()
