"""The trend monitor without campaigns, in one process: for measuring it, and for streams of which only trends matter.

It takes the same way as in `detector.engine.Engine`, so without alerts both give the same verdicts.
"""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from detector.background import Background
from detector.ordering import NEVER
from detector.router import Routed, envelopes_of, route
from detector.settings import DetectorSettings
from detector.shards import TargetShard, TextShard
from detector.timeline import FACT, Timeline
from detector.trends.monitor import TrendMonitor
from detector.trends.telling import Teller
from models.actions import TextPost
from models.alerts import Alert
from models.cohorts import Timed
from models.envelopes import Mark
from models.events import AnyEvent
from models.moments import when_ms
from models.trends import CorrectedList, TrendVerdict

SOURCE = ("events", 0)
_INDEX_MIN = 1_000


class _UnreadText(TextShard):
    """The text shard without near duplicates: no post has a family."""

    def _families(self, posts: Sequence[TextPost]) -> list[tuple[int, float, int]]:
        return [(0, 1.0, 0)] * len(posts)


class TrendEngine:
    """Events in, verdicts on topics out."""

    def __init__(self, settings: DetectorSettings | None = None, teller: Teller | None = None) -> None:
        self.settings = settings or DetectorSettings()
        small = replace(self.settings, near_duplicates=replace(self.settings.near_duplicates, capacity=_INDEX_MIN))
        self._shards = TargetShard("targets", self.settings, [SOURCE]), _UnreadText("texts", small, [SOURCE])
        self._timeline = Timeline([shard.name for shard in self._shards])
        self._background = Background()
        facts = self._background.facts.get
        self.monitor = TrendMonitor(self.settings.trends, facts, self.settings.digest(), teller)
        self._newest_ms = NEVER

    def push(self, events: Sequence[AnyEvent]) -> list[TrendVerdict]:
        """Take a batch of events; return the verdicts that became certain, in order."""
        self._newest_ms = max(self._newest_ms, max((when_ms(event) for event in events), default=NEVER))
        return self._send(route(events), self._newest_ms - self.settings.lateness_ms, idle=False)

    def finish(self) -> list[TrendVerdict]:
        """The stream has ended: release everything."""
        slice_ms = self.settings.slice_ms
        return self._send(route(()), (self._newest_ms // slice_ms + 1) * slice_ms, idle=True)

    def take_lists(self) -> list[CorrectedList]:
        """Lists that changed since the last call, in order."""
        return self.monitor.take_lists()

    def flag(self, alerts: Iterable[Alert]) -> None:
        """Accounts of these alerts count as flagged."""
        self.monitor.flag(alerts)

    def _send(self, routed: Routed, watermark_ms: int, *, idle: bool) -> list[TrendVerdict]:
        if self._newest_ms == NEVER:
            return []
        (envelope,), text = envelopes_of(routed, [Mark(*SOURCE, 0, watermark_ms, idle)], 1)
        targets, texts = self._shards
        for output in (targets.receive(envelope), texts.receive(text)):
            if output is not None:
                self._timeline.take(output)
        due, cutoff_ms = self._timeline.release()
        for time_ms, kind, _, _, payload in due:
            self.monitor.advance(time_ms)
            if kind == FACT:
                self._learn(payload)
        self.monitor.advance(cutoff_ms + 1)
        return self.monitor.take()

    def _learn(self, fact: Timed) -> None:
        if fact.account is not None:
            self._background.know(fact.account)
        else:
            self.monitor.learn(fact)
