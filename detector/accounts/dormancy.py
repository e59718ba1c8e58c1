"""Who slept and who woke: the last day on which each account did anything."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

DAY_MS: Final = 86_400_000
DAYS_MAX: Final = 400
"""Days of which the general wake-up is remembered."""
_MERGE_AT: Final = 65_536
Hashes = NDArray[np.uint64]
Days = NDArray[np.int64]


class Dormancy:
    """Last day of activity of up to `accounts_max` accounts, by hash; those longest silent are forgotten first.

    An account wakes on a day when it acts after `dormant_days` or more without any action. One that
    was never seen wakes when the stream itself has been watched for so long; whether it is simply new
    its registration must tell (`first_seen`). 32 bytes an account.
    """

    def __init__(self, dormant_days: int = 14, accounts_max: int = 500_000) -> None:
        self.dormant_days = dormant_days
        self._accounts_max = accounts_max
        self._hashes: Hashes = np.zeros(0, np.uint64)
        self._first: Days = np.zeros(0, np.int64)
        self._last: Days = np.zeros(0, np.int64)
        self._woke: Days = np.zeros(0, np.int64)
        self._since = -1
        self._today = -1
        self._today_hashes: Hashes = np.zeros(0, np.uint64)
        self._pending: list[Hashes] = []
        self._by_day: dict[int, tuple[int, int]] = {}
        self.events = 0
        """Actions counted since the start."""

    @property
    def watched_days(self) -> int:
        """Whole days for which the stream has been watched."""
        return max(0, self._today - self._since)

    def see(self, slices_ms: NDArray[np.int64], accounts: Hashes) -> None:
        """Actions as slice ends and account hashes; later calls are of later or equal days."""
        if not len(slices_ms):
            return
        self.events += len(slices_ms)
        days = (slices_ms - 1) // DAY_MS
        for day in np.unique(days).tolist():
            if day > self._today:
                self._close()
                self._today = day
                self._since = day if self._since < 0 else self._since
            self._pending.append(np.asarray(accounts[days == day], np.uint64))
        if sum(map(len, self._pending)) > _MERGE_AT:
            self._gather()

    def woke(self, accounts: Hashes) -> tuple[Days, NDArray[np.bool_]]:
        """Return (day of the latest awakening, −1 for none; whether it was seen then for the first time)."""
        self._gather()
        at, known = _find(self._hashes, accounts)
        woke = np.where(known, self._woke[at], -1) if len(self._hashes) else np.full(len(accounts), -1, np.int64)
        first = known & (self._first[at] == woke) if len(self._hashes) else np.zeros(len(accounts), np.bool_)
        _, today = _find(self._today_hashes, accounts)
        wakes, new = self._wakes(accounts)
        now = today & wakes
        return np.where(now, self._today, woke), np.where(now, new, first)

    def general(self, day: int) -> tuple[int, int]:
        """(accounts that woke on a day, accounts active on it), of the whole platform."""
        if day == self._today:
            self._gather()
            return int(self._wakes(self._today_hashes)[0].sum()), len(self._today_hashes)
        return self._by_day.get(day, (0, 0))

    def _wakes(self, accounts: Hashes) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """(whether each would wake by acting today, whether it was never seen)."""
        at, known = _find(self._hashes, accounts)
        if not len(self._hashes):
            return np.full(len(accounts), self.watched_days >= self.dormant_days), np.ones(len(accounts), np.bool_)
        slept = np.where(known, self._today - self._last[at], self.watched_days)
        return slept >= self.dormant_days, ~known

    def _gather(self) -> None:
        if self._pending:
            self._today_hashes = np.unique(np.concatenate([self._today_hashes, *self._pending]))
            self._pending = []

    def _close(self) -> None:
        """The day is over: its accounts enter the table."""
        self._gather()
        today = self._today_hashes
        if not len(today):
            return
        wakes, new = self._wakes(today)
        self._by_day[self._today] = (int(wakes.sum()), len(today))
        for day in sorted(self._by_day)[:-DAYS_MAX]:
            del self._by_day[day]
        at, known = _find(self._hashes, today)
        self._last[at[known]] = self._today
        self._woke[at[known & wakes]] = self._today
        woke = np.where(wakes[new], self._today, -1)
        self._insert(today[new], woke)
        self._today_hashes = np.zeros(0, np.uint64)

    def _insert(self, hashes: Hashes, woke: Days) -> None:
        fresh = np.full(len(hashes), self._today, np.int64)
        columns = (
            np.concatenate([self._hashes, hashes]),
            np.concatenate([self._first, fresh]),
            np.concatenate([self._last, fresh]),
            np.concatenate([self._woke, woke]),
        )
        order = np.argsort(columns[0], kind="stable")
        excess = len(order) - self._accounts_max
        if excess > 0:
            forgotten = np.lexsort((columns[0], columns[2]))[:excess]
            order = order[~np.isin(order, forgotten)]
        self._hashes, self._first, self._last, self._woke = (column[order] for column in columns)

    def snapshot(self) -> dict[str, Any]:
        """The state as plain values and bytes."""
        self._gather()
        arrays = (self._hashes, self._first, self._last, self._woke, self._today_hashes)
        return {
            "arrays": [array.tobytes() for array in arrays],
            "days": (self._since, self._today, self.events),
            "by_day": list(self._by_day.items()),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the state of `snapshot`."""
        hashes, first, last, woke, today = state["arrays"]
        self._hashes, self._today_hashes = np.frombuffer(hashes, np.uint64), np.frombuffer(today, np.uint64)
        self._first, self._last, self._woke = (np.frombuffer(raw, np.int64).copy() for raw in (first, last, woke))
        self._since, self._today, self.events = state["days"]
        self._by_day = {day: (woken, active) for day, (woken, active) in state["by_day"]}
        self._pending = []


def _find(table: Hashes, wanted: Hashes) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """(place of each hash in a sorted table, whether it is there)."""
    if not len(table):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.bool_)
    at = np.minimum(np.searchsorted(table, wanted), len(table) - 1).astype(np.int64)
    return at, table[at] == wanted
