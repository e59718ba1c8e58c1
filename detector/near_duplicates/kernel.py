"""The sequential heart of the index: one post after the other, compiled.

It is a loop and not an array expression because each post must see what the posts before it left
behind, however the stream was cut into batches (docs/decisions, 1 and 2).
"""

from typing import Any

import numpy as np

from detector.near_duplicates.compiled import njit
from detector.near_duplicates.sketch import (
    BANDS,
    band_keys,
    minhash,
    mix64,
    premix,
    shingle,
    shingle_set,
    text_key,
)
from detector.near_duplicates.state import (
    DISPLACED,
    EVICTED,
    EXACT,
    HEAD,
    LEADERS,
    NEXT,
    NO_LEADER,
    VERIFIED,
    holds_slot,
    is_live,
)
from detector.near_duplicates.tables import find, put


@njit(cache=True, nogil=True)
def jaccard(state: Any, entry_slot: int, own: Any, own_size: int) -> float:
    """|A ∩ B| / |A ∪ B| of a stored and an own shingle set, both sorted; 0 if the ring has moved on."""
    ring, size = state.ring, np.int64(state.set_size[entry_slot])
    at = state.set_at[entry_slot]
    if at == NO_LEADER or state.figures[HEAD] - at > len(ring):
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
def store(state: Any, limits: Any, table: Any, key: int, entry: int) -> None:
    """Put an entry id into a table, and count it if that cost another entry its place too early."""
    displaced = put(table, key, entry)
    if holds_slot(state, limits, displaced):
        state.figures[DISPLACED] += 1


@njit(cache=True, nogil=True)
def enter(state: Any, limits: Any, key: int, size: int, now_s: int) -> Any:
    """Give a text a new entry id and a family of its own; its slot may have been the oldest entry's."""
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
    state.set_at[slot] = NO_LEADER
    state.set_size[slot] = size
    store(state, limits, state.exact, key, entry)
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
    for band in range(BANDS):
        store(state, limits, state.bands, keys[band], entry)


@njit(cache=True, nogil=True)
def root_slot(state: Any, limits: Any, entry: int) -> Any:
    """Slot where the leaders of the entry's family are counted.

    When the root's time is over, the first member that asks is the next, and is noted in the exact
    table under a key of the family's own: members that each took over would each count from 0.
    """
    slot = entry % limits.capacity
    family = state.families[slot]
    if not holds_slot(state, limits, state.roots[slot]):
        key = mix64(family)
        root = find(state.exact, key)
        if not holds_slot(state, limits, root) or state.families[root % limits.capacity] != family:
            root = entry
            store(state, limits, state.exact, key, root)
        state.roots[slot] = root
    return state.roots[slot] % limits.capacity


@njit(cache=True, nogil=True)
def join_family(state: Any, limits: Any, entry: int, family: int, root: int) -> None:
    """Put a new entry into a family."""
    slot = entry % limits.capacity
    state.families[slot] = family
    state.roots[slot] = root


@njit(cache=True, nogil=True)
def signature(work: Any, count: int) -> None:
    """Sketch and band keys of the premixed shingles in the work space."""
    minhash(work.values, count, work.a, work.b, work.sketch)
    band_keys(work.sketch, work.codes, work.keys)


@njit(cache=True, nogil=True)
def distinct(limits: Any, work: Any, points: Any, start: int, end: int) -> tuple[int, int]:
    """Cut a text into premixed shingles and their set, in the work space; return the sizes of both."""
    count = shingle(points, start, min(end, start + limits.points_max), work.values)
    premix(work.values, count)
    return count, shingle_set(work.values, count, work.own)


@njit(cache=True, nogil=True)
def refresh(state: Any, limits: Any, work: Any, points: Any, start: int, end: int, known: int, now_s: int) -> None:
    """A text that grew old but is still copied enters again before the queue reaches it."""
    slot = known % limits.capacity
    # read first: the new entry may get the very slot of the old one
    was_leader, size = state.set_at[slot] != NO_LEADER, state.set_size[slot]
    family, root = state.families[slot], state.roots[slot]
    entry = enter(state, limits, state.keys[slot], size, now_s)
    join_family(state, limits, entry, family, root)
    if was_leader:
        count, size = distinct(limits, work, points, start, end)
        signature(work, count)
        lead(state, limits, entry, work.keys, work.own, size)


@njit(cache=True, nogil=True)
def place(state: Any, limits: Any, work: Any, key: int, count: int, size: int, now_s: int) -> tuple[int, float]:
    """Enter a new text, its shingles in the work space; return (leader it joined or 0, similarity)."""
    if size < limits.shingles_min:
        enter(state, limits, key, size, now_s)
        return 0, 1.0
    signature(work, count)
    candidates = rank_candidates(state, limits, work.keys, now_s, work.found, work.votes)
    leader, best = best_leader(state, limits, work.found, candidates, work.own, size)
    if leader == 0:
        entry = enter(state, limits, key, size, now_s)
        state.leaders[entry % limits.capacity] = 1
        lead(state, limits, entry, work.keys, work.own, size)
        return 0, 1.0
    slot = leader % limits.capacity
    state.seen_s[slot] = now_s
    family, root = state.families[slot], state.roots[slot]  # before the new entry can take the slot
    entry = enter(state, limits, key, size, now_s)
    join_family(state, limits, entry, family, root)
    counted_at = root_slot(state, limits, entry)
    grows = best < limits.leader_similarity_max and state.leaders[counted_at] < limits.leaders_max
    if grows:
        state.leaders[counted_at] += 1
    if grows or state.figures[NEXT] - leader > limits.refresh_age:
        lead(state, limits, entry, work.keys, work.own, size)
    return leader, best


@njit(cache=True, nogil=True)
def assign(points: Any, offsets: Any, times_s: Any, state: Any, limits: Any, work: Any, out: Any) -> None:
    """Assign every post in order and leave the state behind it; `out` is written in place."""
    for post in range(len(offsets) - 1):
        start, end, now_s = offsets[post], offsets[post + 1], times_s[post]
        if end == start:
            continue
        key = text_key(points, start, end)
        out.text_key[post] = key
        known = find(state.exact, key)
        slot = known % limits.capacity
        if is_live(state, limits, known, now_s) and state.keys[slot] == key:
            state.figures[EXACT] += 1
            state.seen_s[slot] = now_s
            out.family[post] = state.families[slot]
            out.shingles[post] = state.set_size[slot]
            out.similarity[post] = 1.0
            if state.figures[NEXT] - known > limits.refresh_age:
                refresh(state, limits, work, points, start, end, known, now_s)
            continue
        count, size = distinct(limits, work, points, start, end)
        out.shingles[post] = size
        leader, similarity = place(state, limits, work, key, count, size, now_s)
        out.similarity[post] = similarity
        out.is_first[post] = leader == 0
        out.family[post] = state.families[(state.figures[NEXT] - 1) % limits.capacity]
