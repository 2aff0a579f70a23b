"""A page for each theorem with its certificate, and the index of all by topic."""

import json
import re
from html import escape

from book.pages.chains import assumed, display, live_chain, words
from certificates.export import ROOM, of_topic_alone, sections
from derivations.text.printing import latex
from derivations.text.unicode import unicode
from derivations.theorems import TOPICS, catalogue, topic

LONGEST = 110  # characters of a title
DEFINITIONS = "## The definitions"
CERTIFIED = (
    "The kernel of the proof assistant Rocq accepts each step and the theorem, as they "
    'stand here: <a href="../certificates.html">how to read them, and what is '
    'trusted</a>; <a href="../certificates.html#The-definitions">what softmax, partial '
    "and the others are</a>."
)


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


def certificate(of_topic, section):
    """What Rocq accepts of a theorem, folded, as HTML; its lemmas are folded within.

    Raises ValueError where that is not what stands in the file of the topic.
    """
    context, lemmas, proved = section.parts
    defined = of_topic_alone([section]).values()
    path = ROOM / f"{of_topic}.v"
    file = path.read_text(encoding="utf-8")
    if not all(f"\n{text}\n" in file for text in (*defined, section.text)):
        raise ValueError(f"{path.name} has another {section.name}: make certificates")
    given, steps = "\n".join([*defined, context]), len(section.chain.steps)
    return (
        '<details class="certificate"><summary>Certified by Rocq</summary>\n'
        f"<p>{CERTIFIED}</p>\n{gallina(given, 'what is given')}\n"
        f"<details><summary>{steps} step{'s' if steps > 1 else ''}, each a lemma"
        f"</summary>\n{gallina(lemmas, 'the lemmas')}\n</details>\n"
        f"{gallina(proved, 'the theorem')}\n</details>"
    )


def gallina(text, called):
    """Text of a certificate as HTML: where it is too wide it scrolls, by keys too."""
    about = f'class="gallina" tabindex="0" role="region" aria-label="{called}"'
    return f"<pre {about}>{escape(text, quote=False)}</pre>"


def how_to_read():
    """The source of the page on certificates: their README, and the definitions."""
    readme = (ROOM / "README.md").read_text(encoding="utf-8")
    library = (ROOM / "Library.v").read_text(encoding="utf-8")
    [_, defined, *_] = re.split(r"^\(\* ---- .*\n", library, flags=re.M)
    about = "How to read what the kernel of Rocq accepts, and what is trusted then."
    parts = [
        head("Certified by Rocq: how to read a certificate", about, [None, None]),
        readme.strip(),
        DEFINITIONS,
        gallina(defined.strip(), "the definitions"),
    ]
    return "\n\n".join(parts) + "\n"


def pages(told):
    """The sources of the pages by name; `told` says which notebook tells a theorem.

    `told` maps the name of a theorem to (words, the notebook's file, its title).
    """
    known = catalogue()
    order = [None, *known, None]
    proved = {
        f"{of_topic}.{own}": certificate(of_topic, section)
        for of_topic in TOPICS
        for own, section in sections(of_topic).items()
    }
    sources = {
        f"theorems/{name}.md": page(name, known[name], proved[name], told, around)
        for name, *around in zip(order[1:-1], order, order[2:], strict=False)
    }
    others = {"theorems/index.md": index(known, told), "certificates.md": how_to_read()}
    return sources | others


def page(name, derive, proved, told, around):
    """The source of one theorem's page; `around` are those before and after it.

    `proved` is its certificate.
    """
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
        proved,
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
        "proved for every $n$; also compared at points. Each is certified by Rocq: "
        "[how to read a certificate](../certificates.md).",
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
