"""A program on arrays: an index is an axis, and the last axis is the example.

No text is evaluated: the steps are carried out one by one.  `numpy_source` quotes the
functions whose names begin with _, so what is pasted checks and computes the same.
This is the one module here that imports NumPy, and only where arrays are asked for.
"""

from functools import reduce

import numpy as np
from sympy import IndexedBase

from derivations.loss.operations import OPERATIONS, OVER, plain
from derivations.loss.refusals import checks_of_labels, conditions_on


def function(own, program, name, values):
    """The loss or the gradient as a function of Z and Y, for values of the parameters.

    With the gradient the loss is computed too: where it has no value, there is none.
    """
    limit = own.accuracy.limit_of_arrays
    names = ("loss",) if name == "loss" else ("loss", "gradient")
    facts = [x for x in own.chain.uses if name == "gradient" or not x.sums]
    for one in own.parameters:
        given = values[str(one)]
        length = np.size(given) if isinstance(one, IndexedBase) else 0
        _parameter(str(one), given, conditions_on(one), length, np.zeros(1))

    @np.errstate(all="ignore")
    def of_arrays(Z, Y):
        Z, Y, eps, dtype = _inputs(Z, Y, limit)
        for check, *stated in checks_of_labels(facts):
            _QUOTED[check](Y, eps, *stated)
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
    return _QUOTED[name] if name.startswith("_") else getattr(np, name)


def _aligned(value, axes, wanted):
    """A value with an axis of length 1 for each letter that it does not have."""
    if np.ndim(value) == 0:
        return value
    places = (slice(None) if x in axes else None for x in wanted)
    return value[(*places, slice(None))]


# What is checked, and what comes out.


def _inputs(Z, Y, limit):
    """Z and Y as arrays of float32 at least, how labels are rounded, the type given.

    A logit of −∞ becomes a very low number, for 0 times it is 0.
    """
    Z, Y = np.asarray(Z), np.asarray(Y)
    for X, kinds in ((Z, "fciu"), (Y, "fiu")):
        if X.dtype.kind not in kinds and X.dtype.name != "bfloat16":
            raise TypeError(f"Z and Y must hold numbers, got {Z.dtype} and {Y.dtype}")
    if Z.ndim != 2 or Z.shape != Y.shape or Z.size == 0:
        raise ValueError(
            f"Z and Y must have one shape (n, m), got {Z.shape} and {Y.shape}"
        )
    if len(Z) < 2:
        raise ValueError(f"Z must have n >= 2 classes along its rows, got {Z.shape}")
    dtype = np.dtype(float) if Z.dtype.kind in "iu" else Z.dtype
    Z = Z.astype(np.result_type(dtype, np.float32))
    eps, Y = _rounding(Y), Y.astype(Z.real.dtype)
    masked = Z.real == -np.inf
    for name, X in (("Z", np.where(masked, 0, Z)), ("Y", Y)):
        _refuse(f"{name} must be finite", X, ~np.isfinite(X))
    if limit is not None:
        beyond = ~masked & (np.abs(Z) > limit)
        _refuse(f"this code loses its digits where |Z| > {limit}", Z, beyond)
    return np.where(masked, _lowest(Z, 0.8), Z), Y, eps, dtype


def _rounding(Y):
    """The eps of the labels' type, or of float32, which networks use, if larger."""
    if Y.dtype.name == "bfloat16":
        return 2.0**-7
    eps = np.finfo(np.float32).eps
    return float(max(eps, np.finfo(Y.dtype).eps) if Y.dtype.kind == "f" else eps)


def _refuse(said, X, wrong):
    if np.any(wrong):
        place = [int(x) for x in np.argwhere(wrong)[0]]
        where = f" at {place}" if place else ""
        raise ValueError(f"{said}, got {X[tuple(place)]}{where}")


def _parameter(name, given, conditions, length, Z):
    """A parameter as an array beside Z: a column of a length, or one number for 0."""
    value, shape = np.asarray(given), (length,) if length else ()
    if value.dtype.kind not in "fiu":
        raise TypeError(f"{name} must hold real numbers, got {given!r}")
    if value.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, got {value.shape}")
    _refuse(f"{name} must be finite", value, ~np.isfinite(value))
    signs = {">": np.greater, "<": np.less, "!=": np.not_equal}
    signs |= {">=": np.greater_equal, "<=": np.less_equal}
    for sign, bound in conditions:
        _refuse(f"{name} must be {sign} {bound}", value, ~signs[sign](value, bound))
    return value.astype(Z.real.dtype).reshape((length, 1) if length else ())


def _labels_lie_in(Y, eps, low, high, sentence, name):
    _refuse(f"{sentence}, as {name} says", Y, (low > Y) | (high < Y))


def _labels_sum_to(Y, eps, value, name):
    """Whether labels, each rounded a few times, have the sum that a hypothesis says."""
    sums = Y.sum(axis=0, dtype=float)
    tolerance = 4 * len(Y) * eps * np.abs(Y).sum(axis=0, dtype=float)
    wrong = np.abs(sums - value) > tolerance + 1e-15
    _refuse(f"each column of Y must sum to {value}, as {name} says", sums, wrong)


def _result(name, value, Z, dtype, has_log):
    """The loss (m,) or the gradient (n, m), refused where it is not finite."""
    value = np.zeros(Z.shape if name == "gradient" else len(Z.T), Z.dtype) + value
    has_log |= Z.real.min() == _lowest(Z, 0.8)
    infinite = has_log & (np.abs(value) > -_lowest(Z, 0.7))  # a log 0 is in it
    found = np.where(infinite, np.inf, value).astype(dtype)
    said = f"the {name} is infinite, not defined, or too large for {dtype}"
    _refuse(said, found, ~np.isfinite(found))
    return found


# Operations.  The largest is chosen by real parts, so that a complex step goes through.


def _lowest(x, power=0.9):
    """What stands for log 0: 0 times it is 0, and no sum of such is infinite.

    With 0.8, for a logit of −∞: log 0 less this is still low, as 0·e^∞ is 0 here.
    """
    return -(np.finfo(x.dtype).max ** power)


def _log(x):
    return np.where(x == 0, _lowest(x), np.log(x))


def _log_add(x, y):
    """log(e^x + e^y)."""
    larger = np.real(x) >= np.real(y)
    top, low = np.where(larger, x, y), np.where(larger, y, x)
    return top + np.log1p(np.exp(low - top))


def _above(x, axis):
    """The largest, and log Σ e^(x − largest), to the last digit also near 0."""
    top = x.real.max(axis=axis, keepdims=True)
    is_top = x.real == top
    more = np.where(is_top, np.expm1(x - top), np.exp(x - top))
    tops = is_top.sum(axis=axis, keepdims=True, dtype=top.dtype)
    return top, np.log1p(more.sum(axis=axis, keepdims=True) + (tops - 1))


def _log_sum_exp(x, axis):
    """log Σ e^x."""
    top, above = _above(x, axis)
    return (top + above).squeeze(axis)


def _log_share(x, axis=0):
    """log(e^x/Σ e^x)."""
    top, above = _above(x, axis)
    return x - top - above


def _log_rest(x, axis=0):
    """log(1 − e^x/Σ e^x): the share of the others, never 1 less a share."""
    x = x - x.real.max(axis=0)
    first = np.arange(len(x))[:, None] == x.real.argmax(axis=0)
    others = _log_sum_exp(np.where(first, _lowest(x), x), 0)
    total = _log_add(np.where(first, x, 0).sum(axis=0), others)
    return np.where(first, others - total, np.log1p(-np.exp(x - total)))


def _log_of(log_nearly, x):
    """log x, of an x that is nearly another where this is small."""
    return np.where(np.real(log_nearly) < -37, log_nearly, _log(x))


_QUOTED = {name: value for name, value in globals().items() if callable(value)}
