"""A loss and its gradient as the text of a Python function on NumPy.

The text is written from the steps of a `stability.Plan`, as `to_numpy` carries them
out, and quotes the functions of `to_numpy` that it needs.
Nothing is evaluated, and NumPy is not imported.
"""

import ast
import keyword
import textwrap
from collections import Counter
from importlib import resources

from sympy import IndexedBase

from derivations.formulas.ranges import conditions
from derivations.letters import j, k, n, y
from derivations.loss.stability import plan
from derivations.text.printing import text

_WIDTH = 84
_LONGEST = 48
_RESERVED = {"A", "Y", "Z", "eye", "gradient", "loss", "n", "np"}
_SUM, _PRODUCT, _POWER, _ATOM = range(4)


def written(own):
    """The function `loss_and_gradient` of a loss, and what it needs, as text."""
    names = {one: _name(one) for one in own.parameters}
    steps = plan(own, (own.loss, ()), (own.gradient, (j,)))
    writer = _Writer(steps, names)
    keywords = f", *, {', '.join(names.values())}" if names else ""
    body = [
        *_docstring(own, names),
        *_inputs(names, writer),
        *_conditions(own, names),
        *writer.lines,
        "return loss, gradient",
    ]
    function = [f"def loss_and_gradient(Z, Y{keywords}):", *_indented(body)]
    parts = ["import numpy as np", *_operations(writer.needed), "\n".join(function)]
    return "\n\n\n".join(parts) + "\n"


def _indented(lines):
    return [f"    {line}" if line else "" for line in lines]


def _name(parameter):
    name = str(parameter)
    if not (name.isidentifier() and name.isascii()):
        raise ValueError(
            f"{name!r} is no name in Python: give the parameter one of letters, digits "
            "and _, such as gamma, and derive the loss again"
        )
    taken = name in _RESERVED or name.startswith(("_", "log_", "part_"))
    return f"{name}_" if taken or keyword.iskeyword(name) else name


def _operations(needed):
    """The text of functions of `to_numpy`, with those that they call."""
    room = (
        resources.files("derivations.loss").joinpath("to_numpy.py").read_text("utf-8")
    )
    known = {
        part.name: part
        for part in ast.parse(room).body
        if isinstance(part, ast.FunctionDef)
    }
    waiting, quoted = list(needed), set()
    while waiting:
        name = waiting.pop()
        quoted.add(name)
        used = {x.id for x in ast.walk(known[name]) if isinstance(x, ast.Name)}
        waiting += used & set(known) - quoted
    return [ast.get_source_segment(room, known[x]) for x in known if x in quoted]


# What stands before the formulas


def _docstring(own, names):
    facts = [f"{name} {condition}" for name, condition in _conditions_of(own, names)]
    facts += [_hypothesis(fact) for fact in own.chain.uses]
    arrays = [name for one, name in names.items() if isinstance(one, IndexedBase)]
    numbers = [name for one, name in names.items() if not isinstance(one, IndexedBase)]
    shapes = "Z and Y are (n, m), classes down, examples across, n >= 2"
    shapes += f"; {', '.join(arrays)} (n,)" if arrays else ""
    shapes += f"; {', '.join(numbers)} numbers" if numbers else ""
    paragraphs = [
        ("", f"L = {text(own.loss)}"),
        ("", f"dL/dz[j] = {text(own.gradient)}"),
        ("", f"where {text(own.activation.symbol)} = {text(own.activation.value)}"),
        ("\n", f"Shapes: {shapes}. Returns the losses (m,) and dL/dZ (n, m)."),
    ]
    if facts:
        paragraphs.append(("", f"Conditions: {'; '.join(facts)}."))
    lines = ['"""The loss L of each example, and its gradient by the logits.', ""]
    for before, paragraph in paragraphs:
        lines += [""] * bool(before)
        lines += textwrap.wrap(
            paragraph, _WIDTH, subsequent_indent="    ", break_long_words=False
        )
    return [*lines, '"""']


def _conditions_of(own, names):
    """What the numbers of parameters have to be, by the names in the text: "> 0"."""
    entries = ((x[k] if isinstance(x, IndexedBase) else x, x) for x in own.parameters)
    return [
        (names[x], f"{sign} {bound}")
        for entry, x in entries
        for sign, bound in conditions(entry)
    ]


def _hypothesis(fact):
    if fact.ranges:
        return f"{fact.says(lambda entry: 'Y')} ({fact.name})"
    return f"each column of Y sums to {fact.value} ({fact.name})"


def _inputs(names, writer):
    yield "Z, Y = np.asarray(Z), np.asarray(Y)"
    yield "if Z.ndim != 2 or Z.shape != Y.shape:"
    yield '    raise ValueError(f"one shape (n, m), not {Z.shape} and {Y.shape}")'
    yield 'Z = Z.astype(float) if Z.dtype.kind in "iu" else Z'
    yield "n, Y = len(Z), Y.astype(Z.real.dtype)"
    for one, name in names.items():
        if isinstance(one, IndexedBase):
            yield f"{name} = np.asarray({name}, Z.real.dtype).reshape(n, 1)"
    if writer.has_delta:
        yield "eye = np.eye(n, dtype=Z.real.dtype)[:, :, None]"


def _conditions(own, names):
    for name, condition in _conditions_of(own, names):
        yield f"if not np.all({name} {condition}):"
        yield f'    raise ValueError("{name} must be {condition}")'
    for fact in own.chain.uses:
        if fact.ranges:
            between = fact.says(lambda entry: "Y")
            _, range_ = fact.ranges[0]
            ends = (("<", range_.low), (">", range_.high))
            outside = [f"(Y {sign} {end})" for sign, end in ends if end.is_finite]
            yield f"if np.any({' | '.join(outside)}):"
            yield f'    raise ValueError("Y must have {between} ({fact.name})")'
        if any(total.function.base == y for total in fact.sums):
            yield f"off = np.abs(Y.sum(axis=0) - {fact.value})"
            yield "rounding = n * np.finfo(np.float32).eps * np.abs(Y).sum(axis=0)"
            yield "if np.any(off > 4 * rounding):"
            said = f"each column of Y must sum to {fact.value} ({fact.name})"
            yield f'    raise ValueError("{said}")'


# The formulas


class _Writer:
    """Writes steps as lines; a step that is long, or used twice, gets a name."""

    def __init__(self, steps, names):
        self.names, self.lines, self.needed, self.written = names, [], set(), {}
        self.has_delta = False
        self.uses = Counter()
        roots = [*steps.arrays.values(), *steps.results]
        waiting = [*roots]
        seen = set()
        while waiting:
            step = waiting.pop()
            if step in seen:
                continue
            seen.add(step)
            self.uses.update(step.arguments)
            waiting += step.arguments
        for name, step in steps.arrays.items():
            self.statement(name, step)
        for name, step in zip(("loss", "gradient"), steps.results, strict=True):
            self.statement(name, step)
        if not _is_full(steps.results[1]):
            self.lines.append("gradient = np.broadcast_to(gradient, Z.shape)")

    def statement(self, name, step):
        line, _ = self.formula(step)
        if len(line) + len(name) > _WIDTH and step.operation == "+":
            terms = self.terms(step)
            more = (f"    {sign} {term}" for sign, term in terms[1:])
            first = "".join(x for x in terms[0] if x != "+")
            self.lines += [f"{name} = (", f"    {first}", *more, ")"]
        else:
            self.lines.append(f"{name} = {line}")

    def text(self, step, level=_SUM, axes=None):
        """A step inside a formula of that level, whose value lies along `axes`."""
        if step not in self.written:
            line, own_level = self.formula(step)
            simple = own_level == _ATOM and not step.arguments
            if not simple and (self.uses[step] > 1 or len(line) > _LONGEST):
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
            return repr(of), _ATOM if of >= 0 else _PRODUCT
        if operation in ("array", "parameter", "size", "delta"):
            self.has_delta |= operation == "delta"
            known = {"size": str(n), "delta": "eye", "array": of}
            return known.get(operation, self.names.get(of)), _ATOM
        if operation == "defined":
            return self.formula(*step.arguments)
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
            return " ** ".join(map(self.inside(step), step.arguments, (_ATOM,) * 2)), (
                _POWER
            )
        if operation in ("sum", "log_sum_exp"):
            return self.over(step)
        return self.call(step), _ATOM

    def inside(self, step):
        return lambda argument, level: self.text(argument, level, step.axes)

    def terms(self, step):
        """The terms of a sum, each with its sign."""
        lines = [self.text(x, _PRODUCT, step.axes) for x in step.arguments]
        lines.sort(key=lambda line: line.startswith("-"))
        return [
            ("-", line[1:]) if line.startswith("-") else ("+", line) for line in lines
        ]

    def call(self, step):
        operation = _NAMES.get(step.operation, f"_{step.operation}")
        if operation.startswith("_"):
            self.needed.add(operation)
        arguments = [self.text(x, _SUM, step.axes) for x in step.arguments]
        while operation == "_log_add" and len(arguments) > 2:
            arguments = [f"_log_add({arguments[0]}, {arguments[1]})", *arguments[2:]]
        return f"{operation}({', '.join(arguments)})"

    def over(self, step):
        (argument,) = step.arguments
        where = [str(i) for i, x in enumerate(argument.axes) if x in step.of]
        axis = where[0] if len(where) == 1 else f"({', '.join(where)})"
        times = [str(n)] * sum(x not in argument.axes for x in step.of)
        if step.operation == "sum":
            line = self.text(argument, _ATOM if where else _POWER)
            line += f".sum(axis={axis})" if where else ""
            return " * ".join([*times, line]), _PRODUCT if times else _ATOM
        line = self.text(argument)
        if where:
            self.needed.add("_log_sum_exp")
            line = f"_log_sum_exp({line}, {axis})"
        return " + ".join([line, *(f"np.log({x})" for x in times)]), (
            _SUM if times else _ATOM
        )


_NAMES = {
    name: f"np.{name}"
    for name in ["exp", "log", "sqrt", "tanh", "sinh", "cosh", "sin", "cos"]
} | {"log_or_infinite": "_log"}


def _is_full(step):
    """Whether a value has the shape (n, m) without being asked."""
    waiting, arrays = [step], False
    while waiting:
        part = waiting.pop()
        arrays |= part.operation == "array"
        waiting += part.arguments
    return arrays and len(step.axes) == 1


def _index(axes, wanted):
    """The index by which an array gets an axis for each letter that it lacks."""
    places = [":" if x in axes else "None" for x in wanted]
    while places and places[0] == "None":
        places.pop(0)
    return f"[{', '.join(places)}]" if "None" in places else ""
