r"""A text as a formula of the engine: read as it is written, and said how it was read.

A reader's text is never evaluated.  `words` makes its tokens, `parsing` their tree, and
`meaning` what each part of it stands for, in entries of our letters.  What cannot be
read is `Unreadable`, which names the place and says what to write instead.
"""

import re
from dataclasses import dataclass

from lark import Tree
from sympy import Derivative, Eq, Expr, Indexed, Integer, Ne, Symbol
from sympy.core.relational import Relational

from derivations.formulas.binding import instance, readable
from derivations.formulas.indices import Index, free_symbols
from derivations.letters import J, L
from derivations.text.aliases import aliases, refuse_two_labels
from derivations.text.notation.bounds import bounded
from derivations.text.notation.differentials import Differential
from derivations.text.notation.meaning import Meaning
from derivations.text.notation.parsing import items, kind, tree_of
from derivations.text.notation.shapes import number, product, written
from derivations.text.notation.words import tokens
from derivations.text.parameters import declared
from derivations.text.printing import escaped, latex, text
from derivations.text.questions import Question, loss_of, slots
from derivations.text.repairs import repairs
from derivations.text.unreadable import ShapeError, Unreadable
from derivations.text.vocabulary import SERIES, Names, names_of

__all__ = [
    "SERIES",
    "Names",
    "Reading",
    "Unreadable",
    "declared",
    "names_of",
    "read",
    "read_case",
    "read_text",
]


@dataclass(frozen=True)
class Reading:
    """A formula as it was read: the sides of an equation, and what was assumed.

    The question is no side: dz = a − y has one.
    """

    sides: tuple
    notes: tuple = ()

    @property
    def expr(self) -> Expr:
        """The last side, or the one formula."""
        return self.sides[-1]

    def __str__(self):
        notes = f" ({'; '.join(self.notes)})" if self.notes else ""
        return f"{' = '.join(map(text, self.sides))}{notes}"

    def asked_of(self, question: Expr) -> str:
        """How it was read, in lines: question = answer, and what was assumed.

        >>> from derivations.letters import L, a, j, z
        >>> print(Reading((a[j],), ("p read as a",)).asked_of(Derivative(L, z[j])))
        Derivative(L, z[j]) = a[j]
        read this way: p read as a
        """
        lines = [" = ".join(map(text, (question, *self.sides)))]
        if self.notes:
            lines.append(f"read this way: {'; '.join(self.notes)}")
        return "\n".join(lines)

    def in_markdown(self, question: Expr) -> str:
        """The same, typeset.

        >>> from derivations.letters import L, a, j, z
        >>> print(Reading((a[j],), ("p read as a",)).in_markdown(Derivative(L, z[j])))
        read as $a_{j}$, asked of $\\frac{\\partial L}{\\partial z_{j}}$ (p read as a)
        """
        answer = " = ".join(map(latex, self.sides))
        notes = f" ({escaped('; '.join(self.notes))})" if self.notes else ""
        return f"read as ${answer}$, asked of ${latex(question)}${notes}"


def read(source: str, names: Names = SERIES, question: Expr | None = None) -> Expr:
    """The formula that a text stands for, as an answer to a question if there is one.

    Arrays are taken at the free letters of the question.
    Raises Unreadable for every other text, and TypeError for what is no text.
    Source: notebook 15 and `python -m derivations check`.

    >>> read("a_j sum_i y_i - y_j")
    a[j]*Sum(y[i], (i, 1, n)) - y[j]
    >>> from derivations.letters import L, j, z
    >>> read("a − y", question=Derivative(L, z[j]))
    a[j] - y[j]
    >>> read("a_j -")
    Traceback (most recent call last):
    derivations.text.unreadable.Unreadable: nothing behind `-`: a name, a number or a \
parenthesis is expected
    a_j -
         ^
    perhaps: a_j
    """
    given = read_text(source, names, question)
    if len(given.sides) > 1:
        raise Unreadable("one formula is expected here, and no equation", source, 0)
    return given.expr


def read_text(
    source: str, names: Names = SERIES, question: Question | Expr | None = None
) -> Reading:
    """The same with every side of an equation, and what was assumed.

    Asked dW, or below dW = …, a line that divides by m has the course's dZ, of L_s.

    >>> from derivations.letters import L, j, z
    >>> print(read_text("dL/dz_i = p_i - t_i", question=Derivative(L, z[j])))
    a[j] - y[j] (your i is j here; p read as a; t read as y)
    """
    if not isinstance(source, str):
        raise TypeError(f"expected text, got {source!r}")
    asked = question if isinstance(question, Question) else Question(question)
    try:
        return _read(source, names, asked)
    except Unreadable as problem:

        def is_read(line):
            try:
                sides = _read(line, names, asked).sides
            except Unreadable:
                return False
            return asked.expr is not None or len(sides) == 1

        found = [line for line in problem.suggestions if is_read(line)]
        found = found or repairs(source, problem, slots(asked.expr), is_read)
        raise problem.placed(source, problem.position, found) from None


def _read(source, names, asked):
    question = asked.expr
    used = {str(x) for x in free_symbols(question)} if question is not None else set()
    known = aliases(names, used, source)
    refuse_two_labels(source, known)
    try:
        row = tokens(source, names, known)
        tree = tree_of(row, source)
        about = slots(question), loss_of(question)
        meaning = Meaning(source, row, names, known, *about)
        meaning.is_short = asked.is_short
        return _Equation(meaning, question).reading(tree)
    except Unreadable as problem:
        if problem.position is not None:
            raise
        raise problem.placed(source, 0) from None
    except (
        ArithmeticError,
        AttributeError,
        MemoryError,
        NotImplementedError,
        RecursionError,
        TypeError,
        ValueError,
    ) as problem:  # SymPy refuses a few that no rule here does
        words = f"this is no formula here ({type(problem).__name__}: {problem})"
        raise Unreadable(words[:200], source, 0) from None


class _Equation:
    """The sides of an equation, the first of which may be the question."""

    def __init__(self, meaning, question):
        self.meaning, self.question = meaning, question

    def reading(self, tree):
        nodes = _sides(tree)
        for sign in (x for x in tree.children if x == "≠"):
            self.meaning.refuse("`≠`: a formula is expected, and no case", sign)
        renamed = None
        if self.question is not None and len(nodes) > 1:
            renamed = self.letters_of_question(nodes[0])
            self.meaning.is_short |= kind(nodes[0]) == "diff"
        answers = nodes if renamed is None else nodes[1:]
        sides = [self.side(node, renamed or {}) for node in answers]
        return Reading(tuple(sides), tuple(self.meaning.notes))

    def side(self, node, renamed):
        array = self.meaning.array(node)
        expr = bounded(array.entry() if not array.shape else self.asked(array, node))
        others = {x for x in free_symbols(expr) if isinstance(x, Index)}
        return readable(instance(expr, renamed)) if others & {*renamed} else expr

    def asked(self, array, node):
        """The entry of an array at the letters that are asked about."""
        letters = self.meaning.open_slots
        sizes = tuple(letter.size for letter in letters)
        shape = self.meaning.written(array)
        if self.question is None:
            words = f"this is an array of shape {shape}: write an entry of it"
            self.meaning.refuse(words, node, ShapeError)
        fits = len(array.sizes) == len(sizes) and all(
            x in (None, y) for x, y in zip(array.sizes, sizes, strict=True)
        )
        if not fits:
            words = (
                f"this has shape {shape}, and the question asks for {written(sizes)}"
            )
            if letters:
                words += f", one entry for each {', '.join(map(str, letters))}"
            if array.sizes[::-1] == sizes:
                words += ": transpose it"
            self.meaning.refuse(words, node, ShapeError)
        if array.shape[:1] == (1,) and len(array.shape) == 2 and letters:
            self.meaning.note("a row, read as the column that is asked for")
        return product(array.at(*letters))

    def letters_of_question(self, node):
        """The letters that a left side calls otherwise; None where it is an answer."""
        value = self.meaning.value(node)
        if isinstance(value, Differential):
            found = self.of_differential(value, node)
        else:
            array = self.meaning.as_array(value, node)
            found = self.at_slots(array)
        renamed = None if found is None else self.renamed(found)
        if renamed is not None:
            return renamed
        if found is not None and not isinstance(found, Derivative | Indexed | Symbol):
            return None
        said = self.meaning.text(node) if found is None else text(found)
        words = f"the left side is {said}, and the question is {text(self.question)}"
        return self.meaning.refuse(words, node)

    def of_differential(self, value, node):
        """dz as the derivative of the loss that is asked about, by an entry of z."""
        of = getattr(self.question, "expr", None)
        is_loss = of is not None and str(getattr(of, "base", of)) in ("L", "J")
        if value.operand is None or not is_loss:
            return None
        found = self.meaning.derivative(number(of), [value.operand])
        return self.at_slots(found)

    def at_slots(self, array):
        """The entry at the letters that are asked about; None where it has others."""
        if not array.shape:
            return array.entry()
        letters = self.meaning.open_slots
        fits = len(array.sizes) == len(letters)
        return product(array.at(*letters)) if fits else None

    def renamed(self, found):
        """Our letters for those of a left side that asks the same; None for another."""
        ours, theirs = self.meaning.slots, slots(found)
        sizes = [[letter.size for letter in letters] for letters in (ours, theirs)]
        if sizes[0] != sizes[1]:
            return None
        renamed = {x: y for x, y in zip(theirs, ours, strict=True) if x != y}
        found = self.of_mean(found)
        if _in_order(instance(found, renamed)) != _in_order(
            instance(self.question, {})
        ):
            return None
        for one, other in renamed.items():
            self.meaning.note(f"your {one} is {other} here")
        return renamed

    def of_mean(self, found):
        """A derivative of L where J is asked about: L is what others call the mean."""
        if getattr(self.question, "expr", None) == J and getattr(found, "expr", 0) == L:
            self.meaning.note("L read as J")
            return Derivative(J, *found.variables)
        return found


def _in_order(expr):
    """A derivative with its variables in one order; two orders are one derivative."""
    if not isinstance(expr, Derivative):
        return expr
    return Derivative(expr.expr, *sorted(expr.variables, key=str))


def _sides(tree):
    r"""The sides of an equation, also of one in braces, as \boxed{…} has."""
    nodes = [node for node in tree.children if isinstance(node, Tree)]
    while len(nodes) == 1 and kind(nodes[0]) == "group":
        inside = items(nodes[0])
        if len(inside) != 1 or nodes[0].children[0] != "{":
            break
        is_equation = kind(inside[0]) == "relation"
        nodes = (
            [x for x in inside[0].children if isinstance(x, Tree)]
            if is_equation
            else inside
        )
    return nodes


_CASE = re.compile(r"\s*(\w+)\s*(==?|!=|≠)\s*(\w+)\s*", re.ASCII)


def read_case(source: str, names: Names = SERIES) -> Relational | None:
    """The case that a text says: Eq for i = j, Ne for i ≠ j or i != j, None for none.

    The second index may be a number.
    Raises Unreadable for what is no case of two indices of one size.

    >>> read_case("i != j"), read_case("i = 1"), read_case("")
    (Ne(i, j), Eq(i, 1), None)
    """
    if not source.strip():
        return None
    form = _CASE.fullmatch(source) if len(source) < 100 else None
    if not form:
        raise Unreadable("a case is written i = j or i ≠ j", source, 0)
    one, other = (names.indices.get(form[group]) for group in (1, 3))
    other = Integer(form[3]) if re.fullmatch("[1-9][0-9]{0,2}", form[3]) else other
    for group, index in ((1, one), (3, other)):
        if index is None:
            words = f"{form[group]} is no index: a case is i = j or i ≠ j"
            raise Unreadable(words, source, form.start(group))
    if not other.is_Integer and (one == other or one.size != other.size):
        words = f"two letters that count to {one.size} are expected, such as i and j"
        raise Unreadable(words, source, form.start(3))
    return (Eq if form[2].startswith("=") else Ne)(one, other)
