"""What a request is made of: its texts, names and numbers, each held to its limits.

A request comes from a page, and what a page says may come from anyone.
"""

import re

LONGEST_TEXT = 2_000
MOST_NAMES = 12
_A_LETTER = re.compile(r"[^\W\d_]\w{0,19}")


class RefusedError(Exception):
    """An invalid request; the message says what is wrong with it."""


def one(asked, key, kind, called):
    """The value of a key, of a kind that is named."""
    value = asked.get(key) if isinstance(asked, dict) else None
    if not isinstance(value, kind):
        raise RefusedError(f"a request needs {key!r}, {called}")
    return value


def text(asked, key):
    """A text that is not too long."""
    value = one(asked, key, str, "a text")
    if len(value) > LONGEST_TEXT:
        raise RefusedError(
            f"the text of {key!r} has {len(value)} characters; "
            f"at most {LONGEST_TEXT} are allowed"
        )
    return value


def several(asked, key, most=MOST_NAMES):
    """A list of at most so many."""
    value = one(asked, key, list, "a list")
    if len(value) > most:
        raise RefusedError(
            f"{key!r} has {len(value)} items; at most {most} are allowed"
        )
    return value


def words(asked, key, most=MOST_NAMES):
    """A list of texts, at most so many."""
    listed = several(asked, key, most)
    if not all(isinstance(x, str) and len(x) <= LONGEST_TEXT for x in listed):
        raise RefusedError(f"{key!r} must be a list of texts")
    return listed


def lines(asked, key, most):
    """The lines of a chain: a text, its reason, and the names of what it uses."""
    return [
        (text(line, "text"), text(line, "reason"), words(line, "using"))
        for line in several(asked, key, most)
    ]


def letters(asked):
    """Pairs of a letter of ours and the reader's; none where the request has none."""
    pairs = several(asked, "letters") if "letters" in asked else []
    for pair in pairs:
        if not isinstance(pair, list) or [type(x) for x in pair] != [str, str]:
            raise RefusedError("'letters' must be a list of pairs: ['a', 'p']")
        if not all(_A_LETTER.fullmatch(x) for x in pair):
            raise RefusedError("'letters' has what is no letter")
    return pairs


def parameters(asked):
    """Pairs of the name of a parameter and its sign or range."""
    pairs = several(asked, "parameters")
    for pair in pairs:
        if not isinstance(pair, list) or [type(x) for x in pair] != [str, str]:
            raise RefusedError(
                "a parameter is a name and a sign or a range: ['gamma', 'positive']"
            )
    return pairs
