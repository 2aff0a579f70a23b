"""An equation as an answer: its sides, and whether its left side asks the question."""

from dataclasses import dataclass

from sympy import Add, Derivative, Eq, Expr, Indexed, Mul, Ne, Sum, Symbol
from sympy.core.relational import Relational

from derivations.formulas.binding import instance, readable
from derivations.formulas.indices import Index, free_symbols
from derivations.judges.counterexample import in_markdown
from derivations.letters import C, J, L, Ls, c, y
from derivations.text.names import FreeLetter
from derivations.text.notation.bounds import LARGEST, bounded, without_largest
from derivations.text.notation.differentials import Differential
from derivations.text.notation.parsing import kind, sides_of
from derivations.text.notation.shapes import number, product, written
from derivations.text.printing import latex
from derivations.text.questions import is_sigmoid, slots
from derivations.text.unicode import unicode
from derivations.text.unreadable import Ambiguous, ShapeError, Unreadable


@dataclass(frozen=True)
class Reading:
    """A formula as it was read: the sides of an equation, and what was assumed.

    The question is not a side: dz = a − y has one side.  `case` is the case for which
    the line says that it holds: −a_i a_j for i ≠ j.
    """

    sides: tuple
    notes: tuple = ()
    case: Relational | None = None

    @property
    def expr(self) -> Expr:
        """The last side, or the one formula."""
        return self.sides[-1]

    def __str__(self):
        notes = f" ({'; '.join(self.notes)})" if self.notes else ""
        return f"{' = '.join(map(unicode, self.sides))}{notes}"

    def held_in(self, case: Relational | None, source: str) -> "Reading":
        """The same, where the case holds in which the line is said to hold.

        Raises Unreadable where another case holds, or none.
        """
        said = None if self.case is None else (self.case.func, {*self.case.args})
        if said and (case is None or said != (case.func, {*case.args})):
            words = f"this is said of the case {_in_words(self.case)}: choose that case"
            raise Unreadable(words, source, 0)
        return self

    def asked_of(self, question: Expr) -> str:
        """How it was read, in lines: question = answer, and what was assumed.

        >>> from derivations.letters import L, a, j, z
        >>> print(Reading((a[j],), ("p read as a",)).asked_of(Derivative(L, z[j])))
        ∂L/∂z_j = a_j
        read this way: p read as a
        """
        lines = [" = ".join(map(unicode, (question, *self.sides)))]
        if self.notes:
            lines.append(f"read this way: {'; '.join(self.notes)}")
        return "\n".join(lines)

    def in_markdown(self, question: Expr) -> str:
        """The same, typeset.

        >>> from derivations.letters import L, a, j
        >>> print(Reading((a[j],), ("p read as a",)).in_markdown(L))
        read as $a_{j}$, which should equal $L$ (p read as a)
        """
        answer = " = ".join(map(latex, self.sides))
        notes = f" ({in_markdown('; '.join(self.notes))})" if self.notes else ""
        return f"read as ${answer}$, which should equal ${latex(question)}${notes}"


class Equation:
    """The sides of an equation, the first of which may be the question."""

    def __init__(self, meaning, question):
        self.meaning, self.question = meaning, question

    def reading(self, tree, index="", case=None):
        """The sides; `index` are the letters of a name of the reader's on the left."""
        nodes = sides_of(tree)
        for sign in (x for x in tree.children if x == "≠"):
            self.meaning.refuse("`≠`: expected a formula, not a case", sign)
        renamed = None
        if index:
            renamed = self.renamed_by(index)
        elif self.question is not None and len(nodes) > 1:
            renamed = self.letters_of_question(nodes[0])
            self.meaning.is_short |= kind(nodes[0]) == "diff"
        answers = nodes if renamed is None or index else nodes[1:]
        self.meaning.has_left = renamed is not None
        sides = [self.side(node, renamed or {}) for node in answers]
        sides = self.over_repeated(sides, answers)
        if case is not None:
            indices = [self.meaning.names.indices[x] for x in case[::2]]
            one, other = (dict(renamed or {}).get(x, x) for x in indices)
            if one == other or one.size != other.size:
                words = "a case compares two letters of one range, such as i = j"
                raise Unreadable(words, self.meaning.source, 0)
            case = (Eq if case[1] == "=" else Ne)(one, other)
            self.meaning.note(f"in the case {_in_words(case)}")
        return Reading(tuple(sides), tuple(self.meaning.notes), case)

    def over_repeated(self, sides, nodes):
        """The sides with a sum over a letter that is repeated, and asked about nowhere.

        A sum is meant where the label y has that letter and the last side does not.
        Otherwise the letter may be the true class, and the reader is asked.
        """
        if not isinstance(self.question, Derivative):
            return sides
        told = free_symbols(self.question) | self.meaning.columns | {c}
        free = [{*_repeated(x)} - told for x in sides]
        for letter in sorted(set().union(*free), key=str):
            has_label = any(
                letter in x.indices
                for side in sides
                for x in side.atoms(Indexed)
                if x.base == y
            )
            if not has_label or letter in free_symbols(sides[-1]):
                self.refuse_repeated(letter, sides, nodes)
            self.meaning.note(f"the repeated {letter} is summed")
            sides = [_summed(side, letter) for side in sides]
        return sides

    def refuse_repeated(self, letter, sides, nodes):
        """Ask whether a letter that is asked about nowhere is summed."""
        found = [
            x for side, x in zip(sides, nodes, strict=True) if letter in _repeated(side)
        ]
        texts = [self.meaning.text(x) for x in found]
        texts = [
            f"({t})" if kind(x) == "sum" else t
            for t, x in zip(texts, found, strict=True)
        ]
        line = self.meaning.replaced(
            *((x, x, f"sum_{letter} {t}") for x, t in zip(found, texts, strict=True))
        )
        words = (
            f"`{letter}` is no letter of the question: is it summed, or the class c?"
        )
        self.meaning.refuse(words, found[0], Ambiguous, [line])

    def renamed_by(self, index):
        """Our letters for those of H_ij, where H is a name of the reader's own."""
        theirs = [self.meaning.names.indices.get(x) for x in index]
        ours = self.meaning.slots
        if [getattr(x, "size", 0) for x in theirs] != [x.size for x in ours]:
            words = f"the left side has the letters {index}, and the question {ours}"
            raise Unreadable(words, self.meaning.source, 0)
        return {x: y for x, y in zip(theirs, ours, strict=True) if x != y}

    def side(self, node, renamed):
        array = self.meaning.array(node)
        expr = bounded(array.entry() if not array.shape else self.asked(array, node))
        expr = without_largest(expr) if expr.has(LARGEST) else expr
        others = {x for x in free_symbols(expr) if isinstance(x, Index)}
        renamed = renamed or self.one_letter(others)
        return readable(instance(expr, renamed)) if others & {*renamed} else expr

    def one_letter(self, others):
        """Our letter for the one that is asked about nowhere: a_i − y_i of dL/dz_j."""
        slots = self.meaning.slots
        (one, *more) = [*others - {*slots}] or [None]
        missing = [x for x in slots if x not in others]
        if more or len(missing) != 1 or getattr(one, "size", 0) != missing[0].size:
            return {}
        is_slope = isinstance(self.question, Derivative)
        if not is_slope or one == c or one in self.meaning.names.held:
            return {}
        self.meaning.note(FreeLetter(str(one), str(missing[0])))
        return {one: missing[0]}

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
        if not fits and self.is_vector_for_matrix(array, sizes):
            row, column = letters
            self.meaning.note(f"a vector, read as its entry {row} for every {column}")
            return product(array.at(row))
        if not fits:
            words = (
                f"this has shape {shape}, and the question asks for {written(sizes)}"
            )
            if letters:
                words += f", one entry for each {', '.join(map(str, letters))}"
            if array.sizes[::-1] == sizes:
                words += ": transpose it"
            lines = []
            if self.question == L:
                lines = [f"Σ ({self.meaning.source.strip()})"]
                words = f"a loss is one number, and this is an array of shape {shape}: "
                words += "put Σ before it"
            self.meaning.refuse(words, node, ShapeError, lines)
        if array.shape[:1] == (1,) and len(array.shape) == 2 and letters:
            self.meaning.note("a row, read as the column that is asked for")
        if c in letters and array.sizes:
            self.meaning.note(f"a vector, read as its entry {c}")
        return product(array.at(*letters))

    def is_vector_for_matrix(self, array, sizes):
        """Whether a column stands where a square matrix is asked for: a ⊙ (1 − a)."""
        return array.shape[:1] != (1,) and array.sizes * 2 == sizes

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
        named = (Derivative, Indexed, Symbol)
        if self.question == L and isinstance(found, Indexed) and found.base == Ls:
            self.meaning.note(f"{self.meaning.text(node)} is the loss of one example")
            return {}
        if found == C and self.question in (L, J):
            self.meaning.note(f"C read as {self.question}")
            return {}
        if isinstance(found, Symbol) and not isinstance(self.question, named):
            self.meaning.note(f"{found} is your name for what is asked")
            return {}
        of = getattr(found, "expr", found)
        is_number = bool(self.meaning.slots) and found is not None
        is_number &= not {*self.meaning.slots} & free_symbols(found or L)
        is_answer = found is not None and not isinstance(of, named)
        if is_answer and not (is_number and found.has(Derivative)):  # v^T H v is none
            return None
        said = self.meaning.text(node) if found is None else unicode(found)
        words = f"the left side is {said}, and the question is {unicode(self.question)}"
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
        if len(array.sizes) == 2 and is_sigmoid(self.question):
            letters = letters * 2  # dσ(z)/dz of each entry
        if len(array.sizes) < len(letters):  # da/dz_j, of each a_i
            held = free_symbols(product(array.at(*letters[: len(array.sizes)])))
            letters = [x for x in letters if x not in held or x == letters[0]]
        fits = len(array.sizes) == len(letters)
        return product(array.at(*letters)) if fits else None

    def renamed(self, found):
        """Our letters for those of a left side that asks the same; None for another."""
        found = self.of_mean(self.of_own_loss(found))
        ours, theirs = self.meaning.slots, slots(found)
        sizes = [[letter.size for letter in letters] for letters in (ours, theirs)]
        if sizes[0] != sizes[1]:
            return None
        renamed = {x: y for x, y in zip(theirs, ours, strict=True) if x != y}
        if _in_order(instance(found, renamed)) != _in_order(
            instance(self.question, {})
        ):
            return None
        for one, other in renamed.items():
            self.meaning.note(f"your {one} is {other} here")
        return renamed

    def of_own_loss(self, found):
        """dL/da_j as the derivative of the loss that the question writes out."""
        of, loss = getattr(self.question, "expr", None), getattr(found, "expr", None)
        if loss not in (L, J, C) or not any(x.base == y for x in of.atoms(Indexed)):
            return found
        self.meaning.note(f"{loss} is your name for the loss that is asked about")
        return Derivative(of, *found.variables)

    def of_mean(self, found):
        """A derivative of L where J is asked about: L is what others call the mean."""
        if getattr(self.question, "expr", None) == J and getattr(found, "expr", 0) == L:
            self.meaning.note("L read as J")
            return Derivative(J, *found.variables)
        return found


def _factors(term):
    return term.args if isinstance(term, Mul) else (term,)


def _derived(expr):
    """What is differentiated in the terms of a formula."""
    found = (f for term in Add.make_args(expr) for f in _factors(term))
    return [x.expr for x in found if isinstance(x, Derivative)]


def _repeated(expr):
    """The letters that stand free in two factors of a term."""
    for part in _derived(expr):
        yield from _repeated(part)
    for term in Add.make_args(expr):
        letters = [x for f in _factors(term) for x in free_symbols(f)]
        yield from (x for x in letters if isinstance(x, Index) and letters.count(x) > 1)


def _summed(expr, letter):
    """The sum over a letter, of each term in which it is repeated."""
    expr = expr.xreplace({x: _summed(x, letter) for x in _derived(expr)})
    terms = Add.make_args(expr)
    return Add(
        *(
            Sum(x, (letter, 1, letter.size)) if letter in _repeated(x) else x
            for x in terms
        )
    )


def _in_words(case):
    return f" {'=' if isinstance(case, Eq) else '≠'} ".join(map(unicode, case.args))


def _in_order(expr):
    """A derivative with its variables in one order; two orders are one derivative."""
    if not isinstance(expr, Derivative):
        return expr
    return Derivative(expr.expr, *sorted(expr.variables, key=str))
