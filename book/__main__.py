"""`python -m book`: the series as a site of plain files, in build/book/."""

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from book import beside, checks, policy, sources, typeset
from book.fetched import fetch

ROOT = Path(__file__).parents[1]
CACHE, OUT = ROOT / ".book", ROOT / "build/book"
SHEET = "_static/formulas.css"


class Faults(Exception):
    """What is wrong with the pages, line by line."""


def main(arguments=None):
    """Build the book; the status is 1 where something is wrong with it."""
    parser = argparse.ArgumentParser(prog="python -m book", description=__doc__)
    parser.add_argument("--url", default="", help="the address it will have")
    options = parser.parse_args(arguments)
    missing = [x for x in ("node", "npm") if shutil.which(x) is None]
    if missing:
        print(f"Node.js 18 or newer and npm are needed; missing: {', '.join(missing)}")
        return 1
    try:
        build(options.url.rstrip("/"))
    except (Faults, ValueError, subprocess.CalledProcessError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def build(url):
    """Build the book, from what is fetched to the sizes that are printed."""
    begin = time.perf_counter()

    def said(what):
        print(f"{time.perf_counter() - begin:6.1f} s  {what}", flush=True)

    packages = fetch(CACHE / "packages")
    said(f"fetched: {', '.join(sorted(packages))}")
    new = CACHE / "site"  # what is shown stays until the new one is whole
    for folder in (new, CACHE / "sources"):
        shutil.rmtree(folder, ignore_errors=True)
    new.mkdir(parents=True)
    wheel = beside.wheel(new)
    sources.write(CACHE / "sources", url, wheel)
    said("sources: notebooks, theorems, pages")
    sphinx(new, url)
    said("pages")
    texts = {x.relative_to(new).as_posix(): x.read_text("utf-8") for x in html(new)}
    mathjax = typeset.unpacked(packages["mathjax"], CACHE)
    runtime = beside.put(new / "_static/mathjax", typeset.runtime(mathjax))
    fonts = f"mathjax/{runtime.name}/output/chtml/fonts/woff-v2"
    formulas = typeset.waiting(texts.values())
    by_formula, style = typeset.typeset(formulas, mathjax, fonts, CACHE / "formulas")
    (new / SHEET).write_text(style, encoding="utf-8")
    said(f"{len(formulas)} formulas")
    manifest = beside.engine(new / "_static", packages)
    live = beside.live(new / "_static", manifest, runtime.name)
    beside.notebooks(new / "notebooks")
    said(f"engine: {manifest['gzip'] / 1e6:.1f} MB, fetched when a reader asks")
    found = []
    for name, text in texts.items():
        head = in_head(name, text, live, url)
        whole = policy.with_policy(text, head)
        found += [f"{name}: {x}" for x in policy.faults(whole)]
        texts[name] = typeset.filled(whole, by_formula)
        (new / name).write_text(texts[name], encoding="utf-8")
    if url:
        names = sorted(set(texts) - {"404.html", "search.html"})
        (new / "sitemap.xml").write_text(policy.sitemap(url, names), encoding="utf-8")
    found += [f"{x}: {y} leads nowhere" for x, y in checks.broken_links(texts, new)]
    found += too_heavy(texts, new, said)
    if found:
        raise Faults("\n".join(found))
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.parent.mkdir(exist_ok=True)
    shutil.move(new, OUT)
    said(f"{len(texts)} pages in {OUT.relative_to(ROOT)}/; see them: make book-serve")


def sphinx(folder, url):
    """The pages, by Sphinx; a warning of it is an error."""
    words = "-m sphinx --builder html --quiet --fresh-env --fail-on-warning --keep-going"
    subprocess.run(
        [
            *(sys.executable, *words.split(), "--conf-dir", str(ROOT / "book")),
            *("--doctree-dir", str(CACHE / "doctrees")),
            *(str(CACHE / "sources"), str(folder)),
        ],
        check=True,
        cwd=ROOT,
        env=os.environ | {"BOOK_URL": url},
    )
    shutil.rmtree(folder / "_sources", ignore_errors=True)
    for name in (".buildinfo", "objects.inv"):
        (folder / name).unlink(missing_ok=True)


def html(folder):
    return sorted(folder.rglob("*.html"))


def in_head(name, text, live, url):
    """What is added to the head of a page: its sheets, its scripts, its address."""
    up = "../" * name.count("/")
    lines = [f'<link rel="stylesheet" href="{up}{SHEET}">']
    if 'class="live"' in text:
        place = f"{up}_static/live/{live.name}"
        lines += [f'<link rel="stylesheet" href="{place}/live.css">']
        lines += [f'<script type="module" src="{place}/live.js"></script>']
    added = "".join(f"\n    {line}" for line in lines)
    return added + (policy.social(text, url, name) if url else "")


def too_heavy(texts, folder, said):
    """Pages that load more than their budget; the largest is printed."""
    sizes = {}
    for name, text in texts.items():
        paths = [folder / x for x in checks.loaded(name, text, folder)]
        sizes[name] = checks.weight(x for x in paths if x.is_file())
    largest = max(sizes, key=sizes.get)
    said(f"a page loads at most {sizes[largest] / 1e3:.0f} kB (gzip -9): {largest}")
    limit = checks.BUDGET
    return [f"{x} loads {n} bytes, more than {limit}" for x, n in sizes.items() if n > limit]


if __name__ == "__main__":
    sys.exit(main())
