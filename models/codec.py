"""The one way in and out for records: JSON at the public edge, MessagePack inside.

Decoding is strict: anything doubtful raises `InvalidEvent` with a field, a reason of `REASONS` and a
detail, so that a message becomes either one event or one dead letter.
"""

import json
import re
from collections.abc import Sequence
from typing import Any, Final, Literal, TypeVar

import msgspec

from models.alerts import Alert
from models.envelopes import ENVELOPE_VERSION
from models.errors import InvalidEvent
from models.events import Account, AnyEvent, Like, Post, Trend
from models.validation import check_event

Kind = Literal["post", "like", "account", "trend"]
EVENT_SCHEMA_VERSION: Final = 1
MESSAGE_BYTES_MAX: Final = 262_144
REASONS: Final = frozenset(
    {
        "ancient", "characters", "duplicated_key", "empty", "encoding", "future", "malformed", "missing",
        "null_character", "order", "range", "time_in_microseconds", "time_in_nanoseconds", "time_in_seconds",
        "too_large", "too_long", "too_short", "type", "unknown_type", "unknown_value", "version",
    }
)  # fmt: skip
"""Every reason for which an event can be refused; metrics are labelled with them."""

TYPES: Final[dict[Kind, type[AnyEvent]]] = {"post": Post, "like": Like, "account": Account, "trend": Trend}
KIND_OF: Final[dict[type, Kind]] = {type_: kind for kind, type_ in TYPES.items()}
_DECODERS: Final[dict[Kind, msgspec.json.Decoder[Any]]] = {k: msgspec.json.Decoder(t) for k, t in TYPES.items()}
_ENCODER: Final = msgspec.json.Encoder()
_ORDERED: Final = msgspec.json.Encoder(order="deterministic")
_PACKER: Final = msgspec.msgpack.Encoder()
_ALERT: Final = msgspec.json.Decoder(Alert)
_KEY: Final = re.compile(rb'"([A-Za-z_]+)"\s*:')
_ESCAPED_ASCII: Final = re.compile(rb"\\u00[0-7]")
_TYPE: Final = re.compile(rb'"type"\s*:\s*"([a-z_]{1,32})"')
Message = TypeVar("Message")


def decode_event(kind: Kind, raw: bytes | None, now_ms: int) -> AnyEvent:
    """Decode and validate one event. `now_ms` is the receiver's clock, for moments in the future.

    Raises `InvalidEvent`.
    """
    if not raw:
        raise InvalidEvent("", "empty", "no bytes: a tombstone or an empty message")
    if len(raw) > MESSAGE_BYTES_MAX:
        raise InvalidEvent("", "too_large", f"{len(raw)} bytes, at most {MESSAGE_BYTES_MAX}")
    try:
        event: AnyEvent = _DECODERS[kind].decode(raw)
    except msgspec.ValidationError as error:
        raise _invalid(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed(error) from error
    keys = _KEY.findall(raw)
    if len(set(keys)) != len(keys) or (b"\\u00" in raw and _ESCAPED_ASCII.search(raw)):
        _check_keys(raw)
    check_event(event, now_ms)
    return event


def decode_events(kind: Kind, raws: Sequence[bytes | None], now_ms: int) -> list[AnyEvent | InvalidEvent]:
    """Decode many; an invalid one is returned as its error, in its place."""
    found: list[AnyEvent | InvalidEvent] = []
    for raw in raws:
        try:
            found.append(decode_event(kind, raw, now_ms))
        except InvalidEvent as error:
            found.append(error)
    return found


def event_of(plain: dict[str, Any], now_ms: int) -> AnyEvent:
    """Make and validate an event of one row of a table: its fields and its `type`. Raises `InvalidEvent`."""
    kind = plain.get("type")
    if kind not in TYPES:
        raise InvalidEvent("type", "unknown_type", f'"type" must be one of {", ".join(TYPES)}')
    try:
        event: AnyEvent = msgspec.convert(plain, TYPES[kind])
    except msgspec.ValidationError as error:
        raise _invalid(str(error)) from error
    check_event(event, now_ms)
    return event


def decode_line(raw: bytes, now_ms: int) -> AnyEvent:
    """Decode one line of a file: an event with its `type`. Raises `InvalidEvent`."""
    found = _TYPE.search(raw)
    kind = found.group(1).decode() if found else ""
    if kind not in TYPES:
        if not raw.strip():
            raise InvalidEvent("", "empty", "an empty line")
        raise InvalidEvent("type", "unknown_type", f'"type" must be one of {", ".join(TYPES)}')
    return decode_event(kind, raw, now_ms)


def encode_event(event: AnyEvent) -> bytes:
    """JSON of one event as it goes on a topic; fields with their default are left out."""
    return _ENCODER.encode(event)


def encode_line(event: AnyEvent) -> bytes:
    """JSON of one event as a line of a file, with its type, without the line end."""
    kind = KIND_OF[type(event)]
    return b'{"type":"%s",' % kind.encode() + _ENCODER.encode(event)[1:]


def encode_envelope(message: Any) -> bytes:
    """MessagePack of an internal message."""
    return _PACKER.encode(message)


_ENVELOPES: Final[dict[Any, msgspec.msgpack.Decoder[Any]]] = {}


def decode_envelope(raw: bytes, type_: type[Message]) -> Message:
    """Decode an internal message. Raises `InvalidEvent` if it is broken or of another version."""
    decoder = _ENVELOPES.get(type_)
    if decoder is None:
        decoder = _ENVELOPES[type_] = msgspec.msgpack.Decoder(type_)
    try:
        message: Message = decoder.decode(raw)
    except msgspec.ValidationError as error:
        raise InvalidEvent("envelope", "version", str(error)) from error
    except msgspec.DecodeError as error:
        raise InvalidEvent("envelope", "malformed", str(error)) from error
    version = getattr(message, "version", None)
    if version != ENVELOPE_VERSION:
        raise InvalidEvent("version", "version", f"{version}, this worker reads {ENVELOPE_VERSION}")
    return message


def encode_alert(alert: Alert) -> bytes:
    """JSON of an alert with sorted keys: equal alerts have equal bytes."""
    return _ORDERED.encode(alert)


def decode_alert(raw: bytes) -> Alert:
    """Decode an alert. Raises `InvalidEvent`."""
    try:
        return _ALERT.decode(raw)
    except msgspec.DecodeError as error:
        raise InvalidEvent("alert", "malformed", str(error)) from error


# --- errors in our own words

_RULES: Final = (
    (re.compile(r"missing required field `([^`]+)`"), "missing"),
    (re.compile(r"Invalid enum value"), "unknown_value"),
    (re.compile(r"of length <= "), "too_long"),
    (re.compile(r"of length >= "), "too_short"),
    (re.compile(r"Expected `(?:int|float)` [<>]="), "range"),
    (re.compile(r"out of range|Integer value"), "range"),
    (re.compile(r"Expected `"), "type"),
)


def _invalid(message: str) -> InvalidEvent:
    text, _, path = message.partition(" - at `$")
    field = path.rstrip("`").lstrip(".").replace("[...]", "[]")
    for rule, reason in _RULES:
        found = rule.search(text)
        if found:
            if reason == "missing":
                field = f"{field}.{found.group(1)}" if field else found.group(1)
            return InvalidEvent(field, reason, text)
    return InvalidEvent(field, "type", text)


def _malformed(error: Exception) -> InvalidEvent:
    text = str(error)
    if isinstance(error, UnicodeDecodeError) or "utf" in text.lower() or "surrogate" in text or "escape" in text:
        return InvalidEvent("", "encoding", text)
    return InvalidEvent("", "malformed", text)


def _check_keys(raw: bytes) -> None:
    def no_duplicates(pairs: list[tuple[str, Any]]) -> None:
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise InvalidEvent(key, "duplicated_key", "the same key stands twice")
            seen.add(key)

    try:
        json.loads(raw, object_pairs_hook=no_duplicates)
    except (ValueError, RecursionError) as error:
        raise InvalidEvent("", "malformed", str(error)) from error
