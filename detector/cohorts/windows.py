"""One open window of one target: who acted first in it, and how it is told of."""

from collections.abc import Callable, Sequence
from typing import Any

from detector.ordering import NEVER
from models.cohorts import CohortUpdate, Member
from models.ids import hash64, hash64_of

SAMPLES_MAX = 3
_HASHES = 1 << 64


class Window:
    """Accounts that acted on (layer, target) in [start_ms, start_ms + window_ms).

    `items` are the acts that made the members (anything with act, client, device, network, account,
    time_ms), thinned by account hash to `sample_rate`, a power of 1/2, once they outgrow the limit.
    """

    PLAIN = (
        "actions",
        "burst_end_ms",
        "burst_since_ms",
        "dirty",
        "end_ms",
        "items",
        "layer",
        "next_size",
        "salt",
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
    __slots__ = (*PLAIN, "inner")

    def __init__(self, layer: int, target: str, window_ms: int, start_ms: int, members_min: int) -> None:
        self.layer = layer
        self.target = target
        self.window_ms = window_ms
        self.start_ms = start_ms
        self.end_ms = start_ms + window_ms
        self.salt = hash64_of(layer, target)
        self.inner: list[Window] = []
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
        self.burst_end_ms = NEVER
        self.burst_since_ms = NEVER

    def join(self, item: Any, carried_max: int) -> None:
        """A first action: one more member."""
        self.size += 1
        if self.sample_rate < 1.0 and not sampled(item.account, self.sample_rate):
            return
        self.items.append(item)
        if len(self.items) > carried_max:
            self._thin()

    def join_text(self, item: Any, similarity: float, carried_max: int) -> None:
        """A first post of a family by an account; keeps what the evidence will need."""
        if self.similarities is None:
            raise ValueError("a window of actions, not of texts")
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

    def take_from(self, outer: "Window") -> None:
        """Start with those members of a longer window that fall into this one."""
        chosen = [n for n, item in enumerate(outer.items) if self.start_ms <= item.time_ms < self.end_ms]
        self.items = [outer.items[n] for n in chosen]
        self.sample_rate = outer.sample_rate
        self.size = self.actions = round(len(chosen) / outer.sample_rate)
        if outer.similarities is not None:
            self.similarities = [outer.similarities[n] for n in chosen]
            self.shingles = outer.shingles
            self.texts = list(dict.fromkeys(item.text for item in self.items))[:SAMPLES_MAX]

    def update(self, time_ms: int, closed: bool, publication: tuple[str, int] | None) -> CohortUpdate:
        """Tell what is new since the last update."""
        news = range(self.sent, len(self.items))
        self.sent = len(self.items)
        self.dirty = False
        while self.next_size <= self.size:
            self.next_size *= 2
        return self._tell(news, self.window_ms, self.start_ms, time_ms, closed, publication)

    def burst(self, since_ms: int, length_ms: int, time_ms: int, publication: tuple[str, int] | None) -> CohortUpdate:
        """Tell of those who acted in [since_ms, since_ms + length_ms) as a cohort of their own."""
        inside = [n for n, item in enumerate(self.items) if since_ms <= item.time_ms < since_ms + length_ms]
        return self._tell(inside, length_ms, since_ms, time_ms, True, publication)

    def _tell(
        self,
        chosen: Sequence[int],
        window_ms: int,
        start_ms: int,
        time_ms: int,
        closed: bool,
        publication: tuple[str, int] | None,
    ) -> CohortUpdate:
        whole = window_ms == self.window_ms
        linked, sources = self._manner() if self.similarities is not None else (0.0, 0)
        author, published_ms = publication or (getattr(self.items[0], "author", None) if self.items else None, None)
        return CohortUpdate(
            hash64_of(self.layer, self.target, window_ms, start_ms),
            self.layer,
            self.target,
            window_ms,
            start_ms,
            time_ms,
            closed,
            self.size if whole else len(chosen),
            self.sample_rate,
            self.actions if whole else len(chosen),
            [self._member(number) for number in chosen],
            author,
            published_ms,
            tuple(self.texts),
            self.shingles,
            linked,
            sources,
        )

    def _member(self, number: int) -> Member:
        item = self.items[number]
        similarity = 1.0 if self.similarities is None else self.similarities[number]
        return Member(item.account, item.time_ms, item.act, item.client, item.device, item.network, similarity)

    def values(self) -> list[Any]:
        """The window as plain values, for a snapshot; the windows inside it are kept apart."""
        return [getattr(self, name) for name in self.PLAIN]

    @classmethod
    def of_values(cls, values: list[Any], item_of: Callable[[Any], Any]) -> "Window":
        """Make a window of `values`; `item_of` turns the plain form of an act into its record."""
        window = cls(0, "", 0, 0, 1)
        for name, value in zip(cls.PLAIN, values, strict=True):
            setattr(window, name, value)
        window.items = [item_of(item) for item in window.items]
        return window

    def _manner(self) -> tuple[float, int]:
        """How a family was copied: share of posts with a visible source, distinct posts answered."""
        linked = sum(item.linked for item in self.items)
        sources = {item.source for item in self.items if item.source is not None}
        return linked / max(1, len(self.items)), len(sources)


def sampled(account: str, rate: float) -> bool:
    """Whether `account` is among the share `rate` of accounts that are kept, the same everywhere."""
    return hash64(account) < rate * _HASHES
