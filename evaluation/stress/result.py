"""What was measured, and what it is held against."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from msgspec import Struct

BEHIND_MAX_S: Final = 0.5
"""A sender that keeps its schedule this well measures the system and not itself."""


class Delays(Struct, frozen=True):
    """From the moment an event was to be sent, seconds; None where it never came."""

    p50_s: float | None
    p99_s: float | None
    max_s: float | None


class Result(Struct, frozen=True):
    """One run."""

    rate: float
    """Asked for, events a second."""
    seconds: float
    events: int
    """Planned."""
    sent: int
    """Handed to the client; fewer than planned if the sender gave up."""
    sent_per_s: float
    confirmed: int
    """That the brokers have."""
    found: int
    """Of them, in envelopes to the shards, by their ids."""
    dead_letters: int
    late: int | None
    """Came to a shard after their slice; None where the workers were not asked."""
    lost: int
    """Sent and neither found nor a dead letter, or late."""
    processed: int
    delay: Delays
    """Until processed: committed by shards and coordinator, effects delivered."""
    alerts_expected: int
    """Cases that the embedded engine calls on the same events."""
    alerts_seen: int
    alert_delay: Delays
    """From the newest action of an alert until it was on its topic."""
    sender_behind_p99_s: float
    sender_waited_s: float
    """Of its delay, what the brokers made it wait."""
    looks_failed: int

    @property
    def loss(self) -> float:
        """Share of events lost or of expected alerts missing, whichever is more; 0 to 1."""
        missing = self.alerts_expected - self.alerts_seen
        return max(
            self.lost / self.sent if self.sent else 1.0,
            missing / self.alerts_expected if self.alerts_expected else 0.0,
        )

    @property
    def sender_is_the_bottleneck(self) -> bool:
        """The schedule was not kept, and not because the brokers made the sender wait."""
        gave_up = self.sent < self.events
        behind = self.sender_behind_p99_s > BEHIND_MAX_S or gave_up
        return behind and self.sender_waited_s < self.sender_behind_p99_s / 2


class Thresholds(NamedTuple):
    """What must hold; None for what is only shown."""

    p99_s: float | None = None
    alert_p99_s: float | None = None
    loss: float | None = None

    def broken(self, result: Result) -> list[str]:
        """One sentence for each that does not hold."""
        told = []
        if self.p99_s is not None and _above(result.delay.p99_s, self.p99_s):
            told.append(f"99 of 100 events are processed within {seconds(result.delay.p99_s)}, not {self.p99_s:g} s")
        if (
            self.alert_p99_s is not None
            and result.alerts_expected
            and _above(result.alert_delay.p99_s, self.alert_p99_s)
        ):
            told.append(f"99 of 100 alerts come within {seconds(result.alert_delay.p99_s)}, not {self.alert_p99_s:g} s")
        if self.loss is not None and result.loss > self.loss:
            missing = result.alerts_expected - result.alerts_seen
            told.append(f"{result.lost:,} events and {missing} alerts are lost: {result.loss:.2%}, not {self.loss:.2%}")
        return told


def _above(value: float | None, limit: float) -> bool:
    return value is None or value > limit


def seconds(value: float | None) -> str:
    """For people."""
    return "never" if value is None else f"{value:.2f} s"


def delays(found_s: Sequence[float], wanted: int) -> Delays:
    """Percentiles over `wanted` events; those that are missing count as never."""
    if not wanted:
        return Delays(None, None, None)
    ordered = np.sort(np.concatenate([np.asarray(found_s, float), np.full(max(0, wanted - len(found_s)), math.inf)]))
    picked = (ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)] for share in (0.5, 0.99, 1.0))
    return Delays(*(None if math.isinf(each) else round(float(each), 3) for each in picked))
