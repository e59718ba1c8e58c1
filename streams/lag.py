"""How far behind in time a worker is, partition by partition."""

from collections import deque

SAMPLES_MAX = 2_000


class LagClock:
    """Age of the oldest unprocessed message of one partition, to the precision of the sampling.

    What came while somebody looked is aged by where the partition ended when. Of a backlog from before, after a
    restart say, nobody saw it come: there the timestamp of the record processed last tells how old the next one is.
    """

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int]] = deque()
        self._seen_from: int | None = None
        """End of the partition at the first look."""

    def observe(self, now_s: float, end: int, position: int, processed_at_s: float | None = None) -> float:
        """Take a sample; return the lag in seconds, 0 or more.

        `now_s`: wall clock, epoch s; `end`: offset of the next message; `position`: next to process;
        `processed_at_s`: timestamp of the record before `position`, epoch s, if it is known.
        """
        if self._seen_from is None:
            self._seen_from = end
        samples = self._samples
        if not samples or samples[-1][1] < end:
            samples.append((now_s, end))
        while samples and samples[0][1] <= position:
            samples.popleft()
        self._thin()
        if not samples:
            return 0.0
        since_s = samples[0][0]
        if position < self._seen_from and processed_at_s is not None:
            since_s = min(since_s, processed_at_s)
        return max(0.0, now_s - since_s)

    def _thin(self) -> None:
        """Keep every other sample of a long wait: the oldest stays, or a lag of hours would seem short."""
        if len(self._samples) > SAMPLES_MAX:
            self._samples = deque(list(self._samples)[::2])
