"""Order inside a shard: event time in slices, closed by the watermark.

Events come from several source partitions in any interleaving. They are held back until every
source has passed the end of their slice, then released sorted by (time, rank, id), so that results
do not hang on the interleaving.
"""

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any

from models.envelopes import Mark

Entry = tuple[int, int, str, str, Any]
"""(event time in ms, rank, id, second id, payload): sorted by all but the payload."""

NEVER = -(1 << 62)
FOREVER = 1 << 62
_KEY = itemgetter(0, 1, 2, 3)


class Slicer:
    """Buffer of events between their arrival and the end of their slice.

    `sources` are all (topic, partition) pairs that must be heard of before anything is released.
    The buffer holds at most `buffered_max` entries: beyond that the oldest half is released early
    and `forced` counts it, since memory is finite and a stalled source must not stop the others.
    """

    def __init__(self, slice_ms: int, buffered_max: int, sources: Sequence[tuple[str, int]]) -> None:
        self.slice_ms = slice_ms
        self.buffered_max = buffered_max
        self._marks: dict[tuple[str, int], tuple[int, bool]] = dict.fromkeys(sources, (NEVER, False))
        self._buffer: list[Entry] = []
        self.released_ms = NEVER
        """End of the last released slice, exclusive."""
        self.late = 0
        self.forced = 0

    def __len__(self) -> int:
        return len(self._buffer)

    @property
    def watermark_ms(self) -> int:
        """Event time before which nothing more is expected."""
        busy = [at for at, idle in self._marks.values() if not idle]
        if busy:
            return min(busy)
        return max((at for at, _ in self._marks.values()), default=NEVER)

    def mark(self, marks: Iterable[Mark]) -> None:
        """Take the progress of sources; a mark never moves backwards."""
        for mark in marks:
            source = (mark.topic, mark.partition)
            known = self._marks.get(source, (NEVER, False))[0]
            self._marks[source] = (max(known, mark.watermark_ms), mark.idle)

    def add(self, entries: Iterable[Entry]) -> None:
        """Hold entries back until their slice closes."""
        self._buffer.extend(entries)

    def release(self) -> tuple[list[Entry], int] | None:
        """Return (sorted entries, end of the newest closed slice), or None if no slice closed."""
        cutoff_ms = self.watermark_ms // self.slice_ms * self.slice_ms
        if len(self._buffer) > self.buffered_max:
            self._buffer.sort(key=_KEY)
            middle_ms = self._buffer[len(self._buffer) // 2][0]
            forced_ms = (middle_ms // self.slice_ms + 1) * self.slice_ms
            if forced_ms > cutoff_ms:
                cutoff_ms = forced_ms
                self.forced += 1
        if cutoff_ms <= self.released_ms:
            return None
        return self._take(cutoff_ms), cutoff_ms

    def _take(self, cutoff_ms: int) -> list[Entry]:
        ready = [entry for entry in self._buffer if entry[0] < cutoff_ms]
        if len(ready) < len(self._buffer):
            self._buffer = [entry for entry in self._buffer if entry[0] >= cutoff_ms]
        else:
            self._buffer = []
        ready.sort(key=_KEY)
        if ready and ready[0][0] < self.released_ms:
            self.late += sum(1 for entry in ready if entry[0] < self.released_ms)
        self.released_ms = cutoff_ms
        return ready

    def snapshot(self) -> tuple[list[tuple[str, int, int, bool]], list[Entry], int, int, int]:
        """(marks, buffer, released_ms, late, forced)."""
        marks = [(topic, part, at, idle) for (topic, part), (at, idle) in self._marks.items()]
        return marks, list(self._buffer), self.released_ms, self.late, self.forced

    def restore(self, state: tuple[Sequence[tuple[str, int, int, bool]], Sequence[Entry], int, int, int]) -> None:
        """Take the state of `snapshot`."""
        marks, buffer, self.released_ms, self.late, self.forced = state
        for topic, part, at, idle in marks:
            self._marks[(topic, part)] = (at, idle)
        self._buffer = [tuple(entry) for entry in buffer]
