"""The sequential heart of the index: one post after the other, compiled.

It is a loop and not an array expression because each post must see what the posts before it left
behind, however the stream was cut into batches (docs/decisions, 1 and 2).
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detector.near_duplicates.sketch import (
    BANDS,
    band_keys,
    minhash,
    premix,
    shingle,
    shingle_set,
    text_key,
)
from detector.near_duplicates.tables import find, put

NEXT, HEAD, EVICTED, LEADERS, VERIFIED, EXACT = range(6)
"""Positions in `State.figures`."""


class State(NamedTuple):
    """Arrays of the index. An entry is a distinct text; entry id n lives in slot n % capacity."""

    exact: NDArray[np.uint64]
    bands: NDArray[np.uint64]
    keys: NDArray[np.uint64]
    """uint64[capacity]: text key of the entry."""
    families: NDArray[np.uint64]
    """uint64[capacity]: text key of the family's first text."""
    roots: NDArray[np.int64]
    """int64[capacity]: entry id of the family's first text, as long as it lives."""
    seen_s: NDArray[np.uint32]
    """uint32[capacity]: event time of the last copy, in seconds."""
    leaders: NDArray[np.uint16]
    """uint16[capacity]: leaders of the family, counted at its root."""
    set_at: NDArray[np.int64]
    """int64[capacity]: where the entry's shingle set begins, in values ever written to the ring."""
    set_size: NDArray[np.uint16]
    """uint16[capacity]: size of the shingle set; 0 for an entry that is no leader."""
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
def is_live(state: Any, limits: Any, entry: int, now_s: int) -> Any:
    """Whether an entry id still names its slot and was seen within the window."""
    if entry <= 0 or entry <= state.figures[NEXT] - 1 - limits.capacity:
        return False
    return np.int64(state.seen_s[entry % limits.capacity]) + limits.window_s >= now_s


@njit(cache=True, nogil=True)
def jaccard(state: Any, entry_slot: int, own: Any, own_size: int) -> float:
    """|A ∩ B| / |A ∪ B| of a stored and an own shingle set, both sorted; 0 if the ring has moved on."""
    ring, size = state.ring, np.int64(state.set_size[entry_slot])
    at = state.set_at[entry_slot]
    if size == 0 or state.figures[HEAD] - at > len(ring):
        return 0.0
    i = j = shared = 0
    while i < size and j < own_size:
        theirs = ring[(at + i) % len(ring)]
        if theirs == own[j]:
            shared += 1
            i += 1
            j += 1
        elif theirs < own[j]:
            i += 1
        else:
            j += 1
    return shared / (size + own_size - shared)


@njit(cache=True, nogil=True)
def rank_candidates(state: Any, limits: Any, keys: Any, now_s: int, found: Any, votes: Any) -> int:
    """Live leaders that share a band, most bands first, newest first on a draw; return how many."""
    count = 0
    for band in range(BANDS):
        entry = find(state.bands, keys[band])
        if not is_live(state, limits, entry, now_s):
            continue
        for n in range(count):
            if found[n] == entry:
                votes[n] += 1
                break
        else:
            found[count] = entry
            votes[count] = 1
            count += 1
    for n in range(1, count):  # insertion sort: at most 16
        entry, vote, m = found[n], votes[n], n - 1
        while m >= 0 and (votes[m] < vote or (votes[m] == vote and found[m] < entry)):
            found[m + 1], votes[m + 1] = found[m], votes[m]
            m -= 1
        found[m + 1], votes[m + 1] = entry, vote
    return count


@njit(cache=True, nogil=True)
def best_leader(state: Any, limits: Any, found: Any, count: int, own: Any, own_size: int) -> tuple[int, float]:
    """(entry id, J) of the leader to join, or (0, best J seen). The best-voted is taken if it fits."""
    best, best_similarity = 0, 0.0
    for n in range(min(count, limits.candidates_max)):
        state.figures[VERIFIED] += 1
        similarity = jaccard(state, found[n] % limits.capacity, own, own_size)
        if similarity > best_similarity:
            best, best_similarity = found[n], similarity
        if n == 0 and similarity >= limits.similarity_min:
            break
    if best_similarity < limits.similarity_min:
        return 0, best_similarity
    return best, best_similarity


@njit(cache=True, nogil=True)
def enter(state: Any, limits: Any, key: int, now_s: int) -> Any:
    """Give a text a new entry id; its slot may have belonged to the oldest entry."""
    entry = state.figures[NEXT]
    state.figures[NEXT] += 1
    slot = entry % limits.capacity
    if entry > limits.capacity:
        state.figures[EVICTED] += 1
    state.keys[slot] = key
    state.families[slot] = key
    state.roots[slot] = entry
    state.seen_s[slot] = now_s
    state.leaders[slot] = 0
    state.set_size[slot] = 0
    put(state.exact, key, entry)
    return entry


@njit(cache=True, nogil=True)
def lead(state: Any, limits: Any, entry: int, keys: Any, own: Any, own_size: int) -> None:
    """Make an entry a leader: store its shingle set and its bands."""
    slot, ring = entry % limits.capacity, state.ring
    at = state.figures[HEAD]
    for n in range(own_size):
        ring[(at + n) % len(ring)] = own[n]
    state.figures[HEAD] += own_size
    state.figures[LEADERS] += 1
    state.set_at[slot] = at
    state.set_size[slot] = own_size
    for band in range(BANDS):
        put(state.bands, keys[band], entry)


@njit(cache=True, nogil=True)
def root_slot(state: Any, limits: Any, entry: int) -> Any:
    """Slot where the leaders of the entry's family are counted: its root's, or its own."""
    root = state.roots[entry % limits.capacity]
    if root <= state.figures[NEXT] - 1 - limits.capacity:
        state.roots[entry % limits.capacity] = entry
        root = entry
    return root % limits.capacity


@njit(cache=True, nogil=True)
def join_family(state: Any, limits: Any, entry: int, leader: int) -> None:
    """Put a new entry into the family of a leader."""
    leader_slot, slot = leader % limits.capacity, entry % limits.capacity
    root_slot(state, limits, leader)
    state.families[slot] = state.families[leader_slot]
    state.roots[slot] = state.roots[leader_slot]


@njit(cache=True, nogil=True)
def signature(work: Any, count: int) -> None:
    """Sketch and band keys of the premixed shingles in the work space."""
    minhash(work.values, count, work.a, work.b, work.sketch)
    band_keys(work.sketch, work.codes, work.keys)


@njit(cache=True, nogil=True)
def refresh(state: Any, limits: Any, work: Any, known: int, count: int, now_s: int) -> None:
    """A text that grew old but is still copied enters again before the queue reaches it."""
    slot = known % limits.capacity
    was_leader = state.set_size[slot] > 0
    entry = enter(state, limits, state.keys[slot], now_s)
    join_family(state, limits, entry, known)
    if was_leader:
        premix(work.values, count)
        size = shingle_set(work.values, count, work.own)
        signature(work, count)
        lead(state, limits, entry, work.keys, work.own, size)


@njit(cache=True, nogil=True)
def place(state: Any, limits: Any, work: Any, key: int, count: int, now_s: int) -> tuple[int, float]:
    """Enter a new text; return (leader whose family it joined or 0, similarity)."""
    premix(work.values, count)
    size = shingle_set(work.values, count, work.own)
    if size < limits.shingles_min:
        enter(state, limits, key, now_s)
        return 0, 1.0
    signature(work, count)
    candidates = rank_candidates(state, limits, work.keys, now_s, work.found, work.votes)
    leader, best = best_leader(state, limits, work.found, candidates, work.own, size)
    entry = enter(state, limits, key, now_s)
    if leader == 0 or leader <= state.figures[NEXT] - 1 - limits.capacity:
        state.leaders[entry % limits.capacity] = 1
        lead(state, limits, entry, work.keys, work.own, size)
        return 0, 1.0
    state.seen_s[leader % limits.capacity] = now_s
    join_family(state, limits, entry, leader)
    root = root_slot(state, limits, entry)
    grows = best < limits.leader_similarity_max and state.leaders[root] < limits.leaders_max
    if grows:
        state.leaders[root] += 1
    if grows or state.figures[NEXT] - leader > limits.refresh_age:
        lead(state, limits, entry, work.keys, work.own, size)
    return leader, best


@njit(cache=True, nogil=True)
def assign(points: Any, offsets: Any, times_s: Any, state: Any, limits: Any, work: Any, out: Any) -> None:
    """Assign every post in order and leave the state behind it; `out` is written in place."""
    for post in range(len(offsets) - 1):
        start, end = offsets[post], offsets[post + 1]
        if end == start:
            continue
        now_s = times_s[post]
        key = text_key(points, start, end)
        count = shingle(points, start, min(end, start + limits.points_max), work.values)
        out.text_key[post] = key
        out.shingles[post] = min(count, 65_535)
        known = find(state.exact, key)
        if is_live(state, limits, known, now_s) and state.keys[known % limits.capacity] == key:
            state.figures[EXACT] += 1
            state.seen_s[known % limits.capacity] = now_s
            out.family[post] = state.families[known % limits.capacity]
            out.similarity[post] = 1.0
            if state.figures[NEXT] - known > limits.refresh_age:
                refresh(state, limits, work, known, count, now_s)
            continue
        leader, similarity = place(state, limits, work, key, count, now_s)
        out.similarity[post] = similarity
        out.is_first[post] = leader == 0
        out.family[post] = state.families[(state.figures[NEXT] - 1) % limits.capacity]
