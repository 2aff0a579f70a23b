"""What the book does not carry cannot be imported, as in a reader's browser."""

import sys
from contextlib import contextmanager

from book.engine.compiling import LEFT_OUT


@contextmanager
def as_in_the_book():
    """Refuse to import the rooms of SymPy that the book leaves out.

    >>> with as_in_the_book():
    ...     from sympy.physics import units
    Traceback (most recent call last):
      ...
    ModuleNotFoundError: import of sympy.physics halted; None in sys.modules
    """
    rooms = tuple(f"{room}." for room in LEFT_OUT)
    names = {*LEFT_OUT, *(x for x in sys.modules if x.startswith(rooms))}
    loaded = {x: sys.modules[x] for x in names if x in sys.modules}
    sys.modules.update(dict.fromkeys(names))
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]
        sys.modules.update(loaded)
