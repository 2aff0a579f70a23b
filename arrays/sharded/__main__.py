"""Several processes share one gradient: on this machine, or each on its own host."""

import argparse
import signal
import sys
from tempfile import TemporaryDirectory

from arrays.sharded.problem import Problem
from arrays.sharded.supervisor import (
    PORT_TAKEN,
    FailureError,
    free_port,
    supervise,
)
from arrays.sharded.worker import work

ABOUT = """\
J, dW, db and dX of softmax with cross-entropy, computed by several processes of JAX,
each of which holds its rows of W only. Printed of each: its classes; its peak of memory
beyond what the runtime used before, + that; how many arrays are reduced between
devices; the largest error against one process, in float64, relative to the largest
entry of J, dW, db and dX each; the seconds of the computation.
"""


class Parser(argparse.ArgumentParser):
    """One line for what is wrong, and status 2."""

    def error(self, message):
        """Say it and end."""
        self.exit(2, f"{self.prog}: {message}\n")


def count(text):
    """A whole number from 1."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 2**31):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")
    return int(text)


def number(text):
    """A whole number from 0."""
    return 0 if text == "0" else count(text)


def address(text):
    """HOST:PORT as a pair."""
    host, _, port = text.rpartition(":")
    if not (host and port.isascii() and port.isdigit() and 0 < int(port) < 2**16):
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT")
    return host, int(port)


def sides(text):
    """CLASSESxEXAMPLES as a pair."""
    parts = text.split("x")
    if len(parts) != 2:
        raise argparse.ArgumentTypeError(f"{text!r} is not CLASSESxEXAMPLES, as 4x1")
    return count(parts[0]), count(parts[1])


def parsed(words):
    """The options; what does not fit together is refused."""
    parser = Parser(prog="python -m arrays.sharded", description=ABOUT)
    add = parser.add_argument
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument(
        "--here", action="store_true", help="all processes on this machine"
    )
    where.add_argument(
        "--coordinator",
        type=address,
        metavar="HOST:PORT",
        help="one process of several hosts; process 0 listens there",
    )
    add("--processes", type=count, default=4, help="how many in all (%(default)s)")
    add("--process", type=number, help="which of them this is, from 0")
    add("--devices", type=count, default=1, help="of a process, without accelerators")
    add("--mesh", type=sides, help="CLASSESxEXAMPLES (all devices x 1)")
    add("--classes", type=count, default=50260, help="n (%(default)s)")
    add("--inputs", type=count, default=768, help="d (%(default)s)")
    add("--examples", type=count, default=96, help="m (%(default)s)")
    add("--steps", type=count, default=1, help="how often it is computed (%(default)s)")
    add("--seed", type=number, default=0, help="of the numbers (%(default)s)")
    add("--start-limit", type=count, default=60, help="s until all are there")
    add("--heartbeat", type=count, default=20, help="s until a silent one is lost")
    add("--limit", type=count, default=600, help="s in all (%(default)s)")
    add("--child", metavar="FOLDER", help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    if options.here and options.process is not None:
        parser.error("--process goes with --coordinator, not with --here")
    if options.coordinator and options.process is None:
        parser.error("--coordinator needs --process, which of them this is")
    if options.coordinator and options.process >= options.processes:
        parser.error(
            f"--process {options.process} is none of {options.processes}, which count "
            "from 0"
        )
    devices = options.processes * options.devices
    if options.here and options.mesh and devices != options.mesh[0] * options.mesh[1]:
        parser.error(
            f"--mesh {options.mesh[0]}x{options.mesh[1]} does not fit {devices} devices"
        )
    return options


def child_command(words, options, process, folder):
    """The command of one process under its supervisor."""
    host, port = options.coordinator
    words = [x for x in words if x != "--here"]
    own = f"--coordinator={host}:{port}", f"--process={process}", f"--child={folder}"
    return [sys.executable, "-m", "arrays.sharded", *words, *own]


def attempt(words, options, problem):
    """One run of the processes of this machine."""
    numbers = range(options.processes) if options.here else [options.process]
    with TemporaryDirectory() as folder:
        commands = {i: child_command(words, options, i, folder) for i in numbers}
        return supervise(problem, commands, folder, options)


def main(words):
    """Run what the words say; return a status."""
    options = parsed(words)
    problem = Problem(options.classes, options.inputs, options.examples, options.seed)
    if options.child:
        return work(problem, options)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    print(
        f"n = {problem.n:,} classes, d = {problem.d:,}, m = {problem.m:,}, float32, "
        f"processes: {options.processes}",
        flush=True,
    )
    for last in (False, True):
        if options.here:
            options.coordinator = "127.0.0.1", free_port()
        try:
            return attempt(words, options, problem)
        except KeyboardInterrupt:
            print("interrupted; the processes are ended", file=sys.stderr)
            return 130
        except FailureError as failure:
            # Between free_port and its use another may take the port: once more.
            if not (options.here and failure.status == PORT_TAKEN) or last:
                print(f"python -m arrays.sharded: {failure}", file=sys.stderr)
                return 2 if failure.status in (2, PORT_TAKEN) else 3
    return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
