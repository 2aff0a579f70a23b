"""The steps of a program as lines of Python; `short` is what a library is called."""

from collections import Counter

from derivations.letters import n
from derivations.loss.compiled.operations import OPERATIONS, OVER, plain

WIDTH = 84
_LONGEST = 48
_MEANINGS = {"rest": "  # 1 - A", "log_rest": "  # log(1 - A)"}
_SUM, _PRODUCT, _POWER, _ATOM = range(4)


class Formulas:
    """Writes steps as lines; a step that is long, or used twice, gets a name."""

    def __init__(self, program, names, short):
        self.names, self.short = names, short
        self.lines, self.written = [], {}
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
        if len(line) + len(name) > WIDTH and step.operation == "+":
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
            length = len(line.replace(f"{self.short}.", "np."))  # the same for each
            if step.arguments and (self.uses[step] > 1 or length > _LONGEST):
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
        name = name if name.startswith("_") else f"{self.short}.{name}"
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
