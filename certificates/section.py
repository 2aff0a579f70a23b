"""A theorem as a section of a file: its context, a lemma for each step, the theorem."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from textwrap import fill

from sympy import Derivative, Indexed, Ne

from certificates.gallina import Writer
from certificates.layout import (
    ATOM,
    BINDER,
    RELATION,
    SUM,
    WIDTH,
    Break,
    Term,
    comment,
    spaced,
)
from certificates.naming import CannotExportError, name
from derivations.formulas.claims import Hypothesis
from derivations.formulas.indices import Index, Size, free_symbols
from derivations.letters import g, g_prime
from derivations.proof import Derivation


@dataclass(frozen=True)
class Section:
    """A chain by its name, where `names` has those of the definitions.

    >>> from derivations.theorems import softmax
    >>> names = {softmax.softmax: "softmax", softmax.normaliser: "normaliser"}
    >>> print(Section("case_equal", softmax.case_equal(), names).statement)
    Theorem case_equal : partial (fun z => softmax n z i) z j = (1 - a i) * a i.
    """

    name: str
    chain: Derivation
    names: dict

    @cached_property
    def writer(self):
        """What writes its expressions; it has met all of them when `written` is."""
        where = self.chain.where
        for one in where:
            if one not in self.names:
                raise CannotExportError(f"the definition {one}, which has no name")
        return Writer({one: self.names[one] for one in where})

    @cached_property
    def sides(self) -> list[Term]:
        """The sides of all steps."""
        expressions = [self.chain.start, *(x.right for x in self.chain.steps)]
        return [self.writer(x) for x in expressions]

    @cached_property
    def written(self):
        """Functions of the defined letters, conditions, and what is said to exist.

        Each may speak of letters of which the others do not, with further conditions.
        """
        writer, conditions, existence = self.writer, {}, {}
        new = self.sides, [*self._case()]
        while any(new):
            functions = self._defined()
            new = [writer.conditions - {*conditions}, writer.derivatives - {*existence}]
            conditions |= {x: self._condition(*x) for x in new[0]}
            existence |= {x: self._exists(*x) for x in new[1]}
        lemmas = {str(x): x for x in existence.values()}
        return functions, sorted({*conditions.values()}), lemmas

    @cached_property
    def facts(self) -> dict[str, str]:
        """What each hypothesis says of the arrays that are written, by its name."""
        letters = self.written and {*self.writer.letters}
        return {self.writer.names(x): self._fact(x, letters) for x in self.chain.uses}

    def _defined(self):
        """The functions of the defined letters in use, each behind those in it."""
        functions = {}

        def visit(base):
            if base in self.writer.definitions and base not in functions:
                known = self.writer.function(base)
                self.writer.sizes.update(known.sizes)
                self.writer.indices.update(known.indices)
                self.writer.letters.update(known.letters)
                for one in known.letters:
                    visit(one)
                functions[base] = known

        for base in sorted(self.writer.letters, key=name):
            visit(base)
        return functions

    @property
    def functions(self):
        """All functions that it is made of, also those within another one."""
        return self.writer.functions if self.written else {}

    @property
    def statement(self) -> str:
        """What is proved of the whole chain."""
        return self._equation("Theorem", "", self.chain.uses, 0, -1)

    @property
    def text(self) -> str:
        """All of it."""
        context, lemmas, proved = self.parts
        return f"{context}\n\n{lemmas}\n{proved}"

    @property
    def parts(self) -> tuple[str, str, str]:
        """Its context; the lemmas; the theorem, and what ends it."""
        (defined, conditions, existence), _ = self.written, self.facts
        known = *self._context(defined), *self._notations(defined)
        for number, one in enumerate(conditions, 1):
            known += (f"Context ({self._given(f'defined_{number}')} : {one}).",)
        given = [f"Section {self.name}.", *known]
        lemmas = [*self._steps(), *self._existence(existence)]
        proved = [self._theorem(), *self._slope(), f"End {self.name}."]
        return "\n".join(given), "\n".join(lemmas), "\n".join(proved)

    # what it is about

    def _context(self, defined):
        """Sizes, letters and indices, with what is known of each; the case."""
        writer = self.writer
        letters = {*writer.letters} - {*defined}
        if letters & {g, g_prime}:
            letters |= {g, g_prime}
        for one in letters:
            writer.names(one)
        known_shapes = writer.shapes
        ordered = sorted(letters, key=lambda x: (_rank(x, known_shapes), name(x)))
        sizes, indices = (sorted(x, key=name) for x in (writer.sizes, writer.indices))
        for group in sizes, ordered, indices:
            facts = filter(None, map(self._known, group))
            if group:
                pieces = spaced([*typed(group, known_shapes), *facts])
                yield Term(BINDER, ("Context", *pieces, ".")).lines()
        yield from self._case()

    def _case(self):
        if self.chain.case is not None:
            sign = "<>" if isinstance(self.chain.case, Ne) else "="
            left, right = sorted(
                str(self.writer.index(x)) for x in self.chain.case.args
            )
            yield f"Context ({self._given('case')} : {left} {sign} {right})."

    def _known(self, one):
        """What is known of a size, an index or a letter; nothing of most letters.

        That a letter is positive is said.  That it is negative, not 0 or not negative
        is not: then Rocq proves the same without it, which is more.
        """
        own = name(one)
        if isinstance(one, Size):
            return f"({self._given(f'size_{own}')} : ({one.least} <= {own})%nat)"
        if isinstance(one, Index):
            return f"({self._given(f'in_{own}')} : {_lies_in_its_size(one)})"
        if one is g_prime:
            given = self._given("slope_g")
            return f"({given} : forall x, is_derive g x (g_prime x))"
        letters = self._letters_of(self.writer.shapes.get(one, ()))
        entry = one[tuple(letters)] if letters else one
        if one is g or not entry.is_positive:
            return ""
        written = " ".join([own, *map(self.writer.names, letters)])
        given = self._given(f"positive_{own}")
        return f"({given} : {for_all(letters)}0 < {written})"

    def _letters_of(self, sizes):
        """For each size one of its letters, all different."""
        letters = []
        for size in sizes:
            free = [x for x in size.indices if x not in letters]
            if not free:
                raise CannotExportError(f"one more letter that counts {size}")
            letters.append(free[0])
        return letters

    def _given(self, own):
        return self.writer.names.give(own, "a premise")

    def _notations(self, defined):
        for base, known in defined.items():
            parts = [name(x) for x in known.parameters if x not in known.own]
            written = " ".join([known.name, *parts])
            yield f"Local Notation {name(base)} := ({written})."
        for own, said in self.facts.items():
            pieces = f"Local Notation {own} :=", Break(2), f"({said})."
            yield Term(BINDER, pieces).lines()

    def _condition(self, relation, expr, letters):
        """What is not 0, or positive, where the facts of the claim do not say so."""
        return f"{for_all(letters)}{self.writer(expr, letters).within(SUM)} {relation}"

    def _fact(self, fact: Hypothesis, letters):
        stated = []
        for total in fact.sums:
            if {x.base for x in total.atoms(Indexed)} <= letters:
                others = sorted(free_symbols(total) & total.atoms(Index), key=name)
                value = self.writer(fact.value)
                said = f"{self.writer(total, others)} = {value}"
                stated.append(for_all(others) + said)
        if fact.ranges or not stated:
            raise CannotExportError(f"the hypothesis {fact}")
        return " /\\ ".join(f"({x})" for x in stated) if len(stated) > 1 else stated[0]

    # what is proved

    def _steps(self):
        for number, step in enumerate(self.chain.steps, 1):
            yield comment(step.words.replace("$", "").replace("\\", ""))
            end = f"_{number}"
            yield self._equation("Lemma", end, step.using, number - 1, number)
            yield "Proof. step. Qed."

    def _equation(self, kind, end, using, left, right):
        sides = self.sides[left], Break(), "= ", self.sides[right]
        return self._stated(kind, end, using, Term(RELATION, sides))

    def _stated(self, kind, end, using, term):
        """A statement: its kind, the end of its name, the hypotheses, what it says."""
        head = f"{kind} {self.writer.names.give(f'{self.name}{end}', kind)} :"
        premises = " ".join([head, *(f"{self.writer.names(x)} ->" for x in using)])
        return Term(BINDER, (premises, Break(2), term, ".")).lines()

    def _exists(self, expr, letters):
        """That a derivative of which a step speaks exists."""
        exists = self.writer.derivative(expr, "ex_", letters)
        return Term(BINDER, (for_all(letters), exists))

    def _existence(self, existence):
        for number, (_, term) in enumerate(sorted(existence.items()), 1):
            yield self._stated("Lemma", f"_exists_{number}", (), term)
            yield "Proof. exists_derivative. Qed."

    def _theorem(self):
        parts = []
        for number, step in enumerate(self.chain.steps, 1):
            own = " ".join([f"{self.name}_{number}", *map(name, step.using)])
            parts.append(f"({own})" if step.using else own)
        composed = self._proof(f"exact ({' @ '.join(parts)})")
        return f"{self.statement}\n{composed}"

    def _slope(self):
        """Where the chain starts from a derivative: it exists, and is the result."""
        if isinstance(self.chain.start, Derivative):
            start = self.writer.derivative(self.chain.start, "is_")
            pieces = start, Break(2), self.sides[-1].within(ATOM)
            said = Term(RELATION, pieces)
            yield self._stated("Theorem", "_is_derive", self.chain.uses, said)
            whole = " ".join([self.name, *self.facts])
            yield self._proof(f"is_derivative {f'({whole})' if self.facts else whole}")

    def _proof(self, words):
        intros = f"intros {' '.join(self.facts)}. " if self.facts else ""
        proof = f"Proof. {intros}{words}. Qed."
        return fill(proof, WIDTH, subsequent_indent="  ")


def typed(parameters, known_shapes) -> list[str]:
    """Parameters with their types; neighbours of one type have it in common."""
    kinds = groupby(parameters, lambda one: _type(one, known_shapes))
    return [f"({' '.join(map(name, group))} : {kind})" for kind, group in kinds]


def _type(one, known_shapes):
    if isinstance(one, Size | Index):
        return "nat"
    if one in (g, g_prime):
        return "R -> R"
    return "nat -> " * len(known_shapes.get(one, ())) + "R"


def _rank(letter, known_shapes):
    """Matrices first, then vectors, numbers, functions."""
    kind = _type(letter, known_shapes)
    return ("nat -> nat -> R", "nat -> R", "R", "R -> R").index(kind)


def for_all(indices) -> str:
    """For all values of some indices, as the beginning of a statement."""
    if not indices:
        return ""
    premises = "".join(f"{_lies_in_its_size(x)} -> " for x in indices)
    return f"forall {' '.join(map(name, indices))}, {premises}"


def _lies_in_its_size(index):
    return f"({name(index)} < {name(index.size)})%nat"
