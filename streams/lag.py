"""Lag in seconds, from samples of where a partition ended when."""

from collections import deque

SAMPLES_MAX = 2_000


class LagClock:
    """Age of the oldest unprocessed message of one partition, to the precision of the sampling."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int]] = deque(maxlen=SAMPLES_MAX)

    def observe(self, now_s: float, end: int, position: int) -> float:
        """Take a sample (`end`: offset of the next message, `position`: next to process); return the lag."""
        samples = self._samples
        if not samples or samples[-1][1] < end:
            samples.append((now_s, end))
        while samples and samples[0][1] <= position:
            samples.popleft()
        return now_s - samples[0][0] if samples else 0.0
