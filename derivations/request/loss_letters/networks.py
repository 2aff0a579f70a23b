"""A teacher and a student in a loss: letters that two networks share are asked about.

z_t and z_s, p^T and p^S, or z' count no classes: they are two networks, of which the
student learns.  Lines in which each has a letter of its own can be taken.
"""

import re
from collections.abc import Callable, Iterable
from itertools import product as pairs

from derivations.request.context import UnreadablePartError
from derivations.request.renaming import places
from derivations.text.unreadable import Ambiguous

_STUDENT = ("s", "S", "stu", "student")
_WORD = r"(?:teacher|student|tea|stu|[tsTS])"
_TEXT = rf"\\(?:text|mathrm|rm)\s*\{{\s*{_WORD}\s*\}}"
_MARKED = re.compile(
    r"(?<![A-Za-z\\])(?P<letter>(?!e)[a-z])(?P<index>_\{?[ijkl]\}?(?=\s*\^))?(?P<mark>"
    rf"\s*[_^]\s*(?:{_WORD}(?![A-Za-z])|{_TEXT}|\({_WORD}\)"
    rf"|\{{\s*(?:\(?{_WORD}\)?|{_TEXT})\s*\}})"
    r"|[tsTS](?![A-Za-z])|\s*\^?\{?(?:['′’]|\\prime)\}?)"
)
"""A letter with the mark of one network: z_t, p^{(T)}, z_{teacher}, zs, z'."""
_BARE = re.compile(r"(?<![A-Za-z\\_^{])(?P<letter>[ts])(?![A-Za-z_^\[(])")
_OF_LOGITS = ("softmax", "log_softmax")
_OF_OUTPUTS = ("KL", "DKL", "kl_div", "CE", "H", "cross_entropy")
_TEACHERS_LOGITS, _TEACHERS_OUTPUTS = ("v", "w"), ("q", "y", "w")
_CALL = re.compile(
    r"(?P<name>log_softmax|softmax|D_\{?KL\}?|KL|DKL|kl_div|CE|H|cross_entropy)"
    r"\}?\s*(?:\\left)?\s*\((?P<inside>(?:[^()]|\([^()]*\)){0,400})\)"
)
"""A softmax, or what is taken of two outputs, with its argument."""


def refuse_networks(loss: str, is_read: Callable[[str], bool]) -> None:
    """Ask about t and s that mark a teacher and a student; suggest a line without.

    >>> refuse_networks("T^2 KL(softmax(z_t/T) || softmax(z_s/T))", lambda line: True)
    Traceback (most recent call last):
    derivations.request.context.UnreadablePartError: `z_t` and `z_s` mark a teacher \
and a student: write v for `z_t` and z for `z_s`
    T^2 KL(softmax(z_t/T) || softmax(z_s/T))
                   ^
    perhaps: T^2 KL(softmax(v/T) || softmax(z/T))
    >>> refuse_networks("-sum_k y_k log softmax(z)_k", lambda line: True)
    """
    marked, logits = [*_MARKED.finditer(loss)], _spans(loss, _OF_LOGITS)
    calls = logits + _spans(loss, _OF_OUTPUTS)
    bare = {x[0]: x for x in _BARE.finditer(loss) if _is_in(x, logits)}
    above = {_is_student(x) for x in marked if "^" in x["mark"]}
    found = {x[0]: x for x in marked if _is_in(x, calls) or len(above) == 2}
    found |= bare if len(bare) == 2 else {}
    if not found:
        return
    lines, rest = {}, _with(loss, dict.fromkeys(found, " "))
    for logit, output in pairs(_TEACHERS_LOGITS, _TEACHERS_OUTPUTS):
        called = {}
        for written, match in found.items():
            ours = ("z", logit) if _is_in(match, logits) else ("a", output)
            index = match.groupdict().get("index") or ""
            called[written] = ours[not _is_student(match)] + index
        if not any(places(rest, x[0]) for x in called.values()):
            lines.setdefault(_with(loss, called), called)
    read = next(filter(is_read, lines), None)
    called = lines[read] if read else next(iter(lines.values()), {})
    first = min(found.values(), key=lambda x: x.start())
    kinds = (f"a {'student' if _is_student(x) else 'teacher'}" for x in found.values())
    names = _listed(f"`{x}`" for x in found)
    words = f"{names} mark{'s' * (len(found) == 1)} {_listed(dict.fromkeys(kinds))}"
    told = _listed(f"{x} for `{name}`" for name, x in called.items())
    words += f": write {told}" if told else ": give each a letter of its own"
    problem = Ambiguous(words, loss, first.start(), [read] if read else [])
    raise UnreadablePartError("loss", problem)


def _with(loss, called):
    """A loss with other letters for what is marked."""
    marked = [*_MARKED.finditer(loss)]
    marked += [x for x in _BARE.finditer(loss) if x[0] in called]
    for match in sorted(marked, key=lambda x: -x.start()):
        ours = called.get(match[0], match[0])
        loss = loss[: match.start()] + ours + loss[match.end() :]
    return loss


def _spans(loss, names):
    """From where to where the arguments of calls stand; D_{KL} is KL."""
    calls, at = [], 0
    while call := _CALL.search(loss, at):
        at = call.start("inside")
        name = re.sub(r"D_\{?KL\}?", "KL", call["name"])
        calls += [call.span("inside")] * (name in names)
    return calls


def _is_in(match, spans):
    return any(low <= match.start() < high for low, high in spans)


def _is_student(match):
    """Whether a mark is that of the student; what has a prime is the teacher's."""
    mark = match.groupdict().get("mark", match["letter"])
    return re.sub(r"\\(?:text|mathrm|rm|prime)|\W|_", "", mark) in _STUDENT


def _listed(words: Iterable[str]) -> str:
    return " and ".join(words)
