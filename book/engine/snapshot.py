"""What the engine does before a snapshot of its memory is taken, and when it wakes.

A snapshot has Python's memory in it, and no file: an engine that wakes has no zip to
import from.  What it would draw at random is the same each time, and so is drawn anew;
the seed of hashes stays, which the reader's own browser has drawn.
"""

import importlib
import random
import sys
import zipfile

from sympy.core.random import seed

from book.engine.answers import answer

LINE = """{"ask": "line", "context": {"theorem": "softmax.case_equal"},
"left": "Derivative(a[j], z[j])", "right": "a[j]*(1 - a[j])", "using": []}"""
LOSS = """{"ask": "loss", "loss": "-Sum(y[k]*log(a[k]), (k, 1, n))",
"activation": "softmax", "parameters": [], "using": ["H1"]}"""
"""Requests of our own, which between them read every text beside the modules."""


def complete() -> None:
    """Import every module there is in the zips, and read every text."""
    for archive in [path for path in sys.path if path.endswith(".zip")]:
        with zipfile.ZipFile(archive) as opened:
            paths = [x for x in opened.namelist() if x.endswith(".pyc")]
        for path in paths:
            name = path.removesuffix(".pyc").replace("/", ".")
            importlib.import_module(name.removesuffix(".__init__"))
    for request in (LINE, LOSS):
        answer(request)


def wake() -> None:
    """Draw anew what is random."""
    random.seed()
    seed()
