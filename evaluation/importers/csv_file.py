"""Open a CSV file as people have it: their delimiter, their encoding, rows that are too short."""

import codecs
import csv as lines_of
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from evaluation.importers.base import WrongSource

DELIMITERS = ",;\t|"
HEADER_BYTES_MAX = 65_536
BLOCK_BYTES = 4 * 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
Ragged = Callable[[int, str, str], None]
"""Takes a row with more or fewer cells than the header: its number from 1, its text, what is wrong."""


def batches(path: Path, columns: Collection[str], ragged: Ragged, encoding: str | None) -> Iterator[pa.RecordBatch]:
    """Yield the `columns` as text, batch by batch, in that order; spaces around the names of a header do not count.

    The delimiter is the one of `DELIMITERS` under which the header has the columns. The encoding is `encoding`, else
    what the file's byte order mark says, else UTF-8. Files that end in .gz, .bz2, .zst or .lz4 are unpacked. Raises
    `WrongSource`.
    """
    try:
        encoding = _encoding(path, encoding)
        delimiter, names = _header(path, encoding, columns)
        with _reader(path, delimiter, encoding, list(names.values()), ragged) as reader:
            yield from reader
    except FileNotFoundError as error:
        raise WrongSource(f"{path} does not exist") from error
    except IsADirectoryError as error:
        raise WrongSource(f"{path} is a folder: name one file") from error
    except UnicodeError as error:
        raise WrongSource(_other_encoding(path, encoding)) from error
    except (OSError, pa.ArrowInvalid) as error:
        if "UTF8" in str(error):
            raise WrongSource(_other_encoding(path, encoding)) from error
        raise WrongSource(f"{path} cannot be read as CSV: {error}") from error


def _other_encoding(path: Path, encoding: str | None) -> str:
    return f"{path} is not {encoding}: say --encoding, for example gb18030, utf-16-le or windows-1252"


def _head(path: Path) -> bytes:
    with pa.input_stream(path, compression="detect") as stream:
        return bytes(stream.read(HEADER_BYTES_MAX))


def _encoding(path: Path, told: str | None) -> str:
    if told is not None:
        try:
            return codecs.lookup(told).name
        except LookupError as error:
            raise WrongSource(f"--encoding {told} is none that Python knows; there are utf-8, gb18030, …") from error
    head = _head(path)
    return next((name for mark, name in _MARKS if head.startswith(mark)), "utf-8")


def _header(path: Path, encoding: str, columns: Collection[str]) -> tuple[str, dict[str, str]]:
    """The delimiter, and for each of the columns its name as the file spells it."""
    head = codecs.getincrementaldecoder(encoding)().decode(_head(path))
    first = next((line for line in head.splitlines() if line.strip()), None)
    if first is None:
        raise WrongSource(f"{path} is empty: a header with the names of its columns must come first")
    headers = {each: next(lines_of.reader([first], delimiter=each)) for each in DELIMITERS}
    for delimiter, names in headers.items():
        known = {name.strip(): name for name in names}
        if all(column in known for column in columns):
            return delimiter, {column: known[column] for column in columns}
    found = [name.strip() for name in max(headers.values(), key=len)]
    missing = ", ".join(column for column in columns if column not in found)
    raise WrongSource(f"no column {missing}; {path} has {', '.join(found)}"[:600])


def _reader(path: Path, delimiter: str, encoding: str, names: list[str], ragged: Ragged) -> csv.CSVStreamingReader:
    def skip(row: csv.InvalidRow) -> str:
        ragged((row.number or 2) - 1, row.text, f"{row.actual_columns} cells, the header has {row.expected_columns}")
        return "skip"

    # one thread: rows that are skipped know their number only then
    reading = csv.ReadOptions(block_size=BLOCK_BYTES, use_threads=False, encoding=encoding)
    parsing = csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=skip)
    # everything stays text: an id that looks like a number must not become one
    as_text = csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), include_columns=names, strings_can_be_null=True
    )
    return csv.open_csv(path, reading, parsing, as_text)
