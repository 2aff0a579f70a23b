"""The characters of every script, as tokens that keep their place in the source.

`spellings` lists the signs and how they are written.  `words` says what a run of
letters means, and `formula.lark` how tokens are put together.
"""

import re
from collections.abc import Iterator
from unicodedata import normalize

from lark import Token

from derivations.text.notation.tokens.spellings import (
    SPELLED,
    SUBSCRIPTS,
    SUPERSCRIPTS,
)
from derivations.text.unreadable import Unreadable

MOST_CHARACTERS = 2_000
"""The longest formula of a theorem has 200."""

VULGAR = re.compile(r"([⁰¹²³⁴⁵⁶⁷⁸⁹]+)[⁄/]([ₘₙₖ₀₁₂₃₄₅₆₇₈₉]+)|[¼-¾⅐-⅞]")
"""A fraction in small figures: ½, ¹⁄ₘ."""
SILENT = re.compile(
    r"\\\\(?:\[[^\]]*\])?"  # a chain of several lines
    r"(?=\s*(?:[&{}]|\\q?quad|\\[,;: ])*\s*(?:[=+−–-]|$|\\end))|\\color\s*\{\w+\}"
    r"|(?<=[\w)\]} ])(?:#|//(?=\s*[^\W\x00-\x7f]|\s+\w+\s+\w)).*$"  # a remark
    r"|[“”„«»]|;\s*$"
    r"|\\(?:begin|end)\s*\{(?:equation|displaymath|math|align|aligned|alignat|split|gather"
    r"|gathered|multline|eqnarray)\*?\}|\\label\s*\{[^{}]*\}"
    r"|=\s*(?:…|\.\.\.|\\[lc]?dots)[\s&]*(?==)"  # a side that is left out
    r"|[\s$~&\u200b-\u200d\u2061-\u2063\ufe0e\ufe0f]+|\\[,;:!> ()\[\]]"
    r"|(?<=\\log)_\{(?:\\placeholder\{\})?\}"  # MathLive's place for a base
    r"|\\(?:m?left|m?right|[bB]igg?[lrm]?|displaystyle|textstyle|limits|nolimits|q?quad"
    r"|boxed|nonumber|notag|tiny|small|normalsize|[Ll]arge|LARGE|[hH]uge)"
    r"(?![A-Za-z])|\\tag\*?\s*\{[^{}]*\}"
)
"""What is written for the eye alone."""
FONT = re.compile(
    r"\\(?:math(?:bf|rm|it|sf|bb|cal|scr|tt)|boldsymbol|bm|vec|text(?:bf|rm|it)?|[mhf]box|rm|bf"
    r"|operatorname\*?)(?![A-Za-z])\s*"
)
ALONE = re.compile(
    rf"\{{\s*(?:(\\?[A-Za-z]+[0-9]*)|{FONT.pattern}\{{\s*([A-Za-z]+)\s*\}})\s*\}}"
)
PLACE = re.compile(r"\{\s*\}|\{\s*\\placeholder\{[^{}]*\}\s*\}|\\placeholder\{[^{}]*\}")
NUMBER = re.compile(r"(?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
STYLED = re.compile(r"[\U0001d400-\U0001d7ff]")
"""Letters and digits in bold, italics and other faces: 𝐚, 𝑎, 𝟏."""
WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:\\?_[A-Za-z0-9]+)*")
COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)", re.DOTALL)
SIGN = re.compile("|".join(map(re.escape, sorted(SPELLED, key=len, reverse=True))))

NEARLY = "an equation is expected, and this is none"
NOT_READ = {
    r"\begin": "cases and matrices are not read: write one formula, and name the case",
    r"\def": "macros are not read: write the formula itself",
    r"\newcommand": "macros are not read: write the formula itself",
    r"\\": "one line is expected",
    r"\min": "the checks have no rule for min",
    r"\int": "the checks have no rule for integrals",
    r"\prod": "the checks have no rule for products over a letter",
    r"\lim": "the checks have no rule for limits",
    r"\imaginaryI": "a formula here is of real numbers",
    "einsum": "write the product, such as W @ X, or a sum, such as sum_q W_jq X_qs",
    "|": "write Abs(x) for |x|",
    ";": "one formula is expected",
    **dict.fromkeys(("≈", "∼", "∝"), NEARLY),
    **dict.fromkeys((r"\approx", r"\sim", r"\propto", r"\simeq"), NEARLY),
    "\\": "a name such as \\log is expected behind it",
    **dict.fromkeys("\"'`", "write the formula without quotes"),
    **dict.fromkeys("<>≤≥", "expected a formula or an equation, not a condition"),
}
"""What is no part of a formula here, and what to write."""

CLOSING = {"(": ")", "{": "}", "[": "]"}
"""What closes each opening one."""


def scan(source: str) -> list[Token]:
    """The tokens of a text from left to right; letters are still runs of letters.

    Raises Unreadable for what is no part of a formula, and for a text that is too long.

    >>> [(token.type, str(token)) for token in scan(r"aᵢ − \\frac12")][:5]
    [('WORD', 'a'), ('SUB', '_'), ('OPEN', '{'), ('WORD', 'i'), ('CLOSE', '}')]
    """
    return list(scanned(source))


def refuse_long_text(source: str) -> None:
    """Raise Unreadable for a text that is too long."""
    if len(source) > MOST_CHARACTERS:
        most = f"at most {MOST_CHARACTERS} are allowed"
        words = f"too long: {len(source)} characters; {most}"
        raise Unreadable(words, source, MOST_CHARACTERS)


def made(kind: str, value: str, start: int, end: int | None = None) -> Token:
    """A token and its place, which is as long as the token where no end is given."""
    end = start + len(value) if end is None else end
    return Token(kind, value, start_pos=start, end_pos=end)


def scanned(source: str) -> Iterator[Token]:
    """The same one by one, so that what comes behind may be no formula."""
    refuse_long_text(source)
    at = 0
    while at < len(source):
        for find in (
            _silent,
            _place,
            _font,
            _vulgar,
            _script,
            _sign,
            _styled,
            _number,
            _word,
        ):
            tokens, end = find(source, at)
            if end > at:
                break
        else:
            raise _not_read(source, at)
        yield from tokens
        at = end


def _silent(source, at):
    match = SILENT.match(source, at)
    return (), match.end() if match else at


def _place(source, at):
    """A place that nothing fills yet."""
    match = PLACE.match(source, at)
    return ([made("PLACE", "□", *match.span())], match.end()) if match else ((), at)


def _font(source, at):
    r"""What a font command is of, without braces around one word: \mathrm{diag}."""
    match = FONT.match(source, at)
    if not match or SIGN.match(source, at):
        return (), at
    inside = ALONE.match(source, match.end())
    if not inside:
        return (), match.end()
    word, place = inside[inside.lastindex], inside.start(inside.lastindex)
    if word == "d":
        return [made("DIFF", "∂", place, place + 1)], inside.end()
    return [_moved(token, place) for token in scanned(word)], inside.end()


def _moved(token, place, length=None):
    end = token.end_pos if length is None else length
    return made(token.type, token, token.start_pos + place, end + place)


def _vulgar(source, at):
    """A fraction in small figures, in parentheses."""
    match = VULGAR.match(source, at)
    if not match:
        return (), at
    above, _, below = normalize("NFKC", match[0]).replace("/", "⁄").partition("⁄")
    parts = ("OPEN", "("), ("NUMBER", above), ("MUL", "/"), _kind(below), ("CLOSE", ")")
    return [made(*part, *match.span()) for part in parts], match.end()


def _kind(word):
    return ("NUMBER" if word.isdigit() else "WORD"), word


def _script(source, at):
    """A run of small letters, as an index or an exponent in braces."""
    for kind, value, letters in (
        ("SUB", "_", SUBSCRIPTS),
        ("POWER", "^", SUPERSCRIPTS),
    ):
        end = at
        while end < len(source) and source[end] in letters:
            end += 1
        if end > at:
            inside = "".join(letters[x] for x in source[at:end])
            return [
                made(kind, value, at, at),
                made("OPEN", "{", at, at),
                *(_moved(token, at) for token in scanned(inside)),
                made("CLOSE", "}", end, end),
            ], end
    return (), at


def _sign(source, at):
    match = SIGN.match(source, at)
    if not match or (match[0] == "." and NUMBER.match(source, at)):
        return (), at
    is_word = match[0].isascii() and match[0][-1].isalpha()
    behind = source[match.end() : match.end() + 1]
    if is_word and (behind.isalpha() or (behind.isdigit() and match[0].isalpha())):
        return (), at  # \nearrow begins with \ne, and eps1 is a name
    return [made(*SPELLED[match[0]], *match.span())], match.end()


def _styled(source, at):
    """A letter of another face, as the plain one."""
    match = STYLED.match(source, at)
    if not match:
        return (), at
    plain = normalize("NFKC", match[0])
    if plain not in SPELLED:
        return [_moved(token, at, 1) for token in scanned(plain)], match.end()
    return [made(*SPELLED[plain], *match.span())], match.end()


def _number(source, at):
    match = NUMBER.match(source, at)
    return (
        ([made("NUMBER", match[0], *match.span())], match.end()) if match else ((), at)
    )


def _word(source, at):
    r"""A run of letters, or the name of a command that is none of the table: \log."""
    match = WORD.match(source, at)
    if match and match[0] not in NOT_READ:
        return [made("WORD", match[0].replace("\\", ""), *match.span())], match.end()
    match = COMMAND.match(source, at)
    if not match or match[0] in NOT_READ or not match[0][1:].isalpha():
        return (), at
    return [made("WORD", match[0][1:], *match.span())], match.end()


def _not_read(source, at):
    match = COMMAND.match(source, at) or WORD.match(source, at)
    sign = match[0] if match else source[at]
    words = NOT_READ.get(sign, "this cannot stand in a formula")
    return Unreadable(f"`{sign}`: {words}", source, at)
