r"""A line with words around its formula: `for all i`, `so`, cases, a name on the left.

Words that say nothing about the formula are removed.  Words that join two formulas
separate them.  Every other character keeps its place in the line, because spaces
replace what is removed.
"""

import re
from collections.abc import Callable, Iterable
from itertools import islice

from sympy import Eq, Integer, Ne
from sympy.core.relational import Relational

from derivations.text.unreadable import Unreadable
from derivations.text.vocabulary import SERIES, Names

_LETTERS = r"[a-z](?:\s*,\s*[a-z])*"
_FROM_1 = (
    r"(?:=|∈|\\in)\s*\\?\{?\s*1\s*"
    r"(?:[,.…\s]|\\[lc]?dots|\\[,;]|to|:)+\s*[A-Za-z]\s*\\?\}?"
)
_RANGE = re.compile(
    r"(?:[\s,;:.$(]|\\q?quad|\\[,;: ]|\\text\s*\{)+"
    rf"(?:(?:for\s*(?:all|every|each|any)|∀|\\?forall)[\s\\,~}}]*{_LETTERS}\s*(?:{_FROM_1})?"
    rf"|(?:(?:for|where|with)[\s~}}]*)?{_LETTERS}\s*{_FROM_1})[\s).,}}$]*$"
)
"""`for all i`, `, k = 1..n` behind a formula."""
_LONGEST_RANGE = 80
_JOINTS = "so|thus|hence|therefore|i\\.e\\.|that is|which is|which gives"
_SO = re.compile(
    rf"(?:(?<!\\)[,;.]\s{{0,3}}|\s)(?:and\s+)?(?:{_JOINTS})(?:\s+that)?(?=[\s,]),?"
    r"|(?<!\\)[,;.]?\s{0,3}(?:[=-]>|[⇒⟹∴⇔⟺→]"
    r"|\\(?:Rightarrow|Longrightarrow|rightarrow|to|implies|therefore|iff)(?![a-z]))"
)
_APART = re.compile(
    r"(?<!\\)[,;](?:\s|\\q?quad|\\[,;: ])+(?:and\s+)?"
    r"(?=(?:d[A-Za-z]|∂|\\d?frac|\\partial|∇|\\nabla)[^=]*=)"
)
_WORDS = r"if|当|for|when|where|in case|case|otherwise|else|and|or|so|thus|hence|i\.e\."
_TEXT = re.compile(
    rf"\\(?:text|mathrm|textrm|mbox)\s*\{{(\s*,?\s*(?:{_WORDS})\b[^{{}}]*)\}}"
    r"|\\(?:begin|end)\s*\{(?:cases|array)\}(?:\s*\{[lrc]+\})?|\\left\s*\\\{|\\right\s*\."
    r"|\\q?quad|\\\\|&(?!\s*=)|\\[,;: ]"
)
_CASE = re.compile(
    r"(?:\b(?:if|当|for|für|when|where|in\s+case|case)\b\s*\(?"
    r"|(?:(?<!\\)[,;]|\()(?:\s*\\q?quad(?![a-z]))?)"
    r"\s*"
    r"([a-z])\s*(==?|≠|!=|\\neq?(?![a-z]))\s*([a-z])(?![A-Za-z\w(])\s*\)?"
    r"|\b(?:otherwise|else|if\s+not|sonst)\b"
)
_BRACED = re.compile(r"((?:^|=)\s*)\{([^{}]*[=≠][^{}]*)(?:\}|$)(?=[\s.]*$)")
_CASES_OPEN = re.compile(r"([^=]*?)(?:\\left\s*\\\{|\\begin\s*\{(?:cases|array)\})")
_BEFORE = re.compile(r"(?:[\s,;:&=]|(?:and|or)\s)*")
_AROUND = " \t\n,;:&"
MOST_PARTS = 8
"""Of formulas in one line that `so` joins."""
_OPEN, _CLOSE = "([{", ")]}"
_LEFT = re.compile(
    r"(?P<before>(?:[\s$]|\\[,;:!])*(?:\\(?:math\w+|text|operatorname|boldsymbol|bm)\s*\{?\s*)?)"
    r"(?P<name>\\?[A-Za-z][A-Za-z0-9_]*?|[δΔ](?:_[a-z]+)?)(?P<grad>_grad)?\}?"
    r"(?P<index>_\{[\w,\s\\]+\}|[ᵢⱼₖ]+|\^\{?[lL]\}?_\{?\w\}?)?(?P<layer>\^[^\s/]+?)?\s*"
    r"(?P<of>\([^()=]*\))?\s*(?::?=(?!=)|≡|\\equiv(?![a-z]))"
)
_PRIME = re.compile(r"([\s$]*)(\\?[A-Za-z]+)['′’]\((\w+)\)(?=\s*=)")
"""L′(z), the derivative of the loss."""
_SLOPE = re.compile(r"(?:grad|gradient|d|D|g)_(\w+)|D([A-Za-z]\w*)")

_ASKS = re.compile(
    r"\s*(?:why|how|what|derive|show|prove)\b(?:\W{0,3}(?:s|is|does|do|can|i|we)\b){0,2}"
    r"(?:\s+(?:derive|show|prove)\b)?(?:\s+that\b)?[\s:,]*",
    re.IGNORECASE,
)
"""`why is`, `how do I derive`, `show that` before a formula."""
_BECOMES = re.compile(
    r"(?<=\s)(?:becomes?|equals?|gives?|is)\s(?:equal\s+to\s)?", re.IGNORECASE
)
_OF_THE_SERIES = re.compile(
    r"(?<=[\w}])\s+(?:of|for|with|in)(?=\s)(?:[\s+-]+(?:a|the|and|with|of|loss|softmax|"
    r"categorical|function|cross[- ]?entropy|cross))+(?=\s*(?:[=?.]|is\b|$))",
    re.IGNORECASE,
)
"""`of softmax and cross-entropy` behind a derivative."""


def without_asking(line: str) -> str:
    """A question without the words around its formula: `why is`, `derive`, `= ?`.

    >>> without_asking("why is dL/dz = a - y?"), without_asking("derive dL/dz_j")
    ('       dL/dz = a - y', '       dL/dz_j')
    >>> without_asking("How does dz become a - y?"), without_asking("dL/dz = ?")
    ('         dz =      a - y', 'dL/dz')
    >>> without_asking("dL/dz_j of softmax and cross-entropy").rstrip()
    'dL/dz_j'
    """
    if asks := _ASKS.match(line):
        line = " " * asks.end() + line[asks.end() :]
    of = _OF_THE_SERIES.search(line)
    if of and re.search(r"[/∂∇]|\\|^\s*d\w+$", line[: of.start()]):
        line = line[: of.start()] + " " * len(of[0]) + line[of.end() :]
    formula = line.rstrip(" ?.")
    if "?" in line[len(formula) :]:
        line = formula.removesuffix("=").removesuffix(" hold").rstrip()
    if "=" in line or not (verb := _BECOMES.search(line)):
        return line
    sign = "=".ljust(verb.end() - verb.start())
    return line[: verb.start()] + sign + line[verb.end() :]


_COMMAND = re.compile(
    r"\\(?:operatorname|math\w+|text\w*)(?![A-Za-z])|\\([A-Za-z]+)|\\.|[{}]"
)
_SIGN = re.compile(r"[^A-Za-z\s?!.,;:'’]")
_WORD = re.compile(r"[A-Za-z]{3,}")


def words_in(line: str, is_known: Callable[[str], bool]) -> str:
    """The words of a line that is no formula, as a search takes them; "" for another.

    It has no sign of a formula and a word that is not known, or begins with a word of
    asking.  An editor of formulas keeps no space between the words.

    >>> words_in("derivedz", "sum".__eq__), words_in("why is a = y?", "sum".__eq__)
    ('derive dz', 'why is a = y?')
    >>> words_in("foo_j - y", "sum".__eq__), words_in("sum y", "sum".__eq__)
    ('', '')
    """
    words = " ".join(_COMMAND.sub(lambda x: f" {x[1] or ''} ", line).split())
    is_plain = not _SIGN.search(words)
    asks = re.match(r"(?:why|how|what|derive|show|prove|explain)(?=[a-z\s])", words)
    if is_plain and asks and " " not in words:
        words = f"{asks[0]} {words[asks.end() :]}"
    is_word = is_plain and not all(map(is_known, _WORD.findall(words)))
    return words if asks or is_word else ""


def without_range(line: str) -> str:
    """A line without the words that say for which indices it holds.

    >>> without_range("a_j - y_j, for all j"), without_range("a_i, i = 1, …, n")
    ('a_j - y_j', 'a_i')
    """
    found = _RANGE.search(line, max(0, len(line) - _LONGEST_RANGE))
    if not found or not line[: found.start()].strip():
        return line
    return without_range(line[: found.start()])


def joined(line: str) -> list[str]:
    """The parts of a line between which stands `so`, `i.e.` or ⇒.

    >>> joined("dz = a sum(y) - y, so dz = a - y")[0]
    'dz = a sum(y) - y'
    """
    plain = _without_text(line)
    found = islice(_SO.finditer(plain), MOST_PARTS)
    cuts = [x for x in found if _is_outside(plain, x.start())]
    if len(cuts) >= MOST_PARTS:
        raise Unreadable(f"at most {MOST_PARTS} parts are joined in a line", line, 0)
    starts = [0, *(x.end() for x in cuts)]
    ends = [*(x.start() for x in cuts), len(line)]
    parts = [" " * at + line[at:end] for at, end in zip(starts, ends, strict=True)]
    return [x for x in parts if x.strip()] or [line]


def equations_in(line: str) -> list[str]:
    """The equations of a line that stand apart: dZ = A - Y, dW = dZ X^T / m.

    >>> [x.strip() for x in equations_in("dZ = A - Y, dW = dZ X^T / m")]
    ['dZ = A - Y', 'dW = dZ X^T / m']
    """
    for mark in islice(_APART.finditer(line), MOST_PARTS):
        if "=" in line[: mark.start()] and _is_outside(line, mark.start()):
            at = mark.end()
            return [line[: mark.start()], " " * at + line[at:]]
    return [line]


def cases(line: str, letters: Iterable[str]) -> list[tuple[str, tuple | None]]:
    """Split a line with cases into one line per case; without cases it stays one line.

    >>> [case for _, case in cases("f = 1 if i = j, else a_i", "ij")]
    [('i', '=', 'j'), ('i', '≠', 'j')]
    """
    plain, letters = _without_text(line), {*letters, "y"}  # y is the true class c
    plain = _BRACED.sub(r"\1 \2 ", plain)
    keys = [
        key
        for key in islice(_CASE.finditer(plain), MOST_PARTS)
        if _is_outside(plain, key.start()) and {key[1], key[3]} <= {*letters, None}
    ]
    if len(keys) < 2 or not all(_ends(plain, key) for key in keys):
        keys = [key for key in keys if key[0][0] != "(" or _is_apart(plain, key)]
    starts = [0, *(key.end() for key in keys)]
    ends = [*(key.start() for key in keys), len(line)]
    pieces = [_piece(plain, at, end) for at, end in zip(starts, ends, strict=True)]
    found = [_case(key) for key in keys]
    if not keys or found[0] is None or len(keys) > 2:
        return [(line, None)]
    (at, end), *rest = pieces
    head = max(
        (x + 1 for x in range(at, end) if plain[x] == "=" and _is_outside(plain, x)),
        default=at,
    )
    opened = _CASES_OPEN.search(line, head)
    if opened and opened[1].strip():  # Σ_i {…}, a sum of cases
        return [(line, None)]
    bodies = [(head, end), *rest]
    bodies = [(at, end) for at, end in bodies if plain[at:end].strip()]
    if len(bodies) != len(keys):
        return [(line, None)]
    one, sign, other = found[0]
    opposite = one, "≠" if sign == "=" else "=", other
    found = [found[0], *(x or opposite for x in found[1:])]
    if {*found[-1]} != {*opposite} and len(found) > 1:
        return [(line, None)]
    lines = [plain[:head] + " " * (at - head) + plain[at:end] for at, end in bodies]
    return list(zip(lines, found, strict=True))


def _is_apart(plain, key):
    """Whether a case stands behind a gap at the end; a_i (i = j) is a product."""
    is_last = not plain[key.end() :].strip(_AROUND + ".$")
    return is_last and key[2] != "==" and plain[: key.start()].endswith("  ")


def _ends(plain, key):
    """Whether a formula ends with a case, and does not go on: a_i (i = j) − 1."""
    return key[2] != "==" and re.match(r"\s*(?:[,;]|and\b|or\b|$)", plain[key.end() :])


def _case(key):
    one, sign, other = ("c" if x == "y" else x for x in key.groups())
    return None if one is None else (one, "=" if sign in ("=", "==") else "≠", other)


def _piece(plain, at, end):
    """A piece of a line without the signs and words around it."""
    at = _BEFORE.match(plain, at, end).end()
    piece = plain[at:end].rstrip(_AROUND + ".")
    while piece.endswith((" and", " or")):
        piece = piece[: piece.rindex(" ")].rstrip(_AROUND)
    return at, at + len(piece)


def _without_text(line):
    """The line with spaces for the commands of typesetting among its words."""

    def spaces(match):
        words = match[1] or ""
        before = len(match[0]) - len(words) - bool(words)
        sign = {"\\\\": ";", "&": ","}.get(match[0], " ")
        return sign * bool(before) + " " * (before - 1) + words + " " * bool(words)

    return (
        _TEXT.sub(spaces, line)
        if re.search(rf"cases|array|\b(?:{_WORDS})(?![a-z])|[≠]|\\ne|!=", line)
        else line
    )


def _is_outside(line, at):
    return all(
        line.count(one, 0, at) == line.count(other, 0, at)
        for one, other in zip(_OPEN, _CLOSE, strict=True)
    )


def without_own_name(
    line: str,
    slots: tuple,
    is_known: Callable[[str], bool],
    is_loss: Callable[[str], bool] = "LJ".__contains__,
) -> tuple[str, str, str]:
    """A line without a name of the reader's own on its left, that name, and its index.

    A name stays if it says what the gradient is taken with respect to, as dz does.

    >>> without_own_name("grad = a - y", (), lambda name: False)
    ('       a - y', 'grad', '')
    >>> without_own_name("grad_z = a - y", (), lambda name: name == "z")
    ('dz     = a - y', '', '')
    """
    if (prime := _PRIME.match(line)) and is_loss(prime[2]):
        line = f"{prime[1]}d{prime[2]}/d{prime[3]}{line[prime.end() :]}"
    form = _LEFT.match(line)
    if not form:
        return line, "", ""
    name = form["name"]
    if name in ("g", "d") and not form["of"]:  # a size is not asked; g(z) is g
        return " " * form.end() + line[form.end() :], name, ""
    slope = _SLOPE.fullmatch(name)
    variable = name if form["grad"] else slope and (slope[1] or slope[2])
    if variable and is_known(variable.partition("_")[0]):
        at, end = form.start("name"), form.end("grad" if form["grad"] else "name")
        return line[:at] + f"d{variable}".ljust(end - at) + line[end:], "", ""
    index = re.sub(r"\^\{?[lL]|\W|_", "", form["index"] or "").translate(
        str.maketrans("ᵢⱼₖ", "ijk")
    )
    head, _, rest = name.partition("_")
    is_jacobian = head == "J" and {*(rest or index)} - {*"ijk"} and len(slots) == 2
    is_delta = head in ("δ", r"\delta", "delta")
    if is_delta and len(slots) < 2:
        index = index or rest
    elif is_jacobian:
        index = ""
    elif (
        (is_known(name) and name != "grad")
        or (
            is_known(head)
            and head != "grad"
            and rest not in ("derivative", "prime", "jacobian", "grad")
        )
        or name.startswith("\\")
    ):
        return line, "", ""
    elif len(rest) == len(slots) and {*rest} <= {*map(str, slots)}:
        name, index = head, index or rest
    return " " * form.end() + line[form.end() :], name, index


_CASE_ALONE = re.compile(r"\s*(\w+)\s*(==?|!=|≠)\s*(\w+)\s*", re.ASCII)


def read_case(source: str, names: Names = SERIES) -> Relational | None:
    """The case that a text says: Eq for i = j, Ne for i ≠ j or i != j, None for none.

    The second index may be a number.
    Raises Unreadable for what is no case of two indices of one size.

    >>> read_case("i != j"), read_case("i = 1"), read_case("")
    (Ne(i, j), Eq(i, 1), None)
    """
    if not source.strip():
        return None
    form = _CASE_ALONE.fullmatch(source) if len(source) < 100 else None
    if not form:
        raise Unreadable("a case is written i = j or i ≠ j", source, 0)
    one, other = (names.indices.get(form[group]) for group in (1, 3))
    other = Integer(form[3]) if re.fullmatch("[1-9][0-9]{0,2}", form[3]) else other
    for group, index in ((1, one), (3, other)):
        if index is None:
            words = f"{form[group]} is no index: a case is i = j or i ≠ j"
            raise Unreadable(words, source, form.start(group))
    if not other.is_Integer and (one == other or one.size != other.size):
        words = f"two letters that count to {one.size} are expected, such as i and j"
        raise Unreadable(words, source, form.start(3))
    return (Eq if form[2].startswith("=") else Ne)(one, other)
