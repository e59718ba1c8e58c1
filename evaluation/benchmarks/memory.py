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
