"""JAX's devices as a mesh: arrays are placed on it, and shards run on it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

import jax
import numpy as np
from jax import numpy as jnp
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from arrays.inputs import is_turned
from arrays.sharded.inputs import check_logits
from arrays.sharded.layout import (
    AXES,
    CLASSES,
    EXAMPLES,
    NO_LABEL,
    PER_EXAMPLE,
    Layout,
    pad,
)


def host_devices(count: int) -> list[jax.Device]:
    """Return that many devices of this machine's processor; call it before JAX starts.

    Raises RuntimeError if JAX has already started with fewer.

    Source: notebook 16.

    >>> len(host_devices(1))
    1
    """
    with suppress(RuntimeError):  # JAX has started already; it may have as many
        jax.config.update("jax_num_cpu_devices", count)
    devices = jax.devices("cpu")
    if len(devices) < count:
        raise RuntimeError(
            f"JAX has already started with {len(devices)} host devices, not {count}: "
            "call host_devices before anything else of JAX"
        )
    return devices[:count]


def mesh(
    classes: int, examples: int, devices: Sequence[jax.Device] | None = None
) -> Mesh:
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


@dataclass(frozen=True)
class Placement:
    """A layout on a mesh of JAX."""

    mesh: Mesh
    layout: Layout

    @classmethod
    def of(cls, mesh, n, m, turned=False):
        """n classes and m examples on that mesh."""
        mesh = by_device(mesh)
        sides = mesh.shape[CLASSES], mesh.shape[EXAMPLES]
        return cls(mesh, Layout(n, m, sides, turned))

    @classmethod
    def of_logits(cls, Z, mesh, axis):
        """The classes and examples of Z on that mesh."""
        turned = is_turned(axis)
        n, m = Z.shape[::-1] if turned else Z.shape
        return cls.of(mesh, n, m, turned)

    def sharding(self, axes):
        """How JAX is told which axes are split."""
        return NamedSharding(self.mesh, PartitionSpec(*axes))

    def place(self, X, axes, dtype, **fills):
        """X on the mesh, padded by what is given for classes or examples, or by 0.

        An array of NumPy, or what gives its parts by index as one does, goes to the
        devices part by part, and never whole to one.
        """
        shape, sharding = self.layout.padded(X.shape, axes), self.sharding(axes)
        if not isinstance(X, jax.Array):

            def part(index):
                sizes = [
                    len(range(*places.indices(size)))
                    for places, size in zip(index, shape, strict=True)
                ]
                return pad(np, X[index].astype(dtype, copy=False), sizes, axes, fills)

            return jax.make_array_from_callback(shape, sharding, part)
        return jax.device_put(pad(jnp, X.astype(dtype), shape, axes, fills), sharding)

    def place_logits(self, Z):
        """Z on the mesh."""
        return self.place(Z, self.layout.logits, Z.dtype, classes=-np.inf)

    def place_labels(self, Y, dtype):
        """Labels on the mesh, or soft labels in that precision."""
        axes = self.layout.labels(Y)
        if Y.ndim == 1:
            return self.place(Y, axes, np.int32, examples=NO_LABEL)
        return self.place(Y, axes, dtype)

    def run(self, shard, given, out, static=()):
        """Run the shards on the devices; return the result, checked and cut to n and m.

        given and out are (array, axes) and axes. The last two results of a shard are
        the largest logit of each example and Σ e^(Z - largest).
        """
        arrays, into = zip(*given, strict=True)
        made = program(self, shard, into, tuple(out), static)(*arrays)
        check_logits(*made[-2:])
        return [self._cut(X, axes) for X, axes in zip(made, out, strict=False)]

    def _cut(self, X, axes):
        shape = self.layout.unpadded(X.shape, axes)
        return X if X.shape == shape else X[tuple(map(slice, shape))]


@lru_cache
def program(placement, shard, into, out, static):
    """The shards' program, compiled: for arrays that are padded and placed already."""
    out = (*out, PER_EXAMPLE, PER_EXAMPLE)

    def turn(blocks, all_axes):
        """Shards have classes down, examples across."""
        return [
            block.T if placement.layout.turned and EXAMPLES in axes else block
            for block, axes in zip(blocks, all_axes, strict=True)
        ]

    def local(*blocks):
        # Accelerators would multiply float32 in fewer bits.
        with jax.default_matmul_precision("highest"):
            return tuple(turn(shard(*turn(blocks, into), *static), out))

    specs = [tuple(PartitionSpec(*axes) for axes in side) for side in (into, out)]
    mapped = jax.shard_map(
        local, mesh=placement.mesh, in_specs=specs[0], out_specs=specs[1]
    )
    return jax.jit(mapped)
