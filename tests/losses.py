"""The losses of tests/losses.txt, each derived once in a process."""

from functools import cache

from derivations.request.losses import own_loss
from tests.book_modules import as_in_the_book
from tests.rows import rows

LOSSES = {name: row for name, *row in rows("losses", 5)}


@cache
def derived(name):
    """The loss of a row of the table, with its gradient."""
    loss, written, facts, activation = LOSSES[name]
    named = [one.partition(" ") for one in written.split(", ") if one]
    parameters = [(parameter, sign or "positive") for parameter, _, sign in named]
    with as_in_the_book():
        return own_loss(loss, activation or "softmax", parameters, facts.split())
