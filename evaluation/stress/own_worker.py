"""A worker on topics of its own, which are taken away afterwards."""

import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from evaluation.kafka_corner import Corner
from models.errors import ShoalError
from streams.security import kafka_python_options
from streams.settings import Settings
from streams.topics import specs

READY: Final = 200
"""Status of the page that says so."""
READY_S: Final = 180.0
KEPT: Final = ("posts_partitions", "likes_partitions", "accounts_partitions", "shards", "replication", "idle_after_ms",
               "commit_interval_ms", "request_timeout_ms", "detector_file")  # fmt: skip
"""Settings that the worker takes over."""


class WorkerNotReady(ShoalError):
    """The worker ended, or took too long; says what it wrote."""


@contextmanager
def own_worker(settings: Settings) -> Iterator[Corner]:
    """Yield a worker that is ready. Raises `WorkerNotReady`."""
    overrides = {name: value for name in KEPT if (value := getattr(settings, name)) is not None}
    with tempfile.TemporaryDirectory(prefix="shoal-stress-") as folder:
        corner = Corner(settings.bootstrap, Path(folder), snapshot_interval_s=60.0, **overrides)
        try:
            with corner:
                corner.start_worker()
                wait_until_ready(corner)
                yield corner
        finally:
            _remove_topics(corner.settings)


def wait_until_ready(corner: Corner, limit_s: float = READY_S) -> None:
    """Return once the first worker is ready. Raises `WorkerNotReady` with the end of its log."""
    deadline_s = time.monotonic() + limit_s
    while corner.ask("/-/ready")[0] != READY:
        if corner.workers[0].poll() is not None or time.monotonic() > deadline_s:
            last = corner.log_of(0).strip().splitlines()[-1:] or ["nothing"]
            raise WorkerNotReady(
                f"the worker that was started for this did not get ready; it last wrote: {last[0][:500]}"
            )
        time.sleep(0.2)


def _remove_topics(settings: Settings) -> None:
    with suppress(KafkaError):
        admin = KafkaAdminClient(
            bootstrap_servers=settings.bootstrap.split(","),
            request_timeout_ms=settings.request_timeout_ms,
            bootstrap_timeout_ms=settings.request_timeout_ms,
            **kafka_python_options(settings),
        )
        try:
            admin.delete_topics([spec.name for spec in specs(settings)])
        finally:
            admin.close()


def late_events(corner: Corner | None) -> int:
    """Events that the shards of our own worker found late so far."""
    page = "" if corner is None else corner.ask("/metrics")[1]
    return int(sum(float(each) for each in re.findall(r"^shoal_events_late_total\{.*\} (\S+)$", page, re.MULTILINE)))
