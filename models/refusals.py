"""What a decoder's error means to whoever has to mend the producer: field, reason, and what to send instead."""

import re
from collections.abc import Iterable
from typing import Final

import msgspec

from models.errors import InvalidEvent
from models.events import Account, Decision, Like, LikeAction, Post, PostKind, Trend, Verdict
from models.json_text import has_lone_surrogate

DETAIL_CHARACTERS_MAX: Final = 400
KEYS_MAX: Final = 12
"""Keys of a message that its refusal names, at most; each cut to 32 characters."""
_KEY_CHARACTERS_MAX: Final = 32
_RULES: Final = (
    (re.compile(r"missing required field `([^`]+)`"), "missing"),
    (re.compile(r"Invalid enum value"), "unknown_value"),
    (re.compile(r"of length <= "), "too_long"),
    (re.compile(r"of length >= "), "too_short"),
    (re.compile(r"Expected `(?:int|float)` [<>]="), "range"),
    (re.compile(r"out of range|Integer value"), "range"),
    (re.compile(r"Expected `"), "type"),
)
_VALUES: Final = {"action": LikeAction, "kind": PostKind, "decision": Decision}
_REQUIRED: Final = {
    kind: frozenset(field.name for field in msgspec.structs.fields(type_) if field.required)
    for kind, type_ in (("post", Post), ("like", Like), ("account", Account), ("trend", Trend), ("verdict", Verdict))
}
_BEGINNINGS: Final = (
    (b"\xef\xbb\xbf", "it begins with a byte order mark: send UTF-8 without one"),
    (b"\xff\xfe", "it looks like UTF-16: send UTF-8"),
    (b"\xfe\xff", "it looks like UTF-16: send UTF-8"),
    (b"{\x00", "it looks like UTF-16: send UTF-8"),
    (b"\x1f\x8b", "it looks like gzip: send JSON, and let the producer compress"),
    (b"\x28\xb5\x2f\xfd", "it looks like zstd: send JSON, and let the producer compress"),
    (b"Obj\x01", "it looks like Avro: send JSON"),
    (b"PAR1", "it looks like Parquet: send one JSON object a message"),
    (b"\x00", "it looks like Avro or Protobuf of a schema registry: send JSON"),
)
_OBJECTS: Final = re.compile(rb"\s*+[\[{\"]")


def invalid(message: str, keys: Iterable[str]) -> InvalidEvent:
    """The refusal of an event whose JSON is right and whose fields are not; `keys` are those it has."""
    text, _, path = message.partition(" - at `$")
    field = path.rstrip("`").lstrip(".").replace("[...]", "[]")
    reason, found = next(((reason, found) for rule, reason in _RULES if (found := rule.search(text))), ("type", None))
    if reason == "missing" and found is not None:
        field = f"{field}.{found.group(1)}" if field else found.group(1)
        text = _missing(field, set(keys))
    elif reason == "unknown_value" and field in _VALUES:
        text = f"{text}: it is one of {', '.join(_VALUES[field])}"
    elif reason == "type":
        text += _instead(field, text)
    return InvalidEvent(field, reason, text[:DETAIL_CHARACTERS_MAX])


def keys_of(raw: bytes) -> list[str]:
    """Keys of a JSON object; none if it is no object."""
    try:
        return list(msgspec.json.decode(raw, type=dict[str, msgspec.Raw]))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return []


def malformed(error: Exception, raw: bytes) -> InvalidEvent:
    """The refusal of what is no JSON."""
    if isinstance(error, UnicodeDecodeError):
        return InvalidEvent("", "encoding", f"{error}: send UTF-8"[:DETAIL_CHARACTERS_MAX])
    if has_lone_surrogate(raw):
        return InvalidEvent("", "encoding", f"half of a surrogate pair alone: {error}")
    return InvalidEvent("", "malformed", f"{error}{_looks(str(error), raw)}")


def _looks(message: str, raw: bytes) -> str:
    for beginning, advice in _BEGINNINGS:
        if raw.startswith(beginning):
            return f": {advice}"
    if not _OBJECTS.match(raw):
        return ": it does not begin with {: send one JSON object a message"
    return ": send one JSON object a message" if "trailing characters" in message else ""


def _missing(field: str, keys: set[str]) -> str:
    shown = [repr(key[:_KEY_CHARACTERS_MAX])[1:-1] for key in sorted(keys)[:KEYS_MAX]]
    text = f"no {field}; the message has " + (", ".join(shown) or "no field at all")
    text += ", …" if len(keys) > KEYS_MAX else ""
    other = next((kind for kind, required in _REQUIRED.items() if required <= keys), None)
    return f"{text}: these are the fields of type {other}, sent to the wrong topic" if other else text


def _instead(field: str, text: str) -> str:
    if text.endswith("got `null`"):
        return ": it needs a value" if any(field in each for each in _REQUIRED.values()) else ": leave the field out"
    if field.endswith("_ms"):
        return ": milliseconds since 1970-01-01 UTC, a number without a fraction"
    if not field:
        twice = text.endswith("got `str`")
        return ": it was encoded twice; send one JSON object a message" if twice else ": send one JSON object a message"
    return ": put it in quotes" if text == "Expected `str`, got `int`" else ""
