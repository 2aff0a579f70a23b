"""A formula as arrays: an index is an axis, and the last axis is the example.

No text is made and evaluated: each part of an expression is looked at in turn. This is
the one module here that imports NumPy, and it is imported when arrays are asked for.
"""

from functools import reduce
from operator import add, mul

import numpy as np
from sympy import Add, Indexed, IndexedBase, KroneckerDelta, Mul, Pow, Sum, Symbol, exp

from derivations.activations import numerator
from derivations.letters import a, n, y, z


class Arrays:
    """An interpreter over a batch of a loss with its activation and parameters."""

    def __init__(self, own, values, Z, Y):
        Z, Y = np.asarray(Z), np.asarray(Y)
        if Z.dtype.kind not in "fciu" or Y.dtype.kind not in "fiu":
            raise TypeError(f"Z and Y must hold numbers, got {Z.dtype} and {Y.dtype}")
        if Z.ndim != 2 or Z.shape != Y.shape or Z.size == 0:
            raise ValueError(
                f"Z and Y must have one shape (n, m), got {Z.shape} and {Y.shape}"
            )
        Z = Z.astype(float) if Z.dtype.kind in "iu" else Z
        self.n, self.m = Z.shape
        self.arrays = {z: Z, y: Y.astype(Z.real.dtype)}
        self.numbers = {}
        for one in own.parameters:
            value = np.asarray(values[str(one)], dtype=Z.real.dtype)
            shape = (self.n,) if isinstance(one, IndexedBase) else ()
            if value.shape != shape:
                raise ValueError(f"{one} must have shape {shape}, got {value.shape}")
            if shape:
                self.arrays[one] = value[:, None]
            else:
                self.numbers[one] = value
        self.arrays[a] = self.outputs(own.activation)

    def outputs(self, activation):
        (index,) = activation.parameters
        top = numerator(activation)
        if top is None or not isinstance(top(index), exp):
            return self.batch(activation.value, (index,))
        # e^{u_i}/Σ e^{u_k}, shifted by the largest u so that nothing overflows.
        u = self.batch(top(index).args[0], (index,))
        powers = np.exp(u - u.real.max(axis=0))
        return powers / powers.sum(axis=0)

    def batch(self, expr, axes):
        """The value as an array of shape (n,) for each axis, then (m,)."""
        shape = (self.n,) * len(axes) + (self.m,)
        return np.broadcast_to(self.value(expr, axes), shape).copy()

    def value(self, expr, axes):  # noqa: PLR0911 (one line per kind of part)
        if isinstance(expr, Indexed):
            array = self.arrays[expr.base]
            return array.reshape(self.along(axes, *expr.indices) + array.shape[1:])
        if isinstance(expr, Symbol):
            return self.n if expr == n else self.numbers[expr]
        if isinstance(expr, Sum):
            return self.total(expr, axes)
        if isinstance(expr, KroneckerDelta):
            eye = np.eye(self.n, dtype=self.arrays[z].real.dtype)
            rows, columns = sorted(expr.args, key=axes.index)
            return eye.reshape((*self.along(axes, rows, columns), 1))
        if not expr.args:
            return int(expr) if expr.is_Integer else float(expr)
        values = [self.value(arg, axes) for arg in expr.args]
        if isinstance(expr, Add | Mul):
            return reduce(add if isinstance(expr, Add) else mul, values)
        if isinstance(expr, Pow):
            return np.power(self.floats(values[0]), values[1])
        return getattr(np, expr.func.__name__)(self.floats(values[0]))

    def floats(self, value):
        # NumPy refuses negative powers of integers.
        return float(value) if isinstance(value, int) else value

    def along(self, axes, *indices):
        """The shape of an array whose indices lie along some of the axes."""
        return tuple(self.n if axis in indices else 1 for axis in axes)

    def total(self, expr, axes):
        added = tuple(index for index, _, _ in expr.limits)
        value = self.value(expr.function, (*axes, *added))
        shape = np.broadcast_shapes(np.shape(value), (self.n,) * len(added) + (1,))
        where = tuple(range(-1 - len(added), -1))
        return np.broadcast_to(value, shape).sum(axis=where)
