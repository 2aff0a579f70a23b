"""The names that a text may use, what each means, and the sentence for a misspelt one.

A name belongs to the series, to a theorem, or to a reader who declares it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from keyword import iskeyword

from sympy import (
    Abs,
    Basic,
    Indexed,
    IndexedBase,
    Symbol,
    cos,
    cosh,
    exp,
    log,
    preorder_traversal,
    sin,
    sinh,
    sqrt,
    tanh,
)

from derivations import letters
from derivations.formulas.claims import Definition, Hypothesis
from derivations.formulas.indices import Index, Size
from derivations.text.unreadable import Unreadable

OF_ONE_NUMBER = {
    **{x.__name__: x for x in (exp, log, sqrt, tanh, sinh, cosh, sin, cos, Abs)},
    **{"ln": log, "abs": Abs, "g": letters.g, "g_prime": letters.g_prime},
    "sigmoid": lambda x: 1 / (1 + exp(-x)),
}
"""The functions of one number, which act on each entry of an array."""
OF_ARRAYS = {
    **dict.fromkeys(
        ["softmax", "Softmax", "diag", "diagflat", "sum", "mean", "transpose"], 1
    ),
    **dict.fromkeys(["logsumexp", "lse", "square", "eye", "ones", "len"], 1),
    **dict.fromkeys(["outer", "dot", "matmul", "inner", "multiply"], 2),
}
"""The functions of arrays, and of how many."""
WITH_LETTERS = {
    "Sum": "Sum(f, (k, 1, n))",
    "SumExcept": "SumExcept(f, (i, 1, n), j)",
    "Derivative": "Derivative(f, z[j])",
    "KroneckerDelta": "KroneckerDelta(i, j)",
    "times": "times(x, y)",
}
"""What SymPy writes with letters, and how."""
FUNCTIONS = {*OF_ONE_NUMBER, *OF_ARRAYS, *WITH_LETTERS}
METHODS = {"sum", "mean", "dot", "reshape"}

ELSEWHERE = {
    **dict.fromkeys(
        ("max", "Max", "maximum"), "the checks have no rule: log(exp(x) + exp(y))"
    ),
    **dict.fromkeys(
        ("min", "Min", "minimum"), "the checks have no rule: -log(exp(-x) + exp(-y))"
    ),
    **dict.fromkeys(("sign", "sgn"), "the checks have no rule: tanh(x) is smooth"),
    "relu": "the checks have no rule: log(1 + exp(x)) is smooth",
    "ReLU": "the checks have no rule: log(1 + exp(x)) is smooth",
    "argmax": "the checks have no rule, for it has no derivative",
    "softplus": "write log(1 + exp(x))",
    "log_softmax": "write log(softmax(z))",
    "einsum": "einsum is not read: write the product, such as X @ W.T, or a sum",
    "range": "entries are not chosen by lists: write a_c for the true class c",
    "arange": "entries are not chosen by lists: write a_c for the true class c",
    "where": "cases are not read: name the case, i = j or i ≠ j",
    **dict.fromkeys(
        ("for", "in", "if", "else"), "loops and cases are not read: write a sum"
    ),
    **dict.fromkeys(("lambda", "def", "return", "import"), "programs are not read"),
    "digamma": "the checks have no rule",
    "erf": "the checks have no rule",
}
"""Words that are read nowhere, and what to write."""


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

    >>> what_to_write_for("lgo", SERIES)
    '`lgo` is not known here: perhaps log is meant'
    """
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
