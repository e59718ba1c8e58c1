"""The messages of letters as lines of a file, to be mended and sent."""

from typing import Any

import msgspec

from models.codec import Kind
from models.dead_letters import DeadLetter


def as_line(letter: DeadLetter, kind: Kind) -> bytes | None:
    """The message with its type as one line, otherwise as it came; None if it is no JSON object or was cut off."""
    try:
        fields: Any = msgspec.json.decode(letter.raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if letter.cut or not isinstance(fields, dict):
        return None
    typed = b'{"type":"%s"' % kind.encode()
    if not fields:
        return typed + b"}\n"
    if "type" in fields:
        return (
            msgspec.json.encode({"type": kind, **{key: value for key, value in fields.items() if key != "type"}})
            + b"\n"
        )
    # not encoded anew: a key that is there twice is to be seen by who mends it; a line break between
    # two parts is a space, and within a string it would not have been JSON
    inside = letter.raw.strip()[1:].replace(b"\r", b" ").replace(b"\n", b" ")
    return typed + b"," + inside + b"\n"
