"""The line behind which a cell's code is folded: what it does, by its own names."""

import ast
import re

CHECKS = {"check", "check_array", "gradient_check", "Verdicts", "Results"}
LONGEST = 60  # characters of code in a line
MOST_NAMES = 3


def parsed(source):
    """The syntax tree of a cell, without the lines that are for Jupyter alone."""
    return ast.parse(re.sub(r"^[%!].*$", "", source, flags=re.M))


def line(source):
    """What the code of a cell does, in one line of Markdown.

    >>> line("import numpy as np")
    'imports `numpy`'
    >>> line("a0 = softmax(z0)\\na0.round(4)")
    'computes `a0`'
    >>> line("own = Derivation(L).step(a[j], 'why')\\nown")
    'derives `own`'
    >>> line("helpers.plot_jacobian(J0)")
    'draws jacobian'
    >>> line("def loss(z):\\n    return z")
    'defines `loss`'
    """
    whole = parsed(source).body
    body = [x for x in whole if not isinstance(x, ast.Import | ast.ImportFrom)]
    if not body:
        imported = [getattr(x, "module", None) or x.names[0].name for x in whole]
        return f"imports {_in_code(imported)}"
    match body[-1]:
        case ast.Try(body=[first, *_]):
            return f"tries {_short(first)}"
        case ast.For():
            return "prints the lines below"
        case ast.Assert(test):
            return f"checks that {_short(test)}"
    return _of_value(body)


def _of_value(body):
    """What a cell does that ends on a value, or on a name that it has assigned."""
    last, stored = body[-1], _stored(body)
    value = getattr(last, "value", None)
    if isinstance(value, ast.Name):
        names, value = [value.id], _assigned(body, value.id)
    else:
        names = [x for x in stored if x in _loaded(last)]
    names, called = _in_code(names or stored), _called(value)
    theorems = [x for x in called if "." in x]
    if pictures := [x for x in called if x.startswith(("plot_", "explore_"))]:
        kind, _, what = pictures[0].replace("_", " ").partition(" ")
        return f"draws {what}{', to be moved' if kind == 'explore' else ''}"
    if theorems or "Derivation" in called:
        return f"derives {_in_code(theorems) or names}"
    if CHECKS & set(called):
        return f"checks {names or _short(value.args[0])}"
    if called == ["print"]:
        return "prints the lines below"
    if defined := [x.name for x in body if isinstance(x, ast.FunctionDef)]:
        return f"defines {_in_code(defined)}"
    return f"computes {names}" if names else f"shows {_short(value or last)}"


def _called(value):
    """The functions that make a value, the last first; a theorem by its name."""
    names = []
    while isinstance(value, ast.Call | ast.Attribute):
        if isinstance(value, ast.Attribute):
            value = value.value
            continue
        match value.func:
            case ast.Name(name) | ast.Attribute(attr=name):
                names.append(name)
            case ast.Subscript(slice=ast.Constant(str(name))):
                names.append(name)
        value = value.func
    return names


def _stored(body):
    """The names that a cell assigns, in order."""
    targets = [x for one in body if isinstance(one, ast.Assign) for x in one.targets]
    nodes = [node for target in targets for node in ast.walk(target)]
    stores = (x for x in nodes if isinstance(getattr(x, "ctx", None), ast.Store))
    return list(dict.fromkeys(x.id for x in stores if isinstance(x, ast.Name)))


def _assigned(body, name):
    """What a cell assigns to a name at last; None where it does not."""
    values = [
        one.value
        for one in body
        if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == name
    ]
    return values[-1] if values else None


def _loaded(tree):
    return {x.id for x in ast.walk(tree) if isinstance(x, ast.Name)}


def _in_code(names):
    shown = [f"`{x}`" for x in names[:MOST_NAMES]]
    return ", ".join(shown + ["…"] * (len(names) > MOST_NAMES))


def _short(tree):
    code = ast.unparse(tree).splitlines()[0]
    return f"`{code if len(code) <= LONGEST else code[: LONGEST - 1] + '…'}`"
