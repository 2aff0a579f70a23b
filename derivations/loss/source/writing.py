"""A loss and its gradient as the text of a module of Python.

The text is written from the program that `to_numpy` carries out, and quotes the
functions that this calls.  Its formulas are the same for each library.  Nothing is
evaluated, and no library is imported.
"""

import json
import keyword
import textwrap
from functools import partial
from math import isfinite

from sympy import IndexedBase, Symbol

from derivations.letters import y
from derivations.loss.refusals import checks_of_labels, conditions_on
from derivations.loss.source.conditions import holds_for
from derivations.loss.source.formulas import WIDTH, Formulas
from derivations.loss.source.layouts import LAYOUTS
from derivations.loss.source.libraries import LIBRARIES
from derivations.text.printing import text

_LOCALS = {"Y", "Z", "check", "dtype", "eps", "eye", "gradient", "loss", "n", "refused"}
_LOCALS |= {"jax", "jnp", "np", "torch"}
"""Names of the function itself; so are the arrays, and those that begin with part_."""


def written(own, library, layout=None):
    """The function `loss_and_gradient` of a loss, and what it needs, as text."""
    if library not in LIBRARIES:
        known = ", ".join(LIBRARIES)
        raise ValueError(f"there is source for {known}, got {library!r}")
    layout = layout or LIBRARIES[library].layout
    if layout not in LAYOUTS:
        raise ValueError(f"a layout is {' or '.join(LAYOUTS)}, got {layout!r}")
    library, layout = LIBRARIES[library], LAYOUTS[layout]
    names = _names(own)
    formulas = Formulas(own.program, names, library.short)
    make = partial(_raising, check=", check" * library.may_skip)
    before, after = (make if library.raises else _marking)(own, names)
    eye = f"eye = {library.short}.diag({library.short}.ones_like(Z.real[:, 0]))"
    size = f"n = {library.short}.asarray(Z.shape[0], dtype=Z.real.dtype)"
    body = [
        *_docstring(own, names, layout, library.note),
        *_without_labels(own, library),
        *layout.coming_in(_arrays(names), library),
        *(x.replace("inf", f"{library.short}.inf") for x in before),
        *[f"{eye}[:, :, None]"] * formulas.has_delta,
        *[size] * formulas.has_size,
        *formulas.lines,
        *after,
        layout.going_out,
    ]
    function = [
        *filter(None, [library.decorator]),
        _signature(own, names, library.may_skip),
        *(f"    {line}" if line else "" for line in body),
    ]
    quoted = map(layout.quoted, library.quoted("\n".join(body)))
    behind = (layout.quoted(_called(own, names, x)) for x in library.behind)
    above = "\n".join([*layout.above(names.values(), library.raises), library.imports])
    return "\n\n\n".join([above, *quoted, "\n".join(function), *behind]) + "\n"


def essential(own, library: str, layout: str) -> str:
    """The lines of `written` that are the mathematics, without what is checked.

    >>> from derivations.letters import Sum, a, k, log, n, y
    >>> from derivations.loss.deriving import derive
    >>> own = derive(Sum((a[k] - y[k]) ** 2, (k, 1, n)) / 2)
    >>> print(essential(own, "numpy", "classes first"))
    def loss_and_gradient(Z, Y):
        ...  # checks
        log_A = _log_share(Z, 0)
        A = np.exp(log_A)
        loss = 0.5 * ((A - Y) ** 2).sum(axis=0)
        part_1 = A + (Y * A).sum(axis=0) - Y - (A ** 2).sum(axis=0)
        gradient = part_1 * A
        return loss, gradient
    """
    names, library, layout = _names(own), LIBRARIES[library], LAYOUTS[layout]
    body = [
        *layout.coming_in(_arrays(names), library),
        "...  # checks",
        *Formulas(own.program, names, library.short).lines,
        layout.going_out,
    ]
    return "\n".join([_signature(own, names), *(f"    {line}" for line in body)])


def _signature(own, names, may_skip=False):
    keywords = ", ".join([*names.values(), *["check=True"] * may_skip])
    labels = "Y" if own.loss.has(y) else "Y=None"
    return f"def loss_and_gradient(Z, {labels}{', *, ' * bool(keywords)}{keywords}):"


def _called(own, names, behind):
    """The text of `losses`, with what it is called with: the labels, the parameters."""
    of_labels = "Z, Y" if own.loss.has(y) else "Z"
    given = ", ".join([of_labels, *(f"{x}={x}" for x in names.values())])
    if not own.loss.has(y):
        behind = behind.replace("losses(Z, Y, **", "losses(Z, Y=None, **")
    return behind.replace("losses(Z, Y)", f"losses({given})")


def _without_labels(own, library):
    """The line that makes labels where a loss has none and none are given."""
    zeros = f"{library.short}.zeros_like({library.short}.asarray(Z).real)"
    return [] if own.loss.has(y) else [f"Y = {zeros} if Y is None else Y"]


def _arrays(names):
    """The names of what has an axis of classes."""
    return ["Z", "Y", *(x for one, x in names.items() if isinstance(one, IndexedBase))]


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


def _docstring(own, names, layout, note):
    _, _, *arrays = _arrays(names)
    numbers = [name for name in names.values() if name not in arrays]
    shape, rows, columns, *_ = layout
    shapes = f"Z and Y are {shape}, {rows} a row, {columns} a column, n >= 2, or Y is "
    shapes += "(m,) of the true classes from 0 on"
    shapes += f"; {', '.join(arrays)} (n,), or {shape} by example" if arrays else ""
    shapes += f"; {', '.join(numbers)} (), or (m,) by example" if numbers else ""
    called = {
        one: (IndexedBase if name in arrays else Symbol)(name)
        for one, name in names.items()
    }
    conditions = holds_for(own, lambda expr: text(expr.xreplace(called)))
    paragraphs = [
        f"L = {text(own.named)}",
        f"dL/dz[j] = {text(own.gradient)}",
        *(
            f"where {text(one.symbol)} = {text(one.value)}"
            for one in (own.activation, *own.softmaxes)
        ),
        "",
        f"Shapes: {shapes}. Returns the losses (m,) and dL/dZ {shape}.",
        f"Conditions: the gradient {conditions}.",
        *(["No label is in the loss: Y may be left out."] * (not own.loss.has(y))),
        f"In float64, {own.accuracy.sentence}.",
        *filter(None, [note]),
    ]
    lines = ['"""The loss L of each example, and its gradient by the logits.', ""]
    for paragraph in paragraphs:
        lines += textwrap.wrap(
            paragraph, WIDTH, subsequent_indent="    ", break_long_words=False
        ) or [""]
    return [*lines, '"""']


def _raising(own, names, check):
    """The lines before and behind the formulas, where an error refuses numbers.

    `check` is ", check" where the function takes that, else nothing.
    """
    limit = own.accuracy.limit_of_arrays
    before = [f"Z, Y, eps, dtype = _inputs(Z, Y, {limit}{check})"]
    of_labels = []
    for one, *stated in checks_of_labels(own.facts):
        said = (f'"{x}"' if isinstance(x, str) else f"{x}" for x in stated)
        of_labels.append(f"{one}(Y, eps, {', '.join(said)})")
    if check and of_labels:
        of_labels = ["if check:", *(f"    {line}" for line in of_labels)]
    before += of_labels
    for one, name in names.items():
        stated = json.dumps(conditions_on(one))
        given = f'"{one}", {name}, {stated}, {_length(one)}, Z{check}'
        before.append(f"{name} = _parameter({given})")
    after = [
        f'{name} = _result("{name}", {name}, Z, dtype, {own.program.has_log}{check})'
        for name in ("loss", "gradient")
    ]
    return before, after


def _marking(own, names):
    """The same lines where nothing is raised: they mark the examples to refuse."""
    limit = own.accuracy.limit_of_arrays
    before = [f"Z, Y, eps, dtype, refused = _inputs(Z, Y, {limit})"]
    for check, *stated in checks_of_labels(own.facts):
        before += [f"refused |= {wrong}" for wrong in _wrong(check, *stated)]
    for one, name in names.items():
        given = f'"{one}", {name}, {_length(one)}, Z'
        before.append(f"{name} = _parameter({given})")
        admitted = [f"({name} {sign} {bound})" for sign, bound in conditions_on(one)]
        right = " & ".join([f"jnp.isfinite({name})", *admitted])
        of_each = ".all(axis=0)" if isinstance(one, IndexedBase) else ""
        before.append(f"refused |= ~({right}){of_each}")
    results = f"loss, gradient, Z, dtype, {own.program.has_log}, refused"
    return before, [f"loss, gradient = _results({results})"]


def _wrong(check, *stated):
    """Which examples a check refuses; `check` is its name in NumPy's text."""
    if check == "_labels_sum_to":
        return [f"_sum_is_not({stated[0]}, Y, eps)"]
    bounds = (x for x in zip("<>", stated, strict=False) if isfinite(x[1]))
    return [f"(Y {sign} {bound}).any(axis=0)" for sign, bound in bounds]


def _length(one):
    return "Z.shape[0]" if isinstance(one, IndexedBase) else 0
