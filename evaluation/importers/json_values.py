"""JSON in whatever wrapping: lines, one array, one object over many lines. Memory stays bounded."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import chain
from pathlib import Path
from typing import IO, Any, NamedTuple

import ijson
import msgspec

from evaluation.importers.base import Tally, WrongSource
from models.errors import InvalidEvent

LINE_BYTES_MAX = 16 * 1024 * 1024
OBJECT_BYTES_MAX = 64 * 1024 * 1024
"""An object over many lines is read as a whole, up to this."""
CHUNK_BYTES = 64 * 1024


class Value(NamedTuple):
    """One value, its line or position from 1, and its bytes."""

    number: int
    raw: bytes
    value: Any


def opened(path: Path) -> AbstractContextManager[IO[bytes]]:
    """The file, or standard input for `-`. Raises `WrongSource`."""
    if str(path) == "-":
        return nullcontext(sys.stdin.buffer)
    if not path.is_file():
        raise WrongSource(f"{path} is no file")
    return path.open("rb")


def values(path: Path, tally: Tally) -> Iterator[Value]:
    """Yield every value of a file. Lines that are no JSON are refused one by one.

    Raises `WrongSource` if an array breaks off or an object over many lines is too large.
    """
    with opened(path) as file:
        first = _first(file)
        if not first or _is_json(first):
            yield from _lines(path, chain([first], _rest(file)), tally)
        elif first.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
            yield from _array(path, first, file)
        else:
            yield from _whole(path, first, file, tally)


def _first(file: IO[bytes]) -> bytes:
    for line in _rest(file):
        if line.strip():
            return line
    return b""


def _rest(file: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: file.readline(LINE_BYTES_MAX), b"")


def _is_json(line: bytes) -> bool:
    try:
        msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _array(path: Path, first: bytes, file: IO[bytes]) -> Iterator[Value]:
    chunks = chain([first], iter(lambda: file.read(CHUNK_BYTES), b""))
    try:
        items = ijson.items(ijson.from_iter(chunks), "item", use_float=True)
        for number, value in enumerate(items, 1):
            yield Value(number, msgspec.json.encode(value), value)
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise WrongSource(f"{path} begins as a JSON array and breaks off: {error}") from error


def _whole(path: Path, first: bytes, file: IO[bytes], tally: Tally) -> Iterator[Value]:
    """One object over many lines; if it is none, lines of which the first is broken."""
    rest = file.read(OBJECT_BYTES_MAX)
    if _is_json(first + rest):
        yield Value(1, first + rest, msgspec.json.decode(first + rest))
    elif len(rest) == OBJECT_BYTES_MAX:
        raise WrongSource(f"{path} is neither JSON lines nor an array nor an object of up to {OBJECT_BYTES_MAX} bytes")
    else:
        yield from _lines(path, chain([first], rest.splitlines(keepends=True)), tally)


def _lines(path: Path, lines: Iterator[bytes], tally: Tally) -> Iterator[Value]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = msgspec.json.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            tally.rows += 1
            tally.refuse(InvalidEvent("", "malformed", str(error)), path, number, line)
            continue
        if isinstance(value, list):  # an array on one line
            yield from (Value(at, msgspec.json.encode(item), item) for at, item in enumerate(value, 1))
        else:
            yield Value(number, line, value)
