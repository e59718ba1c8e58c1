"""Collect: tumbling windows per target at several scales.

The longest windows are kept for every target; shorter ones lie inside them and are opened, with
what the long one holds, once the long one has reached the smallest cohort. Most targets never do,
and cost one window.
"""

from heapq import heappop, heappush
from typing import Any

from detector.cohorts.bursts import Bursts
from detector.cohorts.windows import Window
from detector.ordering import FOREVER, NEVER
from detector.recent import RecentKeys, RecentMap
from detector.settings import BurstSettings, CollectorSettings
from models.cohorts import CohortUpdate
from models.ids import hash64

SMALL = 8
Lane = tuple[int, str]
"""(layer, target)."""


class Collector:
    """Gathers the actions of one shard into windows and tells of cohorts as they grow and close.

    Call `advance` with the slice end whenever event time moves to a later slice, then `add` the
    slice's actions in order. Results depend only on the sequence of actions and slices.
    """

    def __init__(self, settings: CollectorSettings, slice_ms: int, bursts: BurstSettings | None = None) -> None:
        self._settings = settings
        self._bursts = Bursts(bursts, slice_ms) if bursts and bursts.enabled else None
        self._quiet_max = bursts.quiet_max if bursts and bursts.enabled else 0
        self._slice_ms = slice_ms
        self._window_ms, *self._inner_ms = sorted(settings.windows_ms, reverse=True)
        self._open: dict[Lane, Window] = {}
        self._ends: list[int] = []
        self._ending: dict[int, list[Window]] = {}
        self._grown: list[Window] = []
        self._settling: list[tuple[int, int, Window]] = []
        self._settlings = 0
        self._first = RecentKeys(settings.first_actions_max)
        self._publications: RecentMap[tuple[str, int]] = RecentMap(settings.publications_max)
        self._slice_end_ms = NEVER
        self._due_ms = FOREVER
        """Nothing ends or settles before this."""
        self.closed_early = 0
        self.missed = 0
        """Late actions whose window had closed."""
        self._updates: list[CohortUpdate] = []

    def __len__(self) -> int:
        return len(self._open)

    def publish(self, target: str, author: str, time_ms: int) -> None:
        """A post appeared that may become a target."""
        self._publications.put(target, (author, time_ms))

    # --- actions

    def add(self, layer: int, target: str, item: Any, account_hash: int, undo: bool = False) -> None:
        """An account acted on a target. Only its first action there makes it a member."""
        window = self._window((layer, target), item.time_ms)
        if window is None:
            return
        first = not undo and self._first.add(account_hash ^ window.salt)
        window.actions += 1
        if first:
            window.join(item, self._settings.members_carried_max)
        for inner in window.inner:
            if inner.start_ms <= item.time_ms < inner.end_ms:
                inner.actions += 1
                if first:
                    inner.join(item, self._settings.members_carried_max)
                    self._check(inner)
        if first:
            self._check(window)
            if window.size < SMALL * self._settings.members_min:
                self._settle(window, item.time_ms, self._settings.settle_small_ms)
            if window.size <= self._quiet_max:
                self._see_burst(window, item.time_ms)

    def add_text(self, layer: int, family: str, item: Any, account_hash: int, similarity: float, shingles: int) -> None:
        """An account posted a text of a family."""
        window = self._window((layer, family), item.time_ms)
        if window is None:
            return
        if window.similarities is None:
            window.similarities = []
            window.shingles = shingles
        # told apart from `add` by what the evidence needs: the manner of copying
        first = self._first.add(account_hash ^ window.salt)
        for each in (window, *window.inner):
            if each.start_ms <= item.time_ms < each.end_ms:
                each.actions += 1
                if first:
                    each.join_text(item, similarity, self._settings.members_carried_max)
                    self._check(each)
                    self._settle(each, item.time_ms, self._settings.settle_ms)
        if first and window.size <= self._quiet_max:
            self._see_burst(window, item.time_ms)

    def _window(self, lane: Lane, time_ms: int) -> Window | None:
        window = self._open.get(lane)
        if window is not None and window.start_ms <= time_ms < window.end_ms:
            return window
        start_ms = self._start_ms(lane[1], time_ms)
        if window is not None or start_ms + self._window_ms <= self._slice_end_ms - self._slice_ms:
            self.missed += 1
            return None
        window = self._open[lane] = Window(*lane, self._window_ms, start_ms, self._settings.members_min)
        self._end(window)
        if len(self._open) > self._settings.windows_max:
            self._close_oldest()
        return window

    def _start_ms(self, target: str, time_ms: int) -> int:
        """Start of the target's window.

        Offset per target so that not all close at once; kept on slice edges so that none closes
        inside a slice.
        """
        offset = hash64(target) % self._window_ms // self._slice_ms * self._slice_ms
        return (time_ms + offset) // self._window_ms * self._window_ms - offset

    def _end(self, window: Window) -> None:
        ending = self._ending.get(window.end_ms)
        if ending is None:
            ending = self._ending[window.end_ms] = []
            heappush(self._ends, window.end_ms)
            self._due_ms = min(self._due_ms, window.end_ms)
        ending.append(window)

    # --- growth

    def _check(self, window: Window) -> None:
        if window.size >= window.next_size and not window.dirty and self._settings.growing:
            window.dirty = True
            self._grown.append(window)

    def _settle(self, window: Window, time_ms: int, after_ms: int) -> None:
        """Tell of the latest members soon: a family's silence is to be judged, a small army to be seen."""
        if window.size >= self._settings.members_min and not window.settling and self._settings.growing:
            window.settling = True
            due_ms = (time_ms // self._slice_ms + 1) * self._slice_ms + after_ms
            self._settlings += 1
            heappush(self._settling, (due_ms, self._settlings, window))
            self._due_ms = min(self._due_ms, due_ms)

    def _see_burst(self, window: Window, time_ms: int) -> None:
        if self._bursts is not None:
            self._bursts.see(window, time_ms)
            self._due_ms = min(self._due_ms, self._bursts.due_ms)

    def _open_inner(self, window: Window) -> None:
        """Open the shorter windows of this moment inside a long one that has become a cohort."""
        now_ms = self._slice_end_ms - self._slice_ms
        for window_ms in self._inner_ms:
            start_ms = window.start_ms + (now_ms - window.start_ms) // window_ms * window_ms
            if any(i.window_ms == window_ms and i.start_ms == start_ms for i in window.inner):
                continue
            inner = Window(window.layer, window.target, window_ms, start_ms, self._settings.members_min)
            inner.take_from(window)
            window.inner.append(inner)
            self._end(inner)
            if inner.size >= inner.next_size:
                self._tell(inner, self._slice_end_ms, False)

    # --- time

    def advance(self, slice_end_ms: int) -> None:
        """Event time reaches the slice that ends at `slice_end_ms`: finish all earlier ones.

        What grew in the previous slice is told first, then windows that end by the start of the new
        slice close, each at its own end.
        """
        if self._grown:
            self._tell_grown()
        edge_ms = slice_end_ms - self._slice_ms
        if edge_ms >= self._due_ms:
            self._tell_settled(edge_ms)
            if self._bursts is not None:
                self._updates += self._bursts.take(edge_ms, self._publications.get)
            self._close_due(edge_ms)
            dues = [self._settling[0][0] if self._settling else FOREVER, self._ends[0] if self._ends else FOREVER]
            if self._bursts is not None:
                dues.append(self._bursts.due_ms)
            self._due_ms = min(dues)
        self._slice_end_ms = max(self._slice_end_ms, slice_end_ms)

    def _tell_grown(self) -> None:
        grown, self._grown = self._grown, []
        for window in grown:
            if window.dirty:
                self._tell(window, self._slice_end_ms, False)
                if window.window_ms == self._window_ms:
                    self._open_inner(window)

    def _tell_settled(self, edge_ms: int) -> None:
        while self._settling and self._settling[0][0] <= edge_ms:
            due_ms, _, window = heappop(self._settling)
            if window.settling and due_ms < window.end_ms:
                window.settling = False
                if window.sent < len(window.items):
                    self._tell(window, due_ms, False)

    def _close_due(self, edge_ms: int) -> None:
        while self._ends and self._ends[0] <= edge_ms:
            end_ms = heappop(self._ends)
            for window in self._ending.pop(end_ms):
                self._close(window, end_ms)

    def _close(self, window: Window, time_ms: int) -> None:
        window.settling = window.dirty = False
        lane = (window.layer, window.target)
        outer = self._open.get(lane)
        if outer is window:
            del self._open[lane]
        elif outer is not None and window in outer.inner:
            outer.inner.remove(window)
        if window.size >= self._settings.members_min:
            self._tell(window, time_ms, True)
        if self._bursts is not None:
            self._updates += self._bursts.end(window, time_ms, self._publications.get)
        if outer is not None and outer is not window:
            self._reopen_inner(outer, window)

    def _reopen_inner(self, outer: Window, closed: Window) -> None:
        """The next short window follows at once, so that none of its actions is missed."""
        start_ms = closed.end_ms
        if start_ms < outer.end_ms:
            inner = Window(outer.layer, outer.target, closed.window_ms, start_ms, self._settings.members_min)
            if outer.similarities is not None:
                inner.similarities, inner.shingles = [], outer.shingles
            outer.inner.append(inner)
            self._end(inner)

    def _close_oldest(self) -> None:
        end_ms = self._ends[0]
        window = self._ending[end_ms].pop(0)
        if not self._ending[end_ms]:
            del self._ending[end_ms]
            heappop(self._ends)
        self.closed_early += 1
        self._close(window, self._slice_end_ms)

    def _tell(self, window: Window, time_ms: int, closed: bool) -> None:
        self._updates.append(window.update(time_ms, closed, self._publications.get(window.target)))

    def take_updates(self) -> list[CohortUpdate]:
        """Hand over what was told since the last call."""
        taken, self._updates = self._updates, []
        return taken

    # --- snapshots

    def snapshot(self) -> dict[str, Any]:
        """Windows as plain values, in the order in which they end; `memories` are taken apart."""
        windows = [w for end_ms in sorted(self._ending) for w in self._ending[end_ms]]
        number_of = {id(window): number for number, window in enumerate(windows)}
        outer_of = {id(i): number_of[id(w)] for w in self._open.values() for i in w.inner if id(w) in number_of}
        return {
            "windows": [(window.values(), outer_of.get(id(window), -1)) for window in windows],
            "grown": [number_of[id(w)] for w in self._grown if id(w) in number_of],
            # sorted, since a heap that lost the entries of closed windows is no heap any more
            "settling": sorted((due, n, number_of[id(w)]) for due, n, w in self._settling if id(w) in number_of),
            "bursts": self._burst_looks(number_of),
            "figures": (self._settlings, self._slice_end_ms, self.closed_early, self.missed),
        }

    def _burst_looks(self, number_of: dict[int, int]) -> list[tuple[int, int, int]]:
        looks = self._bursts.looks if self._bursts is not None else []
        return sorted((due, n, number_of[id(w)]) for due, n, w in looks if id(w) in number_of)

    def restore(self, state: dict[str, Any], item_of: Any) -> None:
        """Take the state of `snapshot`; `item_of` turns the plain form of an act into its record."""
        windows = [Window.of_values(values, item_of) for values, _ in state["windows"]]
        self._open, self._ending, self._ends = {}, {}, []
        self._due_ms = NEVER
        for window, (_, outer) in zip(windows, state["windows"], strict=True):
            self._end(window)
            if outer >= 0:
                windows[outer].inner.append(window)
            elif window.window_ms == self._window_ms:
                self._open[(window.layer, window.target)] = window
        self._grown = [windows[number] for number in state["grown"]]
        self._settling = [(due, order, windows[number]) for due, order, number in state["settling"]]
        if self._bursts is not None:
            self._bursts.restore([(due, order, windows[number]) for due, order, number in state["bursts"]])
        self._settlings, self._slice_end_ms, self.closed_early, self.missed = state["figures"]

    @property
    def memories(self) -> tuple[RecentKeys, RecentMap[tuple[str, int]]]:
        """(first actions, publications)."""
        return self._first, self._publications
