"""Counts of each topic's last hour, in arrays over all slots."""

from typing import Any, Final

import numpy as np
from datasketch import HyperLogLogPlusPlus
from numpy.typing import NDArray

from models.trends import TrendMoment

MINUTE_MS: Final = 60_000
MINUTES: Final = 60
HLL_BITS: Final = 8
PERIOD_MS: Final = 15 * MINUTE_MS
PERIODS: Final = 5
"""Distinct accounts are of the current quarter of an hour and the four before."""
ACTS: Final = 0
ACCOUNTS: Final = 1
QUESTION: Final = 2


class Counters:
    """Series by minute and a HyperLogLog of accounts for each slot. About 2 kB a slot.

    Distinct accounts are ± 6.5 % (2⁸ registers a quarter of an hour; Flajolet et al., 2007, in datasketch's form).
    """

    def __init__(self, slots: int) -> None:
        self._bin = np.zeros(slots, np.int64)
        self._series = np.zeros((3, slots, MINUTES), np.int32)
        self._used = 0
        """Slots from here on have never had a topic."""
        self._minute = -1
        self._registers = np.zeros((slots, PERIODS, 1 << HLL_BITS), np.uint8)
        self._period = -1
        self._arrived: list[tuple[int, int]] = []
        """Accounts that are not in the registers yet: whoever reads those calls `_flush` first."""
        self.waiting = False
        """Whether anybody came since the last bin."""

    def begin(self, slot: int) -> None:
        """A slot gets a new topic."""
        self._flush()
        self._used = max(self._used, slot + 1)
        self._bin[slot] = 0
        self._series[:, slot] = 0
        self._registers[slot] = 0

    def act(self, slot: int, time_ms: int) -> None:
        """Count an act of any account."""
        self._roll(time_ms)
        self._series[ACTS, slot, (time_ms // MINUTE_MS) % MINUTES] += 1

    def arrive(self, slot: int, account: int, time_ms: int) -> None:
        """Count an account that comes to the topic."""
        self._bin[slot] += 1
        self._series[ACCOUNTS, slot, (time_ms // MINUTE_MS) % MINUTES] += 1
        self._arrived.append((slot, account))
        self.waiting = True

    def question(self, slot: int, came_ms: int, step: int = 1) -> None:
        """An account that came then is in question from now on; with −1, no longer."""
        minute = came_ms // MINUTE_MS
        if self._minute - MINUTES < minute <= self._minute:
            self._series[QUESTION, slot, minute % MINUTES] += step

    def close_bin(self, end_ms: int) -> NDArray[np.int64]:
        """int64[slots]: accounts that came to each topic since the last call."""
        self._roll(end_ms)
        counts, self._bin = self._bin, np.zeros_like(self._bin)
        self._flush()
        self.waiting = False
        return counts

    def _flush(self) -> None:
        if not self._arrived:
            return
        slots = np.array([slot for slot, _ in self._arrived], np.int64)
        hashes = np.array([account for _, account in self._arrived], np.uint64)
        self._arrived = []
        low = (hashes & np.uint64((1 << HLL_BITS) - 1)).astype(np.int64)
        rest = hashes >> np.uint64(HLL_BITS)
        # rank: position of the first 1 in the other bits (Heule et al., 2013)
        ranks = (64 - HLL_BITS) - np.frexp(rest.astype(np.float64))[1] + 1
        periods = np.full(len(slots), self._period % PERIODS, np.int64)
        np.maximum.at(self._registers, (slots, periods, low), ranks.astype(np.uint8))

    def _roll(self, time_ms: int) -> None:
        minute = time_ms // MINUTE_MS
        if minute > self._minute:
            passed = np.arange(max(self._minute + 1, minute - MINUTES + 1), minute + 1)
            self._series[:, : self._used, passed % MINUTES] = 0
            self._minute = minute
        period = time_ms // PERIOD_MS
        if period > self._period:
            self._flush()
            passed = np.arange(max(self._period + 1, period - PERIODS + 1), period + 1)
            self._registers[: self._used, passed % PERIODS] = 0
            self._period = period

    def busiest(self, number: int) -> NDArray[np.int64]:
        """Slots with most accounts by minute over the last hour, at most `number`, ties by slot."""
        totals = self._series[ACCOUNTS, : self._used].sum(axis=1)
        order = np.argsort(-totals, kind="stable")[:number]
        return np.asarray(order[totals[order] > 0], np.int64)

    def distinct(self, slot: int) -> int:
        """Accounts of the last hour."""
        self._flush()
        registers = self._registers[slot].max(axis=0)
        return round(float(HyperLogLogPlusPlus(HLL_BITS, reg=registers.astype(np.int8)).count()))

    def series(self, slot: int) -> list[TrendMoment]:
        """The last hour by minute, oldest first, from the first minute with an act."""
        if self._minute < 0:
            return []
        minutes = np.arange(self._minute - MINUTES + 1, self._minute + 1)
        values = self._series[:, slot][:, minutes % MINUTES]
        active = np.flatnonzero(values[ACTS])
        if not len(active):
            return []
        return [
            TrendMoment(int(minute) * MINUTE_MS, *map(int, column))
            for minute, column in zip(minutes[active[0] :], values.T[active[0] :], strict=True)
        ]

    def snapshot(self) -> dict[str, NDArray[Any]]:
        """Arrays of the state."""
        self._flush()
        return {
            "bin": self._bin,
            "series": self._series,
            "registers": self._registers,
            "clocks": np.array([self._minute, self._period, self._used, self.waiting], np.int64),
        }

    def restore(self, arrays: dict[str, NDArray[Any]]) -> None:
        """Take the state of `snapshot`."""
        self._bin, self._series, self._registers = (np.array(arrays[n]) for n in ("bin", "series", "registers"))
        self._minute, self._period, self._used, waiting = map(int, arrays["clocks"])
        self._arrived, self.waiting = [], bool(waiting)
