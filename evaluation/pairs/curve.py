"""Precision and recall over thresholds, and the threshold that one half chooses for the other."""

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]


class Point(msgspec.Struct, frozen=True):
    """What calling all pairs at a threshold or above comes to."""

    threshold: float
    precision: float | None
    """None where nothing is called."""
    recall: float
    f1: float
    called: int


def point(called: Marks, same: Marks, threshold: float) -> Point:
    """Precision, recall and F1 of a set of calls."""
    hits, calls, real = int((called & same).sum()), int(called.sum()), int(same.sum())
    f1 = 2 * hits / (calls + real) if calls + real else 0.0
    return Point(threshold, hits / calls if calls else None, hits / real if real else 0.0, f1, calls)


def curve(similarity: Floats, same: Marks, thresholds: Floats) -> list[Point]:
    """One point a threshold."""
    return [point(similarity >= threshold, same, float(threshold)) for threshold in thresholds]


def choose(similarity: Floats, same: Marks) -> float:
    """The threshold of hundredths with the highest F1; the highest of equals."""
    points = curve(similarity, same, np.arange(1, 101) / 100)
    return max(points, key=lambda each: (each.f1, each.threshold)).threshold
