"""The engine for a reader's browser: a folder of files, made from what was fetched.

Pyodide is taken as it is.  SymPy, mpmath, `derivations`, `book.desk` and what they use
of Python's library are compiled by Pyodide's own Python, which runs in node, into one
zip.  The name of the folder is a hash of all that is in it.
"""

import argparse
import gzip
import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from book import compiling
from book.fetched import fetch

HERE = Path(__file__).parent
AS_THEY_ARE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
OLDEST_NODE = 18


def build(out, packages, root):
    """Write the engine into a folder of `out`, and return its manifest.

    `packages` are the files by name that `fetch` gives, `root` is where `derivations`
    and `book` lie.  Raises OSError where node is missing or too old, and
    RuntimeError with what node said where it fails.
    """
    check_node()
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        _unpack(packages["pyodide"], work / "pyodide")
        sources = work / "sources"
        sources.mkdir()
        for name in ("mpmath", "sympy"):
            shutil.copy(packages[name], sources)
        (sources / "own.zip").write_bytes(compiling.packed(own_sources(root)))
        for name in ("compiling.py", "rehearsal.py"):
            shutil.copy(HERE / name, sources)
        run_node("compile", work / "pyodide", sources)
        made = work / "made"
        made.mkdir()
        for name in AS_THEY_ARE:
            shutil.copy(work / "pyodide" / name, made)
        shutil.copy(sources / "engine.zip", made)
        info = json.loads((work / "pyodide" / "pyodide-lock.json").read_text())["info"]
        lock = json.dumps({"info": info, "packages": {}}, sort_keys=True)
        (made / "pyodide-lock.json").write_text(lock, encoding="utf-8")
        return _put(made, out)


def own_sources(root):
    """The files from which a browser gets what `book.desk` uses: {path: bytes}."""
    rooms = (root / "derivations", root / "book")
    paths = [path for room in rooms for path in room.rglob("*.py")]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def _unpack(archive, folder):
    folder.mkdir()
    wanted = (*AS_THEY_ARE, "pyodide-lock.json", "python_stdlib.zip")
    with tarfile.open(archive) as opened:
        for name in wanted:
            source = opened.extractfile(f"package/{name}")
            (folder / name).write_bytes(source.read())


def _put(made, out):
    """Move the files to a folder named by their hash, and write the manifest."""
    files = []
    digest = hashlib.sha256()
    for path in sorted(made.iterdir()):
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode() + content)
        small = len(gzip.compress(content, 9, mtime=0))
        files.append({"name": path.name, "bytes": len(content), "gzip": small})
    folder = digest.hexdigest()[:16]
    shutil.rmtree(out / folder, ignore_errors=True)
    shutil.copytree(made, out / folder)
    manifest = {
        "folder": f"{folder}/",
        "files": files,
        "bytes": sum(x["bytes"] for x in files),
        "gzip": sum(x["gzip"] for x in files),
    }
    text = json.dumps(manifest, indent=2) + "\n"
    (out / "manifest.json").write_text(text, encoding="utf-8")
    return manifest


def check_node():
    """Raise OSError, in one line, unless node is there and new enough."""
    needed = f"the book is built with node {OLDEST_NODE} or newer and npm"
    get = "get them from nodejs.org, or on Debian: apt-get install nodejs npm"
    node = shutil.which("node")
    if node is None:
        raise OSError(f"{needed}, and there is no node: {get}")
    version = subprocess.check_output([node, "--version"], text=True).strip()
    if int(version.lstrip("v").split(".")[0] or 0) < OLDEST_NODE:
        raise OSError(f"{needed}, and this node is {version}: {get}")


def run_node(*words):
    """Run engine.mjs with a command and its paths, and return what it printed."""
    command = ["node", HERE / "engine.mjs", *words]
    run = subprocess.run(
        list(map(str, command)), check=False, capture_output=True, text=True
    )
    if run.returncode:
        raise RuntimeError(f"engine.mjs {words[0]} failed:\n{run.stderr or run.stdout}")
    return run.stdout


def main(arguments=None):
    """Build the engine alone, and ask it everything once, in node."""
    parser = argparse.ArgumentParser(prog="python -m book.engine", description=__doc__)
    parser.add_argument("out", type=Path, help="the folder to write into")
    parser.add_argument("--packages", type=Path, help="where what is fetched is kept")
    options = parser.parse_args(arguments)
    out = options.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    packages = fetch(options.packages or out.parent / "packages")
    manifest = build(out, packages, HERE.parent)
    for file in manifest["files"]:
        print(
            f"{file['name']:20} {file['bytes']:>10,} bytes, {file['gzip']:>9,} by gzip"
        )
    print(f"{manifest['folder']}: {manifest['gzip'] / 1e6:.2f} MB by gzip -9")
    print(run_node("try", out / manifest["folder"], HERE / "rehearsal.py"), end="")


if __name__ == "__main__":
    main()
