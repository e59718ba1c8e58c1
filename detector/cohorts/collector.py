"""Collect: tumbling windows per target at several scales (DESIGN section 4, step 1)."""

from heapq import heappop, heappush
from typing import Any

from detector.cohorts.windows import Window
from detector.ordering import NEVER
from detector.recent import RecentKeys, RecentMap
from detector.settings import CollectorSettings
from models.cohorts import CohortUpdate
from models.ids import hash64

_Key = tuple[int, str, int, int]
"""(layer, target, window_ms, start_ms)."""


class _Lane:
    """The windows of one target that the newest actions fall into, valid in [from_ms, until_ms)."""

    __slots__ = ("from_ms", "shifts", "until_ms", "windows")

    def __init__(self, shifts: tuple[int, ...]) -> None:
        self.shifts = shifts
        self.windows: list[Window] = []
        self.from_ms = self.until_ms = 0


class Collector:
    """Gathers the actions of one shard into windows and tells of cohorts as they grow and close.

    Call `advance` with the slice end whenever event time moves to a later slice, then `add` the
    slice's actions in order. Results depend only on the sequence of actions and slices.
    """

    def __init__(self, settings: CollectorSettings, slice_ms: int) -> None:
        self._settings = settings
        self._slice_ms = slice_ms
        self._open: dict[_Key, Window] = {}
        self._lanes: dict[tuple[int, str], _Lane] = {}
        self._closing: list[tuple[int, _Key]] = []
        self._dirty: list[_Key] = []
        self._settling: list[tuple[int, _Key]] = []
        self._first = RecentKeys(settings.first_actions_max)
        self._publications: RecentMap[tuple[str, int]] = RecentMap(settings.publications_max)
        self._slice_end_ms = NEVER
        self.closed_early = 0
        self.updates: list[CohortUpdate] = []
        """Told since the caller last took them."""

    def __len__(self) -> int:
        return len(self._open)

    def publish(self, target: str, author: str, time_ms: int) -> None:
        """A post appeared that may become a target."""
        self._publications.put(target, (author, time_ms))

    def add(self, layer: int, target: str, item: Any, undo: bool = False) -> None:
        """An account acted on a target. Only its first action there makes it a member."""
        first = not undo and self._first.add(hash64(f"{layer}\x1f{target}\x1f{item.account}"))
        for window in self._windows(layer, target, item.time_ms):
            window.actions += 1
            if first:
                window.join(item, self._settings.members_carried_max)
                self._grown(window)

    def add_text(self, layer: int, family: str, item: Any, similarity: float, shingles: int) -> None:
        """An account posted a text of a family."""
        first = self._first.add(hash64(f"{layer}\x1f{family}\x1f{item.account}"))
        for window in self._windows(layer, family, item.time_ms):
            window.actions += 1
            if first:
                window.join_text(item, similarity, shingles, self._settings.members_carried_max)
                self._grown(window)
                self._settle(window, item.time_ms)

    def _settle(self, window: Window, time_ms: int) -> None:
        """Tell of a family's latest copies within a minute, so that its silence can be judged."""
        if window.size >= self._settings.members_min and not window.settling:
            window.settling = True
            due_ms = (time_ms // self._slice_ms + 1) * self._slice_ms + self._settings.settle_ms
            heappush(self._settling, (due_ms, _key(window)))

    def _grown(self, window: Window) -> None:
        if window.size >= window.next_size and not window.dirty:
            window.dirty = True
            self._dirty.append(_key(window))

    def _windows(self, layer: int, target: str, time_ms: int) -> list[Window]:
        name = (layer, target)
        lane = self._lanes.get(name)
        if lane is None:
            lane = self._lanes[name] = _Lane(self._shifts(target))
        if lane.from_ms <= time_ms < lane.until_ms:
            return lane.windows
        return self._turn(lane, layer, target, time_ms)

    def _shifts(self, target: str) -> tuple[int, ...]:
        """Offset of the target's window edges at each scale.

        Targets differ so that not all windows close at once; scales differ so that what one cuts in
        two the other keeps whole; edges are slice edges so that no window closes inside a slice.
        """
        offset = hash64(target)
        slice_ms = self._slice_ms
        scales = enumerate(self._settings.windows_ms)
        return tuple((offset >> 16 * number) % window_ms // slice_ms * slice_ms for number, window_ms in scales)

    def _turn(self, lane: "_Lane", layer: int, target: str, time_ms: int) -> list[Window]:
        """Find or open the windows of a moment that the lane does not stand in."""
        found = []
        from_ms, until_ms = NEVER, 1 << 62
        for window_ms, shift in zip(self._settings.windows_ms, lane.shifts, strict=True):
            start_ms = (time_ms + shift) // window_ms * window_ms - shift
            from_ms, until_ms = max(from_ms, start_ms), min(until_ms, start_ms + window_ms)
            if start_ms + window_ms > self._slice_end_ms - self._slice_ms:  # else: late, its window has closed
                found.append(self._window((layer, target, window_ms, start_ms)))
        if len(found) == len(lane.shifts):
            lane.windows, lane.from_ms, lane.until_ms = found, from_ms, until_ms
        return found

    def _window(self, key: _Key) -> Window:
        window = self._open.get(key)
        if window is None:
            window = self._open[key] = Window(*key, self._settings.members_min)
            heappush(self._closing, (window.end_ms, key))
            if len(self._open) > self._settings.windows_max:
                self._close_oldest()
        return window

    def advance(self, slice_end_ms: int) -> None:
        """Event time reaches the slice that ends at `slice_end_ms`: finish all earlier ones.

        What grew in the previous slice is told first, then windows that end by the start of the new
        slice close, each at its own end.
        """
        self._tell_grown()
        edge_ms = slice_end_ms - self._slice_ms
        self._tell_settled(edge_ms)
        while self._closing and self._closing[0][0] <= edge_ms:
            end_ms, key = heappop(self._closing)
            window = self._open.pop(key, None)
            if window is not None:
                self._close(window, end_ms)
                self._leave(window)
        self._slice_end_ms = max(self._slice_end_ms, slice_end_ms)

    def _tell_grown(self) -> None:
        for key in self._dirty:
            window = self._open.get(key)
            if window is not None and window.dirty:
                self._tell(window, self._slice_end_ms, False)
        self._dirty.clear()

    def _tell_settled(self, edge_ms: int) -> None:
        while self._settling and self._settling[0][0] <= edge_ms:
            due_ms, key = heappop(self._settling)
            window = self._open.get(key)
            if window is not None and window.settling and due_ms < window.end_ms:
                window.settling = False
                if window.sent < len(window.items):
                    self._tell(window, due_ms, False)

    def _close(self, window: Window, time_ms: int) -> None:
        if window.size >= self._settings.members_min:
            self._tell(window, time_ms, True)

    def _leave(self, window: Window) -> None:
        """The lane must not hand out a closed window; a lane without windows is forgotten."""
        name = (window.layer, window.target)
        lane = self._lanes.get(name)
        if lane is None:
            return
        lane.until_ms = min(lane.until_ms, lane.from_ms)
        lane.windows = [other for other in lane.windows if other is not window]
        if not lane.windows:
            del self._lanes[name]

    def _close_oldest(self) -> None:
        _, key = heappop(self._closing)
        window = self._open.pop(key, None)
        if window is not None:
            self.closed_early += 1
            self._close(window, self._slice_end_ms)
            self._leave(window)

    def _tell(self, window: Window, time_ms: int, closed: bool) -> None:
        self.updates.append(window.update(time_ms, closed, self._publications.get(window.target)))

    def take_updates(self) -> list[CohortUpdate]:
        """Hand over what was told."""
        taken, self.updates = self.updates, []
        return taken

    def snapshot(self) -> dict[str, Any]:
        """Windows as plain values; the sets and maps are taken by `memories`."""
        windows = [[getattr(window, slot) for slot in Window.__slots__] for window in self._open.values()]
        return {
            "open": windows, "dirty": self._dirty, "slice": self._slice_end_ms, "early": self.closed_early,
            "settling": self._settling,
        }

    def restore(self, state: dict[str, Any], item_of: Any) -> None:
        """Take the state of `snapshot`; `item_of` turns the plain form of an act into its record."""
        self._open.clear()
        self._lanes.clear()
        self._closing.clear()
        for values in state["open"]:
            window = Window(0, "", 0, 0, 1)
            for slot, value in zip(Window.__slots__, values, strict=True):
                setattr(window, slot, value)
            window.items = [item_of(item) for item in window.items]
            key = (window.layer, window.target, window.window_ms, window.start_ms)
            self._open[key] = window
            heappush(self._closing, (window.end_ms, key))
        self._dirty = [(layer, target, width, start) for layer, target, width, start in state["dirty"]]
        self._settling = [(due, (layer, target, width, start)) for due, (layer, target, width, start) in state["settling"]]
        self._slice_end_ms = state["slice"]
        self.closed_early = state["early"]

    @property
    def memories(self) -> tuple[RecentKeys, RecentMap[tuple[str, int]]]:
        """(first actions, publications)."""
        return self._first, self._publications


def _key(window: Window) -> _Key:
    return window.layer, window.target, window.window_ms, window.start_ms
