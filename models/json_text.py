"""What a JSON decoder lets pass that a contract must not: repeated keys, and bytes that are not UTF-8.

msgspec takes the last of two equal keys and never looks inside fields it does not know.
"""

import json
import re
from typing import Any, Final

from models.errors import InvalidEvent

_KEY: Final = re.compile(rb'[{,]\s*+"([^"\\]*+)"\s*+:')
_ESCAPED_ASCII: Final = re.compile(rb"\\u00[0-7]")
"""By such an escape a key may be spelled differently and still be the same; names of ours are ASCII."""
_LONE_SURROGATE: Final = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F]"
)


def check_json(raw: bytes) -> None:
    """Raise `InvalidEvent` for a repeated key or bytes that are not UTF-8; `raw` has been decoded as JSON.

    Cheap for what is usual: only where two keys look alike, at whatever depth, is the text parsed.
    """
    if not raw.isascii():
        check_utf8(raw)
    keys = _KEY.findall(raw)
    if len(set(keys)) != len(keys) or (b"\\u00" in raw and _ESCAPED_ASCII.search(raw)):
        _check_keys(raw)


def check_utf8(raw: bytes) -> None:
    """Raise `InvalidEvent` unless `raw` is UTF-8."""
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        raise InvalidEvent("", "encoding", f"not UTF-8 at byte {error.start}") from error


def has_lone_surrogate(raw: bytes) -> bool:
    r"""Whether half of a pair such as `\ud83d` stands alone."""
    return _LONE_SURROGATE.search(raw) is not None


def _check_keys(raw: bytes) -> None:
    try:
        # numbers stay text: their values are of no interest here, and Python limits the digits of an int
        json.loads(raw, object_pairs_hook=_refuse_repetition, parse_int=str, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise InvalidEvent("", "malformed", str(error)) from error


def _refuse_repetition(pairs: list[tuple[str, Any]]) -> None:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            raise InvalidEvent(key[:128], "duplicated_key", "the same key stands twice")
        seen.add(key)
