"""The sources of all pages, written to a folder that Sphinx reads."""

import json
import re
from html import escape
from pathlib import Path

from book.pages import notebooks as notebook_pages
from book.pages import own_derivation_and_loss, questions, theorems, wrong_answers
from book.pages.chains import live_chain
from book.pages.levels import page as levels
from book.pages.path import page as path_of_questions
from derivations.theorems import catalogue

ROOT = Path(__file__).parents[2]
PAGES = Path(__file__).parent
FRONT_PICTURE = "05_why_both_cases.ipynb"


def write(folder, url, wheel):
    """Write every source below a folder; `url` is the book's address, or empty."""
    paths = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
    notebooks = {x.name: notebook_pages.read(x) for x in paths}
    known = catalogue()
    by_lines = notebook_pages.theorems_by_lines(known)
    told = notebook_pages.told_in(notebooks, known, by_lines)
    texts = theorems.pages(told)
    reading = {x: notebook_pages.minutes(one) for x, one in notebooks.items()}
    for file, notebook in notebooks.items():
        made = notebook_pages.page(notebook, file, by_lines, url, wheel)
        notebook_pages.add_minutes(made, reading)
        texts[f"notebooks/{file}"] = json.dumps(made, ensure_ascii=False)
    readme = (ROOT / "notebooks/README.md").read_text(encoding="utf-8")
    texts |= questions.pages(readme, lambda file, x: explorer(notebooks[file], x))
    texts["notebooks/questions.md"] = questions.linked(notebook_pages.questions(readme))
    parts = {
        "chain": lambda name: live_chain(name, known[name](), has_links=True),
        "explorer": lambda name: explorer(notebooks[FRONT_PICTURE], name),
        "derivation": own_derivation_and_loss.live_derivation,
        "loss": own_derivation_and_loss.live_loss,
        "minutes": lambda stem: str(reading[f"{stem}.ipynb"]),
        "install": lambda kind: notebook_pages.install(kind, url, wheel),
        "wrong_answers": lambda: wrong_answers.gallery(questions.by_page(readme)),
        "notebooks": lambda: "\n".join(f"notebooks/{Path(x).stem}" for x in notebooks),
        **levels.parts(),
        **path_of_questions.parts(),
    }
    for path in sorted(PAGES.glob("*.md")):
        texts[path.name] = filled(path.read_text(encoding="utf-8"), parts)
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def filled(text, parts):
    """A page in which parts stand for marks such as {{chain logits.gradient}}.

    Raises KeyError for a mark of a part that is unknown.

    >>> filled("Here: {{say hello}}.", {"say": str.upper})
    'Here: HELLO.'
    """
    return re.sub(
        r"\{\{(\w+)((?: [\w.]+)*)\}\}",
        lambda mark: parts[mark[1]](*mark[2].split()),
        text,
    )


def explorer(notebook, name):
    """An explorer of a notebook on another page, below the picture of its start."""
    png, alt, width, html = notebook_pages.explorer(notebook, name)
    return (
        f'<div class="explorer">\n<img class="explorer-start" alt="{escape(alt)}" '
        f'width="{width}" src="data:image/png;base64,{"".join(png.split())}">\n'
        f"{html}\n</div>"
    )
