"""A − Y where the classes outgrow one device: functions of `helpers` on a mesh, in JAX.

The mesh has two axes, classes × examples. Each device works on its shard and exchanges
with the others what README.md of this folder and notebook 16 say.

    layout       which device holds which classes and examples, and what is exchanged
    shards       the program of one device, and the count of what it exchanges
    inputs       what is accepted, and how the rest is refused
    devices      JAX's devices as a mesh: arrays are placed there, and shards run
    gradients    softmax, its loss and its gradients for arrays on a mesh
    problem      rows from a seed, and their gradient by one process; without JAX
    processes    one of several processes: it joins the others, computes and compares
    __main__     the command: one of the processes, or by mpirun all on this machine
"""

try:
    import jax  # noqa: F401
except ImportError as error:
    raise ImportError(
        f"arrays.sharded needs JAX: pip install -r requirements-scale.txt ({error})"
    ) from None

from arrays.sharded.devices import host_devices, mesh
from arrays.sharded.gradients import (
    linear_softmax_cross_entropy_grad,
    softmax,
    softmax_cross_entropy,
    softmax_cross_entropy_grad,
)
from arrays.sharded.shards import collectives, linear_shard

__all__ = [
    "collectives",
    "host_devices",
    "linear_shard",
    "linear_softmax_cross_entropy_grad",
    "mesh",
    "softmax",
    "softmax_cross_entropy",
    "softmax_cross_entropy_grad",
]
