"""Signs that are written as words or letters: minus, partial, δ for ∂, x for ×."""

import re
from itertools import pairwise

from lark import Token

from derivations.text.notation.tokens.characters import made
from derivations.text.vocabulary import OPERATORS, UPSTREAM

_NOTHING = Token("", "")
_OF_GRADIENT = re.compile(r"g(_[a-z]{1,2})?")
"""What arrives from above, where g is not called as the activation is."""


def with_operators(scanned: list[Token], own_g: bool = False) -> list[Token]:
    """The tokens with signs for the words minus, times, partial; δE/δz is ∂E/∂z.

    With a g of the reader's own, g is no gradient.
    """
    scanned = [
        token
        for token, after in pairwise([*_without_full_stop(scanned), _NOTHING])
        if token.lower() != "kronecker" or not after.startswith("delta")
    ]
    deltas, row = _deltas(scanned), []
    for at, (token, after) in enumerate(pairwise([*scanned, _NOTHING])):
        is_called = after == "(" or after.type == "PRIME"
        if at in deltas:
            row.append(token.update("DIFF", "∂"))
        elif _OF_GRADIENT.fullmatch(token) and not is_called and not own_g:
            row.append(made("DIFF", "∂", token.start_pos, token.start_pos))
            row.append(token.update(value="a" + token[1:]))
        elif token.type == "WORD":
            row += _signs(token, row[-1] if row else _NOTHING, after)
        else:
            row.append(token)
    return row


def _without_full_stop(scanned):
    """The tokens without the full stop or comma that ends a sentence."""
    closing = {"CLOSE", "RSQB", "DOT", "COMMA"}
    end = len(scanned)
    while end and scanned[end - 1].type in closing:
        end -= 1
    return scanned[:end] + [x for x in scanned[end:] if x.type not in ("DOT", "COMMA")]


def _deltas(scanned):
    """The places of a δ, or of the θ that a scanner makes of it, in δE/δz."""
    for name in ("delta", "theta"):
        places = [
            at
            for at, (token, after) in enumerate(pairwise(scanned))
            if token == name and after.type == "WORD" and after[1:2] in ("", "_")
        ]
        if len(places) == 2 and scanned[places[1] - 1] in ("/", "{"):
            return places
    return []


def _signs(token, before, after):
    """A word as the signs that it stands for, or as it is."""
    head, _, below = token.partition("_")
    is_between = before.type in ("WORD", "NUMBER", "CLOSE", "RSQB")
    cut = token.end_pos - 1
    if token in UPSTREAM:
        return made("DIFF", "∂", token.start_pos, cut), made(
            "WORD", UPSTREAM[token], cut
        )
    is_before = after == "(" or after.type in ("WORD", "NUMBER")
    is_whole = head == "grad" and below and not is_before
    if head == "sigma" or is_whole:  # grad_z is dz, and grad_z L is not
        return [token.update(value=f"d{below}" if is_whole else "σ" + token[5:])]
    if head in OPERATORS and not below and (head != "times" or is_between):
        return [token.update(*OPERATORS[head])]
    if token == "x" and is_between and is_before and _is_times(token, before, after):
        return [token.update("MUL", "×")]
    if head in ("grad", "nabla"):  # grad_z L
        cut = token.start_pos + len(head)
        nabla = made("NABLA", "∇", token.start_pos, cut)
        return nabla, made("SUB", "_", cut), made("WORD", below, cut + 1)
    return [token]


def _is_times(token, before, after):
    """Whether an x stands apart from two factors of which the first is no matrix."""
    is_apart = before.end_pos < token.start_pos and token.end_pos < after.start_pos
    is_entry = before.type != "WORD" or "_" in before or before.islower()
    return is_apart and is_entry
