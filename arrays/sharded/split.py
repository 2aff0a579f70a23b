"""How n classes and m examples lie on a mesh of devices: checked, padded, cut again.

An axis of an array is split along "classes", along "examples", or not (None): W is
("classes", None), X is (None, "examples"), labels are ("examples",).
"""

from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

import jax
import numpy as np
from jax import numpy as jnp
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from arrays.inputs import check_largest, is_turned, matrix, targets

AXES = "classes", "examples"
NO_LABEL = -(2**31)
"""The label of an example that is padding."""


def host_devices(count):
    """Return that many devices of this machine's processor, to be had before JAX runs.

    Raises RuntimeError if JAX has already started with fewer.

    Source: notebook 16.

    >>> len(host_devices(1))
    1
    """
    with suppress(RuntimeError):  # JAX has started already; it may have as many
        jax.config.update("jax_num_cpu_devices", count)
    found = jax.devices("cpu")
    if len(found) < count:
        raise RuntimeError(
            f"{count} host devices were asked for, and JAX has started with "
            f"{len(found)}: call host_devices before anything else of JAX"
        )
    return found[:count]


def mesh(classes, examples, devices=None):
    """Return a mesh of classes × examples devices: of those given, or of all of JAX's.

    Raises ValueError if there are fewer devices.

    Source: notebook 16.

    >>> dict(mesh(1, 1).shape)
    {'classes': 1, 'examples': 1}
    """
    devices = jax.devices() if devices is None else devices
    if min(classes, examples) < 1 or classes * examples > len(devices):
        raise ValueError(
            f"a mesh of {classes} × {examples} needs {classes * examples} devices, "
            f"each side at least 1; there are {len(devices)}"
        )
    grid = np.array(devices[: classes * examples]).reshape(classes, examples)
    return Mesh(grid, AXES)


def by_device(mesh):
    """The mesh with axes that shard_map splits: make_mesh of newer JAX makes others."""
    if not isinstance(mesh, Mesh) or set(mesh.axis_names) != set(AXES):
        raise ValueError(
            "mesh must have the axes classes and examples, as mesh(4, 2) of "
            f"arrays.sharded makes them, got {mesh!r}"
        )
    return Mesh(mesh.devices, mesh.axis_names)


def floats(X, name, fit=matrix):
    """X as an array that fits, of a precision that JAX keeps.

    Of an array of JAX only the shape and the type are looked at: its values may lie in
    another process, or be none yet.
    """
    known = fit(_values_or_zeros(X, False), name)
    if known.dtype not in (np.float32, np.float64):
        raise TypeError(f"{name} must be float32 or float64, got {known.dtype}")
    if known.dtype == np.float64 and not jax.config.jax_enable_x64:
        raise TypeError(
            f"{name} is float64 (as integers are here), which JAX would make float32 "
            "without a word: give float32, or first "
            "jax.config.update('jax_enable_x64', True)"
        )
    return X.astype(known.dtype) if isinstance(X, jax.Array) else known


def labels(Y, shape, axis):
    """Y as integer labels or soft labels of logits of that shape."""
    known = targets(_values_or_zeros(Y, True), shape, axis)
    return Y if is_hidden(Y) else known


def is_hidden(X):
    """Whether values lie in another process, or are none yet, as under jit."""
    return isinstance(X, jax.core.Tracer) or (
        isinstance(X, jax.Array) and not X.is_fully_addressable
    )


def _values_or_zeros(X, wanted):
    """X as it is given; or zeros of its shape and type, which take no memory."""
    if is_hidden(X) or (isinstance(X, jax.Array) and not wanted):
        return np.broadcast_to(np.zeros((), X.dtype), X.shape)
    return X


def check_logits(top, S):
    """Refuse logits by what shards made of them, in the words of helpers."""
    if isinstance(S, jax.core.Tracer):
        return
    for one, other in zip(top.addressable_shards, S.addressable_shards, strict=True):
        top_here, S_here = np.asarray(one.data), np.asarray(other.data)
        # A maximum over devices may drop a NaN (XLA's on CPU does, and says -inf where
        # each device has one); the sum keeps it.
        check_largest(np.where(np.isfinite(top_here), top_here + 0 * S_here, top_here))


@dataclass(frozen=True)
class Split:
    """n classes and m examples on a mesh; turned: examples down, classes across."""

    mesh: Mesh
    n: int
    m: int
    turned: bool = False

    @classmethod
    def of(cls, shape, mesh, axis):
        """The split of logits of that shape."""
        turned = is_turned(axis)
        n, m = shape[::-1] if turned else shape
        return cls(by_device(mesh), n, m, turned)

    def lay(self, down, across):
        """A pair as it stands with axis=0, turned where examples go down."""
        return (across, down) if self.turned else (down, across)

    @property
    def batch(self):
        """The axes of Z, A, dZ and of soft labels."""
        return self.lay("classes", "examples")

    @property
    def inputs(self):
        """The axes of X and dX."""
        return self.lay(None, "examples")

    def sharding(self, axes):
        """The same for JAX."""
        return NamedSharding(self.mesh, PartitionSpec(*axes))

    def padded(self, shape, axes):
        """The shape, enlarged to what the mesh divides."""
        parts = [1 if name is None else self.mesh.shape[name] for name in axes]
        return tuple(-(-size // p) * p for size, p in zip(shape, parts, strict=True))

    def place(self, X, axes, dtype, **fills):
        """X on the mesh, padded by what is given for classes or examples, or by 0.

        An array of NumPy, or what gives its parts by index as one does, goes to the
        devices part by part, and never whole to one.
        """
        shape, sharding = self.padded(X.shape, axes), self.sharding(axes)
        if not isinstance(X, jax.Array):

            def part(index):
                sizes = [
                    len(range(*places.indices(size)))
                    for places, size in zip(index, shape, strict=True)
                ]
                return _pad(np, X[index].astype(dtype, copy=False), sizes, axes, fills)

            return jax.make_array_from_callback(shape, sharding, part)
        return jax.device_put(_pad(jnp, X.astype(dtype), shape, axes, fills), sharding)

    def place_logits(self, Z):
        """Z on the mesh."""
        return self.place(Z, self.batch, Z.dtype, classes=-np.inf)

    def place_labels(self, Y, dtype):
        """Labels on the mesh, or soft labels in that precision."""
        if Y.ndim == 1:
            return self.place(Y, ("examples",), np.int32, examples=NO_LABEL)
        return self.place(Y, self.batch, dtype)

    def axes_of_labels(self, Y):
        """How integer or soft labels are split."""
        return ("examples",) if Y.ndim == 1 else self.batch

    def run(self, shard, given, out, static=()):
        """What the devices make of their shards, checked, and cut to n and m.

        given and out are (array, axes) and axes. The last two results of a shard are
        the largest logit of each example and Σ e^(Z - largest).
        """
        arrays, into = zip(*given, strict=True)
        made = program(self, shard, into, tuple(out), static)(*arrays)
        check_logits(*made[-2:])
        return [self._cut(X, axes) for X, axes in zip(made, out, strict=False)]

    def _cut(self, X, axes):
        sizes = {"classes": self.n, "examples": self.m}
        shape = tuple(sizes.get(x, s) for x, s in zip(axes, X.shape, strict=True))
        return X if X.shape == shape else X[tuple(map(slice, shape))]


@lru_cache
def program(split, shard, into, out, static):
    """The shards' program, compiled: for arrays that are padded and split already."""
    out = (*out, ("examples",), ("examples",))

    def turn(blocks, all_axes):
        """Shards have classes down, examples across."""
        return [
            block.T if split.turned and "examples" in axes else block
            for block, axes in zip(blocks, all_axes, strict=True)
        ]

    def local(*blocks):
        # Accelerators would multiply float32 in fewer bits.
        with jax.default_matmul_precision("highest"):
            return tuple(turn(shard(*turn(blocks, into), *static), out))

    specs = [tuple(PartitionSpec(*axes) for axes in side) for side in (into, out)]
    mapped = jax.shard_map(
        local, mesh=split.mesh, in_specs=specs[0], out_specs=specs[1]
    )
    return jax.jit(mapped)


def _pad(xp, X, shape, axes, fills):
    """X enlarged to a shape; where both axes grow, the examples' number fills."""
    for name in AXES:
        if name in axes:
            place = axes.index(name)
            more = shape[place] - X.shape[place]
            widths = [(0, more if axis == place else 0) for axis in range(X.ndim)]
            X = xp.pad(X, widths, constant_values=fills.get(name, 0)) if more else X
    return X
