"""One run: a worker and topics of its own, or those that the settings name; send, watch, count."""

import asyncio
import time
import uuid
from collections.abc import Sequence
from typing import Final, NamedTuple

from evaluation.kafka_corner import Corner
from evaluation.stress.called import called_of, expected_of
from evaluation.stress.counted import count, ends_of
from evaluation.stress.own_worker import late_events, own_worker
from evaluation.stress.plan import plan, scheduled
from evaluation.stress.result import Result, delays
from evaluation.stress.sender import OVERTIME, Sender, SentLog
from evaluation.stress.watch import Watch
from models.events import AnyEvent
from streams.produce import producing, raw_topics
from streams.settings import Settings
from streams.topics import require

LEAD_S: Final = 0.5
"""From the plan to the first event."""


class Load(NamedTuple):
    """What is asked for."""

    rate: float
    duration_s: float
    seed: int = 7
    settle_s: float = 60.0
    """Longest wait for what is still on its way when all is sent."""


class _Sending(NamedTuple):
    """What the sender knows when it has ended."""

    events: list[AnyEvent]
    """Those that were sent, with their times."""
    log: SentLog
    sender: Sender
    seconds: float
    looks_failed: int


def run(settings: Settings, load: Load, *, configured: bool = False) -> Result:
    """Measure. Raises `WrongPlan`, `TopicsUnfit`, `DeliveryFailed`, `KafkaError`."""
    mark = f"stress-{uuid.uuid4().hex[:8]}-"
    planned = plan(load.rate, load.duration_s, load.seed, mark)
    if configured:
        require(settings)
        return _measure(settings, load, planned, None)
    with own_worker(settings) as corner:
        return _measure(corner.settings, load, planned, corner)


def _measure(settings: Settings, load: Load, planned: Sequence[AnyEvent], corner: Corner | None) -> Result:
    before = asyncio.run(ends_of(settings))
    late_before = late_events(corner)
    sending = _send(settings, load, planned)
    events, log, sender = sending.events, sending.log, sending.sender
    counted = asyncio.run(count(settings, before, events, log))
    expected = expected_of(settings, events)
    called = called_of(settings, before, expected, {_account_of(event) for event in events})
    late = None if corner is None else late_events(corner) - late_before
    return Result(
        rate=load.rate,
        seconds=round(sending.seconds, 2),
        events=len(planned),
        sent=len(events),
        sent_per_s=round(len(events) / sending.seconds, 1),
        confirmed=log.confirmed,
        found=counted.found,
        dead_letters=counted.dead_letters,
        late=late,
        lost=max(0, len(events) - counted.found - counted.dead_letters) + (late or 0),
        processed=len(log.delays_s),
        delay=delays(log.delays_s, len(events)),
        alerts_expected=len(expected),
        alerts_seen=len(called.seen),
        alert_delay=delays(called.delays_s, len(expected)),
        sender_behind_p99_s=round(sender.behind_p99_s, 3),
        sender_waited_s=round(sender.waited_s, 3),
        looks_failed=sending.looks_failed,
    )


def _send(settings: Settings, load: Load, planned: Sequence[AnyEvent]) -> _Sending:
    """Send everything and wait until it is processed, or for as long as was said."""
    log = SentLog()
    with producing(settings) as producer:
        topics = raw_topics(settings)
        for topic in topics.values():
            producer.partitions_for(topic)  # asked for now, so that no first send waits for it
        sender = Sender(producer, topics, log)
        start_s, start_ms = time.monotonic() + LEAD_S, (time.time() + LEAD_S) * 1000
        events = list(scheduled(planned, start_ms, load.rate))
        with Watch(settings, log) as watch:
            sender.send(events, start_s, load.rate, load.duration_s * OVERTIME + 5, load.settle_s)
            _settle(log, load.settle_s)
    return _Sending(events[: sender.sent], log, sender, max(1e-3, sender.ended_s - start_s), watch.failed_looks)


def _settle(log: SentLog, limit_s: float) -> None:
    deadline_s = time.monotonic() + limit_s
    while len(log.delays_s) < log.confirmed and time.monotonic() < deadline_s:
        time.sleep(0.2)


def _account_of(event: AnyEvent) -> str:
    account: str = getattr(event, "account_id", "")
    return account
