"""The one way in and out for records: JSON at the public edge, MessagePack inside.

Decoding is strict: anything doubtful raises `InvalidEvent` with a field, a reason of `REASONS` and a
detail, so that a message becomes either one event or one dead letter.
"""

import re
from collections.abc import Sequence
from typing import Any, Final, Literal, TypeVar

import msgspec

from models.alerts import Alert
from models.envelopes import ENVELOPE_VERSION
from models.errors import InvalidEvent
from models.events import Account, AnyEvent, Like, Post, Trend, Verdict
from models.json_text import check_json
from models.refusals import invalid, keys_of, malformed
from models.trends import CorrectedList, TrendVerdict
from models.validation import check_event

Kind = Literal["post", "like", "account", "trend", "verdict"]
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

TYPES: Final[dict[Kind, type[AnyEvent]]] = {
    "post": Post,
    "like": Like,
    "account": Account,
    "trend": Trend,
    "verdict": Verdict,
}
KIND_OF: Final[dict[type, Kind]] = {type_: kind for kind, type_ in TYPES.items()}
_DECODERS: Final[dict[Kind, msgspec.json.Decoder[Any]]] = {k: msgspec.json.Decoder(t) for k, t in TYPES.items()}
_ENCODER: Final = msgspec.json.Encoder()
_ORDERED: Final = msgspec.json.Encoder(order="deterministic")
_PACKER: Final = msgspec.msgpack.Encoder()
_ALERT: Final = msgspec.json.Decoder(Alert)
_TREND_VERDICT: Final = msgspec.json.Decoder(TrendVerdict)
_CORRECTED_LIST: Final = msgspec.json.Decoder(CorrectedList)
_FIRST_TYPE: Final = re.compile(rb'\s*+\{\s*+"type"\s*+:\s*+"([a-z]++)"')
Message = TypeVar("Message")


def decode_event(kind: Kind, raw: bytes | None, now_ms: int) -> AnyEvent:
    """Decode and validate one event. `now_ms` is the receiver's clock, for moments in the future.

    Raises `InvalidEvent`.
    """
    return _decode(kind, raw, now_ms, 0)


def _decode(kind: Kind, raw: bytes | None, now_ms: int, spare_bytes: int) -> AnyEvent:
    """Decode; the first `spare_bytes` of `raw` are known and not part of the event."""
    if not raw:
        raise InvalidEvent("", "empty", "no bytes: a tombstone or an empty message")
    _check_size(raw)
    try:
        event: AnyEvent = _DECODERS[kind].decode(raw)
    except msgspec.ValidationError as error:
        raise invalid(str(error), keys_of(raw)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise malformed(error, raw) from error
    if _has_room(event, raw, spare_bytes):
        check_json(raw)
    check_event(event, now_ms)
    return event


def _check_size(raw: bytes) -> None:
    if len(raw) > MESSAGE_BYTES_MAX:
        raise InvalidEvent("", "too_large", f"{len(raw)} bytes, at most {MESSAGE_BYTES_MAX}")


def _has_room(event: AnyEvent, raw: bytes, spare_bytes: int) -> bool:
    """Whether `raw` is long enough to hide or repeat something beside its event, and must be searched.

    Our own encoding is the shortest there is of an event, spaces between its parts apart; but not of
    numbers with a fraction: 5 for 5.0.
    """
    if isinstance(event, Trend) or (isinstance(event, Like) and event.value is not None):
        return True
    shortest = _ENCODER.encode(event)
    room_bytes = len(raw) - len(shortest) - spare_bytes
    return room_bytes != 0 and raw.count(b" ", spare_bytes) - shortest.count(b" ") != room_bytes


def decode_events(kind: Kind, raws: Sequence[bytes | None], now_ms: int) -> list[AnyEvent | InvalidEvent]:
    """Decode many; an invalid one is returned as its error, in its place."""
    found: list[AnyEvent | InvalidEvent] = []
    for raw in raws:
        try:
            found.append(decode_event(kind, raw, now_ms))
        except InvalidEvent as error:
            found.append(error)
    return found


def event_of(plain: dict[str, Any], now_ms: int, *, strict: bool = True) -> AnyEvent:
    """Make and validate an event of one row of a table: its fields and its `type`. Raises `InvalidEvent`.

    Without `strict`, numbers and truths may be written as text, as in CSV.
    """
    kind = plain.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        raise _unknown_type()
    try:
        event: AnyEvent = msgspec.convert(plain, TYPES[kind], strict=strict)
        _ENCODER.encode(event)  # a string of Python may hold what UTF-8 cannot
    except msgspec.ValidationError as error:
        raise invalid(str(error), plain) from error
    except UnicodeEncodeError as error:
        raise InvalidEvent("", "encoding", str(error)) from error
    check_event(event, now_ms)
    return event


class _Typed(msgspec.Struct):
    type: str


_TYPED: Final = msgspec.json.Decoder(_Typed)


def decode_line(raw: bytes, now_ms: int) -> AnyEvent:
    """Decode one line of a file: an event with its `type`. Raises `InvalidEvent`."""
    first = _FIRST_TYPE.match(raw)
    if first is not None and (kind := first.group(1).decode()) in TYPES:
        return _decode(kind, raw, now_ms, first.end() + raw.endswith(b"\n"))
    return decode_event(_kind_anywhere(raw), raw, now_ms)


def _kind_anywhere(raw: bytes) -> Kind:
    if not raw.strip():
        raise InvalidEvent("", "empty", "an empty line")
    _check_size(raw)
    try:
        kind = _TYPED.decode(raw).type
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if isinstance(error, msgspec.ValidationError) or not raw.lstrip().startswith(b"{"):
            raise _unknown_type(f": {error}") from error
        raise malformed(error, raw) from error
    if kind not in TYPES:
        raise _unknown_type()
    return kind


def _unknown_type(why: str = "") -> InvalidEvent:
    return InvalidEvent("type", "unknown_type", f'"type" must be one of {", ".join(TYPES)}{why}')


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


def encode_trend(said: TrendVerdict | CorrectedList) -> bytes:
    """JSON of a verdict on a topic or of a corrected list with sorted keys: equal ones have equal bytes."""
    return _ORDERED.encode(said)


def decode_trend_verdict(raw: bytes) -> TrendVerdict:
    """Decode a verdict on a topic. Raises `InvalidEvent`."""
    try:
        return _TREND_VERDICT.decode(raw)
    except msgspec.DecodeError as error:
        raise InvalidEvent("trend_verdict", "malformed", str(error)) from error


def decode_corrected_list(raw: bytes) -> CorrectedList:
    """Decode a corrected list. Raises `InvalidEvent`."""
    try:
        return _CORRECTED_LIST.decode(raw)
    except msgspec.DecodeError as error:
        raise InvalidEvent("corrected_list", "malformed", str(error)) from error
