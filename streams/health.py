"""Loading, working or dead: what the two health endpoints answer, and from which facts."""

import time
from collections.abc import Callable
from typing import NamedTuple

REASONS = STARTING, BROKER_AWAY, REBALANCING, NO_PARTITIONS, LOADING, STORE_FAILING = (
    "starting", "broker away", "rebalancing", "no partitions", "loading", "store failing",
)  # fmt: skip
"""Every reason not to be ready."""


class Facts(NamedTuple):
    """What the probe saw last."""

    lag: int
    """Messages not yet processed, over all partitions of this worker."""
    progress_at_s: float
    """Monotonic time at which an offset last moved, or a warm-up was seen running."""
    broker_at_s: float
    """Monotonic time of the last answer of a broker."""
    rebalancing: bool
    warm: bool
    partitions: int


class Health:
    """Alive fails only if there is work and nothing moves. Ready fails in every state that is not serving."""

    def __init__(
        self, stalled_after_s: float, broker_silent_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stalled_after_s = stalled_after_s
        self._broker_silent_s = broker_silent_s
        self._clock = clock
        self.facts: Facts | None = None
        self._store_failing = False

    def store_failing(self, failing: bool) -> None:
        """The store refuses writes, or takes them again."""
        self._store_failing = failing

    def why_dead(self) -> list[str]:
        """Reasons to be restarted; empty if alive. A broker or a store that is away is no reason."""
        facts = self.facts
        if facts is None or facts.lag <= 0 or self._store_failing or self._broker_away(facts):
            return []
        still_s = self._clock() - facts.progress_at_s
        if still_s <= self._stalled_after_s:
            return []
        return [f"{facts.lag} messages wait and no offset moved for {still_s:.0f} s"]

    def why_not_ready(self) -> list[str]:
        """Reasons not to be counted on; empty if ready."""
        facts = self.facts
        if facts is None:
            return [STARTING]
        reasons = []
        if self._broker_away(facts):
            reasons.append(BROKER_AWAY)
        if facts.rebalancing:
            reasons.append(REBALANCING)
        if not facts.partitions:
            reasons.append(NO_PARTITIONS)
        if not facts.warm:
            reasons.append(LOADING)
        if self._store_failing:
            reasons.append(STORE_FAILING)
        return reasons

    def _broker_away(self, facts: Facts) -> bool:
        return self._clock() - facts.broker_at_s > self._broker_silent_s
