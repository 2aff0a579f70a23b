"""An index that no sum of a loss counts: it is named as it was typed, and refused."""

import re

from sympy import Sum

from derivations import letters
from derivations.formulas.indices import Index, free_symbols
from derivations.request.context import Context, UnreadablePartError
from derivations.text.notation.tokens.characters import SUBSCRIPTS
from derivations.text.unreadable import Unreadable

_BELOW = "".join(x for x, y in SUBSCRIPTS.items() if y.isalpha())
_MOST = 12
"""Of letters with an index that are tried one by one."""
_SUMS = {"sum", "\\sum", "prod", "\\prod", "max", "\\max", "e"}
_INDEXED = re.compile(
    r"(?P<name>\\?[A-Za-zα-ω]+)"
    rf"(?:(?:\s*_\s*\{{?\s*|\[\s*)?(?P<index>(?<=[_\[{{ ])[a-z](?![a-z])|[{_BELOW}]))"
)
_COUNTED = re.compile(
    r"(?i:sum|\\sum|Σ|∑)\s*_?\s*\{?\s*([a-z])(?![a-z])|\(\s*([a-z])\s*,\s*1\s*,"
)


def typed_indices(loss: str) -> list[tuple[str, str, int, int]]:
    """Letters with their index as they are typed: name, index, and the places of both.

    >>> typed_indices("-sum_k y_k log a_{q}")
    [('y', 'k', 7, 9), ('a', 'q', 15, 18)]
    """
    found = []
    for word in _INDEXED.finditer(loss):
        letter = SUBSCRIPTS.get(word["index"], word["index"])
        if word["name"].lower() not in _SUMS:
            found.append((word["name"], letter, word.start(), word.start("index")))
    return found


def refuse_free_indices(loss: str, holds: Context) -> None:
    """Refuse an index that no sum counts, by the name that was typed.

    Where a sum beside it counts another letter, that is suggested.

    >>> from derivations.request.context import context
    >>> refuse_free_indices("-sum_k y_k log a_q", context())
    Traceback (most recent call last):
    derivations.request.context.UnreadablePartError: `a_q`: no sum counts q, and a \
loss is one number: the sum counts k; is k meant?
    -sum_k y_k log a_q
                   ^
    perhaps: -sum_k y_k log a_k
    """
    free, typed = _free(loss, holds), typed_indices(loss)
    if not free:
        return
    summed = [*dict.fromkeys(x[1] or x[2] for x in _COUNTED.finditer(loss))]
    alone = [one for one in typed if one[1] not in summed]
    if alone:
        name, letter, at, _ = alone[0]
        changed = [(x, x + 1) for _, y, _, x in alone if y == letter]
        compared = {y for x, y, *_ in typed if x == name}  # z_k beside z_c
        lines = ((x, _put(loss, changed, x)) for x in summed if x not in compared)
        lines = {x: line for x, line in lines if _free(line, holds) == set()}
        words = f"`{name}_{letter}`: no sum counts {letter}, and a loss is one number: "
        told = " or ".join(lines)
        whole = f"Σ_{letter} y_{letter} ({loss.strip()})"
        if lines:
            words += f"the sum counts {told}; is {told} meant?"
        elif any(x.size != letters.n for x in free):
            return  # of units, or of examples
        elif summed and _free(whole, holds) == set():
            words += f"is {letter} the true class, where y_{letter} is 1? sum over it"
            lines = {letter: whole}
        else:
            words += f"put Σ_{letter} before it"
        problem = Unreadable(words, loss, at, lines.values())
        raise UnreadablePartError("loss", problem)
    for name, letter, at, place in typed[:_MOST]:
        other = next((x for x in "clijk" if x not in {y for _, y, *_ in typed}), "c")
        known = _free(_put(loss, [(place, place + 1)], other), holds, is_inside=other)
        if known == set():
            words = f"`{name}_{letter}` stands outside Σ_{letter}, so {letter} "
            words += "counts nothing there: put what belongs to the sum in "
            words += "parentheses behind it, or sum over another letter"
            raise UnreadablePartError("loss", Unreadable(words, loss, at))
    letter = min(map(str, free))
    at = re.search(rf"(?<![A-Za-z\\]){letter}(?![A-Za-z])", loss)
    words = f"the index {letter} is free, and a loss is one number: put Σ_{letter} "
    words += "before what it counts"
    problem = Unreadable(words, loss, at.start() if at else 0)
    raise UnreadablePartError("loss", problem)


def _free(loss, holds, is_inside=""):
    """The free indices of a loss, None where it cannot be read.

    `is_inside`: those of its sums that have this letter free.
    """
    try:
        expr = holds.answer("loss", loss, letters.L).expr
    except Unreadable:
        return None
    if not is_inside:
        return {x for x in free_symbols(expr) if isinstance(x, Index)}
    return {x for x in expr.atoms(Sum) if is_inside in map(str, free_symbols(x))}


def _put(loss, spans, letter):
    below = {y: x for x, y in SUBSCRIPTS.items()}
    for start, end in sorted(spans, reverse=True):
        sign = below.get(letter, letter) if loss[start] in SUBSCRIPTS else letter
        loss = loss[:start] + sign + loss[end:]
    return loss
