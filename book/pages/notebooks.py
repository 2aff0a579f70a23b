"""The notebooks as pages: each as it was saved, with the additions of a page."""

import json
import re
from copy import deepcopy
from html import escape
from pathlib import Path

from book.pages import folded_code, linked_terms
from book.pages.chains import as_list, data
from book.pages.exercises import exercises, live_exercise, to_answer
from derivations.text.chains import chain_as_lines
from derivations.theorems import catalogue

LINKED = ("02", "04", "05")  # notebooks in which a term of a chain answers a touch
LINE = r"\$\\displaystyle (.*)\$\n\n✓ (.*)"  # of a chain, as Markdown
NOT_ATTEMPTED = "not attempted yet"  # what a cell shows that waits for a reader's loss


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
    made, cells, number_of_exercise = deepcopy(notebook), [], 0
    asked = exercises(notebook, file)
    for number, cell in enumerate(made["cells"]):
        if cell["cell_type"] != "code":
            cells.append(cell | {"source": renamed(source(cell))})
            cells += [markdown(offer(file, url, wheel))] if number == 0 else []
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
        cells.append(cell)
        if file.startswith(LINKED):
            cells += link_chains(cell, by_lines)
        list_chains(cell)
        links = [
            f'<p class="offer"><a href="../theorems/{by_lines[line]}.html">This chain, '
            "open to change</a></p>"
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
        if lines := as_one_list(text):
            output["data"]["text/markdown"] = lines


def as_one_list(text):
    r"""A chain in Markdown, as a notebook saves it, as a list; empty for other text.

    >>> text = r"$\displaystyle a_{i = j} = b$" + "\n\n✓ by $b$\\_\n\n"
    >>> as_one_list(text + r"$\displaystyle \quad = c$" + "\n\n✓ c").count("<li>")
    2
    >>> as_one_list("✓ right, for every n")
    ''
    """
    if not re.fullmatch(rf"{LINE}(\n\n{LINE})*", text):
        return ""
    (first, why), *others = re.findall(LINE, text)
    start, line = _at_its_equals_sign(first)
    rows = [(line, why), *((x.removeprefix(r"\quad = "), y) for x, y in others)]
    return as_list(start, [(x, _without_escapes(y)) for x, y in rows])


def _at_its_equals_sign(formula):
    """The two sides of a line; a sign in braces is part of a sum or of an index."""
    depth = 0
    for place, sign in enumerate(formula):
        depth += (sign == "{") - (sign == "}")
        if not depth and formula.startswith(" = ", place):
            return formula[:place], formula[place + 3 :]
    raise ValueError(f"a line of a chain has no sign =: {formula}")


def _without_escapes(words):
    r"""Words of Markdown as they are seen; $formulas$ among them stay as they are."""
    parts = words.split("$")
    parts[::2] = [re.sub(r"\\([\\`*_\[\]<>|])", r"\1", part) for part in parts[::2]]
    return "$".join(parts)


def renamed(text):
    """The questions are README.md in the folder, and a page of that name here."""
    return text.replace("](README.md", "](questions.md")


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
    """A picture is as wide as it was drawn, where the page has the room."""
    for output in cell.get("outputs", ()):
        width = output.get("metadata", {}).get("image/png", {}).get("width")
        if width:
            image = cell["metadata"].setdefault("mystnb", {}).setdefault("image", {})
            image["width"] = f"{width}px"


def offer(file, url, wheel):
    """The lines that offer a notebook itself, and the wheel that it needs elsewhere."""
    install = (
        f"; elsewhere begin it with <code>%pip install {escape(url)}/{wheel}</code>"
        if url
        else f', and the <a href="../{wheel}" download>wheel</a> that it imports'
    )
    return (
        f'<p class="offer offer-notebook"><a href="{file}" download>{file}</a>, '
        f"to run it yourself{install}.</p>"
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
