"""Bursts: the few accounts that meet at a quiet target.

A target that fewer accounts reach in an hour than make a cohort says nothing by its size, yet every
meeting there is telling: three accounts within minutes, where nobody else comes. A burst is told as
a cohort of its own, in a window as long as a burst, so that like is compared with like.
"""

from collections.abc import Callable
from heapq import heappop, heappush

from detector.cohorts.windows import Window
from detector.ordering import FOREVER, NEVER
from detector.settings import BurstSettings
from models.cohorts import CohortUpdate

Look = tuple[int, int, Window]
"""(when due, order, window)."""
PublicationOf = Callable[[str], tuple[str, int] | None]


class Bursts:
    """Watches windows that are too small for a cohort; each burst is told once, when it is over."""

    def __init__(self, settings: BurstSettings, slice_ms: int) -> None:
        self._settings = settings
        self._slice_ms = slice_ms
        self._order = 0
        self.looks: list[Look] = []
        self.due_ms = FOREVER
        """Nothing is to be told before this."""

    def see(self, window: Window, time_ms: int) -> None:
        """A window has one more member, at `time_ms`."""
        wanted = self._settings.members_min
        if window.burst_since_ms != NEVER or not wanted <= window.size <= self._settings.quiet_max:
            return
        since_ms = min(item.time_ms for item in window.items[-wanted:])
        if since_ms < window.burst_end_ms or time_ms - since_ms >= self._settings.window_ms:
            return
        window.burst_since_ms = since_ms
        window.burst_end_ms = since_ms + self._settings.window_ms
        self._order += 1
        due_ms = -(-window.burst_end_ms // self._slice_ms) * self._slice_ms
        heappush(self.looks, (due_ms, self._order, window))
        self.due_ms = min(self.due_ms, due_ms)

    def take(self, edge_ms: int, publication_of: PublicationOf) -> list[CohortUpdate]:
        """Bursts that are over by `edge_ms`, at targets that stayed quiet, in the order of their ends."""
        told: list[CohortUpdate] = []
        while self.looks and self.looks[0][0] <= edge_ms:
            due_ms, _, window = heappop(self.looks)
            told += self.end(window, due_ms, publication_of)
        self.due_ms = self.looks[0][0] if self.looks else FOREVER
        return told

    def end(self, window: Window, time_ms: int, publication_of: PublicationOf) -> list[CohortUpdate]:
        """The burst of a window, if one is waiting and the target stayed quiet; its window may end it early."""
        since_ms, window.burst_since_ms = window.burst_since_ms, NEVER
        if since_ms == NEVER or window.size > self._settings.quiet_max:
            return []
        time_ms = min(time_ms, window.end_ms)
        return [window.burst(since_ms, self._settings.window_ms, time_ms, publication_of(window.target))]

    def restore(self, looks: list[Look]) -> None:
        """Take `looks` of a snapshot, in the order of the heap."""
        self.looks = looks
        self._order = max((look[1] for look in looks), default=0)
        self.due_ms = looks[0][0] if looks else FOREVER
