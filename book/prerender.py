"""Formulas of the pages, set by MathJax in node while the book is built."""

import hashlib
import json
import re
import shutil
import subprocess
import tarfile
from html import unescape
from pathlib import Path

SCRIPT = Path(__file__).with_name("prerender.mjs")
WAITING = re.compile(r'<(span|div) class="((?:formula )?)tex">(.*?)</\1>', re.S)
FONTS = {"Main-Regular": r"mjx-c\w+", "Math-Italic": r"mjx-c\w+ TEX-I"}
"""The fonts of nearly every formula, and the class of a letter that is set in each."""
CARRIED = ("es5/tex-chtml.js", "es5/output/chtml/fonts/woff-v2/", "LICENSE")


def unpacked(archive, folder):
    """MathJax from its archive, in a folder of the cache; made once."""
    place = folder / archive.stem
    if not place.exists():
        shutil.rmtree(folder / "unpacking", ignore_errors=True)
        with tarfile.open(archive) as packed:
            packed.extractall(folder / "unpacking", filter="data")
        (folder / "unpacking/package").rename(place)
    return place


def runtime(mathjax):
    """The files of MathJax that a page loads to set a formula: {name: bytes}."""
    paths = sorted(x for x in mathjax.rglob("*") if x.is_file())
    names = {x.relative_to(mathjax).as_posix(): x for x in paths}
    return {
        name.removeprefix("es5/"): path.read_bytes()
        for name, path in names.items()
        if name.startswith(CARRIED)
    }


def waiting(pages):
    """The formulas of some pages, sorted, as (LaTeX, whether it is displayed)."""
    formulas = set()
    for text in pages:
        formulas |= {_formula(match) for match in WAITING.finditer(text)}
    return sorted(formulas)


def _formula(match):
    return unescape(match[3]).strip(), match[1] == "div"


def prerendered(formulas, mathjax, fonts, cache):
    """Formulas as HTML by formula, and the stylesheet that they share.

    One process sets them all; a second build of the same ones reads the cache.  Raises
    ValueError for a formula that MathJax cannot set, with the formula.
    """
    asked = json.dumps([fonts, mathjax.name, SCRIPT.read_text(), formulas])
    kept = cache / f"{hashlib.sha256(asked.encode()).hexdigest()[:16]}.json"
    if not kept.exists():
        done = subprocess.run(
            ["node", str(SCRIPT), str(mathjax), fonts],
            input=json.dumps(formulas),
            capture_output=True,
            text=True,
            check=False,
            encoding="utf-8",
        )
        if done.returncode:
            raise ValueError(done.stderr.strip())
        cache.mkdir(parents=True, exist_ok=True)
        kept.write_text(done.stdout, encoding="utf-8")
    answer = json.loads(kept.read_text(encoding="utf-8"))
    return dict(zip(formulas, answer["html"], strict=True)), answer["css"]


def filled(text, by_formula):
    """A page with its formulas set.

    A formula in display style may be too wide for a narrow page.  If it is all of its
    paragraph, it becomes a line of its own; otherwise it can be scrolled.
    """

    def put(match):
        formula, displayed = _formula(match)
        kind = "formula" if displayed else "in-text"
        if not displayed and formula.startswith(r"\displaystyle"):
            alone = text.endswith("<p>", 0, match.start())
            alone = alone and text.startswith("</p>", match.end())
            kind = "formula-line" if alone else "formula-wide"
        html = by_formula[formula, displayed]
        return f'<{match[1]} class="{kind}">{html}</{match[1]}>'

    return WAITING.sub(put, text)


def fonts_ahead(text, folder):
    """Lines for the head of a page: its formulas' fonts come before it is laid out.

    Else the formulas move what is below them when their fonts come.

    >>> print(fonts_ahead('<mjx-c class="mjx-c3D"></mjx-c>', "fonts"))
    <link rel="preload" href="fonts/MathJax_Main-Regular.woff" as="font" crossorigin>
    """
    names = [x for x, letter in FONTS.items() if re.search(f'class="{letter}"', text)]
    return "\n".join(
        f'<link rel="preload" href="{folder}/MathJax_{x}.woff" as="font" crossorigin>'
        for x in names
    )
