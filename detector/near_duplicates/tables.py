"""8-way set-associative tables from 64-bit keys to entry ids, in one numpy array.

A slot holds a 24-bit tag and a 40-bit id; a full set gives up its smallest, that is oldest, id. Equal
tags of other keys happen once in 2²¹ look-ups: callers check what they find.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from detector.near_duplicates.compiled import njit

WAYS: Final = 8
LOAD: Final = 0.7
_ID_BITS = np.uint64(40)
_ID_MASK = np.uint64((1 << 40) - 1)
_TAG_MASK = np.uint64((1 << 24) - 1)
_HALF = np.uint64(32)


def make_table(entries: int) -> NDArray[np.uint64]:
    """uint64[sets, 8] for about `entries` ids."""
    return np.zeros((max(64, int(entries / LOAD / WAYS)), WAYS), np.uint64)


@njit(cache=True, nogil=True, inline="always")
def find(table: NDArray[np.uint64], key: Any) -> Any:
    """Newest id stored under the key's tag, or 0."""
    row = table[((key >> _HALF) * np.uint64(table.shape[0])) >> _HALF]
    tag = key & _TAG_MASK
    best = np.uint64(0)
    for way in range(WAYS):
        if row[way] != np.uint64(0) and (row[way] >> _ID_BITS) == tag:
            best = max(best, row[way] & _ID_MASK)
    return np.int64(best)


@njit(cache=True, nogil=True, inline="always")
def put(table: NDArray[np.uint64], key: Any, number: int) -> Any:
    """Store an id under the key; return the id of another key that had to go, or 0."""
    row = table[((key >> _HALF) * np.uint64(table.shape[0])) >> _HALF]
    tag = key & _TAG_MASK
    oldest = 0
    for way in range(WAYS):
        if row[way] != np.uint64(0) and (row[way] >> _ID_BITS) == tag:
            oldest = way
            break
        if (row[way] & _ID_MASK) < (row[oldest] & _ID_MASK):
            oldest = way
    displaced = row[oldest] & _ID_MASK if (row[oldest] >> _ID_BITS) != tag else np.uint64(0)
    row[oldest] = (tag << _ID_BITS) | np.uint64(number)
    return np.int64(displaced)
