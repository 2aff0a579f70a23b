"""A loss as it is read, where each of its letters has its meaning here.

A letter that may be another is asked about; one such as t, without an index beside a_k
and y_k, is a number.
"""

import re
from collections.abc import Callable

from sympy.core.alphabets import greeks

from derivations import letters
from derivations.request.context import Context, UnreadablePartError
from derivations.request.loss_letters.suggestions import ALIASES
from derivations.request.renaming import (
    NAME,
    called,
    in_softmax,
    logs_beside_logits,
    places,
    renamed,
)
from derivations.text.names import SHOWN, ReadAs
from derivations.text.notation.calls import KEYWORDS
from derivations.text.reading import Reading
from derivations.text.unreadable import Ambiguous, Unreadable

_SIZES = {*"dhmr"}
"""Of the series: no loss of one example has them, so they may be its own numbers."""
_KEYWORD = re.compile(
    r",\s*(?P<name>[A-Za-z]\w*)\s*=(?!=)\s*(?:(['\"]).*?\2|[^\s,()'\"]*)"
)
_INSTEAD = {
    "reduction": "leave it out, for a loss is that of one example here",
    "weight": "write the weights into a sum, as in -Σ_k w_k y_k log softmax(z)_k",
    "label_smoothing": "write the labels that are meant, as in "
    "CE((1 - epsilon) y + epsilon/n, softmax(z))",
}
"""What to write for a keyword argument of PyTorch."""


def read_loss(loss: str, holds: Context) -> Reading:
    """A loss as it is read, where none of its letters could mean something else.

    A letter is taken for the output or the logit; beside z, or a, it may be no such
    thing.  Raises UnreadablePartError for it, with a line for each meaning.

    >>> from derivations.request.context import context
    >>> print(read_loss("-sum_k y_k log p_k", context()))
    −Σ_k y_k log a_k (p read as a)
    """
    given = holds.answer("loss", loss, letters.L)
    notes = [note for note in given.notes if isinstance(note, ReadAs)]
    _refuse_other_letters(loss, {note.theirs: note.ours for note in notes})
    taken = {note.theirs: note.ours for note in notes if note.ours in ("a", "z")}
    has = {ours for ours in "az" if given.expr.has(getattr(letters, ours))}
    beside = has - {*taken.values()}
    for name, ours in taken.items():
        is_letter = len(name) == 1 or name in greeks  # a word says what it is, and ŷ
        if is_letter and name not in SHOWN.values() and ours in has and beside:
            others = (ours,) if given.expr.has(letters.y) else (ours, "y")
            lines = [*_as_a_number(loss, name)]
            lines += [renamed(loss, {name: other}) for other in others]
            words = f"`{name}` stands beside {min(beside)}: is it {ours}, or another?"
            asked = Ambiguous(words, loss, next(iter(places(loss, name)), 0), lines)
            raise UnreadablePartError("loss", asked)
    return given


def _refuse_other_letters(loss, called):
    """Ask where two of a, y and z would not be the output, the label and the logit."""
    ours = [x for x in called if x in ("a", "y", "z") and places(loss, x)]
    if len(ours) > 1:
        names = [x for x in called if x not in ours]
        lines = [line for name in names for line in _as_a_number(loss, name)]
        lines.append(renamed(loss, called))
        told = ", ".join(f"{theirs} as {other}" for theirs, other in called.items())
        words = "a is the output here, y the label and z the logit: is "
        words += f"`{names[0]}` a number, or is " * bool(names)
        words += f"{told} meant?"
        at = min(x for name in names or ours for x in places(loss, name))
        raise UnreadablePartError("loss", Ambiguous(words, loss, at, lines))


def _as_a_number(loss, name):
    """The line in which a letter without an index is a number, as κ is one."""
    if not places(loss, name, is_indexed=True):
        free = (x for x in ("kappa", "lam", "beta") if not places(loss, x))
        yield from (renamed(loss, {name: x}) for x in [*free][:1])


def without_index(loss: str) -> list[str]:
    """Single letters that never have an index, where others have one.

    >>> without_index("sum_k y_k exp(t(1 - a_k))"), without_index("-sum y log p")
    (['t'], [])
    """
    others = {"a", "y", "z"} | ALIASES
    has_index = any(places(loss, x, is_indexed=True) for x in others)
    known = (ALIASES if has_index else set()) | _SIZES
    inside = in_softmax(loss) + re.findall(r"log\W{0,2}([a-z])(?![a-z])", loss)
    words = dict.fromkeys(called(x[0]) for x in NAME.finditer(loss))
    return [
        name
        for name in words
        if len(name) == 1
        and name in known
        and name not in inside
        and places(loss, name)
        and not places(loss, name, is_indexed=True)
    ]


def refuse_other_meanings(loss: str, is_read: Callable[[str], bool]) -> None:
    """Refuse keywords, δ without indices, and an entry beside z for all classes."""
    refuse_keywords(loss, is_read)
    refuse_delta(loss, is_read)
    refuse_entries_beside_logits(loss, is_read)


def refuse_keywords(loss: str, is_read: Callable[[str], bool]) -> None:
    """Refuse the keyword arguments of a library, by name, but for those of an axis.

    >>> refuse_keywords("F.cross_entropy(z, y, reduction='sum')", lambda line: True)
    Traceback (most recent call last):
    derivations.request.context.UnreadablePartError: keyword arguments such as \
`reduction` are not read: leave it out, for a loss is that of one example here
    F.cross_entropy(z, y, reduction='sum')
                          ^
    perhaps: F.cross_entropy(z, y)
    """
    for word in _KEYWORD.finditer(loss):
        name, before = word["name"], loss[: word.start()]
        is_inside = before.count("(") > before.count(")")
        if is_inside and len(name) > 1 and name not in KEYWORDS:
            without = before + loss[word.end() :]
            line = [without] * (name == "reduction" and is_read(without))
            words = f"keyword arguments such as `{name}` are not read: "
            words += _INSTEAD.get(name, "write the loss itself, with Σ")
            problem = Unreadable(words, loss, word.start("name"), line)
            raise UnreadablePartError("loss", problem)


def refuse_delta(loss: str, is_read: Callable[[str], bool]) -> None:
    """Refuse δ without indices; it suggests a number.

    >>> refuse_delta("delta sum_k a_k^2", lambda line: True)
    Traceback (most recent call last):
    derivations.request.context.UnreadablePartError: `delta` needs two indices, as in \
δ_ij; or is it a number? take mu for it
    delta sum_k a_k^2
    ^
    perhaps: mu sum_k a_k^2
    """
    has_indices = places(loss, "delta", is_indexed=True)
    ends = {x: y for x, y in places(loss, "delta").items() if x not in has_indices}
    ends = {x: y for x, y in ends.items() if not re.match(r"\s*[_(\[]", loss[y:])}
    if ends:
        free = next((x for x in ("mu", "kappa") if not places(loss, x)), "lam")
        line = loss
        for start, end in sorted(ends.items(), reverse=True):
            line = line[:start] + free + line[end:]
        words = f"`{loss[min(ends) : ends[min(ends)]]}` needs two indices, as in δ_ij; "
        words += f"or is it a number? take {free} for it"
        problem = Unreadable(words, loss, min(ends), [line] * is_read(line))
        raise UnreadablePartError("loss", problem)


def refuse_entries_beside_logits(loss: str, is_read: Callable[[str], bool]) -> None:
    """Refuse log π_k beside z in a softmax: one number would cancel there.

    >>> refuse_entries_beside_logits("CE(y, softmax(z + log w_k))", lambda line: True)
    Traceback (most recent call last):
    derivations.request.context.UnreadablePartError: `w_k` is one number here, which \
cancels in the softmax: z stands for all classes, and so does w without an index
    CE(y, softmax(z + log w_k))
                           ^
    perhaps: CE(y, softmax(z + log w))
    """
    for start, end in logs_beside_logits(loss).values():
        line = loss[:start] + loss[end:]
        if start < end and is_read(line):
            typed = re.search(rf"(?:{NAME.pattern})$", loss[:start])[0]
            words = f"`{typed}{loss[start:end]}` is one number here, which cancels in "
            words += "the softmax: z stands for all classes, and so does "
            words += f"{typed} without an index"
            raise UnreadablePartError("loss", Unreadable(words, loss, start, [line]))
