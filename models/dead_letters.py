"""The record of a message that broke the contract, as found on `shoal.dead-letters`."""

import msgspec
from msgspec import Struct

from models.errors import InvalidEvent

RAW_BYTES_MAX = 1_048_576
"""Larger messages are parked cut off, and say so."""
KEY_BYTES_MAX = 4_096
"""Longer keys are cut off: nobody's are."""


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
    key: bytes | None = None
    """The message's key (base64 in JSON), to send it again to where it was; cut off like `raw`."""
    timestamp_ms: int | None = None
    """When the message was written, by Kafka's account."""
    shoal_version: str = ""
    """The version of Shoal that refused it."""

    def encode(self) -> bytes:
        """JSON with `raw` in base64."""
        return msgspec.json.encode(self)

    @classmethod
    def of(
        cls,
        error: InvalidEvent,
        topic: str,
        partition: int,
        offset: int,
        raw: bytes | None,
        now_ms: int,
        *,
        key: bytes | None = None,
        timestamp_ms: int | None = None,
        shoal_version: str = "",
    ) -> "DeadLetter":
        """Park `raw` with the reason it was refused."""
        return cls(
            topic=topic,
            partition=partition,
            offset=offset,
            field=error.field,
            reason=error.reason,
            detail=error.detail,
            rejected_at_ms=now_ms,
            raw=(raw or b"")[:RAW_BYTES_MAX],
            cut=len(raw or b"") > RAW_BYTES_MAX,
            key=key if key is None else key[:KEY_BYTES_MAX],
            timestamp_ms=timestamp_ms,
            shoal_version=shoal_version,
        )


def decode_dead_letter(raw: bytes) -> DeadLetter:
    """Decode a dead letter. Raises `InvalidEvent`."""
    try:
        return msgspec.json.decode(raw, type=DeadLetter)
    except msgspec.DecodeError as error:
        raise InvalidEvent("dead_letter", "malformed", str(error)) from error
