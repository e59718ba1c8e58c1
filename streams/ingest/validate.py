"""Raw messages become events, or dead letters with a reason."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import detector
from models.codec import Kind, decode_events
from models.dead_letters import DeadLetter
from models.errors import InvalidEvent
from models.events import AnyEvent
from streams.settings import Settings


class Record(Protocol):
    """What is used of a Kafka message."""

    @property
    def topic(self) -> str:
        """Where it was found."""
        ...

    @property
    def partition(self) -> int:
        """Where it was found."""
        ...

    @property
    def offset(self) -> int:
        """Where it was found."""
        ...

    @property
    def key(self) -> bytes | None:
        """Its key, if it has one."""
        ...

    @property
    def timestamp(self) -> int | None:
        """When it was written, epoch ms by Kafka's account."""
        ...

    @property
    def value(self) -> bytes | None:
        """Its bytes; None for a tombstone."""
        ...


class Validated(NamedTuple):
    """A batch of one topic, sorted out."""

    events: list[AnyEvent]
    letters: list[DeadLetter]


def kinds(settings: Settings) -> dict[str, Kind]:
    """Raw topic → kind of event on it."""
    return {
        settings.posts_topic: "post",
        settings.likes_topic: "like",
        settings.accounts_topic: "account",
        settings.trends_topic: "trend",
        settings.verdicts_topic: "verdict",
    }


def validate(kind: Kind, records: Sequence[Record], now_ms: int) -> Validated:
    """Decode the records of one topic. Nothing is raised for invalid ones."""
    events: list[AnyEvent] = []
    letters: list[DeadLetter] = []
    decoded = decode_events(kind, [record.value or b"" for record in records], now_ms)
    for record, found in zip(records, decoded, strict=True):
        if isinstance(found, InvalidEvent):
            letters.append(_letter(found, record, now_ms))
        else:
            events.append(found)
    return Validated(events, letters)


def _letter(error: InvalidEvent, record: Record, now_ms: int) -> DeadLetter:
    return DeadLetter.of(
        error,
        record.topic,
        record.partition,
        record.offset,
        record.value,
        now_ms,
        key=record.key,
        timestamp_ms=record.timestamp,
        shoal_version=detector.__version__,
    )
