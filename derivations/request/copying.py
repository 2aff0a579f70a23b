"""A chain as it is copied: a hypothesis is said in words where it is first used."""

import re
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace

from derivations.text.chains import (
    Chain,
    chain_as_latex,
    chain_as_markdown,
    chain_as_text,
    conditions,
)
from derivations.text.printing import latex
from derivations.text.unicode import unicode


def _copied(written, write, around, chain: Chain, named: Callable = str) -> str:
    """A chain, `written` with `by H1`; at its first use what that says, `around` it."""
    copied = written(chain, named=named)
    for fact in chain.uses:
        said = around[1].join(map(named, _facts_in(chain, fact, write)))
        words = f"since {around[0]}{said}{around[2]} ({fact.name})"
        if said:
            by = rf"\bby {fact.name}\b"
            copied = re.sub(by, words.replace("\\", r"\\"), copied, count=1)
    return copied


def _facts_in(chain, fact, write):
    """What a hypothesis says of the arrays that stand in a chain."""
    about = {"start": chain.start, "where": chain.where, "steps": chain.steps}
    none, one = (
        conditions(SimpleNamespace(**about, case=None, uses=uses), write)
        for uses in ((), (fact,))
    )
    return one[len(none) :]


PLAIN = {
    "text": partial(chain_as_text, write=unicode),
    "markdown": chain_as_markdown,
    "latex": chain_as_latex,
}
"""How a chain is written, by the name of the format."""
FORMATS = {
    "text": partial(_copied, PLAIN["text"], unicode, ("", ", ", "")),
    "markdown": partial(_copied, chain_as_markdown, latex, ("$", "$, $", "$")),
    "latex": partial(_copied, chain_as_latex, latex, ("}", ", ", r"\text{")),
}
"""How it is copied."""
