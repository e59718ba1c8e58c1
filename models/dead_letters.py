"""The record of a message that broke the contract, as found on `shoal.dead-letters`."""

import msgspec
from msgspec import Struct

from models.errors import InvalidEvent

RAW_BYTES_MAX = 1_048_576
"""Larger messages are parked cut off, and say so."""


class DeadLetter(Struct, frozen=True):
    """One message that could not become an event: where it was, why, and its bytes (base64 in JSON)."""

    topic: str
    partition: int
    offset: int
    field: str
    """Path of the field, empty for the message as a whole."""
    reason: str
    """One of `models.codec.REASONS`."""
    detail: str
    rejected_at_ms: int
    raw: bytes
    cut: bool = False
    """True if `raw` is only the beginning of a message over 1 MiB."""

    def encode(self) -> bytes:
        """JSON with `raw` in base64."""
        return msgspec.json.encode(self)

    @classmethod
    def of(
        cls, error: InvalidEvent, topic: str, partition: int, offset: int, raw: bytes | None, now_ms: int
    ) -> "DeadLetter":
        """Park `raw` with the reason it was refused."""
        kept = (raw or b"")[:RAW_BYTES_MAX]
        cut = len(raw or b"") > RAW_BYTES_MAX
        return cls(topic, partition, offset, error.field, error.reason, error.detail, now_ms, kept, cut)


def decode_dead_letter(raw: bytes) -> DeadLetter:
    """Decode a dead letter. Raises `InvalidEvent`."""
    try:
        return msgspec.json.decode(raw, type=DeadLetter)
    except msgspec.DecodeError as error:
        raise InvalidEvent("dead_letter", "malformed", str(error)) from error
