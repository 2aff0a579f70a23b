r"""A derivation that is pasted whole: an align of LaTeX, or several lines, in rows.

What is no formula becomes spaces: the environment, the signs that line up the rows, and
the reason beside a row.  So each formula keeps its place in the text.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from derivations.request.prose import ALIGNED, OF_SLOPES, without_prose

_OUTSIDE = re.compile(
    rf"\\(?:begin|end)\s*\{{{ALIGNED}\}}(?:\s*\[[tbc]\]|\s*\{{\d\}})?|\$\$?|(?<!\\)\\[\[\]()]"
    r"|\\(?:nonumber|notag|displaystyle|allowdisplaybreaks)(?![a-z])"
    r"|\\(?:label|tag)\*?\s*\{[^{}]*\}"
)
"""What stands around formulas, and says nothing about them."""
_PROVED = re.compile(
    r"(?:\\\\\s{0,9})?(?:\\hfill|\\q?quad|\\[,;:]|[\s&$]){0,9}"
    r"(?:\\(?:blacksquare|square|qed|qedhere|qedsymbol|Box)(?![A-Za-z])|[∎■□])\${0,2}"
    r"(?=[\s.$]{0,9}(?:\\end\s*\{|\\\]|$))"
)
"""The sign behind a proof."""
_ENDED = re.compile(rf"\\end\s*\{{{ALIGNED}\}}")
_BEGINS_WITH_SIDE = re.compile(
    rf"(?:\s|\$\$|\\\[|\\begin\s*\{{{ALIGNED}\}}|\\end\s*\{{{ALIGNED}\}}|&|\{{\}})*=|"
    rf"(?:\s|\\end\s*\{{{ALIGNED}\}})*$"
)
"""An environment that goes on with the one before, or ends around it."""
_EQUALS = re.compile(r"\\(?:overset|stackrel)\s*\{[^{}]*\}\s*\{\s*=\s*\}")
"""The = of a line that is not proved, as it is copied."""
_SIGNS = re.compile(
    r"\\begin\s*\{\w+\*?\}|\\end\s*\{\w+\*?\}|\\\\\s*(?:\[[^\]\n]*\])?|\\.|[{}\n&]"
    r"|(?<![<>!:=])=(?!=)"
)
_REASON = re.compile(
    r"&\s*&|[✓✔✗◐#]|(?<!\\)%|\s{2}(?=where\s[^=]*:=)"
    r"|(?:\\q?quad|\\hspace\s*\{[^{}]*\}|\\[,;:]|[&,(]|\s)(?:\s|\\q?quad)*"
    r"(?=\\(?:text|textrm|textit|mbox|hbox|quad\s*\\text)\s*\{)"
)
_TEXT = re.compile(r"\\(?:text|textrm|textit|mbox|hbox)\s*\{((?:[^{}]|\{\})*)\}")
_CASE = re.compile(r"\W*(?:if|for|when|where|in case|case|otherwise|else|and|or|so)\b")
_GIVEN = re.compile(r"\W*(?:since|because|using|as|by|from|due to|with|for all)\b")
"""What is said so is a reason, with an equation in it, too."""
_BY = re.compile(r"(?:^|,\s*)by\s+(H\d+(?:,\s*by\s+H\d+|,\s*H\d+)*)$")
"""The hypotheses, as they stand behind a reason that is copied."""
_SINCE = re.compile(r"\bsince\b[^&\n]{0,300}?\((H\d+)\)")
"""The same with what it says, as it is copied where it is first used."""
_SPECIAL = {r"\textbackslash{}": "\\", r"\~{}": "~", r"\^{}": "^"}
_OPEN = re.compile(r"(?:[-+−*/·×⊙@=({^_]|\\(?:log|ln|exp|cdot|times|odot))\s*$")
"""Behind this stands a factor."""
_IN_A_CASE = re.compile(r"\b(?:if|for|when|where|case)\W+\w+\s*$")
_GOES_ON = re.compile(r"\s*[-+−*/·×⊙]")
_DEFINITION = re.compile(
    r"(?<!\s)\s*(?<!\\)(?:(?:[,;:]\s*)?\b(?:for|where|with|given|and)\b|[,;])"
    r"(?:[\s~]|\\[,;:! ]|\\q?quad(?![a-z]))*"
    r"(?=(?:\\(?:hat|bm|boldsymbol|vec|math\w+)\s*\{?\s*){0,2}\{?\\?[^\W\d_]+\}{0,2}"
    r"(?:_\{?\w\}?|\[\w\]|\s*\([^()=]*\))?\s*:?="
    r"(?!\s*(?:=|\w+\s*(?:[,;.]|and\b|$))))"
)
"""What stands before p = softmax(o) behind another equation; i = j is a case."""
_AROUND = " \t\n,;.:()—–-&"
_ENDS = " \t\n,;."
_SPACES = ("\\", r"\!", r"\:", r"\quad", r"\qquad")
"""A space in front of an end, such as \\,; its sign may be one of the ends itself."""


@dataclass(frozen=True)
class Row:
    """One line of such a text: where it begins and ends in the text, and its reason.

    `equals` are the places of its = that stand in no parenthesis.
    """

    begin: int
    end: int
    reason: str
    equals: tuple


@dataclass(frozen=True)
class TextInRows:
    """A text as its formulas stand in it, in rows.

    `has_more` says that formulas stand behind the question's environment, not read.
    """

    text: str
    rows: tuple
    has_more: bool = False

    @cached_property
    def groups(self) -> list[list[Row]]:
        """The rows of each equation: each has a left side in its first row."""
        groups = []
        for row in self.rows:
            left = self.left(row)
            if not groups or (left and left != self.left(groups[-1][0])):
                groups.append([])
            groups[-1].append(row)
        return groups

    def left(self, row: Row) -> str:
        """The left side of a row, without spaces; nothing where it goes on."""
        end = row.equals[0] if row.equals else row.end
        return "".join(self.text[row.begin : end].split())

    def equation(self, group: list[Row]) -> str:
        """The text with one equation alone; a left side that is repeated goes, too."""
        shown = [" "] * len(self.text)
        for row in group:
            is_first = row is group[0] or not row.equals
            begin = row.begin if is_first else row.equals[0]
            shown[begin : row.end] = self.text[begin : row.end]
        return "".join(shown).rstrip()

    def row_at(self, place: int) -> Row:
        """The row in which a place of the text is; its first = ends the row before."""
        first, *rest = self.rows
        return [first, *(x for x in rest if (*x.equals, x.begin)[0] < place)][-1]

    def span(self, row: Row, is_side: bool = False) -> tuple[int, int]:
        """Where a row begins and ends, without spaces; a side begins behind its =."""
        begin = row.equals[0] + 1 if is_side and row.equals else row.begin
        text = self.text[begin : row.end]
        begin += len(text) - len(text.lstrip())
        return begin, begin + len(text.strip())

    def reasons(self, group: list[Row], count: int) -> list[str]:
        """The reason for each of the right sides; none where more are counted."""
        if sum(len(row.equals) for row in group) != count:
            return [""] * count
        return [
            row.reason if place == row.equals[-1] else ""
            for row in group
            for place in row.equals
        ]


def in_rows(source: str) -> TextInRows:
    r"""The rows of a text; one formula alone is one row, and stands as it was.

    >>> pasted = in_rows(r"\begin{align} L' &= a \\ &= b && \text{, by H1} \end{align}")
    >>> [pasted.text[x.begin : x.end].strip() for x in pasted.rows]
    ["L'  = a", '= b']
    >>> [row.reason for row in pasted.rows]
    ['', 'by H1']
    """
    source = _SINCE.sub(lambda match: f"by {match[1]}".ljust(len(match[0])), source)
    source = _PROVED.sub(lambda match: " " * len(match[0]), source)
    source, apart = without_prose(source)
    source = _with_definitions_below(source)
    whole = source[: _end(source)]
    has_more = "=" in source[len(whole) :]
    body = _EQUALS.sub(lambda match: "=".rjust(len(match[0])), whole)
    body = _OUTSIDE.sub(lambda match: " " * len(match[0]), body)
    cuts, equals, joints = _cuts(body, apart)
    rows, shown = [], list(body)
    for place in joints:
        shown[place] = " "
    begins = [0, *(end for _, end in cuts)]
    ends = [*(begin for begin, _ in cuts), len(body)]
    for begin, end in zip(begins, ends, strict=True):
        own = tuple(x for x in equals if begin <= x < end)
        at, reason = _reason(body, begin, end, own)
        shown[at:end] = " " * (end - at)
        is_formula = bool(body[begin:at].strip(_ENDS + "&"))
        own = tuple(x for x in own if x < at)
        if rows and reason and not is_formula:  # it stands below its row
            rows[-1] = Row(rows[-1].begin, rows[-1].end, reason, rows[-1].equals)
        elif rows and (not own or _GOES_ON.match(body, begin, own[0])):
            above = rows[-1]
            rows[-1] = Row(above.begin, at, reason or above.reason, above.equals)
        elif is_formula:
            rows.append(Row(begin, at, reason, own))
    for begin, end in cuts:
        shown[begin:end] = " " * (end - begin)
    if len(rows) < 2 and not any(row.reason for row in rows):
        return TextInRows(whole, (Row(0, len(whole), "", ()),), has_more)
    for row in rows:
        kept = len(_without_end("".join(shown[row.begin : row.end])))
        shown[row.begin + kept : row.end] = " " * (row.end - row.begin - kept)
    return TextInRows("".join(shown), tuple(rows), has_more)


def _end(source):
    """Where the environment of the question ends, or the last that goes on with it."""
    ends = [x.end() for x in _ENDED.finditer(source)]
    asked = [end for end in ends if OF_SLOPES.search(source[:end])]
    for end, following in pairwise(asked):
        if not _BEGINS_WITH_SIDE.match(source, end, following):
            return end
    return asked[-1] if asked else len(source)


def _without_end(formula, signs=_ENDS):
    """A formula without the signs, and the commands of a space, at its end."""
    kept = formula.rstrip(signs + "~")
    for space in _SPACES:
        if kept.endswith(space):
            return _without_end(kept.removesuffix(space), signs)
    return kept


def _with_definitions_below(source):
    """Definitions behind a question, or behind another one, in rows of their own."""
    pieces = re.split(r"(\\\\|\n)", source)
    sign = r"\\" if r"\\" in pieces else "\n"
    for at, piece in enumerate(pieces):
        first = _DEFINITION.search(piece)
        before = piece[: first.start()] if first else ""
        is_question = len(pieces) == 1 and "=" not in before
        is_definition = "=" in before and not OF_SLOPES.search(piece)
        if before.strip() and (is_question or (is_definition and len(pieces) > 1)):
            pieces[at] = _DEFINITION.sub(lambda x: sign.ljust(len(x[0])), piece)
    return "".join(pieces)


def _cuts(body, apart):
    r"""What separates the rows, \\ or else a new line, and words between formulas.

    With it the places of = and of &.
    """
    depth, rows, lines, equals, joints = 0, [], [], [], []
    for sign in _SIGNS.finditer(body):
        word = sign[0]
        if word.startswith((r"\begin", "{")):
            depth += 1
        elif word.startswith((r"\end", "}")):
            depth -= 1
        elif depth:
            continue
        elif word.startswith(r"\\"):
            rows.append(sign.span())
        elif word == "\n":
            lines.append(sign.span())
        elif word == "=" and not _IN_A_CASE.search(body[: sign.start()][-20:]):
            equals.append(sign.start())
        elif word == "&":
            joints.append(sign.start())
    parted = {(x, x) for x in apart if x < len(body)}
    return sorted([*(rows or lines), *parted]), equals, joints


def _reason(body, begin, end, equals):
    """Where the reason of a row begins, and its words."""
    for mark in _REASON.finditer(body, begin, end):
        before, rest = body[begin : mark.start()], body[mark.end() : end]
        is_apart = before.count("{") == before.count("}")
        is_where = rest.startswith("where")  # what holds, in a copy as text
        said = _TEXT.match(rest)
        is_given = is_where or (said and _GIVEN.match(said[1]))
        goes_on = any(x >= mark.end() for x in equals) and not is_given
        if not is_apart or goes_on:
            continue
        is_case = said and _CASE.match(said[1])
        behind = rest[said.end() :].lstrip()[:1] if said else ""
        is_open = _OPEN.search(before)
        is_factor = said and (is_open or behind in tuple("(_^+-*/"))
        if is_case or is_factor or not (mark[0] + rest).strip(" &"):
            continue
        return mark.start(), _in_words(rest)
    return end, ""


def _in_words(rest):
    r"""A reason without its \text{…}; what is no text in it is a $formula$."""
    words, at = [], 0
    for text in _TEXT.finditer(rest):
        formula = _without_end(rest[at : text.start()].lstrip(_AROUND), _AROUND)
        words += [f" ${formula}$ "] * bool(formula) + [text[1]]
        at = text.end()
    formula = _without_end(rest[at:].lstrip(_AROUND), _AROUND)
    if words and formula:
        words.append(f" ${formula}$")
    said = "".join(words) if words else rest
    for command, sign in _SPECIAL.items():
        said = said.replace(command, sign)
    said = re.sub(r"\\([&%#_{}])", r"\1", said)
    return " ".join(said.split()).strip(_AROUND)


def taken_apart(reason: str) -> tuple[str, list[str]]:
    """A reason without the hypotheses that it names at its end, and these.

    >>> taken_apart("the labels sum to 1, by H1"), taken_apart("by the chain rule")
    (('the labels sum to 1', ['H1']), ('by the chain rule', []))
    """
    by = _BY.search(reason)
    if not by:
        return reason, []
    return reason[: by.start()], re.findall(r"H\d+", by[1])
