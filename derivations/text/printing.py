"""Formulas and chains as text, LaTeX and Markdown, in the order of a textbook.

SymPy's printers, taught that order: sums last, minus signs after plus signs.  A size
such as nP counts a block P, and LaTeX writes its letters kP, lP as k, l ∈ P: one array
z over all blocks is what zP and zQ are parts of.  Where one letter would stand for two,
it keeps its block: k_P, k_Q.
"""

import re
from itertools import combinations

from sympy import (
    Add,
    Basic,
    Derivative,
    Eq,
    Function,
    Indexed,
    IndexedBase,
    Mul,
    Pow,
    Sum,
    Symbol,
    exp,
    fraction,
    log,
)
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.printing.latex import LatexPrinter
from sympy.printing.str import StrPrinter

from derivations.formulas.indices import Index, SumExcept, free_symbols, size_of


def latex(expr, **settings):
    r"""`expr` as LaTeX, sums last, minus signs after plus signs.

    The keyword arguments are those that SymPy passes to a LaTeX printer; they are
    accepted so that `init_printing(latex_printer=latex)` can use this one.

    >>> from derivations.letters import a, y, i, n, Sum
    >>> latex(a[i]*Sum(y[i], (i, 1, n)) - y[i])
    'a_{i} \\sum_{i=1}^{n} y_{i} - y_{i}'
    """
    mode = settings.get("mode", "plain")
    printer = _Latex({"mode": mode})
    printer.with_block = _in_two_blocks(expr) if isinstance(expr, Basic) else set()
    return printer.doprint(expr)


def text(expr):
    """`expr` as plain text, in the order of `latex`; `reading.read` reads it back.

    >>> from derivations.letters import a, y, i, n, Sum
    >>> text(a[i]*Sum(y[i], (i, 1, n)) - y[i])
    'a[i]*Sum(y[i], (i, 1, n)) - y[i]'
    """
    return _Text().doprint(expr)


def _block(index):
    """The block of a letter such as the kP of nP: P; of other letters there is none."""
    letter, size = str(index), str(size_of(index))
    is_of_one = len(letter) == len(size) == 2 and letter[1] == size[1]
    return letter[1] if is_of_one and letter[1].isupper() else ""


def _letter(index):
    return str(index).removesuffix(_block(index))


def _in_two_blocks(expr):
    """The indices that share their letter with another one, where both are read."""
    every = sorted(expr.atoms(Index), key=str)
    if not any(map(_block, every)):
        return set()
    free = free_symbols(expr)
    inside = [free_symbols(x.function) for x in expr.atoms(Sum, SumExcept)]
    found = set()
    for pair in map(set, combinations(every, 2)):
        if len(set(map(_letter, pair))) == 1 and (
            pair & free or any(pair <= letters for letters in inside)
        ):
            found |= pair
    return found


def _held(expr):
    """Whether a product was left as written (`times`), not multiplied out.

    A number before one sum needs no word: 2*(x - y) is read as it stands.
    """
    if not isinstance(expr, Mul) or Mul(*expr.args) == expr:
        return False
    first, *rest = expr.args
    return not (first.is_Rational and len(rest) == 1 and rest[0].is_Add)


def _textbook_order(factor):
    base = factor.base if isinstance(factor, Pow) else factor
    kinds = (
        base.is_Number,
        isinstance(base, Symbol | Indexed | Function) and not isinstance(base, log),
        not isinstance(base, Add | log) and not base.has(ExprWithLimits),
        isinstance(base, Add),
        isinstance(base, log),
    )
    return kinds.index(True) if True in kinds else len(kinds)


class _TextbookOrder:
    def _as_ordered_terms(self, expr, order=None):
        # What was split off stands before the sum over the others, 1 before e^x, and
        # what is taken away after what it is taken from.
        def key(term):
            minus = term.could_extract_minus_sign()
            return term.has(SumExcept), minus, not term.is_Number

        return sorted(super()._as_ordered_terms(expr, order), key=key)


class _Text(_TextbookOrder, StrPrinter):
    def _print_Mul(self, expr):
        if _held(expr):
            return f"times({', '.join(map(self._print, expr.args))})"
        return super()._print_Mul(expr)

    def _print_Exp1(self, expr):
        return "exp(1)"


class _Latex(_TextbookOrder, LatexPrinter):
    with_block = frozenset()

    def _print_Symbol(self, expr, style="plain"):
        block = _block(expr)
        if block:
            letter = _letter(expr)
            return rf"{letter}_{{{block}}}" if expr in self.with_block else letter
        of_one = re.fullmatch("([A-Za-z])([A-Z])", expr.name)
        return (
            "{}_{{{}}}".format(*of_one.groups())
            if of_one
            else super()._print_Symbol(expr, style)
        )

    def _print_Indexed(self, expr):
        base, layer = re.fullmatch(r"(.*?)(\d*)", str(expr.base)).groups()
        blocks = {_block(x) for x in expr.indices}
        if base[1:] in blocks - {""}:  # z is one array, of which zP is a part
            base = base[0]
        indices = ",".join(map(self._print, expr.indices))
        return base + (f"^{{[{layer}]}}" if layer else "") + f"_{{{indices}}}"

    def _print_Derivative(self, expr):
        function = self._print(expr.expr)
        order = sum(int(count) for _, count in expr.variable_count)
        power = f"^{{{order}}}" if order > 1 else ""
        below = " ".join(
            rf"\partial {self._print(variable)}"
            + (f"^{{{count}}}" if count > 1 else "")
            for variable, count in reversed(expr.variable_count)
        )
        if isinstance(expr.expr, Indexed | Symbol | exp):
            return rf"\frac{{\partial{power} {function}}}{{{below}}}"
        return rf"\frac{{\partial{power}}}{{{below}}} \left({function}\right)"

    def _print_SumExcept(self, expr):
        index, excluded = expr.limits[0][0], expr.excluded
        condition = rf"{self._print(index)} \neq {self._print(excluded)}"
        return rf"\sum_{{{condition}}} {self._factor(expr.function)}"

    def _print_Sum(self, expr):
        # One sum sign for each index, the outermost first.
        signs = [self._sum_sign(*limit) for limit in reversed(expr.limits)]
        return " ".join([*signs, self._factor(expr.function)])

    def _sum_sign(self, index, low, high):
        letter = self._print(index)
        if _block(index) and low == 1 and high == size_of(index):
            return rf"\sum_{{{letter} \in {_block(index)}}}"
        return rf"\sum_{{{letter}={self._print(low)}}}^{{{self._print(high)}}}"

    def _print_exp(self, expr, exp=None):
        # A slash in an exponent, where a fraction would be too small to read.
        top, bottom = fraction(expr.exp, exact=True)
        above = self._factor(top) if bottom != 1 else self._print(top)
        power = above if bottom == 1 else f"{above}/{self._factor(bottom)}"
        printed = f"e^{{{power}}}"
        return printed if exp is None else rf"\left({printed}\right)^{{{exp}}}"

    def _print_log(self, expr, exp=None):
        (inside,) = expr.args
        short = isinstance(inside, Symbol | Indexed)
        printed = self._print(inside)
        name = r"\log" if exp is None else rf"\log^{{{exp}}}"
        return rf"{name} {printed}" if short else rf"{name}\left({printed}\right)"

    def _print_KroneckerDelta(self, expr, exp=None):
        indices = " ".join(map(self._print, expr.args))
        return rf"\delta_{{{indices}}}"

    def _print_g(self, expr, exp=None):
        return rf"g\left({self._print(expr.args[0])}\right)"

    def _print_g_prime(self, expr, exp=None):
        return rf"g'\left({self._print(expr.args[0])}\right)"

    def _factor(self, factor, first=True):
        printed = self._print(factor)
        negative = factor.could_extract_minus_sign() and not first
        return (
            rf"\left({printed}\right)"
            if isinstance(factor, Add) or negative
            else printed
        )

    def _print_Mul(self, expr):
        if _held(expr):
            factors = [self._factor(x, first=False) for x in expr.args]
            return r" \cdot ".join(factors)
        if expr.could_extract_minus_sign():
            return "- " + self._factor(-expr)
        top, bottom = fraction(expr, exact=True)
        if bottom == 1:
            return self._product(top)
        # A sum or a derivative stands behind the fraction, not on it.
        factors, kinds = Mul.make_args(top), ExprWithLimits | SumExcept | Derivative
        sums = [x for x in factors if isinstance(x, kinds)]
        top = self._product(Mul(*(x for x in factors if x not in sums)))
        printed = rf"\frac{{{top}}}{{{self._product(bottom)}}}"
        return " ".join([printed, self._product(Mul(*sums))] if sums else [printed])

    def _product(self, expr):
        factors = sorted(Mul.make_args(expr), key=_textbook_order)
        if len(factors) == 1:
            return self._print(expr)
        *others, last = factors
        return " ".join([*map(self._early, others), self._factor(last)])

    def _early(self, factor):
        # A sum and a logarithm reach to the end of their product: one that stands early
        # is closed.
        printed = self._factor(factor)
        open_ended = isinstance(factor, log) or factor.has(ExprWithLimits)
        closed = isinstance(factor, Add) or not open_ended or printed.endswith(")")
        return printed if closed else rf"\left({printed}\right)"


def conditions(chain, write=text):
    """What a chain assumes: definitions, the case, the hypotheses that it uses.

    In LaTeX also the blocks that its free letters are of.
    """
    if write is latex:
        found = [*_latex_definitions(chain.where), *_memberships(chain)]
    else:
        found = [f"{write(x.symbol)} := {write(x.value)}" for x in chain.where]
    if chain.case is not None:
        found.append(relation(chain.case, write))
    here = chain.start.atoms(IndexedBase).union(
        *(x.right.atoms(IndexedBase) for x in chain.steps),
        *(x.value.atoms(IndexedBase) for x in chain.where),
    )
    for fact in chain.uses:
        totals = [
            total
            for total, parts in zip(fact.sums, fact.parts, strict=True)
            if not here.isdisjoint(x.function.base for x in parts)
        ]
        found += [f"{write(x)} = {write(fact.value)}" for x in totals]
    return found


def relation(case, write=text):
    """A case, i = j or i ≠ j.

    >>> from derivations.letters import Ne, i, j
    >>> relation(Ne(i, j)), relation(Ne(i, j), latex)
    ('i ≠ j', 'i \\\\neq j')
    """
    unequal = r" \neq " if write is latex else " ≠ "
    return (" = " if isinstance(case, Eq) else unequal).join(map(write, case.args))


def _latex_definitions(where):
    """Definitions as LaTeX; what holds in every block alike is written once."""
    blocks = {}  # of each formula, the blocks of each letter
    for x in where:
        known = blocks.setdefault(f"{latex(x.symbol)} = {latex(x.value)}", {})
        for index in filter(_block, x.parameters):
            known.setdefault(_letter(index), []).append(_block(index))
    return [
        rf"{formula} \text{{ for }} {_in_blocks(known)}" if known else formula
        for formula, known in blocks.items()
    ]


def _in_blocks(blocks):
    unions = {letter: r" \cup ".join(names) for letter, names in blocks.items()}
    return ", ".join(rf"{letter} \in {union}" for letter, union in unions.items())


def _memberships(chain):
    """The block of every free letter of a chain that is of one."""
    sides = [chain.start, *(x.right for x in chain.steps)]
    free = set().union(*map(free_symbols, sides))
    indices = sorted((x for x in free if _block(x)), key=str)
    return [rf"{_letter(x)} \in {_block(x)}" for x in indices]


def chain_as_text(chain):
    """A chain as plain text, a line for each step."""
    where = ", ".join(conditions(chain))
    head = text(chain.start) + (f"    where {where}" if where else "")
    words = [f"{x.verdict.mark} {x.words.replace('$', '')}" for x in chain.steps]
    steps = zip(chain.steps, words, strict=True)
    return "\n".join([head, *(f"  = {text(x.right)}    {why}" for x, why in steps)])


def chain_as_lines(chain):
    """A chain as Markdown: a formula, then a paragraph with its reason, line by line.

    Words in a paragraph wrap where a page is narrow; inside a formula they would not.
    """
    left, found = latex(chain.start), []
    for line in chain.steps:
        found.append(rf"$\displaystyle {left} = {latex(line.right)}$")
        found.append(f"{line.verdict.mark} {line.words}")
        left = r"\quad"
    return "\n\n".join(found or [rf"$\displaystyle {left}$"])


def chain_as_markdown(chain):
    """A chain as Markdown: its lines, what it assumes, and how it was checked."""
    where = ",\n".join(f"${x}$" for x in conditions(chain, latex))
    points = sum(line.verdict.points for line in chain.steps)
    sizes = sorted({x for line in chain.steps for x in line.verdict.sizes}, key=str)
    every = "every $n$ from 2 on"
    if sizes:
        every = f"all sizes {', '.join(f'${latex(x)}$' for x in sizes)}"
    checked = f"Proved for {every}, and compared at {points} points."
    open_lines = sum(not line.verdict for line in chain.steps)
    if open_lines:
        checked = f"Not proved: of {len(chain.steps)} lines, {open_lines} without a ✓."
    parts = [chain_as_lines(chain), where and f"Where {where}.", checked]
    return "\n\n".join(filter(None, parts))


_COMMANDS = {"\\": r"\textbackslash{}", "~": r"\~{}", "^": r"\^{}"}
_EQUALS = {"✓": "=", "✗": r"\overset{\times}{=}", "?": r"\overset{?}{=}"}


def chain_as_latex(chain):
    """A chain as LaTeX for an article that loads amsmath.

    Over the `=` of a line that is not proved stands a ? or, where it is wrong, a ×.
    """
    where = ", ".join(f"${x}$" for x in conditions(chain, latex))
    left, rows = latex(chain.start), []
    for line in chain.steps:
        equals, words = _EQUALS[line.verdict.mark], _mathematics(line.words)
        rows.append(f"{left} &{equals} {latex(line.right)} && {words}")
        left = ""
    block = " \\\\[4pt]\n".join(rows)
    where = f"\nwhere {where}." if where else ""
    return f"\\begin{{align*}}\n{block}\n\\end{{align*}}{where}"


def _mathematics(words):
    r"""Words with $formulas$ among them, as LaTeX mathematics: \text{…} formula."""
    parts = words.split("$")
    return "".join(
        (part if number % 2 else rf"\text{{{_escaped(part)}}}")
        for number, part in enumerate(parts)
        if part
    )


def _escaped(words):
    r"""Words with what LaTeX would read as a command written out: a\_i, 50\%."""
    return re.sub(
        r"[\\&%#_{}~^]",
        lambda found: _COMMANDS.get(found[0], rf"\{found[0]}"),
        words,
    )
