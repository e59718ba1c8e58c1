"""Ways to break a valid message, for the fuzzer: bytes, keys, values, spelling, size."""

import json
from collections.abc import Callable
from random import Random
from typing import Any, Final

_SPLICES: Final = (
    b"\x00", b"\xff", b"\\ud800", b"\\u0000", b"\\u005f", b"NaN", b"-Infinity", b"1e999", b"9" * 40, b'"', b"}",
    b"{", b"[", b"]", b",", b":", b"null", b"true",
    "\u200b".encode(), "\u202e".encode(), "😀".encode(), b"\xed\xa0\x80",
)  # fmt: skip
_VALUES: Final[tuple[Any, ...]] = (
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    "",
    "1767268801004",
    [],
    {},
    ["a"],
    {"a": 1},
    "x" * 300,
    1_767_268_801,
    1_767_268_801_004_000,
    1_767_268_801_004_000_000,
    1_767_300_300_001,
    86_400_000,
    "a\u0000",
    "a\n",
    " a",
    "\ud800",
    "\u202eid",
    "x" * 21_000,
)
_KEYS: Final = ("account_id", "target_id", "text", "post_id", "acted_at_ms", "x", "")


def mutate(raw: bytes, rnd: Random) -> bytes | None:
    """One broken, odd or untouched variant of a valid message."""
    for _ in range(rnd.choice((1, 1, 1, 2, 4))):
        raw = rnd.choice(_MUTATIONS)(raw, rnd)
    return raw if rnd.random() > 0.001 else None


def _flip(raw: bytes, rnd: Random) -> bytes:
    if not raw:
        return raw
    at = rnd.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ (1 << rnd.randrange(8))]) + raw[at + 1 :]


def _cut(raw: bytes, rnd: Random) -> bytes:
    return raw[: rnd.randrange(len(raw) + 1)]


def _splice(raw: bytes, rnd: Random) -> bytes:
    at = rnd.randrange(len(raw) + 1)
    return raw[:at] + rnd.choice(_SPLICES) + raw[at:]


def _swap_value(raw: bytes, rnd: Random) -> bytes:
    try:
        plain = json.loads(raw)
    except (ValueError, RecursionError):
        return raw
    if not isinstance(plain, dict) or not plain:
        return raw
    plain[rnd.choice(sorted(plain))] = rnd.choice(_VALUES)
    return json.dumps(plain, ensure_ascii=rnd.random() < 0.5).encode("utf-8", "surrogatepass")


def _double_key(raw: bytes, rnd: Random) -> bytes:
    """A key again (or for the first time), anywhere, perhaps spelled with an escape."""
    at = rnd.choice([place for place, byte in enumerate(raw) if byte in b"{,"] or [-1])
    if at < 0:
        return raw
    key, value = _member(raw, rnd) if rnd.random() < 0.6 else (rnd.choice(_KEYS), rnd.choice(_VALUES))
    escaped = f"\\u{ord(key[0]):04x}{key[1:]}" if key and rnd.random() < 0.3 else key
    member = f'"{escaped}":{json.dumps(value)},'.encode("utf-8", "surrogatepass")
    return raw[: at + 1] + member + raw[at + 1 :]


def _member(raw: bytes, rnd: Random) -> tuple[str, Any]:
    try:
        plain = json.loads(raw)
    except (ValueError, RecursionError):
        return "x", 1
    if not isinstance(plain, dict) or not plain:
        return "x", 1
    key = rnd.choice(sorted(plain))
    return key, plain[key]


def _nest(raw: bytes, rnd: Random) -> bytes:
    """The message inside another, as a field nobody knows, or too deep."""
    depth = rnd.choice((1, 1, 3, 200, 3_000))
    return rnd.choice(
        (raw[:-1] + b',"more":' + b"[" * depth + raw + b"]" * depth + b"}", b"[" * depth + raw, raw + raw)
    )


def _rewrite(raw: bytes, rnd: Random) -> bytes:
    """The same message in another order, spacing and escaping."""
    try:
        plain = json.loads(raw)
    except (ValueError, RecursionError):
        return raw
    if not isinstance(plain, dict):
        return raw
    fields = list(plain.items())
    rnd.shuffle(fields)
    style = rnd.choice(({"indent": 2}, {"separators": (",", ":")}, {"separators": (" , ", " : ")}))
    text = json.dumps(dict(fields), ensure_ascii=rnd.random() < 0.5, **style)
    return text.encode("utf-8", "surrogatepass")


def _drop_key(raw: bytes, rnd: Random) -> bytes:
    parts = raw.split(b",")
    if len(parts) > 2:
        del parts[rnd.randrange(len(parts))]
    return b",".join(parts)


def _blow_up(raw: bytes, rnd: Random) -> bytes:
    return raw.replace(b"u-4711", b"u" * rnd.choice((128, 129, 5_000, 300_000)), 1)


def _untouched(raw: bytes, _: Random) -> bytes:
    return raw


_MUTATIONS: Final[tuple[Callable[[bytes, Random], bytes], ...]] = (
    _flip, _flip, _cut, _splice, _splice, _swap_value, _swap_value, _double_key, _drop_key,
    _untouched, _blow_up, _nest, _rewrite, _rewrite,
)  # fmt: skip
