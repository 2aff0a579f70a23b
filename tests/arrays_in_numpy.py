"""Random texts with arrays: NumPy's own value, or failure, against what is read.

In the rules of NumPy the text is run as it stands; in those of mathematics every vector
is a column, shapes have to be equal, and a product of two arrays is one of matrices.
A value other than NumPy's is a find; a refusal is none.
"""

import random
import warnings
from collections import Counter

import numpy as np
from sympy import Add, Indexed, KroneckerDelta, Mul, Pow, Sum, exp

from derivations.text.reading import Unreadable, read

SIZES = {"n": 3, "m": 4, "d": 2}
SHAPES = {"a": (3,), "y": (3,), "v": (3,), "b": (3,), "A": (3, 4), "Y": (3, 4)}
SHAPES |= {"X": (2, 4), "W": (3, 2)}
NAMES = [*SHAPES, "2", "m", "a", "y", "A"]
QUESTIONS = {  # of a shape: what is asked, and its letters
    (): ("L", ""),
    (3,): ("Derivative(L, z[j])", "j"),
    (4,): ("L[s]", "s"),
    (3, 4): ("A[j, s]", "js"),
    (3, 3): ("Derivative(a[i], z[j])", "ij"),
    (3, 2): ("W[j, q]", "jq"),
    (2, 4): ("X[q, s]", "qs"),
}


class DoNotFitError(Exception):
    """Shapes that mathematics does not combine."""


def search(rules, seed, texts):
    """How often what came out, and the finds: (text, value, what was read)."""
    drawn = random.Random(seed)
    values = np.random.default_rng(seed)
    known = {name: values.random(shape) + 0.1 for name, shape in SHAPES.items()}
    known |= {"m": np.array(4.0), "n": np.array(3.0)}
    counted, finds = Counter(), []
    for _ in range(texts):
        depth = drawn.choice([1, 2, 2, 3])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            text, value = _DRAWN[rules](drawn, known, depth)
        what, read_as = _compared(text, value, known)
        counted[what] += 1
        if what in ("another value", "read alone"):
            finds.append((text, value, read_as))
    return counted, finds


def report(seed, texts):
    """Search by the rules of both, and print what came out; the number of finds."""
    number = 0
    for rules in _DRAWN:
        counted, finds = search(rules, seed, texts)
        said = ", ".join(f"{count} {what}" for what, count in counted.most_common())
        print(f"{texts} texts with arrays, {rules}: {said}", flush=True)
        for text, value, read_as in finds:
            number += 1
            print(f"\nfind {number}, seed {seed} (arrays)\n{text!r} is {value}")
            print(f"and is read as {read_as}", flush=True)
    return number


def _compared(text, value, known):
    if value is not None and (
        value.shape not in QUESTIONS or not np.all(np.abs(value) < 1e12)
    ):
        return "not asked about", None
    question, letters = QUESTIONS[(3,) if value is None else value.shape]
    try:
        found = read(text, question=read(question))
    except Unreadable:
        return ("both fail" if value is None else "refused"), None
    if value is None:
        return "read alone", found
    at = SIZES | {"_": known}
    same = all(
        np.isclose(
            number(found, at | {x: i + 1 for x, i in zip(letters, place, strict=True)}),
            value[place],
            rtol=1e-8,
        )
        for place in np.ndindex(*value.shape)
    )
    return ("same value" if same else "another value"), found


def number(expr, at):
    """The value of an expression where letters and sizes have theirs."""
    if isinstance(expr, Indexed):
        place = tuple(int(number(x, at)) - 1 for x in expr.indices)
        return at["_"][str(expr.base)][place]
    if isinstance(expr, Sum):
        (letter, _, size), *inner = reversed(expr.limits)
        body = Sum(expr.function, *reversed(inner)) if inner else expr.function
        places = range(1, int(number(size, at)) + 1)
        return sum(number(body, at | {str(letter): place}) for place in places)
    if expr.is_Symbol:
        return at[str(expr)]
    if not expr.args:
        return float(expr)
    parts = [number(x, at) for x in expr.args]
    kinds = {Add: sum, Mul: np.prod, Pow: lambda x: x[0] ** x[1]}
    kinds |= {exp: lambda x: np.exp(x[0]), KroneckerDelta: lambda x: x[0] == x[1]}
    return kinds[expr.func](parts)


# Texts of NumPy


def _numpy(drawn, known, depth):
    text = _numpy_text(drawn, depth)
    while text in ("2", "m"):
        text = _numpy_text(drawn, depth)
    try:
        value = np.asarray(eval(text, {"np": np}, dict(known)), float)
    except (AttributeError, IndexError, TypeError, ValueError):
        return text, None
    return text, value


def _numpy_text(drawn, depth):
    if depth == 0:
        return drawn.choice(NAMES)
    part, other = (_numpy_text(drawn, depth - 1) for _ in "12")
    axis = drawn.choice(["", "axis=0", "axis=1", "axis=1, keepdims=True"])
    forms = [
        *[f"({part} {drawn.choice('+-*/')} {other})"] * 4,
        *[f"({part} @ {other})", f"np.dot({part}, {other})"] * 2,
        f"({part}).T",
        f"np.sum({part}{', ' * bool(axis)}{axis})",
        f"({part}).{drawn.choice(['sum()', 'sum(axis=0)', 'mean(axis=1)', 'sum(1)'])}",
        f"({part})[{drawn.choice([':, None', 'None, :'])}]",
        f"np.outer({part}, {other})",
        f"np.diag({part})",
        f"np.exp({part})",
    ]
    return drawn.choice(forms)


# Texts of mathematics


def _mathematics(drawn, known, depth):
    columns = {x: y.reshape(-1, 1) if y.ndim == 1 else y for x, y in known.items()}
    text, value = _written(drawn, columns, depth)
    try:
        found = np.asarray(value(), float)
    except DoNotFitError:
        return text, None
    if found.ndim == 2 and found.shape[1] == 1:
        found = found[:, 0]
    if found.ndim == 2 and found.shape[0] == 1:
        found = found[0]
    return text, found


def _written(drawn, columns, depth):
    if depth == 0:
        name = drawn.choice(NAMES)
        return name, lambda: np.array(2.0) if name == "2" else columns[name]
    (one, f), (other, g) = (_written(drawn, columns, depth - 1) for _ in "12")
    beside = f"({one}) ({other})" if other[0].isdigit() else f"({one} {other})"
    transposed = f"({one})ᵀ" if len(one) > 1 else f"{one}{drawn.choice(['^T', 'ᵀ'])}"
    forms = [
        (f"({one} + {other})", lambda: _sum(np.add, *_alike(f(), g()))),
        (f"({one} − {other})", lambda: _sum(np.subtract, *_alike(f(), g()))),
        *[(beside, lambda: _product(f(), g()))] * 3,
        (f"({one} ⊙ {other})", lambda: np.multiply(*_alike(f(), g()))),
        (f"({one} / {other})", lambda: _quotient(*_alike(f(), g()))),
        (transposed, lambda: np.asarray(f()).T),
        (f"sum({one})", lambda: np.asarray(f()).sum()),
    ]
    return drawn.choice(forms)


def _alike(one, other):
    if one.ndim and other.ndim and one.shape != other.shape:
        raise DoNotFitError
    return one, other


class ByEntry(np.ndarray):
    """What is written entry by entry, 1 − a or y/a; so is its product with a column."""


def _sum(of, one, other):
    whole = of(one, other)
    return whole.view(ByEntry) if bool(one.ndim) != bool(other.ndim) else whole


def _quotient(one, other):
    return (
        np.divide(one, other).view(ByEntry) if one.ndim and other.ndim else one / other
    )


def _product(one, other):
    if not one.ndim or not other.ndim:
        return one * other
    made_so = isinstance(one, ByEntry) or isinstance(other, ByEntry)
    if made_so and one.shape == other.shape and one.shape[1] == 1:
        return np.multiply(one, other).view(ByEntry)
    if one.shape[1] != other.shape[0]:
        raise DoNotFitError
    found = np.asarray(one) @ np.asarray(other)
    return found[0, 0] if found.shape == (1, 1) else found


_DRAWN = {"numpy": _numpy, "mathematics": _mathematics}
