"""What the log says of refused messages: a line a topic, field and reason, at most once a minute."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import structlog

from models.dead_letters import DeadLetter

log = structlog.get_logger()

AGAIN_S = 60.0
KINDS_MAX = 200
"""Topics, fields and reasons that are told apart; what is more is counted as one."""


class Refused(NamedTuple):
    """What is told once."""

    topic: str
    reason: str
    field: str


class RefusalLog:
    """Tells of the first message of a kind at once, and of those that follow once a minute, with their number.

    Neither value nor detail is told, they can hold what people wrote: the dead letter has them.
    """

    def __init__(self, dead_letters_topic: str) -> None:
        self._dead_letters_topic = dead_letters_topic
        self._due_s: dict[Refused, float] = {}
        self._untold: Counter[Refused] = Counter()

    def tell(self, letters: Iterable[DeadLetter], now_s: float) -> None:
        """Count `letters` and log what is due; `now_s` is monotonic."""
        for letter in letters:
            kind = Refused(letter.topic, letter.reason, letter.field)
            if kind not in self._due_s and len(self._due_s) >= KINDS_MAX:
                kind = Refused(letter.topic, letter.reason, "")
            self._untold[kind] += 1
            if now_s >= self._due_s.get(kind, now_s):
                self._due_s[kind] = now_s + AGAIN_S
                log.warning(
                    "messages refused",
                    topic=kind.topic,
                    reason=kind.reason,
                    field=kind.field,
                    messages_total=self._untold.pop(kind),
                    newest=f"{letter.topic}[{letter.partition}]@{letter.offset}",
                    letters=self._dead_letters_topic,
                )
