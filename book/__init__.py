"""The series as a site of plain files: `python -m book` builds it.

__main__       the steps of the build, one after the other
conf           settings of Sphinx, which makes HTML of the page sources
downloads      packages from npm and pip, held to the versions and sums of lock.json
pages          sources of the pages, made from notebooks and theorems
engine         Python in the reader's browser: how it is made, and what it answers
static         style sheets, the scripts of the live parts, and how the book searches
prerender      formulas set by MathJax during the build (prerender.mjs runs in node)
policy         what a page may load, faults of its HTML, tags for search engines
site_checks    links that lead nowhere, and bytes that a page loads
assets         what lies beside the pages: scripts, engine, notebooks, the wheel
assignments    notebooks for a class: `python -m book.assignments` writes them
slides         notebooks as slides for a class: `python -m book.slides` writes them
content_hash   folders named by a hash of their content
serve          a web server for this machine alone: `python -m book.serve`
"""
