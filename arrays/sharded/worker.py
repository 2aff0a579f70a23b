"""One of several processes: it makes its shard, computes with the others, compares."""

import json
import os
import socket
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import jax
import numpy as np

from arrays import sharded
from arrays.memory import peak
from arrays.sharded.problem import BLOCK, OneProcess
from arrays.sharded.split import Split, check_logits, program
from arrays.sharded.supervisor import PORT_TAKEN

BY_CLASS, PER_CLASS = ("classes", None), ("classes",)
BY_EXAMPLE, PER_EXAMPLE = ("examples", None), ("examples",)


def work(problem, options):
    """Do the share of one process and write its row; return the status to end with."""
    end_with_parent()
    try:
        row = share(problem, options)
    except ValueError as error:
        print(f"error: {error}", flush=True)
        return 2
    folder = Path(options.child)
    (folder / f"{options.process}.json").write_text(json.dumps(row), encoding="utf-8")
    jax.distributed.shutdown()
    return 0


def end_with_parent():
    """End as soon as nobody holds the other end of the standard input."""

    def wait():
        os.read(0, 1)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def share(problem, options):
    """The row of one process: what it held, and how far it is from one process."""
    if not connect(options):
        sys.exit(PORT_TAKEN)
    classes, examples = options.mesh or (jax.device_count(), 1)
    if classes * examples != jax.device_count():
        raise ValueError(
            f"--mesh {classes}x{examples} needs {classes * examples} devices; "
            f"{options.processes} processes have {jax.device_count()}"
        )
    split = Split(sharded.mesh(classes, examples), problem.n, problem.m, turned=True)
    given = [
        (problem.W, BY_CLASS, np.float32, {}),
        (problem.b, PER_CLASS, np.float32, {"classes": -np.inf}),
        (problem.X, BY_EXAMPLE, np.float32, {}),
        (problem.labels, PER_EXAMPLE, np.int32, {"examples": sharded.NO_LABEL}),
    ]
    compiled, counted = compile_for(split, given)
    say("working")
    before = peak(start=True)
    arrays = [split.place(X, axes, kind, **fills) for X, axes, kind, fills in given]
    start = time.perf_counter()
    for _ in range(options.steps):
        J, dW, db, dX, top, S = jax.block_until_ready(compiled(*arrays))
    seconds = (time.perf_counter() - start) / options.steps
    used = peak() - before
    check_logits(top, S)
    say("comparing")
    return {
        "process": options.process,
        "host": socket.gethostname(),
        "rows": rows_of(dW, problem.n),
        "runtime": before / 2**20,
        "peak": used / 2**20,
        "collectives": counted,
        "error": largest_error(problem, Path(options.child), J, dW, db, dX),
        "seconds": seconds,
    }


def say(phase):
    """Leave word for the supervisor of what comes now."""
    print(f"phase: {phase}", flush=True)


def connect(options):
    """Join the other processes; False where the coordinator's port is in use."""
    host, port = options.coordinator
    if options.process == 0:
        # JAX would crash where it cannot listen, and share a port with a stranger.
        family = socket.getaddrinfo(host, port)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                return False
    say("connecting")
    jax.config.update("jax_cpu_collectives_implementation", "gloo")
    jax.config.update("jax_num_cpu_devices", options.devices)
    address = f"{host}:{port}"
    jax.distributed.initialize(
        address,
        options.processes,
        options.process,
        cluster_detection_method="deactivate",
        coordinator_bind_address=address,  # JAX would listen on every interface
        initialization_timeout=options.start_limit,
        heartbeat_timeout_seconds=options.heartbeat,
    )
    jax.devices()
    say("compiling")
    return True


def compile_for(split, given):
    """The program of the shards, compiled before there are any; its collectives."""
    structs = [
        jax.ShapeDtypeStruct(
            split.padded(X.shape, axes), kind, sharding=split.sharding(axes)
        )
        for X, axes, kind, _ in given
    ]
    into = tuple(axes for _, axes, _, _ in given)
    out = (), BY_CLASS, PER_CLASS, BY_EXAMPLE
    static = split.n, split.m
    made = program(split, sharded.linear_shard, into, out, static)
    counted = sum(
        count
        for kind, count in sharded.collectives(made, *structs).items()
        if split.mesh.shape[kind.partition(" over ")[2]] > 1  # else nothing is sent
    )
    return made.lower(*structs).compile(), counted


def rows_of(dW, n):
    """The classes of this process, as from-to; padding is left out."""
    own = [shard.index[0].indices(n)[:2] for shard in dW.addressable_shards]
    start, stop = min(x for x, _ in own), max(x for _, x in own)
    return f"{start}-{stop - 1}" if start < stop else "padding"


def largest_error(problem, folder, J, dW, db, dX):
    """How far the shards of this process are from one process, relative to the largest.

    J, dX and each example's normaliser come from the supervisor; rows of dW and db are
    computed again here, a block at a time.
    """
    wanted = await_file(folder / "one.npz")
    with np.load(wanted, allow_pickle=False) as one:
        J_one, dX_one, normaliser = one["J"], one["dX"], one["normaliser"]
    reference = OneProcess(problem, normaliser)
    differences, sizes = Counter(), Counter({"J": abs(J_one), "dX": abs(dX_one).max()})

    def compare(name, found, expected):
        if expected.size:
            far = np.abs(np.asarray(found, float) - expected).max()
            differences[name] = np.maximum(differences[name], far)  # NaN stays
            sizes[name] = np.maximum(sizes[name], np.abs(expected).max())

    compare("J", J.addressable_data(0), J_one)
    for shard in dX.addressable_shards:
        expected = dX_one[shard.index[0]]
        compare("dX", shard.data[: len(expected)], expected)
    both = zip(dW.addressable_shards, db.addressable_shards, strict=True)
    for W_shard, b_shard in both:
        first, last, _ = W_shard.index[0].indices(problem.n)
        for start in range(first, last, BLOCK):
            stop = min(start + BLOCK, last)
            _, dW_rows, db_rows, _ = reference.rows(start, stop)
            here = slice(start - first, stop - first)
            compare("dW", np.asarray(W_shard.data)[here], dW_rows)
            compare("db", np.asarray(b_shard.data)[here], db_rows)
    return float(np.max([differences[x] / sizes[x] for x in differences]))


def await_file(path):
    """The path, once the supervisor has put the file there."""
    while not path.exists():
        time.sleep(0.05)
    return path
