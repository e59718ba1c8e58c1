"""Events in files: JSON lines and Parquet, read in bounded batches, and written.

A line is `{"type": "post" | "like" | "account" | "trend" | "verdict", …fields}`; a Parquet file has the column
`type` and the union of the fields. `-` is standard input (JSON lines). Both go through the same
codec as messages of Kafka, so both are validated alike.
"""

import json
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from models.codec import decode_line, encode_line, event_of
from models.errors import InvalidEvent, ShoalError
from models.events import AnyEvent

BATCH_EVENTS = 5_000
LINE_BYTES_MAX = 4_000_000
"""Longer lines are cut here and rejected by the codec, so that a file without line ends stays bounded."""


class UnreadableFile(ShoalError):
    """A file of events that cannot be opened or is not what its name says."""


class Rejected(NamedTuple):
    """One line or row that broke the contract."""

    number: int
    """Line or row, from 1."""
    error: InvalidEvent
    raw: bytes


class Batch(NamedTuple):
    """Some events in the order of the file."""

    events: list[AnyEvent]
    rejected: list[Rejected]
    position: int
    """Bytes (lines) or rows (Parquet) read so far, of `size`."""


def size(path: str) -> int | None:
    """Bytes of a file of lines, rows of a Parquet file; None for standard input. Raises `UnreadableFile`."""
    if path == "-":
        return None
    try:
        return int(pq.read_metadata(path).num_rows) if _is_parquet(path) else Path(path).stat().st_size
    except (OSError, pa.ArrowInvalid) as error:
        raise UnreadableFile(f"{path}: {error}") from error


def read(path: str, batch_events: int = BATCH_EVENTS) -> Iterator[Batch]:
    """Yield the events of a file, `batch_events` at a time. Raises `UnreadableFile`."""
    now_ms = int(time.time() * 1000)
    try:
        if path != "-" and _is_parquet(path):
            yield from _read_parquet(path, batch_events, now_ms)
        else:
            with _opened(path) as file:
                yield from _read_lines(file, batch_events, now_ms)
    except (OSError, pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise UnreadableFile(f"{path}: {error}") from error


def _is_parquet(path: str) -> bool:
    return path.endswith((".parquet", ".pq"))


def _opened(path: str) -> AbstractContextManager[IO[bytes]]:
    return nullcontext(sys.stdin.buffer) if path == "-" else Path(path).open("rb")


def _read_lines(file: IO[bytes], batch_events: int, now_ms: int) -> Iterator[Batch]:
    position = number = 0
    lines = iter(lambda: file.readline(LINE_BYTES_MAX), b"")
    while raws := list(islice(lines, batch_events)):
        position += sum(map(len, raws))
        yield _decode(raws, number, position, now_ms)
        number += len(raws)


def _read_parquet(path: str, batch_events: int, now_ms: int) -> Iterator[Batch]:
    position = 0
    with pq.ParquetFile(path) as file:
        for table in file.iter_batches(batch_size=batch_events):
            yield _convert(_rows(table), position, now_ms)
            position += table.num_rows


def _convert(rows: Iterable[dict[str, Any]], before: int, now_ms: int) -> Batch:
    events: list[AnyEvent] = []
    rejected: list[Rejected] = []
    number = before
    for number, row in enumerate(rows, before + 1):
        try:
            events.append(event_of(row, now_ms))
        except InvalidEvent as error:
            rejected.append(Rejected(number, error, _raw(row)))
    return Batch(events, rejected, number)


def _rows(table: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    columns = zip(table.schema.names, table.columns, strict=True)
    filled = {name: _values(column) for name, column in columns if column.null_count < len(column)}
    names = list(filled)
    for values in zip(*filled.values(), strict=True):
        yield {name: value for name, value in zip(names, values, strict=True) if value is not None}


def _values(column: pa.Array) -> list[Any]:
    """Plain values; bytes that are no UTF-8 become surrogates, which the codec refuses row by row."""
    try:
        return list(column.to_pylist())
    except UnicodeDecodeError:
        if not pa.types.is_string(column.type):
            raise
        raws = column.cast(pa.binary()).to_pylist()
        return [None if raw is None else raw.decode("utf-8", "surrogateescape") for raw in raws]


def _raw(row: dict[str, Any]) -> bytes:
    """A refused row as JSON, with what is no text in it escaped."""
    return json.dumps(row, default=str).encode()


def _decode(raws: Iterable[bytes], before: int, position: int, now_ms: int) -> Batch:
    events: list[AnyEvent] = []
    rejected: list[Rejected] = []
    for number, raw in enumerate(raws, before + 1):
        if raw.isspace():
            continue
        try:
            events.append(decode_line(raw, now_ms))
        except InvalidEvent as error:
            rejected.append(Rejected(number, error, raw))
    return Batch(events, rejected, position)


def write(path: str, batches: Iterable[Iterable[AnyEvent]]) -> int:
    """Write events to a file, JSON lines unless its name ends in .parquet; return how many."""
    if _is_parquet(path):
        return _write_parquet(path, batches)
    count = 0
    with nullcontext(sys.stdout.buffer) if path == "-" else Path(path).open("wb") as file:
        for batch in batches:
            lines = [encode_line(event) for event in batch]
            file.writelines(line + b"\n" for line in lines)
            count += len(lines)
    return count


_STRINGS = pa.list_(pa.string())
_COLUMNS = {
    "type": pa.string(), "post_id": pa.string(), "account_id": pa.string(), "text": pa.string(),
    "created_at_ms": pa.int64(), "kind": pa.string(), "reply_to": pa.string(), "repost_of": pa.string(),
    "urls": _STRINGS, "hashtags": _STRINGS, "media_hashes": _STRINGS, "client": pa.string(),
    "device_id": pa.string(), "network_id": pa.string(), "deleted_at_ms": pa.int64(), "target_id": pa.string(),
    "action": pa.string(), "acted_at_ms": pa.int64(), "target_author_id": pa.string(), "value": pa.float64(),
    "registered_at_ms": pa.int64(), "name": pa.string(), "followers": pa.int64(), "verified": pa.bool_(),
    "observed_at_ms": pa.int64(), "list": pa.string(), "topic": pa.string(), "rank": pa.int64(),
    "volume": pa.float64(), "paid": pa.bool_(), "verdict_id": pa.string(), "campaign": pa.string(),
    "revision": pa.int64(), "decision": pa.string(), "decided_by": pa.string(), "decided_at_ms": pa.int64(),
    "reason": pa.string(), "accounts_left_out": _STRINGS, "undoes": pa.string(),
}  # fmt: skip


def _write_parquet(path: str, batches: Iterable[Iterable[AnyEvent]]) -> int:
    schema = pa.schema(list(_COLUMNS.items()))
    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            rows = [msgspec.json.decode(encode_line(event)) for event in batch]
            if rows:
                writer.write_batch(pa.RecordBatch.from_pylist(rows, schema=schema))
            count += len(rows)
    return count
