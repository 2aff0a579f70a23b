"""The checks of JAX; a text quotes them, nothing imports them.

Under `jax.jit` no number is known while the program is made, so none can be refused by
an error: what NumPy refuses is NaN.  Shapes and types are known, and are refused.
"""

import jax
import jax.numpy as jnp

from derivations.loss.source.array_functions import _lowest


def _inputs(Z, Y, limit):
    """Z and Y as they are computed with, how labels are rounded, the type given.

    Last, which examples are refused.  A logit of −∞ becomes a very low number, for 0
    times it is 0.
    """
    Z, Y = jnp.asarray(Z), jnp.asarray(Y)
    for X in (Z, Y):
        if X.dtype == bool or jnp.iscomplexobj(X):
            words = f"{Z.dtype} and {Y.dtype}"
            raise TypeError(f"Z and Y must hold real numbers, got {words}")
    if Z.ndim == 2 and Y.shape == Z.shape[1:] and jnp.issubdtype(Y.dtype, jnp.integer):
        is_class, classes = (Y >= 0) & (len(Z) > Y), jnp.arange(len(Z))[:, None]
        Y = jnp.where(is_class, classes == Y, jnp.nan)
    if Z.ndim != 2 or Z.shape != Y.shape or 0 in Z.shape:
        words = f"{Z.shape} and {Y.shape}"
        words = f"one shape (n, m), or Y (m,) of integers, got {words}"
        raise ValueError(f"Z and Y must have {words}")
    if len(Z) < 2:
        words = f"n >= 2 classes along its rows, got {Z.shape}"
        raise ValueError(f"Z must have {words}")
    dtype, given = (
        X.dtype if jnp.issubdtype(X.dtype, jnp.floating) else jnp.result_type(float)
        for X in (Z, Y)
    )
    eps = max(float(jnp.finfo(x).eps) for x in (jnp.float32, given))
    Z = Z.astype(jnp.promote_types(dtype, jnp.float32))
    Y = Y.astype(Z.dtype)
    masked = jnp.isneginf(Z)
    wrong = ~(masked | jnp.isfinite(Z)) | ~jnp.isfinite(Y)
    if limit is not None:  # beyond, this code loses its digits
        wrong |= ~masked & (jnp.abs(Z) > limit)
    Z = jnp.where(masked, _lowest(Z, 0.8), Z)
    return Z, Y, eps, dtype, wrong.any(axis=0)


def _parameter(name, given, length, Z):
    """A parameter beside Z: (length, 1), () for 0; by example (length, m), (m,)."""
    value, shape = jnp.asarray(given), (length,) if length else ()
    if value.dtype == bool or jnp.iscomplexobj(value):
        raise TypeError(f"{name} must hold real numbers, got {value.dtype}")
    every = (*shape, Z.shape[1])
    if value.shape not in (shape, every):
        got = value.shape
        shapes = f"{shape} or {every}, got {got}"
        raise ValueError(f"{name} must have shape {shapes}")
    value = value.astype(Z.dtype)
    return value.reshape((length, -1)) if length else value


def _sum_is_not(value, Y, eps):
    """Where labels, each rounded a few times, do not have the sum that was used."""
    tolerance = 4 * len(Y) * eps * jnp.abs(Y).sum(axis=0)
    return jnp.abs(Y.sum(axis=0) - value) > tolerance + 1e-15


def _results(loss, gradient, Z, dtype, has_log, refused):
    """The losses (m,) and the gradient (n, m), NaN where an example is refused."""
    loss, gradient = jnp.zeros_like(Z[0]) + loss, jnp.zeros_like(Z) + gradient
    has_log |= (_lowest(Z, 0.8) == Z).any(axis=0)
    most = jnp.maximum(jnp.abs(loss), jnp.abs(gradient).max(axis=0))
    refused |= has_log & (most > -_lowest(Z, 0.7))  # a log 0 is in it
    loss, gradient = loss.astype(dtype), gradient.astype(dtype)
    refused |= ~(jnp.isfinite(loss) & jnp.isfinite(gradient).all(axis=0))
    return jnp.where(refused, jnp.nan, loss), jnp.where(refused, jnp.nan, gradient)


# Behind `loss_and_gradient`, which stands in the text


@jax.custom_vjp
def _losses(Z, Y, parameters):
    loss, _ = loss_and_gradient(Z, Y, **parameters)
    return loss


def _forward(Z, Y, parameters):
    return loss_and_gradient(Z, Y, **parameters)


def _backward(gradient, incoming):
    return gradient * incoming, None, None


_losses.defvjp(_forward, _backward)


def losses(Z, Y, **parameters):
    """The losses (m,), to differentiate by Z.

        jax.grad(lambda Z: losses(Z, Y).sum())(Z)

    Labels and parameters are held fixed; a second derivative is that of this code.
    """
    return _losses(Z, Y, parameters)
