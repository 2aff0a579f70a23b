"""The names that a text may use, what each means, and the sentence for a misspelt one.

A name belongs to the series, to a theorem, or to a reader who declares it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from keyword import iskeyword

from sympy import Basic, Indexed, IndexedBase, Symbol, preorder_traversal

from derivations import letters
from derivations.formulas.claims import Definition, Hypothesis
from derivations.formulas.indices import Index, Size
from derivations.text.tokens import Unreadable

FUNCTIONS = {
    "Sum": "Sum(f, (k, 1, n))",
    "SumExcept": "SumExcept(f, (i, 1, n), j)",
    "Derivative": "Derivative(f, z[j])",
    "KroneckerDelta": "KroneckerDelta(i, j)",
    "times": "times(x, y)",
} | {
    name: f"{name}(x)"
    for name in (
        *("exp", "log", "sqrt", "tanh", "sinh", "cosh", "sin", "cos", "g", "g_prime"),
        "Abs",
    )
}
"""The functions that a text may call, and how each is written."""

INSTEAD = {
    "ln": "log(x)",
    "lg": "log(x)",
    "e": "exp(x)",
    "E": "exp(x)",
    "sum": "Sum(f, (k, 1, n))",
    "diff": "Derivative(f, z[j])",
    "abs": "Abs(x)",
    **dict.fromkeys(
        ("max", "Max"), "log(exp(x) + exp(y)), for the checks have no rule"
    ),
    **dict.fromkeys(("min", "Min"), "-log(exp(-x) + exp(-y)); the checks have no rule"),
    **dict.fromkeys(("sign", "sgn"), "tanh(x), for the checks have no rule"),
    "relu": "log(1 + exp(x)), for the checks have no rule",
    "Rational": "1/2",
    "sigmoid": "1/(1 + exp(-x))",
    "softmax": "a[i]",
    "Ls": "L[s]",
}
"""What to write for a word of another language."""


@dataclass(frozen=True)
class Names:
    """What names mean: symbols, indices and sizes; arrays; of each array one entry."""

    symbols: dict
    arrays: dict
    entries: dict = field(default_factory=dict)

    @property
    def indices(self) -> dict[str, Index]:
        """The letters that count, by their names."""
        return {
            name: symbol
            for name, symbol in self.symbols.items()
            if isinstance(symbol, Index)
        }

    def parameter(self, written: str) -> Symbol | IndexedBase:
        """The symbol or array that a name such as gamma, or w[k], stands for."""
        name, index, _ = written.partition("[")
        return (self.arrays if index else self.symbols)[name.strip()]

    def note(self, thing: object) -> None:
        """Add the letters of a formula, definition, hypothesis or chain, or several."""
        if isinstance(thing, Names):
            self.symbols.update(thing.symbols)
            self.arrays.update(thing.arrays)
            self.entries.update(thing.entries)
        elif isinstance(thing, Basic):
            self._note_formula(thing)
        elif isinstance(thing, Definition):
            self.note([thing.symbol, thing.value])
        elif isinstance(thing, Hypothesis):
            self.note(thing.sums)
        elif hasattr(thing, "steps"):
            self.note([thing.where, thing.uses, thing.start, thing.case])
            self.note([step.right for step in thing.steps])
        elif thing is not None:
            for part in thing:
                self.note(part)

    def _note_formula(self, expr):
        walk = preorder_traversal(expr)
        for part in walk:
            if isinstance(part, Indexed):
                name = str(part.base)
                self.arrays[name] = part.base
                self.entries.setdefault(name, part)
                walk.skip()
                self.note(part.indices)
            elif isinstance(part, Symbol):
                size = part if isinstance(part, Size) else getattr(part, "size", None)
                counted = (size, *size.indices) if isinstance(size, Size) else ()
                self.symbols.update({x.name: x for x in (*counted, part)})


def _series():
    names = Names({}, {})
    for member in vars(letters).values():
        if isinstance(member, Definition | Hypothesis):
            names.note(member)
    for member in vars(letters).values():
        if isinstance(member, Symbol):
            names.symbols[member.name] = member
        elif isinstance(member, IndexedBase):
            names.arrays[str(member)] = member
    names.note(letters.v[letters.i])
    names.symbols["delta"] = letters.delta
    return names


SERIES = _series()


def names_of(*things: object) -> Names:
    """The names of the series and of chains, definitions, hypotheses and formulas.

    Where a theorem has a letter of its own, that is the one meant.

    >>> from derivations.theorems.temperature import T, derivative
    >>> names_of(derivative()).symbols["T"] == T
    True
    """
    own = Names({}, {})
    own.note(things)
    return Names(
        SERIES.symbols | own.symbols,
        SERIES.arrays | own.arrays,
        SERIES.entries | own.entries,
    )


def what_to_write_for(name: str, names: Names) -> str:
    """The sentence for a name that means nothing here, such as a misspelt function.

    >>> what_to_write_for("ln", SERIES), what_to_write_for("a_i", SERIES)
    ('`ln`: write log(x)', '`a_i`: write a[i]')
    >>> what_to_write_for("lgo", SERIES)
    '`lgo` is not known here: perhaps log is meant'
    """
    instead = INSTEAD.get(name) or INSTEAD.get(name.lower())
    if instead:
        return f"`{name}`: write {instead}"
    array, _, behind = name.partition("_")
    if array not in names.arrays:
        array, behind = name[0], name[1:]
    letters_behind = re.findall(r"[A-Za-z]|\d+", behind)
    counts = [x in names.indices or x.isdigit() for x in letters_behind]
    if array in names.arrays and counts and all(counts):
        return f"`{name}`: write {array}[{', '.join(letters_behind)}]"
    near = get_close_matches(name, [*names.symbols, *names.arrays, *FUNCTIONS], 3)
    hint = f"perhaps {' or '.join(near)} is meant" if near else "declare it"
    return f"`{name[:40]}` is not known here: {hint}"


_ASSUMPTIONS = {"positive": {"positive": True}, "real": {"real": True}}
_PARAMETER = re.compile(
    r"\s*(?P<name>[A-Za-z][A-Za-z0-9]{0,19})\s*(?:\[(?P<indices>[\w\s,]*)\]\s*)?",
    re.ASCII,
)


def declared(names: Names, parameters: Iterable[tuple[str, str]]) -> Names:
    """`names` with parameters: each is a name such as gamma or w[k], and a sign.

    A sign is "positive" or "real".  The letters C, alpha and v of the series stand for
    any real numbers, and may be declared real.
    Raises Unreadable for a name that is taken or is none, and for another sign.

    >>> from derivations.text.reading import read
    >>> known = declared(SERIES, [("gamma", "positive"), ("w[k]", "real")])
    >>> read("w[j]*a[j]**gamma", known)
    a[j]**gamma*w[j]
    """
    known = Names({**names.symbols}, {**names.arrays}, {**names.entries})
    for written, sign in parameters:
        form = _PARAMETER.fullmatch(written)
        if not form or iskeyword(form["name"]):
            raise Unreadable("a parameter is a name: gamma, or w[k]", written, 0)
        name, inside = form.groups()
        if sign not in _ASSUMPTIONS:
            words = f"{name} is declared positive or real, not {sign}"
            raise Unreadable(words, written, 0)
        kind = Symbol if inside is None else IndexedBase
        parameter = kind(name, **_ASSUMPTIONS[sign])
        taken = (known.symbols.get(name), known.arrays.get(name))
        is_any_number = parameter in (letters.C, letters.alpha, letters.v)
        is_free = is_any_number and parameter in taken
        if not is_free and (any(taken) or name in FUNCTIONS):
            words = f"{name} has a meaning of its own: choose another name"
            raise Unreadable(words, written, form.start("name"))
        if inside is None:
            known.symbols[name] = parameter
            continue
        known.arrays[name] = parameter
        indices = [names.indices.get(letter.strip()) for letter in inside.split(",")]
        if None in indices:
            words = f"an index is a letter such as k: write {name}[k]"
            raise Unreadable(words, written, form.start("indices"))
        known.entries[name] = parameter[tuple(indices)]
    return known
