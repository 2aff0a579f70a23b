"""What Rocq prints, read: what is proved, what that assumes, what is refused.

And, before Rocq is asked, the words by which a file could assume what it is to prove.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

AXIOMS = {  # of the classical reals
    "ClassicalDedekindReals.sig_forall_dec",
    "ClassicalDedekindReals.sig_not_dec",
    "Classical_Prop.classic",
    "FunctionalExtensionality.functional_extensionality_dep",
}
REFUSAL = "No applicable tactic."
"""What `step` says where it fails; a time-out or an unknown name is no refusal."""

NOWHERE = re.compile(
    r"\b(Admitted|[Aa]dmit|give_up|Axioms?|Parameters?|Conjectures?|Abort|Unset|"
    r"bypass_check|Load|Declare Module|Primitive)\b"
)
IN_SECTIONS = re.compile(r"\b(Context|Hypothes[ie]s|Variables?)\b")
SECTION = re.compile(r"\bSection (\w+)\..*?\bEnd \1\.", re.DOTALL)
TIME = re.compile(r"^Chars (\d+) - (\d+) .* secs \(([\d.]+)u", re.MULTILINE)
FAILED = re.compile(
    r"line (\d+), characters .*\nThe command has indeed failed with message:\n(.*)"
)


def code(text: str) -> str:
    """The text of a file without its comments.

    >>> code("Lemma (* not (* yet *) *) one.")
    'Lemma  one.'
    """
    depth, kept = 0, ""
    for part in re.split(r"(\(\*|\*\))", text):
        depth += (part == "(*") - (part == "*)")
        kept += part if depth == 0 and part != "*)" else ""
    return kept


def forbidden(text: str) -> list[str]:
    """The words in a file by which something could be assumed and not proved.

    >>> forbidden("Section a. Context (x : R). End a. Context (y : R). Admitted.")
    ['Admitted', 'Context']
    """
    words = code(text)
    outside = IN_SECTIONS.findall(SECTION.sub("", words))
    return sorted({*NOWHERE.findall(words), *outside})


@dataclass
class Compiled:
    """A section that Rocq has compiled: what it proves, and in how many seconds."""

    proved: list[str] = field(default_factory=list)
    seconds: float = 0.0


def compiled(source: bytes, output: str) -> dict[str, Compiled]:
    """The sections of a file by what `coqc -time` says of its sentences.

    >>> said = "Chars 0 - 10 [Section~a.] 0.8 secs (0.5u,0.s)"
    >>> compiled(b"Section a.", said)
    {'a': Compiled(proved=[], seconds=0.5)}
    """
    sections, section, stated = {}, Compiled(), ""
    for start, end, seconds in TIME.findall(output):
        sentence = code(source[int(start) : int(end)].decode())
        keyword, own = [*re.findall(r"\w+", sentence), "", ""][:2]
        if keyword == "Section":
            section = sections.setdefault(own, Compiled())
        if keyword in ("Lemma", "Theorem"):
            stated = own
        section.seconds += float(seconds)
        section.proved += [stated] * (keyword == "Qed")
    return sections


def missing(own: str, steps: int, proved: Iterable[str]) -> list[str]:
    """The names that a theorem with so many steps has, without those that are proved.

    >>> missing("gradient", 2, ["gradient_1", "gradient"])
    ['gradient_2']
    """
    names = [*(f"{own}_{number}" for number in range(1, steps + 1)), own]
    return [name for name in names if name not in proved]


def assumptions(output: str) -> list[str]:
    r"""The names in what Rocq prints of assumptions, whatever kind they are of.

    >>> assumptions("Axioms:\nA.one : forall n,\n  n = n\nB.two\n  : False\n")
    ['A.one', 'B.two']
    """
    lines = output.partition("Axioms:\n")[2].splitlines()
    return [x.split()[0] for x in lines if x and not x.startswith((" ", "Chars "))]


def refusals(source: str, output: str) -> tuple[int, list[str]]:
    r"""How many false statements of a file are refused, and what is wrong with others.

    >>> said = "line 1, characters 5-9:\nThe command has indeed failed with message:\n"
    >>> refusals("Fail step.", f"{said}{REFUSAL}"), refusals("Fail step.", "")
    ((1, []), (0, ['1 false statements, 0 refused']))
    >>> refusals("Fail step.", f"{said}Tactic timeout!")[1][0]
    'line 1: Tactic timeout!'
    """
    said = FAILED.findall(output)
    tried = len(re.findall(r"\bFail\b", code(source)))
    refused = sum(message == REFUSAL for _, message in said)
    wrong = [f"line {line}: {message}" for line, message in said if message != REFUSAL]
    if tried != refused:
        wrong.append(f"{tried} false statements, {refused} refused")
    return refused, wrong
