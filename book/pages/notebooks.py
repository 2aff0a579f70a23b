"""The notebooks as pages: each as it was saved, with the additions of a page."""

import json
import re
import struct
from base64 import b64decode
from copy import deepcopy
from html import escape
from pathlib import Path

from book.pages import folded_code, linked_terms
from book.pages.anchors import slug
from book.pages.chains import data, saved_as_list
from book.pages.exercises import exercises, live_exercise, to_answer
from book.pages.values import as_numbers
from derivations.text.chains import chain_as_lines
from derivations.theorems import catalogue

LINKED = ("02", "04", "05")  # notebooks in which a term of a chain answers a touch
CHAIN = "#The-chain,-line-by-line"  # on the page of its theorem
NOT_ATTEMPTED = "not attempted yet"  # what a cell shows that waits for a reader's loss
WORDS_A_MINUTE, LINES_A_MINUTE = 150, 3  # of prose, and of a derivation
MAP_HEAD = "| notebook | its result |\n| --- | --- |\n"
MAP_ROW = re.compile(r"^\| (?:★ )?\[[^]]*\]\((\w+\.ipynb)\).*\|$", re.MULTILINE)


def read(path):
    """A notebook as JSON has it."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def source(cell):
    """The text of a cell."""
    return "".join(cell["source"])


def title(notebook):
    """The heading of a notebook, without its number's dot.

    >>> title({"cells": [{"source": ["# 4. Chain rule: A − Y\\n", "more"]}]})
    '4. Chain rule: A − Y'
    """
    return source(notebook["cells"][0]).splitlines()[0].removeprefix("# ")


def shown(cell):
    """The texts in Markdown that a cell shows."""
    outputs = (x.get("data", {}) for x in cell.get("outputs", ()))
    return ["".join(x["text/markdown"]) for x in outputs if "text/markdown" in x]


def minutes(notebook):
    r"""The minutes that a notebook takes to read, without its exercises.

    A formula in a line of text is read as a word; code is not read.

    >>> text = r"Four words. $$a &= b \\ &= c$$ Two lines, and " + "more " * 143
    >>> minutes({"cells": [{"cell_type": "markdown", "source": [text]}]})
    2
    """
    words, lines = 0, 0
    for cell in notebook["cells"]:
        text = "".join(shown(cell))
        lines += text.count("\n\n✓ ")
        if cell["cell_type"] == "markdown":
            text, end, _ = source(cell).partition("## Check and exercises")
            formulas = re.findall(r"\$\$(.*?)\$\$", text, re.DOTALL)
            lines += sum(1 + formula.count(r"\\") for formula in formulas)
            text = re.sub(r"\$\$.*?\$\$", "", text, flags=re.DOTALL)
            words += len(re.sub(r"\$[^$]*\$", "formula", text).split())
            if end:
                break
    return round(words / WORDS_A_MINUTE + lines / LINES_A_MINUTE)


def add_minutes(page, reading):
    """Write into the map of the series how many minutes each notebook takes."""
    for cell in page["cells"]:
        before, head, rows = source(cell).partition(MAP_HEAD)
        if head:
            title, line = head.splitlines()
            rows = MAP_ROW.sub(lambda row: f"{row[0]} {reading[row[1]]} |", rows)
            head = f"{title} minutes |\n{line} --- |\n"
            cell["source"] = before + head + rows


def theorems_by_lines(known):
    """The names of theorems by their chains, as a notebook's output has them."""
    names = {}
    for name, derive in known.items():
        names.setdefault(chain_as_lines(derive()), name)
    return names


def told_in(notebooks, known, by_lines):
    """For each theorem the notebook that tells it: (words, file, title).

    It is the one that shows its chain; else the first that names it; else the one that
    tells most of its topic, and then the words say that.
    """
    file_of = {}
    for file, notebook in notebooks.items():
        for lines in (x for cell in notebook["cells"] for x in shown(cell)):
            if lines in by_lines:
                file_of.setdefault(by_lines[lines], file)
    for file, notebook in notebooks.items():
        code = [source(x) for x in notebook["cells"] if x["cell_type"] == "code"]
        for name in re.findall(r'"(\w+\.\w+)"', "\n".join(code)):
            if name in known:
                file_of.setdefault(name, file)
    topics = {}
    for name, file in file_of.items():
        topics.setdefault(topic(name), []).append(file)
    told = {}
    for name in known:
        files = topics[topic(name)]
        file = file_of.get(name) or max(files, key=files.count)
        words = "Told in" if name in file_of else "Its topic is told in"
        told[name] = (words, file, title(notebooks[file]))
    return told


def topic(name):
    """The topic of a theorem, from its name.

    >>> topic("logits.by_jacobian")
    'logits'
    """
    return name.partition(".")[0]


def page(notebook, file, by_lines, url, wheel):
    """A notebook with what its page adds; what was saved stays as it is."""
    made, cells, number_of_exercise, section = deepcopy(notebook), [], 0, ""
    asked = exercises(notebook, file)
    for number, cell in enumerate(made["cells"]):
        if cell["cell_type"] != "code":
            cells.append(cell | {"source": on_screen(renamed(source(cell)))})
            section = [section, *re.findall("^##+ (.*)", source(cell), re.M)][-1]
            if number == 0:
                cells.append(markdown(offer(file, url, wheel, minutes(notebook))))
            continue
        if "exercise" in cell["metadata"].get("tags", ()):
            number_of_exercise += 1
            key = f"{Path(file).stem}/{number_of_exercise}"
            box = live_exercise(key, asked[key]) if key in asked else elsewhere(file)
            cells.append(markdown(box))
            continue
        if NOT_ATTEMPTED in shown(cell):
            cells.append(markdown("Without Jupyter: [your own loss](../own_loss.md)."))
            continue
        fold(cell)
        chains = shown(cell)
        size_of_picture(cell)
        without_python(cell)
        leads_elsewhere(cell, f"{file}#{slug(section)}")
        cells.append(cell)
        if file.startswith(LINKED):
            cells += link_chains(cell, by_lines)
        list_chains(cell)
        links = [
            f'<p class="offer"><a href="../theorems/{by_lines[line]}.html{CHAIN}">'
            "This chain, open to change</a></p>"
            for line in chains
            if line in by_lines
        ]
        cells += [markdown(x) for x in links]
    made["cells"] = [x | {"id": f"cell-{number}"} for number, x in enumerate(cells)]
    made["metadata"]["myst"] = {"html_meta": {"description": description(notebook)}}
    return made


def link_chains(cell, by_lines):
    """Mark the terms of the chains that a cell shows; return cells with their data."""
    about = []
    for output in cell.get("outputs", ()):
        lines = "".join(output.get("data", {}).get("text/markdown", ""))
        if lines in by_lines:
            text, links = linked_terms.link(catalogue()[by_lines[lines]](), lines)
            output["data"]["text/markdown"] = text
            about += [markdown(data(links, "linked-terms"))] if links else []
    return about


def list_chains(cell):
    """Make a chain that a cell shows the list that it is on every other page."""
    for output in cell.get("outputs", ()):
        text = "".join(output.get("data", {}).get("text/markdown", ""))
        if lines := saved_as_list(text):
            output["data"]["text/markdown"] = lines


_OF_CODE = (
    r"\(In (?:the |Python )?code,(?:`[^`]*`|\$[^$]*\$|\[[^]]*\]\([^)]*\)|[^()`$])*\)"
)
_OF_TYPING = r"(?<=[.?!)] )Type (?:`[^`]*`|\$[^$]*\$|[^.`$])*\."
_ON_SCREEN = re.compile(f"{_OF_CODE}|{_OF_TYPING}")


def on_screen(text):
    """Mark what is no use on paper: what to type, and remarks on code.

    >>> on_screen("What is ∂L/∂z_j? Type it with `a[j]`. Why?")
    'What is ∂L/∂z_j? <span class="on-screen">Type it with `a[j]`.</span> Why?'
    >>> on_screen("Take $a$. (In the code, `f(a)` is $2a$.) So …")
    'Take $a$. <span class="on-screen">(In the code, `f(a)` is $2a$.)</span> So …'
    """
    return _ON_SCREEN.sub(r'<span class="on-screen">\g<0></span>', text)


def without_python(cell):
    """Write the values that a cell shows as numbers."""
    for output in cell.get("outputs", ()):
        if set(data := output.get("data", {})) == {"text/plain"}:
            data["text/plain"] = as_numbers("".join(data["text/plain"]))


def leads_elsewhere(cell, place):
    """Take the link to a place out of what a cell shows that stands there."""
    link = re.compile(r" \(\[[^]]*\]\(" + re.escape(place) + r"\)\)")
    for output in cell.get("outputs", ()):
        if lines := output.get("data", {}).get("text/markdown"):
            output["data"]["text/markdown"] = link.sub("", "".join(lines))


def renamed(text):
    """A README is a page of another name here."""
    text = text.replace("](README.md", "](questions.md")
    return text.replace("](../certificates/README.md", "](../certificates.md")


def markdown(text):
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def description(notebook):
    """What a notebook is about: its title, and the line of its result as words."""
    whole = source(notebook["cells"][0])
    result = re.search(r"\*You get:\*\s*(.*)", whole)
    goal = re.sub(r"[$*`\\{}]|\]\([^)]*\)|\[", "", result[1]) if result else ""
    return f"{title(notebook)}. {goal}".strip()


def fold(cell):
    """Fold the code of a cell to a line that says what it does."""
    cell["metadata"].setdefault("tags", []).append("hide-input")
    said = {"code_prompt_show": folded_code.line(source(cell))}
    cell["metadata"].setdefault("mystnb", {}).update(said)


def elsewhere(file):
    """Where an exercise is answered that asks for code, and not for a formula."""
    return to_answer(
        f'<p class="offer">Its answer is code: <a href="{file}" download>the notebook'
        "</a> has a cell for it, and judges it.</p>"
    )


def size_of_picture(cell):
    """A picture is as wide as it was drawn, where the page has the room.

    Its height is known before it comes, so that nothing below it moves.
    """
    for output in cell.get("outputs", ()):
        width = output.get("metadata", {}).get("image/png", {}).get("width")
        if width:
            image = cell["metadata"].setdefault("mystnb", {}).setdefault("image", {})
            head = b64decode(output["data"]["image/png"])[16:24]  # of a PNG
            across, down = struct.unpack(">II", head)
            image["width"] = f"{width}px"
            image["height"] = str(round(width * down / across))


def offer(file, url, wheel, reading):
    """How long a notebook is, and where it is itself, with the wheel that it needs."""
    install = (
        f"; elsewhere begin it with <code>%pip install {escape(url)}/{wheel}</code>"
        if url
        else f', and the <a href="../{wheel}" download>wheel</a> that it imports'
    )
    return (
        f'<p class="offer offer-notebook">{reading} minutes to read, without code and '
        f'exercises. <a href="{file}" download>{file}</a>, '
        f"to run it yourself{install}.</p>\n"
        '<button type="button" class="all-code">show all code</button>'
    )


TRIED = {
    "check": 'check "dz = a - y" --using H1',
    "loss": 'loss "-Σ_k y_k log a_k" --using H1 --source pytorch',
}
"""What a reader may ask in a terminal, by its kind."""


def install(kind, url, wheel):
    """The commands that install the wheel where a reader is, and ask it something."""
    begins = "In a terminal"
    if not url:
        begins = (
            f'Download <a href="{wheel}" download>{wheel}</a>; in a terminal, there'
        )
    given = f"{url}/{wheel}" if url else f"./{wheel}"
    return "\n".join(
        [
            f"{begins}, with Python 3.11 or newer; the last line is an example:",
            "",
            "```sh",
            "python3 -m venv softmax",
            f"softmax/bin/pip install {given}",
            f"softmax/bin/python -m derivations {TRIED[kind]}",
            "```",
            "",
            "On Windows: `py` for `python3`, `softmax\\Scripts` for `softmax/bin`.",
        ]
    )


def explorer(notebook, name):
    """An explorer as a notebook has saved it: the picture of its start, and its HTML.

    Returns (PNG in base64, alt text, width, HTML).  Raises ValueError if the notebook
    shows no such explorer.
    """
    for cell in notebook["cells"]:
        outputs = cell.get("outputs", [])
        html = ["".join(x.get("data", {}).get("text/html", "")) for x in outputs]
        if any(f'data-explorer="{name}"' in x for x in html):
            [picture] = [x for x in outputs if "image/png" in x.get("data", {})]
            meta = picture["metadata"]["image/png"]
            png = "".join(picture["data"]["image/png"])
            return png, meta["alt"], meta["width"], "".join(html)
    raise ValueError(f"expected a notebook that shows explore_{name}, got none")


def questions(text):
    """The page of the questions, from the README beside the notebooks."""
    meta = [
        "search_title: Softmax and cross-entropy, questions and symptoms answered",
        "myst:",
        "  html_meta:",
        "    description: What learners ask about softmax, cross-entropy and A − Y, "
        "and what a wrong loss or gradient looks like; each answered in a line.",
    ]
    # What follows the last table is for those who edit the README.
    tables, end_of_row, _ = renamed(text).rpartition("|\n")
    return "\n".join(["---", *meta, "---", tables + end_of_row])
