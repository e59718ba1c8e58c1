"""Sends on a schedule that does not wait for anybody, and keeps when each message was to be sent."""

import time
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any, Final

import numpy as np
from kafka.errors import KafkaError

from models.codec import encode_event
from models.events import AnyEvent
from streams.produce import key_of

PAUSE_MIN_S: Final = 0.001
OUTSTANDING_MAX: Final = 20_000
"""Events sent but not yet confirmed; kafka-python has no limit of its own."""
OUTSTANDING_PAUSE_S: Final = 0.02
CHECK_EVERY: Final = 100
OVERTIME: Final = 1.5
"""A sender that is so much over its time gives up."""


class SentLog:
    """When each message of a partition was meant to be sent (monotonic s), by offset."""

    def __init__(self) -> None:
        self.offsets: dict[tuple[str, int], array[int]] = defaultdict(lambda: array("q"))
        self.intended_s: dict[tuple[str, int], array[float]] = defaultdict(lambda: array("d"))
        self._counted: dict[tuple[str, int], int] = defaultdict(int)
        self.delays_s = array("d")
        """From the intended moment until processed, of those that are."""

    @property
    def confirmed(self) -> int:
        """Messages that the brokers have."""
        return sum(map(len, list(self.offsets.values())))

    def confirm(self, intended_s: float, metadata: Any) -> None:
        """The brokers have one more. Called by the client's thread, in order of a partition's offsets."""
        place = metadata.topic, metadata.partition
        self.intended_s[place].append(intended_s)
        self.offsets[place].append(metadata.offset)

    def processed(self, up_to: dict[tuple[str, int], int], now_s: float) -> None:
        """Everything below these offsets is processed by now."""
        for place, end in up_to.items():
            if place not in self.offsets:
                continue
            until = bisect_left(self.offsets[place], end)
            for number in range(self._counted[place], until):
                self.delays_s.append(now_s - self.intended_s[place][number])
            self._counted[place] = max(self._counted[place], until)

    def holds(self, topic: str, partition: int, offset: int) -> bool:
        """Whether a message is one of ours."""
        offsets = self.offsets.get((topic, partition), array("q"))
        at = bisect_left(offsets, offset)
        return at < len(offsets) and offsets[at] == offset


class Sender:
    """One producer. `send` returns once everything is confirmed or given up."""

    def __init__(
        self,
        producer: Any,
        topics: dict[type, str],
        log: SentLog,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        cpu: Callable[[], float] = time.process_time,
    ) -> None:
        self._producer = producer
        self._topics = topics
        self._log = log
        self._clock = clock
        self._sleep = sleep
        self._cpu = cpu
        self.behind_s = array("d")
        """How late each send began, against the schedule."""
        self.waited_s = 0.0
        """Time in which too much was unconfirmed to send more, without this process being at work itself."""
        self.refused = 0
        self.ended_s = 0.0

    @property
    def sent(self) -> int:
        """Messages handed to the client."""
        return len(self.behind_s)

    def send(self, events: Iterable[AnyEvent], start_s: float, rate: float, limit_s: float, flush_s: float) -> None:
        """Send the n-th event at `start_s` + n / `rate`, however long the one before took."""
        for number, event in enumerate(events):
            due_s = start_s + number / rate
            now_s = self._clock()
            if due_s - now_s > PAUSE_MIN_S:
                self._sleep(due_s - now_s)
                now_s = self._clock()
            if now_s - start_s > limit_s:
                break
            self.behind_s.append(max(0.0, now_s - due_s))
            if number % CHECK_EVERY == 0:
                self._wait_for_confirmations(start_s + limit_s)
            self._one(event, due_s)
        self.ended_s = self._clock()
        with suppress(KafkaError):  # what is not confirmed is counted as lost
            self._producer.flush(timeout=flush_s)

    def _one(self, event: AnyEvent, due_s: float) -> None:
        try:
            future = self._producer.send(
                self._topics[type(event)], value=encode_event(event), key=key_of(event).encode()
            )
        except KafkaError:
            self.refused += 1
        else:
            future.add_callback(partial(self._log.confirm, due_s))

    def _wait_for_confirmations(self, until_s: float) -> None:
        """A client that is busy itself is this machine's fault; one that idles here waits for the brokers."""
        started_s, cpu_s = self._clock(), self._cpu()
        while self.sent - self.refused - self._log.confirmed > OUTSTANDING_MAX and self._clock() < until_s:
            self._sleep(OUTSTANDING_PAUSE_S)
        self.waited_s += max(0.0, self._clock() - started_s - (self._cpu() - cpu_s))

    @property
    def behind_p99_s(self) -> float:
        """99 of 100 sends began within so long of their moment."""
        return float(np.percentile(self.behind_s, 99)) if self.behind_s else 0.0
