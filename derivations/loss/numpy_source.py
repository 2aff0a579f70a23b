"""A loss and its gradient as the text of a Python function on NumPy.

The text is written from the program that `to_numpy` carries out, and quotes the
functions of `to_numpy` that it needs.  Nothing is evaluated, and NumPy is not imported.
"""

import ast
import json
import keyword
import textwrap
from collections import Counter
from importlib import resources

from sympy import IndexedBase

from derivations.formulas.caching import remembered
from derivations.letters import n
from derivations.loss.operations import OPERATIONS, OVER, plain
from derivations.loss.refusals import checks_of_labels, conditions_on
from derivations.text.printing import text

_WIDTH = 84
_LONGEST = 48
_LOCALS = {"Y", "Z", "dtype", "eps", "eye", "gradient", "loss", "n", "np"}
"""Names of the function itself; so are the arrays, and those that begin with part_."""
_MEANINGS = {"rest": "  # 1 - A", "log_rest": "  # log(1 - A)"}
_SUM, _PRODUCT, _POWER, _ATOM = range(4)


def written(own):
    """The function `loss_and_gradient` of a loss, and what it needs, as text."""
    names, program = _names(own), own.program
    writer = _Writer(program, names)
    keywords = f", *, {', '.join(names.values())}" if names else ""
    body = [
        *_docstring(own, names),
        *_inputs(own, names),
        *(
            ["eye = np.eye(Z.shape[0], dtype=Z.real.dtype)[:, :, None]"]
            * writer.has_delta
        ),
        *(["n = Z.real.dtype.type(Z.shape[0])"] * writer.has_size),
        *writer.lines,
        *(
            f'{name} = _result("{name}", {name}, Z, dtype, {program.has_log})'
            for name in ("loss", "gradient")
        ),
        "return loss, gradient",
    ]
    function = [
        '@np.errstate(all="ignore")',
        f"def loss_and_gradient(Z, Y{keywords}):",
        *_indented(body),
    ]
    needed = [x for x in _functions() if f"{x}(" in "\n".join(body)]
    parts = ["import numpy as np", *_quoted(needed), "\n".join(function)]
    return "\n\n\n".join(parts) + "\n"


def _indented(lines):
    return [f"    {line}" if line else "" for line in lines]


def _names(own):
    """The name of each parameter in the text; it is no other name there."""
    taken, names = {*_LOCALS, *own.program.steps, *keyword.kwlist}, {}
    for one in own.parameters:
        name = str(one)
        if not (name.isidentifier() and name.isascii()):
            raise ValueError(
                f"{name!r} is not a name in Python: choose a name of letters, "
                "digits and _, such as gamma, and derive the loss again"
            )
        while name in taken or name.startswith(("_", "part_")):
            name = f"{name.lstrip('_')}_" if name.startswith("_") else f"{name}_"
            name = f"the_{name}" if name.startswith("part_") else name
        taken.add(name)
        names[one] = name
    return names


@remembered
def _functions():
    """The functions of `to_numpy` that may be quoted: of each its tree and its text."""
    file = resources.files("derivations.loss").joinpath("to_numpy.py")
    room = file.read_text("utf-8")
    parts = [x for x in ast.parse(room).body if isinstance(x, ast.FunctionDef)]
    return {
        part.name: (part, ast.get_source_segment(room, part))
        for part in parts
        if part.name.startswith("_")
    }


def _quoted(needed):
    """The text of functions of `to_numpy`, with those that they call."""
    known = _functions()
    waiting, quoted = list(needed), set()
    while waiting:
        name = waiting.pop()
        quoted.add(name)
        tree, _ = known[name]
        used = {x.id for x in ast.walk(tree) if isinstance(x, ast.Name)}
        waiting += used & set(known) - quoted
    return [written for name, (_, written) in known.items() if name in quoted]


# What stands before the formulas


def _docstring(own, names):
    arrays = [name for one, name in names.items() if isinstance(one, IndexedBase)]
    numbers = [name for one, name in names.items() if not isinstance(one, IndexedBase)]
    shapes = "Z and Y are (n, m), classes down, examples across, n >= 2"
    shapes += f"; {', '.join(arrays)} (n,)" if arrays else ""
    shapes += f"; {', '.join(numbers)} numbers" if numbers else ""
    signs = [
        f"{name} {sign} {bound}"
        for one, name in names.items()
        for sign, bound in conditions_on(one)
    ]
    facts = [
        f"{one.says(lambda entry: 'Y') if one.ranges else one.sentence} ({one.name})"
        for one in own.chain.uses
    ]
    paragraphs = [
        f"L = {text(own.loss)}",
        f"dL/dz[j] = {text(own.gradient)}",
        f"where {text(own.activation.symbol)} = {text(own.activation.value)}",
        "",
        f"Shapes: {shapes}. Returns the losses (m,) and dL/dZ (n, m).",
        *([f"Conditions: {'; '.join([*signs, *facts])}."] if signs or facts else []),
        f"Measured in float64: {own.accuracy.sentence}.",
    ]
    lines = ['"""The loss L of each example, and its gradient by the logits.', ""]
    for paragraph in paragraphs:
        lines += textwrap.wrap(
            paragraph, _WIDTH, subsequent_indent="    ", break_long_words=False
        ) or [""]
    return [*lines, '"""']


def _inputs(own, names):
    yield f"Z, Y, eps, dtype = _inputs(Z, Y, {own.accuracy.limit_of_arrays})"
    for check, *stated in checks_of_labels(own.chain.uses):
        said = (f'"{x}"' if isinstance(x, str) else f"{x}" for x in stated)
        yield f"{check}(Y, eps, {', '.join(said).replace('inf', 'np.inf')})"
    for one, name in names.items():
        length = "Z.shape[0]" if isinstance(one, IndexedBase) else 0
        stated = json.dumps(conditions_on(one))
        yield f'{name} = _parameter("{one}", {name}, {stated}, {length}, Z)'


# The formulas


class _Writer:
    """Writes steps as lines; a step that is long, or used twice, gets a name."""

    def __init__(self, program, names):
        self.names, self.lines, self.written = names, [], {}
        self.has_delta = self.has_size = False
        self.uses, waiting, seen = Counter(), [*program.steps.values()], set()
        while waiting:
            step = waiting.pop()
            if step not in seen:
                seen.add(step)
                self.uses.update(step.arguments)
                waiting += step.arguments
        for name, step in program.steps.items():
            self.statement(name, step)

    def statement(self, name, step):
        line, _ = self.formula(step)
        if len(line) + len(name) > _WIDTH and step.operation == "+":
            terms = self.terms(step)
            more = (f"    {sign} {term}" for sign, term in terms[1:])
            first = "".join(x for x in terms[0] if x != "+")
            self.lines += [f"{name} = (", f"    {first}", *more, ")"]
        else:
            self.lines.append(f"{name} = {line}{_MEANINGS.get(name, '')}")

    def text(self, step, level=_SUM, axes=None):
        """A step inside a formula of that level, whose value lies along `axes`."""
        if step not in self.written:
            line, own_level = self.formula(step)
            if step.arguments and (self.uses[step] > 1 or len(line) > _LONGEST):
                name = f"part_{1 + sum(x.startswith('part_') for x in self.lines)}"
                self.statement(name, step)
                line, own_level = name, _ATOM
            self.written[step] = line, own_level
        line, own_level = self.written[step]
        index = _index(step.axes, step.axes if axes is None else axes)
        if index:
            return (line if own_level == _ATOM else f"({line})") + index
        return f"({line})" if own_level < level else line

    def formula(self, step):  # noqa: PLR0911 (one line per kind of operation)
        """A step as text, and the level of its outermost operation."""
        operation, of = step.operation, step.of
        if operation == "number":
            return repr(plain(of)), _ATOM if of >= 0 else _PRODUCT
        if operation in ("array", "parameter", "size", "delta"):
            self.has_delta |= operation == "delta"
            self.has_size |= operation == "size"
            known = {"size": str(n), "delta": "eye", "array": of}
            return known.get(operation, self.names.get(of)), _ATOM
        if operation == "+":
            terms = self.terms(step)
            first = "".join(x for x in terms[0] if x != "+")
            return " ".join([first, *(f"{x} {y}" for x, y in terms[1:])]), _SUM
        if operation == "*":
            first, *rest = step.arguments
            sign = "-" if first.operation == "number" and first.of == -1 else ""
            factors = rest if sign else [first, *rest]
            levels = [_PRODUCT, *[_POWER] * len(rest)]
            inside = map(self.inside(step), factors, levels)
            return sign + " * ".join(inside), _PRODUCT
        if operation == "/":
            above, below = map(self.inside(step), step.arguments, (_PRODUCT, _POWER))
            return f"{above} / {below}", _PRODUCT
        if operation == "**":
            base, power = map(self.inside(step), step.arguments, (_ATOM, _ATOM))
            return f"{base} ** {power}", _POWER
        if operation in OVER:
            return self.over(step), _ATOM
        name = OPERATIONS[operation].numpy
        arguments = [self.text(x, _SUM, step.axes) for x in step.arguments]
        name = name if name.startswith("_") else f"np.{name}"
        return f"{name}({', '.join(arguments)})", _ATOM

    def inside(self, step):
        return lambda argument, level: self.text(argument, level, step.axes)

    def terms(self, step):
        """The terms of a sum, each with its sign."""
        lines = [self.text(x, _PRODUCT, step.axes) for x in step.arguments]
        return [
            ("-", line[1:]) if line.startswith("-") else ("+", line) for line in lines
        ]

    def over(self, step):
        (argument,) = step.arguments
        places = [str(argument.axes.index(x)) for x in step.of]
        axis = places[0] if len(places) == 1 else f"({', '.join(places)})"
        name = OVER[step.operation].numpy
        if name == "sum":
            return f"{self.text(argument, _ATOM)}.sum(axis={axis})"
        return f"{name}({self.text(argument)}, {axis})"


def _index(axes, wanted):
    """The index by which an array gets an axis for each letter that it lacks."""
    places = [":" if x in axes else "None" for x in wanted]
    while places and places[0] == "None":
        places.pop(0)
    return f"[{', '.join(places)}]" if "None" in places else ""
