"""Several processes share a gradient, and what is said when they cannot.

`make test-cluster` runs these; they take minutes, and are no part of `make test`.
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
SMALL = ["--classes=1003", "--inputs=5", "--examples=7"]
ENDLESS = [*SMALL, "--steps", "1000000"]
ENOUGH = 60
"""Seconds after which no process may be left of a run that has failed."""


def command(*words):
    return [sys.executable, "-m", "arrays.sharded", *words]


def run(*words):
    return subprocess.run(
        command(*words), cwd=ROOT, capture_output=True, text=True, check=False
    )


class Started:
    """A run in the background; what it has started is gone afterwards, or it fails."""

    def __init__(self, *words):
        self.run = subprocess.Popen(
            command(*words),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.known = set()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.run.kill()
        self.run.communicate()

    def children(self):
        """The processes it has started."""
        path = Path(f"/proc/{self.run.pid}/task/{self.run.pid}/children")
        found = [int(x) for x in path.read_text().split()]
        self.known.update(found)
        return found

    def children_in(self, phase, count):
        """Those in a phase of their work, once that many are."""
        for _ in range(600):
            there = [x for x in self.children() if phase in log(x)]
            if len(there) >= count:
                return there
            assert self.run.poll() is None, self.run.communicate()
            time.sleep(0.1)
        raise TimeoutError(phase)

    def end(self):
        """Its status, what it printed, and how long that took."""
        start = time.monotonic()
        out, err = self.run.communicate(timeout=ENOUGH)
        return self.run.returncode, out, err, time.monotonic() - start

    def left(self):
        """The children that live on, five seconds later at most."""
        for _ in range(50):
            alive = [x for x in self.known if is_alive(x)]
            if not alive:
                break
            time.sleep(0.1)
        return alive


def log(pid):
    """What a process has printed, where its supervisor keeps it."""
    try:
        return Path(os.readlink(f"/proc/{pid}/fd/1")).read_text()
    except OSError:
        return ""


def is_alive(pid):
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def one_line(text):
    """It is one, and no trace."""
    [line] = text.splitlines()
    return line


@pytest.mark.parametrize(
    ("words", "rows", "collectives"),
    [
        (["--processes", "3"], ["0-334", "335-669", "670-1002"], "3"),
        (
            ["--processes", "2", "--devices", "4", "--mesh", "4x2"],
            ["0-501", "502-1002"],
            "6",
        ),
        (["--processes", "2", "--mesh", "1x2"], ["0-1002", "0-1002"], "3"),
    ],
)
def test_processes_agree_with_one(words, rows, collectives):
    done = run("--here", *words, *SMALL)
    assert (done.returncode, done.stderr) == (0, "")
    head, _, *table, verdict = done.stdout.splitlines()
    assert "n = 1,003 classes, d = 5, m = 7" in head
    cells = [line.split() for line in table]
    assert [x[0] for x in cells] == [str(i) for i in range(len(rows))]
    assert {x[1] for x in cells} == {socket.gethostname()}
    assert [x[2] for x in cells] == rows
    assert {x[6] for x in cells} == {collectives}
    assert all(0 < float(x[7]) < 1e-5 for x in cells)
    assert "as one process" in verdict and "NOT" not in verdict


def test_a_process_may_hold_padding_only():
    done = run(
        "--here", "--processes", "3", "--classes", "4", "--inputs", "2", "--examples=3"
    )
    assert done.returncode == 0, done.stderr
    assert [x.split()[2] for x in done.stdout.splitlines()[2:5]] == [
        "0-1",
        "2-3",
        "padding",
    ]


def test_the_peak_of_what_is_sharded_falls_with_the_processes():
    """Half of it, or little more, where twice as many share."""

    def peak(processes):
        words = f"--here --processes={processes} --inputs=512 --examples=16"
        done = run(*words.split())
        assert done.returncode == 0, done.stderr
        return max(float(x.split()[3]) for x in done.stdout.splitlines()[2:-1])

    one, two, four = map(peak, (1, 2, 4))
    assert two < 0.6 * one
    assert four < 0.6 * two


@pytest.mark.parametrize("phase", ["connecting", "working"])
@pytest.mark.parametrize("which", [0, -1])
def test_a_worker_that_is_killed_ends_the_others(phase, which):
    with Started("--here", "--processes", "3", *ENDLESS) as started:
        wanted = 1 if phase == "connecting" else 3
        children = started.children_in(f"phase: {phase}", wanted)
        os.kill(children[which], signal.SIGKILL)
        status, out, err, seconds = started.end()
    assert status == 3
    assert re.search(r"process \d was ended \(by SIGKILL\) while", one_line(err))
    assert seconds < ENOUGH
    assert started.left() == []
    assert len(out.splitlines()) == 1
    print(f"killed while {phase}: all ended after {seconds:.1f} s")


def test_a_worker_that_is_silent_is_lost():
    """It is stopped, and says nothing more."""
    with Started("--here", "--processes=3", *ENDLESS, "--heartbeat=10") as started:
        children = started.children_in("phase: working", 3)
        os.kill(children[1], signal.SIGSTOP)
        status, _, err, seconds = started.end()
    assert (status, started.left()) == (3, [])
    assert "lost touch with the others while working" in one_line(err)
    assert seconds < ENOUGH
    print(f"stopped: all ended after {seconds:.1f} s")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)],
)
@pytest.mark.parametrize("phase", ["connecting", "working"])
def test_no_child_outlives_its_supervisor(phase, sent, expected):
    with Started("--here", "--processes", "3", *ENDLESS) as started:
        started.children_in(f"phase: {phase}", 3 if phase == "working" else 1)
        started.run.send_signal(sent)
        status, _, err, _ = started.end()
    assert (status, started.left()) == (expected, [])
    if sent == signal.SIGINT:
        assert one_line(err) == "interrupted; the processes are ended"


def on_host(number, port, *words, processes=2):
    """One of several hosts, which all are this one."""
    return Started(
        f"--coordinator=127.0.0.1:{port}",
        f"--process={number}",
        f"--processes={processes}",
        *words,
    )


def test_each_host_tells_of_its_own_process():
    port = free_port()
    with on_host(0, port, *SMALL) as zero, on_host(1, port, *SMALL) as one:
        for number, started in enumerate((zero, one)):
            status, out, err, _ = started.end()
            assert (status, err) == (0, "")
            assert out.splitlines()[2].split()[0] == str(number)
            assert f"process {number} of 2: as one process" in out


@pytest.mark.parametrize("lost", [0, 1])
def test_a_host_that_is_lost_ends_the_other(lost):
    port = free_port()
    with on_host(0, port, *ENDLESS) as zero, on_host(1, port, *ENDLESS) as one:
        both = zero, one
        [victim] = both[lost].children_in("phase: working", 1)
        os.kill(victim, signal.SIGKILL)
        status, _, err, _ = both[lost].end()
        assert status == 3
        assert "ended (by SIGKILL) while working" in one_line(err)
        status, _, err, seconds = both[1 - lost].end()
    assert status == 3
    assert "lost touch with the others while working" in one_line(err)
    assert seconds < ENOUGH
    assert both[1 - lost].left() == []
    print(f"process {lost} lost: the other host ended after {seconds:.1f} s")


def test_a_port_in_use():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with on_host(0, port, *SMALL) as started:
            status, _, err, _ = started.end()
    assert status == 2
    assert f"127.0.0.1:{port} is in use" in one_line(err)


def test_too_few_processes():
    port = free_port()
    with on_host(0, port, *SMALL, "--start-limit=5") as started:
        status, _, err, seconds = started.end()
    assert status == 3
    assert "did not meet all 2 at" in one_line(err)
    assert seconds < 30


def test_hosts_that_count_differently():
    port = free_port()
    few, many = {"processes": 2}, {"processes": 3}
    words = [*SMALL, "--start-limit=5"]
    with on_host(0, port, *words, **few) as zero, on_host(2, port, *words, **many) as x:
        for started in (zero, x):
            status, _, err, _ = started.end()
            assert status == 3
            assert "did not meet all" in one_line(err)


def test_a_mesh_that_does_not_fit():
    done = run("--here", "--processes=2", "--mesh=3x1", *SMALL)
    assert done.returncode == 2
    assert "--mesh 3x1 does not fit 2 devices" in one_line(done.stderr)
    port = free_port()
    words = [*SMALL, "--mesh=3x1"]
    with on_host(0, port, *words) as zero, on_host(1, port, *words) as one:
        for started in (zero, one):
            status, _, err, _ = started.end()
            assert status == 2
            assert "--mesh 3x1 needs 3 devices; 2 processes have 2" in one_line(err)
