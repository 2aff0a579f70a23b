"""A page for each theorem, and the index of all of them by topic."""

import json
import re

from book.pages.chains import assumed, display, live_chain, words
from derivations.text.printing import latex
from derivations.text.unicode import unicode
from derivations.theorems import TOPICS, catalogue, topic

LONGEST = 110  # characters of a title


def heading(derive):
    """The first line of a theorem's docstring, as a heading."""
    return derive.__doc__.strip().splitlines()[0].rstrip(".")


def quoted(title):
    """A title with “…”: Sphinx does not escape a straight quote in its anchor.

    >>> quoted('"Case 1" says so')
    '“Case 1” says so'
    """
    return re.sub('"([^"]*)"', r"“\1”", title)


def statement(chain):
    """What a chain proves, as LaTeX."""
    return f"{latex(chain.start)} = {latex(chain.result)}"


def said(chain):
    """What a chain proves, and where, as HTML."""
    inside = f"{display(statement(chain))}\n{assumed(chain)}"
    return f'<div class="statement">\n{inside}\n</div>'


def in_matrix_form(chain):
    """A chain in matrix form, as HTML; empty where it has none."""
    whole = chain.matrix_form()
    if whole is None:
        return ""
    rows = f"\\begin{{aligned}}\n{whole.rows}\n\\end{{aligned}}"
    return f"## In matrix form\n\n<p>{words(whole.words)}</p>\n{display(rows)}"


def pages(told):
    """The sources of the pages by name; `told` says which notebook tells a theorem.

    `told` maps the name of a theorem to (words, the notebook's file, its title).
    """
    known = catalogue()
    order = [None, *known, None]
    sources = {
        f"theorems/{name}.md": page(name, known[name], told, around)
        for name, *around in zip(order[1:-1], order, order[2:], strict=False)
    }
    return {**sources, "theorems/index.md": index(known, told)}


def page(name, derive, told, around):
    """The source of one theorem's page; `around` are those before and after it."""
    chain, title = derive(), heading(derive)
    whole = f"{title}: {unicode(chain.start)} = {unicode(chain.result)}"
    steps = len(chain.steps)
    lines = f"{steps} line{'s' if steps > 1 else ''}"
    about = f"{whole}. Derived in {lines}, each with its reason and checked by machine."
    rest = " ".join(derive.__doc__.strip().split("\n\n")[0].splitlines()[1:])
    parts = [
        head(whole if len(whole) <= LONGEST else title, about, around),
        f"# {title}",
        rest,
        said(chain),
        "## The chain, line by line",
        live_chain(
            name,
            chain,
            f"Proved for {chain.steps[-1].verdict.every}; also compared at points.",
        ),
        in_matrix_form(chain),
        teller(name, told, "../"),
        "In Python: `from derivations.notebook import *`, then "
        f"`catalogue()[{json.dumps(name)}]()`; on a command line: "
        f"`python -m derivations {name}`. [All theorems](index.md).",
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def head(title, description, around=None):
    """The first lines of a page: its title for a search, and what it is about.

    A theorem's page is not listed in the sidebar, so it names its neighbours itself.
    """
    meta = {"search_title": title}
    if around is not None:
        meta |= {"orphan": True, "around": " ".join(x or "-" for x in around)}
    lines = [f"{x}: {json.dumps(v, ensure_ascii=False)}" for x, v in meta.items()]
    about = json.dumps(description, ensure_ascii=False)
    lines += ["myst:", "  html_meta:", f"    description: {about}"]
    return "\n".join(["---", *lines, "---"])


def teller(name, told, up):
    """The sentence that says which notebook tells a theorem."""
    words, file, title = told[name]
    return f"{words} [{title}]({up}notebooks/{file})."


def index(known, told):
    """The page of all theorems, by topic, in the order of the series."""
    parts = [
        head(
            "Softmax and cross-entropy: every theorem, proved line by line",
            f"The {len(known)} theorems of the series by topic: each with its "
            "statement, its conditions and its chain, checked by machine.",
        ),
        f"# The {len(known)} theorems, by topic",
        "Each has a page with its chain, line by line, open to change. A mark ✓ means: "
        "proved for every $n$; also compared at points.",
    ]
    for name in TOPICS:
        of_topic = [x for x in known if x.startswith(f"{name}.")]
        subject = topic(name).__doc__.strip().splitlines()[0].rstrip(".")
        parts.append("## " + re.sub(r"\^\{(\w+)\}", r"^\1", quoted(subject)))
        parts += [entry(x, known[x], told) for x in of_topic]
    return "\n\n".join(parts) + "\n"


def entry(name, derive, told):
    """A theorem in the index."""
    chain = derive()
    lines = [f"[{heading(derive)}]({name}.md)", teller(name, told, "../")]
    return f"{' · '.join(lines)}\n\n{said(chain)}"
