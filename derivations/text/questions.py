"""What is asked: dL/dz_j, dz, softmax′; its free letters, and the definitions it needs.

The short forms are the course's: dz and da are derivatives of the loss L of one
example, dZ and dA of the loss L_s of example s, dW, db and dX of the mean J.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from sympy import Derivative, Expr, Indexed, Symbol, exp, preorder_traversal

from derivations.formulas.claims import Definition
from derivations.formulas.indices import Index, Size, free_symbols
from derivations.letters import J
from derivations.text.lectures import in_our_letters, renamed, without_arguments
from derivations.text.names import ReadAs, aliases
from derivations.text.notation.differentials import Differential
from derivations.text.notation.meaning import Meaning
from derivations.text.notation.parsing import letters_by_place, tree_of
from derivations.text.notation.shapes import product
from derivations.text.notation.tokens.characters import scan, scanned
from derivations.text.notation.tokens.phrases import (
    defined_behind,
    in_notation,
    without_primes,
)
from derivations.text.notation.tokens.words import tokens
from derivations.text.sentences import joined
from derivations.text.unreadable import Unreadable
from derivations.text.vocabulary import SERIES, Names

_SIGMOID = re.compile(
    r"dd[xz](?:σ|[fhsS]|sigmoid)\([xz]\)|d(?:σ|[fhsS]|sigmoid)(?:\([xz]\))?d[xz]"
    r"|(?:σ|[fhsS]|sigmoid)'\([xz]\)"
)
_MATRIX = re.compile(r"diag|outer|⊤|ᵀ|\^\{?T|_|[ᵢⱼₖ]|\[|δ|delta|@|\bI\b")
"""What no line about one number has."""
_JACOBIAN = re.compile(r"^\s*J_(?:a|\{?([ijkl]),?\s?([ijkl])\}?)\s*$")
_IS_JACOBIAN = re.compile(r"^\s*J\s*=(?!.*(?<![A-Za-z])[mNAYWX](?![A-Za-z])).*diag\W")
"""J beside diag, with no letter of a batch, is no mean loss."""
USUAL = {
    **{"z": "j", "a": "i", "y": "i", "v": "i", "b": "j"},
    **{"Z": "js", "A": "is", "Y": "is", "X": "qs", "W": "jq"},
    **{"Z1": "ps", "A1": "ps", "W1": "pq", "b1": "p"},
}
"""The letters of an array's entry in this series."""


@dataclass(frozen=True)
class Question:
    """A question as it was read: what an answer is to equal, and what was assumed.

    `is_short` is that of a short form of the course, such as dW.
    """

    expr: Expr
    notes: tuple = ()
    is_short: bool = False


def read_question(source: str, names: Names = SERIES, line: str = "") -> Question:
    """The question that a text asks, in any notation.

    An array is asked about at its usual letters: dL/dz is dL/dz_j.  `line` is the
    equation on whose left it stands: beside t, the letter y is the output.
    Raises Unreadable for a text that asks nothing.

    >>> read_question("dL/dz").expr, read_question("∂a_i/∂z_j").expr
    (Derivative(L, z[j]), Derivative(a[i], z[j]))
    >>> read_question("dZ").expr, read_question("dW").expr
    (Derivative(L[s], Z[j, s]), Derivative(J, W[j, q]))
    """
    source = in_notation(without_primes(source, line))
    line = in_notation(without_primes(line))
    line, said = defined_behind(line)
    source = "J_a" if _IS_JACOBIAN.match(line) else source
    source = _JACOBIAN.sub(lambda x: f"da_{x[1] or 'i'}/dz_{x[2] or 'j'}", source)
    if _of_sigmoid(source) and not _MATRIX.search(line):
        source = "d sigmoid(z_j)/dz_j"
    known = aliases(names, (), line or source)
    has_x = re.search(r"(?<![A-Za-z])d?x(?![a-z])|\\partial\s*\{?x", line or source)
    about_x = has_x and re.search(r"(?<![A-Za-z])[Ww](?![a-z]{2})", line or source)
    known |= said | ({"x": "x"} if about_x else {})
    row = without_arguments(tokens(source, names, known), known)
    tree = tree_of(row, source)
    whole = tree
    if line:
        with suppress(Unreadable):
            whole = tree_of(without_arguments(tokens(line, names, known), known), line)
    if called := in_our_letters(whole, names, known, None, line or source):
        row = renamed(row, called)
        tree = tree_of(row, source)
    meaning = Meaning(source, row, names, known, is_asked=True)
    meaning.line = line or source
    meaning.blocks |= letters_by_place(tree, names, known, ())
    for name, ours in called.items():
        meaning.note(ReadAs(name, ours))
    if len(tree.children) != 1:
        raise Unreadable("one side is expected: a question has no =", source, 0)
    (node,) = tree.children
    value, is_short = meaning.value(node), False
    if isinstance(value, Differential):
        is_short = True
        value = meaning.of_course(value, node)
    array = meaning.as_array(value, node)
    at = _usual_letters(array, names)
    if at is None:
        words = f"this has shape {meaning.written(array)}: ask about an entry of it"
        meaning.refuse(words, node)
    asked = product(array.at(*at))
    is_mean = re.search(r"(?<![A-Za-z])[mN](?![A-Za-z])|batch|mean", line)
    if is_of_inputs(asked) and is_mean:
        meaning.note("L read as J")
        asked = Derivative(J, *asked.variables)
    return Question(asked, tuple(meaning.notes), is_short)


def base_of(question: Expr | None) -> str:
    """The name of the array by whose entry a question differentiates."""
    return str(getattr(getattr(question, "variables", [None])[0], "base", ""))


def _of_sigmoid(source):
    """Whether a text is the derivative of σ by its one letter: d/dx σ(x), dσ/dx."""
    with suppress(Unreadable):
        words = "".join("d" if x == "∂" else x for x in scan(source)[:20])
        return _SIGMOID.fullmatch(re.sub(r"frac|[{}/]", "", words))
    return None


def parted(source: str) -> tuple[str, str]:
    """The question that stands on the left of an equation, and the rest.

    Raises Unreadable for a text without an =.

    >>> parted("dz = a - y")
    ('dz ', ' a - y')
    """
    depth, source = 0, in_notation(source)
    is_named = re.match(r"\s*[gd]\s*=", source)
    first, *rest = joined(source)
    if rest and "=" not in first:  # dL/dz → a − y
        return first, rest[0][len(first) :]
    for token in scanned(first):
        depth += (token in "([{") - (token in ")]}")
        if token == "=" and not depth and not is_named:
            return source[: token.start_pos], source[token.end_pos :]
    words = "what is asked? write it on the left: dz = a - y"
    raise Unreadable(words, source, 0)


def _usual_letters(array, names):
    """The letters of a whole array: those of the arrays it is made of."""
    if not array.shape:
        return ()
    probes = [Index(f"_{place}", size) for place, size in enumerate(array.sizes)]
    wanted = dict.fromkeys(probes)
    for entry in product(array.at(*probes)).atoms(Indexed):
        usual = USUAL.get(str(entry.base), "")
        for probe, letter in zip(entry.indices, usual, strict=False):
            if probe in wanted:
                usual_letter = names.indices.get(letter)
                if usual_letter.size != probe.size:  # W of a last layer of two
                    usual_letter = probe.size.indices[-1]
                wanted[probe] = wanted[probe] or usual_letter
    found = list(wanted.values())
    if len(found) == 2 and found[0] == found[1] is not None:  # ∇²_z L
        found[0] = next(x for x in names.indices.values() if x.size == found[1].size)
    return None if None in found or len({*found}) < len(found) else found


def definitions_for(
    question: Expr, answer: Expr, known: Mapping[str, Definition]
) -> list[str]:
    """The names of the definitions that lead from a question to its variable.

    A definition is needed where its letter occurs, in the question, in the answer or in
    another needed one; the variable of a derivative needs none.

    >>> from derivations.letters import L, a, cross_entropy, j, softmax, y, z
    >>> known = {"softmax": softmax, "cross_entropy": cross_entropy}
    >>> definitions_for(Derivative(L, a[j]), -y[j]/a[j], known)
    ['cross_entropy']
    """
    needed, given = _heads(question) | _heads(answer), set()
    for variable in getattr(question, "variables", ()):
        given |= _heads(variable)
    chosen = {}
    while more := {
        name: one
        for name, one in known.items()
        if name not in chosen and _heads(one.symbol) <= needed - given
    }:
        chosen |= more
        needed = needed.union(*(_heads(one.value) for one in more.values()))
    return [name for name in known if name in chosen]


def _heads(expr):
    """The arrays and letters of a formula, without what counts."""
    heads, walk = set(), preorder_traversal(expr)
    for part in walk:
        if isinstance(part, Indexed):
            heads.add(part.base)
            walk.skip()
        elif isinstance(part, Symbol) and not isinstance(part, Index | Size):
            heads.add(part)
    return heads


# What an answer is asked at.


def slots(question: Expr | None) -> tuple:
    """The free letters of a question: da_i/dz_j asks at (i, j), dL_s/dZ_js at (j, s).

    >>> from derivations.letters import Z, Ls, a, i, j, s, z
    >>> slots(Derivative(a[i], z[j])), slots(Derivative(Ls[s], Z[j, s]))
    ((i, j), (j, s))
    """
    if question is None:
        return ()
    free, indices = free_symbols(question), []

    def walk(expr):
        if isinstance(expr, Index):
            if expr in free and expr not in indices:
                indices.append(expr)
            return
        parts = list(getattr(expr, "args", ()))
        if isinstance(expr, Derivative):
            parts = [expr.expr, *expr.variables]
        for part in parts:
            walk(part)

    if isinstance(question, Derivative):
        below = set().union(*map(free_symbols, question.variables))
        above = {x for x in question.expr.atoms(Index) if x in free}
        if above <= below:  # each letter of the loss is one of the variable's
            for variable in question.variables:
                walk(variable)
    walk(question)
    return tuple(indices)


def is_of_inputs(question: Expr | None) -> bool:
    """Whether a question is about one example, by a layer's letters.

    >>> from derivations.letters import J, L, W, j, q
    >>> is_of_inputs(Derivative(L, W[j, q])), is_of_inputs(Derivative(J, W[j, q]))
    (True, False)
    """
    of = getattr(question, "expr", None)
    is_one = str(of) == "L" or str(getattr(of, "base", "")) in ("a", "z")
    return is_one and base_of(question) in ("W", "b", "X")


def is_of_loss(question: Expr | None) -> bool:
    """Whether a question is about the loss of one example, L or L_s.

    >>> from derivations.letters import J, L, Ls, Z, j, s, z
    >>> [is_of_loss(Derivative(of, Z[j, s])) for of in (L, Ls[s], J)]
    [True, True, False]
    """
    of = getattr(question, "expr", None)
    return str(getattr(of, "base", of)) == "L"


def of_inputs(known: Mapping[str, str], question: Expr | None) -> dict[str, str]:
    """What x and its names are called in a question about a layer: its input.

    Of the loss of one example it is x itself, a column of X.
    """
    inputs = {"x", *(x for x, ours in known.items() if ours == "X" and x.islower())}
    if is_of_inputs(question):
        return dict.fromkeys(inputs, "x")
    return {"x": "X"} if base_of(question) in ("W", "X") else {}


def is_sigmoid(question: Expr) -> bool:
    """Whether a question is about the sigmoid of one entry, or its derivative.

    >>> from derivations.letters import exp, j, z
    >>> is_sigmoid(Derivative(1/(1 + exp(-z[j])), z[j]))
    True
    """
    of = getattr(question, "expr", question)
    return any(of == 1 / (1 + exp(-x)) for x in of.atoms(Indexed))


def loss_of(question: Expr | None) -> str:
    """The name of the loss that a question is about: J, or else L."""
    symbols = question.atoms(Symbol) if question is not None else ()
    return "J" if any(str(symbol) == "J" for symbol in symbols) else "L"
