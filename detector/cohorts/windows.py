"""One open window of one target: who acted first in it, and how it is told of."""

from typing import Any

from models.cohorts import CohortUpdate, Member
from models.ids import hash64, hash64_of

SAMPLES_MAX = 3
_HASHES = 1 << 64


class Window:
    """Accounts that acted on (layer, target) in [start_ms, start_ms + window_ms).

    `items` are the acts that made the members (anything with act, client, device, network, account,
    time_ms), thinned by account hash to `sample_rate`, a power of 1/2, once they outgrow the limit.
    """

    __slots__ = (
        "actions",
        "dirty",
        "items",
        "layer",
        "next_size",
        "sample_rate",
        "sent",
        "settling",
        "shingles",
        "similarities",
        "size",
        "start_ms",
        "target",
        "texts",
        "window_ms",
    )

    def __init__(self, layer: int, target: str, window_ms: int, start_ms: int, members_min: int) -> None:
        self.layer = layer
        self.target = target
        self.window_ms = window_ms
        self.start_ms = start_ms
        self.items: list[Any] = []
        self.similarities: list[float] | None = None
        self.texts: list[str] = []
        self.shingles = 0
        self.size = 0
        self.actions = 0
        self.sent = 0
        self.sample_rate = 1.0
        self.next_size = members_min
        self.dirty = False
        self.settling = False

    @property
    def end_ms(self) -> int:
        """Exclusive end of the window."""
        return self.start_ms + self.window_ms

    def join(self, item: Any, carried_max: int) -> None:
        """A first action: one more member."""
        self.size += 1
        if self.sample_rate < 1.0 and not sampled(item.account, self.sample_rate):
            return
        self.items.append(item)
        if len(self.items) > carried_max:
            self._thin()

    def join_text(self, item: Any, similarity: float, shingles: int, carried_max: int) -> None:
        """A first post of a family by an account; keeps what the evidence will need."""
        if self.similarities is None:
            self.similarities = []
            self.shingles = shingles
        if self.sample_rate >= 1.0 or sampled(item.account, self.sample_rate):
            self.similarities.append(similarity)
        if len(self.texts) < SAMPLES_MAX and item.text not in self.texts:
            self.texts.append(item.text)
        self.join(item, carried_max)

    def _thin(self) -> None:
        self.sample_rate /= 2
        keep = [sampled(item.account, self.sample_rate) for item in self.items]
        self.sent = sum(keep[: self.sent])
        if self.similarities is not None:
            self.similarities = [s for s, kept in zip(self.similarities, keep, strict=True) if kept]
        self.items = [item for item, kept in zip(self.items, keep, strict=True) if kept]

    def update(self, time_ms: int, closed: bool, publication: tuple[str, int] | None) -> CohortUpdate:
        """Tell what is new since the last update."""
        items = self.items[self.sent :]
        similarities = [1.0] * len(items) if self.similarities is None else self.similarities[self.sent :]
        members = [
            Member(i.account, i.time_ms, i.act, i.client, i.device, i.network, s)
            for i, s in zip(items, similarities, strict=True)
        ]
        self.sent = len(self.items)
        self.dirty = False
        while self.next_size <= self.size:
            self.next_size *= 2
        linked, sources = self._manner() if self.similarities is not None else (0.0, 0)
        author, published_ms = publication or (getattr(self.items[0], "author", None) if self.items else None, None)
        return CohortUpdate(
            hash64_of(self.layer, self.target, self.window_ms, self.start_ms),
            self.layer,
            self.target,
            self.window_ms,
            self.start_ms,
            time_ms,
            closed,
            self.size,
            self.sample_rate,
            self.actions,
            members,
            author,
            published_ms,
            tuple(self.texts),
            self.shingles,
            linked,
            sources,
        )

    def _manner(self) -> tuple[float, int]:
        """How a family was copied: share of posts with a visible source, distinct posts answered."""
        linked = sum(item.linked for item in self.items)
        sources = {item.source for item in self.items if item.source is not None}
        return linked / max(1, len(self.items)), len(sources)


def sampled(account: str, rate: float) -> bool:
    """Whether `account` is among the share `rate` of accounts that are kept, the same everywhere."""
    return hash64(account) < rate * _HASHES


