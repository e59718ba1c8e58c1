"""Progress of the raw partitions that this worker reads, and the marks made of it."""

from collections.abc import Iterable
from typing import NamedTuple

from detector.ordering import NEVER
from models.envelopes import Mark


class SourceId(NamedTuple):
    """One partition of a raw topic."""

    topic: str
    partition: int


class Source:
    """What is known of one raw partition."""

    __slots__ = ("id", "idle", "newest_ms", "offset", "read_at_s", "record_at_ms", "told_at_s")

    def __init__(self, source: SourceId, offset: int, newest_ms: int, now_s: float) -> None:
        self.id = source
        self.offset = offset
        """Next message to read; everything before has been sent to the shards."""
        self.newest_ms = newest_ms
        """Newest event time seen, `NEVER` if none."""
        self.read_at_s = now_s
        """Monotonic time of the last message."""
        self.told_at_s = now_s
        """Monotonic time of the last idle mark."""
        self.idle = False
        self.record_at_ms: int | None = None
        """Timestamp of the newest record read, by Kafka's account; None before the first."""

    def mark(self, slice_ms: int, lateness_ms: int) -> Mark:
        """How far the shards may go on behalf of this source."""
        if self.newest_ms == NEVER:
            watermark_ms = NEVER
        elif self.idle:
            watermark_ms = (self.newest_ms // slice_ms + 1) * slice_ms
        else:
            watermark_ms = self.newest_ms - lateness_ms
        return Mark(self.id.topic, self.id.partition, self.offset, watermark_ms, self.idle)

    def advance(self, offset: int, newest_ms: int, now_s: float) -> None:
        """Messages up to `offset` (exclusive) were taken, the newest event being of `newest_ms`."""
        self.offset = offset
        self.newest_ms = max(self.newest_ms, newest_ms)
        self.read_at_s = now_s
        self.idle = False

    def skip_to(self, offset: int) -> bool:
        """Pass what is no message: marks of transactions, and what was aborted. True if there was any."""
        skipped = offset > self.offset
        self.offset = max(self.offset, offset)
        return skipped


def readable(sources: Iterable[Source], align_ms: int, elsewhere_ms: int | None = None) -> list[SourceId]:
    """The sources that may be read: those not more than `align_ms` ahead of the slowest busy one.

    Reading the fast ones on would only fill the shards' buffers. `elsewhere_ms` is the newest event
    time of the slowest busy source of other workers, given while the buffers are filling up.
    """
    known = list(sources)
    busy = [source.newest_ms for source in known if not source.idle and source.newest_ms != NEVER]
    if elsewhere_ms is not None:
        busy.append(elsewhere_ms)
    if not busy:
        return [source.id for source in known]
    limit_ms = min(busy) + align_ms
    return [source.id for source in known if source.newest_ms <= limit_ms]
