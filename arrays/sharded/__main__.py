"""The command: one of several processes that share a gradient, or all of them here."""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys

import jax

from arrays.sharded.problem import Problem
from arrays.sharded.processes import SILENCE, Share, connect

NAME = "python -m arrays.sharded"
ABOUT = """\
J, dW, db and dX of softmax with cross-entropy, computed by several processes of JAX,
each of which holds its rows of W only. mpirun, Slurm or a cloud starts the processes;
with --processes mpirun starts them on this machine. Each prints its classes; its peak
of memory beyond what the runtime used before, + that; how many arrays are reduced
between devices; the largest error against one process, in float64, relative to the
largest entry of J, dW, db and dX each; the seconds of the computation.
"""
CLOSE_ENOUGH = 1e-5
"""Of the largest entry: float32 rounds by 6e-8, some hundred times in a row."""
TITLES = "process", "host", "rows", "peak/MiB", "collectives", "error", "seconds"


class Parser(argparse.ArgumentParser):
    """A parser that reports an error in one line and ends with status 2."""

    def error(self, message):
        """Say it and end."""
        self.exit(2, f"{self.prog}: {message}\n")


def count(text):
    """A whole number from 1."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 2**31):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def sides(text):
    """CLASSESxEXAMPLES as a pair."""
    parts = text.split("x")
    if len(parts) != 2:
        raise argparse.ArgumentTypeError(f"{text!r} is not CLASSESxEXAMPLES, like 4x1")
    return count(parts[0]), count(parts[1])


def parsed(words):
    """Return the options, and the words without --processes; refuse a wrong mesh."""
    start = Parser(prog=NAME, add_help=False, allow_abbrev=False)
    start.add_argument("--processes", type=count, help="how many mpirun starts")
    parser = Parser(prog=NAME, description=ABOUT, parents=[start], allow_abbrev=False)
    add = parser.add_argument
    add("--devices", type=count, default=1, help="per process, on CPUs")
    add("--mesh", type=sides, help="CLASSESxEXAMPLES (all devices x 1)")
    add("--classes", type=count, default=50260, help="n (%(default)s)")
    add("--inputs", type=count, default=768, help="d (%(default)s)")
    add("--examples", type=count, default=96, help="m (%(default)s)")
    add("--steps", type=count, default=1, help="number of repetitions (%(default)s)")
    add("--seed", type=count, default=1, help="seed of the numbers (%(default)s)")
    options = parser.parse_args(words)
    devices = (options.processes or 0) * options.devices
    if devices and options.mesh and devices != options.mesh[0] * options.mesh[1]:
        parser.error(
            f"--mesh {options.mesh[0]}x{options.mesh[1]} does not fit {devices} devices"
        )
    return options, start.parse_known_args(words)[1]


def start_here(processes, words):
    """Let mpirun start the processes on this machine; return the exit status."""
    mpirun = shutil.which("mpirun")
    if not mpirun:
        return refuse(
            "mpirun is missing; install Open MPI (Debian: apt-get install openmpi-bin)"
        )
    root = ["--allow-run-as-root"] if os.geteuid() == 0 else []
    command = [mpirun, *root, "--oversubscribe", "-n", str(processes)]
    command += [sys.executable, "-m", "arrays.sharded", *words]
    only_here = {
        "JAX_PLATFORMS": "cpu",
        "JAX_COORDINATOR_ADDRESS": f"127.0.0.1:{free_port()}",
    }
    with subprocess.Popen(
        command,
        env=os.environ | only_here,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for this process, which tells mpirun once
    ) as job:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: job.terminate())
        status = job.wait()
    if status:
        status = status if status > 0 else 128 - status  # mpirun itself was ended
        return refuse(why(status), status)
    print(f"each of {processes} as one process: every error < {CLOSE_ENOUGH:.0e}")
    return 0


def free_port():
    """A port of this machine that is free now; another program may still take it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def why(status):
    """Return the last sentence about a run that mpirun ended with this status."""
    if status <= 128:
        return f"no correct result: mpirun ended with status {status}, see above"
    number = signal.Signals(status - 128)
    lost = f" (as JAX does if another is lost or silent for {SILENCE} s)"
    jax_does = lost if number == signal.SIGABRT else ""
    return (
        f"no result: a process was ended by {number.name}{jax_does}, and mpirun ended "
        "the others"
    )


def refuse(message, status=2):
    """Say in one line what is wrong; return the exit status."""
    sys.stderr.write(f"{NAME}: {message}\n")
    return status


def share(options):
    """Do the work of one process and print its row; 0 if it is right, or 1."""
    problem = Problem(options.classes, options.inputs, options.examples, options.seed)
    sys.stdout = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # Gloo prints there whom it meets
    connect(options.devices)
    own = Share(problem, options.mesh)
    if jax.process_index() == 0:
        print(
            f"n = {problem.n:,} classes, d = {problem.d:,}, m = {problem.m:,}, "
            f"float32, processes: {jax.process_count()}\n{line(TITLES)}",
            flush=True,
        )
    text, agree = told(own.compute(options.steps))
    print(text, flush=True)
    jax.distributed.shutdown()  # once all are there
    return 0 if agree else 1


def told(row):
    """The line of a process, and whether it agrees with one process."""
    cells = (
        str(row["process"]),
        row["host"],
        row["rows"],
        f"{row['peak']:.0f} + {row['runtime']:.0f}",
        str(row["collectives"]),
        f"{row['error']:.1e}",
        f"{row['seconds']:.2f}",
    )
    agree = row["error"] < CLOSE_ENOUGH  # NaN agrees with nothing
    return f"{line(cells)}  {'as' if agree else 'NOT as'} one process", agree


def line(cells):
    """Return the cells in columns that have the same widths in every process."""
    widths = 7, 12, 15, 11, 11, 8, 8
    return " ".join(
        cell.rjust(width) for cell, width in zip(cells, widths, strict=True)
    )


def main(words):
    """Run what the words say; return a status."""
    options, rest = parsed(words)
    if options.processes:
        return start_here(options.processes, rest)
    try:
        return share(options)
    except ValueError as error:
        return refuse(error)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
