"""Limits on how often an address may ask."""

import threading
from collections import OrderedDict

MINUTE_MS = 60_000
ADDRESSES_MAX = 10_000


class RateLimit:
    """Counts by minute, in memory, for the newest `ADDRESSES_MAX` addresses."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._counts: OrderedDict[str, tuple[int, int]] = OrderedDict()
        self._lock = threading.Lock()

    def allows(self, address: str, now_ms: int) -> bool:
        """Count one request and say whether it is within the limit."""
        minute = now_ms // MINUTE_MS
        with self._lock:
            began, count = self._counts.pop(address, (minute, 0))
            count = count + 1 if began == minute else 1
            self._counts[address] = (minute, count)
            if len(self._counts) > ADDRESSES_MAX:
                self._counts.popitem(last=False)
        return count <= self._per_minute
