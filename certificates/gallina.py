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
from certificates.naming import CannotExportError, Names, name
from certificates.unfolding import depends, unfolded
from derivations.formulas.facts import is_not_zero, is_positive
from derivations.formulas.indices import Index, Size, SumExcept, free_symbols
from derivations.letters import g, g_prime

FUNCTIONS = {log: "ln", g: "g", g_prime: "g_prime"}
MOST_INDICES = 2


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
    `shapes` has the sizes of the indices of each array that is written.

    >>> from derivations.letters import cross_entropy, j, L, softmax, z
    >>> writer = Writer({softmax: "softmax", cross_entropy: "cross_entropy"})
    >>> print(writer(Derivative(L, z[j])))
    partial (fun z => cross_entropy n (softmax n z) y) z j
    >>> sorted(map(name, writer.letters)), writer.sizes, writer.indices
    (['y', 'z'], {n}, {j})
    """

    where: dict
    names: Names = field(default_factory=Names)
    shapes: dict = field(default_factory=dict)
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

    def index(self, one):
        """An index, which no sum counts."""
        return _Place(self).index(one)

    def derivative(self, expr, word, inside=()):
        """What is said of a derivative: it "is_" a number, or there "ex_"ists one."""
        return _Place(self, tuple(inside)).derivative(expr, word)

    def function(self, base):
        """The definition of a letter, as a function of what its value is made of."""
        if base not in self.functions:
            one = self.definitions[base]
            inner = Writer(self.where, self.names, self.shapes)
            body = inner(one.value, one.parameters)
            _Place(inner, one.parameters).indices_of(one.symbol)
            for kind in ("conditions", "derivatives", "functions"):
                getattr(self, kind).update(getattr(inner, kind))
            free = inner.indices - set(one.parameters)
            kinds = inner.counted, inner.letters, free
            parameters = (tuple(sorted(x, key=name)) for x in kinds)
            own = tuple(one.parameters)
            called = self.names.give(self.where[one], one)
            self.functions[base] = Function(called, body, *parameters, own)
        return self.functions[base]


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

    def named(self, one):
        return atom(self.writer.names(one))

    def index(self, one):
        if not isinstance(one, Index):
            raise CannotExportError(f"the index {one}")
        self.writer.sizes.add(one.size)
        self.writer.names(one.size)
        if one not in self.inside:
            self.writer.indices.add(one)
        return self.named(one)

    def indices_of(self, entry):
        """Those of an entry, or none; all entries of an array have indices alike."""
        indices = getattr(entry, "indices", ())
        written = [self.index(x) for x in indices]
        if len(indices) > MOST_INDICES:
            raise CannotExportError(f"the {len(indices)} indices of {entry}")
        if indices:
            sizes = tuple(x.size for x in indices)
            if self.writer.shapes.setdefault(entry.base, sizes) != sizes:
                raise CannotExportError(f"{entry.base} with indices of several kinds")
        return written

    def size(self, one):
        self.writer.sizes.add(one)
        self.writer.counted.add(one)
        return self.named(one)

    def letter(self, base):
        """A letter without its indices, as what it stands for at this place."""
        if base not in self.varied:
            if depends(base, self.varied, self.writer.definitions):
                return self.as_function(base)
            self.writer.letters.add(base)
        if not base.is_real:
            raise CannotExportError(f"{base}, which is not declared real")
        return self.named(base)

    def as_function(self, base):
        known = self.writer.function(base)
        captured = [x for x in known.indices if x in self.inside]
        if captured:
            raise CannotExportError(f"{base}, as a sum around it counts {captured[0]}")
        sizes, letters = map(self.size, known.sizes), map(self.letter, known.letters)
        return apply(known.name, *sizes, *letters, *map(self.index, known.indices))

    def entry(self, expr):
        return apply(self.letter(expr.base), *self.indices_of(expr))

    def symbol(self, expr):
        if isinstance(expr, Size):
            return apply("INR", self.size(expr))
        if expr.is_integer:
            raise CannotExportError(f"the index {expr} as a number")
        return self.letter(expr)

    def delta(self, expr):
        if len(expr.args) > 2:
            raise CannotExportError(f"the delta {expr}")
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
        written = self.to_the(expr.base, -expr.exp)
        self.needs(is_not_zero, "<> 0", expr.base)
        return written

    def to_the(self, base, exponent):
        if not exponent.is_Integer:
            raise CannotExportError(f"the power {base**exponent}")
        written = self.write(base)
        if exponent == 1:
            return written
        return Term(POWER, (written.within(APPLICATION), f" ^ {exponent}"))

    def exponential(self, expr):
        return apply("exp", self.write(expr.exp))

    def function(self, expr):
        if len(expr.args) != 1:
            raise CannotExportError(f"the arguments of {expr}")
        kind, [argument] = type(expr), expr.args
        written = apply(FUNCTIONS[kind], self.write(argument))
        if kind is log:
            self.needs(is_positive, "> 0", argument)
        else:
            self.writer.letters.add(kind)
            self.writer.names(kind)
        return written

    def needs(self, is_known, relation, expr):
        """That a denominator or the argument of a logarithm is allowed, if unknown."""
        if not is_known(unfolded(expr, self.writer.definitions)):
            self.writer.conditions.add((relation, expr, self.counted_in(expr)))

    # sums and derivatives

    def sum_over(self, expr):
        *inner, (index, *limits) = expr.limits  # the last is the outermost
        if not isinstance(index, Index) or limits != [1, index.size]:
            raise CannotExportError(f"the sum {expr}")
        head, arguments = "sum", [self.size(index.size)]
        if isinstance(expr, SumExcept):
            head = "sum_except"
            arguments.append(self.index(expr.excluded))
        summed = expr.func(expr.function, *inner) if inner else expr.function
        others = (x for x in self.inside if x != index)
        inside = _Place(self.writer, (*others, index), self.varied)
        over = " ".join(map(str, [head, *arguments]))
        body = function_of(self.named(index), inside.write(summed))
        return Term(APPLICATION, (f"{over} ", body))

    def derivative(self, expr, word=""):
        """By an entry of an array, or by a number; `word` is what is said of it."""
        *first, variable = _variables(expr)
        differentiated = Derivative(expr.expr, *first) if first else expr.expr
        self.writer.derivatives.add((expr, self.counted_in(expr)))
        base, indices = getattr(variable, "base", variable), self.indices_of(variable)
        varied = self.varied | {base}
        if len(varied) > 1 and varied & self.writer.definitions.keys():
            raise CannotExportError(f"{expr}, which has two meanings")
        inside = _Place(self.writer, self.inside, varied)
        body = function_of(self.named(base), inside.write(differentiated))
        of_number = {"": "Derive", "is_": "is_derive", "ex_": "ex_derive"}[word]
        head = (of_number, f"{word}partial", f"{word}partial2")[len(indices)]
        at = [self.letter(base).within(ATOM), *indices]
        return Term(APPLICATION, (f"{head} ", body, *spaced(at)))

    METHODS: ClassVar = {
        Rational: number,
        Symbol: symbol,
        Indexed: entry,
        Add: sum_of_terms,
        Mul: product,
        exp: exponential,
        log | g | g_prime: function,
        Pow: power,
        KroneckerDelta: delta,
        Sum | SumExcept: sum_over,
        Derivative: derivative,
    }


def _variables(expr):
    """What a derivative is taken by, each as often as it is."""
    for variable, count in expr.variable_count:
        is_letter = isinstance(variable, Indexed | Symbol) and not variable.is_integer
        if not is_letter or not count.is_Integer:
            raise CannotExportError(f"the derivative {expr}")
    return expr.variables
