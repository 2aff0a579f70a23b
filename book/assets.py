"""The files beside the pages: scripts, engine, typesetter, notebooks, wheel."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from book.content_hash import name_of, put
from book.engine.build import build, own_sources

ROOT = Path(__file__).parents[1]
LIVE = Path(__file__).with_name("static") / "live"
PATH = Path(__file__).with_name("static") / "path"
EXPLORERS = ROOT / "arrays/pictures/explorers"
ENGINE = Path(__file__).with_name("engine")
OF_MATHLIVE = ("mathlive.min.mjs", "mathlive-fonts.css", "fonts/", "LICENSE")
EPOCH = "946684800"  # the date of every file in the wheel, whenever it is built


def engine(cache, packages):
    """The engine's folder in the cache and its manifest; built if a source changed."""
    here = {x.name: x.read_bytes() for x in ENGINE.glob("*.mjs")}
    sums = {name: path.read_bytes() for name, path in packages.items()}
    place = cache / name_of(own_sources(ROOT) | here | sums)
    if not (place / "manifest.json").exists():
        shutil.rmtree(cache, ignore_errors=True)
        build(place, packages, ROOT)
    return place, json.loads((place / "manifest.json").read_text(encoding="utf-8"))


def formula_field(static, archive):
    """Write what a page loads of MathLive into a folder, and return it.

    That is one module, its fonts and their stylesheet: no sounds, no other build.
    """
    with tarfile.open(archive) as packed:
        files = {
            name: packed.extractfile(member).read()
            for member in packed
            if (name := member.name.removeprefix("package/")).startswith(OF_MATHLIVE)
        }
    return put(static / "mathlive", files)


def live(static, manifest, typesetter, field):
    """Write the scripts of the live parts into a folder, and return it.

    settings.json says where they find the engine, MathJax and MathLive.
    """
    paths = sorted(path for path in LIVE.rglob("*") if path.suffix in (".js", ".css"))
    files = {path.relative_to(LIVE).as_posix(): path.read_bytes() for path in paths}
    files["web_worker.js"] = (ENGINE / "web_worker.js").read_bytes()
    where = {
        "engine": f"../../engine/{manifest['folder']}",
        "typesetter": f"../../mathjax/{typesetter}/tex-chtml.js",
        "field": f"../../mathlive/{field}/",
        "manifest": manifest,
    }
    files["settings.json"] = json.dumps(where, sort_keys=True).encode()
    return put(static / "live", files)


def path(static):
    """Write what the path of small questions needs into a folder, and return it.

    It computes with the functions of the explorers, which are no module there.
    """
    files = {one.name: one.read_bytes() for one in sorted(PATH.iterdir())}
    for name in ("state/memory.js", "elements/one_stop.js"):
        files[Path(name).name] = (LIVE / name).read_bytes()
    functions = (EXPLORERS / "numbers.js").read_text(encoding="utf-8")
    exported = "export { jacobian, minus, number, softmax };"
    files["numbers.js"] = f"{functions}\n{exported}\n".encode()
    return put(static / "path", files)


def wheel(folder):
    """Build the wheel of the packages into a folder, and return its name.

    It is built from a copy, so that it holds nothing of an earlier build.
    """
    with tempfile.TemporaryDirectory() as place:
        copy, made = Path(place) / "tree", Path(place) / "made"
        copy.mkdir()
        for name in ("arrays", "derivations"):
            ignored = shutil.ignore_patterns("__pycache__", ".*")
            shutil.copytree(ROOT / name, copy / name, ignore=ignored)
        for name in ("helpers.py", "pyproject.toml", "LICENSE", "LICENSE-TEXT"):
            shutil.copy(ROOT / name, copy)
        for path in copy.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        words = "-m pip wheel --quiet --no-deps --no-index --no-build-isolation"
        subprocess.run(
            [sys.executable, *words.split(), "--wheel-dir", str(made), str(copy)],
            check=True,
            env=os.environ | {"SOURCE_DATE_EPOCH": EPOCH},
        )
        [path] = made.glob("*.whl")
        shutil.copy(path, folder)
        return path.name


def copies(folder, url=""):
    """Copy the saved notebooks beside their pages, and both licences.

    No README.md is there: its links lead to the page that is made of it.
    """
    here, up = (f"{url}/notebooks/", f"{url}/") if url else ("", "../")
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        text = path.read_text(encoding="utf-8")
        text = text.replace("](README.md", f"]({here}questions.html")
        text = text.replace("](../certificates/README.md", f"]({up}certificates.html")
        (folder / "notebooks" / path.name).write_text(text, encoding="utf-8")
    for path in sorted(ROOT.glob("LICENSE*")):
        shutil.copyfile(path, folder / f"{path.name}.txt")
