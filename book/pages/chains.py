"""A chain as part of a page: static HTML, and data for the script.

Formulas stay LaTeX in an element of class "tex" until `book.prerender` sets them.
"""

import json
import re
from html import escape

from sympy import IndexedBase

from book.pages.linked_terms import linked
from derivations.registry import registry
from derivations.request.copying import FORMATS
from derivations.request.data import formula_data
from derivations.request.lettering import letters_in
from derivations.text.chains import conditions
from derivations.text.printing import latex

MISSING = (
    "To change a line and have it judged, this page needs JavaScript and WebAssembly. "
    "You can read the whole chain without them."
)
_LINE = r"\$\\displaystyle (.*)\$\n\n✓ (.*)"
"""A line of a chain as a notebook saves it, in Markdown."""


def display(formula):
    """LaTeX as a displayed formula of its own line."""
    return f'<div class="formula tex">{escape(formula)}</div>'


def inline(formula):
    """LaTeX as a formula in a sentence."""
    return f'<span class="tex">{escape(formula)}</span>'


def words(reason):
    """A reason, with `$formulas$` in it, as HTML.

    >>> words("$a_i < 1$ & more")
    '<span class="tex">a_i &lt; 1</span> &amp; more'
    """
    parts = reason.split("$")
    return "".join(
        inline(part) if number % 2 else escape(part)
        for number, part in enumerate(parts)
    )


def hypotheses(expressions, uses=()):
    """The names of the hypotheses that may be used where these formulas are.

    They are those that a chain uses, and those that speak of an array in it.

    >>> from derivations.letters import i, y, z
    >>> hypotheses([y[i]]), hypotheses([z[i]])
    (['H1', 'H3', 'H4'], [])
    """
    arrays = set().union(*(expr.atoms(IndexedBase) for expr in expressions))
    known = [one.value for one in registry().hypotheses.values()]
    offered = [fact for fact in known if any(map(fact.speaks_of, arrays))]
    return list(dict.fromkeys(fact.name for fact in (*offered, *uses)))


def facts():
    """The hypotheses of the series in words, by name.

    >>> facts()["H1"]
    'the labels sum to 1'
    """
    return {name: fact.sentence for name, fact in registry().hypotheses.items()}


def data(about, kind=""):
    """Data for a script, as JSON in a page; no text in it can end the element."""
    text = json.dumps(about, ensure_ascii=False, sort_keys=True)
    look = f' class="{kind}"' if kind else ""
    return '<script type="application/json"{}>{}</script>'.format(
        look,
        text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"),
    )


def live(about, static, missing=MISSING):
    """A live part: its data, its static HTML, and words for readers without scripts."""
    return (
        f'<div class="live" data-live="{about["kind"]}">\n{data(about)}\n{static}\n'
        f'<noscript><p class="live-missing">{escape(missing)}</p></noscript>\n</div>'
    )


def as_list(start, lines):
    """A chain as a list: the LaTeX of its start, then a formula and a reason a line.

    >>> as_list("a_j", [("a_j - 0", "nothing is taken")]).splitlines()[0]
    '<ol class="chain-lines" role="list" aria-label="derivation, 1 line">'
    """
    count = len(lines)
    rows = [f'<li class="chain-start">{display(start)}</li>']
    rows += [
        f'<li><span class="visually-hidden line-place">line {number} of {count}, '
        f"proved:</span>{display(f'= {formula}')}"
        f'<p class="reason">✓ {words(reason)}</p></li>'
        for number, (formula, reason) in enumerate(lines, 1)
    ]
    shown = "\n".join(rows)
    called = f"derivation, {count} line{'s' if count > 1 else ''}"
    # The role is there already; Safari takes it from a list that shows no numbers.
    return f'<ol class="chain-lines" role="list" aria-label="{called}">\n{shown}\n</ol>'


def live_chain(name, chain, claim="", has_links=False):
    """A theorem's chain, live: what it claims, the start, each line with its reason.

    With `has_links` its terms answer a touch.
    """
    sides = [chain.start, *(x.right for x in chain.steps)]
    lines, links = linked(chain) if has_links else (list(map(latex, sides)), None)
    values = [x for y in chain.where for x in (y.symbol, y.value)]
    about = {
        "kind": "chain",
        "theorem": name,
        "start": formula_data(chain.start),
        "hypotheses": hypotheses([*sides, *values], chain.uses),
        "facts": facts(),
        "lines": [
            formula_data(step.right)
            | {"reason": step.reason, "using": [fact.name for fact in step.using]}
            for step in chain.steps
        ],
        "names": ", ".join(letters_in([*sides, *values])),
        "copied": {form: copied(chain) for form, copied in FORMATS.items()},
    }
    start, *formulas = lines
    reasons = [step.words for step in chain.steps]
    static = as_list(start, list(zip(formulas, reasons, strict=True)))
    if claim:
        static = f'<p class="claim">{words(claim)}</p>\n{static}'
    return live(about, static + (data(links, "linked-terms") if links else ""))


def assumed(chain):
    """What a chain assumes, as HTML; empty where that is nothing."""
    assumptions = [inline(rf"{{\displaystyle {x}}}") for x in conditions(chain, latex)]
    return f"<p>Where {', '.join(assumptions)}.</p>" if assumptions else ""


def saved_as_list(text):
    r"""A chain in Markdown, as a notebook saves it, as a list; empty for other text.

    >>> text = r"$\displaystyle a_{i = j} = b$" + "\n\n✓ by $b$\\_\n\n"
    >>> saved_as_list(text + r"$\displaystyle \quad = c$" + "\n\n✓ c").count("<li>")
    2
    >>> saved_as_list("✓ right, for every n")
    ''
    """
    if not re.fullmatch(rf"{_LINE}(\n\n{_LINE})*", text):
        return ""
    (first, why), *others = re.findall(_LINE, text)
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
