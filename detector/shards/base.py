"""What the two kinds of shard have in common: order, duplicates, output."""

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from detector.cohorts.collector import Collector
from detector.ordering import NEVER, Entry, Slicer
from detector.recent import RecentKeys
from detector.settings import DetectorSettings
from models.actions import Action, TextPost
from models.cohorts import Origin, ShardOutput, Timed
from models.errors import SnapshotMismatch
from models.ids import hash64

Parts = dict[str, bytes | NDArray[Any]]
SNAPSHOT_VERSION = 4


class Shard:
    """Receives envelopes in the order of its log and returns what became certain.

    Subclasses turn a released batch of entries into calls of `_move_to`, `_count` and the collector.
    """

    def __init__(self, name: str, settings: DetectorSettings, sources: Sequence[tuple[str, int]]) -> None:
        self.name = name
        self.settings = settings
        self._slicer = Slicer(settings.slice_ms, settings.buffered_max, sources)
        self._collector = Collector(settings.collector, settings.slice_ms, settings.bursts)
        self._seen = RecentKeys(settings.collector.event_ids_max)
        self._origins = RecentKeys(settings.collector.event_ids_max)
        self._slice_end_ms = NEVER
        self._since_ms = NEVER
        self._activity_slices = array("q")
        self._activity_accounts = array("Q")
        self._facts: list[Timed] = []
        self.duplicates = 0
        self._told_late = 0
        self._told_duplicates = 0

    # --- figures for metrics

    @property
    def late(self) -> int:
        """Events that came after their slice was released."""
        return self._slicer.late

    @property
    def watermark_ms(self) -> int:
        """Event time before which nothing more is expected."""
        return self._slicer.watermark_ms

    @property
    def buffered(self) -> int:
        """Events waiting for their slice to close."""
        return len(self._slicer)

    @property
    def open_windows(self) -> int:
        """Windows not yet closed."""
        return len(self._collector)

    @property
    def fill(self) -> dict[str, float]:
        """Share used of each bounded structure, 0 to 1."""
        first, publications = self._collector.memories
        limits = self.settings.collector
        return {
            "buffer": len(self._slicer) / self.settings.buffered_max,
            "windows": len(self._collector) / limits.windows_max,
            "first_actions": len(first) / (2 * limits.first_actions_max),
            "event_ids": len(self._seen) / (2 * limits.event_ids_max),
            "publications": len(publications) / (2 * limits.publications_max),
        }

    @property
    def evictions(self) -> dict[str, int]:
        """What was given up because a structure was full, since the state began: slices closed early."""
        return {"buffer": self._slicer.forced}

    # --- the work

    def _release(self) -> ShardOutput | None:
        released = self._slicer.release()
        if released is None:
            return None
        entries, cutoff_ms = released
        self._process(entries)
        self._move_to(cutoff_ms + self.settings.slice_ms)
        return self._output(cutoff_ms)

    def _process(self, entries: Sequence[Entry]) -> None:
        raise NotImplementedError

    def _move_to(self, slice_end_ms: int) -> None:
        if slice_end_ms > self._slice_end_ms:
            self._slice_end_ms = slice_end_ms
            self._collector.advance(slice_end_ms)

    def _move_to_slice_of(self, time_ms: int) -> None:
        slice_ms = self.settings.slice_ms
        self._move_to((time_ms // slice_ms + 1) * slice_ms)

    def _is_new(self, key: str) -> bool:
        if self._seen.add(hash64(key)):
            return True
        self.duplicates += 1
        return False

    def _count(self, item: Action | TextPost, account_hash: int) -> None:
        self._activity_slices.append(self._slice_end_ms)
        self._activity_accounts.append(account_hash)
        if (item.client is not None or item.network is not None) and self._origins.add(account_hash):
            origin = Origin(item.account, item.client, item.network)
            self._facts.append(Timed(self._slice_end_ms, origin=origin))

    def _output(self, until_ms: int) -> ShardOutput:
        output = ShardOutput(
            self.name,
            self._since_ms,
            until_ms,
            self._collector.take_updates(),
            self._activity_slices.tobytes(),
            self._activity_accounts.tobytes(),
            self._facts,
            self.late - self._told_late,
            self.duplicates - self._told_duplicates,
        )
        self._since_ms = until_ms
        self._activity_slices, self._activity_accounts = array("q"), array("Q")
        self._facts = []
        self._told_late, self._told_duplicates = self.late, self.duplicates
        return output

    # --- snapshots

    def snapshot(self) -> Parts:
        """The whole state, taken between two envelopes: plain bytes and arrays."""
        first, publications = self._collector.memories
        young, old = publications.generations()
        head = {
            "version": SNAPSHOT_VERSION,
            "name": self.name,
            "configuration": self.settings.digest(),
            "slicer": self._slicer.snapshot(),
            "collector": self._collector.snapshot(),
            "publications": (young, old),
            "slice_end_ms": self._slice_end_ms,
            "since_ms": self._since_ms,
            "duplicates": self.duplicates,
            "told": (self._told_late, self._told_duplicates),
        }
        return {
            "head": msgspec.msgpack.encode(head),
            "seen": self._seen.snapshot(),
            "first": first.snapshot(),
            "origins": self._origins.snapshot(),
        }

    def restore(self, parts: Mapping[str, Any]) -> None:
        """Take the state of `snapshot`. Raises `SnapshotMismatch` if it is not this shard's."""
        head = msgspec.msgpack.decode(bytes(parts["head"]))
        found = (head.get("version"), head.get("name"), head.get("configuration"))
        wanted = (SNAPSHOT_VERSION, self.name, self.settings.digest())
        if found != wanted:
            raise SnapshotMismatch(f"snapshot of {found}, wanted {wanted} (version, shard, configuration)")
        marks, buffer, released_ms, late, forced = head["slicer"]
        entries = [(*entry[:4], self._payload(entry[1], entry[4])) for entry in buffer]
        self._slicer.restore((marks, entries, released_ms, late, forced))
        self._collector.restore(head["collector"], self._item)
        first, publications = self._collector.memories
        young, old = ({k: tuple(v) for k, v in part.items()} for part in head["publications"])
        publications.restore(young, old)
        first.restore(np.asarray(parts["first"]))
        self._seen.restore(np.asarray(parts["seen"]))
        self._origins.restore(np.asarray(parts["origins"]))
        self._slice_end_ms, self._since_ms = head["slice_end_ms"], head["since_ms"]
        self.duplicates = head["duplicates"]
        self._told_late, self._told_duplicates = head["told"]

    def _payload(self, rank: int, plain: Any) -> Any:
        raise NotImplementedError

    def _item(self, plain: Any) -> Any:
        raise NotImplementedError
