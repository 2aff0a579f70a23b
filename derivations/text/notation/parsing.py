"""A text as a tree: the grammar of `formula.lark` over the tokens of `words`."""

from functools import cache
from importlib.resources import files

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedToken
from lark.lexer import Lexer

from derivations.text.unreadable import Unreadable

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
    >>> from derivations.text.notation.words import tokens
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
        words = f"nothing behind `{source[row[-1].start_pos :].strip()}`"
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
