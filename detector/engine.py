"""The whole detector in one process: router, shards and coordinator joined by calls."""

from collections.abc import Mapping, Sequence

import numpy as np

from detector.coordinator import Coordinator
from detector.ordering import NEVER
from detector.router import Routed, envelopes_of, route
from detector.settings import DetectorSettings
from detector.shards import TargetShard, TextShard
from detector.shards.base import Parts
from models.alerts import Alert
from models.envelopes import Mark
from models.events import AnyEvent
from models.moments import when_ms
from models.trends import CorrectedList, TrendVerdict

SOURCE = ("events", 0)
LIKES_SHARD = "likes-{}"
TEXT_SHARD = "text-0"


def shard_names(shards: int) -> list[str]:
    """Names of all shards that a coordinator waits for."""
    return [LIKES_SHARD.format(number) for number in range(shards)] + [TEXT_SHARD]


class Engine:
    """Events in, alerts out; event time only. Equal events in equal order give equal alerts.

    Events may be out of order by `settings.lateness_ms`; later ones are counted and used where
    their window is still open. `shards` changes nothing but where the work is done.
    """

    def __init__(self, settings: DetectorSettings | None = None, shards: int = 1) -> None:
        self.settings = settings or DetectorSettings()
        self._targets = [TargetShard(LIKES_SHARD.format(n), self.settings, [SOURCE]) for n in range(shards)]
        self._text = TextShard(TEXT_SHARD, self.settings, [SOURCE])
        self.coordinator = Coordinator(self.settings, shard_names(shards))
        self._newest_ms = NEVER
        self._events = 0

    def push(self, events: Sequence[AnyEvent]) -> list[Alert]:
        """Take a batch of events; return the alerts that became certain, in order."""
        self._events += len(events)
        self._newest_ms = max(self._newest_ms, max((when_ms(event) for event in events), default=NEVER))
        return self._send(route(events), self._newest_ms - self.settings.lateness_ms, idle=False)

    def take_verdicts(self) -> list[TrendVerdict]:
        """Verdicts on topics that became certain since the last call, in order."""
        return self.coordinator.take_verdicts()

    def take_lists(self) -> list[CorrectedList]:
        """Lists of topics that changed since the last call, in order."""
        return self.coordinator.take_lists()

    def drain(self) -> list[Alert]:
        """Nothing more for now: release everything received, leaving windows open."""
        slice_ms = self.settings.slice_ms
        return self._send(route(()), (self._newest_ms // slice_ms + 1) * slice_ms, idle=True)

    def finish(self) -> list[Alert]:
        """The stream has ended: release everything and close every window."""
        slice_ms = self.settings.slice_ms
        reach_ms = self._newest_ms + max(self.settings.collector.windows_ms) + 2 * slice_ms
        return self.drain() + self._send(route(()), reach_ms // slice_ms * slice_ms, idle=True)

    def _send(self, routed: Routed, watermark_ms: int, idle: bool) -> list[Alert]:
        if self._newest_ms == NEVER:
            return []
        marks = [Mark(*SOURCE, 0, watermark_ms, idle)]
        envelopes, text = envelopes_of(routed, marks, len(self._targets))
        outputs = [shard.receive(envelope) for shard, envelope in zip(self._targets, envelopes, strict=True)]
        outputs.append(self._text.receive(text))
        return self.coordinator.receive([output for output in outputs if output is not None])

    def snapshot(self) -> dict[str, Parts]:
        """The whole state by part name, taken between two calls."""
        parts = {shard.name: shard.snapshot() for shard in (*self._targets, self._text)}
        parts["coordinator"] = self.coordinator.snapshot()
        parts["engine"] = {"figures": np.array([self._newest_ms, self._events], np.int64)}
        return parts

    def restore(self, parts: Mapping[str, Parts]) -> None:
        """Take the state of `snapshot`. Raises `SnapshotMismatch` if it is of other settings or shards."""
        for shard in (*self._targets, self._text):
            shard.restore(parts[shard.name])
        self.coordinator.restore(parts["coordinator"])
        self._newest_ms, self._events = map(int, parts["engine"]["figures"])

    @property
    def stats(self) -> dict[str, int]:
        """Counts since the start."""
        shards = [*self._targets, self._text]
        return {
            "events": self._events,
            "late": sum(shard.late for shard in shards),
            "duplicates": sum(shard.duplicates for shard in shards),
            "cohorts": len(self.coordinator.overlaps.cohorts),
            "edges": len(self.coordinator.overlaps.edges),
            "rebuilds": self.coordinator.rebuilds,
            "cases": len(self.coordinator.cases),
        }
