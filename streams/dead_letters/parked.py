"""What is parked on the topic of dead letters, read without a group, and whether it could be sent again."""

import time
from collections.abc import AsyncIterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from models.codec import Kind, decode_event
from models.dead_letters import DeadLetter, decode_dead_letter
from models.errors import InvalidEvent
from streams.ingest.validate import kinds
from streams.log_reader import LogReader
from streams.settings import Settings
from streams.topics import TopicsUnfit, names


class Prospect(StrEnum):
    """What would come of sending a letter's message again as it is."""

    VALID = "valid"
    """This version accepts it by now: Shoal was upgraded, or a moment in the future has come."""
    REFUSED = "refused"
    """It would be refused again."""
    CUT = "cut"
    """Only the beginning of the message was kept."""
    INTERNAL = "internal"
    """It was on a topic between Shoal's own workers, which nobody else writes to."""


class Wanted(NamedTuple):
    """Which letters: an empty set stands for all."""

    topics: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()
    since_ms: int = 0
    """By when they were refused, epoch ms."""

    def holds(self, letter: DeadLetter) -> bool:
        """Whether the letter is one of them."""
        return (
            (not self.topics or letter.topic in self.topics)
            and (not self.reasons or letter.reason in self.reasons)
            and letter.rejected_at_ms >= self.since_ms
        )


class Parked:
    """The letters that are on the topic when reading begins, the oldest first."""

    def __init__(self, settings: Settings, wanted: Wanted) -> None:
        self._settings = settings
        self._wanted = wanted
        self.unreadable = 0
        """Messages on the topic that are no letters, so far."""

    async def chunks(self) -> AsyncIterator[list[DeadLetter]]:
        """Yield them in chunks. Raises `TopicsUnfit`, `KafkaError`."""
        topic = names(self._settings).dead_letters
        async with LogReader(self._settings) as reader:
            if not await reader.exists(topic):
                raise TopicsUnfit([f"the brokers know no topic {topic}: `shoal topics create` makes what is missing"])
            first, end = await reader.bounds(topic, 0)
            if self._wanted.since_ms:
                first = max(first, await reader.since(topic, 0, self._wanted.since_ms))
            async for records in reader.read(topic, 0, first, end):
                letters = [letter for record in records if (letter := self._letter(record.value)) is not None]
                if fitting := [letter for letter in letters if self._wanted.holds(letter)]:
                    yield fitting

    def _letter(self, raw: bytes | None) -> DeadLetter | None:
        try:
            return decode_dead_letter(raw or b"")
        except InvalidEvent:
            self.unreadable += 1
            return None


class Judge:
    """Says of letters what would come of sending them again."""

    def __init__(self, settings: Settings) -> None:
        self.kinds: Mapping[str, Kind] = kinds(settings)

    def prospect(self, letter: DeadLetter) -> Prospect:
        """Decode the message as the workers of this version would, now."""
        kind = self.kinds.get(letter.topic)
        if kind is None:
            return Prospect.INTERNAL
        if letter.cut:
            return Prospect.CUT
        try:
            decode_event(kind, letter.raw, int(time.time() * 1000))
        except InvalidEvent:
            return Prospect.REFUSED
        return Prospect.VALID
