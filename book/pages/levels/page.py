"""The map of the levels as HTML, and of each what a script shows when it is played.

Without a script each level is a link to its theorem.
"""

from html import escape
from itertools import starmap

from sympy import KroneckerDelta

from book.pages.chains import inline, live, words
from derivations.request.data import formula_data
from derivations.request.lettering import letters_in
from derivations.request.levels.level import Level, level
from derivations.request.levels.worlds import WORLDS
from derivations.text.printing import latex

MISSING = (
    "To derive a level and have each line judged, this page needs JavaScript and "
    "WebAssembly. Each link leads to the theorem with its chain."
)


DELTA = r"\delta_{ij} = 1 \text{ where } i = j, \text{ else } 0"
"""What the symbol of both cases is, where a level has it."""


def parts():
    """The parts of the page, by the names of their marks."""
    return {
        "levels": live_levels,
        "level_count": lambda: str(sum(len(world.names) for world in WORLDS)),
    }


def live_levels():
    """The live part: the map, and the data of every level."""
    names = [name for world in WORLDS for name in world.names]
    about = {"kind": "levels", "levels": [level_data(level(name)) for name in names]}
    worlds = "\n".join(world_map(k, world) for k, world in enumerate(WORLDS, 1))
    links = "\n".join(starmap(link_to, enumerate(WORLDS, 1)))
    nav = f'<nav class="levels-worlds" aria-label="worlds">\n{links}\n</nav>'
    static = f'<div class="levels-map" id="all-levels">\n{nav}\n{worlds}\n</div>'
    return live(about, static, MISSING)


def link_to(number, world):
    """A link to a world; a script says how many of its levels are derived."""
    title, count = escape(world.title), f"<span> {len(world.names)} levels</span>"
    return f'<a href="#world-{number}" data-world="{title}">{title}{count}</a>'


def world_map(number, world):
    """A world: its levels, each a link, in the order in which they are played."""
    parts = world.by_topic().items()
    several = len(world.topics) > 1
    lists = "\n".join(
        (f"<h3>{words(said)}</h3>\n" if several else "") + _listed(names)
        for said, names in parts
        if names
    )
    title = escape(f"World {number}: {world.title}")
    head = f'<section class="levels-world" id="world-{number}">\n<h2>{title}</h2>'
    return f"{head}\n{lists}\n</section>"


def _listed(names):
    items = "\n".join(item(level(name)) for name in names)
    return f'<ol class="levels-list">\n{items}\n</ol>'


def item(one: Level):
    """A level on the map.

    >>> item(level("softmax.case_unequal"))[:75]
    '<li><a href="theorems/softmax.case_unequal.html" data-level="softmax.case_u'
    """
    link = f'<a href="theorems/{one.name}.html" data-level="{one.name}">'
    goal = f'<span class="levels-goal">{inline(one.says(latex))}</span>'
    return f"<li>{link}{escape(one.title)}</a> {goal}</li>"


def level_data(one: Level):
    """What a level shows: what is asked, what may be used, the textbook's chain."""
    chain = one.chain
    sides = [chain.start, *(step.right for step in chain.steps)]
    values = [x for given in chain.where for x in (given.symbol, given.value)]
    return {
        "name": one.name,
        "title": one.title,
        "world": one.world.title,
        "start": formula_data(chain.start),
        "goal": formula_data(one.goal),
        "where": one.conditions(latex) + ([DELTA] if _has_delta(sides) else []),
        "facts": [
            {"name": x.name, "latex": x.says(latex), "case": x.case(latex)}
            for x in one.facts
        ],
        "lines": [
            formula_data(step.right) | {"reason": step.words} for step in chain.steps
        ],
        "names": ", ".join(letters_in([*sides, *values])),
    }


def _has_delta(sides):
    return any(side.has(KroneckerDelta) for side in sides)
