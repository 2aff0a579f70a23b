"""Where a name stands in a text, and the text with another letter there."""

import re
from collections.abc import Iterable, Mapping

from derivations.text.names import LABEL, LOGIT
from derivations.text.notation.tokens.spellings import SPELLED, SUBSCRIPTS
from derivations.text.vocabulary import FUNCTIONS, SERIES

NAME = re.compile(r"\\?[A-Za-z]+[0-9]*|[α-ωϵϑϕ]")
_SOFTMAX = re.compile(r"softmax\}?(?:\\left)? ?\(")
_LOG_OF = re.compile(
    rf"(?<![A-Za-z])\\?(?:log|ln)(?:\\left)?[\s({{]*(?P<name>{NAME.pattern})"
    rf"(?P<index>_\{{?[a-z]\}}?|\[[a-z]\]|[{''.join(SUBSCRIPTS)}])?(?![\w\[(])"
)


def called(word: str) -> str:
    """A name without the sign or the command that spells it.

    >>> called("γ"), called("gamma")
    ('gamma', 'gamma')
    """
    return SPELLED.get(word, ("", word))[1]


def spelled(parameters: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Parameters with epsilon for eps, as a formula is read.

    >>> spelled([("eps", "positive"), ("eps1", "real")])
    [('epsilon', 'positive'), ('eps1', 'real')]
    """
    return [(re.sub(r"^\s*eps\b", "epsilon", name), sign) for name, sign in parameters]


def places(source: str, name: str, is_indexed: bool = False) -> dict[int, int]:
    """Where a name stands in a text, but for an index: {first place: end}.

    `is_indexed`: where it has an index, as in q_k and qk.

    >>> places("q + q_k log p_q", "q"), places("q + q_k log p_q", "q", True)
    ({0: 1, 4: 5}, {4: 5})
    """
    ends = {}
    for word in NAME.finditer(source):
        start, end = word.span()
        is_short = len(word[0]) == 2 and word[0][1] in SERIES.indices  # qk
        if is_short and word[0][0] == name:
            ends[start] = start + 1
        elif called(word[0]) == name and not source[:start].endswith(("_", "_{")):
            behind = source[end : end + 1]
            if not is_indexed or (behind and (behind in "_[" or behind in SUBSCRIPTS)):
                ends[start] = end
    return ends


def renamed(source: str, called: Mapping[str, str], is_indexed: bool = False) -> str:
    """A text with other letters in the places of some names.

    >>> renamed("q + q_k log p_q", {"q": "w", "p": "q"})
    'w + w_k log q_q'
    """
    spans = [
        (*span, other)
        for name, other in called.items()
        for span in places(source, name, is_indexed).items()
    ]
    for start, end, other in sorted(spans, reverse=True):
        source = source[:start] + other + source[end:]
    return source


def in_softmax(source: str) -> list[str]:
    """The letters with which the argument of a softmax begins.

    >>> in_softmax("KL(softmax(t/T) || softmax(z_k/T))")
    ['t', 'z']
    """
    return re.findall(r"softmax\}?(?:\\left)? ?\( ?([a-z])(?![a-z])", source)


def logs_beside_logits(source: str) -> dict[str, tuple[int, int]]:
    """The letters under a logarithm beside z in a softmax: the priors of classes.

    One number would cancel there, so each is an array; with where an index of it
    stands, as k of π_k, which z does not have.

    >>> logs_beside_logits("CE(y, softmax(z + τ log π))")
    {'pi': (25, 25)}
    >>> logs_beside_logits("z log softmax(z + log w_k)")
    {'w': (23, 25)}
    """
    found, logits = {}, ("z", *LOGIT)
    taken = {*LABEL, *LOGIT, *FUNCTIONS, *SERIES.symbols, *SERIES.arrays} - {*"pq"}
    for start in _SOFTMAX.finditer(source):
        depth, end = 1, start.end()
        while depth and end < len(source):
            depth += (source[end] == "(") - (source[end] == ")")
            end += 1
        inside = source[: end - 1]
        at = [x for one in logits for x in places(inside, one) if x >= start.end()]
        has_index = any(places(inside, x, True).keys() & {*at} for x in logits)
        for one in (
            _LOG_OF.finditer(inside, start.end()) if at and not has_index else ()
        ):
            name = "pi" if one["name"] in ("π", "\\pi") else called(one["name"])
            if name not in taken:
                found.setdefault(name, (one.end("name"), one.end()))
    return found
