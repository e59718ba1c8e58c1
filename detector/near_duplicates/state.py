"""The arrays of the index, as the kernel takes them."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from detector.near_duplicates.compiled import njit

NEXT, HEAD, EVICTED, LEADERS, VERIFIED, EXACT, DISPLACED = range(7)
"""Positions in `State.figures`."""
NO_LEADER = -1
"""`State.set_at` of an entry whose shingle set is not kept."""


class State(NamedTuple):
    """Arrays of the index. An entry is a distinct text; entry id n lives in slot n % capacity."""

    exact: NDArray[np.uint64]
    bands: NDArray[np.uint64]
    keys: NDArray[np.uint64]
    """uint64[capacity]: text key of the entry."""
    families: NDArray[np.uint64]
    """uint64[capacity]: text key of the family's first text."""
    roots: NDArray[np.int64]
    """int64[capacity]: entry id where the family's leaders are counted; its first text while that lives."""
    seen_s: NDArray[np.uint32]
    """uint32[capacity]: event time of the last copy, in seconds."""
    leaders: NDArray[np.uint16]
    """uint16[capacity]: leaders of the family, counted at its root."""
    set_at: NDArray[np.int64]
    """int64[capacity]: where a leader's shingle set begins, in values ever written to the ring."""
    set_size: NDArray[np.uint16]
    """uint16[capacity]: distinct shingles of the entry, leader or not."""
    ring: NDArray[np.uint16]
    figures: NDArray[np.int64]


class Work(NamedTuple):
    """Permutations, band codes, and space for one text at a time."""

    a: NDArray[np.uint32]
    b: NDArray[np.uint32]
    codes: NDArray[np.uint64]
    values: NDArray[np.uint32]
    own: NDArray[np.uint16]
    sketch: NDArray[np.uint32]
    keys: NDArray[np.uint64]
    found: NDArray[np.int64]
    votes: NDArray[np.int64]


class Limits(NamedTuple):
    """Settings as the kernel wants them."""

    capacity: int
    window_s: int
    similarity_min: float
    leader_similarity_max: float
    leaders_max: int
    shingles_min: int
    candidates_max: int
    refresh_age: int
    points_max: int


@njit(cache=True, nogil=True)
def holds_slot(state: Any, limits: Any, entry: int) -> Any:
    """Whether an entry id still names its slot."""
    return entry > max(0, state.figures[NEXT] - 1 - limits.capacity)


@njit(cache=True, nogil=True)
def is_live(state: Any, limits: Any, entry: int, now_s: int) -> Any:
    """Whether an entry id still names its slot and was seen within the window."""
    if not holds_slot(state, limits, entry):
        return False
    return np.int64(state.seen_s[entry % limits.capacity]) + limits.window_s >= now_s
