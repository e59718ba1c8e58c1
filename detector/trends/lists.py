"""Trending lists: the platform's own snapshots, or the one that Shoal builds; places with and without some accounts."""

from collections.abc import Mapping
from math import exp, log
from typing import Any, Final

import msgspec
from msgspec import Struct

from detector.trends.topics import key_of
from models.events import Trend
from models.trends import Place

LISTS_MAX: Final = 64
PLACES_MAX: Final = 1_000
"""Lists and places of one list beyond this are not held."""
NEWEST_SHARE: Final = 0.05
"""Weight of the newest place in what is usual on a list."""
SNAPSHOTS_MISSED_MAX: Final = 24
"""A topic that has been off the list for so many snapshots is a newcomer when it is back."""


Without = Mapping[str, Mapping[str, tuple[int | None, float]]]
"""By list and key: (place, volume) without some accounts."""


class Line(Struct, array_like=True):
    """One place of a snapshot, and what the list has had of the topic before."""

    name: str
    rank: int
    volume: float
    paid: bool
    at_ms: int
    usual: float
    """Mean of the topic's volumes before this one; what newcomers have for a newcomer."""
    sum: float = 0.0
    """CUSUM of the volumes, as of `rates`, with the list's own spread."""
    since_ms: int = 0


class Listing(Struct):
    """The newest snapshot of one list and the one that is arriving."""

    at_ms: int = 0
    lines: dict[str, Line] = {}
    past: dict[str, Line] = {}
    """Topics that left the list, oldest first."""
    entering: float = 0.0
    """Mean volume of newcomers, in logarithms."""
    newcomers: int = 0
    spread: float = 1.0
    """φ of this list: mean of (volume − usual)² / usual."""
    interval_ms: int = 0

    def take(self, trend: Trend, rise: float, burst_min: float) -> None:
        """Add one line; a line of a later moment begins a new snapshot, an earlier one is dropped."""
        if trend.observed_at_ms < self.at_ms:
            return
        if trend.observed_at_ms > self.at_ms:
            self._begin(trend.observed_at_ms)
        key = key_of(trend.topic)
        if key in self.lines and self.lines[key].at_ms == trend.observed_at_ms:
            return
        if len(self.lines) < PLACES_MAX:
            self.lines[key] = self._line(key, trend, rise, burst_min)

    def _begin(self, at_ms: int) -> None:
        if self.at_ms:
            self.interval_ms = at_ms - self.at_ms
        for key, line in self.lines.items():
            self.past.pop(key, None)
            self.past[key] = line
        oldest_ms = at_ms - SNAPSHOTS_MISSED_MAX * max(self.interval_ms, 1)
        self.past = {key: line for key, line in self.past.items() if line.at_ms >= oldest_ms}
        while len(self.past) > 4 * PLACES_MAX:
            del self.past[next(iter(self.past))]
        self.lines = {}
        self.at_ms = at_ms

    def _line(self, key: str, trend: Trend, rise: float, burst_min: float) -> Line:
        volume = max(float(trend.volume or 0.0), 0.0)
        paid = bool(trend.paid)
        before = self.past.get(key)
        usual = self._usual_of(before, volume)
        found = Line(trend.topic, trend.rank, volume, paid, trend.observed_at_ms, usual)
        if trend.volume is None or paid or usual <= 0:
            return found
        step = (volume * log(rise) - usual * (rise - 1)) / max(self.spread, 1.0)
        found.sum = min(max(0.0, (before.sum if before else 0.0) + step), 3 * burst_min)
        began_ms = before.since_ms if before and before.since_ms else trend.observed_at_ms
        found.since_ms = began_ms if found.sum else 0
        off = min((volume - usual) ** 2 / usual, 100 * self.spread)
        self.spread += NEWEST_SHARE / 10 * (off - self.spread) if self.spread > 1.0 else off
        return found

    def _usual_of(self, before: Line | None, volume: float) -> float:
        """What this topic has had, or what newcomers have; a newcomer counts towards the latter."""
        if before is not None:
            return before.usual + 0.5 * (before.volume - before.usual) if before.usual > 0 else before.volume
        if volume <= 0:
            return 0.0
        usual = exp(self.entering) if self.newcomers else volume
        self.newcomers += 1
        self.entering += max(NEWEST_SHARE / 10, 1 / self.newcomers) * (log(volume) - self.entering)
        return usual

    def without(self, shares: Mapping[str, float]) -> dict[str, tuple[int | None, float]]:
        """(place, volume) of each topic where `shares` of the volumes by key are taken out; sold places stay.

        Topics without a volume keep their order. None: the topic falls behind everything on the list.
        """
        free = [key for key, line in self.lines.items() if not line.paid]
        kept = {key: self.lines[key].volume * (1 - shares.get(key, 0.0)) for key in free}
        lowest = min((self.lines[key].volume for key in free), default=0.0)
        order = sorted(free, key=lambda key: (-kept[key], self.lines[key].rank, key))
        ranks = sorted(self.lines[key].rank for key in free)
        found: dict[str, tuple[int | None, float]] = {}
        for key, rank in zip(order, ranks, strict=True):
            leaves = shares.get(key, 0.0) > 0 and kept[key] < lowest
            found[key] = (None if leaves else rank, kept[key])
        for key, line in self.lines.items():
            if line.paid:
                found[key] = (line.rank, line.volume)
        return found


class Lists:
    """All lists by name. At most `LISTS_MAX`."""

    def __init__(self, rise: float, burst_min: float) -> None:
        self._rise, self._burst_min = rise, burst_min
        self._lists: dict[str, Listing] = {}
        self.dropped = 0
        """Lines of lists beyond the limit."""

    def take(self, trend: Trend) -> None:
        """Add one line of a snapshot."""
        listing = self._lists.get(trend.list)
        if listing is None:
            if len(self._lists) >= LISTS_MAX:
                self.dropped += 1
                return
            listing = self._lists[trend.list] = Listing()
        listing.take(trend, self._rise, self._burst_min)

    def items(self) -> list[tuple[str, Listing]]:
        """Lists by name, sorted."""
        return sorted(self._lists.items())

    def lines_of(self, key: str) -> list[tuple[str, Listing, Line]]:
        """The places that a topic has now."""
        return [(name, each, each.lines[key]) for name, each in self.items() if key in each.lines]

    def rising_ms(self, key: str) -> int | None:
        """Since when a list's own volumes of the topic burst; None if they do not."""
        found = [line.since_ms for _, _, line in self.lines_of(key) if line.sum >= self._burst_min]
        return min(found, default=None)

    def without(self, shares: Mapping[str, float]) -> Without:
        """Of each list: (place, volume) by key where `shares` of the volumes are taken out."""
        return {name: listing.without(shares) for name, listing in self.items()}

    def places(self, key: str, without: Without) -> list[Place]:
        """Every place of the topic with the one that it has in `without`."""
        found = []
        for name, _, line in self.lines_of(key):
            rank_without, volume_without = without[name][key]
            found.append(Place(name, line.rank, rank_without, line.volume, volume_without, line.paid, line.at_ms))
        return found

    def snapshot(self) -> Any:
        """The state as plain values."""
        return [{name: msgspec.to_builtins(each) for name, each in self._lists.items()}, self.dropped]

    def restore(self, state: Any) -> None:
        """Take the state of `snapshot`."""
        lists, self.dropped = state
        self._lists = {name: msgspec.convert(each, Listing) for name, each in lists.items()}
