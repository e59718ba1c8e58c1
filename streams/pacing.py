"""How fast events of a file are sent: by their own times, N times as fast, or flat out."""

import time
from collections.abc import Callable

PAUSE_MIN_S = 0.002
"""Shorter pauses are saved up: a sleep costs more than it saves."""


class Pacer:
    """Sleeps so that event time runs at `speed` times the wall clock; None means flat out."""

    def __init__(
        self,
        speed: float | None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._speed = speed
        self._clock = clock
        self._sleep = sleep
        self._started_s: float | None = None
        self._first_ms = 0

    def wait(self, time_ms: int) -> float:
        """Return when it is time for an event of `time_ms`; the seconds slept."""
        if self._speed is None:
            return 0.0
        if self._started_s is None:
            self._started_s, self._first_ms = self._clock(), time_ms
            return 0.0
        due_s = self._started_s + (time_ms - self._first_ms) / 1000 / self._speed
        pause_s = due_s - self._clock()
        if pause_s < PAUSE_MIN_S:
            return 0.0
        self._sleep(pause_s)
        return pause_s


def parse_speed(text: str) -> float | None:
    """`real` → 1.0, `x10` or `10` → 10.0, `max` → None. Raises `ValueError`."""
    word = text.strip().casefold()
    if word in ("max", "flat"):
        return None
    if word in ("real", "realtime"):
        return 1.0
    speed = float(word.removeprefix("x").removeprefix("×"))
    if not 0 < speed <= 1e6:
        raise ValueError(f"speed {text!r} is not within x0.000001 to x1000000")
    return speed
