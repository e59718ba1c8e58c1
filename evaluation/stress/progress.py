"""Up to where everything is processed, told from offsets alone.

A worker commits an offset after the effects of its messages were delivered. So: what the ingest has committed
lies in envelopes before the ends that are read afterwards; once the shards have committed those ends, what came
of it lies on the coordinator's topic before the end that is read then; once that is committed, it is processed.
Each barrier is seen late by at most a commit interval and a look, never early.
"""

from collections import deque
from collections.abc import Mapping
from typing import NamedTuple

Place = tuple[str, int]
Offsets = Mapping[Place, int]


class Look(NamedTuple):
    """Offsets, read in this order."""

    taken: Offsets
    """What the ingest has committed of the raw topics."""
    inner_ends: Offsets
    inner_done: Offsets
    """What the shards have committed."""
    outer_ends: Offsets
    outer_done: Offsets
    """What the coordinator has committed."""


class Progress:
    """Moves barriers through the stages."""

    def __init__(self) -> None:
        self._at_shards: deque[tuple[Offsets, Offsets]] = deque()
        self._at_coordinator: deque[tuple[Offsets, Offsets]] = deque()
        self.done: dict[Place, int] = {}
        """Every raw message below these offsets is processed."""

    def look(self, seen: Look) -> None:
        """Take one look."""
        if not self._at_shards or self._at_shards[-1][0] != seen.taken:
            self._at_shards.append((seen.taken, seen.inner_ends))
        while self._at_shards and _reached(self._at_shards[0][1], seen.inner_done):
            taken, _ = self._at_shards.popleft()
            self._at_coordinator.append((taken, seen.outer_ends))
        while self._at_coordinator and _reached(self._at_coordinator[0][1], seen.outer_done):
            self.done.update(self._at_coordinator.popleft()[0])


def _reached(ends: Offsets, done: Offsets) -> bool:
    return all(end == 0 or done.get(place, 0) >= end for place, end in ends.items())
