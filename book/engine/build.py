"""The engine for a reader's browser: a folder of files, made from the downloads.

Pyodide is taken as it is.  SymPy, mpmath, Lark, `derivations`, `book.engine.answers`
and what they use of Python's library are compiled by Pyodide's own Python, which runs
in node, into three zips: Python starts with the first, and imports what has come while
the rest is on its way.  The large files are packed here and unpacked by the browser, so
that no host has to pack them (libdeflate makes them 4 % smaller than zlib does).  The
name of the folder is a hash of all that is in it.
"""

import json
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from deflate import gzip_compress

from book.content_hash import put
from book.engine import compiling

HERE = Path(__file__).parent
SCRIPT = "compile_in_pyodide.mjs"
OF_PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
ZIPS = ("library.zip", "sympy.zip", "own.zip")
PACKED = {"pyodide.asm.mjs", "pyodide.asm.wasm", *ZIPS}


def build(out, packages, root):
    """Write the engine into a folder of `out`, and return its manifest.

    `packages` are the files by name that `fetch` gives, `root` is where `derivations`
    and `book` lie.  Raises RuntimeError with what node said where it fails.
    """
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        _unpack(packages["pyodide"], work / "pyodide")
        sources = work / "sources"
        sources.mkdir()
        for name in ("lark", "mpmath", "sympy"):
            shutil.copy(packages[name], sources)
        (sources / "own.zip").write_bytes(compiling.packed(own_sources(root)))
        for name in ("compiling.py", "sample_requests.py"):
            shutil.copy(HERE / name, sources)
        compile_in_node(work / "pyodide", sources)
        files = {x: (work / "pyodide" / x).read_bytes() for x in OF_PYODIDE}
        lock = json.loads((work / "pyodide" / "pyodide-lock.json").read_text("utf-8"))
        lock["packages"] = {}
        files["pyodide-lock.json"] = json.dumps(lock, sort_keys=True).encode()
        files |= {name: (sources / name).read_bytes() for name in ZIPS}
        return _put(files, out)


def own_sources(root):
    """Our own files that a browser may need, as {path: bytes}."""
    rooms = (root / "derivations", root / "book/engine")
    kinds = ("*.py", "*.lark")
    paths = [path for room in rooms for kind in kinds for path in room.rglob(kind)]
    paths.append(root / "book/__init__.py")
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def _unpack(archive, folder):
    folder.mkdir()
    wanted = (*OF_PYODIDE, "pyodide-lock.json", "python_stdlib.zip")
    with tarfile.open(archive) as opened:
        for name in wanted:
            source = opened.extractfile(f"package/{name}")
            (folder / name).write_bytes(source.read())


def _put(files, out):
    """Write the files into a folder named by them, and beside it their manifest.

    A file that is packed has the ending .packed, since some hosts unpack a .gz.
    """
    files = dict(_as_sent(name, content) for name, content in sorted(files.items()))
    manifest = {
        "folder": f"{put(out, files).name}/",
        "files": [{"name": x, "bytes": len(content)} for x, content in files.items()],
        "bytes": sum(map(len, files.values())),
    }
    text = json.dumps(manifest, indent=2) + "\n"
    (out / "manifest.json").write_text(text, encoding="utf-8")
    return manifest


def _as_sent(name, content):
    if name not in PACKED:
        return name, content
    return f"{name}.packed", bytes(gzip_compress(content, 12))


def compile_in_node(pyodide, folder):
    """Let Pyodide's own Python make the zips of the sources in a folder."""
    command = ["node", str(HERE / SCRIPT), str(pyodide), str(folder)]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError(f"{SCRIPT} failed:\n{run.stderr or run.stdout}")
