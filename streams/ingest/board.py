"""What the shards of this process know of all sources, for the ingest of the same process.

Ingest sees only the partitions that it owns. The shards see the marks of all of them, so they can
tell it whether a source of another worker is holding everything back.
"""

from collections.abc import Iterable, Mapping

from detector.ordering import NEVER
from models.envelopes import Mark


class Board:
    """Newest marks by source, and how full the fullest buffer is."""

    def __init__(self, buffer_high: float = 0.5) -> None:
        self.buffer_high = buffer_high
        self._marks: dict[tuple[str, int], Mark] = {}
        self._fill: dict[str, float] = {}

    def report(self, shard: str, marks: Iterable[Mark], fill: Mapping[str, float]) -> None:
        """A shard took an envelope."""
        for mark in marks:
            self._marks[(mark.topic, mark.partition)] = mark
        self._fill[shard] = fill.get("buffer", 0.0)

    def slowest_ms(self) -> int | None:
        """Watermark of the slowest busy source while a buffer is filling up; None while there is room."""
        if max(self._fill.values(), default=0.0) < self.buffer_high:
            return None
        busy = [mark.watermark_ms for mark in self._marks.values() if not mark.idle and mark.watermark_ms != NEVER]
        return min(busy, default=None)
