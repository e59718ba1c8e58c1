"""A peer in a process of its own, with an end to its time and memory; what it cannot do is said, not raised."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress

import msgspec

from evaluation.peers import child
from evaluation.peers.result import PeerResult
from evaluation.peers.table import METHODS
from evaluation.peers.wire import decode_answer, encode, stream_of
from models.events import AnyEvent


class Limits(msgspec.Struct, frozen=True):
    """What one run of one peer may use."""

    seconds: float = 600.0
    """Of wall clock."""
    memory_mb: int = 8_192
    """Of address space, each process of the peer for itself."""


def run_confined(name: str, events: Sequence[AnyEvent], limits: Limits = Limits()) -> PeerResult:  # noqa: B008  # frozen
    """Run a peer of the table. `missing` of the result says why there is none; KeyError for an unknown name."""
    package = METHODS[name].package
    started_s = time.perf_counter()
    code, raw, told = _run(name, encode(stream_of(events)), limits)
    seconds = round(time.perf_counter() - started_s, 3)
    if code == 0:
        answer = decode_answer(raw)
        groups = [frozenset(group) for group in answer.groups]
        return PeerResult(name, answer.version, groups, answer.linked_pairs, answer.seconds, answer.peak_rss_mb)
    missing = {
        None: f"out of time: {limits.seconds:g} s",
        child.NOT_INSTALLED: f"not installed: pip install {package}",
        child.NO_MEMORY: f"out of memory: {limits.memory_mb} MB",
    }.get(code, f"failed with code {code}: {told}")
    return PeerResult(name, "", [], None, seconds, 0.0, missing)


def _run(name: str, stream: bytes, limits: Limits) -> tuple[int | None, bytes, str]:
    """Exit code (None when time was up), answer, and the last line that it told."""
    command = [sys.executable, "-m", "evaluation.peers.child", name, str(limits.memory_mb)]
    # equal events give equal groups, whatever order a package walks its sets in; and no address space
    # for a thread on each core of a large machine
    environment = os.environ | {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"}
    with tempfile.TemporaryFile() as told:
        with subprocess.Popen(  # noqa: S603  # our own module, in this interpreter
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=told,
            env=environment,
            start_new_session=True,
        ) as process:
            try:
                raw, _ = process.communicate(stream, timeout=limits.seconds)
                code: int | None = process.returncode
            except subprocess.TimeoutExpired:
                raw, code = b"", None
            finally:
                # its own workers too: the peer leads a session of its own
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
        told.seek(0)
        lines = told.read().decode("utf-8", "replace").strip().splitlines()
    return code, raw, lines[-1] if lines else ""
