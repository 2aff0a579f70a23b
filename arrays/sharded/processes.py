"""One of several processes: it joins the others, computes its shard, and compares.

Who starts the processes is not this module's business: mpirun, Slurm or a cloud does,
and JAX reads from what they leave in the environment where the others are.
"""

import os
import socket
import time
from collections import Counter
from importlib.util import find_spec

import jax
import numpy as np
from jax._src.clusters import ClusterEnv

from arrays.peak_memory import peak
from arrays.sharded.devices import Placement, mesh, program
from arrays.sharded.inputs import check_logits
from arrays.sharded.layout import BIASES, NO_LABEL, PER_EXAMPLE, WEIGHTS
from arrays.sharded.problem import BLOCK, OneProcess
from arrays.sharded.shards import collectives, linear_shard

START = 40
"""Seconds until all processes have to be there."""
SILENCE = 20
"""Seconds after which a process that says nothing is lost, and JAX ends the others."""


def connect(devices):
    """Join the other processes; `devices` are those of a processor.

    Raises ValueError if nothing in the environment says where they are.
    """
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]  # gRPC would ask the proxy for the other processes
    address, count, number, local = cluster()
    jax.config.update("jax_cpu_collectives_implementation", "gloo")
    jax.config.update("jax_num_cpu_devices", devices)
    jax.distributed.initialize(
        address,
        count,
        number,
        local,
        # JAX would listen on every interface
        coordinator_bind_address=os.environ.get(
            "JAX_COORDINATOR_BIND_ADDRESS", address
        ),
        initialization_timeout=START,
        heartbeat_timeout_seconds=SILENCE,
    )


def cluster():
    """Return the coordinator's address, the number of processes, and this one's number.

    Last come the accelerators of this process. JAX looks all of it up, for Open MPI 5
    and newer by mpi4py. `jax.distributed.initialize` would do so itself, but it has to
    be told before where the coordinator listens.
    """
    methods = [None]
    if "PMIX_RANK" in os.environ and find_spec("mpi4py"):
        methods.append("mpi4py")
    for method in methods:
        known = ClusterEnv.auto_detect_unset_distributed_params(
            os.environ.get("JAX_COORDINATOR_ADDRESS"), None, None, None, method, START
        )
        if known[1] is not None:
            return known
    raise ValueError(
        "this process was not started by mpirun, Slurm or a cloud: --processes "
        "starts several on this machine (Open MPI 5 and newer need mpi4py)"
    )


class Share:
    """What one process does of a problem; its program is compiled, its rows come later.

    Raises ValueError if the mesh needs another number of devices than all processes
    have.
    """

    def __init__(self, problem, sides=None):
        classes, examples = sides or (jax.device_count(), 1)
        if classes * examples != jax.device_count():
            raise ValueError(
                f"--mesh {classes}x{examples} needs {classes * examples} devices; "
                f"{jax.process_count()} processes have {jax.device_count()}"
            )
        self.problem = problem
        self.placement = Placement.of(
            mesh(classes, examples), problem.n, problem.m, turned=True
        )
        self.layout = self.placement.layout
        self.given = [
            (problem.W, WEIGHTS, np.float32, {}),
            (problem.b, BIASES, np.float32, {"classes": -np.inf}),
            (problem.X, self.layout.inputs, np.float32, {}),
            (problem.labels, PER_EXAMPLE, np.int32, {"examples": NO_LABEL}),
        ]
        structs = [
            jax.ShapeDtypeStruct(
                self.layout.padded(X.shape, axes),
                dtype,
                sharding=self.placement.sharding(axes),
            )
            for X, axes, dtype, _ in self.given
        ]
        into = tuple(axes for _, axes, _, _ in self.given)
        out = (), WEIGHTS, BIASES, self.layout.inputs
        made = program(self.placement, linear_shard, into, out, (problem.n, problem.m))
        self.compiled = made.lower(*structs).compile()
        self.exchanged = sum(
            count
            for kind, count in collectives(made, *structs).items()
            if self.layout.parts[kind.partition(" over ")[2]]
            > 1  # else nothing is sent
        )

    def compute(self, steps):
        """Compute `steps` times with the others, and return the row of this process."""
        before = peak(start=True)
        arrays = [
            self.placement.place(X, axes, dtype, **fills)
            for X, axes, dtype, fills in self.given
        ]
        start = time.perf_counter()
        for _ in range(steps):
            *results, top, S = jax.block_until_ready(self.compiled(*arrays))
        seconds = (time.perf_counter() - start) / steps
        used = peak() - before
        check_logits(top, S)
        return {
            "process": jax.process_index(),
            "host": socket.gethostname(),
            "rows": rows_of(results[1], self.layout),
            "peak": used / 2**20,
            "runtime": before / 2**20,
            "collectives": self.exchanged,
            "error": largest_error(self.problem, self.layout, *results),
            "seconds": seconds,
        }


def rows_of(dW, layout):
    """The classes of this process, as from-to; padding is left out."""
    own = [layout.classes_in(shard.index[0]) for shard in dW.addressable_shards]
    start, stop = min(first for first, _ in own), max(last for _, last in own)
    return f"{start}-{stop - 1}" if start < stop else "padding"


def largest_error(problem, layout, J, dW, db, dX):
    """Return the largest error against one process, relative to the largest entry.

    Each process computes J and dX of the whole problem again, and its rows of dW and
    db: in float64, by NumPy, a block of classes at a time.
    """
    reference = OneProcess(problem)
    J_one, dX_one = reference.loss_and_inputs()
    differences, sizes = Counter(), Counter({"J": abs(J_one), "dX": abs(dX_one).max()})

    def compare(name, shards, expected):
        if expected.size:
            far = np.abs(np.asarray(shards, float) - expected).max()
            differences[name] = np.maximum(differences[name], far)  # NaN stays
            sizes[name] = np.maximum(sizes[name], np.abs(expected).max())

    compare("J", J.addressable_data(0), J_one)
    for shard in dX.addressable_shards:
        expected = dX_one[shard.index[0]]
        compare("dX", shard.data[: len(expected)], expected)
    both = zip(dW.addressable_shards, db.addressable_shards, strict=True)
    for W_shard, b_shard in both:
        first, last = layout.classes_in(W_shard.index[0])
        for start in range(first, last, BLOCK):
            stop = min(start + BLOCK, last)
            dW_rows, db_rows = reference.rows(start, stop)
            here = slice(start - first, stop - first)
            compare("dW", np.asarray(W_shard.data)[here], dW_rows)
            compare("db", np.asarray(b_shard.data)[here], db_rows)
    return float(np.max([differences[name] / sizes[name] for name in differences]))
