r"""What is written in words or as a program: the gradient of L, lambda z: …, a remark.

A phrase becomes the formula that it means, as long as before, so that what stands
behind it keeps its place in the line.
"""

import re
from collections.abc import Callable

from sympy.core.alphabets import greeks

from derivations.text.notation.tokens.characters import refuse_long_text

_BOXED = re.compile(r"([\s$]*)((?:\\boxed\s*)?\{)(.*)\}[\s$.]*", re.DOTALL)
_HEAD = re.compile(
    r"\s*(?:\w+\s*=\s*)?(?:lambda\s+\w[\w\s,]*:|@\([\w\s,]*\)|[\w\s,()]*(?:↦|\\mapsto))"
    r"|\s*return\b|\s*[A-Z][a-z]{3,}\s*:(?![:=])|(?:\s|&)*=(?!=)(?=.*\w)"
)
"""What stands before the body of a function, or before an answer: `Gradient:`, `=`."""
_INNER = re.compile(r"<([^<>=]+,[^<>=]+)>")
_GRADIENT = re.compile(
    r"(?:the\s+)?(?:partial\s+)?(?:gradient|derivative|jacobian)\s+of\s+(?P<of>.{1,60}?)"
    r"\s+(?:with\s+respect\s+to|w\.?r\.?t\.?|by)\s+(?:the\s+)?(?:logits?\s+(?=\w))?"
    r"(?P<by>[^\s=:,]+)(?P<is>\s+(?:is|are)\b|\s*:(?!=))?",
    re.IGNORECASE,
)
_AUTOGRAD = re.compile(
    r"(?:\w+\.)*(?:grad|gradient|jacobian|jacfwd|jacrev)\(\s*(?P<of>\w+)(?P<is>)"
    r"(?:(?:,[^()]*)?\)\(\s*|\s*,\s*\[?)(?P<by>[A-Za-z]\w*)[^()]*\)(?:\[0\])?"
)
"""torch.autograd.grad(L, z)[0], jax.grad(L)(z)."""
_GRAD = re.compile(r"(?<![\w.])([A-Za-z]\w*)\.grad(?![\w(])")
"""z.grad, as dz."""
_SAID = re.compile(
    r"(?:(?:the|loss|cost|cross-entropy|function|output|logit|softmax)\s+)*(?=\S)"
)
_OF_LOSS = re.compile(
    r"(?:(?:the|loss|cost|error|function|categorical|softmax|with|and|of|on|\+)[\s-]+)*"
    r"cross[- ]?entropy"
    r"(?:[\s-]+(?:the|loss|cost|error|function|with|and|of|on|softmax))*",
    re.IGNORECASE,
)
"""The loss of the series in words: cross-entropy, softmax with cross-entropy loss."""
_REMARK = re.compile(r"\s\(([^()]*)\)\s*[.!]*\s*$")
_SIGN_OF = re.compile(
    r"\s*(?:[≥⪰≻>≽]|>=|\\(?:geq?|succeq|succ))\s*(?:\\mathbf\s*)?0[\s.]*$"
)
_PROSE = re.compile(
    r"\s*(?:i\.e\.|e\.g\.|since|because|no\b)|.*?([A-Za-z]{3,})[ -]+([A-Za-z]{2,})"
)
_ENTRY = re.compile(r"[_^]|\b[yz]\b|\ba\s*$")
"""What no remark has; a may be an article there."""
_WHERE = re.compile(
    r"[,;]?\s+(?:where|with|avec|mit|wobei|donde)\s+(?P<all>[^=]+(?:=|\bis\b).*)$"
    r"|[,;]\s*(?P<one>[A-Za-zα-ω]\s*=\s*[^=,;]+)$",
    re.DOTALL,
)
_SAID_OF_A_LETTER = re.compile(
    r"\s*(\w+)\s*(?:=|\bis\b)\s*(?:the\s+)?([^=]+?)[\s.]*", re.DOTALL
)
_NEXT = re.compile(r"(?:,\s|;|\band\b)(?=\s*\w+\s*(?:=|is\b))")
"""Between two letters of which something is said; no comma of Sum(…, (k, 1, n))."""
_MEANT = {
    "a": r"softmax|output|predict|probab",
    "y": r"true|target|label|one[- ]?hot|truth",
    "z": r"logit|score",
}
"""What a letter is said to be, in words."""


_BAR = r"\s*(?:\||∣|\\mid(?![a-z])|\\vert(?![a-z]))[^|()\[\]]{1,40}(?:\\right\s*)?"
_OPEN = r"\s*(?:\\left\s*)?[(\[]\s*"
_GIVEN = re.compile(
    rf"(?<![A-Za-z\\])(?:\\?Pr|\\mathbb\s*\{{?P\}}?|ℙ|[Pp]){_OPEN}(?:(?:[A-Za-z]\s*=\s*)?"
    rf"(?:[yY]_?\{{?([a-z])\}}?\s*=\s*1|([a-z])){_BAR}|[A-Z]\s*=\s*([a-z])\s*)[\])]"
    rf"|(?<![A-Za-z\\])(?:\\mathbb\s*\{{?E\}}?|𝔼|E){_OPEN}[yY]_?\{{?([a-z])\}}?"
    rf"(?:{_BAR})?[\])]"
)
"""P(Y = j | x) and E[y_j], which the model says to be a_j."""
_LAYERED = re.compile(r"(?<![A-Za-z_])(?:d?[AZW]|d|delta|δ)([3-9])(?!\w)")
_PRIMED = re.compile(r"_\{[^{}_^]{0,12}?([i-l])\s*(?:['′’]|\^?\{?\\prime\}?)")
_SUBSCRIPTS = re.compile(r"_\{?([\w\s,]+)")


def without_primes(source: str, line: str = "") -> str:
    """A text with a letter for each index with a prime; `line` is the whole line.

    >>> without_primes("a_{k'} (d_{kk'} - a_k)")
    'a_{i } (d_{ki } - a_k)'
    """
    line = line or source
    letters = [x for x in "ijkl" if x not in "".join(_SUBSCRIPTS.findall(line))]
    primed = dict.fromkeys(x[1] for x in _PRIMED.finditer(line))
    for primed_letter, letter in zip(primed, letters, strict=False):
        form = rf"(?<![A-Za-z\\]){{0}}{primed_letter}\s*(?:['′’]|\^?\{{?\\prime\}}?)"
        source = re.sub(form, lambda x, y=letter: y.ljust(len(x[0])), source)
    return source


def said_of_signs(source: str) -> list[str]:
    """Notes on signs that are ignored when a line is read: P(Y = j | x), k′.

    >>> said_of_signs("P(Y=j|x) - y_j"), said_of_signs("a_{k'} - y_{k'}")
    (['P(Y=j|x) is the output a_j'], ["your k' is i here"])
    """
    given = [(x[0], _output(x)[2:]) for x in _GIVEN.finditer(source)]
    outputs = [f"{words} is the output a{index}" for words, index in given]
    changed = without_primes(source)
    letters = (
        f"your {x[1]}' is {changed[x.start(1)]} here" for x in _PRIMED.finditer(source)
    )
    return [*outputs, *dict.fromkeys(letters)]


_DIVERGENCE = re.compile(
    r"D_?\{?\s*(?:\\(?:mathrm|text|textrm|rm|mathit|operatorname)\s*\{?\s*)?KL[\s}]*"
    r"(?=(?:\\left\s*)?\()"
)
_BESIDE = re.compile(r"(?<=KL)(\s*(?:\\left\s*)?\([^|∥]*?)(\\?\|{1,2}|∥|\\parallel\b)")
"""D_{KL}(q || p), in which the sign is a comma."""


def _output(given):
    return rf"\P_{next(filter(None, given.groups()))}"


def in_notation(line: str) -> str:
    r"""A line as a formula where it is written in words, or as a program does it.

    >>> in_notation("the gradient of the loss L with respect to z is a - y").split()
    ['dL/dz', '=', 'a', '-', 'y']
    >>> in_notation("lambda a, y: a - y").strip(), in_notation("jax.grad(L)(z)").strip()
    ('a - y', 'dL/dz')
    >>> in_notation(r"\underbrace{a}_{\text{softmax}} - y").split()
    ['{a}', '-', 'y']
    """
    line = _without_labels(line)
    line = _DIVERGENCE.sub(lambda x: "KL".ljust(len(x[0])), _with_last_layer(line))
    line = _BESIDE.sub(lambda x: x[1] + ",".ljust(len(x[2])), line)
    line = _GIVEN.sub(lambda x: _output(x).ljust(len(x[0])), line)
    boxed = _BOXED.fullmatch(line)
    if boxed and r"\over" not in line and _closes_at_the_end(boxed[3]):
        line = boxed[1] + " " * len(boxed[2]) + boxed[3]
    if (head := _HEAD.match(line)) and line[head.end() :].strip():
        line = " " * head.end() + line[head.end() :]
    line = _GRAD.sub(lambda x: f"d{x[1]}".ljust(len(x[0])), _INNER.sub(r"⟨\1⟩", line))
    for form in (_GRADIENT, _AUTOGRAD):
        line = form.sub(_slope, line, count=1)
    return line


_BRACE = re.compile(r"\\(?:under|over)brace\s*(?=\{)")
_LABEL = re.compile(r"\s*[_^]\s*(\{|\\?\w)")


def _without_labels(line):
    r"""\underbrace{X}_{…} as {X}: what is written below it says nothing of X."""
    while brace := _BRACE.search(line):
        end = _closing(line, brace.end())
        label = _LABEL.match(line, end)
        behind = label.end() if label else end
        if label and label[1] == "{":
            behind = _closing(line, label.end() - 1)
        begin, kept = brace.start(), line[brace.end() : end]
        gaps = " " * (brace.end() - begin), " " * (behind - end)
        line = line[:begin] + gaps[0] + kept + gaps[1] + line[behind:]
    return line


def _closing(line, at):
    """Behind the brace that closes the one at a place; the end where none does."""
    depth = 0
    for place in range(at, len(line)):
        depth += (line[place] == "{") - (line[place] == "}")
        if not depth:
            return place + 1
    return len(line)


def _with_last_layer(line):
    """dZ3 = A3 − Y as dZL = AL − Y: the highest number of a layer is the last one's."""
    if numbers := _LAYERED.findall(line):
        last, end = max(numbers), r"(?![A-Za-z0-9_])"
        big = "Y" in line and rf"(?<![A-Za-z])a(?={last}{end})"
        line = re.sub(big, "A", line) if big else line
        line = re.sub(rf"(?<![A-Za-z])(d?[aAbWzZ]){last}{end}", r"\1L", line)
        line = re.sub(rf"(?<![A-Za-z])A{int(last) - 1}{end}", "A1", line)
    return line


def _closes_at_the_end(inside):
    """Whether no brace in a text closes one before it."""
    depth = 0
    for sign in inside:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0


def _slope(match):
    """dL/dz for the gradient of L with respect to z, as long as that."""
    of = match["of"][_SAID.match(match["of"]).end() :]
    of = "L" if _OF_LOSS.fullmatch(match["of"]) else of
    of = "a" if of == "softmax" else of if of.isalnum() else f"({of})"
    slope = f"d{of}/d{match['by']}" + " =" * bool(match["is"])
    return slope.ljust(len(match[0]))


def without_remark(line: str, is_known: Callable[[str], bool]) -> tuple[str, str]:
    """Split a line from the words in parentheses at its end.

    >>> without_remark("a - y (simple subtraction!)", "ay".__contains__)
    ('a - y', '(simple subtraction!)')
    >>> without_remark("y_k (1 - a_k^gamma log a_k)", ["y", "a", "log"].__contains__)
    ('y_k (1 - a_k^gamma log a_k)', '')
    """
    if sign := _SIGN_OF.search(line):
        return line[: sign.start()], sign[0].strip()
    remark = _REMARK.search(line)
    prose = _PROSE.match(remark[1]) if remark else None
    words = [*(remark[1].split() if remark else ()), ""]
    is_sum = {"minus", "plus", "times", "over"} & {*words} and words[0] != "no"
    if not prose or is_sum or (prose[1] and _is_formula(remark[1], prose, is_known)):
        return line, ""
    return line[: remark.start()], remark[0].strip()


def _is_formula(inside, words, is_known):
    """Whether two words beside each other are a product: gamma log a_k."""
    one, other = words.groups()
    is_letter = is_known(one) or one in greeks or _ENTRY.search(inside)
    return bool(is_letter) and (is_known(other) or other in greeks)


def _with_where(line):
    """`q = …; r = …; L = …` as `L = … where r = …, q = …`; another line as it is."""
    *said, last = line.rstrip(" ;").split(";")
    if said and all(map(_SAID_OF_A_LETTER.fullmatch, said)):
        return f"{last} where {', '.join(reversed(said))}"
    return line


def defined_behind(line: str) -> tuple[str, dict[str, str]]:
    """Split a line from what it says of its letters at its end, and read that.

    A letter that is defined as a formula is replaced by it.

    >>> defined_behind("q_j - p_j where q = softmax(z), p = true distribution")
    ('q_j - p_j', {'q': 'a', 'p': 'y'})
    >>> defined_behind("p(1-p) with p = p_i")
    ('(p_i)(1-(p_i))', {})
    >>> defined_behind("q = a_c; r = 1 - q; L = r^2")[0].strip()
    'L = (1 - (a_c))^2'
    """
    told = _with_where(line)
    where, called = _WHERE.search(told), {}
    if not where:
        return line, called
    body = told[: where.start()]
    for part in _NEXT.split(where["all"] or where["one"]):
        said = _SAID_OF_A_LETTER.fullmatch(part)
        name, value = said.groups() if said else ("", "")
        alone = rf"(?<![A-Za-z\\_]){name}(?![A-Za-z0-9])"
        meant = [x for x, words in _MEANT.items() if re.search(words, value)]
        is_letter = name in (*"ijklc",) and not meant  # a class, as in the case i = j
        if not name or is_letter or not re.search(alone, body):
            return line, {}
        is_prose = re.fullmatch(r"[A-Za-z\s-]+", value)
        is_array = is_prose or re.search(rf"{alone}\s*[_\[(ᵢⱼₖ]", body)
        if meant and is_array:
            called[name] = meant[0]
        else:
            body = re.sub(alone, lambda _, value=value: f"({value})", body)
            refuse_long_text(body)
    return body, called
