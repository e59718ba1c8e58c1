"""Open a CSV file as people have it: their delimiter, their encoding, rows that are too short."""

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from evaluation.importers.base import ROWS_PER_BATCH, WrongSource

DELIMITERS = ",;\t|"
HEADER_BYTES_MAX = 65_536
NULLS = frozenset({"", "NULL", "null", "None", "NaN", "nan", "NA", "N/A", "n/a", "#N/A"})
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
Row = tuple[str | None, ...]
Ragged = Callable[[int, str, str], None]
"""Takes a row with more or fewer cells than the header: its number from 1, its text, what is wrong."""


def batches(path: Path, columns: Sequence[str], ragged: Ragged, encoding: str | None) -> Iterator[list[Row]]:
    """Yield the cells of `columns`, in their order, batch by batch; None where one is empty or says NULL.

    The delimiter is the one of `DELIMITERS` under which the header has the columns; spaces around its names do not
    count. The encoding is `encoding`, else what the file's byte order mark says, else UTF-8. Files that end in .gz,
    .bz2, .zst or .lz4 are unpacked. Raises `WrongSource`.
    """
    try:
        encoding = _encoding(path, encoding)
        delimiter, names = _header(path, encoding, columns)
        with pa.input_stream(path, compression="detect") as stream:
            text = io.TextIOWrapper(stream, encoding, newline="")
            yield from _rows(csv.reader(text, delimiter=delimiter), names, ragged)
    except FileNotFoundError as error:
        raise WrongSource(f"{path} does not exist") from error
    except IsADirectoryError as error:
        raise WrongSource(f"{path} is a folder: name one file") from error
    except UnicodeError as error:
        raise WrongSource(
            f"{path} is not {encoding}: say --encoding, for example gb18030, utf-16-le or windows-1252"
        ) from error
    except (OSError, pa.ArrowInvalid, csv.Error) as error:
        raise WrongSource(f"{path} cannot be read as CSV: {error}") from error


def _rows(lines: Iterable[list[str]], names: Sequence[str], ragged: Ragged) -> Iterator[list[Row]]:
    whole = (line for line in lines if line)  # a blank line is no row
    header = next(whole)
    places = [header.index(name) for name in names]
    batch: list[Row] = []
    for number, line in enumerate(whole, 1):
        if len(line) != len(header):
            ragged(number, ",".join(line), f"{len(line)} cells, the header has {len(header)}")
            continue
        batch.append(tuple(None if line[place] in NULLS else line[place] for place in places))
        if len(batch) == ROWS_PER_BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _head(path: Path) -> bytes:
    with pa.input_stream(path, compression="detect") as stream:
        return bytes(stream.read(HEADER_BYTES_MAX))


def _encoding(path: Path, told: str | None) -> str:
    if told is not None:
        try:
            name = codecs.lookup(told).name
        except LookupError as error:
            raise WrongSource(f"--encoding {told} is none that Python knows; there are utf-8, gb18030, …") from error
        return "utf-8-sig" if name == "utf-8" else name  # a mark there is no part of the first column's name
    head = _head(path)
    return next((name for mark, name in _MARKS if head.startswith(mark)), "utf-8")


def _header(path: Path, encoding: str, columns: Sequence[str]) -> tuple[str, list[str]]:
    """The delimiter, and the names of the columns as the file spells them."""
    head = codecs.getincrementaldecoder(encoding)().decode(_head(path))
    first = next((line for line in head.splitlines() if line.strip()), None)
    if first is None:
        raise WrongSource(f"{path} is empty: a header with the names of its columns must come first")
    headers = {each: next(csv.reader([first], delimiter=each)) for each in DELIMITERS}
    for delimiter, names in headers.items():
        known = {name.strip(): name for name in names}
        if all(column in known for column in columns):
            return delimiter, [known[column] for column in columns]
    found = [name.strip() for name in max(headers.values(), key=len)]
    missing = ", ".join(column for column in columns if column not in found)
    raise WrongSource(f"no column {missing}; {path} has {', '.join(found)}"[:600])
