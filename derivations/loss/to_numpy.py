"""A program on arrays: an index is an axis, and the last axis is the example.

No text is evaluated: the steps are carried out one by one.  The text of the room
`source` quotes the functions that are called here, so what is pasted checks and
computes the same.  This module imports NumPy, and only where arrays are asked for.
"""

from functools import reduce

import numpy as np
from sympy import IndexedBase

from derivations.loss.compiled.operations import OPERATIONS, OVER, plain
from derivations.loss.refusals import checks_of_labels, conditions_on
from derivations.loss.source import array_functions, with_numpy
from derivations.loss.source.with_numpy import _inputs, _parameter, _result


def function(own, program, name, values):
    """The loss or the gradient as a function of Z and Y, for values of the parameters.

    With the gradient the loss is computed too: where it has no value, there is none.
    """
    limit = own.accuracy.limit_of_arrays
    names = ("loss",) if name == "loss" else ("loss", "gradient")
    facts = [x for x in own.facts if name == "gradient" or not x.sums]
    for one in own.parameters:
        given = values[str(one)]
        is_array = isinstance(one, IndexedBase)
        shape = (*(1,) * (not is_array), *np.shape(given), 1)[:2]
        length = shape[0] * is_array
        _parameter(str(one), given, conditions_on(one), length, np.zeros(shape))

    @np.errstate(all="ignore")
    def of_arrays(Z, Y):
        Z, Y, eps, dtype = _inputs(Z, Y, limit)
        for check, *stated in checks_of_labels(facts):
            getattr(with_numpy, check)(Y, eps, *stated)
        known = {"Z": Z, "Y": Y}
        for one in own.parameters:
            length = len(Z) if isinstance(one, IndexedBase) else 0
            given = values[str(one)]
            known[one] = _parameter(str(one), given, conditions_on(one), length, Z)
        run = _Run(program, known)
        return [_result(x, run(x), Z, dtype, program.has_log) for x in names][-1]

    return of_arrays


class _Run:
    """The steps of a program, carried out for one pair of arrays."""

    def __init__(self, program, known):
        self.program, self.known = program, known
        self.n = known["Z"].real.dtype.type(len(known["Z"]))

    def __call__(self, name):
        if name not in self.known:
            self.known[name] = self.value(self.program.steps[name])
        return self.known[name]

    def value(self, step):
        if step not in self.known:
            self.known[step] = self.made(step)
        return self.known[step]

    def made(self, step):
        operation, of = step.operation, step.of
        if operation == "number":
            return plain(of)
        if operation == "size":
            return self.n
        if operation == "delta":
            return np.eye(int(self.n), dtype=type(self.n))[:, :, None]
        if operation in ("array", "parameter"):
            return self(of)
        if operation in OVER:
            (argument,) = step.arguments
            axis = tuple(argument.axes.index(x) for x in of)
            return _function(OVER[operation])(self.value(argument), axis)
        arguments = [_aligned(self.value(x), x.axes, step.axes) for x in step.arguments]
        does = _function(OPERATIONS[operation])
        return reduce(does, arguments) if operation in "+*" else does(*arguments)


def _function(operation):
    name = operation.numpy
    return getattr(array_functions if name.startswith("_") else np, name)


def _aligned(value, axes, wanted):
    """A value with an axis of length 1 for each letter that it does not have."""
    if np.ndim(value) == 0:
        return value
    places = (slice(None) if x in axes else None for x in wanted)
    return value[(*places, slice(None))]
