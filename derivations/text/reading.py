"""Text as a formula of the engine: what `printing.text` writes, `read` reads back.

A reader's text is never evaluated.  `tokens` checks its characters, Python's `ast`
gives their tree, and every node of the tree has to be one that `_Reader` knows: sums,
products, powers and names here, what is called in `calls`.  What cannot be read is
`Unreadable`, which names the place and says what to write instead.
"""

import ast
import re

from sympy import Add, Eq, Expr, Integer, Mul, Ne, Rational, S
from sympy.core.relational import Relational

from derivations.text import tokens
from derivations.text.calls import Calls
from derivations.text.domain import as_defined
from derivations.text.parameters import declared
from derivations.text.tokens import Unreadable
from derivations.text.vocabulary import (
    FUNCTIONS,
    SERIES,
    Names,
    names_of,
    what_to_write_for,
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


def read(source: str, names: Names = SERIES) -> Expr:
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


class _Reader(Calls):
    """The nodes of a tree, one method for each kind; another kind is refused."""

    def formula(self, node):
        kinds = {
            ast.Constant: self.number,
            ast.Name: self.name,
            ast.Subscript: self.entry,
            ast.Call: self.call,
            ast.UnaryOp: self.product,
        }
        read_node = kinds.get(type(node))
        if isinstance(node, ast.BinOp):
            is_sum = isinstance(node.op, ast.Add | ast.Sub)
            is_power = isinstance(node.op, ast.Pow)
            read_node = self.sum if is_sum else self.power if is_power else self.product
        if read_node is None:
            self.refuse("one formula is expected here, and no list", node)
        return self.bounded(read_node(node), node)

    def number(self, node):
        return Rational(self.written(node))

    def sum(self, node):
        terms = []
        while isinstance(getattr(node, "op", None), ast.Add | ast.Sub):
            minus = [S.NegativeOne] if isinstance(node.op, ast.Sub) else []
            terms.append(self.together(node.right, minus))
            node = node.left
        return as_defined(Add, self.formula(node), *reversed(terms))

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
        return as_defined(Mul, *([number] if number != 1 else []), *others)

    def power(self, node):
        base, exponent = self.formula(node.left), self.formula(node.right)
        self.moderate(exponent, node.right)
        self.no_tower(exponent, node.right)
        return self.raised(base, exponent, node)

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

    def unknown(self, name, node, behind=""):
        self.refuse(what_to_write_for(name, self.names, behind), node)

    def entry(self, node):
        array = node.value
        if not isinstance(array, ast.Name):
            self.refuse("only an array has an index, as in a[i]", array)
        name = array.id
        if name == "Ls" and name not in self.names.arrays:
            name = "L"
        if name not in self.names.arrays:
            if name not in self.names.symbols and name not in FUNCTIONS:
                self.unknown(name, array, self.written(node)[len(name) :])
            self.refuse(f"`{self.written(node)}`: {name} has no index", array)
        inside = node.slice
        parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
        indices = [self.index(x) for x in parts]
        sample = self.names.entries.get(name)
        if sample is not None and len(sample.indices) != len(indices):
            several = "1 index" if len(sample.indices) == 1 else "2 indices"
            words = f"`{self.written(node)}`: {name} has {several}: write {sample}"
            self.refuse(words, inside)
        return self.names.arrays[name][tuple(indices)]

    def index(self, node):
        """A letter that counts, or a whole number."""
        if isinstance(node, ast.Name) and node.id in self.names.indices:
            return self.names.symbols[node.id]
        if isinstance(node, ast.Constant) and isinstance(node.value, int):
            if node.value == 0:
                self.refuse("classes and examples count from 1", node)
            return self.formula(node)
        words = "an index is a letter that counts, such as i, j, k or s, or a number"
        return self.refuse(f"`{self.written(node)}`: {words}", node)
