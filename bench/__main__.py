"""`python -m bench`: measure side by side, print Markdown, draw bench/bench.svg."""

import argparse
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench import gradient, large, proof, series
from bench.drawing import draw

SECTIONS = {"proof": proof, "gradient": gradient, "large": large, "series": series}
ROUNDS = {"proof": 3, "gradient": 15, "large": 5, "series": 3}
PICTURE = Path(__file__).with_name("bench.svg")


def main(arguments=None):
    """Measure the chosen sections and print one Markdown document."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=SECTIONS, action="append")
    parser.add_argument("--rounds", type=rounds, help="rounds in place of the usual")
    options = parser.parse_args(arguments)
    found = {}
    for name in options.only or SECTIONS:
        print(f"measuring: {name}", file=sys.stderr)
        found[name] = SECTIONS[name].measure(options.rounds or ROUNDS[name])
    print(f"# Benchmark\n\n{surroundings()}\n")
    for name, measured in found.items():
        print(SECTIONS[name].report(measured) + "\n")
    draw(found, PICTURE)
    print(f"![The same as a picture]({PICTURE.name})")


def rounds(text):
    """A number of rounds from the command line, at least 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected 1 or more, got {text!r}")
    return int(text)


def surroundings():
    """What it ran on."""
    parts = [f"Python {platform.python_version()}", f"{os.cpu_count()} cores"]
    for name in ("numpy", "sympy", "matplotlib", "torch", "jax"):
        try:
            parts.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            parts.append(f"no {name}")
    return "Medians of rounds taken in turn. " + ", ".join(parts) + "."


if __name__ == "__main__":
    main()
