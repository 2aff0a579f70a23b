"""Checks of the finished pages: links that lead nowhere, and sizes."""

import gzip
import re
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

from book.policy import OUTSIDE, read

BUDGET = 450_000  # bytes that a page loads to be read, gzip -9
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
    """The files that a reader of a page loads, by name, the page among them."""
    reader, names = read(text), {name}
    for link in reader.loads:
        if not link.startswith("data:"):
            address = urldefrag(urljoin(f"/{name}", link))[0].partition("?")[0]
            names.add(unquote(address).lstrip("/"))
    for sheet in sorted(x for x in names if x.endswith(".css")):
        style = (folder / sheet).read_text(encoding="utf-8")
        for link in re.findall(r"url\([\"']?([^)\"']+)", style):
            if not link.startswith("data:"):
                address = urldefrag(urljoin(f"/{sheet}", link))[0].partition("?")[0]
                if (folder / address.lstrip("/")).is_file():
                    names.add(address.lstrip("/"))
    return sorted(names)


def weight(paths):
    """Bytes of some files, gzip -9."""
    return sum(len(gzip.compress(Path(x).read_bytes(), 9, mtime=0)) for x in paths)


def is_too_large(manifest):
    """Whether the engine is larger than its budget.

    >>> is_too_large({"bytes": ENGINE_BUDGET}), is_too_large({"bytes": 7_600_000})
    (False, True)
    """
    return manifest["bytes"] > ENGINE_BUDGET
