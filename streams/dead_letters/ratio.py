"""The ratio of invalid events at which the worker refuses to go on."""

from collections import Counter, deque
from collections.abc import Sequence

from models.dead_letters import DeadLetter
from models.errors import ShoalError
from streams.dead_letters.faults import Fault, fault_of, place_of


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

    def add(self, events: int, letters: Sequence[DeadLetter]) -> None:
        """Count a batch of events, `letters` among them. Raises `TooManyDeadLetters` before any of it is parked."""
        if not events:
            return
        self._batches.append((events, len(letters)))
        self._events += events
        self._invalid += len(letters)
        while self._events - self._batches[0][0] >= self.window:
            old_events, old_invalid = self._batches.popleft()
            self._events -= old_events
            self._invalid -= old_invalid
        if self._invalid >= self.minimum and self._invalid > self.maximum * self._events:
            raise TooManyDeadLetters(
                f"{self._invalid} of the newest {self._events} events are invalid, more than the allowed share of "
                f"{self.maximum:g}{_told(letters)}. Mend the producer; what it sent so far is still on its topic, and "
                "a worker with SHOAL_DEAD_LETTERS_RATIO_MAX=1 parks it with the reasons and goes on"
            )


def _told(letters: Sequence[DeadLetter]) -> str:
    """The commonest fault and where it was found last."""
    if not letters:
        return ""
    faults: Counter[Fault] = Counter(map(fault_of, letters))
    ((worst, _),) = faults.most_common(1)
    newest = next(letter for letter in reversed(letters) if fault_of(letter) == worst)
    return f", most often {worst}, as at {place_of(newest)}"
