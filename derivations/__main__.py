"""`python -m derivations`: list and verify every theorem, or print one chain."""

import argparse
import sys
import time

from derivations.proof import Derivation
from derivations.theorems import catalogue

FORMATS = {
    "text": repr,
    "markdown": Derivation.to_markdown,
    "latex": Derivation.to_latex,
}


def main(arguments=None):
    """Run the command; the status is 1 when a theorem fails, 2 for a wrong name."""
    parser = argparse.ArgumentParser(prog="python -m derivations", description=__doc__)
    parser.add_argument("name", nargs="?", help="a theorem, such as softmax.case_equal")
    parser.add_argument("--format", choices=FORMATS, default="text")
    options = parser.parse_args(arguments)
    known = catalogue()
    if options.name is None:
        return 1 if verify(known) else 0
    if options.name not in known:
        parser.error(f"no theorem {options.name!r}; there are {', '.join(known)}")
    print(FORMATS[options.format](known[options.name]()))
    return 0


def verify(known):
    """Print steps, points, verdict and time of each theorem; return the failures."""
    width = max(map(len, ["theorem", *known]))
    print(f"{'theorem':{width}} steps points  seconds  verdict")
    failures, begin = [], time.perf_counter()
    for name, derive in known.items():
        start = time.perf_counter()
        steps = ()
        try:
            steps = derive().steps
            if not steps:
                raise ValueError("it has no steps")
            verdict = f"proved for {steps[-1].verdict.every}"
        except Exception as problem:  # one that fails must not hide the others
            failures.append(f"{name}: {problem}")
            verdict = "FAILED"
        points = sum(x.verdict.points for x in steps)
        seconds = time.perf_counter() - start
        print(f"{name:{width}} {len(steps):5} {points:6} {seconds:8.2f}  {verdict}")
    total = time.perf_counter() - begin
    print(f"{len(known)} theorems, {len(failures)} failed, {total:.2f} s")
    for failure in failures:
        print(failure, file=sys.stderr)
    return failures


if __name__ == "__main__":
    sys.exit(main())
