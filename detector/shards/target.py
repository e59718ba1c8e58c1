"""The target shard: actions on the targets it owns become cohorts."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from detector.ordering import Entry
from detector.recent import RecentMap
from detector.settings import DetectorSettings
from detector.shards.base import Parts, Shard
from models.actions import Action, Layer, Publication, TopicAct
from models.cohorts import ContactUse, ShardOutput, Timed
from models.envelopes import ActionEnvelope
from models.events import Account, Trend, Verdict
from models.ids import hash64

_PUBLICATION: Final = 0
_ACCOUNT: Final = 1
_ACTION: Final = 2
_VERDICT: Final = 3
_TREND: Final = 4
_RECORD_OF_RANK: Final[dict[int, Any]] = {
    _PUBLICATION: Publication,
    _ACCOUNT: Account,
    _ACTION: Action,
    _VERDICT: Verdict,
    _TREND: Trend,
}
_ON_TOPICS: Final = frozenset({int(Layer.LIKE), int(Layer.REPOST), int(Layer.REPLY), int(Layer.VIEW)})
"""What is done to a post is done to its topics."""


_Generations = tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]


class TargetShard(Shard):
    """Owns the targets with `router.shard_of(target) == its number`."""

    def __init__(self, name: str, settings: DetectorSettings, sources: Sequence[tuple[str, int]]) -> None:
        super().__init__(name, settings, sources)
        limits = settings.trends
        self._topics: RecentMap[tuple[str, ...]] | None = RecentMap(limits.posts_max) if limits.enabled else None

    def receive(self, envelope: ActionEnvelope) -> ShardOutput | None:
        """Take one envelope; return what became certain, or None if no slice closed."""
        slicer = self._slicer
        slicer.add((p.time_ms, _PUBLICATION, p.target, "", p) for p in envelope.publications)
        slicer.add((_known_ms(a), _ACCOUNT, a.account_id, "", a) for a in envelope.accounts)
        slicer.add((a.time_ms, _ACTION, a.act, a.target, a) for a in envelope.actions)
        slicer.add((v.decided_at_ms, _VERDICT, v.verdict_id, "", v) for v in envelope.verdicts)
        slicer.add((t.observed_at_ms, _TREND, f"{t.list}\x1f{t.rank:06d}", t.topic, t) for t in envelope.trends)
        slicer.mark(envelope.marks)
        return self._release()

    def _process(self, entries: Sequence[Entry]) -> None:
        collector = self._collector
        slice_ms = self.settings.slice_ms
        for time_ms, rank, act, target, item in entries:
            if time_ms >= self._slice_end_ms:
                self._move_to((time_ms // slice_ms + 1) * slice_ms)
            if rank == _ACTION:
                self._act(act, target, item)
            elif rank == _PUBLICATION:
                collector.publish(item.target, item.author, time_ms)
                if item.topics and self._topics is not None:
                    self._topics.put(item.target, item.topics)
            elif rank == _TREND:
                if self._topics is not None:
                    # a video or a product is a topic and a target at once
                    self._topics.put(item.topic, (item.topic,))
                    self._facts.append(Timed(self._slice_end_ms, trend=item))
            elif rank == _VERDICT:
                self._facts.append(Timed(self._slice_end_ms, verdict=item))
            else:
                self._facts.append(Timed(self._slice_end_ms, account=item))

    def _act(self, act: str, target: str, item: Action) -> None:
        # a post may act on several targets, everything else on one
        if not self._is_new(act if item.counts else f"{act}\x1f{item.layer}\x1f{target}"):
            return
        account_hash = hash64(item.account)
        if item.counts:
            self._count(item, account_hash)
        self._collector.add(item.layer, target, item, account_hash, item.undo)
        if self._topics is not None and item.layer in _ON_TOPICS and not item.undo:
            self._tell_topics(target, item)
        if item.layer == Layer.CONTACT:
            use = ContactUse(act, item.account, target, item.disguised)
            self._facts.append(Timed(self._slice_end_ms, contact=use))

    def _tell_topics(self, target: str, item: Action) -> None:
        for topic in (self._topics.get(target) if self._topics is not None else None) or ():
            act = TopicAct(topic, item.account, item.time_ms, None, item.client, item.network)
            self._facts.append(Timed(self._slice_end_ms, topic=act))

    def snapshot(self) -> Parts:
        """The shard's state and the topics of posts."""
        parts = super().snapshot()
        topics = self._topics.generations() if self._topics is not None else ({}, {})
        parts["topics"] = msgspec.msgpack.encode(topics)
        return parts

    def restore(self, parts: Mapping[str, Any]) -> None:
        """Take the state of `snapshot`."""
        super().restore(parts)
        young, old = msgspec.msgpack.decode(bytes(parts["topics"]), type=_Generations)
        if self._topics is not None:
            self._topics.restore(young, old)

    def _payload(self, rank: int, plain: Any) -> Any:
        return msgspec.convert(plain, _RECORD_OF_RANK[rank])

    def _item(self, plain: Any) -> Any:
        return msgspec.convert(plain, Action)


def _known_ms(account: Account) -> int:
    return account.registered_at_ms if account.observed_at_ms is None else account.observed_at_ms
