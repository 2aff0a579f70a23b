"""What is asked about a loss of the reader's own: its gradient, a picture, a check.

Each request has the loss, its activation, "parameters" and "using"; letters of the
loss that "parameters" does not name declare themselves.
"""

import re

from sympy import Integer, Rational

from book.engine import parts
from derivations.formulas.ranges import conditions, range_of
from derivations.letters import L, y
from derivations.loss import plot_data
from derivations.loss.compiled.accuracy import MAGNITUDES
from derivations.loss.differences import beside_differences
from derivations.loss.domain import denominators, logarithms
from derivations.request.context import context
from derivations.request.data import equation_data, loss_data, parameter_data
from derivations.request.loss_letters.parameters import declarations, parameters_of
from derivations.request.losses import other_kinds, own_loss
from derivations.text.unicode import unicode

LARGEST_VALUE = 10**6
CLASSES = range(2, 9)
"""How many logits and labels a check takes."""
_NUMBER = r"[+-]?(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})(?:e[+-]?\d{1,2})?(?:/\d{1,9})?"
_BETWEEN = re.compile(r"[\s,;]+")
_AROUND = re.compile(
    r"^\s*(?:\w+\.?\w*\()?\s*\[?|\]?\s*(?:,\s*\w+=[^,;=\]]{1,40})*\)?\s*$"
)
"""What a printed array has around its numbers, such as requires_grad=True."""
_COMMA_IN_NUMBER = re.compile(r"\d,\d")
_FIRST_ROW = re.compile(r"[\w.(\s]*\[\s*(\[[^\[\]]*\])")


def typeset(asked):
    """{"ask": "typeset", "context", "text"}: {"text", "latex", "notes", "parameters"}.

    The context has the parameters, and may have an activation.
    """
    given = parts.one(asked, "context", dict, "what holds")
    written = parts.text(asked, "text")
    activation = given.get("activation") and parts.text(given, "activation")
    found = parameters_of(written, activation or "softmax", parts.parameters(given))
    loss = _reading(written, found)
    letters = _letters(written, activation or "softmax", found)
    about = {"notes": [*loss.notes], "parameters": letters}
    return equation_data(loss.sides) | about


def _loss(asked):
    """{"ask": "loss", …}: the gradient, and {"yours", "notes", "parameters"}."""
    own, found = _own_loss(asked)
    written = parts.text(asked, "loss")
    notes = _reading(written, found).notes
    letters = _letters(written, parts.text(asked, "activation"), found)
    return loss_data(own, notes) | {"notes": [*notes], "parameters": letters}


def _letters(loss, activation, found):
    """The letters of a loss; "other" is what one may be as well, w[k] for w."""
    others = other_kinds(loss, activation, found)
    names = ({"other": others[x.name]} if x.name in others else {} for x in found)
    return [parameter_data(x) | name for x, name in zip(found, names, strict=True)]


def declarations_of(problem, asked):
    """What letters may be so that the loss of a request is read as it stands."""
    given = asked["context"] if asked["ask"] == "typeset" else asked
    activation = given.get("activation") or "softmax"
    try:
        found = declarations(problem, activation, parts.parameters(given))
    except ValueError:  # another line of it is refused
        return []
    return list(map(parameter_data, found))


def _reading(written, found):
    return context(parameters=_pairs(found)).answer("loss", written, L)


def _own_loss(asked):
    using, given = parts.words(asked, "using"), parts.parameters(asked)
    loss, activation = parts.text(asked, "loss"), parts.text(asked, "activation")
    found = parameters_of(loss, activation, given)
    return own_loss(loss, activation, _pairs(found), using), found


def _pairs(found):
    return [(one.name, one.sign) for one in found]


def _plot(asked):
    """{"ask": "plot", "values", …}: {"z", "loss", "gradient", "caption"}.

    A parameter of which "values" says nothing has its usual numbers.
    """
    own, values = _with_values(asked)
    labels = plot_data.ONE_HOT
    places, loss, gradient = plot_data.along_z1(own, values, labels)
    if all(x is None for x in loss):  # log(y_k), say, which has no value at 0
        labels = plot_data.SOFT
        places, loss, gradient = plot_data.along_z1(own, values, labels)
    others = [f"z_{k} = {_plain(value)}" for k, value in enumerate(plot_data.OTHERS, 2)]
    fixed = [
        "three classes",
        *others,
        *([f"y = {_plain(labels)}"] if own.loss.has(y) else []),
        *_said(own, values, 3),
    ]
    caption = f"L and ∂L/∂z_1 as z_1 goes from −5 to 5: {', '.join(fixed)}"
    return {"z": places, "loss": loss, "gradient": gradient, "caption": caption}


def _check(asked):
    """{"ask": "check", "values", "z", "y", …}: {"rows", "mark", "sentence"}.

    A row is of one class: {"gradient", "difference", "relative", "mark"}. z and y are
    texts with as many numbers each; of an array of several rows the first is taken, and
    y may be the true class, from 1 on, as the rows are counted.
    """
    own, values = _with_values(asked)
    limit = own.accuracy.limit_of_arrays
    logits, of_z = _row(asked, "z", MAGNITUDES[-1] if limit is None else max(limit, 0))
    labels, of_y = [0] * len(logits), []
    if own.loss.has(y):
        labels, of_y = _labels(asked, len(logits))
    if len(logits) != len(labels):
        raise parts.RefusedError(
            f"z has {len(logits)} numbers and y has {len(labels)}: one a class in both"
        )
    for name, value in values.items():
        if isinstance(value, tuple) and len(value) not in (1, len(logits)):
            raise parts.RefusedError(
                f"{name} has {len(value)} numbers and z has {len(logits)}: one a class"
            )
    slopes = beside_differences(own, values, logits, labels)
    rows = [x._asdict() | {"mark": x.mark} for x in slopes]
    marks = {x.mark for x in slopes}
    mark = next(x for x in "✗?✓" if x in marks)
    said = ", ".join([*_said(own, values, len(logits)), *of_z, *of_y])
    sentences = {
        "✓": "the gradient of the code is the slope of the loss here",
        "✗": "the gradient of the code is not the slope of the loss here",
        "?": _why_none(own, labels, slopes),
    }
    sentence = sentences[mark] + (f", with {said}" if said else "")
    return {"rows": rows, "mark": mark, "sentence": sentence}


def _why_none(own, labels, slopes):
    """Why there is no number at a point: the loss has none, or only the code."""
    if all(x.difference is not None for x in slopes):
        return "the loss has a slope here, and the code gives none: it overflows"
    logs = [x for x in logarithms(own) if x.has(y)] if 0 in labels else []
    at_0 = (f"{unicode(x)} has no value at {unicode(x.args[0])} = 0" for x in logs)
    needed = ", ".join(f"{unicode(x)} ≠ 0" for x in denominators(own))
    return ", ".join(at_0) or (
        "the loss or its gradient has no value here, or too large a one"
        + (f": it needs {needed}" if needed else "")
    )


def _labels(asked, count):
    """The labels of a text, one a class, and what is said of them; 2 is one-hot."""
    written = parts.text(asked, "y").strip()
    if not re.fullmatch(r"[0-9]{1,2}", written):
        return _row(asked, "y", LARGEST_VALUE)
    if not int(written):
        raise parts.RefusedError(f"classes count from 1 here: 1 to {count}")
    if int(written) > count:
        words = (
            f"y is the true class, 1 to {count} here, or {count} numbers, one a class"
        )
        raise parts.RefusedError(words)
    labels = [Integer(k == int(written)) for k in range(1, count + 1)]
    return labels, [f"y = {_plain(labels)}"]


def _row(asked, key, largest):
    """The exact numbers of a text such as 1, 2, 0.5, and what is said of them.

    A printed array is such a text, too, and of several rows the first.
    """
    written = parts.text(asked, key).replace("−", "-")
    rows = _FIRST_ROW.match(written)
    written = rows[1] if rows else written
    inside = _AROUND.sub("", written).strip(" ,;\n\t")
    if _has_decimal_commas(inside):
        raise parts.RefusedError(
            f"{key}: a comma stands between numbers here, and a point within one: "
            "write 1.5; 2; 3"
        )
    inside = _BETWEEN.split(inside)
    if len(inside) not in CLASSES:
        raise parts.RefusedError(
            f"{key} needs 2 to 8 numbers, one a class, such as 1, 2, 0.5"
        )
    for number in inside:
        if not re.fullmatch(_NUMBER, number, re.ASCII):
            raise parts.RefusedError(f"{key}: {number[:40]!r} is no number")
    numbers = list(map(_exactly, inside))
    if not all(abs(x) <= largest for x in numbers):
        raise parts.RefusedError(
            f"the numbers of {key} are at most {largest} in size here"
        )
    return numbers, [f"the first row of {key}"] if rows else []


def _has_decimal_commas(written):
    """Whether commas stand within numbers that something else separates: 1,5; 2; 3."""
    of_others = re.split(r"\s*;\s*|,?\s+", written)
    within = [bool(_COMMA_IN_NUMBER.search(x)) for x in of_others]
    is_told = ";" in written or re.search(r"[^\s,]\s+[^\s,]", written)
    return len(within) > 1 and (any(within) if is_told else all(within))


def _exactly(number):
    above, _, below = number.partition("/")
    if below and not int(below):
        raise parts.RefusedError(f"{number} divides by 0")
    return Rational(above) / Integer(below or 1)


def _plain(value):
    """A number, or several in parentheses, in a sentence."""
    if isinstance(value, list | tuple):
        return f"({', '.join(map(_plain, value))})"
    return f"{float(value):g}".replace("-", "−")


def _said(own, values, count):
    """What each parameter is, where there are so many classes."""
    numbers = (
        (x, plot_data.of_classes(x, values[str(x)], count)) for x in own.parameters
    )
    return [f"{x} = {_plain(number)}" for x, number in numbers]


def _with_values(asked):
    """The loss, and the exact numbers of its parameters by name."""
    given = parts.one(asked, "values", dict, "numbers for the parameters")
    own, found = _own_loss(asked)
    named = {str(x): (x, one) for x, one in zip(own.parameters, found, strict=True)}
    for name in given:
        if name not in named:
            known = ", ".join(named) or "no parameter"
            raise parts.RefusedError(
                f"'values' has a number for {name[:40]}, and this loss has {known}"
            )
    return own, {
        name: _value(given.get(name), parameter) for name, parameter in named.items()
    }


def _value(value, named):
    letter, parameter = named
    if value is None:
        numbers = parameter.numbers
        return numbers if parameter.is_of_each_class else numbers[0]
    if not parameter.is_of_each_class:
        return _in_range(value, parameter)
    numbers = value if isinstance(value, list) else [value]
    if not 0 < len(numbers) <= CLASSES[-1]:
        raise parts.RefusedError(f"{letter} has 1 to 8 numbers, one a class")
    return tuple(_in_range(x, parameter) for x in numbers)


def _in_range(value, parameter):
    letter = parameter.name.partition("[")[0]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise parts.RefusedError(
            f"the value of {letter} must be a number, not {str(value)[:80]!r}"
        )
    if not abs(value) <= LARGEST_VALUE:
        raise parts.RefusedError(
            f"the value of {letter} must be at most {LARGEST_VALUE} in size"
        )
    exact = Rational(str(value))
    if not range_of(parameter.letter).has(exact):
        must = " and ".join(
            f"{sign} {bound}" for sign, bound in conditions(parameter.letter)
        )
        raise parts.RefusedError(
            f"{letter} is declared to be {must}, so it cannot be {value}"
        )
    return exact


ASKED = {"loss": _loss, "plot": _plot, "check": _check}
