"""A text as a tree: the grammar of `formula.lark` over the tokens of `words`."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedToken
from lark.lexer import Lexer

from derivations.formulas.indices import Index, Size, size_of
from derivations.text.unreadable import Unreadable
from derivations.text.vocabulary import Names

MOST_LEVELS = 60
"""Of powers, functions and parentheses within each other."""
_NOT_DEEP = {"formula", "sum", "row", "beside", "items", "sub", "limits", "relation"}


class _Given(Lexer):
    """The tokens are made already."""

    def __init__(self, _):
        pass

    def lex(self, data):
        yield from data


@cache
def _parser():
    grammar = files(__package__).joinpath("formula.lark").read_text(encoding="utf-8")
    settings = {"parser": "lalr", "lexer": _Given, "propagate_positions": True}
    return Lark(grammar, start="formula", **settings)


def tree_of(row: list[Token], source: str) -> Tree:
    """The tree of a row of tokens.

    Raises Unreadable where the grammar expects something else, and for a tree that is
    too deep.

    >>> from derivations.text.vocabulary import SERIES
    >>> from derivations.text.notation.tokens.words import tokens
    >>> text = "a_i - 1"
    >>> tree_of(tokens(text, SERIES, {}), text).children[0].data
    'sum'
    """
    try:
        tree = _parser().parse(row)
    except UnexpectedToken as problem:
        raise _unexpected(problem, row, source) from None
    _refuse_deep(tree, source)
    return tree


def _unexpected(problem, row, source):
    wanted = "a name, a number or a parenthesis"
    if not problem.expected & {"NAME", "NUMBER"}:
        wanted = "a sign such as + or ="
    if problem.token.type == "$END":
        last = source[row[-1].start_pos :].strip()
        words = f"nothing behind `{last}`"
        if last == "}":  # a formula field shows no brace
            words = "the formula ends too early"
        return Unreadable(f"{words}: {wanted} is expected", source, len(source))
    shown = source[problem.token.start_pos : problem.token.end_pos] or problem.token
    words = f"`{shown}` is not expected here: {wanted} is"
    return Unreadable(words, source, problem.token.start_pos)


def _refuse_deep(tree, source):
    """Refuse a tree whose reading would go deep, without going deep itself."""
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MOST_LEVELS:
            words = (
                "too deep: fewer powers, functions and parentheses within each other"
            )
            raise Unreadable(words, source, node.meta.start_pos)
        depth += node.data not in _NOT_DEEP
        waiting += [(x, depth) for x in node.children if isinstance(x, Tree)]


# What a part of a tree is made of.


def start(node: Tree | Token) -> int:
    """Where a node begins in the source."""
    return (node if isinstance(node, Token) else node.meta).start_pos


def end(node: Tree | Token) -> int:
    """Where a node ends in the source."""
    return node.end_pos if isinstance(node, Token) else node.meta.end_pos


def sides_of(tree: Tree) -> list[Tree]:
    """The sides of an equation."""
    return [x for x in tree.children if isinstance(x, Tree)]


def items(group: Tree) -> list:
    """What stands between the parentheses of a group."""
    return group.children[1].children


def kind(node: Tree | Token) -> str:
    """The rule that a node is made by; nothing for a token."""
    return node.data if isinstance(node, Tree) else ""


def plain(node: Tree | Token) -> str:
    """The name or number that a node is, in parentheses too; else nothing."""
    while isinstance(node, Tree):
        if node.data in ("name", "number"):
            node = node.children[0]
        elif node.data == "group" and len(items(node)) == 1:
            (node,) = items(node)
        else:
            return ""
    return str(node)


# What the letters of a tree count.


def letters_by_place(
    tree: Tree, names: Names, known: Mapping[str, str], slots: tuple
) -> dict[str, Index]:
    """Our letters for those that count something else here: dW_ij = (…) X_js.

    In W_ij and X_js the letter j counts inputs, so it is q.  A letter is told by its
    places where it stands on the left or below a sum; else by what is asked.

    >>> from derivations.letters import j, q
    >>> from derivations.text.notation.tokens.words import tokens
    >>> from derivations.text.vocabulary import SERIES
    >>> line = "dW_ij = sum_s (A_is - Y_is) X_js"
    >>> letters_by_place(tree_of(tokens(line, SERIES, {}), line), SERIES, {}, (j, q))
    {'j': q}
    """
    sizes, bound = {}, set()
    examples = _examples(tree, names, known)
    examples |= summed_rows(tree, names, known, [str(x) for x in slots])
    for letter, size in _placed(tree, names, known, examples):
        sizes.setdefault(letter, set()).add(size)
    for limits in tree.find_data("limits"):
        bound |= set(_words(limits.children[0].children[1]))
    first, *more = sides_of(tree)
    is_left = bool(more or not slots)
    left = {x for x, _ in _placed(first, names, known, examples)} if is_left else set()
    one = {x: size for x, (size, *more) in sizes.items() if not more}
    other = {x for x, size in one.items() if names.indices[x].size != size}
    free = {x: size for x, size in one.items() if x not in bound | left}
    taken, found = {*sizes} - other, {}
    for letter in sorted(other & (bound | left)):
        ours = [x for x in (*slots, *one[letter].indices) if x.size == one[letter]]
        ours = [x for x in ours if str(x) not in taken]
        if ours:
            found[letter] = ours[0]
            taken.add(str(ours[0]))
    if not left and other & {*free} - {*map(str, slots)}:
        for slot in slots:
            counted = [x for x, size in free.items() if size == slot.size]
            if len(counted) == 1 and [x.size for x in slots].count(slot.size) == 1:
                found[counted[0]] = slot
    return {x: ours for x, ours in found.items() if x != str(ours)}


def sizes_above(
    tree: Tree, names: Names, counted: Mapping[str, Index]
) -> dict[str, Size]:
    """What the letters above sums stand for: C is n in Σ_{k=1}^C, and in all of a line.

    `counted` are the letters that count something else here than in `names`.

    >>> from derivations.text.notation.tokens.words import tokens
    >>> from derivations.text.vocabulary import SERIES
    >>> line = "sum_{k=1}^C a_k/C"
    >>> sizes_above(tree_of(tokens(line, SERIES, {}), line), SERIES, {})
    {'C': n}
    """
    sizes, own = {}, names.indices.get("i")
    for limits in tree.find_data("limits"):
        below, above = _words(limits.children[0].children[1]), limits.children[2:]
        has_dots = any(True for _ in limits.find_data("dots"))  # k=1..C
        word = plain(above[0]) if above else below[-1] if has_dots else ""
        first = next(iter(below), "")
        letter = counted.get(first) or names.indices.get(first, own)
        if word.isalpha() and word not in names.indices and letter is not None:
            sizes.setdefault(word, set()).add(letter.size)
    return {x: size for x, (size, *more) in sizes.items() if not more}


def summed_rows(
    tree: Tree, names: Names, known: Mapping[str, str], asked: Iterable[str]
) -> set[str]:
    """The letters of sums that stand first in entries whose second one is asked.

    So it is in Σ_i (p_ij − y_ij), asked at j, where the example stands first.
    """
    bound = {x for limits in tree.find_data("limits") for x in _words(limits)}
    found = set()
    for entry in tree.find_data("entry"):
        body, sub = entry.children
        is_output = known.get(plain(body), plain(body)).lower() in ("a", "y", "z")
        letters = _words(sub.children[1])
        if is_output and len(letters) == 2 and letters[1] in asked:
            sizes = {names.indices[x].size for x in letters if x in names.indices}
            found |= {letters[0]} & bound - {*asked} if len(sizes) == 1 else set()
    return found


def _examples(tree, names, known):
    """The letters of sums that count examples, of Σ_s, or with m above, Σ_{i=1}^m."""
    found, sums = set(), list(tree.find_data("limits"))
    is_mean = any(known.get(x, x) == "m" for x in _words(tree))
    for limits in sums:
        word = plain(limits.children[2]) if len(limits.children) > 1 else ""
        below = {x for x in _words(limits.children[0]) if x in names.indices}
        is_all = "m" in (word, known.get(word))
        found |= {x for x in below if is_all or (is_mean and x in ("s", "t"))}
    return found


def _placed(node, names, known, examples):
    """Each index of the entries in a tree, and what is counted at its place."""
    columns = [x.children[0] for x in node.find_data("power") if _is_column(x)]
    for entry in node.find_data("entry"):
        body, sub = entry.children
        name = known.get(plain(body), plain(body))
        letters = _words(sub.children[1])
        if not all(x in names.indices for x in letters):
            continue
        is_example = len(letters) == 1 and {*letters} <= examples
        if is_example and name.upper() in names.entries:  # the column a_i
            yield letters[0], names.indices["s"].size
            continue
        arrays = [name, name.upper()]
        if name == "x" or any(entry is x for x in columns):  # x_l^{(i)} is of X
            arrays, letters = [plain(body).upper()], [*letters, "s"]
        entries = [names.entries[x] for x in arrays if x in names.entries]
        fits = (x.indices for x in entries if len(x.indices) == len(letters))
        places = list(map(size_of, next(fits, ())))
        if (
            letters[:1]
            and letters[0] in examples
            and name.lower() in ("a", "y", "z", "x")
        ):
            places.reverse()  # y_ic: the example stands first
        yield from zip(letters, places, strict=False)


def _is_column(power):
    """Whether a power is an example above an entry: a_k^{(i)}."""
    above = power.children[2]
    while kind(above) == "group" and above.children[0] == "{":
        above = items(above)[0] if items(above) else None
    is_group = kind(above) == "group" and above.children[0] == "("
    return is_group and plain(above).isalpha()


def _words(node):
    """The names and numbers in a subscript, in their order."""
    whole = [node] if isinstance(node, Token) else node.scan_values(lambda _: True)
    return [str(x) for x in whole if x.type in ("NAME", "NUMBER")]
