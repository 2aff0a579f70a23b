"""Checks of what the functions on a mesh accept: precisions, labels, largest logits.

Values are looked at only where they are at hand: not under jit, and not those that
another process holds.
"""

import jax
import numpy as np

from arrays.inputs import check_largest, matrix, targets


def floats(X, name, fit=matrix):
    """Return X as an array of valid shape, in a precision that JAX keeps.

    Of an array of JAX only the shape and the type are looked at.
    """
    known = fit(_values_or_zeros(X, False), name)
    if known.dtype not in (np.float32, np.float64):
        raise TypeError(f"{name} must be float32 or float64, got {known.dtype}")
    if known.dtype == np.float64 and not jax.config.jax_enable_x64:
        raise TypeError(
            f"{name} is float64 (as integers are here), and JAX would silently round "
            "it to float32: pass float32, or first call "
            "jax.config.update('jax_enable_x64', True)"
        )
    return X.astype(known.dtype) if isinstance(X, jax.Array) else known


def labels(Y, shape, axis):
    """Y as integer labels or soft labels of logits of that shape."""
    known = targets(_values_or_zeros(Y, True), shape, axis)
    return Y if _is_hidden(Y) else known


def check_logits(top, S):
    """Refuse logits by what shards made of them, in the words of helpers.

    top is the largest logit of each example, S is Σ e^(z - top).
    """
    if isinstance(S, jax.core.Tracer):
        return
    for one, other in zip(top.addressable_shards, S.addressable_shards, strict=True):
        top_here, S_here = np.asarray(one.data), np.asarray(other.data)
        # A maximum over devices may drop a NaN (XLA's on CPU does, and says -inf where
        # each device has one); the sum keeps it.
        top_here = np.where(np.isfinite(top_here), top_here + 0 * S_here, top_here)
        check_largest(top_here, one.index[-1].start or 0)


def _is_hidden(X):
    """Whether values lie in another process, or are none yet, as under jit."""
    return isinstance(X, jax.core.Tracer) or (
        isinstance(X, jax.Array) and not X.is_fully_addressable
    )


def _values_or_zeros(X, wanted):
    """X as it is given; or zeros of its shape and type, which take no memory."""
    if _is_hidden(X) or (isinstance(X, jax.Array) and not wanted):
        return np.broadcast_to(np.zeros((), X.dtype), X.shape)
    return X
