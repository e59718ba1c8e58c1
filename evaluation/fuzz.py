"""Fuzz the one way in: whatever bytes arrive, they become one event or one dead letter.

Run: `python -m evaluation.fuzz --inputs 1000000 --seed 7`.
"""

import json
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Annotated, Any, Final

import typer

from models.codec import KIND_OF, REASONS, Kind, decode_event, encode_event
from models.dead_letters import DeadLetter, decode_dead_letter
from models.errors import InvalidEvent
from models.examples import EXAMPLES

NOW_MS: Final = 1_767_300_000_000
SEEDS: Final[list[tuple[Kind, bytes]]] = [
    (KIND_OF[type(event)], encode_event(event)) for events in EXAMPLES.values() for event in events
]
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
)


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
    if not raw.endswith(b"}"):
        return raw
    key = rnd.choice((b"account_id", b"target_id", b"text", b"post_id", b"acted_at_ms"))
    return raw[:-1] + b',"' + key + b'":"again"}'


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
    _flip, _flip, _cut, _splice, _splice, _swap_value, _swap_value, _double_key, _drop_key, _untouched, _blow_up,
)  # fmt: skip


def fuzz(inputs: int, seed: int) -> Counter[str]:
    """Decode `inputs` mutants; count accepted ones and each reason of refusal.

    Raises `AssertionError` with the seed and the bytes if anything but an event or a complete dead
    letter comes out.
    """
    rnd = Random(seed)
    seen: Counter[str] = Counter()
    for number in range(inputs):
        kind, raw = rnd.choice(SEEDS)
        seen[_judge(kind, mutate(raw, rnd), f"seed {seed}, input {number}")] += 1
    return seen


def _judge(kind: Kind, raw: bytes | None, where: str) -> str:
    try:
        event = decode_event(kind, raw, NOW_MS)
    except InvalidEvent as error:
        letter = DeadLetter.of(error, "fuzz", 0, 0, raw, NOW_MS)
        kept = decode_dead_letter(letter.encode())
        if error.reason not in REASONS or kept.raw != (raw or b"") or kept.reason != error.reason:
            raise AssertionError(f"{where}: dead letter lost something of {raw!r}") from error
        return error.reason
    except Exception as error:
        raise AssertionError(f"{where}: {error!r} for {raw!r}") from error
    if decode_event(kind, encode_event(event), NOW_MS) != event:
        raise AssertionError(f"{where}: {raw!r} does not survive")
    return "accepted"


def main(
    inputs: Annotated[int, typer.Option(min=1, help="How many mutants.")] = 1_000_000,
    seed: Annotated[int, typer.Option(help="Seed of the mutations.")] = 7,
) -> None:
    """Fuzz the codec and print how often each reason was given."""
    for reason, count in fuzz(inputs, seed).most_common():
        typer.echo(f"{count:>9,}  {reason}")


if __name__ == "__main__":
    typer.run(main)
