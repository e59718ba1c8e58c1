"""The ratio of invalid events at which the worker refuses to go on."""

from collections import deque

from models.errors import ShoalError


class TooManyDeadLetters(ShoalError):
    """The share of invalid events passed its maximum: a producer, or this version, is broken."""


class DeadLetterRatio:
    """Share of invalid events among the newest `window`, looked at from `minimum` invalid ones on."""

    def __init__(self, maximum: float, minimum: int, window: int) -> None:
        self.maximum = maximum
        self.minimum = minimum
        self.window = window
        self._batches: deque[tuple[int, int]] = deque()
        self._events = 0
        self._invalid = 0

    def add(self, events: int, invalid: int) -> None:
        """Count a batch. Raises `TooManyDeadLetters` before any of the batch is parked."""
        if not events:
            return
        self._batches.append((events, invalid))
        self._events += events
        self._invalid += invalid
        while self._events - self._batches[0][0] >= self.window:
            old_events, old_invalid = self._batches.popleft()
            self._events -= old_events
            self._invalid -= old_invalid
        if self._invalid >= self.minimum and self._invalid > self.maximum * self._events:
            raise TooManyDeadLetters(
                f"{self._invalid} of the newest {self._events} events are invalid, "
                f"more than the allowed share of {self.maximum:g}: look at the dead letters, "
                "mend the producer (or raise SHOAL_DEAD_LETTERS_RATIO_MAX), then restart"
            )
