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
    """A chain, `written` with `by H1`; at its first use what that says, `around` it.

    A reason that is the same, as in `Σ_k y_k = 1, by H1`, is not said twice.
    """
    copied = written(chain, named=named)
    opened, between, closed = around
    for fact in chain.uses:
        said, reason = (
            between.join(map(named, _facts_in(chain, fact, x))) for x in (write, latex)
        )
        if said:
            words = f"since {opened}{said}{closed} ({fact.name})"
            same = re.escape(f"{opened.strip('}')}{reason}{closed}, ")
            in_its_place = closed * (opened == "}") + words  # of the reason
            by = re.compile(rf"(?P<same>{same})?\bby {fact.name}\b")
            found = by.search(copied)
            if found:
                start, end = found.span()
                words = in_its_place if found["same"] else words
                copied = copied[:start] + words + copied[end:]
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
