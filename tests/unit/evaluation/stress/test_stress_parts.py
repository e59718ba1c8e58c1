"""The parts of `shoal stress` that need no broker."""

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.router import envelopes_of, route
from evaluation.stress.own_worker import WorkerNotReady, late_events, wait_until_ready
from evaluation.stress.plan import EVENTS_MAX, WrongPlan, identities, identity, plan, scheduled
from evaluation.stress.progress import Look, Progress
from evaluation.stress.result import Delays, Result, Thresholds, delays
from evaluation.stress.sender import Sender, SentLog
from models.events import AnyEvent, Like, LikeAction
from models.moments import when_ms
from streams.metrics import Metrics

GOOD = Result(
    rate=100, seconds=10, events=1_000, sent=1_000, sent_per_s=100, confirmed=1_000, found=1_000, dead_letters=0,
    late=0, lost=0, processed=1_000, delay=Delays(1.0, 2.0, 3.0), alerts_expected=2, alerts_seen=2,
    alert_delay=Delays(1.0, 4.0, 4.0), sender_behind_p99_s=0.01, sender_waited_s=0.0, looks_failed=0,
)  # fmt: skip


def test_a_plan_has_its_number_its_schedule_and_names_of_its_own() -> None:
    events = plan(100, 10, seed=7, mark="stress-x-")
    assert len(events) == 1_000
    sent = list(scheduled(events, 5_000_000, 100))
    assert [when_ms(event) for event in sent] == [5_000_000 + 10 * number for number in range(1_000)]
    assert all(event.account_id.startswith("stress-x-") for event in sent)  # type: ignore[union-attr]  # no verdict is among them
    assert len({identity(event) for event in sent}) == len(sent)


def test_every_planned_event_is_found_in_envelopes() -> None:
    sent = list(scheduled(plan(100, 10, seed=3, mark="m-"), 5_000_000, 100))
    shards, text = envelopes_of(route(sent), [], 3)
    found = {name for envelope in (*shards, text) for name in identities(envelope)}
    assert {identity(event) for event in sent} <= found


@pytest.mark.parametrize(("rate", "duration_s"), [(1, 5), (20_000, 3_600)])
def test_too_few_and_too_many(rate: float, duration_s: float) -> None:
    with pytest.raises(WrongPlan, match=f"{EVENTS_MAX:,}"):
        plan(rate, duration_s, 7, "m-")


class Clock:
    """Time that passes only by sleeping, and by what a send takes."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


class Producer:
    """A client whose sends take some time, and which confirms at once."""

    def __init__(self, clock: Clock, took_s: Callable[[int], float]) -> None:
        self._clock = clock
        self._took_s = took_s
        self.sent_at_s: list[float] = []

    def send(self, topic: str, value: bytes, key: bytes) -> Any:
        number = len(self.sent_at_s)
        self.sent_at_s.append(self._clock())
        self._clock.sleep(self._took_s(number))
        metadata = SimpleNamespace(topic=topic, partition=0, offset=number)
        return SimpleNamespace(add_callback=lambda confirm: confirm(metadata))

    def flush(self, timeout: float) -> None:
        pass


def sent(
    took_s: Callable[[int], float], events: int = 100, rate: float = 10.0
) -> tuple[Producer, Sender, SentLog, Clock]:
    clock, log = Clock(), SentLog()
    producer = Producer(clock, took_s)
    sender = Sender(producer, {Like: "likes"}, log, clock, clock.sleep)
    likes: list[AnyEvent] = [Like(f"a{number}", "p", LikeAction.LIKE, 1_000 + number) for number in range(events)]
    sender.send(likes, 0.0, rate, limit_s=15, flush_s=1)
    return producer, sender, log, clock


def test_the_schedule_is_kept() -> None:
    producer, sender, log, _ = sent(lambda _: 0.0)
    assert producer.sent_at_s == pytest.approx([number / 10 for number in range(100)])
    assert sender.behind_p99_s == pytest.approx(0.0)
    assert log.confirmed == 100


def test_a_pause_is_made_up_and_counts_as_delay() -> None:
    """What coordinated omission would hide: everything that should have been sent during the pause is late too."""
    producer, sender, log, _ = sent(lambda number: 2.0 if number == 10 else 0.0)
    assert producer.sent_at_s[11:30] == pytest.approx([3.0] * 19)
    assert producer.sent_at_s[40] == pytest.approx(4.0)
    log.processed({("likes", 0): 30}, now_s=3.0)
    assert list(log.delays_s)[10:13] == pytest.approx([2.0, 1.9, 1.8])
    assert sender.waited_s == 0.0
    assert sender.behind_p99_s > 1.5


def test_waiting_for_the_brokers_is_told_from_being_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """The brokers confirm nothing until second 3; a client at work all the time would be slow itself."""
    monkeypatch.setattr("evaluation.stress.sender.OUTSTANDING_MAX", 5)
    monkeypatch.setattr("evaluation.stress.sender.CHECK_EVERY", 1)
    for at_work, waited_s in ((0.0, 2.5), (1.0, 0.0)):
        clock, log = Clock(), SentLog()
        producer = Producer(clock, lambda _: 0.0)
        pending: list[Callable[[], None]] = []
        confirmed = producer.send

        def send(topic: str, value: bytes, key: bytes, send: Any = confirmed, later: Any = pending) -> Any:
            future = send(topic, value, key)
            return SimpleNamespace(add_callback=lambda confirm: later.append(lambda: future.add_callback(confirm)))

        def sleep(seconds: float, clock: Any = clock, later: Any = pending) -> None:
            clock.sleep(seconds)
            while clock() > 3 and later:
                later.pop(0)()

        producer.send = send  # type: ignore[method-assign]  # the same client, with brokers that are slow
        sender = Sender(producer, {Like: "likes"}, log, clock, sleep, lambda clock=clock, work=at_work: clock() * work)
        likes: list[AnyEvent] = [Like(f"a{number}", "p", LikeAction.LIKE, 1_000 + number) for number in range(20)]
        sender.send(likes, 0.0, 10.0, limit_s=15, flush_s=1)
        assert sender.sent == 20
        assert sender.waited_s == pytest.approx(waited_s, abs=0.2)


def test_a_sender_that_cannot_keep_up_gives_up() -> None:
    _, sender, _, clock = sent(lambda _: 0.2)
    assert sender.sent < 100
    assert clock() < 16


def test_a_log_knows_its_own() -> None:
    log = SentLog()
    for offset in (5, 7):
        log.confirm(1.0, SimpleNamespace(topic="t", partition=0, offset=offset))
    assert [log.holds("t", 0, offset) for offset in (4, 5, 6, 7, 8)] == [False, True, False, True, False]
    assert not log.holds("u", 0, 5)


def look(taken: int, inner_end: int, inner_done: int, outer_end: int, outer_done: int) -> Look:
    def at(offset: int) -> dict[tuple[str, int], int]:
        return {("t", 0): offset}

    return Look(at(taken), at(inner_end), at(inner_done), at(outer_end), at(outer_done))


def test_a_barrier_goes_through_both_stages() -> None:
    progress = Progress()
    progress.look(look(100, 10, 5, 3, 3))
    assert progress.done == {}
    progress.look(look(120, 12, 10, 4, 3))  # the shards are through with the first; the coordinator is not
    assert progress.done == {}
    progress.look(look(120, 12, 12, 5, 4))
    assert progress.done == {("t", 0): 100}
    progress.look(look(120, 12, 12, 5, 5))
    assert progress.done == {("t", 0): 120}


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)), max_size=60))
def test_a_barrier_is_never_early(steps: list[tuple[int, int, int]]) -> None:
    """A pipeline of one message in, one out, that moves by chance: nothing is called done that is not."""
    progress = Progress()
    taken = inner_done = outer_done = 0
    for ingest, shards, coordinator in steps:
        taken += ingest
        inner_done = min(taken, inner_done + shards)
        outer_done = min(inner_done, outer_done + coordinator)
        progress.look(look(taken, taken, inner_done, inner_done, outer_done))
        assert progress.done.get(("t", 0), 0) <= outer_done


@given(st.lists(st.floats(0, 100), min_size=1, max_size=200))
def test_percentiles_are_values_that_were_measured(found: list[float]) -> None:
    told = delays(found, len(found))
    ordered = sorted(found)
    assert told.max_s == pytest.approx(ordered[-1], abs=1e-3)
    assert told.p99_s == pytest.approx(ordered[math.ceil(0.99 * len(found)) - 1], abs=1e-3)
    assert told.p50_s == pytest.approx(ordered[math.ceil(0.5 * len(found)) - 1], abs=1e-3)


def test_what_never_came_is_never() -> None:
    assert delays([1.0] * 98, 100) == Delays(1.0, None, None)
    assert delays([], 0) == Delays(None, None, None)


@pytest.mark.parametrize(
    ("thresholds", "changed", "told"),
    [
        (Thresholds(2.0, 4.0, 0.0), {}, []),
        (Thresholds(1.9), {}, ["processed within 2.00 s, not 1.9 s"]),
        (Thresholds(2.0), {"delay": Delays(1.0, None, None)}, ["processed within never"]),
        (Thresholds(None, 3.0), {}, ["alerts come within 4.00 s, not 3 s"]),
        (Thresholds(None, 3.0), {"alerts_expected": 0}, []),
        (Thresholds(loss=0.0), {"lost": 1}, ["1 events and 0 alerts are lost"]),
        (Thresholds(loss=0.0), {"alerts_seen": 1}, ["0 events and 1 alerts are lost: 50.00%"]),
        (Thresholds(loss=0.01), {"lost": 5}, []),
        (Thresholds(loss=0.5), {"sent": 0, "alerts_expected": 0}, ["100.00%"]),
    ],
)
def test_thresholds(thresholds: Thresholds, changed: dict[str, Any], told: list[str]) -> None:
    broken = thresholds.broken(msgspec.structs.replace(GOOD, **changed))
    assert len(broken) == len(told)
    assert all(part in sentence for part, sentence in zip(told, broken, strict=True))


@pytest.mark.parametrize(
    ("changed", "whose"),
    [
        ({}, False),
        ({"sender_behind_p99_s": 3.0}, True),
        ({"sent": 600}, True),
        ({"sender_behind_p99_s": 3.0, "sender_waited_s": 2.9}, False),
    ],
    ids=["kept", "slow machine", "gave up", "slow brokers"],
)
def test_whose_fault_it_is(changed: dict[str, Any], whose: bool) -> None:
    assert msgspec.structs.replace(GOOD, **changed).sender_is_the_bottleneck is whose


class EndedWorker:
    """A corner whose worker wrote why and ended."""

    workers = (SimpleNamespace(poll=lambda: 78),)

    def ask(self, _page: str) -> tuple[int, str]:
        return 0, ""

    def log_of(self, _number: int) -> str:
        return "started\ncannot start: topic posts is missing\n"


def test_a_worker_that_does_not_get_ready_is_told_at_once() -> None:
    with pytest.raises(WorkerNotReady, match="topic posts is missing"):
        wait_until_ready(EndedWorker())  # type: ignore[arg-type]  # has what is asked of a corner


def test_late_events_are_read_from_the_real_figures() -> None:
    metrics = Metrics()
    metrics.late.show(3, "likes-0")
    metrics.late.show(2, "text-0")
    corner = SimpleNamespace(ask=lambda _page: (200, metrics.exposition().decode()))
    assert late_events(corner) == 5  # type: ignore[arg-type]  # has what is asked of a corner
    assert late_events(None) == 0
