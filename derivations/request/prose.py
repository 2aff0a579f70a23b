r"""The words of a pasted text between its formulas: `Let $p = …$.`, `We insert it:`.

They become spaces, so that each formula keeps its place.  Formulas between which they
stand are rows of their own.
"""

import re
from itertools import accumulate

from derivations.text.vocabulary import is_word_of_formulas

ALIGNED = (
    r"(?:align|aligned|alignat|alignedat|displaymath|eqnarray|equation|flalign|gather"
    r"|gathered|math|multline|split)\*?"
)
"""The environments of displayed formulas."""
_FORMULA = re.compile(
    rf"\$\$[^$]*\$\$|(?<!\\)\$[^$]+(?<!\\)\$|(?<!\\)\\\[.*?\\\]|(?<!\\)\\\(.*?\\\)"
    rf"|\\begin\s*\{{({ALIGNED})\}}.*?\\end\s*\{{\1\}}",
    re.DOTALL,
)
_INLINE = re.compile(r"\$(?!\$)|\\\(")
_NO_WORDS = re.compile(r"[^\W_]|[\s.,:;!?'’\"()–—]|(?<=[A-Za-z])-(?=[A-Za-z])")
"""What may stand in words; whatever else stands there is a sign of a formula."""
_WORD = re.compile(r"[A-Za-z]{2,}")
_SHORT = {"an", "as", "at", "be", "by", "in", "is", "it", "of", "on", "so", "to", "we"}
_SHORT |= {"and", "for", "where", "with"}
_OF_CASES = re.compile(r"\b(?:if|otherwise|else|when|in\s+case)\b", re.IGNORECASE)
_CASE = re.compile(r"[\s$\\(]*[i-n]\s*(?:=|≠|!=|\\neq?(?![a-z]))\s*[i-n][\s$\\)]*")
_JOINT = re.compile(
    r"\W*(?:and|or|so|thus|hence|therefore|i\.e\.|that\s+is|which\s+(?:is|gives))\W*",
    re.IGNORECASE,
)
OF_SLOPES = re.compile(
    r"∂|\\partial|\\nabla|∇|\bd\w*\s*/\s*\(?d|\bd[A-Za-z]\w*\s*[&=]"
    r"|\\d?frac\s*\{\s*(?:d|\\mathrm\s*\{?d)"
)
"""What a formula about a derivative has."""
_OPENING = re.compile(
    r"^[ \t]*(?:(?:let|with|where|here|define|given|suppose|assume|set|consider|denote"
    r"|recall|first|then|now|thus|hence|so|we|get|have|obtain|that|us|proof|solution"
    r"|answer)\b[ \t,:.]*)+"
    r"(?=\S[^\n]*=)",
    re.IGNORECASE | re.MULTILINE,
)
_CLOSING = re.compile(
    r"(?<=\s)(?:then\s+)?we\s+(?:get|have|obtain|find|see)(?:\s+that)?[ \t,:.]*$",
    re.IGNORECASE | re.MULTILINE,
)


def without_prose(source: str) -> tuple[str, list[int]]:
    r"""A text with spaces for its words, and the places where its formulas part.

    What has no = is left as it is, and so is a line whose words say a case.

    >>> without_prose("Let $p = qr$. Then\n$$dz = p$$")
    ('    $p = qr$      \n$$dz = p$$', [0, 12])
    >>> without_prose("Insert it here:\nL = a")
    ('               \nL = a', [0])
    >>> without_prose("$f = 1$ if $i = j$, else $a$")
    ('$f = 1$ if $i = j$, else $a$', [])
    """
    if "=" not in source:
        return source, []
    formulas = [*_FORMULA.finditer(source)]
    begins = [0, *(x.end() for x in formulas)]
    ends = [*(x.start() for x in formulas), len(source)]
    gaps = [source[at:end] for at, end in zip(begins, ends, strict=True)]
    shown, apart, touched = [*source], [], set()
    for number, (at, gap) in enumerate(zip(begins, gaps, strict=True)):
        around = formulas[max(0, number - 1) : number + 1]
        is_between = 0 < number < len(formulas)
        is_bare = not gap.strip(" \t\n.,;:")
        is_displayed = not any(_INLINE.match(x[0]) for x in around)
        if is_between and is_bare and ("\n" in gap or is_displayed):
            apart.append(at)
        pieces = gap.split("\n")
        starts = accumulate((len(piece) + 1 for piece in pieces), initial=at)
        for place, (begin, piece) in enumerate(zip(starts, pieces, strict=False)):
            follows = place == 0 and number > 0
            leads = place == len(pieces) - 1 and number < len(formulas)
            is_prose = _is_prose(piece) and (len(pieces) > 1 or formulas)
            says_case = _OF_CASES.search(piece)
            if leads and follows:
                says_case = says_case or _CASE.fullmatch(around[1][0])
            if says_case and (follows or "\n" not in source):
                continue
            is_mark = piece.strip() and not piece.strip(" \t.,;:")
            if follows and leads and (is_mark or _JOINT.fullmatch(piece)):
                is_prose = "=" in around[1][0] and not OF_SLOPES.search(around[1][0])
            elif is_mark and follows and len(formulas) > 1:
                is_prose = True
            if is_prose:
                shown[begin : begin + len(piece)] = " " * len(piece)
                apart.append(begin)
                touched |= {number - 1} if follows else set()
                touched |= {number} if leads else set()
    kept = "".join(shown)
    is_asked = any("=" in x[0] and OF_SLOPES.search(x[0]) for x in formulas)
    for number in touched:  # such as $y$ in words
        one = formulas[number]
        is_slope = OF_SLOPES.search(one[0]) and not is_asked
        is_kept = "=" in one[0] or is_slope or _CASE.fullmatch(one[0])
        if _INLINE.match(one[0]) and not is_kept:
            kept = kept[: one.start()] + " " * len(one[0]) + kept[one.end() :]
    for words in (_OPENING, _CLOSING):
        kept = words.sub(lambda x: " " * len(x[0]), kept)
    return kept, apart


def _is_prose(piece):
    """Whether there are words in a piece of a line, and no sign of a formula."""
    if _NO_WORDS.sub("", piece):
        return False
    return any(
        word.lower() in _SHORT or (len(word) > 2 and not is_word_of_formulas(word))
        for word in _WORD.findall(piece)
    )
