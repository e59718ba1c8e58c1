"""Records as CSV, Parquet and JSON lines; all three have the fields of the record as columns, in their order."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from tempfile import SpooledTemporaryFile
from types import NoneType
from typing import Any, Final, get_args, get_origin

import msgspec
from msgspec import Struct

ROWS_AT_ONCE: Final = 1_000
MEMORY_BYTES_MAX: Final = 8_000_000
"""Of a Parquet file that is being made; beyond that it is on disk, under no name."""
CHUNK_BYTES: Final = 1 << 16
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Beginnings by which spreadsheets take a cell for a formula (OWASP, "CSV Injection"), wide forms among them."""


def columns_of(kind: type[Struct]) -> tuple[str, ...]:
    """Return the names of the columns."""
    return kind.__struct_fields__


def as_jsonl(rows: Iterable[Struct]) -> Iterator[bytes]:
    """One JSON object a line."""
    waiting = iter(rows)
    while part := list(islice(waiting, ROWS_AT_ONCE)):
        yield msgspec.json.Encoder().encode_lines(part)


def as_csv(rows: Iterable[Struct], kind: type[Struct]) -> Iterator[bytes]:
    """A header and a line a record (RFC 4180, UTF-8); lists and maps are JSON in their cells, None is an empty cell.

    A text that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers.
    """
    names = columns_of(kind)
    yield _lines([names])
    waiting = iter(rows)
    while part := list(islice(waiting, ROWS_AT_ONCE)):
        yield _lines([[_cell(getattr(row, name)) for name in names] for row in part])


def as_parquet(rows: Iterable[Struct], kind: type[Struct]) -> Iterator[bytes]:
    """One Parquet file in pieces; lists and maps keep their types."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = _schema(pa, kind)
    maps = [field.name for field in schema if pa.types.is_map(field.type)]
    waiting = iter(rows)
    with SpooledTemporaryFile(MEMORY_BYTES_MAX) as file:
        with pq.ParquetWriter(file, schema) as writer:
            while part := list(islice(waiting, ROWS_AT_ONCE)):
                plain = [msgspec.structs.asdict(row) for row in part]
                for row in plain:
                    row.update((name, list(row[name].items())) for name in maps)
                writer.write_table(pa.Table.from_pylist(plain, schema))
        file.seek(0)
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple | dict):
        return msgspec.json.encode(value).decode()
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()


def _schema(pa: Any, kind: type[Struct]) -> Any:
    return pa.schema([(field.name, _type(pa, field.type)) for field in msgspec.structs.fields(kind)])


def _type(pa: Any, told: Any) -> Any:
    plain = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
    if told in plain:
        return plain[told]
    inner = [each for each in get_args(told) if each not in (NoneType, Ellipsis)]
    if get_origin(told) is tuple:
        return pa.list_(_type(pa, inner[0]))
    if get_origin(told) is dict:
        return pa.map_(_type(pa, inner[0]), _type(pa, inner[1]))
    return _type(pa, inner[0])  # a value or None: every column may be empty
