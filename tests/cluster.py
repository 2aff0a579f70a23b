"""Several processes share a gradient, and what is said when they cannot.

`make test-cluster` runs these; they take minutes, need Open MPI, and are no part of
`make test`.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-m", "arrays.sharded"]
SMALL = ["--classes=1003", "--inputs=5", "--examples=7"]
ENDLESS = [*COMMAND, "--processes=3", *SMALL, "--steps=1000000"]
ENOUGH = 60
"""Seconds after which no process may be left of a run that has failed."""


def run(*command):
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )


def by_mpirun(count, *words):
    root = ["--allow-run-as-root"] if os.geteuid() == 0 else []
    return run("mpirun", *root, "--oversubscribe", "-n", str(count), *COMMAND, *words)


def rows(printed):
    """The cells of each process, in their order; every process agrees with one."""
    lines = [line for line in printed.splitlines() if "one process" in line]
    table = [line.split() for line in lines if not line.startswith("each of")]
    assert all(cells[9:] == ["as", "one", "process"] for cells in table), printed
    return sorted(table, key=lambda cells: int(cells[0]))


class Started:
    """Three processes in the background; none is left afterwards."""

    def __enter__(self):
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        self.run = subprocess.Popen(ENDLESS, cwd=ROOT, text=True, **pipes)
        self.processes = []
        return self

    def __exit__(self, *_):
        self.run.terminate()
        self.run.communicate()

    def processes_when(self, phase):
        """The three in their order, when they are started, or when they work."""
        while len(self.processes) < 3:
            assert self.run.poll() is None, self.run.communicate()
            time.sleep(0.05)
            below = [x for mpirun in children(self.run.pid) for x in children(mpirun)]
            self.processes = sorted((x for x in below if rank(x)), key=rank)
        while phase == "working":
            line = self.run.stdout.readline()
            assert line, self.run.communicate()
            phase = "" if line.startswith("process ") else phase
        return self.processes

    def end(self):
        """Its status and its last line, once it has ended, in time and with all."""
        _, err = self.run.communicate(timeout=ENOUGH)
        for _ in range(50):
            if not any(map(is_alive, self.processes)):
                break
            time.sleep(0.1)
        assert not [x for x in self.processes if is_alive(x)]
        return self.run.returncode, err.splitlines()[-1]


def children(pid):
    paths = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(x) for path in paths for x in path.read_text().split()]


def rank(pid):
    """Which of the processes it is, as text; none before mpirun has said so."""
    words = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return b"".join(x for x in words if x.startswith(b"OMPI_COMM_WORLD_RANK="))


def is_alive(pid):
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def listening(pid):
    """The addresses at which a process can be reached, as Linux writes them."""
    links = [os.readlink(x) for x in Path(f"/proc/{pid}/fd").iterdir()]
    sockets = {x.removeprefix("socket:[").removesuffix("]") for x in links}
    tables = [Path(f"/proc/net/{x}").read_text().splitlines() for x in ("tcp", "tcp6")]
    lines = [line.split() for table in tables for line in table[1:]]
    return [x[1].partition(":")[0] for x in lines if x[3] == "0A" and x[9] in sockets]


@pytest.mark.parametrize(
    ("words", "held", "exchanged"),
    [
        (["--processes=3"], ["0-334", "335-669", "670-1002"], "3"),
        (
            ["--processes=2", "--devices=4", "--mesh=4x2"],
            ["0-501", "502-1002"],
            "6",
        ),
        (["--processes=2", "--mesh=1x2"], ["0-1002", "0-1002"], "3"),
    ],
)
def test_processes_agree_with_one(words, held, exchanged):
    done = run(*COMMAND, *words, *SMALL)
    assert done.returncode == 0, done.stderr
    head, *_, verdict = done.stdout.splitlines()
    assert "n = 1,003 classes, d = 5, m = 7" in head
    assert verdict.endswith("as one process: every error < 1e-05")
    table = rows(done.stdout)
    assert [cells[0] for cells in table] == [str(i) for i in range(len(held))]
    assert {cells[1] for cells in table} == {socket.gethostname()}
    assert [cells[2] for cells in table] == held
    assert {cells[6] for cells in table} == {exchanged}
    assert all(0 < float(cells[7]) < 1e-5 for cells in table)


def test_mpirun_starts_them_too_and_a_process_may_hold_padding_only():
    done = by_mpirun(3, "--classes=4", "--inputs=2", "--examples=3")
    assert done.returncode == 0, done.stderr
    assert [cells[2] for cells in rows(done.stdout)] == ["0-1", "2-3", "padding"]


def test_a_mesh_that_does_not_fit_what_mpirun_started():
    done = by_mpirun(2, *SMALL, "--mesh=3x1")
    assert done.returncode == 2
    assert "sharded: --mesh 3x1 needs 3 devices; 2 processes have 2\n" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_peak_of_what_is_sharded_falls_with_the_processes():
    """A fourth of it, or little more, where four times as many share."""

    def peak(processes):
        size = "--classes=30000", "--inputs=512", "--examples=16"
        done = run(*COMMAND, processes, *size)
        assert done.returncode == 0, done.stderr
        return max(float(cells[3]) for cells in rows(done.stdout))

    assert peak("--processes=4") < 0.36 * peak("--processes=1")


@pytest.mark.parametrize(("phase", "which"), [("started", 0), ("working", 2)])
def test_a_process_that_is_killed_ends_the_others(phase, which):
    with Started() as started:
        os.kill(started.processes_when(phase)[which], signal.SIGKILL)
        status, last = started.end()
    assert status > 0
    assert last.startswith("python -m arrays.sharded: no result")
    assert status == 1 or "a process was ended by SIG" in last


@pytest.mark.parametrize(
    ("phase", "which"), [("started", 1), ("working", 0), ("working", 1)]
)
def test_a_process_that_is_silent_is_lost(phase, which):
    """It is stopped, and says nothing more; process 0 coordinates."""
    with Started() as started:
        os.kill(started.processes_when(phase)[which], signal.SIGSTOP)
        status, last = started.end()
    assert status == 128 + signal.SIGABRT
    assert "if another is lost or silent for 20 s" in last


def test_processes_listen_here_only_and_end_with_the_command():
    with Started() as started:
        addresses = [listening(x) for x in started.processes_when("working")]
        started.run.terminate()
        status, last = started.end()
    assert addresses[0]
    assert not [x for each in addresses for x in each if not int(x, 16)]
    assert status > 0
    assert re.search("no (correct )?result", last)
