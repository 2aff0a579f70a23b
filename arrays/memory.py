"""How much memory this process has used at its peak."""

import sys
from pathlib import Path


def peak(start=False):
    """The most memory of this process in bytes: so far, or from now where it can be.

    Linux can forget an earlier peak; then what is returned at the start is what the
    process holds now.
    """
    try:
        if start:
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        status = Path("/proc/self/status").read_text(encoding="ascii")
        [line] = [x for x in status.splitlines() if x.startswith("VmHWM:")]
        return 1024 * int(line.split()[1])
    except (OSError, ValueError):
        import resource  # noqa: PLC0415 (not on every system)

        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else 1024 * most
