"""The last pass over a page: security policy, faults of HTML, search-engine tags."""

import base64
import hashlib
import re
from html import escape
from html.parser import HTMLParser

import html5lib

# What a page may load, and nothing else; of inline scripts, those with these sums.
POLICY = (
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'{sums}",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src blob:",
    "form-action 'self'",
    "base-uri 'none'",
)
LOADED = {
    **{"img": "src", "script": "src", "iframe": "src", "source": "src"},
    **{"link": "href", "object": "data", "embed": "src", "video": "src"},
}
NOT_LOADED = {"canonical", "search", "index", "license", "author"}
NEXT = re.compile(r'<link rel="(?:next|prev)"[^>]*>')
OUTSIDE = re.compile(
    r"^\s*(?:[a-z][a-z0-9+.-]*:)?//|^\s*(?!data:)[a-z][a-z0-9+.-]*:", re.I
)


class _Reader(HTMLParser):
    """What a page holds: inline scripts, ids, what it loads, and where it leads."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.scripts, self.ids, self.loads, self.links = [], [], [], []
        self.handlers, self.text = [], None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids += [given["id"]] if given.get("id") else []
        self.handlers += [name for name in given if name.startswith("on")]
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        relation = set((given.get("rel") or "").split())
        address = given.get(LOADED.get(tag, ""))
        if address is not None and not (tag == "link" and relation & NOT_LOADED):
            self.loads.append(address)
        if tag == "script" and "src" not in given:
            kind = given.get("type", "")
            self.text = [] if kind in ("", "module", "text/javascript") else None

    def handle_data(self, data):
        if self.text is not None:
            self.text.append(data)

    def handle_endtag(self, tag):
        if tag == "script" and self.text is not None:
            self.scripts.append("".join(self.text))
            self.text = None


def read(text):
    """What a page holds."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader


def sum_of(script):
    """The checksum by which a policy recognises an inline script.

    >>> sum_of("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def policy(text):
    """The Content-Security-Policy of a page."""
    sums = sorted({sum_of(script) for script in read(text).scripts})
    return "; ".join(POLICY).format(sums="".join(f" {x}" for x in sums))


def with_policy(text, more=""):
    """A page with its policy, and with more in its head, right behind its encoding.

    Links to the next page go: Firefox would fetch it ahead, which the policy forbids.
    """
    text = NEXT.sub("", text)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(text)}">'
    charset = '<meta charset="utf-8">'
    if text.count(charset) != 1:
        raise ValueError(f"expected {charset} once in a page")
    return text.replace(charset, f"{charset}\n    {meta}{more}")


def faults(text):
    """The faults of a page: an id used twice, a load from another host, broken HTML."""
    reader, wrong = read(text), []
    twice = sorted({x for x in reader.ids if reader.ids.count(x) > 1})
    wrong += [f"the id {x!r} is there twice" for x in twice]
    wrong += [f"{x} is loaded from elsewhere" for x in reader.loads if OUTSIDE.match(x)]
    wrong += [f"a handler {x} stands in the page" for x in reader.handlers]
    wanted = ("<title>", ' lang="en"', 'name="description"', 'rel="shortcut icon"')
    wrong += [f"it has no {x}" for x in wanted if x not in text]
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(text)
    wrong += [
        f"line {line}, column {column}: {code} {about or ''}".rstrip()
        for (line, column), code, about in parser.errors
    ]
    return wrong


def social(text, url, name):
    """The tags by which other sites show a link to a page."""
    about = re.search(r'<meta content="([^"]*)" name="description"', text)
    tags = {
        "og:title": re.search(r"<title>(.*?)</title>", text, re.S)[1],
        "og:type": "article",
        "og:url": escape(f"{url}/{name}"),
        "og:description": about[1] if about else "",
    }
    return [f'<meta property="{x}" content="{value}">' for x, value in tags.items()]


def sitemap(url, names):
    """The list of all pages, as search engines read it."""
    rows = "".join(f"<url><loc>{escape(f'{url}/{x}')}</loc></url>\n" for x in names)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{head}\n<urlset xmlns="{space}">\n{rows}</urlset>\n'


def not_found(url):
    """The page that a host shows for an address it does not know, at any depth."""
    return with_policy(
        f"""<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width,initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="shortcut icon" href="data:,">
    <title>No such page: Why is dZ = A − Y?</title>
  </head>
  <body>
    <h1>There is no such page</h1>
    <p><a href="{escape(url)}/index.html">Why is dZ = A − Y?</a> links to all pages.</p>
  </body>
</html>
"""
    )
