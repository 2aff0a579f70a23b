"""The letters of a loss that nobody declared, and what they most likely are.

A letter with an index, as in w_k, is one number a class, and any other is one number.
It is positive, or between 0 and 1 where that is usual; a reader may say otherwise.
"""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

from sympy import Expr, IndexedBase, Rational

from derivations import letters
from derivations.formulas.ranges import range_of
from derivations.registry import registry
from derivations.request.context import UnreadablePartError, context
from derivations.text.names import LABEL, LOGIT, OUTPUT, declared
from derivations.text.notation.tokens.characters import SPELLED, SUBSCRIPTS
from derivations.text.unicode import unicode
from derivations.text.unreadable import Unreadable
from derivations.text.vocabulary import FUNCTIONS, SERIES, indices_behind

MOST = 6
"""Of parameters in one loss."""
CLASSES = 3
"""In a picture: so many numbers has a parameter of one number a class."""
SIGNS = {"positive": "positive", "real": "any real", "0..1": "between 0 and 1"}
"""What a parameter may be, and how it is said."""
_SHARES = ("epsilon", "eps", "q", "rho")
_USUAL = {
    **dict.fromkeys(("T", "tau", "gamma", "temp", "temperature", "kappa"), 2),
    **dict.fromkeys((*_SHARES, "lam", "beta"), Rational(1, 10)),
    **dict.fromkeys(("alpha", "theta", "mu", "delta", "eta", "weight", "w"), 1),
}
"""Names that are usual for parameters, with the number in a picture."""
_FREE = ("w", "beta", "mu")
"""What a number of each class may be called where its letter has another meaning."""
_WITH_AN_INDEX = f"(?=_|\\[|[{''.join(SUBSCRIPTS)}])"
_NAME = re.compile(r"\\?[A-Za-z]+[0-9]*|[α-ωϵϑϕ]")
_ANY_NUMBER = (letters.C, letters.alpha, letters.v)


class Parameter(NamedTuple):
    """A letter of a loss: its name, gamma or w[k], what it may be, usual numbers."""

    name: str
    sign: str
    letter: Expr
    numbers: tuple

    @property
    def is_of_each_class(self) -> bool:
        """Whether it is one number a class."""
        return "[" in self.name

    @property
    def words(self) -> str:
        """What it is, as in "w_k, one positive number a class"."""
        kind = {"real": "real number", "0..1": "number between 0 and 1"}.get(
            self.sign, f"{self.sign} number"
        )
        if self.sign not in SIGNS:
            kind = f"number in {self.sign}"
        how_many = f"one {kind} a class" if self.is_of_each_class else f"a {kind}"
        return f"{unicode(self.letter)}, {how_many}"


def parameters_of(
    loss: str, activation: str = "softmax", given: Iterable[tuple[str, str]] = ()
) -> list[Parameter]:
    """The parameters of a loss; `given` says what some of them are.

    Raises UnreadablePartError where the loss cannot be read with any of them.  Where a
    letter of the series has an index, as alpha_k, it suggests another letter.

    >>> for one in parameters_of("-Sum_k w_k y_k log(a_k)/T"):
    ...     print(one.name, one.sign, one.words, sep=" | ")
    w[k] | positive | w_k, one positive number a class
    T | positive | T, a positive number
    >>> parameters_of("-Sum_k y_k log a_k")
    []
    """
    given = [*given]
    try:
        return _parameters(loss, activation, given)
    except UnreadablePartError as problem:
        raise _with_another_letter(problem, activation, given) from None


def _parameters(loss, activation, given):
    pairs = dict(given)
    for _ in range(MOST + 2):
        holds = context(parameters=pairs.items())
        try:
            formulas = [holds.answer("loss", loss, letters.L).expr]
            if activation not in registry().activations:
                output = letters.a[letters.i]
                formulas += [holds.answer("activation", activation, output).expr]
        except UnreadablePartError as problem:
            name = _undeclared(problem, pairs)
            if name is None or len(pairs) >= MOST + len(given):
                raise
        else:
            name = _of_the_series(formulas, holds.names)
            if name is None:
                return _used(formulas, holds.names, pairs)
        signs = {x.partition("[")[0]: sign for x, sign in pairs.items()}
        own = name.partition("[")[0]
        pairs = {x: y for x, y in pairs.items() if x.partition("[")[0] != own}
        pairs[name] = signs.get(own, "0..1" if own in _SHARES else "positive")
    raise Unreadable(f"a loss has at most {MOST} letters of its own", loss, 0)


def _undeclared(problem, known):
    """The letter, as it is declared, for which a text cannot be read; or None."""
    source, at = problem.source, problem.position
    if problem.part not in ("loss", "activation") or at is None:
        return None
    here = _NAME.match(source, at)
    matches = [here] if here else []
    if problem.is_ambiguous:  # two letters that would both be the output, say
        others = {*OUTPUT, *LABEL, *LOGIT} - {"a", "y", "z"}
        aliases = [x for x in _NAME.finditer(source) if x[0] in others]
        matches = sorted(aliases, key=lambda x: x[0] not in _USUAL)
    found = (_declarable(match, source) for match in matches)
    return next((name for name in found if name and name not in known), None)


def _with_another_letter(problem, activation, given):
    """The problem; it suggests another letter where one of the series has an index."""
    source, at = problem.source, problem.position
    is_there = problem.part == "loss" and at is not None
    here = _NAME.match(source, at) if is_there else None
    if not here or SPELLED.get(here[0], ("", here[0]))[1] not in SERIES.symbols:
        return problem
    letter = re.compile(rf"(?<![A-Za-z\\]){re.escape(here[0])}{_WITH_AN_INDEX}")
    for free in _FREE if letter.match(source, at) else ():
        line = letter.sub(free, source)
        try:
            _parameters(line, activation, given)
        except Unreadable:
            continue
        words = f"`{here[0]}` has another meaning here: a number of each class may be "
        written = Unreadable(f"{words}called {free}_k", source, at, [line])
        return UnreadablePartError(problem.part, written)
    return problem


def _declarable(match, source):
    """A name as it is declared, gamma or w[k]; None where it can be no parameter."""
    word = match[0]
    name = SPELLED.get(word, ("", word))[1]
    behind = indices_behind(source, match.end())
    below = source[match.end() : match.end() + 1]
    if below in SUBSCRIPTS:
        behind = f"[{SUBSCRIPTS[below]}]"
    is_letter = len(name) == 1 or name in _USUAL or name != word
    if not is_letter and len(name) == 2 and name[1] in SERIES.indices and not behind:
        name, behind, is_letter = name[0], f"[{name[1]}]", True  # wk
    is_slip = behind == "(" or get_close_matches(name, FUNCTIONS, 1)
    if not is_letter and is_slip:
        return None
    index = behind[1:-1] if behind[1:-1] in SERIES.indices else "k"
    name += f"[{index}]" if behind.startswith("[") else ""
    try:
        declared(SERIES, [(name, "positive")])
    except Unreadable:
        return None
    return name


def _of_the_series(formulas, names):
    """A letter of the series that stands for any number here; None if all are told."""
    for letter in _ANY_NUMBER:
        held = (names.symbols | names.arrays)[str(letter)]
        if held == letter and any(formula.has(letter) for formula in formulas):
            return f"{letter}[k]" if isinstance(letter, IndexedBase) else str(letter)
    return None


def _used(formulas, names, pairs):
    """Those of the declared parameters that stand in a formula."""
    found = []
    for name, sign in pairs.items():
        parameter = names.parameter(name)
        if any(formula.has(parameter) for formula in formulas):
            letter = names.entries[name.partition("[")[0]] if "[" in name else parameter
            found.append(Parameter(name, sign, letter, _numbers(name, letter)))
    return found


def _numbers(name, letter):
    """One usual number in the range of a parameter, or as many as there are classes."""
    between = range_of(letter)
    usual = [_USUAL[name]] if name in _USUAL else []
    usual += [1, 2, *(Rational(x, 4) for x in (2, 1, 3)), -1]
    inside = [x for x in map(Rational, usual) if between.has(x)] or [between.middle]
    if "[" not in name:
        return (inside[0],)
    return tuple(inside[x % len(inside)] for x in range(CLASSES))
