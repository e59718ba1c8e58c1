"""What the log says of refused messages: a line a topic, field and reason, at most once a minute."""

from collections import Counter
from collections.abc import Iterable

import structlog

from models.dead_letters import DeadLetter
from streams.dead_letters.faults import FAULTS_MAX, Fault, fault_of, place_of

log = structlog.get_logger()

AGAIN_S = 60.0


class RefusalLog:
    """Tells of the first message of a fault at once, and of those that follow once a minute, with their number.

    Neither value nor detail is told, they can hold what people wrote: the dead letter has them.
    """

    def __init__(self, dead_letters_topic: str) -> None:
        self._dead_letters_topic = dead_letters_topic
        self._due_s: dict[Fault, float] = {}
        self._untold: Counter[Fault] = Counter()

    def tell(self, letters: Iterable[DeadLetter], now_s: float) -> None:
        """Count `letters` and log what is due; `now_s` is monotonic."""
        for letter in letters:
            fault = fault_of(letter)
            if fault not in self._due_s and len(self._due_s) >= FAULTS_MAX:
                fault = fault._replace(field="message")
            self._untold[fault] += 1
            if now_s >= self._due_s.get(fault, now_s):
                self._due_s[fault] = now_s + AGAIN_S
                log.warning(
                    "messages refused",
                    topic=fault.topic,
                    reason=fault.reason,
                    field=fault.field,
                    messages_total=self._untold.pop(fault),
                    newest=place_of(letter),
                    letters=self._dead_letters_topic,
                )
