"""Names beside those of the series: declared by a reader, or another lecture's.

A reader declares a name such as gamma or w[k], with a sign or a range.  A sign is
"positive", "nonnegative" or "real".  A range is written 0..1, and its ends are left
out: 0 < q < 1; in brackets, as in [0..1], an end is included, and one end may be
missing, as in 1.. for q > 1.  What others call our
letters, an alias, holds where it has no meaning of its own in the question.
"""

import re
from collections.abc import Iterable
from keyword import iskeyword

from sympy import IndexedBase, Rational, Symbol, oo

from derivations import letters
from derivations.formulas.claims import Definition
from derivations.formulas.indices import Index, Size
from derivations.formulas.ranges import AT_LEAST_0, POSITIVE, Range
from derivations.formulas.told import is_told, told
from derivations.text.unreadable import Unreadable
from derivations.text.vocabulary import FUNCTIONS, PARAMETER, Names, what_to_write_for

_SIGNS = {"positive": POSITIVE, "nonnegative": AT_LEAST_0, "real": Range()}
_NUMBER = r"-?\d{1,9}(?:\.\d{1,9}|/\d{1,9})?"
_BETWEEN = re.compile(
    rf"\s*(?P<left>[\[(])?\s*(?P<low>{_NUMBER})?\s*\.\."
    rf"\s*(?P<high>{_NUMBER})?\s*(?P<right>[\])])?\s*",
    re.ASCII,
)
_ANY_NUMBER = (letters.C, letters.alpha, letters.v)
"""Letters of the series that stand for any real numbers."""


def declared(
    names: Names,
    parameters: Iterable[tuple[str, str]],
    where: Iterable[Definition] = (),
) -> Names:
    """Add parameters to `names`: each is a name such as gamma or w[k], and a sign.

    The letters C, alpha and v of the series stand for any real numbers, and may be
    given a sign or a range; where none of the definitions `where` has them, alpha[k] is
    an array, and v a number.  A letter that counts inputs, units or examples, or their
    number, may be a parameter where none of the definitions counts them.
    Raises Unreadable for a name that is taken or is none, and for another sign.

    >>> from derivations.text.reading import SERIES, read
    >>> known = declared(SERIES, [("gamma", "positive"), ("w[k]", "real")])
    >>> read("w[j]*a[j]**gamma", known)
    a[j]**gamma*w[j]
    >>> read("1 - q", declared(SERIES, [("q", "0..1")])).is_positive is None
    True
    """
    known = Names({**names.symbols}, {**names.arrays}, {**names.entries}, {*names.held})
    held = Names({}, {})
    held.note(where)
    mine = set()
    for written, sign in parameters:
        form = PARAMETER.fullmatch(written)
        words = "a parameter is a name: "
        if not form:
            raise Unreadable(f"{words}gamma, or w[k]", written, 0)
        name, inside = form.groups()
        if iskeyword(name):
            raise Unreadable(words + what_to_write_for(name, names), written, 0)
        if name in mine:
            raise Unreadable(f"{name} is declared twice: keep one", written, 0)
        mine.add(name)
        parameter = _letter(known, held, form, sign.strip())
        for others in (known.symbols, known.arrays, known.entries):
            others.pop(name, None)  # a letter that counts examples, say
        if inside is None:
            known.symbols[name] = parameter
            continue
        known.arrays[name] = parameter
        indices = [known.indices.get(letter.strip()) for letter in inside.split(",")]
        if None in indices:
            words = f"an index is a letter such as k: write {name}[k]"
            raise Unreadable(words, written, form.start("indices"))
        known.entries[name] = parameter[tuple(indices)]
    return known


def _letter(known, held, form, sign):
    """The symbol or the array of a parameter; what is `held` by definitions stays.

    One that has the name of a letter of the series carries its range, and so is told
    from it.
    """
    name, inside = form.groups()
    between = _between(name, sign, form.string)
    kind = Symbol if inside is None else IndexedBase
    plain, taken = kind(name, real=True), known.symbols.get(name)
    series = (taken, known.arrays.get(name))
    if not any(series) and name not in FUNCTIONS:
        return kind(name, **{sign: True}) if sign in _SIGNS else told(plain, between)
    if any(letter in series for letter in _ANY_NUMBER):
        if plain in series:
            return plain if between == Range() else told(plain, between)
        if name not in held.symbols | held.arrays:
            return told(plain, between)
    counted = {letters.n, *(x.size for x in held.indices.values())}
    if isinstance(taken, Index | Size) and getattr(taken, "size", taken) not in counted:
        return told(plain, between)
    words = f"{name} has a meaning of its own: choose another name"
    raise Unreadable(words, form.string, form.start("name"))


def in_letters(names: Names, definition: Definition) -> Definition:
    """A definition in the letters as they are declared: alpha may have a sign here.

    >>> from derivations.text.reading import SERIES
    >>> known = declared(SERIES, [("alpha", "positive")])
    >>> in_letters(known, Definition(letters.L, letters.alpha)).value.is_positive
    True
    """
    told_of = [(names.symbols | names.arrays)[str(letter)] for letter in _ANY_NUMBER]
    letter_of = zip(_ANY_NUMBER, told_of, strict=True)
    known = {
        plain: letter
        for plain, letter in letter_of
        if is_told(letter) and isinstance(letter, type(plain))
    }
    value = definition.value.xreplace(known)
    same = value == definition.value
    return definition if same else Definition(definition.symbol, value)


def _between(name, sign, written):
    """The range that a sign or a range means."""
    if sign in _SIGNS:
        return _SIGNS[sign]
    form = _BETWEEN.fullmatch(sign)
    if not form or not (form["low"] or form["high"]):
        words = f"{name} is declared positive, nonnegative or real, or by a range such "
        raise Unreadable(f"{words}as 0..1, not {sign}", written, 0)
    try:
        low, high = (x and Rational(x) for x in form.group("low", "high"))
    except ZeroDivisionError:
        low = high = 0
    is_low_open, is_high_open = form["left"] != "[", form["right"] != "]"
    between = Range(
        -oo if low is None else low,
        oo if high is None else high,
        low is None or is_low_open,
        high is None or is_high_open,
    )
    if not between.low < between.high:
        words = f"{name}: no number lies between the ends of {sign}"
        raise Unreadable(words, written, 0)
    return between


# What others call our letters: lectures, papers and libraries.

CALLED = """
a  p s S q π σ mu yhat y_hat phat softmax softmax_out softmax_output sm y_pred y_tilde
a  o prob probs pred preds predictions output outputs
y  t y_true y_onehot y_one_hot target targets label labels actual onehot one_hot truth
y  ground_truth
z  x o u f θ theta η eta logit logits score scores
X  A_prev a_prev Aprev A0
A  P O Yhat Y_hat
Y  T
b  B
L  E loss Loss CE NLL BCE ell
J  cost
n  K num_classes n_classes
m  N batch_size n_samples num_examples batch
"""
"""Ours, and what others call it; a letter that stands twice is what its line says.

p is that of cs231n and most papers, ŷ of Goodfellow and d2l, s of Mehta, S of
Bendersky, σ of Wikipedia, q and π of papers, mu on linear models; t is that of Bishop
and nerva, o of d2l where the output is ŷ or p, f of cs231n.
"""
_CALLED = [(row.split()[0], row.split()[1:]) for row in CALLED.strip().splitlines()]
OUTPUT, LABEL, LOGIT = (
    [name for ours, names in _CALLED if ours == letter for name in names]
    for letter in "ayz"
)
SIZE = [name for ours, names in _CALLED if ours in "nm" for name in names]
SIGMOID = {*OUTPUT, "a", "f", "φ", "phi", "h"} - {"softmax", "o"}
"""In a question about it; f and h are so called with a logit behind them alone."""

ENTROPIES = {
    **dict.fromkeys(("H", "CE", "cross_entropy"), "cross_entropy"),
    **dict.fromkeys(("KL", "D_KL", "DKL", "kl_div"), "divergence"),
}
"""What a loss may call, and the method that reads it."""


class _OfLetters(str):
    """A note about a letter of the reader's and one of ours; it keeps the two."""

    __slots__ = ("ours", "theirs")

    def __new__(cls, theirs: str, ours: str) -> "_OfLetters":
        theirs = SHOWN.get(theirs, theirs)
        note = super().__new__(cls, cls.WORDS.format(theirs=theirs, ours=ours))
        note.theirs, note.ours = theirs, ours
        return note


class ReadAs(_OfLetters):
    """A note that a letter of the reader's is one of ours; it keeps the two.

    >>> note = ReadAs("p", "a")
    >>> note, note.theirs, note.ours
    ('p read as a', 'p', 'a')
    """

    __slots__ = ()
    WORDS = "{theirs} read as {ours}"


class FreeLetter(_OfLetters):
    """A note that a line's one free letter is that of the question; it keeps the two.

    >>> note = FreeLetter("i", "j")
    >>> note, note.theirs, note.ours
    ('your i is j here', 'i', 'j')
    """

    __slots__ = ()
    WORDS = "your {theirs} is {ours} here"


SHOWN = {"yhat": "ŷ", "phat": "p̂", "Yhat": "Ŷ"}
_OUTPUTS_NAMED = re.compile(
    r"(?<![A-Za-z\\])d?[psq](?![A-Za-z])|[ŷσ]|\\(?:hat|sigma)|y_hat|softmax|probs"
)
"""Where one of these is the output, o is a logit."""


_S_IS_AN_ARRAY = re.compile(
    r"S(?:[ijk](?![a-z])|\s*(?:_|\[|\([a-z]\)|\^\{?\s*(?:T|\\top|⊤)|ᵀ|[ᵢⱼₖ]|\.T))"
    r"|diag\W{1,3}S\W"
)
"""Where S is the output; the normaliser is a number, and has no index."""
_T_IS_AN_ARRAY = re.compile(
    r"(?<![A-Za-z])(?:[APOŶ]|Yhat|Y_hat|\\hat\{?Y\}?)\s*[-−]\s*T(?![A-Za-z_])"
    r"|(?<![A-Za-z^{.)\]'])T\s*[-−]\s*(?:[APOŶ](?![A-Za-z])|Yhat|Y_hat|\\hat\{?Y)"
)
"""Where T is subtracted from the outputs of a batch, it is the labels."""
_W_IS_A_MATRIX = re.compile(r"(?<![A-Za-z])(?:w_?\{?[a-z][, ]?[a-z]|dw(?![a-z]))")


def aliases(names: Names, used: Iterable[str], source: str) -> dict[str, str]:
    """What each alias is called here, of those that mean nothing else in a question.

    >>> from derivations.text.vocabulary import SERIES
    >>> known = aliases(SERIES, {"L", "z", "j"}, "p_j - t_j")
    >>> known["p"], known["t"], "y" in known
    ('a', 'y', False)
    """
    used = set(used)
    meanings = {name: ours for ours, theirs in _CALLED for name in theirs}
    if used & {"J", "s"}:  # a word of a program has no capital that tells a batch
        words = {x for x, y in meanings.items() if y in "ayz" and len(x) > 3}
        meanings |= {x: meanings[x].upper() for x in words - {*SHOWN}}
    if _W_IS_A_MATRIX.search(source):
        meanings["w"] = "W"
    if not _OUTPUTS_NAMED.search(source):
        meanings["o"] = "a"
    return {
        name: ours
        for name, ours in meanings.items()
        if (ours in names.arrays or ours in names.symbols)
        and _is_free(name, names, used)
        and (name != "S" or _S_IS_AN_ARRAY.search(source))
        and (name != "T" or _T_IS_AN_ARRAY.search(source))
    }


def _is_free(name, names, used):
    """Whether a name has no meaning of its own, or one that no index can take."""
    symbol = names.symbols.get(name)
    if name in used or name in names.arrays:
        return False
    return symbol is None or isinstance(symbol, Index) or name == "S"
