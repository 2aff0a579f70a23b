"""Notebooks as slides: `python -m book.slides` writes build/slides/.

They are those of `jupyter nbconvert --to slides`, from the metadata `slideshow` of the
cells: outputs without code, a chain line by line.  A page needs what lies beside it,
and no other host.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tarfile
from html import escape
from pathlib import Path

import nbformat
from nbconvert import SlidesExporter
from nbconvert.filters import markdown2html

from book import prerender
from book.assignments import linked
from book.downloads import LOCK, check_tools, fetch
from book.pages.chains import saved_as_list
from book.pages.notebooks import on_screen, title
from book.pages.values import as_numbers

ROOT = Path(__file__).parents[1]
CACHE, OUT = ROOT / ".book", ROOT / "build/slides"
TEMPLATES = Path(__file__).with_name("templates")
REVEAL = {
    "from": "npm",
    "version": "6.0.2",
    "file": "reveal.js-6.0.2.tgz",
    "sha256": "2f0c20bfb02447a198a1ebe8a8c097a5437d035caa38f2820bf4ba887a3eac91",
}
OF_REVEAL = ("dist/reveal.js", "dist/reveal.css", "dist/reset.css", "LICENSE")
SHORT = 60  # words of a cell that is shown as it is
NARROW = 400  # a picture that leaves room for words beside it
ON_SCREEN = re.compile(r'<span class="on-screen">.*?</span>', re.DOTALL)
LINK_ASIDE = re.compile(r" \(\[[^]]*\]\([^)]*\)\)")
END_OF_SENTENCE = re.compile(r'([.?!](?:\*\*|\)|")?)\s+(?=[^a-z\s])')
ENDS = re.compile(r'[.?!][*)"]*$')
NEEDED, OFF_THE_PATH = "*You need:*", "*(Off the path.)*"
FORMULA = re.compile(r"\$\$.+?\$\$|\$.+?\$", re.DOTALL)
DISPLAYED = re.compile(r"(?:<p>)?\$\$\s*(.+?)\s*\$\$(?:</p>)?", re.DOTALL)


def main(arguments=None):
    """Write the slides of notebooks; the status is 1 where none has any."""
    parser = argparse.ArgumentParser(prog="python -m book.slides")
    parser.add_argument("notebooks", nargs="+", type=Path)
    paths = sorted(parser.parse_args(arguments).notebooks)
    try:
        check_tools()
        written = write(OUT, paths)
    except (OSError, ValueError, subprocess.SubprocessError) as problem:
        print(problem, file=sys.stderr)
        return 1
    for path in written:
        print(path.relative_to(ROOT))
    return 0


def write(folder, paths):
    """Write the slides of those notebooks that have some, in place of what is there.

    Returns their paths.  Raises ValueError if there are none.
    """
    notebooks = {path.stem: nbformat.read(path, as_version=4) for path in paths}
    pages = {x: page(notebook) for x, notebook in notebooks.items() if any_in(notebook)}
    if not pages:
        raise ValueError("no cell of these notebooks has slideshow metadata: no slides")
    mathjax = json.loads(LOCK.read_text(encoding="utf-8"))["mathjax"]
    packages = fetch(CACHE / "packages", {"mathjax": mathjax, "reveal.js": REVEAL})
    mathjax = prerender.unpacked(packages["mathjax"], CACHE)
    waiting = prerender.waiting(pages.values())
    fonts = "mathjax/output/chtml/fonts/woff-v2"
    formulas, sheet = prerender.prerendered(waiting, mathjax, fonts, CACHE / "formulas")
    files = {"formulas.css": sheet.encode()} | {
        f"mathjax/{name}": content
        for name, content in prerender.runtime(mathjax).items()
        if not name.endswith(".js")
    }
    files["slides.css"] = (TEMPLATES / "slides/slides.css").read_bytes()
    with tarfile.open(packages["reveal.js"]) as packed:
        for name in OF_REVEAL:
            content = packed.extractfile(f"package/{name}").read()
            files[f"reveal/{Path(name).name}"] = content
    for stem, text in pages.items():
        files[f"{stem}.html"] = prerender.filled(text, formulas).encode()
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return [folder / f"{stem}.html" for stem in pages]


def any_in(notebook):
    """Has a notebook slides?"""
    return any("slideshow" in cell.metadata for cell in notebook.cells)


def page(notebook):
    """The slides of a notebook as a page, whose formulas wait to be set."""
    exporter = SlidesExporter(
        template_name="slides", extra_template_basedirs=[str(TEMPLATES)]
    )
    slides = nbformat.v4.new_notebook(
        cells=shown(notebook.cells), metadata={"title": title(notebook)}
    )
    return exporter.from_notebook_node(slides)[0]


def shown(cells):
    """What slides show of the cells of a notebook: cells cut at their headings."""
    made, section = [], ""
    for cell in cells:
        kind = cell.metadata.get("slideshow", {}).get("slide_type", "-")
        if kind == "skip":
            continue
        if cell.cell_type == "code":
            pieces = [(True, "\n".join(map(output_as_html, cell.outputs)))]
        else:
            pieces = [(begins, as_html(text)) for begins, text in parts(cell.source)]
        for begins, html in pieces:
            above = ""
            if html.startswith("<h2"):
                kind, section = "slide", f"{html.partition('</h2>')[0]}</h2>\n"
            elif kind == "subslide" and begins:
                above = section
            if above + html:
                about = {"slideshow": {"slide_type": kind if begins else "fragment"}}
                made.append(nbformat.v4.new_markdown_cell(above + html, metadata=about))
    return made


def parts(text):
    """The parts of a cell, cut at its headings: (has it its own slide, its words).

    What stands before a heading is the end of the slide before.  A section that is off
    the path has none.

    >>> parts("This is short.\\n\\n## Next\\n\\nShort, too.")
    [(False, 'This is short.'), (True, '## Next\\n\\nShort, too.')]
    """
    text, _, _ = text.partition(NEEDED)  # of the first cell
    text = linked(ON_SCREEN.sub("", on_screen(text)), ())
    texts = re.split(r"^(?=#)", text, flags=re.MULTILINE)
    return [
        (place > 0 or len(texts) == 1, brief(x))
        for place, x in enumerate(texts)
        if OFF_THE_PATH not in x
    ]


def brief(text):
    """A short text as it is; of a longer one what counts.

    That is its headings, its displayed formulas, the sentences that have something in
    bold, and the words that lead to what comes next.

    >>> print(brief("So. " * 70 + "A **b**! And\\n\\n$$c$$\\n\\n- It is **d**. E."))
    A **b**! And
    <BLANKLINE>
    $$c$$
    <BLANKLINE>
    - It is **d**.
    """
    if len(FORMULA.sub("x", text).split()) <= SHORT:
        return text.strip()
    blocks = re.split(r"\n{2,}|\n(?=- )", text.strip())
    kept = [x if x.startswith(("#", "$$")) else _what_counts(x) for x in blocks]
    return "\n\n".join(filter(None, kept))


def _what_counts(block):
    sentences = END_OF_SENTENCE.sub(r"\1\n", " ".join(block.split())).split("\n")
    return " ".join(x for x in sentences if "**" in x or not ENDS.search(x))


def as_html(text):
    """Markdown as HTML, with its formulas as text that waits.

    >>> as_html("The $a$:\\n\\n$$a < 1$$")
    '<p>The <span class="tex">a</span>:</p>\\n<div class="tex">a &lt; 1</div>'
    """
    html = DISPLAYED.sub(r'<div class="tex">\1</div>', markdown2html(text))
    return re.sub(r"\$(.+?)\$", r'<span class="tex">\1</span>', html).strip()


def output_as_html(output):
    """What a cell has shown, as HTML: a chain by lines, an explorer by its picture."""
    data = {kind: x for kind, x in output.get("data", {}).items() if x}
    if "image/png" in data:
        about, png = output.metadata["image/png"], data["image/png"].strip()
        place = "beside" if about["width"] < NARROW else "between"
        source = f'class="{place}" src="data:image/png;base64,{png}"'
        return f'<img alt="{escape(about["alt"])}" {source}>'
    if "text/html" in data:
        return ""
    if "text/markdown" in data:
        text = LINK_ASIDE.sub("", data["text/markdown"])
        lines = saved_as_list(text).replace("<li>", '<li class="fragment">')
        return lines or as_html(text)
    if "text/latex" in data:
        return as_html(data["text/latex"])
    if "text" in output:
        return f'<pre class="printed">{escape(output.text.strip())}</pre>'
    return f"<pre>{escape(as_numbers(data['text/plain']))}</pre>"


if __name__ == "__main__":
    sys.exit(main())
