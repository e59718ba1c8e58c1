"""Lists with and without the accounts in question: the platform's, and the one built from posts and likes."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from detector.trends.counters import Counters
from detector.trends.judging import FEW
from detector.trends.lists import Lists
from detector.trends.rates import Rates
from detector.trends.settings import TrendSettings
from detector.trends.topic import Topic
from detector.trends.usual import Usual
from models.ids import hash64_of
from models.trends import ACTIVITY_LIST, CorrectedList, ListLine, TrendOutcome

CANDIDATES: Final = 4
"""So many times the places of the own list are looked at by distinct accounts."""


class Seen(Struct):
    """What the monitor holds, for one tick."""

    by_slot: Sequence[Topic | None]
    topics: Mapping[str, Topic]
    rates: Rates
    counters: Counters
    usual: Usual
    lists: Lists


def shares_of(seen: Seen) -> dict[str, float]:
    """By key: share of a topic's accounts that is taken out; topics without any are missing."""
    return {topic.key: topic.share for topic in seen.by_slot if topic is not None and topic.share}


def own_list(seen: Seen, settings: TrendSettings) -> list[ListLine]:
    """Topics by distinct accounts of the last hour."""
    size, least = settings.list_size, settings.list_accounts_min
    counted: list[tuple[Topic, int, float]] = []
    for slot in seen.counters.busiest(CANDIDATES * size).tolist():
        topic, distinct = seen.by_slot[slot], seen.counters.distinct(slot)
        if topic is not None and distinct >= least:
            counted.append((topic, distinct, distinct * (1 - topic.share)))
    ranked = sorted(counted, key=lambda item: (-item[1], item[0].key))[:size]
    kept = sorted((item for item in counted if item[2] >= least), key=lambda item: (-item[2], item[0].key))[:size]
    without = {topic.key: rank for rank, (topic, _, _) in enumerate(kept, 1)}
    return [
        ListLine(
            topic.name, topic.key, rank, without.get(topic.key), float(volume), round(left, 1), _word(topic)
        )
        for rank, (topic, volume, left) in enumerate(ranked, 1)
    ]  # fmt: skip


class ListTeller:
    """Says how a list looks when that has changed."""

    def __init__(self, settings: TrendSettings) -> None:
        self.settings = settings
        self._told: dict[str, int] = {}
        """Hash of what was told of each list last."""

    def own(self, seen: Seen, at_ms: int) -> list[CorrectedList]:
        """The list built from posts and likes, if it has other places than it had."""
        lines = own_list(seen, self.settings)
        return self._if_new(CorrectedList(ACTIVITY_LIST, at_ms, at_ms, at_ms, lines)) if lines else []

    def platforms(self, seen: Seen, at_ms: int) -> list[CorrectedList]:
        """The platform's own lists, those that changed."""
        corrected = seen.lists.without(shares_of(seen))
        found: list[CorrectedList] = []
        for name, listing in seen.lists.items():
            without = corrected[name]
            lines = [
                ListLine(
                    line.name, key, line.rank, *without[key][:1], line.volume, without[key][1],
                    _word(seen.topics.get(key)), line.paid,
                )
                for key, line in sorted(listing.lines.items(), key=lambda item: (item[1].rank, item[0]))
            ]  # fmt: skip
            found += self._if_new(CorrectedList(name, at_ms, at_ms, listing.at_ms, lines))
        return found

    def _if_new(self, listed: CorrectedList) -> list[CorrectedList]:
        shape = hash64_of(*((line.key, line.rank, line.rank_without, line.outcome) for line in listed.lines))
        if self._told.get(listed.name) == shape:
            return []
        self._told[listed.name] = shape
        return [listed]

    def snapshot(self) -> Any:
        """The state as plain values."""
        return self._told

    def restore(self, state: Any) -> None:
        """Take the state of `snapshot`."""
        self._told = dict(state)


def _word(topic: Topic | None) -> TrendOutcome | None:
    return TrendOutcome(topic.word.removeprefix(FEW)) if topic is not None and topic.word else None
