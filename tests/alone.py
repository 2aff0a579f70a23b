"""Run each notebook alone, in an empty folder, from its first cell to its last.

    python tests/alone.py notebooks/*.ipynb

What is imported there is what is installed; nothing of this tree is in reach. The
status is 1 when a notebook fails.
"""

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

# A kernel may warn of how it is spoken to, in the midst of our lines.
QUIET = ["--log-level=ERROR"]


def run(path):
    """Run one notebook in a folder of its own; return what went wrong, or None."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(path.read_bytes())
        notebook = nbformat.read(copy, as_version=4)
        where = {"metadata": {"path": folder}}
        try:
            NotebookClient(
                notebook, timeout=120, resources=where, extra_arguments=QUIET
            ).execute()
        except (CellExecutionError, DeadKernelError, TimeoutError) as problem:
            return str(problem)
    return None


def timed(path):
    start = perf_counter()
    return run(path), perf_counter() - start


def main(arguments=None):
    """Run the notebooks, a line for each as it ends; the status is 1 when one fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebooks", nargs="+", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args(arguments)
    os.environ.pop("PYTHONPATH", None)  # it would lead back to the tree
    failed = 0
    # A process of its own from its start: one that has threads is not to be copied.
    with ProcessPoolExecutor(options.jobs, get_context("spawn")) as pool:
        running = {pool.submit(timed, path): path for path in options.notebooks}
        for done in as_completed(running):
            problem, seconds = done.result()
            failed += problem is not None
            verdict = "FAILED" if problem else "passed"
            print(f"{running[done].name:32} {verdict} {seconds:6.1f} s", flush=True)
            if problem:
                print(problem, file=sys.stderr, flush=True)
    print(f"{len(running) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
