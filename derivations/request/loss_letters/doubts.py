"""What of a loss is asked about: letters that may mean something else than is read.

z_t and z_s, p^T and p^S, or z' count no classes: they are two networks, of which the
student learns.  A letter such as t, without an index beside a_k and y_k, is a number.
Lines in which each letter has its meaning here can be taken.
"""

import re
from collections.abc import Callable, Iterable
from itertools import product as pairs

from sympy import Sum
from sympy.core.alphabets import greeks

from derivations import letters
from derivations.formulas.indices import Index, free_symbols
from derivations.request.context import Context, UnreadablePartError
from derivations.request.loss_letters.suggestions import ALIASES
from derivations.request.renaming import NAME, called, in_softmax, places, renamed
from derivations.text.names import SHOWN, ReadAs
from derivations.text.notation.tokens.characters import SUBSCRIPTS
from derivations.text.reading import Reading
from derivations.text.unreadable import Ambiguous, Unreadable

_SIZES = {*"dhmr"}
"""Of the series: no loss of one example has them, so they may be its own numbers."""
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
_OF_LOGITS = ("softmax", "log_softmax")
_OF_OUTPUTS = ("KL", "DKL", "kl_div", "CE", "H", "cross_entropy")
_TEACHERS_LOGITS, _TEACHERS_OUTPUTS = ("v", "w"), ("q", "y", "w")
_CALL = re.compile(
    r"(?P<name>log_softmax|softmax|D_\{?KL\}?|KL|DKL|kl_div|CE|H|cross_entropy)"
    r"\}?\s*(?:\\left)?\s*\((?P<inside>(?:[^()]|\([^()]*\)){0,400})\)"
)
"""A softmax, or what is taken of two outputs, with its argument."""


def read_loss(loss: str, holds: Context) -> Reading:
    """A loss as it is read, where none of its letters could mean something else.

    A letter is taken for the output or the logit; beside z, or a, it may be no such
    thing.  Raises UnreadablePartError for it, with a line for each meaning.

    >>> from derivations.request.context import context
    >>> print(read_loss("-sum_k y_k log p_k", context()))
    −Σ_k y_k log a_k (p read as a)
    """
    given = holds.answer("loss", loss, letters.L)
    notes = [note for note in given.notes if isinstance(note, ReadAs)]
    _refuse_other_letters(loss, {note.theirs: note.ours for note in notes})
    taken = {note.theirs: note.ours for note in notes if note.ours in ("a", "z")}
    has = {ours for ours in "az" if given.expr.has(getattr(letters, ours))}
    beside = has - {*taken.values()}
    for name, ours in taken.items():
        is_letter = len(name) == 1 or name in greeks  # a word says what it is, and ŷ
        if is_letter and name not in SHOWN.values() and ours in has and beside:
            others = (ours,) if given.expr.has(letters.y) else (ours, "y")
            lines = [*_as_a_number(loss, name)]
            lines += [renamed(loss, {name: other}) for other in others]
            words = f"`{name}` stands beside {min(beside)}: is it {ours}, or another?"
            asked = Ambiguous(words, loss, next(iter(places(loss, name)), 0), lines)
            raise UnreadablePartError("loss", asked)
    return given


def _refuse_other_letters(loss, called):
    """Ask where two of a, y and z would not be the output, the label and the logit."""
    ours = [x for x in called if x in ("a", "y", "z") and places(loss, x)]
    if len(ours) > 1:
        names = [x for x in called if x not in ours]
        lines = [line for name in names for line in _as_a_number(loss, name)]
        lines.append(renamed(loss, called))
        told = ", ".join(f"{theirs} as {other}" for theirs, other in called.items())
        words = "a is the output here, y the label and z the logit: is "
        words += f"`{names[0]}` a number, or is " * bool(names)
        words += f"{told} meant?"
        at = min(x for name in names or ours for x in places(loss, name))
        raise UnreadablePartError("loss", Ambiguous(words, loss, at, lines))


def _as_a_number(loss, name):
    """The line in which a letter without an index is a number, as κ is one."""
    if not places(loss, name, is_indexed=True):
        free = (x for x in ("kappa", "lam", "beta") if not places(loss, x))
        yield from (renamed(loss, {name: x}) for x in [*free][:1])


def without_index(loss: str) -> list[str]:
    """Single letters that never have an index, where others have one.

    >>> without_index("sum_k y_k exp(t(1 - a_k))"), without_index("-sum y log p")
    (['t'], [])
    """
    others = {"a", "y", "z"} | ALIASES
    has_index = any(places(loss, x, is_indexed=True) for x in others)
    known = (ALIASES if has_index else set()) | _SIZES
    inside = in_softmax(loss) + re.findall(r"log\W{0,2}([a-z])(?![a-z])", loss)
    words = dict.fromkeys(called(x[0]) for x in NAME.finditer(loss))
    return [
        name
        for name in words
        if len(name) == 1
        and name in known
        and name not in inside
        and places(loss, name)
        and not places(loss, name, is_indexed=True)
    ]


def refuse_delta(loss: str, is_read: Callable[[str], bool]) -> None:
    """Refuse δ without indices; it suggests a number.

    >>> refuse_delta("delta sum_k a_k^2", lambda line: True)
    Traceback (most recent call last):
    derivations.request.context.UnreadablePartError: `delta` needs two indices, as in \
δ_ij; or is it a number? take mu for it
    delta sum_k a_k^2
    ^
    perhaps: mu sum_k a_k^2
    """
    has_indices = places(loss, "delta", is_indexed=True)
    ends = {x: y for x, y in places(loss, "delta").items() if x not in has_indices}
    ends = {x: y for x, y in ends.items() if not re.match(r"\s*[_(\[]", loss[y:])}
    if ends:
        free = next((x for x in ("mu", "kappa") if not places(loss, x)), "lam")
        line = loss
        for start, end in sorted(ends.items(), reverse=True):
            line = line[:start] + free + line[end:]
        words = f"`{loss[min(ends) : ends[min(ends)]]}` needs two indices, as in δ_ij; "
        words += f"or is it a number? take {free} for it"
        problem = Unreadable(words, loss, min(ends), [line] * is_read(line))
        raise UnreadablePartError("loss", problem)


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
