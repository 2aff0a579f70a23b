"""Checks of the finished pages: links that lead nowhere, and sizes."""

import gzip
import re
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

from book.policy import OUTSIDE, read

BUDGET = 360_000  # bytes that a page loads to be read, gzip -9
PATH_BUDGET = 300_000  # the same of the path of small questions, for slow phones
ENGINE_BUDGET = 7_500_000  # bytes of the engine as every host sends it: when a box is
# touched, or on a good line ahead of that (static/live/worker/ahead.js)


def broken_links(texts, folder):
    """Links that lead nowhere, as (page, link); `texts` are the pages by name."""
    ids = {name: set(read(text).ids) for name, text in texts.items()}
    broken = []
    for name, text in texts.items():
        reader = read(text)
        for link in [*reader.links, *reader.loads]:
            if OUTSIDE.match(link) or link.startswith("data:"):
                continue
            address, anchor = urldefrag(urljoin(f"/{name}", link))
            target = unquote(address.partition("?")[0]).lstrip("/")
            there = target in texts or (folder / target).is_file()
            known = not anchor or unquote(anchor) in ids.get(target, ())
            if not there or (not known and target in texts):
                broken.append((name, link))
    return broken


def loaded(name, text, folder):
    """The files that a reader of a page loads, by name, the page among them.

    Of the fonts it is those that a part of the page is set in, of the scripts also what
    they import: not the engine and the field for formulas, which wait for a touch.
    """
    names, waiting = {name}, [(name, link) for link in read(text).loads]
    while waiting:
        by, link = waiting.pop()
        address = urldefrag(urljoin(f"/{by}", link))[0].partition("?")[0]
        one = unquote(address).lstrip("/")
        if link.startswith("data:") or one in names:
            continue
        if by == name or (folder / one).is_file():
            names.add(one)
        if one.endswith(".css"):
            style = (folder / one).read_text(encoding="utf-8")
            waiting += [(one, link) for link in _files_in_style(style, text)]
        elif one.endswith(".js"):
            script = (folder / one).read_text(encoding="utf-8")
            links = _IMPORT.findall(script)
            waiting += [(one, x) for x in links if not x.endswith(AT_A_TOUCH)]
    return sorted(names)


AT_A_TOUCH = ("/formula_field.js", "/worksheet.js")
"""What a script imports when a box is touched or a button pressed."""

_IMPORT = re.compile(
    r"""(?:^(?:import|export)\b[^;"']*|\bimport\()["'](\.[^"']+)["']""", re.MULTILINE
)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_WORD = re.compile(r"[\w-]+")
_FAMILY = re.compile(r"font-family:([^;!]*)")
_URL = re.compile(r"url\([\"']?([^)\"']+)")


def _files_in_style(style, text):
    """What a style sheet loads for a page; a font if a rule that names it is used.

    >>> sheet = "@font-face {font-family: F; src: url(f.woff)} .it b {font-family: F}"
    >>> _files_in_style(sheet, "<i class='it'>"), _files_in_style(sheet, "<b class=it>")
    ([], ['f.woff'])
    """
    rules, there = _RULE.findall(style), set(_WORD.findall(text))
    used = set()
    for selector, body in rules:
        named = ",".join(_FAMILY.findall(body))
        is_set = (there.issuperset(_WORD.findall(x)) for x in selector.split(","))
        if named and "@" not in selector and any(is_set):
            used |= {x.strip() for x in named.split(",")}
    links = []
    for selector, body in rules:
        family = _FAMILY.search(body)
        if "@font-face" not in selector or family[1].strip() in used:
            links += _URL.findall(body)
    return links


def weight(paths):
    """Bytes of some files, gzip -9."""
    return sum(len(gzip.compress(Path(x).read_bytes(), 9, mtime=0)) for x in paths)


def budget(name):
    """Bytes that a page may load to be read, gzip -9.

    >>> budget("index.html"), budget("path.html")
    (360000, 300000)
    """
    return PATH_BUDGET if name == "path.html" else BUDGET


def is_too_large(manifest):
    """Whether the engine is larger than its budget.

    >>> is_too_large({"bytes": ENGINE_BUDGET}), is_too_large({"bytes": 7_600_000})
    (False, True)
    """
    return manifest["bytes"] > ENGINE_BUDGET
