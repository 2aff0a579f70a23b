"""Operations on arrays: `to_numpy` calls them, and the text to paste quotes them.

For PyTorch the text says torch. instead of np., and for JAX jnp.; so only names and
arguments that all three know stand here.  The largest of complex logits is chosen by
real parts, so that a complex step goes through.
"""

import numpy as np


def _lowest(x, power=0.9):
    """What stands for log 0: 0 times it is 0, and no sum of such is infinite.

    With 0.8, for a logit of −∞: log 0 less this is still low, as 0·e^∞ is 0 here.
    """
    return -(np.finfo(x.dtype).max ** power)


def _log(x):
    return np.where(x == 0, _lowest(x), np.log(x))


def _log_add(x, y):
    """log(e^x + e^y)."""
    larger = x.real >= y.real
    top, low = np.where(larger, x, y), np.where(larger, y, x)
    return top + np.log1p(np.exp(low - top))


def _above(x, axis):
    """The largest, and log Σ e^(x − largest), to the last digit also near 0."""
    top = np.amax(x.real, axis=axis, keepdims=True)
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
    x = x - np.amax(x.real, axis=0)
    is_top = x.real == 0
    first = is_top & (is_top.cumsum(axis=0) == 1)
    others = _log_sum_exp(np.where(first, _lowest(x), x), 0)
    total = _log_add(np.where(first, x, 0).sum(axis=0), others)
    return np.where(first, others - total, np.log1p(-np.exp(x - total)))


def _log_of(log_nearly, x):
    """log x, of an x that is nearly another where this is small."""
    return np.where(log_nearly.real < -37, log_nearly, _log(x))
