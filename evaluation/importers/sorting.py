"""Sort more events than fit in memory: sorted runs on disk, then a merge."""

import struct
import tempfile
from collections.abc import Iterable, Iterator
from heapq import merge
from pathlib import Path

import msgspec

from models.events import Account, AnyEvent, Like, Post, Trend
from models.moments import when_ms

EVENTS_PER_RUN = 250_000
EVENTS_PER_BLOCK = 2_000
_TYPES: tuple[type[AnyEvent], ...] = (Account, Post, Like, Trend)
_CODES = {kind: code for code, kind in enumerate(_TYPES)}
_LENGTH = struct.Struct("<I")
Keyed = tuple[int, int, bytes]
"""Time, code of the type, the event in MessagePack: an order that depends on content alone."""


def sorted_by_time(batches: Iterable[list[AnyEvent]], events_per_run: int = EVENTS_PER_RUN) -> Iterator[list[AnyEvent]]:
    """Yield the same events in order of (time, type, content), in batches.

    Holds `events_per_run` events at a time; what is more goes to temporary files.
    """
    with tempfile.TemporaryDirectory(prefix="shoal-sort-") as folder:
        runs: list[Path] = []
        held: list[Keyed] = []
        for batch in batches:
            held += map(_keyed, batch)
            if len(held) >= events_per_run:
                runs.append(_write(Path(folder) / str(len(runs)), sorted(held)))
                held = []
        held.sort()
        yield from _decoded(merge(held, *map(_read, runs)))


def _keyed(event: AnyEvent) -> Keyed:
    return when_ms(event), _CODES[type(event)], msgspec.msgpack.encode(event)


def _write(path: Path, run: list[Keyed]) -> Path:
    with path.open("wb") as file:
        for at in range(0, len(run), EVENTS_PER_BLOCK):
            block = msgspec.msgpack.encode(run[at : at + EVENTS_PER_BLOCK])
            file.write(_LENGTH.pack(len(block)) + block)
    return path


def _read(path: Path) -> Iterator[Keyed]:
    decoder = msgspec.msgpack.Decoder(list[Keyed])
    with path.open("rb") as file:
        while header := file.read(_LENGTH.size):
            yield from decoder.decode(file.read(*_LENGTH.unpack(header)))


def _decoded(keyed: Iterable[Keyed]) -> Iterator[list[AnyEvent]]:
    decoders = [msgspec.msgpack.Decoder(kind) for kind in _TYPES]
    batch: list[AnyEvent] = []
    for _, code, raw in keyed:
        batch.append(decoders[code].decode(raw))
        if len(batch) == EVENTS_PER_BLOCK:
            yield batch
            batch = []
    if batch:
        yield batch
