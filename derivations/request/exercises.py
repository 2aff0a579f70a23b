"""An exercise: the letters of its answers, and right or wrong ones that are refused."""

import re

from sympy import Derivative, Expr, Indexed

from derivations.formulas.indices import Index, Size
from derivations.request.context import Context, UnreadablePartError
from derivations.request.lettering import letters_in, typed_letters
from derivations.request.renaming import places
from derivations.text.unicode import unicode
from derivations.text.unreadable import Unreadable

_SLOPE = re.compile(r"∂|partial|Derivative|\bd[^/]*/\s*d")


def letters_of_answers(holds: Context) -> list[str]:
    """The letters in which the start of a context may be answered, δ where it may help.

    >>> from derivations.request.context import context
    >>> letters_of_answers(context(["softmax"], start="∂ log a_i/∂z_j"))
    ['a', 'i', 'j', 'k', 'n', 'z', 'δ']
    """
    given = [x for one in holds.where for x in (one.symbol, one.value)]
    letters = letters_in([holds.start, *given])
    is_through = any(isinstance(one.symbol, Indexed) for one in holds.where)
    has_cases = is_through and holds.start.has(Derivative) and holds.case is None
    return [*letters, "δ"] if has_cases and "δ" not in letters else letters


def refuse_other_letters(holds: Context, source: str, given: Expr) -> None:
    """Refuse a wrong answer with a letter that its question does not have.

    >>> from derivations.letters import alpha
    >>> from derivations.request.context import context
    >>> holds = context(["softmax"], start="a_i/a_j")
    >>> refuse_other_letters(holds, "2α", 2 * alpha)
    Traceback (most recent call last):
    derivations.request.context.UnreadablePartError: α is not one of the letters of \
this exercise: a, i, j, k, n, z
    2α
     ^
    """
    known, found = letters_of_answers(holds), typed_letters(given)
    counted = {unicode(x) for x in given.atoms(Index, Size)}
    for letter, name in found.items():
        if letter in {*known, *counted, "δ"}:
            continue
        words = f"{letter} is not one of the letters of this exercise: "
        at = min(places(source, name), default=0)
        problem = Unreadable(words + ", ".join(known), source, at)
        raise UnreadablePartError("answer", problem)


def refuse_unfinished(holds: Context, source: str, given: Expr) -> None:
    """Refuse a right answer with a derivative by what its question is derived by.

    >>> from derivations.request.context import context
    >>> holds = context(["softmax"], start="∂ log a_i/∂z_j")
    >>> refuse_unfinished(holds, "d log a_i/dz_j", holds.start)
    Traceback (most recent call last):
    derivations.request.context.UnreadablePartError: this is right, and not derived \
yet: write it without ∂
    d log a_i/dz_j
    ^
    """
    if writes_a_slope(source) and not is_derived(given, holds.start):
        words = "this is right, and not derived yet: write it without ∂"
        raise UnreadablePartError("answer", Unreadable(words, source, 0))


def writes_a_slope(source: str) -> bool:
    """Whether a derivative is typed in an answer; a Jacobian J is none.

    >>> writes_a_slope("d log a_i/dz_j"), writes_a_slope("Jᵀ(a - y)")
    (True, False)
    """
    return _SLOPE.search(source) is not None


def is_derived(given: Expr, question: Expr) -> bool:
    """Whether an answer has no derivative by what its question is derived by.

    >>> from derivations.letters import a, delta, i, j, log, z
    >>> slope = Derivative(log(a[i]), z[j])
    >>> is_derived(delta - a[j], slope), is_derived(1 * slope, slope)
    (True, False)
    """

    def by(formula):
        slopes = formula.atoms(Derivative)
        return {getattr(x, "base", x) for one in slopes for x in one.variables}

    return not by(given) & by(question)
