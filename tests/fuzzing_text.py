"""Texts made up by the thousand: each is a formula, or is refused in one clear way.

`make fuzz` calls `search`.  A text is drawn sign by sign, word by word, from formulas
of the theorems with a few signs changed, or as a formula of the grammar.  A find is one
on which `read` fails otherwise, that takes too long, or that is not read back.
"""

import re
import time
from contextlib import suppress
from functools import cache

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from sympy import Expr
from sympy.core.cache import clear_cache

from derivations.formulas.claims import Claim
from derivations.judges.at_points.comparison import compare_at_points
from derivations.judges.verdict import Undecidable
from derivations.text.printing import latex, text
from derivations.text.reading import SERIES, Unreadable, read
from derivations.text.vocabulary import names_of
from derivations.theorems import catalogue

MOST_SECONDS = 0.5  # 0.1 on a quiet machine, but for one of a thousand of the grown
ROUND = settings(
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[*HealthCheck],
)
"""Of a round of the fuzzer: nothing is kept, and a find is made small."""
WORDS = [
    *("a", "y", "z", "L", "J", "S", "A", "Z", "n", "m", "i", "j", "k", "s", "C", "x"),
    *("alpha", "delta", "e", "Sum", "SumExcept", "Derivative", "KroneckerDelta", "exp"),
    *("times", "log", "sqrt", "g", "tanh", "Max", "Abs", "sign", "ln", "lambda", "_"),
    *("0", "1", "2", "0.5", "9", "64", "1e9", ".", "1j", "a[i]", "z[j]", "(k, 1, n)"),
    *("(", ")", "[", "]", ",", "+", "-", "*", "/", "**", "^", "=", "!=", " ", "\n"),
    *("'", '"', ":", ";", "\\", "{", "}", "@", "#", "−", "·", "Σ", "δ", "²", "\0"),
    *("a_i", "y_k", "aj", "dz_j", "ᵢ", "∂", "ᵀ", "^T", ".T", "⊙", "{i=j}", "[i=j]"),
    *(r"\frac", r"\sum", r"\hat", r"\delta_{ij}", r"\left(", "np.", "axis=1", "diag("),
    *(".sum(", "sum_k", "softmax(z)", "p", "s", "t", "1/m", "outer(", "None", "∑"),
]


@cache
def formulas():
    """What the theorems are made of, as text: {text: the names it has}."""
    found = {}
    for derive in catalogue().values():
        chain = derive()
        names = names_of(chain)
        defined = [x for one in chain.where for x in (one.symbol, one.value)]
        sides = [chain.start, *(x.right for x in chain.steps), *defined]
        sides += [x for fact in chain.uses for x in fact.sums]
        found.update((text(x), (x, names)) for x in sides)
    return found


@st.composite
def changed(draw):
    """A formula of a theorem with some of it left out, put in, doubled or moved."""
    source = draw(st.sampled_from(sorted(formulas())))
    for _ in range(draw(st.integers(1, 4))):
        first, last = sorted(draw(st.integers(0, len(source))) for _ in "12")
        last = min(last, first + draw(st.integers(0, 9)))
        word = draw(st.sampled_from([*WORDS, source[first:last] * 2, ""]))
        source = source[:first] + word + source[last:]
    return source


LEAVES = [
    *("0", "1", "2", "3", "10", "64", "1/2", "0.1", 30 * "9", "a[i]", "a[j]", "y[k]"),
    *("z[j]", "L", "S", "C", "n", "delta", "k", "a[1]", "z[i]", "y[i]", "-1", "-z[k]"),
]
FORMS = [
    *("({} + {})", "({} - {})", "{}*{}", "({})/({})", "({})**({})", "-({})"),
    *("times({}, {})", "times({}, {}, {})", "({} + {})**2", "({})**({})"),
    *("Sum({}, (k, 1, n))", "SumExcept({}, (i, 1, n), j)", "Derivative({}, z[j])"),
    *("exp({})", "log({})", "sqrt({})", "tanh({})", "cosh({})", "sin({})", "g({})"),
    *("Abs({})", "({} + {} - {})", "{}*{}*{}", "1/({})"),
]


@st.composite
def grown(draw):
    """A formula of the grammar, sensible or not: rows of parts, put into each other."""
    made = draw(st.lists(st.sampled_from(LEAVES), min_size=2, max_size=6))
    for form in draw(st.lists(st.sampled_from(FORMS), max_size=12)):
        count = form.count("{}")
        made.append(form.format(*(draw(st.sampled_from(made)) for _ in range(count))))
    return made[-1]


def texts():
    """Any text at all, of whatever sense."""
    return st.one_of(
        st.text(max_size=60),
        st.lists(st.sampled_from(WORDS), max_size=25).map("".join),
        changed(),
        grown(),
    )


def fault(source, names=SERIES, most=None):
    """What is wrong with the answer to a text, in a sentence, or None.

    `most` is a number of seconds, or None for no limit.
    """
    try:
        found, spent = _timed(source, names)
        if most is not None and spent > most:  # by itself, or by its neighbours?
            spent = min(spent, *(_timed(source, names)[1] for _ in range(3)))
    except Exception as error:  # whatever it is, that is what we look for
        return f"crashes: {type(error).__name__}: {error}"
    if most is not None and spent > most:
        return f"takes {spent:.2f} s"
    if isinstance(found, Unreadable):
        lines = len(str(found).splitlines())
        clear = lines in (3, 4) and found.expected.isprintable()
        inside = 0 <= found.position <= len(source)
        if not (clear and inside):
            return f"is refused in these words: {found}"
        return _not_taken(found, names)
    return _not_read_back(found, names)


def _not_taken(refused, names):
    """Which suggested line is refused in its turn, in a sentence, or None."""
    for line in refused.suggestions:
        if isinstance(_timed(line, names)[0], Unreadable):
            return f"gets a suggestion that is refused: {line}"
    return None


def _timed(source, names):
    """What `read` answers when it remembers nothing, and its seconds."""
    clear_cache()
    started = time.process_time()
    try:
        found = read(source, names)
    except Unreadable as refused:
        found = refused
    return found, time.process_time() - started


def _not_read_back(found, names):
    if not isinstance(found, Expr):
        return f"gives {found!r}"
    written = text(found)
    try:
        again = read(written, names)
    except Unreadable as refused:
        # What was short as it was written may be long, or deep, as it is printed.
        bounds = "most|up to|more than|too |power of a power|takes what"
        bounded = re.search(bounds, refused.expected)
        return None if bounded else f"cannot be read back: {refused}"
    latex(found)
    if text(again) == written:
        return None
    # SymPy turns sqrt(x**2) into Abs(x) only when it makes it anew.
    with suppress(Undecidable):
        if compare_at_points(Claim(found, again)).counterexample:
            return f"is read back as {text(again)}"
    return None


def search(number, end, examples=500):
    """How many texts were looked at, and the smallest find and its fault, or None."""
    seen, count = [], [0]

    @seed(number)
    @settings(ROUND, max_examples=examples)
    @given(texts())
    def every_text_has_an_answer(source):
        if time.monotonic() > end:
            return
        count[0] += 1
        wrong = fault(source, most=MOST_SECONDS)
        if wrong:
            seen.append((source, wrong))
        assert not wrong

    with suppress(AssertionError, Flaky):
        every_text_has_an_answer()
    return count[0], min(seen, key=lambda find: len(find[0]), default=None)
