"""How much memory this process has used at its peak."""

import sys
from pathlib import Path


def peak(start: bool = False) -> int:
    """Return the most memory of this process in bytes: so far, or from now on.

    With `start`, Linux forgets an earlier peak, and the size now is returned. Other
    systems cannot forget it.
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
