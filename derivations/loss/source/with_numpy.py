"""What is checked before a loss is computed, and what comes out: NumPy, and PyTorch.

The text for PyTorch takes two functions from `with_torch` and quotes the others, with
torch. instead of np.; so those use only names and arguments that both know.
"""

import numpy as np

from derivations.loss.source.array_functions import _lowest


def _numbers(Z, Y, check):
    """Z and Y as arrays of float32 at least, how labels are rounded, the type given."""
    Z, Y = np.asarray(Z), np.asarray(Y)
    for X, kinds in ((Z, "fciu"), (Y, "fiu")):
        if X.dtype.kind not in kinds and X.dtype.name != "bfloat16":
            raise TypeError(f"Z and Y must hold numbers, got {Z.dtype} and {Y.dtype}")
    dtype = np.dtype(float) if Z.dtype.kind in "iu" else Z.dtype
    Z, eps = Z.astype(np.result_type(dtype, np.float32)), _rounding(Y)
    Y = _one_hot(Y, Z, check) if Y.dtype.kind in "iu" else Y
    return Z, Y.astype(Z.real.dtype), eps, dtype


def _rounding(Y):
    """The eps of the labels' type, or of float32, which networks use, if larger."""
    if Y.dtype.name == "bfloat16":
        return 2.0**-7
    eps = np.finfo(np.float32).eps
    return float(max(eps, np.finfo(Y.dtype).eps) if Y.dtype.kind == "f" else eps)


def _real(name, given, Z):
    """A parameter as an array of real numbers, in the type of Z."""
    value = np.asarray(given)
    if value.dtype.kind not in "fiu":
        raise TypeError(f"{name} must hold real numbers, got {given!r}")
    return value.astype(Z.real.dtype)


# What PyTorch's text quotes, too


def _inputs(Z, Y, limit, check=True):
    """Z and Y as they are computed with, how labels are rounded, the type given.

    A logit of −∞ becomes a very low number, for 0 times it is 0.
    """
    Z, Y, eps, dtype = _numbers(Z, Y, check)
    shape, other = tuple(Z.shape), tuple(Y.shape)
    if Z.ndim != 2 or shape != other or 0 in shape:
        words = f"one shape (n, m), or Y (m,) of integers, got {shape} and {other}"
        raise ValueError(f"Z and Y must have {words}")
    if len(Z) < 2:
        raise ValueError(f"Z must have n >= 2 classes along its rows, got {shape}")
    masked = Z.real == -np.inf
    for name, X in (("Z", np.where(masked, 0, Z)), ("Y", Y)):
        _refuse(f"{name} must be finite", X, ~np.isfinite(X), check)
    if limit is not None:
        beyond = ~masked & (np.abs(Z) > limit)
        _refuse(f"this code loses its digits where |Z| > {limit}", Z, beyond, check)
    return np.where(masked, _lowest(Z, 0.8), Z), Y, eps, dtype


def _one_hot(Y, Z, check):
    """Labels (n, m) as they are; made of the true classes (m,), numbered from 0."""
    if tuple(Y.shape) != tuple(Z.shape[1:]) or Z.ndim != 2:
        return Y
    wrong = (Y < 0) | (len(Z) <= Y)
    _refuse(f"a class in Y must be 0 to {len(Z) - 1}", Y, wrong, check)
    classes = np.ones_like(Z.real).cumsum(axis=0) - 1
    return np.where(classes == Y, 1.0, 0.0)


def _refuse(said, X, wrong, check=True):
    if check and np.any(wrong):
        place = [int(x) for x in np.argwhere(wrong)[0]]
        where = f" at {place}" if place else ""
        raise ValueError(f"{said}, got {X[tuple(place)]}{where}")


def _parameter(name, given, conditions, length, Z, check=True):
    """A parameter beside Z: (length, 1), () for 0; by example (length, m), (m,)."""
    value, shape = _real(name, given, Z), (length,) if length else ()
    got, every = tuple(value.shape), (*shape, Z.shape[1])
    if got not in (shape, every):
        shapes = f"{shape} or {every}, got {got}"
        raise ValueError(f"{name} must have shape {shapes}")
    _refuse(f"{name} must be finite", value, ~np.isfinite(value), check)
    signs = {">": np.greater, "<": np.less, "!=": np.not_equal}
    signs |= {">=": np.greater_equal, "<=": np.less_equal}
    for sign, bound in conditions:
        wrong = ~signs[sign](value, bound)
        _refuse(f"{name} must be {sign} {bound}", value, wrong, check)
    return value.reshape((length, -1)) if length else value


def _labels_lie_in(Y, eps, low, high, sentence, name):
    _refuse(f"{sentence}, as {name} says", Y, (low > Y) | (high < Y))


def _labels_sum_to(Y, eps, value, name):
    """Whether labels, each rounded a few times, have the sum that a hypothesis says."""
    sums = Y.sum(axis=0)
    tolerance = 4 * len(Y) * eps * np.abs(Y).sum(axis=0)
    wrong = np.abs(sums - value) > tolerance + 1e-15
    _refuse(f"each column of Y must sum to {value}, as {name} says", sums, wrong)


def _result(name, value, Z, dtype, has_log, check=True):
    """The loss (m,) or the gradient (n, m), refused where it is not finite."""
    value = np.zeros_like(Z if name == "gradient" else Z[0]) + value
    has_log |= np.amin(Z.real) == _lowest(Z, 0.8)
    infinite = has_log & (np.abs(value) > -_lowest(Z, 0.7))  # a log 0 is in it
    found = np.asarray(np.where(infinite, np.inf, value), dtype=dtype)
    said = f"the {name} is infinite, not defined, or too large for {dtype}"
    _refuse(said, found, ~np.isfinite(found), check)
    return found
