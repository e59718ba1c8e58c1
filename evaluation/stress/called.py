"""The cases that should have been called, and which of them were."""

import asyncio
import time
from collections.abc import Sequence
from typing import Final, NamedTuple

from aiokafka import TopicPartition

from detector.engine import Engine
from evaluation.stress.counted import Ends
from evaluation.stress.watch import KafkaLooks
from models.alerts import Alert, AlertState
from models.codec import decode_alert
from models.events import AnyEvent
from streams.settings import Settings
from streams.topics import names

ALERTS_S: Final = 15.0
"""Wait for the last alerts, after everything is processed."""
BATCH: Final = 500


class Called(NamedTuple):
    """What came of the expected, and how long after their newest action (s)."""

    seen: list[Alert]
    delays_s: list[float]


def expected_of(settings: Settings, events: Sequence[AnyEvent]) -> list[Alert]:
    """The cases that should be called: the same code on the same events, without Kafka."""
    engine = Engine(settings.detector)
    told: list[Alert] = []
    for begin in range(0, len(events), BATCH):
        told += engine.push(events[begin : begin + BATCH])
    told += engine.drain()
    return [alert for alert in told if alert.state is AlertState.OPENED]


def called_of(settings: Settings, before: Ends, expected: Sequence[Alert], ours: set[str]) -> Called:
    """Those of the expected that came, each with the delay of the first alert on most of its accounts."""
    deadline_s = time.monotonic() + ALERTS_S
    while True:
        told = asyncio.run(_opened(settings, before, ours))
        found = Called([], [])
        for alert in expected:
            accounts = set(alert.accounts)
            first = next((each for each in told if 2 * len(accounts & set(each[0].accounts)) >= len(accounts)), None)
            if first is not None:
                found.seen.append(alert)
                found.delays_s.append(max(0.0, (first[1] - first[0].last_action_ms) / 1000))
        if len(found.seen) == len(expected) or time.monotonic() > deadline_s:
            return found
        time.sleep(1.0)


async def _opened(settings: Settings, before: Ends, ours: set[str]) -> list[tuple[Alert, int]]:
    place = (names(settings).alerts, 0)
    async with KafkaLooks(settings) as looks:
        end = (await looks.ends([TopicPartition(*place)]))[place]
        records = [record async for record in looks.read(*place, before[place], end)]
    alerts = [(decode_alert(record.value), int(record.timestamp)) for record in records]
    opened = [each for each in alerts if each[0].state is AlertState.OPENED]
    return [each for each in opened if ours & set(each[0].accounts)]
