"""Times: when people act. All in epoch ms; nothing here reads a clock."""

from collections.abc import Iterator

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

MINUTE_MS = 60_000
HOUR_MS = 3_600_000
DAY_MS = 86_400_000
START_MS = 1_741_017_600_000
"""2025-03-03 16:00 UTC, a Monday evening by local time of the simulated platform."""

_HOURLY = np.array([3, 2, 1.2, 1, 1, 1.5, 3, 5, 6, 6.5, 7, 7.5, 8, 7, 6.5, 6.5, 7, 7.5, 8, 9, 10, 10, 8, 5.5])
"""Activity by hour of day, UTC, from any platform's usual two humps."""


def times(rng: Generator, number: int, start_ms: int, duration_ms: int) -> NDArray[np.int64]:
    """Draw `number` sorted times within [start, start + duration) that follow the day cycle."""
    edges_ms = np.arange(0, duration_ms + 1, 10 * MINUTE_MS, dtype=np.int64)
    if edges_ms[-1] < duration_ms:
        edges_ms = np.append(edges_ms, duration_ms)
    hours = ((start_ms + edges_ms[:-1]) // HOUR_MS) % 24
    weights = _HOURLY[hours] * np.diff(edges_ms)
    at_ms = np.interp(rng.random(number) * weights.sum(), np.append(0, np.cumsum(weights)), edges_ms)
    return start_ms + np.sort(np.minimum(at_ms.astype(np.int64), duration_ms - 1))


def delays(rng: Generator, number: int, median_ms: float, sigma: float) -> NDArray[np.int64]:
    """Log-normal reaction times: `median_ms`, spread by a factor e^`sigma`."""
    return np.asarray(median_ms * np.exp(sigma * rng.standard_normal(number)), np.int64)


def spread(rng: Generator, number: int, start_ms: int, duration_ms: int, gap_share: float = 0.05) -> Iterator[int]:
    """`number` moments in order, evenly apart but for a little chance, inside the duration."""
    step_ms = duration_ms / number
    for position in range(number):
        yield int(start_ms + step_ms * (position + gap_share + (1 - 2 * gap_share) * rng.random()))
