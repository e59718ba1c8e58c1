"""The detector's own similarity of two texts: exact, and as its index decides it."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from detector.near_duplicates.index import NearDuplicateIndex
from detector.near_duplicates.settings import NearDuplicateSettings
from detector.near_duplicates.sketch import shingle
from detector.text import normalise, strip

Floats = NDArray[np.float64]
CAPACITY = 1_000


def jaccards(one: Sequence[str], other: Sequence[str]) -> Floats:
    """float64[n], 0 to 1: exact Jaccard of the full 32-bit shingle sets; 0 where a text has no words of its own."""
    return np.array([_jaccard(a, b) for a, b in zip(shingle_sets(one), shingle_sets(other), strict=True)])


def shingle_sets(texts: Sequence[str]) -> list[frozenset[int]]:
    """Shingles of each text after the detector's stripping and normalisation."""
    points, offsets = normalise([strip(text) for text in texts])
    work = np.empty(max(len(points), 1), np.uint32)
    sets = []
    for start, end in pairwise(offsets.tolist()):
        count = shingle(points, start, end, work)
        sets.append(frozenset(work[:count].tolist()))
    return sets


def _jaccard(a: frozenset[int], b: frozenset[int]) -> float:
    return len(a & b) / len(a | b) if a and b else 0.0


def index_joins(one: str, other: str, settings: NearDuplicateSettings) -> bool:
    """Whether the index puts both texts into one family: bands, verification, and the rule for short texts."""
    found = NearDuplicateIndex(settings).assign([one, other], np.zeros(2, np.int64))
    return bool(found.family[0] != 0 and found.family[0] == found.family[1])


def decisions(one: Sequence[str], other: Sequence[str]) -> NDArray[np.bool_]:
    """bool[n]: `index_joins` of each pair in an index of its own, at the detector's settings."""
    settings = NearDuplicateSettings(capacity=CAPACITY)
    return np.array([index_joins(a, b, settings) for a, b in zip(one, other, strict=True)], np.bool_)
