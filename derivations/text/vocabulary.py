"""What names mean in a text: of the series, of a theorem, declared by a reader."""

import re
from dataclasses import dataclass, field
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
"""What is called, and how it is written."""

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
"""What is written for words of other languages."""


@dataclass(frozen=True)
class Names:
    """What names mean: symbols, indices and sizes; arrays; of each array one entry."""

    symbols: dict
    arrays: dict
    entries: dict = field(default_factory=dict)

    @property
    def indices(self):
        """The letters that count, by their names."""
        return {x: y for x, y in self.symbols.items() if isinstance(y, Index)}

    def parameter(self, written):
        """What is declared by a name such as gamma, or w[k]: a symbol or an array."""
        name, index, _ = written.partition("[")
        return (self.arrays if index else self.symbols)[name.strip()]

    def note(self, thing):
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
            self.note([x.right for x in thing.steps])
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
                known = (size, *size.indices) if isinstance(size, Size) else ()
                self.symbols.update({x.name: x for x in (*known, part)})


def _series():
    found = Names({}, {})
    for member in vars(letters).values():
        if isinstance(member, Definition | Hypothesis):
            found.note(member)
    for member in vars(letters).values():
        if isinstance(member, Symbol):
            found.symbols[member.name] = member
        elif isinstance(member, IndexedBase):
            found.arrays[str(member)] = member
    found.note(letters.v[letters.i])
    found.symbols["delta"] = letters.delta
    return found


SERIES = _series()


def names_of(*things):
    """The names of the series and of chains, definitions, hypotheses and formulas.

    A theorem's own letters win.

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


_SIGNS = {"positive": {"positive": True}, "real": {"real": True}}
_PARAMETER = re.compile(
    r"\s*(?P<name>[A-Za-z][A-Za-z0-9]{0,19})\s*(?:\[(?P<indices>[\w\s,]*)\]\s*)?",
    re.ASCII,
)


def declared(names, parameters):
    """`names` with parameters, each of them a name such as gamma or w[k], and a sign.

    The letters C, alpha and v of the series, any real numbers, may be among them.
    Raises Unreadable for a name that is taken or is none, and for another sign.

    >>> from derivations.text.reading import read
    >>> known = declared(SERIES, [("gamma", "positive"), ("w[k]", "real")])
    >>> read("w[j]*a[j]**gamma", known)
    a[j]**gamma*w[j]
    """
    found = Names({**names.symbols}, {**names.arrays}, {**names.entries})
    for written, sign_given in parameters:
        form = _PARAMETER.fullmatch(written)
        if not form or iskeyword(form["name"]):
            raise Unreadable("a parameter is a name: gamma, or w[k]", written, 0)
        name, inside = form.groups()
        if sign_given not in _SIGNS:
            words = f"{name} is declared positive or real, not {sign_given}"
            raise Unreadable(words, written, 0)
        kind = Symbol if inside is None else IndexedBase
        one = kind(name, **_SIGNS[sign_given])
        taken = (found.symbols.get(name), found.arrays.get(name))
        is_any = one in (letters.C, letters.alpha, letters.v) and one in taken
        if not is_any and (any(taken) or name in FUNCTIONS):
            words = f"{name} has a meaning of its own: choose another name"
            raise Unreadable(words, written, form.start("name"))
        if inside is None:
            found.symbols[name] = one
            continue
        found.arrays[name] = one
        letters_of = [names.indices.get(x.strip()) for x in inside.split(",")]
        if None in letters_of:
            words = f"an index is a letter such as k: write {name}[k]"
            raise Unreadable(words, written, form.start("indices"))
        found.entries[name] = one[tuple(letters_of)]
    return found
