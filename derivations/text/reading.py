"""Text as a formula of the engine: what `printing.text` writes, `read` reads back.

A reader's text is never evaluated.  `spelling` checks its tokens, Python's `ast` gives
their tree, and every node of the tree has to be one that `_Reader` knows.  What cannot
be read is `Unreadable`, which names the place and says what to write instead.  Numbers
and powers are bounded before SymPy computes with them.
"""

import ast
import re
from difflib import get_close_matches

from sympy import (
    Abs,
    Add,
    Derivative,
    Eq,
    Expr,
    I,
    Indexed,
    KroneckerDelta,
    Mul,
    Ne,
    Pow,
    Rational,
    S,
    Sum,
    Symbol,
    atan2,
    cos,
    cosh,
    exp,
    functions,
    log,
    sin,
    sinh,
    sqrt,
    tanh,
)

from derivations.formulas.indices import Index, Size, SumExcept, times
from derivations.letters import g, g_prime
from derivations.text import tokens
from derivations.text.tokens import MOST_DIGITS, Unreadable
from derivations.text.vocabulary import (
    FUNCTIONS,
    INSTEAD,
    SERIES,
    Names,
    declared,
    names_of,
)

__all__ = [
    "SERIES",
    "Names",
    "Unreadable",
    "declared",
    "names_of",
    "read",
    "read_case",
]

MOST_POWER = 64
"""Of a number in an exponent; the checks multiply powers out."""
MOST_EXPONENT = 1_000
"""Of e^x where x is a number, for the checks compute it."""
MOST_SLOPES = 2
"""The checks go up to second derivatives."""

_OF_ONE = {
    x.__name__: x for x in (exp, log, sqrt, tanh, sinh, cosh, sin, cos, g, g_prime, Abs)
}


def read(source, names=SERIES):
    """The formula that a text stands for.

    Raises Unreadable for every other text, and TypeError for what is no text.
    Source: notebook 15 and `python -m derivations check`.

    >>> read("a[j]*Sum(y[i], (i, 1, n)) - y[j]")
    a[j]*Sum(y[i], (i, 1, n)) - y[j]
    >>> read("a(i)")
    Traceback (most recent call last):
    derivations.text.tokens.Unreadable: `a(i)`: write a[i]
    a(i)
     ^
    """
    if not isinstance(source, str):
        raise TypeError(f"expected text, got {source!r}")
    tokens.check(source, FUNCTIONS)
    # In parentheses and in one line, for it may begin with a blank, or break anywhere.
    line = "".join(" " if x.isspace() else x for x in source)
    try:
        tree = ast.parse(f"({line})", mode="eval").body
        return _Reader(source, names).formula(tree)
    except Unreadable:
        raise
    except (
        ArithmeticError,
        AttributeError,
        MemoryError,
        NotImplementedError,
        RecursionError,
        SyntaxError,
        TypeError,
        ValueError,
    ) as problem:  # SymPy refuses a few that no rule here does
        words = f"this is no formula here ({type(problem).__name__}: {problem})"
        raise Unreadable(words[:200], source, 0) from None


_CASE = re.compile(r"\s*(\w+)\s*(==?|!=|≠)\s*(\w+)\s*", re.ASCII)


def read_case(source, names=SERIES):
    """The case that a text says: Eq for i = j, Ne for i ≠ j or i != j, None for none.

    >>> read_case("i != j"), read_case("")
    (Ne(i, j), None)
    """
    if not source.strip():
        return None
    form = _CASE.fullmatch(source) if len(source) < 100 else None
    if not form:
        raise Unreadable("a case is written i = j or i ≠ j", source, 0)
    found = [names.indices.get(form[group]) for group in (1, 3)]
    for group, index in zip((1, 3), found, strict=True):
        if index is None:
            words = f"{form[group]} is no index: a case is i = j or i ≠ j"
            raise Unreadable(words, source, form.start(group))
    one, other = found
    if one == other or one.size != other.size:
        words = f"two letters that count to {one.size} are expected, such as i and j"
        raise Unreadable(words, source, form.start(3))
    return (Eq if form[2].startswith("=") else Ne)(one, other)


class _Reader:
    """The nodes of a tree, one method for each kind; what is not here is refused."""

    def __init__(self, source, names):
        self.source, self.names = source, names

    def refuse(self, words, node, further=0):
        raise Unreadable(words, self.source, node.col_offset - 1 + further)

    def text(self, node):
        return self.source[node.col_offset - 1 : node.end_col_offset - 1]

    def formula(self, node):
        kinds = {
            ast.Constant: self.number,
            ast.Name: self.name,
            ast.Subscript: self.entry,
            ast.Call: self.call,
            ast.UnaryOp: self.product,
        }
        read_it = kinds.get(type(node))
        if isinstance(node, ast.BinOp):
            is_sum = isinstance(node.op, ast.Add | ast.Sub)
            is_power = isinstance(node.op, ast.Pow)
            read_it = self.sum if is_sum else self.power if is_power else self.product
        if read_it is None:
            self.refuse("one formula is expected here, and no list", node)
        return self.bounded(read_it(node), node)

    def number(self, node):
        return Rational(self.text(node))

    def sum(self, node):
        terms = []
        while isinstance(getattr(node, "op", None), ast.Add | ast.Sub):
            minus = [S.NegativeOne] if isinstance(node.op, ast.Sub) else []
            terms.append(self.together(node.right, minus))
            node = node.left
        return Add(self.formula(node), *reversed(terms))

    def product(self, node):
        return self.together(node, [])

    def together(self, node, factors):
        """The product of all factors of a row, made at once.

        One by one SymPy would multiply out: -(1 - a)*y would be (a - 1)*y.
        """
        factors, waiting = list(factors), [(node, False)]
        while waiting:
            node, below = waiting.pop()
            if isinstance(node, ast.UnaryOp):
                factors += [S.NegativeOne] if isinstance(node.op, ast.USub) else []
                waiting.append((node.operand, below))
            elif isinstance(getattr(node, "op", None), ast.Mult | ast.Div):
                turned = below ^ isinstance(node.op, ast.Div)
                waiting += [(node.left, below), (node.right, turned)]
            else:
                factor = self.formula(node)
                factors.append(self.real(1 / factor, node) if below else factor)
        return self.multiplied(factors)

    def multiplied(self, factors):
        """The product, where a number and one sum are left as they are written."""
        others = [x for x in factors if not x.is_Rational]
        number = Mul(*(x for x in factors if x.is_Rational))
        if len(others) == 1 and others[0].is_Add and number not in (0, 1):
            return Mul(number, others[0], evaluate=False)
        return Mul(number, *others)

    def power(self, node):
        base, exponent = self.formula(node.left), self.formula(node.right)
        self.moderate(exponent, node.right)
        self.no_tower(exponent, node.right)
        return self.raised(base, exponent, node)

    def raised(self, base, exponent, node):
        """base**exponent; SymPy asks long for the sign below a power of a power."""
        for part in () if exponent.is_integer else Mul.make_args(base):
            inside = part.as_base_exp() if isinstance(part, Pow | exp) else ()
            if not all(x.is_real for x in inside):
                words = "a power of a power: multiply the exponents, x**(2*p)"
                self.refuse(words, node)
        return self.real(Pow(base, exponent), node)

    def moderate(self, exponent, node):
        """Refuse an exponent that makes numbers long."""
        if any(
            abs(x) > MOST_POWER or x.q > MOST_POWER for x in exponent.atoms(Rational)
        ):
            self.refuse(f"a power goes up to {MOST_POWER}", node)

    def no_tower(self, x, node):
        """Refuse e to a number that is itself a large one, e^2000 or e^(e^9)."""
        if x.is_Rational:
            large = abs(x) > MOST_EXPONENT
        else:
            large = not x.free_symbols and (
                x.has(exp, sinh, cosh)
                or any(not part.exp.is_Rational for part in x.atoms(Pow))
            )
        if large:
            words = f"too large a number: exp(x) goes up to x = {MOST_EXPONENT}"
            self.refuse(words, node)

    def real(self, found, node):
        """Refuse what has no value among the real numbers."""
        if found.has(S.ComplexInfinity, S.NaN, S.Infinity, S.NegativeInfinity):
            self.refuse(f"`{self.text(node)}`: here 0 stands below, or in a log", node)
        roots = [x for x in found.atoms(Pow) if x.base.is_negative]
        imaginary = found.has(I, atan2, functions.re, functions.im)
        if imaginary or any(x.exp.is_integer is False for x in roots):
            self.refuse("a number below 0 has no real root or logarithm", node)
        return found

    def bounded(self, found, node):
        """Refuse numbers that became long, and powers that became high."""
        for part in (found, *found.args):
            number, rest = (
                part.as_coeff_Mul() if isinstance(part, Expr) else (part, part)
            )
            if number.is_Rational and max(abs(number.p), number.q) >= 10**MOST_DIGITS:
                self.refuse(f"a number gets more than {MOST_DIGITS} digits here", node)
            if isinstance(rest, exp):
                self.no_tower(rest.exp, node)
            elif isinstance(rest, Pow):
                self.moderate(rest.exp, node)
        return found

    # Names, entries, functions

    def name(self, node):
        name = node.id
        if name in self.names.symbols:
            return self.names.symbols[name]
        if name in self.names.arrays:
            self.refuse(f"`{name}` is an array: write {self.sample(name)}", node)
        if name in FUNCTIONS:
            self.refuse(f"`{name}` is a function: write {FUNCTIONS[name]}", node)
        return self.unknown(name, node)

    def sample(self, name):
        return str(self.names.entries.get(name, f"{name}[i]"))

    def unknown(self, name, node):
        instead = INSTEAD.get(name) or INSTEAD.get(name.lower())
        if instead:
            self.refuse(f"`{name}`: write {instead}", node)
        array, _, behind = name.partition("_")
        if array not in self.names.arrays:
            array, behind = name[0], name[1:]
        letters_behind = re.findall(r"[A-Za-z]|\d+", behind)
        counts = [x in self.names.indices or x.isdigit() for x in letters_behind]
        if array in self.names.arrays and counts and all(counts):
            entry = f"{array}[{', '.join(letters_behind)}]"
            self.refuse(f"`{name}`: write {entry}", node)
        known = [*self.names.symbols, *self.names.arrays, *FUNCTIONS]
        near = get_close_matches(name, known, 3)
        hint = f"perhaps {' or '.join(near)} is meant" if near else "declare it"
        return self.refuse(f"`{name[:40]}` is not known here: {hint}", node)

    def entry(self, node):
        array = node.value
        if not isinstance(array, ast.Name):
            self.refuse("only an array has an index, as in a[i]", array)
        name = array.id
        if name == "Ls" and name not in self.names.arrays:
            name = "L"
        if name not in self.names.arrays:
            if name not in self.names.symbols and name not in FUNCTIONS:
                self.unknown(name, array)
            self.refuse(f"`{self.text(node)}`: {name} has no index", array)
        inside = node.slice
        parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
        indices = [self.index(x) for x in parts]
        sample = self.names.entries.get(name)
        if sample is not None and len(sample.indices) != len(indices):
            several = "1 index" if len(sample.indices) == 1 else "2 indices"
            words = f"`{self.text(node)}`: {name} has {several}: write {sample}"
            self.refuse(words, inside)
        return self.names.arrays[name][tuple(indices)]

    def index(self, node):
        """A letter that counts, or a whole number."""
        if isinstance(node, ast.Name) and node.id in self.names.indices:
            return self.names.symbols[node.id]
        if isinstance(node, ast.Constant) and isinstance(node.value, int):
            return self.formula(node)
        words = "an index is a letter that counts, such as i, j, k or s, or a number"
        return self.refuse(f"`{self.text(node)}`: {words}", node)

    def call(self, node):
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in _OF_ONE:
            if len(node.args) != 1:
                self.refuse(f"{name} is of one number: write {FUNCTIONS[name]}", node)
            return self.function(_OF_ONE[name], node.args[0], node)
        special = {
            "Sum": self.over,
            "SumExcept": self.over_others,
            "Derivative": self.slope,
            "KroneckerDelta": self.same,
            "times": self.held,
        }
        if name in special:
            return special[name](node, node.args)
        inside = self.text(node)[len(name) :].strip()[1:-1].strip()
        if name in self.names.arrays and name not in self.names.symbols:
            entry = f"{name}[{inside}]" if len(inside) < 20 else self.sample(name)
            words = f"`{self.text(node)[:30]}`: write {entry}"
            self.refuse(words, node, len(name))
        if name == "delta":
            self.refuse("`delta(`: write KroneckerDelta(i, j)", node, len(name))
        if name in self.names.symbols or not name:
            words = f"`{name or ')'}(`: write {name or ')'}*("
            self.refuse(words, node, len(name))
        return self.unknown(name, node.func)

    def function(self, kind, inside, node):
        x = self.formula(inside)
        if kind is sqrt:
            return self.raised(x, S.Half, node)
        if kind is Abs and not x.is_real:  # SymPy would look for an imaginary part
            return Abs(x, evaluate=False)
        if kind in (sinh, cosh, tanh, sin, cos) and _may_be_imaginary(x):
            words = "of what is known to be real: not of a derivative or sqrt(z[i])"
            self.refuse(f"{kind.__name__} is read {words}", inside)
        if kind in (exp, sinh, cosh, tanh, sin, cos):
            self.no_tower(x, inside)
            if x.has(log):  # exp(9*log(2)) is 2**9 to SymPy
                self.moderate(x, inside)
        return self.real(kind(x), node)

    def held(self, node, args):
        if len(args) < 2:
            self.refuse("times is of two factors or more: write times(x, y)", node)
        factors = [self.formula(x) for x in args]
        if sum(not x.is_Rational for x in factors) < 2:
            return self.multiplied(factors)  # a number before one formula
        return times(*factors)

    def same(self, node, args):
        if len(args) != 2:
            self.refuse("a delta is of two indices: KroneckerDelta(i, j)", node)
        return KroneckerDelta(*map(self.index, args))

    def over(self, node, args):
        if len(args) < 2:
            self.refuse("`Sum` has limits: write Sum(f, (k, 1, n))", node)
        limits = [self.limit(x) for x in args[1:]]
        found = Sum(self.formula(args[0]), *limits)
        bound = [x for x, *_ in found.limits]
        if len(set(bound)) < len(bound):
            self.refuse("one letter is bound twice: give each sum its own", node)
        return found

    def over_others(self, node, args):
        if len(args) != 3:
            self.refuse("write SumExcept(f, (i, 1, n), j), the sum over i ≠ j", node)
        limit, excluded = self.limit(args[1]), self.index(args[2])
        if excluded == limit[0]:
            self.refuse(f"{excluded} is the letter of the sum itself", args[2])
        return SumExcept(self.formula(args[0]), limit, excluded)

    def limit(self, node):
        parts = node.elts if isinstance(node, ast.Tuple) else []
        if len(parts) != 3:
            self.refuse("the limits of a sum are written (k, 1, n)", node)
        letter = self.index(parts[0])
        if not isinstance(letter, Index):
            self.refuse("a sum is over a letter: (k, 1, n)", parts[0])
        whole = f"({letter}, 1, {letter.size})"
        low, high = self.formula(parts[1]), self.formula(parts[2])
        if low != 1:
            self.refuse(f"{letter} counts from 1: write {whole}", parts[1])
        if high != letter.size:
            self.refuse(f"{letter} counts to {letter.size}: write {whole}", parts[2])
        return letter, low, high

    def slope(self, node, args):
        if len(args) < 2:
            self.refuse("by which variable? write Derivative(f, z[j])", node)
        variables = [x for part in args[1:] for x in self.variables(part)]
        found = Derivative(self.formula(args[0]), *variables)
        order = found.derivative_count if isinstance(found, Derivative) else 0
        if max(order, len(variables)) > MOST_SLOPES:
            self.refuse(f"at most {MOST_SLOPES} derivatives of one formula", node)
        return found

    def variables(self, node):
        """z[j], or (z[j], 2) for twice."""
        count = 1
        if isinstance(node, ast.Tuple) and len(node.elts) == 2:
            node, times_node = node.elts
            count = self.formula(times_node)
            if not (count.is_Integer and 1 <= count <= MOST_SLOPES):
                self.refuse(f"at most {MOST_SLOPES} derivatives", times_node)
        found = self.formula(node)
        if isinstance(found, Index | Size) or not isinstance(found, Indexed | Symbol):
            self.refuse("a derivative is by an entry or a letter, such as z[j]", node)
        return [found] * int(count)


def _may_be_imaginary(x):
    """Whether SymPy would look, and long, for an imaginary part."""
    roots = any(not part.exp.is_integer for part in x.atoms(Pow))
    return x.has(Derivative, SumExcept) or ((roots or x.has(log)) and not x.is_real)
