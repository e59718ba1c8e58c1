"""What every importer takes and gives."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import Struct, field

from models.dead_letters import DeadLetter
from models.errors import InvalidEvent, ShoalError
from models.events import AnyEvent

ROWS_PER_BATCH = 20_000


class WrongSource(ShoalError):
    """Input that is not what the format needs; says what was looked for."""


class Source(Struct, frozen=True):
    """What to convert."""

    path: Path
    columns: Mapping[str, str] = {}
    """For `csv`: event field → column, with a unit where it is a time."""
    kind: str = "post"
    """For `csv`: post, like, account or trend. For `weibo-hot-list`: which count is the volume."""
    after_us: int | None = None
    """For `jetstream`: leave out what is not newer than this cursor, microseconds."""
    encoding: str | None = None
    """For `csv`: the encoding of its text; None for what its byte order mark says, else UTF-8."""
    zone: str = "UTC"
    """For `csv`: the zone of times that name none, such as `Asia/Shanghai`."""


class Tally(Struct):
    """What became of the rows. Nothing is dropped silently."""

    rows: int = 0
    rows_total: int | None = None
    events: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    """Rows that gave no event, by reason."""
    examples: dict[str, str] = field(default_factory=dict)
    """For each reason of `skipped` that refuses, the first row and what was wrong with it."""
    refused: int = 0
    """Rows that break the contract."""
    letters: Callable[[DeadLetter], None] | None = None
    """Takes each refused row with its place and bytes, as it comes."""
    cursor_us: int | None = None
    """For `jetstream`: the newest moment read, to go on from."""

    def refuse(self, error: InvalidEvent, path: Path, number: int, raw: bytes) -> None:
        """Count a row that breaks the contract and hand it over with its place: row or line `number`, from 1."""
        reason = f"{error.field or 'row'}: {error.reason}"
        self.skipped[reason] += 1
        self.refused += 1
        self.examples.setdefault(reason, f"row {number:,}: {error.detail}" if error.detail else f"row {number:,}")
        if self.letters is not None:
            self.letters(DeadLetter.of(error, str(path), 0, number, raw, int(time.time() * 1000)))


Convert = Callable[[Source, Tally], Iterator[list[AnyEvent]]]
"""Yields events in any order, a bounded batch at a time, and keeps the tally."""


def parquet_batches(path: Path, tally: Tally, columns: list[str]) -> Iterator[pa.RecordBatch]:
    """Yield the columns of a Parquet file batch by batch. Raises `WrongSource` naming what is missing."""
    try:
        file = pq.ParquetFile(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise WrongSource(f"{path} cannot be read as Parquet: {error}") from error
    with file:
        missing = [name for name in columns if name not in file.schema_arrow.names]
        if missing:
            raise WrongSource(f"{path} has no column {', '.join(missing)}; it has {', '.join(file.schema_arrow.names)}")
        for batch in file.iter_batches(batch_size=ROWS_PER_BATCH, columns=columns):
            tally.rows += len(batch)
            yield batch


def rows_of(batch: pa.RecordBatch) -> Iterator[tuple[Any, ...]]:
    """Rows of a batch as tuples, in the order of its columns."""
    return zip(*(column.to_pylist() for column in batch.columns), strict=True)


def count_rows(tally: Tally, *paths: Path) -> None:
    """Set the total, for progress. Raises `WrongSource`."""
    try:
        tally.rows_total = sum(int(pq.read_metadata(path).num_rows) for path in paths)
    except (OSError, pa.ArrowInvalid) as error:
        raise WrongSource(f"not a readable Parquet file: {error}") from error


def file_in(source: Path, name: str) -> Path:
    """`name` inside a folder, or the file itself if that is what was given. Raises `WrongSource`."""
    path = source / name if source.is_dir() else source
    if not path.is_file():
        raise WrongSource(f"{path} does not exist; this format needs {name} or the folder that holds it")
    return path
