"""How much memory this process holds."""

import os
from pathlib import Path


def resident_bytes() -> int | None:
    """Resident memory now, None where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


def peak_bytes() -> int | None:
    """Most memory that this program ever held, None where the system does not tell.

    `getrusage` does not serve: on Linux a new program inherits the peak of the process that started it.
    """
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), None)
