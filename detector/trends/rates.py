"""How fast accounts come to each topic, and when that is a burst: a quasi-Poisson CUSUM over all topics at once.

s = max(0, s + (c·ln ρ − μ(ρ − 1)) / φ) with φ = max(1, variance / μ): the log-likelihood ratio of a rate ρ
times the usual one against the usual one, for counts that spread φ times as wide as Poisson's (E. S. Page,
1954; quasi-likelihood: McCullagh and Nelder, 1989). μ follows the hour of the day that all topics share.
"""

from math import log
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from detector.trends.settings import TrendSettings

BIN_MS: Final = 10_000
HOUR_MS: Final = 3_600_000
NO_BURST: Final = 0
CLIP: Final = 4.0
"""A bin counts towards the usual rate by at most so many standard deviations above it, so that a burst hardly does."""
CYCLE_MEMORY: Final = 1 / 3
"""Weight of the newest day in the cycle of hours."""


class Rates:
    """Usual rate and CUSUM of each slot. Arrays of `slots` items; a bin is ten seconds."""

    def __init__(self, slots: int, settings: TrendSettings) -> None:
        self._log_rise, self._rise = log(settings.rise), settings.rise
        self._burst_min = settings.burst_min
        self._floor = settings.rate_floor * BIN_MS / 60_000
        self._learn = BIN_MS / (settings.memory_min * 60_000)
        self._mean = np.full(slots, self._floor)
        self._variance = np.full(slots, self._floor)
        self._sum = np.zeros(slots)
        self._since_ms = np.zeros(slots, np.int64)
        """End of the last bin in which the sum was 0."""
        self._burst_ms = np.full(slots, NO_BURST, np.int64)
        """Begin of the burst."""
        self._used = 0
        """Slots from here on have never had a topic."""
        self._hours = np.zeros(24)
        self._hour = (-1, 0.0, False)
        """(hour since 1970, accounts in it so far, whether it was seen from its beginning)."""

    def begin(self, slot: int, at_ms: int) -> None:
        """A slot gets a new topic, of which nothing is known."""
        self._used = max(self._used, slot + 1)
        self._mean[slot] = self._variance[slot] = self._floor
        self._sum[slot] = 0.0
        self._since_ms[slot] = at_ms
        self._burst_ms[slot] = NO_BURST

    def close_bin(self, counts: NDArray[np.int64], end_ms: int) -> None:
        """`counts` int64[slots]: accounts that came to each topic in the bin that ends at `end_ms`."""
        used = slice(self._used)
        mean, variance, total = self._mean[used], self._variance[used], self._sum[used]
        since_ms, burst_ms = self._since_ms[used], self._burst_ms[used]
        counts = counts[used]
        cycle = self._cycle(int(counts.sum()), end_ms)
        usual = np.maximum(mean * cycle, self._floor)
        spread = np.maximum(1.0, variance / np.maximum(mean, self._floor))
        step = (counts * self._log_rise - usual * (self._rise - 1)) / spread
        np.clip(total + step, 0.0, 3 * self._burst_min, out=total)
        since_ms[total == 0] = end_ms
        begins = (total >= self._burst_min) & (burst_ms == NO_BURST)
        burst_ms[begins] = since_ms[begins]
        burst_ms[total == 0] = NO_BURST
        off = np.minimum(counts, usual + CLIP * np.sqrt(variance + 0.5)) / cycle - mean
        mean += self._learn * off
        variance += self._learn * (off * off - variance)

    def skip(self, bins: int, end_ms: int) -> None:
        """`bins` bins passed in which nobody came to any topic."""
        usual = np.maximum(self._mean, self._floor)
        spread = np.maximum(1.0, self._variance / usual)
        self._sum = np.maximum(0.0, self._sum - bins * usual * (self._rise - 1) / spread)
        self._since_ms[self._sum == 0] = end_ms
        self._burst_ms[self._sum == 0] = NO_BURST
        left = (1 - self._learn) ** bins
        self._mean *= left
        self._variance *= left

    def _cycle(self, count: int, end_ms: int) -> float:
        """Factor of the hour of the day, 0.2 to 5; 1 until a whole day was seen."""
        hour = (end_ms - 1) // HOUR_MS
        if hour != self._hour[0]:
            self._remember_hour(hour)
        self._hour = (hour, self._hour[1] + count, self._hour[2])
        if not self._hours.all():
            return 1.0
        return float(np.clip(self._hours[hour % 24] / self._hours.mean(), 0.2, 5.0))

    def _remember_hour(self, hour: int) -> None:
        before, count, whole = self._hour
        follows = hour == before + 1
        # nothing is learned of an hour that was not seen whole, nor of hours that nobody reached
        if whole and follows:
            of_day = before % 24
            known = self._hours[of_day]
            self._hours[of_day] = count + 1.0 if not known else known + CYCLE_MEMORY * (count + 1.0 - known)
        self._hour = (hour, 0.0, follows)

    def burst_ms(self, slot: int) -> int | None:
        """Begin of the topic's burst."""
        found = int(self._burst_ms[slot])
        return None if found == NO_BURST else found

    def bursting(self) -> NDArray[np.int64]:
        """Slots that burst, ascending."""
        return np.flatnonzero(self._burst_ms[: self._used] != NO_BURST)

    def sum_of(self, slot: int) -> float:
        """The topic's CUSUM."""
        return float(self._sum[slot])

    def usual_a_minute(self, slot: int) -> float:
        """Accounts a minute that usually come."""
        return float(self._mean[slot]) * 60_000 / BIN_MS

    def snapshot(self) -> dict[str, NDArray[Any]]:
        """Arrays of the state."""
        return {
            "mean": self._mean,
            "variance": self._variance,
            "sum": self._sum,
            "since": self._since_ms,
            "burst": self._burst_ms,
            "hours": np.array([*self._hours, *self._hour, self._used]),
        }

    def restore(self, arrays: dict[str, NDArray[Any]]) -> None:
        """Take the state of `snapshot`."""
        names = ("mean", "variance", "sum", "since", "burst")
        self._mean, self._variance, self._sum, self._since_ms, self._burst_ms = (np.array(arrays[n]) for n in names)
        hours = np.asarray(arrays["hours"])
        self._hours = np.array(hours[:24])
        self._hour = (int(hours[24]), float(hours[25]), bool(hours[26]))
        self._used = int(hours[27])
