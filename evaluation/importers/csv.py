"""`csv`: any table with a header, told which column is which field.

`--map FIELD=COLUMN`, times with their unit as `created_at_ms=ts:s` (`s`, `ms`, `us`, or `iso` for
text with a zone or in UTC), lists split at spaces and `|`, constants as `action==like`.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
import pyarrow as pa
from msgspec import Struct
from pyarrow import csv

from evaluation.importers.base import Source, Tally, WrongSource
from models.errors import InvalidEvent
from models.events import Account, AnyEvent, Like, Post, Trend
from models.validation import check_event

KINDS: Mapping[str, type[Post] | type[Like] | type[Account] | type[Trend]] = {
    "post": Post, "like": Like, "account": Account, "trend": Trend,
}  # fmt: skip
LISTS = frozenset({"urls", "hashtags", "media_hashes"})


def _iso_ms(text: str) -> int:
    at = datetime.fromisoformat(text)
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)


UNITS: Mapping[str, Callable[[str], int]] = {
    "s": lambda text: int(float(text) * 1000),
    "ms": lambda text: int(float(text)),
    "us": lambda text: int(float(text) // 1000),
    "iso": _iso_ms,
}
BLOCK_BYTES = 4 * 1024 * 1024


class _Column(Struct, frozen=True):
    """Where one field comes from."""

    name: str
    column: str | None
    constant: str = ""
    unit: str | None = None

    def value(self, cells: Mapping[str, str | None]) -> Any:
        """The field's value in a row, None where the cell is empty. Raises `ValueError` on a bad time."""
        text = self.constant if self.column is None else cells[self.column]
        if text is None or not text.strip():
            return "" if self.name == "text" else None
        if self.unit is not None:
            return UNITS[self.unit](text.strip())
        return text.replace("|", " ").split() if self.name in LISTS else text


def convert(source: Source, tally: Tally) -> Iterator[list[AnyEvent]]:
    """Yield an event for each row; rows that break the contract are counted by what is wrong."""
    kind, columns = _plan(source)
    with _reader(source) as reader:
        missing = [each.column for each in columns if each.column and each.column not in reader.schema.names]
        if missing:
            raise WrongSource(f"no column {', '.join(missing)}; {source.path} has {', '.join(reader.schema.names)}")
        for batch in reader:
            before = tally.rows
            tally.rows += len(batch)
            yield list(_events(batch, _Row(kind, columns), source, tally, before))


class _Row(Struct, frozen=True):
    """How a row becomes an event."""

    kind: type[AnyEvent]
    columns: list[_Column]

    def event(self, cells: Mapping[str, str | None], now_ms: int) -> AnyEvent:
        """The event of a row. Raises `InvalidEvent`."""
        values = {column.name: self._value(column, cells) for column in self.columns}
        told = {name: value for name, value in values.items() if value is not None}
        try:
            event: AnyEvent = msgspec.convert(told, self.kind, strict=False)
        except msgspec.ValidationError as error:
            text, _, path = str(error).partition(" - at `$.")
            missing = [each for each in self.kind.__struct_fields__ if f"missing required field `{each}`" in text]
            raise InvalidEvent(
                missing[0] if missing else path.rstrip("`"), "missing" if missing else "type", text
            ) from error
        check_event(event, now_ms)
        return event

    @staticmethod
    def _value(column: _Column, cells: Mapping[str, str | None]) -> Any:
        try:
            return column.value(cells)
        except (ValueError, OverflowError) as error:
            raise InvalidEvent(column.name, "malformed", f"time does not parse: {error}") from error


def _events(batch: pa.RecordBatch, row: _Row, source: Source, tally: Tally, before: int) -> Iterator[AnyEvent]:
    now_ms = int(time.time() * 1000)
    for number, cells in enumerate(batch.to_pylist(), before + 1):
        try:
            yield row.event(cells, now_ms)
        except InvalidEvent as error:
            tally.refuse(error, source.path, number, json.dumps(cells, ensure_ascii=False).encode("utf-8", "replace"))


def _plan(source: Source) -> tuple[type[AnyEvent], list[_Column]]:
    kind = KINDS.get(source.kind)
    if kind is None:
        raise WrongSource(f"--type {source.kind} is none of {', '.join(KINDS)}")
    fields = {info.name: info for info in msgspec.structs.fields(kind)}
    columns = [_column(name, told, fields) for name, told in source.columns.items()]
    absent = [name for name, info in fields.items() if info.required and name not in source.columns and name != "text"]
    if absent:
        raise WrongSource(f"a {source.kind} needs {', '.join(absent)}: say --map {absent[0]}=COLUMN")
    if "text" in fields and "text" not in source.columns:
        columns.append(_Column("text", None))
    return kind, columns


def _column(name: str, told: str, fields: Mapping[str, Any]) -> _Column:
    if name not in fields:
        raise WrongSource(f"--map {name}: no such field; there are {', '.join(fields)}")
    if told.startswith("="):
        return _Column(name, None, told[1:])
    if not name.endswith("_ms"):
        return _Column(name, told)
    column, _, unit = told.rpartition(":")
    if not column:
        return _Column(name, told, unit="ms")
    if unit not in UNITS:
        raise WrongSource(f"--map {name}={told}: {unit} is no unit; there are {', '.join(UNITS)}")
    return _Column(name, column, unit=unit)


def _reader(source: Source) -> csv.CSVStreamingReader:
    options = csv.ReadOptions(block_size=BLOCK_BYTES)
    try:
        with csv.open_csv(source.path, options) as probe:
            names = probe.schema.names
        # everything stays text: an id that looks like a number must not become one
        as_text = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True)
        parsing = csv.ParseOptions(newlines_in_values=True)
        return csv.open_csv(source.path, options, parsing, as_text)
    except (OSError, pa.ArrowInvalid) as error:
        raise WrongSource(f"{source.path} cannot be read as CSV: {error}") from error
