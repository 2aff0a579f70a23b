"""SymPy's expressions in Gallina, the language of Rocq's statements.

An array is a function of its indices.  A letter that a chain defines stands for a named
definition: a is softmax n z.  In a derivative, a letter that depends on the variable is
written as that definition, a function of the variable; the others stay letters:

    Derivative(L, z[j])  is  partial (fun z => cross_entropy n (softmax n z) y) z j

Everything is sorted by its text, so the same claim gives the same bytes everywhere.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from sympy import (
    Add,
    Derivative,
    Indexed,
    KroneckerDelta,
    Mul,
    Pow,
    Rational,
    S,
    Sum,
    Symbol,
    exp,
    log,
)

from certificates.layout import (
    APPLICATION,
    ATOM,
    POWER,
    Term,
    apply,
    atom,
    function_of,
    quotient,
    spaced,
    total,
)
from derivations.formulas.binding import instance
from derivations.formulas.facts import is_not_zero, is_positive
from derivations.formulas.indices import (
    Index,
    Size,
    SumExcept,
    free_symbols,
    size_of,
)
from derivations.letters import g, g_prime

FUNCTIONS = {exp: "exp", log: "ln", g: "g", g_prime: "g_prime"}
RESERVED = frozenset(  # words of Gallina, and names that a statement is made of
    word
    for line in (
        "as at case cofix else end exists fix for forall fun if in let match return",
        "then where with Prop Set Type R nat INR Derive exp ln delta sum sum_except",
        "update update2 partial partial2 ex_partial ex_partial2 is_partial is_partial2",
    )
    for word in line.split()
)


class CannotExportError(ValueError):
    """What has no counterpart in the certificates, by its name."""


def name(symbol):
    """The name of a symbol, an array, a size or an index.

    >>> from derivations.letters import alpha, y
    >>> name(alpha), name(y), name(Symbol("R"))
    ('alpha', 'y', 'R_')
    """
    own = str(getattr(symbol, "label", symbol))
    if not (own.isidentifier() and own.isascii()):
        raise CannotExportError(f"the name {own!r}")
    return f"{own}_" if own in RESERVED else own


def shapes(expressions, where):
    """The sizes of the indices of each array, in expressions and definitions."""
    sides = [x for one in where for x in (one.symbol, one.value)]
    entries = {x for expr in (*expressions, *sides) for x in expr.atoms(Indexed)}
    return {x.base: tuple(map(size_of, x.indices)) for x in entries}


@dataclass(frozen=True)
class Function:
    """A definition as a function: of sizes, letters, free indices, and of its own."""

    name: str
    body: Term
    sizes: tuple
    letters: tuple
    indices: tuple
    own: tuple

    @property
    def parameters(self):
        """All of them, in this order."""
        return (*self.sizes, *self.letters, *self.indices, *self.own)


@dataclass
class Writer:
    """Writes the expressions of one chain, and collects what they are about.

    `where` are the definitions that hold, each with the name by which Rocq knows it;
    `shapes` the sizes of the indices of each array.

    >>> from derivations.letters import cross_entropy, j, L, softmax, z
    >>> named = {softmax: "softmax", cross_entropy: "cross_entropy"}
    >>> writer = Writer(named, shapes([], named))
    >>> print(writer(Derivative(L, z[j])))
    partial (fun z => cross_entropy n (softmax n z) y) z j
    >>> sorted(map(name, writer.letters)), writer.sizes, writer.indices
    (['y', 'z'], {n}, {j})
    """

    where: dict
    shapes: dict
    letters: set = field(default_factory=set)
    sizes: set = field(default_factory=set)  # of sums, and of indices
    counted: set = field(default_factory=set)  # the sizes that are written
    indices: set = field(default_factory=set)
    conditions: set = field(
        default_factory=set
    )  # relation, term, indices of sums in it
    derivatives: set = field(default_factory=set)  # expression, the same
    functions: dict = field(default_factory=dict)

    @cached_property
    def definitions(self):
        """Each definition by its letter."""
        return {x.base: x for x in self.where}

    def __call__(self, expr, inside=()):
        """An expression, where `inside` are the indices of the sums around it."""
        return _Place(self, tuple(inside)).write(expr)

    def derivative(self, expr, word, inside=()):
        """What is said of a derivative: it "is_" a number, or there "ex_"ists one."""
        return _Place(self, tuple(inside)).derivative(expr, word)

    def function(self, base):
        """The definition of a letter, as a function of what its value is made of."""
        if base not in self.functions:
            one = self.definitions[base]
            inner = Writer(self.where, self.shapes)
            body = inner(one.value, one.parameters)
            for kind in ("conditions", "derivatives", "functions"):
                getattr(self, kind).update(getattr(inner, kind))
            free = inner.indices - set(one.parameters)
            kinds = inner.counted, inner.letters, free
            parameters = (tuple(sorted(x, key=name)) for x in kinds)
            own = tuple(one.parameters)
            self.functions[base] = Function(self.where[one], body, *parameters, own)
        return self.functions[base]

    def depends(self, base, varied):
        """Whether a letter is one of those that vary, or is defined by one."""
        if base in varied or base not in self.definitions:
            return base in varied
        inside = _letters_in(self.definitions[base].value)
        return any(self.depends(x, varied) for x in inside)


def _letters_in(expr):
    entries = expr.atoms(Indexed)
    labels = {x.base.label for x in entries} | {i for x in entries for i in x.indices}
    return {x.base for x in entries} | (expr.atoms(Symbol) - labels)


@dataclass(frozen=True)
class _Place:
    """A place in an expression: inside which sums it is, and what varies there."""

    writer: Writer
    inside: tuple = ()
    varied: frozenset = frozenset()

    def write(self, expr):
        for kind, method in self.METHODS.items():
            if isinstance(expr, kind):
                return method(self, expr)
        raise CannotExportError(type(expr).__name__)

    # letters and indices

    def index(self, one):
        if not isinstance(one, Index):
            raise CannotExportError(f"the index {one}")
        self.writer.sizes.add(one.size)
        if one not in self.inside:
            self.writer.indices.add(one)
        return atom(name(one))

    def size(self, one):
        self.writer.sizes.add(one)
        self.writer.counted.add(one)
        return atom(name(one))

    def letter(self, base):
        """A letter without its indices, as what it stands for at this place."""
        if base not in self.varied and self.writer.depends(base, self.varied):
            return self.as_function(base)
        if base not in self.varied:
            self.writer.letters.add(base)
        return atom(name(base))

    def as_function(self, base):
        known = self.writer.function(base)
        captured = [x for x in known.indices if x in self.inside]
        if captured:
            raise CannotExportError(f"{base}, as a sum around it counts {captured[0]}")
        sizes, letters = map(self.size, known.sizes), map(self.letter, known.letters)
        return apply(known.name, *sizes, *letters, *map(self.index, known.indices))

    def entry(self, expr):
        return apply(self.letter(expr.base), *map(self.index, expr.indices))

    def symbol(self, expr):
        if isinstance(expr, Size):
            return apply("INR", self.size(expr))
        if expr.is_integer:
            raise CannotExportError(f"the index {expr} as a number")
        return self.letter(expr)

    def delta(self, expr):
        return apply("delta", *map(self.index, sorted(expr.args, key=name)))

    def counted_in(self, expr):
        """Those indices of the sums around it that it contains."""
        return tuple(x for x in self.inside if x in free_symbols(expr))

    # arithmetic

    def number(self, expr):
        below = [atom(str(expr.q))] if expr.q != 1 else []
        return quotient([atom(str(abs(expr.p)))], below, expr < 0)

    def sum_of_terms(self, expr):
        return total(map(self.write, expr.args))

    def product(self, expr):
        number, above, below = S.One, [], []
        for factor in expr.args:
            if isinstance(factor, Rational):
                number *= factor
            elif isinstance(factor, Pow) and factor.exp.is_negative:
                below.append(self.denominator(factor))
            else:
                above.append(self.write(factor))
        above, below = sorted(above, key=str), sorted(below, key=str)
        above[:0] = [atom(str(abs(number.p)))] * (abs(number.p) != 1)
        below += [atom(str(number.q))] * (number.q != 1)
        return quotient(above, below, number < 0)

    def power(self, expr):
        if expr.exp.is_negative:
            return quotient([], [self.denominator(expr)])
        return self.to_the(expr.base, expr.exp)

    def denominator(self, expr):
        self.needs(is_not_zero, "<> 0", expr.base)
        return self.to_the(expr.base, -expr.exp)

    def to_the(self, base, exponent):
        if not exponent.is_Integer:
            raise CannotExportError(f"the power {base**exponent}")
        written = self.write(base)
        if exponent == 1:
            return written
        return Term(POWER, (written.within(APPLICATION), f" ^ {exponent}"))

    def function(self, expr):
        if isinstance(expr, g | g_prime):
            self.writer.letters.add(type(expr))
        if isinstance(expr, log):
            self.needs(is_positive, "> 0", expr.args[0])
        return apply(FUNCTIONS[type(expr)], self.write(expr.args[0]))

    def needs(self, is_known, relation, expr):
        """That a denominator or the argument of a logarithm is allowed, if unknown."""
        if not is_known(_unfolded(expr, self.writer.definitions)):
            self.writer.conditions.add((relation, expr, self.counted_in(expr)))

    # sums and derivatives

    def sum_over(self, expr):
        *inner, (index, low, high) = expr.limits  # the last is the outermost
        if low != 1 or not isinstance(high, Size) or not isinstance(index, Index):
            raise CannotExportError(f"the sum {expr}")
        head, arguments = "sum", [self.size(high)]
        if isinstance(expr, SumExcept):
            head = "sum_except"
            arguments.append(self.index(expr.excluded))
        summed = expr.func(expr.function, *inner) if inner else expr.function
        inside = _Place(self.writer, (*self.inside, index), self.varied)
        over = " ".join(map(str, [head, *arguments]))
        body = function_of(name(index), inside.write(summed))
        return Term(APPLICATION, (f"{over} ", body))

    def derivative(self, expr, word=""):
        """By an entry of an array, or by a number; `word` is what is said of it."""
        *first, variable = [x for x, n in expr.variable_count for _ in range(int(n))]
        differentiated = Derivative(expr.expr, *first) if first else expr.expr
        self.writer.derivatives.add((expr, self.counted_in(expr)))
        base, indices = variable, ()
        if isinstance(variable, Indexed):
            base, indices = variable.base, variable.indices
        inside = _Place(self.writer, self.inside, self.varied | {base})
        body = function_of(name(base), inside.write(differentiated))
        of_number = {"": "Derive", "is_": "is_derive", "ex_": "ex_derive"}[word]
        head = (of_number, f"{word}partial", f"{word}partial2")[len(indices)]
        at = [self.letter(base).within(ATOM), *map(self.index, indices)]
        return Term(APPLICATION, (f"{head} ", body, *spaced(at)))

    METHODS: ClassVar = {
        Rational: number,
        Symbol: symbol,
        Indexed: entry,
        Add: sum_of_terms,
        Mul: product,
        exp | log | g | g_prime: function,
        Pow: power,
        KroneckerDelta: delta,
        Sum | SumExcept: sum_over,
        Derivative: derivative,
    }


def _unfolded(expr, definitions):
    """An expression with its definitions put in."""

    def put_in(part, names, depth):
        base = part.base if isinstance(part, Indexed) else part
        if base not in definitions:
            return None
        one = definitions[base]
        indices = [instance(x, names) for x in getattr(part, "indices", ())]
        return instance(one.value, one.names(indices), depth, put_in)

    return instance(expr, {}, put_in=put_in)
