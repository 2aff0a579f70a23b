"""Starts the processes of this machine, watches them, tells what became of them.

A process ends with its supervisor, whose end of a pipe closes; and with any other that
fails, of which one line is said.
"""

import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import numpy as np

from arrays.sharded.problem import OneProcess

CLOSE_ENOUGH = 1e-5
"""Of the largest entry: float32 rounds by 6e-8, some hundred times in a row."""
PORT_TAKEN = 98
"""The status of a process that found the coordinator's port in use."""
POLL = 0.05
GRACE = 0.5


class FailureError(Exception):
    """What is said, in one line, of processes that did not come to their end."""

    def __init__(self, line, status):
        super().__init__(line)
        self.status = status


class Children:
    """The processes of this machine; none of them outlives the `with`."""

    def __init__(self, commands, folder, options):
        self.commands, self.folder, self.options = commands, folder, options
        self.running = {}
        self.deadline = time.monotonic() + options.limit

    def __enter__(self):
        try:
            for number, command in self.commands.items():
                with open(self.folder / f"{number}.log", "wb") as log:
                    self.running[number] = subprocess.Popen(
                        command,
                        env=environment(self.options.here),
                        stdin=subprocess.PIPE,
                        stdout=log,
                        stderr=log,
                        start_new_session=True,  # Ctrl-C is for the supervisor
                    )
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for child in self.running.values():
            child.kill()
        for child in self.running.values():
            child.wait()
            child.stdin.close()

    def check(self):
        """Raise FailureError if one has failed, or if they take too long."""
        if any(child.poll() for child in self.running.values()):
            time.sleep(GRACE)  # who failed first may not be the first that is seen
            found = {i: child.poll() for i, child in self.running.items()}
            failed = {i: status for i, status in found.items() if status}
            number = min(failed, key=lambda i: _is_consequence(failed[i]))
            raise FailureError(self._why(number, failed[number]), failed[number])
        if time.monotonic() > self.deadline:
            raise FailureError(f"not done within {self.options.limit} s", None)

    def finish(self):
        """Wait until all have come to their end; their rows."""
        while any(child.poll() is None for child in self.running.values()):
            self.check()
            time.sleep(POLL)
        self.check()
        paths = [self.folder / f"{number}.json" for number in self.running]
        return [json.loads(path.read_text(encoding="utf-8")) for path in paths]

    def _why(self, number, status):
        host, port = self.options.coordinator
        log = self.folder / f"{number}.log"
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        said = [x.removeprefix("error: ") for x in lines if x.startswith("error: ")]
        phase = [x.removeprefix("phase: ") for x in lines if x.startswith("phase: ")]
        phase = phase[-1] if phase else "starting"
        if status == PORT_TAKEN:
            return f"{host}:{port} is in use, or not an address of this machine"
        if said:
            return said[-1]
        if phase == "connecting" and _is_consequence(status):
            return (
                f"process {number} did not meet all {self.options.processes} at "
                f"{host}:{port} within {self.options.start_limit} s: is each started, "
                "once, with the same --processes?"
            )
        if _is_consequence(status):
            return (
                f"process {number} lost touch with the others while {phase}: one of "
                "them has ended"
            )
        how = f"by {signal.Signals(-status).name}" if status < 0 else f"status {status}"
        return f"process {number} was ended ({how}) while {phase}; so are the others"


def _is_consequence(status):
    """Whether a process ended as JAX ends one that has lost the others."""
    return status in (1, -signal.SIGABRT)


def environment(here):
    """The environment of a process; on one machine without accelerators and proxies."""
    if not here:
        return dict(os.environ)
    kept = {x: v for x, v in os.environ.items() if not x.lower().endswith("_proxy")}
    return kept | {"JAX_PLATFORMS": "cpu"}


def free_port():
    """A port of this machine that nobody listens on; someone may take it, though."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def supervise(problem, commands, folder, options):
    """Run the processes and print a row for each, then the verdict; return a status."""
    with Children(commands, Path(folder), options) as children:
        one = OneProcess(problem, between=children.check)
        J, dX = one.loss_and_inputs()
        part = Path(folder) / "part.npz"
        np.savez(part, J=J, dX=dX, normaliser=one.normaliser)
        part.rename(part.with_name("one.npz"))  # whole, or not there
        rows = children.finish()
    return report(rows, options)


def report(rows, options):
    """Print a row per process and the verdict; 0 if they agree with one, or 1."""
    titles = "process", "host", "rows", "peak/MiB", "collectives", "error", "seconds"
    table = [titles] + [
        (
            str(row["process"]),
            row["host"],
            row["rows"],
            f"{row['peak']:.0f} + {row['runtime']:.0f}",
            str(row["collectives"]),
            f"{row['error']:.1e}",
            f"{row['seconds']:.2f}",
        )
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for line in table:
        print("  ".join(x.rjust(w) for x, w in zip(line, widths, strict=True)))
    error = np.max([row["error"] for row in rows])  # NaN stays, and agrees with none
    agree = error < CLOSE_ENOUGH
    who = ", ".join(str(row["process"]) for row in rows)
    print(
        f"process {who} of {options.processes}: "
        f"{'as' if agree else 'NOT as'} one process, error {error:.1e} "
        f"{'<' if agree else 'is not <'} {CLOSE_ENOUGH:.0e}"
    )
    return 0 if agree else 1
