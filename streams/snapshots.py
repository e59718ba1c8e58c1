"""Snapshots of shards on a volume that every worker sees.

A file is: magic, length of the header, header (msgpack), then the parts one after the other. The
header names format, detector version, configuration, shard and the offset from which the log has
to be replayed, and gives every part's type, shape and checksum. Files are written beside, synced
and renamed, so that a reader finds a whole one or none.
"""

import os
import struct
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
import xxhash
from msgspec import Struct
from numpy.typing import NDArray

from models.errors import SnapshotMismatch

MAGIC = b"SHOALSNP"
FORMAT_VERSION = 1
SUFFIX = ".snapshot"
HEADER_BYTES_MAX = 16 * 1024 * 1024
"""More is no header: each part takes some fifty bytes."""

Parts = Mapping[str, bytes | NDArray[Any]]


class PartHeader(Struct, frozen=True):
    """How one part lies in the file. `dtype` is empty for plain bytes."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    length: int
    checksum: int


class Identity(Struct, frozen=True):
    """What a snapshot must agree on with the shard that loads it."""

    detector_version: str
    configuration: str
    shard: str


class Header(Struct, frozen=True):
    """Beginning of a snapshot file."""

    version: int
    identity: Identity
    next_offset: int
    taken_at_ms: int
    parts: list[PartHeader]


class Loaded(NamedTuple):
    """A snapshot read back."""

    next_offset: int
    parts: dict[str, bytes | NDArray[Any]]
    taken_at_ms: int


class Frozen(NamedTuple):
    """A snapshot serialised, not yet written."""

    identity: Identity
    next_offset: int
    content: list[bytes]
    taken_at_ms: int

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return sum(map(len, self.content))


def freeze(identity: Identity, next_offset: int, taken_at_ms: int, parts: Parts) -> Frozen:
    """Copy the parts into bytes, so that the shard can go on while they are written."""
    headers, bodies = [], []
    for name, part in parts.items():
        is_array = isinstance(part, np.ndarray)
        body = part.tobytes() if isinstance(part, np.ndarray) else bytes(part)
        dtype = part.dtype.str if isinstance(part, np.ndarray) else ""
        shape = part.shape if is_array and isinstance(part, np.ndarray) else ()
        headers.append(PartHeader(name, dtype, shape, len(body), xxhash.xxh3_64_intdigest(body)))
        bodies.append(body)
    header = msgspec.msgpack.encode(Header(FORMAT_VERSION, identity, next_offset, taken_at_ms, headers))
    return Frozen(identity, next_offset, [MAGIC, struct.pack("<I", len(header)), header, *bodies], taken_at_ms)


class SnapshotFolder:
    """The snapshots of all shards in one folder; `kept` newest of each stay."""

    def __init__(self, folder: Path, kept: int) -> None:
        self.folder = folder
        self.kept = kept

    def write(self, frozen: Frozen) -> Path:
        """Write a snapshot and drop the oldest. Raises `OSError` (disk full, say) and leaves no half file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        shard = frozen.identity.shard
        path = self.folder / f"{shard}-{frozen.next_offset:020d}{SUFFIX}"
        handle, name = tempfile.mkstemp(prefix=f".{shard}-", suffix=".part", dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines(frozen.content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        self._sync_folder()
        for old in self.candidates(shard)[self.kept :]:
            old.unlink(missing_ok=True)
        return path

    def candidates(self, shard: str) -> list[Path]:
        """Files of a shard, newest offset first."""
        length = len(shard) + 1 + 20 + len(SUFFIX)
        found = [path for path in self.folder.glob(f"{shard}-*{SUFFIX}") if len(path.name) == length]
        return sorted(found, reverse=True)

    def _sync_folder(self) -> None:
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def load(path: Path, identity: Identity) -> Loaded:
    """Read a snapshot. Raises `SnapshotMismatch` if it is torn, of another format or not for `identity`."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SnapshotMismatch(f"{path.name} cannot be read: {error}") from error
    try:
        header, position = _header(content)
    except (struct.error, msgspec.DecodeError) as error:
        raise SnapshotMismatch(f"{path.name} is torn: {error}") from error
    if header.version != FORMAT_VERSION:
        raise SnapshotMismatch(f"{path.name} has format {header.version}, wanted {FORMAT_VERSION}")
    if header.identity != identity:
        raise SnapshotMismatch(f"{path.name} is of {header.identity}, wanted {identity}")
    parts: dict[str, bytes | NDArray[Any]] = {}
    for part in header.parts:
        body = content[position : position + part.length]
        position += part.length
        if len(body) != part.length or xxhash.xxh3_64_intdigest(body) != part.checksum:
            raise SnapshotMismatch(f"{path.name}: part {part.name} is torn")
        parts[part.name] = np.frombuffer(body, part.dtype).reshape(part.shape).copy() if part.dtype else body
    return Loaded(header.next_offset, parts, header.taken_at_ms)


def look(path: Path) -> Header:
    """Read only the beginning of a snapshot. Raises `SnapshotMismatch` as `load` does, but checks no part's sum."""
    try:
        with path.open("rb") as file:
            start = file.read(len(MAGIC) + 4)
            length = int.from_bytes(start[len(MAGIC) :], "little")
            header, position = _header(start + file.read(min(length, HEADER_BYTES_MAX)))
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise SnapshotMismatch(f"{path.name} cannot be read: {error}") from error
    except (struct.error, msgspec.DecodeError) as error:
        raise SnapshotMismatch(f"{path.name} is torn: {error}") from error
    if header.version != FORMAT_VERSION:
        raise SnapshotMismatch(f"{path.name} has format {header.version}, wanted {FORMAT_VERSION}")
    if size != position + sum(part.length for part in header.parts):
        raise SnapshotMismatch(f"{path.name} is torn: {size:,} bytes")
    return header


def _header(content: bytes) -> tuple[Header, int]:
    start = len(MAGIC) + 4
    if content[: len(MAGIC)] != MAGIC:
        raise SnapshotMismatch("not a snapshot of Shoal")
    (length,) = struct.unpack("<I", content[len(MAGIC) : start])
    return msgspec.msgpack.decode(content[start : start + length], type=Header), start + length
