"""Acts by topic for all the topics that are not held exactly."""

from array import array
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

DEPTH: Final = 4
WIDTH: Final = 1 << 16
PERIOD_MS: Final = 600_000
CELL_MAX: Final = 65_535


class TopicSketch:
    """Count-min sketch over the current and the previous ten minutes. 1 MiB, however many topics.

    Never underestimates; overestimates by more than e·N/2¹⁶ with probability at most e⁻⁴, N being the
    acts in a period. Source: Cormode and Muthukrishnan (2005), J. Algorithms 55.
    """

    def __init__(self) -> None:
        self._period = 0
        # arrays of the standard library: cells are counted one at a time
        self._young, self._old = _empty(), _empty()

    def add(self, topic: int, time_ms: int) -> int:
        """Count an act on the topic with this hash; return the estimate with it."""
        self._turn(time_ms // PERIOD_MS)
        estimate = 1 << 30
        for row in range(DEPTH):
            cell = row * WIDTH + ((topic >> (16 * row)) & (WIDTH - 1))
            young = self._young[cell]
            if young < CELL_MAX:
                young += 1
                self._young[cell] = young
            estimate = min(estimate, young + self._old[cell])
        return estimate

    def _turn(self, period: int) -> None:
        if period <= self._period:
            return
        self._old = self._young if period == self._period + 1 else _empty()
        self._young = _empty()
        self._period = period

    def snapshot(self) -> dict[str, NDArray[Any]]:
        """Arrays of the state."""
        period = np.array([self._period], np.int64)
        return {"young": np.array(self._young, np.uint16), "old": np.array(self._old, np.uint16), "period": period}

    def restore(self, arrays: dict[str, NDArray[Any]]) -> None:
        """Take the state of `snapshot`."""
        self._young, self._old = (array("H", np.asarray(arrays[name], "<u2").tobytes()) for name in ("young", "old"))
        self._period = int(arrays["period"][0])


def _empty() -> "array[int]":
    return array("H", bytes(2 * DEPTH * WIDTH))
