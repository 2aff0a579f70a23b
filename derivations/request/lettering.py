"""A reader's letters: which of ours they are, and formulas written in them."""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress

from sympy import Expr, Function, IndexedBase, Symbol, exp, log
from sympy.core.alphabets import greeks
from sympy.core.function import AppliedUndef

from derivations.formulas.indices import Index
from derivations.request.context import Chain, Context, UnreadablePartError
from derivations.request.renaming import called
from derivations.text.chains import conditions
from derivations.text.names import SHOWN, FreeLetter, ReadAs
from derivations.text.notation.tokens.characters import SUBSCRIPTS
from derivations.text.printing import latex
from derivations.text.reading import Reading, Unreadable
from derivations.text.unicode import unicode
from derivations.text.vocabulary import SERIES

_IN_LATEX = re.compile(r"\\(?:text|operatorname|math\w+)\{[^}]*\}|\\[A-Za-z]+|[A-Za-z]")
"""The letters of a printed formula, each alone; words and commands are whole."""
_INDEX = re.compile(r"_\{[^{}]*\}|_[A-Za-z0-9]+|\[[^\[\]]*\]|[ₐ-ₜᵢ-ᵥⱼ]+")
_IN_UNICODE = re.compile(r"[^\W\d_]+")


def letters_in(formulas: Iterable[Expr]) -> list[str]:
    """The letters and functions that occur in formulas, as a reader types them.

    >>> from derivations.letters import a, alpha, exp, y, z
    >>> letters_in([alpha * y[1] * exp(z[1]), a[1]])
    ['a', 'y', 'z', 'α']
    """
    found = set().union(*map(typed_letters, formulas))
    return sorted(found, key=lambda x: (x.lower(), x))


def typed_letters(expr):
    """The letters and functions of a formula: {as it is typed: its name}.

    >>> from derivations.letters import alpha, a
    >>> typed_letters(alpha * a[1]) == {"α": "alpha", "a": "a"}
    True
    """
    bases = expr.atoms(IndexedBase)
    letters = bases | (expr.atoms(Symbol) - {base.label for base in bases})
    called = expr.atoms(Function, AppliedUndef) - expr.atoms(exp, log)
    found = {unicode(x): str(x) for x in letters}
    return found | {re.split(r"[_(]", unicode(x))[0]: str(x.func) for x in called}


def notes_data(notes: Iterable[str]) -> dict:
    """How a text was read, in words, and the letters: pairs of ours and the reader's.

    >>> notes_data([ReadAs("p", "a"), "a row, read as the column"])
    {'notes': ['p read as a', 'a row, read as the column'], 'letters': [('a', 'p')]}
    """
    notes = [*notes]
    told = [(x.ours, x.theirs) for x in notes if isinstance(x, ReadAs)]
    return {"notes": notes, "letters": told}


def yours(notes: Iterable[str], write: Callable[[str], str] = str) -> str:
    """What the letters of a result are in a reader's own, by notes of how it was read.

    >>> yours([ReadAs("t", "y"), ReadAs("p", "a"), "a row, read as the column"])
    'here y is your t, a is your p'
    """
    told = dict.fromkeys(map(tuple, notes_data(notes)["letters"]))
    letters = [f"{write(ours)} is your {write(theirs)}" for ours, theirs in told]
    return f"here {', '.join(letters)}" if letters else ""


def renamed_index(source: str, letter: str, other: str) -> str:
    """A text with another letter where one is an index.

    >>> renamed_index("i a_{ij} - y_i + aᵢ Σ_k y[k]", "i", "j")
    'i a_{jj} - y_j + aⱼ Σ_k y[k]'
    """
    below = {x: y for y, x in SUBSCRIPTS.items()}
    pairs = {letter: other, below.get(letter, letter): below.get(other, other)}
    return _INDEX.sub(lambda x: x[0].translate(str.maketrans(pairs)), source)


def line_below(holds: Context, above: str, source: str) -> tuple[Reading, Reading]:
    """The line above and a line, as answers to the start.

    Raises UnreadablePartError where the line above has j as its free letter, and this
    one has i in its place: i may be j, or a sum over i may be lost.

    >>> from derivations.request.context import context
    >>> holds = context(["softmax", "cross_entropy"], start="dL/dz_j")
    >>> line_below(holds, "a_j sum_k y_k - y_j", "p_i - y_i")
    Traceback (most recent call last):
    derivations.request.context.UnreadablePartError: the free index is j in the line \
above: is i meant to be j?
    p_i - y_i
      ^
    perhaps: p_j - y_j
    """
    left = holds.answer("left", above, holds.start)
    given = holds.answer("right", source, holds.start)
    for note in given.notes:
        is_other = isinstance(note, FreeLetter) and note not in left.notes
        if is_other and renamed_index(above, note.ours, "") != above:
            words = f"the free index is {note.ours} in the line above: "
            words += f"is {note.theirs} meant to be {note.ours}?"
            line, lines = renamed_index(source, note.theirs, note.ours), []
            with suppress(Unreadable):
                same = holds.answer("right", line, holds.start)
                lines = [line] if same.expr == given.expr else []
            pairs = enumerate(zip(source, line, strict=False))
            place = next((k for k, (x, y) in pairs if x != y), 0)
            problem = Unreadable(words, source, place, lines)
            raise UnreadablePartError("right", problem)
    return left, given


def _in_formulas(name):
    return f"${_in_latex(name)}$"


def _in_latex(name):
    """A letter as LaTeX: `ŷ` is \\hat{y}, and p_hat is a word."""
    plain = next((x for x, shown in SHOWN.items() if shown == name), name)
    plain = called(plain)
    is_word = len(plain) > 1 and plain not in greeks and plain not in SHOWN
    written = plain.replace("_", r"\_")
    return rf"\text{{{written}}}" if is_word else latex(Symbol(plain))


def said_below(notes: Iterable[str], form: str) -> str:
    """What stands below a copied chain in a format: the reader's own letters.

    >>> said_below([ReadAs("t", "y")], "markdown"), said_below([], "markdown")
    ('\\n\\nHere $y$ is your $t$.', '')
    """
    said = yours(notes, str if form == "text" else _in_formulas)
    return f"\n\nH{said[1:]}." if said else ""


def in_theirs(notes: Iterable[str], chain: Chain, form: str) -> Callable | None:
    """What writes a printed formula of a chain in the reader's letters, in a format.

    None where two letters of theirs are one of ours or the reverse, where one is a
    word, where ours is an index, or where one of theirs stands in the chain with
    another meaning.

    >>> from derivations.request.context import context
    >>> chain = context(["softmax"], start="∂p_i/∂z_j").chain([])
    >>> in_theirs([ReadAs("p", "a")], chain, "text")(unicode(chain.start))
    '∂p_i/∂z_j'
    >>> [in_theirs([ReadAs(x, "a")], chain, "text") for x in ("z", "k", "probs")]
    [None, None, None]
    """
    pairs = dict(notes_data(notes)["letters"])
    printed = map(latex, (chain.start, *(step.right for step in chain.steps)))
    printed = [*printed, *conditions(chain, latex)]
    ours, theirs = [*map(_in_latex, pairs)], [*map(_in_latex, pairs.values())]
    others = {"I", *(x for one in printed for x in _IN_LATEX.findall(one))} - {*ours}
    counted = {x for x, y in SERIES.symbols.items() if isinstance(y, Index)}
    told = {(x.ours, x.theirs) for x in notes if isinstance(x, ReadAs)}
    is_one_to_one = len(told) == len(pairs) == len({*theirs})
    has_words = any(x.startswith(r"\text") for x in (*ours, *theirs))
    clashes = others & {*theirs} or counted & {*pairs}
    if not pairs or not is_one_to_one or has_words or clashes:
        return None
    letters, pattern = dict(zip(ours, theirs, strict=True)), _IN_LATEX
    if form == "text":
        letters, pattern = {_sign(x): _sign(y) for x, y in pairs.items()}, _IN_UNICODE
    return lambda formula: pattern.sub(lambda x: letters.get(x[0], x[0]), formula)


def _sign(name):
    """A letter as it stands on one line.

    >>> _sign("tau"), _sign("ŷ")
    ('τ', 'ŷ')
    """
    return name if name in SHOWN.values() else unicode(Symbol(called(name)))
