"""Fuzz the one way in: whatever bytes arrive, they become one event or one dead letter.

What is accepted is compared with Python's own JSON parser, set to be strict. Run:
`python -m evaluation.fuzz --inputs 1000000 --seed 7`.
"""

import json
from collections import Counter
from random import Random
from typing import Annotated, Any, Final, NoReturn

import msgspec
import typer

from evaluation.mutations import mutate
from models.codec import KIND_OF, MESSAGE_BYTES_MAX, REASONS, TYPES, Kind, decode_event, decode_line, encode_event
from models.dead_letters import RAW_BYTES_MAX, DeadLetter, decode_dead_letter
from models.errors import InvalidEvent
from models.events import AnyEvent
from models.examples import EXAMPLES

NOW_MS: Final = 1_767_300_000_000
SEEDS: Final[list[tuple[Kind, bytes]]] = [
    (KIND_OF[type(event)], encode_event(event)) for events in EXAMPLES.values() for event in events
]


def fuzz(inputs: int, seed: int) -> Counter[str]:
    """Decode `inputs` mutants, a third of them as lines of a file; count each fate.

    Raises `AssertionError` with the seed and the bytes if anything but an event or a complete dead
    letter comes out.
    """
    rnd = Random(seed)
    seen: Counter[str] = Counter()
    for number in range(inputs):
        kind, raw = rnd.choice(SEEDS)
        as_line = rnd.random() < 1 / 3
        if as_line:
            raw = b'{"type":"%s",' % kind.encode() + raw[1:]
        mutant = mutate(raw, rnd)
        try:
            seen[_judge(None if as_line else kind, mutant)] += 1
        except Exception as error:
            raise AssertionError(f"seed {seed}, input {number}: {error!r} for {(mutant or b'')[:2_000]!r}") from error
    return seen


def _judge(kind: Kind | None, raw: bytes | None) -> str:
    """The fate of one message: "accepted", or the reason of its refusal. `kind` None: a line of a file."""
    try:
        event = decode_line(raw or b"", NOW_MS) if kind is None else decode_event(kind, raw, NOW_MS)
    except InvalidEvent as error:
        _check_letter(error, raw)
        return error.reason
    _check_event(event, raw or b"")
    return "accepted"


def _check_letter(error: InvalidEvent, raw: bytes | None) -> None:
    letter = DeadLetter.of(error, "fuzz", 0, 0, raw, NOW_MS)
    kept = decode_dead_letter(letter.encode())
    _hold(kept == letter, "the dead letter does not survive")
    whole = raw or b""
    _hold(kept.raw == whole[:RAW_BYTES_MAX] and kept.cut is (len(whole) > RAW_BYTES_MAX), "the dead letter lost bytes")
    _hold(error.reason in REASONS, "a reason that nobody knows")


def _check_event(event: AnyEvent, raw: bytes) -> None:
    kind = KIND_OF[type(event)]
    _hold(decode_event(kind, encode_event(event), NOW_MS) == event, "the event does not survive")
    _hold(len(raw) <= MESSAGE_BYTES_MAX, "the message is too large")
    plain = json.loads(
        raw.decode(), object_pairs_hook=_without_repetition, parse_constant=_refuse, parse_int=_int, parse_float=float
    )
    known = {name: plain[name] for name in TYPES[kind].__struct_fields__ if name in plain}
    _hold(msgspec.convert(known, TYPES[kind]) == event, "Python reads the message differently")


def _hold(condition: bool, otherwise: str) -> None:
    if not condition:
        raise AssertionError(otherwise)


def _int(digits: str) -> int:
    return int(digits) if len(digits) < 30 else 0  # only where no field is: Python limits the digits


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    _hold(len(plain) == len(pairs), "a repeated key was let in")
    return plain


def main(
    inputs: Annotated[int, typer.Option(min=1, help="How many mutants.")] = 1_000_000,
    seed: Annotated[int, typer.Option(help="Seed of the mutations.")] = 7,
) -> None:
    """Fuzz the codec and print how often each reason was given."""
    try:
        seen = fuzz(inputs, seed)
    except AssertionError as error:
        typer.echo(f"FAILED: {error}", err=True)
        raise typer.Exit(1) from error
    for reason, count in seen.most_common():
        typer.echo(f"{count:>9,}  {reason}")


if __name__ == "__main__":
    typer.run(main)
