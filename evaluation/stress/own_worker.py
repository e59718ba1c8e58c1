"""A worker on topics of its own, which are taken away afterwards."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from evaluation.kafka_corner import Corner, wait_for
from streams.security import kafka_python_options
from streams.settings import Settings
from streams.topics import specs

READY_S: Final = 180.0
KEPT: Final = ("posts_partitions", "likes_partitions", "accounts_partitions", "shards", "replication", "idle_after_ms",
               "commit_interval_ms", "request_timeout_ms", "detector_file")  # fmt: skip
"""Settings that the worker takes over."""


@contextmanager
def own_worker(settings: Settings) -> Iterator[Corner]:
    """Yield a worker that is ready. Raises `AssertionError` if it does not get there."""
    overrides = {name: value for name in KEPT if (value := getattr(settings, name)) is not None}
    with tempfile.TemporaryDirectory(prefix="shoal-stress-") as folder:
        corner = Corner(settings.bootstrap, Path(folder), snapshot_interval_s=60.0, **overrides)
        try:
            with corner:
                corner.start_worker()
                wait_for(lambda: corner.ask("/-/ready")[0] == 200, READY_S, "a ready worker")
                yield corner
        finally:
            _remove_topics(corner.settings)


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
