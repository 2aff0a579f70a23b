"""The letters of a loss that nobody declared, and what they most likely are.

A letter with an index, as in w_k, is one number a class, and any other is one number;
from example to example they may differ, as those of a teacher's output q_k do.
What numbers it is is guessed by where it stands (`signs`); a reader may say otherwise.
What lectures call an output or a logit is that alone where the loss does not tell
otherwise: q beside the logits z may be a label, too, and the reader is asked.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from difflib import get_close_matches
from functools import partial
from typing import NamedTuple

from sympy import Derivative, Expr, IndexedBase, Rational

from derivations import letters
from derivations.formulas.ranges import range_of
from derivations.registry import registry
from derivations.request.context import UnreadablePartError, context
from derivations.request.loss_letters.meanings import (
    read_loss,
    refuse_other_meanings,
    without_index,
)
from derivations.request.loss_letters.networks import refuse_networks
from derivations.request.loss_letters.signs import SHARES, usual_sign
from derivations.request.loss_letters.suggestions import (
    ALIASES,
    refuse_other_arrays,
    refuse_whole_arrays,
    with_choices,
)
from derivations.request.renaming import (
    NAME,
    called,
    in_softmax,
    logs_beside_logits,
    places,
    spelled,
)
from derivations.text.names import ENTROPIES, declared
from derivations.text.notation.tokens.characters import SUBSCRIPTS
from derivations.text.unicode import unicode
from derivations.text.unreadable import Unreadable
from derivations.text.vocabulary import FUNCTIONS, SERIES, indices_behind

MOST = 6
"""Of parameters in one loss."""
CLASSES = 3
"""In a picture: so many numbers has a parameter of one number a class."""
SIGNS = {
    "positive": "positive",
    "nonnegative": "0 or positive",
    "real": "any real",
    "0..1": "between 0 and 1",
    "[0..1]": "from 0 to 1",
    "(0..1]": "above 0, up to 1",
}
"""What a parameter may be, and how it is said."""
_USUAL = {
    **dict.fromkeys(("T", "tau", "gamma", "temp", "temperature", "kappa"), 2),
    **dict.fromkeys((*SHARES, "lam"), Rational(1, 10)),
    **dict.fromkeys(("alpha", "beta", "theta", "mu", "delta", "eta", "weight", "w"), 1),
}
"""Names that are usual for parameters, with the number in a picture."""
_SEVERAL = sorted(ALIASES & {*SERIES.indices})
"""With an index, the output, the labels, or given numbers: only the reader can tell."""
_TEACHER = "q"
"""Beside the labels and the outputs, what another network says of each class."""
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
        kind = f"number in {self.sign}"
        if self.sign in SIGNS:
            is_range = ".." in self.sign
            kind = f"number {SIGNS[self.sign]}" if is_range else f"{self.sign} number"
        how_many = f"one {kind} a class" if self.is_of_each_class else f"a {kind}"
        return f"{unicode(self.letter)}, {how_many}"


def parameters_of(
    loss: str, activation: str = "softmax", given: Iterable[tuple[str, str]] = ()
) -> list[Parameter]:
    """The parameters of a loss; `given` says what some of them are.

    Raises UnreadablePartError where the loss cannot be read with any of them.  Where a
    letter of the series has an index and a meaning, as b_k, it suggests another letter.

    >>> for one in parameters_of("-Sum_k w_k y_k log(a_k)/T"):
    ...     print(one.name, one.sign, one.words, sep=" | ")
    w[k] | nonnegative | w_k, one nonnegative number a class
    T | positive | T, a positive number
    >>> parameters_of("-Sum_k y_k log a_k")
    []
    """
    given = spelled(given)
    is_read = partial(is_loss, activation=activation, given=given)
    refuse_other_meanings(loss, is_read)
    refuse_networks(loss, is_read)
    try:
        return _parameters(loss, activation, given)
    except UnreadablePartError as problem:
        raise with_choices(problem, is_read) from None


def _parameters(loss, activation, given):
    is_read = partial(is_loss, activation=activation, given=given)
    refuse_networks(loss, is_read)
    taken = {x.partition("[")[0] for x, _ in given}
    lone = _numbers_alone(loss, activation, given)
    logits = {*in_softmax(loss)} & {*_SEVERAL} if places(loss, "z") else set()
    logits |= {*logs_beside_logits(loss)}
    guessed = lone | {f"{x}[k]" for x in logits - taken}  # a teacher's, or priors
    pairs = dict(given) | dict.fromkeys(sorted(guessed), "positive")
    for _ in range(MOST + 3):
        holds = context(parameters=pairs.items())
        try:
            formulas = [read_loss(loss, holds).expr]
            if activation not in registry().activations:
                output = letters.a[letters.i]
                formulas += [holds.answer("activation", activation, output).expr]
        except UnreadablePartError as problem:
            name = _undeclared(problem, pairs, activation)
            if name is None or len(pairs) >= MOST + len(given):
                raise
        else:
            name = _of_the_series(formulas, holds.names, pairs)
            letters_of = {x: holds.names.parameter(x) for x in guessed & {*pairs}}
            usual = {x: usual_sign(x, y, formulas) for x, y in letters_of.items()}
            if name is None:
                refuse_other_arrays(loss, formulas)
                if any(x.has(Derivative) for x in formulas):  # g alone
                    refuse_whole_arrays(loss, is_read)
            if name is None and usual.items() <= pairs.items():
                return _used(loss, formulas, holds.names, pairs)
            if name is None:  # all of it is read; once more, with what they are
                pairs, guessed = pairs | usual, set()
                continue
        signs = {x.partition("[")[0]: sign for x, sign in pairs.items()}
        own = name.partition("[")[0]
        pairs = {x: y for x, y in pairs.items() if x.partition("[")[0] != own}
        pairs[name] = signs.get(own, "positive")
        guessed |= set() if own in signs else {name}
    raise Unreadable(f"a loss has at most {MOST} letters of its own", loss, 0)


def _numbers_alone(loss, activation, given):
    """Letters without an index, beside outputs or logits that have one, are numbers.

    t of exp(t(1 − a_k)) is no label, if all of the loss can be read so.
    """
    taken = {x.partition("[")[0] for x, _ in given}
    alone = [x for x in without_index(loss) if x not in taken]
    for names in ([alone] if alone else []) + [[x] for x in alone if len(alone) == 2]:
        pairs = [*given, *((x, "positive") for x in names)]
        found = _read(loss, activation, pairs)
        if found is not None and {*names} <= {x.name for x in found}:
            return {*names}
    return set()


def _undeclared(problem, known, activation):
    """The letter, as it is declared, for which a text cannot be read; or None."""
    source, at = problem.source, problem.position
    if problem.part not in ("loss", "activation") or at is None:
        return None
    here = NAME.match(source, at)
    matches = [here] if here else []
    arrays = [x for x in NAME.finditer(source) if called(x[0]) in {*ALIASES, "v"}]
    if problem.is_ambiguous:  # two letters that would both be the output, say
        matches = sorted(arrays, key=lambda x: called(x[0]) not in _USUAL)
    own = _own(matches, source, known)
    meant = (_meant(name, problem, activation, known) for name in own)
    name = next(filter(None, meant), None)
    if name or problem.part != "loss":
        return name
    numbers = _own(arrays, source, known).keys() - _SEVERAL
    numbers = (x for x in sorted(numbers) if "[" not in x)
    return next((x for x in numbers if _is_number(x, source, activation, known)), None)


def _own(matches, source, known):
    """The letters at some places of a text, as they are declared, that are not yet."""
    names = (_declarable(match, source) for match in matches)
    return dict.fromkeys(name for name in names if name and name not in known)


def _is_number(name, loss, activation, known):
    """Whether a letter that may be a whole array, as η for z, is a number of a loss."""
    expr = _formula(loss, activation, [*known.items(), (name, "positive")])
    return expr is not None and expr.has(letters.a, letters.z)


def _meant(name, problem, activation, known):
    """A letter that may be the output, a label or given numbers, as it is declared.

    A plain q is q[k] where that can be read.  It is a teacher's where the labels and
    the outputs have other letters; else only the reader can tell.
    """
    letter = name.partition("[")[0]
    if letter not in _SEVERAL or (problem.part != "loss" and "[" not in name):
        return name
    if problem.part != "loss" or letter in {x.partition("[")[0] for x in known}:
        return None
    of_each_class, given = f"{letter}[k]", known.items()
    formula = partial(_formula, problem.source, activation)
    expr = formula([*given, (of_each_class, "nonnegative")])
    if expr is None:
        is_number = "[" not in name and formula([*given, (name, "positive")])
        return name if is_number else None
    has_others = expr.has(letters.y) and expr.has(letters.a, letters.z)
    return of_each_class if letter == _TEACHER and has_others else None


def _formula(loss, activation, given):
    """A loss with all letters that it needs; None where it cannot be read."""
    found = _read(loss, activation, given)
    if found is None:
        return None
    return read_loss(loss, context(parameters=[x[:2] for x in found])).expr


def declarations(
    problem: UnreadablePartError, activation: str, given: Iterable[tuple[str, str]]
) -> list[Parameter]:
    """Letters that may be declared so that a loss is read as it stands, as q[k] may.

    >>> loss = "-Σ_k q_k log p_k"
    >>> try:
    ...     parameters_of(loss)
    ... except UnreadablePartError as problem:
    ...     print(*(x.words for x in declarations(problem, "softmax", [])), sep="; ")
    p_k, one nonnegative number a class; q_k, one nonnegative number a class
    """
    names = [x for x in _SEVERAL if places(problem.source, x)]
    pairs = [(f"{name}[k]", "nonnegative") for name in names]
    return [
        one
        for pair in pairs
        for one in _read(problem.source, activation, [*given, pair]) or ()
        if one[:2] == pair
    ]


def is_loss(loss: str, activation: str, given: Iterable[tuple[str, str]]) -> bool:
    """Whether a text is read as a loss, with letters that declare themselves.

    >>> is_loss("-Σ_k α_k y_k log a_k", "softmax", [])
    True
    >>> is_loss("-Σ_k b_k y_k log a_k", "softmax", [])
    False
    """
    return _read(loss, activation, given) is not None


def _read(loss, activation, given):
    """The parameters of a loss; none where it cannot be read."""
    with suppress(Unreadable):
        return _parameters(loss, activation, given)
    return None


def _declarable(match, source):
    """A name as it is declared, gamma or w[k]; None where it can be no parameter."""
    word = match[0]
    name = called(word)
    behind = indices_behind(source, match.end())
    below = source[match.end() : match.end() + 1]
    if below in SUBSCRIPTS:
        behind = f"[{SUBSCRIPTS[below]}]"
    is_letter = len(name) == 1 or name in _USUAL or name != word
    if not is_letter and len(name) == 2 and name[1] in SERIES.indices and not behind:
        name, behind, is_letter = name[0], f"[{name[1]}]", True  # wk
    is_slip = behind == "(" or get_close_matches(name, FUNCTIONS, 1)
    if (not is_letter and is_slip) or word in ENTROPIES:
        return None
    index = behind[1:-1]
    if index.isdigit() and _has_only_numbers(source, name):
        name, behind = name + index, ""  # ε_1 and ε_2 are two letters
    index = index if index in SERIES.indices else "k"
    name += f"[{index}]" if behind.startswith("[") else ""
    try:
        declared(SERIES, [(name, "positive")])
    except Unreadable:
        return None
    return name


def _has_only_numbers(source, name):
    """Whether each index of a name is a number; beside w_k, w_1 is that of a class."""
    ends = places(source, name, True).values()
    return all(re.match(r"(?:_\{?|\[)?[\d₀-₉]", source[x:]) for x in ends)


def _of_the_series(formulas, names, known):
    """A letter of the series that stands for any number here; None if all are told."""
    for letter in _ANY_NUMBER:
        name = f"{letter}[k]" if isinstance(letter, IndexedBase) else str(letter)
        held = (names.symbols | names.arrays)[str(letter)]
        is_plain = held == letter and name not in known
        if is_plain and any(formula.has(letter) for formula in formulas):
            return name
    return None


def _used(loss, formulas, names, pairs):
    """The declared parameters that stand in a formula, in the order of the loss."""
    found = []
    for name, sign in pairs.items():
        parameter = names.parameter(name)
        if any(formula.has(parameter) for formula in formulas):
            letter = names.entries[name.partition("[")[0]] if "[" in name else parameter
            found.append(Parameter(name, sign, letter, _numbers(name, letter)))
    return sorted(found, key=lambda one: _place(one.name.partition("[")[0], loss))


def _place(name, loss):
    """Where a name first stands in a loss; ε_1, as a name, is epsilon1."""
    found = places(loss, name) or places(loss, name.rstrip("0123456789"))
    return min(found, default=len(loss))


def _numbers(name, letter):
    """One usual number in the range of a parameter, or as many as there are classes."""
    between = range_of(letter)
    usual = [_USUAL[name]] if name in _USUAL else []
    usual += [1, 2, *(Rational(x, 4) for x in (2, 1, 3)), -1]
    inside = [x for x in map(Rational, usual) if between.has(x)] or [between.middle]
    if "[" not in name:
        return (inside[0],)
    return tuple(inside[x % len(inside)] for x in range(CLASSES))
