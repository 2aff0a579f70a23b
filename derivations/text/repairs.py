"""Lines that can be taken in place of one that cannot be read; each of them is read."""

import re
from collections.abc import Callable, Iterator

from derivations.text.unreadable import ShapeError, Unreadable

MOST = 2
"""Of suggestions for one line."""
_BATCH = str.maketrans("AYZPL", "ayzpL")
_ENTRY = re.compile(r"(?<![A-Za-z_\\.])([ayzbvp])(?![A-Za-z_\[(]|\^\{?T|\s*\.)")


def repairs(
    source: str, problem: Unreadable, letters: tuple, reads: Callable[[str], bool]
) -> list[str]:
    """The first few repaired lines that `reads` admits.

    `letters` are those of the question.

    >>> from derivations.text.unreadable import Unreadable
    >>> repairs("a_j - ", Unreadable("…", "a_j - ", 6), (), lambda line: line == "a_j")
    ['a_j']
    """
    readable = []
    for line in dict.fromkeys(_candidates(source, problem, letters)):
        if line != source and reads(line):
            readable.append(line)
        if len(readable) == MOST:
            break
    return readable


def _candidates(source: str, problem: Unreadable, letters) -> Iterator[str]:
    at = problem.position
    if isinstance(problem, ShapeError):
        yield from _of_other_shapes(source, letters)
        return
    before, behind = source[:at], source[at:]
    yield source.rstrip(" \t+-−*/·=^_,;\\")
    if not behind[:1].isalnum() and behind[:1] not in ("\\", ","):
        yield before.rstrip() + behind[1:]
    word = re.match(r"\\?[A-Za-z]+|\d+", behind)
    if word and before.endswith("_"):
        for letter in letters:
            yield f"{before}{letter}{behind[word.end() :]}"
    yield before + behind.replace("**", "^", 1)
    yield source.replace("'", "").replace('"', "").replace("`", "")
    yield before.rstrip("= ")
    if "=" in source:
        yield source.rpartition("=")[2].strip()


def _of_other_shapes(source, letters):
    """The line of one example; of entries; transposed."""
    yield source.translate(_BATCH)
    if len(letters) == 1:
        yield _ENTRY.sub(rf"\1_{letters[0]}", source)
    yield f"({source.strip()})^T"
    if re.search(r"\^\{?T|ᵀ|\.T", source):
        yield source.replace("*", "@")
    yield re.sub(r"\s*\+\s*b\b", " + b 1^T", source)
