"""Modules from a zip, each read once: the `sitecustomize` of the reader's Python.

Python's own importer reads a module of a zip twice, once to find out what its file is
called.  Here every module is a .pyc.
"""

import marshal
import sys
from zipimport import zipimporter

HEADER = 16  # bytes of a .pyc before its code


class Importer(zipimporter):
    """Imports modules from a zip that holds them compiled."""

    def get_filename(self, name):
        inside = "/__init__" if self.is_package(name) else ""
        return f"{self.archive}/{self.prefix}{name.rpartition('.')[2]}{inside}.pyc"

    def get_code(self, name):
        return marshal.loads(self.get_data(self.get_filename(name))[HEADER:])


if __name__ == "sitecustomize":
    sys.path_hooks.insert(0, Importer)
    sys.path_importer_cache.clear()
