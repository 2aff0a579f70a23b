"""Text in lines: a term of pieces, broken where it is too long.

A piece is a text, a term, or a `Break`: a space or a new line.  The level of a term
says how tightly it binds, as Rocq's grammar numbers it; what stands where a tighter one
is needed gets parentheses.
"""

from dataclasses import dataclass
from textwrap import fill

WIDTH = 96
ATOM, APPLICATION, POWER, MINUS, PRODUCT, SUM, RELATION = 0, 10, 30, 35, 40, 50, 70
BINDER = 200


@dataclass(frozen=True)
class Break:
    """A place to break, with the columns by which the new line is moved in.

    In a term that is too long, every one is a new line; a soft one only where what
    follows is too long for this line.
    """

    indent: int = 0
    is_soft: bool = False


@dataclass(frozen=True)
class Term:
    """Pieces that belong together, and how tightly they bind.

    >>> total = Term(SUM, ("a", Break(), "+ ", "b"))
    >>> str(total), str(total.within(PRODUCT))
    ('a + b', '(a + b)')
    """

    level: int
    pieces: tuple

    def __str__(self):
        return "".join(" " if isinstance(x, Break) else str(x) for x in self.pieces)

    @property
    def is_closed(self):
        """Whether parentheses stand around it."""
        return self.pieces[0] == "("

    @property
    def bare(self):
        """The term without parentheses around it."""
        return self.pieces[1] if self.is_closed else self

    def within(self, level):
        """The term where at most this level may stand."""
        return self if self.level <= level else Term(ATOM, ("(", self, ")"))

    def lines(self, column=0, behind=0, start=None):
        """Its text from a column on, where some columns are needed behind it.

        New lines are moved in from `start`, which is the column where none is given.

        >>> print(Term(SUM, ("a" * 60, Break(2), "+ ", "b" * 60)).lines(4)[56:])
        aaaa
              + bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
        """
        if column + len(str(self)) + behind <= WIDTH:
            return str(self)
        start = column if start is None else start
        text = ""
        for place, piece in enumerate(self.pieces):
            rest = _length(self.pieces[place + 1 :], behind)
            written = piece
            if isinstance(piece, Break):
                is_short = piece.is_soft and column + 1 + rest <= WIDTH
                written = " " if is_short else "\n" + " " * (start + piece.indent)
            elif isinstance(piece, Term):
                is_block = piece.is_closed or piece.level == BINDER
                written = piece.lines(column, rest, start if is_block else None)
            text += written
            column = len(written.rpartition("\n")[2]) + column * ("\n" not in written)
        return text


def _length(pieces, behind):
    """The length of what follows up to the next break, or to the end and behind it."""
    length = 0
    for piece in pieces:
        if isinstance(piece, Break):
            return length
        length += len(str(piece))
    return length + behind


def atom(text):
    """What needs no parentheses anywhere."""
    return Term(ATOM, (text,))


def spaced(terms):
    """Terms with a space before each, or a new line."""
    return tuple(x for term in terms for x in (Break(2, is_soft=True), term))


def apply(head, *arguments):
    """What is applied to arguments: a name, or an application of one.

    >>> str(apply(apply("softmax", atom("n")), Term(SUM, ("z", " + ", "v"))))
    'softmax n (z + v)'
    """
    head = head.pieces if isinstance(head, Term) else (head,)
    pieces = (*head, *spaced(x.within(ATOM) for x in arguments))
    return Term(APPLICATION if len(pieces) > 1 else ATOM, pieces)


def function_of(letter, body):
    """fun LETTER => BODY, in parentheses."""
    return Term(BINDER, (f"fun {letter} =>", Break(2), body)).within(ATOM)


def quotient(above, below=(), is_negative=False):
    """A product of factors over others, with its minus in front.

    >>> print(quotient([], [atom("m")]), quotient([atom("y")], [atom("a")], True))
    1 / m - (y / a)
    """
    first, *factors = [x.within(POWER) for x in above] or [atom("1")]
    pieces = [first, *(x for factor in factors for x in (Break(), "* ", factor))]
    if below:
        pieces += [Break(), "/ ", quotient(below).within(POWER)]
    whole = Term(PRODUCT, tuple(pieces)) if len(pieces) > 1 else first.bare
    return Term(MINUS, ("- ", whole.within(POWER))) if is_negative else whole


def total(terms):
    """A sum of terms: those with a minus behind the others, each kind by its text.

    >>> print(total([quotient([atom("y")], is_negative=True), atom("b"), atom("a")]))
    a + b - y
    """
    first, *rest = sorted(terms, key=lambda x: (x.level == MINUS, str(x)))
    pieces = [first.within(SUM)]
    for term in rest:
        is_less = term.level == MINUS
        inner = term.pieces[1].bare if is_less else term
        pieces += [Break(), "- " if is_less else "+ ", inner.within(PRODUCT)]
    return Term(SUM, tuple(pieces))


def comment(words: str) -> str:
    """A comment; what would end it, or begin a text in it, is written apart.

    >>> print(comment('the "rest" (*)'))
    (* the 'rest' ( * ) *)
    """
    words = words.replace('"', "'").replace("(*", "( *").replace("*)", "* )")
    return fill(f"(* {words} *)", WIDTH, subsequent_indent="   ")
