"""The near-duplicate index: texts in, families out."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from msgspec.structs import astuple
from numpy.typing import NDArray

from detector.near_duplicates import kernel
from detector.near_duplicates.compiled import entry
from detector.near_duplicates.settings import NearDuplicateSettings
from detector.near_duplicates.sketch import BANDS, PERMUTATIONS, band_codes, permutations
from detector.near_duplicates.state import DISPLACED, EVICTED, HEAD, LEADERS, NEXT, Limits, State, Work
from detector.near_duplicates.tables import make_table
from detector.text import normalise, strip
from models.errors import SnapshotMismatch

SET_VALUES: Final = 40
"""Ring space for an entry's shingle set, on average; leaders only, so usually far more than needed."""
SNAPSHOT_VERSION: Final = 2
_SLOTS: Final = ("keys", "families", "roots", "seen_s", "leaders", "set_at", "set_size")
_TABLES: Final = ("exact", "bands")
_assign: Final = entry(kernel.assign)


class Assignment(NamedTuple):
    """What became of each post of a batch, arrays of length n."""

    family: NDArray[np.uint64]
    """Text key of the family's first post; 0 for a post without words of its own."""
    similarity: NDArray[np.float32]
    """Jaccard similarity with the leader joined; 1 for a copy and for a family's first post."""
    shingles: NDArray[np.uint16]
    """Distinct shingles of the text: under 8 it is no evidence by itself, 8 to 12 half. Laughter has one."""
    is_first: NDArray[np.bool_]
    """The post founded its family."""
    text_key: NDArray[np.uint64]
    """64-bit key of the normalised text, equal for copies."""


class NearDuplicateIndex:
    """Assigns each post to a family of near duplicates. Memory is fixed when it is made.

    Results and state do not depend on how the posts were cut into batches. Recall against all pairs
    of live texts on a seeded stream is measured by `shoal bench near-duplicates`.
    """

    def __init__(self, settings: NearDuplicateSettings) -> None:
        self.settings = settings
        capacity = settings.capacity
        self._work = Work(
            *permutations(),
            band_codes(),
            np.empty(settings.code_points_max, np.uint32),
            np.empty(settings.code_points_max, np.uint16),
            np.empty(PERMUTATIONS, np.uint32),
            np.empty(BANDS, np.uint64),
            np.empty(BANDS, np.int64),
            np.empty(BANDS, np.int64),
        )
        self._limits = Limits(
            capacity,
            settings.window_ms // 1000,
            settings.similarity_min,
            settings.leader_similarity_max,
            settings.leaders_max,
            settings.shingles_min,
            settings.candidates_max,
            int(capacity * settings.refresh_share),
            settings.code_points_max,
        )
        self._state = State(
            make_table(capacity),
            make_table(capacity * BANDS),
            np.zeros(capacity, np.uint64),
            np.zeros(capacity, np.uint64),
            np.zeros(capacity, np.int64),
            np.zeros(capacity, np.uint32),
            np.zeros(capacity, np.uint16),
            np.zeros(capacity, np.int64),
            np.zeros(capacity, np.uint16),
            np.zeros(capacity * SET_VALUES, np.uint16),
            np.array([1, 0, 0, 0, 0, 0, 0], np.int64),
        )

    def assign(self, texts: Sequence[str], times_ms: NDArray[np.int64]) -> Assignment:
        """Assign posts in order; `times_ms` is int64[n], event time, not decreasing.

        Raises `ValueError` if there is not one time for each text.
        """
        count = len(texts)
        if np.shape(times_ms) != (count,):
            raise ValueError(f"{count} texts, times of shape {np.shape(times_ms)}")
        points, offsets = normalise([strip(text) for text in texts])
        found = Assignment(
            np.zeros(count, np.uint64),
            np.zeros(count, np.float32),
            np.zeros(count, np.uint16),
            np.zeros(count, np.bool_),
            np.zeros(count, np.uint64),
        )
        times_s = np.asarray(times_ms, np.int64) // 1000
        _assign(points, offsets, times_s, self._state, self._limits, self._work, found)
        return found

    @property
    def live(self) -> int:
        """Distinct texts remembered, whether or not their window has passed."""
        return min(int(self._state.figures[NEXT]) - 1, self.settings.capacity)

    @property
    def evicted(self) -> int:
        """Texts forgotten because the index was full."""
        return int(self._state.figures[EVICTED])

    @property
    def displaced(self) -> int:
        """Places in a table that an entry lost before its time, because its set of eight was full."""
        return int(self._state.figures[DISPLACED])

    @property
    def leaders(self) -> int:
        """Leaders entered since the start, refreshed ones again."""
        return int(self._state.figures[LEADERS])

    @property
    def bytes_used(self) -> int:
        """Size of all arrays."""
        return sum(array.nbytes for array in self._state)

    def snapshot(self) -> dict[str, NDArray[Any]]:
        """Copies of what is filled: slots up to the newest entry, tables as (place, value) while sparse."""
        state, live = self._state, self.live
        written = int(min(state.figures[HEAD], len(state.ring)))
        filled = live + 1 if live < self.settings.capacity else live
        parts: dict[str, NDArray[Any]] = {name: getattr(state, name)[:filled].copy() for name in _SLOTS}
        parts["ring"] = state.ring[:written].copy()
        parts["figures"] = state.figures.copy()
        parts["settings"] = self._identity()
        for name in _TABLES:
            flat = getattr(state, name).ravel()
            places = np.flatnonzero(flat)
            if len(places) * 12 < flat.nbytes:
                parts[name + ".places"] = places.astype(np.uint32)
                parts[name] = flat[places]
            else:
                parts[name] = flat.copy()
        return parts

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take the state of `snapshot`.

        Raises `SnapshotMismatch`, leaving the index as it was, if that was of another version or of other
        settings, or if it does not fit.
        """
        if not np.array_equal(arrays.get("settings", ()), self._identity()):
            raise SnapshotMismatch("index of another version or of other settings")
        missing = {*_SLOTS, "ring", "figures", *_TABLES} - arrays.keys()
        if missing:
            raise SnapshotMismatch(f"index without {', '.join(sorted(missing))}")
        for name in (*_SLOTS, "ring", "figures"):
            own, stored = getattr(self._state, name), arrays[name]
            if stored.dtype != own.dtype or len(stored) > len(own):
                raise SnapshotMismatch(f"index with {name} of {stored.dtype}[{len(stored)}]")
        for array in self._state:
            array.fill(0)
        for name in (*_SLOTS, "ring", "figures"):
            getattr(self._state, name)[: len(arrays[name])] = arrays[name]
        for name in _TABLES:
            flat = getattr(self._state, name).reshape(-1)
            places = arrays.get(name + ".places")
            flat[slice(None) if places is None else places] = arrays[name]

    def _identity(self) -> NDArray[np.float64]:
        """Version and settings, as a snapshot carries them."""
        return np.array([SNAPSHOT_VERSION, *astuple(self.settings)], np.float64)
