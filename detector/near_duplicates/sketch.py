"""Shingles and MinHash of one text, as compiled kernels.

Shingles: 2-grams that start at a CJK character, 4-grams elsewhere; a text too short for either is one
shingle. MinHash: Broder (1997), with the 32-bit affine permutations of datasketch 2.0 (same seed, same
values, asserted by a test).
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from detector.near_duplicates.compiled import njit

BANDS: Final = 16
ROWS: Final = 4
PERMUTATIONS: Final = BANDS * ROWS
SEED: Final = 1
CJK_FROM: Final = 0x3040
"""Normalised text holds only letters and digits; from here on they are kana, hangul and ideographs."""

_P1, _P2, _P3, _P4 = (np.uint32(x) for x in (0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F, 0x165667B1))
_WHOLE: Final = np.uint32(0xABCDEF)
_U = np.uint32
_M1, _M2, _M3 = (np.uint64(x) for x in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


def permutations() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """(a, b), uint32[64] each: h → a·h + b mod 2³², drawn as datasketch draws them."""
    draw = np.random.RandomState(SEED)
    a = draw.randint(0, 1 << 31, PERMUTATIONS, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    b = draw.randint(0, 1 << 32, PERMUTATIONS, dtype=np.uint32)
    return a, b


def band_codes() -> NDArray[np.uint64]:
    """uint64[16, 4]: odd multipliers that hash the rows of a band into its key."""
    draw = np.random.RandomState(9)
    return draw.randint(1, 1 << 62, size=(BANDS, ROWS)).astype(np.uint64) | np.uint64(1)


@njit(cache=True, nogil=True, inline="always")
def mix64(x: Any) -> Any:
    """SplitMix64 finaliser: a bijection in which every input bit moves every output bit."""
    x = (x ^ (x >> np.uint64(30))) * _M2
    x = (x ^ (x >> np.uint64(27))) * _M3
    return x ^ (x >> np.uint64(31))


@njit(cache=True, nogil=True)
def text_key(points: NDArray[np.uint32], start: int, end: int) -> Any:
    """64-bit key of points[start:end], never 0: equal texts have equal keys."""
    key = np.uint64(end - start)
    for i in range(start, end):
        key = mix64(key * _M1 + np.uint64(points[i]) + np.uint64(1))
    return key if key != np.uint64(0) else np.uint64(1)


@njit(cache=True, nogil=True)
def shingle(points: NDArray[np.uint32], start: int, end: int, out: NDArray[np.uint32]) -> int:
    """Write the raw 32-bit shingle hashes of points[start:end] to `out`; return how many."""
    count = 0
    for i in range(start, end):
        left = end - i
        if points[i] >= _U(CJK_FROM):
            if left >= 2:
                out[count] = points[i] * _P1 + points[i + 1] * _P2
                count += 1
        elif left >= 4:
            out[count] = points[i] * _P1 + points[i + 1] * _P2 + points[i + 2] * _P3 + points[i + 3] * _P4
            count += 1
    if count == 0 and end > start:
        whole = points[start] * _P1
        if end - start > 1:
            whole += points[start + 1] * _P2
        if end - start > 2:
            whole += points[start + 2] * _P3
        out[0] = whole ^ _WHOLE
        count = 1
    return count


@njit(cache=True, nogil=True)
def premix(values: NDArray[np.uint32], count: int) -> None:
    """MurmurHash3 finaliser in place, as datasketch mixes values before permuting them."""
    for i in range(count):
        h = values[i]
        # numba widens products to 64 bits: cut back to 32 each time
        h = _U((h ^ (h >> _U(16))) * _U(0x85EBCA6B))
        h = _U((h ^ (h >> _U(13))) * _U(0xC2B2AE35))
        values[i] = h ^ (h >> _U(16))


@njit(cache=True, nogil=True)
def minhash(
    values: NDArray[np.uint32], count: int, a: NDArray[np.uint32], b: NDArray[np.uint32], out: NDArray[np.uint32]
) -> None:
    """out[p] = min over the premixed values of a[p]·v + b[p] mod 2³²."""
    for p in range(len(a)):
        least = _U(0xFFFFFFFF)
        for i in range(count):
            permuted = _U(_U(a[p] * values[i]) + b[p])
            least = min(least, permuted)
        out[p] = least


@njit(cache=True, nogil=True)
def band_keys(sketch: NDArray[np.uint32], codes: NDArray[np.uint64], out: NDArray[np.uint64]) -> None:
    """out[band] = 64-bit key of the band's four rows."""
    for band in range(BANDS):
        total = np.uint64(band)
        for row in range(ROWS):
            total += np.uint64(sketch[band * ROWS + row]) * codes[band, row]
        out[band] = mix64(total)


@njit(cache=True, nogil=True)
def shingle_set(values: NDArray[np.uint32], count: int, out: NDArray[np.uint16]) -> int:
    """Write the sorted distinct low 16 bits of the values to `out`; return how many (the set's size)."""
    low = np.empty(count, np.uint16)
    for i in range(count):
        low[i] = np.uint16(values[i] & _U(0xFFFF))
    low.sort()
    size = 0
    for i in range(count):
        if i == 0 or low[i] != low[i - 1]:
            out[size] = low[i]
            size += 1
    return size
