"""The trend monitor: acts on topics and lines of lists become verdicts.

It sits in the coordinator and is fed in the one order of event time, so equal logs give equal verdicts. It
judges at ticks of event time; `advance` runs those that a later entry makes due.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec
import numpy as np

from detector.recent import RecentKeys, RecentMap
from detector.trends.cells import cells_of
from detector.trends.corrected import ListTeller, Seen
from detector.trends.counters import MINUTE_MS, Counters
from detector.trends.lists import Lists
from detector.trends.rates import BIN_MS, HOUR_MS, Rates
from detector.trends.settings import TrendSettings
from detector.trends.sketch import TopicSketch
from detector.trends.telling import Teller
from detector.trends.topic import FLAGGED, GONE, RETURNING, Row, Topic, decode_topics, encode_topics
from detector.trends.topics import key_of
from detector.trends.usual import Usual
from models.actions import Deletion, TopicAct
from models.alerts import Alert, Outcome
from models.cohorts import Timed
from models.events import Account, Trend
from models.ids import hash64
from models.trends import CorrectedList, TrendVerdict

NEVER: Final = -(1 << 62)
QUIET_BINS: Final = 30
"""After five minutes in which nobody came to any topic, bins are no longer closed one by one."""
KEEP_BEFORE_MS: Final = 30_000
"""Accounts that came so long before a burst's begin stay with it."""


YOUNG_MS: Final = 240_000
"""A burst is judged at every tick until it is so old, then every `OLD_PAUSE_MS`."""
OLD_PAUSE_MS: Final = 30_000


class TrendMonitor:
    """Topics exactly, as many as `topics_max`; all others in a sketch. `facts` gives what is known of an account."""

    def __init__(
        self,
        settings: TrendSettings,
        facts: Callable[[str], Account | None],
        configuration: str = "",
        teller: Teller | None = None,
    ) -> None:
        self.settings = settings
        self._facts = facts
        self._topics: dict[str, Topic] = {}
        self._by_slot: list[Topic | None] = [None] * settings.topics_max
        self._free = list(range(settings.topics_max - 1, -1, -1))
        self._sketch = TopicSketch()
        self._rates = Rates(settings.topics_max, settings)
        self._counters = Counters(settings.topics_max)
        self._usual = Usual()
        self._lists = Lists(settings.rise, settings.burst_min)
        self._posts: RecentMap[tuple[str, ...]] = RecentMap(settings.posts_max)
        self._seen = RecentKeys(settings.accounts_max)
        self._returning = RecentKeys(settings.accounts_max)
        self._flagged: RecentMap[str] = RecentMap(settings.accounts_max)
        """Campaign by account, of those that are called."""
        self._flags: list[tuple[int, str, list[str], bool]] = []
        self._teller = teller or Teller(settings, configuration)
        self._list_teller = ListTeller(settings)
        self._tick_ms = NEVER
        self._quiet_bins = QUIET_BINS
        self._closed_ms = NEVER
        """End of the last bin that was closed."""
        self._lists_ms: int | None = None
        """When lists are judged that have new lines."""
        self._verdicts: list[TrendVerdict] = []
        self._corrected: list[CorrectedList] = []
        self.evicted = 0
        """Topics that gave way to others."""

    def __len__(self) -> int:
        return len(self._topics)

    @property
    def figures(self) -> dict[str, int]:
        """Sizes for metrics."""
        return {"held": len(self._topics), "bursting": len(self._rates.bursting()), "evicted": self.evicted}

    def take(self) -> list[TrendVerdict]:
        """Verdicts since the last call, in order."""
        verdicts, self._verdicts = self._verdicts, []
        return verdicts

    def take_lists(self) -> list[CorrectedList]:
        """Lists that changed since the last call, in order."""
        corrected, self._corrected = self._corrected, []
        return corrected

    # --- what comes in

    def learn(self, fact: Timed) -> None:
        """Take what a shard told: acts on topics, lines of lists, deletions."""
        if fact.topic is not None:
            self.act(fact.topic)
        elif fact.trend is not None:
            self.listed(fact.trend, fact.slice_ms)
        elif fact.deletion is not None:
            self.deleted(fact.deletion)

    def act(self, act: TopicAct) -> None:
        """An account acts on a topic."""
        key = key_of(act.topic)
        if not key:
            return
        if act.post is not None:
            self._posts.put(act.post, (*(self._posts.get(act.post) or ()), key))
        topic = self._topics.get(key) or self._admit(key, act)
        if topic is None:
            return
        topic.last_ms = max(topic.last_ms, act.time_ms)
        topic.changed = True
        self._counters.act(topic.slot, act.time_ms)
        account = hash64(act.account)
        row = topic.rows.get(account)
        if row is not None:
            row.posts += act.post is not None
        elif topic.keeps(account):
            self._arrive(topic, account, act)

    def _arrive(self, topic: Topic, account: int, act: TopicAct) -> None:
        cells = cells_of(self._facts(act.account), act.client, act.network, act.time_ms)
        unseen = self._seen.add(account)
        marks = FLAGGED if self._flagged.get(act.account) is not None else 0
        marks |= RETURNING if account in self._returning else 0
        self._counters.arrive(topic.slot, account, act.time_ms)
        if marks:
            self._counters.question(topic.slot, act.time_ms)
        if self._rates.burst_ms(topic.slot) is None:
            self._usual.add(cells, unseen=unseen)
        topic.rows[account] = Row(account, act.time_ms, cells, unseen, int(act.post is not None), marks)
        if len(topic.rows) > self.settings.rows_max:
            topic.thin(self.settings.rows_max)

    def _admit(self, key: str, act: TopicAct) -> Topic | None:
        if self._sketch.add(hash64(key), act.time_ms) < self.settings.admit_acts and not self._lists.lines_of(key):
            return None
        return self._hold(key, act.topic, act.time_ms)

    def _hold(self, key: str, name: str, at_ms: int) -> Topic:
        if not self._free:
            self._evict()
        slot = self._free.pop()
        self._rates.begin(slot, at_ms - BIN_MS)
        self._counters.begin(slot)
        topic = self._topics[key] = self._by_slot[slot] = Topic(key, name.strip("#＃ "), slot, at_ms, {})
        return topic

    def _evict(self) -> None:
        """Give up the eighth of the topics that nobody came to for longest; a burst keeps its topic."""
        quiet = [topic for topic in self._topics.values() if self._rates.burst_ms(topic.slot) is None]
        quiet = quiet or list(self._topics.values())
        quiet.sort(key=lambda topic: (topic.last_ms, topic.key))
        for topic in quiet[: max(1, len(self._topics) // 8)]:
            del self._topics[topic.key]
            self._by_slot[topic.slot] = None
            self._free.append(topic.slot)
            self.evicted += 1

    def deleted(self, deletion: Deletion) -> None:
        """A post is taken back."""
        self._usual.deletions += 1
        if deletion.time_ms - deletion.created_at_ms > self.settings.gone_ms:
            return
        account = hash64(deletion.account)
        for key in self._posts.get(deletion.act) or ():
            topic = self._topics.get(key)
            row = topic.rows.get(account) if topic else None
            if topic is None or row is None:
                continue
            if not row.marks:
                self._counters.question(topic.slot, row.first_ms)
            row.marks |= GONE
            topic.changed = True

    def listed(self, trend: Trend, slice_ms: int) -> None:
        """A line of a platform's list came in the slice that ends then."""
        self._lists.take(trend)
        key = key_of(trend.topic)
        topic = self._topics.get(key)
        if topic is None and key:
            topic = self._hold(key, trend.topic, trend.observed_at_ms)
        if topic is not None:
            topic.last_ms = max(topic.last_ms, trend.observed_at_ms)
            topic.changed = True
            self._lists_ms = slice_ms

    def flag(self, alerts: Iterable[Alert]) -> None:
        """Accounts of alerts count as flagged from the tick after the alert on, and no longer once it is not called."""
        for alert in alerts:
            called = alert.outcome is Outcome.INAUTHENTIC
            self._flags.append((alert.at_ms, alert.campaign, list(alert.accounts), called))

    # --- ticks

    def advance(self, time_ms: int) -> None:
        """Run every tick before `time_ms`; stretches in which nothing can move are passed in one step."""
        step_ms = self.settings.tick_ms
        if self._tick_ms == NEVER:
            self._tick_ms = -(-time_ms // step_ms) * step_ms
        while True:
            until_ms = time_ms if self._idle else min(time_ms, self._tick_ms)
            if self._lists_ms is not None and self._lists_ms < until_ms:
                self._judge_lists()
            elif self._tick_ms >= time_ms:
                return
            elif self._idle:
                self._tick_ms = max(self._tick_ms, -(-time_ms // step_ms) * step_ms)
                return
            else:
                self._tick(self._tick_ms)
                self._tick_ms += step_ms

    @property
    def _idle(self) -> bool:
        return self._quiet_bins >= QUIET_BINS and not self._counters.waiting

    def _judge_lists(self) -> None:
        """At the end of the second in which lines came: a list may be all there is, and its next an hour away."""
        at_ms, self._lists_ms = self._lists_ms or 0, None
        self._apply_flags(at_ms)
        keys = {key for _, listing in self._lists.items() for key in listing.lines}
        self._judge([topic for key in sorted(keys) if (topic := self._topics.get(key)) is not None], at_ms)
        self._corrected += self._list_teller.platforms(self._seen_now(), at_ms)

    def _tick(self, at_ms: int) -> None:
        self._apply_flags(at_ms)
        if at_ms % BIN_MS == 0:
            self._close_bin(at_ms)
        if at_ms % MINUTE_MS == 0:
            self._forget(at_ms)
        if self._judge(self._due(at_ms), at_ms) or at_ms % MINUTE_MS == 0:
            self._corrected += self._list_teller.own(self._seen_now(), at_ms)
            if at_ms % MINUTE_MS == 0:
                self._corrected += self._list_teller.platforms(self._seen_now(), at_ms)

    def _seen_now(self) -> Seen:
        return Seen(self._by_slot, self._topics, self._rates, self._counters, self._usual, self._lists)

    def _judge(self, topics: list[Topic], at_ms: int) -> bool:
        """Judge those that changed; return whether a word did."""
        changed = [topic for topic in topics if topic.changed]
        if not changed:
            return False
        words = [topic.word for topic in changed]
        self._verdicts += self._teller.tell(changed, self._seen_now(), at_ms)
        for topic in changed:
            if topic.onset_called and self._mostly_gone(topic):
                self._remember(topic)
        return words != [topic.word for topic in changed]

    def _close_bin(self, at_ms: int) -> None:
        waiting = self._counters.waiting
        if not waiting and self._quiet_bins >= QUIET_BINS:
            return
        missed = (at_ms - self._closed_ms) // BIN_MS - 1 if self._closed_ms != NEVER else 0
        if missed > 0:
            self._rates.skip(missed, at_ms - BIN_MS)
        self._quiet_bins = 0 if waiting else self._quiet_bins + 1
        self._rates.close_bin(self._counters.close_bin(at_ms), at_ms)
        self._closed_ms = at_ms

    def _mostly_gone(self, topic: Topic) -> bool:
        gone = sum(1 for row in topic.rows.values() if row.marks & GONE)
        return gone >= self.settings.gone_share_min * sum(1 for row in topic.rows.values() if row.posts)

    def _remember(self, topic: Topic) -> None:
        """Accounts whose posts on a called topic were gone within minutes: no judgement of mixes feeds itself."""
        for account, row in topic.rows.items():
            if row.marks & GONE:
                self._returning.add(account)

    def _apply_flags(self, at_ms: int) -> None:
        if not self._flags:
            return
        due = [flag for flag in self._flags if flag[0] <= at_ms]
        self._flags = [flag for flag in self._flags if flag[0] > at_ms]
        newly: set[int] = set()
        cleared: set[int] = set()
        for _, campaign, accounts, called in due:
            for account in accounts:
                known = self._flagged.get(account)
                if called and known != campaign:
                    self._flagged.put(account, campaign)
                    newly.add(hash64(account))
                elif not called and known == campaign:
                    self._flagged.drop(account)
                    cleared.add(hash64(account))
        flagged = {hash64(account) for account, _ in self._flagged.items()} if cleared & newly else set()
        self._mark(newly)
        self._unmark(cleared - flagged)

    def _mark(self, accounts: set[int]) -> None:
        for topic, row in self._rows_of(accounts):
            if not row.marks:
                self._counters.question(topic.slot, row.first_ms)
            row.marks |= FLAGGED
            topic.changed = True

    def _unmark(self, accounts: set[int]) -> None:
        """What is called no longer was never flagged: a decision that is undone is undone here too."""
        for topic, row in self._rows_of(accounts):
            if row.marks == FLAGGED:
                self._counters.question(topic.slot, row.first_ms, -1)
            row.marks &= ~FLAGGED
            topic.changed = True

    def _rows_of(self, accounts: set[int]) -> Iterator[tuple[Topic, Row]]:
        if accounts:
            for topic in self._topics.values():
                for account in accounts & topic.rows.keys():
                    yield topic, topic.rows[account]

    def _forget(self, at_ms: int) -> None:
        for topic in self._topics.values():
            if topic.rows:
                burst_ms = self._rates.burst_ms(topic.slot)
                before_ms = at_ms - HOUR_MS if burst_ms is None else burst_ms - KEEP_BEFORE_MS
                topic.forget_before(before_ms)

    def _due(self, at_ms: int) -> list[Topic]:
        """Topics to be judged: bursts at once, then twice a minute; places of lists every minute; if they changed."""
        found = {
            topic.key: topic
            for slot in self._rates.bursting().tolist()
            if (topic := self._by_slot[slot]) is not None and self._burst_is_due(topic, at_ms)
        }
        if at_ms % MINUTE_MS == 0:
            busiest = self._counters.busiest(self.settings.list_size).tolist()
            placed = [self._by_slot[slot] for slot in busiest]
            placed += [self._topics.get(key) for _, listing in self._lists.items() for key in listing.lines]
            found.update((topic.key, topic) for topic in placed if topic is not None)
        return [found[key] for key in sorted(found)]

    def _burst_is_due(self, topic: Topic, at_ms: int) -> bool:
        burst_ms = self._rates.burst_ms(topic.slot) or at_ms
        return at_ms - burst_ms <= YOUNG_MS or at_ms - topic.judged_ms >= OLD_PAUSE_MS

    # --- snapshots

    def snapshot(self) -> Mapping[str, Any]:
        """The state: bytes and arrays by name."""
        head = {
            "free": self._free,
            "usual": self._usual.snapshot(),
            "lists": self._lists.snapshot(),
            "posts": self._posts.generations(),
            "flagged": self._flagged.generations(),
            "flags": self._flags,
            "list_teller": self._list_teller.snapshot(),
            "clock": (self._tick_ms, self._quiet_bins, self._closed_ms, self._lists_ms, self.evicted),
        }
        parts: dict[str, Any] = {
            "head": msgspec.msgpack.encode(head),
            "topics": encode_topics(list(self._topics.values())),
            "verdicts": msgspec.msgpack.encode(self._verdicts),
            "corrected": msgspec.msgpack.encode(self._corrected),
            "seen": self._seen.snapshot(),
            "returning": self._returning.snapshot(),
        }
        for name, part in (("sketch", self._sketch), ("rates", self._rates), ("counters", self._counters)):
            parts.update({f"{name}.{key}": array for key, array in part.snapshot().items()})
        return parts

    def restore(self, parts: Mapping[str, Any]) -> None:
        """Take the state of `snapshot`."""
        head = msgspec.msgpack.decode(bytes(parts["head"]))
        self._free = list(head["free"])
        self._usual.restore(head["usual"])
        self._lists.restore(head["lists"])
        young, old = ({key: tuple(value) for key, value in part.items()} for part in head["posts"])
        self._posts.restore(young, old)
        self._flagged.restore(*head["flagged"])
        self._flags = [(at, campaign, list(accounts), called) for at, campaign, accounts, called in head["flags"]]
        self._list_teller.restore(head["list_teller"])
        self._tick_ms, self._quiet_bins, self._closed_ms, self._lists_ms, self.evicted = head["clock"]
        self._topics = {topic.key: topic for topic in decode_topics(bytes(parts["topics"]))}
        self._by_slot = [None] * self.settings.topics_max
        for topic in self._topics.values():
            self._by_slot[topic.slot] = topic
        self._verdicts = msgspec.msgpack.decode(bytes(parts["verdicts"]), type=list[TrendVerdict])
        self._corrected = msgspec.msgpack.decode(bytes(parts["corrected"]), type=list[CorrectedList])
        self._seen.restore(np.asarray(parts["seen"]))
        self._returning.restore(np.asarray(parts["returning"]))
        for name, part in (("sketch", self._sketch), ("rates", self._rates), ("counters", self._counters)):
            prefix = f"{name}."
            arrays = {key.removeprefix(prefix): value for key, value in parts.items() if key.startswith(prefix)}
            part.restore(arrays)
