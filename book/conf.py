"""Sphinx, for the book: `python -m book` calls it; the sources are made before.

Formulas are left as text in an element of class "tex"; `book.prerender` sets them when
all pages are there.
"""

import os
import re
from html import escape, unescape
from pathlib import Path

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx import addnodes

project = "Why is dZ = A − Y?"
author = "the authors of “Why is dZ = A − Y?”"
language = "en"
extensions = ["myst_nb"]
exclude_patterns = []
nitpicky = True

html_theme = "furo"
templates_path = ["templates"]
html_title = project
html_static_path = [
    "static/site",
    "static/live/elements/one_stop.js",
    "static/live/state/choice.js",
    "static/live/state/memory.js",
]
html_css_files = ["book.css"]
html_js_files = [
    (x, {"defer": "defer"})
    for x in ("reader_mode.js", "drawers.js", "highlight.js", "theme.js")
]
# Asynchronous, so that a page goes to the heading of its address at once.
html_js_files.append(("ticks.js", {"type": "module", "async": "async"}))
html_show_search_summary = False  # search.js shows one when it comes near the screen
html_search_scorer = str(Path(__file__).with_name("static") / "search.js")
html_favicon = "static/site/favicon.svg"
html_baseurl = os.environ.get("BOOK_URL", "")
html_math_renderer = "as_text"
html_copy_source = False
html_show_sourcelink = False
html_last_updated_fmt = None
html_show_copyright = False
html_use_index = False
html_permalinks_icon = "#"
html_theme_options = {"top_of_page_buttons": []}
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}

myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 4
myst_heading_slug_func = "book.pages.anchors.slug"
myst_update_mathjax = False

# Notebooks are shown as they were saved, a widget by its words.
nb_execution_mode = "off"
nb_render_markdown_format = "myst"
nb_mime_priority_overrides = [
    ("html", "application/vnd.jupyter.widget-view+json", None)
]
nb_ipywidgets_js = {}


def inline_formula(translator, node):
    translator.body.append(f'<span class="tex">{escape(node.astext())}</span>')
    raise nodes.SkipNode


def displayed_formula(translator, node):
    translator.body.append(f'<div class="tex">{escape(node.astext())}</div>\n')
    raise nodes.SkipNode


def code_begins(translator, node):
    said = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(node["prompt_show"]))
    line = f"<summary>Code: {said}</summary>"
    translator.body.append(f'<details class="folded-code">\n{line}\n')


def code_ends(translator, node):
    translator.body.append("</details>\n")


def of_a_page(app, page, template, context, doctree):
    """What a page says of itself in its first lines: another title, its neighbours."""
    meta = context.get("meta") or {}
    if "search_title" in meta:
        context["title"], context["docstitle"] = meta["search_title"], ""
    around = meta.get("around", "- -").split()
    folder = page.rpartition("/")[0]
    for place, name in zip(("prev", "next"), around, strict=True):
        if name != "-":
            title = app.env.titles[f"{folder}/{name}"].astext()
            context[place] = {"link": f"{name}.html", "title": title}
    if "body" in context:
        address = f"{html_baseurl}/{page}.html" if html_baseurl else f"{page}.html"
        words = f"{context['title']} · {address} · CC BY 4.0"
        context["metatags"] += foot(words)
    if page == "wrong_answers":
        app.add_js_file("wrong_answers.js", defer="defer")
    if page == "progress":
        app.add_js_file("progress.js", type="module")
    if page == "search":
        context["metatags"] = '<meta content="Search in it." name="description" />'


def foot(words):
    """The style that puts words about a page, in HTML, below each sheet of it."""
    words = unescape(re.sub("<[^>]*>", "", words))
    quoted = re.sub(r'["\\<>&\n]', lambda x: f"\\{ord(x[0]):x} ", words)
    left = f'@bottom-left {{ content: "{quoted}" }}'
    count = 'counter(page) " / " counter(pages)'
    right = f"@bottom-right {{ content: {count}; white-space: nowrap }}"
    return f"<style>@page {{ {left} {right} }}</style>"


def words_lead_to_a_section(app, doctree):
    """Words of the index lead to their section, before it to the page's top.

    The anchor that Sphinx makes for them has no text for the search.
    """
    for node in doctree.findall(addnodes.index):
        place = "" if node.parent is doctree else node.parent["ids"][0]
        node["entries"] = [
            (kind, x, place, *rest) for kind, x, _, *rest in node["entries"]
        ]


def not_searched(app, doctree, page):
    """Code, its switch, and what a page says without scripts are not searched.

    The code of a page is that of its cells, of the solutions of its exercises, and of
    certificates.
    """
    for node in doctree.findall(nodes.literal_block):
        if "output" not in node.parent.get("classes", ()):
            node["classes"].append("no-search")
    for node in list(doctree.findall(nodes.raw)):
        aside = (
            "(<noscript>.*?</noscript>|<button [^>]*all-code.*?</button>"
            '|<pre class="gallina".*?</pre>)'
        )
        parts = re.split(aside, node.astext(), flags=re.DOTALL)
        if len(parts) > 1:
            raw = [nodes.raw("", part, format=node["format"]) for part in parts]
            for part in raw[1::2]:
                part["classes"] = ["no-search"]
            node.replace_self(raw)


def setup(app):
    app.add_html_math_renderer(
        "as_text", (inline_formula, None), (displayed_formula, None)
    )
    # The theme of notebooks would name every folded cell "Toggle hidden content".
    app.add_node(HideCodeCellNode, override=True, html=(code_begins, code_ends))
    app.connect("html-page-context", of_a_page)
    app.connect("doctree-read", words_lead_to_a_section)
    app.connect("doctree-resolved", not_searched)
