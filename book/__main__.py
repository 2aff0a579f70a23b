"""`python -m book`: the series as a site of plain files, in build/book/."""

import argparse
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from book import assets, policy, prerender, site_checks
from book.downloads import check_tools, fetch
from book.pages import sphinx_sources
from book.pages.path import page

ROOT = Path(__file__).parents[1]
CACHE, OUT = ROOT / ".book", ROOT / "build/book"
SHEET = "_static/formulas.css"
FONTS = "_static/mathjax/{}/output/chtml/fonts/woff-v2"
SPHINX = (
    *("-m", "sphinx", "--builder", "html", "--quiet", "--fresh-env"),
    *("--fail-on-warning", "--keep-going", "--conf-dir", str(ROOT / "book")),
    *("--doctree-dir", str(CACHE / "doctrees"), str(CACHE / "sources")),
)


class FaultsError(ValueError):
    """Faults of the pages, one in each line."""


def main(arguments=None):
    """Build the book; the status is 1 where something is wrong with it."""
    parser = argparse.ArgumentParser(prog="python -m book", description=__doc__)
    parser.add_argument("--url", default="", help="the address that it will have")
    options = parser.parse_args(arguments)
    try:
        check_tools()
        build(options.url.rstrip("/"))
    except (OSError, RuntimeError, ValueError, subprocess.SubprocessError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def build(url=""):
    """Build the book into build/book/.

    Raises FaultsError if a page has a fault; the book of an earlier build then stays.
    """
    begin = time.perf_counter()

    def say(what):
        print(f"{time.perf_counter() - begin:6.1f} s  {what}", flush=True)

    packages = fetch(CACHE / "packages")
    say(f"fetched: {', '.join(sorted(packages))}")
    new = CACHE / "site"
    for folder in (new, CACHE / "sources"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    with ThreadPoolExecutor(1) as aside:  # node compiles while Python makes the pages
        engine = aside.submit(assets.engine, CACHE / "engine", packages)
        by_formula, pages, fonts = written(new, packages, url, say)
        place, manifest = engine.result()
    shutil.copytree(place, new / "_static/engine")
    say(f"engine: {manifest['bytes'] / 1e6:.1f} MB, loaded when a reader asks")
    field = assets.formula_field(new / "_static", packages["mathlive"])
    live = assets.live(new / "_static", manifest, fonts, field.name)
    path_folder = assets.path(new / "_static")
    assets.copies(new, url)
    if site_checks.is_too_large(manifest):
        raise FaultsError(f"the engine has {manifest['bytes']} bytes: too many")
    checked(new, pages, by_formula, (live, path_folder, fonts), url, say)
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.parent.mkdir(exist_ok=True)
    shutil.move(new, OUT)
    say(f"it is in {OUT.relative_to(ROOT)}/; to see it: make book-serve")


def written(new, packages, url, say):
    """Make the pages: HTML by name, formulas by LaTeX, and the folder of MathJax."""
    wheel = assets.wheel(new)
    sphinx_sources.write(CACHE / "sources", url, wheel)
    say("sources: notebooks, theorems, pages")
    say(page.told())
    pages = sphinx(new, url)
    say(f"{len(pages)} pages")
    mathjax = prerender.unpacked(packages["mathjax"], CACHE)
    runtime = assets.put(new / "_static/mathjax", prerender.runtime(mathjax))
    by_formula, sheet = prerender.prerendered(
        prerender.waiting(pages.values()),
        mathjax,
        FONTS.format(runtime.name).removeprefix("_static/"),
        CACHE / "formulas",
    )
    (new / SHEET).write_text(sheet, encoding="utf-8")
    say(f"{len(by_formula)} formulas")
    return by_formula, pages, runtime.name


def checked(new, pages, by_formula, scripts, url, say):
    """Write each page with its policy and its formulas.  Raises FaultsError."""
    faults, (live, path_folder, mathjax) = [], scripts
    for name, text in pages.items():
        whole = policy.with_policy(text, in_head(name, text, (live, path_folder), url))
        faults += [f"{name}: {x}" for x in policy.faults(whole)]
        page = prerender.filled(whole, by_formula)
        up = "../" * name.count("/")
        ahead = prerender.fonts_ahead(page, f"{up}{FONTS.format(mathjax)}")
        pages[name] = page.replace("<title>", f"{ahead}<title>", 1)
        (new / name).write_text(pages[name], encoding="utf-8")
    if url:
        write_sitemap(new, pages, url)
    faults += [
        f"{x}: {y} leads nowhere" for x, y in site_checks.broken_links(pages, new)
    ]
    faults += too_heavy(pages, new, say)
    if faults:
        raise FaultsError("\n".join(faults))


def sphinx(folder, url):
    """The pages that Sphinx makes of the sources, by name; its warnings are errors."""
    subprocess.run(
        [sys.executable, *SPHINX, str(folder)],
        check=True,
        cwd=ROOT,
        env=os.environ | {"BOOK_URL": url},
    )
    shutil.rmtree(folder / "_sources", ignore_errors=True)
    for name in (".buildinfo", "objects.inv"):
        (folder / name).unlink(missing_ok=True)
    paths = sorted(folder.rglob("*.html"))
    return {x.relative_to(folder).as_posix(): x.read_text("utf-8") for x in paths}


def in_head(name, text, folders, url):
    """Lines for the head of a page: style sheets, scripts, its address."""
    live, path_folder = folders
    up = "../" * name.count("/")
    lines = [f'<link rel="stylesheet" href="{up}{SHEET}">']
    if 'class="live"' in text:
        place = f"{up}_static/live/{live.name}"
        lines += [f'<link rel="stylesheet" href="{place}/live.css">']
        if 'data-live="levels"' in text:
            lines += [f'<link rel="stylesheet" href="{place}/levels.css">']
            lines += [f'<script type="module" src="{place}/parts/levels.js"></script>']
        lines += [f'<script type="module" src="{place}/live.js"></script>']
        lines += [f'<script defer src="{place}/no_modules.js"></script>']
    if 'class="path-question"' in text:
        place = f"{up}_static/path/{path_folder.name}"
        lines += [f'<link rel="stylesheet" href="{place}/path.css">']
        lines += [f'<script type="module" src="{place}/path.js"></script>']
    lines += policy.social(text, url, name) if url else []
    return "".join(f"\n    {line}" for line in lines)


def write_sitemap(folder, pages, url):
    """Write the list of pages and page 404, which only a book with an address has."""
    names = sorted(set(pages) - {"search.html"})
    sitemap = policy.sitemap(url, names)
    (folder / "sitemap.xml").write_text(sitemap, encoding="utf-8")
    pages["404.html"] = policy.not_found(url)
    (folder / "404.html").write_text(pages["404.html"], encoding="utf-8")


def too_heavy(pages, folder, say):
    """Faults of pages that load more than BUDGET; prints what the largest loads."""
    sizes = {}
    for name, text in pages.items():
        paths = [folder / x for x in site_checks.loaded(name, text, folder)]
        sizes[name] = site_checks.weight(x for x in paths if x.is_file())
    largest = max(sizes, key=sizes.get)
    say(f"to read, a page loads at most {sizes[largest] / 1e3:.0f} kB: {largest}")
    heavy = {
        x: site_checks.budget(x) for x in sizes if sizes[x] > site_checks.budget(x)
    }
    return [f"{x} loads {sizes[x]} bytes, over {most}" for x, most in heavy.items()]


if __name__ == "__main__":
    sys.exit(main())
