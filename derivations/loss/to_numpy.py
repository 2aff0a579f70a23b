"""A formula as arrays: an index is an axis, and the last axis is the example.

No text is evaluated: the steps of a `stability.Plan` are carried out, one by one.
This is the one module here that imports NumPy, and it is imported when arrays are asked
for.
"""

from functools import reduce

import numpy as np
from sympy import IndexedBase

from derivations.formulas.ranges import conditions
from derivations.letters import k, y
from derivations.loss.stability import plan


def function(own, expr, axes, values, using=()):
    """`expr` as a function of arrays Z and Y, for values of the parameters.

    The hypotheses in `using` are looked at in the labels, the signs in the values.
    """
    steps = plan(own, (expr, axes))
    values = {one: _value(one, values[str(one)]) for one in own.parameters}

    def of_arrays(Z, Y):
        Z, Y = _logits_and_labels(Z, Y)
        for fact in using:
            _check(fact, Y)
        return _Run(steps, values, Z, Y).result()

    return of_arrays


def _value(one, given):
    """The value of a parameter, which has the sign that is declared."""
    value = np.asarray(given)
    if value.dtype.kind not in "fiu":
        raise TypeError(f"{one} must hold real numbers, got {given!r}")
    is_array = isinstance(one, IndexedBase)
    if value.ndim != is_array:
        expected = "(n,)" if is_array else "()"
        raise ValueError(f"{one} must have shape {expected}, got {value.shape}")
    wrong = ~np.isfinite(value)
    if wrong.any():
        raise ValueError(f"{one} must be finite, got {value[wrong][0]}")
    for sign, bound in conditions(one[k] if is_array else one):
        wrong = ~_COMPARE[sign](value, float(bound))
        if wrong.any():
            raise ValueError(f"{one} must be {sign} {bound}, got {value[wrong][0]}")
    return value


_COMPARE = {
    ">": np.greater,
    "<": np.less,
    ">=": np.greater_equal,
    "<=": np.less_equal,
    "!=": np.not_equal,
}


def _logits_and_labels(Z, Y):
    Z, Y = np.asarray(Z), np.asarray(Y)
    if Z.dtype.kind not in "fciu" or Y.dtype.kind not in "fiu":
        raise TypeError(f"Z and Y must hold numbers, got {Z.dtype} and {Y.dtype}")
    if Z.ndim != 2 or Z.shape != Y.shape or Z.size == 0:
        raise ValueError(
            f"Z and Y must have one shape (n, m), got {Z.shape} and {Y.shape}"
        )
    if len(Z) < 2:
        raise ValueError(f"Z must have n >= 2 classes along its rows, got {Z.shape}")
    for name, array in (("Z", Z), ("Y", Y)):
        wrong = ~np.isfinite(array)
        if wrong.any():
            raise ValueError(f"{name} must be finite, got {_first(array, wrong)}")
    return Z.astype(float) if Z.dtype.kind in "iu" else Z, Y


def _first(array, wrong):
    place = tuple(int(x[0]) for x in np.nonzero(wrong))
    return f"{array[place]} at {list(place)}"


def tolerance(Y):
    """How far the sum of labels may be off: n of them, each rounded a few times.

    Labels are often made in float32, by a network, and handed on as float64: so no
    rounding is taken to be finer than that of float32.
    """
    eps = np.finfo(np.float32).eps
    if Y.dtype.kind == "f":
        eps = max(eps, np.finfo(Y.dtype).eps)
    return 4 * len(Y) * float(eps) * np.abs(Y).sum(axis=0, dtype=float)


def _check(fact, Y):
    """Refuse labels for which a hypothesis does not hold."""
    for entry, between in fact.ranges:
        wrong = (float(between.low) > Y) | (float(between.high) < Y)
        if entry.base == y and wrong.any():
            raise ValueError(
                f"{fact.sentence}, as {fact.name} says, and Y has {_first(Y, wrong)}"
            )
    for total in fact.sums:
        if total.function.base == y:
            sums = Y.sum(axis=0, dtype=float)
            off = np.abs(sums - float(fact.value))
            wrong = off > tolerance(Y) + 4 * np.finfo(float).eps
            if wrong.any():
                raise ValueError(
                    f"each column of Y must sum to {fact.value}, as {fact.name} says, "
                    f"got {_first(sums, wrong)}; derive the loss without "
                    f"using={fact.name} for other labels"
                )


class _Run:
    """The steps of a plan, carried out for one pair of arrays."""

    def __init__(self, steps, values, Z, Y):
        self.plan, self.dtype = steps, Z.real.dtype
        self.n, self.m = Z.shape
        self.found = {}
        self.arrays = {"Z": Z, "Y": Y.astype(self.dtype)}
        self.values = {}
        for one, value in values.items():
            if value.shape not in ((), (self.n,)):
                raise ValueError(
                    f"{one} must have shape ({self.n},), got {value.shape}"
                )
            column = value[:, None] if value.shape else value
            self.values[one] = column.astype(self.dtype)
        for name, step in steps.arrays.items():
            self.arrays[name] = self(step)

    def result(self):
        """The value of the formula: of shape (n,) for each axis, then (m,)."""
        (step,) = self.plan.results
        shape = (self.n,) * len(step.axes) + (self.m,)
        values = np.broadcast_to(self(step), shape).copy()
        wrong = np.isnan(values)
        if wrong.any():
            place = int(np.nonzero(wrong)[-1][0])
            raise ValueError(
                f"the formula has no value at example {place}: it is not defined "
                f"there, or too large for {self.dtype}"
            )
        return values

    def __call__(self, step):
        if step not in self.found:
            self.found[step] = self.carried_out(step)
        return self.found[step]

    def carried_out(self, step):
        if step.operation in _WITHOUT_ARGUMENTS:
            return _WITHOUT_ARGUMENTS[step.operation](self, step)
        arguments = [self(x) for x in step.arguments]
        if step.operation in ("sum", "log_sum_exp"):
            return self.over(step, *arguments)
        arguments = [
            self.aligned(value, x.axes, step.axes)
            for value, x in zip(arguments, step.arguments, strict=True)
        ]
        if step.operation in _CHECKED:
            return _CHECKED[step.operation](step.of, *arguments)
        return _PLAIN[step.operation](*arguments)

    def aligned(self, value, axes, wanted):
        """A value with an axis of length 1 for each letter that it does not have."""
        if np.ndim(value) == 0:
            return value
        places = (slice(None) if x in axes else None for x in wanted)
        return value[(*places, slice(None))]

    def over(self, step, value):
        (argument,) = step.arguments
        missing = [x for x in step.of if x not in argument.axes]
        where = tuple(i for i, x in enumerate(argument.axes) if x in step.of)
        times = self.n ** len(missing)
        if step.operation == "sum":
            return (value.sum(axis=where) if where else value) * times
        found = _log_sum_exp(value, where) if where else value
        return found + np.log(self.dtype.type(times)) if missing else found

    def number(self, number):
        return number if isinstance(number, int) else self.dtype.type(number)

    def delta(self, step):
        return np.eye(self.n, dtype=self.dtype)[:, :, None]


_WITHOUT_ARGUMENTS = {
    "number": lambda run, step: run.number(step.of),
    "size": lambda run, step: run.number(float(run.n)),
    "array": lambda run, step: run.arrays[step.of],
    "parameter": lambda run, step: run.values[step.of],
    "delta": _Run.delta,
}


# Operations. The largest is chosen by real parts, so that a complex step goes through.


def _log_sum_exp(x, axis):
    """log Σ e^x, where x may be −∞."""
    top = x.real.max(axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0)
    with np.errstate(divide="ignore"):
        return np.log(np.exp(x - top).sum(axis=axis)) + top.squeeze(axis)


def _log_add(x, y):
    """log(e^x + e^y)."""
    x, y = np.broadcast_arrays(x, y)
    larger = x.real >= y.real
    top, low = np.where(larger, x, y), np.where(larger, y, x)
    finite = np.isfinite(top)
    difference = np.where(finite, low - np.where(finite, top, 0), 0)
    return top + np.log1p(np.exp(difference))


def _log_of_others(u):
    """log(1 − a) for a = e^u/Σ e^u: the sum over the others, never 1 less a."""
    first = np.arange(len(u))[:, None] == u.real.argmax(axis=0)
    total = _log_sum_exp(u, 0)
    others = _log_sum_exp(np.where(first, -np.inf, u), 0)
    rest = np.log1p(-np.exp(np.where(first, -np.inf, u - total)))
    return np.where(first, others - total, rest)


def _log_minus_log(log_a, log_rest):
    """log(−log a) from log a and log(1 − a), the better one of both."""
    tiny, small = log_rest.real < -30, log_rest.real < -0.7
    rest = np.exp(np.where(small, log_rest, -np.inf))
    minus = np.where(small, -np.log1p(-rest), -log_a)
    return np.where(tiny, log_rest, np.log(np.where(tiny, 1, minus)))


def _log(x):
    """log x, which is −∞ where x is 0."""
    with np.errstate(divide="ignore"):
        return np.log(x)


def _times_log(x, logs):
    """x · logs, which is 0 where x is 0: there x log x is meant."""
    return x * np.where(x == 0, 0, logs)


# The same, where a formula may have no value: `what` stands there.


def _log_or_infinite(what, x):
    _refuse(np.real(x) < 0, f"log({what}) is not defined: it must not be negative", x)
    return _log(x)


def _defined(what, found):
    if np.any(np.isneginf(np.real(found))):
        raise ValueError(f"{what} is not defined: it is a logarithm of 0 here")
    return found


def _times_defined_log(what, x, logs):
    _defined(what, np.where(x == 0, 0, logs))
    return _times_log(x, logs)


def _divided(what, above, below):
    _refuse(below == 0, f"a fraction is not defined: {what} must not be 0", below)
    return above / below


def _power(what, base, exponent):
    root = np.real(exponent) != np.round(np.real(exponent))
    said = f"a power of {what} is not defined"
    _refuse(root & (np.real(base) < 0), f"{said}: it must not be negative", base)
    _refuse((np.real(exponent) < 0) & (base == 0), f"{said}: it must not be 0", base)
    return np.power(base, exponent)


def _root(what, x):
    _refuse(np.real(x) < 0, f"sqrt({what}) is not defined: it must not be negative", x)
    return np.sqrt(x)


def _refuse(wrong, said, values):
    if np.any(wrong):
        values = np.broadcast_to(values, np.shape(wrong))
        raise ValueError(f"{said}, got {np.real(values[np.nonzero(wrong)][0])}")


_CHECKED = {
    "log": lambda what, x: np.log(x),
    "log_or_infinite": _log_or_infinite,
    "defined": _defined,
    "times_log": _times_defined_log,
    "/": _divided,
    "**": _power,
    "sqrt": _root,
}
_PLAIN = {
    "+": lambda *values: reduce(np.add, values),
    "*": lambda *values: reduce(np.multiply, values),
    "log_add": lambda *values: reduce(_log_add, values),
    "log_of_others": _log_of_others,
    "log_minus_log": _log_minus_log,
    "exp": np.exp,
    "tanh": np.tanh,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "sin": np.sin,
    "cos": np.cos,
}
