"""The names that a text may use, what each means, and the sentence for a misspelt one.

A name belongs to the series, to a theorem, or to a reader who declares it.
"""

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from keyword import iskeyword

from sympy import (
    Abs,
    Basic,
    Derivative,
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
from sympy.core.alphabets import greeks

from derivations import letters
from derivations.advice import Advice, Words
from derivations.formulas.claims import Definition, Hypothesis
from derivations.formulas.indices import Index, Size, free_symbols

PARAMETER = re.compile(
    r"\s*(?P<name>[A-Za-z][A-Za-z0-9]{0,19})\s*(?:\[(?P<indices>[\w\s,]*)\]\s*)?",
    re.ASCII,
)
"""A name of the reader's own, and the indices of an array."""
OF_ONE_NUMBER = {
    **{x.__name__: x for x in (exp, log, sqrt, tanh, sinh, cosh, sin, cos, Abs)},
    **{"ln": log, "abs": Abs, "g": letters.g, "g_prime": letters.g_prime},
    "sigmoid": lambda x: 1 / (1 + exp(-x)),
    "sigmoid_prime": lambda x: Derivative(1 / (1 + exp(-x)), x),
}
"""The functions of one number, which act on each entry of an array."""
AS_IT_IS = {"array", "asarray", "tensor", "cast", "astype", "float", "detach", "numpy"}
"""Functions and methods of programs that give the array itself."""
OF_ARRAYS = {
    **dict.fromkeys(
        [*sorted(AS_IT_IS), "rowSums", "rowMeans", "colSums", "colMeans"], 1
    ),
    **dict.fromkeys(["softmax", "log_softmax", "diag", "sum", "mean", "transpose"], 1),
    **dict.fromkeys(["logsumexp", "max", "square", "eye", "ones", "len"], 1),
    **dict.fromkeys(["softmax_prime", "one_hot", "neg", "trace"], 1),
    **dict.fromkeys(["outer", "dot", "matmul", "inner", "size", "crossprod"], 2),
    **dict.fromkeys(["add", "subtract", "multiply", "divide", "Cov"], 2),
}
"""The functions of arrays, and of how many."""
_OTHER_NAMES = """
log_softmax: logsoftmax; diag: Diagonal diagm diagflat diag_embed; transpose: t
logsumexp: lse LSE LogSumExp reduce_logsumexp log_sum_exp; eye: identity; max: amax
matmul: mm mv; outer: ger; one_hot: onehot; multiply: mul; sigmoid: logistic expit
sum: reduce_sum; mean: reduce_mean; where: ifelse; subtract: sub; neg: negative
divide: div true_divide; rowSums: rowsum; Cov: Var; trace: tr
KroneckerDelta: kronecker_delta kronecker kron
"""
OTHER_NAMES = {
    name: ours
    for ours, names in re.findall(r"(\w+):([\w ]+)", _OTHER_NAMES)
    for name in names.split()
}
"""What libraries and papers call these functions."""
OF_AN_AXIS = {"sum", "mean", "softmax", "log_softmax", "logsumexp", "max"}
"""The functions that take the axis as a second part: A.sum(1)."""
OPERATORS = {
    **{"minus": ("ADD", "-"), "plus": ("ADD", "+"), "equals": ("REL", "=")},
    **{"times": ("MUL", "*"), "over": ("MUL", "/")},
    **{"partial": ("DIFF", "∂"), "del": ("DIFF", "∂")},
    **{"grad": ("NABLA", "∇"), "nabla": ("NABLA", "∇")},
}
"""Signs that are written as words."""
UPSTREAM = {
    **dict.fromkeys(("grad_output", "grad_out", "dout", "upstream"), "a"),
    **{"grad_input": "z"},
}
"""What programs call the gradients by the outputs and the inputs of the softmax."""
WITH_LETTERS = {
    "Sum": "Sum(f, (k, 1, n))",
    "SumExcept": "SumExcept(f, (i, 1, n), j)",
    "Derivative": "Derivative(f, z[j])",
    "KroneckerDelta": "KroneckerDelta(i, j)",
    "times": "times(x, y)",
    "where": "where(i == j, x, y)",
}
"""What SymPy writes with letters, and how."""
FUNCTIONS = dict.fromkeys([*WITH_LETTERS, *OF_ONE_NUMBER, *OF_ARRAYS])
METHODS = {
    *("sum", "mean", "dot", "reshape", "unsqueeze", "exp", "log", "softmax"),
    *("log_softmax", "logsumexp", "t", "transpose", "matmul", "mm", "max"),
    *("diag", "outer", "multiply", "size", "trace", "add", "sub", "div", "mul"),
    *AS_IT_IS,
}

INSTEAD = {
    **dict.fromkeys(("lg", "log10"), "log(x)/log(10)"),
    "log2": "log(x)/log(2)",
    "log1p": "log(1 + x)",
    "expm1": "exp(x) - 1",
    "pow": "x**p",
    "tan": "sin(x)/cos(x)",
    "rational": "1/2",
    "diff": "Derivative(f, z[j])",
    "softplus": "log(1 + exp(x))",
    "argmax": "the letter of a fixed class, such as c",
    **dict.fromkeys(("range", "arange"), "a_c for the entry of the true class c"),
    **dict.fromkeys(("for", "in", "if", "else"), "a sum, such as sum_k y_k, or a case"),
    **dict.fromkeys(("def", "return", "import"), "a formula, and no program"),
}
"""What to write for a word of another language, in small letters: any spelling does."""
NEAR = {
    "maximum": "log(exp(x) + exp(y))",
    **dict.fromkeys(("min", "minimum"), "-log(exp(-x) + exp(-y))"),
    "relu": "log(1 + exp(x))",
    **dict.fromkeys(("clip", "clamp"), "log(exp(x) + exp(y)), y the lower end"),
    **dict.fromkeys(("sign", "sgn"), "tanh(x)"),
    "heaviside": "1/(1 + exp(-x))",
    "erf": "tanh(1.2*x)",
    **dict.fromkeys(("digamma", "polygamma"), "log(x) - 1/(2*x), where x is large"),
}
"""What is near a function for which the checks have no rule, and smooth."""


@dataclass(frozen=True)
class Names:
    """What names mean: symbols, indices and sizes; arrays; of each array one entry.

    `held` are the letters that a definition holds, as P := a_i holds i.
    """

    symbols: dict
    arrays: dict
    entries: dict = field(default_factory=dict)
    held: set = field(default_factory=set)

    @property
    def indices(self) -> dict[str, Index]:
        """The letters that count, by their names."""
        return {
            name: symbol
            for name, symbol in self.symbols.items()
            if isinstance(symbol, Index)
        }

    def counted_to_the_end(self) -> dict[str, Index]:
        """The letters of a last term, as n in a_1 + … + a_n, as ones that count."""
        sizes = {x: y for x, y in self.symbols.items() if isinstance(y, Size)}
        sizes |= dict.fromkeys("KC", letters.n) | {"N": letters.m}
        return {name: Index(name, size) for name, size in sizes.items()}

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
            self.held.update(thing.held)
        elif isinstance(thing, Basic):
            self._note_formula(thing)
        elif isinstance(thing, Definition):
            self.note([thing.symbol, thing.value])
            self.held.update(free_symbols(thing.value) - free_symbols(thing.symbol))
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


OF_TWO_LAYERS = (
    ("W2", letters.W[letters.j, letters.p]),
    ("b2", letters.b[letters.j]),
    ("Z2", letters.Z[letters.j, letters.s]),
    ("A2", letters.A[letters.j, letters.s]),
)
"""The last layer as courses number it; its input is A1."""


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
    for name, entry in OF_TWO_LAYERS:
        names.arrays[name], names.entries[name] = entry.base, entry
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
        own.held,
    )


def indices_behind(source: str, at: int) -> str:
    """What stands behind a name: its indices in brackets, a parenthesis, or nothing.

    >>> indices_behind("w_{ij} z_j", 1), indices_behind("f(z_j)", 1)
    ('[i,j]', '(')
    """
    behind = re.compile(r"\(|\[[^\]]*\]|_\{?([\w,]+)|").match(source, at)
    letters = re.findall(r"\w", behind[1] or "")
    return f"[{','.join(letters)}]" if letters else behind[0]


def is_word_of_formulas(word: str) -> bool:
    """Whether a word means something in a formula, or is told what to write for it.

    >>> is_word_of_formulas("softmax"), is_word_of_formulas("alpha")
    (True, True)
    >>> is_word_of_formulas("derive")
    False
    """
    known = (FUNCTIONS, METHODS, INSTEAD, NEAR, OTHER_NAMES, greeks, SERIES.symbols)
    return word in SERIES.arrays or any(word in words for words in known)


def what_to_write_for(name: str, names: Names, behind: str = "") -> str:
    """The sentence for a name that means nothing here, such as a misspelt function.

    `behind` is what stands behind it: its indices, or a parenthesis.

    >>> what_to_write_for("log1p", SERIES)
    '`log1p`: write log(1 + x)'
    >>> what_to_write_for("lgo", SERIES, "(")
    '`lgo` is not known here: perhaps log is meant'
    >>> what_to_write_for("beta", SERIES)
    '`beta` is not known here: perhaps delta is meant, or declare it'
    """
    instead = INSTEAD.get(name.lower())
    if instead:
        return f"`{name}`: write {instead}"
    if iskeyword(name):
        return f"`{name}`: write another name, for {name} is Python's word"
    if name.lower() in NEAR:
        near = NEAR[name.lower()]
        return f"`{name}`: the checks have no rule for it; near it is {near}"
    functions = [x for x in FUNCTIONS if x not in AS_IT_IS]
    functions = [x for x in functions if x.islower() or behind]  # no bare Derivative
    known = {*names.symbols, *names.arrays, *functions}
    near = get_close_matches(name, sorted(known), 3)
    near = [x for x in near if abs(len(x) - len(name)) < 3]
    hints = [f"perhaps {' or '.join(near)} is meant"] if near else []
    if behind == "(":
        hints = hints or [f"the functions are {', '.join(functions)}"]
    elif PARAMETER.fullmatch(name):
        named = all(x.strip() in names.indices for x in behind[1:-1].split(","))
        entry = name + (behind if named else "[k]" if behind else "")
        hints += [", or "] * bool(near) + [Advice("name", entry)]
    else:
        hints = hints or ["a name of your own has letters and digits, such as gamma2"]
    return Words(f"`{name[:40]}` is not known here: ", *hints)
