"""`csv`: any table with a header, told which column is which field.

`--map FIELD=COLUMN`, times with their unit as `created_at_ms=ts:s` (`csv_times`), lists split at spaces and `|`,
constants as `action==like`.
"""

import json
import time
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from enum import Enum
from typing import Any

import msgspec
from msgspec import Struct

from evaluation.importers.base import Source, Tally, WrongSource
from evaluation.importers.csv_file import Row, batches
from evaluation.importers.csv_times import TimeOf, reader_of, zone_of
from evaluation.importers.numbers import Numbers
from models.codec import event_of
from models.errors import InvalidEvent
from models.events import Account, AnyEvent, Like, Post, Trend

KINDS: Mapping[str, type[Post] | type[Like] | type[Account] | type[Trend]] = {
    "post": Post, "like": Like, "account": Account, "trend": Trend,
}  # fmt: skip
LISTS = frozenset({"urls", "hashtags", "media_hashes"})
Cells = Mapping[str, str | None]


class _Column(Struct, frozen=True):
    """Where one field comes from."""

    name: str
    column: str | None
    constant: str = ""
    time_of: TimeOf | None = None

    def value(self, cells: Cells) -> Any:
        """The field's value in a row, None where the cell is empty. Raises `InvalidEvent` on a bad time."""
        text = self.constant if self.column is None else cells[self.column]
        if text is None or not text.strip():
            return "" if self.name == "text" else None
        if self.time_of is not None:
            return self.time_of(text.strip())
        if self.name in LISTS:
            return text.replace("|", " ").split()
        return text if self.name == "text" else text.strip()


def convert(source: Source, tally: Tally) -> Iterator[list[AnyEvent]]:
    """Yield an event for each row; rows that break the contract are counted by what is wrong."""
    columns = _plan(source)
    names = list(dict.fromkeys(each.column for each in columns if each.column))
    numbers = Numbers(source.path, tally)
    for batch in batches(source.path, names, numbers.refuse, source.encoding):
        tally.rows += len(batch)
        yield list(_events(batch, names, columns, source, tally, numbers))


def _events(
    batch: list[Row], names: list[str], columns: list[_Column], source: Source, tally: Tally, numbers: Numbers
) -> Iterator[AnyEvent]:
    now_ms = int(time.time() * 1000)
    for row in batch:
        number, cells = numbers.next(), dict(zip(names, row, strict=True))
        try:
            told = {each.name: value for each in columns if (value := each.value(cells)) is not None}
            yield event_of({"type": source.kind, **told}, now_ms, strict=False)
        except InvalidEvent as error:
            tally.refuse(error, source.path, number, json.dumps(cells, ensure_ascii=False).encode("utf-8", "replace"))


def _plan(source: Source) -> list[_Column]:
    kind = KINDS.get(source.kind)
    if kind is None:
        raise WrongSource(f"--type {source.kind} is none of {', '.join(KINDS)}")
    fields = {info.name: info for info in msgspec.structs.fields(kind)}
    zone = zone_of(source.zone)
    columns = [_column(name, told, fields, zone) for name, told in source.columns.items()]
    absent = [name for name, info in fields.items() if info.required and name not in source.columns and name != "text"]
    if absent:
        told = " ".join(f"--map {name}=COLUMN{':UNIT' * name.endswith('_ms')}" for name in absent)
        raise WrongSource(f"a {source.kind} needs {', '.join(absent)}: say {told}")
    if "text" in fields and "text" not in source.columns:
        columns.append(_Column("text", None))
    return columns


def _column(name: str, told: str, fields: Mapping[str, Any], zone: tzinfo) -> _Column:
    if name not in fields:
        raise WrongSource(f"--map {name}: no such field; there are {', '.join(fields)}")
    if told.startswith("="):
        return _constant(name, told[1:], fields[name].type)
    if not name.endswith("_ms"):
        return _Column(name, told)
    column, form, rest = told.partition(":%")
    if form:
        return _Column(name, column, time_of=reader_of(name, f"%{rest}", zone))
    column, _, unit = told.rpartition(":")
    return _Column(name, column or told, time_of=reader_of(name, unit if column else "ms", zone))


def _constant(name: str, value: str, kind: Any) -> _Column:
    if isinstance(kind, type) and issubclass(kind, Enum) and value not in [each.value for each in kind]:
        raise WrongSource(f"--map {name}=={value}: there are {', '.join(each.value for each in kind)}")
    return _Column(name, None, value)
