"""Lines that a reader may take for a loss that cannot be read: with other letters."""

import re
from collections.abc import Callable, Iterable

from sympy import Expr, Indexed

from derivations import letters
from derivations.advice import Advice, Words
from derivations.formulas.told import is_told
from derivations.loss.constituents import meaning_of
from derivations.request.context import UnreadablePartError
from derivations.request.renaming import NAME, called, places, renamed
from derivations.text.names import LABEL, LOGIT, OUTPUT
from derivations.text.unreadable import Ambiguous, Unreadable
from derivations.text.vocabulary import SERIES

ALIASES = {*OUTPUT, *LABEL, *LOGIT} - {"a", "y", "z"}
_FREE = ("w", "beta", "mu")
"""What a number of each class may be called where its letter has another meaning."""
_WHOLE = {name: meaning_of(name) for name in "bWXGAYZ"}
_WHOLE |= {"B": meaning_of("b"), "g": "the derivatives of L"}
"""Letters that are arrays in the series, and no number where they have no index."""

_SIZE = re.compile(r"\|[^|]+\||\b(?:\w+\.)?abs\s*\(", re.IGNORECASE)
"""|x|, Abs(x), torch.abs(x)."""


def refuse_other_arrays(loss: str, formulas: Iterable[Expr]) -> None:
    """Refuse an entry of the series that no loss of one example has, such as b_k.

    >>> from sympy import Sum
    >>> from derivations.letters import b, k, n, y
    >>> refuse_other_arrays("Σ_k b_k y_k", [Sum(b[k] * y[k], (k, 1, n))])
    Traceback (most recent call last):
    derivations.request.context.UnreadablePartError: b has another meaning here
    Σ_k b_k y_k
        ^
    """
    entries = {x.base for one in formulas for x in one.atoms(Indexed)}
    entries -= {letters.a, letters.y, letters.z, letters.v}
    for base in sorted(entries, key=str):
        if not is_told(base) and SERIES.arrays.get(str(base)) == base:
            (at, *_) = places(loss, str(base), is_indexed=True) or (0,)
            words = f"{base} has another meaning here"
            raise UnreadablePartError("loss", Unreadable(words, loss, at))


def refuse_whole_arrays(
    loss: str, is_read: Callable[[str], bool], is_shape: bool = True
) -> None:
    """Refuse b where it has no index beside y_k, by name; another letter is suggested.

    `is_shape`: even where no other letter helps.

    >>> refuse_whole_arrays("b Σ_k y_k a_k", lambda line: True)
    Traceback (most recent call last):
    derivations.request.context.UnreadablePartError: `b` is an array, the bias of a \
layer, not a number: give a number another letter
    b Σ_k y_k a_k
    ^
    perhaps: beta Σ_k y_k a_k
    """
    if not any(places(loss, x, is_indexed=True) for x in {"a", "y", "z"} | ALIASES):
        return
    alone = {x: places(loss, x).keys() - places(loss, x, True) for x in _WHOLE}
    line, named = loss, sorted((min(at), x) for x, at in alone.items() if at)
    for _, name in named:
        free = next((x for x in (*_FREE[1:], "w") if not places(line, x)), name)
        line = renamed(line, {name: free})
    is_line = bool(named) and line != loss and is_read(line)
    if is_line or (named and is_shape):
        at, name = named[0]
        words = f"`{name}` is an array, {_WHOLE[name]}, not a number: give a number "
        words += "another letter"
        problem = Unreadable(words, loss, at, [line] * is_line)
        raise UnreadablePartError("loss", problem) from None


def with_choices(
    problem: UnreadablePartError, is_read: Callable[[str], bool]
) -> UnreadablePartError:
    """The problem of a loss; it suggests the lines with another letter that are read.

    A letter with an index that has another meaning here, or several, may be a number
    of each class.
    """
    source, at, words = problem.source, problem.position, problem.words
    is_layer = "do not fit" in str(words)  # W x + b
    size = _SIZE.search(source) if problem.part == "loss" else None
    if size and (at == size.start() or "put Σ before it" in str(words)):
        words = "|x| is not differentiable at 0: use a smooth function in its place, "
        words += "such as x^2 or sqrt(x^2 + 1)"
        return UnreadablePartError("loss", Unreadable(words, source, size.start()))
    if problem.part == "loss" and not problem.is_ambiguous and not is_layer:
        refuse_whole_arrays(source, is_read, "put Σ before it" in str(words))
    here = NAME.match(source, at) if at is not None else None
    if problem.part != "loss" or not (here or problem.is_ambiguous):
        return problem

    def is_another(line):
        return line != source and is_read(line)

    def of_each_class(name):
        lines = (renamed(source, {name: free}, True) for free in _FREE)
        return next(([line] for line in lines if is_another(line)), [])

    if problem.is_ambiguous:
        names = dict.fromkeys(called(x[0]) for x in NAME.finditer(source))
        own = [of_each_class(name) for name in names if name in ALIASES]
        first = filter(is_another, problem.suggestions)
        lines = [*first, *next(filter(None, own), [])]
        return UnreadablePartError("loss", Ambiguous(words, source, at, lines))
    lines, name = [], called(here[0])
    if at in places(source, name, True) and name in ("alpha", "C"):
        words = Words(f"`{here[0]}` is not declared: ", Advice("name", f"{name}[k]"))
        return UnreadablePartError("loss", Unreadable(words, source, at))
    if at in places(source, name, True) and meaning_of(name):
        lines = of_each_class(name)
        words = f"`{here[0]}` has another meaning here, {meaning_of(name)}: give a "
        words += "number of each class another letter"
    elif here[0] in SERIES.indices:
        others = (renamed(source, {here[0]: free}) for free in ("C", *_FREE))
        lines = [*filter(is_another, others)][:1]
        words = f"{words}: give a number another letter"
    if not lines:
        return problem
    return UnreadablePartError("loss", Unreadable(words, source, at, lines))
