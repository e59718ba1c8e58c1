"""The process of one peer: `python -m evaluation.peers.child NAME`, events on standard input, an answer out.

Standard output is kept for the answer; what the packages print goes to standard error.
"""

import os
import resource
import sys
import time
from importlib import import_module, metadata
from pathlib import Path

from detector import __version__
from evaluation.peers.method import Method
from evaluation.peers.table import METHODS
from evaluation.peers.wire import Answer, encode, events_from

NOT_INSTALLED = 3
NO_MEMORY = 4


def main(name: str, memory_mb: int) -> int:
    """Run one peer; the exit code says what went wrong."""
    answers = os.dup(1)
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    method = METHODS[name]
    version = version_of(method)
    if version is None:
        return NOT_INSTALLED
    events = events_from(sys.stdin.buffer.read())
    try:
        started_s = time.perf_counter()
        find = import_module(f"evaluation.peers.{method.module}").find
        found = find(events)
        seconds = time.perf_counter() - started_s
    except MemoryError:
        return NO_MEMORY
    groups = [sorted(group) for group in found.groups]
    answer = Answer(groups, found.linked_pairs, version, round(seconds, 3), round(_peak_mb(), 1))
    with os.fdopen(answers, "wb") as out:
        out.write(encode(answer))
    return 0


def version_of(method: Method) -> str | None:
    """Version of the package that a method runs, our own for our references; None where it is not installed."""
    if method.package is None:
        return f"ours, {__version__}"
    try:
        return metadata.version(method.package)
    except metadata.PackageNotFoundError:
        return None


def _peak_mb() -> float:
    """The most that this process held, or the largest of its own children."""
    children_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    # ru_maxrss of this process would count what its parent held when it was started
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return max(int(line.split()[1]) / 1024, children_mb)
    return children_mb


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
