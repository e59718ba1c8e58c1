"""The text shard: posts become families of near duplicates, and families become cohorts.

One shard holds the whole near-duplicate index, so every post meets every leader in order; see
docs/decisions for the ceiling that was measured.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np

from detector.near_duplicates.index import NearDuplicateIndex
from detector.ordering import Entry
from detector.settings import DetectorSettings
from detector.shards.base import Parts, Shard
from detector.trends.terms import Terms
from models.actions import Deletion, Layer, TextPost, TopicAct
from models.cohorts import ShardOutput, Timed
from models.envelopes import TextEnvelope
from models.events import Trend
from models.ids import hash64

_POST: Final = 0
_DELETION: Final = 1
_TREND: Final = 2
_RECORD_OF_RANK: Final[dict[int, Any]] = {_POST: TextPost, _DELETION: Deletion, _TREND: Trend}
_INDEX: Final = "index."


class TextShard(Shard):
    """Owns the near-duplicate index."""

    def __init__(self, name: str, settings: DetectorSettings, sources: Sequence[tuple[str, int]]) -> None:
        super().__init__(name, settings, sources)
        self.index = NearDuplicateIndex(settings.near_duplicates)
        self._indexed_ms = 0
        self._terms = Terms()

    def receive(self, envelope: TextEnvelope) -> ShardOutput | None:
        """Take one envelope; return what became certain, or None if no slice closed."""
        self._slicer.add((p.time_ms, _POST, p.act, "", p) for p in envelope.posts)
        self._slicer.add((d.time_ms, _DELETION, d.act, "", d) for d in envelope.deletions)
        self._slicer.add(
            (t.observed_at_ms, _TREND, f"{t.list}\x1f{t.rank}\x1f{t.observed_at_ms}\x1f{t.topic}", "", t)
            for t in envelope.trends
        )
        self._slicer.mark(envelope.marks)
        return self._release()

    def _process(self, entries: Sequence[Entry]) -> None:
        fresh = [entry for entry in entries if self._is_new(f"{entry[1]}\x1f{entry[2]}")]
        posts = [entry[4] for entry in fresh if entry[1] == _POST]
        families = iter(self._families(posts))
        slice_ms = self.settings.slice_ms
        for time_ms, rank, _, _, item in fresh:
            if time_ms >= self._slice_end_ms:
                self._move_to((time_ms // slice_ms + 1) * slice_ms)
            if rank == _DELETION:
                self._facts.append(Timed(self._slice_end_ms, deletion=item))
                continue
            if rank == _TREND:
                self._terms.listed(item.topic)
                continue
            account_hash = hash64(item.account)
            self._count(item, account_hash)
            self._tell_topics(item)
            family, similarity, shingles = next(families)
            if family and shingles >= self.settings.near_duplicates.shingles_min:
                self._collector.add_text(int(Layer.FAMILY), f"{family:016x}", item, account_hash, similarity, shingles)

    def _tell_topics(self, post: TextPost) -> None:
        if not self.settings.trends.enabled:
            return
        for topic in (*post.topics, *self._terms.found_in(post.text, post.topics)):
            act = TopicAct(topic, post.account, post.time_ms, post.act, post.client, post.network)
            self._facts.append(Timed(self._slice_end_ms, topic=act))

    def _families(self, posts: Sequence[TextPost]) -> list[tuple[int, float, int]]:
        if not posts:
            return []
        # a late post enters the index at the time the index has reached
        times_ms = np.maximum.accumulate(np.array([self._indexed_ms, *(p.time_ms for p in posts)], np.int64))[1:]
        self._indexed_ms = int(times_ms[-1])
        found = self.index.assign([post.text for post in posts], times_ms)
        return list(zip(found.family.tolist(), found.similarity.tolist(), found.shingles.tolist(), strict=True))

    @property
    def fill(self) -> dict[str, float]:
        """Share used of each bounded structure, 0 to 1."""
        return {**super().fill, "near_duplicates": self.index.live / self.settings.near_duplicates.capacity}

    @property
    def evictions(self) -> dict[str, int]:
        """What was given up because a structure was full, since the state began."""
        return {**super().evictions, "near_duplicates": self.index.evicted}

    def snapshot(self) -> Parts:
        """The shard's state and the index's arrays."""
        parts = super().snapshot()
        parts["terms"] = msgspec.msgpack.encode(self._terms.snapshot())
        parts["indexed"] = np.array([self._indexed_ms], np.int64)
        parts.update({_INDEX + name: array for name, array in self.index.snapshot().items()})
        return parts

    def restore(self, parts: Mapping[str, Any]) -> None:
        """Take the state of `snapshot`."""
        super().restore(parts)
        self._indexed_ms = int(parts["indexed"][0])
        self._terms.restore(msgspec.msgpack.decode(bytes(parts["terms"]), type=list[str]))
        self.index.restore({n.removeprefix(_INDEX): a for n, a in parts.items() if n.startswith(_INDEX)})

    def _payload(self, rank: int, plain: Any) -> Any:
        return msgspec.convert(plain, _RECORD_OF_RANK[rank])

    def _item(self, plain: Any) -> Any:
        return msgspec.convert(plain, TextPost)
